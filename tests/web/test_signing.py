"""Reading, signing, refusing and contesting on the pages, as Sari on an old phone with a weak signal does it."""

import re
import time
from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from ikrar.domain.pacts import PactText, State
from ikrar.records.models import LogEntry, Notice, Obligation, Signature, SignatureContest
from ikrar.services import pacts, roster
from tests.web import stage as stages
from tests.web.stage import MORNING, TODAY, browser, duty_of, issue, make_round

pytestmark = pytest.mark.django_db

NEXT_TEXT = PactText.of("Pakta yang baru", "", ["butir yang belum pernah dibaca"], "")


@pytest.fixture
def duty(stage):
    return stage.home.duty


@pytest.fixture
def phone(stage):
    """Sari's phone: the password alone, as teachers have it."""
    return browser(stage.sari, strong=False)


def read(client: Client, duty: Obligation):
    return client.get(reverse("pact", args=[duty.pk]))


def shown_digest(page) -> str:
    return re.search(r'name="shown_digest" value="([0-9a-f]{64})"', page.content.decode())[1]


def sign(client: Client, duty: Obligation, digest: str, **more):
    return client.post(reverse("pact-sign", args=[duty.pk]), {"shown_digest": digest, "agree": "on"} | more)


def now(duty: Obligation) -> Obligation:
    return Obligation.objects.select_related("signature", "pact_round__text").get(pk=duty.pk)


# --- reading -----------------------------------------------------------------------------------------------------


def test_the_page_shows_exactly_the_text_whose_digest_it_carries(phone, duty):
    page = read(phone, duty)
    said = page.content.decode()
    shown = re.search(r'<article class="paper".*?</article>', said, re.S)[0]
    parts = [
        re.sub(r"<[^>]+>", "", part).strip() for part in re.findall(r"<(?:h1|p|li)>.*?</(?:h1|p|li)>", shown, re.S)
    ]
    text = PactText.of(parts[0], parts[1], parts[2:-1], parts[-1])
    assert text.digest() == shown_digest(page) == duty.pact_round.text.digest
    assert "Sari Dewi, S.Pd" in said and "SMP Negeri 1" in said


def test_text_of_an_officer_is_never_markup(stage, phone):
    nasty = PactText.of("<script>alert(1)</script>", "<b>x</b>", ["<img src=x onerror=alert(1)>", "a & b"], "")
    pact = make_round(stage.home.agency, "<i>judul</i>", nasty)
    issue(pact)
    page = read(phone, duty_of(pact, stage.home.teacher)).content.decode()
    for raw in ("<script>alert", "<b>x</b>", "<img src=x", "<i>judul"):
        assert raw not in page
    assert "&lt;script&gt;" in page


def test_opening_the_page_is_remembered(phone, duty):
    read(phone, duty)
    assert now(duty).state == State.OPENED


def test_the_page_says_who_will_see_what(phone, duty):
    """A head and an officer take the unit's certificates: post, masked number and code stand in them."""
    said = read(phone, duty).content.decode()
    promise = said[said.index("Terlihat oleh:") :].split("</p>")[0]
    officers, anybody = promise.split("dan siapa pun")
    for word in ("nama", "jabatan", "unit", "nomor yang disamarkan", "kode sertifikat"):
        assert word in officers
    assert "jabatan" not in anybody and "nomor" not in anybody


def test_a_pact_whose_day_is_past_says_so(stage, phone, duty):
    pact = stage.home.pact
    type(pact).objects.filter(pk=pact.pk).update(due_on=TODAY)
    for path in (reverse("pact", args=[duty.pk]), reverse("home"), reverse("my-pacts")):
        assert "lewat batas" not in phone.get(path).content.decode(), path
    type(pact).objects.filter(pk=pact.pk).update(due_on=TODAY - timedelta(days=1))
    for path in (reverse("pact", args=[duty.pk]), reverse("home"), reverse("my-pacts")):
        assert "lewat batas" in phone.get(path).content.decode(), path
    assert "lewat batas" in browser(stage.rina).get(reverse("round", args=[pact.pk])).content.decode()


