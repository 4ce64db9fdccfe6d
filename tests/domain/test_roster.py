"""An employee's row: what each cell may say, what is wrong with it, and what its number tells."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain import roster
from ikrar.domain.roster import (
    ASN,
    FIELDS,
    EmployeeRow,
    Fault,
    IdentifierType,
    Level,
    check_number,
    clean,
    fingerprint,
    guess_field,
    heading_key,
    kind_of_level,
    name_key,
    read_row,
    split_titles,
    superior_of,
    tidy_number,
)

TODAY = date(2024, 10, 25)
SARI = {
    "identifier": "198503152010012001",
    "name": "Sari Contohwati",
    "employment": "PNS",
    "unit": "SMPN 3 Bukittinggi",
    "birth_on": "15-03-1985",
    "sex": "P",
    "grade": "III/c",
}
NIP = SARI["identifier"]


def read(**cells):
    """Read Sari's row with some cells changed."""
    return read_row(SARI | cells, TODAY)


def faults(**cells):
    """Return what is wrong with Sari's row with some cells changed, as (field, code)."""
    found = read(**cells)
    assert isinstance(found, list), found
    return [(fault.field, fault.code) for fault in found]


# --- headings ----------------------------------------------------------------------------------------------------


def test_every_heading_names_one_field_however_it_is_written():
    claimed = [(heading_key(heading), field) for field, headings in roster.HEADINGS.items() for heading in headings]
    assert len({key for key, _ in claimed}) == len(set(claimed)), "one heading, two fields"
    assert {field for _, field in claimed} == set(FIELDS)
    for field, headings in roster.HEADINGS.items():
        for heading in headings:
            for written in (heading, heading.upper(), heading.replace(" ", "_"), f"  {heading}: ", f"{heading} *"):
                assert guess_field(written) == field, written


@pytest.mark.parametrize("heading", ["", " ", "Catatan", "No", "Nama Ibu", "NIP Lama", "=NIP"])
def test_a_heading_that_is_not_known_is_not_guessed(heading):
    assert guess_field(heading) is None


# --- names -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "front", "name", "back"),
    [
        ("Sari Contohwati", "", "Sari Contohwati", ""),
        ("Sari Contohwati, S.Pd", "", "Sari Contohwati", "S.Pd"),
        ("Dr. H. Moh. Ridwan, S.Sos., M.Si", "Dr. H.", "Moh. Ridwan", "S.Sos., M.Si"),
        ("Hj SITI AMINAH", "Hj", "SITI AMINAH", ""),
        ("Hj. Dra. Nurlela , M.Pd ,", "Hj. Dra.", "Nurlela", "M.Pd"),
        ("Prof.Dr.drg. Ani Umpama,Sp.KG", "Prof.Dr.drg.", "Ani Umpama", "Sp.KG"),
        ("dr. Budi", "dr.", "Budi", ""),
        ("Dr Budi", "", "Dr Budi", ""),
        ("H. Ali", "H.", "Ali", ""),
        ("H Ali", "", "H Ali", ""),
        ("Hadi Ali", "", "Hadi Ali", ""),
        ("Irwan", "", "Irwan", ""),
        ("Drs", "", "Drs", ""),
        ("M. Yusuf, A.Md.Kep.,", "", "M. Yusuf", "A.Md.Kep."),
    ],
)
def test_titles_are_parted_from_the_name(written, front, name, back):
    assert split_titles(written) == (front, name, back)


@given(
    st.lists(st.sampled_from(["Prof.", "Dr.", "drg.", "Drs.", "Dra", "Ir.", "Hj.", "H.", "Ns."]), max_size=4),
    st.lists(st.sampled_from(["Sari", "Contohwati", "Hadi", "Irma", "Moh.", "A.", "Nurdin"]), min_size=1, max_size=3),
    st.lists(st.sampled_from(["S.Pd", "M.Si.", "A.Md.Kep", "S.H.", "Ph.D"]), max_size=3),
)
def test_a_name_is_parted_where_it_was_put_together(front, name, back):
    written = ", ".join([" ".join([*front, *name]), *back])
    assert split_titles(written) == (" ".join(front), " ".join(name), ", ".join(back))


def test_a_column_of_its_own_for_a_title_comes_before_what_the_name_says():
    row = read(name="Dra. Sari Contohwati, S.Pd", front_title="Hj.", back_title="M.Pd")
    assert (row.front_title, row.name, row.back_title) == ("Hj.", "Sari Contohwati", "M.Pd")
    row = read(name="Dra. Sari Contohwati, S.Pd", front_title="", back_title="M.Pd")
    assert (row.front_title, row.name, row.back_title) == ("Dra.", "Sari Contohwati", "M.Pd")


