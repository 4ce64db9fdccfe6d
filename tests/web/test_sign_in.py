"""Signing in: the slip's code once, then one's own password or passkey; one answer for everybody who may not."""

import json
import re
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import hashers
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ikrar.domain import codes
from ikrar.records.models import AccessCode, CredentialEvent, LogPayload, Signature, Throttle, User
from ikrar.services import accounts
from tests.web import stage as stages
from tests.web.stage import MORNING, PASSWORD, SARI, UJANG, Passkey, browser, quick_client, set_password

pytestmark = pytest.mark.django_db

NOBODY = "198001012005011999"
CODE_PAGE, PASSWORD_PAGE, FIRST = "/masuk/kode/", "/masuk/", "/masuk/kata-sandi/"


def code_for(user: User, now: datetime = MORNING) -> str:
    """Make a slip for somebody, as an officer would, and return what is printed on it."""
    placement = user.person.placements.select_related("person", "unit").get(until_on=None)
    return accounts.issue_codes([placement], by=None, now=now)[0].code


def signed_in(client: Client) -> int | None:
    key = client.session.get("_auth_user_id")
    return int(key) if key else None


def bare(response) -> str:
    """A page without its token, which differs every time, and without what was typed."""
    said = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", response.content.decode())
    return re.sub(r'(name="name" value=)"[^"]*"', r"\1", said)


def events(user: User) -> list[str]:
    return list(user.credential_events.order_by("at", "pk").values_list("kind", flat=True))


def logged(event: str) -> list[dict]:
    said = (json.loads(bytes(each.payload)) for each in LogPayload.objects.all())
    return [each["data"] for each in said if each["event"] == event]


# --- the first time ----------------------------------------------------------------------------------------------


