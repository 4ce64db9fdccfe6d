"""Certificates: rendered and sealed when somebody asks, checked by anybody by code or by file."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet

from ikrar.domain import codes
from ikrar.domain.errors import NothingToPrint
from ikrar.domain.pacts import Grade
from ikrar.domain.roster import IdentifierType
from ikrar.gateways import pdf, signing
from ikrar.gateways.pdf import BundleCover, CertificatePaper, SlipPaper
from ikrar.records.models import (
    Activity,
    Agency,
    CertificateFile,
    FormerName,
    Installation,
    PactRound,
    Placement,
    Signature,
    User,
    Witness,
    WorkUnit,
)
from ikrar.services import clock, coverage, ledger, pacts
from ikrar.services.accounts import Slip

_NUMBER_WORDS = {
    IdentifierType.NIP: "NIP",
    IdentifierType.NI_PPPK: "NI PPPK",
    IdentifierType.NIK: "NIK",
    IdentifierType.NRP: "NRP",
}


@lru_cache(maxsize=1)
def _signer(folder: Path) -> signing.Signer:
    return signing.Signer.load(folder, tsa_url=settings.TSA_URL)


def check_url(code: str) -> str:
    """Return the address at which anybody checks a certificate."""
    return f"{settings.BASE_URL}/periksa/{code}/"


def _witness(witness: Witness, signature: Signature) -> str:
    """Return a witness as a certificate names him; of a sheet that was reconciled after he signed it says so."""
    later = witness.signed_at < signature.signed_at
    return (
        f"{witness.guest} (menandatangani pernyataannya sebelum lembar ini dicocokkan)" if later else str(witness.guest)
    )


def _paper(signature: Signature, *, demo: bool, now: datetime, witnesses: Sequence[Witness] = ()) -> CertificatePaper:
    agency, version, person = signature.unit.agency, signature.version, signature.person
    kind = _NUMBER_WORDS.get(person.identifier_type)
    # The programme's day with the hour of the clock: outside a demo the two are one instant.
    local = signature.signed_at.astimezone(agency.zone)
    signed_at = datetime.combine(signature.signed_on, local.timetz())
    return CertificatePaper(
        letterhead=tuple(line for line in (agency.letterhead or agency.name).splitlines() if line.strip()),
        name=signature.name,
        post=signature.post,
        # Who signs as holder of an office signs for no unit: the office says where.
        unit="" if signature.obligation.office_id else signature.unit.name,
        identifier=f"{kind} {person.masked_identifier}" if kind and person.masked_identifier else "",
        pact_title=version.title,
        opening=version.opening,
        points=tuple(version.points),
        closing=version.closing,
        digest=signature.text_digest,
        signed_at=signed_at,
        zone=agency.zone,
        grade=Grade(signature.grade),
        occasion=occasion_of(signature.activity) if signature.activity else "",
        witnessed="; ".join(_witness(witness, signature) for witness in witnesses),
        code=signature.code,
        check_url=check_url(signature.code),
        check_address=f"{settings.BASE_URL}/periksa/",
        made_at=programme_instant(now, agency, demo),
        demo=demo,
    )


def called_then(signatures: Sequence[Signature]) -> None:
    """Give the units and agencies of signatures, in memory alone, the names that they had when each was signed.

    `unit__agency` of each was selected with it: no two share an object.
    """
    agencies = {each.unit.agency_id for each in signatures}
    former = FormerName.objects.filter(Q(agency__in=agencies) | Q(unit__agency__in=agencies))
    of_units: dict[int | None, list[FormerName]] = {}
    of_agencies: dict[int | None, list[FormerName]] = {}
    for each in former:
        (of_agencies if each.agency_id else of_units).setdefault(each.agency_id or each.unit_id, []).append(each)
    for signature in signatures if of_units or of_agencies else ():
        unit, agency, at = signature.unit, signature.unit.agency, signature.signed_at
        if unit_then := next((each for each in of_units.get(unit.pk, ()) if each.until_at > at), None):
            unit.name = unit_then.name
        if agency_then := next((each for each in of_agencies.get(agency.pk, ()) if each.until_at > at), None):
            agency.name, agency.letterhead = agency_then.name, agency_then.letterhead


def occasion_of(activity: Activity) -> str:
    """Return an activity with its place, as a paper names where something was signed."""
    return f"di acara “{activity.title}”" + (f", {activity.place}" if activity.place else "")


def programme_instant(now: datetime, agency: Agency, demo: bool) -> datetime:
    """Return the instant that a paper says it was made at: in a demo its day, as with the day of the signature."""
    if not demo:
        return now
    return datetime.combine(clock.today(agency.zone), now.astimezone(agency.zone).timetz())


def is_demo() -> bool:
    """Say whether everybody here is invented: every paper says so then."""
    return Installation.objects.filter(is_demo=True).exists()


def render(signature: Signature, *, now: datetime) -> bytes:
    """Return a signature's certificate as a sealed PDF; its digest is kept, so that the file proves itself later."""
    [(_, sealed)] = _render_all([signature], now=now)
    return sealed


