"""Forms of the programme officer's desk."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReturnedForm(forms.Form):
    address = forms.EmailField(
        label=_("Alamat surel yang suratnya kembali"), max_length=254,
        help_text=_("Bila surat ke alamat ini kembali ke kotak surat pengirim, catat di sini."),
    )  # fmt: skip
