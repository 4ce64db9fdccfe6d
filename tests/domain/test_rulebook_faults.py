"""Everything that is wrong with the rulebook's files: named at once, each with its file and line, and nothing else."""

import shutil
from pathlib import Path

import pytest
import yaml

from ikrar import rulebook
from ikrar.gateways import rulebook_faults, rulebook_files

PACKAGED = Path(rulebook.__file__).parent
REFERENCE = PACKAGED.parents[2] / "shared" / "reference" / "law"
LIKE = "acts/skb22-discipline-06-social-media-engagement.yaml"


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A copy of the package's rulebook that a test may spoil."""
    folder = tmp_path / "rulebook"
    shutil.copytree(PACKAGED, folder, ignore=shutil.ignore_patterns("_kept", "__pycache__"))
    monkeypatch.setattr(rulebook_files, "_PACKAGED", folder)
    monkeypatch.setattr(rulebook_files, "_keepers", lambda: iter([tmp_path / "kept"]))
    monkeypatch.delenv("IKRAR_LOCAL_RULES", raising=False)
    rulebook_files.forget()
    yield folder
    rulebook_files.forget()


def change(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    return f"{path}:{line}"


def found():
    rulebook_files.forget()
    return [str(fault) for fault in rulebook_faults.faults()]


def test_a_sound_rulebook_has_no_fault(book):
    assert found() == []


def test_every_file_with_an_unknown_form_is_named(book):
    places = []
    for id in ("polri-28-politics", "tni-39-politics", "uudesa-64-bpd"):
        form = yaml.safe_load((book / "acts" / f"{id}.yaml").read_text(encoding="utf-8"))["form"]
        places.append(change(book, f"acts/{id}.yaml", f"form: {form}", f"form: no-{form}"))
    told = found()
    assert len(told) == 3
    for place, says in zip(places, told, strict=True):
        assert says.startswith(f"{place}: there is no form 'no-")


def test_every_fault_of_one_file_is_named(book):
    places = [
        change(book, LIKE, "kind: discipline", "kind: disciplin"),
        change(book, LIKE, "level: severe", "level: sever"),
        change(book, LIKE, "source: skb-2022,", "source: skb-2023,"),
        change(book, LIKE, "    breach_confidence: confirmed", "    breach_confidence: sure"),
        change(book, LIKE, "- https://rakyat.news", "- javascript:alert(1)//rakyat.news"),
    ]
    told = found()
    assert len(told) == 5
    for place in places:
        assert sum(each.startswith(f"{place.partition(':')[0]}") for each in told) == 5
        assert any(each.startswith(f"{place}: ") for each in told), place


def test_every_fault_of_the_form_of_a_file_is_named(book):
    places = [
        change(book, LIKE, "kind: discipline", "kind: 1"),
        change(
            book, LIKE, "    phase: after_determination", "    yes: after_determination\n    phase: after_determination"
        ),
        change(book, LIKE, "    election: any", "    election: any\n    election: any\n    colour: red"),
        change(book, LIKE, "from: 2022-09-22", "from: 2022-09-31"),
    ]
    told = found()
    says = " ".join(told)
    for part in (
        "`kind` should be text",
        "`yes` can be read as a boolean",
        "`election` is given twice",
        "`colour` is not known",
        "no day of the calendar",
    ):
        assert part in says, part
    assert len(told) == 5 and all(str(book / LIKE) in each for each in told)
    assert any(each.startswith(f"{places[0]}: ") for each in told)


def test_several_things_of_one_list_are_named_and_not_what_follows_from_them(book):
    first = change(
        book, "terms/discipline.yaml", "meaning: latest\n    also_read_as", "meaning: lates\n    also_read_as"
    )
    second = change(
        book,
        "terms/discipline.yaml",
        "    length: 14\n    count: working_days",
        "    length: 0\n    count: working_days",
    )
    third = change(book, "sources.yaml", "source: pp-53-2010", "source: PP 53/2010")
    told = found()
    assert any(each.startswith(f"{first.rpartition(':')[0]}:") and "'lates'" in each for each in told)
    assert any("the length 0" in each for each in told)
    assert any(each.startswith(f"{third}: the id 'PP 53/2010'") for each in told)
    assert second and not any("stands in no file" in each or "there is no term" in each for each in told)


def test_of_a_broken_file_of_sources_nothing_else_is_said(book):
    place = change(book, "sources.yaml", "sources:\n", "sources: [\n")
    told = found()
    assert len(told) == 1 and told[0].startswith(place.rpartition(":")[0])


def test_faults_of_files_of_guidance_are_named_one_by_one(book):
    names = sorted(path.name for path in (book / "activities").glob("*.yaml"))
    texts = {name: (book / "activities" / name).read_text(encoding="utf-8") for name in names}
    spoilt = [name for name in names if "\n  - activity: " in texts[name]][:3]
    for name in spoilt:
        (book / "activities" / name).write_text(
            texts[name].replace("\n  - activity: ", "\n  - activity: X ", 1), encoding="utf-8"
        )
    told = found()
    assert [sum(f"/{name}:" in each for each in told) for name in spoilt] == [1, 1, 1]


def test_an_act_that_is_gone_is_missed(book):
    (book / "acts" / "tni-39-politics.yaml").unlink()
    (told,) = found()
    assert (
        told.startswith(f"{book / 'contents.yaml'}:") and "tni-39-politics is listed here and stands in no file" in told
    )


@pytest.mark.parametrize(
    "name, old, new, says",
    [
        ("acts/pilkada-71-1-officials-before-mk136.yaml", "until: 2024-11-14", "until: 2024-12-14", "overlaps pilkada-71-1-officials"),
        ("acts/pp53-support-letter.yaml", "until: 2021-08-31", "until: 2021-08-01", "leaves a gap before pp94-5n7-support-letter"),
        ("acts/pp53-support-letter.yaml", "until: 2021-08-31", "until: null", "write until: 2021-08-31"),
        (LIKE, "source: uu-20-2023,", "source: putusan-mk-121-2024,", "Putusan MK 121/PUU-XXII/2024 was in force from 2025-10-16"),
        (LIKE, "source: uu-20-2023,", "source: pp-53-2010,", "was in force on no day of this version"),
        (LIKE, "source: uu-20-2023,", "source: uu-5-2014,", "UU 5/2014 was in force from"),
        (LIKE, "since: 2023-10-31", "since: 2023-10-30", "write since: 2023-10-31"),
        ("sources.yaml", "succeeds: uu-5-2014", "succeeds: uu-20-2023", "no other source 'uu-20-2023'"),
        ("sources.yaml", "succeeds: uu-5-2014", "succeeds: uu-5-2015", "no other source 'uu-5-2015'"),
        ("sources.yaml", "surely_from: 2018-01-01", "surely_from: 2018-01-01\n    confidences: x", "`confidences` is not known"),
        ("sources.yaml", "in_force: {from: 2023-10-31, until: null}", "in_force: {from: 2023-10-31, until: null}\n    surely_from: 2024-01-01", "surely_from is for"),
        ("sources.yaml", "- https://id.scribd.com", "- ftp://id.scribd.com", "no address that begins with http"),
        ("elections/pilkada-2024.yaml", "- https://", "- javascript://", "no address that begins with http"),
        ("holidays/2024.yaml", "- https://", "- ", "no address that begins with http"),
        ("contents.yaml", "one_after_another:\n", "one_after_another:\n  - [tni-39-politics, nobody]\n", "there is no act 'nobody'"),
        ("contents.yaml", "one_after_another:\n", "one_after_another:\n  - [tni-39-politics, skb22-ethics-01-campaign-props]\n", "have not the same form"),
        ("contents.yaml", "  - 2027\n", "  - 2028\n", "2028 is listed here"),
    ],
)  # fmt: skip
def test_what_does_not_hold_together_is_named(book, name, old, new, says):
    change(book, name, old, new)
    told = found()
    assert any(says in each and each.startswith(str(book / name)) for each in told), told


def test_a_folder_and_a_file_that_nobody_may_read_are_named(book):
    (book / "acts" / "x.yaml").mkdir()
    (book / "acts" / "x.yaml" / "y.yaml").write_text("a: 1\n")
    (book / "acts" / "z.yaml").symlink_to(book / "nowhere.yaml")
    told = found()
    assert any("x.yaml:0: this is a folder" in each for each in told)
    assert any("z.yaml:0: this cannot be read" in each for each in told)
    assert any("y.yaml:0: no rules are read from here" in each for each in told)


@pytest.mark.parametrize("text", ["[" * 100_000, "a: " * 5000, "{a: " * 5000, "- " * 50_000 + "x"])
def test_values_within_values_without_end_are_a_fault(book, text):
    (book / "acts" / "deep.yaml").write_text(text + "\n")
    assert len(found()) == 1


def test_a_local_folder_that_is_not_there_is_one_fault(book, monkeypatch):
    monkeypatch.setenv("IKRAR_LOCAL_RULES", str(book / "nowhere"))
    assert found() == [f"{book / 'nowhere'}:0: IKRAR_LOCAL_RULES names no folder"]


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference is not beside this checkout")
def test_the_contents_list_every_row_of_the_reference():
    listed = yaml.safe_load((PACKAGED / "contents.yaml").read_text(encoding="utf-8"))
    for kind, file, part in (
        ("acts", "acts.yaml", "acts"), ("sanctions", "sanctions.yaml", "sanctions"),
        ("terms", "deadlines.yaml", "deadlines"), ("intake_hours", "deadlines.yaml", "intake_hours"),
        ("elections", "calendars.yaml", "elections"),
    ):  # fmt: skip
        rows = yaml.safe_load((REFERENCE / file).read_text(encoding="utf-8"))[part]
        assert set(listed[kind]) >= {row["id"] for row in rows}, kind


def test_every_act_that_ended_is_followed_or_known_to_have_no_follower():
    listed = yaml.safe_load((PACKAGED / "contents.yaml").read_text(encoding="utf-8"))["one_after_another"]
    followed = {id for ids in listed for id in ids[:-1]}
    ended = {act.id for act in rulebook_files.rulebook().acts.values() if act.versions[-1].in_force.until_on}
    assert ended - followed == {
        # A catch-all; executors of a campaign, of whom PP 94/2021 speaks elsewhere; what since 2022 is discipline.
        "pp42-ethics-general-before-2022", "pp53-pemilu-12a-executor", "skb20-ethics-08-approach-party",
        "skb20-ethics-09-declare-self", "skb20-ethics-10-speaker-at-party-event",
    }  # fmt: skip
