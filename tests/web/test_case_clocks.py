"""The page of a case's clocks: whose, how old, how late, how counted; changed with reasons by those alone who may."""

import re
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from ikrar.domain.access import Role
from ikrar.domain.days import WIB
from ikrar.services import case_files
from ikrar.web import messages as words
from ikrar.web.views.cases import clocks
from tests.web.case_stage import accepted, assessed, national, night, page_of, recommended, step, supervisor
from tests.web.stage import MORNING, TODAY, browser

pytestmark = pytest.mark.django_db


def url(case):
    return reverse("case-clocks", args=[f"{case.pk:016x}"])


def said(response):
    return re.sub(r"\s+", " ", response.content.decode())


def summoned(stage):
    """Bring a case to the first summons, whose term counts working days."""
    case, authority, examiner = (
        recommended(stage),
        *(stage.accounts[role].user for role in (Role.APPOINTING_AUTHORITY, Role.EXAMINER)),
    )
    step(case, "authority-accept", "recommended", authority)
    case_files.assign(case, examiner, "examiner", by=authority, now=MORNING)
    step(case, "summon", "accepted", examiner, summons=TODAY, **{"hearing-on": date(2024, 10, 29)})
    return case


def act(clock, name, **more):
    return {"act": name, "clock": f"{clock.pk:016x}", "was": clock.due_on.isoformat()} | more


# --- showing -----------------------------------------------------------------------------------------------------


def test_a_term_of_the_law_says_how_it_was_counted_and_by_which_source(stage):
    case = summoned(stage)
    page = said(stage.accounts[Role.EXAMINER].client().get(url(case)))
    assert "Batas waktu hukum" in page and "<dd>Pemeriksa</dd>" in page
    assert "26 Oktober 2024: Sabtu" in page and "27 Oktober 2024: Minggu" in page
    assert reverse("rulebook-source", args=["pp-94-2021"]) in page
    assert reverse("rulebook-term", args=["pp94-summons-to-exam"]) in page
    assert "0 hari, sejak 25 Oktober 2024" in page and "sisa" in page


def test_a_target_says_on_its_face_that_it_is_no_limit_of_the_law(stage):
    case = accepted(stage)
    page = said(page_of(national(stage)).get(url(case)))
    assert "<h3>Target operator memeriksa; bukan batas waktu hukum</h3>" in page and "<dd>Target operator</dd>" in page
    assert "21 hari kalender menurut target operator" in page
    assert "Target bukan batas waktu hukum" in page
    clock = case.clocks.get(stopped_on=None)
    assert "Batas waktu hukum</dd>" not in page[page.index("Yang berjalan") : page.index("Yang sudah berhenti")]
    assert clock.kind == "target"


def test_both_levels_of_lateness_show_with_their_days(stage):
    case = recommended(stage)
    clock = case.clocks.get(term="target-decide", stopped_on=None)
    for day, word in ((clock.warn_on, "mendekati"), (clock.late_on, "lewat"), (clock.long_on, "lama lewat")):
        night(day)
        page = said(page_of(national(stage)).get(url(case)))
        assert f'<span class="late">{word}</span>' in page
    assert "Lewat sejak</dt> <dd>9 November 2024" in page.replace("</dt><dd>", "</dt> <dd>")
    assert f"{clock.long_on.day} November 2024" in page


def test_every_page_tells_the_same_time_left_in_the_unit_of_the_clock(stage):
    case = summoned(stage)
    pages = [
        url(case),
        reverse("case", args=[f"{case.pk:016x}"]),
        reverse("case-examination", args=[f"{case.pk:016x}"]),
    ]
    for day, left in (
        (TODAY, "sisa 7 hari kerja"), (date(2024, 10, 28), "sisa 6 hari kerja"), (date(2024, 11, 5), "hari terakhir"),
        (date(2024, 11, 8), "lewat 3 hari kalender"),
    ):  # fmt: skip
        with time_machine.travel(datetime(day.year, day.month, day.day, 11, tzinfo=WIB), tick=False):
            reader = browser(stage.accounts[Role.EXAMINER].user)
            for each in pages:
                page = said(reader.get(each))
                assert left in page, (each, day)
                assert day != TODAY or "sisa 21 hari kalender" in page, "the operator's target beside it"


