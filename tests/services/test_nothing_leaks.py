"""What the server has or leaves after two hundred reports with planted secrets: none of them is found in any of it."""

import base64
import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
import time
from pathlib import Path

import pytest

from ikrar.domain import return_codes
from ikrar.domain.age_keys import identity_text
from ikrar.gateways import sealing
from ikrar.services import scripted
from tests.journeys.conftest import ROOT, new_place
from tests.reporter import Reporter, field_of, receipt_in

REPORTS = 200
SCRIPTED = 3  # one of three comes sealed from a browser
WORKERS = 4


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    found = new_place(tmp_path_factory.mktemp("leaks") / "home")
    found.temporary = found.home.parent / "tmp"
    found.temporary.mkdir()
    found.environment |= {"TMPDIR": str(found.temporary), "IKRAR_LOG_LEVEL": "DEBUG", "IKRAR_INTAKE_WORK_BITS": "4"}
    found.run("init", "--agency", "13.75", "--agency-name", "Pemerintah Kota Bukittinggi", "--admin", "NAMA")
    made = subprocess.run(
        [sys.executable, "-m", "tests.reporting"],
        env=found.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert made.returncode == 0, made.stderr
    found.desks = json.loads(made.stdout)
    found.serve()
    yield found
    found.stop()


def secret(number, what):
    return f"RAHASIA{what}{number:05d}Q"


def answers(number):
    def say(what):
        return secret(number, what)

    return {
        "exclude": {"names": say("KECUALI")},
        "what": {"what": f"Camat itu {say('CERITA')} meminta semua memilih seseorang."},
        "when": {"when": say("WAKTU"), "where": say("TEMPAT"), "known_on": ""},
        "who": {"who-0-name": say("TERLAPOR"), "who-0-post": say("JABATAN")},
        "support": {"witness-0-name": say("SAKSI"), "link-0-address": say("TAUTAN")},
        "identity": {
            "named": "yes",
            "name": say("NAMA"),
            "address": say("ALAMAT"),
            "phone": say("TELEPON"),
            "agreed": "on",
        }
        if number % 2
        else {"named": "no"},
    }


def files(number):
    if number % 4:
        return []
    body = f"{secret(number, 'ISI')} ".encode() * 3000
    return [(f"{secret(number, 'BERKAS')}.txt", body), ("foto.jpg", b"\xff\xd8\xff" + body * 2)]


def report_scripted(port, number, desk, out):
    """File what a browser with scripts would: sealed here, the code itself never sent; then open the mailbox by its lookup."""
    browser = Reporter(port)
    code = return_codes.new(os.urandom)
    box, lookup = sealing.Key(code.secret()), code.lookup.hex()
    keys = {kind: sealing.Key.new() for kind in ("content", "identity", "dialogue")}
    envelope = sealing.padded({kind: key.identity for kind, key in keys.items()})
    status, given = browser.post("/lapor/rem/", body=desk["body"])
    assert status == 200, given[:200]
    given = json.loads(given)
    challenge, bits = given["challenge"], given["bits"]
    form = {
        "body": desk["body"], "key_set": desk["key_set"], "to": desk["ids"], "lookup": lookup, "known_on": "", "ticks": [],
        "content_to": keys["content"].recipient, "identity_to": keys["identity"].recipient,
        "dialogue_to": keys["dialogue"].recipient, "mailbox": box.recipient, "challenge": challenge,
        "number": next(n for n in range(1 << 20) if scripted.is_worked(challenge, lookup, n, bits)),
    }  # fmt: skip
    content = {"v": 1, "what": secret(number, "CERITA"), "exclude": {"keys": [], "names": [secret(number, "KECUALI")]}}
    parts = [
        ("content", sealing.seal(sealing.padded(content), [keys["content"].recipient])),
        ("envelope", sealing.seal(envelope, desk["recipients"])),
        ("mailbox_envelope", sealing.seal(envelope, [box.recipient])),
        *(("file", sealing.seal(body, [keys["content"].recipient])) for _name, body in files(number)),
    ]
    mark, sent = "--segel", b""
    for name, piece in [("form", json.dumps(form).encode()), *parts]:
        named = "" if name == "form" else '; filename="x"'
        sent += f'--{mark}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode() + piece + b"\r\n"
    sent += f"--{mark}--\r\n".encode()
    status, filed = browser.ask("/lapor/kirim/segel/", sent, f"multipart/form-data; boundary={mark}")
    assert status == 200, filed[:200]
    status, told = browser.post("/lapor/kotak/segel/", lookup=lookup)
    assert status == 200
    held = re.search(r'"envelope": ?"([^"]+)"', told)[1]
    opened = json.loads(sealing.unseal(base64.b64decode(held), box.identity))
    assert opened["content"] == keys["content"].identity
    out.append((number, code.text, ""))


def report(port, number, desk, out):
    if number % SCRIPTED == 1:
        report_scripted(port, number, desk, out)
        return
    browser = Reporter(port)
    page, code = browser.until_files(desk["region"], desk["body"], answers(number))
    status, filed = browser.send(page, files(number))
    assert status == 200 and "Laporan diterima" in filed, status
    if number % 5 == 0:
        status, box = browser.open(code)
        assert status == 200
        status, box = browser.upload(
            "/lapor/kotak/balas/",
            [("state", field_of(box, "state")), ("text", secret(number, "PESAN"))],
            [(f"{secret(number, 'SUSULAN')}.txt", secret(number, "SUSUL").encode() * 50)],
        )
        assert status == 200 and "disegel" in box, status
        if number % 2 == 0:
            status, _box = browser.post(
                "/lapor/kotak/isi/", state=field_of(box, "state"), act="name", name=secret(number, "MAJU"),
                address=secret(number, "RUMAH"), agreed="on",
            )  # fmt: skip
            assert status == 200
        status, _pdf = browser.post("/lapor/kotak/formulir/", state=field_of(box, "state"))
        assert status == 200
    if number % 20 == 0:
        # What goes wrong: a file of no kind, a body that is cut, a code that is none, an address that is none.
        browser.send(page, [(f"{secret(number, 'SALAH')}.exe", b"MZ\x90\x00" + secret(number, "EXE").encode() * 900)])
        browser.open(secret(number, "KODE"))
        browser.ask("/lapor/kirim/", b"--x\r\n" + secret(number, "PUTUS").encode(), "multipart/form-data; boundary=x")
        browser.post("/lapor/isi/", state=secret(number, "KEADAAN"), step="what", what=secret(number, "HILANG"))
        browser.ask("/lapor/isi/", secret(number, "BUKANFORM").encode() * 400_000)
    out.append((number, code, receipt_in(filed)))


def file_many(port, desk):
    out, failures = [], []

    def work(start):
        try:
            for number in range(start, REPORTS, WORKERS):
                report(port, number, desk, out)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(start,)) for start in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures[:2]
    return out


