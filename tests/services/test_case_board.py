"""The board of cases: what a plain filter over all rows finds, for whoever they reach and nobody else, with bounded questions."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ikrar.domain.access import Role
from ikrar.records.models import (
    Agency,
    Body,
    Case,
    CaseAllegation,
    CaseClock,
    CaseConflict,
    CaseLine,
    CaseOfficer,
    CaseReferral,
    CaseRespondent,
    CaseStep,
    CaseWord,
    Holding,
    RoleGrant,
    User,
)
from ikrar.services import (
    case_board,
    case_decisions,
    case_desk,
    case_files,
    case_lines,
    case_referrals,
    case_steps,
    cases,
    ledger,
    rules,
)
from ikrar.services.case_board import Wanted, board
from ikrar.services.case_decisions import Paper
from ikrar.services.cases import Named
from tests.conftest import make_member
from tests.services.case_cast import (
    HEARING,
    alleged,
    assessed,
    at,
    drafted,
    name_team,
    opened,
    propose,
    recommended,
    scan,
    step,
    summon,
    summoned,
    user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("travel")]
TODAY = date(2024, 10, 25)
_STATES = (
    "received",
    "registered",
    "assessed",
    "with-national",
    "recommended",
    "accepted",
    "heard",
    "proposed",
    "recorded",
    "dismissed",
)
_ENDS = {"recorded": "proven", "dismissed": "closed"}


def scope(user, now):
    return cases.accounts_scope(user, "case.view", now=now)


def keys(user, now, **wanted):
    return [each.case for each in board(user, scope(user, now), Wanted(**wanted), now=now).lines]


# --- as a plain filter over all rows -----------------------------------------------------------------------------


def _invented(who, other_city, count, now):
    """Write cases of all sorts past the services, with everything that a filter can ask for."""
    chance, gravity, first = random.Random(11), random.Random(12), Case.objects.count()
    units = [who.sari.placement.unit, other_city.units.get(parent=None), None]
    people = [who.sari.person, who.budi.person]
    bodies = [who.bawaslu, who.inspectorate]
    entry = ledger.append("case.clocks_run", {"test": 1}, now=now)
    for serial in range(count):
        body = chance.choice(bodies)
        back = chance.randrange(60)
        handler = chance.choice([None, None, who.bkn])
        made = Case.objects.create(
            body=body, handler=handler, agency=None, number=f"{first + serial:03}/Reg/{chance.choice('AB')}" if chance.random() < 0.7 else "",
            regime="pilkada", track=chance.choice(["discipline", "ethics"]), procedure="pilkada-discipline-2021",
            rulebook_digest="", opened_on=TODAY - timedelta(days=back), opened_at=now, opened_by=who.ani,
        )  # fmt: skip
        if handler:
            CaseReferral.objects.create(
                case=made, from_body=body, to_body=handler, number="1", words="x", sent_by=who.ani, sent_at=now, sent_on=TODAY,
                state="accepted",
            )  # fmt: skip
        for person in chance.sample([*people, None, None], chance.randrange(1, 4)):
            unit = chance.choice(units)
            state = chance.choice(_STATES)
            one = CaseRespondent.objects.create(
                case=made, person=person, described="" if person else f"Orang {chance.choice('ABC')}", employment="pns", unit=unit,
                agency=unit and unit.agency, body=handler or body, regime="pilkada", track=made.track, state=state, state_on=TODAY,
                outcome="entered_wrongly" if chance.random() < 0.1 else _ENDS.get(state, "open"),
            )  # fmt: skip
            taken = CaseStep.objects.create(
                case=made, respondent=one, step=chance.choice(["recommend", "other"]), at=now, on=TODAY, entry=entry
            )
            for place in "AB":
                CaseAllegation.objects.create(
                    respondent=one, act="x", on=TODAY, place=place, kind=gravity.choice(["discipline", "ethics"]),
                    level=gravity.choice(["severe", "light"]), stated_by=who.ani, stated_at=now,
                    struck_at=gravity.choice([None, None, now]),
                )  # fmt: skip
            for term in range(chance.randrange(3)):
                due = TODAY + timedelta(days=chance.randrange(-20, 20))
                CaseClock.objects.create(
                    case=made, respondent=one, kind="target", term=f"t{term}", owner="examiner", count="calendar_days",
                    start_on=due - timedelta(days=20), due_on=due, warn_on=due - timedelta(days=5), late_on=due + timedelta(days=1),
                    long_on=due + timedelta(days=11), next_on=chance.choice([due, None]), started_by=taken,
                    stopped_on=chance.choice([None, TODAY]),
                )  # fmt: skip
        if chance.random() < 0.3:
            officer = chance.choice([who.examiners[0], who.ani])
            CaseOfficer.objects.create(case=made, user=officer, duty="examiner", from_at=now, given_by=who.ani)
        if chance.random() < 0.2:
            CaseConflict.objects.create(case=made, user=who.beni, kind="recused", why="relative", by=who.beni, at=now)


def _days(respondents):
    running = [
        clock
        for each in respondents
        for clock in each.clocks.all()
        if clock.stopped_on is None and (clock.next_on or clock.stage == 3)
    ]
    never = date(9999, 12, 31)
    return tuple(min((getattr(c, day) for c in running), default=never) for day in ("due_on", "warn_on", "long_on"))


_ASIDE = {
    "national_body": ("received", "reviewing", "completing", "registered"),
    "intake_officer": ("received", "reviewing", "completing", "registered", "returned"),
}
"""From where a national body takes up a case of its own, and who only takes in reports hands one on."""


def _owner(case, state, some):
    """Return whose step is next: of the authority where every one of them is heavy and waits for a team, and where the case was
    given to none of the agency's examiners.
    """
    if state in _ENDS:
        return ""
    if state == "heard":
        standing = [
            [one for one in each.allegations.all() if not one.struck_at] for each in some if each.outcome == "open"
        ]
        heavy = [any((one.kind, one.level) == (case.track, "severe") for one in said) for said in standing]
        owner = "appointing_authority" if all(heavy) else "examiner"
    else:
        owner = case_lines.owner_of(case.procedure, state)
    if owner != "examiner" or some[0].agency_id is None:
        return owner
    given = [each.user for each in case.officers.all() if each.until_at is None and each.duty != "drafter"]
    is_given = any(grant.agency_id == some[0].agency_id for one in given for grant in one.grants.all())
    return owner if is_given else "appointing_authority"


def who_holds(user):
    return Holding.objects.filter(person=user.person_id).values_list("office", flat=True).first() or -1


def _seen(user, now):
    """Return all that somebody may see of the board, by asking every row."""
    reach, grants = scope(user, now), case_steps.accounts.grants_of(user, now=now)
    for case in Case.objects.prefetch_related("respondents__clocks", "respondents__person"):
        if case_steps.conflict(user, case):
            continue
        bodies = {case.body_id, case.handler_id} - {None}
        standing = [each for each in case.respondents.all() if each.outcome != "entered_wrongly"]
        at_agency = set(case.steps.filter(step="recommend").values_list("respondent", flat=True))
        given = set(CaseOfficer.objects.filter(case=case, until_at=None).values_list("user", flat=True))
        words = [case.number, *(each.person.name if each.person else each.described for each in standing)]
        for agency, state in {(each.agency_id, each.state) for each in standing}:
            some = [each for each in standing if (each.agency_id, each.state) == (agency, state)]
            own = [each for each in some if each.pk in at_agency and agency]
            if not (bodies & reach.bodies or (own and agency in reach.agencies)):
                continue
            due, near, long = _days(some if bodies & reach.bodies else own)
            owner = _owner(case, state, some if bodies & reach.bodies else own)
            # To read is not to act: what another body has waits for that one.
            acting = bodies if state in ("forwarded", "passed-on") else {case.handler_id or case.body_id}
            # What waits for an authority himself stands beside the respondent; the rest its staff does.
            waits = any(each.office_id == who_holds(user) for each in own)
            roles = {each.role.value for each in grants if each.body in acting or (own and each.agency == agency)}
            yield {
                "case": case, "agency": agency, "state": state, "due": due, "near": near, "long": long, "owner": owner, "given": given,
                "mine": (owner in roles - {"appointing_authority"} and (owner != "examiner" or user.pk in given))
                or (waits and "appointing_authority" in roles)
                or any(state in _ASIDE.get(g.role.value, ()) for g in grants if g.body == (case.handler_id or case.body_id)),
                "starts": [" ".join(w.upper().split()[n:]) for w in words for n in range(len(w.split()))],
            }  # fmt: skip


def _plain(seen, wanted):
    """Return what the board must show of it, in its order."""
    found = []
    owner = {"authority": "appointing_authority"}.get(wanted.owner, wanted.owner)
    for each in seen:
        fits = [
            each["state"] == wanted.state if wanted.state else each["state"] not in _ENDS,
            not wanted.track or each["case"].track == wanted.track,
            wanted.late != "late" or each["due"] < TODAY,
            wanted.late != "long" or each["long"] <= TODAY,
            wanted.late != "near" or (each["due"] >= TODAY and each["near"] <= TODAY),
            wanted.agency in (None, each["agency"]),
            wanted.officer is None or wanted.officer in each["given"],
            owner in ("", "me", each["owner"]),
            owner != "me" or each["mine"],
            not wanted.words or any(start.startswith(wanted.words.upper()) for start in each["starts"]),
        ]
        if all(fits):
            order = {"clock": each["due"], "age": each["case"].opened_on, "number": each["case"].number}[wanted.order]
            found.append((order, each["case"].pk, each["agency"] or 0, each["state"]))
    return sorted(found)


def _some_wanted(chance, who, city, other_city):
    return Wanted(
        state=chance.choice(["", "", *_STATES]), track=chance.choice(["", "", "ethics"]), late=chance.choice(["", "near", "late", "long"]),
        owner=chance.choice(["", "", "me", "authority", "examiner", "supervisor_body"]),
        agency=chance.choice([None, None, city.pk, other_city.pk]), officer=chance.choice([None, None, who.ani.pk, who.examiners[0].pk]),
        words=chance.choice(["", "", "0", "01", "sari", "orang a", "B", "%", "_"]), order=chance.choice(["clock", "age", "number"]),
    )  # fmt: skip


def test_a_board_shows_what_a_plain_filter_over_all_rows_finds(who, city, other_city, now):
    _invented(who, other_city, 60, now)
    case_lines.renew_missing()
    CaseRespondent.objects.filter(agency=city, state__in=("recommended", "heard")).update(office=who.office)
    chance = random.Random(5)
    both = user("Rangkap", Role.SUPERVISOR_BODY, now, body=who.bawaslu)
    for role, place in ((Role.INTAKE_OFFICER, {"body": who.inspectorate}), (Role.EXAMINER, {"agency": city})):
        both.grants.create(role=role, from_at=now - timedelta(days=1), **place)
    sari = who.sari.user
    sari.grants.create(role=Role.SUPERVISOR_BODY, body=who.bawaslu, from_at=now - timedelta(days=1))
    for reader in (who.ani, who.beni, who.bkn_officer, who.examiners[0], who.mayor.user, who.stranger, both, sari):
        seen = list(_seen(reader, now))
        for wanted in [Wanted(), *(_some_wanted(chance, who, city, other_city) for _ in range(40))]:
            expected = _plain(seen, wanted)
            shown = []
            page = board(reader, scope(reader, now), wanted, now=now)
            for number in range(1, page.pages + 1):
                shown += board(reader, scope(reader, now), replace(wanted, page=number), now=now).lines
            assert page.total == len(expected), (reader.username, wanted)
            assert sorted((each.case, each.state) for each in shown) == sorted((each[1], each[3]) for each in expected)
            assert [each.case for each in shown] == [each[1] for each in expected]
        counted = Counter(each["state"] for each in seen)
        assert page.counts == counted


# --- kept by the acts --------------------------------------------------------------------------------------------


def _all_lines():
    names = (
        "case",
        "reader",
        "agency",
        "state",
        "ended",
        "track",
        "number",
        "opened_on",
        "owner",
        "due_on",
        "near_on",
        "long_on",
    )
    return sorted(map(str, CaseLine.objects.values_list(*names))), sorted(
        map(str, CaseWord.objects.values_list("case", "word"))
    )


def _are_as_made_anew():
    kept = _all_lines()
    CaseLine.objects.all().delete()
    CaseWord.objects.all().delete()
    case_lines.renew_missing()
    assert kept == _all_lines()


def test_every_act_leaves_the_lines_as_they_would_be_made_anew(who, now, travel):
    case = opened(who, now)
    _are_as_made_anew()
    cases.give_number(case, "007/Reg", by=who.ani, now=now)
    cases.add_respondent(case, Named(person=who.budi.person, allegations=(alleged(),)), by=who.ani, now=now)
    _are_as_made_anew()
    step(case, "pilkada-review", "received", who.ani, now)
    cases.strike_respondent(case.respondents.get(person=who.budi.person), reason="orang lain", by=who.ani, now=now)
    _are_as_made_anew()
    assert not keys(who.ani, now, words="budi") and keys(who.ani, now, words="007") == [case.pk]
    decision = drafted(who, now, travel)
    _are_as_made_anew()
    assert decision.respondent.case_id in keys(who.ani, now)


def _heard(who, now, travel):
    case = summoned(who, now)
    travel.move_to(at(HEARING))
    step(case, "hear", "summoned", who.examiners[0], at(HEARING), **{"hearing-record": "bap"})
    return case


def _owner_shown(user, now):
    return [line.owner for line in board(user, scope(user, now), Wanted(), now=now).lines]


def test_where_a_severe_penalty_threatens_the_authority_has_the_next_step_until_the_team_stands(who, now, travel):
    case, now = _heard(who, now, travel), at(HEARING)
    assert _owner_shown(who.mayor.user, now) == ["appointing_authority"]
    assert keys(who.bkn_officer, now, owner="authority") == [case.pk] and not keys(who.ani, now, owner="examiner")
    assert keys(who.mayor.user, now, owner="me") == [case.pk] and not keys(who.examiners[0], now, owner="me")
    _are_as_made_anew()
    step(case, "form-team", "heard", who.mayor.user, now, **{"team-order": "SK 5"})
    assert _owner_shown(who.mayor.user, now) == ["examiner"]
    assert keys(who.examiners[0], now, owner="me") == [case.pk] and not keys(who.mayor.user, now, owner="me")


def test_whose_step_is_next_follows_what_is_alleged(who, now, travel):
    case, now = _heard(who, now, travel), at(HEARING)
    light = replace(alleged(), act="pp94-3f-integrity-fallback")
    case_files.state_allegation(case.respondents.get(), light, by=who.examiners[0], now=now)
    severe = case.respondents.get().allegations.get(level="severe")
    assert case.respondents.get().office == who.office
    case_files.strike_allegation(severe, reason="salah pasal", by=who.examiners[0], now=now)
    assert _owner_shown(who.mayor.user, now) == ["examiner"] and case.respondents.get().office is None
    _are_as_made_anew()
    case_files.state_allegation(case.respondents.get(), alleged("Balai"), by=who.examiners[0], now=now)
    assert _owner_shown(who.mayor.user, now) == ["appointing_authority"] and case.respondents.get().office == who.office
    _are_as_made_anew()


def test_a_case_that_was_handed_over_stays_on_the_board_of_whoever_sent_it(who, now):
    case = assessed(who, now)
    sent = case_referrals.send(case, who.bkn, number="1", words="mohon", was="assessed", by=who.ani, now=now)
    assert not keys(who.bkn_officer, now)  # it is theirs when they accept it
    case_referrals.accept(sent, was="forwarded", by=who.bkn_officer, now=now)
    assert keys(who.bkn_officer, now) == keys(who.ani, now) == [case.pk]
    assert [line.owner for line in board(who.ani, scope(who.ani, now), Wanted(), now=now).lines] == [Role.NATIONAL_BODY]
    _are_as_made_anew()


def test_an_agency_has_no_line_of_a_case_before_it_was_recommended(who, now):
    case = assessed(who, now)
    assert not keys(who.drafter, now)
    other = recommended(who, now, person=who.budi.person)
    assert keys(who.drafter, now) == [other.pk]
    assert not keys(who.stranger, now) and case.pk in keys(who.ani, now)


def test_whoever_has_no_part_in_a_case_sees_no_line_and_no_count_of_it(who, now, morning):
    case = opened(who, now)
    other = opened(who, now, person=who.budi.person)
    assert set(keys(who.beni, now)) == {case.pk, other.pk}
    case_files.recuse(case, why="relative", by=who.beni, now=now)
    page = board(who.beni, scope(who.beni, now), Wanted(), now=now)
    assert [each.case for each in page.lines] == [other.pk]
    assert (page.total, page.counts) == (1, {"received": 1})
    assert not keys(who.beni, now, words="sari")
    sari = who.sari.user
    sari.grants.create(role=Role.SUPERVISOR_BODY, body=who.bawaslu, from_at=morning)
    assert keys(sari, now) == [other.pk]


def test_the_filters_offer_the_agencies_of_ones_own_open_lines_and_the_officers_of_ones_own_side(who, other_city, now):
    mine = recommended(who, now)
    elsewhere = make_member(
        other_city.units.get(parent=None), "198203032008012003", "Tuti Rekaan", sex="f", post="Analis"
    )
    other = opened(who, now, person=elsewhere.person)
    ended = opened(who, now, person=who.budi.person)
    step(ended, "pilkada-review", "received", who.ani, now)
    step(ended, "pilkada-dismiss", "reviewing", who.ani, now, reason="bukan pelanggaran")
    case_files.assign(mine, who.examiners[0], "examiner", by=who.mayor.user, now=now)
    case_files.assign(other, who.beni, "examiner", by=who.ani, now=now)

    def offered(user):
        found = case_board.agencies_in(user, scope(user, now), now=now)
        return [each.pk for each in found], case_board.officers_in(scope(user, now), now=now)

    city = mine.respondents.get().agency_id
    assert offered(who.ani) == (sorted([city, other_city.pk], key=_name_of), [who.beni])
    assert offered(who.bkn_officer) == ([city], [])
    assert offered(who.examiners[0]) == ([], [who.examiners[0]])  # it is his agency alone
    assert offered(who.stranger) == ([], [])
    case_files.state_conflict(other, why="relative", user=who.ani, by=who.beni, now=now)
    assert offered(who.ani) == ([city], [who.beni])  # where he has no part he reads of no agency either


def _name_of(agency):
    return Agency.objects.get(pk=agency).name


def test_a_line_grows_late_by_its_days_without_any_night(who, now, travel):
    case = opened(who, now)
    step(case, "pilkada-review", "received", who.ani, now)
    due = case.respondents.get().due_on

    def lateness(day):
        travel.move_to(datetime(day.year, day.month, day.day, 5, tzinfo=UTC))
        (line,) = board(who.ani, scope(who.ani, now), Wanted(), now=now).lines
        return line.lateness, keys(who.ani, now, late="near"), keys(who.ani, now, late="late")

    assert lateness(due) == ("near", [case.pk], [])
    assert lateness(due + timedelta(days=1)) == ("late", [], [case.pk])
    assert lateness(due + timedelta(days=60)) == ("long", [], [case.pk])


# --- addresses, bounds -------------------------------------------------------------------------------------------


def test_a_board_asks_the_same_few_questions_however_long_it_is(who, other_city, now):
    reach = scope(who.ani, now)
    asked = []
    for count in (5, 40):
        _invented(who, other_city, count, now)
        case_lines.renew_missing()
        with CaptureQueriesContext(connection) as queries:
            board(who.ani, reach, Wanted(), now=now)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 12


def test_more_than_can_be_turned_is_said_to_be_more(who, now, monkeypatch):
    monkeypatch.setattr(case_board, "MOST", 2)
    monkeypatch.setattr(case_board, "PAGE", 1)
    for person in (who.sari.person, who.budi.person, None):
        named = Named(person=person, described="" if person else "Orang luar", employment="" if person else "tni")
        cases.register([], who.bawaslu, [named], regime="pilkada", track="discipline", by=who.ani, now=now)
    page = board(who.ani, scope(who.ani, now), Wanted(page=9), now=now)
    assert (page.total, page.page, page.pages, page.is_bounded, page.counts) == (2, 2, 2, True, {"received": 2})
    assert len(page.lines) == 1


def test_the_owners_of_all_states_are_roles_or_none():
    for procedure in rules.book().procedures.values():
        for state, what in procedure.states.items():
            owner = case_lines.owner_of(procedure.id, state)
            reached = any(state in each.from_states for each in procedure.steps.values())
            assert bool(owner) == (reached and not what.outcome), (procedure.id, state)
    assert User.objects.count() == 0 and Body.objects.count() == 0


# --- what waits for an authority ---------------------------------------------------------------------------------


def _agree(users, at_):
    """See that the board calls theirs what stands on their desks; return what is to be done, by the first letters of each."""
    told = {}
    for name, one in users.items():
        on_desk = case_desk.desk(one, now=at_).lines
        on_board = board(one, scope(one, at_), Wanted(owner="me"), now=at_).lines
        assert [(each.key, each.state) for each in on_board] == [(each.key, each.state) for each in on_desk], name
        told[name] = [each.act for each in on_desk]
    return told


@pytest.mark.parametrize("has_staff", [True, False])
def test_desk_and_board_of_an_authority_and_of_its_staff_agree_at_every_step(who, now, travel, has_staff):
    users = {"head": who.mayor.user} | ({"staff": who.drafter} if has_staff else {})

    def agree(at_=None):
        at_ = at_ or at(HEARING)
        staff = RoleGrant.objects.filter(role=Role.DRAFTER)
        if not has_staff:
            staff.update(until_at=at_)
        found = _agree(users, at_)
        staff.update(until_at=None)
        return [found["head"], found.get("staff", [])]

    def own(act):
        return [[], [act]] if has_staff else [[act], []]

    case = recommended(who, now)
    assert agree(now) == [["accept"], []]
    step(case, "authority-accept", "recommended", who.mayor.user, now)
    assert agree(now) == [["assign"], []]
    name_team(case, who, now)
    assert agree(now) == [[], []]
    summon(case, who, now, HEARING)
    travel.move_to(at(HEARING))
    step(case, "hear", "summoned", who.examiners[0], at(HEARING), **{"hearing-record": "berita acara"})
    assert agree() == [["team"], []]
    step(case, "form-team", "heard", who.mayor.user, at(HEARING), **{"team-order": "SK 5/2024"})
    propose(case, who, "team")
    assert agree() == [[], ["draft"] * has_staff]
    values = {"sanction": "severe-dismissal-honourable", "departure_reason": "berulang", "grounds": "terbukti"}
    draft = case_decisions.draft(case.respondents.get(), **values, by=who.drafter, now=at(HEARING))
    assert agree() == [[], ["await_confirm"] * has_staff]
    case_decisions.confirm(draft, by=who.lawyer, now=at(HEARING))
    assert agree() == [["sign"], ["record"] * has_staff]
    paper = Paper("800/1", HEARING, who.mayor.person, scan(7, at(HEARING)))
    told = {"by": who.drafter, "now": at(HEARING)}
    decided = case_decisions.record_signed(draft, paper, was="proposed", **told)
    assert agree() == [[], ["serve"] * has_staff]
    case_decisions.serve(decided, was="decided", served_on=HEARING, received_on=HEARING, **told)
    assert agree() == [[], []]
    step(case, "appeal", "served", who.mayor.user, at(HEARING), appeal=HEARING)
    assert agree() == own("answer_appeal")
    step(case, "answer-appeal", "appealed", who.mayor.user, at(HEARING), **{"appeal-response": "800/2"})
    assert agree() == own("appeal_outcome")
    paper = Paper("7/BPASN", HEARING, None, scan(8, at(HEARING)), signer_name="Ketua Rekaan")
    told |= {"outcome": "lightened", "sanction": "light-oral", "grounds": "ringan", "was": "appealed"}
    made = case_decisions.settle(decided, paper, **told)
    assert agree() == own("await_confirm")
    case_decisions.confirm(made, by=who.lawyer, now=at(HEARING))
    assert agree() == own("execute")
    step(case, "execute", "effective", who.mayor.user, at(HEARING), **{"execution-record": "SK 9"})
    assert agree() == [[], []]
