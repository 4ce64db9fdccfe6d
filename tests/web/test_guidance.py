"""The pages "Bolehkah saya…?": one question a page, one word first, nothing kept of who asks."""

import html
import json
import logging
import re
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from ikrar.domain.indonesian import LONGEST_TEXT
from ikrar.records.models import AnswerReceipt, Inquiry, LogEntry, LogPayload, Region
from ikrar.services import accounts, guidance, regions, rules
from tests.services.test_guidance import as_an_administrator
from tests.web import stage as stages
from tests.web.stage import ASKED, MORNING, browser

pytestmark = pytest.mark.django_db

BROTHER = "abang saya jadi sopir calon, boleh saya ikut rapat umum bersama keluarga, tanpa seragam, hari Minggu?"


@pytest.fixture
def stranger(stage):
    return Client()


def text(response) -> str:
    """The words of a page as they are read: tags away, white space as one."""
    main = re.search(r"<main.*?</main>", response.content.decode(), re.S)[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def answer(client, **asked):
    asked = {"kegiatan": "like-candidate-post", "status": "pns", "hubungan": "none", "hari": "2024-10-25"} | asked
    return client.get(reverse("answer"), {name: value for name, value in asked.items() if value})


# --- the way to an answer ----------------------------------------------------------------------------------------


def test_a_question_goes_from_words_to_an_answer_in_four_pages(stranger):
    found = stranger.post(reverse("ask"), {"question": BROTHER}, follow=True)
    assert "Hadir di kampanye secara pasif" in text(found)
    assert "tanpa atribut partai" in text(found), "what was told of the circumstances is shown, to be corrected"
    asked = dict(parse_qsl(found.request["QUERY_STRING"]))
    assert asked["hari"] == "2024-10-27" and asked["hubungan"] == "relative"
    who = stranger.get(
        reverse("ask-who"), {"kegiatan": "attend-campaign", "hubungan": "relative", "hari": "2024-10-27"}
    )
    assert re.search(r'value="relative"[^>]*checked', who.content.decode())
    when = stranger.get(reverse("ask-when"), {"kegiatan": "attend-campaign", "status": "pns", "hari": "2024-10-27"})
    assert 'value="2024-10-27"' in when.content.decode()
    told = stranger.post(
        reverse("ask-when"),
        {
            "kegiatan": "attend-campaign",
            "status": "pns",
            "hubungan": "relative",
            "day": "2024-10-27",
            "place": "bukittinggi",
        },
    )
    assert told["Location"].startswith(f"{reverse('answer')}?") and "wilayah=13.75" in told["Location"]
    page = stranger.get(told["Location"])
    assert text(page).startswith(
        "Tanyakan Hadir di kampanye secara pasif untuk menyimak PNS; keluarga calon · 27 Oktober 2024"
    )


def test_an_office_that_was_picked_brings_nobody_the_sanctions_of_another_employment(stranger):
    head = answer(stranger, status="pppk", jabatan="school-head", hari="2024-10-20")
    plain = answer(stranger, status="pppk", hari="2024-10-20")
    assert "Tidak boleh" in text(head) and "sebagai PNS" not in text(head)
    assert "Penurunan jabatan" not in text(head) and "Penurunan jabatan" not in text(plain)
    assert "Penurunan jabatan" in text(answer(stranger, jabatan="school-head", hari="2024-10-20"))


def test_a_citizen_who_is_a_lurah_is_asked_what_he_is_by_employment(stranger):
    told = text(answer(stranger, status="none", jabatan="lurah"))
    assert told.startswith("Tanyakan") and "status kepegawaian" in told


def test_what_was_written_enters_no_address_no_table_and_no_log(stranger, caplog):
    caplog.set_level(logging.DEBUG)
    secret = "boleh saya like status calon bupati Dr. Haji Fulan Rahasiawan nomor 081234567890?"
    page = stranger.post(reverse("ask"), {"question": secret}, follow=True)
    assert page.status_code == 200
    chain = [address for address, _ in page.redirect_chain]
    known = rules.book().guidance
    for address in chain:
        for name, value in parse_qsl(urlsplit(address).query):
            if name in ("kegiatan", "mungkin"):
                assert value in known.activities
            elif name == "keadaan":
                assert value.lstrip("-").split("@")[0] in known.circumstances
            else:
                assert name in ("status", "jabatan", "hubungan", "pemilihan", "wilayah", "hari") and len(value) < 25
    spoken = " ".join([*chain, caplog.text, page.content.decode()])
    for word in ("Fulan", "Rahasiawan", "081234567890"):
        assert word not in spoken
    assert "ikrar" not in stranger.cookies, "a session was opened for somebody who only asks"


# Which of the two it is told depends on whether a word of it happens to be known.
NOT_READ = "tidak terbaca sebagai bahasa Indonesia|tidak ditemukan di buku aturan"
WRONG = {
    "nothing": ("", "Tulis dulu pertanyaan Anda"),
    "white space": (" \n\t ", "Tulis dulu pertanyaan Anda"),
    "nonsense": ("qwrt zxcv bnmk", NOT_READ),
    "another language": ("Quand est-ce que le prochain train part pour Lyon demain matin", NOT_READ),
    "a script": ("<script>alert(document.cookie)</script>", NOT_READ),
    "something else": ("bagaimana resep rendang padang yang enak", NOT_READ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_question_that_cannot_be_answered_is_told_at_its_field_and_kept(stranger, what):
    question, says = WRONG[what]
    page = stranger.post(reverse("ask"), {"question": question})
    shown = page.content.decode()
    assert page.status_code == 422
    assert 'href="#id_question"' in shown and re.search(says, html.unescape(shown))
    assert "<script>alert" not in shown
    kept = html.unescape(re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", shown, re.S)[1])
    assert kept.strip() == question.strip()


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"jabatan": "rektor"}, "Yang dikenal: pejabat ASN, kepala sekolah, lurah, camat"),
        ({"hubungan": "teman"}, "Yang dikenal: "),
        ({"hari": "2023-02-29"}, "Yang dikenal: 1 Januari 2000 sampai 31 Desember 2099"),
        ({"status": "juragan"}, "Buku aturan tidak mengenal status kepegawaian “juragan”"),
        ({"keadaan": "hujan"}, "“hujan” tidak dikenal sebagai isi untuk keadaannya."),
    ],
)
def test_a_wrong_word_of_an_address_is_told_in_words_and_no_codes(stranger, query, says):
    address = {"kegiatan": "like-candidate-post", "status": "pns", "hari": "2024-10-20"}
    page = stranger.get(reverse("answer"), address | query)
    shown = html.unescape(text(page))
    assert page.status_code == 422 and says in shown
    assert not re.search(r"asn-official|spouse-of-candidate|\d{4}-\d\d-\d\d …", shown)


