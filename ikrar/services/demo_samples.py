"""Reports of the demo: all of them invented, in agencies and units that do not exist, each at another stage.

They are filed, asked about and decided as any other, by the services that do it. Their codes are no secrets: a demo tells one.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ikrar.domain import return_codes
from ikrar.domain.reports import Asks
from ikrar.domain.return_codes import ReturnCode
from ikrar.gateways import pictures, sealing
from ikrar.records.models import Body, Installation, Report, ReportTriage, RoleGrant, User
from ikrar.services import clock, demo_reports, keysets, mailbox, report_desk, report_triage, reports, rules

_UNIT = "Balai Pengujian Umpama"
_SAMPLES: tuple[dict[str, Any], ...] = (
    {
        "what": "Kepala balai umpama membagikan kaus bergambar satu pasangan calon kepada stafnya sesudah apel, dan meminta"
        " mereka memakainya akhir pekan.",
        "when": "Senin pagi, sesudah apel", "where": f"Halaman {_UNIT}",
        "who": [{"name": "", "post": "kepala balai", "unit": _UNIT}],
        "witnesses": [{"name": "Dua orang staf yang menerima kaus", "contact": ""}],
    },
    {
        "what": "Di grup percakapan kantor umpama seorang pejabat menyukai dan membagikan unggahan kampanye pada jam kerja.",
        "when": "Rabu siang", "where": "Grup percakapan Dinas Rekaan Bersama",
        "who": [{"name": "Contoh Belaka", "post": "kepala seksi", "unit": "Dinas Rekaan Bersama"}],
        "links": [{"address": "https://contoh.example/unggahan-rekaan", "captured": ""}],
    },
    {
        "what": "Seorang lurah rekaan ikut menyusun daftar penerima bantuan bersama tim salah satu pasangan calon.",
        "when": "Kamis sore", "where": "Balai warga Kelurahan Misal Indah",
        "who": [{"name": "", "post": "lurah", "unit": "Kelurahan Misal Indah (rekaan)"}],
    },
    {
        "what": "Baliho pasangan calon terpasang di depan kantor balai; saya kira pegawainya yang memasang.",
        "when": "Pekan lalu", "where": f"Depan {_UNIT}", "who": [],
    },
    {
        "what": "Camat dari kecamatan rekaan berdiri di panggung kampanye, mengenakan seragam dinas, dan mengangkat dua jari"
        " bersama tim pasangan calon.",
        "when": "Sabtu malam", "where": "Lapangan Kecamatan Andaikata",
        "who": [{"name": "Andai Belaka", "post": "camat", "unit": "Kecamatan Andaikata (rekaan)"}],
        "witnesses": [{"name": "Saksi Rekaan Satu", "contact": "0800-0000-0001"}, {"name": "Saksi Rekaan Dua", "contact": ""}],
        "links": [{"address": "https://contoh.example/siaran-rekaan", "captured": ""}],
    },
    {"what": "tes tes coba", "when": "", "where": "", "who": []},
)  # fmt: skip
_WITH_PHOTO = (0, 4)
_FORMAL = 4
_IDENTITY = {
    "name": "Pelapor Rekaan", "address": "Jalan Contoh 7, Kelurahan Misal Indah", "phone": "0800-0000-0000",
    "job": "pedagang", "citizenship": "Indonesia",
}  # fmt: skip


def code_of(body: Body, place: int) -> ReturnCode:
    """Return the code of a sample; the same on every demo."""
    drawn = hashlib.sha256(f"ikrar/demo/report/{body.kind}/{place}".encode()).digest()
    return return_codes.new(lambda count: drawn[:count])


def told_code() -> str:
    """Return the code of a mailbox that a visitor of a demo may open; empty on a real installation."""
    if not Installation.objects.filter(is_demo=True).exists():
        return ""
    for body, _officer in _inboxes():
        code = code_of(body, 1)
        if Report.objects.filter(body=body, finder=code.finder(reports.pepper())).exists():
            return code.text
    return ""


def _inboxes() -> list[tuple[Body, User]]:
    """Return the two inboxes that a visitor can step into, each with the officer whom he stands for there."""
    firsts = [users[0] for users in demo_reports.officers() if users]
    grants = RoleGrant.objects.filter(user__in=firsts, body__isnull=False).exclude(body__kind=Body.Kind.BKN)
    by_user = {grant.user_id: grant.body for grant in grants.select_related("body__agency", "body__region")}
    return [(by_user[user.pk], user) for user in firsts if user.pk in by_user][:2]


def file_all(*, now: datetime) -> None:
    """Give those inboxes their samples, if they have no report yet."""
    for body, officer in _inboxes():
        if not Report.objects.filter(body=body).exists():
            _file(body, officer, now)


def _file(body: Body, officer: User, now: datetime) -> None:
    shown = keysets.current(body)
    if shown is None:
        return
    to = reports.addressees(body, key_set=shown.digest, now=now)
    held = [each for each in rules.book().requirements.values() if each.regime == "pilkada"]
    on = clock.today(reports.zone_of_body(body))
    for place, sample in enumerate(_SAMPLES):
        sealing_one = reports.Sealing()
        if place in _WITH_PHOTO:
            sealing_one.file("kaus-umpama.jpg").write(pictures.sample_photo())
        content = {
            "v": 1, "known_on": on.isoformat(), "channel": "plain", "language": "id", "exclude": {"keys": [], "names": []},
            "witnesses": [], "links": [], **sample,
        }  # fmt: skip
        identity = {"v": 1, **_IDENTITY} if place == _FORMAL else None
        brought = _brought(sample, named=identity is not None, has_file=place in _WITH_PHOTO)
        reports.receive(
            sealing_one.finish(content, identity, to, code_of(body, place), on=on), body=body, channel="plain", known_on=on,
            regime="pilkada", ticks=[each.id for each in held if each.asks in brought], now=now,
        )  # fmt: skip
    asked, named, decided, formal, empty = (code_of(body, place) for place in range(1, 6))
    _ask(body, officer, asked, "Siapa yang melihat unggahan itu, dan apakah ada tangkapan layarnya?", now)
    _answer(asked, "Tiga orang di grup itu melihatnya; tangkapan layar menyusul.", now)
    mailbox.step_forward(mailbox.open_box(named), _IDENTITY, now=now)
    _ask(body, officer, named, "Terima kasih. Mohon lengkapi nama dua orang saksi.", now, asks=True)
    _decide(body, officer, decided, now)
    _register(body, officer, formal, [each.id for each in held], now)
    _set_aside(body, officer, empty, now)


def _brought(sample: Mapping[str, Any], *, named: bool, has_file: bool) -> set[Asks]:
    """Return what a sample brings of what a report must have."""
    found = {Asks.ACCOUNT, Asks.WITHIN_TIME}
    found |= {Asks.TIME_AND_PLACE} if sample["when"] and sample["where"] else set()
    found |= {Asks.RESPONDENT} if sample["who"] else set()
    found |= {Asks.EVIDENCE} if has_file or sample.get("witnesses") or sample.get("links") else set()
    return found | ({Asks.REPORTER} if named else set())


def _message(text: str, report: Report) -> bytes:
    return sealing.seal(sealing.padded({"v": 1, "text": text, "asks": [], "files": []}), [report.dialogue_to])


def _opened(body: Body, officer: User, code: ReturnCode, now: datetime) -> report_desk.Seen:
    number = Report.objects.get(finder=code.finder(reports.pepper())).pk
    report_desk.open_report(report_desk.seen(officer, [body.pk], number), by=officer, now=now)
    return report_desk.seen(officer, [body.pk], number)


def _ask(body: Body, officer: User, code: ReturnCode, text: str, now: datetime, *, asks: bool = False) -> None:
    found = _opened(body, officer, code, now)
    report_desk.reply(found, _message(text, found.report), asks=asks, by=officer, now=now)


def _answer(code: ReturnCode, text: str, now: datetime) -> None:
    box = mailbox.open_box(code)
    mailbox.reply(box, text, [], mailbox.adding(box), now=now)


def _decide(body: Body, officer: User, code: ReturnCode, now: datetime) -> None:
    found = _opened(body, officer, code, now)
    told = _message("Pemasangnya bukan pegawai; baliho itu urusan penertiban, bukan netralitas.", found.report)
    report_desk.change_state(found, "not_a_breach", was=found.report.state, sealed=told, by=officer, now=now)


def _register(body: Body, officer: User, code: ReturnCode, met: Sequence[str], now: datetime) -> None:
    found = _opened(body, officer, code, now)
    report_desk.tick(found, met, by=officer, now=now)
    told = _message("Laporan Anda lengkap dan diregistrasi. Terima kasih atas buktinya.", found.report)
    report_desk.change_state(found, "formal", was=found.report.state, sealed=told, by=officer, now=now)


def _set_aside(body: Body, officer: User, code: ReturnCode, now: datetime) -> None:
    number = Report.objects.get(finder=code.finder(reports.pepper())).pk
    chosen = report_triage.choose(officer, [body.pk], [number], ReportTriage.Act.SET_ASIDE, now=now)
    report_triage.order(chosen, reason=ReportTriage.Reason.EMPTY, now=now)
    report_triage.run(chosen.pk, now=now)
