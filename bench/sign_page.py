"""The sign page on a first load: requests and bytes over the wire, and that it signs with scripts off."""

import re
import socket
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from _place import load, outcome, place
from _table import Figure, end_within, say, show

_MOST_BYTES = 60_000
_MOST_REQUESTS = 6
_LINK = re.compile(rb"url\(\s*['\"]?(?!data:)([^'\")]+)")


class _Parts(HTMLParser):
    """Collects what a browser loads with a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.icon = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        loads = {"link": "href", "script": "src", "img": "src", "source": "src", "iframe": "src", "object": "data"}
        rel = (given.get("rel") or "").split()
        if tag == "link" and not {"stylesheet", "icon", "preload", "modulepreload", "manifest"} & set(rel):
            return
        self.icon |= "icon" in rel
        address = given.get(loads.get(tag, ""))
        if address and not address.startswith("data:"):
            self.found.append(address)


def fetch(port: int, path: str, cookie: str, encodings: str = "br, gzip") -> tuple[int, str, bytes, int]:
    """Fetch one address as a browser does; return status, head, body as it came, and how many bytes came in all."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\nAccept-Encoding: {encodings}\r\n"
            f"Accept-Language: id\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode()
        )
        whole = b"".join(iter(lambda: line.recv(65536), b""))
    head, _, body = whole.partition(b"\r\n\r\n")
    return int(head[9:12]), head.decode("latin-1"), body, len(whole)


def _parts(kind: str, plain: bytes) -> list[str]:
    """Return what a browser loads with a page or a style sheet."""
    if kind == "text/css":
        return [each.decode() for each in _LINK.findall(plain)]
    if kind != "text/html":
        return []
    page = _Parts()
    page.feed(plain.decode())
    # Without a named icon a browser asks for one by itself.
    return page.found if page.icon else [*page.found, "/favicon.ico"]


def first_load(port: int, path: str, cookie: str) -> tuple[int, int, list[str]]:
    """Load a page as a browser does that never saw it; return bytes, requests, and what is wrong with them."""
    own, waiting, seen, total, wrong = f"127.0.0.1:{port}", [path], set(), 0, []
    while waiting:
        path = waiting.pop(0)
        seen.add(path)
        status, head, _body, size_bytes = fetch(port, path, cookie)
        total += size_bytes
        encoding = re.search(r"(?im)^content-encoding: *(\S+)", head)
        say(f"{size_bytes:>7,} bytes {encoding[1] if encoding else '-':>4}  {path}")
        if status != 200:
            wrong.append(f"status {status}: {path}")
        kind = re.search(r"(?im)^content-type: *([\w/]+)", head)
        for address in _parts(kind[1] if kind else "", fetch(port, path, cookie, "identity")[2]):
            full = urlsplit(urljoin(f"http://{own}{path}", address))
            if full.netloc != own:
                wrong.append(f"another host: {address}")
            elif full.path not in seen and full.path not in waiting:
                waiting.append(full.path)
    return total, len(seen), wrong


def main() -> None:
    end_within(300)
    with place() as here:
        here.init()
        ours = here.people(2)
        duty, key = ours["people"][0]
        cookie = f"{ours['cookie']}={key}"
        with here.serving() as port:
            total, requests, wrong = first_load(port, f"/pakta/{duty}/", cookie)
            # The load generator knows no scripts: what it can sign can be signed without them.
            job = {"act": "sign", "port": port, "connections": 1, "cookie": ours["cookie"], "people": ours["people"]}
            signed = outcome(load(here.env, job))
    for each in (*wrong, *signed["wrong"]):
        say(f"WRONG: {each}")
    works = not wrong and len(signed["acknowledged"]) == len(ours["people"])
    show(
        Figure(
            "sign page, first load",
            f"{total / 1000:.1f} KB in {requests} requests",
            "",
            "",
            f"≤ {_MOST_BYTES // 1000} KB, ≤ {_MOST_REQUESTS} requests, signs without scripts",
            works and total <= _MOST_BYTES and requests <= _MOST_REQUESTS,
        )
    )


if __name__ == "__main__":
    main()
