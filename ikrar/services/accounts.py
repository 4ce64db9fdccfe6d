"""Accounts: one-time codes on slips, own passwords, what happened to somebody's credentials, and the roles they hold."""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Prefetch, Q, QuerySet, Subquery

from ikrar.domain import codes
from ikrar.domain.access import (
    GIVEN_OVER,
    NEVER_GIVEN,
    Grant,
    Over,
    Resetter,
    Role,
    holds,
    may_reset,
    resetter_of,
)
from ikrar.domain.errors import (
    AccountUnknown,
    BodyInUse,
    LastAdministrator,
    ReasonMissing,
    ResetNotYours,
    ResetOfOneself,
    RoleAlreadyHeld,
    RoleEndPassed,
    RoleNotGiven,
    RoleScopeWrong,
    SecondStepStands,
    SignInRefused,
    TooManyGuesses,
)
from ikrar.domain.roster import GONE, IdentifierType, tidy_number
from ikrar.records.kept import KeptQuery
from ikrar.records.models import (
    AccessCode,
    Agency,
    Body,
    CredentialEvent,
    Holding,
    Notice,
    Office,
    Person,
    Placement,
    RoleGrant,
    Throttle,
    User,
)
from ikrar.services import clock, freshness, ledger, notices, offices

# Failures an account, a code or a second factor may gather in a window before it answers no more, known or not.
FAILURES_ALLOWED = 10
WINDOW = timedelta(minutes=15)
_NOBODY = "pbkdf2_sha256$nobody"
Kind = CredentialEvent.Kind


