"""Forms of the administrator."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.domain.access import GIVEN_OVER, NEVER_GIVEN, Over, Role
from ikrar.records.models import Agency, Body, User
from ikrar.services import accounts, clock
from ikrar.web import messages
from ikrar.web.forms.days import DayField


def _roles():
    return [(role.value, messages.word("role", role.value)) for role in Role if role not in NEVER_GIVEN]


class GrantForm(forms.Form):
    name = forms.CharField(label=_("NIP atau nama masuk"), max_length=60)
    role = forms.ChoiceField(label=_("Peran"), choices=_roles)
    agency = forms.ModelChoiceField(
        label=_("Untuk instansi"), queryset=Agency.objects.all(), required=False,
        help_text=_("Untuk petugas program, pejabat pembina, pemeriksa, perancang."),
    )  # fmt: skip
    body = forms.ModelChoiceField(
        label=_("Untuk badan"), queryset=Body.objects.all(), required=False,
        help_text=_("Untuk petugas penerima laporan, badan pengawas, badan nasional."),
    )  # fmt: skip
    until_on = DayField(
        label=_("Sampai"), required=False, help_text=_("Hari terakhir; kosongkan bila tanpa batas."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Dasar penugasan"), max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.at_work(clock.today())

    def clean(self):
        cleaned = super().clean()
        role = Role(cleaned["role"]) if cleaned.get("role") else None
        if role:
            over = GIVEN_OVER[role]
            for scope, field in ((Over.AGENCY, "agency"), (Over.BODY, "body")):
                if over is scope and not cleaned.get(field):
                    self.add_error(field, _("Peran ini perlu cakupan ini."))
                if over is not scope and cleaned.get(field):
                    self.add_error(field, _("Peran ini tidak memakai cakupan ini; kosongkan."))
        return cleaned


class OutsideAccountForm(forms.Form):
    username = forms.RegexField(
        label=_("Nama masuk"), regex=r"^[A-Za-z][A-Za-z0-9._-]{2,29}$",
        help_text=_("Tiga sampai tiga puluh huruf dan angka, mulai dengan huruf."),
    )  # fmt: skip
    full_name = forms.CharField(label=_("Nama lengkap"), max_length=150)

    def clean_username(self):
        name = accounts.tidy_name(self.cleaned_data["username"])
        if re.fullmatch(r"IK\d+", name):
            raise forms.ValidationError(_("Nama seperti ini disimpan bagi pegawai tanpa nomor."))
        if User.objects.filter(username=name).exists():
            raise forms.ValidationError(_("Nama masuk ini sudah dipakai."))
        return name


class LogSearchForm(forms.Form):
    """The names of the fields stand in the address of the page."""

    peristiwa = forms.ChoiceField(
        label=_("Peristiwa"), required=False,
        choices=lambda: [("", _("– semua –")), *sorted(messages.choices("event"), key=lambda each: str(each[1]).lower())],
    )  # fmt: skip
    hari = DayField(label=_("Hari"), required=False)


class DemoDayForm(forms.Form):
    day = DayField(label=_("Hari program"))
