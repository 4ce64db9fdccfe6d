"""The readable rulebook: open to all, whole without scripts, of any day; and the legal bureau's own pages."""

import gzip
import json
import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from ikrar.domain.access import Role
from ikrar.domain.assessment import assess
from ikrar.domain.authority import Question, resolve
from ikrar.domain.cases import main_way
from ikrar.domain.sources import Confidence
from ikrar.domain.terms import due
from ikrar.domain.versions import RuleKind
from ikrar.gateways import rulebook_files
from ikrar.records.models import GazetteCheck, Region
from ikrar.services import gazette
from ikrar.web import reasons
from ikrar.web.middleware import LANGUAGE_COOKIE
from tests.web.stage import MORNING, TODAY

pytestmark = pytest.mark.django_db

BOOK = rulebook_files.rulebook()
LIKE = "skb22-discipline-06-social-media-engagement"


def read(path: str, expects: int = 200, client: Client | None = None, **query) -> str:
    """Return a page as its reader sees it: without tags, white space as one space."""
    answer = (client or Client()).get(path, query)
    assert answer.status_code == expects, f"{path} {query}: {answer.status_code}"
    return plain(answer.content.decode())


def plain(html: str) -> str:
    text = re.sub(r"<[^>]+>", " ", html.replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&"))
    return re.sub(r"\s+([.,;:)])", r"\1", re.sub(r"\s+", " ", text))


# --- every page --------------------------------------------------------------------------------------------------

LISTS = (
    "rulebook", "rulebook-forms", "rulebook-sanctions", "rulebook-terms", "rulebook-authorities", "rulebook-bodies",
    "rulebook-statements", "rulebook-sources", "rulebook-principles", "rulebook-procedures", "rulebook-coverage", "rulebook-difference",
)  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_list_answers_in_both_languages_and_on_other_days(name, language):
    client = Client()
    client.cookies["bahasa"] = language
    for query in ({}, {"hari": "2019-05-01"}, {"hari": "1900-01-01"}, {"hari": "2090-12-31"}):
        answer = client.get(reverse(name), query)
        assert answer.status_code == 200, query


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_rule_of_the_rulebook_has_its_page_or_its_place_on_one(language):
    client = Client()
    client.cookies["bahasa"] = language
    pages = {
        "rulebook-form": BOOK.forms, "rulebook-act": BOOK.acts, "rulebook-term": BOOK.terms,
        "rulebook-statement": BOOK.guidance.statements, "rulebook-source": BOOK.sources,
    }  # fmt: skip
    for name, rules in pages.items():
        for id in rules:
            assert client.get(reverse(name, args=[id])).status_code == 200, id
    for year in {each.year for each in BOOK.holiday_lists}:
        assert client.get(reverse("rulebook-holidays", args=[year])).status_code == 200
    places = {
        "rulebook-sanctions": BOOK.sanctions, "rulebook-bodies": BOOK.bodies, "rulebook-principles": BOOK.principles,
        "rulebook-authorities": {**BOOK.authorities, **BOOK.authority_rules}, "rulebook-terms": BOOK.intake_hours,
    }  # fmt: skip
    for name, rules in places.items():
        html = client.get(reverse(name)).content.decode()
        assert [id for id in rules if html.count(f'id="{id}"') != 1] == [], name


@pytest.mark.parametrize(
    "path",
    [
        "/aturan/bentuk/no-such/", "/aturan/perbuatan/no-such/", "/aturan/batas-waktu/no-such/",
        "/aturan/pernyataan/no-such/", "/aturan/sumber/no-such/", "/aturan/libur/1999/",
    ],
)  # fmt: skip
def test_what_the_rulebook_does_not_hold_has_no_page(path):
    assert Client().get(path).status_code == 404


def test_the_pages_need_no_script_and_load_nothing_from_elsewhere():
    for name in LISTS:
        html = Client().get(reverse(name)).content.decode()
        assert "<script" not in html
        for address in re.findall(r'(?:src|action)="([^"]+)"', html):
            assert address.startswith("/"), address
        for link in re.findall(r'<a href="https?://[^>]*>', html):
            assert 'rel="noreferrer"' in link


def test_a_page_weighs_little():
    for name in LISTS:
        assert len(gzip.compress(Client().get(reverse(name)).content)) < 30_000, name


# --- the day of a page -------------------------------------------------------------------------------------------


def test_pages_are_of_the_programmes_day_unless_another_is_asked_for():
    assert "Keadaan per 25 Oktober 2024" in read("/aturan/")
    said = read("/aturan/", hari="2020-01-01")
    assert "Keadaan per 1 Januari 2020" in said and "kembali ke 25 Oktober 2024" in said


def test_links_of_a_page_keep_its_day():
    html = Client().get("/aturan/bentuk/", {"hari": "2020-01-01"}).content.decode()
    links = re.findall(r'href="(/aturan/bentuk/[a-z-]+/[^"]*)"', html)
    assert links and all(link.endswith("?hari=2020-01-01") for link in links)


def test_another_day_is_asked_for_without_losing_the_question():
    html = (
        Client()
        .get("/aturan/batas-waktu/pp94-second-summons/", {"mulai": "2024-11-25", "hari": "2024-11-26"})
        .content.decode()
    )
    asked = html.partition('class="asof"')[2].partition("</section>")[0]
    assert (
        '<input type="hidden" name="mulai" value="2024-11-25">' in asked and 'name="hari" value="2024-11-26"' in asked
    )
    assert 'href="/aturan/batas-waktu/pp94-second-summons/?mulai=2024-11-25"' in asked


@pytest.mark.parametrize("text", ["besok", "2024-02-30", "<script>alert(1)</script>", "9" * 500, "2024-13-01"])
def test_what_is_no_day_is_said_to_be_none_and_typed_text_comes_back_harmless(text):
    answer = Client().get("/aturan/sanksi/", {"hari": text})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f"“{escape(text[:40])}” bukan tanggal" in html and "<script" not in html
    assert "Keadaan per 25 Oktober 2024" in html


def test_a_day_may_be_written_as_offices_write_it():
    assert "Keadaan per 3 September 2021" in read("/aturan/", hari="3/9/2021")


def test_what_does_not_hold_on_the_day_is_marked():
    path = reverse("rulebook-act", args=[LIKE])
    assert "tidak berlaku per" not in read(path)
    said = read(path, hari="2022-09-21")
    assert "Per 21 September 2022 aturan ini tidak berlaku" in said and "tidak berlaku per 21 September 2022" in said


# --- acts --------------------------------------------------------------------------------------------------------


def test_an_act_says_who_when_what_follows_and_where_that_is_written():
    said = read(reverse("rulebook-act", args=[LIKE]))
    for words in (
        "sejak 22 September 2022", "CPNS, PNS, PPPK", "sejak calon ditetapkan", "disiplin", "berat",
        "Larangan: UU 20/2023 Pasal 9 ayat (2); PP 94/2021 Pasal 5 huruf n angka 5",
        "Pasal larangan: dua sumber atau lebih", "Pasal sanksi: satu sumber", "belum dibandingkan dengan berita negara",
        "Tempatnya dalam daftar: SKB 2022 Lampiran II huruf B angka 6",
    ):  # fmt: skip
        assert words in said, words
    for id in BOOK.acts[LIKE].versions[0].sanctions:
        assert f"{BOOK.sanctions[id].label.id}: dapat dipilih" in said


def test_a_suspended_sanction_is_shown_as_suspended_with_why_and_what_takes_its_place():
    act = next(
        act for act in BOOK.acts.values()
        if (version := act.on(TODAY)) and any(BOOK.sanctions[id].suspended for id in version.sanctions)
    )  # fmt: skip
    [sanction, *_] = [each for id in act.on(TODAY).sanctions if (each := BOOK.sanctions[id]).suspended]
    for path in (reverse("rulebook-act", args=[act.id]), reverse("rulebook-sanctions")):
        said = read(path)
        assert "ditangguhkan" in said and sanction.suspended[0].because.id in said
        assert f"Sementara itu: {BOOK.sanctions[sanction.suspended[0].meanwhile].label.id}" in said


def test_a_contested_act_shows_every_reading_and_who_holds_it():
    said = read(reverse("rulebook-act", args=["pp94-5n1-join-campaign"]))
    for reading in BOOK.acts["pp94-5n1-join-campaign"].versions[0].readings:
        assert reading.label.id in said and reading.held_by.id in said
    assert "Tidak ada sanksi yang diusulkan" in said and "dapat dipilih" not in said


def test_the_like_is_ethics_the_day_before_and_severe_discipline_from_the_day_on():
    """The page and the judge say the same."""
    for day in (date(2022, 9, 21), date(2022, 9, 22)):
        said = read(reverse("rulebook-form", args=["social-media-engagement"]), hari=day.isoformat())
        now = said.partition(f"Berlaku per {reasons.messages.day(day)}")[2].partition("Berlaku pada hari lain")[0]
        for status in ("would-be", "determined"):
            judged = assess(
                BOOK, form="social-media-engagement", day=day, employment="pns", candidate_status=status,
                contest="regional-head",
            )  # fmt: skip
            if judged.act is not None:
                assert BOOK.acts[judged.act].label.id in now


def test_a_form_has_its_line_of_time_with_the_same_days_as_text():
    html = Client().get(reverse("rulebook-form", args=["social-media-engagement"])).content.decode()
    acts = BOOK.acts_by_form["social-media-engagement"]
    assert html.count('<svg class="span"') == sum(len(act.versions) for act in acts)
    assert "10 September 2020 – 21 September 2022" in html
    widths = [float(each) for each in re.findall(r'class="held" x="[\d.]+%" y="3" width="([\d.]+)%"', html)]
    assert all(0 < width <= 100 for width in widths)


def test_an_act_that_is_read_into_a_form_is_said_to_be_a_reading():
    act = next(act for act in BOOK.acts.values() if act.also_forms)
    said = read(reverse("rulebook-form", args=[act.also_forms[0][0]]))
    assert "pembacaan, bukan bunyi aturan" in said


# --- the difference ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("2022-09-21", "2022-09-22", ["Mengunggah, menyukai", "Satuan tugas netralitas ASN menurut SKB 2022"]),
        ("2021-08-30", "2021-08-31", ["PP 53/2010", "PP 94/2021", "Teguran lisan"]),
        ("2024-11-13", "2024-11-14", ["Putusan MK", "Hadir pasif tetap dilarang (contoh Kolaka)"]),
        ("2023-06-15", "2023-06-16", ["Hari libur 2023", "28 Juni 2023; 30 Juni 2023"]),
    ],
)
def test_the_difference_between_two_days_is_told(first, second, words):
    said = read(reverse("rulebook-difference"), dari=first, sampai=second)
    for each in words:
        assert each in said, each