def _keyed(purpose: str, text: str) -> str:
    """Return a digest that only this installation can make: neither table can be searched for a number or a code."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{purpose}\x1f{text}".encode(), hashlib.sha256).hexdigest()


def sign_in_name(person: Person) -> str:
    """Return what a person types at sign-in: the number, or a short name for whoever has none."""
    if person.identifier_type == IdentifierType.NONE:
        return f"IK{person.pk:06d}"
    return person.identifier


def tidy_name(text: str) -> str:
    """Return a typed sign-in name as it is compared: digits bare of spaces and points, else capitals."""
    text = text.strip()[:60]
    number = tidy_number(text)
    return number if number.isdigit() else text.upper()


# --- throttle ----------------------------------------------------------------------------------------------------


@transaction.atomic
def _count_try(keys: Sequence[str], now: datetime) -> None:
    """Count a try before it is heard, each row claimed by its old state: of forty at once no more than the limit pass.

    Whoever proves right is forgiven afterwards. Raises SignInRefused; then nothing was counted.
    """
    for key in sorted(keys):
        fresh = Throttle(key=key, failures=0, window_ends_at=now + WINDOW)
        Throttle.objects.bulk_create([fresh], ignore_conflicts=True)
        Throttle.objects.filter(key=key, window_ends_at__lte=now).update(failures=0, window_ends_at=now + WINDOW)
        if not Throttle.objects.filter(key=key, failures__lt=FAILURES_ALLOWED).update(failures=F("failures") + 1):
            raise SignInRefused()


def _forget_tries(keys: Sequence[str]) -> None:
    Throttle.objects.filter(key__in=keys).delete()


def refuse_after_wrong_codes(user: User, purpose: str, *, now: datetime) -> None:
    """Raise TooManyGuesses where so many wrong codes of a kind came from an account that none is heard for a while."""
    key = _keyed(purpose, str(user.pk))
    if Throttle.objects.filter(key=key, failures__gte=FAILURES_ALLOWED, window_ends_at__gt=now).exists():
        raise TooManyGuesses(_minutes_left(key, now))


def count_wrong_code(user: User, purpose: str, *, now: datetime) -> None:
    """Count a code of a kind that proved wrong. Raises TooManyGuesses where the account may try no more."""
    key = _keyed(purpose, str(user.pk))
    try:
        _count_try([key], now)
    except SignInRefused:
        raise TooManyGuesses(_minutes_left(key, now)) from None


# A code without an account is counted by what it begins with: whoever guesses meets the limit everywhere, and nobody can
# keep the right ones out without knowing how they begin.
_SIGNS_COUNTED = 4


def digest_of_code(purpose: str, code: str) -> str:
    """Return the keyed digest by which a code of some purpose is kept and found."""
    return _keyed(purpose, code)


def try_code(purpose: str, code: str, *, now: datetime) -> None:
    """Count a typed code that belongs to no account, before it is heard. Raises SignInRefused."""
    _count_try([_keyed(f"{purpose}-tried", code[:_SIGNS_COUNTED])], now)


def forgive_code(purpose: str, code: str) -> None:
    """Forget the tries before a code that proved right."""
    _forget_tries([_keyed(f"{purpose}-tried", code[:_SIGNS_COUNTED])])


@dataclass(frozen=True)
class Used:
    """How somebody stands who uses something that is counted: over the limit, for the first time in this window, and until when."""

    is_over: bool = False
    is_first: bool = False
    minutes: int = 0


@transaction.atomic
def count_use(user: User, purpose: str, *, most: int, window: timedelta, now: datetime) -> Used:
    """Count that an account uses something once more, for all processes together; say whether it is too often now."""
    key = _keyed(purpose, str(user.pk))
    Throttle.objects.bulk_create([Throttle(key=key, failures=0, window_ends_at=now + window)], ignore_conflicts=True)
    counter = Throttle.objects.filter(key=key)
    counter.filter(window_ends_at__lte=now).update(failures=0, window_ends_at=now + window)
    if counter.filter(failures__lt=most).update(failures=F("failures") + 1):
        return Used()
    is_first = bool(counter.filter(failures=most).update(failures=most + 1))
    return Used(is_over=True, is_first=is_first, minutes=_minutes_left(key, now))


def forget_old_failures(now: datetime) -> int:
    """Delete counters whose window is over; run by the tick."""
    return Throttle.objects.filter(window_ends_at__lt=now).delete()[0]


# --- signing in --------------------------------------------------------------------------------------------------

_dummy_hash = ""


def _hash_of_nobody() -> str:
    """A password hash that costs what a real one costs, for names that nobody bears."""
    global _dummy_hash
    if not _dummy_hash:
        _dummy_hash = make_password(_NOBODY)
    return _dummy_hash


def by_password(name: str, password: str, *, now: datetime) -> User:
    """Return the account of this name and password. Raises SignInRefused: one answer, after the same work, for all."""
    name = tidy_name(name)
    keys = [_keyed("account", name)]
    _count_try(keys, now)
    user = User.objects.filter(username=name).first()
    usable = user is not None and user.is_active and user.has_usable_password()
    good = check_password(password, user.password if usable and user else _hash_of_nobody())
    if not (good and usable and user):
        raise SignInRefused()
    _forget_tries(keys)
    return user


def by_code(name: str, code: str, *, now: datetime) -> AccessCode:
    """Return the open code of this account, without using it up: `activate` does that, once.

    Failures count for the account and for the code typed. Raises SignInRefused.
    """
    name, code = tidy_name(name), codes.tidy(code)[:40]
    keys = [_keyed("account", name), _keyed("code-tried", code)]
    _count_try(keys, now)
    digest = _keyed("code", code)
    found = (
        AccessCode.objects.select_related("user")
        .filter(digest=digest, user__username=name, user__is_active=True)
        .filter(used_at=None, withdrawn_at=None, expires_at__gt=now)
        .first()
    )
    if found is None:
        AccessCode.objects.filter(user__username=name, used_at=None, withdrawn_at=None).update(
            failures=F("failures") + 1
        )
        raise SignInRefused()
    _forget_tries(keys)
    return found


# How long a code of an authenticator that opened something opens nothing more: longer than it is accepted.
_USED = timedelta(minutes=2)


def try_second_factor(user: User, *, now: datetime) -> None:
    """Count a typed second factor before it is checked, for all processes together.

    Raises TooManyGuesses: whoever comes so far knows the password, and may know that he has to wait, and how long.
    """
    key = _keyed("second-factor", str(user.pk))
    try:
        _count_try([key], now)
    except SignInRefused:
        raise TooManyGuesses(_minutes_left(key, now)) from None


def _minutes_left(key: str, now: datetime) -> int:
    """Return in how many minutes, begun ones too, a counter lets somebody try again."""
    ends_at = Throttle.objects.filter(key=key).values_list("window_ends_at", flat=True).first() or now
    return max(1, -int((now - ends_at).total_seconds() // 60))


def use_second_factor(user: User, code: str, *, now: datetime) -> None:
    """Use up a second factor that proved right and forgive the tries before it. Raises SignInRefused: it was used before."""
    key = _keyed("second-factor-used", f"{user.pk}\x1f{code}")
    with transaction.atomic():
        Throttle.objects.bulk_create([Throttle(key=key, failures=0, window_ends_at=now + _USED)], ignore_conflicts=True)
        Throttle.objects.filter(key=key, window_ends_at__lte=now).update(failures=0, window_ends_at=now + _USED)
        if not Throttle.objects.filter(key=key, failures=0).update(failures=1):
            raise SignInRefused()
        _forget_tries([_keyed("second-factor", str(user.pk))])


@transaction.atomic(durable=True)
def activate(code_id: int, password: str, *, now: datetime) -> User:
    """Use up a code and set the owner's password, in one act. Raises SignInRefused if the code was used meanwhile."""
    user = _use_up(code_id, now)
    add_password(user, password, by=user, now=now)
    return user


