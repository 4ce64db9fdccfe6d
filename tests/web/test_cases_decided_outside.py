"""Cases that nobody here examines or decides: the pages say who does, and each hand-over and answer is told."""

import re

import pytest
from django.urls import reverse

from ikrar.domain.errors import CaseStepRefused
from ikrar.services import case_files, cases
from ikrar.services.case_files import Alleged
from ikrar.services.cases import Named
from tests.web.case_stage import page_of, recommended, step, supervisor
from tests.web.stage import MORNING, TODAY

pytestmark = pytest.mark.django_db

CRIMINAL = "pilkada-71-1-officials-before-mk136"
LETTER = {"handover-letter": "12/SP/2024, 24 Oktober 2024"}


def said(response):
    return re.sub(r"\s+", " ", response.content.decode())


def of(case, name):
    return reverse(name, args=[f"{case.pk:016x}"])


def criminal(stage, *named):
    """Open a criminal case, and bring it to the written review."""
    by = supervisor(stage)
    alleged = Alleged(CRIMINAL, TODAY, "Kantor", "menyuruh memilih satu pasangan", candidate_status="determined")
    people = named or (Named(person=stage.home.teacher, allegations=(alleged,)),)
    case = cases.register([], stage.bawaslu, list(people), regime="pilkada", track="criminal", by=by, now=MORNING)
    return reviewed(case, by)


def reviewed(case, by):
    step(case, "pilkada-review", "received", by)
    step(case, "pilkada-register", "reviewing", by, **{"requirements-met": True})
    step(case, "pilkada-assess", "registered", by, review=True)
    return case


def soldier(stage, track="referral"):
    by = supervisor(stage)
    alleged = Alleged("tni-39-politics", TODAY, "Lapangan", "mengawal kampanye", candidate_status="determined")
    named = Named(described="Anggota TNI (rekaan)", employment="tni", post="prajurit", allegations=(alleged,))
    return reviewed(cases.register([], stage.bawaslu, [named], regime="pilkada", track=track, by=by, now=MORNING), by)


FALSE = (
    "Belum ada konsep", "Staf kepegawaian menyusunnya", "tidak ada yang berwenang memutus",
    "Tidak ada dugaan yang masih berlaku", "menunjuk pemeriksa lain", "mereka yang boleh bertindak diberi tahu",
    "Menurut jabatan dan hari ini", "Yang menugaskan pemeriksa",
)  # fmt: skip


@pytest.mark.parametrize("page", ["case-examination", "case-decision"])
def test_of_a_criminal_case_the_pages_say_that_gakkumdu_handles_it(stage, page):
    case, client = criminal(stage), page_of(supervisor(stage))
    shown = said(client.get(of(case, page), follow=True))
    assert "Sentra Gakkumdu yang menanganinya, dan pengadilan yang memutus" in shown
    assert "Perkara ini belum diserahkan." in shown
    assert f'href="{of(case, "case-referrals")}"' in shown and f'href="{of(case, "case")}#next-title"' in shown
    assert not [each for each in FALSE if each in shown]


@pytest.mark.parametrize("page", ["case-examination", "case-decision"])
@pytest.mark.parametrize("track", ["referral", "discipline"])
def test_of_a_soldier_the_pages_say_that_his_own_authority_does(stage, page, track):
    case, client = soldier(stage, track), page_of(supervisor(stage))
    shown = said(client.get(of(case, page), follow=True))
    assert "pejabat yang berwenang atas dirinya" in shown and "Terlapor ini belum dirujuk." in shown
    assert "Gakkumdu" not in shown and not [each for each in FALSE if each in shown]
    letter = {"referred-to": "Komandan satuannya (rekaan)", "referral-letter": "R-9/2024"}
    refers = "refer" if track == "referral" else "refer-outside"
    step(case, refers, "assessed", supervisor(stage), review=True, **letter)
    shown = said(client.get(of(case, page), follow=True))
    assert "kepada Komandan satuannya (rekaan), surat R-9/2024" in shown and "belum dirujuk" not in shown


def test_of_who_is_examined_and_decided_on_here_nothing_is_said_of_others(stage):
    case, client = recommended(stage), page_of(supervisor(stage))
    for page in ("case-examination", "case-decision"):
        shown = said(client.get(of(case, page), follow=True))
        assert "Tidak seorang pun di sini memeriksa atau memutus" not in shown
    assert f'href="{of(case, "case-decision")}"' in said(client.get(of(case, "case")))


def test_no_way_leads_to_decisions_that_nobody_here_takes(stage):
    client = page_of(supervisor(stage))
    for case in (criminal(stage), soldier(stage)):
        shown = said(client.get(of(case, "case")))
        assert f'href="{of(case, "case-decision")}"' not in shown
        assert f'href="{of(case, "case-examination")}"' in shown, "what the respondent answered is recorded there"


def test_what_a_respondent_of_a_criminal_case_answers_is_recorded_all_the_same(stage):
    case, by = criminal(stage), supervisor(stage)
    case_files.assign(case, by, "examiner", by=by, now=MORNING)
    page, client = of(case, "case-examination"), page_of(by)
    assert 'name="reply-text"' in said(client.get(page))
    wrong = client.post(page, {"act": "reply", "reply-on": TODAY.isoformat(), "reply-text": ""})
    assert wrong.status_code == 422 and "Sentra Gakkumdu yang menanganinya" in said(wrong)
    client.post(page, {"act": "reply", "reply-on": TODAY.isoformat(), "reply-text": "saya tidak di sana"})
    assert "saya tidak di sana" in said(client.get(page))


