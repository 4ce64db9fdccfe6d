"""The administrator's page of bodies outside the agencies: which work here, who may act for them, and which ended."""

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ikrar.domain.access import Role
from ikrar.domain.days import WIB
from ikrar.domain.errors import DomainError
from ikrar.records.models import Body
from ikrar.services import accounts, clock
from ikrar.services import outside_bodies as services
from ikrar.web.access import may
from ikrar.web.forms.case_referrals import ActingForm, OutsideBodyForm
from ikrar.web.forms.choices import is_key
from ikrar.web.messages import sentence
from ikrar.web.views.installation import account_named


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("role.grant")
def outside_bodies(request: HttpRequest) -> HttpResponse:
    """List the bodies outside the agencies; make one, say who may act for it, end one."""
    act = request.POST.get("act", "") if request.method == "POST" else ""
    standing = Body.objects.outside().at_work(clock.today()).order_by("name")
    form = OutsideBodyForm(request.POST if act == "make" else None, auto_id="make-%s")
    acting = ActingForm(request.POST if act == "give" else None, bodies=standing, auto_id="give-%s")
    if request.method == "POST":
        done = {"make": _make, "give": _give, "end": _end}.get(act)
        if done is None or done(request, {"make": form, "give": acting}.get(act)):
            return redirect("outside-bodies")
    context = {
        "bodies": services.every(clock.today(), timezone.now()), "form": form, "acting": acting,
        "ending": _ending(request),
    }  # fmt: skip
    wrong = form.errors or acting.errors or act == "end"
    return render(request, "installation/outside_bodies.html", context, status=422 if wrong else 200)


def _ending(request: HttpRequest) -> Body | None:
    """Return the body about which the page asks once more whether it shall end."""
    asked = request.GET.get("akhiri", "")
    return Body.objects.outside().filter(pk=int(asked), ended_on=None).first() if is_key(asked) else None


def _make(request: HttpRequest, form: Any) -> bool:
    if not form.is_valid():
        return False
    try:
        made = services.make(**form.cleaned_data, by=request.user, now=timezone.now())
    except DomainError as error:
        form.add_error("name", sentence(error))
        return False
    messages.success(request, _("%(name)s tercatat. Beri peran kepada yang bertindak untuknya.") % {"name": made.name})
    return True


def _give(request: HttpRequest, form: Any) -> bool:
    if not form.is_valid():
        return False
    said = form.cleaned_data
    user = account_named(said["name"])
    if user is None:
        form.add_error("name", _("Tidak ada akun atau pegawai dengan nama masuk ini."))
        return False
    until = said["until_on"]
    try:
        accounts.grant_role(
            user, Role(said["role"]), agency=None, body=said["body"],
            until_at=datetime.combine(until, time(23, 59, 59), WIB) if until else None, reason=said["reason"],
            by=request.user, now=timezone.now(),
        )  # fmt: skip
    except DomainError as error:
        form.add_error(None, sentence(error))
        return False
    messages.success(
        request,
        _("%(name)s sekarang bertindak untuk %(body)s.") % {"name": user.display_name, "body": said["body"].name},
    )
    return True


def _end(request: HttpRequest, _form: Any) -> bool:
    asked = request.POST.get("body", "")
    body = get_object_or_404(Body.objects.outside(), pk=int(asked) if is_key(asked) else 0)
    try:
        services.end(body, on=clock.today(), by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
        return False
    messages.success(
        request, _("%(name)s berakhir hari ini. Yang pernah dikerjakannya tetap tersimpan.") % {"name": body.name}
    )
    return True
