"""Choosing many reports in the inbox: what is shown before, what is done, and who may."""

import re

import pytest

from ikrar.records.models import Report, ReportTriage
from ikrar.services import mailbox, report_triage
from tests.services.test_report_inbox import CODE, day, desk, filed
from tests.web import stage as stages

__all__ = ["desk"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def at(client):
    def signed_in(user):
        other = type(client)()
        other.cookies["ikrar"] = stages.open_session(user)
        return other

    return signed_in


@pytest.fixture
def officer(desk, at):
    return at(desk.users[0])


def hexed(number):
    return f"{number:016x}"


def choose(client, which="ticked", **data):
    return client.post("/laporan/sisih/", {"which": which, **data})


def states():
    return dict(Report.objects.values_list("pk", "state"))


def test_what_is_ticked_is_shown_then_set_aside_and_comes_back(officer, desk):
    numbers = [filed(desk, named=number == 0, known=day(1)) for number in range(3)]
    answer = choose(officer, report=[hexed(each) for each in numbers[:2]])
    page = officer.get(answer["Location"]).content.decode()
    assert "2 laporan pada Bawaslu Bukittinggi dipilih. Belum ada yang berubah." in page
    assert "pelapor menyebut nama: 1" in page and "batas waktunya masih berjalan: 2" in page
    assert set(states().values()) == {"received"}
    assert officer.post(answer["Location"], {}).status_code == 422
    done = officer.post(answer["Location"], {"reason": "other_matter"}, follow=True).content.decode()
    assert "2 laporan disisihkan: bukan tentang netralitas." in done
    assert sorted(states().values()) == ["received", "set_aside", "set_aside"]
    assert officer.post(answer["Location"], {"reason": "empty"}).status_code == 422
    pk = ReportTriage.objects.get().pk
    back = officer.post(f"/laporan/sisih/{pk}/kembali/")
    assert "Kembalikan 2 laporan" in officer.get(back["Location"]).content.decode()
    assert "2 laporan dikembalikan" in officer.post(back["Location"], follow=True).content.decode()
    assert set(states().values()) == {"received"}


def test_all_that_match_are_those_of_the_filters_and_not_of_the_page(officer, desk, monkeypatch):
    monkeypatch.setattr("ikrar.services.report_inbox.PAGE", 2)
    numbers = [filed(desk) for _each in range(5)]
    kept = filed(desk, files=[("a.txt", b"isi" * 2000)])
    page = officer.get("/laporan/?ukuran=kecil").content.decode()
    assert "5 laporan cocok" in page and "Sisihkan semua 5 yang cocok…" in page
    answer = choose(officer, "matching", filters="ukuran=kecil")
    officer.post(answer["Location"], {"reason": "empty"})
    assert states() == dict.fromkeys(numbers, "set_aside") | {kept: "received"}
    page = officer.get("/laporan/?keadaan=set_aside").content.decode()
    assert "Kembalikan semua 5 yang cocok…" in page
    answer = choose(officer, "matching", filters="keadaan=set_aside", act="restore")
    officer.post(answer["Location"])
    assert set(states().values()) == {"received"}


def test_the_whole_page_is_chosen_without_a_tick(officer, desk):
    [filed(desk) for _each in range(3)]
    shown = re.findall(r'name="on_page" value="(\w+)"', officer.get("/laporan/").content.decode())
    answer = choose(officer, "page", on_page=shown)
    assert "3 laporan pada" in officer.get(answer["Location"]).content.decode()


def test_many_are_left_to_the_worker(officer, desk, monkeypatch):
    monkeypatch.setattr(report_triage, "DIRECT", 1)
    left = []
    monkeypatch.setattr("ikrar.services.tasks.triage_reports", type("Task", (), {"enqueue": staticmethod(left.append)}))
    numbers = [filed(desk) for _each in range(3)]
    answer = choose(officer, report=[hexed(each) for each in numbers])
    page = officer.post(answer["Location"], {"reason": "double"}, follow=True).content.decode()
    assert "Sedang dikerjakan: 0 dari 3" in page and left and set(states().values()) == {"received"}
    report_triage.run(left[0], now=stages.MORNING)
    assert "3 laporan disisihkan: sama dengan laporan lain" in officer.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    "data", [{}, {"report": ["x", "0" * 16, "f" * 16, "-1"]}, {"which": "page", "on_page": "9" * 400}]
)
def test_nothing_chosen_is_told_in_the_inbox(officer, desk, data):
    filed(desk)
    answer = officer.post("/laporan/sisih/", data)
    assert answer.status_code == 422 and "Tidak ada laporan yang dipilih" in answer.content.decode()
    assert not ReportTriage.objects.exists()


def test_a_choice_is_dropped_or_belongs_to_who_made_it(officer, desk, at, city):
    number = filed(desk)
    path = choose(officer, report=hexed(number))["Location"]
    colleague = at(desk.users[1])
    for way in (path, f"{path}batal/", f"{path}kembali/"):
        assert {colleague.get(way).status_code, colleague.post(way).status_code} <= {404, 405}
    assert "dilepas" in officer.post(f"{path}batal/", follow=True).content.decode()
    assert officer.get(path).status_code == 404 and states() == {number: "received"}


def test_a_single_report_says_that_it_was_set_aside_and_is_brought_back_from_its_page(officer, desk):
    number = filed(desk, code=CODE)
    path = choose(officer, report=hexed(number))["Location"]
    officer.post(path, {"reason": "empty"})
    page = officer.get(f"/laporan/{hexed(number)}/").content.decode()
    assert "disisihkan" in page and "Kembalikan laporan ini" in page and "menyisihkan laporan" in page
    assert mailbox.open_box(CODE).report.state == "set_aside"
    back = choose(officer, report=hexed(number), act="restore")["Location"]
    officer.post(back)
    assert states() == {number: "received"}


@pytest.mark.parametrize(
    ("reason", "words"), [("empty", "kosong atau tidak dapat dipahami"), ("double", "sama dengan laporan lain"), ("other_matter", "bukan tentang netralitas")]
)  # fmt: skip
def test_the_reporter_reads_the_reason_in_plain_words(officer, desk, client, reason, words):
    number = filed(desk, code=CODE)
    officer.post(choose(officer, report=hexed(number))["Location"], {"reason": reason})
    page = client.post(
        "/lapor/kotak/", f"code={CODE.text.replace(' ', '+')}", content_type="application/x-www-form-urlencoded"
    )
    said = page.content.decode()
    assert words in said and "laporan ini kembali ke petugas" in said


def test_a_choice_of_which_nothing_can_be_changed_offers_no_button(officer, desk):
    number = filed(desk)
    page = officer.get(choose(officer, report=hexed(number), act="restore")["Location"]).content.decode()
    assert "Tidak satu pun di antaranya dapat diubah" in page and "Kembalikan 0" not in page
