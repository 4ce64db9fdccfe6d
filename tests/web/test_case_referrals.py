"""Pages of referrals: two bodies act on one page, each sees its side, and nobody learns who reported."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ikrar.domain.access import Role
from ikrar.domain.files import FileKind
from ikrar.records.models import Body, CaseConflict, CaseReferral
from ikrar.services import case_files, case_referrals, files
from tests.web.case_stage import (
    accepted,
    assessed,
    found,
    national,
    page_of,
    recommended,
    sent,
    step,
    supervisor,
    watcher,
)
from tests.web.stage import MORNING, TODAY

pytestmark = pytest.mark.django_db


def url(case):
    return reverse("case-referrals", args=[f"{case.pk:016x}"])


def said(response):
    return re.sub(r"\s+", " ", response.content.decode())


def form(stage, case, **more):
    chosen = [f"{each.pk:016x}" for each in case.evidence.all()]
    return {
        "act": "send", "to": stage.national.pk, "number": "7/PM", "words": "mohon ditindaklanjuti", "parts": chosen,
        "was": "assessed",
    } | more  # fmt: skip


# --- sending -----------------------------------------------------------------------------------------------------


def test_act_and_clause_stand_in_the_letter_before_it_is_written(stage):
    case = assessed(stage)
    page = said(page_of(supervisor(stage)).get(url(case)))
    assert "PP 94/2021" in page and 'name="words"' in page
    assert "Nama pelapor tidak ada dalam berkas perkara" in page


def test_a_case_is_sent_with_the_parts_that_were_chosen(stage):
    case = assessed(stage)
    kept = case_files.add_evidence(case, label="Catatan", text="rahasia dapur", by=supervisor(stage), now=MORNING)
    chosen = [f"{each.pk:016x}" for each in case.evidence.exclude(pk=kept.pk)]
    response = page_of(supervisor(stage)).post(url(case), form(stage, case, parts=chosen), follow=True)
    assert "Belum menjawab" in said(response) and "1 bukti ikut dikirim" in said(response)
    assert case.referrals.get().parts == chosen
    there = page_of(national(stage)).get(url(case))
    assert "uraian video" in said(there) and "rahasia dapur" not in said(there)
    assert "Sari Dewi" in said(there) and "Terima perkara ini" in said(there)


def test_what_was_kept_back_stays_with_the_sender_after_the_case_was_accepted(stage):
    case = assessed(stage)
    upload = SimpleUploadedFile("kunci.pdf", b"%PDF-1.4 rahasia\n%%EOF\n")
    stored = files.receive(upload, kinds={FileKind.PDF}, most_bytes=10_000, by=supervisor(stage), now=MORNING)
    kept = case_files.add_evidence(
        case, label="Sumber", text="rahasia dapur", file=stored, by=supervisor(stage), now=MORNING
    )
    chosen = [f"{each.pk:016x}" for each in case.evidence.exclude(pk=kept.pk)]
    page_of(supervisor(stage)).post(url(case), form(stage, case, parts=chosen))
    case_referrals.accept(case.referrals.get(), was="forwarded", by=national(stage), now=MORNING)
    key = f"{case.pk:016x}"
    page, file = reverse("case", args=[key]), reverse("case-file", args=[key, stored.pk])
    mine, theirs = page_of(supervisor(stage)), page_of(national(stage))
    assert "rahasia dapur" in said(mine.get(page)) and mine.get(file).status_code == 200
    assert "uraian video" in said(theirs.get(page)) and "rahasia dapur" not in said(theirs.get(page))
    assert theirs.get(file).status_code == 404


def test_a_reply_that_was_kept_back_is_shown_to_nobody_else_and_sent_on_by_nobody(stage):
    case = assessed(stage)
    case_files.assign(case, supervisor(stage), "examiner", by=supervisor(stage), now=MORNING)
    reply = case_files.record_reply(
        case.respondents.get(), on=TODAY, text="saya mengaku kepada panwas", by=supervisor(stage), now=MORNING
    )
    chosen = [f"{each.pk:016x}" for each in case.evidence.exclude(pk=reply.pk)]
    page_of(supervisor(stage)).post(url(case), form(stage, case, parts=chosen))
    case_referrals.accept(case.referrals.get(), was="forwarded", by=national(stage), now=MORNING)
    examination = reverse("case-examination", args=[f"{case.pk:016x}"])
    mine, theirs = page_of(supervisor(stage)), page_of(national(stage))
    assert "saya mengaku kepada panwas" in said(mine.get(examination))
    there = theirs.get(examination)
    assert there.status_code == 200 and "saya mengaku kepada panwas" not in said(there)
    assert "Jawaban terlapor" not in said(theirs.get(url(case)))


@pytest.mark.parametrize(("field", "value"), [("number", ""), ("words", " "), ("to", ""), ("parts", ["zz"])])
def test_what_is_missing_is_told_at_its_field_and_nothing_typed_is_lost(stage, field, value):
    case = assessed(stage)
    response = page_of(supervisor(stage)).post(url(case), form(stage, case, **{field: value}))
    assert response.status_code == 422 and f'href="#id_{field}' in said(response)
    assert field == "words" or "mohon ditindaklanjuti" in said(response)
    assert not case.referrals.exists()


def test_a_dissolved_body_is_refused_at_its_field_and_those_who_took_over_are_named(stage):
    kasn = Body.objects.create(kind="kasn", name="KASN Rekaan")
    watcher("Lama", kasn)
    case = assessed(stage)
    browser = page_of(supervisor(stage))
    assert "KASN Rekaan (tidak ada lagi)" in said(browser.get(url(case)))
    response = browser.post(url(case), form(stage, case, to=kasn.pk))
    assert response.status_code == 422
    assert "KASN Rekaan tidak ada lagi sejak 31 Oktober 2023" in said(response)
    assert "Badan Kepegawaian Negara (BKN), Kementerian PANRB" in said(response)
    assert not case.referrals.exists()


def test_a_page_that_was_overtaken_sends_nothing(stage):
    case = assessed(stage)
    browser = page_of(supervisor(stage))
    assert browser.post(url(case), form(stage, case)).status_code == 302
    response = browser.post(url(case), form(stage, case), follow=True)
    assert case.referrals.count() == 1 and "sudah berubah" in said(response)


def test_a_letter_that_somebody_else_sent_first_is_refused_and_not_lost(stage):
    case = assessed(stage)
    mine = form(stage, case, words="surat yang lama ditulis")
    sent(stage, case)
    response = page_of(supervisor(stage)).post(url(case), mine)
    assert response.status_code == 422 and "sudah berubah" in said(response)
    assert "surat yang lama ditulis" in said(response) and case.referrals.count() == 1


def test_the_reason_of_an_answer_that_came_second_is_not_lost(stage):
    case = assessed(stage)
    referral = sent(stage, case)
    case_referrals.refuse(referral, reason="alasan rekan", was="forwarded", by=national(stage), now=MORNING)
    browser = page_of(national(stage))
    response = browser.post(url(case), answer(referral, act="refuse", reason="alasan saya"))
    assert response.status_code == 422 and "alasan saya" in said(response) and "sudah berubah" in said(response)
    assert "Terima perkara ini" not in said(response) and "Sari Dewi" not in said(response)
    other = accepted(stage, stage.budi.person)
    response = browser.post(url(other), answer(other.referrals.get(), act="refuse", reason="alasan saya"))
    assert response.status_code == 422 and "alasan saya" in said(response) and "sudah berubah" in said(response)


# --- answering ---------------------------------------------------------------------------------------------------


def answer(referral, **more):
    return {"act": "accept", "referral": f"{referral.pk:016x}", "was": "forwarded"} | more


def test_a_body_accepts_and_has_the_case_from_then_on(stage):
    case = assessed(stage)
    referral = sent(stage, case)
    browser = page_of(national(stage))
    response = browser.post(url(case), answer(referral), follow=True)
    assert "Menerima pada 25 Oktober 2024" in said(response) and "sekarang ditangani Badan Kepegawaian" in said(
        response
    )
    again = browser.post(url(case), answer(referral), follow=True)
    assert "sudah berubah" in said(again)


def test_a_body_refuses_with_a_reason_and_both_sides_read_it(stage):
    case = assessed(stage)
    referral = sent(stage, case)
    browser = page_of(national(stage))
    response = browser.post(url(case), answer(referral, act="refuse", reason=""))
    assert response.status_code == 422 and 'href="#answer-reason"' in said(response)
    response = browser.post(url(case), answer(referral, act="refuse", reason="bukan ASN"), follow=True)
    assert "Menolak pada 25 Oktober 2024" in said(response) and "Perkara ini tidak pada badan Anda" in said(response)
    assert "uraian video" not in said(response) and "Sari Dewi" not in said(response)
    here = said(page_of(supervisor(stage)).get(url(case)))
    assert "bukan ASN" in here and 'name="words"' in here  # it may be sent again


def test_a_body_returns_what_it_accepted(stage):
    case = accepted(stage)
    browser = page_of(national(stage))
    response = browser.post(
        url(case), {"act": "return", "reason": "berkas kurang", "was": "with-national"}, follow=True
    )
    assert "Mengembalikan pada 25 Oktober 2024" in said(response)
    case.refresh_from_db()
    assert case.handler is None


def test_nobody_answers_for_another_body_and_nobody_without_a_part_sees_a_referral(stage):
    case = assessed(stage)
    referral = sent(stage, case)
    other = Body.objects.create(kind="bkn", name="Kantor lain")
    stranger = watcher("Lain", other)
    assert page_of(stranger).get(url(case)).status_code == 404
    assert page_of(stranger).post(url(case), answer(referral)).status_code == 404
    for role in (Role.EXAMINER, Role.DRAFTER, Role.INTAKE_OFFICER, Role.APPOINTING_AUTHORITY):
        assert stage.accounts[role].client().get(url(case)).status_code == 404
    officer = national(stage)
    CaseConflict.objects.create(case=case, user=officer, kind="recused", why="relative", by=officer, at=MORNING)
    assert page_of(national(stage)).get(url(case)).status_code == 404
    assert CaseReferral.objects.get(pk=referral.pk).state == "sent"
    # The sender answers nothing in the other's place.
    response = page_of(supervisor(stage)).post(url(case), answer(referral), follow=True)
    assert "sudah berubah" in said(response) and CaseReferral.objects.get(pk=referral.pk).state == "sent"


def test_what_is_no_key_of_a_case_does_not_exist(stage):
    browser = page_of(supervisor(stage))
    for key in ("1", "z" * 16, "f" * 16, "0" * 16):
        assert browser.get(f"/perkara/{key}/rujukan/").status_code == 404


# --- side by side ------------------------------------------------------------------------------------------------


def test_recommendation_and_execution_stand_side_by_side(stage):
    case = recommended(stage)
    page = said(page_of(supervisor(stage)).get(url(case)))
    assert page.count("belum") >= 2 and "Pembebasan dari jabatan" in page.replace("pembebasan", "Pembebasan")
    # The agency's officers see the same, once it was recommended to their authority.
    assert "Rekomendasi dan pelaksanaannya" in said(stage.accounts[Role.EXAMINER].client().get(url(case)))


def test_the_agency_learns_how_many_pieces_were_kept_back_but_not_what(stage):
    case = assessed(stage)
    case_files.add_evidence(case, label="Dapur", text="rahasia", by=supervisor(stage), now=MORNING)
    referral = sent(stage, case, parts=list(case.evidence.exclude(label="Dapur")))
    page_of(national(stage)).post(url(case), answer(referral))
    page = said(page_of(national(stage)).get(url(case)))
    assert "1 bukti disimpan badan pengirim" in page and "Dapur" not in page


def test_the_waiting_referrals_of_a_body_stand_on_its_workbench(stage, django_assert_max_num_queries):
    case = assessed(stage)
    sent(stage, case)
    browser = page_of(national(stage))
    with django_assert_max_num_queries(40):
        page = said(browser.get(reverse("cases-national")))
    assert "7/PM/2024" in page and url(case) in page
    assert "1 pelimpahan menunggu jawaban badan Anda" in said(browser.get(reverse("home")))


@pytest.mark.parametrize("kept", [None, []])
def test_where_no_evidence_goes_along_neither_side_is_told_that_all_of_it_did(stage, kept):
    case = found(stage.bawaslu, stage.home.teacher, supervisor(stage))
    for name, was, facts in (
        ("pilkada-review", "received", {}),
        ("pilkada-register", "reviewing", {"requirements-met": True}),
        ("pilkada-assess", "registered", {"review": True}),
    ):
        step(case, name, was, supervisor(stage), **facts)
    sent(stage, case, parts=kept)
    mine, theirs = (said(page_of(user).get(url(case))) for user in (supervisor(stage), national(stage)))
    for shown in (mine, theirs):
        assert "Tidak ada bukti yang ikut dikirim." in shown
        assert "Semua bukti" not in shown and "0 bukti" not in shown
    other = assessed(stage, stage.budi.person)
    sent(stage, other, parts=None)
    shown = said(page_of(national(stage)).get(url(other)))
    assert "Semua bukti dalam berkas ikut dikirim." in shown and "Tidak ada bukti" not in shown
