"""The rulebook's files of elections: what they say, and that every fault is named with its file and line."""

import hashlib
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from ikrar import rulebook
from ikrar.domain.elections import ElectionDocument
from ikrar.domain.errors import RulebookFault
from ikrar.gateways import rulebook_faults, rulebook_files

PACKAGED = Path(rulebook.__file__).parent
REFERENCE = PACKAGED.parents[2] / "shared" / "reference" / "law" / "calendars.yaml"

PLAN = """\
id: pilkada-2030
label: {id: Pemilihan 2030, en: Regional elections 2030}
kind: pilkada
voting_on: 2030-11-27
basis:
  - PKPU 1/2029
regions: {total: 2, provinces: 0, regencies: 1, cities: 1}
candidates_determined_on: null
determination_by_contest: null
sources:
  - https://example.org/plan
confidence: uncertain
stages:
  - id: voting
    label: {id: Pemungutan suara, en: Voting}
    from: 2030-11-27
    until: 2030-11-28
    conditional: false
    phase_switch: false
    notes: null
    sources:
      - https://example.org/plan
    confidence: uncertain
derived: []
"""


@pytest.fixture
def local(tmp_path, monkeypatch):
    """A local folder of rules, and caches that know nothing of it before or after."""
    (tmp_path / "elections").mkdir()
    monkeypatch.setenv("IKRAR_LOCAL_RULES", str(tmp_path))
    _forget()
    yield tmp_path
    _forget()


@pytest.fixture
def alone(local, tmp_path, monkeypatch):
    """A local folder with no package before it, so that a test reads one file only."""
    monkeypatch.setattr(rulebook_files, "_PACKAGED", tmp_path / "no-package")
    return local


@pytest.fixture
def packaged(monkeypatch):
    monkeypatch.delenv("IKRAR_LOCAL_RULES", raising=False)
    _forget()
    yield rulebook_files.elections()
    _forget()


def _forget():
    rulebook_files.forget()


def put(folder, text=PLAN, name="pilkada-2030.yaml"):
    path = folder / "elections" / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def fault_of(folder, text, name="pilkada-2030.yaml"):
    """Return line and sentence of the fault that a local file has; the file must be the one named."""
    path = put(folder, text, name)
    with pytest.raises(RulebookFault) as caught:
        rulebook_files.elections()
    assert caught.value.file == str(path)
    assert str(caught.value).startswith(f"{path}:{caught.value.line}: ")
    return caught.value.line, caught.value.says


def swap(old, new, text=PLAN):
    assert text.count(old) >= 1
    return text.replace(old, new, 1)


# --- what the package brings -------------------------------------------------------------------------------------


def test_the_package_has_seven_elections_in_the_order_of_their_voting(packaged):
    assert list(packaged) == [
        "pilkada-2018",
        "pemilu-2019",
        "pilkada-2020-original",
        "pilkada-2020",
        "pemilu-2024",
        "pilkada-2024",
        "pilkada-2025-repeat",
    ]


def test_the_quiet_period_of_2024_is_three_days_and_no_second_round_ran(packaged):
    pilkada, pemilu = packaged["pilkada-2024"], packaged["pemilu-2024"]
    days = [date(2024, 11, day) for day in range(23, 28)]
    assert [[stage.id for stage in pilkada.stages_on(day) if stage.id == "quiet-period"] for day in days] == [
        [],
        ["quiet-period"],
        ["quiet-period"],
        ["quiet-period"],
        [],
    ]
    assert pemilu.stages_on(date(2024, 6, 10)) == ()
    assert pemilu.determined_on("president") == date(2023, 11, 13)
    assert pemilu.determined_on("dpr") == date(2023, 11, 3)


def test_a_packaged_file_holds_what_the_reference_says_and_nothing_else(packaged):
    if not REFERENCE.exists():
        pytest.skip("the reference calendars stand beside the repository only where the rulebook is edited")
    reference = yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))["elections"]
    files = sorted((PACKAGED / "elections").glob("*.yaml"))
    ours = {path.stem: rulebook_files.read(path, ElectionDocument).data for path in files}
    assert ours == {row["id"]: _converted(row) for row in reference}


# The label of the reference names them; the codes are Kemendagri's.
NAMED_REGIONS = {"pilkada-2025-repeat": ["19.01", "19.71"]}


