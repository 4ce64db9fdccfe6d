"""J3 (2) beside the unit of seventy: witnesses with words of their own and a session that opens nothing else, and people who
sign on a shared device.
"""

import json
import re
import subprocess
import sys

import pytest

from tests.journeys.conftest import ROOT, audit, codes_in, real_place, text_of

PASSWORD = "hujan turun di Ngarai"
TITLE = "Deklarasi Netralitas SMP Negeri 1"

# The stage: two officers, a school of twelve who are called to a declaration that is open and are on its list but one,
# the pact issued to them. What is told here begins when they are in the hall.
_SET_UP = """
import json, time
from datetime import timedelta
from importlib import import_module
import django
django.setup()
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone
from ikrar.domain.access import Role
from ikrar.domain.pacts import PactText
from ikrar.records.models import Agency, Placement
from ikrar.services import accounts, activities, attendance, clock, pacts
from ikrar.services.activities import Plan
now, agency = timezone.now(), Agency.objects.get(code="13.75")
today, found = clock.today(agency.zone), {}
store_of = import_module(settings.SESSION_ENGINE).SessionStore
def session(user, *records):
    store = store_of()
    store.update({
        SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(), "account_authentication_methods_user": str(user.pk),
        "account_authentication_methods": [{"at": time.time(), **each} for each in records],
    })
    store.create()
    return store.session_key
for name in ("rina", "dewi"):
    user, _code = accounts.create_outside_account(username=name, full_name=name.title() + " Umpama", by=None, now=now)
    accounts.grant_role(
        user, Role.PROGRAMME_OFFICER, agency=agency, body=None, until_at=None, reason="ST 1", by=None, now=now
    )
    found[name] = session(user, {"method": "password"}, {"method": "mfa", "type": "totp"})
    officer = user
text = PactText.of("Pakta Integritas Netralitas", "Saya berjanji:", ["netral", "menolak politik uang"], "Demikian.")
pact = pacts.create_round(agency=agency, title="Pakta 2024", text=text, by=officer, now=now)
pacts.issue(pact, today=today, by=officer, now=now)
placed = list(Placement.objects.current().select_related("person", "unit__agency").order_by("person__name"))
school = placed[0].unit
plan = Plan(kind="declaration", title="TITLE", on=today, place="Halaman sekolah", pact_round=pact)
activity = activities.draft(agency=agency, unit=school, plan=plan, today=today, by=officer, now=now)
activities.invite_unit(activity, school, heads_only=False, quota=None, by=officer, now=now)
activity.refresh_from_db()
activities.open_list(activity, today=today, by=officer, now=now)
activity.refresh_from_db()
attendance.check_in_by_hand(activity, placed[:-1], by=officer, now=now)
found["people"] = []
for each in placed:
    user = accounts.ensure_account(each.person, now=now)
    accounts.set_password(user, "PASSWORD", now=now)
    found["people"].append([each.person.name, user.username, session(user, {"method": "password"}), each.is_head])
found |= {"activity": activity.pk, "round": pact.pk, "today": today.isoformat()}
print(json.dumps(found))
""".replace("TITLE", TITLE).replace('"PASSWORD"', repr(PASSWORD))  # fmt: skip


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    """A real installation with a school of twelve in the hall, served."""
    place = real_place(tmp_path_factory, "hall")
    rows = ["NIP;Nama;Status Kepegawaian;Kode Unit;Unit Kerja;Jabatan;Kepala Unit"]
    for number in range(12):
        nip = f"1970010120050110{number + 10:02d}"
        head = "ya" if number == 0 else "tidak"
        rows.append(f"{nip};Rekaan Nomor {number:02d};PNS;SMPN1;SMP Negeri 1;Guru;{head}")
    roster = place.home / "pegawai.csv"
    roster.write_text("\n".join(rows))
    place.run("import-roster", str(roster), "--agency", "13.75", "--new-units")
    done = subprocess.run(
        [sys.executable, "-c", _SET_UP], env={**place.environment, "DJANGO_SETTINGS_MODULE": "ikrar.settings"}, cwd=ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    place.said = json.loads(done.stdout.splitlines()[-1])
    place.serve()
    yield place
    place.stop()


def enter(page, place, session: str) -> None:
    page.context.add_cookies([{"name": "ikrar", "value": session, "url": place.url}])


def sign_on_phone(page, place, somebody) -> None:
    enter(page, place, somebody[2])
    page.goto("/pakta/")
    page.click("text=Baca dan tandatangani")
    assert TITLE in page.inner_text("#signature")
    page.check("#id_agree")
    page.click("button:has-text('Tandatangani pakta')")
    page.wait_for_selector("text=Anda sudah menandatangani pakta ini")


def saved(page, click: str, folder, name: str):
    with page.expect_download() as download:
        page.click(click)
    path = folder / name
    download.value.save_as(path)
    return path


def test_witnesses_and_a_shared_device_open_nothing_but_one_statement_and_one_signature(hall, desk, phone, tmp_path):
    people, pk = hall.said["people"], hall.said["activity"]
    officer = desk(hall)
    enter(officer, hall, hall.said["rina"])

    # Two bodies are invited; the organiser makes them witnesses and prints their slips.
    officer.goto(f"/kegiatan/{pk}/tamu/")
    for kind, body in (("bawaslu", "Bawaslu Kota Bukittinggi"), ("kpu", "KPU Kota Bukittinggi")):
        officer.select_option("[name=kind]", kind)
        officer.fill("[name=body]", body)
        officer.fill("[name=post]", "Ketua")
        officer.click("main form.narrow button[type=submit]")
    officer.goto(f"/kegiatan/{pk}/")
    officer.click("text=Penandatanganan, saksi, lembar kertas")
    audit(officer)
    for _ in range(2):
        officer.click("button:has-text('Jadikan saksi') >> nth=0")
    officer.click("summary:has-text('Kata-kata pernyataan')")
    officer.fill("[name=words_kpu]", "Saya hadir sebagai penyelenggara dan menyaksikan penandatanganan ini.")
    officer.click("button:has-text('Simpan kata-kata ini')")
    officer.click("text=Cetak slip saksi")
    audit(officer)
    slips = text_of(saved(officer, "button:has-text('Cetak slip')", tmp_path, "slip.pdf"))
    codes = codes_in(slips)
    assert len(codes) == 2 and slips.count("/saksi/") >= 2

    # Must fail: a witness who was not checked in reads everything and signs nothing.
    bawaslu = phone(hall)
    bawaslu.goto("/saksi/")
    audit(bawaslu)
    bawaslu.fill("[name=code]", "AAAA-AAAA-AAAA")
    bawaslu.click("button:has-text('Buka acaranya')")
    assert "tidak dikenal" in bawaslu.inner_text("main [role=alert]")
    audit(bawaslu)
    bawaslu.fill("[name=code]", codes[0].lower())
    bawaslu.click("button:has-text('Buka acaranya')")
    assert TITLE in bawaslu.inner_text("h1") and "belum dicatat hadir" in bawaslu.inner_text("main")
    assert bawaslu.locator("button:has-text('Tandatangani pernyataan')").count() == 0
    audit(bawaslu)
    # Nothing else opens with his session.
    bawaslu.goto("/beranda/")
    assert "/masuk/" in bawaslu.url
    bawaslu.goto(f"/kegiatan/{pk}/penandatanganan/")
    assert "/masuk/" in bawaslu.url

    officer.goto(f"/kegiatan/{pk}/tamu/")
    for name in ("Misal Umpama", "Contoh Andaian"):
        officer.click("text=Catat kedatangan >> nth=0")
        officer.fill("[name=name]", name)
        officer.click("main button[type=submit]")

    # He is there now, but nobody has signed yet: the witness comes after the group.
    bawaslu.goto("/saksi/")
    assert "Saksi menandatangani sesudah mereka" in bawaslu.inner_text("main")

    # The group: by phone, without scripts, on a shared device.
    sign_on_phone(phone(hall), hall, people[0])
    sign_on_phone(phone(hall, java_script_enabled=False), hall, people[1])

    kiosk = desk(hall)
    enter(kiosk, hall, hall.said["dewi"])
    kiosk.goto(f"/kegiatan/{pk}/penandatanganan/")
    kiosk.click("text=Tanda tangan di perangkat ini")
    audit(kiosk)
    kiosk.click("button:has-text('Mulai, dan keluar dari akun saya')")
    audit(kiosk)
    kiosk.fill("[name=name]", people[2][1])
    kiosk.fill("[name=password]", PASSWORD)
    kiosk.click("button:has-text('Lanjut ke teks pakta')")
    assert people[2][0] in kiosk.inner_text("main") and "tertutup sendiri" in kiosk.inner_text("main")
    audit(kiosk)
    kiosk.check("#id_agree")
    kiosk.click("button:has-text('Tandatangani pakta')")
    assert "Tanda tangan tercatat" in kiosk.inner_text("main") and people[2][0] not in kiosk.inner_text("body")
    audit(kiosk)
    kiosk.go_back()
    assert people[2][0] not in kiosk.inner_text("body")
    kiosk.goto("/pakta/")
    assert "/masuk/" in kiosk.url

    # Two witnesses sign; the text shown is the text signed.
    kpu = phone(hall)
    for page, code, name in ((bawaslu, None, "Misal Umpama, S.H."), (kpu, codes[1], "Contoh Andaian")):
        page.goto("/saksi/")
        if code:
            page.fill("[name=code]", code)
            page.click("button:has-text('Buka acaranya')")
        assert "3 orang" in page.inner_text("main") and "netral" in page.inner_text("main")
        page.fill("[name=name]", name)
        page.check("[name=agree]")
        page.click("button:has-text('Tandatangani pernyataan ini')")
        assert "Pernyataan Anda sudah ditandatangani" in page.inner_text("h1")
        audit(page)
        paper = text_of(saved(page, "text=Unduh pernyataan (PDF)", tmp_path, f"{name[:5]}.pdf"))
        assert name in paper and TITLE in paper and "3 orang telah menandatangani" in " ".join(paper.split())
    assert "penyelenggara dan menyaksikan" in " ".join(paper.split())

    # Whoever signed before them sees it, and so does anybody with his code.
    signer = phone(hall)
    enter(signer, hall, people[0][2])
    signer.goto("/pakta/")
    assert "Ditandatangani dan disaksikan" in signer.inner_text("main")
    signer.click("text=Lihat")
    audit(signer)
    code = signer.inner_text("dd code").replace("-", "")
    visitor = phone(hall)
    visitor.goto(f"/periksa/{code}/")
    assert TITLE in visitor.inner_text("main") and "Ketua Bawaslu Kota Bukittinggi" in visitor.inner_text("main")
    audit(visitor)

    # The record and the bundle; the counts are right.
    officer.goto(f"/kegiatan/{pk}/penandatanganan/")
    assert "3 orang sudah menandatangani" in " ".join(officer.inner_text(".figure").split())
    assert "11 orang tercatat hadir" in officer.inner_text("main")
    record = text_of(saved(officer, "text=Berita acara (PDF)", tmp_path, "berita-acara.pdf"))
    assert "3 orang menandatangani" in record and "Misal Umpama, S.H." in record
    bundle = text_of(saved(officer, "text=Himpunan sertifikat", tmp_path, "himpunan.pdf"))
    assert bundle.count("Sertifikat Pakta Integritas") >= 3
    officer.goto(f"/program/{hall.said['round']}/")
    officer.click("text=Cakupan per unit")
    assert re.search(r"\b3\b", officer.inner_text(".numbers"))
