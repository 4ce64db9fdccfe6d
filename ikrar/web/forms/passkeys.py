"""Forms of allauth that take a passkey's answer: one that is not even of its form is refused like a wrong one."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from fido2.webauthn import AuthenticationResponse, RegistrationResponse


class PasskeyAnswer(forms.JSONField):
    """What a browser sends of a passkey; `form` is the class of WebAuthn messages that it must be."""

    def __init__(self, form: type, **options: Any) -> None:
        super().__init__(widget=forms.HiddenInput, **options)
        self.form = form

    def clean(self, value: Any) -> Any:
        answer = super().clean(value)
        try:
            self.form.from_dict(answer)
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            raise get_adapter().validation_error("incorrect_code") from error
        return answer


class AddPasskey(webauthn.AddWebAuthnForm):
    credential = PasskeyAnswer(RegistrationResponse)


class SignInWithPasskey(webauthn.LoginWebAuthnForm):
    credential = PasskeyAnswer(AuthenticationResponse)


class SecondFactorByPasskey(webauthn.AuthenticateWebAuthnForm):
    credential = PasskeyAnswer(AuthenticationResponse)


class ConfirmWithPasskey(webauthn.ReauthenticateWebAuthnForm):
    credential = PasskeyAnswer(AuthenticationResponse)