def test_a_text_one_letter_too_long_is_told_so_and_kept(stranger):
    long = "boleh saya like? " * (LONGEST_TEXT // 17 + 1)
    page = stranger.post(reverse("ask"), {"question": long})
    assert page.status_code == 422 and "paling banyak 4.000 huruf" in page.content.decode()
    assert long.strip() in page.content.decode()


def test_a_text_of_ten_megabytes_is_told_so_at_its_field_and_its_beginning_is_kept(stranger):
    body = "question=" + "boleh+saya+like+status+calon+" * 370_000
    page = stranger.post(reverse("ask"), body, content_type="application/x-www-form-urlencoded")
    assert len(body) > 10_000_000 and page.status_code == 422
    assert 'href="#id_question"' in page.content.decode() and "paling banyak 4.000 huruf" in page.content.decode()
    assert "boleh saya like status calon" in page.content.decode()
    assert len(page.content) < 60_000


def test_a_zero_byte_is_an_error_of_the_field(stranger):
    page = stranger.post(reverse("ask"), {"question": "boleh saya\x00like?"})
    assert page.status_code == 422 and 'href="#id_question"' in page.content.decode()


def test_the_page_that_takes_a_text_takes_it_from_its_own_form_alone(stage):
    away = Client(enforce_csrf_checks=True)
    assert away.post(reverse("ask"), {"question": BROTHER}).status_code == 403
    away.get(reverse("ask"))
    token = away.cookies["csrftoken"].value
    assert away.post(reverse("ask"), {"question": BROTHER, "csrfmiddlewaretoken": token}).status_code == 302


def test_the_list_holds_every_activity_and_those_that_were_chosen_are_ticked(stranger):
    page = stranger.get(reverse("ask"), {"kegiatan": ["vote", "attend-campaign"]}).content.decode()
    offered = re.findall(r'name="kegiatan" value="([^"]+)"( checked)?', page)
    assert {id for id, _ in offered} == set(rules.book().guidance.activities)
    assert {id for id, ticked in offered if ticked} == {"vote", "attend-campaign"}
    untouched = stranger.get(reverse("ask")).content.decode()
    assert "checked" not in untouched, "what one reader ticked is kept for another"


def test_nothing_and_too_much_are_told_at_the_list(stranger):
    assert "Pilih sekurangnya satu kegiatan" in text(stranger.get(reverse("ask-who")))
    many = list(rules.book().guidance.activities)[:9]
    page = stranger.get(reverse("ask-who"), {"kegiatan": many})
    assert page.status_code == 422 and "paling banyak delapan" in text(page)
    assert page.content.decode().count(" checked") == 9


def test_a_question_that_is_not_whole_leads_to_the_page_that_is_missing(stranger):
    assert stranger.get(reverse("answer"))["Location"] == reverse("ask")
    led = stranger.get(reverse("answer"), {"kegiatan": "vote", "hari": "2024-10-25"})
    assert led["Location"] == f"{reverse('ask-who')}?kegiatan=vote&hari=2024-10-25"
    page = stranger.get(reverse("ask-when"), {"kegiatan": "vote", "hubungan": "none"})
    assert page.status_code == 422 and "Pilih status Anda" in text(page)
    assert stranger.get(reverse("ask-confirm"))["Location"] == reverse("ask")


def test_without_a_day_the_answer_is_about_the_programmes_day(stranger):
    assert "25 Oktober 2024" in text(answer(stranger, hari=""))


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [("kegiatan", "terbang-ke-bulan", "Kegiatan “terbang-ke-bulan” tidak ada"), ("status", "astronot", "astronot"),
     ("jabatan", "raja", "jabatannya"), ("hubungan", "sepupu", "hubungan dengan calon"),
     ("keadaan", "bulan-purnama", "keadaannya"), ("pemilihan", "osis", "siapa yang dipilih"),
     ("wilayah", "99.99", "Wilayah dengan kode “99.99” tidak ada"), ("hari", "kemarin", "tanggalnya"),
     ("hari", "2024-02-30", "tanggalnya"), ("hari", "9999-12-31", "tanggalnya"), ("hari", "0001-01-01", "tanggalnya"),
     ("kegiatan", "<script>alert(1)</script>", "tidak ada")],
)  # fmt: skip
def test_an_address_that_names_what_is_not_known_says_what_and_shows_the_way_back(stranger, name, value, says):
    page = answer(stranger, **{name: value})
    assert page.status_code == 422
    assert says in text(page) and reverse("ask") in page.content.decode()
    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize("day", ["2024-02-29", "2000-01-01", "2099-12-31", "2017-06-01"])
