"""Every URL, for every role, about objects of the own and of the other agency: who may, who may not, who must not know.

What is expected is derived from the table in domain.access. A URL that takes an argument needs a line in OBJECTS or
PERSONAL below, so that the walk meets a real object on both sides and a 404 has one reason only.
"""

import base64
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter
from django.utils import timezone

from ikrar.domain import access
from ikrar.domain.access import FROM_ROSTER, GIVEN_OVER, NEEDS_SECOND_FACTOR, Over, Role
from ikrar.domain.gatherings import code_of, window_of
from ikrar.domain.versions import RuleKind
from ikrar.gateways import sealing
from ikrar.records.models import Activity, Case, LogEntry, Report
from ikrar.services import accounts, circulars, clippings, gazette, letters
from tests.web.stage import (
    MORNING,
    TODAY,
    Account,
    Side,
    Stage,
    browser,
    content_of,
    outsider,
    picture,
    quick_client,
    roster_file,
)

pytestmark = pytest.mark.django_db

# --- the URLs ----------------------------------------------------------------------------------------------------

# Whoever adds an open view adds it here too, and says in the commit why nobody need sign in for it.
OPEN = {
    "landing", "check", "check-code", "calendar", "calendar-feed", "calendar-region", "credits", "language", "health",
    "account_login", "sign-in-code", "set-first-password", "set-first-passkey", "mfa_authenticate", "mfa_login_webauthn",
    "openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled", "socialaccount_login_error",
    "account_logout",
    # Guidance: nobody who asks may be known.
    "ask", "ask-confirm", "ask-who", "ask-when", "answer", "keep-receipt", "receipt-check", "receipt", "ask-office",
    "opinion-fetch", "opinion-library", "opinion-published",
    # The rulebook: the law is everybody's, and nothing on these pages is about a person.
    "rulebook", "rulebook-data", "rulebook-forms", "rulebook-form", "rulebook-act", "rulebook-sanctions",
    "rulebook-terms", "rulebook-term", "rulebook-authorities", "rulebook-bodies", "rulebook-statements",
    "rulebook-statement", "rulebook-sources", "rulebook-source", "rulebook-holidays-now", "rulebook-holidays",
    "rulebook-principles", "rulebook-procedures", "rulebook-coverage", "rulebook-difference",
    # A witness from outside has no account: the code of his slip opens his own statement and nothing else. On a shared
    # device nobody stays signed in: each proves who he is for one signature.
    "witness", "witness-statement-page", "witness-own-paper", "witness-leave",
    # A reporter has no account, and must not be known. The code of his mailbox comes in a form alone and opens that one box;
    # a receipt says nothing but that it is one.
    "report", "report-language", "report-step", "report-send", "report-questions",
    "report-challenge", "report-send-sealed", "filing-receipt", "filing-receipt-file",
    "filing-receipt-save", "mailbox", "mailbox-sealed", "mailbox-send-sealed", "mailbox-act", "mailbox-reply", "mailbox-form", "report-missing",
    "kiosk", "kiosk-password", "kiosk-pact", "kiosk-longer", "kiosk-leave", "kiosk-end",
}  # fmt: skip
DEMO_ONLY = {"demo-step-in", "demo-day"}
# What everybody signed in may open: his own matters. A page about others that slips in here is open to all of them.
OWN = {
    "account", "change-password", "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn",
    "home", "inbox", "inbox-read", "contest", "outside-messages",
}  # fmt: skip


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _patterns(each)
        else:
            yield each


@cache
def urls() -> dict[str, URLPattern]:
    return {each.name or str(each.pattern): each for each in _patterns(get_resolver())}


def permission_of(name: str) -> str | None:
    return urls()[name].callback.permission


def is_demo_only(name: str) -> bool:
    return getattr(urls()[name].callback, "demo_only", False)


def takes_arguments(name: str) -> bool:
    return bool(urls()[name].pattern.converters)


@cache
def methods_of(name: str) -> frozenset[str]:
    """Which methods a view takes at all, before it asks who comes: the others are answered 405 to everybody."""
    request = RequestFactory().generic("PATCH", "/")
    request.user = AnonymousUser()
    request.session = {}
    callback = urls()[name].callback
    if permission_of(name) is None and not hasattr(callback, "demo_only"):
        return frozenset({"GET", "POST"})
    response = callback(request)
    return frozenset(response["Allow"].split(", ")) if response.status_code == 405 else frozenset({"GET", "POST"})


# --- one object of each side for each URL ------------------------------------------------------------------------

