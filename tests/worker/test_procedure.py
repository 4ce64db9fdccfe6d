"""The document of the procedure is what the command writes."""

import json
from pathlib import Path

import pytest

from ikrar.domain.access import Role
from ikrar.domain.cases import Actor, actors, after_decision
from ikrar.services import rules
from ikrar.worker import procedure

DOCUMENT = Path(__file__).parents[2] / "docs" / "procedure.md"


def test_the_committed_document_is_what_is_generated():
    says = "write it anew: ikrar procedure --markdown > docs/procedure.md"
    assert DOCUMENT.read_text(encoding="utf-8") == procedure.markdown(rules.book()), says


def test_every_procedure_has_its_diagrams_and_a_row_for_each_step():
    text = procedure.markdown(rules.book())
    phases = [
        phase
        for each in rules.book().procedures.values()
        for phase in procedure.PHASES
        if not set(phase.states).isdisjoint(each.states)
    ]
    assert text.count("```mermaid") == len(phases) > len(rules.book().procedures)
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| Langkah")]
    assert len(rows) == sum(len(each.steps) for each in rules.book().procedures.values())


def test_every_state_that_is_no_end_is_drawn_in_one_phase():
    for each in rules.book().procedures.values():
        for state in each.states:
            found = [phase.name for phase in procedure.PHASES if state in phase.states]
            assert len(found) == (0 if each.is_end(state) else 1), state


def test_the_same_is_told_as_values():
    told = json.loads(json.dumps(procedure.as_values(rules.book()), default=str))
    assert {each["track"] for each in told["procedures"]} == {"discipline", "ethics", "criminal", "referral"}


def _diagrams(each):
    text = procedure.markdown(rules.book())
    told = text.split(f"## {each.label.id}\n")[1].split("| Langkah |")[0]
    found = [part.split("\n### ")[0] for part in told.split("```mermaid")[1:]]
    return [tuple(part.partition("```")[::2]) for part in found]


def _marks(text, mark="▷"):
    return {word.partition("(")[0].rstrip("?") for word in text.split() if word.startswith(mark)}


ALL = list(rules.book().procedures.values())


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.id)
def test_the_diagrams_alone_tell_who_takes_each_step_and_which_clock_starts_for_whom(each):
    diagrams, after = _diagrams(each), after_decision(each)
    assert "Perkara dibuka ▷mulai-kajian(target-3h,Pengawas)" in diagrams[0][0]
    for edges, note in diagrams:
        assert ";" not in edges and "note" not in edges
        legend = "\n".join(line for line in note.splitlines() if line.startswith("- ▷"))
        assert _marks(edges) | _marks(note) == _marks(legend), "each clock that starts is told below the same picture"
    assert "Pengawas = Badan pengawas" in diagrams[0][1]
    short = {Actor.BY_LEVEL: "PyBM", Actor.STAFF: "Staf", Actor.ASSIGNED: "Pemeriksa"}
    for step in each.steps.values():
        said = f"{step.label.id.replace(':', ' -')} · "
        arrows = [line for edges, _note in diagrams for line in edges.splitlines() if f": {said}" in line]
        noted = [line for _edges, note in diagrams for line in note.splitlines() if f" - {said}" in line]
        in_note = {state for state in step.from_states for line in noted if f" {each.states[state].label.id}" in line}
        assert len(arrows) + len(in_note) >= len(step.from_states), step.id
        for line in (*arrows, *noted):
            assert line.count("▷") >= len(step.starts), step.id
            assert all(word in line for who in actors(each, step, after) if (word := short.get(who, ""))), step.id
        for clock in step.starts:
            assert all(f"▷{procedure.SHORT_CLOCKS[clock.id]}" in line for line in (*arrows, *noted))
            label = procedure.clock_label(each, clock.id, rules.book())
            assert any(label in line for _edges, note in diagrams for line in note.splitlines()), clock.id


def test_no_clock_of_a_procedure_is_called_as_another_one():
    for each in ALL:
        started = {clock.id for step in each.steps.values() for clock in step.starts} | {one.id for one in each.starts}
        words = [procedure.SHORT_CLOCKS[id] for id in started]
        assert len(words) == len(set(words)) and not any(" " in word or "(" in word for word in words)


DISCIPLINE = rules.book().procedures["pilkada-discipline-2021"]
ETHICS = rules.book().procedures["pemilu-ethics-2021"]


def _told(each):
    return "\n".join(edges for edges, _note in _diagrams(each))


def test_a_window_runs_for_the_respondent_and_a_limit_for_whom_the_law_names():
    told = _told(DISCIPLINE)
    assert "▷masa-keberatan?(14h?,Terlapor)" in told and "▷masa-banding?(14hk,Terlapor)" in told
    assert "Mulai kajian awal · Pengawas, Penerima ▷kajian-awal(2h?,Bawaslu) ■mulai-kajian" in told
    assert "▷menyampaikan(14hk,PyBM)" in told and "▷putusan-BPASN(65hk,BPASN)" in told
    assert "▷memutus(target-14h,PPK)" in told and "▷melengkapi(48j,Pelapor)" in told
    table = procedure.markdown(rules.book())
    assert "Keberatan (selain pemberhentian) diajukan (bagi Terlapor, bila keputusannya bukan pemberhentian" in table


@pytest.mark.parametrize(
    ("step", "actor"),
    [
        ("decide", Actor.BY_LEVEL), ("clear", Actor.BY_LEVEL), ("form-team", Role.APPOINTING_AUTHORITY),
        ("authority-accept", Role.APPOINTING_AUTHORITY), ("serve", Actor.STAFF), ("execute", Actor.STAFF),
        ("object", Actor.STAFF), ("objection-decided", Actor.STAFF), ("restore", Actor.STAFF), ("summon", Actor.ASSIGNED),
        ("lapse", Role.APPOINTING_AUTHORITY), ("recommend", Role.NATIONAL_BODY),
    ],
)  # fmt: skip
def test_who_acts_is_told_as_it_is_and_not_by_the_role_of_the_row_alone(step, actor):
    row = DISCIPLINE.steps[step]
    assert actors(DISCIPLINE, row, after_decision(DISCIPLINE))[0] is actor


def test_a_moral_sanction_is_the_appointing_authoritys():
    after = after_decision(ETHICS)
    assert actors(ETHICS, ETHICS.steps["decide-moral"], after) == (Role.APPOINTING_AUTHORITY,)
    assert actors(ETHICS, ETHICS.steps["clear"], after) == (Role.APPOINTING_AUTHORITY,)
    assert actors(ETHICS, ETHICS.steps["announce"], after) == (Actor.STAFF,)
    assert "PyBM" not in _told(ETHICS)


def test_a_heavy_case_needs_a_team_first_and_an_examiner_is_assigned():
    told = _told(DISCIPLINE)
    says = "Usulkan hukuman · Pemeriksa · bila ancaman hukuman berat sesudah Bentuk tim pemeriksa"
    assert f"heard --> proposed: {says}" in told and f"missed_twice --> proposed: {says}" in told
    assert "team --> proposed: Usulkan hukuman · Pemeriksa ■memeriksa" in told, "there it was formed already"
    notes = "\n".join(note for _edges, note in _diagrams(DISCIPLINE))
    assert "Pemeriksa = pemeriksa yang ditugaskan PPK" in notes
