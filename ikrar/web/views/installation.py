"""The administrator's and the auditor's pages: roles, accounts from outside, the installation's health, the log."""

import json
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

import ikrar
from ikrar.domain import codes
from ikrar.domain.access import Role
from ikrar.domain.days import WIB
from ikrar.domain.errors import DomainError
from ikrar.records.models import Agency, LogEntry, LogPayload, Person, RoleGrant, User
from ikrar.services import accounts, ledger
from ikrar.services import installation as services
from ikrar.web.access import may
from ikrar.web.confirming import confirmed
from ikrar.web.forms.account import ResetForm
from ikrar.web.forms.installation import GrantForm, LogSearchForm, OutsideAccountForm
from ikrar.web.messages import sentence, word
from ikrar.web.views.people import said_of_reset


@require_http_methods(["GET", "HEAD", "POST"])
@may("role.grant")
def roles(request: HttpRequest) -> HttpResponse:
    """List the roles that hold now; give one."""
    form = GrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        user = account_named(cleaned["name"])
        if user is None:
            form.add_error("name", _("Tidak ada akun atau pegawai dengan nama masuk ini."))
        else:
            until = cleaned["until_on"]
            try:
                accounts.grant_role(
                    user, Role(cleaned["role"]), agency=cleaned["agency"], body=cleaned["body"],
                    until_at=datetime.combine(until, time(23, 59, 59), WIB) if until else None,
                    reason=cleaned["reason"], by=request.user, now=timezone.now(),
                )  # fmt: skip
                return redirect("roles")
            except DomainError as error:
                form.add_error(None, sentence(error))
    held = RoleGrant.objects.at(timezone.now()).select_related("user__person", "agency", "body")
    held = held.order_by("-from_at", "-pk")
    left = accounts.left_service([grant.user.person_id for grant in held if grant.user.person_id])
    context = {"grants": held, "form": form, "left": left}
    return render(request, "installation/roles.html", context, status=422 if form.errors else 200)


def account_named(name: str) -> User | None:
    """Return the account of this sign-in name, making a person's where there is none yet."""
    name = accounts.tidy_name(name)
    if user := User.objects.filter(username=name).first():
        return user
    person = Person.objects.filter(identifier=name).first() if name.isdigit() else None
    return accounts.account_of(person, now=timezone.now()) if person else None


