"""What all tests share: an hour that stands still, a city with its units, and the small cast that lives in it.

Everything here is written as rows, past the services, so that the log is empty when a test begins.
"""

import copy
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import hypothesis
import pytest
from django.core.cache import cache
from django.utils import translation
from whitenoise.base import WhiteNoise

from ikrar.domain.access import Role
from ikrar.domain.days import WIB
from ikrar.domain.pacts import PactText
from ikrar.records.models import (
    Agency,
    Obligation,
    PactRound,
    PactVersion,
    Person,
    Placement,
    Region,
    RoleGrant,
    User,
    WorkUnit,
)
from ikrar.services import units
from tests import template
from tests.counting import count_what_is_kept

# A machine that is busy is no defect of what is tested.
hypothesis.settings.register_profile("ikrar", deadline=None)
hypothesis.settings.load_profile("ikrar")

MORNING = datetime(2024, 10, 25, 8, 0, tzinfo=WIB)
NOW = datetime(2024, 10, 25, 10, 0, tzinfo=WIB)
TODAY = date(2024, 10, 25)


# The files that take longest, on either database. Where two processes share out the files these come first: one that came last
# would run alone. Journeys, which wait much, alternate with files that compute.
LONGEST_FIRST = (
    "journeys/test_every_page.py", "services/test_installation.py", "house/test_access.py", "journeys/test_j05_intake.py",
    "services/test_cases_walk.py", "journeys/test_reporter_troubles.py", "worker/test_serving.py",
    "journeys/test_reporter_scripted.py", "services/test_cases_decisions.py", "journeys/test_j03_declaration.py",
    "journeys/test_j02_guidance.py", "services/test_cases_at_size.py", "journeys/test_programme_pages.py",
    "services/test_installation_postgresql.py", "journeys/test_j01_programme_officer.py", "journeys/test_circulars.py",
    "services/test_flood.py", "journeys/test_j04_reporter.py", "journeys/test_j07_duties.py", "services/test_nothing_leaks.py",
    "journeys/test_j05_cases.py", "journeys/test_j02_civil_servant.py", "journeys/test_rulebook_pages.py", "services/test_roster.py",
)  # fmt: skip
TESTS = Path(__file__).parent


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL what asks no database of the run is not tested a second time. Files are put in the order of LONGEST_FIRST."""
    if template.SERVER and not template.WANTS_ALL:
        items[:] = [
            each for each in items if not each.get_closest_marker("once") or each.get_closest_marker("django_db")
        ]
    if hasattr(config, "workerinput"):
        rank = {TESTS / name: place for place, name in enumerate(LONGEST_FIRST)}
        items.sort(key=lambda each: rank.get(each.path, len(rank)))


@pytest.fixture(scope="session", autouse=True)
def every_query_is_counted():
    """Whoever counts queries counts those that go past Django's cursor, too."""
    count_what_is_kept()


@pytest.fixture(scope="session", autouse=True)
def static_files_are_looked_for_once():
    """Each client of a test has its middleware made anew, which would look for every static file and its dates each time."""
    look, found = WhiteNoise.update_files_dictionary, {}

    def kept(noise, root, prefix):
        if (root, prefix) not in found:
            here = copy.copy(noise)
            here.files = {}
            look(here, root, prefix)
            found[root, prefix] = here.files
        noise.files.update(found[root, prefix])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", kept)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Tables are copied, not made."""
    template.use_for_tests()


@pytest.fixture(autouse=True)
def without_waiting(settings):
    """Acts are committed one by one, inside the test's own transaction; passwords are hashed in no time."""
    settings.COMMIT_TOGETHER = False
    settings.KEPT_S = 0  # rows are written past the services here, which would have told of it
    cache.clear()  # allauth counts guesses of a second factor there
    translation.deactivate()  # a page that an earlier test read in English leaves its language on
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def morning():
    """Friday 25 October 2024, eight in the morning in Bukittinggi: when the stage was set."""
    return MORNING


@pytest.fixture
def now():
    """Two hours later: when things happen."""
    return NOW


@pytest.fixture
def today():
    """The programme's day."""
    return TODAY


@pytest.fixture
def home(tmp_path, settings):
    """An installation's folder of the test's own."""
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir(mode=0o700)
    return settings.HOME


# --- a city ------------------------------------------------------------------------------------------------------

_CITY_UNITS = (
    ("SETDA", "Sekretariat Daerah", "secretariat", "13.75"),
    ("BAG-HUKUM", "Bagian Hukum", "section", "SETDA"),
    ("BKPSDM", "Badan Kepegawaian", "office", "13.75"),
    ("DISDIK", "Dinas Pendidikan", "education_office", "13.75"),
    ("SMPN-3", "SMPN 3 Bukittinggi", "school", "DISDIK"),
    ("SDN-01", "SDN 01 Guguk Panjang", "school", "DISDIK"),
    ("KEC-01", "Kecamatan Guguk Panjang", "district", "13.75"),
    ("KEL-01", "Kelurahan Tarok Dipo", "ward", "KEC-01"),
)