@transaction.atomic(durable=True)
def activate_with_passkey(code_id: int, *, name: str, credential: dict[str, Any], now: datetime) -> Authenticator:
    """Use up a code and keep the owner's first passkey in place of a password, in one act.

    `credential` is what the browser made, already checked. Raises SignInRefused if the code was used meanwhile,
    SecondStepStands: a passkey opens alone, and a slip must not open what a second step guards.
    """
    user = _use_up(code_id, now)
    if has_second_step(user):
        raise SecondStepStands()
    passkey = Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": credential}
    )
    note(user, Kind.PASSKEY_ADDED, by=user, now=now)
    ledger.append("credential.set", {"user": user.pk, "kind": str(Kind.PASSKEY_ADDED), "by": user.pk}, now=now)
    return passkey


def owner_of_code(code_id: int) -> User | None:
    """Return whose code this is."""
    return User.objects.select_related("person").filter(codes=code_id).first()


def _use_up(code_id: int, now: datetime) -> User:
    open_now = AccessCode.objects.filter(pk=code_id, used_at=None, withdrawn_at=None, expires_at__gt=now)
    claimed = open_now.filter(user__is_active=True).update(used_at=now)
    if claimed != 1:
        raise SignInRefused()
    user = AccessCode.objects.select_related("user").get(pk=code_id).user
    note(user, Kind.CODE_USED, by=user, now=now)
    return user


@transaction.atomic(durable=True)
def set_password(user: User, password: str, *, now: datetime) -> None:
    """Set somebody's own password anew."""
    add_password(user, password, by=user, now=now)


def add_password(user: User, password: str, *, by: User | None, now: datetime) -> None:
    """Set a password inside the caller's transaction; its owner sees that it happened."""
    user.set_password(password)
    user.save(update_fields=["password"])
    freshness.changed(f"user:{user.pk}")
    note(user, Kind.PASSWORD_SET, by=by, now=now)
    ledger.append("credential.set", {"user": user.pk, "kind": "password", "by": by and by.pk}, now=now)


@dataclass(frozen=True)
class WaysIn:
    """By what somebody can enter by himself, now and here."""

    password: bool
    passkeys: int
    single_sign_on: bool

    @property
    def only_passkey(self) -> bool:
        """Say whether one passkey is all: without it he is outside."""
        return self.passkeys == 1 and not self.password and not self.single_sign_on


def ways_in(user: User) -> WaysIn:
    """Return by what somebody can enter by himself."""
    return WaysIn(
        password=user.has_usable_password(),
        passkeys=Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count(),
        single_sign_on=has_single_sign_on() and SocialAccount.objects.filter(user=user).exists(),
    )


def has_second_step(user: User) -> bool:
    """Say whether a passkey or an authenticator is asked for after this account's password."""
    return Authenticator.objects.filter(user=user, type__in=_SECOND_STEPS).exists()


_SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def entering() -> QuerySet[User]:
    """Accounts whose owners can enter by themselves: by a password, a passkey, or single sign-on where there is one."""
    passkeys = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.WEBAUTHN)
    enters = ~Q(password__startswith="!") | Exists(passkeys)
    if has_single_sign_on():
        enters |= Exists(SocialAccount.objects.filter(user=OuterRef("pk")))
    return User.objects.filter(enters)


def has_single_sign_on() -> bool:
    """Say whether this installation lets people in by a single sign-on: a link of one that is gone opens nothing."""
    return bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"])


