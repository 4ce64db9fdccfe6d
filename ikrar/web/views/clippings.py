"""Clippings: paste what is public, see which facts it may tell, say what becomes of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from ikrar.domain import clippings as domain
from ikrar.domain.clippings import Became, Fact, Kind
from ikrar.domain.days import parse_day
from ikrar.domain.errors import ClippingKnown, ClippingRefused, DomainError
from ikrar.records.models import Activity, Agency, Body, Circular, Clipping
from ikrar.services import clippings, clock, rules, staff_entry
from ikrar.services.clippings import Proposal, Ticked
from ikrar.web.access import may, scope
from ikrar.web.forms.clippings import FindForm, PasteForm
from ikrar.web.messages import day, sentence, word

# What may be changed before it is taken over; all else is ticked or not. Persons are written in a sealed report alone.
_TEXT_FIELDS = frozenset({Kind.PLACE, Kind.NUMBER})
_TICKED_AT_FIRST = frozenset({Kind.UNIT, Kind.AGENCY})


def _clipping(request: HttpRequest, pk: int) -> Clipping:
    """Return a clipping within reach; another one does not exist for me."""
    mine = Clipping.objects.within(request.scope).select_related("agency", "body__agency", "by")
    return get_object_or_404(mine, pk=pk)


def _keepers(request: HttpRequest) -> list[Agency | Body]:
    return [
        *Agency.objects.filter(pk__in=request.scope.agencies).order_by("name"),
        *Body.objects.filter(pk__in=request.scope.bodies).select_related("agency").order_by("name"),
    ]


@never_cache
@require_safe
@may("clipping.keep")
def clipping_list(request: HttpRequest) -> HttpResponse:
    """List the clippings within reach, newest first."""
    form = FindForm(request.GET, units=clippings.units_of(request.scope))
    wanted = form.cleaned_data if form.is_valid() else {}
    unit = wanted.get("unit")
    found = clippings.listed(
        request.scope, on=wanted.get("hari"), unit=unit and unit.pk, became=wanted.get("menjadi", "")
    )
    page = Paginator(found, 30).get_page(request.GET.get("hal"))
    query = request.GET.copy()
    query.pop("hal", None)
    rows = [(each, _title(each), domain.shown_address(each.address)) for each in page]
    context = {
        "rows": rows, "page_of": page, "form": form, "query": query.urlencode(), "filtered": any(request.GET.values()),
    }  # fmt: skip
    return render(request, "clippings/list.html", context)


def _title(clipping: Clipping) -> str:
    """Return the beginning of a text, or the address where there is none."""
    first = next((line.strip() for line in domain.readable(clipping.text).splitlines() if line.strip()), "")
    short = shorten(first, 120, placeholder="…")
    return (f"{first[:119]}…" if short == "…" else short) or domain.shown_address(clipping.address)


@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
@may("clipping.keep")
def new_clipping(request: HttpRequest) -> HttpResponse:
    """Take what was pasted. A text that was kept before is told, with the first one."""
    form = PasteForm(request.POST or None, keepers=_keepers(request))
    known = None
    if request.method == "POST" and form.is_valid():
        keeper, said = form.chosen(), form.cleaned_data
        seen_at = said["seen_at"]
        try:
            made = clippings.keep(
                keeper, text=said["text"], address=said["address"], by=request.user, now=timezone.now(),
                seen_at=seen_at and seen_at.replace(tzinfo=clippings.zone_of(keeper)),
            )  # fmt: skip
            return redirect("clipping", made.pk)
        except ClippingKnown as error:
            known = Clipping.objects.within(request.scope).filter(pk=error.clipping).first()
            form.add_error(None, sentence(error))
        except DomainError as error:
            form.add_error(_FIELD_OF.get(getattr(error, "reason", "")), sentence(error))
    context = {"form": form, "known": known, "most": domain.LONGEST_TEXT}
    return render(request, "clippings/new.html", context, status=422 if form.errors else 200)


_FIELD_OF = {
    "empty": "text", "too_long": "text", "address": "address", "credentials": "address", "seen_at": "seen_at",
}  # fmt: skip


# --- one of them -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Line:
    """One fact as the page shows it."""

    place: int
    fact: Fact
    shown: str
    field: str  # the kind of its field: date, text, or none
    value: str
    ticked: bool


@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
@may("clipping.keep")
def clipping_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a clipping beside the facts that it may tell, and take what is to become of it."""
    found = _clipping(request, pk)
    proposal = clippings.propose(found)
    says = ""
    if request.method == "POST" and request.POST.get("becomes"):
        try:
            return _became(request, found, proposal)
        except DomainError as error:
            says = sentence(error)
    return _page(request, found, proposal, says)


