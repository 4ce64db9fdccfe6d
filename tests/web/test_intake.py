"""The intake door without scripts: one question a page, nothing kept before the end, nothing of it in a log."""

import gzip
import logging
import re
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ikrar.domain.code_words import WORDS
from ikrar.domain.keysets import Signature, parse
from ikrar.gateways import log_key, travel
from ikrar.gateways.sealing import Key
from ikrar.records.models import Body, OfficerKey, Report
from ikrar.services import intake, keysets, reports
from tests.conftest import MORNING
from tests.reporting import WRAPPED, make_desk
from tests.web.walk import WHAT, go, post, send, state_of, step_of, text, until

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(city, home):
    (home / "keys").mkdir()
    log_key.make(home / "keys", "log.example/log")
    body = Body.objects.create(agency=city, region_id="13.75", kind="bawaslu", name="Bawaslu Bukittinggi")
    return make_desk(body, ["Ani Contohwati", "Beni Misalkan", "Cici Umpama"], MORNING)


@pytest.fixture
def other_desk(city, desk):
    body = Body.objects.create(agency=city, region_id="13.75", kind="task_force", name="Satgas Netralitas")
    return make_desk(body, ["Dodi Contoh", "Eka Contoh"], MORNING)


@pytest.fixture
def client(desk):
    return Client()


def test_the_first_page_names_holders_and_fingerprint_before_anything_is_typed(client, desk):
    page = post(client, "report-step", step="start", region="13.75")
    said = text(page)
    assert "Ani Contohwati" in said and desk.set().fingerprint in said and "what" not in said


def test_a_report_without_scripts_is_filed_and_its_mailbox_opens(client, desk):
    page = until(client, desk, "files")
    filed = send(client, page, SimpleUploadedFile("suara.mp3", b"ID3" + bytes(9000)))
    assert filed.status_code == 200 and "Laporan diterima" in text(filed)
    report = Report.objects.get()
    assert report.channel == "plain" and report.parts.filter(kind="file").count() == 1
    assert "pilkada-material-evidence" in report.ticks and "pilkada-formal-reporter" not in report.ticks
    box = post(client, "mailbox", code=page.code)
    assert "Belum dibuka petugas" in text(box)
    assert not filed.cookies and not box.cookies


def test_leaving_without_keeping_the_code_is_stopped(client, desk):
    page = until(client, desk, "retype")
    again = go(client, page, code="")
    assert again.status_code == 422 and step_of(again) == "retype"
    wrong = go(client, page, code="abadi abadi abadi abadi abadi abadi abadi abadi alfabet")
    assert wrong.status_code == 422 and "kode yang lain" in text(wrong)
    jumped = send(client, page)
    assert jumped.status_code == 422 and not Report.objects.exists()


def test_the_last_page_may_be_sent_twice_and_makes_one_report(client, desk):
    page = until(client, desk, "files")
    first, second = send(client, page), send(client, page)
    assert "tidak dibuat dua kali" in text(second)
    receipts = [re.search(r"readonly>([^<]+)<", text(each))[1] for each in (first, second)]
    assert receipts[0] == receipts[1] and Report.objects.count() == 1


def test_going_back_loses_nothing(client, desk):
    page = until(client, desk, "when")
    back = go(client, page, to="back", when="Selasa", where="", known_on="")
    assert step_of(back) == "what" and WHAT in text(back)
    assert 'value="Selasa"' in text(go(client, back, what=WHAT))


def test_a_report_that_nobody_could_open_is_refused_with_other_bodies_to_choose(client, desk, other_desk):
    page = until(client, desk, "exclude")
    refused = go(client, page, exclude=desk.ids)
    assert refused.status_code == 422 and "tidak seorang pun" in text(refused)
    assert "Satgas Netralitas" in text(go(client, refused, to="body", exclude=desk.ids))


def test_a_restart_loses_the_answers_and_says_so_with_what_was_just_typed(client, desk):
    page = until(client, desk, "what")
    travel.forget_key()
    lost = go(client, page, what=WHAT)
    assert lost.status_code == 422 and "Tidak ada yang tersimpan" in text(lost) and WHAT in text(lost)


def test_keys_that_change_while_the_reporter_writes_are_shown_again(client, desk):
    page = until(client, desk, "files")
    OfficerKey.objects.filter(pk=desk.ids[0]).update(dropped_at=MORNING)
    assert not next(
        each for each in keysets.readers(desk.set(), now=MORNING) if each.holder.key == desk.ids[0]
    ).receives
    filed = send(client, page)
    assert filed.status_code == 200
    assert Report.objects.get().envelopes.get(body=desk.body).to == sorted(desk.ids[1:])