def _converted(row):
    """Return an election of the reference, whose days are texts and include the last one, in the form of our files."""
    election = {
        "id": row["id"],
        "label": _label(row),
        "kind": row["kind"],
        "voting_on": _day(row["voting_day"]),
        "basis": row["basis"],
        "regions": row["regions"],
        "candidates_determined_on": _day(row["candidates_determined"]),
        "determination_by_contest": None,
        "sources": row["sources"],
        "confidence": _word(row),
        "stages": [_converted_stage(stage) for stage in row["stages"]],
        "derived": [_converted_derived(derived) for derived in row["derived"]],
    }
    if by_contest := row.get("determination_by_contest"):
        election["determination_by_contest"] = {contest: _day(day) for contest, day in by_contest.items()}
    if row["id"] in NAMED_REGIONS:
        election["region_codes"] = NAMED_REGIONS[row["id"]]
    if "superseded_by" in row:
        election["superseded_by"] = row["superseded_by"]
    known = {
        "id", "title_id", "title_en", "kind", "voting_day", "basis", "regions", "candidates_determined", "sources",
        "determination_by_contest", "superseded_by", "confidence", "stages", "derived",
    }  # fmt: skip
    assert row.keys() <= known
    return election


def _converted_stage(row):
    last = _day(row["end"])
    stage = {
        "id": row["id"],
        "label": _label(row),
        "from": _day(row["start"]),
        "until": last and last + timedelta(days=1),
        "conditional": row.get("conditional", False),
        "phase_switch": row["phase_effect"] is not None,
        "notes": row["notes"],
        "sources": row["sources"],
        "confidence": _word(row),
    }
    if row["phase_effect"] is not None:
        switch, _, contests = row["phase_effect"].partition(" (")
        assert switch == "switch: before-candidates -> after-candidates"
        if contests:
            stage["contests"] = contests.rstrip(")").split(" ", 1)[1].split(", ")
    known = {
        "id",
        "title_id",
        "title_en",
        "start",
        "end",
        "conditional",
        "phase_effect",
        "notes",
        "sources",
        "confidence",
    }
    assert row.keys() <= known
    return stage


def _converted_derived(row):
    derived = {
        "id": row["id"],
        "label": _label(row),
        "day": _day(row["date"]),
        "notes": row["notes"],
        "sources": row.get("sources", []),
        "confidence": _word(row),
    }
    if "counted_alternative" in row:
        derived["counted_day"] = _day(row["counted_alternative"])
    assert row.keys() <= {"id", "title_id", "title_en", "date", "counted_alternative", "notes", "sources", "confidence"}
    return derived


def _label(row):
    return {"id": row["title_id"], "en": row["title_en"]}


def _day(text):
    return text and date.fromisoformat(text)


def _word(row):
    return row["confidence"].replace("-", "_")


# --- the local folder --------------------------------------------------------------------------------------------


def test_a_local_file_joins_those_of_the_package(local):
    put(local)
    assert rulebook_files.elections()["pilkada-2030"].voting_on == date(2030, 11, 27)
    assert "pilkada-2024" in rulebook_files.elections()


def test_a_local_folder_may_say_nothing_of_elections(local):
    (local / "elections").rmdir()
    assert len(rulebook_files.elections()) == 7


def test_a_local_folder_that_is_not_there_is_a_fault(local, monkeypatch):
    monkeypatch.setenv("IKRAR_LOCAL_RULES", str(local / "elsewhere"))
    with pytest.raises(RulebookFault, match="names no folder"):
        rulebook_files.elections()


def test_an_id_given_twice_is_a_fault_that_names_both_files(local):
    text = (PACKAGED / "elections" / "pilkada-2024.yaml").read_text(encoding="utf-8")
    line, says = fault_of(local, text, "pilkada-2024.yaml")
    assert text.splitlines()[line - 1] == "id: pilkada-2024"
    assert str(PACKAGED / "elections" / "pilkada-2024.yaml") in says


def test_a_file_is_named_after_its_election(local):
    assert fault_of(local, PLAN, "pilkada-2031.yaml") == (1, "the file is not named pilkada-2030.yaml")


