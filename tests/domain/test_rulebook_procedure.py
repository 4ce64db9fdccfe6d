"""What is wrong with the procedure's file is told with its line."""

import re
from pathlib import Path

import pytest

from ikrar import rulebook
from ikrar.domain.cases import ProceduresDocument, parse_procedures
from ikrar.domain.errors import RulebookFault
from ikrar.gateways import rulebook_files
from ikrar.gateways.strict_yaml import read

FILE = Path(rulebook.__file__).parent / "procedures.yaml"
BOOK = rulebook_files.rulebook()
FIRST = "first_state: received\n    starts:\n      - {clock: target-review, "


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("to: reviewing", "to: nowhere", "no state 'nowhere'"),
        ("from: [received]", "from: [recorded]", "a case ends in 'recorded'"),
        ("who: [supervisor_body]", "who: [king]", "'king' is not one of"),
        ("who: [supervisor_body]", "who: []", "somebody takes it"),
        ("requires: [allegation]", "requires: [proof]", "no fact 'proof'"),
        ("clock: pilkada-initial-review", "clock: no-such", "no term or target 'no-such'"),
        ("after: pilkada-handling", "after: no-such", "no term or target 'no-such'"),
        ("after: pilkada-handling", "after: pilkada-handling, from: registered-on", "not both"),
        ("clock: target-review, owner", "clock: no-such, owner", "no term or target 'no-such'"),
        (f"{FIRST}owner", f"{FIRST}from: review, owner", "counted from that day alone"),
        (f"{FIRST}owner", f"{FIRST}if: heavy, owner", "counted from that day alone"),
        ("if: dismissal", "if: luck", "no fact 'luck'"),
        ("tracks: [discipline, ethics]", "tracks: [mercy]", "'mercy' is not one of"),
        ("    outcome: proven\n", "", "no step leads on from 'recorded'"),
        ("    days: 7", "    days: 5", "warned of before its days"),
        ("outcome: proven", "outcome: fame", "'fame' is not one of"),
        ("step: pemilu-review", "step: pilkada-review", "a second time"),
        ("procedure: pemilu-ethics-2021", "procedure: pemilu-Ethics", "not made of small letters"),
        ("source: prosedur-sbt-bkn", "source: no-such", "no source 'no-such'"),
    ],
)
def test_a_fault_names_its_line(tmp_path, old, new, says):
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    spoiled = tmp_path / "procedures.yaml"
    spoiled.write_text(text.replace(old, new, 1), encoding="utf-8")
    document = read(spoiled, ProceduresDocument)
    with pytest.raises(RulebookFault, match=re.escape(says)) as fault:
        parse_procedures(document.data, document.checker(BOOK.sources), BOOK.terms)
    assert fault.value.line > 1


def test_two_procedures_of_one_day_are_a_fault(tmp_path):
    text = FILE.read_text(encoding="utf-8").replace("track: ethics\n    first", "track: discipline\n    first", 1)
    spoiled = tmp_path / "procedures.yaml"
    spoiled.write_text(text, encoding="utf-8")
    document = read(spoiled, ProceduresDocument)
    with pytest.raises(RulebookFault, match="overlaps"):
        parse_procedures(document.data, document.checker(BOOK.sources), BOOK.terms)


def test_every_target_says_that_it_is_no_legal_limit():
    for procedure in BOOK.procedures.values():
        for target in procedure.targets.values():
            assert "bukan batas waktu hukum" in target.label.id and "not a legal limit" in target.label.en