def test_any_day_of_the_calendar_is_answered(stranger, day):
    page = answer(stranger, hari=day)
    assert page.status_code == 200
    assert re.match(r"(Boleh|Boleh, asal…|Tanyakan|Tidak boleh) ", text(page))


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Bukittinggi", "13.75"), ("kota payakumbuh", "13.76"), ("13.75", "13.75"), ("sumatera barat", "13"), ("", "")],
)
def test_a_region_may_be_typed_as_people_do(stranger, typed, code):
    form = {"kegiatan": "vote", "status": "pns", "hubungan": "none", "day": "2024-10-25", "place": typed}
    led = stranger.post(reverse("ask-when"), form)
    assert dict(parse_qsl(urlsplit(led["Location"]).query)).get("wilayah", "") == code


def test_a_region_may_be_written_in_one_word_or_two(stranger):
    Region.objects.get_or_create(code="19", defaults={"name": "Kepulauan Bangka Belitung"})
    Region.objects.get_or_create(code="19.71", defaults={"name": "Kota Pangkal Pinang", "parent_id": "19"})
    for typed in ("Pangkalpinang", "pangkal pinang", "Kota Pangkalpinang"):
        assert [each.code for each in regions.find(typed)] == ["19.71"], typed


def test_a_name_that_is_no_region_is_not_called_a_code(stranger):
    form = {"kegiatan": "vote", "status": "pns", "day": "2024-10-25", "place": "Atlantis"}
    assert "Wilayah “Atlantis” tidak ditemukan" in text(stranger.post(reverse("ask-when"), form))


def test_an_election_that_runs_elsewhere_is_said_before_the_answer_is_read(stranger):
    page = text(answer(stranger, hari="2025-07-25"))
    assert page.index("ada pemilihan di beberapa daerah saja") < page.index("Mengapa")


