"""Doubles at the desk: pages that need no scripts, and what a browser sends and is told."""

import base64
import json

import pytest
from django.db import connection

from ikrar.domain import prints
from ikrar.gateways import log_key, sealing
from ikrar.records.models import Body, BodySecret, ReportMember, ReportPrint
from ikrar.services import report_desk, report_secrets
from tests.reporting import make_desk
from tests.services.test_report_doubles import SECRET, filed, made_secret, printed, sealed_secret
from tests.web import stage as stages

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(city, home, now):
    (home / "keys").mkdir()
    log_key.make(home / "keys", "log.example/log")
    body = Body.objects.create(agency=city, region_id="13.75", kind="bawaslu", name="Bawaslu Bukittinggi")
    return make_desk(body, ["Ani Contohwati", "Beni Misalkan", "Cici Umpama"], now)


@pytest.fixture
def at(client, desk):
    def browser(number):
        made = type(client)()
        made.cookies["ikrar"] = stages.open_session(desk.users[number])
        return made

    return browser


def said(response):
    return response.content.decode()


def test_a_browser_makes_the_secret_once_and_gets_its_envelope_back(desk, at, now):
    address = f"/laporan/kunci/{desk.body.pk}/rahasia/"
    told = at(0).get(address).json()
    assert (told["version"], told["envelopes"], told["receiving"]) == (0, [], desk.ids)
    check = prints.check_of(SECRET).hex()
    form = {
        "sealed": base64.b64encode(sealed_secret(desk, (0, 1))).decode(), "to": f"{desk.ids[0]},{desk.ids[1]}",
        "version": 1, "check": check, "key_set": desk.set().digest,
        "signature": desk.keys[0].sign(report_secrets.secret_message(desk.body.pk, 1, check)),
    }  # fmt: skip
    for wrong in ({"to": "x"}, {"sealed": "x"}, {"signature": ""}, {"key_set": ""}, {"version": "9"}):
        assert at(0).post(f"{address}buat/", form | wrong).status_code == 422, wrong
    told = at(0).post(f"{address}buat/", form).json()
    assert told["version"] == 1 and told["lacking"] == [desk.ids[2]]
    assert sealing.unseal(base64.b64decode(told["envelopes"][0]), desk.keys[0].identity) == SECRET
    # The second browser is told what stands.
    other = bytes(32)
    late = form | {"check": prints.check_of(other).hex()}
    late["signature"] = desk.keys[1].sign(report_secrets.secret_message(desk.body.pk, 1, late["check"]))
    assert at(1).post(f"{address}buat/", late).json()["check"] == check and BodySecret.objects.count() == 1
    share = {"sealed": base64.b64encode(sealed_secret(desk, (2,))).decode(), "to": desk.ids[2], "version": 1,
             "key_set": desk.set().digest}  # fmt: skip
    assert at(2).post(f"{address}bagi/", share).status_code == 422
    assert at(0).post(f"{address}bagi/", share).json() == {"kept": True}
    assert at(2).get(address).json()["envelopes"]
    assert at(0).get(f"/laporan/kunci/{desk.body.pk + 1}/rahasia/").status_code == 404


def test_a_secret_that_does_not_open_is_told_on_the_page_of_doubles(desk, at, now):
    made_secret(desk, 0, now)
    address = f"/laporan/kunci/{desk.body.pk}/rahasia/"
    told = at(1).get(address).json()
    assert told["unopened"] is False and told["say_unopened"] == f"{address}tak-terbuka/"
    assert "tidak terbuka oleh kunci" not in said(at(0).get("/laporan/kembar/"))
    for version in ("", "x", "2", "9" * 40):
        assert at(1).post(told["say_unopened"], {"version": version}).status_code == 422
    for _twice in range(2):
        assert at(1).post(told["say_unopened"], {"version": 1}).json() == {"kept": True}
    assert at(1).get(address).json()["unopened"] is True and at(0).get(address).json()["lacking"] == desk.ids[1:]
    for each in (0, 1, 2):
        page = said(at(each).get("/laporan/kembar/"))
        assert page.count("tidak terbuka oleh kunci Beni Misalkan") == 1
        assert said(at(each).get("/pesan/")).count("tidak terbuka oleh kunci Beni Misalkan") == 1
    assert at(2).post(told["say_unopened"], {"version": 1}).status_code == 422  # nothing is sealed to him


