"""Guidance: answers in a region, receipts that verify later, questions to an office, opinions, the open library."""

import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import JSONField, Value

from ikrar.domain import access, codes, receipts
from ikrar.domain.access import Role
from ikrar.domain.activities import Verdict
from ikrar.domain.days import WIB
from ikrar.domain.errors import (
    ActivityUnknown,
    GuidanceBusy,
    OfficeDoesNotAnswer,
    OpinionAlreadyGiven,
    OpinionAlreadyPublished,
    OpinionIncomplete,
    OpinionTooLong,
    QuestionEmpty,
    RegionUnknown,
    SecondLookMissing,
    TextMayNameSomebody,
    TextNamesKnown,
    TextNamesSomebody,
    ValueUnknown,
)
from ikrar.domain.receipts import Answered, Asked, Fact
from ikrar.domain.sources import InForce
from ikrar.records.models import (
    AnswerReceipt,
    Body,
    Inquiry,
    LogPayload,
    Opinion,
    PublishedOpinion,
    Region,
    RoleGrant,
    WorkUnit,
)
from ikrar.services import accounts, elections, guidance, ledger, rules

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 10, 25, 10, 0, tzinfo=WIB)
TODAY = date(2024, 10, 25)
BEFORE, AFTER = date(2024, 9, 21), date(2024, 9, 22)
LIKE = Asked(("like-candidate-post",), TODAY, "pns", region="13.75")


def entries(event):
    said = [json.loads(bytes(row.payload)) for row in LogPayload.objects.all()]
    return [each for each in said if each["event"] == event]


# --- answers -----------------------------------------------------------------------------------------------------


def test_the_same_like_is_ethics_the_day_before_the_candidates_are_determined_and_severe_discipline_that_day(city):
    before = guidance.advise(replace(LIKE, day=BEFORE)).activities[0]
    after = guidance.advise(replace(LIKE, day=AFTER)).activities[0]
    assert before.verdict is after.verdict is Verdict.NOT_ALLOWED
    assert [(act.kind, act.level) for act in before.acts] == [("ethics", "moral")]
    assert [(act.kind, act.level) for act in after.acts] == [("discipline", "severe")]
    assert any("PP 42/2004" in cite.text for cite in before.cites)
    assert any("PP 94/2021" in cite.text for cite in after.cites)


def test_where_determination_moved_the_answer_moves_with_it(city, other_city):
    elections.move_stage(
        sure=True, election="pilkada-2024", region_code="13.75", stage="determination", from_on=AFTER, last_on=date(2024, 9, 29),
        reason="Keputusan KPU", by=None, now=NOW,
    )  # fmt: skip
    asked = replace(LIKE, day=date(2024, 9, 25))
    here, there = guidance.advise(asked), guidance.advise(replace(asked, region="13.76"))
    assert (here.candidate_status, there.candidate_status) == ("would-be", "determined")
    assert here.activities[0].acts[0].kind == "ethics" and there.activities[0].acts[0].kind == "discipline"
    assert here.activities[0].changes[0].day == date(2024, 9, 29), "what changes next follows the region's calendar"
    assert guidance.advise_with_day(asked)[1] == date(2024, 9, 29)
    assert guidance.advise_with_day(replace(asked, region="13.76"))[1] == AFTER
    assert guidance.election_on(asked.day, "13.75").id == "pilkada-2024"


def test_a_region_that_holds_a_repeat_election_is_asked_about_that_one(city):
    asked = replace(LIKE, day=date(2025, 7, 1))
    assert guidance.advise(asked).election is None
    elections.set_region(
        election="pilkada-2025-repeat", region_code="13.75", candidate_pairs=2, voters=None, polling_stations=None,
        note="", source="", by=None, now=NOW,
    )  # fmt: skip
    assert guidance.advise(asked).election == "pilkada-2025-repeat"


