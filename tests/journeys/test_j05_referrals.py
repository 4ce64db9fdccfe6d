"""J5 (5): the review is written; act and clause stand in the letter; the national body accepts one case and refuses another."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.conftest import LOOKS, ROOT, audit, new_place, violations


def staged(folder, *arguments):
    """Build the stage with cases in a place of its own, and serve it."""
    place = new_place(folder)
    place.environment |= {"IKRAR_KEPT_S": "0"}
    made = subprocess.run(
        [sys.executable, "-m", "tests.journeys.referral_stage", *arguments], env=place.environment, cwd=ROOT,
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr[-3000:]
    place.told = json.loads(made.stdout)
    place.serve()
    return place


def enter(page, place, role):
    """Come back as somebody of the stage."""
    page.context.add_cookies([{"name": "ikrar", "value": place.told["sessions"][role], "url": place.url}])
    return page


def look(page, name):
    """Hold a page against the rules by day and by night, and keep a picture where one is asked for."""
    audit(page)
    shots = os.environ.get("IKRAR_SHOTS")
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        assert not violations(page, LOOKS)
        if shots:
            width = page.viewport_size["width"]
            page.screenshot(path=Path(shots) / f"{name}-{width}-{scheme}.png", full_page=True)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    found = staged(tmp_path_factory.mktemp("referrals"))
    yield found
    found.stop()


def referral(place, which):
    return f"/perkara/{place.told[which]}/rujukan/"


def send(page, place, which):
    """Write the letter of a case, choose what goes along, and send it."""
    page.goto(referral(place, which))
    assert "PP 94/2021" in page.input_value("[name=words]"), "act and clause stand there already"
    page.fill("[name=words]", f"{page.input_value('[name=words]')}\nMohon diteruskan kepada pejabat yang berwenang.")
    page.select_option("[name=to]", label="Badan Kepegawaian Negara")
    page.fill("[name=number]", f"12/{which}/2024")
    page.get_by_label("Catatan dapur").uncheck()
    page.click("button:has-text('Kirim perkara ini')")
    assert "Belum menjawab" in page.inner_text("main")


def test_a_supervisor_refers_one_case_is_accepted_and_another_is_refused_with_a_reason(place, desk, phone):
    supervisor, national = enter(desk(place), place, "supervisor_body"), enter(phone(place), place, "national_body")

    # A body that the law dissolved is refused, and who took over is named; nothing that was typed is lost.
    supervisor.goto(referral(place, "first"))
    look(supervisor, "referral-send")
    assert "Nama pelapor tidak ada dalam berkas perkara" in supervisor.inner_text("main")
    assert supervisor.locator("[name*=pelapor], [name*=reporter], [name*=identity]").count() == 0
    supervisor.fill("[name=number]", "11/PM/2024")
    supervisor.select_option("[name=to]", label="KASN Rekaan (tidak ada lagi)")
    supervisor.click("button:has-text('Kirim perkara ini')")
    assert "beralih kepada: Badan Kepegawaian Negara (BKN)" in supervisor.inner_text(".errors")
    assert supervisor.input_value("[name=number]") == "11/PM/2024"
    look(supervisor, "referral-dissolved")

    send(supervisor, place, "first")
    look(supervisor, "referral-sent")
    send(supervisor, place, "second")

    # The other side: a message leads to the case; what was kept back is not there.
    national.goto("/perkara/nasional/")
    look(national, "national-waiting")
    national.locator("tr:has-text('12/first/2024') a").click()
    look(national, "referral-offered")
    assert "Sari Dewi" in national.inner_text("main") and "Catatan dapur" not in national.inner_text("main")
    national.click("button:has-text('Terima perkara ini')")
    assert "Sejak sekarang perkaranya ditangani badan Anda" in national.inner_text("main")
    look(national, "referral-accepted")

    national.goto(referral(place, "second"))
    national.click("summary:has-text('Tolak dengan alasan')")
    national.click("button:has-text('Tolak perkara ini')")
    assert national.locator("[name=reason]").count() and "Menolak pada" not in national.inner_text("main")
    national.fill("[name=reason]", "Terlapor bukan pegawai ASN pada hari itu.")
    national.click("button:has-text('Tolak perkara ini')")
    assert "Perkara ini tidak pada badan Anda" in national.inner_text("main")
    assert "Ujang" not in national.inner_text("main")

    # Both answers stand with the sender; the refused one lies with him again and may be sent anew.
    supervisor.goto(referral(place, "second"))
    assert "bukan pegawai ASN" in supervisor.inner_text("main") and supervisor.locator("[name=words]").count()
    look(supervisor, "referral-refused")
    supervisor.goto(referral(place, "first"))
    assert "sekarang ditangani Badan Kepegawaian Negara" in supervisor.inner_text("main")


def test_the_clock_of_an_accepted_case_says_whose_it_is_and_how_it_was_counted(place, desk, phone):
    page = enter(desk(place), place, "national_body")
    address = f"/perkara/{place.told['first']}/tenggat/"
    page.goto(address)
    assert "Target operator memeriksa; bukan batas waktu hukum" in page.inner_text("article h3")
    page.locator("summary:has-text('Dihitung begini')").first.click()
    assert "21 hari kalender menurut target operator" in page.inner_text("main")
    # It binds this body: nobody here makes it longer.
    assert "mengikat pihak Anda sendiri" in page.inner_text("main") and not page.locator("[name=length]").count()
    look(page, "clocks")
    small = enter(phone(place), place, "national_body")
    small.goto(address)
    for summary in small.locator("summary").all():
        summary.click()
    look(small, "clocks-open")


def test_nobody_else_reads_a_referral(place, desk):
    for role in ("examiner", "drafter", "intake_officer", "kasn"):
        page = enter(desk(place), place, role)
        assert page.goto(referral(place, "second")).status == 404
    page = enter(desk(place), place, "head")
    assert page.goto(referral(place, "second")).status == 403
