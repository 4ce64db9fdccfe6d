"""Reports are sealed to newcomers and handed to another body in officers' browsers; whom a reporter excludes gets neither."""

import json
import subprocess
import sys

import pytest

from tests.journeys.conftest import LOOKS, ROOT, audit, new_place, sideways, violations
from tests.journeys.test_officers_page import Officer, box_of, file_report, picture

STORY = "Camat rekaan meminta stafnya memilih satu pasangan calon."
# The last officer of the first body comes into its set; the offline key signs.
COMING = """
from django.utils import timezone
from ikrar.domain.keysets import Signature, parse
from ikrar.gateways import sealing
from ikrar.records.models import Body, OfficerKey
from ikrar.services import keysets
body = Body.objects.get(pk={body})
keys = list(OfficerKey.objects.filter(body=body, dropped_at=None).order_by("pk"))
row = keysets.propose(body, keys=[key.pk for key in keys], offline=None, by=keys[0].user, now=timezone.now())
offline = sealing.Key(bytes.fromhex({offline!r}))
signature = Signature(offline.verifier, offline.sign(parse(bytes(row.document)).message))
assert keysets.sign(row, signature, by=keys[0].user, now=timezone.now())
"""
LACKING = """
import json
from ikrar.records.models import ReportReader
print(json.dumps(ReportReader.objects.filter(key={key}).count()))
"""


