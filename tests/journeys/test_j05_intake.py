"""J5 (1): an officer turns opened reports into cases at the workbench, by keyboard alone."""

import itertools
import json
import os
import re
import time
from pathlib import Path

import pytest

from tests.journeys.conftest import LOOKS, audit, new_place, violations
from tests.journeys.test_staff_entry import run

SINGLE = "Laporan rekaan nomor {n}: seorang lurah mengajak warga memilih satu pasangan calon."


def file_reports(place, *reports):
    """File sealed reports, straight through the services; return their numbers and codes."""
    listed = "\n".join(json.dumps(each) for each in reports)
    body = str(place.bodies["bawaslu"]["body"])
    return json.loads(place.ask("from tests.journeys import bench_stage as b; b.main()", body, typed=listed, limit=300))


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Two bodies with their keys, served, and two people on the roster; no report yet."""
    found = new_place(tmp_path_factory.mktemp("bench"))
    found.environment |= {"IKRAR_KEPT_S": "0"}
    found.bodies = json.loads(found.ask("from tests.journeys import desk_stage as d; d.main()", limit=300))
    run(found, _ROSTER)
    found.serve()
    yield found
    found.stop()


_CLEARED = """
import django; django.setup()
from ikrar.records.models import Report, ReportReader
for rows in (Report, ReportReader):
    rows.objects.update(state="closed")