def test_several_respondents_of_a_criminal_case_lead_to_one_another(stage):
    alleged = Alleged(CRIMINAL, TODAY, "Kantor", "menyuruh", candidate_status="determined")
    people = [Named(person=each, allegations=(alleged,)) for each in (stage.home.teacher, stage.budi.person)]
    case, client = criminal(stage, *people), page_of(supervisor(stage))
    shown = said(client.get(of(case, "case-decision"), follow=True))
    for each in case.respondents.all():
        assert reverse("case-decision-of", args=[f"{case.pk:016x}", f"{each.pk:016x}"]) in shown


def test_each_hand_over_to_gakkumdu_and_each_return_is_told_with_letter_day_and_reason(stage):
    case, by = criminal(stage), supervisor(stage)
    page, client = of(case, "case-referrals"), page_of(by)
    shown = said(client.get(page))
    assert "belum pernah diserahkan" in shown and "Rekomendasi dan pelaksanaannya" not in shown
    step(case, "pilkada-gakkumdu-send", "assessed", by, review=True, **LETTER)
    shown = said(client.get(page))
    assert "Sentra Gakkumdu</h3>" in shown and "Belum menjawab." in shown and "12/SP/2024" in shown
    assert "belum pernah" not in shown and "Dirujuk ke luar" not in shown
    step(case, "pilkada-gakkumdu-back", "gakkumdu-sent", by, reason="saksi kurang satu orang")
    step(case, "pilkada-gakkumdu-send", "assessed", by, review=True, **{"handover-letter": "15/SP/2024, susulan"})
    step(case, "pilkada-gakkumdu-accept", "gakkumdu-sent", by)
    shown = said(client.get(page))
    assert shown.count("Sentra Gakkumdu</h3>") == 2 and "Belum menjawab." not in shown
    first, second = shown.index("15/SP/2024"), shown.index("12/SP/2024")
    assert first < shown.index("Catat diterima Gakkumdu") < second, "the last stands first, each with its own answer"
    assert second < shown.index("saksi kurang satu orang") and "Catat dikembalikan" in shown[second:]
    step(case, "pilkada-gakkumdu-outcome", "gakkumdu", by, **{"criminal-outcome": "pidana denda, putusan rekaan"})
    assert "pidana denda, putusan rekaan" in said(client.get(page))


@pytest.mark.parametrize("told", [{}, {"handover-letter": ""}, {"referral-letter": "12/SP/2024"}])
def test_a_hand_over_names_its_letter_as_a_referral_does(stage, told):
    case, by = criminal(stage), supervisor(stage)
    with pytest.raises(CaseStepRefused) as refused:
        step(case, "pilkada-gakkumdu-send", "assessed", by, review=True, **told)
    assert refused.value.about == ("handover-letter",)
    form = said(page_of(by).get(reverse("case-step", args=[f"{case.pk:016x}", "pilkada-gakkumdu-send"])))
    assert "Nomor dan tanggal surat penyerahan" in form
    step(case, "pilkada-gakkumdu-send", "assessed", by, review=True, **LETTER)
    step(case, "pilkada-gakkumdu-back", "gakkumdu-sent", by, reason="kurang")
    with pytest.raises(CaseStepRefused):  # the letter of the first is none of the second
        step(case, "pilkada-gakkumdu-send", "assessed", by, review=True)


def test_an_allegation_is_called_criminal_and_what_reaches_the_person_instead_is_told_as_that(stage):
    """Whoever is no official is not reached by the clause: its line is not called one of discipline, but says so."""
    case = criminal(stage)
    assert case.respondents.get().allegations.get().kind == "discipline"
    for page in (
        of(case, "case"),
        reverse("case-respondent", args=[f"{each.pk:016x}" for each in (case, case.respondents.get())]),
    ):
        shown = said(page_of(supervisor(stage)).get(page))
        line = shown[shown.index("· Kantor ·") :].split("</p>")[0]
        assert line.startswith("· Kantor · pidana") and "pasal itu tidak menjangkau orang itu pada hari itu" in line
        assert "(disiplin, berat)" in line
    alleged = Alleged(CRIMINAL, TODAY, "Balai", "menyuruh", candidate_status="determined")
    head = Named(described="Kepala desa (rekaan)", employment="village-head", post="", allegations=(alleged,))
    shown = said(page_of(supervisor(stage)).get(of(criminal(stage, head), "case")))
    line = shown[shown.index("· Balai ·") :].split("</p>")[0]
    assert line.startswith("· Balai · pidana") and "tidak menjangkau" not in line and "juga disiplin" in line


def test_where_an_allegation_stands_it_is_not_said_that_none_does(stage):
    by = supervisor(stage)
    alleged = Alleged("pp94-5n6-partisan-activities", TODAY, "Lapangan", "mengajak", candidate_status="determined")
    named = Named(person=stage.home.teacher, allegations=(alleged,))
    case = cases.register([], stage.bawaslu, [named], regime="pilkada", track="ethics", by=by, now=MORNING)
    shown = said(page_of(by).get(of(case, "case-decision"), follow=True))
    assert "Tidak ada dugaan yang masih berlaku" not in shown
    assert "Tidak ada dugaan yang pasalnya dijawab lewat jalur perkara ini" in shown
