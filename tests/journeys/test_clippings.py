"""An officer pastes what is public: one text becomes sealed initial information, another a draft of an activity."""

import json
import re

import pytest

from tests.journeys.conftest import audit, real_place
from tests.journeys.test_staff_entry import opened, run

POST = "Camat Guguk Panjang, Pak Contoh Belaka, ikut foto dua jari bersama tim pasangan calon di Lapangan Umpama Raya, kemarin siang."
OTHERS = " Bu Umpama Kedua dan Pak Misalan Ketiga menonton."
NEWS = "Apel netralitas bersama digelar Senin depan di Halaman Kantor Umpama Raya."

_BOTH = """
import django; django.setup()
import json
from django.utils import timezone
from ikrar.domain.access import Role
from ikrar.records.models import Agency, OfficerKey, RoleGrant, WorkUnit
from ikrar.services import units
from tests.web.stage import open_session
agency, key = Agency.objects.get(), OfficerKey.objects.select_related("user").order_by("pk").first()
RoleGrant.objects.create(user=key.user, role=Role.PROGRAMME_OFFICER, agency=agency, from_at=timezone.now())
root = WorkUnit.objects.filter(agency=agency, parent=None).first()
WorkUnit.objects.create(agency=agency, code="KEC-01", name="Kecamatan Guguk Panjang", kind="district", parent=root)
units.renumber(agency)
print(json.dumps({str(key.pk): open_session(key.user)}))
"""
_KEPT = """
import django; django.setup()
import json
from ikrar.records.models import Activity, ClippingOutcome
print(json.dumps({
    "outcomes": list(ClippingOutcome.objects.values_list("kind", "facts", "note")),
    "activities": [[each.title, each.state, each.place] for each in Activity.objects.all()],
}))
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    found = real_place(tmp_path_factory, "clippings")
    found.environment |= {"IKRAR_KEPT_S": "0"}
    made = found.ask("from tests import reporting as r; r.main()", limit=120)
    found.desk = json.loads(made)[0]
    found.sessions = run(found, _BOTH)
    found.serve()
    yield found
    found.stop()


def at(page, place):
    """Sign the officer in; note what his browser sends, and what breaks in its pages."""
    page.context.add_cookies([{"name": "ikrar", "value": next(iter(place.sessions.values())), "url": place.url}])
    sent, broken = [], []
    page.on("request", lambda request: sent.append((request.url, request.post_data_buffer or b"")))
    page.on("pageerror", lambda error: broken.append(f"{page.url}: {error}"))
    return sent, broken


def paste(page, text, address="", keeper="agency"):
    page.goto("/kliping/")
    page.click("a:has-text('Tempel kliping')")
    audit(page)
    page.select_option(
        "#id_keeper", page.locator(f"#id_keeper option[value^='{keeper}-']").first.get_attribute("value")
    )
    page.fill("#id_text", text)
    page.fill("#id_address", address)
    page.click("button:has-text('Simpan dan lihat usulan')")
    page.wait_for_selector("main h1:text-is('Kliping')")
    audit(page)


def test_a_post_is_ticked_and_sealed_as_initial_information(place, desk):
    from playwright.sync_api import expect

    page = desk(place)
    sent, broken = at(page, place)
    paste(page, POST + OTHERS, "https://kiriman.example/7?utm_source=wa")
    assert page.is_visible("mark:has-text('kemarin')") and page.is_visible("text=Kecamatan Guguk Panjang")
    assert page.locator("a[href*='kiriman.example']").count() == 0
    for words in ("Pak Contoh Belaka", "Bu Umpama Kedua", "Pak Misalan Ketiga", "Lapangan Umpama Raya"):
        page.check(f".fact:has-text('{words}') input[type=checkbox]")
    del sent[:]
    page.click("button:has-text('Catat informasi awal tersegel')")
    expect(page.locator("#id_what")).to_have_value(re.compile("foto dua jari"), timeout=20_000)
    assert page.url.endswith("/") and "#" not in page.url
    assert page.input_value("#id_source_kind") == "finding" and page.input_value("#who-0-name") == "Pak Contoh Belaka"
    assert page.input_value("#who-2-name") == "Pak Misalan Ketiga", "the form begins with two rows"
    assert page.input_value("#link-0-address") == "https://kiriman.example/7" and page.input_value("#link-0-captured")
    assert page.input_value("#id_where") == "Lapangan Umpama Raya"
    page.fill("#who-0-post", "RAHASIAJABATAN")
    page.click("button:has-text('Segel dan catat laporan')")
    page.wait_for_selector("main h1:text-is('Laporan dicatat')")
    filed = [body for url, body in sent if url.endswith("/segel/")]
    assert len(filed) == 1 and not any(word in filed[0] for word in (b"foto dua jari", b"Belaka", b"kliping"))
    assert b"RAHASIAJABATAN" not in b"".join(body for _, body in sent)
    assert not any("kliping" in url for url, _ in sent if "/laporan/" in url)
    assert broken == []
    content = next(each["parts"]["content"] for each in opened(place) if POST in each["parts"]["content"]["what"])
    assert content["source"]["kind"] == "finding" and content["who"][0]["post"] == "RAHASIAJABATAN"
    assert content["who"][2]["name"] == "Pak Misalan Ketiga"
    assert content["links"][0]["address"] == "https://kiriman.example/7"
    assert ["initial_information", [], ""] in run(place, _KEPT)["outcomes"]


def test_news_becomes_a_draft_of_an_activity_by_keyboard_on_a_phone(place, phone):
    page = phone(place, color_scheme="dark")
    _, broken = at(page, place)
    paste(page, NEWS)
    for words in ("Senin depan", "Halaman Kantor Umpama Raya", "Apel"):
        page.focus(f".fact:has-text('{words}') input[type=checkbox]")
        page.keyboard.press("Space")
    page.fill("#title", "Apel netralitas bersama")
    page.focus("button[value=activity]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kegiatan/**")
    assert page.input_value("#id_title") == "Apel netralitas bersama"
    assert broken == []
    assert ["Apel netralitas bersama", "draft", "Halaman Kantor Umpama Raya"] in run(place, _KEPT)["activities"]


def test_the_same_text_leads_to_the_first_and_a_text_that_is_too_long_is_not_lost(place, desk):
    page = desk(place)
    _, broken = at(page, place)
    page.goto("/kliping/baru/")
    page.select_option("#id_keeper", index=1)
    page.fill("#id_text", "panjang sekali " * 1_200)
    page.click("button:has-text('Simpan dan lihat usulan')")
    page.wait_for_selector("#paste-says:not([hidden])")
    assert "18.000" in page.inner_text("#paste-says") and len(page.input_value("#id_text")) == 18_000
    for _ in range(2):
        page.goto("/kliping/baru/")
        page.select_option("#id_keeper", index=1)
        page.fill("#id_text", "Besok apel, kata sebuah kiriman.")
        page.click("button:has-text('Simpan dan lihat usulan')")
        page.wait_for_load_state()
    page.click("a:has-text('Buka kliping yang disimpan')")
    page.wait_for_selector("blockquote:has-text('Besok')")
    assert broken == []


def test_without_scripts_a_clipping_is_kept_and_discarded(place, phone):
    page = phone(place, java_script_enabled=False)
    at(page, place)
    page.goto("/kliping/baru/")
    page.select_option("#id_keeper", index=1)
    page.fill("#id_text", "Kabar yang ternyata keliru.")
    page.click("button:has-text('Simpan dan lihat usulan')")
    page.fill("#note", "keliru")
    page.click("button:has-text('Buang kliping')")
    assert "keliru" in page.inner_text("main") and page.locator("button[name=becomes]").count() == 0
