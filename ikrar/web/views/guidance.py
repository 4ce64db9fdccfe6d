"""Guidance: "may I …?" from the question to the answer, its receipt, a question to an office, and the open library.

What somebody writes is read once and forgotten; addresses hold ids of the rulebook and classes of people alone.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import wraps
from typing import Any
from urllib.parse import parse_qs

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ikrar.domain import codes
from ikrar.domain.activities import Theme, Verdict
from ikrar.domain.assessment import Assessment
from ikrar.domain.elections import Election
from ikrar.domain.errors import (
    DomainError,
    QuestionNotUnderstood,
    RegionUnknown,
    TextMayNameSomebody,
    TextNamesKnown,
    TextNamesSomebody,
)
from ikrar.domain.guidance import ActivityAdvice, Advice, Change, Condition
from ikrar.domain.indonesian import LONGEST_TEXT
from ikrar.domain.questions import Understanding, named_day
from ikrar.domain.receipts import AnsweredPart, Asked, Consequence, Difference, Fact
from ikrar.domain.sources import Citation, Confidence, Label
from ikrar.records.models import Inquiry, Opinion, PublishedOpinion, Region
from ikrar.services import clock, guidance, regions, rules
from ikrar.web import messages, reasons
from ikrar.web.access import may, open_to_all
from ikrar.web.forms.guidance import (
    CodeForm,
    Draft,
    InquiryForm,
    LibraryForm,
    OpinionForm,
    PublicationForm,
    QuestionForm,
    WhenForm,
    WhoForm,
)
from ikrar.web.messages import sentence

View = Callable[..., HttpResponse]


def _draft(query: QueryDict) -> Draft:
    return Draft.of(query, rules.book().guidance)


def _to(name: str, draft: Draft) -> HttpResponse:
    """Send on to a page of the question, which its address carries."""
    return redirect(f"{reverse(name)}?{draft.query}")


def _answers_wrong_addresses(view: View) -> View:
    """Tell whoever comes with an address that names what the rulebook does not know, and show the way back."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            return render(request, "guidance/wrong_address.html", {"says": reasons.refusal(error)}, status=422)

    return told


# --- what --------------------------------------------------------------------------------------------------------

# A form with the longest question is far smaller than this; whatever is larger is not read as a form.
_MOST_BYTES = 100_000
_MOST_DRAINED = 33_554_432


