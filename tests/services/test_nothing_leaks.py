"""What the server has or leaves after two hundred reports with planted secrets: none of them is found in any of it."""

import base64
import gzip
import http.client
import json
import mmap
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest
from PIL import Image

from ikrar.domain import return_codes
from ikrar.domain.age_keys import identity_text
from ikrar.gateways import sealing
from tests.journeys.conftest import ROOT, new_place
from tests.reporter import Reporter, ScriptedReporter, field_of, receipt_in
from tests.telling_files import picture

REPORTS = 200
WORKERS = 4
IN_CLEAR = b"Bawaslu Contoh"  # what stands in the database anyway: whoever looks for secrets must find this


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    found = new_place(tmp_path_factory.mktemp("leaks") / "home")
    found.temporary = found.home.parent / "tmp"
    found.temporary.mkdir()
    found.environment |= {
        "TMPDIR": str(found.temporary), "IKRAR_LOG_LEVEL": "DEBUG", "IKRAR_INTAKE_WORK_BITS": "4",
    }  # fmt: skip
    found.begun = time.time()
    found.run("init", "--agency", "13.75", "--agency-name", "Pemerintah Kota Bukittinggi", "--admin", "NAMA")
    found.desks = json.loads(program(found, "-m", "tests.reporting"))
    found.serve()
    yield found
    found.stop()


def program(place, *arguments):
    """Run Python beside the server, in its installation; return what it prints."""
    done = subprocess.run(
        [sys.executable, *arguments], env={**place.environment, "DJANGO_SETTINGS_MODULE": "ikrar.settings"}, cwd=ROOT,
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


# --- what reporters do -------------------------------------------------------------------------------------------


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


def photo(number):
    """A photo that names who made it."""
    told = Image.Exif()
    told[0x013B] = secret(number, "PEMBUAT")
    return picture("JPEG", exif=told)


def report_plain(port, number, desk):
    browser = Reporter(port)
    page, code = browser.until_files(desk["region"], desk["body"], answers(number))
    if number % 4 == 0:
        # What a photo tells is told to its reporter, who decides; nobody else hears it.
        status, asked = browser.send(page, [("potret.jpg", photo(number))])
        assert status == 200 and secret(number, "PEMBUAT") in asked and "Laporan diterima" not in asked
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
        browser.ask(f"/lapor/{secret(number, 'ALAMATSALAH')}/?q={secret(number, 'TANYA')}")
        browser.ask(f"/lapor/kotak/?code={secret(number, 'KODEDIALAMAT')}")
    return code


def report_scripted(port, number, desk):
    browser = ScriptedReporter(port, desk)
    said = answers(number)
    content = {
        "what": said["what"]["what"], "when": secret(number, "WAKTU"), "where": secret(number, "TEMPAT"),
        "who": [{"name": secret(number, "TERLAPOR")}], "exclude": {"keys": [], "names": [secret(number, "KECUALI")]},
    }  # fmt: skip
    identity = {"name": secret(number, "NAMA"), "address": secret(number, "ALAMAT")} if number % 2 else None
    if number % 10 == 2:
        # A browser that sends in clear what it ought to seal, and words where ids belong: refused, and gone.
        polos = secret(number, "POLOS").encode()
        for hostile in (
            {"parts": {"content": polos * 100}},
            {"parts": {"identity": polos}},
            {"parts": {"envelope": polos}},
            {"challenge": secret(number, "TANTANGAN")},
            {"key_set": secret(number, "HIMPUNAN")},
            {"mailbox": secret(number, "KOTAK")},
        ):
            status, _text = browser.file(content, identity, files(number), **hostile)
            assert status == 422, (hostile, status)
    status, filed = browser.file(content, identity, files(number), ticks=[secret(number, "CENTANG")])
    assert status == 200 and "Laporan diterima" in filed, (status, filed[:300])
    if number % 4 == 0:
        assert browser.reply(secret(number, "PESAN"))[0] == 200
        assert browser.open_sealed()[0] == 200
    return browser.code.text


def report(port, number, desk):
    return (report_scripted if number % 3 == 2 else report_plain)(port, number, desk)


def file_many(port, desk):
    out, failures = [], []

    def work(start):
        try:
            for number in range(start, REPORTS, WORKERS):
                out.append((number, report(port, number, desk)))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(start,)) for start in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures[:2]
    return out


# --- where it is looked for --------------------------------------------------------------------------------------

_START = b"RAHASIA"