def note(user: User, kind: str, *, by: User | None, reason: str | None = None, now: datetime) -> None:
    """Write into the list that the owner of the credentials sees."""
    CredentialEvent.objects.create(user=user, kind=kind, at=now, by=by, reason=reason)


@transaction.atomic(durable=True)
def note_credential(user: User, kind: str, *, added: bool, now: datetime) -> None:
    """Record that somebody added or removed a passkey, an authenticator or a single-sign-on link."""
    note(user, kind, by=user, now=now)
    ledger.append(
        "credential.set" if added else "credential.removed",
        {"user": user.pk, "kind": str(kind), "by": user.pk},
        now=now,
    )


# --- slips -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slip:
    """A code in clear, as it is printed once and never kept."""

    user: int
    person: Person
    unit: str
    sign_in_name: str
    code: str
    expires_at: datetime


@transaction.atomic(durable=True)
def issue_codes(placements: Iterable[Placement], *, by: User | None, now: datetime) -> list[Slip]:
    """Make a fresh code for each person, withdrawing an open one, and return them for printing.

    The accounts that are missing are made. Every code is a log entry and shown to its owner.
    """
    slips: list[Slip] = []
    chosen = list(placements)
    for start in range(0, len(chosen), 2000):
        some = _draw(chosen[start : start + 2000], now)
        put_in_force(some, by=by, now=now)
        slips += some
    return slips


@transaction.atomic(durable=True)
def draw_codes(placements: Sequence[Placement], *, now: datetime) -> list[Slip]:
    """Draw a fresh code for each person, to be printed first; none holds before `put_in_force`.

    The accounts that are missing are made.
    """
    return _draw(placements, now)


def _draw(placements: Sequence[Placement], now: datetime) -> list[Slip]:
    people = {placement.person_id: placement for placement in placements}
    having = set(User.objects.filter(person__in=people).values_list("person", flat=True))
    names = [sign_in_name(placement.person) for placement in people.values()]
    taken = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    wanted: dict[str, Person] = {}
    for key, placement in people.items():
        if key not in having:
            wanted[_free_name(placement.person, taken)] = placement.person
    User.objects.bulk_create(
        User(username=name, person=person, password="!", created_at=now) for name, person in wanted.items()
    )
    users = {user.person_id: user for user in User.objects.filter(person__in=people)}
    expires = now + timedelta(days=settings.CODE_LIFE_DAYS)
    return [
        Slip(
            users[key].pk, placement.person, placement.unit.name, users[key].username,
            codes.new_code(codes.SIGN_IN_SIGNS), expires,
        )
        for key, placement in people.items()
    ]  # fmt: skip


def put_in_force(slips: Sequence[Slip], *, by: User | None, now: datetime) -> None:
    """Let codes that were drawn hold, and withdraw the open ones, inside the caller's transaction.

    Whoever uses his account already is told in his inbox, too: a code that he did not ask for may be somebody else's try.
    """
    users = [slip.user for slip in slips]
    AccessCode.objects.filter(user__in=users, used_at=None, withdrawn_at=None).update(withdrawn_at=now)
    AccessCode.objects.bulk_create(
        AccessCode(
            user_id=slip.user, digest=_keyed("code", slip.code), issued_at=now, issued_by=by,
            expires_at=slip.expires_at,
        )
        for slip in slips
    )  # fmt: skip
    CredentialEvent.objects.bulk_create(
        CredentialEvent(user_id=user, kind=Kind.CODE_ISSUED, at=now, by=by) for user in users
    )
    ledger.append_many("code.issued", [{"user": user, "by": by and by.pk} for user in users], now=now)
    in_use = User.objects.filter(pk__in=users).exclude(person=None).exclude(password__startswith="!", last_login=None)
    notices.tell(list(in_use.values_list("person", flat=True)), "code_issued", {}, link="", now=now)


@transaction.atomic(durable=True)
def issue_code_to(person: Person, *, place: str, by: User | None, now: datetime) -> Slip:
    """Make a fresh code for somebody who stands on no roster, and return it for printing; `place` is printed as his unit.

    The account that is missing is made.
    """
    user = ensure_account(person, now=now)
    expires = now + timedelta(days=settings.CODE_LIFE_DAYS)
    slip = Slip(user.pk, person, place, user.username, codes.new_code(codes.SIGN_IN_SIGNS), expires)
    put_in_force([slip], by=by, now=now)
    return slip