OBJECTS: dict[str, Any] = {
    "round": lambda s: {"pk": s.pact.pk},
    "new-text": lambda s: {"pk": s.pact.pk},
    "address-round": lambda s: {"pk": s.pact.pk},
    "issue-round": lambda s: {"pk": s.draft.pk},
    "close-round": lambda s: {"pk": s.pact.pk},
    "coverage-unit": lambda s: {"pk": s.pact.pk, "unit": s.school.pk},
    "missing": lambda s: {"pk": s.pact.pk, "unit": s.school.pk},
    "remind": lambda s: {"pk": s.pact.pk, "unit": s.school.pk},
    "bundle": lambda s: {"pk": s.signed_pact.pk, "unit": s.school.pk},
    "order-bundle": lambda s: {"pk": s.signed_pact.pk, "unit": s.school.pk},
    "excuse": lambda s: {"pk": s.duty.pk},
    "end-excuse": lambda s: {"pk": s.excused_duty.pk},
    "person": lambda s: {"pk": s.teacher.pk},
    "change-person": lambda s: {"pk": s.teacher.pk},
    "change-identifier": lambda s: {"pk": s.teacher.pk},
    "person-code": lambda s: {"pk": s.teacher.pk},
    "reset-person": lambda s: {"pk": s.teacher.pk},
    **{name: lambda s: {"pk": s.grant.user_id} for name in ("account-code", "reset-account")},
    "unit": lambda s: {"pk": s.school.pk},
    "change-unit": lambda s: {"pk": s.school.pk},
    "unit-slips": lambda s: {"pk": s.school.pk},
    "new-unit": lambda s: {"agency": s.agency.pk},
    "import": lambda s: {"pk": s.previewed.pk},
    "import-sheets": lambda s: {"pk": s.received.pk},
    "import-map": lambda s: {"pk": s.received.pk},
    "import-again": lambda s: {"pk": s.to_reopen.pk},
    "import-apply": lambda s: {"pk": s.previewed.pk},
    "import-drop": lambda s: {"pk": s.to_drop.pk},
    "import-undo": lambda s: {"pk": s.applied.pk},
    "import-rejects": lambda s: {"pk": s.applied.pk},
    "office": lambda s: {"pk": s.office.pk},
    "take-over": lambda s: {"pk": s.held_office.pk},
    "record-leave": lambda s: {"pk": s.held_office.pk},
    "withdraw-take-over": lambda s: {"pk": s.holding.pk},
    "vacate-office": lambda s: {"pk": s.holding.pk},
    "withdraw-leave": lambda s: {"pk": s.leave.pk},
    **{name: lambda s: {"pk": s.leave.pk} for name in ("name-stand-in", "end-leave", "hand-over", "hand-over-paper")},
    "unit-office": lambda s: {"pk": s.school.pk},
    **{name: lambda s: {"pk": s.going_on.pk} for name in ("duty", "end-duty")},
    "duty-record": lambda s: {"pk": s.part.pk},
    "duty-evidence": lambda s: {"pk": s.evidence.pk},
    "watched-duties": lambda s: {"agency": s.agency.pk},
    "clear-address": lambda s: {"pk": s.failing.pk},
    "round-people": lambda s: {"pk": s.pact.pk, "unit": s.school.pk, "which": "excused"},
    "selected": lambda s: {"pk": s.pact.pk, "unit": s.school.pk},
    "body": lambda s: {"pk": s.body.pk},
    "end-member": lambda s: {"pk": s.member.pk},
    "election": lambda s: {"agency": s.agency.pk, "election": "pilkada-2024"},
    "take-back-move": lambda s: {"agency": s.agency.pk, "pk": s.stage_move.pk},
    "agency": lambda s: {"pk": s.agency.pk},
    "opinion": lambda s: {"pk": s.inquiry.pk},
    "opinion-publish": lambda s: {"pk": s.answered.pk},
    "opinion-withdraw": lambda s: {"pk": s.published.pk},
    "end-role": lambda s: {"pk": s.grant.pk},
    "gazette-withdraw": lambda s: {"pk": s.gazette_check.pk},
    "office-round": lambda s: {"pk": s.ceremonies.office_round.pk},
    "choose-offices": lambda s: {"pk": s.ceremonies.office_round.pk},
    "remind-holders": lambda s: {"pk": s.ceremonies.office_round.pk},
    "holder-sheets": lambda s: {"pk": s.ceremonies.office_round.pk},
    "outside-holder": lambda s: {"pk": s.ceremonies.outside_office.pk},
    "holder-slip": lambda s: {"pk": s.ceremonies.outside_office.pk},
    "ceremony": lambda s: {"pk": s.ceremonies.ceremony.pk},
    "witness-slips": lambda s: {"pk": s.ceremonies.ceremony.pk},
    "witness-words": lambda s: {"pk": s.ceremonies.ceremony.pk},
    "set-witness": lambda s: {"pk": s.ceremonies.ceremony.pk, "guest": s.ceremonies.witness.pk},
    "witness-statement": lambda s: {"pk": s.ceremonies.ceremony.pk, "guest": s.ceremonies.signed_witness.pk},
    "receive-holder": lambda s: {"pk": s.ceremonies.holder_ceremony.pk, "duty": s.ceremonies.holder_duty.pk},
    "ceremony-record": lambda s: {"pk": s.ceremonies.ceremony.pk},
    "ceremony-bundle": lambda s: {"pk": s.ceremonies.ceremony.pk},
    "order-ceremony-bundle": lambda s: {"pk": s.ceremonies.ceremony.pk},
    "open-kiosk": lambda s: {"pk": s.ceremonies.ceremony.pk},
    "activity-sheets": lambda s: {"pk": s.ceremonies.ceremony.pk},
    "activity-scans": lambda s: {"pk": s.ceremonies.ceremony.pk},
    "unit-sheets": lambda s: {"pk": s.pact.pk, "unit": s.school.pk},
    "scan": lambda s: {"pk": s.ceremonies.scan.pk},
    "scan-picture": lambda s: {"pk": s.ceremonies.scan.pk},
    "reconcile-scan": lambda s: {"pk": s.ceremonies.scan.pk},
    "confirm-scan": lambda s: {"pk": s.ceremonies.read_scan.pk},
    "refuse-scan": lambda s: {"pk": s.ceremonies.read_scan.pk},
    "reopen-scan": lambda s: {"pk": s.ceremonies.refused_scan.pk},
    "check-in": lambda s: {"pk": s.gatherings.city.pk},
    "check-in-code": lambda s: {"pk": s.gatherings.city.pk, "code": "ABCD-EFGH"},
    "my-activity": lambda s: {"pk": s.gatherings.city.pk},
    "answer-activity": lambda s: {"pk": s.gatherings.opened.pk},
    "activity": lambda s: {"pk": s.gatherings.opened.pk},
    "edit-activity": lambda s: {"pk": s.gatherings.draft.pk},
    "invitees": lambda s: {"pk": s.gatherings.draft.pk},
    "uninvite-unit": lambda s: {"pk": s.gatherings.invited.pk},
    "uninvite": lambda s: {"pk": s.gatherings.invitation.pk},
    "call-activity": lambda s: {"pk": s.gatherings.draft.pk},
    "move-activity": lambda s: {"pk": s.gatherings.called.pk},
    "cancel-activity": lambda s: {"pk": s.gatherings.called.pk},
    "open-activity": lambda s: {"pk": s.gatherings.called.pk},
    "close-activity": lambda s: {"pk": s.gatherings.opened.pk},
    "venue": lambda s: {"pk": s.gatherings.opened.pk},
    "venue-codes": lambda s: {"pk": s.gatherings.opened.pk},
    "unit-share": lambda s: {"pk": s.gatherings.share.activity_id, "unit": s.school.pk},
    "attendance": lambda s: {"pk": s.gatherings.city.pk, "unit": s.school.pk},
    "check-in-by-hand": lambda s: {"pk": s.gatherings.city.pk, "unit": s.school.pk},
    "attendance-sheet": lambda s: {"pk": s.gatherings.city.pk, "unit": s.school.pk},
    "ink-sheet": lambda s: {"pk": s.gatherings.city.pk, "unit": s.school.pk},
    "strike": lambda s: {"pk": s.gatherings.attendance.pk},
    "guests": lambda s: {"pk": s.gatherings.opened.pk},
    "guest-arrived": lambda s: {"pk": s.gatherings.guest.pk},
    "strike-guest": lambda s: {"pk": s.gatherings.guest_here.pk},
    "remove-guest": lambda s: {"pk": s.gatherings.guest.pk},
    "minutes": lambda s: {"pk": s.gatherings.closed.pk},
    "finish-minutes": lambda s: {"pk": s.gatherings.closed.pk},
    "remove-decision": lambda s: {"pk": s.gatherings.decision.pk},
    "decision-done": lambda s: {"pk": s.gatherings.final_decision.pk},
    "activity-photos": lambda s: {"pk": s.gatherings.opened.pk},
    "activity-photo": lambda s: {"pk": s.gatherings.photo.pk},
    "remove-photo": lambda s: {"pk": s.gatherings.photo.pk},
    "invitation-letter": lambda s: {"pk": s.gatherings.called.pk},
    "activity-record": lambda s: {"pk": s.gatherings.closed.pk},
    **{
        name: lambda s: {"pk": s.circular.pk}
        for name in (
            "read-circular",
            "acknowledge-circular",
            "my-circular-letter",
            "circular",
            "deliver-circular",
            "replace-circular",
            "withdraw-circular",
            "circular-letter",
            "my-circular-file",
            "circular-file",
        )
    },
    **{
        name: lambda s: {"pk": s.draft_circular.pk}
        for name in ("change-circular", "discard-circular", "publish-circular")
    },
    **{
        name: lambda s: {"pk": s.circular.pk, "unit": s.school.pk}
        for name in ("circular-unit", "circular-missing", "circular-remind", "circular-readers", "circular-table")
    },
    "agency-letters": lambda s: {"pk": s.agency.pk},
}
# Of an agency, or of a body.
CLIPPING_PAGES = ("clipping", "clipping-words")
OBJECTS |= {name: lambda s: {"pk": s.clipping.pk} for name in CLIPPING_PAGES}
# Keys of officers and key sets, by the body.
KEY_PAGES = (
    "make-report-key", "try-report-key", "key-set", "key-fingerprint", "propose-key-set", "sign-key-set",
    "withdraw-key-set", "retention-terms", "reseal-reports", "reseal-hand-out", "reseal-keep", "reseal-offline",
    "reseal-ask-again", "body-secret", "make-body-secret", "share-body-secret", "body-secret-unopened",
)  # fmt: skip
# What officers enter for somebody, by the body.
ENTRY_PAGES = ("enter-report", "enter-report-sealed", "entry-paper")
OBJECTS |= {name: lambda s: {"pk": s.body.pk} for name in KEY_PAGES + ENTRY_PAGES}
# A role over a body opens no report: that takes a key in one of its envelopes. Each who holds one has a report of his own, and
# there are one of his body that was never sealed to him (`hidden`) and one of another body; both must not be for him.
REPORT_PAGES = (
    "sealed-report", "open-sealed-report", "tick-sealed-report", "answer-sealed-report", "change-sealed-report",
    "hold-report", "copy-sealed-report", "workbench-report", "unmerge-report", "report-prints", "sealed-report-unopened",
)  # fmt: skip
# A choice of many reports belongs to who made it.
TRIAGE_PAGES = ("triage", "drop-triage")
OBJECTS |= {name: lambda s: {"pk": s.triage.pk} for name in TRIAGE_PAGES}
OBJECTS["choose-back"] = lambda s: {"pk": s.done_triage.pk}
PART_PAGES = ("sealed-part", "confirm-sealed-part")
HOLD_PAGES = ("end-hold",)
OFFER_PAGES = ("take-back-copy",)
# What only those reach to whose key a report was sealed, each his own.
OF_READERS = (*REPORT_PAGES, *PART_PAGES, *HOLD_PAGES, *OFFER_PAGES, *TRIAGE_PAGES, "choose-back")
OBJECTS |= {name: lambda s: report_of(s.report) for name in REPORT_PAGES}
OBJECTS |= {name: lambda s: part_of(s.report) for name in PART_PAGES}
OBJECTS |= {name: lambda s: hold_of(s.report) for name in HOLD_PAGES}
OBJECTS |= {name: lambda s: offer_of(s.report) for name in OFFER_PAGES}
# What somebody reads of another body's report, since he took a copy of it or its reporter consented: he reads, and holds it for
# as long as his own body needs it. All else is up to the body that it lies with, and changes nothing.
FURTHER_PAGES = (*REPORT_PAGES, *PART_PAGES, *HOLD_PAGES, *OFFER_PAGES)
FURTHER_SIDES = {"copy": "copied_report", "consent": "consented_report"}
FURTHER_ACTS = {"open-sealed-report", "sealed-report-unopened", "sealed-part", "hold-report"}
# A case: whoever registers has one of his own body with a report that his key opens; those of an agency reach the one that was
# recommended to it.
CASE_PAGES = (
    "case", "case-step", "case-team", "case-respondent-new", "case-respondent", "case-report", "case-file", "case-examination",
    "case-decision", "case-decision-of", "case-sign", "case-decision-paper", "case-register-paper", "case-step-paper",
    "case-referrals", "case-clocks",
)  # fmt: skip
OF_RESPONDENT = {"case-respondent", "case-decision-of", "case-sign", "case-decision-paper", "case-register-paper"}


