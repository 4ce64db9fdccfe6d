"""Ceremonies on pages: where one signs, witnesses without an account, office-holders, a device that forgets."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from ikrar.domain.pacts import State
from ikrar.records.models import Activity, Guest, Obligation, PaperOrder, Person, Signature, Witness
from ikrar.services import accounts, ceremonies, pacts, papers
from ikrar.web.views import kiosk as device
from tests.web import stage as stages
from tests.web.stage import MORNING, PASSWORD, SARI, TODAY, browser, set_password

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(stage):
    return stage.home.ceremonies


@pytest.fixture
def officer(stage):
    return browser(stage.rina)


@pytest.fixture
def phone(stage):
    return browser(stage.sari)


def digest_on(page: str) -> str:
    return re.search(r'name="shown_digest" value="([0-9a-f]{64})"', page)[1]


def sign_on_phone(phone, duty):
    page = phone.get(reverse("pact", args=[duty.pk])).content.decode()
    return phone.post(reverse("pact-sign", args=[duty.pk]), {"shown_digest": digest_on(page), "agree": "on"})


# --- the sign page -----------------------------------------------------------------------------------------------


def test_the_sign_page_and_the_public_check_tell_the_activity(stage, phone, ours):
    duty = stage.home.duty
    page = phone.get(reverse("pact", args=[duty.pk])).content.decode()
    assert f"di acara <strong>{ours.ceremony.title}</strong>" in page
    assert sign_on_phone(phone, duty).status_code == 302
    signature = Signature.objects.get(obligation=duty)
    assert signature.activity == ours.ceremony
    public = Client().get(reverse("check-code", args=[signature.code])).content.decode()
    assert "Di acara" in public and ours.ceremony.title in public
    assert ours.ceremony.title in phone.get(reverse("pact", args=[duty.pk])).content.decode()


def test_somebody_who_is_not_there_sees_nothing_of_an_activity(stage, ours):
    head = browser(stage.budi)
    duty = stages.duty_of(stage.home.pact, stage.home.head)
    assert ours.ceremony.title not in head.get(reverse("pact", args=[duty.pk])).content.decode()


# --- witnesses ---------------------------------------------------------------------------------------------------


def slip(ours, stage, guest=None) -> str:
    [(_, code)] = ceremonies.appoint(ours.ceremony, [guest or ours.witness], by=stage.rina, now=MORNING)
    return code


def enter(code, client=None):
    client = client or Client()
    answer = client.post(reverse("witness"), {"code": code})
    return client, answer


@pytest.fixture
def group(stage, phone):
    sign_on_phone(phone, stage.home.duty)


def test_a_witness_signs_without_an_account_and_fetches_his_own_statement(stage, ours, group):
    visitor, answer = enter(slip(ours, stage).lower())
    assert answer["Location"] == reverse("witness-statement-page")
    page = visitor.get(reverse("witness-statement-page")).content.decode()
    assert ours.ceremony.title in page and "Saya hadir dan menyaksikan sendiri" in page and "menjaga netralitas" in page
    given = {"shown_digest": digest_on(page), "name": "Misal Umpama", "agree": "on"}
    assert visitor.post(reverse("witness-statement-page"), given).status_code == 302
    assert "sudah ditandatangani" in visitor.get(reverse("witness-statement-page")).content.decode()
    paper = visitor.get(reverse("witness-own-paper"))
    assert paper["Content-Type"] == "application/pdf"
    kept = Witness.objects.get(guest=ours.witness)
    assert (kept.name, kept.signed) == ("Misal Umpama", 1)
    # A second click, and going back, change nothing.
    assert visitor.post(reverse("witness-statement-page"), given | {"name": "Orang Lain"}).status_code == 302
    assert Witness.objects.get(guest=ours.witness).name == "Misal Umpama"


def test_a_witness_who_was_not_checked_in_reads_and_does_not_sign(stage, ours, group):
    Guest.objects.filter(pk=ours.witness.pk).update(arrived_at=None)
    visitor, _ = enter(slip(ours, stage))
    page = visitor.get(reverse("witness-statement-page")).content.decode()
    assert "belum dicatat hadir" in page and "Tandatangani pernyataan" not in page
    digest = ceremonies._testimony(Witness.objects.get(guest=ours.witness)).statement.digest()
    answer = visitor.post(
        reverse("witness-statement-page"), {"shown_digest": digest, "name": "Misal Umpama", "agree": "on"}
    )
    assert answer.status_code == 422 and "belum dicatat hadir" in answer.content.decode()
    assert Witness.objects.get(guest=ours.witness).signed_at is None


def test_nothing_else_opens_with_the_session_of_a_witness(stage, ours, group):
    visitor, _ = enter(slip(ours, stage))
    for name in ("home", "my-pacts", "rounds", "scans", "account", "people"):
        answer = visitor.get(reverse(name))
        assert answer.status_code == 302 and answer["Location"].startswith(reverse("account_login")), name
    for name in ("ceremony", "ceremony-record"):
        answer = visitor.get(reverse(name, args=[ours.ceremony.pk]))
        assert answer["Location"].startswith(reverse("account_login")), name


def test_who_enters_as_a_witness_is_signed_out_of_everything_else(stage, ours, officer):
    _, answer = enter(slip(ours, stage), officer)
    assert answer.status_code == 302
    assert officer.get(reverse("rounds"))["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("code", ["", "K7QF-3MNP-XWT0", "x" * 60, "\x00", "' OR 1=1 --"])
def test_a_wrong_code_of_a_witness_is_answered_at_its_field_and_what_was_typed_stays(stage, code):
    answer = Client().post(reverse("witness"), {"code": code})
    assert answer.status_code == 422 and "Kode dari slip saksi" in answer.content.decode()


def test_a_statement_needs_name_and_consent_and_keeps_what_was_typed(stage, ours, group):
    visitor, _ = enter(slip(ours, stage))
    page = visitor.get(reverse("witness-statement-page")).content.decode()
    answer = visitor.post(reverse("witness-statement-page"), {"shown_digest": digest_on(page), "name": "Misal Umpama"})
    assert answer.status_code == 422 and 'value="Misal Umpama"' in answer.content.decode()
    answer = visitor.post(
        reverse("witness-statement-page"), {"shown_digest": digest_on(page), "agree": "on", "name": ""}
    )
    assert answer.status_code == 422 and "Tulis nama Anda" in answer.content.decode()
    assert Witness.objects.get(guest=ours.witness).signed_at is None


def test_an_old_tab_does_not_sign_another_statement(stage, ours, group, officer):
    visitor, _ = enter(slip(ours, stage))
    page = visitor.get(reverse("witness-statement-page")).content.decode()
    officer.post(reverse("witness-words", args=[ours.ceremony.pk]), {"words_bawaslu": "Saya melihatnya."})
    answer = visitor.post(
        reverse("witness-statement-page"), {"shown_digest": digest_on(page), "name": "Misal", "agree": "on"}
    )
    assert answer.status_code == 422
    assert (
        "berubah setelah Anda membukanya" in answer.content.decode() and "Saya melihatnya." in answer.content.decode()
    )


def test_a_new_slip_closes_the_session_of_the_old_one(stage, ours, group):
    visitor, _ = enter(slip(ours, stage))
    slip(ours, stage)
    assert visitor.get(reverse("witness-statement-page"))["Location"] == reverse("witness")
    assert visitor.get(reverse("witness-own-paper"))["Location"] == reverse("witness")


def test_a_witness_closes_his_session_himself(stage, ours):
    visitor, _ = enter(slip(ours, stage))
    visitor.post(reverse("witness-leave"))
    assert visitor.get(reverse("witness-statement-page"))["Location"] == reverse("witness")


# --- the organiser -----------------------------------------------------------------------------------------------


def test_the_organiser_marks_witnesses_prints_slips_and_reads_what_they_signed(stage, ours, officer):
    page = officer.get(reverse("ceremony", args=[ours.ceremony.pk])).content.decode()
    assert "Misal Saksi" in page and "saksi, slip belum dicetak" in page
    answer = officer.post(reverse("witness-slips", args=[ours.ceremony.pk]), {"guests": [ours.witness.pk]})
    assert answer["Content-Type"] == "application/pdf"
    assert "slip dicetak" in officer.get(reverse("ceremony", args=[ours.ceremony.pk])).content.decode()
    officer.post(reverse("set-witness", args=[ours.ceremony.pk, ours.witness.pk]), {"is_witness": "0"})
    assert not Guest.objects.get(pk=ours.witness.pk).is_witness
    refused = officer.post(reverse("set-witness", args=[ours.ceremony.pk, ours.signed_witness.pk]), {"is_witness": "0"})
    assert refused.status_code == 302 and Guest.objects.get(pk=ours.signed_witness.pk).is_witness


def test_a_guest_of_another_activity_is_not_found_under_this_one(stage, ours, officer):
    for guest in (stage.away.ceremonies.witness, stage.home.gatherings.guest):
        path = reverse("set-witness", args=[ours.ceremony.pk, guest.pk])
        assert officer.post(path, {"is_witness": "1"}).status_code == 404


def test_an_activity_without_a_pact_says_how_it_gets_one(stage, ours, officer):
    Activity.objects.filter(pk=ours.ceremony.pk).update(pact_round=None)
    answer = officer.get(reverse("ceremony", args=[ours.ceremony.pk]))
    assert answer.status_code == 200 and "Belum ada pakta" in answer.content.decode()
    assert officer.get(reverse("ceremony-record", args=[ours.ceremony.pk])).status_code == 404


def test_record_and_bundle_are_handed_out(stage, ours, officer, group):
    assert officer.get(reverse("ceremony-record", args=[ours.ceremony.pk]))["Content-Type"] == "application/pdf"
    assert officer.get(reverse("ceremony-bundle", args=[ours.ceremony.pk]))["Content-Type"] == "application/pdf"


def test_an_empty_bundle_is_told_and_not_made(stage, ours, officer):
    answer = officer.get(reverse("ceremony-bundle", args=[ours.ceremony.pk]), follow=True)
    assert "Belum ada tanda tangan yang berlaku" in answer.content.decode()
    answer = officer.post(reverse("order-ceremony-bundle", args=[ours.ceremony.pk]), follow=True)
    assert "Belum ada tanda tangan yang berlaku" in answer.content.decode()


def test_a_large_bundle_is_ordered_and_fetched_later(stage, ours, officer, group, monkeypatch):
    monkeypatch.setattr(papers, "DIRECT", 0)
    order = reverse("order-ceremony-bundle", args=[ours.ceremony.pk])
    assert officer.get(reverse("ceremony-bundle", args=[ours.ceremony.pk]))["Location"] == order
    assert "Buat himpunan" in officer.get(order).content.decode()
    page = officer.post(order, follow=True)
    assert ours.ceremony.title in page.content.decode()
    made = PaperOrder.objects.get(activity=ours.ceremony)
    assert b"".join(officer.get(reverse("paper-file", args=[made.pk])).streaming_content).startswith(b"%PDF")


# --- office-holders ----------------------------------------------------------------------------------------------


def test_an_officer_makes_a_pact_of_office_holders_and_issues_it(stage, officer):
    offices = [stage.home.office.pk, stage.home.held_office.pk, stage.home.ceremonies.outside_office.pk]
    given = {
        "agency": stage.home.agency.pk, "title": "Pakta Kepala Daerah", "text_title": "Pakta Kepala Daerah",
        "points": "netral", "offices": offices, "election": "", "legal_basis": "UU 5/2014",
    }  # fmt: skip
    answer = officer.post(reverse("new-office-round"), given)
    page = officer.get(answer["Location"]).content.decode()
    assert "belum ada pemegang tercatat" in page and "Contoh Wakil 13.75" in page
    pact_round = stage.home.agency.pact_rounds.get(title="Pakta Kepala Daerah")
    answer = officer.post(reverse("issue-round", args=[pact_round.pk]), follow=True)
    assert "Diterbitkan kepada 1 pemegang jabatan. Untuk 2 jabatan belum ada" in answer.content.decode()
    assert "belum ada pemegang tercatat" in answer.content.decode()
    assert officer.get(reverse("round", args=[pact_round.pk]))["Location"] == reverse(
        "office-round", args=[pact_round.pk]
    )
    missing = reverse("missing", args=[pact_round.pk, stage.home.root.pk])
    assert officer.get(missing).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [({"offices": []}, "Jabatan yang"), ({"points": ""}, "Butir"), ({"due_on": "2020-01-01"}, "paling lambat")],
)
def test_what_a_pact_of_office_holders_lacks_is_told_at_its_field(stage, officer, change, field):
    given = {
        "agency": stage.home.agency.pk, "title": "P", "text_title": "P", "points": "netral",
        "offices": [stage.home.held_office.pk],
    } | change  # fmt: skip
    answer = officer.post(reverse("new-office-round"), given)
    assert answer.status_code == 422 and field in answer.content.decode()


def test_offices_of_another_agency_cannot_be_chosen(stage, officer, ours):
    for path in (reverse("choose-offices", args=[ours.office_round.pk]),):
        answer = officer.post(path, {"offices": [stage.away.held_office.pk]})
        assert answer.status_code == 422
    assert stage.away.held_office not in ours.office_round.offices.all()


def test_a_pact_of_office_holders_is_not_among_the_figures_of_staff(stage, officer, ours):
    for name in ("home", "coverage"):
        assert ours.office_round.title not in officer.get(reverse(name)).content.decode(), name


def test_an_office_holder_from_outside_enters_with_his_slip_and_signs(stage, officer, ours):
    answer = officer.post(reverse("holder-slip", args=[ours.outside_office.pk]))
    assert answer["Content-Type"] == "application/pdf"
    holder = Person.objects.get(name="Contoh Wakil 13.75")
    set_password(holder.user)
    client = browser(holder.user, strong=False)
    assert ours.office_round.title in client.get(reverse("my-pacts")).content.decode()
    assert sign_on_phone(client, ours.holder_duty).status_code == 302
    signed = client.get(reverse("pact", args=[ours.holder_duty.pk])).content.decode()
    assert ours.outside_office.title in signed
    assert client.get(reverse("people")).status_code == 403
    page = officer.get(reverse("office-round", args=[ours.office_round.pk])).content.decode()
    assert "Ditandatangani, berlaku" in page


def test_an_office_holder_is_marked_as_present_and_signs_at_the_activity(stage, officer, ours):
    path = reverse("receive-holder", args=[ours.holder_ceremony.pk, ours.holder_duty.pk])
    assert officer.post(path).status_code == 302
    assert "hadir" in officer.get(reverse("ceremony", args=[ours.holder_ceremony.pk])).content.decode()
    client = browser(accounts.ensure_account(ours.holder_duty.person, now=MORNING), strong=False)
    sign_on_phone(client, ours.holder_duty)
    assert Signature.objects.get(obligation=ours.holder_duty).activity == ours.holder_ceremony


def test_a_holder_of_a_pact_that_is_not_signed_there_is_not_received(stage, officer, ours):
    path = reverse("receive-holder", args=[ours.ceremony.pk, ours.holder_duty.pk])
    assert officer.post(path).status_code == 404


def test_sheets_of_office_holders_are_printed(stage, officer, ours):
    answer = officer.post(reverse("holder-sheets", args=[ours.office_round.pk]))
    assert answer["Content-Type"] == "application/pdf"


def test_who_never_held_an_office_or_stood_on_a_roster_has_an_empty_list_of_pacts(stage):
    client = stage.accounts[stages.Role.OFFICE_HOLDER].client()
    assert client.get(reverse("my-pacts")).status_code == 200


# --- a shared device ---------------------------------------------------------------------------------------------


@pytest.fixture
def kiosk(stage, ours, officer):
    """The officer's own browser, turned into a device for all."""
    answer = officer.post(reverse("open-kiosk", args=[ours.ceremony.pk]))
    assert answer["Location"] == reverse("kiosk")
    return officer


