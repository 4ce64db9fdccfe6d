"""Filing with scripts: the questions go to the browser at once, and what comes back is ciphertext alone."""

import base64
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from multipart import MultipartSegment

from ikrar.domain.errors import (
    DomainError,
    IntakeFull,
    MailboxBusy,
    ReportRefused,
    ReportStands,
    ReturnCodeWrong,
    StorageFull,
)
from ikrar.domain.reports import MOST_FILES
from ikrar.services import answers as travelling
from ikrar.services import (
    clock,
    intake,
    keysets,
    mailbox,
    report_copies,
    report_desk,
    report_exclusions,
    reports,
    scripted,
)
from ikrar.services.intake import Offer
from ikrar.web import quiet, traces
from ikrar.web.messages import sentence
from ikrar.web.templatetags.ikrar import label
from ikrar.web.views.intake import IDENTITY, STEPS

# What the browser loads later, each with what it imports itself.
_MODULES = {
    "core": ("sealing/core.js", "vendor/age-seal.js", "vendor/age.js", "vendor/code-words.js"),
    "files": ("sealing/files.js", "sealing/clean.js", "sealing/blur.js"),
    "work": ("sealing/work.js", "vendor/age-seal.js"),
}
_OF_A_BODY = ("exclude", "identity", "check", "files")
_MOST_BODY_BYTES = 1_500_000_000
Admitted = TypeVar("Admitted")


@quiet.quiet()
def questions(request: HttpRequest) -> HttpResponse:
    """Hand all questions out at once, with the keys of the bodies of a region; nothing that is typed comes back here."""
    given = travelling.unseal(request.POST.get("state", ""), travelling.FILING)
    offers = intake.offers(given.get("region", ""), scripted.CHANNEL, now=timezone.now())
    pages = [
        {"step": at, "body": str(offer.body.pk) if offer else "", "html": _page(request, at, offer, offers)}
        for at in STEPS
        for offer in (offers if at in _OF_A_BODY else [None])
    ]
    return render(request, "intake/questions.html", {"pages": pages, "told": _told(offers)})


def _page(request: HttpRequest, at: str, offer: Offer | None, offers: list[Offer]) -> str:
    rows: list[tuple[int, dict[str, str]]] = [(place, {}) for place in range(3)]
    context: dict[str, Any] = {
        "frame": "intake/bare.html", "scripted": True, "step": at, "number": STEPS.index(at) + 1, "count": len(STEPS),
        "offer": offer, "offers": offers, "answers": {}, "errors": {}, "who": rows, "witnesses": rows, "links": rows,
        "identity": dict.fromkeys(IDENTITY, ""), "words": [""] * 9,
    }  # fmt: skip
    if at == "check" and offer is not None:
        on = intake.today({"body": offer.body.pk})
        context["meter"] = intake.meter({"body": offer.body.pk}, on=on)
    return render_to_string(f"intake/{at}.html", context, request)


def _told(offers: list[Offer]) -> dict[str, Any]:
    """Return what the browser needs beside the words of the pages."""
    return {
        "steps": STEPS,
        "offers": [
            _offer_told(offer) | {"rules": scripted.rules_for(offer.body)}
            for offer in offers
        ],
        "identity": IDENTITY,
        "addresses": {"challenge": reverse("report-challenge"), "send": reverse("report-send-sealed")},
        "modules": {part: [static(each) for each in files] for part, files in _MODULES.items()},
        "most_files": MOST_FILES,
        "words": _words(),
    }  # fmt: skip


def _offer_told(offer: Offer) -> dict[str, Any]:
    """Return a body with the chain of its key sets, which the browser checks, and whom it may seal to."""
    return {
        "body": offer.body.pk,
        "name": offer.body.name,
        "open": offer.open,
        "chain": keysets.links(offer.body),
        "key_set": offer.key_set.digest,
        "holders": [{"key": each.holder.key, "name": each.name} for each in offer.receiving],
    }


def _further_told(offer: Offer) -> dict[str, Any]:
    """Return a further body: of each holder all keys that he ever had, since the report's rule may name one of another body."""
    keys = report_exclusions.keys_of([each.user for each in offer.receiving])
    holders = [{"key": each.holder.key, "name": each.name, "keys": keys[each.user]} for each in offer.receiving]
    return _offer_told(offer) | {"holders": holders}


