"""The installation: made once, backed up, restored and verified."""

import gzip
import hashlib
import io
import json
import logging
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

import ikrar
from ikrar.domain.access import Role
from ikrar.domain.errors import (
    AlreadyInstalled,
    BackupFailed,
    BackupUnusable,
    NotADemo,
    NotInstalled,
    RestoreTargetNotEmpty,
)
from ikrar.gateways import log_key, rulebook_files, signing
from ikrar.records.models import Agency, Installation, ReportPart, User
from ikrar.services import accounts, ledger, pacts, papers, regions, reports, roster, units

logger = logging.getLogger(__name__)
_MANIFEST = "manifest.json"
# What reading a packed file that somebody else wrote can end in: no archive, no end, a time or size beyond all numbers.
_UNREADABLE = (
    tarfile.TarError, OSError, EOFError, zlib.error, ValueError, ArithmeticError, LookupError, TypeError,
    AttributeError,
)  # fmt: skip
_DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}


def tables_exist() -> bool:
    """Say whether the database has been migrated at all; a file that is not there is not made by asking."""
    if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists():
        return False
    return Installation._meta.db_table in connection.introspection.table_names()


def is_installed() -> bool:
    """Say whether an installation was made in this database."""
    return tables_exist() and Installation.objects.exists()


def the_one() -> Installation:
    """Return the installation. Raises NotInstalled."""
    if not is_installed():
        raise NotInstalled()
    return Installation.objects.get()


def migrate() -> None:
    """Bring the tables to this version, in a folder that is closed to others."""
    settings.HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    close_to_others()


def close_to_others() -> None:
    """Take from the installation's folder, database and files what other users of the machine could do with them.

    A place that was made before stands open perhaps: every start closes it. A folder that is shared by design (its
    sticky bit says so, as /tmp) is left as it is, and what is ours in it is closed.
    """
    ours = [settings.HOME] if settings.HOME.is_dir() and not settings.HOME.stat().st_mode & stat.S_ISVTX else []
    if connection.vendor == "sqlite":
        place = Path(str(settings.DATABASES["default"]["NAME"]))
        ours += [place, *(place.with_name(place.name + end) for end in ("-wal", "-shm"))]
    for part in (
        "keys", "files", "sealed", "rosters", "papers", "names", "pulse", "changes", "commits.lock", "serve.lock",
    ):  # fmt: skip
        ours += [settings.HOME / part, *(settings.HOME / part).rglob("*")]
    for path in ours:
        try:
            mode = stat.S_IMODE(path.lstat().st_mode)
            if mode & 0o077 and not path.is_symlink():
                path.chmod(mode & 0o700)
        except FileNotFoundError:
            continue  # SQLite's companions come and go
        except PermissionError:
            logger.warning("part of the installation belongs to another user and stays as open as it is")


def needs_migration() -> bool:
    """Say whether the tables are older than the code."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def make_keys(name: str, now: datetime) -> None:
    """Make the keys of certificates and log, where they are not there yet: the last step of a new installation."""
    folder = settings.HOME / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keep_secret_key()
    if not (folder / signing.CERTIFICATE).exists():
        signing.make_key(folder, name, now)
    if not (folder / log_key.KEY).exists():
        log_key.make(folder, f"{urlsplit(settings.BASE_URL).netloc}/log")
    reports.pepper()


def keep_secret_key() -> None:
    """Keep the key of sessions and codes that this process began with, where none is kept or given from outside."""
    path = settings.HOME / "keys" / "secret-key"
    if os.environ.get("IKRAR_SECRET_KEY") or path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(FileExistsError), os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(settings.SECRET_KEY)


@contextmanager
def keys_only_if_made() -> Iterator[None]:
    """Take away the keys that were made in here where it fails: a refused installation leaves none."""
    folder = settings.HOME / "keys"
    before = set(folder.glob("*"))
    try:
        yield
    except BaseException:
        for key in set(folder.glob("*")) - before:
            key.unlink()
        raise


@dataclass(frozen=True)
class FirstSteps:
    """What the operator needs after `init`: the agency, and the administrator's name and one-time code."""

    agency: Agency
    administrator: User
    code: str