def test_what_ended_and_what_came_in_its_place_stand_together():
    said = read(reverse("rulebook-difference"), dari="2022-09-21", sampai="2022-09-22")
    group = said.partition("Mengunggah, menyukai, mengomentari, membagikan, atau mengikuti akun pemenangan")[2][:700]
    assert group.index("Berakhir") < group.index("Mulai berlaku")


def test_two_days_in_the_wrong_order_and_no_day_at_all_are_refused_by_name():
    assert "Hari kedua harus sesudah hari pertama" in read(
        reverse("rulebook-difference"), 422, dari="2024-11-14", sampai="2024-11-13"
    )
    assert "Hari kedua" in read(reverse("rulebook-difference"), 422, dari="2024-11-14")
    read(reverse("rulebook-difference"), 422, dari="x", sampai="2024-02-30")


def test_the_day_on_which_candidates_are_determined_is_a_difference_though_no_rule_changed():
    said = read(reverse("rulebook-difference"), dari="2024-09-21", sampai="2024-09-22")
    assert "Tidak ada aturan yang berubah, tetapi tahapan pemilihan berubah" in said
    assert "22 September 2024: Penetapan pasangan calon – calon sudah ditetapkan" in said
    assert "yang tadinya etik dapat menjadi disiplin" in said
    calm = read(reverse("rulebook-difference"), dari="2024-11-24", sampai="2024-11-25")
    assert "calon sudah ditetapkan" not in calm