def come(kiosk, name=SARI, password=PASSWORD, **more):
    return kiosk.post(reverse("kiosk"), {"name": name, "password": password, **more})


def test_the_officer_is_signed_out_when_a_device_becomes_a_shared_one(stage, kiosk):
    assert kiosk.get(reverse("rounds"))["Location"].startswith(reverse("account_login"))
    assert kiosk.get(reverse("kiosk")).status_code == 200


def test_somebody_signs_on_a_shared_device_with_his_own_password_and_is_forgotten(stage, ours, kiosk):
    set_password(stage.sari)
    assert come(kiosk)["Location"] == reverse("kiosk-pact")
    page = kiosk.get(reverse("kiosk-pact"))
    assert page["Refresh"].startswith("12") and "no-store" in page["Cache-Control"]
    assert "Sari Dewi" in page.content.decode() and "menjaga netralitas" in page.content.decode()
    given = {"shown_digest": digest_on(page.content.decode()), "agree": "on"}
    answer = kiosk.post(reverse("kiosk-pact"), given)
    assert answer["Location"] == f"{reverse('kiosk')}?selesai=1"
    signature = Signature.objects.get(obligation=stage.home.duty)
    assert (signature.activity, signature.grade) == (ours.ceremony, "password")
    # He is forgotten: neither back nor a second click shows anything of him.
    assert kiosk.get(reverse("kiosk-pact"))["Location"] == f"{reverse('kiosk')}?habis=1"
    assert kiosk.post(reverse("kiosk-pact"), given)["Location"] == f"{reverse('kiosk')}?habis=1"
    assert "Sari" not in kiosk.get(answer["Location"]).content.decode()
    assert kiosk.get(reverse("my-pacts"))["Location"].startswith(reverse("account_login"))


