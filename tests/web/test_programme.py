"""The officer's pages: rounds, coverage, the missing, slips, rosters, people, offices, roles."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
import xlsxwriter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from ikrar.domain import codes
from ikrar.domain.access import Role
from ikrar.domain.pacts import Coverage, PactText
from ikrar.records.models import (
    AccessCode,
    Agency,
    Body,
    Duty,
    DutyOwner,
    Holding,
    Invitation,
    LogEntry,
    LogPayload,
    Notice,
    Office,
    PactRound,
    PaperOrder,
    Person,
    Placement,
    RegionalElection,
    Reminded,
    Reminder,
    RoleGrant,
    RosterImport,
    StageMove,
    User,
    WorkUnit,
)
from ikrar.services import accounts, coverage, duties, ledger, offices, pacts, papers, roster, tasks, tick
from ikrar.web.templatetags.ikrar import percent
from ikrar.web.views import installation
from tests.services.test_paper import needs_pdftotext, text_of
from tests.web import stage as stages
from tests.web.stage import MORNING, SARI, TODAY, browser, duty_of, issue, outsider, person, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def rina(stage):
    return browser(stage.rina)


def errors_of(response) -> str:
    found = re.search(r'<div class="errors".*?</div>', response.content.decode(), re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])) if found else ""


def messages_of(response) -> str:
    return " ".join(re.findall(r'<p class="message[^"]*"[^>]*>(.*?)</p>', response.content.decode(), re.S))


# --- rounds ------------------------------------------------------------------------------------------------------

ROUND = {
    "title": "Pakta Pilkada 2024", "election": "pilkada-2024", "employments": ["pns", "cpns"], "keeps_on": "same_agency",
    "due_on": "2024-11-20", "legal_basis": "SE Wali Kota", "text_title": "Pakta Integritas", "opening": "Saya:",
    "points": "  netral \n\n jujur\n", "closing": "Demikian.",
}  # fmt: skip


def test_a_round_is_made_read_again_and_issued(stage, rina):
    response = rina.post(reverse("new-round"), ROUND | {"agency": stage.home.agency.pk})
    made = PactRound.objects.latest("pk")
    assert response["Location"] == reverse("round", args=[made.pk])
    assert made.text.as_text == PactText.of("Pakta Integritas", "Saya:", ["netral", "jujur"], "Demikian.")
    assert (made.state, made.employments, made.keeps_on, made.election) == (
        "draft",
        ["cpns", "pns"],
        "same_agency",
        "pilkada-2024",
    )
    assert (made.due_on.isoformat(), made.legal_basis, made.agency) == ("2024-11-20", "SE Wali Kota", stage.home.agency)
    page = rina.get(response["Location"]).content.decode()
    assert "Terbitkan kepada semua yang wajib" in page and made.text.digest in page
    response = rina.post(reverse("issue-round", args=[made.pk]), follow=True)
    made.refresh_from_db()
    owing = made.obligations.count()
    asn = Placement.objects.current().filter(unit__agency=stage.home.agency, employment__in=("pns", "cpns"))
    assert made.state == "issued" and owing == asn.count() == 7
    assert f"Diterbitkan kepada {owing} orang yang wajib." in messages_of(response)
    response = rina.post(reverse("issue-round", args=[made.pk]), follow=True)
    assert "Diterbitkan kepada 0 orang" in messages_of(response)


@pytest.mark.parametrize(
    ("wrong", "about"),
    [
        ({"title": ""}, "Nama program"),
        ({"points": "\n  \n"}, "Butir-butir"),
        ({"text_title": " "}, "Judul pakta"),
        ({"employments": []}, "Siapa yang wajib"),
        ({"employments": ["menteri"]}, "Siapa yang wajib"),
        ({"keeps_on": "selamanya"}, "Bila pegawai pindah"),
        ({"due_on": "besok"}, "Ditandatangani paling lambat"),
        ({"due_on": "2052-11-20"}, "Ditandatangani paling lambat"),
        ({"election": "pilkada-1955"}, "Pemilihan"),
        ({"points": "\n".join(f"butir {n}" for n in range(60))}, "Butir-butir"),
        ({"title": "x" * 201}, "Nama program"),
        ({"opening": "a\x00b"}, "Pembuka"),
    ],
)
def test_an_error_in_the_form_names_its_field_and_keeps_what_was_typed(stage, rina, wrong, about):
    before = PactRound.objects.count()
    response = rina.post(reverse("new-round"), ROUND | {"agency": stage.home.agency.pk} | wrong)
    assert response.status_code == 422 and PactRound.objects.count() == before
    assert about in errors_of(response)
    page = response.content.decode()
    for name in ("title", "text_title", "opening", "points", "closing", "legal_basis"):
        if name not in wrong:
            for line in ROUND[name].split():
                assert line in page, f"{name} was lost"
    assert re.search(r'value="pns"[^>]*checked', page) or "employments" in wrong
    for link in re.findall(r'href="#([^"]*)"', re.search(r'<div class="errors".*?</div>', page, re.S)[0]):
        assert f'id="{link}"' in page, f"the summary leads nowhere: #{link}"


def test_a_new_text_is_put_in_force_and_says_beforehand_what_that_means(stage, rina):
    path = reverse("new-text", args=[stage.home.signed_pact.pk])
    page = rina.get(path).content.decode()
    assert "hadir dan setia" in page and "Ini tidak dapat dibatalkan" in page
    response = rina.post(path, {"text_title": "Ikrar Bersama", "opening": "", "points": "hadir", "closing": ""})
    assert response.status_code == 302
    stage.home.signed_pact.refresh_from_db()
    assert stage.home.signed_pact.text.number == 2
    page = rina.get(reverse("round", args=[stage.home.signed_pact.pk])).content.decode()
    assert "versi 2" in page
    counted = rina.get(reverse("coverage-unit", args=[stage.home.signed_pact.pk, stage.home.root.pk])).context["total"]
    assert (counted.signed, counted.valid) == (2, 0)


def test_a_text_without_a_point_is_refused_and_the_old_one_stays(stage, rina):
    path = reverse("new-text", args=[stage.home.pact.pk])
    response = rina.post(path, {"text_title": "Judul", "opening": "pembuka panjang", "points": " ", "closing": ""})
    assert response.status_code == 422 and "pembuka panjang" in response.content.decode()
    assert stage.home.pact.versions.count() == 1


def test_a_closed_round_cannot_be_issued_changed_or_closed_again(stage, rina):
    pk = stage.home.pact.pk
    assert rina.post(reverse("close-round", args=[pk])).status_code == 302
    for name in ("issue-round", "close-round"):
        response = rina.post(reverse(name, args=[pk]))
        assert response.status_code == 422 and "tidak terbuka" in response.content.decode()
    response = rina.post(reverse("new-text", args=[pk]), {"text_title": "a", "points": "b"})
    assert response.status_code == 422
    page = rina.get(reverse("round", args=[pk])).content.decode()
    assert "Ditutup" in page and reverse("issue-round", args=[pk]) not in page


@pytest.mark.parametrize("name", ["issue-round", "close-round"])
def test_an_act_that_cannot_be_undone_is_asked_for_on_a_page_first(stage, rina, name):
    pact = stage.home.draft if name == "issue-round" else stage.home.pact
    path = reverse(name, args=[pact.pk])
    page = rina.get(reverse("round", args=[pact.pk])).content.decode()
    assert f'href="{path}"' in page and f'action="{path}"' not in page
    asked = rina.get(path)
    assert asked.status_code == 200 and "tidak dapat" in asked.content.decode()
    before = pact.state
    pact.refresh_from_db()
    assert pact.state == before, "opening the question is no answer"
    assert rina.post(path).status_code == 302
    pact.refresh_from_db()
    assert pact.state != before


def test_issued_to_is_the_figure_of_the_page_and_who_is_on_leave_stands_apart(stage, rina):
    stage.home.teacher.placements.update(status="leave")
    response = rina.post(reverse("issue-round", args=[stage.home.draft.pk]), follow=True)
    counted = coverage.coverage(stage.home.draft, stage.home.root, TODAY)
    assert counted.on_leave == 1
    assert f"Diterbitkan kepada {counted.obliged} orang yang wajib. 1 orang yang sedang cuti" in messages_of(response)


def test_thousands_stand_apart_in_what_a_page_answers(stage, rina, monkeypatch):
    monkeypatch.setattr(pacts, "issue", lambda *_a, **_k: {"issued": 9348, "on_leave": 1218, "renewed": 0})
    response = rina.post(reverse("issue-round", args=[stage.home.draft.pk]), follow=True)
    assert "kepada 9.348 orang" in messages_of(response) and "1.218 orang" in messages_of(response)


def test_a_pact_is_not_made_due_on_a_day_that_is_past(stage, rina):
    response = rina.post(reverse("new-round"), ROUND | {"agency": stage.home.agency.pk, "due_on": "2024-10-24"})
    assert response.status_code == 422 and "24 Oktober 2024 sudah lewat" in errors_of(response)
    assert "Ditandatangani paling lambat" in errors_of(response)


def test_a_list_that_was_pasted_with_its_numbers_is_numbered_once(stage, rina):
    rina.post(reverse("new-round"), ROUND | {"agency": stage.home.agency.pk, "points": "1. netral\n2. jujur"})
    assert PactRound.objects.latest("pk").text.points == ["netral", "jujur"]


def test_too_many_points_are_refused_for_being_too_many(stage, rina):
    form = ROUND | {"agency": stage.home.agency.pk, "points": "netral\n" * 100_000}
    response = rina.post(reverse("new-round"), form)
    assert response.status_code == 422 and "terlalu panjang" in errors_of(response) and "40.000" in errors_of(response)


# --- coverage ----------------------------------------------------------------------------------------------------


def numbers_on(page) -> dict[str, int]:
    """What the page prints, by its own words."""
    found = re.search(r'<dl class="numbers">(.*?)</dl>', page.content.decode(), re.S)[1]
    pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", found, re.S)
    return {word.strip(" −="): int(number.replace(".", "")) for word, number in pairs}


def test_the_drill_down_shows_the_numbers_of_the_services_at_every_step(stage, rina):
    pact = stage.home.pact
    sign(stage.home.duty, stage.sari)
    pacts.opened(duty_of(pact, stage.home.head).pk, now=MORNING)
    for unit in WorkUnit.objects.filter(agency=stage.home.agency):
        page = rina.get(reverse("coverage-unit", args=[pact.pk, unit.pk]))
        below = coverage.coverage_below(pact, unit, TODAY)
        total, rows, own = below.total, below.rows, below.own
        assert page.context["total"] == total and page.context["rows"] == rows and page.context["own"] == own
        assert numbers_on(page) == {
            "Pegawai di daftar hari ini": total.roster, "tidak wajib": total.not_obliged, "cuti": total.on_leave,
            "dikecualikan": total.excused, "wajib": total.obliged, "sudah diterbitkan": total.issued,
            "belum diterbitkan (baru, pindah)": total.not_issued, "ditandatangani": total.signed, "sah": total.valid,
            "menolak": total.refused,
        }  # fmt: skip
        assert total == sum((counted for _, counted in rows), own)
        said = page.content.decode()
        for child, counted in rows:
            row = re.search(rf">{re.escape(child.name)}</a></td>(.*?)</tr>", said, re.S)[1]
            cells = [
                int(re.sub(r"\D", "", re.sub(r"<[^>]+>", "", cell)))
                for cell in re.findall(r'class="number">(.*?)</td>', row)
            ]
            assert cells == [counted.obliged, counted.signed, counted.valid, counted.missing]
        assert f"Lihat {total.missing} orang yang belum" in said
        listed = rina.get(reverse("missing", args=[pact.pk, unit.pk]))
        assert f"{total.missing} orang belum menandatangani" in listed.content.decode()
        assert len(listed.context["people"]) == total.missing


def test_the_same_figure_stands_on_every_page(stage, rina):
    sign(stage.home.duty, stage.sari)
    counted = coverage.coverage(stage.home.pact, stage.home.root, TODAY)
    for path in (
        reverse("home"), reverse("coverage"), reverse("round", args=[stage.home.pact.pk]),
        reverse("coverage-unit", args=[stage.home.pact.pk, stage.home.root.pk]),
    ):  # fmt: skip
        said = re.sub(r"<[^>]+>", "", rina.get(path).content.decode())
        assert re.search(rf"\b{counted.valid} sah dari {counted.obliged} yang wajib", said), path


def test_never_a_hundred_percent_before_it_is_everybody(stage):
    assert percent(9999, 10000) == "99,9\N{NO-BREAK SPACE}%"
    assert percent(10000, 10000) == "100\N{NO-BREAK SPACE}%" and percent(0, 0) == "–"
    assert percent(0, 7) == "0,0\N{NO-BREAK SPACE}%"


def test_a_head_sees_his_unit_and_may_not_remind(stage):
    head = browser(stage.budi, strong=False)
    page = head.get(reverse("coverage"))
    assert [unit for _, unit, _ in page.context["rows"]] == [stage.home.school] * 2
    page = head.get(reverse("coverage-unit", args=[stage.home.pact.pk, stage.home.school.pk]))
    assert page.status_code == 200 and stage.home.education.name not in page.content.decode()
    listed = head.get(reverse("missing", args=[stage.home.pact.pk, stage.home.school.pk])).content.decode()
    assert "Sari Dewi" in listed and reverse("remind", args=[stage.home.pact.pk, stage.home.school.pk]) not in listed
    assert head.post(reverse("remind", args=[stage.home.pact.pk, stage.home.school.pk])).status_code == 403


def test_a_draft_has_no_coverage(stage, rina):
    assert rina.get(reverse("coverage-unit", args=[stage.home.draft.pk, stage.home.root.pk])).status_code == 404


def test_a_large_number_is_written_with_a_point(stage, rina, monkeypatch):
    monkeypatch.setattr(
        coverage, "_of_places", lambda *_: {stage.home.root.pk: Coverage(roster=4_700_000, issued=4_700_000)}
    )
    page = rina.get(reverse("coverage-unit", args=[stage.home.pact.pk, stage.home.root.pk])).content.decode()
    assert "4.700.000" in page and "4700000" not in re.sub(r"<[^>]+>", "", page)


def test_the_missing_are_listed_with_a_text_that_names_nobody(stage, rina):
    page = rina.get(reverse("missing", args=[stage.home.pact.pk, stage.home.school.pk]))
    said = page.content.decode()
    text = re.search(r'<p class="to-copy"[^>]*>(.*?)</p>', said, re.S)[1]
    assert "Sari" not in text and "Budi" not in text and reverse("my-pacts") in text
    assert SARI not in said, "a list to be printed holds the number"


def test_reminders_go_to_the_missing_and_are_capped(stage, rina):
    path = reverse("remind", args=[stage.home.pact.pk, stage.home.school.pk])
    missing = {each.person_id for each in pacts.missing(stage.home.pact, stage.home.school, TODAY)}
    response = rina.post(path, follow=True)
    assert f"Pengingat masuk ke kotak pesan {len(missing)} orang" in messages_of(response)
    told = Notice.objects.filter(kind="pact_missing")
    assert set(told.values_list("person", flat=True)) == missing
    response = rina.post(path, follow=True)
    assert "27 Oktober 2024" in messages_of(response)
    assert Reminder.objects.count() == 1 and told.count() == len(missing)


def test_before_thousands_are_messaged_the_page_says_how_many_they_are(stage, rina):
    path = reverse("remind", args=[stage.home.pact.pk, stage.home.root.pk])
    missing = pacts.missing(stage.home.pact, stage.home.root, TODAY).count()
    page = rina.get(reverse("missing", args=[stage.home.pact.pk, stage.home.root.pk])).content.decode()
    assert f'href="{path}"' in page and f'action="{path}"' not in page
    assert f"{missing} orang belum menandatangani dan mendapat pesan" in rina.get(path).content.decode()
    assert not Reminder.objects.exists()
    rina.post(path)
    assert Reminder.objects.get().people == missing


def test_where_nothing_was_signed_no_certificates_are_offered(stage, rina):
    for pact, offered in ((stage.home.pact, False), (stage.home.signed_pact, True)):
        page = rina.get(reverse("coverage-unit", args=[pact.pk, stage.home.school.pk])).content.decode()
        assert (reverse("bundle", args=[pact.pk, stage.home.school.pk]) in page) == offered


def test_levels_are_chosen_in_words(stage, rina):
    page = rina.get(reverse("change-person", args=[stage.home.teacher.pk])).content.decode()
    assert ">JF Keterampilan<" in page and ">JPT Pratama<" in page and "jf skilled" not in page


def test_after_the_last_reminder_nobody_is_promised_one_in_the_year_9999(stage, rina):
    for number in range(pacts.MOST_REMINDERS):
        day = TODAY - timedelta(days=30 - 2 * number)
        reminder = Reminder.objects.create(
            pact_round=stage.home.pact, unit=stage.home.school, on=day, people=2, by=stage.rina
        )
        for each in pacts.missing(stage.home.pact, stage.home.school, TODAY):
            Reminded.objects.create(reminder=reminder, person_id=each.person_id)
    response = rina.post(reverse("remind", args=[stage.home.pact.pk, stage.home.school.pk]), follow=True)
    assert Reminder.objects.count() == pacts.MOST_REMINDERS
    assert messages_of(response) and "9999" not in messages_of(response)


def test_who_was_reminded_within_the_pause_is_skipped_and_the_page_says_how_many(stage, rina):
    rina.post(reverse("remind", args=[stage.home.pact.pk, stage.home.school.pk]))
    response = rina.post(reverse("remind", args=[stage.home.pact.pk, stage.home.education.pk]), follow=True)
    skipped = pacts.missing(stage.home.pact, stage.home.school, TODAY).count()
    assert f"{skipped} orang dilewati karena sudah diingatkan dalam 2 hari terakhir" in messages_of(response)
    assert Reminder.objects.count() == 2


def test_who_signed_the_old_text_is_listed_so_and_can_be_excused(stage, rina):
    pact, duty = stage.home.signed_pact, stage.home.signed_duty
    pacts.publish_text(pact, PactText.of("Baru", "", ["hadir"], ""), by=stage.rina, now=MORNING)
    listed = rina.get(reverse("missing", args=[pact.pk, stage.home.school.pk])).content.decode()
    assert "menandatangani teks lama (versi 1)" in listed and "Ditandatangani" not in listed
    excuse = reverse("excuse", args=[duty.pk])
    assert excuse in listed and excuse in rina.get(reverse("person", args=[stage.home.teacher.pk])).content.decode()
    assert rina.post(excuse, {"reason": "tugas belajar"}).status_code == 302


def test_a_refusal_to_excuse_speaks_to_the_officer(stage, rina):
    response = rina.post(reverse("excuse", args=[stage.home.signed_duty.pk]), {"reason": "tugas belajar"})
    assert response.status_code == 422
    assert "Orang ini sudah menandatangani" in errors_of(response) and "Anda" not in errors_of(response)


def test_a_reason_for_refusing_is_read_by_the_officer_and_not_by_the_head(stage, rina):
    pacts.refuse(stage.home.duty, user=stage.sari, reason="rahasia keluarga", now=MORNING)
    path = reverse("missing", args=[stage.home.pact.pk, stage.home.school.pk])
    assert "rahasia keluarga" in rina.get(path).content.decode()
    said = browser(stage.budi).get(path).content.decode()
    assert "Menolak" in said and "rahasia keluarga" not in said


def test_excusing_and_its_end_are_done_on_a_persons_page(stage, rina):
    path = reverse("excuse", args=[stage.home.duty.pk])
    assert rina.get(path).status_code == 200
    assert rina.post(path, {"reason": ""}).status_code == 422
    where = reverse("person", args=[stage.home.teacher.pk])
    assert rina.post(path, {"reason": "tugas belajar"})["Location"] == where
    page = rina.get(where).content.decode()
    assert "Dikecualikan: tugas belajar" in page and "Wajibkan lagi" in page
    assert rina.post(reverse("end-excuse", args=[stage.home.duty.pk]))["Location"] == where
    assert "Wajibkan lagi" not in rina.get(where).content.decode()
    response = rina.post(reverse("end-excuse", args=[stage.home.duty.pk]))
    assert response.status_code == 422


def test_a_bundle_is_taken_as_a_file(stage, rina):
    response = rina.get(reverse("bundle", args=[stage.home.signed_pact.pk, stage.home.school.pk]))
    assert response["Content-Type"] == "application/pdf" and "sertifikat-SMPN1.pdf" in response["Content-Disposition"]


def test_a_unit_whose_code_holds_strange_signs_still_gives_a_file(stage, rina):
    WorkUnit.objects.filter(pk=stage.home.school.pk).update(code='A/B"; x=\u2603')
    response = rina.get(reverse("bundle", args=[stage.home.signed_pact.pk, stage.home.school.pk]))
    assert response.status_code == 200
    assert re.fullmatch(r'attachment; filename="[^"]*"', response["Content-Disposition"]), response[
        "Content-Disposition"
    ]


# --- slips -------------------------------------------------------------------------------------------------------


def printed(client, path: str, form: dict | None = None) -> bytes:
    """Order slips on a page, and fetch the file."""
    assert client.get(path).status_code == 200, "it is asked for first"
    response = client.post(path, form or {})
    order = PaperOrder.objects.latest("pk")
    assert response["Location"] == reverse("paper", args=[order.pk])
    assert "Unduh berkas" in client.get(response["Location"]).content.decode()
    return fetched(client, order)


def fetched(client, order: PaperOrder) -> bytes:
    response = client.get(reverse("paper-file", args=[order.pk]))
    assert "no-store" in response["Cache-Control"]
    content = response.getvalue()
    assert len(content) == int(response["Content-Length"])
    return content


def codes_on(content: bytes) -> list[str]:
    return [
        found.replace("-", "") for found in re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", text_of(content))
    ]


@needs_pdftotext
def test_slips_of_a_unit_open_accounts_and_the_next_print_closes_the_last(stage, rina):
    path = reverse("unit-slips", args=[stage.home.school.pk])
    old = codes_on(printed(rina, path))
    placed = Placement.objects.current().filter(unit=stage.home.school).count()
    assert len(old) == len(set(old)) == placed
    assert f"{placed} kode yang sudah dibagikan dan belum dipakai tidak berlaku lagi" in rina.get(path).content.decode()
    new = codes_on(printed(rina, path))
    assert not set(old) & set(new)
    works = {"old": 0, "new": 0}
    for name, codes_of in (("old", old), ("new", new)):
        for code in codes_of:
            client = Client()
            works[name] += client.post("/masuk/kode/", {"name": SARI, "code": code}).status_code == 302
    assert works == {"old": 0, "new": 1}


@needs_pdftotext
def test_slips_are_for_those_who_have_no_password_yet(stage, rina):
    stages.set_password(stage.sari)
    path = reverse("unit-slips", args=[stage.home.school.pk])
    assert "Sari Dewi" not in text_of(printed(rina, path))
    assert "Sari Dewi" in text_of(printed(rina, path, {"who": "everybody"}))


@override_settings(
    SOCIALACCOUNT_PROVIDERS={
        "openid_connect": {
            "APPS": [{"provider_id": "sso", "name": "SSO", "settings": {"server_url": "https://sso.test"}}]
        }
    }
)
def test_who_enters_by_a_passkey_or_single_sign_on_alone_gets_no_slip_and_keeps_no_code_waiting(stage, rina):
    Authenticator.objects.create(
        user=stages.account(stage.home.teacher), type="webauthn", data={"name": "", "credential": {}}
    )
    SocialAccount.objects.create(user=stages.account(stage.home.head), provider="sso", uid="1")
    chosen = papers.unit_people(stage.home.school, TODAY).values_list("person", flat=True)
    assert stage.home.teacher.pk not in chosen and stage.home.head.pk not in chosen
    everybody = papers.unit_people(stage.home.school, TODAY, everybody=True).values_list("person", flat=True)
    assert {stage.home.teacher.pk, stage.home.head.pk} <= set(everybody)
    page = rina.get(reverse("unit", args=[stage.home.school.pk])).content.decode()
    assert "belum punya cara masuk sendiri" in page


def test_where_everybody_has_a_password_no_slip_is_made(stage, rina):
    for placement in Placement.objects.current().filter(unit=stage.home.other_school).select_related("person"):
        stages.account(placement.person, stages.PASSWORD)
    response = rina.post(reverse("unit-slips", args=[stage.home.other_school.pk]), follow=True)
    assert "tidak ada slip untuk dicetak" in messages_of(response)
    assert not AccessCode.objects.exists()


@needs_pdftotext
def test_a_slip_for_one_person_replaces_his_code_and_is_told_to_its_owner(stage, rina):
    old = accounts.issue_codes(
        [stage.home.teacher.placements.select_related("person", "unit").get()], by=None, now=MORNING
    )
    (code,) = codes_on(printed(rina, reverse("person-code", args=[stage.home.teacher.pk])))
    assert code != old[0].code
    assert accounts.by_code(SARI, code, now=MORNING)
    assert stage.sari.credential_events.filter(kind="code_issued", by=stage.rina).exists()


def test_who_uses_his_account_is_told_of_a_new_code_in_his_inbox(stage, rina):
    rina.post(reverse("person-code", args=[stage.home.other_teacher.pk]))
    assert not Notice.objects.filter(kind="code_issued").exists(), "who never signed in reads no inbox"
    rina.post(reverse("person-code", args=[stage.home.teacher.pk]))
    assert Notice.objects.get(kind="code_issued").person == stage.home.teacher
    page = browser(stage.sari).get(reverse("inbox")).content.decode()
    assert "Kode masuk sekali pakai yang baru dibuat" in page and f'href="{reverse("account")}"' in page


def test_a_question_before_slips_changes_nothing(stage, rina):
    assert "mendapat kode baru" in rina.get(reverse("unit-slips", args=[stage.home.school.pk])).content.decode()
    assert not AccessCode.objects.exists() and not PaperOrder.objects.filter(by=stage.rina).exists()


def test_a_file_of_slips_is_fetched_again_until_it_is_deleted(stage, rina, stage_home):
    """The line is cut while the file comes: no code is lost."""
    rina.post(reverse("unit-slips", args=[stage.home.school.pk]))
    order = PaperOrder.objects.get(by=stage.rina)
    (path,) = (stage_home / "papers" / order.folder).iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    next(iter(rina.get(reverse("paper-file", args=[order.pk])).streaming_content))
    order.refresh_from_db()
    assert order.fetched_at is None, "a file that did not arrive is not called fetched"
    first = fetched(rina, order)
    order.refresh_from_db()
    assert order.fetched_at is not None and fetched(rina, order) == first
    assert reverse("paper", args=[order.pk]) in rina.get(reverse("home")).content.decode()
    tick.run(timezone.now() + papers.KEPT_AFTER_FETCHING + timedelta(minutes=1))
    assert not path.exists()
    assert "sudah dihapus" in rina.get(reverse("paper-file", args=[order.pk]), follow=True).content.decode()
    assert reverse("paper", args=[order.pk]) not in rina.get(reverse("home")).content.decode()


def test_slips_are_fetched_by_who_ordered_them_and_nobody_else(stage, rina):
    rina.post(reverse("unit-slips", args=[stage.home.school.pk]))
    order = PaperOrder.objects.get(by=stage.rina)
    other = outsider("PETUGAS.DUA", "Petugas Dua")
    accounts.add_grant(other, Role.PROGRAMME_OFFICER, agency=stage.home.agency, by=None, now=MORNING)
    for name in ("paper", "paper-file"):
        assert browser(other).get(reverse(name, args=[order.pk])).status_code == 404
    accounts.end_grant(stage.home.grant, by=None, now=timezone.now())
    assert browser(stage.rina).get(reverse("paper-file", args=[order.pk])).status_code == 403


def test_many_certificates_are_ordered_and_not_made_while_the_page_waits(stage, rina, monkeypatch):
    monkeypatch.setattr(papers, "DIRECT", 0)
    where = [stage.home.signed_pact.pk, stage.home.school.pk]
    path = reverse("order-bundle", args=where)
    assert f'href="{path}"' in rina.get(reverse("coverage-unit", args=where)).content.decode()
    assert rina.get(reverse("bundle", args=where))["Location"] == path
    assert "sertifikat dibuat dalam jilid-jilid" in rina.get(path).content.decode()
    assert not PaperOrder.objects.filter(by=stage.rina).exists()
    assert "Siap diunduh" in rina.post(path, follow=True).content.decode()
    assert fetched(rina, PaperOrder.objects.get(by=stage.rina)).startswith(b"%PDF")


def test_no_slip_is_printed_for_somebody_who_left(stage, rina):
    stage.home.teacher.placements.update(status="retired")
    printed(rina, reverse("unit-slips", args=[stage.home.school.pk]))
    assert not AccessCode.objects.filter(user=stage.sari).exists()


def test_two_people_whose_numbers_are_alike_in_two_kinds_break_no_page(stage, rina):
    """A file that calls somebody PPPK and another that calls him PNS make two people of one number."""
    person("Sari Dewi", SARI, stage.home.school, kind="ni_pppk", employment="pppk")
    rina.raise_request_exception = False
    assert rina.post(reverse("unit-slips", args=[stage.home.school.pk])).status_code < 500


# --- rosters -----------------------------------------------------------------------------------------------------


def roster_upload(content: bytes, name: str = "pegawai.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/csv")


def test_a_roster_goes_from_file_to_preview_to_record_and_back(stage, rina):
    """J1 1 in small: one new person, one who moved, one bad row, and then all of it undone."""
    content = (
        "NIP;Nama;Status Kepegawaian;Kode Unit;Jabatan\n"
        "199505052020122003;Dewi Baru;PNS;SMPN1;Guru\n"
        f"{SARI};Sari Dewi, S.Pd;PNS;SMPN2;Guru\n"
        "199505052020122;Nomor Pendek;PNS;SMPN1;Guru\n"
        "199505052020122004;Tanpa Unit;PNS;TIDAKADA;Guru\n"
    ).encode()
    response = rina.post(reverse("imports"), {"agency": stage.home.agency.pk, "file": roster_upload(content)})
    made = RosterImport.objects.latest("pk")
    assert response["Location"] == reverse("import", args=[made.pk])
    page = rina.get(response["Location"])
    assert "Kolom ini memuat apa?" in page.content.decode()
    form = {f"column_{index}": made.fields[heading] or "" for index, heading in enumerate(made.headings)}
    assert rina.post(reverse("import-map", args=[made.pk]), form)["Location"] == reverse("import", args=[made.pk])
    made.refresh_from_db()
    assert made.state == "previewed", made.error
    page = rina.get(reverse("import", args=[made.pk])).content.decode()
    assert "Bedanya dengan daftar pegawai hari ini" in page and "panjang nomor salah" in page
    assert not Person.objects.filter(identifier="199505052020122003").exists(), "stored before it was looked at"
    assert (made.counts["new"], made.counts["moved"], made.counts["rejected"]) == (1, 1, 2)
    rejects = rina.get(reverse("import-rejects", args=[made.pk]))
    assert rejects["Content-Type"].startswith("text/csv") and "Nomor Pendek" in rejects.content.decode("utf-8-sig")
    assert rina.post(reverse("import-apply", args=[made.pk])).status_code == 302
    made.refresh_from_db()
    assert made.state == "applied"
    assert Placement.objects.current().get(person=stage.home.teacher).unit == stage.home.other_school
    response = rina.post(reverse("import-undo", args=[made.pk]), follow=True)
    made.refresh_from_db()
    assert made.state == "undone", messages_of(response)
    assert not Person.objects.filter(identifier="199505052020122003").exists()
    assert Placement.objects.current().get(person=stage.home.teacher).unit == stage.home.school


def test_an_import_that_was_overtaken_cut_off_or_lost_says_why_on_its_page(stage, rina):
    content = stages.roster_file(("199505052020122003", "Dewi Baru", "PNS"))
    rina.post(reverse("imports"), {"agency": stage.home.agency.pk, "file": roster_upload(content)})
    made = RosterImport.objects.latest("pk")
    path = reverse("import", args=[made.pk])
    for state, error, says in (
        ("received", {"code": "roster_changed_since_preview"}, "Data pegawai berubah setelah pratinjau"),
        ("received", {"code": "import_interrupted"}, "terputus sebelum selesai"),
        ("previewed", {"code": "import_interrupted"}, "terputus sebelum selesai"),
    ):
        RosterImport.objects.filter(pk=made.pk).update(state=state, error=error)
        assert says in rina.get(path).content.decode()
    (settings.HOME / made.file_path).unlink()
    roster.files_lost()
    page = rina.get(path).content.decode()
    assert "tidak ada lagi di sini" in page and reverse("import-map", args=[made.pk]) not in page
    assert reverse("import-drop", args=[made.pk]) in page


def test_the_same_file_again_changes_nothing(stage, rina):
    content = stages.roster_file(("199505052020122003", "Dewi Baru", "PNS"))
    for expected in ({"new": 1, "same": 0}, {"new": 0, "same": 1}):
        rina.post(reverse("imports"), {"agency": stage.home.agency.pk, "file": roster_upload(content)})
        made = RosterImport.objects.latest("pk")
        form = {f"column_{index}": made.fields[heading] or "" for index, heading in enumerate(made.headings)}
        rina.post(reverse("import-map", args=[made.pk]), form)
        rina.post(reverse("import-apply", args=[made.pk]))
        made.refresh_from_db()
        assert made.state == "applied" and {name: made.counts[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("kosong.csv", b""), ("gambar.png", b"\x89PNG\r\n\x1a\n" + bytes(500)), ("lama.xls", b"\xd0\xcf\x11\xe0" + bytes(600)),
        ("tanpa-judul.csv", b"1;2;3\n4;5;6\n"), ("rusak.xlsx", b"PK\x03\x04" + bytes(300)), ("nul.csv", b"\x00" * 500),
    ],
)  # fmt: skip
def test_a_file_that_is_no_roster_is_refused_in_words_and_nothing_is_kept(stage, rina, stage_home, name, content):
    before = (RosterImport.objects.count(), len(list((stage_home / "rosters").glob("*"))))
    response = rina.post(reverse("imports"), {"agency": stage.home.agency.pk, "file": roster_upload(content, name)})
    assert response.status_code == 422 and errors_of(response)
    assert (RosterImport.objects.count(), len(list((stage_home / "rosters").glob("*")))) == before


def test_a_file_with_a_name_of_a_path_is_kept_under_a_name_of_ours(stage, rina, stage_home):
    upload = SimpleUploadedFile("x.csv", stages.roster_file(("199505052020122003", "Dewi", "PNS")))
    upload._name = "../../../etc/passwd.csv"
    rina.post(reverse("imports"), {"agency": stage.home.agency.pk, "file": upload})
    made = RosterImport.objects.latest("pk")
    assert made.file_name == "passwd.csv" and re.fullmatch(r"rosters/[0-9a-f]{24}\.csv", made.file_path)


def test_columns_that_do_not_make_a_roster_are_refused_and_the_choice_stays(stage, rina):
    made = stage.home.received
    form = {f"column_{index}": "name" for index in range(len(made.headings))}
    response = rina.post(reverse("import-map", args=[made.pk]), form)
    assert response.status_code == 422 and "dipakai untuk dua kolom" in errors_of(response)
    assert response.content.decode().count('value="name" selected') == len(made.headings)
    response = rina.post(reverse("import-map", args=[made.pk]), {"column_0": ""})
    assert response.status_code == 422 and "Nama" in errors_of(response)
    made.refresh_from_db()
    assert made.state == "received"


def test_the_mapping_page_shows_what_the_columns_hold_and_what_is_required(stage, rina):
    content = (
        "NIP;Nama;Status Kepegawaian;Unit Kerja;Catatan\n"
        "199505052020122003;Dewi <b>Baru</b>;PNS;SMPN1;\n;;;;\n199505052020122004;Rudi Baru;CPNS;SMPN2;\n"
        "199505052020122005;Nina Baru;PNS;SMPN1;\n199505052020122006;Keempat;PNS;SMPN1;\n"
    )
    rina.post(reverse("imports"), {"agency": stage.home.agency.pk, "file": roster_upload(content.encode())})
    made = RosterImport.objects.latest("pk")
    page = rina.get(reverse("import", args=[made.pk])).content.decode()
    assert "Isinya: Dewi &lt;b&gt;Baru&lt;/b&gt; · Rudi Baru · Nina Baru" in page and "Keempat" not in page
    assert "Isinya kosong." in page and "boleh kosong" not in page[: page.index("new_units")]
    assert "Nama (wajib)" in page and "Unit kerja (wajib salah satu)" in page and "Golongan (wajib" not in page
    response = rina.post(reverse("import-map", args=[made.pk]), {"column_0": ""})
    assert response.status_code == 422 and "Rudi Baru" in response.content.decode()


def test_a_mapping_that_was_only_previewed_is_not_remembered(stage, rina):
    content = b"Nomor;Nama;Kedudukan;OPD\n199505052020122003;Dewi Baru;PNS;SMPN1\n"
    for remembered, ends in ((None, "import-drop"), (None, "import-apply"), ("identifier", "import-apply")):
        rina.post(reverse("imports"), {"agency": stage.home.agency.pk, "file": roster_upload(content)})
        made = RosterImport.objects.latest("pk")
        assert made.fields["Nomor"] == remembered
        form = {"column_0": "identifier", "column_1": "name", "column_2": "employment", "column_3": "unit"}
        rina.post(reverse("import-map", args=[made.pk]), form)
        rina.post(reverse(ends, args=[made.pk]))


def test_a_complete_file_that_ends_most_placements_is_stored_only_with_their_number(stage, rina):
    for number in range(12):
        person("Orang Rekaan", f"1991010120190320{number:02}", stage.home.other_school)
    placed = Placement.objects.current().filter(unit__agency=stage.home.agency).count()
    content = stages.roster_file((SARI, "Sari Dewi", "PNS"))
    rina.post(reverse("imports"), {"agency": stage.home.agency.pk, "file": roster_upload(content)})
    made = RosterImport.objects.latest("pk")
    form = {f"column_{index}": made.fields[heading] or "" for index, heading in enumerate(made.headings)}
    rina.post(reverse("import-map", args=[made.pk]), form | {"complete": "on"})
    page = rina.get(reverse("import", args=[made.pk])).content.decode()
    assert f"Tulis angka {placed - 1}" in page and "terpotong tepat di akhir" in page
    for typed in ({}, {"ends": ""}, {"ends": "0"}, {"ends": str(placed)}, {"ends": "9" * 5000}, {"ends": "semua"}):
        response = rina.post(reverse("import-apply", args=[made.pk]), typed, follow=True)
        assert f"tegaskan dengan menulis angka {placed - 1}" in messages_of(response)
        made.refresh_from_db()
        assert made.state == "previewed"
    rina.post(reverse("import-apply", args=[made.pk]), {"ends": f" {placed - 1}"})
    made.refresh_from_db()
    assert made.state == "applied"
    assert Placement.objects.current().filter(unit__agency=stage.home.agency).count() == 1
    rina.post(reverse("import-undo", args=[made.pk]))
    assert Placement.objects.current().filter(unit__agency=stage.home.agency).count() == placed


def workbook(sheets) -> bytes:
    """Write a workbook of rows on named sheets."""
    made = BytesIO()
    with xlsxwriter.Workbook(made) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                sheet.write_row(number, 0, cells)
    return made.getvalue()


HEADINGS = ["NIP", "Nama", "Status Kepegawaian", "Kode Unit"]
DEWI, RUDI = ["199505052020122003", "Dewi Baru", "PNS", "SMPN1"], ["199001012022211001", "Rudi Baru", "PPPK", "SMPN1"]


def uploaded(rina, stage, sheets):
    file = roster_upload(workbook(sheets), "pegawai.xlsx")
    rina.post(reverse("imports"), {"agency": stage.home.agency.pk, "file": file})
    return RosterImport.objects.latest("pk")


def mapped(made, **more):
    return {f"column_{index}": made.fields[heading] or "" for index, heading in enumerate(made.headings)} | more


def test_the_sheets_that_are_read_and_those_left_out_are_named_before_anything_is_stored(stage, rina):
    made = uploaded(rina, stage, {"Sampul": [["Rekapitulasi"]], "PNS": [HEADINGS, DEWI], "PPPK": [HEADINGS, RUDI]})
    for _ in range(2):
        page = re.sub(r"\s+", " ", rina.get(reverse("import", args=[made.pk])).content.decode())
        assert (
            "<strong>PNS</strong> <strong>PPPK</strong>" in page
            and "Sampul: tidak dibaca, tanpa baris judul kolom" in page
        )
        rina.post(reverse("import-map", args=[made.pk]), mapped(made))
    made.refresh_from_db()
    assert made.state == "previewed" and made.counts["new"] == 2


def test_of_sheets_with_different_headings_the_page_asks_which_are_read(stage, rina):
    other = [*HEADINGS, "Tanggal Lahir"]
    made = uploaded(
        rina, stage, {"PNS": [HEADINGS, DEWI], "Honorer": [other, ["", "Ali Baru", "Honorer", "SMPN1", "1990-02-01"]]}
    )
    path = reverse("import-sheets", args=[made.pk])
    assert rina.get(reverse("import", args=[made.pk]))["Location"] == path
    assert rina.get(path).content.decode().count('type="radio"') == 2
    assert rina.post(path, {}).status_code == 422 and rina.post(path, {"group": "7"}).status_code == 422
    response = rina.post(reverse("import-map", args=[made.pk]), mapped(made))
    assert response.status_code == 422 and "Pilih yang dibaca: PNS, Honorer" in errors_of(response)
    assert rina.post(path, {"group": "1"})["Location"] == reverse("import", args=[made.pk])
    made.refresh_from_db()
    page = rina.get(reverse("import", args=[made.pk])).content.decode()
    assert made.headings == other and f'href="{path}"' in page and "PNS: tidak dibaca, judul kolomnya lain" in page
    rina.post(reverse("import-map", args=[made.pk]), mapped(made, complete="on"))
    page = rina.get(reverse("import", args=[made.pk]))
    assert "Lembar PNS tidak dibaca. Siapa yang hanya ada di sana" in messages_of(page)
    assert rina.get(path)["Location"] == reverse("import", args=[made.pk]), "what was previewed is reopened first"


def test_who_stays_although_his_row_was_refused_and_rows_of_nobody_are_told_at_the_preview(stage, rina):
    placed = Placement.objects.current().filter(unit__agency=stage.home.agency)
    rows = [
        [each.person.identifier, each.person.name, each.employment.upper(), each.unit.code]
        for each in placed.select_related("person", "unit")
    ]
    rows[0][0] = "1.98503E+17"
    rows[1][:2] = ["1.98503E+17", "Nama Lain"]
    made = uploaded(rina, stage, {"PNS": [HEADINGS, *rows]})
    rina.post(reverse("import-map", args=[made.pk]), mapped(made, complete="on"))
    page = rina.get(reverse("import", args=[made.pk]))
    assert "1 orang tetap tercatat karena namanya ada di berkas" in messages_of(page)
    assert "1 baris yang ditolak tidak dapat dicocokkan dengan siapa pun" in messages_of(page)
    assert 'name="ends"' in page.content.decode()
    refused = rina.post(reverse("import-apply", args=[made.pk]), follow=True)
    assert "Perbaiki dulu baris yang ditolak: 1" in messages_of(refused)
    rina.post(reverse("import-apply", args=[made.pk]), {"ends": "1"})
    made.refresh_from_db()
    assert made.state == "applied" and made.counts["absent"] == 1


def test_a_preview_says_of_those_who_come_back_that_they_do(stage, rina):
    Placement.objects.current().filter(person=stage.home.teacher).update(until_on=TODAY)
    made = uploaded(rina, stage, {"PNS": [HEADINGS, [SARI, "Sari Dewi", "PNS", "SMPN1"]]})
    rina.post(reverse("import-map", args=[made.pk]), mapped(made))
    page = re.sub(r"\s+", " ", rina.get(reverse("import", args=[made.pk])).content.decode())
    assert "<dt>kembali ke instansi ini</dt><dd>1</dd>" in page and "datang dari instansi lain" not in page
    assert "tercatat lagi dengan penempatan baru" in page and "tidak ada lagi di berkas" not in page


def test_a_unit_in_use_is_not_closed_and_the_page_says_how_many_stand_in_the_way(stage, rina):
    unit = stage.home.school
    fields = {"name": unit.name, "kind": unit.kind, "parent": unit.parent_id, "closed_on": "2024-10-25"}
    response = rina.post(reverse("change-unit", args=[unit.pk]), fields)
    people = Placement.objects.current().filter(unit=unit).count()
    assert response.status_code == 422 and f"masih ada {people} pegawai dan 0 unit" in errors_of(response)
    unit.refresh_from_db()
    assert unit.closed_on is None
    response = rina.post(
        reverse("new-unit", args=[stage.home.agency.pk]),
        {"code": "A:B", "name": "X", "kind": "office", "parent": stage.home.root.pk},
    )
    assert response.status_code == 422 and "titik dua" in errors_of(response)


def test_the_number_of_a_superior_who_serves_elsewhere_stands_on_no_page(stage, rina):
    who = stage.home.teacher
    Placement.objects.current().filter(person=who).update(superior=stage.away.teacher)
    for name in ("person", "change-person"):
        page = rina.get(reverse(name, args=[who.pk])).content.decode()
        assert stage.away.teacher.identifier not in page and stage.away.teacher.name not in page


def test_of_two_officers_one_stores_a_file(stage, rina):
    path = reverse("import-apply", args=[stage.home.previewed.pk])
    RosterImport.objects.filter(pk=stage.home.previewed.pk).update(state="applying")
    response = rina.post(path)
    assert response.status_code == 422 and "tidak pada tahap itu" in response.content.decode()


def test_a_roster_that_changed_since_the_preview_is_looked_at_again(stage, rina):
    made = stage.home.previewed
    person("Baru Dua", "199101012019031012", stage.home.root)
    rina.post(reverse("import-apply", args=[made.pk]))
    made.refresh_from_db()
    assert made.state == "received"
    page = rina.get(reverse("import", args=[made.pk]))
    assert "Kolom ini memuat apa?" in page.content.decode()
    assert "Data pegawai berubah setelah pratinjau ini dibuat" in messages_of(page)


@pytest.mark.parametrize(
    ("cut", "before"), [("reading", "received"), ("applying", "previewed"), ("undoing", "applied")]
)
def test_work_on_a_file_that_was_cut_is_told_where_it_goes_on(stage, rina, cut, before):
    made = stage.home.applied if cut == "undoing" else stage.home.previewed
    RosterImport.objects.filter(pk=made.pk).update(state=cut)
    tick.recover()
    page = rina.get(reverse("import", args=[made.pk]))
    made.refresh_from_db()
    assert made.state == before and "terputus sebelum selesai" in messages_of(page)
    if cut == "applying":
        rina.post(reverse("import-apply", args=[made.pk]))
        made.refresh_from_db()
        assert (made.state, made.error) == ("applied", {})


def test_taking_an_import_back_is_asked_for_first_and_then_done_by_the_worker(stage, rina, monkeypatch):
    made = stage.home.applied
    Invitation.objects.filter(person__placements__roster_import=made, activity__state="closed").delete()
    path = reverse("import-undo", args=[made.pk])
    page = rina.get(reverse("import", args=[made.pk])).content.decode()
    assert f'href="{path}"' in page and f'action="{path}"' not in page
    asked = rina.get(path)
    assert asked.status_code == 200 and f"{made.counts['new']} orang yang baru masuk" in asked.content.decode()
    made.refresh_from_db()
    assert made.state == "applied", "opening the question is no answer"
    with monkeypatch.context() as later:
        later.setattr(tasks, "undo_roster", SimpleNamespace(enqueue=lambda *_given: None))
        assert rina.post(path)["Location"] == reverse("import", args=[made.pk])
    page = rina.get(reverse("import", args=[made.pk]))
    assert page["Refresh"] and "Sedang dibatalkan" in page.content.decode()
    rina.post(path)
    assert "tidak pada tahap itu" in messages_of(rina.get(reverse("imports")))
    tasks.undo_roster.enqueue(made.pk, stage.rina.pk)
    made.refresh_from_db()
    assert made.state == "undone", made.error
    assert rina.get(path)["Location"] == reverse("import", args=[made.pk])


def test_an_import_with_people_in_use_is_not_undone_and_says_why(stage, rina):
    issue(stage.home.pact)
    response = rina.post(reverse("import-undo", args=[stage.home.applied.pk]), follow=True)
    assert "sudah mempunyai pakta, akun, jabatan" in messages_of(response)
    stage.home.applied.refresh_from_db()
    assert stage.home.applied.state == "applied"


def test_a_file_that_was_given_up_is_gone(stage, rina, stage_home):
    path = stage_home / stage.home.to_drop.file_path
    assert path.exists()
    assert rina.post(reverse("import-drop", args=[stage.home.to_drop.pk]))["Location"] == reverse("imports")
    assert not path.exists()
    assert reverse("import", args=[stage.home.to_drop.pk]) not in rina.get(reverse("imports")).content.decode()


def test_a_preview_shows_words_and_no_codes_of_ours(stage, rina):
    """`leave`, `True`, `jf_ahli_muda` in the list of changes are our codes, not words of a page."""
    content = f"NIP;Nama;Status Kepegawaian;Kode Unit;Status;Kepala Unit;Jenjang\n{stages.BUDI};Budi Santoso;PNS;SMPN1;cuti;tidak;ahli muda\n"
    rina.post(reverse("imports"), {"agency": stage.home.agency.pk, "file": roster_upload(content.encode())})
    made = RosterImport.objects.latest("pk")
    form = {f"column_{index}": made.fields[heading] or "" for index, heading in enumerate(made.headings)}
    rina.post(reverse("import-map", args=[made.pk]), form)
    page = rina.get(reverse("import", args=[made.pk])).content.decode()
    changes = re.sub(r"<[^>]+>", " ", page[page.index("Yang berubah") :])
    for code in ("leave", "active", "True", "False", "jf_ahli_muda"):
        assert not re.search(rf"\b{code}\b", changes), code


# --- people and units --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["Sari", "sari dewi", "  SARI   dewi ", SARI, SARI[:8], "19850315 201001 2 001"])
def test_a_person_is_found_by_name_or_number(stage, rina, asked):
    found = rina.get(reverse("people"), {"q": asked}).context["people"]
    assert stage.home.teacher.pk in [each.person_id for each in found]


@pytest.mark.parametrize("asked", ["%", "_", "\\", "'", '"><script>', "x" * 5000, "198"])
def test_a_search_for_signs_finds_nobody_and_breaks_nothing(stage, rina, asked):
    response = rina.get(reverse("people"), {"q": asked})
    assert response.status_code == 200 and response.context["people"].paginator.count == 0
    assert "<script>" not in response.content.decode()


def test_a_person_is_placed_elsewhere_from_today(stage, rina):
    form = {"unit": stage.home.other_school.pk, "post": "Guru Madya", "status": "active", "grade": "IV/a"}
    response = rina.post(reverse("change-person", args=[stage.home.teacher.pk]), form)
    assert response["Location"] == reverse("person", args=[stage.home.teacher.pk])
    old, new = stage.home.teacher.placements.order_by("from_on")
    assert (old.until_on, new.from_on, new.unit, new.post) == (TODAY, TODAY, stage.home.other_school, "Guru Madya")
    page = rina.get(response["Location"]).content.decode()
    assert "25 Oktober 2024" in page


def test_what_the_form_of_a_placement_does_not_ask_stays(stage, rina):
    stage.home.teacher.placements.update(post_kind="functional", level="jf_ahli_muda")
    form = {"unit": stage.home.other_school.pk, "post": "Guru", "status": "active", "level": "jf_ahli_muda"}
    rina.post(reverse("change-person", args=[stage.home.teacher.pk]), form)
    now = stage.home.teacher.placements.get(until_on=None)
    assert (now.employment, now.post_kind, now.level) == ("pns", "functional", "jf_ahli_muda")


def test_a_unit_is_not_headed_by_two(stage, rina):
    """Else who is the superior, and whose name stands as head, is left to chance."""
    form = {"unit": stage.home.school.pk, "post": "Kepala", "status": "active", "is_head": "on"}
    rina.post(reverse("change-person", args=[stage.home.teacher.pk]), form)
    assert Placement.objects.current().filter(unit=stage.home.school, is_head=True).count() == 1


def test_a_head_who_moves_with_his_mark_is_no_second_head(stage, rina):
    path = reverse("change-person", args=[stage.home.teacher.pk])
    form = {"unit": stage.home.other_school.pk, "post": "Kepala", "status": "active", "is_head": "on"}
    Placement.objects.current().heading().filter(unit=stage.home.other_school).update(is_head=False)
    assert rina.post(path, form).status_code == 302
    for moved in ({"unit": stage.home.school.pk}, {"unit": stage.home.school.pk, "status": "cltn"}):
        response = rina.post(path, form | moved)
        assert response.status_code == 422 and "sudah mempunyai kepala" in errors_of(response)
    assert rina.post(path, form | {"unit": stage.home.school.pk, "status": "retired"}).status_code == 302
    response = rina.post(path, form | {"unit": stage.home.school.pk})
    assert response.status_code == 422 and "sudah mempunyai kepala" in errors_of(response)


@pytest.mark.parametrize(
    ("number", "says"),
    [("123", "panjang nomor salah"), (stages.BUDI, "sudah dipakai"), ("198513152010012001", "tanggal lahir"), ("abc", "selain angka")],
)  # fmt: skip
def test_a_wrong_number_is_refused_and_the_old_one_stays(stage, rina, number, says):
    form = {"kind": "nip", "number": number, "reason": "ganti"}
    response = rina.post(reverse("change-identifier", args=[stage.home.teacher.pk]), form)
    assert response.status_code == 422 and says in errors_of(response)
    stage.home.teacher.refresh_from_db()
    assert stage.home.teacher.identifier == SARI


def test_a_new_number_signs_in_and_the_old_one_still_finds(stage, rina):
    stages.set_password(stage.sari)
    new = "198503152010012077"
    rina.post(
        reverse("change-identifier", args=[stage.home.teacher.pk]), {"kind": "nip", "number": new, "reason": "salah"}
    )
    assert Client().post("/masuk/", {"name": new, "password": stages.PASSWORD}).status_code == 302
    assert Client().post("/masuk/", {"name": SARI, "password": stages.PASSWORD}).status_code == 422
    found = rina.get(reverse("people"), {"q": SARI}).context["people"]
    assert [each.person_id for each in found] == [stage.home.teacher.pk]


def test_a_person_on_the_page_has_words_and_no_codes(stage, rina):
    stage.home.teacher.placements.update(level="jf_ahli_muda")
    Person.objects.filter(pk=stage.home.teacher.pk).update(identifier_type="ni_pppk")
    page = re.sub(r"<[^>]+>", " ", rina.get(reverse("person", args=[stage.home.teacher.pk])).content.decode())
    assert "jf_ahli_muda" not in page and "NI_PPPK" not in page


def test_units_are_made_moved_closed_and_never_below_themselves(stage, rina):
    home = stage.home
    response = rina.post(reverse("new-unit", args=[home.agency.pk]), {
        "code": "SMPN3", "name": "SMP Negeri 3", "kind": "school", "parent": home.education.pk,
    })  # fmt: skip
    made = WorkUnit.objects.get(agency=home.agency, code="SMPN3")
    assert response["Location"] == reverse("unit", args=[made.pk])
    home.education.refresh_from_db()
    assert home.education.position < made.position <= home.education.last_position
    form = {"name": home.education.name, "kind": "education_office", "parent": made.pk}
    response = rina.post(reverse("change-unit", args=[home.education.pk]), form)
    assert response.status_code == 422 and "di bawah dirinya sendiri" in errors_of(response)
    form = {"name": "SMP Tiga", "kind": "school", "parent": home.root.pk, "closed_on": "2024-10-25"}
    assert rina.post(reverse("change-unit", args=[made.pk]), form).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.parent, made.closed_on) == ("SMP Tiga", home.root, TODAY)
    assert "SMP Tiga" not in rina.get(reverse("units")).content.decode()


def test_a_code_of_a_unit_is_taken_once(stage, rina):
    form = {"code": " SMPN1 ", "name": "x", "kind": "school", "parent": stage.home.root.pk}
    response = rina.post(reverse("new-unit", args=[stage.home.agency.pk]), form)
    assert response.status_code == 422 and "sudah dipakai" in errors_of(response)


def test_units_without_a_head_are_found(stage, rina):
    page = rina.get(reverse("units"), {"tanpa-kepala": "1"}).content.decode()
    assert "Badan Kepegawaian" in page and "SMP Negeri 1" not in page
    stage.home.head.placements.update(status="retired")
    page = rina.get(reverse("units"), {"tanpa-kepala": "1"}).content.decode()
    assert "SMP Negeri 1" in page, "a retired head still counts as a head"


# --- offices and bodies ------------------------------------------------------------------------------------------


def test_offices_are_listed_whether_somebody_holds_them_or_not(stage, rina):
    response = rina.get(reverse("offices"))
    assert response.status_code == 200
    page = response.content.decode()
    assert "Kepala Sekolah" in page and "kosong" in page and "Wali Kota" in page


def test_an_office_is_made_and_handed_over_to_the_minute_of_the_place(stage, rina):
    response = rina.post(reverse("offices"), {"agency": stage.home.agency.pk, "title": "Sekda", "kind": "secretary"})
    made = Office.objects.get(title="Sekda")
    assert response["Location"] == reverse("office", args=[made.pk])
    assert rina.get(response["Location"]).status_code == 200
    form = {"number": stages.BUDI, "capacity": "plt", "from_at": "2024-10-25T09:30", "letter_number": "SK 7"}
    assert rina.post(reverse("take-over", args=[made.pk]), form).status_code == 302
    holding = Holding.objects.get(office=made)
    assert holding.from_at == datetime(2024, 10, 25, 2, 30, tzinfo=UTC) and holding.person == stage.home.head
    response = rina.post(reverse("take-over", args=[made.pk]), form)
    assert response.status_code == 422 and "sudah diserahterimakan" in errors_of(response)
    page = rina.get(reverse("office", args=[made.pk])).content.decode()
    assert "Plt." in page and "Budi Santoso" in page and "09.30 WIB" in page


def test_leave_of_nobody_is_refused(stage, rina):
    form = {"kind": "campaign", "from_on": "2024-10-25", "last_on": "2024-10-26"}
    response = rina.post(reverse("record-leave", args=[stage.home.office.pk]), form)
    assert response.status_code == 422 and "tidak ada pemegangnya" in errors_of(response)
    response = rina.post(reverse("record-leave", args=[stage.home.held_office.pk]), form | {"last_on": "2024-10-01"})
    assert response.status_code == 422 and "mendahului" in errors_of(response)


def test_a_day_far_off_is_asked_for_again_and_one_that_nobody_can_mean_is_refused(stage, rina):
    office = stage.home.held_office
    form = {"number": "", "capacity": "plt", "from_at": "2025-10-25T09:30", "letter_number": "SK 7"}
    for name, posted in (
        ("take-over", form),
        (
            "record-leave",
            {"who": stage.home.holding.pk, "kind": "campaign", "from_on": "2025-01-01", "last_on": "2025-06-01"},
        ),
    ):
        path = reverse(name, args=[office.pk])
        response = rina.post(path, posted)
        assert response.status_code == 422 and "jauh dari hari ini. Bila memang begitu, centang" in errors_of(response)
        assert re.search(r'type="checkbox" name="sure"', response.content.decode())
        assert rina.post(path, posted | {"sure": "on"}).status_code == 302
    for wrong in ("9999-12-31T23:59", "0001-01-01T00:00"):
        response = rina.post(reverse("take-over", args=[office.pk]), form | {"from_at": wrong, "sure": "on"})
        assert response.status_code == 422 and "Periksa tahunnya" in errors_of(response)
    assert office.holdings.count() == 2


def test_a_wrong_hand_over_and_a_wrong_leave_are_taken_back_on_pages_that_ask_first(stage, rina):
    office = reverse("office", args=[stage.home.held_office.pk])
    for name, made in (("withdraw-leave", stage.home.leave), ("withdraw-take-over", stage.home.holding)):
        path = reverse(name, args=[made.pk])
        assert f'href="{path}"' in rina.get(office).content.decode()
        assert "tercatat di log" in rina.get(path).content.decode() and type(made).objects.filter(pk=made.pk).exists()
        assert rina.post(path)["Location"] == office
        assert not type(made).objects.filter(pk=made.pk).exists()
    assert "Belum pernah dipegang" in rina.get(office).content.decode()


def test_an_office_is_left_vacant_by_a_page_that_asks_first(stage, rina):
    office = reverse("office", args=[stage.home.held_office.pk])
    path = reverse("vacate-office", args=[stage.home.holding.pk])
    assert f'href="{path}"' in rina.get(office).content.decode()
    assert "Kosongkan jabatan ini?" in rina.get(path).content.decode()
    response = rina.post(path, {"at": "2024-09-01T09:00"})
    assert response.status_code == 422 and "Tanggal akhir mendahului" in errors_of(response)
    assert rina.post(path, {"at": "2024-10-25T09:00"})["Location"] == office
    assert "Sekarang kosong." in rina.get(office).content.decode()
    assert rina.post(path, {"at": "2024-10-25T09:30"})["Location"] == office
    stage.home.holding.refresh_from_db()
    assert stage.home.holding.until_at.astimezone(stage.home.agency.zone).hour == 9


def test_a_hand_over_that_another_one_follows_is_not_taken_back(stage, rina):
    form = {"number": "", "capacity": "plt", "from_at": "2024-10-25T09:30"}
    rina.post(reverse("take-over", args=[stage.home.held_office.pk]), form)
    response = rina.post(reverse("withdraw-take-over", args=[stage.home.holding.pk]), follow=True)
    assert "Tarik yang terakhir lebih dahulu" in messages_of(response)
    assert stage.home.held_office.holdings.count() == 2


FAR = ["0001-01-01", "9999-12-31"]


@pytest.mark.parametrize("day", FAR)
def test_a_day_of_another_age_is_refused_by_every_form_and_breaks_no_page(stage, rina, day):
    """A date field of a browser takes the year 0001 and the year 9999."""
    election = reverse("election", args=[stage.home.agency.pk, "pilkada-2024"])
    first = rina.get(election).context["found"].election.stages[0].id
    move = {"stage": first, "from_on": min(day, "2024-10-01"), "last_on": max(day, "2024-10-01"), "reason": "gempa"}
    posts = {
        election: move,
        reverse("new-round"): ROUND | {"agency": stage.home.agency.pk, "due_on": day},
        reverse("record-leave", args=[stage.home.held_office.pk]): {
            "kind": "annual", "from_on": min(day, "2024-10-25"), "last_on": max(day, "2024-10-25"), "sure": "on",
        },
        reverse("end-member", args=[stage.home.member.pk]): {"until_on": day},
        reverse("body", args=[stage.home.body.pk]): {
            "number": SARI, "letter_number": "ST 2", "letter_on": day, "from_on": day,
        },
        reverse("change-unit", args=[stage.home.other_school.pk]): {
            "name": "X", "kind": "school", "parent": stage.home.education.pk, "closed_on": day,
        },
    }  # fmt: skip
    for path, form in posts.items():
        response = rina.post(path, form)
        assert response.status_code == 422 and "Periksa tahunnya" in errors_of(response), path
    assert not StageMove.objects.filter(reason="gempa").exists()
    for path in (election, reverse("elections"), "/kalender/13.75/", "/kalender/13.75.ics"):
        assert rina.get(path).status_code in (200, 301, 302), path


@pytest.mark.parametrize("day", FAR)
def test_a_day_of_another_age_is_refused_by_the_administrators_forms_and_the_log(stage, day):
    admin, auditor = browser(stage.accounts[Role.ADMINISTRATOR].user), browser(stage.accounts[Role.AUDITOR].user)
    form = {"name": stages.BUDI, "role": "auditor", "until_on": day, "reason": "SK"}
    response = admin.post(reverse("roles"), form)
    assert response.status_code == 422 and "Periksa tahunnya" in errors_of(response)
    assert auditor.get(reverse("log"), {"hari": day}).status_code == 200


def test_a_body_has_members_by_letter(stage, rina):
    response = rina.post(
        reverse("bodies"), {"agency": stage.home.agency.pk, "name": "Desk", "kind": "desk", "task": "memantau"}
    )
    made = Body.objects.get(name="Desk")
    path = response["Location"]
    assert path == reverse("body", args=[made.pk])
    form = {
        "number": SARI,
        "duty": "Anggota",
        "letter_number": "ST 2",
        "letter_on": "2024-10-24",
        "from_on": "2024-10-25",
    }
    assert rina.post(path, form).status_code == 302
    assert rina.post(path, form).status_code == 422
    member = made.members.get()
    end = reverse("end-member", args=[member.pk])
    assert end in rina.get(path).content.decode()
    assert "tidak dapat dibatalkan" in rina.get(end).content.decode()
    assert rina.post(end, {"until_on": "2024-10-20"}).status_code == 422
    assert rina.post(end, {"until_on": "kapan-kapan"}).status_code == 422
    member.refresh_from_db()
    assert member.until_on is None
    rina.post(reverse("end-member", args=[member.pk]), {"until_on": "2024-10-25"})
    member.refresh_from_db()
    assert member.until_on == TODAY


# --- elections ---------------------------------------------------------------------------------------------------


def test_a_region_adds_its_numbers_and_moves_a_stage(stage, rina):
    path = reverse("election", args=[stage.home.agency.pk, "pilkada-2024"])
    assert rina.get(path).status_code == 200
    form = {"candidate_pairs": 4, "voters": 98_000, "polling_stations": 210, "note": "", "source": "KPU"}
    assert rina.post(path, form)["Location"] == path
    row = RegionalElection.objects.get(region="13.75", election="pilkada-2024")
    assert (row.candidate_pairs, row.voters, row.polling_stations) == (4, 98_000, 210)
    page = rina.get(path).content.decode()
    assert 'value="98000"' in page or 'value="98.000"' not in page
    first = rina.get(path).context["found"].election.stages[0].id
    move = {"stage": first, "from_on": "2024-10-01", "last_on": "2024-10-02", "reason": "gempa", "sure": "on"}
    assert rina.post(path, move)["Location"] == path
    assert StageMove.objects.filter(reason="gempa").count() == 1
    assert rina.post(path, move | {"last_on": "2024-09-01"}).status_code == 422
    assert rina.post(path, form | {"voters": "banyak"}).status_code == 422
    upset = {"stage": "voting", "from_on": "2025-01-01", "last_on": "2025-01-01", "reason": "banjir"}
    response = rina.post(path, upset)
    assert response.status_code == 422 and "urutan tahapan berubah" in errors_of(response)
    assert re.search(r'type="checkbox" name="sure"', response.content.decode())
    assert rina.post(path, upset | {"sure": "on"})["Location"] == path
    taken = StageMove.objects.get(reason="banjir")
    back = reverse("take-back-move", args=[stage.home.agency.pk, taken.pk])
    assert f'href="{back}"' in rina.get(path).content.decode() and "banjir" in rina.get(back).content.decode()
    assert rina.post(back)["Location"] == path and "banjir" not in rina.get(path).content.decode()
    assert rina.post(back).status_code == 404
    assert rina.get(reverse("election", args=[stage.home.agency.pk, "pilkada-1955"])).status_code == 404


def test_a_number_on_a_form_can_be_sent_back_as_it_stands(stage, rina):
    """Thousands are written with a point; a field that shows 98.000 and takes 98 for it loses voters."""
    path = reverse("election", args=[stage.home.agency.pk, "pilkada-2024"])
    rina.post(path, {"candidate_pairs": 4, "voters": 98_000, "polling_stations": 1_210, "note": "", "source": ""})
    page = rina.get(path).content.decode()
    shown = {
        name: re.search(rf'name="{name}" value="([^"]*)"', page)[1]
        for name in ("candidate_pairs", "voters", "polling_stations")
    }
    assert rina.post(path, shown | {"note": "", "source": ""}).status_code == 302
    row = RegionalElection.objects.get(region="13.75", election="pilkada-2024")
    assert (row.voters, row.polling_stations) == (98_000, 1_210)


# --- the administrator and the auditor ---------------------------------------------------------------------------


@pytest.fixture
def admin(stage):
    return browser(stage.accounts[Role.ADMINISTRATOR].user)


def test_a_role_is_given_used_and_ended(stage, admin):
    form = {"name": stages.WATI, "role": "programme_officer", "agency": stage.home.agency.pk, "reason": "SK 9"}
    assert admin.post(reverse("roles"), form)["Location"] == reverse("roles")
    wati = User.objects.get(username=stages.WATI)
    assert browser(wati).get(reverse("rounds")).status_code == 200
    grant = RoleGrant.objects.get(user=wati)
    assert grant.given_by == stage.accounts[Role.ADMINISTRATOR].user
    assert admin.post(reverse("end-role", args=[grant.pk])).status_code == 302
    assert browser(wati).get(reverse("rounds")).status_code == 403


def test_the_same_role_is_not_given_twice(stage, admin):
    form = {"name": stages.BUDI, "role": "auditor", "reason": "SK", "until_on": "2024-12-01"}
    assert admin.post(reverse("roles"), form).status_code == 302
    for until in ("2024-12-01", "2024-11-30"):
        response = admin.post(reverse("roles"), form | {"until_on": until})
        assert response.status_code == 422 and "sudah memegang peran itu" in errors_of(response)
    assert admin.post(reverse("roles"), form | {"until_on": ""}).status_code == 302, "longer is another grant"


def test_ending_a_role_is_asked_for_first(stage, admin):
    path = reverse("end-role", args=[stage.home.grant.pk])
    assert f'href="{path}"' in admin.get(reverse("roles")).content.decode()
    asked = admin.get(path).content.decode()
    assert "Rina Marlina" in asked and "tidak dapat dibatalkan" in asked
    assert RoleGrant.objects.at(MORNING).filter(pk=stage.home.grant.pk).exists()


# --- the first screen --------------------------------------------------------------------------------------------


def test_a_heads_first_screen_shows_his_unit_with_its_figures(stage):
    page = browser(stage.budi, strong=False).get(reverse("home")).content.decode()
    counted = coverage.coverage(stage.home.pact, stage.home.school, TODAY)
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    assert f"Unit Anda: {stage.home.school.name}" in said
    assert f"{counted.valid} sah dari {counted.obliged} yang wajib" in said
    assert reverse("coverage-unit", args=[stage.home.pact.pk, stage.home.school.pk]) in page


def test_an_auditors_first_screen_leads_to_the_log(stage):
    page = stage.accounts[Role.AUDITOR].client().get(reverse("home")).content.decode()
    assert f'role="button" href="{reverse("log")}"' in page
    assert "Tidak ada yang menunggu Anda" in page and "Yang menunggu Anda" not in page


def test_an_officer_without_the_second_step_is_told_where_to_set_it_up_and_what_comes_then(stage):
    weak = browser(stage.rina, strong=False)
    page = weak.get(reverse("home")).content.decode()
    assert "perlu langkah kedua" in page and f'href="{reverse("mfa_index")}"' in page
    TOTP.activate(stage.rina, generate_totp_secret())
    for name in ("home", "mfa_index"):
        assert "Keluar, lalu masuk lagi" in weak.get(reverse(name)).content.decode()
    assert "langkah kedua" not in browser(stage.rina).get(reverse("home")).content.decode()


def test_an_empty_agency_begins_with_the_import(stage):
    made, _root = stages.agency("13", "Pemerintah Provinsi")
    officer = outsider("PROV", "Petugas Provinsi")
    accounts.add_grant(officer, Role.PROGRAMME_OFFICER, agency=made, by=None, now=MORNING)
    page = browser(officer).get(reverse("home")).content.decode()
    assert "masih kosong" in page and f'<a href="{reverse("imports")}">' in page


@pytest.mark.parametrize(
    ("role", "agency", "body", "status"),
    [
        ("programme_officer", True, False, 302), ("programme_officer", False, False, 422), ("programme_officer", True, True, 422),
        ("intake_officer", False, True, 302), ("intake_officer", True, False, 422), ("auditor", False, False, 302),
        ("auditor", True, False, 422), ("administrator", False, False, 302), ("civil_servant", False, False, 422),
        ("unit_head", True, False, 422), ("raja", False, False, 422),
    ],
)  # fmt: skip
def test_a_role_is_given_over_what_the_table_says(stage, admin, role, agency, body, status):
    form = {"name": stages.WATI, "role": role, "reason": "SK"}
    form |= {"agency": stage.home.agency.pk} if agency else {}
    form |= {"body": stage.bawaslu.pk} if body else {}
    assert admin.post(reverse("roles"), form).status_code == status


def test_a_role_for_nobody_is_refused(stage, admin):
    form = {"name": "198001012005011999", "role": "auditor", "reason": "SK"}
    response = admin.post(reverse("roles"), form)
    assert response.status_code == 422 and "Tidak ada akun atau pegawai" in errors_of(response)


def test_a_role_until_a_day_holds_through_the_day_before_at_least(stage, admin):
    form = {"name": stages.WATI, "role": "auditor", "reason": "SK", "until_on": "2024-10-26"}
    admin.post(reverse("roles"), form)
    wati = User.objects.get(username=stages.WATI)
    assert browser(wati).get(reverse("log")).status_code == 200


@pytest.mark.parametrize(("until", "status"), [("2001-01-01", 422), ("2024-10-24", 422), ("2024-10-25", 302)])
def test_a_role_that_would_be_over_is_not_given_and_the_last_day_counts(stage, admin, until, status):
    before = RoleGrant.objects.count()
    response = admin.post(reverse("roles"), {"name": stages.WATI, "role": "auditor", "reason": "SK", "until_on": until})
    assert response.status_code == status and RoleGrant.objects.count() == before + (status == 302)
    if status == 422:
        assert "harus sesudah hari ini" in errors_of(response)


def test_the_last_administrator_stays(stage, admin):
    grant = RoleGrant.objects.get(role=Role.ADMINISTRATOR)
    response = admin.post(reverse("end-role", args=[grant.pk]), follow=True)
    assert "administrator terakhir" in messages_of(response)
    assert admin.get(reverse("roles")).status_code == 200


def test_an_outside_account_gets_its_code_once(stage, admin):
    response = admin.post(reverse("outside-account"), {"username": "bawaslu.bkt", "full_name": "Petugas Bawaslu"})
    code = re.search(r"<code>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){2})</code>", response.content.decode())[1]
    assert response.status_code == 200 and "no-store" in response["Cache-Control"]
    assert accounts.by_code("bawaslu.bkt", codes.tidy(code), now=MORNING).user.full_name == "Petugas Bawaslu"
    again = admin.post(reverse("outside-account"), {"username": "BAWASLU.BKT", "full_name": "Lain"})
    assert again.status_code == 422


@pytest.mark.parametrize("username", ["x", "198001012005011999", "a b", "a" * 31, "ü", "<b>", "1a", "_a"])
def test_a_name_that_could_be_a_number_or_markup_is_no_sign_in_name(stage, admin, username):
    response = admin.post(reverse("outside-account"), {"username": username, "full_name": "Siapa"})
    assert response.status_code == 422


def test_a_sign_in_name_like_those_of_people_without_a_number_is_not_given_away(stage, admin):
    """IK000123 is what somebody without a number signs in with: taken by another, his slip could not be printed."""
    nobody = Person.objects.create(identifier_type="none", identifier="x|y|z|", name="Tanpa Nomor")
    Placement.objects.create(person=nobody, unit=stage.home.school, employment="contract", from_on=TODAY)
    name = accounts.sign_in_name(nobody)
    response = admin.post(reverse("outside-account"), {"username": name, "full_name": "Siapa"})
    assert response.status_code == 422
    rina = browser(stage.rina)
    rina.raise_request_exception = False
    assert printed(rina, reverse("unit-slips", args=[stage.home.school.pk]))


def test_an_agency_is_made_and_put_under_another_and_never_under_itself(stage, admin):
    form = {"code": "13", "name": "Pemerintah Provinsi", "kind": "province", "region": "13"}
    assert admin.post(reverse("new-agency"), form)["Location"] == reverse("agencies")
    made = Agency.objects.get(code="13")
    assert made.letterhead == "Pemerintah Provinsi", "its name, where none was typed"
    path = reverse("agency", args=[stage.home.agency.pk])
    name = stage.home.agency.name
    assert admin.post(path, {"name": name, "parent": made.pk, "letterhead": "x"}).status_code == 302
    response = admin.post(
        reverse("agency", args=[made.pk]), {"name": "P", "parent": stage.home.agency.pk, "letterhead": ""}
    )
    assert response.status_code == 422
    assert admin.post(reverse("new-agency"), form).status_code == 422
    assert admin.post(reverse("new-agency"), form | {"code": "14", "region": "14"}).status_code == 422


def test_a_city_is_not_offered_under_a_city_and_one_that_stands_so_already_is_told(stage, admin):
    mine, other = stage.home.agency, stage.away.agency
    path = reverse("agency", args=[mine.pk])
    assert f'<option value="{other.pk}"' not in admin.get(path).content.decode()
    refused = admin.post(path, {"name": mine.name, "parent": other.pk, "letterhead": ""})
    assert refused.status_code == 422
    assert "Betulkan" not in admin.get(reverse("agencies")).content.decode()
    Agency.objects.filter(pk=mine.pk).update(parent=other)
    assert "Betulkan" in admin.get(reverse("agencies")).content.decode()
    kept = admin.post(path, {"name": mine.name, "parent": other.pk, "letterhead": ""})
    assert kept.status_code == 422 and "tidak dapat berada di bawah" in kept.content.decode()


def test_a_number_by_hand_that_is_not_for_that_person_is_refused_at_its_field(stage):
    rina, path = browser(stage.rina), reverse("change-identifier", args=[stage.home.teacher.pk])
    wrong = rina.post(path, {"kind": "nik", "number": "1371015503850001", "reason": "uji"}).content.decode()
    assert "bukan untuk kepegawaian" in wrong
    number = stage.home.teacher.identifier
    other = f"{int(number[:4]) + 1}{number[4:]}"
    assert rina.post(path, {"kind": "nip", "number": other, "reason": "uji"}).status_code in (302, 422)


def test_the_letterhead_that_was_typed_when_an_agency_was_made_stands(stage, admin):
    head = "PEMERINTAH PROVINSI\r\nSEKRETARIAT DAERAH\r\nJalan Contoh 1"
    form = {"code": "13", "name": "Pemerintah Provinsi", "kind": "province", "region": "13", "letterhead": head}
    admin.post(reverse("new-agency"), form)
    assert Agency.objects.get(code="13").letterhead.splitlines() == head.splitlines()


def test_a_province_does_not_see_into_its_cities(stage, admin):
    made, root = stages.agency("13", "Provinsi")
    Agency.objects.filter(pk=stage.home.agency.pk).update(parent=made)
    officer = stages.outsider("PROVINSI", "Petugas Provinsi")
    accounts.add_grant(officer, Role.PROGRAMME_OFFICER, agency=made, by=None, now=MORNING)
    client = browser(officer)
    assert client.get(reverse("person", args=[stage.home.teacher.pk])).status_code == 404
    assert client.get(reverse("unit", args=[stage.home.school.pk])).status_code == 404
    assert client.get(reverse("missing", args=[stage.home.pact.pk, stage.home.root.pk])).status_code == 404


def test_the_log_names_nobody_and_tells_when_a_payload_was_changed(stage, monkeypatch):
    auditor = browser(stage.accounts[Role.AUDITOR].user)
    page = auditor.get(reverse("log"), {"periksa": "1"}).content.decode()
    assert "Semua isi cocok dengan komitmennya" in page and "pact.signed" in page
    body = page[page.index("<main") : page.index("</main>")]
    for private in ("Sari", "Budi", "Tono", SARI, stages.TONO):
        assert private not in body
    monkeypatch.setattr("ikrar.services.installation.tampered", lambda: [1, 2])
    assert "2 isi tidak lagi cocok" in auditor.get(reverse("log"), {"periksa": "1"}).content.decode()


def rows_of(page: str) -> list[str]:
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)) for row in re.findall(r"<tr>.*?</tr>", page, re.S)[1:]]


def test_the_newest_acts_are_on_the_first_page_of_the_log_in_words_however_many_there_are(stage):
    with transaction.atomic():
        ledger.append_many("pact.signed", [{"obligation": n} for n in range(150)], now=MORNING - timedelta(days=3))
        ledger.append("role.ended", {"grant": 1, "by": None}, now=MORNING + timedelta(hours=1))
        ledger.append("report.filed", {"report": "f" * 64}, now=MORNING - timedelta(days=9))
    auditor = browser(stage.accounts[Role.AUDITOR].user)
    page = auditor.get(reverse("log")).content.decode()
    first = rows_of(page)[0]
    assert "25 Oktober 2024" in first and "WIB" in first and "Peran diakhiri role.ended" in first and "grant 1" in first
    asked = {"peristiwa": "report.filed", "hari": "2024-10-16"}
    found = rows_of(auditor.get(reverse("log"), asked).content.decode())
    assert len(found) == 1 and "16 Oktober 2024" in found[0] and "WIB" not in found[0]
    assert "ffffffffffff…" in found[0] and "f" * 64 in found[0], "shortened, and whole below"
    of_day = auditor.get(reverse("log"), {"peristiwa": "pact.signed", "hari": "2024-10-22"})
    assert "150 entri ditemukan" in of_day.content.decode() and len(rows_of(of_day.content.decode())) == 100
    assert "?peristiwa=pact.signed&amp;hari=2024-10-22&amp;hal=2" in of_day.content.decode()
    assert auditor.get(reverse("log"), {"peristiwa": "x", "hari": "besok", "hal": "-1"}).status_code == 200


def test_a_payload_that_somebody_wrote_over_is_shown_as_it_is(stage):
    raw = LogPayload(entry=LogEntry(commitment=b"x" * 32), salt=b"x" * 32, payload=b"[1]\xff")
    assert installation._logged(raw) == {"whole": "[1]\ufffd", "holds": False}


def test_the_elections_of_a_region_are_those_it_holds_the_nearest_first(stage, rina):
    page = rina.get(reverse("elections")).content.decode()
    order = [page.find(f"/{each}/") for each in ("pilkada-2024", "pemilu-2024", "pemilu-2019", "pilkada-2020")]
    assert order == sorted(order) and -1 not in order
    assert "pilkada-2025-repeat" not in page and "270 daerah; periksa apakah daerah Anda termasuk" in page
    assert rina.get(reverse("election", args=[stage.home.agency.pk, "pilkada-2025-repeat"])).status_code == 404
    form = rina.get(reverse("new-round")).content.decode()
    options = re.findall(r'<option value="(p[a-z]+-[^"]*)"', form)
    assert options[0] == "pilkada-2024" and "pilkada-2025-repeat" not in options


def test_the_installation_page_promises_nothing_that_is_not_there(stage, admin):
    page = admin.get(reverse("installation")).content.decode()
    assert "tersegel" not in page and "tanpa ketahuan" not in page and "bukti ke luar belum ada" in page


def test_the_installation_page_tells_what_runs_here(stage, admin):
    page = admin.get(reverse("installation")).content.decode()
    assert "Sungguhan" in page and "Panggung" in page


def test_an_upload_in_several_pieces_is_one_file(stage, rina):
    rows = tuple((f"19910101201903{number:04d}", f"Orang {number}", "PNS") for number in range(1001, 1999))
    content = stages.roster_file(*rows)
    assert len(content) > 30_000
    response = rina.post(
        reverse("imports"), {"agency": stage.home.agency.pk, "file": SimpleUploadedFile("b.csv", content)}
    )
    assert response.status_code == 302


# --- numbers that no record can have -------------------------------------------------------------------------------

TOO_LARGE = "9" * 20


@pytest.mark.parametrize(
    ("page", "field"), [("new-office-round", "offices"), ("new-circular", "units"), ("new-duty", "offices")]
)
def test_a_choice_that_no_record_can_be_is_a_wrong_choice(stage, page, field):
    answer = browser(stage.rina).post(reverse(page), {field: [TOO_LARGE], "agency": stage.home.agency.pk})
    assert answer.status_code == 422 and TOO_LARGE in answer.content.decode()


@pytest.mark.parametrize("many", [TOO_LARGE, "9" * 5000, "²"])
def test_a_number_that_no_record_can_have_is_chosen_by_nobody(stage, many):
    answer = browser(stage.rina).post(reverse("address-round", args=[stage.home.pact.pk]), {"agency": [many]})
    assert answer.status_code in (200, 302)


def test_a_bundle_without_a_certificate_is_told_in_words_by_its_address_too(stage):
    rina, where = browser(stage.rina), [stage.home.pact.pk, stage.home.other_school.pk]
    answer = rina.get(reverse("bundle", args=where), follow=True)
    assert answer.redirect_chain[0][0] == reverse("coverage-unit", args=where)
    assert "tidak ada yang dihimpun" in answer.content.decode()


def test_a_role_that_is_never_given_by_hand_is_not_offered(stage):
    admin = stage.accounts[stages.Role.ADMINISTRATOR].client()
    page = admin.get(reverse("roles")).content.decode()
    assert 'value="auditor"' in page
    for role in ("civil_servant", "unit_head", "office_holder", "pact_witness"):
        assert f'value="{role}"' not in page
        sent = admin.post(reverse("roles"), {"name": stage.sari.username, "role": role, "reason": "SK"})
        assert sent.status_code == 422


def test_a_contest_leaves_a_trace_on_the_officers_page_of_the_person_without_its_reason(stage):
    sari, rina = browser(stage.sari), browser(stage.rina)
    person, path = reverse("person", args=[stage.home.teacher.pk]), reverse("contest", args=[stage.home.signature.pk])
    assert "disangkal" not in rina.get(person).content.decode()
    asked = sari.post(path, {"reason": "saya di rumah sakit"}).content.decode()
    assert "Sangkalan tidak dapat dicabut" in asked and not stage.home.signature.__class__.objects.exclude(contest=None)
    for part in (
        "teks versi 1",
        stage.home.school.name,
        codes.grouped(stage.home.signature.code),
        "ya, hari ini berlaku",
    ):
        assert part in asked and part in sari.get(reverse("account")).content.decode()
    sari.post(path, {"reason": "saya di rumah sakit", "sure": "1"})
    page = rina.get(person).content.decode()
    assert "Tanda tangan yang disangkal pemiliknya" in page and "rumah sakit" not in page


def test_a_units_page_names_the_acting_head_and_whom_the_roster_marks_as_what_he_is(stage, rina):
    home, common = stage.home, {"by": None, "now": MORNING}
    path = reverse("unit", args=[home.school.pk])
    assert "Kepala sekarang" not in rina.get(path).content.decode()
    post = offices.create_office(agency=home.agency, unit=home.school, title="Kepala", kind="head_of_unit", **common)
    offices.take_over(
        post, person=home.teacher, capacity="plt", from_at=MORNING, letter_number="SP 1", letter_on=None, **common
    )
    page = " ".join(rina.get(path).content.decode().split())
    assert f"Kepala sekarang: <strong> Plt. {home.teacher.full_name}</strong>" in page
    assert "kepala menurut daftar pegawai" in page
    listed = " ".join(rina.get(reverse("units")).content.decode().split())
    assert home.teacher.full_name in listed and home.head.full_name not in listed
    # The one whom the roster marks opens nothing of the unit any more; the acting head does.
    assert browser(stage.budi).get(path).status_code == 403
    assert browser(stage.sari).get(path).status_code == 200


def test_the_pages_of_duties_say_what_was_missed_and_what_was_done_last(stage, rina):
    Duty.objects.filter(pk=stage.home.part.duty_id).update(from_on=TODAY - timedelta(days=4))
    part = DutyOwner.objects.get(pk=stage.home.part.pk)
    duties.mark_done(
        part, user=stage.rina, evidence="loket dibuka lagi", on=TODAY - timedelta(days=2), for_owner=True, now=MORNING
    )
    assert "loket dibuka lagi" not in rina.get(reverse("duty", args=[part.duty_id])).content.decode()
    for path in (reverse("duties"), reverse("duty", args=[part.duty_id]), reverse("duty-record", args=[part.pk])):
        page = " ".join(rina.get(path).content.decode().split())
        assert "3 kali terlewat: 24 Oktober 2024; 22 Oktober 2024; 21 Oktober 2024" in page, path
    assert "25 Oktober 2024: loket dibuka" in rina.get(reverse("duty", args=[part.duty_id])).content.decode()


def test_an_office_that_is_a_civil_servants_is_not_offered_to_outsiders_and_says_why(stage, rina):
    common = {"agency": stage.home.agency, "unit": None, "by": None, "now": MORNING}
    secretary = offices.create_office(title="Sekretaris Daerah", kind="secretary", **common)
    mayor = offices.create_office(title="Wali Kota Umpama", kind="head_of_region", **common)
    link = "Pemegang dari luar daftar pegawai"
    assert link not in rina.get(reverse("office", args=[secretary.pk])).content.decode()
    assert link in rina.get(reverse("office", args=[mayor.pk])).content.decode()
    form = {"name": "Orang Luar", "capacity": "pj", "from_at": "2024-10-25T09:00", "late": "on"}
    for page in ("outside-holder", "take-over"):
        response = rina.post(reverse(page, args=[secretary.pk]), form)
        said = response.content.decode()
        assert response.status_code == 422 and "hanya untuk pegawai di daftar pegawai instansi ini" in said
        assert 'value="Orang Luar"' in said
    assert not secretary.holdings.exists()
