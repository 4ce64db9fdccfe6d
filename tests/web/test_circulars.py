"""The pages of circulars and letters: an officer's, a reader's, a head's; what each sees, and what a form keeps."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ikrar.domain.access import Role
from ikrar.domain.circulars import Target
from ikrar.records.models import Circular, LogEntry, Notice, Placement, StoredFile
from ikrar.services import accounts, circular_papers, circulars, offices
from ikrar.web.middleware import LANGUAGE_COOKIE
from tests.services.test_paper import needs_pdftotext, text_of
from tests.web import stage as stages
from tests.web.stage import CIRCULAR_TEXT, MORNING, PDF, TODAY, browser, draft_circular, person, publish_circular
from tests.web.test_programme import errors_of, messages_of

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
FORM = {
    "kind": "circular", "title": "Netralitas  ASN", "opening": "Yth. semua.\n\nDasar: UU.", "points": "1. netral\n\n- jujur",
    "closing": "Demikian.", "due_on": "2024-10-28", "escalate_on": "2024-10-29", "valid_until": "2024-12-31",
    "heads_only": "on", "unit_kinds": ["school"], "unit_codes": "smpn1, SMPN2", "employments": ["pns"],
    "question_1": "Boleh memilih?", "answers_1": "boleh\ntidak", "right_1": "1", "explanation_1": "Hak sendiri bebas.",
}  # fmt: skip


@pytest.fixture
def rina(stage):
    return browser(stage.rina)


@pytest.fixture
def sari(stage):
    return browser(stage.sari)


def page_of(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def pdf(name: str = "edaran.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def published(stage, **more) -> Circular:
    return publish_circular(draft_circular(stage.home.agency, stage.rina, **more), stage.rina)


def awaited(stage, circular: Circular) -> int:
    """How many of the school are awaited; the head is one of them."""
    return circulars.missing(circular, stage.home.school, TODAY).count()


def acknowledge(client: Client, circular: Circular, answer: str = "1", **more):
    form = {"shown_digest": circular.digest, "answer_1": answer} | more
    return client.post(reverse("acknowledge-circular", args=[circular.pk]), form)


# --- writing -----------------------------------------------------------------------------------------------------


def test_a_circular_is_written_looked_at_and_published(stage, rina):
    response = rina.post(reverse("new-circular"), FORM | {"file": pdf("Surat Edaran.pdf")})
    made = Circular.objects.latest("pk")
    assert response["Location"] == reverse("circular", args=[made.pk])
    assert (made.title, made.opening, made.points) == (
        "Netralitas ASN",
        "Yth. semua.\n\nDasar: UU.",
        ["netral", "jujur"],
    )
    assert (made.due_on, made.escalate_on, made.file.name) == (
        date(2024, 10, 28),
        date(2024, 10, 29),
        "Surat Edaran.pdf",
    )
    target = Target.read(made.target)
    assert set(target.units) == {stage.home.school.pk, stage.home.other_school.pk}
    assert (target.heads_only, target.unit_kinds, target.employments) == (True, ("school",), ("pns",))
    page = page_of(rina, "circular", made.pk)
    assert "belum terlihat pegawai" in page and "<strong>2</strong> orang termasuk sasaran" in page
    assert "kepala unit" in page and "SMP Negeri 1 Bukittinggi" in page
    asked = page_of(rina, "publish-circular", made.pk)
    assert "002/SE/X/2024" in asked and "Terbitkan kepada 2 orang" in asked and "Hak sendiri bebas." in asked
    shown = re.search(r'name="shown" value="([0-9a-f]{64})"', asked)[1]
    response = rina.post(reverse("publish-circular", args=[made.pk]), {"shown": shown}, follow=True)
    assert "Terbit dengan nomor 002/SE/X/2024 dan masuk ke kotak pesan 2 orang." in messages_of(response)
    made.refresh_from_db()
    assert made.state == "published" and made.readers.count() == 2


WRONG = [
    ({"title": " "}, "Tentang", "tidak boleh kosong"),
    ({"kind": "keputusan"}, "Jenis surat", "keputusan"),
    ({"due_on": "2024-10-24"}, "Dikonfirmasi paling lambat", "24 Oktober 2024 sudah lewat"),
    ({"due_on": "besok"}, "Dikonfirmasi paling lambat", ""),
    ({"escalate_on": "2024-10-26"}, "Atasan diberi tahu mulai", "mendahului batas konfirmasi"),
    ({"valid_until": "2024-10-26"}, "Dikonfirmasi paling lambat", "melewati hari terakhir"),
    ({"issued_on": "2024-10-01"}, "Tanggal surat", "Kosongkan, atau isi nomornya"),
    ({"number": "1/SE", "issued_on": "2024-11-01"}, "Tanggal surat", "belum tiba"),
    ({"unit_codes": "SMPN1, TIDAK-ADA; SMPN99"}, "Unit lain menurut kodenya", "TIDAK-ADA, SMPN99"),
    ({"unit_codes": "SMPN9"}, "Unit lain menurut kodenya", "SMPN9"),
    ({"answers_1": "hanya satu"}, "Jawaban untuk pertanyaan 1", "sekurangnya dua jawaban"),
    ({"answers_1": "a\nb\nc\nd\ne"}, "Jawaban untuk pertanyaan 1", "paling banyak mempunyai empat"),
    ({"answers_1": "ya\nYa"}, "Jawaban untuk pertanyaan 1", "dua jawaban yang sama"),
    ({"right_1": "3"}, "Jawaban yang benar untuk pertanyaan 1", "tidak ada di antara jawabannya"),
    ({"right_1": ""}, "Jawaban yang benar untuk pertanyaan 1", "tidak ada di antara jawabannya"),
    ({"right_1": "9"}, "Jawaban yang benar untuk pertanyaan 1", ""),
    ({"question_1": ""}, "Pertanyaan 1", "masih kosong"),
    ({"employments": ["menteri"]}, "Status kepegawaian", ""),
    ({"opening": "x" * 60_001}, "Pembuka", ""),
    ({"opening": "x" * 40_000, "closing": "x" * 40_000}, "Butir-butir", "terlalu panjang"),
    ({"points": "\n".join(f"butir {n}" for n in range(80))}, "Butir-butir", "terlalu panjang"),
    ({"opening": "a\x00b"}, "Pembuka", ""),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "about", "says"), WRONG)
def test_an_error_in_a_draft_names_its_field_and_keeps_what_was_typed(stage, rina, wrong, about, says):
    before = Circular.objects.count()
    response = rina.post(reverse("new-circular"), FORM | wrong)
    assert response.status_code == 422 and Circular.objects.count() == before
    said = errors_of(response)
    assert f"{about} :" in said or f"{about}:" in said.replace(" :", ":"), said
    assert says in said
    page = response.content.decode()
    for name in ("opening", "points", "closing", "question_1", "explanation_1", "unit_codes"):
        if name not in wrong:
            assert FORM[name].split("\n")[0] in page, name


def test_a_file_that_is_no_pdf_is_refused_and_nothing_of_it_is_kept(stage, rina):
    before = StoredFile.objects.count()
    for wrong, says in (
        (pdf("edaran.pdf", b"MZ not a pdf at all"), "Hanya berkas PDF"),
        (pdf("edaran.pdf", b"\x89PNG\r\n\x1a\n....."), "Hanya berkas PDF"),
        (pdf("edaran.pdf", PDF[:20]), "terpotong"),
        (pdf("besar.pdf", PDF + b"0" * 10_000_001), "10 MB"),
    ):
        response = rina.post(reverse("new-circular"), FORM | {"file": wrong})
        assert response.status_code == 422 and says in errors_of(response), errors_of(response)
    assert StoredFile.objects.count() == before


def test_a_good_file_beside_another_error_is_not_kept_and_the_page_says_so(stage, rina):
    before = StoredFile.objects.count()
    for wrong in ({"title": ""}, {"due_on": "2024-10-01"}):
        response = rina.post(reverse("new-circular"), FORM | wrong | {"file": pdf()})
        assert "Pilih lagi berkasnya" in errors_of(response)
    assert StoredFile.objects.count() == before


def test_ten_megabytes_of_text_are_an_answer_in_words_and_no_error_of_ours(stage, rina):
    response = rina.post(reverse("new-circular"), FORM | {"opening": "x" * 10_000_000})
    assert response.status_code == 400 and "tombol kembali" in response.content.decode()


def test_a_number_that_another_letter_bears_is_refused_at_its_field(stage, rina):
    number = stage.home.circular.number
    response = rina.post(reverse("new-circular"), FORM | {"number": number})
    assert (
        response.status_code == 422 and "Nomor surat" in errors_of(response) and "sudah dipakai" in errors_of(response)
    )
    response = rina.post(reverse("new-circular"), FORM | {"number": "045/SE/2024", "issued_on": "2024-10-21"})
    made = Circular.objects.latest("pk")
    assert (made.number, made.issued_on) == ("045/SE/2024", date(2024, 10, 21))


def test_a_draft_comes_back_into_its_form_as_it_was_written(stage, rina):
    rina.post(reverse("new-circular"), FORM | {"file": pdf()})
    made = Circular.objects.latest("pk")
    before = circulars.shown(made)
    form = rina.get(reverse("change-circular", args=[made.pk])).context["form"]
    again = {name: form[name].value() for name in form.fields if name not in ("file", "remove_file")}
    again = {name: value for name, value in again.items() if value not in (None, False)}
    rina.post(reverse("change-circular", args=[made.pk]), again)
    made = Circular.objects.get(pk=made.pk)
    assert circulars.shown(made) == before
    rina.post(reverse("change-circular", args=[made.pk]), again | {"remove_file": "on"})
    made.refresh_from_db()
    assert made.file is None


def test_two_officers_do_not_undo_what_the_other_wrote(stage, rina):
    draft, address = stage.home.draft_circular, reverse("change-circular", args=[stage.home.draft_circular.pk])
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', rina.get(address).content.decode())[1]
    first = rina.post(address, {"kind": "circular", "title": "Pertama", "points": "satu", "seen": seen})
    assert first.status_code == 302
    second = rina.post(address, {"kind": "circular", "title": "Kedua", "points": "dua", "seen": seen})
    page = second.content.decode()
    assert second.status_code == 422 and "berubah setelah Anda membukanya" in page and 'value="Kedua"' in page
    draft.refresh_from_db()
    assert draft.title == "Pertama"


def test_a_draft_is_thrown_away_after_asking(stage, rina):
    draft = stage.home.draft_circular
    assert "Hapus rancangan" in page_of(rina, "discard-circular", draft.pk)
    rina.post(reverse("discard-circular", args=[draft.pk]))
    assert not Circular.objects.filter(pk=draft.pk).exists()
    assert rina.get(reverse("circular", args=[draft.pk])).status_code == 404


def test_nobody_but_its_officers_sees_a_draft(stage, sari):
    draft = stage.home.draft_circular
    assert sari.get(reverse("read-circular", args=[draft.pk])).status_code == 404
    assert browser(stage.budi).get(reverse("circular", args=[draft.pk])).status_code == 404
    assert browser(stage.away_officer).get(reverse("circular", args=[draft.pk])).status_code == 404


def test_an_officer_of_several_agencies_says_first_for_which(stage):
    accounts.add_grant(stage.rina, Role.PROGRAMME_OFFICER, agency=stage.away.agency, by=None, now=MORNING)
    client = browser(stage.rina)
    assert "Edaran dari instansi mana?" in page_of(client, "new-circular")
    response = client.post(
        f"{reverse('new-circular')}?instansi={stage.away.agency.pk}", {"kind": "appeal", "title": "X"}
    )
    assert response.status_code == 302 and Circular.objects.latest("pk").agency == stage.away.agency
    for odd in ("x", "9" * 40, "-1", "0"):
        assert client.get(f"{reverse('new-circular')}?instansi={odd}").status_code == 200


# --- publishing --------------------------------------------------------------------------------------------------


def test_what_was_changed_since_it_was_shown_is_not_published(stage, rina):
    draft = stage.home.draft_circular
    shown = re.search(r'name="shown" value="([0-9a-f]{64})"', page_of(rina, "publish-circular", draft.pk))[1]
    rina.post(reverse("change-circular", args=[draft.pk]), {"kind": "circular", "title": "Lain", "points": "lain"})
    response = rina.post(reverse("publish-circular", args=[draft.pk]), {"shown": shown})
    assert response.status_code == 422 and "berubah setelah Anda membukanya" in response.content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_pressing_twice_publishes_once(stage, rina):
    draft, address = stage.home.draft_circular, reverse("publish-circular", args=[stage.home.draft_circular.pk])
    form = {"shown": circulars.shown(draft)}
    rina.post(address, form)
    entries = LogEntry.objects.count()
    response = rina.post(address, form, follow=True)
    assert "tidak ada yang diterbitkan dua kali" in messages_of(response)
    assert LogEntry.objects.count() == entries
    assert (
        Notice.objects.filter(kind="circular_published", values__circular=draft.pk, person=stage.sari.person).count()
        == 1
    )


def test_a_target_that_reaches_nobody_is_told_before_and_at_publication(stage, rina):
    draft = draft_circular(stage.home.agency, stage.rina, target=Target.of(levels=["jpt_utama"]))
    page = page_of(rina, "publish-circular", draft.pk)
    assert "<strong>0</strong> orang" in page and "Tidak seorang pun termasuk sasaran" in page
    response = rina.post(reverse("publish-circular", args=[draft.pk]), {"shown": circulars.shown(draft)})
    assert response.status_code == 422
    draft.refresh_from_db()
    assert (draft.state, draft.number) == ("draft", "")


# --- reading -----------------------------------------------------------------------------------------------------


def test_a_reader_finds_it_at_home_in_the_inbox_and_in_the_list(stage, sari):
    circular = published(stage)
    address = reverse("read-circular", args=[circular.pk])
    for name in ("home", "inbox", "my-circulars"):
        assert f'href="{address}"' in page_of(sari, name), name
    page = page_of(sari, "read-circular", circular.pk)
    assert "netral" in page and "Kirim jawaban dan konfirmasi" in page and "Hak pilih sendiri bebas." not in page
    assert circular.readers.get(person=stage.sari.person).opened_at


def test_a_wrong_answer_is_explained_and_the_right_one_acknowledges(stage, sari):
    circular = published(stage)
    response = acknowledge(sari, circular, "0")
    page = response.content.decode()
    assert response.status_code == 422 and "Belum tepat." in page and "Hak pilih sendiri bebas." in page
    assert re.search(r'value="0" required\s+checked', page), "what was chosen stays chosen"
    response = acknowledge(sari, circular, "1")
    assert response["Location"] == reverse("read-circular", args=[circular.pk])
    reader = circular.readers.get(person=stage.sari.person)
    assert reader.acknowledged_at and reader.tries == 2
    page = page_of(sari, "read-circular", circular.pk)
    assert (
        "Anda mengonfirmasi edaran ini pada 25 Oktober 2024" in page
        and '<form method="post" action="/edaran' not in page
    )
    assert acknowledge(sari, circular, "0").status_code == 302, "once it stands, no answer undoes it"


def test_an_answer_that_was_not_given_or_is_none_of_the_offered_is_asked_for(stage, sari):
    circular = published(stage)
    for odd in ("", "7", "-1", "x", "\x00"):
        response = acknowledge(sari, circular, odd)
        assert response.status_code == 422 and "Pilih satu jawaban." in errors_of(response)
    assert circular.readers.get(person=stage.sari.person).tries == 0


def test_a_circular_without_questions_is_acknowledged_with_one_button(stage, sari):
    circular = published(stage, questions=())
    assert "Saya sudah membaca edaran ini" in page_of(sari, "read-circular", circular.pk)
    assert acknowledge(sari, circular).status_code == 302
    assert circular.readers.get(person=stage.sari.person).acknowledged_at


def test_withdrawn_while_it_was_being_read_it_is_refused_in_words(stage, sari, rina):
    circular = published(stage)
    page_of(sari, "read-circular", circular.pk)
    response = rina.post(reverse("withdraw-circular", args=[circular.pk]), {"reason": "salah tanggal"})
    assert response.status_code == 302
    response = acknowledge(sari, circular)
    page = response.content.decode()
    assert response.status_code == 422 and "Edaran ini sudah ditarik." in page and "Alasan: salah tanggal" in page
    assert "Kirim jawaban" not in page
    assert "Edaran ini ditarik" in page_of(sari, "read-circular", circular.pk)
    assert "ditarik. Alasannya ada di halamannya" in page_of(sari, "inbox")


def test_replaced_it_leads_to_the_new_one(stage, sari, rina):
    old = published(stage)
    response = rina.post(reverse("replace-circular", args=[old.pk]))
    new = Circular.objects.get(supersedes=old)
    assert response["Location"] == reverse("change-circular", args=[new.pk])
    assert "menggantikan nomor" in page_of(rina, "change-circular", new.pk)
    again = rina.post(reverse("replace-circular", args=[old.pk]), follow=True)
    assert "Sudah ada edaran atau rancangan lain" in messages_of(again)
    rina.post(reverse("publish-circular", args=[new.pk]), {"shown": circulars.shown(new)})
    page = page_of(sari, "read-circular", old.pk)
    assert "Edaran ini sudah digantikan" in page and f'href="{reverse("read-circular", args=[new.pk])}"' in page
    response = acknowledge(sari, old)
    assert response.status_code == 422 and "digantikan oleh yang lebih baru" in response.content.decode()
    assert "menggantikan surat" in page_of(sari, "inbox")
    chain = page_of(rina, "circular", new.pk)
    assert f"Menggantikan nomor {old.number}" in chain
    assert f'href="{reverse("circular", args=[new.pk])}"' in page_of(rina, "circular", old.pk)


def test_another_persons_circular_does_not_exist(stage):
    circular = published(stage, target=Target.of(units=[stage.home.other_school.pk]))
    for user in (stage.sari, stage.tono, stage.rina):
        client = browser(user)
        for name in ("read-circular", "my-circular-file", "my-circular-letter"):
            assert client.get(reverse(name, args=[circular.pk])).status_code == 404, name
        assert acknowledge(client, circular).status_code == 404


def test_whoever_had_to_sign_in_again_is_led_back_to_the_text(stage, sari):
    circular = published(stage)
    response = Client().post(reverse("acknowledge-circular", args=[circular.pk]), {"shown_digest": circular.digest})
    assert response.status_code == 302 and "next=" in response["Location"]
    assert sari.get(reverse("acknowledge-circular", args=[circular.pk]))["Location"] == reverse(
        "read-circular", args=[circular.pk]
    )


@needs_pdftotext
def test_the_letter_bears_head_number_words_and_what_became_of_it(stage, sari, rina):
    circular = stage.home.circular
    response = sari.get(reverse("my-circular-letter", args=[circular.pk]))
    assert response["Content-Type"] == "application/pdf" and "001-SE-X-2024.pdf" in response["Content-Disposition"]
    text = text_of(response.content)
    for part in ("SURAT EDARAN", "Nomor 001/SE/X/2024", "1. netral", "Ditetapkan di Bukittinggi", "25 Oktober 2024",
                 circular.digest, "edaran.pdf"):  # fmt: skip
        assert part in text, part
    Circular.objects.filter(pk=circular.pk).update(issued_by=stage.home.held_office)
    offices.take_over(
        stage.home.held_office, person=stage.home.head, capacity="plt", from_at=circular.published_at - timedelta(days=1),
        letter_number="", letter_on=None, by=stage.rina, now=MORNING,
    )  # fmt: skip
    text = text_of(rina.get(reverse("circular-letter", args=[circular.pk])).content)
    assert stage.home.held_office.title.split()[0] in text and stage.home.head.name in text
    draft = text_of(rina.get(reverse("circular-letter", args=[stage.home.draft_circular.pk])).content)
    assert "RANCANGAN" in draft and "Nomor: belum ada" in draft
    circulars.withdraw(circular, reason="salah tanggal", by=stage.rina, now=MORNING)
    assert "DITARIK: salah tanggal" in text_of(rina.get(reverse("circular-letter", args=[circular.pk])).content)


def test_the_file_is_handed_out_as_it_came_and_closed_to_scripts(stage, sari):
    response = sari.get(reverse("my-circular-file", args=[stage.home.circular.pk]))
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment") and "sandbox" in response["Content-Security-Policy"]


def test_a_file_whose_bytes_are_gone_is_told_in_words(stage, sari):
    StoredFile.objects.filter(pk=stage.home.circular.file_id).update(path="2024/10/" + "0" * 32 + ".pdf")
    response = sari.get(reverse("my-circular-file", args=[stage.home.circular.pk]), follow=True)
    assert response.status_code == 200 and "Beri tahu administrator" in messages_of(response)


# --- who has read it ---------------------------------------------------------------------------------------------


def test_an_officer_sees_how_far_each_unit_is_down_to_who_is_missing(stage, sari, rina):
    circular = published(stage, due_on=TODAY)
    acknowledge(sari, circular)
    page = page_of(rina, "circular", circular.pk)
    assert f"<strong>1</strong> mengonfirmasi dari {circular.readers.count()} yang ditunggu" in page
    root = page_of(rina, "circular-unit", circular.pk, stage.home.root.pk)
    assert reverse("circular-unit", args=[circular.pk, stage.home.education.pk]) in root
    school = page_of(rina, "circular-missing", circular.pk, stage.home.school.pk)
    assert (
        f"{awaited(stage, circular)} orang belum mengonfirmasi" in school
        and "Budi Santoso" in school
        and "Sari Dewi" not in school
    )
    text = re.search(r'id="messenger-text"[^>]*>(.*?)</p>', school, re.S)[1]
    assert "/edaran/" in text and "Budi" not in text and "Sari" not in text


def test_in_english_a_circular_is_acknowledged_and_not_signed(stage, rina):
    rina.cookies[LANGUAGE_COOKIE] = "en"
    circular = stage.home.circular
    pages = [page_of(rina, "circular", circular.pk), page_of(rina, "circular-unit", circular.pk, stage.home.school.pk)]
    assert "Circular number 001/SE/X/2024" in " ".join(re.sub(r"<[^>]+>", " ", pages[0]).split())
    assert "Not acknowledged yet: " in pages[0] and "<dt>not acknowledged</dt>" in pages[1]
    assert not any("signed" in page or "not set up" in page for page in pages)


def test_a_head_sees_his_own_subtree_and_neither_the_answers_nor_the_buttons(stage):
    circular = published(stage)
    budi = browser(stage.budi)
    assert "Netralitas ASN" in page_of(budi, "circulars")
    page = page_of(budi, "circular", circular.pk)
    assert (
        f"dari {awaited(stage, circular)} yang ditunggu" in page
        and "Tarik edaran" not in page
        and "Sampaikan sekarang" not in page
    )
    assert "benar</span>" not in page and "Hak pilih sendiri bebas." not in page
    assert "Sari Dewi" in page_of(budi, "circular-missing", circular.pk, stage.home.school.pk)
    for name in ("circular-unit", "circular-missing", "circular-readers", "circular-table"):
        for unit in (stage.home.other_school, stage.home.root, stage.home.education):
            assert budi.get(reverse(name, args=[circular.pk, unit.pk])).status_code == 404, name
    assert budi.post(reverse("circular-remind", args=[circular.pk, stage.home.school.pk])).status_code == 403
    only_others = published(stage, target=Target.of(units=[stage.home.other_school.pk]))
    assert budi.get(reverse("circular", args=[only_others.pk])).status_code == 404


def test_those_who_are_missing_are_reminded_and_not_again_at_once(stage, rina, sari):
    circular = published(stage)
    address = reverse("circular-remind", args=[circular.pk, stage.home.school.pk])
    response = rina.post(address, follow=True)
    people = awaited(stage, circular)
    assert f"Pengingat masuk ke kotak pesan {people} orang." in messages_of(response)
    assert "25 Oktober 2024" in response.content.decode()
    assert "menunggu konfirmasi Anda" in page_of(sari, "inbox")
    assert "baru saja diingatkan" in messages_of(rina.post(address, follow=True))
    assert Notice.objects.filter(kind="circular_reminded").count() == people


def test_the_list_tells_whose_superior_was_told_and_the_superior_sees_who(stage, rina):
    circular = published(stage, escalate_on=TODAY)
    circulars.escalate(circular, stage.home.agency, today=TODAY + timedelta(days=1), now=MORNING)
    page = page_of(rina, "circular-missing", circular.pk, stage.home.school.pk)
    assert "Budi Santoso, M.Pd, 26 Oktober 2024" in page and "Rahma Yulia" in page
    budi = browser(stage.budi)
    inbox = page_of(budi, "inbox")
    assert (
        f"{awaited(stage, circular) - 1} orang bawahan Anda belum mengonfirmasi" in inbox
        and f'href="{reverse("reported-circulars")}"' in inbox
    )
    told = page_of(budi, "reported-circulars")
    assert "Sari Dewi" in told and "Wati Amir" not in told
    assert "Sari Dewi" not in page_of(browser(stage.tina), "reported-circulars")
    acknowledge(browser(stage.sari), circular)
    assert "Sari Dewi" not in page_of(budi, "reported-circulars")


def test_whoever_comes_since_is_reached_at_once_where_an_officer_presses(stage, rina):
    circular = published(stage)
    address = reverse("deliver-circular", args=[circular.pk])
    assert "Tidak ada orang baru" in messages_of(rina.post(address, follow=True))
    person("Baru Datang", "199105052019031001", stage.home.school)
    assert "Disampaikan kepada 1 orang" in messages_of(rina.post(address, follow=True))


def test_nobody_is_awaited_once_it_is_over(stage, rina, sari):
    circular = published(stage, valid_until=TODAY)
    Circular.objects.filter(pk=circular.pk).update(valid_until=None)
    circulars.withdraw(circular, reason="keliru", by=stage.rina, now=MORNING)
    assert "tidak ada lagi yang ditunggu" in page_of(rina, "circular", circular.pk)
    assert "0 orang belum" in page_of(rina, "circular-missing", circular.pk, stage.home.root.pk)
    assert "sudah ditarik" in messages_of(
        rina.post(reverse("circular-remind", args=[circular.pk, stage.home.root.pk]), follow=True)
    )
    assert circular not in [each.circular for each in sari.get(reverse("home")).context["unread"]]


@needs_pdftotext
def test_the_list_of_acknowledgements_leaves_as_pdf_and_csv_and_that_is_logged(stage, rina, sari):
    circular = published(stage)
    acknowledge(sari, circular)
    person("=HYPERLINK(1)", "199105052019031001", stage.home.school)
    circulars.deliver(circular, today=TODAY, by=None, now=MORNING)
    entries = LogEntry.objects.count()
    args = [circular.pk, stage.home.school.pk]
    text = text_of(rina.get(reverse("circular-readers", args=args)).content)
    assert "Daftar Konfirmasi" in text and "Sari Dewi" in text and "Budi Santoso" in text and "Ujang" not in text
    response = rina.get(reverse("circular-table", args=args))
    table = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "Sari Dewi" in table and stages.SARI not in table and "'=HYPERLINK(1)" in table
    assert (
        len(table.strip().splitlines()) == 1 + circulars.everybody(circular, stage.home.school).count()
        and "2024-10-25" in table
    )
    assert LogEntry.objects.count() == entries + 2


def test_a_list_too_long_for_paper_is_refused_in_words(stage, rina, monkeypatch):
    monkeypatch.setattr(circular_papers, "MOST_ON_PAPER", 2)
    circular = published(stage)
    args = [circular.pk, stage.home.root.pk]
    assert reverse("circular-readers", args=args) not in page_of(rina, "circular-unit", *args)
    response = rina.get(reverse("circular-readers", args=args), follow=True)
    assert "paling banyak 2" in messages_of(response)


# --- several agencies --------------------------------------------------------------------------------------------


def test_the_one_that_published_it_sees_numbers_of_another_agency_and_never_its_people(stage, rina):
    type(stage.away.agency).objects.filter(pk=stage.away.agency.pk).update(parent=stage.home.agency)
    both = [stage.home.agency.pk, stage.away.agency.pk]
    response = rina.post(
        reverse("new-circular"), {"kind": "appeal", "title": "Imbauan", "points": "netral", "agencies": both}
    )
    made = Circular.objects.latest("pk")
    assert response.status_code == 302 and made.agencies.count() == 2
    rina.post(reverse("new-circular"), {"kind": "appeal", "title": "Semua", "points": "netral", "all_below": "on"})
    assert Circular.objects.latest("pk").agencies.count() == 2
    nobody = rina.post(reverse("new-circular"), {"kind": "appeal", "title": "Tanpa", "points": "netral"})
    assert nobody.status_code == 422 and "Pilih sekurangnya satu instansi" in errors_of(nobody)
    assert "Pemerintah Kota Payakumbuh" in page_of(rina, "publish-circular", made.pk)
    publish_circular(made, stage.rina)
    page = page_of(rina, "circular", made.pk)
    assert "Instansi lain yang dituju" in page and "Tono" not in page and "Tina" not in page
    for name in ("circular-unit", "circular-missing", "circular-readers", "circular-table"):
        for unit in (stage.away.root, stage.away.school):
            assert rina.get(reverse(name, args=[made.pk, unit.pk])).status_code == 404, name
    assert rina.post(reverse("circular-remind", args=[made.pk, stage.away.root.pk])).status_code == 404
    # The other agency's officer sees his own people, reminds them, and changes nothing of the letter.
    other = browser(stage.away_officer)
    assert "Tono Hartono" in page_of(other, "circular-missing", made.pk, stage.away.root.pk)
    assert "Pengingat masuk" in messages_of(
        other.post(reverse("circular-remind", args=[made.pk, stage.away.root.pk]), follow=True)
    )
    page = page_of(other, "circular", made.pk)
    assert "Tarik edaran" not in page and "Instansi lain yang dituju" not in page
    for name in ("withdraw-circular", "replace-circular", "deliver-circular", "change-circular", "publish-circular"):
        assert other.post(reverse(name, args=[made.pk]), {"reason": "x"}).status_code == 404, name
    assert "Imbauan" in page_of(browser(stage.tono), "my-circulars")


def test_an_agency_that_is_not_below_is_not_offered_and_not_taken(stage, rina):
    assert 'name="agencies"' not in page_of(rina, "new-circular")
    form = {"kind": "appeal", "title": "Imbauan", "points": "netral", "agencies": [stage.away.agency.pk]}
    rina.post(reverse("new-circular"), form)
    assert list(Circular.objects.latest("pk").agencies.all()) == [stage.home.agency]


def test_a_unit_of_another_agency_is_not_taken_by_its_key(stage, rina):
    response = rina.post(reverse("new-circular"), FORM | {"units": [stage.away.education.pk]})
    assert response.status_code == 422 and "Unit, dengan semua di bawahnya" in errors_of(response)


# --- letterhead and numbers --------------------------------------------------------------------------------------


def letters_form(**more):
    form = {"letterhead": "PEMERINTAH KOTA\nBadan Kepegawaian"}
    for kind in ("circular", "instruction", "appeal", "invitation", "minutes"):
        form |= {f"pattern_{kind}": "{number:03}/{code}/BKPSDM/{month_roman}/{year}", f"last_{kind}": "9"}
    return form | more


def test_an_officer_sets_head_and_numbers_and_the_next_letter_bears_them(stage, rina):
    agency = stage.home.agency
    assert rina.get(reverse("letters"))["Location"] == reverse("agency-letters", args=[agency.pk])
    response = rina.post(reverse("agency-letters", args=[agency.pk]), letters_form(), follow=True)
    assert "tersimpan" in messages_of(response) and "010/SE/BKPSDM/X/2024" in response.content.decode()
    circular = published(stage)
    assert circular.number == "010/SE/BKPSDM/X/2024" and circular.letterhead == "PEMERINTAH KOTA\nBadan Kepegawaian"


@pytest.mark.parametrize(
    ("wrong", "about", "says"),
    [
        ({"pattern_circular": "{nomor}/{year}"}, "Pola nomor: Surat edaran", "{nomor} tidak dikenal"),
        ({"pattern_circular": "{number}/{code}"}, "Pola nomor: Surat edaran", "harus memuat {year}"),
        ({"pattern_circular": "{number}{year}"}, "Pola nomor: Surat edaran", "harus ada pemisah"),
        ({"pattern_circular": ""}, "Pola nomor: Surat edaran", ""),
        ({"pattern_appeal": "{number}/SE/BKPSDM/{month_roman}/{year}"}, "Pola nomor: Surat imbauan", "nomor yang sama"),
        ({"last_circular": "0"}, "Nomor terakhir: Surat edaran", "Nomor 1 sudah terpakai"),
        ({"last_circular": "-3"}, "Nomor terakhir: Surat edaran", ""),
        ({"last_circular": "banyak"}, "Nomor terakhir: Surat edaran", ""),
        ({"letterhead": "x\n" * 9}, "Kop surat", "paling banyak 6 baris"),
    ],
)
def test_a_pattern_that_cannot_be_meant_is_refused_at_its_field_and_nothing_is_changed(stage, rina, wrong, about, says):
    entries = LogEntry.objects.count()
    response = rina.post(reverse("agency-letters", args=[stage.home.agency.pk]), letters_form(**wrong))
    assert response.status_code == 422 and about in errors_of(response) and says in errors_of(response), errors_of(
        response
    )
    assert LogEntry.objects.count() == entries
    stage.home.agency.refresh_from_db()
    assert "Badan" not in stage.home.agency.letterhead


def test_the_administrator_sets_every_agencys_letters_and_an_officer_only_his_own(stage, rina):
    admin = stage.accounts[Role.ADMINISTRATOR].client()
    page = page_of(admin, "letters")
    assert "Bukittinggi" in page and "Payakumbuh" in page
    assert admin.post(reverse("agency-letters", args=[stage.away.agency.pk]), letters_form()).status_code == 302
    assert rina.post(reverse("agency-letters", args=[stage.away.agency.pk]), letters_form()).status_code == 404


def test_the_menu_leads_an_officer_and_a_teacher_to_their_circulars(stage, rina, sari):
    assert f'href="{reverse("circulars")}"' in page_of(rina, "home")
    home = page_of(sari, "home")
    assert f'href="{reverse("my-circulars")}"' in home and f'href="{reverse("circulars")}"' not in home


def test_whoever_retired_is_not_listed_as_missing(stage, rina):
    circular = published(stage, text=replace(CIRCULAR_TEXT, title="Lama"))
    Placement.objects.filter(person=stage.home.teacher).update(status="retired")
    assert "Sari Dewi" not in page_of(rina, "circular-missing", circular.pk, stage.home.school.pk)


def test_the_page_says_from_which_day_superiors_are_told_and_not_which_was_typed(stage, rina):
    circular = published(stage, due_on=TODAY, escalate_on=TODAY)
    page = " ".join(page_of(rina, "circular", circular.pk).split())
    assert "<dt>Atasan diberi tahu mulai</dt> <dd>26 Oktober 2024</dd>" in page
    ends = published(stage, due_on=TODAY, escalate_on=TODAY, valid_until=TODAY)
    page = " ".join(page_of(rina, "circular", ends.pk).split())
    assert "<dt>Atasan diberi tahu mulai</dt> <dd>tidak pernah</dd>" in page