def test_from_the_slip_to_a_certificate_that_a_stranger_can_check(stage):
    """J2 1, 4, 5: number and code, own password, read, agree, sign, certificate, and a friend's phone."""
    code, client = codes.grouped(code_for(stage.sari)).lower(), Client()
    response = client.post(CODE_PAGE, {"name": "19850315 201001 2 001", "code": code})
    assert (response.status_code, response["Location"]) == (302, FIRST)
    assert signed_in(client) is None, "a code alone opens nothing"
    response = client.post(FIRST, {"password": PASSWORD, "again": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, reverse("home"))
    assert signed_in(client) == stage.sari.pk
    home = client.get(reverse("home"))
    read = reverse("pact", args=[stage.home.duty.pk])
    assert read in home.content.decode()
    page = client.get(read).content.decode()
    for point in stages.TEXT.points:
        assert point in page
    digest = re.search(r'name="shown_digest" value="([0-9a-f]{64})"', page)[1]
    assert digest == stages.TEXT.digest()
    response = client.post(reverse("pact-sign", args=[stage.home.duty.pk]), {"shown_digest": digest, "agree": "on"})
    assert (response.status_code, response["Location"]) == (302, read), "asked for the password that was just typed"
    signature = Signature.objects.get(obligation=stage.home.duty)
    assert (signature.grade, signature.name) == ("password", "Sari Dewi, S.Pd")
    certificate = client.get(reverse("my-certificate", args=[stage.home.duty.pk]))
    assert certificate["Content-Type"] == "application/pdf" and certificate.content.startswith(b"%PDF")
    friend = Client()
    response = friend.post(reverse("check"), {"code": codes.grouped(signature.code)}, follow=True)
    assert response.status_code == 200 and response.context["result"].stands
    assert events(stage.sari)[-3:] == ["code_issued", "code_used", "password_set"]


def test_a_code_opens_once(stage):
    code = code_for(stage.sari)
    first, second = Client(), Client()
    for client in (first, second):
        assert client.post(CODE_PAGE, {"name": SARI, "code": code}).status_code == 302
    assert first.post(FIRST, {"password": PASSWORD, "again": PASSWORD})["Location"] == reverse("home")
    response = second.post(FIRST, {"password": "milik orang lain", "again": "milik orang lain"})
    assert response["Location"] == CODE_PAGE and signed_in(second) is None
    assert accounts.by_password(SARI, PASSWORD, now=MORNING) == stage.sari
    assert Client().post(CODE_PAGE, {"name": SARI, "code": code}).status_code == 422


def test_a_code_is_not_used_up_before_the_password_is_set(stage):
    """The signal may be lost between the two pages."""
    code = code_for(stage.sari)
    assert Client().post(CODE_PAGE, {"name": SARI, "code": code}).status_code == 302
    assert Client().post(CODE_PAGE, {"name": SARI, "code": code}).status_code == 302


def test_a_code_expires(stage, settings):
    code = code_for(stage.sari)
    with time_machine.travel(MORNING + timedelta(days=settings.CODE_LIFE_DAYS, seconds=1)):
        assert Client().post(CODE_PAGE, {"name": SARI, "code": code}).status_code == 422


def test_a_new_code_withdraws_the_old_one(stage):
    old, new = code_for(stage.sari), code_for(stage.sari)
    assert Client().post(CODE_PAGE, {"name": SARI, "code": old}).status_code == 422
    assert Client().post(CODE_PAGE, {"name": SARI, "code": new}).status_code == 302


def test_a_code_of_somebody_else_opens_nothing(stage):
    code = code_for(stage.tono)
    assert Client().post(CODE_PAGE, {"name": SARI, "code": code}).status_code == 422


def test_the_page_for_the_first_password_opens_after_a_right_code_alone(stage):
    client = Client()
    assert client.get(FIRST)["Location"] == CODE_PAGE
    assert client.post(FIRST, {"password": PASSWORD, "again": PASSWORD})["Location"] == CODE_PAGE


def test_a_code_that_is_withdrawn_between_the_two_pages_opens_nothing(stage):
    client = Client()
    client.post(CODE_PAGE, {"name": SARI, "code": code_for(stage.sari)})
    code_for(stage.sari)
    assert client.post(FIRST, {"password": PASSWORD, "again": PASSWORD})["Location"] == CODE_PAGE
    assert signed_in(client) is None


@pytest.mark.parametrize(
    ("password", "again"), [("rumah", "rumah"), ("1234567890123", "1234567890123"), ("password123", "password123"),
                            (PASSWORD, "lain sama sekali"), ("", "")],
)  # fmt: skip
def test_a_weak_or_mistyped_password_is_refused_and_the_code_stays(stage, password, again):
    client, code = Client(), code_for(stage.sari)
    client.post(CODE_PAGE, {"name": SARI, "code": code})
    response = client.post(FIRST, {"password": password, "again": again})
    assert response.status_code == 422 and 'class="errors"' in response.content.decode()
    assert password == "" or password not in response.content.decode()
    assert AccessCode.objects.get(user=stage.sari, used_at=None, withdrawn_at=None)


def test_codes_are_kept_as_keyed_digests_only(stage):
    code = code_for(stage.sari)
    row = AccessCode.objects.get(user=stage.sari, withdrawn_at=None, used_at=None)
    assert len(code) * 5 >= 50, "fewer than 50 bits"
    assert code not in json.dumps([str(getattr(row, field.attname)) for field in row._meta.concrete_fields])


def test_every_code_is_logged_and_shown_to_its_owner(stage):
    code_for(stage.sari)
    set_password(stage.sari)
    assert {"user": stage.sari.pk, "by": None} in logged("code.issued")
    page = browser(stage.sari).get(reverse("account")).content.decode()
    assert "Kode sekali pakai diterbitkan untuk Anda" in page


# --- one answer --------------------------------------------------------------------------------------------------


def _attempts(stage) -> dict[str, str]:
    set_password(stage.sari)
    code_for(stage.tono)
    User.objects.filter(pk=stage.tina.pk).update(is_active=False, password=stages.password_hash())
    return {
        "a person with a password": SARI,
        "a person with a slip": stages.TONO,
        "a person who is on the roster without an account": UJANG,
        "a closed account": stages.TINA,
        "nobody": NOBODY,
        "nobody with a name": "SIAPAPUN",
    }


@pytest.mark.parametrize(("path", "secret"), [(PASSWORD_PAGE, "password"), (CODE_PAGE, "code")])
def test_known_and_unknown_names_get_the_same_answer(stage, path, secret):
    answers, queries = {}, {}
    names = _attempts(stage)
    Client().post(path, {"name": "PEMANASAN", secret: "salah sekali"})
    for who, name in names.items():
        with CaptureQueriesContext(connection) as counted:
            response = Client().post(path, {"name": name, secret: "salah sekali"})
        answers[who], queries[who] = (response.status_code, bare(response), sorted(response.headers)), len(counted)
    assert {status for status, _, _ in answers.values()} == {422}
    assert len({body for _, body, _ in answers.values()}) == 1
    assert len({str(headers) for _, _, headers in answers.values()}) == 1
    assert len(set(queries.values())) == 1, queries


def test_a_password_is_hashed_once_for_known_and_unknown_names(stage, settings, monkeypatch):
    """The hash is what takes time: without it the answer to an unknown name would come at once."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    monkeypatch.setattr(hashers.PBKDF2PasswordHasher, "iterations", 1000)
    names = _attempts(stage)
    Client().post(PASSWORD_PAGE, {"name": "PEMANASAN", "password": "salah"})
    done: list[int] = []
    plain = hashers.PBKDF2PasswordHasher.encode

    def counted(self, password, salt, iterations=None):
        done.append(iterations or self.iterations)
        return plain(self, password, salt, iterations)

    monkeypatch.setattr(hashers.PBKDF2PasswordHasher, "encode", counted)
    work = {}
    for who, name in names.items():
        done.clear()
        Client().post(PASSWORD_PAGE, {"name": name, "password": "salah sekali"})
        work[who] = sum(done)
    assert len(set(work.values())) == 1, work


def test_the_answer_to_an_exhausted_name_is_the_same_as_to_a_wrong_word(stage):
    set_password(stage.sari)
    first = bare(Client().post(PASSWORD_PAGE, {"name": SARI, "password": "salah"}))
    for _ in range(accounts.FAILURES_ALLOWED):
        Client().post(PASSWORD_PAGE, {"name": SARI, "password": "salah"})
    assert bare(Client().post(PASSWORD_PAGE, {"name": SARI, "password": PASSWORD})) == first


# --- counting failures -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "secret"), [(PASSWORD_PAGE, "password"), (CODE_PAGE, "code")])
def test_after_ten_wrong_tries_the_right_one_is_refused_too_for_a_quarter_of_an_hour(stage, path, secret):
    right = PASSWORD if secret == "password" else code_for(stage.sari)
    set_password(stage.sari)
    good = {"name": SARI, secret: right}
    for number in range(10):
        assert Client().post(path, {"name": SARI, secret: f"salah {number}"}).status_code == 422
    assert Client().post(path, good).status_code == 422
    with time_machine.travel(MORNING + timedelta(minutes=16)):
        assert Client().post(path, good).status_code == 302


def test_nine_wrong_tries_and_a_right_one_begin_the_count_anew(stage):
    set_password(stage.sari)
    for _ in range(2):
        for _ in range(accounts.FAILURES_ALLOWED - 1):
            Client().post(PASSWORD_PAGE, {"name": SARI, "password": "salah"})
        assert Client().post(PASSWORD_PAGE, {"name": SARI, "password": PASSWORD}).status_code == 302


def test_failures_count_for_a_name_and_not_for_the_address(stage):
    """A school of seventy behind one address signs in within a minute, also after somebody typed wrong seventy times."""
    set_password(stage.sari)
    for number in range(70):
        Client(REMOTE_ADDR="10.0.0.1").post(PASSWORD_PAGE, {"name": f"1980010120050119{number:02d}", "password": "x"})
    assert Client(REMOTE_ADDR="10.0.0.1").post(PASSWORD_PAGE, {"name": SARI, "password": PASSWORD}).status_code == 302


def test_however_a_name_is_written_its_failures_count_together(stage):
    set_password(stage.sari)
    written = [SARI, f" {SARI} ", "19850315 201001 2 001", "19850315-201001-2-001", "19850315.201001.2.001"]
    for number in range(accounts.FAILURES_ALLOWED):
        Client().post(PASSWORD_PAGE, {"name": written[number % len(written)], "password": "salah"})
    assert Client().post(PASSWORD_PAGE, {"name": SARI, "password": PASSWORD}).status_code == 422


def test_one_code_tried_against_many_names_is_stopped(stage):
    """Somebody found a slip and guesses whose it is."""
    code = code_for(stage.sari)
    for number in range(accounts.FAILURES_ALLOWED):
        Client().post(CODE_PAGE, {"name": f"1980010120050119{number:02d}", "code": code})
    assert Client().post(CODE_PAGE, {"name": SARI, "code": code}).status_code == 422


def test_the_counters_hold_no_name(stage):
    Client().post(PASSWORD_PAGE, {"name": SARI, "password": "salah"})
    assert SARI not in json.dumps(list(Throttle.objects.values_list("key", flat=True)))


def test_the_second_factor_cannot_be_guessed_without_end(stage):
    """Six digits are guessed in a day where nobody counts; the password before it may be known to a thief."""
    set_password(stage.rina)
    secret = _totp(stage.rina)
    client = Client()
    client.post(PASSWORD_PAGE, {"name": stages.RINA, "password": PASSWORD})
    wrong = "000000" if _digits(secret) != "000000" else "111111"
    for _ in range(30):
        client.post(reverse("mfa_authenticate"), {"code": wrong})
    client.post(reverse("mfa_authenticate"), {"code": _digits(secret)})
    assert signed_in(client) is None, "the thirty-first guess was still heard"


# --- next, and sessions ------------------------------------------------------------------------------------------

ELSEWHERE = (
    "https://jahat.example/", "//jahat.example/", "///jahat.example", "/\\jahat.example", "\\\\jahat.example",
    "http:jahat.example", "javascript:alert(1)", "https:/jahat.example", "/\t/jahat.example", "data:text/html,x",
    "jahat.example", " //jahat.example", "/%0d%0aSet-Cookie:x=1",
)  # fmt: skip


def leads_to(page: str, response) -> str:
    """Return the host that a browser goes to, reading the address as browsers do: \\ is /, and tabs are nothing."""
    location = re.sub(r"[\t\r\n]", "", response["Location"]).replace("\\", "/").strip()
    return urlsplit(urljoin(f"http://testserver{page}", location)).netloc


@pytest.mark.parametrize("target", ELSEWHERE)
def test_sign_in_leads_to_no_other_host(stage, target):
    set_password(stage.sari)
    for client, form in (
        (Client(), {"name": SARI, "password": PASSWORD, "next": target}),
        (browser(stage.sari), {"next": target}),
    ):
        response = client.post(f"{PASSWORD_PAGE}", form)
        assert response.status_code == 302
        assert leads_to(PASSWORD_PAGE, response) == "testserver"
    page = Client().get(PASSWORD_PAGE, {"next": target}).content.decode()
    assert "jahat" not in page


def test_sign_in_goes_on_to_the_page_that_was_asked_for(stage):
    set_password(stage.sari)
    wanted = reverse("pact", args=[stage.home.duty.pk])
    client = Client()
    asked = client.get(wanted)["Location"]
    assert asked == f"{PASSWORD_PAGE}?next={wanted}"
    assert f'value="{wanted}"' in client.get(asked).content.decode()
    assert client.post(PASSWORD_PAGE, {"name": SARI, "password": PASSWORD, "next": wanted})["Location"] == wanted


def test_sign_out_ends_the_session_and_takes_a_post(stage):
    client = browser(stage.sari)
    assert client.get(reverse("account_logout")).status_code == 405
    assert client.post(reverse("account_logout"))["Location"] == reverse("landing")
    assert client.get(reverse("home")).status_code == 302


def test_a_new_password_ends_the_other_sessions(stage):
    set_password(stage.sari)
    here, there = browser(stage.sari), browser(stage.sari)
    response = here.post(reverse("change-password"), {"password": "langit biru sekali", "again": "langit biru sekali"})
    assert response["Location"] == reverse("account")
    assert here.get(reverse("home")).status_code == 200
    assert there.get(reverse("home")).status_code == 302
    assert accounts.by_password(SARI, "langit biru sekali", now=MORNING)


def test_the_code_of_a_slip_ends_the_sessions_of_the_old_password(stage):
    set_password(stage.sari)
    thief, owner = browser(stage.sari), Client()
    owner.post(CODE_PAGE, {"name": SARI, "code": code_for(stage.sari)})
    owner.post(FIRST, {"password": "langit biru sekali", "again": "langit biru sekali"})
    assert thief.get(reverse("home")).status_code == 302


def test_the_key_of_a_session_changes_at_sign_in(stage):
    set_password(stage.sari)
    client = Client()
    client.post(CODE_PAGE, {"name": SARI, "code": code_for(stage.sari)})
    before = client.cookies["ikrar"].value
    client.post(FIRST, {"password": PASSWORD, "again": PASSWORD})
    assert client.cookies["ikrar"].value != before


def test_a_closed_account_is_out_at_once(stage):
    client = browser(stage.sari)
    User.objects.filter(pk=stage.sari.pk).update(is_active=False)
    assert client.get(reverse("home")).status_code == 302


def test_a_cookie_of_a_session_is_for_the_server_alone(stage):
    set_password(stage.sari)
    client = Client()
    client.post(PASSWORD_PAGE, {"name": SARI, "password": PASSWORD})
    cookie = client.cookies["ikrar"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_somebody_signed_in_who_opens_the_page_for_codes_is_not_lost(stage):
    """A phone is shared: the code of the second person opens the second person's page and no other."""
    client, code = browser(stage.budi), code_for(stage.sari)
    assert client.post(CODE_PAGE, {"name": SARI, "code": code}).status_code == 302
    assert signed_in(client) is None
    client.post(FIRST, {"password": PASSWORD, "again": PASSWORD})
    assert signed_in(client) == stage.sari.pk


# --- is it still you ---------------------------------------------------------------------------------------------


def _sign_in(stage, user: User, name: str) -> Client:
    set_password(user)
    client = Client()
    assert client.post(PASSWORD_PAGE, {"name": name, "password": PASSWORD}).status_code == 302
    return client


def _sign(client: Client, stage) -> object:
    form = {"shown_digest": stages.TEXT.digest(), "agree": "on"}
    return client.post(reverse("pact-sign", args=[stage.home.duty.pk]), form)


def test_within_half_an_hour_of_signing_in_nobody_is_asked_again(stage):
    client = _sign_in(stage, stage.sari, SARI)
    with time_machine.travel(MORNING + timedelta(minutes=29)):
        response = _sign(client, stage)
    assert response["Location"] == reverse("pact", args=[stage.home.duty.pk])
    assert Signature.objects.filter(obligation=stage.home.duty).count() == 1


def test_after_half_an_hour_signing_asks_again_and_then_goes_on_where_it_stopped(stage):
    client = _sign_in(stage, stage.sari, SARI)
    with time_machine.travel(MORNING + timedelta(minutes=31)):
        response = _sign(client, stage)
        assert response["Location"].startswith(reverse("account_reauthenticate"))
        assert not Signature.objects.filter(obligation=stage.home.duty).exists()
        page = client.get(response["Location"])
        assert page.status_code == 200 and "Kata sandi" in page.content.decode(), "called as at the door"
        wrong = client.post(response["Location"], {"password": "bukan saya"})
        assert wrong.status_code in (200, 422)
        assert not Signature.objects.filter(obligation=stage.home.duty).exists()
        hidden = dict(re.findall(r'type="hidden" name="(next)" value="([^"]*)"', page.content.decode()))
        assert hidden, "the page that was left is not carried along"
        response = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, **hidden})
        assert response.status_code == 302 and response["Location"] == reverse("pact", args=[stage.home.duty.pk])
    signature = Signature.objects.get(obligation=stage.home.duty)
    assert signature.text_digest == stages.TEXT.digest() and signature.grade == "password"


