"""Fields of days and moments, within the years in which programmes can be."""

from datetime import date, datetime

from django import forms
from django.utils.translation import gettext_lazy as _

FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)
_TOO_FAR = _("Periksa tahunnya: tulis hari antara tahun %(first)s dan %(last)s.")


def _refuse_far(day: date) -> None:
    if not FIRST <= day <= LAST:
        ends = {"first": FIRST.year, "last": LAST.year}
        raise forms.ValidationError(_TOO_FAR, code="too_far", params=ends)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


class DayField(forms.DateField):
    """A day of this programme. Years that no calendar of ours reaches are a slip of the finger, and asked for again."""

    widget = DayInput

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | {"min": FIRST.isoformat(), "max": LAST.isoformat()}

    def validate(self, value):
        super().validate(value)
        if value is not None:
            _refuse_far(value)


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


class MomentField(forms.DateTimeField):
    """A minute as a clock on the wall shows it, of a year within the same ends as a day. Its value knows no zone: the
    view gives it that of the place, and fills in a minute in that zone.
    """

    widget = MomentInput
    input_formats = ["%Y-%m-%dT%H:%M"]

    def prepare_value(self, value):
        # Django would write a moment that knows its zone by the clock of UTC.
        return value.replace(tzinfo=None) if isinstance(value, datetime) else super().prepare_value(value)

    def validate(self, value):
        super().validate(value)
        if value is not None:
            _refuse_far(value.date())