def case_of(name: str, case: Case) -> dict[str, Any]:
    more: dict[str, Any] = {"key": f"{case.pk:016x}"}
    if name == "case-step":
        more["step"] = "pilkada-review"
    if name in OF_RESPONDENT:
        more["respondent"] = f"{case.respondents.get().pk:016x}"
    if name == "case-step-paper":
        more["step"] = f"{case.steps.exclude(document=None).first().pk:016x}"
    if name == "case-report":
        more["number"] = f"{case.case_reports.get().report_id:016x}"
    if name == "case-file":
        more["pk"] = case.evidence.get().file_id
    return more


OBJECTS |= {name: lambda s, name=name: case_of(name, s.case) for name in CASE_PAGES}
# A copy that another body offers is answered by whoever it was sealed to.
COPY_PAGES = ("answer-report-copy",)
OBJECTS |= {name: lambda s: {"pk": s.copy.pk} for name in COPY_PAGES}


def report_of(report: Report) -> dict[str, str]:
    return {"number": f"{report.pk:016x}"}


def part_of(report: Report) -> dict[str, str]:
    return {**report_of(report), "part": content_of(report).number}


def offer_of(report: Report) -> dict[str, Any]:
    return {**report_of(report), "pk": report.copies.values_list("pk", flat=True).first() or 1}


def hold_of(report: Report) -> dict[str, Any]:
    hold = report.holds.first()
    return {**report_of(report), "pk": hold.pk if hold else 1}


_OF_REPORT = (
    (REPORT_PAGES, report_of), (PART_PAGES, part_of), (HOLD_PAGES, hold_of), (OFFER_PAGES, offer_of)
)  # fmt: skip

