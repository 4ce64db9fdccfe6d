"""No answer to a signature leaves before its commit is on the disk: proved from a trace of the server's system calls.

For each person: the first page written to the write-ahead log that holds the code of the certificate (a random word that
stands only in the signature's row), the commit frame that follows it, the fdatasync of the log that follows that and
returned 0, and only then the first byte of the answer "302, signed". The order is that of the trace, in which a call
that was overtaken by another thread stands as two lines, at its beginning and at its end.
"""

import re
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from _place import load, outcome, place, wants_postgresql
from _table import Figure, end_within, say, show, size

_CONNECTIONS = 16
_FRAME_HEAD_BYTES = 24
_CALLS = "fsync,fdatasync,write,writev,sendto,sendmsg,pwrite64,pwritev"
_WHOLE = re.compile(r"^(\d+) +[\d.]+ (\w+)\((\d+)<([^>]*)>(?:, (.*))?\) += (-?\d+)")
_BEGUN = re.compile(r"^(\d+) +[\d.]+ (\w+)\((\d+)<([^>]*)>(?:, (.*))? <unfinished \.\.\.>$")
_ENDED = re.compile(r"^(\d+) +[\d.]+ <\.\.\. (\w+) resumed>.*\) += (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_ANSWER = re.compile(rb"(?is)^HTTP/1\.1 302 .*?\r\nlocation: */pakta/(\d+)/\r\n")


@dataclass
class Call:
    """One system call: the lines of the trace on which it began and ended, and the bytes it was given."""

    thread: int
    name: str
    file: str
    data: bytes
    begun: int
    ended: int = -1
    result: int = -1


def _bytes(text: str) -> bytes:
    return b"".join(bytes.fromhex(part.replace("\\x", "")) for part in _TEXT.findall(text))


def _calls(trace: Path) -> Iterator[Call]:
    """Yield the calls of a trace in the order of their beginnings, each complete."""
    open_calls: dict[int, Call] = {}
    found: list[Call] = []
    with trace.open(encoding="ascii", errors="replace") as lines:
        for number, line in enumerate(lines):
            if ended := _ENDED.match(line):
                call = open_calls.pop(int(ended[1]), None)
                if call and call.name == ended[2]:
                    call.ended, call.result = number, int(ended[3])
            elif said := _WHOLE.match(line) or _BEGUN.match(line.rstrip("\n")):
                file = _bytes(f'"{said[4]}"').decode(errors="replace")
                call = Call(int(said[1]), said[2], file, _bytes(said[5] or ""), number)
                if said.re is _WHOLE:
                    call.ended, call.result = number, int(said[6])
                else:
                    open_calls[call.thread] = call
                found.append(call)
    yield from found


def check(trace: Path, codes: dict[int, str]) -> tuple[int, list[str]]:
    """Return how many answers were proved to come after their commit, and what speaks against the others."""
    waiting = {code.encode(): duty for duty, code in codes.items()}
    anyone = re.compile(b"|".join(map(re.escape, waiting)))
    heads: dict[int, bool] = {}  # by thread: whether the frame that is being written ends a commit
    written: set[int] = set()
    unfinished: dict[int, list[int]] = defaultdict(list)  # by thread: duties written and not committed
    unsynced: dict[int, list[tuple[int, int]]] = defaultdict(list)  # by thread: duties, and the line of their commit
    safe_at: dict[int, int] = {}
    answered: dict[int, int] = {}
    for call in _calls(trace):
        if call.file.endswith("-wal"):
            if call.name.startswith("pwrite") and len(call.data) == _FRAME_HEAD_BYTES:
                heads[call.thread] = call.data[4:8] != b"\0\0\0\0"
            elif call.name.startswith("pwrite") and call.thread in heads:
                for code in set(anyone.findall(call.data)):
                    if (duty := waiting[code]) not in written:
                        written.add(duty)
                        unfinished[call.thread].append(duty)
                if heads.pop(call.thread):
                    unsynced[call.thread] += [(duty, call.ended) for duty in unfinished.pop(call.thread, [])]
            elif call.name in ("fsync", "fdatasync") and call.result == 0:
                kept = []
                for duty, committed in unsynced.pop(call.thread, []):
                    if committed < call.begun:
                        safe_at[duty] = call.ended
                    else:
                        kept.append((duty, committed))
                unsynced[call.thread] = kept
        elif answer := _ANSWER.match(call.data):
            answered.setdefault(int(answer[1]), call.begun)
    against = []
    for duty in codes:
        if duty not in answered:
            against.append(f"{duty}: no answer in the trace")
        elif duty not in written:
            against.append(f"{duty}: answered, and its row was never written to the log")
        elif duty not in safe_at:
            against.append(f"{duty}: answered, and no sync followed its commit")
        elif answered[duty] < safe_at[duty]:
            against.append(f"{duty}: answered on line {answered[duty]}, synced on line {safe_at[duty]}")
    return len(codes) - len(against), against


def main() -> None:
    if shutil.which("strace") is None:
        print("strace missing (Debian package strace): skipped")
        sys.exit(0)
    if wants_postgresql():
        print("the trace reads SQLite's write-ahead log; PostgreSQL keeps its own: skipped")
        sys.exit(0)
    end_within(900)
    with place() as here:
        here.init()
        ours = here.people(size(200, 60))
        trace = here.home / "trace"
        strace = ("strace", "-f", "-y", "-ttt", "-xx", "-s", "4400", "-e", f"trace={_CALLS}", "-o", str(trace))
        with here.serving(*strace) as port:
            job = {
                "act": "sign", "port": port, "connections": _CONNECTIONS, "cookie": ours["cookie"],
                "people": ours["people"],
            }  # fmt: skip
            got = outcome(load(here.env, job))
        codes = {int(duty): code for duty, code in here.inside("codes").items()}
        say(f"{len(got['acknowledged'])} acknowledged; trace of {trace.stat().st_size / 1e6:.0f} MB")
        proved, against = check(trace, codes)
    for each in (got["wrong"] + against)[:5]:
        say(f"WRONG: {each}")
    acknowledged = set(got["acknowledged"])
    good = not got["wrong"] and not against and acknowledged == set(codes) and len(acknowledged) == len(ours["people"])
    show(
        Figure(
            "answers after their fdatasync, by strace",
            f"{proved} of {len(acknowledged)} signatures",
            "",
            "",
            "every one",
            good,
        )
    )


if __name__ == "__main__":
    main()