@pytest.mark.parametrize("name", ["pilkada-2030.yml", "pilkada-2030.YAML", "pilkada-2030.json"])
def test_a_file_that_would_not_be_read_is_a_fault(local, name):
    assert "end in .yaml" in fault_of(local, PLAN, name)[1]


@pytest.mark.parametrize("name", ["elections/2030/pilkada-2030.yaml", "election/pilkada-2030.yaml", "election.yaml"])
def test_a_file_where_nothing_is_read_is_a_fault_at_the_start_too(local, name):
    path = local / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(PLAN, encoding="utf-8")
    for read in (rulebook_files.elections, rulebook_files.rulebook, rulebook_files.check):
        with pytest.raises(RulebookFault, match="no rules are read from here") as caught:
            read()
        assert caught.value.file == str(path)
    assert [fault.file for fault in rulebook_faults.faults()] == [str(path)]


def test_a_folder_that_is_not_there_is_one_fault(local, monkeypatch):
    monkeypatch.setenv("IKRAR_LOCAL_RULES", str(local / "elsewhere"))
    assert [fault.says for fault in rulebook_faults.faults()] == ["IKRAR_LOCAL_RULES names no folder"]


def test_a_calendar_cannot_be_superseded_by_one_that_is_not_there(local):
    line, says = fault_of(local, swap("basis:", "superseded_by: pilkada-2031\nbasis:"))
    assert (line, says) == (5, "there is no election 'pilkada-2031'")