# What belongs to one person: nobody else has it, whatever his role.
PERSONAL: dict[str, Any] = {
    "pact": lambda a: {"pk": a.duty.pk},
    "pact-sign": lambda a: {"pk": a.duty.pk},
    "pact-refuse": lambda a: {"pk": a.duty.pk},
    "my-certificate": lambda a: {"pk": a.signed_duty.pk},
    "contest": lambda a: {"pk": a.signature.pk},
    "my-decision-done": lambda a: {"pk": a.decision.pk},
    "duty-do": lambda a: {"pk": a.part.pk},
    "duty-file": lambda a: {"pk": a.evidence.pk},
    **{name: lambda a: {"pk": a.leave.pk} for name in ("my-hand-over", "my-hand-over-paper")},
    "paper": lambda a: {"pk": a.paper.pk},
    "paper-file": lambda a: {"pk": a.paper.pk},
    "paper-again": lambda a: {"pk": a.paper.pk},
    "paper-discard": lambda a: {"pk": a.paper.pk},
    "mfa_remove_webauthn": lambda a: {"pk": a.passkey.pk},
    "mfa_edit_webauthn": lambda a: {"pk": a.passkey.pk},
}
# What belongs to a body is reached by those who hold a role over that body.
OF_BODY: dict[str, Any] = {
    "opinion": lambda a: {"pk": a.inquiry.pk},
    "opinion-publish": lambda a: {"pk": a.answered.pk},
    "opinion-withdraw": lambda a: {"pk": a.published.pk},
    **{name: lambda a: {"pk": a.body.pk} for name in KEY_PAGES + ENTRY_PAGES},
    **{name: lambda a: {"pk": a.clipping.pk} for name in CLIPPING_PAGES},
    **{name: lambda a: report_of(a.report) for name in REPORT_PAGES},
    **{name: lambda a: part_of(a.report) for name in PART_PAGES},
    **{name: lambda a: {"pk": a.triage.pk} for name in TRIAGE_PAGES},
    "choose-back": lambda a: {"pk": a.done_triage.pk},
    **{name: lambda a: {"pk": a.copy.pk} for name in COPY_PAGES},
    **{name: lambda a: hold_of(a.report) for name in HOLD_PAGES},
    **{name: lambda a: offer_of(a.report) for name in OFFER_PAGES},
    **{name: lambda a, name=name: case_of(name, a.case) for name in CASE_PAGES},
}
# What office-holders are called to is where they sign.
OF_HOLDER: dict[str, Any] = {
    "check-in": lambda s: {"pk": s.ceremonies.holder_ceremony.pk},
    "check-in-code": lambda s: {"pk": s.ceremonies.holder_ceremony.pk, "code": "ABCD-EFGH"},
    "my-activity": lambda s: {"pk": s.ceremonies.holder_ceremony.pk},
    "answer-activity": lambda s: {"pk": s.ceremonies.holder_ceremony.pk},
}
PUBLIC: dict[str, Any] = {
    "check-code": lambda s: {"code": s.signature.code},
    "calendar-feed": lambda s: {"region": s.agency.region_id},
    "calendar-region": lambda s: {"region": s.agency.region_id},
    "receipt": lambda s: {"code": s.receipt.code},
    "opinion-published": lambda s: {"pk": s.published.pk},
    "openid_connect_login": lambda s: {"provider_id": "sso"},
    "openid_connect_callback": lambda s: {"provider_id": "sso"},
    "rulebook-form": lambda s: {"id": "social-media-engagement"},
    "rulebook-act": lambda s: {"id": "skb22-discipline-06-social-media-engagement"},
    "rulebook-term": lambda s: {"id": "pp94-second-summons"},
    "rulebook-statement": lambda s: {"id": "vote"},
    "rulebook-source": lambda s: {"id": "pp-94-2021"},
    "rulebook-holidays": lambda s: {"year": 2024},
    # A version of a rule belongs to no agency: any legal bureau may compare it.
    "gazette-check": lambda s: {"kind": "sanction", "rule": "light-oral", "since": "2021-08-31"},
}
# Pages about a unit are asked for a second time with another unit of the same agency: a head reaches only his own.
SIBLINGS: dict[str, Any] = {
    "coverage-unit": lambda s: {"pk": s.pact.pk, "unit": s.other_school.pk},
    "missing": lambda s: {"pk": s.pact.pk, "unit": s.other_school.pk},
    "bundle": lambda s: {"pk": s.signed_pact.pk, "unit": s.other_school.pk},
    "order-bundle": lambda s: {"pk": s.signed_pact.pk, "unit": s.other_school.pk},
    "unit-sheets": lambda s: {"pk": s.pact.pk, "unit": s.other_school.pk},
    "unit": lambda s: {"pk": s.other_school.pk},
    "attendance": lambda s: {"pk": s.gatherings.city.pk, "unit": s.other_school.pk},
    "check-in-by-hand": lambda s: {"pk": s.gatherings.city.pk, "unit": s.other_school.pk},
    "attendance-sheet": lambda s: {"pk": s.gatherings.city.pk, "unit": s.other_school.pk},
    "ink-sheet": lambda s: {"pk": s.gatherings.city.pk, "unit": s.other_school.pk},
    **{
        name: lambda s: {"pk": s.circular.pk, "unit": s.other_school.pk}
        for name in ("circular-unit", "circular-missing", "circular-readers", "circular-table")
    },
    **{name: lambda s: report_of(s.hidden_report) for name in REPORT_PAGES},
    **{name: lambda s: part_of(s.hidden_report) for name in PART_PAGES},
    **{name: lambda s: {"pk": s.others_triage.pk} for name in (*TRIAGE_PAGES, "choose-back")},
    **{name: lambda s: hold_of(s.hidden_report) for name in HOLD_PAGES},
}

