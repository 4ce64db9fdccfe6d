"""Pacts on paper: sheets with codes, pictures of them, two officers, and every picture that becomes no signature."""

import io
import json
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from PIL import Image, ImageEnhance, ImageFilter

from ikrar.domain import sheets as on_paper
from ikrar.domain.errors import (
    FileDamaged,
    FileKindWrong,
    FileTooBig,
    NothingToPrint,
    OwnSheet,
    PactNotOpen,
    ReasonMissing,
    ScanSeenBefore,
    ScanStateWrong,
    SecondPersonMissing,
    SheetAlreadyRead,
    SheetDayWrong,
    SheetNotOpen,
    SheetOfOlderText,
    SheetSignedMeanwhile,
    SheetTwoCodes,
    SheetUnknown,
    TooManyFiles,
    TooManyPages,
    TooManySheets,
)
from ikrar.domain.pacts import Coverage, PactText, State
from ikrar.gateways import pictures
from ikrar.records.models import (
    Activity,
    Attendance,
    Guest,
    Notice,
    Obligation,
    PactRound,
    PaperScan,
    PaperSheet,
    Signature,
    StoredFile,
)
from ikrar.services import ceremonies, certificates, coverage, offices, pacts, roster, sheets
from tests.conftest import TODAY, make_member
from tests.services.test_ceremonies import attend, keys, make_activity, payloads, sign  # noqa: F401
from tests.services.test_paper import needs_pdftotext, text_of

pytestmark = pytest.mark.django_db

PAPER = "paper"


@pytest.fixture(autouse=True)
def here(settings, keys, now):  # noqa: F811
    settings.HOME = keys
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def dewi(city):
    """A second officer of the city."""
    return make_member(city.units.get(code="BKPSDM"), "199002022015012002", "Dewi Andaian", sex="f", post="Analis")


@pytest.fixture
def desk(cast, dewi):
    """Rina reconciles, Dewi confirms."""
    return cast.rina.user, dewi.user


def printed(pact_round, duties, by, now, **more) -> bytes:
    return sheets.print_sheets(pact_round, duties, by=by, now=now, **more)


def photo(document: bytes, page: int = 0, change=None, quality: int = 70) -> bytes:
    """A sheet as somebody photographs it."""
    image = Image.open(io.BytesIO(pictures.pages_of(document, most=20)[page])).convert("RGB")
    return as_jpeg(change(image) if change else image, quality)


def as_jpeg(image, quality: int = 70) -> bytes:
    written = io.BytesIO()
    image.convert("RGB").save(written, "JPEG", quality=quality)
    return written.getvalue()


def upload(content: bytes, name="lembar.jpg"):
    return SimpleUploadedFile(name, content)


def hand_in(agency, *contents, by, now, name="lembar.jpg", activity=None):
    return sheets.hand_in(agency, [upload(each, name) for each in contents], activity=activity, by=by, now=now)


@pytest.fixture
def sheet(cast, duty, pact_round, now) -> bytes:
    """Sari's sheet, printed this morning."""
    return printed(pact_round, [duty], cast.rina.user, now)


@pytest.fixture
def scan(sheet, cast, city, now) -> PaperScan:
    """A photo of it, handed in."""
    [done] = hand_in(city, photo(sheet), by=cast.rina.user, now=now)
    return done.scan


def reconcile(scan, by, now, code="", day=TODAY):
    scan.refresh_from_db()
    sheets.reconcile(scan, code=code, signed_on=day, by=by, now=now)


def confirm(scan, by, now):
    sheets.confirm(sheets.scans_of([scan.agency_id]).get(pk=scan.pk), by=by, now=now)


# --- sheets ------------------------------------------------------------------------------------------------------


@needs_pdftotext
def test_a_sheet_holds_name_post_unit_text_and_a_code_that_is_read_again(sheet, duty):
    said = " ".join(text_of(sheet).split())
    kept = PaperSheet.objects.get()
    for words in ("Sari Contohwati", "Guru Ahli Muda", "SMPN 3 Bukittinggi", "menjaga netralitas", "Tanda tangan"):
        assert words in said
    assert "-".join(kept.code[start : start + 4] for start in range(0, 16, 4)) in said.replace(
        " ", ""
    )  # letters are set apart
    [picture] = pictures.pages_of(sheet, most=1)
    assert on_paper.codes_in(pictures.codes_on(picture)) == [kept.code]
    assert "198503152010012001" not in said