def test_whoever_stands_before_a_shared_device_is_signed_in_nowhere(stage, kiosk):
    set_password(stage.sari)
    come(kiosk)
    for name in ("home", "my-pacts", "account", "change-password"):
        assert kiosk.get(reverse(name))["Location"].startswith(reverse("account_login")), name


def test_a_shared_device_forgets_after_two_minutes_or_a_little_more_when_asked(stage, kiosk):
    set_password(stage.sari)
    with time_machine.travel(MORNING, tick=False) as clock:
        come(kiosk)
        clock.shift(timedelta(seconds=100))
        assert kiosk.post(reverse("kiosk-longer"))["Location"] == reverse("kiosk-pact")
        clock.shift(timedelta(seconds=100))
        assert kiosk.get(reverse("kiosk-pact")).status_code == 200
        clock.shift(timedelta(seconds=30))
        page = kiosk.get(reverse("kiosk-pact"))
        assert page["Location"] == f"{reverse('kiosk')}?habis=1"
        assert kiosk.post(reverse("kiosk-longer"))["Location"] == f"{reverse('kiosk')}?habis=1"
    assert not Signature.objects.filter(obligation=stage.home.duty).exists()


def test_more_time_is_given_three_times_and_no_more(stage, kiosk):
    set_password(stage.sari)
    come(kiosk)
    for _ in range(device.MOST_EXTENSIONS):
        assert "dua menit lagi" in kiosk.get(reverse("kiosk-pact")).content.decode()
        kiosk.post(reverse("kiosk-longer"))
    assert "dua menit lagi" not in kiosk.get(reverse("kiosk-pact")).content.decode()