def _refuses_books(view: View) -> View:
    """Answer a text of megabytes with an error at its field, before anything reads it whole. Its beginning is kept.

    The token is checked by the view itself: to look for it, the whole form would be read first.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def held(request: HttpRequest) -> HttpResponse:
        size = request.META.get("CONTENT_LENGTH") or "0"
        if request.method != "POST" or (size.isdigit() and int(size) <= _MOST_BYTES):
            return protected(request)
        start = _drained(request)
        form = QuestionForm({"question": start})
        form.add_error("question", _("Pertanyaan ini terlalu panjang. Tulis paling banyak 4.000 huruf."))
        return _what(request, form, Draft())

    return held


def _drained(request: HttpRequest) -> str:
    """Take what is being sent, so that the answer arrives, and return the beginning of the question in it."""
    start, taken = b"", 0
    while taken < _MOST_DRAINED and (part := request.read(65_536)):
        taken += len(part)
        if len(start) < _MOST_BYTES:
            start += part
    fields = parse_qs(start[:_MOST_BYTES].decode("utf-8", "replace"), errors="replace", max_num_fields=None)
    return fields.get("question", [""])[0][: LONGEST_TEXT // 4].replace("\x00", "")


@dataclass(frozen=True)
class _Shelf:
    """A theme with its activities, for a list to pick from."""

    theme: Theme
    activities: list[tuple[str, Label, bool]]

    @property
    def opened(self) -> bool:
        return any(ticked for _, _, ticked in self.activities)


# What is asked most stands first; a theme of a region's own stands after these.
_FIRST_THEMES = (
    "attending", "social-media", "photos", "family", "party", "voting", "work", "gifts", "running", "village-and-school",
    "after-the-vote",
)  # fmt: skip


def _shelves(ticked: Iterable[str] = ()) -> list[_Shelf]:
    known = rules.book().guidance
    chosen = set(ticked)
    place = {id: index for index, id in enumerate(_FIRST_THEMES)}
    return [
        _Shelf(theme, [(id, known.activities[id].label, id in chosen) for id in theme.activities])
        for theme in sorted(known.themes, key=lambda theme: place.get(theme.id, len(place)))
        if theme.activities
    ]


def _what(request: HttpRequest, form: QuestionForm, draft: Draft) -> HttpResponse:
    context = {
        "form": form, "draft": draft, "shelves": _shelves(draft.activities), "hidden": draft.pairs("kegiatan", "mungkin"),
        "digest": rules.book().digest,
    }  # fmt: skip
    return render(request, "guidance/what.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
@_refuses_books
@_answers_wrong_addresses
def ask(request: HttpRequest) -> HttpResponse:
    """Ask what somebody wants to do: in words, or from a list."""
    if request.method != "POST":
        return _what(request, QuestionForm(), _draft(request.GET))
    form = QuestionForm(request.POST)
    if form.is_valid():
        heard = guidance.hear(form.cleaned_data["question"])
        if heard.state == "understood":
            return _to("ask-confirm", _heard(heard, clock.today()))
        if heard.state == "not_found":
            says = _(
                "Kegiatan ini tidak ditemukan di buku aturan. Tulis dengan kata lain, pilih dari daftar di bawah, atau"
                " tanyakan kepada petugas."
            )
        else:
            says = sentence(QuestionNotUnderstood(heard.cut))
        form.add_error("question", says)
    return _what(request, form, Draft())


def _heard(heard: Understanding, today: date) -> Draft:
    """Return what was understood, as an address: a fact that was told of one of several activities keeps to it."""
    told = {activity: heard.facts_of(activity) for activity in heard.activities}
    facts = []
    for circumstance, holds in heard.facts.items():
        having = [activity for activity, own in told.items() if circumstance in own]
        places = [""] if len(having) == len(told) else having
        facts += [Fact(circumstance, holds, place) for place in places]
    return Draft(
        activities=heard.activities,
        possible=tuple(each.activity for each in heard.others),
        facts=tuple(facts),
        employment=heard.employment.value,
        relation=heard.relation.value,
        contest=heard.contest.value,
        day=named_day(today, heard.day.value),
        year=next((each.time for each in heard.found if each.time), ""),
    )


@require_safe
@open_to_all
@_answers_wrong_addresses
def confirm(request: HttpRequest) -> HttpResponse:
    """Show what a question was understood as, to be corrected."""
    draft = _draft(request.GET)
    if not draft.activities:
        return redirect("ask")
    known = rules.book().guidance
    context = {
        "draft": draft,
        "found": [(id, known.activities[id].label) for id in draft.activities],
        "possible": [(id, known.activities[id].label) for id in draft.possible],
        "facts": _facts(draft.facts),
        "hidden": draft.pairs("kegiatan", "mungkin", "keadaan"),
    }
    return render(request, "guidance/confirm.html", context)


def _facts(facts: Iterable[Fact]) -> list[tuple[str, Label, Label | None]]:
    """Return each fact as it stands in an address, what it says, and the activity that it is told of."""
    known = rules.book().guidance
    found = []
    for fact in facts:
        circumstance = known.circumstances[fact.circumstance]
        activity = known.activities.get(fact.activity)
        says = circumstance.present if fact.holds else circumstance.absent
        found.append((str(fact), says, activity and activity.label))
    return found


# --- who, where and when -----------------------------------------------------------------------------------------


def _who(request: HttpRequest, draft: Draft, form: WhoForm) -> HttpResponse:
    context = {"draft": draft, "form": form, "hidden": draft.pairs("mungkin", "status", "jabatan", "hubungan")}
    return render(request, "guidance/who.html", context, status=422 if form.errors else 200)


@require_safe
@open_to_all
@_answers_wrong_addresses
def who(request: HttpRequest) -> HttpResponse:
    """Ask who somebody is: employment, post, and what he is to a candidate."""
    draft = _draft(request.GET)
    if not draft.asks_something:
        form = QuestionForm({"question": ""})
        says = _("Pilih sekurangnya satu kegiatan, atau tulis pertanyaan Anda.")
        if draft.activities:
            says = _("Pilih paling banyak delapan kegiatan sekaligus.")
        form.errors["question"] = form.error_class([says])
        return _what(request, form, draft)
    known = rules.book().guidance.activities
    if not draft.relation and all(known[id].relations == ("spouse-of-candidate",) for id in draft.activities):
        draft = draft.but(relation="spouse-of-candidate")
    return _who(request, draft, WhoForm(draft=draft))


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
@_answers_wrong_addresses
def when(request: HttpRequest) -> HttpResponse:
    """Ask on which day and in which region. A name of a region is typed, so it is posted; its code goes on."""
    posted = request.method == "POST"
    draft = _draft(request.POST if posted else request.GET).but(possible=())
    if not draft.asks_something:
        return _to("ask-who", draft)
    if not draft.employment:
        given = request.POST if posted else request.GET
        return _who(request, draft, WhoForm(given, draft=draft))
    today = clock.today()
    here = Region.objects.filter(pk=draft.region).first() if draft.region else None
    if not posted:
        day = draft.day or (None if draft.year else today)
        form = WhenForm(initial={"day": day, "place": here.name if here else ""})
        form.fields["day"].help_text = _about_day(draft)
        return _when(request, draft, form)
    form = WhenForm(request.POST)
    places: list[Region] = []
    if form.is_valid():
        day, typed = form.cleaned_data["day"], form.cleaned_data["place"]
        places = _places(request.POST.get("pilih", ""), typed)
        if not typed or len(places) == 1:
            region = places[0].code if typed else ""
            return _to("answer", draft.but(day=day, region=region, year=""))
        if places:
            form.add_error("place", _("Ada beberapa wilayah dengan nama ini. Pilih salah satu di bawah."))
        else:
            form.add_error("place", sentence(RegionUnknown(typed)))
    return _when(request, draft, form, places)


def _about_day(draft: Draft) -> str:
    if draft.day:
        return _("Diambil dari pertanyaan Anda; ubah bila bukan itu.")
    if draft.year:
        return _(
            "Pertanyaan Anda menyebut pemilihan sebelumnya. Pilih hari kejadiannya: perbuatan dinilai menurut harinya."
        )
    return _("Hari ini, bila tidak Anda ubah.")


def _places(chosen: str, typed: str) -> list[Region]:
    """Return the regions that a typed name or code may mean; of several the one that was then picked."""
    found = regions.find(typed) if typed else []
    picked = [each for each in found if each.code == chosen]
    return picked or found


def _when(request: HttpRequest, draft: Draft, form: WhenForm, places: Iterable[Region] = ()) -> HttpResponse:
    context = {
        "draft": draft, "form": form, "places": places, "hidden": draft.pairs("mungkin", "wilayah", "hari"),
        "suggested": Region.objects.filter(agencies__isnull=False).distinct()[:60],
    }  # fmt: skip
    return render(request, "guidance/when.html", context, status=422 if form.errors else 200)


# --- the answer --------------------------------------------------------------------------------------------------


# What the list of what was asked says already.
_PLAIN = ("election_by_calendar", "status_by_calendar")
# What may turn the answer into another one, and stands before it is read.
_FIRST = ("election_elsewhere", "election_not_covered", "day_outside")


@dataclass(frozen=True)
class _Basis:
    """A rule or a statement that an answer rests on, as the page shows it. `kind`: act or statement."""

    kind: str
    id: str
    label: Label
    says: str
    cites: tuple[Citation, ...]
    confidence: Confidence | None
    consequence: str = ""
    sanctions: tuple[Label, ...] = ()
    stated_by: Label | None = None
    stated_on: str = ""


@dataclass(frozen=True)
class _Next:
    """What changes on a later day. `tells` is the whole sentence, `query` the address of that day's answer."""

    day: date
    verdict: Verdict
    tells: str
    query: str


