"""Ways into an account: nobody loses the last one unawares, a stale session signs nothing, and each is told in words."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from ikrar.domain.access import Role
from ikrar.records.models import Agency, PactRound, PaperOrder, Placement, RoleGrant, Signature, User
from ikrar.services import accounts, pacts, papers, roster
from tests.web import stage as stages
from tests.web.stage import MORNING, TODAY, browser, set_password

pytestmark = pytest.mark.django_db

SSO = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [{"provider_id": "sso", "name": "SSO", "settings": {}}]}}


def passkey_of(user: User) -> Authenticator:
    return Authenticator.objects.create(
        user=user, type="webauthn", data={"name": "Ponsel", "credential": stages.Passkey().registered(challenge="AA")}
    )


def sign(client: Client, stage):
    form = {"shown_digest": stages.TEXT.digest(), "agree": "on"}
    return client.post(reverse("pact-sign", args=[stage.home.duty.pk]), form)


# --- slips ---------------------------------------------------------------------------------------------------------


def given_slips(stage) -> set[int]:
    return set(papers.unit_people(stage.home.school, TODAY).values_list("person", flat=True))


def test_who_has_a_passkey_in_place_of_a_password_gets_no_slip(stage):
    assert stage.home.teacher.pk in given_slips(stage)
    made = passkey_of(stage.sari)
    assert stage.home.teacher.pk not in given_slips(stage)
    made.delete()
    assert stage.home.teacher.pk in given_slips(stage)


def test_who_enters_by_single_sign_on_gets_no_slip_as_long_as_there_is_one(stage):
    SocialAccount.objects.create(user=stage.sari, provider="sso", uid="1")
    assert stage.home.teacher.pk in given_slips(stage)
    with override_settings(SOCIALACCOUNT_PROVIDERS=SSO):
        assert stage.home.teacher.pk not in given_slips(stage)


# --- passkeys ------------------------------------------------------------------------------------------------------


def test_the_last_way_in_is_not_removed(stage):
    passkey = passkey_of(stage.sari)
    client = browser(stage.sari)
    path = reverse("mfa_remove_webauthn", args=[passkey.pk])
    for answer in (client.get(path), client.post(path)):
        assert "satu-satunya" in answer.content.decode()
    assert Authenticator.objects.filter(pk=passkey.pk).exists()
    second = passkey_of(stage.sari)
    client.post(path)
    assert not Authenticator.objects.filter(pk=passkey.pk).exists()
    set_password(stage.sari)
    browser(stage.sari).post(reverse("mfa_remove_webauthn", args=[second.pk]))
    assert not Authenticator.objects.filter(pk=second.pk).exists()


def test_a_passkey_of_somebody_else_is_not_there_to_be_removed(stage):
    passkey = passkey_of(stage.tono)
    set_password(stage.sari)
    assert browser(stage.sari).post(reverse("mfa_remove_webauthn", args=[passkey.pk])).status_code == 404


@pytest.mark.parametrize("credential", ["{}", '{"id": "x", "response": {"userHandle": "OTk5"}}'])
def test_a_passkey_that_is_not_known_is_told_of_and_the_page_that_was_asked_for_is_kept(stage, credential):
    wanted = reverse("pact", args=[stage.home.duty.pk])
    answer = (
        Client()
        .post(reverse("mfa_login_webauthn"), {"credential": credential, "next": wanted}, follow=True)
        .content.decode()
    )
    assert "tidak dikenal di sini" in answer
    assert answer.count(f'name="next" value="{wanted}"') == 2


def test_a_wrong_passkey_at_confirming_is_told_of_there(stage):
    passkey_of(stage.sari)
    client = browser(stage.sari)
    path = reverse("mfa_reauthenticate_webauthn")
    answer = client.post(path, {"credential": "{}", "next": "/akun/"}, follow=True)
    assert answer.redirect_chain[-1][0].startswith(path)
    assert "bukan milik akun ini" in answer.content.decode()


def test_the_account_page_offers_to_make_a_password_where_there_is_none(stage):
    path = reverse("change-password")
    assert f'<a href="{path}">Buat</a>' in browser(stage.sari).get(reverse("account")).content.decode()
    set_password(stage.sari)
    assert f'<a href="{path}">Ganti</a>' in browser(stage.sari).get(reverse("account")).content.decode()


# --- a session that grew old -----------------------------------------------------------------------------------------


def test_coming_back_to_signing_says_that_nothing_is_signed_yet(stage):
    client = browser(stage.sari, strong=False)
    path = reverse("pact-sign", args=[stage.home.duty.pk])
    said = "Anda belum menandatangani. Baca, centang, lalu tandatangani."
    assert said in client.get(path, follow=True).content.decode()
    assert said not in client.get(reverse("pact", args=[stage.home.duty.pk])).content.decode()
    sign(client, stage)
    assert said not in client.get(path, follow=True).content.decode()


def test_who_has_nothing_to_confirm_with_signs_in_again_after_half_an_hour(stage):
    old = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT - 60
    client = browser(stage.sari, strong=False, at=old)
    path = reverse("pact-sign", args=[stage.home.duty.pk])
    answer = sign(client, stage)
    assert answer["Location"] == f"{reverse('account_login')}?next={path}"
    assert "Masuk sekali lagi" in client.get(answer["Location"]).content.decode()
    assert client.get(reverse("account")).status_code == 302, "the session is over"
    assert not Signature.objects.filter(obligation=stage.home.duty).exists()
    assert sign(browser(stage.sari, strong=False), stage)["Location"] == reverse("pact", args=[stage.home.duty.pk])
    assert Signature.objects.filter(obligation=stage.home.duty).exists()


@pytest.mark.parametrize("name", ["change-password", "mfa_add_webauthn", "mfa_activate_totp"])
def test_an_old_session_adds_no_way_in(stage, name):
    old = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT - 60
    answer = browser(stage.sari, strong=False, at=old).get(reverse(name))
    assert answer["Location"] == f"{reverse('account_login')}?next={reverse(name)}"


# --- after a transfer ------------------------------------------------------------------------------------------------


def test_after_a_transfer_no_page_says_that_the_text_changed_or_that_it_counts(stage):
    client = browser(stage.sari, strong=False)
    sign(client, stage)
    pact = reverse("pact", args=[stage.home.duty.pk])
    assert "nama Anda dihitung dalam cakupan" in client.get(pact).content.decode()
    roster.place(stage.home.teacher, values={"unit": stage.home.other_school}, today=TODAY, by=stage.rina, now=MORNING)
    for path in (pact, reverse("my-pacts"), reverse("home")):
        page = client.get(path).content.decode()
        assert "teksnya berganti" not in page and "nama Anda dihitung" not in page, path
    assert "akan menerbitkan pakta ini lagi" in client.get(pact).content.decode()
    PactRound.objects.filter(pk=stage.home.pact.pk).update(state="closed")
    assert "Pakta ini sudah ditutup" in client.get(pact).content.decode()
    Placement.objects.current().filter(person=stage.home.teacher).update(status="retired")
    assert "Anda tidak bertugas lagi" in client.get(pact).content.decode()
    assert "teksnya berganti" not in client.get(reverse("my-pacts")).content.decode()


# --- the programme ---------------------------------------------------------------------------------------------------


def test_the_letterhead_of_a_new_agency_is_kept(stage):
    admin = browser(stage.accounts[stages.Role.ADMINISTRATOR].user)
    form = {"code": "13", "name": "Provinsi", "kind": "province", "region": "13", "letterhead": "PEMERINTAH\nPROVINSI"}
    admin.post(reverse("new-agency"), form)
    assert Agency.objects.get(code="13").letterhead.splitlines() == ["PEMERINTAH", "PROVINSI"]
    admin.post(reverse("new-agency"), {"code": "X1", "name": "Kementerian", "kind": "ministry"})
    assert Agency.objects.get(code="X1").letterhead == "Kementerian"


def test_levels_are_offered_in_words(stage):
    page = browser(stage.rina).get(reverse("change-person", args=[stage.home.teacher.pk])).content.decode()
    assert "JPT Pratama" in page and "JF Keterampilan" in page
    assert "jf skilled" not in page and "jpt pratama" not in page


@pytest.mark.parametrize(("due_on", "status"), [("9999-12-31", 422), ("2034-10-26", 422), ("2034-10-25", 302)])
def test_a_pact_is_due_within_ten_years(stage, due_on, status):
    form = {
        "agency": stage.home.agency.pk, "title": "Baru", "employments": ["pns"], "keeps_on": "same_unit",
        "due_on": due_on, "text_title": "Pakta", "points": "satu",
    }  # fmt: skip
    answer = browser(stage.rina).post(reverse("new-round"), form)
    assert answer.status_code == status
    assert ("tahunnya" in answer.content.decode()) == (status == 422)
    form |= {"offices": [stage.home.held_office.pk]}
    assert browser(stage.rina).post(reverse("new-office-round"), form).status_code == status


def test_people_are_reminded_only_after_a_question(stage, monkeypatch):
    monkeypatch.setattr("ikrar.web.views.desk.MANY", 1)
    rina, pact, root = browser(stage.rina), stage.home.pact, stage.home.root
    count = pacts.missing(pact, root, TODAY).count()
    path = reverse("remind", args=[pact.pk, root.pk])
    assert f"{count} orang belum menandatangani" in rina.get(path).content.decode()
    chosen = {"act": "remind", "all": "1"}
    assert (
        f"Ingatkan {count} orang?" in rina.post(reverse("selected", args=[pact.pk, root.pk]), chosen).content.decode()
    )
    assert not pact.reminders.exists()
    assert rina.post(path)["Location"] == reverse("missing", args=[pact.pk, root.pk])
    assert pact.reminders.count() == 1


def test_no_certificates_are_offered_where_there_are_none(stage):
    path = reverse("coverage-unit", args=[stage.home.pact.pk, stage.home.school.pk])
    rina = browser(stage.rina)
    assert "himpunan sertifikat" not in rina.get(path).content.decode()
    sign(browser(stage.sari), stage)
    assert "Unduh himpunan sertifikat" in rina.get(path).content.decode()


def test_a_role_is_given_to_one_person_once(stage):
    admin = browser(stage.accounts[stages.Role.ADMINISTRATOR].user)
    form = {"name": stages.WATI, "role": "programme_officer", "agency": stage.home.agency.pk, "reason": "SK 9"}
    assert admin.post(reverse("roles"), form).status_code == 302
    again = admin.post(reverse("roles"), form)
    assert again.status_code == 422 and "sudah memegang peran itu" in again.content.decode()
    grants = RoleGrant.objects.filter(user__username=stages.WATI)
    assert grants.count() == 1
    admin.post(reverse("end-role", args=[grants.get().pk]))
    assert admin.post(reverse("roles"), form).status_code == 302


# --- a lost device -------------------------------------------------------------------------------------------------


def slip_of(user: User) -> str:
    placement = user.person.placements.select_related("person", "unit").get(until_on=None)
    return accounts.issue_codes([placement], by=None, now=MORNING)[0].code


def with_code(user: User, code: str) -> Client:
    client = Client()
    assert client.post(reverse("sign-in-code"), {"name": user.username, "code": code}).status_code == 302
    return client


def test_a_slip_tells_of_the_second_step_before_it_is_used_up_and_is_kept_where_the_device_is_gone(stage):
    passkey_of(stage.sari)
    client = with_code(stage.sari, slip_of(stage.sari))
    page = client.get(reverse("set-first-password")).content.decode()
    assert "memakai langkah kedua" in page and reverse("set-first-passkey") not in page
    words = {"password": stages.PASSWORD, "again": stages.PASSWORD}
    refused = client.post(reverse("set-first-password"), words)
    assert refused.status_code == 422 and "Kode ini belum terpakai" in refused.content.decode()
    assert stage.sari.codes.get(withdrawn_at=None).used_at is None
    done = client.post(reverse("set-first-password"), words | {"has_device": "on"})
    assert done.status_code == 302 and stage.sari.codes.get(withdrawn_at=None).used_at is not None


def test_a_slip_opens_no_account_with_a_second_step_by_a_passkey_of_whoever_holds_it(stage):
    passkey_of(stage.sari)
    client = with_code(stage.sari, slip_of(stage.sari))
    client.session["mfa.webauthn.state"] = {}
    answer = client.post(reverse("set-first-passkey"), {"name": "x", "passwordless": "on", "credential": "{}"})
    assert answer.status_code == 422 and "_auth_user_id" not in client.session
    assert Authenticator.objects.filter(user=stage.sari).count() == 1


def test_who_lost_his_phone_is_let_in_by_an_officers_reset_and_reads_who_did_it_and_why(stage):
    passkey_of(stage.sari)
    officer = browser(stage.rina)
    page = reverse("reset-person", args=[stage.home.teacher.pk])
    assert page in officer.get(reverse("person", args=[stage.home.teacher.pk])).content.decode()
    assert page not in officer.get(reverse("person-code", args=[stage.home.teacher.pk])).content.decode()
    assert "Atur ulang cara masuk" in officer.get(reverse("person-code", args=[stage.home.teacher.pk])).content.decode()
    assert officer.post(page, {"reason": ""}).status_code == 422
    made = officer.post(page, {"reason": "ponsel hilang"})
    order = PaperOrder.objects.latest("pk")
    assert made["Location"] == reverse("paper", args=[order.pk]) and order.state == "ready"
    assert not Authenticator.objects.filter(user=stage.sari).exists()
    client = with_code(stage.sari, slip_of(stage.sari))
    words = {"password": stages.PASSWORD, "again": stages.PASSWORD}
    assert client.post(reverse("set-first-password"), words)["Location"] == reverse("home")
    mine = client.get(reverse("account")).content.decode()
    assert "Cara masuk diatur ulang" in mine and "ponsel hilang" in mine and stage.rina.display_name in mine


def test_an_officer_resets_nobody_who_holds_a_role_and_an_administrator_no_other_one(stage):
    accounts.add_grant(stage.sari, Role.AUDITOR, by=None, now=MORNING)
    passkey_of(stage.sari)
    answer = browser(stage.rina).post(
        reverse("reset-person", args=[stage.home.teacher.pk]), {"reason": "hilang"}, follow=True
    )
    assert "Hanya administrator" in answer.content.decode() and Authenticator.objects.filter(user=stage.sari).exists()
    chief = stage.accounts[Role.ADMINISTRATOR].client()
    other = stages.outsider("ADMIN.LAIN", "Administrator Lain")
    accounts.add_grant(other, Role.ADMINISTRATOR, by=None, now=MORNING)
    refused = chief.post(reverse("reset-account", args=[other.pk]), {"reason": "hilang"}, follow=True)
    assert "ikrar reset-account" in refused.content.decode()
    listed = chief.get(reverse("accounts")).content.decode()
    assert reverse("reset-account", args=[stage.sari.pk]) in listed
    said = chief.post(reverse("reset-account", args=[stage.sari.pk]), {"reason": "hilang"}).content.decode()
    assert stage.sari.username in said and not Authenticator.objects.filter(user=stage.sari).exists()


def test_an_account_outside_the_roster_gets_another_code_on_the_administrators_pages(stage):
    chief = stage.accounts[Role.ADMINISTRATOR].client()
    outside = stages.outsider("BAWASLU.2", "Petugas Contoh")
    assert reverse("accounts") in chief.get(reverse("roles")).content.decode()
    found = chief.get(reverse("accounts"), {"q": "petugas contoh"}).content.decode()
    page = reverse("account-code", args=[outside.pk])
    assert page in found
    assert "kedaluwarsa" in chief.get(page).content.decode()
    said = chief.post(page).content.decode()
    code = re.findall(r"<code>([^<]+)</code>", said)[1]
    with_code(outside, code)
    assert chief.get(reverse("account-code", args=[stage.budi.pk])).status_code == 404


def test_one_code_too_many_at_the_second_step_is_told_and_how_long_to_wait(stage):
    set_password(stage.sari)
    RecoveryCodes.activate(stage.sari)
    TOTP.activate(stage.sari, generate_totp_secret())
    client = Client()
    client.post(reverse("account_login"), {"name": stage.sari.username, "password": stages.PASSWORD})
    step = reverse("mfa_authenticate")
    for _ in range(accounts.FAILURES_ALLOWED):
        said = client.post(step, {"code": "000000"}).content.decode()
    assert "Terlalu banyak" not in said
    right = RecoveryCodes(Authenticator.objects.get(user=stage.sari, type="recovery_codes")).get_unused_codes()[0]
    said = client.post(step, {"code": right}).content.decode()
    assert "Terlalu banyak kode yang salah" in said and "15 menit lagi" in said and "Kode salah" not in said


def test_a_page_that_needs_another_role_is_one_line_of_the_log(stage, capfd):
    import logging.config

    logging.config.dictConfig(settings.LOGGING)
    assert browser(stage.sari).get(reverse("roles")).status_code == 403
    said = capfd.readouterr().err
    assert "Forbidden" in said and "Traceback" not in said