def init(
    *, name: str, agency: dict[str, Any], administrator: str, administrator_name: str, now: datetime
) -> FirstSteps:
    """Make a real installation: tables, keys, regions, first agency, first administrator. No invented data.

    `agency` holds code, name, kind and region (a code or None). Raises AlreadyInstalled, RegionUnknown.
    """
    migrate()
    with keys_only_if_made(), transaction.atomic(durable=True):
        create(name=name, is_demo=False, demo_today=None, now=now)
        first = units.add_agency(**agency, parent=None, by=None, now=now)
        user = User(
            username=accounts.tidy_name(administrator), full_name=administrator_name, password="!", created_at=now
        )
        user.save(force_insert=True)
        accounts.add_grant(user, Role.ADMINISTRATOR, reason="init", by=None, now=now)
        code = accounts.one_code(user, by=None, now=now)
        make_keys(name, now)
    return FirstSteps(first, user, code)


def create(*, name: str, is_demo: bool, demo_today: date | None, now: datetime) -> Installation:
    """Write the installation's one row and the regions, inside the caller's transaction, which makes the keys last.

    Raises AlreadyInstalled.
    """
    if Installation.objects.exists():
        raise AlreadyInstalled()
    installation = Installation.objects.create(name=name, is_demo=is_demo, demo_today=demo_today, created_at=now)
    regions.load()
    ledger.append("installation.created", {"demo": is_demo, "version": ikrar.__version__}, now=now)
    return installation


@transaction.atomic(durable=True)
def set_demo_day(day: date | None) -> None:
    """Move the programme's day of a demo. Raises NotADemo: a real programme has the day it is."""
    if not the_one().is_demo:
        raise NotADemo()
    Installation.objects.update(demo_today=day)


def started(now: datetime) -> None:
    """Log that a server started, with which version and rulebook."""
    ledger.record(
        "installation.started", {"version": ikrar.__version__, "rulebook_digest": rulebook_files.digest()}, now=now
    )


# --- backup and restore ------------------------------------------------------------------------------------------


def _tables() -> list[str]:
    return [model._meta.db_table for model in apps.get_app_config("records").get_models()]


def _counts(tables: Iterable[str], using: str = DEFAULT_DB_ALIAS) -> dict[str, int | None]:
    """Return how many rows each table holds; None for one that is not there."""
    with connections[using].cursor() as cursor:
        there = set(connections[using].introspection.table_names(cursor))
        counts: dict[str, int | None] = {}
        for table in tables:
            if table in there:
                cursor.execute(f"SELECT COUNT(*) FROM {connections[using].ops.quote_name(table)}")
                counts[table] = cursor.fetchone()[0]
            else:
                counts[table] = None
    return counts


@contextmanager
def _beside(path: Path) -> Iterator[str]:
    """Open another SQLite file as a database of its own; yields its alias."""
    alias = "beside"
    connections.databases[alias] = connections.databases[DEFAULT_DB_ALIAS] | {"NAME": str(path)}
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


def backup(target: Path, *, now: datetime) -> dict[str, Any]:
    """Write database, files and keys into one archive with a manifest of digests, while the server may run.

    Roster files and papers that wait are left out: see restore. The archive holds the keys: guard it as you guard the
    server. What is returned is the manifest and, as `sha256`, the digest of the whole archive: kept elsewhere, it is what
    tells a forged archive. Raises NotInstalled, BackupFailed.
    """
    the_one()
    if target.exists():
        raise BackupFailed("exists", target.name)
    if not target.parent.is_dir():
        raise BackupFailed("no_folder", str(target.parent))
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        work = Path(folder)
        rows, sealed = _dump(work / _DATABASE[connection.vendor])
        for part in ("keys", "files"):
            if (settings.HOME / part).is_dir():
                shutil.copytree(settings.HOME / part, work / part)
        _take_sealed(sealed, work)
        members = sorted(path for path in work.rglob("*") if path.is_file())
        manifest = {
            "made_at": now.astimezone(UTC).isoformat(),
            "version": ikrar.__version__,
            "database": connection.vendor,
            "rows": rows,
            "digests": {str(path.relative_to(work)): _digest(path) for path in members},
        }
        partial = work / "archive"
        with tarfile.open(partial, "w:gz", compresslevel=3) as archive:
            head = json.dumps(manifest, indent=1).encode()
            info = tarfile.TarInfo(_MANIFEST)
            info.size = len(head)
            archive.addfile(info, io.BytesIO(head))
            for path in members:
                archive.add(path, str(path.relative_to(work)))
        partial.chmod(0o600)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        whole = _digest(partial)
        partial.rename(target)
    return manifest | {"sha256": whole}


