"""The document of the procedure is what the command writes."""

import json
from pathlib import Path

from ikrar.services import rules
from ikrar.worker import procedure

DOCUMENT = Path(__file__).parents[2] / "docs" / "procedure.md"


def test_the_committed_document_is_what_is_generated():
    says = "write it anew: ikrar procedure --markdown > docs/procedure.md"
    assert DOCUMENT.read_text(encoding="utf-8") == procedure.markdown(rules.book()), says


def test_every_procedure_has_its_diagram_and_a_row_for_each_step():
    text = procedure.markdown(rules.book())
    assert text.count("```mermaid") == len(rules.book().procedures)
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| Langkah")]
    assert len(rows) == sum(len(each.steps) for each in rules.book().procedures.values())


def test_the_same_is_told_as_values():
    told = json.loads(json.dumps(procedure.as_values(rules.book()), default=str))
    assert {each["track"] for each in told["procedures"]} == {"discipline", "ethics", "criminal", "referral"}


def _diagram(each):
    text = procedure.markdown(rules.book())
    return text.split(f"## {each.label.id}\n")[1].split("```")[1]


def test_a_diagram_alone_tells_who_takes_each_step_and_which_clock_starts():
    for each in rules.book().procedures.values():
        edges, _note, legend = _diagram(each).partition("note right of")
        assert "Perkara dibuka ▷1" in edges and ";" not in edges + legend
        starts = 0
        for step in each.steps.values():
            found = [line for line in edges.splitlines() if f": {step.label.id.replace(':', ' -')} · " in line]
            assert len(found) >= len(step.from_states)
            assert all(line.count("▷") >= len(step.starts) for line in found), step.id
            starts += len(step.starts)
        assert starts and "Pengawas = Badan pengawas" in legend
        for clock in {clock.id for step in each.steps.values() for clock in step.starts}:
            assert procedure.clock_label(each, clock, rules.book()).replace(";", ",") in legend
        marks = {word.rstrip("?") for word in edges.split() if word.startswith("▷")}
        assert {word for word in legend.split() if word.startswith("▷")} == marks
    assert "Mulai kajian awal · Pengawas, Penerima ▷2 ■1" in _diagram(
        rules.book().procedures["pilkada-discipline-2021"]
    )
