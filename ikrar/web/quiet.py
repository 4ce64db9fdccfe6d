"""The guard on every page of the intake door, and on those of officers to which goes what they read in an opened report: what a
request held reaches no log line, no error page and no disk.

At the intake door there is no session and no cookie but that of the language, so there is nothing that another site's form
could use: no token is asked for. A form that comes from another site is refused all the same, by what the browser says of
where it began.
"""

import gzip
import logging
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from ikrar.domain.errors import AnswersLost, DomainError, ReportRefused
from ikrar.web.access import View, open_to_all
from ikrar.web.messages import sentence

logger = logging.getLogger(__name__)
_URLENCODED, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_CHUNK = 1 << 16
_MOST_FIELD_BYTES = 600_000
_DRAINED_BYTES = 120_000_000
_WORTH_PACKING = 400


def quiet(*, takes: str = _URLENCODED) -> Callable[[View], View]:
    """Guard a view of the intake door. `takes`: the one form in which a POST may come; in another it is not even read."""

    def mark(view: View) -> View:
        @csrf_exempt
        @open_to_all
        @wraps(view)
        @sensitive_variables()
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return _finished(request, _answer(request, takes, view, args, kwargs))
            except Exception as error:  # its text and its trace may hold what somebody typed; so may those before it
                _tell(error)
            try:
                return _finished(request, render(request, "intake/broken.html", status=500))
            except Exception as error:
                _tell(error)
            return _finished(request, HttpResponse(_LAST_WORDS, status=500))

        return guarded

    return mark


def discreet(
    broken: Callable[[HttpRequest], HttpResponse], says: Callable[[str, int], HttpResponse]
) -> Callable[[View], View]:
    """Guard a view at the staff door. Who may come and what form is asked there as everywhere: this stands before `@may`.

    `broken` makes the answer to what nobody thought of, `says` that to a body that is too long or was cut, each with words of ours.
    """

    def mark(view: View) -> View:
        @wraps(view)
        @sensitive_variables()
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return _unlogged(view(request, *args, **kwargs))
            except (Http404, PermissionDenied):
                raise
            except (RequestDataTooBig, TooManyFieldsSent):
                return _unlogged(says(_("Isian ini terlalu panjang. Persingkat, lalu kirim lagi."), 413))
            except (UnreadablePostError, MultiPartParserError):
                return _unlogged(says(_("Isian ini tidak sampai utuh. Kirim lagi."), 400))
            except Exception as error:  # its text and its trace may hold what somebody typed; so may those before it
                logger.error("help for an officer failed", extra={"kind": type(error).__name__, "place": _place(error)})
            return _unlogged(broken(request))

        return guarded

    return mark


def _unlogged(response: HttpResponse) -> HttpResponse:
    """Keep an answer out of every store and its address out of the log: Django would write a line for each from 400 on."""
    response["Cache-Control"] = "no-store"
    response._has_been_logged = True
    return response


multipart = quiet(takes=_MULTIPART)
_LAST_WORDS = (
    "<!doctype html><title>Ikrar</title><p>Ada yang rusak pada kami. Tidak ada yang diterima. Coba lagi sebentar."
)


@sensitive_variables()
def _answer(request: HttpRequest, takes: str, view: View, args: Any, kwargs: Any) -> HttpResponse:
    """Return the page of a view, or that of what it met."""
    try:
        return _refused(request, takes) or view(request, *args, **kwargs)
    except Http404:
        return render(request, "intake/missing.html", status=404)
    except DomainError as error:
        lost = isinstance(error, AnswersLost)
        context = {"says": sentence(error), "lost": lost, "typed": _typed(request) if lost else []}
        return render(request, "intake/refused.html", context, status=422)
    except (RequestDataTooBig, TooManyFieldsSent):
        drain(request)
        return render(request, "intake/too_large.html", status=413)
    except (UnreadablePostError, MultipartError):
        drain(request)
        return render(request, "intake/cut.html", status=400)


def _tell(error: BaseException) -> None:
    """Note that a request failed, and where in the code; nothing of what it held."""
    logger.error("intake request failed", extra={"kind": type(error).__name__, "place": _place(error)})


def _refused(request: HttpRequest, takes: str) -> HttpResponse | None:
    """Return the answer to a request that is not read: by another method, in another form, from another site."""
    if request.method in ("GET", "HEAD"):
        return None
    kind = request.content_type or ""
    came_from = request.headers.get("Sec-Fetch-Site", "")
    origin = urlsplit(request.headers.get("Origin", "")).netloc
    foreign = came_from not in ("", "same-origin", "none") or (not came_from and origin not in ("", request.get_host()))
    if request.method != "POST" or (kind != takes and request.headers.get("Content-Length", "0") != "0") or foreign:
        drain(request)
        return render(request, "intake/cut.html", status=405 if request.method != "POST" else 400)
    return None


def _typed(request: HttpRequest) -> list[str]:
    """Return what was typed on the page whose answers are lost, so that its writer can copy it."""
    if request.method != "POST" or request.content_type != _URLENCODED:
        return []
    return [value for name, values in request.POST.lists() if name not in _OURS for value in values if len(value) > 3]


_OURS = frozenset({"state", "step", "go", "body", "region", "act"})


def _place(error: BaseException) -> str:
    """Return the file and line in which something failed."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""


def _finished(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep the page out of every store, and its hour out of the log; pack it, as nothing secret comes by a cookie here."""
    _unlogged(response)
    patch_vary_headers(response, ("Accept-Encoding", "Cookie"))
    if (
        "gzip" in request.headers.get("Accept-Encoding", "")
        and not response.streaming
        and not response.has_header("Content-Encoding")  # one view of this door may answer by another
        and len(response.content) > _WORTH_PACKING
        and response.get("Content-Type", "").startswith("text/")
    ):
        response.content = gzip.compress(response.content, 6, mtime=0)
        response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(response.content))
    return response


# --- a body that is read as it comes -----------------------------------------------------------------------------


def segments(request: HttpRequest, most_bytes: int) -> Iterator[tuple[MultipartSegment, bytes | None]]:
    """Yield the parts of a multipart body as they come: each with its chunks, and None at its end.

    Nothing is gathered and nothing spooled. Raises MultipartError for a body that is none, and ReportRefused (`reason`:
    too_large) for more than `most_bytes`, whatever its head says of its length.
    """
    kind, options = parse_options_header(request.headers.get("Content-Type", ""))
    if kind != _MULTIPART or "boundary" not in options:
        raise MultipartError("no multipart body")
    with PushMultipartParser(options["boundary"], max_segment_count=64, max_header_count=8) as parser:
        segment: MultipartSegment | None = None
        left = most_bytes
        while not parser.closed:
            chunk = request.read(_CHUNK)
            left -= len(chunk)
            if left < 0:
                raise ReportRefused("too_large", "files")
            for found in parser.parse(chunk):
                if isinstance(found, MultipartSegment):
                    segment = found
                    yield segment, b""
                elif segment is not None:
                    yield segment, bytes(found) if found else None


def field(gathered: bytearray, chunk: bytes) -> None:
    """Add to the value of a field. Raises RequestDataTooBig."""
    gathered += chunk
    if len(gathered) > _MOST_FIELD_BYTES:
        raise RequestDataTooBig


def drain(request: HttpRequest) -> None:
    """Read the rest of a body that is not wanted, so that the browser hears the answer instead of a broken line."""
    left = _DRAINED_BYTES
    try:
        if hasattr(request, "_body"):
            return  # it was read whole
        while left > 0 and (chunk := request.read(_CHUNK)):
            left -= len(chunk)
    except (UnreadablePostError, OSError):
        return
