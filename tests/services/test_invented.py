"""People who do not exist: accepted as they were meant, refused where they were spoiled, the same for the same seed."""

import json
import os
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ikrar.domain import circulars, pacts, roster
from ikrar.gateways import spreadsheets
from ikrar.records.models import WorkUnit
from ikrar.services import invented, scenarios
from ikrar.services.invented import Mix, Place, Size, people, spoil, units, units_of_many
from tests import children

pytestmark = pytest.mark.once

TODAY = date(2024, 10, 25)
ROOT = Path(__file__).parents[2]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))


def place_of(code="13.75", name="KOTA BUKITTINGGI", districts=3, wards=4, villages=2):
    """A place whose wards have the same names in every district."""
    return Place(
        code,
        name,
        [(f"{code}.{d:02}", f"Rekaan {d}") for d in range(1, districts + 1)],
        [(f"{code}.{d:02}.1{w:03}", f"Koto {w}") for d in range(1, districts + 1) for w in range(1, wards + 1)]
        + [(f"{code}.{d:02}.2{v:03}", f"Nagari {v}") for d in range(1, districts + 1) for v in range(1, villages + 1)],
    )


def town(count=2500):
    place = place_of()
    return units(place, Size.for_people(count).fitted(place))


# --- units -------------------------------------------------------------------------------------------------------


def assert_a_tree(made):
    codes = [unit.code for unit in made]
    assert len(set(codes)) == len(made) == len({unit.name.casefold() for unit in made})
    above = {""}
    for unit in made:
        assert unit.parent_code in above, unit
        above.add(unit.code)
    assert {unit.kind for unit in made} <= set(WorkUnit.Kind.values)
    assert all(unit.code.upper() == unit.code and len(unit.code) <= 60 and len(unit.name) <= 200 for unit in made)


def test_units_are_a_tree_of_unique_codes_and_names():
    made = town()
    assert_a_tree(made)
    assert {unit.kind for unit in made} == set(WorkUnit.Kind.values) - {"root"}
    assert 80 <= len(made) <= 130


def test_wards_of_one_name_say_in_which_district_they_lie():
    names = {unit.name for unit in town() if unit.kind == "ward"}
    assert {"Kelurahan Koto 1", "Kelurahan Koto 1 (Rekaan 2)", "Kelurahan Koto 1 (Rekaan 3)"} <= names


def test_a_village_is_no_unit_of_the_agency():
    assert not [unit for unit in town() if "Nagari" in unit.name]


def test_a_size_that_is_asked_exactly_is_made_exactly():
    size = Size(offices=42, schools=310, health_centres=27, districts=20, wards=0)
    counted = Counter(unit.kind for unit in units(place_of(districts=25), size))
    assert counted["school"] == 310 and counted["health_centre"] == 27 and counted["district"] == 20
    assert counted["office"] + counted["secretariat"] + counted["education_office"] == 42


@pytest.mark.parametrize("more", [{"offices": 99}, {"districts": 4}, {"wards": 13}, {"sections": 10}, {"offices": 2}])
def test_more_than_there_is_is_refused(more):
    with pytest.raises(ValueError, match=next(iter(more))):
        units(place_of(), invented.replace(Size(offices=10, schools=1, health_centres=1), **more))


def test_many_places_fit_one_tree_though_their_districts_have_the_same_names():
    places = [
        place_of("13.75", "KOTA BUKITTINGGI"),
        place_of("13.76", "KOTA PAYAKUMBUH"),
        place_of("13.77", "KOTA PARIAMAN"),
    ]
    made = units_of_many(places, 30_000)
    assert_a_tree(made)
    assert [unit.name for unit in made if not unit.parent_code] == [
        "Pemerintah Kota Bukittinggi", "Pemerintah Kota Payakumbuh", "Pemerintah Kota Pariaman",
    ]  # fmt: skip


@settings(deadline=None)
@given(st.integers(1, 5_000_000), st.integers(150, 60_000))
def test_a_crowded_roster_keeps_to_its_units(count, most):
    place = place_of(districts=40, wards=40)
    size = Size.for_people(count, most).fitted(place)
    assert size.offices >= 3 and min(size.schools, size.health_centres, size.districts, size.wards) >= 0
    if count // 6 > most:
        assert len(units(place, size, apart=True)) <= most


