"""Doubles of sealed reports: the body's secret, prints, what is suggested to whom, matters that are merged and un-merged."""

import json

import pytest
from django.db import transaction

from ikrar.domain import prints
from ikrar.domain.errors import ReportActRefused
from ikrar.domain.prints import PrintKind
from ikrar.gateways import log_key, sealing
from ikrar.records.models import (
    Body,
    BodySecret,
    LogPayload,
    Report,
    ReportApart,
    ReportMember,
    ReportPrint,
)
from ikrar.services import report_desk, report_doubles, report_secrets, reports
from tests.reporting import make_desk

pytestmark = pytest.mark.django_db
CONTENT = {"v": 1, "what": "Camat meminta memilih", "when": "", "where": "", "who": [], "witnesses": [], "links": []}
SECRET = bytes(range(32))
PHOTO, CLIP = b"foto", b"klip"
POST = "https://www.instagram.com/p/Cabc123/?igsh=x"


@pytest.fixture
def desk(city, home, now):
    (home / "keys").mkdir()
    log_key.make(home / "keys", "log.example/log")
    body = Body.objects.create(agency=city, region_id="13.75", kind="bawaslu", name="Bawaslu Bukittinggi")
    made = make_desk(body, ["Ani Contohwati", "Beni Misalkan", "Cici Umpama"], now)
    assert made_secret(made, 0, now)
    return made


def sealed_secret(desk, to, secret=SECRET):
    recipients = [desk.keys[each].recipient for each in to]
    return sealing.seal(secret, [*recipients, desk.offline.recipient])


def made_secret(desk, number, now, *, to=(0, 1), version=1, secret=SECRET, signer=None):
    message = report_secrets.secret_message(desk.body.pk, version, prints.check_of(secret).hex())
    return report_secrets.make(
        desk.rows[number], sealed_secret(desk, to, secret), [desk.ids[each] for each in to], version=version,
        check=prints.check_of(secret).hex(), signature=(signer or desk.keys[number]).sign(message), key_set=desk.set().digest, by=desk.users[number], now=now,
    )  # fmt: skip


def filed(desk, now, *, excluded=()):
    to = reports.addressees(desk.body, key_set=desk.set().digest, excluded=excluded, now=now)
    sealed = reports.Sealing().finish(CONTENT, None, to, None, on=now.date())
    return reports.receive(sealed, body=desk.body, channel="plain", now=now).report


def see(desk, who, report):
    return report_desk.seen(desk.users[who], [desk.body.pk], report)


def printed(desk, who, report, now, *, files=(), pages=(), deeds=(), version=1, secret=SECRET):
    """Open a report and send its prints, as an officer's browser does."""
    found = see(desk, who, report)
    report_desk.open_report(found, by=desk.users[who], now=now)
    made = {
        PrintKind.EVIDENCE: [prints.file_print(secret, each) for each in files],
        PrintKind.PAGE: [prints.page_print(secret, each) for each in pages],
        PrintKind.DEED: [prints.deed_print(secret, *each) for each in deeds],
    }
    report_doubles.keep_prints(found, made, version=version, by=desk.users[who], now=now)
    return report_doubles.matches(found, desk.users[who])


def refused(reason):
    return pytest.raises(ReportActRefused, check=lambda error: error.reason == reason)


def merge(desk, who, *numbers, now):
    return report_doubles.merge(desk.users[who], [desk.body.pk], numbers, now=now)


def unmerge(desk, who, number, now):
    report_doubles.unmerge(desk.users[who], [desk.body.pk], number, now=now)


def dismiss(desk, who, *numbers, now):
    report_doubles.dismiss(desk.users[who], [desk.body.pk], numbers, now=now)


def suggested(desk, who):
    found = report_doubles.pairs(desk.users[who], [desk.body.pk])
    return {tuple(sorted(each.pk for each in group.reports)): group.because for group in found.groups}


def matched(found):
    return {each.report.pk: each.because for each in found.first}


def members(desk, who, number):
    found = report_doubles.matter_of(see(desk, who, number), desk.users[who])
    return {each.report.pk for each in found.members} if found else set()


def log():
    return [json.loads(bytes(each)) for each in LogPayload.objects.values_list("payload", flat=True)]


# --- the secret --------------------------------------------------------------------------------------------------


def test_the_first_secret_stays_and_whoever_came_second_takes_it(desk, now):
    assert not made_secret(desk, 1, now, secret=bytes(32))
    assert BodySecret.objects.get().check_value == prints.check_of(SECRET).hex()
    told = report_secrets.standing(desk.rows[1], now=now)
    (envelope,) = told.latest.envelopes
    assert sealing.unseal(envelope, desk.keys[1].identity) == SECRET
    assert sealing.unseal(envelope, desk.offline.identity) == SECRET


