"""A real browser against a real server: `ikrar serve` in a process of its own, on a database of its own."""

import base64
import fcntl
import hashlib
import hmac
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import children, template

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
_BROWSER = Path(__file__).with_name("browser.sh")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Journeys walk pages, and what a page does differently on another database the tests of services find sooner. On PostgreSQL
# three run, of those that write most in most ways (docs/decisions/0030).
_ON_POSTGRESQL = ("test_j02_civil_servant.py", "test_j04_reporter.py", "test_j07_authority.py")


def pytest_ignore_collect(collection_path):
    if template.WANTS_ALL:
        return None
    if template.SERVER and collection_path.name.startswith("test_") and collection_path.name not in _ON_POSTGRESQL:
        return True
    return None


def pytest_collection_modifyitems(items):
    for item in items:
        if "journeys" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@dataclass
class Place:
    """An installation in a folder, with its own database, and the server that runs on it."""

    home: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None
    _hand: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
        """Run `ikrar …` here."""
        done = children.run_text("-m", "ikrar", *arguments, env=self.environment, limit=600)
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def ask(self, script: str, *arguments: str, typed: str = "", limit: int = 60) -> str:
        """Do a script here, in a process of its own with Django loaded (see hand.py); return what it prints."""
        if not self._hand:
            self._hand = subprocess.Popen(
                [sys.executable, "-m", "tests.journeys.hand"], env=self.environment, cwd=ROOT, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
        asked = {"script": script, "arguments": arguments, "typed": typed, "limit": limit}
        self._hand.stdin.write(json.dumps(asked) + "\n")
        self._hand.stdin.flush()
        answer = json.loads(self._hand.stdout.readline())
        assert answer["code"] == 0, answer["err"]
        return answer["out"]

    def serve(self) -> None:
        """Start the server and wait until it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ikrar", "serve", "--port", str(self.port), "--threads", "16"],
            env=self.environment,
            cwd=ROOT,
            stdout=(self.home / "server.log").open("ab"),
            stderr=subprocess.STDOUT,
        )
        for _ in range(240):
            try:
                with urllib.request.urlopen(f"{self.url}/sehat/", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                assert self.process.poll() is None, (self.home / "server.log").read_text()
                time.sleep(0.25)
        raise AssertionError("the server did not answer within a minute")

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        if self._hand:
            self._hand.communicate(timeout=20)  # it ends when nobody can ask it any more
            self._hand = None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def new_place(folder: Path, *, bare: bool = False) -> Place:
    """Return a place with empty tables, or `bare` without any: a folder, and on PostgreSQL a database of its own."""
    port = free_port()
    made = template.bare_place_in(folder, "journey") if bare else template.place_in(folder, "journey")
    environment = {**os.environ, **made, "IKRAR_BASE_URL": f"http://localhost:{port}"}
    environment["IKRAR_LOG_LEVEL"] = "WARNING"
    return Place(folder, port, environment)


@pytest.fixture(scope="package")
def browser():
    """Chromium, closed with the last journey: its loop would stand in the way of tests that run one of their own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=_BROWSER, args=_FLAGS, env={**os.environ, "CHROMIUM": CHROMIUM}
        )
        yield chromium
        chromium.close()


def whole_pages(page):
    """Let a click that leads to another page end only when that page stands, so that what is counted then is all of it."""
    click = page.click

    def click_and_arrive(*arguments, **options):
        click(*arguments, **options)
        page.wait_for_load_state("domcontentloaded")

    page.click = click_and_arrive
    return page


@pytest.fixture
def phone(browser):
    """Open pages of a phone's size; one call a person."""
    opened = []

    def open_for(place: Place, **options):
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, base_url=place.url, accept_downloads=True, **options
        )
        context.set_default_timeout(60_000)
        opened.append(context)
        return whole_pages(context.new_page())

    yield open_for
    for context in opened:
        context.close()


@pytest.fixture
def desk(browser):
    """Open pages of a desk's size; one call a person."""
    opened = []

    def open_for(place: Place, **options):
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, base_url=place.url, accept_downloads=True, **options
        )
        context.set_default_timeout(60_000)
        opened.append(context)
        return whole_pages(context.new_page())

    yield open_for
    for context in opened:
        context.close()


