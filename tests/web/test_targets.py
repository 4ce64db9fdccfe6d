"""The administrator's page of targets."""

import pytest
from django.urls import reverse

from ikrar.domain.access import Role
from ikrar.records.models import CaseTarget

pytestmark = pytest.mark.django_db
SAID = {"target": "target-decide", "days": "10", "warn_days": "5", "long_days": "20", "was": "0"}


@pytest.fixture
def client(stage):
    return stage.accounts[Role.ADMINISTRATOR].client()


def post(client, **more):
    return client.post(reverse("targets"), SAID | more)


def test_a_target_is_set_and_shown_with_who_set_it(client, stage):
    page = client.get(reverse("targets")).content.decode()
    assert "bukan batas waktu hukum" in page and "bawaan: 10 / 14 / 28" in page
    form = client.get(reverse("targets") + "?ubah=target-decide").content.decode()
    assert 'name="days" value="14"' in form and 'name="was" value="0"' in form
    assert post(client).status_code == 302
    after = client.get(reverse("targets")).content.decode()
    assert (
        "Tercatat: 10 hari" in after
        and "5 / 10 / 20" in after
        and stage.accounts[Role.ADMINISTRATOR].user.display_name in after
    )


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"days": "5"}, "tiga angka yang naik"),
        ({"days": ""}, "Hari terakhir"),
        ({"days": "9999999999"}, "Hari terakhir"),
        ({"was": "7"}, "baru saja diubah orang lain"),
        ({"was": "x"}, "baru saja diubah orang lain"),
        ({"target": "entah"}, "tidak ada dalam buku aturan"),
        ({"days": "14", "warn_days": "10", "long_days": "28"}, "tidak ada yang berubah"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(client, more, says):
    answer = post(client, **more)
    assert answer.status_code == 422 and says in answer.content.decode()
    assert not CaseTarget.objects.exists()
