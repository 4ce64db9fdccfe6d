"""What officers are told of sealed reports: once a day, counts alone, and to nobody whose key does not open them."""

import json
from datetime import timedelta

import pytest
import time_machine

from ikrar.domain import return_codes
from ikrar.domain.days import WIB
from ikrar.domain.retention import RULES, Kept
from ikrar.gateways import log_key, sealing
from ikrar.records.models import Body, Notice, OutsideMessage, Report, ReportReader, User
from ikrar.services import accounts, mailbox, notices, outbox, report_copies, report_desk, report_news, reports, tick
from tests.conftest import NOW
from tests.reporting import make_desk

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CONTENT = {"v": 1, "what": "RAHASIA", "when": "", "where": "", "who": [], "witnesses": [], "links": []}


@pytest.fixture
def desk(city, home, now):
    (home / "keys").mkdir()
    log_key.make(home / "keys", "log.example/log")
    body = Body.objects.create(agency=city, region_id="13.75", kind="bawaslu", name="Bawaslu Bukittinggi")
    with time_machine.travel(now, tick=False):
        yield make_desk(body, ["Ani Contohwati", "Beni Misalkan", "Cici Umpama"], now)


@pytest.fixture
def other(desk, city, now):
    body = Body.objects.create(agency=city, region_id="13.75", kind="inspectorate", name="Inspektorat Bukittinggi")
    return make_desk(body, ["Dodo Rekaan", "Eti Andaikan"], now)


_made = iter(range(1, 1000))


def filed(desk, *, excluded=(), at=NOW, known_on=None, regime=""):
    code = return_codes.new(lambda count, number=next(_made): number.to_bytes(count))
    with time_machine.travel(at, tick=False):
        to = reports.addressees(desk.body, key_set=desk.set().digest, excluded=excluded, now=at)
        sealed = reports.Sealing().finish(CONTENT, None, to, code, on=at.date())
        filed = reports.receive(sealed, body=desk.body, channel="plain", known_on=known_on, regime=regime, now=at)
    return Report.objects.get(pk=filed.report), code


def told(at):
    """Let the morning come; return what each officer is told, by his name."""
    with time_machine.travel(at, tick=False):
        report_news.tell(at)
    out = {}
    for notice in Notice.objects.filter(kind="report_news").select_related("user"):
        assert notice.user.full_name not in out, "two messages to one"
        out[notice.user.full_name] = {name: count for name, count in notice.values.items() if count}
    return out


def test_what_came_yesterday_is_told_this_morning_to_whoever_opens_it(desk, other, now):
    filed(desk)
    filed(desk, excluded=[desk.ids[0]])
    filed(other)
    assert told(now) == {}  # on the day itself a message would keep the hour
    assert told(now + DAY) == {
        "Ani Contohwati": {"new": 1}, "Beni Misalkan": {"new": 2}, "Cici Umpama": {"new": 2}, "Dodo Rekaan": {"new": 1},
        "Eti Andaikan": {"new": 1},
    }  # fmt: skip
    assert told(now + DAY)["Ani Contohwati"] == {"new": 1}


def test_nobody_is_told_before_the_morning_nor_twice_a_day(desk, now):
    filed(desk)
    night = (now + DAY).astimezone(WIB).replace(hour=4, minute=59)
    assert told(night) == {}
    assert len(told(now + DAY)) == 3
    for user in desk.users:
        notices.mark_own_read(user, now=now)
    filed(desk, at=now + DAY)
    told(now + DAY + timedelta(hours=5))
    assert not Notice.objects.filter(read_at=None).exists()
    assert told(now + 2 * DAY)["Ani Contohwati"] == {"new": 1}
    assert Notice.objects.filter(user=desk.users[0]).count() == 1  # the last one takes the place of the one before


def test_a_quiet_day_brings_no_message(desk, now):
    report, _code = filed(desk)
    told(now + DAY)
    Report.objects.update(state="read")
    ReportReader.objects.update(state="read")
    Notice.objects.all().delete()
    assert told(now + 2 * DAY) == {} and told(now + 3 * DAY) == {}


def test_an_answer_of_a_reporter_is_told_and_a_report_that_nobody_opens(desk, now):
    report, code = filed(desk)
    told(now + DAY)
    assert told(now + 2 * DAY)["Ani Contohwati"] == {"new": 1}  # nothing fresh: the old message stands
    assert told(now + 3 * DAY)["Ani Contohwati"] == {"late": 1}
    with time_machine.travel(now + 3 * DAY, tick=False):
        mailbox.reply(mailbox.open_box(code), "masih ada", [], mailbox.Sealing(), now=now + 3 * DAY)
    assert told(now + 4 * DAY)["Ani Contohwati"] == {"answers": 1}


