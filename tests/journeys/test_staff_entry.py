"""An officer enters what came by letter and what somebody tells at the counter: sealed in his browser, or on receipt without scripts."""

import io
import json

import pytest
from PIL import Image

from ikrar.domain.age_keys import identity_text
from tests.journeys.conftest import audit, real_place, text_of

STORY = "RAHASIACERITA: seorang pejabat mengirim pesan suara agar memilih satu pasangan calon."
NAMES = (
    "RAHASIACERITA",
    "RAHASIATEMPAT",
    "RAHASIAJABATAN",
    "RAHASIANAMA",
    "RAHASIAALAMAT",
    "RAHASIANOMOR",
    "RAHASIABERKAS",
)

_SESSIONS = """
import django; django.setup()
import json
from ikrar.records.models import OfficerKey
from tests.web.stage import open_session
print(json.dumps({key.pk: open_session(key.user) for key in OfficerKey.objects.select_related("user")}))
"""
_OPEN = """
import django; django.setup()
import json, sys
from ikrar.gateways import sealing
from ikrar.records.models import Report
from ikrar.services import reports
identity, out = sys.argv[1], []
for report in Report.objects.all():
    envelope = json.loads(sealing.unseal(bytes(report.envelopes.exclude(body=None).get().sealed), identity))
    parts = {part.kind: json.loads(sealing.unseal(bytes(part.sealed), envelope[part.kind])) for part in report.parts.exclude(kind="file")}
    files = []
    for part in report.parts.filter(kind="file").order_by("place"):
        with reports.open_file(part) as file:
            files.append(sealing.unseal(file.read(), envelope["content"]).hex())
    out.append({"channel": report.channel, "parts": parts, "files": files, "mailbox": report.mailbox})
print(json.dumps(out))
"""


def run(place, script, *arguments):
    return json.loads(place.ask(script, *arguments))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    found = real_place(tmp_path_factory, "entry")
    found.environment |= {"IKRAR_KEPT_S": "0"}
    made = found.ask("from tests import reporting as r; r.main()", limit=120)
    found.desk = json.loads(made)[0]
    found.sessions = run(found, _SESSIONS)
    found.serve()
    yield found
    found.stop()


def opened(place):
    return run(place, _OPEN, identity_text(bytes.fromhex(place.desk["keys"][1])))


def at(page, place):
    """Sign the first officer in; note what his browser sends."""
    session = place.sessions[str(place.desk["ids"][0])]
    page.context.add_cookies([{"name": "ikrar", "value": session, "url": place.url}])
    sent = []
    page.on("request", lambda request: sent.append((request.url, request.post_data_buffer or b"")))
    page.on("pageerror", lambda error: pytest.fail(f"{page.url}: {error}"))
    return sent


def leaked(sent, *more):
    return [
        (url, word)
        for url, body in sent
        for word in (*NAMES, *more)
        if word.lower().encode() in (url.encode() + body).lower()
    ]