def test_two_days_between_which_nothing_changed_say_so():
    assert "tidak ada yang berubah" in read(reverse("rulebook-difference"), dari="2024-11-02", sampai="2024-11-03")


# --- terms -------------------------------------------------------------------------------------------------------


def term(id: str, expects: int = 200, **query) -> str:
    return read(reverse("rulebook-term", args=[id]), expects, **query)


def test_a_limit_is_counted_with_every_day_and_every_skipped_day_explained():
    said = term("pp94-second-summons", mulai="2024-11-25", hari="2024-11-26")
    computation = due(BOOK.terms["pp94-second-summons"], date(2024, 11, 25), BOOK.holidays)
    assert f"sisa 6 hari kerja · jatuh tempo {reasons.messages.day(computation.last_day)} · dihitung begini" in said
    for number, day in enumerate(computation.counted, 1):
        assert f"{day.day} dihitung, hari ke- {number}" in said
    for each in computation.skipped:
        assert f"{reasons.messages.day(each.day)}: {reasons.skipped(each)}" in said
    assert "PP 94/2021 Pasal 26 ayat (3)" in said


def test_a_holiday_decided_later_is_told_with_what_was_known_on_the_day():
    """On 25 October 2024 nobody could know that polling day would be a holiday."""
    said = term("pp94-second-summons", mulai="2024-11-25")
    assert "jatuh tempo 5 Desember 2024" in said
    assert "Dengan hari libur yang sudah diumumkan per 25 Oktober 2024, hasilnya 4 Desember 2024" in said
    assert "sudah diumumkan per" not in term("pp94-second-summons", mulai="2024-11-25", hari="2024-12-01")


def test_both_readings_are_given_where_the_rule_does_not_name_the_kind_of_day():
    said = term("pemilu-handling", mulai="2024-02-01", hari="2024-02-02")
    computation = due(BOOK.terms["pemilu-handling"], date(2024, 2, 1), BOOK.holidays)
    assert len(computation.readings) > 1
    for reading in computation.readings[1:]:
        assert reasons.messages.day(reading.last_day) in said.partition("Pembacaan lain")[2]


def test_a_limit_in_hours_takes_a_local_time():
    assert "jatuh tempo 27 November 2024 pukul 10.30" in term("pilkada-report-repair", mulai="2024-11-25T10:30")
    assert "hari dan jam setempat" in term("pilkada-report-repair", 422, mulai="2024-11-25")
    assert "hari dan jam setempat" in term("pilkada-report-repair", 422, mulai="2024-11-25T10:30+07:00")


def test_hours_run_day_and_night_and_the_desk_has_its_own():
    """48 hours from a Friday at five end on a Sunday at five; between them the desk is not open once."""
    said = term("pilkada-report-repair", mulai="2024-11-29T17:00")
    assert "jatuh tempo 1 Desember 2024 pukul 17.00" in said and "jamnya berjalan siang dan malam" in said
    assert "hari itu sendiri tidak dihitung" not in said
    assert "tempat penerimaan laporan tidak buka" in said and "Perbawaslu 9/2024" in said
    earlier = term("pilkada-report-repair", mulai="2024-10-10T17:00")
    assert "terakhir diterima sebelum 11 Oktober 2024 16.30" in earlier
    assert "terakhir diterima" not in term("pilkada-report-repair", mulai="2024-11-25T10:30")


