"""Activities as those see them who are called: coming and past, the answer, checking in, decisions that are theirs."""

from datetime import UTC, datetime

from django.contrib import messages
from django.core import signing
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ikrar.domain import codes, gatherings
from ikrar.domain.errors import DomainError, NotInvited
from ikrar.domain.gatherings import State
from ikrar.records.models import Activity, Decision, Placement, User, WorkUnit
from ikrar.services import activities, attendance, clock
from ikrar.web.access import may, scope
from ikrar.web.forms.activities import AnswerForm, CodeForm
from ikrar.web.messages import sentence
from ikrar.web.views.activities import finish_decision

_OPENED = "ikrar.check-in"


def _mine(request: HttpRequest, pk: int) -> attendance.Mine:
    """Return an activity as one who is called to it sees it; to anybody else it does not exist."""
    found = get_object_or_404(Activity.objects.select_related("agency", "unit", "led_by", "called_by"), pk=pk)
    try:
        if request.user.person_id is None:
            raise NotInvited()
        return attendance.mine(found, request.user.person_id)
    except NotInvited:
        raise Http404 from None


@require_safe
@may("activity.attend_own")
def my_activities(request: HttpRequest) -> HttpResponse:
    """List the activities that I am called to, and those that are over."""
    every = attendance.of_person(request.user.person_id) if request.user.person_id else []
    coming = [each for each in every if each.activity.state in (State.CALLED, State.OPEN)]
    past = [each for each in every if each.activity.state in (State.CLOSED, State.CANCELLED)]
    context = {
        "coming": sorted(coming, key=lambda each: (each.activity.on, each.activity.pk)), "past": past[:100],
        "decisions": activities.open_decisions_of(request.user, clock.instant()), "today": clock.today(),
    }  # fmt: skip
    return render(request, "activities/mine.html", context)


@never_cache
@require_safe
@may("activity.attend_own")
def my_activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an activity that I am called to: when and where, my answer, whether I am on the list of those present."""
    return _my_page(request, _mine(request, pk))


def _my_page(request: HttpRequest, mine: attendance.Mine, form: AnswerForm | None = None) -> HttpResponse:
    given = {"none": "", "comes": "yes", "excused": "no"}
    if form is None and mine.invitation is not None:
        initial = {"comes": given[mine.invitation.answer], "reason": mine.invitation.reason}
        form = AnswerForm(initial=initial)
    zone = mine.activity.agency.zone
    headed = WorkUnit.objects.within(scope(request, "activity.run"))
    there = mine.attendance if mine.attendance and mine.attendance.struck_at is None else None
    context = {
        "mine": mine, "activity": mine.activity, "form": form, "moves": mine.activity.moves.all(), "there": there,
        "struck": mine.attendance if mine.attendance and mine.attendance.struck_at else None,
        "shows": gatherings.takes_phones(mine.activity.state, mine.activity.on, clock.today(zone)),
        "shares": mine.activity.units.filter(unit__in=headed).exclude(quota=None).select_related("unit"),
        "answers": gatherings.can(gatherings.Step.ANSWER, mine.activity.state) and not there,
    }  # fmt: skip
    return render(request, "activities/my_activity.html", context, status=422 if form and form.errors else 200)


@require_POST
@may("activity.attend_own")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether I come."""
    mine = _mine(request, pk)
    if mine.invitation is None:
        raise Http404
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            comes = form.cleaned_data["comes"] == "yes"
            activities.answer(
                mine.invitation, user=request.user, comes=comes, reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("Jawaban Anda tercatat. Sampai hari kegiatan masih dapat diubah."))
            return redirect("my-activity", mine.activity.pk)
        except DomainError as error:
            form.add_error("reason" if error.code == "reason_missing" else None, sentence(error))
    return _my_page(request, mine, form)


# --- checking in -------------------------------------------------------------------------------------------------


def _here(request: HttpRequest, pk: int) -> Activity:
    """Return the activity of a check-in page. One that has nothing to do with somebody does not exist, whatever code he has."""
    me = request.user.person_id or 0
    own = Placement.objects.current().filter(person=me)
    mine = (
        Q(agency__in=own.values("unit__agency"))
        | Q(invitations__person=me)
        | Q(pact_round__obligations__person=me, pact_round__obligations__office__isnull=False)
    )
    # An office-holder signs at the activity of another agency: he is called there by his pact.
    found = Activity.objects.filter(mine).exclude(state=State.DRAFT).distinct()
    return get_object_or_404(found.select_related("agency"), pk=pk)


