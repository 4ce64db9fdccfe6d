"""Reminders that escalate: heads are told of their own people, once a round and day, and no reminder runs in a circle."""

import json
from datetime import date, timedelta

import pytest
import time_machine

from ikrar.domain.errors import NobodySelected, ReasonMissing, ReminderTooSoon
from ikrar.records.models import Escalation, LogPayload, Notice, Obligation, Placement, Reminded
from ikrar.services import offices, pacts
from ikrar.services.offices import StandIn
from tests.conftest import MORNING, NOW, TODAY, make_member

pytestmark = pytest.mark.django_db

PAUSE = pacts.REMINDER_PAUSE


@pytest.fixture(autouse=True)
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def root(city):
    return city.units.get(parent=None)


def owe(pact_round, *members):
    for member in members:
        Obligation.objects.create(
            pact_round=pact_round, person=member.person, unit=member.placement.unit, post=member.placement.post,
            issued_at=MORNING,
        )  # fmt: skip


def remind(pact_round, unit, cast, today: date = TODAY, **more):
    return pacts.remind(
        pact_round, unit, link="/pakta/", list_link=lambda key: f"/unit/{key}/", today=today, by=cast.rina.user, now=NOW,
        **more,
    )  # fmt: skip


def told(member) -> list[dict]:
    return [each.values for each in Notice.objects.filter(person=member.person, kind="pact_escalated").order_by("pk")]


def remind_often(pact_round, unit, cast, times: int, **more):
    for number in range(times):
        remind(pact_round, unit, cast, TODAY + number * PAUSE, **more)
    return TODAY + times * PAUSE


def test_after_as_many_reminders_as_the_round_says_the_head_of_the_unit_is_told(pact_round, cast, root):
    owe(pact_round, cast.sari)
    day = remind_often(pact_round, root, cast, 2)
    assert not Escalation.objects.exists()
    sent = remind(pact_round, root, cast, day)
    assert sent.superiors == 1
    [said] = told(cast.budi)
    assert (said["people"], said["unit"], said["names"]) == (1, "SMPN 3 Bukittinggi", "Sari Contohwati")
    notice = Notice.objects.get(person=cast.budi.person, kind="pact_escalated")
    assert notice.link == f"/unit/{cast.sari.placement.unit_id}/"
    said = [json.loads(bytes(each.payload)) for each in LogPayload.objects.all()]
    assert [each["data"]["superiors"] for each in said if each["event"] == "pact.escalated"] == [1]


def test_a_round_may_say_that_nobody_is_told(pact_round, cast, root):
    pact_round.escalate_after = 0
    pact_round.save()
    owe(pact_round, cast.sari)
    remind_often(pact_round, root, cast, 5)
    assert not Escalation.objects.exists()


def test_a_head_is_told_once_a_round_and_day_whatever_is_pressed(pact_round, cast, root, city):
    owe(pact_round, cast.sari)
    day = remind_often(pact_round, root, cast, 2)
    remind(pact_round, root, cast, day)
    for unit in (root, city.units.get(code="DISDIK"), cast.sari.placement.unit):
        with pytest.raises(ReminderTooSoon):
            remind(pact_round, unit, cast, day)
    assert len(told(cast.budi)) == 1


def test_a_head_hears_of_his_own_unit_alone(pact_round, cast, root, city):
    other = city.units.get(code="SDN-01")
    wati = make_member(other, "197905052005012004", "Wati Rekaan", sex="f", post="Kepala Sekolah", is_head=True)
    lina = make_member(other, "199203032019032001", "Lina Anggap", sex="f", post="Guru")
    owe(pact_round, cast.sari, lina)
    remind(pact_round, root, cast, remind_often(pact_round, root, cast, 2))
    assert [each["names"] for each in told(cast.budi)] == ["Sari Contohwati"]
    assert [each["names"] for each in told(wati)] == ["Lina Anggap"]


def test_a_superior_given_by_hand_who_heads_another_unit_is_told_nothing(pact_round, cast, root, city):
    """Names leave a unit upwards only."""
    wati = make_member(
        city.units.get(code="SDN-01"), "197905052005012004", "Wati Rekaan", sex="f", post="Kepala", is_head=True
    )
    Placement.objects.filter(pk=cast.sari.placement.pk).update(superior=wati.person)
    owe(pact_round, cast.sari)
    remind(pact_round, root, cast, remind_often(pact_round, root, cast, 2))
    assert told(wati) == [] and len(told(cast.budi)) == 1


