"""Reports are sealed to newcomers and handed to another body in officers' browsers; whom a reporter excludes gets neither."""

import json
import re

import pytest

from tests.journeys.conftest import LOOKS, audit, new_place, sideways, violations
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
# Citra's right ends; Gita comes.
LOST = """
import os
from django.utils import timezone
from ikrar.domain.keysets import Signature, parse
from ikrar.gateways import sealing
from ikrar.records.models import Body, OfficerKey, RoleGrant
from ikrar.services import keysets
from tests.services import reports_cast
body, now = Body.objects.get(pk={body}), timezone.now()
one = reports_cast.officer("Gita", body, now)
keys = list(OfficerKey.objects.filter(body=body, dropped_at=None).order_by("pk"))
row = keysets.propose(body, keys=[key.pk for key in keys if key.user.username != "CITRA"], offline=None, by=keys[0].user, now=now)
offline = sealing.Key(bytes.fromhex({offline!r}))
assert keysets.sign(row, reports_cast.signature(offline, row), by=keys[0].user, now=now)
RoleGrant.objects.filter(user__username="CITRA").update(until_at=now)
print(one.row.pk)
"""
READERS = """
import json
from ikrar.records.models import OfficerKey, ReportReader
open_keys = set(OfficerKey.objects.filter(dropped_at=None).exclude(user__username="CITRA").values_list("pk", flat=True))
numbers = ReportReader.objects.filter(key={key}).values_list("report", flat=True)
print(json.dumps([sorted(open_keys & set(ReportReader.objects.filter(report=number).values_list("key", flat=True))) for number in numbers]))
"""
# So many reports more, and one holder more.
MORE = """
from django.utils import timezone
from ikrar.gateways import sealing
from ikrar.records.models import Body, OfficerKey
from ikrar.services import keysets, reports
from tests.services import reports_cast
body, now = Body.objects.get(pk={body}), timezone.now()
content = {{"v": 1, "what": "Satu dari banyak laporan rekaan", "exclude": {{"keys": [], "names": []}}, "files": []}}
to = reports.addressees(body, key_set=keysets.current(body).digest, now=now)
for _each in range({count}):
    reports.receive(reports.Sealing().finish(content, None, to, None, on=now.date()), body=body, channel="plain", now=now)
one = reports_cast.officer("Hani", body, now)
keys = list(OfficerKey.objects.filter(body=body, dropped_at=None).order_by("pk"))
keys = [key for key in keys if keysets.has_right(key.user, body, now=now)]
row = keysets.propose(body, keys=[key.pk for key in keys], offline=None, by=keys[0].user, now=now)
offline = sealing.Key(bytes.fromhex({offline!r}))
assert keysets.sign(row, reports_cast.signature(offline, row), by=keys[0].user, now=now)
print(one.row.pk)
"""
LACKING = """
import json
from ikrar.records.models import ReportReader
print(json.dumps(ReportReader.objects.filter(key={key}).count()))
"""


