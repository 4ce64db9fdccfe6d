"""Three officers found the key set of their body; one leaves, one comes; a passphrase is lost; the offline key helps."""

import json
import re
import subprocess
import sys

import pytest

from tests.journeys.conftest import ROOT, audit, new_place
from tests.journeys.keys_stage import OFFICERS


@pytest.fixture(scope="module")
def inbox(tmp_path_factory):
    """A body with four officers and no key yet, served."""
    place = new_place(tmp_path_factory.mktemp("keys"))
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.keys_stage"], env=place.environment, cwd=ROOT, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    place.body, place.sessions = said["body"], said["sessions"]
    place.serve()
    yield place
    place.stop()


class Officer:
    """One officer at his desk: his page, his paper, and all that his browser sent."""

    def __init__(self, name, place, page):
        self.name, self.page, self.passphrase, self.sent = name, page, "", []
        self.home = f"/laporan/kunci/{place.body}/"
        page.context.add_cookies([{"name": "ikrar", "value": place.sessions[name], "url": place.url}])
        page.on("request", lambda request: self.sent.append(request.url + (request.post_data or "")))
        page.on("pageerror", lambda error: pytest.fail(f"{page.url}: {error}"))

    def go(self, path=""):
        self.page.goto(self.home + path)
        return self.page.inner_text("main")

    def make_key(self):
        page = self.page
        self.go("buat/")
        page.click("button:has-text('Buat kunci di peramban ini')")
        page.wait_for_selector("ol.words li")
        self.passphrase = " ".join(page.locator("ol.words li").all_inner_texts())
        page.click("button:has-text('Sudah saya tulis')")
        page.fill("#again", self.passphrase)
        page.click("button:has-text('Bungkus dan simpan kunci')")
        page.wait_for_url("**/coba/")

    def sign(self, passphrase=None):
        page = self.page
        self.go("himpunan/tanda-tangan/")
        page.wait_for_selector("#checked:not([hidden])")
        page.fill("#own-secret", passphrase or self.passphrase)
        page.click("button:has-text('Tandatangani perubahan ini')")

    def sign_offline(self, secret):
        page = self.page
        self.go("himpunan/tanda-tangan/")
        page.wait_for_selector("#by-offline:not([hidden])")
        if not page.is_visible("#offline-secret"):
            page.click("summary:has-text('kunci luring')")
        page.fill("#offline-secret", secret)
        page.click("button:has-text('Tandatangani dengan kunci luring ini')")

    def choose(self, *names):
        self.go("himpunan/usul/")
        for box in self.page.locator("[name=keys]").all():
            label = box.evaluate("e => e.closest('label').innerText")
            box.set_checked(any(label.strip().startswith(name) for name in names))


@pytest.fixture
def officers(inbox, desk, phone):
    return [Officer(name, inbox, (phone if name == "Budi" else desk)(inbox)) for name in OFFICERS]


