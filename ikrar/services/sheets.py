"""Pacts on paper: sheets with codes, pictures of them, one officer who reconciles, another who confirms.

A picture is no signature. Only when a second person confirmed what the first read from it, a signature of the lowest
grade is written, and its owner is told; he may contest it as any other.
"""

import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet

from ikrar.domain import codes
from ikrar.domain import sheets as on_paper
from ikrar.domain.days import in_words
from ikrar.domain.errors import (
    DomainError,
    NothingToPrint,
    NotTheSigner,
    OwnSheet,
    PactAlreadySigned,
    PactNotOpen,
    PactTextChanged,
    ReasonMissing,
    ScanSeenBefore,
    ScanStateWrong,
    SecondPersonMissing,
    SheetAlreadyRead,
    SheetNotOpen,
    SheetOfOlderText,
    SheetSignedMeanwhile,
    SheetTwoCodes,
    SheetUnknown,
    TooManyFiles,
    TooManySheets,
)
from ikrar.domain.files import PICTURES, FileKind, kind_of
from ikrar.gateways import pdf, pictures
from ikrar.gateways.pdf import SheetPaper
from ikrar.records.models import (
    Activity,
    Agency,
    Attendance,
    Obligation,
    PactRound,
    PaperScan,
    PaperSheet,
    Placement,
    StoredFile,
    User,
)
from ikrar.services import certificates, clock, files, ledger, notices, pacts

State = PaperScan.State
# So many at once: they are read while their page waits, some third of a second each.
MOST_FILES = 20
MOST_PAGES = 20
MOST_SHEETS = 300
SCAN_LIMIT_BYTES = 25_000_000


# --- printing ----------------------------------------------------------------------------------------------------


def printable(pact_round: PactRound, placements: Iterable[Placement]) -> dict[int, Obligation]:
    """Return what these people owe of a round and could sign on a sheet now, by person."""
    placed = {each.person_id: each for each in placements}
    owed = Obligation.objects.filter(pact_round=pact_round, office=None, person__in=placed)
    related = ("pact_round__text", "signature", "unit")
    return {
        duty.person_id: duty
        for duty in owed.select_related(*related)
        if pacts.state_of(duty, placed[duty.person_id]) in pacts.SIGNABLE
        and not (duty.signature and duty.signature.version_id == pact_round.text_id)
    }


def unsigned_at(activity: Activity) -> QuerySet[Obligation]:
    """Return what those who are at an activity owe of its pact and have not signed."""
    there = Attendance.objects.filter(activity=activity, struck_at=None)
    return (
        Obligation.objects.filter(pact_round=activity.pact_round_id, person__in=there.values("person"))
        .exclude(signature__version=activity.pact_round.text_id)
        .exclude(state="excused")
    )


def present_unsigned(activity: Activity) -> list[tuple[Attendance, Obligation]]:
    """Return who is at an activity and has not signed its pact: those who may sign on a sheet there, by name."""
    there = Attendance.objects.filter(activity=activity, struck_at=None).select_related("person", "unit")
    by_person = {duty.person_id: duty for duty in unsigned_at(activity)}
    return [
        (each, by_person[each.person_id])
        for each in there.order_by("unit__position", "person__name", "pk")
        if each.person_id in by_person
    ]


def print_sheets(
    pact_round: PactRound, duties: Sequence[Obligation], *, activity: Activity | None = None, by: User, now: datetime
) -> bytes:
    """Return a sheet for each of these obligations, with a code of its own; printed again it has the same code.

    Raises PactNotOpen, NothingToPrint; TooManySheets beyond MOST_SHEETS: then none is made.
    """
    if pact_round.state != PactRound.State.ISSUED or pact_round.text is None:
        raise PactNotOpen(pact_round.state)
    if not duties:
        raise NothingToPrint()
    if len(duties) > MOST_SHEETS:
        raise TooManySheets(len(duties), MOST_SHEETS)
    made = _keep_sheets(pact_round, duties, activity, by, now)
    return _printed(pact_round, made, activity, now)