def test_a_holder_seals_the_secret_to_a_newcomer_and_nobody_else_may(desk, now):
    told = report_secrets.standing(desk.rows[2], now=now)
    assert told.latest.envelopes == () and told.lacking == ()
    assert report_secrets.standing(desk.rows[0], now=now).lacking == (desk.ids[2],)
    envelope, to = sealed_secret(desk, [2]), [desk.ids[2]]

    def share(number, sealed=envelope, to=to, key_set=desk.set().digest, version=1):
        report_secrets.share(
            desk.rows[number], sealed, to, version=version, key_set=key_set, by=desk.users[number], now=now
        )

    for reason, wrong in (
        ("keys_changed", {"key_set": "0" * 64}),
        ("recipients", {"to": [999]}),
        ("recipients", {"sealed": sealed_secret(desk, [1, 2])}),
        ("secret", {"version": 2}),
    ):
        with refused(reason):
            share(0, **wrong)
    with refused("not_yours"):  # who lacks it can give nobody the right one
        share(2)
    share(0)
    (mine,) = report_secrets.standing(desk.rows[2], now=now).latest.envelopes
    assert sealing.unseal(mine, desk.keys[2].identity) == SECRET
    assert report_secrets.standing(desk.rows[0], now=now).lacking == ()


def test_no_secret_is_taken_that_its_maker_did_not_sign(desk, now):
    with refused("secret"):
        made_secret(desk, 0, now, version=2, signer=desk.keys[1])
    with refused("secret"):
        made_secret(desk, 0, now, version=3)


def test_prints_of_an_older_secret_stay_comparable_among_themselves(desk, now):
    first, second, third = (filed(desk, now) for _ in range(3))
    printed(desk, 0, first, now, files=[PHOTO])
    printed(desk, 0, second, now, files=[PHOTO])
    other = bytes(reversed(SECRET))
    assert made_secret(desk, 1, now, version=2, secret=other)
    with refused("secret"):
        printed(desk, 0, third, now, files=[PHOTO])
    assert not printed(desk, 0, third, now, files=[PHOTO], version=2, secret=other).first
    assert set(suggested(desk, 0)) == {tuple(sorted((first, second)))}
    # Opened anew, the first is printed anew.
    assert matched(printed(desk, 0, first, now, files=[PHOTO], version=2, secret=other)) == {third: ("evidence",)}


# --- prints ------------------------------------------------------------------------------------------------------


def test_the_same_file_the_same_page_and_the_same_deed_match_each_with_its_reason(desk, now):
    first, second, third = (filed(desk, now) for _ in range(3))
    deed = ("19800101", "two-fingers", "2024-10-14")
    assert not printed(desk, 0, first, now, files=[PHOTO, CLIP], pages=[POST], deeds=[deed]).first
    assert matched(printed(desk, 0, second, now, files=[PHOTO], pages=["instagram.com/reel/Cabc123"])) == {
        first: ("evidence", "page")
    }
    assert matched(printed(desk, 0, third, now, deeds=[deed])) == {first: ("deed",)}
    assert suggested(desk, 1) == {
        tuple(sorted((first, second))): ("evidence", "page"),
        tuple(sorted((first, third))): ("deed",),
    }
    # They replace what stood there of their kinds, and what no other report has asks nothing any more.
    printed(desk, 0, third, now)
    assert not ReportPrint.objects.filter(report=third).exists()
    assert set(suggested(desk, 1)) == {tuple(sorted((first, second)))}


def test_prints_are_taken_only_from_whoever_opened_that_report(desk, now):
    report = filed(desk, now)
    found = see(desk, 0, report)
    made = {PrintKind.EVIDENCE: [bytes(32)]}
    with refused("unopened"):
        report_doubles.keep_prints(found, made, version=1, by=desk.users[0], now=now)
    report_desk.open_report(found, by=desk.users[0], now=now)
    for reason, wrong, version in (
        ("secret", {PrintKind.EVIDENCE: [bytes(31)]}, 1),
        ("secret", made, 2),
        ("many", {PrintKind.PAGE: [bytes([n] * 32) for n in range(prints.MOST_PRINTS + 1)]}, 1),
    ):
        with refused(reason):
            report_doubles.keep_prints(found, wrong, version=version, by=desk.users[0], now=now)
    assert not ReportPrint.objects.exists()


