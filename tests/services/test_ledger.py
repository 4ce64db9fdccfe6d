"""The log: an entry stands with its act or not at all, the database itself lets nothing be rewritten, erasing harms nothing."""

import json
import secrets
import threading
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from ikrar.domain import codes, commitments
from ikrar.domain.days import WIB, WIT, utc_text
from ikrar.domain.errors import PayloadNotCanonical
from ikrar.records.models import (
    CredentialEvent,
    Installation,
    LogEntry,
    LogPayload,
    Signature,
    SignatureContest,
)
from ikrar.services import ledger
from tests.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db


def payload_of(entry):
    return json.loads(bytes(LogPayload.objects.get(pk=entry.pk).payload))


# --- appending ---------------------------------------------------------------------------------------------------


def test_an_entry_is_a_salted_commitment_and_keeps_its_payload_apart():
    entry = ledger.append("unit.created", {"unit": 7, "by": None}, now=NOW)
    kept = LogPayload.objects.get(pk=entry.pk)
    assert [field.name for field in LogEntry._meta.fields] == ["id", "commitment"]
    assert bytes(LogEntry.objects.get().commitment) == commitments.commit(bytes(kept.payload), bytes(kept.salt))
    assert len(bytes(kept.salt)) == 32
    assert payload_of(entry) == {
        "event": "unit.created", "time": utc_text(NOW), "v": 1, "data": {"unit": 7, "by": None},
    }  # fmt: skip
    assert ledger.read(LogPayload.objects.select_related("entry").get(pk=entry.pk))


def test_the_same_act_twice_gives_two_commitments_that_tell_nothing_of_each_other():
    entries = [ledger.append("unit.created", {"unit": 7}, now=NOW) for _ in range(20)]
    assert len({bytes(entry.commitment) for entry in entries}) == len({entry.pk for entry in entries}) == 20
    assert len({bytes(payload.salt) for payload in LogPayload.objects.all()}) == 20
    assert all(0 <= entry.pk < 2**63 for entry in entries)


def test_keys_tell_nothing_of_the_order_of_acts():
    keys = [ledger.append("unit.created", {"unit": number}, now=NOW).pk for number in range(40)]
    assert keys != sorted(keys) and keys != sorted(keys, reverse=True)
    assert max(keys) > 2**55


def test_a_coarse_event_keeps_the_local_day_alone():
    late = datetime(2024, 10, 24, 16, 0, tzinfo=UTC)
    entry = ledger.append("report.filed", {"body": 1}, now=late, zone=WIT)
    assert payload_of(entry)["time"] == "2024-10-25"


def test_many_entries_are_written_as_one_by_one():
    data = [{"user": number, "by": None} for number in range(2501)]
    entries = ledger.append_many("code.issued", data, now=NOW)
    assert LogEntry.objects.count() == LogPayload.objects.count() == 2501
    assert [payload_of(entry)["data"] for entry in entries[:3] + entries[-1:]] == data[:3] + data[-1:]
    assert ledger.verify_all() == (2501, [])
    assert ledger.append_many("code.issued", [], now=NOW) == []


APPENDS = {
    "one": lambda event, data: ledger.append(event, data, now=NOW),
    "many": lambda event, data: ledger.append_many(event, [{"a": 1}, data], now=NOW),
    "an act of its own": lambda event, data: ledger.record(event, data, now=NOW),
}


@pytest.mark.parametrize("append", APPENDS.values(), ids=APPENDS)
def test_an_event_that_was_not_declared_is_an_error(append):
    with pytest.raises(KeyError):
        append("unit.devoured", {})
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("append", APPENDS.values(), ids=APPENDS)
@pytest.mark.parametrize("data", [{"rate": 0.5}, {"Nip": 1}, {"at": NOW}, {"count": 2**53}])
def test_what_has_no_one_form_is_not_logged(append, data):
    with pytest.raises(PayloadNotCanonical):
        append("unit.created", data)
    assert not LogEntry.objects.exists() and not LogPayload.objects.exists()


@pytest.mark.parametrize("name", ["one", "many"])
def test_outside_a_transaction_nothing_is_logged(name):
    # A thread has a connection of its own, which stands in no test's transaction.
    caught = []

    def append():
        try:
            APPENDS[name]("unit.created", {"unit": 7})
        except BaseException as error:
            caught.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=append)
    thread.start()
    thread.join()
    assert [type(error) for error in caught] == [RuntimeError], caught
    assert not LogEntry.objects.exists()


def test_an_act_that_is_rolled_back_takes_its_entry_with_it():
    ledger.append("unit.created", {"unit": 1}, now=NOW)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ledger.append("unit.created", {"unit": 2}, now=NOW)
        raise ZeroDivisionError
    assert [payload_of(entry)["data"] for entry in LogEntry.objects.all()] == [{"unit": 1}]
    assert LogPayload.objects.count() == 1


# --- what the database refuses -----------------------------------------------------------------------------------