# --- how a file may not be written -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "old, new, line, says",
    [
        ("kind: pilkada\n", "kind: pilkada\nkind: pemilu\n", 4, "the key `kind` is given twice, first on line 3"),
        ("    notes: null\n", "    notes: null\n    notes: null\n", 21, "the key `notes` is given twice"),
        ("kind: pilkada\n", "kind: pilkada\non: 2030-11-27\n", 4, "the key `on` can be read as a boolean"),
        ("kind: pilkada\n", "kind: pilkada\nNo: 1\n", 4, "the key `No` can be read as a boolean"),
        ("kind: pilkada\n", 'kind: pilkada\n"yes": 1\n', 4, "the key `yes` can be read as a boolean"),
        ("kind: pilkada\n", "kind: pilkada\ntrue: 1\n", 4, "the key `true` can be read as a boolean"),
        ("kind: pilkada\n", "kind: pilkada\n2030: 1\n", 4, "a key is a word"),
        ("kind: pilkada\n", "kind: pilkada\n2030-11-27: 1\n", 4, "a key is a word"),
        ("kind: pilkada\n", "kind: pilkada\n? [a, b]\n: 1\n", 4, "a key is a word"),
        ("kind: pilkada\n", "kind: pilkada\ncolour: red\n", 4, "the key `colour` is not known here"),
        ("    notes: null\n", "    note: null\n", 20, "the key `note` is not known here"),
        ("kind: pilkada\n", "", 1, "missing here: kind"),
        ("    notes: null\n", "", 14, "missing here: notes"),
        (", en: Voting", "", 15, "missing here: en"),
        ("kind: pilkada\n", "kind: 3\n", 3, "`kind` should be text"),
        ("kind: pilkada\n", "kind: null\n", 3, "`kind` should be text"),
        ("kind: pilkada\n", "kind:\n", 3, "a value is missing"),
        ("    from: 2030-11-27\n", "    from:\n", 16, "a value is missing"),
        ("    from: 2030-11-27\n", "    from: 27 November 2030\n", 16, "`from` should be a day (2024-11-27) or null"),
        ("    from: 2030-11-27\n", "    from: '2030-11-27'\n", 16, "`from` should be a day"),
        ("    from: 2030-11-27\n", "    from: 2030-11-27 08:00:00\n", 16, "`from` should be a day"),
        ("    from: 2030-11-27\n", "    from: 2030-11-31\n", 16, "2030-11-31 is no day of the calendar"),
        ("conditional: false", "conditional: no", 18, "`conditional` should be true or false"),
        ("conditional: false", "conditional: 0", 18, "`conditional` should be true or false"),
        ("total: 2", "total: true", 7, "`total` should be a whole number"),
        ("total: 2", "total: 2.0", 7, "`total` should be a whole number"),
        ("total: 2", "total: 02", 7, "`total` should be a whole number"),
        ("total: 2", f"total: {'9' * 5000}", 7, "`total` should be a whole number"),
        ("derived: []", f"derived: {'[' * 3000}", 24, "values within values"),
        ("derived: []", f"derived: {'[' * 500}{']' * 500}", 24, "values within values"),
        ("basis:\n  - PKPU 1/2029\n", "basis: PKPU 1/2029\n", 5, "`basis` should be a list"),
        ("  - PKPU 1/2029\n", "  - 12029\n", 6, "`basis` should be text"),
        ("label: {id: Pemilihan 2030, en: Regional elections 2030}", "label: Pemilihan", 2, "`label` should be keys"),
        ("derived: []", "derived: [1]", 24, "`derived` should be keys with values"),
        (
            "determination_by_contest: null",
            "determination_by_contest:\n  dpr: soon",
            10,
            "`dpr` should be a day (2024-11-27)",
        ),
        ("determination_by_contest: null", "determination_by_contest: []", 9, "should be keys with values or null"),
        ("  - PKPU 1/2029\n", "\t- PKPU 1/2029\n", 6, "a tab"),
        ("kind: pilkada\n", "kind:\tpilkada\n", 3, "a tab"),
        ("kind: pilkada\n", "kind: 'pilkada\n", 25, "end of stream, while scanning a quoted scalar from line 3"),
        ("kind: pilkada\n", "kind: [pilkada\n", 4, "while parsing a flow sequence from line 3"),
        ("kind: pilkada\n", "kind: pil: kada\n", 3, "mapping values are not allowed in this context"),
        ("kind: pilkada\n", "  kind: pilkada\n", 3, "while parsing a block mapping from line 1"),
        ("kind: pilkada\n", "kind: &kind pilkada\n", 3, "no anchors, references or tags"),
        ("kind: pilkada\n", "kind: *kind\n", 3, "no anchors, references or tags"),
        ("kind: pilkada\n", "kind: !!str pilkada\n", 3, "no anchors, references or tags"),
        ("kind: pilkada\n", "kind: !!python/name:os.system x\n", 3, "no anchors, references or tags"),
        ("kind: pilkada\n", "kind: pilkada\n<<: {kind: pemilu}\n", 4, "the key `<<` is not known here"),
        ("kind: pilkada\n", "kind: pilkada\n---\nkind: pemilu\n", 4, "another document"),
        ("kind: pilkada\n", "kind: pil\x07kada\n", 3, "a character that cannot stand here: U+0007"),
    ],
)
def test_a_file_with_a_fault_is_refused_with_its_line(alone, old, new, line, says):
    found, sentence = fault_of(alone, swap(old, new))
    assert says in sentence
    assert found == line


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(alone):
    line, says = fault_of(alone, PLAN.encode().replace(b"PKPU", b"\xff\xfe"))
    assert (line, says) == (6, "this is not UTF-8")


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_file_is_refused(alone, text):
    assert fault_of(alone, text) == (1, "the file is empty")


def test_a_file_that_is_a_list_is_refused(alone):
    assert fault_of(alone, "- 1\n") == (1, "the file should be keys with values")


@pytest.mark.parametrize(
    "old, new, line, says",
    [
        ("kind: pilkada\n", "kind: pilkades\n", 3, "the kind 'pilkades' is not one of"),
        ("    until: 2030-11-28\n", "    until: 2030-11-27\n", 17, "not after from"),
        ("voting_on: 2030-11-27", "voting_on: 2030-11-28", 16, "not within this stage"),
        ("    confidence: uncertain\n", "    confidence: likely\n", 23, "the confidence 'likely'"),
        ("    sources:\n      - https://example.org/plan\n", "    sources: []\n", 21, "no source is given"),
        ("total: 2", "total: 3", 7, "not the sum, 2"),
        ("candidates_determined_on: null", "candidates_determined_on: 2030-09-22", 8, "no stage has phase_switch"),
    ],
)
def test_content_that_cannot_be_is_refused_with_its_line(alone, old, new, line, says):
    found, sentence = fault_of(alone, swap(old, new))
    assert says in sentence
    assert found == line


def test_words_that_other_readers_take_for_booleans_stay_words(alone):
    put(alone, swap("en: Regional elections 2030", "en: No"))
    assert rulebook_files.elections()["pilkada-2030"].label.en == "No"