def _take_sealed(paths: Iterable[str], work: Path) -> None:
    """Take the sealed files that rows of the dump name: no drafts, and none that was erased since.

    They never change, so that another name for the same bytes is enough where the target lies on the same disk.
    """
    for below in paths:
        source, target = settings.HOME / "sealed" / below, work / "sealed" / below
        target.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            try:
                target.hardlink_to(source)
            except FileNotFoundError:
                raise
            except OSError:
                shutil.copy2(source, target)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _dump(target: Path) -> tuple[dict[str, int | None], list[str]]:
    """Write the database to a file as it is in one moment; return how many rows each table had, and the paths of sealed files."""
    if connection.vendor == "sqlite":
        with (
            closing(sqlite3.connect(settings.DATABASES["default"]["NAME"])) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
        with _beside(target) as alias:
            return _counts(_tables(), alias), _sealed_paths(alias)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        if said := _postgres_tool("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}"):
            raise BackupFailed("tool", said)
        return _counts(_tables()), _sealed_paths(DEFAULT_DB_ALIAS)


def _sealed_paths(alias: str) -> list[str]:
    return list(ReportPart.objects.using(alias).exclude(path="").values_list("path", flat=True))


def _postgres_tool(tool: str, *arguments: str) -> str:
    """Run a tool of PostgreSQL on the database; return what it complained of, nothing where it did its work."""
    database = settings.DATABASES["default"]
    environment = os.environ | {
        "PGPASSWORD": str(database["PASSWORD"]),
        "PGHOST": str(database["HOST"]),
        "PGPORT": str(database["PORT"]),
        "PGUSER": str(database["USER"]),
        "PGDATABASE": str(database["NAME"]),
    }
    environment = {name: value for name, value in environment.items() if value}
    try:
        done = subprocess.run([tool, *arguments], env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return f"{tool}: ?"
    return f"{tool}: {' '.join(done.stderr.split())[:300]}" if done.returncode else ""


def restore(source: Path, *, sha256: str = "", now: datetime) -> dict[str, Any]:
    """Put a backup into an empty place and verify it: digests, the database's own check, row counts, every log payload.

    `sha256`: the digest of the archive as it was told when it was made; an archive with another one is not opened. A
    backup that does not hold, or that a later version made, leaves the place empty. What waited for a roster file or a
    paper that was not in the backup is reset and says so. Raises RestoreTargetNotEmpty, BackupUnusable.
    """
    if is_installed():
        raise RestoreTargetNotEmpty()
    if not source.is_file():
        raise BackupUnusable("missing", source.name)
    if sha256 and _digest(source) != sha256.lower():
        raise BackupUnusable("sha256", source.name)
    settings.HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=settings.HOME) as folder:
        work = Path(folder)
        manifest = _unpack(source, work)
        if _release(str(manifest["version"])) > _release(ikrar.__version__):
            raise BackupUnusable("newer", str(manifest["version"])[:40])
        if manifest["database"] != connection.vendor:
            raise BackupUnusable("other_database", str(manifest["database"])[:40])
        dump = work / _DATABASE[connection.vendor]
        report = _restore_sqlite(dump, manifest) if connection.vendor == "sqlite" else _restore_postgres(dump, manifest)
        for part in ("keys", "files", "sealed"):
            if (work / part).is_dir():
                shutil.copytree(work / part, settings.HOME / part, dirs_exist_ok=True)
    migrate()
    report |= {"imports_lost": roster.files_lost(), "papers_lost": papers.files_lost(now=now)}
    ledger.record("installation.restored", {"entries": report["log_entries"]}, now=now)
    return report


def _release(version: str) -> tuple[int, ...]:
    """Return a version as it compares: its numbers up to the first sign that is none."""
    return tuple(int(part) for part in re.match(r"[0-9.]*", version)[0].split(".") if part)


def _unknown_tables(using: str) -> list[str]:
    """Return the steps that brought a database's tables to their form and that this version does not know.

    Raises BackupUnusable for a database without any step of ours.
    """
    applied = MigrationRecorder(connections[using]).applied_migrations()
    if not any(app == "records" for app, _ in applied):
        raise BackupUnusable("not_ours")
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return sorted(f"{app}.{name}" for app, name in applied if (app, name) not in known)


def _restore_sqlite(dump: Path, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Verify a database where it lies, and only then move it to its place."""
    _check_sqlite(dump)
    with _beside(dump) as alias:
        report = _verify(manifest, alias)
    connections.close_all()
    place = Path(str(settings.DATABASES["default"]["NAME"]))
    for leftover in (place, place.with_name(place.name + "-wal"), place.with_name(place.name + "-shm")):
        leftover.unlink(missing_ok=True)
    shutil.move(dump, place)
    return report


def _restore_postgres(dump: Path, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Fill the database and verify it; one that does not hold is emptied again."""
    before = set(connection.introspection.table_names())
    said = _postgres_tool(
        "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction",
        f"--dbname={settings.DATABASES['default']['NAME']}", str(dump),
    )  # fmt: skip
    if said:
        raise BackupUnusable("tool", said)
    try:
        return _verify(manifest, DEFAULT_DB_ALIAS)
    except BackupUnusable:
        # A later version may have brought tables that this one does not know.
        brought = set(connection.introspection.table_names()) - before
        names = {*connection.introspection.django_table_names(only_existing=True), "django_migrations", *brought}
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {', '.join(map(connection.ops.quote_name, sorted(names)))} CASCADE")
        raise


def _unpack(source: Path, work: Path) -> dict[str, Any]:
    """Unpack an archive and hold every file against the manifest. Raises BackupUnusable."""
    try:
        with gzip.open(source) as packed:
            while packed.read(1_048_576):  # up to the sum at the very end: what does not agree with it is not unpacked
                pass
            packed.seek(0)
            with tarfile.open(fileobj=packed, mode="r|") as archive:
                archive.extractall(work, filter="data")
        manifest = json.loads((work / _MANIFEST).read_text())
        digests, database = dict(manifest["digests"]), manifest["database"]
        if (
            not isinstance(manifest["rows"], dict)
            or not isinstance(manifest["made_at"], str)
            or not manifest["version"]
        ):
            raise ValueError(_MANIFEST)
    except _UNREADABLE as error:
        raise BackupUnusable("cut", source.name) from error
    for path in sorted(work.rglob("*")):
        name = str(path.relative_to(work))
        if path.is_symlink() or (not path.is_dir() and name not in digests and name != _MANIFEST):
            raise BackupUnusable("unlisted", name)
    for name, digest in digests.items():
        path = work / name
        if not path.is_file() or _digest(path) != digest:
            raise BackupUnusable("changed", name)
    if _DATABASE.get(database) not in digests:
        raise BackupUnusable("no_database")
    return manifest


def _check_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        try:
            said = database.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise BackupUnusable("damaged") from error
    if said != "ok":
        raise BackupUnusable("damaged")


def _verify(manifest: Mapping[str, Any], using: str) -> dict[str, Any]:
    """Hold a database against the manifest and open every log payload. Raises BackupUnusable."""
    try:
        if unknown := _unknown_tables(using):
            raise BackupUnusable("newer_tables", unknown[0])
        counted = _counts(manifest["rows"], using)
        wrong = [table for table, rows in manifest["rows"].items() if counted[table] != rows]
        if wrong or not manifest["rows"]:
            raise BackupUnusable("rows", ", ".join(sorted(wrong)))
        entries, broken = ledger.verify_all(using)
        altered = pacts.altered(using)
    except (DatabaseError, KeyError, TypeError, ValueError) as error:
        raise BackupUnusable("not_ours") from error
    if broken:
        raise BackupUnusable("log", str(len(broken)))
    if altered:
        raise BackupUnusable("evidence", str(len(altered)))
    return {
        "rows": sum(count or 0 for count in counted.values()),
        "log_entries": entries,
        "made_at": manifest["made_at"],
    }


def tampered() -> list[int]:
    """Return the keys of log entries whose kept payload no longer opens the commitment."""
    return ledger.verify_all()[1]


def altered() -> list[str]:
    """Return texts and signatures that no longer say what was published, or what the log says of them."""
    return pacts.altered()
