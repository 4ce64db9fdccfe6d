"""Pages of a case about people whose bands differ or whose authority is not here: what each is offered, and nothing is lost."""

import html
import re

import pytest
from django.urls import reverse

from ikrar.records.models import Case
from ikrar.services import case_referrals, cases
from ikrar.services.cases import Named
from tests.services.case_cast import SANCTION, alleged, step
from tests.services.test_cases_elsewhere import (
    GRAVE,
    LETTER,
    MILD,
    VILLAGE,
    both_assessed,
    elsewhere,
    recommended_before,
    refer_one,
    send,
    unequal,
    with_national,
)
from tests.web.test_cases import at, that_day, who  # noqa: F401

pytestmark = pytest.mark.django_db


def said(answer):
    return re.sub(r"\s+", " ", html.unescape(answer.content.decode()))


def path(case, name):
    return f"/perkara/{case.pk:016x}/langkah/{name}/"


def ticked(shown):
    return {int(each) for each in re.findall(r'name="people" value="(\d+)"[^>]* checked', shown)}


def test_a_recommendation_offers_the_band_of_each_and_keeps_what_was_chosen_when_it_is_refused(who, at, now):  # noqa: F811
    case, sari, budi = unequal(who, now)
    client = at(who.bkn_officer)
    shown = said(client.get(path(case, "recommend")))
    assert f"(hanya {who.sari.person.full_name})" in shown and f"(hanya {who.budi.person.full_name})" in shown
    assert f'value="{GRAVE}"' in shown and f'value="{MILD}"' in shown and ticked(shown) == {min(sari.pk, budi.pk)}
    assert "rekomendasikan yang lain tersendiri" in shown
    asked = {
        "was": "with-national",
        "on": "2024-10-25",
        "fact-review": "kajian",
        "people": [sari.pk, budi.pk],
        "sanction": GRAVE,
    }
    answer = client.post(path(case, "recommend"), asked)
    shown = said(answer)
    assert answer.status_code == 422 and ticked(shown) == {sari.pk, budi.pk}
    assert (
        f"{who.sari.person.full_name}: Sanksi itu di luar rentang" in shown
        and "Yang dibolehkan: Teguran lisan" in shown
    )
    assert f'value="{GRAVE}" selected' in shown and "kajian" in shown
    assert client.post(path(case, "recommend"), asked | {"people": [budi.pk]}).status_code == 302
    assert client.post(path(case, "recommend"), asked | {"people": [sari.pk], "sanction": MILD}).status_code == 302
    assert {each.state for each in case.respondents.all()} == {"recommended"}


def test_the_bulk_page_of_the_board_recommends_nothing(who, at, now):  # noqa: F811
    case, _sari, _budi = unequal(who, now)
    chosen = {
        "pilih": f"{case.pk:016x}:with-national",
        "act": "step",
        "step": "recommend",
        "do": "1",
        "sanction": GRAVE,
    }
    assert 'name="sanction"' not in said(at(who.bkn_officer).post(reverse("case-bulk"), chosen))
    assert {each.state for each in case.respondents.all()} == {"with-national"}


def test_whose_authority_is_not_here_is_left_out_of_the_recommendation_and_referred_from_the_file(who, at, now):  # noqa: F811
    case = with_national(who, now, Named(person=who.sari.person, allegations=(alleged(),)), elsewhere())
    outside, client = case.respondents.get(person=None), at(who.bkn_officer)
    shown = said(client.get(f"/perkara/{case.pk:016x}/"))
    assert path(case, "recommend") in shown and path(case, "refer-outside") in shown
    shown = said(client.get(path(case, "recommend")))
    assert "Tidak termasuk: Orang kementerian." in shown and 'name="people"' not in shown
    asked = {"was": "with-national", "on": "2024-10-25", "fact-review": "kajian", "sanction": SANCTION}
    assert client.post(path(case, "recommend"), asked).status_code == 302
    shown = said(client.get(path(case, "recommend")))
    assert "Rujuk ia ke pejabatnya sendiri dengan langkah “Rujuk ke pejabat berwenang di luar”" in shown
    answer = client.post(
        path(case, "refer-outside"), {"was": "with-national", "on": "2024-10-25", "fact-review": "kajian"}
    )
    assert answer.status_code == 422 and 'href="#id_fact-referred-to"' in said(answer)
    letter = {f"fact-{name}": value for name, value in LETTER.items()}
    answer = client.post(path(case, "refer-outside"), asked | letter)
    outside.refresh_from_db()
    assert answer.status_code == 302 and outside.state == "referred"
    for page in ("", "rujukan/"):
        assert "PPK Kementerian Rekaan" in said(client.get(f"/perkara/{case.pk:016x}/{page}"))


