"""The acts, forms, sanctions, sources and principles of the rulebook: what they say, and how a fault in one is named."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
import yaml

from ikrar import rulebook
from ikrar.domain import acts as domain_acts
from ikrar.domain.acts import (
    Act,
    ActDocument,
    FormsDocument,
    Phase,
    Sanction,
    SanctionsDocument,
    Standing,
    Track,
    check_forms,
    check_sanctions,
    parse_act,
    parse_forms,
    parse_sanctions,
)
from ikrar.domain.errors import RulebookFault
from ikrar.domain.persons import CLASSES
from ikrar.domain.principles import Principle, PrinciplesDocument, parse_principles
from ikrar.domain.sources import Checker, Confidence, Label, Source, SourcesDocument, parse_sources
from ikrar.gateways.rulebook_files import read

PACKAGED = Path(rulebook.__file__).parent
REFERENCE = PACKAGED.parents[2] / "shared" / "reference" / "law"
DAY = timedelta(days=1)
SKB_2022, PP_94, RULING_136 = date(2022, 9, 22), date(2021, 8, 31), date(2024, 11, 14)


@dataclass(frozen=True)
class Book:
    """What the files of this test hold, by id."""

    sources: dict[str, Source]
    sanctions: dict[str, Sanction]
    forms: dict[str, Label]
    acts: dict[str, Act]
    principles: dict[str, Principle]

    def in_force(self, day: date) -> set[str]:
        return {act.id for act in self.acts.values() if act.on(day)}


@cache
def packaged() -> Book:
    document = read(PACKAGED / "sources.yaml", SourcesDocument)
    sources = {each.id: each for each in parse_sources(document.data, Checker(document.file, document.line))}
    sanctions: dict[str, Sanction] = {}
    for path in sorted((PACKAGED / "sanctions").glob("*.yaml")):
        document = read(path, SanctionsDocument)
        found = parse_sanctions(document.data, Checker(document.file, document.line, sources))
        assert {each.family for each in found} == {path.stem}
        assert not sanctions.keys() & {each.id for each in found}
        sanctions.update({each.id: each for each in found})
    document = read(PACKAGED / "forms.yaml", FormsDocument)
    forms = parse_forms(document.data, Checker(document.file, document.line))
    acts: dict[str, Act] = {}
    for path in sorted((PACKAGED / "acts").glob("*.yaml")):
        document = read(path, ActDocument)
        checker = Checker(document.file, document.line, sources)
        act = parse_act(document.data, checker, CLASSES)
        check_sanctions(act, sanctions, checker)
        check_forms(act, forms, checker)
        assert path.stem == act.id
        acts[act.id] = act
    document = read(PACKAGED / "principles.yaml", PrinciplesDocument)
    principles = parse_principles(document.data, Checker(document.file, document.line, sources))
    return Book(sources, sanctions, forms, acts, {each.id: each for each in principles})


def reference(name: str) -> dict:
    path = REFERENCE / name
    if not path.exists():
        pytest.skip("the facts of the law stand beside the repository only where the rulebook is edited")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def rows_of(name: str, part: str) -> dict[str, dict]:
    return {row["id"]: row for row in reference(name)[part]}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _after(text: str | None) -> date | None:
    """Turn the last day of the reference into the first day after it."""
    return date.fromisoformat(text) + DAY if text else None


def _word(text: str) -> Confidence:
    return Confidence(text.replace("-", "_"))


# --- the same facts as the reference -----------------------------------------------------------------------------

PHASES = {"before-candidates": Phase.BEFORE, "after-candidates": Phase.AFTER, "any": Phase.ANY}


def test_every_row_of_the_reference_is_an_act_with_the_same_facts():
    rows = rows_of("acts.yaml", "acts")
    acts = packaged().acts
    assert acts.keys() == rows.keys()
    for id, row in rows.items():
        act = acts[id]
        (version,) = act.versions
        assert act.label == Label(row["title_id"], row["title_en"]), id
        assert act.track == row["kind"], id
        assert version.in_force.from_on == _day(row["valid_from"]), id
        assert version.in_force.until_on == _after(row["valid_to"]), id
        assert version.who == set(row["applies_to"]), id
        assert version.phase is PHASES[row["phase"]], id
        assert version.election == row["election"], id
        assert version.contests == set(row.get("contests") or ()), id
        assert version.level == row["sanction_level"], id
        assert list(version.sanctions) == row["sanctions"], id
        assert version.confidence is _word(row["confidence"]), id
        assert list(version.seen) == row["sources"], id
        assert (version.notes is None) == (row["notes"] is None), id


def test_the_citations_of_an_act_read_as_those_of_the_reference():
    for id, row in rows_of("acts.yaml", "acts").items():
        (version,) = packaged().acts[id].versions
        texts = {
            purpose: [cite.text for cite in version.cites if cite.purpose == purpose]
            for purpose in ("prohibition", "sanction", "listing")
        }
        listed = row.get("table_ref")
        assert texts == {
            "prohibition": row["breached"],
            "sanction": row["sanction_basis"],
            "listing": [f"SKB 2022 {listed}"] if listed else [],
        }, id


def test_how_well_an_article_is_known_follows_from_whether_a_source_states_it():
    for id, row in rows_of("acts.yaml", "acts").items():
        (version,) = packaged().acts[id].versions
        stated = row["breached_status"] == "stated"
        assert version.breach_confidence is (_word(row["confidence"]) if stated else Confidence.UNCERTAIN), id
        basis = row.get("sanction_basis_confidence", row["confidence"])
        assert version.sanction_confidence is _word(basis), id


def test_what_the_reference_keeps_from_software_proposes_nothing_by_itself():
    for id, row in rows_of("acts.yaml", "acts").items():
        (version,) = packaged().acts[id].versions
        if row.get("automatic") is False:
            assert version.standing is not Standing.BREACH, id
        elif version.standing is not Standing.BREACH:
            assert not row["sanctions"], id
        assert (version.standing is Standing.CONTESTED) == (row.get("status") == "contested"), id
        assert len(version.readings) >= len(row.get("readings", ())), id


def test_every_sanction_of_the_reference_stands_with_the_same_facts():
    rows = rows_of("sanctions.yaml", "sanctions")
    sanctions = packaged().sanctions
    assert sanctions.keys() == rows.keys()
    today = date(2026, 11, 1)
    for id, row in rows.items():
        sanction = sanctions[id]
        assert sanction.label == Label(row["title_id"], row["title_en"]), id
        assert (sanction.family, sanction.level) == (row["family"], row["level"]), id
        assert (sanction.order, sanction.months) == (row["order"], row["duration_months"]), id
        assert [cite.text for cite in sanction.cites] == row["basis"], id
        assert sanction.may_be_chosen(today) == row["in_force"], id
        assert [each.meanwhile for each in sanction.suspended] == [
            row[key] for key in ("interim_substitute",) if key in row
        ], id
        assert list(sanction.seen) == row["sources"], id
        assert sanction.confidence is _word(row["confidence"]), id


def test_every_general_rule_of_the_reference_is_a_principle():
    rows = rows_of("sanctions.yaml", "rules")
    principles = packaged().principles
    assert list(principles) == list(rows)
    for id, row in rows.items():
        principle = principles[id]
        assert principle.label == Label(row["title_id"], row["title_en"]), id
        assert [cite.text for cite in principle.cites] == row["basis"], id
        assert list(principle.seen) == row["sources"], id
        assert principle.confidence is _word(row["confidence"]), id


def test_every_citation_of_the_reference_names_a_source_that_is_known():
    cited = [text for row in reference("acts.yaml")["acts"] for text in row["breached"] + row["sanction_basis"]]
    for part in ("sanctions", "authority_matrix", "rules"):
        cited += [text for row in reference("sanctions.yaml")[part] for text in row["basis"]]
    for part in ("deadlines", "intake_hours"):
        cited += [text for row in reference("deadlines.yaml")[part] for text in row["basis"]]
    permitted = reference("permitted.yaml")
    cited += [text for row in permitted["permitted"] for text in row["stated_by"].split("; ")]
    cited += [text for row in permitted["discouraged"] for text in row["basis_claimed"].split("; ")]
    names = [source.short for source in packaged().sources.values()]
    assert not [text for text in cited if not any(text == name or text.startswith(f"{name} ") for name in names)]


# --- what stands in the files, whoever reads them ----------------------------------------------------------------


def test_the_rulebook_has_84_acts_of_35_forms_38_sanctions_and_21_principles():
    book = packaged()
    assert [len(part) for part in (book.acts, book.forms, book.sanctions, book.principles)] == [84, 35, 38, 21]
    tracks = Counter(act.track for act in book.acts.values())
    assert tracks == {Track.ETHICS: 27, Track.DISCIPLINE: 45, Track.CRIMINAL: 12}


def test_every_form_has_an_act_and_every_source_its_own_short_name():
    book = packaged()
    assert book.forms.keys() == {act.form for act in book.acts.values()}
    shorts = [source.short for source in book.sources.values()]
    assert len(set(shorts)) == len(shorts)


def test_a_source_that_does_not_hold_all_along_is_cited_with_the_day_and_with_what_stood_in_its_place():
    """Rows of the joint decision of 2022 are mapped to UU 20/2023, which came later: until then UU 5/2014 is cited."""
    cited = {
        act.id: {cite.text for cite in version.cites if cite.purpose == "formerly"}
        for act in packaged().acts.values()
        for version in act.versions
    }
    decision = {id for id, texts in cited.items() if texts == {"UU 5/2014 Pasal 9 ayat (2)"}}
    assert len(decision) == 7 and all(id.startswith("skb22-discipline-") for id in decision)
    assert cited["uudesa-29-village-head"] == {f"UU 6/2014 Pasal 29 huruf {letter}" for letter in "bgj"}


def test_the_day_before_22_september_2022_knows_no_row_of_that_joint_decision():
    book = packaged()
    rows = {id for id in book.acts if id.startswith("skb22-")}
    assert len(rows) == 19
    assert not book.in_force(SKB_2022 - DAY) & rows
    assert book.in_force(SKB_2022) >= rows


def test_the_ethics_rows_of_2017_and_2020_end_when_their_successor_begins():
    book = packaged()
    letter = {id for id in book.acts if id.startswith("b71-")}
    decision = {id for id in book.acts if id.startswith("skb20-")}
    assert (len(letter), len(decision)) == (9, 10)
    last = date(2020, 9, 9)
    assert book.in_force(last) >= letter and not book.in_force(last + DAY) & letter
    assert not book.in_force(last) & decision and book.in_force(last + DAY) >= decision
    assert book.in_force(SKB_2022 - DAY) >= decision and not book.in_force(SKB_2022) & decision
    assert "pp42-ethics-general-before-2022" in book.in_force(SKB_2022 - DAY) - book.in_force(SKB_2022)


def test_on_31_august_2021_the_old_discipline_of_12_rows_makes_way_for_the_new_of_10():
    book = packaged()
    old = {id for id in book.acts if id.startswith("pp53-")}
    new = {id for id in book.acts if id.startswith("pp94-")}
    assert (len(old), len(new)) == (12, 10)
    assert book.in_force(PP_94 - DAY) >= old and not book.in_force(PP_94 - DAY) & new
    assert not book.in_force(PP_94) & old and book.in_force(PP_94) >= new


def test_on_14_november_2024_soldiers_police_and_regional_officials_join_those_of_pasal_188():
    before = packaged().acts["pilkada-71-1-officials-before-mk136"]
    after = packaged().acts["pilkada-71-1-officials"]
    assert before.on(RULING_136) is None and after.on(RULING_136 - DAY) is None
    then, since = before.on(RULING_136 - DAY), after.on(RULING_136)
    assert then is not None and since is not None
    assert since.who - then.who == {"tni", "polri", "regional-official"}
    assert not then.who - since.who


def test_a_like_is_ethics_before_determination_and_severe_discipline_after_it():
    likes = {
        (act.track, version.phase): version.level
        for act in packaged().acts.values()
        if act.form == "social-media-engagement" and (version := act.on(SKB_2022))
    }
    assert likes == {(Track.ETHICS, Phase.BEFORE): "moral", (Track.DISCIPLINE, Phase.AFTER): "severe"}


def test_the_allowance_cut_is_kept_and_cannot_be_chosen():
    sanctions = packaged().sanctions
    cuts = [each for each in sanctions.values() if each.id.startswith("moderate-tukin-")]
    assert [each.months for each in cuts] == [6, 9, 12]
    for cut in cuts:
        assert cut.in_force.holds(PP_94) and not cut.may_be_chosen(PP_94)
        (pause,) = cut.suspended
        assert pause.meanwhile is not None
        assert sanctions[pause.meanwhile].may_be_chosen(PP_94)


def test_the_sanctions_of_the_old_discipline_end_with_it_and_those_of_the_new_begin():
    def chosen(day: date) -> list[str]:
        severe = (each for each in packaged().sanctions.values() if each.level == "severe")
        return sorted(each.id for each in severe if each.may_be_chosen(day))

    shared = ["severe-dismissal-honourable"]
    assert chosen(PP_94 - DAY) == ["pp53-severe-demotion", "pp53-severe-rank-3y", "pp53-severe-release", *shared]
    assert chosen(PP_94) == ["severe-demotion-12m", *shared, "severe-release-12m"]


def test_every_breach_has_a_sanction_that_could_be_chosen_on_each_day_of_it():
    """Except where the sanction is that of the subordinate: the catalogue has no kind of its own for it."""
    book = packaged()
    for act in book.acts.values():
        for version in act.versions:
            if version.standing is not Standing.BREACH or act.id == "pp53-authority-inaction":
                continue
            for day in (version.in_force.from_on, version.in_force.until_on and version.in_force.until_on - DAY):
                if day is not None:
                    assert any(book.sanctions[id].may_be_chosen(day) for id in version.sanctions), (act.id, day)


def test_what_is_not_a_plain_breach_is_one_of_eight_rows():
    standings = {
        act.id: version.standing
        for act in packaged().acts.values()
        for version in act.versions
        if version.standing is not Standing.BREACH
    }
    assert standings == {
        "pp94-5n1-join-campaign": Standing.CONTESTED,
        "pilkada-71-1-school-head": Standing.REVIEW,
        "pp42-ethics-general-before-2022": Standing.REVIEW,
        "lurah-camat-as-civil-servant": Standing.POINTER,
        "pemilu-283-partisan-activity": Standing.POINTER,
        "uudesa-64-bpd": Standing.POINTER,
        "tni-39-politics": Standing.POINTER,
        "polri-28-politics": Standing.POINTER,
    }


def test_what_is_disputed_carries_both_readings_and_who_holds_them():
    disputed = {
        act.id: [reading.held_by is not None for reading in version.readings]
        for act in packaged().acts.values()
        for version in act.versions
        if version.readings
    }
    assert disputed == {
        "pp94-5n1-join-campaign": [True, True],
        "pilkada-71-1-school-head": [True, True],
        "skb22-discipline-03-approach-party-without-leave": [True, True],
    }


def test_one_act_alone_stands_for_any_conduct_of_its_people():
    assert [act.id for act in packaged().acts.values() if act.any_form] == ["ppnpn-any-form"]


def test_an_act_that_is_read_into_another_form_is_narrower_there_and_never_certain():
    act = packaged().acts["pp53-pilkada-15d-partisan-activities"]
    assert dict(act.also_forms) == {
        "campaign-props": Phase.AFTER,
        "online-promotion": Phase.AFTER,
        "social-media-engagement": Phase.AFTER,
        "photo-with-symbol": Phase.AFTER,
        "campaign-team": Phase.AFTER,
        "victory-celebration": Phase.AFTER,
    }
    like = act.read_as("social-media-engagement", Phase.AFTER)
    assert (like.id, like.form, like.also_forms) == (act.id, "social-media-engagement", ())
    (before,), (read_in,) = act.versions, like.versions
    assert (before.phase, before.confidence) == (Phase.ANY, Confidence.CONFIRMED)
    assert (read_in.phase, read_in.confidence) == (Phase.AFTER, Confidence.UNCERTAIN)
    assert read_in.breach_confidence is Confidence.UNCERTAIN
    assert read_in.sanctions == before.sanctions
    assert like.is_reading and not like.is_perhaps and not act.is_reading


# --- faults ------------------------------------------------------------------------------------------------------

SOURCES = """\
sources:
  - source: pp-94-2021
    short: PP 94/2021
    label: {id: Disiplin PNS, en: Discipline of civil servants}
    in_force: {from: 2021-08-31, until: null}
    notes: null
    seen: [https://example.org/pp-94]
    confidence: confirmed
"""
FORMS = """\
forms:
  - form: partisan-activity
    label: {id: Kegiatan yang berpihak, en: Partisan activity}
  - form: photo-with-symbol
    label: {id: Foto dengan simbol, en: Photo with a symbol}
"""
SANCTIONS = """\
sanctions:
  - sanction: severe-demotion
    label: {id: Penurunan jabatan, en: Demotion}
    family: discipline
    level: severe
    order: 1
    months: 12
    in_force: {from: 2021-08-31, until: null}
    suspended:
      - in_force: {from: 2022-01-01, until: 2022-02-01}
        because: {id: Ditangguhkan, en: Suspended}
        meanwhile: light-oral
    imposed_by: {id: PPK, en: The PPK}
    cites:
      - {source: pp-94-2021, at: Pasal 8 ayat (4), for: sanction}
    notes: null
    seen: [https://example.org/pp-94]
    confidence: confirmed
  - sanction: light-oral
    label: {id: Teguran lisan, en: Oral reprimand}
    family: discipline
    level: light
    order: 1
    months: null
    in_force: {from: 2021-08-31, until: null}
    imposed_by: {id: PPK, en: The PPK}
    cites:
      - {source: pp-94-2021, at: Pasal 8 ayat (2), for: sanction}
    notes: null
    seen: [https://example.org/pp-94]
    confidence: confirmed
"""
PRINCIPLES = """\
principles:
  - principle: one-heaviest
    label: {id: Satu yang terberat, en: The heaviest alone}
    cites:
      - {source: pp-94-2021, at: Pasal 35}
    notes: null
    seen: [https://example.org/pp-94]
    confidence: confirmed
"""
READINGS = """\
    readings:
      - label: {id: Boleh, en: Allowed}
        seen: []
        confidence: uncertain
      - label: {id: Tidak boleh, en: Forbidden}
        seen: []
        confidence: uncertain
"""
VERSION = """\
  - in_force: {from: 2021-08-31, until: null}
    who: [pns, cpns]
    phase: any
    election: any
    level: severe
    sanctions: [severe-demotion]
    standing: breach
    cites:
      - {source: pp-94-2021, at: Pasal 5 huruf n angka 6, for: prohibition}
      - {source: pp-94-2021, at: Pasal 14 huruf i angka 4, for: sanction}
    breach_confidence: confirmed
    notes: null
    seen: [https://example.org/pp-94]
    confidence: confirmed
"""
ACT = f"""\
act: partisan-activity-of-2021
form: partisan-activity
also_forms:
  - {{form: photo-with-symbol, phase: after_determination}}
label: {{id: Kegiatan yang berpihak, en: Partisan activity}}
kind: discipline
versions:
{VERSION}"""


def swap(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def two_versions(first_until: str, second_from: str) -> str:
    first = swap(VERSION, "until: null", f"until: {first_until}")
    return swap(ACT, VERSION, first + swap(VERSION, "from: 2021-08-31", f"from: {second_from}"))


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Act]:
    """Read a small rulebook of which some files are given, and return its one act."""

    def loaded(
        act: str = ACT,
        *,
        sources: str = SOURCES,
        forms: str = FORMS,
        sanctions: str = SANCTIONS,
        principles: str = PRINCIPLES,
    ) -> Act:
        texts = {"sources": sources, "forms": forms, "sanctions": sanctions, "principles": principles, "act": act}
        for name, text in texts.items():
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        document = read(tmp_path / "sources.yaml", SourcesDocument)
        found = {each.id: each for each in parse_sources(document.data, Checker(document.file, document.line))}
        document = read(tmp_path / "forms.yaml", FormsDocument)
        known_forms = parse_forms(document.data, Checker(document.file, document.line))
        document = read(tmp_path / "sanctions.yaml", SanctionsDocument)
        catalogue = parse_sanctions(document.data, Checker(document.file, document.line, found))
        document = read(tmp_path / "principles.yaml", PrinciplesDocument)
        parse_principles(document.data, Checker(document.file, document.line, found))
        document = read(tmp_path / "act.yaml", ActDocument)
        checker = Checker(document.file, document.line, found)
        parsed = parse_act(document.data, checker, CLASSES)
        check_sanctions(parsed, {each.id: each for each in catalogue}, checker)
        check_forms(parsed, known_forms, checker)
        return parsed

    return loaded


def test_the_small_rulebook_of_these_tests_has_no_fault(load):
    act = load()
    assert act.on(date(2021, 8, 30)) is None
    version = act.on(PP_94)
    assert version is not None
    assert [cite.text for cite in version.cites] == [
        "PP 94/2021 Pasal 5 huruf n angka 6",
        "PP 94/2021 Pasal 14 huruf i angka 4",
    ]
    assert version.sanction_confidence is Confidence.CONFIRMED


def test_versions_that_follow_each_other_day_on_day_are_no_fault(load):
    act = load(two_versions("2023-01-01", "2023-01-01"))
    assert act.on(date(2022, 12, 31)) is act.versions[0]
    assert act.on(date(2023, 1, 1)) is act.versions[1]


@pytest.mark.parametrize(
    "old, new, line, says",
    [
        ("act: partisan-activity-of-2021", "act: Partisan", 1, "not made of small letters"),
        ("act: partisan-activity-of-2021", f"act: {'a' * 81}", 1, "longer than 80 characters"),
        ("form: partisan-activity\n", "form: unheard-of\n", 2, "there is no form 'unheard-of'"),
        ("form: photo-with-symbol", "form: unheard-of", 4, "there is no form 'unheard-of'"),
        ("form: photo-with-symbol", "form: partisan-activity", 4, "is the form of the act itself"),
        ("label: {id: K", "  - {form: photo-with-symbol, phase: any}\nlabel: {id: K", 5, "stands here a second time"),
        ("phase: after_determination", "phase: after", 4, "the phase 'after' is not one of"),
        (
            "label: {id: K",
            "perhaps_forms:\n  - {form: unheard-of, phase: any}\nlabel: {id: K",
            6,
            "there is no form 'unheard-of'",
        ),
        (
            "label: {id: K",
            "perhaps_forms:\n  - {form: photo-with-symbol, phase: any}\nlabel: {id: K",
            6,
            "is among also_forms",
        ),
        ("label: {id: K", "free:\n  - {form: unheard-of}\nlabel: {id: K", 6, "there is no form 'unheard-of'"),
        ("level: severe", "window: night\n    level: severe", 12, "the window 'night' is not one of"),
        (
            "    standing:",
            "    limits:\n      - {sanction: fine, who: [pns]}\n    standing:",
            15,
            "the sanction 'fine' is not one of",
        ),
        (
            "    standing:",
            "    limits:\n      - {sanction: severe-demotion, who: [tni]}\n    standing:",
            15,
            "the who 'tni' is not one of",
        ),
        (
            "    standing:",
            "    limits:\n      - {sanction: severe-demotion, who: [pns], at: Pasal 9}\n    standing:",
            15,
            "the at 'Pasal 9' is not one of",
        ),
        (
            "from: 2021-08-31",
            "from: 2020-01-01",
            16,
            "PP 94/2021 was in force from 2021-08-31 until …; write since: 2021-08-31",
        ),
        ("angka 6, for: prohibition}", "angka 6, for: prohibition, since: 2021-08-31}", 16, "leave since out"),
        ("angka 6, for: prohibition}", "angka 6, for: prohibition, until: 2030-01-01}", 16, "leave until out"),
        (
            "from: 2021-08-31, until: null",
            "from: 2019-01-01, until: 2020-01-01",
            16,
            "was in force on no day of this version",
        ),
        ("kind: discipline", "kind: civil", 6, "the kind 'civil' is not one of ethics, discipline, criminal"),
        (f"versions:\n{VERSION}", "versions: []\n", 7, "at least one version"),
        ("until: null", "until: 2021-08-31", 8, "not after from"),
        ("who: [pns, cpns]", "who: [pns, wizard]", 9, "the who 'wizard' is not one of"),
        ("who: [pns, cpns]", "who: []", 9, "nobody is named"),
        ("phase: any", "phase: later", 10, "the phase 'later' is not one of"),
        ("election: any", "election: pilkades", 11, "the election 'pilkades' is not one of"),
        ("election: any\n", "election: any\n    contests: [kades]\n", 12, "the contests 'kades' is not one of"),
        ("level: severe", "level: terrible", 12, "the level 'terrible' is not one of"),
        ("level: severe", "level: moderate", 13, "severe-demotion is severe; a breach of level moderate allows"),
        ("level: severe", "level: contested", 13, "a breach of level contested allows none"),
        ("sanctions: [severe-demotion]", "sanctions: [banishment]", 13, "there is no sanction 'banishment'"),
        ("standing: breach", "standing: guilty", 14, "the standing 'guilty' is not one of"),
        ("standing: breach", "standing: contested", 14, "has its readings, two at least"),
        ("standing: breach", "standing: pointer", 13, "what is pointer names no sanction"),
        ("standing: breach", "standing: no_penalty", 13, "what is no_penalty names no sanction"),
        ("standing: breach\n", f"standing: contested\n{READINGS}", 13, "what is contested names no sanction"),
        (
            "    standing: breach\n",
            "    standing: breach\n" + READINGS.split("      - label: {id: Tidak")[0],
            15,
            "one reading alone is no dispute",
        ),
        ("source: pp-94-2021", "source: pp-49-2021", 16, "there is no source 'pp-49-2021'"),
        (", for: prohibition}", "}", 15, "no citation says where it is prohibited"),
        ("breach_confidence: confirmed", "breach_confidence: sure", 18, "the breach_confidence 'sure' is not one of"),
        ("notes: null", "notes: {id: ' ', en: Note}", 19, "the Indonesian label is empty"),
        ("seen: [https://example.org/pp-94]", "seen: []", 20, "no source is given"),
        ("    confidence: confirmed", "    confidence: likely", 21, "the confidence 'likely' is not one of"),
    ],
)
def test_a_fault_in_an_act_is_named_with_its_line(load, tmp_path, old, new, line, says):
    _fault(load, tmp_path / "act.yaml", line, says, act=swap(ACT, old, new))


@pytest.mark.parametrize(
    "act, says",
    [
        (two_versions("2023-01-01", "2022-12-31"), "this version overlaps the one before it"),
        (two_versions("null", "2022-12-31"), "this version overlaps the one before it"),
        (two_versions("2023-01-01", "2023-01-02"), "between 2023-01-01 and 2023-01-02 no version holds"),
    ],
)
def test_versions_that_overlap_or_leave_a_gap_are_a_fault_of_the_later_one(load, tmp_path, act, says):
    _fault(load, tmp_path / "act.yaml", 22, says, act=act)


def test_a_sanction_that_had_ended_when_the_act_began_is_a_fault_of_the_act(load, tmp_path):
    ended = swap(SANCTIONS, "{from: 2021-08-31, until: null}", "{from: 2010-06-06, until: 2021-08-31}")
    _fault(load, tmp_path / "act.yaml", 13, "severe-demotion holds on no day of this version", sanctions=ended)


@pytest.mark.parametrize(
    "old, new, line, says",
    [
        ("sanction: severe-demotion", "sanction: light-oral", 19, "the id 'light-oral' stands here a second time"),
        ("family: discipline", "family: clan", 4, "the family 'clan' is not one of"),
        ("level: severe", "level: harsh", 5, "the level 'harsh' is not one of"),
        ("until: 2022-02-01", "until: 2021-02-01", 10, "not after from"),
        ("en: Suspended", "en: ''", 11, "the English label is empty"),
        ("meanwhile: light-oral", "meanwhile: light-touch", 12, "there is no sanction 'light-touch' in this file"),
        ("source: pp-94-2021", "source: pp-49-2021", 15, "there is no source 'pp-49-2021'"),
        ("      - {source: pp-94-2021, at: Pasal 8 ayat (4), for: sanction}\n", "", 14, "a value is missing"),
    ],
)
def test_a_fault_in_a_sanction_is_named_with_its_line(load, tmp_path, old, new, line, says):
    _fault(load, tmp_path / "sanctions.yaml", line, says, sanctions=swap(SANCTIONS, old, new))


@pytest.mark.parametrize(
    "name, text, old, new, line, says",
    [
        ("forms", FORMS, "form: photo-with-symbol", "form: partisan-activity", 4, "stands here a second time"),
        ("forms", FORMS, "form: photo-with-symbol", "form: photo_with_symbol", 4, "not made of small letters"),
        ("forms", FORMS, "en: Partisan activity", "en: ''", 3, "the English label is empty"),
        ("sources", SOURCES, "short: PP 94/2021", "short: ' '", 3, "the short name is empty"),
        ("sources", SOURCES, "until: null", "until: 2021-08-31", 5, "not after from"),
        ("sources", SOURCES, "confidence: confirmed", "confidence: gazette", 8, "the confidence 'gazette'"),
        ("sources", SOURCES, SOURCES, SOURCES + SOURCES, 9, "the key `sources` is given twice"),
        ("sources", SOURCES, SOURCES, SOURCES + SOURCES.partition("\n")[2], 9, "stands here a second time"),
        ("principles", PRINCIPLES, "source: pp-94-2021", "source: pp-9", 5, "there is no source 'pp-9'"),
        ("principles", PRINCIPLES, "seen: [https://example.org/pp-94]", "seen: []", 7, "no source is given"),
        ("principles", PRINCIPLES, PRINCIPLES, PRINCIPLES + PRINCIPLES.partition("\n")[2], 9, "a second time"),
    ],
)
def test_a_fault_in_the_other_files_is_named_with_its_line(load, tmp_path, name, text, old, new, line, says):
    _fault(load, tmp_path / f"{name}.yaml", line, says, **{name: swap(text, old, new)})


def _fault(load: Callable[..., Act], path: Path, line: int, says: str, **texts: str) -> None:
    with pytest.raises(RulebookFault) as caught:
        load(**texts)
    assert says in caught.value.says
    assert (caught.value.file, caught.value.line) == (str(path), line)


def test_every_level_of_a_breach_has_a_band_of_sanction_levels():
    assert domain_acts.BANDS.keys() == set(domain_acts.LEVELS)
    assert {level for band in domain_acts.BANDS.values() for level in band} <= set(domain_acts.SANCTION_LEVELS)
