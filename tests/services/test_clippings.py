"""Clippings: kept once as pasted, facts proposed and never entered by themselves, an activity, a circular, or a sealed entry."""

import hashlib
import json
import logging
import socket
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from ikrar.domain.access import Scope
from ikrar.domain.clippings import Kind
from ikrar.domain.errors import ClippingKnown, ClippingRefused, LetterNumberTaken
from ikrar.records.models import (
    Activity,
    Agency,
    Body,
    Circular,
    Clipping,
    ClippingOutcome,
    LogPayload,
    Report,
    WorkUnit,
)
from ikrar.services import circulars, clippings
from ikrar.services.clippings import Ticked
from tests.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db

TEXT = (
    "Camat Guguk Panjang, Pak Contoh Belaka, ikut foto dua jari bersama tim pasangan calon pada apel di Lapangan Umpama Raya,"
    " Sabtu (19/10). Surat Edaran Nomor 800/77/UMPAMA/2024 terbit Senin (21/10)."
)
SEEN = datetime(2024, 10, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def clipping(cast, city):
    return keep(cast, city)


def keep(cast, keeper, text=TEXT, address="https://berita.example/1?utm_source=wa", seen_at=SEEN):
    return clippings.keep(keeper, text=text, address=address, seen_at=seen_at, by=cast.rina.user, now=NOW)


def ticked(clipping, *kinds, **values):
    """Tick the first fact of each kind, with another value where one is given."""
    found = clippings.propose(clipping)
    chosen = [next(fact for fact in found.facts if fact.kind == kind) for kind in kinds]
    return Ticked(found.mark, tuple((fact, values.get(fact.kind.value, fact.value)) for fact in chosen))


def payloads():
    return [json.loads(bytes(each)) for each in LogPayload.objects.values_list("payload", flat=True)]


def test_a_text_is_kept_as_pasted_with_its_digest_in_the_log(clipping, city):
    assert clipping.text == TEXT and clipping.address == "https://berita.example/1?utm_source=wa"
    assert (clipping.seen_at, clipping.pasted_at, clipping.pasted_on) == (SEEN, NOW, TODAY)
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    entry = next(each for each in payloads() if each["event"] == "clipping.kept")
    assert clipping.digest == digest and digest in json.dumps(entry)
    assert "Guguk" not in json.dumps(payloads()) and "berita.example" not in json.dumps(payloads())


def test_nothing_is_fetched_and_no_word_is_logged(cast, city, monkeypatch, caplog):
    def refuse(*_args, **_more):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    with caplog.at_level(logging.DEBUG):
        made = keep(cast, city)
        clippings.propose(made)
    told = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert not any("Belaka" in record.getMessage() or "berita" in record.getMessage() for record in told)


def test_the_same_text_is_kept_once_and_the_first_is_told(clipping, cast, city):
    with pytest.raises(ClippingKnown) as caught:
        keep(cast, city, address="https://lain.example")
    assert caught.value.clipping == clipping.pk and Clipping.objects.count() == 1
    assert keep(cast, city, text=f"{TEXT} ").pk != clipping.pk


def test_another_agency_keeps_the_same_text_for_itself(clipping, cast, other_city):
    made = keep(cast, other_city)
    assert set(Clipping.objects.within(Scope(agencies=frozenset({other_city.pk})))) == {made}


def test_an_address_alone_is_kept(cast, city):
    made = keep(cast, city, text="")
    assert made.text == "" and clippings.propose(made).facts == ()
    with pytest.raises(ClippingKnown):
        keep(cast, city, text=" \u200b")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"text": "", "address": ""}, "empty"),
        ({"text": "x" * 15_001}, "too_long"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"address": "https://a:b@berita.example"}, "credentials"),
        ({"seen_at": NOW + timedelta(days=1)}, "seen_at"),
        ({"seen_at": NOW - timedelta(days=4_000)}, "seen_at"),
    ],
)
def test_what_cannot_be_kept_leaves_nothing(cast, city, changes, reason):
    with pytest.raises(ClippingRefused) as caught:
        keep(cast, city, **changes)
    assert caught.value.reason == reason
    assert not Clipping.objects.exists() and not LogPayload.objects.exists()


