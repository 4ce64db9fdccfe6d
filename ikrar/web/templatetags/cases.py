"""What the pages of one case have in common: the way between them."""

from typing import Any

from django import template
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as lazy

from ikrar.domain import access
from ikrar.web.access import usable_grants
from ikrar.web.views.cases import common

register = template.Library()

_TABS = (
    ("case", lazy("Berkas")),
    ("case-team", lazy("Tim")),
    ("case-examination", lazy("Pemeriksaan")),
    ("case-decision", lazy("Putusan")),
    ("case-referrals", lazy("Pelimpahan")),
    ("case-clocks", lazy("Tenggat")),
)


@register.simple_tag(takes_context=True)
def case_tabs(context: dict[str, Any], key: str) -> list[tuple[str, Any, bool]]:
    """Return the pages of a case that this reader may open: address, word, whether it is this one."""
    request = context["request"]
    grants = usable_grants(request)
    found = []
    for name, word in _TABS:
        path = common.there(name, key)
        try:
            permission = path and resolve(path).func.permission
        except Resolver404:
            continue
        if permission and access.holds(grants, permission):
            found.append((path, word, path == request.path))
    return found
