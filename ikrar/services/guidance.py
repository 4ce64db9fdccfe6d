"""Guidance as it is done here: answers, receipts that verify later, questions to an office, its opinions, the library.

Nobody who asks is known. A question in words is heard and forgotten; what is kept is named in records.models.guidance.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Upper

from ikrar.domain import access, anonymity, codes, guidance, receipts
from ikrar.domain.activities import Verdict
from ikrar.domain.assessment import Assessment, cites_on
from ikrar.domain.elections import Election
from ikrar.domain.errors import (
    DomainError,
    GuidanceBusy,
    OfficeDoesNotAnswer,
    OpinionAlreadyGiven,
    OpinionAlreadyPublished,
    OpinionIncomplete,
    OpinionTooLong,
    QuestionEmpty,
    SecondLookMissing,
    TextMayNameSomebody,
    TextNamesKnown,
    TextNamesSomebody,
    ValueUnknown,
)
from ikrar.domain.guidance import Advice
from ikrar.domain.questions import Understanding
from ikrar.domain.receipts import Answered, Asked, Difference
from ikrar.domain.rulebook import Rulebook
from ikrar.domain.sources import Citation, Label
from ikrar.domain.versions import RuleKind, RuleVersion
from ikrar.records.models import (
    Agency,
    AnswerReceipt,
    Body,
    Inquiry,
    LogEntry,
    LogPayload,
    Opinion,
    Person,
    PublishedOpinion,
    RoleGrant,
    Throttle,
    User,
    WorkUnit,
)
from ikrar.services import elections, gazette, ledger, rules

logger = logging.getLogger(__name__)

# What is taken from everybody together within an hour. No address is kept, so nobody can be counted alone.
MOST_RECEIPTS_AN_HOUR = 3_600
MOST_INQUIRIES_AN_HOUR = 120
LONGEST_INQUIRY = 2_000
LONGEST_OPINION = 8_000
# A question that nobody answered is kept so many days, and an opinion stands so many at most.
UNANSWERED_KEPT = timedelta(days=180)
LONGEST_VALID = timedelta(days=730)
_HOUR = timedelta(hours=1)


# --- answers -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _RulebookHere:
    """The rulebook with the elections as a region holds them. All else is the rulebook's own."""

    book: Rulebook
    elections: Mapping[str, Election]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.book, name)


def _book_in(region: str) -> Any:
    """Return the rulebook as it answers in a region: with the stages that moved there. Raises RegionUnknown."""
    book = rules.book()
    if not region:
        return book
    own: dict[str, Election] = {}
    for calendar in elections.calendar_of(region):
        # An election of a handful of regions is nobody's by default; a region that holds it has it in its calendar.
        held_here = calendar.row is not None and calendar.election.regions is not None
        if calendar.moves or held_here:
            held = replace(calendar.election, regions=None, region_codes=()) if held_here else calendar.election
            own[held.id] = held
    return _RulebookHere(book, {**book.elections, **own}) if own else book


def hear(text: str) -> Understanding:
    """Return what a question in words asks. Nothing of it is kept. It never raises: see its `state`."""
    return guidance.understand(rules.book(), text)


def advise(asked: Asked) -> Advice:
    """Answer a question in fixed words by the rulebook of today and the calendar of its region.

    Raises ActivityUnknown, PersonUnknown, ValueUnknown, RegionUnknown.
    """
    return _advise(asked, _book_in(asked.region))


def advise_with_day(asked: Asked) -> tuple[Advice, date | None]:
    """Answer as advise does; also return the day on which the candidates are determined there, where it is one day."""
    book = _book_in(asked.region)
    advice = _advise(asked, book)
    election: Election | None = book.elections.get(advice.election or "")
    if election is None:
        return advice, None
    contest = advice.contest if advice.contest in election.determined_by_contest else None
    return advice, election.determined_on(contest)


def _advise(asked: Asked, book: Any) -> Advice:
    known = rules.book().guidance.circumstances
    for fact in asked.facts:
        if fact.circumstance not in known:
            raise ValueUnknown("circumstance", fact.circumstance[:60], tuple(known))
    return guidance.advise(
        book,
        asked.activities,
        day=asked.day,
        region=asked.region,
        who=asked.who,
        contest=asked.contest or None,
        facts_of={activity: asked.facts_of(activity) for activity in asked.activities},
    )