def _free_name(person: Person, taken: set[str]) -> str:
    """Return a sign-in name that nobody has: numbers of two kinds may be alike, the short name never is."""
    name = sign_in_name(person)
    if name in taken:
        name = f"IK{person.pk:06d}"
    taken.add(name)
    return name


def one_code(user: User, *, by: User | None, now: datetime) -> str:
    """Make a fresh code for an account inside the caller's transaction, and return it in clear."""
    AccessCode.objects.filter(user=user, used_at=None, withdrawn_at=None).update(withdrawn_at=now)
    code = codes.new_code(codes.SIGN_IN_SIGNS)
    AccessCode.objects.create(
        user=user,
        digest=_keyed("code", code),
        issued_at=now,
        issued_by=by,
        expires_at=now + timedelta(days=settings.CODE_LIFE_DAYS),
    )
    note(user, Kind.CODE_ISSUED, by=by, now=now)
    ledger.append("code.issued", {"user": user.pk, "by": by and by.pk}, now=now)
    return code


@transaction.atomic(durable=True)
def new_code(user: User, *, by: User | None, now: datetime) -> str:
    """Make a fresh code for any account and return it in clear. It replaces a password; a second step stays."""
    code = one_code(user, by=by, now=now)
    notices.tell(_reader(user), "code_issued", {}, link="", now=now)
    return code


def _reader(user: User) -> list[int]:
    """Return the owner of an account as one whose inbox is read: a person who used the account before; else nobody."""
    return [user.person_id] if user.person_id and user.last_login else []


def named(name: str) -> User:
    """Return the account of a sign-in name. Raises AccountUnknown."""
    if (user := User.objects.filter(username=tidy_name(name)).first()) is None:
        raise AccountUnknown(name[:60])
    return user


def administered(asked: str, *, now: datetime) -> QuerySet[User]:
    """Return the accounts that an administrator looks after: from outside the rosters, and those that hold a role.

    `asked`: part of a name or of a sign-in name; empty: all of them. Who stands on a roster and holds no role goes to the
    officer of his agency.
    """
    placed = Placement.objects.current().filter(person=OuterRef("person"))
    seated = Holding.objects.not_over(clock.instant(at=now)).filter(
        Q(office__kind=Office.Kind.HEAD_OF_REGION) | ~Exists(placed), person__isnull=False
    )
    held = RoleGrant.objects.at(now)
    found = User.objects.filter(
        Q(person=None) | Q(pk__in=held.values("user")) | Q(person__in=seated.values("person")), is_active=True
    ).select_related("person")
    if asked:
        match = Q(username__icontains=asked) | Q(full_name__icontains=asked) | Q(person__name__icontains=asked)
        found = found.filter(match)
    roles = RoleGrant.objects.at(now).select_related("agency", "body").order_by("from_at")
    return found.order_by("username").prefetch_related(Prefetch("grants", roles, to_attr="holds_now"))


def resetter_for(user: User, *, now: datetime) -> Resetter:
    """Return who may reset the ways into an account: by every role that it holds, also one that rests."""
    given = RoleGrant.objects.at(now).filter(user=user).values_list("role", flat=True)
    return resetter_of({Role(role) for role in given} | {grant.role for grant in grants_of(user, now=now)})


def require_reset(user: User, *, by: User | None, now: datetime) -> None:
    """Refuse whoever may not reset the ways into this account; nobody (None) is the operator of the machine.

    Raises ResetOfOneself, ResetNotYours.
    """
    if by is None:
        return
    if by.pk == user.pk:
        raise ResetOfOneself()
    administers = holds(grants_of(by, now=now), "role.grant")
    needed = resetter_for(user, now=now)
    if not may_reset(Resetter.ADMINISTRATOR if administers else Resetter.OFFICER, needed):
        raise ResetNotYours(needed.value)


@transaction.atomic(durable=True)
def reset(user: User, *, reason: str, by: User | None, now: datetime) -> str:
    """Take off all of somebody's ways into his account, and return a fresh code in clear: it alone opens it now.

    Passkeys, authenticator, reserve codes and the password go (without the second step it would open alone), and so do
    his sessions; a link to a single sign-on stays. Its owner is told who did it and why.
    Raises ReasonMissing, ResetOfOneself, ResetNotYours.
    """
    _take_off(user, reason=reason, by=by, now=now)
    return one_code(user, by=by, now=now)


