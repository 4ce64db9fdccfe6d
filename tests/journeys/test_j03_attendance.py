"""J3 (1, 3, 4), as far as it is about who was there: a unit of 70, a network that goes and comes back, paper, print."""

import json
import re
import subprocess
import sys
import threading
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.journeys.conftest import ROOT, audit, new_place, text_of

PEOPLE, BY_PHONE, ON_PAPER = 70, 64, 5

# Everybody of the roster gets an account and a session as after signing in by password: what is told here begins at the
# door of the hall.
_ENTER = """
import json, time
from datetime import datetime
from importlib import import_module
import django
django.setup()
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from ikrar.records.models import Placement
from ikrar.services import accounts, clock
store_of, now = import_module(settings.SESSION_ENGINE).SessionStore, time.time()
found = []
with transaction.atomic():
    for placed in Placement.objects.current().select_related("person", "unit").order_by("unit__position", "person__name"):
        user = accounts.ensure_account(placed.person, now=timezone.now())
        user.password = make_password(None)
        user.save()
        store = store_of()
        store.update({
            SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            "account_authentication_methods": [{"method": "password", "at": now}],
            "account_authentication_methods_user": str(user.pk),
        })
        store.create()
        found.append([placed.unit.code, placed.is_head, placed.person.name, placed.person.identifier, store.session_key])
print(json.dumps({"people": found, "today": clock.today().isoformat()}))
"""


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """A real installation with a school of 70 and another one, served; `people` have their sessions."""
    place = new_place(tmp_path_factory.mktemp("school"))
    place.run("init", "--agency", "13.75", "--agency-name", "Pemerintah Kota Bukittinggi", "--admin", "KEPALA")
    rows = ["NIP;Nama;Status Kepegawaian;Kode Unit;Unit Kerja;Jabatan;Kepala Unit"]
    for number in range(PEOPLE + 2):
        unit = ("SMPN1", "SMP Negeri 1") if number < PEOPLE else ("SMPN2", "SMP Negeri 2")
        head = "ya" if number in (0, PEOPLE) else "tidak"
        nip = f"19{60 + number % 20}0101{2005 + number % 15}01{1 + number % 2}{number + 1:03d}"
        rows.append(f"{nip};Rekaan Nomor {number:02d};PNS;{';'.join(unit)};Guru;{head}")
    roster = place.home / "pegawai.csv"
    roster.write_text("\n".join(rows))
    place.run("import-roster", str(roster), "--agency", "13.75", "--new-units")
    done = subprocess.run(
        [sys.executable, "-c", _ENTER], env={**place.environment, "DJANGO_SETTINGS_MODULE": "ikrar.settings"}, cwd=ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    place.today = said["today"]
    place.people = [each for each in said["people"] if each[0] == "SMPN1"]
    place.others = [each for each in said["people"] if each[0] == "SMPN2"]
    assert len(place.people) == PEOPLE and len(place.others) == 2
    place.serve()
    yield place
    place.stop()


def sign_in(page, place, somebody) -> None:
    page.context.add_cookies([{"name": "ikrar", "value": somebody[4], "url": place.url}])


def check_in_over_http(place, somebody, pk: str, code: str) -> str:
    """Check in as a phone without scripts does: read the page, press its button; return where that leads."""
    cookies = {"ikrar": somebody[4]}

    def ask(address: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        request = urllib.request.Request(
            place.url + address,
            data=urllib.parse.urlencode(form).encode() if form else None,
            headers={"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "Referer": place.url},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            for name, value in re.findall(r"(csrftoken)=(\w+)", answer.headers.get("Set-Cookie", "")):
                cookies[name] = value
            return answer.url, answer.read().decode()

    _, page = ask(f"/hadir/{pk}/{code}/")
    token = re.search(r'id="check-in".*?name="csrfmiddlewaretoken" value="(\w+)"', page, re.S)[1]
    address, _ = ask(f"/hadir/{pk}/", {"csrfmiddlewaretoken": token, "code": code, "kept": ""})
    return address.removeprefix(place.url)


def test_a_unit_of_seventy_checks_in_through_a_weak_network_and_the_counts_are_right(school, desk, phone, tmp_path):
    head = desk(school)
    sign_in(head, school, next(each for each in school.people if each[1]))

    # Step 1: the head opens a declaration for his unit and calls everybody.
    head.goto("/kegiatan/")
    audit(head)
    head.click("text=Rancang kegiatan")
    audit(head)
    head.select_option("[name=kind]", "declaration")
    head.fill("[name=title]", "Deklarasi Netralitas SMP Negeri 1")
    head.fill("[name=on]", school.today)
    head.fill("[name=starts_at]", "07:30")
    head.fill("[name=place]", "Halaman sekolah")
    head.click("button:has-text('Simpan rancangan')")
    audit(head)
    head.select_option("[name=unit]", head.get_attribute("[name=unit] option:has-text('SMP Negeri 1')", "value"))
    head.click("button:has-text('Undang unit ini')")
    pk = re.search(r"/kegiatan/(\d+)/", head.url)[1]
    head.goto(f"/kegiatan/{pk}/")
    audit(head)
    head.click("text=Kirim undangan")
    audit(head)
    head.click("button:has-text('Kirim undangan sekarang')")
    assert f"{PEOPLE} orang" in head.inner_text("main")
    head.click("button:has-text('Buka daftar hadir')")
    head.wait_for_url("**/layar/")
    audit(head)

    def shown() -> str:
        return head.inner_text("#venue-code").replace("-", "")

    # Three phones of the browser: by the QR code's address, by typing, and one without scripts.
    by_qr, by_typing = phone(school), phone(school)
    without_scripts = phone(school, java_script_enabled=False)
    for page, somebody in ((by_qr, 1), (by_typing, 2), (without_scripts, 3)):
        sign_in(page, school, school.people[somebody])
    by_qr.goto(f"/hadir/{pk}/{shown()}/")
    audit(by_qr)
    by_qr.click("button:has-text('Catat kehadiran saya')")
    by_qr.wait_for_url("**/kegiatan-saya/*/")
    assert "Anda tercatat hadir" in by_qr.inner_text("main")
    audit(by_qr)
    for page in (by_typing, without_scripts):
        page.goto("/kegiatan-saya/")
        page.click("main a:has-text('Ketik kode kehadiran')")
        page.fill("[name=code]", shown().lower())
        page.click("button:has-text('Catat kehadiran saya')")
        page.wait_for_url("**/kegiatan-saya/*/")
        assert "Anda tercatat hadir" in page.inner_text("main")
    audit(by_typing)

    # A second try from another tab changes nothing and says so.
    by_qr.goto(f"/hadir/{pk}/{shown()}/")
    assert "Anda sudah tercatat hadir" in by_qr.inner_text("main")
    audit(by_qr)

    # Somebody from another unit is refused in words, also with a good code in hand.
    stranger = phone(school)
    sign_in(stranger, school, school.others[0])
    stranger.goto(f"/hadir/{pk}/{shown()}/")
    assert "tidak termasuk yang diundang" in stranger.inner_text("main")
    audit(stranger)
    token = next(each["value"] for each in stranger.context.cookies() if each["name"] == "csrftoken")
    answer = stranger.request.post(
        f"/hadir/{pk}/", form={"csrfmiddlewaretoken": token, "code": shown()}, headers={"Referer": school.url}
    )
    assert answer.status == 422 and "tidak termasuk yang diundang" in answer.text()

    # A guessed code is refused, and what was typed stays in its field.
    guesser = phone(school)
    sign_in(guesser, school, school.people[4])
    guesser.goto(f"/hadir/{pk}/")
    guesser.fill("[name=code]", "AAAA AAAA")
    guesser.click("button:has-text('Catat kehadiran saya')")
    guesser.wait_for_selector("main [role=alert]")
    assert "Kode ini tidak berlaku" in guesser.inner_text("main")
    assert guesser.input_value("[name=code]").replace("-", "") == "AAAAAAAA"
    audit(guesser)

    # Step 3: the network goes away in the middle. The venue's screen goes on by itself; a phone keeps its check-in and
    # sends it when the network is back.
    weak = phone(school)
    sign_in(weak, school, school.people[5])
    weak.goto(f"/hadir/{pk}/{shown()}/")
    weak.context.set_offline(True)
    head.context.set_offline(True)
    before = head.inner_text("#venue-code")
    weak.click("button:has-text('Catat kehadiran saya')")
    weak.wait_for_selector("#kept-check-in:not([hidden])")
    assert "Belum terkirim" in weak.inner_text("#kept-check-in")
    audit(weak)
    head.wait_for_selector(f"#venue-code:not(:text-is('{before}'))", timeout=45_000)
    head.wait_for_selector("#venue-away:not([hidden])")
    assert "Jaringan di sini putus" in head.inner_text("#venue-away")

    # Meanwhile the others come, over the network of the phones; the venue's own code of now is good.
    code = shown()
    crowd = [each for number, each in enumerate(school.people) if number == 4 or 5 < number < BY_PHONE]
    with ThreadPoolExecutor(16) as pool:
        led = list(pool.map(lambda somebody: check_in_over_http(school, somebody, pk, code), crowd))
    assert set(led) == {f"/kegiatan-saya/{pk}/"}

    weak.context.set_offline(False)
    weak.wait_for_url("**/kegiatan-saya/*/", timeout=30_000)
    assert "Anda tercatat hadir" in weak.inner_text("main")
    assert weak.evaluate("localStorage.getItem('ikrar-check-in')") is None
    head.context.set_offline(False)
    head.wait_for_selector(f"#venue-came:text-is('{BY_PHONE - 1}')", timeout=30_000)
    assert head.is_hidden("#venue-away")

    # The answer to one more is lost on the way back: tried again, it is still one.
    lost = phone(school)
    sign_in(lost, school, school.people[0])
    lost.goto(f"/hadir/{pk}/{shown()}/")
    arrived = threading.Event()

    def lose_answer(route):
        if not arrived.is_set() and route.request.method == "POST":
            route.fetch(max_redirects=0)
            arrived.set()
            route.abort()
        else:
            route.continue_()

    lost.route("**/hadir/*/", lose_answer)
    lost.click("button:has-text('Catat kehadiran saya')")
    lost.wait_for_url("**/kegiatan-saya/*/", timeout=30_000)
    assert arrived.is_set() and "sudah tercatat" in lost.inner_text("main")

    # What one account kept in a phone is not sent for another one that signs in there.
    borrowed = phone(school)
    sign_in(borrowed, school, school.people[PEOPLE - 1])
    borrowed.goto(f"/hadir/{pk}/{shown()}/")
    borrowed.context.set_offline(True)
    borrowed.click("button:has-text('Catat kehadiran saya')")
    borrowed.wait_for_selector("#kept-check-in:not([hidden])")
    borrowed.context.clear_cookies(name="csrftoken")  # as signing in does
    sign_in(borrowed, school, school.people[PEOPLE - 2])
    borrowed.context.set_offline(False)
    borrowed.wait_for_timeout(1500)
    borrowed.goto("/kegiatan-saya/")
    borrowed.wait_for_timeout(1500)
    assert "Anda tercatat hadir" not in borrowed.inner_text("main") and borrowed.url.endswith("/kegiatan-saya/")

    # Five without a phone signed on paper: the head prints the sheet and ticks them off.
    head.goto(f"/kegiatan/{pk}/")
    head.click("text=Daftar hadir, catat dengan tangan")
    audit(head)
    with head.expect_download() as download:
        head.click("text=Lembar kosong untuk tanda tangan tinta")
    sheet = tmp_path / "sheet.pdf"
    download.value.save_as(sheet)
    assert all(each[2] in text_of(sheet) for each in school.people)
    head.select_option("[name=tampil]", "belum")
    head.click("button:has-text('Cari')")
    boxes = head.locator("[name=person]")
    assert boxes.count() == PEOPLE - BY_PHONE
    for place in range(ON_PAPER):
        boxes.nth(place).check()
    head.check("[name=way][value=paper]")
    head.click("button:has-text('Catat yang dicentang sebagai hadir')")
    assert f"{ON_PAPER} orang dicatat hadir" in head.inner_text("main")
    audit(head)

    # One who sent his code home: the head strikes him out and puts him back.
    head.fill("[name=q]", school.people[1][2])
    head.click("button:has-text('Cari')")
    head.click("text=Coret")
    audit(head)
    head.fill("[name=reason]", "tidak di tempat")
    head.click("button:has-text('Coret kehadiran ini')")
    by_qr.goto(f"/kegiatan-saya/{pk}/")
    assert "dicoret panitia" in by_qr.inner_text("main")
    audit(by_qr)
    head.fill("[name=q]", school.people[1][2])
    head.click("button:has-text('Cari')")
    head.check("[name=person]")
    head.click("button:has-text('Catat yang dicentang sebagai hadir')")

    # The counts, on each page that shows them.
    head.goto(f"/kegiatan/{pk}/")
    head.click("text=Tutup daftar hadir")
    audit(head)
    head.click("button:has-text('Tutup daftar hadir')")
    assert numbers(head) == [PEOPLE, BY_PHONE + ON_PAPER, 0, 0, 1]
    audit(head)
    head.goto("/unit/")
    head.get_by_role("link", name="SMP Negeri 1", exact=True).click()
    row = head.locator("section[aria-labelledby=activities-title] tbody tr").first
    assert [cell.inner_text() for cell in row.locator("td.number").all()] == ["70", "69", "0", "1"]
    audit(head)

    # Nobody checks in any more.
    late = phone(school)
    sign_in(late, school, school.people[PEOPLE - 1])
    late.goto(f"/hadir/{pk}/{code}/")
    assert "sedang tidak dibuka" in late.inner_text("main")
    audit(late)

    # Step 4: the attendance sheet, and the whole record in one file.
    head.goto(f"/kegiatan/{pk}/")
    with head.expect_download() as download:
        head.click("text=Daftar hadir (PDF)")
    present = tmp_path / "present.pdf"
    download.value.save_as(present)
    said = text_of(present)
    there = [each for each in school.people if each[2] in said]
    assert len(there) == BY_PHONE + ON_PAPER
    assert not any(each[3] in said for each in school.people), "no number stands whole on a paper that others see"
    head.click("text=Tulis notulen")
    audit(head)
    head.fill("[name=minutes]", "Deklarasi dibacakan bersama. Semua menyatakan netral.")
    head.click("button:has-text('Simpan notulen')")
    head.fill("[name=text]", "Memasang pengumuman di ruang guru")
    head.select_option("form:has([value=decision]) [name=unit]", index=1)
    head.fill("[name=due_on]", school.today)
    head.click("button:has-text('Tambah keputusan ini')")
    head.click("text=Sahkan notulen")
    head.click("button:has-text('Sahkan notulen ini')")
    assert "Isinya tidak berubah lagi" in head.inner_text("main")
    audit(head)
    head.goto("/kegiatan-saya/")
    head.click("text=Lihat keputusan")
    assert "Memasang pengumuman" in head.inner_text("main")
    audit(head)
    head.goto(f"/kegiatan/{pk}/")
    with head.expect_download() as download:
        head.click("text=Seluruh berkas kegiatan dalam satu PDF")
    record = tmp_path / "record.pdf"
    download.value.save_as(record)
    for words in ("Undangan", "Daftar Hadir", "Notulen", "Memasang pengumuman", "001/BA/"):
        assert words in text_of(record)


def numbers(page) -> list[int]:
    return [int(each.inner_text()) for each in page.locator("dl.numbers dd").all()]
