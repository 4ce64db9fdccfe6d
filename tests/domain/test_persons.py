"""Who a rule speaks of, by the words that describe people."""

import pytest

from ikrar.domain.persons import SORTS_OF_ASN, class_of, classes_of, person_of


def test_what_people_write_as_their_post_does_not_pile_up():
    before = person_of.cache_info()
    assert before.maxsize is not None
    for number in range(before.maxsize + 10):
        classes_of("pns", f"Analis {number}")
    assert person_of.cache_info().currsize == before.maxsize


def test_a_post_refines_an_employment_and_never_makes_another_of_it():
    for employment in ("pns", "cpns", "pppk", "honorer", "tni", "polri", "kuwu", "village-staff", "bpd", "none"):
        for post in (
            "Kepala SMP Negeri 2",
            "Lurah Tarok Dipo",
            "Camat",
            "Kuwu",
            "Kepala Dinas",
            "Bupati",
            "Anggota BPD",
        ):
            found = classes_of(employment, post)
            assert found & SORTS_OF_ASN == {employment} & SORTS_OF_ASN, (employment, post)
            assert class_of(employment) in found
    assert "school-head" in classes_of("pppk", "Kepala Sekolah")
    assert classes_of("honorer", "Kepala Sekolah") == classes_of("honorer")
    assert classes_of("tni", "Camat") == {"tni"} and classes_of("kuwu", "Camat") == classes_of("kuwu")


@pytest.mark.parametrize(
    ("post", "office"),
    [
        ("Lurah Tarok Dipo", "lurah"),
        ("Plt. Camat Guguk Panjang", "camat"),
        ("Pj. Lurah", "lurah"),
        ("Kepala SMP Negeri 2", "school-head"),
        ("Kepala SMAN 2 Payakumbuh", "school-head"),
        ("Kepala SDN 05", "school-head"),
        ("kepsek", "school-head"),
        ("Guru (kepala sekolah)", "school-head"),
        ("guru merangkap kepala madrasah", "school-head"),
        ("Penjabat Bupati", "acting-head"),
        ("Penjabat (Pj.) Wali Kota", "acting-head"),
        ("JPT Pratama", "asn-official"),
        ("pejabat struktural", "asn-official"),
        ("Eselon III.a", "asn-official"),
        ("asn-official", "asn-official"),
    ],
)
def test_a_post_that_rules_speak_of_is_read_where_its_title_stands_first(post, office):
    assert office in classes_of("pns", post)


@pytest.mark.parametrize(
    "post",
    [
        "Wakil Kepala Sekolah", "bukan kepala sekolah", "Guru, bukan kepala sekolah", "Staf kantor camat", "staf kantor lurah",
        "ajudan bupati", "mantan lurah", "eks camat", "calon kepala sekolah", "pengawas sekolah", "guru", "Analis 12",
        "sekretaris camat", "istri lurah",
    ],
)  # fmt: skip
def test_deputies_aides_former_holders_and_denials_hold_no_office(post):
    assert classes_of("pns", post) == {"pns", "asn"}


@pytest.mark.parametrize(
    "post",
    [
        "Sekretaris Daerah",
        "Kepala Dinas Kesehatan",
        "Kabid Mutasi",
        "Kepala Puskesmas",
        "Plt. Kepala Dinas",
        "Kepala SMAN 2",
    ],
)
def test_whether_a_leading_post_or_an_extra_duty_makes_an_official_is_left_open(post):
    person = person_of("pns", post)
    assert "asn-official" in person.perhaps and "asn-official" not in person.classes


def test_whether_rows_of_pns_reach_pppk_is_left_open():
    assert {"pns", "cpns"} <= person_of("pppk").perhaps
    assert not person_of("pppk").classes & {"pns", "cpns"}


def test_what_somebody_is_by_employment_is_asked_anew_where_it_is_not_told():
    assert (
        person_of("none", "Lurah").is_unclear
        and person_of("none", "wali nagari").is_unclear
        and person_of("asn").is_unclear
    )
    assert not person_of("none", "Kepala Sekolah Swasta").is_unclear and not person_of("none", "Direktur").is_unclear
    assert person_of("tni", "Camat").uncounted == ("camat",)
