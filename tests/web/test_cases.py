"""Pages of cases: who reaches which, what may be done next, refusals at their field, nothing lost and nothing half-done."""

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ikrar.domain.access import Role
from ikrar.domain.errors import CaseActRefused, CaseStepRefused, FindingRefused
from ikrar.records.models import (
    Body,
    Case,
    CaseEvidence,
    CaseFilter,
    CaseOfficer,
    CaseReport,
    CaseRespondent,
    LogEntry,
    Region,
    Report,
    ReportLeftOut,
    RoleGrant,
)
from ikrar.services import (
    case_beside,
    case_board,
    case_decisions,
    case_desk,
    case_files,
    case_referrals,
    case_steps,
    case_watching,
    cases,
    finding,
    report_desk,
    rules,
)
from ikrar.services.case_decisions import Paper
from ikrar.services.cases import Named
from ikrar.web import messages as words_of
from ikrar.web.middleware import LANGUAGE_COOKIE
from tests.conftest import make_member
from tests.services import case_cast
from tests.services.case_cast import HEARING, alleged, make_cast, opened, step
from tests.web import stage as stages
from tests.web.stage import PDF
from tests.web.test_reports import desk, report  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def that_day(now):
    with time_machine.travel(now, tick=True):
        yield


@pytest.fixture
def who(cast, city, other_city, home, morning):
    return make_cast(cast, city, other_city, home, morning)


@pytest.fixture
def at(client):
    def open_for(someone):
        fresh = type(client)()
        fresh.cookies["ikrar"] = stages.open_session(someone)
        return fresh

    return open_for


def key(case):
    return f"{case.pk:016x}"


