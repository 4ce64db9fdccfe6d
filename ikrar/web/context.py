"""What every page shows: whose installation this is, whether it is a demo, and the way about."""

import time
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ikrar.domain import access
from ikrar.records.models import Installation
from ikrar.services import accounts
from ikrar.web.access import grants_for, is_strong
from ikrar.web.middleware import LANGUAGE_COOKIE

_KEPT_S = 5.0
_NAME_SIGNS = 24
_kept: tuple[float, Installation | None] = (-_KEPT_S, None)


def installation() -> Installation | None:
    """Return the installation; read anew every few seconds, since pages ask for it always and it hardly changes."""
    global _kept
    if time.monotonic() - _kept[0] > _KEPT_S or _kept[1] is None:
        _kept = (time.monotonic(), Installation.objects.first())
    return _kept[1]


def forget() -> None:
    """Read the installation anew at the next page."""
    global _kept
    _kept = (-_KEPT_S, None)


# The menu: permission, name of the URL, word. A line shows where the permission is held.
_MENU = (
    ("pact.sign_own", "my-pacts", _("Pakta saya")),
    ("circular.read_own", "my-circulars", _("Edaran saya")),
    ("activity.attend_own", "my-activities", _("Kegiatan saya")),
    ("duty.do_own", "my-duties", _("Tugas saya")),
    ("desk.view", "desk", _("Meja kerja")),
    ("pact.manage", "rounds", _("Program pakta")),
    ("activity.run", "activities", pgettext_lazy("menu", "Kegiatan")),
    ("coverage.view", "coverage", _("Cakupan")),
    ("province.view", "below", _("Daerah di bawah")),
    ("paper.reconcile", "scans", _("Kertas")),
    ("circular.view", "circulars", _("Surat edaran")),
    ("roster.view", "people", _("Pegawai")),
    ("unit.view", "units", pgettext_lazy("menu", "Unit")),
    ("roster.import", "imports", pgettext_lazy("menu", "Impor")),
    ("office.change", "offices", pgettext_lazy("menu", "Jabatan")),
    ("duty.manage", "duties", pgettext_lazy("menu", "Tugas")),
    ("body.change", "bodies", pgettext_lazy("menu", "Badan")),
    ("election.change", "elections", pgettext_lazy("menu", "Pemilihan")),
    ("report.open", "sealed-reports", _("Laporan")),
    ("report.open", "workbench", _("Meja laporan")),
    ("case.view", "cases", _("Perkara")),
    ("clipping.keep", "clippings", _("Kliping")),
    ("person.find", "find-person", _("Siapa yang dimaksud")),
    ("report.open", "report-keys", _("Kunci laporan")),
    ("case.weigh", "decision-desk", _("Perlu keputusan")),
    ("case.monitor", "cases-national", _("Pemantauan perkara")),
    ("opinion.write", "opinions", _("Permintaan pendapat")),
    ("gazette.check", "gazette", _("Berita negara")),
    ("letter.change", "letters", _("Kop surat")),
    ("agency.change", "agencies", pgettext_lazy("menu", "Instansi")),
    ("role.grant", "roles", pgettext_lazy("menu", "Peran")),
    ("role.grant", "outside-bodies", _("Badan luar")),
    ("target.change", "targets", _("Target kerja")),
    ("installation.view", "installation", _("Instalasi")),
    ("log.view", "log", _("Log")),
)


@cache
def _hrefs() -> frozenset[str]:
    return frozenset(reverse(url) for _permission, url, _word in _MENU)


@dataclass
class Page:
    """Values for the frame of a page; the costly ones are asked only by templates that show them."""

    request: HttpRequest

    @property
    def installation(self) -> Installation | None:
        return installation()

    @property
    def is_demo(self) -> bool:
        here = installation()
        return bool(here and here.is_demo)

    @property
    def today(self) -> date | None:
        here = installation()
        return here.demo_today if here and here.is_demo else None

    @property
    def menu(self) -> list[dict[str, Any]]:
        roles = {grant.role for grant in grants_for(self.request)}
        # What asks for a second factor stands in the menu of an officer, who is led to one; of others once they have it.
        asked = roles if is_strong(self.request) else roles & access.NEEDS_SECOND_FACTOR
        here = self.request.path
        return [
            {"href": (href := reverse(url)), "word": word, "current": href == here}
            for permission, url, word in _MENU
            if any(
                permission in access.GRANTS[role]
                for role in (asked if permission in access.ASKS_SECOND_FACTOR else roles)
            )
        ]

    @property
    def menu_key(self) -> str:
        """Return what the menu depends on: the roles, whether a second factor was proved, and the line that is open."""
        roles = sorted({str(grant.role) for grant in grants_for(self.request)})
        strong = "2" if is_strong(self.request) else "1"
        return f"{' '.join(roles)} {strong} {self.request.path if self.request.path in _hrefs() else ''}"

    @property
    def roles(self) -> list[str]:
        return list(dict.fromkeys(str(grant.role) for grant in grants_for(self.request)))

    @property
    def second_step(self) -> str:
        """Return what an officer must still do before his pages open: set it up, or sign in with it; else nothing."""
        if is_strong(self.request) or not any(g.role in access.NEEDS_SECOND_FACTOR for g in grants_for(self.request)):
            return ""
        ways = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        has_one = Authenticator.objects.filter(user=self.request.user, type__in=ways).exists()
        return "sign_in_again" if has_one else "set_up"

    @property
    def name(self) -> str:
        whole = self.request.user.display_name
        return whole if len(whole) <= _NAME_SIGNS else f"{whole[: _NAME_SIGNS - 1]}…"

    @property
    def unread(self) -> int:
        return accounts.standing_of(self.request.user).unread

    @property
    def back(self) -> str:
        """Return where a change of language leads back to: here, but never on to where a sign-in would lead."""
        return self.request.path if "next" in self.request.GET else self.request.get_full_path()

    @property
    def english(self) -> bool:
        return self.request.COOKIES.get(LANGUAGE_COOKIE) == "en"


def page(request: HttpRequest) -> dict[str, Page]:
    """Give every template `page`."""
    return {"page": Page(request)}
