"""J4 with scripts, on a phone: what is typed leaves the browser sealed or not at all."""

import io
import json
import re
from datetime import datetime, timedelta

import pytest
from PIL import Image

from ikrar.domain.age_keys import identity_text
from ikrar.domain.days import WIB
from tests.journeys.conftest import audit, real_place
from tests.journeys.test_j04_reporter import signature_of
from tests.reporter import Reporter
from tests.telling_files import opus, picture

PLANTED = "RAHASIACERITA"
STORY = f"{PLANTED}: seorang pejabat mengirim pesan suara agar memilih satu pasangan calon."
NAMES = (
    "RAHASIAJABATAN",
    "RAHASIASAKSI",
    "RAHASIATEMPAT",
    "RAHASIAKECUALI",
    "RAHASIABERKAS",
    "RAHASIANAMA",
    "RAHASIARUMAH",
)

# Opens what is stored as an officer would, with his key.
_OPEN = """
import django; django.setup()
import json, sys
from ikrar.gateways import sealing
from ikrar.records.models import Report
from ikrar.services import reports
identity = sys.argv[1]
out = []
for report in Report.objects.filter(body__kind="bawaslu"):
    envelope = json.loads(sealing.unseal(bytes(report.envelopes.get(body=report.body).sealed), identity))
    parts = {part.kind: json.loads(sealing.unseal(bytes(part.sealed), envelope[{"message": "dialogue"}.get(part.kind, part.kind)]))
             for part in report.parts.exclude(path__gt="").order_by("place")}
    files = []
    for part in report.parts.filter(kind="file").order_by("place"):
        with reports.open_file(part) as file:
            files.append(sealing.unseal(file.read(), envelope["content"]).hex())
    messages = [json.loads(sealing.unseal(bytes(part.sealed), envelope["dialogue"]))
                for part in report.parts.filter(kind="message").order_by("place")]
    bodies = sorted(report.envelopes.exclude(body=None).values_list("body__kind", flat=True))
    out.append({"bodies": bodies, "messages": messages, "channel": report.channel, "ticks": report.ticks, "parts": parts, "files": files})
print(json.dumps(out))
"""


def equipped(folders, name):
    """Serve a place with two bodies that take reports."""
    found = real_place(folders, name)
    found.environment |= {"IKRAR_KEPT_S": "0"}
    found.desks = json.loads(found.ask("from tests import reporting as r; r.main()", limit=120))
    found.serve()
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    found = equipped(tmp_path_factory, "scripted")
    yield found
    found.stop()


def opened(place, key=1):
    identity = identity_text(bytes.fromhex(place.desks[0]["keys"][key]))
    return json.loads(place.ask(_OPEN, identity))


_FURTHER = """
import django; django.setup()
import json, sys
from ikrar.gateways import sealing
from ikrar.records.models import ReportEnvelope
found = ReportEnvelope.objects.get(body_id=int(sys.argv[1]))
print(json.dumps(sorted(json.loads(sealing.unseal(bytes(found.sealed), sys.argv[2])))))
"""


def further_opens(place):
    """Return which keys of a report the second body's officer holds since its reporter consented."""
    body, key = place.desks[1]["body"], identity_text(bytes.fromhex(place.desks[1]["keys"][0]))
    return set(json.loads(place.ask(_FURTHER, str(body), key)))


