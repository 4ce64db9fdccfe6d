"""The workbench: conclusions with fixed reasons, on one report or many, held to the state that the officer saw."""

from datetime import timedelta

import pytest

from ikrar.domain import conclusions
from ikrar.domain.conclusions import HandedTo
from ikrar.domain.errors import ReportActRefused
from ikrar.domain.report_states import ReportState
from ikrar.records.models import Report, ReportAct, ReportReader
from ikrar.services import mailbox, report_desk, report_inbox, reports, workbench
from ikrar.services.report_inbox import Wanted
from ikrar.services.workbench import Chosen
from ikrar.web.messages import WORDS
from tests.services.test_report_desk import CODE, desk, events, filed, message_to, opened, other, refused, see  # noqa: F401

pytestmark = pytest.mark.django_db


LETTER = HandedTo(name="Inspektorat Rekaan", letter="045/X/2024")


def conclude(desk, number, chosen, to, reason, now, **more):  # noqa: F811
    """Conclude as an officer does, each time a moment later than anything before."""
    now += timedelta(minutes=ReportAct.objects.count())
    if to == "handed_over":
        more.setdefault("handed", LETTER)
    return workbench.conclude(desk.users[number], [desk.body.pk], chosen, to=to, reason=reason, now=now, **more)


def reasons_of(made):
    return {number: error.reason for number, error in made.refused.items()}


def test_each_report_of_many_gets_an_act_of_its_own_and_what_is_refused_says_why(desk, now):  # noqa: F811
    numbers = [opened(desk, 0, filed(desk, now, code=None), now).report.pk for _each in range(3)]
    unopened = filed(desk, now, code=None)
    gone = filed(desk, now, code=None, excluded=[desk.ids[0]])
    chosen = [Chosen(each, "read") for each in (*numbers, numbers[0])]
    chosen += [Chosen(unopened, "received"), Chosen(gone, "received"), Chosen(1, "read")]
    made = conclude(desk, 0, chosen, "not_a_breach", "allowed", now)
    assert set(made.done) == set(numbers)
    assert reasons_of(made) == {unopened: "unopened", gone: "not_yours", 1: "not_yours"}
    acts = ReportAct.objects.filter(kind="state", note="not_a_breach:allowed")
    assert sorted(acts.values_list("report", flat=True)) == sorted(numbers)
    assert set(ReportReader.objects.filter(report__in=numbers).values_list("state", flat=True)) == {"not_a_breach"}
    assert events().count("report.state_changed") == 6  # read, and concluded


def test_what_another_officer_concluded_meanwhile_is_refused_with_his_name_and_what_it_is_now(desk, now):  # noqa: F811
    number = filed(desk, now)
    for officer in (0, 1):
        opened(desk, officer, number, now)
    assert conclude(desk, 1, [Chosen(number, "read")], "registered", "complete", now).done
    made = conclude(desk, 0, [Chosen(number, "read")], "handed_over", "outside", now)
    error = made.refused[number]
    assert (error.reason, error.by, error.to) == ("moved", "Beni Misalkan", "registered")
    found = see(desk, 0, number)
    with refused("moved"):
        report_desk.change_state(
            found, "closed", was="read", sealed=message_to(found.report), by=desk.users[0], now=now
        )
    assert Report.objects.get().state == "registered"


def test_a_report_that_its_reporter_wrote_to_meanwhile_names_no_officer(desk, now):  # noqa: F811
    number = filed(desk, now)
    opened(desk, 0, number, now)
    box = mailbox.open_box(CODE)
    mailbox.reply(box, "Ada lagi.", [], mailbox.adding(box), now=now)
    error = conclude(desk, 0, [Chosen(number, "read")], "registered", "complete", now).refused[number]
    assert (error.reason, error.by, error.to) == ("moved", "", "received")


@pytest.mark.parametrize("to", conclusions.REASONS)
def test_every_conclusion_has_words_and_takes_no_reason_of_another(desk, now, to):  # noqa: F811
    number = filed(desk, now)
    opened(desk, 0, number, now)
    was = "closed" if to == ReportState.READ else "read"
    Report.objects.update(state=was)
    assert reasons_of(conclude(desk, 0, [Chosen(number, was)], to, "because", now)) == {number: "reason_missing"}
    for reason in conclusions.REASONS[to]:
        note = conclusions.note_of(to, reason)
        assert note in WORDS["conclusion_reason"] and note in WORDS["conclusion_told"] and to in WORDS["conclusion"]
        Report.objects.update(state=was)
        assert conclude(desk, 0, [Chosen(number, was)], to, reason, now).done
        assert mailbox.open_box(CODE).concluded.note == note


def test_the_reporter_reads_the_officers_own_words_beside_the_sentence(desk, now):  # noqa: F811
    found = opened(desk, 0, filed(desk, now), now)
    sealed = message_to(found.report, "Kami teruskan hari ini.")
    conclude(desk, 0, [Chosen(found.report.pk, "read", sealed)], "handed_over", "outside", now)
    box = mailbox.open_box(CODE)
    assert [each.text for each in box.messages] == ["Kami teruskan hari ini."]
    assert box.concluded.note == "handed_over:outside"
    # A refused conclusion leaves no message either.
    conclude(desk, 0, [Chosen(found.report.pk, "read", sealed)], "not_a_breach", "allowed", now)
    assert len(mailbox.open_box(CODE).messages) == 1


@pytest.mark.parametrize("state", ["handed_over", "not_a_breach", "closed"])
def test_what_ended_is_opened_again_with_a_reason(desk, now, state):  # noqa: F811
    found = opened(desk, 0, filed(desk, now), now)
    Report.objects.update(state=state)
    with refused("reason_missing"):
        report_desk.change_state(found, "read", was=state, by=desk.users[0], now=now)
    assert conclude(desk, 0, [Chosen(found.report.pk, state)], "read", "mistake", now).done
    assert Report.objects.get().state == "read" and mailbox.open_box(CODE).concluded.note == "read:mistake"


def test_what_its_reporter_withdrew_stays_withdrawn(desk, now):  # noqa: F811
    found = opened(desk, 0, filed(desk, now), now)
    mailbox.withdraw(mailbox.open_box(CODE), now=now)
    made = conclude(desk, 0, [Chosen(found.report.pk, "closed")], "read", "mistake", now)
    assert reasons_of(made) == {found.report.pk: "withdrawn"}


def test_a_registered_report_stays_open_and_is_not_withdrawn_nor_made_new_by_a_message(desk, now):  # noqa: F811
    found = opened(desk, 0, filed(desk, now), now)
    conclude(desk, 0, [Chosen(found.report.pk, "read")], "registered", "finding", now)
    box = mailbox.open_box(CODE)
    assert not box.can_withdraw and not box.is_closed
    mailbox.reply(box, "Ada lagi.", [], mailbox.adding(box), now=now)
    assert Report.objects.get().state == "registered"
    assert [line.report.state for line in report_inbox.inbox(desk.users[0], [desk.body.pk], Wanted()).lines] == [
        "registered"
    ]
    report_desk.reply(see(desk, 0, found.report.pk), message_to(found.report), asks=False, by=desk.users[0], now=now)


def test_a_copy_is_concluded_by_the_body_it_lies_with_alone(desk, other, now):  # noqa: F811
    number = filed(desk, now)
    made = workbench.conclude(
        other.users[0], [other.body.pk], [Chosen(number, "received")], to="registered", reason="complete", now=now
    )
    assert reasons_of(made) == {number: "not_yours"} and Report.objects.get().state == "received"
    assert isinstance(made.refused[number], ReportActRefused) and reports.root()
