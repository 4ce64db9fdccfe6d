"""Fill an installation with cases of all sorts and ask its board by every filter: `_board.py COUNT ROUNDS`, one JSON line.

Cases, respondents, clocks, referrals and steps are written as rows; the lines of the board are made by the service that keeps them.
The peer is the same question put to those rows by the ORM, without any line.
"""

import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.db.models import Exists, Min, OuterRef, Q  # noqa: E402

from ikrar.domain.access import Role, Scope  # noqa: E402
from ikrar.records.models import (  # noqa: E402
    Agency,
    Body,
    Case,
    CaseClock,
    CaseConflict,
    CaseOfficer,
    CaseReferral,
    CaseRespondent,
    CaseStep,
    Placement,
    Region,
    RoleGrant,
    User,
)
from ikrar.records.models.fields import random_key  # noqa: E402
from ikrar.services import case_board, case_lines, clock, ledger, masses, rules  # noqa: E402
from ikrar.services.case_board import Wanted  # noqa: E402

_AT_ONCE = 10_000
_STATES = (
    *["received"] * 10, *["reviewing"] * 6, *["registered"] * 8, *["assessed"] * 6, *["forwarded"] * 4, *["with-national"] * 10,
    *["recommended"] * 20, *["accepted"] * 6, *["summoned"] * 4, *["heard"] * 3, *["proposed"] * 3, *["decided"] * 3, *["served"] * 3,
    *["recorded"] * 6, *["cleared"] * 3, *["dismissed"] * 5,
)  # fmt: skip
_ENDS = {"recorded": "proven", "cleared": "not_proven", "dismissed": "closed"}
_BEFORE = {"received", "reviewing", "registered", "assessed", "forwarded", "dismissed"}
_AT_AGENCY = {"recommended", "accepted", "summoned", "heard", "proposed", "decided", "served", "recorded", "cleared"}
_TRACKS = (*["discipline"] * 12, *["ethics"] * 6, "criminal", "referral")
_BODIES, _AGENCIES, _MOST_OF_ONE = 40, 60, 0.4