def test_three_found_a_set_one_leaves_one_comes_and_the_offline_key_helps(inbox, officers, desk):
    ani, budi, citra, dedi = officers
    page = ani.page

    # Nobody has a key: the page says what is to be done first.
    page.goto("/laporan/kunci/")
    assert "belum dapat menerima laporan" in page.inner_text("main")
    audit(page)
    page.click("text=Buat kunci saya")
    audit(page)
    page.click("button:has-text('Buat kunci di peramban ini')")
    page.wait_for_selector("ol.words li")
    audit(page)
    shown = page.locator("ol.words li").all_inner_texts()
    assert len(shown) == 7
    page.click("button:has-text('Sudah saya tulis')")
    assert not page.is_visible("ol.words")
    # A slip is told by its place; nothing is sent; the words can be seen again.
    wrong = [*shown[:2], "zebra" if shown[2] != "zebra" else "zona", *shown[3:]]
    page.fill("#again", " ".join(wrong))
    page.click("button:has-text('Bungkus dan simpan kunci')")
    page.wait_for_selector("#again-says:not([hidden])")
    assert page.inner_text("#again-says") == "Kata ke-3 tidak sama dengan yang dibuat."
    page.fill("#again", "satu dua")
    page.click("button:has-text('Bungkus dan simpan kunci')")
    page.wait_for_selector("#again-says:has-text('“satu”')")
    audit(page)
    page.click("text=Lihat lagi katanya")
    assert page.locator("ol.words li").all_inner_texts() == shown
    page.click("button:has-text('Sudah saya tulis')")
    ani.passphrase = " ".join(shown)
    page.fill("#again", ani.passphrase.upper())
    page.click("button:has-text('Bungkus dan simpan kunci')")
    page.wait_for_url("**/coba/")
    audit(page)
    # The trial: other words do not open it, his do, four letters of each suffice.
    page.fill("#passphrase", " ".join(reversed(shown)))
    page.click("button:has-text('Buka kunci di peramban ini')")
    page.wait_for_selector("#try-says:not([hidden])")
    page.fill("#passphrase", ", ".join(word[:4] for word in shown))
    page.click("button:has-text('Buka kunci di peramban ini')")
    page.wait_for_selector("#try-opened:not([hidden])")
    audit(page)
    for one in (budi, citra):
        one.make_key()
    assert "belum masuk himpunan" in ani.go("../")

    # The first set: its offline key is made in the browser, and proposed only when its paper was read.
    ani.go("himpunan/usul/")
    assert "Dedi Rekaan" in page.inner_text("main"), "he has the right, and no key yet"
    page.click("button:has-text('Usulkan himpunan ini')")
    page.wait_for_selector("#offline-says:not([hidden])")
    page.click("#make-offline")
    page.wait_for_selector("#offline-groups li")
    audit(page)
    secret = page.inner_text("#offline-whole")
    groups = page.locator("#offline-groups li").all_inner_texts()
    assert "".join(groups) == secret and re.fullmatch(r"AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}", secret)
    assert page.evaluate("document.getElementById('offline-qr').naturalWidth") > 20
    page.fill("#offline-again", "salah")
    page.click("button:has-text('Usulkan himpunan ini')")
    page.wait_for_selector("#offline-says:not([hidden])")
    asked = [int(number) - 1 for number in page.inner_text("#offline-asked").split(",")]
    page.fill("#offline-again", " ".join(groups[place] for place in asked).lower())
    page.click("button:has-text('Usulkan himpunan ini')")
    page.wait_for_url("**/tanda-tangan/")
    page.wait_for_selector("#checked:not([hidden])")
    audit(page)
    assert secret not in page.content(), "it is shown once"
    # It is signed from the paper, typed as people type.
    ani.sign_offline("AGE-SECRET-KEY-1" + "Q" * 58)
    page.wait_for_selector("#offline-error:not([hidden])")
    assert "utuh" in page.inner_text("#offline-error")
    ani.sign_offline(re.sub(r"(.{4})", r"\1 ", secret.lower()))
    page.wait_for_url("**/himpunan/")
    assert "berlaku sekarang" in page.inner_text("main")
    audit(page)
    first = page.inner_text("main > .fingerprint")
    ani.go("himpunan/sidik/")
    audit(page)
    assert page.inner_text(".wall .fingerprint") == first

    # One comes, one leaves.
    dedi.make_key()
    assert "belum masuk himpunan" in dedi.go("../")
    budi.choose("Ani", "Budi", "Dedi")
    audit(budi.page)
    budi.page.click("button:has-text('Usulkan himpunan ini')")
    budi.page.wait_for_url("**/tanda-tangan/")
    dedi.go("himpunan/tanda-tangan/")
    assert not dedi.page.is_visible("#sign-own"), "a newcomer does not sign his own coming"
    dedi.sign_offline(_of_nobody(dedi.page))
    dedi.page.wait_for_selector("#offline-error:not([hidden])")
    assert "tidak termasuk" in dedi.page.inner_text("#offline-error")
    budi.page.wait_for_selector("#checked:not([hidden])")
    assert "Dedi Rekaan" in budi.page.inner_text("#checked-coming")
    assert "Citra Rekaan" in budi.page.inner_text("#checked-going")
    assert budi.page.inner_text("#checked-before") == first
    audit(budi.page)
    budi.sign(citra.passphrase)
    budi.page.wait_for_selector("#own-says:not([hidden])")
    assert "Bukan itu" in budi.page.inner_text("#own-says")
    budi.sign()
    budi.page.wait_for_selector("text=Satu pemegang lain masih harus")
    assert first in ani.go("himpunan/"), "one signature changes nothing"
    audit(ani.page)
    ani.sign()
    ani.page.wait_for_url("**/himpunan/")
    told = ani.page.inner_text("main")
    assert "Perubahan ini berlaku sekarang" in told and ani.page.inner_text("main > .fingerprint") != first
    assert "ada dalam himpunan" in dedi.go("../") and "belum masuk himpunan" in citra.go("../")

    # Budi lost his words: a new key, which the set does not name until the offline key signs.
    old = budi.passphrase
    assert "Membuat yang baru berarti" in budi.go("buat/")
    audit(budi.page)
    budi.make_key()
    assert budi.passphrase != old
    assert "kunci lama Anda" in budi.go("../")
    audit(budi.page)
    assert "Budi Rekaan" in ani.go("../") and "tidak menerima laporan baru" in ani.go("../")
    ani.choose("Ani", "Budi", "Dedi")
    ani.page.click("button:has-text('Usulkan himpunan ini')")
    ani.page.wait_for_url("**/tanda-tangan/")
    ani.page.wait_for_selector("#checked:not([hidden])")
    for part in ("#checked-coming", "#checked-going"):
        assert ani.page.inner_text(part).startswith("Budi")
    ani.sign_offline(secret)
    ani.page.wait_for_url("**/himpunan/")
    assert ani.page.locator("article.card").count() == 3, "every change stays to be read"
    assert "ada dalam himpunan" in budi.go("../")

    # A proposal can be withdrawn.
    dedi.choose("Ani", "Budi")
    dedi.page.click("button:has-text('Usulkan himpunan ini')")
    dedi.page.wait_for_url("**/tanda-tangan/")
    dedi.page.click("text=Tarik usulan")
    audit(dedi.page)
    dedi.page.click("main button:has-text('Tarik usulan')")
    assert "Himpunan yang berlaku tetap" in dedi.page.inner_text("main")

    _sign_nothing_that_does_not_hold(ani)
    _without_scripts(inbox, desk(inbox, java_script_enabled=False))

    # Nothing secret ever left a browser, nor stands where the server keeps things.
    secrets = [secret, secret[16:], *(one.passphrase for one in officers), old]
    sent = "".join(part for one in officers for part in one.sent).upper()
    for each in secrets:
        for form in (each, each.replace(" ", "+"), each.replace(" ", "%20")):
            assert form.upper() not in sent
    kept = b"".join(path.read_bytes() for path in inbox.home.rglob("*") if path.is_file()).upper()
    assert not [each for each in secrets if each.upper().encode() in kept]