def test_somebody_elses_password_does_not_confirm(stage):
    client = _sign_in(stage, stage.sari, SARI)
    set_password(stage.budi, "kata sandi kepala")
    with time_machine.travel(MORNING + timedelta(minutes=31)):
        response = _sign(client, stage)
        client.post(response["Location"], {"password": "kata sandi kepala"})
    assert not Signature.objects.filter(obligation=stage.home.duty).exists()


def test_guessing_at_the_confirmation_is_counted_like_guessing_at_the_door(stage):
    """A phone left open in the staff room: whoever holds it may not try passwords for ever."""
    client = _sign_in(stage, stage.sari, SARI)
    with time_machine.travel(MORNING + timedelta(minutes=31)):
        response = _sign(client, stage)
        for number in range(accounts.FAILURES_ALLOWED + 5):
            client.post(response["Location"], {"password": f"tebakan {number}"})
        client.post(response["Location"], {"password": PASSWORD})
    assert not Signature.objects.filter(obligation=stage.home.duty).exists()


@pytest.mark.parametrize("target", ELSEWHERE)
def test_the_confirmation_leads_to_no_other_host(stage, target):
    client = _sign_in(stage, stage.sari, SARI)
    response = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": target})
    assert response.status_code == 302
    assert leads_to(reverse("account_reauthenticate"), response) == "testserver"


