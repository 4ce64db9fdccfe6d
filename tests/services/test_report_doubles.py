"""Doubles of sealed reports: the body's secret, prints, what is suggested to whom, matters that are merged and un-merged."""

import json
import random
import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Q

from ikrar.domain import prints
from ikrar.domain.errors import ReportActRefused
from ikrar.domain.keysets import Signature, parse
from ikrar.domain.prints import PrintKind
from ikrar.gateways import log_key, sealing
from ikrar.records.models import (
    Body,
    BodySecret,
    BodySecretUnopened,
    LogPayload,
    Notice,
    Report,
    ReportApart,
    ReportMember,
    ReportPrint,
    RoleGrant,
)
from ikrar.services import keysets, report_desk, report_doubles, report_secrets, reports
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


def test_after_a_new_secret_what_is_unanswered_stays_so_while_reports_are_opened_one_by_one(desk, now):
    first, second = filed(desk, now), filed(desk, now)
    for each in (first, second):
        printed(desk, 0, each, now, files=[PHOTO])
    other = bytes(reversed(SECRET))
    assert made_secret(desk, 1, now, version=2, secret=other)
    assert matched(printed(desk, 0, first, now, files=[PHOTO], version=2, secret=other)) == {second: ("evidence",)}
    assert set(suggested(desk, 1)) == {tuple(sorted((first, second)))}
    # Under the new secret they are replaced as ever.
    printed(desk, 0, first, now, version=2, secret=other)
    assert set(ReportPrint.objects.values_list("report", "version")) == {(first, 1), (second, 1)}


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
    # Opened anew, the first is printed anew beside that.
    found = matched(printed(desk, 0, first, now, files=[PHOTO], version=2, secret=other))
    assert found == dict.fromkeys((second, third), ("evidence",))


def put_junk(desk, number, to, now):
    """Seal something else than the secret, as a hostile holder's browser could; the server cannot see it."""
    junk = sealed_secret(desk, to, secret=bytes(32))
    report_secrets.share(
        desk.rows[number], junk, [desk.ids[each] for each in to], version=1, key_set=desk.set().digest,
        by=desk.users[number], now=now,
    )  # fmt: skip


def say_unopened(desk, number, now, version=1):
    return report_secrets.keep_unopened(desk.rows[number], version=version, by=desk.users[number], now=now)


def test_who_cannot_open_the_secret_is_told_of_once_and_gets_it_again_a_few_times(desk, now):
    put_junk(desk, 0, (2,), now)
    assert report_secrets.standing(desk.rows[1], now=now).lacking == ()
    assert say_unopened(desk, 2, now)
    # Told once, however often he opens a report; his own browser has nothing new to try.
    assert not say_unopened(desk, 2, now) and report_secrets.standing(desk.rows[2], now=now).unopened
    told = Notice.objects.filter(kind="body_secret_unopened")
    assert {each.user_id for each in told} == {user.pk for user in desk.users} and told.count() == 3
    assert told.first().values["who"] == "Cici Umpama"
    assert [each.name for each in report_secrets.unopened(desk.body)] == ["Cici Umpama"]
    # Whoever opens a report next seals it to him anew; he has it then, and is named no more.
    assert report_secrets.standing(desk.rows[1], now=now).lacking == (desk.ids[2],)
    for tries in range(2, report_secrets.MOST_TRIES + 1):
        put_junk(desk, 0, (2,), now)
        assert not report_secrets.standing(desk.rows[2], now=now).unopened and not report_secrets.unopened(desk.body)
        assert say_unopened(desk, 2, now)
        assert BodySecretUnopened.objects.get().tries == tries
    # Not for ever: what is needed then is a new secret.
    assert report_secrets.standing(desk.rows[1], now=now).lacking == ()
    put_junk(desk, 0, (2,), now)
    assert BodySecret.objects.get().envelopes.count() == 1 + report_secrets.MOST_TRIES
    assert told.count() == 3 and [
        each["data"]["version"] for each in log() if each["event"] == "body_secret.unopened"
    ] == [1]
    assert made_secret(desk, 1, now, to=(0, 1, 2), version=2, secret=bytes(reversed(SECRET)))
    assert not report_secrets.standing(desk.rows[2], now=now).unopened and not report_secrets.unopened(desk.body)


def test_nobody_says_for_another_that_a_secret_is_closed_nor_shares_one_that_he_cannot_open(desk, now):
    with refused("not_yours"):
        say_unopened(desk, 2, now)  # nothing is sealed to him yet
    with refused("secret"):
        say_unopened(desk, 0, now, version=2)
    with refused("not_yours"):
        report_secrets.keep_unopened(desk.rows[0], version=1, by=desk.users[1], now=now)
    assert say_unopened(desk, 1, now)
    assert report_secrets.standing(desk.rows[1], now=now).lacking == ()
    with refused("not_yours"):
        put_junk(desk, 1, (2,), now)