def test_a_limit_in_days_tells_until_when_the_desk_takes_reports_in():
    said = term("pilkada-report-window", mulai="2024-10-06", hari="2024-10-07")
    assert "jatuh tempo 13 Oktober 2024" in said and "terakhir diterima sebelum 11 Oktober 2024 16.30" in said
    holiday = term("pilkada-report-window", mulai="2024-12-18")
    assert "terakhir diterima sebelum 24 Desember 2024 16.00" in holiday
    assert "Hari libur tidak dihitung sebagai hari penerimaan" in holiday and "25 Desember 2024." in holiday
    assert "terakhir diterima" not in term("pilkada-report-window", mulai="2024-11-17"), "open day and night"
    assert "terakhir diterima" not in term("pilkada-report-window", mulai="2024-09-01"), "hours since 30 September"


def test_a_limit_is_not_known_before_what_it_is_cited_from():
    said = term("pp94-effective", 422, mulai="2018-01-02")
    assert "diketahui berlaku sejak 31 Agustus 2021" in said and "mulai berlaku 2" not in said
    assert "Berlaku sejak 31 Agustus 2021" in term("pp94-effective")


def test_what_is_disputed_is_told_with_every_reading():
    delivery = term("pp94-decision-delivery", mulai="2024-10-07")
    assert "Yang aman menurut semuanya: 21 Oktober 2024" in delivery
    assert "14 hari kalender (menurut pendapat lain): 21 Oktober 2024 (Satu salinan" in delivery
    assert "tidak boleh menjadi satu-satunya dasar" in delivery
    summons = term("pp94-summons-to-exam", mulai="2024-10-07")
    assert "7 hari kerja (dibaca sebagai hari paling awal): 16 Oktober 2024 (satu penerap" in summons
    effective = term("pp94-effective", mulai="2022-02-14")
    assert "mulai berlaku 9 Maret 2022" in effective
    assert "Menurut contoh resmi: 8 Maret 2022 (contoh resmi Peraturan BKN 6/2022)" in effective
    assert "test_vectors" not in effective


def test_a_local_holiday_counts_in_its_region_and_is_told_elsewhere(stage):
    Region.objects.create(code="19.71", name="Kota Pangkalpinang")
    there = term("sbt-bawaslu-review", mulai="2025-08-25", wilayah="19.71")
    assert "jatuh tempo 29 Agustus 2025" in there
    assert "27 Agustus 2025: libur setempat: Pemungutan suara ulang" in there
    elsewhere = term("sbt-bawaslu-review", mulai="2025-08-25")
    assert (
        "jatuh tempo 28 Agustus 2025" in elsewhere
        and "27 Agustus 2025 libur setempat di 19.01, Kota Pangkalpinang" in elsewhere
    )
    listed = read("/aturan/libur/2025/")
    assert "Pemungutan suara ulang" in listed and "harinya tidak diketahui" in listed


def test_a_limit_counted_backward_is_told_in_its_own_words():
    said = term("pilkada-reshuffle-ban-start", mulai="2024-09-22", pemilihan="pilkada-2024")
    assert "larangan mulai 22 Maret 2024" in said


def test_an_official_date_is_shown_with_what_counting_gives():
    said = term("pilkada-pj-resign", mulai="2024-08-27", hari="2024-07-01")
    assert "sisa 16 hari kalender · jatuh tempo 17 Juli 2024" in said and "40 hari kalender: 18 Juli 2024" in said


def test_holidays_that_are_not_decreed_make_the_answer_unknown_in_words():
    said = term("pp94-second-summons", 422, mulai="2026-12-28")
    assert "Hari libur tahun 2027 belum ditetapkan" in said and "jatuh tempo" not in said


def test_a_limit_that_is_over_says_so():
    assert "sudah lewat · jatuh tempo" in term("pp94-second-summons", mulai="2024-09-02")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"mulai": "2024-11-25", "wilayah": "99.99"}, "Wilayah dengan kode “99.99” tidak ada"),
        ({"mulai": "2024-11-25", "wilayah": "'; DROP"}, "Kode wilayah"),
        ({"mulai": "2024-11-25", "pemilihan": "pemilu-1955"}, "Pemilihan"),
        ({"mulai": "29 Februari 2023"}, "Dihitung dari"),
        ({"mulai": ""}, "Dihitung dari"),
        ({"mulai": "9999-12-31"}, "Pilih hari yang lebih dekat"),
    ],
)
def test_a_wrong_field_is_named(query, words):
    assert words in term("pilkada-report-window", 422, **query)


def test_a_limit_of_another_regime_is_not_offered_and_not_counted():
    html = Client().get(reverse("rulebook-term", args=["pilkada-report-window"])).content.decode()
    assert 'value="pilkada-2024"' in html and 'value="pemilu-2024"' not in html


def test_a_limit_says_what_it_is_not_good_for():
    said = term("ppk-act-on-recommendation-2020", mulai="2020-11-02", hari="2020-11-03")
    assert "tidak boleh menjadi satu-satunya dasar" in said
    assert "tidak berlaku" in term("ppk-act-on-recommendation-2020")


# --- authorities -------------------------------------------------------------------------------------------------

ASKED = {"status": "pns", "jenjang": "administrator", "instansi": "regency", "tingkat": "severe", "hari": "2024-10-01"}


