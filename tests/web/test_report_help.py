"""Who and what is meant: answered to officers alone, and nothing of what they typed is left anywhere."""

import json
import logging
import re

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from ikrar.domain.access import Role
from ikrar.records.models import LogEntry, LogPayload
from ikrar.services import finding, rules
from ikrar.web.middleware import LANGUAGE_COOKIE
from tests.web.stage import browser

pytestmark = pytest.mark.django_db
PLANTED = "RAHASIATIKANQ"
PAGES = ("find-person", "help-people", "help-acts")


@pytest.fixture(autouse=True)
def fresh_process():
    finding._mapped = None
    finding._asked.clear()
    yield
    finding._mapped = None


@pytest.fixture
def officer(stage):
    return browser(stage.accounts[Role.SUPERVISOR_BODY].user)


def asked(client, name, **form):
    response = client.post(reverse(name), form)
    assert response["Cache-Control"] == "no-store"
    return response


def everything_stored():
    """Return all that stands in the database, as text."""
    with connection.cursor() as cursor:
        told = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            told += [
                repr(tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row)) for row in cursor
            ]
        return "\n".join(told)


# --- answers -----------------------------------------------------------------------------------------------------


def test_a_browser_is_answered_who_may_be_meant_with_reasons(stage, officer):
    answer = asked(officer, "help-people", q=f"Bu {stage.home.teacher.name}, guru").json()
    assert set(answer) == {"people", "more", "more_is_least", "ask", "on", "behind"}
    first = answer["people"][0]
    assert first["key"] == stage.home.teacher.pk and first["nip"] == stage.home.teacher.identifier
    assert first["name"] and first["unit"] and first["because"] and all(map(str, first["because"]))


def test_a_browser_is_answered_which_acts_may_be_meant(officer):
    answer = asked(
        officer, "help-acts", text="Camat itu membagikan stiker calon bupati kepada warga", on="2024-10-25", region="13.75",
        employment="pns", post="Camat",
    ).json()  # fmt: skip
    assert answer["acts"]
    for act in answer["acts"]:
        assert act["id"] in rules.book().acts and act["label"] and 0 < act["score"] <= 1
        assert all("“" in reason for reason in act["because"])


def test_what_tells_of_nothing_is_answered_with_no_act(officer):
    rule = "Wali kota melarang ASN menyukai unggahan pasangan calon."
    assert asked(officer, "help-acts", text=rule, on="2024-10-25").json() == {"acts": []}
    denied = "Lurah menyukai unggahan pasangan calon, tapi ia membantah."
    assert asked(officer, "help-acts", text=denied, on="2024-10-25").json()["acts"], "a report may tell of a denial"
    assert asked(officer, "help-acts", text="Hujan turun sejak pagi").json() == {"acts": []}


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("help-people", {}),
        ("help-people", {"q": "   "}),
        ("help-people", {"q": "Pak"}),
        ("help-people", {"q": "Dr. H."}),
        ("help-people", {"q": "x" * 20_000}),
        ("help-people", {"q": "Sari", "on": "kemarin"}),
        ("help-people", {"q": "Sari", "region": "99.99"}),
        ("help-acts", {}),
        ("help-acts", {"text": "x" * 20_000}),
        ("help-acts", {"text": "membagikan stiker", "employment": "raja"}),
        ("help-acts", {"text": "membagikan stiker", "on": "1999-01-01"}),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_sentence(officer, name, form):
    response = asked(officer, name, **form)
    assert response.status_code == 422
    assert set(response.json()) == {"says"} and len(response.json()["says"]) > 10
    assert "%(" not in response.json()["says"]


@pytest.mark.parametrize(
    "text", ["‮Sari‬", "Sa​ri Con​toh", "<script>alert(1)</script>", "'; DROP TABLE", "\x00Sari", "🙂"]
)
def test_odd_signs_are_answered_honestly(officer, text):
    assert asked(officer, "help-people", q=text).status_code in (200, 422)
    assert officer.post(reverse("find-person"), {"q": text}).status_code in (200, 422)


