"""Keys of officers and key sets of bodies. Keys are made, opened and used in browsers; nothing secret arrives here."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ikrar.domain.errors import DomainError
from ikrar.domain.keysets import Signature
from ikrar.records.models import Body
from ikrar.services import demo_reports, keysets
from ikrar.web.access import asked_again, may
from ikrar.web.confirming import confirmed
from ikrar.web.forms.report_keys import NewKeyForm, ProposalForm, SignatureForm, labelled
from ikrar.web.messages import sentence


def _body(request: HttpRequest, pk: int) -> Body:
    """Return a body whose reports I may open; another one does not exist for me."""
    return get_object_or_404(Body.objects.filter(pk__in=request.scope.bodies), pk=pk)


@never_cache
@require_safe
@may("report.open")
def keys(request: HttpRequest) -> HttpResponse:
    """Show each body whose reports I may open: my key, the set in force, what waits for my signature."""
    bodies = Body.objects.filter(pk__in=request.scope.bodies)
    places = [keysets.place(body, request.user, now=timezone.now()) for body in bodies]
    return render(request, "report_keys/keys.html", {"places": places})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("report.open")
@asked_again
def make_key(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one's key in the browser; keep its public half, and its secret half as the browser wrapped it."""
    body = _body(request, pk)
    form, says = NewKeyForm(request.POST or None), ""
    if request.method == "POST" and not form.is_valid():
        says = _("Kunci tidak sampai dengan lengkap. Halaman ini perlu JavaScript; buat kuncinya sekali lagi.")
    elif request.method == "POST":
        try:
            keysets.make_key(request.user, body, **form.cleaned_data, now=timezone.now())
            messages.success(
                request, _("Kunci Anda tersimpan. Coba buka sekali sekarang, selagi frasa sandinya di tangan.")
            )
            return redirect("try-report-key", body.pk)
        except DomainError as error:
            says = sentence(error)
    place = keysets.place(body, request.user, now=timezone.now())
    context = {"body": body, "place": place, "form": NewKeyForm(), "says": says}
    return render(request, "report_keys/make.html", context, status=422 if says else 200)


