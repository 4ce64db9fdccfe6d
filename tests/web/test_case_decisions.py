"""Pages of examination and decision: what each sees, what each may do, and what is refused in words with nothing lost."""

from datetime import date, timedelta
from html import unescape

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ikrar.records.models import CaseDecision, CaseEvidence, CaseStep, Holding, OfficeLeave
from ikrar.services import (
    case_decisions,
    case_files,
    case_nights,
    case_papers,
    case_referrals,
    case_rules,
    case_steps,
    cases,
)
from ikrar.services.case_files import Alleged
from ikrar.services.cases import Named
from tests.conftest import make_member
from tests.services import case_cast
from tests.services.case_cast import HEARING, SANCTION, at, make_cast, referred, step, summoned, with_team
from tests.services.test_cases_decisions import appealed, settle
from tests.web.stage import browser

pytestmark = pytest.mark.django_db
DAY = at(HEARING)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def who(cast, city, other_city, stage_home, morning):
    return make_cast(cast, city, other_city, stage_home, morning)


@pytest.fixture
def travel(who):
    with time_machine.travel(case_cast.at(date(2024, 10, 25)), tick=False) as traveller:
        yield traveller


def scan():
    return SimpleUploadedFile("keputusan.pdf", PDF, content_type="application/pdf")


def path(name, case, respondent=None):
    args = [case_steps.number_of(case)]
    if respondent is not None:
        args.append(case_steps.number_of(respondent))
    return reverse(name, args=args)


def exam(case):
    return path("case-examination", case)


def decision_page(case):
    return path("case-decision-of", case, case.respondents.get())


def act(client, address, name, was, decision=None, **told):
    """Send what a form of a page sends; of a decision the one that stands, unless another is named."""
    fields = {f"{name}-{field}": value for field, value in told.items()}
    if decision is None:
        decision = CaseDecision.objects.filter(ended_at=None).first()
    key = {"decision": f"{decision.pk:016x}"} if decision else {}
    return client.post(address, {"act": name, "was": was, **key, **fields})


def sign(client, address, shown, number="800/1", **more):
    """Send what the page to be signed sends."""
    standing = CaseDecision.objects.filter(ended_at=None).first()
    told = {
        "was": "proposed",
        "shown": shown,
        "number": number,
        "agree": "on",
        "decision": f"{standing.pk:016x}",
    } | more
    return client.post(address, told)


def says(response):
    return unescape(response.content.decode())


def moved(response):
    assert response.status_code == 302, says(response)[:6000]
    return response


def state(case):
    return case.respondents.get().state


def proposed_case(who, travel):
    return case_cast.proposed(who, case_cast.at(date(2024, 10, 25)), travel)


def drafted(who, travel, **more):
    return case_cast.drafted(who, case_cast.at(date(2024, 10, 25)), travel, **more)


# --- the examination ---------------------------------------------------------------------------------------------


def test_the_page_names_who_examines_by_rank_and_never_a_candidate(who, city, travel):
    root = city.units.get(parent=None)
    type(who.mayor.placement).objects.filter(pk=who.mayor.placement.pk).update(is_head=True, level="jpt_utama")
    city.units.filter(code="SMPN-3").update(parent=root)
    type(who.budi.placement).objects.filter(pk=who.budi.placement.pk).update(level="pengawas")
    case = with_team(who, case_cast.at(date(2024, 10, 25)))
    client = browser(who.examiners[0])
    assert "Walikota Misalkan" in says(client.get(exam(case)))
    holding = Holding.objects.get(office=who.office)
    OfficeLeave.objects.create(
        holding=holding, kind="campaign", from_on=HEARING, last_on=HEARING + timedelta(days=9), from_at=DAY,
        until_at=DAY + timedelta(days=9),
    )  # fmt: skip
    page = says(client.get(exam(case)))
    assert "Walikota Misalkan, Wali Kota, tidak memeriksa: ia sendiri calon." in page
    assert "Tidak ada atasan pada daftar pegawai yang boleh memeriksa" in page


def test_an_examiner_summons_hears_and_proposes_within_the_band(who, travel):
    case = with_team(who, case_cast.at(date(2024, 10, 25)))
    client = browser(who.examiners[0])
    told = {"summons": "2024-10-25", "hearing-on": "2024-10-28", "on": "2024-10-25"}
    moved(act(client, exam(case), "summon", "accepted", **told))
    travel.move_to(DAY)
    client, mayor = browser(who.examiners[0]), browser(who.mayor.user)
    moved(act(client, exam(case), "hear", "summoned", **{"hearing-record": "hadir, mengaku", "on": "2024-10-28"}))
    assert "hadir, mengaku" in says(client.get(exam(case)))
    assert 'name="act" value="propose"' not in says(client.get(exam(case))), "a team is to be formed first"
    moved(act(mayor, exam(case), "form-team", "heard", **{"team-order": "SK 5", "on": "2024-10-28"}))
    moved(act(client, exam(case), "reply", "team", on="2024-10-28", text="Saya hanya lewat", document=scan()))
    reply = CaseEvidence.objects.get(label__startswith="Jawaban terlapor")
    assert reply.file and "Saya hanya lewat" in says(client.get(exam(case)))
    page = says(client.get(exam(case)))
    assert "Pembebasan dari jabatan" in page and "Teguran lisan" not in page
    told = {"sanction": SANCTION, "proposal": "terbukti", "report": "laporan tim", "on": "2024-10-28"}
    moved(act(client, exam(case), "propose", "team", **told))
    assert state(case) == "proposed"


def test_a_sanction_outside_the_band_is_refused_with_what_is_allowed_and_nothing_typed_is_lost(who, travel):
    case = with_team(who, case_cast.at(date(2024, 10, 25)))
    case_cast.summon(case, who, case_cast.at(date(2024, 10, 25)), HEARING)
    travel.move_to(DAY)
    step(case, "hear", "summoned", who.examiners[0], DAY, **{"hearing-record": "bap"})
    step(case, "form-team", "heard", who.mayor.user, DAY, **{"team-order": "SK 5"})
    told = {"sanction": "light-oral", "proposal": "cukup ditegur", "report": "laporan", "on": "2024-10-28"}
    response = act(browser(who.examiners[0]), exam(case), "propose", "team", **told)
    assert response.status_code == 422
    assert "di luar rentang" in says(response) and "Pembebasan dari jabatan" in says(response)
    assert "cukup ditegur" in says(response) and state(case) == "team"


def test_a_proposal_says_which_step_of_the_authority_comes_before_it(who, travel):
    case = summoned(who, case_cast.at(date(2024, 10, 25)))
    travel.move_to(DAY)
    step(case, "hear", "summoned", who.examiners[0], DAY, **{"hearing-record": "bap"})
    client, form = browser(who.examiners[0]), f"/perkara/{case.pk:016x}/langkah/propose/"
    page = says(client.get(f"{form}?dari=heard"))
    assert "fact-team-order" not in page and "harus lebih dulu: Bentuk tim pemeriksa" in page
    told = {"was": "heard", "on": "2024-10-28", "fact-proposal": "usul", "sanction": SANCTION}
    sent = client.post(form, told | {"fact-team-order": "SK 5", "fact-team-report": "laporan"})
    assert sent.status_code == 422 and "harus lebih dulu: Bentuk tim pemeriksa" in says(sent)
    assert "Bentuk tim pemeriksa" in says(client.get(path("case", case)))
    told = {"sanction": SANCTION, "proposal": "terbukti", "report": "laporan tim", "on": "2024-10-28"}
    sent = act(client, exam(case), "propose", "heard", **told, **{"propose-team-order": "SK 5"})
    assert sent.status_code == 422 and "harus lebih dulu: Bentuk tim pemeriksa" in says(sent)
    assert state(case) == "heard"


def test_the_file_names_the_authority_until_the_team_of_a_heavy_case_stands(who, travel):
    case = summoned(who, case_cast.at(date(2024, 10, 25)))
    travel.move_to(DAY)
    step(case, "hear", "summoned", who.examiners[0], DAY, **{"hearing-record": "bap"})
    for user in (who.examiners[0], who.bkn_officer):
        shown = says(browser(user).get(path("case", case)))
        assert "Yang harus bertindak sekarang: Pejabat pembina kepegawaian." in shown
    step(case, "form-team", "heard", who.mayor.user, DAY, **{"team-order": "SK 5"})
    assert "Yang harus bertindak sekarang: Pemeriksa." in says(browser(who.examiners[0]).get(path("case", case)))


def test_days_in_the_wrong_order_are_refused_beside_their_field(who, travel):
    case = with_team(who, case_cast.at(date(2024, 10, 25)))
    client = browser(who.examiners[0])
    right = {"summons": "2024-10-25", "hearing-on": "2024-10-28", "on": "2024-10-25"}
    for field, day in (("summons", "2024-01-05"), ("summons", "2024-10-24"), ("hearing-on", "2024-11-06")):
        response = act(client, exam(case), "summon", "accepted", **right | {field: day})
        assert response.status_code == 422 and f'href="#id_summon-{field}"' in says(response), (field, day)
    assert "paling lambat 5 November 2024" in says(response)
    form = f"/perkara/{case.pk:016x}/langkah/summon/"
    for field, day in (("summons", "2024-10-24"), ("hearing-on", "2024-11-06")):
        told = {"was": "accepted", "on": "2024-10-25", "fact-summons": "2024-10-25", "fact-hearing-on": "2024-10-28"}
        response = client.post(form, told | {f"fact-{field}": day})
        assert response.status_code == 422 and f'href="#id_fact-{field}"' in says(response), (field, day)
    moved(act(client, exam(case), "summon", "accepted", **right))
    travel.move_to(DAY)
    client = browser(who.examiners[0])
    moved(act(client, exam(case), "miss-first", "summoned", **{"no-show-record": "tidak datang", "on": "2024-10-28"}))
    told = {"second-summons": "2024-10-27", "second-hearing-on": "2024-10-30", "on": "2024-10-28"}
    response = act(client, exam(case), "summon-again", "missed-once", **told)
    assert response.status_code == 422 and 'href="#id_summon-again-second-summons"' in says(response)


def test_a_hearing_before_the_day_of_the_summons_is_refused_with_both_days(who, travel):
    case = summoned(who, case_cast.at(date(2024, 10, 25)))
    travel.move_to(DAY)
    client, words = browser(who.examiners[0]), "26 Oktober 2024 mendahului 28 Oktober 2024 (Hari pemeriksaan)."
    response = act(client, exam(case), "hear", "summoned", **{"hearing-record": "hadir", "on": "2024-10-26"})
    assert response.status_code == 422 and words in says(response) and 'href="#id_hear-on"' in says(response)
    told = {"was": "summoned", "on": "2024-10-26", "fact-hearing-record": "hadir"}
    response = client.post(f"/perkara/{case.pk:016x}/langkah/hear/", told)
    assert response.status_code == 422 and words in says(response) and state(case) == "summoned"


def test_the_hearing_is_not_skipped_by_who_sends_the_form_all_the_same(who, travel):
    case = summoned(who, case_cast.at(date(2024, 10, 25)))
    client = browser(who.examiners[0])
    assert 'value="propose"' not in says(client.get(exam(case)))
    told = {"sanction": SANCTION, "proposal": "terbukti", "report": "laporan", "on": "2024-10-25"}
    response = act(client, exam(case), "propose", "summoned", **told)
    assert response.status_code == 422 and "ada langkah yang belum ditempuh" in says(response)
    assert state(case) == "summoned"