@dataclass(frozen=True)
class _Part:
    """The answer for one activity, as the page shows it."""

    advice: ActivityAdvice
    label: Label
    conditions: tuple[Condition, ...]
    helpful: tuple[Condition, ...]
    why: tuple[str, ...]
    acts: tuple[_Basis, ...]
    risks: tuple[_Basis, ...]
    statements: tuple[_Basis, ...]
    bases: tuple[_Basis, ...]
    alternatives: tuple[tuple[Label, str], ...]
    changes: tuple[_Next, ...]


@require_safe
@open_to_all
@_answers_wrong_addresses
def answer(request: HttpRequest) -> HttpResponse:
    """Answer: one word first, then why. An address that is not whole leads to the question that is missing."""
    draft = _draft(request.GET).but(possible=())
    if not draft.is_whole:
        return _to("ask-who", draft) if draft.activities else redirect("ask")
    asked = draft.asked(clock.today())
    draft = Draft.of_asked(asked)
    advice, determined_on = guidance.advise_with_day(asked)
    book = rules.book()
    context = {
        "draft": draft,
        "asked": _told(asked, advice, determined_on),
        "advice": advice,
        "parts": [_part(draft, each) for each in advice.activities],
        "several": len(advice.activities) > 1,
        "urgent": [reasons.sentence(book, each) for each in advice.reasons if each.code in _FIRST],
        "setting": [reasons.sentence(book, each) for each in advice.reasons if each.code not in (*_PLAIN, *_FIRST)],
        "contests": _contests(draft, advice),
        "circumstances": _circumstances(draft, advice),
        "without_facts": draft.pairs("keadaan"),
        "without_day": draft.pairs("hari"),
        "hidden": draft.pairs(),
        "digest": book.digest,
        "may_be_asked": guidance.anybody_answers(timezone.now()),
    }
    return render(request, "guidance/answer.html", context)


