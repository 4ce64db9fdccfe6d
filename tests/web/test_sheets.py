"""Paper on pages: printing sheets, handing pictures in, the workbench of two officers."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from ikrar.gateways import pictures
from ikrar.records.models import PaperScan, PaperSheet, Signature
from ikrar.services import accounts, sheets
from tests.web import stage as stages
from tests.web.stage import MORNING, TODAY, Role, browser, outsider, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(stage):
    return browser(stage.rina)


@pytest.fixture
def second(stage):
    """Another officer of the same city."""
    user = outsider("DEWI", "Dewi Andaian")
    accounts.add_grant(user, Role.PROGRAMME_OFFICER, agency=stage.home.agency, by=None, now=MORNING)
    return browser(user)


@pytest.fixture
def ours(stage):
    return stage.home.ceremonies


def photo_of(document: bytes, name="lembar.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pictures.pages_of(document, most=5)[0])


def handed_in(client, stage, *files):
    given = {"agency": stage.home.agency.pk, "files": list(files)}
    return client.post(reverse("hand-in"), given)


# --- printing ----------------------------------------------------------------------------------------------------


def test_sheets_are_printed_for_chosen_missing_people_of_a_unit(stage, officer):
    path = reverse("unit-sheets", args=[stage.home.pact.pk, stage.home.school.pk])
    assert path in officer.get(reverse("missing", args=[stage.home.pact.pk, stage.home.school.pk])).content.decode()
    assert "Sari Dewi" in officer.get(path).content.decode()
    before = PaperSheet.objects.count()
    answer = officer.post(path, {"duties": [stage.home.duty.pk]})
    assert answer["Content-Type"] == "application/pdf" and PaperSheet.objects.count() == before
    other = stages.duty_of(stage.home.pact, stage.home.agency.units.get(code="BKPSDM").placements.get().person)
    root = reverse("unit-sheets", args=[stage.home.pact.pk, stage.home.root.pk])
    officer.post(root, {"duties": [other.pk]})
    assert PaperSheet.objects.count() == before + 1


def test_nobody_chosen_and_somebody_of_another_unit_print_nothing(stage, officer):
    path = reverse("unit-sheets", args=[stage.home.pact.pk, stage.home.school.pk])
    for duties in ([], ["x"], [stage.away.duty.pk], [stage.home.excused_duty.pk]):
        answer = officer.post(path, {"duties": duties})
        assert answer.status_code == 422 and "Pilih sekurangnya satu orang" in answer.content.decode()


def test_a_unit_head_prints_sheets_for_his_own_people_alone(stage):
    head = browser(stage.budi)
    assert head.get(reverse("unit-sheets", args=[stage.home.pact.pk, stage.home.school.pk])).status_code == 200
    assert head.get(reverse("unit-sheets", args=[stage.home.pact.pk, stage.home.other_school.pk])).status_code == 404


def test_sheets_are_printed_for_those_present_who_have_not_signed(stage, officer, ours):
    path = reverse("activity-sheets", args=[ours.ceremony.pk])
    page = officer.get(path).content.decode()
    assert "Sari Dewi" in page and "Budi Santoso" not in page
    assert officer.post(path, {"duties": [stage.home.duty.pk]})["Content-Type"] == "application/pdf"
    assert officer.post(path, {"duties": [stages.duty_of(stage.home.pact, stage.home.head).pk]}).status_code == 422


# --- handing in --------------------------------------------------------------------------------------------------


def test_several_pictures_are_taken_and_each_is_told_what_became_of_it(stage, officer):
    good, twice = picture(7), picture(7)
    answer = handed_in(officer, stage, good, SimpleUploadedFile("surat.txt", b"halo"), twice)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "kodenya tidak terbaca" in page and "sudah pernah diserahkan" in page and page.count("Ditolak.") == 2
    assert PaperScan.objects.filter(agency=stage.home.agency).count() == 4


@pytest.mark.parametrize("files", [0, 21])
def test_none_and_too_many_files_are_refused_in_words(stage, officer, files):
    answer = handed_in(officer, stage, *(SimpleUploadedFile(f"{n}.jpg", b"x") for n in range(files)))
    assert answer.status_code == 422
    assert ("Pilih sekurangnya satu berkas" if not files else "paling banyak 20") in answer.content.decode()


def test_pictures_for_another_agency_are_not_taken(stage, officer):
    for agency in (stage.away.agency.pk, "", "x", 999_999):
        assert officer.post(reverse("hand-in"), {"agency": agency, "files": picture(9)}).status_code == 404


def test_a_unit_head_hands_in_at_his_activity_and_sees_no_workbench(stage, ours):
    head = browser(stage.budi)
    answer = head.post(reverse("activity-scans", args=[ours.ceremony.pk]), {"files": picture(11)})
    assert answer.status_code == 200 and "Diterima" in answer.content.decode()
    kept = PaperScan.objects.get(activity=ours.ceremony)
    assert "lembar-11" in head.get(reverse("ceremony", args=[ours.ceremony.pk])).content.decode()
    for name in ("scan", "scan-picture"):
        assert head.get(reverse(name, args=[kept.pk])).status_code == 403
    assert head.get(reverse("scans")).status_code == 403


# --- the workbench -----------------------------------------------------------------------------------------------


def test_two_officers_carry_a_photo_to_a_signature(stage, officer, second):
    document = officer.post(
        reverse("unit-sheets", args=[stage.home.pact.pk, stage.home.school.pk]), {"duties": [stage.home.duty.pk]}
    ).content
    handed_in(officer, stage, photo_of(document))
    scan = PaperScan.objects.latest("pk")
    page = officer.get(reverse("scan", args=[scan.pk])).content.decode()
    assert "Sari Dewi" in page and reverse("scan-picture", args=[scan.pk]) in page and "Kode lembar" in page
    shown = officer.get(reverse("scan-picture", args=[scan.pk]))
    assert shown["Content-Type"] == "image/jpeg" and shown["X-Content-Type-Options"] == "nosniff"
    officer.post(reverse("reconcile-scan", args=[scan.pk]), {"signed_on": TODAY, "looked": "on"})
    own = officer.post(reverse("confirm-scan", args=[scan.pk]), {"looked": "on"})
    assert own.status_code == 422 and "Yang mencocokkan tidak dapat menegaskan" in own.content.decode()
    assert "Tegaskan tanda tangan ini" not in officer.get(reverse("scan", args=[scan.pk])).content.decode()
    assert "Tegaskan tanda tangan ini" in second.get(reverse("scan", args=[scan.pk])).content.decode()
    assert second.post(reverse("confirm-scan", args=[scan.pk]), {}).status_code == 422
    assert second.post(reverse("confirm-scan", args=[scan.pk]), {"looked": "on"}).status_code == 302
    signature = Signature.objects.get(obligation=stage.home.duty)
    assert signature.grade == "paper"
    assert signature.code in second.get(reverse("scan", args=[scan.pk])).content.decode()


def test_the_workbench_lists_each_step_and_leads_on_to_the_next_picture(stage, officer, ours):
    assert "lembar-0.png" in officer.get(reverse("scans")).content.decode()
    assert "lembar-1.png" in officer.get(reverse("scans"), {"lihat": "dicocokkan"}).content.decode()
    assert "lembar-2.png" in officer.get(reverse("scans"), {"lihat": "ditolak"}).content.decode()
    assert officer.get(reverse("scans"), {"lihat": "apa-saja", "hal": "x"}).status_code == 200
    answer = officer.post(reverse("confirm-scan", args=[ours.read_scan.pk]), {"looked": "on"})
    assert answer["Location"] == reverse("scans")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"looked": "on"}, "Hari yang tertulis"),
        ({"signed_on": "2024-10-24", "looked": "on"}, "Hari pada lembar harus antara"),
        ({"signed_on": "2024-10-26", "looked": "on"}, "Hari pada lembar harus antara"),
        ({"signed_on": "kemarin", "looked": "on"}, "Hari yang tertulis"),
        ({"signed_on": "2024-10-25"}, "Lihat gambarnya"),
    ],
)
def test_what_is_wrong_when_reconciling_is_told_at_its_field_and_kept(stage, officer, ours, given, says):
    answer = officer.post(reverse("reconcile-scan", args=[ours.scan.pk]), given)
    page = answer.content.decode()
    assert answer.status_code == 422 and says in page
    if given.get("signed_on", "").startswith("2024"):
        assert f'value="{given["signed_on"]}"' in page
    assert PaperScan.objects.get(pk=ours.scan.pk).state == "waiting"


def test_a_typed_code_is_asked_where_none_was_read(stage, officer):
    handed_in(officer, stage, picture(31))
    scan = PaperScan.objects.latest("pk")
    assert 'name="code"' in officer.get(reverse("scan", args=[scan.pk])).content.decode()
    path = reverse("reconcile-scan", args=[scan.pk])
    wrong = officer.post(path, {"code": "K7QF-3MNP-XWT0-K7QF", "signed_on": TODAY, "looked": "on"})
    assert wrong.status_code == 422 and 'value="K7QF-3MNP-XWT0-K7QF"' in wrong.content.decode()
    foreign = stage.away.duty.sheets.get().code
    assert officer.post(path, {"code": foreign, "signed_on": TODAY, "looked": "on"}).status_code == 422
    assert officer.post(path, {"code": "", "signed_on": TODAY, "looked": "on"}).status_code == 422
    own = stage.home.duty.sheets.get().code
    assert officer.post(path, {"code": own.lower(), "signed_on": TODAY, "looked": "on"}).status_code == 302


def test_a_picture_of_two_persons_says_why_it_was_refused(stage, officer):
    first, second = (stage.home.duty, stages.duty_of(stage.home.pact, stage.home.head))
    document = sheets.print_sheets(stage.home.pact, [first, second], by=stage.rina, now=MORNING)
    pages = [Image.open(io.BytesIO(page)) for page in pictures.pages_of(document, most=3)]
    both = Image.new("RGB", (pages[0].width * 2, pages[0].height))
    both.paste(pages[0], (0, 0))
    both.paste(pages[1], (pages[0].width, 0))
    written = io.BytesIO()
    both.save(written, "JPEG")
    answer = handed_in(officer, stage, SimpleUploadedFile("dua.jpg", written.getvalue()))
    assert "kode dua orang" in answer.content.decode()
    scan = PaperScan.objects.latest("pk")
    assert "kode dua orang" in officer.get(reverse("scan", args=[scan.pk])).content.decode()


def test_a_refusal_needs_a_reason_and_can_be_taken_back(stage, officer, ours):
    path = reverse("refuse-scan", args=[ours.scan.pk])
    assert officer.post(path, {"reason": " "}).status_code == 422
    assert officer.post(path, {"reason": "Tidak ada tanda tangan."}).status_code == 302
    page = officer.get(reverse("scan", args=[ours.scan.pk])).content.decode()
    assert "Tidak ada tanda tangan." in page
    officer.post(reverse("reopen-scan", args=[ours.scan.pk]))
    assert PaperScan.objects.get(pk=ours.scan.pk).state == "waiting"
    assert officer.post(reverse("reopen-scan", args=[ours.scan.pk])).status_code == 302  # a second click


def test_nothing_of_another_agencys_paper_is_seen(stage, officer):
    page = officer.get(reverse("scans")).content.decode()
    assert "Tono" not in page
    for name in ("scan", "scan-picture"):
        assert officer.get(reverse(name, args=[stage.away.ceremonies.scan.pk])).status_code == 404


def test_what_waits_on_paper_stands_on_the_first_screen(stage, officer, second, ours):
    assert "1 gambar menunggu dicocokkan, 1 menunggu ditegaskan" in officer.get(reverse("home")).content.decode()
    officer.post(reverse("reconcile-scan", args=[ours.scan.pk]), {"signed_on": TODAY, "looked": "on"})
    assert "0 gambar menunggu dicocokkan, 1 menunggu ditegaskan" in officer.get(reverse("home")).content.decode()
    assert "0 gambar menunggu dicocokkan, 2 menunggu ditegaskan" in second.get(reverse("home")).content.decode()