def election_on(day: date, region: str, contest: str = "") -> Election | None:
    """Return the election that a day belongs to in a region, with the stages that moved there. Raises RegionUnknown."""
    return guidance.election_for(_book_in(region).elections, day, contest or None, region=region)


# --- receipts ----------------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def keep_receipt(asked: Asked, *, today: date, now: datetime) -> AnswerReceipt:
    """Answer once more and keep question and answer under a fresh code, without anything that tells who asked.

    Raises GuidanceBusy, and what advise raises.
    """
    _count("guidance-receipts", MOST_RECEIPTS_AN_HOUR, now)
    answered = Answered.of_advice(advise(asked))
    code = codes.new_code(codes.CERTIFICATE_SIGNS)
    receipt = AnswerReceipt(
        code=code,
        asked=asked.document(),
        answered=answered.document(),
        verdict=answered.verdict.value,
        rulebook_digest=rules.book().digest,
        made_on=today,
    )
    receipt.entry = ledger.append("guidance.receipted", receipts.sealed(code, _parts(receipt)), now=now)
    receipt.save(force_insert=True)
    return receipt


def _parts(receipt: AnswerReceipt) -> dict[str, Any]:
    """Return what of a receipt its log entry commits to, by the names of receipts.PARTS."""
    return {
        "asked": receipt.asked,
        "answered": receipt.answered,
        "verdict": receipt.verdict,
        "rulebook": receipt.rulebook_digest,
        "made_on": receipt.made_on.isoformat(),
    }


class Authenticity(StrEnum):
    """GENUINE: every part is what its log entry committed to. ERASED: the entry can no longer be opened, so nobody can tell."""

    GENUINE = "genuine"
    ALTERED = "altered"
    ERASED = "erased"


# What of a receipt may not match beside receipts.PARTS: its entry in the log, or a form that nobody can read.
LOG, UNREADABLE = "log", "unreadable"


@dataclass(frozen=True)
class CheckedReceipt:
    """A receipt held against its log entry, and against the rulebook of today.

    `altered` names what does not match: words of receipts.PARTS, LOG, UNREADABLE. Of an altered receipt nothing else is
    told. `same_rulebook`: not a letter of the rulebook changed since. `now` is None where a rule that was asked about is
    gone.
    """

    receipt: AnswerReceipt
    authenticity: Authenticity
    altered: tuple[str, ...] = ()
    asked: Asked | None = None
    then: Answered | None = None
    now: Answered | None = None
    differences: tuple[Difference, ...] = ()
    same_rulebook: bool = False


def check_receipt(code: str) -> CheckedReceipt | None:
    """Find a receipt by its code as people type it, hold it against its log entry, and ask the rulebook of today again."""
    receipt = AnswerReceipt.objects.filter(code=codes.tidy(code[:60])).first()
    if receipt is None:
        return None
    payload = LogPayload.objects.select_related("entry").filter(pk=receipt.entry_id).first()
    if payload is None and LogEntry.objects.filter(pk=receipt.entry_id).exists():
        authenticity = Authenticity.ERASED
    elif altered := _altered(receipt, payload):
        return _not_genuine(receipt, altered)
    else:
        authenticity = Authenticity.GENUINE
    try:
        asked, then = Asked.of(receipt.asked), Answered.of(receipt.answered)
    except (ValueError, TypeError, KeyError, AttributeError):
        return _not_genuine(receipt, (UNREADABLE,))
    known = rules.book().guidance.activities
    there = replace(asked, activities=tuple(each for each in asked.activities if each in known))
    try:
        now = Answered.of_advice(advise(there)) if there.activities else None
    except DomainError:  # a circumstance or a class that the rulebook no longer knows
        now = None
    return CheckedReceipt(
        receipt=receipt,
        authenticity=authenticity,
        asked=asked,
        then=then,
        now=now,
        differences=receipts.differences(then, now) if now else (),
        same_rulebook=receipt.rulebook_digest == rules.book().digest,
    )