def _made(folders, name: str, *command: str) -> Place:
    """Return a place of its own in which a command was carried out: once in a run, for the first that asks, and then copied."""
    place = new_place(folders.mktemp(name))
    if template.SERVER:  # of the journeys that run there no two ask for the same
        place.run(*command)
        return place
    base = folders.getbasetemp()
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    kept = run / ("made-" + hashlib.sha256(repr(command).encode()).hexdigest()[:12])
    with (run / "made.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            first = new_place(kept.with_suffix(".part"))
            first.run(*command)
            first.home.rename(kept)
    shutil.copytree(kept, place.home, dirs_exist_ok=True)
    return place


def demo_place(folders, name: str, *scenarios: str) -> Place:
    """Return a demo of its own with these scenarios, on 25 October 2024."""
    return _made(folders, name, "load-scenario", *scenarios, "--today", "2024-10-25")


def real_place(folders, name: str) -> Place:
    """Return a real installation of its own: a city, all regions, an administrator, and nobody else."""
    return _made(
        folders, name, "init", "--agency", "13.75", "--agency-name", "Pemerintah Kota Bukittinggi", "--admin", "KEPALA"
    )


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The demo of Bukittinggi and Payakumbuh on 25 October 2024, served."""
    place = demo_place(tmp_path_factory, "demo", "bukittinggi-2024", "payakumbuh-2024")
    place.serve()
    yield place
    place.stop()


WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# What a second look at the same page in another light and size can find.
LOOKS = {"type": "rule", "values": ["color-contrast", "link-in-text-block", "target-size"]}


# What is drawn: the content of a page, and its frame. Hidden fields and where a link leads change nothing that anybody sees.
_DRAWN = """() => {
  const plain = html => html.replace(/(<input type="hidden"[^>]* value=)"[^"]*"/g, '$1""')
    .replace(/ (hx-headers|href|action)="[^"]+"/g, ' $1="…"');
  const body = document.body.cloneNode(true), main = body.querySelector('main');
  const sheets = [...document.styleSheets].map(each => each.href).join(' ');
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const look = [innerWidth, dark, document.documentElement.lang, sheets, !!document.title].join(' ');
  main.replaceWith(' ');
  return [look + plain(main.outerHTML), look + plain(body.outerHTML)];
}"""


class Sound:
    """Contents and frames of pages in which axe found nothing, each for one width and light.

    A walk meets the same page as several roles; what is drawn the same, to the letter, is judged once.
    """

    def __init__(self) -> None:
        self._known: set[tuple[str, bytes]] = set()

    def parts(self, page, rules: dict[str, object]) -> tuple[set[tuple[str, bytes]], bool]:
        """Return what of a page is not known to be sound under these rules, and whether its frame is."""
        drawn = [(str(rules), hashlib.sha256(each.encode()).digest()) for each in page.evaluate(_DRAWN)]
        return set(drawn) - self._known, drawn[1] in self._known

    def add(self, parts: set[tuple[str, bytes]]) -> None:
        """Remember parts in which nothing was found."""
        self._known |= parts


def carry_axe(context) -> None:
    """Let every page of a walk have axe from its start: to send it to each anew takes longer."""
    context.add_init_script(path=AXE)


# A colour that is still fading in is no colour to measure. What fades behind an open dialog may never say that it is done.
_STILL = """Promise.race([new Promise(go => setTimeout(go, 2000)), Promise.all(document.getAnimations()
  .filter(a => isFinite(a.effect.getComputedTiming().endTime)).map(a => a.finished.catch(() => 0)))])"""
# How a page looks takes most of the time, and most of a page is often its frame. In one whose frame was looked at in this width and
# light the looks of the content alone are judged, beside and over the frame; all other rules hold for the whole page.
_JUDGED = """async ([rules, looks, isFrameKnown]) => {
  const judged = async (part, options) => (await axe.run(part, {...options, resultTypes: ['violations']})).violations
    .map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 160)).join(' | '));
  if (!isFrameKnown) return judged(document, {runOnly: rules});
  const found = await judged({include: [['main']]}, {runOnly: looks});
  if (rules.type === 'rule') return found;
  const others = Object.fromEntries(looks.values.map(each => [each, {enabled: false}]));
  return [...await judged(document, {runOnly: rules, rules: others}), ...found];
}"""


def violations(page, rules: dict[str, object] = WCAG, sound: Sound | None = None) -> list[str]:
    """Return what breaks WCAG 2.2 AA on a page (axe), and whether it scrolls sideways."""
    unknown, is_frame_known = sound.parts(page, rules) if sound else (set(), False)
    if sound and not unknown:
        return sideways(page)
    page.evaluate(_STILL)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(_JUDGED, [rules, LOOKS, is_frame_known])
    if page.title().startswith("Gangguan"):
        found.append("is the page that tells of a fault of ours")
    if sound and not found:
        sound.add(unknown)
    return [f"{page.url}: {each}" for each in found] + sideways(page)


def sideways(page) -> list[str]:
    """Say whether a page scrolls sideways."""
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"{page.url}: scrolls sideways by {width} px"] if width > 0 else []


def audit(page) -> None:
    """Hold a page against WCAG 2.2 AA and against sideways scrolling."""
    found = violations(page)
    assert not found, "\n".join(found)


def totp(secret: str, at: float | None = None) -> str:
    """Return the six digits of an authenticator (RFC 6238) for a base-32 secret."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int((at or time.time()) // 30)), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def text_of(pdf: Path) -> str:
    """Return the text of a PDF."""
    return subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout


def codes_in(text: str) -> list[str]:
    """Return the one-time codes printed on slips, in their order."""
    return re.findall(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b", text)
