"""Write tests/corpora/sealing.json: what keys, seals, codes and key sets must be, from the Python side.

`python tools/sealing_vectors.py`. The browser's code (static/sealing/core.js) and Python are both held to it by tests. Keys and
codes are made of fixed bytes; what age seals is new at each writing, since age draws its own keys.
"""

import base64
import hashlib
import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from ikrar.domain import addresses, keysets, prints, reports, return_codes  # noqa: E402
from ikrar.domain.errors import DomainError, ReturnCodeWrong  # noqa: E402
from ikrar.domain.keysets import Holder, KeySet  # noqa: E402
from ikrar.gateways import sealing  # noqa: E402
from ikrar.gateways.sealing import Key  # noqa: E402

PASSPHRASE = "abadi bintang cendol damai elang fajar gamelan"


def drawn(name: str, count: int = 32) -> bytes:
    """Return bytes that are the same at each writing."""
    return hashlib.sha256(f"ikrar/vectors/{name}".encode()).digest()[:count]


def key(name: str) -> Key:
    """Return a key that is the same at each writing."""
    return Key(drawn(name))


def holder(number: int, name: str) -> Holder:
    """Return a holder with the key of this name."""
    return Holder(number, key(name).recipient, key(name).verifier)


OFFLINE = Holder(0, key("offline").recipient, key("offline").verifier)
FIRST = KeySet(7, 1, "", date(2024, 9, 30), (holder(3, "ani"), holder(5, "budi")), OFFLINE)
SECOND = KeySet(
    7, 2, FIRST.digest, date(2024, 10, 2), (holder(3, "ani"), holder(5, "budi"), holder(8, "citra")), OFFLINE
)
THIRD = KeySet(7, 3, SECOND.digest, date(2024, 10, 2), (holder(5, "budi"), holder(8, "citra")), OFFLINE)


def signed(made: KeySet, *names: str, document: bytes | None = None) -> dict[str, Any]:
    """Return a link of a chain with the signatures of these keys."""
    return {
        "document": (document or made.document).decode(),
        "signatures": [{"verifier": key(name).verifier, "signature": key(name).sign(made.message)} for name in names],
    }


def chains() -> list[dict[str, Any]]:
    """Return chains that hold, and every way in which one does not."""
    first, second = signed(FIRST, "offline"), signed(SECOND, "ani", "budi")
    attacker = Holder(0, key("attacker").recipient, key("attacker").verifier)
    replaced = replace(FIRST, offline=attacker)
    foreign = replace(SECOND, body=8)
    skipped = replace(THIRD, serial=4)
    early = replace(SECOND, on=date(2024, 9, 1))
    alone = replace(SECOND, holders=(holder(3, "ani"),))
    double = replace(SECOND, holders=(*FIRST.holders, Holder(8, FIRST.holders[0].recipient, key("citra").verifier)))
    unchanged = replace(SECOND, holders=FIRST.holders)
    moved = replace(SECOND, offline=attacker)
    nobody = Holder(5, FIRST.holders[1].recipient[:-1] + "q", FIRST.holders[1].verifier)
    cases = [
        ("the first", [first]),
        ("two holders", [first, second]),
        ("the offline key alone", [first, signed(SECOND, "offline")]),
        ("three links", [first, second, signed(THIRD, "ani", "citra")]),
        ("another offline key, by two holders", [first, signed(moved, "ani", "budi")]),
        ("no link", []),
        ("a first set that its own offline key did not sign", [signed(FIRST, "ani", "budi")]),
        ("a first document that was replaced", [signed(replaced, "attacker"), second]),
        ("a first document that was replaced, signed by the true key", [signed(replaced, "offline")]),
        ("a chain without its first link", [second]),
        ("another body", [first, signed(foreign, "ani", "budi")]),
        ("a serial that was skipped", [first, second, signed(skipped, "ani", "citra")]),
        ("one signer", [first, signed(SECOND, "ani")]),
        ("one signer twice", [first, signed(SECOND, "ani", "ani")]),
        ("a holder of the new set alone", [first, signed(SECOND, "ani", "citra")]),
        ("nobody", [first, signed(SECOND)]),
        ("a stranger", [first, signed(SECOND, "attacker", "citra")]),
        ("the new offline key", [first, signed(moved, "attacker")]),
        ("the signatures of another set", [first, {**second, "document": alone.document.decode()}]),
        ("a day before the last", [first, signed(early, "ani", "budi")]),
        ("one holder alone", [first, signed(alone, "ani", "budi")]),
        ("one key twice", [first, signed(double, "ani", "budi")]),
        ("nothing changed", [first, signed(unchanged, "ani", "budi")]),
        ("a blank more", [signed(FIRST, "offline", document=FIRST.document.replace(b",", b", ", 1))]),
        ("a field more", [signed(FIRST, "offline", document=FIRST.document.replace(b"{", b'{"a":1,', 1))]),
        (
            "true for a number",
            [signed(FIRST, "offline", document=FIRST.document.replace(b'"serial":1', b'"serial":true'))],
        ),
        ("a fraction", [signed(FIRST, "offline", document=FIRST.document.replace(b'"body":7', b'"body":7.5'))]),
        ("a recipient that is none", [signed(replace(FIRST, holders=(*FIRST.holders[:1], nobody)), "offline")]),
        ("no JSON", [{"document": "{", "signatures": []}]),
        ("a list", [{"document": "[]", "signatures": []}]),
    ]
    return [{"about": about, "links": links, **judged(links)} for about, links in cases]