def test_a_full_channel_names_the_others(client, desk, settings):
    settings.INTAKE_BUDGETS = {"plain": 1, "scripted": 9, "staff": 9}
    send(client, until(client, desk, "files"))
    page = post(client, "report-step", step="start", region="13.75")
    assert "penuh hari ini, dan terbuka lagi besok" in text(page) and "formulir dengan skrip; lewat petugas" in text(
        page
    )
    refused = go(client, page, body=desk.body.pk)
    assert refused.status_code == 422
    said = text(refused)
    assert "Yang masih terbuka hari ini: formulir dengan skrip" in said and "formulir tanpa skrip;" not in said


def test_a_channel_that_filled_meanwhile_says_so_at_the_end_and_the_answers_stay(client, desk, settings):
    settings.INTAKE_BUDGETS = {"plain": 1, "scripted": 0, "staff": 9}
    waiting = until(client, desk, "files")
    send(client, until(client, desk, "files"))
    refused = send(client, waiting, SimpleUploadedFile("a.txt", b"isi"))
    said = text(refused)
    assert refused.status_code == 422 and step_of(refused) == "files"
    assert (
        "Tidak ada yang terkirim" in said and "terbuka hari ini: lewat petugas" in said and "dengan skrip" not in said
    )
    settings.INTAKE_BUDGETS = {"plain": 2, "scripted": 0, "staff": 9}
    assert send(client, refused).status_code == 200


def test_a_file_of_another_kind_is_named_and_the_answers_stay(client, desk):
    page = until(client, desk, "files")
    refused = send(client, page, SimpleUploadedFile("foto.jpg", b"MZ\x90\x00" + bytes(9000)))
    assert refused.status_code == 422 and "foto.jpg" in text(refused) and not Report.objects.exists()
    assert send(client, refused).status_code == 200


