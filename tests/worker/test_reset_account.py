"""`ikrar reset-account`: the operator lets somebody into his account again, and the only administrator too."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from ikrar.domain.access import Role
from ikrar.records.models import Installation, User
from ikrar.services import accounts
from tests.conftest import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture
def chief(db):
    Installation.objects.create(name="Uji", is_demo=True, demo_today=TODAY, created_at=NOW)
    user = User.objects.create(username="KEPALA", full_name="Administrator", created_at=NOW)
    user.set_password("hujan turun di Ngarai")
    user.save()
    accounts.add_grant(user, Role.ADMINISTRATOR, by=None, now=NOW)
    Authenticator.objects.create(user=user, type="totp", data={})
    return user


def code_in(said: str) -> str:
    return re.search(r"kode +([0-9A-Z-]{14})", said)[1]


def test_the_only_administrator_who_lost_his_device_is_let_in_by_the_operator(chief, capsys, django_user_model):
    call_command("reset-account", "kepala", "--reason", "ponsel hilang")
    code = code_in(capsys.readouterr().out)
    assert accounts.by_code("kepala", code, now=accounts.AccessCode.objects.get().issued_at).user == chief
    assert not Authenticator.objects.exists()
    assert chief.credential_events.get(kind="account_reset").reason == "ponsel hilang"
    assert django_user_model.objects.get().grants.get().role == Role.ADMINISTRATOR


def test_a_code_alone_takes_nothing_off(chief, capsys):
    call_command("reset-account", "KEPALA", "--code-only")
    assert code_in(capsys.readouterr().out)
    assert Authenticator.objects.exists() and not chief.credential_events.filter(kind="account_reset").exists()


def test_an_account_that_there_is_not_is_refused(chief):
    with pytest.raises(CommandError, match=r"account_unknown: .*SIAPA"):
        call_command("reset-account", "SIAPA")
