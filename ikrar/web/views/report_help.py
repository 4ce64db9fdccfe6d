"""Who and what is meant in a report: what an officer types or marks of it comes here, is answered, and is kept nowhere."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ikrar.domain.errors import DomainError, FindingRefused
from ikrar.services import clock, finding, rules
from ikrar.services.finding import Candidate, Found
from ikrar.web import name_words
from ikrar.web.access import may
from ikrar.web.forms.finding import ActsForm, FindForm, PersonForm
from ikrar.web.messages import sentence, word
from ikrar.web.quiet import discreet
from ikrar.web.templatetags.ikrar import label


def _says_it(_request: HttpRequest, text: str, status: int) -> HttpResponse:
    return _says(text, status)


def _says(text: str, status: int) -> HttpResponse:
    return JsonResponse({"says": text}, status=status)


def _failed(_request: HttpRequest) -> HttpResponse:
    return JsonResponse({"says": _("Ada gangguan pada sistem. Tidak ada yang tersimpan.")}, status=500)


def _failed_page(request: HttpRequest) -> HttpResponse:
    return _says_page(request, _("Ada gangguan pada sistem. Tidak ada yang tersimpan."), 500)


def _says_page(request: HttpRequest, text: str, status: int) -> HttpResponse:
    return render(request, "refused.html", {"says": text}, status=status)


_quiet = discreet(_failed, _says_it)
_quiet_page = discreet(_failed_page, _says_page)


@_quiet
@require_POST
@may("person.find")
def people(request: HttpRequest) -> HttpResponse:
    """Answer who may be meant by a name, for the browser of an officer who has a report open."""
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _says(_first_fault(form), 422)
    try:
        found = _found(request, form)
    except DomainError as error:
        return _says(sentence(error), _status_of(error))
    return JsonResponse(
        {
            "people": [
                {
                    "key": each.key,
                    "nip": each.number,
                    "name": each.name,
                    "post": each.post,
                    "unit": each.unit,
                    "agency": each.agency,
                    "score": each.score,
                    "because": [name_words.sentence(reason) for reason in each.because],
                    "notes": _notes(each),
                }
                for each in found.people
            ],
            "more": found.more,
            "more_is_least": found.more_is_least,
            "ask": name_words.ask_sentence(found.ask) if found.ask else None,
            "on": found.on.isoformat(),
            "behind": found.is_behind,
        }
    )


def _found(request: HttpRequest, form: PersonForm) -> Found:
    """Look for whom a form asks, as far as the officer's bodies reach. Raises NameQueryRefused, FindingRefused."""
    finding.count_search(request.user, now=timezone.now())
    asked = form.cleaned_data
    reach = finding.reach_of(request.scope.bodies)
    return finding.find(asked["q"], region=asked.get("region", ""), on=asked["on"], scope=reach)


def _status_of(error: DomainError) -> int:
    return 429 if isinstance(error, FindingRefused) and error.is_too_often else 422


def _notes(each: Candidate) -> list[str]:
    """Say what an officer must know of somebody beside his post."""
    notes = []
    if each.status not in ("", "active"):
        notes.append(_("Status menurut daftar pegawai: %(status)s.") % {"status": word("status", each.status)})
    return notes


def _first_fault(form: forms.Form) -> str:
    return str(next(iter(form.errors.values()))[0])


@_quiet
@require_POST
@may("person.find")
def acts(request: HttpRequest) -> HttpResponse:
    """Answer which acts a description may be about, for the browser of an officer who has a report open."""
    form = ActsForm(request.POST)
    if not form.is_valid():
        return _says(_first_fault(form), 422)
    asked = form.cleaned_data
    person = rules.Person(asked["employment"], asked["post"]) if asked["employment"] else None
    try:
        finding.count_help(request.user)
        found = rules.suggest_done(asked["text"], asked["on"] or clock.today(), person=person, region=asked["region"])
    except DomainError as error:
        return _says(sentence(error), _status_of(error))
    known = rules.book().acts
    return JsonResponse(
        {
            "acts": [
                {
                    "id": each.act,
                    "label": label(known[each.act].label),
                    "score": each.score,
                    "because": [_("Terbaca dari kata “%(words)s”.") % {"words": words} for words in each.because],
                }
                for each in found
            ]
        }
    )


@_quiet_page
@require_http_methods(["GET", "HEAD", "POST"])
@may("person.find")
def find(request: HttpRequest) -> HttpResponse:
    """Ask who is meant on a page of its own, without scripts. What was typed comes back on the page alone."""
    reach = finding.reach_of(request.scope.bodies)
    form = FindForm(request.POST if request.method == "POST" else None, places=finding.places(reach))
    context: dict[str, Any] = {"form": form, "reach": finding.described(reach)}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                found = _found(request, form)
                status = 200
                context |= {
                    "found": found,
                    "people": [
                        (each, [name_words.sentence(reason) for reason in each.because], _notes(each))
                        for each in found.people
                    ],
                    "asks": name_words.ask_sentence(found.ask) if found.ask and found.ask.what != "nobody" else "",
                }
            except DomainError as error:
                status = _status_of(error)
                form.add_error("q", sentence(error))
    return render(request, "reports/find.html", context, status=status)