# --- the second factor -------------------------------------------------------------------------------------------


def _totp(user: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def _digits(secret: str) -> str:
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))


def test_an_officer_sets_up_an_authenticator_and_then_needs_it(stage, django_capture_on_commit_callbacks):
    client = _sign_in(stage, stage.rina, stages.RINA)
    assert client.get(reverse("rounds"))["Location"] == reverse("mfa_index")
    page = client.get(reverse("mfa_index"))
    assert page.status_code == 200 and "Peran ini perlu langkah kedua" in page.content.decode()
    page = client.get(reverse("mfa_activate_totp"), follow=True)
    if page.redirect_chain:
        page = client.post(
            page.redirect_chain[-1][0], {"password": PASSWORD, "next": reverse("mfa_activate_totp")}, follow=True
        )
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("mfa_activate_totp"), {"code": _digits(secret)})
    assert response.status_code == 302
    assert "totp_added" in events(stage.rina) and "recovery_codes_made" in events(stage.rina)
    assert {each["kind"] for each in logged("credential.set") if each["user"] == stage.rina.pk} >= {"totp_added"}
    client.post(reverse("account_logout"))
    response = client.post(PASSWORD_PAGE, {"name": stages.RINA, "password": PASSWORD, "next": reverse("rounds")})
    assert response["Location"] == reverse("mfa_authenticate") and signed_in(client) is None
    assert client.get(reverse("rounds")).status_code == 302
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert signed_in(client) is None
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=90)):
        response = client.post(reverse("mfa_authenticate"), {"code": _digits(secret)})
        assert (response.status_code, response["Location"]) == (302, reverse("rounds"))
        assert client.get(reverse("rounds")).status_code == 200


