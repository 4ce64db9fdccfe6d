"""The demo's one click into a role. Outside a demo these pages do not exist."""

from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ikrar.services import demo
from ikrar.web import context
from ikrar.web.access import DEMO_SESSION, demo_only
from ikrar.web.forms.installation import DemoDayForm
from ikrar.web.messages import day


@require_POST
@demo_only
def step_in(request: HttpRequest) -> HttpResponse:
    """Become one of the demo's cast."""
    part = demo.part_of(request.POST.get("part", ""))
    if part is None:
        raise Http404
    logout(request)
    login(request, part.user, backend="ikrar.web.sign_in.AccountBackend")
    request.session[DEMO_SESSION] = part.key
    request.session["account_authentication_methods"] = [{"method": "password", "at": timezone.now().timestamp()}]
    request.session["account_authentication_methods_user"] = str(part.user.pk)
    return redirect("home")


@require_POST
@demo_only
def set_day(request: HttpRequest) -> HttpResponse:
    """Move the demo's day."""
    form = DemoDayForm(request.POST)
    if form.is_valid():
        demo.move_day(form.cleaned_data["day"])
        context.forget()
        messages.success(request, _("Hari program sekarang %(day)s.") % {"day": day(form.cleaned_data["day"])})
    else:
        messages.error(request, _("Hari program tidak berubah: %(why)s") % {"why": " ".join(form.errors["day"])})
    return redirect("landing")
