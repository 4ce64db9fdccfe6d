"""Keyed prints of what a report holds, by which officers' browsers find doubles. Equal to static/sealing/prints.js.

The key comes from a secret of the body that the server does not have. This twin is for tests (tests/corpora/sealing.json)
and for whoever writes another browser: in operation no server computes a print.
"""

import hashlib
import hmac
import re
from enum import StrEnum

from ikrar.domain.addresses import follows_reader
from ikrar.domain.return_codes import hkdf

SECRET_BYTES = 32
PRINT_BYTES = 32
MOST_PRINTS = 60  # of one kind at one report
_CHECK = b"ikrar/body-secret/check/v1"
_MOST_UNWRAPPED = 3
_LONGEST = 4_000


class PrintKind(StrEnum):
    """What is compared."""

    EVIDENCE = "evidence"  # a file, as it stands inside the seal
    PAGE = "page"  # the address of a post or an article
    DEED = "deed"  # person, act and day, as an officer finds them


def check_of(secret: bytes) -> bytes:
    """Return what tells that this is the secret of a version, and nothing else of it."""
    return hkdf(secret, _CHECK)


def keyed(secret: bytes, kind: PrintKind, value: bytes) -> bytes:
    """Return the print of a value: HMAC-SHA-256 under the key of its kind."""
    return hmac.digest(hkdf(secret, f"ikrar/print/{kind}/v1".encode()), value, "sha256")


def evidence_print(secret: bytes, digest: str) -> bytes:
    """Return the print of a file whose SHA-256 (hex) is known."""
    return keyed(secret, PrintKind.EVIDENCE, bytes.fromhex(digest))


def page_print(secret: bytes, address: str) -> bytes | None:
    """Return the print of a page; None for what is no address."""
    page = normalised(address)
    return keyed(secret, PrintKind.PAGE, page.encode()) if page else None


def deed_print(secret: bytes, person: str, act: str, day: str) -> bytes:
    """Return the print of who did what on which day."""
    return keyed(secret, PrintKind.DEED, "\n".join((person, act, day)).encode())


def file_print(secret: bytes, content: bytes) -> bytes:
    """Return the print of a file."""
    return evidence_print(secret, hashlib.sha256(content).hexdigest())


# --- addresses ---------------------------------------------------------------------------------------------------
# By hand in both languages, with nothing of their libraries for addresses: these differ from one another.

_WHOLE_ARTICLE = ("page=all", "single=1")  # as newspapers ask for all pages of one article
_REPEATED_HOSTS = re.compile(r"^(?:www[0-9]*|m|mobile|amp|touch)\.(?=[^.]+\.)")
_FACEBOOK = re.compile(r"^(?:.+\.)?(?:facebook\.com|fb\.com)$")
_KEPT = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$'()*+,;:@/"
# Addresses that only lead to another: host, path, and the names of what holds it.
_WRAPPERS = (
    (r"(?:l|lm)\.(?:facebook|instagram)\.com", r"/l\.php|/?", ("u",)),
    (r"(?:.+\.)?facebook\.com", r"/(?:sharer(?:/sharer\.php|\.php)?|flx/warn|dialog/share)/?", ("u", "href")),
    (r"(?:.+\.)?(?:twitter|x)\.com", r"/(?:intent/(?:tweet|post)|share)/?", ("url", "text")),
    (r"wa\.me|(?:api|web)\.whatsapp\.com", r"/?(?:send/?)?", ("text",)),
    (r"t(?:elegram)?\.me", r"/share(?:/url)?/?", ("url",)),
    (r"(?:www\.)?google\.(?:com|co\.id)", r"/url", ("url", "q")),
    (r"(?:www\.)?youtube\.com", r"/redirect", ("q",)),
)
_INSIDE = re.compile(r"https?://[^\s<>\"]+", re.ASCII | re.IGNORECASE)


def normalised(address: str) -> str:
    """Return an address as it is compared: host, path and query of the page itself; empty for what is none."""
    return _page(address, 0)


def _page(address: str, depth: int) -> str:
    whole = re.sub(r"[\x00-\x20\u00a0\u200b-\u200f\u2028-\u202e\u2060\ufeff]", "", address)[:_LONGEST]
    whole = re.sub(r"#.*$", "", whole)
    scheme = re.match(r"^([A-Za-z][A-Za-z0-9+.-]*):(?=//)", whole)
    if scheme and scheme.group(1).lower() not in ("http", "https"):
        return ""
    whole = re.sub(r"^(?:https?:)?//", "", whole, flags=re.IGNORECASE | re.ASCII)
    found = re.match(r"^([^/?]*)([^?]*)(?:\?(.*))?$", whole)
    if not found:
        return ""
    host = _lower(re.sub(r":(?:80|443)?$", "", re.sub(r"^.*@", "", found.group(1))))
    host = re.sub(r"\.$", "", host)
    if not re.match(r"^[^.:]+(?:\.[^.:]+)+(?::[0-9]+)?$", host):
        return ""
    path = _escaped(found.group(2))
    fields = [_field(each) for each in re.split("[&;]", found.group(3) or "") if each]
    for at, on, names in _WRAPPERS:
        if depth < _MOST_UNWRAPPED and re.match(f"^(?:{at})$", host) and re.match(f"^(?:{on})$", path):
            inner = _inner(fields, names)
            if inner:
                return _page(inner, depth + 1)
    cached = re.match(r"^/amp/(?:s/)?(.+)$", path) if re.match(r"^(?:www\.)?google\.(?:com|co\.id)$", host) else None
    if cached and depth < _MOST_UNWRAPPED:
        return _page(cached.group(1), depth + 1)
    host = _host(host)
    path = re.sub(r"/{2,}", "/", path)
    path = re.sub(r"/(?:index\.(?:html?|php))?$", "", path)
    path = re.sub(r"(?:/amp|\.amp)$", "", path)
    path = re.sub(r"/+$", "", path)
    told = _of_network(host, path, dict(reversed([(name, value) for name, value in fields if value])))
    if told:
        return told
    written = [f"{name}={value}" for name, value in fields if not follows_reader(_lower(name), host)]
    kept = sorted(each for each in written if each not in _WHOLE_ARTICLE)
    return _escaped(host) + path + ("?" + "&".join(kept) if kept else "")