def test_the_page_says_who_and_why_without_scripts(stage, officer):
    page = officer.post(reverse("find-person"), {"q": stage.home.teacher.name})
    text = page.content.decode()
    assert page.status_code == 200
    for words in (stage.home.teacher.full_name, stage.home.teacher.identifier, "Cocok", "tidak memutuskan"):
        assert words in text, words
    assert "<script" not in text[text.index("<main") : text.index("</main>")]


def test_the_page_says_what_would_help_where_nobody_is_found(officer):
    page = officer.post(reverse("find-person"), {"q": "guru SD 99"}).content.decode()
    assert "Tidak ada yang cocok" in page and "Tidak ada SD 99 pada daftar pegawai di sini" in page
    page = officer.post(reverse("find-person"), {"q": "Xyzzyq Qwerty"}).content.decode()
    assert page.count("Periksa ejaannya") == 1
    told = asked(officer, "help-people", q="Xyzzyq Qwerty").json()
    assert told["people"] == [] and told["ask"].startswith("Periksa ejaannya")


def test_nobody_outside_the_reach_of_a_body_is_found(stage):
    own, other = stage.home.teacher, stage.away.teacher
    for role, sees in ((Role.INTAKE_OFFICER, False), (Role.NATIONAL_BODY, True)):
        client = browser(stage.accounts[role].user)
        assert own.pk in [each["key"] for each in asked(client, "help-people", q=own.name).json()["people"]], role
        keys = [each["key"] for each in asked(client, "help-people", q=other.name).json()["people"]]
        assert (other.pk in keys) is sees, role


@pytest.mark.parametrize("role", [Role.PROGRAMME_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR, Role.UNIT_HEAD])
def test_others_have_no_right_to_look(stage, role):
    client = browser(stage.accounts[role].user)
    for name in PAGES:
        assert client.post(reverse(name), {"q": "Sari", "text": "x"}).status_code == 403


def test_a_form_of_another_site_is_refused(stage):
    client = browser(stage.accounts[Role.SUPERVISOR_BODY].user, enforce_csrf_checks=True)
    for name in PAGES:
        assert client.post(reverse(name), {"q": PLANTED, "text": PLANTED}).status_code == 403


def test_words_in_the_address_are_not_read(officer):
    for name in PAGES:
        response = officer.get(reverse(name), {"q": PLANTED, "text": PLANTED})
        assert response.status_code == (200 if name == "find-person" else 405)
        assert PLANTED not in re.sub(r'name="back" value="[^"]*"', "", response.content.decode())


def test_a_post_that_nobody_is_recorded_in_is_told_on_the_page_as_it_is_to_a_browser(stage, officer):
    told = asked(officer, "help-people", q="Camat Guguk Panjang").json()
    assert told["people"] == [] and told["ask"]
    page = asked(officer, "find-person", q="Camat Guguk Panjang").content.decode()
    assert told["ask"] in page and "Periksa ejaannya" in page


def test_whoever_asks_too_fast_waits(officer):
    for _ in range(120):
        asked(officer, "help-people", q="")  # refused by its form, and not counted
    for _ in range(120):
        assert asked(officer, "help-acts", text="Hujan").status_code == 200
    assert asked(officer, "help-people", q="Sari").status_code == 429
    assert "menit" in asked(officer, "help-acts", text="Hujan").json()["says"]