print("{}")
"""


@pytest.fixture
def place(served):
    """The same with an empty list: what earlier tests left is closed."""
    run(served, _CLEARED)
    return served


class Bench:
    """An officer at the workbench: keys alone, and all that his browser sent."""

    def __init__(self, place, page, name):
        self.page, self.sent, self.errors = page, [], []
        self.told = place.bodies["bawaslu"]["officers"][name]
        page.context.add_cookies([{"name": "ikrar", "value": self.told["session"], "url": place.url}])
        page.on("request", lambda request: self.sent.append((request.post_data_buffer or b"") + request.url.encode()))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def sit_down(self, query=""):
        """Open the workbench and unlock the key, once."""
        self.page.goto(f"/laporan/meja/{query}")
        self.page.wait_for_selector("#unlock:not([hidden])")
        self.type(self.told["words"])
        self.press("Enter")
        self.page.wait_for_selector("#unlock", state="hidden")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words):
        self.page.keyboard.insert_text(words)

    def open_first(self):
        """Open the first unread report, wait until it was compared, and return its number."""
        self.press("n")
        self.page.wait_for_selector("#bench-shown[data-compared]")
        return self.page.get_attribute("#bench-shown", "data-compared")

    def opened(self, number):
        self.page.wait_for_selector(f"#bench-report-title:has-text('{number[:6]}')")

    def shown(self):
        """Return the short number of the report that is shown, and what it says."""
        return self.page.inner_text("#bench-report-title code"), self.page.inner_text("#told")

    def says(self, words):
        self.page.wait_for_selector(f"#bench-says:has-text('{words}')")

    def focus(self):
        return self.page.evaluate("document.activeElement.id || document.activeElement.outerHTML.slice(0, 120)")

    def choose(self, field, value):
        """Choose in a filter, by the keys that its list knows."""
        for _each in range(20):
            if self.focus() == field:
                break
            self.press("Tab")
        assert self.focus() == field
        self.press("Home")
        for _each in range(20):
            if self.page.input_value(f"#{field}") == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{field} has no {value}")

    def walk_to(self, number):
        """Go up or down the list, row by row, to a report."""
        rows = self.page.eval_on_selector_all("#bench-list li", "rows => rows.map((each) => each.dataset.number)")
        steps = rows.index(number) - rows.index(self.number_at_cursor())
        self.press(*["j" if steps > 0 else "k"] * abs(steps))
        assert self.number_at_cursor() == number

    def type_day(self, digits, delay=15):
        """Type a day into the desk note, digit by digit, as month, day and year; and leave the field."""
        self.press("t")
        assert self.focus() == "bench-day"
        self.page.keyboard.type(digits, delay=delay)

    def number_at_cursor(self):
        return self.page.evaluate("document.activeElement.closest('#bench-list li')?.dataset.number ?? ''")

    def see_all(self, count):
        """Open so many unread reports one after another, and merge each with what equals it."""
        seen = ""
        for _each in range(count):
            self.press("n")
            self.page.wait_for_selector(f"#bench-shown[data-compared]:not([data-compared='{seen}'])")
            seen = self.page.get_attribute("#bench-shown", "data-compared")
            if self.page.is_visible("#doubles"):
                self.press("g")
                self.says("kini menjadi satu perkara")

    def leaked(self, *secrets):
        sent = b"\n".join(self.sent)
        return [each for each in secrets if each.encode() in sent or each.replace(" ", "+").encode() in sent]


def look(page, name):
    """Hold a page against the rules by day and by night, and keep a picture where one is asked for."""
    audit(page)
    page.emulate_media(color_scheme="dark")
    assert not violations(page, LOOKS)
    shots = os.environ.get("IKRAR_SHOTS")
    if shots:
        page.screenshot(path=Path(shots) / f"{name}-dark.png", full_page=True)
    page.emulate_media(color_scheme="light")
    if shots:
        page.screenshot(path=Path(shots) / f"{name}.png", full_page=True)


_STATE = """
import django; django.setup()
import sys
from ikrar.records.models import Report
print(Report.objects.get(pk=int(sys.argv[1], 16)).state)
"""


def state_of(place, number):
    return place.ask(_STATE, number).strip()


def test_reports_open_in_place_with_one_passphrase_and_the_filter_keeps_the_key(place, desk):
    filed = dict(file_reports(place, *({"what": SINGLE.format(n=n), "named": n == 2} for n in range(3))))
    officer = Bench(place, desk(place, java_script_enabled=True), "Ani")
    officer.sit_down()
    for number in range(3):
        officer.press("j" if number else "ArrowDown")
        officer.press("Enter") if number < 2 else officer.press("n")
        officer.page.wait_for_function(
            "n => document.querySelectorAll('#bench-list li[data-state=read]').length === n", arg=number + 1
        )
    look(officer.page, "bench")
    officer.press("/")
    assert officer.focus() == "id_keadaan"
    officer.choose("id_nama", "yes")
    officer.page.wait_for_function("() => document.querySelectorAll('#bench-list li').length === 1")
    assert "nama=yes" in officer.page.url
    officer.press("Escape", "Enter")
    named = officer.page.get_attribute("#bench-list li", "data-number")
    officer.opened(named)
    assert "Pelapor Rekaan" in officer.shown()[1]
    assert not officer.page.is_visible("#unlock") and named in filed
    assert not officer.errors and not officer.leaked(officer.told["words"], "seorang lurah", "Pelapor Rekaan")


def test_opening_one_after_another_quickly_never_mixes_them(place, desk):
    filed = [number for number, _code in file_reports(place, *({"what": f"Cerita-{n:02}."} for n in range(8)))]
    officer = Bench(place, desk(place, java_script_enabled=True), "Ani")
    # The first ones answer late: what they say must not come after what was opened since.
    slow = {"left": 3}

    def later(route):
        slow["left"] -= 1
        if slow["left"] >= 0:
            time.sleep(0.4)
        route.continue_()

    officer.page.route("**/bagian/*/", later)
    officer.sit_down()
    for _ in range(8):
        officer.press("j", "Enter")
    last = officer.page.locator("#bench-list li").last.get_attribute("data-number")
    officer.opened(last)
    officer.page.wait_for_function("() => document.querySelectorAll('#told dd').length > 0")
    officer.page.wait_for_timeout(1500)
    number, told = officer.shown()
    assert number == last[:6] and len(re.findall(r"Cerita-\d\d", told)) == 1
    assert officer.page.locator("#told").count() == 1
    # An act goes to what is shown, wherever the cursor stands.
    officer.press("Escape", "k", "k", "b")
    assert last[:6] in officer.page.inner_text("#conclude-which")
    assert not officer.page.is_visible("#state")
    officer.press("1", "Enter")
    officer.says("bukan pelanggaran")
    assert state_of(place, last) == "not_a_breach"
    assert {state_of(place, each) for each in filed if each != last} <= {"received", "read"}
    assert not officer.errors


def test_two_officers_on_one_report_at_once(place, desk):
    (number, code), = file_reports(place, {"what": SINGLE.format(n=1), "code": True})  # fmt: skip
    ani, budi = (Bench(place, desk(place, java_script_enabled=True), name) for name in ("Ani", "Budi"))
    for officer in (ani, budi):
        officer.sit_down()
        officer.press("Enter")
        officer.opened(number)
        officer.page.wait_for_selector("#facts[data-state=read]")
    ani.press("i", "2")
    ani.page.fill("#conclude-words", "Sebutkan harinya.")
    ani.page.focus("#conclude-do")
    ani.press("Enter")
    ani.says("informasi awal")
    budi.press("r", "1", "Enter")
    budi.page.wait_for_selector("#bench-refused:not([hidden])")
    refused = budi.page.inner_text("#bench-refused")
    assert "Ani Rekaan" in refused and "informasi awal" in refused
    assert state_of(place, number) == "initial_information"
    budi.page.wait_for_selector("#facts[data-state=initial_information]")
    assert not ani.leaked("Sebutkan harinya")
    box = desk(place, java_script_enabled=False)
    box.goto("/lapor/kotak/")
    box.fill("#code", code)
    box.click("button:has-text('Buka kotak')")
    told = box.inner_text("main")
    assert "Sebagian syarat laporan resmi belum terpenuhi" in told and "Sebutkan harinya." in told


def test_keys_are_not_caught_while_typing(place, desk):
    file_reports(place, {"what": "Satu.", "code": True}, {"what": "Dua.", "code": True})
    officer = Bench(place, desk(place, java_script_enabled=True), "Ani")
    officer.sit_down()
    officer.press("Enter")
    number = officer.page.get_attribute("#bench-list li >> nth=0", "data-number")
    officer.opened(number)
    officer.page.wait_for_selector("#facts[data-state=read]")
    officer.press("a")
    assert officer.focus() == "reply-text"
    officer.page.keyboard.type("jkxrbn?/")
    assert officer.page.input_value("#reply-text") == "jkxrbn?/"
    # What is not sent yet is not lost by one key.
    officer.press("Escape", "Escape", "j", "Enter")
    officer.says("belum terkirim")
    assert officer.shown()[0] == number[:6] and officer.page.input_value("#reply-text") == "jkxrbn?/"
    officer.page.click("[data-do=lock]")
    assert not officer.page.is_visible("#unlock") and officer.page.input_value("#reply-text") == "jkxrbn?/"
    officer.page.focus("#reply-text")
    officer.press("Tab")
    officer.page.focus("#reply button")
    officer.press("Enter")
    officer.page.wait_for_selector("#act-says:has-text('Jawaban disimpan')")
    assert "jkxrbn?/" in officer.page.inner_text("#dialogue")
    officer.press("?")
    assert officer.page.is_visible("#bench-help")
    officer.press("Escape")
    assert not officer.page.is_visible("#bench-help") and not officer.errors


_MATTERS = """
import django; django.setup()
import collections, json
from ikrar.records.models import Report
from ikrar.services import report_doubles
from ikrar.records.models import OfficerKey
key = OfficerKey.objects.get(pk=int(__import__("sys").argv[1]))
sizes = report_doubles.matter_sizes(key.user, list(Report.objects.exclude(state="closed").values_list("pk", flat=True)))
states = collections.Counter(Report.objects.exclude(state="closed").values_list("state", flat=True))
print(json.dumps([sorted(sizes.values()), states]))
"""


def test_eighty_reports_become_three_matters_by_keyboard_within_ten_minutes(place, desk, record_property):
    shared = {
        "lurah": {"files": {"foto.txt": "Foto rekaan lurah pada acara partai"}},
        "camat": {"links": ["https://medsos.example/p/camat-1?utm_source=wa"]},
        "guru": {"files": {"undangan.txt": "Undangan rekaan"}, "links": ["https://kabar.example/guru-dua-jari"]},
    }
    doubles = [name for name, count in (("lurah", 5), ("camat", 5), ("guru", 4)) for _each in range(count)]
    wanted = [{"what": f"Tentang {name}, cerita {n}.", **shared[name]} for n, name in enumerate(doubles)]
    wanted += [{"what": SINGLE.format(n=n), "files": {"satu.txt": f"Bukti tersendiri {n}"}} for n in range(66)]
    file_reports(place, *(wanted[n * 37 % 80] for n in range(80)))
    officer = Bench(place, desk(place, java_script_enabled=True), "Ani")
    begun = time.monotonic()
    officer.sit_down("?keadaan=received")
    officer.see_all(80)
    assert officer.page.locator("#told").count() == 1
    merged = time.monotonic() - begun
    # A matter is concluded as a whole, from whichever of its reports is shown.
    officer.press("/")
    officer.choose("id_keadaan", "read")
    officer.says("80 laporan cocok")
    line = "#bench-list li:has([data-matter]:not([hidden]))"
    concluded = []
    while officer.page.query_selector(line):
        size = int(re.search(r"perkara: (\d) laporan", officer.page.inner_text(f"{line} >> nth=0"))[1])
        number = officer.page.get_attribute(f"{line} >> nth=0", "data-number")
        officer.press("Escape")
        if officer.number_at_cursor() == "":
            officer.press("Escape")
        officer.walk_to(number)
        officer.press("Enter")
        officer.page.wait_for_selector(f"#bench-shown[data-compared='{number}']")
        assert officer.page.query_selector(f"#matter [data-size='{size}']")
        if not concluded:
            look(officer.page, "bench-matter")
        officer.press("r", "w", "2", "Enter")
        officer.says(f"{size} laporan: diregister sebagai perkara")
        concluded.append(size)
        # Those that it was done with are no longer among what is filtered for.
        officer.page.wait_for_selector(f"#bench-count:has-text('{80 - sum(concluded)} laporan')")
    took = time.monotonic() - begun
    sizes, states = run(place, _MATTERS, str(officer.told["key"]))
    assert sizes == [4] * 4 + [5] * 10
    assert sorted(concluded) == [4, 5, 5] and states == {"read": 66, "registered": 14}
    assert took < 600, f"{took:.0f} s"
    record_property("seconds until three matters", round(merged))
    assert not officer.errors and not officer.leaked("Tentang lurah", "Foto rekaan", "camat-1")


def test_what_equals_the_open_report_is_merged_and_unmerged_by_one_key_each(place, desk):
    same = {"files": {"foto.txt": "Foto rekaan"}}
    file_reports(place, {"what": "Satu.", **same}, {"what": "Dua."}, {"what": "Tiga.", **same})
    officer = Bench(place, desk(place, java_script_enabled=True), "Ani")
    officer.sit_down()
    officer.see_all(3)
    assert officer.page.locator("#bench-list [data-matter]:not([hidden])").count() == 2
    assert officer.page.inner_text("#bench-list [data-matter]:not([hidden]) >> nth=0") == "perkara: 2 laporan"
    officer.page.focus("#bench-list li:has([data-matter]:not([hidden])) a >> nth=0")
    number = officer.number_at_cursor()
    officer.press("Enter", "m")
    officer.says("2 laporan ditandai")
    officer.opened(number)
    # At once: it is meant for the report that is being opened, though another opening of it may stand there still.
    officer.press("Escape", "Enter", "u")
    officer.page.wait_for_selector("#act-says:has-text('dipisahkan')")
    officer.page.wait_for_selector("#unmerge", state="detached")
    # Neither the rows nor the line that tells what was done go on saying that they are one matter.
    officer.says("dipisahkan")
    officer.page.wait_for_function("() => !document.querySelector('#bench-list [data-matter]:not([hidden])')")
    officer.press("Escape", "m")
    officer.says("Tidak ada yang sama")
    assert not officer.errors


def test_a_merge_counts_all_of_the_matter_that_comes_of_it(place, desk):
    same = {"files": {"foto.txt": "Foto rekaan bersama"}}
    file_reports(place, *({"what": f"Laporan {n}.", **same} for n in range(3)))
    officer = Bench(place, desk(place, java_script_enabled=True), "Ani")
    officer.sit_down()
    officer.see_all(3)
    officer.says("3 laporan kini menjadi satu perkara")
    assert officer.page.inner_text("#matter h2") == "Satu perkara: 3 laporan"
    officer.press("u")
    officer.says("dipisahkan lagi dari 2 laporan lain")
    assert not officer.errors


def test_from_the_field_of_the_day_enter_and_escape_lead_back_to_the_keys(place, desk):
    file_reports(place, {"what": "Satu."})
    officer = Bench(place, desk(place, java_script_enabled=True), "Ani")
    officer.sit_down()
    officer.open_first()
    officer.type_day("10202024")
    # A key that cannot act here is told to be none, and does nothing behind it.
    officer.press("g")
    officer.says("Isian hari hanya menerima angka. Enter atau Esc kembali")
    assert officer.focus() == "bench-day"
    officer.press("Enter")
    assert officer.focus() == "bench-report-title" and officer.page.input_value("#bench-day") == "2024-10-20"
    officer.press("p")
    assert officer.focus() == "bench-find-words"
    officer.press("Escape", "t")
    assert officer.focus() == "bench-day"
    officer.press("Escape")
    assert officer.focus() == "bench-report-title"
    # With what is no day that acts are judged of he stays where it can be put right; Escape leaves all the same.
    officer.type_day("10200202")
    officer.press("Enter")
    officer.page.wait_for_selector("#bench-day-says:has-text('hari yang lengkap')")
    assert officer.focus() == "bench-day"
    officer.press("Escape", "?")
    officer.page.wait_for_selector("#bench-help[open]:has-text('dari isiannya Enter atau Esc')")
    assert not officer.errors


@pytest.mark.parametrize("width", [375, 1280])
def test_what_helps_with_the_day_lies_beside_its_field_and_days_are_told_in_words(place, desk, width):
    file_reports(place, {"what": "Satu."})
    officer = Bench(place, desk(place, java_script_enabled=True), "Ani")
    officer.page.set_viewport_size({"width": width, "height": 800})
    officer.sit_down()
    officer.open_first()
    field, words = (officer.page.locator(each).bounding_box() for each in ("#bench-day", "#bench-day-help"))
    is_beside = words["x"] >= field["x"] + field["width"]
    assert is_beside or words["y"] >= field["y"] + field["height"], (field, words)
    officer.type_day("10202024")
    officer.press("Enter")
    officer.says("Dicatat di meja ini: 20 Oktober 2024.")
    look(officer.page, f"bench-day-{width}")
    assert not officer.errors


def test_the_keys_are_told_in_the_dialog_and_in_the_filter_too(place, desk):
    file_reports(place, {"what": "Satu."})
    officer = Bench(place, desk(place, java_script_enabled=True), "Ani")
    page = officer.page
    officer.sit_down()
    officer.open_first()
    officer.press("r")
    page.wait_for_selector("#conclude[open]")
    officer.press("?")
    page.wait_for_selector("#bench-help[open]")
    officer.press("Escape")
    assert page.is_visible("#conclude") and not page.is_visible("#bench-help")
    # In words of his own it is a sign like any other.
    page.focus("#conclude-words")
    officer.page.keyboard.type("Mengapa?")
    assert page.input_value("#conclude-words") == "Mengapa?" and not page.is_visible("#bench-help")
    page.fill("#conclude-words", "")
    officer.press("Escape", "/", "?")
    page.wait_for_selector("#bench-help[open]")
    officer.press("Escape")
    page.focus("#id_hari")
    officer.press("?")
    page.wait_for_selector("#bench-help[open]")
    assert not officer.errors


def test_the_dialog_names_all_that_it_concludes_also_when_it_asks_twice(place, desk):
    same = {"files": {"foto.txt": "Foto rekaan tentang satu perkara"}, "code": True}
    numbers = [number for number, _code in file_reports(place, {"what": "Satu.", **same}, {"what": "Dua.", **same})]
    officer = Bench(place, desk(place, java_script_enabled=True), "Ani")
    page = officer.page
    officer.sit_down()
    officer.see_all(2)
    open_now = page.get_attribute("#bench-shown", "data-compared")
    page.focus("#bench-report-title")
    officer.press("r")

    def named():
        return [each for each in numbers if each[:6] in page.inner_text("#conclude-which")]

    assert named() == [open_now]
    officer.press("w")
    assert named() == numbers and "Seluruh perkara, 2 laporan" in page.inner_text("#conclude-which")
    officer.press("w")
    assert named() == [open_now]
    officer.press("w", "1", "Enter")
    page.wait_for_selector("#conclude-doubts:has-text('masih kurang')")
    assert named() == numbers and "Seluruh perkara, 2 laporan" in page.inner_text("#conclude-which")
    look(page, "bench-whole-doubted")
    page.focus("#conclude-words")
    officer.type("Isinya sudah cukup jelas.")
    page.check("#conclude-sure")
    officer.press("Enter")
    officer.says("2 laporan: diregister sebagai perkara")
    assert [state_of(place, each) for each in numbers] == ["registered"] * 2 and not officer.errors


def test_of_a_whole_matter_that_is_done_in_part_the_dialog_names_what_is_left(place, desk):
    same = {"files": {"foto.txt": "Foto rekaan tentang tiga laporan"}, "code": True}
    numbers = [number for number, _code in file_reports(place, *({"what": f"Cerita {n}.", **same} for n in range(3)))]
    officer = Bench(place, desk(place, java_script_enabled=True), "Ani")
    page = officer.page
    officer.sit_down()
    officer.see_all(3)
    complete = page.get_attribute("#bench-shown", "data-compared")
    for each in page.query_selector_all("#ticks input[name=met]"):
        each.check()
    page.click("#ticks button[type=submit]")
    page.wait_for_selector("#act-says:not([hidden])")
    page.focus("#bench-report-title")
    officer.press("r", "w", "1", "Enter")
    page.wait_for_selector("#conclude-doubts:has-text('masih kurang')")
    left = [each for each in numbers if each != complete]
    which = page.inner_text("#conclude-which")
    assert "Masih 2 laporan" in which and [each for each in numbers if each[:6] in which] == left
    officer.says("1 laporan: diregister sebagai perkara")
    # With another reason, too, it is about these alone.
    page.check("#conclude-reasons label:nth-child(2) input")
    assert page.inner_text("#conclude-which") == which
    page.click("#conclude-do")
    officer.says("2 laporan: diregister sebagai perkara")
    assert [state_of(place, each) for each in numbers] == ["registered"] * 3 and not officer.errors


def test_the_page_that_will_lock_warns_within_the_dialog_that_stands_before_it(place, desk):
    file_reports(place, {"what": "Satu.", "code": True})
    page = desk(place, java_script_enabled=True)
    page.clock.install()
    officer = Bench(place, page, "Ani")
    officer.sit_down()
    officer.press("n")
    page.wait_for_selector("#bench-shown[data-compared]")
    warning = "#idle-says:has-text('terkunci satu menit lagi')"

    def is_read(within):
        page.wait_for_selector(f"{within}[open] {warning}")
        return page.evaluate(
            """() => {
                const box = document.getElementById("idle-says").getBoundingClientRect();
                const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                return there?.id === "idle-says";
            }"""
        )

    officer.press("b", "2")
    page.focus("#conclude-words")
    officer.type("Tidak terbukti.")
    page.wait_for_timeout(500)  # whatever scrolled counts as somebody who is there
    page.clock.fast_forward("04:01")
    assert is_read("#conclude")
    look(page, "bench-idle")
    # What is typed says that he is there, by keys or without any.
    for typed in (lambda: officer.press("!"), lambda: officer.type("?")):
        typed()
        assert page.is_hidden("#idle-says") and page.input_value("#conclude-words").startswith("Tidak terbukti.!")
        page.clock.fast_forward("04:30")
        assert is_read("#conclude")
    # Closed, it leaves the warning to the page; and the next dialog has its own.
    page.evaluate("document.getElementById('conclude').close()")
    page.wait_for_selector(f"#main {warning}")  # "close" is told in a moment of its own
    assert page.locator("dialog #idle-says").count() == 0
    officer.press("?")
    assert page.is_hidden("#idle-says")
    page.wait_for_timeout(500)
    page.clock.fast_forward("04:01")
    assert is_read("#bench-help")
    page.clock.fast_forward("01:00")
    page.wait_for_selector("#unlock:not([hidden])")
    assert page.is_hidden("#idle-says") and not officer.errors


def test_after_an_act_the_focus_stays_on_the_report_and_the_line_says_what_was_done(place, desk):
    same = {"files": {"foto.txt": "Foto rekaan yang bukan kembar"}, "code": True}
    file_reports(place, {"what": "Satu.", **same}, {"what": "Dua.", **same})
    officer = Bench(place, desk(place, java_script_enabled=True), "Ani")
    page = officer.page
    officer.sit_down()
    first = officer.open_first()
    officer.press("n")
    page.wait_for_selector(f"#bench-shown[data-compared]:not([data-compared='{first}'])")
    officer.says("Sama dengan satu laporan lain")
    page.focus("#doubles-dismiss")
    officer.press("Enter")
    page.wait_for_selector("#doubles", state="hidden")
    officer.says("bukan laporan kembar")
    assert officer.focus() == "bench-report-title"
    page.fill("#reply-text", "Terima kasih.")
    page.click("#reply button[type=submit]")
    officer.says("Jawaban disimpan")
    page.check("#ticks input[name=none]")
    page.click("#ticks button[type=submit]")
    page.wait_for_function("() => !document.getElementById('bench-says').textContent.includes('Jawaban disimpan')")
    assert page.inner_text("#bench-says") == page.inner_text("#act-says") and not officer.errors


def test_a_long_report_stands_on_a_phone_without_sideways_scrolling(place, phone):
    file_reports(
        place, {"what": "Panjang " * 300 + "x" * 400, "links": ["https://kabar.example/" + "a" * 300], "code": True}
    )
    officer = Bench(place, phone(place, java_script_enabled=True), "Budi")
    officer.sit_down()
    officer.press("Enter")
    officer.page.wait_for_selector("#bench-shown[data-compared]")
    look(officer.page, "bench-phone")
    # What is said covers none of the acts.
    says = officer.page.locator("#bench-says").bounding_box()
    acts = officer.page.locator("#bench-acts").bounding_box()
    assert acts["y"] >= says["y"] + says["height"], (says, acts)
    officer.press("p")
    officer.page.wait_for_selector("#bench-find:not([hidden])")
    look(officer.page, "bench-phone-find")
    officer.press("Escape", "b")
    officer.page.wait_for_selector("#conclude[open]")
    officer.press("2")
    look(officer.page, "bench-phone-conclude")
    # All of the dialog can be reached: it scrolls within the screen.
    officer.page.locator("#conclude-do").scroll_into_view_if_needed()
    box = officer.page.locator("#conclude-do").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["y"] + box["height"] <= 844
    officer.page.click("#conclude-do")
    officer.says("bukan pelanggaran")
    assert not officer.errors


TWO_WITNESSES = {
    "what": "Camat berdiri di panggung kampanye.",
    "witnesses": [{"name": "Saksi Rekaan Satu", "contact": "0800-0000-0001"}, {"name": "Saksi Rekaan Dua"}],
    "links": ["https://kabar.example/satu", "https://kabar.example/dua"],
    "named": True,
}
# Every label of the opened report with where it stands, and the values that follow it with where they stand.
_LABELLED = """() => Array.from(document.querySelectorAll("#told dt, #told dd"), (each) => {
    const { left, top, bottom, width } = each.getBoundingClientRect();
    return { is: each.tagName, left, top, bottom, width };
})"""


def assert_values_stand_by_their_labels(page):
    parts = page.evaluate(_LABELLED)
    assert [each["is"] for each in parts].count("DD") > [each["is"] for each in parts].count("DT")
    labels, values = ([each for each in parts if each["is"] == name] for name in ("DT", "DD"))
    assert len({each["left"] for each in labels}) == 1 and len({each["left"] for each in values}) == 1
    assert all(before["bottom"] <= after["top"] + 1 for before, after in itertools.pairwise(values))
    for before, label, after in zip([None, *parts], parts, parts[1:], strict=False):
        if label["is"] == "DT":
            assert before is None or before["bottom"] <= label["top"] + 1
            assert abs(label["top"] - after["top"]) < 2 or label["bottom"] <= after["top"] + 1
    # Words have room: more than half of what holds them.
    assert min(each["width"] for each in values) > page.locator("#told").bounding_box()["width"] / 2


@pytest.mark.parametrize("width", [390, 1280])
def test_several_values_of_one_label_stand_below_each_other_beside_it(place, desk, width):
    [[number, _code]] = file_reports(place, TWO_WITNESSES)
    officer = Bench(place, desk(place, java_script_enabled=True), "Ani")
    page = officer.page
    page.set_viewport_size({"width": width, "height": 900})
    officer.sit_down()
    officer.open_first()
    assert_values_stand_by_their_labels(page)
    look(page, f"bench-two-witnesses-{width}")
    page.goto(f"/laporan/{number}/")
    page.wait_for_selector("#passphrase")
    page.fill("#passphrase", officer.told["words"])
    page.press("#passphrase", "Enter")
    page.wait_for_selector("#opened:not([hidden])")
    assert_values_stand_by_their_labels(page)
    look(page, f"report-two-witnesses-{width}")


def test_what_is_written_stays_when_the_line_breaks_and_n_does_not_ask_without_end(place, desk):
    (number, _code), = file_reports(place, {"what": "Satu.", "code": True})  # fmt: skip
    officer = Bench(place, desk(place, java_script_enabled=True), "Ani")
    officer.sit_down()
    officer.press("n")
    officer.page.wait_for_selector(f"#bench-shown[data-compared='{number}']")
    officer.press("b", "2")
    officer.page.fill("#conclude-words", "Terima kasih.")
    officer.page.context.set_offline(True)
    officer.page.click("#conclude-do")
    officer.page.wait_for_selector("#conclude-says:has-text('Tidak terkirim')")
    assert officer.page.input_value("#conclude-words") == "Terima kasih."
    officer.page.context.set_offline(False)
    officer.page.click("#conclude-do")
    officer.says("bukan pelanggaran")
    officer.page.context.set_offline(True)
    before = len(officer.sent)
    officer.press("Escape", "n")
    officer.page.wait_for_timeout(800)
    assert len(officer.sent) - before <= 1
    officer.page.context.set_offline(False)
    assert state_of(place, number) == "not_a_breach" and not officer.errors


_SESSIONS = """
import django; django.setup()
from datetime import timedelta
from django.contrib.sessions.models import Session
from django.utils import timezone
for each in Session.objects.all():
    Session.objects.filter(pk=each.pk).update(expire_date=timezone.now() + timedelta(hours={hours}))
