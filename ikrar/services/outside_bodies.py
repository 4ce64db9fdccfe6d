"""Bodies outside the agencies (Bawaslu, BKN, Home Affairs …): made and ended by the installation's administrator.

What a body may do, since when and until when its kind exists, stands in the rulebook; here is only which of them work here, where,
and who serves them. None is deleted: what it did in cases stays under its name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from ikrar.domain.access import GIVEN_OVER, Over, Role
from ikrar.domain.errors import BodyInUse, NameMissing
from ikrar.domain.offices import Body as Kind
from ikrar.domain.offices import BodyPower
from ikrar.domain.sources import Label
from ikrar.records.models import Body, CaseReferral, CaseRespondent, Region, RoleGrant, User
from ikrar.services import ledger, offices, rules

KINDS = ("bawaslu", "kpu", "bkn", "kemendagri", "kemenpanrb", "kasn", "other")
ROLES = tuple(role for role in Role if GIVEN_OVER[role] is Over.BODY)


@dataclass(frozen=True)
class Outside:
    """A body as the administrator sees it: what the rulebook knows of its kind on a day, and who serves it."""

    body: Body
    kind: Kind | None
    exists: bool
    took_over: tuple[Label, ...]
    powers: tuple[BodyPower, ...]
    grants: tuple[RoleGrant, ...]


def kind_of(body: Body) -> Kind | None:
    """Return what the rulebook knows of the kind of a body; None: nothing."""
    return rules.book().bodies.get(body.kind)


def exists_on(body: Body, day: date) -> bool:
    """Say whether a body is there on a day: nobody ended it here, and the law did not dissolve its kind."""
    if body.ended_on is not None and body.ended_on <= day:
        return False
    found = kind_of(body)
    return found is None or found.exists_on(day)


def took_over(body: Body, day: date) -> tuple[Kind, ...]:
    """Return the kinds of bodies that have the tasks of a dissolved one on a day, as the rulebook names them."""
    found = kind_of(body)
    if found is None or found.exists_on(day):
        return ()
    known = rules.book().bodies
    return tuple(known[each] for each in found.successors if each in known and known[each].exists_on(day))


def powers_of(body: Body, day: date) -> tuple[BodyPower, ...]:
    """Return what a body may do on a day; nothing where the sources differ about it."""
    found = kind_of(body)
    if found is None or not exists_on(body, day) or any(each.in_force.holds(day) for each in found.disputed):
        return ()
    return tuple(each for each in found.powers if each.in_force.holds(day))


def every(day: date, now: datetime) -> Sequence[Outside]:
    """Return all bodies outside the agencies, those that ended last, each with who serves it now."""
    bodies = list(Body.objects.outside().select_related("region").order_by("ended_on", "name", "pk"))
    held: dict[int, list[RoleGrant]] = {}
    for grant in RoleGrant.objects.at(now).filter(body__in=bodies).select_related("user__person").order_by("pk"):
        held.setdefault(grant.body_id, []).append(grant)
    return [
        Outside(
            body, kind_of(body), exists_on(body, day), tuple(each.label for each in took_over(body, day)),
            powers_of(body, day), tuple(held.get(body.pk, ())),
        )
        for body in sorted(bodies, key=lambda body: body.ended_on is not None)
    ]  # fmt: skip


def make(*, kind: str, name: str, region: Region | None, by: User, now: datetime) -> Body:
    """Make a body outside the agencies, for a region or (None) for the whole country. Raises NameMissing, BodyInUse."""
    name = " ".join(name.split())
    if not name:
        raise NameMissing()
    if kind not in KINDS:
        raise BodyInUse("inside")
    return offices.create_body(agency=None, region=region, kind=kind, name=name, task="", by=by, now=now)


@transaction.atomic(durable=True)
def end(body: Body, *, on: date, by: User, now: datetime) -> None:
    """End a body outside the agencies from a day on: nothing is sent to it any more, and what it did stays under its name.

    Roles over it that have not begun yet end with it. Raises BodyInUse: where somebody serves it still, or a case waits or lies
    there, these are ended, answered or returned first.
    """
    row = Body.objects.select_for_update(of=("self",)).get(pk=body.pk)
    if row.agency_id is not None:
        raise BodyInUse("inside")
    if row.ended_on is not None:
        raise BodyInUse("ended")
    if CaseReferral.objects.filter(to_body=row, state=CaseReferral.State.SENT).exists():
        raise BodyInUse("referrals")
    if CaseRespondent.objects.filter(body=row, outcome=CaseRespondent.Outcome.OPEN).exists():
        raise BodyInUse("cases")
    if RoleGrant.objects.at(now).filter(body=row).exists():
        raise BodyInUse("roles")
    for grant in RoleGrant.objects.filter(body=row, from_at__gt=now).exclude(until_at__lte=now).order_by("pk"):
        RoleGrant.objects.filter(pk=grant.pk).update(until_at=now)
        ledger.append("role.ended", {"grant": grant.pk, "by": by.pk}, now=now)
    Body.objects.filter(pk=row.pk).update(ended_on=on)
    ledger.append("body.ended", {"body": row.pk, "on": on.isoformat(), "by": by.pk}, now=now)
