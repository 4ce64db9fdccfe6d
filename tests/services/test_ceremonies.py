"""Ceremonies: signatures made at an activity, witnesses from outside, pacts of office-holders, the record."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction

from ikrar.domain import gatherings, witnesses
from ikrar.domain.errors import (
    ActivitySigned,
    AttendanceSettled,
    CeremonyNotOpen,
    CeremonyWithoutPact,
    HolderFromOutside,
    HolderOnRoster,
    NameMissing,
    NobodySignedYet,
    NoOfficeChosen,
    NothingToPrint,
    NotInvited,
    NotTheSigner,
    OfficeOutOfReach,
    OfficeWithoutHolder,
    OwnDeviceNeeded,
    PactNotOpen,
    ReminderTooSoon,
    SignInRefused,
    StatementChanged,
    WitnessAlreadySigned,
    WitnessCodeRefused,
    WitnessNameDiffers,
    WitnessNotArrived,
)
from ikrar.domain.pacts import Coverage, Grade, State
from ikrar.records import kept
from ikrar.records.models import (
    Activity,
    Agency,
    Attendance,
    Guest,
    InvitedUnit,
    LogPayload,
    Notice,
    Obligation,
    Office,
    Person,
    Placement,
    Signature,
    Witness,
)
from ikrar.services import (
    accounts,
    activities,
    activity_papers,
    attendance,
    ceremonies,
    certificates,
    coverage,
    offices,
    pacts,
    papers,
)
from tests.conftest import TEXT, TODAY, make_agency
from tests.services.test_paper import needs_pdftotext, text_of
from tests.web import stage as stages

pytestmark = pytest.mark.django_db

PASSWORD = "hujan turun di Ngarai"


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    return stages.make_home(tmp_path_factory.mktemp("ceremonies"))


@pytest.fixture(autouse=True)
def here(settings, keys, now):
    """It is ten in the morning of the stage; papers are sealed with keys of this folder."""
    settings.HOME = keys
    with time_machine.travel(now, tick=False):
        yield


def make_activity(agency, pact_round, **more):
    given = {
        "kind": "declaration", "state": "open", "title": "Deklarasi Netralitas", "place": "Aula Balai Kota",
        "on": TODAY, "created_at": datetime(2024, 10, 25, 1, 0, tzinfo=UTC), "secret": "00" * 32,
    } | more  # fmt: skip
    return Activity.objects.create(agency=agency, pact_round=pact_round, **given)


@pytest.fixture
def activity(city, pact_round):
    """A declaration that is open now, at which the pact is signed."""
    return make_activity(city, pact_round)


def attend(activity, member, **more):
    from ikrar.services import ledger

    entry = ledger.record("activity.attended", {"activity": activity.pk}, now=datetime(2024, 10, 25, 2, tzinfo=UTC))
    return Attendance.objects.create(
        activity=activity, person=member.person, unit=member.placement.unit, way="phone", entry=entry,
        at=datetime(2024, 10, 25, 2, tzinfo=UTC), **more,
    )  # fmt: skip


def sign(duty, user, now, **more):
    return pacts.sign(
        duty.pk, user=user, shown_digest=TEXT.digest(), grade=Grade.PASSWORD, today=TODAY, now=now, **more
    )


def payloads(event):
    found = (json.loads(bytes(each.payload)) for each in LogPayload.objects.all())
    return [each["data"] for each in found if each["event"] == event]


# --- where a signature was made ----------------------------------------------------------------------------------


def test_a_signature_of_somebody_who_is_checked_in_carries_the_activity(cast, duty, activity, now):
    attend(activity, cast.sari)
    signature = sign(duty, cast.sari.user, now)
    assert Signature.objects.get(pk=signature.pk).activity == activity
    assert payloads("pact.signed") == [
        {"obligation": duty.pk, "round": duty.pact_round_id, "text_digest": TEXT.digest(), "grade": "password",
         "on": "2024-10-25", "activity": activity.pk}
    ]  # fmt: skip


def test_a_signature_from_elsewhere_carries_none_and_its_entry_says_nothing_of_one(cast, duty, activity, now):
    sign(duty, cast.sari.user, now)
    assert Signature.objects.get().activity is None
    assert "activity" not in payloads("pact.signed")[0]


@pytest.mark.parametrize(
    "why",
    ["struck out", "closed", "another pact", "another person", "another day", "cancelled"],
)
def test_only_who_is_checked_in_at_an_open_activity_of_this_pact_and_day_signs_there(
    why, cast, duty, activity, city, now
):
    if why == "another person":
        attend(activity, cast.budi)
    else:
        attend(activity, cast.sari, **({"struck_at": now} if why == "struck out" else {}))
    changes = {
        "closed": {"state": "closed", "closed_at": now}, "another pact": {"pact_round": None},
        "cancelled": {"state": "cancelled"}, "another day": {"on": TODAY - timedelta(days=9)},
    }  # fmt: skip
    Activity.objects.filter(pk=activity.pk).update(**changes.get(why, {"title": "Deklarasi"}))
    assert sign(duty, cast.sari.user, now).activity_id is None


def test_what_is_shown_to_sign_says_at_which_activity(cast, duty, activity):
    assert pacts.sheet(duty.pk, user=cast.sari.user).venue(lambda: TODAY) is None
    attend(activity, cast.sari)
    shown = pacts.sheet(duty.pk, user=cast.sari.user)
    assert shown.venue(lambda: TODAY) == (activity.pk, "Deklarasi Netralitas")
    assert shown.venue(lambda: TODAY + timedelta(days=5)) is None


def test_where_it_is_signed_is_asked_once_and_only_for_who_is_there(
    cast, duty, activity, monkeypatch, django_assert_max_num_queries
):
    asked, fetch = [], kept.fetch
    monkeypatch.setattr(kept, "fetch", lambda *given: asked.append(given) or fetch(*given))
    assert pacts.sheet(duty.pk, user=cast.sari.user).venue(lambda: TODAY) is None
    assert len(asked) == 1
    attend(activity, cast.sari)
    with django_assert_max_num_queries(2):
        assert pacts.sheet(duty.pk, user=cast.sari.user).venue(lambda: TODAY)
    assert len(asked) == 3


# --- witnesses ---------------------------------------------------------------------------------------------------


@pytest.fixture
def guest(activity, now):
    """The head of Bawaslu, who is there."""
    return Guest.objects.create(
        activity=activity,
        kind="bawaslu",
        body="Bawaslu Kota Bukittinggi",
        post="Ketua",
        is_witness=True,
        arrived_at=now,
    )


@pytest.fixture
def signed(cast, duty, activity, now):
    """Sari has signed at the declaration."""
    attend(activity, cast.sari)
    return sign(duty, cast.sari.user, now)


def draw(activity, guest, cast, now) -> str:
    [(_, code)] = ceremonies.appoint(activity, [guest], by=cast.rina.user, now=now)
    return code


def seen_by(code, now) -> ceremonies.Testimony:
    witness = ceremonies.by_code(code, now=now)
    return ceremonies.testimony(witness.pk, witness.code_digest, now=now)


def witness_signs(code, now, name="Misal Umpama, S.H.", digest=None) -> Witness:
    seen = seen_by(code, now)
    return ceremonies.sign_statement(
        seen.witness.pk, seen.witness.code_digest, shown_digest=digest or seen.statement.digest(), name=name, now=now
    )


def test_a_witness_signs_exactly_what_he_was_shown_after_the_group(cast, activity, guest, signed, now):
    later = now + timedelta(minutes=20)
    witness = witness_signs(draw(activity, guest, cast, now), later)
    assert witness.statement.startswith("Pernyataan saksi\n\nAcara: Deklarasi Netralitas\nTempat: Aula Balai Kota")
    assert witnesses.usual_words("bawaslu") in witness.statement and TEXT.digest() in witness.statement
    assert (witness.name, witness.signed, witness.signed_on, witness.place) == (
        "Misal Umpama, S.H.", 1, TODAY, "Aula Balai Kota",
    )  # fmt: skip
    [said] = payloads("witness.signed")
    assert said["statement_digest"] == witness.statement_digest and said["signed"] == 1
    assert said["signed_digest"] == witnesses.signed_digest(witness.statement, witness.name)
    assert "Misal" not in json.dumps(said)


def test_a_witness_signs_under_the_name_under_which_he_was_received(cast, activity, guest, signed, now):
    Guest.objects.filter(pk=guest.pk).update(name="Dr. Misal Umpama")
    code = draw(activity, guest, cast, now)
    with pytest.raises(WitnessNameDiffers) as refused:
        witness_signs(code, now, name="Contoh Belaka")
    with pytest.raises(WitnessNameDiffers):
        witness_signs(code, now, name="Misal Umpama Belaka")  # a word more is another person
    assert refused.value.received == "Dr. Misal Umpama" and Witness.objects.get().signed_at is None
    assert witness_signs(code, now, name="MISAL Umpama, S.H.").name == "MISAL Umpama, S.H."


def test_a_code_of_a_witness_is_kept_as_a_digest_and_has_sixty_bits(cast, activity, guest, now):
    code = draw(activity, guest, cast, now)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{12}", code)
    kept = Witness.objects.get()
    assert code not in kept.code_digest and len(kept.code_digest) == 64
    assert code not in json.dumps(payloads("witness.appointed"))


def test_a_witness_who_was_not_checked_in_does_not_sign(cast, activity, guest, signed, now):
    Guest.objects.update(arrived_at=None)
    code = draw(activity, guest, cast, now)
    assert isinstance(seen_by(code, now).refusal, WitnessNotArrived)
    with pytest.raises(WitnessNotArrived):
        witness_signs(code, now)
    assert Witness.objects.get().signed_at is None and not payloads("witness.signed")


def test_a_witness_who_was_recorded_by_mistake_is_taken_back_until_he_signs(cast, activity, guest, signed, now):
    code = draw(activity, guest, cast, now)
    shown = seen_by(code, now).statement.digest()
    activities.strike_guest(guest, by=cast.rina.user, now=now)
    with pytest.raises(WitnessNotArrived):
        witness_signs(code, now, digest=shown)
    activities.receive_guest(guest, name="Misal Umpama", post="Ketua", by=cast.rina.user, now=now)
    witness_signs(code, now)
    with pytest.raises(AttendanceSettled):
        activities.strike_guest(guest, by=cast.rina.user, now=now)


def test_a_witness_does_not_sign_before_anybody_of_the_group(cast, activity, guest, now):
    code = draw(activity, guest, cast, now)
    with pytest.raises(NobodySignedYet):
        witness_signs(code, now)


def test_a_contested_signature_is_none_that_a_witness_could_have_seen(cast, activity, guest, signed, now):
    pacts.contest(Signature.objects.get(), user=cast.sari.user, reason="bukan saya", now=now)
    with pytest.raises(NobodySignedYet):
        witness_signs(draw(activity, guest, cast, now), now)


@pytest.mark.parametrize("state", ["called", "closed"])
def test_a_witness_signs_only_while_the_activity_is_open(state, cast, activity, guest, signed, now):
    code = draw(activity, guest, cast, now)
    Activity.objects.update(state=state, closed_at=now if state == "closed" else None)
    with pytest.raises(CeremonyNotOpen):
        witness_signs(code, now)


def test_a_statement_that_changed_after_it_was_shown_is_not_signed(cast, activity, guest, signed, now):
    code = draw(activity, guest, cast, now)
    shown = seen_by(code, now).statement.digest()
    ceremonies.set_words(activity, {"bawaslu": "Saya melihatnya."}, by=cast.rina.user, now=now)
    with pytest.raises(StatementChanged):
        witness_signs(code, now, digest=shown)
    assert witness_signs(code, now).statement.endswith("Saya melihatnya.")


def test_a_witness_signs_once_and_nothing_of_it_changes_afterwards(cast, activity, guest, signed, now):
    code = draw(activity, guest, cast, now)
    witness_signs(code, now)
    with pytest.raises(WitnessAlreadySigned):
        witness_signs(code, now)
    with pytest.raises(WitnessAlreadySigned):
        ceremonies.appoint(activity, [guest], by=cast.rina.user, now=now)
    with pytest.raises(WitnessAlreadySigned):
        ceremonies.set_witness(guest, False, by=cast.rina.user, now=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        Witness.objects.update(name="Orang Lain")
    assert len(payloads("witness.signed")) == 1


def test_a_name_is_asked_of_a_witness(cast, activity, guest, signed, now):
    with pytest.raises(NameMissing):
        witness_signs(draw(activity, guest, cast, now), now, name="  ")


def test_a_new_slip_kills_the_old_one_and_the_session_that_it_opened(cast, activity, guest, signed, now):
    old = draw(activity, guest, cast, now)
    opened = ceremonies.by_code(old, now=now)
    new = draw(activity, guest, cast, now)
    with pytest.raises(WitnessCodeRefused):
        ceremonies.by_code(old, now=now)
    with pytest.raises(WitnessCodeRefused):
        ceremonies.testimony(opened.pk, opened.code_digest, now=now)
    assert witness_signs(new, now).pk == opened.pk


def test_a_code_dies_a_day_after_the_activity_closed(cast, activity, guest, signed, now):
    code = draw(activity, guest, cast, now)
    witness_signs(code, now)
    Activity.objects.update(state="closed", closed_at=now)
    assert ceremonies.by_code(code, now=now + timedelta(hours=23))
    with pytest.raises(WitnessCodeRefused):
        ceremonies.by_code(code, now=now + timedelta(hours=25))


@pytest.mark.parametrize(
    "change", [{"state": "cancelled"}, {"state": "draft"}, {"on": TODAY - timedelta(days=3)}], ids=str
)
def test_a_code_opens_nothing_of_an_activity_that_is_not_held(change, cast, activity, guest, now):
    code = draw(activity, guest, cast, now)
    Activity.objects.update(**change)
    with pytest.raises(WitnessCodeRefused):
        ceremonies.by_code(code, now=now)


def test_a_guest_who_witnesses_no_more_has_no_way_in(cast, activity, guest, now):
    code = draw(activity, guest, cast, now)
    ceremonies.set_witness(guest, False, by=cast.rina.user, now=now)
    with pytest.raises(WitnessCodeRefused):
        ceremonies.by_code(code, now=now)
    assert not Witness.objects.exists()


def test_guesses_of_a_witness_code_are_counted_and_the_right_one_of_another_still_opens(cast, activity, guest, now):
    code = draw(activity, guest, cast, now)
    begins = "0000" if not code.startswith("0000") else "1111"
    for number in range(accounts.FAILURES_ALLOWED + 3):
        with pytest.raises(WitnessCodeRefused):
            ceremonies.by_code(f"{begins}{number:08d}", now=now)
    same_begin = f"{code[:4]}" + ("0" * 8 if not code.endswith("0" * 8) else "1" * 8)
    assert ceremonies.by_code(f" {code[:4].lower()}-{code[4:]} ", now=now)
    for _ in range(accounts.FAILURES_ALLOWED):
        with pytest.raises(WitnessCodeRefused):
            ceremonies.by_code(same_begin, now=now)
    with pytest.raises(WitnessCodeRefused):
        ceremonies.by_code(code, now=now)
    assert ceremonies.by_code(code, now=now + accounts.WINDOW + timedelta(seconds=1))


def test_words_of_a_witness_are_set_by_kind_of_body_and_an_empty_text_is_the_usual_one(cast, activity, now):
    ceremonies.set_words(
        activity, {"party": "  Kami  tahu. ", "kpu": "", "siapa": "x", "police": witnesses.usual_words("police")},
        by=cast.rina.user, now=now,
    )  # fmt: skip
    activity.refresh_from_db()
    assert activity.statements == {"party": "Kami tahu."}
    ceremonies.set_words(activity, {"kpu": "Kami hadir."}, by=cast.rina.user, now=now)
    assert activity.statements == {"party": "Kami tahu.", "kpu": "Kami hadir."}
    ceremonies.set_words(activity, {"party": " "}, by=cast.rina.user, now=now)
    assert activity.statements == {"kpu": "Kami hadir."}
    assert ceremonies.words_for(activity, "party") == witnesses.usual_words("party")


def test_no_slip_is_printed_where_no_pact_is_signed(cast, activity, guest, now):
    Activity.objects.update(pact_round=None)
    activity.refresh_from_db()
    with pytest.raises(CeremonyWithoutPact):
        ceremonies.appoint(activity, [guest], by=cast.rina.user, now=now)


def test_a_guest_of_another_activity_gets_no_code(cast, activity, guest, city, pact_round, now):
    other = make_activity(city, pact_round, title="Lain")
    assert ceremonies.appoint(other, [guest], by=cast.rina.user, now=now) == []
    with pytest.raises(NothingToPrint):
        ceremonies.witness_slips(other, [guest], by=cast.rina.user, now=now)


# --- witnessed ---------------------------------------------------------------------------------------------------


def test_what_was_signed_before_a_witness_is_shown_as_witnessed_and_counted_as_before(
    cast, activity, guest, signed, pact_round, city, now
):
    before = coverage.coverage(pact_round, city.units.get(parent=None), TODAY)
    witness_signs(draw(activity, guest, cast, now), now + timedelta(minutes=1))
    [(duty, state, valid)] = pacts.of_person(cast.sari.person)
    assert (state, valid, duty.state) == (State.WITNESSED, True, "signed")
    assert coverage.coverage(pact_round, city.units.get(parent=None), TODAY) == before
    assert before == Coverage(roster=3, not_issued=2, issued=1, opened=1, signed=1, valid=1)


def test_what_was_signed_after_the_witness_or_elsewhere_was_not_witnessed(
    cast, activity, guest, signed, pact_round, now
):
    witness_signs(draw(activity, guest, cast, now), now + timedelta(minutes=1))
    for member in (cast.budi, cast.rina):
        if member is cast.budi:
            attend(activity, member)
        owed = Obligation.objects.create(
            pact_round=pact_round, person=member.person, unit=member.placement.unit, issued_at=now
        )
        sign(owed, member.user, now + timedelta(minutes=2))
        assert pacts.of_person(member.person)[0][1] == State.SIGNED


def test_who_was_struck_off_the_list_signed_but_nobody_saw_it(cast, activity, guest, signed, now):
    code = draw(activity, guest, cast, now)
    witness_signs(code, now + timedelta(minutes=5))
    assert certificates.by_code(signed.code).witnesses and not certificates.by_code(signed.code).struck
    [there] = activity.attendances.all()
    attendance.strike(there, reason="Tidak ada di tempat", by=cast.rina.user, now=now + timedelta(minutes=9))
    seen = certificates.by_code(signed.code)
    assert seen.stands and seen.struck and not seen.witnesses
    assert certificates.made_at(activity).count() == 0 and certificates.standing_keys_at(activity) == []
    assert pacts.of_person(cast.sari.person)[0][1:] == (State.SIGNED, True)


def test_what_certificates_say_of_an_activity_does_not_change_after_somebody_signed_there(cast, activity, signed, now):
    [there] = activity.attendances.all()
    attendance.strike(there, reason="Salah catat", by=cast.rina.user, now=now)
    moved = {
        "starts_at": None,
        "ends_at": None,
        "reason": "Aula dipakai",
        "today": TODAY,
        "by": cast.rina.user,
        "now": now,
    }
    for on, place in ((TODAY, "Lapangan"), (TODAY + timedelta(days=1), activity.place)):
        with pytest.raises(ActivitySigned):
            activities.move(activity, on=on, place=place, **moved)
    with pytest.raises(ActivitySigned):
        activities.cancel(activity, reason="Batal", by=cast.rina.user, now=now)


def test_on_another_day_nobody_is_there_before_he_comes(cast, activity, guest, now):
    attend(activity, cast.sari, struck_at=now, struck_because="Salah catat", struck_by=cast.rina.user)
    activities.move(
        activity, on=TODAY + timedelta(days=1), starts_at=None, ends_at=None, place="Aula Balai Kota", reason="Hujan",
        today=TODAY, by=cast.rina.user, now=now,
    )  # fmt: skip
    guest.refresh_from_db()
    assert guest.arrived_at is None
    activities.open_list(activity, today=TODAY + timedelta(days=1), by=cast.rina.user, now=now)
    activity.refresh_from_db()
    InvitedUnit.objects.create(activity=activity, unit=cast.sari.placement.unit)
    with time_machine.travel(now + timedelta(days=1), tick=False):
        code = gatherings.code_of(activity.secret, activity.pk, gatherings.window_of(now + timedelta(days=1)))
        came = attendance.check_in(activity, user=cast.sari.user, code=code, now=now + timedelta(days=1))
    assert came.first and came.attendance.struck_at is None


def test_a_witness_does_not_sign_after_people_who_are_struck_off_the_list(cast, activity, guest, signed, now):
    [there] = activity.attendances.all()
    attendance.strike(there, reason="Tidak ada di tempat", by=cast.rina.user, now=now)
    with pytest.raises(NobodySignedYet):
        witness_signs(draw(activity, guest, cast, now), now)


def test_anybody_who_checks_a_code_learns_where_it_was_signed_and_who_witnessed_it(cast, activity, guest, signed, now):
    witness_signs(draw(activity, guest, cast, now), now)
    found = certificates.by_code(signed.code)
    assert found.signature.activity == activity
    assert [str(each.guest) for each in found.witnesses] == ["Ketua Bawaslu Kota Bukittinggi"]


@needs_pdftotext
def test_a_certificate_tells_place_activity_and_witnesses_and_names_no_witness(cast, activity, guest, signed, now):
    witness_signs(draw(activity, guest, cast, now), now)
    said = text_of(certificates.render(Signature.objects.get(), now=now))
    assert "di acara “Deklarasi Netralitas”, Aula Balai Kota" in " ".join(said.split())
    assert "Disaksikan oleh: Ketua Bawaslu Kota Bukittinggi" in said and "Misal" not in said


# --- papers ------------------------------------------------------------------------------------------------------


@needs_pdftotext
def test_a_slip_of_a_witness_tells_the_activity_and_a_code_that_opens_it(cast, activity, guest, now):
    said = text_of(ceremonies.witness_slips(activity, [guest], by=cast.rina.user, now=now))
    assert "Ketua, Bawaslu Kota" in said and "Deklarasi Netralitas" in said and "/saksi/" in said
    [code] = re.findall(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}\b", said)
    assert ceremonies.by_code(code, now=now).guest == guest


@needs_pdftotext
def test_a_witness_fetches_his_own_statement_and_the_file_proves_itself(cast, activity, guest, signed, now):
    witness = witness_signs(draw(activity, guest, cast, now), now)
    paper = ceremonies.statement_paper(witness, now=now)
    said = " ".join(text_of(paper).split())
    assert "Misal Umpama, S.H." in said and "Saya hadir dan menyaksikan sendiri" in said and "1 orang telah" in said
    assert certificates.by_file(paper).file == "statement"
    assert certificates.by_file(paper[:-1] + b" ").file == "altered"


def test_there_is_no_statement_to_fetch_before_it_is_signed(cast, activity, guest, now):
    draw(activity, guest, cast, now)
    with pytest.raises(NothingToPrint):
        ceremonies.statement_paper(Witness.objects.get(), now=now)


@needs_pdftotext
def test_the_whole_file_of_an_activity_holds_what_was_signed_there_and_the_words_of_its_witnesses(
    cast, activity, guest, signed, now
):
    witness_signs(draw(activity, guest, cast, now), now)
    said = " ".join(text_of(activity_papers.record(activity, by=cast.rina.user, now=now)).split())
    for words in (
        "Penandatanganan",
        "menjaga netralitas",
        "1 orang menandatangani",
        "Sari Contohwati",
        "Misal Umpama, S.H.",
    ):
        assert words in said
    assert "Saya hadir dan menyaksikan sendiri" in said


@needs_pdftotext
def test_the_record_of_a_ceremony_holds_text_signers_and_witnesses_with_their_words(cast, activity, guest, signed, now):
    witness_signs(draw(activity, guest, cast, now), now)
    paper = ceremonies.record(activity, by=cast.rina.user, now=now)
    said = " ".join(text_of(paper).split())
    for words in ("Sari Contohwati", "menjaga netralitas", "Misal Umpama, S.H.", "sesudah 1 orang", "Aula Balai Kota"):
        assert words in said
    assert certificates.by_file(paper).file == "record"
    assert payloads("ceremony.recorded") == [{"activity": activity.pk, "people": 1, "by": cast.rina.user.pk}]


def test_the_bundle_of_an_activity_holds_its_certificates_and_no_others(cast, activity, signed, pact_round, now):
    owed = Obligation.objects.create(
        pact_round=pact_round, person=cast.budi.person, unit=cast.budi.placement.unit, issued_at=now
    )
    sign(owed, cast.budi.user, now)
    said = text_of(ceremonies.bundle(activity, today=TODAY, by=cast.rina.user, now=now))
    assert "Sari Contohwati" in said and "Budi Misalkan" not in said
    order = papers.order_certificates_at(activity, by=cast.rina.user, now=now)
    papers.make(order, now=now)
    path, name = papers.file_of(type(order).objects.get(pk=order.pk))
    assert "Sari Contohwati" in text_of(path.read_bytes()) and name.endswith(".pdf")


def test_nothing_is_bound_where_nobody_signed(cast, activity, now):
    with pytest.raises(NothingToPrint):
        ceremonies.bundle(activity, today=TODAY, by=cast.rina.user, now=now)


# --- pacts of office-holders -------------------------------------------------------------------------------------


class Province:
    """A province with two regencies below it, and an agency that is none of its own."""

    def __init__(self, cast, now) -> None:
        self.now, self.by = now, cast.rina.user
        self.agency = make_agency("13", "Pemerintah Provinsi Sumatera Barat", "13", [])
        Agency.objects.filter(code__in=("13.75", "13.76")).update(parent=self.agency)
        self.city, self.other = Agency.objects.get(code="13.75"), Agency.objects.get(code="13.76")
        self.stranger = make_agency("71", "Pemerintah Provinsi Sulawesi Utara", "71", [])
        self.governor = self.office(self.agency, "Gubernur")
        self.mayor = self.office(self.city, "Wali Kota Bukittinggi")
        self.other_mayor = self.office(self.other, "Wali Kota Payakumbuh")
        self.far = self.office(self.stranger, "Gubernur Sulawesi Utara")

    def office(self, agency, title) -> Office:
        return offices.create_office(
            agency=agency, unit=None, title=title, kind="head_of_region", by=self.by, now=self.now
        )

    def name(self, office, name, *, days_ago=100, capacity="definitive"):
        return offices.take_over_from_outside(
            office, name=name, front_title="Dr.", capacity=capacity, from_at=self.now - timedelta(days=days_ago),
            letter_number="SK 1", letter_on=None, by=self.by, now=self.now,
        )  # fmt: skip

    def round(self, *chosen):
        return ceremonies.create_round(
            agency=self.agency, title="Pakta Kepala Daerah", text=TEXT, offices=chosen, by=self.by, now=self.now
        )

    def issue(self, pact_round):
        return ceremonies.issue(pact_round, today=TODAY, by=self.by, now=self.now)


@pytest.fixture
def province(cast, now):
    return Province(cast, now)


@pytest.fixture
def heads(province):
    """A pact of three offices: one holder is from outside, one acts, of one nobody is recorded."""
    province.name(province.governor, "Contoh Gubernur")
    province.name(province.mayor, "Misal Walikota", capacity="pj")
    offices.take_over(
        province.other_mayor, person=None, capacity="definitive", from_at=province.now - timedelta(days=9),
        letter_number="", letter_on=None, by=province.by, now=province.now,
    )  # fmt: skip
    return province.round(province.governor, province.mayor, province.other_mayor)


def test_a_pact_of_offices_is_issued_to_whoever_holds_them_in_whatever_capacity(province, heads):
    assert province.issue(heads) == {"issued": 2, "unnamed": 1}
    owed = {each.office.title: each for each in Obligation.objects.filter(pact_round=heads).select_related("office")}
    assert set(owed) == {"Gubernur", "Wali Kota Bukittinggi"}
    assert owed["Wali Kota Bukittinggi"].person.full_name == "Dr. Misal Walikota"
    assert province.issue(heads) == {"issued": 0, "unnamed": 1}
    assert Notice.objects.filter(kind="pact_for_office").count() == 2


def test_an_office_without_a_named_holder_is_listed_and_nobody_is_invented(province, heads):
    province.issue(heads)
    seats = {each.office.title: each for each in ceremonies.seats(heads)}
    empty = seats["Wali Kota Payakumbuh"]
    assert not empty.named and empty.duty is None and empty.state is None
    assert ceremonies.counted(list(seats.values())) == ceremonies.SeatCounts(offices=3, named=2, issued=2, valid=0)


def sign_for(office, pact_round, now):
    owed = Obligation.objects.select_related("person").get(pact_round=pact_round, office=office, signature=None)
    user = accounts.ensure_account(owed.person, now=now)
    return sign(owed, user, now)


def test_a_holder_signs_as_what_he_is_and_his_unit_is_not_named(province, heads, now):
    province.issue(heads)
    signature = sign_for(province.mayor, heads, now)
    assert (signature.post, signature.name) == ("Pj. Wali Kota Bukittinggi", "Dr. Misal Walikota")
    said = text_of(certificates.render(Signature.objects.get(), now=now))
    assert "Pj. Wali Kota Bukittinggi" in said and "Pemerintah Kota Bukittinggi\n" not in said
    seat = next(each for each in ceremonies.seats(heads) if each.office == province.mayor)
    assert seat.valid and seat.state == State.SIGNED
    assert certificates.by_code(signature.code).stands


def test_a_successor_owes_it_anew_and_what_the_predecessor_signed_stays_on_record(province, heads, now):
    province.issue(heads)
    old = sign_for(province.governor, heads, now)
    province.name(province.governor, "Umpama Penerus", days_ago=0)
    with time_machine.travel(now + timedelta(hours=1), tick=False):
        seat = next(each for each in ceremonies.seats(heads) if each.office == province.governor)
        assert seat.duty is None and not seat.valid and [each.pk for each in seat.before] == [old.pk]
        assert not certificates.by_code(old.code).stands
        assert province.issue(heads)["issued"] == 1
        assert ceremonies.counted(ceremonies.seats(heads)).valid == 0
        predecessor = Person.objects.get(name="Contoh Gubernur")
        assert pacts.of_person(predecessor)[0][1:] == (State.MOVED, False)


def test_who_no_longer_holds_the_office_does_not_sign_for_it(province, heads, now):
    province.issue(heads)
    owed = Obligation.objects.get(pact_round=heads, office=province.governor)
    user = accounts.ensure_account(owed.person, now=now)
    province.name(province.governor, "Umpama Penerus", days_ago=0)
    with time_machine.travel(now + timedelta(minutes=1), tick=False), pytest.raises(PactNotOpen):
        sign(owed, user, now + timedelta(minutes=1))


def test_nobody_signs_for_another_holder(province, heads, now):
    province.issue(heads)
    owed = Obligation.objects.get(pact_round=heads, office=province.governor)
    mayor = accounts.ensure_account(Person.objects.get(name="Misal Walikota"), now=now)
    with pytest.raises(NotTheSigner):
        sign(owed, mayor, now)


def test_only_offices_of_the_agency_and_of_those_below_it_can_be_asked(province):
    with pytest.raises(OfficeOutOfReach):
        province.round(province.governor, province.far)
    with pytest.raises(NoOfficeChosen):
        province.round()


def test_an_office_that_was_asked_stays_chosen(province, heads, cast, now):
    province.issue(heads)
    ceremonies.choose_offices(heads, [province.other_mayor], by=cast.rina.user, now=now)
    assert set(heads.offices.all()) == {province.governor, province.mayor, province.other_mayor}


def test_a_holder_from_outside_may_enter_and_reaches_his_pact_alone(province, heads, now):
    province.issue(heads)
    person = Person.objects.get(name="Misal Walikota")
    user = accounts.ensure_account(person, now=now)
    held = {grant.role.value for grant in accounts.grants_of(user, now=now)}
    assert "office_holder" in held and "civil_servant" not in held
    with time_machine.travel(now + timedelta(days=1), tick=False):
        offices.leave_office(
            person.holdings.get(), until_at=now + timedelta(hours=1), by=province.by, now=now + timedelta(days=1)
        )
        user = type(user).objects.get(pk=user.pk)
        assert "office_holder" not in {each.role.value for each in accounts.grants_of(user, now=now)}


@needs_pdftotext
def test_a_slip_is_printed_for_a_holder_who_is_on_no_roster_and_for_no_other(province, cast, now):
    with pytest.raises(OfficeWithoutHolder):
        ceremonies.holder_slip(province.governor, by=province.by, now=now)
    province.name(province.governor, "Contoh Gubernur")
    said = text_of(ceremonies.holder_slip(province.governor, by=province.by, now=now))
    assert "Contoh Gubernur" in said and "IK0" in said
    offices.take_over(
        province.mayor, person=cast.sari.person, capacity="plh", from_at=now - timedelta(days=1), letter_number="",
        letter_on=None, by=province.by, now=now,
    )  # fmt: skip
    with pytest.raises(HolderOnRoster):
        ceremonies.holder_slip(province.mayor, by=province.by, now=now)


def test_the_same_name_in_the_same_office_is_the_same_person_and_a_unit_has_its_head_from_the_roster(
    province, city, now
):
    first = province.name(province.governor, "Contoh Gubernur", days_ago=50)
    again = province.name(province.governor, " contoh  gubernur ", days_ago=2, capacity="plt")
    assert first.person == again.person and Person.objects.filter(name="Contoh Gubernur").count() == 1
    school = offices.create_office(
        agency=city, unit=city.units.get(code="SMPN-3"), title="Kepala SMPN 3", kind="head_of_unit", by=province.by,
        now=now,
    )  # fmt: skip
    with pytest.raises(HolderFromOutside):
        province.name(school, "Orang Luar")
    with pytest.raises(NameMissing):
        province.name(province.mayor, " ")


def test_only_the_missing_office_holders_are_reminded_and_not_again_at_once(province, heads, cast, now):
    province.issue(heads)
    sign_for(province.governor, heads, now)
    sent = ceremonies.remind(heads, link="/pakta/", by=cast.rina.user, now=now)
    assert sent.people == 1
    assert Notice.objects.get(kind="pact_missing").person.name == "Misal Walikota"
    with pytest.raises(ReminderTooSoon):
        ceremonies.remind(heads, link="/pakta/", by=cast.rina.user, now=now)


def test_a_holder_from_outside_is_received_at_the_activity_and_signs_there(province, heads, cast, now):
    province.issue(heads)
    place = make_activity(province.agency, heads, title="Penandatanganan Pakta")
    owed = Obligation.objects.get(pact_round=heads, office=province.mayor)
    first = ceremonies.receive_holder(place, owed, by=cast.rina.user, now=now)
    assert ceremonies.receive_holder(place, owed, by=cast.rina.user, now=now) == first
    assert sign_for(province.mayor, heads, now).activity_id == place.pk
    assert len(payloads("activity.attended")) == 1


def test_office_holders_are_called_by_their_pact_and_check_in_with_their_own_phone(province, heads, cast, now):
    province.issue(heads)
    plan = {"state": "draft", "title": "Penandatanganan Pakta"}
    place = make_activity(province.agency, heads, **plan)
    assert activities.call(place, today=TODAY, by=province.by, now=now) == 2
    called = {each.person.name for each in place.invitations.select_related("person")}
    assert called == {"Contoh Gubernur", "Misal Walikota"}
    assert Notice.objects.filter(kind="activity_called").count() == 2
    activities.open_list(place, today=TODAY, by=province.by, now=now)
    place.refresh_from_db()
    owed = Obligation.objects.select_related("person").get(pact_round=heads, office=province.mayor)
    mayor = accounts.ensure_account(owed.person, now=now)
    code = gatherings.code_of(place.secret, place.pk, gatherings.window_of(now))
    assert attendance.check_in(place, user=mayor, code=code, now=now).first
    assert sign(owed, mayor, now).activity_id == place.pk
    with pytest.raises(NotInvited):
        attendance.check_in(place, user=cast.sari.user, code=code, now=now)


def test_who_holds_the_office_no_more_is_not_let_in_by_its_pact(province, heads, now):
    province.issue(heads)
    place = make_activity(province.agency, heads)
    owed = Obligation.objects.select_related("person").get(pact_round=heads, office=province.mayor)
    former = accounts.ensure_account(owed.person, now=now)
    province.name(province.mayor, "Umpama Penerus", days_ago=0)
    code = gatherings.code_of(place.secret, place.pk, gatherings.window_of(now))
    with pytest.raises(NotInvited):
        attendance.check_in(place, user=former, code=code, now=now)


def test_a_pact_of_offices_asks_nothing_of_the_staff(province, heads, city):
    province.issue(heads)
    assert not Obligation.objects.filter(pact_round=heads, office=None).exists()
    assert coverage.coverage(heads, city.units.get(parent=None), TODAY).obliged == 0


# --- a shared device ---------------------------------------------------------------------------------------------


def test_a_shared_device_asks_for_ones_own_password_and_refuses_accounts_with_a_second_step(cast, now):
    from allauth.mfa.models import Authenticator

    accounts.set_password(cast.sari.user, PASSWORD, now=now)
    name = cast.sari.user.username
    assert ceremonies.enter_kiosk(name, PASSWORD, now=now) == cast.sari.user
    with pytest.raises(SignInRefused):
        ceremonies.enter_kiosk(name, "salah sekali lagi", now=now)
    for step in (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN):
        asked = Authenticator.objects.create(user=cast.sari.user, type=step, data={})
        with pytest.raises(OwnDeviceNeeded):
            ceremonies.enter_kiosk(name, PASSWORD, now=now)
        asked.delete()


def test_a_device_is_opened_only_for_an_open_activity_with_a_pact(cast, activity, duty, now):
    ceremonies.open_kiosk(activity, by=cast.rina.user, now=now)
    assert payloads("kiosk.opened") == [{"activity": activity.pk, "by": cast.rina.user.pk}]
    assert ceremonies.kiosk_duty(activity, cast.sari.user) == duty
    assert ceremonies.kiosk_duty(activity, cast.tono.user) is None
    activity.state = "closed"
    with pytest.raises(CeremonyNotOpen):
        ceremonies.open_kiosk(activity, by=cast.rina.user, now=now)


def test_a_placement_that_ended_leaves_a_holder_his_office(province, heads, cast, now):
    """Somebody of the roster who holds an office: it is the office that counts, not where he stands."""
    offices.take_over(
        province.other_mayor, person=cast.tono.person, capacity="plt", from_at=now - timedelta(days=1),
        letter_number="", letter_on=None, by=province.by, now=now,
    )  # fmt: skip
    province.issue(heads)
    signature = sign_for(province.other_mayor, heads, now)
    Placement.objects.filter(person=cast.tono.person).update(status="retired", until_on=date(2024, 10, 26))
    assert pacts.stands(Signature.objects.select_related("obligation__pact_round__text").get(pk=signature.pk))