# A secret in clear, as hexadecimal digits (so a dump writes bytes) and in base64 at each of its three alignments.
_HEX = b"RAHASIA".hex().encode()
_BASE64 = [base64.b64encode(b" " * shift + b"RAHASIA")[first:-4] for shift, first in ((0, 0), (1, 2), (2, 3))]


def traces_of(codes):
    """Return what would find or open a mailbox, in every writing: the code, its lookup, its secret, its identity."""
    out = {}
    for place, text in enumerate(sorted(codes)):
        code = return_codes.read(text)
        out[text.encode()] = out[" ".join(code.words).encode()] = f"code {text}"
        if place % 5:
            continue  # the derived ones of every fifth code: each is a pass over all bytes
        for what, value in (("lookup", code.lookup), ("secret", code.secret())):
            out[value] = out[value.hex().encode()] = out[base64.b64encode(value).rstrip(b"=")] = f"{what} of {text}"
        out[identity_text(code.secret()).encode()] = f"identity of {text}"
    return out


def found_in(content, traces):
    hits = {match.group().decode() for match in re.finditer(rb"RAHASIA[A-Z]+\d{5}Q", content)}
    hits |= {
        match.group().decode("utf-16-le")
        for match in re.finditer(rb"(?:R\x00A\x00H\x00A\x00S\x00I\x00A\x00)(?:[A-Z0-9]\x00)+", content)
    }
    lower = content.lower()
    if _HEX in lower:
        hits.add("in hexadecimal")
    hits |= {f"in base64: {each.decode()}" for each in _BASE64 if each in content}
    if b"AGE-SECRET-KEY-1" in content:
        hits.add("an identity of age")
    return hits | {what for trace, what in traces.items() if trace in content or trace in lower}


