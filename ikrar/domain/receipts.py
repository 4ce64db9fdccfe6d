"""What is kept of an answer: the question in fixed words alone, the answer in short, and how two answers differ.

Nothing here is a name, a text that somebody wrote, or an hour: only ids of the rulebook, classes of people, and days.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ikrar.domain.activities import Verdict
from ikrar.domain.errors import ValueUnknown
from ikrar.domain.guidance import ActivityAdvice, Advice, Who
from ikrar.domain.sources import Label

# --- the question ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """A circumstance that was told, so or not so; of one activity, or (where that is empty) of all that are asked.

    >>> str(Fact("attributes", False)), str(Fact("hand-sign", True, "spouse-hand-sign"))
    ('-attributes', 'hand-sign@spouse-hand-sign')
    """

    circumstance: str
    holds: bool
    activity: str = ""

    def __str__(self) -> str:
        place = f"@{self.activity}" if self.activity else ""
        return f"{'' if self.holds else '-'}{self.circumstance}{place}"

    @classmethod
    def of(cls, text: str) -> "Fact":
        """Read a fact as it is written in an address. Whether its ids are known is not asked here.

        >>> Fact.of("-attributes")
        Fact(circumstance='attributes', holds=False, activity='')
        """
        circumstance, _, activity = text.removeprefix("-").partition("@")
        return cls(circumstance, not text.startswith("-"), activity)


# What somebody may hold besides being a civil servant, and how rules speak of it (domain.persons): as a post, or as
# another employment.
POSTS: Mapping[str, Who] = {
    "asn-official": Who(post="pejabat struktural"),
    "school-head": Who(post="kepala sekolah"),
    "lurah": Who(post="lurah"),
    "camat": Who(post="camat"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in fixed words: what, by whom, where and when. Empty text: not said."""

    activities: tuple[str, ...]
    day: date
    employment: str
    post: str = ""
    relation: str = ""
    region: str = ""
    contest: str = ""
    facts: tuple[Fact, ...] = ()

    @property
    def who(self) -> Who:
        """Return the asker as rules speak of people. Raises ValueUnknown for a post that is not one of POSTS."""
        if not self.post:
            return Who(self.employment, "", self.relation)
        if (held := POSTS.get(self.post)) is None:
            raise ValueUnknown("post", self.post[:60], tuple(POSTS))
        return Who(self.employment, held.post, self.relation)

    def facts_of(self, activity: str) -> dict[str, bool]:
        """Return the circumstances that were told for an activity: its own win over those told of all."""
        of_all = {fact.circumstance: fact.holds for fact in self.facts if not fact.activity}
        return of_all | {fact.circumstance: fact.holds for fact in self.facts if fact.activity == activity}

    def document(self) -> dict[str, Any]:
        """Return the question as values of JSON."""
        return {
            "activities": list(self.activities),
            "contest": self.contest,
            "day": self.day.isoformat(),
            "employment": self.employment,
            "facts": [str(fact) for fact in sorted(self.facts)],
            "post": self.post,
            "region": self.region,
            "relation": self.relation,
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Asked":
        """Read a question that was kept."""
        return cls(
            activities=tuple(document["activities"]),
            day=date.fromisoformat(document["day"]),
            employment=document["employment"],
            post=document["post"],
            relation=document["relation"],
            region=document["region"],
            contest=document["contest"],
            facts=tuple(map(Fact.of, document["facts"])),
        )


# --- the answer --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Consequence:
    """One act that is met, or would be if a condition were not kept, with the kind and level of the breach."""

    act: str
    kind: str
    level: str
    met: bool


@dataclass(frozen=True, slots=True)
class AnsweredPart:
    """The answer for one activity, in short."""

    activity: str
    verdict: Verdict
    consequences: tuple[Consequence, ...]
    conditions: tuple[Label, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer in short: its first word, and what each activity got."""

    verdict: Verdict
    election: str
    candidate_status: str
    parts: tuple[AnsweredPart, ...]

    @classmethod
    def of_advice(cls, advice: Advice) -> "Answered":
        """Shorten an answer."""
        return cls(
            verdict=advice.verdict,
            election=advice.election or "",
            candidate_status=advice.candidate_status or "",
            parts=tuple(map(_part, advice.activities)),
        )

    def document(self) -> dict[str, Any]:
        """Return the answer as values of JSON."""
        return {
            "candidate_status": self.candidate_status,
            "election": self.election,
            "parts": [
                {
                    "activity": part.activity,
                    "cites": list(part.cites),
                    "conditions": [{"en": each.en, "id": each.id} for each in part.conditions],
                    "consequences": [
                        {"act": each.act, "kind": each.kind, "level": each.level, "met": each.met}
                        for each in part.consequences
                    ],
                    "verdict": part.verdict.value,
                }
                for part in self.parts
            ],
            "verdict": self.verdict.value,
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Answered":
        """Read an answer that was kept."""
        return cls(
            verdict=Verdict(document["verdict"]),
            election=document["election"],
            candidate_status=document["candidate_status"],
            parts=tuple(
                AnsweredPart(
                    activity=part["activity"],
                    verdict=Verdict(part["verdict"]),
                    consequences=tuple(Consequence(**each) for each in part["consequences"]),
                    conditions=tuple(Label(**each) for each in part["conditions"]),
                    cites=tuple(part["cites"]),
                )
                for part in document["parts"]
            ),
        )


def _part(advice: ActivityAdvice) -> AnsweredPart:
    met = [Consequence(act.act or "", act.kind, act.level, True) for act in advice.acts]
    risks = [Consequence(act.act or "", act.kind, act.level, False) for act in advice.risks]
    return AnsweredPart(
        activity=advice.asked_as,
        verdict=advice.verdict,
        consequences=tuple(dict.fromkeys((*met, *risks))),
        conditions=tuple(condition.label for condition in advice.conditions),
        cites=tuple(cite.text for cite in advice.cites),
    )


# --- what its log entry commits to -------------------------------------------------------------------------------

PARTS = ("asked", "answered", "verdict", "rulebook", "made_on")


def sealed(code: str, parts: Mapping[str, Any]) -> dict[str, str]:
    """Return what the log entry of a receipt commits to: the SHA-256 (hex) of each of PARTS with its code.

    The parts are values of JSON as they are kept. The code keeps them from being guessed.
    """
    return {f"{name}_sha256": _digest({"code": code, name: parts[name]}) for name in PARTS}


def altered(code: str, parts: Mapping[str, Any], committed: Mapping[str, Any]) -> tuple[str, ...]:
    """Return which of PARTS are not those that were committed to; none for a receipt that is what it was.

    Entries that were written first commit to question, answer and rulebook as one whole, and not to the day.
    """
    if "receipt_sha256" in committed:
        whole = {"answered": parts["answered"], "asked": parts["asked"], "code": code, "rulebook": parts["rulebook"]}
        found = [] if _digest(whole) == committed["receipt_sha256"] else ["asked", "answered", "rulebook"]
        answered = parts["answered"]
        if not isinstance(answered, Mapping) or answered.get("verdict") != parts["verdict"]:
            found.append("verdict")
        return tuple(found)
    made = sealed(code, parts)
    return tuple(name for name in PARTS if made[f"{name}_sha256"] != committed.get(f"{name}_sha256"))


def _digest(value: Mapping[str, Any]) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # Half a sign can stand in what somebody altered; it has a digest like everything else.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# --- how two answers differ --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which a later answer is another. `what`: verdict, consequences, conditions, cites, election, status.

    `activity` is empty where the whole answer is meant. `before` and `after` hold what only the one of them has.
    """

    activity: str
    what: str
    before: tuple[Any, ...]
    after: tuple[Any, ...]


def differences(before: Answered, after: Answered) -> tuple[Difference, ...]:
    """Tell in what an answer is another than it was; nothing where it is the same."""
    return tuple(_differences(before, after))


def _differences(before: Answered, after: Answered) -> Iterator[Difference]:
    yield from _one("", "verdict", before.verdict, after.verdict)
    yield from _one("", "election", before.election, after.election)
    yield from _one("", "status", before.candidate_status, after.candidate_status)
    earlier = {part.activity: part for part in before.parts}
    later = {part.activity: part for part in after.parts}
    for id in dict.fromkeys((*earlier, *later)):
        was, now = earlier.get(id), later.get(id)
        if was is None or now is None:
            yield Difference(id, "verdict", (was.verdict,) if was else (), (now.verdict,) if now else ())
            continue
        yield from _one(id, "verdict", was.verdict, now.verdict)
        yield from _many(id, "consequences", was.consequences, now.consequences)
        yield from _many(id, "conditions", was.conditions, now.conditions)
        yield from _many(id, "cites", was.cites, now.cites)


def _one(activity: str, what: str, before: Any, after: Any) -> Iterator[Difference]:
    if before != after:
        yield Difference(activity, what, (before,), (after,))


def _many(activity: str, what: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Difference]:
    gone = tuple(each for each in before if each not in after)
    new = tuple(each for each in after if each not in before)
    if gone or new:
        yield Difference(activity, what, gone, new)
