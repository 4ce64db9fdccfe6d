"""The bodies around a decision: which of them had which power on the day."""

from collections.abc import Iterable
from datetime import date

from ikrar.domain.assessment import Reason
from ikrar.domain.authority.answer import Role
from ikrar.domain.authority.case import Case
from ikrar.domain.offices import Body, BodyPower


def body_with(case: Case, power: str, *, over_agency: bool = False) -> tuple[Body, BodyPower] | None:
    """Return the body that has a power (a word of BODY_POWERS) on the day; never one that does not exist on it.

    `over_agency`: only one that has it over that kind of agency.
    """
    for body in case.book.bodies.values():
        for each in body.powers:
            reaches = not over_agency or case.kind is None or case.kind in each.agencies
            if each.power == power and reaches and body.exists_on(case.day) and each.in_force.holds(case.day):
                return body, each
    return None


def overseer(case: Case) -> Role:
    """Return the national body that recommends on the day; where it is disputed or not known, why."""
    if (found := body_with(case, "oversee")) is not None:
        body, power = found
        values = (("body", body.id), ("from", iso(power.in_force.from_on)))
        return Role(body.label, Reason("body_oversees", values), power.cites, power.confidence, body.id)
    bodies = case.book.bodies.values()
    for body in bodies:
        for dispute in body.disputed:
            if dispute.in_force.holds(case.day):
                days = (("from", iso(dispute.in_force.from_on)), ("until", iso(dispute.in_force.until_on)))
                reason = Reason("body_disputed", (("body", body.id), *days))
                return Role(None, reason, dispute.cites, readings=dispute.readings)
    ended = [
        (until, body)
        for body in bodies
        for each in body.powers
        if each.power == "oversee" and (until := each.in_force.until_on) is not None and until <= case.day
    ]
    if not ended:
        return Role(None, Reason("no_body_known", (("power", "oversee"), ("day", case.day.isoformat()))))
    until, body = max(ended, key=lambda each: each[0])
    due = next((each.due_on for each in bodies if each.exists is None and each.due_on), None)
    about = (("body", body.id), ("until", iso(until)), ("due", iso(due)))
    return Role(None, Reason("body_ended_no_other", about))


def finder(case: Case) -> Role:
    """Return the body whose findings come to the overseer."""
    if (found := body_with(case, "refer")) is None:
        return Role(None, Reason("no_body_known", (("power", "refer"), ("day", case.day.isoformat()))))
    body, power = found
    return Role(body.label, Reason("body_refers", (("body", body.id),)), power.cites, power.confidence, body.id)


def told(case: Case, powers: Iterable[str]) -> tuple[Role, ...]:
    """Return the bodies that have these powers over that kind of agency on the day, each as one who must be told."""
    roles = []
    for word in powers:
        if (found := body_with(case, word, over_agency=True)) is not None:
            body, power = found
            reason = Reason("body_told", (("body", body.id), ("power", power.power)))
            roles.append(Role(body.label, reason, power.cites, power.confidence, body.id))
    return tuple(roles)


def iso(day: date | None) -> str:
    """Write a day for a reason; empty: not known, or open."""
    return day.isoformat() if day else ""
