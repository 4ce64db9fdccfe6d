"""Signing in, with a password or the code of a slip; one's own credentials and what happened to them."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as passkeys
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ikrar.domain.errors import SignInRefused
from ikrar.records.models import RoleGrant, Signature, User
from ikrar.services import accounts, outbox
from ikrar.web.access import may, open_to_all
from ikrar.web.forms.account import CodeSignInForm, NewPasswordForm, PasswordSignInForm
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
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = accounts.activate(pending, form.cleaned_data["password"], now=timezone.now())
        except SignInRefused:
            request.session.flush()
            return redirect("sign-in-code")
        request.session.flush()
        return _enter(request, user, user.username)
    return _first_credential(request, pending, form)


def _first_credential(
    request: HttpRequest, pending: int, form: NewPasswordForm, passkey: AddPasskey | None = None
) -> HttpResponse:
    """Offer the two ways to an own credential: a password, or (where scripts run) a passkey."""
    owner = accounts.owner_of_code(pending)
    options = {"creation_options": webauthn.begin_registration(owner, True)} if owner else {}
    context = {"form": form, "passkey": passkey, "js_data": options}
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
        return _first_credential(request, pending, NewPasswordForm(), form)
    try:
        passkey = accounts.activate_with_passkey(
            pending, name=form.cleaned_data["name"], credential=form.cleaned_data["credential"], now=timezone.now()
        )
    except SignInRefused:
        request.session.flush()
        return redirect("sign-in-code")
    request.session.flush()
    return perform_passwordless_login(request, passkey, Login(user=passkey.user, redirect_url=_next(request)))


class SignInWithPasskey(passkeys.LoginWebAuthnView):
    """Sign in with a passkey; one that is not known here is told of in words."""

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, _passkey_refused())
        target = _next(self.request)
        return redirect(f"{reverse('account_login')}?{urlencode({'next': target})}" if target else "account_login")


class ConfirmWithPasskey(passkeys.ReauthenticateWebAuthnView):
    """Prove a passkey once more; a wrong one is told of, on the page where another can be tried."""

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, _passkey_refused())
        target = _next(self.request)
        path = reverse("mfa_reauthenticate_webauthn")
        return redirect(f"{path}?{urlencode({'next': target})}" if target else path)


def _passkey_refused() -> str:
    return _("Kunci sandi (passkey) itu tidak dikenal di sini atau sudah dihapus. Pakai yang lain, atau kata sandi.")


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
        "has_password": user.has_usable_password(),
        "passkeys": Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count(),
        "totp": Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists(),
        "grants": RoleGrant.objects.at(timezone.now()).filter(user=user).select_related("agency", "body"),
        "signatures": Signature.objects.filter(person=user.person_id)
        .select_related("version", "contest")
        .order_by("-pk")
        if user.person_id
        else [],
    }
    context |= _outside(user)
    return render(request, "account/account.html", context)


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
@reauthentication_required
def change_password(request: HttpRequest) -> HttpResponse:
    """Set another password; other sessions end."""
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        accounts.set_password(request.user, form.cleaned_data["password"], now=timezone.now())
        update_session_auth_hash(request, request.user)
        return redirect("account")
    return render(request, "account/password.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@may("account.own")
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Take off one's own passkey, but never the last way into the account."""
    mine = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.WEBAUTHN, pk=pk)
    if mine.exists() and not accounts.has_other_way_in(request.user, than=pk):
        messages.error(
            request,
            _(
                "Ini satu-satunya cara Anda masuk, jadi tidak dihapus. Buat kata sandi atau tambah kunci sandi lain dulu."
            ),
        )
        return redirect("account")
    return passkeys.remove_webauthn(request, pk=pk)
