"""The page of an opened report asks for itself anew: of answers that come in another order than they were asked for the newest stays,
and so does what is being written. The script runs alone here; the answers are held and let come one by one.
"""

import pytest

from tests.journeys.test_sealing_vectors import ORIGIN, STATIC

PAGE = """<!doctype html><html lang="id"><title>Uji</title><main id="root">
<script type="application/json" id="sealed-report">{}</script>
<section id="opened" data-base="/laporan/1/" data-today="2024-10-25"></section>
<dl id="facts" data-live data-state="received">mula</dl><p id="act-says" hidden></p>
<form id="note" data-live action="/catat"><textarea name="text"></textarea><button type="submit">Catat</button></form>
<form id="state" data-live action="/keadaan"><textarea id="state-text"></textarea><input name="sealed"><button>Ubah</button></form>
</main></html>"""

# Every request waits until it is answered by its place in the row, with a page that says what is known then.
STARTED = """
async () => {
  window.waiting = [];
  window.fetch = (address) => new Promise((done) => waiting.push([String(address), done]));
  const written = (says) => `<main><dl id="facts" data-live data-state="received">${says}</dl>
    <form id="note" data-live action="/catat"><textarea name="text"></textarea><button type="submit">Catat</button></form></main>`;
  const settled = () => new Promise((done) => setTimeout(done, 0));
  window.comes = async (place, says, ok = true) => {
    waiting[place][1](new Response(typeof says === "string" ? written(says) : "", { status: ok ? 200 : 500 }));
    for (let turn = 0; turn < 20; turn += 1) await settled();
    return document.getElementById("facts").textContent;
  };
  window.settled = settled;
  const { OpenedReport } = await import("/sealing/opened-report.js");
  window.report = new OpenedReport(document.getElementById("root"), { token: "x", forms: [] });
  report.keys = { content: "x" };
}
"""


@pytest.fixture
def page(browser):
    """A page with the parts that the script renews, and nothing else."""
    context = browser.new_context()

    def answer(route):
        path = route.request.url.removeprefix(f"{ORIGIN}/")
        if path == "page.html":
            route.fulfill(body=PAGE, content_type="text/html")
        else:
            route.fulfill(body=(STATIC / path).read_bytes(), content_type="text/javascript")

    context.route("**/*", answer)
    opened = context.new_page()
    opened.goto(f"{ORIGIN}/page.html")
    opened.evaluate(STARTED)
    yield opened
    context.close()


def comes(page, place: int, says: str | None) -> str:
    """Let the answer to a request come, and return what the page says then; None: it fails."""
    return page.evaluate("([place, says]) => comes(place, says, says !== null)", [place, says])


def test_an_older_answer_that_comes_late_takes_no_newer_ones_place(page):
    page.evaluate("() => { report.renew(); report.renew(); report.renew(); }")
    page.fill("#note textarea", "sedang saya tulis")
    assert comes(page, 1, "kedua") == "kedua"
    assert comes(page, 0, "pertama") == "kedua"
    assert comes(page, 2, "ketiga") == "ketiga"
    assert page.input_value("#note textarea") == "sedang saya tulis"


def test_where_the_newest_answer_fails_the_one_before_it_is_shown(page):
    page.evaluate("() => { report.renew(); report.renew(); }")
    assert comes(page, 1, None) == "mula"
    assert comes(page, 0, "pertama") == "pertama"


def test_what_was_asked_for_while_an_act_was_under_way_is_asked_for_again(page):
    page.fill("#note textarea", "catatan saya")
    page.evaluate("() => { report.renew(); document.querySelector('#note button').click(); }")
    page.evaluate("() => settled()")
    page.evaluate("() => { report.renew(); }")
    assert page.evaluate("() => waiting.map(([address]) => new URL(address, location).pathname)") == [
        "/laporan/1/", "/catat", "/laporan/1/",
    ]  # fmt: skip
    assert comes(page, 2, "sesudah") == "sesudah"
    assert comes(page, 1, "dicatat") == "dicatat"
    assert page.evaluate("() => waiting.length") == 4
    assert comes(page, 0, "dulu") == "dicatat"
    assert comes(page, 3, "kini") == "kini"
    assert page.input_value("#note textarea") == ""