@dataclass(frozen=True)
class _Told:
    """A question in words: what the page says was asked."""

    activities: list[Label]
    who: str
    relation: str
    place: str
    day: date
    facts: list[tuple[str, Label, Label | None]]
    election: Label | None
    status: str
    contest: str
    determined_on: date | None = None


def _told(asked: Asked, advice: Advice | None = None, determined_on: date | None = None) -> _Told:
    book = rules.book()
    known = book.guidance.activities
    region = Region.objects.filter(pk=asked.region).first() if asked.region else None
    who = reasons.word("employment", asked.employment)
    post = reasons.word("employment", asked.post) if asked.post else ""
    election = book.elections.get(advice.election or "") if advice else None
    return _Told(
        activities=[known[id].label if id in known else Label(id, id) for id in asked.activities],
        who=f"{who}, {post}" if post else who,
        relation=reasons.word("relation", asked.relation or "none"),
        place=region.name if region else "",
        day=asked.day,
        facts=_facts(each for each in asked.facts if each.circumstance in book.guidance.circumstances),
        election=election.label if election else None,
        status=reasons.word("candidate_status", advice.candidate_status) if advice else "",
        contest=reasons.word("contest", asked.contest),
        determined_on=determined_on,
    )


_OF_ACTS = ("act_met", "act_contested", "act_needs_review")


def _part(draft: Draft, advice: ActivityAdvice) -> _Part:
    book = rules.book()
    guided = book.guidance
    said = {dict(each.values)["act"]: reasons.sentence(book, each) for each in advice.reasons if each.code in _OF_ACTS}
    why = [each for each in advice.reasons if each.code not in _OF_ACTS]
    if advice.readings:
        # What offices said is told as the readings, with who holds each.
        why = [each for each in why if not each.code.startswith("statement_") or each.code.endswith("_broken")]
    acts = tuple(_act(each, said.get(each.act or "", "")) for each in advice.acts)
    statements = tuple(_statement(id) for id in advice.statements)
    return _Part(
        advice=advice,
        label=guided.activities[advice.asked_as].label,
        conditions=tuple(each for each in advice.conditions if not each.optional),
        helpful=tuple(each for each in advice.conditions if each.optional),
        # What does not apply is told after what does.
        why=tuple(reasons.sentence(book, each) for each in sorted(why, key=lambda each: each.code == "act_lifted")),
        acts=acts,
        risks=tuple(_act(each, "") for each in advice.risks),
        statements=statements,
        bases=(*acts, *statements),
        alternatives=tuple(
            (guided.activities[id].label, draft.but(activities=(id,), facts=()).query) for id in advice.alternatives
        ),
        changes=tuple(_next(draft, advice, each) for each in advice.changes),
    )


