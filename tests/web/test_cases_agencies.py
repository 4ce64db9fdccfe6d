"""Pages of a case about people of two agencies: each agency reads of its own people, once they were recommended to it."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from ikrar.domain.access import Role
from ikrar.services import case_files, case_steps
from ikrar.services.case_files import Alleged
from tests.services.case_cast import ACT, Two, make_cast, step
from tests.web.stage import browser

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def that_day(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def who(cast, city, other_city, stage_home, morning):
    return make_cast(cast, city, other_city, stage_home, morning)


@pytest.fixture
def two(who, other_city, now, morning):
    return Two(who, other_city, now, morning)


def paths(two, respondent):
    key, one = case_steps.number_of(two.case), case_steps.number_of(respondent)
    return [
        f"/perkara/{key}/terlapor/{one}/",
        f"/perkara/{key}/pemeriksaan/?terlapor={one}",
        f"/perkara/{key}/putusan/{one}/",
    ]


def test_an_agency_finds_its_own_respondents_alone_on_every_page_of_a_case(two, who, now):
    there = two.there[Role.DRAFTER]
    two.recommend(two.here)
    key = case_steps.number_of(two.case)
    assert browser(there).get(f"/perkara/{key}/").status_code == 404, "theirs is still reviewed"
    two.recommend(two.other)
    told = Alleged(ACT, date(2024, 10, 21), "Balai Rahasia", "diam", candidate_status="determined")
    case_files.state_allegation(two.other, told, by=two.there[Role.EXAMINER], now=now)
    step(two.case, "authority-accept", "recommended", two.there[Role.APPOINTING_AUTHORITY], now)
    for person, own, other, name in (
        (who.drafter, two.here, two.other, "Wati Rekaan"),
        (there, two.other, two.here, "Sari Contohwati"),
    ):
        client = browser(person)
        for path in paths(two, own):
            assert client.get(path, follow=True).status_code == 200, path
        for path in paths(two, other):
            assert client.get(path).status_code == 404, path
        for path in ("", "tenggat/", "rujukan/", "pemeriksaan/", "putusan/"):
            page = client.get(f"/perkara/{key}/{path}", follow=True)
            assert page.status_code == 200 and name not in page.content.decode(), (person, path)
    assert "Balai Rahasia" not in browser(who.drafter).get(f"/perkara/{key}/").content.decode()
    whole = browser(who.bkn_officer).get(f"/perkara/{key}/").content.decode()
    assert "Wati Rekaan" in whole and "Sari Contohwati" in whole and "Balai Rahasia" in whole


def test_a_step_is_offered_and_taken_for_ones_own_respondents_alone(two, who):
    two.recommend()
    key = case_steps.number_of(two.case)
    path = f"/perkara/{key}/langkah/authority-accept/"
    page = browser(who.mayor.user).get(path).content.decode()
    assert "Sari Contohwati" in page and "Wati Rekaan" not in page
    done = browser(who.mayor.user).post(path, {"was": "recommended", "on": "2024-10-25"})
    assert done.status_code == 302 and (two.here.state, two.other.state) == ("accepted", "recommended")


def test_many_are_accepted_at_once_and_no_respondent_of_another_agency(two, who):
    two.recommend()
    ticked = {
        "pilih": f"{case_steps.number_of(two.case)}:recommended",
        "act": "step",
        "step": "authority-accept",
        "do": "1",
    }
    done = browser(who.mayor.user).post("/perkara/beberapa/", ticked | {"on": "2024-10-25"})
    assert done.status_code == 302 and (two.here.state, two.other.state) == ("accepted", "recommended")


def test_a_paper_about_a_respondent_of_another_agency_is_not_handed_out(two, who, now):
    two.recommend()
    path = f"/perkara/{case_steps.number_of(two.case)}/langkah/authority-accept/"
    paper = {"was": "recommended", "on": "2024-10-25", "file": SimpleUploadedFile("surat.pdf", PDF)}
    assert browser(two.there[Role.DRAFTER]).post(path, paper).status_code == 302
    taken = two.other.steps.get(step="authority-accept")
    scan = f"/perkara/{case_steps.number_of(two.case)}/berkas/{taken.document_id}/"
    assert browser(two.there[Role.DRAFTER]).get(scan).status_code == 200
    assert browser(who.drafter).get(scan).status_code == 404


def test_the_body_that_sent_a_case_reads_it_and_is_offered_nothing(two, who):
    key = case_steps.number_of(two.case)
    page = browser(who.ani).get(f"/perkara/{key}/").content.decode()
    assert "Wati Rekaan" in page and "Catat nomor perkara" not in page and "Tambah terlapor" not in page
    assert browser(who.ani).get(f"/perkara/{key}/tim/").status_code == 404
    assert browser(who.bkn_officer).get(f"/perkara/{key}/tim/").status_code == 200