def test_whoever_searches_more_than_anybody_reads_gets_a_page_that_says_until_when_and_nothing_is_stored(
    officer, monkeypatch, home_files, caplog
):
    monkeypatch.setattr(finding, "SEARCHES_AN_HOUR", 3)
    for _ in range(3):
        assert asked(officer, "help-people", q=f"Sari {PLANTED}").status_code == 200
    with caplog.at_level(logging.INFO):
        page = asked(officer, "find-person", q=f"Budi {PLANTED}", on="2024-10-14")
        told = asked(officer, "help-people", q=f"Budi {PLANTED}")
    assert page.status_code == told.status_code == 429
    text = page.content.decode()
    for words in ("Pencarian terbuka lagi 60 menit lagi", f'value="Budi {PLANTED}"', "2024-10-14"):
        assert words in text, words
    assert "60 menit" in told.json()["says"]
    # What an act may be is counted by the minute alone.
    assert asked(officer, "help-acts", text="Hujan").status_code == 200
    assert PLANTED.lower() not in everything_stored().lower() and PLANTED not in said_in(caplog)
    assert "an officer searches more names than anybody reads" in said_in(caplog)
    assert not any(PLANTED.lower().encode() in path.read_bytes().lower() for path in home_files())
    assert LogPayload.objects.of_event("person.searches_slowed").count() == 1


# --- nothing is left ---------------------------------------------------------------------------------------------


def test_nothing_of_what_was_asked_is_stored(stage, officer, home_files):
    entries, sessions = LogEntry.objects.count(), Session.objects.count()
    for name in PAGES:
        for form in ({"q": f"{PLANTED} Sari", "text": f"{PLANTED} stiker"}, {"q": f"{PLANTED}" * 900, "text": "x"}):
            officer.post(reverse(name), form)
    assert (LogEntry.objects.count(), Session.objects.count()) == (entries, sessions)
    assert PLANTED.lower() not in everything_stored().lower()
    for path in home_files():
        assert PLANTED.lower().encode() not in path.read_bytes().lower(), path


@pytest.fixture
def home_files(stage_home):
    return lambda: [path for path in stage_home.rglob("*") if path.is_file()]


def said_in(caplog):
    return "".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)


def quiet_about_it(caplog, response):
    """Hold that neither log nor answer tells what was sent; the log names what failed and where."""
    assert PLANTED not in said_in(caplog)
    assert PLANTED not in response.content.decode()
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", PAGES)
def test_what_fails_tells_nothing_of_it(officer, name, monkeypatch, caplog, mailoutbox):
    def broken(*arguments, **named):
        words = f"broken by {arguments} {named}"
        raise ValueError(words)

    monkeypatch.setattr(finding, "find", broken)
    monkeypatch.setattr(rules, "suggest", broken)
    officer.raise_request_exception = False
    with caplog.at_level(logging.DEBUG):
        response = officer.post(reverse(name), {"q": f"{PLANTED} Sari", "text": PLANTED})
    assert response.status_code == 500
    quiet_about_it(caplog, response)
    assert not mailoutbox
    assert "ValueError" in said_in(caplog) and "test_report_help.py" in said_in(caplog)
    if name != "find-person":
        assert set(response.json()) == {"says"}


@pytest.mark.parametrize("name", PAGES)
def test_a_template_or_an_answer_that_fails_tells_nothing_of_it(officer, name, monkeypatch, caplog):
    class Hostile(dict):
        def items(self):
            raise ValueError(PLANTED)

    def broken(*_arguments, **_named):
        raise ValueError(PLANTED)

    monkeypatch.setattr("ikrar.web.views.report_help.render", broken)
    monkeypatch.setattr("ikrar.web.views.report_help.JsonResponse", lambda found, **more: (
        broken() if "says" not in found else json_answer(found, **more)))  # fmt: skip
    officer.raise_request_exception = False
    with caplog.at_level(logging.DEBUG):
        response = officer.post(reverse(name), {"q": f"{PLANTED} Sari", "text": PLANTED})
    assert response.status_code == 500
    quiet_about_it(caplog, response)


def json_answer(found, **more):
    from django.http import HttpResponse

    return HttpResponse(json.dumps(found), content_type="application/json", **more)


TOO_LONG = {
    # Where a form's token is looked for, as in life, the body is read before any view: the page for what cannot be read answers.
    True: (400, "Isian yang dikirim terlalu besar.", "Isian yang dikirim terlalu banyak."),
    False: (413, "Isian ini terlalu panjang.", "Isian ini terlalu panjang."),
}
IN_ENGLISH = {
    True: (400, "What was sent is too large.", "Too many fields were sent."),
    False: (413, "This is too long.", "This is too long."),
}