def _consequence(kind: str, level: str) -> str:
    return _("jalur %(kind)s, tingkat %(level)s") % {
        "kind": reasons.word("track", kind),
        "level": reasons.word("level", level),
    }


def _act(act: Assessment, says: str) -> _Basis:
    book = rules.book()
    return _Basis(
        kind="act",
        id=act.act or "",
        label=book.acts[act.act].label if act.act else book.forms[act.form],
        says=says,
        cites=act.cites,
        confidence=act.confidence,
        consequence=_consequence(act.kind, act.level),
        sanctions=tuple(book.sanctions[id].label for id in act.sanctions),
    )


def _statement(id: str) -> _Basis:
    statement = rules.book().guidance.statements[id]
    return _Basis(
        kind="statement",
        id=id,
        label=statement.label,
        says=reasons.word("statement", statement.status),
        cites=statement.cites,
        confidence=statement.confidence,
        stated_by=statement.stated_by,
        stated_on=statement.stated_on or "",
    )


def _next(draft: Draft, advice: ActivityAdvice, change: Change) -> _Next:
    values = {
        "day": messages.day(change.day),
        "word": reasons.word("verdict", change.verdict),
        "consequences": "; ".join(_consequence(kind, level) for kind, level in change.consequences),
    }
    if change.verdict is not advice.verdict and change.consequences:
        tells = _("Mulai %(day)s jawabannya menjadi “%(word)s” (%(consequences)s).") % values
    elif change.verdict is not advice.verdict:
        tells = _("Mulai %(day)s jawabannya menjadi “%(word)s”.") % values
    elif change.consequences:
        tells = _("Mulai %(day)s jawabannya tetap “%(word)s”, tetapi akibatnya lain: %(consequences)s.") % values
    else:
        tells = _("Mulai %(day)s jawabannya tetap “%(word)s”, dengan dasar yang lain.") % values
    return _Next(change.day, change.verdict, tells, draft.but(day=change.day).query)


def _contests(draft: Draft, advice: Advice) -> list[tuple[str, str]]:
    """Return the votes that would tell more, where candidates are not determined on one day for all."""
    if not any(each.code == "contest_open" for each in advice.reasons) or not advice.election:
        return []
    election: Election = rules.book().elections[advice.election]
    return [(reasons.word("contest", id), draft.but(contest=id).query) for id in election.determined_by_contest]


@dataclass(frozen=True)
class _Open:
    """A circumstance on which these answers may turn, with what was told of it: yes, no, or nothing."""

    id: str
    present: Label
    told: str


def _circumstances(draft: Draft, advice: Advice) -> list[_Open]:
    guided = rules.book().guidance
    ids: dict[str, None] = {}
    for part in advice.activities:
        activity = guided.activities[part.activity]
        for rule in activity.judged_by:
            ids |= dict.fromkeys((*rule.when, *rule.unless))
        ids |= dict.fromkeys(each.circumstance for each in (*part.conditions, *part.met) if each.circumstance)
    told = {fact.circumstance: ("ya" if fact.holds else "tidak") for fact in draft.facts}
    return [_Open(id, guided.circumstances[id].present, told.get(id, "")) for id in ids]


# --- receipts ----------------------------------------------------------------------------------------------------


