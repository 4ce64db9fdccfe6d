"""A conclusion names to whom a report goes, and says nothing against what stands in clear unless its officer is sure."""

from datetime import timedelta

import pytest

from ikrar.domain import return_codes
from ikrar.domain.conclusions import HandedTo
from ikrar.domain.errors import ReportActRefused
from ikrar.gateways import log_key, sealing
from ikrar.records.models import Body, Installation, Report, ReportAct, ReportCopy
from ikrar.services import mailbox, report_copies, report_desk, report_lines, reports, workbench
from ikrar.services.workbench import Chosen
from ikrar.web import messages
from tests.reporting import make_desk
from tests.services.test_report_desk import message_to
from tests.web import stage as stages

pytestmark = pytest.mark.django_db
TODAY, NOW = stages.TODAY, stages.MORNING
CODE = return_codes.new(lambda count: bytes(range(count)))
CONTENT = {"v": 1, "what": "Camat meminta memilih", "when": "", "where": "", "who": [], "witnesses": [], "links": []}
LETTER = HandedTo(name="Inspektorat Rekaan", letter="045/X/2024")


@pytest.fixture
def desk(city, home):
    (home / "keys").mkdir()
    log_key.make(home / "keys", "log.example/log")
    body = Body.objects.create(agency=city, region_id="13.75", kind="bawaslu", name="Bawaslu Bukittinggi")
    with stages.one_morning():
        yield make_desk(body, ["Ani Contohwati", "Beni Misalkan"], NOW)


@pytest.fixture
def other(city, desk):
    body = Body.objects.create(agency=city, region_id="13.75", kind="inspectorate", name="Inspektorat Bukittinggi")
    return make_desk(body, ["Dodo Rekaan", "Eti Andaikan"], NOW)


def opened(desk, *, known=TODAY, named=False, ticks=()):
    to = reports.addressees(desk.body, key_set=desk.set().digest, now=NOW)
    identity = {"v": 1, "name": "Pelapor", "address": "Jalan"} if named else None
    sealed = reports.Sealing().finish(CONTENT, identity, to, CODE, on=TODAY)
    number = reports.receive(
        sealed, body=desk.body, channel="plain", known_on=known, regime="pilkada", ticks=ticks, now=NOW
    ).report
    report_desk.open_report(see(desk, number), by=desk.users[0], now=NOW)
    return see(desk, number)


def see(desk, number):
    return report_desk.seen(desk.users[0], [desk.body.pk], number)


def all_ticks():
    return [each.id for each in report_lines.requirements("pilkada", TODAY)]


def conclude(desk, found, to, reason, *, words="", **more):
    """Conclude as an officer does; return why it was refused, or nothing."""
    sealed = message_to(found.report, words) if words else b""
    chosen = [Chosen(found.report.pk, Report.objects.get(pk=found.report.pk).state, sealed)]
    later = NOW + timedelta(minutes=ReportAct.objects.count())
    made = workbench.conclude(desk.users[0], [desk.body.pk], chosen, to=to, reason=reason, now=later, **more)
    return made.refused.get(found.report.pk)


def told(box):
    last = box.concluded
    return messages.conclusion_told(last.note, last.handed_to, last.letter)


# --- handing over ------------------------------------------------------------------------------------------------


def offered(desk, other, found):
    sealed = sealing.seal(
        sealing.padded({"content": "AGE-SECRET-KEY-1"}),
        [*(each.recipient for each in other.keys), other.offline.recipient],
    )
    return report_copies.offer(
        found, other.body, sealed, other.ids, key_set=other.set().digest, by=desk.users[0], now=NOW
    )


def test_a_report_is_handed_over_to_a_body_that_is_named_and_its_reporter_reads_which(desk):
    found = opened(desk)
    assert conclude(desk, found, "handed_over", "other_region").reason == "to_whom"
    assert conclude(desk, found, "not_a_breach", "allowed", handed=LETTER).reason == "to_whom"
    assert Report.objects.get().state == "read"
    assert conclude(desk, found, "handed_over", "other_region", handed=LETTER) is None
    said = told(mailbox.open_box(CODE))
    assert "di daerah lain" in said and "Inspektorat Rekaan" in said and "045/X/2024" in said


@pytest.mark.parametrize(
    "asked",
    [
        {}, {"name": "Inspektorat"}, {"letter": "045"}, {"copy": 1, "name": "Inspektorat"}, {"copy": 1, "letter": "045"},
        {"name": "x" * 201, "letter": "045"}, {"name": "Inspektorat", "letter": "4" * 81},
    ],
)  # fmt: skip
def test_it_is_said_by_a_copy_or_by_a_letter_with_its_number_and_not_by_half(asked):
    with pytest.raises(ReportActRefused, check=lambda error: error.reason == "to_whom"):
        HandedTo(**asked)