print("{{}}")
"""


def test_where_the_session_ended_every_act_shows_the_way_in_and_nothing_typed_is_lost(place, desk):
    numbers = [
        number for number, _code in file_reports(place, {"what": "Satu.", "code": True}, {"what": "Dua.", "code": True})
    ]
    officer = Bench(place, desk(place, java_script_enabled=True), "Ani")
    page = officer.page
    page.goto("/laporan/meja/")
    # An empty field says so.
    page.wait_for_selector("#unlock:not([hidden])")
    page.click("#unlock button")
    page.wait_for_selector("#unlock-says:has-text('masih kosong')")
    officer.sit_down()
    first = officer.open_first()
    page.fill("#reply-text", "Terima kasih, kami periksa.")
    run(place, _SESSIONS.format(hours=-1))
    way_in = "#bench-says a:has-text('Masuk lagi di tab lain')"

    def is_told(what):
        page.wait_for_selector(way_in)
        assert page.get_attribute(way_in, "target") == "_blank" and "/laporan/meja/" in page.get_attribute(
            way_in, "href"
        ), what
        page.evaluate("document.getElementById('bench-says').hidden = true")

    page.focus("#bench-report-title")
    officer.press("p")
    officer.type("Cempaka Umpamawati")
    officer.press("Enter")
    is_told("search")
    assert page.input_value("#bench-find-words") == "Cempaka Umpamawati"
    page.fill("#bench-find-words", "Cempaka")
    officer.press("Escape")
    page.evaluate("document.getElementById('bench-filters').requestSubmit()")
    is_told("list")
    # The reply of the opened report.
    page.click("#reply button[type=submit]")
    page.wait_for_selector("#act-says a:has-text('Masuk lagi di tab lain')")
    assert page.input_value("#reply-text") == "Terima kasih, kami periksa."
    is_told("reply")
    # Many at once, and conclusions with words.
    for each in numbers:
        page.check(f"#bench-list li[data-number='{each}'] input")
    page.focus("#bench-list li a")
    officer.press("g")
    is_told("merge")
    page.click("[data-do=untick]")
    page.focus("#bench-report-title")
    officer.press("b", "2")
    page.fill("#conclude-words", "Tidak terbukti.")
    page.click("#conclude-do")
    page.wait_for_selector("#conclude-says a:has-text('Masuk lagi di tab lain')")
    assert page.input_value("#conclude-words") == "Tidak terbukti."
    # He signs in again, in another tab: what he wrote is sent from here.
    run(place, _SESSIONS.format(hours=8))
    page.context.add_cookies([{"name": "ikrar", "value": officer.told["session"], "url": place.url}])
    page.click("#conclude-do")
    officer.says("bukan pelanggaran")
    assert state_of(place, first) == "not_a_breach" and not officer.errors
    # Opening too.
    run(place, _SESSIONS.format(hours=-1))
    page.evaluate("document.getElementById('reply-text').value = ''")
    officer.press("Escape", "n")
    is_told("open")
    run(place, _SESSIONS.format(hours=8))


_ROSTER = """
import django; django.setup()
from ikrar.records.models import WorkUnit
from tests.web.stage import person
root = WorkUnit.objects.get(parent=None)
for name, number, post in (("Cempaka Umpamawati", "198703122010012001", "Camat"), ("Gading Contohwan", "199001052015031002", "Analis")):
    person(name, number, root, post=post)