@require_POST
@open_to_all
@_answers_wrong_addresses
def keep(request: HttpRequest) -> HttpResponse:
    """Keep an answer under a code, and show its receipt."""
    draft = _draft(request.POST)
    if not draft.is_whole:
        return _to("ask-who", draft)
    today = clock.today()
    receipt = guidance.keep_receipt(draft.asked(today), today=today, now=timezone.now())
    return redirect("receipt", receipt.code)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def find_receipt(request: HttpRequest) -> HttpResponse:
    """Ask for the code of a receipt."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("receipt", codes.tidy(form.cleaned_data["code"])[:40] or "-")
    return render(request, "guidance/find_receipt.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@open_to_all
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """Show whether a receipt is genuine, what it says was asked and answered, and whether today's answer is the same."""
    checked = guidance.check_receipt(code)
    if checked is None:
        context = {"form": CodeForm(), "unknown": codes.tidy(code)[:40] or "–"}
        return render(request, "guidance/find_receipt.html", context, status=404)
    if checked.asked is None or checked.then is None:
        words = [reasons.word("receipt_part", each) for each in checked.altered]
        return render(request, "guidance/false_receipt.html", {"receipt": checked.receipt, "altered": words})
    election = rules.book().elections.get(checked.then.election)
    context = {
        "checked": checked,
        "receipt": checked.receipt,
        "asked": _told(checked.asked),
        "election": election.label if election else None,
        "status": reasons.word("candidate_status", checked.then.candidate_status),
        "parts": [_kept_part(each) for each in checked.then.parts],
        "several": len(checked.then.parts) > 1,
        "differences": [_difference(each) for each in checked.differences],
        "query": Draft.of_asked(checked.asked).query,
        "digest": rules.book().digest,
    }
    return render(request, "guidance/receipt.html", context)


def _kept_part(part: AnsweredPart) -> dict[str, Any]:
    return {
        "label": _activity(part.activity),
        "verdict": part.verdict,
        "conditions": part.conditions,
        "consequences": [_kept_consequence(each) for each in part.consequences if each.met],
        "risks": [_kept_consequence(each) for each in part.consequences if not each.met],
        "cites": part.cites,
    }


def _activity(id: str) -> Label:
    activity = rules.book().guidance.activities.get(id)
    return activity.label if activity else Label(id, id)


def _kept_consequence(each: Consequence) -> str:
    act = rules.book().acts.get(each.act)
    named = reasons.label(act.label) if act else each.act
    return f"{named} ({_consequence(each.kind, each.level)})"


def _difference(difference: Difference) -> dict[str, Any]:
    """Tell one difference: of which activity, in what, what it was and what it is."""
    words = {
        "verdict": _("Jawaban"), "election": _("Pemilihan"), "status": _("Status calon"), "consequences": _("Akibat"),
        "conditions": _("Syarat"), "cites": _("Dasar"),
    }  # fmt: skip
    return {
        "about": _activity(difference.activity) if difference.activity else None,
        "what": words[difference.what],
        "before": [_different(difference.what, each) for each in difference.before],
        "after": [_different(difference.what, each) for each in difference.after],
    }


def _different(what: str, value: Any) -> str:
    if what == "verdict":
        return reasons.word("verdict", value)
    if what == "status":
        return reasons.word("candidate_status", value)
    if what == "election":
        election = rules.book().elections.get(value)
        return reasons.label(election.label) if election else value
    if what == "consequences":
        return _kept_consequence(value)
    return reasons.label(value) if isinstance(value, Label) else str(value)


# --- asking an office --------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
@_answers_wrong_addresses
def ask_office(request: HttpRequest) -> HttpResponse:
    """Put the question before an office. The code to come back with is shown this once, and stands in no address."""
    posted = request.method == "POST"
    draft = _draft(request.POST if posted else request.GET).but(possible=())
    if not draft.is_whole:
        return _to("ask-who", draft) if draft.activities else redirect("ask")
    today, now = clock.today(), timezone.now()
    asked = draft.asked(today)
    found = guidance.offices(now, region=asked.region)
    form = InquiryForm(request.POST if posted else None, offices=found)
    if posted and form.is_valid():
        try:
            code = guidance.ask_office(
                form.cleaned_data["office"], asked, form.cleaned_data["text"],
                names_nobody=form.cleaned_data.get("names_nobody", False), today=today, now=now,
            )  # fmt: skip
            name = next(each.name for each in found if each.token == form.cleaned_data["office"])
            context = {
                "code": codes.grouped(code),
                "office": name,
                "today": today,
                "lapses_on": today + guidance.UNANSWERED_KEPT,
            }
            return render(request, "guidance/asked.html", context)
        except (TextNamesSomebody, TextMayNameSomebody) as error:
            form.add_error("text", sentence(error))
            if isinstance(error, TextMayNameSomebody):
                form.ask_about_names()
        except DomainError as error:
            form.add_error(None, sentence(error))
    context = {
        "draft": draft, "form": form, "offices": found, "asked": _told(asked, *guidance.advise_with_day(asked)),
        "hidden": draft.pairs(),
    }  # fmt: skip
    return render(request, "guidance/ask_office.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def fetch(request: HttpRequest) -> HttpResponse:
    """Show whoever has the code what the office answered, or that the question still waits."""
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "guidance/fetch.html", {"form": form}, status=422 if form.errors else 200)
    inquiry = guidance.inquiry_of(form.cleaned_data["code"])
    if inquiry is None:
        form.add_error(
            "code",
            _(
                "Kode ini tidak dikenal. Periksa tiap hurufnya; huruf O ditulis nol, I dan L ditulis satu. Pertanyaan yang"
                " tidak dijawab dihapus sesudah %(days)s hari."
            )
            % {"days": guidance.UNANSWERED_KEPT.days},
        )
        return render(request, "guidance/fetch.html", {"form": form}, status=404)
    opinion = getattr(inquiry, "opinion", None)
    context = {
        "inquiry": inquiry, "opinion": opinion, "asked": _told(Asked.of(inquiry.asked)),
        "standing": guidance.standing(opinion, clock.today()) if opinion else "",
    }  # fmt: skip
    return render(request, "guidance/fetched.html", context)


