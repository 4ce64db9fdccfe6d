"""No line of a server log names anybody: whatever people do on the pages, and whatever goes wrong there.

Everything that any logger would write is caught with its traceback, and read through for the numbers, names, codes and
passwords that the stage knows.
"""

import logging
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from ikrar.records.models import Person, RosterImport
from ikrar.services import accounts, pacts, tick
from tests.web import stage as stages
from tests.web.stage import MORNING, PASSWORD, SARI, browser, person

pytestmark = pytest.mark.django_db

NOBODY, NEW = "198001012005011999", "199505052020122003"


class Lines(logging.Handler):
    """Keeps every line as the console would write it, with its traceback and its extras."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
        self.written: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        plain = logging.makeLogRecord({}).__dict__
        extras = {
            name: value for name, value in record.__dict__.items()
            if name not in plain and name not in ("request", "message", "asctime")
        }  # fmt: skip
        self.written.append(f"{self.format(record)} {extras}")

    def text(self) -> str:
        return "\n".join(self.written)


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Listen to every logger at the level of a server."""
    made, root = Lines(), logging.getLogger()
    before = root.level
    root.addHandler(made)
    root.setLevel(logging.INFO)
    yield made
    root.removeHandler(made)
    root.setLevel(before)


@pytest.fixture
def secrets(stage) -> set[str]:
    """Everything that must not stand in a line."""
    known = {
        PASSWORD,
        "salah sekali",
        NOBODY,
        NEW,
        "Dewi Baru",
        "Sari Dewi",
        "Budi Santoso",
        "Tono Hartono",
        "Rina Marlina",
    }
    for number, name in Person.objects.exclude(identifier_type="none").values_list("identifier", "name"):
        known |= {number, name}
    return known


def assert_clean(lines: Lines, secrets: set[str]) -> None:
    said = lines.text()
    for secret in secrets:
        assert secret not in said, f"{secret!r} in: " + next(line for line in lines.written if secret in line)[:600]


def test_the_listener_hears_what_a_server_writes(stage, lines):
    Client().get("/tidak-ada/")
    assert "Not Found: /tidak-ada/" in lines.text()


def test_signing_in_and_failing_to(stage, lines, secrets):
    placement = stage.home.teacher.placements.select_related("person", "unit").get()
    code = accounts.issue_codes([placement], by=None, now=MORNING)[0].code
    for number in range(12):
        for name in (SARI, NOBODY):
            Client().post("/masuk/", {"name": name, "password": "salah sekali"})
            Client().post("/masuk/kode/", {"name": f"{name[:-2]}{number:02d}", "code": "AAAA-BBBB-CCCC"})
    client = Client()
    client.post("/masuk/kode/", {"name": stages.TONO, "code": code})
    placement = stage.home.head.placements.select_related("person", "unit").get()
    code = accounts.issue_codes([placement], by=None, now=MORNING)[0].code
    client.post("/masuk/kode/", {"name": stages.BUDI, "code": code})
    client.post("/masuk/kata-sandi/", {"password": PASSWORD, "again": PASSWORD})
    client.post("/keluar/")
    client.post("/masuk/", {"name": stages.BUDI, "password": PASSWORD})
    assert_clean(lines, secrets | {code, code[:4]})


def test_signing_refusing_contesting_and_losing_ones_way(stage, lines, secrets):
    client = browser(stage.sari)
    form = {"shown_digest": stages.TEXT.digest(), "agree": "on"}
    client.post(reverse("pact-sign", args=[stage.home.duty.pk]), form)
    client.post(reverse("pact-sign", args=[stage.home.duty.pk]), form)
    client.post(reverse("pact-refuse", args=[stage.home.duty.pk]), {"reason": "rahasia keluarga"})
    client.post(reverse("contest", args=[stage.home.signature.pk]), {"reason": "rahasia keluarga", "sure": "1"})
    client.get(reverse("pact", args=[stage.away.duty.pk]))
    client.get(reverse("rounds"))
    client.get(f"/pakta/{10**9}/")
    client.get(reverse("my-certificate", args=[stage.home.signed_duty.pk]))
    browser(stage.sari, enforce_csrf_checks=True).post(reverse("inbox-read"), {"nip": SARI})
    assert "Not Found" in lines.text() and "Forbidden" in lines.text()
    assert_clean(lines, secrets | {"rahasia keluarga"})


