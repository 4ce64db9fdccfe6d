"""Reasons are told in sentences of the reader's language: labels for ids, days in words, nothing left as a code."""

import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest
import yaml
from django.utils import translation
from django.utils.translation import reloader

import ikrar
from ikrar.domain import errors, guidance, terms
from ikrar.domain.assessment import Reason
from ikrar.domain.authority import Answer, PassedOver, question_of, resolve
from ikrar.domain.days import Skip
from ikrar.domain.errors import DomainError
from ikrar.domain.guidance import ActivityAdvice, Who
from ikrar.domain.offices import Seat
from ikrar.domain.rulebook import Rulebook
from ikrar.domain.sources import Label
from ikrar.services import rules
from ikrar.web import messages, reasons

REPOSITORY = Path(ikrar.__file__).parent.parent
CATALOGUE = REPOSITORY / "ikrar" / "web" / "locale" / "en" / "LC_MESSAGES" / "django.po"
BUILD = runpy.run_path(str(REPOSITORY / "tools" / "build_messages.py"))
SCENARIOS = REPOSITORY / "tests" / "domain" / "scenarios" / "authority.yaml"


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return rules.book()


@pytest.fixture(scope="module", autouse=True)
def built():
    """Compile the catalogue and let Django forget what it read before."""
    BUILD["main"]()
    reloader.translation_file_changed(None, CATALOGUE.with_suffix(".mo"))


def said(book: Rulebook, language: str, code: str, **values: str) -> str:
    with translation.override(language):
        return reasons.sentence(book, Reason(code, tuple((name.rstrip("_"), value) for name, value in values.items())))


# --- values in words ---------------------------------------------------------------------------------------------