class Filler:
    """Who takes part in the cases, and the rows of them."""

    def __init__(self) -> None:
        self.chance, self.today, self.now = random.Random(9), clock.today(), datetime.now(UTC)
        first = Agency.objects.get()
        self.bkn = Body.objects.create(kind="bkn", name="BKN Rekaan")
        self.bodies = [
            Body.objects.create(region=first.region, kind="bawaslu", name=f"Bawaslu Rekaan {n}") for n in range(_BODIES)
        ]
        region = Region.objects.get(pk=first.region_id)
        self.agencies = [first] + [
            Agency.objects.create(code=f"99.{n:02}", name=f"Pemerintah Rekaan {n}", kind=first.kind, region=region)
            for n in range(1, _AGENCIES)
        ]
        self.user = self.account("PETUGAS", [(Role.SUPERVISOR_BODY, {"body": self.bodies[0]})])
        self.national = self.account("NASIONAL", [(Role.NATIONAL_BODY, {"body": self.bkn})])
        self.examiner = self.account("PEMERIKSA", [(Role.EXAMINER, {"agency": first})])
        self.both = self.account(
            "RANGKAP", [(Role.SUPERVISOR_BODY, {"body": self.bodies[1]}), (Role.EXAMINER, {"agency": first})]
        )
        self.authority = self.account("PEJABAT", [(Role.APPOINTING_AUTHORITY, {"agency": first})])
        self.people = list(Placement.objects.current().values_list("person", "unit"))
        self.is_text = connection.vendor == "sqlite"
        self.at = connection.ops.adapt_datetimefield_value(self.now)

    def account(self, name: str, roles: list[tuple[Role, dict[str, Any]]]) -> User:
        """Make an account with these roles."""
        made = User.objects.create(username=name, full_name="Petugas Rekaan", password="!", created_at=self.now)
        for role, place in roles:
            RoleGrant.objects.create(user=made, role=role, from_at=self.now - timedelta(days=1), **place)
        return made

    def told(self, day: date) -> Any:
        """Return a day as the database stores it."""
        return day.isoformat() if self.is_text else day

    def one_of(self, some: list[Any]) -> Any:
        """Return the first of some more often than the others: bodies and agencies differ in size."""
        return some[0] if self.chance.random() < _MOST_OF_ONE else self.chance.choice(some)

    def fill(self, count: int) -> None:
        """Write so many cases."""
        for start in range(0, count, _AT_ONCE):
            with transaction.atomic():
                self.some(min(_AT_ONCE, count - start), start)

    def some(self, n: int, start: int) -> None:
        """Write some cases, each with a respondent, the last step, its clock and how it came to the national body."""
        chance = self.chance
        cases, respondents, steps = ([random_key() for _ in range(n)] for _ in range(3))
        states = [chance.choice(_STATES) for _ in range(n)]
        bodies = [self.one_of(self.bodies).pk for _ in range(n)]
        handlers = [None if state in _BEFORE else self.bkn.pk for state in states]
        agencies = [self.one_of(self.agencies).pk for _ in range(n)]
        tracks = [chance.choice(_TRACKS) for _ in range(n)]
        opened = [self.told(self.today - timedelta(days=chance.randrange(120))) for _ in range(n)]
        numbers = [f"{start + each:06}/Reg/LP/{chance.choice(('PB', 'PW'))}/2024" for each in range(n)]
        entry = ledger.append("case.clocks_run", {"bench": start}, now=self.now)
        masses.insert(Case, {
            "id": cases, "body_id": bodies, "handler_id": handlers, "agency_id": agencies, "number": numbers, "regime": ["pilkada"] * n,
            "track": tracks, "procedure": [f"pilkada-{track}-2021" for track in tracks], "rulebook_digest": [rules.book().digest] * n,
            "opened_on": opened, "opened_at": [self.at] * n, "opened_by_id": [self.user.pk] * n,
        })  # fmt: skip
        placed = [chance.choice(self.people) for _ in range(n)]
        masses.insert(CaseRespondent, {
            "id": respondents, "case_id": cases, "person_id": [person for person, _unit in placed],
            "unit_id": [unit for _person, unit in placed], "agency_id": agencies,
            "body_id": [handler or body for handler, body in zip(handlers, bodies, strict=True)], "regime": ["pilkada"] * n,
            "track": tracks, "state": states, "state_on": opened, "outcome": [_ENDS.get(state, "open") for state in states],
            "stage": [0] * n, "employment": ["pns"] * n,
            **{name: [""] * n for name in ("described", "post", "post_level", "outcome_reason")},
        })  # fmt: skip
        masses.insert(CaseStep, {
            "id": steps, "case_id": cases, "respondent_id": respondents,
            "step": ["recommend" if state in _AT_AGENCY else "other" for state in states], "from_state": [""] * n, "to_state": states,
            "at": [self.at] * n, "on": opened, "facts": ["{}"] * n, "entry_id": [entry.pk] * n,
            **{name: [""] * n for name in ("role", "capacity", "document_digest")},
        })  # fmt: skip
        self.clocks([each for each in zip(cases, respondents, steps, states, strict=True) if each[3] not in _ENDS])
        self.referrals([each for each in zip(cases, bodies, states, strict=True) if each[2] not in _BEFORE])
        self.officers(cases)

    def clocks(self, rows: list[Any]) -> None:
        """Let a target run for each that has not ended; one in twenty-five has none."""
        rows = [each for each in rows if self.chance.random() > 0.04]
        n = len(rows)
        due = [self.today + timedelta(days=self.chance.randrange(-30, 60)) for _ in rows]

        def days(shift: int) -> list[Any]:
            return [self.told(day + timedelta(days=shift)) for day in due]

        masses.insert(CaseClock, {
            "id": [random_key() for _ in rows], "case_id": [each[0] for each in rows], "respondent_id": [each[1] for each in rows],
            "started_by_id": [each[2] for each in rows], "kind": ["target"] * n, "term": ["target-examine"] * n,
            "owner": ["examiner"] * n, "count": ["calendar_days"] * n, "start_on": days(-21), "due_on": days(0), "warn_on": days(-7),
            "late_on": days(1), "long_on": days(22), "next_on": days(1), "stage": [0] * n, "computation": ["{}"] * n,
            "rulebook_digest": [""] * n, "pauses": ["[]"] * n, "extensions": ["[]"] * n,
        })  # fmt: skip

    def referrals(self, rows: list[Any]) -> None:
        """Say by which act the national body got each that it handles."""
        n = len(rows)
        masses.insert(CaseReferral, {
            "id": [random_key() for _ in rows], "case_id": [each[0] for each in rows], "from_body_id": [each[1] for each in rows],
            "to_body_id": [self.bkn.pk] * n, "number": ["1"] * n, "words": ["mohon"] * n, "sent_by_id": [self.user.pk] * n,
            "sent_at": [self.at] * n, "sent_on": [self.told(self.today)] * n, "state": ["accepted"] * n, "reason": [""] * n,
        })  # fmt: skip

    def officers(self, cases: list[int]) -> None:
        """Give one case in thirty to the examiner and one in a thousand to him who works at two places; one in two thousand has a conflict."""
        given = [(each, self.examiner.pk) for each in cases[::30]] + [(each, self.both.pk) for each in cases[7::1000]]
        masses.insert(CaseOfficer, {
            "id": [random_key() for _ in given], "case_id": [case for case, _user in given], "user_id": [user for _case, user in given],
            "duty": ["examiner"] * len(given), "element": [""] * len(given), "from_at": [self.at] * len(given), "given_by_id": [self.user.pk] * len(given),
        })  # fmt: skip
        for case in cases[11::2000]:
            for user in (self.user, self.national):
                CaseConflict.objects.create(
                    case_id=case, user=user, kind="recused", why="relative", by=user, at=self.now
                )