def _render_all(signatures: Sequence[Signature], *, now: datetime) -> Iterator[tuple[Signature, bytes]]:
    demo, signer = is_demo(), _signer(settings.HOME / "keys")
    seen = pacts.witnesses_after(signatures)
    called_then(signatures)
    papers = [_paper(each, demo=demo, now=now, witnesses=seen.get(each.pk, ())) for each in signatures]
    files: list[CertificateFile] = []
    try:
        for signature, plain in zip(signatures, pdf.certificates(papers), strict=True):
            sealed = signer.sign(plain, at=now, reason="Sertifikat Pakta Integritas")
            files.append(CertificateFile(digest=hashlib.sha256(sealed).hexdigest(), signature=signature, made_at=now))
            if len(files) == 500:
                _keep(files)
            yield signature, sealed
    finally:
        # Whatever was handed out is on record, also where the taker stopped half-way.
        _keep(files)


def _keep(files: list[CertificateFile]) -> None:
    CertificateFile.objects.bulk_create(files, ignore_conflicts=True)
    files.clear()


def standing(unit: WorkUnit, pact_round: PactRound | None = None) -> Iterable[Signature]:
    """Return the signatures that count today of the people placed in a unit and below, in the order of the tree."""
    return _counting(_made_in(unit, pact_round))


def _made_in(unit: WorkUnit, pact_round: PactRound | None) -> QuerySet[Signature]:
    people = Placement.objects.current().of_unit(unit)
    found = Signature.objects.filter(person__in=people.values("person"), obligation__signature__isnull=False)
    if pact_round:
        found = found.filter(obligation__pact_round=pact_round)
    return found.order_by("unit__position", "name", "pk")


def _counting(chosen: QuerySet[Signature]) -> list[Signature]:
    related = ("unit__agency", "version", "person", "obligation__pact_round__text", "obligation__unit", "activity")
    return pacts.counting(list(chosen.select_related(*related)))


def standing_keys(unit: WorkUnit, pact_round: PactRound) -> list[int]:
    """Return the keys of the signatures that `standing` returns, however many, some thousand rows in memory at once."""
    return _standing_among(list(_made_in(unit, pact_round).values_list("pk", flat=True)))


def _standing_among(keys: Sequence[int]) -> list[int]:
    kept: list[int] = []
    for start in range(0, len(keys), 2000):
        some = Signature.objects.filter(pk__in=keys[start : start + 2000]).order_by("unit__position", "name", "pk")
        kept += [signature.pk for signature in _counting(some)]
    return kept


def of_unit(unit: WorkUnit, *, now: datetime) -> Iterator[tuple[Signature, bytes]]:
    """Yield the certificate of every signature in force in a unit and below."""
    yield from _render_all(list(standing(unit)), now=now)


def bundle(pact_round: PactRound, unit: WorkUnit, *, today: date, by: User, now: datetime) -> bytes:
    """Return a unit's certificates of one round in one sealed PDF behind a cover. The taking is logged.

    Raises NothingToPrint where no signature counts.
    """
    signatures = list(standing(unit, pact_round))
    if not signatures:
        raise NothingToPrint()
    sealed = _bound(pact_round, unit, signatures, today=today, now=now)
    ledger.record(
        "certificate.bundled",
        {"round": pact_round.pk, "unit": unit.pk, "people": len(signatures), "by": by.pk},
        now=now,
        zone=unit.agency.zone,
    )
    return sealed


def volume(
    pact_round: PactRound, unit: WorkUnit, keys: Sequence[int], number: tuple[int, int], *, today: date, now: datetime
) -> bytes:
    """Return the certificates of these signatures, as far as they count, as one sealed volume of so many."""
    chosen = Signature.objects.filter(pk__in=keys).order_by("unit__position", "name", "pk")
    return _bound(pact_round, unit, _counting(chosen), today=today, now=now, number=number)


def _bound(
    pact_round: PactRound,
    unit: WorkUnit,
    signatures: Sequence[Signature],
    *,
    today: date,
    now: datetime,
    number: tuple[int, int] = (1, 1),
) -> bytes:
    """Bind certificates behind a cover and seal them; the digest is kept, so that the file proves itself later."""
    demo, counted = is_demo(), coverage.coverage(pact_round, unit, today)
    cover = BundleCover(
        letterhead=tuple((unit.agency.letterhead or unit.agency.name).splitlines()),
        unit=unit.name,
        pact_title=pact_round.text.title,
        figures=(
            (counted.obliged, "orang wajib menandatangani"),
            (counted.valid, "orang dengan tanda tangan berlaku"),
        ),
        day=today,
        made_at=programme_instant(now, unit.agency, demo),
        zone=unit.agency.zone,
        volume=number,
        demo=demo,
    )
    return _bind(cover, signatures, demo=demo, now=now)