def test_a_region_that_the_facts_name_is_asked_about_its_own_election_without_any_row_here(city):
    Region.objects.create(code="19", name="Kepulauan Bangka Belitung")
    Region.objects.create(code="19.71", name="Kota Pangkal Pinang", parent_id="19")
    there = guidance.advise(replace(LIKE, day=date(2025, 7, 25), region="19.71"))
    assert (there.election, there.candidate_status) == ("pilkada-2025-repeat", "determined")
    assert guidance.election_on(date(2025, 7, 25), "19.71").id == "pilkada-2025-repeat"
    assert guidance.advise_with_day(replace(LIKE, day=date(2025, 7, 25), region="19.71"))[1] == date(2025, 7, 22)


def test_what_the_rulebook_does_not_know_is_named(city):
    for change, error in (
        ({"activities": ("fly-to-the-moon",)}, ActivityUnknown),
        ({"region": "99.99"}, RegionUnknown),
        ({"facts": (Fact("full-moon", True),)}, ValueUnknown),
        ({"relation": "in-law"}, ValueUnknown),
    ):
        with pytest.raises(error):
            guidance.advise(replace(LIKE, **change))


# --- receipts ----------------------------------------------------------------------------------------------------


def test_a_receipt_keeps_what_was_asked_and_answered_and_nothing_of_who_or_of_the_hour(city):
    receipt = guidance.keep_receipt(LIKE, today=TODAY, now=NOW)
    assert len(receipt.code) == codes.CERTIFICATE_SIGNS
    assert Asked.of(receipt.asked) == LIKE
    assert Answered.of(receipt.answered).verdict is Verdict.NOT_ALLOWED
    fields = {field.name for field in AnswerReceipt._meta.get_fields()}
    assert fields == {"id", "code", "asked", "answered", "verdict", "rulebook_digest", "made_on", "entry"}
    assert receipt.pk > 2**40, "a key in order would tell who asked after whom"
    (entry,) = entries("guidance.receipted")
    assert entry["time"] == "2024-10-25"
    assert set(entry["data"]) == {f"{part}_sha256" for part in receipts.PARTS}
    assert ledger.verify_all()[1] == []


def test_a_receipt_that_meets_the_same_rulebook_is_answered_the_same(city):
    receipt = guidance.keep_receipt(LIKE, today=TODAY, now=NOW)
    checked = guidance.check_receipt(f" {codes.grouped(receipt.code).lower()} ")
    assert checked.same_rulebook and checked.differences == () and checked.then == checked.now
    assert (checked.authenticity, checked.altered) == (guidance.Authenticity.GENUINE, ())