LIKE = "skb22-discipline-06-social-media-engagement"
BOTH = {
    "the label of an act": (
        ("act_applies", {"act": LIKE}),
        "Bila terbukti, perbuatan ini termasuk “Membuat unggahan, berkomentar, membagikan, menyukai, bergabung atau"
        " mengikuti grup/akun pemenangan calon”.",
        "If it is proven, this act comes under “Posting, commenting, sharing, liking, joining or following a candidate's"
        " winning-team group or account”.",
    ),
    "a form where no act is named": (
        ("unfit_person", {"form": "declare-self"}),
        "“Mendeklarasikan diri sebagai bakal calon” tidak ditujukan kepada orang dengan status kepegawaian ini.",
        "“Declaring oneself a would-be candidate” is not addressed to a person of this employment.",
    ),
    "a status": (
        ("status_given_against_calendar", {"status": "determined", "calendar": "would-be"}),
        "Status calon dipakai seperti yang disebut: calon yang sudah ditetapkan. Menurut kalender: bakal calon, belum"
        " ditetapkan.",
        "The candidate's status is taken as given: determined candidate. By the calendar: would-be candidate, not"
        " determined yet.",
    ),
    "an election": (
        ("election_by_calendar", {"election": "pilkada-2024"}),
        "Dinilai untuk pemilihan menurut kalender: Pemilihan serentak nasional 2024.",
        "Judged for the election that the calendar gives: National simultaneous regional elections 2024.",
    ),
    "a kind of election": (
        ("election_assumed", {"election": "pilkada"}),
        "Jenis pemilihannya tidak disebut; jawaban ini mengandaikan Pilkada, karena perbuatan ini hanya diatur untuk itu.",
        "The kind of election was not said; this answer assumes regional elections, since this act is ruled on for that"
        " alone.",
    ),
    "sanctions": (
        ("sanction_suspended", {"sanction": "moderate-tukin-25-6m", "meanwhile": "interim-moderate-increment-1y"}),
        "“Pemotongan tunjangan kinerja 25% selama 6 bulan” belum dapat dipilih pada hari itu; sementara itu: “Penundaan"
        " kenaikan gaji berkala selama 1 tahun”.",
        None,
    ),
    "a sanction with nothing in its place": (
        ("sanction_suspended", {"sanction": "moderate-tukin-25-6m", "meanwhile": ""}),
        "“Pemotongan tunjangan kinerja 25% selama 6 bulan” belum dapat dipilih pada hari itu.",
        None,
    ),
    "an office, a row and a level": (
        ("no_row", {"post_level": "jpt_madya", "agency_kind": "regency", "level": "severe"}),
        "Untuk jabatan JPT Madya di kabupaten dengan tingkat berat, buku aturan tidak menyebut siapa yang berwenang.",
        "For a post of level Senior executive, second class, agency: regency, and a sanction of level severe, the rulebook"
        " names no authority.",
    ),
    "an office of the matrix": (
        ("rows_overlap", {"row": "ppk-regency-city-administrator-below", "authority": "PPK Kabupaten/Kota"}),
        "Baris “Administrator ke bawah” menyebut PPK Kabupaten/Kota untuk orang yang sama. Mana yang didahulukan tidak ada"
        " di buku aturan.",
        "The row “Administrators and below” names another authority for the same person: Appointing authority (PPK) of a"
        " regency or city. Which goes first is not in the rulebook.",
    ),
    "an office beside the matrix": (
        ("council_former_conflicted", {"of": "Menteri Dalam Negeri", "why": "relative"}),
        "Menteri Dalam Negeri tidak dapat membentuk Majelis Kode Etik: ia berkeluarga dengan orang dalam perkara ini. Siapa"
        " penggantinya tidak ada di buku aturan.",
        "Minister of Home Affairs cannot form the ethics council: they are related to somebody in the matter. Who forms it"
        " instead is not in the rulebook.",
    ),
    "days, the last of them as people say it": (
        ("body_disputed", {"body": "kasn", "from_": "2023-10-31", "until": "2024-09-17"}),
        "Tentang Komisi Aparatur Sipil Negara (KASN), sumber berbeda untuk hari-hari dari 31 Oktober 2023 sampai"
        " 16 September 2024. Semua bacaan disebut.",
        "For the days from 31 October 2023 to 16 September 2024 the sources differ about this body: Civil Service Commission"
        " (KASN). Every reading is given.",
    ),
    "days that are open": (
        ("day_not_covered", {"row": "village-staff", "from_": "", "until": ""}),
        "Untuk “perangkat desa”, buku aturan hanya memuat hari-hari dari hari yang tidak diketahui sampai sekarang. Untuk"
        " hari lain belum diketahui.",
        None,
    ),
    "a body after which none is due": (
        ("body_ended_no_other", {"body": "bkn", "until": "2027-10-16", "due": ""}),
        "Badan Kepegawaian Negara (BKN) mengawasi sampai 15 Oktober 2027. Siapa sesudah itu belum diketahui.",
        None,
    ),
    "an employment as the roster calls it": (
        ("person_not_in_data", {"employment": "kades"}),
        "Siapa yang berwenang atas kepala desa tidak ada di buku aturan.",
        "Who is the authority over a village head is not in the rulebook.",
    ),
    "a post in the words of the one who asked": (
        ("person_not_in_data", {"employment": "Camat Guguk Panjang"}),
        "Siapa yang berwenang atas Camat Guguk Panjang tidak ada di buku aturan.",
        None,
    ),
    "a circumstance that lifts an act by being so": (
        ("act_lifted", {"form": "approach-party", "circumstance": "resigned"}),
        "“Mendekati partai atau masyarakat agar dicalonkan” tidak mengenai ini, menurut yang Anda sebut: sudah mengundurkan"
        " diri secara tertulis.",
        None,
    ),
    "a circumstance that lifts an act by not being so": (
        ("act_lifted", {"form": "campaign-attributes", "circumstance": "hand-sign"}),
        "“Menjadi peserta kampanye dengan atribut partai atau atribut PNS” tidak mengenai ini, menurut yang Anda sebut:"
        " tanpa simbol tangan atau gerakan tanda dukungan.",
        None,
    ),
    "a statement and what breaks it": (
        ("statement_condition_broken", {"statement": "passive-attendance-at-distance", "circumstance": "at-a-distance"}),
        "Syarat dalam pernyataan ini tidak terpenuhi: “Menyimak dari kejauhan; membaca visi misi di laman KPU (Halmahera"
        " Barat)” – Bawaslu Halmahera Barat. Yang Anda sebut: berada di tengah kegiatan.",
        None,
    ),
    "a point of the pledge": (
        ("pledge", {"number": "4"}),
        "Ini tidak sejalan dengan ikrar netralitas, butir 4: “Menolak politik uang dan segala pemberian”.",
        "This does not go with the pledge of neutrality, point 4: “Reject money politics and any gifts”.",
    ),
    "what an answer rests on": (
        ("basis", {"activity": "ask-my-superior"}),
        "Dasarnya: “Bertanya lebih dulu tidak dilarang dan melindungi Anda”.",
        "It rests on this: “Asking first is not barred and protects you”.",
    ),
    "a relation and an activity": (
        ("read_as", {"activity": "spouse-hand-sign", "relation": "spouse-of-candidate"}),
        "Bagi suami atau istri calon, pertanyaan ini dibaca sebagai “Menunjukkan simbol tangan bersama suami atau istri yang"
        " calon”.",
        None,
    ),
    "a fact that was not told": (
        ("fact_missing", {"fact": "employment"}),
        "Sebutkan status kepegawaian (PNS, PPPK, …); jawabannya bergantung pada itu.",
        "Give the employment (PNS, PPPK, …); the answer depends on it.",
    ),
    "how much of a text was read": (
        ("text_cut", {"characters": "4000"}),
        "Tulisan ini panjang; yang dibaca hanya 4000 huruf pertama.",
        "This text is long; only the first 4000 characters were read.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BOTH)
def test_a_sentence_tells(what, book):
    (code, values), indonesian, english = BOTH[what]
    assert said(book, "id", code, **values) == indonesian
    if english:
        assert said(book, "en", code, **values) == english


def test_a_code_that_nobody_knows_is_an_error(book):
    with pytest.raises(KeyError):
        reasons.sentence(book, Reason("made_up"))


def test_an_act_is_alleged_until_it_is_decided(book):
    assert said(book, "id", "act_applies", act=LIKE).startswith("Bila terbukti")


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("id", "PPK Kabupaten/Kota (penjabat sementara (Pjs.)) tidak dapat memutuskan: ia sendiri calon."),
        (
            "en",
            "Appointing authority (PPK) of a regency or city (temporary acting head (Pjs.)) cannot decide: they are a candidate.",
        ),
    ],
)
def test_a_holder_who_is_passed_over_is_told_with_the_reason(book, language, wanted):
    with translation.override(language):
        assert reasons.passed_over(book, PassedOver("PPK Kabupaten/Kota", Seat.PPK, "candidate", "pjs")) == wanted


