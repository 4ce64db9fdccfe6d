"""The rulebook as one value: the law of every day it covers, by id, and what of it is known how well."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from ikrar.domain.activities import Guidance
from ikrar.domain.acts import Act, ActVersion, Phase, Sanction
from ikrar.domain.assessment import Assessment, Moment, Refusal
from ikrar.domain.cases import Procedure
from ikrar.domain.days import HolidayList, Holidays
from ikrar.domain.elections import Election
from ikrar.domain.intake import IntakeHours
from ikrar.domain.offices import Authority, AuthorityRule, Body
from ikrar.domain.principles import Principle
from ikrar.domain.reports import Requirement
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
    requirements: Mapping[str, Requirement]
    holiday_lists: tuple[HolidayList, ...]
    authorities: Mapping[str, Authority]
    authority_rules: Mapping[str, AuthorityRule]
    bodies: Mapping[str, Body]
    guidance: Guidance
    procedures: Mapping[str, Procedure] = field(default_factory=dict)

    @cached_property
    def holidays(self) -> Holidays:
        """The free days of all years that were decreed, after all changes."""
        return Holidays(self.holiday_lists)

    @cached_property
    def acts_by_form(self) -> Mapping[str, tuple[Act, ...]]:
        """The acts of each form of conduct: its own first, then those into whose clause it is read.

        It is read there by the act itself, or because it is a kind of conduct by which others answer.
        """
        found: dict[str, dict[str, Act]] = {form: {} for form in self.forms}
        for act in self.acts.values():
            found[act.form][act.id] = act
        needs_candidate = {
            form
            for form, acts in found.items()
            if all(version.phase is not Phase.ANY for act in acts.values() for version in act.versions)
        }

        def read(act: Act, form: str, phase: Phase | None, *, perhaps: bool) -> None:
            known = found[form].get(act.id)
            if known is None or (known.is_perhaps and not perhaps):
                reading = act.read_as(form, phase, perhaps=perhaps)
                found[form][act.id] = replace(reading, needs_candidate=form in needs_candidate)

        for act in self.acts.values():
            for form, phase in act.also_forms:
                read(act, form, phase, perhaps=False)
            for form, phase in act.perhaps_forms:
                read(act, form, phase, perhaps=True)
        for conduct in self.guidance.conducts.values():
            for act in self.acts.values():
                if act.form in conduct.forms:
                    for form in conduct.counts:
                        read(act, form, None, perhaps=False)
                    for form in conduct.perhaps:
                        read(act, form, None, perhaps=True)
        return {form: tuple(acts.values()) for form, acts in found.items()}

    @cached_property
    def acts_of_any_form(self) -> tuple[Act, ...]:
        """The acts by which somebody answers for any conduct that is listed for civil servants."""
        return tuple(act for act in self.acts.values() if act.any_form)

    @cached_property
    def boundaries(self) -> tuple[date, ...]:
        """The days from which on some act, sanction or citation is another than the day before, in order."""
        versions = [version for act in self.acts.values() for version in act.versions]
        windows: list[InForce] = [self.covered, *(version.in_force for version in versions)]
        windows += [self.sources[id].days for id in {cite.source for version in versions for cite in version.cites}]
        for sanction in self.sanctions.values():
            windows += [sanction.in_force, *(pause.in_force for pause in sanction.suspended)]
        days = {day for window in windows for day in (window.from_on, window.until_on) if day is not None}
        return tuple(sorted(days))

    def period(self, day: date) -> int:
        """Return the number of the period between two boundaries that a day lies in: inside one, nothing changes."""
        return bisect_right(self.boundaries, day)

    @cached_property
    def covered(self) -> InForce:
        """The days that the rulebook covers: from the first year of its calendars to the last with a list of holidays.

        Of the last year it may be that a list is only awaited. What the law was or will be outside, nobody says here.
        """
        days = [day for election in self.elections.values() for day in election.edges]
        years = [each.year for each in self.holiday_lists]
        return InForce(
            date(min(days).year, 1, 1) if days else None,
            date(max(years) + 1, 1, 1) if years else None,
        )

    def acts_in_force(self, form: str, day: date) -> tuple[tuple[Act, ActVersion], ...]:
        """Return the acts of a form, each with its version of the day; empty for a form that is not known."""
        key = (form, self.period(day))
        if (known := self._acts_in_force.get(key)) is None:
            found = ((act, act.on(day)) for act in self.acts_by_form.get(form, ()))
            known = self._acts_in_force[key] = tuple((act, version) for act, version in found if version is not None)
        return known

    @cached_property
    def _acts_in_force(self) -> dict[tuple[str, int], tuple[tuple[Act, ActVersion], ...]]:
        return {}

    @cached_property
    def moments(self) -> dict[tuple[object, ...], Moment]:
        """What calendars told before (see assessment.moment_of)."""
        return {}

    @cached_property
    def answers(self) -> dict[tuple[object, ...], Assessment | Refusal]:
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
