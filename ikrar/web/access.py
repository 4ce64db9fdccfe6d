"""Who may open a view. One of these stands on every view; tests walk all of them."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from ikrar.domain import access
from ikrar.domain.access import Grant, Scope
from ikrar.records.models import Installation
from ikrar.services import accounts

View = Callable[..., HttpResponse]
DEMO_SESSION = "demo_role"


def grants_for(request: HttpRequest) -> list[Grant]:
    """Return the roles that the person of this request holds now; asked once a request."""
    if not request.user.is_authenticated:
        return []
    if not hasattr(request, "_grants"):
        request._grants = accounts.grants_of(request.user, now=timezone.now())
    return request._grants


def is_strong(request: HttpRequest) -> bool:
    """Say whether this session was opened with a second factor or a passkey (or by the demo's one click)."""
    if DEMO_SESSION in request.session:
        return True
    records = request.session.get("account_authentication_methods", [])
    return any(record.get("method") == "mfa" for record in records)


def is_fresh(request: HttpRequest) -> bool:
    """Say whether the person proved a credential of his own within the last half hour, at sign-in or since.

    Signing and changes of credentials ask again otherwise: a phone left open must not sign for its owner.
    """
    records = request.session.get("account_authentication_methods", [])
    latest = max((record.get("at", 0) for record in records), default=0)
    return time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def asked_again(view: View) -> View:
    """Ask for a credential again where none was proved for half an hour. Whoever has none that could be asked for here
    (single sign-on alone) signs in anew; a visitor of the demo has none at all, and is asked for nothing.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_fresh(request) or DEMO_SESSION in request.session:
            return view(request, *args, **kwargs)
        if get_reauthentication_flows(request.user):
            raise ReauthenticationRequired()  # its middleware asks, and goes on with this request
        path = request.get_full_path()
        logout(request)
        messages.warning(
            request, _("Sudah lebih dari setengah jam sejak Anda masuk. Masuk sekali lagi, lalu lanjutkan.")
        )
        return redirect_to_login(path)

    return asked


def scope(request: HttpRequest, permission: str) -> Scope:
    """Return how far a permission reaches for the person of this request, with the factors that this session proved."""
    return access.scope_of(usable_grants(request, permission), permission)


def usable_grants(request: HttpRequest, permission: str = "") -> list[Grant]:
    """Return the roles that this session may use, for a permission where one is named: without a second factor, those that
    need none, and none at all for what asks for one of everybody.
    """
    grants = grants_for(request)
    if is_strong(request):
        return grants
    if permission in access.ASKS_SECOND_FACTOR:
        return []
    return [g for g in grants if g.role not in access.NEEDS_SECOND_FACTOR]


def _entrance(request: HttpRequest, permission: str) -> HttpResponse:
    """Lead to sign-in. Whoever sends a form of a case after his session ended is shown what he typed: nowhere else is it kept."""
    entrance = redirect_to_login(request.get_full_path())
    is_form = request.method == "POST" and "text/html" in request.headers.get("Accept", "")
    if not is_form or not permission.startswith("case."):
        return entrance
    # What a hidden field carries has no blanks, nor has a choice.
    typed = [text for name in request.POST for text in request.POST.getlist(name) if len(text.split()) > 1]
    return render(request, "account/not_sent.html", {"again": entrance["Location"], "typed": typed}, status=403)


def may(permission: str) -> Callable[[View], View]:
    """Open a view to those whose roles carry the permission; `request.scope` says how far it reaches."""
    if permission not in access.PERMISSIONS:
        raise KeyError(permission)

    def mark(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _entrance(request, permission)
            grants = grants_for(request)
            if not access.holds(grants, permission):
                raise PermissionDenied
            usable = usable_grants(request, permission)
            if not access.holds(usable, permission):
                messages.warning(
                    request, _("Peran ini perlu langkah kedua saat masuk. Pasang dulu, lalu keluar dan masuk lagi.")
                )
                return redirect("mfa_index")
            request.scope = access.scope_of(usable, permission)
            return view(request, *args, **kwargs)

        checked.permission = permission
        return checked

    return mark


def open_to_all(view: View) -> View:
    """Open a view to everybody, signed in or not."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    opened.permission = None
    return opened


def demo_only(view: View) -> View:
    """Open a view to everybody, in a demo; elsewhere it does not exist."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not Installation.objects.filter(is_demo=True).exists():
            raise Http404
        return view(request, *args, **kwargs)

    checked.permission = None
    checked.demo_only = True
    return checked
