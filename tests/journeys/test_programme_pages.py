"""Every page that needs an account, in every state that the stage of the page tests knows: accessible, one way to scroll.

The walk over links (test_every_page) sees the demo as it stands on one day. Here each page is opened by its address, so
that drafts, open lists, refused pictures and recorded leaves are held against the same rules.
"""

import json
import subprocess
import sys

import pytest

from tests.journeys.conftest import LOOKS, ROOT, Sound, carry_axe, new_place, sideways, violations

# Whose view of a page is looked at: the first of these who may open it; of a page of cases, where each sees other acts, all of them.
VIEWS = (
    "programme_officer", "civil_servant", "unit_head", "drafter", "administrator", "auditor", "intake_officer", "supervisor_body",
    "examiner", "appointing_authority", "national_body",
)  # fmt: skip
# What is no page but a file or what a script asks for, or only leads on to another page.
FILES = {
    "activity-photo", "case-file", "case-step-paper", "circular-file", "duty-evidence", "duty-file", "my-circular-file", "scan-picture", "sealed-part",
}  # fmt: skip
PARTS = {"body-secret", "clipping-words", "workbench-report"}
LEAD_ON = {
    "acknowledge-circular", "account_reauthenticate", "case-bulk", "case-decision", "case-filters", "case-sign", "ceremony-bundle", "enter-report-where", "import-sheets", "letters",
    "mfa_activate_totp", "mfa_download_recovery_codes", "paper-file", "pact-sign", "propose-key-set",
}  # fmt: skip
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """The stage of the page tests, served; `pages` and `sessions` tell what there is to open, and as whom."""
    place = new_place(tmp_path_factory.mktemp("stage"))
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.served_stage"], env=place.environment, cwd=ROOT, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    place.sessions = said["sessions"]
    opened: dict[tuple[str, str], list[str]] = {}
    for name, role, address in said["pages"]:
        if role in VIEWS and name not in FILES | PARTS | LEAD_ON and not address.endswith((".pdf", ".csv", ".json")):
            opened.setdefault((name, address), []).append(role)
    place.pages = [
        (role, name, address)
        for (name, address), roles in opened.items()
        for role in (sorted(set(roles), key=VIEWS.index) if "/perkara/" in address else [min(roles, key=VIEWS.index)])
    ]
    place.serve()
    yield place
    place.stop()


def walk(stage, browser, look, language: str = "id") -> None:
    """Open every page once, on a phone, and let `look` say what is wrong with it."""
    contexts, found = {}, []
    for role, name, address in stage.pages:
        if role not in contexts:
            contexts[role] = browser.new_context(base_url=stage.url, viewport=PHONE, reduced_motion="reduce")
            cookies = {"ikrar": stage.sessions[role], "bahasa": language}
            contexts[role].add_cookies([{"name": key, "value": cookies[key], "url": stage.url} for key in cookies])
            if language == "id":  # in English nothing is asked of it
                carry_axe(contexts[role])
            contexts[role].new_page()
        page = contexts[role].pages[0]
        answer = page.goto(address)
        if (answer.status, page.url) != (200, stage.url + address):
            found.append(f"{name} of {role}: {address} answers {answer.status} at {page.url}")
            continue
        found += [f"{name} of {role}: {each}" for each in look(page)]
    for context in contexts.values():
        context.close()
    assert len(stage.pages) > 150, len(stage.pages)
    assert not found, "\n".join(found)


@pytest.mark.looks
def test_every_page_is_accessible_on_a_phone_by_day_and_at_a_desk_by_night(stage, browser):
    sound = Sound()

    def look(page):
        page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
        found = violations(page, sound=sound)
        page.set_viewport_size({"width": 640, "height": 800})  # letters twice as large
        found += sideways(page)
        page.set_viewport_size(DESK)
        page.emulate_media(color_scheme="dark")
        found += violations(page, LOOKS, sound)
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="light")
        return found

    walk(stage, browser, look)


@pytest.mark.looks
def test_every_page_scrolls_one_way_in_english_too(stage, browser):
    def look(page):
        language = page.get_attribute("html", "lang")
        return sideways(page) + ([] if language == "en" else [f"is in {language}"])

    walk(stage, browser, look, "en")


@pytest.mark.looks
def test_what_an_office_files_is_printed_without_the_way_about(stage, desk):
    """Lists, minutes and letters are put on paper as pages too: whole, and without menu, buttons and forms."""
    filed = {
        "activity", "attendance", "circular", "circular-missing", "circular-unit", "coverage-unit", "decisions", "duties",
        "hand-over", "minutes", "missing", "office", "office-round", "offices", "read-circular", "round-people",
    }  # fmt: skip
    page, looked = desk(stage), set()
    for role, name, address in stage.pages:
        if name not in filed:
            continue
        page.context.add_cookies([{"name": "ikrar", "value": stage.sessions[role], "url": stage.url}])
        page.emulate_media(media="screen", color_scheme="dark")
        page.goto(address)
        looked.add(name)
        rows = page.locator("main tbody tr:visible").count()
        page.emulate_media(media="print")
        assert page.is_visible("main h1, main h2"), address
        # A busy browser takes on another medium with its next picture, not with the next question.
        page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        inks = page.eval_on_selector_all(
            "main :is(h1, h2, p, td, dd)", "all => all.map(e => getComputedStyle(e).color)"
        )
        assert set(inks) == {"rgb(0, 0, 0)"}, f"{address} is printed in {set(inks)}"
        assert page.locator("main tbody tr:visible").count() == rows, f"{address} loses rows on paper"
        for part in (
            "header.top",
            "nav.menu",
            "nav.crumbs",
            "footer",
            "main button",
            "main [role=button]",
            "main input",
        ):
            seen = [each for each in page.locator(part).all() if each.is_visible()]
            assert not seen, f"{address} prints {part}: {seen[0].inner_text()}"
    assert looked == filed
