"""Judging acts: one call at a time and a million rows at once, one core each, against OpenFisca-core in the same run.

Our calls differ in act, person, day, status and election, and every answer carries its reasons and citations. A store of
answers belongs to the product (an answer is the same between two boundaries of the law), so it is measured filling and full.
"""

import json
import os
import random
import subprocess
import sys
import time
from datetime import date, timedelta

os.environ["POLARS_MAX_THREADS"] = "1"  # one core, as the peer has

import polars as pl
from _place import HERE, ROOT
from _table import Figure, end_within, say, show, size

from ikrar.bulk.assessment import assess_frame
from ikrar.domain.assessment import STATUSES, Assessment, assess
from ikrar.domain.errors import DomainError
from ikrar.gateways import rulebook_files

_EMPLOYMENTS = ["pns", "cpns", "pppk", "ppnpn", "tni", "village-head"]
_FIRST, _DAYS = date(2018, 1, 1), 3200
_ONE_BAR, _ONE_TIMES, _BULK_TIMES = 50_000, 8, 2
_CHECKED = 5_000


def _peer(what: str, how_much: str) -> float:
    done = subprocess.run(
        [sys.executable, str(HERE / "_peer_openfisca.py"), what, how_much],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=600,
    )  # fmt: skip
    return float(json.loads(done.stdout)["per_second"])


def _one_by_one(calls: int) -> tuple[float, float]:
    """Return calls a second while the store fills, and when it is full."""
    book, source = rulebook_files.rulebook(), random.Random(2)
    elections = [book.elections[id] for id in ("pilkada-2020", "pemilu-2024", "pilkada-2024")]
    acts = list(book.acts.values())
    asked = []
    while len(asked) < calls:
        act, day = source.choice(acts), _FIRST + timedelta(source.randrange(_DAYS))
        if act.on(day):
            status = source.choice([None, *STATUSES])
            asked.append((act.id, day, source.choice(_EMPLOYMENTS), source.choice(elections), status))
    rates = []
    for _ in range(2):
        began, cited = time.perf_counter(), 0
        for act_id, day, employment, election, status in asked:
            try:
                answer = assess(
                    book, act=act_id, day=day, employment=employment, election=election, candidate_status=status,
                    contest="president" if election.kind == "pemilu" else None,
                )  # fmt: skip
                cited += bool(answer.reasons)
            except DomainError:
                cited += 1
        rates.append(calls / (time.perf_counter() - began))
        assert cited == calls
    return rates[0], rates[1]


def _frame(rows: int) -> pl.DataFrame:
    book, source = rulebook_files.rulebook(), random.Random(3)
    acts, elections = list(book.acts), ["pilkada-2020", "pilkada-2024"]
    return pl.DataFrame(
        {
            "act": pl.Series(source.choices(acts, k=rows), dtype=pl.Enum(acts)),
            "employment": pl.Series(source.choices(_EMPLOYMENTS, k=rows), dtype=pl.Enum(_EMPLOYMENTS)),
            "election": pl.Series(source.choices(elections, k=rows), dtype=pl.Enum(elections)),
            "day": pl.Series([_FIRST + timedelta(source.randrange(_DAYS)) for _ in range(rows)], dtype=pl.Date),
        }
    )


def _differing(frame: pl.DataFrame) -> int:
    """Count rows of a sample whose bulk answer is another than the domain's own."""
    book, answers, differing = rulebook_files.rulebook(), assess_frame(rulebook_files.rulebook(), frame), 0
    for row in random.Random(4).sample(range(frame.height), _CHECKED):
        values, got = frame.row(row, named=True), answers.row(row)
        try:
            own: Assessment | str = assess(
                book, act=values["act"], day=values["day"], employment=values["employment"],
                election=book.elections[values["election"]],
            )  # fmt: skip
        except DomainError as error:
            own = error.code
        differing += own != (got.code if isinstance(got, DomainError) else got)
    return differing


def main() -> None:
    calls, rows = size(200_000, 50_000), size(1_000_000, 200_000)
    end_within(900)
    peer_one = max(_peer("one", "3") for _ in range(2))
    filling, full = _one_by_one(calls)
    peer_one = max(peer_one, _peer("one", "3"))
    say(f"one call: {filling:,.0f} a second while the store of answers fills, {full:,.0f} when it is full")
    frame = _frame(rows)
    peer_many, rates = 0.0, []
    for _ in range(3):  # in turn
        peer_many = max(peer_many, _peer("many", str(rows)))
        rulebook_files.rulebook().answers.clear()
        began = time.perf_counter()
        answers = assess_frame(rulebook_files.rulebook(), frame)
        answers.column("kind")
        rates.append(rows / (time.perf_counter() - began))
        say(f"bulk: {rates[-1] / 1e6:.2f} M rows a second, {len(answers.answers):,} different questions")
    differing = _differing(frame)
    bulk = sorted(rates)[1]
    show(
        Figure(
            "assess, one call, one core",
            f"{filling:,.0f}/s filling, {full:,.0f}/s full",
            f"{peer_one:,.0f}/s",
            f"{filling / peer_one:.1f}",
            f"≥ {_ONE_BAR:,}/s, ≥ {_ONE_TIMES} × OpenFisca",
            filling >= _ONE_BAR and filling >= _ONE_TIMES * peer_one,
        ),
        Figure(
            f"assess, {rows:,} rows in bulk, one core",
            f"{bulk / 1e6:.2f} M/s",
            f"{peer_many / 1e6:.2f} M/s",
            f"{bulk / peer_many:.1f}",
            f"≥ {_BULK_TIMES} × OpenFisca, equal to one by one",
            bulk >= _BULK_TIMES * peer_many and not differing,
        ),
    )


if __name__ == "__main__":
    main()
