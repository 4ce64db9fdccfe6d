"""Accounts: a code opens an account once, nobody learns who exists, every reset is seen, and roles reach what they say."""

import json
import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import identify_hasher
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ikrar.domain import codes
from ikrar.domain.access import GIVEN_OVER, NEVER_GIVEN, Grant, Over, Resetter, Role
from ikrar.domain.errors import (
    AccountUnknown,
    LastAdministrator,
    ReasonMissing,
    ResetNotYours,
    ResetOfOneself,
    RoleAlreadyHeld,
    RoleNotGiven,
    RoleScopeWrong,
    SecondStepStands,
    SignInRefused,
    TooManyGuesses,
)
from ikrar.records.models import (
    AccessCode,
    Body,
    CredentialEvent,
    LogEntry,
    LogPayload,
    Person,
    Placement,
    RoleGrant,
    Throttle,
    User,
)
from ikrar.services import accounts, freshness, ledger
from tests.conftest import MORNING, NOW, TODAY, make_member

pytestmark = pytest.mark.django_db

PASSWORD = "hujan turun di Ngarai"
SARI = "198503152010012001"
NOBODY = "199912312020121001"
NEW_CODE = "0123-4567-89AB"


@pytest.fixture(autouse=True)
def nobody_yet(monkeypatch):
    """The hash that stands for nobody's is made anew under the hasher of these tests."""
    monkeypatch.setattr(accounts, "_dummy_hash", "")


def logged(event=None):
    entries = [json.loads(bytes(payload.payload)) for payload in LogPayload.objects.all()]
    return [entry["data"] for entry in entries if event in (None, entry["event"])]


def issued(*members, now=NOW, by=None):
    return accounts.issue_codes([member.placement for member in members], by=by, now=now)


def code_of(member, now=NOW, by=None):
    (slip,) = issued(member, now=now, by=by)
    return slip.code


def opened(member, password=PASSWORD):
    """Let one of the cast open the account."""
    user = accounts.activate(accounts.by_code(member.user.username, code_of(member), now=NOW).pk, password, now=NOW)
    assert user.pk == member.user.pk
    return user


def refused(act):
    with pytest.raises(SignInRefused) as caught:
        act()
    return type(caught.value), caught.value.code, str(caught.value), repr(caught.value.details())


# --- codes -------------------------------------------------------------------------------------------------------


def test_a_code_opens_the_account_once(cast):
    code = code_of(cast.sari)
    found = accounts.by_code(SARI, code, now=NOW)
    assert found.user == cast.sari.user
    user = accounts.activate(found.pk, PASSWORD, now=NOW)
    assert accounts.by_password(SARI, PASSWORD, now=NOW) == user
    refused(lambda: accounts.by_code(SARI, code, now=NOW))
    refused(lambda: accounts.activate(found.pk, "kata sandi pencuri", now=NOW))
    assert accounts.by_password(SARI, PASSWORD, now=NOW) == user


def test_looking_at_a_code_does_not_use_it_up(cast):
    code = code_of(cast.sari)
    assert accounts.by_code(SARI, code, now=NOW) == accounts.by_code(SARI, code, now=NOW)


def test_of_two_tabs_that_activate_at_once_one_wins(cast):
    code = code_of(cast.sari)
    first, second = accounts.by_code(SARI, code, now=NOW), accounts.by_code(SARI, code, now=NOW)
    accounts.activate(first.pk, PASSWORD, now=NOW)
    refused(lambda: accounts.activate(second.pk, "kata sandi lain", now=NOW))
    assert accounts.by_password(SARI, PASSWORD, now=NOW)
    assert [event.kind for event in CredentialEvent.objects.filter(user=cast.sari.user).order_by("pk")] == [
        "code_issued", "code_used", "password_set",
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}-", "{}\n"])
def test_a_code_is_taken_however_it_is_typed(cast, typed):
    code = code_of(cast.sari)
    for text in (codes.grouped(code), code.lower(), codes.grouped(code).replace("-", " ").lower()):
        assert accounts.by_code(f"{SARI[:8]} {SARI[8:14]} {SARI[14:]}", typed.format(text), now=NOW)