@require_http_methods(["GET", "HEAD", "POST"])
@may("role.grant")
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    """End a role at once, after asking once more."""
    grant = get_object_or_404(RoleGrant.objects.select_related("user__person", "agency", "body"), pk=pk)
    if request.method != "POST":
        where = grant.agency or grant.body
        said = {
            "role": word("role", grant.role),
            "name": grant.user.display_name,
            "where": where.name if where else "–",
        }
        return confirmed(
            request,
            _("Akhiri peran %(role)s?") % said,
            [
                f"{said['name']} · {said['where']}",
                _(
                    "Peran ini berakhir saat itu juga dan halamannya tertutup bagi orang itu. Yang dikerjakannya tetap tercatat."
                ),
                _("Pengakhiran tidak dapat dibatalkan; peran yang sama dapat diberikan lagi sebagai peran baru."),
            ],
            _("Akhiri peran ini"),
            reverse("roles"),
        )
    try:
        accounts.end_grant(grant, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
    return redirect("roles")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("role.grant")
def outside_account(request: HttpRequest) -> HttpResponse:
    """Make an account for an officer who is on no roster; its first code is shown this once."""
    form = OutsideAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user, code = accounts.create_outside_account(
            username=form.cleaned_data["username"], full_name=form.cleaned_data["full_name"], by=request.user,
            now=timezone.now(),
        )  # fmt: skip
        return render(request, "installation/outside_made.html", {"made": user, "code": codes.grouped(code)})
    return render(request, "installation/outside_account.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@may("role.grant")
def account_list(request: HttpRequest) -> HttpResponse:
    """List the accounts that the administrator looks after: from outside the roster, and those that hold a role."""
    asked = " ".join(request.GET.get("q", "").split())[:60]
    page = Paginator(accounts.administered(asked, now=timezone.now()), 50).get_page(request.GET.get("hal"))
    return render(request, "installation/accounts.html", {"accounts": page, "asked": asked})


def _administered(pk: int) -> User:
    return get_object_or_404(accounts.administered("", now=timezone.now()), pk=pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("role.grant")
def account_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a fresh code for an account, after asking once more; it is shown this once."""
    owner = _administered(pk)
    if request.method == "POST":
        code = accounts.new_code(owner, by=request.user, now=timezone.now())
        return render(
            request, "installation/outside_made.html", {"made": owner, "code": codes.grouped(code), "old": True}
        )
    says = [
        _("Untuk orang yang lupa kata sandinya, atau yang kode pertamanya sudah kedaluwarsa."),
        _("Kode lama yang belum dipakai tidak berlaku lagi. Yang baru tampil sekali, dan tercatat pada akun itu."),
    ]
    if accounts.has_second_step(owner):
        says.append(
            _("Langkah keduanya tetap diminta. Bila perangkatnya hilang, kembali dan pilih “Atur ulang cara masuk”.")
        )
    title = _("Buat kode baru: %(name)s") % {"name": owner.display_name}
    return confirmed(request, title, says, _("Buat kode baru"), reverse("accounts"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("role.grant")
def reset_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Take off an account's passkeys, authenticator and password, with a reason; a fresh code is shown this once."""
    owner = _administered(pk)
    form = ResetForm(request.POST if request.method == "POST" else None)
    try:
        accounts.require_reset(owner, by=request.user, now=timezone.now())
        if form.is_valid():
            code = accounts.reset(owner, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
            context = {"made": owner, "code": codes.grouped(code), "old": True}
            return render(request, "installation/outside_made.html", context)
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("accounts")
    return confirmed(
        request, _("Atur ulang cara masuk: %(name)s") % {"name": owner.display_name}, said_of_reset(),
        _("Atur ulang cara masuk"), reverse("accounts"), form=form,
    )  # fmt: skip


@require_safe
@may("installation.view")
def installation(request: HttpRequest) -> HttpResponse:
    """Show what runs here and how much it holds."""
    context = {
        "here": services.the_one(), "version": ikrar.__version__, "database": connection.vendor,
        "people": Person.objects.count(), "agencies": Agency.objects.count(), "entries": LogEntry.objects.count(),
        "home": settings.HOME.name, "tsa": settings.TSA_URL,
        "sso": [app["name"] for app in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]],
    }  # fmt: skip
    return render(request, "installation/installation.html", context)


@require_safe
@may("log.view")
def log(request: HttpRequest) -> HttpResponse:
    """List the payloads that were kept, the newest first, of one event or one day if asked.

    The table has no order and no time of its own, by design: each page reads all payloads that are kept.
    """
    form = LogSearchForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = LogPayload.objects.select_related("entry").newest_first()
    if event := asked.get("peristiwa"):
        found = found.of_event(event)
    if day := asked.get("hari"):
        first = datetime.combine(day, time(0, 0), WIB)
        found = found.between(first, first + timedelta(days=1))
    page = Paginator(found, 100).get_page(request.GET.get("hal"))
    query = urlencode({name: value for name, value in request.GET.items() if name in ("peristiwa", "hari") and value})
    context = {
        "rows": [_logged(payload) for payload in page], "page_of": page, "form": form, "query": f"{query}&" if query else "",
        "entries": LogEntry.objects.count(), "payloads": LogPayload.objects.count(),
        "broken": services.tampered() if request.GET.get("periksa") else None,
        "altered": services.altered() if request.GET.get("periksa") else None,
    }  # fmt: skip
    return render(request, "installation/log.html", context)


def _logged(payload: LogPayload) -> dict[str, Any]:
    """Return what a line of the log shows. A payload that somebody wrote over may be anything."""
    raw = bytes(payload.payload)
    row: dict[str, Any] = {"whole": raw.decode("utf-8", "replace"), "holds": ledger.read(payload)}
    try:
        said = json.loads(raw)
        told = said["time"]
        when = datetime.fromisoformat(told) if "T" in told else date.fromisoformat(told)
        data = [(name, _short(value)) for name, value in said["data"].items()]
        return row | {"event": str(said["event"]), "when": when, "data": data}
    except (ValueError, KeyError, TypeError, AttributeError):
        return row


def _short(value: Any) -> str:
    """Write a value in one word; a digest by its beginning, the whole stands beside it."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"{text[:12]}…" if len(text) > 40 else text
