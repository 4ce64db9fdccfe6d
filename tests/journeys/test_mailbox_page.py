"""The mailbox where scripts run, when something goes wrong: nothing typed is lost, nothing is said that is not so."""

import hashlib
import json
import re

import pytest

from ikrar.gateways.sealing import Key
from tests.journeys.conftest import audit, real_place
from tests.journeys.test_reporter_scripted import opened
from tests.reporter import Reporter
from tests.telling_files import picture


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    found = real_place(tmp_path_factory, "mailbox")
    found.environment |= {"IKRAR_KEPT_S": "0"}
    found.desks = json.loads(found.ask("from tests import reporting as r; r.main()", limit=120))
    found.serve()
    yield found
    found.stop()


def filed(place, what):
    """File a report without a name; return its code."""
    reporter = Reporter(place.port)
    desk = place.desks[0]
    answers = {"what": {"what": what}, "identity": {"named": "no"}}
    page, code = reporter.until_files(desk["region"], desk["body"], answers)
    assert reporter.send(page)[0] == 200
    return code


def box(page, code):
    page.goto("/lapor/kotak/")
    page.fill("#code", code)
    page.click("button:has-text('Buka kotak')")
    page.wait_for_selector("main h1:text-is('Kotak laporan')")
    return page


def report_that_says(place, what):
    [found] = [each for each in opened(place) if each["parts"]["content"]["what"] == what]
    return found


def told(page, words):
    page.wait_for_selector(f"#box-told:has-text('{words}')")


def file(name, content):
    return {"name": name, "mimeType": "text/plain", "buffer": content}


def send(page):
    page.click("button:has-text('Kirim ke petugas')")


_SPOIL = """
import django; django.setup()
import sys
from contextlib import suppress
from django.db import DatabaseError
from ikrar.domain import return_codes
from ikrar.gateways import sealing
from ikrar.records.models import Report
from ikrar.services import reports
from tests.reporting import unguard
report = Report.objects.get(finder=return_codes.read(sys.argv[1]).finder(reports.pepper()))
if len(sys.argv) > 2:
    sealed = sealing.seal(b"{}" + b" " * 1022, [sealing.Key.new().recipient])
    with suppress(DatabaseError):  # once a database
        unguard("records_reportpart", "update")
    report.parts.filter(kind="content").update(sealed=sealed)
print(report.envelopes.exclude(body=None).exclude(body=report.body).count())
"""


def further_envelopes(place, code, *spoil):
    """Count the envelopes for other bodies; with a further word the content is one that does not open any more."""
    return int(place.ask(_SPOIL, code, *spoil))


def test_two_pages_of_one_mailbox_do_not_mix_up_their_files(place, phone):
    what = "Dua tab membuka kotak laporan yang sama ini"
    code = filed(place, what)
    first, second = box(phone(place), code), box(phone(place), code)
    first.fill("#text", "dari tab pertama")
    first.set_input_files("#files", file("satu.txt", b"berkas pertama"))
    first.wait_for_selector("#chosen .card")
    second.set_input_files("#files", file("dua.txt", b"berkas kedua"))
    second.wait_for_selector("#chosen .card")
    send(second)
    second.wait_for_selector("article:has-text('dua.txt')")
    send(first)
    told(first, "berkas lain masuk ke kotak ini")
    # The box is shown as it is now; what he wrote and chose is there still.
    assert first.locator("article:has-text('dua.txt')").count() == 1
    assert first.input_value("#text") == "dari tab pertama" and "satu.txt" in first.inner_text("#chosen")
    audit(first)
    send(first)
    first.wait_for_selector("article:has-text('satu.txt')")
    assert first.input_value("#text") == "" and first.inner_text("#chosen") == ""
    report = report_that_says(place, what)
    described = [each for message in report["messages"] for each in message["files"]]
    assert [each["name"] for each in described] == ["dua.txt", "satu.txt"]
    for each in described:
        content = bytes.fromhex(report["files"][each["part"]])[: each["size"]]
        assert hashlib.sha256(content).hexdigest() == each["sha256"], each["name"]


