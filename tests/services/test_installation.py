"""The installation, by the commands an operator types: made once, backed up while it runs, restored whole or not at all.

These run the real command in a process of its own (see tests/children.py), on SQLite in a folder of their own, whatever database the other tests
use.
"""

import gzip
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import tarfile
import zlib
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from ikrar import __version__ as ikrar_version
from ikrar.__main__ import COMMANDS
from ikrar.domain.errors import AlreadyInstalled, NotADemo, NotInstalled
from ikrar.records.models import Installation
from ikrar.services import installation
from ikrar.worker import rules
from tests import children, template
from tests.conftest import NOW, TODAY

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
EMPTY: set[str] = set()  # what starting the program leaves in a folder


def environment(home):
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL" and "IKRAR" not in name} | {
        "IKRAR_HOME": str(home), "DJANGO_SETTINGS_MODULE": "ikrar.settings",
    }  # fmt: skip


def ikrar(home, *arguments):
    """Run a command of the operator in a folder."""
    return children.run_text("-m", "ikrar", *arguments, env=environment(home))


def program(home, text):
    """Run a piece of a program against an installation; return what it printed."""
    start = "import django; django.setup()\n"
    done = children.run_text("-c", start + text, env=environment(home))
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(done, code):
    """Hold that a command refused in one sentence and without a trace."""
    assert (done.returncode, done.stdout) == (1, ""), done.stdout + done.stderr
    assert "Traceback" not in done.stderr and code in done.stderr and done.stderr.count("\n") == 1, done.stderr


