"""The guidance page: bytes and requests of a first load, and how long the server takes for an answer, one after another."""

import re
import socket
import time
from urllib.parse import quote

from _place import place
from _table import Figure, end_within, percentile, say, show, size
from sign_page import fetch, first_load

_MOST_BYTES, _MOST_REQUESTS, _SLOWEST_MS = 60_000, 6, 30
_QUESTIONS = (
    "boleh gak saya like postingan paslon 02?",
    "abang saya jadi sopir calon, boleh saya ikut rapat umum bersama keluarga, tanpa seragam, hari Minggu?",
    "istri saya calon wali kota, boleh saya dampingi waktu pendaftaran?",
    "apakah boleh mengajak tetangga datang ke TPS",
    "foto dua jari bareng teman kantor boleh?",
)


def _ask(port: int, question: str) -> tuple[float, int]:
    """Ask as the pages do: the words are posted, what they were understood as is answered for a PNS.

    Returns the seconds that both took together, and the status of the answer.
    """
    _status, head, page, _ = fetch(port, "/bolehkah/", "", "identity")
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    cookie = re.search(r"(?im)^set-cookie: *(csrftoken=[^;]+|[^=;\s]*csrf[^=;\s]*=[^;]+)", head)
    body = f"question={quote(question)}" + (f"&csrfmiddlewaretoken={token[1].decode()}" if token else "")
    request = (
        f"POST /bolehkah/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nAccept-Encoding: br\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        f"{f'Cookie: {cookie[1]}' + chr(13) + chr(10) if cookie else ''}\r\n{body}"
    )
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(request.encode())
        heard = b"".join(iter(lambda: line.recv(65536), b""))
    query = re.search(rb"(?i)\r\nlocation: [^\r?]*\?([^\r]+)", heard)
    if query is None:
        return time.perf_counter() - began, int(heard[9:12])
    status, *_ = fetch(port, f"/bolehkah/jawaban/?{query[1].decode()}&status=pns", "", "br")
    return time.perf_counter() - began, status


def main() -> None:
    end_within(300)
    with place() as here:
        here.init()
        with here.serving() as port:
            total, count, outside = first_load(port, "/bolehkah/", "")
            for question in _QUESTIONS:
                _ask(port, question)  # the first of each process reads the rulebook
            times, wrong = [], 0
            for number in range(size(600, 100)):
                seconds, status = _ask(port, _QUESTIONS[number % len(_QUESTIONS)])
                times.append(seconds)
                wrong += status != 200
    for each in outside:
        say(f"WRONG: {each}")
    p50, p99 = (1000 * percentile(times, share) for share in (0.5, 0.99))
    show(
        Figure(
            "guidance page, first load",
            f"{total / 1000:.1f} KB in {count} requests",
            "",
            "",
            f"≤ {_MOST_BYTES // 1000} KB, ≤ {_MOST_REQUESTS} requests",
            total <= _MOST_BYTES and count <= _MOST_REQUESTS and not outside,
        ),
        Figure(
            "guidance, an answer to a question in words",
            f"p50 {p50:.0f} ms, p99 {p99:.0f} ms",
            "",
            "",
            f"p99 ≤ {_SLOWEST_MS} ms",
            p99 <= _SLOWEST_MS and not wrong,
        ),
    )


if __name__ == "__main__":
    main()
