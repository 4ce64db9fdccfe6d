"""Signing on a device that others use too: one person after the other, each with his own number and password or code.

Nobody is signed in here. The session remembers whose credential was right, for one signature or two minutes, and opens
nothing but this page.
"""

import time
from collections.abc import Mapping
from typing import Any

from django.contrib.auth import logout
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ikrar.domain.errors import DomainError, NotTheSigner, PactAlreadySigned, SignInRefused
from ikrar.domain.pacts import Grade
from ikrar.records.models import Activity, User
from ikrar.services import accounts, attendance, ceremonies, pacts
from ikrar.web.access import open_to_all
from ikrar.web.forms.account import NewPasswordForm
from ikrar.web.forms.ceremonies import KioskPasswordForm
from ikrar.web.forms.pacts import SignForm
from ikrar.web.messages import sentence

COOKIE = "ikrar-kiosk"  # which activity this device serves; it opens nothing by itself
COOKIE_S = 43_200
REMEMBERED_S = 120
MOST_EXTENSIONS = 3
_PERSON, _CODE = "kiosk", "kiosk_code"


def _activity(request: HttpRequest) -> Activity | None:
    """Return the open activity that this device serves."""
    try:
        opened = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=COOKIE_S)
    except signing.BadSignature:
        return None
    found = Activity.objects.select_related("agency", "pact_round__text").filter(pk=opened["activity"]).first()
    return found if found and found.state == Activity.State.OPEN and found.pact_round else None


def _not_a_kiosk(request: HttpRequest) -> HttpResponse:
    response = render(request, "kiosk/closed.html", status=409)
    response.delete_cookie(COOKIE, path=reverse("kiosk"))
    return response


def _remembered(request: HttpRequest) -> Mapping[str, Any] | None:
    """Return whose credential was right, as long as his time is not over."""
    kept = request.session.get(_PERSON)
    if not kept or kept["until"] <= time.time():
        return None
    return kept


def _remember(request: HttpRequest, user: User) -> None:
    request.session.flush()
    request.session[_PERSON] = {"user": user.pk, "until": time.time() + REMEMBERED_S, "extended": 0}
    request.session.set_expiry(REMEMBERED_S * (MOST_EXTENSIONS + 1))


def _forgotten(request: HttpRequest, ended: str) -> HttpResponse:
    """Forget whoever was here, and begin anew for the next one."""
    request.session.flush()
    return redirect(f"{reverse('kiosk')}?{ended}=1")


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def kiosk(request: HttpRequest) -> HttpResponse:
    """Ask for number and password, or the code of a slip."""
    activity = _activity(request)
    if activity is None:
        return _not_a_kiosk(request)
    if request.user.is_authenticated:
        logout(request)  # on a shared device nobody stays signed in
    form = KioskPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name, now = form.cleaned_data["name"], timezone.now()
        try:
            if form.cleaned_data["password"]:
                _remember(request, ceremonies.enter_kiosk(name, form.cleaned_data["password"], now=now))
                return redirect("kiosk-pact")
            code = accounts.by_code(name, form.cleaned_data["code"], now=now)
            ceremonies.refuse_second_step(code.user)
            request.session.flush()
            request.session[_CODE] = {"code": code.pk, "until": time.time() + REMEMBERED_S}
            request.session.set_expiry(REMEMBERED_S)
            return redirect("kiosk-password")
        except DomainError as error:
            form.add_error(None, sentence(error))
    elif request.method != "POST":
        request.session.flush()
    context = {
        "activity": activity, "form": form, "done": "selesai" in request.GET, "over": "habis" in request.GET,
        "already": "sudah" in request.GET,
    }  # fmt: skip
    return render(request, "kiosk/enter.html", context, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def kiosk_password(request: HttpRequest) -> HttpResponse:
    """Set the own password after the code of the slip was right, and go on to the text."""
    kept = request.session.get(_CODE)
    activity = _activity(request)
    if activity is None:
        return _not_a_kiosk(request)
    if not kept or kept["until"] <= time.time():
        return _forgotten(request, "habis")
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _remember(request, accounts.activate(kept["code"], form.cleaned_data["password"], now=timezone.now()))
            return redirect("kiosk-pact")
        except SignInRefused:
            return _forgotten(request, "habis")
    context = {"activity": activity, "form": form}
    response = render(request, "kiosk/password.html", context, status=422 if form.errors else 200)
    response["Refresh"] = f"{max(1, int(kept['until'] - time.time()) + 1)}; url={reverse('kiosk')}?habis=1"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def kiosk_pact(request: HttpRequest) -> HttpResponse:
    """Show the text to whoever proved who he is, and take his signature; then he is forgotten."""
    activity = _activity(request)
    if activity is None:
        return _not_a_kiosk(request)
    kept = _remembered(request)
    user = User.objects.select_related("person").filter(pk=kept["user"], is_active=True).first() if kept else None
    if kept is None or user is None:
        return _forgotten(request, "habis")
    duty = ceremonies.kiosk_duty(activity, user)
    if duty is None:
        request.session.flush()
        context = {"says": _("Tidak ada pakta untuk Anda pada acara ini. Tanyakan kepada panitia.")}
        return render(request, "kiosk/nothing.html", context, status=404)
    form = SignForm(request.POST or None)
    says = ""
    if request.method == "POST" and form.is_valid():
        try:
            pacts.sign(
                duty.pk, user=user, shown_digest=form.cleaned_data["shown_digest"], grade=Grade.PASSWORD,
                now=timezone.now(),
            )  # fmt: skip
            return _forgotten(request, "selesai")
        except PactAlreadySigned:
            return _forgotten(request, "sudah")
        except DomainError as error:
            says = sentence(error)
    try:
        shown = pacts.sheet(duty.pk, user=user)
    except NotTheSigner:
        return _forgotten(request, "habis")
    if shown.signed:
        return _forgotten(request, "sudah")
    if not shown.signable:
        request.session.flush()
        return render(
            request, "kiosk/nothing.html", {"says": _("Pakta ini tidak terbuka untuk Anda sekarang.")}, status=422
        )
    left = max(1, int(kept["until"] - time.time()) + 1)
    context = {
        "activity": activity, "sheet": shown, "form": form, "says": says, "left": left,
        "present": attendance.standing(activity, user.person_id) is not None,
        "may_extend": kept["extended"] < MOST_EXTENSIONS,
    }  # fmt: skip
    response = render(request, "kiosk/pact.html", context, status=422 if form.errors or says else 200)
    response["Refresh"] = f"{left}; url={reverse('kiosk')}?habis=1"
    return response


@require_POST
@open_to_all
def kiosk_longer(request: HttpRequest) -> HttpResponse:
    """Give two minutes more to somebody who still reads."""
    kept = _remembered(request)
    if kept is None:
        return _forgotten(request, "habis")
    if kept["extended"] < MOST_EXTENSIONS:
        request.session[_PERSON] = {
            **kept, "until": time.time() + REMEMBERED_S, "extended": kept["extended"] + 1,
        }  # fmt: skip
    return redirect("kiosk-pact")


@require_POST
@open_to_all
def kiosk_leave(request: HttpRequest) -> HttpResponse:
    """Forget whoever is here, without a signature."""
    return _forgotten(request, "batal")


@require_POST
@open_to_all
def kiosk_end(request: HttpRequest) -> HttpResponse:
    """Let this device be an ordinary one again."""
    request.session.flush()
    response = redirect("account_login")
    response.delete_cookie(COOKIE, path=reverse("kiosk"))
    return response
