"""The rulebook's files of authorities and bodies: what they say, and that every fault is named with its line."""

from datetime import date, timedelta

import pytest
import yaml

from ikrar.domain.acts import LEVELS
from ikrar.domain.errors import RulebookFault
from ikrar.domain.offices import RULES, VACANT_ROW, AgencyKind, BodiesDocument, Part, Seat, parse_bodies
from ikrar.domain.sources import Checker
from ikrar.gateways import rulebook_files
from ikrar.gateways.rulebook_files import read
from tests.domain.authority_book import PACKAGED, REFERENCE, book, read_book, sources

AUTHORITIES, BODIES = PACKAGED / "authorities.yaml", PACKAGED / "bodies.yaml"

beside_the_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference is not beside this checkout")


@pytest.fixture(scope="module")
def reference():
    """The reference's files of sanctions, time limits and figures, by the id of each row."""

    def rows(file, *parts):
        data = yaml.safe_load((REFERENCE / file).read_text(encoding="utf-8"))
        return {part: {row["id"]: row for row in data[part]} for part in parts}

    return {
        **rows("sanctions.yaml", "authority_matrix", "sanctions", "rules"),
        **rows("deadlines.yaml", "deadlines"),
        **rows("figures.yaml", "figures"),
    }


# --- what the package brings -------------------------------------------------------------------------------------


def matrix():
    return list(book().authorities.values())[:17]


def test_the_matrix_stands_first_and_holds_from_the_day_of_pp_94():
    assert [row.id for row in matrix()][-1] == VACANT_ROW
    for row in matrix():
        assert (row.part, row.who) == (Part.DISCIPLINE, {"pns", "cpns"})
        assert (row.in_force.from_on, row.in_force.until_on) == (date(2021, 8, 31), None)
        assert row.in_force.from_on == sources()["pp-94-2021"].in_force.from_on


def test_the_seven_authorities_of_the_matrix_are_those_of_pasal_16():
    seats = list(dict.fromkeys(row.seat for row in matrix() if row.id != VACANT_ROW))
    assert seats == list(Seat)[:7]


def _levels(row):
    """The levels of sanctions that a row of the matrix speaks of; the one for vacancies speaks of all."""
    if row.seat is Seat.HIGHER:
        return ["light", "moderate", "severe"]
    return [level for level in LEVELS if any(level in power.levels for power in row.powers)]


def test_no_row_says_that_a_level_below_the_ppk_may_sanction_severely():
    for row in matrix():
        if row.seat not in (Seat.PRESIDENT, Seat.PPK, Seat.HIGHER):
            assert set(_levels(row)) <= {"light", "moderate"}


def test_every_rule_that_code_asks_for_is_there_and_no_other():
    assert set(book().authority_rules) == set(RULES)


def test_rows_for_dismissal_under_the_asn_act_change_with_the_act():
    rows = book().authorities
    change = sources()["uu-20-2023"].in_force.from_on
    for old, new in [("ptdh-ppk-uu-5-2014", "ptdh-ppk"), ("ptdh-president-uu-5-2014", "ptdh-president")]:
        assert rows[old].in_force.until_on == rows[new].in_force.from_on == change == date(2023, 10, 31)


def test_the_body_to_come_does_not_exist_on_any_day():
    body = book().bodies["asn-oversight-body"]
    assert (body.exists, body.powers, body.due_on) == (None, (), date(2027, 10, 16))
    assert not any(body.exists_on(date(year, 10, 16)) for year in range(2020, 2040))


def test_bodies_begin_and_end_with_the_instruments_that_the_rulebook_dates():
    bodies, dated = book().bodies, sources()
    assert bodies["kasn"].exists.until_on == dated["uu-20-2023"].in_force.from_on
    assert bodies["bpasn"].exists.from_on == dated["pp-79-2021"].in_force.from_on
    assert bodies["skb-task-force"].exists.from_on == dated["skb-2022"].in_force.from_on
    control = [power for power in bodies["bkn"].powers if power.power == "control"]
    assert control[-1].in_force.from_on == dated["peraturan-bkn-1-2023"].in_force.from_on


def test_the_days_between_kasn_and_bkn_are_disputed_and_leave_no_gap():
    kasn, bkn = book().bodies["kasn"], book().bodies["bkn"]
    (dispute,) = kasn.disputed
    (bkn_oversees,) = [power for power in bkn.powers if power.power == "oversee"]
    assert kasn.exists.until_on == dispute.in_force.from_on
    assert dispute.in_force.until_on == bkn_oversees.in_force.from_on
    assert bkn_oversees.in_force.until_on == book().bodies["asn-oversight-body"].due_on