def test_what_is_typed_outlives_another_act_and_what_has_no_place_any_more_is_shown(place, phone):
    page = box(phone(place), filed(place, "Yang diketik di kotak ini tidak hilang"))
    page.fill("#text", "setengah jawaban")
    page.set_input_files("#files", file("catatan.txt", b"catatan"))
    page.wait_for_selector("#chosen .card")
    page.click("summary:has-text('Sebutkan nama saya')")
    page.fill("#name", "Pelapor Rekaan")
    page.click("button:has-text('Sampaikan sebagai laporan resmi')")
    told(page, "memerlukan nama, alamat")
    page.fill("#address", "Jalan Rekaan")
    page.check("input[name=agreed] >> nth=0")
    page.click("button:has-text('Sampaikan sebagai laporan resmi')")
    page.wait_for_selector("text=sekarang laporan resmi")
    assert page.input_value("#text") == "setengah jawaban" and "catatan.txt" in page.inner_text("#chosen")
    # Who leaves with something unsent is asked.
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"] and not page.is_closed()
    page.click("summary:has-text('Tarik laporan ini')")
    page.check("input[name=sure]")
    page.click("button:has-text('Tarik laporan') >> nth=-1")
    page.wait_for_selector("text=Laporan ditarik.")
    assert page.inner_text("#homeless pre") == "setengah jawaban"
    audit(page)


def test_a_fault_of_the_browser_is_told_and_loses_nothing(place, phone):
    page = box(phone(place), filed(place, "Kotak ini bertahan bila peramban gagal"))
    page.fill("#text", "jawaban saya")
    page.set_input_files("#files", file("a.txt", b"isi"))
    page.wait_for_selector("#chosen .card")
    page.evaluate("crypto.subtle.realDigest = crypto.subtle.digest; crypto.subtle.digest = () => Promise.reject(1); 0")
    send(page)
    told(page, "ada yang tidak berjalan di peramban ini")
    assert page.is_visible("#box-told") and page.input_value("#text") == "jawaban saya"
    # It stays in sight where its reporter writes, on a phone too.
    shown = page.locator("#box-told").bounding_box()
    assert 0 <= shown["y"] < 844
    page.evaluate("crypto.subtle.digest = crypto.subtle.realDigest; 0")
    send(page)
    page.wait_for_selector("article:has-text('jawaban saya')")


def test_no_file_is_sent_or_dropped_before_its_reporter_saw_what_it_reveals(place, phone):
    what = "Berkas kotak ini diperiksa dulu"
    page = box(phone(place), filed(place, what))
    held = []
    page.route("**/clean*.js", lambda route: held.append(route))
    page.fill("#text", "dengan gambar")
    page.set_input_files("#files", {"name": "layar.png", "mimeType": "image/png", "buffer": picture("PNG")})
    page.wait_for_timeout(300)
    send(page)
    page.wait_for_timeout(500)
    assert report_that_says(place, what)["messages"] == [] and held
    held[0].abort()
    told(page, "“layar.png” tidak dapat diperiksa, dan tidak ikut")
    assert report_that_says(place, what)["messages"] == []
    assert page.input_value("#text") == "dengan gambar"


def test_answers_are_sealed_to_the_reports_own_keys_whatever_the_page_says(place, phone):
    what = "Kunci lain di halaman kotak tidak dipakai"
    code = filed(place, what)
    page = phone(place)
    other = Key.new().recipient

    def change(route):
        answer = route.fetch()
        text = re.sub(r'("dialogue": ")age1[a-z0-9]+', rf"\g<1>{other}", answer.text())
        assert other in text
        route.fulfill(response=answer, body=text)

    page.route("**/lapor/kotak/segel/", change)
    box(page, code)
    page.fill("#text", "untuk petugas saja")
    send(page)
    page.wait_for_selector("article:has-text('untuk petugas saja')")
    assert report_that_says(place, what)["messages"][0]["text"] == "untuk petugas saja"


# The last ones: what they leave opens no more.
@pytest.mark.parametrize("scripts", [True, False])
def test_a_report_whose_rule_cannot_be_read_goes_to_no_further_body(place, phone, scripts):
    code = filed(place, f"Isi laporan ini tidak terbuka lagi {scripts}")
    further_envelopes(place, code, "spoil")
    page = box(phone(place, java_script_enabled=scripts), code)
    if scripts:
        page.click("summary:has-text('Setujui satu badan lain')")
    else:
        page.locator("details:has-text('Setujui satu badan lain') > summary").click()
    page.check("input[name=body] >> nth=0")
    page.locator("form:has([name=body]) [name=agreed]").check()
    page.click("button:has-text('Setujui badan ini')")
    page.wait_for_selector("text=siapa yang Anda kecualikan tidak terbaca")
    assert further_envelopes(place, code) == 0
