"""The doors that this process opens; a deployment chooses them.

A door that is closed here keeps its addresses, so that pages can name them (another process may open it under the same host):
here they are not found.
"""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import URLPattern

from ikrar.web.access import open_to_all

# Looked through from the first: the door with few addresses stands before those with hundreds.
_DOORS = ("intake", "staff", "public")
_ALWAYS = ("health", "language")  # whoever watches a process, and the foot of every page


@open_to_all
def closed(request: HttpRequest, **_parts: Any) -> None:
    """Answer at an address behind a closed door."""
    raise Http404


def _behind(door: str) -> list[URLPattern]:
    patterns: list[URLPattern] = import_module(f"ikrar.web.urls.{door}").urlpatterns
    if door in settings.DOORS:
        return patterns
    return [
        each if each.name in _ALWAYS else URLPattern(each.pattern, closed, each.default_args, each.name)
        for each in patterns
    ]


urlpatterns = [pattern for door in _DOORS for pattern in _behind(door)]
handler400 = "ikrar.web.views.public.bad_request"
handler404 = "ikrar.web.views.public.not_found"
handler403 = "ikrar.web.views.public.forbidden"