def test_a_code_of_the_authenticator_opens_once(stage):
    set_password(stage.rina)
    secret = _totp(stage.rina)
    digits = _digits(secret)
    for expected in (stage.rina.pk, None):
        client = Client()
        client.post(PASSWORD_PAGE, {"name": stages.RINA, "password": PASSWORD})
        client.post(reverse("mfa_authenticate"), {"code": digits})
        assert signed_in(client) == expected


def test_second_factors_are_counted_for_all_processes_together(stage):
    """Each process has a cache of its own: emptied between guesses it stands for as many processes."""
    set_password(stage.rina)
    secret = _totp(stage.rina)
    client = Client()
    client.post(PASSWORD_PAGE, {"name": stages.RINA, "password": PASSWORD})
    wrong = "000000" if _digits(secret) != "000000" else "111111"
    for _ in range(accounts.FAILURES_ALLOWED):
        client.post(reverse("mfa_authenticate"), {"code": wrong})
        cache.clear()
    client.post(reverse("mfa_authenticate"), {"code": _digits(secret)})
    assert signed_in(client) is None
    Throttle.objects.all().delete()
    client.post(reverse("mfa_authenticate"), {"code": _digits(secret)})
    assert signed_in(client) == stage.rina.pk
    cache.clear()
    again = Client()
    again.post(PASSWORD_PAGE, {"name": stages.RINA, "password": PASSWORD})
    again.post(reverse("mfa_authenticate"), {"code": _digits(secret)})
    assert signed_in(again) is None, "a code opens once, in whichever process"


def test_a_recovery_code_opens_once(stage):
    set_password(stage.rina)
    _totp(stage.rina)
    code = RecoveryCodes.activate(stage.rina).get_unused_codes()[0]
    for expected in (stage.rina.pk, None):
        client = Client()
        client.post(PASSWORD_PAGE, {"name": stages.RINA, "password": PASSWORD})
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert signed_in(client) == expected