def _file_words() -> dict[str, Any]:
    """Return what is said about files that were chosen."""
    return {
        "files": sentence(ReportRefused("files")),
        "too_big": _("“{name}” lebih besar dari 50 MB. Pilih bagian yang penting saja."),
        "empty": _("“{name}” kosong. Pilih berkas lain."),
        "kind": _("“{name}” bukan teks, gambar, suara, video, atau PDF."),
        "looking": _("Memeriksa “{name}”…"),
        "reveals": _("Berkas asli menunjukkan:"),
        "reveals_nothing": _("Tidak ditemukan data tambahan pada berkas ini."),
        "copy": _("Salinan kerja tanpa data itu ikut disegel."),
        "no_copy": {
            "broken": _("Berkas ini rusak atau terpotong; salinan kerja tidak dapat dibuat."),
            "pixels": _(
                "Gambar ini terlalu besar (lebih dari 40 juta piksel); salinan kerja tidak dapat dibuat di"
                " peramban."
            ),
            "kind": _("Untuk jenis berkas ini salinan kerja tidak dibuat."),
            "locked": _("PDF ini terkunci; salinan kerja tidak dapat dibuat."),
            "packed": _(
                "Data PDF ini terpadatkan: mungkin ada nama yang tidak terlihat. Salinan kerja tidak dapat dibuat"
                " dengan aman."
            ),
            "signed": _(
                "PDF ini bertanda tangan elektronik; mengubahnya merusak tanda tangan itu. Salinan kerja tidak"
                " dibuat."
            ),
            "size": _("Bagian berkas ini terlalu besar; salinan kerja tidak dapat dibuat."),
            "undecodable": _("Peramban ini tidak dapat membaca gambar itu; salinan kerja tidak dapat dibuat."),
            "moving": _("Gambar bergerak disegel apa adanya."),
        },
        "examined": _("Berkas sudah diperiksa. Lihat apa yang ditunjukkannya, lalu tekan sekali lagi."),
        "unlooked": _("“{name}” tidak dapat diperiksa, dan tidak ikut. Pilih sekali lagi."),
        "unblurred": _("“{name}” tidak dapat dihitamkan di peramban ini; gambarnya tetap seperti semula."),
        "blurring": _("Satu gambar sedang dihitamkan. Pakai gambar itu, atau tutup tanpa mengubah; lalu kirim."),
        "copies": _("Berkas dan salinannya bersama-sama {count}; paling banyak {most}. Buang sebagian."),
        "keep": _("Kirim juga berkas aslinya (bukti lebih kuat, tetapi data di atas ikut terbaca petugas)"),
        "blur": _("Hitamkan bagian gambar"),
        "remove": _("Buang berkas ini"),
        "told": {kind: str(words) for kind, words in traces.LABELS.items()},
    }  # fmt: skip


def _words() -> dict[str, Any]:
    return {
        "body": _("Pilih badan yang boleh membuka laporan Anda."),
        "keys": _(
            "Himpunan kunci badan ini tidak sah: tanda tangannya tidak cocok. Jangan lanjutkan; tanyakan kepada"
            " badan itu."
        ),
        "nobody": sentence(ReportRefused("nobody")),
        "what": _("Ceritakan apa yang terjadi, dengan satu kalimat atau lebih."),
        "long": _("Paling panjang {most} tanda; ini {has}."),
        "known_on": _("Tulis hari yang sudah lewat atau hari ini, misalnya 2024-10-21; atau kosongkan."),
        "named": _("Pilih salah satu."),
        "name": _("Laporan resmi memerlukan nama Anda. Tanpa nama, pilih informasi awal."),
        "address": _("Laporan resmi memerlukan alamat Anda."),
        "agreed": _("Baca keempat hal itu, lalu tandai bahwa Anda memahaminya."),
        "code": _("Ini kode yang lain. Ketik kesembilan kata dari catatan Anda, menurut urutannya."),
        "word": sentence(ReturnCodeWrong("{word}")),
        "meant": sentence(ReturnCodeWrong("{word}", "{meant}")),
        "count": sentence(ReturnCodeWrong("", count="{count}")),  # type: ignore[arg-type]
        "incomplete": _("Halaman ini belum lengkap."),
        "unloaded": _(
            "Bagian yang menyegel tidak dapat dimuat. Periksa sambungan, lalu tekan sekali lagi; jawaban Anda"
            " masih di sini."
        ),
        "left": _("sisa {days} hari · sampai {day}"),
        "over": _("batas laporan resmi lewat"),
        "there": _("Ada"),
        "missing": _("Belum"),
        "unnamed": _("tanpa nama: informasi awal"),
        "unmet": _("%(name)s (bukan pemegang kunci ini)") % {"name": "{name}"},
        "completeness": _("Kelengkapan"),
        "work": _("Peramban sedang bekerja sebentar sebagai rem bagi kiriman massal…"),
        "sealing": _("Menyegel {number} dari {count}…"),
        "sending": _("Mengirim: {percent} %"),
        "broken": _(
            "Sambungan terputus. Tidak ada yang hilang: tekan sekali lagi, dan laporan yang sama dikirim ulang"
            " tanpa menjadi dua."
        ),
        "again": _("Kirim sekali lagi"),
        **_file_words(),
    }  # fmt: skip