@given(st.text())
def test_a_cleaned_text_is_clean(text):
    once = clean(text)
    assert clean(once) == once
    assert once == once.strip() and "  " not in once
    assert all(char.isprintable() for char in once)


# --- numbers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        NIP, f" {NIP} ", "19850315 201001 2 001", "'198503152010012001", "19850315-201001-2-001", f"{NIP}.0", f"{NIP}.000",
        "\u2018198503152010012001\u2019", "19850315.201001.2.001", "19850315\u00a0201001\u00a02\u00a0001", "`198503152010012001",
        "19850315/201001/2/001", f"\u200b{NIP}",
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_is_written(written):
    assert read(identifier=written).identifier == NIP


@pytest.mark.parametrize(
    "written", ["1.98503152010012E+17", "1,98503E+17", "1.98503E17", "2E+17", "1.9850315201001e+17"]
)
def test_a_number_that_lost_its_digits_is_refused_and_not_guessed(written):
    assert faults(identifier=written) == [("identifier", "identifier_lost_digits")]


def test_three_zeros_at_the_end_are_what_a_spreadsheet_left():
    assert faults(identifier="198503152010012000") == [("identifier", "identifier_lost_digits")]


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("198503152010012001", None),
        ("19850315201001200", "identifier_length"),
        ("1985031520100120011", "identifier_length"),
        ("19850315201001200A", "identifier_not_digits"),
        ("١٩٨٥٠٣١٥٢٠١٠٠١٢٠٠١", "identifier_not_digits"),
        ("²98503152010012001", "identifier_not_digits"),
        ("", "identifier_not_digits"),
        ("198513152010012001", "identifier_birth_date"),
        ("198502302010012001", "identifier_birth_date"),
        ("198500002010012001", "identifier_birth_date"),
        ("192912312010012001", "identifier_birth_date"),
        ("200901012023012001", "identifier_birth_date"),
        ("000000002010012001", "identifier_birth_date"),
        ("198503152010010001", "identifier_sex"),
        ("198503152010013001", "identifier_sex"),
        ("198503152010002001", "identifier_start_month"),
        ("198503152010132001", "identifier_start_month"),
        ("198503152000122001", "identifier_start_month"),
        ("198503152001012001", None),
        ("198503152026012001", "identifier_start_month"),
        ("198503152025012001", None),
        ("200812312024122001", None),
    ],
)
def test_a_nip_holds_together(number, fault):
    assert check_number(IdentifierType.NIP, number, TODAY).fault == fault


@st.composite
def nips(draw):
    """A number as it is given, with what it tells."""
    born = draw(st.dates(date(1950, 1, 1), date(2004, 12, 31)))
    start = draw(st.integers(born.year + 16, TODAY.year + 1))
    month, sex, serial = draw(st.integers(1, 12)), draw(st.sampled_from("12")), draw(st.integers(1, 999))
    return f"{born:%Y%m%d}{start}{month:02}{sex}{serial:03}", born, "m" if sex == "1" else "f"


@given(nips())
def test_a_nip_tells_birth_date_and_sex(nip):
    number, born, sex = nip
    check = check_number(IdentifierType.NIP, number, TODAY)
    assert (check.fault, check.birth_on, check.sex) == (None, born, sex)
    row = read_row({"name": "Sari", "employment": "CPNS", "unit": "X", "identifier": number}, TODAY)
    assert (row.identifier_type, row.birth_on, row.sex) == ("nip", born, sex)


@given(nips(), st.integers(1, 400))
def test_a_birth_date_other_than_that_of_the_number_is_refused(nip, days):
    number, born, sex = nip
    other = born - timedelta(days=days)
    raw = {"name": "Sari", "employment": "PNS", "unit": "X", "identifier": number, "birth_on": other.isoformat()}
    assert [(f.field, f.code) for f in read_row(raw, TODAY)] == [("birth_on", "birth_date_differs_from_identifier")]
    raw |= {"birth_on": born.isoformat(), "sex": "L" if sex == "f" else "P"}
    assert [(f.field, f.code) for f in read_row(raw, TODAY)] == [("sex", "sex_differs_from_identifier")]


