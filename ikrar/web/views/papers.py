"""Papers that were ordered: how far they are, the file, and its deletion. Only who ordered them comes here."""

from collections.abc import Iterator
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ikrar.domain.errors import PapersGone
from ikrar.records.models import PaperOrder, WorkUnit
from ikrar.services import papers, tasks
from ikrar.web.access import may, scope
from ikrar.web.messages import sentence

_BLOCK = 65_536
_TYPES = {".pdf": "application/pdf", ".zip": "application/zip"}


def _order(request: HttpRequest, pk: int) -> PaperOrder:
    """Return one's own order, as long as one may still print for that unit."""
    mine = PaperOrder.objects.filter(by=request.user, unit__in=WorkUnit.objects.within(request.scope))
    order = get_object_or_404(mine.select_related("unit__agency", "pact_round", "activity").defer("wanted"), pk=pk)
    if order.kind == PaperOrder.Kind.SLIPS and not scope(request, "code.issue").covers_agency(order.unit.agency_id):
        raise Http404
    return order


@never_cache
@require_safe
@may("certificate.bundle")
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an order where it stands: waiting, being made, to be fetched."""
    order = _order(request, pk)
    context = {
        "order": order, "codes": order.kind == PaperOrder.Kind.SLIPS,
        "replaced": papers.codes_replaced(order) if order.archive else 0,
    }  # fmt: skip
    response = render(request, "papers/order.html", context)
    if order.state in (PaperOrder.State.WAITING, PaperOrder.State.RUNNING):
        response["Refresh"] = "2"
    return response


@never_cache
@require_safe
@may("certificate.bundle")
def paper_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the file."""
    order = _order(request, pk)
    try:
        path, name = papers.file_of(order)
    except PapersGone as error:
        messages.error(request, sentence(error))
        return redirect("paper", order.pk)
    body = _sent(path, order) if request.method == "GET" else ()
    response = StreamingHttpResponse(body, content_type=_TYPES[path.suffix])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Length"] = path.stat().st_size
    return response


def _sent(path: Path, order: PaperOrder) -> Iterator[bytes]:
    """Yield the file, and note that it went out once the last block was taken."""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
    papers.note_fetched(order, now=timezone.now())


@require_POST
@may("certificate.bundle")
def paper_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with an order that failed."""
    order = _order(request, pk)
    if papers.order_again(order):
        tasks.make_papers.enqueue(order.pk)
    return redirect("paper", order.pk)


@require_POST
@may("certificate.bundle")
def paper_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete the file at once."""
    order = _order(request, pk)
    papers.discard(order)
    return redirect("paper", order.pk)