def test_where_its_maker_left_another_holder_makes_a_new_secret_and_old_prints_stay_comparable(desk, now):
    first, second, third = (filed(desk, now) for _ in range(3))
    for number in (first, second):
        printed(desk, 1, number, now, files=[PHOTO])
    # Ani made the secret. She leaves: the next set does not name her, and browsers take no secret of hers any more.
    RoleGrant.objects.filter(user=desk.users[0]).update(until_at=now)
    proposal = keysets.propose(desk.body, keys=desk.ids[1:], offline=None, by=desk.users[1], now=now)
    message = parse(bytes(proposal.document)).message
    for each in (1, 2):
        keysets.sign(
            proposal, Signature(desk.keys[each].verifier, desk.keys[each].sign(message)), by=desk.users[each], now=now
        )
    stands = report_secrets.standing(desk.rows[1], now=now)
    assert stands.latest.verifier not in {each.verifier for each in desk.set().holders}
    other = bytes(reversed(SECRET))
    with refused("not_yours"):
        made_secret(desk, 0, now, version=2, secret=other)
    assert made_secret(desk, 1, now, to=(1, 2), version=2, secret=other)
    assert report_secrets.standing(desk.rows[2], now=now).latest.verifier == desk.keys[1].verifier
    assert set(suggested(desk, 1)) == {tuple(sorted((first, second)))}
    # What is opened anew is compared by both: with the old ones by the old print, with the new ones by the new.
    printed(desk, 1, first, now, files=[PHOTO], version=2, secret=other)
    assert matched(printed(desk, 2, third, now, files=[PHOTO], version=2, secret=other)) == {first: ("evidence",)}
    assert set(ReportPrint.objects.values_list("report", "version")) == {
        (first, 1),
        (second, 1),
        (first, 2),
        (third, 2),
    }


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


def test_what_a_colleague_merged_with_a_report_that_one_does_not_open_leaves_no_trace(desk, now):
    a, b, c = (filed(desk, now) for _ in range(3))
    hidden, hidden_too = (filed(desk, now, excluded=[desk.ids[0]]) for _ in range(2))
    later, last, end = (now + timedelta(days=days) for days in (1, 2, 3))
    merge(desk, 1, a, hidden, now=now)
    merge(desk, 0, a, b, now=later)
    told = report_doubles.matter_of(see(desk, 0, a), desk.users[0])
    assert {(each.since, each.by) for each in told.members} == {(later, desk.users[0])}
    told = report_doubles.matter_of(see(desk, 1, a), desk.users[1])
    assert {(each.report.pk, each.since, each.by) for each in told.members} == {
        (a, now, desk.users[1]), (hidden, now, desk.users[1]), (b, later, desk.users[0]),
    }  # fmt: skip
    # His own matter that went into an older one of them; and what he takes apart again.
    unmerge(desk, 0, b, last)
    merge(desk, 1, hidden, hidden_too, now=last)
    (past,) = report_doubles.past_of(see(desk, 0, a), desk.users[0])
    assert (past.others, past.since, past.by, past.until, past.until_by) == (
        (f"{b:016x}",), later, desk.users[0], last, desk.users[0],
    )  # fmt: skip
    last += timedelta(hours=1)
    merge(desk, 0, b, c, now=last)
    merge(desk, 1, b, hidden, now=end)
    unmerge(desk, 1, a, end + timedelta(days=1))
    told = report_doubles.matter_of(see(desk, 0, b), desk.users[0])
    assert {(each.report.pk, each.since, each.by) for each in told.members} == {
        (b, last, desk.users[0]), (c, last, desk.users[0]),
    }  # fmt: skip


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


def flood(desk, now, count, *, shared=0, own=0):
    """Equal reports, each with one photo; `shared`: links that all of them have, `own`: and such as no other one has."""
    first = filed(desk, now)
    printed(desk, 0, first, now, files=[PHOTO])
    made, report = ReportPrint.objects.get(report=first), Report.objects.get(pk=first)
    reader = report.readers.get(key=desk.rows[0])
    copies = [_copied(report, 10_000_000 + number) for number in range(1, count)]
    Report.objects.bulk_create(copies)
    type(reader).objects.bulk_create(_copied(reader, 10_000 + n, report=each) for n, each in enumerate(copies))
    ReportPrint.objects.bulk_create(_copied(made, 20_000 + n, report=each) for n, each in enumerate(copies))
    links = {
        each.pk: [f"{each.pk:032x}{n:032x}" for n in range(own)] + [f"{n:064x}" for n in range(shared)]
        for each in [report, *copies]
    }
    ReportPrint.objects.bulk_create(
        ReportPrint(report_id=each, body=made.body, kind="page", version=1, print=link, by=made.by, on=made.on)
        for each, all_of_it in links.items() for link in all_of_it
    )  # fmt: skip
    ReportPrint.objects.filter(Q(kind="evidence") | Q(report=first, print__startswith="0" * 60)).update(asks=True)
    return [report.pk, *(each.pk for each in copies)]


