"""The pages of clippings: what is pasted is shown as text, nothing typed is lost, an officer chooses, persons are pointed to the seal."""

import html
import logging
import re
from urllib.parse import parse_qsl

import pytest
from django.urls import reverse

from ikrar.domain.access import Role
from ikrar.records.models import Activity, Circular, Clipping, Report
from ikrar.services import accounts, clippings
from tests.web.stage import MORNING, browser, outsider

pytestmark = pytest.mark.django_db

TEXT = "Camat Contoh, Pak Rekaan Belaka, ikut apel di Lapangan Umpama Raya, Sabtu (19/10). Surat edaran nomor 800/1/X/2024."


@pytest.fixture
def rina(stage):
    return browser(stage.rina)


def said(response):
    return html.unescape(response.content.decode())


def paste(client, **changes):
    return client.post(reverse("new-clipping"), {"text": TEXT, "address": "", "seen_at": ""} | changes)


def pasted(client, **changes):
    response = paste(client, **changes)
    assert response.status_code == 302, said(response)
    return Clipping.objects.get(pk=int(re.search(r"/kliping/(\d+)/", response["Location"])[1]))


def at(clipping):
    return reverse("clipping", args=[clipping.pk])


def mark_of(page):
    return re.search(r'name="mark" value="(\w+)"', page.content.decode())[1]


def place_of(clipping, kind):
    facts = clippings.propose(clipping).facts
    return next(place for place, fact in enumerate(facts) if fact.kind == kind)


def choose(client, clipping, becomes, *kinds, **more):
    page = client.get(at(clipping))
    form = {
        "mark": mark_of(page),
        "becomes": becomes,
        "fact": [place_of(clipping, kind) for kind in kinds],
        "title": "Apel",
    }
    return client.post(at(clipping), form | more)


def test_a_paste_leads_to_its_text_beside_the_facts(rina):
    clipping = pasted(rina, address="https://berita.example/1?fbclid=x", seen_at="2024-10-20T10:00")
    page = said(rina.get(at(clipping)))
    assert clipping.seen_at.isoformat() == "2024-10-20T03:00:00+00:00"
    assert "<mark>Sabtu (19/10)<sup>1</sup></mark>" in page and 'type="date" name="value-0" value="2024-10-19"' in page
    assert "<code>https://berita.example/1</code>" in page and 'href="https://berita.example' not in page
    assert "ditulis di catatan tersegel" in page and clipping.digest in page


def test_the_menu_and_the_list_lead_to_it(rina):
    clipping = pasted(rina)
    assert reverse("clippings") in said(rina.get(reverse("home")))
    assert at(clipping) in said(rina.get(reverse("clippings")))
    assert at(clipping) in said(rina.get(reverse("clippings"), {"menjadi": "waiting", "hari": clipping.pasted_on}))
    assert at(clipping) not in said(rina.get(reverse("clippings"), {"menjadi": "kept"}))
    for broken in ({"menjadi": "x"}, {"hari": "kapan"}, {"unit": "99999999999999999999"}, {"unit": "-1"}, {"hal": "x"}):
        assert rina.get(reverse("clippings"), broken).status_code == 200


def test_the_same_text_is_told_with_a_link_to_the_first(rina):
    clipping = pasted(rina)
    again = paste(rina)
    assert again.status_code == 422 and at(clipping) in said(again) and TEXT in said(again)


@pytest.mark.parametrize(
    ("changes", "tells"),
    [
        ({"text": "", "address": ""}, "Tempelkan teksnya"),
        ({"text": "panjang sekali " * 2_000}, "paling panjang 15.000"),
        ({"text": "panjang sekali " * 100_000}, "1.500.000 huruf"),
        ({"address": "javascript:alert(1)"}, "bukan alamat halaman"),
        ({"address": "https://a:b@berita.example"}, "kata sandi"),
        ({"seen_at": "2031-01-01T10:00"}, "belum tiba"),
        ({"seen_at": "kemarin"}, "Masukkan tanggal"),
    ],
)
def test_what_is_refused_is_told_and_what_was_typed_is_still_there(rina, changes, tells):
    page = paste(rina, **changes)
    assert page.status_code == 422 and tells in said(page), said(page)[-3000:]
    for value in (TEXT if "text" not in changes else changes["text"].strip()[-200:],):
        assert value in said(page)
    assert not Clipping.objects.filter(text=TEXT).exists()


def test_ten_megabytes_are_refused_with_a_word_on_how_to_go_on(rina):
    page = paste(rina, text="x" * 10_000_000)
    assert page.status_code == 400 and "yang Anda ketik masih ada" in said(page)


def test_markup_is_shown_as_text_and_hidden_signs_are_not_shown(rina):
    evil = "<script>alert(1)</script> Cam\u200bat <b>Contoh</b> \u202etxet besok"
    clipping = pasted(rina, text=evil)
    page = rina.get(at(clipping)).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\u202e" not in page and "\u200b" not in page and "2 tanda yang tidak terlihat" in page
    assert clipping.text == evil
    listed = rina.get(reverse("clippings")).content.decode()
    assert "\u202e" not in listed and "<script>alert" not in listed


def test_ticked_facts_become_a_draft_of_an_activity(rina):
    clipping = pasted(rina)
    response = choose(rina, clipping, "activity", "day", "place", **{"value-0": "2024-10-18"})
    made = Activity.objects.get(title="Apel")
    assert response["Location"] == reverse("edit-activity", args=[made.pk])
    assert f"{made.on}" == "2024-10-18" and made.place == "Lapangan Umpama Raya" and made.state == "draft"
    page = said(rina.get(at(clipping)))
    assert reverse("activity", args=[made.pk]) in page and "Lapangan Umpama Raya" in page