def test_a_question_about_an_older_election_asks_for_the_day_of_the_deed(stranger):
    sent = stranger.post(reverse("ask"), {"question": "dulu waktu pilkada 2020 saya like postingan calon, kena?"})
    asked = dict(parse_qsl(urlsplit(sent["Location"]).query))
    assert asked["tahun"] == "2020"
    page = stranger.get(reverse("ask-when"), asked | {"status": "pns"})
    assert "menyebut pemilihan sebelumnya" in text(page)
    assert 'value="2024-10-25"' not in page.content.decode()


def test_a_statement_is_dated_in_words(stranger):
    page = text(answer(stranger, kegiatan="spouse-attend-campaign", hubungan="spouse-of-candidate"))
    assert "September 2023" in page and "2023-09" not in page


def test_a_region_that_nobody_knows_and_one_that_may_be_two_are_told_at_the_field(stranger):
    form = {"kegiatan": "vote", "status": "pns", "hubungan": "none", "day": "2024-10-25"}
    nowhere = stranger.post(reverse("ask-when"), {**form, "place": "Atlantis"})
    assert nowhere.status_code == 422 and "Atlantis" in nowhere.content.decode()
    two = stranger.post(reverse("ask-when"), {**form, "place": "kota"})
    assert two.status_code == 422
    two = stranger.post(reverse("ask-when"), {**form, "place": "a"})
    assert two.status_code == 422 and 'name="pilih" value="13.76"' in two.content.decode()
    picked = stranger.post(reverse("ask-when"), {**form, "place": "a", "pilih": "13.76"})
    assert "wilayah=13.76" in picked["Location"]


# --- the answer --------------------------------------------------------------------------------------------------


def test_the_same_like_is_ethics_the_day_before_and_severe_discipline_from_22_september(stranger):
    before, after = text(answer(stranger, hari="2024-09-21")), text(answer(stranger, hari="2024-09-22"))
    assert before.startswith("Tidak boleh") and after.startswith("Tidak boleh")
    assert "jalur: kode etik; tingkat: sanksi moral" in before and "PP 42/2004 Pasal 11 huruf c" in before
    assert (
        "Mulai 22 September 2024 jawabannya tetap “Tidak boleh”, tetapi akibatnya lain: jalur disiplin, tingkat berat"
        in before
    )
    assert "jalur: disiplin; tingkat: berat" in after and "PP 94/2021 Pasal 5 huruf n angka 5" in after
    assert "PP 42/2004" not in after
    assert "Keyakinan: dua sumber atau lebih" in before and "Keyakinan: dua sumber atau lebih" in after
    assert "bakal calon, belum ditetapkan (calon ditetapkan 22 September 2024)" in before


def test_a_husband_of_a_candidate_learns_whether_he_may_go_with_her_to_the_registration(stranger):
    page = stranger.post(
        reverse("ask"), {"question": "boleh saya mendampingi istri mendaftar sebagai calon ke KPU?"}, follow=True
    )
    assert "Mendampingi suami atau istri yang mendaftar sebagai calon" in text(page)
    told = text(
        answer(stranger, kegiatan="accompany-spouse-registration", hubungan="spouse-of-candidate", hari="2024-08-28")
    )
    assert told.startswith("Boleh, asal… Mendampingi suami atau istri yang mendaftar")
    assert "Asal cuti di luar tanggungan negara" in told and "tanpa atribut" in told
    assert "SE Menpan-RB 18/2023" in told and "Kapan menjadi pelanggaran" in told


def test_whoever_ticks_what_only_spouses_ask_is_taken_for_one(stranger):
    page = stranger.get(reverse("ask-who"), {"kegiatan": "accompany-spouse-registration"}).content.decode()
    assert re.search(r'value="spouse-of-candidate"[^>]*checked', page)


def test_what_is_contested_is_asked_with_both_readings_and_who_holds_them(stranger):
    told = text(answer(stranger, kegiatan="attend-campaign"))
    assert told.startswith("Tanyakan") and "Cara membacanya masih diperdebatkan" in told
    assert "Dipegang oleh: Bawaslu Medan" in told and "Dipegang oleh: Mendagri (Medan, 9 Juli 2024)" in told
    assert reverse("ask-office") in answer(stranger, kegiatan="attend-campaign").content.decode()