def test_clocks_that_stopped_stay_on_the_page(stage):
    case = recommended(stage)
    page = said(page_of(supervisor(stage)).get(url(case)))
    assert (
        "Yang sudah berhenti" in page
        and page.count('data-label="Berhenti"') == case.clocks.exclude(stopped_on=None).count()
    )


def test_a_page_of_many_clocks_asks_few_questions(stage, django_assert_max_num_queries):
    case = recommended(stage)
    browser = page_of(national(stage))
    browser.get(url(case))
    with django_assert_max_num_queries(30):
        browser.get(url(case))


def test_the_clocks_of_many_respondents_come_by_pages_and_the_one_to_be_mended_is_shown(stage, monkeypatch):
    monkeypatch.setattr(clocks, "A_PAGE", 1)
    case = recommended(stage)
    runs, stopped = case.clocks.get(stopped_on=None), case.clocks.exclude(stopped_on=None)
    browser = page_of(national(stage))
    first, second = said(browser.get(url(case))), said(browser.get(url(case) + "?hal=2"))
    assert f"tenggat-{runs.pk:016x}" in first and "Yang sudah berhenti" not in first
    assert f"Halaman 1 dari {stopped.count() + 1}" in first
    assert "Yang sudah berhenti" in second and "Tidak ada tenggat yang berjalan" not in second
    wrong = browser.post(url(case) + "?hal=2", act(runs, "extend", length="0", reason="menunggu saksi"))
    assert wrong.status_code == 422 and "menunggu saksi" in said(wrong)


# --- changing ----------------------------------------------------------------------------------------------------


def test_a_clock_is_made_longer_with_a_reason(stage):
    case = recommended(stage)
    clock = case.clocks.get(stopped_on=None)
    browser = page_of(national(stage))
    response = browser.post(url(case), act(clock, "extend", length="5", reason="menunggu saksi"), follow=True)
    assert "Jatuh temponya sekarang 13 November 2024" in said(response)
    assert "5 hari kalender: menunggu saksi" in said(response)
    own = "Hari terakhir target itu sendiri, tanpa jeda dan perpanjangan: <strong>8 November 2024"
    assert own in said(response)
    assert "tanpa jeda dan perpanjangan: 8 November 2024" in said(browser.get(reverse("cases")))
    # The same page once more: the clock is not as it was shown.
    again = browser.post(url(case), act(clock, "extend", length="5", reason="menunggu saksi"))
    assert again.status_code == 422 and "sudah berubah" in said(again)
    assert case.clocks.get(stopped_on=None).due_on == clock.due_on + timedelta(days=5)


def test_why_a_clock_rests_is_told_in_words_also_where_a_step_let_it_rest(stage):
    case = recommended(stage)
    clock = case.clocks.get(stopped_on=None)
    browser = page_of(national(stage))
    browser.post(url(case), act(clock, "pause", from_on=TODAY, reason="menunggu ahli"))
    browser.post(url(case), act(clock, "resume", on=TODAY + timedelta(days=4)))
    clock.refresh_from_db()
    clock.pauses = [*clock.pauses, {"from": "2024-10-30", "until": None, "reason": "object"}]
    clock.save(update_fields=["pauses"])
    page = said(browser.get(url(case)))
    assert "Catat keberatan" in page and ": object" not in page
    history = said(browser.get(reverse("case", args=[f"{case.pk:016x}"])))
    assert "tenggat berjalan lagi" in history and "resumed" not in history


def test_a_clock_rests_and_runs_on(stage):
    case = recommended(stage)
    clock = case.clocks.get(stopped_on=None)
    browser = page_of(national(stage))
    paused = {"from_on": TODAY - timedelta(days=3), "reason": "menunggu ahli"}
    response = browser.post(url(case), act(clock, "pause", **paused), follow=True)
    assert "berhenti berjalan" in said(response) and "menunggu ahli" in said(response)
    assert "berhenti berjalan, sudah 3 hari" in said(response)
    board = said(browser.get(reverse("cases")))
    assert "berhenti, sudah 3 hari" in board and "tanpa jeda dan perpanjangan: 8 November 2024" in board
    file = said(browser.get(reverse("case", args=[f"{case.pk:016x}"])))
    assert "Hitungan sedang berhenti, sudah 3 hari" in file and "tanpa jeda dan perpanjangan: 8 November 2024" in file
    assert "Jalankan lagi" in said(response) and "Perpanjangan, dalam" not in said(response)
    response = browser.post(url(case), act(clock, "resume", on=TODAY + timedelta(days=4)), follow=True)
    assert "Jatuh temponya sekarang" in said(response)