# --- sending -------------------------------------------------------------------------------------------------------


@quiet.quiet()
def challenge(request: HttpRequest) -> HttpResponse:
    """Give a browser something to work on before it files."""
    chosen = request.POST.get("body", "")
    offer = (
        intake.offer(int(chosen), scripted.CHANNEL, now=timezone.now())
        if chosen.isdecimal() and len(chosen) < 19
        else None
    )
    if offer is None:
        return _refused(ReportRefused("body"))
    if not offer.open:
        return _refused(IntakeFull(scripted.CHANNEL, offer.others))
    found = scripted.challenge(offer.body)
    return JsonResponse({"challenge": found.text, "bits": found.bits})


def _refused(error: DomainError) -> HttpResponse:
    busy = isinstance(error, IntakeFull | MailboxBusy)
    status = 507 if isinstance(error, StorageFull) else 429 if busy else 422
    reason = getattr(error, "reason", error.code)
    return JsonResponse({"reason": reason, "says": sentence(error)}, status=status)


@quiet.multipart
@sensitive_variables()
def send(request: HttpRequest) -> HttpResponse:
    """Take a sealed report, its files as they come, and answer with its receipt."""
    if request.method != "POST":
        return JsonResponse({"reason": "form"}, status=405)
    try:
        form, coming, body = received(request, lambda form: scripted.admit(form, now=timezone.now()))
        filed = scripted.file(form, coming, body=body, now=timezone.now())
    except DomainError as error:
        quiet.drain(request)
        return _refused(error)
    answers = {"body": body.pk, "named": "identity" in coming.parts}
    context = {
        "frame": "intake/bare.html", "scripted": True, "filed": filed, "answers": answers, "words": [],
        "follows": intake.what_follows(answers, filed.on),
        "body": body,
    }  # fmt: skip
    return render(request, "intake/filed.html", context)


@sensitive_variables()
def received(
    request: HttpRequest, admit: Callable[[dict[str, Any]], Admitted]
) -> tuple[dict[str, Any], scripted.Coming, Admitted]:
    """Read a body of sealed parts: the form as JSON, named parts, and any number of files. What is refused leaves nothing.

    The form comes first, and `admit` looks at it before anything after it is kept.
    """
    if _length(request) > _MOST_BODY_BYTES:
        raise ReportRefused("too_large", "files")
    coming = scripted.Coming()
    read: tuple[dict[str, Any], Admitted] | None = None
    opened: MultipartSegment | None = None
    sink: reports.CipherSink | None = None
    value = bytearray()
    try:
        for segment, chunk in quiet.segments(request, _MOST_BODY_BYTES):
            if segment is not opened:
                opened, value, sink = segment, bytearray(), None
                if (segment.name == "form") != (read is None):
                    raise ReportRefused("form")
                if segment.name == "file":
                    sink = coming.file()
            if chunk is None:
                if read is None:
                    form = _document(value)
                    read = form, admit(form)
                elif sink is None:
                    coming.parts[segment.name or ""] = bytes(value)
            elif sink is not None:
                sink.write(chunk)
            else:
                quiet.field(value, chunk)
        if read is None:
            raise ReportRefused("form")
    except BaseException:
        coming.drop()
        raise
    return read[0], coming, read[1]


def _length(request: HttpRequest) -> int:
    """Return what the head says of the length; a request in chunks says nothing, and is counted as it comes."""
    return int(request.headers.get("Content-Length") or 0)


def _document(written: bytearray) -> dict[str, Any]:
    try:
        document = json.loads(written)
    except (ValueError, RecursionError):
        raise ReportRefused("form") from None
    if not isinstance(document, dict):
        raise ReportRefused("form")
    return document


# --- the mailbox ---------------------------------------------------------------------------------------------------


@quiet.quiet()
def mailbox_sealed(request: HttpRequest) -> HttpResponse:
    """Hand a mailbox out as it is stored: the browser that has the code opens it; the code itself never comes here."""
    if request.method != "POST":
        return JsonResponse({"reason": "form"}, status=405)
    try:
        return _box(request, scripted.lookup_of(request.POST.get("lookup", "")))
    except DomainError as error:
        return _refused(error)


