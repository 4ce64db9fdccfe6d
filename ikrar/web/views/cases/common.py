"""How the pages of cases find the case of an address: a case that somebody does not reach does not exist for him."""

from django.http import Http404, HttpRequest
from django.utils import timezone

from ikrar.domain import access
from ikrar.records.models import Case
from ikrar.services import case_steps

_HEX_DIGITS = 16


def key_of(case: Case) -> str:
    """Return the key by which addresses name a case."""
    return case_steps.number_of(case)


def number_in(key: str) -> int:
    """Return the number that a key names. Raises Http404 for what is none."""
    try:
        number = int(key, 16)
    except ValueError:
        raise Http404 from None
    if len(key) != _HEX_DIGITS or number >> 63 or key != key.lower():
        raise Http404
    return number


def shown_case(request: HttpRequest, key: str, permission: str) -> Case:
    """Return the case of an address to whoever reaches it with a permission and has part in it. Raises Http404."""
    related = Case.objects.select_related("agency__region", "body__agency", "body__region", "handler")
    case = related.filter(pk=number_in(key)).first()
    if case is None:
        raise Http404
    roles = case_steps.reach(request.user, case, now=timezone.now()).roles & access.roles_with(permission)
    if not roles or case_steps.conflict(request.user, case):
        raise Http404
    return case