def test_a_slip_opens_a_shared_device_after_its_owner_made_a_password_of_his_own(stage, kiosk):
    with_code = accounts.one_code(stage.sari, by=stage.rina, now=MORNING)
    assert come(kiosk, password="", code=with_code)["Location"] == reverse("kiosk-password")
    assert kiosk.get(reverse("kiosk-pact"))["Location"] == f"{reverse('kiosk')}?habis=1"
    come(kiosk, password="", code=with_code)
    wrong = kiosk.post(reverse("kiosk-password"), {"password": "pendek", "again": "pendek"})
    assert wrong.status_code == 422
    given = {"password": "angin laut sore", "again": "angin laut sore"}
    assert kiosk.post(reverse("kiosk-password"), given)["Location"] == reverse("kiosk-pact")
    page = kiosk.get(reverse("kiosk-pact")).content.decode()
    kiosk.post(reverse("kiosk-pact"), {"shown_digest": digest_on(page), "agree": "on"})
    assert Signature.objects.filter(obligation=stage.home.duty).exists()
    assert come(kiosk, password="", code=with_code).status_code == 422


def test_a_wrong_password_on_a_shared_device_opens_nothing(stage, kiosk):
    set_password(stage.sari)
    for given in ({"password": "salah sekali"}, {"name": "000"}, {"password": "", "code": "K7QF-3MNP-XWT0"}):
        answer = come(kiosk, **given)
        assert answer.status_code == 422 and "tidak cocok" in answer.content.decode()
    assert come(kiosk, password="").status_code == 422
    assert kiosk.get(reverse("kiosk-pact"))["Location"] == f"{reverse('kiosk')}?habis=1"


