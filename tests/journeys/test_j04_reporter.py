"""J4, scripts off, on a phone: somebody reports a voice note without any number of the accused, comes back, and steps forward."""

import base64
import hashlib
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from playwright.sync_api import Error

from tests.journeys.conftest import ROOT, audit, demo_place
from tests.reporter import Reporter, field_of
from tests.telling_files import exif, picture

VOICE = b"ID3\x04" + bytes(range(256)) * 300
SHOT = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 200
STORY = "Seorang pejabat mengirim pesan suara kepada bawahannya agar memilih satu pasangan calon."
# What an officer's browser sends: a message sealed to the dialogue of the report.
_ASK = """
import django; django.setup()
from ikrar.gateways import sealing
from ikrar.domain import return_codes
from ikrar.records.models import Report, ReportPart, ReportReader
from ikrar.services import reports
report = Report.objects.get(finder=return_codes.read(CODE).finder(reports.pepper()))
document = {"v": 1, "text": "Siapa yang mendengar pesan itu?", "asks": ["pilkada-material-evidence"], "files": []}
sealed = sealing.seal(sealing.padded(document), [report.dialogue_to])
ReportPart.objects.create(report=report, kind="message", from_reporter=False, put_on=report.received_on, place=0,
    sealed=sealed, digest="0" * 64, size_step=1)
Report.objects.update(state="asked"); ReportReader.objects.update(state="asked")
"""