def test_searching_importing_printing_and_bundling(stage, lines, secrets):
    client = browser(stage.rina)
    for asked in (SARI, "Sari Dewi", NOBODY):
        client.get(reverse("people"), {"q": asked})
        client.get("/pegawai/tidak-ada/", {"q": asked})
    content = stages.roster_file((NEW, "Dewi Baru", "PNS"), ("1234", "Salah Nomor", "PNS"), (SARI, "Sari Dewi", "PNS"))
    client.post(reverse("imports"), {"agency": stage.home.agency.pk, "file": SimpleUploadedFile(f"{NEW}.csv", content)})
    made = RosterImport.objects.latest("pk")
    form = {f"column_{index}": made.fields[heading] or "" for index, heading in enumerate(made.headings)}
    client.post(reverse("import-map", args=[made.pk]), form)
    client.get(reverse("import", args=[made.pk]))
    client.get(reverse("import-rejects", args=[made.pk]))
    client.post(reverse("import-apply", args=[made.pk]))
    made.refresh_from_db()
    assert made.state == "applied"
    client.post(reverse("import-undo", args=[made.pk]))
    client.post(reverse("unit-slips", args=[stage.home.school.pk]))
    client.get(reverse("bundle", args=[stage.home.signed_pact.pk, stage.home.school.pk]))
    client.post(
        reverse("change-identifier", args=[stage.home.teacher.pk]), {"kind": "nip", "number": NEW, "reason": "x"}
    )
    client.post(reverse("body", args=[stage.home.body.pk]), {"number": stages.TONO, "letter_number": "1"})
    tick.run(MORNING)
    assert_clean(lines, secrets)


@pytest.mark.parametrize("where", ["pacts.of_person", "accounts.by_password", "roster.receive", "accounts.draw_codes"])
def test_an_error_of_ours_in_the_middle_of_something_private(stage, lines, secrets, monkeypatch, where):
    def broken(*_args, **_kwargs):
        raise RuntimeError("something broke")

    monkeypatch.setattr(f"ikrar.services.{where}", broken)
    client, stranger = browser(stage.rina), Client()
    client.raise_request_exception = stranger.raise_request_exception = False
    client.get(reverse("person", args=[stage.home.teacher.pk]), {"nip": SARI})
    stranger.post("/masuk/", {"name": SARI, "password": PASSWORD, "next": f"/{SARI}/"})
    file = SimpleUploadedFile(f"{NEW}.csv", stages.roster_file((NEW, "Dewi Baru", "PNS")))
    client.post(reverse("imports"), {"agency": stage.home.agency.pk, "file": file})
    client.post(reverse("unit-slips", args=[stage.home.school.pk]))
    assert "RuntimeError: something broke" in lines.text()
    assert_clean(lines, secrets)


def test_an_error_of_the_database_does_not_carry_a_number_into_the_log(stage, lines, secrets):
    """PostgreSQL says which value stood twice; SQLite says which column. A page must not come that far."""
    person("Sari Dewi", SARI, stage.home.school, kind="ni_pppk", employment="pppk")
    client = browser(stage.rina)
    client.raise_request_exception = False
    client.post(reverse("unit-slips", args=[stage.home.school.pk]))
    assert_clean(lines, secrets)


def test_an_error_of_the_database_anywhere_is_written_without_its_values(stage, lines, secrets, monkeypatch):
    """Whatever meets a constraint tomorrow: the line tells which constraint, not whose number."""

    def twice(*_args, **_kwargs):
        Person.objects.create(identifier_type="nip", identifier=SARI, name=stage.home.teacher.name)

    monkeypatch.setattr(pacts, "of_person", twice)
    client = browser(stage.sari)
    client.raise_request_exception = False
    assert client.get(reverse("my-pacts")).status_code == 500
    assert "IntegrityError" in lines.text()
    assert connection.vendor in ("sqlite", "postgresql")
    assert_clean(lines, secrets)


def test_a_number_in_an_address_is_what_no_page_of_ours_asks_for(stage, lines, secrets):
    """Addresses are written into logs by every server on the way: ours hold keys and codes alone."""
    client = browser(stage.rina)
    addresses = []
    for name in ("home", "people", "units", "rounds", "offices", "bodies", "imports", "elections", "coverage"):
        client.raise_request_exception = False
        page = client.get(reverse(name)).content.decode()
        addresses += [part.split('"')[0] for part in page.split('href="')[1:]]
    assert len(addresses) > 60
    said = "\n".join(addresses)
    assert not [secret for secret in secrets if secret in said]