def test_an_announced_circular_becomes_a_draft(rina):
    clipping = pasted(rina)
    response = choose(rina, clipping, "circular", "number", "circular", title="Netralitas")
    made = Circular.objects.get(number="800/1/X/2024")
    assert response["Location"] == reverse("change-circular", args=[made.pk]) and made.state == "draft"
    assert rina.get(response["Location"]).status_code == 200


def test_what_is_missing_is_told_and_what_was_ticked_and_written_is_still_there(rina):
    clipping = pasted(rina)
    page = choose(
        rina, clipping, "activity", "place", title="Judul saya", note="catatan saya", **{"value-1": "Aula lain"}
    )
    assert page.status_code == 422 and "tepat satu hari" in said(page)
    assert 'value="Judul saya"' in said(page) and "catatan saya" in said(page) and 'value="Aula lain"' in said(page)
    place = place_of(clipping, "place")
    assert f'name="fact" value="{place}" checked' in said(page) and 'name="fact" value="0" checked' not in said(page)
    broken = choose(rina, clipping, "activity", "day", **{"value-0": "entah"})
    assert broken.status_code == 422 and "tepat satu hari" in said(broken)


def test_a_form_of_an_older_page_does_nothing(rina):
    clipping = pasted(rina)
    old = mark_of(rina.get(at(clipping)))
    choose(rina, clipping, "kept", note="tunggu")
    page = rina.post(at(clipping), {"mark": old, "becomes": "discarded", "note": "hoaks"})
    assert page.status_code == 422 and clipping.outcomes.count() == 1


def test_a_discarded_clipping_is_shown_without_a_form(rina):
    clipping = pasted(rina)
    assert choose(rina, clipping, "discarded", note="hoaks").status_code == 302
    page = said(rina.get(at(clipping)))
    assert "hoaks" in page and 'name="becomes"' not in page


def test_an_officer_without_a_body_is_told_who_enters_initial_information(rina, stage):
    clipping = pasted(rina)
    page = said(rina.get(at(clipping)))
    assert 'value="initial_information"' not in page and "mereka melihat kliping ini juga" in page
    body = stage.home.body
    assert choose(rina, clipping, "initial_information", body=body.pk).status_code == 404
    assert not clipping.outcomes.exists()


def test_an_officer_of_reports_takes_it_to_a_sealed_entry_and_no_server_learns_which(stage, rina, caplog):
    clipping = pasted(rina)
    intake = stage.accounts[Role.INTAKE_OFFICER]
    client, reports = browser(intake.user), Report.objects.count()
    with caplog.at_level(logging.INFO):
        response = choose(client, clipping, "initial_information", "day", "person", body=intake.body.pk)
    path, _, after = response["Location"].partition("#")
    assert path == reverse("enter-report", args=[intake.body.pk]) and after.startswith(f"kliping={clipping.pk}&fakta=")
    assert clipping.outcomes.get().facts == [] and Report.objects.count() == reports
    assert "Rekaan Belaka" not in client.get(path).content.decode()
    asked = dict(parse_qsl(after, keep_blank_values=True))
    told = client.get(reverse("clipping-words", args=[clipping.pk]), asked).json()
    assert TEXT in told["what"] and told["who"] == [{"name": "Pak Rekaan Belaka", "post": ""}]
    assert told["when"] == "19 Oktober 2024" and not any("Belaka" in record.getMessage() for record in caplog.records)
    moved = client.get(reverse("clipping-words", args=[clipping.pk]), asked | {"tanda": "0" * 16}).json()
    assert TEXT in moved["what"] and not moved["when"] and not moved["who"]


def test_with_several_keepers_one_is_chosen(stage):
    user = outsider("DUA.PERAN", "Dua Peran")
    accounts.add_grant(user, Role.PROGRAMME_OFFICER, agency=stage.home.agency, body=None, by=None, now=MORNING)
    accounts.add_grant(user, Role.INTAKE_OFFICER, agency=None, body=stage.home.body, by=None, now=MORNING)
    client = browser(user)
    assert paste(client).status_code == 422
    assert pasted(client, keeper=f"body-{stage.home.body.pk}").body == stage.home.body
    assert paste(client, keeper=f"agency-{stage.away.agency.pk}").status_code == 422


def test_a_clipping_of_another_agency_does_not_exist(stage, rina):
    there = stage.away.clipping
    for name in ("clipping", "clipping-words"):
        assert rina.get(reverse(name, args=[there.pk])).status_code == 404
    assert at(there) not in said(rina.get(reverse("clippings")))


def test_the_enter_key_in_a_field_makes_nothing(rina):
    clipping = pasted(rina)
    page = choose(rina, clipping, "", "place", title="Judul saya")
    assert page.status_code == 200 and 'value="Judul saya"' in said(page) and not clipping.outcomes.exists()
    first = re.search(r"<button[^>]*>", said(rina.get(at(clipping))).split('name="mark"')[1])[0]
    assert 'value=""' in first, "the first button of the form does nothing"


def test_a_title_is_proposed_from_what_is_announced_and_never_from_words_about_somebody(rina):
    assert 'name="title" value="Apel"' in said(rina.get(at(pasted(rina))))
    assert 'name="title" value=""' in said(rina.get(at(pasted(rina, text="Camat Contoh berfoto dua jari."))))


def test_a_date_that_no_calendar_has_is_told_on_the_page(rina):
    page = said(rina.get(at(pasted(rina, text="Apel digelar pada 31/02/2024 dan 12/10/2024."))))
    assert (
        "Tanggal yang tidak ada di kalender" in page and "31/02/2024" in page.split("Tanggal yang tidak ada")[1][:200]
    )
    assert "Tanggal yang tidak ada" not in said(rina.get(at(pasted(rina, text="Apel digelar pada 12/10/2024."))))
