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
    assert "Tercatat: 10 hari" in after
    assert f"{stage.accounts[Role.ADMINISTRATOR].user.display_name}: 5 / 10 / 20" in " ".join(after.split())


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"days": "5"}, "tiga angka yang naik"),
        ({"days": ""}, "tidak boleh kosong"),
        ({"days": "9999999999"}, "sama dengan 730"),
        ({"days": "tujuh"}, "Tulis bilangan bulat."),
        ({"was": "x"}, "baru saja diubah orang lain"),
        ({"target": "entah"}, "tidak ada dalam buku aturan"),
        ({"days": "14", "warn_days": "10", "long_days": "28"}, "tidak ada yang berubah"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(client, more, says):
    assert says not in client.get(reverse("targets") + "?ubah=target-decide").content.decode()
    answer = post(client, **more)
    assert answer.status_code == 422 and says in answer.content.decode()
    assert not CaseTarget.objects.exists()


def test_after_a_change_of_somebody_else_the_same_form_can_be_sent_again(client):
    post(client)
    page = post(client, days="12")
    text = page.content.decode()
    assert page.status_code == 422 and "baru saja diubah orang lain" in text and "5 / 10 / 20" in " ".join(text.split())
    assert 'name="days" value="12"' in text and 'name="was" value="1"' in text
    assert post(client, days="12", was="1").status_code == 302
    assert list(CaseTarget.objects.order_by("version").values_list("days", flat=True)) == [10, 12]