def test_the_long_lists_of_authorities_are_folded_and_whole():
    page = Client().get(reverse("rulebook-authorities")).content.decode()
    assert page.count('<details class="part"') >= 9 and "<summary>" in page
    assert all(f'id="{each}"' in page for each in (*BOOK.authorities, *BOOK.authority_rules))


@pytest.mark.parametrize(("language", "remark"), [("id", "nomor disimpulkan"), ("en", "number inferred")])
def test_a_remark_on_a_citation_stands_in_the_readers_language(language, remark):
    client = Client(headers={"accept-language": language})
    client.cookies[LANGUAGE_COOKIE] = language
    page = client.get(reverse("rulebook-authorities")).content.decode()
    assert remark in page and ("nomor disimpulkan" in page) == (language == "id")


def test_nothing_of_how_the_facts_are_kept_is_said_to_the_public():
    assert "test_vectors" not in read(reverse("rulebook-term", args=["pp94-effective"]))
    assert ".yaml" not in read(reverse("rulebook-statement", args=["like-comment-share"]))
    assert "9 Juli 2024" in read(reverse("rulebook-statement", args=["passive-attendance-pilkada-2024"]))


def test_who_decides_is_told_as_the_resolver_says():
    said = read(reverse("rulebook-authorities"), **ASKED)
    answer = resolve(
        BOOK, Question("severe", date(2024, 10, 1), post_level="administrator", agency_kind="regency", employment="pns")
    )
    assert f"Yang menjatuhkan sanksi: {(answer.office or answer.label).id}" in said
    for reason in answer.reasons:
        assert plain(reasons.sentence(BOOK, reason)) in said
    for cite in answer.cites:
        assert cite.text in said
    assert answer.examiner.name.id in said and answer.recommender.name.id in said


def test_a_regent_who_runs_is_passed_over_and_who_must_be_told_is_named():
    said = read(reverse("rulebook-authorities"), benturan="candidate", **ASKED)
    assert "Yang menjatuhkan sanksi: tidak diketahui" in said
    assert "tidak dapat memutuskan: ia sendiri calon" in said
    assert "Harus ditanyakan kepada yang tahu" in said and "Perlu diberi tahu" in said


def test_an_acting_head_and_a_vacant_office_are_answered():
    assert "Yang menjatuhkan sanksi" in read(reverse("rulebook-authorities"), pemangku="plt", **ASKED)
    assert "jabatannya kosong" in read(reverse("rulebook-authorities"), pemangku="vacant", **ASKED)


def test_a_question_on_authority_with_a_wrong_word_names_its_field():
    assert "Tingkat sanksi" in read(reverse("rulebook-authorities"), 422, **{**ASKED, "tingkat": "mati"})
    html = Client().get(reverse("rulebook-authorities"), {**ASKED, "jenjang": ""}).content.decode()
    assert '<a href="#id_jenjang">Jenjang jabatan</a>: Sebutkan jenjang jabatan' in html
    assert "Hari keputusan" in read(reverse("rulebook-authorities"), 422, **{**ASKED, "hari": "lusa"})


@pytest.mark.parametrize(
    "tingkat", ["light", "moderate", "severe", "moral", "moral-plus", "dismissal-ptdh", "criminal"]
)
@pytest.mark.parametrize("status", ["pns", "pppk", "ppnpn", "village-head", "tni"])
def test_every_question_of_the_form_has_an_answer_in_words(status, tingkat):
    for language in ("id", "en"):
        client = Client()
        client.cookies["bahasa"] = language
        answer = client.get(reverse("rulebook-authorities"), {**ASKED, "status": status, "tingkat": tingkat})
        assert answer.status_code == 200, (status, tingkat)


# --- bodies, statements, holidays, sources -----------------------------------------------------------------------


def test_a_body_shows_its_powers_by_date_and_the_days_that_are_disputed():
    said = read(reverse("rulebook-bodies"), hari="2024-03-01")
    kasn = said.partition("Komisi Aparatur Sipil Negara (KASN)")[2].partition("Dua sumber atau lebih · belum")[0]
    assert "tidak ada pada hari itu" in kasn and "termasuk hari itu" in kasn
    assert "1 Januari 2018 – 30 Oktober 2023" in kasn
    assert "diperintahkan paling lambat 16 Oktober 2027, belum dibentuk" in said


def test_a_statement_shows_who_said_it_where_and_what_speaks_against_it():
    said = read(reverse("rulebook-statement", args=["passive-attendance-pilkada-2024"]))
    statement = BOOK.guidance.statements["passive-attendance-pilkada-2024"]
    assert statement.stated_by.id in said and statement.against.id in said and "seluruh Indonesia" in said
    for condition in statement.conditions:
        assert condition.label.id in said
    assert "74.01" in read(reverse("rulebook-statement", args=["passive-attendance-local-ban-kolaka"]))