def test_several_activities_are_answered_each_with_its_word_and_the_strictest_stands_first(stranger):
    page = stranger.get(
        reverse("answer"),
        {"kegiatan": ["vote", "like-candidate-post", "attend-campaign"], "status": "pns", "hari": "2024-10-25"},
    )
    words = re.findall(r"<h[12][^>]*>\s*([^<]*?)\s*</h[12]>", page.content.decode())
    assert words[0] == "Tidak boleh"
    assert [each.split(":")[0] for each in words[1:4]] == ["Boleh", "Tidak boleh", "Tanyakan"]


def test_what_was_told_changes_the_answer_and_may_be_told_on_its_page(stranger):
    page = answer(stranger, kegiatan="attend-campaign", hubungan="relative")
    assert 'name="keadaan"' in page.content.decode()
    worse = text(answer(stranger, kegiatan="attend-campaign", keadaan="attributes"))
    assert worse.startswith("Tidak boleh")
    own = stranger.get(
        reverse("answer"),
        {"kegiatan": ["attend-campaign", "vote"], "status": "pns", "keadaan": "attributes@vote", "hari": "2024-10-25"},
    )
    assert text(own).startswith("Tanyakan"), "what was told of voting is no circumstance of the rally"


def test_before_the_contest_is_known_the_page_asks_which_vote_is_meant(stranger):
    page = answer(stranger, hari="2023-11-08")
    assert "Pemilihan apa yang Anda maksud?" in text(page)
    links = re.findall(r'href="([^"]*pemilihan=[^"]*)"', page.content.decode())
    assert len(links) >= 3
    decided = stranger.get(html.unescape(next(each for each in links if "pemilihan=president" in each)))
    assert "Pemilihan apa yang Anda maksud?" not in text(decided)


def test_every_rule_that_an_answer_names_can_be_opened(stranger):
    page = answer(stranger).content.decode()
    links = set(re.findall(r'href="(/aturan/[^"#?]+)', page))
    assert len(links) >= 2
    assert {address: stranger.get(address).status_code for address in links} == dict.fromkeys(links, 200)


def test_every_activity_is_answered_for_everybody(stranger):
    """Every sentence that an answer may need is there, in both languages."""
    seen = set()
    for language in ("id", "en"):
        stranger.cookies["bahasa"] = language
        for number, activity in enumerate(rules.book().guidance.activities):
            who = ("pns", "pppk", "honorer", "village-head", "tni", "none")[number % 6]
            relation = ("none", "spouse-of-candidate", "relative", "candidate")[number % 4]
            day = ("2024-09-10", "2024-11-25", "2023-12-01", "2020-10-10")[number % 4]
            page = answer(stranger, kegiatan=activity, status=who, hubungan=relation, hari=day)
            assert page.status_code == 200, activity
            seen.add(page.context["advice"].verdict)
    assert len(seen) == 4


def test_the_language_changes_and_the_question_stays(stranger):
    page = answer(stranger)
    back = html.unescape(re.search(r'name="back" value="([^"]*)"', page.content.decode())[1])
    led = stranger.post(reverse("language"), {"language": "en", "back": back})
    assert text(stranger.get(led["Location"])).startswith("Not allowed Liking")


# --- receipts ----------------------------------------------------------------------------------------------------


def test_an_answer_is_kept_under_a_code_and_verifies(stranger):
    form = {
        "kegiatan": "like-candidate-post",
        "status": "pns",
        "hubungan": "none",
        "wilayah": "13.75",
        "hari": "2024-09-21",
    }
    before = LogEntry.objects.count()
    led = stranger.post(reverse("keep-receipt"), form)
    assert LogEntry.objects.count() == before + 1
    page = stranger.get(led["Location"])
    told = text(page)
    assert "Buku aturan hari ini menjawab sama" in told and "Tidak boleh" in told
    assert "21 September 2024" in told and "dibuat 25 Oktober 2024" in told and "PP 42/2004 Pasal 11 huruf c" in told
    assert "Kota Bukittinggi" in told
    found = stranger.post(reverse("receipt-check"), {"code": led["Location"].split("/")[-2].lower()}, follow=True)
    assert text(found) == told
    assert "ikrar" not in stranger.cookies