def test_acts_on_many_reports_ask_the_database_as_little_as_acts_on_few(desk, now, django_assert_max_num_queries):
    numbers = flood(desk, now, 300, shared=20, own=5)
    with django_assert_max_num_queries(60):
        merge(desk, 0, *numbers, now=now)
    assert not ReportPrint.objects.filter(asks=True).exists()
    with django_assert_max_num_queries(60):
        unmerge(desk, 0, numbers[0], now)
    rows = ReportApart.objects.count()
    assert rows == len(numbers)
    # Whatever is taken out after it: one judgement, in which it gets a side of its own.
    for number in numbers[1:4]:
        unmerge(desk, 0, number, now)
    assert ReportApart.objects.count() == rows and not suggested(desk, 0)
    dismiss(desk, 0, *numbers[:4], now=now)
    dismiss(desk, 0, numbers[0], numbers[4], now=now)
    assert ReportApart.objects.count() == rows
    newer = filed(desk, now)
    printed(desk, 0, newer, now, files=[PHOTO])
    with django_assert_max_num_queries(40):
        assert suggested(desk, 0)


@pytest.mark.parametrize("sides", ["one of many", "two halves", "two judgements", "none"])
def test_whom_a_flood_is_proposed_with_is_found_in_a_time_that_grows_with_it_and_no_faster(sides):
    def of(number, count):
        return {
            "one of many": {1: number}, "two halves": {1: number % 2}, "two judgements": {1: number, 2: count - number},
            "none": {},
        }[sides]  # fmt: skip

    steps, kept = [], report_doubles._Judged.next_for
    for count in (1_000, 10_000):
        asked = 0

        def counted(self, own, start):
            nonlocal asked
            asked += 1
            return kept(self, own, start)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(report_doubles._Judged, "next_for", counted)
            began = time.process_time()
            groups = report_doubles._proposed(range(count), {}, {each: of(each, count) for each in range(count)})
            assert time.process_time() - began < 5
        steps.append(asked)
        assert [len(each) for each in groups] == {"none": [count], "two halves": [count // 2] * 2}.get(sides, [])
    assert steps[1] <= 11 * steps[0]


def test_groups_are_those_of_trying_each_in_turn():
    chance = random.Random(7)
    for _each in range(300):
        members = range(1, chance.randint(3, 14))
        matters = {each: 100 + chance.randint(0, 4) for each in members if chance.random() < 0.4}
        judged = {each: {one: chance.randint(0, 3) for one in range(4) if chance.random() < 0.4} for each in members}
        units, groups = {}, []
        for each in members:
            units.setdefault(matters.get(each, each), []).append(each)
        for unit in units.values():
            for group in groups:
                others = [each for one in group for each in one]
                if not any(report_doubles._are_apart(judged[a], judged[b]) for a in unit for b in others):
                    group.append(unit)
                    break
            else:
                groups.append([unit])
        wanted = [each for each in groups if len(each) > 1] if len(units) > 1 else []
        assert report_doubles._proposed(members, matters, judged) == wanted


def test_what_is_answered_for_an_officer_takes_no_place_of_what_is_not(desk, now):
    links = [f"https://contoh.id/{number}" for number in range(60)]
    merged = [filed(desk, now) for _ in range(3)]
    parted = [filed(desk, now) for _ in range(3)]
    for numbers, words in ((merged, links), (parted, [f"{each}/b" for each in links])):
        for each in (*numbers, filed(desk, now, excluded=[desk.ids[0]])):
            printed(desk, 0 if each in numbers else 1, each, now, pages=words)
    merge(desk, 0, *merged, now=now)
    dismiss(desk, 0, *parted, now=now)
    wanted = [filed(desk, now), filed(desk, now)]
    for each in wanted:
        printed(desk, 0, each, now, files=[PHOTO])
    assert ReportPrint.objects.filter(kind="page", asks=True).count() == 480
    assert set(suggested(desk, 0)) == {tuple(sorted(wanted))}
    assert not report_doubles.pairs(desk.users[0], [desk.body.pk]).more


def test_more_equal_reports_than_one_act_merges_are_proposed_until_none_is_left(desk, now, monkeypatch):
    monkeypatch.setattr(report_doubles, "MOST_AT_ONCE", 40)
    numbers = flood(desk, now, 100)
    for _ in range(3):
        (group,) = suggested(desk, 0)
        assert len(group) <= 40
        merge(desk, 0, *group, now=now)
    assert not suggested(desk, 0) and not ReportPrint.objects.filter(asks=True).exists()
    assert report_doubles.matter_sizes(desk.users[0], [numbers[0]]) == {numbers[0]: 100}


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