def test_a_head_who_is_missing_himself_is_told_of_his_people_and_his_head_of_him(pact_round, cast, root, city):
    dinas = make_member(
        city.units.get(code="DISDIK"), "196907072000032006", "Rahma Umpama", sex="f", post="Kepala Dinas", is_head=True
    )
    owe(pact_round, cast.sari, cast.budi, dinas)
    remind(pact_round, root, cast, remind_often(pact_round, root, cast, 2))
    assert [each["names"] for each in told(cast.budi)] == ["Sari Contohwati"]
    assert [each["names"] for each in told(dinas)] == ["Budi Misalkan"]


def test_nobody_is_told_of_himself_though_he_is_given_as_his_own_superior(pact_round, cast, root):
    Placement.objects.filter(pk=cast.budi.placement.pk).update(superior=cast.budi.person)
    owe(pact_round, cast.budi)
    only = [cast.budi.person.pk]
    remind(pact_round, root, cast, remind_often(pact_round, root, cast, 2, only=only), only=only)
    assert told(cast.budi) == [] and not Escalation.objects.exists()  # nobody heads anything above him


def test_two_who_are_each_others_superior_are_no_circle(pact_round, cast, root, city):
    dinas = make_member(
        city.units.get(code="DISDIK"), "196907072000032006", "Rahma Umpama", sex="f", post="Kepala Dinas", is_head=True
    )
    Placement.objects.filter(pk=cast.budi.placement.pk).update(superior=dinas.person)
    Placement.objects.filter(pk=dinas.placement.pk).update(superior=cast.budi.person)
    owe(pact_round, cast.budi, dinas)
    only = [cast.budi.person.pk, dinas.person.pk]
    day = remind_often(pact_round, root, cast, 2, only=only)
    remind(pact_round, root, cast, day, only=only)
    assert [each["names"] for each in told(dinas)] == ["Budi Misalkan"] and told(cast.budi) == []
    # What was told of others is no reminder: it counts for nothing and calls nothing forth.
    assert Reminded.objects.filter(person=dinas.person).count() == 3


def test_whoever_stands_in_for_the_head_is_told_in_his_place(pact_round, cast, root):
    owe(pact_round, cast.sari)
    day = remind_often(pact_round, root, cast, 2)
    office = offices.office_of_head(cast.budi.placement.unit, by=cast.rina.user, now=NOW)
    offices.record_leave(
        offices.holder(office, NOW), kind="sick", from_on=TODAY, last_on=TODAY + timedelta(days=30), note="",
        stand_in=StandIn("plh", cast.rina.person), by=cast.rina.user, now=NOW,
    )  # fmt: skip
    remind(pact_round, root, cast, day)
    assert told(cast.budi) == [] and len(told(cast.rina)) == 1


def test_a_unit_without_a_head_is_passed_over(pact_round, cast, root, city):
    dinas = make_member(
        city.units.get(code="DISDIK"), "196907072000032006", "Rahma Umpama", sex="f", post="Kepala Dinas", is_head=True
    )
    Placement.objects.filter(pk=cast.budi.placement.pk).update(is_head=False)
    owe(pact_round, cast.sari)
    remind(pact_round, root, cast, remind_often(pact_round, root, cast, 2))
    assert [each["unit"] for each in told(dinas)] == ["Dinas Pendidikan"]


def test_a_head_is_told_on_as_many_days_as_anybody_is_reminded_and_not_more(pact_round, cast, root):
    owe(pact_round, cast.sari)
    for number in range(20):
        try:
            remind(pact_round, root, cast, TODAY + number * PAUSE)
        except Exception:
            continue
    assert len(told(cast.budi)) == pacts.MOST_REMINDERS


def test_who_was_reminded_as_often_as_allowed_is_still_named_to_his_head(pact_round, cast, root):
    pact_round.escalate_after = 6
    pact_round.save()
    owe(pact_round, cast.sari)
    only = [cast.sari.person.pk]
    sent = remind(pact_round, root, cast, remind_often(pact_round, root, cast, 6, only=only), only=only)
    assert (sent.people, sent.used_up, sent.superiors) == (0, 1, 1)


def test_many_names_are_cut(pact_round, cast, root):
    school = cast.sari.placement.unit
    more = [
        make_member(school, f"1991010120190310{n:02d}", f"Guru {n:02d}", sex="m", post="Guru") for n in range(10, 25)
    ]
    owe(pact_round, *more)
    remind(pact_round, root, cast, remind_often(pact_round, root, cast, 2))
    [said] = told(cast.budi)
    assert said["people"] == 16  # with Sari, who was never issued it
    assert said["names"].count(",") <= 10 and said["names"].endswith(", …")


