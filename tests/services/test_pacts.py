"""The pact from issue to validity: who owes it, what may follow what, and that the counts always add up."""

import json
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from ikrar.domain import roster as people
from ikrar.domain.errors import (
    DueInPast,
    DutySettled,
    NotTheSigner,
    PactAlreadySigned,
    PactNotOpen,
    PactTextChanged,
    PactTextEmpty,
    ReasonMissing,
    RemindersUsedUp,
    ReminderTooSoon,
    SignatureAlreadyContested,
)
from ikrar.domain.pacts import Coverage, Grade, PactText, State
from ikrar.records.models import (
    LogPayload,
    Notice,
    Obligation,
    PactRound,
    PactVersion,
    Placement,
    Reminder,
    Signature,
    UnitCount,
    UnitTouch,
    WorkUnit,
)
from ikrar.services import clock, coverage, ledger, pacts, roster, units
from tests.web import stage as stages
from tests.web.stage import (
    MORNING,
    TEXT,
    TODAY,
    account,
    agency,
    duty_of,
    install,
    issue,
    make_round,
    outsider,
    person,
    sign,
)

pytestmark = pytest.mark.django_db

LATER = MORNING + timedelta(hours=1)
NEXT_TEXT = PactText.of("Pakta Integritas Netralitas ASN", "", ["netral", "jujur", "adil"], "")
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def one_act_at_a_time(settings):
    settings.COMMIT_TOGETHER = False


class City:
    """A city with an education office over two schools, and as many people as a test wants."""

    def __init__(self) -> None:
        install()
        self.agency, self.root = agency("13.75", "Kota Bukittinggi")
        self.education = self._unit(self.root, "DISDIK", "education_office")
        self.school = self._unit(self.education, "SMPN1", "school")
        self.other = self._unit(self.education, "SMPN2", "school")
        self.by = outsider("RINA", "Rina")
        self._count = 0

    def _unit(self, parent: WorkUnit, code: str, kind: str) -> WorkUnit:
        made = WorkUnit.objects.create(agency=self.agency, parent=parent, code=code, name=code, kind=kind)
        units.renumber(self.agency)
        for each in (made, parent, *(getattr(self, name, made) for name in ("root", "education", "school"))):
            each.refresh_from_db()
        return made

    def someone(self, unit: WorkUnit | None = None, **more):
        self._count += 1
        number = f"19800101{self._count:010d}"
        return person(f"Orang {self._count}", number, unit or self.school, **more)

    def place(self, someone, today: date = TODAY, **values) -> None:
        """Change a placement from a day on, as an officer would."""
        roster.place(someone, values=values, today=today, by=self.by, now=MORNING)


@pytest.fixture
def city(db):
    return City()


@pytest.fixture
def sari(city):
    """A teacher who has signed nothing yet."""
    return city.someone()


@pytest.fixture
def pact(city, sari):
    """The round, issued to Sari."""
    made = make_round(city.agency)
    issue(made)
    return made


@pytest.fixture
def user(sari):
    return account(sari)


def sign_as(user, duty, **more):
    """Sign, and read the signature anew as the next request would."""
    duty.pact_round.refresh_from_db()
    given = {
        "shown_digest": duty.pact_round.text.digest, "grade": Grade.PASSWORD, "today": TODAY, "now": MORNING,
    } | more  # fmt: skip
    return fresh(pacts.sign(duty.pk, user=user, **given))


def fresh(signature):
    return Signature.objects.get(pk=signature.pk)


def entries(event: str) -> list[dict]:
    said = (json.loads(bytes(each.payload)) for each in LogPayload.objects.all())
    return [each["data"] for each in said if each["event"] == event]


def counts(pact_round, unit, day=TODAY) -> dict[str, int]:
    """The counts that are not nought."""
    counted = coverage.coverage(pact_round, unit, day)
    assert counted.adds_up()
    return {name: getattr(counted, name) for name in counted.__dataclass_fields__ if getattr(counted, name)}


# --- making a round ----------------------------------------------------------------------------------------------


def test_a_new_round_is_a_draft_that_nobody_owes(city, sari):
    made = make_round(city.agency)
    assert (made.state, made.issued_on, made.text.number) == ("draft", None, 1)
    assert list(made.agencies.all()) == [city.agency]
    assert not Obligation.objects.exists()
    assert entries("pact.round_created") == [{"round": made.pk, "agency": city.agency.pk, "by": None}]


def test_a_text_without_a_point_makes_no_round():
    with pytest.raises(PactTextEmpty):
        PactText.of("Judul", "", ["  "], "")


def test_the_stored_text_is_the_text_that_was_given_and_its_digest_is_recomputed_from_it(pact):
    version = pact.text
    assert version.as_text == TEXT
    assert version.digest == TEXT.digest() == version.as_text.digest()


def test_the_same_text_again_makes_no_new_version(city, pact):
    again = pacts.publish_text(pact, TEXT, by=city.by, now=LATER)
    assert again.number == 1 and pact.versions.count() == 1
    assert len(entries("pact.text_published")) == 1


def test_a_new_text_is_in_force_at_once(city, pact):
    version = pacts.publish_text(pact, NEXT_TEXT, by=city.by, now=LATER)
    pact.refresh_from_db()
    assert (pact.text, version.number) == (version, 2)
    assert entries("pact.text_published")[-1]["text_digest"] == NEXT_TEXT.digest() or len(
        [each for each in entries("pact.text_published") if each["text_digest"] == NEXT_TEXT.digest()]
    )


def test_an_old_text_can_be_put_in_force_again_as_a_new_version(city, pact):
    pacts.publish_text(pact, NEXT_TEXT, by=city.by, now=LATER)
    assert pacts.publish_text(pact, TEXT, by=city.by, now=LATER).number == 3


def test_a_closed_round_takes_no_act(city, pact, sari, user):
    duty = duty_of(pact, sari)
    pacts.close_round(pact, by=city.by, now=LATER)
    pact.refresh_from_db()
    duty = duty_of(pact, sari)
    acts = {
        "sign": lambda: sign_as(user, duty),
        "refuse": lambda: pacts.refuse(duty, user=user, reason="tidak", now=LATER),
        "publish": lambda: pacts.publish_text(pact, NEXT_TEXT, by=city.by, now=LATER),
        "issue": lambda: issue(pact),
        "close": lambda: pacts.close_round(pact, by=city.by, now=LATER),
        "remind": lambda: pacts.remind(pact, city.root, link="/", today=TODAY, by=city.by, now=LATER),
    }
    for name, act in acts.items():
        with pytest.raises(PactNotOpen):
            act()
            pytest.fail(name)
    assert entries("pact.round_closed") == [{"round": pact.pk, "by": city.by.pk}]
    assert not Signature.objects.exists()


def test_a_draft_cannot_be_closed(city):
    with pytest.raises(PactNotOpen):
        pacts.close_round(make_round(city.agency), by=city.by, now=LATER)


# --- who owes it -------------------------------------------------------------------------------------------------


