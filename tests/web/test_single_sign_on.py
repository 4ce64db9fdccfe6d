"""Single sign-on against a provider that this test starts: it opens an account that exists, and never makes one."""

import json
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings as live_settings
from django.test import Client, override_settings
from django.urls import reverse

from ikrar.records.models import Signature, User
from tests.web import stage as stages
from tests.web.stage import MORNING, SARI

pytestmark = pytest.mark.django_db

NOBODY = "198001012005011999"
START, BACK = "/masuk/sso/sso/", "/masuk/sso/sso/kembali/"


class Provider:
    """An OpenID provider on loopback: discovery, keys, token and user info. What it says of a person is `claims`."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims: dict[str, object] = {"sub": "abc-1", "name": "Sari Dewi", "nip": SARI}
        self.asked: list[str] = []
        self.token_status = 200
        self.challenge = ""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _handler(self):
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_args):
                pass

            def _say(self, said: dict[str, object], status: int = 200) -> None:
                content = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def do_GET(self):
                provider.asked.append(self.path)
                if self.path.endswith("/openid-configuration"):
                    self._say(provider.configuration())
                elif self.path == "/keys":
                    self._say({"keys": [provider.public_key()]})
                elif self.path == "/userinfo" and self.headers.get("Authorization") == "Bearer token-1":
                    self._say(provider.claims)
                else:
                    self._say({"error": "not_found"}, 404)

            def do_POST(self):
                length = int(self.headers.get("Content-Length") or 0)
                form = parse_qs(self.rfile.read(length).decode())
                provider.asked.append(self.path)
                provider.token_form = form
                if provider.token_status != 200:
                    self._say({"error": "invalid_grant"}, provider.token_status)
                else:
                    self._say(
                        {
                            "access_token": "token-1",
                            "token_type": "Bearer",
                            "expires_in": 60,
                            "id_token": provider.id_token(),
                        }
                    )

        return Handler

    def configuration(self) -> dict[str, object]:
        return {
            "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize", "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo", "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }  # fmt: skip

    def public_key(self) -> dict[str, object]:
        said = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return said | {"kid": "1", "use": "sig", "alg": "RS256"}

    def id_token(self) -> str:
        now = int(time.time())
        said = {"iss": self.url, "aud": "ikrar", "iat": now, "exp": now + 300, **self.claims}
        return jwt.encode(said, self.key, algorithm="RS256", headers={"kid": "1"})

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def configured(url: str) -> override_settings:
    app = {
        "provider_id": "sso", "name": "SSO ASN", "client_id": "ikrar", "secret": "rahasia",
        "settings": {"server_url": url, "scope": ["openid", "profile"]},
    }  # fmt: skip
    return override_settings(
        SOCIALACCOUNT_PROVIDERS={"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}, OIDC_CLAIM="nip"
    )


@pytest.fixture(scope="module")
def running():
    made = Provider()
    yield made
    made.close()


@pytest.fixture
def provider(running):
    running.claims = {"sub": "abc-1", "name": "Sari Dewi", "nip": SARI}
    running.token_status, running.asked = 200, []
    with configured(running.url):
        yield running


def go(client: Client, **form) -> dict[str, list[str]]:
    """Press the button; return what the provider is asked for."""
    response = client.post(START, form)
    assert response.status_code == 302, response.content.decode()[:300]
    return parse_qs(urlsplit(response["Location"]).query)


def come_back(client: Client, asked: dict[str, list[str]], **more):
    return client.get(BACK, {"code": "code-1", "state": asked["state"][0], **more})


def enter(client: Client | None = None, **form) -> Client:
    client = client or Client()
    client.last = come_back(client, go(client, **form))
    return client


def signed_in(client: Client) -> int | None:
    key = client.session.get("_auth_user_id")
    return int(key) if key else None


# --- the way through ---------------------------------------------------------------------------------------------


def test_the_page_for_signing_in_offers_the_provider_and_its_policy_allows_the_way_there(stage, provider):
    response = Client().get(reverse("account_login"))
    page = response.content.decode()
    assert "Masuk lewat SSO ASN" in page and f'action="{START}"' in page
    action = response["Content-Security-Policy"].split("form-action ")[1].split(";")[0]
    assert action == f"'self' {provider.url}"


def test_without_a_provider_there_is_no_button_and_no_address(stage):
    assert "sso" not in Client().get(reverse("account_login")).content.decode()
    for path in (START, BACK):
        assert Client().get(path).status_code == 404
        assert Client().post(path).status_code == 404


def test_the_right_number_opens_the_account(stage, provider):
    asked = go(client := Client())
    assert asked["client_id"] == ["ikrar"] and asked["response_type"] == ["code"] and "openid" in asked["scope"][0]
    assert asked["redirect_uri"] == [f"http://testserver{BACK}"]
    assert asked["code_challenge_method"] == ["S256"], "the code on its way back could be used by others"
    response = come_back(client, asked)
    assert (response.status_code, response["Location"]) == (302, reverse("home"))
    assert signed_in(client) == stage.sari.pk
    assert provider.token_form["code_verifier"] and provider.token_form["client_secret"] == ["rahasia"]
    assert client.get(reverse("home")).status_code == 200


@pytest.mark.parametrize("number", ["19850315 201001 2 001", " 198503152010012001 ", 198503152010012001])
def test_the_number_is_read_as_people_write_it(stage, provider, number):
    provider.claims["nip"] = number
    assert signed_in(enter()) == stage.sari.pk


def test_a_signature_over_single_sign_on_carries_that_grade(stage, provider):
    client = enter()
    form = {"shown_digest": stages.TEXT.digest(), "agree": "on"}
    assert client.post(reverse("pact-sign", args=[stage.home.duty.pk]), form).status_code == 302
    assert Signature.objects.get(obligation=stage.home.duty).grade == "single_sign_on"


def test_who_has_no_password_here_can_still_sign_after_half_an_hour(stage, provider):
    """There is nothing to confirm with but the provider; the way must not end in a wall."""
    client = enter()
    form = {"shown_digest": stages.TEXT.digest(), "agree": "on"}
    with time_machine.travel(MORNING + timedelta(minutes=45)):
        response = client.post(reverse("pact-sign", args=[stage.home.duty.pk]), form, follow=True)
        assert response.status_code == 200, response.redirect_chain
    leads_back = any(START in step or reverse("account_login") in step for step, _ in response.redirect_chain)
    assert Signature.objects.filter(obligation=stage.home.duty).exists() or leads_back


def test_the_link_is_shown_to_the_owner_and_logged(stage, provider):
    client = enter()
    assert "sso_linked" in stage.sari.credential_events.values_list("kind", flat=True)
    assert "Akun SSO ditautkan" in client.get(reverse("account")).content.decode()


def test_the_second_time_the_link_is_enough(stage, provider):
    enter()
    assert signed_in(enter()) == stage.sari.pk
    assert SocialAccount.objects.count() == 1
    assert stage.sari.credential_events.filter(kind="sso_linked").count() == 1


def test_sign_in_goes_on_to_the_page_that_was_asked_for(stage, provider):
    wanted = reverse("pact", args=[stage.home.duty.pk])
    assert enter(next=wanted).last["Location"] == wanted


@pytest.mark.parametrize("target", ["https://jahat.example/", "//jahat.example", "/\\jahat.example"])
def test_single_sign_on_leads_to_no_other_host(stage, provider, target):
    assert enter(next=target).last["Location"] == reverse("home")


# --- who is not let in -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number", [NOBODY, "", None, "0", "' OR 1=1", "x" * 500, ["198503152010012001"], {"a": 1}, True]
)
def test_an_unknown_number_is_refused_and_no_account_is_made(stage, provider, number):
    provider.claims |= {"sub": "fremd", "nip": number}
    before = User.objects.count()
    client = Client()
    client.raise_request_exception = False
    response = come_back(client, go(client))
    assert response.status_code in (302, 401) and signed_in(client) is None
    assert User.objects.count() == before and not SocialAccount.objects.exists()
    page = client.get(response["Location"]).content.decode() if response.status_code == 302 else ""
    assert "tidak cocok dengan pegawai mana pun" in page
    assert NOBODY not in page


def test_without_the_claim_nobody_is_let_in(stage, provider):
    del provider.claims["nip"]
    assert signed_in(enter()) is None


@pytest.mark.parametrize("claims", [{"preferred_username": SARI}, {"email": SARI}, {"sub": SARI}, {"name": SARI}])
def test_a_number_in_another_claim_opens_nothing(stage, provider, claims):
    """A person may often choose his user name or mail address himself."""
    provider.claims = {"sub": "fremd"} | claims
    assert signed_in(enter()) is None


def test_somebody_on_the_roster_without_an_account_gets_none_by_signing_on(stage, provider):
    provider.claims["nip"] = stages.UJANG
    assert signed_in(enter()) is None
    assert not User.objects.filter(username=stages.UJANG).exists()


def test_a_closed_account_stays_closed(stage, provider):
    User.objects.filter(pk=stage.sari.pk).update(is_active=False)
    assert signed_in(enter()) is None


def test_an_account_that_was_closed_after_it_was_linked_stays_closed_and_is_told_so(stage, provider):
    enter()
    User.objects.filter(pk=stage.sari.pk).update(is_active=False)
    client = Client()
    client.raise_request_exception = False
    response = come_back(client, go(client))
    assert signed_in(client) is None
    assert response.status_code < 500


def test_a_second_identity_of_the_provider_does_not_take_over_an_account_in_silence(stage, provider):
    """Another `sub` with the same number: if it is let in, its owner sees a second link."""
    enter()
    provider.claims["sub"] = "abc-2"
    if signed_in(enter()) is not None:
        assert stage.sari.credential_events.filter(kind="sso_linked").count() == 2


def test_an_officer_needs_the_second_factor_after_single_sign_on_too(stage, provider):
    provider.claims = {"sub": "rina", "nip": stages.RINA}
    client = enter()
    assert signed_in(client) == stage.rina.pk
    assert client.get(reverse("rounds"))["Location"] == reverse("mfa_index")


# --- what goes wrong ---------------------------------------------------------------------------------------------


def answer(client: Client, **query):
    client.raise_request_exception = False
    return client.get(BACK, query, follow=True)


def test_an_answer_without_our_state_opens_nothing(stage, provider):
    for query in ({"code": "code-1"}, {"code": "code-1", "state": "x"}, {}):
        client = Client()
        response = answer(client, **query)
        assert response.status_code in (200, 401) and signed_in(client) is None
        assert "SSO" in response.content.decode()


def test_the_answer_for_one_browser_opens_nothing_in_another(stage, provider):
    asked = go(Client())
    thief = Client()
    answer(thief, code="code-1", state=asked["state"][0])
    assert signed_in(thief) is None


def test_an_answer_is_taken_once(stage, provider):
    client = Client()
    asked = go(client)
    come_back(client, asked)
    client.post(reverse("account_logout"))
    answer(client, code="code-1", state=asked["state"][0])
    assert signed_in(client) is None


def test_who_gives_up_at_the_provider_comes_back_to_a_page(stage, provider):
    client = Client()
    asked = go(client)
    response = answer(client, error="access_denied", state=asked["state"][0])
    assert response.status_code < 500 and "SSO" in response.content.decode()


def test_a_refusal_of_the_provider_is_told_in_words(stage, provider):
    client = Client()
    asked = go(client)
    response = answer(client, error="server_error", state=asked["state"][0])
    assert response.status_code == 401 and "tidak berhasil" in response.content.decode()


def test_a_token_that_is_refused_is_told_in_words(stage, provider):
    provider.token_status = 400
    client = Client()
    response = answer(client, code="code-1", state=go(client)["state"][0])
    assert response.status_code == 401 and "tidak berhasil" in response.content.decode()
    assert signed_in(client) is None


def test_a_provider_that_is_away_is_told_in_words(stage):
    with configured("http://127.0.0.1:9"):
        client = Client()
        client.raise_request_exception = False
        response = client.post(START, follow=True)
    assert response.status_code < 500, "a page of error 500"
    assert "SSO" in response.content.decode()


def test_a_provider_that_goes_away_in_between_is_told_in_words(stage, provider):
    client = Client()
    asked = go(client)
    with configured("http://127.0.0.1:9"):
        response = answer(client, code="code-1", state=asked["state"][0])
    assert response.status_code < 500 and signed_in(client) is None


def test_signing_on_begins_with_a_button_and_not_with_a_link(stage, provider):
    """A link on another site must not start it."""
    client = Client()
    client.raise_request_exception = False
    response = client.get(START)
    assert response.status_code in (200, 405)
    assert not [path for path in provider.asked if path.startswith("/authorize")]
    if response.status_code == 200:
        page = response.content.decode()
        assert 'method="post"' in page and "<main" in page, "a page without our frame"


def test_no_token_of_the_provider_is_kept(stage, provider):
    enter()
    kept = json.dumps([each.extra_data for each in SocialAccount.objects.all()])
    assert "token-1" not in kept and "eyJ" not in kept
    assert live_settings.SOCIALACCOUNT_STORE_TOKENS is False
