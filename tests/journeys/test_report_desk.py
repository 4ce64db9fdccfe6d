"""A report at the officers' desk: opened in their browsers alone, asked about, confirmed by a second person, decided."""

import json
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import LOOKS, ROOT, audit, new_place, violations
from tests.journeys.test_reporter_scripted import photo
from tests.reporter import Reporter

STORY = "Lurah rekaan meminta stafnya memakai kaus satu pasangan calon pada apel pagi di lapangan contoh."
QUESTION = "Siapa yang melihat apel itu?"
ANSWER = "Dua orang tetangga melihatnya."


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The demo of Bukittinggi, served; what is done here stays here."""
    found = new_place(tmp_path_factory.mktemp("report-desk"))
    found.run("load-scenario", "bukittinggi-2024", "--today", "2024-10-25")
    found.serve()
    yield found
    found.stop()


def file_one(place, **identity) -> str:
    """File a report to the inspectorate with a photo; return its code."""
    reporter = Reporter(place.port)
    _status, page = reporter.post("/lapor/isi/", step="start", region="13.75")
    body = re.search(r'value="(\d+)"\s*>\s*<strong>Inspektorat', page)[1]
    answers = {
        "what": {"what": STORY},
        "when": {"when": "Senin pagi", "where": "Lapangan contoh", "known_on": "2024-10-24"},
        "who": {"who-0-post": "Lurah rekaan"},
        "identity": identity or {"named": "no"},
    }
    page, code = reporter.until_files("13.75", int(body), answers)
    assert reporter.send(page, [("apel.jpg", photo())])[0] == 200
    return code


@pytest.fixture(scope="module")
def filed(place):
    """The code of a report without a name."""
    return file_one(place)


@pytest.fixture
def another(place, filed):
    """The code of a report with a name, which comes after the first was decided."""
    return file_one(place, named="yes", name="Pelapor Contoh", address="Jalan Contoh 1", agreed="on")


def file_one_excluding(place, name: str) -> None:
    """File a report that somebody of this name may never open, whoever he is by then."""
    reporter = Reporter(place.port)
    _status, page = reporter.post("/lapor/isi/", step="start", region="13.75")
    body = re.search(r'value="(\d+)"\s*>\s*<strong>Inspektorat', page)[1]
    answers = {"exclude": {"names": name}, "what": {"what": STORY}, "identity": {"named": "no"}}
    page, _code = reporter.until_files("13.75", int(body), answers)
    assert reporter.send(page)[0] == 200


def stepped_in(page: Page, part: str) -> Page:
    page.goto("/")
    page.click(f"button[value={part}]")
    return page


def address_of(place, code: str) -> str:
    """Return the address at which officers find the report of a code."""
    return "/laporan/" + inside(place, _NUMBER.replace("CODE", repr(code))) + "/"


def open_report(page: Page, address: str) -> str:
    """Open a report with the passphrase that the demo tells; return its address."""
    page.goto(address)
    said = page.inner_text("main")
    words = page.inner_text("#demo-passphrase").strip()
    assert STORY not in said
    page.fill("#passphrase", words)
    page.click("button:has-text('Buka laporan')")
    page.wait_for_selector("#opened:not([hidden])")
    return page.url


def seen_by_day_and_by_night(page: Page) -> None:
    audit(page)
    page.emulate_media(color_scheme="dark")
    assert violations(page, LOOKS) == []
    page.emulate_media(color_scheme="light")


def test_a_report_shows_nothing_to_whom_it_was_not_sealed_and_locks_itself(place, filed, desk):
    officer = stepped_in(desk(place), "intake_officer")
    address = open_report(officer, address_of(place, filed))
    officer.click("#lock")
    officer.wait_for_selector("#passphrase")
    assert STORY not in officer.inner_text("main")
    officer.fill("#passphrase", "abadi abadi abadi abadi abadi abadi abadi")
    officer.click("button:has-text('Buka laporan')")
    officer.wait_for_selector("#open-says:not([hidden])")
    assert STORY not in officer.content()
    other = stepped_in(desk(place), "supervisor_officer")
    assert other.goto(address).status == 404
    plain = desk(place, java_script_enabled=False)
    stepped_in(plain, "intake_officer").goto(address)
    assert "perlu JavaScript" in plain.inner_text("main") and STORY not in plain.inner_text("main")


def test_a_report_is_opened_asked_about_confirmed_and_decided_and_its_reporter_follows(place, filed, desk, phone):
    officer = stepped_in(desk(place), "intake_officer")
    asked = []
    officer.on("request", lambda request: asked.append((request.url, request.post_data_buffer or b"")))
    address = open_report(officer, address_of(place, filed))
    told = officer.inner_text("#opened")
    assert STORY in told and "Lurah rekaan" in told and "apel.jpg" in told
    seen_by_day_and_by_night(officer)
    officer.click("button:has-text('Tampilkan')")
    officer.wait_for_selector("#files canvas")
    assert "Utuh" in officer.inner_text("#files")
    audit(officer)

    # A question, sealed in the browser; the reporter reads and answers it with his code.
    officer.fill("#reply-text", QUESTION)
    officer.click("button:has-text('Segel dan kirim jawaban')")
    officer.wait_for_selector("text=Jawaban disimpan tersegel")
    assert QUESTION not in officer.inner_text("main"), "the page opened nothing by itself"
    open_report(officer, address)
    assert QUESTION in officer.inner_text("#dialogue")
    reporter = phone(place, java_script_enabled=False)
    reporter.goto("/lapor/kotak/")
    reporter.fill("#code", filed)
    reporter.click("button:has-text('Buka kotak')")
    assert QUESTION in reporter.inner_text("main") and "Sudah dibuka petugas" in reporter.inner_text("main")
    reporter.fill("#text", ANSWER)
    reporter.click("button:has-text('Kirim ke petugas')")
    assert ANSWER in reporter.inner_text("main")

    # What is missing is asked for; the time for it runs.
    open_report(officer, address)
    assert ANSWER in officer.inner_text("#dialogue")
    officer.check("input[name=met] >> nth=0")
    officer.click("button:has-text('Catat pemeriksaan')")
    officer.wait_for_selector("text=Pemeriksaan kelengkapan dicatat")
    open_report(officer, address)
    officer.fill("#reply-text", "Mohon lengkapi nama saksi.")
    officer.check("input[data-ask] >> nth=0")
    officer.check("input[name=asks]")
    officer.click("button:has-text('Segel dan kirim jawaban')")
    officer.wait_for_selector("text=Jawaban disimpan tersegel")
    assert "Dapat dilengkapi sampai" in officer.inner_text("main")

    # A second person sees the same photo and confirms it; the first cannot be his own second.
    part = officer.locator("form:has-text('Tegaskan sebagai orang kedua')").last
    part.locator("button").click()
    assert officer.locator("[role=alert]").count() or "Penegasan Anda dicatat" not in officer.inner_text("main")
    second = stepped_in(desk(place), "intake_colleague")
    open_report(second, address)
    assert STORY in second.inner_text("#opened")
    second.click("button:has-text('Tampilkan')")
    second.wait_for_selector("#files canvas")
    second.locator("form:has-text('Tegaskan sebagai orang kedua') button").last.click()
    second.wait_for_selector("text=Penegasan Anda dicatat")

    # What is decided is told to the reporter, in words that the server never saw.
    open_report(officer, address)
    officer.select_option("#new-state", "not_a_breach")
    officer.fill("#state-text", "Apel itu ternyata bukan kegiatan kampanye.")
    officer.click("button:has-text('Ubah keadaan laporan')")
    officer.wait_for_selector("text=Keadaan laporan diubah")
    reporter.goto("/lapor/kotak/")
    reporter.fill("#code", filed)
    reporter.click("button:has-text('Buka kotak')")
    said = reporter.inner_text("main")
    assert "bukan kegiatan kampanye" in said and not reporter.locator("#text").count()
    for url, body in asked:
        for secret in (STORY, QUESTION, "bukan kegiatan kampanye", "AGE-SECRET-KEY"):
            assert secret.encode() not in body and secret not in url


def test_a_copy_goes_to_another_body_without_the_reporters_name_and_is_taken_there(place, another, desk, phone):
    officer, address = stepped_in(desk(place), "intake_officer"), address_of(place, another)
    open_report(officer, address)
    officer.select_option("#copy-body", label="Bawaslu Kota Bukittinggi")
    audit(officer)
    officer.click("button:has-text('Segel dan tawarkan salinan')")
    officer.wait_for_selector("text=Salinan ditawarkan kepada Bawaslu")
    other = stepped_in(desk(place), "supervisor_officer")
    assert other.goto(address).status == 404, "it opens nothing before it is taken"
    other.goto("/laporan/salinan/")
    assert "Tanpa nama pelapor" in other.inner_text("main")
    audit(other)
    other.click("button:has-text('Tolak salinan')")
    other.wait_for_selector("[role=alert], .message")
    assert "Terima salinan" in other.inner_text("main"), "declining wants a reason"
    other.click("button:has-text('Terima salinan')")
    other.wait_for_selector("text=Salinan diterima")
    other.fill("#passphrase", other.inner_text("#demo-passphrase").strip())
    other.click("button:has-text('Buka laporan')")
    other.wait_for_selector("#opened:not([hidden])")
    said = other.inner_text("main")
    assert STORY in said and "Pelapor Contoh" not in said and not other.locator("#reply").count()
    assert "Anda membaca salinannya" in said
    reporter = phone(place, java_script_enabled=False)
    reporter.goto("/lapor/kotak/")
    reporter.fill("#code", another)
    reporter.click("button:has-text('Buka kotak')")
    assert "Bawaslu Kota Bukittinggi" in reporter.inner_text("main")


_NUMBER = """
from ikrar.domain import return_codes
from ikrar.records.models import Report
from ikrar.services import report_desk, reports
print(report_desk.number_of(Report.objects.get(finder=return_codes.read(CODE).finder(reports.pepper()))))
"""
_NEWCOMER = """
from datetime import UTC, datetime
from ikrar.domain.access import Role
from ikrar.domain.keysets import Signature, parse
from ikrar.gateways import sealing
from ikrar.records.models import Body, OfficerKey, RoleGrant, User
from ikrar.services import demo_reports, keysets
from tests.reporting import WRAPPED
now = datetime.now(UTC)
body = Body.objects.get(kind="inspectorate")
known = OfficerKey.objects.filter(body=body, dropped_at=None).order_by("pk").first()
user = User.objects.create(username="PENDATANG", full_name=NAME, password="!", created_at=now)
RoleGrant.objects.create(user=user, role=Role.INTAKE_OFFICER, body=body, from_at=now)
key = sealing.Key.new()
proof = key.sign(keysets.proof_message(user, body, key.recipient))
row = keysets.make_key(user, body, recipient=key.recipient, verifier=key.verifier, wrapped=WRAPPED, proof=proof, now=now)
found = keysets.current(body)
proposal = keysets.propose(body, keys=[*(each.key for each in found.holders), row.pk], offline=None, by=known.user, now=now)
message = parse(bytes(proposal.document)).message
offline = demo_reports._offline(body)
keysets.sign(proposal, Signature(offline.verifier, offline.sign(message)), by=known.user, now=now)
print(key.identity)
"""
_OPENS = """
import json
from ikrar.gateways import sealing
from ikrar.records.models import OfficerKey, ReportEnvelope
pk = OfficerKey.objects.get(user__username="PENDATANG").pk
found = [each for each in ReportEnvelope.objects.exclude(body=None) if pk in each.to]
print(json.dumps([sorted(json.loads(sealing.unseal(bytes(each.sealed), IDENTITY))) for each in found]))
"""


def inside(place, script: str) -> str:
    """Run some lines in the place's installation, with the tests at hand."""
    done = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()" + script], cwd=ROOT, capture_output=True, text=True, timeout=60,
        env={**place.environment, "DJANGO_SETTINGS_MODULE": "ikrar.settings"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_newcomers_are_sealed_to_by_an_officers_browser_and_who_is_excluded_is_not(place, another, desk):
    file_one_excluding(place, "Utami Pendatang")
    identity = inside(place, _NEWCOMER.replace("NAME", repr("Utami Pendatang, S.H.")))
    officer = stepped_in(desk(place), "intake_officer")
    officer.goto("/laporan/")
    officer.click("a:has-text('Segel bagi pemegang baru')")
    audit(officer)
    officer.fill("textarea[name=passphrase]", "abadi abadi abadi abadi abadi abadi abadi")
    officer.click("button:has-text('Segel kepada pemegang baru')")
    officer.wait_for_selector("[data-says]:not([hidden])")
    officer.fill("textarea[name=passphrase]", officer.inner_text("#demo-passphrase").strip())
    officer.click("button:has-text('Segel kepada pemegang baru')")
    officer.wait_for_selector("[data-progress]:has-text('Dibiarkan karena dikecualikan pelapor: 1. Gagal: 0')")
    opened = json.loads(inside(place, _OPENS.replace("IDENTITY", repr(identity))))
    assert opened and all(each == ["content", "dialogue", "identity"] for each in opened)
    assert f"Disegel: {len(opened)}." in officer.inner_text("[data-progress]")
    # What is left is the one from which he is excluded, and pressing again changes nothing.
    officer.reload()
    assert "1 laporan belum dapat dibuka" in officer.inner_text("main")
