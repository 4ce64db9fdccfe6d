"""What the benches of cases play, small: every step by its role, every filter of the board, two nights. They measure; this holds
that they run, and that what they find agrees.
"""

import json
import os
import subprocess
import sys

import pytest

from tests import template

BENCH = template.ROOT / "bench"


@pytest.fixture
def place(tmp_path):
    """An installation with empty tables."""
    made = template.place_in(tmp_path, "benches")
    yield os.environ | made | {"DJANGO_SETTINGS_MODULE": "ikrar.settings", "PYTHONPATH": str(template.ROOT)}
    template.leave(made)


def run(place, *command):
    done = subprocess.run(
        [sys.executable, *map(str, command)], env=place, cwd=template.ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


def settled(place, people):
    """Make an agency with so many people."""
    roster = f"{place['IKRAR_HOME']}/roster.csv"
    run(place, "-m", "ikrar", "init", "--agency", "13.75", "--agency-name", "Pemerintah Kota Bukittinggi")
    run(place, "-m", "ikrar", "make-roster", "--people", people, "--seed", "7", "--out", roster)
    run(place, "-m", "ikrar", "import-roster", roster, "--agency", "13.75", "--json")


def told(place, script, *arguments):
    return json.loads(run(place, BENCH / script, *arguments).splitlines()[-1])


def test_reports_are_replayed_to_the_record_and_every_sum_agrees(place):
    found = told(place, "_replay.py", 14)
    assert found["forbidden"] == [] and found["steps"] > 100
    assert {name: numbers for name, numbers in found["funnel"].items() if len(set(numbers)) > 1} == {}
    assert found["funnel"]["reported"][0] == 14 and found["funnel"]["followed up"][0] > 5


def test_the_board_answers_everything_that_its_bench_asks(place):
    settled(place, 300)
    found = told(place, "_board.py", 300, 1)
    assert found["made"] and set(found["took"]) == {"all", "nation", "body", "agency", "authority", "two"}


def test_a_second_night_changes_nothing_and_another_rulebook_moves_each_clock_once(place):
    settled(place, 300)
    found = told(place, "_cases.py", 300)
    assert found["changed"] > 100 and found["recounted"] > 100
    assert (found["again"], found["unmoved"]) == (0, 0)
