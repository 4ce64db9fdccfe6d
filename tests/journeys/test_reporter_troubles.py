"""J4 with scripts where something goes wrong: a line that breaks, a part that does not come, an older browser, a change of mind."""

import json
import re

import pytest

from tests.journeys.conftest import audit
from tests.journeys.test_reporter_scripted import begin, equipped, onward, opened, photo, until_files
from tests.telling_files import picture

SENT = "**/lapor/kirim/segel/"
QUESTIONS = "**/lapor/pertanyaan/"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    found = equipped(tmp_path_factory, "troubles")
    yield found
    found.stop()


def cut(route):
    route.abort()


def send(page):
    page.click("#sending button[type=submit]")


def received(page):
    page.wait_for_selector("main h1:text-is('Laporan diterima')")


def change(page, step):
    """Go from the last page back to an answer."""
    page.click("main button:has-text('Periksa lagi jawaban')")
    page.wait_for_selector("main h1:text-is('Periksa jawaban Anda')")
    page.click(f"main button[name=go][value={step}]")


def to_files(page):
    onward(page, "Berkas, lalu kirim", "Lanjut ke berkas")


def only(place, words, key=1):
    """Return the one report that tells something."""
    [found] = [each for each in opened(place, key) if words in each["parts"]["content"]["what"]]
    return found


# --- a change of mind after a broken send ---------------------------------------------------------------------------


def test_what_is_changed_after_a_failed_send_is_what_arrives(place, phone):
    page = phone(place)
    begin(page)
    until_files(page, named=True)
    page.route(SENT, cut)
    send(page)
    page.wait_for_selector("text=Sambungan terputus")
    change(page, "what")
    page.fill("#what", "PIKIRULANG: seorang pejabat meminta bawahannya memilih satu pasangan calon.")
    onward(page, "Periksa jawaban Anda")
    page.click("main button[name=go][value=identity]")
    page.check("input[name=named][value=no]")
    onward(page, "Periksa jawaban Anda")
    page.click("main button[name=go][value=exclude]")
    page.check("input[name=exclude] >> nth=2")
    onward(page, "Periksa jawaban Anda")
    to_files(page)
    page.unroute(SENT)
    send(page)
    received(page)
    report = only(place, "PIKIRULANG")
    assert "identity" not in report["parts"] and len(report["parts"]["content"]["exclude"]["keys"]) == 2
    with pytest.raises(AssertionError):
        opened(place, key=2)


def test_another_body_may_be_chosen_after_a_failed_send(place, phone):
    page = phone(place)
    begin(page)
    until_files(page)
    page.route(SENT, cut)
    send(page)
    page.wait_for_selector("text=Sambungan terputus")
    change(page, "body")
    page.check("input[name=body] >> nth=1")
    onward(page, "Adakah yang tidak boleh membukanya?")
    # Names that were typed go along; the holders are others.
    assert page.input_value("#names") == "RAHASIAKECUALI" and page.locator("input[name=exclude]:checked").count() == 0
    onward(page, "Periksa jawaban Anda")
    to_files(page)
    page.unroute(SENT)
    send(page)
    received(page)
    assert "Satgas Contoh" in page.inner_text("main")


