"""The procedure told as text: a diagram and a table a regime and track, all of it derived from the rows."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ikrar.domain.access import Role
from ikrar.domain.cases import (
    WINDOWS,
    Actor,
    Clock,
    Procedure,
    Step,
    actors,
    after_decision,
    given_by_others,
    main_way,
)
from ikrar.domain.rulebook import Rulebook
from ikrar.domain.terms import Count
from ikrar.web import reasons, rule_words

_INTRODUCTION = """# Tata cara perkara

Inilah tata cara penanganan perkara netralitas, menurut pemilihan dan jalurnya. Halaman ini dibuat dari
`ikrar/rulebook/procedures.yaml` oleh `ikrar procedure --markdown`; jangan disunting. Sumbernya sekunder: cocokkan dengan naskah
resmi sebelum memutus. Target operator bukan batas waktu hukum.

Setiap jalur digambar menurut tahapnya; tahap berikutnya mulai di keadaan tempat tahap sebelumnya berhenti. Pada panah tertulis
langkahnya, siapa yang mengambilnya, apa yang harus lebih dulu ada, lalu jamnya: ▷ mulai atau berlanjut, ■ berhenti, ‖ ditunda. Di
belakang ▷ tertulis lamanya dan bagi siapa jam itu berjalan: h = hari, hk = hari kerja, j = jam, h? = jenis harinya tidak disebut,
target = target operator. ▷ dengan tanda tanya mulai hanya bila syaratnya ada. Setiap akhir menghentikan semua jam. Di bawah
setiap gambar tertulis siapa yang dimaksud, langkah yang terbuka dari banyak keadaan, apa yang disyaratkan setiap langkah, dan
setiap jam dengan namanya.