# --- the library -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
@_answers_wrong_addresses
def library(request: HttpRequest) -> HttpResponse:
    """List published opinions. Words to look for are posted: they may tell of somebody, and stand in no address."""
    form = LibraryForm(request.POST or None)
    words = form.cleaned_data["words"] if request.method == "POST" and form.is_valid() else ""
    chosen = _draft(request.GET).activities[:1]
    shown = guidance.library(clock.today(), words=words, activity=chosen[0] if chosen else "")
    context = {
        "form": form, "shown": shown, "words": words, "activity": _activity(chosen[0]) if chosen else None,
        "most": guidance.MOST_SHOWN,
    }  # fmt: skip
    return render(request, "guidance/library.html", context, status=422 if form.errors else 200)


@require_safe
@open_to_all
def published(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one opinion of the library."""
    shown = guidance.from_library(pk, clock.today())
    if shown is None:
        raise Http404
    asked = Asked.of(shown.published.opinion.inquiry.asked)
    context = {
        "shown": shown, "opinion": shown.published.opinion, "day": asked.day,
        "activities": [(id, _activity(id)) for id in shown.published.activities],
    }  # fmt: skip
    return render(request, "guidance/published.html", context)


# --- the office that is asked ------------------------------------------------------------------------------------


@require_safe
@may("opinion.write")
def queue(request: HttpRequest) -> HttpResponse:
    """List the questions that wait for an opinion, oldest first, and those answered last."""
    answered = (
        Opinion.objects.filter(inquiry__in=Inquiry.objects.within(request.scope))
        .select_related("inquiry__agency", "inquiry__body")
        .order_by("-pk")[:50]
    )
    today = clock.today()
    context = {
        "waiting": [_waiting(each, today) for each in guidance.waiting(request.scope)],
        "answered": [(each, _told(Asked.of(each.inquiry.asked)), guidance.standing(each, today)) for each in answered],
    }  # fmt: skip
    return render(request, "guidance/queue.html", context)


@dataclass(frozen=True)
class _Waiting:
    """A question in the officer's queue: how it begins, how long it waits, and when it is erased unanswered."""

    inquiry: Inquiry
    asked: _Told
    excerpt: str
    age: int
    lapses_on: date


_LONGEST_EXCERPT = 140


def _waiting(inquiry: Inquiry, today: date) -> _Waiting:
    text = " ".join(inquiry.text.split())
    excerpt = text if len(text) <= _LONGEST_EXCERPT else f"{text[:_LONGEST_EXCERPT].rsplit(' ', 1)[0]} …"
    age = max(0, (today - inquiry.asked_on).days)
    return _Waiting(inquiry, _told(Asked.of(inquiry.asked)), excerpt, age, guidance.lapses_on(inquiry))


def _inquiry(request: HttpRequest, pk: int) -> Inquiry:
    found = Inquiry.objects.within(request.scope).select_related("agency", "body", "opinion__given_by__person")
    return get_object_or_404(found, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@may("opinion.write")
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a question with what the rulebook says, and take the office's written opinion."""
    inquiry = _inquiry(request, pk)
    asked, today = Asked.of(inquiry.asked), clock.today()
    given = getattr(inquiry, "opinion", None)
    advice, determined_on = guidance.advise_with_day(asked)
    told = _told(asked, advice, determined_on)
    near, other = guidance.citable(asked)
    tokens = [token for rule in (*near, *other) for token, _cite in rule.cites]
    initial = {"facts": _assumed(told), "valid_until": _stands_until(asked, today)}
    form = OpinionForm(request.POST or None, tokens=tokens, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            guidance.give_opinion(
                inquiry, verdict=Verdict(cleaned["verdict"]), facts=cleaned["facts"], text=cleaned["text"],
                cites=cleaned["cites"], valid_until=cleaned["valid_until"], by=request.user, today=today,
                now=timezone.now(),
            )  # fmt: skip
            return redirect("opinion", inquiry.pk)
        except DomainError as error:
            form.add_error(None, sentence(error))
    context = {
        "inquiry": inquiry, "asked": told, "advice": advice, "form": form, "near": near, "other": other,
        "parts": [_part(Draft.of_asked(asked), each) for each in advice.activities],
        "query": Draft.of_asked(asked).query, "opinion": given,
        "standing": guidance.standing(given, today) if given else "",
        "published": given.published.standing().first() if given else None,
    }  # fmt: skip
    return render(request, "guidance/opinion.html", context, status=422 if form.errors else 200)


def _assumed(told: _Told) -> str:
    """Write the facts as they were chosen on the pages, for the office to change."""
    lines = [
        _("Penanya: %(who)s; %(relation)s.") % {"who": told.who, "relation": told.relation},
        _("Hari: %(day)s.") % {"day": messages.day(told.day)},
    ]
    if told.place:
        lines.append(f"{_place_line()} {told.place}.")
    if told.election:
        lines.append(f"{reasons.label(told.election)}: {told.status}.")
    lines += [f"{reasons.label(says)[:1].upper()}{reasons.label(says)[1:]}." for _token, says, _of in told.facts]
    return "\n".join(lines)


def _place_line() -> str:
    return _("Tempat:")


def _stands_until(asked: Asked, today: date) -> date:
    """Return the day of the vote, or where that is over or not known, a year from today."""
    election = guidance.election_on(asked.day, asked.region, asked.contest)
    if election and today <= election.voting_on <= today + guidance.LONGEST_VALID:
        return election.voting_on
    return today + timedelta(days=365)


@require_http_methods(["GET", "HEAD", "POST"])
@may("opinion.write")
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an opinion into the open library, in words that name nobody."""
    inquiry = _inquiry(request, pk)
    given = getattr(inquiry, "opinion", None)
    if given is None:
        return redirect("opinion", inquiry.pk)
    told = _told(Asked.of(inquiry.asked))
    placeless = [line for line in given.facts.splitlines() if not line.startswith(_place_line())]
    initial = {
        "question": "; ".join(reasons.label(each) for each in told.activities),
        "facts": "\n".join(placeless),
        "text": given.text,
    }
    form = PublicationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            guidance.publish(given, **form.cleaned_data, by=request.user, today=clock.today(), now=timezone.now())
            return redirect("opinion", inquiry.pk)
        except (TextNamesSomebody, TextNamesKnown) as error:
            form.add_error(error.field, sentence(error))
        except DomainError as error:
            form.add_error(None, sentence(error))
    context = {"inquiry": inquiry, "opinion": given, "form": form}
    return render(request, "guidance/publish.html", context, status=422 if form.errors else 200)


@require_POST
@may("opinion.write")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an opinion out of the open library."""
    mine = PublishedOpinion.objects.filter(opinion__inquiry__in=Inquiry.objects.within(request.scope))
    found = get_object_or_404(mine.select_related("opinion"), pk=pk)
    guidance.withdraw(found, by=request.user, today=clock.today(), now=timezone.now())
    return redirect("opinion", found.opinion.inquiry_id)
