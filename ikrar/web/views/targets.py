"""The administrator's page of targets: how long a step of a case may wait where the law gives no limit."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ikrar.domain.errors import TargetRefused
from ikrar.services import case_targets
from ikrar.services.case_targets import Line
from ikrar.web.access import may
from ikrar.web.forms.targets import TargetForm
from ikrar.web.messages import sentence

_FIELD = {"order": "days", "most": "long_days"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("target.change")
def targets(request: HttpRequest) -> HttpResponse:
    """List the targets with what was changed of them, by whom and when; set one."""
    is_sent = request.method == "POST"
    asked = request.POST.get("target", "") if is_sent else request.GET.get("ubah", "")
    form = TargetForm(request.POST.copy()) if is_sent else None
    if form is not None and _change(request, asked, form):
        return redirect("targets")
    lines = case_targets.lines()
    chosen = next((each for each in lines if each.target.id == asked), None)
    if chosen is None:
        if is_sent:
            messages.error(request, sentence(TargetRefused("unknown")))
    elif form is None:
        form = TargetForm(initial=_initial(chosen))
    else:
        # What somebody else set meanwhile stands in the list below: what was typed, sent again, follows that.
        form.data["was"] = str(chosen.version)
    context = {"lines": lines, "chosen": chosen, "form": form if chosen else None}
    return render(request, "installation/targets.html", context, status=422 if is_sent else 200)


def _initial(line: Line) -> dict[str, int]:
    held = line.target
    return {"days": held.days, "warn_days": held.warn_days, "long_days": held.long_days, "was": line.version}


def _change(request: HttpRequest, id: str, form: TargetForm) -> bool:
    if not form.is_valid():
        if form.errors.pop("was", None):
            form.add_error(None, sentence(TargetRefused("changed")))
        return False
    try:
        made = case_targets.change(id, **form.cleaned_data, by=request.user, now=timezone.now())
    except TargetRefused as error:
        form.add_error(_FIELD.get(error.reason), sentence(error))
        return False
    messages.success(
        request, _("Tercatat: %(days)s hari, untuk tenggat yang mulai sejak sekarang.") % {"days": made.days}
    )
    return True