def test_a_report_that_does_not_open_is_told_at_the_report_once(desk, at, now):
    number = filed(desk, now)
    address = f"/laporan/{number:016x}/tak-terbuka/"
    assert at(0).post(address).status_code == 422  # it was not handed out to him
    report_desk.open_report(report_desk.seen(desk.users[0], [desk.body.pk], number), by=desk.users[0], now=now)
    for _twice in range(2):
        assert at(0).post(address).json() == {"kept": True}
    page = said(at(1).get(f"/laporan/{number:016x}/"))
    assert page.count("tidak dapat membukanya") == 1
    # Whoever was left out learns nothing by it.
    hidden = filed(desk, now, excluded=[desk.ids[0]])
    assert at(0).post(f"/laporan/{hidden:016x}/tak-terbuka/").status_code == 404


def test_prints_come_in_under_their_kind_and_matches_go_out(desk, at, now):
    made_secret(desk, 0, now)
    first, second, hidden = filed(desk, now), filed(desk, now), filed(desk, now, excluded=[desk.ids[0]])
    for who, number in ((0, first), (1, hidden)):
        printed(desk, who, number, now, pages=["contoh.id/a"])
    report_desk.open_report(report_desk.seen(desk.users[0], [desk.body.pk], second), by=desk.users[0], now=now)
    page = prints.page_print(SECRET, "https://www.contoh.id/a/").hex()
    address = f"/laporan/{second:016x}/sidik/"
    sent = {"version": 1, "page": [page], "evidence": []}
    for wrong in ("", "[]", "{}", '{"version": 1}', json.dumps(sent | {"other": []}), json.dumps(sent | {"page": ["zz"]}),
                  json.dumps(sent | {"page": 3}), json.dumps(sent | {"version": True}), "[" * 5000):  # fmt: skip
        assert at(0).post(address, {"prints": wrong}).status_code == 422, wrong
    told = at(0).post(address, {"prints": json.dumps(sent)}).json()
    (match,) = told["matches"]
    assert match["number"] == f"{first:016x}" and match["because"] == ["page"] and told["more"] == 0
    assert match["words"] == ["halaman yang sama"] and not match["in_matter"]
    assert at(0).post(f"/laporan/{hidden:016x}/sidik/", {"prints": json.dumps(sent)}).status_code == 404
    assert at(1).post(address, {"prints": json.dumps(sent)}).status_code == 422  # he did not open it
    assert ReportPrint.objects.filter(report=second).count() == 1


def test_a_merge_tells_how_many_reports_the_matter_has_now_and_taking_apart_how_many_are_left(desk, at, now):
    made_secret(desk, 0, now)
    numbers = [f"{filed(desk, now):016x}" for _each in range(4)]
    json = {"accept": "application/json"}
    assert at(0).post("/laporan/gabung/", {"report": numbers[:2]}, headers=json).json()["size"] == 2
    # One of the three was of a matter of two: four are one now.
    assert at(0).post("/laporan/gabung/", {"report": numbers[1:]}, headers=json).json()["size"] == 4
    assert "Satu perkara: 4 laporan" in said(at(0).get(f"/laporan/{numbers[0]}/"))
    shown = said(at(0).post(f"/laporan/{numbers[0]}/pisah/", follow=True))
    assert "dipisahkan lagi dari 3 laporan lain" in shown
    shown = said(at(0).post("/laporan/gabung/", {"report": [numbers[0], numbers[3]]}, follow=True))
    assert "4 laporan kini menjadi satu perkara" in shown