def test_a_day_off_shows_when_it_was_decided_made_known_and_withdrawn():
    path = reverse("rulebook-holidays", args=[2023])
    assert "Rabu, 28 Juni 2023 Cuti bersama Iduladha cuti bersama 16 Juni 2023; diumumkan 20 Juni 2023 libur" in read(
        path
    )
    assert "diumumkan 20 Juni 2023 diputuskan, belum diumumkan" in read(path, hari="2023-06-17")
    assert "diumumkan 20 Juni 2023 belum diputuskan" in read(path, hari="2023-06-15")
    assert "ditarik 29 Maret 2023 sudah ditarik" in read(path)
    assert "pada hari yang Anda lihat ia belum ada" in read(path, hari="2022-01-01")


def test_a_year_that_is_not_decreed_is_said_to_be_unknown():
    assert "belum ditetapkan" in read(reverse("rulebook-holidays", args=[2027]))
    answer = Client().get(reverse("rulebook-holidays-now"), {"hari": "2031-01-01"})
    assert answer["Location"].startswith("/aturan/libur/2027/")


def test_a_source_names_the_rules_that_cite_it_and_where():
    said = read(reverse("rulebook-source", args=["pp-94-2021"]))
    assert BOOK.acts[LIKE].label.id in said and "Pasal 5 huruf n angka 5" in said


# --- search ------------------------------------------------------------------------------------------------------


def test_a_search_finds_rules_by_their_words_and_their_articles():
    assert BOOK.acts[LIKE].label.id in read("/aturan/", q="menyukai pemenangan")
    assert "Panggilan kedua bila tidak hadir" in read("/aturan/", q="Pasal 26 ayat (3)")


def test_everyday_words_lead_to_the_nearest_acts():
    said = read("/aturan/", q="nge-like postingan paslon")
    assert "menurut kata sehari-hari" in said and BOOK.acts[LIKE].label.id in said


@pytest.mark.parametrize("text", ["zzzzqqq", "<b>x</b>", "x" * 50_000, "%s %(a)s {{ 1 }}", "\u202e\u0000"])
def test_a_search_for_anything_is_answered(text):
    answer = Client().get("/aturan/", {"q": text.replace("\u0000", "")})
    assert answer.status_code == 200
    assert "<b>x</b>" not in answer.content.decode()


# --- coverage and the file ---------------------------------------------------------------------------------------


def cells(html: str, kind: str) -> list[int]:
    row = next(each for each in re.findall(r"<tr.*?</tr>", html, flags=re.S) if plain(each).strip().startswith(kind))
    return [int(each) for each in re.findall(r'class="number">(\d+)<', row)]


def test_coverage_counts_what_the_rulebook_counts():
    html = Client().get(reverse("rulebook-coverage")).content.decode()
    words = {
        "acts": "Perbuatan", "sanctions": "Sanksi", "terms": "Batas waktu", "authorities": "Wewenang",
        "statements": "Pernyataan pejabat", "principles": "Asas", "bodies": "Badan", "elections": "Kalender pemilihan",
        "holidays": "Hari libur",
    }  # fmt: skip
    for kind, counted in BOOK.coverage().items():
        known = [counted[each] for each in Confidence]
        assert cells(html, words[kind])[:4] == [sum(known), *known], kind


def test_coverage_counts_what_was_compared_and_what_changed_since(stage, monkeypatch):
    """The stage's two legal bureaus compared a sanction each."""
    html = Client().get(reverse("rulebook-coverage")).content.decode()
    assert cells(html, "Sanksi")[4:] == [2, 0] and cells(html, "Semua")[4:] == [2, 0]
    GazetteCheck.objects.filter(pk=stage.home.gazette_check.pk).update(digest="0" * 64)
    assert cells(Client().get(reverse("rulebook-coverage")).content.decode(), "Sanksi")[4:] == [1, 1]


def test_coverage_names_what_is_missing_and_what_is_disputed():
    said = read(reverse("rulebook-coverage"))
    missing = said.partition("Yang belum ada")[2].partition("Yang diperdebatkan")[0]
    assert "Hari libur 2027" in missing and BOOK.bodies["asn-oversight-body"].label.id in missing
    disputed = said.partition("Yang diperdebatkan")[2].partition("Yang belum pasti")[0]
    assert BOOK.acts["pp94-5n1-join-campaign"].label.id in disputed
    assert BOOK.terms["pp79-objection"].label.id in disputed


def test_the_whole_rulebook_is_one_file_of_json_with_its_digest_and_licence():
    answer = Client().get(reverse("rulebook-data"))
    assert answer.streaming and answer["Content-Type"].startswith("application/json")
    assert "attachment" in answer["Content-Disposition"]
    data = json.loads(answer.getvalue())
    assert data["rulebook"] == BOOK.digest and data["licence"] == "EUPL-1.2" and "sekunder" in data["note"]["id"]
    assert len(data["acts"]) == len(BOOK.acts) and len(data["sources"]) == len(BOOK.sources)
    [act] = [each for each in data["acts"] if each["id"] == LIKE]
    assert act["versions"][0]["in_force"] == {"from_on": "2022-09-22", "until_on": None}
    assert {each["id"] for each in data["statements"]} == set(BOOK.guidance.statements)
    assert "heard_as" not in data["activities"][0]


# --- compared with the gazette -----------------------------------------------------------------------------------

COMPARED = ("sanction", "light-written", "2021-08-31")