def test_a_round_is_issued_once_to_everybody_obliged_by_the_roster_of_the_day(city):
    owing = [
        city.someone(employment="pns"),
        city.someone(employment="cpns"),
        city.someone(employment="pppk", kind="ni_pppk"),
        city.someone(city.root),
        city.someone(status="leave"),
        city.someone(status="cltn"),
    ]
    for employment in ("contract", "tni", "polri", "organiser", "village"):
        city.someone(employment=employment)
    for status in people.GONE:
        city.someone(status=status)
    city.someone(since=TOMORROW)
    pact = make_round(city.agency)
    assert issue(pact) == {"issued": len(owing) - 2, "on_leave": 2, "renewed": 0}, "who is away is told apart"
    assert set(pact.obligations.values_list("person", flat=True)) == {each.pk for each in owing}
    assert set(pact.obligations.values_list("state", flat=True)) == {"issued"}
    duty = duty_of(pact, owing[0])
    assert (duty.unit, duty.post, duty.issued_at) == (city.school, "Guru", MORNING)
    pact.refresh_from_db()
    assert (pact.state, pact.issued_on) == ("issued", TODAY)
    assert entries("pact.issued") == [
        {"round": pact.pk, "issued": len(owing), "renewed": 0, "on": TODAY.isoformat(), "by": None}
    ]


def test_issued_again_a_round_goes_to_newcomers_alone(city, pact, sari, user):
    sign_as(user, duty_of(pact, sari))
    new = city.someone(since=TODAY)
    assert issue(pact) == {"issued": 1, "on_leave": 0, "renewed": 0}
    assert issue(pact) == {"issued": 0, "on_leave": 0, "renewed": 0}
    assert duty_of(pact, new).state == State.ISSUED
    assert duty_of(pact, sari).state == State.SIGNED
    pact.refresh_from_db()
    assert pact.issued_on == TODAY


def test_the_first_day_of_issue_stays(city, pact):
    issue(pact, TOMORROW)
    pact.refresh_from_db()
    assert pact.issued_on == TODAY


def test_a_round_is_not_issued_to_another_agency(city, pact):
    other, root = agency("13.76", "Kota Payakumbuh")
    stranger = person("Tono", stages.TONO, root)
    issue(pact)
    assert not Obligation.objects.filter(person=stranger).exists()
    pact.agencies.add(other)
    assert issue(pact) == {"issued": 1, "on_leave": 0, "renewed": 0}


def test_two_rounds_are_owed_apart(city, pact, sari, user):
    second = make_round(city.agency, "Ikrar kedua", NEXT_TEXT)
    assert issue(second)["issued"] == 1
    sign_as(user, duty_of(second, sari))
    assert duty_of(pact, sari).state == State.ISSUED


@pytest.mark.parametrize(
    ("keeps_on", "change", "renewed"),
    [
        ("same_unit", "unit", 1),
        ("same_unit", "post", 0),
        ("same_unit", "nothing", 0),
        ("same_post", "unit", 1),
        ("same_post", "post", 1),
        ("same_post", "nothing", 0),
        ("same_agency", "unit", 0),
        ("same_agency", "post", 0),
        ("same_agency", "agency", 1),
    ],
)
def test_who_moved_owes_it_anew_where_the_round_says_so(city, sari, user, keeps_on, change, renewed):
    pact = make_round(city.agency, keeps_on=keeps_on)
    other, other_root = agency("13.76", "Kota Payakumbuh")
    pact.agencies.add(other)
    issue(pact)
    sign_as(user, duty_of(pact, sari))
    values = {
        "unit": {"unit": city.other}, "post": {"post": "Wakil Kepala"}, "nothing": {"grade": "III/b"},
        "agency": {"unit": other_root},
    }[change]  # fmt: skip
    city.place(sari, today=TOMORROW, **values)
    assert issue(pact, TOMORROW) == {"issued": 0, "on_leave": 0, "renewed": renewed}
    duty = duty_of(pact, sari)
    assert (duty.state == State.ISSUED) == bool(renewed)
    assert (duty.signature is None) == bool(renewed)
    assert pacts.stands(Signature.objects.get()) == (not renewed)


def test_a_transfer_ends_validity_before_anybody_issues_anew(city, pact, sari, user):
    signature = sign_as(user, duty_of(pact, sari))
    assert pacts.stands(signature)
    city.place(sari, today=TOMORROW, unit=city.other)
    assert not pacts.stands(signature)
    (_, state, valid), *_ = pacts.of_person(sari)
    assert (state, valid) == (State.MOVED, False)
    assert counts(pact, city.school, TOMORROW) == {}
    assert counts(pact, city.other, TOMORROW) == {"roster": 1, "not_issued": 1}


def test_after_a_transfer_the_pact_is_signed_anew_in_the_new_place(city, pact, sari, user):
    """C2: re-signing after transfer. The first signature stays on record, the second counts."""
    first = sign_as(user, duty_of(pact, sari))
    city.place(sari, today=TOMORROW, unit=city.other)
    issue(pact, TOMORROW)
    second = sign_as(user, duty_of(pact, sari), today=TOMORROW, now=LATER)
    assert second.pk != first.pk and second.unit == city.other
    assert pacts.stands(second) and not pacts.stands(fresh(first))
    assert counts(pact, city.other, TOMORROW) == {
        "roster": 1, "issued": 1, "opened": 1, "signed": 1, "valid": 1,
    }  # fmt: skip


def test_after_coming_back_to_the_first_place_the_pact_is_signed_anew(city, pact, sari, user):
    sign_as(user, duty_of(pact, sari))
    for days, unit in ((1, city.other), (2, city.school)):
        city.place(sari, today=TODAY + timedelta(days=days), unit=unit)
        issue(pact, TODAY + timedelta(days=days))
    assert pacts.stands(sign_as(user, duty_of(pact, sari), today=TODAY + timedelta(days=2), now=LATER))


def test_who_moved_owes_anew_what_he_owed_and_nothing_else(city, sari, user):
    """A second round that was renewed already in the new place is left as it was signed there."""
    first, second = make_round(city.agency, "Pertama"), make_round(city.agency, "Kedua", NEXT_TEXT)
    issue(first), issue(second)
    city.place(sari, today=TOMORROW, unit=city.other)
    assert issue(second, TOMORROW) == {"issued": 0, "on_leave": 0, "renewed": 1}
    signature = sign_as(user, duty_of(second, sari), today=TOMORROW)
    assert issue(second, TOMORROW) == {"issued": 0, "on_leave": 0, "renewed": 0}
    duty = duty_of(second, sari)
    assert (duty.state, duty.signature) == (State.SIGNED, signature), "a signature was thrown away"
    assert issue(first, TOMORROW) == {"issued": 0, "on_leave": 0, "renewed": 1}


def test_a_move_with_several_rounds_renews_each_of_them_once(city, sari):
    rounds = [make_round(city.agency, f"Pakta {number}") for number in range(3)]
    for each in rounds:
        issue(each)
    city.place(sari, today=TOMORROW, unit=city.other)
    for each in rounds:
        assert issue(each, TOMORROW) == {"issued": 0, "on_leave": 0, "renewed": 1}
        assert duty_of(each, sari).unit == city.other