# --- addresses that take a form -------------------------------------------------------------------------------------


def test_the_address_of_signing_opened_by_a_link_leads_to_the_text(stage, phone, duty):
    """After a session ended at the last step, sign-in leads back to that address; so does the address bar."""
    path = reverse("pact-sign", args=[duty.pk])
    sent = Client().post(path, {"shown_digest": stages.TEXT.digest(), "agree": "on"})
    assert sent["Location"] == f"{reverse('account_login')}?next={path}"
    response = phone.get(path)
    assert response["Location"] == reverse("pact", args=[duty.pk])
    assert not Signature.objects.filter(obligation=duty).exists()
    sign(phone, duty, stages.TEXT.digest())
    assert "Anda sudah menandatangani" in phone.get(path, follow=True).content.decode()
    assert browser(stage.budi).get(path).status_code == 404


@pytest.mark.parametrize(
    ("name", "back"), [("inbox-read", "/pesan/"), ("account_logout", ""), ("language", ""), ("end-excuse", "")]
)
def test_an_address_that_takes_a_form_answers_a_link_with_a_page(stage, name, back):
    arguments = [stage.home.excused_duty.pk] if name == "end-excuse" else []
    response = browser(stage.rina).get(reverse(name, args=arguments))
    said = response.content.decode()
    assert response.status_code == 405 and response["Allow"] == "POST"
    assert "Langkah ini dimulai dari halamannya" in said and reverse("home") in said
    assert (f'role="button" href="{back}"' in said) == bool(back)


# --- signing -----------------------------------------------------------------------------------------------------


def test_signed_once_the_page_shows_the_signature_and_not_the_form(phone, duty):
    response = sign(phone, duty, shown_digest(read(phone, duty)))
    assert response["Location"] == reverse("pact", args=[duty.pk])
    page = phone.get(response["Location"]).content.decode()
    assert "Anda sudah menandatangani pakta ini" in page and 'name="agree"' not in page
    assert reverse("my-certificate", args=[duty.pk]) in page
    listed = phone.get(reverse("my-pacts")).content.decode()
    assert "Ditandatangani, berlaku" in listed


def test_an_answer_that_was_lost_is_found_by_posting_again(phone, duty):
    """The signal goes at the last step; the browser sends the form once more."""
    digest = shown_digest(read(phone, duty))
    first = sign(phone, duty, digest)
    entries = LogEntry.objects.count()
    again = sign(phone, duty, digest)
    assert first["Location"] == again["Location"] == reverse("pact", args=[duty.pk])
    assert Signature.objects.filter(obligation=duty).count() == 1
    assert LogEntry.objects.count() == entries
    assert now(duty).signature.code in phone.get(again["Location"]).content.decode().replace("-", "")


def test_two_tabs_sign_once(stage, duty):
    tabs = [browser(stage.sari), browser(stage.sari)]
    digests = [shown_digest(read(tab, duty)) for tab in tabs]
    answers = [sign(tab, duty, digest) for tab, digest in zip(tabs, digests, strict=True)]
    assert {answer["Location"] for answer in answers} == {reverse("pact", args=[duty.pk])}
    assert Signature.objects.filter(obligation=duty).count() == 1


def test_a_text_that_changed_between_reading_and_signing_is_shown_anew_and_nothing_is_signed(stage, phone, duty):
    old = shown_digest(read(phone, duty))
    pacts.publish_text(stage.home.pact, NEXT_TEXT, by=stage.rina, now=MORNING)
    response = sign(phone, duty, old)
    said = response.content.decode()
    assert response.status_code == 422
    assert "butir yang belum pernah dibaca" in said and stages.TEXT.points[0] not in said
    assert "Teks pakta berubah" in said
    assert not Signature.objects.filter(obligation=duty).exists()
    assert 'name="agree" id="id_agree" required' in said and "checked" not in said, "the new text is agreed to already"
    assert sign(phone, duty, shown_digest(response)).status_code == 302
    assert now(duty).signature.text_digest == NEXT_TEXT.digest()


