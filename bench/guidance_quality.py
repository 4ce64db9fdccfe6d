"""How well questions and descriptions in everyday words are understood, on tests/corpora (or the files given).

Two thirds of what was written for it stand in tests/corpora and were used while the words were gathered; one third was
kept aside. `python bench/guidance_quality.py [--show] [FILE.jsonl …]`: a line with `question` is a question, one with
`text` a description; --show prints every line that was not answered as its writer expected.
"""

import json
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from _table import Figure, say, show

from ikrar.domain.activities import Verdict
from ikrar.domain.errors import DomainError
from ikrar.domain.guidance import Who, answer
from ikrar.domain.suggestion import suggest
from ikrar.gateways import rulebook_files

CORPORA = Path(__file__).parent.parent / "tests" / "corpora"
BOOK = rulebook_files.rulebook()


def verdict(row: dict[str, Any]) -> tuple[str, str]:
    """Return the verdict for a question, and what it was taken for. A refusal is no answer: a person is asked."""
    told = row["who"]
    who = Who(told.get("employment") or "", told.get("post") or "", told.get("relation") or "")
    try:
        advice = answer(
            BOOK, row["question"], day=date.fromisoformat(row["on"]), region=row.get("region") or "", who=who
        )
    except DomainError as error:
        return Verdict.ASK.value, error.code
    return advice.verdict.value, ", ".join(part.activity for part in advice.activities)


def questions(rows: list[dict[str, Any]], *, showing: bool) -> list[Figure]:
    """Measure the verdicts. False freedom: allowed where it is not; false fear: forbidden or sent away where it is allowed."""
    exact = right = freedom = mild = fear = sent_away = 0
    may = bound = 0
    for row in rows:
        found, taken_for = verdict(row)
        gold, accepted = row["gold_verdict"], {row["gold_verdict"], *row["accept"]}
        exact += found == gold
        right += found in accepted
        lawful = gold in (Verdict.ALLOWED, Verdict.ALLOWED_IF)
        may += lawful
        bound += not lawful
        freedom += not lawful and found == Verdict.ALLOWED and found not in accepted
        mild += not lawful and found == Verdict.ALLOWED_IF and found not in accepted
        fear += lawful and found == Verdict.NOT_ALLOWED and found not in accepted
        sent_away += lawful and found == Verdict.ASK and found not in accepted
        if showing and found not in accepted:
            say(
                f"{row['id']} {row['on']} {row['who']}: {found} [{taken_for}], expected {gold}: {row['question'][:200]}"
            )
    return [
        Figure("questions: verdict as its writer gave it or accepts it", _share(right, len(rows))),
        Figure("questions: verdict exactly as its writer gave it", _share(exact, len(rows))),
        Figure("false freedom: allowed where it is not", _share(freedom, bound)),
        Figure("false freedom, milder: allowed on a condition where it is not", _share(mild, bound)),
        Figure("false fear: not allowed where it is", _share(fear, may)),
        Figure("false fear, milder: sent to a person where it is allowed", _share(sent_away, may)),
    ]


def descriptions(rows: list[dict[str, Any]], *, showing: bool) -> list[Figure]:
    """Measure the suggestions: the expected act first, among the first three; silence where nothing was done."""
    first = third = silent = 0
    guilty = [row for row in rows if row["gold"]]
    for row in rows:
        found = suggest(
            BOOK, row["text"], day=date.fromisoformat(row["on"]), employment=row.get("employment") or "",
            candidate_status=row.get("candidate_status") or "",
        )  # fmt: skip
        acts, gold = [each.act for each in found], set(row["gold"])
        if gold:
            first += acts[:1] != [] and acts[0] in gold
            third += bool(set(acts[:3]) & gold)
        else:
            silent += not acts
        if showing and (not set(acts[:3]) & gold if gold else acts):
            say(
                f"{row['id']} {row['on']} {row.get('employment')}: {acts[:3]}, expected {row['gold']}: {row['text'][:200]}"
            )
    return [
        Figure("descriptions: recall@1", _share(first, len(guilty))),
        Figure("descriptions: recall@3", _share(third, len(guilty))),
        Figure("descriptions of no breach: nothing suggested", _share(silent, len(rows) - len(guilty))),
    ]


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.0f} %)" if whole else "none"


def speed(rows: list[dict[str, Any]]) -> Figure:
    """Measure one answer, understood and judged, citations and what changes included."""
    started = time.perf_counter()
    for row in rows:
        verdict(row)
    return Figure(
        "one question, understood and answered", f"{1000 * (time.perf_counter() - started) / len(rows):.1f} ms"
    )


def main() -> None:
    showing = "--show" in sys.argv
    paths = [Path(each) for each in sys.argv[1:] if each != "--show"] or sorted(CORPORA.glob("*.jsonl"))
    rows = [
        json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    asked = [row for row in rows if "question" in row]
    told = [row for row in rows if "text" in row]
    figures = [
        *(questions(asked, showing=showing) if asked else []),
        *(descriptions(told, showing=showing) if told else []),
    ]
    show(*figures, *([speed(asked)] if asked else []))


if __name__ == "__main__":
    main()