def test_who_was_excused_stays_excused_in_a_new_place_until_an_officer_ends_it(city, pact, sari):
    pacts.excuse(duty_of(pact, sari), reason="tugas belajar", by=city.by, now=MORNING)
    city.place(sari, today=TOMORROW, unit=city.other)
    for _ in range(2):
        assert issue(pact, TOMORROW)["renewed"] == 0
        duty = duty_of(pact, sari)
        assert (duty.state, duty.reason, duty.unit) == (State.EXCUSED, "tugas belajar", city.other)
    assert coverage.coverage(pact, city.root, TOMORROW).excused == 1
    pacts.end_excuse(duty, by=city.by, now=MORNING)
    assert duty_of(pact, sari).state == State.ISSUED


@pytest.mark.parametrize("named", [0, 2_000])
def test_a_list_of_people_is_issued_whole_whether_they_are_few_or_many(city, pact, monkeypatch, named):
    monkeypatch.setattr(pacts, "_NAMED_ONE_BY_ONE", named)
    chosen = [city.someone(city.other) for _ in range(3)]
    left_out, moved = city.someone(), city.someone()
    pacts.issue(pact, today=TODAY, only=[moved.pk], by=None, now=MORNING)
    city.place(moved, today=TOMORROW, unit=city.other)
    people = Placement.objects.current().filter(unit=city.other).select_related("person").order_by("person__name")
    counted = pacts.issue(pact, today=TOMORROW, only=people, by=None, now=MORNING)
    assert counted == {"issued": len(chosen), "on_leave": 0, "renewed": 1}
    assert not pact.obligations.filter(person=left_out).exists() and duty_of(pact, moved).unit == city.other


def test_many_who_moved_are_renewed_by_as_many_statements_as_one(city, pact):
    def queries_of(many: int) -> int:
        some = [city.someone() for _ in range(many)]
        pacts.issue(pact, today=TODAY, only=[each.pk for each in some], by=None, now=MORNING)
        for each in some:
            city.place(each, today=TOMORROW, unit=city.other)
        with CaptureQueriesContext(connection) as counted:
            assert issue(pact, TOMORROW)["renewed"] == many
        return len(counted)

    assert queries_of(1) == queries_of(12)


def test_who_left_the_service_is_not_issued_it_again(city, pact, sari):
    city.place(sari, today=TOMORROW, status="retired", unit=city.other)
    assert issue(pact, TOMORROW) == {"issued": 0, "on_leave": 0, "renewed": 0}


# --- signing -----------------------------------------------------------------------------------------------------


def test_a_signature_keeps_what_was_shown_as_it_stood_that_day(city, pact, sari, user):
    duty = duty_of(pact, sari)
    signature = sign_as(user, duty, grade=Grade.PASSKEY)
    duty.refresh_from_db()
    assert (duty.state, duty.signature) == (State.SIGNED, signature)
    assert signature.text_digest == pact.text.digest and signature.version == pact.text
    assert (signature.name, signature.unit, signature.post) == (sari.full_name, city.school, "Guru")
    assert (signature.grade, signature.signed_at, signature.signed_on) == ("passkey", MORNING, TODAY)
    assert len(signature.code) == 16
    assert entries("pact.signed") == [
        {
            "obligation": duty.pk, "round": pact.pk, "text_digest": pact.text.digest, "grade": "passkey",
            "on": TODAY.isoformat(),
        }
    ]  # fmt: skip
    assert ledger.read(signature.entry.payload)


def test_a_pact_whose_text_changed_after_it_was_shown_is_not_signed(city, pact, sari, user):
    duty = duty_of(pact, sari)
    shown = duty.pact_round.text.digest
    pacts.publish_text(pact, NEXT_TEXT, by=city.by, now=LATER)
    with pytest.raises(PactTextChanged):
        sign_as(user, duty, shown_digest=shown)
    assert not Signature.objects.exists() and not entries("pact.signed")
    assert duty_of(pact, sari).state == State.ISSUED


@pytest.mark.parametrize("digest", ["", "0" * 64, "x"])
def test_a_digest_that_was_never_shown_signs_nothing(pact, sari, user, digest):
    with pytest.raises(PactTextChanged):
        sign_as(user, duty_of(pact, sari), shown_digest=digest)
    assert not entries("pact.signed")


def test_the_second_signature_under_one_text_is_refused_and_the_first_stands(pact, sari, user):
    first = sign_as(user, duty_of(pact, sari))
    with pytest.raises(PactAlreadySigned):
        sign_as(user, duty_of(pact, sari), grade=Grade.PASSKEY, now=LATER)
    assert Signature.objects.get() == first
    assert len(entries("pact.signed")) == 1


def test_a_signature_between_reading_and_claiming_wins_and_the_other_leaves_nothing(pact, sari, user, monkeypatch):
    """Of two workers one wins: the other's row was claimed while it worked."""
    duty = duty_of(pact, sari)
    prepare = ledger.prepare

    def meanwhile(event, *args, **kwargs):
        monkeypatch.setattr(pacts.ledger, "prepare", prepare)
        sign_as(user, duty)
        return prepare(event, *args, **kwargs)

    monkeypatch.setattr(pacts.ledger, "prepare", meanwhile)
    with pytest.raises(PactAlreadySigned):
        sign_as(user, duty)
    assert Signature.objects.count() == 1 and len(entries("pact.signed")) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda pact, sari: PactRound.objects.filter(pk=pact.pk).update(state="closed"),
        lambda pact, sari: Placement.objects.filter(person=sari).update(until_on=TODAY),
        lambda pact, sari: Placement.objects.filter(person=sari).update(status="retired"),
        lambda pact, sari: Obligation.objects.filter(person=sari).update(state=State.EXCUSED),
        lambda pact, sari: pacts.publish_text(pact, NEXT_TEXT, by=None, now=MORNING),
    ],
    ids=["closed", "gone", "retired", "excused", "another text"],
)
def test_what_changes_between_reading_and_claiming_is_not_signed_over(pact, sari, user, monkeypatch, change):
    duty = duty_of(pact, sari)
    prepare = ledger.prepare

    def meanwhile(event, *args, **kwargs):
        entry = prepare(event, *args, **kwargs)
        monkeypatch.setattr(pacts.ledger, "prepare", prepare)
        change(pact, sari)
        return entry

    monkeypatch.setattr(pacts.ledger, "prepare", meanwhile)
    with pytest.raises((PactNotOpen, PactTextChanged)):
        sign_as(user, duty)
    assert not Signature.objects.exists() and not entries("pact.signed")


def test_an_opening_between_reading_and_claiming_does_not_make_a_signature_of_it(pact, sari, user, monkeypatch):
    """A page that is opened in another worker in that moment is no signature: nobody may be told that he has signed."""
    duty = duty_of(pact, sari)
    prepare = ledger.prepare

    def meanwhile(event, *args, **kwargs):
        Obligation.objects.filter(pk=duty.pk, state=State.ISSUED).update(state=State.OPENED, opened_at=MORNING)
        return prepare(event, *args, **kwargs)

    monkeypatch.setattr(pacts.ledger, "prepare", meanwhile)
    try:
        assert sign_as(user, duty)
    except PactAlreadySigned:
        pytest.fail("told as already signed, and nothing is signed")


