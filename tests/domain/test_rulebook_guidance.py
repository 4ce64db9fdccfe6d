"""The rulebook's files of guidance: what they say against the reference, and that every fault is named with its line."""

from pathlib import Path

import pytest
import yaml

from ikrar import rulebook
from ikrar.domain.activities import (
    ActivitiesDocument,
    GuidanceFiles,
    StatementsDocument,
    Status,
    Verdict,
)
from ikrar.domain.errors import RulebookFault
from ikrar.domain.lexicon import LexiconDocument
from ikrar.domain.sources import Checker, Confidence, InForce, Label, Source
from ikrar.gateways import rulebook_files
from ikrar.gateways.rulebook_files import read

PACKAGED = Path(rulebook.__file__).parent
REFERENCE = PACKAGED.parents[2] / "shared" / "reference" / "law" / "permitted.yaml"
REGIONS = PACKAGED.parent / "records" / "regions"
BOOK = rulebook_files.rulebook()
GUIDANCE = BOOK.guidance

STATUS = {
    "allowed": Status.ALLOWED,
    "allowed-with-conditions": Status.ALLOWED_IF,
    "contested": Status.CONTESTED,
    "forbidden-locally": Status.FORBIDDEN_LOCALLY,
    "superseded": Status.SUPERSEDED,
    "guidance-misattributed": Status.CUSTOM,
    "appeal": Status.APPEAL,
    "prohibited-by-skb": Status.PROHIBITED,
}
# Rights and calls that hold whenever, and rows whose parts are older than the day on which somebody summed them up.
FROM = {"vote": None, "neutral-turnout-appeal": None, "finger-poses": None, "run-after-resigning": "2023-07-20",
        "follow-candidate-account": "2023-11-01", "victory-celebration": "2020-12-09", "like-comment-share": "2022-09-22"}  # fmt: skip


@pytest.fixture(scope="module")
def reference():
    if not REFERENCE.exists():
        pytest.skip("the reference stands beside the repository only where the rulebook is edited")
    return yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))


def _halves(text):
    first, _, second = text.partition(" / ")
    return Label(" ".join(first.split()), " ".join(second.split()))


def _first_day(stated):
    return f"{stated}-01-01"[:10] if len(stated) == 4 else f"{stated}-01"[:10]


def test_every_row_of_the_reference_is_a_statement_and_says_the_same(reference):
    rows = [*reference["permitted"], *reference["discouraged"]]
    assert [row["id"] for row in rows] == [*_ids("permitted"), *_ids("discouraged")]
    assert {row["id"] for row in rows} == set(GUIDANCE.statements)
    for row in rows:
        ours = GUIDANCE.statements[row["id"]]
        assert ours.label == Label(row["title_id"], row["title_en"]), row["id"]
        assert ours.status is STATUS[row.get("status") or row["legal_status"]], row["id"]
        assert list(ours.seen) == row["sources"], row["id"]
        assert ours.confidence is Confidence(row["confidence"].replace("-", "_")), row["id"]
        assert [each.label for each in ours.conditions] == [_halves(each) for each in row.get("conditions", [])]
        assert ours.who == set(row.get("applies_to", ["pns", "cpns", "pppk"])), row["id"]
        assert ours.stated_by.id == (row.get("stated_by") or row["basis_claimed"]), row["id"]
        if "stated_on" in row:
            assert ours.stated_on == str(row["stated_on"]), row["id"]
        if row["notes"] is None:
            assert ours.notes is None, row["id"]
        elif " / " in row["notes"] and ".yaml" not in row["notes"]:
            # A pointer to a file of the reference says the same in words that the public can follow.
            assert ours.notes.id == _halves(row["notes"]).id, row["id"]


def _ids(file):
    document = read(PACKAGED / "statements" / f"{file}.yaml", StatementsDocument).data
    return [each["statement"] for each in document["statements"]]


