"""The columnar twin reads rows exactly as the domain does, and leaves the rest to it."""

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ikrar.bulk import roster as bulk
from ikrar.domain import roster

TODAY = date(2024, 10, 25)
GOOD = {
    "identifier": "198503152010012001",
    "name": "Sari Contohwati",
    "employment": "PNS",
    "unit": "Dinas Rekaan",
    "birth_on": "1985-03-15",
    "sex": "P",
    "grade": "III/c",
    "level": "Pengawas",
    "status": "Aktif",
}

CELLS = {
    "identifier": st.sampled_from(
        ["198503152010012001", "19850315 201001 2 001", "'198503152010012001", "198503152010012001.0", "1.98503E+17",
         "198503152010012000", "198513152010012001", "198503152010213001", "1371015503850001", "1371011503850001", "",
         "12345678", "19850315201001200", "198503152010013001", "abc", "-", "198503152030012001"]
    ),
    "name": st.one_of(
        st.sampled_from(
            ["Sari Contohwati", "Dr. H. Moh. Ridwan, S.Sos., M.Si", "Hj. SITI", "H.Ahmad", "Drs Ali Umpama", "  Budi  ",
             "Ir. ", "Dr.", "H Ali", "Ns. Rina,", ",", "123", "=cmd()", "+Ali", "-", "Ali\x00", "Ali  Usman", "é Ali",
             "Prof. Dr. drg. Ani", "x" * 151, "Ali\u200bUsman", "Dra Hj Ani"]
        ),
        st.text(max_size=12),
    ),
    "employment": st.sampled_from(["PNS", "cpns", "PPPK", "P3K", "Honorer", "TNI", "Polri", "", "raja", "Perangkat Desa"]),
    "unit": st.sampled_from(["Dinas Rekaan", "", " ", "=1"]),
    "unit_code": st.sampled_from(["", "DR-1"]),
    "post": st.sampled_from(["", "Guru", "-", "+x"]),
    "post_kind": st.sampled_from(["", "Struktural", "jft", "aneh"]),
    "level": st.sampled_from(["", "Pengawas", "III.a", "Ahli Muda", "aneh", "jf_ahli_muda"]),
    "grade": st.sampled_from(["", "III/c", "iii/C", "III / c", "IX", "V/a", "-", "XX"]),
    "is_head": st.sampled_from(["", "Ya", "tidak", "barangkali"]),
    "superior": st.sampled_from(["", "19850315 201001 2 001", "-"]),
    "birth_on": st.sampled_from(
        ["", "1985-03-15", "15-03-1985", "15/03/1985", "15.03.1985", "15 Maret 1985", "1985-13-01", "31-02-1985",
         "2031-01-01", "15-03/1985", "1985-03-15 00:00:00", "19850315", "5-3-1985"]
    ),
    "sex": st.sampled_from(["", "L", "P", "Wanita", "x"]),
    "start_on": st.sampled_from(["", "2010-01-01", "01-01-2010", "besok"]),
    "status": st.sampled_from(["", "Aktif", "Cuti", "CLTN", "hilang"]),
    "email": st.sampled_from(["", "a@contoh.test", "a@@b", "a b@c.d", "a@b"]),
    "phone": st.sampled_from(["", "+62 812 0000", "0812", "081200000000", "=1", "abc"]),
    "back_title": st.sampled_from(["", "S.Pd", "x" * 121]),
    "identifier_type": st.sampled_from(["", "", "", "nip", "aneh"]),
}  # fmt: skip


def fast_and_slow(raw):
    read, rest = bulk.read_frame(pl.DataFrame({k: [v] for k, v in raw.items()}), TODAY)
    return (read.to_dicts()[0] if read.height else None), roster.read_row(raw, TODAY), rest.to_list()


@given(st.fixed_dictionaries({}, optional=CELLS))
def test_a_row_that_the_twin_takes_is_read_as_the_domain_reads_it(raw):
    if not raw:
        return
    fast, slow, rest = fast_and_slow(raw)
    if fast is None:
        assert rest == [0]
        return
    assert rest == [] and isinstance(slow, roster.EmployeeRow), (raw, slow)
    fast.pop("row")
    assert fast == {name: getattr(slow, name) for name in fast}


@given(st.data())
def test_one_odd_cell_in_a_good_row_is_read_alike(data):
    field = data.draw(st.sampled_from(sorted(CELLS)))
    test_a_row_that_the_twin_takes_is_read_as_the_domain_reads_it.hypothesis.inner_test(
        {**GOOD, field: data.draw(CELLS[field])}
    )


def test_ordinary_rows_of_every_notation_take_the_fast_way():
    for change in (
        {},
        {"name": "Dr. H. Moh. Ridwan, S.Sos., M.Si"},
        {"birth_on": "15/03/1985"},
        {"identifier": "'19850315 201001 2 001"},
        {"employment": "PPPK", "identifier": "198503152022212001", "grade": "IX"},
        {"employment": "Honorer", "identifier": "1371015503850001", "grade": ""},
        {"phone": "+62 812 0000 0000"},
    ):
        fast, slow, _ = fast_and_slow({**GOOD, **change})
        assert fast is not None, (change, slow)