def test_an_account_with_a_second_step_is_not_opened_on_a_shared_device(stage, kiosk):
    from allauth.mfa.models import Authenticator

    set_password(stage.sari)
    Authenticator.objects.create(user=stage.sari, type=Authenticator.Type.TOTP, data={})
    answer = come(kiosk)
    assert answer.status_code == 422 and "langkah kedua" in answer.content.decode()


def test_nobody_signs_for_the_one_before_him_on_a_shared_device(stage, kiosk):
    """Sari went away from the page; Budi enters: what he signs is his own, whatever the old tab still shows."""
    set_password(stage.sari)
    set_password(stage.budi)
    come(kiosk)
    kiosk.get(reverse("kiosk-pact"))
    come(kiosk, name=stages.BUDI)
    page = kiosk.get(reverse("kiosk-pact")).content.decode()
    assert "Budi Santoso" in page and "Sari" not in page
    kiosk.post(reverse("kiosk-pact"), {"shown_digest": digest_on(page), "agree": "on"})
    assert not Signature.objects.filter(obligation=stage.home.duty).exists()
    assert Signature.objects.filter(person=stage.home.head, obligation__pact_round=stage.home.pact).exists()


def test_somebody_without_this_pact_is_told_so(stage, kiosk):
    set_password(stage.tono)
    come(kiosk, name=stages.TONO)
    answer = kiosk.get(reverse("kiosk-pact"))
    assert answer.status_code == 404 and "Tidak ada pakta untuk Anda" in answer.content.decode()