def _bind(cover: BundleCover, signatures: Sequence[Signature], *, demo: bool, now: datetime) -> bytes:
    seen = pacts.witnesses_after(signatures)
    called_then(signatures)
    papers = [_paper(each, demo=demo, now=now, witnesses=seen.get(each.pk, ())) for each in signatures]
    return seal(pdf.bundle(cover, papers), kind="bundle", reason="Himpunan sertifikat", now=now)


def seal(plain: bytes, *, kind: str, reason: str, now: datetime) -> bytes:
    """Seal a PDF and keep its digest, so that the file proves itself later. `kind` is what a check calls it."""
    sealed = _signer(settings.HOME / "keys").sign(plain, at=now, reason=reason)
    _keep([CertificateFile(digest=hashlib.sha256(sealed).hexdigest(), kind=kind, made_at=now)])
    return sealed


def made_at(activity: Activity) -> QuerySet[Signature]:
    """Return the signatures that carry an activity and are not contested, in the order of tree and names; without those of
    people who were struck from its list.
    """
    there = Signature.objects.filter(activity=activity, contest=None)
    return there.exclude(pk__in=there.struck()).order_by("unit__position", "name", "pk")


def standing_keys_at(activity: Activity) -> list[int]:
    """Return the keys of the signatures of an activity that count today (see standing_keys)."""
    return _standing_among(list(made_at(activity).values_list("pk", flat=True)))


def volume_at(activity: Activity, keys: Sequence[int], number: tuple[int, int], *, today: date, now: datetime) -> bytes:
    """Return the certificates of these signatures, made at an activity, as one sealed volume of so many."""
    signatures = _counting(made_at(activity).filter(pk__in=keys))
    demo, agency = is_demo(), activity.agency
    witnesses = activity.guests.filter(witness__signed_at__isnull=False).count()
    cover = BundleCover(
        letterhead=tuple((agency.letterhead or agency.name).splitlines()),
        unit=activity.title,
        pact_title=activity.pact_round.text.title,
        figures=(
            (made_at(activity).count(), "orang menandatangani di acara ini"),
            (witnesses, "saksi menandatangani pernyataan"),
        ),
        day=today,
        made_at=programme_instant(now, agency, demo),
        zone=agency.zone,
        volume=number,
        demo=demo,
    )
    return _bind(cover, signatures, demo=demo, now=now)


def slips(printed: Sequence[Slip], agency: Agency, *, now: datetime) -> bytes:
    """Return slips with one-time codes, eight a page, to be folded and sealed."""
    papers = [
        SlipPaper(
            name=slip.person.full_name,
            unit=slip.unit,
            sign_in_name=slip.sign_in_name,
            code=slip.code,
            valid_until=slip.expires_at.astimezone(agency.zone).date(),
        )
        for slip in printed
    ]
    return pdf.slips(
        papers,
        address=f"{settings.BASE_URL}/masuk/kode/",
        issuer=agency.name,
        made_at=now,
        zone=agency.zone,
        demo=is_demo(),
    )


def forget_paper() -> None:
    """Give the memory of a large paper back: what was set is kept for the next one otherwise."""
    pdf.forget()


# --- checking ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Check:
    """What anybody learns of a certificate: never an identifier. `file`: None, or whether the upload is a genuine file."""

    signature: Signature | None
    stands: bool = False
    file: str | None = None
    witnesses: Sequence[Witness] = ()
    struck: bool = False

    @property
    def good(self) -> bool:
        """Say whether what was asked about is genuine and, where that can end, in force."""
        return self.stands or self.file in ("bundle", "statement", "record")


def _of(signature: Signature, file: str | None = None) -> Check:
    witnesses = pacts.witnesses_after([signature]).get(signature.pk, ())
    called_then([signature])
    struck = bool(pacts.struck([signature]))
    return Check(signature, stands=pacts.stands(signature), file=file, witnesses=witnesses, struck=struck)


def by_code(code: str) -> Check:
    """Find a certificate by its code as people type it."""
    signature = (
        Signature.objects.select_related("unit__agency", "version", "obligation__pact_round__text", "activity")
        .filter(code=codes.tidy(code[:60]))
        .first()
    )
    return _of(signature) if signature else Check(None)


def by_file(content: bytes) -> Check:
    """Say whether a file is, byte by byte, a certificate that this installation made; `file` says what it is.

    genuine, or a bundle, a statement, a record: exactly as it left here; altered: sealed here once, changed since;
    foreign: anything else.
    """
    digest = hashlib.sha256(content).hexdigest()
    kept = (
        CertificateFile.objects.select_related(
            "signature__unit__agency", "signature__version", "signature__obligation", "signature__activity"
        )
        .filter(pk=digest)
        .first()
    )
    if kept and kept.signature is None:
        return Check(None, file=kept.kind)
    if kept:
        return _of(kept.signature, file="genuine")
    certificate = (settings.HOME / "keys" / signing.CERTIFICATE).read_bytes()
    # A seal that bears our certificate on bytes that never left here: something was changed since.
    return Check(None, file="altered" if signing.check(content, certificate).ours else "foreign")
