"""What every request passes."""

import gc

import pytest
from django.contrib.messages import get_messages
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory
from django.urls import reverse

from tests.web.stage import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def nothing_collected():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def test_a_request_of_the_rush_is_freed_with_its_answer_and_waits_for_no_collector(stage, nothing_collected):
    """Thousands a minute would wait, each with all that it holds: one who reads, and one who signs."""
    duty = stage.home.duty
    cookies = browser(stage.sari).cookies.output(header="", sep=";").replace("Set-Cookie:", "")
    form = f"shown_digest={duty.pact_round.text.digest}&agree=on"
    factory, handler = RequestFactory(HTTP_COOKIE=cookies), BaseHandler()
    handler.load_middleware()

    def answered(request: WSGIRequest) -> int:
        request._dont_enforce_csrf_checks = True
        return handler.get_response(request).status_code

    read, signed = reverse("pact", args=[duty.pk]), reverse("pact-sign", args=[duty.pk])
    assert answered(factory.get(read)) == 200  # the first one's page is rendered for all
    gc.collect()
    before = sum(type(each) is WSGIRequest for each in gc.get_objects())
    assert answered(factory.get(read)) == 200
    for _twice in range(2):
        assert answered(factory.post(signed, form, content_type="application/x-www-form-urlencoded")) == 302
    assert sum(type(each) is WSGIRequest for each in gc.get_objects()) == before


def test_a_message_of_one_page_stands_on_the_next_and_on_no_other(stage):
    client = browser(stage.sari)
    path = reverse("pact-sign", args=[stage.home.duty.pk])
    assert "belum menandatangani" in client.get(path, follow=True).content.decode()
    page = client.get(reverse("pact", args=[stage.home.duty.pk]))
    assert "belum menandatangani" not in page.content.decode() and not list(get_messages(page.wsgi_request))