def dump_of(place):
    """Yield PostgreSQL's plain dump, and what its write-ahead log holds since this installation was made."""
    if not (url := place.environment.get("DATABASE_URL")):
        return
    import psycopg

    tools = [shutil.which("pg_dump"), *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump")))]
    done = subprocess.run([next(filter(None, tools)), url], capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    yield "pg_dump", done.stdout
    with psycopg.connect(url) as server:
        since = (place.home / "keys").stat().st_ctime
        rows = server.execute(
            "SELECT name FROM pg_ls_waldir() WHERE modification >= to_timestamp(%s)", [since]
        ).fetchall()
        for (name,) in rows:
            read = server.execute("SELECT pg_read_binary_file('pg_wal/' || %s, true)", [name]).fetchone()
            if read[0] is not None:
                yield f"pg_wal {name}", bytes(read[0])


def processes_of(place):
    pids = {place.process.pid}
    for _ in range(3):
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                parent = int(re.search(r"PPid:\s+(\d+)", status.read_text())[1])
            except (OSError, TypeError):
                continue
            if parent in pids:
                pids.add(int(status.parent.name))
    return pids


def everything(place, archive):
    """Yield what the server has or leaves, by name: files, log, temporary files, environments, open files that have no name."""
    for path in [*place.home.rglob("*"), *place.temporary.rglob("*")]:
        if path.is_file() and not path.is_symlink():
            yield str(path), path.read_bytes()
    for pid in processes_of(place):
        yield f"environment of {pid}", Path(f"/proc/{pid}/environ").read_bytes()
        yield f"command line of {pid}", Path(f"/proc/{pid}/cmdline").read_bytes()
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            try:
                if "(deleted)" in str(descriptor.readlink()) and descriptor.is_file():
                    yield f"nameless file of {pid}", descriptor.read_bytes()
            except OSError:
                continue
    yield from dump_of(place)
    with tarfile.open(archive) as backup:
        for member in backup:
            if member.isfile():
                content = backup.extractfile(member).read()
                yield f"backup: {member.name}", content
                if content[:2] == b"\x1f\x8b":
                    yield f"backup, unpacked: {member.name}", gzip.decompress(content)


def test_two_hundred_reports_leave_none_of_their_secrets_anywhere(place):
    filed = file_many(place.port, place.desks[0])
    assert len(filed) == REPORTS
    archive = place.home.parent / "backup.tar.gz"
    place.run("backup", str(archive))
    traces = traces_of({code for _number, code, _receipt in filed})
    seen, leaks = 0, {}
    for name, content in everything(place, archive):
        seen += 1
        if hits := found_in(content, traces):
            leaks[name] = sorted(hits)[:3]
    assert leaks == {}
    assert seen > REPORTS // 4
    log = (place.home / "server.log").read_text()
    assert "/lapor/" not in log, log[:500]


def test_no_sealed_file_tells_the_hour_of_its_act(place):
    found = list((place.home / "sealed").rglob("*"))
    assert found
    assert {path.stat().st_mtime % 86_400 for path in found} == {0.0}


def test_the_search_itself_finds_each_writing_of_a_secret():
    code = return_codes.new(os.urandom)
    traces, planted = traces_of({code.text}), secret(7, "CERITA").encode()
    writings = [planted, planted.decode().encode("utf-16-le"), planted.hex().encode(), code.text.encode(), code.lookup]
    writings += [base64.b64encode(b"x" * shift + planted) for shift in range(3)]
    writings += [identity_text(code.secret()).encode(), code.lookup.hex().encode(), code.secret()]
    for each in writings:
        assert found_in(b"\x00\xff" + each + b"\x00", traces), each
    assert not found_in(os.urandom(100_000), traces)


_REMAINS = """
import json, django; django.setup()
from datetime import UTC, datetime, timedelta
from ikrar.records.models import Report, ReportEnvelope, ReportPart
from ikrar.services import reports
reports.sweep(datetime.now(UTC) + timedelta(days=3))
ids = set(Report.objects.values_list("pk", flat=True))
print(json.dumps({
    "reports": len(ids),
    "parts": sorted(ReportPart.objects.exclude(path="").values_list("path", flat=True)),
    "whole": set(ReportPart.objects.filter(kind="content").values_list("report", flat=True)) == ids
    and set(ReportEnvelope.objects.filter(body=None).values_list("report", flat=True)) == ids
    and set(ReportEnvelope.objects.exclude(body=None).values_list("report", flat=True)) == ids,
    "files": sorted(p.relative_to(reports.root()).as_posix() for p in reports.root().glob("*/*") if p.is_file()),
}))
"""


def remains(place):
    """Return what stands in the database and on the disk after the sweep of some later day."""
    done = subprocess.run(
        [sys.executable, "-c", _REMAINS], env={**place.environment, "DJANGO_SETTINGS_MODULE": "ikrar.settings"},
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_killed_server_keeps_what_it_acknowledged_and_nothing_else(place):
    acknowledged, stop = [], threading.Event()
    before = remains(place)["reports"]

    def work():
        while not stop.is_set():
            try:
                browser = Reporter(place.port)
                page, code = browser.until_files(place.desks[0]["region"], place.desks[0]["body"], answers(4))
                status, filed = browser.send(page, files(4))
            except (OSError, AssertionError, Exception):
                continue
            if status == 200 and "Laporan diterima" in filed:
                acknowledged.append((code, receipt_in(filed)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(4)
    os.kill(place.process.pid, signal.SIGKILL)
    stop.set()
    for thread in threads:
        thread.join()
    place.process.wait()
    place.serve()
    assert acknowledged
    left = remains(place)
    # Each of the four lines may have been committed and not yet answered; of all else nothing is left, in rows or files.
    assert before + len(acknowledged) <= left["reports"] <= before + len(acknowledged) + 4
    assert left["whole"] and left["files"] == left["parts"]
    browser = Reporter(place.port)
    for code, receipt in acknowledged:
        status, box = browser.open(code)
        assert status == 200 and secret(4, "CERITA") not in box and receipt_in(box) == receipt
        status, pdf = browser.post("/lapor/kotak/formulir/", state=field_of(box, "state"))
        assert status == 200


def test_what_was_filed_opens_with_each_key_and_with_that_of_the_safe(place):
    script = (
        "import json, django; django.setup()\n"
        "from ikrar.records.models import ReportEnvelope\n"
        "print(json.dumps([bytes(e.sealed).hex() for e in ReportEnvelope.objects.exclude(body=None)[:5]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env={**place.environment, "DJANGO_SETTINGS_MODULE": "ikrar.settings"},
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    envelopes = [bytes.fromhex(each) for each in json.loads(done.stdout)]
    assert envelopes
    for key in [*place.desks[0]["keys"], place.desks[0]["offline"]]:
        for envelope in envelopes:
            assert set(json.loads(sealing.unseal(envelope, identity_text(bytes.fromhex(key))))) == {
                "content",
                "identity",
                "dialogue",
            }