def judged(links: list[dict[str, Any]]) -> dict[str, str]:
    """Say what Python says of a chain: the reason against it, or its digest."""
    told = [(each["document"].encode(), [keysets.Signature(**one) for one in each["signatures"]]) for each in links]
    try:
        latest = keysets.check_chain(told, sealing.verify)
    except DomainError as error:
        return {"reason": error.details()["reason"], "digest": "", "fingerprint": ""}
    return {"reason": "", "digest": latest.digest, "fingerprint": latest.fingerprint}


def keys() -> list[dict[str, str]]:
    """Return keys with their public halves and a signature."""
    message = b"ikrar/vectors\x00\xff"
    made = [key(name) for name in ("ani", "budi", "offline")] + [Key(bytes(32)), Key(b"\xff" * 32)]
    return [
        {
            "secret": each.secret.hex(), "identity": each.identity, "recipient": each.recipient,
            "verifier": each.verifier, "message": message.hex(), "signature": each.sign(message),
        }
        for each in made
    ]  # fmt: skip


def codes() -> list[dict[str, str]]:
    """Return return codes with what is derived from them."""
    found = []
    for drawing in (bytes(11), b"\xff" * 11, *(drawn(f"code {number}", 11) for number in range(6))):
        code = return_codes.new(lambda _count, drawing=drawing: drawing)
        found.append(
            {"drawn": drawing.hex(), "text": code.text, "lookup": code.lookup.hex(), "secret": code.secret().hex()}
        )
    return found


def typed() -> list[dict[str, Any]]:
    """Return codes as they are typed, and what they are read as."""
    code = return_codes.new(lambda _count: drawn("code 0", 11))
    words = code.words
    tries = [
        code.text.upper(),
        ", ".join(words),
        "\n".join(f"{number}. {word}" for number, word in enumerate(words, 1)),
        " ".join(word[:4] for word in words),
        " ".join(words[:8]),
        " ".join((*words, words[0])),
        " ".join(reversed(words)),
        " ".join((*words[:8], "bintag")),
        " ".join((*words[:8], "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq")),
        " ".join((*words[:8], "<script>")),
        " ".join((*words[:8], "zebr")),
        " ".join((*words[:8], "aba")),
        "",
        "a" * 2000,
    ]
    found = []
    for each in tries:
        try:
            found.append({"typed": each, "text": return_codes.read(each).text})
        except ReturnCodeWrong as error:
            found.append({"typed": each, "word": error.word, "meant": error.meant, "count": error.count})
    return found


def seals() -> list[dict[str, str]]:
    """Return what is sealed to keys, and its content."""
    contents = [b"", b"halo", "Pak Camat \N{LEFT DOUBLE QUOTATION MARK}".encode(), bytes(70_000)]
    to = [key("ani").recipient, key("budi").recipient]
    return [
        {
            "identity": key("budi").identity,
            "sealed": base64.b64encode(sealing.seal(each, to)).decode(),
            "digest": hashlib.sha256(each).hexdigest(),
        }
        for each in contents
    ]


def padded() -> list[dict[str, Any]]:
    """Return documents and the digests of their padded bytes."""
    documents = [
        {},
        {
            "v": 1,
            "what": "Camat \u201cA\u201d meminta\n\tikut </script> \u2028 \x01 \U0001f600 \\ /",
            "who": [],
            "known_on": "",
        },
        {"v": 1, "what": "x" * 1013},
        {"v": 1, "what": "x" * 1014},
        {"v": 1, "what": "x" * 5000, "sizes": [1, 2, 3], "none": None, "yes": True},
    ]
    written = [sealing.padded(each) for each in documents]
    return [
        {"document": each, "size": len(done), "digest": hashlib.sha256(done).hexdigest()}
        for each, done in zip(documents, written, strict=True)
    ]


