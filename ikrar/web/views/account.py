"""Signing in, with a password or the code of a slip; one's own credentials and what happened to them."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as passkeys
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ikrar.domain.errors import SecondStepStands, SignInRefused
from ikrar.records.models import RoleGrant, Signature, User
from ikrar.services import accounts, certificates, outbox, pacts
from ikrar.web.access import asked_again, may, open_to_all
from ikrar.web.forms.account import CodeSignInForm, FirstPasswordForm, NewPasswordForm, PasswordSignInForm
from ikrar.web.forms.passkeys import AddPasskey
from ikrar.web.messages import sentence

_PENDING_CODE = "pending_code"


def _next(request: HttpRequest) -> str | None:
    """Return the page that sign-in was asked for, if it is one of ours."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts=None) and target.startswith("/") else None


def _enter(request: HttpRequest, user: User, name: str) -> HttpResponse:
    """Open a session, or ask for the second factor first."""
    return perform_password_login(request, {"username": name}, Login(user=user, redirect_url=_next(request)))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with number and own password."""
    if request.user.is_authenticated:
        return redirect(_next(request) or "home")
    form = PasswordSignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            user = accounts.by_password(name, form.cleaned_data["password"], now=timezone.now())
            return _enter(request, user, user.username)
        except SignInRefused as error:
            form.add_error(None, sentence(error))
    context = {"form": form, "next": _next(request), "sso": settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]}
    return render(request, "account/sign_in.html", context, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def sign_in_with_code(request: HttpRequest) -> HttpResponse:
    """First sign-in: the code of the slip. It is used up only when the own password or passkey is set."""
    form = CodeSignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            code = accounts.by_code(form.cleaned_data["name"], form.cleaned_data["code"], now=timezone.now())
            logout(request)
            request.session[_PENDING_CODE] = code.pk
            request.session.set_expiry(1800)
            return redirect("set-first-password")
        except SignInRefused as error:
            form.add_error(None, sentence(error))
    return render(request, "account/code.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def set_first_password(request: HttpRequest) -> HttpResponse:
    """Set the own password after the code of the slip was right, and enter."""
    pending = request.session.get(_PENDING_CODE)
    if not pending:
        return redirect("sign-in-code")
    form = _first_password(request.POST or None, pending)
    if request.method == "POST" and form.is_valid():
        try:
            user = accounts.activate(pending, form.cleaned_data["password"], now=timezone.now())
        except SignInRefused:
            request.session.flush()
            return redirect("sign-in-code")
        request.session.flush()
        return _enter(request, user, user.username)
    return _first_credential(request, pending, form)


def _first_password(posted: Any, pending: int) -> FirstPasswordForm:
    owner = accounts.owner_of_code(pending)
    return FirstPasswordForm(posted, second_step=owner is not None and accounts.has_second_step(owner))


def _first_credential(
    request: HttpRequest, pending: int, form: FirstPasswordForm, passkey: AddPasskey | None = None
) -> HttpResponse:
    """Offer the two ways to an own credential: a password, or (where scripts run) a passkey.

    Whose account has a second step makes a password only, and is told before the code goes that it will be asked for.
    """
    owner = accounts.owner_of_code(pending)
    second_step = "has_device" in form.fields
    options = {"creation_options": webauthn.begin_registration(owner, True)} if owner and not second_step else {}
    context = {"form": form, "passkey": passkey, "js_data": options, "second_step": second_step}
    wrong = form.errors or (passkey is not None and passkey.errors)
    return render(request, "account/first_password.html", context, status=422 if wrong else 200)


@never_cache
@require_POST
@open_to_all
def set_first_passkey(request: HttpRequest) -> HttpResponse:
    """Keep a passkey in place of a password after the code of the slip was right, and enter."""
    pending = request.session.get(_PENDING_CODE)
    owner = accounts.owner_of_code(pending) if pending else None
    if owner is None:
        return redirect("sign-in-code")
    form = AddPasskey(request.POST, user=owner)
    if not form.is_valid():
        return _first_credential(request, pending, _first_password(None, pending), form)
    try:
        passkey = accounts.activate_with_passkey(
            pending, name=form.cleaned_data["name"], credential=form.cleaned_data["credential"], now=timezone.now()
        )
    except SignInRefused:
        request.session.flush()
        return redirect("sign-in-code")
    except SecondStepStands as error:
        messages.error(request, sentence(error))
        return redirect("set-first-password")
    request.session.flush()
    return perform_passwordless_login(request, passkey, Login(user=passkey.user, redirect_url=_next(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def sign_in_with_passkey(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey; one that is not known here, or was removed, is told of at the door."""
    response = passkeys.login_webauthn(request)
    if request.method == "POST" and not request.user.is_authenticated and _leads_to(response, "account_login"):
        messages.error(
            request,
            _(
                "Kunci sandi (passkey) itu tidak dikenal di sini, atau sudah dihapus. Masuk dengan cara lain, atau minta slip kode."
            ),
        )
        target = _next(request)
        return redirect_to_login(target) if target else response
    return response