def inside(place, script: str) -> str:
    """Run some lines in the installation."""
    done = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()\n" + script], cwd=ROOT, capture_output=True, text=True,
        check=False, timeout=120, env={**place.environment, "DJANGO_SETTINGS_MODULE": "ikrar.settings"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Two bodies with their keys, served."""
    found = new_place(tmp_path_factory.mktemp("sharing"))
    found.environment |= {"IKRAR_KEPT_S": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.desk_stage"], env=found.environment, cwd=ROOT, capture_output=True,
        text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found.bodies = json.loads(done.stdout)
    found.serve()
    yield found
    found.stop()


def by_day_and_by_night(page) -> None:
    """As axe sees it, in both lights, on a desk and on a phone; nothing is wider than the page."""
    audit(page)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert sideways(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, LOOKS) == []
    page.emulate_media(color_scheme="light")


def test_a_newcomer_gets_what_lies_in_the_inbox_and_not_what_excludes_him(place, desk):
    bawaslu = place.bodies["bawaslu"]
    dedi = bawaslu["officers"]["Dedi"]
    for number in range(3):
        file_report(place, named=False, files=[], what=f"{STORY} Nomor {number}.")
    file_report(
        place, named=False, files=[], names="pak Dedi Rekaan", what="Yang memaksa kami adalah petugas Dedi sendiri."
    )
    inside(place, COMING.format(body=bawaslu["body"], offline=bawaslu["offline_secret"]))
    ani = Officer(place, desk(place), "Ani")
    page = ani.page
    page.goto("/laporan/")
    page.click("a:has-text('Segel kepada pemegang baru')")
    by_day_and_by_night(page)
    assert "Dedi Rekaan" in page.inner_text("main table") and "4" in page.inner_text("main table")
    # Wrong words open nothing.
    page.fill("#passphrase", " ".join(reversed(ani.told["words"].split())))
    page.click("button:has-text('Segelkan 4 laporan')")
    page.wait_for_selector("#open-says:not([hidden])")
    assert inside(place, LACKING.format(key=dedi["key"])) == "0"
    page.fill("#passphrase", ani.told["words"])
    page.click("button:has-text('Segelkan 4 laporan')")
    page.wait_for_selector("#reseal-says:has-text('Selesai')")
    by_day_and_by_night(page)
    said = {name: page.inner_text(f"#reseal-{name}") for name in ("sealed", "excluded", "failed")}
    assert said == {"sealed": "3", "excluded": "1", "failed": "0"}
    assert ani.leaked("AGE-SECRET-KEY", STORY, ani.told["words"], "petugas Dedi sendiri") == []

    # What is left is the report that excludes him; going through it again changes nothing.
    page.click("a:has-text('Periksa lagi')")
    page.fill("#passphrase", ani.told["words"])
    page.click("button:has-text('Segelkan 1 laporan')")
    page.wait_for_selector("#reseal-says:has-text('Selesai')")
    assert page.inner_text("#reseal-sealed") == "0" and page.inner_text("#reseal-excluded") == "1"
    assert inside(place, LACKING.format(key=dedi["key"])) == "3"
    new = Officer(place, desk(place), "Dedi")
    number = new.open()
    assert STORY in new.page.inner_text("#opened") and "Dedi" not in new.page.inner_text("#told")
    assert "menyegelkannya kepada pemegang baru" in new.page.inner_text("#acts")
    new.page.goto("/laporan/")
    assert new.page.locator("main table a").count() == 3
    new.page.goto(f"/laporan/kunci/{bawaslu['body']}/segel/")
    assert "sudah disegel kepada semua" in new.page.inner_text("main"), f"he opens {number} and all the others open it"


def test_a_stop_in_the_middle_loses_nothing(place, desk):
    budi = Officer(place, desk(place), "Budi")
    page = budi.page
    page.goto(f"/laporan/kunci/{place.bodies['bawaslu']['body']}/segel/")
    page.fill("#passphrase", budi.told["words"])
    page.route("**/segel/ambil/", lambda route: route.abort())
    page.click("button:has-text('Segelkan')")
    page.wait_for_selector("#reseal-says:has-text('Sambungan terputus')")
    audit(page)
    page.unroute("**/segel/ambil/")
    page.click("a:has-text('Periksa lagi')")
    assert page.locator("button:has-text('Segelkan')").count() == 1


def test_a_copy_is_offered_without_the_name_taken_by_the_other_body_and_told_to_the_reporter(place, desk, phone):
    code = file_report(
        place, files=[("layar.png", picture((7, 7, 7)))], names="Fani", what="Salinan ini untuk inspektorat."
    )
    ani = Officer(place, desk(place), "Ani")
    page = ani.page
    page.goto("/laporan/")
    for line in [each.get_attribute("href") for each in page.locator("main table a").all()]:
        number = ani.open(line.strip("/").split("/")[-1])
        if "Salinan ini untuk inspektorat" in page.inner_text("#opened"):
            break
    page.click("a:has-text('Salinan untuk badan lain')")
    by_day_and_by_night(page)
    page.fill("#passphrase", ani.told["words"])
    page.click("button:has-text('Periksa dan segel salinan')")
    page.wait_for_selector("#open-says:has-text('Pilih satu badan')")
    page.check("label:has-text('Inspektorat Umpama') input")
    page.click("button:has-text('Periksa dan segel salinan')")
    page.wait_for_selector("#copy-offer:not([hidden])")
    by_day_and_by_night(page)
    assert page.inner_text("#copy-to") == "Eka Rekaan" and page.inner_text("#copy-excluded") == "Fani Rekaan"
    page.click("button:has-text('Tawarkan salinan ini')")
    page.wait_for_selector("text=Salinan ditawarkan kepada Inspektorat Umpama")
    by_day_and_by_night(page)
    assert ani.leaked("AGE-SECRET-KEY", "Salinan ini untuk inspektorat", ani.told["words"]) == []
    reporter = phone(place, java_script_enabled=False)
    assert "Inspektorat Umpama: ditawarkan" in box_of(place, reporter, code)

    # It opens for nobody there before it is taken, and never for whom the reporter excludes.
    fani = Officer(place, desk(place), "Fani", "inspectorate")
    fani.page.goto("/laporan/salinan/")
    assert "Tidak ada salinan" in fani.page.inner_text("main")
    eka = Officer(place, desk(place), "Eka", "inspectorate")
    assert eka.page.goto(f"/laporan/{number}/").status == 404
    eka.page.goto("/laporan/")
    assert "(1)" in eka.page.inner_text("main")
    eka.page.click("a:has-text('Salinan yang ditawarkan')")
    by_day_and_by_night(eka.page)
    eka.page.click("summary:has-text('Tolak')")
    eka.page.click("button:has-text('Tolak salinan')")
    eka.page.wait_for_selector("text=Pilih alasannya")
    by_day_and_by_night(eka.page)
    eka.page.click("button:has-text('Terima salinan')")
    eka.page.wait_for_selector("text=Salinan diterima")
    eka.open(number)
    audit(eka.page)
    said = eka.page.inner_text("main")
    assert (
        "Salinan ini untuk inspektorat" in said and "Pelapor Rekaan" not in said and "Anda membaca salinannya" in said
    )
    assert not eka.page.locator("#reply").count() and not eka.page.locator("#state").count()
    eka.show("layar.png")
    assert fani.page.goto(f"/laporan/{number}/").status == 404
    assert "Inspektorat Umpama: diterima" in box_of(place, reporter, code)
    page.goto(f"/laporan/{number}/salinan/")
    assert "diterima" in page.inner_text("main table") and "tidak ada badan lain" in page.inner_text("main")
    # Only the body that it came from hands it on.
    eka.page.goto(f"/laporan/{number}/salinan/")
    assert "sendiri sebuah salinan" in eka.page.inner_text("main")
    audit(eka.page)