def test_a_summons_to_a_holiday_or_to_a_saturday_is_refused_beside_its_field(who, travel):
    case = with_team(who, case_cast.at(date(2024, 10, 25)))
    client = browser(who.examiners[0])
    for day, words in (("2024-12-25", "25 Desember 2024"), ("2024-10-26", "26 Oktober 2024")):
        told = {"summons": "2024-10-25", "hearing-on": day, "on": "2024-10-25"}
        response = act(client, exam(case), "summon", "accepted", **told)
        assert response.status_code == 422
        assert f"Hari itu bukan hari kerja: {words}" in says(response) and 'href="#id_summon-hearing-on"' in says(
            response
        )
    assert state(case) == "accepted"


def test_two_no_shows_are_recorded_one_after_the_other(who, travel):
    case = summoned(who, case_cast.at(date(2024, 10, 25)))
    travel.move_to(DAY)
    client = browser(who.examiners[0])
    moved(act(client, exam(case), "miss-first", "summoned", **{"no-show-record": "tidak datang", "on": "2024-10-28"}))
    told = {"second-summons": "2024-10-28", "second-hearing-on": "2024-10-30", "on": "2024-10-28"}
    moved(act(client, exam(case), "summon-again", "missed-once", **told))
    travel.move_to(at(date(2024, 10, 30)))
    client = browser(who.examiners[0])
    told = {"second-no-show-record": "tidak datang lagi", "on": "2024-10-30"}
    moved(act(client, exam(case), "miss-second", "summoned-again", **told))
    assert state(case) == "missed-twice"
    assert "tidak datang lagi" in says(client.get(exam(case)))


def test_a_no_show_on_the_day_of_the_letter_is_offered_as_what_it_is_and_a_new_summons_asks_for_its_days(who, travel):
    case = with_team(who, case_cast.at(date(2024, 10, 25)))
    client = browser(who.examiners[0])
    told = {"summons": "2024-10-25", "hearing-on": "2024-10-25", "on": "2024-10-25"}
    moved(act(client, exam(case), "summon", "accepted", **told))
    page = says(client.get(exam(case)))
    assert 'value="miss-first-uncounted"' in page and 'value="miss-first"' not in page
    assert "belum tercatat sebagai tidak hadir" in page, "why, and what to do then"
    sent = {"no-show-record": "tidak datang", "on": "2024-10-25"}
    response = act(client, exam(case), "miss-first", "summoned", **sent)
    assert response.status_code == 422 and "belum tercatat sebagai tidak hadir" in says(response)
    told = {"was": "summoned", "on": "2024-10-25", "fact-no-show-record": "tidak datang"}
    response = client.post(f"/perkara/{case.pk:016x}/langkah/miss-first/", told)
    assert response.status_code == 422 and "belum tercatat sebagai tidak hadir" in says(response)
    sent = {"uncounted-no-show-record": "ditunggu sampai sore", "on": "2024-10-25"}
    moved(act(client, exam(case), "miss-first-uncounted", "summoned", **sent))
    page = says(client.get(exam(case)))
    assert state(case) == "accepted" and 'name="summon-summons"' in page and 'name="summon-hearing-on"' in page
    assert "ditunggu sampai sore" in page
    form = says(client.get(f"/perkara/{case.pk:016x}/langkah/summon/"))
    assert 'name="fact-summons"' in form and 'name="fact-hearing-on"' in form
    told = {"summons": "2024-10-25", "hearing-on": "2024-10-28", "on": "2024-10-25"}
    moved(act(client, exam(case), "summon", "accepted", **told))
    page = says(client.get(exam(case)))
    assert state(case) == "summoned" and 'value="miss-first-uncounted"' not in page


def test_a_second_hearing_on_the_day_of_the_first_is_refused_beside_its_field(who, travel):
    case = summoned(who, case_cast.at(date(2024, 10, 25)))
    travel.move_to(DAY)
    client = browser(who.examiners[0])
    moved(act(client, exam(case), "miss-first", "summoned", **{"no-show-record": "tidak datang", "on": "2024-10-28"}))
    says_why = "Hari itu, 28 Oktober 2024, harus sesudah 28 Oktober 2024 (Hari pemeriksaan)."
    told = {"second-summons": "2024-10-28", "second-hearing-on": "2024-10-28", "on": "2024-10-28"}
    response = act(client, exam(case), "summon-again", "missed-once", **told)
    assert response.status_code == 422 and says_why in says(response)
    assert 'href="#id_summon-again-second-hearing-on"' in says(response)
    told = {
        "was": "missed-once",
        "on": "2024-10-28",
        "fact-second-summons": "2024-10-28",
        "fact-second-hearing-on": "2024-10-28",
    }
    response = client.post(f"/perkara/{case.pk:016x}/langkah/summon-again/", told)
    assert response.status_code == 422 and says_why in says(response)
    assert 'href="#id_fact-second-hearing-on"' in says(response) and state(case) == "missed-once"


def test_who_is_not_assigned_reads_that_and_is_refused(who, travel):
    case = referred(who, case_cast.at(date(2024, 10, 25)))
    client = browser(who.examiners[0])
    assert "Anda belum ditugasi dalam perkara ini" in says(client.get(exam(case)))
    told = {"summons": "2024-10-25", "hearing-on": "2024-10-28", "on": "2024-10-25"}
    response = act(client, exam(case), "summon", "accepted", **told)
    assert response.status_code == 422 and "tidak sedang ditugasi" in says(response)


def test_what_a_respondent_answered_is_offered_to_those_alone_who_examine_him(who, travel):
    case = referred(who, case_cast.at(date(2024, 10, 25)))
    told = {"on": "2024-10-25", "text": "Saya hanya lewat di sana."}
    for user in (who.examiners[0], who.bkn_officer):
        client = browser(user)
        assert "Catat jawaban terlapor" not in says(client.get(exam(case)))
        response = act(client, exam(case), "reply", "accepted", **told)
        assert response.status_code == 422 and "yang ditugasi memeriksanya" in says(response)
        assert "Saya hanya lewat di sana." in says(response)  # nothing typed is lost
    assert not case.evidence.exclude(respondent=None).exists()
    case_files.assign(case, who.examiners[0], "examiner", by=who.mayor.user, now=case_cast.at(date(2024, 10, 25)))
    client = browser(who.examiners[0])
    assert "Catat jawaban terlapor" in says(client.get(exam(case)))
    moved(act(client, exam(case), "reply", "accepted", **told))
    assert "Saya hanya lewat di sana." in says(client.get(exam(case)))


# --- who sees it -------------------------------------------------------------------------------------------------


def test_a_case_is_nothing_to_a_stranger_the_respondent_and_whoever_stands_in_conflict(who, travel):
    case = proposed_case(who, travel)
    case_files.recuse(case, why="relative", by=who.examiners[2], now=DAY)
    for address in (exam(case), decision_page(case), path("case-decision", case)):
        assert browser(who.stranger).get(address).status_code == 404
        assert browser(who.examiners[2]).get(address).status_code == 404
        assert browser(who.sari.user).get(address).status_code == 403
        assert browser(who.examiners[0]).get(address).status_code in (200, 302)


def test_a_head_follows_those_whom_he_leads_with_a_second_factor_and_no_others(who, city, travel):
    case = proposed_case(who, travel)
    budi = who.budi.user
    assert browser(budi).get(decision_page(case)).status_code == 200
    assert browser(budi, strong=False).get(decision_page(case)).headers["Location"] == reverse("mfa_index")
    other = make_member(
        city.units.get(code="DISDIK"),
        "196501011990031009",
        "Dinas Misalkan",
        sex="m",
        post="Kepala Dinas",
        is_head=True,
    )
    assert browser(other.user).get(decision_page(case)).status_code == 404, "above the superior he has no part in it"


# --- the desk ----------------------------------------------------------------------------------------------------


def desk(user):
    return browser(user).get(reverse("decision-desk"))


def test_the_desk_shows_only_what_needs_a_decision_with_days_left_and_what_happens_at_zero(who, travel):
    case = proposed_case(who, travel)
    assert "Sari Contohwati" not in says(desk(who.mayor.user)), "nothing is drafted: it is the staff's"
    assert "Susun konsep keputusan" in says(desk(who.drafter))
    respondent = case.respondents.get()
    made = case_decisions.draft(respondent, sanction=SANCTION, grounds="terbukti", by=who.drafter, now=DAY)
    assert "Sari Contohwati" not in says(desk(who.mayor.user)), "a second one confirms first"
    assert "Menunggu penegasan orang kedua" in says(desk(who.drafter))
    assert "Tegaskan aturan" in says(desk(who.lawyer))
    case_decisions.confirm(made, by=who.lawyer, now=DAY)
    page = says(desk(who.mayor.user))
    assert "Sari Contohwati" in page and "Putuskan" in page and "sisa" in page
    assert "Bukan batas waktu hukum" in page and "wewenang tidak berpindah" in page
    assert "Catat keputusan yang ditandatangani" in says(desk(who.drafter))


def led_to(user, act):
    """Follow the line of the desk that asks for an act; return the acts that its page offers."""
    lines = [each for each in desk(user).context["lines"] if each["line"].act == act]
    path, _hash, place = lines[0]["href"].partition("#")
    page = browser(user).get(path)
    acts = [each.act for each in page.context["offers"]]
    assert not place or (place in acts and f'id="{place}"' in says(page))
    return acts


def test_the_desk_leads_to_the_page_where_its_act_is_done(who, travel):
    now = at(date(2024, 10, 25))
    case = case_cast.assessed(who, now, clarified=True)
    case_cast.to_authority(case, who, now)
    acts = led_to(who.mayor.user, "accept")
    assert {"authority-accept", "authority-return"} <= set(acts), "though another reason was written before"
    step(case, "authority-accept", "recommended", who.mayor.user, now)
    case_cast.name_team(case, who, now)
    case_cast.summon(case, who, now, HEARING)
    travel.move_to(at(HEARING))
    step(case, "hear", "summoned", who.examiners[0], at(HEARING), **{"hearing-record": "berita acara"})
    assert "form-team" in led_to(who.mayor.user, "team")


def test_the_desk_of_who_is_in_conflict_is_empty(who, travel):
    decision = drafted(who, travel)
    case_files.state_conflict(
        decision.respondent.case, why="relative", person=who.mayor.person, by=who.bkn_officer, now=DAY
    )
    page = says(desk(who.mayor.user))
    assert "Sari Contohwati" not in page and "Tidak ada yang menunggu" in page


def test_the_queue_moves_with_the_office_in_the_minute_of_the_leave(who, city, travel):
    decision = drafted(who, travel)
    acting = make_member(city.units.get(code="SETDA"), "197001011995031001", "Penjabat Andaikan", sex="m", post="Sekda")
    holding = Holding.objects.get(office=who.office)
    begins = DAY + timedelta(minutes=10)
    leave = OfficeLeave.objects.create(
        holding=holding, kind="campaign", from_on=HEARING, last_on=HEARING + timedelta(days=9), from_at=begins,
        until_at=begins + timedelta(days=9),
    )  # fmt: skip
    Holding.objects.create(
        office=who.office,
        person=acting.person,
        leave=leave,
        capacity="pjs",
        from_at=begins,
        until_at=begins + timedelta(days=9),
    )
    assert "Sari Contohwati" in says(desk(who.mayor.user))
    assert desk(acting.user).status_code == 403
    travel.move_to(begins)
    assert desk(who.mayor.user).status_code == 403
    page = says(desk(acting.user))
    assert "Sari Contohwati" in page and "Putuskan" in page
    address = path("case-sign", decision.respondent.case, decision.respondent)
    client = browser(acting.user)
    shown = client.get(address).context["text"].digest
    moved(sign(client, address, shown, "800/2"))
    made = CaseDecision.objects.get()
    assert (made.way, made.capacity, made.signer, made.digest) == ("signed_here", "pjs", acting.person, shown)