def test_who_is_not_checked_in_is_told_that_his_signature_will_not_carry_the_activity(stage, ours, kiosk):
    set_password(stage.budi)
    come(kiosk, name=stages.BUDI)
    assert "belum tercatat hadir" in kiosk.get(reverse("kiosk-pact")).content.decode()


@pytest.mark.parametrize("how", ["closed", "no cookie", "forged", "ended"])
def test_a_device_that_serves_no_open_activity_signs_nothing(how, stage, ours, kiosk):
    set_password(stage.sari)
    come(kiosk)
    if how == "closed":
        Activity.objects.filter(pk=ours.ceremony.pk).update(state="closed", closed_at=MORNING)
    elif how == "no cookie":
        del kiosk.cookies[device.COOKIE]
    elif how == "forged":
        kiosk.cookies[device.COOKIE] = "eyJhY3Rpdml0eSI6MX0:1:x"
    else:
        assert kiosk.post(reverse("kiosk-end"))["Location"] == reverse("account_login")
    for path in (reverse("kiosk"), reverse("kiosk-pact")):
        assert kiosk.get(path).status_code == 409, path
    assert kiosk.post(reverse("kiosk"), {"name": SARI, "password": PASSWORD}).status_code == 409


def test_an_officer_who_signs_in_again_on_a_shared_device_does_not_stay_signed_in(stage, kiosk):
    kiosk.force_login(stage.rina, backend="ikrar.web.sign_in.AccountBackend")
    kiosk.get(reverse("kiosk"))
    assert settings.SESSION_COOKIE_NAME not in kiosk.cookies or not kiosk.session.get("_auth_user_id")


# --- witnessed ---------------------------------------------------------------------------------------------------


