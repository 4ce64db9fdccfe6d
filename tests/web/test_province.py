"""A province issues a pact to the regencies and cities below it, and sees how many signed: never who."""

import pytest
from django.urls import reverse

from ikrar.domain.access import Role
from ikrar.domain.errors import AgencyNotBelow
from ikrar.records.models import Agency, Obligation
from ikrar.services import accounts, coverage, pacts
from tests.web.stage import MORNING, TODAY, account, agency, browser, issue, make_round, outsider, sign

pytestmark = pytest.mark.django_db


class Province:
    def __init__(self, stage):
        self.agency, self.root = agency("13", "Pemerintah Provinsi Umpama")
        Agency.objects.filter(pk=stage.home.agency.pk).update(parent=self.agency)
        stage.home.agency.refresh_from_db()
        self.officer = outsider("PROV.UJI", "Petugas Provinsi Rekaan")
        accounts.grant_role(
            self.officer, Role.PROGRAMME_OFFICER, agency=self.agency, body=None, until_at=None, reason="uji", by=None,
            now=MORNING,
        )  # fmt: skip
        self.pact = make_round(self.agency, "Ikrar se-provinsi")
        self.browser = browser(self.officer)


@pytest.fixture
def province(stage):
    return Province(stage)


def test_a_round_issued_to_agencies_below_reaches_their_staff_and_shows_their_numbers(stage, province):
    address = reverse("address-round", args=[province.pact.pk])
    assert "Tambahkan yang dicentang" in province.browser.get(address).content.decode()
    assert stage.home.agency.name in province.browser.get(address).content.decode()
    sent = province.browser.post(address, {"agency": [stage.home.agency.pk]})
    assert sent.status_code == 302
    assert "Tambahkan yang dicentang" not in province.browser.get(address).content.decode(), "none is left to add"
    issue(province.pact)
    duty = Obligation.objects.filter(pact_round=province.pact, unit__agency=stage.home.agency).select_related("person")[
        0
    ]
    sign(duty, account(duty.person))
    counted = coverage.coverage(province.pact, stage.home.root, TODAY)
    page = province.browser.get(reverse("below")).content.decode()
    assert counted.valid == 1 and stage.home.agency.name in page and f">{counted.obliged}<" in page
    assert duty.person.name not in page


def test_nothing_of_their_persons_is_open_to_the_province(stage, province):
    pacts.address(province.pact, [stage.home.agency], by=province.officer, now=MORNING)
    issue(province.pact)
    for name in ("coverage-unit", "missing", "remind", "bundle"):
        assert province.browser.get(reverse(name, args=[province.pact.pk, stage.home.root.pk])).status_code in (
            404,
            405,
        )
    duty = Obligation.objects.filter(pact_round=province.pact)[0]
    assert province.browser.get(reverse("person", args=[duty.person_id])).status_code == 404


def test_an_agency_that_is_not_below_is_not_addressed(stage, province):
    with pytest.raises(AgencyNotBelow):
        pacts.address(province.pact, [stage.away.agency], by=province.officer, now=MORNING)
    sent = province.browser.post(
        reverse("address-round", args=[province.pact.pk]), {"agency": [stage.away.agency.pk, "x", "9" * 30]}
    )
    assert sent.status_code == 302 and list(province.pact.agencies.all()) == [province.agency]


def test_another_agencys_round_is_not_addressed_by_the_province(stage, province):
    assert province.browser.get(reverse("address-round", args=[stage.home.pact.pk])).status_code == 404


def test_who_has_no_agency_below_is_told_so(stage):
    page = browser(stage.rina).get(reverse("below"))
    assert page.status_code == 200 and "Tidak ada instansi" in page.content.decode()