def test_the_desk_says_when_there_is_more_and_asks_as_many_questions_for_many(who, city, travel):
    now = case_cast.at(date(2024, 10, 25))
    school = city.units.get(code="SMPN-3")

    def add(number):
        person = make_member(school, f"19800101201001{number:04d}", f"Guru{number} Rekaan", sex="f", post="Guru")
        case_cast.recommended(who, now, person=person.person)

    for number in range(2):
        add(number)
    client = browser(who.mayor.user)
    address = reverse("decision-desk")
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(2, 27):
        add(number)
    with CaptureQueriesContext(connection) as many:
        page = client.get(address)
    assert len(many) == len(few), "\n".join(each["sql"][:150] for each in many)
    assert "Masih ada lagi" in says(page) and len(page.context["lines"]) == 25
    assert len(client.get(address, {"hal": "2"}).context["lines"]) == 2
    assert client.get(address, {"hal": "x"}).status_code == 200


# --- draft, confirmation, decision -------------------------------------------------------------------------------


def test_what_departs_from_the_recommendation_needs_reasons_and_stands_beside_it(who, travel):
    case = proposed_case(who, travel)
    client = browser(who.drafter)
    response = act(client, decision_page(case), "draft", "proposed", sanction="none", grounds="tidak cukup bukti")
    assert response.status_code == 422 and "lain dari yang direkomendasikan" in says(response)
    assert "tidak cukup bukti" in says(response) and 'href="#id_draft-departure_reason"' in says(response)
    told = {"sanction": "none", "grounds": "tidak cukup bukti", "departure_reason": "saksi mencabut"}
    moved(act(client, decision_page(case), "draft", "proposed", **told))
    page = says(client.get(decision_page(case)))
    assert "saksi mencabut" in page and "Tidak terbukti" in page
    assert "Direkomendasikan" in page and "Diusulkan pemeriksa" in page
    assert page.count("<strong>Pembebasan dari jabatan") == 2, "what was recommended, and what was proposed"
    assert "Konsep ini tidak dapat diputus lagi" not in page
    doing = case_steps.Doing(who.bkn_officer, HEARING, DAY + timedelta(minutes=1))
    facts = {"sanction": "severe-demotion-12m"}
    case_steps.write(case, "recommend", doing, respondent=case.respondents.get(), facts=facts)
    assert "Konsep ini tidak dapat diputus lagi" in says(client.get(decision_page(case)))


def test_a_draft_outside_the_band_is_refused(who, travel):
    case = proposed_case(who, travel)
    told = {"sanction": "light-oral", "grounds": "ringan", "departure_reason": "kasihan"}
    response = act(browser(who.drafter), decision_page(case), "draft", "proposed", **told)
    assert response.status_code == 422 and "di luar rentang" in says(response)
    assert not CaseDecision.objects.exists()


def test_an_unchecked_rule_stands_on_the_face_of_a_decision_until_a_second_one_confirms(who, travel):
    case = proposed_case(who, travel)
    client, lawyer = browser(who.drafter), browser(who.lawyer)
    moved(act(client, decision_page(case), "draft", "proposed", sanction=SANCTION, grounds="terbukti"))
    page = says(client.get(decision_page(case)))
    assert "memakai aturan yang belum pasti" in page and "belum dibandingkan" in page
    assert 'value="confirm"' not in page and 'value="record-signed"' not in page
    refused = act(client, decision_page(case), "confirm", "proposed")
    assert refused.status_code == 422 and "orang kedua" in says(refused)
    moved(act(lawyer, decision_page(case), "confirm", "proposed"))
    page = says(client.get(decision_page(case)))
    assert "Ditegaskan orang kedua" in page and 'value="record-signed"' in page


def record(client, case, who, **more):
    told = {"number": "800/12/2024", "on": "2024-10-28", "signer": who.mayor.person.pk, "document": scan()} | more
    return act(client, decision_page(case), "record-signed", "proposed", **told)


def test_a_decision_is_recorded_from_its_paper_served_and_counted(who, travel):
    case = drafted(who, travel).respondent.case
    client = browser(who.drafter)
    wrong = record(client, case, who, document="")
    assert wrong.status_code == 422 and "800/12/2024" in says(wrong)
    moved(record(client, case, who))
    again = record(client, case, who)
    assert again.status_code == 422 and "tidak diputus dua kali" in says(again)
    made = CaseDecision.objects.get()
    row = CaseStep.objects.get(step="decide")
    fetched = client.get(reverse("case-step-paper", args=[case_steps.number_of(case), f"{row.pk:016x}"]))
    assert b"".join(fetched.streaming_content) == PDF
    assert browser(who.stranger).get(fetched.request["PATH_INFO"]).status_code == 404
    wrong = act(
        client,
        decision_page(case),
        "serve",
        "decided",
        served_on="2024-10-27",
        received_on="2024-10-28",
        delivery="handed",
    )
    assert wrong.status_code == 422 and made.served_on is None
    moved(
        act(
            client,
            decision_page(case),
            "serve",
            "decided",
            served_on="2024-10-28",
            received_on="2024-10-28",
            delivery="post",
        )
    )
    page = says(client.get(decision_page(case)))
    assert "Pos tercatat" in page and "Mulai berlaku" in page and "Bagaimana hari berlakunya dihitung" in page
    assert "Catat keberatan" in page and "Catat banding" not in page


def test_the_last_address_needs_its_step_first_and_the_page_says_so_beside_the_way(who, travel):
    case = drafted(who, travel).respondent.case
    client = browser(who.drafter)
    moved(record(client, case, who))
    shown = says(client.get(decision_page(case)))
    assert 'value="last_address"' not in shown and "Alamat terakhir menjadi pilihan sesudah" in shown
    steps = case_rules.procedure(case.procedure).steps
    assert all(f"“{steps[each].label.id}”" in shown for each in ("miss-service", "send-decision"))
    told = {"served_on": "2024-10-28", "received_on": "2024-10-28", "delivery": "last_address"}
    response = act(client, decision_page(case), "serve", "decided", **told)
    assert response.status_code == 422 and "dan langkah Kirim ke alamat terakhir" in says(response)
    assert 'href="#id_serve-delivery"' in says(response) and state(case) == "decided"


def test_a_missed_service_is_told_by_its_day_and_the_sending_comes_after_it(who, travel):
    case = drafted(who, travel).respondent.case
    client = browser(who.drafter)
    moved(record(client, case, who))
    shown = says(client.get(decision_page(case)))
    assert "Hari penyampaian yang dijadwalkan dan tidak dihadiri" in shown and 'value="send-decision"' not in shown
    early = act(client, decision_page(case), "send-decision", "decided", on="2024-10-28", document=scan())
    assert early.status_code == 422 and "Langkah lain harus lebih dulu: Catat tidak hadir saat penyampaian" in says(
        early
    )
    told = {"missed-service-record": "ditunggu sampai pukul 12"}
    wrong = act(client, decision_page(case), "miss-service", "decided", **told, document=scan())
    assert wrong.status_code == 422 and "ditunggu sampai pukul 12" in says(wrong)
    moved(act(client, decision_page(case), "miss-service", "decided", **told, on="2024-10-28", document=scan()))
    shown = says(client.get(decision_page(case)))
    assert "Keputusan dikirim bila PNS tidak hadir saat penyampaian" in shown
    assert 'name="act" value="send-decision"' in shown and 'name="act" value="miss-service"' not in shown
    told |= {"on": "2024-10-28", "document": scan()}
    again = act(client, decision_page(case), "miss-service", "decided", **told)
    assert again.status_code == 422 and "batas waktu mengirim tidak dimulai lagi" in says(again)
    moved(act(client, decision_page(case), "send-decision", "decided", on="2024-10-28", document=scan()))
    shown = says(client.get(decision_page(case)))
    assert "Keputusan dikirim bila PNS tidak hadir" not in shown
    assert 'value="last_address"' in shown and "Alamat terakhir menjadi pilihan" not in shown


def test_after_an_appeal_the_decision_is_still_served_and_the_response_is_recorded_with_its_day(who, travel):
    case = drafted(who, travel, **DISMISSED).respondent.case
    client, here = browser(who.drafter), decision_page(case)
    moved(record(client, case, who))
    moved(act(client, here, "appeal", "decided", appeal="2024-10-28", on="2024-10-28", document=scan()))
    shown = says(client.get(here))
    for name in ("serve", "miss-service", "answer-appeal", "settle"):
        assert f'name="act" value="{name}"' in shown, name
    assert "Penyampaiannya tetap dicatat" in shown and "Sampaikan keputusan" in says(client.get("/perkara/putusan/"))
    told = {"served_on": "2024-10-28", "received_on": "2024-10-28", "delivery": "handed"}
    moved(act(client, here, "serve", "appealed", **told))
    shown = says(client.get(here))
    assert 'name="act" value="serve"' not in shown and 'name="act" value="miss-service"' not in shown
    assert "Sampaikan keputusan sesudah banding" in shown and "Mulai berlaku" not in shown
    again = act(client, here, "send-decision", "appealed", on="2024-10-28", document=scan())
    assert again.status_code == 422 and "terlapor menerima keputusan ini" in says(again)
    assert "Tanggapi banding" in says(client.get("/perkara/putusan/"))
    undated = act(client, here, "answer-appeal", "appealed", **{"appeal-response": "800/77"}, document=scan())
    assert undated.status_code == 422 and "800/77" in says(undated)
    told = {"appeal-response": "800/77", "on": "2024-10-28"}
    moved(act(client, here, "answer-appeal", "appealed", **told, document=scan()))
    shown = says(client.get(here))
    assert 'name="act" value="answer-appeal"' not in shown and "Catat tanggapan atas banding" in shown
    twice = act(client, here, "answer-appeal", "appealed", **told, document=scan())
    assert twice.status_code == 422 and "Tanggapan atas banding ini sudah tercatat" in says(twice)
    assert "Catat putusan BPASN" in says(client.get("/perkara/putusan/"))


def test_bpasn_is_offered_to_aggravate_to_what_is_graver_and_where_nothing_is_it_is_said_why(who, travel, monkeypatch):
    more = {"sanction": "severe-dismissal-honourable", "departure_reason": "berulang"}
    case = drafted(who, travel, **more).respondent.case
    client = browser(who.drafter)
    moved(record(client, case, who))
    moved(act(client, decision_page(case), "appeal", "decided", appeal="2024-10-28", on="2024-10-28", document=scan()))
    shown = says(client.get(decision_page(case)))
    assert '<option value="ptdh">' in shown and 'value="aggravated"' in shown
    monkeypatch.setattr(
        case_rules, "catalogue", lambda day, employment: ("light-oral",)
    )  # as for who has no graver one
    shown = says(client.get(decision_page(case)))
    assert '<option value="light-oral">' in shown and "ptdh" not in shown
    assert 'value="aggravated"' not in shown and "tidak ada hukuman yang lebih berat" in shown