# --- people ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("today", [TODAY, date(2020, 9, 23), date(2024, 2, 29), date(2026, 1, 1)])
@pytest.mark.parametrize("contract", [0, 0.18])
def test_every_row_is_accepted_as_it_was_meant(today, contract):
    for row in people(town(), 2500, 7, today, contract=contract):
        read = roster.read_row(row, today)
        assert isinstance(read, roster.EmployeeRow), (row, read)
        assert (read.front_title, read.name, read.back_title) == (row["front_title"], row["name"], row["back_title"])
        assert read.birth_on.isoformat() == row["birth_on"] and read.start_on.isoformat() == row["start_on"]
        assert roster.split_titles(row["name"]) == ("", row["name"], "")
        assert bool(read.grade) == (read.employment in roster.ASN) == bool(read.post_kind)
        assert read.identifier_type == {"pppk": "ni_pppk", "contract": "nik" if row["identifier"] else "none"}.get(
            read.employment, "nip"
        )


def test_the_same_seed_and_day_give_the_same_people_and_another_seed_gives_others():
    first = list(people(town(), 2500, 7, TODAY))
    assert first == list(people(town(), 2500, 7, TODAY))
    assert first != list(people(town(), 2500, 8, TODAY))


def test_no_number_is_given_twice_even_where_birthdays_become_scarce():
    numbers = [row["identifier"] for row in people(town(), 20_000, 1, TODAY, top_serial=2) if row["identifier"]]
    assert len(set(numbers)) == len(numbers)
    with pytest.raises(ValueError, match="no number is left"):
        list(people(town(), 40_000, 1, TODAY, top_serial=1))


def test_two_cities_share_no_number_when_the_second_begins_below_the_first():
    bukittinggi = {row["identifier"] for row in people(town(), 2500, 1, TODAY, contract=0)}
    payakumbuh = {row["identifier"] for row in people(town(), 2500, 2, TODAY, contract=0, top_serial=949)}
    assert bukittinggi.isdisjoint(payakumbuh)


def test_two_people_without_a_number_are_told_apart_by_unit_name_and_birth_date():
    rows = [row for row in people(town(), 30_000, 1, TODAY, contract=0.9) if not row["identifier"]]
    assert len(rows) > 2000 and {row["employment"] for row in rows} == {"Kontrak"}
    assert len({(row["unit_code"], row["name"], row["birth_on"]) for row in rows}) == len(rows)


@pytest.mark.parametrize("headless", [0, 3])
def test_each_unit_has_one_head_but_those_that_were_asked_without(headless):
    made = town()
    heads = Counter(row["unit_code"] for row in people(made, 2500, 3, TODAY, headless=headless) if row["is_head"])
    assert set(heads.values()) == {1} and len(heads) == len(made) - headless
    lacking = [unit for unit in made if unit.code not in heads]
    assert all(unit.parent_code for unit in lacking)


def test_posts_and_levels_fit_the_unit():
    heads = {row["unit_code"]: row for row in people(town(), 2500, 3, TODAY) if row["is_head"]}
    for code, post, level in (
        ("SETDA", "Sekretaris Daerah", "jpt_pratama"),
        ("DISDIK", "Kepala Dinas Pendidikan", "jpt_pratama"),
        ("ITDA", "Inspektur", "jpt_pratama"),
        ("BAG-HUKUM", "Kepala Bagian Hukum", "administrator"),
        ("KEC-01", "Camat Rekaan 1", "administrator"),
        ("KEL-01-001", "Lurah Koto 1", "pengawas"),
        ("PKM-01", "Kepala Puskesmas Rekaan 1", "jf_ahli_madya"),
        ("SDN-001", "Kepala SDN 01 Rekaan 1", "jf_ahli_madya"),
    ):
        assert heads[code]["post"] == post
        assert roster.read_row(heads[code], TODAY).level == level


def test_the_mix_is_met_exactly_and_most_are_at_work():
    mix = Mix(pns=2284, cpns=0, pppk=508)
    rows = list(people(town(), 2792, 5, TODAY, mix=mix))
    assert Counter(row["employment"] for row in rows) == {"PNS": 2284, "PPPK": 508}
    assert 0.96 < sum(row["status"] == "Aktif" for row in rows) / len(rows) < 0.99


