"""The public door: checking a certificate, the calendar, the language, and what every answer carries."""

import os
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from ikrar.domain import codes
from ikrar.records.models import CertificateFile, LogEntry, Region, Signature
from ikrar.services import certificates, elections, pulse
from tests.web import stage as stages
from tests.web.stage import MORNING, SARI, browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger():
    return Client()


def signature_of(stage) -> Signature:
    return Signature.objects.select_related("unit__agency", "version", "person", "obligation__pact_round__text").get(
        pk=stage.home.signature.pk
    )


@pytest.fixture
def paper(stage):
    """Sari's certificate as it left."""
    return certificates.render(signature_of(stage), now=MORNING)


def upload(client: Client, content: bytes, name: str = "sertifikat.pdf", kind: str = "application/pdf"):
    return client.post(reverse("check"), {"file": SimpleUploadedFile(name, content, kind)})


# --- by code -----------------------------------------------------------------------------------------------------


def test_the_check_shows_name_unit_text_day_and_grade(stage, stranger):
    page = stranger.get(reverse("check-code", args=[stage.home.signature.code]))
    said = page.content.decode()
    assert page.status_code == 200
    for part in (
        "Asli, dan berlaku hari ini", "Sari Dewi, S.Pd", "SMP Negeri 1 Bukittinggi", "Pemerintah Kota Bukittinggi",
        "Ikrar Bersama", "hadir dan setia", "25 Oktober 2024", "kata sandi milik sendiri",
        codes.grouped(stage.home.signature.code), stage.home.signature.text_digest,
    ):  # fmt: skip
        assert part in said, part


def test_the_check_never_shows_a_digit_sequence_of_the_number(stage, stranger, paper):
    """A NIP holds birth date and sex."""
    answers = [stranger.get(reverse("check-code", args=[stage.home.signature.code])), upload(stranger, paper)]
    for answer in answers:
        said = (
            answer.content.decode()
            .replace(stage.home.signature.text_digest, "")
            .replace(codes.grouped(stage.home.signature.code), "")
        )
        for start in range(len(SARI) - 4):
            assert SARI[start : start + 5] not in said
        assert not re.search(r"\d{5,}", re.sub(r'value="[^"]*"|/\S+', "", said))


@pytest.mark.parametrize("written", [str, codes.grouped, str.lower, lambda code: f" {codes.grouped(code)} ".lower()])
def test_a_code_may_be_typed_in_any_way(stage, stranger, written):
    response = stranger.post(reverse("check"), {"code": written(stage.home.signature.code)}, follow=True)
    assert response.status_code == 200 and response.context["result"].signature == stage.home.signature


@pytest.mark.parametrize("code", ["0000-0000-0000-0000", "X", "-----", "%", "İ", "१२३४", "'; DROP TABLE", "K" * 40])
def test_an_unknown_code_is_told_so(stranger, stage, code):
    response = stranger.post(reverse("check"), {"code": code}, follow=True)
    assert response.status_code == 404 and "Kode ini tidak dikenal" in response.content.decode()


def test_a_code_in_an_address_is_never_markup(stranger, stage):
    response = stranger.get("/periksa/%3Cscript%3Ealert(1)%3C%2Fscript%3E/")
    assert response.status_code == 404 and "<script>alert" not in response.content.decode()


def test_an_empty_form_says_what_is_missing(stranger, stage):
    response = stranger.post(reverse("check"), {"code": ""})
    assert response.status_code == 422 and "Tulis kodenya atau pilih berkasnya" in response.content.decode()


def test_checking_leaves_no_trace(stage, stranger, paper):
    before = (LogEntry.objects.count(), CertificateFile.objects.count())
    stranger.get(reverse("check-code", args=[stage.home.signature.code]))
    upload(stranger, paper)
    assert (LogEntry.objects.count(), CertificateFile.objects.count()) == before
    assert "ikrar" not in stranger.cookies, "a session was opened for somebody who only checks"


# --- by file -----------------------------------------------------------------------------------------------------


def test_a_genuine_file_is_known(stranger, paper):
    said = upload(stranger, paper).content.decode()
    assert "sama bita demi bita" in said and "Sari Dewi" in said and "Asli, dan berlaku hari ini" in said


def test_the_name_of_the_file_does_not_matter(stranger, paper):
    for name, kind in (
        ("x.PDF", "application/octet-stream"),
        ("../../etc/passwd", "text/plain"),
        ("a" * 300 + ".pdf", "x/y"),
    ):
        assert "sama bita demi bita" in upload(stranger, paper, name, kind).content.decode()