def test_of_all_that_are_written_together_each_is_claimed_by_what_was_shown_to_him_alone(city, pact, sari, user):
    """Two tabs of one person, two whose page holds, one who was moved and one who was excused meanwhile: one statement."""
    rina, budi, moved, excused = (city.someone() for _ in range(4))
    issue(pact)
    users = [(sari, user), (sari, user), *((each, account(each)) for each in (rina, budi, moved, excused))]
    ready = [
        pacts._prepare(pacts.sheet(duty_of(pact, each).pk, user=own), pact.text.digest, Grade.PASSWORD, TODAY, MORNING)
        for each, own in users
    ]
    Placement.objects.filter(person=moved).update(post="Kepala Sekolah")
    pacts.excuse(duty_of(pact, excused), reason="cuti di luar tanggungan negara", by=user, now=MORNING)
    with transaction.atomic():
        keys = pacts._write_signatures(ready)
    assert [key is not None for key in keys[2:]] == [True, True, False, False]
    assert (keys[0] is None) != (keys[1] is None), "of two tabs one"
    made = {each.pk: each for each in Signature.objects.all()}
    assert set(made) == {key for key in keys if key} and len(entries("pact.signed")) == 3
    for each in (sari, rina, budi):
        duty = duty_of(pact, each)
        signature = made[duty.signature_id]
        assert (duty.state, signature.person, signature.name) == (State.SIGNED, each, each.full_name)
        assert ledger.read(signature.entry.payload)


def test_nobody_signs_for_somebody_else(city, pact, sari, user):
    duty = duty_of(pact, sari)
    head = account(city.someone(is_head=True))
    for other in (head, outsider("LUAR", "Orang Luar")):
        with pytest.raises(NotTheSigner):
            sign_as(other, duty)
        with pytest.raises(NotTheSigner):
            pacts.refuse(duty, user=other, reason="tidak", now=LATER)
    with pytest.raises(NotTheSigner):
        pacts.sign(10**9, user=user, shown_digest="x", grade=Grade.PASSWORD, today=TODAY, now=MORNING)
    signature = sign_as(user, duty)
    with pytest.raises(NotTheSigner):
        pacts.contest(signature, user=head, reason="bukan dia", now=LATER)


def test_opening_is_remembered_once_and_only_before_anything_else(pact, sari, user):
    pacts.opened(duty_of(pact, sari).pk, now=MORNING)
    pacts.opened(duty_of(pact, sari).pk, now=LATER)
    duty = duty_of(pact, sari)
    assert (duty.state, duty.opened_at) == (State.OPENED, MORNING)
    pacts.refuse(duty, user=user, reason="tidak", now=LATER)
    pacts.opened(duty_of(pact, sari).pk, now=LATER)
    assert duty_of(pact, sari).state == State.REFUSED


# --- the state machine -------------------------------------------------------------------------------------------


def _into(state: str, city, pact, sari, user) -> Obligation:
    """Bring Sari's obligation into a state by the acts that lead there."""
    duty = duty_of(pact, sari)
    if state == "opened":
        pacts.opened(duty.pk, now=MORNING)
    elif state == "signed":
        sign_as(user, duty)
    elif state == "signed old text":
        sign_as(user, duty)
        pacts.publish_text(pact, NEXT_TEXT, by=city.by, now=MORNING)
    elif state == "refused":
        pacts.refuse(duty, user=user, reason="keyakinan", now=MORNING)
    elif state == "excused":
        pacts.excuse(duty, reason="tugas belajar", by=city.by, now=MORNING)
    elif state == "contested":
        pacts.contest(sign_as(user, duty), user=user, reason="bukan saya", now=MORNING)
    elif state == "on leave":
        city.place(sari, status="leave")
    elif state == "moved":
        city.place(sari, unit=city.other)
    elif state == "retired":
        city.place(sari, status="retired")
    elif state == "off the roster":
        sari.placements.update(until_on=TODAY)
    pact.refresh_from_db()
    return duty_of(pact, sari)


ALLOWED = {
    #                   sign   refuse excuse end_excuse
    "issued":          (True,  True,  True,  False),
    "opened":          (True,  True,  True,  False),
    "signed":          (False, False, False, False),
    "signed old text": (True,  True,  True,  False),
    "refused":         (True,  False, True,  False),
    "excused":         (False, False, False, True),
    "contested":       (True,  True,  True,  False),
    "on leave":        (True,  True,  True,  False),
    "moved":           (False, True,  True,  False),
    "retired":         (False, True,  True,  False),
    "off the roster":  (False, True,  True,  False),
}  # fmt: skip


@pytest.mark.parametrize("act", ["sign", "refuse", "excuse", "end_excuse"])
@pytest.mark.parametrize("state", ALLOWED)
def test_what_may_follow_what(city, pact, sari, user, state, act):
    duty = _into(state, city, pact, sari, user)
    before = LogPayload.objects.count()
    does = {
        "sign": lambda: sign_as(user, duty, now=LATER),
        "refuse": lambda: pacts.refuse(duty, user=user, reason="tidak", now=LATER),
        "excuse": lambda: pacts.excuse(duty, reason="sakit", by=city.by, now=LATER),
        "end_excuse": lambda: pacts.end_excuse(duty, by=city.by, now=LATER),
    }[act]
    if ALLOWED[state][("sign", "refuse", "excuse", "end_excuse").index(act)]:
        does()
        after = {"sign": "signed", "refuse": "refused", "excuse": "excused", "end_excuse": "issued"}[act]
        assert duty_of(pact, sari).state == after
        assert LogPayload.objects.count() == before + 1
    else:
        with pytest.raises((PactNotOpen, PactAlreadySigned, DutySettled)):
            does()
        assert duty_of(pact, sari).state == duty.state
        assert LogPayload.objects.count() == before


@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_a_reason_is_asked_wherever_one_is_owed(city, pact, sari, user, reason):
    duty = duty_of(pact, sari)
    with pytest.raises(ReasonMissing):
        pacts.refuse(duty, user=user, reason=reason, now=LATER)
    with pytest.raises(ReasonMissing):
        pacts.excuse(duty, reason=reason, by=city.by, now=LATER)
    signature = sign_as(user, duty)
    with pytest.raises(ReasonMissing):
        pacts.contest(signature, user=user, reason=reason, now=LATER)
    assert duty_of(pact, sari).state == State.SIGNED


def test_who_refused_can_sign_later_and_the_reason_goes(pact, sari, user):
    duty = duty_of(pact, sari)
    pacts.refuse(duty, user=user, reason="  keyakinan  ", now=MORNING)
    assert duty_of(pact, sari).reason == "keyakinan"
    sign_as(user, duty_of(pact, sari))
    assert (duty_of(pact, sari).state, duty_of(pact, sari).reason) == (State.SIGNED, "")