@transaction.atomic(durable=True)
def take_off(user: User, *, reason: str, by: User, now: datetime) -> None:
    """Take off all of somebody's ways into his account as `reset` does; a slip with a fresh code is printed next."""
    _take_off(user, reason=reason, by=by, now=now)


def _take_off(user: User, *, reason: str, by: User | None, now: datetime) -> None:
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise ReasonMissing("reason")
    user = User.objects.select_for_update().get(pk=user.pk)  # a role is not given to it in this moment
    require_reset(user, by=by, now=now)
    AccessCode.objects.filter(user=user, used_at=None, withdrawn_at=None).update(withdrawn_at=now)
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    freshness.changed(f"user:{user.pk}")
    _forget_tries([_keyed("account", user.username), _keyed("second-factor", str(user.pk))])
    note(user, Kind.ACCOUNT_RESET, by=by, reason=reason, now=now)
    ledger.append("credential.reset", {"user": user.pk, "by": by and by.pk, "reason": reason}, now=now)
    notices.tell(_reader(user), "account_reset", {"reason": reason}, link="", now=now)


@transaction.atomic(durable=True)
def create_outside_account(*, username: str, full_name: str, by: User | None, now: datetime) -> tuple[User, str]:
    """Make an account for an officer who is on no roster, and its first code."""
    user = User(username=tidy_name(username), full_name=full_name, password="!", created_at=now)
    user.save(force_insert=True)
    return user, one_code(user, by=by, now=now)


@transaction.atomic(durable=True)
def account_of(person: Person, *, now: datetime) -> User:
    """Return a person's account, making it where there is none."""
    return ensure_account(person, now=now)


def ensure_account(person: Person, *, now: datetime) -> User:
    """Return a person's account inside the caller's transaction, making it where there is none."""
    if user := User.objects.filter(person=person).first():
        return user
    taken = set(User.objects.filter(username=sign_in_name(person)).values_list("username", flat=True))
    return User.objects.create(username=_free_name(person, taken), person=person, password="!", created_at=now)


# --- roles -------------------------------------------------------------------------------------------------------


_GRANTS = KeptQuery(
    lambda user, now_at: RoleGrant.objects.at(now_at).filter(user=user).values_list("role", "agency", "body"),
    "user",
    "now_at",
)
_FOREVER = datetime.max.replace(tzinfo=UTC)
_OWN = [field.attname for field in User._meta.concrete_fields]
_PERSON = User._meta.get_field("person")
_OF_PERSON = [field.attname for field in Person._meta.concrete_fields]


def _accounts(key: int) -> QuerySet[User]:
    here = FilteredRelation("person__placements", condition=Q(person__placements__until_on=None))
    unread = Notice.objects.filter(person=OuterRef("person"), read_at=None).order_by().values("person")
    # Whoever the roster marks as a head: the office of his unit decides where anybody ever held it. Nobody else pays for it.
    of_unit = Holding.objects.filter(office__unit=OuterRef("here__unit"), office__kind=Office.Kind.HEAD_OF_UNIT)
    return (
        User.objects.filter(pk=key)
        .annotate(
            here=here,
            # Whoever holds or held an office has its roles: both are asked for only where there are any.
            granted=Exists(RoleGrant.objects.filter(user=OuterRef("pk")))
            | Exists(Holding.objects.filter(person=OuterRef("person")))
            | (Q(here__is_head=True) & Q(Exists(of_unit))),
            unread=Subquery(unread.annotate(n=Count("pk")).values("n")),
        )
        .values_list(
            *_OWN, *(f"person__{name}" for name in _OF_PERSON), "granted", "unread", "here__is_head", "here__status",
            "here__unit__agency", "here__unit__position", "here__unit__last_position",
        )
    )  # fmt: skip


_ACCOUNT = KeptQuery(_accounts, "key")
# Whoever stands on no roster has his messages at his account: asked for him alone.
_UNREAD = KeptQuery(
    lambda user: (
        Notice.objects.filter(user=user, read_at=None).order_by().values("user").annotate(unread=Count("pk"))
    ).values_list("unread"),
    "user",
)
_kept = freshness.Kept(20_000)


