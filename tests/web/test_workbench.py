"""The workbench: its list is the inbox's, a report comes as a piece of a page, conclusions say what was done and what was not."""

import base64
import json

import pytest

from ikrar.domain.access import Role
from ikrar.gateways import sealing
from ikrar.records.models import Report, RoleGrant, User
from ikrar.services import report_desk
from tests.web.test_reports import at, browser, desk, report  # noqa: F401

pytestmark = pytest.mark.django_db


def opened(desk, report, number, now):  # noqa: F811
    found = report_desk.seen(desk.users[number], [desk.body.pk], report.pk)
    report_desk.open_report(found, by=desk.users[number], now=now)
    return f"{report.pk:016x}"


def conclude(client, to, reason, *reports, **more):
    asked = {"to": to, "reason": reason, "reports": json.dumps(list(reports)), **more}
    return client.post("/laporan/meja/simpulkan/", asked)


def test_the_list_is_whole_without_scripts_and_keeps_its_filters(desk, report, at):  # noqa: F811
    client = at(desk.users[0])
    page = client.get("/laporan/meja/").content.decode()
    assert f'href="/laporan/{report.pk:016x}/"' in page and 'id="bench-list"' in page
    assert "1 laporan cocok" in page
    assert "Tidak ada laporan yang cocok" in client.get("/laporan/meja/?keadaan=closed").content.decode()
    assert 'data-query="keadaan=received"' in client.get("/laporan/meja/?keadaan=received").content.decode()


def test_another_list_comes_without_the_rest_of_the_page(desk, report, at):  # noqa: F811
    client = at(desk.users[0])
    answer = client.get("/laporan/meja/?keadaan=received", headers={"Ikrar-Part": "list"})
    part = answer.content.decode()
    assert "<html" not in part and f'data-number="{report.pk:016x}"' in part and 'data-query="keadaan=received"' in part
    assert "Ikrar-Part" in answer["Vary"] and "no-store" in answer["Cache-Control"]
    assert part.strip().removeprefix("<div") in client.get("/laporan/meja/?keadaan=received").content.decode()


def test_whoever_was_left_out_sees_neither_line_nor_report_nor_may_conclude_it(desk, report, at):  # noqa: F811
    excluded = at(desk.users[2])
    number = f"{report.pk:016x}"
    assert number not in excluded.get("/laporan/meja/").content.decode()
    assert excluded.get(f"/laporan/meja/{number}/").status_code == 404
    told = conclude(excluded, "registered", "complete", {"number": number, "was": "received"}).json()
    unknown = conclude(excluded, "registered", "complete", {"number": "0" * 16, "was": "received"}).json()
    assert told["done"] == [] and told["refused"][0]["says"] == unknown["refused"][0]["says"]


def test_other_roles_have_no_workbench(desk, report, at, now):  # noqa: F811
    for role in (Role.ADMINISTRATOR, Role.AUDITOR):
        user = User.objects.create(username=str(role), full_name="Gani Umpama", password="!", created_at=now)
        RoleGrant.objects.create(user=user, role=role, from_at=now)
        assert at(user).get("/laporan/meja/").status_code == 403
        assert conclude(at(user), "registered", "complete").status_code == 403


def test_a_report_comes_as_a_piece_of_a_page_with_ciphertext_alone(desk, report, at):  # noqa: F811
    piece = at(desk.users[0]).get(f"/laporan/meja/{report.pk:016x}/").content.decode()
    assert "<html" not in piece and 'id="facts"' in piece and 'data-state="received"' in piece
    assert 'id="sealed-report"' in piece and "memilih" not in piece


def test_a_conclusion_says_what_was_done_and_who_was_first(desk, report, at, now):  # noqa: F811
    number = opened(desk, report, 0, now)
    opened(desk, report, 1, now)
    told = conclude(at(desk.users[0]), "not_a_breach", "not_asn", {"number": number, "was": "read"}).json()
    assert told == {"done": [number], "refused": [], "says": "1 laporan: bukan pelanggaran."}
    late = conclude(at(desk.users[1]), "registered", "complete", {"number": number, "was": "read"}).json()
    assert late["done"] == [] and "Ani Contohwati" in late["refused"][0]["says"]
    assert "bukan pelanggaran" in late["refused"][0]["says"] and "1 ditolak" in late["says"]