def test_a_reader_sees_what_was_compared_by_whom_and_where(stage):
    said = read(reverse("rulebook-sanctions"))
    assert (
        "dibandingkan dengan berita negara: bagian hukum Pemerintah Kota Bukittinggi, 25 Oktober 2024, halaman 3."
        in said
    )
    assert "Rina" not in said


def test_a_reader_sees_that_the_content_changed_since(stage):
    GazetteCheck.objects.filter(pk=stage.home.gazette_check.pk).update(digest="0" * 64)
    assert "dibandingkan, tetapi isinya berubah sejak itu: bagian hukum" in read(reverse("rulebook-sanctions"))


def test_only_a_legal_bureau_is_offered_to_compare(stage):
    path = reverse("rulebook-sanctions")
    link = reverse("gazette-check", args=COMPARED)
    assert link not in Client().get(path).content.decode()
    assert link not in stage.accounts[Role.PROGRAMME_OFFICER].client().get(path).content.decode()
    assert link in stage.accounts[Role.DRAFTER].client().get(path).content.decode()


def form_of(stage, key=(RuleKind.ACT, LIKE, date(2022, 9, 22)), **more):
    said = {
        "shown_digest": gazette.shelf().digests[key], "agency": stage.home.agency.pk, "compared_on": "2024-10-24",
        "reference": "Lampiran II", "note": "bunyi sama",
    }  # fmt: skip
    return reverse("gazette-check", args=[key[0], key[1], key[2].isoformat() if key[2] else "-"]), said | more


def test_a_legal_bureau_marks_a_version_and_everybody_reads_it(stage):
    client = stage.accounts[Role.DRAFTER].client()
    path, form = form_of(stage)
    assert "belum dibandingkan" in read(path, client=client)
    assert client.post(path, form).status_code == 302
    said = read(reverse("rulebook-act", args=[LIKE]))
    assert "24 Oktober 2024, Lampiran II. bunyi sama" in said
    assert "Catat pembandingan" not in read(path, client=client)


def test_a_version_without_a_first_day_can_be_marked(stage):
    path, form = form_of(stage, (RuleKind.BODY, "kasn", None))
    assert stage.accounts[Role.DRAFTER].client().post(path, form).status_code == 302
    assert GazetteCheck.objects.standing().filter(rule="kasn", from_on=None).exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"shown_digest": "0" * 64}, "Isi aturan ini berubah sejak Anda membukanya"),
        ({"compared_on": "2024-10-26"}, "belum tiba"),
        ({"reference": ""}, "Tempatnya dalam berita atau lembaran negara"),
        ({"reference": "x" * 201}, "Tempatnya dalam berita atau lembaran negara"),
        ({"compared_on": "31-02-2024"}, "Dibandingkan pada"),
    ],
)
def test_a_mark_that_cannot_be_is_refused_with_its_field(stage, more, words):
    path, form = form_of(stage, **more)
    answer = stage.accounts[Role.DRAFTER].client().post(path, form)
    assert answer.status_code == 422 and words in plain(answer.content.decode())
    assert GazetteCheck.objects.count() == 2


def test_a_legal_bureau_marks_for_its_own_agency_alone(stage):
    path, form = form_of(stage, agency=stage.away.agency.pk)
    assert stage.accounts[Role.DRAFTER].client().post(path, form).status_code == 422
    assert GazetteCheck.objects.count() == 2


def test_a_mark_of_another_agency_is_seen_and_not_offered_to_withdraw(stage):
    client = stage.accounts[Role.DRAFTER].client()
    path = reverse("gazette-check", args=["sanction", "light-dissatisfaction", "2021-08-31"])
    html = client.get(path).content.decode()
    assert "Pemerintah Kota Payakumbuh" in html
    assert reverse("gazette-withdraw", args=[stage.away.gazette_check.pk]) not in html
    assert (
        client.post(reverse("gazette-withdraw", args=[stage.away.gazette_check.pk]), {"reason": "x"}).status_code == 404
    )


def test_a_mark_is_withdrawn_with_a_reason_that_the_public_does_not_read(stage):
    client = stage.accounts[Role.DRAFTER].client()
    path = reverse("gazette-withdraw", args=[stage.home.gazette_check.pk])
    assert client.post(path, {"reason": ""}).status_code == 422
    assert client.post(path, {"reason": "salah halaman"}).status_code == 302
    assert "bagian hukum Pemerintah Kota Bukittinggi" not in read(reverse("rulebook-sanctions"))
    history = read(reverse("gazette-check", args=COMPARED), client=client)
    assert "salah halaman" in history and "Rina Marlina" in history
    again = client.post(path, {"reason": "lagi"})
    assert again.status_code == 422 and "sudah ditarik" in again.content.decode()


def test_the_list_of_a_legal_bureau_is_filtered_by_kind_and_state(stage):
    client = stage.accounts[Role.DRAFTER].client()
    assert BOOK.acts[LIKE].label.id in read(reverse("gazette"), client=client)
    said = read(reverse("gazette"), client=client, jenis="sanction", keadaan="compared")
    assert "Teguran tertulis" in said and "Teguran lisan" not in said
    assert BOOK.acts[LIKE].label.id in read(reverse("gazette"), client=client, jenis="nothing")


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing", "light-oral", "2021-08-31"),
        ("sanction", "light-oral", "-"),
        ("sanction", "light-oral", "2021-13-31"),
    ],
)
def test_a_version_that_is_not_there_has_no_page_to_compare(stage, arguments):
    assert stage.accounts[Role.DRAFTER].client().get(reverse("gazette-check", args=arguments)).status_code == 404


