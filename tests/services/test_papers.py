"""Papers in bulk: made in parts, kept until they were fetched, and no code holds that stands on no file."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import transaction

from ikrar.domain.errors import NothingToPrint, PapersGone
from ikrar.records.models import AccessCode, LogPayload, PaperOrder, Placement
from ikrar.services import accounts, certificates, papers, tick
from tests.services.test_certificates import Signed
from tests.services.test_paper import pages
from tests.web import stage as stages
from tests.web.stage import MORNING, TODAY, account, duty_of, issue, person, sign

pytestmark = pytest.mark.django_db

SLIPS, CERTIFICATES = PaperOrder.Kind.SLIPS, PaperOrder.Kind.CERTIFICATES


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    return stages.make_home(tmp_path_factory.mktemp("papers"))


@pytest.fixture(autouse=True)
def one_act_at_a_time(settings, keys):
    settings.COMMIT_TOGETHER = False
    settings.HOME = keys


@pytest.fixture
def city(monkeypatch):
    """Sari and four more, of whom two stand in a file."""
    monkeypatch.setattr(papers, "A_PART", {SLIPS: 2, CERTIFICATES: 2})
    made = Signed()
    made.people = [person(f"Orang {n}", f"19800101200501100{n}", made.root) for n in range(4)]
    return made


def order_slips(city: Signed) -> PaperOrder:
    people = papers.unit_people(city.root, TODAY)
    return papers.order_slips(city.root, people, by=city.officer, now=MORNING)


def files(order: PaperOrder, keys) -> list:
    folder = keys / "papers" / order.folder
    return sorted(folder.iterdir()) if folder.exists() else []


def open_codes() -> int:
    return AccessCode.objects.filter(used_at=None, withdrawn_at=None).count()


def test_nothing_changes_before_slips_are_made(city, keys):
    order = order_slips(city)
    assert (order.people, order.done, order.state) == (5, 0, "waiting")
    assert not AccessCode.objects.exists() and files(order, keys) == []


def test_of_a_finished_order_the_slips_that_newer_ones_replaced_are_counted(city, keys):
    first, second = order_slips(city), order_slips(city)
    papers.make(first, now=MORNING)
    papers.make(second, now=MORNING + timedelta(minutes=1))
    first.refresh_from_db(), second.refresh_from_db()
    assert (papers.codes_replaced(first), papers.codes_replaced(second)) == (5, 0)
    placement = Placement.objects.current().filter(pk=second.wanted[0]).select_related("person", "unit")
    accounts.issue_codes(placement, by=city.officer, now=MORNING + timedelta(minutes=2))
    assert papers.codes_replaced(second) == 1


def test_slips_are_made_in_parts_and_put_into_one_file(city, keys):
    order = order_slips(city)
    papers.make(order, now=MORNING)
    order.refresh_from_db()
    assert (order.state, order.done, len(order.parts)) == ("ready", 5, 3)
    assert open_codes() == 5
    path, name = papers.file_of(order)
    assert name == f"slip-{order.pk}.zip" and files(order, keys) == [path]
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["slip-01.pdf", "slip-02.pdf", "slip-03.pdf"]
        assert all(archive.read(each).startswith(b"%PDF") for each in archive.namelist())


def test_what_stops_in_the_middle_goes_on_where_it_was_and_voids_no_code_twice(city, keys, monkeypatch):
    order = order_slips(city)
    real, calls = certificates.slips, []

    def breaks_at_the_second(*args, **more):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("the machine stops")
        return real(*args, **more)

    monkeypatch.setattr(certificates, "slips", breaks_at_the_second)
    papers.make(order, now=MORNING)
    order.refresh_from_db()
    assert (order.state, order.done, open_codes()) == ("failed", 2, 2)
    assert papers.file_of(order)[1].endswith(".pdf"), "codes that hold can be fetched"
    assert papers.order_again(order)
    papers.make(order, now=MORNING)
    order.refresh_from_db()
    assert (order.state, order.done, open_codes()) == ("ready", 5, 5)
    assert AccessCode.objects.count() == 5
    with zipfile.ZipFile(papers.file_of(order)[0]) as archive:
        assert len(archive.namelist()) == 3


def test_a_code_that_could_not_be_written_leaves_no_file_and_the_old_code_holds(city, keys, monkeypatch):
    (old,) = accounts.issue_codes(
        [Placement.objects.select_related("person", "unit").get(person=city.sari)], by=None, now=MORNING
    )

    def broken(*_args, **_more):
        raise RuntimeError("the disk is full")

    order = order_slips(city)
    monkeypatch.setattr(accounts, "put_in_force", broken)
    papers.make(order, now=MORNING)
    order.refresh_from_db()
    assert (order.state, order.done) == ("failed", 0)
    assert files(order, keys) == []
    assert accounts.by_code(old.sign_in_name, old.code, now=MORNING)
    with pytest.raises(PapersGone):
        papers.file_of(order)


def test_a_worker_that_starts_again_goes_on(city):
    order = order_slips(city)
    PaperOrder.objects.filter(pk=order.pk).update(state="running")
    assert papers.waiting_after_a_stop() == [order.pk]
    papers.make(order, now=MORNING)
    order.refresh_from_db()
    assert order.state == "ready"


def test_of_two_workers_one_makes_an_order(city, monkeypatch):
    order = order_slips(city)
    real = certificates.slips

    def overtaken(*args, **more):
        with transaction.atomic():
            PaperOrder.objects.filter(pk=order.pk).update(done=2)
        return real(*args, **more)

    monkeypatch.setattr(certificates, "slips", overtaken)
    papers.make(order, now=MORNING)
    order.refresh_from_db()
    assert order.state == "running", "the other one finishes it"
    assert not AccessCode.objects.exists()


def test_certificates_are_bound_in_volumes_and_each_is_genuine(city):
    issue(city.pact)
    for each in city.people:
        sign(duty_of(city.pact, each), account(each))
    order = papers.order_certificates(city.pact, city.root, by=city.officer, now=MORNING)
    papers.make(order, now=MORNING)
    path, name = papers.file_of(PaperOrder.objects.get(pk=order.pk))
    assert name == f"sertifikat-{order.pk}.zip"
    with zipfile.ZipFile(path) as archive:
        contents = [archive.read(each) for each in archive.namelist()]
    assert [pages(each) for each in contents] == [3, 3, 2], "a cover and two certificates each, one in the last"
    assert {certificates.by_file(each).file for each in contents} == {"bundle"}
    assert any(b"certificate.bundled" in bytes(each.payload) for each in LogPayload.objects.all())


def test_papers_for_nobody_are_refused(city):
    with pytest.raises(NothingToPrint):
        papers.order_slips(city.root, Placement.objects.none(), by=city.officer, now=MORNING)


def test_slips_that_nobody_fetched_stay_as_long_as_their_codes_live(city, settings):
    order = order_slips(city)
    papers.make(order, now=MORNING)
    order.refresh_from_db()
    tick.run(MORNING + timedelta(days=settings.CODE_LIFE_DAYS))
    assert papers.file_of(order)
    tick.run(MORNING + timedelta(days=settings.CODE_LIFE_DAYS, minutes=1))
    order.refresh_from_db()
    assert order.state == "gone" and order.wanted == []
    with pytest.raises(PapersGone):
        papers.file_of(order)


def test_certificates_that_nobody_fetched_are_gone_after_a_day(city):
    order = papers.order_certificates(city.pact, city.root, by=city.officer, now=MORNING)
    papers.make(order, now=MORNING)
    tick.run(MORNING + timedelta(days=1, minutes=1))
    order.refresh_from_db()
    assert order.state == "gone"


def test_codes_that_new_slips_would_void_are_counted(city):
    people = papers.unit_people(city.root, TODAY)
    assert papers.codes_voided(people, now=MORNING) == 0
    papers.make(order_slips(city), now=MORNING)
    assert papers.codes_voided(people, now=MORNING) == 5
    assert papers.codes_voided(people, now=MORNING + timedelta(days=30)) == 0, "what expired is void already"


def test_in_a_demo_a_certificate_tells_one_day(settings, keys):
    made = Signed(demo=True)
    later = MORNING + timedelta(days=760)
    paper = certificates._paper(made.read(), demo=True, now=later)
    assert paper.made_at.date() == paper.signed_at.date() == TODAY
    assert certificates._paper(made.read(), demo=False, now=later).made_at == later
    assert BytesIO(certificates.render(made.read(), now=later)).read(4) == b"%PDF"