def inside(place, script: str) -> str:
    """Run some lines in the installation."""
    return place.ask("import django; django.setup()\n" + script, limit=120).strip()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Two bodies with their keys, served."""
    found = new_place(tmp_path_factory.mktemp("sharing"))
    found.environment |= {"IKRAR_KEPT_S": "0"}
    found.bodies = json.loads(found.ask("from tests.journeys import desk_stage as d; d.main()", limit=300))
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

    # Whom the report excludes is named here and not asked about again: nothing is left.
    assert page.inner_text("#reseal-names") == "Dedi Rekaan: 1"
    page.click("a:has-text('Periksa lagi')")
    assert "sudah disegel kepada semua" in page.inner_text("main") and not page.locator("#reseal").count()
    by_day_and_by_night(page)
    assert inside(place, LACKING.format(key=dedi["key"])) == "3"
    new = Officer(place, desk(place), "Dedi")
    number = new.open()
    assert STORY in new.page.inner_text("#opened") and "Dedi" not in new.page.inner_text("#told")
    assert "menyegelkannya kepada pemegang baru" in new.page.inner_text("#acts")
    new.page.goto("/laporan/")
    assert new.page.locator("main table a").count() == 3
    new.page.goto(f"/laporan/kunci/{bawaslu['body']}/segel/")
    assert "sudah disegel kepada semua" in new.page.inner_text("main"), f"he opens {number} and all the others open it"


def test_what_only_the_offline_key_opens_it_seals_to_the_holders_of_today(place, desk):
    """Its one reader lost his key. To the others the page says nothing of it, until one of them shows the key from the safe."""
    bawaslu = place.bodies["bawaslu"]
    file_report(
        place, named=False, files=[], exclude=("Ani", "Budi", "Dedi"), what="Dibuka Citra saja, lalu oleh Gita."
    )
    gita = json.loads(inside(place, LOST.format(body=bawaslu["body"], offline=bawaslu["offline_secret"])))
    ani = Officer(place, desk(place), "Ani")
    page = ani.page
    page.goto(f"/laporan/kunci/{bawaslu['body']}/segel/")
    assert "Gita" in page.inner_text("main table"), "she lacks the others"
    page.click("summary:has-text('Dengan kunci luring')")
    by_day_and_by_night(page)
    page.fill("#offline-secret", "AGE-SECRET-KEY-1" + "Q" * 58)
    page.click("button:has-text('Segelkan dengan kunci luring')")
    page.wait_for_selector("#offline-says:not([hidden])")
    audit(page)
    page.fill("#offline-secret", place.bodies["inspectorate"]["offline"])
    page.click("button:has-text('Segelkan dengan kunci luring')")
    page.wait_for_selector("#offline-says:has-text('bukan kunci luring badan ini')")
    assert inside(place, LACKING.format(key=gita)) == "0"
    page.fill("#offline-secret", bawaslu["offline"].lower())
    page.click("button:has-text('Segelkan dengan kunci luring')")
    page.wait_for_selector("#reseal-says:has-text('Selesai')")
    by_day_and_by_night(page)
    assert page.inner_text("#reseal-failed") == "0"
    readers = json.loads(inside(place, READERS.format(key=gita)))
    # Citra's report reached Gita, and nobody whom it excludes.
    assert [gita] in readers and int(inside(place, LACKING.format(key=gita))) == len(readers)
    assert ani.leaked(bawaslu["offline"], "AGE-SECRET-KEY") == []


def test_a_stop_in_the_middle_loses_nothing(place, desk):
    """Forty reports lack a newcomer; the line breaks after the first step, and the page goes on where it stood."""
    bawaslu = place.bodies["bawaslu"]
    forty = int(inside(place, MORE.format(body=bawaslu["body"], offline=bawaslu["offline_secret"], count=40)))
    budi = Officer(place, desk(place), "Budi")
    page = budi.page
    page.goto(f"/laporan/kunci/{bawaslu['body']}/segel/")
    before = int(re.search(r"Segelkan (\d+) laporan", page.inner_text("#reseal"))[1])
    assert before >= 40
    page.fill("#passphrase", budi.told["words"])
    steps = []

    def once(route):
        steps.append(1)
        route.continue_() if len(steps) == 1 else route.abort()

    page.route("**/segel/ambil/", once)
    page.click("button:has-text('Segelkan')")
    page.wait_for_selector("#reseal-says:has-text('Sambungan terputus')")
    audit(page)
    done = int(page.inner_text("#reseal-sealed"))
    page.unroute("**/segel/ambil/")
    page.click("a:has-text('Periksa lagi')")
    left = int(re.search(r"Segelkan (\d+) laporan", page.inner_text("#reseal"))[1])
    assert done > 0 and left == before - done
    page.fill("#passphrase", budi.told["words"])
    page.click("button:has-text('Segelkan')")
    page.wait_for_selector("#reseal-says:has-text('Selesai')")
    assert int(inside(place, LACKING.format(key=forty))) >= 40


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
    # A browser asks for the reason itself; where it does not, the server does.
    eka.page.eval_on_selector("main details form", "form => { form.noValidate = true; }")
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