*The procedure by which matters are handled, generated from the rulebook. Each table says the same as its diagrams.*
"""


def markdown(book: Rulebook) -> str:
    """Write the document of all procedures."""
    return "\n".join([_INTRODUCTION, *(line for each in book.procedures.values() for line in _told(each, book))])


def _told(procedure: Procedure, book: Rulebook) -> Iterator[str]:
    yield f"## {procedure.label.id}\n"
    yield f"Berlaku sejak {procedure.in_force.from_on or '…'} sampai {procedure.in_force.until_on or 'sekarang'}.\n"
    for phase in PHASES:
        if states := [each for each in phase.states if each in procedure.states]:
            yield from _diagram(procedure, book, phase.name, states)
    after = after_decision(procedure)
    yield "| Langkah | Dari | Ke | Siapa | Mensyaratkan | Jam | Dokumen | Dasar (keyakinan) |"
    yield "|---|---|---|---|---|---|---|---|"
    for step in procedure.steps.values():
        row = (
            step.label.id,
            ", ".join(procedure.states[each].label.id for each in step.from_states),
            procedure.states[step.to_state].label.id if step.to_state else "tetap",
            ", ".join(rule_words.actor(each) for each in actors(procedure, step, after)),
            _required(procedure, step),
            _clocks(procedure, step, book),
            step.document.id if step.document else "–",
            f"{'; '.join(cite.text for cite in step.cites)} ({reasons.word('confidence', step.confidence)})",
        )
        yield f"| {' | '.join(row)} |"
    yield ""


@dataclass(frozen=True)
class Phase:
    """A part of a procedure that is drawn by itself, with the states in which a case is in it."""

    name: str
    states: tuple[str, ...]


PHASES = (
    Phase(
        "Penerimaan dan kajian",
        ("received", "reviewing", "completing", "registered", "clarifying", "assessed", "passed-on", "returned"),
    ),
    Phase("Badan pengawas ASN dan rekomendasi", ("forwarded", "with-national", "recommended")),
    Phase(
        "Pemeriksaan sampai keputusan",
        (
            "accepted", "summoned", "missed-once", "summoned-again", "missed-twice", "heard", "team", "council", "proposed",
        ),
    ),
    Phase("Penyampaian dan pelaksanaan", ("decided", "served", "effective", "executed")),
    Phase("Keberatan dan banding", ("objected", "appealed", "restoring")),
    Phase("Pada pejabat di luar", ("gakkumdu-sent", "gakkumdu", "referred", "referral-accepted")),
)  # fmt: skip


def _diagram(procedure: Procedure, book: Rulebook, name: str, states: Sequence[str]) -> Iterator[str]:
    """Draw a phase: its states with the steps from them; below it who, what is required, and which clocks run.

    A note inside the picture would make it many times as high as its states.
    """
    steps = [each for each in procedure.steps.values() if not set(states).isdisjoint(each.from_states)]
    drawn = [each for each in steps if not _is_noted(procedure, each, states)]
    seen = [*states, *(each.to_state for each in drawn if each.to_state)]
    yield f"### {name}\n"
    yield "```mermaid\nstateDiagram-v2"
    for state in dict.fromkeys(seen):
        yield f"    state {_quoted(procedure.states[state].label.id)} as {_name(state)}"
    starts: list[Clock] = [clock for step in steps for clock in step.starts]
    if procedure.first_state in states:
        starts = [*procedure.starts, *starts]
        opens = " ".join(["Perkara dibuka", *(_started(each, procedure, book) for each in procedure.starts)])
        yield f"    [*] --> {_name(procedure.first_state)}: {opens}"
    after = after_decision(procedure)
    for step in drawn:
        for begin in step.from_states:
            if begin in states:
                yield f"    {_name(begin)} --> {_name(step.to_state or begin)}: {_on_edge(step, procedure, book, after, begin)}"
    for state in dict.fromkeys(seen):
        if procedure.is_end(state):
            yield f"    {_name(state)} --> [*]"
    yield "```\n"
    yield from _below(procedure, book, states, steps, starts)


_MOST_ARROWS = 2


def _is_noted(procedure: Procedure, step: Step, states: Sequence[str]) -> bool:
    """Say whether a step is told below the picture alone: from so many states beside the main way its arrows would hide the others.

    So is one that leaves the case in any of many states.
    """
    begins = set(step.from_states) if not step.to_state else set(states).intersection(step.from_states)
    return len(begins) > _MOST_ARROWS and step not in main_way(procedure)


def _below(
    procedure: Procedure, book: Rulebook, states: Sequence[str], steps: Sequence[Step], starts: Sequence[Clock]
) -> Iterator[str]:
    after = after_decision(procedure)
    takers = dict.fromkeys(each for step in steps for each in actors(procedure, step, after))
    yield from _list("Siapa", (f"{_SHORT[each]} = {_LONG.get(each) or rule_words.actor(each)}" for each in takers))
    noted = [step for step in steps if _is_noted(procedure, step, states)]
    yield from _list("Langkah dari banyak keadaan", (_from_many(procedure, step, states, book) for step in noted))
    required = ((step, _required(procedure, step)) for step in steps)
    yield from _list("Yang disyaratkan", (f"{step.label.id} - {told}" for step, told in required if told != "–"))
    yield from _list("Jam", (_clock_told(procedure, each, book) for each in _by_clock(starts).values()))


def _list(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = [f"- {each}" for each in lines]
    if found:
        yield f"**{title}**\n"
        yield from found
        yield ""


def _from_many(procedure: Procedure, step: Step, states: Sequence[str], book: Rulebook) -> str:
    begins = ", ".join(procedure.states[each].label.id for each in step.from_states if each in states)
    to = procedure.states[step.to_state].label.id if step.to_state else "tetap di sana"
    return f"Dari {begins} → {to} - {_on_edge(step, procedure, book, after_decision(procedure))}"


def _clock_told(procedure: Procedure, clocks: Sequence[Clock], book: Rulebook) -> str:
    first = clocks[0]
    target = procedure.targets.get(first.id)
    length = f"{target.days} hari" if target else rule_words.length_of(book.terms[first.id])
    only = f", bila {procedure.facts[first.if_fact].id.lower()}" if first.if_fact else ""
    owners = " atau ".join(dict.fromkeys(rule_words.runs_for(each, book.terms) for each in clocks))
    return f"▷{SHORT_CLOCKS[first.id]} = {clock_label(procedure, first.id, book)}, {length}, bagi {owners}{only}"


def _by_clock(starts: Sequence[Clock]) -> dict[str, list[Clock]]:
    found: dict[str, list[Clock]] = {}
    for each in starts:
        found.setdefault(each.id, []).append(each)
    return found


def _on_edge(step: Step, procedure: Procedure, book: Rulebook, after: Collection[str], begin: str = "") -> str:
    """Write a step as its edge shows it: what, by whom, what another step gives first, and what becomes of which clock.

    `begin`: the state from which it is drawn; what led there needs no word.
    """
    known = {clock.id for clock in procedure.starts} | {
        clock.id for row in procedure.steps.values() for clock in row.starts
    }
    moved = [_started(each, procedure, book) for each in step.starts]
    for mark, ids in (("▷", step.resumes), ("■", step.stops), ("‖", step.pauses)):
        moved += [f"{mark}{SHORT_CLOCKS[each]}" for each in ids if each in known]
    who = ", ".join(_SHORT[each] for each in actors(procedure, step, after))
    first = "".join(f" · {each}" for each in _first(procedure, step, begin))
    return " ".join([f"{step.label.id.replace(':', ' -')} · {who}{first}", *moved])


def _first(procedure: Procedure, step: Step, begin: str) -> list[str]:
    """Say in short which steps come before one that alone give what it requires, and what it asks for only at times."""
    rows = [each for each in given_by_others(procedure, step, step.requires) if each.to_state != begin]
    found = [f"sesudah {each.label.id}" for each in rows]
    for fact, needed in step.conditions:
        rows = list(given_by_others(procedure, step, needed))
        if rows and all(each.to_state == begin for each in rows):
            continue
        said = ", ".join(each.label.id for each in rows) if rows else _labels(procedure, needed)
        found.append(f"bila {procedure.facts[fact].id.lower()} {'sesudah' if rows else 'dengan'} {said}")
    return found


def _labels(procedure: Procedure, facts: Sequence[str]) -> str:
    return ", ".join(procedure.facts[each].id.lower().replace(":", " -") for each in facts)


def _started(clock: Clock, procedure: Procedure, book: Rulebook) -> str:
    """Write a clock that starts, in one word: its short name, its length, and for whom it runs."""
    if (target := procedure.targets.get(clock.id)) is not None:
        length, owner = f"target-{target.days}h", _SHORT[clock.owner]
    else:
        term = book.terms[clock.id]
        unit = _UNITS.get(term.count, "h") if term.count_certain else "h?"
        owner = "Terlapor" if clock.id in WINDOWS.values() else _SHORT_OWNERS[term.responsible.id]
        length = f"{term.length}{unit}"
    return f"▷{SHORT_CLOCKS[clock.id]}{'?' if clock.if_fact else ''}({length},{owner})"


_UNITS = {Count.WORKING_DAYS: "hk", Count.CALENDAR_DAYS: "h", Count.HOURS: "j"}
_SHORT: dict[Role | Actor, str] = {
    Role.SUPERVISOR_BODY: "Pengawas", Role.INTAKE_OFFICER: "Penerima", Role.NATIONAL_BODY: "Nasional",
    Role.APPOINTING_AUTHORITY: "PPK", Role.EXAMINER: "Pemeriksa", Actor.ASSIGNED: "Pemeriksa", Actor.BY_LEVEL: "PyBM",
    Actor.STAFF: "Staf",
}  # fmt: skip
"""Short words for those who take steps; a diagram has no room for more."""
_LONG: dict[Role | Actor, str] = {
    Actor.ASSIGNED: "pemeriksa yang ditugaskan PPK (atasan langsung, bila berat tim)",
    Actor.BY_LEVEL: "pejabat yang berwenang menghukum, menurut tingkat dan jabatan terlapor, lihat matriks di /aturan/wewenang/",
}
_SHORT_OWNERS = {
    "Bawaslu": "Bawaslu", "Bawaslu/Panwas": "Bawaslu", "Pelapor": "Pelapor", "PPK": "PPK", "Kepala daerah (PPK)": "PPK",
    "ASN": "Terlapor", "BPASN": "BPASN", "Pejabat yang berwenang menghukum": "PyBM", "BKD/BKPSDM (pencatat)": "Staf",
    "Atasan langsung / tim pemeriksa": "Pemeriksa",
}  # fmt: skip
"""Short words for whom the law names beside a limit."""
SHORT_CLOCKS = {
    "target-review": "mulai-kajian", "pilkada-initial-review": "kajian-awal", "pemilu-initial-review": "kajian-awal",
    "pilkada-report-repair": "melengkapi", "pemilu-report-repair": "melengkapi", "pilkada-handling": "menangani",
    "pemilu-handling": "menangani", "pilkada-handling-extension": "keterangan-tambahan",
    "pemilu-handling-max": "keterangan-tambahan", "target-forward": "meneruskan", "target-accept": "menerima",
    "target-examine": "memeriksa", "target-decide": "memutus", "pp94-summons-to-exam": "hari-pemeriksaan",
    "pp94-second-summons": "panggilan-kedua", "pp94-decision-delivery": "menyampaikan", "pp94-decision-sending": "mengirim",
    "pp94-effective": "mulai-berlaku", "pp79-objection": "masa-keberatan", "pp79-appeal": "masa-banding",
    "target-objection": "putusan-keberatan", "pp79-ppk-response": "menanggapi-banding", "pp79-bpasn-decision": "putusan-BPASN",
    "target-execute": "melaksanakan", "target-outcome": "menanyakan-hasil", "target-restore": "memulihkan",
    "ppk-act-after-reprimand": "sesudah-teguran",
}  # fmt: skip
"""What a clock is called on an arrow: one word, the same on every arrow of a procedure."""


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
    known = (*procedure.starts, *(clock for row in procedure.steps.values() for clock in row.starts))
    started = {each.id for each in known}
    told = [f"mulai: {clock_label(procedure, each.id, book)}{_counted(procedure, each, book)}" for each in step.starts]
    for word, ids in (("henti", step.stops), ("tunda", step.pauses), ("lanjut", step.resumes)):
        told += [f"{word}: {clock_label(procedure, each, book)}" for each in ids if each in started]
    return "; ".join(told) or "–"


def _counted(procedure: Procedure, clock: Clock, book: Rulebook) -> str:
    """Say for whom a clock runs, from what it is counted that does not begin with the step, and where alone it starts."""
    said = [f"bagi {rule_words.runs_for(clock, book.terms)}"]
    said += [f"bila {procedure.facts[clock.if_fact].id.lower()}"] if clock.if_fact else []
    said += [f"sesudah {clock_label(procedure, clock.after, book)}"] if clock.after else []
    said += [f"sejak {procedure.facts[clock.from_fact].id.lower()}"] if clock.from_fact else []
    said += [f"membatasi {procedure.facts[clock.until_fact].id.lower()}"] if clock.until_fact else []
    return f" ({', '.join(said)})"


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