def test_nothing_is_served_before_it_was_decided(who, travel):
    case = drafted(who, travel).respondent.case
    told = {"served_on": "2024-10-28", "received_on": "2024-10-28", "delivery": "handed"}
    response = act(browser(who.drafter), decision_page(case), "serve", "decided", **told)
    assert response.status_code == 422 and "Belum ada keputusan" in says(response)


def test_the_mayor_reads_what_he_signs_and_signs_exactly_that(who, travel):
    decision = drafted(who, travel)
    case = decision.respondent.case
    client = browser(who.mayor.user)
    assert "Baca dan putuskan" in says(client.get(decision_page(case)))
    address = path("case-sign", case, decision.respondent)
    page = client.get(address)
    assert "terbukti dari video" in says(page)
    stale = sign(client, address, "0" * 64)
    assert stale.status_code == 422 and "berubah sejak ditampilkan" in says(stale)
    unread = sign(client, address, page.context["text"].digest, agree="")
    assert unread.status_code == 422 and "800/1" in says(unread)
    moved(sign(client, address, page.context["text"].digest))
    assert state(case) == "decided"
    twice = sign(client, address, page.context["text"].digest)
    assert twice.status_code == 302 and CaseDecision.objects.count() == 1


def moral(who, now):
    """Bring a matter of ethics to the draft that the mayor signs."""
    said = Alleged(
        "skb22-ethics-04-social-media-engagement", date(2024, 9, 10), "Media sosial", "menyukai unggahan",
        candidate_status="would-be",
    )  # fmt: skip
    named = [Named(person=who.sari.person, allegations=(said,))]
    case = cases.register([], who.bawaslu, named, regime="pilkada", track="ethics", by=who.ani, now=now)
    step(case, "pilkada-review", "received", who.ani, now)
    step(case, "pilkada-register", "reviewing", who.ani, now, **{"requirements-met": True})
    case_files.add_evidence(case, label="Tangkapan layar", text="uraian", by=who.ani, now=now)
    step(case, "pilkada-assess", "registered", who.ani, now, review=True)
    sent = case_referrals.send(case, who.bkn, number="1", words="mohon", was="assessed", by=who.ani, now=now)
    case_referrals.accept(sent, was="forwarded", by=who.bkn_officer, now=now)
    step(case, "recommend", "with-national", who.bkn_officer, now, review=True, sanction="moral-open")
    step(case, "authority-accept", "recommended", who.mayor.user, now)
    case_files.assign(case, who.examiners[0], "examiner", by=who.mayor.user, now=now)
    step(case, "form-council", "accepted", who.mayor.user, now, **{"council-formed": "SK 9/2024"})
    told = {"council-report": "rekomendasi majelis", "sanction": "moral-open"}
    step(case, "council-propose", "council", who.examiners[0], now, **told)
    decision = case_decisions.draft(
        case.respondents.get(), sanction="moral-open", grounds="terbukti", by=who.drafter, now=now
    )
    case_decisions.confirm(decision, by=who.lawyer, now=now)
    return decision


def to_sign(who, decision):
    """Return the page on which the mayor signs."""
    address = path("case-sign", decision.respondent.case, decision.respondent)
    return says(browser(who.mayor.user).get(address))


def test_who_signs_reads_of_the_remedies_that_the_procedure_of_the_track_has(who, travel):
    page = to_sign(who, drafted(who, travel))
    assert "yang dapat mengubah hanya keberatan atau banding" in page and "prosedur jalur ini" not in page


def test_who_signs_a_moral_sanction_reads_that_its_track_has_no_remedies(who):
    page = to_sign(who, moral(who, at(date(2024, 10, 25))))
    assert "kata-katanya tidak berubah lagi." in page and "hanya keberatan atau banding" not in page
    assert "Keberatan dan banding tidak ada dalam prosedur jalur ini." in page


def test_who_signs_that_nothing_was_proven_reads_of_no_remedies(who, travel):
    page = to_sign(who, drafted(who, travel, sanction="", departure_reason="saksi mencabut keterangannya"))
    assert "kata-katanya tidak berubah lagi." in page and "keberatan" not in page.lower()


@pytest.mark.parametrize(
    ("prepared", "says_what", "never"),
    [
        ("sanction", "Sampaikan kepada terlapor.", "tidak ada langkah lagi"),
        ("clear", "tidak terbukti. Perkara terhadap terlapor ini selesai", "Sampaikan kepada terlapor"),
        ("moral", "Langkah berikutnya ada pada halaman ini.", "Sampaikan kepada terlapor"),
    ],
)
def test_what_was_signed_says_what_comes_next_and_of_no_step_that_there_is_not(who, travel, prepared, says_what, never):
    if prepared == "moral":
        decision = moral(who, at(date(2024, 10, 25)))
    else:
        more = {} if prepared == "sanction" else {"sanction": "", "departure_reason": "saksi mencabut keterangannya"}
        decision = drafted(who, travel, **more)
    client, address = browser(who.mayor.user), path("case-sign", decision.respondent.case, decision.respondent)
    shown = client.get(address).context["text"].digest
    page = says(client.get(moved(sign(client, address, shown)).headers["Location"]))
    assert says_what in page and never not in page


@pytest.mark.parametrize(
    ("outcome", "sanction", "told"),
    [("cancelled", "", "Dibatalkan"), ("lightened", "light-oral", "Diringankan menjadi"), ("upheld", "", "Dikuatkan")],
)
def test_a_decision_that_fell_is_still_told_with_its_day_and_with_what_became_of_it(
    who, travel, outcome, sanction, told
):
    taken = appealed(who, at(date(2024, 10, 25)), travel)
    settle(taken, who.drafter, outcome, sanction)
    page = " ".join(says(browser(who.bkn_officer).get(path("case-referrals", taken.respondent.case))).split())
    decided = page[page.index('data-label="Diputus"') : page.index('data-label="Dilaksanakan"')]
    assert "Pemberhentian dengan hormat" in decided and "28 Oktober 2024 · Wali Kota" in decided
    assert f"<strong>{told}</strong>" in decided and "28 Oktober 2024 · BPASN" in decided and "belum" not in decided
    assert ("Teguran lisan" in decided) == (outcome == "lightened")


def test_nobody_signs_in_the_place_of_the_office_nor_with_a_password_alone(who, travel):
    decision = drafted(who, travel)
    case, address = decision.respondent.case, path("case-sign", decision.respondent.case, decision.respondent)
    assert browser(who.mayor.user, strong=False).get(address).headers["Location"] == reverse("mfa_index")
    assert browser(who.drafter).get(address).status_code == 403
    head = browser(who.budi.user)
    assert "bukan Anda pada menit ini" in says(head.get(address))
    shown = case_decisions_text(decision)
    response = sign(head, address, shown, "1")
    assert response.status_code == 422 and "dipangku orang lain" in says(response) and state(case) == "proposed"


def case_decisions_text(decision):
    return case_papers.text_of(decision).digest


def test_a_recommendation_is_changed_by_nobody(who, travel):
    case = proposed_case(who, travel)
    mayor = browser(who.mayor.user)
    page = says(mayor.get(decision_page(case)))
    assert "tidak dapat diubah di sini" in page
    told = {"sanction": "severe-demotion-12m", "proposal": "lain", "report": "lain", "on": "2024-10-28"}
    response = act(mayor, exam(case), "propose", "team", **told)
    assert response.status_code == 422
    response = act(mayor, decision_page(case), "draft", "proposed", sanction="severe-demotion-12m", grounds="lain")
    assert response.status_code == 422 and not CaseDecision.objects.exists()
    assert case_decisions.advice_for(case.respondents.get()).recommended == SANCTION


def test_where_nobody_may_decide_today_the_page_says_so_plainly(who, travel):
    decision = drafted(who, travel)
    case = decision.respondent.case
    Holding.objects.filter(office=who.office).update(until_at=DAY - timedelta(days=1))
    page = says(browser(who.drafter).get(decision_page(case)))
    assert "Hari ini tidak ada yang berwenang memutus" in page and "Yang dapat dilakukan" in page
    response = record(browser(who.drafter), case, who)
    assert response.status_code == 422


def page_of_a_light_draft(who, travel, post_level):
    """Return what the page says of a light sanction that is drafted for somebody in a post of a level."""
    case = proposed_case(who, travel)
    respondent = case.respondents.get()
    type(respondent).objects.filter(pk=respondent.pk).update(post_level=post_level)
    CaseDecision.objects.create(
        respondent=respondent, sanction="light-oral", level="light", drafted_by=who.drafter, drafted_at=case_cast.at(HEARING),
        grounds="terbukti", unchecked=[],
    )  # fmt: skip
    return says(browser(who.drafter).get(decision_page(case)))


@pytest.mark.parametrize(
    ("level", "status", "says_why"),
    [
        ("pengawas", "leave", "SMPN 3 Bukittinggi: kepalanya sedang cuti"),
        ("", "active", "Jenjang jabatan kepala di atas terlapor belum lengkap"),
        ("jf_ahli_madya", "active", "Catatan di sini tidak menunjukkan pemegangnya di atas terlapor"),
    ],
)
def test_the_page_says_why_no_head_of_the_rank_is_named_or_who_decides_instead(who, travel, level, status, says_why):
    type(who.budi.placement).objects.filter(pk=who.budi.placement.pk).update(level=level, status=status)
    page = page_of_a_light_draft(who, travel, "pelaksana")
    assert says_why in page
    assert ("Hari ini tidak ada yang berwenang memutus" in page) == (level != "jf_ahli_madya")


def test_over_a_school_that_a_teacher_leads_the_page_says_on_which_reading_the_office_above_decides(who, city, travel):
    placements = type(who.budi.placement).objects
    placements.filter(pk=who.budi.placement.pk).update(level="jf_ahli_madya")
    office = city.units.get(code="DISDIK")
    head = make_member(
        office, "197001011995031001", "Kepala Misalkan", sex="m", post="Kepala Dinas", is_head=True
    ).placement
    placements.filter(pk=head.pk).update(level="jpt_pratama")
    page = page_of_a_light_draft(who, travel, "jf_ahli_pertama")
    assert "Hari ini tidak ada yang berwenang memutus" not in page and "Kepala Misalkan" in page
    assert "Ini tafsir dan belum pasti" in page


def test_a_draft_is_discarded_and_a_new_one_made(who, travel):
    case = drafted(who, travel).respondent.case
    client = browser(who.drafter)
    moved(act(client, decision_page(case), "discard", "proposed"))
    assert "Susun konsep keputusan" in says(client.get(decision_page(case)))


def anew(who, travel, sanction="severe-demotion-12m"):
    """Draft anew in the place of a draft that somebody has read."""
    first = drafted(who, travel)
    case_decisions.discard(first, by=who.drafter, now=DAY)
    made = case_decisions.draft(
        first.respondent, sanction=sanction, grounds="lain", departure_reason="lebih ringan", by=who.drafter, now=DAY
    )
    return first, made


