"""A legal bureau compares rules with the gazette: what waits, marking one version, taking a mark back."""

import json
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ikrar.domain.errors import DomainError
from ikrar.domain.versions import RuleKind, RuleVersion
from ikrar.records.models import Agency, GazetteCheck
from ikrar.services import clock, gazette
from ikrar.web.access import may
from ikrar.web.forms.rulebook import GazetteFilterForm, GazetteForm, WithdrawForm
from ikrar.web.messages import sentence
from ikrar.web.views.rulebook import AsOf, Told, line_of


@require_safe
@may("gazette.check")
def gazette_list(request: HttpRequest) -> HttpResponse:
    """List every version of every rule with its mark."""
    asked = GazetteFilterForm(request.GET or None)
    given = asked.cleaned_data if asked.is_bound and asked.is_valid() else {}
    today = clock.today()
    as_of, marks, rows, counted = AsOf(today, today), gazette.marks(), [], gazette.counts()
    for key, version in gazette.shelf().versions.items():
        mark = marks[key]
        if given.get("jenis") in ("", None, key[0]) and given.get("keadaan") in ("", None, mark.state):
            told = Told(version, mark, gazette.is_local(key[0], key[1]), version.in_force.holds(today))
            rows.append((line_of(version, as_of), told))
    totals = {state: sum(each[state] for each in counted.values()) for state in gazette.State}
    context = {"form": asked, "rows": rows, "totals": totals, "lost": gazette.lost()}
    return render(request, "rulebook/gazette.html", context)


def _version(kind: str, rule: str, since: str) -> RuleVersion:
    try:
        key = (RuleKind(kind), rule, None if since == "-" else date.fromisoformat(since))
    except ValueError:
        raise Http404 from None
    if (found := gazette.shelf().versions.get(key)) is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@may("gazette.check")
def check(request: HttpRequest, kind: str, rule: str, since: str) -> HttpResponse:
    """Show what a version says, and record that it was compared."""
    version = _version(kind, rule, since)
    today = clock.today()
    digest = gazette.shelf().digests[version.key]
    form = GazetteForm(
        request.POST if request.method == "POST" else None,
        agencies=Agency.objects.within(request.scope),
        initial={"shown_digest": digest, "compared_on": today},
    )
    if request.method == "POST" and form.is_valid():
        try:
            gazette.check(
                kind,
                rule,
                version.in_force.from_on,
                **form.cleaned_data,
                by=request.user,
                today=today,
                now=timezone.now(),
            )
            messages.success(request, _("Dicatat: versi ini sudah dibandingkan dengan berita negara."))
            return redirect("gazette-check", kind, rule, since)
        except DomainError as error:
            form.add_error(None, sentence(error))
    rows = GazetteCheck.objects.filter(kind=kind, rule=rule, from_on=version.in_force.from_on)
    mark = gazette.marks([version.key])[version.key]
    reach = set(Agency.objects.within(request.scope).values_list("pk", flat=True))
    context = {
        "form": form,
        "told": Told(version, mark, gazette.is_local(version.kind, rule), version.in_force.holds(today)),
        "line": line_of(version, AsOf(today, today)),
        "digest": digest,
        "content": json.dumps(version.content, ensure_ascii=False, indent=1, sort_keys=True),
        "history": rows.select_related("agency", "by", "ended_by"),
        "may_withdraw": mark.check is not None and mark.check.agency_id in reach,
    }
    return render(request, "rulebook/gazette_check.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may("gazette.check")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a mark of one's own agency back."""
    row = get_object_or_404(
        GazetteCheck.objects.select_related("agency"), pk=pk, agency__in=Agency.objects.within(request.scope)
    )
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    since = row.from_on.isoformat() if row.from_on else "-"
    if request.method == "POST" and form.is_valid():
        try:
            gazette.withdraw(row, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
            messages.success(request, _("Catatan ditarik. Versi ini kembali belum dibandingkan."))
            return redirect("gazette")
        except DomainError as error:
            form.add_error(None, sentence(error))
    version = gazette.shelf().versions.get((RuleKind(row.kind), row.rule, row.from_on))
    context = {"form": form, "row": row, "version": version, "since": since}
    return render(request, "rulebook/gazette_withdraw.html", context, status=422 if form.errors else 200)