def _altered(receipt: AnswerReceipt, payload: LogPayload | None) -> tuple[str, ...]:
    """Return what of a receipt is not what its log entry committed to."""
    if payload is None or not ledger.read(payload):
        return (LOG,)
    committed = json.loads(bytes(payload.payload))
    if committed["event"] != "guidance.receipted":
        return (LOG,)
    return receipts.altered(receipt.code, _parts(receipt), committed["data"])


def _not_genuine(receipt: AnswerReceipt, altered: tuple[str, ...]) -> CheckedReceipt:
    logger.warning("receipt is not genuine", extra={"receipt": receipt.pk})
    return CheckedReceipt(receipt, Authenticity.ALTERED, altered)


def _count(key: str, most: int, now: datetime) -> None:
    """Count one more of a kind within its hour, inside the caller's transaction, or refuse it."""
    if Throttle.objects.filter(key=key, window_ends_at__gt=now, failures__lt=most).update(failures=F("failures") + 1):
        return
    if Throttle.objects.filter(key=key, window_ends_at__gt=now).exists():
        raise GuidanceBusy()
    Throttle.objects.update_or_create(key=key, defaults={"failures": 1, "window_ends_at": now + _HOUR})


# --- questions to an office --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Office:
    """An agency or body where somebody writes opinions. `token` names it in a form."""

    agency: Agency | None
    body: Body | None

    @property
    def token(self) -> str:
        return f"agency-{self.agency.pk}" if self.agency else f"body-{self.body.pk}"

    @property
    def name(self) -> str:
        return self.agency.name if self.agency else self.body.name

    @property
    def region(self) -> str:
        return (self.agency or self.body).region_id or ""


def offices(now: datetime, *, region: str = "") -> list[Office]:
    """Return the agencies and bodies that answer questions: somebody there may write opinions now. Nearest first."""
    grants = _grants_to_write(now)
    agencies = Agency.objects.filter(pk__in=grants.values("agency")).order_by("name", "pk")
    bodies = Body.objects.filter(pk__in=grants.values("body")).order_by("name", "pk")
    found = [*(Office(agency, None) for agency in agencies), *(Office(None, body) for body in bodies)]

    def distance(office: Office) -> tuple[bool, bool]:
        near = bool(office.region) and (region == office.region or region.startswith(f"{office.region}."))
        return not near, office.region.split(".")[0] != region.split(".")[0]

    return sorted(found, key=distance) if region else found


def anybody_answers(now: datetime) -> bool:
    """Say whether there is any agency or body that answers questions now."""
    return _grants_to_write(now).exists()


def _grants_to_write(now: datetime) -> QuerySet[RoleGrant]:
    return RoleGrant.objects.at(now).filter(role__in=access.roles_with("opinion.write"), user__is_active=True)


@transaction.atomic(durable=True)
def ask_office(office: str, asked: Asked, text: str, *, names_nobody: bool = False, today: date, now: datetime) -> str:
    """Put a question before an office and return the code with which whoever asked comes back; it is shown once.

    A number of a person is never kept, and what looks like a name only where whoever wrote it says that it `names_nobody`.
    Raises QuestionEmpty, TextNamesSomebody, TextMayNameSomebody, OfficeDoesNotAnswer, GuidanceBusy, and what advise raises.
    """
    text = text.strip()[:LONGEST_INQUIRY]
    if not text:
        raise QuestionEmpty()
    if found := anonymity.number_in(text):
        raise TextNamesSomebody("text", found[:40])
    if not names_nobody and (found := anonymity.likely_name(text)):
        raise TextMayNameSomebody("text", found[:60])
    chosen = next((each for each in offices(now) if each.token == office), None)
    if chosen is None:
        raise OfficeDoesNotAnswer()
    _count("guidance-inquiries", MOST_INQUIRIES_AN_HOUR, now)
    answered = Answered.of_advice(advise(asked))
    code = codes.new_code(codes.CERTIFICATE_SIGNS)
    inquiry = Inquiry.objects.create(
        agency=chosen.agency,
        body=chosen.body,
        code_digest=_digest(code),
        asked=asked.document(),
        answered=answered.document(),
        text=text,
        asked_on=today,
    )
    ledger.append(
        "opinion.asked",
        {"inquiry": inquiry.pk, "agency": chosen.agency and chosen.agency.pk, "body": chosen.body and chosen.body.pk},
        now=now,
    )
    return code