def test_nobody_can_be_reached():
    rows = list(people(town(), 2500, 5, TODAY))
    emails = [row["email"] for row in rows if row["email"]]
    assert emails and all(email.endswith("@example.test") for email in emails)
    assert not any(row["phone"] for row in rows)


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 50},
        {"headless": 1000},
        {"mix": Mix(1, 1, 1)},
        {"mix": Mix(2600, 0, -100)},
        {"mix": Mix(10, 0, 2490)},
        {"contract": 1.0},
        {"top_serial": 0},
    ],
)
def test_what_cannot_be_invented_is_refused_before_the_first_row(wrong):
    with pytest.raises(ValueError):
        people(town(), **{"count": 2500, "seed": 1, "today": TODAY, **wrong})


@settings(max_examples=30, deadline=None)
@given(st.integers(6, 3000), st.integers(), st.floats(0, 0.3))
def test_rosters_of_any_size_come_out_whole(count, seed, contract):
    place = place_of()
    made = units(place, Size.for_people(count).fitted(place))
    rows = list(people(made, count, seed, TODAY, contract=contract))
    assert len(rows) == count
    assert sum(row["is_head"] == "Ya" for row in rows) == len(made)
    assert {row["unit_code"] for row in rows} == {unit.code for unit in made}


# --- spoiled rows ------------------------------------------------------------------------------------------------


def faults_of(rows):
    """Return the faults of each row that is refused, by its place from 1."""
    read = [roster.read_row(row, TODAY) for row in rows]
    return {
        at: {(fault.field, fault.code) for fault in each} for at, each in enumerate(read, 1) if isinstance(each, list)
    }


def test_spoiled_rows_are_refused_with_the_fault_that_was_planted_and_no_others():
    rows, spoiled = spoil(people(town(), 2500, 1, TODAY), 2500, 310, 4)
    rows = list(rows)
    assert len(rows) == 2500 and len({each.row for each in spoiled}) == 310
    assert {each.how for each in spoiled} == {*invented.ROW_SPOILS, invented.DUPLICATE}
    alone = {each.row: {(each.field, each.code)} for each in spoiled if each.how != invented.DUPLICATE}
    assert faults_of(rows) == alone


def test_a_duplicate_repeats_the_number_of_an_earlier_good_row():
    rows, spoiled = spoil(people(town(), 2500, 1, TODAY), 2500, 40, 4, [invented.DUPLICATE])
    rows = list(rows)
    assert not faults_of(rows)
    first = {}
    for at, row in enumerate(rows, 1):
        if row["identifier"]:
            first.setdefault(row["identifier"], at)
    again = {at for at, row in enumerate(rows, 1) if row["identifier"] and first[row["identifier"]] != at}
    assert again == {each.row for each in spoiled}


def test_an_unknown_unit_is_one_that_the_tree_lacks():
    rows, spoiled = spoil(people(town(), 2500, 1, TODAY), 2500, 5, 4, [invented.UNKNOWN_UNIT])
    codes = {unit.code for unit in town()}
    assert [at for at, row in enumerate(rows, 1) if row["unit_code"] not in codes] == [each.row for each in spoiled]


def test_heads_are_left_whole_and_the_spoiling_repeats_itself():
    def run():
        rows, spoiled = spoil(people(town(), 2500, 1, TODAY), 2500, 37, 4)
        return list(rows), spoiled

    rows, spoiled = run()
    assert len(spoiled) == 37 and not any(rows[each.row - 1]["is_head"] == "Ya" for each in spoiled)
    assert run() == (rows, spoiled)


@pytest.mark.parametrize("bad", [0, 1, 299, 300])
def test_exactly_as_many_are_spoiled_as_were_asked(bad):
    rows, spoiled = spoil(people(town(300), 300, 1, TODAY), 300, bad, 1)
    rows = list(rows)
    assert len(spoiled) == len({each.row for each in spoiled}) == bad
    with pytest.raises(ValueError, match="bad"):
        spoil(iter(rows), 300, 301, 1)


# --- the command -------------------------------------------------------------------------------------------------