@needs_pdftotext
def test_a_sheet_names_the_activity_at_which_it_is_signed(cast, duty, pact_round, city, now):
    activity = make_activity(city, pact_round, title="Apel Ikrar Netral", place="Lapangan Rekaan")
    words = "Ditandatangani pada Apel Ikrar Netral, 25 Oktober 2024"
    assert words not in text_of(printed(pact_round, [duty], cast.rina.user, now))
    assert words in text_of(printed(pact_round, [duty], cast.rina.user, now, activity=activity))


def test_a_sheet_printed_again_has_the_same_code_and_its_first_day(sheet, duty, pact_round, cast, now):
    code = PaperSheet.objects.get().code
    with time_machine.travel(now + timedelta(days=3), tick=False):
        printed(pact_round, [duty], cast.rina.user, now + timedelta(days=3))
    again = PaperSheet.objects.get()
    assert (again.code, again.printed_on) == (code, TODAY)
    assert len(payloads("sheet.printed")) == 2


def test_nothing_is_printed_of_a_closed_pact_or_for_nobody(pact_round, duty, cast, now):
    with pytest.raises(NothingToPrint):
        printed(pact_round, [], cast.rina.user, now)
    pact_round.state = "closed"
    with pytest.raises(PactNotOpen):
        printed(pact_round, [duty], cast.rina.user, now)


