"""Forms about who and what is meant in a report. Nothing of what is typed here is kept."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikrar.web.forms.days import DayField

_MOST_TEXT = 5_000


class PersonForm(forms.Form):
    """A name as it is written, with where and when: as an officer's browser sends it."""

    q = forms.CharField(
        label=_("Nama, dengan jabatan atau unit bila ada"),
        help_text=_("Seperti tertulis di laporan: “Pak Camat Dr. H. Moh. Ridwan, S.Sos”, “Bu Sri guru SMP 3”."),
        error_messages={"required": _("Tulis namanya, atau jabatan dan unitnya.")},
        strip=False,
    )
    region = forms.CharField(label=_("Tempat"), max_length=13, required=False)
    on = DayField(
        label=_("Hari kejadian"),
        required=False,
        help_text=_("Jabatan dan unit ditunjukkan menurut hari itu. Kosong: hari ini."),
    )


class FindForm(PersonForm):
    """The same on a page of its own: its place is chosen from those in which there is anybody to be found."""

    region = forms.ChoiceField(label=_("Tempat"), required=False)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"}
        self.fields["region"].choices = [("", _("di mana pun")), *places]
        if len(places) < 2:
            del self.fields["region"]


class ActsForm(forms.Form):
    """What was done, in an officer's words or those that he marked in an opened report."""

    text = forms.CharField(
        max_length=_MOST_TEXT,
        error_messages={
            "required": _("Tulis apa yang dilakukan."),
            "max_length": _("Uraian ini terlalu panjang. Tandai bagian yang bercerita tentang perbuatannya saja."),
        },
    )
    on = DayField(required=False)
    region = forms.CharField(max_length=13, required=False)
    employment = forms.CharField(max_length=60, required=False)
    post = forms.CharField(max_length=200, required=False)