@transaction.atomic(durable=True)
def _keep_sheets(
    pact_round: PactRound, duties: Sequence[Obligation], activity: Activity | None, by: User, now: datetime
) -> list[PaperSheet]:
    today = clock.today(pact_round.agency.zone)
    # Whoever owes it again (transferred, or his signature was contested) cannot sign once more what was read already.
    printed = PaperSheet.objects.filter(obligation__in=duties, version=pact_round.text)
    read = Counter(printed.filter(scans__state=PaperScan.State.CONFIRMED).values_list("obligation", flat=True))
    PaperSheet.objects.bulk_create(
        (
            PaperSheet(
                obligation=duty, version=pact_round.text, attempt=read[duty.pk], activity=activity, printed_at=now,
                printed_on=today, printed_by=by, code=codes.new_code(on_paper.SHEET_SIGNS),
            )
            for duty in duties
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    sheets = [
        sheet
        for sheet in printed.select_related(
            "obligation__person", "obligation__unit", "obligation__office", "version", "activity"
        ).order_by("obligation__unit__position", "obligation__person__name", "pk")
        if sheet.attempt == read[sheet.obligation_id]
    ]
    ledger.append(
        "sheet.printed",
        {"round": pact_round.pk, "sheets": [each.pk for each in sheets], "by": by.pk},
        now=now,
        zone=pact_round.agency.zone,
    )
    return sheets


def _printed(pact_round: PactRound, sheets: Sequence[PaperSheet], activity: Activity | None, now: datetime) -> bytes:
    agency, demo = pact_round.agency, certificates.is_demo()
    letterhead = tuple(line for line in (agency.letterhead or agency.name).splitlines() if line.strip())
    people = [each.obligation.person_id for each in sheets]
    placed = {
        each.person_id: each for each in Placement.objects.current().filter(person__in=people).select_related("unit")
    }
    papers = []
    for sheet in sheets:
        duty, text = sheet.obligation, sheet.version
        here = None if duty.office_id else placed.get(duty.person_id)
        papers.append(
            SheetPaper(
                letterhead=letterhead,
                name=duty.person.full_name,
                post=here.post if here else duty.post,
                unit="" if duty.office_id else (here.unit if here else duty.unit).name,
                pact_title=text.title,
                opening=text.opening,
                points=tuple(text.points),
                closing=text.closing,
                digest=text.digest,
                code=sheet.code,
                occasion=_occasion(activity or sheet.activity),
            )
        )
    return pdf.sheets(papers, made_at=certificates.programme_instant(now, agency, demo), zone=agency.zone, demo=demo)


def _occasion(activity: Activity | None) -> str:
    if activity is None:
        return ""
    return ", ".join(filter(None, (activity.title, in_words(activity.on), activity.place)))


# --- handing in --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HandedIn:
    """What became of one picture: its name as it was given, and the scan that was kept or why none was."""

    name: str
    scan: PaperScan | None = None
    refusal: DomainError | None = None


class _Page(io.BytesIO):
    """A page of a PDF, as if it were a picture that somebody handed in."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name
        self.size = len(content)


def hand_in(
    agency: Agency, uploads: Sequence[files.Upload], *, activity: Activity | None, by: User, now: datetime
) -> list[HandedIn]:
    """Take pictures of sheets, each on its own: a PDF page by page. What is wrong with one does not stop the others.

    A picture with the codes of two persons, or with one that no sheet of the agency bears, is kept as refused. Raises
    TooManyFiles where more come than are read while somebody waits.
    """
    if len(uploads) > MOST_FILES:
        raise TooManyFiles(len(uploads), MOST_FILES)
    done: list[HandedIn] = []
    for upload in uploads:
        try:
            found = _pictures_of(upload)
        except DomainError as error:
            done.append(HandedIn(upload.name or "", refusal=error))
            continue
        done += [_take(agency, each, digest, activity, by, now) for each, digest in found]
    return done


def _pictures_of(upload: files.Upload) -> list[tuple[files.Upload, str]]:
    """Return each picture of an upload with the digest of what was handed in: of a PDF that of the file and the page."""
    if upload.size > SCAN_LIMIT_BYTES:
        return [(upload, "")]
    content = files.content_of(upload)
    digest = hashlib.sha256(content).hexdigest()
    if kind_of(content) is not FileKind.PDF:
        return [(upload, digest)]
    pages = pictures.pages_of(content, most=MOST_PAGES)
    stem = (upload.name or "").rsplit(".", 1)[0] or "pindai"
    return [
        (_Page(page, f"{stem}-{number}.jpg"), hashlib.sha256(f"{digest} {number}".encode()).hexdigest())
        for number, page in enumerate(pages, 1)
    ]


def _take(
    agency: Agency, picture: files.Upload, digest: str, activity: Activity | None, by: User, now: datetime
) -> HandedIn:
    name = picture.name or ""
    if digest and PaperScan.objects.filter(agency=agency, digest=digest).exists():
        return HandedIn(name, refusal=ScanSeenBefore())
    try:
        stored = files.receive(picture, kinds=PICTURES, most_bytes=SCAN_LIMIT_BYTES, by=by, now=now)
    except DomainError as error:
        return HandedIn(name, refusal=error)
    try:
        found = on_paper.codes_in(pictures.codes_on(files.bytes_of(stored)))
        return HandedIn(name, scan=_keep_scan(agency, stored, digest, found, activity, by, now))
    except IntegrityError:  # the same picture came in this moment by another way
        files.discard(stored)
        return HandedIn(name, refusal=ScanSeenBefore())
    except BaseException:
        files.discard(stored)
        raise


@transaction.atomic(durable=True)
def _keep_scan(
    agency: Agency,
    stored: StoredFile,
    digest: str,
    found: list[str],
    activity: Activity | None,
    by: User,
    now: datetime,
) -> PaperScan:
    refusal = ""
    if len(found) > 1:
        refusal = SheetTwoCodes.code
    elif found and not _of_agency(agency).filter(code=found[0]).exists():
        refusal = SheetUnknown.code
    scan = PaperScan.objects.create(
        agency=agency,
        activity=activity,
        file=stored,
        digest=digest,
        state=State.REFUSED if refusal else State.WAITING,
        refusal=refusal,
        codes_found=found,
        decided_at=now if refusal else None,
        at=now,
        by=by,
    )
    ledger.append("scan.received", {**_of(scan, by), "digest": digest, "refusal": refusal}, now=now, zone=agency.zone)
    return scan


def _of_agency(agency: Agency | int) -> QuerySet[PaperSheet]:
    """Return the sheets of an agency: of its own people, and of office-holders whom it asked."""
    asked = Q(obligation__office__isnull=False, obligation__pact_round__agency=agency)
    return PaperSheet.objects.filter(Q(obligation__unit__agency=agency) | asked)


def _of(scan: PaperScan, by: User) -> dict[str, int | None]:
    """Return what every entry of the log about a picture tells."""
    return {"scan": scan.pk, "agency": scan.agency_id, "by": by.pk}


# --- reconciling and confirming ----------------------------------------------------------------------------------


def sheet_on(scan: PaperScan) -> PaperSheet | None:
    """Return the sheet whose code was read from a picture, or that was reconciled with it; None: it must be typed."""
    if scan.sheet_id is None and len(scan.codes_found) != 1:
        return None
    found = _of_agency(scan.agency_id).filter(
        Q(pk=scan.sheet_id) if scan.sheet_id else Q(code=scan.codes_found[0])
    )  # fmt: skip
    related = (
        "obligation__person",
        "obligation__unit",
        "obligation__office",
        "obligation__pact_round__text",
        "version",
    )
    return found.select_related(*related).first()


def why_not(sheet: PaperSheet) -> DomainError | None:
    """Return why a sheet cannot become a signature now; None: it can."""
    try:
        shown = pacts.sheet_of(sheet.obligation_id)
    except NotTheSigner:
        return SheetNotOpen()
    if shown.signed:
        return SheetSignedMeanwhile()
    if not shown.signable:
        return SheetNotOpen()
    return SheetOfOlderText() if sheet.version_id != shown.text.pk else None


@transaction.atomic(durable=True)
def reconcile(scan: PaperScan, *, code: str, signed_on: date, by: User, now: datetime) -> None:
    """Say whose sheet a picture shows and which day stands on it. A code that was read from the picture goes before `code`.

    Raises ScanStateWrong, SheetTwoCodes, SheetUnknown, OwnSheet, SheetOfOlderText, SheetSignedMeanwhile, SheetNotOpen,
    SheetDayWrong, SheetAlreadyRead.
    """
    if scan.state != State.WAITING:
        raise ScanStateWrong(scan.state)
    if len(scan.codes_found) > 1:
        raise SheetTwoCodes()
    wanted = scan.codes_found[0] if scan.codes_found else codes.tidy(code[:60])
    sheet = _of_agency(scan.agency_id).select_related("obligation").filter(code=wanted).first()
    if sheet is None:
        raise SheetUnknown()
    if by.person_id is not None and by.person_id == sheet.obligation.person_id:
        raise OwnSheet()
    if (refused := why_not(sheet)) is not None:
        raise refused
    on_paper.check_day(signed_on, printed_on=sheet.printed_on, today=clock.today(scan.agency.zone))
    waiting = PaperScan.objects.filter(pk=scan.pk, state=State.WAITING)
    try:
        with transaction.atomic():
            claimed = waiting.update(
                state=State.RECONCILED, sheet=sheet, signed_on=signed_on, reconciled_by=by, reconciled_at=now
            )
    except IntegrityError:
        raise SheetAlreadyRead() from None
    if claimed != 1:
        raise ScanStateWrong(State.RECONCILED)
    ledger.append(
        "scan.reconciled",
        {**_of(scan, by), "sheet": sheet.pk, "on": signed_on.isoformat()},
        now=now,
        zone=scan.agency.zone,
    )


@transaction.atomic(durable=True)
def confirm(scan: PaperScan, *, by: User, now: datetime) -> None:
    """Confirm, as a second person, what was read from a picture: only now it is a signature, and its owner is told.

    Raises ScanStateWrong, SecondPersonMissing, OwnSheet, SheetOfOlderText, SheetSignedMeanwhile, SheetNotOpen.
    """
    if scan.state != State.RECONCILED or scan.sheet is None or scan.signed_on is None:
        raise ScanStateWrong(scan.state)
    if scan.reconciled_by_id == by.pk:
        raise SecondPersonMissing()
    sheet, duty = scan.sheet, scan.sheet.obligation
    if by.person_id is not None and by.person_id == duty.person_id:
        raise OwnSheet()
    if (refused := why_not(sheet)) is not None:
        raise refused
    evidence = {
        "scan": scan.pk, "scan_digest": scan.digest, "sheet": sheet.pk, "reconciled_by": scan.reconciled_by_id,
        "confirmed_by": by.pk,
    }  # fmt: skip
    try:
        signature = pacts.add_ink_signature(
            duty.pk, digest=sheet.version.digest, signed_on=scan.signed_on, activity=_where(scan), evidence=evidence,
            now=now,
        )  # fmt: skip
    except PactAlreadySigned:
        raise SheetSignedMeanwhile() from None
    except (PactNotOpen, PactTextChanged):
        raise SheetNotOpen() from None
    claimed = PaperScan.objects.filter(
        pk=scan.pk, state=State.RECONCILED, sheet=sheet, signed_on=scan.signed_on, reconciled_by=scan.reconciled_by
    ).update(state=State.CONFIRMED, decided_by=by, decided_at=now, signature=signature)
    if claimed != 1:
        raise ScanStateWrong(State.CONFIRMED)
    told = {"title": duty.pact_round.title, "on": scan.signed_on.isoformat()}
    notices.tell([duty.person_id], "pact_signed_on_paper", told, link="", now=now)


def _where(scan: PaperScan) -> int | None:
    """Return the activity at which a sheet was signed: that of the picture or sheet, if its owner was there that day."""
    activity = scan.activity or (scan.sheet.activity if scan.sheet else None)
    if activity is None or scan.sheet is None:
        return None
    duty = scan.sheet.obligation
    there = Attendance.objects.filter(activity=activity, person=duty.person_id, struck_at=None)
    held_there = activity.pact_round_id == duty.pact_round_id and activity.on == scan.signed_on
    return activity.pk if held_there and there.exists() else None


@transaction.atomic(durable=True)
def reopen(scan: PaperScan, *, by: User, now: datetime) -> None:
    """Let a picture be reconciled again: what was read from it was wrong, or it was refused by mistake. Raises ScanStateWrong."""
    settled = PaperScan.objects.filter(pk=scan.pk, state__in=(State.RECONCILED, State.REFUSED))
    changed = settled.update(
        state=State.WAITING, sheet=None, signed_on=None, reconciled_by=None, reconciled_at=None, decided_by=None,
        decided_at=None, refused_because="", refusal="",
    )  # fmt: skip
    if not changed:
        raise ScanStateWrong(scan.state)
    ledger.append("scan.reopened", _of(scan, by), now=now, zone=scan.agency.zone)


@transaction.atomic(durable=True)
def refuse(scan: PaperScan, *, reason: str, by: User, now: datetime) -> None:
    """Refuse a picture, with a reason: no signature comes of it. Raises ReasonMissing, ScanStateWrong."""
    if not reason.strip():
        raise ReasonMissing("reason")
    open_ones = PaperScan.objects.filter(pk=scan.pk, state__in=(State.WAITING, State.RECONCILED))
    if not open_ones.update(
        state=State.REFUSED, refused_because=reason.strip()[:300], decided_by=by, decided_at=now
    ):  # fmt: skip
        raise ScanStateWrong(scan.state)
    ledger.append("scan.refused", _of(scan, by), now=now, zone=scan.agency.zone)


# --- lists -------------------------------------------------------------------------------------------------------


def scans_of(agencies: Iterable[int]) -> QuerySet[PaperScan]:
    """Return the pictures that were handed in to some agencies, oldest first."""
    related = ("agency", "activity", "file", "by__person", "reconciled_by__person", "decided_by__person",
               "sheet__obligation__person", "sheet__obligation__unit", "sheet__obligation__office",
               "sheet__obligation__pact_round__text", "sheet__version", "sheet__activity", "signature")  # fmt: skip
    return PaperScan.objects.filter(agency__in=list(agencies)).select_related(*related).order_by("pk")


def waiting(agencies: Iterable[int], by: User) -> tuple[int, int]:
    """Count the pictures that wait to be reconciled, and those that wait for another person than who reconciled them."""
    here = PaperScan.objects.filter(agency__in=list(agencies))
    to_confirm = here.filter(state=State.RECONCILED).exclude(reconciled_by=by)
    return here.filter(state=State.WAITING).count(), to_confirm.count()


def counted(agencies: Iterable[int]) -> dict[str, int]:
    """Count the pictures of some agencies by their step."""
    rows = PaperScan.objects.filter(agency__in=list(agencies)).order_by().values_list("state").annotate(n=Count("pk"))
    return dict(rows)


def refusal_of(scan: PaperScan) -> DomainError | str:
    """Return why a picture was refused: the refusal that the reading made, or the words of an officer."""
    made: dict[str, DomainError] = {SheetTwoCodes.code: SheetTwoCodes(), SheetUnknown.code: SheetUnknown()}
    return made.get(scan.refusal, scan.refused_because)


def handed_in_by(activity: Activity) -> QuerySet[PaperScan]:
    """Return the pictures of an activity's sheets, newest first."""
    return (
        PaperScan.objects.filter(activity=activity).select_related("file", "sheet__obligation__person").order_by("-pk")
    )
