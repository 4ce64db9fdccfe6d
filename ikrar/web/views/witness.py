"""A pact witness from outside: no account, one activity, one statement.

What the code of the slip opens is these pages alone: the session holds the witness's key and nobody is signed in.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ikrar.domain.errors import DomainError, NothingToPrint, WitnessAlreadySigned
from ikrar.services import ceremonies
from ikrar.web.access import open_to_all
from ikrar.web.forms.ceremonies import StatementForm, WitnessCodeForm
from ikrar.web.messages import sentence

_WITNESS = "witness"
_SESSION_S = 7_200


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the slip. Whoever was signed in on this device is signed out by it."""
    if request.method != "POST" and _seen(request) is not None:
        return redirect("witness-statement-page")
    form = WitnessCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            witness = ceremonies.by_code(form.cleaned_data["code"], now=timezone.now())
            request.session.flush()
            request.session[_WITNESS] = [witness.pk, witness.code_digest]
            request.session.set_expiry(_SESSION_S)
            return redirect("witness-statement-page")
        except DomainError as error:
            form.add_error("code", sentence(error))
    return render(request, "witness/enter.html", {"form": form}, status=422 if form.errors else 200)


def _seen(request: HttpRequest) -> ceremonies.Testimony | None:
    """Return what this session's witness sees; None where there is none, or his code is dead by now."""
    kept = request.session.get(_WITNESS)
    if not kept:
        return None
    try:
        return ceremonies.testimony(kept[0], kept[1], now=timezone.now())
    except DomainError:
        request.session.flush()
        return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def statement(request: HttpRequest) -> HttpResponse:
    """Show the activity, the text of the pact and the statement; take the signature, once."""
    seen = _seen(request)
    if seen is None:
        return redirect("witness")
    form = StatementForm(request.POST or None, initial={"name": seen.witness.guest.name})
    says = ""
    if request.method == "POST" and form.is_valid():
        try:
            ceremonies.sign_statement(
                seen.witness.pk, seen.witness.code_digest, shown_digest=form.cleaned_data["shown_digest"],
                name=form.cleaned_data["name"], now=timezone.now(),
            )  # fmt: skip
            return redirect("witness-statement-page")
        except WitnessAlreadySigned:
            return redirect("witness-statement-page")
        except DomainError as error:
            if getattr(error, "field", "") == "name":
                form.add_error("name", sentence(error))
            else:
                says = sentence(error)
        seen = _seen(request)
        if seen is None:
            return redirect("witness")
    refused = seen.refusal
    context = {
        "seen": seen, "form": form, "says": says, "waits_for": sentence(refused) if refused else "",
        "text": seen.activity.pact_round.text,
    }  # fmt: skip
    status = 422 if form.errors or says else 200
    return render(request, "witness/statement.html", context, status=status)


@never_cache
@require_safe
@open_to_all
def own_paper(request: HttpRequest) -> HttpResponse:
    """Hand out one's own statement, once it is signed."""
    seen = _seen(request)
    if seen is None:
        return redirect("witness")
    try:
        content = ceremonies.statement_paper(seen.witness, now=timezone.now())
    except NothingToPrint:
        return redirect("witness-statement-page")
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="pernyataan-saksi.pdf"'
    return response


@require_POST
@open_to_all
def leave(request: HttpRequest) -> HttpResponse:
    """Close the session of a witness."""
    request.session.flush()
    return redirect("witness")