def test_a_pppk_number_has_no_start_month_in_its_middle():
    number = "198503152023212001"
    assert check_number(IdentifierType.NI_PPPK, number, TODAY).fault is None
    assert check_number(IdentifierType.NIP, number, TODAY).fault == "identifier_start_month"
    assert read(identifier=number, employment="PPPK", grade="IX").identifier_type == "ni_pppk"


@pytest.mark.parametrize(
    ("number", "fault", "sex"),
    [
        ("1371011503850001", None, "m"), ("1371015503850001", None, "f"), ("137101550385000", "identifier_length", ""),
        ("1371013203850001", "identifier_birth_date", ""), ("1371017203850001", "identifier_birth_date", ""),
        ("1371010003850001", "identifier_birth_date", ""), ("1371014003850001", "identifier_birth_date", ""),
        ("1371011500850001", "identifier_birth_date", ""), ("1371011513850001", "identifier_birth_date", ""),
    ],
)  # fmt: skip
def test_a_nik_tells_the_sex_and_no_century(number, fault, sex):
    check = check_number(IdentifierType.NIK, number, TODAY)
    assert (check.fault, check.sex, check.birth_on) == (fault, sex, None)


@pytest.mark.parametrize(("number", "good"), [("1234", False), ("12345", True), ("1" * 18, True), ("1" * 19, False)])
def test_a_soldiers_number_has_five_to_eighteen_digits(number, good):
    assert (check_number(IdentifierType.NRP, number, TODAY).fault is None) == good


@pytest.mark.parametrize(
    ("employment", "number", "kind"),
    [
        ("PNS", NIP, "nip"), ("CPNS", NIP, "nip"), ("PPPK", NIP, "ni_pppk"), ("P3K", NIP, "ni_pppk"),
        ("Honorer", "1371015503850001", "nik"), ("TNI", "12345678", "nrp"), ("Polri", "12345678", "nrp"),
        ("Perangkat Desa", "1371015503850001", "nik"), ("Honorer", "", "none"), ("TNI", "", "none"), ("Honorer", "-", "none"),
    ],
)  # fmt: skip
def test_the_employment_says_what_kind_of_number_it_is(employment, number, kind):
    row = read(employment=employment, identifier=number, grade="")
    assert (row.identifier_type, row.identifier) == (kind, "" if kind == "none" else number)


@pytest.mark.parametrize("employment", ["PNS", "CPNS", "PPPK"])
def test_a_civil_servant_without_a_number_is_refused(employment):
    for number in ("", "-", " ' "):
        assert faults(employment=employment, identifier=number) == [("identifier", "missing")]


@given(st.text())
def test_a_tidied_number_is_tidy(text):
    once = tidy_number(text)
    assert tidy_number(once) == once


# --- a row -------------------------------------------------------------------------------------------------------


def test_a_good_row_is_read_whole():
    row = read_row(
        {
            "identifier": "19850315 201001 2 001", "name": "Hj. Sari  Contohwati, S.Pd", "employment": "pns",
            "unit": " SMPN 3 ", "unit_code": "SMPN-3", "parent_unit": "Dinas Pendidikan", "post": "Guru", "level": "Ahli Muda",
            "grade": "iii/C", "is_head": "Ya", "superior": "19720817 199803 1 002", "start_on": "1 Januari 2010",
            "status": "Cuti Besar", "email": "sari@example.test", "phone": "+62 812-0000-0001",
        },
        TODAY,
    )  # fmt: skip
    assert row == EmployeeRow(
        identifier_type="nip", identifier=NIP, name="Sari Contohwati", front_title="Hj.", back_title="S.Pd",
        employment="pns", unit="SMPN 3", unit_code="SMPN-3", parent_unit="Dinas Pendidikan", post="Guru",
        post_kind="functional", level="jf_ahli_muda", grade="III/c", is_head=True, superior="197208171998031002",
        birth_on=date(1985, 3, 15), sex="f", start_on=date(2010, 1, 1), status="leave", email="sari@example.test",
        phone="+62 812-0000-0001",
    )  # fmt: skip


def test_everything_that_is_wrong_with_a_row_is_told_at_once():
    found = read(
        name="", employment="raja", unit="", birth_on="kemarin", sex="x", post_kind="x", level="x", status="x",
        grade="XX", is_head="barangkali", email="a@b", phone="rahasia", identifier="1.9E+17",
    )  # fmt: skip
    assert {(fault.field, fault.code) for fault in found} == {
        ("name", "missing"), ("employment", "employment_unknown"), ("unit", "missing"), ("birth_on", "date_unreadable"),
        ("sex", "sex_unknown"), ("post_kind", "post_kind_unknown"), ("level", "level_unknown"),
        ("status", "status_unknown"), ("grade", "grade_unknown"), ("is_head", "is_head_unknown"),
        ("email", "email_malformed"), ("phone", "phone_malformed"), ("identifier", "identifier_lost_digits"),
    }  # fmt: skip
    assert len(found) == 13