def test_a_file_that_lies_with_the_national_body_names_that_one_and_is_said_to_stop_nowhere(who, at, now):  # noqa: F811
    case, outside = both_assessed(who, now)
    case_referrals.accept(send(case, who, now), was="forwarded", by=who.bkn_officer, now=now)
    refer_one(case, outside, "with-national", who.bkn_officer, now)
    step(case, "outside-back", "referred", who.bkn_officer, now, reason="bukan pegawainya")
    cases.add_respondent(case, Named(person=who.budi.person, allegations=(alleged(),)), by=who.bkn_officer, now=now)
    for reader in (who.ani, who.bkn_officer):
        shown = said(at(reader).get(f"/perkara/{case.pk:016x}/"))
        assert "belum ada yang memegang peran itu" not in shown
        assert shown.count("Yang harus bertindak sekarang: Badan nasional") == 3
        clocks = said(at(reader).get(f"/perkara/{case.pk:016x}/tenggat/"))
        assert "Badan pengawas</dd>" not in clocks and "Badan nasional</dd>" in clocks
    ways = said(at(who.bkn_officer).get(f"/perkara/{case.pk:016x}/"))
    assert "Jalan badan ini dari sini" in ways


def test_a_referral_outside_shows_of_whom_it_is_and_each_answer_with_its_day_and_reason(who, at, now):  # noqa: F811
    case, outside = both_assessed(who, now)
    address, client = f"/perkara/{case.pk:016x}/rujukan/", at(who.ani)
    refer_one(case, outside, "assessed", who.ani, now)
    shown = said(client.get(address))
    assert (
        "Orang kementerian" in shown and "Dirujuk ke luar pada 25 Oktober 2024" in shown and "Belum menjawab" in shown
    )
    step(case, "outside-back", "referred", who.ani, now, reason="bukan pegawainya")
    shown = said(client.get(address))
    assert "25 Oktober 2024: Catat ditolak atau dikembalikan dari luar" in shown and "bukan pegawainya" in shown
    refer_one(case, outside, "returned", who.ani, now)
    step(case, "outside-accepted", "referred", who.ani, now)
    step(case, "outside-outcome", "referral-accepted", who.ani, now, **{"referral-outcome": "teguran tertulis"})
    shown = said(client.get(address))
    assert shown.count("Dirujuk ke luar pada") == 2 and "teguran tertulis" in shown and "Belum menjawab" not in shown
    assert shown.index("teguran tertulis") < shown.index("bukan pegawainya"), "the last one stands first"


def test_the_workbench_lists_who_serves_outside_and_agrees_with_the_file(who, at, now):  # noqa: F811
    case, outside, _clock = recommended_before(who, now)
    client = at(who.bkn_officer)
    shown = said(client.get("/perkara/nasional/"))
    assert (
        "Terlapor pada instansi di luar" in shown
        and f"/perkara/{case.pk:016x}/" in shown
        and "Instansi di luar" in shown
    )
    assert "tidak ada tindakan badan Anda" not in shown
    shown = said(client.get(f"/perkara/{case.pk:016x}/terlapor/{outside.pk:016x}/"))
    assert path(case, "refer-outside") in shown and f'href="{path(case, "bkn-warning")}' not in shown


def test_a_village_head_is_warned_of_on_the_track_of_discipline_and_not_on_that_of_referrals(who, at):  # noqa: F811
    client = at(who.ani)
    told = {
        "do": "save", "rows": "1", "body": who.bawaslu.pk, "regime": "pilkada", "track": "discipline",
        "t0-described": "Kepala desa rekaan", "t0-employment": "village-head", "t0-on": "2024-10-20", "t0-place": "Balai desa",
        "t0-act": VILLAGE, "t0-gist": "mengajak memilih", "t0-candidate_status": "determined",
    }  # fmt: skip
    shown = said(client.post("/perkara/baru/", told))
    assert (
        "biasanya tidak dijawab lewat jalur ini" in shown and "jalurnya rujukan" in shown and not Case.objects.exists()
    )
    assert client.post("/perkara/baru/", told | {"track": "referral"}).status_code == 302
    case = Case.objects.get()
    shown = said(client.get(f"/perkara/{case.pk:016x}/"))
    assert case.track == "referral" and "Buka juga di jalur" not in shown and "Belum ada dugaan" not in shown


def test_a_case_of_discipline_about_a_village_head_offers_the_referral_beside_it(who, at, now):  # noqa: F811
    named = [elsewhere("village-head", VILLAGE, now)]
    case = cases.register([], who.bawaslu, named, regime="pilkada", track="discipline", by=who.ani, now=now)
    step(case, "pilkada-review", "received", who.ani, now)
    shown = said(at(who.ani).get(f"/perkara/{case.pk:016x}/"))
    assert 'value="referral"' in shown and "Belum ada dugaan yang pasalnya dijawab lewat jalur perkara ini" in shown