_PLAN = {"kind": "roll_call", "title": "Apel", "on": TODAY, "starts_at": "07:30", "open_to_units": "on"}
_TEXT = {"text_title": "Pakta", "opening": "", "points": "netral\njujur", "closing": ""}
_CIRCULAR = {"kind": "circular", "title": "Baru", "points": "netral"}
# What a form of that page would send: valid, so that nothing but the right stands between the request and its effect.
FORMS: dict[str, Any] = {
    "pact-sign": lambda s: {"shown_digest": s.pact.text.digest, "agree": "on"},
    "pact-refuse": lambda s: {"reason": "keyakinan"},
    "contest": lambda s: {"reason": "bukan saya", "sure": "1"},
    "reset-person": lambda s: {"reason": "ponsel hilang"},
    "reset-account": lambda s: {"reason": "ponsel hilang"},
    "check-in": lambda s: {"code": code_now(s.gatherings.city)},
    "answer-activity": lambda s: {"comes": "yes"},
    "my-decision-done": lambda s: {"evidence": "sudah terpasang"},
    "new-activity": lambda s: _PLAN,
    "edit-activity": lambda s: _PLAN,
    "invitees": lambda s: {"act": "unit", "unit": s.school.pk},
    "call-activity": lambda s: {"number": "005/9"},
    "move-activity": lambda s: {"on": TODAY, "place": "Lapangan", "reason": "hujan"},
    "cancel-activity": lambda s: {"reason": "banjir"},
    "check-in-by-hand": lambda s: {"person": [s.teacher.pk], "way": "paper"},
    "strike": lambda s: {"reason": "tidak di tempat"},
    "guests": lambda s: {"kind": "kpu", "body": "KPU"},
    "unit-share": lambda s: {"person": [s.teacher.pk]},
    "guest-arrived": lambda s: {"name": "Rekaan"},
    "minutes": lambda s: {"act": "minutes", "minutes": "Semua hadir.", "points": "netral"},
    "finish-minutes": lambda s: {"number": "BA 9"},
    "decision-done": lambda s: {"evidence": "sudah terpasang"},
    "activity-photos": lambda s: {},
    "new-round": lambda s: {
        **_TEXT, "agency": s.agency.pk, "title": "Baru", "employments": ["pns"], "keeps_on": "same_unit",
    },
    "new-text": lambda s: _TEXT,
    "address-round": lambda s: {"agency": []},
    "excuse": lambda s: {"reason": "tugas belajar"},
    "new-circular": lambda s: _CIRCULAR,
    "change-circular": lambda s: _CIRCULAR,
    "publish-circular": lambda s: {"shown": circulars.shown(s.draft_circular)},
    "withdraw-circular": lambda s: {"reason": "keliru"},
    "acknowledge-circular": lambda s: {"shown_digest": s.circular.digest, "answer_1": "1"},
    "agency-letters": lambda s: {
        "letterhead": "KOP BARU",
        **{f"pattern_{each.kind}": each.pattern for each in letters.numberings(s.agency, TODAY)},
        **{f"last_{each.kind}": 7 for each in letters.numberings(s.agency, TODAY)},
    },
    "change-person": lambda s: {"unit": s.other_school.pk, "post": "Guru", "status": "active"},
    "change-identifier": lambda s: {"kind": "nip", "number": "198503152010012077", "reason": "salah ketik"},
    "change-unit": lambda s: {"name": "SMP Satu", "kind": "school", "parent": s.education.pk},
    "new-unit": lambda s: {"code": "BARU", "name": "Baru", "kind": "office", "parent": s.root.pk},
    "imports": lambda s: {"agency": s.agency.pk, "file": SimpleUploadedFile("a.csv", roster_file())},
    "import-sheets": lambda s: {"pk": s.received.pk},
    "import-map": lambda s: {f"column_{n}": field for n, field in enumerate(s.received.fields.values())},
    "offices": lambda s: {"agency": s.agency.pk, "title": "Sekretaris", "kind": "secretary"},
    "vacate-office": lambda s: {"at": "2024-10-25T09:00"},
    "take-over": lambda s: {"number": "", "capacity": "plt", "from_at": "2024-10-25T09:00"},
    "record-leave": lambda s: {"kind": "campaign", "from_on": TODAY, "last_on": TODAY},
    "name-stand-in": lambda s: {"number": "", "capacity": "plh", "from_at": "2024-11-25T09:00"},
    "new-duty": lambda s: {
        "agency": s.agency.pk, "text": "Memantau", "groups": ["school"], "every": "once", "from_on": TODAY,
    },
    "end-duty": lambda s: {"on": TODAY},
    **{name: lambda s: {"on": TODAY, "evidence": "sudah"} for name in ("duty-do", "duty-record")},
    "selected": lambda s: {"act": "remind", "person": s.teacher.pk},
    "failing-addresses": lambda s: {"address": f"guru@{s.agency.code}.test"},
    "outside-messages": lambda s: {"silent": "1"},
    "bodies": lambda s: {"agency": s.agency.pk, "name": "Desk", "kind": "desk"},
    "body": lambda s: {
        "number": s.teacher.identifier, "letter_number": "ST 9", "letter_on": TODAY, "from_on": TODAY,
    },
    "end-member": lambda s: {"until_on": TODAY},
    "gazette-check": lambda s: {
        "shown_digest": gazette.shelf().digests[RuleKind.SANCTION, "light-oral", date(2021, 8, 31)],
        "agency": s.agency.pk, "compared_on": TODAY, "reference": "halaman 3",
    },
    "gazette-withdraw": lambda s: {"reason": "salah halaman"},
    "election": lambda s: {"candidate_pairs": 4, "voters": 98_000, "polling_stations": 210},
    "new-agency": lambda s: {"code": "BARU", "name": "Kementerian Baru", "kind": "ministry"},
    "agency": lambda s: {"name": "Nama Baru", "letterhead": "Nama Baru"},
    "roles": lambda s: {"name": s.teacher.identifier, "role": "examiner", "agency": s.agency.pk, "reason": "SK"},
    "targets": lambda _s: {"target": "target-decide", "days": "10", "warn_days": "5", "long_days": "20", "was": "0"},
    "outside-account": lambda s: {"username": "bawaslu1", "full_name": "Petugas Bawaslu"},
    "change-password": lambda s: {"password": "hujan turun lagi", "again": "hujan turun lagi"},
    "check": lambda s: {"code": s.signature.code},
    "ask": lambda s: {"question": "boleh saya like status calon?"},
    "ask-when": lambda s: {"kegiatan": "vote", "status": "pns", "day": TODAY, "place": "Bukittinggi"},
    "keep-receipt": lambda s: {"kegiatan": "vote", "status": "pns", "hari": TODAY.isoformat()},
    "ask-office": lambda s: {
        "kegiatan": "vote", "status": "pns", "office": f"agency-{s.agency.pk}", "text": "Bolehkah?",
    },
    "receipt-check": lambda s: {"code": s.receipt.code},
    "opinion-library": lambda s: {"words": "rapat"},
    "opinion": lambda s: {
        "verdict": "ask", "facts": "PNS", "text": "Tunggu.", "cites": s.citable, "valid_until": TODAY,
    },
    "opinion-publish": lambda s: {"question": "Boleh?", "facts": "PNS", "text": "Tunggu.", "looked_again": "on"},
    "new-office-round": lambda s: {
        **_TEXT, "agency": s.agency.pk, "title": "Pejabat", "offices": [s.ceremonies.outside_office.pk],
    },
    "choose-offices": lambda s: {"offices": [s.ceremonies.outside_office.pk, s.held_office.pk]},
    "outside-holder": lambda s: {"name": "Orang Baru", "capacity": "definitive", "from_at": "2024-10-25T09:00"},
    "witness-slips": lambda s: {"guests": [s.ceremonies.witness.pk]},
    "witness-words": lambda s: {"words_bawaslu": "Saya melihatnya."},
    "set-witness": lambda s: {"is_witness": "0"},
    "activity-sheets": lambda s: {"duties": [s.duty.pk]},
    "activity-scans": lambda s: {"files": picture(200)},
    "unit-sheets": lambda s: {"duties": [each.pk for each in s.pact.obligations.all()]},
    "hand-in": lambda s: {"agency": s.agency.pk, "files": picture(201)},
    "reconcile-scan": lambda s: {"signed_on": TODAY, "looked": "on"},
    "confirm-scan": lambda s: {"looked": "on"},
    "refuse-scan": lambda s: {"reason": "tidak bertanda tangan"},
    "language": lambda s: {"language": "en"},
    "mfa_edit_webauthn": lambda s: {"name": "Ponsel lama"},
    "new-clipping": lambda s: {"text": "Besok apel."},
    "clipping": lambda s: {"mark": clippings.propose(s.clipping).mark, "becomes": "kept", "note": "tunggu"},
    "case": lambda s: {"act": "note", "text": "hubungi panwascam"},
    "case-team": lambda s: {"act": "assign"},
    "case-respondent": lambda s: {"act": "wrong"},
    "case-filters": lambda s: {"act": "keep", "name": "Terlambat", "query": "tempo=late"},
    "find-person": lambda s: {"q": "Sari guru"},
    "help-people": lambda s: {"q": "Sari guru"},
    "help-acts": lambda s: {"text": "Camat membagikan stiker calon"},
    "triage": lambda s: {"reason": "double"},
    "choose-reports": lambda s: {"which": "ticked", "report": report_of(s.report)["number"]},
    "tick-sealed-report": lambda s: {"met": ["pilkada-material-account"]},
    "answer-sealed-report": lambda s: {"sealed": sealed_answer()},
    "change-sealed-report": lambda s: {"state": "initial_information", "was": Report.objects.get(pk=s.report.pk).state},
    "answer-report-copy": lambda s: {"answer": "take"},
    "hold-report": lambda s: {"kind": "case", "until_on": TODAY + timedelta(days=30)},
    "retention-terms": lambda s: {"kind": "closed", "days": "200"},
}  # fmt: skip
# Forms of others that need a device or a secret to be right; that they answer is enough here.
ANSWERS_ONLY = {
    "account_login", "sign-in-code", "set-first-password", "set-first-passkey", "mfa_authenticate", "mfa_login_webauthn",
    "openid_connect_login", "openid_connect_callback", "account_reauthenticate", "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn", "mfa_add_webauthn", "mfa_activate_totp", "mfa_deactivate_totp",
    "conclude-reports",  # each report is refused or done by itself (web/test_workbench.py)
    "choose-reports",  # of a supervisor it asks for a report of another body
    # What a step, a team, a respondent and a part of a report ask is tested with them (web/test_cases.py).
    "case-step", "case-team", "case-new", "case-respondent-new", "case-respondent", "case-report",
    "clipping",  # of a body: its form carries the mark of that one clipping
    *ENTRY_PAGES,  # what a form carries is made with it (web/test_staff_entry.py)
    # Only a browser that has the secret makes what these take.
    "make-report-key", "propose-key-set", "sign-key-set", "reseal-hand-out", "reseal-keep", "copy-sealed-report",
    "reseal-offline", "make-body-secret", "share-body-secret", "report-prints", "body-secret-unopened",
    # These ask for two reports that are doubles (web/test_report_doubles.py).
    "merge-reports", "dismiss-doubles", "unmerge-report",
    "mfa_remove_webauthn",  # theirs is the only way in that they have, and is not taken off
}  # fmt: skip