@contextmanager
def as_an_administrator(table):
    """Let a test do what whoever runs the database can: the triggers are gone for as long as it writes."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            yield
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
            for _, sql in triggers:
                cursor.execute(sql)
        else:
            # Foreign keys of the rows written so far are looked at now: until then no trigger can be turned off.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    ("change", "altered"),
    [
        ({"made_on": date(2020, 1, 1)}, ("made_on",)),
        ({"verdict": "allowed"}, ("verdict",)),
        ({"rulebook_digest": "f" * 64}, ("rulebook",)),
        ({"asked": replace(LIKE, day=date(2024, 9, 20)).document()}, ("asked",)),
        ({"asked": LIKE.document() | {"more": 1}}, ("asked",)),
        ({"asked": {}, "answered": []}, ("asked", "answered")),
        ({"answered": None}, ("answered",)),
        ({"code": "A" * 16}, receipts.PARTS),
    ],
)
def test_an_altered_receipt_is_not_genuine_and_says_what_does_not_match(city, change, altered):
    receipt = guidance.keep_receipt(LIKE, today=TODAY, now=NOW)
    answered = change.get("answered", receipt.answered)
    with as_an_administrator("records_answerreceipt"):
        for name, value in change.items():
            setattr(receipt, name, Value(None, JSONField()) if value is None else value)
        receipt.save(update_fields=list(change))
    checked = guidance.check_receipt(change.get("code", receipt.code))
    assert (checked.authenticity, checked.altered) == (guidance.Authenticity.ALTERED, altered), answered
    assert checked.asked is None and checked.then is None and checked.differences == ()


def test_an_answer_that_was_altered_in_one_word_is_not_genuine(city):
    receipt = guidance.keep_receipt(LIKE, today=TODAY, now=NOW)
    milder = json.loads(json.dumps(receipt.answered).replace('"severe"', '"light"'))
    assert milder != receipt.answered
    with as_an_administrator("records_answerreceipt"):
        AnswerReceipt.objects.filter(pk=receipt.pk).update(answered=milder)
    assert guidance.check_receipt(receipt.code).altered == ("answered",)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL takes no broken JSON")
def test_a_receipt_whose_json_was_broken_is_not_genuine(city):
    receipt = guidance.keep_receipt(LIKE, today=TODAY, now=NOW)
    with as_an_administrator("records_answerreceipt"), connection.cursor() as cursor:
        cursor.execute("UPDATE records_answerreceipt SET answered = '{\"verdict\": ' WHERE id = %s", [receipt.pk])
    assert guidance.check_receipt(receipt.code).altered == ("answered",)


def test_a_receipt_of_a_form_that_nobody_reads_any_more_is_not_shown(city):
    receipt = guidance.keep_receipt(LIKE, today=TODAY, now=NOW)
    LogPayload.objects.filter(pk=receipt.entry_id).delete()
    with as_an_administrator("records_answerreceipt"):
        AnswerReceipt.objects.filter(pk=receipt.pk).update(asked={"activities": 1})
    assert guidance.check_receipt(receipt.code).altered == (guidance.UNREADABLE,)


def test_a_receipt_with_the_entry_of_another_one_or_an_altered_entry_is_not_genuine(city):
    receipt, other = (guidance.keep_receipt(LIKE, today=TODAY, now=NOW) for _ in range(2))
    with as_an_administrator("records_answerreceipt"):
        AnswerReceipt.objects.filter(pk=receipt.pk).update(entry=other.entry)
    assert guidance.check_receipt(receipt.code).altered == receipts.PARTS
    foreign = LogPayload.objects.exclude(pk__in=[receipt.entry_id, other.entry_id]).first()
    if foreign is not None:
        with as_an_administrator("records_answerreceipt"):
            AnswerReceipt.objects.filter(pk=receipt.pk).update(entry=foreign.entry)
        assert guidance.check_receipt(receipt.code).altered == (guidance.LOG,)
    with as_an_administrator("records_logpayload"):
        LogPayload.objects.filter(pk=other.entry_id).update(salt=b"0" * 32)
    assert guidance.check_receipt(other.code).altered == (guidance.LOG,)


def test_a_receipt_whose_entry_was_erased_is_shown_and_not_called_genuine(city):
    receipt = guidance.keep_receipt(LIKE, today=TODAY, now=NOW)
    LogPayload.objects.filter(pk=receipt.entry_id).delete()
    checked = guidance.check_receipt(receipt.code)
    assert checked.authenticity is guidance.Authenticity.ERASED and checked.asked == LIKE


@pytest.mark.parametrize("code", ["", "K7QF", "0" * 16, "x" * 500, "%00"])
def test_an_unknown_receipt_is_nobodys(city, code):
    assert guidance.check_receipt(code) is None


def _changed_rulebook(monkeypatch, **changes):
    book = replace(rules.book(), digest="f" * 64, **changes)
    monkeypatch.setattr(rules, "book", lambda: book)
    return book


def test_a_receipt_tells_in_what_the_rulebook_of_today_answers_otherwise(city, monkeypatch):
    receipt = guidance.keep_receipt(LIKE, today=TODAY, now=NOW)
    acts = dict(rules.book().acts)
    act = acts["skb22-discipline-06-social-media-engagement"]
    milder = tuple(replace(version, level="moderate") for version in act.versions)
    acts[act.id] = replace(act, versions=milder)
    _changed_rulebook(monkeypatch, acts=acts)
    checked = guidance.check_receipt(receipt.code)
    assert not checked.same_rulebook
    (difference,) = checked.differences
    assert (difference.activity, difference.what) == ("like-candidate-post", "consequences")
    assert [each.level for each in difference.before] == ["severe"]
    assert [each.level for each in difference.after] == ["moderate"]


def test_a_receipt_tells_that_a_stage_moved_since(city):
    receipt = guidance.keep_receipt(replace(LIKE, day=date(2024, 9, 25)), today=TODAY, now=NOW)
    elections.move_stage(
        sure=True, election="pilkada-2024", region_code="13.75", stage="determination", from_on=AFTER, last_on=date(2024, 9, 29),
        reason="Keputusan KPU", by=None, now=NOW,
    )  # fmt: skip
    checked = guidance.check_receipt(receipt.code)
    assert checked.same_rulebook
    assert {each.what for each in checked.differences} >= {"status", "consequences", "cites"}


def test_a_receipt_whose_activity_is_gone_says_that_it_can_no_longer_be_answered(city, monkeypatch):
    receipt = guidance.keep_receipt(LIKE, today=TODAY, now=NOW)
    known = rules.book().guidance
    left = {id: each for id, each in known.activities.items() if id != "like-candidate-post"}
    _changed_rulebook(monkeypatch, guidance=replace(known, activities=left))
    checked = guidance.check_receipt(receipt.code)
    assert checked.now is None and checked.then.verdict is Verdict.NOT_ALLOWED


def test_a_receipt_never_changes_and_is_never_deleted(city):
    receipt = guidance.keep_receipt(LIKE, today=TODAY, now=NOW)
    for act in (
        lambda: AnswerReceipt.objects.filter(pk=receipt.pk).update(verdict="allowed"),
        lambda: AnswerReceipt.objects.filter(pk=receipt.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="never"), transaction.atomic():
            act()


def test_a_receipt_that_cannot_be_logged_is_not_kept(city, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("the log is full")

    monkeypatch.setattr(ledger, "append", broken)
    with pytest.raises(RuntimeError):
        guidance.keep_receipt(LIKE, today=TODAY, now=NOW)
    assert not AnswerReceipt.objects.exists()


def test_everybody_together_keeps_so_many_receipts_an_hour_and_no_more(city, monkeypatch):
    monkeypatch.setattr(guidance, "MOST_RECEIPTS_AN_HOUR", 3)
    for _ in range(3):
        guidance.keep_receipt(LIKE, today=TODAY, now=NOW)
    with pytest.raises(GuidanceBusy):
        guidance.keep_receipt(LIKE, today=TODAY, now=NOW + timedelta(minutes=59))
    assert AnswerReceipt.objects.count() == len(entries("guidance.receipted")) == 3
    guidance.keep_receipt(LIKE, today=TODAY, now=NOW + timedelta(minutes=61))


# --- questions to an office --------------------------------------------------------------------------------------


def ask(cast, text="Boleh saya menyukai unggahan calon?", asked=LIKE):
    agency = cast.rina.placement.unit.agency
    code = guidance.ask_office(f"agency-{agency.pk}", asked, text, today=TODAY, now=NOW)
    return guidance.inquiry_of(code), code


def tokens(inquiry):
    near, _other = guidance.citable(Asked.of(inquiry.asked))
    return [token for rule in near for token, _cite in rule.cites]


def give(cast, inquiry, **more):
    said = {
        "verdict": Verdict.NOT_ALLOWED, "facts": "Penanya PNS.", "text": "Jangan.", "cites": tokens(inquiry)[:2],
        "valid_until": date(2024, 11, 27), "by": cast.rina.user, "today": TODAY, "now": NOW,
    }  # fmt: skip
    return guidance.give_opinion(inquiry, **said | more)


def publish(cast, opinion, **more):
    words = {"question": "Bolehkah menyukai unggahan calon?", "facts": "Penanya PNS.", "text": "Jangan."}
    said = {"looked_again": True, "by": cast.rina.user, "today": TODAY, "now": NOW}
    return guidance.publish(opinion, **words | said | more)


def test_offices_that_answer_are_those_where_somebody_may_write_now_and_the_nearest_stands_first(cast):
    body = Body.objects.create(region_id="13.75", kind="bawaslu", name="Bawaslu Kota Bukittinggi")
    quiet = Body.objects.create(region_id="13.75", kind="kpu", name="KPU Kota Bukittinggi")
    RoleGrant.objects.create(user=cast.budi.user, role=Role.SUPERVISOR_BODY, body=body, from_at=NOW)
    names = [each.name for each in guidance.offices(NOW, region="13.76")]
    assert names == ["Pemerintah Kota Payakumbuh", "Pemerintah Kota Bukittinggi", "Bawaslu Kota Bukittinggi"]
    assert quiet.name not in names
    accounts.end_grant(RoleGrant.objects.get(user=cast.tono.user), by=None, now=NOW)
    assert "Pemerintah Kota Payakumbuh" not in [each.name for each in guidance.offices(NOW + timedelta(seconds=1))]


def test_a_question_keeps_no_code_no_hour_and_no_name_and_comes_back_by_its_code(cast):
    inquiry, code = ask(cast)
    assert inquiry.asked_on == TODAY and inquiry.state == Inquiry.State.WAITING
    assert code not in json.dumps(list(Inquiry.objects.values()), default=str)
    (entry,) = entries("opinion.asked")
    assert entry["time"] == "2024-10-25"
    assert set(entry["data"]) == {"inquiry", "agency", "body"}
    assert guidance.inquiry_of(codes.grouped(code).lower()) == inquiry
    assert guidance.inquiry_of("0" * 16) is None and guidance.inquiry_of("") is None


def test_a_question_that_cannot_be_put_leaves_nothing(cast, monkeypatch):
    agency = cast.rina.placement.unit.agency
    with pytest.raises(QuestionEmpty):
        guidance.ask_office(f"agency-{agency.pk}", LIKE, "  \n ", today=TODAY, now=NOW)
    for office in ("agency-999999", "body-1", "", "agency-", "../etc"):
        with pytest.raises(OfficeDoesNotAnswer):
            guidance.ask_office(office, LIKE, "Boleh?", today=TODAY, now=NOW)
    with pytest.raises(ActivityUnknown):
        guidance.ask_office(f"agency-{agency.pk}", replace(LIKE, activities=("x",)), "Boleh?", today=TODAY, now=NOW)
    assert not Inquiry.objects.exists() and not entries("opinion.asked")
    monkeypatch.setattr(guidance, "MOST_INQUIRIES_AN_HOUR", 1)
    ask(cast)
    with pytest.raises(GuidanceBusy):
        ask(cast)
    assert Inquiry.objects.count() == 1


@pytest.mark.parametrize("words", ["NIP saya 198503152010012001", "hubungi 0812-3456-7890", "sari@contoh.id"])
def test_a_number_or_mailbox_in_a_question_is_refused_before_anything_is_kept(cast, words):
    with pytest.raises(TextNamesSomebody) as caught:
        ask(cast, f"Bolehkah? {words}")
    assert caught.value.field == "text"
    with pytest.raises(TextNamesSomebody):
        agency = cast.rina.placement.unit.agency
        guidance.ask_office(f"agency-{agency.pk}", LIKE, words, names_nobody=True, today=TODAY, now=NOW)
    assert not Inquiry.objects.exists()


def test_what_looks_like_a_name_in_a_question_is_kept_only_where_its_writer_says_that_it_is_none(cast):
    agency = cast.rina.placement.unit.agency
    text = "Kata Bu Melati Kampung, boleh. Benarkah?"
    with pytest.raises(TextMayNameSomebody) as caught:
        ask(cast, text)
    assert caught.value.found == "Melati Kampung" and not Inquiry.objects.exists()
    guidance.ask_office(f"agency-{agency.pk}", LIKE, text, names_nobody=True, today=TODAY, now=NOW)
    assert Inquiry.objects.get().text == text


def test_a_question_that_nobody_answered_is_erased_after_180_days_and_one_that_was_stays(cast):
    old, code = ask(cast)
    answered = give(cast, ask(cast)[0]).inquiry
    late = TODAY + timedelta(days=179)
    assert guidance.forget_unanswered(late, NOW) == 0
    assert guidance.lapses_on(old) == late + timedelta(days=1)
    assert guidance.forget_unanswered(late + timedelta(days=1), NOW) == 1
    assert guidance.forget_unanswered(late + timedelta(days=1), NOW) == 0
    assert list(Inquiry.objects.all()) == [answered]
    assert guidance.inquiry_of(code) is None
    (entry,) = entries("opinion.lapsed")
    assert list(entry["data"]) == ["inquiry"]


def test_an_officer_sees_the_questions_of_his_agency_alone(cast):
    ask(cast)
    rina, tono = (accounts.grants_of(member.user, now=NOW) for member in (cast.rina, cast.tono))
    assert guidance.waiting(access.scope_of(rina, "opinion.write")).count() == 1
    assert guidance.waiting(access.scope_of(tono, "opinion.write")).count() == 0


# --- opinions ----------------------------------------------------------------------------------------------------


def test_an_opinion_is_given_once_with_number_facts_citations_and_the_rules_it_rests_on(cast):
    inquiry, code = ask(cast)
    opinion = give(cast, inquiry)
    assert opinion.number.endswith("/PT/2024")
    assert [cite["text"] for cite in opinion.cites] == [
        "UU 20/2023 Pasal 9 ayat (2)",
        "PP 94/2021 Pasal 5 huruf n angka 5",
    ]
    assert "act:skb22-discipline-06-social-media-engagement" in opinion.rules and all(opinion.rules.values())
    assert guidance.inquiry_of(code).opinion == opinion
    assert guidance.standing(opinion, TODAY) == guidance.STANDS
    with pytest.raises(OpinionAlreadyGiven):
        give(cast, inquiry, text="Boleh.")
    assert Opinion.objects.count() == len(entries("opinion.given")) == 1
    assert not Inquiry.objects.waiting().exists()


@pytest.mark.parametrize(
    ("change", "fact"),
    [({"facts": " "}, "facts"), ({"text": ""}, "text"), ({"cites": []}, "cites"), ({"cites": ["act:none:0"]}, "cites"),
     ({"valid_until": date(2024, 10, 24)}, "valid_until")],
)  # fmt: skip
def test_an_opinion_that_lacks_something_is_refused_by_name_and_the_question_still_waits(cast, change, fact):
    inquiry, _ = ask(cast)
    with pytest.raises(OpinionIncomplete) as caught:
        give(cast, inquiry, **change)
    assert caught.value.fact == fact
    assert Inquiry.objects.waiting().count() == 1 and not Opinion.objects.exists()


def test_an_opinion_stands_two_years_at_most(cast):
    inquiry, _ = ask(cast)
    for valid_until in (TODAY + timedelta(days=731), date(9999, 12, 31)):
        with pytest.raises(OpinionTooLong) as caught:
            give(cast, inquiry, valid_until=valid_until)
        assert caught.value.last_on == TODAY + timedelta(days=730)
    assert give(cast, inquiry, valid_until=TODAY + timedelta(days=730)).valid_until.year == 2026


def test_an_opinion_may_cite_any_act_in_force_on_the_day_and_no_other(cast):
    near, other = guidance.citable(LIKE)
    found = {rule.id for rule in (*near, *other)}
    assert "skb22-discipline-06-social-media-engagement" in {rule.id for rule in near}
    assert "pp94-5n2-attributes" in found
    assert not {id for id in found if id.startswith(("pp53-", "skb20-", "b71-"))}, "these were over in 2024"
    texts = [cite.text for rule in (*near, *other) for _, cite in rule.cites]
    assert len(texts) == len(set(texts))


def test_an_opinion_never_changes(cast):
    opinion = give(cast, ask(cast)[0])
    with pytest.raises(DatabaseError, match="never"), transaction.atomic():
        Opinion.objects.filter(pk=opinion.pk).update(text="lain")


def test_an_opinion_is_superseded_when_a_rule_it_rests_on_says_something_else(cast, monkeypatch):
    opinion = give(cast, ask(cast)[0])
    acts = dict(rules.book().acts)
    act = acts["skb22-discipline-06-social-media-engagement"]
    acts[act.id] = replace(act, versions=tuple(replace(version, level="moderate") for version in act.versions))
    _changed_rulebook(monkeypatch, acts=acts)
    assert guidance.standing(opinion, TODAY) == guidance.RULES_CHANGED


def test_an_opinion_is_superseded_when_a_rule_it_rests_on_is_over(cast, monkeypatch):
    opinion = give(cast, ask(cast)[0])
    acts = dict(rules.book().acts)
    act = acts["skb22-discipline-06-social-media-engagement"]
    ended = tuple(
        replace(version, in_force=InForce(version.in_force.from_on, date(2025, 1, 1))) for version in act.versions
    )
    acts[act.id] = replace(act, versions=ended)
    _changed_rulebook(monkeypatch, acts=acts)
    assert guidance.standing(opinion, date(2025, 1, 2)) == guidance.RULES_CHANGED


def test_an_opinion_stays_when_the_rulebook_changes_elsewhere(cast, monkeypatch):
    opinion = give(cast, ask(cast)[0])
    acts = dict(rules.book().acts)
    act = acts["pp94-5n7-support-letter"]
    acts[act.id] = replace(act, versions=tuple(replace(version, level="moderate") for version in act.versions))
    _changed_rulebook(monkeypatch, acts=acts)
    assert guidance.standing(opinion, TODAY) == guidance.STANDS


def test_an_opinion_is_over_the_day_after_its_last(cast):
    opinion = give(cast, ask(cast)[0])
    assert guidance.standing(opinion, date(2024, 11, 27)) == guidance.STANDS
    assert guidance.standing(opinion, date(2024, 11, 28)) == guidance.OVER


# --- the library -------------------------------------------------------------------------------------------------


def test_nothing_enters_the_library_without_a_second_look(cast):
    opinion = give(cast, ask(cast)[0])
    with pytest.raises(SecondLookMissing):
        publish(cast, opinion, looked_again=False)
    assert guidance.library(TODAY) == []


@pytest.mark.parametrize("field", ["question", "facts", "text"])
@pytest.mark.parametrize(
    "words", ["NIP 198503152010012001", "hubungi 0812-3456-7890", "0812 3456 7890", "tulis ke sari@contoh.id"]
)
def test_a_number_or_mailbox_of_a_person_is_refused_in_every_field(cast, field, words):
    opinion = give(cast, ask(cast)[0])
    with pytest.raises(TextNamesSomebody) as caught:
        publish(cast, opinion, **{field: f"Kata {words}."})
    assert caught.value.field == field
    assert not PublishedOpinion.objects.exists()


@pytest.mark.parametrize("field", ["question", "facts", "text"])
def test_people_of_the_roster_and_their_schools_are_shown_and_refused_in_every_field(cast, field):
    opinion = give(cast, ask(cast)[0])
    person = cast.sari.person
    school = WorkUnit.objects.create(
        agency=cast.rina.placement.unit.agency, code="SDN-99", name="SDN 99 Batang Air", kind=WorkUnit.Kind.SCHOOL,
        parent=cast.rina.placement.unit,
    )  # fmt: skip
    for named in (person.name, person.full_name, person.name.upper(), school.name.lower()):
        with pytest.raises(TextNamesKnown) as caught:
            publish(cast, opinion, **{field: f"Menurut {named}, boleh."})
        assert caught.value.field == field and caught.value.found, named
    assert not PublishedOpinion.objects.exists()
    assert publish(cast, opinion, **{field: "Menurut seorang guru di sebuah sekolah, boleh."})


@pytest.mark.parametrize(
    "words", ["PP 94/2021 Pasal 5", "SKB 800-5474/2022", "27 November 2024", "TPS 012 dan 2.800 pegawai"]
)
def test_numbers_of_the_law_and_days_are_no_numbers_of_a_person(cast, words):
    assert publish(cast, give(cast, ask(cast)[0]), text=words).text == words


def test_the_library_finds_by_words_and_by_activity_and_forgets_what_was_withdrawn(cast):
    opinion = give(cast, ask(cast)[0])
    published = publish(cast, opinion)
    assert [each.published for each in guidance.library(TODAY, words="UNGGAHAN jangan")] == [published]
    assert guidance.library(TODAY, words="unggahan kampanye") == []
    assert [each.published for each in guidance.library(TODAY, activity="like-candidate-post")] == [published]
    assert guidance.library(TODAY, activity="vote") == []
    with pytest.raises(OpinionAlreadyPublished):
        publish(cast, opinion)
    guidance.withdraw(published, by=cast.rina.user, today=TODAY, now=NOW)
    guidance.withdraw(published, by=cast.rina.user, today=TODAY, now=NOW)
    assert guidance.library(TODAY) == [] and guidance.from_library(published.pk, TODAY) is None
    assert len(entries("opinion.published")) == len(entries("opinion.withdrawn")) == 1
    assert publish(cast, opinion).pk != published.pk