def test_the_second_step_alone_is_no_door(stage):
    _totp(stage.rina)
    client = Client()
    assert client.get(reverse("mfa_authenticate"))["Location"].startswith(PASSWORD_PAGE)
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"})["Location"].startswith(PASSWORD_PAGE)


def test_a_slip_does_not_pass_by_the_second_factor(stage):
    """Whoever prints slips could else become any officer."""
    _totp(stage.rina)
    client = Client()
    client.post(CODE_PAGE, {"name": stages.RINA, "code": code_for(stage.rina)})
    response = client.post(FIRST, {"password": PASSWORD, "again": PASSWORD, "has_device": "on"})
    assert response["Location"] == reverse("mfa_authenticate")
    assert signed_in(client) is None


def test_a_teacher_needs_no_second_factor(stage):
    client = _sign_in(stage, stage.sari, SARI)
    assert client.get(reverse("my-pacts")).status_code == 200


def test_taking_the_authenticator_off_is_recorded_and_closes_the_officers_pages(
    stage, django_capture_on_commit_callbacks
):
    set_password(stage.rina)
    _totp(stage.rina)
    client = browser(stage.rina)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert "totp_removed" in events(stage.rina)
    assert {"user": stage.rina.pk, "kind": "totp_removed", "by": stage.rina.pk} in logged("credential.removed")
    again = Client()
    again.post(PASSWORD_PAGE, {"name": stages.RINA, "password": PASSWORD})
    assert again.get(reverse("rounds"))["Location"] == reverse("mfa_index")


def test_new_recovery_codes_are_recorded_and_shown_to_their_owner(stage, django_capture_on_commit_callbacks):
    """Every change of credentials is in the owner's list: so the page says."""
    set_password(stage.rina)
    _totp(stage.rina)
    RecoveryCodes.activate(stage.rina)
    with django_capture_on_commit_callbacks(execute=True):
        assert browser(stage.rina).post(reverse("mfa_generate_recovery_codes")).status_code == 302
    assert "recovery_codes_made" in events(stage.rina)


# --- passkeys ----------------------------------------------------------------------------------------------------


def _challenge(page) -> str:
    data = json.loads(re.search(r'id="passkey-data" type="application/json">(.*?)</script>', page.content.decode())[1])
    options = next(iter(data.values()))
    return options["publicKey"]["challenge"], options["publicKey"]


def _add_passkey(client: Client, callbacks) -> tuple[Passkey, dict]:
    passkey, page = Passkey(), client.get(reverse("mfa_add_webauthn"))
    assert page.status_code == 200, page.get("Location")
    challenge, options = _challenge(page)
    with callbacks(execute=True):
        response = client.post(
            reverse("mfa_add_webauthn"),
            {
                "name": "Ponsel Sari", "passwordless": "on",
                "credential": json.dumps(passkey.registered(challenge=challenge)),
            },
        )  # fmt: skip
    assert response.status_code == 302, response.content.decode()
    return passkey, options


def _enter_by_passkey(client: Client, passkey: Passkey, handle: str):
    asked = client.get(reverse("mfa_login_webauthn"), headers={"x-requested-with": "XMLHttpRequest"}).json()
    challenge = asked["request_options"]["publicKey"]["challenge"]
    credential = json.dumps(passkey.answered(handle, challenge=challenge))
    return client.post(reverse("mfa_login_webauthn"), {"credential": credential})


def test_a_passkey_is_added_listed_used_and_gives_the_strongest_grade(stage, django_capture_on_commit_callbacks):
    set_password(stage.sari)
    owner = browser(stage.sari, strong=False)
    passkey, options = _add_passkey(owner, django_capture_on_commit_callbacks)
    assert "Ponsel Sari" in owner.get(reverse("mfa_list_webauthn")).content.decode()
    assert "passkey_added" in events(stage.sari)
    client = Client()
    response = _enter_by_passkey(client, passkey, options["user"]["id"])
    assert response.status_code == 302 and signed_in(client) == stage.sari.pk
    _sign(client, stage)
    assert Signature.objects.get(obligation=stage.home.duty).grade == "passkey"


def test_a_passkey_is_the_second_factor_of_an_officer(stage, django_capture_on_commit_callbacks):
    passkey, options = _add_passkey(browser(stage.rina), django_capture_on_commit_callbacks)
    client = Client()
    _enter_by_passkey(client, passkey, options["user"]["id"])
    assert signed_in(client) == stage.rina.pk
    assert client.get(reverse("rounds")).status_code == 200


def test_a_passkey_of_somebody_else_opens_nothing(stage, django_capture_on_commit_callbacks):
    _, options = _add_passkey(browser(stage.sari), django_capture_on_commit_callbacks)
    other, _ = _add_passkey(browser(stage.tono), django_capture_on_commit_callbacks)
    client = Client()
    _enter_by_passkey(client, other, options["user"]["id"])
    assert signed_in(client) is None