def sentence_of(response):
    """Return what an answer says: its sentence for a browser's script, or the text of a page of this house."""
    if response["Content-Type"] == "application/json":
        assert set(response.json()) == {"says"}
        return response.json()["says"]
    page = response.content.decode()
    assert '<html lang="' in page and 'href="/' in page, "a page in a language, with a way back"
    return page


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("checks", [True, False])
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_body_that_is_too_long_is_told_so_and_nothing_of_it(stage, name, checks, language, caplog):
    client = browser(stage.accounts[Role.SUPERVISOR_BODY].user, enforce_csrf_checks=checks)
    client.cookies[LANGUAGE_COOKIE] = language
    client.get(reverse("find-person"))
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    client.raise_request_exception = False
    many = "&".join(f"{PLANTED}{n}=x" for n in range(3_000))
    with caplog.at_level(logging.DEBUG):
        long = client.post(reverse(name), {"q": PLANTED * 400_000, "text": "x"}, headers={"X-CSRFToken": token})
        fields = client.post(
            reverse(name), many, content_type="application/x-www-form-urlencoded", headers={"X-CSRFToken": token}
        )
    status, *sentences = (TOO_LONG if language == "id" else IN_ENGLISH)[checks]
    for response, says in zip((long, fields), sentences, strict=True):
        assert response.status_code == status and says in sentence_of(response)
        quiet_about_it(caplog, response)


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_fails_is_said_in_the_language_of_its_reader_on_a_page_of_this_house(officer, language, monkeypatch):
    def broken(*_arguments, **_named):
        raise ValueError(PLANTED)

    monkeypatch.setattr(finding, "count_help", broken)
    officer.raise_request_exception = False
    officer.cookies[LANGUAGE_COOKIE] = language
    says = {"id": "Ada gangguan pada sistem.", "en": "Something is wrong on our side."}[language]
    for name in PAGES:
        response = officer.post(reverse(name), {"q": "Sari", "text": "stiker"})
        assert response.status_code == 500 and says in sentence_of(response)


@pytest.mark.parametrize("name", PAGES)
def test_where_even_the_page_for_what_fails_fails_there_are_last_words(officer, name, monkeypatch, caplog):
    def broken(*_arguments, **_named):
        raise ValueError(PLANTED)

    for each in ("render", "JsonResponse"):
        monkeypatch.setattr(f"ikrar.web.views.report_help.{each}", broken)
    officer.raise_request_exception = False
    with caplog.at_level(logging.DEBUG):
        response = officer.post(reverse(name), {"q": "Sari", "text": PLANTED})
    assert response.status_code == 500 and "Ada yang rusak pada kami" in response.content.decode()
    quiet_about_it(caplog, response)


@pytest.mark.parametrize("name", PAGES)
def test_a_body_of_no_form_tells_nothing_of_it(officer, name, caplog):
    officer.raise_request_exception = False
    with caplog.at_level(logging.DEBUG):
        for kind in ("multipart/form-data; boundary=x", "application/json", "text/plain", "multipart/form-data"):
            response = officer.post(reverse(name), f"--x\r\n{PLANTED}", content_type=kind)
            assert response.status_code in (400, 422)
            quiet_about_it(caplog, response)


def test_the_log_has_no_line_for_an_answer_that_is_refused(officer, caplog):
    with caplog.at_level(logging.DEBUG):
        assert asked(officer, "help-people", q="Pak").status_code == 422
    assert "bantu" not in "".join(record.getMessage() for record in caplog.records)


def test_whoever_is_not_signed_in_is_sent_to_sign_in(db):
    for name in PAGES:
        response = Client().post(reverse(name), {"q": PLANTED})
        assert response.status_code == 302 and PLANTED not in response["Location"]
