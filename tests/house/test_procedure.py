"""Every row of the procedure says where it comes from and how well it is known; the file is read as it is written."""

from pathlib import Path

import pytest
import yaml

from ikrar import rulebook
from ikrar.domain.sources import Confidence

FOLDER = Path(rulebook.__file__).parent
FILE = yaml.safe_load((FOLDER / "procedures.yaml").read_text(encoding="utf-8"))
SOURCES = yaml.safe_load((FOLDER / "sources.yaml").read_text(encoding="utf-8"))["sources"]
KNOWN = {each["source"] for each in SOURCES}
ROWS = [*FILE["steps"], *FILE["procedures"]]


def name(row):
    return row.get("step") or row["procedure"]


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_a_row_has_a_source_that_exists_and_says_how_well_it_is_known(row):
    assert row["cites"] and row["seen"]
    assert {cite["source"] for cite in row["cites"]} <= KNOWN
    assert row["confidence"] in set(Confidence)


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_confirmed_means_two_places_and_uncertain_says_why(row):
    if row["confidence"] == "confirmed":
        assert len({address.split("/")[2] + "/" + address.split("/")[3] for address in row["seen"]}) >= 2
    if row["confidence"] == "uncertain":
        assert row["notes"]["id"] and row["notes"]["en"]


def test_an_article_that_is_not_verified_is_never_confirmed_by_itself():
    for row in ROWS:
        if all("belum dipastikan" in cite.get("at", "") for cite in row["cites"]):
            assert row["confidence"] != "confirmed", name(row)