def test_an_answer_to_an_old_challenge_opens_nothing(stage, django_capture_on_commit_callbacks):
    passkey, options = _add_passkey(browser(stage.sari), django_capture_on_commit_callbacks)
    client = Client()
    asked = client.get(reverse("mfa_login_webauthn"), headers={"x-requested-with": "XMLHttpRequest"}).json()
    old = passkey.answered(options["user"]["id"], challenge=asked["request_options"]["publicKey"]["challenge"])
    client.get(reverse("mfa_login_webauthn"), headers={"x-requested-with": "XMLHttpRequest"})
    client.post(reverse("mfa_login_webauthn"), {"credential": json.dumps(old)})
    assert signed_in(client) is None


@pytest.mark.parametrize(
    "credential", ["", "x", "{}", "[]", "null", '{"response": {}}', '{"id": "x", "response": {"userHandle": "OTk5"}}']
)
def test_a_broken_answer_of_a_passkey_is_refused_without_an_error(stage, credential):
    client = Client()
    client.get(reverse("mfa_login_webauthn"), headers={"x-requested-with": "XMLHttpRequest"})
    client.raise_request_exception = False
    response = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert response.status_code == 302 and signed_in(client) is None


@pytest.mark.parametrize("then", ["", "/pakta/"])
def test_a_passkey_that_is_unknown_or_was_removed_is_told_of_at_the_door(
    stage, django_capture_on_commit_callbacks, then
):
    passkey, options = _add_passkey(browser(stage.sari), django_capture_on_commit_callbacks)
    Authenticator.objects.filter(user=stage.sari, type="webauthn").delete()
    client = Client()
    asked = client.get(reverse("mfa_login_webauthn"), headers={"x-requested-with": "XMLHttpRequest"}).json()
    challenge = asked["request_options"]["publicKey"]["challenge"]
    credential = json.dumps(passkey.answered(options["user"]["id"], challenge=challenge))
    response = client.post(reverse("mfa_login_webauthn"), {"credential": credential, "next": then}, follow=True)
    page = response.content.decode()
    assert "tidak dikenal di sini, atau sudah dihapus" in page and signed_in(client) is None
    assert ('name="next" value="/pakta/"' in page) == bool(then), "where sign-in was to lead is not lost"


def test_a_passkey_leads_on_to_where_sign_in_was_asked_for(stage, django_capture_on_commit_callbacks):
    passkey, options = _add_passkey(browser(stage.sari), django_capture_on_commit_callbacks)
    client = Client()
    page = client.get(reverse("account_login"), {"next": "/pakta/"}).content.decode()
    assert page.count('name="next" value="/pakta/"') == 2
    asked = client.get(reverse("mfa_login_webauthn"), headers={"x-requested-with": "XMLHttpRequest"}).json()
    challenge = asked["request_options"]["publicKey"]["challenge"]
    credential = json.dumps(passkey.answered(options["user"]["id"], challenge=challenge))
    assert (
        client.post(reverse("mfa_login_webauthn"), {"credential": credential, "next": "/pakta/"})["Location"]
        == "/pakta/"
    )


def test_somebody_elses_passkey_does_not_confirm_and_is_told_of(stage, django_capture_on_commit_callbacks):
    mine = browser(stage.sari)
    _add_passkey(mine, django_capture_on_commit_callbacks)
    other, options = _add_passkey(browser(stage.tono), django_capture_on_commit_callbacks)
    client = browser(stage.sari, at=time.time() - 1860)
    page = client.get(reverse("mfa_reauthenticate_webauthn"), {"next": reverse("account")})
    challenge, _options = _challenge(page)
    credential = json.dumps(other.answered(options["user"]["id"], challenge=challenge))
    response = client.post(
        reverse("mfa_reauthenticate_webauthn"), {"credential": credential, "next": reverse("account")}, follow=True
    )
    assert "bukan milik akun ini" in response.content.decode()
    assert response.redirect_chain[-1][0].startswith(reverse("mfa_reauthenticate_webauthn"))


def test_the_only_way_in_is_not_removed_before_there_is_another(stage, django_capture_on_commit_callbacks):
    client = browser(stage.sari)
    assert not stage.sari.has_usable_password()
    _add_passkey(client, django_capture_on_commit_callbacks)
    made = Authenticator.objects.get(user=stage.sari, type="webauthn")
    path = reverse("mfa_remove_webauthn", args=[made.pk])
    asked = client.get(path).content.decode()
    assert "satu-satunya cara masuk" in asked and f'href="{reverse("change-password")}"' in asked
    assert client.post(path).status_code == 422 and Authenticator.objects.filter(pk=made.pk).exists()
    page = re.sub(r"\s+", " ", client.get(reverse("account")).content.decode())
    assert "Kata sandi: belum ada" in page
    assert "Buat kata sandi" in client.get(reverse("change-password")).content.decode()
    _add_passkey(client, django_capture_on_commit_callbacks)
    assert client.post(path).status_code == 302 and not Authenticator.objects.filter(pk=made.pk).exists()
    last = Authenticator.objects.get(user=stage.sari, type="webauthn")
    client.post(reverse("change-password"), {"password": PASSWORD, "again": PASSWORD})
    assert "satu-satunya" not in client.get(reverse("mfa_remove_webauthn", args=[last.pk])).content.decode()
    assert client.post(reverse("mfa_remove_webauthn", args=[last.pk])).status_code == 302


