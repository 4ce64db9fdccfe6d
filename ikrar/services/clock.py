"""The programme's day. In a demo it can stand still; the clock of log, sessions and one-time codes never does."""

from datetime import date, datetime, timezone

from django.utils import timezone as django_timezone

from ikrar.domain.days import WIB, local_day
from ikrar.records.kept import KeptQuery
from ikrar.records.models import Installation

_INSTALLATION = KeptQuery(lambda: Installation.objects.values_list("is_demo", "demo_today")[:1])


def today(zone: timezone = WIB) -> date:
    """Return the programme's local day: in a demo the one it was set to, else that of the clock."""
    installation = _INSTALLATION.first()
    if installation and installation.is_demo and installation.demo_today:
        return installation.demo_today
    return local_day(now(), zone)


def now() -> datetime:
    """Return the real instant."""
    return django_timezone.now()


def instant(zone: timezone = WIB, *, at: datetime | None = None) -> datetime:
    """Return the programme's instant: that of the clock (or `at`), in a demo its day with the hour of the clock there.

    Who holds an office, who stands in for whom and what is due now are asked at this instant.
    """
    real = at or now()
    installation = _INSTALLATION.first()
    if installation and installation.is_demo and installation.demo_today:
        return datetime.combine(installation.demo_today, real.astimezone(zone).timetz())
    return real
