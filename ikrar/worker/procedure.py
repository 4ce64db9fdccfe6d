"""The procedure told as text: a diagram and a table a regime and track, all of it derived from the rows."""

from collections.abc import Iterator
from typing import Any

from ikrar.domain.access import Role
from ikrar.domain.cases import Clock, Procedure, Step
from ikrar.domain.rulebook import Rulebook
from ikrar.web import messages, reasons, rule_words

_INTRODUCTION = """# Tata cara perkara

Inilah tata cara penanganan perkara netralitas, menurut pemilihan dan jalurnya. Halaman ini dibuat dari
`ikrar/rulebook/procedures.yaml` oleh `ikrar procedure --markdown`; jangan disunting. Sumbernya sekunder: cocokkan dengan naskah
resmi sebelum memutus. Target operator bukan batas waktu hukum.

Pada panah tertulis langkahnya, siapa yang mengambilnya, lalu jamnya menurut nomor: ▷ mulai atau berlanjut, ■ berhenti, ‖ ditunda;
▷ dengan tanda tanya mulai hanya bila syaratnya ada. Setiap akhir menghentikan semua jam.
Catatan di dalam diagram menyebut nama, lama, dan pemilik setiap jam.

*The procedure by which matters are handled, generated from the rulebook. Each table says the same as its diagram.*
"""


def markdown(book: Rulebook) -> str:
    """Write the document of all procedures."""
    return "\n".join([_INTRODUCTION, *(line for each in book.procedures.values() for line in _told(each, book))])


def _told(procedure: Procedure, book: Rulebook) -> Iterator[str]:
    yield f"## {procedure.label.id}\n"
    yield f"Berlaku sejak {procedure.in_force.from_on or '…'} sampai {procedure.in_force.until_on or 'sekarang'}.\n"
    yield "```mermaid\nstateDiagram-v2"
    for state in procedure.states.values():
        yield f"    state {_quoted(state.label.id)} as {_name(state.id)}"
    numbers = _numbers(procedure)
    opens = " ".join(["Perkara dibuka", *(f"▷{numbers[each.id]}" for each in procedure.starts)])
    yield f"    [*] --> {_name(procedure.first_state)}: {opens}"
    for step in procedure.steps.values():
        for begin in step.from_states:
            yield f"    {_name(begin)} --> {_name(step.to_state or begin)}: {_on_edge(step, numbers)}"
    for state in procedure.states.values():
        if state.outcome:
            yield f"    {_name(state.id)} --> [*]"
    yield from _legend(procedure, book, numbers)
    yield "```\n"
    yield "| Langkah | Dari | Ke | Siapa | Mensyaratkan | Jam | Dokumen | Dasar (keyakinan) |"
    yield "|---|---|---|---|---|---|---|---|"
    for step in procedure.steps.values():
        row = (
            step.label.id,
            ", ".join(procedure.states[each].label.id for each in step.from_states),
            procedure.states[step.to_state].label.id if step.to_state else "tetap",
            ", ".join(messages.word("role", each) for each in step.who),
            _required(procedure, step),
            _clocks(procedure, step, book),
            step.document.id if step.document else "–",
            f"{'; '.join(cite.text for cite in step.cites)} ({reasons.word('confidence', step.confidence)})",
        )
        yield f"| {' | '.join(row)} |"
    yield ""


def _numbers(procedure: Procedure) -> dict[str, int]:
    """Number the clocks of a procedure in the order in which its rows start them."""
    started = [*procedure.starts, *(clock for step in procedure.steps.values() for clock in step.starts)]
    return {id: number for number, id in enumerate(dict.fromkeys(each.id for each in started), start=1)}


def _on_edge(step: Step, numbers: dict[str, int]) -> str:
    """Write a step as its edge shows it: what, by whom, and what becomes of which clock; one that never starts is left out."""
    moved = [f"▷{numbers[each.id]}{'?' if each.if_fact else ''}" for each in step.starts]
    for mark, ids in (("▷", step.resumes), ("■", step.stops), ("‖", step.pauses)):
        moved += [f"{mark}{numbers[each]}" for each in ids if each in numbers]
    said = f"{step.label.id.replace(':', ' -')} · {', '.join(_SHORT[each] for each in step.who)}"
    return " ".join([said, *moved])


_SHORT = {
    Role.SUPERVISOR_BODY: "Pengawas", Role.INTAKE_OFFICER: "Penerima", Role.NATIONAL_BODY: "Nasional",
    Role.APPOINTING_AUTHORITY: "PPK", Role.EXAMINER: "Pemeriksa",
}  # fmt: skip
"""Short words for those who take steps; a diagram has no room for more."""


