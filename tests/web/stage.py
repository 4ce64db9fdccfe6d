"""The stage of the page tests: two agencies that must see nothing of each other, with everybody and everything in them.

Sari has signed nothing of the main pact yet, Budi heads her school, Rina runs the programme, Tono is of another agency
and must see none of it. `Side` holds what one agency owns, object by object, so that a test can ask for the same thing
of the own and of the foreign agency.
"""

import base64
import hashlib
import json
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import Client, override_settings
from django.test.client import ClientHandler
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from ikrar.domain import access
from ikrar.domain.access import GIVEN_OVER, Over, Role
from ikrar.domain.activities import Verdict
from ikrar.domain.pacts import Grade, PactText
from ikrar.domain.receipts import Asked
from ikrar.domain.versions import RuleKind
from ikrar.gateways import log_key, signing
from ikrar.records.models import (
    Agency,
    AnswerReceipt,
    Body,
    BodyMember,
    GazetteCheck,
    Holding,
    Inquiry,
    Installation,
    Obligation,
    Office,
    OfficeLeave,
    Opinion,
    PactRound,
    PaperOrder,
    Person,
    Placement,
    PublishedOpinion,
    Region,
    RoleGrant,
    RosterImport,
    Signature,
    User,
    WorkUnit,
)
from ikrar.services import accounts, gazette, guidance, offices, pacts, pulse, roster, units
from ikrar.web import context

# Friday 25 October 2024, ten in the morning in Bukittinggi: the campaign is on.
MORNING = datetime(2024, 10, 25, 3, 0, tzinfo=UTC)
TODAY = date(2024, 10, 25)
PASSWORD = "hujan turun di Ngarai"

SARI, BUDI, RINA = "198503152010012001", "197208171998031002", "198811042012122003"
WATI, UJANG, RAHMA = "197905052005012004", "199001012015031005", "196907072000032006"
TONO, TINA = "198602202011011006", "197511112000122007"

TEXT = PactText.of(
    "Pakta Integritas Netralitas ASN",
    "Saya yang bertanda tangan di bawah ini menyatakan:",
    ["menjaga netralitas sebelum, selama, dan sesudah pemilihan", "tidak menyebarkan ujaran kebencian"],
    "Demikian pernyataan ini dibuat dengan sebenarnya.",
)
OTHER_TEXT = PactText.of("Ikrar Bersama", "", ["hadir dan setia"], "")


# --- a place for the tests ---------------------------------------------------------------------------------------


def make_home(folder: Path) -> Path:
    """Make an installation's folder with its keys, once for many tests: making keys is slow."""
    (folder / "keys").mkdir(parents=True, mode=0o700)
    signing.make_key(folder / "keys", "Uji", datetime(2024, 1, 1, tzinfo=UTC))
    log_key.make(folder / "keys", "localhost/log")
    with settings_in(folder):
        pulse.begin(MORNING + timedelta(days=1))  # however long the tests of a module take
    return folder