def test_an_altered_receipt_is_told_to_be_no_genuine_one_and_nothing_of_it_is_shown(stranger, stage):
    receipt = guidance.keep_receipt(ASKED, today=stages.TODAY, now=MORNING)
    page = text(stranger.get(reverse("receipt", args=[receipt.code])))
    assert "Bukti ini asli: setiap bagiannya cocok" in page
    milder = json.loads(json.dumps(receipt.answered).replace('"severe"', '"light"'))
    with as_an_administrator("records_answerreceipt"):
        AnswerReceipt.objects.filter(pk=receipt.pk).update(answered=milder, made_on=date(2020, 1, 1))
    altered = stranger.get(reverse("receipt", args=[receipt.code]))
    shown = text(altered)
    assert altered.status_code == 200 and "Bukti ini tidak asli" in shown and "Bukti ini asli" not in shown
    assert "jawabannya" in shown and "hari dibuatnya" in shown and "pertanyaannya" not in shown
    assert "Tidak boleh" not in shown
    stranger.cookies["bahasa"] = "en"
    assert "This receipt is not genuine" in text(stranger.get(reverse("receipt", args=[receipt.code])))


def test_a_receipt_shows_in_what_the_rulebook_of_today_differs(stranger, stage, monkeypatch):
    receipt = guidance.keep_receipt(ASKED, today=stages.TODAY, now=MORNING)
    book = rules.book()
    act = book.acts["skb22-discipline-06-social-media-engagement"]
    milder = replace(act, versions=tuple(replace(version, level="moderate") for version in act.versions))
    changed = replace(book, digest="f" * 64, acts={**book.acts, act.id: milder})
    monkeypatch.setattr(rules, "book", lambda: changed)
    told = text(stranger.get(reverse("receipt", args=[receipt.code])))
    assert "Buku aturan hari ini menjawab lain" in told
    assert re.search(r"Akibat · .*tingkat berat\).*tingkat sedang\)", told)


@pytest.mark.parametrize("code", ["0000-0000-0000-0000", "X", "İ", "K" * 40])
def test_an_unknown_receipt_is_told_so(stranger, code):
    page = stranger.post(reverse("receipt-check"), {"code": code}, follow=True)
    assert page.status_code == 404 and "Kode ini tidak dikenal" in text(page)


def test_a_receipt_of_nothing_is_not_kept(stranger):
    before = AnswerReceipt.objects.count()
    for form in (
        {},
        {"kegiatan": "vote"},
        {"kegiatan": "x", "status": "pns"},
        {"kegiatan": "vote", "status": "pns", "hari": "x"},
    ):
        assert stranger.post(reverse("keep-receipt"), form).status_code in (302, 422)
    assert AnswerReceipt.objects.count() == before


# --- asking an office --------------------------------------------------------------------------------------------


def asked_of_the_city(stage, **more):
    return {
        "kegiatan": "attend-campaign", "status": "pns", "hubungan": "relative", "hari": "2024-10-27", "wilayah": "13.75",
        "office": f"agency-{stage.home.agency.pk}", "text": "Bolehkah saya datang dengan keluarga?",
    } | more  # fmt: skip


def test_a_question_reaches_the_office_and_its_opinion_comes_back_by_code(stranger, stage):
    page = stranger.post(reverse("ask-office"), asked_of_the_city(stage))
    code = re.search(r"<code>([0-9A-Z-]{19})</code>", page.content.decode())[1]
    assert "no-store" in page["Cache-Control"]
    assert "Belum dijawab" in text(stranger.post(reverse("opinion-fetch"), {"code": code.lower()}))

    rina = browser(stage.rina)
    assert "pertanyaan menunggu pendapat tertulis" in text(rina.get(reverse("home")))
    inquiry = guidance.inquiry_of(code)
    assert reverse("opinion", args=[inquiry.pk]) in rina.get(reverse("opinions")).content.decode()
    shown = rina.get(reverse("opinion", args=[inquiry.pk]))
    assert "Bolehkah saya datang dengan keluarga?" in text(shown) and "keluarga calon" in text(shown)
    assert code not in shown.content.decode()
    incomplete = rina.post(
        reverse("opinion", args=[inquiry.pk]), {"verdict": "allowed_if", "text": "Hadir pasif saja."}
    )
    assert incomplete.status_code == 422 and "Hadir pasif saja." in incomplete.content.decode()
    assert "Pilih sekurangnya satu dasar" in text(incomplete)
    said = {
        "verdict": "allowed_if", "text": "Hadir pasif saja.", "facts": "Penanya PNS.", "valid_until": "2024-11-27",
        "cites": stages.cites_of(inquiry)[:1],
    }  # fmt: skip
    assert rina.post(reverse("opinion", args=[inquiry.pk]), said).status_code == 302
    fetched = text(stranger.post(reverse("opinion-fetch"), {"code": code}))
    assert "Boleh, asal…" in fetched and "Hadir pasif saja." in fetched and "Berlaku sampai 27 November 2024" in fetched
    assert re.search(r"Pendapat tertulis nomor \d{4}/PT/2024", fetched)
    again = rina.post(reverse("opinion", args=[inquiry.pk]), said)
    assert again.status_code == 422 and "sudah dijawab" in text(again)