def _with_code(stage) -> Client:
    """Return a client that typed the right code of Sari's slip."""
    slip = accounts.one_code(stage.sari, by=None, now=timezone.now())
    client = Client()
    answer = client.post(reverse("sign-in-code"), {"name": stage.sari.username, "code": slip})
    assert answer["Location"] == reverse("set-first-password")
    return client


def test_a_passkey_can_take_the_place_of_the_first_password(stage, django_capture_on_commit_callbacks):
    client, passkey = _with_code(stage), Passkey()
    challenge, options = _challenge(client.get(reverse("set-first-password")))
    posted = {"name": "", "passwordless": "on", "credential": json.dumps(passkey.registered(challenge=challenge))}
    assert client.post(reverse("set-first-passkey"), posted)["Location"] == "/beranda/"
    assert signed_in(client) == stage.sari.pk
    assert {"code_used", "passkey_added"} <= set(events(stage.sari))
    stage.sari.refresh_from_db()
    assert not stage.sari.has_usable_password()
    other = Client()
    _enter_by_passkey(other, passkey, options["user"]["id"])
    assert signed_in(other) == stage.sari.pk


def test_a_code_opens_one_credential_and_a_broken_passkey_uses_nothing_up(stage):
    client, passkey = _with_code(stage), Passkey()
    challenge, _options = _challenge(client.get(reverse("set-first-password")))
    broken = {"name": "", "passwordless": "on", "credential": "{}"}
    assert client.post(reverse("set-first-passkey"), broken).status_code == 422
    challenge, _options = _challenge(client.get(reverse("set-first-password")))
    good = broken | {"credential": json.dumps(passkey.registered(challenge=challenge))}
    assert client.post(reverse("set-first-passkey"), good).status_code == 302
    stranger = Client()
    assert stranger.post(reverse("set-first-passkey"), good)["Location"] == reverse("sign-in-code")
    assert signed_in(stranger) is None


def test_a_passkey_is_taken_off_by_its_owner(stage, django_capture_on_commit_callbacks):
    set_password(stage.sari)
    client = browser(stage.sari)
    _add_passkey(client, django_capture_on_commit_callbacks)
    made = Authenticator.objects.filter(user=stage.sari, type="webauthn").latest("pk")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_remove_webauthn", args=[made.pk]))
    assert not Authenticator.objects.filter(pk=made.pk).exists()
    assert "passkey_removed" in events(stage.sari)


def test_a_passkey_can_be_given_another_name(stage, django_capture_on_commit_callbacks):
    client = browser(stage.sari)
    _add_passkey(client, django_capture_on_commit_callbacks)
    made = Authenticator.objects.filter(user=stage.sari, type="webauthn").latest("pk")
    assert client.post(reverse("mfa_edit_webauthn", args=[made.pk]), {"name": "Laptop"}).status_code == 302
    assert "Laptop" in client.get(reverse("mfa_list_webauthn")).content.decode()


# --- changes of credentials are asked for again --------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["change-password", "mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"]
)
def test_after_half_an_hour_a_change_of_credentials_asks_again(stage, name):
    set_password(stage.sari)
    client = browser(stage.sari, at=time.time() - 1860)
    assert client.get(reverse(name))["Location"].startswith("/akun/konfirmasi/")
    assert client.post(reverse(name), {"password": "x" * 12, "again": "x" * 12})["Location"].startswith(
        "/akun/konfirmasi/"
    )


@pytest.mark.parametrize("name", ["change-password", "mfa_activate_totp", "mfa_add_webauthn"])
def test_after_half_an_hour_who_has_only_single_sign_on_signs_in_anew(stage, name):
    SocialAccount.objects.create(user=stage.sari, provider="sso", uid="1")
    client = browser(stage.sari, at=time.time() - 1860, strong=False)
    assert not stage.sari.has_usable_password()
    response = client.get(reverse(name), follow=True)
    assert response.redirect_chain[0][0] == f"{reverse('account_login')}?next={reverse(name)}"
    assert "Masuk sekali lagi, lalu lanjutkan" in response.content.decode() and signed_in(client) is None


def test_the_account_page_lists_what_happened_and_by_whom(stage):
    set_password(stage.sari)
    placement = stage.sari.person.placements.select_related("person", "unit").get(until_on=None)
    accounts.issue_codes([placement], by=stage.rina, now=MORNING)
    page = browser(stage.sari).get(reverse("account")).content.decode()
    for said in ("Kata sandi dibuat atau diganti", "Kode sekali pakai diterbitkan", "Rina Marlina", "Ikrar Bersama"):
        assert said in page
    assert CredentialEvent.objects.filter(user=stage.sari, kind="code_issued", by=stage.rina).exists()


def test_quick_browsers_share_nothing_but_their_machinery(stage):
    first, second = quick_client(), quick_client()
    first.force_login(stage.sari, backend="ikrar.web.sign_in.AccountBackend")
    assert second.get(reverse("home")).status_code == 302
