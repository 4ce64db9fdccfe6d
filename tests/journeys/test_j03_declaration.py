"""J3 (1-4): the declaration of a unit of 70. Sixty-four come with a phone, five sign on paper, one is absent; two witnesses
from outside; a network that goes away in the middle and comes back; the counts, and what is printed.
"""

import io
import json
import re
import subprocess
import sys
import threading
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from tests.journeys.conftest import ROOT, audit, codes_in, real_place, text_of

PEOPLE, BY_PHONE, ON_PAPER = 70, 64, 5
TITLE = "Deklarasi Netralitas SMP Negeri 1"

# The stage: a school of 70 and another one, a pact that was issued to all, two officers. Everybody has a session as after
# signing in by password (officers with their second step): what is told here begins at the door of the hall.
_ENTER = """
import json, time
from importlib import import_module
import django
django.setup()
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from ikrar.domain.access import Role
from ikrar.domain.pacts import PactText
from ikrar.records.models import Agency, Placement
from ikrar.services import accounts, clock, pacts
now, agency = timezone.now(), Agency.objects.get(code="13.75")
today, store_of = clock.today(agency.zone), import_module(settings.SESSION_ENGINE).SessionStore
def session(user, *records):
    store = store_of()
    store.update({
        SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(), "account_authentication_methods_user": str(user.pk),
        "account_authentication_methods": [{"at": time.time(), **each} for each in records],
    })
    store.create()
    return store.session_key
found = {"people": [], "today": today.isoformat()}
for name in ("rina", "dewi"):
    user, _code = accounts.create_outside_account(username=name, full_name=name.title() + " Umpama", by=None, now=now)
    accounts.grant_role(
        user, Role.PROGRAMME_OFFICER, agency=agency, body=None, until_at=None, reason="ST 1", by=None, now=now
    )
    found[name] = session(user, {"method": "password"}, {"method": "mfa", "type": "totp"})
text = PactText.of("Pakta Integritas Netralitas", "Saya berjanji:", ["netral", "menolak politik uang"], "Demikian.")
pact = pacts.create_round(agency=agency, title="Pakta 2024", text=text, by=user, now=now)
pacts.issue(pact, today=today, by=user, now=now)
with transaction.atomic():
    for placed in Placement.objects.current().select_related("person", "unit").order_by("unit__position", "person__name"):
        user = accounts.ensure_account(placed.person, now=now)
        user.password = make_password(None)
        user.save()
        key = session(user, {"method": "password"})
        found["people"].append([placed.unit.code, placed.is_head, placed.person.name, placed.person.identifier, key])
print(json.dumps(found))
"""
# The code that stood on the screen when the list was opened, four minutes ago at the door: photographed and sent home.
_SENT_HOME = """
from datetime import timedelta
from django.utils import timezone
from ikrar.domain.gatherings import code_of, window_of
from ikrar.records.models import Activity
opened = Activity.objects.get(pk=PK)
print(code_of(opened.secret, opened.pk, window_of(timezone.now() - timedelta(minutes=4))))
"""


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """A real installation with a school of 70 and another one, served; `people` have their sessions."""
    place = real_place(tmp_path_factory, "school")
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
    place.today, place.officers = said["today"], {name: said[name] for name in ("rina", "dewi")}
    place.people = [each for each in said["people"] if each[0] == "SMPN1"]
    place.others = [each for each in said["people"] if each[0] == "SMPN2"]
    assert len(place.people) == PEOPLE and len(place.others) == 2
    place.serve()
    yield place
    place.stop()


def sign_in(page, place, session: str) -> None:
    page.context.add_cookies([{"name": "ikrar", "value": session, "url": place.url}])


