"""Every page of the demo that a role can reach by links, held against WCAG 2.2 AA at the size of a phone, light and dark."""

import re

import pytest

from tests.journeys.conftest import LOOKS, Sound, carry_axe, violations

ROLES = [None, "civil_servant", "unit_head", "programme_officer", "auditor", "administrator", "intake_officer"]
SOUND = Sound()  # the law and the guidance are on everybody's way


@pytest.mark.looks
@pytest.mark.parametrize("role", ROLES)
def test_pages_are_accessible_by_day_and_by_night_and_answer(demo, browser, role):
    phone = {"width": 390, "height": 844}
    context = browser.new_context(base_url=demo.url, viewport=phone, color_scheme="light", reduced_motion="reduce")
    carry_axe(context)
    page = context.new_page()
    page.goto("/")
    if role:
        page.click(f"button[value={role}]")
    todo, kinds = [page.url.removeprefix(demo.url)], set()
    refused, found = [], []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    while todo:
        address = todo.pop(0)
        # One page of each kind: of the rulebook's many rules one act, one term, one source.
        kind = re.sub(r"[0-9A-Z]{16}|\d+", "N", address.split("?")[0])
        kind = re.sub(r"^(/(?:aturan|berita-negara)/[a-z-]+/)[a-z0-9/N-]+/$", r"\1N/", kind)
        if kind in kinds or address.endswith((".pdf", ".ics", ".csv", ".json", ".txt", "/unduh/")):
            continue
        kinds.add(kind)
        answer = page.goto(address)
        assert answer.status == 200, f"{role} {address}: {answer.status}"
        found += violations(page, sound=SOUND)
        page.emulate_media(color_scheme="dark")
        found += violations(page, LOOKS, SOUND)
        page.emulate_media(color_scheme="light")
        links = page.eval_on_selector_all("a[href^='/']", "links => links.map(link => link.getAttribute('href'))")
        todo += [link.split("#")[0] for link in links]
    assert not refused, refused
    assert not found, "\n".join(found)
    assert len(kinds) >= (5 if role is None else 6), kinds
    context.close()