# --- the digest --------------------------------------------------------------------------------------------------


def test_the_digest_is_that_of_a_list_as_sha256sum_prints_it(packaged):
    lines = []
    for path in sorted(PACKAGED.rglob("*.yaml"), key=lambda path: path.relative_to(PACKAGED).as_posix()):
        name = path.relative_to(PACKAGED).as_posix()
        lines.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  rulebook/{name}\n")
    assert rulebook_files.digest() == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_the_digest_changes_with_a_byte_and_with_a_name(local):
    digests = [rulebook_files.digest()]
    path = put(local)
    for act in (
        lambda: None,
        lambda: path.write_text(PLAN + "\n", encoding="utf-8"),
        lambda: path.rename(path.with_name("other.yaml")),
    ):
        act()
        _forget()
        digests.append(rulebook_files.digest())
    assert len(set(digests)) == 4


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """The one place where what was read is kept, without a key."""
    monkeypatch.setattr(rulebook_files, "_keepers", lambda: iter([tmp_path]))
    monkeypatch.setattr(rulebook_files, "_key", lambda: b"")
    rulebook_files._keep()
    (path,) = tmp_path.glob("rulebook-*.json")
    return path


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"digest": null}', '{"a":1,"seal":"00"}', "\x00", '"seal":"']
)
def test_what_another_version_kept_is_not_taken_for_the_rulebook(kept, text):
    kept.write_text(text, encoding="utf-8")
    assert rulebook_files._kept() is None
    _forget()
    assert rulebook_files.rulebook().acts
    assert rulebook_files._kept() is not None, "and what was read is kept in its place"


def test_what_was_kept_is_json_and_read_instead_of_the_files(kept, monkeypatch):
    assert json.loads(kept.read_text(encoding="utf-8"))["digest"] == rulebook_files.digest()
    read_anew = rulebook_files.together({kind: list(rulebook_files._documents(kind)) for kind in rulebook_files.KINDS})
    _forget()
    monkeypatch.setattr(rulebook_files, "_documents", None)
    assert rulebook_files.rulebook() == read_anew


@pytest.mark.parametrize(
    "old, new", [('"level":"severe"', '"level":"light"'), ('"until":null', '"until":null '), ("}", "} ")]
)
def test_what_somebody_wrote_into_the_kept_rulebook_is_thrown_away(kept, old, new, caplog):
    text = kept.read_text(encoding="utf-8")
    assert old in text
    kept.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert rulebook_files._kept() is None and "thrown away" in caplog.text
    _forget()
    act = rulebook_files.rulebook().acts["skb22-discipline-06-social-media-engagement"]
    assert act.versions[-1].level == "severe"
    assert rulebook_files._kept() is not None


def test_with_the_key_of_an_installation_nobody_else_can_seal(kept, monkeypatch):
    plain = kept.read_bytes()
    monkeypatch.setattr(rulebook_files, "_key", lambda: b"secret")
    assert rulebook_files._kept() is None
    rulebook_files._keep()
    assert rulebook_files._kept() is not None and kept.read_bytes() != plain
    for key in (b"other", b""):
        monkeypatch.setattr(rulebook_files, "_key", lambda key=key: key)
        assert rulebook_files._kept() is None


def test_the_key_is_the_installations_and_what_is_kept_lies_beside_it(tmp_path, monkeypatch):
    monkeypatch.delenv("IKRAR_SECRET_KEY", raising=False)
    monkeypatch.setenv("IKRAR_HOME", str(tmp_path))
    assert rulebook_files._key() == b"" and len(list(rulebook_files._keepers())) == 2
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "secret-key").write_text("abc\n")
    assert rulebook_files._key() == b"abc" and list(rulebook_files._keepers()) == [tmp_path / "cache"]
    monkeypatch.setenv("IKRAR_SECRET_KEY", "given")
    assert rulebook_files._key() == b"given"


def test_a_kept_rulebook_of_another_form_is_read_anew(kept, monkeypatch):
    (kept_data := rulebook_files._kept())["documents"]["forms"] = [{"file": "x", "data": {"other": []}}]
    monkeypatch.setattr(rulebook_files, "_kept", lambda: kept_data)
    _forget()
    assert rulebook_files.rulebook().forms