def test_the_code_of_a_question_stands_in_no_address_and_in_no_log(stranger, stage, caplog):
    caplog.set_level(logging.DEBUG)
    page = stranger.post(reverse("ask-office"), asked_of_the_city(stage))
    code = re.search(r"<code>([0-9A-Z-]{19})</code>", page.content.decode())[1]
    fetched = stranger.post(reverse("opinion-fetch"), {"code": code})
    addresses = re.findall(r'(?:href|action)="([^"]*)"', page.content.decode() + fetched.content.decode())
    plain = code.replace("-", "")
    assert not [address for address in addresses if code in address or plain in address]
    kept = b"".join(bytes(row.payload) for row in LogPayload.objects.all()).decode()
    assert plain not in caplog.text + kept and code not in caplog.text + kept
    assert "keluarga" not in caplog.text + kept


def test_a_question_without_text_or_office_is_told_so_and_kept(stranger, stage):
    before = Inquiry.objects.count()
    empty = stranger.post(reverse("ask-office"), asked_of_the_city(stage, text=" "))
    assert empty.status_code == 422 and "Tulis pertanyaan Anda." in text(empty)
    wrong = stranger.post(reverse("ask-office"), asked_of_the_city(stage, office="agency-999999"))
    assert wrong.status_code == 422 and "Bolehkah saya datang dengan keluarga?" in wrong.content.decode()
    long = stranger.post(reverse("ask-office"), asked_of_the_city(stage, text="a" * 2001))
    assert long.status_code == 422 and "2.000 huruf" in text(long)
    assert Inquiry.objects.count() == before


@pytest.mark.parametrize("words", ["NIP saya 198503152010012001", "hubungi 0812-3456-7890"])
def test_a_number_in_a_question_is_told_at_its_field_and_nothing_is_kept(stranger, stage, words):
    before = Inquiry.objects.count()
    page = stranger.post(reverse("ask-office"), asked_of_the_city(stage, text=words, names_nobody="on"))
    assert page.status_code == 422 and "Hapus dulu" in text(page) and words in page.content.decode()
    assert Inquiry.objects.count() == before


def test_what_looks_like_a_name_is_asked_about_once_and_may_be_sent_when_it_is_none(stranger, stage):
    before = Inquiry.objects.count()
    written = asked_of_the_city(stage, text="Kata Bu Melati Kampung boleh. Benarkah?")
    assert "names_nobody" not in stranger.get(reverse("ask-office"), written).content.decode()
    page = stranger.post(reverse("ask-office"), written)
    assert page.status_code == 422 and "“Melati Kampung”" in text(page)
    assert 'name="names_nobody"' in page.content.decode() and Inquiry.objects.count() == before
    sent = stranger.post(reverse("ask-office"), written | {"names_nobody": "on"})
    assert sent.status_code == 200 and Inquiry.objects.count() == before + 1


def test_whoever_asks_learns_until_when_an_unanswered_question_is_kept(stranger, stage):
    page = text(stranger.post(reverse("ask-office"), asked_of_the_city(stage)))
    assert "tidak dijawab sampai 23 April 2025 dihapus dengan sendirinya" in page


def test_the_rows_of_the_queue_differ_by_how_the_question_begins_and_how_long_it_waits(stranger, stage):
    first, second = "Bolehkah saya datang sebentar saja?", "Bolehkah saya datang bersama anak? " * 20
    for words in (first, second):
        stranger.post(reverse("ask-office"), asked_of_the_city(stage, text=words))
    rows = text(browser(stage.rina).get(reverse("opinions")))
    assert f"{first}" in rows and "Bolehkah saya datang bersama anak?" in rows and "…" in rows
    assert "hari ini · dihapus 23 April 2025 bila tidak dijawab" in rows