def test_without_the_mark_of_having_read_nothing_is_signed(phone, duty):
    response = phone.post(reverse("pact-sign", args=[duty.pk]), {"shown_digest": shown_digest(read(phone, duty))})
    assert response.status_code == 422 and "Centang bahwa Anda sudah membaca" in response.content.decode()
    assert stages.TEXT.points[0] in response.content.decode()
    assert not Signature.objects.filter(obligation=duty).exists()


@pytest.mark.parametrize("digest", ["", "0" * 64, "x" * 64, "x" * 10_000, "a\x00b"])
def test_a_digest_that_no_page_showed_signs_nothing(phone, duty, digest):
    assert sign(phone, duty, digest).status_code == 422
    assert not Signature.objects.filter(obligation=duty).exists()


def test_a_form_without_its_token_signs_nothing(stage, duty):
    client = browser(stage.sari, enforce_csrf_checks=True)
    response = sign(client, duty, stages.TEXT.digest())
    assert response.status_code == 403 and "Formulir ini sudah kedaluwarsa" in response.content.decode()
    assert not Signature.objects.filter(obligation=duty).exists()


@pytest.mark.parametrize("who", ["colleague", "head", "officer", "stranger"])
def test_nobody_signs_for_sari(stage, duty, who):
    user = {
        "colleague": stages.account(stage.home.other_teacher), "head": stage.budi, "officer": stage.rina,
        "stranger": stage.tono,
    }[who]  # fmt: skip
    client = browser(user)
    entries = LogEntry.objects.count()
    assert sign(client, duty, stages.TEXT.digest()).status_code == 404
    assert read(client, duty).status_code == 404
    refuse = reverse("pact-refuse", args=[duty.pk])
    assert client.post(refuse, {"reason": "atas namanya"}).status_code == 404
    contest = reverse("contest", args=[stage.home.signature.pk])
    assert client.post(contest, {"reason": "atas namanya", "sure": "1"}).status_code == 404
    assert client.get(reverse("my-certificate", args=[stage.home.signed_duty.pk])).status_code == 404
    assert now(duty).state == State.ISSUED and LogEntry.objects.count() == entries
    assert not SignatureContest.objects.exists()


def test_a_signature_made_from_a_head_of_units_session_is_the_heads_own(stage):
    own = duty_of(stage.home.pact, stage.home.head)
    client = browser(stage.budi)
    sign(client, own, stages.TEXT.digest(), obligation=stage.home.duty.pk, person=stage.home.teacher.pk)
    assert now(own).signature.person == stage.home.head
    assert now(stage.home.duty).signature is None


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_obligation_that_does_not_exist_is_not_found(phone, method):
    path = reverse("pact-sign" if method == "post" else "pact", args=[10**9])
    assert getattr(phone, method)(path).status_code == 404
    assert phone.get(f"/pakta/{10**30}/").status_code == 404


def test_who_signed_an_old_text_is_asked_for_the_new_one(stage, phone):
    duty = stage.home.signed_duty
    pacts.publish_text(stage.home.signed_pact, NEXT_TEXT, by=stage.rina, now=MORNING)
    assert "Teks berganti, perlu ditandatangani lagi" in phone.get(reverse("my-pacts")).content.decode()
    page = read(phone, duty)
    assert "butir yang belum pernah dibaca" in page.content.decode()
    assert "Anda sudah menandatangani versi 1" in page.content.decode()
    assert "Anda menandatangani versi 1 pada 25 Oktober 2024" in phone.get(reverse("home")).content.decode()
    inbox = phone.get(reverse("inbox")).content.decode()
    assert "Anda menandatangani versi 1" in inbox and f'href="{reverse("my-pacts")}"' in inbox
    assert sign(phone, duty, shown_digest(page)).status_code == 302
    assert Signature.objects.filter(obligation=duty).count() == 2