@never_cache
@require_safe
@may("report.open")
def try_key(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody try his passphrase: the browser opens his key and says whether it did."""
    body = _body(request, pk)
    key = keysets.own_key(request.user, body)
    if key is None:
        return redirect("make-report-key", body.pk)
    context = {"body": body, "key": key, "shown": {"wrapped": key.wrapped, "recipient": key.recipient}}
    return render(request, "report_keys/try.html", context | _published(request, body))


def _published(request: HttpRequest, body: Body) -> dict[str, Any]:
    """Return the secrets that a demo tells its visitors; nothing anywhere else."""
    return {"published": demo_reports.published(request.user, body)}


# --- key sets ----------------------------------------------------------------------------------------------------


@never_cache
@require_safe
@may("report.open")
def key_set(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the set in force with its holders, and all its changes with their log entries."""
    body = _body(request, pk)
    now = timezone.now()
    place = keysets.place(body, request.user, now=now)
    context: dict[str, Any] = {"body": body, "place": place}
    if not place.broken:
        context["history"] = keysets.history(body, now=now)
        context["proposed"] = keysets.change(place.proposal, place.found, now=now) if place.proposal else None
        context["may_withdraw"] = place.proposal and keysets.may_withdraw(place.proposal, request.user, place.found)
    return render(request, "report_keys/key_set.html", context)


@never_cache
@require_safe
@may("report.open")
def fingerprint(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the fingerprint as a page for the wall of the body's office, and as words for its web site."""
    body = _body(request, pk)
    place = keysets.place(body, request.user, now=timezone.now())
    if place.found is None:
        return redirect("key-set", body.pk)
    return render(request, "report_keys/fingerprint.html", {"body": body, "place": place})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("report.open")
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose who holds keys from now on; the first set also takes an offline key, which the browser makes."""
    body = _body(request, pk)
    now = timezone.now()
    place = keysets.place(body, request.user, now=now)
    if place.proposal is not None:
        return redirect("sign-key-set", body.pk)
    holding = {holder.key for holder in place.found.holders} if place.found else set()
    candidates = keysets.keys_of(body, now=now)
    initial = {"keys": [key.pk for key in candidates]}
    sent = request.POST if request.method == "POST" else None
    form = ProposalForm(sent, labels=labelled(candidates, holding), initial=initial)
    if form.is_valid():
        try:
            keysets.propose(
                body, keys=form.cleaned_data["keys"], offline=form.offline, by=request.user, now=timezone.now()
            )
            return redirect("sign-key-set", body.pk)
        except DomainError as error:
            form.add_error("keys" if _is_about_holders(error) else None, sentence(error))
    without = [user for user in keysets.may_open(body, now=now) if user.pk not in {key.user_id for key in candidates}]
    context = {"body": body, "place": place, "form": form, "candidates": candidates, "without": without}
    return render(request, "report_keys/propose.html", context, status=422 if form.errors else 200)


def _is_about_holders(error: DomainError) -> bool:
    """Say whether a refusal belongs at the list of holders."""
    return error.details().get("reason") in ("holders", "double", "unchanged")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("report.open")
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a proposal changes, and take a signature that was made in the browser."""
    body = _body(request, pk)
    now = timezone.now()
    place = keysets.place(body, request.user, now=now)
    if place.proposal is None:
        return redirect("key-set", body.pk)
    says = ""
    if request.method == "POST":
        form = SignatureForm(request.POST)
        if form.is_valid():
            try:
                if keysets.sign(place.proposal, Signature(**form.cleaned_data), by=request.user, now=now):
                    messages.success(request, _("Perubahan ini berlaku sekarang. Cetak sidik kunci yang baru."))
                    return redirect("key-set", body.pk)
                messages.success(
                    request, _("Tanda tangan Anda tersimpan. Satu pemegang lain masih harus menandatangani.")
                )
                return redirect("sign-key-set", body.pk)
            except DomainError as error:
                says = sentence(error)
        else:
            says = _("Tanda tangan tidak sampai dengan lengkap. Halaman ini perlu JavaScript.")
    proposed = keysets.change(place.proposal, place.found, now=now)
    own = keysets.signing_key(request.user, place.found)
    people = [*proposed.coming, *proposed.going, *proposed.staying]
    shown = {
        "chain": keysets.links(body),
        "document": bytes(place.proposal.document).decode(),
        "signatures": place.proposal.signatures,
        "names": {str(each.holder.key): each.name for each in people},
        "fingerprint": proposed.made.fingerprint,
        "wrapped": own.wrapped if own else "",
    }
    context = {
        "body": body, "place": place, "proposed": proposed, "own": own, "shown": shown, "says": says,
        "form": SignatureForm(auto_id=False),
        "may_withdraw": keysets.may_withdraw(place.proposal, request.user, place.found),
        "has_signed": own is not None and own.verifier in {each["verifier"] for each in place.proposal.signatures},
    }  # fmt: skip
    context |= _published(request, body)
    return render(request, "report_keys/sign.html", context, status=422 if says else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may("report.open")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a proposal away, after asking once more."""
    body = _body(request, pk)
    proposal = keysets.proposal_of(body)
    if proposal is None:
        return redirect("key-set", body.pk)
    if request.method == "POST":
        try:
            keysets.withdraw(proposal, by=request.user, now=timezone.now())
            messages.success(request, _("Usulan ditarik. Himpunan yang berlaku tetap. Pemegang lain diberi tahu."))
        except DomainError as error:
            messages.error(request, sentence(error))
        return redirect("key-set", body.pk)
    return confirmed(
        request,
        _("Tarik usulan ini?"),
        [
            _("Tanda tangan yang sudah ada pada usulan ini ikut hilang. Himpunan yang berlaku tidak berubah."),
            _("Yang mengusulkan: %(name)s.") % {"name": proposal.proposed_by.display_name},
        ],
        _("Tarik usulan"),
        reverse("sign-key-set", args=[body.pk]),
    )