def inquiry_of(code: str) -> Inquiry | None:
    """Find a question by the code of whoever asked it, with its opinion if there is one."""
    typed = codes.tidy(code[:60])
    found = Inquiry.objects.select_related("agency", "body", "opinion")
    return found.filter(code_digest=_digest(typed)).first()


def waiting(scope: access.Scope) -> QuerySet[Inquiry]:
    """Return the questions that wait for an opinion within a scope, oldest first."""
    return Inquiry.objects.within(scope).waiting().select_related("agency", "body")


def lapses_on(inquiry: Inquiry) -> date:
    """Return the day on which a question is erased where nobody answered it until then."""
    return inquiry.asked_on + UNANSWERED_KEPT


@transaction.atomic
def forget_unanswered(today: date, now: datetime) -> int:
    """Erase the questions that waited longer than they are kept; returns how many. Running it again changes nothing."""
    old = Inquiry.objects.waiting().filter(asked_on__lte=today - UNANSWERED_KEPT)
    keys = list(old.values_list("pk", flat=True)[:_MOST_AT_ONCE])
    for key in keys:
        ledger.append("opinion.lapsed", {"inquiry": key}, now=now)
    Inquiry.objects.waiting().filter(pk__in=keys).delete()
    return len(keys)


_MOST_AT_ONCE = 500


# --- opinions ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Citable:
    """A rule that an opinion may cite, with its citations, each under the token that names it in a form."""

    kind: RuleKind
    id: str
    label: Label
    cites: tuple[tuple[str, Citation], ...]


def citable(asked: Asked) -> tuple[list[Citable], list[Citable]]:
    """Return what an opinion may cite: what the answer rests on, and every other act of that day."""
    book = rules.book()
    resting = list(dict.fromkeys(_resting(advise(asked))))
    rest = [
        (RuleKind.ACT, act.id)
        for act in book.acts.values()
        if act.on(asked.day) is not None and (RuleKind.ACT, act.id) not in resting
    ]
    seen: set[str] = set()
    near = [each for rule in resting if (each := _citable(book, rule, asked.day, seen))]
    return near, [each for rule in rest if (each := _citable(book, rule, asked.day, seen))]


def _resting(advice: Advice) -> Iterator[tuple[RuleKind, str]]:
    """Yield the rules that an answer rests on."""
    for part in advice.activities:
        tracks: list[Assessment] = [*part.acts, *part.risks]
        yield from ((RuleKind.ACT, each.act) for each in tracks if each.act)
        yield from ((RuleKind.STATEMENT, each) for each in part.statements)


def _citable(book: Rulebook, rule: tuple[RuleKind, str], day: date, seen: set[str]) -> Citable | None:
    """Return a rule with those of its citations that no rule before it had."""
    kind, id = rule
    if kind is RuleKind.ACT:
        act = book.acts[id]
        version = act.on(day)
        label, cites = act.label, cites_on(book, version, day) if version else ()
    else:
        statement = book.guidance.statements[id]
        label, cites = statement.label, statement.cites
    fresh: dict[str, tuple[str, Citation]] = {}
    for index, cite in enumerate(cites):
        if cite.text not in seen:
            fresh.setdefault(cite.text, (f"{kind}:{id}:{index}", cite))
    seen.update(fresh)
    return Citable(kind, id, label, tuple(fresh.values())) if fresh else None