def test_who_signed_an_old_text_may_refuse_the_new_one(stage, phone):
    duty = stage.home.signed_duty
    pacts.publish_text(stage.home.signed_pact, NEXT_TEXT, by=stage.rina, now=MORNING)
    path = reverse("pact-refuse", args=[duty.pk])
    assert phone.post(path, {"reason": "Butir yang baru tidak dapat saya janjikan."}).status_code == 302
    assert now(duty).state == State.REFUSED


def test_who_was_transferred_signs_anew_on_the_page(stage, phone):
    """C2, on the page: the new place asks, the page takes the signature, and it counts."""
    duty = stage.home.signed_duty
    tomorrow = TODAY + timedelta(days=1)
    roster.place(
        stage.home.teacher, values={"unit": stage.home.other_school}, today=tomorrow, by=stage.rina, now=MORNING
    )
    issue(stage.home.signed_pact, tomorrow)
    page = read(phone, duty)
    assert 'name="agree"' in page.content.decode()
    sign(phone, duty, shown_digest(page))
    assert "Anda sudah menandatangani pakta ini" in read(phone, duty).content.decode()
    assert now(duty).signature.unit == stage.home.other_school


@pytest.mark.parametrize("how", ["excused", "moved", "closed"])
def test_what_cannot_be_signed_now_says_so_and_signs_nothing(stage, phone, duty, how):
    if how == "excused":
        pacts.excuse(duty, reason="tugas belajar", by=stage.rina, now=MORNING)
    elif how == "moved":
        roster.place(
            stage.home.teacher, values={"unit": stage.home.other_school}, today=TODAY, by=stage.rina, now=MORNING
        )
    else:
        pacts.close_round(stage.home.pact, by=stage.rina, now=MORNING)
    response = sign(phone, duty, stages.TEXT.digest())
    assert response.status_code == 422
    said = "Pakta ini sudah ditutup" if how == "closed" else "Pakta ini tidak terbuka untuk Anda sekarang"
    assert said in response.content.decode()
    assert not Signature.objects.filter(obligation=duty).exists()


@pytest.mark.parametrize("how", ["excused", "moved", "closed"])
def test_what_cannot_be_signed_now_is_not_offered_for_signing(stage, phone, duty, how):
    """A page must not ask for a signature that it will refuse."""
    test_what_cannot_be_signed_now_says_so_and_signs_nothing(stage, phone, duty, how)
    assert 'name="agree"' not in read(phone, duty).content.decode()
    home = phone.get(reverse("home")).content.decode()
    assert reverse("pact", args=[duty.pk]) not in home, "the first screen asks for what is refused on the second"


def test_a_person_on_leave_may_sign_all_the_same(stage, phone, duty):
    roster.place(stage.home.teacher, values={"status": "leave"}, today=TODAY, by=stage.rina, now=MORNING)
    assert sign(phone, duty, stages.TEXT.digest()).status_code == 302
    assert now(duty).state == State.SIGNED


# --- refusing ----------------------------------------------------------------------------------------------------


def test_who_refuses_says_why_and_can_sign_later(stage, phone, duty):
    path = reverse("pact-refuse", args=[duty.pk])
    assert phone.get(path).status_code == 200
    response = phone.post(path, {"reason": "Keyakinan saya melarang bersumpah."})
    assert response["Location"] == reverse("my-pacts")
    assert (now(duty).state, now(duty).reason) == (State.REFUSED, "Keyakinan saya melarang bersumpah.")
    assert "Menolak" in phone.get(reverse("my-pacts")).content.decode()
    assert sign(phone, duty, shown_digest(read(phone, duty))).status_code == 302


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_refusing_without_a_reason_is_refused_and_what_was_typed_stays(phone, duty, reason):
    response = phone.post(reverse("pact-refuse", args=[duty.pk]), {"reason": reason})
    assert response.status_code == 422 and 'class="errors"' in response.content.decode()
    assert not reason.strip() or reason in response.content.decode()
    assert now(duty).state == State.ISSUED