def photo():
    """A picture that tells where it was taken and by what."""
    exif = Image.Exif()
    exif[0x0110] = "Ponsel Umpama 7"
    exif.get_ifd(0x8825).update({1: "S", 2: (0.0, 18.0, 20.0), 3: "E", 4: (100.0, 22.0, 10.0)})
    out = io.BytesIO()
    Image.new("RGB", (300, 200), (200, 30, 30)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def onward(page, title, button="Lanjutkan"):
    page.click(f"main button:has-text('{button}') >> nth=0")
    page.wait_for_selector(f"main h1:text-is('{title}')")


def begin(page):
    sent = []

    def note(request):
        body = request.post_data_buffer
        sent.append((request.url, request.headers, body or b""))

    page.on("request", note)
    page.goto("/lapor/")
    page.click("button:has-text('Mulai laporan')")
    page.wait_for_selector("main[data-scripted]")
    return sent


def until_files(page, named=False, check=lambda page: None):
    check(page)
    page.check("input[name=body] >> nth=0")
    onward(page, "Adakah yang tidak boleh membukanya?")
    check(page)
    page.check("input[name=exclude] >> nth=0")
    page.fill("#names", "RAHASIAKECUALI")
    onward(page, "Apa yang terjadi?")
    check(page)
    page.click("main button:has-text('Lanjutkan')")
    assert page.locator("[role=alert]").is_visible() or page.locator("#what:invalid").count()
    page.fill("#what", STORY)
    onward(page, "Kapan dan di mana?")
    check(page)
    page.fill("#where", "RAHASIATEMPAT")
    page.fill("#when", "Senin pagi")
    onward(page, "Siapa yang dilaporkan?")
    page.go_back()
    page.wait_for_selector("#where")
    assert page.input_value("#where") == "RAHASIATEMPAT"
    onward(page, "Siapa yang dilaporkan?")
    check(page)
    page.fill("#who-0-post", "RAHASIAJABATAN")
    onward(page, "Adakah saksi atau tautan?")
    check(page)
    page.fill("#witness-0-name", "RAHASIASAKSI")
    onward(page, "Dengan nama atau tanpa nama?")
    check(page)
    page.check(f"input[name=named][value={'yes' if named else 'no'}]")
    if named:
        page.click("summary:has-text('Nama dan alamat')")
        page.fill("#name", "RAHASIANAMA")
        page.fill("#address", "RAHASIARUMAH")
        page.check("input[name=agreed]")
    onward(page, "Catat kode Anda")
    check(page)
    code = " ".join(page.locator("ol.words strong").all_inner_texts())
    assert len(code.split()) == 9
    onward(page, "Ketik kode Anda", "Sudah saya catat")
    check(page)
    page.click("main button:has-text('Lanjutkan')")
    page.wait_for_selector("[role=alert]")
    page.fill("#code", code.upper())
    onward(page, "Periksa jawaban Anda")
    check(page)
    assert "RAHASIATEMPAT" in page.inner_text("main")
    onward(page, "Berkas, lalu kirim", "Lanjut ke berkas")
    check(page)
    return code


def leaked(sent, code):
    words = [PLANTED, *NAMES, code, code.replace(" ", "+"), "AGE-SECRET-KEY"]
    return [
        (url, word)
        for url, headers, body in sent
        for word in words
        for text in (url.encode(), json.dumps(headers).encode(), body)
        if word.lower().encode() in text.lower()
    ]


def test_nothing_that_is_typed_leaves_the_browser_in_clear(place, phone):
    page = phone(place)
    sent = begin(page)
    code = until_files(page, named=True, check=audit)
    page.set_input_files("#files", {"name": "RAHASIABERKAS.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    page.wait_for_selector("#chosen .card")
    said = page.inner_text("#chosen")
    assert "-0.30556, 100.36944" in said and "Ponsel Umpama 7" in said
    audit(page)
    page.uncheck("#chosen input[type=checkbox]")
    page.click("main button:has-text('Kirim laporan')")
    page.wait_for_selector("main h1:text-is('Laporan diterima')")
    audit(page)
    assert code in page.inner_text("main")
    receipt = page.input_value("#receipt")
    assert leaked(sent, code) == []
    saved = place.home / "bukti.txt"
    saved.write_text(receipt)
    key = (place.home / "keys" / "log-key.pub").read_text().strip()
    assert "tanda tangan asli" in place.run("verify-receipt", str(saved), "--key", key).stdout
    [report] = [each for each in opened(place) if each["parts"].get("identity")]
    content = report["parts"]["content"]
    assert report["channel"] == "scripted" and content["what"] == STORY
    assert content["exclude"]["names"] == ["RAHASIAKECUALI"] and len(content["exclude"]["keys"]) == 1
    assert report["parts"]["identity"]["name"] == "RAHASIANAMA"
    [file] = content["files"]
    assert "place" in file["left_out"] and file["told"] == [] and "RAHASIABERKAS" not in json.dumps(content)
    picture = bytes.fromhex(report["files"][0])[: file["size"]]
    assert (
        picture.startswith(b"\xff\xd8\xff")
        and b"Ponsel" not in picture
        and not Image.open(io.BytesIO(picture)).getexif()
    )
    # Whom the reporter excluded cannot open it.
    with pytest.raises(AssertionError):
        opened(place, key=0)


def test_an_upload_that_breaks_is_sent_again_and_makes_one_report(place, phone):
    page = phone(place)
    sent = begin(page)
    before = len(opened(place))
    code = until_files(page)
    page.set_input_files("#files", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"bukti " * 60_000})
    page.wait_for_selector("#chosen .card")
    answers = []

    def cut(route):
        # The first is received, but its answer is lost; the second never arrives.
        if not answers:
            answers.append(route.fetch())
            route.abort()
        elif len(answers) == 1:
            answers.append(None)
            route.abort()
        else:
            route.continue_()

    page.route("**/lapor/kirim/segel/", cut)
    page.click("main button:has-text('Kirim laporan')")
    page.wait_for_selector("text=Sambungan terputus")
    page.click("main button:has-text('Kirim sekali lagi')")
    page.wait_for_selector("text=Sambungan terputus")
    page.wait_for_selector("#sending button[type=submit]:not([aria-busy=true])")
    page.click("main button:has-text('Kirim sekali lagi')")
    page.wait_for_selector("main h1:text-is('Laporan diterima')")
    assert "tidak dibuat dua kali" in page.inner_text("main")
    assert len(opened(place)) == before + 1 and leaked(sent, code) == []


def test_the_mailbox_opens_in_the_browser_and_the_code_is_never_sent(place, phone):
    page = phone(place)
    sent = begin(page)
    code = until_files(page)
    page.click("main button:has-text('Kirim laporan')")
    page.wait_for_selector("main h1:text-is('Laporan diterima')")
    page.goto("/lapor/kotak/")
    page.fill("#code", "abadi abadi")
    page.click("button:has-text('Buka kotak')")
    page.wait_for_selector("#enter-told:has-text('Yang terbaca 2 kata')")
    page.fill("#code", "abadi ombek")
    page.click("button:has-text('Buka kotak')")
    page.wait_for_selector("#enter-told:has-text('“ombek” tidak ada dalam daftar kata. Maksud Anda “ombak”?')")
    page.fill("#code", "abadi qqq")
    page.click("button:has-text('Buka kotak')")
    page.wait_for_selector("#enter-told:has-text('“qqq” tidak ada dalam daftar kata. Periksa ejaannya.')")
    page.fill("#code", code)
    page.click("button:has-text('Buka kotak')")
    page.wait_for_selector("main h1:text-is('Kotak laporan')")
    audit(page)
    page.fill("#text", f"{PLANTED} susulan")
    page.set_input_files("#files", {"name": "program.exe", "mimeType": "image/jpeg", "buffer": b"MZ\x90\x00" * 90})
    page.wait_for_selector("#box-told:has-text('program.exe')")
    page.set_input_files("#files", {"name": "RAHASIABERKAS.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    page.wait_for_selector("#chosen .card")
    assert "-0.30556, 100.36944" in page.inner_text("#chosen")
    audit(page)
    page.click("button:has-text('Kirim ke petugas')")
    page.wait_for_selector(f"article:has-text('{PLANTED} susulan')")
    # Another one, of which the original stays on the phone.
    page.fill("#text", f"{PLANTED} tanpa asli")
    page.set_input_files("#files", {"name": "RAHASIABERKAS.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    page.uncheck("#chosen input[type=checkbox]")
    page.click("button:has-text('Kirim ke petugas')")
    page.wait_for_selector(f"article:has-text('{PLANTED} tanpa asli')")
    # The answer to one more is lost on its way back: sent again, sealed anew, it is one message.
    lost = []

    def lose_answer(route):
        if not lost:
            lost.append(route.fetch())
            return route.abort()
        return route.continue_()

    page.route("**/lapor/kotak/segel/kirim/", lose_answer)
    page.fill("#text", f"{PLANTED} sekali saja")
    page.click("button:has-text('Kirim ke petugas')")
    page.wait_for_selector("#box-told:has-text('Sambungan terputus')")
    page.click("button:has-text('Kirim ke petugas')")
    page.wait_for_selector(f"article:has-text('{PLANTED} sekali saja')")
    assert page.locator(f"article:has-text('{PLANTED} sekali saja')").count() == 1 and len(lost) == 1
    page.click("summary:has-text('Sebutkan nama saya')")
    page.fill("#name", "RAHASIANAMA")
    page.fill("#address", "RAHASIARUMAH")
    page.check("input[name=agreed]")
    page.click("button:has-text('Sampaikan sebagai laporan resmi')")
    page.wait_for_selector("text=sekarang laporan resmi")
    page.evaluate("window.print = () => { window.printed = document.getElementById('form-paper').innerText; }")
    page.click("#print-form")
    paper = page.evaluate("window.printed")
    for words in (
        "Formulir laporan kepada Bawaslu Contoh",
        "RAHASIANAMA",
        "RAHASIAJABATAN",
        "RAHASIABERKAS.jpg",
        STORY,
    ):
        assert words in paper
    # Some browsers come back from print() before they print: what is printed stands until they are done.
    assert page.is_visible("#form-paper") and page.locator("body.paper-alone").count() == 1
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.is_hidden("#form-paper") and not page.locator("body.paper-alone").count()
    page.click("summary:has-text('Setujui satu badan lain')")
    page.click("button:has-text('Setujui badan ini')")
    page.wait_for_selector("#box-told:has-text('Pilih satu badan')")
    page.check("input[name=body] >> nth=0")
    page.locator("form:has([name=body]) [name=agreed]").check()
    page.click("button:has-text('Setujui badan ini')")
    page.wait_for_selector("text=Persetujuan dicatat: Satgas Contoh")
    audit(page)
    assert leaked(sent, code) == []
    assert further_opens(place) == {"content", "identity", "dialogue"}
    [report] = [each for each in opened(place) if each["parts"].get("message")]
    assert report["parts"]["message"]["text"] == f"{PLANTED} sekali saja" and len(report["files"]) == 3
    first, second, third = report["messages"]
    original, copy = first["files"]
    assert (original["part"], copy["part"], copy["working_of"]) == (
        0,
        1,
        0,
    ) and "place: -0.30556, 100.36944" in original["told"]
    [alone] = second["files"]
    assert alone["left_out"][0] == "original" and "place" in alone["left_out"] and alone["name"] == "salinan-3"
    assert third["files"] == [] and "RAHASIABERKAS" not in json.dumps(second)
    files = [bytes.fromhex(each) for each in report["files"]]
    assert b"Ponsel" in files[0] and not any(b"Ponsel" in each for each in files[1:])
    assert report["parts"]["identity"]["name"] == "RAHASIANAMA"
    # The same code opens the same box without scripts.
    plain = phone(place, java_script_enabled=False)
    plain.goto("/lapor/kotak/")
    plain.fill("#code", code)
    plain.click("button:has-text('Buka kotak')")
    assert f"{PLANTED} susulan" in plain.inner_text("main")


# What an officer's browser sends, and what the clock or an officer does.
_ASK = """
import django; django.setup()
import sys
from ikrar.domain import return_codes
from ikrar.gateways import sealing
from ikrar.records.models import Report, ReportPart, ReportReader
from ikrar.services import reports
code = return_codes.read(sys.argv[1])
report = Report.objects.get(finder=code.finder(reports.pepper()))
if sys.argv[2] == "ask":
    document = {"v": 1, "text": "Siapa yang mendengar pesan itu?", "asks": ["pilkada-material-evidence"], "files": []}
    ReportPart.objects.create(report=report, kind="message", from_reporter=False, put_on=report.received_on, place=0,
        sealed=sealing.seal(sealing.padded(document), [report.dialogue_to]), digest="0" * 64, size_step=1)
    state = "asked"
else:
    state = "closed"
Report.objects.filter(pk=report.pk).update(state=state)
ReportReader.objects.filter(report=report).update(state=state)
"""


def officer(place, code, does):
    place.ask(_ASK, code, does)


def test_j4_with_scripts_from_the_voice_note_to_the_receipt_on_another_machine(place, phone, tmp_path):
    page = phone(place)
    sent = begin(page)
    # 1, 2: without any number of the accused; the day it became known is three days ago, of seven that there are.
    assert re.search(r"[0-9a-f]{4}( [0-9a-f]{4}){4}", page.inner_text("main"))
    page.check("input[name=body] >> nth=0")
    onward(page, "Adakah yang tidak boleh membukanya?")
    onward(page, "Apa yang terjadi?")
    page.fill("#what", f"{STORY} Suaranya ada.")
    onward(page, "Kapan dan di mana?")
    page.fill("#when", "Senin pagi")
    page.fill("#where", "RAHASIATEMPAT")
    page.fill("#known_on", (datetime.now(WIB).date() - timedelta(days=3)).isoformat())
    onward(page, "Siapa yang dilaporkan?")
    page.fill("#who-0-post", "RAHASIAJABATAN")
    onward(page, "Adakah saksi atau tautan?")
    # 3: the meter: a witness is missing, four days are left.
    assert "sisa 4 hari" in page.inner_text("main")
    onward(page, "Dengan nama atau tanpa nama?")
    page.check("input[name=named][value=no]")
    onward(page, "Catat kode Anda")
    code = " ".join(page.locator("ol.words strong").all_inner_texts())
    # 4: leaving without keeping the code: the page asks before it goes, and no other way leads past the code.
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"] and not page.is_closed()
    onward(page, "Ketik kode Anda", "Sudah saya catat")
    page.click("main button:has-text('Lanjutkan')")
    page.wait_for_selector("[role=alert]")
    page.fill("#code", " ".join(word[:4] for word in code.split()))
    onward(page, "Periksa jawaban Anda")
    assert "Belum · Bukti" in page.inner_text("main") and "sisa 4 hari" in page.inner_text("main")
    onward(page, "Berkas, lalu kirim", "Lanjut ke berkas")
    markup = '<img src=x onerror="document.title=1">.png'
    page.set_input_files(
        "#files",
        [
            {"name": "suara.ogg", "mimeType": "audio/ogg", "buffer": opus()},
            {"name": "layar 1.png", "mimeType": "image/png", "buffer": picture("PNG")},
            {"name": markup, "mimeType": "image/png", "buffer": picture("PNG")},
        ],
    )
    page.wait_for_selector("#chosen .card >> nth=2")
    assert markup in page.inner_text("#chosen") and page.locator("#chosen img").count() == 0
    page.click("main button:has-text('Kirim laporan')")
    page.wait_for_selector("main h1:text-is('Laporan diterima')")
    receipt = page.input_value("#receipt")
    [report] = [each for each in opened(place) if each["parts"]["content"]["what"].endswith("Suaranya ada.")]
    names = [each["name"] for each in report["parts"]["content"]["files"] if each["working_of"] is None]
    assert names == ["suara.ogg", "layar 1.png", markup] and "pilkada-material-evidence" in report["ticks"]
    # 5: a question is there; it is answered, with a file whose place is not in its working copy.
    officer(place, code, "ask")
    page.goto("/lapor/kotak/")
    page.fill("#code", code)
    page.click("button:has-text('Buka kotak')")
    page.wait_for_selector("article:has-text('Siapa yang mendengar pesan itu?')")
    page.fill("#text", f"{PLANTED} semua mendengarnya")
    page.check("#asked input >> nth=0")
    page.set_input_files("#files", {"name": "RAHASIABERKAS.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    page.wait_for_selector("#chosen .card")
    page.click("button:has-text('Kirim ke petugas')")
    page.wait_for_selector(f"article:has-text('{PLANTED} semua mendengarnya')")
    [report] = [each for each in opened(place) if each["parts"]["content"]["what"].endswith("Suaranya ada.")]
    original, copy = (bytes.fromhex(report["files"][each["part"]]) for each in report["messages"][-1]["files"])
    assert (
        b"Ponsel" in original
        and b"Ponsel" not in copy
        and report["messages"][-1]["asks"] == ["pilkada-material-evidence"]
    )
    # 6: the name goes to the body chosen, and to it alone.
    page.click("summary:has-text('Sebutkan nama saya')")
    assert "tidak dapat ditarik kembali" in page.inner_text("main") and "sidang" in page.inner_text("main")
    page.fill("#name", "RAHASIANAMA")
    page.fill("#address", "RAHASIARUMAH")
    page.check("input[name=agreed] >> nth=0")
    page.click("button:has-text('Sampaikan sebagai laporan resmi')")
    page.wait_for_selector("text=sekarang laporan resmi")
    [report] = [each for each in opened(place) if each["parts"]["content"]["what"].endswith("Suaranya ada.")]
    assert report["parts"]["identity"]["name"] == "RAHASIANAMA" and report["bodies"] == ["bawaslu"]
    # 7: anybody checks the receipt, with no more than the log's public key.
    signature_of(receipt, (place.home / "keys" / "log-key.pub").read_text().strip())
    assert leaked(sent, code) == []
    # A report that is closed while its reporter writes: told, and what was typed stands.
    page.fill("#text", f"{PLANTED} kata terakhir")
    officer(place, code, "close")
    page.click("button:has-text('Kirim ke petugas')")
    page.wait_for_selector("#box-told:has-text('sudah ditutup')")
    assert page.input_value("#text") == f"{PLANTED} kata terakhir"


def test_guessing_and_a_flood_get_nowhere_where_browsers_seal_too(place, phone):
    """Lookups that find nothing are told apart by nothing; a report without work is none; what matters is filed meanwhile."""
    browser = Reporter(place.port)
    answers = {browser.post("/lapor/kotak/segel/", lookup=f"{number:064x}") for number in range(60)}
    assert {status for status, _said in answers} == {422, 429} and len({said for _status, said in answers}) == 2
    empty = {browser.upload("/lapor/kirim/segel/", [("form", "{}")], [])[0] for _ in range(500)}
    assert empty == {422}
    before = len(opened(place))
    page = phone(place)
    begin(page)
    code = until_files(page)
    page.click("main button:has-text('Kirim laporan')")
    page.wait_for_selector("main h1:text-is('Laporan diterima')")
    assert len(opened(place)) == before + 1
    page.goto("/lapor/kotak/")
    page.fill("#code", code)
    page.click("button:has-text('Buka kotak')")
    page.wait_for_selector("main h1:text-is('Kotak laporan')")


def test_a_key_set_whose_signatures_are_not_genuine_is_refused(place, phone):
    page = phone(place)

    def forged(route):
        answer = route.fetch()
        body = answer.text()
        at = body.index('"signature": "') + 14
        route.fulfill(response=answer, body=body[:at] + ("0" if body[at] != "0" else "1") + body[at + 1 :])

    page.route("**/lapor/pertanyaan/", forged)
    begin(page)
    page.check("input[name=body] >> nth=0")
    onward(page, "Adakah yang tidak boleh membukanya?")
    onward(page, "Apa yang terjadi?")
    page.fill("#what", STORY)
    for title in (
        "Kapan dan di mana?",
        "Siapa yang dilaporkan?",
        "Adakah saksi atau tautan?",
        "Dengan nama atau tanpa nama?",
    ):
        onward(page, title)
    page.check("input[name=named][value=no]")
    page.click("main button:has-text('Lanjutkan')")
    page.wait_for_selector("text=Himpunan kunci badan ini tidak sah")


def test_blackening_takes_the_pixels_away(place, phone):
    page = phone(place)
    begin(page)
    until_files(page)
    page.set_input_files("#files", {"name": "layar.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    page.click("button:has-text('Hitamkan bagian gambar')")
    audit(page)
    page.focus("canvas.blur")
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Bagian yang dihitamkan: 1")
    page.click("button:has-text('Pakai gambar ini')")
    page.wait_for_selector("#chosen input[type=checkbox]:not(:checked)")
    page.click("main button:has-text('Kirim laporan')")
    page.wait_for_selector("main h1:text-is('Laporan diterima')")
    [report] = [
        each
        for each in opened(place)
        if any("blackened" in file["left_out"] for file in each["parts"]["content"]["files"])
    ]
    picture = Image.open(io.BytesIO(bytes.fromhex(report["files"][0])))
    assert picture.size == (300, 200)
    assert max(picture.getpixel((150, 88))) < 30 and picture.getpixel((20, 20))[0] > 150


def test_the_whole_journey_stays_within_130_kilobytes_over_the_wire(place, phone):
    page = phone(place, extra_http_headers={"Accept-Encoding": "br, gzip"})
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    received = []
    client.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    sent = begin(page)
    until_files(page)
    page.click("main button:has-text('Kirim laporan')")
    page.wait_for_selector("main h1:text-is('Laporan diterima')")
    total = sum(received) + sum(len(body) + 500 for _url, _headers, body in sent)
    assert total <= 130_000, (total, [url for url, _headers, _body in sent])


def test_what_is_no_work_is_refused():
    from ikrar.services import scripted

    assert not scripted.is_worked("x", "y", 0, 24)
    number = next(number for number in range(1 << 16) if scripted.is_worked("x", "y", number, 8))
    assert scripted.is_worked("x", "y", number, 8) and not scripted.is_worked("x", "z", number, 24)


def test_no_trace_of_an_address_or_a_device_in_the_log(place):
    log = (place.home / "server.log").read_text()
    for trace in ("/lapor/", "127.0.0.1 ", "Mozilla", "HeadlessChrome", "RAHASIA"):
        assert trace not in log