def test_a_statement_holds_from_the_day_on_which_it_was_made(reference):
    for row in [*reference["permitted"], *reference["discouraged"]]:
        ours = GUIDANCE.statements[row["id"]].in_force
        wanted = FROM[row["id"]] if row["id"] in FROM else _first_day(str(row["stated_on"]))
        assert (ours.from_on and ours.from_on.isoformat()) == wanted, row["id"]
        assert (ours.until_on is not None) == (row.get("status") == "superseded"), row["id"]


def test_the_pledge_has_the_four_points_of_the_reference(reference):
    pledge = reference["pledge"]
    assert GUIDANCE.pledge.id == pledge["id"]
    assert [(point.number, point.label.id, point.label.en) for point in GUIDANCE.pledge.points] == [
        (point["n"], point["id_text"], point["en_text"]) for point in pledge["points"]
    ]
    assert list(GUIDANCE.pledge.seen) == pledge["sources"]


def test_a_local_statement_names_regions_that_there_are():
    names = {}
    for file in ("provinces", "regencies"):
        for line in (REGIONS / f"{file}.csv").read_text(encoding="utf-8").splitlines()[1:]:
            code, *_, name = line.split(",")
            names[code] = name
    local = {id: [names[code] for code in each.regions] for id, each in GUIDANCE.statements.items() if each.regions}
    assert local == {
        "passive-attendance-local-ban-kolaka": ["KABUPATEN KOLAKA"],
        "passive-attendance-sumbar": ["SUMATERA BARAT"],
        "passive-attendance-no-questions": ["KABUPATEN KEPAHIANG"],
        "passive-attendance-at-distance": ["KABUPATEN HALMAHERA BARAT"],
    }


# --- the activities ----------------------------------------------------------------------------------------------


def test_there_are_more_than_fifty_activities_in_themes_and_each_can_be_asked_for_in_words():
    assert len(GUIDANCE.activities) >= 100
    assert [id for theme in GUIDANCE.themes for id in theme.activities] == list(GUIDANCE.activities)
    assert len(GUIDANCE.themes) >= 10
    for activity in GUIDANCE.activities.values():
        assert activity.heard_as, activity.id


def test_every_statement_speaks_of_an_activity_and_every_form_for_civil_servants_judges_one():
    spoken_of = {each.statement for activity in GUIDANCE.activities.values() for each in activity.statements}
    assert spoken_of == set(GUIDANCE.statements)
    judged = {form for activity in GUIDANCE.activities.values() for rule in activity.judged_by for form in rule.forms}
    heard = judged | set(GUIDANCE.lexicon.forms)
    unheard = set(BOOK.forms) - heard
    # Nobody asks these of themselves: a pointer to other rules, and what contract staff do is judged by the same forms.
    assert unheard == {"lurah-camat-conduct", "non-asn-worker-conduct"}


def test_what_is_prohibited_by_the_decree_is_never_the_base_of_an_allowed_answer():
    for activity in GUIDANCE.activities.values():
        speaking = [GUIDANCE.statements[each.statement].status for each in activity.statements if not each.only_cited]
        if Status.PROHIBITED in speaking:
            assert activity.base is Verdict.ASK, activity.id


def test_every_circumstance_that_decides_something_can_be_told_in_words_or_is_a_known_exception():
    told = {cue.circumstance for cue in GUIDANCE.lexicon.cues if cue.present or cue.absent}
    used = {
        id
        for activity in GUIDANCE.activities.values()
        for rule in activity.judged_by
        for id in (*rule.when, *rule.unless)
    }
    # These are weighed by whoever asks, not told in one word.
    assert used - told == {"becomes-campaign", "unequal"}


def test_no_phrase_of_the_lexicon_is_out_of_reach():
    ear = GUIDANCE.lexicon.ear
    for concept in GUIDANCE.lexicon.concepts.values():
        for phrase in concept.says:
            heard = ear.hear(phrase.replace("=", ""))
            assert concept.id in {mention.concept for mention in heard.mentions}, (concept.id, phrase)


# --- faults ------------------------------------------------------------------------------------------------------