def test_doubles_are_merged_and_taken_apart_without_scripts(desk, at, now):
    made_secret(desk, 0, now)
    first, second, hidden = filed(desk, now), filed(desk, now), filed(desk, now, excluded=[desk.ids[0]])
    for number in (first, second):
        printed(desk, 0, number, now, pages=["contoh.id/a"])
    printed(desk, 1, hidden, now, pages=["contoh.id/a"])
    page = said(at(0).get("/laporan/kembar/"))
    assert "2 laporan: halaman yang sama" in page and f"{hidden:016x}" not in page
    assert "3 laporan: halaman yang sama" in said(at(1).get("/laporan/kembar/"))
    numbers = [f"{first:016x}", f"{second:016x}"]
    assert "sedikitnya dua" in said(at(0).post("/laporan/gabung/", {"report": numbers[0]}))
    assert at(0).post("/laporan/gabung/", {"report": [*numbers, f"{hidden:016x}"]}).status_code == 404
    answer = at(0).post("/laporan/gabung/", {"report": numbers, "next": "https://jahat.example/laporan/"})
    assert answer.status_code == 302 and answer["Location"] == "/laporan/kembar/"
    assert "Tidak ada usulan" in said(at(0).get("/laporan/kembar/"))
    shown = said(at(1).get(f"/laporan/{first:016x}/"))
    assert "Satu perkara: 2 laporan" in shown and numbers[1] in shown
    answer = at(1).post(f"/laporan/{first:016x}/pisah/")
    assert answer["Location"] == f"/laporan/{first:016x}/"
    shown = said(at(0).get(f"/laporan/{first:016x}/"))
    assert "Satu perkara" not in shown and "Pernah digabung" in shown
    assert at(1).post(f"/laporan/{first:016x}/pisah/").status_code == 422
    told = at(0).post("/laporan/gabung/", {"report": numbers}, headers={"accept": "application/json"}).json()
    assert told["numbers"] == numbers and ReportMember.objects.filter(until=None).count() == 2
    told = at(0).post("/laporan/gabung/", {"report": numbers[0]}, headers={"accept": "application/json"})
    assert told.status_code == 422 and "sedikitnya dua" in told.json()["says"]


def test_what_is_no_double_is_said_once(desk, at, now):
    made_secret(desk, 0, now)
    numbers = [filed(desk, now) for _ in range(2)]
    for number in numbers:
        printed(desk, 0, number, now, pages=["contoh.id/a"])
    answer = at(1).post("/laporan/kembar/bukan/", {"report": [f"{each:016x}" for each in numbers]}, follow=True)
    assert "bukan laporan kembar" in said(answer) and "Tidak ada usulan" in said(answer)
    assert "Tidak ada usulan" in said(at(0).get("/laporan/kembar/"))


def plain(response):
    page = said(response)
    main = page[page.index("<main") : page.index("</main>")] if "<main" in page else page
    return "".join(each for each in main.splitlines(keepends=True) if "csrfmiddlewaretoken" not in each)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no such switch")
def test_no_page_of_a_desk_has_its_order_from_how_the_rows_lie(desk, at, now):
    """Whoever loads a page twice would else see that some row of it was written meanwhile, and which."""
    made_secret(desk, 0, now)
    numbers = [filed(desk, now) for _ in range(3)]
    for who, number in ((0, numbers[0]), (1, numbers[1]), (0, numbers[2])):
        printed(desk, who, number, now, pages=["contoh.id/a"])
    at(0).post("/laporan/gabung/", {"report": [f"{each:016x}" for each in numbers[:2]]})
    at(1).post(f"/laporan/{numbers[0]:016x}/pisah/")
    pages = [
        "",
        "meja/",
        "kembar/",
        "kunci/",
        "salinan/",
        *(f"kunci/{desk.body.pk}/{each}/" for each in ("himpunan", "segel")),
    ]
    pages += [f"{numbers[0]:016x}/{each}" for each in ("", "salinan/")]
    addresses = [f"/laporan/{each}" for each in [*pages, f"meja/{numbers[0]:016x}/", f"kunci/{desk.body.pk}/rahasia/"]]

    def shown():
        return [plain(at(0).get(each)) for each in addresses]

    def turned(way):
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA reverse_unordered_selects = {way}")

    before = shown()
    turned("ON")
    try:
        for address, one, other in zip(addresses, before, shown(), strict=True):
            assert one == other, address
    finally:
        turned("OFF")


def test_a_page_that_may_not_be_read_says_nothing_of_a_hidden_member(desk, at, now):
    made_secret(desk, 0, now)
    first, hidden = filed(desk, now), filed(desk, now, excluded=[desk.ids[0]])
    before = at(0).get(f"/laporan/{first:016x}/")
    at(1).post("/laporan/gabung/", {"report": [f"{first:016x}", f"{hidden:016x}"]})
    after = at(0).get(f"/laporan/{first:016x}/")

    assert plain(before) == plain(after)
    assert "Satu perkara: 2 laporan" in said(at(1).get(f"/laporan/{first:016x}/"))
    # Neither is one told by trying.
    assert at(0).post(f"/laporan/{first:016x}/pisah/").status_code == 422