def test_who_has_signed_cannot_refuse_any_more(phone, duty):
    sign(phone, duty, stages.TEXT.digest())
    response = phone.post(reverse("pact-refuse", args=[duty.pk]), {"reason": "berubah pikiran"})
    assert response.status_code == 422
    assert now(duty).state == State.SIGNED


# --- contesting --------------------------------------------------------------------------------------------------


def test_a_signature_that_was_not_ones_own_is_contested_and_made_anew(stage, phone):
    """The officer printed a slip, somebody used it: its owner sees it and says so."""
    duty, first = stage.home.signed_duty, stage.home.signature
    path = reverse("contest", args=[first.pk])
    assert path in phone.get(reverse("account")).content.decode()
    assert phone.get(path).status_code == 200
    assert phone.post(path, {"reason": "Saya sedang di rumah sakit.", "sure": "1"})["Location"] == reverse("account")
    assert "disangkal" in phone.get(reverse("account")).content.decode()
    public = Client().get(reverse("check-code", args=[first.code])).content.decode()
    assert "Asli, tetapi tidak berlaku lagi hari ini" in public and "rumah sakit" not in public
    assert sign(phone, duty, shown_digest(read(phone, duty))).status_code == 302
    second = now(duty).signature
    assert second != first and "Asli, dan berlaku hari ini" in (
        Client().get(reverse("check-code", args=[second.code])).content.decode()
    )


def test_contesting_twice_or_without_a_reason_is_refused(stage, phone):
    path = reverse("contest", args=[stage.home.signature.pk])
    assert phone.post(path, {"reason": ""}).status_code == 422
    assert not SignatureContest.objects.exists()
    phone.post(path, {"reason": "bukan saya", "sure": "1"})
    response = phone.post(path, {"reason": "bukan saya", "sure": "1"})
    assert response.status_code == 422 and "sudah Anda sangkal" in response.content.decode()
    assert SignatureContest.objects.count() == 1


def test_who_retired_can_still_contest_a_signature_in_his_name(stage, phone):
    roster.place(stage.home.teacher, values={"status": "retired"}, today=TODAY, by=stage.rina, now=MORNING)
    response = phone.post(reverse("contest", args=[stage.home.signature.pk]), {"reason": "bukan saya", "sure": "1"})
    assert response.status_code == 302


# --- one's own pages ---------------------------------------------------------------------------------------------


def test_ones_certificate_has_a_name_without_a_number(stage, phone):
    response = phone.get(reverse("my-certificate", args=[stage.home.signed_duty.pk]))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="sertifikat-{stage.home.signature.code}.pdf"'
    assert stages.SARI not in str(response.headers)


def test_without_a_signature_there_is_no_certificate(phone, duty):
    assert phone.get(reverse("my-certificate", args=[duty.pk])).status_code == 404


def test_the_first_screen_shows_what_waits_and_what_is_done(stage, phone, duty):
    page = phone.get(reverse("home"))
    assert [each.pk for each in page.context["waiting"]] == [duty.pk]
    assert [each.pk for each in page.context["done"]] == [stage.home.signed_duty.pk]


def test_messages_wait_in_the_inbox_until_they_are_read(stage, phone):
    Notice.objects.all().delete()  # what the stage told them
    pacts.remind(stage.home.pact, stage.home.school, link=reverse("my-pacts"), today=TODAY, by=stage.rina, now=MORNING)
    page = phone.get(reverse("inbox")).content.decode()
    assert stage.home.pact.title in page and "belum dibaca" in page and 'class="count">1<' in page
    assert phone.post(reverse("inbox-read"))["Location"] == reverse("inbox")
    assert "belum dibaca" not in phone.get(reverse("inbox")).content.decode()
    assert "Belum ada pesan" in browser(stage.tono).get(reverse("inbox")).content.decode()