def _of_nobody(page) -> str:
    """Return a whole key that no set names."""
    return page.evaluate(
        """async () => {
          const address = document.querySelector("script[type=module]").src.replace(/[^/]*$/, "core.js");
          return (await (await import(address)).newKey()).identity;
        }"""
    )


def _sign_nothing_that_does_not_hold(ani) -> None:
    """A server that shows a chain which does not hold gets no signature."""
    ani.choose("Ani", "Budi")
    ani.page.click("button:has-text('Usulkan himpunan ini')")
    ani.page.wait_for_url("**/tanda-tangan/")

    def lies(change):
        def answer(route):
            response = route.fetch()
            body = response.text()
            at = re.search(r'<script id="proposal" type="application/json">(.*?)</script>', body)
            shown = json.loads(at[1])
            change(shown)
            route.fulfill(response=response, body=body[: at.start(1)] + json.dumps(shown) + body[at.end(1) :])

        ani.page.route("**/tanda-tangan/", answer)
        ani.go("himpunan/tanda-tangan/")
        ani.page.wait_for_selector("#check-failed:not([hidden])")
        assert not ani.page.is_visible("#sign-own") and not ani.page.is_visible("#by-offline")
        ani.page.unroute("**/tanda-tangan/")
        return ani.page.inner_text("#check-reason")

    assert lies(lambda shown: shown["chain"].pop(0)) == "chain"
    assert lies(lambda shown: shown["chain"][1].update(signatures=[])) == "unsigned"
    assert lies(lambda shown: shown.update(document=shown["document"].replace('"serial":4', '"serial":9'))) == "chain"
    assert lies(lambda shown: shown.update(fingerprint="0000 0000 0000 0000 0000")) == "fingerprint"
    assert lies(lambda shown: shown.update(document=shown["document"] + " ")) == "form"
    audit(ani.page)


def _without_scripts(inbox, page) -> None:
    """The pages say that keys need scripts, and all else is read."""
    ani = Officer("Ani", inbox, page)
    assert "Kunci laporan" in ani.go("../")
    assert "perlu JavaScript" in ani.go("buat/") and not page.is_visible("#make-key button")
    assert "perlu JavaScript" in ani.go("himpunan/tanda-tangan/") and not page.is_visible("#own-secret")
    assert "Pemegang" in ani.go("himpunan/")
