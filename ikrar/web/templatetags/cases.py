"""What the pages of one case have in common: the way between them."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from ikrar.domain import access
from ikrar.domain.errors import CaseActRefused
from ikrar.records.models import Case
from ikrar.services import case_rules, case_steps
from ikrar.web.access import usable_grants
from ikrar.web.views.cases import common

register = template.Library()

_DECISION = "case-decision"
_TABS = (
    ("case", lazy("Berkas")),
    ("case-team", lazy("Tim")),
    ("case-examination", lazy("Pemeriksaan")),
    (_DECISION, lazy("Putusan")),
    ("case-referrals", lazy("Pelimpahan")),
    ("case-clocks", lazy("Tenggat")),
)


def _may(request: HttpRequest, case: Case | None, permission: str) -> bool:
    """Say whether somebody may act in a case that he reads: its body has sent it on, perhaps."""
    if case is None or permission in case_steps.READING:
        return True
    try:
        case_steps.require(request.user, case, permission, now=timezone.now())
    except CaseActRefused:
        return False
    return True


@register.simple_tag(takes_context=True)
def case_tabs(context: dict[str, Any], key: str) -> list[tuple[str, Any, bool]]:
    """Return the pages of a case that this reader may open: address, word, whether it is this one."""
    request, case = context["request"], context.get("case")
    grants = usable_grants(request)
    found = []
    for name, word in _TABS:
        if name == _DECISION and case is not None and not case_rules.is_decided_here(case.procedure):
            continue  # whoever decides has no part in this installation
        path = common.there(name, key)
        try:
            permission = path and resolve(path).func.permission
        except Resolver404:
            continue
        if permission and access.holds(grants, permission) and _may(request, case, permission):
            found.append((path, word, path == request.path))
    return found
