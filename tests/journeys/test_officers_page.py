"""The officers' desk in a real browser: a report comes through the door, is opened, answered, confirmed, and moved on."""

import io
import json
import re
import wave

import pytest
from PIL import Image

from tests.journeys.conftest import audit, new_place
from tests.reporter import Reporter

STORY = "Seorang pejabat mengirim pesan suara agar <b>memilih</b> satu pasangan calon.\nDikirim dua kali."
NAMED = {"named": "yes", "name": "Pelapor Rekaan", "address": "Jalan Rekaan 7", "agreed": "on"}


def picture(colour=(20, 120, 60)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 400), colour).save(out, "PNG")
    return out.getvalue()


def sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(bytes(range(256)) * 16)
    return out.getvalue()


FILES = [
    ("layar.png", picture()),
    ("suara.wav", sound()),
    ("catatan.txt", b"<script>alert(1)</script> pukul tujuh"),
    ("surat.pdf", b"%PDF-1.4\n1 0 obj << /OpenAction << /S /JavaScript >> >> endobj\n%%EOF\n"),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Two bodies with their keys, served."""
    found = new_place(tmp_path_factory.mktemp("desk"))
    found.environment |= {"IKRAR_KEPT_S": "0"}
    found.bodies = json.loads(found.ask("from tests.journeys import desk_stage as d; d.main()", limit=300))
    found.serve()
    yield found
    found.stop()


class Officer:
    """One officer at his desk, and all that his browser sent."""

    def __init__(self, place, page, name, kind="bawaslu"):
        self.page, self.kind, self.sent = page, kind, []
        self.body = place.bodies[kind]
        self.told = self.body["officers"][name]
        page.context.add_cookies([{"name": "ikrar", "value": self.told["session"], "url": place.url}])
        page.on("request", lambda request: self.sent.append((request.post_data_buffer or b"") + request.url.encode()))
        page.on("pageerror", lambda error: pytest.fail(f"{page.url}: {error}"))

    def open(self, number="", words=None):
        """Go to a report (from the inbox: the first line) and open it with the seven words."""
        page = self.page
        if number:
            page.goto(f"/laporan/{number}/")
        else:
            page.goto("/laporan/")
            page.click("main table a >> nth=0")
        page.wait_for_selector("#open-report:not([hidden])")
        page.fill("#passphrase", words or self.told["words"])
        page.click("button:has-text('Buka laporan')")
        page.wait_for_selector("#opened:not([hidden])")
        # Then it is asked for anew and takes the focus, which scrolls: whoever pressed a button meanwhile would miss it.
        page.wait_for_function("() => document.activeElement.id === 'opened'")
        return re.search(r"/laporan/([0-9a-f]{16})/", page.url)[1]

    def find(self, words):
        """Open the reports of the inbox until one says these words; return its number."""
        self.page.goto("/laporan/")
        for address in [line.get_attribute("href") for line in self.page.locator("main table a").all()]:
            number = self.open(address.strip("/").split("/")[-1])
            if words in self.page.inner_text("#opened"):
                return number
        raise AssertionError(f"no report says: {words}")

    def show(self, name):
        line = self.page.locator("#files > li", has_text=name).first
        line.locator("button:has-text('Tampilkan')").click()
        line.locator("text=Utuh").or_(line.locator("[role=alert]")).wait_for()
        assert line.locator("text=Utuh").count(), line.inner_text()
        line.locator("button").wait_for(state="detached")
        return line

    def acted(self, words, times):
        """Wait until the page, asked for anew after what was opened, tells so many acts."""
        self.page.wait_for_function(
            "([words, times]) => document.querySelector('#acts').innerText.split(words).length > times",
            arg=[words, times],
        )

    def says(self, words):
        self.page.wait_for_selector(f"#act-says:has-text('{words}')")

    def leaked(self, *secrets):
        sent = b"\n".join(self.sent)
        return [each for each in secrets if each.encode() in sent or each.replace(" ", "+").encode() in sent]


def file_report(place, *, named=True, files=FILES, kind="bawaslu", exclude=(), names="", what=STORY):
    """File a report through the door, as a browser without scripts does; return its code."""
    reporter = Reporter(place.port)
    told = place.bodies[kind]
    answers = {
        "exclude": {"exclude": [told["officers"][name]["key"] for name in exclude], "names": names},
        "what": {"what": what},
        "who": {"who-0-post": "Sekretaris daerah"},
        "identity": NAMED if named else {"named": "no"},
    }
    page, code = reporter.until_files(told["region"], told["body"], answers)
    status, page = reporter.send(page, files)
    assert status == 200, page
    return code


def box_of(place, page, code):
    """Open the mailbox of a code without scripts."""
    page.goto("/lapor/kotak/")
    page.fill("#code", code)
    page.click("button:has-text('Buka kotak')")
    page.wait_for_load_state()
    return page.inner_text("main")


def test_a_report_is_opened_answered_confirmed_and_moved_on(place, desk, phone):
    code = file_report(place)
    ani = Officer(place, desk(place), "Ani")
    page = ani.page
    page.goto("/laporan/")
    page.click("main table a >> nth=0")
    audit(page)
    assert "Belum ada yang membuka laporan ini" in page.inner_text("main")
    # Wrong words open nothing, and nothing is kept.
    page.fill("#passphrase", " ".join(reversed(ani.told["words"].split())))
    page.click("button:has-text('Buka laporan')")
    page.wait_for_selector("#open-says:not([hidden])")
    audit(page)
    number = ani.open(re.search(r"/laporan/(\w+)/", page.url)[1])
    audit(page)
    said = page.inner_text("#opened")
    assert STORY.split("\n")[0] in said and "Pelapor Rekaan" in said and "Sekretaris daerah" in said
    assert page.inner_text("#opened dd >> nth=0") == STORY, "what was written shows as it was written"
    # Opening made it read, and what one may do with one that is read is there without opening it again.
    page.wait_for_selector("#facts:has-text('dibaca')")
    assert "dibaca" in page.inner_text("#facts") and "membuka laporan" in page.inner_text("#acts")
    assert page.locator("#reply [data-ask]").count() > 3 and page.locator("#state option").count() > 3
    # Each file that is opened is one line of custody.
    for name, _content in FILES:
        line = ani.show(name)
        audit(page)
        what = {"png": "canvas", "wav": "audio", "txt": "pre", "pdf": "p.warning"}[name[-3:]]
        assert line.locator(what).count() == 1
        with page.expect_download() as download:
            line.locator("a:has-text('Simpan aslinya')").click()
        assert download.value.path().read_bytes() == dict(FILES)[name]
    assert page.inner_text("#files pre") == FILES[2][1].decode(), "markup is text"
    ani.acted("membuka bukti", len(FILES))
    assert page.inner_text("#acts").count("membuka bukti") == len(FILES)
    assert not page.locator("#parts button:has-text('Tegaskan')").count(), "the first is not his own second person"
    # He asks for what is missing.
    page.fill("#reply-text", "Siapa yang mendengar pesan itu?")
    page.check("#reply [data-ask] >> nth=2")
    page.check("#reply [name=asks]")
    page.click("button:has-text('Segel dan kirim jawaban')")
    ani.says("disimpan tersegel")
    audit(page)
    assert "menunggu kelengkapan" in page.inner_text("#facts")
    assert "Siapa yang mendengar pesan itu?" in page.inner_text("#dialogue") and page.input_value("#reply-text") == ""
    page.check("#ticks input[type=checkbox] >> nth=0")
    page.click("button:has-text('Catat pemeriksaan')")
    ani.says("kelengkapan dicatat")
    assert page.is_checked("#ticks input[type=checkbox] >> nth=0") and "memeriksa kelengkapan" in page.inner_text(
        "#acts"
    )

    # The reporter sees it in the mailbox and answers, with a file.
    reporter = phone(place, java_script_enabled=False)
    assert "menunggu jawaban Anda" in box_of(place, reporter, code)
    assert "Siapa yang mendengar pesan itu?" in reporter.inner_text("main")
    reporter.fill("#text", "Seluruh grup mendengarnya.")
    reporter.check("input[name=answered] >> nth=0")
    reporter.set_input_files("#files", [{"name": "grup.png", "mimeType": "image/png", "buffer": picture((9, 9, 99))}])
    reporter.click("button:has-text('Kirim ke petugas')")
    assert "Kiriman Anda diterima" in reporter.inner_text("main")

    # The second person opens the evidence himself, and confirms it.
    budi = Officer(place, phone(place), "Budi")
    budi.open(number)
    audit(budi.page)
    assert "Seluruh grup mendengarnya." in budi.page.inner_text("#dialogue")
    budi.acted("membuka laporan", 2)
    assert budi.page.locator("#parts button:has-text('Tegaskan')").count() == 1, "only the content, which he has opened"
    budi.show("layar.png")
    budi.show("grup.png")
    audit(budi.page)
    budi.acted("membuka bukti", len(FILES) + 2)
    assert budi.page.locator("#parts button:has-text('Tegaskan')").count() == 2, "grup.png was opened by nobody before"
    budi.page.locator("#parts button:has-text('Tegaskan')").last.click()
    budi.says("Penegasan Anda dicatat")
    assert "Ditegaskan oleh Budi Rekaan" in budi.page.inner_text("#parts")
    audit(budi.page)
    # The state: an end needs a reason, and what he wrote stays on the page when it is refused.
    budi.page.select_option("#new-state", "closed")
    budi.page.fill("#reply-text", "Belum selesai saya tulis")
    budi.page.click("button:has-text('Ubah keadaan laporan')")
    budi.says("Tulis alasannya")
    assert budi.page.input_value("#reply-text") == "Belum selesai saya tulis"
    budi.page.select_option("#new-state", "closed")
    budi.page.fill("#state-text", "Selesai di inspektorat.")
    budi.page.click("button:has-text('Ubah keadaan laporan')")
    budi.says("Keadaan laporan diubah")
    assert "ditutup" in budi.page.inner_text("#facts")
    assert "Selesai di inspektorat." in box_of(place, reporter, code)

    # Locked, the page holds nothing any more; nothing secret left a browser.
    budi.page.click("button:has-text('Kunci sekarang')")
    budi.page.wait_for_selector("#open-report:not([hidden])")
    assert "Seluruh grup" not in budi.page.content()
    for one in (ani, budi):
        secrets = (one.told["words"], "AGE-SECRET-KEY", "Siapa yang mendengar", "Selesai di inspektorat")
        assert one.leaked(*secrets) == []


def test_a_file_that_was_changed_on_the_disk_is_told_and_not_shown(place, desk):
    file_report(
        place, named=False, files=[("layar.png", picture((1, 2, 3)))], what="Berkas ini diubah orang di peladen"
    )
    newest = max((place.home / "sealed").rglob("*"), key=lambda path: (path.is_file(), path.stat().st_ctime))
    content = bytearray(newest.read_bytes())
    content[-40] ^= 1
    newest.write_bytes(content)
    ani = Officer(place, desk(place), "Ani")
    ani.find("Berkas ini diubah")
    ani.page.click("button:has-text('Tampilkan')")
    ani.page.wait_for_selector("#files [role=alert]")
    assert "Ada byte yang berubah" in ani.page.inner_text("#files") and not ani.page.locator("#files canvas").count()
    audit(ani.page)


def test_a_choice_outlives_the_opening_of_a_file(place, desk):
    file_report(place, named=True, files=FILES[:1], what="Pilihan keadaan tidak melompat kembali")
    ani = Officer(place, desk(place), "Ani")
    ani.find("tidak melompat")
    assert ani.page.input_value("#new-state") == "", "nothing is chosen that nobody chose"
    ani.page.select_option("#new-state", "formal")
    ani.show("layar.png")
    assert ani.page.input_value("#new-state") == "formal"
    ani.page.click("button:has-text('Ubah keadaan laporan')")
    ani.says("Keadaan laporan diubah")
    assert ani.page.input_value("#new-state") == ""


def test_a_page_that_is_left_warns_and_locks_and_one_on_which_a_recording_plays_does_not(place, phone):
    file_report(place, named=False, files=FILES[1:2], what="Rekaman ini lebih panjang daripada lima menit")
    page = phone(place)
    page.clock.install()
    ani = Officer(place, page, "Ani")
    number = ani.find("lebih panjang daripada lima menit")
    page.wait_for_timeout(500)  # whatever the opening scrolled counts as somebody who is there
    page.clock.fast_forward("04:01")
    page.wait_for_selector("#idle-says:has-text('terkunci satu menit lagi')")
    shown = page.locator("#idle-says").bounding_box()
    assert 0 <= shown["y"] < 844, "in sight, wherever he reads"
    audit(page)
    page.keyboard.press("Shift")
    assert page.is_hidden("#idle-says")
    page.clock.fast_forward("04:30")
    assert page.is_visible("#opened")
    page.clock.fast_forward("00:31")
    page.wait_for_selector("#open-report:not([hidden])")
    assert page.is_hidden("#opened")
    ani.open(number)
    ani.show("suara.wav")
    page.evaluate(
        "Object.defineProperty(document.querySelector('audio'), 'paused', {value: false, configurable: true}); 0"
    )
    for _each in range(4):
        page.clock.fast_forward("04:01")
        assert page.is_hidden("#idle-says")
    page.evaluate("delete document.querySelector('audio').paused; 0")
    page.clock.fast_forward("05:01")
    page.wait_for_selector("#open-report:not([hidden])")


def test_the_pages_of_a_report_are_read_by_day_and_by_night(place, browser):
    """On a phone and on a desk, in both lights: axe, and nothing wider than the page."""
    file_report(place, named=True, files=FILES[:1], what="Laporan ini dibaca siang dan malam hari")
    for width in (390, 1280):
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": 900}, base_url=place.url, color_scheme=scheme
            )
            context.set_default_timeout(20_000)
            officer = Officer(place, context.new_page(), "Citra")
            officer.find("siang dan malam")
            officer.show("layar.png")
            audit(officer.page)
            context.close()
