"""Forms of sign-in and of one's own credentials."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _


class PasswordSignInForm(forms.Form):
    name = forms.CharField(
        label=_("NIP atau nama masuk"), max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "characters"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Kata sandi"), max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip


class CodeSignInForm(forms.Form):
    name = forms.CharField(
        label=_("NIP atau nama masuk"), max_length=60, help_text=_("Tertulis pada slip Anda."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "characters"}),
    )  # fmt: skip
    code = forms.CharField(
        label=_("Kode dari slip"), max_length=60,
        help_text=_("Dua belas huruf dan angka. Garis dan spasi boleh ditulis, boleh tidak."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Kata sandi baru"), max_length=200, strip=False,
        help_text=_("Sekurangnya sepuluh huruf, bukan angka saja. Kalimat pendek mudah diingat dan sukar ditebak."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=_("Tulis sekali lagi"), max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", _("Tidak sama dengan yang pertama."))
        if password:
            try:
                validate_password(password)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class FirstPasswordForm(NewPasswordForm):
    """After the code of a slip: where a second step will be asked for, its device must be at hand before the code goes."""

    has_device = forms.BooleanField(
        label=_("Perangkat atau autentikator untuk langkah kedua masih ada pada saya"),
        error_messages={
            "required": _(
                "Kode ini belum terpakai. Bila perangkatnya tidak ada lagi, jangan lanjutkan: minta petugas mengatur ulang cara"
                " masuk Anda."
            )
        },
    )

    def __init__(self, *args, second_step, **kwargs):
        super().__init__(*args, **kwargs)
        if not second_step:
            del self.fields["has_device"]


class ResetForm(forms.Form):
    reason = forms.CharField(
        label=_("Alasan"), max_length=200,
        help_text=_("Misalnya ponselnya hilang. Pemilik akun membacanya, dan ia tercatat di log."),
    )  # fmt: skip