def test_the_words_of_an_officer_come_sealed_or_not_at_all(desk, report, at, now):  # noqa: F811
    number = opened(desk, report, 0, now)
    client = at(desk.users[0])
    clear = base64.b64encode(b"kata-kata terang").decode()
    told = conclude(client, "not_a_breach", "allowed", {"number": number, "was": "read", "sealed": clear}).json()
    assert told["done"] == [] and Report.objects.get().state == "read"
    sealed = sealing.seal(sealing.padded({"v": 1, "text": "Boleh.", "asks": [], "files": []}), [report.dialogue_to])
    row = {"number": number, "was": "read", "sealed": base64.b64encode(sealed).decode()}
    assert conclude(client, "not_a_breach", "allowed", row).json()["done"] == [number]
    assert Report.objects.get().parts.filter(kind="message", from_reporter=False).count() == 1


@pytest.mark.parametrize(
    "reports",
    ["", "{}", "[]", "[1]", '[{"number": "x", "was": "read"}]', '[{"number": "0000000000000001", "was": "x"}]',
     '[{"number": "0000000000000001", "was": "read", "sealed": "%%%"}]', '[{"was": "read"}]', "[" * 5000,
     json.dumps([{"number": f"{n:016x}", "was": "read"} for n in range(101)])],
)  # fmt: skip
def test_what_no_browser_of_ours_sends_is_refused_with_a_sentence(desk, report, at, reports):  # noqa: F811
    asked = {"to": "registered", "reason": "complete", "reports": reports}
    answer = at(desk.users[0]).post("/laporan/meja/simpulkan/", asked)
    assert answer.status_code == 422 and answer.json()["says"]
    assert Report.objects.get().state == "received"


def test_handing_over_asks_to_whom_and_a_colleague_reads_it_with_its_reason(desk, report, at, now):  # noqa: F811
    number = opened(desk, report, 0, now)
    client, row = at(desk.users[0]), {"number": number, "was": "read"}
    for half in (
        {},
        {"body": "Inspektorat Rekaan"},
        {"letter": "045"},
        {"copy": "x"},
        {"body": "x" * 201, "letter": "045"},
    ):
        answer = conclude(client, "handed_over", "outside", row, **half)
        assert answer.status_code == 422 and answer.json()["says"], half
    assert Report.objects.get().state == "read"
    done = conclude(client, "handed_over", "outside", row, body="Inspektorat  Rekaan", letter="045/X/2024")
    assert done.json()["done"] == [number]
    page = at(desk.users[1]).get(f"/laporan/{number}/").content.decode()
    acts = page[page.index('id="acts"') :]
    assert "diteruskan kepada badan lain" in acts and "Inspektorat Rekaan dengan surat nomor 045/X/2024" in acts
    assert "di luar wewenang badan ini" in acts
    assert acts.index("membuka laporan") < acts.index("<strong>dibaca")


def test_what_the_clear_facts_deny_comes_back_with_its_doubt(desk, report, at, now):  # noqa: F811
    number = opened(desk, report, 0, now)
    Report.objects.update(regime="pilkada")
    client, row = at(desk.users[0]), {"number": number, "was": "read"}
    refused = conclude(client, "registered", "complete", row).json()["refused"]
    assert refused[0]["doubt"] == "lacks" and "masih kurang" in refused[0]["says"]
    assert conclude(client, "initial_information", "unnamed", row).json()["refused"][0]["doubt"] == ""
    sealed = sealing.seal(sealing.padded({"v": 1, "text": "Boleh.", "asks": [], "files": []}), [report.dialogue_to])
    row["sealed"] = base64.b64encode(sealed).decode()
    assert conclude(client, "registered", "complete", row, sure="lacks").json()["done"] == [number]


def test_the_page_of_a_report_leaves_handing_over_to_the_bench(desk, report, at, now):  # noqa: F811
    number = opened(desk, report, 0, now)
    page = at(desk.users[0]).get(f"/laporan/{number}/").content.decode()
    assert '<option value="closed">' in page and '<option value="handed_over">' not in page
    assert "dari meja laporan, dengan menyebut badannya" in page


def test_english_says_what_a_column_and_a_heading_mean(desk, report, at, now):  # noqa: F811
    number = opened(desk, report, 0, now)
    Report.objects.update(regime="pilkada")
    client = at(desk.users[0])
    client.cookies["bahasa"] = "en"
    piece = client.get(f"/laporan/meja/{number}/").content.decode()
    assert "not yet" in piece and "not set up" not in piece and "Report <code>" in piece
    bench = client.get("/laporan/meja/").content.decode()
    assert "<dt>Act</dt>" in bench and "Hand over to another body" in bench and ">Continue" not in bench
