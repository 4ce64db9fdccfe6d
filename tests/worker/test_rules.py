"""The commands about the law, as a program speaks to them: a line in, a line out, and no line stops the next."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ikrar.domain.acts import CONTESTS, LEVELS
from ikrar.domain.assessment import STATUSES
from ikrar.domain.offices import CONFLICTS, AgencyKind, Capacity, Leave
from ikrar.domain.roster import Level
from ikrar.worker import lines as json_lines
from ikrar.worker import rules
from tests import children

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]


def lines(command, *questions, arguments=()):
    """Send questions (objects, or lines as they are) to one process and return its answers."""
    text = b"".join(
        each if isinstance(each, bytes) else f"{each if isinstance(each, str) else json.dumps(each)}\n".encode()
        for each in questions
    )
    done = children.run("-m", "ikrar", command, *arguments, typed=text)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.decode().split("\n")[:-1]]


LIKE = {
    "act": "skb22-discipline-06-social-media-engagement", "on": "2024-10-01", "employment": "pns",
    "election": "pilkada-2024", "region": "13.76", "candidate_status": "determined",
}  # fmt: skip


def test_an_act_is_assessed_with_reasons_in_sentences_and_citations():
    (answer,) = lines("assess", LIKE)
    assert (answer["kind"], answer["level"], answer["stage"]) == ("discipline", "severe", "campaign")
    assert answer["sanctions"] == ["severe-demotion-12m", "severe-release-12m", "severe-dismissal-honourable"]
    assert "PP 94/2021 Pasal 5 huruf n angka 5" in answer["cites"]
    assert answer["reasons"] and all(reason.endswith(".") for reason in answer["reasons"])
    assert answer["also"] == [] and answer["confidence"] == "confirmed"
    assert set(answer) == {
        "act", "form", "kind", "level", "standing", "sanctions", "cites", "stage", "candidate_status", "confidence",
        "reasons", "readings", "also",
    }  # fmt: skip


def test_a_line_that_is_wrong_is_answered_by_its_field_and_the_next_one_is_read():
    wrong = {
        "act": LIKE | {"act": "nothing"},
        "on": LIKE | {"on": "2023-02-29"},
        "employment": LIKE | {"employment": None},
        "candidate_status": LIKE | {"candidate_status": "maybe"},
        "contest": LIKE | {"contest": "mayor"},
        "region": LIKE | {"region": "Payakumbuh"},
        "election": {**LIKE, "election": "pilkada-2031", "candidate_status": None},
        "colour": LIKE | {"colour": "red"},
    }
    *answers, good = lines("assess", *wrong.values(), LIKE)
    assert [answer["field"] for answer in answers] == list(wrong)
    assert all(answer["error"] and answer["says"] and "%(" not in answer["says"] for answer in answers)
    assert good["kind"] == "discipline"
    bad, nothing, good = lines("assess", "{not json", "[1, 2]", LIKE)
    assert bad["error"] == nothing["error"] == "line_wrong" and good["kind"] == "discipline"


GOOD = {
    "assess": LIKE,
    "suggest-acts": {"text": "guru menyukai postingan paslon", "on": "2024-10-01"},
    "ask": {"question": "boleh like postingan paslon?", "on": "2024-10-01", "who": {"employment": "pns"}},
    "due": {"term": "pp94-second-summons", "start": "2024-11-25"},
    "authority": {
        "person": {"post_level": "administrator", "agency_kind": "regency"}, "level": "severe", "on": "2024-10-01",
    },
}  # fmt: skip


@pytest.mark.parametrize("command", GOOD)
def test_half_a_sign_is_a_bad_line_and_the_stream_goes_on(command):
    good = json.dumps(GOOD[command])
    half = good.replace(': "2024-', ': "\\ud8002024-', 1)
    *bad, last = lines(
        command,
        half,
        '{"\\udfff": 1}',
        '{"post": {"\\ud800": "\\ud800"}}',
        b'{"on": "\xff"}\n',
        b"\xed\xa0\x80\n",
        b"\n",
        good,
    )
    assert [each["error"] for each in bad] == ["line_wrong"] * 5
    assert [each["field"] for each in bad[1:]] == ["line", "post", "line", "line"]
    assert "error" not in last


def test_a_mark_at_the_beginning_is_taken_and_white_space_is_no_line():
    marked, next_one = lines("assess", b"\xef\xbb\xbf" + json.dumps(LIKE).encode() + b"\r\n \t\r\n\xef\xbb\xbf\n", LIKE)
    assert marked == next_one and marked["kind"] == "discipline"


def test_a_key_given_twice_is_refused_by_its_name():
    top, inner, number = lines(
        "ask",
        '{"on": "2024-10-01", "on": "2022-10-01", "question": "boleh like?"}',
        '{"question": "boleh like?", "on": "2024-10-01", "who": {"employment": "pns", "employment": "tni"}}',
        '{"question": NaN, "on": "2024-10-01"}',
    )
    assert [(each["error"], each["field"]) for each in (top, inner)] == [
        ("key_twice", "on"),
        ("key_twice", "employment"),
    ]
    assert number["error"] == "line_wrong"


def test_what_is_wrong_is_told_with_what_is_known_for_that_field():
    form, day, key, employment, status, region, other_form, nothing = lines(
        "assess",
        {"form": "nope", "on": "2024-10-01", "employment": "pns"},
        LIKE | {"on": "2023-02-29"},
        LIKE | {"colour": "red"},
        LIKE | {"employment": ["pns"]},
        LIKE | {"candidate_status": True},
        LIKE | {"region": "99.99"},
        LIKE | {"form": "campaign-team"},
        {"on": "2024-10-01", "employment": "pns"},
    )
    assert form["field"] == "form" and "social-media-engagement" in form["known"]
    assert day["field"] == "on" and "hari yang ada di kalender" in day["says"]
    assert key["field"] == "colour" and "kolom" not in key["says"] and "candidate_status" in key["known"]
    assert employment["field"] == "employment" and '["pns"]' in employment["says"] and "pppk" in employment["known"]
    assert status["field"] == "candidate_status" and status["value"] == "true"
    assert status["known"] == ["none", "would-be", "determined"]
    assert (region["error"], region["field"]) == ("region_unknown", "region")
    assert other_form["field"] == "form" and other_form["known"] == ["social-media-engagement"]
    assert (nothing["error"], nothing["field"]) == ("fact_missing", "act")
    number, number_term = lines("due", GOOD["due"] | {"start": 20241125}, GOOD["due"] | {"term": 5})
    assert number["field"] == "start" and "hari yang ada di kalender" in number["says"]
    assert number_term["field"] == "term" and "teks di antara tanda kutip" in number_term["says"]
    for each in (form, day, key, employment, status, region, other_form, nothing):
        assert "['" not in each["says"] and "True" not in each["says"] and "%(" not in each["says"]


def test_blank_text_is_no_text_and_an_empty_list_is_none():
    blank, empty = lines("suggest-acts", {"text": "   ", "on": "2024-10-01"}, {"text": "", "on": "2024-10-01"})
    assert blank == empty and (blank["error"], blank["field"]) == ("fact_missing", "text")
    who, question = lines(
        "ask", GOOD["ask"] | {"who": []}, GOOD["ask"] | {"question": " \t"},
    )  # fmt: skip
    assert who["field"] == "who" and who["known"] == ["employment", "post", "relation"]
    assert question["field"] == "question"


def test_an_activity_beside_a_question_about_another_is_refused():
    ask = {"on": "2024-10-01", "who": {"employment": "pns"}, "question": "boleh like postingan paslon?"}
    other, same, silent, unknown = lines(
        "ask",
        ask | {"activity": "vote"},
        ask | {"activity": "like-candidate-post"},
        ask | {"activity": "vote", "question": "asdf qwer"},
        ask | {"activity": "nothing"},
    )
    assert (other["error"], other["field"]) == ("activity_contradicted", "activity")
    assert other["heard"] == ["like-candidate-post"]
    assert same["activity"] == "like-candidate-post" and silent["activity"] == "vote"
    assert (unknown["error"], unknown["field"]) == ("activity_unknown", "activity")


def test_words_that_a_term_or_an_authority_does_not_take_are_refused_by_field():
    regime, election, region, start, compact = lines(
        "due",
        GOOD["due"] | {"regime": "nope"},
        GOOD["due"] | {"regime": "pilkada-2031"},
        GOOD["due"] | {"region": "99.99"},
        GOOD["due"] | {"start": "2023-02-29"},
        GOOD["due"] | {"start": "20241125"},
    )
    assert regime["field"] == election["field"] == "regime" and "pilkada-2024" in regime["known"]
    assert (region["error"], region["field"]) == ("region_unknown", "region")
    assert start["field"] == compact["field"] == "start" and start["error"] == compact["error"] == "value_unknown"
    level, leave, place, inner = lines(
        "authority",
        GOOD["authority"] | {"level": ["severe"]},
        GOOD["authority"] | {"holders": [{"authority": "Bupati", "leave": True}]},
        GOOD["authority"] | {"region": "99"},
        GOOD["authority"] | {"person": GOOD["authority"]["person"] | {"region": "99.99"}},
    )
    assert level["field"] == "level" and "severe" in level["known"]
    assert leave["field"] == "leave" and leave["known"] == ["campaign", "campaign-day", "other"]
    assert place["error"] == inner["error"] == "region_unknown"


DOCUMENT = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("level", LEVELS), ("post_level", Level), ("superior_level", Level), ("agency_kind", AgencyKind),
        ("capacity", Capacity), ("leave", Leave), ("conflicts", CONFLICTS), ("candidate_status", STATUSES),
        ("contest", CONTESTS),
    ],
)  # fmt: skip
def test_the_values_of_every_key_stand_in_the_document(key, values):
    (row,) = [line for line in DOCUMENT.splitlines() if line.startswith("|") and f"`{key}`" in line.split("|")[1]]
    words = re.split(r"[,;|] *| or ", row.split("|", 2)[2])
    assert {str(each) for each in values} <= {word.strip() for word in words}


def test_the_keys_of_every_answer_stand_in_the_document():
    for command, question in GOOD.items():
        (answer,) = lines(command, question)
        part = DOCUMENT.partition(f"### {command}")[2].partition("\n### ")[0]
        for key in answer:
            assert f'"{key}"' in part, (command, key)
    reading = lines("due", GOOD["due"])[0]["readings"][0]
    part = DOCUMENT.partition("### due")[2].partition("\n### ")[0]
    assert all(f'"{key}"' in part for key in reading)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.sampled_from(["pns", "2024-10-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def mostly(command):
    """Questions of a command with some of their values, or of what they hold, changed into anything."""
    good = GOOD[command]
    keys = st.sampled_from([*good, "region", "post", "who", "conflicts", "holders", "regime", "form", "activity"])
    return st.dictionaries(keys, json_values, max_size=4).map(lambda more: json.dumps(good | more).encode())


@pytest.mark.parametrize("command", GOOD)
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_line_gives_exactly_one_line(command, data):
    line = data.draw(st.binary(max_size=80) | mostly(command))
    said = [
        json_lines.line_of(rules.answer(command, each)).encode()
        for each in json_lines.asked([line.replace(b"\n", b"")])
    ]
    assert len(said) == (1 if line.removeprefix(b"\xef\xbb\xbf").replace(b"\n", b"").strip() else 0)
    for each in said:
        told = json.loads(each)
        assert b"\n" not in each and ("error" not in told or (told["field"] is not None and told["says"]))


def test_a_line_of_values_within_values_without_end_is_a_bad_line():
    deep, person, good = lines(
        "authority",
        "[" * 100_000,
        '{"on": "2024-10-01", "level": "severe", "person": {"post": ' + "[" * 900 + "]" * 900 + "}}",
        GOOD["authority"],
    )
    assert deep["error"] == "line_wrong" and person["error"] in ("line_wrong", "value_unknown") and good["authority"]


def test_an_act_outside_its_days_is_not_known_and_those_of_its_form_are_named():
    (answer,) = lines("assess", LIKE | {"on": "2021-01-01"})
    assert (answer["error"], answer["field"]) == ("rule_not_in_force", "on")
    assert "skb20-ethics-04-social-media-engagement" in answer["others"]


def test_what_is_not_known_is_refused_by_its_field_and_is_no_acquittal():
    form = {"form": "social-media-engagement", "on": "2024-10-01", "employment": "pns", "election": "pilkada-2024"}
    answers = lines(
        "assess",
        form | {"employment": "organiser"},
        form | {"form": "approach-party"},
        form | {"employment": "none", "post": "Lurah Tarok Dipo"},
        form | {"on": "2025-06-01"},
        form | {"contest": "president"},
        form | {"on": "1945-08-17"},
        form | {"on": "9999-12-31"},
    )
    assert [(answer["error"], answer["field"]) for answer in answers] == [
        ("not_known", "employment"), ("not_known", "candidate_status"), ("fact_missing", "employment"),
        ("election_over", "election"), ("value_unknown", "contest"), ("day_outside", "on"), ("day_outside", "on"),
    ]  # fmt: skip
    assert all(answer["says"].endswith("Itu belum berarti boleh.") for answer in answers[:2])


def test_a_post_is_read_as_words_and_what_it_leaves_open_is_weighed_by_a_person():
    form = {"form": "decision-favouring", "on": "2024-10-22", "employment": "pns", "election": "pilkada-2024"}
    official, leading, staff = lines(
        "assess",
        form | {"post": "asn-official"},
        form | {"post": "Sekretaris Daerah"},
        form | {"post": "staf kantor camat"},
    )
    assert official["also"][0]["sanctions"] == ["criminal-1-6m-600k-6m"]
    assert (leading["also"][0]["kind"], leading["also"][0]["standing"]) == ("criminal", "review")
    assert leading["also"][0]["sanctions"] == [] and staff["also"] == []


def test_an_election_that_the_rulebook_does_not_know_is_no_error_where_the_status_is_given():
    (answer,) = lines("assess", LIKE | {"election": "pilkada-2031"})
    assert (answer["kind"], answer["stage"]) == ("discipline", None)


def test_forms_are_listed_with_their_acts():
    found = {line["form"]: line["acts"] for line in lines("assess", arguments=["--forms"])}
    assert "skb22-ethics-04-social-media-engagement" in found["social-media-engagement"]
    assert len({act for acts in found.values() for act in acts}) >= 84
    read_in = {line["form"]: line["read_in"] for line in lines("assess", arguments=["--forms"])}
    assert {"uudesa-29-village-head", "tni-39-politics"} <= set(read_in["campaign-team"])


def test_a_term_is_counted_day_by_day():
    (answer,) = lines("due", {"term": "pp94-second-summons", "start": "2024-11-25", "regime": "pilkada-2024"})
    assert answer["last_day"] == "2024-12-05"
    assert answer["counted"][0] == "2024-11-26" and len(answer["counted"]) == 7
    assert {"date": "2024-11-27", "why": "public_holiday"} in [
        {"date": each["date"], "why": each["why"]} for each in answer["skipped"]
    ]
    assert answer["readings"][0]["last_day"] == "2024-12-05"
    assert answer["cites"] == ["PP 94/2021 Pasal 26 ayat (3)"]


def test_every_dispute_about_a_term_is_a_reading():
    summons, delivery, report, effective, quiet = lines(
        "due",
        {"term": "pp94-summons-to-exam", "start": "2024-10-07"},
        {"term": "pp94-decision-delivery", "start": "2024-10-07"},
        {"term": "pemilu-report-window", "start": "2024-01-15", "regime": "pemilu-2024"},
        {"term": "pp94-effective", "start": "2022-02-14"},
        {"term": "pp94-second-summons", "start": "2024-10-07"},
    )
    assert [each["disputed"] for each in (summons, delivery, report, effective, quiet)] == [True] * 4 + [False]
    assert [(each["reading"], each["meaning"]) for each in summons["readings"]] == [
        ("7_working_days", "latest"), ("7_working_days_as_earliest", "earliest"),
    ]  # fmt: skip
    assert summons["also_read_as"] == "earliest" and summons["readings"][1]["held_by"]
    assert delivery["last_day"] == "2024-10-25" and delivery["safe_day"] == "2024-10-21"
    assert ("14_calendar_days", "2024-10-21") in [(each["reading"], each["last_day"]) for each in delivery["readings"]]
    assert report["last_day"] == "2024-01-24" and report["safe_day"] == "2024-01-22"
    assert effective["last_day"] == "2022-03-09"
    example = effective["readings"][-1]
    assert (example["reading"], example["last_day"], example["basis"]) == ("official_example", "2022-03-08", "example")
    assert example["held_by"] == "contoh resmi Peraturan BKN 6/2022" and example["seen"]
    assert "appeal" not in effective["notes"] and "upaya administratif" in effective["notes"]


def test_a_term_is_not_known_before_what_it_is_cited_from():
    early, other, known = lines(
        "due",
        {"term": "pp94-effective", "start": "2018-01-02"},
        {"term": "pp94-decision-sending", "start": "2020-12-24"},
        {"term": "pp94-effective", "start": "2021-08-31"},
    )
    assert early["error"] == other["error"] == "term_not_in_force" and early["field"] == "start"
    assert "31 Agustus 2021" in early["says"] and known["last_day"]


def test_the_hours_of_the_desk_are_a_reading_with_their_citation():
    friday, thursday, open_then, days = lines(
        "due",
        {"term": "pilkada-report-repair", "start": "2024-11-29T17:00", "regime": "pilkada-2024"},
        {"term": "pilkada-report-repair", "start": "2024-10-10T17:00"},
        {"term": "pilkada-report-repair", "start": "2024-11-25T09:30"},
        {"term": "pilkada-report-window", "start": "2024-10-06", "regime": "pilkada"},
    )
    assert friday["last_day"] == "2024-12-01T17:00" and friday["intake"]["last_at"] is None
    assert friday["intake"]["cites"] == ["Perbawaslu 9/2024"] and "tidak buka" in friday["intake"]["says"]
    assert (thursday["readings"][-1]["reading"], thursday["readings"][-1]["last_day"]) == (
        "intake_hours", "2024-10-11T16:30",
    )  # fmt: skip
    assert thursday["intake"]["confidence"] == "one_source"
    assert open_then["last_day"] == open_then["intake"]["last_at"] and len(open_then["readings"]) == 1
    assert days["last_day"] == "2024-10-13" and days["intake"]["last_at"] == "2024-10-11T16:30"


def test_a_local_holiday_counts_where_it_is_free():
    there, elsewhere = lines(
        "due",
        {"term": "sbt-bawaslu-review", "start": "2025-08-25", "region": "19.71"},
        {"term": "sbt-bawaslu-review", "start": "2025-08-25"},
    )
    assert there["last_day"] == "2025-08-29"
    assert {"date": "2025-08-27", "why": "local_holiday", "name": "Pemungutan suara ulang"} in there["skipped"]
    assert elsewhere["last_day"] == "2025-08-28" and there["local_holidays"] == []
    assert elsewhere["local_holidays"] == [
        {"date": "2025-08-27", "name": "Pemungutan suara ulang", "regions": ["19.01", "19.71"]}
    ]


def test_terms_that_cannot_be_counted_say_why():
    answers = lines(
        "due",
        {"term": "nothing", "start": "2024-11-25"},
        {"term": "pp94-second-summons", "start": "2027-03-01"},
        {"term": "pilkada-report-repair", "start": "2024-11-25"},
        {"term": "pp94-second-summons", "start": "2024-02-30"},
        {"term": "pilkada-report-repair", "start": "2024-11-25T09:30"},
    )
    assert [answer.get("field") for answer in answers[:4]] == ["term", "start", "start", "start"]
    assert answers[4]["last_day"] == "2024-11-27T09:30"


def test_the_authority_is_named_with_its_row_and_who_was_passed_over():
    question = {
        "person": {"post_level": "administrator", "agency_kind": "regency"}, "level": "severe", "on": "2024-10-01",
        "conflicts": [],
    }  # fmt: skip
    plain, conflicted, early, wrong = lines(
        "authority",
        question,
        question | {"conflicts": ["candidate"]},
        question | {"on": "2021-08-30"},
        question | {"person": {"post_level": "juragan", "agency_kind": "regency"}},
    )
    assert plain["row"] == "ppk-regency-city-administrator-below" and plain["authority"] == "PPK Kabupaten/Kota"
    assert plain["cites"] and plain["reasons"]
    assert conflicted["authority"] is None and conflicted["passed_over"][0]["why"] == "candidate"
    assert early["authority"] is None and early["reasons"]
    assert wrong["field"] == "post_level"


def test_a_question_in_everyday_words_is_answered():
    who = {"employment": "pns", "post": "guru", "relation": "none"}
    like, vote, other = lines(
        "ask",
        {"question": "boleh gak saya like postingan paslon 02?", "on": "2024-11-25", "region": "13.76", "who": who},
        {"question": "apakah saya boleh mencoblos di TPS", "on": "2024-11-25", "region": "13.76", "who": who},
        {"question": "kambing tetangga masuk kebun saya, gimana ya", "on": "2024-11-25", "who": who},
    )
    assert like["verdict"] == "not_allowed" and like["cites"] and like["activity"]
    assert vote["verdict"] == "allowed"
    assert other["verdict"] == "ask"


def test_the_day_that_a_question_names_is_answered_beside_todays_and_a_long_text_says_where_it_was_cut():
    who = {"employment": "pns"}
    sunday, plain, long = lines(
        "ask",
        {"question": "boleh nge-like postingan calon hari minggu?", "on": "2024-09-20", "who": who},
        {"question": "boleh like postingan calon?", "on": "2024-09-20", "who": who},
        {"question": "boleh like postingan calon? " + "ya " * 3_000, "on": "2024-09-20", "who": who},
    )
    assert sunday["named_day"] == {"on": "2024-09-22", "verdict": "not_allowed"} and sunday["cut_at"] is None
    assert plain["named_day"] is None
    assert long["cut_at"] == 4_000 and long["verdict"] == "not_allowed"
    cut, short = lines(
        "suggest-acts", {"text": "like postingan paslon " + "ya " * 3_000, "on": "2024-10-01"},
        {"text": "like postingan paslon", "on": "2024-10-01"},
    )  # fmt: skip
    assert cut["cut_at"] == 4_000 and cut["acts"] and set(short) == {"acts"}


def test_a_day_and_an_election_that_do_not_fit_are_refused_by_field():
    ask = {"question": "boleh like postingan paslon?", "on": "2025-07-25", "who": {"employment": "pns"}}
    answers = lines(
        "ask",
        ask | {"region": "19.71"},
        ask | {"region": "13.76", "election": "pilkada-2025-repeat"},
        ask | {"on": "1945-08-17"},
        ask | {"on": "9999-12-31"},
        ask | {"on": "2024-10-01", "election": "pemilu-2019"},
        ask | {"on": "2020-07-20", "election": "pilkada-2020-original"},
    )
    assert answers[0]["election"] == "pilkada-2025-repeat" and answers[0]["candidate_status"] == "determined"
    assert [each.get("error") for each in answers[1:5]] == [
        "region_has_no_election", "day_outside", "day_outside", "election_over",
    ]  # fmt: skip
    assert [each["field"] for each in answers[1:5]] == ["region", "on", "on", "election"]
    assert answers[5]["election"] == "pilkada-2020" and "tidak berlaku lagi" in " ".join(answers[5]["reasons"])
    (assessed,) = lines(
        "assess", {"form": "social-media-engagement", "on": "2025-07-25", "employment": "pns", "region": "13.76",
                   "election": "pilkada-2025-repeat"},
    )  # fmt: skip
    assert assessed["field"] == "region"
    (suggested,) = lines("suggest-acts", {"text": "like postingan paslon", "on": "1945-08-17"})
    assert suggested["field"] == "on"


def test_questions_that_are_none_name_their_field():
    answers = lines(
        "ask",
        {"question": "", "on": "2024-11-25"},
        {"question": "boleh like?", "on": "2024-11-25", "who": {"employment": ""}},
        {"question": "boleh like?", "on": "2024-11-25", "who": {"employment": "pns", "relation": "friend"}},
        {"activity": "nothing", "on": "2024-11-25", "who": {"employment": "pns"}},
        {"question": "x" * 10_000_000, "on": "2024-11-25", "who": {"employment": "pns"}},
    )
    assert [answer.get("field") for answer in answers] == [
        "question", "employment", "relation", "activity", "question",
    ]  # fmt: skip


def test_acts_are_suggested_from_a_description_and_none_where_nothing_fits():
    like, nothing = lines(
        "suggest-acts",
        {"text": "guru itu nge-like dan komen di postingan paslon", "on": "2024-10-01", "employment": "pns",
         "candidate_status": "determined"},
        {"text": "harga cabai naik lagi di pasar", "on": "2024-10-01"},
    )  # fmt: skip
    assert like["acts"][0]["id"] == "skb22-discipline-06-social-media-engagement" and like["acts"][0]["because"]
    assert nothing == {"acts": []}


def test_wrong_usage_is_status_2(tmp_path):
    for arguments in (["assess", "--colour"], ["due", "surplus"]):
        done = children.run_text("-m", "ikrar", *arguments)
        assert done.returncode == 2 and done.stderr and "Traceback" not in done.stderr


@pytest.fixture
def local(tmp_path, monkeypatch):
    (tmp_path / "acts").mkdir()
    monkeypatch.setenv("IKRAR_LOCAL_RULES", str(tmp_path))
    return tmp_path


def check_rulebook():
    return children.run_text("-m", "ikrar", "check-rulebook")


def test_the_rulebook_is_checked_and_named():
    done = check_rulebook()
    assert done.returncode == 0 and "84 acts" in done.stdout and "rulebook " in done.stdout


def test_every_file_with_a_fault_is_named_with_its_line(local):
    (local / "acts" / "one.yaml").write_text("act: one\nact: two\n")
    (local / "acts" / "two.yaml").write_text("act: two\nyes: 1\n")
    done = check_rulebook()
    assert done.returncode == 1
    assert f"{local}/acts/one.yaml:2" in done.stderr and f"{local}/acts/two.yaml:2" in done.stderr