class OldPhone:
    """A phone without scripts: it reads a page and presses its button. Pages are asked for over HTTP, many at a time."""

    def __init__(self, place, somebody):
        self.url, self.cookies = place.url, {"ikrar": somebody[4]}

    def ask(self, address: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        """Return where an address led, and the page there."""
        request = urllib.request.Request(
            self.url + address,
            data=urllib.parse.urlencode(form).encode() if form else None,
            headers={
                "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Referer": self.url
            },
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=60) as answer:
            for name, value in re.findall(r"(csrftoken)=(\w+)", answer.headers.get("Set-Cookie", "")):
                self.cookies[name] = value
            return answer.url.removeprefix(self.url), answer.read().decode()

    def check_in(self, pk: str, code: str) -> str:
        """Check in; return where that leads."""
        _, page = self.ask(f"/hadir/{pk}/{code}/")
        token = re.search(r'id="check-in".*?name="csrfmiddlewaretoken" value="(\w+)"', page, re.S)[1]
        return self.ask(f"/hadir/{pk}/", {"csrfmiddlewaretoken": token, "code": code, "kept": ""})[0]

    def sign(self, *, loses_answer: bool) -> str:
        """Sign the pact that waits, again where the answer to the first try is lost; return what the page says."""
        _, page = self.ask("/pakta/")
        address = re.search(r'href="(/pakta/\d+/)"', page)[1]
        _, page = self.ask(address)
        form = {"agree": "on"} | dict(
            re.findall(r'name="(csrfmiddlewaretoken|shown_digest)" value="(\w+)"', page.partition('id="signature"')[2])
        )
        for _ in range(1 + loses_answer):
            _, page = self.ask(f"{address}tanda-tangan/", form)
        return page


def numbers(page) -> list[int]:
    return [int(each.inner_text()) for each in page.locator("dl.numbers dd").all()]


def saved(page, click: str, folder, name: str):
    with page.expect_download() as download:
        page.click(click)
    path = folder / name
    download.value.save_as(path)
    return path


def call_everybody(head, school) -> str:
    """Step 1: the head drafts the declaration with its pact, calls his unit, opens the list; returns the activity's key."""
    head.goto("/kegiatan/")
    audit(head)
    head.click("text=Rancang kegiatan")
    audit(head)
    head.select_option("[name=kind]", "declaration")
    head.fill("[name=title]", TITLE)
    head.fill("[name=on]", school.today)
    head.fill("[name=starts_at]", "07:30")
    head.fill("[name=place]", "Halaman sekolah")
    head.select_option("[name=pact_round]", label="Pakta 2024")
    head.click("button:has-text('Simpan rancangan')")
    audit(head)
    head.select_option("[name=unit]", head.get_attribute("[name=unit] option:has-text('SMP Negeri 1')", "value"))
    head.click("button:has-text('Undang unit ini')")
    pk = re.search(r"/kegiatan/(\d+)/", head.url)[1]
    # Three bodies from outside are to be witnesses; they get a slip each.
    head.goto(f"/kegiatan/{pk}/tamu/")
    for kind, body in (("bawaslu", "Bawaslu Kota Rekaan"), ("kpu", "KPU Kota Rekaan"), ("police", "Polresta Rekaan")):
        head.select_option("[name=kind]", kind)
        head.fill("[name=body]", body)
        head.fill("[name=post]", "Ketua")
        head.check("[name=is_witness]")
        head.click("button:has-text('Tambah tamu ini')")
    audit(head)
    head.goto(f"/kegiatan/{pk}/")
    audit(head)
    head.click("text=Kirim undangan")
    audit(head)
    head.click("button:has-text('Kirim undangan sekarang')")
    assert f"{PEOPLE} orang" in head.inner_text("main")
    head.click("button:has-text('Buka daftar hadir')")
    head.wait_for_url("**/layar/")
    audit(head)
    return pk


def shown(head) -> str:
    """Return the code on the venue's screen."""
    return head.inner_text("#venue-code").replace("-", "")


def three_check_in(head, pk: str, by_qr, by_typing, without_scripts) -> None:
    """By the QR code's address, by typing, and on a phone without scripts; a second try from another tab says so."""
    by_qr.goto(f"/hadir/{pk}/{shown(head)}/")
    audit(by_qr)
    by_qr.click("button:has-text('Catat kehadiran saya')")
    by_qr.wait_for_url("**/kegiatan-saya/*/")
    assert "Anda tercatat hadir" in by_qr.inner_text("main")
    audit(by_qr)
    for page in (by_typing, without_scripts):
        page.goto("/kegiatan-saya/")
        page.click("main a:has-text('Ketik kode kehadiran')")
        page.fill("[name=code]", shown(head).lower())
        page.click("button:has-text('Catat kehadiran saya')")
        page.wait_for_url("**/kegiatan-saya/*/")
        assert "Anda tercatat hadir" in page.inner_text("main")
    audit(by_typing)
    by_qr.goto(f"/hadir/{pk}/{shown(head)}/")
    assert "Anda sudah tercatat hadir" in by_qr.inner_text("main")
    audit(by_qr)


def others_are_refused(head, school, pk: str, stranger, guesser, friend) -> None:
    """Somebody of another unit with a good code; a guessed code; a code that was photographed and sent to a friend."""
    stranger.goto(f"/hadir/{pk}/{shown(head)}/")
    assert "tidak termasuk yang diundang" in stranger.inner_text("main")
    audit(stranger)
    token = next(each["value"] for each in stranger.context.cookies() if each["name"] == "csrftoken")
    answer = stranger.request.post(
        f"/hadir/{pk}/", form={"csrfmiddlewaretoken": token, "code": shown(head)}, headers={"Referer": school.url}
    )
    assert answer.status == 422 and "tidak termasuk yang diundang" in answer.text()

    guesser.goto(f"/hadir/{pk}/")
    guesser.fill("[name=code]", "AAAA AAAA")
    guesser.click("button:has-text('Catat kehadiran saya')")
    guesser.wait_for_selector("main [role=alert]")
    assert "Kode ini tidak berlaku" in guesser.inner_text("main")
    assert guesser.input_value("[name=code]").replace("-", "") == "AAAAAAAA", "what was typed stays in its field"
    audit(guesser)

    sent = school.run("shell", "-v0", "-c", _SENT_HOME.replace("PK", pk)).stdout.strip()
    friend.goto(f"/hadir/{pk}/{sent}/")
    assert "Kode dari tautan ini sudah lewat" in friend.inner_text("main")
    friend.fill("[name=code]", sent)
    friend.click("button:has-text('Catat kehadiran saya')")
    friend.wait_for_selector("main [role=alert]")
    assert "Anda tercatat hadir" not in friend.inner_text("main")
    audit(friend)


def the_network_goes_and_comes(head, school, pk: str, weak, lost, crowd) -> str:
    """Step 3: the screen goes on by itself, a phone keeps its check-in, an answer is lost; returns the code meanwhile."""
    weak.goto(f"/hadir/{pk}/{shown(head)}/")
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
    code = shown(head)
    with ThreadPoolExecutor(16) as pool:
        led = list(pool.map(lambda somebody: OldPhone(school, somebody).check_in(pk, code), crowd))
    assert set(led) == {f"/kegiatan-saya/{pk}/"}

    weak.context.set_offline(False)
    weak.wait_for_url("**/kegiatan-saya/*/", timeout=30_000)
    assert "Anda tercatat hadir" in weak.inner_text("main")
    assert weak.evaluate("localStorage.getItem('ikrar-check-in')") is None
    head.context.set_offline(False)
    head.wait_for_selector(f"#venue-came:text-is('{BY_PHONE - 1}')", timeout=30_000)
    assert head.is_hidden("#venue-away")

    # One more is answered by the network's own page, which settles nothing; then the answer is lost on the way back: tried
    # again, it is still one.
    lost.goto(f"/hadir/{pk}/{shown(head)}/")
    arrived, greeted = threading.Event(), threading.Event()

    def lose_answer(route):
        if not greeted.is_set() and route.request.method == "POST":
            greeted.set()
            route.fulfill(status=200, content_type="text/html", body="<p>Masuk ke jaringan tamu</p>")
        elif not arrived.is_set() and route.request.method == "POST":
            route.fetch(max_redirects=0)
            arrived.set()
            route.abort()
        else:
            route.continue_()

    lost.route("**/hadir/*/", lose_answer)
    lost.click("button:has-text('Catat kehadiran saya')")
    lost.wait_for_url("**/kegiatan-saya/*/", timeout=30_000)
    assert greeted.is_set() and arrived.is_set() and "sudah tercatat" in lost.inner_text("main")
    return code


def nobody_checks_another_in(head, school, pk: str, borrowed) -> None:
    """What one account kept in a phone is not sent for another one that signs in there."""
    sign_in(borrowed, school, school.people[PEOPLE - 1][4])
    borrowed.goto(f"/hadir/{pk}/{shown(head)}/")
    borrowed.context.set_offline(True)
    borrowed.click("button:has-text('Catat kehadiran saya')")
    borrowed.wait_for_selector("#kept-check-in:not([hidden])")
    borrowed.context.clear_cookies(name="csrftoken")  # as signing in does
    sign_in(borrowed, school, school.people[PEOPLE - 2][4])
    borrowed.context.set_offline(False)
    borrowed.wait_for_timeout(1500)
    borrowed.goto("/kegiatan-saya/")
    borrowed.wait_for_timeout(1500)
    assert "Anda tercatat hadir" not in borrowed.inner_text("main") and borrowed.url.endswith("/kegiatan-saya/")


def five_sign_the_list_in_ink(head, school, pk: str, tmp_path) -> None:
    """Five have no phone: the head prints the empty list and ticks off who signed it."""
    head.goto(f"/kegiatan/{pk}/")
    head.click("text=Daftar hadir, catat dengan tangan")
    audit(head)
    ink = text_of(saved(head, "text=Lembar kosong untuk tanda tangan tinta", tmp_path, "ink.pdf"))
    assert all(each[2] in ink for each in school.people)
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


def one_is_struck_out_and_put_back(head, school, pk: str, somebody, page) -> None:
    """Whoever was not seen is struck out, which his phone cannot undo; the head puts him back."""
    head.fill("[name=q]", somebody[2])
    head.click("button:has-text('Cari')")
    head.click("text=Coret")
    audit(head)
    head.fill("[name=reason]", "tidak di tempat")
    head.click("button:has-text('Coret kehadiran ini')")
    page.goto(f"/kegiatan-saya/{pk}/")
    assert "dicoret panitia" in page.inner_text("main")
    audit(page)
    head.fill("[name=q]", somebody[2])
    head.click("button:has-text('Cari')")
    head.check("[name=person]")
    head.click("button:has-text('Catat yang dicentang sebagai hadir')")


def sign(page) -> None:
    """Sign on a phone, at the activity."""
    page.goto("/pakta/")
    page.click("text=Baca dan tandatangani")
    assert TITLE in page.inner_text("#signature")
    page.check("#id_agree")
    page.click("button:has-text('Tandatangani pakta')")
    page.wait_for_selector("text=Anda sudah menandatangani pakta ini")


def everybody_signs(school, by_qr, weak, without_scripts, crowd) -> None:
    """Sixty-four sign: one through a network that goes away, one without scripts, a third of the rest twice."""
    sign(by_qr)
    audit(by_qr)
    sign(without_scripts)
    weak.goto("/pakta/")
    weak.click("text=Baca dan tandatangani")
    weak.check("#id_agree")
    weak.context.set_offline(True)
    weak.click("button:has-text('Tandatangani pakta')", no_wait_after=True)
    weak.wait_for_timeout(500)
    weak.context.set_offline(False)
    sign(weak)

    def sign_on_an_old_phone(numbered) -> str:
        number, somebody = numbered
        return OldPhone(school, somebody).sign(loses_answer=number % 3 == 0)

    with ThreadPoolExecutor(16) as pool:
        said = list(pool.map(sign_on_an_old_phone, enumerate(crowd)))
    assert all("Anda sudah menandatangani pakta ini" in page for page in said)


def photographed(document, folder) -> tuple[list, object]:
    """Return three sheets as photos, a little askew, and the rest as one scan of several pages."""
    from ikrar.gateways import pictures

    pages = [Image.open(io.BytesIO(page)).convert("RGB") for page in pictures.pages_of(document.read_bytes(), most=10)]
    photos = [folder / f"foto-{number}.jpg" for number in range(3)]
    for number, path in enumerate(photos):
        askew = pages[number].rotate(4 - 3 * number, expand=True, fillcolor=(140, 130, 120))
        askew.save(path, "JPEG", quality=65)
    scan = folder / "pindai.pdf"
    pages[3].save(scan, save_all=True, append_images=pages[4:], resolution=150)
    return photos, scan


def two_on_one(photos, folder):
    """Return one picture of two sheets that lie beside each other."""
    left, right = (Image.open(each) for each in photos[:2])
    both = Image.new("RGB", (left.width + right.width, max(left.height, right.height)), (90, 90, 90))
    both.paste(left, (0, 0))
    both.paste(right, (left.width, 0))
    path = folder / "dua.jpg"
    both.save(path, "JPEG", quality=70)
    return path


def five_sign_on_paper(head, rina, dewi, school, pk: str, tmp_path) -> None:
    """Sheets are printed, photographed or scanned, reconciled by one officer and confirmed by another."""
    head.goto(f"/kegiatan/{pk}/penandatanganan/lembar/")
    audit(head)
    boxes = head.locator("[name=duties]")
    assert boxes.count() == ON_PAPER, "those present who have not signed"
    for number in range(ON_PAPER):
        boxes.nth(number).check()
    sheets = saved(head, "button:has-text('Cetak lembar yang dipilih')", tmp_path, "lembar.pdf")
    assert text_of(sheets).count("Kode lembar") == ON_PAPER
    photos, scan = photographed(sheets, tmp_path)

    def hand_in(*files) -> str:
        head.goto(f"/kegiatan/{pk}/penandatanganan/")
        head.set_input_files("[name=files]", files)
        head.click("button:has-text('Serahkan gambar')")
        return head.inner_text("main")

    said = hand_in(*photos, scan, photos[0])
    assert said.count("kodenya terbaca") == ON_PAPER
    assert "sudah pernah diserahkan" in said  # the same picture twice
    audit(head)
    assert "kode dua orang" in hand_in(two_on_one(photos, tmp_path))  # paper with two persons' codes
    assert head.goto("/kertas/").status == 403, "a head hands in, officers look"

    rina.goto("/kertas/")
    audit(rina)
    rina.click("main table a >> nth=0")
    audit(rina)
    for _ in range(ON_PAPER):
        rina.fill("[name=signed_on]", school.today)
        rina.check("[name=looked]")
        rina.click("button:has-text('Cocokkan lembar ini')")
        rina.wait_for_selector("text=Petugas lain menegaskannya")
    rina.goto("/kertas/?lihat=dicocokkan")
    rina.click("main table a >> nth=0")
    assert rina.locator("button:has-text('Tegaskan tanda tangan ini')").count() == 0, "not by the same person"
    assert signed_here(head, pk) == BY_PHONE, "a picture is no signature yet"
    dewi.goto("/kertas/?lihat=dicocokkan")
    dewi.click("main table a >> nth=0")
    audit(dewi)
    for _ in range(ON_PAPER):
        dewi.check("[name=looked]")
        dewi.click("button:has-text('Tegaskan tanda tangan ini')")
        dewi.wait_for_selector("text=kini tercatat")


def signed_here(head, pk: str) -> int:
    head.goto(f"/kegiatan/{pk}/penandatanganan/")
    return int(head.inner_text(".figure strong"))


def two_witnesses_sign(head, pk: str, bawaslu, kpu, police, tmp_path) -> None:
    """Step 2, and what must fail: whoever was not checked in reads everything and signs nothing."""
    head.goto(f"/kegiatan/{pk}/penandatanganan/")
    audit(head)
    head.click("text=Cetak slip saksi")
    codes = codes_in(text_of(saved(head, "button:has-text('Cetak slip')", tmp_path, "slip.pdf")))
    assert len(codes) == 3
    for page, code in zip((bawaslu, kpu, police), codes, strict=True):
        page.goto("/saksi/")
        page.fill("[name=code]", code)
        page.click("button:has-text('Buka acaranya')")
        assert "belum dicatat hadir" in page.inner_text("main") and "netral" in page.inner_text("main")
        assert page.locator("button:has-text('Tandatangani')").count() == 0
    audit(police)
    head.goto(f"/kegiatan/{pk}/tamu/")
    for body, name in (("Bawaslu Kota Rekaan", "Misal Umpama"), ("KPU Kota Rekaan", "Contoh Andaian")):
        head.locator("tr", has_text=body).get_by_role("link", name="Catat kedatangan").click()
        head.fill("[name=name]", name)
        head.click("main button[type=submit]")

    for page, name in ((bawaslu, "Misal Umpama"), (kpu, "Contoh Andaian")):
        page.goto("/saksi/pernyataan/")
        assert f"{BY_PHONE + ON_PAPER} orang" in page.inner_text("main")
        page.fill("[name=name]", f"{name}, S.H.")
        page.check("[name=agree]")
        page.click("button:has-text('Tandatangani pernyataan ini')")
        assert "Pernyataan Anda sudah ditandatangani" in page.inner_text("h1")
        paper = text_of(saved(page, "text=Unduh pernyataan (PDF)", tmp_path, f"{name[:5]}.pdf"))
        assert name in paper and f"{BY_PHONE + ON_PAPER} orang telah menandatangani" in " ".join(paper.split())
    audit(kpu)

    # A third one was recorded by mistake: his page was open by then, and still he signs nothing.
    def arrival(link: str):
        head.goto(f"/kegiatan/{pk}/tamu/")
        head.locator("tr", has_text="Polresta Rekaan").get_by_text(link).click()

    arrival("Catat kedatangan")
    head.fill("[name=name]", "Bukan Siapa-siapa")
    head.click("main button[type=submit]")
    police.goto("/saksi/pernyataan/")
    police.fill("[name=name]", "Bukan Siapa-siapa")
    police.check("[name=agree]")
    arrival("Salah catat, batalkan")
    head.locator("tr", has_text="Polresta Rekaan").get_by_text("Catat kedatangan").wait_for()
    police.click("button:has-text('Tandatangani pernyataan ini')")
    assert "belum dicatat hadir" in police.inner_text("main")
    assert police.locator("button:has-text('Tandatangani')").count() == 0
    audit(police)


def the_counts_are_right(head, rina, school, pk: str) -> None:
    """On each page that shows them: the activity, the unit, the signing, the coverage of the pact."""
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
    assert signed_here(head, pk) == BY_PHONE + ON_PAPER
    rina.goto("/cakupan/")
    rina.click("h2 a")
    row = rina.locator("main tbody tr", has_text="SMP Negeri 1")
    assert row.locator("td.number").first.inner_text() == str(PEOPLE)
    assert str(BY_PHONE + ON_PAPER) in [cell.inner_text() for cell in row.locator("td.number").all()]


def what_is_printed_names_everybody(head, school, pk: str, tmp_path) -> None:
    """Step 4: the attendance sheet, the record of the signing, the certificates, and the whole record in one file."""
    head.goto(f"/kegiatan/{pk}/")
    present = text_of(saved(head, "text=Daftar hadir (PDF)", tmp_path, "present.pdf"))
    assert sum(each[2] in present for each in school.people) == BY_PHONE + ON_PAPER
    assert not any(each[3] in present for each in school.people), "no number stands whole on a paper that others see"
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
    record = text_of(saved(head, "text=Seluruh berkas kegiatan dalam satu PDF", tmp_path, "record.pdf"))
    for words in ("Undangan", "Daftar Hadir", "Notulen", "Memasang pengumuman", "001/BA/"):
        assert words in record
    head.goto(f"/kegiatan/{pk}/penandatanganan/")
    signing = text_of(saved(head, "text=Berita acara (PDF)", tmp_path, "signing.pdf"))
    assert f"{BY_PHONE + ON_PAPER} orang menandatangani" in " ".join(signing.split())
    assert "Misal Umpama" in signing and "Contoh Andaian" in signing and signing.count("kertas") >= ON_PAPER
    assert sum(each[2] in signing for each in school.people) == BY_PHONE + ON_PAPER
    head.click("text=Himpunan sertifikat")
    audit(head)
    head.click("button:has-text('Buat himpunan')")
    head.wait_for_selector("text=Unduh berkas", timeout=60_000)  # the page asks for itself anew
    audit(head)
    bundle = text_of(saved(head, "text=Unduh berkas", tmp_path, "bundle.pdf"))
    assert bundle.count("Sertifikat Pakta Integritas") >= BY_PHONE + ON_PAPER
    assert bundle.count("di atas kertas") >= ON_PAPER


def ink_proves_less_and_says_so(paper, phone_signer, visitor) -> None:
    """Whoever signed in ink finds it under its own name, with the lowest grade; anybody with the code reads the same."""
    for page, says, hour in ((paper, "kertas, dicocokkan petugas", False), (phone_signer, "kata sandi", True)):
        page.goto("/pakta/")
        page.click("text=Lihat")
        assert says in page.inner_text("main") and "Bawaslu Kota Rekaan" in page.inner_text("main")
        code = page.inner_text("dd code").replace("-", "")
        visitor.goto(f"/periksa/{code}/")
        assert says in visitor.inner_text("main") and TITLE in visitor.inner_text("main"), hour
    audit(paper)
    audit(visitor)


def test_a_unit_of_seventy_declares_through_a_weak_network_with_paper_and_witnesses(school, desk, phone, tmp_path):
    def phone_of(number: int, **options):
        page = phone(school, **options)
        sign_in(page, school, school.people[number][4])
        return page

    head, rina, dewi = desk(school), desk(school), desk(school)
    sign_in(head, school, next(each[4] for each in school.people if each[1]))
    for page, name in ((rina, "rina"), (dewi, "dewi")):
        sign_in(page, school, school.officers[name])
    by_qr, by_typing, without_scripts = phone_of(1), phone_of(2), phone_of(3, java_script_enabled=False)
    weak, lost, stranger = phone_of(5), phone_of(0), phone(school)
    sign_in(stranger, school, school.others[0][4])
    crowd = [each for number, each in enumerate(school.people) if number == 4 or 5 < number < BY_PHONE]

    pk = call_everybody(head, school)
    three_check_in(head, pk, by_qr, by_typing, without_scripts)
    others_are_refused(head, school, pk, stranger, phone_of(4), phone_of(PEOPLE - 1))
    code = the_network_goes_and_comes(head, school, pk, weak, lost, crowd)
    nobody_checks_another_in(head, school, pk, phone(school))
    five_sign_the_list_in_ink(head, school, pk, tmp_path)
    one_is_struck_out_and_put_back(head, school, pk, school.people[1], by_qr)

    others = [school.people[0], school.people[2], *crowd]
    everybody_signs(school, by_qr, weak, without_scripts, others)
    assert signed_here(head, pk) == BY_PHONE
    five_sign_on_paper(head, rina, dewi, school, pk, tmp_path)
    assert signed_here(head, pk) == BY_PHONE + ON_PAPER
    witnesses = phone(school, java_script_enabled=False), phone(school), phone(school)
    two_witnesses_sign(head, pk, *witnesses, tmp_path)

    the_counts_are_right(head, rina, school, pk)
    late = phone_of(PEOPLE - 1)
    late.goto(f"/hadir/{pk}/{code}/")
    assert "sedang tidak dibuka" in late.inner_text("main"), "nobody checks in any more"
    audit(late)
    what_is_printed_names_everybody(head, school, pk, tmp_path)
    ink_proves_less_and_says_so(phone_of(BY_PHONE), by_qr, phone(school))