@pytest.fixture
def evidence(cast, duty, pact_round):
    """One row of each kind that never changes."""
    entry = ledger.append("pact.signed", {"obligation": duty.pk}, now=NOW)
    signature = Signature.objects.create(
        obligation=duty,
        version=pact_round.text,
        person=cast.sari.person,
        unit=cast.sari.placement.unit,
        name="Sari Contohwati",
        text_digest=pact_round.text.digest,
        grade="password",
        signed_at=NOW,
        signed_on=TODAY,
        code=codes.new_code(codes.CERTIFICATE_SIGNS),
        entry=entry,
    )
    return {
        "logentry": entry,
        "logpayload": LogPayload.objects.get(pk=entry.pk),
        "pactversion": pact_round.text,
        "signature": signature,
        "signaturecontest": SignatureContest.objects.create(signature=signature, reason="bukan saya", at=NOW),
        "credentialevent": CredentialEvent.objects.create(user=cast.sari.user, kind="code_issued", at=NOW),
        "installation": Installation.objects.create(name="Rekaan", is_demo=False, created_at=NOW),
    }


UPDATES = [
    ("logentry", "commitment", b"\x00" * 32), ("logentry", "id", 7), ("logpayload", "payload", b"{}"),
    ("logpayload", "salt", b"\x00" * 32), ("pactversion", "closing", "lain"), ("pactversion", "digest", "0" * 64),
    ("pactversion", "number", 9), ("signature", "name", "Lain"), ("signature", "signed_on", "2024-01-01"),
    ("signature", "text_digest", "0" * 64), ("signature", "grade", "passkey"), ("signaturecontest", "reason", "saya kok"),
    ("credentialevent", "kind", "code_used"), ("credentialevent", "at", NOW), ("installation", "is_demo", True),
]  # fmt: skip