@pytest.mark.parametrize("where", [0.001, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_one_altered_byte_is_caught(stranger, paper, where):
    at = int(len(paper) * where)
    altered = paper[:at] + bytes([paper[at] ^ 0x20]) + paper[at + 1 :]
    response = upload(stranger, altered)
    said = response.content.decode()
    assert response.status_code == 200
    assert "sudah diubah" in said or "bukan sertifikat dari sini" in said
    assert "Sari" not in said and "Asli" not in said


def test_a_certificate_whose_name_was_changed_is_called_altered(stranger, paper):
    """What a forger does: the drawn page changes, the seal stays."""
    at = paper.index(b"stream") + 60
    said = upload(stranger, paper[:at] + bytes([paper[at] ^ 1]) + paper[at + 1 :]).content.decode()
    assert "Berkas ini sudah diubah" in said


FOREIGN = {
    "a pdf from elsewhere": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF",
    "a text": b"halo",
    "an office file": b"PK\x03\x04" + bytes(2000),
    "noise": bytes(range(256)) * 20,
    "a page that speaks of us": b"<html><body>Sertifikat Ikrar, sungguh</body></html>",
    "a pdf that speaks of us": b"%PDF-1.4\n% Ikrar\n%%EOF",
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_foreign_file_is_called_foreign(stage, stranger, what):
    response = upload(stranger, FOREIGN[what])
    assert response.status_code == 200
    assert "bukan sertifikat dari sini" in response.content.decode()


def test_an_empty_file_is_refused_in_words(stage, stranger):
    response = upload(stranger, b"")
    assert response.status_code == 422 and 'class="errors"' in response.content.decode()


def test_a_file_of_ten_megabytes_is_refused_without_being_read(stage, stranger, monkeypatch):
    read = []
    monkeypatch.setattr(certificates, "by_file", lambda content: read.append(len(content)))
    response = upload(stranger, b"%PDF-" + bytes(10_000_000))
    assert response.status_code in (200, 413, 422) and not read
    assert "Asli" not in response.content.decode()


def test_a_file_beyond_the_limit_is_told_that_it_is_too_large(stage, stranger, settings):
    """A genuine bundle of a large office is bigger than the limit: "not from here" would be untrue."""
    response = upload(stranger, b"%PDF-" + bytes(settings.CERTIFICATE_LIMIT_BYTES))
    assert "terlalu besar" in response.content.decode()


def test_a_bundle_that_left_here_is_not_called_altered(stage, stranger):
    client = browser(stage.rina)
    bundle = client.get(reverse("bundle", args=[stage.home.signed_pact.pk, stage.home.school.pk])).content
    assert "sudah diubah" not in upload(stranger, bundle).content.decode()


def test_code_and_file_together_are_answered_for_the_file(stage, stranger, paper):
    response = stranger.post(
        reverse("check"), {"code": "0000", "file": SimpleUploadedFile("a.pdf", paper, "application/pdf")}
    )
    assert "sama bita demi bita" in response.content.decode()


# --- language ----------------------------------------------------------------------------------------------------

ELSEWHERE = (
    "https://jahat.example/", "//jahat.example", "///jahat.example", "/\\jahat.example", "http:///jahat.example",
    "javascript:alert(1)", "\\\\jahat.example", "/\t/jahat.example", "jahat.example", "", "/ok\r\nX-Injected: 1",
)  # fmt: skip


@pytest.mark.parametrize("back", ELSEWHERE)
def test_choosing_a_language_leads_to_no_other_host(stage, stranger, back):
    response = stranger.post(reverse("language"), {"language": "en", "back": back})
    assert response.status_code == 302
    assert re.fullmatch(r"/(?![/\\\t]).*|/", response["Location"]), response["Location"]
    assert "jahat" not in response["Location"]
    assert "X-Injected" not in response.headers


def test_a_language_is_kept_and_the_page_comes_back(stage, stranger):
    response = stranger.post(reverse("language"), {"language": "en", "back": reverse("check")})
    assert response["Location"] == reverse("check")
    page = stranger.get(reverse("check"))
    assert page["Content-Language"] == "en" and '<html lang="en"' in page.content.decode()
    stranger.post(reverse("language"), {"language": "id", "back": "/"})
    assert stranger.get(reverse("check"))["Content-Language"] == "id"


@pytest.mark.parametrize("language", ["de", "", "../../etc", "en'", "x" * 5000])
def test_a_language_that_we_do_not_speak_changes_nothing(stage, stranger, language):
    stranger.post(reverse("language"), {"language": language, "back": "/"})
    assert "bahasa" not in stranger.cookies
    stranger.cookies["bahasa"] = language or "zz"
    assert stranger.get("/")["Content-Language"] == "id"


def test_indonesian_is_first_whatever_the_browser_prefers(stage, stranger):
    assert stranger.get("/", headers={"accept-language": "en"})["Content-Language"] == "id"


# --- calendar ----------------------------------------------------------------------------------------------------


def unfolded(text: str) -> list[str]:
    """The lines of a calendar as RFC 5545 joins them."""
    assert "\r\n" in text and not re.search(r"[^\r]\n", text)
    return re.sub(r"\r\n[ \t]", "", text).rstrip("\r\n").split("\r\n")


def test_the_feed_of_a_region_is_a_calendar(stage, stranger):
    response = stranger.get(reverse("calendar-feed", args=["13.75"]))
    assert response.status_code == 200 and response["Content-Type"].startswith("text/calendar")
    raw = response.content
    assert all(len(line) <= 75 for line in raw.split(b"\r\n")), "a line of more than 75 octets"
    lines = unfolded(raw.decode())
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR"
    opened: list[str] = []
    events: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        key = name.split(";")[0]
        if key == "BEGIN":
            opened.append(value)
            if value == "VEVENT":
                events.append({})
        elif key == "END":
            assert opened.pop() == value
        elif opened[-1] == "VEVENT":
            assert re.fullmatch(r"[A-Z-]+", key) and key not in events[-1], line
            events[-1][key] = value
    assert not opened and len(events) > 30
    assert len({event["UID"] for event in events}) == len(events)
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= set(event)
        assert event["DTSTART"] < event.get("DTEND", "99999999")
    voting = [event for event in events if event["DTSTART"] == "20241127"]
    assert voting and any("emungutan" in event["SUMMARY"] for event in voting)


def test_a_stage_that_moved_moves_in_the_feed_and_on_the_page(stage, stranger):
    election = next(each for each in elections.calendar_of("13.75") if each.election.id == "pilkada-2024")
    first = election.election.stages[0]
    day = first.from_on + timedelta(days=400) if first.from_on else stages.TODAY
    elections.move_stage(
        election="pilkada-2024", region_code="13.75", stage=first.id, from_on=day, last_on=day, reason="banjir besar",
        sure=True, by=stage.rina, now=MORNING,
    )  # fmt: skip
    feed = "".join(unfolded(stranger.get(reverse("calendar-feed", args=["13.75"])).content.decode()))
    assert "banjir besar" in feed and day.strftime("%Y%m%d") in feed
    page = stranger.get(reverse("calendar-region", args=["13.75"])).content.decode()
    assert "banjir besar" in page and "digeser di sini" in page
    other = stranger.get(reverse("calendar-feed", args=["13.76"])).content.decode()
    assert "banjir" not in other


@pytest.mark.parametrize("region", ["99.99", "x", "..", "13.75x", "1" * 300, "13.75%0d%0aX:1", "%00", "%E0%A5%A7"])
def test_an_unknown_region_is_not_found(stage, stranger, region):
    stranger.raise_request_exception = False
    for path in (f"/kalender/{region}.ics", f"/kalender/{region}/"):
        assert stranger.get(path).status_code == 404, path


def test_a_reader_chooses_a_region(stage, stranger):
    page = stranger.get(reverse("calendar")).content.decode()
    assert "Kota Bukittinggi" in page and "Kota Payakumbuh" in page
    assert stranger.get(reverse("calendar"), {"wilayah": " 13.75 "})["Location"] == reverse(
        "calendar-region", args=["13.75"]
    )
    page = stranger.get(reverse("calendar-region", args=["13.75"])).content.decode()
    assert "Pemilihan" in page and "27 November 2024" in page


def test_a_regions_calendar_opens_at_the_nearest_election_and_writes_no_codes(stage, stranger):
    page = stranger.get(reverse("calendar-region", args=["13.75"])).content.decode()
    titles = re.findall(r'<h2 id="([^"]+)">', page)
    assert titles[:2] == ["pilkada-2024", "pemilu-2024"] and "pilkada-2025-repeat" not in titles
    assert page.count("<details open>") == 1 and page.index("<details open>") < page.index('id="pemilu-2024"')
    assert "171 daerah; periksa apakah daerah Anda termasuk" in page
    assert "dprd-regency-city" not in page and "DPRD kabupaten/kota" in page


@pytest.mark.parametrize(
    "name", ["landing", "check", "calendar", "credits", "health", "account_login", "rulebook", "ask", "opinion-library"]
)
def test_a_page_answers_to_whoever_asks_for_its_head_only(stage, stranger, name):
    response = stranger.head(reverse(name))
    assert response.status_code == stranger.get(reverse(name)).status_code == 200
    assert response.content == b""


@pytest.mark.parametrize("wanted", ["a/b", "../x", "//jahat.example", "?", "#", "%"])
def test_a_region_with_a_slash_in_it_is_no_error(stage, stranger, wanted):
    stranger.raise_request_exception = False
    response = stranger.get(reverse("calendar"), {"wilayah": wanted}, follow=True)
    assert response.status_code in (200, 404)
    assert all("jahat.example" not in step.split("/")[2:3] for step, _ in response.redirect_chain)


# --- what somebody mean types ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/pegawai/?q=%00", "/pegawai/?q=Sari%00", "/pegawai/?hal=%00", "/unit/?tanpa-kepala=%00", "/kalender/?wilayah=%00",
     "/pemilihan/1/%00/", "/periksa/%00/", "/log/?hal=x", "/impor/?hal=-1", "/pegawai/?q=%F0%9F%98%80", "/pegawai/?q=%ff"],
)  # fmt: skip
def test_a_nul_or_a_broken_sign_in_an_address_is_no_error(stage, path):
    client = browser(stage.rina)
    client.raise_request_exception = False
    assert client.get(path).status_code < 500


# --- what every answer carries -----------------------------------------------------------------------------------


def answers(stage) -> dict[str, object]:
    """One answer of each kind: pages, refusals, downloads, redirects, and an error of ours."""
    stranger, sari, rina = Client(), browser(stage.sari), browser(stage.rina)
    rina.raise_request_exception = sari.raise_request_exception = False
    token = browser(stage.sari, enforce_csrf_checks=True)
    return {
        "front page": stranger.get("/"),
        "sign-in": stranger.get(reverse("account_login")),
        "check": stranger.get(reverse("check")),
        "unknown code": stranger.get(reverse("check-code", args=["X"])),
        "calendar": stranger.get(reverse("calendar-region", args=["13.75"])),
        "feed": stranger.get(reverse("calendar-feed", args=["13.75"])),
        "health": stranger.get(reverse("health")),
        "not found": stranger.get("/tidak-ada/"),
        "redirect": stranger.get(reverse("home")),
        "refused form": stranger.post(reverse("account_login"), {"name": "x", "password": "y"}),
        "wrong method": stranger.get(reverse("language")),
        "home": sari.get(reverse("home")),
        "pact": sari.get(reverse("pact", args=[stage.home.duty.pk])),
        "certificate": sari.get(reverse("my-certificate", args=[stage.home.signed_duty.pk])),
        "forbidden": sari.get(reverse("rounds")),
        "no token": token.post(reverse("inbox-read")),
        "coverage": rina.get(reverse("coverage-unit", args=[stage.home.pact.pk, stage.home.root.pk])),
        "caught refusal": rina.post(reverse("close-round", args=[stage.home.draft.pk])),
        "slips": rina.post(reverse("unit-slips", args=[stage.home.school.pk])),
    }


def test_every_answer_carries_the_policy_that_nothing_comes_from_another_host(stage):
    found = answers(stage)
    assert {name: answer.status_code for name, answer in found.items() if answer.status_code >= 500} == {}
    assert (found["no token"].status_code, found["caught refusal"].status_code) == (403, 422)
    for name, answer in found.items():
        policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'" and policy["script-src"] == policy["style-src"] == "'self'", name
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'" and policy["form-action"] == "'self'", name
        assert "unsafe" not in answer["Content-Security-Policy"] and "http" not in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff", name
        assert answer["Referrer-Policy"] == "same-origin", name
        assert answer["X-Frame-Options"] == "DENY", name
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert "camera=()" in answer["Permissions-Policy"], name
        assert "no-store" in answer["Cache-Control"], name
        assert answer["Content-Language"] == "id", name


def test_an_error_of_ours_carries_the_policy_too_and_shows_nothing_of_it(stage, monkeypatch):
    def broken(*_args):
        raise RuntimeError("rahasia dapur")

    monkeypatch.setattr("ikrar.services.pacts.of_person", broken)
    client = browser(stage.sari)
    client.raise_request_exception = False
    answer = client.get(reverse("my-pacts"))
    assert answer.status_code == 500
    assert "default-src 'none'" in answer["Content-Security-Policy"] and "no-store" in answer["Cache-Control"]
    said = answer.content.decode()
    assert "Ada gangguan pada sistem" in said and "rahasia" not in said and "Traceback" not in said


def test_no_page_loads_anything_from_elsewhere_or_runs_anything_of_its_own(stage):
    for name, answer in answers(stage).items():
        if not answer.get("Content-Type", "").startswith("text/html") or answer.status_code in (302, 405):
            continue
        page = answer.content.decode()
        for address in re.findall(r'<(?:script|link|img|form|iframe)[^>]*?(?:src|href|action)="([^"]*)"', page):
            assert re.match(r"/(?!/)|data:image|#", address), f"{name}: {address}"
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page), name
        assert not re.search(r"<script(?![^>]*src=)(?![^>]*application/json)", page), name


