"""What every request passes."""

import gc
from io import BytesIO

import pytest
from django.contrib.messages import get_messages
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
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


@pytest.mark.parametrize("name", ["home", "my-pacts", "pact", "landing"])
def test_a_request_is_freed_with_its_answer_and_waits_for_no_collector(stage, nothing_collected, name):
    """Thousands a minute would wait, each with all that it holds."""
    arguments = [stage.home.duty.pk] if name == "pact" else []
    cookies = browser(stage.sari).cookies.output(header="", sep=";").replace("Set-Cookie:", "")
    handler, path = WSGIHandler(), reverse(name, args=arguments)
    for _turn in range(2):  # at the first, much is read that is kept
        before = sum(type(each) is WSGIRequest for each in gc.get_objects())
        said: list[str] = []
        environ = RequestFactory().get(path, HTTP_COOKIE=cookies).environ | {"wsgi.input": BytesIO()}
        answer = handler(environ, lambda status, _headers, said=said: said.append(status))
        answer.close()
        del answer, environ
    assert said == ["200 OK"]
    assert sum(type(each) is WSGIRequest for each in gc.get_objects()) == before


def test_a_message_of_one_page_stands_on_the_next_and_on_no_other(stage):
    client = browser(stage.sari)
    path = reverse("pact-sign", args=[stage.home.duty.pk])
    assert "belum menandatangani" in client.get(path, follow=True).content.decode()
    page = client.get(reverse("pact", args=[stage.home.duty.pk]))
    assert "belum menandatangani" not in page.content.decode() and not list(get_messages(page.wsgi_request))