def test_of_more_sheets_than_are_printed_at_once_none_is_made(pact_round, duty, cast, now, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_SHEETS", 1)
    budi = cast.budi
    other = Obligation.objects.create(
        pact_round=pact_round, person=budi.person, unit=budi.placement.unit, post=budi.placement.post, issued_at=now
    )
    with pytest.raises(TooManySheets):
        printed(pact_round, [duty, other], cast.rina.user, now)
    assert not PaperSheet.objects.exists()
    assert printed(pact_round, [duty], cast.rina.user, now)


def test_only_who_could_sign_it_now_gets_a_sheet(pact_round, duty, cast, now):
    Obligation.objects.create(
        pact_round=pact_round, person=cast.budi.person, unit=cast.budi.placement.unit, state="excused", issued_at=now
    )
    placements = [cast.sari.placement, cast.budi.placement, cast.rina.placement]
    assert set(sheets.printable(pact_round, placements)) == {cast.sari.person.pk}
    sign(duty, cast.sari.user, now)
    assert sheets.printable(pact_round, placements) == {}


def test_a_printed_sheet_never_changes(sheet):
    with pytest.raises(DatabaseError), transaction.atomic():
        PaperSheet.objects.update(code="0" * 16)
    with pytest.raises(DatabaseError), transaction.atomic():
        PaperSheet.objects.all().delete()


# --- from the picture to the signature ---------------------------------------------------------------------------


def test_a_picture_becomes_a_signature_of_the_lowest_grade_only_by_two_officers(
    scan, desk, duty, cast, pact_round, city, now
):
    rina, dewi = desk
    assert (scan.state, scan.codes_found) == ("waiting", [PaperSheet.objects.get().code])
    reconcile(scan, rina, now)
    assert not Signature.objects.exists()
    confirm(scan, dewi, now + timedelta(minutes=5))
    signature = Signature.objects.get()
    assert (signature.grade, signature.signed_on, signature.name) == (PAPER, TODAY, "Sari Contohwati")
    scan.refresh_from_db()
    assert (scan.state, scan.signature, scan.decided_by) == ("confirmed", signature, dewi)
    [said] = payloads("pact.signed")
    assert said["grade"] == PAPER and said["scan_digest"] == scan.digest
    assert (said["reconciled_by"], said["confirmed_by"]) == (rina.pk, dewi.pk)
    assert pacts.of_person(cast.sari.person)[0][1:] == (State.SIGNED, True)
    assert coverage.coverage(pact_round, city.units.get(parent=None), TODAY) == Coverage(
        roster=4, not_issued=3, issued=1, opened=1, signed=1, valid=1
    )


def test_the_owner_of_a_paper_signature_is_told_and_may_contest_it(scan, desk, cast, now):
    reconcile(scan, desk[0], now)
    confirm(scan, desk[1], now)
    told = Notice.objects.get(person=cast.sari.person)
    assert (told.kind, told.values["on"]) == ("pact_signed_on_paper", "2024-10-25")
    pacts.contest(Signature.objects.get(), user=cast.sari.user, reason="bukan saya", now=now)
    assert pacts.of_person(cast.sari.person)[0][1:] == (State.ISSUED, False)


@needs_pdftotext
def test_a_certificate_of_a_paper_signature_tells_the_day_on_the_sheet_and_no_hour(scan, desk, now):
    reconcile(scan, desk[0], now)
    confirm(scan, desk[1], now)
    said = " ".join(text_of(certificates.render(Signature.objects.get(), now=now)).split())
    assert "pada Jumat, 25 Oktober 2024, di atas kertas" in said and "tingkat bukti 4 dari 4" in said


def test_who_reconciled_does_not_confirm(scan, desk, now):
    reconcile(scan, desk[0], now)
    with pytest.raises(SecondPersonMissing):
        confirm(scan, desk[0], now)
    assert not Signature.objects.exists()


def test_the_database_itself_knows_no_confirmation_by_one_person(scan, desk, now):
    reconcile(scan, desk[0], now)
    with pytest.raises(DatabaseError), transaction.atomic():
        PaperScan.objects.filter(pk=scan.pk).update(state="confirmed", decided_by=desk[0])


def test_nobody_reconciles_or_confirms_his_own_sheet(scan, desk, cast, now):
    with pytest.raises(OwnSheet):
        reconcile(scan, cast.sari.user, now)
    reconcile(scan, desk[0], now)
    with pytest.raises(OwnSheet):
        confirm(scan, cast.sari.user, now)


def test_what_is_confirmed_twice_or_out_of_turn_is_signed_once(scan, desk, now):
    with pytest.raises(ScanStateWrong):
        confirm(scan, desk[1], now)
    stale = PaperScan.objects.get(pk=scan.pk)
    reconcile(scan, desk[0], now)
    with pytest.raises(ScanStateWrong):
        sheets.reconcile(stale, code="", signed_on=TODAY, by=desk[1], now=now)
    before = sheets.scans_of([scan.agency_id]).get(pk=scan.pk)
    confirm(scan, desk[1], now)
    with pytest.raises((ScanStateWrong, SheetSignedMeanwhile)):
        sheets.confirm(before, by=desk[1], now=now)
    assert Signature.objects.count() == 1


# --- where it was signed -----------------------------------------------------------------------------------------


def test_a_sheet_signed_at_an_activity_carries_it_where_its_owner_was_there_that_day(
    cast, city, pact_round, duty, desk, now
):
    place = make_activity(city, pact_round)
    attend(place, cast.sari)
    assert [each.pk for _, each in sheets.present_unsigned(place)] == [duty.pk]
    document = printed(pact_round, [duty], desk[0], now, activity=place)
    Activity.objects.update(state="closed", closed_at=now)  # reconciled after everybody went home
    [done] = hand_in(city, photo(document), by=desk[0], now=now, activity=place)
    reconcile(done.scan, desk[0], now)
    confirm(done.scan, desk[1], now)
    assert Signature.objects.get().activity == place
    assert sheets.present_unsigned(place) == []


def on_paper_at(place, duty, pact_round, desk, city, now, *, printed_at=None, later=timedelta(hours=3)):
    """Sari's sheet of this activity, printed there and reconciled hours later."""
    document = printed(pact_round, [duty], desk[0], printed_at or now, activity=place)
    [done] = hand_in(city, photo(document), by=desk[0], now=now + later, activity=place)
    reconcile(done.scan, desk[0], now + later)
    confirm(done.scan, desk[1], now + later)
    return Signature.objects.get()


def witness_of(place, cast, now, at):
    guest = Guest.objects.create(
        activity=place, kind="kpu", body="KPU Kota", post="Ketua", name="Misal Umpama", is_witness=True, arrived_at=now
    )
    [(_, code)] = ceremonies.appoint(place, [guest], by=cast.rina.user, now=now)
    seen = ceremonies.testimony((one := ceremonies.by_code(code, now=now)).pk, one.code_digest, now=now)
    return ceremonies.sign_statement(
        one.pk, one.code_digest, shown_digest=seen.statement.digest(), name="Misal Umpama", now=at
    )


@needs_pdftotext
def test_where_everybody_signs_in_ink_a_witness_signs_and_saw_them_however_late_they_are_reconciled(
    cast, city, pact_round, duty, desk, now
):
    place = make_activity(city, pact_round)
    attend(place, cast.sari)
    printed(pact_round, [duty], desk[0], now, activity=place)
    witness = witness_of(place, cast, now, now + timedelta(hours=1))
    assert witness.signed == 0
    signature = on_paper_at(place, duty, pact_round, desk, city, now)
    assert pacts.witnesses_after([signature]) == {signature.pk: [witness]}
    paper = " ".join(text_of(certificates.render(signature, now=now + timedelta(hours=4))).split())
    assert "KPU Kota (menandatangani pernyataannya sebelum lembar ini dicocokkan)" in paper
    record = " ".join(text_of(ceremonies.record(place, by=desk[0], now=now + timedelta(hours=4))).split())
    assert (
        "sesudah 0 orang tercatat menandatangani. 1 lembar kertas dari yang hadir saat itu dicocokkan sesudahnya."
        in record
    )


@pytest.mark.parametrize("why", ["he came later", "the sheet was printed later", "he was struck off"])
def test_a_witness_did_not_see_in_ink_who_was_not_there_with_his_sheet_when_he_signed(
    why, cast, city, pact_round, duty, desk, now
):
    place = make_activity(city, pact_round)
    attend(place, cast.sari)
    sheet_late = why == "the sheet was printed later"
    if not sheet_late:
        printed(pact_round, [duty], desk[0], now, activity=place)
    else:  # somebody else's is there, so that the witness signs at all
        other = Obligation.objects.create(
            pact_round=pact_round, person=cast.budi.person, unit=cast.budi.placement.unit, issued_at=now
        )
        attend(place, cast.budi)
        printed(pact_round, [other], desk[0], now, activity=place)
    witness_of(place, cast, now, now + timedelta(hours=1))
    if why == "he came later":
        Attendance.objects.update(at=now + timedelta(hours=2))
    signature = on_paper_at(
        place, duty, pact_round, desk, city, now, printed_at=now + timedelta(hours=2) if sheet_late else None
    )
    if why == "he was struck off":
        Attendance.objects.update(struck_at=now + timedelta(hours=2))
    assert signature.activity == place and pacts.witnesses_after([signature]) == {}


@pytest.mark.parametrize("why", ["not there", "struck out", "another day", "another pact"])
def test_a_sheet_of_somebody_who_was_not_at_the_activity_does_not_carry_it(
    why, cast, city, pact_round, duty, desk, now
):
    place = make_activity(city, pact_round)
    document = printed(pact_round, [duty], desk[0], now, activity=place)
    if why != "not there":
        attend(place, cast.sari, **({"struck_at": now} if why == "struck out" else {}))
    if why == "another day":
        Activity.objects.update(on=TODAY - timedelta(days=1))
    if why == "another pact":
        Activity.objects.update(pact_round=None)
    [done] = hand_in(city, photo(document), by=desk[0], now=now, activity=place)
    reconcile(done.scan, desk[0], now)
    confirm(done.scan, desk[1], now)
    assert Signature.objects.get().activity is None


# --- pictures ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda image: image.rotate(8, expand=True, fillcolor=(120, 110, 100)),
        lambda image: image.rotate(90, expand=True),
        lambda image: image.resize((700, 990)),
        lambda image: image.filter(ImageFilter.GaussianBlur(3)),
        lambda image: ImageEnhance.Brightness(ImageEnhance.Contrast(image).enhance(0.4)).enhance(0.5),
        lambda image: image.crop((0, image.height // 2, image.width, image.height)),
        lambda image: image.crop((0, 0, image.width, image.height // 2)),
    ],
    ids=["askew", "lying", "small", "blurred", "dark", "lower half", "upper half"],
)
def test_the_code_is_read_from_a_photo_as_people_take_it(change, sheet, cast, city, now):
    [done] = hand_in(city, photo(sheet, change=change), by=cast.rina.user, now=now)
    assert done.scan.codes_found == [PaperSheet.objects.get().code]


def test_a_picture_without_a_readable_code_waits_for_an_officer_who_types_it(sheet, desk, city, now):
    blank = as_jpeg(Image.new("RGB", (800, 1100), (240, 240, 235)))
    [done] = hand_in(city, blank, by=desk[0], now=now)
    assert (done.scan.state, done.scan.codes_found) == ("waiting", [])
    with pytest.raises(SheetUnknown):
        reconcile(done.scan, desk[0], now, code="K7QF-3MNP-XWT0-K7QF")
    code = PaperSheet.objects.get().code
    reconcile(done.scan, desk[0], now, code=f" {code[:4].lower()} {code[4:8]}-{code[8:]}")
    done.scan.refresh_from_db()
    assert done.scan.sheet.code == code


def test_what_was_read_from_the_picture_goes_before_what_is_typed(scan, desk, now):
    reconcile(scan, desk[0], now, code="0000-0000-0000-0000")
    scan.refresh_from_db()
    assert scan.sheet == PaperSheet.objects.get()


def two_on_one(pact_round, duty, cast, now) -> bytes:
    other = Obligation.objects.create(
        pact_round=pact_round, person=cast.budi.person, unit=cast.budi.placement.unit, issued_at=now
    )
    document = printed(pact_round, [duty, other], cast.rina.user, now)
    left, right = (Image.open(io.BytesIO(page)) for page in pictures.pages_of(document, most=5))
    both = Image.new("RGB", (left.width * 2, left.height), (200, 200, 200))
    both.paste(left, (0, 0))
    both.paste(right, (left.width, 0))
    return as_jpeg(both, 80)


def test_paper_with_two_persons_codes_on_one_picture_is_refused(pact_round, duty, cast, desk, city, now):
    [done] = hand_in(city, two_on_one(pact_round, duty, cast, now), by=desk[0], now=now)
    assert (done.scan.state, done.scan.refusal, len(done.scan.codes_found)) == ("refused", "sheet_two_codes", 2)
    assert isinstance(sheets.refusal_of(done.scan), SheetTwoCodes)
    with pytest.raises(ScanStateWrong):
        reconcile(done.scan, desk[0], now)
    sheets.reopen(done.scan, by=desk[0], now=now)
    with pytest.raises(SheetTwoCodes):
        reconcile(done.scan, desk[0], now)


def test_the_same_scan_twice_is_taken_once_also_in_one_go_and_by_another_name(sheet, cast, city, now):
    picture = photo(sheet)
    first, second = hand_in(city, picture, picture, by=cast.rina.user, now=now)
    [third] = hand_in(city, picture, by=cast.rina.user, now=now, name="lain.jpeg")
    assert first.scan and isinstance(second.refusal, ScanSeenBefore) and isinstance(third.refusal, ScanSeenBefore)
    assert PaperScan.objects.count() == StoredFile.objects.count() == 1


def test_the_same_sheet_in_another_picture_becomes_no_second_signature(scan, sheet, desk, city, now):
    [again] = hand_in(city, photo(sheet, quality=40), by=desk[0], now=now)  # written anew: other bytes, the same sheet
    reconcile(scan, desk[0], now)
    with pytest.raises(SheetAlreadyRead):
        reconcile(again.scan, desk[0], now)
    confirm(scan, desk[1], now)
    with pytest.raises(SheetSignedMeanwhile):
        reconcile(again.scan, desk[0], now)
    assert Signature.objects.count() == 1


def test_a_pdf_is_taken_page_by_page_and_each_page_once(pact_round, duty, cast, desk, city, now):
    other = Obligation.objects.create(
        pact_round=pact_round, person=cast.budi.person, unit=cast.budi.placement.unit, issued_at=now
    )
    document = printed(pact_round, [duty, other], desk[0], now)
    done = hand_in(city, document, by=desk[0], now=now, name="pindai.pdf")
    assert [each.name for each in done] == ["pindai-1.jpg", "pindai-2.jpg"]
    assert {each.scan.codes_found[0] for each in done} == set(PaperSheet.objects.values_list("code", flat=True))
    assert {each.scan.file.media_type for each in done} == {"image/jpeg"}
    again = hand_in(city, document, by=desk[0], now=now, name="pindai.pdf")
    assert all(isinstance(each.refusal, ScanSeenBefore) for each in again)


def test_a_pdf_of_too_many_pages_is_refused_whole(pact_round, duty, cast, city, sheet, now, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_PAGES", 1)
    other = Obligation.objects.create(
        pact_round=pact_round, person=cast.budi.person, unit=cast.budi.placement.unit, issued_at=now
    )
    document = printed(pact_round, [duty, other], cast.rina.user, now)
    [done] = hand_in(city, document, by=cast.rina.user, now=now, name="pindai.pdf")
    assert isinstance(done.refusal, TooManyPages) and (done.refusal.pages, done.refusal.most) == (2, 1)
    assert not StoredFile.objects.exists()


def test_what_is_wrong_with_one_file_stops_no_other(sheet, cast, city, now, monkeypatch):
    monkeypatch.setattr(sheets, "SCAN_LIMIT_BYTES", 3_000_000)
    damaged, text, huge = photo(sheet)[:4000], b"bukan gambar", b"\xff\xd8\xff" + bytes(3_000_001)
    broken_pdf = b"%PDF-1.7 rusak %%EOF"
    done = hand_in(city, damaged, text, huge, broken_pdf, photo(sheet), by=cast.rina.user, now=now)
    assert [type(each.refusal) for each in done] == [FileDamaged, FileKindWrong, FileTooBig, FileDamaged, type(None)]
    assert PaperScan.objects.count() == 1


def test_no_more_files_are_taken_than_can_be_read_while_somebody_waits(sheet, cast, city, now):
    with pytest.raises(TooManyFiles):
        hand_in(city, *[b"x"] * (sheets.MOST_FILES + 1), by=cast.rina.user, now=now)


# --- other agencies, older texts, wrong days ---------------------------------------------------------------------


def test_a_code_of_another_agency_is_answered_like_one_that_nobody_knows(sheet, cast, other_city, now):
    [done] = hand_in(other_city, photo(sheet), by=cast.tono.user, now=now)
    assert (done.scan.state, done.scan.refusal) == ("refused", "sheet_unknown")
    assert sheets.sheet_on(done.scan) is None
    blank = as_jpeg(Image.new("RGB", (400, 500)))
    [typed] = hand_in(other_city, blank, by=cast.tono.user, now=now)
    with pytest.raises(SheetUnknown):
        reconcile(typed.scan, cast.tono.user, now, code=PaperSheet.objects.get().code)


def test_an_unknown_code_on_a_picture_is_refused(sheet, cast, city, now):
    picture = photo(sheet)
    PactRound.objects.update()
    with connection_without_guards():
        PaperSheet.objects.all().delete()
    [done] = hand_in(city, picture, by=cast.rina.user, now=now)
    assert done.scan.refusal == "sheet_unknown"


def connection_without_guards():
    """Take the guard of sheets away, inside the test's own transaction: as if the paper came from elsewhere."""
    from contextlib import contextmanager

    from django.db import connection

    @contextmanager
    def without():
        with connection.cursor() as cursor:
            on = " ON records_papersheet" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER records_papersheet_no_delete{on}")
        yield

    return without()


def test_a_sheet_of_an_older_text_is_no_signature_under_the_new_one(scan, desk, pact_round, now):
    newer = PactText.of("Pakta", "", ["netral", "jujur"], "")
    pacts.publish_text(pact_round, newer, by=desk[0], now=now)
    with pytest.raises(SheetOfOlderText):
        reconcile(scan, desk[0], now)


def test_a_text_that_changes_between_the_two_officers_stops_the_second(scan, desk, pact_round, now):
    reconcile(scan, desk[0], now)
    pacts.publish_text(pact_round, PactText.of("Pakta", "", ["netral", "jujur"], ""), by=desk[0], now=now)
    with pytest.raises(SheetOfOlderText):
        confirm(scan, desk[1], now)
    assert not Signature.objects.exists()


def test_who_signed_himself_meanwhile_keeps_that_signature(scan, desk, duty, cast, now):
    reconcile(scan, desk[0], now)
    own = sign(duty, cast.sari.user, now)
    with pytest.raises(SheetSignedMeanwhile):
        confirm(scan, desk[1], now)
    assert Signature.objects.get() == own


@pytest.mark.parametrize("how", ["moved", "retired", "excused", "closed"])
def test_a_sheet_of_somebody_who_owes_it_no_more_is_not_recorded(how, scan, desk, duty, cast, city, pact_round, now):
    reconcile(scan, desk[0], now)
    if how == "excused":
        pacts.excuse(duty, reason="tugas belajar", by=desk[0], now=now)
    elif how == "closed":
        pacts.close_round(pact_round, by=desk[0], now=now)
    else:
        values = {"unit": city.units.get(code="SDN-01")} if how == "moved" else {"status": "retired"}
        roster.place(cast.sari.person, values=values, today=TODAY, by=desk[0], now=now)
    with pytest.raises(SheetNotOpen):
        confirm(scan, desk[1], now)


def test_who_owes_the_same_text_again_signs_another_sheet(scan, desk, duty, pact_round, cast, city, now):
    reconcile(scan, desk[0], now)
    confirm(scan, desk[1], now)
    duty.refresh_from_db()
    pacts.contest(duty.signature, user=cast.sari.user, reason="bukan tanda tangan saya", now=now)
    again = printed(pact_round, [duty], cast.rina.user, now)
    assert len({each.code for each in duty.sheets.all()}) == 2
    [done] = hand_in(city, photo(again), by=cast.rina.user, now=now)
    reconcile(done.scan, desk[0], now)
    confirm(done.scan, desk[1], now)
    duty.refresh_from_db()
    assert duty.signature.grade == "paper" and PaperScan.objects.filter(state="confirmed").count() == 2


@pytest.mark.parametrize("days", [-1, 1], ids=["before printing", "to come"])
def test_a_day_before_the_sheet_was_printed_or_in_the_future_is_refused(days, scan, desk, now):
    with pytest.raises(SheetDayWrong) as refused:
        reconcile(scan, desk[0], now, day=TODAY + timedelta(days=days))
    assert (refused.value.printed_on, refused.value.today) == (TODAY, TODAY)


# --- refusing, and looking again ---------------------------------------------------------------------------------


def test_a_refused_picture_has_a_reason_and_becomes_no_signature(scan, desk, now):
    with pytest.raises(ReasonMissing):
        sheets.refuse(scan, reason="  ", by=desk[0], now=now)
    reconcile(scan, desk[0], now)
    sheets.refuse(scan, reason="Tanda tangannya tidak ada.", by=desk[1], now=now)
    scan.refresh_from_db()
    assert (scan.state, sheets.refusal_of(scan)) == ("refused", "Tanda tangannya tidak ada.")
    with pytest.raises(ScanStateWrong):
        confirm(scan, desk[1], now)
    with pytest.raises(ScanStateWrong):
        sheets.refuse(scan, reason="lagi", by=desk[0], now=now)


def test_a_picture_is_given_back_to_be_read_again(scan, desk, now):
    reconcile(scan, desk[0], now)
    sheets.reopen(scan, by=desk[1], now=now)
    scan.refresh_from_db()
    assert (scan.state, scan.sheet, scan.signed_on, scan.reconciled_by) == ("waiting", None, None, None)
    reconcile(scan, desk[1], now)
    confirm(scan, desk[0], now)
    scan.refresh_from_db()
    with pytest.raises(ScanStateWrong):
        sheets.reopen(scan, by=desk[0], now=now)


def test_what_waits_is_counted_for_each_officer(scan, desk, city, now):
    assert sheets.waiting([city.pk], desk[0]) == (1, 0)
    reconcile(scan, desk[0], now)
    assert sheets.waiting([city.pk], desk[0]) == (0, 0)
    assert sheets.waiting([city.pk], desk[1]) == (0, 1)


def test_no_entry_of_the_log_about_paper_holds_a_name_or_a_number(scan, desk, now):
    reconcile(scan, desk[0], now)
    confirm(scan, desk[1], now)
    said = json.dumps(
        [payloads(event) for event in ("sheet.printed", "scan.received", "scan.reconciled", "pact.signed")]
    )
    assert "Sari" not in said and "1985" not in said


# --- office-holders ----------------------------------------------------------------------------------------------


def test_an_office_holder_without_an_account_signs_on_paper(cast, city, desk, now):
    mayor = offices.create_office(
        agency=city, unit=None, title="Wali Kota Bukittinggi", kind="head_of_region", by=desk[0], now=now
    )
    offices.take_over_from_outside(
        mayor, name="Misal Walikota", capacity="pjs", from_at=now - timedelta(days=9), letter_number="", letter_on=None,
        by=desk[0], now=now,
    )  # fmt: skip
    text = PactText.of("Pakta Kepala Daerah", "", ["netral"], "")
    asked = ceremonies.create_round(agency=city, title="Kepala Daerah", text=text, offices=[mayor], by=desk[0], now=now)
    ceremonies.issue(asked, today=TODAY, by=desk[0], now=now)
    document = printed(asked, list(Obligation.objects.filter(pact_round=asked)), desk[0], now)
    assert "Misal Walikota" in text_of(document)
    [done] = hand_in(city, photo(document), by=desk[0], now=now)
    reconcile(done.scan, desk[0], now)
    confirm(done.scan, desk[1], now)
    signature = Signature.objects.get()
    assert (signature.grade, signature.post) == (PAPER, "Pjs. Wali Kota Bukittinggi")
    assert ceremonies.counted(ceremonies.seats(asked)).valid == 1
