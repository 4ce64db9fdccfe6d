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