def test_handing_over_by_a_copy_needs_the_copy(desk, other):
    found = opened(desk)
    way = HandedTo(copy=other.body.pk)
    assert conclude(desk, found, "handed_over", "outside", handed=way).reason == "copy_missing"
    copy = offered(desk, other, found)
    assert [each.to_body for each in report_copies.going(found.report)] == [other.body]
    ReportCopy.objects.filter(pk=copy.pk).update(state="declined")
    assert conclude(desk, found, "handed_over", "outside", handed=way).reason == "copy_missing"
    assert not report_copies.going(found.report)
    ReportCopy.objects.filter(pk=copy.pk).update(state="offered")
    assert conclude(desk, found, "handed_over", "outside", handed=way) is None
    assert "Inspektorat Bukittinggi" in told(mailbox.open_box(CODE))
    assert ReportAct.objects.get(note="handed_over:outside").body == other.body


def test_what_is_registered_is_not_handed_over_but_opened_again_first(desk):
    found = opened(desk)
    assert conclude(desk, found, "registered", "finding") is None
    assert conclude(desk, found, "handed_over", "outside", handed=LETTER).reason == "state"
    assert conclude(desk, found, "read", "mistake") is None
    assert conclude(desk, found, "handed_over", "outside", handed=LETTER) is None


def test_the_form_of_the_page_hands_nothing_over(desk):
    found = opened(desk)
    with pytest.raises(ReportActRefused, check=lambda error: error.reason == "to_whom"):
        report_desk.change_state(
            found, "handed_over", was="read", sealed=message_to(found.report), by=desk.users[0], now=NOW
        )


# --- against what stands in clear --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "reason", "doubt", "filed"),
    [
        ("initial_information", "late", "in_time", {"known": TODAY}),
        ("initial_information", "late", "", {"known": TODAY - timedelta(days=30)}),
        ("initial_information", "late", "", {"known": None}),
        ("initial_information", "late", "in_time", {"known": TODAY, "named": True}),
        ("initial_information", "unnamed", "named", {"named": True}),
        ("initial_information", "unnamed", "", {}),
        ("registered", "complete", "lacks", {"named": True}),
        ("registered", "complete", "", {"named": True, "ticks": True}),
        ("registered", "finding", "", {}),
        ("initial_information", "incomplete", "complete", {"named": True, "ticks": True}),
        ("initial_information", "incomplete", "", {}),
    ],
)
def test_a_conclusion_that_the_clear_facts_deny_is_asked_back(desk, to, reason, doubt, filed):
    found = opened(desk, **filed | ({"ticks": all_ticks()} if filed.get("ticks") else {}))
    error = conclude(desk, found, to, reason)
    assert (error.doubt if error else "") == doubt
    assert Report.objects.get().state == ("read" if doubt else to)
    if doubt:
        assert messages.sentence(error) != messages.sentence(type(error)("?"))


def test_whoever_is_sure_says_so_and_tells_the_reporter_why(desk):
    found = opened(desk)
    late = (desk, found, "initial_information", "late")
    assert conclude(*late, sure=["in_time"]).doubt == "in_time"
    assert conclude(*late, words="Anda menyebut tanggal yang keliru.").doubt == "in_time"
    assert conclude(*late, sure=["lacks"], words="Anda menyebut tanggal yang keliru.").doubt == "in_time"
    assert not mailbox.open_box(CODE).messages
    assert conclude(*late, sure=["in_time"], words="Anda menyebut tanggal yang keliru.") is None
    box = mailbox.open_box(CODE)
    assert box.concluded.note == "initial_information:late"
    assert [each.text for each in box.messages] == ["Anda menyebut tanggal yang keliru."]


def test_nobody_is_sure_that_a_named_report_has_no_name(desk):
    found = opened(desk, named=True)
    error = conclude(desk, found, "initial_information", "unnamed", sure=["named"], words="Tanpa nama.")
    assert error.doubt == "named" and Report.objects.get().state == "read"


def test_an_officers_ticks_count_before_the_reporters(desk):
    found = opened(desk, named=True)
    report_desk.tick(found, all_ticks(), by=desk.users[0], now=NOW)
    assert conclude(desk, see(desk, found.report.pk), "registered", "complete") is None


# --- who did what ------------------------------------------------------------------------------------------------


def test_acts_of_one_instant_stand_in_the_order_in_which_they_happened(desk):
    for _each in range(8):  # keys of acts are random
        found = opened(desk)
        assert [act.kind for act in report_desk.acts_of(found)] == ["opened", "state"]
        Report.objects.update(finder=None)


def test_a_receipt_bears_the_day_that_the_report_was_received_on_by_the_programme(desk):
    day = TODAY - timedelta(days=400)
    Installation.objects.create(name="Demo", is_demo=True, demo_today=day, created_at=NOW)
    report = opened(desk, known=None).report
    assert reports.receipt_of(report)[1] == report.received_on == day
    box = mailbox.open_box(CODE)
    assert reports.receipt_of(box.report)[0] == reports.receipt_of(report)[0]
