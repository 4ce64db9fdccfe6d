"""What the passing of time asks for, step by step."""

from datetime import timedelta

import pytest

from ikrar.records.models import Notice
from ikrar.services import notices, tick
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def test_a_step_that_fails_keeps_no_later_one_from_its_turn(monkeypatch, caplog):
    came = []

    def breaks(*_given):
        raise RuntimeError("an agency without a root")

    monkeypatch.setattr(tick.circulars, "sweep", breaks)
    monkeypatch.setattr(tick.duties, "tell_turns", lambda now: came.append("turns"))
    monkeypatch.setattr(tick.outbox, "run", lambda now: came.append("outbox"))
    tick.run(NOW)
    assert came == ["turns", "outbox"]
    assert "a step of the clock failed" in caplog.text


def told(person, days: int, read_days: int | None = None) -> int:
    """Write a message that came so many days ago, and was read so many days ago if it was."""
    at = {"at": NOW - timedelta(days=days), "read_at": None if read_days is None else NOW - timedelta(days=read_days)}
    return Notice.objects.create(person=person, kind="pact_missing", values={"title": "Pakta"}, **at).pk


def test_messages_go_a_year_after_they_were_read_and_three_after_they_came_to_nobody(cast):
    sari = cast.sari.person
    kept = {told(sari, 900), told(sari, 1094), told(sari, 900, 364), told(sari, 10, 5)}
    told(sari, 400, 366), told(sari, 1096), told(sari, 2000, 1999)
    tick.run(NOW)
    assert set(Notice.objects.values_list("pk", flat=True)) == kept
    assert notices.forget_old(NOW) == 0


def test_a_large_table_of_messages_is_looked_through_in_parts_and_whole_in_a_day(cast, monkeypatch):
    monkeypatch.setattr(notices, "_LOOKED_THROUGH", 10)
    monkeypatch.setattr(notices, "_DELETED_AT_ONCE", 2)
    monkeypatch.setattr(notices, "_DELETIONS_A_RUN", 2)
    kept = {told(cast.sari.person, 500, 300) for _ in range(3)}
    for _ in range(60):
        told(cast.sari.person, 500, 400)
    kept.add(told(cast.sari.person, 1))
    most = 0
    for minute in range(1440):
        most = max(most, notices.forget_old(NOW + timedelta(minutes=minute)))
    assert set(Notice.objects.values_list("pk", flat=True)) == kept and most == 4


def test_where_no_message_is_nothing_is_deleted(db):
    assert notices.forget_old(NOW) == 0