# What a reporter types, and the name of a holder. Of some no holder is meant.
NAMES = [
    ("pak budi misalkan", "Budi Misalkan, S.Sos."),
    ("Hj. Siti Aminah", "Siti Aminah, S.Pd."),
    ("SITI AMINAH, SH, MH", "Hj. Siti Aminah"),
    ("Siti Aminah S.IP., M.Si.", "Siti Aminah, S.STP"),
    ("Ir. H. Siti Aminah, S.Hut., M.M.", "Siti Aminah"),
    ("Siti Aminah, SE, M.Ak", "Siti Aminah, S.E."),
    ("Siti Aminah S.Xyz", "Siti Aminah"),
    ("Budi Misalkan Contoh", "Budi Misalkan, S.Ag."),
    ("Misalkan", "Budi Misalkan, A.P."),
    ("Budi Misalkan, Siti Aminah", "Siti Aminah, S.Pd."),
    ("Budi Misalkan dan Siti Aminah", "Siti Aminah, S.Pd."),
    ("Budi Misalkan; Siti Aminah", "Siti Aminah, S.Pd."),
    ("Muhammad Rizki", "M. Rizki, S.Kom."),
    ("Moh. Rizki", "Muhammad Rizki"),
    ("Muhammad", "Moch. Rizki"),
    ("Abdul Rahman", "A. Rahman"),
    ("Maruf Rekaan", "Ma'ruf Rekaan"),
    ("Ma\u2019ruf Rekaan", "Maruf Rekaan"),
    ("Ren\u00e9 Contoh", "Rene\u0301 Contoh"),
    ("Ling Ling", "Ling Ling, S.Ling."),
    ("Budi", "Budiman Contoh"),
    ("Siti Rahma", "Siti Aminah, S.Pd."),
    ("Budi Misalkan, S.Pd.", "Siti Aminah, S.Pd."),
    ("Budi Misalkan, S.Xyz", "Siti Aminah, S.Xyz"),
    ("Dr.", "Dr. Sari"),
    ("Hj.", "Hj. Sari"),
    ("", "Sari"),
    (", S.Pd.", "Sari, S.Pd."),
    ("Sari", ""),
    ("\u00b2\u00bd Sari", "Sari"),
    ("1234", "Sari 1234"),
]


def names() -> list[dict[str, Any]]:
    """Return names that reporters exclude, and whether they mean a holder."""
    return [{"typed": typed, "name": name, "means": reports.means(typed, name)} for typed, name in NAMES]


# Addresses, each group those of one page.
PAGES = (
    (
        "https://www.instagram.com/p/Cabc_12-3/?igsh=MzRlODBi",
        "http://instagram.com/reel/Cabc_12-3",
        "m.instagram.com/camat.rekaan/p/Cabc_12-3/",
        "HTTPS://WWW.INSTAGRAM.COM/p/Cabc_12-3/#komentar",
        "https://l.instagram.com/?u=https%3A%2F%2Fwww.instagram.com%2Fp%2FCabc_12-3%2F&e=AT0",
    ),
    (
        "https://web.facebook.com/story.php?story_fbid=10159&id=77&mibextid=Nif5oz",
        "https://www.facebook.com/camat.rekaan/posts/10159?__cft__[0]=AZX",
        "https://m.facebook.com/permalink.php?story_fbid=10159&id=77",
        "https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fid-id.facebook.com%2Fcamat.rekaan%2Fposts%2Fapel-pagi%2F10159",
    ),
    (
        "https://x.com/rekaan/status/1845",
        "https://mobile.twitter.com/rekaan/status/1845?s=20&t=abc",
        "https://twitter.com/i/web/status/1845/photo/1",
        "https://twitter.com/intent/tweet?url=https%3A%2F%2Ftwitter.com%2Frekaan%2Fstatus%2F1845",
    ),
    (
        "https://youtu.be/dQw4w9WgXcQ?si=zz&t=12",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ&feature=share",
        "https://m.youtube.com/shorts/dQw4w9WgXcQ",
    ),
    (
        "https://www.tiktok.com/@camat.rekaan/video/7423?is_from_webapp=1&sender_device=pc",
        "https://m.tiktok.com/v/7423.html",
    ),
    (
        "https://t.me/s/Kabar_Rekaan/12",
        "https://telegram.me/Kabar_rekaan/12",
        "https://t.me/share/url?url=https%3A%2F%2Ft.me%2Fs%2Fkabar_rekaan%2F12&text=lihat",
    ),
    (
        "https://www.contoh-berita.id/daerah/123/camat-rekaan?page=all&utm_source=wa",
        "http://contoh-berita.id:80/daerah/123/camat-rekaan/",
        "https://m.contoh-berita.id//daerah/123/camat-rekaan/amp/",
        "https://www.google.com/amp/s/www.contoh-berita.id/daerah/123/camat-rekaan",
        "https://wa.me/?text=Baca%20https%3A%2F%2Fcontoh-berita.id%2Fdaerah%2F123%2Fcamat-rekaan%20ya",
        "  //www.contoh-berita.id/daerah/123/%63amat-rekaan/index.html ",
    ),
    # What a network appends for itself tells another page elsewhere.
    ("https://contoh.go.id/berita?ref=12", "https://www.contoh.go.id/berita/?utm_source=wa&ref=12&_ga=2.1"),
    ("https://contoh.go.id/berita?ref=13",),
    ("https://contoh.go.id/berita?pp=2&locale=id", "contoh.go.id/berita?locale=id&pp=2&FBCLID=x"),
    ("https://contoh.go.id/berita?pp=3&locale=id&si=1&_t=2",),
    (
        "https://www.facebook.com/camat.rekaan?ref=bookmarks&locale=id_ID",
        "https://m.facebook.com/camat.rekaan/?_rdr&__tn__=x",
    ),
    ("https://www.youtube.com/@kanal.rekaan?si=abc&feature=shared", "https://m.youtube.com/@kanal.rekaan?pp=ygU"),
    (
        "https://www.tiktok.com/@camat.rekaan?_t=8k&_r=1",
        "https://m.tiktok.com/@camat.rekaan?is_from_webapp=1&sender_device=pc",
    ),
    ("https://x.com/rekaan?s=21&t=abc", "https://mobile.twitter.com/rekaan?ref_src=twsrc"),
    (
        "https://contoh.id/?id=2&kat=b",
        "contoh.id?kat=b&id=2",
    ),
    (
        "https://contoh.id/apel pagi/caf\u00e9?q=\u00bd&%",
        "https://contoh.id/apelpagi/caf%c3%a9?%25&q=%C2%BD",
    ),
    (
        "",
        "javascript:alert(1)",
        "ftp://contoh.id/a",
        "tanpa titik",
        "https://",
        "https://[::1]/",
        "contoh",
        "https://contoh.id:x/",
    ),
)


