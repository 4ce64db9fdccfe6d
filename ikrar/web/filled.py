"""Pages that thousands open at once: rendered once with stand-ins, then filled in for each person.

What a page shows is of two kinds: what depends on a key (the text, the language, the menu), and plain values that only
this person has (a name, a number, a token). The first is rendered by the template as ever, with a stand-in for each of
the second; afterwards only the values are put in, escaped as the template would.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.translation import get_language

from ikrar.web.context import Page
from ikrar.web.tokens import token

_MOST = 500
# Neither stand-in can be in a text: words nobody writes, and numbers that no row will have.
_WORD = "qqhole{}qq"
_NUMBER = 7_777_000_000_000_000_000
_ANY = re.compile(rf"qqhole(\d+)qq|{_NUMBER // 1000}(\d{{3}})")
_rendered: dict[tuple[Any, ...], list[str | int]] = {}


@dataclass
class _Frame(Page):
    """The frame of a page with stand-ins for what only this person has."""

    name: str = ""
    back: str = ""


def page(
    request: HttpRequest,
    template: str,
    key: tuple[Any, ...],
    values: Mapping[str, str | int],
    context: Callable[[Mapping[str, Any]], dict[str, Any]],
) -> HttpResponse:
    """Render a template for somebody signed in, or fill in the one that was rendered for the same key.

    `values` are this person's; `context` is given a stand-in for each (a number for a number) and returns what the
    template gets, which must depend on nothing but `key` and the stand-ins.
    """
    frame = Page(request)
    if len(get_messages(request)):
        return render(request, template, context(values))
    mine = [*values.values(), token(request), frame.name, frame.back]
    whole = (template, get_language(), frame.menu_key, frame.unread, frame.english, frame.today, frame.is_demo, *key)
    parts = _rendered.get(whole)
    if parts is None:
        parts = _parts(request, template, values, context)
        if len(_rendered) >= _MOST:
            _rendered.clear()
        _rendered[whole] = parts
    ready = [escape(str(value)) for value in mine]
    return HttpResponse("".join([ready[part] if isinstance(part, int) else part for part in parts]))


def _parts(
    request: HttpRequest,
    template: str,
    values: Mapping[str, str | int],
    context: Callable[[Mapping[str, Any]], dict[str, Any]],
) -> list[str | int]:
    """Render with stand-ins and cut at them: text, and between the texts which value goes there."""
    holes = {
        name: _NUMBER + place if isinstance(value, int) else _WORD.format(place)
        for place, (name, value) in enumerate(values.items())
    }
    form_token, name, back = (_WORD.format(len(values) + place) for place in range(3))
    given = context(holes) | {"page": _Frame(request, name=name, back=back), "csrf_token": form_token}
    text = render(request, template, given).content.decode()
    parts: list[str | int] = []
    last = 0
    for found in _ANY.finditer(text):
        parts += [text[last : found.start()], int(found[1] or found[2])]
        last = found.end()
    return [*parts, text[last:]]