def _leads_to(response: HttpResponse, name: str) -> bool:
    return response.status_code == 302 and response["Location"].split("?")[0] == reverse(name)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("account.own")
def confirm_with_passkey(request: HttpRequest) -> HttpResponse:
    """Confirm with a passkey in the middle of an act; a wrong one is told of, and asked for again."""
    response = passkeys.reauthenticate_webauthn(request)
    if request.method == "POST" and _leads_to(response, "account_login"):
        messages.error(request, _("Kunci sandi (passkey) itu bukan milik akun ini. Coba lagi, atau pakai cara lain."))
        target = _next(request)
        return redirect_to_login(target, reverse("mfa_reauthenticate_webauthn")) if target else redirect("account")
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("account.own")
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a passkey, but not the only way in."""
    get_object_or_404(Authenticator, pk=pk, user=request.user, type=Authenticator.Type.WEBAUTHN)
    if accounts.ways_in(request.user).only_passkey:
        # Nothing is removed, so nothing has to be proved first.
        status = 422 if request.method == "POST" else 200
        return render(request, "mfa/webauthn/only_way_in.html", status=status)
    return passkeys.remove_webauthn(request, pk=pk)


@require_POST
@open_to_all
def sign_out(request: HttpRequest) -> HttpResponse:
    """Close the session."""
    logout(request)
    return redirect("landing")


@never_cache
@may("account.own")
def account(request: HttpRequest) -> HttpResponse:
    """Show one's credentials, all that happened to them, one's roles, and the signatures made with them."""
    user = request.user
    context = {
        "events": user.credential_events.select_related("by__person")[:100],
        "ways": accounts.ways_in(user),
        "totp": Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists(),
        "grants": RoleGrant.objects.at(timezone.now())
        .filter(user=user)
        .select_related("agency", "body")
        .order_by("-from_at", "pk"),
        "signatures": _signatures(user),
    }
    context |= _outside(user)
    return render(request, "account/account.html", context)


def _signatures(user: User) -> list[Signature]:
    """Return the signatures in somebody's name, each with whether it counts, and with the names of its day."""
    if not user.person_id:
        return []
    related = ("version", "contest", "unit__agency", "obligation__unit", "obligation__pact_round__text")
    found = list(Signature.objects.filter(person=user.person_id).select_related(*related).order_by("-pk"))
    counting = {each.pk for each in pacts.counting(found)}
    certificates.called_then(found)
    for each in found:
        each.counts = each.pk in counting
    return found


def _outside(user: User) -> dict[str, Any]:
    """Return how somebody is told outside that something waits for him."""
    if not user.person_id:
        return {"outside": None}
    return {
        "outside": {
            "ways": sorted(outbox.ways()),
            "email": user.person.email,
            "silent": outbox.is_silent(user.person_id),
            "stopped": outbox.stopped_for(user.person),
        }
    }


@require_POST
@may("account.own")
def outside_messages(request: HttpRequest) -> HttpResponse:
    """Turn messages outside off for oneself, or on again."""
    if request.user.person_id:
        outbox.set_silence(request.user.person_id, request.POST.get("silent") == "1", now=timezone.now())
    return redirect("account")


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@may("account.own")
@asked_again
def change_password(request: HttpRequest) -> HttpResponse:
    """Set another password; other sessions end."""
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        accounts.set_password(request.user, form.cleaned_data["password"], now=timezone.now())
        update_session_auth_hash(request, request.user)
        return redirect("account")
    context = {"form": form, "is_first": not request.user.has_usable_password()}
    return render(request, "account/password.html", context, status=422 if form.errors else 200)
