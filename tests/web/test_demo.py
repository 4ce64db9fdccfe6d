"""The demo: one click into each role, a day that can be moved, and a note on every page."""

import copy
import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation

from ikrar.domain.access import Role
from ikrar.records.models import Installation, LogPayload, Person, Signature
from ikrar.services import demo, installation, offices, scenarios
from ikrar.web import context, messages
from ikrar.web.middleware import LANGUAGE_COOKIE
from tests.house.test_access import OBJECTS, PERSONAL, PUBLIC, permission_of, takes_arguments, urls
from tests.web import stage as stages
from tests.web.stage import MORNING, TODAY, quick_client

pytestmark = pytest.mark.django_db

SINCE = datetime(2024, 9, 25, tzinfo=UTC)
NOTE = '<p class="demo" role="note">'


@pytest.fixture(scope="module")
def built_demo(stage_home, django_db_setup, django_db_blocker):
    """The same stage in a database that was made as a demo."""
    with django_db_blocker.unblock(), stages.settings_in(stage_home), stages.kept_open():
        with stages.one_morning():
            built = stages.build(demo=True)
            common = {"by": None, "now": MORNING}
            office = offices.create_office(
                agency=built.home.agency, unit=None, title="Wali Kota Umpama", kind="head_of_region", **common
            )
            acting = offices.take_over_from_outside(
                office,
                name=scenarios.UNNAMED,
                capacity="pjs",
                from_at=SINCE,
                letter_number="",
                letter_on=None,
                **common,
            )
            Installation.objects.update(
                demo_cast={
                    "civil_servant": [built.budi.pk, built.sari.pk], "unit_head": [built.budi.pk],
                    "programme_officer": [built.rina.pk], "other_officer": [built.away_officer.pk],
                    "province_officer": [built.rina.pk], "acting_head": [stages.account(acting.person).pk],
                    "legal_bureau": [built.accounts[Role.DRAFTER].user.pk],
                    "intake_officer": [built.accounts[Role.INTAKE_OFFICER].user.pk],
                    "intake_colleague": [built.accounts[Role.INTAKE_OFFICER].user.pk],
                    "supervisor_officer": [built.accounts[Role.SUPERVISOR_BODY].user.pk],
                    **{
                        part: [built.accounts[role].user.pk]
                        for part, role in (
                            ("case_supervisor", Role.SUPERVISOR_BODY), ("case_national", Role.NATIONAL_BODY),
                            ("case_authority", Role.APPOINTING_AUTHORITY), ("case_examiner", Role.EXAMINER),
                            ("case_drafter", Role.DRAFTER), ("case_lawyer", Role.DRAFTER),
                        )
                    },
                    "auditor": [built.accounts[Role.AUDITOR].user.pk],
                    "administrator": [built.accounts[Role.ADMINISTRATOR].user.pk],
                }
            )  # fmt: skip
        yield built


@pytest.fixture
def invented(built_demo, db):
    context.forget()
    return copy.deepcopy(built_demo)


def step_into(part: str) -> Client:
    client = Client()
    assert client.post(reverse("demo-step-in"), {"part": part})["Location"] == reverse("home")
    return client


# --- one click ---------------------------------------------------------------------------------------------------


def test_the_front_page_lets_a_visitor_step_into_each_role(invented):
    page = Client().get(reverse("landing")).content.decode()
    for part in demo._PARTS:
        assert f'name="part" value="{part}"' in page
    assert "rekaan" in page and 'value="2024-10-25"' in page


@pytest.mark.parametrize(
    ("part", "opens"),
    [("civil_servant", "my-pacts"), ("unit_head", "coverage"), ("programme_officer", "rounds"), ("other_officer", "rounds"),
     ("province_officer", "below"), ("acting_head", "my-duties"), ("legal_bureau", "opinions"), ("legal_bureau", "gazette"), ("auditor", "log"), ("administrator", "roles")],
)  # fmt: skip
def test_one_click_opens_the_pages_of_the_role_without_a_second_factor(invented, part, opens):
    client = step_into(part)
    assert client.get(reverse("home")).status_code == 200
    assert client.get(reverse(opens)).status_code == 200


def test_every_role_of_the_cast_is_called_by_words_in_both_languages(invented):
    assert set(messages.DEMO_PARTS) == set(demo._PARTS)
    client = Client()
    client.cookies[LANGUAGE_COOKIE] = "en"
    page = client.get(reverse("landing")).content.decode()
    assert "Step in as civil servant\n" in page and "Step in as pegawai" not in page
    assert "Legal bureau" in page and "this installation" in page


def test_who_steps_into_another_role_leaves_the_first(invented):
    client = step_into("programme_officer")
    client.post(reverse("demo-step-in"), {"part": "civil_servant"})
    assert client.get(reverse("rounds")).status_code == 403


def test_the_civil_servant_of_the_demo_is_one_who_has_not_signed_yet(invented):
    people = [Person.objects.get(identifier=number) for number in (stages.WATI, stages.RAHMA)]
    users = [stages.account(each) for each in people]
    Installation.objects.update(demo_cast={"civil_servant": [user.pk for user in users]})
    for user, someone in zip(users, people, strict=True):
        assert demo.part_of("civil_servant").user == user
        stages.sign(stages.duty_of(invented.home.pact, someone), user)


def test_an_acting_head_is_in_the_cast_on_the_days_on_which_one_holds_an_office(invented):
    assert demo.part_of("acting_head").place == "Wali Kota Umpama"
    demo.move_day(date(2024, 9, 24))
    context.forget()
    assert demo.part_of("acting_head") is None
    assert 'value="acting_head"' not in Client().get(reverse("landing")).content.decode()


