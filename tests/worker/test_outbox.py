"""`ikrar outbox`: what left the house, and the addresses that take nothing."""

import json

import pytest
from django.core.management import CommandError, call_command

from ikrar.records.models import FailingAddress, Installation
from tests.conftest import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture
def ikrar(cast, capsys):
    """Run the command in a place where Sari has an address; return what it said."""
    Installation.objects.create(name="Uji", is_demo=True, demo_today=TODAY, created_at=NOW)
    cast.sari.person.email = "sari@contoh.test"
    cast.sari.person.save()

    def run(*options):
        call_command("outbox", *options)
        return capsys.readouterr().out

    return run


def test_an_address_whose_letters_came_back_is_stopped_listed_and_cleared(ikrar):
    assert "sari" not in ikrar()
    assert "sari@contoh.test: surat kembali" in ikrar("--returned", "Sari@contoh.test")
    overview, stopped = map(json.loads, ikrar("--json").splitlines())
    assert overview["ways"] == [] and overview["today"]["sent"] == 0
    assert (stopped["address"], stopped["way"], stopped["answer"]) == ("sari@contoh.test", "email", "returned")
    assert "sari" not in ikrar("--clear", "sari@CONTOH.test")
    assert not FailingAddress.objects.exists()


@pytest.mark.parametrize("option", ["--clear", "--returned"])
def test_an_address_of_nobody_is_refused(ikrar, option):
    for address in ("lain@contoh.test", "", "0812", "a\nb"):
        with pytest.raises(CommandError, match="address_of_nobody"):
            ikrar(f"{option}={address}")
