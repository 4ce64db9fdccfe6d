"""Newcomers of a key set, and whoever lost a key, get what lies in an inbox from an officer's browser; who is excluded does not."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from ikrar.domain import return_codes
from ikrar.domain.access import Role
from ikrar.domain.errors import ReportActRefused, ReportRefused, SealBroken
from ikrar.gateways import log_key, sealing
from ikrar.records.models import Body, LogPayload, Report, ReportAct, ReportEnvelope, ReportLeftOut, RoleGrant, User
from ikrar.services import clock, keysets, mailbox, report_copies, report_desk, report_exclusions, reports, resealing
from ikrar.services.resealing import Resealed
from tests.reporting import WRAPPED, make_desk

pytestmark = pytest.mark.django_db
CONTENT = {"v": 1, "what": "Camat meminta memilih", "when": "", "where": "", "who": [], "witnesses": [], "links": []}
CODE = return_codes.new(lambda count: bytes(range(count)))


@pytest.fixture
def now():
    """The day that the clock tells, which reports bear."""
    return timezone.now()


@pytest.fixture
def before(now):
    """Days before the reports: who holds a right since then held it on their whole day."""
    return now - timedelta(days=3)


@pytest.fixture
def desk(city, home, before):
    (home / "keys").mkdir()
    log_key.make(home / "keys", "log.example/log")
    body = Body.objects.create(agency=city, region_id="13.75", kind="bawaslu", name="Bawaslu Bukittinggi")
    return make_desk(body, ["Ani Contohwati", "Beni Misalkan", "Cici Umpama"], before)


@pytest.fixture
def other(city, before):
    body = Body.objects.create(agency=city, region_id="13.75", kind="inspectorate", name="Inspektorat Bukittinggi")
    return make_desk(body, ["Dodo Rekaan", "Eti Andaikan"], before)


def filed(desk, now, *, code=None, excluded=(), names=(), identity=None):
    to = reports.addressees(desk.body, key_set=desk.set().digest, excluded=excluded, names=names, now=now)
    content = CONTENT | {"exclude": {"keys": list(excluded), "names": list(names)}}
    sealed = reports.Sealing().finish(content, identity, to, code, on=now.date())
    return reports.receive(sealed, body=desk.body, channel="plain", now=now).report


def opened(desk, number, report, now):
    found = report_desk.seen(desk.users[number], [desk.body.pk], report)
    report_desk.open_report(found, by=desk.users[number], now=now)
    return report_desk.seen(desk.users[number], [desk.body.pk], report)


def keys_in(envelopes, key):
    out = {}
    for each in envelopes:
        out |= json.loads(sealing.unseal(each, key.identity))
    return out


def refused(reason):
    return pytest.raises(ReportActRefused, check=lambda error: error.reason == reason)


def keep(hand, made, *, by, now, key_set=""):
    """Keep what a browser made that looked at the set in force."""
    return resealing.keep(hand, made, key_set=key_set or keysets.current(hand.body).digest, by=by, now=now)


def offer(found, body, sealed, to, *opens, key_set="", **more):
    """Offer what a browser made that looked at the set in force."""
    return report_copies.offer(found, body, sealed, to, *opens, key_set=key_set or keysets.current(body).digest, **more)


def with_key(user, body, now, key=None):
    key = key or sealing.Key.new()
    proof = key.sign(keysets.proof_message(user, body, key.recipient))
    made = {"recipient": key.recipient, "verifier": key.verifier, "wrapped": WRAPPED, "proof": proof}
    return key, keysets.make_key(user, body, **made, now=now)


def change_set(desk, rows, now, *, by_offline=True):
    proposal = keysets.propose(desk.body, keys=rows, offline=None, by=desk.users[0], now=now)
    message = keysets.keysets.parse(bytes(proposal.document)).message
    signers = [desk.offline] if by_offline else desk.keys[:2]
    done = [keysets.sign(proposal, keysets.Signature(each.verifier, each.sign(message)), by=desk.users[0], now=now) for each in signers]  # fmt: skip
    assert done[-1]


def newcomer(desk, now, name="Fani Baru"):
    user = User.objects.create(username=name.upper()[:20], full_name=name, password="!", created_at=now)
    RoleGrant.objects.create(user=user, role=Role.INTAKE_OFFICER, body=desk.body, from_at=now)
    key, row = with_key(user, desk.body, now)
    found = desk.set()
    change_set(desk, [*(each.key for each in found.holders), row.pk], now)
    return user, key, row


def as_a_browser_does(desk, number, numbers, recipients, now):
    """Open what is handed out, and seal it to those newcomers whose recipients are given."""
    handed = resealing.hand_out(desk.rows[number], numbers, by=desk.users[number], now=now)
    made = []
    for each in handed:
        keys = keys_in(each.envelopes, desk.keys[number])
        assert json.loads(sealing.unseal(each.content, keys["content"]))["what"] == CONTENT["what"]
        to = [pk for pk in each.to if pk in recipients]
        sealed = sealing.seal(sealing.padded(keys), [*(recipients[pk] for pk in to), desk.offline.recipient])
        made.append(Resealed(each.report.pk, tuple(to), sealed))
    return made


def test_a_newcomer_gets_the_open_reports_and_nobody_who_was_excluded(desk, now):
    plain, excluding = filed(desk, now), filed(desk, now, excluded=[desk.ids[2]])
    closed = filed(desk, now)
    Report.objects.filter(pk=closed).update(state="closed")
    for line in Report.objects.get(pk=closed).readers.all():
        line.state = "closed"
        line.save()
    user, key, row = newcomer(desk, now)
    waiting = resealing.waiting(desk.rows[0], now=now)
    assert {each.reader.holder.key: each.lacking for each in waiting.newcomers} == {row.pk: 2}
    assert set(waiting.numbers) == {plain, excluding}
    handed = resealing.hand_out(desk.rows[0], waiting.numbers, by=desk.users[0], now=now)
    # The server knows whom the first envelope left out, and does not even ask for him.
    assert {each.report.pk: each.to for each in handed} == {plain: (row.pk,), excluding: (row.pk,)}
    made = as_a_browser_does(desk, 0, waiting.numbers, {row.pk: key.recipient}, now)
    assert keep(desk.rows[0], made, by=desk.users[0], now=now) == 2
    for number in (plain, excluding):
        found = report_desk.seen(user, [desk.body.pk], number)
        assert found.opens == {"content", "identity", "dialogue"}
        sealed = report_desk.open_report(found, by=user, now=now)
        assert set(keys_in(sealed, key)) == {"content", "identity", "dialogue"}
    assert keep(desk.rows[0], made, by=desk.users[0], now=now) == 0, "the same again is done once"
    assert ReportEnvelope.objects.exclude(body=None).filter(by=desk.users[0]).count() == 2


def test_the_server_refuses_whom_it_knows_to_be_excluded_whatever_key_he_has_by_then(desk, now):
    number = filed(desk, now, excluded=[desk.ids[2]])
    assert report_exclusions.known([number]) == {number: {desk.users[2].pk}}
    key, row = with_key(desk.users[2], desk.body, now + timedelta(days=1))
    change_set(desk, [*desk.ids[:2], row.pk], now + timedelta(days=1))
    opened(desk, 0, number, now)
    sealed = sealing.seal(sealing.padded({"content": "…"}), [key.recipient, desk.offline.recipient])
    later = now + timedelta(days=1)
    with refused("excluded"):
        keep(desk.rows[0], [Resealed(number, (row.pk,), sealed)], by=desk.users[0], now=later)
    assert not resealing.hand_out(desk.rows[0], [number], by=desk.users[0], now=later)


def test_whoever_had_no_right_on_the_day_of_the_filing_is_not_taken_for_excluded(desk, now):
    RoleGrant.objects.filter(user=desk.users[2]).update(until_at=now - timedelta(hours=1))
    number = filed(desk, now)
    assert report_exclusions.known([number]) == {}


def test_what_is_handed_out_for_sealing_is_kept_at_each_report_and_leaves_it_unread(desk, now):
    number = filed(desk, now)
    newcomer(desk, now)
    resealing.hand_out(desk.rows[0], [number], by=desk.users[0], now=now)
    assert ReportAct.objects.get().kind == "rule_read" and Report.objects.get().state == "received"
    events = [json.loads(bytes(each)) for each in LogPayload.objects.values_list("payload", flat=True)]
    said = next(each["data"] for each in events if each["event"] == "report.rules_read")
    assert said == {"reports": [f"{number:016x}"], "user": desk.users[0].pk, "key": desk.ids[0]}


def test_loss_of_a_key_loses_nothing_since_the_others_seal_to_the_new_one(desk, now):
    numbers = [filed(desk, now) for _each in range(3)]
    later = now + timedelta(days=1)
    key, row = with_key(desk.users[2], desk.body, later)
    # Two holders who still have theirs change the set: the paper in the safe is not needed.
    change_set(desk, [*desk.ids[:2], row.pk], later, by_offline=False)
    with pytest.raises(Report.DoesNotExist):
        report_desk.seen(desk.users[2], [desk.body.pk], numbers[0])
    made = as_a_browser_does(desk, 1, numbers, {row.pk: key.recipient}, later)
    assert keep(desk.rows[1], made, by=desk.users[1], now=later) == 3
    for number in numbers:
        found = report_desk.seen(desk.users[2], [desk.body.pk], number)
        assert keys_in(report_desk.open_report(found, by=desk.users[2], now=later), key)["content"]


def test_nothing_is_sealed_by_whom_it_does_not_concern_nor_to_whom_receives_nothing(desk, other, now):
    number = filed(desk, now)
    _user, key, row = newcomer(desk, now)
    sealed = sealing.seal(b"{}", [key.recipient, desk.offline.recipient])
    by = {"by": desk.users[0], "now": now}
    with refused("unopened"):
        keep(desk.rows[0], [Resealed(number, (row.pk,), sealed)], **by)
    resealing.hand_out(desk.rows[0], [number], **by)
    with refused("recipients"):
        keep(desk.rows[0], [Resealed(number, (other.ids[0],), sealed)], **by)
    with refused("nobody"):
        keep(desk.rows[0], [Resealed(number, (), b"")], **by)
    with refused("recipients"):
        keep(desk.rows[0], [Resealed(number, (row.pk,), sealed)] * 2, **by)
    with pytest.raises(ReportRefused):
        keep(desk.rows[0], [Resealed(number, (row.pk,), b"in clear")], **by)
    with refused("recipients"):  # one more than it says, or the safe forgotten
        third = sealing.seal(b"{}", [key.recipient, desk.offline.recipient, other.keys[0].recipient])
        keep(desk.rows[0], [Resealed(number, (row.pk,), third)], **by)
    with refused("recipients"):
        keep(desk.rows[0], [Resealed(number, (row.pk,), sealing.seal(b"{}", [key.recipient]))], **by)
    with refused("recipients"):
        keep(other.rows[0], [Resealed(number, (row.pk,), sealed)], by=other.users[0], now=now)
    assert not resealing.hand_out(other.rows[0], [number], by=other.users[0], now=now)
    assert not ReportEnvelope.objects.filter(to=[row.pk]).exists()


def test_whom_reporters_excluded_never_stands_in_the_list_of_what_is_missing(desk, now):
    """However many exclude somebody, what is newer is listed; also where he has another key by now."""
    for _each in range(3):
        filed(desk, now, excluded=[desk.ids[2]])
    assert resealing.waiting(desk.rows[0], now=now) == resealing.Waiting((), ())
    later = now + timedelta(days=1)
    _key, row = with_key(desk.users[2], desk.body, later)
    change_set(desk, [*desk.ids[:2], row.pk], later)
    assert resealing.waiting(desk.rows[0], now=later) == resealing.Waiting((), ())
    _user, _key, fresh = newcomer(desk, later)
    waiting = resealing.waiting(desk.rows[0], now=later)
    assert {each.reader.holder.key: each.lacking for each in waiting.newcomers} == {fresh.pk: 3}


def test_a_thousand_reports_are_listed_and_handed_out_with_few_questions(desk, now, django_assert_max_num_queries):
    sample = Report.objects.get(pk=filed(desk, now))
    lines, parts, envelopes = list(sample.readers.all()), list(sample.parts.all()), list(sample.envelopes.all())
    made = {"reports": [], "lines": [], "parts": [], "envelopes": []}
    for place in range(1000):
        report = type(sample)(**{f.attname: getattr(sample, f.attname) for f in sample._meta.concrete_fields})
        report.pk, report.finder = 1000 + place, None
        made["reports"].append(report)
        for name, rows in (("lines", lines), ("parts", parts), ("envelopes", envelopes)):
            for row in rows:
                values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname != "id"}
                made[name].append(type(row)(**values | {"report_id": report.pk}))
    for rows in made.values():
        type(rows[0]).objects.bulk_create(rows)
    for place, number in enumerate(report.pk for report in made["reports"]):
        Report.objects.filter(pk=number).update(received_on=sample.received_on - timedelta(days=place % 50))
    newcomer(desk, now)
    with django_assert_max_num_queries(40):
        waiting = resealing.waiting(desk.rows[0], now=now)
    assert len(waiting.numbers) == 1001
    with django_assert_max_num_queries(40):
        handed = resealing.hand_out(desk.rows[0], waiting.numbers[:20], by=desk.users[0], now=now)
    assert len(handed) == 20


def test_whom_a_browser_left_out_is_not_asked_for_again_and_gets_nothing_with_another_key(desk, now):
    number, other_one = filed(desk, now, names=["Fani Baru"]), filed(desk, now)
    user, key, row = newcomer(desk, now)
    by = {"by": desk.users[0], "now": now}
    handed = resealing.hand_out(desk.rows[0], [number, other_one], **by)
    assert {each.to for each in handed} == {(row.pk,)}, "his name is known inside the seal alone"
    assert keep(desk.rows[0], [Resealed(number, (), b"", (row.pk,))], **by) == 0
    waiting = resealing.waiting(desk.rows[0], now=now)
    assert waiting.numbers == (other_one,) and [each.lacking for each in waiting.newcomers] == [1]
    later, days = now + timedelta(days=1), {"by": desk.users[0], "now": now + timedelta(days=1)}
    second, again = with_key(user, desk.body, later)
    change_set(desk, [*desk.ids, again.pk], later)
    sealed = sealing.seal(b"{}", [second.recipient, desk.offline.recipient])
    with refused("excluded"):
        keep(desk.rows[0], [Resealed(number, (again.pk,), sealed)], **days)
    assert not resealing.hand_out(desk.rows[0], [number], **days)


def test_whoever_opens_a_report_is_not_left_out_of_it_afterwards(desk, now):
    number = filed(desk, now)
    newcomer(desk, now)
    by = {"by": desk.users[0], "now": now}
    resealing.hand_out(desk.rows[0], [number], **by)
    with refused("recipients"):
        keep(desk.rows[0], [Resealed(number, (), b"", (desk.ids[1],))], **by)
    assert not ReportLeftOut.objects.exists()


def test_that_a_browser_left_somebody_out_stands_with_a_name_and_a_second_holder_lets_it_be_asked_again(desk, now):
    numbers = [filed(desk, now), filed(desk, now, excluded=[desk.ids[1]])]
    user, key, row = newcomer(desk, now)
    by = {"by": desk.users[0], "now": now}
    resealing.hand_out(desk.rows[0], numbers, **by)
    keep(desk.rows[0], [Resealed(each, (), b"", (row.pk,)) for each in numbers], **by)
    assert set(ReportLeftOut.objects.filter(key=row).values_list("by", flat=True)) == {desk.users[0].pk}
    acts = ReportAct.objects.filter(kind="left_out")
    assert {(act.report_id, act.user, act.note) for act in acts} == {
        (number, desk.users[0], f"keys:{row.pk}") for number in numbers
    }
    assert said_in_the_log("report.left_out") == [
        {"report": f"{number:016x}", "by": desk.users[0].pk, "keys": 1} for number in sorted(numbers)
    ]
    # He who did it cannot take it back alone, nor he whom it concerns; each sees what his own key opens.
    assert not resealing.left_out(desk.rows[0], now=now)
    with refused("second_holder"):
        resealing.ask_again(desk.rows[0], row.pk, desk.users[0].pk, by=desk.users[0], now=now)
    assert [(each.name, each.by, each.count) for each in resealing.left_out(desk.rows[1], now=now)] == [
        ("Fani Baru", "Ani Contohwati", 1)
    ]
    assert [each.count for each in resealing.left_out(desk.rows[2], now=now)] == [2]
    assert not resealing.left_out(key_of(user, desk), now=now)
    with refused("nothing"):
        resealing.ask_again(desk.rows[1], desk.ids[2], desk.users[0].pk, by=desk.users[1], now=now)
    assert resealing.ask_again(desk.rows[2], row.pk, desk.users[0].pk, by=desk.users[2], now=now) == 2
    assert said_in_the_log("report.asked_again") == [
        {"report": f"{number:016x}", "by": desk.users[2].pk, "keys": 1} for number in sorted(numbers)
    ]
    assert ReportAct.objects.filter(kind="ask_again", user=desk.users[2]).count() == 2
    assert set(resealing.waiting(desk.rows[0], now=now).numbers) == set(numbers)


def test_what_a_reporter_said_of_his_holders_no_officer_takes_back(desk, now):
    filed(desk, now, excluded=[desk.ids[2]])
    assert ReportLeftOut.objects.get().by is None and not resealing.left_out(desk.rows[0], now=now)
    with refused("nothing"):
        resealing.ask_again(desk.rows[0], desk.ids[2], 0, by=desk.users[0], now=now)


def key_of(user, desk):
    return keysets.own_key(user, desk.body)


def said_in_the_log(event):
    events = [json.loads(bytes(each)) for each in LogPayload.objects.order_by("pk").values_list("payload", flat=True)]
    return sorted((each["data"] for each in events if each["event"] == event), key=lambda each: each["report"])


def test_an_envelope_is_taken_with_the_set_that_the_browser_sealed_to(desk, now):
    number = filed(desk, now)
    _user, key, row = newcomer(desk, now)
    shown = desk.set().digest
    made = as_a_browser_does(desk, 0, [number], {row.pk: key.recipient}, now)
    old = with_another_offline_key(desk, now)
    with refused("keys_changed"):
        keep(desk.rows[0], made, by=desk.users[0], now=now, key_set=shown)
    assert opens(made[0].sealed, old) and not opens(made[0].sealed, desk.offline)
    assert resealing.waiting(desk.rows[0], now=now).unsafe == 1


# --- the key from the safe ---------------------------------------------------------------------------------------


def in_hand(desk, now, user=None, key=None):
    """Prove, as a browser does, that somebody has an offline key."""
    user = user or desk.users[0]
    message = resealing.proof_message(user, desk.set(), clock.today(reports.zone_of_body(desk.body)))
    return resealing.safe(user, desk.body, (key or desk.offline).sign(message))


def sealed_from_the_safe(desk, hand, offline, numbers, recipients, now, by):
    made = []
    for each in resealing.hand_out(hand, numbers, by=by, now=now):
        keys = keys_in([one for one in each.envelopes if opens(one, offline)], offline)
        to = [pk for pk in each.to if pk in recipients]
        sealed = sealing.seal(sealing.padded(keys), [*(recipients[pk] for pk in to), desk.offline.recipient])
        made.append(Resealed(each.report.pk, tuple(to), sealed))
    return keep(hand, made, by=by, now=now)


def opens(sealed, key):
    try:
        return bool(sealing.unseal(sealed, key.identity))
    except SealBroken:
        return False


def test_what_no_holder_opens_any_more_the_offline_key_seals_anew(desk, now):
    """Whoever could open them lost their keys; those who came later, and were not excluded, get them from the safe."""
    numbers = [filed(desk, now, excluded=desk.ids[1:]), filed(desk, now, excluded=desk.ids[1:])]
    later = now + timedelta(days=1)
    user, key, row = newcomer(desk, later)
    RoleGrant.objects.filter(user=desk.users[0]).update(until_at=now + timedelta(hours=30))
    later = now + timedelta(days=2)
    by, me = {"by": desk.users[1], "now": later}, desk.users[1]
    # To an officer who was excluded nothing says that there is anything.
    assert resealing.waiting(desk.rows[1], now=later) == resealing.Waiting((), ())
    assert not resealing.hand_out(desk.rows[1], numbers, **by)
    with refused("not_yours"):
        in_hand(desk, later, me, sealing.Key.new())
    with refused("not_yours"):
        resealing.safe(user, desk.body, desk.offline.sign(resealing.proof_message(me, desk.set(), later.date())))
    hand = in_hand(desk, later, me)
    waiting = resealing.waiting(hand, now=later)
    assert set(waiting.numbers) == set(numbers)
    assert sealed_from_the_safe(desk, hand, desk.offline, numbers, {row.pk: key.recipient}, later, me) == 2
    for number in numbers:
        found = report_desk.seen(user, [desk.body.pk], number)
        assert keys_in(report_desk.open_report(found, by=user, now=later), key).keys() == {
            "content",
            "identity",
            "dialogue",
        }
        with pytest.raises(Report.DoesNotExist):
            report_desk.seen(me, [desk.body.pk], number)
    said = {act.note for act in ReportAct.objects.filter(kind="rule_read")}
    assert said == {"offline"}


def with_another_offline_key(desk, now):
    """Replace the offline key; return the old one."""
    old, desk.offline = desk.offline, sealing.Key.new()
    fresh = (desk.offline.recipient, desk.offline.verifier)
    proposal = keysets.propose(desk.body, keys=desk.ids, offline=fresh, by=desk.users[0], now=now)
    message = keysets.keysets.parse(bytes(proposal.document)).message
    assert keysets.sign(proposal, keysets.Signature(old.verifier, old.sign(message)), by=desk.users[0], now=now)
    return old


def test_a_new_offline_key_gets_what_lies_there_from_officers_browsers(desk, now):
    numbers = [filed(desk, now), filed(desk, now, excluded=[desk.ids[0]])]
    with_another_offline_key(desk, now)
    waiting = resealing.waiting(desk.rows[0], now=now)
    assert waiting.numbers == (numbers[0],) and waiting.unsafe == 1
    assert sealed_by_an_officer(desk, 0, numbers, now) == 1
    assert resealing.waiting(desk.rows[0], now=now) == resealing.Waiting((), ())
    assert sealed_by_an_officer(desk, 1, numbers, now) == 1
    for number in numbers:
        envelopes = [bytes(each.sealed) for each in Report.objects.get(pk=number).envelopes.exclude(by=None)]
        assert any(opens(each, desk.offline) for each in envelopes)


def test_an_offline_key_that_was_replaced_opens_nothing_that_somebody_else_still_opens(desk, now):
    numbers = [filed(desk, now), filed(desk, now, excluded=[desk.ids[0]])]
    old = with_another_offline_key(desk, now)
    later = filed(desk, now)
    hand = in_hand(desk, now, key=old)
    assert resealing.waiting(hand, now=now) == resealing.Waiting((), ())
    assert not resealing.hand_out(hand, [*numbers, later], by=desk.users[0], now=now)
    assert not ReportAct.objects.exists()


def test_an_offline_key_that_was_replaced_saves_what_nobody_else_opens_and_gives_no_excluded_officer_anything(
    desk, now
):
    number = filed(desk, now, excluded=desk.ids[:2])
    old = with_another_offline_key(desk, now)
    user, key, row = newcomer(desk, now)
    RoleGrant.objects.filter(user=desk.users[2]).update(until_at=now + timedelta(hours=1))
    later = now + timedelta(days=1)
    # The report excludes him, and the key that he found in a drawer opens no door for him.
    leaked = in_hand(desk, later, key=old)
    assert resealing.waiting(leaked, now=later) == resealing.Waiting((), ())
    assert not resealing.hand_out(leaked, [number], by=desk.users[0], now=later)
    hand = in_hand(desk, later, user, old)
    assert resealing.waiting(hand, now=later).numbers == (number,)
    assert sealed_from_the_safe(desk, hand, old, [number], {row.pk: key.recipient}, later, user) == 1
    assert report_desk.seen(user, [desk.body.pk], number)
    assert not resealing.hand_out(hand, [number], by=user, now=later)


def sealed_by_an_officer(desk, number, numbers, now):
    made = as_a_browser_does(desk, number, numbers, {}, now)
    return keep(desk.rows[number], made, by=desk.users[number], now=now)


# --- copies ------------------------------------------------------------------------------------------------------


def copied(desk, found, key, recipients, kinds=("content",)):
    keys = keys_in([bytes(each.sealed) for each in found.envelopes], key)
    return sealing.seal(sealing.padded({kind: keys[kind] for kind in kinds}), recipients)


def test_a_copy_is_seen_when_it_is_taken_and_holds_no_name(desk, other, now):
    report = filed(desk, now, code=CODE, identity={"v": 1, "name": "Pelapor", "address": "Jalan"})
    found = opened(desk, 0, report, now)
    sealed = copied(desk, found, desk.keys[0], [other.keys[0].recipient, other.offline.recipient])
    to, by = [other.ids[0]], {"by": desk.users[0], "now": now}
    with refused("consent"):
        offer(found, other.body, sealed, to, ["content", "identity"], **by)
    copy = offer(found, other.body, sealed, to, **by)
    with refused("offered"):
        offer(found, other.body, sealed, to, **by)
    with pytest.raises(Report.DoesNotExist):
        report_desk.seen(other.users[0], [other.body.pk], report)
    assert report_copies.offers(other.users[0], [other.body.pk]) == [copy]
    assert not report_copies.offers(other.users[1], [other.body.pk]), "it was not sealed to him"
    with refused("not_yours"):
        report_copies.answer(copy, take=True, by=other.users[1], now=now)
    assert [(each.body, each.state) for each in report_copies.told(found.report)] == [(other.body.name, "offered")]
    report_copies.answer(copy, take=True, by=other.users[0], now=now)
    with refused("answered"):
        report_copies.answer(copy, take=True, by=other.users[0], now=now)
    taken = opened(other, 0, report, now)
    assert taken.opens == {"content"} and {part.kind for part in taken.parts} == {"content"}
    # Of who did what where it came from the other body sees what concerns the copy, and no name beside the evidence.
    second = opened(desk, 1, report, now + timedelta(minutes=1))
    report_desk.confirm_part(second, second.parts[0].pk, by=desk.users[1], now=now + timedelta(minutes=1))
    assert next(each.confirmed_by for each in report_desk.evidence(second, desk.users[0])) == (desk.users[1].full_name,)
    assert [each.confirmed_by for each in report_desk.evidence(taken, other.users[0])] == [()]
    assert sorted(act.kind for act in report_desk.acts_of(taken)) == ["offered", "opened", "taken"]
    with refused("not_yours"):
        report_desk.change_state(taken, "closed", was=taken.report.state, sealed=b"x", by=other.users[0], now=now)
    with refused("not_yours"):
        offer(taken, desk.body, sealed, to, by=other.users[0], now=now)
    with pytest.raises(Report.DoesNotExist):
        report_desk.seen(other.users[1], [other.body.pk], report)
    assert [each.state for each in report_copies.told(found.report)] == ["taken"]
    assert mailbox.open_box(CODE).report.state == "read"


def test_a_copy_that_was_taken_is_sealed_to_newcomers_of_its_body_without_the_name(desk, other, now):
    report = filed(desk, now, identity={"v": 1, "name": "Pelapor", "address": "Jalan"})
    found = opened(desk, 0, report, now)
    sealed = copied(desk, found, desk.keys[0], [other.keys[0].recipient, other.offline.recipient])
    copy = offer(found, other.body, sealed, [other.ids[0]], by=desk.users[0], now=now)
    _user, key, row = newcomer(other, now)
    assert not resealing.waiting(other.rows[0], now=now).numbers
    report_copies.answer(copy, take=True, by=other.users[0], now=now)
    made = as_a_browser_does(other, 0, [report], {row.pk: key.recipient}, now)
    assert keep(other.rows[0], made, by=other.users[0], now=now) == 1
    assert set(keys_in([made[0].sealed], key)) == {"content"}
    assert ReportEnvelope.objects.get(to=[row.pk]).opens == ["content"]


def test_a_copy_holds_the_files_of_the_report_and_none_of_the_dialogue(desk, other, now):
    making = reports.Sealing()
    making.file("bukti.txt").write(b"bukti pertama")
    to = reports.addressees(desk.body, key_set=desk.set().digest, now=now)
    report = reports.receive(
        making.finish(CONTENT, None, to, CODE, on=now.date()), body=desk.body, channel="plain", now=now
    )
    found = opened(desk, 0, report.report, now)
    later = mailbox.adding(mailbox.open_box(CODE))
    later.file("susulan.txt").write(b"hanya untuk petugas ini")
    mailbox.reply(mailbox.open_box(CODE), "Ini lagi", [], later, now=now)
    sealed = copied(desk, found, desk.keys[0], [other.keys[0].recipient, other.offline.recipient])
    to, by = [other.ids[0]], {"by": desk.users[0], "now": now}
    for wrong in ([0, 7], [1], [0, 1]):  # a place that is none, and that of a file of the dialogue
        with refused("not_yours"):
            offer(found, other.body, sealed, to, files=wrong, **by)
    copy = offer(found, other.body, sealed, to, files=[0], **by)
    report_copies.answer(copy, take=True, by=other.users[0], now=now)
    taken = opened(other, 0, report.report, now)
    assert [(part.kind, part.place) for part in taken.parts] == [("content", 0), ("file", 0)]
    second = Report.objects.get().parts.get(kind="file", place=1)
    with pytest.raises(type(second).DoesNotExist):
        report_desk.open_file(taken, second.pk, by=other.users[0], now=now)


def test_an_offer_that_nobody_answered_is_taken_back_and_opens_nothing(desk, other, now):
    found = opened(desk, 0, filed(desk, now), now)
    sealed = copied(desk, found, desk.keys[0], [other.keys[0].recipient, other.offline.recipient])
    by = {"by": desk.users[0], "now": now}
    copy = offer(found, other.body, sealed, [other.ids[0]], **by)
    report_copies.take_back(found, copy.pk, **by)
    with refused("answered"):
        report_copies.take_back(found, copy.pk, **by)
    with refused("answered"):
        report_copies.answer(copy, take=True, by=other.users[0], now=now)
    assert not ReportEnvelope.objects.filter(body=other.body).exists()
    assert [each.state for each in report_copies.told(found.report)] == ["taken_back"]
    again = offer(found, other.body, sealed, [other.ids[0]], **by)
    report_copies.answer(again, take=True, by=other.users[0], now=now)
    payloads = [bytes(each) for each in LogPayload.objects.values_list("payload", flat=True)]
    said = [json.loads(each)["data"] for each in payloads if b'"report.copy_' in each]
    assert len(said) == 4 and not any("body" in each or "size" in each for each in said)


def test_a_copy_is_declined_for_a_reason_of_the_list_and_opens_nothing(desk, other, now):
    report = filed(desk, now)
    found = opened(desk, 0, report, now)
    sealed = copied(desk, found, desk.keys[0], [other.keys[0].recipient, other.offline.recipient])
    copy = offer(found, other.body, sealed, [other.ids[0]], by=desk.users[0], now=now)
    for reason in ("", "Camat itu paman saya"):
        with refused("reason_missing"):
            report_copies.answer(copy, take=False, reason=reason, by=other.users[0], now=now)
    report_copies.answer(copy, take=False, reason="outside", by=other.users[0], now=now)
    copy.refresh_from_db()
    assert copy.envelope is None and Report.objects.get().envelopes.filter(body=other.body).count() == 0
    assert report_copies.offered(other.users[0], [other.body.pk], copy.pk) == copy
    with pytest.raises(type(copy).DoesNotExist):
        report_copies.offered(other.users[1], [other.body.pk], copy.pk)


def test_no_copy_goes_to_somebody_excluded_who_serves_another_body_too(desk, other, now):
    RoleGrant.objects.create(user=desk.users[2], role=Role.INTAKE_OFFICER, body=other.body, from_at=now)
    key, row = with_key(desk.users[2], other.body, now)
    change_set(other, [*other.ids, row.pk], now)
    report = filed(desk, now, code=CODE, excluded=[desk.ids[2]])
    found = opened(desk, 0, report, now)
    sealed = copied(desk, found, desk.keys[0], [key.recipient, other.offline.recipient])
    with refused("excluded"):
        offer(found, other.body, sealed, [row.pk], by=desk.users[0], now=now)
    assert row.pk in {
        each.holder.key for place in report_copies.places(found, "13.75", now=now) for each in place.readers
    }, "the browser is told of him, and that he is excluded"
    # The reporter's own consent leaves him out as well, whichever of his keys was excluded.
    mailbox.consent(mailbox.open_box(CODE), other.body, key_set=other.set().digest, now=now)
    assert ReportEnvelope.objects.get(body=other.body).to == sorted(other.ids)


def test_no_copy_is_made_by_whom_it_does_not_lie_with_or_who_did_not_open_it(desk, other, now):
    report = filed(desk, now)
    found = report_desk.seen(desk.users[0], [desk.body.pk], report)
    sealed = copied(desk, found, desk.keys[0], [other.keys[0].recipient, other.offline.recipient])
    with refused("unopened"):
        offer(found, other.body, sealed, [other.ids[0]], by=desk.users[0], now=now)
    found = opened(desk, 0, report, now)
    with refused("not_yours"):
        offer(found, desk.body, sealed, [desk.ids[1]], by=desk.users[0], now=now)
    with refused("recipients"):
        offer(found, other.body, sealed, [desk.ids[1]], by=desk.users[0], now=now)
    with refused("nobody"):
        offer(found, other.body, sealed, [], by=desk.users[0], now=now)


def test_a_copy_is_offered_with_the_set_that_the_browser_sealed_to(desk, other, now):
    found = opened(desk, 0, filed(desk, now), now)
    shown = other.set().digest
    sealed = copied(desk, found, desk.keys[0], [other.keys[0].recipient, other.offline.recipient])
    with_another_offline_key(other, now)
    with refused("keys_changed"):
        offer(found, other.body, sealed, [other.ids[0]], key_set=shown, by=desk.users[0], now=now)
    assert not ReportEnvelope.objects.filter(body=other.body).exists()


def test_whom_an_officers_browser_left_out_gets_no_copy_elsewhere(desk, other, now):
    number = filed(desk, now, names=["Fani Baru"])
    user, _key, row = newcomer(desk, now)
    by = {"by": desk.users[0], "now": now}
    resealing.hand_out(desk.rows[0], [number], **by)
    keep(desk.rows[0], [Resealed(number, (), b"", (row.pk,))], **by)
    RoleGrant.objects.create(user=user, role=Role.INTAKE_OFFICER, body=other.body, from_at=now)
    key, there = with_key(user, other.body, now)
    change_set(other, [*other.ids, there.pk], now)
    found = opened(desk, 0, number, now)
    place = next(each for each in report_copies.places(found, "13.75", now=now) if each.body == other.body)
    assert user.pk in place.excluded
    sealed = copied(desk, found, desk.keys[0], [key.recipient, other.offline.recipient])
    with refused("excluded"):
        offer(found, other.body, sealed, [there.pk], **by)


def test_of_copies_that_wait_so_many_stand_between_two_bodies_and_none_is_loaded_to_count_them(
    desk, other, now, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(report_copies, "MOST_WAITING", 2)
    by = {"by": desk.users[0], "now": now}
    for _each in range(2):
        found = opened(desk, 0, filed(desk, now), now)
        sealed = copied(desk, found, desk.keys[0], [other.keys[0].recipient, other.offline.recipient])
        copy = offer(found, other.body, sealed, [other.ids[0]], **by)
    third = opened(desk, 0, filed(desk, now), now)
    with refused("waiting"):
        offer(third, other.body, sealed, [other.ids[0]], **by)
    assert not third.report.copies.exists()
    with django_assert_num_queries(2) as asked:
        assert report_copies.count_of_offers(other.users[0], [other.body.pk]) == 2
    assert not any('"sealed"' in each["sql"] for each in asked.captured_queries)
    assert report_copies.count_of_offers(other.users[1], [other.body.pk]) == 0
    with django_assert_num_queries(2) as asked:
        assert len(report_copies.offers(other.users[0], [other.body.pk])) == 2
    assert not any('"sealed"' in each["sql"] for each in asked.captured_queries)
    report_copies.answer(copy, take=False, reason="outside", by=other.users[0], now=now)
    assert offer(third, other.body, sealed, [other.ids[0]], **by)
