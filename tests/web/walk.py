"""A reporter without scripts who walks through the intake door: what tests of its pages share."""

import html
import re
from urllib.parse import urlencode

from django.urls import reverse


def text(response):
    return html.unescape(response.content.decode())


def state_of(response):
    return re.search(r'name="state" value="([^"]+)"', response.content.decode())[1]


def step_of(response):
    found = re.search(r'name="step" value="([^"]+)"', response.content.decode())
    return found[1] if found else None


def go(client, page, /, to="next", **fields):
    return post(client, "report-step", state=state_of(page), step=step_of(page), go=to, **fields)


def post(client, name, /, **data):
    return client.post(reverse(name), urlencode(data, doseq=True), content_type="application/x-www-form-urlencoded")


WHAT = "Camat meminta semua lurah memilih pasangan tertentu lewat pesan suara."


def until(client, desk, last, **changes):
    """Walk the journey until a step is shown."""
    page = post(client, "report-step", step="start", region="13.75")
    fields = {
        "body": {"body": desk.body.pk},
        "exclude": {"names": ""},
        "what": {"what": WHAT},
        "when": {"when": "Senin pagi", "where": "Kantor camat", "known_on": "2024-10-24"},
        "who": {"who-0-name": "", "who-0-post": "Camat", "who-0-unit": "Guguk Panjang"},
        "support": {"witness-0-name": "Saksi Contoh", "link-0-address": "https://example.test/1"},
        "identity": {"named": "no"},
        "code": {},
        "check": {},
    }
    fields |= changes
    code = ""
    while (at := step_of(page)) != last:
        assert at, text(page)
        if at == "code":
            code = " ".join(re.findall(r"<li><strong>(\w+)</strong></li>", text(page)))
        page = go(client, page, **(fields.get(at, {}) if at != "retype" else {"code": code}))
        assert page.status_code == 200, text(page)
    page.code = code
    return page


def send(client, page, *files):
    data = {"state": state_of(page), "files": list(files)}
    return client.post(reverse("report-send"), data)