def test_both_files_keep_to_the_width_of_the_house_but_for_addresses():
    for path in (AUTHORITIES, BODIES):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert len(line) <= 132 or "http" in line, f"{path.name}:{number}"


# --- against the reference ---------------------------------------------------------------------------------------


def _word(text):
    return text.replace("-", "_")


@beside_the_reference
def test_the_matrix_says_what_the_reference_says(reference):
    expected = list(reference["authority_matrix"].values())
    assert [row.id for row in matrix()] == [row["id"] for row in expected]
    known = {
        "id", "authority", "offender", "levels", "notes", "basis", "sources", "confidence", "basis_confidence",
    }  # fmt: skip
    for row, told in zip(matrix(), expected, strict=True):
        assert told.keys() <= known
        assert row.label.id == told["authority"], row.id
        assert row.offenders.id == told["offender"], row.id
        assert _levels(row) == told["levels"], row.id
        assert [cite.text for cite in row.cites] == told["basis"], row.id
        assert list(row.seen) == told["sources"], row.id
        assert row.confidence == _word(told["confidence"]), row.id
        assert row.basis_confidence == _word(told["basis_confidence"]), row.id


@beside_the_reference
def test_the_notes_of_the_matrix_are_those_of_the_reference_in_two_languages(reference):
    for row, told in zip(matrix(), reference["authority_matrix"].values(), strict=True):
        indonesian, _, english = (told["notes"] or "").partition(" / ")
        assert (row.notes.id if row.notes else "") == indonesian, row.id
        assert row.notes is None or english in row.notes.en, row.id


@beside_the_reference
def test_powers_say_of_dismissal_what_the_notes_of_the_reference_say(reference):
    for row, told in zip(matrix(), reference["authority_matrix"].values(), strict=True):
        words = {power.dismissal for power in row.powers}
        if "severe except dismissal" in (told["notes"] or ""):
            assert words == {"excluded"}, row.id
        elif "dismissal only" in (told["notes"] or ""):
            assert words == {"only"}, row.id
            assert row.on_proposal_of is not None
        else:
            assert words <= {"included"}, row.id


@beside_the_reference
def test_agencies_are_those_that_the_reference_names(reference):
    named = {"pusat": "central", "provinsi": "province", "kabupaten": "regency", "kota": "city"}
    for row, told in zip(matrix(), reference["authority_matrix"].values(), strict=True):
        words = {kind for word, kind in named.items() if word in told["authority"].lower()}
        if row.seat is Seat.HEAD_OF_MISSION:
            assert row.agencies == {AgencyKind.CENTRAL}
        else:
            assert row.agencies == (words or set(AgencyKind)), row.id


@beside_the_reference
def test_rules_that_the_reference_has_say_the_same(reference):
    shared = [rule for rule in book().authority_rules.values() if rule.id in reference["rules"]]
    assert len(shared) == 10
    for rule in shared:
        told = reference["rules"][rule.id]
        assert (rule.label.id, rule.label.en) == (told["title_id"], told["title_en"])
        assert [cite.text for cite in rule.cites] == told["basis"], rule.id
        assert list(rule.seen) == told["sources"], rule.id
        assert rule.confidence == _word(told["confidence"]), rule.id


# Which sanctions of the reference a row stands for, and who imposes them there.
IMPOSED = {
    "ptdh-ppk": (["ptdh"], "PPK (atau Presiden untuk jabatan yang diangkat Presiden)"),
    "ptdh-president": (["ptdh"], "PPK (atau Presiden untuk jabatan yang diangkat Presiden)"),
    "ethics-moral": (["moral-closed"], "PPK, secara tertulis, menyebut jenis pelanggaran"),
    "ethics-add-on": (["ethics-administrative-add-on"], "PPK atas rekomendasi Majelis Kode Etik"),
    "pppk-agency-rules": (["pppk-agency-rules"], "PPK"),
    "pppk-termination": (["pppk-termination-dishonourable"], "PPK"),
    "non-asn-employer": (["ppnpn-graded", "ppnpn-termination"], "PPK / pejabat pemberi kerja"),
    "village-head": (["village-reprimand", "village-suspension", "village-dismissal"], "Bupati/Wali Kota"),
    "village-staff": (["village-reprimand", "village-suspension", "village-dismissal"], "Bupati/Wali Kota"),
    "district-court": (["criminal-1-6m-600k-6m", "criminal-1y-12m"], "Pengadilan negeri, lewat Sentra Gakkumdu"),
}


@beside_the_reference
@pytest.mark.parametrize("id", IMPOSED)
def test_other_rows_name_who_imposes_the_sanction_in_the_reference(reference, id):
    row = book().authorities[id]
    sanctions, imposed_by = IMPOSED[id]
    for each in sanctions:
        told = reference["sanctions"][each]
        assert told["imposed_by"] == imposed_by
        assert set(told["sources"]) <= set(row.seen)
    assert row.label.id in imposed_by


