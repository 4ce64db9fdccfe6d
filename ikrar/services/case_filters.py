"""Filters of the board of cases that officers keep for themselves: a name, and the filters as they stand in an address."""

from django.db import IntegrityError, transaction

from ikrar.domain.errors import CaseActRefused
from ikrar.records.models import CaseFilter, User
from ikrar.services import case_steps

MOST = 20
_LONGEST_NAME, _LONGEST_QUERY = 60, 500


def of_user(user: User) -> list[CaseFilter]:
    """Return the filters of somebody, by name."""
    return list(CaseFilter.objects.filter(user=user).order_by("name"))


@transaction.atomic(durable=True)
def keep(user: User, name: str, query: str) -> CaseFilter:
    """Keep a filter under a name. Raises CaseActRefused (text, filters_full, filter_taken)."""
    name, query = (
        case_steps.tidy(name, _LONGEST_NAME, about="name"),
        case_steps.tidy(query, _LONGEST_QUERY, about="query"),
    )
    # Whoever saves in two windows at once waits here for himself: the number is counted under this lock.
    User.objects.select_for_update(of=("self",)).filter(pk=user.pk).first()
    if CaseFilter.objects.filter(user=user).count() >= MOST:
        raise CaseActRefused("filters_full")
    try:
        with transaction.atomic():
            return CaseFilter.objects.create(user=user, name=name, query=query)
    except IntegrityError:
        raise CaseActRefused("filter_taken", "name") from None


@transaction.atomic(durable=True)
def rename(user: User, key: int, name: str) -> None:
    """Give a filter of one's own another name. Raises CaseActRefused (text, filter_gone, filter_taken)."""
    name = case_steps.tidy(name, _LONGEST_NAME, about="name")
    try:
        with transaction.atomic():
            found = CaseFilter.objects.filter(pk=key, user=user).update(name=name)
    except IntegrityError:
        raise CaseActRefused("filter_taken", "name") from None
    if not found:
        raise CaseActRefused("filter_gone")


@transaction.atomic(durable=True)
def drop(user: User, key: int) -> None:
    """Let go of a filter of one's own; one that is gone already is gone."""
    CaseFilter.objects.filter(pk=key, user=user).delete()
