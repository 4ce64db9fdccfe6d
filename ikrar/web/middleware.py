"""What every request passes: what a page may load, its language, and refusals that no view caught."""

import re
import weakref
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.messages.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from ikrar.domain.errors import DomainError
from ikrar.web.messages import sentence

Handler = Callable[[HttpRequest], HttpResponse]
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self';"
    " form-action 'self'{more}; base-uri 'none'; frame-ancestors 'none'"
)
LANGUAGE_COOKIE = "bahasa"
_TOO_LARGE = re.compile(r"/[0-9]{19,}(?:/|$)")


class ContentPolicy:
    """Nothing is loaded from another host, no inline script or style runs, no page is framed."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        # Chromium holds redirects of a form against form-action: the single sign-on's provider must be named.
        servers = [app["settings"]["server_url"] for app in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]]
        origins = {"/".join(server.split("/")[:3]) for server in servers}
        self.policy = _POLICY.format(more="".join(f" {origin}" for origin in sorted(origins)))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # A page that plays what its browser opened says so; pictures are drawn without a source of their own.
        plays = "; media-src blob:" if getattr(response, "plays_opened", False) else ""
        response.headers.setdefault("Content-Security-Policy", self.policy + plays)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        if request.path.startswith(("/static/", "/favicon")) is False:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class Language:
    """Indonesian first; English for whoever chose it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.known = {code for code, _ in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
        translation.activate(chosen if chosen in self.known else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


class Account(AuthenticationMiddleware):
    """`request.user` as Django sets it, but without a circle.

    A request that is held by what it holds is not freed with its answer. Thousands of them wait for the collector of
    circles, and each new one is put into memory that no processor has at hand.
    """

    def process_request(self, request: HttpRequest) -> None:
        here = weakref.ref(request)
        request.user = SimpleLazyObject(lambda: get_user(here()))


class Messages(MessageMiddleware):
    """Messages as Django keeps them for the next page, without a circle."""

    def process_request(self, request: HttpRequest) -> None:
        request._messages = default_storage(weakref.proxy(request))


class Addresses:
    """An address with a NUL in it names nothing, nor does one with a number beyond what a record can have.

    A database would not even look these up.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        if _TOO_LARGE.search(request.path):
            raise Http404
        return self.get_response(request)


class Refusals:
    """A refusal that no view turned into a message of its form becomes a page with its sentence, never an error 500.

    So does a method that an address does not take: never an empty page of the browser.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            return _not_by_this_way(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DomainError):
            return render(request, "refused.html", {"says": sentence(exception)}, status=422)
        return None


def _not_by_this_way(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """Return a page for an address that takes another method: a form's, opened from the history or after signing in."""
    page = render(request, "405.html", {"back": _page_above(request.path)}, status=405)
    page["Allow"] = refused["Allow"]
    return page


def _page_above(path: str) -> str:
    """Return the nearest address above this one that is a page: that of the form, as a rule; empty where none is."""
    parts = path.strip("/").split("/")
    for end in range(len(parts) - 1, 0, -1):
        above = f"/{'/'.join(parts[:end])}/"
        try:
            resolve(above)
        except Resolver404:
            continue
        return above
    return ""
