"""The commands about the law: a line of JSON in, a line of JSON out, without a database and without the web framework set up.

`ikrar assess | suggest-acts | ask | due | authority`, and `ikrar check-rulebook`. A line that cannot be answered is
answered with an error that names the field, and the next line is read. The forms stand in docs/commands.md.
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings

from ikrar.domain import persons
from ikrar.domain.acts import CONTESTS
from ikrar.domain.assessment import STATUSES, Assessment, Reason, covered_days
from ikrar.domain.authority import Answer, Role, question_of
from ikrar.domain.errors import (
    A_DAY,
    A_LOCAL_TIME,
    ActivityContradicted,
    DayOutside,
    DomainError,
    FactMissing,
    RegionUnknown,
    RulebookFault,
    ValueUnknown,
)
from ikrar.domain.guidance import ActivityAdvice, Who
from ikrar.domain.indonesian import LONGEST_TEXT
from ikrar.domain.sources import Citation, Reading
from ikrar.domain.terms import Computation, TermReading
from ikrar.services import rules
from ikrar.services.rules import Person
from ikrar.worker import lines

if not settings.configured:
    # Sentences are written in Indonesian and come as they are; nothing else of the framework is used.
    settings.configure(USE_I18N=False)

from ikrar.web import reasons
from ikrar.worker import procedure

Values = lines.Values
_TIME = re.compile(rf"{lines.DAY.pattern}T[0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}})?([+-][0-9]{{2}}:[0-9]{{2}}|Z)?")
_REGION = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?")
# Which field of a line an error is about, where the error does not say so itself.
_FIELD_OF = {
    "act_unknown": "act",
    "rule_not_in_force": "on",
    "region_unknown": "region",
    "person_unknown": "employment",
    "election_unknown": "election",
    "term_unknown": "term",
    "term_start_wrong": "start",
    "term_not_in_force": "start",
    "term_regime_wrong": "regime",
    "holidays_unknown": "start",
    "question_empty": "question",
    "question_not_understood": "question",
    "activity_unknown": "activity",
    "region_has_no_election": "region",
    "election_over": "election",
}


# --- reading a line ----------------------------------------------------------------------------------------------


# What a key takes where that is one of a few words, or of a form of its own.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "candidate_status": STATUSES,
    "contest": CONTESTS,
    "employment": persons.CLASSES,
    "on": (A_DAY,),
    "region": ("13", "13.76", "13.76.01", "13.76.01.1001"),
    "relation": persons.RELATIONS,
    "start": (A_DAY, A_LOCAL_TIME),
}


def _text(values: Values, name: str, *, needed: bool = False) -> str:
    return lines.text(values, name, needed=needed, known=_WORDS.get(name, ("text",)))


def _day(values: Values, name: str = "on") -> date:
    return lines.day(values, name)


def _start(values: Values) -> date:
    text = _text(values, "start", needed=True)
    try:
        if lines.DAY.fullmatch(text):
            return date.fromisoformat(text)
        if _TIME.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise ValueUnknown("start", text[:60], _WORDS["start"])


def _region(values: Values) -> str:
    text = _text(values, "region")
    if text and not _REGION.fullmatch(text):
        raise ValueUnknown("region", text[:60], _WORDS["region"])
    if text and not rules.is_region(text):
        raise RegionUnknown(text)
    return text


def _person(values: Values) -> Person:
    return Person(_text(values, "employment", needed=True), _text(values, "post"))


def _deed(values: Values) -> dict[str, str]:
    """Return the act or form that a line names. Where it names both, the act is one of that form."""
    act, form = _text(values, "act"), _text(values, "form")
    if not act and not form:
        raise FactMissing("act")
    book = rules.book()
    if form and form not in book.forms:
        raise ValueUnknown("form", form[:60], tuple(book.forms))
    if form and act in book.acts and act not in (each.id for each in book.acts_by_form[form]):
        forms = (book.acts[act].form, *(each for each, _ in book.acts[act].also_forms))
        raise ValueUnknown("form", form[:60], forms)
    return {"act": act, "form": form}


def _asker(values: Values) -> Values:
    told = values.get("who")
    if told is None:
        return {}
    if not isinstance(told, Mapping):
        raise ValueUnknown("who", lines.as_written(told), ("employment", "post", "relation"))
    lines.only(told, "employment", "post", "relation")
    return told


def _check_same(activity: str, question: str, relation: str) -> None:
    """Refuse an activity beside a question that asks about another; one that is understood as nothing says nothing."""
    heard = rules.hear(question, relation) if activity and question else ()
    if heard and activity not in heard and activity in rules.book().guidance.activities:
        raise ActivityContradicted(activity, heard)


# --- writing an answer -------------------------------------------------------------------------------------------


def _cited(cites: Iterable[Citation]) -> list[str]:
    return list(dict.fromkeys(cite.text for cite in cites))


def _said(found: Iterable[Reason]) -> list[str]:
    return [reasons.sentence(rules.book(), reason) for reason in found]


def _read(readings: Iterable[Reading]) -> list[dict[str, str | None]]:
    return [
        {"reading": each.label.id, "held_by": each.held_by and each.held_by.id, "confidence": each.confidence}
        for each in readings
    ]


def _assessed(answer: Assessment, *, whole: bool = True) -> dict[str, Any]:
    told = {
        "act": answer.act,
        "form": answer.form,
        "kind": answer.kind,
        "level": answer.level,
        "standing": answer.standing,
        "sanctions": list(answer.sanctions),
        "cites": _cited(answer.cites),
        "stage": answer.stage,
        "candidate_status": answer.candidate_status,
        "confidence": answer.confidence,
        "reasons": _said(answer.reasons),
        "readings": _read(answer.readings),
    }
    return told | {"also": [_assessed(each, whole=False) for each in answer.also]} if whole else told


def _role(role: Role | None) -> dict[str, Any] | None:
    if role is None:
        return None
    told = {"name": role.name and role.name.id, "says": _said([role.reason])[0], "cites": _cited(role.cites)}
    return told | {"readings": _read(role.readings)} if role.readings else told


def _decided(answer: Answer) -> dict[str, Any]:
    team, council = answer.team, answer.council
    return {
        "authority": answer.authority,
        "row": answer.row,
        "office": answer.office and answer.office.id,
        "capacity": answer.capacity,
        "cites": _cited(answer.cites),
        "reasons": _said(answer.reasons),
        "passed_over": [
            {"authority": each.authority, "why": each.why, "capacity": each.capacity} for each in answer.passed_over
        ],
        "confidence": answer.confidence,
        "basis_confidence": answer.basis_confidence,
        "examiner": _role(answer.examiner),
        "team": team
        and {
            "need": team.need,
            "members": [each.id for each in team.members],
            "formed_by": _role(team.formed_by),
            "cites": _cited(team.cites),
        },
        "council": council and {"name": council.name.id, "formed_by": _role(council.formed_by)},
        "recommender": _role(answer.recommender),
        "finder": _role(answer.finder),
        "objection": _role(answer.objection),
        "appeal": _role(answer.appeal),
        "told": [_role(each) for each in answer.told],
        "also": [
            {"authority": each.authority, "row": each.row, "says": _said([each.reason])[0], "cites": _cited(each.cites)}
            for each in answer.also
        ],
    }


def _advised(part: ActivityAdvice) -> dict[str, Any]:
    return {
        "activity": part.activity,
        "verdict": part.verdict,
        "conditions": [each.label.id for each in part.conditions],
        "advice": [each.id for each in part.advice],
        "breach": part.breach and part.breach.id,
        "acts": [each.act for each in part.acts],
        "reasons": _said(part.reasons),
        "readings": _read(part.readings),
        "cites": _cited(part.cites),
        "alternatives": list(part.alternatives),
        "changes": [{"on": each.day, "verdict": each.verdict} for each in part.changes],
    }


# --- the commands ------------------------------------------------------------------------------------------------


def _assess(values: Values) -> dict[str, Any]:
    lines.only(
        values, "act", "form", "on", "employment", "post", "election", "region", "candidate_status", "contest"
    )  # fmt: skip
    answer = rules.assess(
        _person(values),
        _day(values),
        **_deed(values),
        election_id=_text(values, "election"),
        candidate_status=_text(values, "candidate_status") or None,
        contest=_text(values, "contest") or None,
        region=_region(values),
    )
    return _assessed(answer)


def _suggest(values: Values) -> dict[str, Any]:
    lines.only(values, "text", "on", "employment", "post", "region", "candidate_status")
    text = _text(values, "text", needed=True)
    found = rules.suggest(
        text,
        _day(values),
        person=Person(_text(values, "employment"), _text(values, "post")),
        candidate_status=_text(values, "candidate_status"),
        region=_region(values),
    )
    told = {"acts": [{"id": each.act, "score": each.score, "because": list(each.because)} for each in found]}
    return told | {"cut_at": LONGEST_TEXT} if len(text) > LONGEST_TEXT else told


def _ask(values: Values) -> dict[str, Any]:
    lines.only(values, "question", "activity", "on", "region", "election", "who")
    told = _asker(values)
    activity = _text(values, "activity")
    question = _text(values, "question", needed=not activity)
    who = Who(_text(told, "employment"), _text(told, "post"), _text(told, "relation"))
    _check_same(activity, question, who.relation)
    advice = rules.ask(
        question, activity, day=_day(values), region=_region(values), who=who, election_id=_text(values, "election")
    )
    for reason in advice.reasons:
        if reason.code == "fact_missing":
            raise FactMissing(dict(reason.values)["fact"])
        if reason.code == "day_outside":
            raise DayOutside("on", advice.day, *covered_days(rules.book()))
    first = advice.activities[0] if advice.activities else None
    named = advice.named_day
    return {
        "verdict": advice.verdict,
        "activity": first and first.activity,
        "conditions": [condition.label.id for part in advice.activities for condition in part.conditions],
        "cites": _cited(advice.cites),
        "alternatives": list(dict.fromkeys(each for part in advice.activities for each in part.alternatives)),
        "reasons": _said(advice.reasons),
        "election": advice.election,
        "candidate_status": advice.candidate_status,
        "named_day": named and {"on": named[0], "verdict": named[1]},
        "cut_at": LONGEST_TEXT if advice.understood and advice.understood.cut else None,
        "activities": [_advised(part) for part in advice.activities],
    }


def _due(values: Values) -> dict[str, Any]:
    lines.only(values, "term", "start", "regime", "region")
    term = _text(values, "term", needed=True)
    found = rules.due(term, _start(values), regime=_text(values, "regime"), region=_region(values))
    notes = rules.book().terms[term].notes
    return {
        "last_day": found.last_day,
        "counted": list(found.counted),
        "skipped": [
            {"date": each.day, "why": each.why, "name": each.label and each.label.id} for each in found.skipped
        ],
        "readings": [_counted(each) for each in found.readings] + _desk(found),
        "cites": _cited(found.cites),
        "meaning": found.meaning,
        "also_read_as": found.also_read_as,
        "safe_day": found.safe_day,
        "confidence": found.confidence,
        "disputed": found.disputed,
        "intake": found.intake
        and {
            "hours": found.intake.hours,
            "last_at": found.intake.at,
            "passed": list(found.intake.passed),
            "says": reasons.taken_in(found),
            "cites": _cited(found.intake.cites),
            "confidence": found.intake.confidence,
        },
        "local_holidays": [
            {"date": each.entry.day, "name": each.entry.label.id, "regions": list(each.regions)}
            for each in found.elsewhere
        ],
        "notes": notes and notes.id,
    }


def _counted(each: TermReading) -> dict[str, Any]:
    return {
        "reading": each.code,
        "last_day": each.last_day,
        "unknown_year": each.unknown_year,
        "meaning": each.meaning,
        "basis": each.way.basis,
        "held_by": each.origin and each.origin.id,
        "seen": list(each.seen),
    }


def _desk(found: Computation) -> list[dict[str, Any]]:
    """Tell as one more reading until when a desk takes it in, where that is before the limit."""
    if found.intake is None or not found.is_taken_in_earlier:
        return []
    told = {"reading": "intake_hours", "last_day": found.intake.at, "unknown_year": None, "meaning": found.meaning}
    return [told | {"basis": "intake_hours", "held_by": found.intake.label.id, "seen": []}]


def _authority(values: Values) -> dict[str, Any]:
    day = _day(values)
    question = question_of(values, day)
    for place in (values, values["person"]):
        _region(place)
    return _decided(rules.decide(question))


_ANSWERS: dict[str, Callable[[Values], dict[str, Any]]] = {
    "assess": _assess,
    "suggest-acts": _suggest,
    "ask": _ask,
    "due": _due,
    "authority": _authority,
}
COMMANDS = (*_ANSWERS, "check-rulebook", "procedure")


def answer(name: str, line: bytes) -> dict[str, Any]:
    """Answer one line of a command; what cannot be answered is an answer too, with `error`, `field` and `says`."""
    try:
        return _ANSWERS[name](lines.asked_in(line))
    except lines.LineWrong as wrong:
        return wrong.told
    except DomainError as error:
        return lines.refused(error, _FIELD_OF)


def main(arguments: Sequence[str]) -> int:
    """Run one of COMMANDS; returns the exit status: 0 done, 1 refused, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="ikrar", description=__doc__, add_help=True)
    parser.add_argument("command", choices=COMMANDS)
    if arguments[:1] == ["assess"]:
        parser.add_argument("--forms", action="store_true", help="list the forms of conduct with their acts")
    if arguments[:1] == ["procedure"]:
        form = parser.add_mutually_exclusive_group(required=True)
        form.add_argument("--markdown", action="store_true", help="write diagrams and tables")
        form.add_argument("--json", action="store_true", help="write one line of JSON")
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        book = rules.check() if options.command == "check-rulebook" else rules.book()
    except RulebookFault as fault:
        for each in [fault] if options.command != "check-rulebook" else rules.faults() or [fault]:
            print(f"{each.code}: {each}", file=sys.stderr)
        return 1
    if options.command == "check-rulebook":
        counts = ", ".join(f"{sum(known.values())} {kind}" for kind, known in book.coverage().items())
        print(f"{counts}\nrulebook {book.digest}")
    elif options.command == "procedure":
        if options.json:
            lines.say(procedure.as_values(book))
        else:
            sys.stdout.write(procedure.markdown(book))
    elif getattr(options, "forms", False):
        for form, (own, read_in) in rules.forms().items():
            lines.say({"form": form, "label": book.forms[form].id, "acts": list(own), "read_in": list(read_in)})
    else:
        lines.serve(lambda line: answer(options.command, line))
    return 0