def photo():
    exif = Image.Exif()
    exif[0x0110] = "Ponsel Umpama 7"
    exif.get_ifd(0x8825).update({1: "S", 2: (0.0, 18.0, 20.0), 3: "E", 4: (100.0, 22.0, 10.0)})
    out = io.BytesIO()
    Image.new("RGB", (300, 200), (200, 30, 30)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def fill(page, *, kind="letter"):
    page.select_option("#id_source_kind", kind)
    page.fill("#id_source_number", "RAHASIANOMOR 12")
    page.fill("#id_what", STORY)
    page.fill("#id_where", "RAHASIATEMPAT")
    page.fill("#who-0-post", "RAHASIAJABATAN")


def test_a_letter_is_sealed_in_the_officers_browser_and_its_code_is_never_sent(place, desk, tmp_path):
    page = desk(place)
    sent = at(page, place)
    page.goto("/laporan/")
    page.click("text=Catat laporan yang datang lain")
    page.wait_for_selector("[data-with-scripts]:not([hidden])")
    audit(page)
    page.fill("#id_what", "pendek")
    page.click("button:has-text('Segel dan catat laporan')")
    page.wait_for_selector("#entry-says:not([hidden])")
    fill(page)
    page.check("#id_named")
    page.click("summary:has-text('Nama dan alamat')")
    page.fill("#id_name", "RAHASIANAMA")
    page.fill("#id_address", "RAHASIAALAMAT")
    page.click("button:has-text('Segel dan catat laporan')")
    page.wait_for_selector("#entry-says:has-text('keempat hal')")
    audit(page)
    page.check("#id_agreed")
    page.set_input_files("#files", {"name": "RAHASIABERKAS.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    page.click("button:has-text('Segel dan catat laporan')")
    page.wait_for_selector("main h1:text-is('Laporan dicatat')")
    audit(page)
    words = page.locator("#entry-words strong").all_inner_texts()
    assert len(words) == 9
    assert leaked(sent, " ".join(words), "+".join(words), "AGE-SECRET-KEY") == []
    with page.expect_download() as download:
        page.click("button:has-text('Unduh tanda terima')")
    said = tmp_path / "kertas.pdf"
    download.value.save_as(said)
    assert "Tanda Terima Laporan" in text_of(said) and words[0] not in text_of(said)
    assert page.locator("#entry-words strong").count() == 9, "fetching the paper leaves the page"
    page.emulate_media(media="print")
    assert page.is_visible("#entry-words") and page.is_visible("pre.for-paper") and not page.is_visible("#entry-print")
    [report] = opened(place)
    content = report["parts"]["content"]
    assert report["channel"] == "staff" and content["source"]["number"] == "RAHASIANOMOR 12"
    assert content["what"] == STORY and report["parts"]["identity"]["name"] == "RAHASIANAMA"
    original, copy = content["files"]
    assert "-0.30556, 100.36944" in " ".join(original["told"]) and copy["working_of"] == 0
    assert b"Ponsel" in bytes.fromhex(report["files"][0]) and b"Ponsel" not in bytes.fromhex(report["files"][1])
    # The reporter opens his box with the words from the paper, where no scripts run.
    box = desk(place, java_script_enabled=False)
    box.goto("/lapor/kotak/")
    box.fill("#code", " ".join(words))
    box.click("button:has-text('Buka kotak')")
    assert "Kotak laporan" in box.inner_text("main h1") and "Sebagai laporan resmi" in box.inner_text("main")


def test_what_is_told_at_the_counter_is_entered_on_a_phone_without_scripts(place, phone):
    page = phone(place, java_script_enabled=False)
    at(page, place)
    page.goto("/laporan/catat/")
    assert "disegel di memori peladen" in page.inner_text("main")
    before = len(opened(place))
    fill(page, kind="visit")
    page.set_input_files("#files", {"name": "catatan.txt", "mimeType": "text/plain", "buffer": b"isi"})
    page.click("button:has-text('Segel dan catat laporan')")
    assert page.inner_text("main h1") == "Laporan dicatat"
    assert page.locator("#entry-words strong").count() == 9
    assert len(opened(place)) == before + 1


def test_a_finding_gets_no_code_and_the_same_is_sent_again_after_a_broken_line(place, phone):
    page = phone(place, color_scheme="dark")
    at(page, place)
    page.goto("/laporan/catat/")
    page.wait_for_selector("[data-with-scripts]:not([hidden])")
    audit(page)
    before = len(opened(place))
    fill(page, kind="finding")
    answers = []

    def cut(route):
        if answers:
            return route.continue_()
        answers.append(route.fetch())
        return route.abort()

    page.route("**/segel/", cut)
    page.click("button:has-text('Segel dan catat laporan')")
    page.wait_for_selector("#entry-says:has-text('Sambungan terputus')")
    page.click("button:has-text('Segel dan catat laporan')")
    page.wait_for_selector("main h1:text-is('Laporan dicatat')")
    audit(page)
    assert "tidak dibuat dua kali" in page.inner_text("main") and not page.locator("#entry-words").count()
    found = opened(place)
    assert len(found) == before + 1
    [finding] = [each for each in found if each["parts"]["content"]["source"]["kind"] == "finding"]
    assert finding["mailbox"] == "" and "identity" not in finding["parts"]


def test_a_key_set_whose_signatures_are_not_genuine_is_refused(place, desk):
    page = desk(place)
    sent = at(page, place)

    def forged(route):
        answer = route.fetch()
        body = answer.text()
        where = body.index('"signature": "') + 14
        route.fulfill(response=answer, body=body[:where] + ("0" if body[where] != "0" else "1") + body[where + 1 :])

    page.route("**/laporan/catat/*/", forged)
    page.goto(f"/laporan/catat/{place.desk['body']}/")
    page.wait_for_selector("[data-with-scripts]:not([hidden])")
    fill(page)
    page.click("button:has-text('Segel dan catat laporan')")
    page.wait_for_selector("#entry-says:has-text('tidak sah')")
    assert leaked(sent) == []
