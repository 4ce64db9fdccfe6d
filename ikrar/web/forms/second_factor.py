"""Forms of allauth that take a typed second factor: tries and used codes are counted for all processes together.

allauth counts in a cache, and ours is that of one process: a guess in each process would be one guess more.
"""

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from ikrar.domain.errors import SignInRefused, TooManyGuesses
from ikrar.services import accounts


class _Counted(base.BaseAuthenticateForm):
    """One answer for a wrong code and a used one; one too many is told, and when the next one is heard."""

    def clean_code(self) -> Any:
        try:
            accounts.try_second_factor(self.user, now=timezone.now())
            code = super().clean_code()
            accounts.use_second_factor(self.user, code, now=timezone.now())
        except TooManyGuesses as error:
            raise ValidationError(
                _(
                    "Terlalu banyak kode yang salah; sekarang tidak ada yang diperiksa. Coba lagi %(minutes)s menit lagi."
                )
                % {"minutes": error.minutes},
                code="too_many",
            ) from error
        except SignInRefused as error:
            raise get_adapter().validation_error("incorrect_code") from error
        return code


class SecondFactor(_Counted, base.AuthenticateForm):
    """At sign-in."""


class ConfirmBySecondFactor(_Counted, base.ReauthenticateForm):
    """Before an act that asks again."""


class ConfirmByPassword(ReauthenticateForm):
    """At the confirmation in the middle of an act: the field is called as at the door."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Kata sandi")