def test_no_query_is_asked_for_each_person(pact_round, cast, root, django_assert_max_num_queries):
    school = cast.sari.placement.unit
    more = [
        make_member(school, f"1991010120190310{n:02d}", f"Guru {n:02d}", sex="m", post="Guru") for n in range(10, 60)
    ]
    owe(pact_round, *more)
    day = remind_often(pact_round, root, cast, 2)
    with django_assert_max_num_queries(40):
        remind(pact_round, root, cast, day)


# --- a selection -------------------------------------------------------------------------------------------------


@pytest.fixture
def lina(cast):
    return make_member(cast.sari.placement.unit, "199203032019032001", "Lina Anggap", sex="f", post="Guru")


def test_only_the_selected_are_reminded_as_far_as_they_are_missing(pact_round, cast, root, lina):
    owe(pact_round, cast.sari, lina)
    sent = remind(pact_round, root, cast, only=[lina.person.pk, cast.tono.person.pk])
    assert sent.people == 1
    assert list(Notice.objects.filter(kind="pact_missing").values_list("person", flat=True)) == [lina.person.pk]
    for nobody in ([], [cast.tono.person.pk], [10**9]):
        with pytest.raises(NobodySelected):
            remind(pact_round, root, cast, only=nobody)


def test_the_selected_are_excused_with_one_reason_and_who_signed_is_not(pact_round, cast, lina):
    owe(pact_round, cast.sari, lina)
    duty = Obligation.objects.get(person=lina.person)
    pacts.sign(
        duty.pk, user=lina.user, shown_digest=pact_round.text.digest, grade=pacts.Grade.PASSWORD, today=TODAY, now=NOW
    )
    people = [cast.sari.person.pk, lina.person.pk, cast.rina.person.pk]
    assert pacts.excuse_many(pact_round, people, reason=" tugas belajar ", by=cast.rina.user, now=NOW) == (1, 2)
    assert Obligation.objects.get(person=cast.sari.person).reason == "tugas belajar"
    duty.refresh_from_db()
    assert duty.state == "signed"
    assert pacts.excuse_many(pact_round, people, reason="lagi", by=cast.rina.user, now=NOW) == (0, 3)
    said = [json.loads(bytes(each.payload)) for each in LogPayload.objects.all()]
    assert len([each for each in said if each["event"] == "pact.excused"]) == 1


def test_nobody_is_excused_without_a_reason_or_without_a_selection(pact_round, cast):
    owe(pact_round, cast.sari)
    with pytest.raises(ReasonMissing):
        pacts.excuse_many(pact_round, [cast.sari.person.pk], reason="  ", by=cast.rina.user, now=NOW)
    with pytest.raises(NobodySelected):
        pacts.excuse_many(pact_round, [], reason="x", by=cast.rina.user, now=NOW)


def test_whoever_signed_an_old_text_can_be_excused(pact_round, cast):
    owe(pact_round, cast.sari)
    duty = Obligation.objects.get(person=cast.sari.person)
    pacts.sign(
        duty.pk, user=cast.sari.user, shown_digest=pact_round.text.digest, grade=pacts.Grade.PASSWORD, today=TODAY,
        now=NOW,
    )  # fmt: skip
    pacts.publish_text(pact_round, pacts.PactText.of("Baru", "", ["netral"], ""), by=cast.rina.user, now=NOW)
    assert pacts.excuse_many(pact_round, [cast.sari.person.pk], reason="x", by=cast.rina.user, now=NOW) == (1, 0)


def test_a_round_is_issued_to_the_selected_alone(pact_round, cast, lina):
    counted = pacts.issue(pact_round, today=TODAY, only=[lina.person.pk], by=cast.rina.user, now=NOW)
    assert counted["issued"] == 1
    assert list(Obligation.objects.values_list("person", flat=True)) == [lina.person.pk]


def test_heads_over_people_are_asked_in_few_queries(cast, city, django_assert_max_num_queries):
    standing = {cast.sari.person.pk: (cast.sari.placement.unit_id, None)}
    with django_assert_max_num_queries(6):
        found = pacts.units.heads_over(city, standing, TODAY)
    assert found == {cast.sari.person.pk: (cast.budi.person.pk, cast.sari.placement.unit_id)}