def test_what_a_key_does_not_open_neither_matches_nor_counts(desk, now):
    hidden = filed(desk, now, excluded=[desk.ids[0]])
    first, second = filed(desk, now), filed(desk, now)
    printed(desk, 1, hidden, now, files=[PHOTO])
    found = printed(desk, 0, first, now, files=[PHOTO])
    assert not found.first and not found.more
    assert not suggested(desk, 0) and set(suggested(desk, 1)) == {tuple(sorted((hidden, first)))}
    merge(desk, 1, hidden, first, now=now)
    # A print that is carried over by hand, and acts on what he may not know of, tell nothing.
    assert matched(printed(desk, 0, second, now, files=[PHOTO])) == {first: ("evidence",)}
    assert members(desk, 0, first) == set()
    assert report_doubles.matter_sizes(desk.users[0], [first, second, hidden]) == {}
    assert report_doubles.past_of(see(desk, 0, first), desk.users[0]) == []
    with refused("single"):
        unmerge(desk, 0, first, now)
    for act in (lambda: merge(desk, 0, hidden, first, now=now), lambda: dismiss(desk, 0, hidden, first, now=now)):
        with pytest.raises(Report.DoesNotExist):
            act()
    merge(desk, 0, first, second, now=now)
    assert members(desk, 0, first) == {first, second} and members(desk, 1, first) == {first, second, hidden}
    assert report_doubles.matter_sizes(desk.users[0], [first]) == {first: 2}
    assert report_doubles.matter_sizes(desk.users[1], [first]) == {first: 3}


# --- matters -----------------------------------------------------------------------------------------------------


def test_merging_takes_nothing_from_a_report_and_is_undone(desk, now):
    first, second = filed(desk, now), filed(desk, now)
    printed(desk, 0, first, now, pages=[POST])
    printed(desk, 0, second, now, pages=[POST])
    before = list(Report.objects.order_by("pk").values())
    merge(desk, 0, first, second, now=now)
    assert members(desk, 1, second) == {first, second} and not suggested(desk, 0)
    (match,) = report_doubles.matches(see(desk, 0, first), desk.users[0]).first
    assert match.in_matter
    unmerge(desk, 1, second, now)
    assert members(desk, 1, second) == set() == members(desk, 1, first)
    assert list(Report.objects.order_by("pk").values()) == before
    # Nothing of it is lost, and the pair is not proposed again.
    rows = list(ReportMember.objects.order_by("report"))
    assert [(row.by, row.until_by, row.because, row.ended) for row in rows] == [
        (desk.users[0], desk.users[1], "page", "unmerged")
    ] * 2
    (past,) = report_doubles.past_of(see(desk, 0, first), desk.users[0])
    assert past.others == (f"{second:016x}",)
    assert not suggested(desk, 0) and not report_doubles.matches(see(desk, 0, first), desk.users[0]).first
    told = [each for each in log() if each["event"] in ("report.merged", "report.unmerged")]
    assert sorted(each["event"] for each in told) == ["report.merged", "report.unmerged"]
    # An officer who knows better merges them all the same.
    merge(desk, 0, first, second, now=now)
    assert members(desk, 0, first) == {first, second}


def test_two_matters_are_joined_and_a_report_is_in_one_at_a_time(desk, now):
    a, b, c, d, e = (filed(desk, now) for _ in range(5))
    merge(desk, 0, a, b, now=now)
    merge(desk, 0, c, d, now=now)
    kept = merge(desk, 1, b, c, e, now=now)
    assert members(desk, 0, e) == {a, b, c, d, e}
    assert set(ReportMember.objects.filter(until=None).values_list("matter", flat=True)) == {kept}
    assert merge(desk, 1, a, e, now=now) == kept  # nothing is left to do
    assert ReportMember.objects.count() == 7
    unmerge(desk, 0, c, now)
    assert members(desk, 0, a) == {a, b, d, e} and not members(desk, 0, c)


def test_only_reports_of_one_body_that_are_not_gone_are_merged(desk, city, now):
    report = filed(desk, now)
    for wrong in ([], [report], [report, report]):
        with refused("few"):
            report_doubles.merge(desk.users[0], [desk.body.pk], wrong, now=now)
    body = Body.objects.create(agency=city, region_id="13.75", kind="inspectorate", name="Inspektorat Contoh")
    other = make_desk(body, ["Dodo Rekaan", "Eti Andaikan"], now)
    foreign = filed(other, now)
    with pytest.raises(Report.DoesNotExist):
        merge(desk, 0, report, foreign, now=now)
    with refused("single"):
        unmerge(desk, 0, report, now)
    gone = filed(desk, now)
    Report.objects.filter(pk=gone).update(erased_on=now.date())
    with refused("erased"):
        merge(desk, 0, report, gone, now=now)
    with refused("many"):
        report_doubles.merge(desk.users[0], [desk.body.pk], range(report_doubles.MOST_AT_ONCE + 1), now=now)