# --- what is asked -----------------------------------------------------------------------------------------------


def asked(filler: Filler) -> list[Wanted]:
    """Return every filter alone, in each order, deep pages, and several together: dense ones and ones that match next to nothing."""
    small, name = filler.agencies[-1].pk, CaseRespondent.objects.first().person.name
    alone = [
        *(Wanted(state=state) for state in ("received", "recommended", "served", "recorded", "dismissed", "appealed")),
        *(Wanted(track=track) for track in ("discipline", "ethics", "criminal")), Wanted(late="near"), Wanted(late="late"),
        *(Wanted(owner=owner) for owner in ("me", "authority", "examiner", "supervisor")), Wanted(agency=filler.agencies[0].pk),
        Wanted(agency=small), Wanted(officer=filler.examiner.pk), Wanted(officer=filler.both.pk), Wanted(words="000123"),
        Wanted(words="S"), Wanted(words=name), Wanted(words=name.split()[-1][:3]), Wanted(words="TIDAK ADA"),
    ]  # fmt: skip
    together = [
        Wanted(track="criminal", late="late", owner="authority", agency=small), Wanted(state="proposed", track="referral", late="late"),
        Wanted(owner="examiner", officer=filler.both.pk, late="near"), Wanted(words="S", agency=small, track="ethics"),
        Wanted(state="received", words="S", late="late"), Wanted(track="referral", owner="examiner", words="A", agency=small),
    ]  # fmt: skip
    plain = [Wanted(), Wanted(page=2), Wanted(page=20)]
    found = [*plain, *alone, *together]
    return [replace(each, order=order) for each in found for order in ("clock", "age", "number")]