def _became(request: HttpRequest, found: Clipping, proposal: Proposal) -> HttpResponse:
    """Do what the officer chose. Raises what the service raises."""
    ticked = Ticked(request.POST.get("mark", ""), tuple(_ticked(request, proposal)))
    agency, wanted = clippings.agency_of(found), request.POST.get("becomes", "")
    by = {"by": request.user, "now": timezone.now()}
    title = request.POST.get("title", "")
    if wanted == Became.ACTIVITY and _reaches(request, "activity.run", agency):
        activity = clippings.become_activity(found, ticked, title=title, today=clock.today(agency.zone), **by)
        return redirect("edit-activity", activity.pk)
    if wanted == Became.CIRCULAR and _reaches(request, "circular.manage", agency):
        circular = clippings.become_circular(found, ticked, title=title, today=clock.today(agency.zone), **by)
        return redirect("change-circular", circular.pk)
    if wanted == Became.INITIAL_INFORMATION:
        body = get_object_or_404(_receiving(request), pk=_key(request.POST.get("body", "")))
        clippings.become_information(found, ticked, **by)
        places = ".".join(str(place) for place in _places(request, proposal))
        # After the sign `#` nothing reaches a server: which entry this becomes is known to the browser alone.
        return redirect(f"{reverse('enter-report', args=[body.pk])}#kliping={found.pk}&fakta={places}")
    if wanted == Became.KEPT:
        clippings.set_aside(found, ticked, note=request.POST.get("note", ""), **by)
    elif wanted == Became.DISCARDED:
        clippings.discard(found, ticked, reason=request.POST.get("note", ""), **by)
    return redirect("clipping", found.pk)


def _reaches(request: HttpRequest, permission: str, agency: Agency | None) -> bool:
    return agency is not None and scope(request, permission).covers_agency(agency.pk)


def _receiving(request: HttpRequest) -> Any:
    """Return my bodies that can be sealed to."""
    mine = Body.objects.filter(pk__in=scope(request, "report.open").bodies).select_related("agency", "region")
    ready = [each.pk for each in mine if staff_entry.offer(each, now=timezone.now()) is not None]
    return mine.filter(pk__in=ready).order_by("name")