def test_an_office_that_is_passed_over_is_told_with_the_reason(book):
    with translation.override("id"):
        told = reasons.passed_over(book, PassedOver("Pengawas", Seat.PENGAWAS, "vacant"))
    assert told == "Pengawas tidak dapat memutuskan: jabatannya kosong."


def test_words_are_told_in_both_languages():
    wanted = {
        "allowed": ("Boleh", "Allowed"),
        "allowed_if": ("Boleh, asal…", "Allowed, if…"),
        "ask": ("Tanyakan", "Ask a person"),
        "not_allowed": ("Tidak boleh", "Not allowed"),
    }
    for number, language in enumerate(("id", "en")):
        with translation.override(language):
            assert {value: reasons.word("verdict", value) for value in wanted} == {
                value: words[number] for value, words in wanted.items()
            }


def test_no_value_has_no_word_and_a_value_that_nobody_knows_is_an_error():
    assert reasons.word("candidate_status", None) == reasons.word("capacity", "") == ""
    with pytest.raises(KeyError):
        reasons.word("verdict", "perhaps")


def test_a_form_offers_every_value_but_none():
    assert dict(reasons.choices("relation"))["relative"] == "keluarga calon"
    assert "" not in dict(reasons.choices("agency_kind"))


@pytest.mark.parametrize(
    ("kind", "id", "wanted"),
    [
        ("term", "pp94-second-summons", "Panggilan kedua bila tidak hadir"),
        ("authority", "village-head", "Bupati/Wali Kota"),
        ("rule", "team-light-none", "Ringan: diperiksa atasan langsung, tanpa tim"),
        ("stage", "quiet-period", "Masa tenang"),
    ],
)
def test_an_id_is_told_by_its_name(book, kind, id, wanted):
    with translation.override("id"):
        assert reasons.name(book, kind, id, election="pilkada-2024") == wanted