def test_a_window_that_closes_and_a_term_that_ends_are_told_in_time(desk, now):
    filed(desk, known_on=now.date(), regime="pilkada")
    Report.objects.update(state="read")
    ReportReader.objects.update(state="read")
    due = ReportReader.objects.first().due_on
    said = {}
    for day in range(1, 9):
        Notice.objects.all().delete()
        if found := told(now + day * DAY).get("Ani Contohwati"):
            said[now.date() + day * DAY] = found
    assert said == {now.date() + DAY: {"new": 1}, due - 2 * DAY: {"closing": 1}}
    Report.objects.update(state="closed")
    Notice.objects.all().delete()
    end = now + timedelta(days=RULES[Kept.CLOSED].days)
    assert told(end - 31 * DAY) == {}
    assert told(end - 30 * DAY)["Ani Contohwati"] == {"ending": 1}


def test_a_copy_is_told_at_once_to_whom_it_is_sealed_and_to_nobody_else_and_once_however_many(desk, other, now):
    for _ in range(3):
        report, _code = filed(desk)
        found = report_desk.seen(desk.users[0], [desk.body.pk], report.pk)
        report_desk.open_report(found, by=desk.users[0], now=now)
        sealed = sealing.seal(b"{}", [other.keys[0].recipient, other.offline.recipient])
        report_copies.offer(
            found, other.body, sealed, [other.ids[0]], key_set=other.set().digest, by=desk.users[0], now=now
        )
    assert Notice.objects.get(kind="report_copy_offered").user == other.users[0]
    filed(other)
    said = told(now + DAY)
    assert said["Dodo Rekaan"] == {"copies": 3, "new": 1} and said["Eti Andaikan"] == {"new": 1}


def test_whoever_lost_his_right_or_dropped_his_key_is_told_nothing(desk, now):
    filed(desk)
    desk.users[0].grants.update(until_at=now)
    desk.rows[1].__class__.objects.filter(pk=desk.ids[1]).update(dropped_at=now)
    assert set(told(now + DAY)) == {"Cici Umpama"}


def test_twenty_thousand_reports_make_one_message(desk, now, django_assert_max_num_queries):
    report, _code = filed(desk)
    line = ReportReader.objects.filter(report=report, key=desk.ids[0]).values().get()
    many = [
        Report(**{field.attname: getattr(report, field.attname) for field in Report._meta.fields})
        for _ in range(20_000)
    ]
    for number, each in enumerate(many):
        each.pk, each.finder = number + 1, None
    Report.objects.bulk_create(many, batch_size=2000)
    ReportReader.objects.bulk_create(
        [ReportReader(**{**line, "id": number + 1, "report_id": number + 1}) for number in range(20_000)],
        batch_size=2000,
    )
    with django_assert_max_num_queries(120):
        said = told(now + DAY)
    assert said["Ani Contohwati"] == {"new": 20_001} and Notice.objects.filter(kind="report_news").count() == 3


def test_a_message_names_nobody_and_nothing_and_reaches_an_account_without_a_person(desk, now, client):
    Notice.objects.all().delete()
    filed(desk)
    told(now + DAY)
    kept = json.dumps(list(Notice.objects.filter(kind="report_news").values("kind", "values", "link")))
    for secret in ("RAHASIA", "Bawaslu", "plain", f"{Report.objects.get().pk:x}", desk.body.name):
        assert secret not in kept
    user = User.objects.get(pk=desk.users[0].pk)
    assert user.person_id is None and accounts.standing_of(user).unread == 1
    notices.mark_own_read(user, now=now)
    assert accounts.standing_of(User.objects.get(pk=user.pk)).unread == 0


def test_the_clock_tells(desk, now):
    filed(desk)
    with time_machine.travel(now + DAY, tick=False):
        tick.run(now + DAY)
    assert Notice.objects.filter(kind="report_news").count() == 3


def test_an_officer_on_a_roster_is_told_outside_that_something_waits_and_others_have_no_address(
    desk, cast, now, monkeypatch
):
    monkeypatch.setattr(outbox, "ways", lambda: frozenset({OutsideMessage.Way.EMAIL}))
    person = cast.budi.person
    cast.budi.user.delete()
    User.objects.filter(pk=desk.users[0].pk).update(person=person)
    Notice.objects.all().delete()
    filed(desk)
    told_at = now + DAY
    with time_machine.travel(told_at, tick=False):
        report_news.tell(told_at)
        outbox._make(told_at + timedelta(minutes=5))
    assert OutsideMessage.objects.get().person == person
    assert set(Notice.objects.values_list("person", "user__full_name")) == {
        (person.pk, None), (None, "Beni Misalkan"), (None, "Cici Umpama"),
    }  # fmt: skip
