"""Filing a report without scripts: one question a page; the answers travel sealed in the form and are kept nowhere."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from multipart import MultipartSegment

from ikrar.domain import reports as domain
from ikrar.domain.errors import (
    AnswersLost,
    DomainError,
    FilingReceiptWrong,
    IntakeFull,
    ReportRefused,
    ReturnCodeWrong,
)
from ikrar.domain.return_codes import ReturnCode
from ikrar.services import answers as travelling
from ikrar.services import intake, reports
from ikrar.web import quiet, traces
from ikrar.web.messages import sentence
from ikrar.web.middleware import LANGUAGE_COOKIE

STEPS = ("body", "exclude", "what", "when", "who", "support", "identity", "code", "retype", "check", "files")
_CHANNEL = "plain"
_ROWS = 3
_LONGEST = {"what": 20_000, "when": 500, "where": 500, "names": 2_000}
_LONGEST_LINE = 300
_LEAST_WHAT = 20  # signs: less tells nobody anything
_MOST_BODY_BYTES = 20 * 50_000_000 + 2_000_000  # all files that the page promises to take
IDENTITY = ("name", "birth", "sex", "job", "citizenship", "address", "phone", "email", "id_number")
Answers = dict[str, Any]
Errors = dict[str, str]


@quiet.quiet()
def start(request: HttpRequest) -> HttpResponse:
    """Say how this works and who can read what, and ask for the region."""
    regions = intake.regions()
    return render(request, "intake/start.html", {"regions": regions})


@quiet.quiet()
def missing(request: HttpRequest) -> HttpResponse:
    """Answer at every address of this door that is none."""
    raise Http404


@quiet.quiet()
def language(request: HttpRequest) -> HttpResponse:
    """Change the language of this door's pages: the one cookie that it knows."""
    back = request.POST.get("back", "")
    response = HttpResponse(status=303)
    response["Location"] = reverse("mailbox" if back == "mailbox" else "report")
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            LANGUAGE_COOKIE, chosen, max_age=31_536_000, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    return response


@quiet.quiet()
@sensitive_variables()
def step(request: HttpRequest) -> HttpResponse:
    """Take the answer of one page and show the next, the one before, or the same with what is wrong in it."""
    if request.method != "POST":
        return start(request)
    if request.POST.get("step") == "start":
        region = request.POST.get("region", "")
        return _page(request, "body", {"region": region} if region in dict(intake.regions()) else {"region": ""})
    answers = travelling.unseal(request.POST.get("state", ""), travelling.FILING)
    at, go = request.POST.get("step", ""), request.POST.get("go", "next")
    if at not in STEPS:
        return start(request)
    errors = _TAKE[at](request, answers) if at in _TAKE else {}
    if go == "start":
        return start(request)
    if go == "back":
        place = STEPS.index(at)
        return _page(request, STEPS[place - 1], answers) if place else start(request)
    if errors:
        return _page(request, at, answers, errors, typed=request.POST.get("code", "")[:_LONGEST_LINE])
    if go in STEPS and STEPS.index(go) < STEPS.index("check"):
        return _page(request, go, answers | {"checking": True})
    following = "check" if at == "files" else STEPS[STEPS.index(at) + 1]
    if answers.get("checking") and at not in ("body", "check", "code") and answers.get("kept"):
        following = "check"
    if at == "check" and (missing := _first_open(answers)):
        following = missing
    return _page(request, following, answers)


def _first_open(answers: Answers) -> str:
    """Return the first page whose answer nothing goes on without, where it is not given."""
    if not answers.get("body"):
        return "body"
    if not answers.get("what"):
        return "what"
    if "named" not in answers:
        return "identity"
    return "" if answers.get("kept") else "code"