def test_no_name_number_or_reason_goes_into_the_log(city, pact, sari, user):
    duty = duty_of(pact, sari)
    pacts.refuse(duty, user=user, reason="keyakinan agama", now=MORNING)
    pacts.contest(sign_as(user, duty), user=user, reason="bukan saya", now=LATER)
    pacts.excuse(duty_of(pact, sari), reason="sakit jiwa", by=city.by, now=LATER)
    said = b"".join(bytes(each.payload) for each in LogPayload.objects.all()).decode()
    for private in (sari.name, sari.identifier, "keyakinan", "bukan saya", "sakit"):
        assert private not in said


# --- contesting --------------------------------------------------------------------------------------------------


def test_a_contested_signature_counts_no_more_and_another_can_be_made(city, pact, sari, user):
    first = sign_as(user, duty_of(pact, sari))
    pacts.contest(first, user=user, reason="bukan saya", now=LATER)
    assert not pacts.stands(fresh(first))
    assert counts(pact, city.school) == {"roster": 1, "issued": 1}
    second = sign_as(user, duty_of(pact, sari), now=LATER)
    assert (first.attempt, second.attempt) == (0, 1)
    assert pacts.stands(second) and not pacts.stands(fresh(first))
    pacts.contest(second, user=user, reason="lagi-lagi bukan saya", now=LATER)
    assert sign_as(user, duty_of(pact, sari), now=LATER).attempt == 2
    assert counts(pact, city.school)["valid"] == 1


def test_a_signature_is_contested_once(pact, sari, user):
    signature = sign_as(user, duty_of(pact, sari))
    pacts.contest(signature, user=user, reason="bukan saya", now=LATER)
    with pytest.raises(SignatureAlreadyContested):
        pacts.contest(signature, user=user, reason="bukan saya", now=LATER)
    assert len(entries("pact.contested")) == 1


def test_contesting_an_old_signature_leaves_the_one_in_force(city, pact, sari, user):
    old = sign_as(user, duty_of(pact, sari))
    pacts.publish_text(pact, NEXT_TEXT, by=city.by, now=LATER)
    new = sign_as(user, duty_of(pact, sari), now=LATER)
    pacts.contest(old, user=user, reason="bukan saya", now=LATER)
    assert duty_of(pact, sari).signature == new
    assert pacts.stands(fresh(new)) and not pacts.stands(fresh(old))


def test_who_signed_the_old_text_may_refuse_the_new_one_and_is_counted_as_refusing(city, pact, sari, user):
    sign_as(user, duty_of(pact, sari))
    pacts.publish_text(pact, NEXT_TEXT, by=city.by, now=LATER)
    pacts.refuse(duty_of(pact, sari), user=user, reason="teks baru bertentangan dengan keyakinan saya", now=LATER)
    pact.refresh_from_db()
    assert counts(pact, city.school) == {"roster": 1, "issued": 1, "refused": 1}
    assert pacts.missing(pact, city.school, TODAY).get().person == sari
    assert duty_of(pact, sari).signature is not None, "what was signed stays on record"
    sign_as(user, duty_of(pact, sari), now=LATER)
    assert counts(pact, city.school)["valid"] == 1


def test_a_signature_of_this_moment_is_not_undone_by_a_refusal_that_was_read_before(city, pact, sari, user):
    sign_as(user, duty_of(pact, sari))
    pacts.publish_text(pact, NEXT_TEXT, by=city.by, now=LATER)
    old = duty_of(pact, sari)
    sign_as(user, duty_of(pact, sari), now=LATER)
    with pytest.raises(PactNotOpen):
        pacts.refuse(old, user=user, reason="tidak", now=LATER)
    with pytest.raises(DutySettled):
        pacts.excuse(old, reason="sakit", by=city.by, now=LATER)
    assert duty_of(pact, sari).state == State.SIGNED


def test_who_signed_is_told_of_a_new_text_and_nobody_else(city, pact, sari, user):
    city.someone()
    issue(pact)
    sign_as(user, duty_of(pact, sari))
    pacts.publish_text(pact, NEXT_TEXT, by=city.by, now=LATER)
    notice = Notice.objects.get()
    assert (notice.person, notice.kind) == (sari, "pact_text_changed")
    assert (notice.values["old"], notice.values["new"]) == (1, 2)
    pacts.publish_text(pact, NEXT_TEXT, by=city.by, now=LATER)
    assert Notice.objects.count() == 1, "the same text again tells nobody anything"


def test_a_round_is_not_made_due_in_the_past(city):
    with pytest.raises(DueInPast):
        make_round(city.agency, due_on=TODAY - timedelta(days=1), today=TODAY)
    assert make_round(city.agency, due_on=TODAY, today=TODAY).due_on == TODAY


# --- signed and valid --------------------------------------------------------------------------------------------


def test_under_a_new_text_a_signature_is_signed_and_not_valid(city, pact, sari, user):
    old = sign_as(user, duty_of(pact, sari))
    assert counts(pact, city.school) == {"roster": 1, "issued": 1, "opened": 1, "signed": 1, "valid": 1}
    pacts.publish_text(pact, NEXT_TEXT, by=city.by, now=LATER)
    pact.refresh_from_db()
    assert counts(pact, city.school) == {"roster": 1, "issued": 1, "opened": 1, "signed": 1}
    assert not pacts.stands(Signature.objects.get(pk=old.pk))
    (_, state, valid), *_ = pacts.of_person(sari)
    assert (state, valid) == (State.SIGNED, False)
    sign_as(user, duty_of(pact, sari), now=LATER)
    assert counts(pact, city.school)["valid"] == 1


def test_leave_takes_the_duty_away_and_return_brings_it_back(city, pact, sari):
    city.place(sari, today=TOMORROW, status="leave")
    assert counts(pact, city.school, TOMORROW) == {"roster": 1, "on_leave": 1}
    city.place(sari, today=TOMORROW + timedelta(days=1), status="active")
    assert counts(pact, city.school, TOMORROW + timedelta(days=1)) == {"roster": 1, "issued": 1}


def test_a_signature_made_before_the_leave_goes_on_counting(city, pact, sari, user):
    sign_as(user, duty_of(pact, sari))
    city.place(sari, today=TOMORROW, status="leave")
    assert counts(pact, city.school, TOMORROW) == {"roster": 1, "issued": 1, "opened": 1, "signed": 1, "valid": 1}


@pytest.mark.parametrize("status", sorted(people.GONE))
def test_who_left_the_service_is_on_no_roster_and_his_signature_stands_no_more(city, pact, sari, user, status):
    signature = sign_as(user, duty_of(pact, sari))
    city.place(sari, today=TOMORROW, status=status)
    assert counts(pact, city.school, TOMORROW) == {}
    assert not pacts.stands(signature)
    (_, state, _), *_ = pacts.of_person(sari)
    assert state == State.RETIRED


@pytest.mark.parametrize("status", sorted(people.GONE))
def test_what_is_shown_as_valid_to_its_owner_is_valid_in_the_public_check_too(city, pact, sari, user, status):
    signature = sign_as(user, duty_of(pact, sari))
    city.place(sari, today=TOMORROW, status=status)
    (_, _, valid), *_ = pacts.of_person(sari)
    assert valid == pacts.stands(signature) == False  # noqa: E712 - the three must agree


