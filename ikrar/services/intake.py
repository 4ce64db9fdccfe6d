"""Filing without scripts: which bodies a reporter may choose, what his answers amount to, and sealing them at the end."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from math import inf
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from ikrar.domain import keysets, return_codes
from ikrar.domain import reports as domain
from ikrar.domain.errors import ReportRefused
from ikrar.domain.reports import Given
from ikrar.domain.return_codes import ReturnCode
from ikrar.domain.terms import Computation
from ikrar.records.models import Body, OfficerKey, Region
from ikrar.services import clock, reports, rules
from ikrar.services.keysets import Reader
from ikrar.services.reports import Addressees, Completeness, Filed, Sealing


@dataclass(frozen=True)
class Offer:
    """A body that a reporter may choose: who would open his report, and whether this channel takes any today."""

    body: Body
    key_set: keysets.KeySet
    readers: tuple[Reader, ...]
    open: bool
    others: tuple[str, ...] = ()  # where this channel is full: those that are open

    @property
    def receiving(self) -> list[Reader]:
        """Who would receive a report today."""
        return [reader for reader in self.readers if reader.receives]

    @property
    def resting(self) -> list[Reader]:
        """Whom the set names although nothing is sealed to him: his right ended, or he has another key since."""
        return [reader for reader in self.readers if not reader.receives]


_with_keys: tuple[float, list[tuple[str, str, int]]] = (-inf, [])


def _bodies() -> list[tuple[str, str, int]]:
    """Return the bodies that have keys: region, name and key of each. What was found may be remembered for KEPT_S seconds."""
    global _with_keys
    read_at, found = _with_keys
    if not time.monotonic() - read_at < settings.KEPT_S:
        rows = Body.objects.filter(key_sets__serial=1).select_related("agency", "region")
        found = [(reports.region_of(body), body.name, body.pk) for body in rows]
        _with_keys = (time.monotonic(), found)
    return found


def regions() -> list[tuple[str, str]]:
    """Return the regions whose bodies take reports, code and name; an empty code stands for bodies of the whole country."""
    codes = {code for code, _name, _body in _bodies()}
    named = list(Region.objects.filter(pk__in=codes).order_by("name").values_list("pk", "name"))
    return named if named else [("", "")] if codes else []


def offers(region: str, channel: str, *, now: datetime) -> list[Offer]:
    """Return the bodies for a region: its own first, then those around it, then those of the whole country."""
    near = [each for each in _bodies() if not (code := each[0]) or region == code or region.startswith(f"{code}.")]
    near.sort(key=lambda each: (-len(each[0]), each[1]))
    return [found for _code, _name, body in near if (found := offer(body, channel, now=now)) is not None]


def offer(body: int, channel: str, *, now: datetime) -> Offer | None:
    """Return one body as an offer; None where it has no genuine key set, or nobody receives."""
    door = reports.door_of(body, now=now)
    if door is None or not door.receiving:
        return None
    is_open = reports.is_open(door.body, channel)
    return Offer(door.body, door.key_set, door.readers, is_open, () if is_open else reports.open_channels(door.body))


def owners_of(keys: list[int]) -> list[int]:
    """Return whose keys these are or were."""
    return list(OfficerKey.objects.filter(pk__in=keys).order_by("user").values_list("user", flat=True).distinct())


def new_code() -> ReturnCode:
    """Make a return code."""
    return return_codes.new(os.urandom)


def read_code(text: str) -> ReturnCode:
    """Read a return code as somebody types it (see return_codes.read for what is raised)."""
    return return_codes.read(text)


def body_of(answers: Mapping[str, Any]) -> Body:
    """Return the chosen body. Raises ReportRefused."""
    door = reports.door_of(answers.get("body", 0), now=timezone.now())
    if door is None:
        raise ReportRefused("body")
    return door.body


def today(answers: Mapping[str, Any]) -> date:
    """Return the day where the chosen body is."""
    return clock.today(reports.zone_of_body(body_of(answers)))


def check_known_on(known_on: date | None, answers: Mapping[str, Any]) -> None:
    """See that a day of knowledge is none to come (see reports.check_known_on for what is raised)."""
    domain.check_known_on(known_on, today(answers))


def addressees(answers: Mapping[str, Any], *, now: datetime) -> Addressees:
    """Return to whom a report is sealed (see reports.addressees for what is raised)."""
    return reports.addressees(
        body_of(answers),
        key_set=answers.get("key_set", ""),
        excluded=answers.get("exclude", []),
        names=answers.get("names", []),
        now=now,
    )


# --- from answers to documents -----------------------------------------------------------------------------------


def content_of(answers: Mapping[str, Any], channel: str) -> dict[str, Any]:
    """Return the content document of a report without its files."""
    return {
        "v": 1,
        **{key: answers.get(key, "") for key in ("what", "when", "where")},
        **{key: answers.get(key, []) for key in ("who", "witnesses", "links")},
        "known_on": answers.get("known_on", ""),
        "channel": channel,
        "language": "en" if get_language() == "en" else "id",
        "exclude": {"keys": answers.get("exclude", []), "names": answers.get("names", [])},
    }


def identity_of(answers: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the identity document; None for whoever stays unnamed."""
    return {"v": 1, **answers["identity"]} if answers.get("named") and answers.get("identity") else None


def _known_on(answers: Mapping[str, Any]) -> date | None:
    text = answers.get("known_on", "")
    return date.fromisoformat(text) if text else None


def given(answers: Mapping[str, Any], files: int = 0) -> Given:
    """Return what the answers bring, as yes and no."""
    return domain.given_by(content_of(answers, ""), identity_of(answers), files, _known_on(answers))


def meter(answers: Mapping[str, Any], *, on: date, files: int = 0) -> Completeness:
    """Hold the answers so far against what a report must have."""
    return reports.completeness(given(answers, files), region=reports.region_of(body_of(answers)), on=on)


def file(answers: Mapping[str, Any], sealing: Sealing, *, channel: str, now: datetime) -> Filed:
    """Seal the answers and file them with the files sealed before (see reports.receive and addressees for what is raised)."""
    body, code = body_of(answers), ReturnCode(answers["code"])
    if (before := reports.filed_before(code.lookup)) is not None:
        sealing.drop()
        return before
    reports.check_channel(body, channel)
    on = clock.today(reports.zone_of_body(body))
    to = addressees(answers, now=now)
    found = meter(answers, on=on, files=len(sealing.sinks))
    sealed = sealing.finish(content_of(answers, channel), identity_of(answers), to, code, on=on)
    return reports.receive(
        sealed,
        body=body,
        channel=channel,
        known_on=_known_on(answers),
        regime=found.regime,
        ticks=found.met,
        now=now,
    )


@dataclass(frozen=True)
class Follows:
    """What happens next: until when a supervisor looks through a report, where a rule says so."""

    review: Computation | None

    @property
    def by(self) -> date | None:
        """The day by which it is looked through."""
        return reports.as_day(self.review.last_day) if self.review else None


def what_follows(answers: Mapping[str, Any], on: date) -> Follows:
    """Say what happens next with a report, and by when."""
    body = body_of(answers)
    return _follows(body.kind, reports.region_of(body), on)


@lru_cache(maxsize=256)
def _follows(kind: str, region: str, on: date) -> Follows:
    regime = domain.regime_of(rules.book().elections.values(), region, on)
    term = f"{regime.value}-initial-review" if regime else ""
    if kind != Body.Kind.BAWASLU or term not in rules.book().terms or regime is None:
        return Follows(None)
    return Follows(rules.due(term, on, regime=regime.value, region=region))
