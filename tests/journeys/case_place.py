"""A served installation with matters to examine and to decide, and people at their desks in it; for journeys."""

import json

from tests.journeys.conftest import audit, new_place

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
_DAY = """
import sys, django; django.setup()
from datetime import date
from ikrar.records.models import Installation
Installation.objects.update(demo_today=date.fromisoformat(sys.argv[1]))
"""


def made(folder):
    """Build it, and serve it."""
    place = new_place(folder)
    place.environment |= {"IKRAR_KEPT_S": "0"}
    place.told = json.loads(place.ask("from tests.journeys import decision_stage as c; c.main()", limit=300))
    place.serve()
    return place


def move_to(place, day):
    """Let it be another day there."""
    place.ask(_DAY, day)


class Person:
    """Somebody at his desk: his page, and what he does on it."""

    def __init__(self, place, name, page):
        self.place, self.page = place, page
        page.context.add_cookies([{"name": "ikrar", "value": place.told["sessions"][name], "url": place.url}])

    def examination(self, case):
        return self.go(f"/perkara/{self.place.told['cases'][case]}/pemeriksaan/")

    def decision(self, case, more=""):
        told = self.place.told
        return self.go(f"/perkara/{told['cases'][case]}/putusan/{told['respondents'][case]}/{more}")

    def desk(self):
        return self.go("/perkara/putusan/")

    def go(self, path):
        self.page.goto(path)
        return self.text

    @property
    def text(self):
        return self.page.inner_text("main")

    def fill(self, act, **fields):
        for name, value in fields.items():
            self.page.fill(f"[name='{act}-{name.replace('_', '-') if act not in WORDY else name}']", value)

    def send(self, act):
        """Press the button of an act, folded or not, and hold the page that answers against WCAG."""
        self.page.click(f"#{act} form button[type=submit]")
        self.page.wait_for_load_state()
        audit(self.page)
        return self.text

    def attach(self, act, name="surat.pdf"):
        self.page.set_input_files(
            f"[name='{act}-document']", {"name": name, "mimeType": "application/pdf", "buffer": PDF}
        )

    def post(self, path, **fields):
        """Send a form that no page offers, as somebody may who writes his own; return the status and the text."""
        return self.page.evaluate(
            """async ([path, fields]) => {
                const form = new FormData()
                form.append('csrfmiddlewaretoken', document.querySelector('[name=csrfmiddlewaretoken]').value)
                for (const [name, value] of Object.entries(fields)) form.append(name, value)
                const answer = await fetch(path, {method: 'POST', body: form})
                const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
                return [answer.status, page.querySelector('main').innerText]
            }""",
            [path, fields],
        )


# Acts whose fields are named as Python names, not as the facts of the table.
WORDY = {"draft", "record-signed", "serve", "settle", "reply"}
