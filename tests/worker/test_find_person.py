"""`ikrar find-person` as a program speaks to it: a line in, a line out, whatever stands in it, and no database below."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tests import children

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
ROSTER = """NIP;Nama;Unit;Jabatan;Wilayah
196801012005011001;Dr. H. Moh. Ridwan, S.Sos;Kecamatan Karang Jati;Camat;13.76.01
197001012005011005;Kurniawan Saputra;Dinas Pasar;Staf;13.76
197101012005011006;Setiawan;Dinas Pasar;Staf;13.76
197201012005011007;Ridwan Effendi;Dinas Pasar;Analis;13.76
198001012005012003;Sri Wahyuni;SMP Negeri 3;Guru;13.76
198001012005012004;Sri Wahyuni;SMP Negeri 4;Guru;14.71
"""


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "pegawai.csv"
    path.write_text(ROSTER, encoding="utf-8")
    return path


def run(path, *questions):
    text = b"".join(each if isinstance(each, bytes) else json.dumps(each).encode() + b"\n" for each in questions)
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "IKRAR_HOME")
    }
    return children.run("-m", "ikrar", "find-person", "--roster", path, typed=text, env=env)


def answers(path, *questions):
    done = run(path, *questions)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_the_right_person_is_found_with_reasons_in_sentences(roster):
    (told,) = answers(
        roster, {"query": "Pak Camat Dr. H. Muhamad Ridwan, S.Sos", "region": "13.76", "on": "2024-10-14"}
    )
    first = told["people"][0]
    assert set(first) == {"nip", "name", "post", "score", "because"} and set(told) == {"people", "more", "ask"}
    assert first["nip"] == "196801012005011001" and first["post"] == "Camat, Kecamatan Karang Jati"
    assert first["because"] and all(each.endswith(".") for each in first["because"])
    assert told["more"] == 0 and told["ask"] is None


def test_no_line_stops_the_next(roster):
    bad = [
        {"query": ""}, {"query": " \n"}, {"query": "Pak"}, {"query": "Dr. H."}, {"query": "\u202e\u200b\u2066"}, {"query": "x" * 10_000_000}, {"query": None}, {},
        {"query": 7}, {"query": ["Ridwan"]}, {"query": "Ridwan", "region": "Karang"}, {"query": "Ridwan", "region": "13.76.99"}, {"query": "Ridwan", "on": "besok"}, {"query": "Ridwan", "on": 3}, {"query": "Ridwan", "x": 1},
        b"\n", b"\xff\xfe\n", b"[]\n", b"{\n", b'{"query": "a", "query": "b"}\n', b'{"query": "\\ud800"}\n',
    ]  # fmt: skip
    told = answers(roster, *(each for one in bad for each in (one, {"query": "sri wahyuni"})))
    assert len(told) == 2 * len(bad)
    for wrong, right in zip(told[::2], told[1::2], strict=True):
        assert {"error", "field", "says"} <= set(wrong) and "people" not in wrong
        assert [each["name"] for each in right["people"]][:2] == ["Sri Wahyuni"] * 2
    assert [each["reason"] for each in told[:12:2]] == [
        "empty",
        "empty",
        "salutation_only",
        "titles_only",
        "unreadable",
        "too_long",
    ]


def test_markup_hidden_signs_and_capitals_without_spaces_are_read_as_names(roster):
    queries = ["<b>Moh. Ridwan</b>", "\u202eMoh\u200b. Rid\u200bwan", "MUHAMMADRIDWAN", "ＭＯＨ ＲＩＤＷＡＮ"]
    for told in answers(roster, *({"query": each} for each in queries)):
        assert told["people"][0]["nip"] == "196801012005011001"


def test_a_nickname_of_three_in_one_office_is_asked_about(roster):
    (told,) = answers(roster, {"query": "Pak Iwan Dinas Pasar"})
    assert {each["name"] for each in told["people"]} >= {"Kurniawan Saputra", "Setiawan", "Ridwan Effendi"}
    assert told["ask"] and told["people"][0]["score"] < 95


def test_two_of_one_name_are_asked_about_until_the_region_is_said(roster):
    told, narrowed = answers(roster, {"query": "Sri Wahyuni"}, {"query": "Sri Wahyuni", "region": "14.71"})
    assert "Sebutkan unit kerjanya" in told["ask"]
    assert [each["nip"] for each in narrowed["people"]] == ["198001012005012004"] and narrowed["ask"] is None


def test_two_words_that_thousands_bear_ask_where_rather_than_being_certain(tmp_path):
    path = tmp_path / "pegawai.csv"
    others = "".join(f"19{each}01012005011001;{name};Dinas {each};Staf;13.76\n" for each, name in enumerate(
        ("Abdul Rahman", "Abd. Rachman Hakim", "Abdul Rahman Saleh", "Sri Wahyuni", "Moh. Ridwan"), 70
    ))  # fmt: skip
    path.write_text(ROSTER.partition("\n")[0] + "\n" + others, encoding="utf-8")
    vague, there, whole = answers(
        path, {"query": "Abdul Rachman"}, {"query": "Abdul Rachman, Dinas 70"}, {"query": "Abdul Rachman Hakim"}
    )
    assert {each["name"] for each in vague["people"]} == {"Abdul Rahman", "Abd. Rachman Hakim", "Abdul Rahman Saleh"}
    assert "Sebutkan unit kerjanya" in vague["ask"] and vague["more"] == 0
    assert there["people"][0]["name"] == "Abdul Rahman" and there["ask"] is None
    assert whole["people"][0]["name"] == "Abd. Rachman Hakim" and whole["ask"] is None


def test_that_there_are_at_least_so_many_others_is_told_where_it_is_so(tmp_path):
    path = tmp_path / "pegawai.csv"
    many = "".join(f"{197001012005010000 + n};Sri Wahyuni;Dinas {n % 50};Staf;13.76\n" for n in range(1500))
    path.write_text(ROSTER.partition("\n")[0] + "\n" + many, encoding="utf-8")
    vague, there = answers(path, {"query": "Sri Wahyuni"}, {"query": "Sri Wahyuni, Dinas 7"})
    assert (vague["more"], vague["more_is_least"]) == (1000, True) and len(vague["people"]) == 5
    assert there["more"] == 25 and set(there) == {"people", "more", "ask"}


def test_an_age_is_counted_back_from_today_where_no_day_is_told(tmp_path):
    path, year = tmp_path / "pegawai.csv", date.today().year
    born = {56: "Bambang Prasetyo", 41: "Bambang Prasetiyo", 45: "Bambang Suryanto"}
    rows = "".join(f"{year - age}06102006081{age:03};{name};SMA 2;Guru;13.76\n" for age, name in born.items())
    path.write_text(ROSTER.partition("\n")[0] + "\n" + rows, encoding="utf-8")
    for words, name in (("umur 56", born[56]), (", 41 tahun", born[41]), ("40-an", born[41])):
        (told,) = answers(path, {"query": f"Bambang Prasetyo {words}"})
        first = told["people"][0]
        assert first["name"] == name and any("Umurnya cocok" in each for each in first["because"])
        assert told["ask"] is None or "umur" not in told["ask"]


def test_of_a_region_that_a_file_does_not_record_it_is_said_so(tmp_path):
    path = tmp_path / "pegawai.csv"
    path.write_text("nip,nama,unit\n196801012005011001,Sri Wahyuni,SMP 3\n", encoding="utf-8")
    there, anywhere = answers(path, {"query": "Sri Wahyuni", "region": "13.76"}, {"query": "Sri Wahyuni"})
    assert there["people"][0]["because"][-1].startswith("Berkas ini tidak mencatat wilayah")
    assert "13.76" in there["people"][0]["because"][-1]
    assert there["people"][0]["because"][:-1] == anywhere["people"][0]["because"]


def test_regions_that_are_asked_for_are_told_by_name_and_code(tmp_path):
    path = tmp_path / "pegawai.csv"
    rows = "".join(
        f"{197001012005010000 + n};Sri Wahyuni;SD {n};Guru;{('13.75', '13.76', 'Kota X')[n % 3]}\n" for n in range(9)
    )
    path.write_text(ROSTER.partition("\n")[0] + "\n" + rows, encoding="utf-8")
    (told,) = answers(path, {"query": "Sri Wahyuni"})
    assert told["ask"].endswith("misalnya: Kota Bukittinggi (13.75), Kota Payakumbuh (13.76) atau Kota X.")


def test_where_others_fit_as_badly_it_is_asked_too_as_long_as_they_are_not_all_shown(tmp_path):
    path = tmp_path / "pegawai.csv"
    rows = "".join(
        f"{197001012005010000 + n};Orang {'abcdefghi'[n] * 3};Kecamatan Karang Jati;Sekretaris Camat;13.76\n"
        for n in range(9)
    )
    path.write_text(ROSTER.partition("\n")[0] + "\n" + rows, encoding="utf-8")
    (told,) = answers(path, {"query": "staf Camat Karang Jati"})
    assert told["people"][0]["score"] < 60 and told["more"] == 4 and told["ask"]


def test_a_blank_line_is_answered_with_an_error_so_that_answers_pair_with_lines(roster):
    told = answers(roster, b"\n", {"query": "Setiawan"}, b" \t\r\n", b"\xef\xbb\xbf\n", {"query": "Setiawan"})
    assert ["error" in each for each in told] == [True, False, True, True, False]
    assert {(each["error"], each["field"]) for each in told if "error" in each} == {("line_wrong", "line")}
    assert "kosong" in told[0]["says"]


def test_a_region_that_is_not_known_is_told_with_the_level_above_that_is(roster):
    told = answers(
        roster,
        *({"query": "Sri Wahyuni", "region": each} for each in ("13.76.99", "13.76.99.1001", "99", "13.76", "71")),
        {"query": "Sri Wahyuni", "region": "14.71.01"},  # the file tells of the city alone
    )
    for wrong, above in ((told[0], "13.76"), (told[1], "13.76"), (told[5], "14.71")):
        assert (wrong["error"], wrong["field"], wrong["above"]) == ("region_unknown", "region", above)
        assert f"di atasnya: {above}." in wrong["says"]
    assert told[2]["error"] == "region_unknown" and "above" not in told[2] and "“99” tidak ada" in told[2]["says"]
    assert len(told[3]["people"]) == 1 and told[4]["people"] == []


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_a_region_and_a_day_that_are_blank_count_as_absent(roster, blank):
    told, plainly = answers(roster, {"query": "Setiawan", "on": blank, "region": blank}, {"query": "Setiawan"})
    assert told == plainly and told["people"]


def test_a_day_of_birth_and_a_year_that_is_off_are_told_in_sentences(roster):
    of_day, near = answers(roster, {"query": "Setiawan lahir 1-1-1971"}, {"query": "Setiawan lahir 1972"})
    assert "Hari lahirnya menurut NIP cocok: 1 Januari 1971." in of_day["people"][0]["because"]
    assert "Umurnya hampir cocok: lahir tahun 1971." in near["people"][0]["because"]


def test_answers_come_line_by_line(roster):
    with subprocess.Popen(
        [sys.executable, "-m", "ikrar", "find-person", "--roster", str(roster)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as asked:
        for _ in range(2):
            asked.stdin.write(b'{"query": "sri wahyuni"}\n')
            asked.stdin.flush()
            assert json.loads(asked.stdout.readline())["people"]
        asked.stdin.close()


def test_what_is_wrong_with_the_file_is_told_and_ends_the_command(tmp_path):
    path = tmp_path / "pegawai.csv"
    path.write_text("nama,unit\nBudi,X\n", encoding="utf-8")
    done = run(path, {"query": "Budi"})
    assert done.returncode == 1 and "name_file_wrong" in done.stderr.decode() and "“nip”" in done.stderr.decode()
    assert run(tmp_path / "tidak-ada.csv").returncode == 1


def test_rows_that_are_not_used_as_they_stand_are_counted_with_the_first_and_why(tmp_path):
    path = tmp_path / "pegawai.csv"
    path.write_text(
        "nip,nama,unit,region\n196801012005011001,Ridwan,A,13.76\n\n196801012005011002,,A,13.76\n1.99207E+17,Sri Wahyuni,B,Kota X\n"
        f"196801012005011003,{'x' * 200_000},C,13.76\n196801012005011004, ,C,13.75\n'196801012005011005,Setiawan,B,13.76.01\n",
        encoding="utf-8",
    )
    for _ in range(2):  # built, and used again
        done = run(path, {"query": "Sri Wahyuni"}, {"query": "Setiawan", "region": "13.76"})
        said = done.stderr.decode().splitlines()
        assert len(said) == 4 and all(each.startswith("pegawai.csv: ") for each in said)
        assert "2 baris" in said[0] and "tanpa nama" in said[0] and said[0].endswith("baris 4.")
        assert "1 baris" in said[1] and "1.000 huruf" in said[1] and said[1].endswith("baris 6.")
        assert "tanpa nomornya" in said[2] and said[2].endswith("baris 5.")
        assert "bukan kode" in said[3] and said[3].endswith("baris 5.")
        first, other = (json.loads(line)["people"][0] for line in done.stdout.decode().splitlines())
        assert (first["nip"], first["name"]) == (None, "Sri Wahyuni") and other["nip"] == "196801012005011005"


@pytest.mark.parametrize("tail", ["", '196801012005011009,"Dr. Iwan, S.Sos",C\n196801012005011010,Agus,C\n'])
def test_a_file_in_which_a_quote_is_not_closed_is_refused_with_its_row(tmp_path, tail):
    path = tmp_path / "pegawai.csv"
    text = (
        'nip,nama,unit\n196801012005011001,Ridwan,A\n196801012005011002,"Sri Wahyuni,B\n196801012005011003,Setiawan,C\n'
    )
    path.write_text(text + tail, encoding="utf-8")
    done = run(path, {"query": "Setiawan"})
    assert done.returncode == 1 and "baris 3" in done.stderr.decode() and not path.with_suffix(".csv.names").exists()


def test_a_cell_of_several_lines_is_no_fault(tmp_path):
    path = tmp_path / "pegawai.csv"
    path.write_text('nip,nama,unit\n196801012005011001,Ridwan,"Dinas Pasar\nKarang Jati, Blok A"\n', encoding="utf-8")
    done = run(path, {"query": "Ridwan"})
    assert done.returncode == 0 and not done.stderr and json.loads(done.stdout)["people"][0]["name"] == "Ridwan"


def test_the_first_and_the_last_day_of_the_calendar_stop_no_line(roster):
    days = ("0001-01-01", "9999-12-31", "0000-01-01", "10000-01-01")
    told = answers(roster, *({"query": "Sri Wahyuni umur 52", "on": each} for each in days), {"query": "Setiawan"})
    assert [len(each.get("people", ())) for each in told] == [2, 2, 0, 0, 1]
    assert [each.get("field") for each in told] == [None, None, "on", "on", None]


def test_a_file_without_days_says_so_of_a_day_that_is_asked_about(roster):
    then, later, now = answers(
        roster,
        {"query": "Ridwan Effendi", "on": "2010-10-14"},
        {"query": "Ridwan Effendi", "on": "2090-10-14"},
        {"query": "Ridwan Effendi"},
    )
    assert then["people"][0]["because"][-1].endswith("belum tentu demikian pada 14 Oktober 2010.")
    assert later["people"][0]["because"][-1].startswith("14 Oktober 2090 belum tiba")
    assert len(now["people"][0]["because"]) == len(then["people"][0]["because"]) - 1


def test_initials_alone_and_an_unknown_place_are_answered_with_what_would_help(roster):
    initials, unknown, elsewhere, two = answers(
        roster,
        {"query": "inisial SW"},
        {"query": "camat xqz jati"},
        {"query": "gubernur sumut"},
        {"query": "Kurniawan staf, Ridwan analis"},
    )
    fitting = [each["name"] for each in initials["people"] if each["score"] >= 60]
    assert fitting == ["Sri Wahyuni"] * 2 and initials["ask"]
    assert [each["score"] < 85 for each in unknown["people"]] == [True] and "“xqz”" in unknown["ask"]
    assert elsewhere["people"] == [] and "“sumatera utara”" in elsewhere["ask"]
    assert two["people"][0]["name"] == "Kurniawan Saputra" and "lebih dari satu orang" in " ".join(
        two["people"][0]["because"]
    )