def test_a_witnessed_signature_is_shown_as_such_to_its_owner_and_to_anybody_with_the_code(stage, ours, phone, group):
    visitor, _ = enter(slip(ours, stage))
    page = visitor.get(reverse("witness-statement-page")).content.decode()
    visitor.post(
        reverse("witness-statement-page"), {"shown_digest": digest_on(page), "name": "Misal Umpama", "agree": "on"}
    )
    assert "Ditandatangani dan disaksikan" in phone.get(reverse("my-pacts")).content.decode()
    signature = Signature.objects.get(obligation=stage.home.duty)
    public = Client().get(reverse("check-code", args=[signature.code])).content.decode()
    assert "Disaksikan oleh" in public and f"Ketua Bawaslu {stage.home.agency.name}" in public
    assert "Misal Umpama" not in public
    duty = Obligation.objects.get(pk=stage.home.duty.pk)
    assert duty.state == State.SIGNED and signature.signed_on == TODAY
    assert pacts.of_person(stage.home.teacher)[-1][1] is not State.ISSUED


# --- a province and those below it -------------------------------------------------------------------------------


@pytest.fixture
def joint(stage):
    """The other city stands below ours, which asks an office of each; both holders are from outside."""
    home, away = stage.home, stage.away
    type(away.agency).objects.filter(pk=away.agency.pk).update(parent=home.agency)
    offices = [home.ceremonies.outside_office, away.ceremonies.outside_office]
    made = ceremonies.create_round(
        agency=home.agency, title="Pakta Bersama", text=stages.OTHER_TEXT, offices=offices, by=stage.rina, now=MORNING
    )
    return made


def test_an_agency_below_sees_its_own_office_of_a_joint_pact_and_no_other(stage, joint):
    theirs = browser(stage.away_officer)
    assert joint.title not in theirs.get(reverse("rounds")).content.decode()  # still written at
    assert theirs.get(reverse("office-round", args=[joint.pk])).status_code == 404
    browser(stage.rina).post(reverse("issue-round", args=[joint.pk]))
    assert joint.title in theirs.get(reverse("rounds")).content.decode()
    page = theirs.get(reverse("office-round", args=[joint.pk])).content.decode()
    assert "Contoh Wakil 13.76" in page and "Contoh Wakil 13.75" not in page
    for name in ("choose-offices", "remind-holders", "holder-sheets", "issue-round", "new-text", "close-round"):
        assert theirs.post(reverse(name, args=[joint.pk])).status_code == 404, name
    ours = browser(stage.rina).get(reverse("office-round", args=[joint.pk])).content.decode()
    assert "Contoh Wakil 13.76" in ours and "Contoh Wakil 13.75" in ours


def test_the_agency_above_names_no_holder_and_prints_no_slip_for_an_office_below(stage, joint, officer):
    theirs = stage.away.ceremonies.outside_office
    for name in ("office", "outside-holder", "holder-slip"):
        assert officer.get(reverse(name, args=[theirs.pk])).status_code == 404, name
    assert officer.post(reverse("holder-slip", args=[theirs.pk])).status_code == 404


def test_a_ceremony_of_an_agency_below_shows_its_own_office_holders_alone(stage, joint, ours):
    browser(stage.rina).post(reverse("issue-round", args=[joint.pk]))
    theirs, place = browser(stage.away_officer), stage.away.ceremonies.holder_ceremony
    Activity.objects.filter(pk=place.pk).update(pact_round=joint)
    page = theirs.get(reverse("ceremony", args=[place.pk])).content.decode()
    assert "Contoh Wakil 13.76" in page and "Contoh Wakil 13.75" not in page
    foreign = Obligation.objects.get(pact_round=joint, office=ours.outside_office)
    assert theirs.post(reverse("receive-holder", args=[place.pk, foreign.pk])).status_code == 404
    own = Obligation.objects.get(pact_round=joint, office=stage.away.ceremonies.outside_office)
    assert theirs.post(reverse("receive-holder", args=[place.pk, own.pk])).status_code == 302


def test_an_office_holder_is_excused_and_owes_it_again(stage, officer, ours):
    answer = officer.post(reverse("excuse", args=[ours.holder_duty.pk]), {"reason": "sakit"})
    assert answer["Location"] == reverse("office-round", args=[ours.office_round.pk])
    assert "Wajibkan lagi" in officer.get(answer["Location"]).content.decode()
    assert officer.post(reverse("end-excuse", args=[ours.holder_duty.pk]))["Location"] == answer["Location"]