def tables(home):
    """Return every row of every table."""
    with closing(sqlite3.connect(f"file:{home / 'ikrar.sqlite3'}?mode=ro", uri=True)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
        return {name: sorted(map(repr, database.execute(f"SELECT * FROM {name}"))) for name in names}


def files_in(folder):
    return {str(path.relative_to(folder)) for path in Path(folder).rglob("*") if path.is_file()}


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An installation that was made for real, and what the operator saw. A first try with a wrong region was refused."""
    home = tmp_path_factory.mktemp("made") / "home"
    wrong = ikrar(home, "init", "--agency", "99.99", "--agency-name", "Kota Salah")
    refused(wrong, "region_unknown")
    assert not list(home.glob("keys/*")), "a refused init leaves no keys"
    done = ikrar(home, "init", "--agency", "13.75", "--agency-name", "Pemerintah Kota Bukittinggi", "--admin", "ani")
    assert done.returncode == 0, done.stderr
    return home, done


@pytest.fixture(scope="module")
def home(made):
    return made[0]


@pytest.fixture(scope="module")
def archive(home):
    """A backup of it."""
    path = home.parent / "sub" / "backup.tar.gz"
    path.parent.mkdir()
    done = ikrar(home, "backup", path)
    assert done.returncode == 0, done.stderr
    return path


# --- init --------------------------------------------------------------------------------------------------------


def test_an_installation_is_made_empty_and_real_with_its_keys_closed(home):
    found = tables(home)
    count = {name.removeprefix("records_"): len(rows) for name, rows in found.items() if name.startswith("records_")}
    assert (count["installation"], count["agency"], count["workunit"], count["user"], count["rolegrant"]) == (1,) * 5
    assert count["person"] == count["placement"] == count["pactround"] == 0
    assert count["region"] > 80_000 and count["logentry"] == count["logpayload"] == 4
    with closing(sqlite3.connect(home / "ikrar.sqlite3")) as database:
        assert database.execute("SELECT is_demo, name FROM records_installation").fetchall() == [
            (0, "Pemerintah Kota Bukittinggi")
        ]
        assert database.execute("SELECT code, kind, region_id FROM records_agency").fetchall() == [
            ("13.75", "city", "13.75")
        ]
    keys = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (home / "keys").iterdir()}
    secret = {name for name in keys if "key" in name and not name.endswith(".pub")}
    assert len(secret) == 3 and {keys[name] for name in secret} == {0o600}
    assert stat.S_IMODE((home / "keys").stat().st_mode) == 0o700


OPEN = """
from django.utils import timezone
from ikrar.services import accounts
found = accounts.by_code("ani", {code!r}, now=timezone.now())
grants = accounts.grants_of(found.user, now=timezone.now())
print(found.user.username, [grant.role.value for grant in grants])
"""


def code_in(done):
    (line,) = [line for line in done.stdout.splitlines() if line.strip().startswith("kode")]
    return line.split()[1]


def test_the_code_that_the_operator_saw_opens_the_administrators_account(made):
    home, done = made
    assert program(home, OPEN.format(code=code_in(done))) == "ANI ['administrator']\n"


def test_an_installation_is_not_made_twice(home):
    before, keys = tables(home), {path.name: digest(path) for path in (home / "keys").iterdir()}
    refused(ikrar(home, "init", "--agency", "13.76", "--agency-name", "Lain"), "already_installed")
    assert tables(home) == before
    assert {path.name: digest(path) for path in (home / "keys").iterdir()} == keys


@pytest.mark.parametrize("scenario", ["bukittinggi-2024", "all"])
def test_nobody_invented_enters_a_real_installation(home, scenario):
    before = tables(home)
    refused(ikrar(home, "load-scenario", scenario), "not_a_demo")
    assert tables(home) == before


def test_a_scenario_for_an_empty_place_alone_leaves_a_real_installation_as_it_is(home):
    before = tables(home)
    done = ikrar(home, "load-scenario", "all", "--if-empty")
    assert done.returncode == 0 and tables(home) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["init", "--kind", "planet"], ["init", "surplus"], ["init", "--demo"], ["backup"], ["restore"],
        ["restore", "a", "b"], ["load-scenario"], ["load-scenario", "all", "--today", "besok"], ["devour"],
        ["load-scenario", "all", "--today", "0001-01-01"], ["coverage", "--unit", "X", "--on", "9999-12-31"],
        ["make-roster", "--people", "10", "--out", "a.csv", "--today", "0010-01-01"],
        ["init", "--agency-name", ""], ["init", "--agency", " "], ["init", "--admin", ""], ["init", "--admin-name", ""],
        ["import-roster", "a.csv"], ["coverage"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_is_status_2_and_touches_nothing(tmp_path, arguments):
    done = ikrar(tmp_path / "home", *arguments)
    assert done.returncode == 2 and done.stderr and not done.stdout and "Traceback" not in done.stderr
    assert "fromisoformat" not in done.stderr and "out of range" not in done.stderr
    assert files_in(tmp_path) <= {f"home/{name}" for name in EMPTY}


@pytest.mark.parametrize(
    "arguments", [["backup", "b.tgz"], ["coverage", "--unit", "X"], ["import-roster", "a.csv", "--agency", "X"]], ids=" ".join
)  # fmt: skip
def test_where_nothing_is_installed_a_command_says_so(tmp_path, arguments):
    refused(ikrar(tmp_path / "home", *arguments), "not_installed")
    assert not (ROOT / "b.tgz").exists()


# --- backup ------------------------------------------------------------------------------------------------------


def test_a_backup_holds_database_and_keys_with_their_digests_and_is_closed_to_others(home, archive):
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert [path.name for path in archive.parent.iterdir()] == ["backup.tar.gz"], "nothing is left beside it"
    with tarfile.open(archive) as tar:
        contents = {member.name: tar.extractfile(member).read() for member in tar if member.isfile()}
    manifest = json.loads(contents.pop("manifest.json"))
    assert {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()} == manifest["digests"]
    assert set(contents) == {"database.sqlite3", *(f"keys/{path.name}" for path in (home / "keys").iterdir())}
    found = tables(home)
    assert (
        manifest["rows"] == {name: len(found[name]) for name in manifest["rows"]}
        and manifest["rows"]["records_user"] == 1
    )


def test_a_backup_makes_no_folder_for_a_place_that_is_not_there(home, tmp_path):
    """A disk that is not mounted would be written beside."""
    done = ikrar(home, "backup", tmp_path / "usb" / "a.tar.gz")
    refused(done, "backup_failed")
    assert "tidak ada" in done.stderr and not (tmp_path / "usb").exists()


def test_a_backup_never_takes_the_place_of_another(home, archive):
    before = digest(archive)
    refused(ikrar(home, "backup", archive), "backup_failed")
    assert digest(archive) == before


def test_a_backup_makes_no_folder_where_a_name_was_mistyped(home, tmp_path):
    done = ikrar(home, "backup", tmp_path / "mistyped" / "b.tar.gz")
    refused(done, "backup_failed")
    assert "mistyped” tidak ada" in done.stderr and not list(tmp_path.iterdir())


BUSY = """
from pathlib import Path
from django.utils import timezone
from ikrar.services import installation, ledger
dump = installation._dump

def dump_and_go_on(target):
    dumped = dump(target)
    ledger.record("installation.started", {"version": "0", "rulebook_digest": ""}, now=timezone.now())
    return dumped

installation._dump = dump_and_go_on
installation.backup(Path(PATH), now=timezone.now())
"""


def test_a_backup_made_while_people_work_can_be_restored(home, tmp_path):
    shutil.copytree(home, tmp_path / "busy")
    path = tmp_path / "busy.tar.gz"
    program(tmp_path / "busy", BUSY.replace("PATH", repr(str(path))))
    done = ikrar(tmp_path / "home", "restore", path)
    assert done.returncode == 0, done.stderr


# --- restore -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def restored(archive, tmp_path_factory):
    place = tmp_path_factory.mktemp("restored") / "home"
    done = ikrar(place, "restore", archive)
    assert done.returncode == 0, done.stderr
    return place, done


def test_what_was_restored_is_what_was_backed_up_and_one_entry_that_says_so(home, restored):
    place, done = restored
    before, after = tables(home), tables(place)
    assert before.keys() == after.keys()
    changed = {name for name in before if before[name] != after[name]}
    written = {"records_logentry", "records_logpayload"}
    assert changed - {"sqlite_sequence"} == written  # SQLite's own note of the greatest keys moves with them
    for name in written:
        assert set(before[name]) < set(after[name]) and len(after[name]) == len(before[name]) + 1
    assert "Dipulihkan dan diperiksa" in done.stdout and "4 entri log" in done.stdout
    passing = {"ikrar.sqlite3-wal", "ikrar.sqlite3-shm", "changes"}
    assert files_in(place) - passing == files_in(home) - passing


def test_keys_are_restored_as_closed_as_they_were(home, restored):
    place, _ = restored
    for key in (home / "keys").iterdir():
        copy = place / "keys" / key.name
        assert copy.read_bytes() == key.read_bytes()
        assert stat.S_IMODE(copy.stat().st_mode) & ~stat.S_IMODE(key.stat().st_mode) == 0, key.name
    assert stat.S_IMODE((place / "keys").stat().st_mode) == 0o700


def test_a_restored_installation_works_with_the_codes_that_were_handed_out(made, restored):
    assert program(restored[0], OPEN.format(code=code_in(made[1]))) == "ANI ['administrator']\n"
    assert program(restored[0], "from ikrar.services import ledger; print(ledger.verify_all())") == "(5, [])\n"


def test_a_backup_is_not_restored_over_an_installation(home, archive, restored):
    for place in (home, restored[0]):
        before = tables(place)
        refused(ikrar(place, "restore", archive), "restore_target_not_empty")
        assert tables(place) == before


EACH = """
import json, pathlib, sys
from django.utils import timezone
from ikrar.domain.errors import DomainError
from ikrar.services import installation
for path in sorted(pathlib.Path(FOLDER).iterdir()):
    try:
        answer = installation.restore(path, now=timezone.now())["made_at"]
    except DomainError as error:
        answer = error.code
    except Exception as error:
        answer = repr(error)
    print(json.dumps([path.name, answer, installation.is_installed()]))
"""


def try_each(tmp_path, archives):
    """Try to restore several archives, one after the other, into one place that must stay empty; return the answers."""
    folder, place = tmp_path / "archives", tmp_path / "place"
    folder.mkdir()
    for name, data in archives.items():
        (folder / name).write_bytes(data)
    answers = map(json.loads, program(place, EACH.replace("FOLDER", repr(str(folder)))).splitlines())
    assert {name: (answer, standing) for name, answer, standing in answers} == dict.fromkeys(
        archives, ("backup_unusable", False)
    )
    assert_empty(place)
    return place


def assert_empty(place):
    assert files_in(place) <= EMPTY | {"ikrar.sqlite3", "ikrar.sqlite3-wal", "ikrar.sqlite3-shm"}
    database = place / "ikrar.sqlite3"
    assert not database.exists() or not database.stat().st_size or not tables(place)


def flipped(whole, at):
    return whole[:at] + bytes([whole[at] ^ 0x20]) + whole[at + 1 :]


def unpacks_alike(data, whole):
    try:
        return gzip.decompress(data) == gzip.decompress(whole)
    except (OSError, EOFError, zlib.error):
        return False


def test_a_cut_backup_is_refused_the_place_stays_empty_and_the_whole_one_is_restored_there(archive, tmp_path):
    whole = archive.read_bytes()
    tenths = [len(whole) * tenth // 10 for tenth in range(1, 10)]
    sizes = [0, 1, 9, 18, 100, 500, 2000, *tenths, *(len(whole) - missing for missing in (500, 20, 4, 1))]
    place = try_each(tmp_path, {f"cut at {size}": whole[:size] for size in sizes})
    half = tmp_path / "half.tar.gz"
    half.write_bytes(whole[: len(whole) // 2])
    refused(ikrar(place, "restore", half), "backup_unusable")
    assert_empty(place)
    done = ikrar(place, "restore", archive)
    assert done.returncode == 0, done.stderr


def test_a_backup_with_a_byte_changed_on_its_way_is_refused_and_the_place_stays_empty(archive, tmp_path):
    whole = archive.read_bytes()
    # The first bytes say how it was packed and when; all after them is what was backed up, and its sum at the end.
    places = [
        *range(20, 1800, 9),
        *(len(whole) * part // 40 for part in range(1, 40)),
        *range(len(whole) - 8, len(whole)),
    ]
    # A bit of the packing that stands for nothing may turn: what unpacks to the same is the same backup.
    changed = {f"byte {at}": data for at in places if not unpacks_alike(data := flipped(whole, at), whole)}
    assert len(changed) > len(places) * 0.9
    place = try_each(tmp_path, changed)
    one = tmp_path / "one.tar.gz"
    one.write_bytes(flipped(whole, len(whole) * 2 // 3))
    refused(ikrar(place, "restore", one), "backup_unusable")
    assert_empty(place)


def rewritten(archive, change, **headers):
    """Write the archive anew with its members changed; `change` gets them by name and changes them.

    `headers`: what every member's extended header says.
    """
    with tarfile.open(archive) as tar:
        members = {member.name: tar.extractfile(member).read() for member in tar if member.isfile()}
    change(members)
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz", compresslevel=1) as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.pax_headers = len(data), headers
            tar.addfile(info, io.BytesIO(data))
    return target.getvalue()


def in_manifest(**more):
    def change(members):
        members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | more).encode()

    return change


def flip(name, at):
    def change(members):
        data = bytearray(members[name])
        data[at] ^= 1
        members[name] = bytes(data)

    return change


def with_honest_digest(members, name, data):
    """Put a member in place of another and make the manifest agree: what a forger does."""
    members[name] = data
    manifest = json.loads(members["manifest.json"])
    manifest["digests"][name] = hashlib.sha256(data).hexdigest()
    members["manifest.json"] = json.dumps(manifest).encode()


WRONG = {
    "one bit of the database": flip("database.sqlite3", 5000),
    "the last bit of the database": flip("database.sqlite3", -1),
    "one bit of a key": flip("keys/log-key.pem", 60),
    "no database": lambda members: members.pop("database.sqlite3"),
    "no manifest": lambda members: members.pop("manifest.json"),
    "a manifest that is none": lambda members: members.update({"manifest.json": b"[]"}),
    "a manifest cut short": lambda members: members.update({"manifest.json": members["manifest.json"][:200]}),
    "a key that is missing": lambda members: members.pop("keys/signing-key.pem"),
    "no digest of the database": in_manifest(digests={}),
    "another kind of database": in_manifest(database="postgresql"),
    "a kind of database that there is not": in_manifest(database="oracle"),
    "a file that the manifest does not name": lambda members: members.update({"keys/evil.txt": b"x"}),
    "a file beside the manifest": lambda members: members.update({"evil": b"x"}),
    "a way out of the folder": lambda members: members.update({"../../evil": b"x"}),
    "a database that is none": lambda members: with_honest_digest(members, "database.sqlite3", b"x" * 8192),
}  # fmt: skip


# A header says what no clock, no disk and no table of names has. One changed byte can make the first of them.
HEADERS = {
    "a time without end": {"mtime": "1790000000e123"},
    "a time that is none": {"mtime": "nan"},
    "a size beyond all disks": {"size": "9" * 25},
    "a name with a zero": {"path": "keys/\0"},
    "a name that is too long": {"path": "x" * 5000},
}


def test_a_backup_that_was_tampered_with_is_refused_and_the_place_stays_empty(archive, tmp_path):
    changed = {name: rewritten(archive, change) for name, change in WRONG.items()}
    told = {name: rewritten(archive, lambda _: None, **headers) for name, headers in HEADERS.items()}
    try_each(tmp_path, changed | told)
    assert not list(tmp_path.rglob("evil")) and not list(tmp_path.parent.glob("evil"))


def another_payload(tmp_path):
    def change(members):
        path = tmp_path / "edited.sqlite3"
        path.write_bytes(members["database.sqlite3"])
        with closing(sqlite3.connect(path)) as database:
            database.execute("DROP TRIGGER records_logpayload_no_update")
            database.execute("UPDATE records_logpayload SET payload = CAST('{}' AS BLOB)")
            database.commit()
        with_honest_digest(members, "database.sqlite3", path.read_bytes())

    return change


def another_count(tmp_path):
    def change(members):
        rows = json.loads(members["manifest.json"])["rows"]
        in_manifest(rows=rows | {"records_user": rows["records_user"] + 1})(members)

    return change


@pytest.mark.parametrize("change", [another_payload, another_count])
def test_what_only_verification_finds_leaves_the_place_empty_too(archive, tmp_path, change):
    try_each(tmp_path, {"forged": rewritten(archive, change(tmp_path))})


def of_a_later_version(tmp_path):
    """Return what puts a step of a later version into the tables of a backup, honestly."""

    def change(members):
        path = tmp_path / "later.sqlite3"
        path.write_bytes(members["database.sqlite3"])
        with closing(sqlite3.connect(path)) as database:
            database.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('records', '0999_later', '2030-01-01')"
            )
            database.commit()
        with_honest_digest(members, "database.sqlite3", path.read_bytes())

    return change


def without_steps(tmp_path):
    def change(members):
        path = tmp_path / "bare.sqlite3"
        path.write_bytes(members["database.sqlite3"])
        with closing(sqlite3.connect(path)) as database:
            database.execute("DELETE FROM django_migrations")
            database.commit()
        with_honest_digest(members, "database.sqlite3", path.read_bytes())

    return change


def test_a_backup_of_a_later_version_is_refused_with_the_version_to_install(archive, tmp_path):
    later = {
        "a later version": in_manifest(version="99.0"),
        "a later step": of_a_later_version(tmp_path),
        "no step at all": without_steps(tmp_path),
        "no version": in_manifest(version=None),
    }
    place = try_each(tmp_path, {name: rewritten(archive, change) for name, change in later.items()})
    said = [ikrar(place, "restore", tmp_path / "archives" / name).stderr for name in list(later)[:2]]
    assert "versi 99.0, yang lebih baru" in said[0] and "records.0999_later" in said[1]


@pytest.mark.parametrize(
    ("version", "compared"),
    [("1.10", (1, 10)), ("1.9.2", (1, 9, 2)), ("2.0rc1", (2, 0)), ("x", ()), ("0.1.0", (0, 1, 0))],
)
def test_versions_are_compared_by_their_numbers(version, compared):
    assert installation._release(version) == compared


WAITING = """
import io
from datetime import date
from django.utils import timezone
from ikrar.records.models import Agency, PaperOrder, RosterImport, User
from ikrar.services import papers, roster
now, agency, by = timezone.now(), Agency.objects.get(), User.objects.get()
lines = "NIP,Nama,Status Kepegawaian,Kode Unit\\n" + "".join(
    f"19850315201001{number:04},Orang {chr(65 + number % 26)},PNS,DINAS\\n" for number in range(2001, 2004)
)

def receive():
    given = roster.receive(
        agency=agency, file=io.BytesIO(lines.encode()), name="a.csv", effective_on=date(2024, 10, 25), by=by, now=now
    )
    roster.map_columns(given, given.fields, complete=False, new_units=True)
    return given

stored = receive()
roster.store(stored, by=by, now=now)
roster.preview(receive(), now=now)
unit = agency.units.exclude(parent=None).get()
chosen = papers.unit_people(unit, date(2024, 10, 25))
for fetched in (False, True, None):
    order = papers.order_slips(unit, chosen, by=by, now=now)
    if fetched is not None:
        papers.make(order, now=now)
    if fetched:
        papers.note_fetched(order, now=now)
"""

STANDS = """
import json
from datetime import date
from django.utils import timezone
from ikrar.records.models import PaperOrder, RosterImport
from ikrar.services import papers
orders = PaperOrder.objects.order_by("pk")
print(json.dumps([
    [(each.state, each.file_path, each.error.get("reason")) for each in RosterImport.objects.order_by("pk")],
    [(each.state, each.done, each.parts, each.archive) for each in orders],
]))
first = orders[0]
papers.order_again(first)
papers.make(first, now=timezone.now())
first.refresh_from_db()
print(first.state, first.done, papers.file_of(first)[0].is_file())
"""


def test_what_waited_for_a_file_that_is_in_no_backup_says_so_after_the_restore_and_can_be_begun_anew(home, tmp_path):
    place, archive, again = tmp_path / "home", tmp_path / "a.tar.gz", tmp_path / "again"
    shutil.copytree(home, place)
    program(place, WAITING)
    assert ikrar(place, "backup", archive).returncode == 0
    with tarfile.open(archive) as tar:
        assert not [name for name in tar.getnames() if name.startswith(("rosters", "papers"))]
    done = ikrar(again, "restore", archive)
    assert done.returncode == 0, done.stderr
    assert "1 impor menunggu berkas" in done.stdout and "1 pesanan cetak belum terunduh" in done.stdout
    stands, made = program(again, STANDS).splitlines()
    imports, orders = json.loads(stands)
    assert imports == [["applied", "", None], ["failed", "", "gone"]]
    assert orders == [["failed", 0, [], ""], ["gone", 3, [], ""], ["waiting", 0, [], ""]]
    assert made == "ready 3 True"


def test_a_backup_that_is_not_there_is_refused(tmp_path):
    done = ikrar(tmp_path / "home", "restore", tmp_path / "nothing.tar.gz")
    refused(done, "backup_unusable")
    assert "“nothing.tar.gz” tidak ada" in done.stderr


def test_a_link_in_a_backup_is_refused(archive, tmp_path):
    target = tmp_path / "linked.tar.gz"
    with tarfile.open(archive) as tar, tarfile.open(target, "w:gz", compresslevel=1) as copy:
        for member in tar:
            copy.addfile(member, tar.extractfile(member))
        link = tarfile.TarInfo("keys/link")
        link.type, link.linkname = tarfile.SYMTYPE, "log-key.pem"
        copy.addfile(link)
    try_each(tmp_path, {"linked": target.read_bytes()})


# What a digest inside cannot tell, one that was kept elsewhere can.


def test_the_digest_that_was_told_at_backup_time_tells_a_forged_archive(home, archive, tmp_path):
    path = tmp_path / "again.tar.gz"
    told = ikrar(home, "backup", path).stdout.split()[-1]
    assert told == digest(path)
    forged = tmp_path / "forged.tar.gz"

    def lose_a_key(members):
        manifest = json.loads(members["manifest.json"])
        del manifest["digests"]["keys/signing-key.pem"], members["keys/signing-key.pem"]
        members["manifest.json"] = json.dumps(manifest).encode()

    forged.write_bytes(rewritten(path, lose_a_key))
    place = tmp_path / "place"
    done = ikrar(place, "restore", forged, "--sha256", told)
    refused(done, "backup_unusable")
    assert "SHA-256" in done.stderr
    assert_empty(place)
    assert ikrar(place, "restore", path, "--sha256", told.upper()).returncode == 0
    assert ikrar(tmp_path / "x", "restore", path, "--sha256", "abc").returncode == 2


# --- evidence in a shell -------------------------------------------------------------------------------------------


def test_a_shell_that_replaces_evidence_is_refused_and_one_that_drops_the_guard_is_found(home, archive, tmp_path):
    place = tmp_path / "home"
    shutil.copytree(home, place)
    edit = "REPLACE INTO records_logpayload (entry_id, salt, payload) SELECT entry_id, salt, CAST('{}' AS BLOB) FROM records_logpayload"
    with closing(sqlite3.connect(place / "ikrar.sqlite3")) as shell:
        assert shell.execute("PRAGMA recursive_triggers").fetchone() == (0,)
        with pytest.raises(sqlite3.IntegrityError, match="never replaced"):
            shell.execute(edit)
        shell.execute("DROP TRIGGER records_logpayload_no_replace")
        shell.execute(edit)
        shell.commit()
    told = program(place, "from ikrar.services import installation; print(len(installation.tampered()))")
    assert told == "4\n"
    edited = tmp_path / "edited.tar.gz"
    assert ikrar(place, "backup", edited).returncode == 0
    done = ikrar(tmp_path / "again", "restore", edited)
    refused(done, "backup_unusable")
    assert "4 isi log" in done.stderr


# --- closed to others --------------------------------------------------------------------------------------------


def open_to_others(home):
    """Return what of a folder others on the machine could read, by path; the folder itself is a point."""
    return sorted(
        str(path.relative_to(home)) for path in (home, *home.rglob("*")) if path.lstat().st_mode & 0o077
    )  # fmt: skip


OPEN_UP = """
import os
from pathlib import Path
home = Path(os.environ["IKRAR_HOME"])
for folder in ("files/a", "rosters"):
    (home / folder).mkdir(parents=True, exist_ok=True)
    (home / folder / "list.csv").write_text("x")
for path in (home, *home.rglob("*")):
    path.chmod(0o755 if path.is_dir() else 0o644)
from ikrar.services import installation
from ikrar.records.models import User
User.objects.exists()
installation.migrate()
User.objects.update(language="id")
"""


def test_nobody_else_on_the_machine_can_read_an_installation_and_an_open_one_is_closed_at_its_start(
    home, restored, tmp_path
):
    assert open_to_others(home) == open_to_others(restored[0]) == []
    place = tmp_path / "open"
    shutil.copytree(home, place)
    program(place, OPEN_UP)
    assert open_to_others(place) == []
    assert (place / "files" / "a" / "list.csv").exists()


# --- scenarios ---------------------------------------------------------------------------------------------------


def test_a_scenario_that_nobody_wrote_is_refused_before_anything_is_written(tmp_path):
    done = ikrar(tmp_path / "home", "load-scenario", "bukittinggi-2024", "atlantis-2024")
    refused(done, "scenario_unknown")
    assert "atlantis-2024" in done.stderr and "medan-2020, payakumbuh-2024, sumut-2022" in done.stderr
    assert files_in(tmp_path / "home") <= EMPTY


BREAKS = """
from datetime import date
from django.utils import timezone
from ikrar.records.models import Agency, Inquiry, Person, LogEntry
from ikrar.services import demo, guidance, installation, scenarios

def broken(*_, **__):
    raise OSError("disk full")

scenarios._set_up_bodies, whole = broken, scenarios._set_up_bodies
try:
    demo.load(["bukittinggi-2024"], today=date(2024, 10, 25), now=timezone.now(), tell=lambda _: None)
except OSError:
    print(installation.is_installed(), Agency.objects.count(), Person.objects.count(), LogEntry.objects.count())
scenarios._set_up_bodies, scenarios._carry_pact = whole, lambda *_, **__: 0
demo.load(["bukittinggi-2024"], today=date(2024, 10, 25), now=timezone.now(), tell=lambda _: None)
print(installation.is_installed(), Agency.objects.count(), Person.objects.count())
print(len(guidance.library(date(2024, 10, 25))), Inquiry.objects.waiting().count(), demo.part_of("legal_bureau").place)
"""


def test_a_scenario_is_loaded_whole_or_not_at_all_and_can_then_be_loaded_again(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    shutil.copyfile(template.file(), home / "ikrar.sqlite3")
    first, again, asked = program(home, BREAKS).splitlines()
    assert (first, again) == ("False 0 0 0", "True 2 2884"), (
        "its staff, who holds the office without a name, the invented regency"
    )
    assert asked == "3 1 Bagian Hukum, Pemerintah Kota Bukittinggi"
    assert {path.name for path in (home / "keys").iterdir()} > {"secret-key"} and not list((home / "rosters").iterdir())


# --- what the command says ---------------------------------------------------------------------------------------


def test_every_command_of_ours_is_listed_with_one_line_and_none_of_the_frameworks(tmp_path):
    ours = {name for commands in COMMANDS.values() for name in commands}
    written = {path.stem for path in (ROOT / "ikrar/worker/management/commands").glob("[a-z]*.py")}
    assert ours == written | set(rules.COMMANDS)
    for arguments in ([], ["help"], ["--help"], ["-h"]):
        done = ikrar(tmp_path / "home", *arguments)
        assert done.returncode == 0 and not done.stderr
        listed = [line.split()[0] for line in done.stdout.splitlines()[2:] if line.startswith("  ")]
        assert set(listed) == ours and len(listed) == len(ours)
        assert all(len(line) <= 100 for line in done.stdout.splitlines())
    assert files_in(tmp_path) == set()


def test_help_of_a_command_tells_its_options_and_none_of_the_frameworks(tmp_path):
    for arguments in (["help", "init"], ["init", "--help"]):
        done = ikrar(tmp_path / "home", *arguments)
        assert done.returncode == 0 and "--agency" in done.stdout and "--pythonpath" not in done.stdout
    assert ikrar(tmp_path / "home", "serve", "-h").returncode == 0
    assert not (tmp_path / "home").exists(), "asking for help makes nothing"
    assert ikrar(tmp_path / "home", "--version").stdout == f"ikrar {ikrar_version}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["coverage", "--unit", "X", "--on", "besok"], ["make-roster", "--people", "9", "--out", "x.csv", "--today", "0001-01-01"],
        ["load-scenario", "all", "--today", "2024-13-01"], ["make-roster", "--people", "9", "--out", "x.csv", "--contract", "x"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_wrong_value_is_told_in_words_and_not_in_those_of_the_language(tmp_path, arguments):
    done = ikrar(tmp_path / "home", *arguments)
    assert done.returncode == 2 and not re.search("fromisoformat|_share|out of range", done.stderr), done.stderr
    assert re.search("a day (such as 2024-10-25|from 1980-01-01)|a share from 0 to under 1", done.stderr)


def test_a_command_of_the_framework_can_still_be_called(tmp_path):
    assert ikrar(tmp_path / "home", "check", "--help").returncode == 0


def test_a_refusal_is_a_code_and_a_sentence_and_names_no_class(home, tmp_path):
    for done in (
        ikrar(home, "coverage", "--unit", "X"), ikrar(home, "import-roster", tmp_path / "none.csv", "--agency", "13.75"),
    ):  # fmt: skip
        assert done.returncode == 1 and re.fullmatch(r"[a-z_]+: [A-Z].*[.]\n", done.stderr), done.stderr


# --- in this process ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_where_nothing_was_made_there_is_no_installation():
    assert not installation.is_installed()
    with pytest.raises(NotInstalled):
        installation.the_one()


@pytest.mark.django_db
def test_the_day_of_a_real_programme_is_not_moved():
    Installation.objects.create(name="Kota", is_demo=False, created_at=NOW)
    with pytest.raises(NotADemo):
        installation.set_demo_day(TODAY)
    assert Installation.objects.get().demo_today is None


@pytest.mark.django_db
def test_the_day_of_a_demo_is_moved_and_set_free():
    Installation.objects.create(name="Demo", is_demo=True, created_at=NOW)
    installation.set_demo_day(date(2024, 11, 27))
    assert Installation.objects.get().demo_today == date(2024, 11, 27)
    installation.set_demo_day(None)
    assert Installation.objects.get().demo_today is None


@pytest.mark.django_db
def test_there_is_one_installation_in_a_database():
    Installation.objects.create(name="Kota", is_demo=False, created_at=NOW)
    with pytest.raises(AlreadyInstalled):
        installation.create(name="Lain", is_demo=True, demo_today=None, now=NOW)
    assert Installation.objects.get().name == "Kota"


# --- doors -------------------------------------------------------------------------------------------------------

KNOCK = """
import django; django.setup()
from django.test import Client
client = Client(HTTP_HOST="localhost")
print([client.get(path).status_code for path in ("/", "/periksa/", "/masuk/", "/akun/", "/nowhere/")])
"""


@pytest.mark.parametrize(
    ("doors", "answers"),
    [
        ("public", [200, 200, 404, 404, 404]), ("staff", [404, 404, 200, 302, 404]),
        ("staff,public", [200, 200, 200, 302, 404]),
    ],
)  # fmt: skip
def test_a_process_answers_behind_the_doors_that_it_opens_alone(home, doors, answers):
    done = children.run_text("-c", KNOCK, env=environment(home) | {"IKRAR_DOORS": doors})
    assert json.loads(done.stdout) == answers, done.stderr


def test_a_door_that_there_is_not_stops_the_start(home):
    done = subprocess.run(
        [sys.executable, "-m", "ikrar", "serve"], env=environment(home) | {"IKRAR_DOORS": "publik"}, cwd=ROOT,
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode and "IKRAR_DOORS: publik: the doors are public, staff and intake" in done.stderr


# --- settings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("IKRAR_CODE_LIFE_DAYS", "abc"), ("IKRAR_CODE_LIFE_DAYS", "0"), ("IKRAR_MESSAGES_A_MINUTE", "x"),
        ("IKRAR_LOG_LEVEL", "bogus"), ("IKRAR_MAIL_URL", "foo://x"), ("IKRAR_MAIL_URL", "smtp://host:notaport"),
        ("DATABASE_URL", "mysql://x"), ("DATABASE_URL", "postgres://host:port/name"), ("DATABASE_URL", "sqlite:"),
        ("IKRAR_BASE_URL", "ikrar.example"), ("IKRAR_BASE_URL", "ftp://ikrar.example"), ("IKRAR_BASE_URL", "https://"),
        ("IKRAR_KEPT_S", "soon"), ("IKRAR_TSA_URL", "tsa.example"), ("IKRAR_OIDC_URL", "sso"),
        ("IKRAR_COMMIT_TOGETHER", "maybe"), ("IKRAR_DOORS", "publik"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_one_line_with_its_name(tmp_path, variable, value):
    for command in (["coverage", "--unit", "X"], ["migrate"])[: 2 if value == "abc" else 1]:
        done = children.run_text("-m", "ikrar", *command, env=environment(tmp_path) | {variable: value})
        assert done.returncode == 2 and not done.stdout
        (line,) = done.stderr.splitlines()
        assert line.startswith(f"setting_wrong: {variable}: ")