@sensitive_variables()
def _page(
    request: HttpRequest,
    at: str,
    answers: Answers,
    errors: Errors | None = None,
    says: str = "",
    typed: str = "",
    reveals: list[traces.Telling] | None = None,
) -> HttpResponse:
    """Show the page of a step; its answers so far go with it, sealed."""
    context: dict[str, Any] = {
        "step": at,
        "answers": answers,
        "errors": errors or {},
        "says": says,
        "typed": typed,
        "reveals": reveals,
    }
    context |= _CONTEXT[at](answers) if at in _CONTEXT else {}
    if at in ("body", "exclude") and context.get("gone"):
        at, context["step"] = "body", "body"
        context |= _offers(answers)
    if STEPS.index(at) > STEPS.index("when") and answers.get("body"):
        context["meter"] = intake.meter(answers, on=intake.today(answers))
    number = STEPS.index(at)
    context |= {"number": number + 1, "count": len(STEPS), "state": travelling.seal(answers, travelling.FILING)}
    return render(request, f"intake/{at}.html", context, status=422 if errors or says else 200)


# --- what each page shows ------------------------------------------------------------------------------------------


def _offers(answers: Answers) -> dict[str, Any]:
    offers = intake.offers(answers.get("region", ""), _CHANNEL, now=timezone.now())
    answers["shown"] = {str(offer.body.pk): offer.key_set.digest for offer in offers}
    begun = not answers.keys() <= {"region", "shown", "body", "key_set"}
    return {"offers": offers, "full": [offer for offer in offers if not offer.open], "begun": begun}


def _holders(answers: Answers) -> dict[str, Any]:
    offer = intake.offer(answers["body"], _CHANNEL, now=timezone.now())
    if offer is None or offer.key_set.digest != answers.get("key_set"):
        return {"gone": True, "says": _("Kunci badan ini baru saja berubah. Periksa lagi siapa yang dapat membuka.")}
    # Whom the reporter ticked stays ticked where his key is another now.
    owners = answers.get("owners", [])
    return {"offer": offer, "excluded": [each.holder.key for each in offer.receiving if each.user in owners]}


def _rows(answers: Answers) -> dict[str, Any]:
    return {"who": _filled(answers.get("who"), ("name", "post", "unit"))}


def _support_rows(answers: Answers) -> dict[str, Any]:
    return {
        "witnesses": _filled(answers.get("witnesses"), ("name", "contact")),
        "links": _filled(answers.get("links"), ("address", "captured")),
    }