def test_facts_are_proposed_with_the_words_they_stand_on_and_nothing_is_entered(clipping, city):
    found = clippings.propose(clipping)
    said = {(str(fact.kind), fact.value, fact.words) for fact in found.facts}
    unit = city.units.get(code="KEC-01")
    assert ("day", "2024-10-19", "Sabtu (19/10)") in said and ("day", "2024-10-21", "Senin (21/10)") in said
    assert ("unit", str(unit.pk), "Camat Guguk Panjang") in said
    assert ("activity", "roll_call", "apel") in said and ("number", "800/77/UMPAMA/2024", "800/77/UMPAMA/2024") in said
    assert any(fact.kind is Kind.ACT for fact in found.facts) and found.names_people
    assert not Activity.objects.exists() and not Circular.objects.exists() and not ClippingOutcome.objects.exists()


def test_a_post_in_small_letters_that_means_somebody_says_so(cast, city):
    post = "wkwkwk parah bgt bu kadinkes @contohbelaka like + share postingan paslon 02 tadi malem"
    found = clippings.propose(keep(cast, city, text=post))
    assert found.names_people and not {fact.kind for fact in found.facts} & {Kind.PERSON, Kind.OFFICE}
    assert not clippings.propose(keep(cast, city, text="Apel netralitas digelar besok.")).names_people


def test_whoever_is_named_without_a_title_is_warned_of_and_a_unit_is_not(cast, city):
    for number, text in enumerate(("Contoh Rekaan hadir di kampanye.", "Contoh Rekaan Belaka ikut bagi sembako.")):
        assert clippings.propose(keep(cast, city, text=text, address=f"https://a.example/{number}")).names_people
    assert not clippings.propose(keep(cast, city, text="Kelurahan Tarok Dipo menggelar apel.")).names_people


def test_what_is_only_forbidden_or_explained_is_no_act(cast, city):
    for text in (
        "Wali kota melarang ASN menyukai unggahan pasangan calon.",
        "Bawaslu menggelar sosialisasi aturan kampanye bagi ASN di aula kantor camat",
        "Camat Umpama rapat pada 12/02/2024 dan 02/10/2024.",
        "Menurut juru bicara Pemko, rapat ditunda.",
    ):
        facts = clippings.propose(keep(cast, city, text=text)).facts
        assert not [fact for fact in facts if fact.kind is Kind.ACT], text
    text = "Meski wali kota melarang, camat Umpama tetap memakai mobil dinas untuk kampanye"
    assert any(fact.kind is Kind.ACT for fact in clippings.propose(keep(cast, city, text=text)).facts)


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("Lurah Contoh membantah ikut kampanye paslon 02.", {"denied"}),
        ("Lurah Contoh ikut kampanye paslon 02. Camat Umpama membantah ikut kampanye paslon 02.", {""}),
        ("Bawaslu mengimbau ASN tidak menyukai, membagikan, atau mengomentari unggahan calon.", set()),
        ("ASN dilarang ikut kampanye paslon 02.", set()),
        ("Kabar Lurah Contoh ikut kampanye paslon 02 itu hoaks.", {"denied"}),
        ("Lurah Contoh dituduh ikut kampanye paslon 02. Tuduhan itu keliru.", {"denied"}),
        ("Lurah Contoh tidak membantah ikut kampanye paslon 02.", {""}),
        ("Lurah Contoh sempat membantah ikut kampanye paslon 02, tetapi kemudian mengaku.", {""}),
        ("ASN dilarang ikut kampanye paslon 02, padahal Lurah Contoh ikut kampanye paslon 02.", {""}),
    ],
)
def test_what_is_denied_is_doubted_and_what_is_asked_not_to_be_done_is_no_act(cast, city, text, doubts):
    found = clippings.propose(keep(cast, city, text=text)).facts
    assert {str(fact.doubt) for fact in found if fact.kind is Kind.ACT} == doubts


def test_a_clipping_of_a_body_names_units_of_its_agency_or_of_its_region_alone(cast, city, other_city):
    inside = Body.objects.create(agency=city, kind="task_force", name="Satgas")
    outside = Body.objects.create(region_id="13.75", kind="bawaslu", name="Bawaslu")
    for body in (inside, outside):
        made = clippings.keep(body, text=f"Lurah Tarok Dipo dan SMPN 1 Payakumbuh, {body.name}", address="", seen_at=None,
                              by=cast.rina.user, now=NOW)  # fmt: skip
        assert [unit.code for unit in clippings.propose(made).units.values()] == ["KEL-01"]
    assert clippings.agency_of(Clipping.objects.get(body=inside)) == city
    assert clippings.agency_of(Clipping.objects.get(body=outside)) is None