def _box(request: HttpRequest, lookup: bytes, done: str = "") -> HttpResponse:
    found = mailbox.find(lookup)
    report = found.box.report
    further = [offer for offer in mailbox.further_bodies(found.box, now=timezone.now()) if offer.receiving]
    held = {tick.requirement.id: tick.requirement for tick in found.box.completeness.ticks}
    told = {
        "envelope": base64.b64encode(found.envelope).decode(),
        "messages": [base64.b64encode(each).decode() for each in found.messages],
        "to": {"content": report.content_to, "dialogue": report.dialogue_to, "identity": report.identity_to},
        "files": report.parts.filter(kind="file").count(),
        "requirements": {
            key: {"label": label(each.label), "reporter": label(each.reporter)} for key, each in held.items()
        },
        "send": reverse("mailbox-send-sealed"),
        "identity": IDENTITY,
        "content": base64.b64encode(found.content).decode(),
        "said_who": base64.b64encode(found.identity).decode(),
        "further": [_further_told(offer) for offer in further],
        "owners": report_exclusions.owners_of(report.body),
        "form": mailbox.form_words(report),
        "nobody": sentence(ReportRefused("nobody")),
        "unread": sentence(ReportStands("unread")),
        "keys": _words()["keys"],
        "words": _file_words() | {"sending": _("Mengirim: {percent} %")},
    }
    context = {
        "frame": "intake/bare.html", "scripted": True, "box": found.box, "report": report, "meter": found.box.completeness,
        "identity": dict.fromkeys(IDENTITY, ""), "receipt": reports.receipt_of(report)[0], "told": told, "done": done,
        "further": further, "copies": report_copies.told(report),
        "repair": report_desk.repair(report), "officers": report_desk.officers_ticks(report),
    }  # fmt: skip
    return render(request, "mailbox/box.html", context)


@quiet.multipart
@sensitive_variables()
def mailbox_send(request: HttpRequest) -> HttpResponse:
    """Take a message with files, or a name, sealed; or withdraw a report."""
    if request.method != "POST":
        return JsonResponse({"reason": "form"}, status=405)
    now = timezone.now()
    try:
        form, coming, lookup = received(request, _known_lookup)
        try:
            box = mailbox.find(lookup).box
            done = _acted(form, coming, box, now)
        except BaseException:
            coming.drop()
            raise
        return _box(request, lookup, done)
    except DomainError as error:
        quiet.drain(request)
        return _refused(error)


def _known_lookup(form: dict[str, Any]) -> bytes:
    """Return the lookup of a mailbox that there is."""
    lookup = scripted.lookup_of(form.get("lookup"))
    mailbox.find(lookup)
    return lookup


def _acted(form: dict[str, Any], coming: scripted.Coming, box: mailbox.Box, now: datetime) -> str:
    if form.get("act") == "name":
        mailbox.step_forward_sealed(box, coming.parts.get("identity", b""), now=now)
        return _("Nama Anda disegel kepada badan ini saja. Laporan ini sekarang laporan resmi.")
    if form.get("act") == "withdraw":
        mailbox.withdraw(box, now=now)
        return _("Laporan ditarik.")
    if form.get("act") == "consent":
        return _let_in(form, coming, box, now)
    answered = form.get("answered")
    if not isinstance(answered, list) or not all(isinstance(each, str) for each in answered):
        raise ReportRefused("form", "answered")
    files = coming.keep(clock.today(reports.zone_of_body(box.report.body)))
    turn, first = form.get("turn"), form.get("first")
    mailbox.reply_sealed(
        box, coming.parts.get("message", b""), files, answered, turn=turn if isinstance(turn, str) else "",
        first=first if type(first) is int else -1, now=now,
    )  # fmt: skip
    return _("Kiriman Anda diterima dan disegel.")


def _let_in(form: dict[str, Any], coming: scripted.Coming, box: mailbox.Box, now: datetime) -> str:
    pk, key_set, to = form.get("body"), form.get("key_set"), form.get("to")
    body = mailbox.body_of(pk) if type(pk) is int and 0 < pk < 2**63 else None
    if body is None:
        raise ReportRefused("body")
    if not isinstance(key_set, str) or not isinstance(to, list) or not all(type(each) is int for each in to):
        raise ReportRefused("form", "to")
    mailbox.consent_sealed(box, body, coming.parts.get("envelope", b""), key_set=key_set, to=to, now=now)
    return _("Persetujuan dicatat: %(body)s dapat membuka laporan ini.") % {"body": body.name}
