"""Pages of bodies that do not take the main way: what they show says which way is theirs, and the other side finds what came."""

import re

import pytest
from django.urls import reverse

from ikrar.domain.access import Role
from tests.web.case_stage import assessed as reviewed
from tests.web.case_stage import found, national, page_of, sent, step, supervisor

pytestmark = pytest.mark.django_db


def said(response):
    return re.sub(r"\s+", " ", response.content.decode())


def intake(stage):
    return stage.accounts[Role.INTAKE_OFFICER].user


def page(name, case):
    return reverse(name, args=[f"{case.pk:016x}"])


def taken_in(stage):
    by = intake(stage)
    case = found(stage.home.body, stage.home.teacher, by)
    step(case, "pilkada-review", "received", by)
    step(case, "pilkada-register", "reviewing", by, **{"requirements-met": True})
    return case


def test_who_only_takes_in_reports_is_shown_the_way_on_and_the_supervisor_finds_it_on_his_board(stage):
    case = taken_in(stage)
    mine, theirs = page_of(intake(stage)), page_of(supervisor(stage))
    shown = said(mine.get(page("case", case)))
    assert "Limpahkan ke badan pengawas" in shown and "Jalan badan ini dari sini" in shown
    assert "berhenti di sini" not in shown
    form = said(mine.get(page("case-referrals", case)))
    assert f'value="{stage.bawaslu.pk}"' in form and 'name="was" value="registered"' in form
    letter = {"act": "send", "to": stage.bawaslu.pk, "number": "9/ST", "words": "mohon dikaji", "was": "registered"}
    response = mine.post(page("case-referrals", case), letter, follow=True)
    assert response.status_code == 200 and "Belum menjawab" in said(response)
    board = said(theirs.get(reverse("cases")))
    assert "Pelimpahan yang menunggu jawaban badan Anda" in board and page("case-referrals", case) in board
    offered = said(theirs.get(page("case-referrals", case)))
    assert (
        "mohon dikaji" in offered
        and 'value="passed-on"' in offered
        and theirs.get(page("case", case)).status_code == 404
    )
    answer = {"act": "accept", "referral": f"{case.referrals.get().pk:016x}", "was": "passed-on"}
    response = theirs.post(page("case-referrals", case), answer, follow=True)
    assert "Pelimpahan diterima" in said(response)
    assert "Mulai kajian awal" in said(theirs.get(page("case", case)))
    assert "Pelimpahan yang menunggu" not in said(theirs.get(reverse("cases")))
    # Whoever handed it on still reads it, and has no step in it any more.
    shown = said(mine.get(page("case", case)))
    assert "tidak ada langkah yang menunggu Anda" in shown and "Jalan badan ini" not in shown


def test_a_refusal_is_read_by_who_sent_it_and_he_may_end_it(stage):
    case = taken_in(stage)
    mine, theirs = page_of(intake(stage)), page_of(supervisor(stage))
    letter = {"act": "send", "to": stage.bawaslu.pk, "number": "9/ST", "words": "mohon dikaji", "was": "registered"}
    mine.post(page("case-referrals", case), letter)
    answer = {
        "act": "refuse",
        "referral": f"{case.referrals.get().pk:016x}",
        "was": "passed-on",
        "reason": "bukan wilayah kami",
    }
    theirs.post(page("case-referrals", case), answer)
    assert "bukan wilayah kami" in said(mine.get(page("case-referrals", case)))
    shown = said(mine.get(page("case", case)))
    assert "Akhiri yang tidak diterima" in shown and "Limpahkan ke badan pengawas" in shown


def test_other_bodies_are_not_shown_these_ways(stage):
    case = reviewed(stage)
    shown = said(page_of(supervisor(stage)).get(page("case", case)))
    assert "Limpahkan ke badan" not in shown and "Tangani langsung" not in shown
    sent(stage, case)
    shown = said(page_of(supervisor(stage)).get(page("case", case)))
    assert "belum ada yang memegang peran itu" not in shown and "Badan nasional" in shown


def test_a_national_body_is_shown_that_it_takes_up_its_own(stage):
    case = found(stage.national, stage.home.teacher, national(stage))
    shown = said(page_of(national(stage)).get(page("case", case)))
    assert "Tangani langsung" in shown and "Hentikan yang dibuka sendiri" in shown and "berhenti di sini" not in shown
