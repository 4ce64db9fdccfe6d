"""The operator's targets: set by the administrator, in order, one change at a time; what runs keeps its own days."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from ikrar.domain.errors import TargetRefused
from ikrar.records.models import CaseClock, CaseTarget, LogPayload
from ikrar.services import case_targets
from tests.services.case_cast import assessed, recommended

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("travel")]
DECIDE = "target-decide"


def refused(reason):
    return pytest.raises(TargetRefused, check=lambda error: error.reason == reason)


def set_to(who, now, days=10, warn_days=5, long_days=20, *, id=DECIDE, was=0):
    return case_targets.change(
        id, days=days, warn_days=warn_days, long_days=long_days, was=was, by=who.drafter, now=now
    )


def line():
    return next(each for each in case_targets.lines() if each.target.id == DECIDE)


def test_what_is_set_counts_for_clocks_that_start_afterwards(who, city, now):
    first = recommended(who, now)
    before = CaseClock.objects.get(case=first, term=DECIDE)
    set_to(who, now)
    second = recommended(who, now, person=who.budi.person)
    after = CaseClock.objects.get(case=second, term=DECIDE)
    assert (after.due_on - after.start_on).days == 10 and after.warn_on == after.start_on + timedelta(days=5)
    assert after.long_on == after.start_on + timedelta(days=20)
    assert after.computation["target"] == 10 and after.computation["legal_limit"] is False
    kept = CaseClock.objects.get(pk=before.pk)
    assert (kept.due_on, kept.warn_on, kept.long_on) == (before.due_on, before.warn_on, before.long_on)
    assert (kept.due_on - kept.start_on).days == line().at_first.days


def test_the_line_keeps_what_was_at_first_and_every_change(who, now):
    at_first = line().at_first
    assert (line().version, line().target) == (0, at_first)
    set_to(who, now)
    set_to(who, now + timedelta(days=1), days=11, was=1)
    assert [(each.version, each.days) for each in line().changes] == [(2, 11), (1, 10)]
    assert (line().version, line().target.days, line().at_first) == (2, 11, at_first)
    told = [json.loads(bytes(each)) for each in LogPayload.objects.values_list("payload", flat=True)]
    set_each = [each["data"] for each in told if each["event"] == "case.target_set"]
    said = sorted((each["target"], each["version"], each["days"]) for each in set_each)
    assert said == [(DECIDE, 1, 10), (DECIDE, 2, 11)]


@pytest.mark.parametrize(
    ("reason", "days", "warn_days", "long_days"),
    [("order", 5, 5, 20), ("order", 20, 5, 20), ("order", 10, 0, 20), ("most", 10, 5, 731)],
)
def test_days_that_do_not_rise_are_refused(who, now, reason, days, warn_days, long_days):
    with refused(reason):
        set_to(who, now, days, warn_days, long_days)
    assert not CaseTarget.objects.exists() and not LogPayload.objects.exists()


def test_of_two_changes_at_once_the_second_is_refused(who, now):
    set_to(who, now)
    with refused("changed"):
        set_to(who, now, days=12)
    with refused("unchanged"):
        set_to(who, now, was=1)
    with refused("unknown"):
        set_to(who, now, id="target-entah")
    assert CaseTarget.objects.get().days == 10


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_itself_keeps_what_was_set(who, now, act):
    set_to(who, now)
    rows = CaseTarget.objects.all()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        rows.update(days=11) if act == "update" else rows._raw_delete(rows.db)
    assert CaseTarget.objects.get().days == 10


def test_a_target_of_another_step_stays_as_it_was(who, now):
    set_to(who, now)
    case = assessed(who, now)
    clock = CaseClock.objects.filter(case=case, kind=CaseClock.Kind.TARGET, stopped_on=None).get()
    known = {each.target.id: each.target for each in case_targets.lines()}
    assert clock.term != DECIDE and (clock.due_on - clock.start_on).days == known[clock.term].days
