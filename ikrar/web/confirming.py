"""The page that asks once more before an act that cannot be undone; it needs no script."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ikrar.web.messages import number

# More people than this are not messaged by one click.
MANY = 200


class _Sure(forms.Form):
    sure = forms.CharField(widget=forms.HiddenInput(), initial="1")


def confirmed(
    request: HttpRequest, title: str, says: Sequence[str], button: str, back: str, *, form: Any = None
) -> HttpResponse:
    """Ask whether it shall be done: what follows from it, a button that posts to the same address, and a way back."""
    context = {"title": title, "says": says, "button": button, "back": back, "form": form}
    return render(request, "confirm.html", context, status=422 if form is not None and form.errors else 200)


def many_asked(request: HttpRequest, people: int, title: str, back: str) -> HttpResponse | None:
    """Ask whether so many people shall be reminded; None where they are few, or where it was asked already."""
    if people <= MANY or request.POST.get("sure"):
        return None
    said = {"n": number(people)}
    says = [
        title,
        _("Yang baru saja diingatkan, atau sudah sebanyak yang boleh, dilewati. Pesan tidak dapat ditarik."),
    ]
    return confirmed(
        request, _("Ingatkan %(n)s orang?") % said, says, _("Ingatkan %(n)s orang") % said, back, form=_Sure()
    )