def rows(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM records_{table} ORDER BY 1")
        return [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()]


def refused(statement, parameters=()):
    """Run a statement in a savepoint of its own and expect the database to refuse it."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
    return str(caught.value)


@pytest.mark.parametrize(("table", "column", "value"), UPDATES, ids=lambda part: str(part)[:20])
def test_a_row_of_evidence_is_never_changed(evidence, table, column, value):
    row, before = evidence[table], rows(table)
    said = refused(f"UPDATE records_{table} SET {column} = %s", [value])
    assert "never" in said or "stays" in said
    with pytest.raises(DatabaseError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**{column: value})
    assert rows(table) == before


@pytest.mark.parametrize(
    "table", ["logentry", "pactversion", "signature", "signaturecontest", "credentialevent", "installation"]
)
def test_a_row_of_evidence_is_never_deleted(evidence, table):
    before = rows(table)
    LogPayload.objects.all().delete()  # which may go, and then holds no entry back
    said = refused(f"DELETE FROM records_{table}")
    assert "deleted" in said
    assert rows(table) == before


@pytest.mark.parametrize(("table", "column", "value"), UPDATES, ids=lambda part: str(part)[:20])
def test_a_row_of_evidence_is_not_written_over_by_another_of_its_key(evidence, table, column, value):
    before = rows(table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM records_{table}")
        names = [each[0] for each in cursor.description]
        values = dict(zip(names, cursor.fetchone(), strict=True))
    key = names[0] if table != "logpayload" else "entry_id"
    if column == key:
        pytest.skip("another key is another row")
    values[column] = value
    marks, listed = ", ".join(["%s"] * len(names)), ", ".join(names)
    refused(
        f"INSERT INTO records_{table} ({listed}) VALUES ({marks})"
        f" ON CONFLICT ({key}) DO UPDATE SET {column} = excluded.{column}",
        list(values.values()),
    )
    # SQLite can also delete the old row and insert the new in one: as two acts only a payload may go that way.
    if connection.vendor == "sqlite" and table != "logpayload":
        refused(f"INSERT OR REPLACE INTO records_{table} ({listed}) VALUES ({marks})", list(values.values()))
    assert rows(table) == before


@pytest.mark.parametrize(
    "table", ["logentry", "pactversion", "signature", "signaturecontest", "credentialevent", "installation"]
)
def test_a_table_of_evidence_is_not_emptied_in_one_stroke(evidence, table):
    LogPayload.objects.all().delete()
    before = rows(table)
    # What a test's transaction still has to check would refuse a TRUNCATE for a reason of its own.
    connection.check_constraints()
    postgresql = connection.vendor == "postgresql"
    said = refused(f"TRUNCATE records_{table} CASCADE" if postgresql else f"DELETE FROM records_{table}")
    assert "deleted" in said
    assert rows(table) == before


def test_what_may_change_of_an_installation_still_does(evidence):
    Installation.objects.update(name="Lain", demo_today=TODAY)
    assert Installation.objects.get().name == "Lain"


def test_an_entry_is_held_by_its_payload_and_its_signature(evidence):
    with pytest.raises(ProtectedError):
        evidence["logentry"].delete()


# --- erasing and checking ----------------------------------------------------------------------------------------


def test_a_payload_may_be_erased_and_everything_else_still_opens():
    entries = [ledger.append("unit.created", {"unit": number}, now=NOW) for number in range(5)]
    commitment = bytes(entries[2].commitment)
    LogPayload.objects.filter(pk=entries[2].pk).delete()
    assert ledger.verify_all() == (5, [])
    assert bytes(LogEntry.objects.get(pk=entries[2].pk).commitment) == commitment
    assert LogPayload.objects.count() == 4


def forged(entry, **change):
    """Put another payload or salt where the real one was erased."""
    real = LogPayload.objects.get(pk=entry.pk)
    values = {"payload": bytes(real.payload), "salt": bytes(real.salt)} | change
    LogPayload.objects.filter(pk=entry.pk).delete()
    return LogPayload.objects.create(entry=entry, **values)


def test_what_was_put_in_place_of_a_payload_is_found():
    entries = [ledger.append("unit.created", {"unit": number}, now=NOW) for number in range(6)]
    other = LogPayload.objects.get(pk=entries[5].pk)
    forged(entries[0], salt=secrets.token_bytes(32))
    forged(entries[1], salt=bytes(other.salt))
    forged(
        entries[2], payload=bytes(LogPayload.objects.get(pk=entries[2].pk).payload).replace(b'"unit":2', b'"unit":9')
    )
    forged(entries[3], payload=bytes(other.payload), salt=bytes(other.salt))
    forged(entries[4], salt=b"")
    count, broken = ledger.verify_all()
    assert count == 6 and set(broken) == {entry.pk for entry in entries[:5]}
    assert not ledger.read(LogPayload.objects.select_related("entry").get(pk=entries[0].pk))


def test_a_payload_put_back_as_it_was_opens_again():
    entry = ledger.append("unit.created", {"unit": 1}, now=NOW)
    forged(entry)
    assert ledger.verify_all() == (1, [])


def test_an_entry_without_anything_behind_it_is_counted():
    LogEntry.objects.create(commitment=secrets.token_bytes(32))
    assert ledger.verify_all() == (1, [])


# --- finding what was kept ---------------------------------------------------------------------------------------


def kept_at(*moments):
    """Append an entry at each moment, in an order that is not theirs; return their keys by moment."""
    return {
        moment: ledger.append(event, {"unit": number, "note": '"time":"2024-01-01","v":1'}, now=moment).pk
        for number, (moment, event) in enumerate(moments)
    }


def test_payloads_are_read_newest_first_by_the_time_inside_whatever_their_keys():
    hours = [datetime(2024, 10, day, hour, 5, 9, tzinfo=WIB) for day in (27, 25, 26) for hour in (3, 23, 9)]
    keys = kept_at(
        *((moment, "unit.created") for moment in hours), (datetime(2024, 10, 26, 12, tzinfo=WIB), "report.filed")
    )
    found = list(LogPayload.objects.newest_first().values_list("pk", flat=True))
    filed = keys.pop(datetime(2024, 10, 26, 12, tzinfo=WIB))
    assert [key for key in found if key != filed] == [keys[moment] for moment in sorted(keys, reverse=True)]
    # An entry that tells only its day stands where that day begins in UTC.
    assert found.index(filed) == [*sorted(keys, reverse=True)].index(datetime(2024, 10, 26, 3, 5, 9, tzinfo=WIB))


def test_payloads_are_found_by_event_and_by_local_day():
    moments = [
        (datetime(2024, 10, 25, 0, 0, tzinfo=WIB), "unit.created"), (datetime(2024, 10, 25, 23, 59, 59, tzinfo=WIB), "unit.changed"),
        (datetime(2024, 10, 26, 0, 0, tzinfo=WIB), "unit.created"), (datetime(2024, 10, 24, 23, 59, 59, tzinfo=WIB), "unit.created"),
        (datetime(2024, 10, 25, 12, 0, tzinfo=WIB), "report.filed"),
    ]  # fmt: skip
    keys = list(kept_at(*moments).values())
    first = datetime.combine(date(2024, 10, 25), time(0, 0), WIB)
    of_day = LogPayload.objects.between(first, first + timedelta(days=1))
    assert set(of_day.values_list("pk", flat=True)) == {keys[0], keys[1], keys[4]}
    assert set(LogPayload.objects.of_event("unit.created").values_list("pk", flat=True)) == {keys[0], keys[2], keys[3]}
    assert of_day.of_event("report.filed").newest_first().get().pk == keys[4]
    assert not LogPayload.objects.of_event("unit").exists() and not LogPayload.objects.of_event("nit.created").exists()


def test_ten_thousand_payloads_are_searched_in_a_moment():
    start = datetime(2024, 10, 25, tzinfo=WIB)
    for part in range(10):
        ledger.append_many("pact.signed", [{"obligation": n} for n in range(1000)], now=start + timedelta(minutes=part))
    ledger.append("pact.refused", {"obligation": 1}, now=start + timedelta(hours=1))
    began = monotonic()
    newest = list(LogPayload.objects.newest_first()[:100])
    one = LogPayload.objects.of_event("pact.refused").newest_first().get()
    assert newest[0].pk == one.pk and monotonic() - began < 5
