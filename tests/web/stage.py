"""The stage of the page tests: two agencies that must see nothing of each other, with everybody and everything in them.

Sari has signed nothing of the main pact yet, Budi heads her school, Rina runs the programme, Tono is of another agency
and must see none of it. `Side` holds what one agency owns, object by object, so that a test can ask for the same thing
of the own and of the foreign agency.
"""

import base64
import hashlib
import json
import os
import struct
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour
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
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.client import ClientHandler
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData
from PIL import Image

from ikrar.domain import access, return_codes
from ikrar.domain.access import GIVEN_OVER, NEVER_GIVEN, Over, Role
from ikrar.domain.activities import Verdict
from ikrar.domain.circulars import CircularText, Question
from ikrar.domain.files import FileKind
from ikrar.domain.pacts import Grade, PactText
from ikrar.domain.receipts import Asked
from ikrar.domain.retention import HoldKind
from ikrar.domain.return_codes import ReturnCode
from ikrar.domain.versions import RuleKind
from ikrar.gateways import log_key, sealing, signing
from ikrar.records.models import (
    Activity,
    ActivityPhoto,
    Agency,
    AnswerReceipt,
    Attendance,
    Body,
    BodyMember,
    Case,
    Circular,
    Clipping,
    Decision,
    Duty,
    DutyDone,
    DutyOwner,
    FailingAddress,
    GazetteCheck,
    Guest,
    Holding,
    Inquiry,
    Installation,
    Invitation,
    InvitedUnit,
    Notice,
    Obligation,
    Office,
    OfficeLeave,
    Opinion,
    PactRound,
    PaperOrder,
    PaperScan,
    Person,
    Placement,
    PublishedOpinion,
    Region,
    RegionalElection,
    Report,
    ReportCopy,
    ReportPart,
    ReportTriage,
    RoleGrant,
    RosterImport,
    Signature,
    StageMove,
    User,
    Witness,
    WorkUnit,
)
from ikrar.services import (
    accounts,
    activities,
    attendance,
    case_files,
    case_referrals,
    case_steps,
    cases,
    ceremonies,
    circulars,
    clippings,
    duties,
    files,
    gazette,
    guidance,
    keysets,
    ledger,
    mailbox,
    offices,
    pacts,
    pulse,
    report_copies,
    report_desk,
    report_triage,
    reports,
    retention,
    roster,
    sheets,
    units,
)
from ikrar.services.activities import Plan
from ikrar.services.case_files import Alleged
from ikrar.services.case_steps import Doing
from ikrar.services.cases import Named
from ikrar.web import context
from tests.services import reports_cast

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


def settings_of(home: Path) -> dict[str, Any]:
    """Return the settings that every page test runs under."""
    return {
        "HOME": home,
        "COMMIT_TOGETHER": False,
        "ALLOWED_HOSTS": ["testserver", "localhost"],
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "TASKS": {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["default"]}},
        "STORAGES": {
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
    }


def settings_in(home: Path) -> override_settings:
    """Return the same, for whatever is done inside it."""
    return override_settings(**settings_of(home))


@contextmanager
def one_morning() -> Iterator[None]:
    """Let it be the morning of the stage; time goes on from there."""
    with time_machine.travel(MORNING, tick=True):
        yield