def test_no_act_falls_on_a_draft_that_took_the_place_of_the_one_that_was_read(who, travel):
    first, made = anew(who, travel)
    case, client = first.respondent.case, browser(who.drafter)
    page = says(client.get(decision_page(case)))
    assert f'name="decision" value="{made.pk:016x}"' in page
    confirmed = act(browser(who.lawyer), decision_page(case), "confirm", "proposed", decision=first)
    assert confirmed.status_code == 422 and "sudah berubah sejak halaman ini ditampilkan" in says(confirmed)
    case_decisions.confirm(made, by=who.lawyer, now=DAY)
    for response in (
        record(client, case, who, decision=first),
        act(client, decision_page(case), "discard", "proposed", decision=first),
        client.post(decision_page(case), {"act": "discard", "was": "proposed"}),
    ):
        assert response.status_code == 422 and "sudah berubah sejak halaman ini ditampilkan" in says(response)
    address = path("case-sign", case, first.respondent)
    mayor = browser(who.mayor.user)
    shown = mayor.get(address).context["text"].digest
    assert sign(mayor, address, shown, decision=f"{first.pk:016x}").status_code == 422
    made.refresh_from_db()
    assert made.decided_on is None and made.ended_at is None
    moved(record(client, case, who))
    served = act(
        client, decision_page(case), "serve", "decided", decision=first, served_on="2024-10-28", received_on="2024-10-28",
        delivery="handed",
    )  # fmt: skip
    assert served.status_code == 422 and "sudah berubah sejak halaman ini ditampilkan" in says(served)


def test_a_key_that_names_no_decision_is_refused_in_words(who, travel):
    case = drafted(who, travel).respondent.case
    client = browser(who.drafter)
    response = client.post(decision_page(case), {"act": "discard", "was": "proposed", "decision": "f" * 15 + "e"})
    assert response.status_code in (404, 422)
    response = client.post(decision_page(case), {"act": "discard", "was": "proposed", "decision": "0" * 15 + "1"})
    assert response.status_code == 422 and CaseDecision.objects.get().ended_at is None


# --- after it ----------------------------------------------------------------------------------------------------


DISMISSED = {"sanction": "severe-dismissal-honourable", "departure_reason": "perbuatannya berulang"}


def served_case(who, travel, **more):
    case = drafted(who, travel, **more).respondent.case
    client = browser(who.drafter)
    moved(record(client, case, who))
    told = {"served_on": "2024-10-28", "received_on": "2024-10-28", "delivery": "handed"}
    moved(act(client, decision_page(case), "serve", "decided", **told))
    return case, client


def test_a_window_that_ended_unused_reads_so_and_not_as_lateness(who, travel):
    case, client = served_case(who, travel, **DISMISSED)
    clocks, decided_page = path("case-clocks", case), decision_page(case)
    travel.move_to(at(date(2024, 11, 16)))
    pages = [says(browser(who.examiners[0]).get(each)) for each in (clocks, path("case", case), decided_page)]
    assert all("masa berakhir" in each and 'class="late"' not in each for each in pages)
    travel.move_to(at(date(2024, 11, 20)))
    case_nights.tick_cases(at(date(2024, 11, 20)))
    shown = says(browser(who.examiners[0]).get(clocks))
    assert "masa berakhir tanpa surat" in shown and "terlambat" not in shown


def test_a_letter_before_the_receipt_and_an_effect_before_its_day_are_refused_beside_their_field(who, travel):
    case, client = served_case(who, travel)
    told = {"objection": "2024-10-25", "on": "2024-10-28", "document": scan()}
    response = act(client, decision_page(case), "object", "served", **told)
    assert response.status_code == 422 and 'href="#id_object-objection"' in says(response)
    travel.move_to(at(date(2024, 11, 20)))
    client = browser(who.drafter)
    told = {"on": "2024-11-01", "document": scan()}
    response = act(client, decision_page(case), "take-effect", "served", **told)
    assert response.status_code == 422 and 'href="#id_take-effect-on"' in says(response)
    assert "18 November 2024" in says(response) and state(case) == "served"


def test_an_objection_comes_with_its_day_and_may_be_granted_in_full(who, travel):
    case, client = served_case(who, travel)
    page = says(client.get(decision_page(case)))
    assert 'name="act" value="object"' in page and 'name="act" value="appeal"' not in page
    assert "bukan pemberhentian" not in page and "melewati masa pengajuannya" in page
    late = {"objection": "2024-11-18", "on": "2024-11-18", "document": scan()}
    travel.move_to(at(date(2024, 11, 18)))
    client = browser(who.drafter)
    refused = act(client, decision_page(case), "object", "served", **late)
    assert refused.status_code == 422 and "tetap diterima" in says(refused)
    late |= {"late-reason": "terhalang banjir", "document": scan()}
    moved(act(client, decision_page(case), "object", "served", **late))
    assert "terhalang banjir" in says(client.get(path("case", case)))
    page = says(client.get(decision_page(case)))
    assert "Membatalkan" not in page and 'value="severe-dismissal-honourable"' not in page
    resting = page[page.index("Keputusan mulai berlaku") :][:200]
    assert "Hitungan sedang berhenti" in resting and "sisa" not in resting
    assert "Berlaku tanpa upaya itu" in page and "Dugaan, belum tentu" in page
    told = {"outcome": "aggravated", "sanction": "severe-dismissal-honourable", "number": "9/KB", "on": "2024-11-18"}
    told |= {"grounds": "dinilai berat", "signer_name": "Gubernur Rekaan", "document": scan()}
    wrong = act(client, decision_page(case), "settle", "objected", **told)
    assert wrong.status_code == 422 and "memerlukan pemeriksaannya sendiri" in says(wrong)
    assert "bacaan buku aturan ini" in says(wrong) and "dinilai berat" in says(wrong) and state(case) == "objected"
    for missing in ("grounds", "signer_name"):
        less = told | {"outcome": "granted", "sanction": "", missing: " ", "document": scan()}
        answer = act(client, decision_page(case), "settle", "objected", **less)
        assert answer.status_code == 422 and f'href="#id_settle-{missing}"' in says(answer)
    told |= {"outcome": "granted", "sanction": "", "document": scan()}
    moved(act(client, decision_page(case), "settle", "objected", **told))
    assert case.respondents.get().outcome == "not_proven"
    history = says(client.get(path("case", case)))
    assert "Putusan keberatan: Mengabulkan seluruhnya" in history and "Putusan keberatan: granted" not in history


def test_an_objection_that_is_recorded_after_the_effect_is_taken_with_its_reason_and_not_decided_by_whoever_punished(
    who, travel
):
    case, client = served_case(who, travel)
    page = says(client.get(decision_page(case)))
    assert 'value="object-in-effect"' not in page and "Yang memutus keberatan" not in page
    later = at(date(2024, 11, 20))
    travel.move_to(later)
    case_nights.tick_cases(later)
    client = browser(who.drafter)
    page = says(client.get(decision_page(case)))
    assert (
        'value="object-in-effect"' in page and 'value="appeal-in-effect"' not in page and 'value="object"' not in page
    )
    told = {"objection": "2024-10-30", "on": "2024-11-20", "document": scan()}
    refused = act(client, decision_page(case), "object-in-effect", "effective", **told)
    assert refused.status_code == 422 and 'href="#id_object-in-effect-in-effect-reason"' in says(refused)
    told |= {"in-effect-reason": "surat tertahan di tata usaha", "document": scan()}
    moved(act(client, decision_page(case), "object-in-effect", "effective", **told))
    assert state(case) == "objected" and "surat tertahan" in says(client.get(path("case", case)))
    page = says(client.get(decision_page(case)))
    assert "Yang memutus keberatan" in page and "tidak menunjukkan siapa atasan pejabat" in page
    # It is in effect since its day, whatever is written against it since.
    assert "Mulai berlaku" in page and "Berlaku tanpa upaya itu" not in page and "Dugaan, belum tentu" not in page
    answer = client.get(path("case-register-paper", case, case.respondents.get()))
    assert answer.status_code == 302
    told = {"outcome": "upheld", "number": "9/KB", "on": "2024-11-20", "grounds": "tetap", "document": scan()}
    own = told | {"signer_name": "drs. WALIKOTA MISALKAN"}
    wrong = act(client, decision_page(case), "settle", "objected", **own)
    assert wrong.status_code == 422 and "keberatan diputus atasannya" in says(wrong)
    assert 'href="#id_settle-signer_name"' in says(wrong) and 'name="settle-is_meant"' in says(wrong)
    assert state(case) == "objected"
    own |= {"document": scan(), "is_meant": "on"}
    moved(act(client, decision_page(case), "settle", "objected", **own))
    assert state(case) == "effective"


@pytest.mark.parametrize(
    ("decided", "offered", "not_offered", "why"),
    [
        ("severe-demotion-12m", "aggravated", "lightened", "Meringankan tidak ditawarkan: dalam rentang pasalnya"),
        ("severe-release-12m", "lightened", "aggravated", "Memperberat tidak ditawarkan: dalam rentang pasalnya"),
    ],
)
def test_an_objection_offers_no_outcome_for_which_the_band_has_no_sanction(
    who, travel, decided, offered, not_offered, why
):
    more = {"sanction": decided} | ({} if decided == SANCTION else {"departure_reason": "baru sekali"})
    case = drafted(who, travel, **more).respondent.case
    client, here = browser(who.drafter), decision_page(case)
    moved(record(client, case, who))
    told = {"served_on": "2024-10-28", "received_on": "2024-10-28", "delivery": "handed"}
    moved(act(client, here, "serve", "decided", **told))
    moved(act(client, here, "object", "served", objection="2024-10-28", on="2024-10-28", document=scan()))
    shown = says(client.get(here))
    assert f'value="{offered}"' in shown and f'value="{not_offered}"' not in shown
    assert why in shown and 'value="changed"' in shown and shown.count("tidak ditawarkan") == 1
    told = {"outcome": not_offered, "sanction": decided, "number": "9/KB", "on": "2024-10-28"}
    told |= {"grounds": "dinilai lain", "signer_name": "Gubernur Rekaan", "document": scan()}
    wrong = act(client, here, "settle", "objected", **told)
    assert wrong.status_code == 422 and "tidak cocok dengan sanksinya" in says(wrong) and "dinilai lain" in says(wrong)


def test_what_bpasn_says_stands_beside_what_was_decided(who, travel):
    case = drafted(who, travel, **DISMISSED).respondent.case
    client = browser(who.drafter)
    moved(record(client, case, who))
    moved(
        act(
            client,
            decision_page(case),
            "serve",
            "decided",
            served_on="2024-10-28",
            received_on="2024-10-28",
            delivery="handed",
        )
    )
    moved(act(client, decision_page(case), "appeal", "served", appeal="2024-10-28", on="2024-10-28", document=scan()))
    told = {
        "outcome": "lightened",
        "sanction": "severe-dismissal-honourable",
        "number": "7/BPASN",
        "on": "2024-10-28",
        "grounds": "perbuatannya ringan",
        "signer_name": "Ketua Rekaan",
        "document": scan(),
    }
    wrong = act(client, decision_page(case), "settle", "appealed", **told)
    assert wrong.status_code == 422 and "tidak cocok dengan sanksinya" in says(wrong) and "7/BPASN" in says(wrong)
    told |= {"sanction": "light-oral", "document": scan()}
    moved(act(client, decision_page(case), "settle", "appealed", **told))
    page = says(client.get(decision_page(case)))
    assert "Teguran lisan" in page and "Diganti putusan sesudahnya" in page and "BPASN" in page
    assert "keputusan nomor 800/12/2024, 28 Oktober 2024" in page
    assert "oleh putusan BPASN atas banding nomor 7/BPASN, 28 Oktober 2024, ditandatangani Ketua Rekaan" in page
    assert "Ketua Rekaan" in page and "perbuatannya ringan" in page and "memakai aturan yang belum pasti" in page
    assert "harus menegaskannya sebelum dilaksanakan" in page and 'name="act" value="execute"' not in page
    early = {"execution-record": "SK teguran 3", "on": "2024-10-28", "document": scan()}
    assert "Konfirmasi kedua" in says(act(client, decision_page(case), "execute", "effective", **early))
    lawyer = browser(who.lawyer)
    assert "Tegaskan" in says(lawyer.get("/perkara/putusan/")) and "Tegaskan sebagai orang kedua" in says(
        lawyer.get(decision_page(case))
    )
    moved(act(lawyer, decision_page(case), "confirm", "effective"))
    told = {"execution-record": "SK teguran 3", "on": "2024-10-28", "document": scan()}
    moved(act(client, decision_page(case), "execute", "effective", **told))
    paper = client.get(path("case-register-paper", case, case.respondents.get()))
    assert paper.status_code == 200 and paper.content.startswith(b"%PDF")
    national = browser(who.bkn_officer)
    moved(act(national, decision_page(case), "record", "executed", on="2024-10-28"))
    assert case.respondents.get().outcome == "proven"


