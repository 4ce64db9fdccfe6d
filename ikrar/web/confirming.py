"""The page that asks once more before an act that cannot be undone; it needs no script."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def confirmed(
    request: HttpRequest, title: str, says: Sequence[str], button: str, back: str, *, form: Any = None
) -> HttpResponse:
    """Ask whether it shall be done: what follows from it, a button that posts to the same address, and a way back."""
    context = {"title": title, "says": says, "button": button, "back": back, "form": form}
    return render(request, "confirm.html", context, status=422 if form is not None and form.errors else 200)