# No provider is configured on the stage (test_single_sign_on.py starts one): it does not exist.
NOT_CONFIGURED = {"openid_connect_login", "openid_connect_callback"}


def sealed_answer() -> str:
    """Return an answer as an officer's browser seals it."""
    message = sealing.padded({"v": 1, "text": "Terima kasih", "asks": [], "files": []})
    return base64.b64encode(sealing.seal(message, [sealing.Key.new().recipient])).decode()


def code_now(activity: Activity) -> str:
    """Return the code that the venue of an activity shows at this moment."""
    return code_of(activity.secret, activity.pk, window_of(timezone.now()))


# --- what is expected --------------------------------------------------------------------------------------------


def sides_of(name: str) -> tuple[str, ...]:
    if name in PERSONAL:
        return ("own", "colleague", "foreign")
    if name in FURTHER_PAGES:
        # By consent nothing is offered that could be taken back.
        further = [side for side in FURTHER_SIDES if side != "consent" or name not in OFFER_PAGES]
        return ("own", *(("sibling",) if name in SIBLINGS else ()), "foreign", *further)
    if name in SIBLINGS:
        return ("own", "sibling", "foreign")
    return ("own", "foreign") if name in OBJECTS else ("own",)


def reaches(account: Account, name: str, side: str) -> bool:
    """Say whether an account that holds the permission reaches the object of this side, by the table of access."""
    if name in (*PERSONAL, *OF_READERS, *COPY_PAGES):
        return side == "own" or side in FURTHER_SIDES
    overs = {GIVEN_OVER[role] for role in account.carriers(permission_of(name))}
    return {
        "own": True,
        "sibling": bool(overs & {Over.AGENCY, Over.INSTALLATION}),
        "foreign": Over.INSTALLATION in overs,
    }[side]


def _owner(stage: Stage, account: Account, side: str) -> Account:
    """Whose personal object is meant: one's own, that of a colleague of the same school, that of Tono."""
    if side == "own":
        return account
    if side == "colleague":
        other = Role.UNIT_HEAD if account.user == stage.sari else Role.CIVIL_SERVANT
        return stage.accounts[other]
    away = stage.away
    somebody = stage.accounts[Role.AUDITOR if account is not stage.accounts[Role.AUDITOR] else Role.ADMINISTRATOR]
    return Account(
        stage.tono, frozenset(), passkey=somebody.passkey, duty=away.duty, signed_duty=away.signed_duty,
        signature=away.signature, paper=away.paper, decision=away.gatherings.final_decision,
        leave=away.leave, part=away.part, evidence=away.evidence,
    )  # fmt: skip


def _held(account: Account, name: str) -> Any:
    """Return what an account holds through its body that a page is about; nothing where it has no body."""
    if name in OF_READERS:
        return account.report
    if name in COPY_PAGES:
        return account.copy
    if name in CLIPPING_PAGES:
        return account.clipping
    if name in CASE_PAGES:
        return account.case
    return account.body if name in KEY_PAGES + ENTRY_PAGES else account.inquiry


def address(stage: Stage, name: str, account: Account | None, side: str) -> str:
    """Return the address of the object of this side."""
    if not takes_arguments(name):
        return reverse(name)
    place: Side = stage.away if side == "foreign" else stage.home
    held = account and _held(account, name)
    if side in FURTHER_SIDES:
        report = (held and getattr(account, FURTHER_SIDES[side])) or getattr(stage.home, FURTHER_SIDES[side])
        of = next(of for names, of in _OF_REPORT if name in names)
        return reverse(name, kwargs=of(report))
    if name in OF_BODY and side == "own" and held:
        return reverse(name, kwargs=OF_BODY[name](account))
    if name in OF_HOLDER and side == "own" and account is not None and account.roles == {Role.OFFICE_HOLDER}:
        return reverse(name, kwargs=OF_HOLDER[name](place))
    if name in PERSONAL:
        owner = _owner(stage, account or stage.accounts[Role.CIVIL_SERVANT], side)
        return reverse(name, kwargs=PERSONAL[name](owner))
    made = SIBLINGS[name] if side == "sibling" else OBJECTS.get(name) or PUBLIC[name]
    return reverse(name, kwargs=made(place))


def send(client: Client, method: str, path: str, form: dict[str, Any]) -> int:
    client.raise_request_exception = False
    response = client.get(path) if method == "GET" else client.post(path, form)
    return response.status_code, response.get("Location", "")


def _walk() -> Iterator[Any]:
    for name in urls():
        for side in sides_of(name):
            # A pact of one's own has only who is on the roster; all others are asked about Sari's, and Tono's.
            no_own = name in PERSONAL and side == "own" and not name.startswith("mfa_")
            roles = [role for role in Role if side not in FURTHER_SIDES or permission_of(name) in access.GRANTS[role]]
            for role in (None, *(sorted(FROM_ROSTER) if no_own else roles)):
                yield pytest.param(name, role, side, id=f"{name}-{role or 'anonymous'}-{side}")