def test_ended_and_set_aside_reports_are_members_and_stay_what_they_are(desk, now):
    first, second, third = (filed(desk, now) for _ in range(3))
    Report.objects.filter(pk=second).update(state="closed")
    Report.objects.filter(pk=third).update(state="set_aside")
    merge(desk, 0, first, second, third, now=now)
    assert set(Report.objects.values_list("state", flat=True)) == {"received", "closed", "set_aside"}


def test_dismissed_pairs_are_not_proposed_again_and_a_third_report_still_is(desk, now):
    first, second = filed(desk, now), filed(desk, now)
    for each in (first, second):
        printed(desk, 0, each, now, files=[PHOTO])
    dismiss(desk, 0, first, second, now=now)
    assert not suggested(desk, 0)
    assert not printed(desk, 1, second, now, files=[PHOTO]).first and not suggested(desk, 1)
    third = filed(desk, now)
    assert set(matched(printed(desk, 0, third, now, files=[PHOTO]))) == {first, second}
    (group,) = suggested(desk, 0)
    assert third in group and len(group) == 2
    merge(desk, 0, first, third, now=now)
    with refused("few"):
        dismiss(desk, 0, first, third, now=now)


def test_a_flood_of_equal_prints_is_one_group_and_quickly_answered(desk, now):
    count = 500
    numbers = sorted(filed(desk, now) for _ in range(3))
    printed(desk, 0, numbers[0], now, files=[PHOTO])
    made = ReportPrint.objects.get()
    report = Report.objects.get(pk=numbers[0])
    reader = report.readers.get(key=desk.rows[0])
    copies = [_copied(report, number) for number in range(1, count)]
    Report.objects.bulk_create(copies)
    type(reader).objects.bulk_create(_copied(reader, 10_000 + n, report=each) for n, each in enumerate(copies))
    ReportPrint.objects.bulk_create(_copied(made, 20_000 + n, report=each) for n, each in enumerate(copies))
    found = printed(desk, 0, numbers[1], now, files=[PHOTO])
    assert len(found.first) == report_doubles.MOST_SHOWN and len(found.first) + found.more == count
    (group,) = suggested(desk, 0)
    assert len(group) == count + 1
    dismiss(desk, 0, *group, now=now)
    assert not suggested(desk, 0) and ReportApart.objects.count() == count + 1
    printed(desk, 0, numbers[2], now, files=[PHOTO])
    assert {len(group) for group in suggested(desk, 0)} == {2}
    merge(desk, 0, *group, now=now)
    assert report_doubles.matter_sizes(desk.users[0], [numbers[0]]) == {numbers[0]: count + 1}


def _copied(row, pk, **changes):
    made = type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})
    for name, value in ({"pk": pk, "finder": None} if isinstance(row, Report) else {"pk": pk, **changes}).items():
        setattr(made, name, value)
    return made


def test_prints_and_memberships_go_with_the_report(desk, now):
    first, second = filed(desk, now), filed(desk, now)
    for each in (first, second):
        printed(desk, 0, each, now, files=[PHOTO])
    dismiss(desk, 0, first, second, now=now)
    merge(desk, 0, first, second, now=now)
    with transaction.atomic():
        report_doubles.forget([first])
    assert not ReportPrint.objects.filter(report=first).exists()
    assert not ReportMember.objects.filter(report=first).exists()
    assert not ReportApart.objects.filter(report=first).exists()
    assert members(desk, 0, second) == set()


@pytest.mark.parametrize(
    "change",
    [
        lambda row: ReportMember.objects.filter(pk=row.pk).update(because="deed"),
        lambda row: ReportMember.objects.filter(pk=row.pk).update(matter=None),
        lambda row: BodySecret.objects.update(check_value="0" * 64),
        lambda row: BodySecret.objects.all().delete(),
    ],
)
def test_the_database_itself_keeps_what_was_merged_and_the_secret(desk, now, change):
    merge(desk, 0, filed(desk, now), filed(desk, now), now=now)
    row = ReportMember.objects.first()
    with pytest.raises(Exception, match=r"only ends|never|protected|NULL"), transaction.atomic():
        change(row)