def test_health_tells_a_monitor_whether_the_installation_answers(stage, stranger):
    response = stranger.get(reverse("health"))
    said = response.json()
    assert (response.status_code, said.pop("ok"), said.pop("database")) == (200, True, True)
    assert set(said) == {"worker_silent_s", "tick_silent_s"} and max(said.values()) < 120


@pytest.mark.parametrize("part", pulse.PARTS)
def test_health_tells_a_monitor_of_a_part_that_is_silent_or_was_never_seen(stage, stranger, stage_home, part):
    path = stage_home / "pulse" / part
    for silent in (lambda: os.utime(path, (MORNING.timestamp() - 121,) * 2), path.unlink):
        silent()
        response = stranger.get(reverse("health"))
        assert (response.status_code, response.json()["ok"]) == (503, False)
    pulse.beat(part, MORNING)
    assert stranger.get(reverse("health")).status_code == 200


def test_health_tells_a_monitor_of_a_database_that_does_not_answer(stage, stranger, monkeypatch):
    def broken(*_args):
        raise OperationalError("no connection")

    monkeypatch.setattr("ikrar.web.views.public.installation", broken)
    response = stranger.get(reverse("health"))
    assert (response.status_code, response.json()["database"]) == (503, False)
    assert "ikrar" not in response.cookies


