"""Two reporters send the same file and page: the officer's browser finds it, he merges by keyboard, and takes it apart again."""

import base64
import hashlib
import json

import pytest

from ikrar.domain.prints import normalised
from tests.journeys.conftest import audit, new_place
from tests.journeys.test_officers_page import Officer
from tests.journeys.test_report_sharing import by_day_and_by_night, inside
from tests.reporter import Reporter

PHOTO = ("foto.txt", b"Apel pagi rekaan di halaman kantor camat. " * 40)
SHARED = ("https://www.instagram.com/reel/Crekaan_12-3/?igsh=abc", "http://instagram.com/p/Crekaan_12-3/#komentar")
KEPT = """
import json
from ikrar.records.models import BodySecretEnvelope, ReportPrint
print(json.dumps([ReportPrint.objects.count(), sorted({key for row in BodySecretEnvelope.objects.all() for key in row.to})]))
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Two bodies with their keys, served."""
    found = new_place(tmp_path_factory.mktemp("doubles"))
    found.environment |= {"IKRAR_KEPT_S": "0"}
    found.bodies = json.loads(found.ask("from tests.journeys import desk_stage as d; d.main()", limit=300))
    found.serve()
    yield found
    found.stop()


def filed(place, *, what, link, files=(PHOTO,), exclude=()):
    reporter, told = Reporter(place.port), place.bodies["bawaslu"]
    answers = {
        "exclude": {"exclude": [told["officers"][name]["key"] for name in exclude], "names": ""},
        "what": {"what": what},
        "support": {"link-0-address": link},
        "identity": {"named": "no"},
    }
    page, _code = reporter.until_files(told["region"], told["body"], answers)
    status, page = reporter.send(page, list(files))
    assert status == 200, page


def find(officer, words):
    """Open reports until one says these words, each until it was compared; return its number."""
    page = officer.page
    page.goto("/laporan/")
    for address in [line.get_attribute("href") for line in page.locator("main table a").all()]:
        number = officer.open(address.strip("/").split("/")[-1])
        page.wait_for_selector("#opened[data-compared]")
        if words in page.inner_text("#opened"):
            return number
    raise AssertionError(f"no report says: {words}")


def press(page, role, name):
    """Reach a control by the keyboard alone, and press it."""
    for _step in range(200):
        page.keyboard.press("Tab")
        at = page.evaluate("() => document.activeElement.textContent.trim()")
        if at.startswith(name):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"no {role} {name} is reached by Tab")


def test_doubles_are_found_when_opened_merged_by_keyboard_and_taken_apart(place, desk):
    filed(place, what="Camat rekaan mengajak memilih, laporan pertama.", link=SHARED[0])
    ani = Officer(place, desk(place), "Ani")
    page = ani.page
    first = find(ani, "laporan pertama")
    assert page.locator("#doubles").is_hidden()
    filed(place, what="Ajakan di apel pagi, laporan kedua.", link=SHARED[1])
    filed(place, what="Hal lain sama sekali, laporan ketiga.", link="https://contoh.id/lain", files=())
    second = find(ani, "laporan kedua")
    page.wait_for_selector("#doubles:not([hidden])")
    line = page.inner_text("#doubles-list")
    assert first[:6] in line and "berkas yang sama" in line and "halaman yang sama" in line
    by_day_and_by_night(page)
    press(page, "button", "Gabungkan yang ditandai")
    ani.says("2 laporan kini menjadi satu perkara")
    page.wait_for_selector("#matter h2:has-text('Satu perkara: 2 laporan')")
    page.wait_for_selector("#doubles[hidden]", state="attached")
    audit(page)
    press(page, "button", "Pisahkan laporan ini")
    page.wait_for_selector("#act-says:has-text('dipisahkan lagi')")
    page.wait_for_selector("#matter details")
    assert page.locator("#matter h2").count() == 0
    # It is not proposed again, neither here nor on the page of doubles.
    ani.open(second)
    page.wait_for_selector("#opened[data-compared]")
    assert page.locator("#doubles").is_hidden()
    page.goto("/laporan/kembar/")
    assert "Tidak ada usulan" in page.inner_text("main")
    # Nothing of what was compared left the browser but under the secret.
    hashed = hashlib.sha256(PHOTO[1]).hexdigest()
    assert ani.leaked(SHARED[0], SHARED[1], normalised(SHARED[0]), "Crekaan_12-3", hashed) == []
    find(ani, "laporan ketiga")
    count, holders = json.loads(inside(place, KEPT))
    officers = place.bodies["bawaslu"]["officers"]
    # A file and a page of two reports, and the page of the third.
    assert count == 5 and holders == sorted(officers[name]["key"] for name in ("Ani", "Budi", "Citra"))
    stored = b"".join(path.read_bytes() for path in place.home.rglob("*") if path.is_file() and path.suffix != ".js")
    digest = hashlib.sha256(PHOTO[1]).digest()
    for secret in (b"Crekaan_12-3", hashed.encode(), digest, base64.b64encode(digest)):
        assert secret not in stored


def test_suggestions_are_answered_without_scripts_by_keyboard(place, desk):
    for number in range(3):
        filed(place, what=f"Laporan rekaan serupa {number}.", link="https://contoh.id/serupa", files=())
    budi = Officer(place, desk(place), "Budi")
    for number in range(3):
        find(budi, f"serupa {number}")
    page = budi.page
    page.goto("/laporan/kembar/")
    assert "3 laporan: halaman yang sama" in page.inner_text("main")
    by_day_and_by_night(page)
    page.emulate_media(color_scheme="light")
    press(page, "button", "Gabungkan yang ditandai")
    page.wait_for_selector(".message:has-text('3 laporan kini menjadi satu perkara')")
    assert "Tidak ada usulan" in page.inner_text("main")