@pytest.mark.parametrize("part", ["", "x", "__class__", "\x00", "administrator "])
def test_a_role_that_is_not_in_the_cast_is_not_found(invented, part):
    assert Client().post(reverse("demo-step-in"), {"part": part}).status_code == 404


def test_a_visitor_signs_and_checks_within_the_demo(invented):
    client = step_into("civil_servant")
    page = client.get(reverse("home"))
    (duty,) = page.context["waiting"]
    text = client.get(reverse("pact", args=[duty.pk])).content.decode()
    digest = re.search(r'name="shown_digest" value="(\w+)"', text)[1]
    response = client.post(reverse("pact-sign", args=[duty.pk]), {"shown_digest": digest, "agree": "on"})
    assert response["Location"] == reverse("pact", args=[duty.pk])


def test_a_visitor_who_looked_around_for_half_an_hour_can_still_sign(invented):
    """Nobody in the demo has a password to confirm with."""
    client = step_into("civil_servant")
    (duty,) = client.get(reverse("home")).context["waiting"]
    with time_machine.travel(MORNING + timedelta(minutes=45)):
        response = client.post(
            reverse("pact-sign", args=[duty.pk]),
            {"shown_digest": duty.pact_round.text.digest, "agree": "on"},
            follow=True,
        )
    assert response.status_code == 200
    assert Signature.objects.filter(obligation=duty).exists(), response.redirect_chain


# --- the day -----------------------------------------------------------------------------------------------------


def test_the_day_of_the_programme_moves_and_the_clock_of_log_and_session_does_not(invented):
    response = Client().post(reverse("demo-day"), {"day": "2024-11-27"})
    assert response["Location"] == reverse("landing")
    assert installation.the_one().demo_today == date(2024, 11, 27)
    client = step_into("civil_servant")
    page = client.get(reverse("home")).content.decode()
    assert "27 November 2024" in page
    (duty,) = client.get(reverse("home")).context["waiting"]
    before = set(LogPayload.objects.values_list("pk", flat=True))
    client.post(reverse("pact-sign", args=[duty.pk]), {"shown_digest": duty.pact_round.text.digest, "agree": "on"})
    signature = Signature.objects.get(obligation=duty)
    assert signature.signed_on == date(2024, 11, 27)
    assert signature.signed_at.date() == TODAY
    (entry,) = LogPayload.objects.exclude(pk__in=before)
    assert b'"time":"2024-10-25T' in bytes(entry.payload)


@pytest.mark.parametrize("day", ["", "besok", "2024-02-30", "99999-01-01"])
def test_a_day_that_is_none_moves_nothing(invented, day):
    assert Client().post(reverse("demo-day"), {"day": day}).status_code == 302
    assert installation.the_one().demo_today == TODAY


# --- the note ----------------------------------------------------------------------------------------------------


def pages_of(stage) -> dict[str, object]:
    """Every page that answers with HTML: each URL as somebody who may open it, and the refusals."""
    by_permission = {permission: account for account in stage.accounts.values() for permission in account.permissions}
    found = {}
    for name in urls():
        permission, arguments = permission_of(name), {}
        account = by_permission[permission] if permission else None
        if takes_arguments(name):
            if name in PERSONAL:
                account = stage.accounts[Role.CIVIL_SERVANT]
                arguments = PERSONAL[name](account)
            else:
                arguments = (OBJECTS.get(name) or PUBLIC[name])(stage.home)
        client = account.client() if account else quick_client()
        for method in ("get", "post"):
            client.raise_request_exception = False
            response = getattr(client, method)(reverse(name, kwargs=arguments))
            if response.get("Content-Type", "").startswith("text/html") and response.status_code not in (302, 303, 405):
                found[f"{method} {name}"] = response
    found["not found"] = quick_client().get("/tidak-ada/")
    found["forbidden"] = stage.accounts[Role.CIVIL_SERVANT].client().get(reverse("rounds"))
    return found


def test_the_note_is_on_every_page_of_a_demo(invented):
    stages.equip(invented)
    pages = pages_of(invented)
    assert len(pages) > 60
    # An error of ours is answered without asking the database anything: it cannot know.
    without = [name for name, page in pages.items() if NOTE not in page.content.decode() and page.status_code != 500]
    assert without == []


def test_the_note_says_that_all_are_invented_and_which_day_it_is(invented):
    page = Client().get(reverse("landing")).content.decode()
    note = re.sub(r"<[^>]+>", " ", page[page.index(NOTE) :].split("</p>")[0])
    assert "DEMO" in note and "rekaan" in note and "25 Oktober 2024" in note


def test_the_front_page_tells_of_each_role_in_the_language_of_the_page(invented):
    client = Client()
    page = client.get(reverse("landing")).content.decode()
    with translation.override("id"):
        indonesian = [str(says) for _, says in messages.DEMO_PARTS.values()]
    assert all(text in page for text in indonesian)
    client.post(reverse("language"), {"language": "en"})
    page = client.get(reverse("landing")).content.decode()
    for said in ("Step in as civil servant", "Read the log: every act of importance", "this installation"):
        assert said in page, said
    assert not [text for text in indonesian if text in page]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "abc", ""])
def test_a_day_that_is_refused_is_told_and_so_is_one_that_was_taken(invented, day):
    client = Client()
    assert "Hari program tidak berubah" in client.post(reverse("demo-day"), {"day": day}, follow=True).content.decode()
    taken = client.post(reverse("demo-day"), {"day": "2024-10-26"}, follow=True).content.decode()
    assert "Hari program sekarang 26 Oktober 2024" in taken


def test_a_signature_of_one_click_is_said_to_prove_nothing(invented):
    signature = invented.home.signature
    page = Client().get(reverse("check-code", args=[signature.code])).content.decode()
    assert "tidak seorang pun membuktikan dirinya" in page
