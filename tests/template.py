"""A database with empty tables, made once: tests copy it, since making tables takes longer than most of what is done with them.

The copy stays beside pytest's own cache under a name that changes with every migration, so that an old one is never taken. On
PostgreSQL it is a database of the server that the tests use. `python -m tests.template` makes it before any test asks.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
_CACHE = ROOT / ".pytest_cache"
SERVER = os.environ.get("DATABASE_URL", "") if os.environ.get("DATABASE_URL", "").startswith("postgres") else ""
WANTS_ALL = os.environ.get("TEST_POSTGRESQL", "") == "all"
"""Whether what a database makes no difference to is tested on PostgreSQL too."""


@cache
def _mark() -> str:
    """Return what changes when the tables do: all migrations, our own and those of libraries."""
    import allauth
    import django

    parts = [django.__version__, allauth.__version__]
    parts += [path.name + path.read_text() for path in sorted((ROOT / "ikrar/records/migrations").glob("*.py"))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def address_of(database: str) -> str:
    """Return the address of another database of the server that the tests use."""
    return urlsplit(SERVER)._replace(path=f"/{database}").geturl()


def server_does(statement: str) -> None:
    """Let the server do what no transaction may hold."""
    import psycopg

    with closing(psycopg.connect(SERVER, autocommit=True)) as server:
        server.execute(statement)


@contextmanager
def _one_at_a_time(of: str = "server") -> Iterator[None]:
    _CACHE.mkdir(exist_ok=True)
    with (_CACHE / f"template-{of}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ikrar", "migrate", "--verbosity", "0", "--skip-checks"],
        env=os.environ | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]


def file() -> Path:
    """Return the file with SQLite's empty tables."""
    place = _CACHE / f"template-{_mark()}.sqlite3"
    with _one_at_a_time("file"):
        if not place.exists():
            for old in _CACHE.glob("template-*.sqlite3"):
                old.unlink()
            with tempfile.TemporaryDirectory() as folder:
                _migrate({"IKRAR_HOME": folder, "DATABASE_URL": ""})
                made = Path(folder) / "ikrar.sqlite3"
                with closing(sqlite3.connect(made)) as database:
                    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                shutil.copy(made, place.with_suffix(".part"))
            place.with_suffix(".part").rename(place)
    return place


def database() -> str:
    """Return the name of the server's database with empty tables."""
    import psycopg

    name = f"ikrar_template_{_mark()}"
    with _one_at_a_time(), closing(psycopg.connect(SERVER, autocommit=True)) as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            part = f"{name}_part"
            server.execute(f"DROP DATABASE IF EXISTS {part} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {part}")
            with tempfile.TemporaryDirectory() as folder:
                _migrate({"IKRAR_HOME": folder, "DATABASE_URL": address_of(part)})
            server.execute(f"ALTER DATABASE {part} RENAME TO {name}")
    return name


def bare_place_in(folder: Path, purpose: str, *, of: str = "template1") -> dict[str, str]:
    """Return the environment of a new place without tables: a folder, and on a server a database of its own, made like `of`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not SERVER:
        return {"IKRAR_HOME": str(folder), "DATABASE_URL": ""}
    name = f"{purpose}_{uuid.uuid4().hex[:12]}"
    with _one_at_a_time():
        server_does(f"CREATE DATABASE {name} TEMPLATE {of}")
    return {"IKRAR_HOME": str(folder), "DATABASE_URL": address_of(name)}


def place_in(folder: Path, purpose: str) -> dict[str, str]:
    """Return the environment of a new place with empty tables (see bare_place_in)."""
    if SERVER:
        return bare_place_in(folder, purpose, of=database())
    place = bare_place_in(folder, purpose)
    shutil.copyfile(file(), folder / "ikrar.sqlite3")
    return place


def leave(place: dict[str, str]) -> None:
    """Take a place's database from the server; a folder goes with the test's own."""
    if place["DATABASE_URL"]:
        server_does(f"DROP DATABASE IF EXISTS {urlsplit(place['DATABASE_URL']).path[1:]} WITH (FORCE)")


def use_for_tests() -> None:
    """Let Django fill its test database from the template instead of making every table again."""
    from django.db import connection

    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = database()
        return
    creation = connection.creation
    create = creation._create_test_db

    def filled(*arguments: object, **named: object) -> str:
        name = create(*arguments, **named)
        connection.close()
        connection.settings_dict["NAME"] = name
        connection.ensure_connection()
        with closing(sqlite3.connect(file())) as template:
            template.backup(connection.connection)
        return name

    creation._create_test_db = filled


if __name__ == "__main__":
    database() if SERVER else file()
