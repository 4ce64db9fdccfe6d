"""J2: a teacher on an old phone with a weak signal. Steps 2 and 3 stand in test_j02_guidance, 6 in test_circulars."""

import re

import pytest

from tests.journeys.conftest import audit, codes_in, text_of

PASSWORD = "hujan turun pagi hari"


@pytest.fixture(scope="module")
def slips(demo, browser, tmp_path_factory):
    """The officer prints the slips of one school; two teachers and the head are on them."""
    context = browser.new_context(base_url=demo.url, accept_downloads=True, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto("/")
    page.click("button[value=programme_officer]")
    page.click("text=orang belum")
    audit(page)
    # A school in which at least two have not signed.
    rows = page.locator("tbody tr").all()
    units: dict[str, int] = {}
    for row in rows:
        name = row.locator("td[data-label=Unit]").inner_text().removeprefix("Unit: ")
        units[name] = units.get(name, 0) + 1
    school = next(name for name, count in units.items() if count >= 2 and re.match(r"SDN|SMPN|SMP|SD ", name))
    page.goto("/unit/")
    page.get_by_role("link", name=school, exact=True).click()
    audit(page)
    page.click("text=Cetak slip kode")
    assert "tidak berlaku lagi" in page.inner_text("main")
    audit(page)
    page.click("button:has-text('Buat')")
    audit(page)
    with page.expect_download() as download:
        page.click("text=Unduh berkas")
    path = tmp_path_factory.mktemp("slips") / "slips.pdf"
    download.value.save_as(path)
    text = text_of(path)
    numbers = re.findall(r"\b\d{18}\b", text)
    codes = codes_in(text)
    assert len(numbers) == len(codes) >= 3
    page.goto("/cakupan/")
    page.click("h2 a")
    page.locator("main table").get_by_role("link", name="Dinas Pendidikan").click()
    page.locator("main table").get_by_role("link", name=school, exact=True).click()
    page.click("text=orang yang belum")
    missing = [cell.inner_text().removeprefix("Nama: ") for cell in page.locator("tbody td[data-label=Nama]").all()]
    context.close()
    return {"school": school, "text": text, "missing": missing, "pairs": _pairs(text)}


def _pairs(text: str) -> list[tuple[str, str]]:
    """Tie each number to its code: slips are set in columns, so the two stand in the same column in the same order."""
    numbers = [(m.start() - text.rfind("\n", 0, m.start()), m.start(), m[0]) for m in re.finditer(r"\b\d{18}\b", text)]
    codes = []
    for code in codes_in(text):
        at = text.index(code)
        codes.append((at - text.rfind("\n", 0, at), at, code))
    pairs = []
    for column, at, number in numbers:
        below = [c for c in codes if abs(c[0] - column) < 40 and c[1] > at]
        pairs.append((number, min(below, key=lambda c: c[1])[2]))
    return pairs


def activate(page, number: str, code: str) -> None:
    page.goto("/masuk/kode/")
    page.fill("[name=name]", number)
    page.fill("[name=code]", code.lower().replace("-", " "))
    audit(page)
    page.click("button:has-text('Lanjut')")
    page.wait_for_url("**/masuk/kata-sandi/")
    audit(page)
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.click("button:has-text('Simpan dan masuk')")
    page.wait_for_url("**/beranda/")


def unsigned(demo, slips, phone, count: int):
    """Yield phones of people of the school whose pact still waits, with their numbers."""
    found = []
    for number, code in slips["pairs"]:
        page = phone(demo)
        activate(page, number, code)
        if page.locator("text=Baca dan tandatangani").count():
            found.append((page, number))
        if len(found) == count:
            return found
    raise AssertionError("too few who have not signed")


def test_a_teacher_activates_signs_through_a_lost_signal_and_a_friend_verifies(demo, slips, phone, tmp_path):
    (page, number), (other, _) = unsigned(demo, slips, phone, 2)
    audit(page)

    # Step 4: read, agree; the signal is lost at the last step; nothing is signed, and she resumes.
    page.click("text=Baca dan tandatangani")
    audit(page)
    address = page.url
    page.check("[name=agree]")
    page.context.set_offline(True)
    page.click("button:has-text('Tandatangani pakta')", no_wait_after=True)
    page.wait_for_timeout(800)
    page.context.set_offline(False)
    page.goto(address)
    assert page.locator("button:has-text('Tandatangani pakta')").count() == 1

    # The second time the session is over when she presses the button: she signs in again and is led back to the text,
    # with nothing signed. The address of the form, opened by itself, leads to the text too.
    page.check("[name=agree]")
    page.context.clear_cookies(name="ikrar")
    page.click("button:has-text('Tandatangani pakta')")
    page.wait_for_url("**/masuk/**")
    audit(page)
    page.fill("[name=name]", number)
    page.fill("[name=password]", PASSWORD)
    page.click("main button:has-text('Masuk') >> nth=0")
    page.wait_for_url(address)
    assert page.locator("button:has-text('Tandatangani pakta')").count() == 1
    page.goto(f"{address}tanda-tangan/")
    assert page.url == address
    audit(page)

    # The third time the request arrives, but its answer is lost on the way back.
    answers = []

    def lose_answer(route):
        answers.append(route.fetch(max_redirects=0).status)
        route.abort()

    page.route("**/tanda-tangan/", lose_answer)
    page.check("[name=agree]")
    page.click("button:has-text('Tandatangani pakta')", no_wait_after=True)
    page.wait_for_timeout(1500)
    page.unroute("**/tanda-tangan/")
    assert answers == [302]
    page.goto(f"{address}tanda-tangan/")
    assert page.url == address
    assert "Anda sudah menandatangani" in page.inner_text("main")
    page.goto("/akun/")
    assert page.locator("text=Ini bukan saya").count() == 1, "signed once, whatever was lost on the way"
    page.goto(address)
    audit(page)
    code = page.inner_text("dd code")

    # Step 5: the certificate, and a friend's phone that verifies it by code.
    with page.expect_download() as download:
        page.click("text=Unduh sertifikat")
    certificate = tmp_path / "certificate.pdf"
    download.value.save_as(certificate)
    assert number not in text_of(certificate) and code in text_of(certificate)
    friend = phone(demo)
    friend.goto("/periksa/")
    audit(friend)
    friend.fill("[name=code]", code.lower())
    friend.click("button:has-text('Periksa')")
    said = friend.inner_text("main")
    assert "Asli, dan berlaku hari ini" in said and slips["school"] in said
    assert not re.search(r"\d{9,}", said)
    audit(friend)
    friend.goto("/periksa/")
    friend.set_input_files("[name=file]", certificate)
    friend.click("button:has-text('Periksa')")
    assert "sama bita demi bita" in friend.inner_text("main")
    broken = bytearray(certificate.read_bytes())
    broken[len(broken) // 2] ^= 1
    (tmp_path / "broken.pdf").write_bytes(broken)
    friend.goto("/periksa/")
    friend.set_input_files("[name=file]", tmp_path / "broken.pdf")
    friend.click("button:has-text('Periksa')")
    assert "Asli" not in friend.inner_text("main")

    # Must fail: a colleague's pact from this session. The form is hers, the address is the colleague's.
    other.click("text=Baca dan tandatangani")
    theirs = other.url
    digest = other.get_attribute("[name=shown_digest]", "value")
    token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
    answer = page.request.post(
        f"{theirs}tanda-tangan/",
        form={"csrfmiddlewaretoken": token, "shown_digest": digest, "agree": "on"},
        headers={"Referer": demo.url},
    )
    assert answer.status == 404
    assert page.goto(theirs).status == 404
    other.goto(theirs)
    assert other.locator("button:has-text('Tandatangani pakta')").count() == 1


def test_a_unit_head_cannot_sign_for_the_teacher(demo, desk, phone):
    head = desk(demo)
    head.goto("/")
    head.click("button[value=unit_head]")
    teacher = phone(demo)
    teacher.goto("/")
    teacher.click("button[value=civil_servant]")
    teacher.click("text=Baca dan tandatangani")
    address, digest = teacher.url, teacher.get_attribute("[name=shown_digest]", "value")
    assert head.goto(address).status == 404
    token = next(c["value"] for c in head.context.cookies() if c["name"] == "csrftoken")
    answer = head.request.post(
        f"{address}tanda-tangan/",
        form={"csrfmiddlewaretoken": token, "shown_digest": digest, "agree": "on"},
        headers={"Referer": demo.url},
    )
    assert answer.status == 404
    teacher.reload()
    assert teacher.locator("button:has-text('Tandatangani pakta')").count() == 1


def test_signing_works_with_scripts_off_and_by_keyboard_alone(demo, browser):
    context = browser.new_context(base_url=demo.url, java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto("/")
    page.click("button[value=civil_servant]")
    page.click("text=Baca dan tandatangani")
    page.focus("[name=agree]")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Anda sudah menandatangani" in page.inner_text("main")
    context.close()