def make_agency(code, name, region, tree):
    """Write an agency with its units (code, name, kind, parent's code), parents first, and number the tree."""
    agency = Agency.objects.create(code=code, name=name, kind="city", region_id=region, letterhead=name)
    made = {code: WorkUnit.objects.create(agency=agency, code=code, name=name, kind="root", region_id=region)}
    for own, title, kind, parent in tree:
        made[own] = WorkUnit.objects.create(agency=agency, code=own, name=title, kind=kind, parent=made[parent])
    units.renumber(agency)
    return agency


@pytest.fixture
def regions(db):
    """West Sumatra with two of its cities, and a province that keeps another time."""
    Region.objects.create(code="13", name="Sumatera Barat")
    Region.objects.create(code="13.75", name="Kota Bukittinggi", parent_id="13")
    Region.objects.create(code="13.76", name="Kota Payakumbuh", parent_id="13")
    Region.objects.create(code="71", name="Sulawesi Utara")


@pytest.fixture
def city(regions):
    """The agency of most tests: Bukittinggi, its units three deep, nobody in them."""
    return make_agency("13.75", "Pemerintah Kota Bukittinggi", "13.75", _CITY_UNITS)


@pytest.fixture
def other_city(regions):
    """The agency next door, of which the first sees nothing."""
    return make_agency(
        "13.76",
        "Pemerintah Kota Payakumbuh",
        "13.76",
        [
            ("BKPSDM", "Badan Kepegawaian", "office", "13.76"),
            ("SMPN-1", "SMPN 1 Payakumbuh", "school", "13.76"),
        ],
    )


# --- its people --------------------------------------------------------------------------------------------------


@dataclass
class Member:
    """One of the cast: who it is on the roster, and by which account."""

    person: Person
    placement: Placement
    user: User


@dataclass
class Cast:
    """Sari teaches and has signed nothing yet, Budi heads her school, Rina runs the programme, Tono is of another agency."""

    sari: Member
    budi: Member
    rina: Member
    tono: Member


def make_member(unit, identifier, name, *, sex, post, kind="nip", **placement):
    """Write somebody with a placement since January 2024 and an account that was never opened."""
    person = Person.objects.create(
        identifier_type=kind,
        identifier=identifier,
        name=name,
        birth_on=date(int(identifier[:4]), int(identifier[4:6]), int(identifier[6:8])),
        sex=sex,
        email=f"{name.split()[0].lower()}@example.test",
        phone="0812 0000 0001",
    )
    fields = {"employment": "pns", "status": "active", "grade": "III/c", "from_on": date(2024, 1, 1)} | placement
    placed = Placement.objects.create(person=person, unit=unit, post=post, **fields)
    user = User.objects.create(username=identifier, person=person, password="!", created_at=MORNING)
    return Member(person, placed, user)


@pytest.fixture
def cast(city, other_city):
    """The people of most tests."""
    school, office = city.units.get(code="SMPN-3"), city.units.get(code="BKPSDM")
    cast = Cast(
        sari=make_member(school, "198503152010012001", "Sari Contohwati", sex="f", post="Guru Ahli Muda"),
        budi=make_member(
            school, "197208171998031002", "Budi Misalkan", sex="m", post="Kepala Sekolah", is_head=True, grade="IV/a"
        ),
        rina=make_member(office, "198811042012122003", "Rina Umpama", sex="f", post="Analis SDM Aparatur"),
        tono=make_member(
            other_city.units.get(code="BKPSDM"), "198602202011011006", "Tono Andaikan", sex="m", post="Analis"
        ),
    )
    for member in (cast.rina, cast.tono):
        RoleGrant.objects.create(
            user=member.user, role=Role.PROGRAMME_OFFICER, agency=member.placement.unit.agency, from_at=MORNING
        )
    return cast


# --- what is asked of them ---------------------------------------------------------------------------------------

TEXT = PactText.of(
    "Pakta Integritas Netralitas ASN",
    "Saya yang bertanda tangan di bawah ini menyatakan:",
    ["menjaga netralitas", "tidak menyebarkan ujaran kebencian"],
    "Demikian pernyataan ini dibuat dengan sebenarnya.",
)


@pytest.fixture
def pact_round(cast, city):
    """A round that was issued in the city this morning."""
    pact_round = PactRound.objects.create(
        agency=city,
        title=TEXT.title,
        employments=["cpns", "pns", "pppk"],
        state="issued",
        issued_on=TODAY,
        created_at=MORNING,
    )
    pact_round.agencies.add(city)
    pact_round.text = PactVersion.objects.create(
        pact_round=pact_round,
        number=1,
        title=TEXT.title,
        opening=TEXT.opening,
        points=list(TEXT.points),
        closing=TEXT.closing,
        digest=TEXT.digest(),
        published_at=MORNING,
    )
    pact_round.save()
    return pact_round


@pytest.fixture
def duty(pact_round, cast):
    """What Sari owes: she has not signed."""
    return Obligation.objects.create(
        pact_round=pact_round,
        person=cast.sari.person,
        unit=cast.sari.placement.unit,
        post=cast.sari.placement.post,
        issued_at=MORNING,
    )
