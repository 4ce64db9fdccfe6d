"""A page that is filled in is letter by letter the page that the template would make."""

import re

import pytest
from django.middleware import csrf
from django.shortcuts import render
from django.urls import reverse

from ikrar.records.models import Obligation, Person, WorkUnit
from ikrar.web import addresses, filled, tokens
from tests.web.stage import account, browser

pytestmark = pytest.mark.django_db
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


def rendered(request, template, key, values, context):
    return render(request, template, context(values))


def text_of(client, address, **more):
    response = client.get(address, **more)
    assert response.status_code == 200
    return _TOKEN.sub("", response.content.decode())


@pytest.fixture
def unsigned(stage):
    """Some who owe a pact, among them names that a page must not take for markup."""
    duties = list(Obligation.objects.filter(pact_round=stage.home.pact, state="issued").select_related("person")[:3])
    Person.objects.filter(pk=duties[0].person_id).update(name='O\'Neil <b>& "Anak"', front_title="Dr.")
    WorkUnit.objects.filter(pk=duties[0].unit_id).update(name="SD <Negeri> & Kawan qqhole0qq 7777000000000000001")
    return duties


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_sign_page_of_each_person_is_the_one_of_the_template(unsigned, monkeypatch, language):
    filled._rendered.clear()
    clients = {duty.pk: browser(account(duty.person)) for duty in unsigned}
    pages = {}
    for _turn in range(2):  # rendered with stand-ins for the first, filled in for all others
        for key, client in clients.items():
            client.cookies["bahasa"] = language
            pages[key] = text_of(client, reverse("pact", args=[key]) + "?asal=<x>&y")
    assert len(filled._rendered) >= 1
    monkeypatch.setattr(filled, "page", rendered)
    for key, client in clients.items():
        assert pages[key] == text_of(client, reverse("pact", args=[key]) + "?asal=<x>&y")
    assert "qqhole1qq" not in "".join(pages.values())


def test_a_page_filled_in_bears_a_token_that_opens_its_forms(unsigned, settings):
    duty = unsigned[1]
    client = browser(account(duty.person), enforce_csrf_checks=True)
    for _turn in range(2):
        page = client.get(reverse("pact", args=[duty.pk])).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    digest = re.search(r'name="shown_digest" value="([^"]+)"', page)[1]
    sent = {"csrfmiddlewaretoken": token, "shown_digest": digest, "agree": "on"}
    assert client.post(reverse("pact-sign", args=[duty.pk]), sent).status_code == 302
    assert (
        client.post(reverse("pact-sign", args=[duty.pk]), sent | {"csrfmiddlewaretoken": "x" * 64}).status_code == 403
    )


def test_a_token_is_another_on_every_page_and_opens_what_djangos_own_opens(rf):
    """Django's own check takes it, with the cookie of the browser or with the one that this page sets."""
    for cookie in ("", "aZ9" * 10 + "bY"):
        request = rf.get("/")
        if cookie:
            request.META["CSRF_COOKIE"] = cookie
        made = {tokens.token(request) for _ in range(50)}
        secret = request.META["CSRF_COOKIE"]
        assert len(made) == 50 and secret == (cookie or secret) and request.META["CSRF_COOKIE_NEEDS_UPDATE"]
        for each in [*made, csrf.get_token(request)]:
            csrf._check_token_format(each)
            assert csrf._does_token_match(each, secret)
        assert not csrf._does_token_match(made.pop(), "0" * 32)
    fresh = {tokens._random_signs() for _ in range(500)}
    assert len(fresh) == 500 and set("".join(fresh)) == set(csrf.CSRF_ALLOWED_CHARS)


def test_no_more_pages_are_kept_than_there_is_room_for(unsigned, monkeypatch):
    monkeypatch.setattr(filled, "_MOST", 1)
    filled._rendered.clear()
    for language in ("id", "en", "id"):
        client = browser(account(unsigned[0].person))
        client.cookies["bahasa"] = language
        client.get(reverse("pact", args=[unsigned[0].pk]))
        assert len(filled._rendered) == 1


def test_an_address_that_was_looked_up_once_is_the_one_of_the_routes():
    for key in (1, 77, 10**9):
        assert addresses.of("pact", key) == reverse("pact", args=[key])
        assert addresses.of("pact-sign", key) == reverse("pact-sign", args=[key])