def test_a_round_in_draft_is_seen_by_nobody_who_will_owe_it(stage, phone):
    assert stage.home.draft.title not in phone.get(reverse("my-pacts")).content.decode()


def test_no_address_of_a_page_holds_a_number_of_a_person(stage, phone):
    for client in (phone, browser(stage.rina)):
        for name in ("home", "my-pacts", "account", "inbox"):
            page = client.get(reverse(name)).content.decode()
            for address in re.findall(r'(?:href|action)="([^"]*)"', page):
                assert not re.search(r"\d{16,}", address), address


# --- a session that ends at the last step --------------------------------------------------------------------------


def test_who_signs_in_again_at_the_last_step_is_told_that_nothing_is_signed_yet(stage, duty):
    stages.set_password(stage.sari)
    client = Client()
    left = sign(client, duty, duty.pact_round.text.digest)
    path = reverse("pact-sign", args=[duty.pk])
    assert left["Location"] == f"{reverse('account_login')}?next={path}"
    back = client.post(
        left["Location"], {"name": stage.sari.username, "password": stages.PASSWORD, "next": path}, follow=True
    )
    page = back.content.decode()
    assert back.redirect_chain[-1][0] == reverse("pact", args=[duty.pk])
    assert "Anda belum menandatangani. Baca, centang" in page and 'name="shown_digest"' in page
    assert not Signature.objects.filter(obligation=duty).exists()
    sign(client, duty, duty.pact_round.text.digest)
    assert "belum menandatangani" not in client.get(path, follow=True).content.decode()


def test_after_half_an_hour_who_has_only_single_sign_on_signs_in_anew_before_he_signs(stage, duty):
    SocialAccount.objects.create(user=stage.sari, provider="sso", uid="1")
    client = browser(stage.sari, at=time.time() - 4000, strong=False)
    path = reverse("pact-sign", args=[duty.pk])
    response = sign(client, duty, duty.pact_round.text.digest)
    assert response["Location"] == f"{reverse('account_login')}?next={path}"
    assert not Signature.objects.filter(obligation=duty).exists()
    assert "Sudah lebih dari setengah jam" in client.get(response["Location"]).content.decode()


# --- after a transfer ----------------------------------------------------------------------------------------------


def test_after_a_transfer_nothing_is_said_of_a_text_that_changed_or_of_a_name_that_counts(stage, phone, duty):
    """She signed the second version, and then was moved: the text is the same, the place is another."""
    pacts.publish_text(duty.pact_round, NEXT_TEXT, by=stage.rina, now=MORNING)
    sign(phone, duty, NEXT_TEXT.digest())
    roster.place(
        stage.home.teacher,
        values={"unit": stage.home.other_school},
        today=TODAY + timedelta(days=1),
        by=stage.rina,
        now=MORNING,
    )
    said = phone.get(reverse("my-pacts")).content.decode()
    assert "teksnya berganti" not in said and "untuk tempat tugas yang lama" in said and "Pindah" in said
    page = read(phone, duty).content.decode()
    assert "Tanda tangan ini tidak berlaku lagi" in page and "untuk tempat tugas Anda yang lama" in page
    assert "dihitung dalam cakupan unit" not in page
    assert "teksnya berganti" not in phone.get(reverse("home")).content.decode()


def test_of_a_text_that_did_change_it_is_said(stage, phone, duty):
    sign(phone, duty, duty.pact_round.text.digest)
    pacts.publish_text(duty.pact_round, NEXT_TEXT, by=stage.rina, now=MORNING)
    for name in ("my-pacts", "home"):
        assert "sesudah itu teksnya berganti" in phone.get(reverse(name)).content.decode()