# --- everything that the domain really answers -------------------------------------------------------------------


@cache
def scenarios() -> list[Answer]:
    """The answers of the scenarios of authority, without those that are refused."""
    found = []
    for each in yaml.safe_load(SCENARIOS.read_text(encoding="utf-8"))["scenarios"]:
        asked = {name: value for name, value in each.items() if name not in ("name", "day", "expect")}
        try:
            found.append(resolve(rules.book(), question_of(asked, each["day"])))
        except DomainError:
            assert "error" in each["expect"], each["name"]
    return found


def of_authority() -> Iterator[Reason]:
    for answer in scenarios():
        yield from answer.reasons
        yield from (role.reason for role in answer.roles())
        yield from (other.reason for other in answer.also)
        if answer.team is not None:
            yield answer.team.reason


PEOPLE = [("pns", "none"), ("pns", "spouse-of-candidate"), ("honorer", "relative"), ("kepala desa", "none"),
          ("pppk", "candidate"), ("tni", "none"), ("none", "none")]  # fmt: skip
DAYS = [date(2018, 5, 1), date(2019, 2, 1), date(2024, 9, 21), date(2024, 10, 1), date(2028, 1, 3)]


def of_guidance(book: Rulebook) -> Iterator[Reason]:
    everything = list(book.guidance.activities)
    facts = [{}, dict.fromkeys(book.guidance.circumstances, True), dict.fromkeys(book.guidance.circumstances, False)]
    for number, (day, (employment, relation)) in enumerate((day, who) for day in DAYS for who in PEOPLE):
        # A third of the activities at a time: over all people and days, each is asked about many times.
        asked = everything[number % 3 :: 3]
        region = "74.01" if number % 2 else "13.76"
        advice = guidance.advise(
            book, asked, day=day, region=region, who=Who(employment, "", relation), facts=facts[number % len(facts)]
        )
        yield from advice.reasons
        for part in advice.activities:
            yield from of_activity(part)


def of_activity(part: ActivityAdvice) -> Iterator[Reason]:
    yield from part.reasons
    for act in (*part.acts, *part.risks):
        yield from act.reasons


def ids(book: Rulebook) -> set[str]:
    """Every id that has a hyphen, so that no word of a sentence is taken for one."""
    kinds = (
        book.acts, book.forms, book.sanctions, book.elections, book.authorities, book.authority_rules, book.bodies,
        book.guidance.activities, book.guidance.statements, book.guidance.circumstances, book.terms,
    )  # fmt: skip
    return {id for kind in kinds for id in kind if "-" in id}


@pytest.fixture(scope="module")
def answered(book) -> set[Reason]:
    return {*of_authority(), *of_guidance(book)}