WORDS = "concepts:\n  - {concept: like, says: [like], weight: 5}\n"
PLEDGE = """\
statements:
  - statement: said
    label: {id: Boleh, en: Allowed}
    status: allowed
    in_force: {from: null, until: null}
    who: [pns]
    conditions: []
    stated_by: {id: Kantor, en: Office}
    stated_on: null
    cites: [{source: law}]
    notes: null
    seen: [https://example.org]
    confidence: confirmed
pledge:
  pledge: pledge
  label: {id: Ikrar, en: Pledge}
  source: law
  points: [{number: 1, label: {id: Netral, en: Neutral}}]
  notes: null
  seen: [https://example.org]
  confidence: confirmed
"""
ACTIVITIES = """\
theme: test
label: {id: Uji, en: Test}
circumstances:
  - circumstance: dressed
    present: {id: berseragam, en: in uniform}
    absent: {id: tanpa seragam, en: without uniform}
conducts:
  - {conduct: siding, label: {id: Berpihak, en: Siding}, forms: [form-a]}
activities:
  - activity: do-it
    label: {id: Melakukan, en: Doing it}
    heard_as: [like]
    judged_by:
      - {form: form-a, when: [dressed]}
      - {conduct: siding}
    statements: [{statement: said}]
"""


def gather(tmp_path, words=WORDS, statements=PLEDGE, activities=ACTIVITIES):
    source = Source("law", "UU 1", Label("a", "b"), InForce(None, None), confidence=Confidence.CONFIRMED)
    files = GuidanceFiles({"form-a": None}, {"pilkada-2024": BOOK.elections["pilkada-2024"]})
    for name, text, form, add in (
        ("words", words, LexiconDocument, files.add_lexicon),
        ("statements", statements, StatementsDocument, files.add_statements),
        ("activities", activities, ActivitiesDocument, files.add_activities),
    ):
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        document = read(path, form)
        add(document.data, Checker(document.file, document.line, {"law": source}))
    return files.together()


def test_sound_files_make_guidance(tmp_path):
    guidance = gather(tmp_path)
    assert list(guidance.activities) == ["do-it"] and guidance.activities["do-it"].judged_by[1].forms == ("form-a",)


def test_a_region_may_add_names_spellings_and_statements_to_what_there_is(tmp_path):
    more = WORDS + "more:\n  - {concept: like, says: [cap jempol]}\nspelling:\n  like: laik\n"
    local = PLEDGE.replace("    conditions: []", "    conditions: []\n    speaks_of: [do-it]", 1)
    guidance = gather(tmp_path, more, local, ACTIVITIES.replace("    statements: [{statement: said}]\n", ""))
    assert guidance.lexicon.concepts["like"].says == ("like", "cap jempol")
    assert [each.statement for each in guidance.activities["do-it"].statements] == ["said"]
    assert [mention.concept for mention in guidance.lexicon.ear.hear("laik").mentions] == ["like"]


