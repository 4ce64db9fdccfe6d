"""Tables: migrations say what the models say, and the database itself refuses to change evidence."""

import importlib
import re

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from ikrar.records.models import (
    CredentialEvent,
    Installation,
    KeySet,
    LogEntry,
    LogPayload,
    PactVersion,
    ReportAct,
    ReportEnvelope,
    ReportPart,
    Signature,
    SignatureContest,
)
from ikrar.services import pacts
from tests.web.stage import MORNING, set_password

pytestmark = pytest.mark.django_db


def test_the_migrations_say_what_the_models_say():
    call_command("makemigrations", "records", check=True, dry_run=True, verbosity=0)


def test_no_request_wraps_itself_in_a_transaction(settings):
    """The service is the transaction."""
    assert not any(database.get("ATOMIC_REQUESTS") for database in settings.DATABASES.values())


def _refused(act) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        act()
    return str(caught.value)


def test_evidence_is_never_changed_or_deleted(stage):
    signature = stage.home.signature
    pacts.contest(signature, user=stage.sari, reason="bukan saya", now=MORNING)
    set_password(stage.sari)
    changes = {
        LogEntry: {"commitment": b"\0" * 32},
        PactVersion: {"title": "lain"},
        Signature: {"name": "orang lain"},
        SignatureContest: {"reason": "lain"},
        CredentialEvent: {"kind": "code_used"},
    }
    for model, change in changes.items():
        assert model.objects.exists(), model.__name__
        assert "never" in _refused(lambda rows=model.objects.all(), change=change: rows.update(**change)), (
            model.__name__
        )
        assert "never" in _refused(lambda rows=model.objects.all(): rows._raw_delete("default")), model.__name__


def test_a_payload_may_be_erased_and_never_changed(stage):
    payload = LogPayload.objects.get(entry=stage.home.signature.entry_id)
    assert "never changed" in _refused(lambda: LogPayload.objects.filter(pk=payload.pk).update(salt=b"\0" * 32))
    LogPayload.objects.filter(pk=payload.pk).delete()
    assert LogEntry.objects.filter(pk=payload.pk).exists()


def test_a_demo_stays_a_demo_and_a_real_installation_real(stage):
    assert "demo" in _refused(lambda: Installation.objects.update(is_demo=True))
    assert "not deleted" in _refused(lambda: Installation.objects.all()._raw_delete("default"))


def test_the_guards_stand_for_every_table_of_evidence():
    guards = importlib.import_module("ikrar.records.migrations.0002_append_only").GUARDS
    guarded = {table for table, act, *_ in guards if act == "UPDATE"}
    evidence = {"LogEntry", "LogPayload", "PactVersion", "Signature", "SignatureContest", "CredentialEvent"}
    assert {apps.get_model("records", name)._meta.db_table for name in evidence} <= guarded


def test_what_was_filed_and_done_with_a_report_never_changes(stage):
    changes = {
        ReportAct: {"note": "lain"}, ReportPart: {"digest": "0" * 64}, ReportEnvelope: {"sealed": b"lain"},
        KeySet: {"document": b"lain"},
    }  # fmt: skip
    for model, change in changes.items():
        rows = model.objects.exclude(serial=None) if model is KeySet else model.objects.all()
        assert rows.exists(), model.__name__
        assert "never" in _refused(lambda rows=rows, change=change: rows.update(**change)), model.__name__
    in_force = KeySet.objects.exclude(serial=None)
    assert "never" in _refused(lambda: in_force.update(serial=None))
    assert "never" in _refused(lambda: in_force._raw_delete("default"))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE is of SQLite")
def test_evidence_is_not_replaced_by_a_connection_that_knows_nothing_of_ours(stage):
    """A shell asks for no recursive triggers, so that its REPLACE deletes past the guards of deletion."""
    pacts.contest(stage.home.signature, user=stage.sari, reason="bukan saya", now=MORNING)
    set_password(stage.sari)
    keys = importlib.import_module("ikrar.records.migrations.0007b_imports").KEYS
    with connection.cursor() as cursor:
        # The setting of our connections cannot be turned off inside a transaction, so what counts is who refused.
        for table, uniques in keys.items():
            names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            cursor.execute(f"SELECT * FROM {table} LIMIT 1")
            row = dict(zip(names, cursor.fetchone(), strict=True))
            for unique in uniques:
                other = row if "id" in unique or "entry_id" in unique else row | {"id": 10**9}
                said = _refused(lambda table=table, names=names, other=other: cursor.execute(
                    f"REPLACE INTO {table} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})",
                    [other[name] for name in names],
                ))  # fmt: skip
                assert "never replaced" in said, f"{table} {unique}: {said}"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE is of SQLite")
def test_every_unique_key_of_evidence_is_one_by_which_it_cannot_be_replaced():
    keys = importlib.import_module("ikrar.records.migrations.0007b_imports").KEYS
    with connection.cursor() as cursor:
        for table, known in keys.items():
            found = connection.introspection.get_constraints(cursor, table).values()
            unique = {tuple(sorted(each["columns"])) for each in found if each["unique"] or each["primary_key"]}
            assert unique == {tuple(sorted(key)) for key in known}, table


def test_a_row_of_the_log_tells_no_time_and_no_order(stage):
    columns = {field.column for field in LogEntry._meta.get_fields() if hasattr(field, "column")}
    assert columns == {"id", "commitment"}
    keys = list(LogEntry.objects.values_list("pk", flat=True)[:50])
    assert max(keys) > 2**55 and len(set(keys)) == len(keys)


def test_every_constraint_is_named_by_what_it_protects():
    for model in apps.get_app_config("records").get_models():
        for each in [*model._meta.constraints, *model._meta.indexes]:
            assert re.fullmatch(r"[a-z]+(_[a-z]+)+", each.name), f"{model.__name__}: {each.name}"
