"""A real installation: nothing of the demo is there, on no page and behind no address."""

import pytest
from django.test import Client
from django.urls import reverse

from ikrar.domain.access import Role
from ikrar.domain.errors import NotADemo
from ikrar.records.models import Installation
from ikrar.services import demo, installation
from tests.web import stage as stages
from tests.web.stage import MORNING, TODAY, browser
from tests.web.test_demo import pages_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["demo-step-in", "demo-day"])
def test_a_real_installation_has_no_page_of_the_demo(stage, name):
    form = {"part": "programme_officer", "day": "2024-11-27"}
    for client in (Client(), browser(stage.sari), browser(stage.accounts[Role.ADMINISTRATOR].user)):
        assert client.post(reverse(name), form).status_code == 404
        assert client.get(reverse(name)).status_code in (404, 405)
    assert installation.the_one().demo_today is None


def test_a_cast_that_somebody_wrote_into_a_real_installation_opens_nothing(stage):
    Installation.objects.update(demo_cast={"administrator": [stage.rina.pk]}, demo_today=TODAY)
    assert Client().post(reverse("demo-step-in"), {"part": "administrator"}).status_code == 404
    assert demo.cast() == []


def test_the_note_is_on_no_page_of_a_real_installation(stage):
    stages.equip(stage)
    pages = pages_of(stage)
    assert len(pages) > 60
    with_note = [
        name
        for name, page in pages.items()
        if 'class="demo"' in page.content.decode() or "DEMO" in page.content.decode()
    ]
    assert with_note == []


def test_the_front_page_of_a_real_installation_offers_no_role(stage):
    page = Client().get(reverse("landing")).content.decode()
    assert "Coba sebagai siapa" not in page and reverse("demo-step-in") not in page


def test_the_day_of_a_real_programme_is_the_day_it_is(stage):
    with pytest.raises(NotADemo):
        installation.set_demo_day(TODAY)
    with pytest.raises(NotADemo):
        demo.load([], today=TODAY, now=MORNING, tell=lambda _: None)