# --- the walk ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "role", "side"), list(_walk()))
def test_a_url_opens_to_whom_the_table_says_and_to_nobody_else(stage, name, role, side):
    account = stage.accounts[role] if role else None
    path = address(stage, name, account, side)
    permission = permission_of(name)
    place = stage.away if side == "foreign" else stage.home
    form = FORMS[name](place) if name in FORMS else {}
    if name == "check-in" and role is Role.OFFICE_HOLDER:
        form = {"code": code_now(place.ceremonies.holder_ceremony)}
    for method in ("GET", "POST"):
        entries = LogEntry.objects.count()
        status, goes_to = send(account.client() if account else quick_client(), method, path, form)
        about = f"{method} {path} by {role or 'anonymous'} ({side}): {status} {goes_to}"
        if method not in methods_of(name):
            assert status == 405, about
        elif is_demo_only(name):
            assert status in (404, 405), about
        elif permission is None:
            assert (status == 404) if name in NOT_CONFIGURED else (status not in (403, 404) and status < 500), about
        elif account is None:
            assert status == 302 and goes_to.startswith(f"{reverse('account_login')}?next="), about
        elif permission not in account.permissions:
            assert status == 403, about
        elif not reaches(account, name, side):
            assert status in (404, 405), about
        elif side in FURTHER_SIDES and method == "POST" and name not in FURTHER_ACTS:
            assert status == 422 or (status == 302 and name in HOLD_PAGES), about
        else:
            assert status in (200, 302, 405) or (status == 422 and name in ANSWERS_ONLY), about
            sent_away = goes_to.startswith(reverse("account_login")) or goes_to == reverse("mfa_index")
            assert name in ANSWERS_ONLY or not sent_away, about
            continue
        if permission is not None:
            assert LogEntry.objects.count() == entries, f"{about}, and yet something happened"


def test_the_walk_meets_every_role_and_every_url(stage):
    assert set(stage.accounts) == set(Role)
    missing = {name for name in urls() if takes_arguments(name)} - OBJECTS.keys() - PERSONAL.keys() - PUBLIC.keys()
    assert not missing, f"no object is known for these URLs: {missing}"


def test_an_account_of_the_walk_holds_the_roles_that_the_records_say(stage):
    for role, account in stage.accounts.items():
        held = {grant.role for grant in accounts.grants_of(account.user, now=MORNING)}
        assert held == account.roles, role


# --- the marks on views ------------------------------------------------------------------------------------------


def test_every_view_says_who_may_open_it():
    for name, pattern in urls().items():
        assert hasattr(pattern.callback, "permission"), f"{name} carries neither @may nor @open_to_all nor @demo_only"
        assert permission_of(name) is None or permission_of(name) in access.PERMISSIONS, name


def test_the_views_without_sign_in_are_these_and_no_others():
    assert {name for name in urls() if permission_of(name) is None and not is_demo_only(name)} == OPEN
    assert {name for name in urls() if is_demo_only(name)} == DEMO_ONLY


def test_the_views_for_everybody_signed_in_are_these_and_no_others():
    assert {name for name in urls() if permission_of(name) in access.EVERYBODY} == OWN


def test_every_url_has_a_name_of_its_own():
    names = [each.name for each in _patterns(get_resolver())]
    assert None not in names
    assert len(names) == len(set(names))


def test_every_right_in_the_table_opens_something():
    """A right without a page is either a page that was forgotten or a promise that nobody can check. A page of a case is one for
    many acts: each asks for its own right in its service.
    """
    opened = {permission_of(name) for name in urls()}
    services = "".join(
        path.read_text() for path in sorted((Path(__file__).parents[2] / "ikrar/services").glob("case*.py"))
    )
    opened |= set(re.findall(r'"(case\.\w+)"', services))
    later = {
        "roster.export": "part 3: lists leave the house only with a log entry",
    }
    assert access.PERMISSIONS - opened == set(later)


# --- the second factor -------------------------------------------------------------------------------------------


def _weak_walk() -> Iterator[Any]:
    for name in urls():
        permission = permission_of(name)
        if permission is None:
            continue
        asked = frozenset(Role) if permission in access.ASKS_SECOND_FACTOR else NEEDS_SECOND_FACTOR
        for role in sorted(asked):
            if permission in access.GRANTS[role]:
                yield pytest.param(name, role, id=f"{name}-{role}")


@pytest.mark.parametrize(("name", "role"), list(_weak_walk()))
def test_an_officer_without_a_second_factor_is_sent_to_set_one_up(stage, name, role):
    account = stage.accounts[role]
    path = address(stage, name, account, "own")
    entries = LogEntry.objects.count()
    for method in methods_of(name) & {"GET", "POST"}:
        status, goes_to = send(
            browser(account.user, strong=False), method, path, FORMS.get(name, lambda s: {})(stage.home)
        )
        assert (status, goes_to) == (302, reverse("mfa_index")), f"{method} {path}"
    assert LogEntry.objects.count() == entries


def test_a_role_of_the_roster_does_not_open_the_reach_of_an_officers_role_without_a_second_factor(stage):
    """Budi heads a school (no second factor asked) and is made programme officer of the city (second factor asked)."""
    accounts.add_grant(stage.budi, Role.PROGRAMME_OFFICER, agency=stage.home.agency, by=None, now=MORNING)
    weak = browser(stage.budi, strong=False)
    own = reverse("coverage-unit", args=[stage.home.pact.pk, stage.home.school.pk])
    city = reverse("coverage-unit", args=[stage.home.pact.pk, stage.home.root.pk])
    assert weak.get(own).status_code == 200
    response = weak.get(city)
    assert response.status_code == 404 or response.get("Location") == reverse("mfa_index"), (
        "with the password alone the head of a school sees the whole city"
    )
    strong = browser(stage.budi)
    assert strong.get(city).status_code == 200


def test_the_workbench_of_an_officer_stays_empty_before_the_second_factor(stage):
    response = browser(stage.rina, strong=False).get(reverse("home"))
    assert response.status_code == 200
    assert not response.context["programmes"], "figures of the city are shown with a password alone"
    assert not response.context["imports"], "names of roster files are shown with a password alone"


# --- roles that ended --------------------------------------------------------------------------------------------


def test_a_role_that_ended_opens_nothing(stage):
    accounts.end_grant(stage.home.grant, by=None, now=MORNING)
    assert browser(stage.rina).get(reverse("rounds")).status_code == 403


@pytest.mark.parametrize("status", ["retired", "died", "dismissed", "resigned"])
def test_whoever_left_the_service_heads_no_unit_any_more(stage, status):
    stage.home.head.placements.filter(until_on=None).update(status=status)
    client = browser(stage.budi)
    assert client.get(reverse("coverage")).status_code == 403
    assert client.get(reverse("unit", args=[stage.home.school.pk])).status_code == 403


# --- reaching over through a form --------------------------------------------------------------------------------


