"""How allauth meets our accounts: sign-in by number, second factor, passkeys, single sign-on."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from requests import RequestException

from ikrar.domain.errors import SignInRefused
from ikrar.records.models import CredentialEvent, User
from ikrar.services import accounts
from ikrar.web.access import DEMO_SESSION, is_fresh

Kind = CredentialEvent.Kind
logger = logging.getLogger(__name__)


class AccountBackend:
    """Password sign-in by our own rules (services.accounts): one answer and one cost for known and unknown names."""

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **_other: Any
    ) -> User | None:
        try:
            return accounts.by_password(username or "", password or "", now=timezone.now())
        except SignInRefused:
            return None

    def get_user(self, user_id: int) -> User | None:
        return accounts.account(user_id)


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by himself; accounts come from the roster or from an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Say whether a credential must be proved again; who has none here to prove must sign in again."""
        if is_fresh(self.request):
            return False
        if not get_reauthentication_flows(self.request.user) and DEMO_SESSION not in self.request.session:
            back = self.request.get_full_path()
            logout(self.request)
            messages.warning(
                self.request, _("Sudah lebih dari setengah jam sejak Anda masuk. Masuk sekali lagi, lalu lanjutkan.")
            )
            raise ImmediateHttpResponse(redirect_to_login(back))
        return True

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/beranda/"

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say themselves what happened."""


class MFAAdapter(DefaultMFAAdapter):
    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Most have no mailbox: what happened to credentials is listed on the account's page."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": settings.BASE_URL.split("://")[1].split(":")[0], "name": "Ikrar"}


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Single sign-on opens an account that exists; it makes none. The provider says the number, in one claim."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                messages.error(request, _("Akun ini sudah ditutup. Tanyakan kepada petugas program."))
                raise ImmediateHttpResponse(redirect("account_login"))
            return
        claims = sociallogin.account.extra_data
        claims = claims.get("userinfo") or claims.get("id_token") or claims
        name = str(claims.get(settings.OIDC_CLAIM, ""))
        user = User.objects.filter(username=accounts.tidy_name(name), is_active=True).first() if name else None
        if user is None:
            messages.error(request, _("Akun SSO itu tidak cocok dengan pegawai mana pun di sini."))
            raise ImmediateHttpResponse(redirect("account_login"))
        sociallogin.connect(request, user)
        accounts.note_credential(user, Kind.SSO_LINKED, added=True, now=timezone.now())


def told_if_away(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wrap a step of single sign-on: a provider that does not answer, or not as OIDC says, is told in words."""

    @wraps(view)
    def step(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (RequestException, OAuth2Error, KeyError, ValueError):
            logger.warning("single sign-on failed", exc_info=True)
            messages.error(request, _("Masuk lewat SSO sedang tidak bisa. Coba lagi nanti, atau masuk dengan nomor."))
            return redirect("account_login")

    return step


def display(user: User) -> str:
    """Return how an account is called on pages of allauth."""
    return user.display_name


_ADDED = {
    Authenticator.Type.TOTP: Kind.TOTP_ADDED,
    Authenticator.Type.WEBAUTHN: Kind.PASSKEY_ADDED,
    Authenticator.Type.RECOVERY_CODES: Kind.RECOVERY_CODES_MADE,
}
_REMOVED = {Authenticator.Type.TOTP: Kind.TOTP_REMOVED, Authenticator.Type.WEBAUTHN: Kind.PASSKEY_REMOVED}


# allauth tells of a new or removed authenticator by signal only; these carry it to the owner's list and the log.
@receiver(authenticator_added)
def _note_added(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    accounts.note_credential(user, _ADDED[authenticator.type], added=True, now=timezone.now())


@receiver(authenticator_reset)
def _note_reset(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    accounts.note_credential(user, _ADDED[authenticator.type], added=True, now=timezone.now())


@receiver(authenticator_removed)
def _note_removed(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    if kind := _REMOVED.get(authenticator.type):
        accounts.note_credential(user, kind, added=False, now=timezone.now())