print("{}")
"""
_STORED = """
import django; django.setup()
import json, sys
from django.db import connection
held = set()
with connection.cursor() as cursor:
    for table in connection.introspection.table_names(cursor):
        cursor.execute(f'SELECT * FROM "{table}"')
        for row in cursor:
            told = repr(tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row))
            held |= {word for word in sys.argv[1:] if word in told}
print(json.dumps(sorted(held)))
"""


def mark(page, words):
    """Mark words of the opened report, as an officer does with the mouse."""
    assert page.evaluate(
        """words => {
            for (const each of document.querySelectorAll("#told dd")) {
                const at = each.textContent.indexOf(words);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(each.firstChild, at);
                range.setEnd(each.firstChild, at + words.length);
                getSelection().removeAllRanges();
                getSelection().addRange(range);
                return true;
            }
            return false;
        }""",
        words,
    )


def test_person_act_and_day_from_marked_words_tell_of_another_report_and_are_kept_nowhere(place, desk):
    marked = ("Bu Cempaka Umpamawati", "membagikan stiker calon RAHASIASUMUR kepada warga")
    file_reports(place, *({"what": f"Cerita {n}: {marked[0]} {marked[1]} di pasar."} for n in range(2)))
    officer = Bench(place, desk(place, java_script_enabled=True), "Ani")
    page, addresses, seen = officer.page, [], ""
    page.on("request", lambda request: addresses.append(request.url))
    officer.sit_down()
    for turn in range(2):
        officer.press("n")
        page.wait_for_selector(f"#bench-shown[data-compared]:not([data-compared='{seen}'])")
        seen = page.get_attribute("#bench-shown", "data-compared")
        for key, words, noted in (("p", marked[0], "#bench-note-person"), ("s", marked[1], "#bench-note-act")):
            mark(page, words)
            officer.press(key)
            page.wait_for_selector("#bench-found button:focus")
            if not turn:
                look(page, f"bench-find-{key}")
            officer.press("Enter")
            page.wait_for_selector(f"{noted}:not(:text-is('–'))")
            assert not page.is_visible("#bench-find")
        assert page.inner_text("#bench-note-person") == "Cempaka Umpamawati"
        officer.type_day("10202024")
        # By the rules of that day another act is the likeliest: what was chosen before is not passed off as chosen for it.
        officer.says("belum dapat dicocokkan")
        assert page.is_visible("#bench-again-act") and not page.is_visible("#bench-again-person")
        officer.press("Escape", "s")
        page.wait_for_selector("#bench-found button:focus")
        officer.press("Enter")
        officer.says("Sama dengan satu laporan lain" if turn else "Tidak ada yang sama dengannya")
        assert not page.is_visible("#bench-again-act") and page.inner_text("#bench-note-post") == "Camat"
    assert page.is_visible("#doubles")
    planted = ("RAHASIASUMUR", "Bu Cempaka")
    assert not [each for each in addresses if "RAHASIA" in each or "Cempaka" in each]
    assert run(place, _STORED, *planted) == []
    assert not [word for word in planted if word in (place.home / "server.log").read_text()]
    assert not officer.errors


_DEEDS = """
import django; django.setup()
import json, sys
from ikrar.records.models import ReportPrint
numbers = [int(each, 16) for each in sys.argv[1:]]
print(json.dumps([list(ReportPrint.objects.filter(report=each, kind="deed").values_list("print", flat=True)) for each in numbers]))
"""


def deeds_sent(officer):
    sent = [re.search(rb'{"version":\d+,"deed":\[(.*?)\]}', each) for each in officer.sent]
    return [found[1] for found in sent if found]


def test_a_day_typed_by_digits_is_one_day_and_the_last_answer_alone_is_told(place, desk):
    marked = {"p": "Pak Gading Contohwan", "s": "membagikan stiker calon kepada warga"}
    filed = [number for number, _code in file_reports(
        place, *({"what": f"Cerita {n}: {marked['p']} {marked['s']} di pasar."} for n in range(2))
    )]  # fmt: skip
    officer = Bench(place, desk(place, java_script_enabled=True), "Ani")
    page = officer.page
    slow = {"left": 0}

    def later(route):
        slow["left"] -= 1
        time.sleep(1 if slow["left"] == 0 else 0.15)
        route.continue_()

    page.route("**/sidik/", later)
    officer.sit_down()
    # Whoever was chosen before the day is looked for on it more slowly than the act is found: two checks of one note run at once.
    page.evaluate("""() => {
        const ask = window.fetch;
        window.fetch = async (address, options) => {
            if (String(address).includes("/orang/") && options.body.get("on")) await new Promise((done) => setTimeout(done, 1500));
            return ask(address, options);
        };
    }""")

    def find(key):
        mark(page, marked[key])
        officer.press(key)
        page.wait_for_selector("#bench-found button:focus")
        officer.press("Enter")

    # Before the day, or after it: the same deed is the same print.
    first = officer.open_first()
    find("p")
    officer.type_day("10202024", delay=60)
    officer.press("Escape")
    find("s")
    officer.says("Tidak ada yang sama dengannya")
    page.wait_for_timeout(500)
    assert len(deeds_sent(officer)) == 1
    officer.press("n")
    page.wait_for_selector(f"#bench-shown[data-compared]:not([data-compared='{first}'])")
    for key in ("p", "s"):
        find(key)
    officer.type_day("10192024")
    officer.press("Escape")
    officer.says("belum dapat dicocokkan")
    find("s")
    officer.says("Tidak ada yang sama dengannya")
    assert len(deeds_sent(officer)) == 2
    # The day is put right while the answer to a wrong one is still under way: that one comes late, and says nothing.
    slow["left"] = 1
    officer.type_day("10182024")
    officer.press("Enter")
    page.wait_for_function("n => performance.getEntriesByType('resource').length > n", arg=0)
    page.wait_for_timeout(300)
    officer.press("Escape")
    officer.type_day("10202024")
    officer.press("Enter")
    officer.says("Sama dengan satu laporan lain")
    page.wait_for_timeout(1200)
    officer.says("Sama dengan satu laporan lain")
    assert page.locator("#doubles-list li").count() == 1
    one, other = run(place, _DEEDS, *filed)
    assert len(one) == 1 and one == other
    # What is no day that acts are judged of is told at the field, stays there, and its print is taken back.
    sent = len(deeds_sent(officer))
    officer.press("Escape")
    officer.type_day("10200202")
    page.wait_for_timeout(1200)
    assert len(deeds_sent(officer)) == sent and not page.is_visible("#bench-day-says")
    officer.press("Escape")
    page.wait_for_selector("#bench-day-says:has-text('hari yang lengkap')")
    assert page.input_value("#bench-day") == "0202-10-20"
    look(page, "bench-day")
    page.wait_for_selector("#doubles", state="hidden")
    assert deeds_sent(officer)[sent:] == [b""] and not officer.errors


def test_n_opens_the_row_where_the_cursor_stands_and_what_is_not_open_is_not_offered(place, desk):
    file_reports(place, *({"what": f"Cerita {n}.", "code": True} for n in range(3)))
    officer = Bench(place, desk(place, java_script_enabled=True), "Ani")
    page = officer.page
    officer.sit_down()
    order = page.eval_on_selector_all("#bench-list li", "rows => rows.map((each) => each.dataset.number)")
    for number in order:
        officer.press("n")
        page.wait_for_selector(f"#bench-shown[data-compared='{number}']")
    assert page.is_visible("#bench-acts [data-do=registered]") and not page.is_visible("#bench-acts [data-do=read]")
    officer.press("l")
    officer.says("tidak terbuka pada laporan ini")
    assert not page.is_visible("#conclude")
    # Asking for completion is not yet something written.
    officer.press("o")
    assert page.is_checked("#reply [name=asks]")
    officer.press("Escape", "Escape", "k", "Enter")
    officer.opened(order[1])
    officer.press("?")
    assert "seluruh perkara" in page.inner_text("#bench-help dl")
    officer.press("Escape", "b", "1", "Enter")
    officer.says("bukan pelanggaran")
    page.wait_for_selector("#bench-acts [data-do=read]")
    assert not page.is_visible("#bench-acts [data-do=registered]") and not officer.errors


def test_what_is_typed_ahead_of_a_report_that_comes_late_is_done_when_it_is_there(place, desk):
    numbers = file_reports(place, *({"what": f"Cerita {n}.", "code": True} for n in range(2)))
    officer = Bench(place, desk(place, java_script_enabled=True), "Ani")
    page = officer.page
    officer.sit_down()
    first, second = page.eval_on_selector_all("#bench-list li", "rows => rows.map((each) => each.dataset.number)")

    def late(route):
        time.sleep(1)
        route.continue_()

    page.route(f"**/{first}/**", late)
    officer.press("Enter", "b", "1", "Enter")
    officer.says("bukan pelanggaran")
    assert state_of(place, first) == "not_a_breach" and state_of(place, second) == "received"
    # Whoever leaves again means nothing of what he typed.
    page.route(f"**/{second}/**", late)
    officer.press("j", "Enter", "b", "1", "Escape")
    officer.opened(second)
    page.wait_for_selector("#conclude[open]")
    assert not page.locator("#conclude-reasons input:checked").count() and not officer.errors
    assert sorted(state_of(place, each) for each, _ in numbers) == ["not_a_breach", "read"]


def test_what_cannot_be_concluded_with_ones_words_is_said_before_anything_is_done(place, desk):
    file_reports(place, *({"what": f"Cerita {n}.", "code": True} for n in range(3)))
    officer = Bench(place, desk(place, java_script_enabled=True), "Ani")
    page = officer.page
    officer.sit_down()
    order = page.eval_on_selector_all("#bench-list li", "rows => rows.map((each) => each.dataset.number)")
    for number in order[:2]:
        officer.press("n")
        page.wait_for_selector(f"#bench-shown[data-compared='{number}']")
    # Another sitting: one is opened in it, one was opened before, one by nobody.
    officer.sit_down()
    officer.press("Enter")
    page.wait_for_selector(f"#bench-shown[data-compared='{order[0]}']")
    officer.press("Escape", "x", "j", "x", "j", "x", "b", "2")
    listed = page.inner_text("#conclude-unable ul")
    assert order[2][:6] in listed and "Belum dibaca" in listed and order[1][:6] not in listed
    page.focus("#conclude-words")
    officer.type("Tidak terbukti.")
    listed = page.inner_text("#conclude-unable ul")
    assert order[1][:6] in listed and order[2][:6] in listed and order[0][:6] not in listed
    look(page, "bench-unable")
    officer.press("Tab", "Tab", "Enter")
    page.wait_for_selector("#conclude-says:has-text('Belum ada yang disimpulkan')")
    assert page.input_value("#conclude-words") == "Tidak terbukti." and officer.focus() == "conclude-others"
    assert [state_of(place, each) for each in order] == ["read", "read", "received"]
    # Closed and opened again it stands there still.
    officer.press("Escape", "b", "2")
    assert page.input_value("#conclude-words") == "Tidak terbukti."
    officer.press("y", "Enter")
    officer.says("1 laporan: bukan pelanggaran")
    assert [state_of(place, each) for each in order] == ["not_a_breach", "read", "received"]
    # For those that were left it waits as well.
    page.wait_for_selector("#conclude", state="hidden")
    officer.press("Escape")
    officer.walk_to(order[1])
    officer.press("b", "2")
    assert page.input_value("#conclude-words") == "Tidak terbukti." and not officer.errors


def box_of(place, desk, code):
    box = desk(place, java_script_enabled=False)
    box.goto("/lapor/kotak/")
    box.fill("#code", code)
    box.click("button:has-text('Buka kotak')")
    return box.inner_text("main")


def test_handing_over_names_a_body_and_what_the_facts_deny_is_asked_twice(place, desk):
    filed = dict(file_reports(place, *({"what": SINGLE.format(n=n), "code": True} for n in range(2))))
    officer = Bench(place, desk(place, java_script_enabled=True), "Ani")
    page = officer.page
    officer.sit_down()
    first = officer.open_first()
    officer.press("h", "1")
    assert page.is_visible("#conclude-no-copy") and f"/laporan/{first}/salinan/" in page.get_attribute(
        "#conclude-no-copy a", "href"
    )
    audit(page)
    officer.press("Enter")
    page.wait_for_selector("#conclude-says:has-text('Sebut kepada badan mana')")
    page.focus("#conclude-body")
    officer.type("Inspektorat Rekaan 12")
    officer.press("Tab")
    officer.type("045/X/2024")
    assert "kepada Inspektorat Rekaan 12 dengan surat nomor 045/X/2024" in page.inner_text("#conclude-told")
    officer.press("Enter")
    officer.says("diteruskan kepada badan lain")
    assert state_of(place, first) == "handed_over"
    assert "Inspektorat Rekaan 12 dengan surat nomor 045/X/2024" in box_of(place, desk, filed[first])
    # Registered as complete, while it lacks something: asked back, and taken with words for its reporter.
    officer.press("n")
    page.wait_for_selector(f"#bench-shown[data-compared]:not([data-compared='{first}'])")
    second = page.get_attribute("#bench-shown", "data-compared")
    officer.press("r", "1", "Enter")
    page.wait_for_selector("#conclude-doubts:has-text('masih kurang')")
    audit(page)
    assert state_of(place, second) == "read"
    page.focus("#conclude-do")
    officer.press("Enter")
    page.wait_for_selector("#conclude-says:has-text('tulis sebabnya')")
    page.focus("#conclude-sure")
    officer.press("Space")
    page.focus("#conclude-words")
    officer.type("Isinya sudah cukup jelas.")
    page.focus("#conclude-do")
    officer.press("Enter")
    officer.says("Perkaranya belum dibuka")
    assert state_of(place, second) == "registered"
    assert "Isinya sudah cukup jelas." in box_of(place, desk, filed[second])
    # From there a case is opened, with what was noted: nothing of it in an address.
    page.fill("#bench-day", "2024-10-20")
    officer.press("Escape")
    with page.context.expect_page() as opening:
        officer.press("v")
    case = opening.value
    case.wait_for_selector("h1:has-text('Buka perkara')")
    assert case.input_value("[name=t0-on]") == "2024-10-20" and second[:6] in case.inner_text("main")
    assert "?" not in case.url and not officer.errors and not officer.leaked("Isinya sudah cukup jelas")


# The last one: it takes the secret of doubles away from all who come after it.
_JUNK = """
import django; django.setup()
import os, sys
from ikrar.gateways import sealing
from ikrar.records.models import BodySecretEnvelope, ReportEnvelope
from tests.reporting import unguard
junk = sealing.seal(os.urandom(32), [sealing.Key.new().recipient])
for table, rows in (("records_reportenvelope", ReportEnvelope.objects.filter(report__in=[int(each, 16) for each in sys.argv[1:]])),
                    ("records_bodysecretenvelope", BodySecretEnvelope.objects.all())):
    unguard(table, "update")
    rows.update(sealed=junk)
