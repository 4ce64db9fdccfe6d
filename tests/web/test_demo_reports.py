"""The demo's inboxes: invented officers, a set for each, and secrets that only a demo tells."""

import pyrage
import pytest
from django.urls import reverse

from ikrar.domain import return_codes
from ikrar.gateways import log_key, sealing
from ikrar.records.models import Body, KeySet, OfficerKey, Report, ReportPart
from ikrar.services import demo_reports, demo_samples, keysets, mailbox
from tests.services import reports_cast
from tests.services.reports_cast import Officer
from tests.web import stage as stages
from tests.web.stage import MORNING


@pytest.fixture(scope="module")
def built_demo(stage_home, django_db_setup, django_db_blocker):
    """The same stage in a database that was made as a demo, with its inboxes."""
    with django_db_blocker.unblock(), stages.settings_in(stage_home), stages.kept_open():
        with stages.one_morning():
            built = stages.build(demo=True)
            demo_reports.set_up([built.home.agency], now=MORNING)
        yield built


@pytest.fixture
def demo_agency(built_demo, db):
    return built_demo.home.agency


@pytest.fixture
def demo(demo_agency):
    """An inbox of the demo: the inspectorate of the agency."""
    return Body.objects.get(kind=Body.Kind.INSPECTORATE, agency=demo_agency)


def test_a_demo_gives_every_inbox_three_officers_and_a_set_that_a_visitor_can_change(demo):
    bodies = Body.objects.filter(key_sets__serial=1)
    assert {body.kind for body in bodies} >= {"inspectorate", "bawaslu", "bkn", "task_force"}
    found = keysets.current(demo)
    assert len(found.holders) == 3 and all(each.receives for each in keysets.readers(found, now=MORNING))
    user = OfficerKey.objects.filter(body=demo).first().user
    told = demo_reports.published(user, demo)
    kept = keysets.own_key(user, demo)
    identity = pyrage.passphrase.decrypt(kept.wrapped.encode(), told.passphrase).decode().strip()
    assert str(pyrage.x25519.Identity.from_str(identity).to_public()) == kept.recipient
    assert str(pyrage.x25519.Identity.from_str(told.offline).to_public()) == found.offline.recipient
    client = stages.browser(user)
    assert told.passphrase in client.get(reverse("try-report-key", args=[demo.pk])).content.decode()


def test_setting_a_demo_up_twice_makes_nothing_twice(demo_agency):
    before = (Body.objects.count(), OfficerKey.objects.count(), KeySet.objects.count())
    demo_reports.set_up([demo_agency], now=MORNING)
    assert (Body.objects.count(), OfficerKey.objects.count(), KeySet.objects.count()) == before


def test_a_demo_tells_no_passphrase_that_a_visitor_has_replaced(demo):
    user = OfficerKey.objects.filter(body=demo).first().user
    reports_cast.make_key(Officer(user, sealing.Key.new()), demo, MORNING)
    assert demo_reports.published(user, demo).passphrase == ""


def test_a_demo_files_invented_reports_at_each_stage_once_and_tells_one_code(demo, settings, tmp_path):
    settings.HOME = tmp_path
    (tmp_path / "keys").mkdir()
    log_key.make(tmp_path / "keys", "demo.example/log")
    for _ in range(2):
        demo_samples.file_all(now=MORNING)
    states = sorted(Report.objects.filter(body=demo).values_list("state", flat=True))
    assert states == ["asked", "formal", "not_a_breach", "received", "received", "set_aside"]
    assert Report.objects.filter(body=demo, has_identity=True).count() == 2
    assert ReportPart.objects.filter(report__body=demo, kind="file").count() == 2
    box = mailbox.open_box(return_codes.read(demo_samples.told_code()))
    assert [each.from_reporter for each in box.messages] == [False, True]
