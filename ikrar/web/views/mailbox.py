"""The mailbox of a report: opened with its code, which comes in a form alone and never stands in an address."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from ikrar.domain.errors import (
    AnswersLost,
    DomainError,
    MailboxBusy,
    MailboxUnknown,
    ReportRefused,
    ReportStands,
    ReturnCodeWrong,
)
from ikrar.domain.return_codes import ReturnCode
from ikrar.services import answers as travelling
from ikrar.services import demo_samples, intake, mailbox, report_copies, report_desk, reports
from ikrar.services.mailbox import Box
from ikrar.web import quiet, traces
from ikrar.web.messages import sentence
from ikrar.web.views.intake import IDENTITY, FilesRefused, FilesReveal, receive_files

_LONGEST_LINE = 300


@quiet.quiet()
@sensitive_variables()
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for the code, and open the mailbox with it."""
    if request.method != "POST":
        return render(request, "mailbox/enter.html", {"told": demo_samples.told_code()})
    try:
        code = intake.read_code(request.POST.get("code", ""))
        box = mailbox.open_box(code)
    except (ReturnCodeWrong, MailboxUnknown) as error:
        return _asked_again(request, sentence(error), 422)
    except MailboxBusy as error:
        return _asked_again(request, sentence(error), 429)
    return _show(request, code, box)


@sensitive_variables()
def _asked_again(request: HttpRequest, says: str, status: int) -> HttpResponse:
    typed = request.POST.get("code", "")[:_LONGEST_LINE]
    return render(request, "mailbox/enter.html", {"says": says, "typed": typed}, status=status)


@sensitive_variables()
def _show(
    request: HttpRequest, code: ReturnCode, box: Box, *, says: str = "", errors: dict[str, str] | None = None,
    typed: dict[str, Any] | None = None, done: str = "", reveals: list[traces.Telling] | None = None,
) -> HttpResponse:  # fmt: skip
    now = timezone.now()
    context = {
        "box": box,
        "report": box.report,
        "meter": box.completeness,
        "further": [offer for offer in mailbox.further_bodies(box, now=now) if offer.receiving] if box.keys else [],
        "state": travelling.seal({"code": code.value}, travelling.MAILBOX),
        "says": says,
        "errors": errors or {},
        "typed": typed or {},
        "reveals": reveals,
        # What was typed into a form that is not there any more, to be copied.
        "homeless": _texts(typed or {})
        if box.is_closed or (typed and "identity" in typed and not box.can_be_named)
        else [],
        "identity": (typed or {}).get("identity") or dict.fromkeys(IDENTITY, ""),
        "done": done,
        "copies": report_copies.told(box.report),
        "repair": report_desk.repair(box.report),
        "officers": report_desk.officers_ticks(box.report),
        "receipt": reports.receipt_of(box.report)[0],
    }
    return render(request, "mailbox/box.html", context, status=422 if says or errors else 200)


def _texts(typed: dict[str, Any]) -> list[str]:
    return [each for each in (typed.get("text", ""), *(typed.get("identity") or {}).values()) if each]


def _reopened(text: str) -> tuple[ReturnCode, Box]:
    """Open the mailbox again with the code that travelled. Raises AnswersLost where it did not."""
    code = ReturnCode(int(travelling.unseal(text, travelling.MAILBOX)["code"]))
    return code, mailbox.open_box(code)


@quiet.quiet()
@sensitive_variables()
def act(request: HttpRequest) -> HttpResponse:
    """Give a name, let a further body in, or withdraw."""
    if request.method != "POST":
        return enter(request)
    code, box = _reopened(request.POST.get("state", ""))
    now, what = timezone.now(), request.POST.get("act", "")
    try:
        if what == "name":
            return _name(request, code, box)
        if what == "consent":
            done = _consent(request, box)
        elif what == "withdraw":
            if "sure" not in request.POST:
                return _show(request, code, box, errors={"sure": _("Tandai bahwa Anda yakin, lalu tekan sekali lagi.")})
            mailbox.withdraw(box, now=now)
            done = _("Laporan ditarik.")
        else:
            done = ""
    except DomainError as error:
        typed = {"identity": _identity(request)} if what == "name" else None
        return _show(request, code, mailbox.open_box(code), says=sentence(error), typed=typed)
    return _show(request, code, mailbox.open_box(code), done=done)