@dataclass(frozen=True)
class Standing:
    """What every page asks about an account: its roles of the roster, whether it was ever given others, what waits.

    `was_granted`: also where an office decides whether he heads the unit whose head the roster says he is. `left`: its
    owner left the service by the roster of the day (retired, dismissed, died …).
    """

    roster_grants: tuple[Grant, ...] = ()
    was_granted: bool = False
    unread: int = 0
    left: bool = False


def account(key: int) -> User | None:
    """Return an open account with its person and its standing (`user.standing`), as every request asks for it."""
    found = _with_standing(key)
    return found[0] if found and found[0].is_active else None


def _row(key: int) -> Any:
    """Return what stands about an account, perhaps as it stood some seconds ago (see services.freshness)."""
    if (row := _kept.get(key)) is not None:
        return row
    # The person is known from the row alone, so his word is read after it: what changes in that moment is seen later.
    names = (f"user:{key}",)
    then = freshness.words(*names)
    if (row := _ACCOUNT.first(key=key)) is not None:
        names = (*names, f"person:{row.person_id}")
        _kept.put(key, row, names, (*then, freshness.words(names[1])[1]))
    return row


def _with_standing(key: int) -> tuple[User, Standing] | None:
    row = _row(key)
    if row is None:
        return None
    user = User.from_db(DEFAULT_DB_ALIAS, _OWN, row[: len(_OWN)])
    if user.person_id:
        person = Person.from_db(DEFAULT_DB_ALIAS, _OF_PERSON, row[len(_OWN) : len(_OWN) + len(_OF_PERSON)])
        # From the person nothing leads back: a circle would be freed by the collector alone, one for each request.
        _PERSON.set_cached_value(user, person)
    grants = []
    if row.here_unit_agency is not None:
        grants.append(Grant(Role.CIVIL_SERVANT, agency=row.here_unit_agency))
        if row.here_is_head and row.here_status not in GONE:
            span = (row.here_unit_position, row.here_unit_last_position)
            grants.append(Grant(Role.UNIT_HEAD, agency=row.here_unit_agency, unit_span=span))
    elif user.person_id:
        # On no roster: asked only here, so that nobody else pays for it. Whoever is on leave keeps his own pages, and
        # whoever is named for a later minute reads what waits for him there.
        named = Holding.objects.not_over(clock.instant()).filter(person=user.person_id)
        agencies = named.order_by("office__agency").values_list("office__agency", flat=True).distinct()
        grants += [Grant(Role.OFFICE_HOLDER, agency=agency) for agency in agencies]
    waiting = row if user.person_id else _UNREAD.first(user=user.pk)
    unread = (waiting.unread or 0) if waiting else 0
    user.standing = Standing(tuple(grants), bool(row.granted), unread, row.here_status in GONE)
    return user, user.standing


def standing_of(user: User) -> Standing:
    """Return an account's standing: as it was when the request began, else as it is now."""
    if (kept := getattr(user, "standing", None)) is not None:
        return kept
    found = _with_standing(user.pk)
    return found[1] if found else Standing()


def grants_of(user: User, *, now: datetime) -> list[Grant]:
    """Return the roles somebody holds at this instant: those of the roster and of his offices, then those that were given.

    An office gives its roles to whoever holds it in this minute: not to the one on leave, nor to an acting holder whose
    time is over. A role that was given rests while its owner has left the service; an administrator's does not, so that no
    row of a file locks an installation: the page of roles names him.
    """
    standing = standing_of(user)
    if not standing.was_granted:
        return list(standing.roster_grants)
    grants, led = _of_offices(user, standing, now)
    for given in _GRANTS.rows(user=user.pk, now_at=now):
        role = Role(given.role)
        if role is Role.APPOINTING_AUTHORITY and given.agency in led:
            continue  # whoever heads or headed the agency has it through the office, or not at all
        if standing.left and role is not Role.ADMINISTRATOR:
            continue
        grants.append(Grant(role, agency=given.agency, body=given.body))
    return grants


_KINDS = KeptQuery(
    lambda person: (
        Holding.objects.filter(person=person)
        .ever_held()
        .order_by()
        .values_list("office__kind", "office__agency")
        .distinct()
    ),
    "person",
)