def _reach(stage: Stage) -> dict[str, tuple[str, dict[str, Any]]]:
    home, away = stage.home, stage.away
    return {
        "a round for the other agency": (reverse("new-round"), FORMS["new-round"](away)),
        "a roster for the other agency": (reverse("imports"), FORMS["imports"](away)),
        "an office of the other agency": (reverse("offices"), FORMS["offices"](away)),
        "an office in a unit of the other agency": (
            reverse("offices"), {"agency": home.agency.pk, "unit": away.school.pk, "title": "K", "kind": "other"},
        ),
        "a body of the other agency": (reverse("bodies"), FORMS["bodies"](away)),
        "a unit under one of the other agency": (
            reverse("new-unit", args=[home.agency.pk]), {**FORMS["new-unit"](home), "parent": away.root.pk},
        ),
        "a unit moved under one of the other agency": (
            reverse("change-unit", args=[home.school.pk]), {**FORMS["change-unit"](home), "parent": away.education.pk},
        ),
        "a person placed in the other agency": (
            reverse("change-person", args=[home.teacher.pk]), {**FORMS["change-person"](home), "unit": away.school.pk},
        ),
        "a member from the other agency": (reverse("body", args=[home.body.pk]), FORMS["body"](away)),
        "a head of unit from the other agency": (
            reverse("take-over", args=[home.office.pk]),
            {"number": away.teacher.identifier, "capacity": "plt", "from_at": "2024-10-25T09:00"},
        ),
        "a superior from the other agency": (
            reverse("change-person", args=[home.teacher.pk]),
            {"unit": home.school.pk, "post": "Guru", "status": "active", "superior": away.teacher.identifier},
        ),
    }  # fmt: skip


REACHES = (
    "a round for the other agency", "a roster for the other agency", "an office of the other agency",
    "an office in a unit of the other agency", "a body of the other agency", "a unit under one of the other agency",
    "a unit moved under one of the other agency", "a person placed in the other agency",
    "a member from the other agency", "a head of unit from the other agency", "a superior from the other agency",
)  # fmt: skip


@pytest.mark.parametrize("what", REACHES)
def test_a_form_does_not_reach_into_the_other_agency(stage, what):
    path, form = _reach(stage)[what]
    entries = LogEntry.objects.count()
    response = browser(stage.rina).post(path, form)
    assert response.status_code == 422, f"{what}: {response.status_code}"
    assert LogEntry.objects.count() == entries
    assert "Tono" not in response.content.decode()


def test_a_number_of_the_other_agency_is_answered_like_one_that_nobody_has(stage):
    """Else the form of a team tells any officer of the country who serves where."""
    client, path = browser(stage.rina), reverse("body", args=[stage.home.body.pk])
    said = []
    for number in (stage.away.teacher.identifier, "198001012005011999"):
        form = {**FORMS["body"](stage.home), "number": number}
        said.append(client.post(path, form).content.decode().replace(number, "…"))
    errors = [page[page.index('class="errors"') : page.index("</div>", page.index('class="errors"'))] for page in said]
    assert errors[0] == errors[1]


def test_a_round_that_two_agencies_owe_shows_each_its_own_and_no_more(stage):
    shared = stage.away.pact
    shared.agencies.add(stage.home.agency)
    client = browser(stage.rina)
    assert client.get(reverse("round", args=[shared.pk])).status_code == 200
    assert client.get(reverse("coverage-unit", args=[shared.pk, stage.home.root.pk])).status_code == 200
    for unit in (stage.away.root, stage.away.school):
        for name in ("coverage-unit", "missing", "bundle"):
            assert client.get(reverse(name, args=[shared.pk, unit.pk])).status_code == 404, name
        assert client.post(reverse("remind", args=[shared.pk, unit.pk])).status_code == 404
    for name in ("new-text", "issue-round", "close-round"):
        assert client.post(reverse(name, args=[shared.pk]), FORMS["new-text"](stage.home)).status_code == 404, name
    page = client.get(reverse("round", args=[shared.pk])).content.decode()
    assert reverse("coverage-unit", args=[shared.pk, stage.away.root.pk]) not in page


def test_lists_hold_nothing_of_the_other_agency(stage):
    client = browser(stage.rina)
    for name in ("rounds", "coverage", "people", "units", "imports", "offices", "bodies", "elections", "home"):
        page = client.get(reverse(name)).content.decode()
        assert "Payakumbuh" not in page, name
        assert "Tono" not in page and "Tina" not in page, name
    # What was typed comes back in its field and in the way back of the change of language, and nowhere else.
    answer = client.get(reverse("people"), {"q": "Tono"}).content.decode()
    assert "Tono" not in answer.replace('value="Tono"', "").replace("?q=Tono", "")
    found = client.get(reverse("people"), {"q": stage.away.teacher.identifier})
    assert found.context["people"].paginator.count == 0


def test_whoever_moved_to_another_agency_is_that_agencys_record(stage):
    teacher = stage.home.teacher
    teacher.placements.filter(until_on=None).update(until_on=TODAY)
    teacher.placements.create(unit=stage.away.school, employment="pns", from_on=TODAY)
    assert browser(stage.rina).get(reverse("person", args=[teacher.pk])).status_code == 404
    assert browser(stage.away_officer).get(reverse("person", args=[teacher.pk])).status_code == 200


def test_the_new_agency_does_not_read_what_was_said_to_the_old_one(stage):
    """A reason for refusing is read by the programme officer it was said to (so the form promises), not by the next."""
    teacher, duty = stage.home.teacher, stage.home.duty
    type(duty).objects.filter(pk=duty.pk).update(state="refused", reason="rahasia keluarga saya")
    teacher.placements.filter(until_on=None).update(until_on=TODAY)
    teacher.placements.create(unit=stage.away.school, employment="pns", from_on=TODAY)
    page = browser(stage.away_officer).get(reverse("person", args=[teacher.pk])).content.decode()
    assert "rahasia keluarga saya" not in page


def test_somebody_who_is_on_no_roster_has_only_his_own_account(stage):
    client = browser(outsider("SIAPA", "Siapa Saja"))
    opened = {
        name
        for name in urls()
        if permission_of(name) and not takes_arguments(name) and client.get(reverse(name)).status_code == 200
    }
    assert {permission_of(name) for name in opened} == access.EVERYBODY


# --- numbers that no record can have -------------------------------------------------------------------------------

TOO_LARGE = 99999999999999999999


def _with_number() -> list[str]:
    return sorted(
        name
        for name, pattern in urls().items()
        if any(isinstance(each, IntConverter) for each in pattern.pattern.converters.values())
    )


@pytest.mark.parametrize("name", _with_number())
def test_a_number_that_no_record_can_have_is_not_found_in_an_address(stage, name):
    known = OBJECTS.get(name) or OF_BODY.get(name) or PUBLIC.get(name) or PERSONAL.get(name)
    whose = stage.accounts[Role.CIVIL_SERVANT] if name in PERSONAL else stage.home
    parts = known(whose) if name in OBJECTS or name not in OF_BODY else {"pk": 1}
    numbers = [
        each for each, converter in urls()[name].pattern.converters.items() if isinstance(converter, IntConverter)
    ]
    permission = permission_of(name)
    for account in stage.accounts.values():
        if permission is not None and permission not in account.permissions:
            continue
        for number in numbers:
            path = reverse(name, kwargs=parts | {number: TOO_LARGE})
            for method in ("GET", "POST"):
                form = FORMS[name](stage.home) if name in FORMS else {}
                status, _goes_to = send(account.client(), method, path, form)
                assert status in (302, 404, 405), f"{method} {path} by {account.roles}: {status}"
        if permission is None:
            break