def test_a_transfer_changes_both_units_figures_at_once(city, pact, sari, user):
    sign_as(user, duty_of(pact, sari))
    assert counts(pact, city.education) == {"roster": 1, "issued": 1, "opened": 1, "signed": 1, "valid": 1}
    city.place(sari, today=TOMORROW, unit=city.other)
    issue(pact, TOMORROW)
    assert counts(pact, city.school, TOMORROW) == {}
    assert counts(pact, city.other, TOMORROW) == {"roster": 1, "issued": 1}


# --- a day in the past -------------------------------------------------------------------------------------------


def test_a_past_day_is_counted_against_the_roster_and_the_signatures_of_that_day(city, pact, sari, user):
    sign_as(user, duty_of(pact, sari), today=TOMORROW)
    late = city.someone(since=TOMORROW)
    issue(pact, TOMORROW)
    day_after = TOMORROW + timedelta(days=1)
    city.place(sari, today=day_after, status="retired")
    assert counts(pact, city.school, TODAY)["roster"] == 1
    assert "valid" not in counts(pact, city.school, TODAY)
    assert counts(pact, city.school, TOMORROW) == {"roster": 2, "issued": 2, "opened": 1, "signed": 1, "valid": 1}
    assert counts(pact, city.school, day_after) == {"roster": 1, "issued": 1}
    assert pacts.missing(pact, city.school, day_after).get().person == late


def test_on_a_day_before_the_signing_nobody_had_signed(city, pact, sari, user):
    sign_as(user, duty_of(pact, sari), today=TOMORROW)
    counted = coverage.coverage(pact, city.school, TODAY)
    assert (counted.valid, counted.signed) == (0, 0), "signed before it was signed"


def test_on_a_past_day_those_are_missing_whom_the_coverage_counts_as_missing(city, pact, sari, user):
    """The demo moves its day back and forth; a page must not say "2 missing" over a list of one."""
    city.someone(since=date(2024, 2, 1))
    issue(pact)
    sign_as(user, duty_of(pact, sari), today=TOMORROW)
    assert pacts.missing(pact, city.school, TODAY).count() == coverage.coverage(pact, city.school, TODAY).missing == 2


def test_a_transfer_leaves_the_figures_of_the_days_before_it(city, pact, sari, user):
    """A2: a transfer changes both units' figures at once, history stays."""
    sign_as(user, duty_of(pact, sari), today=TODAY)
    before = counts(pact, city.school, TODAY)
    city.place(sari, today=TOMORROW, unit=city.other)
    assert counts(pact, city.school, TODAY) == before
    issue(pact, TOMORROW)
    assert counts(pact, city.school, TODAY) == before, "issuing in the new place rewrote the past of the old one"


# --- coverage adds up --------------------------------------------------------------------------------------------


def by_hand(pact_round: PactRound, unit: WorkUnit, day: date) -> Coverage:
    """Count one person after another, by the words of the issue; slow and plain."""
    total = Coverage()
    for placement in Placement.objects.on(day).select_related("unit", "person"):
        inside = (
            placement.unit.agency_id == unit.agency_id
            and unit.position <= placement.unit.position <= unit.last_position
        )
        if not inside or placement.status in people.GONE:
            continue
        cell = {"roster": 1}
        duty = Obligation.objects.filter(pact_round=pact_round, person=placement.person).first()
        same = (
            duty is not None
            and {
                "same_agency": duty.unit.agency_id == placement.unit.agency_id,
                "same_unit": duty.unit_id == placement.unit_id,
                "same_post": (duty.unit_id, duty.post) == (placement.unit_id, placement.post),
            }[pact_round.keeps_on]
        )
        valid = bool(same and duty.signature and duty.signature.version_id == pact_round.text_id)
        if placement.employment not in pact_round.employments:
            cell["not_obliged"] = 1
        elif same and duty.state == State.EXCUSED:
            cell["excused"] = 1
        elif placement.status in people.AWAY and not valid:
            cell["on_leave"] = 1
        elif not same:
            cell["not_issued"] = 1
        else:
            cell |= {"issued": 1, "valid": int(valid), "refused": int(duty.state == State.REFUSED)}
            cell["signed"] = int(duty.state == State.SIGNED)
            cell["opened"] = int(duty.state in (State.OPENED, State.SIGNED))
        total += Coverage(**cell)
    return total


def _random_city(city: City, chance: random.Random) -> PactRound:
    """A population after some weeks of a programme: everything that can happen to a person happened to some."""
    places = [city.root, city.education, city.school, city.other]
    rest = sorted(set(people.Employment) - people.ASN)
    everybody = [
        city.someone(
            chance.choice(places),
            employment=chance.choice([*people.ASN] * 4 + rest),
            status=chance.choice(["active"] * 8 + ["leave", "cltn", "retired", "died"]),
            post=chance.choice(["Guru", "Staf"]),
        )
        for _ in range(30)
    ]
    pact = make_round(
        city.agency, keeps_on=chance.choice(["same_post", "same_unit", "same_agency"]),
        employments=chance.choice([people.ASN, people.ASN, [*people.ASN, "contract"]]),
    )  # fmt: skip
    # Another round in the same city, so that nothing is counted by its rows.
    other = make_round(city.agency, "Lain", NEXT_TEXT)
    issue(pact), issue(other)
    everybody += [city.someone(chance.choice(places), since=TODAY) for _ in range(4)]
    for someone in everybody:
        for each in (pact, other):
            duty = Obligation.objects.filter(pact_round=each, person=someone).first()
            if duty:
                _live(duty, city, chance)
    if chance.random() < 0.4:
        pacts.publish_text(pact, NEXT_TEXT, by=city.by, now=LATER)
        pact.refresh_from_db()
    for someone in everybody:
        happens = chance.random()
        placement = someone.placements.get(until_on=None)
        if happens < 0.15:
            city.place(someone, today=TOMORROW, unit=chance.choice(places))
        elif happens < 0.25:
            city.place(someone, today=TOMORROW, post="Wakil")
        elif happens < 0.35:
            city.place(someone, today=TOMORROW, status=chance.choice(["leave", "active", "retired"]))
        elif happens < 0.4 and placement.from_on < TOMORROW:
            someone.placements.filter(until_on=None).update(until_on=TOMORROW)
    if chance.random() < 0.5:
        issue(pact, TOMORROW)
        for duty in pact.obligations.filter(state=State.ISSUED):
            if chance.random() < 0.3:
                _live(duty, city, chance)
    return pact