@pytest.mark.parametrize("number", ["1.9E+17", "abc", NIP])
def test_an_unknown_kind_of_number_is_told_whatever_the_number_is(number):
    assert ("identifier_type", "identifier_type_unknown") in faults(identifier=number, identifier_type="paspor")


def test_one_fault_is_told_once():
    assert faults(name="=1+1") == [("name", "formula")]
    assert faults(name="a\x00b") == [("name", "nul_byte")]
    assert faults(employment="\x00") == [("employment", "nul_byte")]
    assert faults(unit="@SUM(A1)") == [("unit", "formula")]
    assert faults(identifier="\x00") == [("identifier", "nul_byte")]
    assert faults(name="x" * 1001) == [("name", "too_long")]


@pytest.mark.parametrize("field", sorted(set(FIELDS) - {"phone"}))
@pytest.mark.parametrize("start", ["=1+1", "@SUM(1)", "+cmd|' /C calc'!A0", "-1+1", " =1", "\t=1", "\u200b=1"])
def test_a_formula_is_refused_in_every_cell(field, start):
    assert (field, "formula") in faults(**{field: start})


def test_a_phone_may_begin_with_a_plus_and_a_dash_alone_is_no_formula():
    assert read(phone="+62 812 0000 001").phone == "+62 812 0000 001"
    assert faults(phone="=1+1") == [("phone", "formula")]
    assert read(grade="-", level="-", is_head="-", post="-").post == "-"


@pytest.mark.parametrize(("field", "longest"), sorted(roster.LONGEST.items()))
def test_a_cell_holds_as_much_as_its_column_and_no_more(field, longest):
    if field in ("email", "phone"):
        assert (field, "too_long") in faults(**{field: "1" * (longest + 1)})
        return
    assert getattr(read(**{field: "x" * longest}), field) == "x" * longest
    assert (field, "too_long") in faults(**{field: "x" * (longest + 1)})


def test_a_title_that_stands_in_the_name_is_held_to_its_own_column():
    assert faults(name="Sari, " + "x" * 121) == [("back_title", "too_long")]


@pytest.mark.parametrize("name", ["Dr.", "H.", "Drs. H.", "Prof. Dr", "Ir", "H. , S.Pd."])
def test_a_title_alone_is_nobodys_name(name):
    assert ("name", "name_is_title") in faults(name=name)


@pytest.mark.parametrize("name", ["H. Irwan", "Nsimba", "Drs. A", "Hidayat", "KHoirul", "Aptika"])
def test_a_name_that_begins_like_a_title_is_a_name(name):
    assert read(name=name).name


def test_the_text_that_was_wrong_is_told_cut_short():
    found = read(post="staf " * 300, email="é" * 100)
    assert {fault.field: fault.value for fault in found} == {"post": ("staf " * 8), "email": "é" * 40}


@pytest.mark.parametrize(("day", "fault"), [("2024-10-25", None), ("2024-10-26", "date_out_of_range"),
                                            ("1899-12-31", "date_out_of_range"), ("1900-01-01", None)])  # fmt: skip
def test_nobody_begins_after_today(day, fault):
    assert fault is None or faults(start_on=day) == [("start_on", fault)]
    assert fault is not None or read(start_on=day).start_on.isoformat() == day


@pytest.mark.parametrize(
    ("written", "grade"),
    [("III/c", "III/c"), ("iii/C", "III/c"), ("III / c", "III/c"), ("IV/e", "IV/e"), ("IX", "IX"), ("xvii", "XVII"),
     ("V", "V"), ("-", ""), ("", "")],
)  # fmt: skip
def test_a_grade_is_written_one_way(written, grade):
    assert read(grade=written).grade == grade


@pytest.mark.parametrize("grade", ["III/f", "V/a", "IIII", "XVIII", "XX", "3c", "III/", "III-c"])
def test_a_grade_that_does_not_exist_is_refused(grade):
    assert faults(grade=grade) == [("grade", "grade_unknown")]