print("{}")
"""
_TOLD = """
import django; django.setup()
import json
from ikrar.records.models import BodySecretUnopened, Notice, ReportAct
print(json.dumps([
    BodySecretUnopened.objects.count(), Notice.objects.filter(kind="body_secret_unopened").count(),
    [f"{each:016x}" for each in ReportAct.objects.filter(kind="unopened").values_list("report", flat=True)],
]))
"""


def test_what_does_not_open_is_told_once_and_the_workbench_goes_on(place, desk):
    (first, _code), = file_reports(place, {"what": "Satu."})  # fmt: skip
    ani = Bench(place, desk(place, java_script_enabled=True), "Ani")
    ani.sit_down()
    ani.press("n")
    ani.page.wait_for_selector(
        f"#bench-shown[data-compared='{first}']"
    )  # her browser made the secret, if there was none
    junk, *others = [number for number, _code in file_reports(place, *({"what": f"Laporan {n}."} for n in range(3)))]
    # Somebody made envelopes that hold something else: of one report, and of the secret that doubles are found with.
    run(place, _JUNK, junk)
    budi = Bench(place, desk(place, java_script_enabled=True), "Budi")
    budi.sit_down()
    seen = set()
    for _each in range(4):
        budi.press("n")
        budi.page.wait_for_timeout(3_000)
        if budi.page.query_selector("#bench-report-title"):
            seen.add(budi.shown()[0])
    assert {each[:6] for each in others} <= seen and junk[:6] not in seen and not budi.errors
    secrets, notices, acts = run(place, _TOLD)
    assert (secrets, notices, acts) == (1, 4, [junk])  # once to each who has the right
    said = [each for each in budi.sent if b"tak-terbuka" in each]
    assert len([each for each in said if b"/kunci/" in each]) == 1 and len(said) == 2
    budi.page.goto("/laporan/kembar/")
    assert "tidak terbuka oleh kunci" in budi.page.inner_text("main")
    audit(budi.page)
