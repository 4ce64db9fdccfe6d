"""`ikrar find-person` as a program speaks to it: a line in, a line out, whatever stands in it, and no database below."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

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
    return subprocess.run(
        [sys.executable, "-m", "ikrar", "find-person", "--roster", str(path)], input=text, cwd=ROOT, capture_output=True, timeout=120, check=False, env=env,
    )  # fmt: skip


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
        {"query": 7}, {"query": ["Ridwan"]}, {"query": "Ridwan", "region": "Karang"}, {"query": "Ridwan", "on": "besok"}, {"query": "Ridwan", "on": 3}, {"query": "Ridwan", "x": 1},
        b"\xff\xfe\n", b"[]\n", b"{\n", b'{"query": "a", "query": "b"}\n', b'{"query": "\\ud800"}\n',
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
    assert "Sebutkan daerahnya" in told["ask"]
    assert [each["nip"] for each in narrowed["people"]] == ["198001012005012004"] and narrowed["ask"] is None


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