@pytest.mark.parametrize(
    ("part", "old", "new", "line", "says"),
    [
        ("words", "weight: 5", "weight: 50", 2, "from 1 to 20"),
        ("words", WORDS, WORDS + WORDS.split("\n", 1)[1], 3, "given a second time"),
        ("words", WORDS, WORDS + "days:\n  - {day: monday, says: [a]}\n  - {day: monday, says: [b]}\n", 5, "given a second"),
        ("words", WORDS, WORDS + "employments:\n  - {employment: pns, says: []}\n", 4, "at least one name"),
        ("words", WORDS, WORDS + "more:\n  - {concept: love, says: [love]}\n", 4, "no concept 'love'"),
        ("words", WORDS, WORDS + "cues:\n  - {circumstance: naked, present: [], absent: []}\n", 4, "no circumstance"),
        ("words", WORDS, WORDS + "forms:\n  - {form: form-b, heard_as: [like]}\n", 4, "no form 'form-b'"),
        ("words", WORDS, WORDS + "relations:\n  - {relation: friend, first: like, then: null}\n", 4, "not one of none"),
        ("words", WORDS, WORDS + "employments:\n  - {employment: astronaut, says: [a]}\n", 4, "not one of pns"),
        ("words", WORDS, WORDS + "contests:\n  - {contest: mayor, says: [a]}\n", 4, "not one of president"),
        ("words", WORDS, WORDS + "days:\n  - {day: doomsday, says: [a]}\n", 4, "not one of monday"),
        ("statements", "status: allowed", "status: fine", 4, "not one of allowed"),
        ("statements", "status: allowed", "status: forbidden_locally", 4, "names its regions"),
        ("statements", "status: allowed", "status: contested", 4, "what stands against it"),
        ("statements", "who: [pns]", "who: [king]", 6, "not one of"),
        ("statements", "{source: law}", "{source: rumour}", 10, "no source 'rumour'"),
        ("statements", "conditions: []", "conditions: [{label: {id: a, en: b}, circumstance: naked}]", 7, "no circumstance"),
        ("statements", "conditions: []", "conditions: []\n    speaks_of: [fly]", 8, "no activity 'fly'"),
        ("statements", "conditions: []", "conditions: []\n    elections: [pilkada-1999]", 8, "not one of pilkada-2024"),
        ("activities", "when: [dressed]", "when: [dressed], since: ban-star", 14, "no derived date 'ban-star'"),
        ("activities", "heard_as: [like]", "heard_as: [love]", 12, "no concept 'love'"),
        ("activities", "form: form-a, when", "form: form-b, when", 14, "no form 'form-b'"),
        ("activities", "when: [dressed]", "when: [naked]", 14, "no circumstance 'naked'"),
        ("activities", "{conduct: siding}", "{conduct: flying}", 15, "no conduct 'flying'"),
        ("activities", "{conduct: siding}", "{conduct: siding, form: form-a}", 15, "one of form and conduct"),
        ("activities", "[{statement: said}]", "[{statement: unsaid}]", 16, "no statement 'unsaid'"),
        ("activities", "    statements: [{statement: said}]", "    base: allowed", 16, "on what it rests"),
        ("activities", "    statements: [{statement: said}]", "    basis: {id: a, en: b}", 10, "on what it rests"),
        ("activities", "    statements: [{statement: said}]", "    pledge: [9]", 16, "no point 9"),
        ("activities", "    statements: [{statement: said}]", "    alternatives: [fly]", 16, "no activity 'fly'"),
        ("activities", "theme: test\n", "", 8, "belong to a theme"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_file_and_line(tmp_path, part, old, new, line, says):
    texts = {"words": WORDS, "statements": PLEDGE, "activities": ACTIVITIES}
    assert old in texts[part]
    texts[part] = texts[part].replace(old, new, 1)
    with pytest.raises(RulebookFault) as caught:
        gather(tmp_path, **texts)
    assert says in caught.value.says
    assert (Path(caught.value.file).stem, caught.value.line) == (part, line)


def test_there_is_one_pledge(tmp_path):
    files = GuidanceFiles({}, {})
    source = Source("law", "UU 1", Label("a", "b"), InForce(None, None), confidence=Confidence.CONFIRMED)
    for name in ("ours", "theirs"):
        path = tmp_path / f"{name}.yaml"
        path.write_text(PLEDGE.replace("statement: said", f"statement: {name}"), encoding="utf-8")
        document = read(path, StatementsDocument)
        files.add_statements(document.data, Checker(document.file, document.line, {"law": source}))
    with pytest.raises(RulebookFault) as caught:
        files.together()
    assert (Path(caught.value.file).stem, caught.value.line) == ("theirs", 14)
    assert "given a second time" in caught.value.says


def test_a_base_that_allows_on_a_condition_says_on_which(tmp_path):
    without = ACTIVITIES.replace(
        "    statements: [{statement: said}]", "    base: allowed_if\n    basis: {id: a, en: b}"
    )
    with pytest.raises(RulebookFault) as caught:
        gather(tmp_path, activities=without)
    assert "has conditions, advice, or what would make it a breach" in caught.value.says