def test_the_papers_of_a_decision_are_printed_by_those_who_follow_it(who, travel):
    decision = drafted(who, travel)
    case = decision.respondent.case
    paper = browser(who.drafter).get(path("case-decision-paper", case, decision.respondent))
    assert paper.status_code == 200 and paper.content.startswith(b"%PDF")
    assert browser(who.stranger).get(path("case-decision-paper", case, decision.respondent)).status_code == 404
    early = browser(who.drafter).get(path("case-register-paper", case, decision.respondent))
    assert early.status_code == 302, "nothing is decided that could be registered"


def test_a_form_that_names_no_act_or_no_case_changes_nothing(who, travel):
    case = proposed_case(who, travel)
    client = browser(who.drafter)
    assert client.post(decision_page(case), {}).status_code == 302
    assert client.post(exam(case), {"act": "no-such-thing"}).status_code == 302
    for key in ("0" * 16, "x", "f" * 16, "F" * 16, "0" * 17):
        for place in ("{1}/pemeriksaan/", "{0}/putusan/{1}/", "{0}/surat/{1}/"):
            assert client.get(f"/perkara/{place.format(case_steps.number_of(case), key)}").status_code == 404
    stale = act(client, decision_page(case), "draft", "proposed", sanction=SANCTION, grounds="x")
    assert stale.status_code == 302


# --- a head of a unit whom the law names -------------------------------------------------------------------------


def light_case(who, travel):
    """Bring a matter for which the law names the head of the unit to a draft: a light sanction on one who carries out."""
    now = case_cast.at(date(2024, 10, 25))
    type(who.sari.placement).objects.filter(pk=who.sari.placement.pk).update(level="pelaksana")
    type(who.budi.placement).objects.filter(pk=who.budi.placement.pk).update(level="pengawas")
    alleged = Alleged(
        "pp94-3f-integrity-fallback", date(2024, 10, 20), "Sekolah", "bercanda", candidate_status="determined"
    )
    named = Named(person=who.sari.person, allegations=(alleged,))
    case = cases.register([], who.bawaslu, [named], regime="pilkada", track="discipline", by=who.ani, now=now)
    step(case, "pilkada-review", "received", who.ani, now)
    step(case, "pilkada-register", "reviewing", who.ani, now, **{"requirements-met": True})
    step(case, "pilkada-assess", "registered", who.ani, now, review=True)
    sent = case_referrals.send(case, who.bkn, number="1", words="mohon", was="assessed", by=who.ani, now=now)
    case_referrals.accept(sent, was="forwarded", by=who.bkn_officer, now=now)
    step(case, "recommend", "with-national", who.bkn_officer, now, review=True, sanction="light-written")
    step(case, "authority-accept", "recommended", who.mayor.user, now)
    case_files.assign(case, who.examiners[0], "examiner", why=case_cast.WHY, by=who.mayor.user, now=now)
    case_cast.summon(case, who, now, HEARING)
    travel.move_to(DAY)
    step(case, "hear", "summoned", who.examiners[0], DAY, **{"hearing-record": "bap"})
    step(case, "propose", "heard", who.examiners[0], DAY, proposal="terbukti", sanction="light-written")
    made = case_decisions.draft(
        case.respondents.get(), sanction="light-written", grounds="terbukti", by=who.drafter, now=DAY
    )
    case_decisions.confirm(made, by=who.lawyer, now=DAY)
    return case


def test_a_head_whom_the_law_names_has_the_draft_on_his_desk_and_decides_it(who, travel):
    case = light_case(who, travel)
    respondent = case.respondents.get()
    assert respondent.office.unit == respondent.unit and respondent.office.kind == "head_of_unit"
    assert "Sari Contohwati" in says(desk(who.budi.user))
    assert "Sari Contohwati" not in says(desk(who.mayor.user)), "it is not his to decide"
    client, address = browser(who.budi.user), path("case-sign", case, respondent)
    shown = client.get(address).context["text"].digest
    moved(sign(client, address, shown, "800/9"))
    made = CaseDecision.objects.get()
    assert (made.signer, made.office.unit, made.level) == (who.budi.person, respondent.unit, "light")
    assert "Sari Contohwati" not in says(desk(who.budi.user))


def test_a_head_without_a_second_factor_sees_neither_desk_nor_menu_of_it(who, travel):
    light_case(who, travel)
    weak = browser(who.budi.user, strong=False)
    assert weak.get(reverse("decision-desk")).headers["Location"] == reverse("mfa_index")
    assert reverse("decision-desk") not in says(weak.get(reverse("home")))
    assert reverse("decision-desk") in says(browser(who.budi.user).get(reverse("home")))


def test_where_the_head_stands_in_conflict_the_page_names_the_next_whom_the_law_knows(who, city, travel):
    case = light_case(who, travel)
    above = make_member(
        city.units.get(code="DISDIK"), "196501011990031009", "Dinas Misalkan", sex="m", post="Kepala Dinas", is_head=True,
        level="administrator",
    )  # fmt: skip
    case_files.state_conflict(case, why="relative", person=who.budi.person, by=who.bkn_officer, now=DAY)
    assert browser(who.budi.user).get(decision_page(case)).status_code == 404
    assert "Sari Contohwati" not in says(desk(who.budi.user))
    assert "Sari Contohwati" in says(desk(above.user)), "the queue moved with what the law says"
    page = says(browser(who.drafter).get(decision_page(case)))
    assert "Dinas Misalkan" in page and "ia berkeluarga dengan orang dalam perkara ini" in page
    told = {"number": "800/9", "on": "2024-10-28", "signer": above.person.pk, "document": scan()}
    moved(act(browser(who.drafter), decision_page(case), "record-signed", "proposed", **told))
    assert CaseDecision.objects.get().signer == above.person


# --- who has no part ---------------------------------------------------------------------------------------------


def test_a_conflict_of_the_head_who_decides_is_stated_on_the_page_of_the_team(who, travel):
    case = light_case(who, travel)
    client, path = browser(who.mayor.user), f"/perkara/{case_steps.number_of(case)}/tim/"
    page = says(client.get(path))
    assert "Budi Misalkan, Kepala Sekolah" in page and "Walikota Misalkan, Wali Kota" in page
    wrong = client.post(path, {"act": "conflict", "user": f"p{who.stranger.pk + 9999}", "why": "relative"})
    assert wrong.status_code == 422 and not case.conflicts.exists()
    moved(client.post(path, {"act": "conflict", "user": f"p{who.budi.person.pk}", "why": "relative"}))
    assert case.conflicts.get().person == who.budi.person
    assert "Sari Contohwati" not in says(desk(who.budi.user))
    assert "Budi Misalkan, Kepala Sekolah" not in says(client.get(path))
    own = moved(client.post(path, {"act": "conflict", "user": f"p{who.mayor.person.pk}", "why": "patron"}))
    assert own.headers["Location"] == reverse("cases") and client.get(path).status_code == 404


def test_a_head_recuses_himself_where_he_reads_and_comes_back_to_his_desk(who, travel):
    case = light_case(who, travel)
    client, address = browser(who.budi.user), decision_page(case)
    assert "Undurkan diri dari perkara ini" in says(client.get(address))
    assert "Undurkan diri dari perkara ini" not in says(browser(who.drafter).get(address))
    unsure = act(client, address, "recuse", "proposed", why="patron")
    assert unsure.status_code == 422 and "Anda mengerti akibatnya" in says(unsure)
    moved_on = moved(act(client, address, "recuse", "proposed", why="patron", sure="on"))
    assert moved_on.headers["Location"] == reverse("decision-desk")
    assert "Sari Contohwati" not in says(desk(who.budi.user)) and client.get(address).status_code == 404
    assert (case.conflicts.get().person, case.conflicts.get().why) == (who.budi.person, "patron")
    assert "Budi Misalkan" in says(browser(who.examiners[0]).get(exam(case))), "passed over, with the reason"


def test_the_authority_recuses_himself_on_the_page_of_the_examination(who, travel):
    case = with_team(who, case_cast.at(date(2024, 10, 25)))
    client = browser(who.mayor.user)
    done = moved(act(client, exam(case), "recuse", "accepted", why="relative", sure="on"))
    assert done.headers["Location"] == reverse("decision-desk") and client.get(exam(case)).status_code == 404
    assert (
        act(browser(who.examiners[0]), exam(case), "recuse", "accepted", why="relative", sure="on").status_code == 302
    )
    assert case.conflicts.get().person == who.mayor.person, "an examiner does so in the file"


def test_where_the_head_has_no_part_no_act_of_his_is_offered_to_his_staff_and_every_page_says_who_can_do_something(
    who, travel
):
    case = case_cast.recommended(who, case_cast.at(date(2024, 10, 25)))
    assert "Yang menugaskan pemeriksa dan anggota tim instansi ini: Walikota Misalkan" in says(
        browser(who.drafter).get(exam(case))
    )
    case_files.recuse(case, why="relative", by=who.mayor.user, now=case_cast.at(date(2024, 10, 25)))
    client = browser(who.drafter)
    page = says(client.get(decision_page(case)))
    assert "Hari ini tidak ada yang berwenang memutus" in page and "dicabut petugas BKN Rekaan di halaman Tim" in page
    assert 'value="authority-accept"' not in page and 'value="authority-return"' not in page
    sent = act(client, decision_page(case), "authority-accept", "recommended", on="2024-10-25", document=scan())
    assert sent.status_code == 422 and "juga tidak dari kertas" in says(sent) and state(case) == "recommended"
    page = says(client.get(exam(case)))
    assert "tidak ada yang dapat menugaskan pemeriksa" in page and "Wali Kota, dan ia tidak ambil bagian" in page
    assert "dicabut petugas BKN Rekaan di halaman Tim" in page
    page = says(client.get(path("case", case)))
    assert "/langkah/authority-accept/" not in page and "hukum tidak mengenal pejabat lain" in page
    for sent in (client.get, client.post):
        told = {"was": "recommended", "on": "2024-10-25", "file": scan()}
        page = says(sent(f"/perkara/{case.pk:016x}/langkah/authority-accept/", told))
        assert "hukum tidak mengenal pejabat lain" in page and state(case) == "recommended"


# --- the next steps on the file ----------------------------------------------------------------------------------


def next_of(user, case):
    """Return what the file says of the next steps, by the word of each: address, and what it lacks."""
    groups = browser(user).get(path("case", case)).context["groups"]
    return {each.word: each for group, _stopped in groups for each in group.next}