def test_a_level_tells_the_kind_of_post_where_no_column_does():
    for level in Level:
        assert read(level=level.value).post_kind == kind_of_level(level)
        assert read(level=level.value, post_kind="Fungsional").post_kind == "functional"
    assert read().post_kind == ""


def test_a_field_without_a_column_is_empty_and_somebody_without_a_status_serves():
    row = read()
    assert (row.post, row.email, row.phone, row.superior, row.start_on, row.is_head) == ("", "", "", "", None, False)
    assert row.status == "active"


WILD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "=1",
            "@x",
            "-",
            "+1",
            "H. =1",
            "Dr. @x, =y",
            "a,=b",
            "\x00",
            "\ufeff=1",
            "1.9E+17",
            NIP,
            "PNS",
            "P",
            "x" * 201,
        ]
    ),
)


@given(st.dictionaries(st.sampled_from(FIELDS), WILD))
def test_any_row_is_read_or_refused_with_reasons(cells):
    for raw in (cells, SARI | cells):
        found = read_row(raw, TODAY)
        if isinstance(found, list):
            assert found and all(isinstance(fault, Fault) and fault.field in FIELDS for fault in found)
            continue
        assert found.name and found.employment and (found.unit or found.unit_code)
        assert found.identifier or found.employment not in ASN
        texts = [getattr(found, name) for name in FIELDS if isinstance(getattr(found, name), str)]
        assert not any("\x00" in text or "\n" in text for text in texts)


@given(st.sampled_from(["front_title", "back_title", "unit", "unit_code", "parent_unit", "post", "email"]), WILD)
def test_nothing_that_is_kept_begins_like_a_formula(field, text):
    found = read(**{field: text})
    if isinstance(found, EmployeeRow):
        assert getattr(found, field)[:1] not in ("=", "@")


@pytest.mark.parametrize("written", ["Dr. =1+1", "H. @SUM(A1)", "Sari, =1+1", "Sari,@SUM(A1)"])
def test_a_formula_behind_a_title_or_a_comma_is_refused_too(written):
    assert "formula" in {code for _, code in faults(name=written)}


# --- what stands for a number, and what tells a change -----------------------------------------------------------


def test_somebody_without_a_number_is_known_by_agency_unit_name_and_birth_date():
    base = name_key("13.75", "DISDIK", "Ali Usman", date(1990, 1, 2))
    assert name_key("13.75", "DISDIK", "  ALI   usman ", date(1990, 1, 2)) == base
    others = [
        name_key("13.76", "DISDIK", "Ali Usman", date(1990, 1, 2)),
        name_key("13.75", "DINKES", "Ali Usman", date(1990, 1, 2)),
        name_key("13.75", "DISDIK", "Ali Usmani", date(1990, 1, 2)),
        name_key("13.75", "DISDIK", "Ali Usman", date(1990, 2, 1)),
        name_key("13.75", "DISDIK", "Ali Usman", None),
    ]
    assert len({base, *others}) == 6


@given(st.lists(st.text(max_size=10), min_size=2, max_size=4), st.data())
def test_a_fingerprint_fits_a_signed_column_and_tells_values_apart(values, data):
    whole = fingerprint(roster.SEPARATOR.join(values))
    assert 0 <= whole < 2**63
    assert fingerprint(roster.SEPARATOR.join(values)) == whole
    place = data.draw(st.integers(0, len(values) - 1))
    changed = [*values[:place], values[place] + "x", *values[place + 1 :]]
    assert fingerprint(roster.SEPARATOR.join(changed)) != whole


# --- who is above whom -------------------------------------------------------------------------------------------

TREE = {1: None, 2: 1, 3: 2, 4: 3}


def above_of(person, unit, heads, given=None):
    return superior_of(person, unit, given=given, head_of=heads.get, above=TREE.get)


@pytest.mark.parametrize(
    ("person", "unit", "heads", "superior"),
    [
        (9, 4, {4: 40, 3: 30}, 40),
        (40, 4, {4: 40, 3: 30}, 30),
        (9, 4, {3: 30}, 30),
        (40, 4, {4: 40, 2: 20}, 20),
        (40, 4, {4: 40, 3: 40, 1: 10}, 10),
        (10, 1, {1: 10}, None),
        (9, 4, {}, None),
    ],
)
def test_the_superior_is_the_head_of_the_unit_and_of_a_head_the_head_above(person, unit, heads, superior):
    assert above_of(person, unit, heads) == superior


def test_a_superior_that_was_given_comes_before_the_tree():
    assert above_of(9, 4, {4: 40}, given=77) == 77