def test_an_activity_is_drafted_from_what_was_ticked_and_changed(clipping, cast, city):
    chosen = ticked(clipping, "day", "unit", "activity", "place", "person", place="Lapangan Kantin")
    made = clippings.become_activity(clipping, chosen, title="Apel netralitas", today=TODAY, by=cast.rina.user, now=NOW)
    assert (made.agency, made.kind, made.on, made.place) == (city, "roll_call", date(2024, 10, 19), "Lapangan Kantin")
    assert made.state == "draft" and made.source == "https://berita.example/1"
    outcome = clipping.outcomes.get()
    assert (outcome.kind, outcome.made, outcome.by) == ("activity", made.pk, cast.rina.user)
    assert [unit.code for unit in outcome.units.all()] == ["KEC-01"]
    assert "Belaka" not in json.dumps(outcome.facts)


def test_an_activity_needs_one_day_and_a_title(clipping, cast):
    more = {"today": TODAY, "by": cast.rina.user, "now": NOW}
    days = [(fact, fact.value) for fact in clippings.propose(clipping).facts if fact.kind is Kind.DAY]
    mark = clippings.propose(clipping).mark
    for chosen in (Ticked(mark), Ticked(mark, tuple(days))):
        with pytest.raises(ClippingRefused) as caught:
            clippings.become_activity(clipping, chosen, title="Apel", **more)
        assert caught.value.reason == "day"
    with pytest.raises(ClippingRefused):
        clippings.become_activity(clipping, ticked(clipping, "day"), title=" ", **more)
    assert not Activity.objects.exists() and not clipping.outcomes.exists()


def test_a_circular_is_recorded_with_its_number_and_its_day(clipping, cast, city):
    chosen = ticked(clipping, "day", "number", "circular", day="2024-10-21")
    made = clippings.become_circular(clipping, chosen, title="Netralitas", today=TODAY, by=cast.rina.user, now=NOW)
    assert (made.state, made.number, made.issued_on, made.title) == (
        "draft", "800/77/UMPAMA/2024", date(2024, 10, 21), "Netralitas",
    )  # fmt: skip
    again = keep(cast, city, text=f"Sekali lagi: {TEXT}")
    with pytest.raises(LetterNumberTaken):
        clippings.become_circular(again, ticked(again, "number"), title="Lain", today=TODAY, by=cast.rina.user, now=NOW)
    assert not again.outcomes.exists()
    circulars.discard(made, by=cast.rina.user, now=NOW)
    assert clipping.outcomes.get().made == made.pk  # what was done stays written


def test_what_goes_to_a_sealed_entry_leaves_only_the_fact_that_it_went(clipping, cast):
    chosen = ticked(clipping, "person", "day", "unit")
    clippings.become_information(clipping, chosen, by=cast.rina.user, now=NOW)
    outcome = clipping.outcomes.get()
    assert (outcome.kind, outcome.facts, outcome.made, outcome.note) == ("initial_information", [], None, "")
    assert not outcome.units.exists() and not Report.objects.exists()
    assert (outcome.at, outcome.on) == (None, TODAY), "the minute would tell which entry came of it"
    told = {
        each["event"]: each["time"] for each in (json.loads(bytes(row.payload)) for row in LogPayload.objects.all())
    }
    assert told["clipping.taken_to_report"] == outcome.on.isoformat()


def test_a_sealed_entry_begins_with_the_words_and_with_what_was_ticked(clipping):
    found = clippings.propose(clipping)
    places = [place for place, fact in enumerate(found.facts) if fact.kind in (Kind.DAY, Kind.PERSON, Kind.OFFICE)]
    told = clippings.for_report(clipping, [*places, 99], found.told)
    assert told["what"] == TEXT and told["address"] == "https://berita.example/1"
    assert told["captured"] == "2024-10-20 10.00 WIB" and told["known_on"] == "2024-10-20"
    assert told["who"] == [{"name": "Pak Contoh Belaka", "post": ""}, {"name": "", "post": "Camat Guguk Panjang"}]


