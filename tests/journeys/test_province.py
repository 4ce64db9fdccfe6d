"""A province issues its pact to the regencies and cities below, and sees how many signed: never who."""

import json
import re
import subprocess
import sys

import pytest

from tests.journeys.conftest import ROOT, audit, new_place

BELOW = {"12.09": ("Pemerintah Kabupaten Asahan", 6), "12.71": ("Pemerintah Kota Medan", 4)}
OWN = 3

# The stage: a province, a regency and a city below it with their staff, an officer of the province and one of the regency,
# and a session of a civil servant of the regency.
_SET_UP = """
import json, time
from importlib import import_module
import django
django.setup()
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.utils import timezone
from ikrar.domain.access import Role
from ikrar.records.models import Agency, Placement
from ikrar.services import accounts, units
call_command("init", "--agency", "12", "--agency-name", "Pemerintah Provinsi Sumatera Utara", "--admin", "KEPALA")
now, found, above = timezone.now(), {}, Agency.objects.get()
for code, name in NAMES.items():
    kind = "regency" if "Kabupaten" in name else "city"
    units.create_agency(code=code, name=name, kind=kind, region=code, parent=above, by=None, now=now)
for code in ("12", *NAMES):
    call_command("import-roster", str(settings.HOME / f"{code}.csv"), "--agency", code, "--new-units")
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
for name, code in (("provinsi", "12"), ("asahan", "12.09")):
    agency = Agency.objects.get(code=code)
    user, _code = accounts.create_outside_account(username=name, full_name="Petugas " + name, by=None, now=now)
    accounts.grant_role(
        user, Role.PROGRAMME_OFFICER, agency=agency, body=None, until_at=None, reason="ST 1", by=None, now=now
    )
    found[name] = session(user, {"method": "password"}, {"method": "mfa", "type": "totp"})
somebody = Placement.objects.current().filter(unit__agency=agency).select_related("person", "unit").first()
user = accounts.ensure_account(somebody.person, now=now)
found |= {"teacher": session(user, {"method": "password"}), "person": somebody.person_id, "unit": somebody.unit_id}
found["root"] = agency.units.get(parent=None).pk
print(json.dumps(found))
""".replace("NAMES", repr({code: name for code, (name, _) in BELOW.items()}))


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    """A real installation with a province and two agencies below it, served."""
    place = new_place(tmp_path_factory.mktemp("province"))
    for code, people in {"12": OWN, **{code: people for code, (_, people) in BELOW.items()}}.items():
        rows = ["NIP;Nama;Status Kepegawaian;Kode Unit;Unit Kerja;Jabatan;Kepala Unit"]
        for number in range(people):
            nip = f"19{60 + int(code[-2:]) % 30}010120050110{number + 10:02d}"
            rows.append(f"{nip};Rekaan {code} {number};PNS;SATU{code};Unit Satu {code};Guru;tidak")
        (place.home / f"{code}.csv").write_text("\n".join(rows))
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


def row_of(page, name: str) -> list[str]:
    """Return the numbers of an agency's row: obliged, signed, valid, missing."""
    page.goto("/provinsi/")
    return [each.inner_text() for each in page.locator("tr", has_text=name).locator("td.number").all()]