def test_a_code_ends_on_its_day(cast, settings):
    code = code_of(cast.sari)
    ends = NOW + timedelta(days=settings.CODE_LIFE_DAYS)
    found = accounts.by_code(SARI, code, now=ends - timedelta(seconds=1))
    refused(lambda: accounts.by_code(SARI, code, now=ends))
    refused(lambda: accounts.activate(found.pk, PASSWORD, now=ends))
    assert not User.objects.get(pk=cast.sari.user.pk).has_usable_password()


def test_the_code_of_another_opens_nothing(cast):
    sari, budi = (slip.code for slip in issued(cast.sari, cast.budi))
    refused(lambda: accounts.by_code(SARI, budi, now=NOW))
    refused(lambda: accounts.by_code(cast.budi.user.username, sari, now=NOW))
    assert accounts.by_code(SARI, sari, now=NOW)


def test_a_code_of_an_account_that_was_closed_opens_nothing(cast):
    code = code_of(cast.sari)
    User.objects.filter(pk=cast.sari.user.pk).update(is_active=False)
    refused(lambda: accounts.by_code(SARI, code, now=NOW))


def test_an_account_closed_between_the_code_and_the_password_stays_closed(cast):
    found = accounts.by_code(SARI, code_of(cast.sari), now=NOW)
    User.objects.filter(pk=cast.sari.user.pk).update(is_active=False)
    refused(lambda: accounts.activate(found.pk, PASSWORD, now=NOW))


def test_no_code_stands_in_the_database_or_the_log(cast):
    code = code_of(cast.sari)
    kept = [str(row) for model in (AccessCode, CredentialEvent, User, Throttle) for row in model.objects.values_list()]
    kept += [bytes(payload.payload).decode() for payload in LogPayload.objects.all()]
    assert not [row for row in kept if code in row or codes.grouped(code) in row]
    assert not [row for row in kept if SARI in row and "ogentry" in row]


def test_the_digest_of_a_code_is_keyed_by_the_installation(cast, settings):
    code = code_of(cast.sari)
    settings.SECRET_KEY = "another installation"
    refused(lambda: accounts.by_code(SARI, code, now=NOW))


# --- slips of a unit ---------------------------------------------------------------------------------------------


def test_slips_are_made_for_a_whole_unit_with_an_account_for_whoever_lacks_one(city, cast):
    school = city.units.get(code="SMPN-3")
    person = Person.objects.create(
        identifier_type="none", identifier="13.75|SMPN-3|ALI ANDAIKAN|1990-02-01", name="Ali Andaikan"
    )
    Placement.objects.create(person=person, unit=school, employment="contract", from_on=TODAY)
    slips = accounts.issue_codes(Placement.objects.current().of_unit(school), by=cast.rina.user, now=NOW)
    assert {slip.person.name for slip in slips} == {"Sari Contohwati", "Budi Misalkan", "Ali Andaikan"}
    assert len({slip.code for slip in slips}) == 3
    for slip in slips:
        user = User.objects.get(person=slip.person)
        assert (slip.user, slip.unit) == (user.pk, "SMPN 3 Bukittinggi")
        assert accounts.by_code(user.username, slip.code, now=NOW).user == user
    assert User.objects.get(person=person).username == f"IK{person.pk:06d}"
    assert sorted(data["user"] for data in logged("code.issued")) == sorted(slip.user for slip in slips)
    assert {data["by"] for data in logged()} == {cast.rina.user.pk}


def test_a_new_code_withdraws_the_old_one_and_its_owner_sees_who_asked_for_it(cast):
    old = code_of(cast.sari, by=None)
    seen = accounts.by_code(SARI, old, now=NOW)
    later = NOW + timedelta(hours=1)
    new = code_of(cast.sari, now=later, by=cast.rina.user)
    refused(lambda: accounts.by_code(SARI, old, now=later))
    refused(lambda: accounts.activate(seen.pk, PASSWORD, now=later))
    assert accounts.by_code(SARI, new, now=later)
    events = CredentialEvent.objects.filter(user=cast.sari.user, kind="code_issued")
    assert [(event.at, event.by) for event in events] == [(later, cast.rina.user), (NOW, None)]
    assert AccessCode.objects.get(pk=seen.pk).withdrawn_at == later
    mine = [data for data in logged("code.issued") if data["user"] == cast.sari.user.pk]
    assert sorted(str(data["by"]) for data in mine) == sorted(["None", str(cast.rina.user.pk)])


