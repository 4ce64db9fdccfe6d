"""The rulebook as one value: the law of every day it covers, by id, and what of it is known how well."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from ikrar.domain.activities import Guidance
from ikrar.domain.acts import Act, Sanction
from ikrar.domain.assessment import Assessment
from ikrar.domain.days import HolidayList, Holidays
from ikrar.domain.elections import Election
from ikrar.domain.intake import IntakeHours
from ikrar.domain.offices import Authority, AuthorityRule, Body
from ikrar.domain.principles import Principle
from ikrar.domain.sources import Confidence, InForce, Label, Source
from ikrar.domain.terms import Term


@dataclass(frozen=True)
class Rulebook:
    """Everything the rulebook's files say; each mapping by id, in the order of the files.

    `digest` names exactly these files (SHA-256, hex).
    """

    digest: str
    sources: Mapping[str, Source]
    elections: Mapping[str, Election]
    forms: Mapping[str, Label]
    acts: Mapping[str, Act]
    sanctions: Mapping[str, Sanction]
    principles: Mapping[str, Principle]
    terms: Mapping[str, Term]
    intake_hours: Mapping[str, IntakeHours]
    holiday_lists: tuple[HolidayList, ...]
    authorities: Mapping[str, Authority]
    authority_rules: Mapping[str, AuthorityRule]
    bodies: Mapping[str, Body]
    guidance: Guidance

    @cached_property
    def holidays(self) -> Holidays:
        """The free days of all years that were decreed, after all changes."""
        return Holidays(self.holiday_lists)

    @cached_property
    def acts_by_form(self) -> Mapping[str, tuple[Act, ...]]:
        """The acts of each form of conduct, those that are only read into a clause among them."""
        found: dict[str, list[Act]] = {form: [] for form in self.forms}
        for act in self.acts.values():
            found[act.form].append(act)
            for form, _ in act.also_forms:
                found[form].append(act.read_as(form))
        return {form: tuple(acts) for form, acts in found.items()}

    @cached_property
    def acts_of_any_form(self) -> tuple[Act, ...]:
        """The acts by which somebody answers for any conduct that is listed for civil servants."""
        return tuple(act for act in self.acts.values() if act.any_form)

    @cached_property
    def boundaries(self) -> tuple[date, ...]:
        """The days from which on some act or sanction is another than the day before, in order."""
        windows: list[InForce] = [version.in_force for act in self.acts.values() for version in act.versions]
        for sanction in self.sanctions.values():
            windows += [sanction.in_force, *(pause.in_force for pause in sanction.suspended)]
        days = {day for window in windows for day in (window.from_on, window.until_on) if day is not None}
        return tuple(sorted(days))

    def period(self, day: date) -> int:
        """Return the number of the period between two boundaries that a day lies in: inside one, nothing changes."""
        return bisect_right(self.boundaries, day)

    @cached_property
    def answers(self) -> dict[tuple[object, ...], Assessment]:
        """Answers that were given before (see assessment.assess)."""
        return {}

    def coverage(self) -> Mapping[str, Mapping[Confidence, int]]:
        """Count what is encoded by kind and confidence: what a page shows of how well the law is known."""
        kinds: dict[str, Iterable[Confidence]] = {
            "acts": [version.confidence for act in self.acts.values() for version in act.versions],
            "sanctions": [each.confidence for each in self.sanctions.values()],
            "authorities": [each.confidence for each in self.authorities.values()],
            "terms": [each.confidence for each in self.terms.values()],
            "elections": [each.confidence for each in self.elections.values()],
            "holidays": [each.confidence for each in self.holiday_lists],
            "statements": [each.confidence for each in self.guidance.statements.values()],
            "principles": [each.confidence for each in self.principles.values()],
            "bodies": [each.confidence for each in self.bodies.values()],
        }
        counted: dict[str, dict[Confidence, int]] = {}
        for kind, known in kinds.items():
            counted[kind] = dict.fromkeys(Confidence, 0)
            for confidence in known:
                counted[kind][confidence] += 1
        return counted