@transaction.atomic(durable=True)
def give_opinion(
    inquiry: Inquiry,
    *,
    verdict: Verdict,
    facts: str,
    text: str,
    cites: Sequence[str],
    valid_until: date,
    by: User,
    today: date,
    now: datetime,
) -> Opinion:
    """Answer a question in writing, once. `cites` are tokens of citable.

    Raises OpinionIncomplete, OpinionTooLong, OpinionAlreadyGiven.
    """
    facts, text = facts.strip(), text.strip()
    asked = Asked.of(inquiry.asked)
    near, other = citable(asked)
    known = {token: cite for rule in (*near, *other) for token, cite in rule.cites}
    chosen = {token: known[token] for token in cites if token in known}
    missing = {"facts": not facts, "text": not text, "cites": not chosen, "valid_until": valid_until < today}
    for field, lacks in missing.items():
        if lacks:
            raise OpinionIncomplete(field)
    if valid_until > today + LONGEST_VALID:
        raise OpinionTooLong("valid_until", today + LONGEST_VALID)
    # Claim the question by its old state: of two officers only one answers it.
    if Inquiry.objects.waiting().filter(pk=inquiry.pk).update(state=Inquiry.State.ANSWERED) != 1:
        raise OpinionAlreadyGiven()
    resting = [*_resting(advise(asked)), *(_rule_of(token) for token in chosen)]
    cited = [{"source": cite.source, "at": cite.at, "text": cite.text} for cite in chosen.values()]
    opinion = Opinion.objects.create(
        inquiry=inquiry,
        verdict=verdict.value,
        facts=facts,
        text=text,
        cites=cited,
        rules=_digests(resting, asked.day),
        rulebook_digest=rules.book().digest,
        valid_until=valid_until,
        given_on=today,
        given_at=now,
        given_by=by,
    )
    said = {"facts": facts, "text": text, "cites": cited, "valid_until": valid_until.isoformat()}
    ledger.append(
        "opinion.given",
        {
            "inquiry": inquiry.pk,
            "opinion": opinion.pk,
            "verdict": verdict.value,
            "said_sha256": _digest(json.dumps(said, ensure_ascii=False, sort_keys=True)),
            "by": by.pk,
        },
        now=now,
    )
    logger.info("opinion given", extra={"opinion": opinion.pk})
    return opinion


def _rule_of(token: str) -> tuple[RuleKind, str]:
    kind, id, _ = token.split(":")
    return RuleKind(kind), id


def _digests(resting: Iterable[tuple[RuleKind, str]], day: date) -> dict[str, str]:
    """Return the digest of what each rule said on a day, as the rulebook of today holds it."""
    digests = gazette.shelf().digests
    found = {}
    for kind, id in resting:
        version = _version_on(kind, id, day)
        found[f"{kind}:{id}"] = digests[version.key] if version else ""
    return found


def _version_on(kind: RuleKind, id: str, day: date) -> RuleVersion | None:
    versions = _versions_by_rule(rules.book().digest).get((kind, id), ())
    return next((each for each in versions if each.in_force.holds(day)), None)


@lru_cache(maxsize=2)
def _versions_by_rule(_rulebook_digest: str) -> Mapping[tuple[RuleKind, str], Sequence[RuleVersion]]:
    found: dict[tuple[RuleKind, str], list[RuleVersion]] = {}
    for version in gazette.shelf().versions.values():
        found.setdefault((version.kind, version.id), []).append(version)
    return found


# How an opinion stands on a day: nothing changed, a rule it rests on is another one since, or its time is over.
STANDS, RULES_CHANGED, OVER = "stands", "rules_changed", "over"


def standing(opinion: Opinion, today: date) -> str:
    """Say how an opinion stands today: STANDS, RULES_CHANGED (it is superseded), or OVER."""
    asked = Asked.of(opinion.inquiry.asked)
    digests = gazette.shelf().digests
    for rule, digest in opinion.rules.items():
        kind, _, id = rule.partition(":")
        then = _version_on(RuleKind(kind), id, asked.day)
        now = _version_on(RuleKind(kind), id, max(today, asked.day))
        if (digests[then.key] if then else "") != digest or now is not then:
            return RULES_CHANGED
    try:
        # An act that was added since, for the same conduct on the same day.
        resting = {f"{kind}:{id}" for kind, id in _resting(advise(asked))}
    except DomainError:
        return RULES_CHANGED
    if not resting <= opinion.rules.keys():
        return RULES_CHANGED
    return OVER if opinion.valid_until < today else STANDS


# --- the library -------------------------------------------------------------------------------------------------

# Where few people work, so that the name of the place nearly names them.
_SMALL_PLACES = (
    WorkUnit.Kind.SCHOOL,
    WorkUnit.Kind.HEALTH_CENTRE,
    WorkUnit.Kind.HOSPITAL,
    WorkUnit.Kind.DISTRICT,
    WorkUnit.Kind.WARD,
)
_LONGEST_NAME = 6
_MOST_NAMES_SHOWN = 5
_IN_ONE_QUESTION = 400