def test_the_answers_give_most_of_the_reasons(answered):
    assert len({reason.code for reason in answered}) > 80


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_reason_of_an_answer_is_a_whole_sentence(language, answered, book):
    known = ids(book)
    with translation.override(language):
        for reason in answered:
            told = reasons.sentence(book, reason)
            assert told.endswith(".") and "%(" not in told and "_" not in told, (reason, told)
            # Of the words of a sentence, only an id of this very reason can have been left as it is.
            left = known & {value for _, value in reason.values}
            assert left.isdisjoint(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", told)), (reason, told)
            assert not re.search(r"\d{4}-\d{2}-\d{2}", told), (reason, told)


def test_whoever_is_passed_over_is_told(book):
    passed = {each for answer in scenarios() for each in answer.passed_over}
    assert len({each.why for each in passed}) > 4
    for each in passed:
        assert reasons.passed_over(book, each).endswith(".")


def test_a_rule_turns_on_what_makes_things_worse_and_is_lifted_by_what_makes_them_better(book):
    """So it can be told from the circumstance alone whether it lifts an act by being so."""
    circumstances = book.guidance.circumstances
    for activity in book.guidance.activities.values():
        for rule in activity.judged_by:
            assert not any(circumstances[id].favourable for id in rule.when), activity.id
            assert all(circumstances[id].favourable for id in rule.unless), activity.id


# --- time limits -------------------------------------------------------------------------------------------------


def test_a_day_that_was_skipped_is_told_with_the_name_of_the_holiday():
    christmas = Label("Hari Raya Natal", "Christmas Day")
    with translation.override("id"):
        assert reasons.skipped(terms.Skipped(date(2024, 12, 25), Skip.PUBLIC_HOLIDAY, christmas)) == (
            "libur nasional: Hari Raya Natal"
        )
        assert reasons.skipped(terms.Skipped(date(2024, 12, 28), Skip.SATURDAY)) == "Sabtu"
    with translation.override("en"):
        assert reasons.skipped(terms.Skipped(date(2024, 12, 25), Skip.PUBLIC_HOLIDAY, christmas)) == (
            "public holiday: Christmas Day"
        )


def test_every_reading_of_every_term_is_told(book):
    told = set()
    for term in book.terms.values():
        start = datetime(2024, 11, 25, 9, 30) if term.in_hours else date(2024, 11, 25)
        clock, ends = terms._run(term, start, book.holidays, (), ())
        told |= {reasons.reading(each) for each in clock.readings(ends)}
    assert "7 hari kerja" in told
    assert any("cuti bersama dihitung sebagai hari kerja" in each for each in told)
    assert not any("%(" in each or "_" in each for each in told)


def test_a_reading_counts_in_the_readers_language():
    latest = terms.Meaning.LATEST
    one = terms.TermReading(terms.Way(1, terms.Count.WORKING_DAYS), None, latest, unknown_year=2027)
    other = terms.Way(14, terms.Count.CALENDAR_DAYS, None, terms.Basis.ALTERNATIVE)
    many = terms.TermReading(other, date(2024, 12, 9), latest)
    with translation.override("id"):
        assert reasons.reading(one) == "1 hari kerja (menunggu hari libur tahun 2027)"
        assert reasons.reading(many) == "14 hari kalender (menurut pendapat lain)"
    with translation.override("en"):
        assert reasons.reading(one) == "1 working day (waits for the holidays of 2027)"
        assert reasons.reading(many) == "14 calendar days (by another opinion)"


# --- refusals ----------------------------------------------------------------------------------------------------

REFUSED = [
    (
        errors.PersonUnknown("astronot"),
        "Buku aturan tidak mengenal status kepegawaian “astronot”. Tulis misalnya PNS, CPNS, PPPK, honorer, TNI, Polri, atau"
        " kepala desa.",
    ),
    (
        errors.PersonUnknown(""),
        "Sebutkan status kepegawaian, misalnya PNS, PPPK, atau honorer; jawabannya bergantung pada itu.",
    ),
    (
        errors.RuleNotInForce(LIKE, date(2020, 11, 1)),
        f"Untuk 1 November 2020, buku aturan tidak memuat aturan “{LIKE}” yang berlaku. Itu belum berarti boleh.",
    ),
    (
        errors.RuleNotInForce("a", date(2020, 11, 1), ("b", "c")),
        "Untuk 1 November 2020, buku aturan tidak memuat aturan “a” yang berlaku. Itu belum berarti boleh. Pada hari itu"
        " perbuatan yang sama diatur oleh: b, c.",
    ),
    (
        errors.FactMissing("candidate_status"),
        "Sebutkan status calonnya pada hari itu; jawabannya bergantung pada itu.",
    ),
    (
        errors.ValueUnknown("level", "gawat", ("light", "moderate")),
        "“gawat” tidak dikenal sebagai isi untuk tingkat pelanggaran atau hukumannya. Yang dikenal: light, moderate.",
    ),
    (
        errors.ValueUnknown("conflicts", "7", ("a list",)),
        "“7” tidak dikenal sebagai isi untuk alasan tidak boleh memutuskan. Yang dikenal: daftar.",
    ),
    (
        errors.HolidaysUnknown(2027),
        "Hari libur tahun 2027 belum ditetapkan atau belum ada di buku aturan, jadi hari kerjanya belum dapat dihitung.",
    ),
    (
        errors.TermStartWrong("pilkada-report-repair", "local_time"),
        "Batas waktu ini dihitung dalam jam. Isi tanggal dan jam setempat, tanpa zona waktu"
        " (2024-11-25T09:30).",
    ),
    (
        errors.TermRegimeWrong("pilkada-handling", "pilkada", "pemilu-2024"),
        "Batas waktu ini berlaku untuk Pilkada, bukan untuk pemilu-2024.",
    ),
    (
        errors.TermNotInForce("t", date(2024, 11, 1), "2020-09-10/2022-09-21"),
        "Menurut buku aturan, batas waktu ini diketahui berlaku dari 10 September 2020 sampai 21 September 2022. Untuk 1 November 2024 tidak diketahui.",
    ),
    (
        errors.TermNotInForce("t", date(2020, 11, 1), "2021-08-31/.."),
        "Menurut buku aturan, batas waktu ini diketahui berlaku sejak 31 Agustus 2021. Untuk 1 November 2020 tidak diketahui.",
    ),
    (
        errors.QuestionNotUnderstood(False),
        "Pertanyaan ini tidak terbaca sebagai bahasa Indonesia. Tulis dengan kata sehari-hari, atau pilih dari daftar.",
    ),
    (
        errors.QuestionNotUnderstood(True),
        "Tulisan ini terlalu panjang, dan bagian awalnya tidak terbaca sebagai bahasa Indonesia. Tulis pertanyaan yang pendek"
        " dengan kata sehari-hari, atau pilih dari daftar.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("error", "wanted"), REFUSED, ids=lambda each: getattr(each, "code", ""))
def test_a_refusal_says_what_is_missing_and_how_to_mend_it(error, wanted):
    with translation.override("id"):
        assert messages.sentence(error) == wanted


def test_a_refusal_tells_days_in_the_readers_language():
    with translation.override("en"):
        told = messages.sentence(errors.TermPaused("t", date(2024, 8, 1)))
    assert told == "This time limit stands still since 1 August 2024 and has not gone on, so it has no last day yet."


# --- without the framework ---------------------------------------------------------------------------------------

ALONE = f"""
import sys, time
from django.conf import settings
settings.configure(USE_I18N=False)
before = time.perf_counter()
from ikrar.web import messages, reasons
took = time.perf_counter() - before
loaded = set(sys.modules)
from ikrar.domain.assessment import Reason
from ikrar.domain.errors import FactMissing
from ikrar.services import rules
print(f"{{took:.3f}} s")
print(sorted(each for each in loaded if each.startswith(("ikrar.records", "ikrar.services", "django.db"))))
print(messages.sentence(FactMissing("act")))
print(reasons.sentence(rules.book(), Reason("act_applies", (("act", "{LIKE}"),))))
print(reasons.word("verdict", "allowed_if"))
print(reasons.sentence(rules.book(), Reason("goes_up", (("passed", "Pengawas"), ("authority", "Administrator")))))
"""


def test_sentences_are_said_without_the_framework_being_set_up():
    """The commands about the law configure one setting and import the sentences; these are then Indonesian."""
    done = subprocess.run(
        [sys.executable, "-c", ALONE], cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    took, loaded, *told = done.stdout.splitlines()
    sys.stdout.write(f"importing the sentences took {took}\n")  # how long it may take is no matter of this test
    assert loaded == "[]"
    assert told == [
        "Sebutkan perbuatannya; jawabannya bergantung pada itu.",
        said(rules.book(), "id", "act_applies", act=LIKE),
        "Boleh, asal…",
        "Pengawas tidak dapat memutuskan, jadi wewenangnya naik ke Administrator.",
    ]