def _live(duty: Obligation, city: City, chance: random.Random) -> None:
    """Let somebody do one of the things one can do with a pact."""
    act = chance.choice(["nothing", "open", "sign", "sign", "sign", "refuse", "excuse", "contest"])
    user = account(duty.person)
    try:
        if act == "open":
            pacts.opened(duty.pk, now=MORNING)
        elif act == "refuse":
            pacts.refuse(duty, user=user, reason="tidak", now=MORNING)
        elif act == "excuse":
            pacts.excuse(duty, reason="tugas", by=city.by, now=MORNING)
        elif act in ("sign", "contest"):
            signature = sign_as(user, duty)
            if act == "contest":
                pacts.contest(signature, user=user, reason="bukan", now=MORNING)
    except (PactNotOpen, PactAlreadySigned):
        pass


@pytest.mark.parametrize("seed", range(12))
def test_the_counts_of_any_population_add_up(city, seed):
    chance = random.Random(seed)
    pact = _random_city(city, chance)
    for unit in WorkUnit.objects.filter(agency=city.agency):
        below = coverage.coverage_below(pact, unit, TOMORROW)
        total, rows, own = below.total, below.rows, below.own
        assert total == coverage.coverage(pact, unit, TOMORROW) == by_hand(pact, unit, TOMORROW), f"seed {seed}, {unit}"
        assert total == sum((counted for _, counted in rows), own), f"seed {seed}, {unit}"
        assert total.adds_up()
        assert total.obliged == total.roster - total.not_obliged - total.on_leave - total.excused
        assert total.valid <= total.signed <= total.opened <= total.issued
        assert min(getattr(total, name) for name in total.__dataclass_fields__) >= 0
        missing = list(pacts.missing(pact, unit, TOMORROW))
        assert len(missing) == total.missing, f"seed {seed}, {unit}"
        assert len({each.person_id for each in missing}) == len(missing)


@pytest.mark.parametrize("seed", range(12))
def test_kept_counts_are_those_of_counting_whatever_happened_since(city, seed, monkeypatch):
    """At random moments a worker counts; what happened since, on the same day or a later one, is never missing."""
    chance = random.Random(seed)
    monkeypatch.setattr(coverage, "COUNTED_AT_ONCE", -1)
    monkeypatch.setattr(coverage, "_MOST_PEOPLE_TOUCHED", 10_000)
    monkeypatch.setattr(clock, "today", lambda zone=None: TODAY)
    lived = _live

    def live_and_count(*arguments):
        lived(*arguments)
        if chance.random() < 0.2:
            coverage.count_touched(MORNING)

    monkeypatch.setitem(globals(), "_live", live_and_count)
    pact = _random_city(city, random.Random(seed))
    if chance.random() < 0.5:
        coverage.count_touched(MORNING)
    kept_of = pact.counted.day if hasattr(pact, "counted") else None
    monkeypatch.setattr(clock, "today", lambda zone=None: TOMORROW)
    for counted in (False, True):
        if counted:
            coverage.count_touched(LATER)
            assert UnitTouch.objects.count() == 0
        for unit in WorkUnit.objects.filter(agency=city.agency):
            for day in {kept_of, TOMORROW} - {None} if not counted else {TOMORROW}:
                below = coverage.coverage_below(pact, unit, day)
                assert below.total == coverage.coverage(pact, unit, day), f"seed {seed}, {unit}, {day}"
                if below.as_of is None and day == TOMORROW:
                    assert below.total == by_hand(pact, unit, day), f"seed {seed}, {unit}"
                    assert below.total == sum((each for _, each in below.rows), below.own)
    assert coverage.coverage_below(pact, city.root, TOMORROW).as_of is None
    assert UnitCount.objects.filter(pact_round=pact).count() == city.agency.units.count()


def test_a_figure_that_cannot_be_put_right_at_once_says_when_it_was_right(city, pact, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda zone=None: TODAY)
    monkeypatch.setattr(coverage, "COUNTED_AT_ONCE", 0)
    coverage.count_touched(MORNING)
    monkeypatch.setattr(coverage, "_MOST_TOUCHED", 0)
    before = coverage.coverage_below(pact, city.root, TODAY)
    duty = pact.obligations.first()
    sign_as(account(duty.person), duty)
    shown = coverage.coverage_below(pact, city.root, TODAY)
    assert shown.as_of == MORNING and shown.total == before.total and before.as_of is None
    coverage.count_touched(LATER)
    shown = coverage.coverage_below(pact, city.root, TODAY)
    assert shown.as_of is None and shown.total.valid == before.total.valid + 1


@pytest.mark.parametrize("seed", range(6))
def test_what_a_page_shows_to_each_person_is_what_the_coverage_counts(city, seed):
    """Same figure, same number, everywhere: on one's own page, in the public check, in the unit's count."""
    pact = _random_city(city, random.Random(seed))
    shown, stood = set(), set()
    for duty in pact.obligations.select_related("person", "signature"):
        if next(valid for each, _, valid in pacts.of_person(duty.person) if each.pk == duty.pk):
            shown.add(duty.pk)
        if duty.signature and pacts.stands(fresh(duty.signature)):
            stood.add(duty.pk)
    assert len(stood) == coverage.coverage(pact, city.root, TOMORROW).valid
    assert shown == stood


def test_coverage_of_a_unit_with_nobody_in_it_is_nought(city, pact):
    assert coverage.coverage(pact, city.other, TODAY) == Coverage()
    below = coverage.coverage_below(pact, city.other, TODAY)
    total, rows, own = below.total, below.rows, below.own
    assert (total, rows, own) == (Coverage(), [], Coverage())


def test_coverage_takes_two_queries_however_many_units_there_are(city, pact, django_assert_num_queries):
    for number in range(30):
        WorkUnit.objects.create(
            agency=city.agency, parent=city.education, code=f"X{number}", name=f"X{number}", kind="school"
        )
    units.renumber(city.agency)
    city.root.refresh_from_db()
    with django_assert_num_queries(2):  # kept counts, of which there are none; and the count
        coverage.coverage(pact, city.root, TODAY)


def test_the_other_agencys_units_of_the_same_position_are_not_counted(city, pact):
    other, root = agency("13.76", "Kota Payakumbuh")
    person("Tono", stages.TONO, root)
    pact.agencies.add(other)
    issue(pact)
    assert root.position == city.root.position
    assert counts(pact, city.root) == {"roster": 1, "issued": 1}
    assert counts(pact, root) == {"roster": 1, "issued": 1}


# --- missing and reminding ---------------------------------------------------------------------------------------


def test_missing_are_those_who_owe_and_have_no_valid_signature(city, pact, sari, user):
    signed = sign_as(user, duty_of(pact, sari)).person
    away, excused = city.someone(status="leave"), city.someone()
    not_yet, contract, refused = city.someone(), city.someone(employment="contract"), city.someone()
    issue(pact)
    newcomer = city.someone()
    pacts.excuse(duty_of(pact, excused), reason="tugas", by=city.by, now=MORNING)
    pacts.refuse(duty_of(pact, refused), user=account(refused), reason="tidak", now=MORNING)
    found = {each.person for each in pacts.missing(pact, city.root, TODAY)}
    assert found == {not_yet, refused, newcomer}
    assert not found & {signed, away, excused, contract}