def settings_in(home: Path) -> override_settings:
    """Return the settings that every page test runs under."""
    return override_settings(
        HOME=home,
        COMMIT_TOGETHER=False,
        ALLOWED_HOSTS=["testserver", "localhost"],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        TASKS={"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["default"]}},
        STORAGES={
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
    )


@contextmanager
def one_morning() -> Iterator[None]:
    """Let it be the morning of the stage; time goes on from there."""
    with time_machine.travel(MORNING, tick=True):
        yield


@contextmanager
def kept_open() -> Iterator[None]:
    """Hold a transaction open over several tests and roll it back: what is built in it, all of them see.

    Each test runs in a savepoint inside. Services that insist on the outermost transaction take this one for a test's.
    """
    whole = transaction.atomic()
    whole._from_testcase = True
    whole.__enter__()
    try:
        yield
    finally:
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)
        context.forget()


# --- what stands on it -------------------------------------------------------------------------------------------


@dataclass
class Side:
    """What one agency owns. Every object exists, so that a page about it has no other reason for a 404."""

    agency: Agency
    root: WorkUnit
    education: WorkUnit
    school: WorkUnit
    other_school: WorkUnit
    teacher: Person
    head: Person
    other_teacher: Person
    pact: PactRound = None
    signed_pact: PactRound = None
    draft: PactRound = None
    duty: Obligation = None
    excused_duty: Obligation = None
    signed_duty: Obligation = None
    signature: Signature = None
    paper: PaperOrder = None
    office: Office = None
    held_office: Office = None
    holding: Holding = None
    leave: OfficeLeave = None
    body: Body = None
    member: BodyMember = None
    grant: RoleGrant = None
    gazette_check: GazetteCheck = None
    received: RosterImport = None
    previewed: RosterImport = None
    to_drop: RosterImport = None
    to_reopen: RosterImport = None
    applied: RosterImport = None
    inquiry: Inquiry = None
    answered: Inquiry = None
    published: PublishedOpinion = None
    receipt: AnswerReceipt = None
    citable: str = ""


@dataclass
class Account:
    """Somebody who can sign in, with the roles that the table of access is asked about."""

    user: User
    roles: frozenset[Role]
    passkey: Authenticator | None = None
    duty: Obligation | None = None
    signed_duty: Obligation | None = None
    signature: Signature | None = None
    paper: PaperOrder | None = None
    inquiry: Inquiry | None = None
    answered: Inquiry | None = None
    published: PublishedOpinion | None = None
    _session: str = field(default="", repr=False)

    @property
    def permissions(self) -> frozenset[str]:
        return access.EVERYBODY.union(*(access.GRANTS[role] for role in self.roles))

    def carriers(self, permission: str) -> frozenset[Role]:
        """Return the roles of this account that carry a permission."""
        return frozenset(role for role in self.roles if permission in access.GRANTS[role])

    def client(self) -> Client:
        """Return a browser of this person in the session that was opened for the stage; strong, and just confirmed."""
        client = quick_client()
        client.cookies[settings.SESSION_COOKIE_NAME] = self._session
        return client


@dataclass
class Stage:
    """Two agencies, the accounts of each role in the first, and bodies outside both."""

    home: Side
    away: Side
    bawaslu: Body
    national: Body
    accounts: dict[Role, Account]
    rina: User
    sari: User
    budi: User
    tono: User
    tina: User
    away_officer: User


def _unit(agency: Agency, parent: WorkUnit, code: str, name: str, kind: str) -> WorkUnit:
    return WorkUnit.objects.create(agency=agency, parent=parent, code=code, name=name, kind=kind)


def person(
    name: str,
    number: str,
    unit: WorkUnit,
    *,
    kind: str = "nip",
    employment: str = "pns",
    post: str = "Guru",
    is_head: bool = False,
    status: str = "active",
    since: date = date(2024, 1, 2),
    **more: Any,
) -> Person:
    """Put somebody on the roster of a unit."""
    made = Person.objects.create(identifier_type=kind, identifier=number, name=name, **more)
    Placement.objects.create(
        person=made, unit=unit, employment=employment, post=post, is_head=is_head, status=status, from_on=since
    )
    return made


def account(someone: Person, password: str | None = None) -> User:
    """Give somebody of the roster an account, with a password of his own if one is given."""
    user = accounts.ensure_account(someone, now=MORNING)
    if password:
        set_password(user, password)
    return user


def set_password(user: User, password: str = PASSWORD) -> None:
    """Set a password as its owner would."""
    accounts.add_password(user, password, by=user, now=MORNING)


def outsider(username: str, full_name: str) -> User:
    """Make an account that stands on no roster."""
    return User.objects.create(username=username, full_name=full_name, password="!", created_at=MORNING)


def install(*, demo: bool = False) -> Installation:
    """Make the one row that says what this database is, and the few regions of the stage."""
    context.forget()
    Region.objects.bulk_create(
        [
            Region(code="13", name="Sumatera Barat"),
            Region(code="13.75", name="Kota Bukittinggi", parent_id="13"),
            Region(code="13.76", name="Kota Payakumbuh", parent_id="13"),
        ]
    )
    return Installation.objects.create(
        name="Panggung", is_demo=demo, demo_today=TODAY if demo else None, created_at=MORNING
    )


def agency(code: str, name: str) -> tuple[Agency, WorkUnit]:
    """Make an agency with its root unit."""
    made = units.add_agency(code=code, name=name, kind="city", region=code, parent=None, by=None, now=MORNING)
    return made, made.units.get(parent=None)


def _people_of_home() -> Side:
    made, root = agency("13.75", "Pemerintah Kota Bukittinggi")
    education = _unit(made, root, "DISDIK", "Dinas Pendidikan", "education_office")
    school = _unit(made, education, "SMPN1", "SMP Negeri 1 Bukittinggi", "school")
    other = _unit(made, education, "SMPN2", "SMP Negeri 2 Bukittinggi", "school")
    personnel = _unit(made, root, "BKPSDM", "Badan Kepegawaian", "office")
    units.renumber(made)
    for unit in (root, education, school, other, personnel):
        unit.refresh_from_db()
    person("Rahma Yulia", RAHMA, education, post="Kepala Dinas", is_head=True, front_title="Dra.")
    head = person("Budi Santoso", BUDI, school, post="Kepala Sekolah", is_head=True, back_title="M.Pd")
    teacher = person("Sari Dewi", SARI, school, back_title="S.Pd")
    person("Lia Honorer", "1375014501900001", school, kind="nik", employment="contract", post="Operator")
    person("Wati Amir", WATI, other, post="Kepala Sekolah", is_head=True)
    colleague = person("Ujang Rahmat", UJANG, other)
    person("Rina Marlina", RINA, personnel, post="Analis SDM Aparatur")
    return Side(made, root, education, school, other, teacher, head, colleague)


def _people_of_away() -> Side:
    made, root = agency("13.76", "Pemerintah Kota Payakumbuh")
    education = _unit(made, root, "DISDIK", "Dinas Pendidikan Payakumbuh", "education_office")
    school = _unit(made, education, "SMPN9", "SMP Negeri 9 Payakumbuh", "school")
    other = _unit(made, education, "SMPN8", "SMP Negeri 8 Payakumbuh", "school")
    units.renumber(made)
    for unit in (root, education, school, other):
        unit.refresh_from_db()
    head = person("Tina Fatimah", TINA, school, post="Kepala Sekolah", is_head=True)
    teacher = person("Tono Hartono", TONO, school)
    colleague = person("Yusuf Anwar", "199205052019031009", other)
    return Side(made, root, education, school, other, teacher, head, colleague)


def roster_file(*rows: tuple[str, str, str], unit: str = "SMPN1") -> bytes:
    """Return a small roster: number, name, employment of each, all in one unit."""
    lines = ["NIP;Nama;Status Kepegawaian;Kode Unit;Jabatan"]
    lines += [f"{number};{name};{employment};{unit};Guru" for number, name, employment in rows]
    return "\n".join(lines).encode()


def _import(side: Side, number: str, name: str, by: User, *, upto: str) -> RosterImport:
    content = roster_file((number, name, "PNS"), ("12345", "Salah Nomor", "PNS"), unit=side.school.code)
    made = roster.receive(
        agency=side.agency, file=BytesIO(content), name="pegawai.csv", effective_on=TODAY, by=by, now=MORNING
    )
    if upto == "received":
        return made
    roster.map_columns(made, made.fields, complete=False, new_units=False)
    roster.preview(made, now=MORNING)
    if upto == "applied":
        roster.begin_applying(made)
        roster.apply(made, by=by, now=MORNING)
    return made


def sign(duty: Obligation, user: User, grade: Grade = Grade.PASSWORD, today: date = TODAY) -> Signature:
    """Sign the text in force as its owner."""
    duty.pact_round.refresh_from_db()
    return pacts.sign(
        duty.pk, user=user, shown_digest=duty.pact_round.text.digest, grade=grade, today=today, now=MORNING
    )


def make_round(owner: Agency, title: str = "Pakta 2024", text: PactText = TEXT, **more: Any) -> PactRound:
    """Make a round with its first text."""
    return pacts.create_round(agency=owner, title=title, text=text, by=None, now=MORNING, **more)


def issue(pact_round: PactRound, today: date = TODAY) -> dict[str, int]:
    """Issue a round by the roster of the day."""
    return pacts.issue(pact_round, today=today, by=None, now=MORNING)


def duty_of(pact_round: PactRound, someone: Person) -> Obligation:
    """Return what somebody owes in a round, read anew."""
    return Obligation.objects.select_related("pact_round__text", "unit", "person").get(
        pact_round=pact_round, person=someone
    )


ASKED = Asked(("like-candidate-post",), TODAY, "pns", region="13.75")


def ask(office: str, asked: Asked = ASKED, text: str = "Bolehkah saya menyukai unggahan calon?") -> tuple[Inquiry, str]:
    """Put a question before an office; returns it with the asker's code."""
    code = guidance.ask_office(office, asked, text, today=TODAY, now=MORNING)
    return guidance.inquiry_of(code), code


def cites_of(inquiry: Inquiry) -> list[str]:
    """Return the tokens of what an opinion on a question rests on."""
    near, _ = guidance.citable(Asked.of(inquiry.asked))
    return [token for rule in near for token, _cite in rule.cites]


def give(inquiry: Inquiry, by: User, **more: Any) -> Opinion:
    """Answer a question."""
    said = {
        "verdict": Verdict.NOT_ALLOWED, "facts": "Penanya PNS.", "text": "Jangan menyukai unggahan itu.",
        "cites": cites_of(inquiry)[:2], "valid_until": date(2024, 11, 27),
    }  # fmt: skip
    return guidance.give_opinion(inquiry, **said | more, by=by, today=TODAY, now=MORNING)


def publish(opinion: Opinion, by: User, **more: Any) -> PublishedOpinion:
    """Put an opinion into the library."""
    words = {"question": "Bolehkah menyukai unggahan calon?", "facts": opinion.facts, "text": opinion.text}
    return guidance.publish(opinion, **words | {"looked_again": True} | more, by=by, today=TODAY, now=MORNING)


def ask_and_answer(office: str, officer: User) -> tuple[Inquiry, Inquiry, PublishedOpinion]:
    """Put three questions before an office: one waits, one is answered, the answer to one is published too."""
    waiting, answered, published = (ask(office)[0] for _ in range(3))
    give(answered, officer)
    return waiting, answered, publish(give(published, officer), officer)


# Each agency compared another rule: a version has one mark in the whole installation.
_COMPARED = {"13.75": "light-written", "13.76": "light-dissatisfaction"}


def compare(sanction: str, owner: Agency, officer: User) -> GazetteCheck:
    """Let the legal bureau of an agency compare a sanction of PP 94/2021 with the gazette."""
    key = (RuleKind.SANCTION, sanction, date(2021, 8, 31))
    return gazette.check(
        *key, shown_digest=gazette.shelf().digests[key], compared_on=TODAY, reference="halaman 3", note="",
        agency=owner, by=officer, today=TODAY, now=MORNING,
    )  # fmt: skip


def paper_order(unit: WorkUnit, pact_round: PactRound, by: User) -> PaperOrder:
    """Write an order of certificates whose file is gone from the disk."""
    return PaperOrder.objects.create(
        kind="certificates", unit=unit, pact_round=pact_round, by=by, state="ready", wanted=[], people=1, done=1,
        folder="0" * 24, archive="hilang.pdf", ordered_at=MORNING, ready_at=MORNING,
    )  # fmt: skip


def _furnish(side: Side, officer: User, numbers: tuple[str, ...]) -> None:
    """Give an agency one of everything that a page is about."""
    side.pact = make_round(side.agency, f"Pakta 2024 {side.agency.name}")
    issue(side.pact)
    side.signed_pact = make_round(side.agency, f"Ikrar Bersama {side.agency.name}", OTHER_TEXT)
    issue(side.signed_pact)
    side.draft = make_round(side.agency, f"Rancangan {side.agency.name}")
    side.duty = duty_of(side.pact, side.teacher)
    side.excused_duty = duty_of(side.pact, side.other_teacher)
    pacts.excuse(side.excused_duty, reason="tugas belajar", by=officer, now=MORNING)
    side.signed_duty = duty_of(side.signed_pact, side.teacher)
    side.signature = sign(side.signed_duty, account(side.teacher))
    side.signed_duty.refresh_from_db()
    common = {"by": officer, "now": MORNING}
    side.office = offices.create_office(
        agency=side.agency, unit=side.school, title="Kepala Sekolah", kind="head_of_unit", **common
    )
    side.held_office = offices.create_office(
        agency=side.agency, unit=None, title="Wali Kota", kind="head_of_region", **common
    )
    side.holding = offices.take_over(
        side.held_office, person=None, capacity="pjs", from_at=datetime(2024, 9, 25, tzinfo=UTC),
        letter_number="SK 1", letter_on=None, **common,
    )  # fmt: skip
    side.leave = offices.record_leave(side.holding, kind="annual", from_on=TODAY, last_on=TODAY, note="", **common)
    side.body = offices.create_body(
        agency=side.agency, region=side.agency.region, kind="task_force", name=f"Satgas {side.agency.name}", task="",
        **common,
    )  # fmt: skip
    side.member = offices.add_member(
        side.body, person=side.head, duty="Ketua", letter_number="ST 1", letter_on=TODAY, from_on=TODAY, **common
    )
    side.inquiry, side.answered, side.published = ask_and_answer(f"agency-{side.agency.pk}", officer)
    side.citable = cites_of(side.inquiry)[0]
    side.receipt = guidance.keep_receipt(ASKED, today=TODAY, now=MORNING)
    side.gazette_check = compare(_COMPARED[side.agency.code], side.agency, officer)
    side.applied = _import(side, numbers[0], "Masuk Baru", officer, upto="applied")
    side.received = _import(side, numbers[1], "Baru Satu", officer, upto="received")
    side.previewed = _import(side, numbers[2], "Baru Dua", officer, upto="previewed")
    side.to_drop = _import(side, numbers[3], "Baru Tiga", officer, upto="previewed")
    side.to_reopen = _import(side, numbers[4], "Baru Empat", officer, upto="previewed")


def build(*, demo: bool = False) -> Stage:
    """Build the whole stage inside the caller's transaction."""
    install(demo=demo)
    home, away = _people_of_home(), _people_of_away()
    rina = account(Person.objects.get(identifier=RINA))
    home.grant = accounts.add_grant(rina, Role.PROGRAMME_OFFICER, agency=home.agency, by=None, now=MORNING)
    away_officer = outsider("PETUGAS.TETANGGA", "Nur Tetangga")
    away.grant = accounts.add_grant(away_officer, Role.PROGRAMME_OFFICER, agency=away.agency, by=None, now=MORNING)
    sari, budi, tono, tina = map(account, (home.teacher, home.head, away.teacher, away.head))
    _furnish(home, rina, tuple(f"1991010120190310{number:02d}" for number in range(10, 15)))
    _furnish(away, away_officer, tuple(f"1991010120190310{number:02d}" for number in range(20, 25)))
    bawaslu = Body.objects.create(region_id="13.75", kind="bawaslu", name="Bawaslu Kota Bukittinggi")
    national = Body.objects.create(kind="bkn", name="Badan Kepegawaian Negara")
    away.paper = paper_order(away.school, away.signed_pact, tono)
    stage = Stage(home, away, bawaslu, national, {}, rina, sari, budi, tono, tina, away_officer)
    _cast_roles(stage)
    return stage


def _cast_roles(stage: Stage) -> None:
    """Let one account hold each role, and no other where that can be: a right must not come from a second role."""
    bodies = {
        Role.INTAKE_OFFICER: stage.home.body,
        Role.SUPERVISOR_BODY: stage.bawaslu,
        Role.NATIONAL_BODY: stage.national,
    }
    for role in Role:
        if role is Role.CIVIL_SERVANT:
            stage.accounts[role] = Account(stage.sari, frozenset({role}))
        elif role is Role.UNIT_HEAD:
            stage.accounts[role] = Account(stage.budi, frozenset({Role.CIVIL_SERVANT, role}))
        else:
            user = outsider(f"X.{role.value.upper()}", f"Pemegang {role.value}")
            over = GIVEN_OVER[role]
            accounts.add_grant(
                user, role,
                agency=stage.home.agency if over is Over.AGENCY else None,
                body=bodies[role] if over is Over.BODY else None,
                by=None, now=MORNING,
            )  # fmt: skip
            stage.accounts[role] = Account(user, frozenset({role}))
            if over is Over.BODY and "opinion.write" in access.GRANTS[role]:
                made = ask_and_answer(f"body-{bodies[role].pk}", user)
                held = stage.accounts[role]
                held.inquiry, held.answered, held.published = made
    for each in stage.accounts.values():
        each._session = open_session(each.user)
        each.paper = paper_order(stage.home.school, stage.home.signed_pact, each.user)
        if each.user.person_id:
            someone = each.user.person
            each.duty = duty_of(stage.home.pact, someone)
            each.signed_duty = duty_of(stage.home.signed_pact, someone)
            if each.signed_duty.signature_id is None:
                sign(each.signed_duty, each.user)
                each.signed_duty.refresh_from_db()
            each.signature = each.signed_duty.signature


def equip(stage: Stage) -> None:
    """Give every account of a role a passkey, an authenticator and recovery codes, for pages that are about them."""
    for each in stage.accounts.values():
        each.passkey = Authenticator.objects.create(
            user=each.user,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": "Ponsel", "credential": Passkey().registered(challenge="AA")},
        )
        TOTP.activate(each.user, generate_totp_secret())
        RecoveryCodes.activate(each.user)


# --- signing in --------------------------------------------------------------------------------------------------


_handler = ClientHandler(enforce_csrf_checks=False)


def quick_client() -> Client:
    """Return a browser that shares its chain of middleware with the others: thousands of them are made."""
    client = Client()
    client.handler = _handler
    return client


def open_session(user: User, *, strong: bool = True, at: float | None = None) -> str:
    """Open a session as allauth would leave it; `strong` adds the second factor. Returns the session's key."""
    client = browser(user, strong=strong, at=at)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def browser(user: User, *, strong: bool = True, at: float | None = None, **more: Any) -> Client:
    """Return a browser in which somebody has signed in and just confirmed his password (or at a given instant)."""
    at = at or time.time()
    client = Client(**more)
    # Read anew: another test may have given this object a password that was rolled back.
    client.force_login(User.objects.get(pk=user.pk), backend="ikrar.web.sign_in.AccountBackend")
    session = client.session
    records = [{"method": "password", "at": at, "reauthenticated": True}]
    if strong:
        records.append({"method": "mfa", "type": "totp", "at": at, "reauthenticated": True})
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def password_hash(password: str = PASSWORD) -> str:
    """Return a usable hash."""
    return make_password(password)


# --- a passkey in software ---------------------------------------------------------------------------------------


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Passkey:
    """A phone's passkey: one P-256 key that answers the challenges of the pages as a browser would write them."""

    origin = "http://localhost:8000"
    rp_id = "localhost"

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = hashlib.sha256(self.key.public_key().public_numbers().x.to_bytes(32, "big")).digest()[:16]
        self.counter = 0

    def _client_data(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def registered(self, *, challenge: str) -> dict[str, Any]:
        """Answer navigator.credentials.create."""
        public = AttestedCredentialData.create(b"\0" * 16, self.id, ES256.from_cryptography_key(self.key.public_key()))
        said = AuthenticatorData.create(
            hashlib.sha256(self.rp_id.encode()).digest(),
            AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT,
            0,
            public,
        )
        return {
            "id": _text(self.id), "rawId": _text(self.id), "type": "public-key",
            "response": {
                "clientDataJSON": _text(self._client_data("webauthn.create", challenge)),
                "attestationObject": _text(bytes(AttestationObject.create("none", said, {}))),
                "transports": ["internal"],
            },
            "clientExtensionResults": {"credProps": {"rk": True}},
            "authenticatorAttachment": "platform",
        }  # fmt: skip

    def answered(self, user_handle: str, *, challenge: str) -> dict[str, Any]:
        """Answer navigator.credentials.get."""
        self.counter += 1
        flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV
        said = hashlib.sha256(self.rp_id.encode()).digest() + struct.pack(">BI", flags, self.counter)
        client_data = self._client_data("webauthn.get", challenge)
        signature = self.key.sign(said + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return {
            "id": _text(self.id), "rawId": _text(self.id), "type": "public-key",
            "response": {
                "clientDataJSON": _text(client_data), "authenticatorData": _text(said),
                "signature": _text(signature), "userHandle": user_handle,
            },
            "clientExtensionResults": {}, "authenticatorAttachment": "platform",
        }  # fmt: skip
