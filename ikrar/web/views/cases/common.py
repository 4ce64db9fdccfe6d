"""What the pages of cases share: which case is meant, and that it is shown to those alone who reach it."""

from django.http import Http404, HttpRequest
from django.utils import timezone

from ikrar.domain.errors import CaseActRefused
from ikrar.records.models import Case
from ikrar.services import case_steps

_HEX_DIGITS = 16


def key_of(case: Case) -> str:
    """Write the key of a case as addresses have it."""
    return case_steps.number_of(case)


def number_in(key: str) -> int:
    """Read a key of an address; what is none does not exist."""
    try:
        number = int(key, 16)
    except ValueError:
        raise Http404 from None
    if len(key) != _HEX_DIGITS or number >> 63:
        raise Http404
    return number


def shown_case(request: HttpRequest, key: str, permission: str) -> Case:
    """Return a case that this reader reaches with a permission and has part in; any other does not exist for him."""
    rows = Case.objects.select_related("agency__region", "body__agency", "body__region", "handler", "opened_by__person")
    found = rows.filter(pk=number_in(key)).first()
    if found is None:
        raise Http404
    try:
        case_steps.require(request.user, found, permission, now=timezone.now())
    except CaseActRefused:
        raise Http404 from None
    return found