def test_nothing_can_be_changed_while_it_is_being_sent(place, phone):
    page = phone(place)
    begin(page)
    until_files(page)
    held = []
    page.route(SENT, lambda route: held.append(route))
    send(page)
    while not held:
        page.wait_for_timeout(50)
    page.locator("main button:has-text('Periksa lagi jawaban')").dispatch_event("click")
    page.go_back()
    assert page.inner_text("main h1") == "Berkas, lalu kirim"
    held[0].continue_()
    received(page)


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["files", "clean"])
def test_a_file_chosen_at_the_last_moment_is_seen_first_and_arrives(place, phone, part):
    page = phone(place)
    begin(page)
    until_files(page)
    change(page, "what")
    page.fill("#what", f"SAATTERAKHIR{part}: seorang pejabat meminta bawahannya memilih satu pasangan calon.")
    onward(page, "Periksa jawaban Anda")
    to_files(page)
    held = []
    page.route(re.compile(rf"sealing/{part}\..*js"), lambda route: held.append(route))
    page.set_input_files("#files", {"name": "akhir.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    send(page)
    page.wait_for_timeout(500)
    assert page.inner_text("main h1") == "Berkas, lalu kirim"
    while held:
        held.pop(0).continue_()
        page.wait_for_timeout(200)
    # What it reveals is read before it goes.
    page.wait_for_selector("#sending button[type=submit]:not([aria-busy=true])")
    assert page.locator("[role=alert]").is_visible() and "Ponsel Umpama 7" in page.inner_text("#chosen")
    send(page)
    received(page)
    report = only(place, f"SAATTERAKHIR{part}")
    assert [each["name"] for each in report["parts"]["content"]["files"]] == ["akhir.jpg"] * 2


@pytest.mark.parametrize("part", ["files", "clean"])
def test_files_that_cannot_be_examined_are_named_and_stop_the_send(place, phone, part):
    page = phone(place)
    begin(page)
    until_files(page)
    address = re.compile(rf"sealing/{part}\..*js")
    held = []
    page.route(address, lambda route: held.append(route))
    page.set_input_files("#files", {"name": "akhir.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    send(page)
    while not held:
        page.wait_for_timeout(50)
    held[0].abort()
    page.wait_for_selector("[role=alert]:has-text('akhir.jpg')")
    page.wait_for_selector("#sending button[type=submit]:not([aria-busy=true])")
    page.unroute(address)
    page.set_input_files("#files", {"name": "akhir.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    page.wait_for_selector("#chosen .card:has-text('akhir.jpg')")


def test_copies_count_toward_the_most_files_before_anything_is_sent(place, phone):
    page = phone(place)
    sent = begin(page)
    until_files(page)
    page.set_input_files(
        "#files",
        [{"name": f"layar {n}.png", "mimeType": "image/png", "buffer": picture("PNG")} for n in range(11)],
    )
    page.wait_for_selector("#chosen .card >> nth=10")
    for place_ in range(11):
        page.click(f"#chosen .card >> nth={place_} >> button:has-text('Hitamkan bagian gambar')")
        page.focus("canvas.blur")
        page.keyboard.press("Enter")
        page.click("button:has-text('Pakai gambar ini')")
        page.check(f"#chosen .card >> nth={place_} >> input[type=checkbox]")
    before = len(sent)
    send(page)
    page.wait_for_selector("[role=alert]:has-text('22')")
    assert len(sent) == before


def test_the_tool_that_blackens_leaves_room_and_is_one(place, phone):
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (1080, 9000), (90, 160, 90)).save(out, "PNG")
    page = phone(place)
    begin(page)
    until_files(page)
    page.set_input_files(
        "#files",
        [
            {"name": "panjang.png", "mimeType": "image/png", "buffer": out.getvalue()},
            {"name": "lain.png", "mimeType": "image/png", "buffer": picture("PNG")},
        ],
    )
    page.wait_for_selector("#chosen .card >> nth=1")
    page.click("#chosen .card >> nth=0 >> button:has-text('Hitamkan bagian gambar')")
    box = page.locator("canvas.blur").bounding_box()
    assert box["height"] <= 0.6 * 844 + 2 and abs(box["width"] / box["height"] - 1080 / 9000) < 0.02
    assert page.locator("button:has-text('Pakai gambar ini')").bounding_box()["y"] < box["y"]
    audit(page)
    for button in page.locator("button:has-text('Hitamkan bagian gambar')").all():
        button.dispatch_event("click")
    page.wait_for_timeout(300)
    assert page.locator("canvas.blur").count() == 1
    # What is not yet black would go as it is.
    send(page)
    page.wait_for_selector("[role=alert]:has-text('hitam')")
    page.click("button:has-text('Tutup tanpa mengubah')")
    assert page.locator("canvas.blur").count() == 0
    page.evaluate("() => { window.createImageBitmap = () => Promise.reject(new Error('memory')); }")
    page.click("#chosen .card >> nth=1 >> button:has-text('Hitamkan bagian gambar')")
    page.wait_for_selector("[role=alert]:has-text('lain.png')")


def test_a_file_chosen_at_the_last_moment_arrives_by_the_mailbox_too(place, phone):
    page = phone(place)
    begin(page)
    code = until_files(page)
    send(page)
    received(page)
    page.goto("/lapor/kotak/")
    page.fill("#code", code)
    page.click("button:has-text('Buka kotak')")
    page.wait_for_selector("main h1:text-is('Kotak laporan')")
    held = []
    page.route(re.compile(r"sealing/files\..*js"), lambda route: held.append(route))
    page.set_input_files("#files", {"name": "susulan.txt", "mimeType": "text/plain", "buffer": b"bukti"})
    page.click("button:has-text('Kirim ke petugas')")
    page.wait_for_timeout(500)
    assert page.locator("article:has-text('susulan.txt')").count() == 0
    held[0].continue_()
    page.wait_for_selector("article:has-text('susulan.txt')")


# --- parts that do not come ---------------------------------------------------------------------------------------------


def until_identity(page):
    page.check("input[name=body] >> nth=0")
    onward(page, "Adakah yang tidak boleh membukanya?")
    onward(page, "Apa yang terjadi?")
    page.fill("#what", "Seorang pejabat meminta bawahannya memilih satu pasangan calon.")
    for title in ("Kapan dan di mana?", "Siapa yang dilaporkan?", "Adakah saksi atau tautan?"):
        onward(page, title)
    onward(page, "Dengan nama atau tanpa nama?")
    page.check("input[name=named][value=no]")


@pytest.mark.parametrize("part", ["sealing/core", "vendor/age", "vendor/code-words"])
def test_a_part_that_does_not_load_is_loaded_by_pressing_again(place, phone, part):
    page = phone(place)
    begin(page)
    until_identity(page)
    address = re.compile(rf"{part}\..*js")
    page.route(address, cut)
    page.click("main button:has-text('Lanjutkan')")
    page.wait_for_selector("[role=alert]:has-text('tidak dapat dimuat')")
    page.unroute(address)
    onward(page, "Catat kode Anda")
    assert len(page.locator("ol.words strong").all_inner_texts()) == 9


_NO_WORKER = """window.Worker = class {
  constructor() { setTimeout(() => this.onerror?.(new Event('error')), 10); }
  postMessage() {}
  terminate() {}
};"""


def test_where_no_worker_runs_the_page_works_itself(place, phone):
    page = phone(place)
    page.add_init_script(_NO_WORKER)
    begin(page)
    until_files(page)
    send(page)
    received(page)


# --- the form without scripts as it is fallen back to --------------------------------------------------------------------


def test_who_presses_before_the_questions_came_is_not_sent_the_other_way(place, phone):
    page = phone(place)
    held = []
    page.route(QUESTIONS, lambda route: held.append(route))
    page.goto("/lapor/")
    page.click("button:has-text('Mulai laporan')")
    page.wait_for_selector("main input[name=body]")
    while not held:
        page.wait_for_timeout(50)
    posts = []
    page.on("request", lambda request: posts.append(request.url))
    page.check("input[name=body] >> nth=0")
    page.click("main button:has-text('Lanjutkan')", no_wait_after=True)
    page.wait_for_timeout(300)
    held[0].continue_()
    page.wait_for_selector("main h1:text-is('Adakah yang tidak boleh membukanya?')")
    assert page.locator("main[data-scripted]").count() and not [each for each in posts if each.endswith("/isi/")]


@pytest.mark.parametrize("part", [re.compile(r"sealing/intake\..*js"), re.compile(r"sealing/names\..*js"), QUESTIONS])
def test_a_form_that_falls_back_to_the_server_says_so_on_every_page(place, phone, part):
    page = phone(place)
    page.route(part, cut)
    page.goto("/lapor/")
    page.click("button:has-text('Mulai laporan')")
    page.wait_for_selector("main h1:text-is('Siapa yang boleh membuka laporan Anda?')")
    page.wait_for_load_state()
    if part == QUESTIONS:
        page.wait_for_selector("#script-failed")
        audit(page)
    assert "disegel di peladen" in page.inner_text("main")
    page.check("input[name=body] >> nth=0")
    onward(page, "Adakah yang tidak boleh membukanya?")
    assert "disegel di peladen" in page.inner_text("main")
    onward(page, "Apa yang terjadi?")
    assert "disegel di peladen" in page.inner_text("main")
    # The line is back, and with it the script: what was answered stays.
    page.unroute(part)
    page.fill("#what", "Seorang pejabat meminta bawahannya memilih satu pasangan calon.")
    for title in ("Adakah yang tidak boleh membukanya?", "Siapa yang boleh membuka laporan Anda?"):
        onward(page, title, "Kembali")
    page.wait_for_load_state("networkidle")
    assert "disegel di peladen" in page.inner_text("main")
    onward(page, "Adakah yang tidak boleh membukanya?")
    onward(page, "Apa yang terjadi?")
    assert page.input_value("#what").startswith("Seorang pejabat")


@pytest.mark.parametrize("lacks", ["delete window.TransformStream", "delete SubmitEvent.prototype.submitter"])
def test_an_older_browser_takes_the_form_without_scripts_and_is_told(place, phone, lacks):
    page = phone(place)
    page.add_init_script(lacks)
    page.goto("/lapor/")
    assert (
        page.locator("[data-without-scripts]:visible").count()
        and not page.locator("[data-with-scripts]:visible").count()
    )
    page.click("button:has-text('Mulai laporan')")
    page.wait_for_selector("#script-failed")
    page.check("input[name=body] >> nth=0")
    onward(page, "Adakah yang tidak boleh membukanya?")
    onward(page, "Siapa yang boleh membuka laporan Anda?", "Kembali")


def test_where_scripts_run_no_page_says_that_the_server_seals(place, phone):
    page = phone(place)
    begin(page)
    until_files(page, check=lambda page: "disegel di peladen" in page.inner_text("main") and pytest.fail(page.url))


def test_after_filing_the_next_report_is_sealed_in_the_browser_too(place, phone):
    page = phone(place)
    begin(page)
    until_files(page)
    send(page)
    received(page)
    page.reload()
    page.click("button:has-text('Mulai laporan')")
    page.wait_for_selector("main[data-scripted]")


# --- words at the right place ------------------------------------------------------------------------------------------


def test_a_wrong_word_of_the_code_is_named_with_the_one_that_is_meant(place, phone):
    page = phone(place)
    begin(page)
    until_identity(page)
    onward(page, "Catat kode Anda")
    words = page.locator("ol.words strong").all_inner_texts()
    onward(page, "Ketik kode Anda", "Sudah saya catat")
    page.fill("#code", " ".join([words[0][0] + "q" + words[0][2:], *words[1:]]))
    page.click("main button:has-text('Lanjutkan')")
    page.wait_for_selector(f"[role=alert]:has-text('{words[0][0]}q{words[0][2:]}')")
    page.fill("#code", " ".join(words[:8]))
    page.click("main button:has-text('Lanjutkan')")
    page.wait_for_selector("[role=alert]:has-text('sembilan kata')")
    assert "8" in page.inner_text("[role=alert]")


def test_what_is_wrong_in_a_closed_part_is_opened_and_marked_only_while_it_is_wrong(place, phone):
    page = phone(place)
    begin(page)
    until_identity(page)
    page.check("input[name=named][value=yes]")
    page.click("main button:has-text('Lanjutkan')")
    page.wait_for_selector("[role=alert]")
    assert page.is_visible("#name") and page.locator("[aria-invalid=true]").count() == 3
    page.click("[role=alert] a >> nth=0")
    page.fill("#name", "Pelapor Contoh")
    page.fill("#address", "Jalan Contoh 1")
    page.click("main button:has-text('Lanjutkan')")
    page.wait_for_selector("[role=alert] a >> nth=0")
    assert page.locator("[aria-invalid=true]").count() == 1


def test_progress_is_announced_in_tens(place, phone):
    page = phone(place)
    begin(page)
    until_files(page)
    page.set_input_files("#files", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"bukti " * 1_000_000})
    page.wait_for_selector("#chosen .card")
    page.evaluate(
        "() => { window.said = []; new MutationObserver(() => window.said.push(document.querySelector('#told')?.textContent))"
        ".observe(document.querySelector('#told'), {childList: true, characterData: true, subtree: true}); }"
    )
    send(page)
    received(page)
    percents = [int(found[1]) for each in page.evaluate("window.said") if (found := re.search(r"(\d+) %", each or ""))]
    assert percents and all(each % 10 == 0 for each in percents)


def test_an_exclusion_goes_along_where_the_holder_has_a_new_key(place, phone):
    page = phone(place)
    begin(page)
    until_files(page)

    def renewed(route):
        """Hand the questions out with another key of the first holder."""
        answer = route.fetch()
        told = json.loads(re.search(r'<script id="intake-told"[^>]*>(.*?)</script>', answer.text(), re.S)[1])
        key = told["offers"][0]["holders"][0]["key"]
        body = answer.text().replace(f'name="exclude" value="{key}"', 'name="exclude" value="9001"')
        route.fulfill(
            response=answer, body=body.replace(f'"holders": [{{"key": {key},', '"holders": [{"key": 9001,', 1)
        )

    page.route(QUESTIONS, renewed)
    page.route(
        SENT,
        lambda route: route.fulfill(status=422, json={"reason": "keys_changed", "says": "Kunci badan itu berubah."}),
    )
    send(page)
    page.wait_for_selector("[role=alert]:has-text('Kunci badan itu berubah')")
    onward(page, "Adakah yang tidak boleh membukanya?")
    assert page.is_checked("input[name=exclude][value='9001']")
    assert page.locator("input[name=exclude]:checked").count() == 1


# --- quick exit --------------------------------------------------------------------------------------------------------


def test_quick_exit_leaves_at_once_and_back_shows_nothing_that_was_typed(place, phone):
    page = phone(place)
    begin(page)
    page.check("input[name=body] >> nth=0")
    onward(page, "Adakah yang tidak boleh membukanya?")
    onward(page, "Apa yang terjadi?")
    page.fill("#what", "RAHASIACERITA yang tidak boleh dilihat orang di samping saya.")
    page.on("dialog", lambda dialog: pytest.fail("held up"))
    away = page.get_attribute("a.quick-exit", "href")
    page.route(
        re.compile(re.escape(away)), lambda route: route.fulfill(body="<h1>Cuaca</h1>", content_type="text/html")
    )
    page.click("a.quick-exit")
    page.wait_for_selector("h1:text-is('Cuaca')")
    for _ in range(4):
        try:
            page.go_back()
        except Exception:
            page.reload()
        assert "RAHASIACERITA" not in page.content()
        assert not page.locator("textarea").count() or page.input_value("textarea >> nth=0") == ""