def test_a_province_sees_the_numbers_below_it_and_never_a_person(province, desk, phone):
    said = province.said
    officer = desk(province)
    enter(officer, province, said["provinsi"])
    officer.goto("/provinsi/")
    assert "Belum ada pakta yang diterbitkan ke instansi di bawah" in officer.inner_text("main")
    audit(officer)

    # It writes the pact, ticks both agencies below, and issues it once: to everybody.
    officer.goto("/program/baru/")
    officer.fill("[name=title]", "Ikrar Netralitas Se-Sumatera Utara")
    officer.fill("[name=text_title]", "Ikrar Netralitas")
    officer.fill("[name=points]", "netral\nmenolak politik uang")
    officer.click("button:has-text('Simpan rancangan')")
    address = officer.url
    officer.click("text=Terbitkan juga ke daerah")
    audit(officer)
    for name, _ in BELOW.values():
        officer.check(f"label:has-text('{name}') input")
    officer.click("button:has-text('Tambahkan yang dicentang')")
    assert "2 instansi" in officer.inner_text(".message")
    officer.click("text=Terbitkan kepada semua")
    officer.click("button:has-text('Terbitkan sekarang')")
    audit(officer)
    officer.goto(f"{address}ke-daerah/")
    assert officer.locator("main button").count() == 0, "none is left to add"
    pact = re.search(r"/program/(\d+)/", address)[1]
    assert row_of(officer, "Asahan") == ["6", "0", "0", "6"] and row_of(officer, "Medan") == ["4", "0", "0", "4"]

    # The regency runs it as one of its own: it sees who is missing, and one of them signs.
    regency = desk(province)
    enter(regency, province, said["asahan"])
    regency.goto(f"/program/{pact}/cakupan/{said['root']}/belum/")
    assert regency.locator("main tbody tr").count() == 6 and "Rekaan 12.09 0" in regency.inner_text("main")
    audit(regency)
    teacher = phone(province)
    enter(teacher, province, said["teacher"])
    teacher.goto("/pakta/")
    teacher.click("text=Baca dan tandatangani")
    teacher.check("#id_agree")
    teacher.click("button:has-text('Tandatangani pakta')")
    teacher.wait_for_selector("text=Anda sudah menandatangani pakta ini")

    # The province sees the figure and nobody's name, on a wide screen and on a phone, by day and by night.
    assert row_of(officer, "Asahan") == ["6", "1", "1", "5"]
    assert officer.inner_text(".figure strong") == "1"
    assert "Rekaan" not in officer.inner_text("main")
    audit(officer)
    officer.set_viewport_size({"width": 390, "height": 844})
    officer.emulate_media(color_scheme="dark")
    audit(officer)
    officer.goto(address)
    assert "Rekaan" not in officer.inner_text("main")
    audit(officer)
    officer.emulate_media(color_scheme="light")

    # Must fail: every page on which a person of the regency stands, by its address.
    closed = [
        f"/program/{pact}/cakupan/{said['unit']}/", f"/program/{pact}/cakupan/{said['unit']}/belum/",
        f"/program/{pact}/cakupan/{said['root']}/belum/", f"/program/{pact}/keadaan/{said['root']}/new/",
        f"/program/{pact}/cakupan/{said['root']}/lembar/", f"/program/{pact}/cakupan/{said['root']}/sertifikat.pdf",
        f"/pegawai/{said['person']}/", f"/unit/{said['unit']}/",
    ]  # fmt: skip
    for each in closed:
        assert officer.request.get(each).status == 404, each
    officer.goto("/pegawai/")
    assert "12.09" not in officer.inner_text("main") and "Rekaan 12 0" in officer.inner_text("main")

    # A circular of the province reaches them too: again numbers, and the regency its own names.
    officer.goto("/surat-edaran/baru/")
    officer.fill("[name=title]", "Netralitas di Seluruh Provinsi")
    officer.fill("[name=points]", "Netral.")
    officer.check("[name=all_below]")
    officer.click("button:has-text('Simpan rancangan')")
    officer.click("text=Periksa dan terbitkan")
    officer.click(f"button:has-text('Terbitkan kepada {OWN + 10} orang')")
    shown = officer.inner_text("main")
    assert "Pemerintah Kabupaten Asahan" in shown and "Rekaan 12.09" not in shown
    audit(officer)
    circular = re.search(r"/surat-edaran/(\d+)/", officer.url)[1]
    assert officer.request.get(f"/surat-edaran/{circular}/unit/{said['root']}/belum/").status == 404
    regency.goto(f"/surat-edaran/{circular}/unit/{said['root']}/belum/")
    assert regency.locator("main tbody tr").count() == 6
    teacher.goto("/edaran/")
    teacher.click("text=Baca dan konfirmasi")
    teacher.click("button:has-text('Saya sudah membaca edaran ini')")
    officer.goto(f"/surat-edaran/{circular}/")
    row = officer.locator("tr", has_text="Asahan")
    assert "1" in [each.inner_text() for each in row.locator("td.number").all()]
