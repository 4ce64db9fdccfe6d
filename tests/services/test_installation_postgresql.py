"""Backup and restore on PostgreSQL, by the commands an operator types, between databases of their own."""

import io
import json
import os
import tarfile
import uuid
from pathlib import Path

import pytest

from tests import children

ROOT = Path(__file__).parents[2]
SERVER = os.environ.get("DATABASE_URL", "")
pytestmark = pytest.mark.skipif(not SERVER.startswith("postgres"), reason="these run on PostgreSQL alone")


def new_place(folder):
    """Return the environment of an empty place: a folder and a database."""
    import psycopg

    name = f"place_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    return os.environ | {
        "IKRAR_HOME": str(folder), "DATABASE_URL": f"{SERVER.rsplit('/', 1)[0]}/{name}",
        "DJANGO_SETTINGS_MODULE": "ikrar.settings",
    }  # fmt: skip


def run(place, *arguments):
    return children.run_text(*arguments, env=place)


def ikrar(place, *arguments):
    return run(place, "-m", "ikrar", *arguments)


COUNT = """import django; django.setup()
from ikrar.records.models import User, LogEntry
from ikrar.services import installation, ledger
print(installation.is_installed(), installation.is_installed() and [User.objects.count(), LogEntry.objects.count(), ledger.verify_all()[1]])
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    place = new_place(folder / "home")
    made = ikrar(place, "init", "--agency", "13.75", "--agency-name", "Pemerintah Kota Bukittinggi", "--admin", "ani")
    assert made.returncode == 0, made.stderr
    done = ikrar(place, "backup", folder / "backup.tar.gz")
    assert done.returncode == 0, done.stderr
    return folder / "backup.tar.gz"


def with_manifest(archive, target, change):
    with tarfile.open(archive) as source, tarfile.open(target, "w:gz") as copy:
        for member in source:
            data = source.extractfile(member).read()
            if member.name == "manifest.json":
                manifest = json.loads(data)
                change(manifest)
                data = json.dumps(manifest).encode()
                member.size = len(data)
            copy.addfile(member, io.BytesIO(data))


def test_a_backup_is_restored_into_another_database_and_verified(archive, tmp_path):
    place = new_place(tmp_path / "home")
    done = ikrar(place, "restore", archive)
    assert done.returncode == 0, done.stderr
    assert run(place, "-c", COUNT).stdout == "True [1, 5, []]\n"
    again = ikrar(place, "restore", archive)
    assert again.returncode == 1 and "restore_target_not_empty" in again.stderr


def test_what_only_verification_finds_leaves_the_database_empty_and_the_whole_one_is_restored_there(archive, tmp_path):
    forged = tmp_path / "forged.tar.gz"
    with_manifest(archive, forged, lambda manifest: manifest["rows"].update(records_user=7))
    place = new_place(tmp_path / "home")
    refused = ikrar(place, "restore", forged)
    assert refused.returncode == 1 and "backup_unusable" in refused.stderr, refused.stderr
    assert run(place, "-c", COUNT).stdout == "False False\n"
    assert not (tmp_path / "home" / "keys" / "log-key.pem").exists()
    assert ikrar(place, "restore", archive).returncode == 0
    assert run(place, "-c", COUNT).stdout == "True [1, 5, []]\n"


def test_a_cut_backup_is_refused_before_anything_is_touched(archive, tmp_path):
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(archive.read_bytes()[:-5])
    place = new_place(tmp_path / "home")
    refused = ikrar(place, "restore", cut)
    assert refused.returncode == 1 and "backup_unusable" in refused.stderr
    assert run(place, "-c", COUNT).stdout == "False False\n"
