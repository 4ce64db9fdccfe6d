"""The administrator's and the auditor's pages: roles, accounts from outside, the installation's health, the log."""

import json

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

import ikrar
from ikrar.domain import codes
from ikrar.domain.access import Role
from ikrar.domain.errors import DomainError
from ikrar.records.models import Agency, LogEntry, LogPayload, Person, RoleGrant, User
from ikrar.services import accounts, ledger
from ikrar.services import installation as services
from ikrar.web.access import may
from ikrar.web.forms.installation import GrantForm, OutsideAccountForm
from ikrar.web.messages import sentence


@require_http_methods(["GET", "POST"])
@may("role.grant")
def roles(request: HttpRequest) -> HttpResponse:
    """List the roles that hold now; give one."""
    form = GrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        user = _account(cleaned["name"])
        if user is None:
            form.add_error("name", _("Tidak ada akun atau pegawai dengan nama masuk ini."))
        else:
            until = cleaned["until_on"]
            try:
                accounts.grant_role(
                    user, Role(cleaned["role"]), agency=cleaned["agency"], body=cleaned["body"],
                    until_at=timezone.make_aware(timezone.datetime(until.year, until.month, until.day)) if until else None,
                    reason=cleaned["reason"], by=request.user, now=timezone.now(),
                )  # fmt: skip
                return redirect("roles")
            except DomainError as error:
                form.add_error(None, sentence(error))
    held = RoleGrant.objects.at(timezone.now()).select_related("user__person", "agency", "body")
    return render(
        request, "installation/roles.html", {"grants": held, "form": form}, status=422 if form.errors else 200
    )


def _account(name: str) -> User | None:
    """Return the account of this sign-in name, making a person's where there is none yet."""
    name = accounts.tidy_name(name)
    if user := User.objects.filter(username=name).first():
        return user
    person = Person.objects.filter(identifier=name).first() if name.isdigit() else None
    return accounts.account_of(person, now=timezone.now()) if person else None


@require_POST
@may("role.grant")
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    """End a role at once."""
    grant = get_object_or_404(RoleGrant, pk=pk)
    try:
        accounts.end_grant(grant, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
    return redirect("roles")


@never_cache
@require_http_methods(["GET", "POST"])
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


@require_GET
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


@require_GET
@may("log.view")
def log(request: HttpRequest) -> HttpResponse:
    """List the payloads that were kept. The table has no order of its own: this page sorts by the time inside."""
    page = Paginator(LogPayload.objects.select_related("entry").order_by("pk"), 100).get_page(request.GET.get("hal"))
    rows = []
    for payload in page:
        said = json.loads(bytes(payload.payload))
        rows.append(
            {
                "key": f"{payload.pk:016x}",
                "event": said["event"],
                "time": said["time"],
                "data": json.dumps(said["data"], ensure_ascii=False),
                "holds": ledger.read(payload),
            }
        )
    rows.sort(key=lambda row: row["time"], reverse=True)
    context = {
        "rows": rows, "page_of": page, "entries": LogEntry.objects.count(), "payloads": LogPayload.objects.count(),
        "broken": services.tampered() if request.GET.get("periksa") else None,
    }  # fmt: skip
    return render(request, "installation/log.html", context)