@contextmanager
def kept_open() -> Iterator[None]:
    """Hold a transaction open over several tests and roll it back: what is built in it, all of them see.

    Whoever has built calls `held_once`, so that PostgreSQL does not look up again after each test whom every row refers to.

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


def held_once() -> None:
    """Hold now what the rows of this transaction refer to. Else it waits for the end, and is held at the end of each test inside."""
    connection.check_constraints()


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
    stage_move: StageMove = None
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
    gatherings: "Gatherings" = None
    circular: Circular = None
    draft_circular: Circular = None
    ceremonies: "Ceremonies" = None
    leave: OfficeLeave = None
    going_on: Duty = None
    part: DutyOwner = None
    evidence: DutyDone = None
    failing: FailingAddress = None
    report: Report = None
    hidden_report: Report = None
    triage: ReportTriage = None
    done_triage: ReportTriage = None
    others_triage: ReportTriage = None
    copy: ReportCopy = None
    copied_report: Report = None
    consented_report: Report = None
    clipping: Clipping = None
    case: Case = None


@dataclass
class Ceremonies:
    """What is signed with witnesses, by office-holders and on paper, one of each that a page is about."""

    outside_office: Office
    office_round: PactRound
    holder_duty: Obligation
    ceremony: Activity
    holder_ceremony: Activity
    witness: Guest
    signed_witness: Guest
    scan: PaperScan
    read_scan: PaperScan
    refused_scan: PaperScan


@dataclass
class Gatherings:
    """Activities of one agency, one in each state that a page needs; all but that of the city are of the school."""

    draft: Activity
    called: Activity
    opened: Activity
    closed: Activity
    city: Activity
    invited: InvitedUnit
    invitation: Invitation
    attendance: Attendance
    guest: Guest
    guest_here: Guest
    decision: Decision
    final_decision: Decision
    photo: ActivityPhoto
    share: InvitedUnit


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
    body: Body | None = None
    decision: Decision | None = None
    leave: OfficeLeave | None = None
    part: DutyOwner | None = None
    evidence: DutyDone | None = None
    report: Report | None = None
    triage: ReportTriage | None = None
    done_triage: ReportTriage | None = None
    copy: ReportCopy | None = None
    copied_report: Report | None = None
    consented_report: Report | None = None
    clipping: Clipping | None = None
    case: Case | None = None
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


PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
CIRCULAR_TEXT = CircularText.of("Netralitas ASN", "Yth. semua pegawai.", ["netral", "jujur"], "Demikian.")
QUESTION = Question.of("Boleh memilih?", ["tidak boleh", "boleh"], 1, "Hak pilih sendiri bebas.", place=1)


def draft_circular(owner: Agency, officer: User, **more: Any) -> Circular:
    """Write a circular to everybody of an agency that nobody sees yet."""
    said = {"kind": "circular", "text": CIRCULAR_TEXT, "agencies": (owner,), "questions": (QUESTION,)} | more
    return circulars.create(owner, circulars.Draft(**said), today=TODAY, by=officer, now=MORNING)


def publish_circular(circular: Circular, officer: User, today: date = TODAY) -> Circular:
    """Publish a draft by the roster of the day."""
    circulars.publish(circular, shown_mark=None, today=today, by=officer, now=MORNING)
    return circular


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
    side.body = offices.create_body(
        agency=side.agency, region=side.agency.region, kind="task_force", name=f"Satgas {side.agency.name}", task="",
        **common,
    )  # fmt: skip
    # On the days that it has anyway: a move that changes nothing.
    row, _made = RegionalElection.objects.get_or_create(election="pilkada-2024", region=side.agency.region)
    side.stage_move = StageMove.objects.create(
        regional_election=row, stage="voting", from_on=date(2024, 11, 27), last_on=date(2024, 11, 27), reason="uji",
        recorded_at=MORNING,
    )  # fmt: skip
    side.member = offices.add_member(
        side.body, person=side.head, duty="Ketua", letter_number="ST 1", letter_on=TODAY, from_on=TODAY, **common
    )
    side.inquiry, side.answered, side.published = ask_and_answer(f"agency-{side.agency.pk}", officer)
    side.citable = cites_of(side.inquiry)[0]
    side.receipt = guidance.keep_receipt(ASKED, today=TODAY, now=MORNING)
    side.gazette_check = compare(_COMPARED[side.agency.code], side.agency, officer)
    side.gatherings = _gatherings(side, officer)
    side.applied = _import(side, numbers[0], "Masuk Baru", officer, upto="applied")
    side.received = _import(side, numbers[1], "Baru Satu", officer, upto="received")
    side.previewed = _import(side, numbers[2], "Baru Dua", officer, upto="previewed")
    side.to_drop = _import(side, numbers[3], "Baru Tiga", officer, upto="previewed")
    side.to_reopen = _import(side, numbers[4], "Baru Empat", officer, upto="previewed")
    side.clipping = _pasted(side.agency, officer)
    side.draft_circular = draft_circular(
        side.agency, officer, text=replace(CIRCULAR_TEXT, title=f"Rancangan {side.agency.name}")
    )
    file = files.receive(
        SimpleUploadedFile("edaran.pdf", PDF), kinds={FileKind.PDF}, most_bytes=10_000, by=officer, now=MORNING
    )
    side.circular = draft_circular(
        side.agency, officer, text=replace(CIRCULAR_TEXT, title=f"Edaran {side.agency.name}"), file=file
    )
    publish_circular(side.circular, officer)
    Notice.objects.filter(kind="circular_published").delete()


def plan(kind: str, title: str, on: date = TODAY, **more: Any) -> Plan:
    """Return what is written of an activity of the stage."""
    return Plan(kind, title, on, hour(8), hour(10), "Aula", **more)


def gather(side: Side, unit: WorkUnit | None, title: str, by: User, upto: str) -> Activity:
    """Hold an activity of a school, or of the whole agency, up to a state."""
    common = {"by": by, "now": MORNING}
    made = activities.draft(agency=side.agency, unit=unit, plan=plan("declaration", title), today=TODAY, **common)
    activities.invite_unit(made, unit or side.root, heads_only=False, quota=None, **common)
    if upto != "draft":
        activities.call(made, today=TODAY, **common)
    if upto in ("open", "closed"):
        activities.open_list(made, today=TODAY, **common)
    if upto == "closed":
        activities.close(made, **common)
        activities.write_minutes(made, "Semua hadir.", points=["netral"], **common)
    return made


def decide(activity: Activity, by: User, *, unit: WorkUnit | None = None, office: Office | None = None) -> Decision:
    """Write down a decision of an activity that was closed, and make its minutes final."""
    common = {"by": by, "now": MORNING}
    made = activities.add_decision(activity, text="Pasang pengumuman", office=office, unit=unit, due_on=TODAY, **common)
    activities.finish_minutes(activity, today=TODAY, **common)
    return made


def _gatherings(side: Side, officer: User) -> Gatherings:
    common = {"by": officer, "now": MORNING}
    school = side.school
    draft = gather(side, school, f"Rancangan apel {side.agency.name}", officer, "draft")
    activities.invite_people(draft, [side.teacher], **common)
    opened = gather(side, school, f"Apel {side.agency.name}", officer, "open")
    here = activities.add_guest(opened, kind="kpu", body="KPU Kota", post="Ketua", **common)
    activities.receive_guest(here, name="Tamu Rekaan", post="Ketua", **common)
    city = gather(side, None, f"Deklarasi {side.agency.name}", officer, "open")
    present = Placement.objects.current().filter(person=side.head).select_related("unit")
    attendance.check_in_by_hand(city, present, **common)
    closed = gather(side, school, f"Rapat {side.agency.name}", officer, "closed")
    final = gather(side, school, f"Rapat lama {side.agency.name}", officer, "closed")
    # A picture would do as well; whatever it is, the page sends what was kept.
    file = files.receive(
        SimpleUploadedFile("a.pdf", b"%PDF-1.7 %%EOF"), kinds={FileKind.PDF}, most_bytes=1000, by=officer, now=MORNING
    )
    return Gatherings(
        draft=draft,
        called=gather(side, school, f"Pengarahan {side.agency.name}", officer, "called"),
        opened=opened,
        closed=closed,
        city=city,
        invited=draft.units.get(),
        invitation=draft.invitations.get(),
        attendance=Attendance.objects.get(activity=city),
        guest=activities.add_guest(opened, kind="bawaslu", body="Bawaslu Kota", **common),
        guest_here=here,
        decision=activities.add_decision(closed, text="Catat", office=None, unit=school, due_on=None, **common),
        final_decision=decide(final, officer, unit=school),
        photo=ActivityPhoto.objects.create(activity=opened, file=file, caption="Apel pagi", at=MORNING, by=officer),
        share=_share(side),
    )


def _share(side: Side) -> InvitedUnit:
    """Return the share of the school at an activity that is called: it may send two."""
    called = Activity.objects.create(
        agency=side.agency, kind="briefing", state="called", title=f"Bimbingan {side.agency.name}", on=TODAY,
        created_at=MORNING,
    )  # fmt: skip
    return InvitedUnit.objects.create(activity=called, unit=side.school, quota=2)


def picture(number: int = 0) -> SimpleUploadedFile:
    """Return a small picture without a code, another one for each number."""
    drawn = BytesIO()
    Image.new("L", (60, 80), number).save(drawn, "PNG")
    return SimpleUploadedFile(f"lembar-{number}.png", drawn.getvalue())


def _ceremonies(side: Side, officer: User) -> Ceremonies:
    """Give an agency an office that somebody from outside holds, its pact, two ceremonies, witnesses, sheets on paper."""
    common = {"by": officer, "now": MORNING}
    outside_office = offices.create_office(
        agency=side.agency, unit=None, title=f"Wakil Wali {side.agency.name}", kind="other", **common
    )
    offices.take_over_from_outside(
        outside_office, name=f"Contoh Wakil {side.agency.code}", capacity="definitive",
        from_at=datetime(2024, 1, 1, tzinfo=UTC), letter_number="SK 2", letter_on=None, **common,
    )  # fmt: skip
    office_round = ceremonies.create_round(
        agency=side.agency, title=f"Pakta Pejabat {side.agency.name}", text=TEXT, offices=[outside_office],
        **common,
    )  # fmt: skip
    ceremonies.issue(office_round, today=TODAY, **common)
    holder_duty = Obligation.objects.get(pact_round=office_round)
    held = {"agency": side.agency, "unit": side.school, "kind": "declaration", "state": "open", "on": TODAY,
            "created_at": MORNING, "secret": "00" * 32}  # fmt: skip
    ceremony = Activity.objects.create(title=f"Deklarasi {side.agency.name}", pact_round=side.pact, **held)
    holder_ceremony = Activity.objects.create(
        title=f"Penandatanganan {side.agency.name}", pact_round=office_round, **held
    )
    entry = ledger.record("activity.attended", {"activity": ceremony.pk}, now=MORNING)
    ceremony.attendances.create(person=side.teacher, unit=side.school, way="phone", at=MORNING, entry=entry)
    guest = {"activity": ceremony, "kind": "bawaslu", "is_witness": True, "arrived_at": MORNING}
    witness = Guest.objects.create(body=f"Bawaslu {side.agency.name}", post="Ketua", **guest)
    signed_witness = Guest.objects.create(body=f"Bawaslu {side.agency.name}", post="Anggota", **guest)
    Witness.objects.create(
        guest=signed_witness, code_digest=f"{side.agency.pk:064d}", issued_at=MORNING, issued_by=officer,
        name="Misal Saksi", statement="Pernyataan saksi\n\nAcara: Deklarasi\n\nSaya hadir.", statement_digest="0" * 64,
        signed=1, signed_at=MORNING, signed_on=TODAY,
    )  # fmt: skip
    owed = [side.duty, duty_of(side.pact, side.head)]
    sheets.print_sheets(side.pact, owed, **common)
    waiting, read = (duty.sheets.get() for duty in owed)
    scan, read_scan, refused_scan = (
        PaperScan.objects.create(
            agency=side.agency, digest=f"{number:064d}", at=MORNING, by=officer,
            file=files.receive(picture(number), kinds={FileKind.PNG}, most_bytes=10_000, **common),
        )
        for number in range(3)
    )  # fmt: skip
    PaperScan.objects.filter(pk=scan.pk).update(codes_found=[waiting.code])
    reader = outsider(f"PENCOCOK.{side.agency.code}", "Nur Pencocok")
    PaperScan.objects.filter(pk=read_scan.pk).update(
        state="reconciled", sheet=read, signed_on=TODAY, reconciled_by=reader, reconciled_at=MORNING
    )
    sheets.refuse(refused_scan, reason="bukan lembar", **common)
    return Ceremonies(
        outside_office, office_round, holder_duty, ceremony, holder_ceremony, witness, signed_witness, scan, read_scan,
        refused_scan,
    )  # fmt: skip


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
    home.ceremonies, away.ceremonies = _ceremonies(home, rina), _ceremonies(away, away_officer)
    bawaslu = Body.objects.create(region_id="13.75", kind="bawaslu", name="Bawaslu Kota Bukittinggi")
    national = Body.objects.create(kind="bkn", name="Badan Kepegawaian Negara")
    away.paper = paper_order(away.school, away.signed_pact, tono)
    for side, officer in ((home, rina), (away, away_officer)):
        side.leave, side.part, side.evidence = _going_on(side.held_office, side.holding, officer)
        side.going_on = side.part.duty
        side.failing = FailingAddress.objects.create(
            way="email", address=f"guru@{side.agency.code}.test", person=side.teacher, answer="550", since_at=MORNING
        )
        Person.objects.filter(pk=side.teacher.pk).update(email=f"guru@{side.agency.code}.test")
    stage = Stage(home, away, bawaslu, national, {}, rina, sari, budi, tono, tina, away_officer)
    _cast_roles(stage)
    _case_papers(stage)
    return stage


def _case_papers(stage: Stage) -> None:
    """Let a head have a case of one whom he leads, and every case a step that a scan shows."""
    stage.accounts[Role.UNIT_HEAD].case = _recommended(stage, stage.home.teacher)
    found = [stage.home.case, stage.away.case, *(each.case for each in stage.accounts.values() if each.case)]
    for number, case in enumerate({each.pk: each for each in found}.values()):
        paper = SimpleUploadedFile(f"surat-{number}.pdf", b"%PDF-1.4 surat " + str(number).encode() + b"\n%%EOF\n")
        kept = files.receive(paper, kinds=frozenset(FileKind), most_bytes=10_000, by=None, now=MORNING)
        respondent = case.respondents.order_by("pk").first()
        case_steps.write(case, "note", Doing(None, TODAY, MORNING), respondent=respondent, document=kept)


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
            if role in NEVER_GIVEN:
                RoleGrant.objects.create(user=user, role=role, from_at=MORNING)  # as older records may hold it
            else:
                accounts.add_grant(
                    user, role,
                    agency=stage.home.agency if over is Over.AGENCY else None,
                    body=bodies[role] if over is Over.BODY else None,
                    by=None, now=MORNING,
                )  # fmt: skip
            stage.accounts[role] = Account(user, frozenset({role}), body=bodies.get(role))
            if over is Over.BODY and "opinion.write" in access.GRANTS[role]:
                made = ask_and_answer(f"body-{bodies[role].pk}", user)
                held = stage.accounts[role]
                held.inquiry, held.answered, held.published = made
    for role in bodies:
        held = stage.accounts[role]
        surname = "" if role is Role.INTAKE_OFFICER else f" {held.body.pk}"
        _inbox(held, held.body, held.user, surname)
        held.clipping = _pasted(held.body, held.user)
        if held.body == stage.home.body:
            for name in ("report", "triage", "done_triage", "copy", "copied_report", "consented_report"):
                setattr(stage.home, name, getattr(held, name))
            colleague = User.objects.get(username="LARAS")
            stage.home.hidden_report, stage.home.others_triage = _hidden(held, colleague)
    neighbour = outsider("LAPOR.TETANGGA", "Lena Tetangga")
    _inbox(stage.away, stage.away.body, neighbour, " Tetangga")
    for role in bodies:
        held = stage.accounts[role]
        held.case = open_case(stage.home, held.body, held.user)
    stage.home.case = _recommended(stage)
    stage.away.case = open_case(stage.away, stage.away.body, neighbour)
    for each in stage.accounts.values():
        each._session = open_session(each.user)
        each.paper = paper_order(stage.home.school, stage.home.signed_pact, each.user)
        each.decision = stage.home.gatherings.final_decision
        each.leave, each.part, each.evidence = stage.home.leave, stage.home.part, stage.home.evidence
        if each.user.person_id:
            someone = each.user.person
            each.duty = duty_of(stage.home.pact, someone)
            each.signed_duty = duty_of(stage.home.signed_pact, someone)
            if each.signed_duty.signature_id is None:
                sign(each.signed_duty, each.user)
                each.signed_duty.refresh_from_db()
            each.signature = each.signed_duty.signature
            each.decision = _own_decision(stage.home, someone, stage.rina)
            office = each.decision.office
            each.leave, each.part, each.evidence = _going_on(office, office.holdings.get(), stage.rina)
    # Whoever holds an office signs at an activity though he stands on no roster.
    duty, holder = stage.home.ceremonies.holder_duty, stage.accounts[Role.OFFICE_HOLDER].user
    User.objects.filter(pk=holder.pk).update(person=duty.person, full_name="")
    Invitation.objects.create(
        activity=stage.home.ceremonies.holder_ceremony, person=duty.person, unit=duty.unit, invited_at=MORNING
    )


def _inbox(held: "Side | Account", body: Body, user: User, surname: str) -> None:
    """Let three officers of a body hold its keys, and a change without one of them wait for signatures; the first of them opened
    a report there after a colleague, set another aside, and chose a third one for that. A copy of another body's report waits
    for his answer; one he took, and one he reads since its reporter consented.
    """
    if not RoleGrant.objects.filter(user=user, body=body).exists():
        RoleGrant.objects.create(user=user, role=Role.INTAKE_OFFICER, body=body, from_at=MORNING)
    own = sealing.Key(hashlib.sha256(surname.encode()).digest() if surname else b"\1" * 32)
    holders = [reports_cast.Officer(user, own)]
    holders[0].row = reports_cast.make_key(holders[0], body, MORNING)
    holders += [reports_cast.officer(f"{name}{surname}", body, MORNING) for name in ("Laras", "Galih")]
    reports_cast.found(body, holders, sealing.Key(b"\2" * 32), MORNING)
    keysets.propose(body, keys=[each.row.pk for each in holders[:2]], offline=None, by=user, now=MORNING)
    held.report = _report(body)
    held.done_triage = _chosen(user, _report(body))
    report_triage.order(held.done_triage, reason="empty", now=MORNING)
    report_triage.run(held.done_triage.pk, now=MORNING)
    held.triage = _chosen(user, _report(body))
    for number, each in enumerate((holders[1], holders[0])):
        found = report_desk.seen(each.user, [body.pk], held.report.pk)
        report_desk.open_report(found, by=each.user, now=MORNING + timedelta(seconds=number))
    held.copy, held.copied_report, held.consented_report = _copy_for(body, holders[0], held.report)


def open_case(side: Side, body: Body, user: User, person: Person | None = None) -> Case:
    """Let an officer of a body open a case of a report that he opened, about somebody who serves in an agency."""
    report = _report(body)
    report_desk.open_report(report_desk.seen(user, [body.pk], report.pk), by=user, now=MORNING)
    said = Alleged(
        "pp94-5n6-partisan-activities", date(2024, 10, 20), "Lapangan", "hadir", candidate_status="determined"
    )
    named = Named(person=person or side.other_teacher, allegations=(said,))
    case = cases.register([report], body, [named], regime="pilkada", track="discipline", by=user, now=MORNING)
    upload = SimpleUploadedFile("bukti.pdf", PDF)
    file = files.receive(upload, kinds={FileKind.PDF}, most_bytes=10_000, by=user, now=MORNING)
    case_files.bring_out(case, report, content_of(report).pk, label="Undangan", file=file, by=user, now=MORNING)
    return case


def _recommended(stage: Stage, person: Person | None = None) -> Case:
    """Let a case go from the supervisor by way of the national body to the authority of the city, which has its people there."""
    ani, national = (stage.accounts[role].user for role in (Role.SUPERVISOR_BODY, Role.NATIONAL_BODY))
    case, common = open_case(stage.home, stage.bawaslu, ani, person), {"now": MORNING}
    for step, was, facts in (
        ("pilkada-review", "received", {}),
        ("pilkada-register", "reviewing", {"requirements-met": True}),
        ("pilkada-assess", "registered", {"review": True}),
    ):
        cases.take_step(case, step, was=was, facts=facts, by=ani, **common)
    sent = case_referrals.send(
        case,
        stage.national,
        number=f"{case.pk % 1000}/PM/2024",
        words="mohon ditindaklanjuti",
        was="assessed",
        by=ani,
        **common,
    )
    case_referrals.accept(sent, was="forwarded", by=national, **common)
    facts = {"review": True, "sanction": "severe-release-12m"}
    cases.take_step(case, "recommend", was="with-national", facts=facts, by=national, **common)
    case.refresh_from_db()
    return case


def _pasted(keeper: Agency | Body, user: User) -> Clipping:
    said = "Camat contoh berfoto dua jari, kata sebuah kiriman; besok apel."
    return clippings.keep(keeper, text=said, address="", seen_at=None, by=user, now=MORNING)


def _hidden(held: "Account", colleague: User) -> tuple[Report, ReportTriage]:
    """Return a report of a body that was never sealed to one of its officers, and a choice that a colleague made."""
    report = _report(held.body, excluded=[keysets.own_key(held.user, held.body).pk])
    return report, _chosen(colleague, report)


def _chosen(user: User, report: Report) -> ReportTriage:
    return report_triage.choose(user, [report.body_id], [report.pk], "set_aside", now=MORNING)


def _copy_for(body: Body, holder: reports_cast.Officer, report_here: Report) -> tuple[ReportCopy, Report, Report]:
    """Let another body offer a copy of a report of its own to a holder of a body's keys, who offers it one of his. Another copy
    he took and opened; the reporter of a third report consented that his body opens it. Both the other body holds beyond
    their term.
    """
    origin = Body.objects.create(agency=body.agency, region=body.region, kind="task_force", name=f"Asal {body.pk}")
    officers = [reports_cast.officer(f"{name}{origin.pk}", origin, MORNING) for name in ("Eka", "Fani")]
    safe = sealing.Key(hashlib.sha256(f"asal {origin.pk}".encode()).digest())
    reports_cast.found(origin, officers, safe, MORNING)
    offered = sealing.seal(sealing.padded({"content": "…"}), [officers[0].key.recipient, safe.recipient])
    mine = report_desk.seen(holder.user, [body.pk], report_here.pk)
    digest = keysets.current(origin).digest
    report_copies.offer(mine, origin, offered, [officers[0].row.pk], key_set=digest, by=holder.user, now=MORNING)
    by = {"by": officers[0].user, "now": MORNING}
    in_the_safe = sealing.Key(b"\2" * 32)  # of the body that is offered it (see _inbox)
    sealed = sealing.seal(sealing.padded({"content": "…"}), [holder.key.recipient, in_the_safe.recipient])
    shown = keysets.current(body).digest

    def offered_copy() -> ReportCopy:
        number = _report(origin).pk
        report_desk.open_report(report_desk.seen(officers[0].user, [origin.pk], number), **by)
        found = report_desk.seen(officers[0].user, [origin.pk], number)
        return report_copies.offer(found, body, sealed, [holder.row.pk], key_set=shown, **by)

    taken = offered_copy()
    report_copies.answer(taken, take=True, by=holder.user, now=MORNING)
    code = return_codes.new(os.urandom)
    consented = _report(origin, code=code)
    with override_settings(KEPT_S=0):
        mailbox.consent(mailbox.open_box(code), body, key_set=shown, now=MORNING)
    for each in (taken.report, consented):
        report_desk.open_report(report_desk.seen(holder.user, [body.pk], each.pk), by=holder.user, now=MORNING)
        retention.hold(each, HoldKind.CASE, TODAY + timedelta(days=30), **by)
    return offered_copy(), taken.report, consented


def _report(body: Body, excluded: Sequence[int] = (), code: ReturnCode | None = None) -> Report:
    """File a report as somebody without scripts would."""
    content = {
        "v": 1,
        "what": "Camat rekaan meminta memilih",
        "when": "",
        "where": "",
        "who": [],
        "witnesses": [],
        "links": [],
        "exclude": {"keys": list(excluded), "names": []},
    }
    with override_settings(KEPT_S=0):  # bodies of another stage had the same numbers a second ago
        digest = keysets.current(body).digest
        to = reports.addressees(body, key_set=digest, excluded=excluded, now=MORNING)
        sealed = reports.Sealing().finish(content, None, to, code or return_codes.new(os.urandom), on=TODAY)
        filed = reports.receive(sealed, body=body, channel="plain", regime="pilkada", known_on=TODAY, now=MORNING)
    return Report.objects.get(pk=filed.report)


def content_of(report: Report) -> ReportPart:
    """Return the part that holds what a report says."""
    return report.parts.get(kind=ReportPart.Kind.CONTENT)


def _going_on(office: Office, holding: Holding, officer: User) -> tuple[OfficeLeave, DutyOwner, DutyDone]:
    """Let the holder of an office be on leave next month, and the office have a duty of every day that was done today."""
    common = {"by": officer, "now": MORNING}
    leave = offices.record_leave(
        holding, kind="campaign", from_on=date(2024, 11, 24), last_on=date(2024, 11, 30), note="", **common
    )
    duty = duties.give(
        agency=office.agency, text=f"Membuka loket {office.pk}", every="day", from_on=TODAY, of_offices=[office],
        **common,
    )  # fmt: skip
    part = duty.owners.get()
    done = duties.mark_done(
        part, user=officer, evidence="loket dibuka", on=TODAY, file=SimpleUploadedFile("loket.pdf", PDF),
        for_owner=True, now=MORNING,
    )  # fmt: skip
    return leave, part, done


def _own_decision(side: Side, someone: Person, officer: User) -> Decision:
    """Let somebody hold an office of his own, and a decision be its matter."""
    common = {"by": officer, "now": MORNING}
    office = offices.create_office(agency=side.agency, unit=None, title=f"Panitia {someone.pk}", kind="other", **common)
    offices.take_over(
        office, person=someone, capacity="definitive", from_at=datetime(2024, 9, 1, tzinfo=UTC), letter_number="SK 2",
        letter_on=None, **common,
    )  # fmt: skip
    return decide(gather(side, side.school, f"Rapat panitia {someone.pk}", officer, "closed"), officer, office=office)


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