def linked(user, case):
    return says(browser(user).get(path("case", case)))


def test_after_the_acceptance_the_file_says_who_appoints_examiners_until_there_is_one(who):
    case = referred(who, at(date(2024, 10, 25)))
    hint, team = "menugaskan pemeriksa, yang mengambil langkah sesudahnya", f'href="{path("case-team", case)}">Tugaskan'
    mayor, drafter = linked(who.mayor.user, case), linked(who.drafter, case)
    assert "Berikutnya: Pejabat pembina kepegawaian" in mayor and hint in mayor and team in mayor
    assert hint in drafter and team not in drafter
    case_cast.name_team(case, who, at(date(2024, 10, 25)))
    assert hint not in linked(who.mayor.user, case)


def test_a_step_with_a_page_of_its_own_leads_there_also_where_it_is_not_the_readers(who, travel):
    case = drafted(who, travel).respondent.case
    of_one = path("case-decision-of", case, case.respondents.get())
    for reader, step_id, there in (
        (who.drafter, "serve", path("case-decision", case)),  # nobody stands where it is taken
        (who.bkn_officer, "decide", of_one),
        (who.drafter, "forward", path("case-referrals", case)),
    ):
        client = browser(reader)
        shown = says(client.get(reverse("case-step", args=[case_steps.number_of(case), step_id])))
        assert "mempunyai halamannya sendiri" in shown and f'href="{there}">Buka halaman langkah ini' in shown, step_id
        assert client.get(there).status_code in (200, 302)


def test_the_authority_is_led_to_the_draft_that_waits_for_him(who, travel):
    case = drafted(who, travel).respondent.case
    found = next_of(who.mayor.user, case)
    decide, clear = found["Putuskan"], found["Nyatakan tidak terbukti"]
    assert (decide.href, decide.lacks) == (path("case-decision", case), "")
    assert clear.lacks == "konsep yang menyatakannya; konsep yang menunggu menyatakan yang lain"
    page = linked(who.mayor.user, case)
    assert f'<a href="{decide.href}">Putuskan</a>' in page and "Tanggal keputusan" not in page


def test_of_a_decision_the_file_says_what_really_lacks(who, travel):
    case = proposed_case(who, travel)
    for user in (who.mayor.user, who.drafter):
        assert "konsep keputusan, yang disusun staf kepegawaian" in next_of(user, case)["Putuskan"].lacks
    respondent = case.respondents.get()
    made = case_decisions.draft(respondent, sanction=SANCTION, grounds="terbukti", by=who.drafter, now=DAY)
    assert next_of(who.mayor.user, case)["Putuskan"].lacks == "penegasan orang kedua atas konsepnya"
    case_decisions.confirm(made, by=who.lawyer, now=DAY)
    assert next_of(who.drafter, case)["Putuskan"].lacks == ""
    doing = case_steps.Doing(who.bkn_officer, HEARING, DAY + timedelta(minutes=1))
    case_steps.write(case, "recommend", doing, respondent=respondent, facts={"sanction": "severe-demotion-12m"})
    assert next_of(who.mayor.user, case)["Putuskan"].lacks == "konsep yang baru; yang menunggu sudah usang"
    Holding.objects.filter(office=who.office).update(until_at=DAY - timedelta(days=1))
    assert "pejabat yang berwenang hari ini" in next_of(who.drafter, case)["Putuskan"].lacks


def test_who_is_not_the_authority_of_the_day_reads_that_another_one_decides(who, travel):
    case = light_case(who, travel)
    assert next_of(who.mayor.user, case)["Putuskan"].lacks == "yang memutus hari ini bukan Anda"
    assert next_of(who.drafter, case)["Putuskan"].lacks == ""


def test_staff_read_as_the_authority_does_what_a_step_lacks_before_they_fill_in_its_form(who, travel):
    case, client = served_case(who, travel)
    staff, head = next_of(who.drafter, case), next_of(who.mayor.user, case)
    for word, name, lacking in (
        ("Catat banding", "appeal", "Keputusannya pemberhentian"),
        ("Nyatakan berlaku", "take-effect", "Hari kerja ke-15"),
        ("Gugur: terlapor meninggal, pensiun, atau berhenti", "lapse", "Terlapor meninggal"),
    ):
        assert lacking in staff[word].lacks and staff[word].lacks == head[word].lacks and staff[word].with_paper
        assert f"/langkah/{name}/" not in linked(who.drafter, case)
        page = client.get(f"/perkara/{case.pk:016x}/langkah/{name}/?dari=served")
        assert page.context["form"] is None and f"Yang belum ada: {lacking}" in says(page)
    assert staff["Catat keberatan"].lacks == "" and "/langkah/object/" in linked(who.drafter, case)


def test_staff_read_that_an_outcome_is_confirmed_before_it_is_carried_out(who, travel):
    case, client = served_case(who, travel)
    told = {"objection": "2024-10-28", "on": "2024-10-28", "document": scan()}
    moved(act(client, decision_page(case), "object", "served", **told))
    settled = next_of(who.drafter, case)["Catat putusan keberatan"]
    assert (settled.href, settled.lacks) == (path("case-decision", case), "")
    told = {"outcome": "lightened", "sanction": "severe-demotion-12m", "number": "9/KB", "on": "2024-10-28"}
    told |= {"grounds": "dinilai berat", "signer_name": "Gubernur Rekaan", "document": scan()}
    moved(act(client, decision_page(case), "settle", "objected", **told))
    assert next_of(who.drafter, case)["Laksanakan"].lacks == "Konfirmasi kedua"
    made = CaseDecision.objects.get(ended_at=None)
    case_decisions.confirm(made, by=who.lawyer, now=DAY)
    assert next_of(who.drafter, case)["Laksanakan"].lacks == ""


def test_a_draft_that_is_sent_before_the_examination_is_refused_with_from_where_it_may_come(who, travel):
    case = referred(who, case_cast.at(date(2024, 10, 25)))
    client = browser(who.drafter)
    assert 'value="draft"' not in says(client.get(decision_page(case)))
    told = {"sanction": SANCTION, "grounds": "terbukti tanpa diperiksa"}
    response = act(client, decision_page(case), "draft", "accepted", **told)
    assert response.status_code == 422 and "Terbuka dari: Diusulkan." in says(response)
    assert "terbukti tanpa diperiksa" in says(response) and not CaseDecision.objects.exists()
    waits = says(desk(who.mayor.user))  # for an examiner, and for nothing to decide
    assert "<strong>Tugaskan pemeriksa</strong>" in waits and "<strong>Putuskan</strong>" not in waits
    assert "Sari Contohwati" not in says(desk(who.drafter))


def test_a_case_that_was_accepted_waits_on_the_desk_of_whoever_assigns_until_somebody_was_given_it(who, travel):
    case = referred(who, case_cast.at(date(2024, 10, 25)))
    page = says(desk(who.mayor.user))
    assert "Sari Contohwati" in page and "Tugaskan pemeriksa" in page and f"/perkara/{case.pk:016x}/tim/" in page
    given = case_files.assign(
        case, who.examiners[0], "examiner", by=who.mayor.user, now=case_cast.at(date(2024, 10, 25))
    )
    assert "Sari Contohwati" not in says(desk(who.mayor.user))
    case_files.withdraw(given, by=who.mayor.user, now=case_cast.at(date(2024, 10, 25)))
    assert "Tugaskan pemeriksa" in says(desk(who.mayor.user))


def test_before_a_proposal_no_sanction_is_offered_to_draft_but_that_nothing_is_proven(who, travel):
    case = summoned(who, case_cast.at(date(2024, 10, 25)))
    travel.move_to(DAY)
    step(case, "hear", "summoned", who.examiners[0], DAY, **{"hearing-record": "bap"})
    client = browser(who.drafter)
    page = says(client.get(decision_page(case)))
    assert 'name="draft-sanction" value="none"' in page and f'name="draft-sanction" value="{SANCTION}"' not in page
    told = {"sanction": "none", "grounds": "tidak terbukti", "departure_reason": "saksi mencabut"}
    moved(act(client, decision_page(case), "draft", "heard", **told))


def test_where_nobody_may_decide_no_draft_is_offered(who, travel):
    case = proposed_case(who, travel)
    client = browser(who.drafter)
    assert 'value="draft"' in says(client.get(decision_page(case)))
    case_files.recuse(case, why="relative", by=who.mayor.user, now=DAY)
    assert 'value="draft"' not in says(client.get(decision_page(case)))
    response = act(client, decision_page(case), "draft", "proposed", sanction=SANCTION, grounds="terbukti")
    assert response.status_code == 422 and "tidak diketahui siapa yang berwenang" in says(response)


def test_an_outdated_draft_is_told_with_who_renews_it_on_the_desk_and_where_it_would_be_signed(who, travel):
    decision = drafted(who, travel)
    case, mayor = decision.respondent.case, browser(who.mayor.user)
    address = path("case-sign", case, decision.respondent)
    shown = mayor.get(address).context["text"].digest
    doing = case_steps.Doing(who.examiners[0], HEARING, DAY + timedelta(minutes=1))
    facts = {"sanction": "severe-demotion-12m"}
    case_steps.write(case, "propose", doing, respondent=case.respondents.get(), facts=facts)
    assert "Konsep usang: menunggu konsep baru dari staf kepegawaian" in says(desk(who.mayor.user))
    assert "Konsep usang: batalkan, lalu susun yang baru" in says(desk(who.drafter))
    told = "staf kepegawaian membatalkannya, lalu menyusun yang baru"
    page = says(mayor.get(address))
    assert told in page and "Tandatangani keputusan" not in page
    sent = sign(mayor, address, shown)
    assert sent.status_code == 422 and told in says(sent) and state(case) == "proposed"
    page = says(mayor.get(decision_page(case)))
    assert told in page and "Baca dan putuskan" not in page
    assert 'value="record-signed"' not in says(browser(who.drafter).get(decision_page(case)))


def test_where_nothing_is_alleged_any_more_the_pages_say_that_and_what_can_be_done(who, travel):
    decision = drafted(who, travel)
    case, mayor = decision.respondent.case, browser(who.mayor.user)
    case_files.strike_allegation(case.respondents.get().allegations.get(), reason="salah", by=who.examiners[0], now=DAY)
    for address in (decision_page(case), path("case-sign", case, decision.respondent)):
        page = says(mayor.get(address))
        assert "Tidak ada dugaan yang masih berlaku" in page and "Baca dan putuskan" not in page
    assert next_of(who.mayor.user, case)["Putuskan"].lacks == "dugaan yang masih berlaku; semuanya sudah dicoret"


def test_a_number_that_stands_on_another_decision_is_asked_for_once_more_with_nothing_lost(who, travel):
    first = drafted(who, travel).respondent.case
    moved(record(browser(who.drafter), first, who))
    travel.move_to(case_cast.at(date(2024, 10, 25)))
    decision = drafted(who, travel)
    case, mayor = decision.respondent.case, browser(who.mayor.user)
    client = browser(who.drafter)
    assert "is_meant" not in says(client.get(decision_page(case)))
    told = {"number": "800/12/2024", "on": "2024-10-28", "signer": who.mayor.person.pk, "decision": decision}
    asked = act(client, decision_page(case), "record-signed", "proposed", **told, document=scan())
    assert asked.status_code == 422
    assert "sudah dipakai pada keputusan lain instansi ini, tanggal 28 Oktober 2024" in says(asked)
    assert 'name="record-signed-is_meant"' in says(asked) and 'value="800/12/2024"' in says(asked)
    address = path("case-sign", case, decision.respondent)
    shown = mayor.get(address).context["text"].digest
    key = {"decision": f"{decision.pk:016x}"}
    asked = sign(mayor, address, shown, "800/12/2024", **key)
    assert asked.status_code == 422 and 'name="is_meant"' in says(asked) and state(case) == "proposed"
    moved(sign(mayor, address, shown, "800/12/2024", is_meant="on", **key))