def test_marks_for_rules_that_are_gone_are_listed_for_the_bureau(stage):
    GazetteCheck.objects.create(
        kind="act", rule="gone-act", digest="0" * 64, compared_on=TODAY, reference="x", agency=stage.home.agency,
        by=stage.rina, recorded_at=MORNING,
    )  # fmt: skip
    assert "gone-act" in read(reverse("gazette"), client=stage.accounts[Role.DRAFTER].client())
    assert "gone-act" not in read(reverse("rulebook-coverage"))


# --- the procedure -----------------------------------------------------------------------------------------------


def test_the_procedure_is_shown_as_a_way_and_every_step_again_in_the_table():
    html = Client().get(reverse("rulebook-procedures"), {"hari": "2024-10-25"}).content.decode()
    for procedure in BOOK.procedures.values():
        for state in procedure.states:
            assert html.count(f'id="{procedure.id}-{state}"') == 1, f"{procedure.id}-{state}"
    assert html.count('class="onward"') == sum(len(main_way(each)) for each in BOOK.procedures.values())
    assert html.count('<td data-label="Langkah">') == sum(len(each.steps) for each in BOOK.procedures.values())
    anchors = set(re.findall(r'href="#([a-z0-9-]+)"', html))
    assert anchors <= set(re.findall(r' id="([a-z0-9-]+)"', html))


def test_the_procedure_tells_who_really_acts_and_for_whom_a_clock_runs():
    says = read(reverse("rulebook-procedures"), hari="2024-10-25")
    assert "Putuskan oleh Pejabat yang berwenang menghukum, menurut tingkatnya" in says
    assert "Putuskan oleh Pejabat pembina kepegawaian" not in says
    assert "Putuskan sanksi moral oleh Pejabat pembina kepegawaian" in says
    assert "Sampaikan keputusan oleh Staf kepegawaian, atas nama pejabat yang berwenang" in says
    assert "Panggilan pertama oleh Pemeriksa yang ditugaskan PPK" in says
    assert "bagi Terlapor, bila Keputusannya bukan pemberhentian: Keberatan (selain pemberhentian) diajukan" in says
    assert "bagi Pejabat pembina kepegawaian, bila" not in says


def place_of(state):
    """Return what the page says of a state of the discipline track, with what leads on from it."""
    html = Client().get(reverse("rulebook-procedures"), {"hari": "2024-10-25"}).content.decode()
    place = html[html.index(f'id="pilkada-discipline-2021-{state}"') :].split('<li id="')[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", place))


def test_the_main_way_tells_what_is_required_and_what_comes_first():
    said = place_of("heard")
    assert "Perlu:" in said and "Usul hukuman di dalam rentang" in said
    assert "bila Ancaman hukuman berat: Keputusan pembentukan tim pemeriksa, Laporan tim pemeriksa" in said
    assert "Bila Ancaman hukuman berat, lebih dulu: Bentuk tim pemeriksa" in said
    assert "Perlu:" not in place_of("recommended"), "an acceptance requires nothing"


def test_steps_beside_the_main_way_tell_the_clocks_that_start_with_them():
    said = place_of("served")
    assert "Catat banding" in said and "Sejak itu berjalan bagi BPASN: BPASN memutus banding" in said
    assert "Sejak itu berjalan" not in place_of("missed-once")


def test_what_is_open_in_many_states_is_told_once_with_them():
    assert not [each for each in ("recommended", "summoned", "effective") if "Peringatan BKN" in place_of(each)]
    said = read(reverse("rulebook-procedures"), hari="2024-10-25")
    wide = said[said.index("Langkah yang terbuka dari banyak keadaan") :].split("Akhir yang lain")[0]
    assert "Peringatan BKN oleh Badan nasional; dari Direkomendasikan kepada PPK, Diterima PPK untuk diperiksa" in wide
    assert "Kepala daerah menindaklanjuti setelah teguran Mendagri" in wide


def test_a_step_that_is_the_same_on_another_track_is_told_once_in_the_tables():
    html = Client().get(reverse("rulebook-procedures"), {"hari": "2024-10-25"}).content.decode()
    assert html.count(' id="pilkada-discipline-2021-langkah-pilkada-review"') == 1
    assert 'href="#pilkada-discipline-2021-langkah-pilkada-review"' in html
    # The same row from other states, or by other people, is told again.
    for id in ("pilkada-ethics-2021-langkah-lapse", "pilkada-ethics-2021-langkah-clear"):
        assert html.count(f' id="{id}"') == 1


def test_targets_are_not_shown_as_law_and_what_is_not_well_known_says_so():
    says = read(reverse("rulebook-procedures"), hari="2024-10-25")
    assert "Target operator memutus sesudah rekomendasi; bukan batas waktu hukum, 14 hari" in says
    assert "Terima rekomendasi oleh Pejabat pembina kepegawaian" in says
    assert "Terima penerusan" in says and "belum pasti" in says
    assert "belum disusun dalam buku ini" in read(reverse("rulebook-procedures"), hari="2019-05-01")