def _of_offices(user: User, standing: Standing, now: datetime) -> tuple[list[Grant], set[int]]:
    """Return the roles of the roster and of the offices that somebody holds now, and the agencies that he ever headed."""
    kinds = (
        {(row.office_kind, row.office_agency) for row in _KINDS.rows(person=user.person_id)}
        if user.person_id
        else set()
    )
    if not kinds and all(grant.role is not Role.UNIT_HEAD for grant in standing.roster_grants):
        return list(standing.roster_grants), set()
    seats = offices.seats_of(user, at=clock.instant(at=now))
    grants = [grant for grant in standing.roster_grants if grant.role is not Role.UNIT_HEAD]
    grants += [
        Grant(Role.UNIT_HEAD, agency=unit.agency_id, unit_span=(unit.position, unit.last_position))
        for unit, _capacity in seats.units
    ]
    grants += [
        Grant(Role.APPOINTING_AUTHORITY, agency=each.office.agency_id)
        for each in seats.offices
        if each.office.kind == Office.Kind.HEAD_OF_REGION
    ]
    return grants, {agency for kind, agency in kinds if kind == Office.Kind.HEAD_OF_REGION}


def left_service(people: Collection[int]) -> set[int]:
    """Return who of these people left the service by the roster, or stands on none any more though he did."""
    placed = Placement.objects.filter(person__in=people)
    serving = placed.filter(until_on=None).exclude(status__in=GONE)
    return set(placed.values_list("person", flat=True)) - set(serving.values_list("person", flat=True))


@transaction.atomic(durable=True)
def grant_role(
    user: User,
    role: Role,
    *,
    agency: Agency | None,
    body: Body | None,
    until_at: datetime | None,
    reason: str,
    by: User | None,
    now: datetime,
) -> RoleGrant:
    """Give a role.

    Raises RoleNotGiven, RoleScopeWrong where it lacks the agency or body it is given over, or has one too many,
    RoleEndPassed, RoleAlreadyHeld where it is held as long already, and BodyInUse (ended) over a body that has ended.
    """
    return add_grant(user, role, agency=agency, body=body, until_at=until_at, reason=reason, by=by, now=now)


def add_grant(
    user: User,
    role: Role,
    *,
    agency: Agency | None = None,
    body: Body | None = None,
    until_at: datetime | None = None,
    reason: str = "",
    by: User | None,
    now: datetime,
) -> RoleGrant:
    """Give a role inside the caller's transaction; see grant_role."""
    over = GIVEN_OVER[role]
    given = {Over.AGENCY: agency, Over.BODY: body}
    if role in NEVER_GIVEN:
        raise RoleNotGiven(role.value)
    if any((over is scope) != (value is not None) for scope, value in given.items()):
        raise RoleScopeWrong(role.value, over.value)
    if until_at is not None and until_at <= now:
        raise RoleEndPassed()
    if body is not None and Body.objects.select_for_update(of=("self",)).get(pk=body.pk).ended_on is not None:
        raise BodyInUse("ended")
    User.objects.select_for_update().get(pk=user.pk)  # of two clicks the second finds what the first gave
    held = RoleGrant.objects.at(now).filter(user=user, role=role, agency=agency, body=body)
    if held.filter(Q(until_at=None) | Q(until_at__gte=until_at or _FOREVER)).exists():
        raise RoleAlreadyHeld()
    grant = RoleGrant.objects.create(
        user=user, role=role, agency=agency, body=body, from_at=now, until_at=until_at, given_by=by, reason=reason
    )
    freshness.changed(f"user:{user.pk}")
    ledger.append(
        "role.granted",
        {
            "grant": grant.pk,
            "user": user.pk,
            "role": role.value,
            "agency": agency and agency.pk,
            "body": body and body.pk,
            "by": by and by.pk,
        },
        now=now,
    )
    return grant


@transaction.atomic(durable=True)
def end_grant(grant: RoleGrant, *, by: User | None, now: datetime) -> None:
    """End a role from this instant. Raises LastAdministrator where nobody could administer any more."""
    if grant.role == Role.ADMINISTRATOR:
        others = RoleGrant.objects.at(now).filter(role=Role.ADMINISTRATOR, user__is_active=True).exclude(pk=grant.pk)
        if not others.exists():
            raise LastAdministrator()
    ended = RoleGrant.objects.filter(Q(until_at=None) | Q(until_at__gt=now), pk=grant.pk).update(until_at=now)
    if ended:
        ledger.append("role.ended", {"grant": grant.pk, "by": by and by.pk}, now=now)