def _in_base64():
    """Return the signs by which the start of a secret shows in Base64, wherever in three bytes it begins."""
    for before in range(3):
        # Signs that also hold bits of a neighbour are left out.
        yield base64.b64encode(b"x" * before + _START)[-(-before * 4 // 3) : (before + len(_START)) * 4 // 3]


_SHAPES = re.compile(
    b"|".join(
        [
            rb"RAHASIA[A-Z]+\d{5}Q",
            *(re.escape(_START.decode().encode(each)) for each in ("utf-16-le", "utf-16-be")),
            _START.hex().encode(), _START.hex().upper().encode(), _START[::-1],
            *(re.escape(each) for each in _in_base64()),
        ]
    )
)  # fmt: skip


def found_in(content, codes, raw=()):
    """Return the secrets, whole codes and derived values that stand in bytes, in whatever shape."""
    hits = {match.group().decode("latin-1") for match in _SHAPES.finditer(content)}
    if b"AGE-SECRET-KEY-1" in content:
        hits.add("an identity of age")
    lower = bytes(content).lower()
    hits |= {code for code in codes if code.encode() in lower or code.replace(" ", "+").encode() in lower}
    return hits | {
        name
        for name, value in raw
        if value in content or value.hex().encode() in lower or base64.b64encode(value).rstrip(b"=") in content
    }


def derived(codes):
    """Return what follows from some codes: what finds a mailbox before it is hashed with the pepper, and what opens it."""
    for text in codes[:20]:
        code = return_codes.read(text)
        yield f"lookup of {text}", code.lookup
        yield f"secret of {text}", code.secret()


@pytest.mark.parametrize(
    "shape",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.encode().hex().encode(),
        lambda text: base64.b64encode(text.encode()),
        lambda text: base64.b64encode(b"a" + text.encode()),
        lambda text: base64.urlsafe_b64encode(b"ab" + text.encode()),
    ],
)
def test_whoever_looks_finds_a_secret_in_each_shape(shape):
    planted = os.urandom(5000) + shape(secret(7, "CERITA")) + os.urandom(5000)
    assert found_in(planted, ())
    assert not found_in(os.urandom(100_000), ())


def test_whoever_looks_finds_codes_and_what_follows_from_them():
    code = return_codes.new(os.urandom)
    for planted in (code.text.encode(), code.text.upper().encode(), code.text.replace(" ", "+").encode(), code.lookup,
                    code.secret().hex().encode(), identity_text(code.secret()).encode(), base64.b64encode(code.lookup)):  # fmt: skip
        assert found_in(b"x" * 50 + planted, [code.text], list(derived([code.text])))


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
            yield "names of files", path.name.encode()
    for pid in processes_of(place):
        yield f"environment of {pid}", Path(f"/proc/{pid}/environ").read_bytes()
        yield f"command line of {pid}", Path(f"/proc/{pid}/cmdline").read_bytes()
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            try:
                if "(deleted)" in str(descriptor.readlink()) and descriptor.is_file():
                    yield f"nameless file of {pid}", descriptor.read_bytes()
            except OSError:
                continue
    with tarfile.open(archive) as backup:
        for member in backup:
            if member.isfile():
                content = backup.extractfile(member).read()
                yield f"backup: {member.name}", content
                if content[:2] == b"\x1f\x8b":
                    yield f"backup, unpacked: {member.name}", gzip.decompress(content)
    if url := place.environment.get("DATABASE_URL", ""):
        yield from of_postgresql(url, place.begun)


def of_postgresql(url, begun):
    """Yield what a server of PostgreSQL has of a database: its rows as a dump says them, its files, its journal and its log."""
    import psycopg

    tools = [shutil.which("pg_dump"), *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump")))]
    yield (
        "pg_dump",
        subprocess.run([next(filter(None, tools)), url], capture_output=True, check=True, timeout=300).stdout,
    )
    with closing(psycopg.connect(url, autocommit=True)) as server:
        server.execute("CHECKPOINT")
        folder = Path(server.execute("SHOW data_directory").fetchone()[0])
        own = server.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()[0]
    if not os.access(folder / "base", os.R_OK | os.X_OK):
        return  # a server of another machine, or of another owner
    for part in (f"base/{own}", "pg_wal", "log", "pg_stat_tmp", "base/pgsql_tmp"):
        for path in (folder / part).rglob("*"):
            if path.is_file() and path.stat().st_size and path.stat().st_mtime >= begun - 60:
                with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                    yield f"PostgreSQL: {part}", content[:]


def test_two_hundred_reports_leave_none_of_their_secrets_anywhere(place):
    filed = file_many(place.port, place.desks[0])
    assert len(filed) == REPORTS
    archive = place.home.parent / "backup.tar.gz"
    place.run("backup", str(archive))
    codes = sorted(code for _number, code in filed)
    raw = list(derived(codes))
    seen, leaks, control, kinds = 0, {}, set(), set()
    for name, content in everything(place, archive):
        seen += 1
        kinds.add(name.split(":")[0])
        if IN_CLEAR in content:
            control.add(name.split(":")[0] if name.startswith(("PostgreSQL", "backup", "pg_dump")) else Path(name).name)
        if hits := found_in(content, codes, raw):
            leaks[name] = sorted(hits)[:3]
    assert leaks == {}
    assert seen > REPORTS // 4
    on_postgresql = bool(place.environment.get("DATABASE_URL"))
    expected = {"pg_dump", "PostgreSQL"} & kinds if on_postgresql else {"ikrar.sqlite3", "backup"}
    assert expected and control >= expected, control
    log = (place.home / "server.log").read_text()
    assert "/lapor/" not in log, log[:500]


def test_a_page_that_fails_leaves_no_word_of_what_was_sent(place):
    sealed, away = place.home / "sealed", place.home / "sealed-away"
    sealed.rename(away)
    sealed.touch()  # a file where the folder was: nothing can be kept, and nobody thought of it
    try:
        browser = Reporter(place.port)
        page, _code = browser.until_files(place.desks[0]["region"], place.desks[0]["body"], answers(8))
        status, told = browser.send(page, files(8))
        assert status == 500 and not found_in(told.encode(), ())
        status, told = ScriptedReporter(place.port, place.desks[0]).file({"what": secret(8, "CERITA")}, None, files(8))
        assert status == 500 and not found_in(told.encode(), ())
    finally:
        sealed.unlink()
        away.rename(sealed)
    log = (place.home / "server.log").read_bytes()
    assert not found_in(log, ()) and b"/lapor/" not in log and b"Traceback" not in log


SIGN_IN = """
import django; django.setup()
from ikrar.records.models import RoleGrant
from tests.web.stage import open_session
print(open_session(RoleGrant.objects.filter(role="intake_officer", body__isnull=False).first().user))
"""


def test_what_officers_look_for_leaves_no_word_anywhere(place):
    """They mark it in a report that only they can read: it must not come to lie in clear beside the sealed one."""
    cookie = f"ikrar={program(place, '-c', SIGN_IN).strip()}"
    line = http.client.HTTPConnection("localhost", place.port, timeout=60)

    def ask(path, fields=None, kind="application/x-www-form-urlencoded", token="", given=""):
        body = None if fields is None else fields if isinstance(fields, bytes) else urlencode(fields).encode()
        head = {
            "Cookie": f"{cookie}; csrftoken={token}" if token else cookie,
            "X-CSRFToken": given or token,
            "Content-Type": kind,
        }
        try:
            line.request("GET" if body is None else "POST", path, body, head)
            answer = line.getresponse()
            return answer.status, answer.read(), answer.headers
        except ConnectionError:  # it hung up on a body that is too long
            line.close()
            return 413, b"", {}

    status, page, head = ask("/laporan/orang/")
    assert status == 200, page[:300]
    token = re.search(r"csrftoken=([^;]+)", " ".join(head.get_all("Set-Cookie") or []))[1]
    seen = set()
    for number in range(40):
        name, text = secret(number, "NAMA"), f"Camat {secret(number, 'TANDA')} membagikan stiker calon bupati"
        for path in ("/laporan/orang/", "/laporan/bantu/orang/", "/laporan/bantu/perbuatan/"):
            seen.add(ask(path, {"q": f"Pak {name}, Camat", "text": text}, token=token)[0])
            seen.add(ask(path, {"q": name, "text": text, "on": name, "region": name, "post": name}, token=token)[0])
            seen.add(ask(path, {"q": name, "text": text}, token=token, given="x" * 32)[0])  # as another site would
            if number % 20 == 0:
                seen.add(ask(path, {"q": name * 300_000, "text": text}, token=token)[0])
                cut = f'--x\r\nContent-Disposition: form-data; name="q"\r\n\r\n{name}'.encode()
                seen.add(ask(path, cut, "multipart/form-data; boundary=x", token=token)[0])
    assert 200 in seen and 422 in seen and 403 in seen and max(seen) < 500, seen
    archive = place.home.parent / "after-officers.tar.gz"
    place.run("backup", str(archive))
    assert {
        name: sorted(hits)[:3] for name, content in everything(place, archive) if (hits := found_in(content, ()))
    } == {}
    log = (place.home / "server.log").read_text().splitlines()
    assert [each for each in log if "/laporan/" in each and "django.security" not in each] == []


def test_no_sealed_file_tells_the_hour_of_its_act(place):
    found = list((place.home / "sealed").rglob("*"))
    assert found
    assert {path.stat().st_mtime % 86_400 for path in found} == {0.0}


# --- a stop in the middle ----------------------------------------------------------------------------------------

# Reads all that is stored as an officer with his key would, then lets the clock of two days later sweep.
READ_ALL = """
import hashlib, json, sys
from datetime import UTC, datetime, timedelta
import django; django.setup()
import time_machine
from ikrar.domain.age_keys import identity_text
from ikrar.gateways import sealed_files, sealing
from ikrar.records.models import Report, ReportPart
from ikrar.services import reports

key = identity_text(bytes.fromhex(sys.argv[1]))
whole, broken = 0, []
for report in Report.objects.all():
    try:
        envelope = report.envelopes.exclude(body=None).get()
        keys = json.loads(sealing.unseal(bytes(envelope.sealed), key))
        content = json.loads(sealing.unseal(bytes(report.parts.get(kind="content").sealed), keys["content"]))
        assert report.envelopes.count() == 2 and report.readers.count() == len(envelope.to)
        assert report.has_identity == report.parts.filter(kind="identity").exists()
        parts = list(report.parts.filter(kind="file").order_by("place"))
        assert len(parts) >= len(content["files"])
        for part, told in zip(parts, content["files"]):
            with reports.open_file(part) as file:
                sealed = file.read()
            assert hashlib.sha256(sealed).hexdigest() == part.digest
            clear = sealing.unseal(sealed, keys["content"])[: told["size"]]
            assert hashlib.sha256(clear).hexdigest() == told["sha256"]
        whole += 1
    except Exception as error:
        broken.append(f"{report.pk}: {error!r}")
known = set(ReportPart.objects.exclude(path="").values_list("path", flat=True))

def on_disk():
    return {path.relative_to(reports.root()).as_posix() for path in reports.root().glob("*/*")}

lost = on_disk() - known
# A file bears the region's day, which may be one ahead of that of UTC.
with time_machine.travel(datetime.now(UTC) + timedelta(days=3)):
    reports.sweep(datetime.now(UTC))
print(json.dumps({"whole": whole, "broken": broken, "orphans": len(lost), "left": len(on_disk() - known),
                  "missing": len(known - on_disk())}))
"""


def test_a_killed_server_keeps_what_it_acknowledged_and_nothing_half(place):
    acknowledged, unanswered, stop = {}, set(), threading.Event()
    desk = place.desks[0]
    before = json.loads(program(place, "-c", READ_ALL, desk["keys"][0]))["whole"]

    def plain():
        browser = Reporter(place.port)
        page, code = browser.until_files(desk["region"], desk["body"], answers(4))
        unanswered.add(code)
        status, filed = browser.send(page, files(4))
        return code, status, filed

    def scripted():
        browser = ScriptedReporter(place.port, desk)
        unanswered.add(browser.code.text)
        status, filed = browser.file({"what": secret(4, "CERITA")}, None, files(4))
        return browser.code.text, status, filed

    def work(way):
        while not stop.is_set():
            try:
                code, status, filed = way()
            except Exception:
                continue
            if status == 200 and "Laporan diterima" in filed:
                acknowledged[code] = receipt_in(filed)

    threads = [threading.Thread(target=work, args=(way,)) for way in (plain, plain, scripted, scripted)]
    for thread in threads:
        thread.start()
    time.sleep(4)
    for pid in processes_of(place):  # at once, as when the power goes
        os.kill(pid, signal.SIGKILL)
    stop.set()
    for thread in threads:
        thread.join()
    place.process.wait()
    place.serve()
    assert len(acknowledged) > 3
    browser = Reporter(place.port)
    for code, receipt in acknowledged.items():
        status, box = browser.open(code)
        assert status == 200 and secret(4, "CERITA") not in box and receipt_in(box) == receipt
        status, pdf = browser.post("/lapor/kotak/formulir/", state=field_of(box, "state"))
        assert status == 200 and pdf.startswith("%PDF")
    # What was cut before its answer is there whole or not at all; which of both, its reporter sees with his code.
    for code in unanswered - acknowledged.keys():
        status, box = browser.open(code)
        assert status in (200, 422, 429)
    told = json.loads(program(place, "-c", READ_ALL, desk["keys"][0]))
    assert told["broken"] == [] and told["whole"] >= before + len(acknowledged)
    assert told["missing"] == 0 and told["left"] == 0, told


def test_what_was_filed_opens_with_each_key_and_with_that_of_the_safe(place):
    script = (
        "import json, django; django.setup()\n"
        "from ikrar.records.models import ReportEnvelope\n"
        "print(json.dumps([bytes(e.sealed).hex() for e in ReportEnvelope.objects.exclude(body=None)[:5]]))"
    )
    envelopes = [bytes.fromhex(each) for each in json.loads(program(place, "-c", script))]
    assert envelopes
    for key in [*place.desks[0]["keys"], place.desks[0]["offline"]]:
        for envelope in envelopes:
            assert set(json.loads(sealing.unseal(envelope, identity_text(bytes.fromhex(key))))) == {
                "content",
                "identity",
                "dialogue",
            }