def test_a_sealed_entry_is_not_filled_in_with_facts_that_nobody_ticked(clipping, cast, city):
    found = clippings.propose(clipping)
    places = [place for place, fact in enumerate(found.facts) if fact.kind is Kind.PERSON]
    clippings.become_information(clipping, Ticked(found.mark), by=cast.rina.user, now=NOW)
    assert clippings.for_report(clipping, places, found.told)["who"], "that it was taken there moves no fact"
    city.units.filter(code="KEC-01").update(name="Kecamatan Umpama Lain")
    told = clippings.for_report(clipping, places, found.told)
    assert told["what"] == TEXT and told["who"] == [] and told["when"] == ""


def test_a_body_of_no_region_hears_of_units_of_the_ministries_that_a_text_names_alone(cast, city):
    national = Body.objects.create(kind="bkn", name="Badan Rekaan Nasional")
    named, other = (
        Agency.objects.create(kind=Agency.Kind.MINISTRY, name=f"Kementerian {name}", code=name.upper())
        for name in ("Umpama", "Misalkan")
    )
    for agency in (named, other):
        root = WorkUnit.objects.create(agency=agency, name=agency.name, code="0")
        WorkUnit.objects.create(agency=agency, parent=root, name="Kantor Wilayah Rekaan", code="1")
    for text, agencies in (("Kementerian Umpama, Kantor Wilayah Rekaan", [named]), ("Kantor Wilayah Rekaan", [])):
        made = clippings.keep(national, text=text, address="", seen_at=None, by=cast.rina.user, now=NOW)
        assert [unit.agency for unit in clippings.propose(made).units.values()] == agencies


def test_a_note_or_a_reason_is_asked_for(clipping, cast):
    more = {"by": cast.rina.user, "now": NOW}
    for act, said in ((clippings.set_aside, "note"), (clippings.discard, "reason")):
        with pytest.raises(ClippingRefused):
            act(clipping, ticked(clipping), **{said: "  "}, **more)
    clippings.set_aside(clipping, ticked(clipping, "unit"), note="tunggu kabar", **more)
    clippings.discard(clipping, ticked(clipping), reason="hoaks", **more)
    assert [each.kind for each in clipping.outcomes.all()] == ["kept", "discarded"]
    with pytest.raises(ClippingRefused) as caught:
        clippings.set_aside(clipping, ticked(clipping), note="lagi", **more)
    assert caught.value.reason == "gone"


def test_a_second_click_makes_nothing_twice(clipping, cast):
    chosen = ticked(clipping, "day")
    more = {"title": "Apel", "today": TODAY, "by": cast.rina.user, "now": NOW}
    clippings.become_activity(clipping, chosen, **more)
    with pytest.raises(ClippingRefused) as caught:
        clippings.become_activity(clipping, chosen, **more)
    assert caught.value.reason == "moved" and Activity.objects.count() == 1
    clippings.become_activity(clipping, ticked(clipping, "day"), **more)  # on the page as it is now, it may be meant
    assert Activity.objects.count() == 2


def test_a_clipping_and_what_became_of_it_never_change(clipping, cast):
    clippings.set_aside(clipping, ticked(clipping), note="tunggu", by=cast.rina.user, now=NOW)
    for rows, change in ((Clipping.objects, {"text": "lain"}), (ClippingOutcome.objects, {"note": "lain"})):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            rows.update(**change)


def test_a_body_sees_what_its_agency_keeps_and_no_agency_sees_another(clipping, cast, city, other_city):
    inside = Body.objects.create(agency=city, kind="task_force", name="Satgas")
    away = Body.objects.create(agency=other_city, kind="task_force", name="Satgas Tetangga")
    outside = Body.objects.create(region_id="13.75", kind="bawaslu", name="Bawaslu")
    sees = lambda **scope: clipping in Clipping.objects.within(Scope(**scope))  # noqa: E731
    assert sees(agencies=frozenset({city.pk})) and sees(bodies=frozenset({inside.pk})) and sees(everything=True)
    assert (
        not sees(agencies=frozenset({other_city.pk}))
        and not sees(bodies=frozenset({away.pk, outside.pk}))
        and not sees()
    )