def _filled(rows: Any, keys: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a list, one empty one at least after them."""
    known = list(rows or [])
    count = max(_ROWS, len(known) + 1)
    return [(place, known[place] if place < len(known) else dict.fromkeys(keys, "")) for place in range(count)]


def _named(answers: Answers) -> dict[str, Any]:
    offer = intake.offer(answers["body"], _CHANNEL, now=timezone.now())
    return {"identity": answers.get("identity") or dict.fromkeys(IDENTITY, ""), "offer": offer}


def _code(answers: Answers) -> dict[str, Any]:
    if "code" not in answers:
        answers["code"] = intake.new_code().value
    return {"words": ReturnCode(answers["code"]).words}


def _checked(answers: Answers) -> dict[str, Any]:
    offer = intake.offer(answers["body"], _CHANNEL, now=timezone.now())
    readers = offer.readers if offer else ()
    excluded = [reader.name for reader in readers if reader.holder.key in answers.get("exclude", [])]
    for typed in answers.get("names", []):
        met = ", ".join(reader.name for reader in readers if reader.receives and domain.means(typed, reader.name))
        excluded.append(f"{typed} (= {met})" if met else _("%(name)s (bukan pemegang kunci ini)") % {"name": typed})
    known_on = answers.get("known_on")
    return {
        "offer": offer,
        "excluded": excluded,
        "known_on": date.fromisoformat(known_on) if known_on else None,
    }


_CONTEXT: dict[str, Callable[[Answers], dict[str, Any]]] = {
    "body": _offers,
    "exclude": _holders,
    "who": _rows,
    "support": _support_rows,
    "identity": _named,
    "code": _code,
    "check": _checked,
    "files": _named,
}


# --- what each page takes ------------------------------------------------------------------------------------------


def _take_body(request: HttpRequest, answers: Answers) -> Errors:
    chosen = request.POST.get("body", "")
    digest = (answers.get("shown") or {}).get(chosen)
    if digest is None:
        return {"body": _("Pilih badan yang boleh membuka laporan Anda.")}
    offer = intake.offer(int(chosen), _CHANNEL, now=timezone.now())
    if offer is None:
        return {"body": _("Badan ini belum mempunyai kunci untuk menerima laporan. Pilih badan lain.")}
    if not offer.open:
        return {"body": sentence(IntakeFull(_CHANNEL, offer.others))}
    if answers.get("body") != offer.body.pk:
        answers.pop("exclude", None)
    answers |= {"body": offer.body.pk, "key_set": digest}
    return {}


def _take_exclude(request: HttpRequest, answers: Answers) -> Errors:
    answers["exclude"] = sorted(
        {int(key) for key in request.POST.getlist("exclude") if key.isdecimal() and len(key) < 19}
    )
    answers["names"] = _lines(_text(request, "names"))
    answers["owners"] = intake.owners_of(answers["exclude"])
    if request.POST.get("go", "next") != "next":
        return {}
    try:
        intake.addressees(answers, now=timezone.now())
    except ReportRefused as error:
        return {"exclude": sentence(error)}
    return {}


def _take_what(request: HttpRequest, answers: Answers) -> Errors:
    answers["what"] = _text(request, "what")
    if len(re.sub(r"\s", "", answers["what"])) < _LEAST_WHAT:
        return {"what": _("Ceritakan apa yang terjadi, dengan satu kalimat atau lebih.")}
    return _length(answers["what"], "what")


def _take_when(request: HttpRequest, answers: Answers) -> Errors:
    answers |= {name: _text(request, name) for name in ("when", "where")}
    typed = _text(request, "known_on")
    errors = _length(answers["when"], "when") | _length(answers["where"], "where")
    try:
        known_on = date.fromisoformat(typed) if typed else None
        intake.check_known_on(known_on, answers)
    except (ValueError, ReportRefused):
        answers["known_on"] = ""
        return errors | {
            "known_on": _("Tulis hari yang sudah lewat atau hari ini, misalnya 2024-10-21; atau kosongkan.")
        }
    answers["known_on"] = known_on.isoformat() if known_on else ""
    return errors


def _take_who(request: HttpRequest, answers: Answers) -> Errors:
    answers["who"] = _table(request, "who", ("name", "post", "unit"))
    return {}


def _take_support(request: HttpRequest, answers: Answers) -> Errors:
    answers["witnesses"] = _table(request, "witness", ("name", "contact"))
    answers["links"] = _table(request, "link", ("address", "captured"))
    return {}


def _take_identity(request: HttpRequest, answers: Answers) -> Errors:
    named = request.POST.get("named", "")
    if named not in ("yes", "no"):
        return {"named": _("Pilih salah satu.")}
    answers["named"] = named == "yes"
    if not answers["named"]:
        answers.pop("identity", None)
        return {}
    answers["identity"] = {name: _text(request, name)[:_LONGEST_LINE] for name in IDENTITY}
    answers["agreed"] = "agreed" in request.POST
    errors = {}
    if not answers["identity"]["name"]:
        errors["name"] = _("Laporan resmi memerlukan nama Anda. Tanpa nama, pilih informasi awal.")
    if not answers["identity"]["address"]:
        errors["address"] = _("Laporan resmi memerlukan alamat Anda.")
    if not answers["agreed"]:
        errors["agreed"] = _("Baca keempat hal itu, lalu tandai bahwa Anda memahaminya.")
    return errors


def _take_retype(request: HttpRequest, answers: Answers) -> Errors:
    answers["kept"] = False
    try:
        same = intake.read_code(_text(request, "code")).value == answers.get("code")
    except ReturnCodeWrong as error:
        return {"code": sentence(error)}
    if not same:
        return {"code": _("Ini kode yang lain. Ketik kesembilan kata dari catatan Anda, menurut urutannya.")}
    answers["kept"] = True
    return {}


_TAKE: dict[str, Callable[[HttpRequest, Answers], Errors]] = {
    "body": _take_body,
    "exclude": _take_exclude,
    "what": _take_what,
    "when": _take_when,
    "who": _take_who,
    "support": _take_support,
    "identity": _take_identity,
    "retype": _take_retype,
}


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\r\n", "\n").replace("\x00", "").strip()


def _lines(text: str) -> list[str]:
    return [line.strip()[:_LONGEST_LINE] for line in text[: _LONGEST["names"]].split("\n") if line.strip()]


def _length(text: str, name: str) -> Errors:
    if len(text) <= _LONGEST[name]:
        return {}
    return {name: _("Paling panjang %(most)s tanda; ini %(has)s.") % {"most": _LONGEST[name], "has": len(text)}}


def _table(request: HttpRequest, name: str, keys: tuple[str, ...]) -> list[dict[str, str]]:
    rows = []
    for place in range(20):
        row = {key: _text(request, f"{name}-{place}-{key}")[:_LONGEST_LINE] for key in keys}
        if any(row.values()):
            rows.append(row)
    return rows


# --- sending -------------------------------------------------------------------------------------------------------


@quiet.multipart
@sensitive_variables()
def send(request: HttpRequest) -> HttpResponse:
    """Take the files as they come, seal them chunk by chunk, and file the report; nothing is kept before."""
    if request.method != "POST":
        return start(request)
    try:
        answers, sealing = receive_files(request, travelling.FILING)
    except ReportRefused as error:
        quiet.drain(request)
        return render(request, "intake/refused.html", {"says": sentence(error)}, status=422)
    except FilesRefused as refused:
        quiet.drain(request)
        if isinstance(refused.error, AnswersLost):
            raise refused.error from None
        return _page(request, "files", refused.answers, {"files": sentence(refused.error)})
    except FilesReveal as found:
        return _page(request, "files", found.answers, reveals=found.tellings)
    try:
        if missing := _first_open(answers):
            sealing.drop()
            return _page(request, missing, answers, says=_("Halaman ini belum lengkap."))
        filed = intake.file(answers, sealing, channel=_CHANNEL, now=timezone.now())
    except ReportRefused as error:
        sealing.drop()
        at = "body" if error.reason in ("body", "keys_changed", "nobody") else "files"
        return _page(request, at, answers, {at: sentence(error)})
    except DomainError as error:
        sealing.drop()
        return _page(request, "files", answers, {"files": sentence(error)})
    except BaseException:
        sealing.drop()
        raise
    context = {
        "filed": filed,
        "answers": answers,
        "follows": intake.what_follows(answers, filed.on),
        "words": ReturnCode(answers["code"]).words,
        "body": intake.body_of(answers),
        "without": traces.of(sink for sink in sealing.revealing if sink.is_without),
    }
    return render(request, "intake/filed.html", context)


class FilesRefused(Exception):
    """A file was refused while it came; the answers go back to their page."""

    def __init__(self, error: DomainError, answers: Answers) -> None:
        super().__init__(error.code)
        self.error, self.answers = error, answers


class FilesReveal(Exception):
    """Files tell of whoever made them, and the reporter has not said yet what is to be done: nothing of them is kept."""

    def __init__(self, tellings: list[traces.Telling], answers: Answers) -> None:
        super().__init__("files reveal")
        self.tellings, self.answers = tellings, answers


@sensitive_variables()
def receive_files(
    request: HttpRequest, purpose: str, fields: dict[str, list[str]] | None = None,
    begin: Callable[[Answers], reports.Sealing] = lambda answers: reports.Sealing(),
) -> tuple[Answers, reports.Sealing]:  # fmt: skip
    """Read a form whose first field is the state, and seal its files as they come.

    Where something is refused the rest is read all the same, so that nothing that was typed is lost. Raises FilesRefused
    and FilesReveal; then nothing of the files is kept. Raises ReportRefused (`reason`: too_large) for what is not even read.
    """
    if int(request.headers.get("Content-Length") or 0) > _MOST_BODY_BYTES:
        raise ReportRefused("too_large", "files")
    answers: Answers | None = None
    sealing: reports.Sealing | None = None
    sink: reports.FileSink | None = None
    refused: DomainError | None = None
    value = bytearray()
    opened: MultipartSegment | None = None
    is_told = False
    try:
        for segment, chunk in quiet.segments(request, _MOST_BODY_BYTES):
            begins, opened = segment is not opened, segment
            try:
                if segment.filename:
                    if refused is not None:
                        continue
                    if begins:
                        if sealing is None:
                            raise AnswersLost
                        sink = sealing.file(segment.filename.replace("\x00", "")[:200])
                    if sink is not None and chunk:
                        sink.write(chunk)
                    continue
                if begins:
                    value = bytearray()
                if chunk is not None:
                    quiet.field(value, chunk)
                    continue
                text = value.decode("utf-8", "replace")
                if segment.name == "state" and answers is None:
                    answers = travelling.unseal(text, purpose)
                    sealing = begin(answers)
                elif segment.name == "traces" and sealing is not None:
                    is_told, sealing.leaves_out = text in ("keep", "leave"), text == "leave"
                elif fields is not None and segment.name:
                    fields.setdefault(segment.name, []).append(text)
            except DomainError as error:
                refused = refused or error
        if refused is None and (answers is None or sealing is None):
            refused = AnswersLost()
        elif refused is None and sealing is not None:
            refused = _unfinished(sealing)
    except BaseException:
        if sealing is not None:
            sealing.drop()
        raise
    if refused is not None or answers is None or sealing is None:
        if sealing is not None:
            sealing.drop()
        raise FilesRefused(refused or AnswersLost(), answers or {})
    if not is_told and sealing.revealing:
        tellings = traces.of(sealing.revealing)
        sealing.drop()
        raise FilesReveal(tellings, answers)
    return answers, sealing


def _unfinished(sealing: reports.Sealing) -> DomainError | None:
    """End all files; return why one of them is refused."""
    try:
        for sink in sealing.sinks:
            sink.finish()
    except DomainError as error:
        return error
    return None


# --- receipts ------------------------------------------------------------------------------------------------------


@quiet.quiet()
def check_receipt(request: HttpRequest) -> HttpResponse:
    """Check a receipt that somebody pastes."""
    if request.method != "POST":
        return _receipt_page(request, {})
    return _judged(request, request.POST.get("receipt", ""))


@quiet.multipart
def check_receipt_file(request: HttpRequest) -> HttpResponse:
    """Check a receipt that comes as a file."""
    if request.method != "POST":
        return _receipt_page(request, {})
    content = bytearray()
    for segment, chunk in quiet.segments(request, _MOST_BODY_BYTES):
        if segment.filename and chunk:
            quiet.field(content, chunk)
    return _judged(request, content.decode("utf-8", "replace"))


def _receipt_page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "intake/receipt.html", context | {"key": reports.log_verifier_key()}, status=status)


def _judged(request: HttpRequest, note: str) -> HttpResponse:
    receipt = None
    try:
        receipt = reports.check_receipt(note)
        reports.check_kept(receipt)
    except FilingReceiptWrong as error:
        context = {"note": note[:4_000], "says": sentence(error), "unkept": receipt}
        return _receipt_page(request, context, status=422)
    return _receipt_page(request, {"note": note, "receipt": receipt})


@quiet.quiet()
def receipt_file(request: HttpRequest) -> HttpResponse:
    """Hand a receipt out as a file."""
    if request.method != "POST":
        return check_receipt(request)
    response = HttpResponse(
        request.POST.get("receipt", "")[:4_000].replace("\r\n", "\n"), content_type="text/plain; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="bukti-laporan.txt"'
    return response
