"""A flood of sixty empty reports in an inbox: what is due stands first, and the flood is set aside and brought back without scripts."""

import json
import os
from pathlib import Path

import pytest

from tests.journeys.conftest import LOOKS, audit, real_place, violations
from tests.journeys.test_staff_entry import _SESSIONS, run

_FILE = """
import django; django.setup()
import json, sys
from datetime import timedelta
from django.utils import timezone
from ikrar.domain import return_codes
from ikrar.records.models import Body
from ikrar.services import keysets, reports, clock
import os
body = Body.objects.get(pk=sys.argv[1])
now, on = timezone.now(), clock.today(reports.zone_of_body(body))
digest = keysets.current(body).digest
codes = []
for number in range(63):
    matters = number in (20, 40, 60)
    to = reports.addressees(body, key_set=digest, now=now)
    content = {"v": 1, "what": "Camat meminta memilih" * (200 if matters else 1), "who": [], "witnesses": [], "links": []}
    identity = {"v": 1, "name": "Pelapor Rekaan", "address": "Jalan"} if number == 60 else None
    code = return_codes.new(os.urandom)
    sealed = reports.Sealing().finish(content, identity, to, code, on=on)
    ticks = ["pilkada-material-account"] if matters else []
    filed = reports.receive(sealed, body=body, channel="plain", regime="pilkada", known_on=on - timedelta(days=number // 10) if matters else None,
                            ticks=ticks, now=now)
    codes.append([f"{filed.report:016x}", code.text, matters])
print(json.dumps(codes))
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    found = real_place(tmp_path_factory, "inbox")
    found.environment |= {"IKRAR_KEPT_S": "0"}
    made = found.ask("from tests import reporting as r; r.main()", limit=120)
    found.desk = json.loads(made)[0]
    found.filed = run(found, _FILE, str(found.desk["body"]))
    found.sessions = run(found, _SESSIONS)
    found.serve()
    yield found
    found.stop()


def sign_in(page, place):
    session = place.sessions[str(place.desk["ids"][0])]
    page.context.add_cookies([{"name": "ikrar", "value": session, "url": place.url}])


def look(page, name):
    """Hold a page against the rules by day and by night, and keep a picture where one is asked for."""
    audit(page)
    page.emulate_media(color_scheme="dark")
    assert not violations(page, LOOKS)
    if shots := os.environ.get("IKRAR_SHOTS"):
        page.screenshot(path=Path(shots) / f"{name}-dark.png", full_page=True)
    page.emulate_media(color_scheme="light")
    if shots:
        page.screenshot(path=Path(shots) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_flood_does_not_hide_the_three_that_matter_and_is_set_aside_at_once(place, request, size):
    page = request.getfixturevalue(size)(place, java_script_enabled=True)
    sign_in(page, place)
    page.goto("/laporan/")
    assert "63 laporan cocok" in page.inner_text("main")
    matter = {number[:6] for number, _code, matters in place.filed if matters}
    first = page.locator("tbody tr code").all_inner_texts()[:3]
    assert set(first) == matter
    page.click("summary:has-text('Saring dan urutkan')")
    look(page, f"inbox-{size}")
    page.select_option("#id_ukuran", "kecil")
    page.select_option("#id_lengkap", "much")
    page.click("button:has-text('Saring laporan')")
    assert "60 laporan cocok" in page.inner_text("main")
    page.click("text=Halaman berikutnya")
    assert page.locator("tbody tr").count() == 10
    page.click("button:has-text('Sisihkan semua 60 yang cocok')")
    assert "60 laporan pada" in page.inner_text("main") and "Belum ada yang berubah" in page.inner_text("main")
    look(page, f"chosen-{size}")
    page.click("label:has-text('sama dengan laporan lain')")
    page.click("button:has-text('Sisihkan 60 laporan')")
    page.wait_for_selector("text=60 laporan disisihkan")
    look(page, f"done-{size}")
    page.goto("/laporan/")
    assert "3 laporan cocok" in page.inner_text("main")
    # One of those reads why.
    box = request.getfixturevalue(size)(place, java_script_enabled=False)
    box.goto("/lapor/kotak/")
    code = next(code for _number, code, matters in place.filed if not matters)
    box.fill("#code", code)
    box.click("button:has-text('Buka kotak')")
    assert "sama dengan laporan lain" in box.inner_text("main") and "Ia belum dihapus" in box.inner_text("main")
    page.click("text=menyisihkan 60 laporan >> nth=0")
    page.click("button:has-text('Kembalikan semuanya')")
    look(page, f"back-{size}")
    page.click("button:has-text('Kembalikan 60 laporan')")
    page.wait_for_selector("text=60 laporan dikembalikan")
    page.goto("/laporan/?ukuran=kecil")
    assert "60 laporan cocok" in page.inner_text("main")


def test_the_buttons_work_without_scripts(place, phone):
    page = phone(place, java_script_enabled=False)
    sign_in(page, place)
    page.goto("/laporan/?ukuran=kecil")
    page.check("input[name=report] >> nth=0")
    page.click("button:has-text('Sisihkan yang dipilih')")
    assert "1 laporan pada" in page.inner_text("main")
    page.click("button:has-text('Lepaskan pilihan ini')")
    assert "Tidak ada laporan yang berubah" in page.inner_text("body")
    page.goto("/laporan/?keadaan=closed")
    assert "Tidak ada laporan yang cocok" in page.inner_text("main")