def known_names_in(text: str) -> tuple[str, ...]:
    """Return the people of any roster here, and the schools, health centres, districts and wards, that a text names."""
    runs = sorted(set(anonymity.runs(text, _LONGEST_NAME)))
    found: dict[str, None] = {}
    for start in range(0, len(runs), _IN_ONE_QUESTION):
        some = runs[start : start + _IN_ONE_QUESTION]
        people = Person.objects.annotate(spelled=Upper("name")).filter(spelled__in=some)
        found |= dict.fromkeys(people.values_list("name", flat=True)[:_MOST_NAMES_SHOWN])
        places = WorkUnit.objects.filter(kind__in=_SMALL_PLACES).annotate(spelled=Upper("name"))
        found |= dict.fromkeys(places.filter(spelled__in=some).values_list("name", flat=True)[:_MOST_NAMES_SHOWN])
    return tuple(found)[:_MOST_NAMES_SHOWN]


@transaction.atomic(durable=True)
def publish(
    opinion: Opinion,
    *,
    question: str,
    facts: str,
    text: str,
    looked_again: bool,
    by: User,
    today: date,
    now: datetime,
) -> PublishedOpinion:
    """Put an opinion into the open library, in words that name nobody; somebody has to have looked at them again.

    Raises SecondLookMissing, OpinionIncomplete, TextNamesSomebody, TextNamesKnown, OpinionAlreadyPublished.
    """
    if not looked_again:
        raise SecondLookMissing()
    words = {"question": question.strip(), "facts": facts.strip(), "text": text.strip()}
    for field, written in words.items():
        if not written:
            raise OpinionIncomplete(field)
        if found := anonymity.number_in(written):
            raise TextNamesSomebody(field, found[:40])
        if known := known_names_in(written):
            raise TextNamesKnown(field, known)
    if PublishedOpinion.objects.standing().filter(opinion=opinion).exists():
        raise OpinionAlreadyPublished()
    published = PublishedOpinion.objects.create(
        opinion=opinion,
        **words,
        activities=opinion.inquiry.asked["activities"],
        published_on=today,
        published_by=by,
    )
    ledger.append(
        "opinion.published",
        {
            "opinion": opinion.pk,
            "publication": published.pk,
            "words_sha256": _digest(json.dumps(words, ensure_ascii=False, sort_keys=True)),
            "by": by.pk,
        },
        now=now,
    )
    logger.info("opinion published", extra={"opinion": opinion.pk})
    return published


@transaction.atomic(durable=True)
def withdraw(published: PublishedOpinion, *, by: User, today: date, now: datetime) -> None:
    """Take an opinion out of the open library. Taking it out twice changes nothing."""
    claimed = PublishedOpinion.objects.standing().filter(pk=published.pk).update(withdrawn_on=today, withdrawn_by=by)
    if not claimed:
        return
    ledger.append(
        "opinion.withdrawn",
        {"opinion": published.opinion_id, "publication": published.pk, "by": by.pk},
        now=now,
    )


@dataclass(frozen=True)
class Shown:
    """An opinion of the library with how it stands today."""

    published: PublishedOpinion
    standing: str


MOST_SHOWN = 50


def library(today: date, *, words: str = "", activity: str = "") -> list[Shown]:
    """Return published opinions, newest first, that hold every word and speak of the activity."""
    found = PublishedOpinion.objects.standing().select_related("opinion__inquiry__agency", "opinion__inquiry__body")
    for word in words.split()[:12]:
        found = found.filter(Q(question__icontains=word) | Q(facts__icontains=word) | Q(text__icontains=word))
    chosen = [each for each in found if not activity or activity in each.activities]
    return [Shown(each, standing(each.opinion, today)) for each in chosen[:MOST_SHOWN]]


def from_library(key: int, today: date) -> Shown | None:
    """Return one opinion of the library."""
    found = (
        PublishedOpinion.objects.standing()
        .select_related("opinion__inquiry__agency", "opinion__inquiry__body")
        .filter(pk=key)
        .first()
    )
    return Shown(found, standing(found.opinion, today)) if found else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