@pytest.mark.parametrize(
    ("name", "typed", "field"),
    [
        ("extend", {"length": "0", "reason": "x"}, "length"),
        ("extend", {"length": "3", "reason": ""}, "reason"),
        ("extend", {"length": "x", "reason": "panjang"}, "length"),
        ("extend", {"length": "15", "reason": "terlalu panjang"}, "length"),
        ("pause", {"from_on": "2024-10-30", "until_on": "2024-10-28", "reason": "x"}, "until_on"),
        ("pause", {"from_on": "", "reason": "x"}, "from_on"),
        ("pause", {"from_on": "1024-10-30", "reason": "x"}, "from_on"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_changes(stage, name, typed, field):
    case = recommended(stage)
    clock = case.clocks.get(stopped_on=None)
    response = page_of(national(stage)).post(url(case), act(clock, name, **typed))
    assert response.status_code == 422 and f'href="#{name}-{clock.pk:016x}-{field}"' in said(response)
    for value in typed.values():
        assert not value or value in said(response)
    after = case.clocks.get(stopped_on=None)
    assert (after.due_on, after.pauses, after.extensions) == (clock.due_on, [], [])


def test_those_who_may_not_change_a_clock_see_no_form_and_change_nothing(stage):
    case = recommended(stage)
    clock = case.clocks.get(term="target-decide", stopped_on=None)
    for role in (Role.DRAFTER, Role.APPOINTING_AUTHORITY, Role.EXAMINER):
        browser = stage.accounts[role].client()
        assert "Perpanjang" not in said(browser.get(url(case)))
        response = browser.post(url(case), act(clock, "extend", length="9", reason="saya mau"), follow=True)
        assert "tidak termasuk wewenang Anda" in said(response)
    assert case.clocks.get(pk=clock.pk).due_on == clock.due_on


def test_a_limit_of_the_law_is_made_longer_on_a_legal_basis_that_is_shown(stage):
    case = summoned(stage)
    clock = case.clocks.get(term="pp94-summons-to-exam", stopped_on=None)
    browser = page_of(national(stage))
    bare = browser.post(url(case), act(clock, "extend", length="2", reason="saksi jauh"))
    assert bare.status_code == 422 and f'href="#extend-{clock.pk:016x}-basis"' in said(bare)
    more = {"length": "2", "reason": "saksi jauh", "basis": "Pasal rekaan 9"}
    page = said(browser.post(url(case), act(clock, "extend", **more), follow=True))
    assert "saksi jauh (Dasar hukum: Pasal rekaan 9)" in page
    day = words.day(clock.due_on)
    assert f"Hari terakhir menurut hukum sendiri, tanpa jeda dan perpanjangan: <strong>{day}" in page


def test_whoever_is_bound_by_a_clock_is_told_so_and_gets_no_form(stage):
    case = accepted(stage)
    clock = case.clocks.get(stopped_on=None)
    browser = page_of(national(stage))
    page = said(browser.get(url(case)))
    assert "mengikat pihak Anda sendiri" in page and "Perpanjangan, dalam" not in page
    response = browser.post(url(case), act(clock, "extend", length="5", reason="menunggu saksi"), follow=True)
    assert "mengikat pihak Anda sendiri. Hanya pihak lain" in said(response) and "menunggu saksi" in said(response)
    assert case.clocks.get(pk=clock.pk).due_on == clock.due_on


def test_the_agency_sees_no_clock_of_what_a_supervisor_still_reviews(stage):
    case = assessed(stage)
    for role in (Role.EXAMINER, Role.DRAFTER, Role.APPOINTING_AUTHORITY, Role.INTAKE_OFFICER):
        assert stage.accounts[role].client().get(url(case)).status_code == 404


def test_a_clock_of_another_case_is_not_changed_by_this_page(stage):
    case, other = recommended(stage), stage.home.case
    clock = other.clocks.filter(stopped_on=None).first()
    response = page_of(national(stage)).post(url(case), act(clock, "extend", length="9", reason="x"), follow=True)
    assert "tidak sedang berjalan" in said(response)
    assert other.clocks.get(pk=clock.pk).due_on == clock.due_on