@pytest.mark.parametrize("day", ["9999-12-31", "2026-10-26"])
def test_an_opinion_for_longer_than_two_years_is_refused_at_its_field(stranger, stage, day):
    page = stranger.post(reverse("ask-office"), asked_of_the_city(stage))
    inquiry = guidance.inquiry_of(re.search(r"<code>([0-9A-Z-]{19})</code>", page.content.decode())[1])
    said = {
        "verdict": "ask", "text": "Tunggu.", "facts": "Penanya PNS.", "valid_until": day,
        "cites": stages.cites_of(inquiry)[:1],
    }  # fmt: skip
    refused = browser(stage.rina).post(reverse("opinion", args=[inquiry.pk]), said)
    assert refused.status_code == 422 and "paling lama dua tahun" in text(refused)
    assert "25 Oktober 2026" in text(refused)


def test_where_nobody_answers_the_pages_say_whom_to_ask_instead(stage, stranger, monkeypatch):
    monkeypatch.setattr(guidance, "offices", lambda now, region="": [])
    monkeypatch.setattr(guidance, "anybody_answers", lambda now: False)
    assert "Tanyakan kepada atasan langsung" in text(answer(stranger, kegiatan="attend-campaign"))
    page = stranger.get(reverse("ask-office"), {"kegiatan": "vote", "status": "pns"})
    assert page.status_code == 200 and "Belum ada petugas yang menjawab" in text(page)


def test_an_officer_whose_role_ended_reads_no_question(stage):
    accounts.end_grant(stage.home.grant, by=None, now=MORNING)
    rina = browser(stage.rina)
    assert rina.get(reverse("opinions")).status_code == 403
    assert rina.get(reverse("opinion", args=[stage.home.inquiry.pk])).status_code == 403


def test_words_of_a_stranger_are_never_markup_on_the_officers_page(stranger, stage):
    stranger.post(reverse("ask-office"), asked_of_the_city(stage, text="<img src=x onerror=alert(1)> boleh?"))
    inquiry = Inquiry.objects.latest("pk")
    page = browser(stage.rina).get(reverse("opinion", args=[inquiry.pk])).content.decode()
    assert "<img src=x" not in page and "&lt;img src=x" in page


# --- the library -------------------------------------------------------------------------------------------------


def test_an_opinion_enters_the_library_after_a_second_look_and_leaves_it(stranger, stage):
    rina = browser(stage.rina)
    address = reverse("opinion-publish", args=[stage.home.answered.pk])
    form = {"question": "Bolehkah menekan tombol suka?", "facts": "PNS.", "text": "Jangan, lihat ponsel."}
    assert "Baca sekali lagi, lalu centang" in text(rina.post(address, form))
    named = rina.post(address, {**form, "text": "Hubungi 081234567890", "looked_again": "on"})
    assert named.status_code == 422 and "Teks ini memuat nomor" in text(named)
    assert "tombol suka" not in text(stranger.get(reverse("opinion-library")))
    assert rina.post(address, {**form, "looked_again": "on"}).status_code == 302
    listed = stranger.post(reverse("opinion-library"), {"words": "TOMBOL ponsel"})
    assert "Bolehkah menekan tombol suka?" in text(listed)
    assert "Tidak ada pendapat yang memuatnya" in text(stranger.post(reverse("opinion-library"), {"words": "kereta"}))
    by_activity = stranger.get(reverse("opinion-library"), {"kegiatan": "like-candidate-post"})
    assert "Bolehkah menekan tombol suka?" in text(by_activity)
    published = stage.home.answered.opinion.published.standing().get()
    page = stranger.get(reverse("opinion-published", args=[published.pk]))
    assert "Jangan, lihat ponsel." in text(page) and "Pemerintah Kota Bukittinggi" in text(page)
    assert stage.home.answered.text not in page.content.decode(), "the asker's own words are not published"
    assert rina.post(reverse("opinion-withdraw", args=[published.pk])).status_code == 302
    assert stranger.get(reverse("opinion-published", args=[published.pk])).status_code == 404


def test_the_library_says_which_opinions_are_no_longer_up_to_date(stranger, stage, monkeypatch):
    monkeypatch.setattr(guidance, "standing", lambda opinion, today: guidance.RULES_CHANGED)
    assert "sudah tidak mutakhir" in text(stranger.get(reverse("opinion-library")))
    page = stranger.get(reverse("opinion-published", args=[stage.home.published.pk]))
    assert "Sudah tidak mutakhir." in text(page)


def test_the_pages_that_lead_here_are_linked_from_the_front_and_the_home(stranger, stage):
    assert reverse("ask") in stranger.get("/").content.decode()
    assert reverse("ask") in browser(stage.sari).get(reverse("home")).content.decode()