@beside_the_reference
def test_days_of_bodies_are_those_of_the_reference(reference):
    due = reference["deadlines"]["mk121-new-body"]
    assert book().bodies["asn-oversight-body"].due_on == date.fromisoformat(due["due_date"])
    handed_over = date.fromisoformat(reference["figures"]["p24-bawaslu-sept"]["as_of"])
    (oversees,) = [power for power in book().bodies["bkn"].powers if power.power == "oversee"]
    assert oversees.in_force.from_on == handed_over
    told = reference["deadlines"]["ppk-act-on-recommendation-2020"]
    after = date.fromisoformat(told["valid_to"]) + timedelta(days=1)
    refers = [power.in_force for power in book().bodies["bawaslu"].powers if power.power == "refer"]
    assert (refers[0].from_on, refers[0].until_on) == (date.fromisoformat(told["valid_from"]), after)


# --- faults ------------------------------------------------------------------------------------------------------


def fault_of(tmp_path, path, old, new):
    """Return the text of the line and the sentence of the fault that a change of a file makes."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    changed = tmp_path / path.name
    changed.write_text(text.replace(old, new, 1), encoding="utf-8")
    files = (changed, BODIES) if path == AUTHORITIES else (AUTHORITIES, changed)
    with pytest.raises(RulebookFault) as caught:
        read_book(*files)
    assert caught.value.file == str(changed)
    return changed.read_text(encoding="utf-8").splitlines()[caught.value.line - 1].strip(), caught.value.says


@pytest.mark.parametrize(
    "old, new, line, says",
    [
        ("seat: president", "seat: king", "seat: king", "the seat 'king' is not one of president"),
        ("part: status", "part: other", "part: other", "the part 'other' is not one of"),
        ("who: [pns, cpns]", "who: [pns, students]", "who: [pns, students]", "the who 'students' is not one of"),
        ("who: [pns, cpns]", "who: []", "who: []", "who is empty"),
        ("agencies: [central]", "agencies: [island]", "agencies: [island]", "the agencies 'island' is not one of"),
        ("agencies: [central]", "agencies: []", "agencies: []", "agencies is empty"),
        ("posts: [jpt_utama]", "posts: [camat]", "- {posts: [camat]", "the posts 'camat' is not one of jpt_utama"),
        ("posts: [jpt_utama], levels: [light", "posts: [jpt_utama], levels: [mild", "- {posts: [jpt_utama]",
         "the levels 'mild' is not one of"),
        ("- {below: 1, levels: [light]}", "- {below: 1, levels: []}", "- {below: 1", "a power names its levels"),
        ("when: ppk", "when: rich", "- {posts: [jpt_madya], when: rich", "the when 'rich' is not one of ppk"),
        ("dismissal: only", "dismissal: often", "- {posts: [jpt_madya, jf_ahli_utama]", "the dismissal 'often'"),
        ("levels: [severe], dismissal: only", "levels: [light], dismissal: only", "- {posts: [jpt_madya",
         "only severe sanctions are divided by dismissal"),
        ("below: 1, levels", "below: 0, levels", "- {below: 0", "the first is 1"),
        ("posts: [jpt_utama], levels", "below: 1, levels", "- {below: 1", "only an office on the ladder of posts"),
        ("told: [reprimand]", "told: [scold]", "told: [scold]", "the told 'scold' is not one of oversee"),
        ("pp-94-2021, at: Pasal 17", "pp-94, at: Pasal 17", "- {source: pp-94, at", "there is no source 'pp-94'"),
        ("authority: president-dismissal-only", "authority: president-jpt-utama-ppk",
         "- authority: president-jpt-utama-ppk", "stands here a second time"),
        ("authority: vacant-authority", "authority: nobody-there", "authorities:", "no row 'vacant-authority'"),
        ("seat: higher", "seat: pengawas", "powers: []", "a row has at least one power"),
        ("label: {id: PPK Kabupaten/Kota", "label: {id: PPK Kab", "authorities:", "the PPK of regency has 2 names"),
        ("basis_confidence: uncertain", "basis_confidence: sure", "basis_confidence: sure", "'sure' is not one of"),
        ("rule: reshuffle-ban", "rule: reshuffle", "- rule: reshuffle", "the rule 'reshuffle' is not one of"),
        ("rule: seven-authorities", "rule: appeal", "- rule: appeal", "stands here a second time"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused_with_its_line(tmp_path, old, new, line, says):
    found, sentence = fault_of(tmp_path, AUTHORITIES, old, new)
    assert says in sentence
    assert found.startswith(line)


def test_a_row_of_a_region_that_does_not_fit_the_matrix_is_named_with_its_own_file(tmp_path, monkeypatch):
    text = AUTHORITIES.read_text(encoding="utf-8")
    first = text.index("  - authority: ppk-regency-city-jpt-pratama")
    row = text[first : text.index("  - authority:", first + 1)]
    row = row.replace("authority: ppk-", "authority: our-ppk-").replace("PPK Kabupaten/Kota", "Wali Kota kami")
    path = tmp_path / "authorities.yaml"
    path.write_text(f"authorities:\n{row}rules: []\n", encoding="utf-8")
    monkeypatch.setenv("IKRAR_LOCAL_RULES", str(tmp_path))
    rulebook_files.forget()
    try:
        with pytest.raises(RulebookFault, match="the PPK of regency has 2 names") as caught:
            rulebook_files.rulebook()
    finally:
        monkeypatch.undo()
        rulebook_files.forget()
    assert (caught.value.file, caught.value.line) == (str(path), 1)


def test_a_rule_that_is_missing_is_named(tmp_path):
    text = AUTHORITIES.read_text(encoding="utf-8")
    start, end = text.index("  - rule: team-rank"), text.index("  - rule: ppk-regional-head-not-pns")
    _, says = fault_of(tmp_path, AUTHORITIES, text[start:end], "")
    assert says == "rules that must be there are not: team-rank"


@pytest.mark.parametrize(
    "old, new, says",
    [
        ("power: oversee", "power: rule", "the power 'rule' is not one of oversee"),
        ("exists: {from: null, until: 2023-10-31}", "exists: {from: null, until: 2023-10-30}", "does not exist"),
        ("exists: {from: 2021-08-10, until: null}", "exists: {from: 2021-08-11, until: null}", "does not exist"),
        ("exists: {from: 2021-08-10, until: null}", "exists: null", "a body that is not formed has no powers"),
        ("due_on: 2027-10-16", "due_on: null", "and a day by which it is due"),
        ("successors: [bkn, kemenpanrb]", "successors: [bkn, menpan]", "there is no body 'menpan'"),
        ("in_force: {from: 2024-09-17, until: 2027-10-16}", "in_force: {from: 2023-10-01, until: null}",
         "kasn oversees on some of these days too"),
        ("body: kpu", "body: bkn", "stands here a second time"),
        ("{from: 2022-09-22, until: null}", "{from: 2022-09-22, until: 2022-09-22}", "is not after from"),
        ("        agencies: [province, regency, city]", "        agencies: [island]", "'island' is not one of central"),
        ("- {source: uu-5-2014}", "- {source: uu-5}", "there is no source 'uu-5'"),
    ],
)  # fmt: skip
def test_a_wrong_body_is_refused_with_its_line(tmp_path, old, new, says):
    _, sentence = fault_of(tmp_path, BODIES, old, new)
    assert says in sentence


LOCAL_BODY = """\
bodies:
  - body: council-of-here
    label: {id: Dewan daerah, en: Regional council}
    exists: {from: 2024-01-01, until: null}
    due_on: null
    successors: [bkn]
    powers:
      - power: oversee
        label: {id: Mengawasi, en: Oversees}
        in_force: {from: 2024-01-01, until: null}
        cites: [{source: uu-20-2023}]
        seen: [https://example.org]
        confidence: confirmed
    notes: null
    seen: [https://example.org]
    confidence: confirmed
"""


def test_no_body_of_another_file_oversees_beside_one_of_the_package(tmp_path):
    path = tmp_path / "bodies.yaml"
    path.write_text(LOCAL_BODY, encoding="utf-8")
    document = read(path, BodiesDocument)
    checker = Checker(document.file, document.line, sources())
    with pytest.raises(RulebookFault) as caught:
        parse_bodies(document.data, checker, book().bodies.values())
    assert (caught.value.file, caught.value.line) == (str(path), 10)
    assert caught.value.says == "bkn oversees on some of these days too"
    path.write_text(LOCAL_BODY.replace("oversee\n", "review\n"), encoding="utf-8")
    document = read(path, BodiesDocument)
    (body,) = parse_bodies(document.data, checker, book().bodies.values())
    assert body.successors == ("bkn",)


def test_what_is_disputed_has_two_readings(tmp_path):
    text = BODIES.read_text(encoding="utf-8")
    start = text.index("          - label:\n              id: KASN masih menerima")
    end = text.index("    notes:", start)
    _, says = fault_of(tmp_path, BODIES, text[start:end], "")
    assert says == "what is disputed has two readings at least"