def make_roster(folder, *arguments):
    """Run the command where no database can be reached."""
    nowhere = {"IKRAR_HOME": str(folder / "home"), "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    return children.run_text("-m", "ikrar", "make-roster", *arguments, env=os.environ | nowhere)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("style", ["plain", "messy"])
def test_a_written_roster_is_read_back_and_only_its_spoiled_lines_are_refused(tmp_path, ending, style):
    out = tmp_path / f"pegawai.{ending}"
    done = make_roster(
        tmp_path, "--people", 2500, "--region", "13.76", "--seed", 3, "--bad", 35, "--headless", 3, "--style", style,
        "--today", TODAY, "--contract", "0.1", "--out", out, "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    *spoiled, summary = map(json.loads, done.stdout.splitlines())
    assert (summary["people"], summary["bad"], len(spoiled)) == (2500, 35, 35)

    table = spreadsheets.open_table(out, out.name)
    fields = {str(at): roster.guess_field(heading) for at, heading in enumerate(table.headings)}
    assert [table.headings[int(at)] for at, field in fields.items() if not field] == (
        ["NO", "KETERANGAN"] if style == "messy" else []
    )
    read = {}
    for frame in table.frames():
        for cells in frame.iter_rows(named=True):
            raw = {field: cells[at] for at, field in fields.items() if field}
            read[cells[spreadsheets.LINE]] = roster.read_row(raw, TODAY)
    assert len(read) == 2500
    refused = {line: {(f.field, f.code) for f in each} for line, each in read.items() if isinstance(each, list)}
    assert refused == {
        each["line"]: {(each["field"], each["code"])} for each in spoiled if each["code"] != "identifier_twice"
    }
    good = [each for each in read.values() if isinstance(each, roster.EmployeeRow)]
    heads = Counter(each.unit_code for each in good if each.is_head)
    assert set(heads.values()) == {1} and len(heads) == summary["units"] - 3
    parents = {each.parent_unit for each in good if each.parent_unit}
    assert parents <= {each.unit for each in good}


def test_titles_stand_in_the_name_of_a_messy_file_and_are_read_off_it(tmp_path):
    asked = ("--people", 300, "--today", TODAY, "--seed", 9)
    for style in ("plain", "messy"):
        assert make_roster(tmp_path, *asked, "--style", style, "--out", tmp_path / f"{style}.csv").returncode == 0
    plain = (tmp_path / "plain.csv").read_text(encoding="utf-8").splitlines()
    messy = (tmp_path / "messy.csv").read_text(encoding="cp1252").splitlines()
    assert plain[0].startswith("NIP,Nama,Gelar Depan") and messy[0].startswith("PEMERINTAH KOTA BUKITTINGGI;;")
    assert messy[5].split(";")[1].startswith("'19")
    place = real_place()
    rows = people(units(place, Size.for_people(300).fitted(place)), 300, 9, TODAY)
    for row, line in zip(rows, messy[5:], strict=True):
        read = roster.split_titles(line.split(";")[2])
        assert read == (row["front_title"], row["name"], row["back_title"])


def real_place():
    folder = ROOT / "ikrar" / "records" / "regions"
    lines = {
        level: [line.split(",") for line in (folder / f"{level}.csv").read_text(encoding="utf-8").splitlines()]
        for level in ("districts", "villages")
    }
    of_place = {
        level: [(code, name) for code, _, name in rows if code.startswith("13.75.")] for level, rows in lines.items()
    }
    return Place("13.75", "KOTA BUKITTINGGI", of_place["districts"], of_place["villages"])


def test_a_roster_too_large_for_one_place_has_several(tmp_path):
    done = make_roster(tmp_path, "--people", 25_000, "--out", tmp_path / "a.csv", "--today", TODAY)
    assert done.returncode == 0, done.stderr
    written = (tmp_path / "a.csv").read_text(encoding="utf-8")
    assert written.count("\n") == 25_001 and "Pemerintah Kota Bukittinggi" in written


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--people", "0", "--out", "a.csv"], 2),
        (["--people", "10", "--out", "a.pdf"], 2),
        (["--people", "10"], 2),
        (["--people", "10", "--out", "a.csv", "--contract", "1.5"], 2),
        (["--people", "10", "--out", "a.csv", "--today", "besok"], 2),
        (["--people", "100", "--out", "a.csv", "--region", "99.99"], 1),
        (["--people", "100", "--out", "a.csv", "--bad", "101"], 1),
        (["--people", "3000", "--out", "a.csv", "--districts", "9"], 1),
        (["--people", "2000000", "--out", "a.xlsx"], 1),
        (["--people", "100", "--out", "nowhere/a.csv"], 1),
    ],
)
def test_wrong_usage_is_status_2_and_a_refusal_status_1_and_no_file_is_left(tmp_path, arguments, status):
    arguments = [str(tmp_path / each) if each.startswith(("a.", "nowhere")) else each for each in arguments]
    done = make_roster(tmp_path, *arguments)
    assert (done.returncode, "Traceback" in done.stderr) == (status, False), done.stderr
    assert done.stderr and {path.name for path in tmp_path.iterdir()} <= {"home"}