def _mark(found: Activity, user: User, now: datetime) -> str:
    """Return what proves to us later that this account had the page of this activity open now."""
    return signing.dumps([found.pk, user.pk, int(now.timestamp())], salt=_OPENED)


def _opened_at(found: Activity, user: User, form: CodeForm) -> datetime | None:
    """Return when a phone that kept its check-in had opened the page; None where it kept none, or cannot show it."""
    if not form.cleaned_data["kept"]:
        return None
    try:
        activity, account, second = signing.loads(form.cleaned_data["opened"], salt=_OPENED)
    except signing.BadSignature:
        return None
    return datetime.fromtimestamp(second, UTC) if (activity, account) == (found.pk, user.pk) else None


def _check_in_page(
    request: HttpRequest, found: Activity, code: str = "", says: str = "", status: int = 200
) -> HttpResponse:
    there = attendance.standing(found, request.user.person_id)
    refused = ""
    if not there and found.state == State.OPEN and not says:
        try:
            attendance.may_come(found, user=request.user)
        except DomainError as error:
            refused = sentence(error)
    zone = found.agency.zone
    context = {
        "activity": found, "there": there, "code": codes.grouped(codes.tidy(code[:40])), "says": says, "refused": refused,
        "is_open": gatherings.takes_phones(found.state, found.on, clock.today(zone)),
        "late": bool(code) and not says and not attendance.is_shown(found, code, now=timezone.now()),
        "opened": _mark(found, request.user, timezone.now()), "keeps_s": gatherings.LIFE_S + gatherings.GRACE_S,
    }  # fmt: skip
    return render(request, "activities/check_in.html", context, status=status)


@never_cache
@require_safe
@may("activity.attend_own")
def check_in_with_code(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Lead here from the QR code of the venue: one button checks in. Nothing is written before it is pressed."""
    return _check_in_page(request, _here(request, pk), code)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@may("activity.attend_own")
def check_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Check in with the code that the venue shows. A second try finds the first and says when it was."""
    if request.method != "POST":
        return _check_in_page(request, _here(request, pk))
    form = CodeForm(request.POST)
    code = request.POST.get("code", "")[:40]
    found = _here(request, pk)
    if not form.is_valid():
        return _check_in_page(request, found, code, _("Ketik dulu kode yang tampil di layar."), 422)
    try:
        done = attendance.check_in(
            found, user=request.user, code=code, opened_at=_opened_at(found, request.user, form), now=timezone.now()
        )
    except DomainError as error:
        return _check_in_page(request, found, code, sentence(error), 422)
    at = done.attendance.at.astimezone(found.agency.zone)
    said = {"at": f"{at:%H.%M} {found.agency.zone.tzname(None)}"}
    if done.first:
        messages.success(request, _("Anda tercatat hadir pukul %(at)s.") % said)
    else:
        messages.info(request, _("Anda sudah tercatat pukul %(at)s. Tidak ada yang dicatat dua kali.") % said)
    return redirect("my-activity", found.pk)


# --- decisions ---------------------------------------------------------------------------------------------------


@require_safe
@may("duty.do_own")
def my_decisions(request: HttpRequest) -> HttpResponse:
    """List the decisions that are mine now, by office or as head of a unit; open ones first."""
    every = activities.decisions_of(request.user, clock.instant())
    context = {
        "waiting": every.filter(done_on=None), "done": every.exclude(done_on=None).order_by("-done_on")[:50],
        "today": clock.today(),
    }  # fmt: skip
    return render(request, "activities/decisions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may("duty.do_own")
def my_decision_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a decision of mine was carried out."""
    mine = activities.open_decisions_of(request.user, clock.instant())
    decision = get_object_or_404(
        Decision.objects.filter(pk__in=mine.values("pk")).select_related("activity__agency"), pk=pk
    )
    return finish_decision(request, decision, reverse("my-decisions"))