# What is stored of a report, opened by its code alone.
_STORED = """
import django; django.setup()
import json, sys
from ikrar.domain import return_codes
from ikrar.gateways import sealing
from ikrar.services import mailbox, reports
box = mailbox.open_box(return_codes.read(sys.argv[1]))
files = []
for part in box.report.parts.filter(kind="file").order_by("place"):
    with reports.open_file(part) as file:
        files.append(sealing.unseal(file.read(), box.keys["content"]).hex())
bodies = sorted(box.report.envelopes.exclude(body=None).values_list("body__kind", flat=True))
print(json.dumps({"channel": box.report.channel, "ticks": box.report.ticks, "files": files, "content": box.content,
    "identity": box.identity, "bodies": bodies, "messages": [each.text for each in box.messages]}))
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    found = demo_place(tmp_path_factory, "reports", "bukittinggi-2024")
    found.environment |= {"IKRAR_KEPT_S": "0", "IKRAR_INTAKE_PLAIN": "60"}
    found.serve()
    yield found
    found.stop()


def move_to(page, day):
    page.goto("/")
    page.fill("#demo-day", day)
    page.click("button:has-text('Pindahkan hari')")
    page.wait_for_load_state()


def within(place, script, *arguments):
    return place.ask(script, *arguments)


def onward(page, button="Lanjutkan"):
    page.click(f"button:has-text('{button}') >> nth=0")
    page.wait_for_load_state()


def held_against(other):
    """Return what audits a page without scripts: its text, in a page of the same size in which the auditor may run."""

    other.goto("/lapor/")

    def look(page):
        other.set_content(page.content())
        other.wait_for_load_state()
        audit(other)

    return look


def signature_of(note, key):
    """Check a receipt as anybody may, without a line of ours: raises InvalidSignature."""
    name, _hash, public = key.split("+", 2)
    text, _parted, signature = note.replace("\r", "").strip().partition("\n\n")
    mark, signer, body = signature.split(" ")
    assert (mark, signer, text.split("\n")[:2]) == ("\u2014", name, ["ikrar/filing/v1", name])
    assert hashlib.sha256(name.encode() + b"\n" + base64.b64decode(public)).digest()[:4] == base64.b64decode(body)[:4]
    Ed25519PublicKey.from_public_bytes(base64.b64decode(public)[1:]).verify(
        base64.b64decode(body)[4:], text.encode() + b"\n"
    )


def test_a_reporter_without_scripts_files_comes_back_and_steps_forward(place, phone, desk, tmp_path):
    began = time.monotonic()
    page = phone(place, java_script_enabled=False)
    look = held_against(phone(place))
    # 1, 2: the form, without any number of the accused.
    page.goto("/")
    page.click("a:has-text('Lapor') >> nth=0")
    look(page)
    page.context.clear_cookies()  # the first page of the site, with its form of the language, set one
    assert page.locator("a.quick-exit").is_visible()
    page.select_option("#region", label="Kota Bukittinggi") if page.locator("#region option").count() > 1 else None
    onward(page, "Mulai laporan")
    look(page)
    assert re.search(r"[0-9a-f]{4}( [0-9a-f]{4}){4}", page.inner_text("main")), (
        "no fingerprint before anything is typed"
    )
    page.check("input[name=body] >> nth=0")
    onward(page)
    look(page)
    holders = page.locator("input[name=exclude]")
    if holders.count() > 1:
        holders.nth(0).check()
    onward(page)
    look(page)
    page.fill("#what", STORY)
    onward(page)
    look(page)
    page.fill("#when", "Senin 21 Oktober, pagi")
    page.fill("#where", "Grup percakapan kantor")
    page.fill("#known_on", "2024-10-22")
    onward(page)
    look(page)
    page.fill("#who-0-post", "Sekretaris daerah")
    onward(page)
    look(page)
    # 3: the meter says what is missing, and how long there is.
    assert "sisa 4 hari" in page.inner_text("main")
    onward(page)
    look(page)
    page.check("input[name=named][value=no]")
    onward(page)
    look(page)
    # 4: the code; leaving without keeping it is stopped.
    code = " ".join(page.locator("ol.words strong").all_inner_texts())
    assert len(code.split()) == 9
    onward(page, "Sudah saya catat")
    look(page)
    onward(page)
    assert page.locator("[role=alert]").is_visible() and page.locator("h1").inner_text() == "Ketik kode Anda"
    page.fill("#code", code.upper())
    onward(page)
    look(page)
    assert "Belum · Bukti" in page.inner_text("main") and "sisa 4 hari" in page.inner_text("main")
    onward(page, "Lanjut ke berkas")
    look(page)
    page.set_input_files(
        "#files",
        [
            {"name": "pesan suara.mp3", "mimeType": "audio/mpeg", "buffer": VOICE},
            {"name": "layar 1.png", "mimeType": "image/png", "buffer": SHOT},
            {"name": "layar 2.png", "mimeType": "image/png", "buffer": SHOT},
        ],
    )
    onward(page, "Kirim laporan")
    look(page)
    assert page.locator("h1").inner_text() == "Laporan diterima"
    assert time.monotonic() - began < 240
    stored = json.loads(within(place, _STORED, code))
    assert stored["channel"] == "plain" and stored["content"]["what"] == STORY and stored["identity"] is None
    assert [
        bytes.fromhex(each)[: len(sent)] == sent
        for each, sent in zip(stored["files"], (VOICE, SHOT, SHOT), strict=True)
    ] == [True] * 3
    assert [each["type"] for each in stored["content"]["files"]] == ["audio/mpeg", "image/png", "image/png"]
    assert stored["content"]["who"] == [{"name": "", "post": "Sekretaris daerah", "unit": ""}]
    receipt = page.input_value("#receipt")
    assert page.context.cookies() == []
    with page.expect_download() as download:
        page.click("button:has-text('Simpan bukti')")
    saved = tmp_path / "bukti.txt"
    download.value.save_as(saved)
    assert saved.read_text().strip() == receipt.strip()
    # 5: two days later there is a question, and a file is added.
    within(place, _ASK.replace("CODE", repr(code)))
    officer = desk(place)
    move_to(officer, "2024-10-27")
    page.goto("/lapor/kotak/")
    look(page)
    page.fill("#code", code)
    onward(page, "Buka kotak")
    look(page)
    assert "Siapa yang mendengar pesan itu?" in page.inner_text("main")
    page.fill("#text", "Seluruh grup mendengarnya; ini foto lain.")
    page.check("input[name=answered] >> nth=0")
    photo = {"name": "IMG_20241021.jpg", "mimeType": "image/jpeg", "buffer": picture("JPEG", exif=exif())}
    page.set_input_files("#files", [photo])
    onward(page, "Kirim ke petugas")
    look(page)
    # What the photo tells is told first; nothing that was typed or ticked is lost by the question.
    said = page.inner_text("main")
    assert "tempat: -0.30556, 100.36944" in said and "alat: Ponsel Umpama 7" in said and "menunggu dibaca" not in said
    assert page.input_value("#text").startswith("Seluruh grup") and page.is_checked("input[name=answered] >> nth=0")
    page.check("input[name=traces][value=leave]")
    page.set_input_files("#files", [photo])
    onward(page, "Kirim ke petugas")
    look(page)
    assert "salinan-4" in page.inner_text("main") and "menunggu dibaca" in page.inner_text("main")
    stored = json.loads(within(place, _STORED, code))
    kept = bytes.fromhex(stored["files"][3])
    assert kept.startswith(b"\xff\xd8") and b"Umpama" not in kept and b"Exif" not in kept
    assert stored["messages"][-1].startswith("Seluruh grup") and "pilkada-material-evidence" in stored["ticks"]
    # 6: on the sixth day the reporter gives the name, to this body alone.
    move_to(officer, "2024-10-28")
    page.fill("#code", code) if page.locator("#code").count() else None
    page.click("summary:has-text('Sebutkan nama saya')")
    assert "tidak dapat ditarik kembali" in page.inner_text("main") and "sidang" in page.inner_text("main")
    page.fill("#name", "Pelapor Contoh")
    page.fill("#address", "Jalan Contoh 1")
    onward(page, "Sampaikan sebagai laporan resmi")
    assert "tandai bahwa Anda memahaminya" in page.inner_text("main")
    assert page.input_value("#name") == "Pelapor Contoh"
    page.check("input[name=agreed] >> nth=0")
    onward(page, "Sampaikan sebagai laporan resmi")
    said = page.inner_text("main")
    assert "25 Oktober 2024" in said and "28 Oktober 2024" in said and "diputuskan oleh pengawas" in said
    stored = json.loads(within(place, _STORED, code))
    assert stored["identity"]["name"] == "Pelapor Contoh" and len(stored["bodies"]) == 1, (
        "the name went further than to the body chosen"
    )
    assert page.locator("summary:has-text('Sebutkan nama saya')").count() == 0
    with page.expect_download() as download:
        page.click("button:has-text('Buat formulir resmi')")
    form = tmp_path / "formulir.pdf"
    download.value.save_as(form)
    assert form.read_bytes().startswith(b"%PDF")
    # 7: the receipt's signature, on another machine: an installation that knows nothing of this one, and no installation at all.
    key = (place.home / "keys" / "log-key.pub").read_text().strip()
    elsewhere = {**place.environment, "IKRAR_HOME": str(tmp_path / "elsewhere"), "IKRAR_BASE_URL": "http://localhost"}
    (tmp_path / "elsewhere").mkdir()

    def verified():
        command = [sys.executable, "-m", "ikrar", "verify-receipt", str(saved), "--key", key]
        return subprocess.run(command, env=elsewhere, cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert "tanda tangan asli" in verified().stdout
    signature_of(saved.read_text(), key)
    saved.write_text(receipt.replace("2024", "2023").replace("2026", "2025"))
    assert verified().returncode != 0
    with pytest.raises(InvalidSignature):
        signature_of(saved.read_text(), key)


def test_going_back_in_the_browser_harms_nothing(place, phone):
    page = phone(place, java_script_enabled=False)
    page.goto("/lapor/")
    onward(page, "Mulai laporan")
    page.check("input[name=body] >> nth=0")
    onward(page)
    onward(page)
    page.fill("#what", STORY)
    onward(page)
    page.click("button:has-text('Kembali')")
    assert page.input_value("#what") == STORY
    # The browser's own way back: no store holds a page of this door, so it asks whether it may send again what led to it.
    sent = []
    page.on("request", lambda request: sent.append(request.post_data))
    onward(page)
    onward(page)
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        page.go_back()
    again = page.context.request.post(
        "/lapor/isi/", data=sent[0], headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert again.status == 200 and field_of(again.text(), "step") == "when"
    status, following = Reporter(place.port).step(again.text())
    assert status == 200 and field_of(following, "step") == "who"


def test_quick_exit_without_scripts_leads_away_and_leaves_no_story_on_the_page(place, phone):
    page = phone(place, java_script_enabled=False)
    page.goto("/lapor/")
    onward(page, "Mulai laporan")
    page.check("input[name=body] >> nth=0")
    onward(page)
    onward(page)
    page.fill("#what", STORY)
    away = page.get_attribute("a.quick-exit", "href")
    page.route(
        re.compile(re.escape(away)), lambda route: route.fulfill(body="<h1>Cuaca</h1>", content_type="text/html")
    )
    page.click("a.quick-exit")
    page.wait_for_selector("h1:text-is('Cuaca')")
    try:
        page.go_back()
    except Error as error:
        assert "ERR_CACHE_MISS" in str(error)
    else:
        # What was not yet sent is gone, whatever the browser sends again.
        assert page.input_value("#what") == "" and STORY not in page.content()


def test_no_trace_of_an_address_or_device_in_the_log(place):
    log = Path(place.home / "server.log").read_text()
    for trace in ("/lapor/", "127.0.0.1 ", "Mozilla", "HeadlessChrome", STORY[:20]):
        assert trace not in log


def test_guessing_codes_opens_nothing(place):
    browser = Reporter(place.port)
    answers = {browser.open("abadi abadi abadi abadi abadi abadi abadi abadi alfabet")[0] for _ in range(40)}
    assert answers <= {422, 429}
    assert browser.open("abadi abadi")[0] == 422 and browser.open("")[0] == 422


def test_a_flood_of_empty_or_doubled_reports_shuts_its_own_channel_alone(place):
    """Empty ones are stopped at their page; doubles fill the budget of one channel of one body, and the page names the others."""
    browser = Reporter(place.port)
    _status, page = browser.post("/lapor/isi/", step="start", region="13.75")
    bodies = re.findall(r'name="body" value="(\d+)"', page)
    status, page = browser.step(page, body=bodies[0])
    status, page = browser.step(page)
    status, page = browser.step(page, what="   ")
    assert status == 422
    answers = {"what": {"what": STORY}, "identity": {"named": "no"}}
    refused = 0
    for _ in range(62):
        try:
            page, _code = browser.until_files("13.75", int(bodies[0]), answers)
        except AssertionError:
            refused += 1
            continue
        refused += browser.send(page)[0] != 200
    assert refused >= 2
    _status, page = browser.post("/lapor/isi/", step="start", region="13.75")
    assert "datang langsung" in page
    if len(bodies) > 1:
        page, _code = browser.until_files("13.75", int(bodies[1]), answers)
        assert browser.send(page)[0] == 200
    assert field_of(browser.ask("/lapor/")[1], "step") == "start"