def test_a_new_code_after_the_password_was_set_is_seen_and_the_password_stays_until_it_is_used(cast):
    opened(cast.sari)
    code = code_of(cast.sari, by=cast.rina.user)
    assert accounts.by_password(SARI, PASSWORD, now=NOW)
    accounts.activate(accounts.by_code(SARI, code, now=NOW).pk, "kata sandi kedua", now=NOW)
    refused(lambda: accounts.by_password(SARI, PASSWORD, now=NOW))
    kinds = CredentialEvent.objects.filter(user=cast.sari.user).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["code_issued", "code_used", "password_set"] * 2


def test_issuing_for_nobody_does_nothing(db):
    assert accounts.issue_codes([], by=None, now=NOW) == [] and not LogEntry.objects.exists()


def test_slips_are_written_whole_or_not_at_all(cast, monkeypatch):
    old = code_of(cast.sari)
    before = list(AccessCode.objects.values())
    monkeypatch.setattr(ledger, "append_many", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        issued(cast.sari, cast.budi)
    assert list(AccessCode.objects.values()) == before
    assert accounts.by_code(SARI, old, now=NOW)


def test_an_outside_officer_gets_an_account_and_a_first_code(cast):
    user, code = accounts.create_outside_account(username=" bawaslu.bkt ", full_name="Dewi", by=cast.rina.user, now=NOW)
    assert (user.username, user.person, user.has_usable_password()) == ("BAWASLU.BKT", None, False)
    accounts.activate(accounts.by_code("bawaslu.bkt", code, now=NOW).pk, PASSWORD, now=NOW)
    assert accounts.by_password("Bawaslu.BKT", PASSWORD, now=NOW) == user


# --- nobody learns who exists ------------------------------------------------------------------------------------

WAYS = {
    "by password": lambda name: accounts.by_password(name, "salah sekali", now=NOW),
    "by code": lambda name: accounts.by_code(name, NEW_CODE, now=NOW),
}


@pytest.fixture
def hashing(monkeypatch):
    """Every password that is checked, with the hash it was checked against."""
    checked, real = [], accounts.check_password

    def counting(password, encoded, *more, **named):
        checked.append(encoded)
        return real(password, encoded, *more, **named)

    monkeypatch.setattr(accounts, "check_password", counting)
    return checked


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_name_that_nobody_bears_gets_the_same_answer_after_the_same_work(cast, hashing, way):
    opened(cast.sari)
    code_of(cast.budi)
    User.objects.filter(pk=cast.rina.user.pk).update(is_active=False)
    known = {
        "with a password": SARI, "with a code only": cast.budi.user.username, "closed": cast.rina.user.username,
        "with neither": cast.tono.user.username,
    }  # fmt: skip
    accounts._hash_of_nobody()

    def work(name):
        hashing.clear()
        Throttle.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            answer = refused(lambda: way(name))
        steps = [(query["sql"].split()[0], re.findall(r'"(records_\w+)"', query["sql"])[:1]) for query in queries]
        # What a guess against the same hasher costs is what tells two names apart; the hash itself is not seen.
        costs = [(identify_hasher(encoded).algorithm, len(encoded.split("$"))) for encoded in hashing]
        return answer, steps, costs

    nobody = work(NOBODY)
    assert len(nobody[2]) == (1 if way is WAYS["by password"] else 0)
    for what, name in known.items():
        assert work(name) == nobody, what


def test_the_hash_that_stands_for_nobodys_costs_what_a_real_one_costs(cast, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    opened(cast.sari)
    real = identify_hasher(accounts._hash_of_nobody()).decode(accounts._hash_of_nobody())
    mine = identify_hasher(accounts._hash_of_nobody()).decode(User.objects.get(pk=cast.sari.user.pk).password)
    assert (real["algorithm"], real["iterations"]) == (mine["algorithm"], mine["iterations"])
    assert real["iterations"] >= 600_000


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_an_account_that_is_locked_gives_the_same_answer_as_one_that_nobody_bears(cast, hashing, way):
    opened(cast.sari)
    answers = {refused(lambda name=name: way(name)) for name in [SARI, NOBODY] * (accounts.FAILURES_ALLOWED + 2)}
    assert len(answers) == 1


@pytest.mark.parametrize("password", ["", "!", "pbkdf2_sha256$nobody", "\x00", "x" * 5000])
def test_no_password_opens_an_account_that_never_had_one(cast, password):
    refused(lambda: accounts.by_password(SARI, password, now=NOW))
    refused(lambda: accounts.by_password(NOBODY, password, now=NOW))


def test_the_password_of_a_closed_account_opens_nothing(cast):
    opened(cast.sari)
    User.objects.filter(pk=cast.sari.user.pk).update(is_active=False)
    refused(lambda: accounts.by_password(SARI, PASSWORD, now=NOW))


# --- guessing ----------------------------------------------------------------------------------------------------


def test_after_ten_wrong_passwords_the_right_one_is_refused_with_the_same_answer(cast):
    opened(cast.sari)
    answers = [refused(lambda: accounts.by_password(SARI, "salah", now=NOW)) for _ in range(accounts.FAILURES_ALLOWED)]
    assert accounts.FAILURES_ALLOWED == 10
    answers.append(refused(lambda: accounts.by_password(SARI, PASSWORD, now=NOW)))
    assert len(set(answers)) == 1
    still = NOW + accounts.WINDOW - timedelta(seconds=1)
    refused(lambda: accounts.by_password(SARI, PASSWORD, now=still))
    assert accounts.by_password(SARI, PASSWORD, now=NOW + accounts.WINDOW + timedelta(seconds=1))


def test_nine_wrong_passwords_and_the_right_one_are_forgiven(cast):
    opened(cast.sari)
    for _ in range(3):
        for _ in range(accounts.FAILURES_ALLOWED - 1):
            refused(lambda: accounts.by_password(SARI, "salah", now=NOW))
        assert accounts.by_password(SARI, PASSWORD, now=NOW)
    assert not Throttle.objects.exists()


def test_whoever_guesses_at_one_account_locks_no_other(cast):
    """A school of seventy signs in from one address: nothing is counted by it."""
    opened(cast.sari)
    opened(cast.budi)
    for _ in range(accounts.FAILURES_ALLOWED + 5):
        refused(lambda: accounts.by_password(SARI, "salah", now=NOW))
    assert accounts.by_password(cast.budi.user.username, PASSWORD, now=NOW)
    assert accounts.by_code(cast.rina.user.username, code_of(cast.rina), now=NOW)


def test_wrong_codes_count_for_the_account(cast):
    code = code_of(cast.sari)
    for number in range(accounts.FAILURES_ALLOWED):
        refused(lambda number=number: accounts.by_code(SARI, f"0000-0000-{number:04}", now=NOW))
    answer = refused(lambda: accounts.by_code(SARI, code, now=NOW))
    assert answer == refused(lambda: accounts.by_code(NOBODY, code, now=NOW))
    assert AccessCode.objects.get(user=cast.sari.user, used_at=None).failures == accounts.FAILURES_ALLOWED
    assert accounts.by_code(SARI, code, now=NOW + accounts.WINDOW + timedelta(seconds=1))


def test_wrong_codes_and_wrong_passwords_count_together(cast):
    opened(cast.sari)
    for number in range(accounts.FAILURES_ALLOWED // 2):
        refused(lambda number=number: accounts.by_code(SARI, f"0000-0000-{number:04}", now=NOW))
        refused(lambda: accounts.by_password(SARI, "salah", now=NOW))
    refused(lambda: accounts.by_password(SARI, PASSWORD, now=NOW))


def test_one_code_tried_on_many_accounts_is_counted_for_the_code(cast):
    (slip,) = issued(cast.sari)
    for number in range(accounts.FAILURES_ALLOWED):
        name = f"1985031520100120{number + 10}"
        refused(lambda name=name: accounts.by_code(name, codes.grouped(slip.code).lower(), now=NOW))
    refused(lambda: accounts.by_code(SARI, slip.code, now=NOW))
    other = code_of(cast.budi)
    assert accounts.by_code(cast.budi.user.username, other, now=NOW)


def test_the_same_name_typed_in_other_ways_is_one_account(cast):
    opened(cast.sari)
    for number in range(accounts.FAILURES_ALLOWED):
        name = [SARI, f" {SARI}", f"{SARI[:8]} {SARI[8:]}", f"'{SARI}", f"{SARI}.0"][number % 5]
        refused(lambda name=name: accounts.by_password(name, "salah", now=NOW))
    refused(lambda: accounts.by_password(SARI, PASSWORD, now=NOW))


def test_names_and_codes_that_were_tried_are_not_kept_in_clear(cast):
    refused(lambda: accounts.by_password(NOBODY, "salah", now=NOW))
    refused(lambda: accounts.by_code(NOBODY, NEW_CODE, now=NOW))
    kept = " ".join(Throttle.objects.values_list("key", flat=True))
    assert Throttle.objects.count() == 2 and NOBODY not in kept and codes.tidy(NEW_CODE) not in kept


def test_failures_are_forgotten_when_their_window_is_over_and_not_before(cast):
    refused(lambda: accounts.by_password(SARI, "salah", now=NOW))
    assert accounts.forget_old_failures(NOW + accounts.WINDOW) == 0
    assert accounts.forget_old_failures(NOW + accounts.WINDOW + timedelta(seconds=1)) == 1
    assert not Throttle.objects.exists()


@pytest.mark.parametrize("text", ["", " ", "x" * 10_000_000, "é" * 100, "'; DROP TABLE", "²³"])
def test_anything_typed_at_the_door_gets_the_same_refusal(cast, text):
    expected = refused(lambda: accounts.by_password(NOBODY, "salah", now=NOW))
    assert refused(lambda: accounts.by_password(text, "salah", now=NOW)) == expected
    assert refused(lambda: accounts.by_code(text, NEW_CODE, now=NOW)) == expected
    assert refused(lambda: accounts.by_code(NOBODY, text, now=NOW)) == expected


# --- passwords and what else opens an account --------------------------------------------------------------------


def test_a_password_is_hashed_and_every_change_of_credentials_is_seen_and_logged(cast):
    user = opened(cast.sari)
    accounts.set_password(user, "kata sandi kedua", now=NOW)
    accounts.note_credential(user, CredentialEvent.Kind.PASSKEY_ADDED, added=True, now=NOW)
    accounts.note_credential(user, CredentialEvent.Kind.PASSKEY_REMOVED, added=False, now=NOW)
    assert PASSWORD not in User.objects.get(pk=user.pk).password
    kinds = CredentialEvent.objects.filter(user=user).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == [
        "code_issued", "code_used", "password_set", "password_set", "passkey_added", "passkey_removed",
    ]  # fmt: skip
    events = sorted(json.loads(bytes(p.payload))["event"] for p in LogPayload.objects.all())
    assert events == ["code.issued", "credential.removed", "credential.set", "credential.set", "credential.set"]
    assert all(data["user"] == user.pk for data in logged())


def test_a_persons_account_is_made_once(cast, city):
    person = Person.objects.create(identifier_type="nik", identifier="1371015503850001", name="Ali")
    first = accounts.account_of(person, now=NOW)
    assert accounts.account_of(person, now=NOW) == first and first.username == "1371015503850001"
    assert accounts.account_of(cast.sari.person, now=NOW) == cast.sari.user


# --- roles -------------------------------------------------------------------------------------------------------


def span_of(unit):
    return unit.position, unit.last_position


def test_roles_follow_from_the_roster(cast, city):
    school = city.units.get(code="SMPN-3")
    assert accounts.grants_of(cast.sari.user, now=NOW) == [Grant(Role.CIVIL_SERVANT, agency=city.pk)]
    assert accounts.grants_of(cast.budi.user, now=NOW) == [
        Grant(Role.CIVIL_SERVANT, agency=city.pk), Grant(Role.UNIT_HEAD, agency=city.pk, unit_span=span_of(school)),
    ]  # fmt: skip


def test_a_given_role_stands_beside_those_of_the_roster(cast, city):
    assert accounts.grants_of(cast.rina.user, now=NOW) == [
        Grant(Role.CIVIL_SERVANT, agency=city.pk), Grant(Role.PROGRAMME_OFFICER, agency=city.pk),
    ]  # fmt: skip


def test_a_head_of_a_unit_reaches_all_below_it(cast, city):
    head = make_member(
        city.units.get(code="DISDIK"), "196901011990031001", "Doni Umpama", sex="m", post="Kepala Dinas", is_head=True
    )
    (_, grant) = accounts.grants_of(head.user, now=NOW)
    first, last = grant.unit_span
    reached = city.units.filter(position__gte=first, position__lte=last).values_list("code", flat=True)
    assert set(reached) == {"DISDIK", "SMPN-3", "SDN-01"}


def test_whoever_left_the_roster_keeps_no_role_of_it(cast):
    Placement.objects.filter(pk=cast.budi.placement.pk).update(until_on=TODAY)
    assert accounts.grants_of(cast.budi.user, now=NOW) == []


@pytest.mark.parametrize("status", ["retired", "died", "dismissed", "resigned"])
def test_whoever_is_gone_from_the_service_heads_no_unit(cast, status):
    Placement.objects.filter(pk=cast.budi.placement.pk).update(status=status)
    assert Role.UNIT_HEAD not in {grant.role for grant in accounts.grants_of(cast.budi.user, now=NOW)}


@pytest.mark.parametrize("status", ["retired", "died", "dismissed", "resigned"])
def test_a_given_role_rests_while_its_owner_has_left_the_service(cast, city, status):
    grant(cast.rina.user, Role.ADMINISTRATOR)
    Placement.objects.filter(pk=cast.rina.placement.pk).update(status=status)
    freshness.everything_changed()
    assert {each.role for each in accounts.grants_of(fresh(cast.rina), now=NOW)} == {
        Role.CIVIL_SERVANT,
        Role.ADMINISTRATOR,
    }
    assert accounts.left_service([cast.rina.person.pk, cast.sari.person.pk]) == {cast.rina.person.pk}
    Placement.objects.filter(pk=cast.rina.placement.pk).update(status="active")
    assert Role.PROGRAMME_OFFICER in {each.role for each in accounts.grants_of(fresh(cast.rina), now=NOW)}
    assert accounts.left_service([cast.rina.person.pk]) == set()


def fresh(member):
    return User.objects.get(pk=member.user.pk)


def test_a_role_holds_from_its_first_instant_until_its_last(cast, city):
    ends = NOW + timedelta(days=3)
    RoleGrant.objects.create(
        user=cast.sari.user, role=Role.EXAMINER, agency=city, from_at=NOW, until_at=ends
    )  # fmt: skip

    def roles(at):
        return {grant.role for grant in accounts.grants_of(cast.sari.user, now=at)} - {Role.CIVIL_SERVANT}

    assert roles(NOW - timedelta(seconds=1)) == set() == roles(ends) == roles(ends + timedelta(days=1))
    assert roles(NOW) == {Role.EXAMINER} == roles(ends - timedelta(seconds=1))


def grant(user, role, **more):
    fields = {"agency": None, "body": None, "until_at": None, "reason": "SK", "by": None, "now": NOW}
    return accounts.grant_role(user, role, **{**fields, **more})


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_given_over_exactly_what_it_needs(cast, city, role):
    body = Body.objects.create(agency=city, kind="desk", name="Desk Pilkada")
    over = GIVEN_OVER[role]
    good = {Over.AGENCY: {"agency": city}, Over.BODY: {"body": body}}.get(over, {})
    choices = [{}, {"agency": city}, {"body": body}, {"agency": city, "body": body}]
    if role in NEVER_GIVEN:
        for given in choices:
            with pytest.raises(RoleNotGiven):
                grant(cast.sari.user, role, **given)
        assert not RoleGrant.objects.filter(user=cast.sari.user).exists() and not LogEntry.objects.exists()
        return
    for wrong in [choice for choice in choices if choice != good]:
        with pytest.raises(RoleScopeWrong) as caught:
            grant(cast.sari.user, role, **wrong)
        assert (caught.value.role, caught.value.needs) == (role.value, over.value)
    assert RoleGrant.objects.filter(user=cast.sari.user).count() == 0 == LogEntry.objects.count()
    given = grant(cast.sari.user, role, **good)
    assert Grant(role, agency=given.agency_id, body=given.body_id) in accounts.grants_of(cast.sari.user, now=NOW)
    assert [data["role"] for data in logged("role.granted")] == [role.value]


def test_a_role_that_was_ended_holds_no_more_and_is_ended_once(cast, city):
    given = grant(cast.sari.user, Role.EXAMINER, agency=city)
    accounts.end_grant(given, by=cast.rina.user, now=NOW + timedelta(hours=1))
    accounts.end_grant(given, by=cast.rina.user, now=NOW + timedelta(hours=2))
    given.refresh_from_db()
    assert given.until_at == NOW + timedelta(hours=1)
    assert len(logged("role.ended")) == 1


def test_the_last_administrator_stays(cast):
    first = grant(cast.rina.user, Role.ADMINISTRATOR)
    for elapsed in (0, 1):
        with pytest.raises(LastAdministrator):
            accounts.end_grant(first, by=cast.rina.user, now=NOW + timedelta(hours=elapsed))
    second = grant(cast.budi.user, Role.ADMINISTRATOR)
    accounts.end_grant(first, by=cast.budi.user, now=NOW + timedelta(hours=1))
    with pytest.raises(LastAdministrator):
        accounts.end_grant(second, by=cast.budi.user, now=NOW + timedelta(hours=2))
    assert Role.ADMINISTRATOR in {g.role for g in accounts.grants_of(cast.budi.user, now=NOW + timedelta(hours=3))}


@pytest.mark.parametrize(
    "other", [{"is_active": False}, {"until_at": NOW - timedelta(seconds=1)}, {"from_at": NOW + timedelta(days=1)}]
)
def test_an_administrator_who_cannot_act_does_not_count_as_another(cast, other):
    mine = grant(cast.rina.user, Role.ADMINISTRATOR, now=MORNING)
    fields = {"from_at": MORNING} | {name: value for name, value in other.items() if name != "is_active"}
    RoleGrant.objects.create(user=cast.budi.user, role=Role.ADMINISTRATOR, **fields)
    User.objects.filter(pk=cast.budi.user.pk).update(is_active=other.get("is_active", True))
    with pytest.raises(LastAdministrator):
        accounts.end_grant(mine, by=cast.rina.user, now=NOW)


def test_a_second_administrators_role_of_one_person_is_not_another_administrator_lost(cast, city):
    first = grant(cast.rina.user, Role.ADMINISTRATOR, until_at=NOW + timedelta(days=30))
    second = grant(cast.rina.user, Role.ADMINISTRATOR)
    with pytest.raises(RoleAlreadyHeld):
        grant(cast.rina.user, Role.ADMINISTRATOR)
    accounts.end_grant(first, by=cast.rina.user, now=NOW + timedelta(hours=1))
    with pytest.raises(LastAdministrator):
        accounts.end_grant(second, by=cast.rina.user, now=NOW + timedelta(hours=1))


def test_the_end_of_another_role_asks_for_no_administrator(cast, city):
    accounts.end_grant(grant(cast.sari.user, Role.EXAMINER, agency=city), by=None, now=NOW + timedelta(hours=1))


# --- a lost device -------------------------------------------------------------------------------------------------


def guarded(member):
    """Let one of the cast open the account and set a second step."""
    user = opened(member)
    for kind in ("webauthn", "totp", "recovery_codes"):
        Authenticator.objects.create(user=user, type=kind, data={})
    return user


def test_a_reset_takes_off_every_way_in_and_its_code_alone_opens_the_account(cast):
    sari = guarded(cast.sari)
    code = accounts.reset(sari, reason="ponsel  hilang", by=cast.rina.user, now=NOW)
    assert not Authenticator.objects.filter(user=sari).exists()
    with pytest.raises(SignInRefused):
        accounts.by_password(sari.username, PASSWORD, now=NOW)
    found = accounts.by_code(sari.username, code, now=NOW)
    assert accounts.activate(found.pk, PASSWORD, now=NOW) == sari
    event = sari.credential_events.get(kind="account_reset")
    assert (event.by, event.reason) == (cast.rina.user, "ponsel hilang")
    assert logged("credential.reset") == [{"user": sari.pk, "by": cast.rina.user.pk, "reason": "ponsel hilang"}]


def test_a_reset_says_why(cast):
    sari = guarded(cast.sari)
    with pytest.raises(ReasonMissing):
        accounts.reset(sari, reason="  ", by=cast.rina.user, now=NOW)
    assert Authenticator.objects.filter(user=sari).count() == 3


def test_a_reset_ends_the_sessions_and_voids_the_code_that_was_open(cast):
    sari = guarded(cast.sari)
    before, old = sari.get_session_auth_hash(), code_of(cast.sari)
    accounts.take_off(sari, reason="hilang", by=cast.rina.user, now=NOW)
    sari.refresh_from_db()
    assert sari.get_session_auth_hash() != before
    with pytest.raises(SignInRefused):
        accounts.by_code(sari.username, old, now=NOW)


def test_a_reset_is_done_by_somebody_who_stands_high_enough_and_never_for_himself(cast):
    sari, rina = guarded(cast.sari), cast.rina.user
    chief = User.objects.create(username="KEPALA", full_name="Administrator", password="!", created_at=NOW)
    other = User.objects.create(username="KEDUA", full_name="Administrator lain", password="!", created_at=NOW)
    for each in (chief, other):
        grant(each, Role.ADMINISTRATOR)
    with pytest.raises(ResetOfOneself):
        accounts.reset(chief, reason="hilang", by=chief, now=NOW)
    with pytest.raises(ResetNotYours) as caught:
        accounts.reset(other, reason="hilang", by=chief, now=NOW)
    assert caught.value.needs == Resetter.OPERATOR
    accounts.reset(sari, reason="hilang", by=rina, now=NOW)
    grant(sari, Role.AUDITOR)
    with pytest.raises(ResetNotYours) as caught:
        accounts.reset(sari, reason="hilang", by=rina, now=NOW)
    assert caught.value.needs == Resetter.ADMINISTRATOR
    accounts.reset(sari, reason="hilang", by=chief, now=NOW)
    accounts.reset(chief, reason="hilang", by=None, now=NOW)


def test_a_slip_makes_no_passkey_beside_a_second_step_and_is_not_used_up_by_the_try(cast):
    sari = guarded(cast.sari)
    found = accounts.by_code(sari.username, code_of(cast.sari), now=NOW)
    with pytest.raises(SecondStepStands):
        accounts.activate_with_passkey(found.pk, name="baru", credential={}, now=NOW)
    assert AccessCode.objects.get(pk=found.pk).used_at is None
    assert Authenticator.objects.filter(user=sari).count() == 3


def test_an_account_outside_the_roster_gets_another_code_and_the_first_opens_nothing(cast):
    user, first = accounts.create_outside_account(username="bawaslu", full_name="Petugas", by=None, now=NOW)
    second = accounts.new_code(accounts.named("Bawaslu"), by=cast.rina.user, now=NOW)
    with pytest.raises(SignInRefused):
        accounts.by_code("bawaslu", first, now=NOW)
    assert accounts.by_code("bawaslu", second, now=NOW).user == user
    with pytest.raises(AccountUnknown):
        accounts.named("siapa")


def test_the_administrator_looks_after_accounts_from_outside_and_with_a_role_and_no_others(cast):
    outside, _code = accounts.create_outside_account(username="bawaslu", full_name="Petugas", by=None, now=NOW)
    assert set(accounts.administered("", now=NOW)) == {outside, cast.rina.user, cast.tono.user}
    assert list(accounts.administered("bawas", now=NOW)) == [outside]
    assert cast.sari.user not in accounts.administered("", now=NOW)


def test_a_second_step_tried_too_often_says_how_long_to_wait(cast):
    for _ in range(accounts.FAILURES_ALLOWED):
        accounts.try_second_factor(cast.sari.user, now=NOW)
    with pytest.raises(TooManyGuesses) as caught:
        accounts.try_second_factor(cast.sari.user, now=NOW + timedelta(minutes=4, seconds=30))
    assert caught.value.minutes == 11
    accounts.try_second_factor(cast.sari.user, now=NOW + timedelta(minutes=15))
