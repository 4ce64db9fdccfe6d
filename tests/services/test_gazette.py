"""Rules compared with the gazette: what is recorded, what falls off by itself, and who takes a mark back."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from ikrar.domain.errors import (
    DayInFuture,
    GazetteCheckEnded,
    ReasonMissing,
    RuleAlreadyCompared,
    RuleVersionChanged,
    RuleVersionUnknown,
)
from ikrar.domain.versions import RuleKind
from ikrar.gateways import rulebook_files
from ikrar.records.models import Agency, GazetteCheck, LogEntry, LogPayload, User
from ikrar.services import gazette
from ikrar.services.gazette import State

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 10, 25, 3, 0, tzinfo=UTC)
TODAY = date(2024, 10, 25)
ORAL = (RuleKind.SANCTION, "light-oral", date(2021, 8, 31))
KASN = (RuleKind.BODY, "kasn", None)


@pytest.fixture
def agency() -> Agency:
    return Agency.objects.create(code="X1", name="Pemerintah Kota", kind="city")


@pytest.fixture
def officer() -> User:
    return User.objects.create(username="HUKUM1", full_name="Petugas Bagian Hukum", password="!", created_at=NOW)


@pytest.fixture
def compare(agency, officer):
    def compare(key=ORAL, **more) -> GazetteCheck:
        said = {
            "shown_digest": gazette.shelf().digests.get(key, "0" * 64), "compared_on": date(2024, 10, 24),
            "reference": "halaman 3", "note": "sama", "agency": agency, "by": officer, "today": TODAY, "now": NOW,
        }  # fmt: skip
        return gazette.check(*key, **said | more)

    return compare


@pytest.fixture
def rules_change(monkeypatch):
    """Let a rule of the rulebook say something else from now on."""

    def change(key=ORAL, **values) -> None:
        shelf = gazette.shelf()
        version = shelf.versions[key]
        other = replace(version, value=replace(version.value, **values))
        changed = replace(shelf, versions={**shelf.versions, key: other}, digests={**shelf.digests, key: other.digest})
        monkeypatch.setattr(gazette, "shelf", lambda: changed)

    return change


def test_a_version_that_was_compared_says_so_with_day_place_and_bureau(compare, agency):
    assert gazette.marks([ORAL])[ORAL].state is State.NOT_COMPARED
    compare()
    mark = gazette.marks([ORAL])[ORAL]
    assert mark.state is State.COMPARED
    assert (mark.check.compared_on, mark.check.reference, mark.check.agency) == (
        date(2024, 10, 24),
        "halaman 3",
        agency,
    )


def test_a_version_whose_first_day_is_not_known_can_be_compared_too(compare):
    compare(KASN)
    assert gazette.marks([KASN])[KASN].state is State.COMPARED


def test_a_comparison_is_logged_in_its_transaction_without_what_was_written(compare, agency, officer):
    row = compare()
    payload = json.loads(bytes(LogPayload.objects.get().payload))
    assert payload["event"] == "gazette.checked"
    data = payload["data"]
    assert (data["check"], data["kind"], data["rule"], data["from_on"]) == (
        row.pk,
        "sanction",
        "light-oral",
        "2021-08-31",
    )
    assert data["digest"] == gazette.shelf().digests[ORAL]
    assert data["agency"] == agency.pk and data["by"] == officer.pk
    assert "halaman 3" not in json.dumps(payload) and "sama" not in json.dumps(payload)


def test_what_was_not_shown_is_not_marked(compare):
    with pytest.raises(RuleVersionChanged):
        compare(shown_digest="0" * 64)
    assert not GazetteCheck.objects.exists() and not LogEntry.objects.exists()


@pytest.mark.parametrize(
    "key",
    [("sanction", "light-oral", None), ("sanction", "no-such", date(2021, 8, 31)), ("nothing", "light-oral", None)],
)
def test_a_version_that_is_not_in_the_rulebook_is_not_marked(compare, key):
    with pytest.raises(RuleVersionUnknown):
        compare(key)


def test_nobody_compared_it_tomorrow(compare):
    with pytest.raises(DayInFuture):
        compare(compared_on=date(2024, 10, 26))


def test_a_comparison_names_its_place_in_the_gazette(compare):
    with pytest.raises(ReasonMissing):
        compare(reference="  ")


def test_the_same_content_is_compared_once(compare):
    compare()
    with pytest.raises(RuleAlreadyCompared):
        compare()
    assert GazetteCheck.objects.count() == 1


def test_a_mark_falls_off_by_itself_when_the_rule_says_something_else(compare, rules_change):
    compare()
    rules_change(months=3)
    mark = gazette.marks([ORAL])[ORAL]
    assert mark.state is State.CHANGED and mark.check is not None
    assert gazette.counts()[RuleKind.SANCTION][State.CHANGED] == 1


def test_a_new_comparison_takes_the_place_of_one_that_fell_off_and_the_old_row_stays(compare, rules_change):
    first = compare()
    rules_change(months=3)
    second = compare()
    assert gazette.marks([ORAL])[ORAL].check == second
    first.refresh_from_db()
    assert first.ended_at == NOW and first.ended_by is not None and not first.ended_reason
    assert GazetteCheck.objects.standing().count() == 1


def test_a_mark_stays_when_the_rule_is_only_known_better(compare, rules_change):
    compare()
    rules_change(seen=("https://example.org/other",))
    assert gazette.marks([ORAL])[ORAL].state is State.COMPARED


def test_a_mark_that_is_withdrawn_is_gone_and_its_row_tells_who_and_why(compare, officer):
    row = compare()
    gazette.withdraw(row, reason="salah halaman", by=officer, now=NOW)
    assert gazette.marks([ORAL])[ORAL].state is State.NOT_COMPARED
    row.refresh_from_db()
    assert (row.ended_by, row.ended_reason) == (officer, "salah halaman")
    events = [json.loads(bytes(each.payload))["event"] for each in LogPayload.objects.all()]
    assert sorted(events) == ["gazette.check_withdrawn", "gazette.checked"]


def test_a_mark_is_withdrawn_once_and_with_a_reason(compare, officer):
    row = compare()
    with pytest.raises(ReasonMissing):
        gazette.withdraw(row, reason=" ", by=officer, now=NOW)
    gazette.withdraw(row, reason="salah", by=officer, now=NOW)
    with pytest.raises(GazetteCheckEnded):
        gazette.withdraw(row, reason="salah", by=officer, now=NOW)


def test_after_a_withdrawal_the_version_can_be_compared_again(compare, officer):
    gazette.withdraw(compare(), reason="salah", by=officer, now=NOW)
    compare()
    assert gazette.marks([ORAL])[ORAL].state is State.COMPARED


def test_the_database_keeps_one_mark_for_a_version_with_or_without_a_first_day(compare):
    for key in (ORAL, KASN):
        row = compare(key)
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_marks_for_versions_that_the_rulebook_no_longer_has_are_shown_to_the_bureau_alone(compare, monkeypatch):
    row = compare()
    shelf = gazette.shelf()
    fewer = {key: digest for key, digest in shelf.digests.items() if key != ORAL}
    monkeypatch.setattr(gazette, "shelf", lambda: replace(shelf, digests=fewer))
    assert gazette.lost() == [row]
    assert ORAL not in gazette.marks()


def test_every_version_is_counted_once(compare):
    compare()
    counted = gazette.counts()
    assert sum(sum(states.values()) for states in counted.values()) == len(gazette.shelf().versions)
    assert counted[RuleKind.SANCTION][State.COMPARED] == 1


# --- the shelf ---------------------------------------------------------------------------------------------------


def test_a_search_wants_every_word_and_puts_names_first():
    found = gazette.shelf().find("foto simbol")
    assert {"skb22-discipline-07-photo-with-symbol", "skb22-ethics-05-photo-with-symbol"} <= {
        each.id for each in found[:4]
    }
    assert gazette.shelf().find("foto qwertyuiop") == []
    assert gazette.shelf().find("   ") == []


LOCAL = """\
statements:
  - statement: local-example
    label: {id: Contoh setempat, en: Local example}
    status: appeal
    in_force: {from: 2024-01-01, until: null}
    who: [pns]
    conditions: []
    stated_by: {id: Wali Kota, en: Mayor}
    stated_on: null
    cites:
      - {source: uu-20-2023}
    notes: null
    seen: [https://example.org]
    confidence: one_source
"""
HOLIDAY = """\
year: 2024
decreed: true
adds: true
decreed_on: 2024-10-01
basis: [Keputusan Wali Kota]
regions: ['13.75']
days:
  - day: 2024-12-22
    kind: public_holiday
    label: {id: Hari jadi kota, en: Anniversary of the city}
notes: null
seen: [https://example.org]
confidence: one_source
"""


def test_rules_of_the_regions_own_folder_are_told_apart(tmp_path, monkeypatch):
    (tmp_path / "statements").mkdir()
    (tmp_path / "statements" / "kota.yaml").write_text(LOCAL, encoding="utf-8")
    (tmp_path / "holidays").mkdir()
    (tmp_path / "holidays" / "2024-kota.yaml").write_text(HOLIDAY, encoding="utf-8")
    monkeypatch.setenv("IKRAR_LOCAL_RULES", str(tmp_path))
    rulebook_files.forget()
    try:
        kinds = {version.id: version.kind for version in gazette.shelf().versions.values()}
        assert gazette.is_local(RuleKind.STATEMENT, "local-example") and kinds["local-example"] is RuleKind.STATEMENT
        assert gazette.is_local(RuleKind.HOLIDAYS, "2024-plus-1") and "2024-plus-1" in kinds
        assert not gazette.is_local(RuleKind.HOLIDAYS, "2024")
        assert not gazette.is_local(RuleKind.STATEMENT, "vote")
    finally:
        monkeypatch.delenv("IKRAR_LOCAL_RULES")
        rulebook_files.forget()
    assert not gazette.is_local(RuleKind.STATEMENT, "local-example")