def _legend(procedure: Procedure, book: Rulebook, numbers: dict[str, int]) -> Iterator[str]:
    """Write the note of a diagram: who the short words are, and each clock with its length and whose it is."""
    owners: dict[str, dict[str, None]] = {}
    only: dict[str, str] = {}
    for clock in (*procedure.starts, *(clock for step in procedure.steps.values() for clock in step.starts)):
        owners.setdefault(clock.id, {})[_SHORT[clock.owner]] = None
        if clock.if_fact:
            only[clock.id] = f", bila {procedure.facts[clock.if_fact].id.lower()}"
    takers = dict.fromkeys(role for step in procedure.steps.values() for role in step.who)
    yield f"    note right of {_name(procedure.first_state)}"
    words = {_SHORT[each]: messages.word("role", each) for each in takers}
    yield f"        {', '.join(f'{short} = {word}' for short, word in words.items() if short != word)}"
    for id, number in numbers.items():
        target = procedure.targets.get(id)
        length = f"{target.days} hari" if target else rule_words.length_of(book.terms[id])
        name = clock_label(procedure, id, book).replace(";", ",")  # which would end a line of a diagram
        yield f"        ▷{number} {name} = {length}, {' atau '.join(owners[id])}{only.get(id, '')}"
    yield "    end note"


def _name(id: str) -> str:
    return id.replace("-", "_")


def _quoted(text: str) -> str:
    return f'"{text}"'


def _required(procedure: Procedure, step: Step) -> str:
    told = [
        f"{procedure.facts[each].id}{_given(procedure, each, step)}" for each in (*step.requires, *step.working_days)
    ]
    told += [
        f"bila {procedure.facts[fact].id.lower()}: "
        + ", ".join(f"{procedure.facts[each].id}{_given(procedure, each, step)}" for each in needed)
        for fact, needed in step.conditions
    ]
    return "; ".join(told) or "–"


def _given(procedure: Procedure, fact: str, step: Step) -> str:
    """Say which step gives a fact that this one cannot tell; empty: it can."""
    if procedure.may_tell(fact, step.id):
        return ""
    given = [row.label.id for id, row in procedure.steps.items() if id in procedure.told_with[fact]]
    return f" (dari langkah {', '.join(given)})"


def _clocks(procedure: Procedure, step: Step, book: Rulebook) -> str:
    started = _numbers(procedure)
    told = [f"mulai: {clock_label(procedure, each.id, book)}{_counted(procedure, each, book)}" for each in step.starts]
    for word, ids in (("henti", step.stops), ("tunda", step.pauses), ("lanjut", step.resumes)):
        told += [f"{word}: {clock_label(procedure, each, book)}" for each in ids if each in started]
    return "; ".join(told) or "–"


def _counted(procedure: Procedure, clock: Clock, book: Rulebook) -> str:
    """Say from what a clock is counted that does not begin with the step, and where alone it starts."""
    said = [f"bila {procedure.facts[clock.if_fact].id.lower()}"] if clock.if_fact else []
    said += [f"sesudah {clock_label(procedure, clock.after, book)}"] if clock.after else []
    said += [f"sejak {procedure.facts[clock.from_fact].id.lower()}"] if clock.from_fact else []
    said += [f"membatasi {procedure.facts[clock.until_fact].id.lower()}"] if clock.until_fact else []
    return f" ({', '.join(said)})" if said else ""


def clock_label(procedure: Procedure, id: str, book: Rulebook) -> str:
    """Return what a clock is called."""
    return (procedure.targets[id] if id in procedure.targets else book.terms[id]).label.id


def as_values(book: Rulebook) -> dict[str, Any]:
    """Return the same as plain values, for a line of JSON."""
    return {
        "rulebook": book.digest,
        "procedures": [
            {
                "procedure": each.id, "regime": each.regime, "track": each.track, "from": each.in_force.from_on,
                "until": each.in_force.until_on, "first_state": each.first_state,
                "starts": [_clock(clock) for clock in each.starts],
                "states": [{"state": s.id, "label": s.label.id, "outcome": s.outcome} for s in each.states.values()],
                "steps": [_step(step) for step in each.steps.values()],
            }
            for each in book.procedures.values()
        ],
    }  # fmt: skip


def _step(step: Step) -> dict[str, Any]:
    return {
        "step": step.id, "label": step.label.id, "from": list(step.from_states), "to": step.to_state or "same",
        "who": list(step.who), "requires": list(step.requires),
        "conditions": [{"if": fact, "requires": list(needed)} for fact, needed in step.conditions],
        "working_days": list(step.working_days), "letters": list(step.letters), "order": list(step.order),
        "apart": [list(each) for each in step.apart], "voids": list(step.voids),
        "starts": [_clock(each) for each in step.starts], "stops": list(step.stops),
        "pauses": list(step.pauses), "resumes": list(step.resumes),
        "document": step.document.id if step.document else None,
        "cites": [cite.text for cite in step.cites], "confidence": step.confidence,
    }  # fmt: skip


def _clock(clock: Clock) -> dict[str, Any]:
    return {
        "clock": clock.id, "kind": clock.kind, "owner": clock.owner, "from": clock.from_fact or None,
        "after": clock.after or None, "if": clock.if_fact or None, "until": clock.until_fact or None,
    }  # fmt: skip