def test_only_the_missing_are_reminded(city, pact, sari, user):
    late = city.someone()
    issue(pact)
    sign_as(user, duty_of(pact, sari))
    made = pacts.remind(pact, city.school, link="/pakta/", today=TODAY, by=city.by, now=MORNING)
    assert made.people == 1
    notice = Notice.objects.get()
    assert (notice.person, notice.kind, notice.link) == (late, "pact_missing", "/pakta/")
    assert entries("pact.reminded") == [{"round": pact.pk, "unit": city.school.pk, "people": 1, "by": city.by.pk}]


def test_nobody_is_reminded_twice_within_the_pause(city, pact):
    pacts.remind(pact, city.school, link="/", today=TODAY, by=city.by, now=MORNING)
    for unit in (city.school, city.education, city.root):
        with pytest.raises(ReminderTooSoon) as refused:
            pacts.remind(pact, unit, link="/", today=TOMORROW, by=city.by, now=MORNING)
        assert refused.value.next_on == TODAY + pacts.REMINDER_PAUSE
    pacts.remind(pact, city.other, link="/", today=TODAY, by=city.by, now=MORNING)
    pacts.remind(pact, city.school, link="/", today=TODAY + pacts.REMINDER_PAUSE, by=city.by, now=MORNING)


def test_a_reminder_to_one_school_leaves_the_others_of_the_office_to_be_reminded(city, pact, sari):
    late = city.someone(city.other)
    issue(pact)
    assert pacts.remind(pact, city.school, link="/", today=TODAY, by=city.by, now=MORNING).people == 1
    made = pacts.remind(pact, city.root, link="/", today=TOMORROW, by=city.by, now=MORNING)
    assert (made.people, made.too_soon, made.used_up) == (1, 1, 0)
    assert Notice.objects.latest("pk").person == late
    assert Notice.objects.filter(person=sari).count() == 1


def test_who_was_reminded_as_often_as_may_be_is_left_out_and_counted(city, pact, sari):
    day = TODAY
    for _ in range(pacts.MOST_REMINDERS):
        pacts.remind(pact, city.school, link="/", today=day, by=city.by, now=MORNING)
        day += pacts.REMINDER_PAUSE
    city.someone()
    issue(pact)
    made = pacts.remind(pact, city.school, link="/", today=day, by=city.by, now=MORNING)
    assert (made.people, made.too_soon, made.used_up) == (1, 0, 1)


def test_the_pause_goes_with_the_person_and_not_with_the_place(city, pact, sari):
    """Somebody reminded in one school and transferred is not reminded again the next day in the other."""
    pacts.remind(pact, city.school, link="/", today=TODAY, by=city.by, now=MORNING)
    city.place(sari, today=TOMORROW, unit=city.other)
    with pytest.raises(ReminderTooSoon):
        pacts.remind(pact, city.other, link="/", today=TOMORROW, by=city.by, now=MORNING)


def test_nobody_is_reminded_more_often_than_the_cap(city, pact):
    day = TODAY
    for _ in range(pacts.MOST_REMINDERS):
        pacts.remind(pact, city.school, link="/", today=day, by=city.by, now=MORNING)
        day += pacts.REMINDER_PAUSE
    with pytest.raises(RemindersUsedUp):
        pacts.remind(pact, city.school, link="/", today=day, by=city.by, now=MORNING)
    assert Notice.objects.count() == pacts.MOST_REMINDERS


def test_the_cap_counts_for_each_person_and_not_for_the_whole_city(city, pact):
    """An officer who reminded seven schools once each has reminded nobody more than once."""
    schools = [city._unit(city.education, f"SD{number}", "school") for number in range(pacts.MOST_REMINDERS + 1)]
    for school in schools:
        city.someone(school)
    issue(pact)
    for school in schools:
        pacts.remind(pact, school, link="/", today=TODAY, by=city.by, now=MORNING)
    city.root.refresh_from_db()
    later = TODAY + pacts.REMINDER_PAUSE
    try:
        pacts.remind(pact, city.root, link="/", today=later, by=city.by, now=MORNING)
    except ReminderTooSoon as refused:
        pytest.fail(f"nobody was reminded more than once, and yet: next on {refused.next_on}")


def test_a_reminder_of_another_round_does_not_count(city, pact):
    second = make_round(city.agency, "Kedua", NEXT_TEXT)
    issue(second)
    pacts.remind(pact, city.school, link="/", today=TODAY, by=city.by, now=MORNING)
    pacts.remind(second, city.school, link="/", today=TODAY, by=city.by, now=MORNING)
    assert Reminder.objects.count() == 2


# --- one's own ---------------------------------------------------------------------------------------------------


def test_ones_own_list_holds_issued_rounds_newest_first(city, pact, sari):
    make_round(city.agency, "Rancangan")
    second = make_round(city.agency, "Kedua", NEXT_TEXT)
    issue(second)
    assert [duty.pact_round for duty, _, _ in pacts.of_person(sari)] == [second, pact]
    assert pacts.of_person(sari.pk) == pacts.of_person(sari)


def test_a_signature_of_a_day_is_dated_by_the_place_and_not_by_the_clock_of_london(city, pact, sari, user):
    """At half past one in the morning in Bukittinggi it is still yesterday in UTC."""
    at = datetime(2024, 10, 25, 18, 30, tzinfo=UTC)
    signature = sign_as(user, duty_of(pact, sari), now=at, today=date(2024, 10, 26))
    assert (signature.signed_on, signature.signed_at) == (date(2024, 10, 26), at)


def test_signing_needs_no_more_queries_for_a_larger_city(city, pact, sari, user, django_assert_max_num_queries):
    for _ in range(20):
        city.someone()
    issue(pact)
    with django_assert_max_num_queries(16):
        sign(duty_of(pact, sari), user)


# --- what was written over -----------------------------------------------------------------------------------------


def without_guards(table):
    """Take the guards of a table away, as an administrator of the database could; the test's end puts them back."""
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {table}_no_update{on}")


@pytest.mark.parametrize(
    "change",
    [
        {"text_digest": "0" * 64}, {"grade": "passkey"}, {"signed_on": YESTERDAY}, {"person": "other"}, {"obligation": "other"},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_signature_that_no_longer_says_what_the_log_says_is_found(city, pact, sari, user, change):
    other = city.someone()
    issue(pact)
    signature = sign_as(user, duty_of(pact, sari))
    assert pacts.altered() == []
    others = {"person": other, "obligation": duty_of(pact, other)}
    without_guards("records_signature")
    Signature.objects.filter(pk=signature.pk).update(
        **{name: others[name] if value == "other" else value for name, value in change.items()}
    )
    assert pacts.altered() == [f"signature {signature.pk}"]
    LogPayload.objects.all().delete()
    kept = "text_digest" in change or "person" in change or "obligation" in change
    assert bool(pacts.altered()) == kept, "what only the log told is told no more"


def test_a_published_text_that_was_written_over_is_found(city, pact):
    without_guards("records_pactversion")
    PactVersion.objects.update(points=["boleh memihak"])
    assert pacts.altered() == [f"text {pact.text_id}"]
    PactVersion.objects.update(points=[])
    assert pacts.altered() == [f"text {pact.text_id}"]