def marked() -> list[str]:
    """Return addresses with each name that follows a reader, where it does so and elsewhere."""
    plain = sorted({*addresses.ANYWHERE, *(f"{each}x" for each in addresses.BEGINNINGS)})
    own = [(host, name) for hosts, names in addresses.OF_NETWORKS for host in hosts for name in sorted(names)]
    elsewhere = sorted({("contoh.go.id", name) for _host, name in own})
    return [
        *(f"https://contoh.go.id/berita?{name}=1" for name in plain),
        *(f"https://{host}/hal?{name}=1" for host, name in (*own, *elsewhere, ("bukanfacebook.com", "ref"))),
    ]


def pages() -> list[dict[str, Any]]:
    """Return addresses as they are compared."""
    written = [*(each for group in PAGES for each in group), *marked()]
    return [{"address": each, "page": prints.normalised(each)} for each in written]


def keyed() -> dict[str, Any]:
    """Return prints under a secret of a body."""
    secret, digest = drawn("secret of a body"), hashlib.sha256(b"foto").hexdigest()
    deed = {"person": "198001012006041001", "act": "two-fingers", "day": "2024-10-14"}
    return {
        "secret": secret.hex(), "check": prints.check_of(secret).hex(), "sha256": digest,
        "evidence": prints.evidence_print(secret, digest).hex(), "address": PAGES[0][0],
        "page": prints.page_print(secret, PAGES[0][0]).hex(), "deed": deed, "deed_print": prints.deed_print(secret, **deed).hex(),
    }  # fmt: skip


def vectors() -> dict[str, Any]:
    """Return everything that the file holds."""
    recipient = key("ani").recipient
    bad = ["", "age1", recipient.upper(), recipient[:-1], f"{recipient}q", recipient.replace("age1", "age2"), "ssh-ed25519 AAAA",
           recipient[:20] + ("q" if recipient[20] != "q" else "p") + recipient[21:], f" {recipient}"]  # fmt: skip
    return {
        "origin": "tools/sealing_vectors.py",
        "keys": keys(),
        "recipients_wrong": bad,
        "codes": codes(),
        "typed": typed(),
        "padded": padded(),
        "seals": seals(),
        "wrapped": {
            "passphrase": PASSPHRASE, "wrapped": sealing.wrap(key("ani").identity, PASSPHRASE, log_n=12),
            "identity": key("ani").identity,
        },
        "proof": {"body": 7, "user": 9, "recipient": recipient, "verifier": key("ani").verifier,
                  "signature": key("ani").sign(f"ikrar/officer-key/v1\n7\n9\n{recipient}\n".encode())},
        "chains": chains(),
        "names": names(),
        "pages": pages(),
        "prints": keyed(),
    }  # fmt: skip


if __name__ == "__main__":
    path = ROOT / "tests" / "corpora" / "sealing.json"
    path.write_text(json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")