# --- scenarios ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_what_a_scenario_invents_can_be_carried_out(path):
    scenario = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert scenario["id"] == path.stem
    synthetic = scenario["synthetic"]
    if not synthetic:
        return
    staff = synthetic["people"]
    mix = Mix(staff["pns"], staff["cpns"], staff["pppk"], staff["contract"])
    rows = people(
        town(staff["count"]), staff["count"], staff["seed"], staff["roster_on"],
        mix=mix, headless=staff["headless"], top_serial=staff["top_serial"],
    )  # fmt: skip
    assert sum(1 for _ in rows) == staff["count"]
    for pact in synthetic.get("pacts", ()):
        assert pact["id"] in {each["id"] for each in scenario["pacts"]}
        pacts.PactText.of(**pact["text"])
        if "of_offices" in pact:
            continue  # a pact of office-holders is signed at its ceremony
        assert set(pact["employments"]) <= set(roster.Employment) and pact["keeps_on"] in set(pacts.KeepsOn)
        assert sum(pact["routes"].values()) == pytest.approx(1) and set(pact["routes"]) <= set(pacts.Grade)
        assert staff["roster_on"] <= pact["issued_on"] <= pact["signed"][0]["day"]
        for earlier, later in pairwise(pact["signed"]):
            assert earlier["day"] < later["day"] and earlier["share"] < later["share"] < 1


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_circular_of_a_scenario_can_be_published_and_acknowledged(path):
    scenario = yaml.safe_load(path.read_text(encoding="utf-8"))
    for made_up in scenario["synthetic"].get("circulars", ()):
        assert not circulars.CircularText.of(**made_up["text"]).is_cover
        assert made_up["kind"] in ("circular", "instruction", "appeal")
        assert made_up["issued_by"] in {None, *(each["id"] for each in scenario["offices"])}
        asked = [circulars.Question.of(**each, place=1) for each in made_up["questions"]]
        circulars.check_questions(asked)
        circulars.Target.of(employments=made_up["employments"])
        assert scenario["synthetic"]["people"]["roster_on"] <= made_up["issued_on"] <= made_up["due_on"]
        assert made_up["due_on"] <= made_up["escalate_on"] and made_up["issued_on"] <= made_up["acknowledged"][0]["day"]
        for earlier, later in pairwise(made_up["acknowledged"]):
            assert earlier["day"] < later["day"] and earlier["share"] < later["share"] < 1


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_an_activity_of_a_scenario_can_be_called_and_held(path):
    scenario = yaml.safe_load(path.read_text(encoding="utf-8"))
    events = {each["id"]: each for each in scenario.get("events", ())}
    for made_up in scenario["synthetic"].get("activities", ()):
        # One at which a pact is signed has its facts there.
        signed = next((each for each in scenario.get("pacts", ()) if each["id"] == made_up.get("pact")), {})
        fact = {**signed, **events.get(made_up["id"], {}), **made_up}
        assert not (events.get(made_up["id"], {}).keys() & made_up.keys()) - {"id", "points", "purpose"}, (
            "nothing reported is told otherwise; what is paraphrased is told in the words of the demo"
        )
        assert fact["kind"] in scenarios._ACTIVITY_KINDS and fact["title"]
        assert made_up["called_on"] <= fact["date"] and 0 < fact.get("came", 1) <= 1
        assert made_up["minutes"].strip(), "a demo may stand on any day after it, and no minutes are shown as late"
        if made_up.get("heads_of"):
            assert fact.get("came", 1) == 1, "no office of one holder is shown as absent"
        for decision in made_up.get("decisions", ()):
            assert "due_on" not in decision or decision["done_on"] <= decision["due_on"], "nor as late"


def test_the_scenarios_share_no_number_but_those_of_one_region_its_staff():
    tops: dict[str, int] = {}
    for path in SCENARIOS:
        scenario = yaml.safe_load(path.read_text(encoding="utf-8"))
        if staff := scenario["synthetic"].get("people"):
            top = tops.setdefault(scenario["region"]["code"], staff["top_serial"])
            assert top == staff["top_serial"], path
    assert len(tops) == 4 and all(abs(one - other) >= 50 for one, other in pairwise(sorted(tops.values())))