def page(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def text_of(answer):
    return answer.content.decode()


def person_form(who, **more):
    said = {
        "rows": "1", "do": "save", "body": who.bawaslu.pk, "regime": "pilkada", "track": "discipline",
        "t0-person": who.sari.person.pk, "t0-act": case_cast.ACT, "t0-on": "2024-10-20", "t0-place": "Lapangan",
        "t0-gist": "mengajak memilih", "t0-candidate_status": "determined",
    }  # fmt: skip
    return said | more


# --- the board ---------------------------------------------------------------------------------------------------


def test_the_board_shows_ones_own_cases_and_nobody_elses(who, at, now):
    case = opened(who, now)
    shown = page(at(who.ani), "cases")
    assert key(case) in shown and who.sari.person.name in shown and "Laporan diterima" in shown
    for each in (who.inspector, who.bkn_officer, who.mayor.user, who.examiners[0], who.stranger):
        assert key(case) not in page(at(each), "cases")
    case_files.state_conflict(case, why="relative", user=who.beni, by=who.ani, now=now)
    assert key(case) not in page(at(who.beni), "cases")
    assert at(who.sari.user).get("/perkara/").status_code == 403


def test_filters_stand_in_the_address_and_what_is_wrong_in_it_is_said(who, at, now):
    case = opened(who, now)
    client = at(who.ani)
    assert key(case) in page(client, "cases", keadaan="received", jalur="discipline")
    assert "Tidak ada perkara yang cocok" in page(client, "cases", keadaan="reviewing")
    assert "Tidak ada perkara yang cocok" in page(client, "cases", jalur="ethics")
    assert key(case) in page(client, "cases", kata=who.sari.person.name[:4])
    said = page(client, "cases", keadaan="entah", hal="-3")
    assert "Saringan yang tidak dikenal dilewati: Keadaan" in said and key(case) in said


def test_an_empty_board_says_how_cases_come(who, at):
    assert "Belum ada perkara di sini" in page(at(who.ani), "cases")


def test_filters_are_kept_under_a_name_by_whoever_saves_them(who, at):
    client = at(who.ani)
    save = {"act": "keep", "name": "Terlambat", "query": "tempo=late&entah=1"}
    assert client.post("/perkara/saringan/", save).status_code == 302
    kept = CaseFilter.objects.get()
    assert (kept.user, kept.query) == (who.ani, "tempo=late")
    again = client.post("/perkara/saringan/", save)
    assert again.status_code == 422 and "nama itu sudah ada" in text_of(again) and "Terlambat" in text_of(again)
    nothing = client.post("/perkara/saringan/", {"act": "keep", "name": "Semua", "query": ""})
    assert nothing.status_code == 422 and "Pilih dulu saringannya" in text_of(nothing)
    other = at(who.beni)
    assert "Terlambat" not in page(other, "cases")
    other.post("/perkara/saringan/", {"act": "drop", "filter": kept.pk})
    gone = other.post("/perkara/saringan/", {"act": "rename", "filter": kept.pk, "name": "Milik saya"})
    assert gone.status_code == 422 and "tidak ada lagi" in text_of(gone)
    client.post("/perkara/saringan/", {"act": "rename", "filter": kept.pk, "name": "Lewat"})
    assert CaseFilter.objects.get().name == "Lewat" and "Lewat" in page(client, "cases")
    client.post("/perkara/saringan/", {"act": "drop", "filter": kept.pk})
    assert not CaseFilter.objects.exists()


def test_at_most_twenty_filters_are_kept(who, at):
    CaseFilter.objects.bulk_create(CaseFilter(user=who.ani, name=f"S{n}", query="tempo=late") for n in range(20))
    full = at(who.ani).post("/perkara/saringan/", {"act": "keep", "name": "S20", "query": "tempo=near"})
    assert full.status_code == 422 and "dua puluh saringan" in text_of(full) and 'value="S20"' in text_of(full)


def many(who, now, city, count):
    """Open cases about people of the city, one each."""
    made = []
    for number in range(count):
        member = make_member(
            city.units.get(code="SDN-01"), f"1980010120100110{number:02d}", f"Terlapor Ke{number}", sex="f", post="Guru"
        )
        made.append(opened(who, now, person=member.person))
    return made


def test_many_are_assigned_at_once_and_each_refusal_is_said(who, at, now, city):
    made = many(who, now, city, 3)
    case_files.assign(made[2], who.beni, "examiner", by=who.ani, now=now)
    client, ticked = at(who.ani), [f"{key(each)}:received" for each in made]
    form = client.post("/perkara/beberapa/", {"act": "assign", "pilih": ticked})
    assert form.status_code == 200 and who.beni.display_name in text_of(form)
    done = client.post(
        "/perkara/beberapa/", {"act": "assign", "pilih": ticked, "do": "1", "user": who.beni.pk, "duty": "examiner"},
        follow=True,
    )  # fmt: skip
    assert "2 perkara selesai" in text_of(done) and "sudah ditugasi" in text_of(done)
    assert CaseOfficer.objects.filter(user=who.beni, until_at=None).count() == 3


def test_the_same_step_is_taken_for_several_that_stand_alike(who, at, now, city):
    made = many(who, now, city, 3)
    client, ticked = at(who.ani), [f"{key(each)}:received" for each in made]
    offered = text_of(client.post("/perkara/beberapa/", {"act": "step", "pilih": ticked}))
    assert 'value="pilkada-review"' in offered and "pilkada-register" not in offered
    step(made[0], "pilkada-review", "received", who.beni, now)  # somebody was quicker
    asked = {"act": "step", "step": "pilkada-review", "pilih": ticked}
    assert client.post("/perkara/beberapa/", asked).status_code == 200
    done = client.post("/perkara/beberapa/", asked | {"do": "1", "on": "2024-10-25"}, follow=True)
    assert "2 perkara selesai" in text_of(done) and "sudah berubah sejak halaman ini" in text_of(done)
    assert set(CaseRespondent.objects.values_list("state", flat=True)) == {"reviewing"}


def groups_of(said):
    """Return for each group that is offered what is ticked in it."""
    cards = re.findall(r'<form method="post" action="/perkara/beberapa/" class="card">(.*?)</form>', said, re.DOTALL)
    return [re.findall(r'name="pilih" value="([^"]+)"', each) for each in cards]


def of_pemilu(case):
    Case.objects.filter(pk=case.pk).update(regime="pemilu", procedure="pemilu-discipline-2021")
    case.respondents.update(regime="pemilu")
    return case


def test_several_of_two_elections_are_gone_on_with_group_by_group(who, at, now, city):
    made, client = many(who, now, city, 3), at(who.ani)
    assert "Pilkada, " not in page(client, "cases")
    other = of_pemilu(made[2])
    assert "Pilkada, Disiplin" in page(client, "cases") and "Pemilu, Disiplin" in page(client, "cases")
    ticked = [f"{key(each)}:received" for each in made]
    said = text_of(client.post("/perkara/beberapa/", {"act": "step", "pilih": ticked, "query": "jalur=discipline"}))
    assert "berbeda pemilihan atau jalurnya (Pilkada, Disiplin; Pemilu, Disiplin)" in said
    assert groups_of(said) == [ticked[:2], [f"{key(other)}:received"]] and 'value="jalur=discipline"' in said
    alone = text_of(client.post("/perkara/beberapa/", {"act": "step", "pilih": groups_of(said)[1]}))
    assert 'value="pemilu-review"' in alone and not groups_of(alone)


def test_several_in_two_states_are_gone_on_with_group_by_group(who, at, now, city):
    made = many(who, now, city, 2)
    step(made[0], "pilkada-review", "received", who.beni, now)
    ticked = [f"{key(made[0])}:reviewing", f"{key(made[1])}:received"]
    said = text_of(at(who.ani).post("/perkara/beberapa/", {"act": "step", "pilih": ticked}))
    assert "dalam keadaan yang berbeda" in said and groups_of(said) == [ticked[:1], ticked[1:]]


def test_several_of_which_some_were_reported_by_nobody_are_not_taken_back(who, at, now, city):
    ticked = [f"{key(each)}:received" for each in many(who, now, city, 2)]
    said = text_of(at(who.ani).post("/perkara/beberapa/", {"act": "step", "pilih": ticked}))
    assert 'value="pilkada-review"' in said and "pilkada-withdraw" not in said


def test_several_are_offered_no_step_that_is_a_way_for_none_of_them(who, at, now, city):
    other = make_member(city.units.get(parent=None), "197501011999031077", "Rudi Rekaan", sex="m", post="Guru")
    made = [case_cast.assessed(who, now, person=each.person) for each in (who.sari, other)]
    for each in made:
        sent = case_referrals.send(each, who.bkn, number="1", words="mohon", was="assessed", by=who.ani, now=now)
        case_referrals.accept(sent, was="forwarded", by=who.bkn_officer, now=now)
    ticked = [f"{key(each)}:with-national" for each in made]
    said = text_of(at(who.bkn_officer).post("/perkara/beberapa/", {"act": "step", "pilih": ticked}))
    assert "national-close" not in said and "tidak ada langkah yang dapat Anda lakukan untuk semuanya" in said
    Case.objects.filter(pk__in=[each.pk for each in made]).update(body=who.bkn, handler=None)
    said = text_of(at(who.bkn_officer).post("/perkara/beberapa/", {"act": "step", "pilih": ticked}))
    assert 'value="national-close"' in said, "what it opened itself"


def test_what_was_refused_as_changed_goes_on_from_where_it_stands_now(who, at, now, city):
    made, client = many(who, now, city, 2), at(who.ani)
    for each in made:
        step(each, "pilkada-review", "received", who.ani, now)
    ticked = [f"{key(each)}:reviewing" for each in made]
    step(made[1], "pilkada-register", "reviewing", who.beni, now, **{"requirements-met": True})
    sent = {"act": "step", "step": "pilkada-dismiss", "do": "1", "on": "2024-10-25", "fact-reason": "kurang bukti"}
    said = text_of(client.post("/perkara/beberapa/", sent | {"pilih": ticked}))
    carried = f"{key(made[1])}:registered"
    assert "sudah berubah sejak halaman ini" in said and "sekarang Terdaftar" in said and "kurang bukti" in said
    assert f'value="{carried}"' in said and ticked[1] not in said
    assert client.post("/perkara/beberapa/", sent | {"pilih": carried}).status_code == 302
    assert made[1].respondents.get().state == "dismissed"


def test_what_stands_now_where_its_step_does_not_begin_is_gone_on_with_by_another_one(who, at, now):
    case, client = opened(who, now), at(who.ani)
    step(case, "pilkada-review", "received", who.beni, now)
    sent = {"act": "step", "step": "pilkada-review", "do": "1", "on": "2024-10-25", "pilih": f"{key(case)}:received"}
    said = text_of(client.post("/perkara/beberapa/", sent))
    assert "sekarang Kajian awal" in said and 'name="do"' not in said
    assert groups_of(said) == [[f"{key(case)}:reviewing"]]
    further = text_of(client.post("/perkara/beberapa/", {"act": "step", "pilih": groups_of(said)[0]}))
    assert 'value="pilkada-register"' in further


def test_a_finding_is_taken_back_by_nobody_and_it_is_said_how_it_ends(who, at, now):
    case, client = opened(who, now), at(who.ani)
    assert "Catat pencabutan" not in page(client, "case", key(case))
    where = f"/perkara/{key(case)}/langkah/pilkada-withdraw/"
    told = {"was": "received", "on": "2024-10-25", "fact-withdrawal": "surat pelapor"}
    for answer, code in ((client.get(where), 200), (client.post(where, told), 422)):
        assert answer.status_code == code and "pilih Hentikan dengan alasan" in text_of(answer)
    assert case.respondents.get().state == "received"


def test_a_case_of_several_reports_asks_whether_all_are_taken_back(desk, report, cast, at, now):  # noqa: F811
    of_report(desk, report, cast.sari.person, now)
    by, named = desk.users[0], [Named(person=cast.sari.person, allegations=(alleged(),))]
    RoleGrant.objects.create(user=by, role=Role.SUPERVISOR_BODY, body=desk.body, from_at=now)
    case = cases.register([report], desk.body, named, regime="pilkada", track="discipline", by=by, now=now)
    client = at(by)
    where = f"/perkara/{key(case)}/langkah/pilkada-withdraw/"
    assert "Semua laporan dalam perkara ini" not in text_of(client.get(where))
    second = Report.objects.get(pk=report.pk)
    second.pk = report.pk + 1
    second.save(force_insert=True)
    CaseReport.objects.create(case=case, report=second, added_on=now.date(), added_by=desk.users[0])
    assert "Semua laporan dalam perkara ini dicabut oleh pelapornya" in text_of(client.get(where))
    told = {"was": "received", "on": "2024-10-25", "fact-withdrawal": "surat pelapor"}
    wrong = client.post(where, told)
    assert wrong.status_code == 422 and "surat pelapor" in text_of(wrong)
    several = {"act": "step", "step": "pilkada-withdraw", "do": "1", "pilih": f"{key(case)}:received"}
    wrong = client.post("/perkara/beberapa/", several | told)
    assert wrong.status_code == 422 and 'name="fact-all-withdrawn"' in text_of(wrong)
    assert client.post(where, told | {"fact-all-withdrawn": "on"}).status_code == 302
    assert case.respondents.get().state == "withdrawn"


def test_what_its_reporters_took_back_is_not_called_dismissed(desk, report, cast, at, now):  # noqa: F811
    of_report(desk, report, cast.sari.person, now)
    by, named = desk.users[0], [Named(person=cast.sari.person, allegations=(alleged(),))]
    RoleGrant.objects.create(user=by, role=Role.SUPERVISOR_BODY, body=desk.body, from_at=now)
    case = cases.register([report], desk.body, named, regime="pilkada", track="discipline", by=by, now=now)
    step(case, "pilkada-withdraw", "received", by, now, withdrawal="surat pencabutan 3/2024")
    client = at(by)
    respondent = case.respondents.get()
    assert (respondent.state, respondent.outcome) == ("withdrawn", "closed")
    for shown in (page(client, "case", key(case)), page(client, "case-respondent", key(case), key(respondent))):
        assert "Dicabut pelapornya" in shown and "Dihentikan" not in shown


def test_what_was_dismissed_or_entered_wrongly_is_called_so(who, at, now):
    case, client = opened(who, now), at(who.ani)
    step(case, "pilkada-review", "received", who.ani, now)
    step(case, "pilkada-dismiss", "reviewing", who.ani, now, reason="tidak memenuhi syarat")
    assert "Dihentikan" in page(client, "case", key(case))
    other = opened(who, now)
    cases.strike_respondent(other.respondents.get(), reason="orang lain", by=who.ani, now=now)
    assert "Salah dicatat" in page(client, "case", key(other))


def test_after_a_decision_the_page_of_a_respondent_offers_nothing_that_it_forbids(who, at, now):
    with time_machine.travel(now, tick=False) as travel:
        case = case_cast.drafted(who, now, travel).respondent.case
        one = case.respondents.get()
        Case.objects.filter(pk=case.pk).update(handler=who.bawaslu)
        client = at(who.ani)
        offered = ("Coret dugaan ini", "Catat dugaan ini", "Keluarkan dari perkara")
        shown = page(client, "case-respondent", key(case), key(one))
        assert all(each in shown for each in offered)
        paper = Paper("800/1", HEARING, who.mayor.person, case_cast.scan(7, case_cast.at(HEARING)))
        case_decisions.record_signed(
            one.decisions.get(), paper, was="proposed", by=who.drafter, now=case_cast.at(HEARING)
        )
        shown = page(client, "case-respondent", key(case), key(one))
        assert not any(each in shown for each in offered) and "Keputusan sudah dijatuhkan" in shown
        refused = client.post(f"/perkara/{key(case)}/terlapor/{key(one)}/", {"act": "wrong", "reason": "salah orang"})
        assert refused.status_code == 422 and "salah orang" in text_of(refused)


def test_a_step_refused_for_some_of_several_is_asked_again_for_those_with_what_was_typed(who, at, now, city):
    yesterday = now - timedelta(days=1)
    with time_machine.travel(yesterday):
        made = many(who, yesterday, city, 2)
        step(made[0], "pilkada-review", "received", who.ani, yesterday)
    step(made[1], "pilkada-review", "received", who.ani, now)
    ticked, why = [f"{key(each)}:reviewing" for each in made], "Kurang bukti. " * 40
    sent = {"act": "step", "step": "pilkada-dismiss", "pilih": ticked, "do": "1", "query": "jalur=discipline"}
    answer = at(who.ani).post("/perkara/beberapa/", sent | {"on": "2024-10-24", "fact-reason": why})
    said = text_of(answer)
    assert answer.status_code == 422 and "1 perkara selesai" in said and "1 perkara ditolak" in said
    assert "24 Oktober 2024 mendahului 25 Oktober 2024 (Mulai kajian awal)" in said and "2024-10-25" not in said
    assert why.strip() in said and 'value="jalur=discipline"' in said
    assert f'name="pilih" value="{ticked[1]}"' in said and f'name="pilih" value="{ticked[0]}"' not in said
    assert (made[0].respondents.get().state, made[1].respondents.get().state) == ("dismissed", "reviewing")
    left = sent | {"pilih": ticked[1:], "on": "2024-10-25", "fact-reason": why}
    step(made[1], "pilkada-register", "reviewing", who.beni, now, **{"requirements-met": True})
    overtaken = at(who.ani).post("/perkara/beberapa/", left)
    assert overtaken.status_code == 422 and why.strip() in text_of(overtaken), "nobody stands there any more"
    done = at(who.ani).post("/perkara/beberapa/", left | {"pilih": [f"{key(made[1])}:registered"]})
    assert done.status_code == 302 and done["Location"] == "/perkara/?jalur=discipline"


def test_a_day_before_a_case_was_opened_says_so_of_one_and_of_several(who, at, now):
    case = opened(who, now)
    one = at(who.ani).post(f"/perkara/{key(case)}/langkah/pilkada-review/", {"was": "received", "on": "2024-10-24"})
    asked = {"act": "step", "step": "pilkada-review", "pilih": [f"{key(case)}:received"], "do": "1", "on": "2024-10-24"}
    for answer in (one, at(who.ani).post("/perkara/beberapa/", asked)):
        assert answer.status_code == 422 and "Perkara ini dibuka pada 25 Oktober 2024" in text_of(answer)


def test_a_day_out_of_order_says_what_happened_on_the_other_day(who, at, now):
    case = case_cast.assessed(who, now)
    answer = at(who.ani).post(
        f"/perkara/{key(case)}/langkah/pilkada-dismiss/",
        {"was": "assessed", "on": "2024-10-24", "fact-reason": "kurang"},
    )
    assert answer.status_code == 422 and "24 Oktober 2024 mendahului 25 Oktober 2024 (Tulis kajian)" in text_of(answer)


def test_whoever_changes_the_language_on_the_answer_to_a_form_is_at_the_board_and_at_no_error(who, at, now):
    client = at(who.ani)
    answer = client.post("/perkara/beberapa/", {"act": "assign", "pilih": f"{key(opened(who, now))}:received"})
    assert 'name="back" value="/perkara/beberapa/"' in text_of(answer)
    for path in ("/perkara/beberapa/", "/perkara/saringan/"):
        back = client.post("/bahasa/", {"language": "en", "back": path}, follow=True)
        assert back.status_code == 200 and back.redirect_chain[-1][0] == "/perkara/"


def test_the_board_finds_what_is_long_overdue(who, at, now):
    case = opened(who, now)
    assert "Lama lewat tenggat" in page(at(who.ani), "cases")
    for days, is_long in ((4, False), (9, True)):
        with time_machine.travel(now + timedelta(days=days)):
            client = at(who.ani)
            assert key(case) in page(client, "cases", tempo="late"), days
            assert (key(case) in page(client, "cases", tempo="long")) is is_long, days


def test_a_matter_that_cannot_lapse_yet_says_where_it_is_recorded_that_somebody_left(who, at, now):
    case = case_cast.referred(who, now)
    client, where = at(who.mayor.user), "dicatat pada daftar pegawai instansinya"
    assert where in page(client, "case", key(case))
    answer = client.post(
        f"/perkara/{key(case)}/langkah/lapse/", {"was": "accepted", "on": "2024-10-25", "fact-reason": "pensiun"}
    )
    assert answer.status_code == 422 and where in text_of(answer)


def test_in_english_what_has_not_come_yet_is_not_called_unset(who, at, now):
    case, client = case_cast.assessed(who, now), at(who.ani)
    client.cookies[LANGUAGE_COOKIE] = "en"
    shown = page(client, "case-referrals", key(case))
    assert shown.count("not yet") == 3 and "not set up" not in shown


def test_cases_in_different_states_take_no_common_step(who, at, now, city):
    made = many(who, now, city, 2)
    step(made[0], "pilkada-review", "received", who.ani, now)
    ticked = [f"{key(made[0])}:reviewing", f"{key(made[1])}:received"]
    answer = at(who.ani).post("/perkara/beberapa/", {"act": "step", "pilih": ticked})
    assert "keadaan yang berbeda" in text_of(answer)
    nobody = at(who.ani).post("/perkara/beberapa/", {"act": "step"}, follow=True)
    assert "Tandai dulu perkaranya" in text_of(nobody)
    for wrong in ("x", f"{key(made[0])}:entah", f"{'0' * 16}:received"):
        assert at(who.ani).post("/perkara/beberapa/", {"act": "step", "pilih": wrong}).status_code == 404
    assert at(who.inspector).post("/perkara/beberapa/", {"act": "step", "pilih": ticked}).status_code == 404


# --- who sees a case ---------------------------------------------------------------------------------------------


def paths(case):
    number, one = key(case), case.respondents.first()
    return [
        f"/perkara/{number}/", f"/perkara/{number}/langkah/pilkada-review/", f"/perkara/{number}/tim/",
        f"/perkara/{number}/terlapor/baru/", f"/perkara/{number}/terlapor/{one.pk:016x}/",
    ]  # fmt: skip


def test_whoever_may_not_see_a_case_finds_nothing(who, at, now):
    case = opened(who, now)
    for each in (who.inspector, who.bkn_officer, who.mayor.user, who.examiners[0], who.stranger, who.drafter):
        for path in paths(case):
            assert at(each).get(path).status_code in (403, 404), (each.username, path)
            assert at(each).post(path, {"act": "note", "text": "x"}).status_code in (403, 404)
    for wrong in ("0" * 16, "f" * 16):
        assert at(who.ani).get(f"/perkara/{wrong}/").status_code == 404
    assert at(who.ani).get("/perkara/zz/").status_code == 404


def test_whoever_has_no_part_in_a_case_finds_nothing(who, at, now):
    case = opened(who, now)
    client = at(who.beni)
    assert client.get(f"/perkara/{key(case)}/").status_code == 200
    answer = client.post(f"/perkara/{key(case)}/", {"act": "recuse", "why": "relative"})
    assert answer.status_code == 422 and "Anda mengerti akibatnya" in text_of(answer)
    answer = client.post(f"/perkara/{key(case)}/", {"act": "recuse", "why": "relative", "sure": "on"})
    assert answer.status_code == 302 and answer["Location"] == "/perkara/"
    for path in paths(case):
        assert client.get(path).status_code == 404, path


def test_the_agency_sees_a_case_once_it_was_recommended_to_it(who, at, now):
    case = case_cast.recommended(who, now)
    shown = page(at(who.mayor.user), "case", key(case))
    assert "Terima rekomendasi" in shown and "Minta kelengkapan" not in shown
    drafted = page(at(who.drafter), "case", key(case))
    assert "dicatat dari dokumen yang ditandatangani" in drafted
    step_page = f"/perkara/{key(case)}/langkah/authority-accept/"
    asked = text_of(at(who.drafter).get(step_page))
    field = asked[asked.index('for="id_file"') : asked.index("Dengan langkah ini mulai dihitung")]
    assert "Pindaian yang ditandatangani" in field and "boleh kosong" not in field and "Wajib" not in field
    refused = at(who.drafter).post(step_page, {"was": "recommended", "on": "2024-10-25"})
    said = text_of(refused)
    assert refused.status_code == 422 and "bukan untuk peran Anda" not in said
    assert said.index('for="id_file"') < said.rindex("Lampirkan pindaian dokumen yang ditandatangani")
    paper = SimpleUploadedFile("surat.pdf", PDF)
    done = at(who.drafter).post(step_page, {"was": "recommended", "on": "2024-10-25", "file": paper})
    assert done.status_code == 302 and case.respondents.get().state == "accepted"


def test_a_reader_sees_only_what_his_role_may_do(who, at, now):
    case = opened(who, now)
    RoleGrant.objects.create(user=who.inspector, role=Role.INTAKE_OFFICER, body=who.bawaslu, from_at=now)
    shown = page(at(who.inspector), "case", key(case))
    assert (
        "Catat nomor perkara" in shown
        and "Beri tugas" not in shown
        and "Catat pencabutan" not in shown
        and "Mulai kajian awal" in shown
    )
    assert at(who.inspector).post(f"/perkara/{key(case)}/", {"act": "evidence", "label": "x"}).status_code == 422
    answer = at(who.inspector).get(f"/perkara/{key(case)}/langkah/pilkada-withdraw/")
    assert answer.status_code == 200 and "bukan untuk peran Anda" in text_of(answer)
    assert (
        at(who.inspector).post(f"/perkara/{key(case)}/langkah/pilkada-withdraw/", {"on": "2024-10-25"}).status_code
        == 422
    )


# --- what is put into a file -------------------------------------------------------------------------------------


def test_a_number_is_given_once_and_none_twice_in_a_body(who, at, now, city):
    case, other = many(who, now, city, 2)
    client = at(who.ani)
    assert client.post(f"/perkara/{key(case)}/", {"act": "number", "number": "001/REG/2024"}).status_code == 302
    assert "001/REG/2024" in page(client, "case", key(case)) and "Catat nomor perkara" not in page(
        client, "case", key(case)
    )
    again = client.post(f"/perkara/{key(case)}/", {"act": "number", "number": "002"})
    assert again.status_code == 422
    taken = client.post(f"/perkara/{key(other)}/", {"act": "number", "number": "001/REG/2024"})
    assert (
        taken.status_code == 422
        and "nomor itu sudah dipakai" in text_of(taken)
        and 'value="001/REG/2024"' in text_of(taken)
    )


def test_notes_tasks_and_evidence_are_kept_and_a_wrong_form_loses_nothing(who, at, now):
    case = opened(who, now)
    client, path = at(who.ani), f"/perkara/{key(case)}/"
    assert client.post(path, {"act": "note", "text": "hubungi panwascam"}).status_code == 302
    late = client.post(
        path, {"act": "task", "text": "minta berita acara", "owner": who.beni.pk, "due_on": "2024-10-01"}
    )
    assert late.status_code == 422 and "minta berita acara" in text_of(late) and "sudah lewat" in text_of(late)
    client.post(path, {"act": "task", "text": "minta berita acara", "owner": who.beni.pk, "due_on": "2024-10-28"})
    task = case.tasks.get()
    client.post(path, {"act": "done", "task": f"{task.pk:016x}"})
    task.refresh_from_db()
    assert task.done_at is None  # it is Beni's
    at(who.beni).post(path, {"act": "done", "task": f"{task.pk:016x}"})
    task.refresh_from_db()
    assert task.done_at is not None
    nothing = client.post(path, {"act": "evidence", "label": "Tangkapan layar"})
    assert nothing.status_code == 422 and 'value="Tangkapan layar"' in text_of(nothing)
    wrong = SimpleUploadedFile("a.exe", b"MZ")
    answer = client.post(path, {"act": "evidence", "label": "Foto", "file": wrong})
    assert answer.status_code == 422 and not CaseEvidence.objects.exists()
    done = client.post(path, {"act": "evidence", "label": "Surat", "file": SimpleUploadedFile("surat.pdf", PDF)})
    assert done.status_code == 302
    kept = case.evidence.get()
    file = client.get(f"/perkara/{key(case)}/berkas/{kept.file_id}/")
    assert file.status_code == 200 and file["Content-Type"] == "application/pdf"
    other = opened(who, now, person=who.budi.person)
    assert client.get(f"/perkara/{key(other)}/berkas/{kept.file_id}/").status_code == 404
    assert at(who.stranger).get(f"/perkara/{key(case)}/berkas/{kept.file_id}/").status_code == 404
    twice = client.post(path, {"act": "evidence", "label": "Surat", "file": SimpleUploadedFile("surat.pdf", PDF)})
    assert twice.status_code == 422 and "sudah ada" in text_of(twice)
    assert client.post(path, {"act": "entah"}).status_code == 404


def test_notes_are_read_by_the_side_that_wrote_them_and_reports_by_the_body_that_has_them(who, at, now):
    case = case_cast.recommended(who, now)
    name = key(case)
    case_steps.write(case, "report_added", case_steps.Doing(who.ani, now.date(), now))
    scan = case_cast.scan(7, now)
    case_steps.write(case, "report_added", case_steps.Doing(who.ani, now.date(), now), document=scan)
    written = {
        who.ani: "sumber: hubungi panwascam", who.bkn_officer: "telepon biro hukum", who.drafter: "konsep minggu depan",
    }  # fmt: skip
    for user, text in written.items():
        assert at(user).post(f"/perkara/{name}/", {"act": "note", "text": text}).status_code == 302
    for user, own in written.items():
        shown = page(at(user), "case", name)
        assert [text for text in written.values() if text in shown] == [own]
        assert ("Laporan dalam perkara" in shown, "Laporan ditambahkan" in shown) == (user == who.ani,) * 2
    for user in (who.mayor.user, who.examiners[0]):
        shown = page(at(user), "case", name)
        assert "konsep minggu depan" in shown and "sumber: hubungi" not in shown and "telepon biro" not in shown
        assert "Laporan dalam perkara" not in shown and f"perkara ini di {case.agency.name};" in shown
    assert "sumber: hubungi panwascam" in page(at(who.beni), "case", name)
    assert "perkara ini di Bawaslu Rekaan; badan dan instansi lain tidak" in page(at(who.beni), "case", name)
    assert at(who.drafter).get(f"/perkara/{name}/berkas/{scan.pk}/").status_code == 404


# --- steps -------------------------------------------------------------------------------------------------------


def test_a_step_asks_what_its_row_requires_and_refuses_at_the_field(who, at, now):
    case = opened(who, now)
    step(case, "pilkada-review", "received", who.ani, now)
    client = at(who.ani)
    path = f"/perkara/{key(case)}/langkah/pilkada-dismiss/"
    shown = text_of(client.get(path))
    assert 'name="fact-reason"' in shown and "Hentikan dengan alasan" in shown
    empty = client.post(path, {"was": "reviewing", "on": "2024-10-25", "fact-reason": "  "})
    assert empty.status_code == 422 and "mensyaratkannya" in text_of(empty)
    assert case.respondents.get().state == "reviewing"
    done = client.post(path, {"was": "reviewing", "on": "2024-10-25", "fact-reason": "bukan ASN"})
    assert done.status_code == 302
    assert (case.respondents.get().outcome, case.respondents.get().outcome_reason) == ("closed", "bukan ASN")
    assert "bukan ASN" in page(client, "case", key(case))


def test_a_reason_that_was_told_before_closes_nothing(who, at, now):
    case = opened(who, now)
    step(case, "pilkada-review", "received", who.ani, now)
    step(case, "pilkada-register", "reviewing", who.ani, now, **{"requirements-met": True})
    step(case, "pilkada-clarify", "registered", who.ani, now, reason="perlu keterangan saksi")
    client, path = at(who.ani), f"/perkara/{key(case)}/langkah/pilkada-dismiss/"
    answer = client.post(path, {"was": "clarifying", "on": "2024-10-25"})
    assert answer.status_code == 422 and case.respondents.get().state == "clarifying"


def test_a_step_that_was_taken_meanwhile_is_refused_and_what_was_typed_stays(who, at, now):
    case = opened(who, now)
    client = at(who.ani)
    path = f"/perkara/{key(case)}/langkah/pilkada-review/"
    step(case, "pilkada-review", "received", who.beni, now)
    late = client.post(path, {"was": "received", "on": "2024-10-25"})
    assert late.status_code == 422 and "sudah berubah sejak halaman ini ditampilkan" in text_of(late)
    assert "Tidak ada terlapor dalam keadaan" in text_of(client.get(path))
    path = f"/perkara/{key(case)}/langkah/pilkada-ask-completion/"
    future = client.post(
        path, {"was": "reviewing", "on": "2025-01-01", "fact-defects-told": "2024-10-25", "defects": "kurang saksi"}
    )
    assert future.status_code == 422 and "kurang saksi" in text_of(future)
    before = client.post(
        path, {"was": "reviewing", "on": "2024-10-01", "fact-defects-told": "2024-10-25", "defects": "kurang saksi"}
    )
    assert before.status_code == 422 and "Terjadi pada" in text_of(before) and "kurang saksi" in text_of(before)
    assert case.respondents.get().state == "reviewing"
    assert client.get(f"/perkara/{key(case)}/langkah/entah/").status_code == 404


def test_a_step_is_taken_from_the_state_that_was_seen_and_from_no_other(who, at, now):
    case = opened(who, now)
    step(case, "pilkada-review", "received", who.ani, now)
    client, path = at(who.ani), f"/perkara/{key(case)}/langkah/pilkada-dismiss/"
    said = {"was": "reviewing", "on": "2024-10-25", "fact-reason": "bukan ASN menurut daftar"}
    step(case, "pilkada-register", "reviewing", who.beni, now, **{"requirements-met": True})
    late = client.post(path, said)
    assert late.status_code == 422 and "sudah berubah sejak halaman ini ditampilkan" in text_of(late)
    assert "bukan ASN menurut daftar" in text_of(late) and 'name="was" value="registered"' in text_of(late)
    assert case.respondents.get().state == "registered"
    for was in ("", "entah"):
        assert client.post(path, said | {"was": was}).status_code == 422
    assert case.respondents.get().state == "registered"
    assert client.post(path, said | {"was": "registered"}).status_code == 302
    assert case.respondents.get().state == "dismissed"


def test_what_was_written_for_a_step_stays_where_nobody_stands_before_it_any_more(who, at, now):
    case = opened(who, now)
    second = cases.add_respondent(
        case, Named(person=who.budi.person, allegations=(alleged("Aula"),)), by=who.ani, now=now
    )
    step(case, "pilkada-review", "received", who.ani, now)
    step(case, "pilkada-register", "reviewing", who.ani, now, **{"requirements-met": True})
    client, path = at(who.ani), f"/perkara/{key(case)}/langkah/pilkada-assess/"
    assert 'name="fact-review"' in text_of(client.get(path))
    step(case, "pilkada-assess", "registered", who.beni, now, review="kajian rekan")
    said = {"was": "registered", "on": "2024-10-25", "fact-review": "kajian yang panjang", "people": [second.pk]}
    late = client.post(path, said)
    assert late.status_code == 422 and "kajian yang panjang" in text_of(late)
    assert "sudah berubah sejak halaman ini ditampilkan" in text_of(late)
    assert case.steps.filter(step="pilkada-assess").count() == 2


def test_what_an_examiner_wrote_stays_when_he_was_taken_off_the_case(who, at, now):
    case = case_cast.with_team(who, now)
    client, path = at(who.examiners[0]), f"/perkara/{key(case)}/langkah/summon/"
    case_files.withdraw(CaseOfficer.objects.get(user=who.examiners[0]), by=who.mayor.user, now=now)
    said = {"was": "accepted", "on": "2024-10-25", "fact-summons": "2024-10-24", "fact-hearing-on": "2024-10-28"}
    late = client.post(path, said)
    assert late.status_code == 422 and "tidak sedang ditugasi" in text_of(late) and "2024-10-24" in text_of(late)


def test_a_summons_on_a_holiday_is_refused_at_its_day(who, at, now):
    case = case_cast.with_team(who, now)
    client, path = at(who.examiners[0]), f"/perkara/{key(case)}/langkah/summon/"
    shown = text_of(client.get(path))
    assert 'name="fact-summons"' in shown and 'name="fact-hearing-on"' in shown
    said = {"was": "accepted", "on": "2024-10-25", "fact-summons": "2024-10-25", "fact-hearing-on": "2024-10-27"}
    sunday = client.post(path, said)
    assert sunday.status_code == 422 and "bukan hari kerja" in text_of(sunday)
    past = client.post(path, said | {"fact-hearing-on": "2024-10-21"})
    assert past.status_code == 422 and "tidak berurutan" in text_of(past)
    assert client.post(path, said | {"fact-hearing-on": HEARING.isoformat()}).status_code == 302
    assert case.respondents.get().state == "summoned"


def test_an_examiner_who_was_not_assigned_takes_no_step(who, at, now):
    case = case_cast.referred(who, now)
    answer = at(who.examiners[0]).get(f"/perkara/{key(case)}/langkah/summon/")
    assert "tidak sedang ditugasi" in text_of(answer) and '<form method="post" enctype' not in text_of(answer)


def test_several_respondents_take_a_step_together_or_some_of_them(who, at, now):
    case = opened(who, now)
    second = cases.add_respondent(
        case, Named(person=who.budi.person, allegations=(alleged("Aula"),)), by=who.ani, now=now
    )
    client, path = at(who.ani), f"/perkara/{key(case)}/langkah/pilkada-review/"
    none = client.post(path, {"was": "received", "on": "2024-10-25"})
    assert none.status_code == 422 and "sedikitnya satu terlapor" in text_of(none)
    assert client.post(path, {"was": "received", "on": "2024-10-25", "people": [second.pk]}).status_code == 302
    assert sorted(case.respondents.values_list("state", flat=True)) == ["received", "reviewing"]
    shown = page(client, "case", key(case))
    assert "Mulai kajian awal" in shown and "Minta kelengkapan" in shown


def test_a_sanction_outside_the_band_is_no_choice(who, at, now):
    case = case_cast.assessed(who, now)
    sent = case_cast.case_referrals.send(
        case, who.bkn, number="12/PM/2024", words="mohon", was="assessed", by=who.ani, now=now
    )
    case_cast.case_referrals.accept(sent, was="forwarded", by=who.bkn_officer, now=now)
    client, path = at(who.bkn_officer), f"/perkara/{key(case)}/langkah/recommend/"
    assert case_cast.SANCTION in text_of(client.get(path))
    said = {"was": "with-national", "on": "2024-10-25", "fact-review": "kajian", "sanction": "light-oral"}
    assert client.post(path, said).status_code == 422
    assert client.post(path, said | {"sanction": case_cast.SANCTION}).status_code == 302


def test_a_recommendation_without_a_sanction_is_refused_at_its_field(who, at, now):
    case = case_cast.assessed(who, now)
    sent = case_cast.case_referrals.send(
        case, who.bkn, number="12/PM/2024", words="mohon", was="assessed", by=who.ani, now=now
    )
    case_cast.case_referrals.accept(sent, was="forwarded", by=who.bkn_officer, now=now)
    client, path = at(who.bkn_officer), f"/perkara/{key(case)}/langkah/recommend/"
    said = {"was": "with-national", "on": "2024-10-25", "fact-review": "kajian", "sanction": ""}
    answer = client.post(path, said)
    assert answer.status_code == 422 and 'href="#id_sanction"' in text_of(answer)
    assert "Rekomendasikan kepada PPK" in page(client, "case", key(case))
    case_files.strike_allegation(case.respondents.get().allegations.get(), reason="keliru", by=who.bkn_officer, now=now)
    answer = client.post(path, said | {"sanction": case_cast.SANCTION})
    assert answer.status_code == 422 and case.respondents.get().state == "with-national"


def test_a_referral_names_to_whom_and_by_which_letter(who, at, now):
    named = Named(described="Seorang prajurit", employment="tni", post="prajurit", allegations=(alleged(),))
    case = cases.register([], who.bawaslu, [named], regime="pilkada", track="referral", by=who.ani, now=now)
    step(case, "pilkada-review", "received", who.ani, now)
    step(case, "pilkada-register", "reviewing", who.ani, now, **{"requirements-met": True})
    step(case, "pilkada-assess", "registered", who.ani, now, review="kajian")
    client, path = at(who.ani), f"/perkara/{key(case)}/langkah/refer/"
    said = {
        "was": "assessed",
        "on": "2024-10-25",
        "fact-referred-to": "Dandim Rekaan",
        "fact-referral-letter": "R-7/2024",
    }
    for field in ("fact-referred-to", "fact-referral-letter"):
        answer = client.post(path, said | {field: " "})
        assert answer.status_code == 422 and f'href="#id_{field}"' in text_of(answer)
    assert client.post(path, said).status_code == 302
    for name in ("case", "case-referrals"):
        shown = page(client, name, key(case))
        assert "Dandim Rekaan" in shown and "R-7/2024" in shown and "belum pernah dikirim" not in shown
    step(case, "referral-back", "referred", who.ani, now, reason="salah alamat")
    with pytest.raises(CaseStepRefused, check=lambda error: set(error.about) == {"referred-to", "referral-letter"}):
        step(case, "refer", "returned", who.ani, now)


def test_an_act_of_another_track_is_warned_of_and_not_refused(who, at):
    client = at(who.ani)
    told = {
        "do": "save", "rows": "1", "body": who.bawaslu.pk, "regime": "pilkada", "track": "ethics",
        "t0-person": who.sari.person.pk, "t0-on": "2024-10-20", "t0-place": "Lapangan", "t0-act": case_cast.ACT,
        "t0-gist": "mengajak memilih", "t0-candidate_status": "determined",
    }  # fmt: skip
    shown = client.post("/perkara/baru/", told)
    said = text_of(shown)
    assert "biasanya tidak dijawab lewat jalur ini" in said and "mengajak memilih" in said and not Case.objects.exists()
    key_of_warning = said.split('name="warned" value="')[1].split('"')[0]
    assert client.post("/perkara/baru/", told | {"warned": key_of_warning}).status_code == 302
    assert Case.objects.get().track == "ethics"
    client.post("/perkara/baru/", told | {"track": "discipline", "t0-person": who.budi.person.pk})
    assert Case.objects.count() == 2, "what fits is not warned of"


def test_a_day_outside_the_rulebook_is_refused_at_the_day_and_an_act_not_in_force_by_its_name(who, at):
    client = at(who.ani)
    new = client.post("/perkara/baru/", person_form(who, **{"t0-on": "1900-01-01", "t0-person": who.budi.person.pk}))
    assert new.status_code == 422
    said = text_of(new)
    assert said.index('name="t0-on"') < said.rindex("1 Januari 1900 di luar itu") < said.index('name="t0-place"')
    early = text_of(client.post("/perkara/baru/", person_form(who, **{"t0-on": "2020-01-01"})))
    assert "tidak memuat aturan" in early and f"“{case_cast.ACT}”" not in early


def test_clocks_say_how_their_day_was_computed(who, at, now):
    named = Named(person=who.sari.person, allegations=(alleged(),))
    case = cases.register([], who.bawaslu, [named], regime="pemilu", track="discipline", by=who.ani, now=now)
    step(case, "pemilu-review", "received", who.ani, now)
    shown = page(at(who.ani), "case", key(case))
    assert "jatuh tempo 27 Oktober 2024" in shown and "Pembacaan lain" in shown and "29 Oktober 2024" in shown
    step(case, "pemilu-register", "reviewing", who.ani, now, **{"requirements-met": True})
    step(case, "pemilu-clarify", "registered", who.ani, now, reason="saksi belum didengar")
    shown = page(at(who.ani), "case", key(case))
    assert "Dihitung begini" in shown and "sisa 14 hari kerja" in shown and "jatuh tempo 14 November 2024" in shown
    assert "Hari yang dilewati" in shown and "26 Oktober 2024: Sabtu" in shown


def test_a_limit_in_hours_tells_its_hour_and_a_target_that_it_is_none_of_the_law(who, at, now):
    case = opened(who, now)
    step(case, "pilkada-review", "received", who.ani, now)
    step(case, "pilkada-ask-completion", "reviewing", who.ani, now, **{"defects-told": "saksi"})
    shown = page(at(who.ani), "case", key(case))
    assert "sisa 47 jam" in shown and "jatuh tempo 27 Oktober 2024 pukul 10.00" in shown
    step(case, "pilkada-register", "completing", who.ani, now, **{"requirements-met": True})
    step(case, "pilkada-assess", "registered", who.ani, now, review=True)
    assert "bukan batas waktu hukum" in page(at(who.ani), "case", key(case))


# --- respondents -------------------------------------------------------------------------------------------------


def of(case):
    return f"/perkara/{key(case)}/terlapor/{case.respondents.first().pk:016x}/"


def test_allegations_are_stated_suggested_and_struck(who, at, now):
    case = opened(who, now)
    client, path = at(who.ani), of(case)
    shown = text_of(client.get(path))
    assert "Sidik buku aturan" in shown and case.respondents.get().allegations.get().rulebook_digest in shown
    said = {
        "gist": "ia membagikan stiker calon",
        "on": "2024-10-21",
        "place": "Pasar",
        "act": "",
        "candidate_status": "determined",
    }
    asked = client.post(path, said | {"act": "suggest"})
    assert (
        asked.status_code == 200 and 'value="act-' in text_of(asked) and "ia membagikan stiker calon" in text_of(asked)
    )
    missing = client.post(path, said | {"act": "state"})
    assert missing.status_code == 422 and "ia membagikan stiker calon" in text_of(missing)


def test_a_respondent_entered_wrongly_is_struck_with_a_reason(who, at, now):
    case = opened(who, now)
    client, path = at(who.ani), of(case)
    assert client.post(path, {"act": "wrong", "reason": " "}).status_code == 422
    assert client.post(path, {"act": "wrong", "reason": "namanya sama, bukan orangnya"}).status_code == 302
    assert case.respondents.get().outcome == "entered_wrongly"
    assert "namanya sama, bukan orangnya" in text_of(client.get(path))
    assert "Salah dicatat" in page(client, "case", key(case))


@pytest.mark.parametrize(("status", "says"), [("retired", "sudah pensiun"), ("died", "sudah meninggal")])
def test_a_respondent_who_retired_or_died_is_told_in_clear_words(who, at, now, status, says):
    case = opened(who, now)
    who.sari.person.placements.update(status=status)
    assert says in text_of(at(who.ani).get(of(case)))
    assert (status == "died" and "Meninggal" in page(at(who.ani), "case", key(case))) or status == "retired"


def test_a_respondent_who_moved_is_followed(who, at, now, other_city):
    case = opened(who, now)
    client, path = at(who.ani), of(case)
    nothing = client.post(path, {"act": "follow"})
    assert nothing.status_code == 422
    who.sari.person.placements.update(until_on=date(2024, 10, 24))
    unit = other_city.units.filter(parent=None).first()
    who.sari.person.placements.create(unit=unit, employment="pns", from_on=date(2024, 10, 24))
    assert "Sekarang bertugas di instansi lain" in text_of(client.get(path))
    assert client.post(path, {"act": "follow"}).status_code == 302
    assert case.respondents.get().agency == other_city


# --- team --------------------------------------------------------------------------------------------------------


def test_a_relative_a_subordinate_and_whoever_has_no_right_are_refused_a_place_in_the_team(who, at, now):
    case = opened(who, now)
    client, path = at(who.ani), f"/perkara/{key(case)}/tim/"
    stated = {"act": "conflict", "user": who.beni.pk, "why": "relative"}
    assert client.post(path, {"act": "conflict", "user": who.beni.pk}).status_code == 422
    assert client.post(path, stated).status_code == 302
    refused = client.post(path, {"act": "assign", "user": who.beni.pk, "duty": "examiner"})
    assert refused.status_code == 422 and "Perkara keluarga sendiri" in text_of(refused)
    assert client.post(path, {"act": "assign", "user": who.inspector.pk, "duty": "examiner"}).status_code == 422
    assert client.post(path, {"act": "assign", "user": who.ani.pk, "duty": "examiner"}).status_code == 302
    twice = client.post(path, {"act": "assign", "user": who.ani.pk, "duty": "team-superior"})
    assert twice.status_code == 422 and "sudah ditugasi" in text_of(twice)
    officer = case.officers.get()
    assert client.post(path, {"act": f"withdraw-{officer.pk:016x}"}).status_code == 302
    again = client.post(path, {"act": f"withdraw-{officer.pk:016x}"})
    assert again.status_code == 422 and "tidak sedang ditugasi" in text_of(again)
    row = case.conflicts.get()
    assert client.post(path, {"act": f"lift-{row.pk:016x}", "reason": ""}).status_code == 422
    assert client.post(path, {"act": f"lift-{row.pk:016x}", "reason": "hanya senama"}).status_code == 302
    assert client.post(path, {"act": "assign", "user": who.beni.pk, "duty": "examiner"}).status_code == 302


def test_a_post_below_that_of_the_respondent_is_refused(who, at, now, city):
    case = case_cast.referred(who, now)
    below = make_member(city.units.get(code="BKPSDM"), "199001012015031099", "Bawah Rekaan", sex="f", post="Analis")
    below.placement.level = "pelaksana"
    below.placement.save(update_fields=["level"])
    RoleGrant.objects.create(user=below.user, role=Role.EXAMINER, agency=city, from_at=now)
    type(below.user).objects.filter(pk=below.user.pk).update(is_active=True)
    refused = at(who.mayor.user).post(
        f"/perkara/{key(case)}/tim/", {"act": "assign", "user": below.user.pk, "duty": "team-superior"}
    )
    assert refused.status_code == 422 and "tidak boleh lebih rendah" in text_of(refused)


def test_the_page_of_a_team_names_the_superior_and_says_what_he_and_others_lack_to_be_chosen(who, at, now, city):
    case = case_cast.referred(who, now)
    client, path = at(who.mayor.user), f"/perkara/{key(case)}/tim/"

    def shown():
        return " ".join(text_of(client.get(path)).split())

    named = "yang memeriksa Sari Contohwati adalah <strong>Budi Misalkan</strong>, Kepala Sekolah."
    assert f"{named} Ia belum dapat dipilih: minta administrator memberinya peran Pemeriksa dulu." in shown()
    RoleGrant.objects.create(user=who.budi.user, role=Role.EXAMINER, agency=city, from_at=now)
    type(who.budi.user).objects.filter(pk=who.budi.user.pk).update(is_active=True)
    assert named in shown() and "Ia belum dapat dipilih" not in shown()
    refused = client.post(path, {"act": "assign", "user": who.drafter.pk, "duty": "examiner"})
    assert refused.status_code == 422
    assert "tidak memegang peran yang diminta tugas itu (Pemeriksa)" in text_of(refused)


def test_the_pages_of_a_team_offer_ones_own_side_alone_and_count_by_element(who, at, now):
    case = case_cast.referred(who, now)
    client, path = at(who.mayor.user), f"/perkara/{key(case)}/tim/"
    shown = text_of(client.get(path))
    assert who.examiners[0].display_name in shown
    for foreign in (who.bkn_officer, who.ani):
        assert foreign.display_name not in shown
        assert client.post(path, {"act": "assign", "user": foreign.pk, "duty": "examiner"}).status_code == 422
        assert client.post(path, {"act": "conflict", "user": foreign.pk, "why": "patron"}).status_code == 422
    assert client.post(path, {"act": "assign", "user": who.examiners[0].pk, "duty": "team"}).status_code == 422
    given = {"act": "assign", "user": who.examiners[0].pk, "duty": "team-oversight"}
    assert client.post(path, given).status_code == 302
    assert "unsur pengawasan" in text_of(client.get(path))
    case.respondents.update(state="heard")
    examined = f"/perkara/{key(case)}/pemeriksaan/"
    assert "Belum ada: atasan langsung, unsur kepegawaian" in " ".join(text_of(client.get(examined)).split())
    form = {"act": "form-team", "was": "heard", "form-team-on": "2024-10-25", "form-team-team-order": "SK 5/2024"}
    short = client.post(examined, form)
    assert short.status_code == 422 and "Tim belum lengkap, 1 dari 3" in text_of(short)
    assert "atasan langsung, unsur kepegawaian" in text_of(short) and "SK 5/2024" in text_of(short)
    theirs = at(who.bkn_officer)
    officer = case.officers.get()
    assert f"withdraw-{officer.pk:016x}" not in text_of(theirs.get(path))
    assert theirs.post(path, {"act": f"withdraw-{officer.pk:016x}"}).status_code == 422


def test_a_supervisor_is_offered_no_team_of_a_case_that_it_sent_on(who, at, now):
    mine, sent_on = opened(who, now), case_cast.recommended(who, now, person=who.budi.person)
    client = at(who.ani)
    assert f"/perkara/{key(mine)}/tim/" in page(client, "case", key(mine))
    assert f"/perkara/{key(sent_on)}/tim/" not in page(client, "case", key(sent_on))


def test_an_examiner_who_is_not_assigned_is_offered_no_summons(who, at, now):
    case = case_cast.referred(who, now)
    client, path = at(who.examiners[0]), f"/perkara/{key(case)}/pemeriksaan/"
    shown = text_of(client.get(path))
    assert "Anda belum ditugasi" in shown and 'value="summon"' not in shown
    case_files.assign(case, who.examiners[0], "examiner", by=who.mayor.user, now=now)
    assert 'value="summon"' in text_of(client.get(path))


# --- opening -----------------------------------------------------------------------------------------------------


def test_a_case_of_a_finding_is_opened_whole_or_not_at_all(who, at, now):
    client = at(who.ani)
    assert "Dari temuan badan sendiri" in text_of(client.get("/perkara/baru/"))
    for wrong, says in (
        ({"t0-person": ""}, "Pilih orangnya dari daftar"),
        ({"t0-described": "pemuda berkaus hitam"}, "Pilih orangnya dari daftar"),
        ({"t0-on": "2025-01-01"}, "mengajak memilih"),
        ({"t0-place": ""}, "Isi tempatnya"),
        ({"t0-act": "entah"}, "mengajak memilih"),
        ({"body": who.bkn.pk}, "mengajak memilih"),
        ({"t0-person": "9" * 30}, "mengajak memilih"),
    ):
        entries = LogEntry.objects.count()
        answer = client.post("/perkara/baru/", person_form(who, **wrong))
        assert answer.status_code == 422 and says in text_of(answer), wrong
        assert "mengajak memilih" in text_of(answer)
        assert not Case.objects.exists() and LogEntry.objects.count() == entries
    answer = client.post("/perkara/baru/", person_form(who))
    case = Case.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/perkara/{key(case)}/"


def test_nobody_within_reach_means_nobody(who, at, other_city):
    far = make_member(
        other_city.units.filter(parent=None).first(), "198001012010011088", "Jauh Sekali", sex="f", post="Guru"
    )
    answer = at(who.ani).post("/perkara/baru/", person_form(who, **{"t0-person": far.person.pk}))
    assert answer.status_code == 422 and "Jauh Sekali" not in text_of(answer)


def test_lines_are_added_and_dropped_and_acts_suggested_without_anything_being_kept(who, at):
    client = at(who.ani)
    more = text_of(client.post("/perkara/baru/", person_form(who, do="more")))
    assert 'name="t1-q"' in more and "mengajak memilih" in more and who.sari.person.full_name in more
    fewer = text_of(client.post("/perkara/baru/", person_form(who, do="drop-1", rows="2")))
    assert 'name="t1-q"' not in fewer and "mengajak memilih" in fewer
    asked = text_of(
        client.post(
            "/perkara/baru/", person_form(who, **{"do": "suggest-0", "t0-gist": "camat membagikan stiker calon"})
        )
    )
    acts = re.findall(r'value="act-0-([^"]+)"', asked)
    assert acts and "camat membagikan stiker calon" in asked
    chosen = text_of(client.post("/perkara/baru/", person_form(who, do=f"act-0-{acts[0]}")))
    assert f'value="{acts[0]}" selected' in chosen
    other = text_of(client.post("/perkara/baru/", person_form(who, do="unpick-0")))
    assert 'name="t0-q"' in other and "Cari orangnya" in other
    for odd in ("find-99", "pick-x-1", "act-0-entah", "drop-7", "x"):
        assert client.post("/perkara/baru/", person_form(who, do=odd)).status_code == 200
    assert not Case.objects.exists()


def test_somebody_is_found_and_picked(who, at):
    client = at(who.ani)
    found = text_of(
        client.post(
            "/perkara/baru/", person_form(who, **{"do": "find-0", "t0-person": "", "t0-q": who.sari.person.name})
        )
    )
    assert f'value="pick-0-{who.sari.person.pk}"' in found
    picked = text_of(
        client.post("/perkara/baru/", person_form(who, **{"do": f"pick-0-{who.sari.person.pk}", "t0-person": ""}))
    )
    assert f'name="t0-person" value="{who.sari.person.pk}"' in picked


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("of_a_case", [False, True])
def test_somebody_with_a_number_above_a_thousand_is_found_picked_and_saved(who, at, now, city, language, of_a_case):
    member = make_member(city.units.get(code="SMPN-3"), "198001012010012099", "Lamria Ombak", sex="f", post="Guru")
    number = 1_008_935
    old = member.person.pk
    type(member.person).objects.filter(pk=old).update(identifier_type="none", identifier="")
    person = type(member.person).objects.get(pk=old)
    person.pk, person.identifier_type, person.identifier = number, "nip", "198001012010012099"
    person.save(force_insert=True)
    type(member.placement).objects.filter(person=old).update(person=number)
    client = at(who.ani)
    client.cookies[LANGUAGE_COOKIE] = language
    path = f"/perkara/{key(opened(who, now))}/terlapor/baru/" if of_a_case else "/perkara/baru/"
    typed = person_form(who, **{"do": "find-0", "t0-person": "", "t0-q": "Lamria Ombak"})
    found = text_of(client.post(path, typed))
    assert ("Choose" if language == "en" else "Pilih") in found and f'value="pick-0-{number}"' in found
    typed["t0-offered"] = hidden(found, "t0-offered")
    picked = text_of(client.post(path, typed | {"do": f"pick-0-{number}"}))
    assert "Lamria Ombak, Guru" in picked and hidden(picked, "t0-person") == str(number)
    saved = client.post(path, typed | {"do": "save", "t0-person": hidden(picked, "t0-person")})
    assert saved.status_code == 302 and CaseRespondent.objects.filter(person=number).exists()


def hidden(page_text, name):
    """Return the value of a hidden field of a page."""
    return re.search(rf'<input type="hidden" name="{name}"(?: value="([^"]*)")?', page_text)[1] or ""


def test_whom_no_search_offered_is_named_only_as_one_more_search(who, at, monkeypatch):
    counted = []
    monkeypatch.setattr(finding, "count_search", lambda user, *, now: counted.append(user.pk))
    client, budi = at(who.ani), who.budi.person
    typed = person_form(who, **{"t0-person": "", "t0-q": budi.name, "do": "find-0"})
    typed["t0-offered"] = hidden(text_of(client.post("/perkara/baru/", typed)), "t0-offered")
    assert len(counted) == 1
    for do in (f"pick-0-{budi.pk}", "more"):
        shown = text_of(client.post("/perkara/baru/", typed | {"do": do, "t0-person": budi.pk}))
        assert budi.full_name in shown
    assert len(counted) == 1  # he was offered
    sari = who.sari.person
    for number, form in enumerate((typed, typed | {"t0-offered": ""}, typed | {"t0-offered": "x:y:z"}), 2):
        page_text = text_of(client.post("/perkara/baru/", form | {"do": f"pick-0-{sari.pk}"}))
        assert sari.full_name in page_text and len(counted) == number
    # What was offered to one reader is no offer to another.
    at(who.beni).post("/perkara/baru/", typed | {"do": f"pick-0-{budi.pk}"})
    assert counted[-1] == who.beni.pk

    def refuse(user, *, now):
        raise FindingRefused("hour", minutes=7)

    monkeypatch.setattr(finding, "count_search", refuse)
    for do in (f"pick-0-{sari.pk}", "save"):
        answer = client.post("/perkara/baru/", typed | {"do": do, "t0-person": sari.pk})
        assert sari.full_name not in text_of(answer) and "lebih banyak nama" in text_of(answer)
        assert "mengajak memilih" in text_of(answer)
    assert answer.status_code == 422 and not Case.objects.exists()


def chosen_election(page_text):
    found = re.search(r'<select name="t0-election".*?</select>', page_text, flags=re.S)[0]
    return re.findall(r'value="([^"]*)" selected', found)


def test_a_new_line_begins_with_the_election_that_runs_in_the_region_of_the_body(who, at, now):
    client = at(who.ani)
    assert chosen_election(text_of(client.get("/perkara/baru/"))) == ["pilkada-2024"]
    assert chosen_election(page(client, "case-respondent-new", key(opened(who, now)))) == ["pilkada-2024"]
    Body.objects.filter(pk=who.bawaslu.pk).update(region=None)
    assert chosen_election(text_of(client.get("/perkara/baru/"))) == ["pilkada-2024"]
    Body.objects.filter(pk=who.bawaslu.pk).update(
        region=Region.objects.get_or_create(code="19.71", name="Kota Rekaan")[0]
    )
    assert chosen_election(text_of(client.get("/perkara/baru/"))) == ["pilkada-2024"]
    with time_machine.travel(datetime(2025, 7, 1, 3, tzinfo=UTC), tick=True):
        assert chosen_election(text_of(at(who.ani).get("/perkara/baru/"))) == ["pilkada-2025-repeat"]


def test_an_election_of_other_regions_is_refused_in_words_at_its_field(who, at):
    answer = at(who.ani).post("/perkara/baru/", person_form(who, **{"t0-election": "pilkada-2025-repeat"}))
    said = text_of(answer)
    assert answer.status_code == 422 and 'href="#id_t0-election"' in said
    label = rules.book().elections["pilkada-2025-repeat"].label.id
    region = Region.objects.get(pk="13.75").name
    assert f"“{label}” tidak berlangsung di wilayah {region}." in said
    assert "“pilkada-2025-repeat”" not in said and "wilayah 13.75" not in said


def test_a_day_that_is_still_to_come_is_refused_in_words_that_fit(who, at):
    said = text_of(at(who.ani).post("/perkara/baru/", person_form(who, **{"t0-on": "2025-01-01"})))
    assert "belum tiba. Tulis hari terjadinya" in said and "pembandingan" not in said


def test_a_case_without_a_number_says_so(who, at, now):
    case = opened(who, now)
    client = at(who.ani)
    assert f"<code>{key(case)[:6]}</code> tanpa nomor" in page(client, "cases")
    assert "Perkara tanpa nomor" in page(client, "case", key(case))
    client.cookies[LANGUAGE_COOKIE] = "en"
    Case.objects.update(number="003/Reg")
    shown = page(client, "case", key(case))
    assert "Case 003/Reg" in shown and "Cases 003/Reg" not in shown and "Resigned" not in shown


def test_a_further_respondent_is_added_once(who, at, now):
    case = opened(who, now)
    client, path = at(who.ani), f"/perkara/{key(case)}/terlapor/baru/"
    twice = client.post(path, person_form(who))
    assert twice.status_code == 422 and "satu kali" in text_of(twice)
    assert client.post(path, person_form(who, **{"t0-person": who.budi.person.pk})).status_code == 302
    assert case.respondents.count() == 2


def test_whoever_is_added_to_a_case_that_has_just_ended_is_refused_and_nothing_typed_is_lost(who, at, now):
    case = opened(who, now)
    client, path = at(who.ani), f"/perkara/{key(case)}/terlapor/baru/"
    assert 'value="save"' in text_of(client.get(path))
    step(case, "pilkada-review", "received", who.ani, now)
    step(case, "pilkada-dismiss", "reviewing", who.ani, now, reason="tidak memenuhi syarat")
    late = client.post(path, person_form(who, **{"t0-person": who.budi.person.pk, "t0-gist": "berpidato di lapangan"}))
    assert late.status_code == 422 and "Perkara ini sudah selesai" in text_of(late)
    assert "berpidato di lapangan" in text_of(late) and 'value="save"' not in text_of(late)
    shown = text_of(client.get(path))
    assert "Perkara ini sudah selesai" in shown and "t0-gist" not in shown
    assert case.respondents.count() == 1


@pytest.mark.parametrize("reason", ["closed", "not_yours", "conflict"])
def test_a_refusal_of_no_line_stands_above_the_form_of_a_further_respondent(who, at, now, monkeypatch, reason):
    def refuses(*given, **named):
        raise CaseActRefused(reason)

    case = opened(who, now)
    monkeypatch.setattr(cases, "add_respondent", refuses)
    typed = person_form(who, **{"t0-person": who.budi.person.pk, "t0-gist": "berpidato di lapangan"})
    answer = at(who.ani).post(f"/perkara/{key(case)}/terlapor/baru/", typed)
    assert answer.status_code == 422 and words_of.sentence(CaseActRefused(reason)) in html.unescape(text_of(answer))
    assert "berpidato di lapangan" in text_of(answer)


# --- of sealed reports -------------------------------------------------------------------------------------------


def of_report(desk, report, person, now, *, opens=True):  # noqa: F811
    officer = desk.users[0]
    if opens:
        report_desk.open_report(report_desk.seen(officer, [desk.body.pk], report.pk), by=officer, now=now)
    return {
        "rows": "1", "do": "save", "body": desk.body.pk, "regime": "pilkada", "track": "discipline",
        "laporan": f"{report.pk:016x}", "t0-person": person.pk, "t0-act": case_cast.ACT, "t0-on": "2024-10-20",
        "t0-place": "Pendopo", "t0-gist": "mengajak memilih", "t0-candidate_status": "determined",
    }  # fmt: skip


def test_a_report_and_its_case_are_written_together_or_not_at_all(desk, report, cast, at, now):  # noqa: F811
    client = at(desk.users[0])
    assert f"{report.pk:016x}"[:6] in text_of(client.get("/perkara/baru/", {"laporan": f"{report.pk:016x}"}))
    unopened = client.post("/perkara/baru/", of_report(desk, report, cast.sari.person, now, opens=False))
    assert unopened.status_code == 422 and "Buka dulu laporan itu" in text_of(unopened)
    assert "mengajak memilih" in text_of(unopened) and not Case.objects.exists()
    said = of_report(desk, report, cast.sari.person, now)
    wrong = client.post("/perkara/baru/", said | {"t0-on": "2025-01-01"})
    assert wrong.status_code == 422 and Report.objects.get().state == "read" and not Case.objects.exists()
    assert client.post("/perkara/baru/", said).status_code == 302
    case = Case.objects.get()
    assert Report.objects.get().state == "registered" and case.case_reports.get().report == report
    again = client.post("/perkara/baru/", said)
    assert again.status_code == 422 and "sudah berada dalam sebuah perkara" in text_of(again)
    assert f"/perkara/{key(case)}/" in text_of(client.get(f"/laporan/{report.pk:016x}/"))
    # Whom the report leaves out sees neither the case nor the report in it.
    ReportLeftOut.objects.create(report=report, key=desk.rows[2], on=report.received_on)
    for path in (f"/perkara/{key(case)}/", f"/perkara/{key(case)}/laporan/{report.pk:016x}/"):
        assert at(desk.users[2]).get(path).status_code == 404


def test_whom_a_report_leaves_out_hears_nothing_of_the_case_that_is_opened_beside_its_own(desk, report, cast, at, now):  # noqa: F811
    of_report(desk, report, cast.sari.person, now)
    named = [Named(person=cast.sari.person, allegations=(alleged(),))]
    case = cases.register([report], desk.body, named, regime="pilkada", track="ethics", by=desk.users[0], now=now)
    made = case_beside.open_beside(case, "discipline", by=desk.users[0], now=now)
    ReportLeftOut.objects.create(report=report, key=desk.rows[2], on=report.received_on)
    out = desk.users[2]
    for each in (case, made):
        assert case_steps.conflict(out, each) == "excluded" and each.pk in case_board.out_of(out), each
        assert case_files.without([each.pk])[each.pk].has(out.pk, None)
        assert each.pk in set(case_watching._without(out).values_list("pk", flat=True))
        assert case_desk._hidden({each.pk}, out) == {each.pk}
        assert at(out).get(f"/perkara/{key(each)}/").status_code == 404
    assert not made.conflicts.exists(), "whom a report leaves out is written nowhere"
    assert not case_steps.conflict(desk.users[0], made) and not case_desk._hidden({made.pk}, desk.users[0])


def test_a_report_that_cannot_come_into_a_case_is_refused_before_anything_is_typed(desk, report, cast, at, now):  # noqa: F811
    client, number = at(desk.users[0]), f"{report.pk:016x}"
    shown = text_of(client.get("/perkara/baru/", {"laporan": number}))
    assert f"Laporan {number[:6]} sekarang: diterima" in shown and "Buka dulu laporan itu" in shown
    said = of_report(desk, report, cast.sari.person, now)
    assert "sekarang: " not in text_of(client.get("/perkara/baru/", {"laporan": number}))
    Report.objects.filter(pk=report.pk).update(state="closed")
    again = client.post("/perkara/baru/", said)
    words = text_of(again)
    assert again.status_code == 422 and "sekarang: ditutup" in words and "Buka kembali laporannya" in words
    assert "mengajak memilih" in words and not Case.objects.exists()


def test_a_report_that_is_not_mine_makes_no_finding(desk, report, cast, at, now):  # noqa: F811
    client, other = at(desk.users[0]), "f" * 16
    for named in (other, "0" * 16, "x", ""):
        assert client.get("/perkara/baru/", {"laporan": named}).status_code == 404
    said = of_report(desk, report, cast.sari.person, now)
    for named in ([other], [f"{report.pk:016x}", other]):
        for do in ("save", "more"):
            shown = client.post("/perkara/baru/", said | {"laporan": named, "do": do})
            words = text_of(shown)
            assert shown.status_code == 422 and "tidak dapat Anda buka" in words and "mengajak memilih" in words
            assert f'name="laporan" value="{other}"' in words and "temuan badan sendiri" not in words
    assert not Case.objects.exists()


def test_what_was_typed_into_a_case_after_the_session_ended_is_shown_and_kept_nowhere(who, client, now):
    case = opened(who, now)
    path = f"/perkara/{key(case)}/langkah/pilkada-review/"
    said = {"fact-reason": "Alasan <b>panjang</b> rekaan", "was": "a1b2"}
    shown = client.post(path, said, headers={"Accept": "text/html,*/*"})
    words = shown.content.decode()
    assert shown.status_code == 403 and "Belum terkirim" in words and "Alasan &lt;b&gt;panjang" in words
    assert f"/masuk/?next={path}" in words and "a1b2" not in words and "no-store" in shown["Cache-Control"]
    # Scripts ask in another way, and follow to the entrance; so does whoever only looks.
    assert client.post(path, said).status_code == client.get(path, headers={"Accept": "text/html"}).status_code == 302


def test_parts_are_brought_out_but_never_the_one_with_the_identity(desk, report, cast, at, now):  # noqa: F811
    client = at(desk.users[0])
    client.post("/perkara/baru/", of_report(desk, report, cast.sari.person, now))
    case, path = Case.objects.get(), f"/perkara/{key(Case.objects.get())}/laporan/{report.pk:016x}/"
    parts = {each.kind: f"{each.pk:016x}" for each in report.parts.all()}
    shown = text_of(client.get(path))
    assert (
        parts["content"] in shown
        and parts["identity"] not in shown
        and "Pelapor" not in shown.split("out_part")[1][:900]
    )
    said = {"label": "Isi", "text": "camat meminta memilih", "part": parts["identity"]}
    refused = client.post(path, said)
    assert refused.status_code == 422 and "camat meminta memilih" in text_of(refused)
    empty = client.post(path, {"label": "Isi", "part": parts["content"]}, headers={"Accept": "application/json"})
    assert empty.status_code == 422 and empty.json()["says"]
    assert not CaseEvidence.objects.exists()
    done = client.post(path, said | {"part": parts["content"]}, headers={"Accept": "application/json"})
    assert done.status_code == 200 and "Isi" in done.json()["says"]
    kept = case.evidence.get()
    assert (kept.text, kept.report) == ("camat meminta memilih", report)
    other = at(desk.users[1]).post(path, said | {"part": parts["content"], "text": "lain"})
    assert other.status_code == 422 and "Buka dulu laporan itu" in text_of(other)
    assert client.get(f"/perkara/{key(case)}/laporan/{'0' * 16}/").status_code == 404


def test_the_note_of_the_bench_fills_the_form_and_nothing_is_kept(desk, report, cast, at, now):  # noqa: F811
    number, day = f"{report.pk:016x}", "2024-10-20"
    filled = at(desk.users[0]).post(
        "/perkara/baru/",
        {"do": "fill", "rows": "2", "laporan": number, "t0-person": cast.sari.person.pk, "t0-act": case_cast.ACT,
         "t0-on": day, "t1-person": "", "t1-act": "", "t1-on": day},
    )  # fmt: skip
    shown = text_of(filled)
    assert filled.status_code == 200 and number[:6] in shown and not Case.objects.exists()
    assert f"<strong>{cast.sari.person.full_name}" in shown and shown.count(f'value="{day}"') == 2
    assert f'<option value="{case_cast.ACT}" selected' in shown
    assert f'<option value="{desk.body.pk}" selected' in shown and '<option value="discipline" selected' in shown


def test_registered_reports_without_a_case_are_counted_for_whoever_may_open_one(desk, report, cast, at, now):  # noqa: F811
    client = at(desk.users[0])
    says = "1 laporan sudah diregister dan belum ada perkaranya"
    assert says not in text_of(client.get("/perkara/"))
    said = of_report(desk, report, cast.sari.person, now)
    found = report_desk.seen(desk.users[0], [desk.body.pk], report.pk)
    report_desk.conclude(found, "registered", "finding", was="read", by=desk.users[0], now=now)
    board = text_of(client.get("/perkara/"))
    assert says in board and 'href="/laporan/meja/?perkara=tanpa"' in board
    for path in ("/laporan/meja/?perkara=tanpa", "/laporan/?perkara=tanpa&keadaan=closed"):
        assert f"{report.pk:016x}" in text_of(client.get(path))
    # Whom the report leaves out is told of none.
    left_out = at(desk.users[2])
    assert says not in text_of(left_out.get("/perkara/"))
    assert f"{report.pk:016x}" not in text_of(left_out.get("/laporan/meja/?perkara=tanpa"))
    assert client.post("/perkara/baru/", said).status_code == 302
    assert says not in text_of(client.get("/perkara/"))
    assert f"{report.pk:016x}" not in text_of(client.get("/laporan/meja/?perkara=tanpa"))


# --- cost --------------------------------------------------------------------------------------------------------


def queries(client, path):
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


def test_the_board_and_a_file_cost_as_much_for_many_as_for_few(who, at, now, city):
    case = opened(who, now)
    client = at(who.ani)
    few = queries(client, "/perkara/")
    of_one = queries(client, f"/perkara/{key(case)}/")
    many(who, now, city, 12)
    for number in range(20, 30):
        member = make_member(
            city.units.get(code="SMPN-3"), f"1980010120100110{number}", f"Serta Ke{number}", sex="f", post="Guru"
        )
        cases.add_respondent(
            case, Named(person=member.person, allegations=(alleged(f"Aula {number}"),)), by=who.ani, now=now
        )
        case_files.add_note(case, f"catatan {number}", by=who.ani, now=now)
    assert queries(client, "/perkara/") <= few + 1 <= 40
    assert queries(client, f"/perkara/{key(case)}/") <= of_one + 2 <= 80


# --- what another track answers ----------------------------------------------------------------------------------


def astray(who, now):
    named = [Named(person=who.sari.person, allegations=(alleged(),))]
    return cases.register([], who.bawaslu, named, regime="pilkada", track="ethics", by=who.ani, now=now)


def test_a_case_that_its_track_does_not_answer_says_so_from_the_first_page_on_and_shows_the_way_out(who, at, now):
    case, client = astray(who, now), at(who.ani)
    answered, one = "Belum ada dugaan yang pasalnya dijawab lewat jalur perkara ini", case.respondents.get()
    shown = page(client, "case", key(case))
    assert answered in shown and f"/terlapor/{one.pk:016x}/#allege" in shown and "Buka juga di jalur: Disiplin" in shown
    assert answered in page(client, "case-respondent", key(case), f"{one.pk:016x}")
    assert answered in page(client, "case-step", key(case), "pilkada-review")
    step(case, "pilkada-review", "received", who.ani, now)
    step(case, "pilkada-register", "reviewing", who.ani, now, **{"requirements-met": True})
    step(case, "pilkada-assess", "registered", who.ani, now, review=True)
    assert "syarat yang belum terpenuhi: Dugaan yang pasalnya dijawab" in page(client, "case", key(case))
    path = f"/perkara/{key(case)}/rujukan/"
    letter = {"act": "send", "was": "assessed", "to": who.bkn.pk, "number": "12/PM", "words": "mohon ditindaklanjuti"}
    answer = client.post(path, letter)
    said = text_of(answer)
    assert (
        answer.status_code == 422
        and "Tidak ada dugaan yang pasalnya dijawab" in said
        and "mohon ditindaklanjuti" in said
    )
    assert client.post(f"/perkara/{key(case)}/", {"act": "beside", "track": "criminal"}).status_code == 422
    opened_beside = client.post(f"/perkara/{key(case)}/", {"act": "beside", "track": "discipline"})
    made = Case.objects.get(beside=case)
    assert opened_beside["Location"] == f"/perkara/{key(made)}/"
    other = page(client, "case", key(made))
    assert answered not in other and f'href="/perkara/{key(case)}/"' in other and "Di jalur lain" in other
    shown = page(client, "case", key(case))
    assert "Buka juga di jalur" not in shown and f'href="/perkara/{key(made)}/"' in shown
    assert "Dibuka juga di jalur lain" in shown
    case_files.state_conflict(made, why="relative", user=who.beni, by=who.ani, now=now)
    assert key(made) not in page(at(who.beni), "case", key(case)), "he has no part in that one"


def test_nothing_to_recommend_is_said_before_anything_is_typed(who, at, now):
    named = [Named(person=who.sari.person, allegations=(alleged(),))]
    case = cases.register([], who.bkn, named, regime="pilkada", track="ethics", by=who.bkn_officer, now=now)
    step(case, "national-take", "received", who.bkn_officer, now)
    client, path = at(who.bkn_officer), f"/perkara/{key(case)}/langkah/recommend/"
    said = text_of(client.get(path))
    assert "Tidak ada dugaan yang pasalnya dijawab lewat jalur perkara ini" in said and 'name="on"' not in said
    answer = client.post(path, {"was": "with-national", "on": "2024-10-25", "fact-review": "kajian kami"})
    assert (
        answer.status_code == 422
        and "Catat dugaan dari jalur ini" in text_of(answer)
        and "kajian kami" in text_of(answer)
    )


def test_what_is_alleged_of_the_track_is_not_warned_of(who, at, now):
    shown = page(at(who.ani), "case", key(opened(who, now)))
    assert "jalur perkara ini" not in shown and "jalur lain" not in shown
