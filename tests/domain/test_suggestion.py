"""From a description in everyday words to the likeliest acts in force on that day for that person."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ikrar.domain import persons
from ikrar.domain.acts import Phase
from ikrar.domain.errors import DayOutside, PersonUnknown, ValueUnknown
from ikrar.domain.suggestion import MOST_ACTS, suggest
from ikrar.gateways import rulebook_files

BOOK = rulebook_files.rulebook()
BEFORE, AFTER = date(2024, 9, 21), date(2024, 10, 12)


def forms(text, day=AFTER, **more):
    return [BOOK.acts[each.act].form for each in suggest(BOOK, text, day=day, **more)]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("guru SD like semua postingan cabup di facebook", "social-media-engagement"),
        ("bidan komen 'gaspol pak' di fb paslon", "social-media-engagement"),
        ("staf kelurahan share video kampanye ke grup warga", "social-media-engagement"),
        ("pegawai dinas gabung grup WA relawan paslon", "social-media-engagement"),
        ("PNS follow akun tim pemenangan", "social-media-engagement"),
        ("ASN pasang baliho paslon di pagar rumahnya", "campaign-props"),
        ("stiker caleg ditempel di mobil kasubag", "campaign-props"),
        ("foto dua jari bareng calon wakil bupati lalu diunggah", "photo-with-symbol"),
        ("hadir deklarasi paslon sambil yel-yel", "attend-with-support"),
        ("datang ke kampanye pakai seragam dinas", "campaign-attributes"),
        ("ikut kampanye calon bupati, duduk saja", "join-campaign"),
        ("bagi sembako bergambar paslon ke tetangga", "partisan-activity"),
        ("mengumpulkan fotokopi KTP warga untuk calon independen", "support-letter"),
        ("mobil dinas dipakai ke kampanye", "state-facilities"),
        ("kepala dinas mengarahkan guru-guru hadir di kampanye", "mobilise-civil-servants"),
        ("PNS jadi timses paslon", "campaign-team"),
        ("dosen jadi tim ahli calon gubernur", "campaign-team"),
        ("pegawai jadi saksi partai di TPS", "campaign-team"),
        ("dia pengurus partai dan punya KTA", "party-member"),
        ("kepala bidang mendiamkan stafnya yang kampanye walau sudah dilaporkan", "superior-inaction"),
        ("kadis memindahkan guru yang tidak mendukung petahana", "decision-favouring"),
    ],
)
def test_what_people_tell_leads_to_the_form_of_act(text, form):
    assert form in forms(text, employment="pns")[:3] or form in forms(text)[:3]


@pytest.mark.parametrize(
    ("text", "employment", "act"),
    [
        ("kades ikut kampanye dan orasi", "village-head", "uudesa-29-village-head"),
        ("sekdes jadi timses", "village-staff", "uudesa-51-village-staff"),
        ("anggota TNI suruh warga pilih paslon", "tni", "tni-39-politics"),
        ("polisi posting dukungan ke calon", "polri", "polri-28-politics"),
        ("honorer komen di fb paslon", "honorer", "ppnpn-any-form"),
        ("ketua BPD jadi bendahara partai", "bpd", "uudesa-64-bpd"),
        ("bupati mutasi kepala sekolah tanpa izin mendagri", "regent", "pilkada-71-2-reshuffle"),
        ("atasan diam saja padahal stafnya kampanye", "pns-direct-superior", "pp94-28-superior-inaction"),
        ("camat menyuruh lurah menangkan paslon 1", "camat", "pilkada-71-1-officials-before-mk136"),
    ],
)
def test_everybody_is_met_by_the_acts_that_speak_of_them(text, employment, act):
    assert act in [each.act for each in suggest(BOOK, text, day=AFTER, employment=employment)]


def test_the_same_like_is_another_act_before_and_after_determination():
    text = "bidan like postingan calon bupati"
    before = suggest(BOOK, text, day=BEFORE, employment="pns", candidate_status="would-be")
    after = suggest(BOOK, text, day=AFTER, employment="pns", candidate_status="determined")
    assert before[0].act == "skb22-ethics-04-social-media-engagement"
    assert after[0].act == "skb22-discipline-06-social-media-engagement"
    # Without a status the calendar ranks, and nothing is left out.
    unsaid = [each.act for each in suggest(BOOK, text, day=BEFORE, employment="pns")]
    assert unsaid[0] == before[0].act and after[0].act in unsaid


def test_only_acts_in_force_on_that_day_are_named():
    text = "PNS pasang baliho bakal calon"
    assert suggest(BOOK, text, day=date(2018, 1, 20))[0].act == "b71-ethics-01-campaign-props"
    assert suggest(BOOK, text, day=date(2020, 9, 15))[0].act == "skb20-ethics-01-campaign-props"
    assert suggest(BOOK, text, day=date(2024, 9, 1))[0].act == "skb22-ethics-01-campaign-props"


def test_a_status_of_none_leaves_the_acts_that_need_no_candidate():
    found = suggest(BOOK, "dia punya KTA partai", day=AFTER, employment="pns", candidate_status="none")
    assert [each.act for each in found][:1] == ["skb22-discipline-05-party-member-or-officer"]
    assert all(BOOK.acts[each.act].on(AFTER).phase is Phase.ANY for each in found)


@pytest.mark.parametrize(
    "text",
    [
        "dia nyoblos ke TPS bareng istri",
        "satu kantor foto dengan kepalan tangan",
        "kondangan, ada paslon datang, dia cuma salaman",
        "pegawai dukcapil melayani paslon seperti warga lain",
        "diajak jadi timses tapi dia tolak",
        "PNS baca visi misi paslon di web KPU",
        "satpol PP menurunkan semua spanduk paslon sesuai perintah Bawaslu",
        "jalan di depan rumah saya rusak",
        "pegawai sering bolos",
        "kambing tetangga masuk kebun",
        "My neighbour parks in front of our gate every evening",
        "",
        "你好",
        "asdf qwer zxcv",
    ],
)
def test_nothing_is_suggested_where_nothing_fits(text):
    assert suggest(BOOK, text, day=AFTER, employment="pns") == []


@pytest.mark.parametrize(
    "text",
    [
        "Menurut juru bicara Pemko, rapat ditunda.",
        "Juru bicara Bawaslu mengatakan rapat ditunda.",
        "Jubir KPU: rapat ditunda",
        "Juru bicara Dinas Umpama bicara soal rapat",
        "Kata juru bicara, rapat pegawai ditunda",
    ],
)
def test_who_speaks_for_an_office_campaigns_for_nobody(text):
    assert suggest(BOOK, text, day=AFTER) == []


@pytest.mark.parametrize(
    "text",
    ["PNS jadi juru bicara tim pemenangan", "guru itu jadi jubir paslon", "ASN menjadi juru bicara calon bupati"],
)
def test_who_speaks_for_a_candidate_is_of_his_team(text):
    assert {"join-campaign", "campaign-team"} & set(forms(text)[:3])


def test_the_words_that_led_there_are_the_writers_own_and_scores_fall():
    found = suggest(BOOK, "Pak Camat PASANG baliho paslon 02 di rmh dinas!!", day=AFTER, employment="camat")
    assert found[0].because and "baliho" in " ".join(found[0].because)
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True) and all(0 < score <= 1 for score in scores)
    assert len(found) <= MOST_ACTS


def test_a_long_ramble_is_searched_for_what_was_done():
    text = (
        "Assalamualaikum min, maaf sebelumnya saya warga biasa. Kemarin saya antar anak berobat, antri lama. Perawat yang jaga "
        "itu saya kenal. Malamnya saya lihat dia ngerepost video orang yang mau nyalon bupati. Makasih, semoga admin sehat."
    )
    assert forms(text, date(2024, 8, 14), employment="pns")[0] in ("social-media-engagement", "online-promotion")


def test_ten_megabytes_are_read_from_their_beginning_in_bounded_time():
    started = time.perf_counter()
    found = suggest(BOOK, "PNS pasang baliho paslon. " + "kata " * 2_000_000, day=AFTER)
    assert time.perf_counter() - started < 2
    assert found and BOOK.acts[found[0].act].form == "campaign-props"


def test_what_is_not_known_names_what_it_was():
    with pytest.raises(PersonUnknown):
        suggest(BOOK, "pasang baliho", day=AFTER, employment="astronaut")
    with pytest.raises(ValueUnknown) as caught:
        suggest(BOOK, "pasang baliho", day=AFTER, candidate_status="maybe")
    assert caught.value.fact == "candidate_status"


def test_a_winning_team_of_2018_answers_for_its_part_in_the_campaign():
    found = suggest(BOOK, "tim pemenangan pilkada 2018", day=date(2018, 3, 1), employment="pns")
    assert found[0].act == "pp53-pilkada-15a-campaign-involvement"


def test_a_victory_that_was_attended_is_one_after_the_vote():
    assert (
        forms("hadir di pesta kemenangan bupati terpilih", date(2024, 12, 1), employment="pns")[0]
        == "victory-celebration"
    )


@pytest.mark.parametrize("employment", ["", "pns"])
def test_a_superior_who_does_not_examine_is_suggested_first_though_he_is_a_civil_servant_like_any(employment):
    text = "atasan tidak memeriksa bawahannya yang ikut kampanye"
    assert forms(text, employment=employment)[0] == "superior-inaction"


def test_the_election_of_the_region_ranks_the_acts():
    day = date(2025, 7, 25)
    there = suggest(BOOK, "like postingan paslon", day=day, region="19.71")
    elsewhere = suggest(BOOK, "like postingan paslon", day=day, region="13.76")
    assert there[0].act == "skb22-discipline-06-social-media-engagement"
    assert elsewhere[0].act == "skb22-ethics-04-social-media-engagement"


@pytest.mark.parametrize("day", [date(1945, 8, 17), date(9999, 12, 31)])
def test_a_day_that_the_rulebook_does_not_cover_is_refused_by_name(day):
    with pytest.raises(DayOutside) as caught:
        suggest(BOOK, "like postingan paslon", day=day)
    assert caught.value.field == "on"


PHRASES = ["like postingan calon", "pasang baliho paslon", "ikut kampanye pakai seragam", "jadi timses", "bagi sembako dari paslon",
           "mobil dinas dipakai kampanye", "orasi di kampanye", "punya KTA partai", "suruh guru pilih nomor 2"]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(PHRASES),
    st.dates(BOOK.covered.from_on, date(2027, 1, 1)),
    st.sampled_from(["", *persons.CLASSES]),
    st.sampled_from(["", "none", "would-be", "determined"]),
)
def test_every_act_named_held_that_day_for_that_person_and_status(text, day, employment, status):
    for each in suggest(BOOK, text, day=day, employment=employment, candidate_status=status):
        version = BOOK.acts[each.act].on(day)
        assert version is not None
        if employment:
            assert version.who & persons.person_of(employment).named
        if status == "would-be":
            assert version.phase is not Phase.AFTER or any(
                phase is not Phase.AFTER for _, phase in BOOK.acts[each.act].also_forms
            )


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_no_text_breaks_it(text):
    assert len(suggest(BOOK, text, day=AFTER)) <= MOST_ACTS