def test_a_list_is_narrowed_by_day_unit_and_what_became_of_it(clipping, cast, city):
    scope = Scope(agencies=frozenset({city.pk}))
    other = keep(cast, city, text="Besok rapat koordinasi.")
    clippings.set_aside(clipping, ticked(clipping, "unit"), note="tunggu", by=cast.rina.user, now=NOW)
    unit = city.units.get(code="KEC-01")
    assert list(clippings.listed(scope)) == [other, clipping] and list(clippings.units_of(scope)) == [unit]
    assert list(clippings.listed(scope, unit=unit.pk)) == [clipping]
    assert list(clippings.listed(scope, became="waiting")) == [other]
    assert list(clippings.listed(scope, became="kept")) == [clipping]
    assert list(clippings.listed(scope, on=TODAY)) == [other, clipping] and not clippings.listed(
        scope, on=date(2024, 1, 1)
    )


def test_what_was_discarded_goes_after_ninety_days_and_the_rest_after_two_years(clipping, cast, city):
    other = keep(cast, city, text="Besok rapat koordinasi.")
    clippings.discard(clipping, ticked(clipping), reason="hoaks", by=cast.rina.user, now=NOW)
    assert clippings.kept_until(clipping) == TODAY + timedelta(days=90)
    assert clippings.erase_over(TODAY + timedelta(days=89), NOW) == 0
    assert clippings.erase_over(TODAY + timedelta(days=90), NOW) == 1 and list(Clipping.objects.all()) == [other]
    assert clippings.erase_over(TODAY + timedelta(days=729), NOW) == 0
    assert clippings.erase_over(TODAY + timedelta(days=730), NOW) == 1
    assert not Clipping.objects.exists() and not ClippingOutcome.objects.exists()
    assert [each["event"] for each in payloads()].count("clipping.erased") == 2


def test_a_clipping_that_was_used_lately_is_kept_from_that_day(clipping, cast):
    later = NOW + timedelta(days=700)
    clippings.set_aside(clipping, ticked(clipping), note="masih perlu", by=cast.rina.user, now=later)
    assert clippings.erase_over(TODAY + timedelta(days=731), later) == 0 and Clipping.objects.exists()


def test_a_sealed_entry_says_nothing_of_when_it_was_seen_where_nobody_did_and_parts_name_from_post(cast, city):
    unit = city.units.exclude(parent=None).first()
    unit.name = "Kecamatan Guguk Panjang"
    unit.save(update_fields=["name"])
    text = "Camat Guguk Panjang Contoh Belaka hadir. Lurah Entah Berantah Misalan juga."
    clipping = clippings.keep(
        city, text=text, address="https://berita.example/9", seen_at=None, by=cast.rina.user, now=NOW
    )
    found = clippings.propose(clipping)
    places = [place for place, fact in enumerate(found.facts) if fact.kind is Kind.OFFICE]
    told = clippings.for_report(clipping, places, found.told)
    assert told["captured"] == f"{clipping.pasted_on} (hari ditempel)"
    assert told["who"][0] == {"name": "Contoh Belaka", "post": "Camat Guguk Panjang"}
    assert told["who"][1] == {"name": "", "post": "Lurah Entah Berantah Misalan"}


@pytest.mark.parametrize(
    ("office", "who"),
    [
        ("Camat Guguk Panjang", {"name": "", "post": "Camat Guguk Panjang"}),
        ("Camat Guguk Barat", {"name": "", "post": "Camat Guguk Barat"}),
        ("Camat Guguk Contoh Belaka", {"name": "Contoh Belaka", "post": "Camat Guguk"}),
        ("Kepala Dinas Umpama Kota Rekaan", {"name": "", "post": "Kepala Dinas Umpama Kota Rekaan"}),
        ("Kepala Dinas Umpama Kota Lain", {"name": "", "post": "Kepala Dinas Umpama Kota Lain"}),
        ("Kepala Dinas Umpama Contoh", {"name": "Contoh", "post": "Kepala Dinas Umpama"}),
    ],
)
def test_what_goes_on_as_a_place_is_nobodys_name(office, who):
    known = ["Kelurahan Guguk", "Kecamatan Guguk Panjang", "Dinas Umpama", "Pemerintah Kota Rekaan"]
    assert clippings._apart(office, known) == who