def _host(host: str) -> str:
    if _FACEBOOK.match(host):
        return "facebook.com"
    before = ""
    while host != before:
        before, host = host, _REPEATED_HOSTS.sub("", host)
    if host in ("twitter.com", "nitter.net", "fxtwitter.com", "vxtwitter.com"):
        return "x.com"
    if host in ("telegram.me", "telegram.dog"):
        return "t.me"
    if host in ("music.youtube.com", "youtube-nocookie.com"):
        return "youtube.com"
    if host == "threads.com":
        return "threads.net"
    return host


def _of_network(host: str, path: str, fields: dict[str, str]) -> str:
    """Return a post of a common network by its own number, however its address is written; empty for another page."""
    if host == "youtu.be":
        found = re.match(r"^/([\w-]{6,})$", path, re.ASCII)
        return f"youtube.com/watch?v={found.group(1)}" if found else ""
    if host == "youtube.com":
        found = re.match(r"^/(?:shorts|live|embed|v)/([\w-]{6,})$", path, re.ASCII)
        video = found.group(1) if found else fields.get("v", "") if path == "/watch" else ""
        return f"youtube.com/watch?v={video}" if video else ""
    if host == "instagram.com":
        found = re.match(r"^(?:/[\w.]+)?/(?:p|reel|reels|tv)/([\w-]+)(?:/embed(?:/captioned)?)?$", path, re.ASCII)
        return f"instagram.com/p/{found.group(1)}" if found else ""
    if host == "tiktok.com":
        found = re.match(r"^/(?:@[^/]*/(?:video|photo)|embed(?:/v2)?|v)/([0-9]+)(?:\.html)?$", path)
        return f"tiktok.com/video/{found.group(1)}" if found else ""
    if host == "x.com":
        found = re.match(r"^/(?:i/web|i|[^/]+)/status(?:es)?/([0-9]+)(?:/.*)?$", path)
        return f"x.com/status/{found.group(1)}" if found else ""
    if host == "threads.net":
        found = re.match(r"^/(?:@[^/]+/post|t)/([\w-]+)$", path, re.ASCII)
        return f"threads.net/t/{found.group(1)}" if found else ""
    if host == "t.me":
        found = re.match(r"^(?:/s)?(/[^/]+/[0-9]+)$", path)
        return f"t.me{_lower(found.group(1))}" if found else ""
    return _of_facebook(path, fields) if host == "facebook.com" else ""


def _of_facebook(path: str, fields: dict[str, str]) -> str:
    number = ""
    if path in ("/story.php", "/permalink.php"):
        number = fields.get("story_fbid", "")
    elif path in ("/photo.php", "/photo", "/video.php"):
        number = fields.get("fbid", "") or fields.get("v", "")
    elif path in ("/watch", "/watch/live"):
        number = fields.get("v", "")
    else:
        found = re.match(
            r"^/(?:reel|[^/]+/(?:posts|videos|photos)|groups/[^/]+/(?:posts|permalink))/(?:[^/]+/)?([\w-]+)$",
            path,
            re.ASCII,
        )
        number = found.group(1) if found else ""
    return f"facebook.com/{number}" if number else ""


def _inner(fields: list[tuple[str, str]], names: tuple[str, ...]) -> str:
    """Return the address that another one leads to."""
    for name in names:
        for each, value in fields:
            if each == name and value:
                found = _INSIDE.search(_unescaped(value).replace("+", " "))
                if found:
                    return found.group()
    return ""


def _field(text: str) -> tuple[str, str]:
    name, _equals, value = text.partition("=")
    return _escaped(name), _escaped(value)


def _lower(text: str) -> str:
    """Write ASCII letters small; others differ between languages."""
    return re.sub("[A-Z]+", lambda found: found.group().lower(), text)


def _escaped(text: str) -> str:
    """Write a part of an address in one way: what needs no percent sign without, the rest with."""
    out = []
    raw = text.encode("utf-8", "replace")
    place = 0
    while place < len(raw):
        byte = raw[place]
        digits = raw[place + 1 : place + 3].decode("ascii", "replace")
        if byte == ord("%") and re.fullmatch("[0-9A-Fa-f]{2}", digits):
            byte = int(digits, 16)
            place += 2
            sign = chr(byte)
            out.append(sign if re.fullmatch("[A-Za-z0-9._~-]", sign) else f"%{byte:02X}")
        else:
            sign = chr(byte)
            out.append(sign if sign in _KEPT else f"%{byte:02X}")
        place += 1
    return "".join(out)


def _unescaped(text: str) -> str:
    """Return what an escaped part says; bytes that are no text become the sign for that."""
    raw = re.sub(rb"%([0-9A-F]{2})", lambda found: bytes([int(found.group(1), 16)]), text.encode())
    return raw.decode("utf-8", "replace")