def _identity(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "").replace("\x00", "").strip()[:_LONGEST_LINE] for name in IDENTITY}


@sensitive_variables()
def _name(request: HttpRequest, code: ReturnCode, box: Box) -> HttpResponse:
    identity = _identity(request)
    errors = {}
    if not identity["name"]:
        errors["name"] = _("Laporan resmi memerlukan nama Anda.")
    if not identity["address"]:
        errors["address"] = _("Laporan resmi memerlukan alamat Anda.")
    if "agreed" not in request.POST:
        errors["agreed"] = _("Baca keempat hal itu, lalu tandai bahwa Anda memahaminya.")
    if errors:
        return _show(request, code, box, errors=errors, typed={"identity": identity})
    mailbox.step_forward(box, identity, now=timezone.now())
    done = _("Nama Anda disegel kepada badan ini saja. Laporan ini sekarang laporan resmi.")
    return _show(request, code, mailbox.open_box(code), done=done)


def _consent(request: HttpRequest, box: Box) -> str:
    chosen, _parted, digest = request.POST.get("body", "").partition(":")
    body = mailbox.body_of(int(chosen)) if chosen.isdecimal() and len(chosen) < 19 else None
    if body is None:
        raise ReportRefused("body")
    if "agreed" not in request.POST:
        return _("Tandai persetujuan Anda, lalu tekan sekali lagi.")
    mailbox.consent(box, body, key_set=digest, now=timezone.now())
    return _("Persetujuan dicatat: %(body)s dapat membuka laporan ini.") % {"body": body.name}


@quiet.multipart
@sensitive_variables()
def reply(request: HttpRequest) -> HttpResponse:
    """Put a message with files into the dialogue."""
    if request.method != "POST":
        return enter(request)
    opened: dict[str, Any] = {}

    def begin(answers: dict[str, Any]) -> reports.Sealing:
        opened["code"] = ReturnCode(int(answers["code"]))
        opened["box"] = mailbox.open_box(opened["code"])
        return mailbox.adding(opened["box"])

    fields: dict[str, list[str]] = {}
    try:
        _answers, added = receive_files(request, travelling.MAILBOX, fields, begin)
    except FilesRefused as refused:
        text = fields.get("text", [""])[0]
        if isinstance(refused.error, AnswersLost) or "box" not in opened:
            lost = {"says": sentence(refused.error), "lost": True, "typed": [text] if text.strip() else []}
            return render(request, "intake/refused.html", lost, status=422)
        return _unsent(request, opened["code"], refused.error, text)
    except FilesReveal as found:
        typed = {"text": fields.get("text", [""])[0], "answered": fields.get("answered", [])}
        return _show(request, opened["code"], opened["box"], typed=typed, reveals=found.tellings)
    code, box = opened["code"], opened["box"]
    text = fields.get("text", [""])[0].replace("\r\n", "\n").replace("\x00", "").strip()
    if not text and not added.sinks:
        return _show(request, code, box, errors={"text": _("Tulis pesannya, atau pilih berkas.")})
    try:
        mailbox.reply(box, text, fields.get("answered", []), added, now=timezone.now())
    except DomainError as error:
        return _unsent(request, code, error, text)
    return _show(request, code, mailbox.open_box(code), done=_("Kiriman Anda diterima dan disegel."))


@sensitive_variables()
def _unsent(request: HttpRequest, code: ReturnCode, error: DomainError, text: str) -> HttpResponse:
    """Show the box as it is now, with what was not sent: it may have been closed while its reporter wrote."""
    if isinstance(error, ReportStands):
        return _show(request, code, mailbox.open_box(code), says=sentence(error), typed={"text": text})
    return _show(request, code, mailbox.open_box(code), errors={"files": sentence(error)}, typed={"text": text})


@quiet.quiet()
@sensitive_variables()
def form(request: HttpRequest) -> HttpResponse:
    """Hand out the official form."""
    if request.method != "POST":
        return enter(request)
    _code, box = _reopened(request.POST.get("state", ""))
    response = HttpResponse(mailbox.form(box), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="formulir-laporan.pdf"'
    return response