def test_an_outcome_with_the_number_of_its_decision_is_asked_for_once_more_with_nothing_lost(who, travel):
    case, client = served_case(who, travel, **DISMISSED)
    here = decision_page(case)
    moved(act(client, here, "appeal", "served", appeal="2024-10-28", on="2024-10-28", document=scan()))
    travel.move_to(at(date(2024, 11, 6)))
    client = browser(who.drafter)
    assert "is_number_meant" not in says(client.get(here))
    told = {"outcome": "upheld", "number": "800/12/2024", "on": "2024-11-06", "grounds": "tidak beralasan"}
    told |= {"signer_name": "Ketua Rekaan"}
    wrong = act(client, here, "settle", "appealed", **told, document=scan())
    shown = says(wrong)
    assert wrong.status_code == 422 and "800/12/2024, tanggal 28 Oktober 2024" in shown
    assert 'href="#id_settle-number"' in shown and "tidak beralasan" in shown and "settle-is_number_meant" in shown
    moved(act(client, here, "settle", "appealed", **told, is_number_meant="on", document=scan()))


def test_a_number_of_bpasn_that_another_case_has_is_asked_for_once_more_with_nothing_lost(who, travel):
    case, client = served_case(who, travel, **DISMISSED)
    here, first = decision_page(case), case.respondents.get().decisions.get()
    moved(act(client, here, "appeal", "served", appeal="2024-10-28", on="2024-10-28", document=scan()))
    travel.move_to(case_cast.at(date(2024, 10, 25)))
    other = drafted(who, travel)
    used = {"number": "7/BPASN/2024", "on": "2024-10-28", "signer": who.mayor.person.pk, "decision": other}
    client = browser(who.drafter)
    moved(act(client, decision_page(other.respondent.case), "record-signed", "proposed", **used, document=scan()))
    told = {"number": "7/BPASN/2024", "on": "2024-10-28", "grounds": "tidak beralasan", "signer_name": "Ketua Rekaan"}
    told |= {"outcome": "upheld", "decision": first}
    asked = act(client, here, "settle", "appealed", **told, document=scan())
    assert asked.status_code == 422 and "putusan perkara lain di sini, tanggal 28 Oktober 2024" in says(asked)
    assert 'name="settle-is_number_meant"' in says(asked) and "tidak beralasan" in says(asked)
    moved(act(client, here, "settle", "appealed", **told, is_number_meant="on", document=scan()))


def test_once_a_decision_is_in_effect_or_was_cancelled_its_page_says_so(who, travel):
    case, client = served_case(who, travel, **DISMISSED)
    alleged = "Dugaan, belum tentu pelanggaran"
    moved(act(client, decision_page(case), "appeal", "served", appeal="2024-10-28", on="2024-10-28", document=scan()))
    assert alleged in says(client.get(decision_page(case)))
    told = {"number": "7/BPASN", "on": "2024-10-28", "grounds": "keliru", "signer_name": "Ketua Rekaan"}
    moved(act(client, decision_page(case), "settle", "appealed", **told, outcome="cancelled", document=scan()))
    page = says(client.get(decision_page(case)))
    assert "Belum ada konsep" not in page and "yang dijatuhkan sudah dibatalkan" in page
    assert "Dibatalkan putusan sesudahnya" in page and "keputusan nomor 800/12/2024, 28 Oktober 2024" in page
    assert "oleh putusan BPASN atas banding nomor 7/BPASN, 28 Oktober 2024, ditandatangani Ketua Rekaan" in page


@pytest.mark.parametrize(
    ("outcome", "sanction", "by_letter", "other", "ends"),
    [
        ("cancelled", "", "restore", "restore-lightened", "cleared"),
        ("lightened", "light-oral", "restore-lightened", "restore", "effective"),
    ],
)
def test_whose_dismissal_was_carried_out_and_does_not_last_is_restored_on_his_page(
    who, travel, outcome, sanction, by_letter, other, ends
):
    case, _client = served_case(who, travel, **DISMISSED)
    here, later = decision_page(case), date(2024, 11, 20)
    travel.move_to(at(later))
    case_nights.tick_cases(at(later))
    step(case, "execute", "effective", who.mayor.user, at(later), **{"execution-record": "SK pemberhentian"})
    told = {"appeal": HEARING, "in-effect-reason": "suratnya tertahan"}
    step(case, "appeal-in-effect", "executed", who.mayor.user, at(later), **told)
    client = browser(who.drafter)
    told = {"number": "7/BPASN", "on": "2024-11-20", "grounds": "keliru", "signer_name": "Ketua Rekaan"}
    moved(act(client, here, "settle", "appealed", **told, outcome=outcome, sanction=sanction, document=scan()))
    assert state(case) == "restoring"
    assert "Catat pemulihan" in says(desk(who.drafter)) and by_letter in led_to(who.drafter, "restore")
    page = says(client.get(here))
    assert f'name="act" value="{by_letter}"' in page and f'name="act" value="{other}"' not in page
    assert ("sudah dibatalkan sesudah dilaksanakan. Terlapor menunggu pemulihan." in page) == (not sanction)
    assert "Dipulihkan pada" in page and f'name="{by_letter}-restoration-letter"' in page
    wrong = act(client, here, by_letter, "restoring", on="2024-11-20", document=scan())
    assert wrong.status_code == 422 and state(case) == "restoring"
    letter = {"restoration-letter": "SK 12/2024, 20 November 2024", "on": "2024-11-20"}
    moved(act(client, here, by_letter, "restoring", **letter, document=scan()))
    assert state(case) == ends
    page = says(client.get(here))
    assert "SK 12/2024, 20 November 2024" in page and "menunggu pemulihan" not in page


def test_what_is_in_effect_is_no_allegation_any_more(who, travel):
    case, client = served_case(who, travel, **DISMISSED)
    moved(act(client, decision_page(case), "appeal", "served", appeal="2024-10-28", on="2024-10-28", document=scan()))
    told = {"number": "7/BPASN", "on": "2024-10-28", "grounds": "tepat", "signer_name": "Ketua Rekaan"}
    moved(act(client, decision_page(case), "settle", "appealed", **told, outcome="upheld", document=scan()))
    for page in (says(client.get(decision_page(case))), says(client.get(exam(case)))):
        assert "Dugaan, belum tentu pelanggaran" not in page


def test_an_outcome_is_one_next_step_whatever_it_will_be(who, travel):
    case, client = served_case(who, travel, **DISMISSED)
    moved(act(client, decision_page(case), "appeal", "served", appeal="2024-10-28", on="2024-10-28", document=scan()))
    for reader in (who.drafter, who.mayor.user, who.bkn_officer):
        steps = next_of(reader, case)
        assert [each for each in steps if "BPASN" in each] == ["Catat putusan BPASN"]
        assert steps["Catat putusan BPASN"].is_link and not steps["Catat putusan BPASN"].lacks


def test_the_page_of_the_decision_leads_to_who_names_examiners_until_there_is_one(who, travel):
    case = referred(who, at(date(2024, 10, 25)))
    hint, link = "menugaskan pemeriksa, yang mengambil langkah sesudahnya", f'href="{path("case-team", case)}">Tugaskan'
    page = says(browser(who.mayor.user).get(decision_page(case)))
    assert hint in page and link in page
    page = says(browser(who.bkn_officer).get(decision_page(case)))
    assert hint in page and link not in page
    case_files.assign(case, who.examiners[0], "examiner", by=who.mayor.user, now=case_cast.at(date(2024, 10, 25)))
    assert hint not in says(browser(who.mayor.user).get(decision_page(case)))


def test_nobody_is_said_to_decide_today_on_who_waits_to_be_restored(who, travel):
    case = referred(who, at(date(2024, 10, 25)))
    assert "Yang memutus hari ini" in says(browser(who.mayor.user).get(decision_page(case)))
    case.respondents.update(state=case_rules.RESTORING)
    assert "Yang memutus hari ini" not in says(browser(who.mayor.user).get(decision_page(case)))


# --- who examines as the direct superior, and who recommends on the track of ethics ------------------------------


def test_somebody_else_than_the_superior_of_the_records_is_assigned_with_a_reason_that_the_pages_show(who, travel):
    now = case_cast.at(date(2024, 10, 25))
    case = referred(who, now)
    client, page = browser(who.mayor.user), f"/perkara/{case.pk:016x}/tim/"
    form = {"act": "assign", "user": who.examiners[0].pk, "duty": "team-superior"}
    refused = client.post(page, form | {"why": ""})
    assert refused.status_code == 422 and 'href="#assign_why"' in says(refused)
    assert client.post(page, form | {"why": "Budi tugas belajar (rekaan)"}).status_code == 302
    told = "Yang memeriksa sebagai atasan langsung ialah Periksa0 Rekaan; menurut daftar pegawai hari ini atasannya Budi Misalkan."
    for shown in (
        says(browser(who.mayor.user).get(path("case-examination", case))),
        says(browser(who.drafter).get(path("case-decision-of", case, case.respondents.get()))),
    ):
        assert told in shown and "Budi tugas belajar (rekaan)" in shown
    history = says(browser(who.drafter).get(path("case", case)))
    assert (
        "bukan atasan menurut daftar pegawai" in history and "Atasan menurut daftar pegawai: Budi Misalkan" in history
    )


def test_where_nothing_is_apart_the_pages_say_nothing_of_it(who, travel):
    case = referred(who, case_cast.at(date(2024, 10, 25)))
    for user, name in zip(who.examiners, ("oversight", "personnel"), strict=False):
        form = {"act": "assign", "user": user.pk, "duty": f"team-{name}", "why": ""}
        assert browser(who.mayor.user).post(f"/perkara/{case.pk:016x}/tim/", form).status_code == 302
    shown = says(browser(who.mayor.user).get(path("case-examination", case)))
    assert "Yang memeriksa sebagai atasan langsung ialah" not in shown
    assert "Pada jalur kode etik yang memeriksa" not in shown and "Menurut jabatan dan hari ini:" in shown


def test_on_the_track_of_ethics_the_council_recommends_and_no_superior_is_named_as_examiner(who, travel):
    now = case_cast.at(date(2024, 10, 25))
    decision = moral(who, now)
    case = decision.respondent.case
    shown = says(browser(who.mayor.user).get(path("case-examination", case)))
    assert "Pada jalur kode etik yang memeriksa ialah Majelis Kode Etik" in shown
    assert "Menurut jabatan dan hari ini:" not in shown and "Siapa yang memeriksa tidak ada di buku aturan" not in shown
    assert "Yang memeriksa sebagai atasan langsung ialah" not in shown
    page = says(browser(who.drafter).get(path("case-decision-of", case, decision.respondent)))
    assert "<h3>Direkomendasikan Majelis Kode Etik</h3>" in page and "Diusulkan pemeriksa" not in page
    opening = " ".join(case_papers.text_of(decision).opening)
    assert "Yang direkomendasikan Majelis Kode Etik: " in opening and "diusulkan pemeriksa" not in opening