def test_the_public_pages_open_no_session(stage, stranger):
    for path in (
        "/",
        reverse("check"),
        reverse("calendar"),
        reverse("credits"),
        reverse("calendar-region", args=["13.75"]),
    ):
        stranger.get(path)
    assert "ikrar" not in stranger.cookies


def test_another_host_name_is_refused(stage, stranger):
    assert stranger.get("/", headers={"host": "jahat.example"}).status_code == 400


def test_the_credits_name_the_sources(stage, stranger):
    page = stranger.get(reverse("credits")).content.decode()
    for name in ("idn-area-data", "ODbL", "EUPL-1.2", "Kementerian Dalam Negeri"):
        assert name in page


def test_regions_of_the_stage_are_the_few_it_needs(stage):
    assert Region.objects.count() == 3


# --- what cannot be read at all ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda client: client.get("/", headers={"host": "lain.example"}), {"id": "bukan alamat Ikrar", "en": "not an address of Ikrar"}),
        (
            lambda client: client.post("/periksa/", {"code": "x" * 3_000_000}),
            {"id": "terlalu besar", "en": "too large"},
        ),
        (
            lambda client: client.post("/periksa/", {f"a{number}": "" for number in range(2100)}),
            {"id": "terlalu banyak", "en": "Too many fields"},
        ),
    ],
    ids=["an unknown host", "a body of 3 MB", "2,100 fields"],
)  # fmt: skip
def test_what_cannot_be_read_is_answered_in_words_of_ours(stage, language, ask, says):
    client = Client()
    client.cookies["bahasa"] = language
    response = ask(client)
    page = response.content.decode()
    assert response.status_code == 400 and says[language] in page and f'<html lang="{language}">' in page
    assert "Bad Request" not in page


def test_too_many_wrong_passwords_at_a_confirmation_are_answered_in_words_of_ours(stage):
    stages.set_password(stage.sari)
    client = browser(stage.sari, at=MORNING.timestamp() - 4000)
    path = reverse("account_reauthenticate")
    statuses = [client.post(path, {"password": "salah"}).status_code for _ in range(22)]
    response = client.post(path, {"password": "salah"})
    assert statuses[-1] == response.status_code == 429
    assert "Terlalu sering dicoba" in response.content.decode() and "Too Many" not in response.content.decode()


@pytest.mark.parametrize(
    "pasted", ["http://localhost:8000/periksa/{code}/", "  https://ikrar.example/periksa/{code}/?x=1 "]
)
def test_the_address_of_a_check_may_be_pasted_where_its_code_is_asked_for(stage, stranger, pasted):
    code = stage.home.signature.code
    answer = stranger.post(reverse("check"), {"code": pasted.format(code=code)})
    assert answer["Location"] == reverse("check-code", args=[code])
    assert stranger.post(reverse("check"), {"code": "A" * 41}).status_code == 422
    assert stranger.post(reverse("check"), {"code": "???"})["Location"] == reverse("check-code", args=["-"])