@pytest.mark.parametrize("name", ["report-step", "mailbox", "mailbox-act", "filing-receipt"])
def test_a_form_that_is_none_is_not_even_read(client, name):
    answer = client.post(reverse(name), {"what": "rahasia", "code": "rahasia"})  # multipart where none is taken
    assert answer.status_code == 400
    answer = client.generic(
        "POST", reverse(name), b"\xff\xfe rahasia", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in (200, 422)


def test_an_error_shows_and_logs_nothing_of_the_request(client, desk, monkeypatch, caplog):
    def broken(*arguments, **named):
        raise ValueError(f"broken by {arguments} {named}")

    page = until(client, desk, "what")
    monkeypatch.setattr(intake, "meter", broken)
    page = go(client, page, what=WHAT)
    with caplog.at_level(logging.DEBUG):
        answer = go(client, page, when="rahasia sekali", where="rahasia sekali", known_on="")
    assert answer.status_code == 500 and "Ada yang rusak pada kami" in text(answer)
    said = "".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert "rahasia" not in said and "Camat" not in said and "intake request failed" in said
    assert "rahasia" not in text(answer)


def test_a_form_of_another_site_is_refused(client):
    answer = client.post(
        reverse("report-step"), "step=start", content_type="application/x-www-form-urlencoded",
        headers={"Sec-Fetch-Site": "cross-site"},
    )  # fmt: skip
    assert answer.status_code == 400


def test_markup_in_a_name_is_shown_as_text(client, desk):
    page = until(client, desk, "check", who={"who-0-name": "<script>alert(1)</script>"})
    assert b"<script>alert" not in page.content and "<script>alert(1)</script>" in text(page)


def test_the_whole_journey_stays_within_sixty_kilobytes(client, desk):
    total = 0
    page = client.get(reverse("report"), headers={"Accept-Encoding": "gzip"})
    total += len(page.content)
    plain = Client()
    walked = post(plain, "report-step", step="start", region="13.75")
    while True:
        total += len(gzip.compress(walked.content)) + 400 + len(state_of(walked)) + 200
        at = step_of(walked)
        if at == "files":
            break
        if at == "code":
            code = " ".join(re.findall(r"<li><strong>(\w+)</strong></li>", text(walked)))
        fields = {
            "body": {"body": desk.body.pk}, "what": {"what": WHAT}, "identity": {"named": "no"},
        }.get(at, {})  # fmt: skip
        walked = go(plain, walked, **(fields if at != "retype" else {"code": code}))
    total += len(gzip.compress(send(plain, walked).content)) + 400
    for name in ("vendor/pico.css", "ikrar.css", "quick-exit.js"):
        total += len(brotli.compress(Path(finders.find(name)).read_bytes())) + 400
    assert total <= 60_000, total


_UNREAD = (
    r"<(\w+)[^>]* hidden[^>]*>.*?</\1>",
    r'<(\w+)[^>]*class="visually-hidden".*?</\1>',
    r"<button.*?</button>",
    r'<ol class="words".*?</ol>',  # they are written by hand: counted so
    r"<dd>.*?</dd>",
    r"<code.*?</code>",
    r'<p class="quiet">\s*(?:Langkah|Kelengkapan).*?</p>',
)


def visible(page):
    """Return the words that a stranger reads on a page: neither what is folded away or hidden, nor buttons, nor his own answers."""
    main = unfolded(page)
    for gone in _UNREAD:
        main = re.sub(gone, " ", main, flags=re.S)
    return re.sub(r"<[^>]+>", " ", main).split()


def unfolded(page):
    main = re.search(r"<main.*?</main>", text(page), re.S)[0]
    folded = re.compile(r"<details(?! open)[^>]*>((?:(?!<details).)*?</summary>)(?:(?!<details).)*?</details>", re.S)
    while folded.search(main):
        main = folded.sub(r"\1", main)
    return main


def fields_of(page):
    return len(re.findall(r"<textarea|<select|<input(?![^>]*type=\"(?:hidden|radio|checkbox)\")", unfolded(page)))


def test_a_stranger_reports_within_four_minutes(client, desk):
    """Counted as a stranger with a phone would spend it, who reads every word: words read (4/s), signs typed (3/s), signs of the code
    written by hand (1.5/s), and two seconds for each button.
    """
    said = {"what": {"what": "Camat meminta semua lurah memilih satu pasangan lewat pesan suara di grup kantor kemarin."},
            "when": {"when": "Senin pagi", "where": "Grup kantor", "known_on": ""}, "who": {"who-0-post": "Camat"},
            "body": {"body": desk.body.pk}, "identity": {"named": "no"}}  # fmt: skip
    start = client.get(reverse("report"))
    pages, code = [start], ""
    page = post(client, "report-step", step="start", region="13.75")
    while (at := step_of(page)) != "files":
        pages.append(page)
        if at == "code":
            code = " ".join(re.findall(r"<li><strong>(\w+)</strong></li>", text(page)))
        typed = {"code": " ".join(word[:4] for word in code.split())} if at == "retype" else said.get(at, {})
        page = go(client, page, **typed)
    pages += [page, send(client, page)]
    assert "Laporan diterima" in text(pages[-1])
    words = [len(visible(each)) for each in pages[:-1]]
    signs = sum(len(value) for step in ("what", "when", "who") for value in said[step].values()) + 9 * 5
    by_hand = 9 * sum(map(len, WORDS)) / len(WORDS) + 8
    seconds = sum(words) / 4 + signs / 3 + by_hand / 1.5 + 2 * len(pages)
    assert len(pages) == 13 and sum(fields_of(each) for each in pages[:-1]) <= 18, [fields_of(each) for each in pages]
    assert seconds < 240, (round(seconds), words)


def test_a_receipt_is_checked_by_whoever_has_it(client, desk):
    filed = send(client, until(client, desk, "files"))
    receipt = re.search(r"readonly>([^<]+)<", text(filed))[1]
    assert "janjinya dipenuhi" in text(post(client, "filing-receipt", receipt=receipt))
    forged = post(client, "filing-receipt", receipt=receipt.replace("2024", "2023", 1))
    assert forged.status_code == 422
    assert post(client, "filing-receipt", receipt="halo").status_code == 422


def test_the_page_of_checking_says_which_holder_a_typed_name_means(client, desk):
    page = until(client, desk, "check", exclude={"names": "Hj. Cici Umpama, SH\nRekaan Lain"})
    said = text(page)
    assert "Hj. Cici Umpama, SH (= Cici Umpama)" in said and "Rekaan Lain (bukan pemegang kunci ini)" in said
    page = until(client, desk, "files", exclude={"names": "Hj. Cici Umpama, SH\nRekaan Lain"})
    assert send(client, page).status_code == 200
    assert set(Report.objects.get().readers.values_list("key", flat=True)) == set(desk.ids[:2])


def test_the_first_page_is_whole_wherever_it_is_asked_from(client, desk):
    asked = client.get(reverse("report-step"), headers={"Accept-Encoding": "gzip"})
    assert "Mulai laporan" in gzip.decompress(asked.content).decode()
    begun = post(client, "report-step", step="start", region="13.75")
    back = client.post(
        reverse("report-step"), urlencode({"state": state_of(begun), "step": "body", "go": "back"}),
        content_type="application/x-www-form-urlencoded", headers={"Accept-Encoding": "gzip"},
    )  # fmt: skip
    assert "Mulai laporan" in gzip.decompress(back.content).decode()


def test_another_body_costs_two_pages_and_not_the_code_again(client, desk, other_desk):
    page = until(client, desk, "check")
    body = go(client, page, to="body")
    exclude = go(client, body, body=other_desk.body.pk)
    assert step_of(exclude) == "exclude"
    assert step_of(go(client, exclude)) == "check"


def renew(desk, place):
    """Give an officer a new key, and put the set with it in force; return that key."""
    user, body, new = desk.users[place], desk.body, Key.new()
    proof = new.sign(keysets.proof_message(user, body, new.recipient))
    row = keysets.make_key(
        user, body, recipient=new.recipient, verifier=new.verifier, wrapped=WRAPPED, proof=proof, now=MORNING
    )
    ids = sorted([row.pk, *(each for each in desk.ids if each != desk.ids[place])])
    proposal = keysets.propose(body, keys=ids, offline=None, by=user, now=MORNING)
    message = parse(bytes(proposal.document)).message
    assert keysets.sign(
        proposal, Signature(desk.offline.verifier, desk.offline.sign(message)), by=desk.users[1], now=MORNING
    )
    return row.pk


def test_whom_the_reporter_excluded_stays_ticked_under_a_new_key(client, desk):
    page = until(client, desk, "exclude")
    page = go(client, page, exclude=[desk.ids[0]])
    renewed = renew(desk, 0)
    page = go(client, page, to="back")
    assert step_of(page) == "body" and "baru saja berubah" in text(page)
    page = go(client, page, body=desk.body.pk)
    assert re.search(rf'value="{renewed}" checked', text(page)) and text(page).count(" checked") == 1


def test_a_form_that_was_begun_without_scripts_goes_on_without_them(client, desk):
    begun = post(client, "report-step", step="start", region="13.75")
    assert "intake.js" in text(begun) and "data-questions" in text(begun)
    page = until(client, desk, "what")
    again = go(client, go(client, page, to="back"), to="back")
    assert step_of(again) == "body" and "intake.js" not in text(again) and "data-questions" not in text(again)


def test_every_page_without_scripts_says_where_its_answers_are_sealed(client, desk):
    for step in ("body", "exclude", "what", "identity", "check", "files"):
        assert "disegel di peladen" in text(until(client, desk, step)), step


def test_nothing_of_this_door_is_handed_to_a_translator_or_a_speller(client):
    for name in ("report", "mailbox", "filing-receipt"):
        assert re.search(r'<html [^>]*translate="no" spellcheck="false"', text(client.get(reverse(name))))


def test_the_meter_says_that_a_witness_is_missing_until_one_is_named(client, desk):
    assert "data-witness" in text(until(client, desk, "check", support={"witness-0-name": "", "witness-0-contact": ""}))
    assert "data-witness" not in text(until(client, desk, "check", support={"witness-0-name": "Saksi Rekaan"}))


def test_a_receipt_with_a_line_that_nobody_signed_is_none(client, desk):
    page = send(client, until(client, desk, "files"))
    note = re.search(r"readonly>([^<]+)<", text(page))[1].replace("\r", "")
    assert "janjinya dipenuhi" in text(post(client, "filing-receipt", receipt=note))
    head, signature = note.strip().split("\n\n")
    for changed in (f"{note}Pelapor: Budi Contoh\n", f"{head}\n\nPelapor: Budi Contoh\n{signature}\n"):
        answer = post(client, "filing-receipt", receipt=changed)
        assert answer.status_code == 422 and "janjinya dipenuhi" not in text(answer)


def test_whoever_has_a_receipt_finds_the_key_to_check_it_elsewhere(client, desk):
    assert reports.log_verifier_key() in unescape(text(client.get(reverse("filing-receipt"))))