def naive(user: User, scope: Scope, wanted: Wanted, today: date) -> int:
    """Ask the rows themselves, as the ORM would be asked first: a page, and how many there are."""
    rows = CaseRespondent.objects.exclude(outcome="entered_wrongly").select_related("case", "person", "unit", "agency")
    if not scope.everything:
        at_agency = Exists(CaseStep.objects.filter(case=OuterRef("case"), step="recommend"))
        answered = CaseReferral.objects.filter(case=OuterRef("case"), state__in=("accepted", "returned"))
        sent = answered.filter(Q(from_body__in=scope.bodies) | Q(to_body__in=scope.bodies))
        reached = Q(case__body__in=scope.bodies) | Q(case__handler__in=scope.bodies) | Exists(sent)
        rows = rows.filter(reached | (Q(agency__in=scope.agencies) & at_agency))
    conflicts = CaseConflict.objects.filter(user=user, lifted_at=None)
    rows = rows.exclude(case__in=conflicts.values("case"))
    rows = rows.filter(state=wanted.state) if wanted.state else rows.filter(outcome="open")
    running = Q(clocks__stopped_on=None, clocks__next_on__isnull=False)
    rows = rows.annotate(first=Min("clocks__due_on", filter=running), warned=Min("clocks__warn_on", filter=running))
    if wanted.late:
        rows = (
            rows.filter(first__lt=today) if wanted.late == "late" else rows.filter(first__gte=today, warned__lte=today)
        )
    if wanted.track:
        rows = rows.filter(track=wanted.track)
    if wanted.agency:
        rows = rows.filter(agency=wanted.agency)
    if wanted.officer:
        rows = rows.filter(case__officers__user=wanted.officer, case__officers__until_at=None)
    if wanted.words:
        rows = rows.filter(Q(case__number__istartswith=wanted.words) | Q(person__name__icontains=wanted.words))
    order = {"clock": "first", "age": "case__opened_on", "number": "case__number"}[wanted.order]
    begin = (wanted.page - 1) * case_board.PAGE
    return len(rows.order_by(order, "case")[begin : begin + case_board.PAGE]) + rows.count()


def timed(ask: Callable[[], Any]) -> float:
    """Return the milliseconds that a question takes."""
    begun = time.perf_counter()
    ask()
    return 1000 * (time.perf_counter() - begun)


def scopes(filler: Filler) -> Iterator[tuple[str, User, Scope]]:
    """Return who looks at the board: the whole installation, the nation, a body, an agency, its authority, somebody at two places."""
    first = filler.agencies[0].pk
    yield "all", filler.user, Scope(everything=True)
    yield "nation", filler.national, Scope(bodies=frozenset({filler.bkn.pk}))
    yield "body", filler.user, Scope(bodies=frozenset({filler.bodies[0].pk}))
    yield "agency", filler.examiner, Scope(agencies=frozenset({first}))
    yield "authority", filler.authority, Scope(agencies=frozenset({first}))
    yield "two", filler.both, Scope(bodies=frozenset({filler.bodies[1].pk}), agencies=frozenset({first}))


def main() -> None:
    count, rounds = int(sys.argv[1]), int(sys.argv[2])
    begun = time.monotonic()
    filler = Filler()
    filler.fill(count)
    filled = time.monotonic()
    with transaction.atomic():
        made = case_lines.renew_missing()
    lined = time.monotonic()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as its own daemon does within a minute
    now, today = datetime.now(UTC), clock.today()
    took: dict[str, list[float]] = {}
    slowest, peer, beside = (0.0, ""), [], []
    for name, user, scope in scopes(filler):
        for turn in range(rounds + 1):
            for wanted in asked(filler):
                ms = timed(lambda: case_board.board(user, scope, wanted, now=now))  # noqa: B023 - asked at once
                if turn:
                    took.setdefault(name, []).append(ms)
                    slowest = max(slowest, (ms, f"{name}: {wanted}"))
        if name == "nation":  # the peer takes seconds for the plain board in each order, and minutes for some filters
            for wanted in asked(filler)[:3]:
                peer.append(timed(lambda: naive(user, scope, wanted, today)))  # noqa: B023
                beside.append(timed(lambda: case_board.board(user, scope, wanted, now=now)))  # noqa: B023
    print(json.dumps({
        "filled": filled - begun, "lines": lined - filled, "made": made, "took": took, "slowest": slowest, "peer": peer, "beside": beside,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