def _key(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _places(request: HttpRequest, proposal: Proposal) -> list[int]:
    chosen = {_key(each) for each in request.POST.getlist("fact") if each.isdecimal()}
    return [place for place in range(len(proposal.facts)) if place in chosen]


def _ticked(request: HttpRequest, proposal: Proposal) -> Iterator[tuple[Fact, str]]:
    for place in _places(request, proposal):
        fact = proposal.facts[place]
        typed = request.POST.get(f"value-{place}", fact.value).replace("\x00", "").strip()[:300]
        yield fact, _as_day(typed) if fact.kind is Kind.DAY else typed if fact.kind in _TEXT_FIELDS else fact.value


def _as_day(typed: str) -> str:
    try:
        return parse_day(typed).isoformat()
    except ValueError:
        raise ClippingRefused("day") from None


def _page(request: HttpRequest, found: Clipping, proposal: Proposal, says: str) -> HttpResponse:
    agency = clippings.agency_of(found)
    chosen = set(_places(request, proposal)) if request.method == "POST" else None
    lines = [_line(request, proposal, place, chosen) for place in range(len(proposal.facts))]
    outcomes = list(found.outcomes.select_related("by").prefetch_related("units"))
    bodies = list(_receiving(request))
    context = {
        "clipping": found,
        "keeper": clippings.keeper_of(found),
        "zone": clippings.zone_of(clippings.keeper_of(found)),
        "address": domain.shown_address(found.address),
        "proposal": proposal,
        "pieces": [(text, "".join(f"{place + 1} " for place in places).strip()) for text, places in
                   domain.marked(proposal.text, proposal.facts)],
        "groups": [(kind, [line for line in lines if line.fact.kind is kind]) for kind in Kind
                   if any(line.fact.kind is kind for line in lines)],
        "outcomes": [(each, _made(each), _facts_of(each)) for each in outcomes],
        "is_over": bool(outcomes) and outcomes[-1].kind == Became.DISCARDED,
        "kept_until": clippings.kept_until(found),
        "title": request.POST.get("title", _proposed_title(proposal)),
        "note": request.POST.get("note", ""),
        "says": says,
        "may_activity": _reaches(request, "activity.run", agency),
        "may_circular": _reaches(request, "circular.manage", agency),
        "bodies": bodies,
        "body": next((each.pk for each in bodies if each.pk == found.body_id), bodies[0].pk if bodies else 0),
        "cut": len(proposal.text) > _READ_FOR_ACTS,
    }  # fmt: skip
    return render(request, "clippings/clipping.html", context, status=422 if says else 200)


_READ_FOR_ACTS = 4_000


def _proposed_title(proposal: Proposal) -> str:
    """Return what an activity may be called: what was announced, and where. A title never begins as words about somebody."""
    announced = [each.value for each in proposal.facts if each.kind is Kind.ACTIVITY]
    unit = next((each.name for each in proposal.units.values()), "")
    return ", ".join(part for part in (word("activity_kind", announced[0]), unit) if part) if announced else ""


def _line(request: HttpRequest, proposal: Proposal, place: int, chosen: set[int] | None) -> _Line:
    fact = proposal.facts[place]
    field = "date" if fact.kind is Kind.DAY else "text" if fact.kind in _TEXT_FIELDS else ""
    ticked = place in chosen if chosen is not None else fact.kind in _TICKED_AT_FIRST and not fact.doubt
    value = request.POST.get(f"value-{place}", fact.value)
    return _Line(place, fact, _in_words(fact, proposal), field, value, ticked)


def _in_words(fact: Fact, proposal: Proposal) -> str:
    """Return what a fact says, for a reader."""
    if fact.kind is Kind.DAY:
        return day(parse_day(fact.value))
    if fact.kind is Kind.UNIT:
        return proposal.units[fact.value].name
    if fact.kind is Kind.AGENCY:
        return proposal.agencies[fact.value].name
    return _word_of(str(fact.kind), fact.value)


def _word_of(kind: str, value: str) -> str:
    if kind == Kind.ACT:
        act = rules.book().acts.get(value)
        return act.label.in_language(get_language() or "id") if act else value
    if kind == Kind.ACTIVITY:
        return word("activity_kind", value)
    return word("circular_kind", value) if kind == Kind.CIRCULAR else value


def _made(outcome: Any) -> str:
    """Return the address of what was made of a clipping; empty where it is gone or was none."""
    if outcome.kind == Became.ACTIVITY and Activity.objects.filter(pk=outcome.made).exists():
        return reverse("activity", args=[outcome.made])
    if outcome.kind == Became.CIRCULAR and Circular.objects.filter(pk=outcome.made).exists():
        return reverse("circular", args=[outcome.made])
    return ""


def _facts_of(outcome: Any) -> list[str]:
    """Return what was ticked then, in words."""
    said = [unit.name for unit in outcome.units.all()]
    for each in outcome.facts:
        if each["kind"] == Kind.DAY:
            said.append(day(parse_day(each["value"])))
        elif each["kind"] == Kind.AGENCY:
            said.append(each["words"])
        elif each["kind"] != Kind.UNIT:
            said.append(_word_of(each["kind"], each["value"]))
    return said


@never_cache
@require_safe
@may("clipping.keep")
def for_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the browser that seals an entry the words of a clipping. `fakta`: places of what was ticked."""
    found = _clipping(request, pk)
    places = [_key(each) for each in request.GET.get("fakta", "").split(".") if each.isdecimal()]
    told = clippings.for_report(found, places)
    told["when"] = ", ".join(day(parse_day(each)) for each in told["when"].split(", ") if each)
    address = _("Alamat: %(address)s") % told if told["address"] else ""
    lead = _("Kliping dari yang terbuka untuk umum, dilihat %(captured)s.") % told
    told["what"] = "\n\n".join(part for part in (f"{lead} {address}".strip(), told["what"]) if part.strip())
    return JsonResponse(told)
