"""What a region adds to the national election calendar."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ikrar.domain.errors import DomainError, StageOutOfOrder
from ikrar.records.models import Agency, StageMove
from ikrar.services import clock, elections
from ikrar.web.access import may
from ikrar.web.confirming import confirmed
from ikrar.web.forms.elections import RegionalElectionForm, StageMoveForm
from ikrar.web.messages import day, sentence
from ikrar.web.templatetags.ikrar import label


def _agency(request: HttpRequest, pk: int) -> Agency:
    """Return one's own agency, if it has a region."""
    found = Agency.objects.within(request.scope).exclude(region=None).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
@may("election.change")
def election_list(request: HttpRequest) -> HttpResponse:
    """List the elections of each of one's regions."""
    rows = []
    for agency in Agency.objects.within(request.scope).exclude(region=None):
        rows.append((agency, elections.current(agency.region_id, clock.today(agency.zone))))
    return render(request, "elections/list.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@may("election.change")
def election(request: HttpRequest, agency: int, election: str) -> HttpResponse:
    """Set pairs, voters and polling stations; move a stage."""
    tenant = _agency(request, agency)
    found = next((each for each in elections.calendar_of(tenant.region_id) if each.election.id == election), None)
    if found is None:
        raise Http404
    row = found.row
    names = ("candidate_pairs", "voters", "polling_stations", "note", "source")
    moving = request.method == "POST" and "stage" in request.POST
    facts = RegionalElectionForm(
        request.POST if request.method == "POST" and not moving else None,
        initial={name: getattr(row, name) for name in names} if row else {},
    )
    stages = [(stage.id, stage.label.in_language(get_language() or "id")) for stage in found.election.stages]
    move = StageMoveForm(request.POST if moving else None, stages=stages)
    form = move if moving else facts
    if request.method == "POST" and form.is_valid():
        act = elections.move_stage if moving else elections.set_region
        try:
            act(
                election=election,
                region_code=tenant.region_id,
                **form.cleaned_data,
                by=request.user,
                now=timezone.now(),
            )
            return redirect("election", tenant.pk, election)
        except StageOutOfOrder as error:
            name = label(found.election.stage(error.other).label)
            move.ask(_("“%(stage)s”: %(says)s") % {"stage": name, "says": sentence(error)})
        except DomainError as error:
            form.add_error(None, sentence(error))
    context = {"agency": tenant, "found": found, "facts": facts, "move": move, "region": tenant.region_id}
    return render(request, "elections/election.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may("election.change")
def take_back_move(request: HttpRequest, agency: int, pk: int) -> HttpResponse:
    """Take a move of a stage back, after asking once more."""
    tenant = _agency(request, agency)
    own = StageMove.objects.filter(regional_election__region=tenant.region_id, withdrawn_at=None)
    move = get_object_or_404(own.select_related("regional_election"), pk=pk)
    election = move.regional_election.election
    back = reverse("election", args=[tenant.pk, election])
    if request.method == "POST":
        elections.take_back_move(move, by=request.user, now=timezone.now())
        return redirect(back)
    found = next(each for each in elections.calendar_of(tenant.region_id) if each.national.id == election)
    said = {
        "stage": label(found.election.stage(move.stage).label), "first": day(move.from_on), "last": day(move.last_on),
        "reason": move.reason,
    }  # fmt: skip
    says = [
        _("%(stage)s: %(first)s – %(last)s. %(reason)s") % said,
        _("Sesudah ditarik, yang berlaku adalah pergeseran sebelumnya bila ada, atau kalender nasional."),
    ]
    return confirmed(request, _("Tarik pergeseran ini?"), says, _("Tarik pergeseran ini"), back)
