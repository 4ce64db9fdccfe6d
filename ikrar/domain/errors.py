"""Every refusal the field knows. Each has a stable `code`; the sentence for a reader is found by that code."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar

# What a value should be where it is no word of a list, for `ValueUnknown.known`.
A_DAY = "a day (2024-11-27)"
A_LOCAL_TIME = "a local time (2024-11-27T09:30)"


@dataclass(eq=False)
class DomainError(Exception):
    """A refusal. `code` names it for ever; the fields are what a sentence about it needs."""

    code: ClassVar[str] = "refused"

    def details(self) -> dict[str, Any]:
        """Return the fields by name, for a sentence or a line of JSON."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.details().items())
        return f"{self.code}: {shown}" if shown else self.code


# --- files and rosters -------------------------------------------------------------------------------------------


@dataclass(eq=False)
class FileUnreadable(DomainError):
    """A file that is no table: cut, a bomb, of another kind, or without a recognisable header."""

    code = "file_unreadable"
    reason: str
    line: int | None = None
    sheets: str = ""


@dataclass(eq=False)
class SheetsNotChosen(DomainError):
    """A workbook has sheets with different headings, and nobody said which are meant. `sheets` names them, group by group."""

    code = "sheets_not_chosen"
    sheets: tuple[str, ...]


@dataclass(eq=False)
class ColumnsNotMapped(DomainError):
    """The roster's columns do not yet say which field they hold."""

    code = "columns_not_mapped"
    missing: tuple[str, ...]


@dataclass(eq=False)
class UnknownColumn(DomainError):
    code = "unknown_column"
    column: str


@dataclass(eq=False)
class UnknownField(DomainError):
    """A field that nothing knows; `known` are those that may stand there, where they are few."""

    code = "unknown_field"
    field: str
    known: tuple[str, ...] = ()


@dataclass(eq=False)
class RosterChangedSincePreview(DomainError):
    """Somebody changed the roster after the difference was shown; it must be looked at again."""

    code = "roster_changed_since_preview"


@dataclass(eq=False)
class ImportStateWrong(DomainError):
    code = "import_state_wrong"
    state: str


@dataclass(eq=False)
class ImportInterrupted(DomainError):
    """Reading, storing or taking back was cut in the middle, by a stop or a fault of ours. Nothing of it was written."""

    code = "import_interrupted"


@dataclass(eq=False)
class ImportNotUndoable(DomainError):
    code = "import_not_undoable"
    reason: str


@dataclass(eq=False)
class ImportUnknown(DomainError):
    code = "import_unknown"
    number: int


@dataclass(eq=False)
class CompleteFileEmpty(DomainError):
    """A file that says it names everybody has no row that could be taken: it would end every placement."""

    code = "complete_file_empty"


@dataclass(eq=False)
class ManyWouldEnd(DomainError):
    """A complete file would end placements, and nobody said how many: most of an agency, or of people of whom a refused
    row may speak (`unmatched` of them name nobody who could be told).
    """

    code = "many_would_end"
    ends: int
    placed: int
    unmatched: int = 0


@dataclass(eq=False)
class UnitTreeHasCycle(DomainError):
    code = "unit_tree_has_cycle"
    unit: str


@dataclass(eq=False)
class UnitUnknown(DomainError):
    code = "unit_unknown"
    unit: str


@dataclass(eq=False)
class UnitAmbiguous(DomainError):
    code = "unit_ambiguous"
    unit: str
    agencies: tuple[str, ...]


@dataclass(eq=False)
class UnitCodeColon(DomainError):
    """A colon parts the agency's code from the unit's: a unit with one in its own code could not be asked for."""

    code = "unit_code_colon"
    unit: str


@dataclass(eq=False)
class UnitInUse(DomainError):
    """A unit is not closed while people stand in it or below it, or units below it are open."""

    code = "unit_in_use"
    people: int
    below: int


@dataclass(eq=False)
class AgencyParentWrong(DomainError):
    """An agency may not stand under that one, by the kinds of both or by their regions."""

    code = "agency_parent_wrong"
    agency: str
    kind: str
    above: str
    kind_above: str


@dataclass(eq=False)
class RegionTaken(DomainError):
    """A region has one government."""

    code = "region_taken"
    region: str
    agency: str


@dataclass(eq=False)
class UnitAlreadyHeaded(DomainError):
    """A unit has one head."""

    code = "unit_already_headed"


@dataclass(eq=False)
class AgencyUnknown(DomainError):
    code = "agency_unknown"
    agency: str


@dataclass(eq=False)
class IdentifierTaken(DomainError):
    code = "identifier_taken"


@dataclass(eq=False)
class IdentifierInvalid(DomainError):
    code = "identifier_invalid"
    fault: str


# --- offices and bodies ------------------------------------------------------------------------------------------


@dataclass(eq=False)
class OfficeAlreadyHeld(DomainError):
    """Two holders of one office in the same minute."""

    code = "office_already_held"
    since: datetime


@dataclass(eq=False)
class NotTheLatestHolder(DomainError):
    """A hand-over is withdrawn from the last one back: what came after it rests on it."""

    code = "not_the_latest_holder"


@dataclass(eq=False)
class HoldingRestedOn(DomainError):
    """What others acted upon (somebody stood in, a duty was done) is ended, not taken back."""

    code = "holding_rested_on"


@dataclass(eq=False)
class DatesInWrongOrder(DomainError):
    code = "dates_in_wrong_order"
    first: date | datetime
    last: date | datetime


@dataclass(eq=False)
class StageOutOfOrder(DomainError):
    """On these days a stage would lie on the other side of another one (`other`, its id), or in it."""

    code = "stage_out_of_order"
    other: str


@dataclass(eq=False)
class DayTooFar(DomainError):
    """A day so far off that a digit must be wrong. `first` and `last` are the days between which it may lie."""

    code = "day_too_far"
    day: date
    first: date
    last: date


@dataclass(eq=False)
class PersonNotOfAgency(DomainError):
    code = "person_not_of_agency"


@dataclass(eq=False)
class OfficeVacant(DomainError):
    """Nobody holds the office in that minute, so nobody can be on leave from it."""

    code = "office_vacant"
    at: datetime


@dataclass(eq=False)
class LeaveOverlaps(DomainError):
    """Another leave of the same holder is recorded on some of these days."""

    code = "leave_overlaps"
    first: date
    last: date


@dataclass(eq=False)
class LeaveOver(DomainError):
    """The leave has ended, or was cancelled before it began."""

    code = "leave_over"


@dataclass(eq=False)
class LeaveNotRunning(DomainError):
    """Nobody stands in before the leave begins or after it ends."""

    code = "leave_not_running"
    first: date
    last: date


@dataclass(eq=False)
class CapacityNotActing(DomainError):
    """Whoever stands in for somebody on leave does not hold the office definitively."""

    code = "capacity_not_acting"


@dataclass(eq=False)
class StandInIsHolder(DomainError):
    """Nobody stands in for himself."""

    code = "stand_in_is_holder"


@dataclass(eq=False)
class StandInOnLeave(DomainError):
    """Who is to stand in is on leave from an office of his own on some of these days."""

    code = "stand_in_on_leave"
    first: date
    last: date


@dataclass(eq=False)
class StandInAway(DomainError):
    """Who is to stand in is away by today's roster."""

    code = "stand_in_away"


@dataclass(eq=False)
class HandOverInPast(DomainError):
    """A hand-over or leave of an earlier day, and nobody said that it is recorded afterwards."""

    code = "hand_over_in_past"
    at: datetime


# --- duties that go on -------------------------------------------------------------------------------------------


@dataclass(eq=False)
class DutyTextEmpty(DomainError):
    code = "duty_text_empty"


@dataclass(eq=False)
class DutyWithoutOwner(DomainError):
    """A duty was to be made for nobody, or for offices and units of another agency."""

    code = "duty_without_owner"


@dataclass(eq=False)
class DutyNotYours(DomainError):
    """The duty is another's in this minute: of whoever holds the office, heads the unit, or stands in for him."""

    code = "duty_not_yours"


@dataclass(eq=False)
class DutyOver(DomainError):
    """The duty was ended, or its leave is over; nothing more is recorded."""

    code = "duty_over"


@dataclass(eq=False)
class DutyDayWrong(DomainError):
    """A day on which it could not be done: before the duty began, or one that is still to come."""

    code = "duty_day_wrong"
    first: date
    last: date


# --- pacts -------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class PactTextEmpty(DomainError):
    code = "pact_text_empty"


@dataclass(eq=False)
class PactTextTooLong(DomainError):
    """More points or letters than a pact may have; the fields say how many that is."""

    code = "pact_text_too_long"
    most_points: int
    most_letters: int


@dataclass(eq=False)
class DueInPast(DomainError):
    """A pact cannot be due before the day on which it is made."""

    code = "due_in_past"
    due_on: date
    today: date


@dataclass(eq=False)
class DutySettled(DomainError):
    """Nobody is excused who signed the text in force or is excused already, nor obliged again who is not excused."""

    code = "duty_settled"
    state: str


@dataclass(eq=False)
class PactTextChanged(DomainError):
    """The text in force is not the one that was shown: nothing was signed."""

    code = "pact_text_changed"
    obligation: int


@dataclass(eq=False)
class PactAlreadySigned(DomainError):
    """This text was signed before by this person; the first signature stands."""

    code = "pact_already_signed"
    obligation: int


@dataclass(eq=False)
class PactNotOpen(DomainError):
    """The round, or this person's part in it, is not open for that act."""

    code = "pact_not_open"
    state: str


@dataclass(eq=False)
class NothingToPrint(DomainError):
    """Papers were ordered for nobody."""

    code = "nothing_to_print"


@dataclass(eq=False)
class PapersGone(DomainError):
    """The files of an order were fetched and deleted, or their time was over."""

    code = "papers_gone"


@dataclass(eq=False)
class NotTheSigner(DomainError):
    """Nobody signs for somebody else."""

    code = "not_the_signer"


@dataclass(eq=False)
class ReasonMissing(DomainError):
    code = "reason_missing"
    field: str


@dataclass(eq=False)
class SignatureAlreadyContested(DomainError):
    code = "signature_already_contested"


@dataclass(eq=False)
class ReminderTooSoon(DomainError):
    code = "reminder_too_soon"
    next_on: date


@dataclass(eq=False)
class AddressOfNobody(DomainError):
    """Nobody whom the asker may see has this e-mail address, or it is among those that take nothing no more."""

    code = "address_of_nobody"


@dataclass(eq=False)
class NobodySelected(DomainError):
    """An act on a selection of people, and nobody was selected who is still on the list."""

    code = "nobody_selected"


@dataclass(eq=False)
class SelectionTooLarge(DomainError):
    """More people were selected one by one than one act takes; nothing was done for any of them."""

    code = "selection_too_large"
    people: int
    most: int


@dataclass(eq=False)
class RemindersUsedUp(DomainError):
    """These people were reminded as often as anybody may be."""

    code = "reminders_used_up"


# --- letters and circulars -------------------------------------------------------------------------------------


@dataclass(eq=False)
class NumberPatternWrong(DomainError):
    """A pattern for the numbers of letters cannot be read, or would write one number twice.

    `reason`: empty, too_long, braces, field, number, year, joined, sign; `about` is the part that is wrong.
    """

    code = "number_pattern_wrong"
    reason: str
    about: str = ""


@dataclass(eq=False)
class NumberingsAlike(DomainError):
    """Two kinds of letters of an agency would bear the same numbers."""

    code = "numberings_alike"
    kind: str


@dataclass(eq=False)
class NumberingBackwards(DomainError):
    """The last number that is used up can only grow: a lower one would be given twice."""

    code = "numbering_backwards"
    last: int


@dataclass(eq=False)
class NumberingYearOver(DomainError):
    """Letters of a later year were numbered already."""

    code = "numbering_year_over"
    year: int


@dataclass(eq=False)
class LetterheadTooLong(DomainError):
    code = "letterhead_too_long"
    most_lines: int
    most_letters: int


@dataclass(eq=False)
class LetterNumberTaken(DomainError):
    """Another letter of the agency bears this number."""

    code = "letter_number_taken"
    number: str
    field: str = "number"


@dataclass(eq=False)
class CircularTextEmpty(DomainError):
    """A circular without a title, or to be published with neither text nor file."""

    code = "circular_text_empty"
    field: str


@dataclass(eq=False)
class CircularTextTooLong(DomainError):
    code = "circular_text_too_long"
    most_points: int
    most_letters: int
    field: str = "points"


@dataclass(eq=False)
class CircularDayWrong(DomainError):
    """A day of a circular lies where it cannot. `reason`: past, future, before_due, after_end, without_number."""

    code = "circular_day_wrong"
    reason: str
    day: date
    limit: date
    field: str


@dataclass(eq=False)
class QuestionFaulty(DomainError):
    """A question of a circular cannot be asked. `fault`: empty, too_long, few, many, alike, right; `place` from 1."""

    code = "question_faulty"
    fault: str
    place: int


@dataclass(eq=False)
class QuestionsTooMany(DomainError):
    code = "questions_too_many"
    most: int


@dataclass(eq=False)
class AnswersWrong(DomainError):
    """Questions were answered wrongly: nothing was acknowledged. `places` are their numbers from 1, as text."""

    code = "answers_wrong"
    places: tuple[str, ...]


@dataclass(eq=False)
class CircularNotOpen(DomainError):
    """A circular in this state cannot be read, acknowledged, changed or taken back any more, or not yet."""

    code = "circular_not_open"
    state: str


@dataclass(eq=False)
class CircularChanged(DomainError):
    """A draft was changed by somebody after it was shown: nothing was published."""

    code = "circular_changed"


@dataclass(eq=False)
class CircularReachesNobody(DomainError):
    """Nobody on today's roster is addressed."""

    code = "circular_reaches_nobody"


@dataclass(eq=False)
class CircularAlreadyReplaced(DomainError):
    """Another circular, published or in draft, takes the place of this one already."""

    code = "circular_already_replaced"


@dataclass(eq=False)
class NotAddressed(DomainError):
    """A circular is acknowledged by those whom it is addressed to, each for himself."""

    code = "not_addressed"


# --- sign-in -----------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class SignInRefused(DomainError):
    """One answer for every reason, so that it tells nothing about who exists."""

    code = "sign_in_refused"


@dataclass(eq=False)
class RoleScopeWrong(DomainError):
    """A role was to be given without the agency, unit or body that it needs."""

    code = "role_scope_wrong"
    role: str
    needs: str


@dataclass(eq=False)
class RoleAlreadyHeld(DomainError):
    """The same role over the same agency or body is held already, as long or longer."""

    code = "role_already_held"


@dataclass(eq=False)
class RoleEndPassed(DomainError):
    """A role would end before it begins."""

    code = "role_end_passed"


@dataclass(eq=False)
class BodyInUse(DomainError):
    """A body outside the agencies does not end like this. `reason`: roles (somebody holds a role over it), referrals (it owes
    an answer), cases (open ones lie with it), ended (it did already), inside (it is an agency's own).
    """

    code = "body_in_use"
    reason: str


@dataclass(eq=False)
class LastAdministrator(DomainError):
    code = "last_administrator"


# --- elections ---------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class ElectionUnknown(DomainError):
    code = "election_unknown"
    election: str


@dataclass(eq=False)
class RegionHasNoElection(DomainError):
    """An election is held in some regions, the facts name them, and this is none of them."""

    code = "region_has_no_election"
    region: str
    election: str


@dataclass(eq=False)
class ElectionOver(DomainError):
    """An election was over on the day that is asked about: nobody was its candidate any more."""

    code = "election_over"
    election: str
    day: date
    last_on: date


@dataclass(eq=False)
class DayOutside(DomainError):
    """A day before the first that the rulebook covers, or farther ahead than anybody can know."""

    code = "day_outside"
    field: str
    day: date
    first_on: date
    last_on: date


@dataclass(eq=False)
class RegionUnknown(DomainError):
    """There is no region of this code, or nothing is known of it here. `above`: the nearest code above it that is known."""

    code = "region_unknown"
    region: str
    above: str = ""


@dataclass(eq=False)
class StageUnknown(DomainError):
    code = "stage_unknown"
    stage: str


@dataclass(eq=False)
class RulebookFault(DomainError):
    """The law's data is wrong at this place. A server does not start on it."""

    code = "rulebook_fault"
    file: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.says}"


@dataclass(eq=False)
class PersonUnknown(DomainError):
    """No rule speaks of people by that word."""

    code = "person_unknown"
    employment: str


@dataclass(eq=False)
class ActUnknown(DomainError):
    code = "act_unknown"
    act: str


@dataclass(eq=False)
class RuleNotInForce(DomainError):
    """The rulebook has no version for that day: silence is not innocence. `others` are acts of the same form that held."""

    code = "rule_not_in_force"
    rule: str
    day: date
    others: tuple[str, ...] = ()


@dataclass(eq=False)
class NotKnown(DomainError):
    """What the rulebook holds tells nothing about this conduct of this person: neither innocence nor guilt.

    `fact` is what of the question no rule is known for: employment, candidate_status or election.
    """

    code = "not_known"
    fact: str
    rule: str


@dataclass(eq=False)
class FactMissing(DomainError):
    """The answer depends on a fact that was not given and cannot be told from the calendar."""

    code = "fact_missing"
    fact: str


@dataclass(eq=False)
class ValueUnknown(DomainError):
    """A value that is none of the known ones."""

    code = "value_unknown"
    fact: str
    value: str
    known: tuple[str, ...]


# --- time limits -------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class HolidaysUnknown(DomainError):
    """Working days of a year whose holidays nobody has decreed yet, or that the rulebook does not hold."""

    code = "holidays_unknown"
    year: int


@dataclass(eq=False)
class TermUnknown(DomainError):
    code = "term_unknown"
    term: str


@dataclass(eq=False)
class TermStartWrong(DomainError):
    """A time limit was started with what it cannot count from. `needs`: day, local_time or nearer_day."""

    code = "term_start_wrong"
    term: str
    needs: str
    field: str = "start"


@dataclass(eq=False)
class TermRegimeWrong(DomainError):
    """The time limit of one kind of election (`regime`) was asked for another (`given`)."""

    code = "term_regime_wrong"
    term: str
    regime: str
    given: str
    field: str = "regime"


@dataclass(eq=False)
class TermNotInForce(DomainError):
    """No such time limit held on the day it would start. `held` says on which days it did: `2020-09-10/2022-09-21`."""

    code = "term_not_in_force"
    term: str
    day: date
    held: str
    field: str = "start"


@dataclass(eq=False)
class TermPaused(DomainError):
    """The time limit stands still since a day and has no last day until it goes on."""

    code = "term_paused"
    term: str
    since: date


# --- rules compared with the gazette -----------------------------------------------------------------------------


@dataclass(eq=False)
class RuleVersionUnknown(DomainError):
    """No rule of that kind and id has a version that begins on that day."""

    code = "rule_version_unknown"
    rule: str


@dataclass(eq=False)
class RuleVersionChanged(DomainError):
    """The version says something else than it did when it was shown: it must be read and compared again."""

    code = "rule_version_changed"
    rule: str


@dataclass(eq=False)
class RuleAlreadyCompared(DomainError):
    """The version as it is now was compared before, on that day; a second mark would say nothing more."""

    code = "rule_already_compared"
    compared_on: date


@dataclass(eq=False)
class GazetteCheckEnded(DomainError):
    """The mark was withdrawn already, or a later comparison took its place."""

    code = "gazette_check_ended"


@dataclass(eq=False)
class DayInFuture(DomainError):
    """Nobody has done that on a day that is still to come."""

    code = "day_in_future"
    day: date


@dataclass(eq=False)
class ComparedInFuture(DayInFuture):
    """Nobody has compared a rule with the gazette on a day that is still to come."""

    code = "compared_in_future"


# --- guidance ----------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class ActivityUnknown(DomainError):
    code = "activity_unknown"
    activity: str
    field: str = "activity"


@dataclass(eq=False)
class ActivityContradicted(DomainError):
    """An activity was named beside a question that asks about others."""

    code = "activity_contradicted"
    activity: str
    heard: tuple[str, ...]
    field: str = "activity"


@dataclass(eq=False)
class QuestionEmpty(DomainError):
    code = "question_empty"
    field: str = "question"


@dataclass(eq=False)
class QuestionNotUnderstood(DomainError):
    """Text of another language, or of none. `cut`: it was longer than what is read."""

    code = "question_not_understood"
    cut: bool
    field: str = "question"


@dataclass(eq=False)
class GuidanceBusy(DomainError):
    """More came in within the hour than is taken from everybody together; nobody is counted one by one."""

    code = "guidance_busy"


@dataclass(eq=False)
class OfficeDoesNotAnswer(DomainError):
    """Nobody of that agency or body writes opinions here."""

    code = "office_does_not_answer"


@dataclass(eq=False)
class OpinionAlreadyGiven(DomainError):
    code = "opinion_already_given"


@dataclass(eq=False)
class OpinionIncomplete(DomainError):
    """An opinion without what it must have: text, facts, citations, or a day until which it stands."""

    code = "opinion_incomplete"
    fact: str


@dataclass(eq=False)
class OpinionAlreadyPublished(DomainError):
    code = "opinion_already_published"


@dataclass(eq=False)
class SecondLookMissing(DomainError):
    """Nobody said that the text was looked at again and names no one."""

    code = "second_look_missing"


@dataclass(eq=False)
class TextNamesSomebody(DomainError):
    """A text holds a number or an address of a person."""

    code = "text_names_somebody"
    field: str
    found: str


# --- activities that people are called to ------------------------------------------------------------------------


@dataclass(eq=False)
class ActivityStateWrong(DomainError):
    """The activity stands where that step cannot be taken."""

    code = "activity_state_wrong"
    state: str


@dataclass(eq=False)
class ActivityDayAbsurd(DomainError):
    """A day that nobody can mean: long ago, or years ahead."""

    code = "activity_day_absurd"
    on: date
    field: str = "on"


@dataclass(eq=False)
class ActivityInPast(DomainError):
    """Nobody is called to a day that is over."""

    code = "activity_in_past"
    on: date
    today: date
    field: str = "on"


@dataclass(eq=False)
class ActivityNotYet(DomainError):
    """The list of those present is not opened before the day."""

    code = "activity_not_yet"
    on: date


@dataclass(eq=False)
class HoursInWrongOrder(DomainError):
    """It would end before it begins, or end without a beginning."""

    code = "hours_in_wrong_order"
    field: str = "ends_at"


@dataclass(eq=False)
class NobodyInvited(DomainError):
    code = "nobody_invited"


@dataclass(eq=False)
class ActivityAttended(DomainError):
    """Somebody checked in already: the day can neither be moved nor taken back."""

    code = "activity_attended"
    people: int


@dataclass(eq=False)
class ActivitySigned(DomainError):
    """A pact was signed at the activity: what certificates say of it does not change any more. `people`: how many signed."""

    code = "activity_signed"
    people: int


@dataclass(eq=False)
class NothingMoved(DomainError):
    """Day, hours and place are what they were."""

    code = "nothing_moved"


@dataclass(eq=False)
class CheckInCodeWrong(DomainError):
    """The code is not one that this activity showed within the last minutes."""

    code = "check_in_code_wrong"
    field: str = "code"


@dataclass(eq=False)
class TooManyGuesses(DomainError):
    """So many wrong codes came from this account that none is heard for a while."""

    code = "too_many_guesses"
    minutes: int
    field: str = "code"


@dataclass(eq=False)
class NotInvited(DomainError):
    code = "not_invited"


@dataclass(eq=False)
class OnLeaveNow(DomainError):
    """Who is on leave by the roster is let in by an officer who sees him, not by his phone."""

    code = "on_leave_now"


@dataclass(eq=False)
class QuotaFull(DomainError):
    """As many came as the activity, or that unit's share of it, takes."""

    code = "quota_full"
    quota: int


@dataclass(eq=False)
class ShareExceeded(DomainError):
    """More people are named for a unit than its share has places left."""

    code = "share_exceeded"
    people: int
    left: int


@dataclass(eq=False)
class NotOfShare(DomainError):
    """One of the people named for a unit stands elsewhere, is called already, or is there."""

    code = "not_of_share"


@dataclass(eq=False)
class AttendanceStruck(DomainError):
    """An officer said that this person was not there; a phone does not say otherwise."""

    code = "attendance_struck"
    reason: str


@dataclass(eq=False)
class AttendanceSettled(DomainError):
    """It was struck out already, or it stands already."""

    code = "attendance_settled"


@dataclass(eq=False)
class MinutesFinal(DomainError):
    """The minutes were made final; what they tell changes no more."""

    code = "minutes_final"


@dataclass(eq=False)
class MinutesEmpty(DomainError):
    code = "minutes_empty"
    field: str = "minutes"


@dataclass(eq=False)
class DecisionWithoutOwner(DomainError):
    """A decision has one owner: an office, or a unit through its head."""

    code = "decision_without_owner"
    field: str = "office"


@dataclass(eq=False)
class DecisionDueTooEarly(DomainError):
    """Nothing is to be done before the day on which it is decided: a digit of the day is wrong."""

    code = "decision_due_too_early"
    day: date
    first: date
    field: str = "due_on"


@dataclass(eq=False)
class DecisionSettled(DomainError):
    """It was done already, or its minutes are not final yet."""

    code = "decision_settled"


@dataclass(eq=False)
class EvidenceMissing(DomainError):
    code = "evidence_missing"
    field: str = "evidence"


@dataclass(eq=False)
class ListTooLong(DomainError):
    """More names than are set in one paper while somebody waits; it is printed unit by unit."""

    code = "list_too_long"
    people: int
    most: int


@dataclass(eq=False)
class PhotosFull(DomainError):
    code = "photos_full"
    most: int


# --- files that were handed in -----------------------------------------------------------------------------------


@dataclass(eq=False)
class FileEmpty(DomainError):
    code = "file_empty"
    field: str = "file"


@dataclass(eq=False)
class FileTooBig(DomainError):
    """A file has more bytes than are taken there."""

    code = "file_too_big"
    size: int
    most: int
    field: str = "file"


@dataclass(eq=False)
class FileKindWrong(DomainError):
    """A file is, by its own bytes, none of the kinds that are taken there."""

    code = "file_kind_wrong"
    kinds: tuple[str, ...]
    field: str = "file"


@dataclass(eq=False)
class FileDamaged(DomainError):
    """A file begins as one of its kind and cannot be read to its end. `reason`: damaged, cut, too_many_pixels."""

    code = "file_damaged"
    reason: str
    field: str = "file"


@dataclass(eq=False)
class FileLost(DomainError):
    """The records know a file whose bytes are not there."""

    code = "file_lost"


# --- ceremonies, witnesses, sheets of paper ------------------------------------------------------------------------


@dataclass(eq=False)
class CeremonyNotOpen(DomainError):
    """An activity is not open now: before its hour, or closed."""

    code = "ceremony_not_open"


@dataclass(eq=False)
class CeremonyWithoutPact(DomainError):
    """No pact is signed at that activity."""

    code = "ceremony_without_pact"


@dataclass(eq=False)
class WitnessCodeRefused(DomainError):
    """Unknown, over, or tried too often: one answer for all."""

    code = "witness_code_refused"


@dataclass(eq=False)
class WitnessNotArrived(DomainError):
    """Nobody noted that this guest came."""

    code = "witness_not_arrived"


@dataclass(eq=False)
class NobodySignedYet(DomainError):
    """A witness states what he saw: before the first signature there is nothing."""

    code = "nobody_signed_yet"


@dataclass(eq=False)
class StatementChanged(DomainError):
    """The statement became another after it was shown."""

    code = "statement_changed"


@dataclass(eq=False)
class WitnessAlreadySigned(DomainError):
    code = "witness_already_signed"


@dataclass(eq=False)
class NameMissing(DomainError):
    code = "name_missing"
    field: str = "name"


@dataclass(eq=False)
class WitnessNameDiffers(DomainError):
    """A witness signs under a name that is not the one under which the officers received him."""

    received: str
    code = "witness_name_differs"
    field: str = "name"


@dataclass(eq=False)
class HolderFromOutside(DomainError):
    """Somebody on no roster may not hold this office, or not in that capacity."""

    code = "holder_from_outside"
    field: str = "name"


@dataclass(eq=False)
class NoOfficeChosen(DomainError):
    code = "no_office_chosen"


@dataclass(eq=False)
class OfficeOutOfReach(DomainError):
    """An office of another agency, which is none of the agencies below that of the round."""

    code = "office_out_of_reach"


@dataclass(eq=False)
class HolderOnRoster(DomainError):
    """Whoever holds an office stands on a roster: his slip is printed there."""

    code = "holder_on_roster"


@dataclass(eq=False)
class OfficeWithoutHolder(DomainError):
    """Nobody who is named holds the office in this minute."""

    code = "office_without_holder"


@dataclass(eq=False)
class SheetUnknown(DomainError):
    """No sheet of this agency bears the code; one of another agency is answered alike."""

    code = "sheet_unknown"


@dataclass(eq=False)
class SheetTwoCodes(DomainError):
    """The codes of two persons are on one picture: whose signature it shows cannot be told."""

    code = "sheet_two_codes"


@dataclass(eq=False)
class SheetOfOlderText(DomainError):
    """What was signed in ink is a text that is no longer in force."""

    code = "sheet_of_older_text"


@dataclass(eq=False)
class SheetSignedMeanwhile(DomainError):
    """Its owner signed the same text himself since it was printed."""

    code = "sheet_signed_meanwhile"


@dataclass(eq=False)
class SheetNotOpen(DomainError):
    """The pact is closed, or its owner moved, left or was excused."""

    code = "sheet_not_open"


@dataclass(eq=False)
class SheetDayWrong(DomainError):
    code = "sheet_day_wrong"
    signed_on: date
    printed_on: date
    today: date


@dataclass(eq=False)
class SheetAlreadyRead(DomainError):
    """Another picture of the same sheet was reconciled already."""

    code = "sheet_already_read"


@dataclass(eq=False)
class ScanSeenBefore(DomainError):
    """The same bytes were handed in before."""

    code = "scan_seen_before"


@dataclass(eq=False)
class ScanStateWrong(DomainError):
    """Somebody was quicker: the picture is no longer at that step."""

    code = "scan_state_wrong"
    state: str


@dataclass(eq=False)
class SecondPersonMissing(DomainError):
    """Whoever reconciled a sheet cannot confirm it too."""

    code = "second_person_missing"


@dataclass(eq=False)
class OwnSheet(DomainError):
    """Nobody reconciles or confirms his own sheet."""

    code = "own_sheet"


@dataclass(eq=False)
class TooManyPages(DomainError):
    code = "too_many_pages"
    pages: int
    most: int
    field: str = "files"


@dataclass(eq=False)
class TooManySheets(DomainError):
    """More sheets were asked for than are set while somebody waits; none was printed."""

    code = "too_many_sheets"
    people: int
    most: int


@dataclass(eq=False)
class TooManyFiles(DomainError):
    code = "too_many_files"
    count: int
    most: int
    field: str = "files"


@dataclass(eq=False)
class OwnDeviceNeeded(DomainError):
    """An account with a second step is not opened on a device that others use too."""

    code = "own_device_needed"


@dataclass(eq=False)
class TextMayNameSomebody(DomainError):
    """A text holds what looks like the name of a person; whoever wrote it has to look again."""

    code = "text_may_name_somebody"
    field: str
    found: str


@dataclass(eq=False)
class TextNamesKnown(DomainError):
    """A text for everybody names people of the roster, or places where few people work."""

    code = "text_names_known"
    field: str
    found: tuple[str, ...]


@dataclass(eq=False)
class OpinionTooLong(DomainError):
    """An office can stand by an opinion for a while, and not for ever: it cannot be taken back."""

    code = "opinion_too_long"
    field: str
    last_on: date


@dataclass(eq=False)
class AgencyNotBelow(DomainError):
    """A pact is issued beyond its own agency only to those that stand directly below it."""

    code = "agency_not_below"


# --- installation ------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class AlreadyInstalled(DomainError):
    code = "already_installed"


@dataclass(eq=False)
class NotInstalled(DomainError):
    code = "not_installed"


@dataclass(eq=False)
class NotADemo(DomainError):
    """Invented people never enter a real installation."""

    code = "not_a_demo"


@dataclass(eq=False)
class ScenarioUnknown(DomainError):
    code = "scenario_unknown"
    scenario: str
    known: tuple[str, ...]


@dataclass(eq=False)
class ScenarioOutOfOrder(DomainError):
    """It happened before another one of the same province that is loaded, in agencies that both meet in."""

    code = "scenario_out_of_order"
    scenario: str
    later: str


@dataclass(eq=False)
class AccountUnknown(DomainError):
    code = "account_unknown"
    name: str


@dataclass(eq=False)
class ResetNotYours(DomainError):
    """Somebody higher resets this account. `needs`: administrator, operator (see domain.access.Resetter)."""

    code = "reset_not_yours"
    needs: str


@dataclass(eq=False)
class ResetOfOneself(DomainError):
    """One's own ways in are kept on one's own page."""

    code = "reset_of_oneself"


@dataclass(eq=False)
class SecondStepStands(DomainError):
    """The account has a second step: the code of a slip replaces its password, never that."""

    code = "second_step_stands"


@dataclass(eq=False)
class RoleNotGiven(DomainError):
    """A role that follows from the roster, an office or a slip, and is given to nobody."""

    code = "role_not_given"
    role: str


@dataclass(eq=False)
class AlreadyServing(DomainError):
    """Another `ikrar serve` runs on the same folder."""

    code = "already_serving"
    home: str


@dataclass(eq=False)
class AddressUnusable(DomainError):
    """The server cannot listen there. `reason`: taken, forbidden, unknown."""

    code = "address_unusable"
    reason: str
    host: str
    port: int


@dataclass(eq=False)
class BackupUnusable(DomainError):
    """`reason` says what was wrong, `about` which file, tool or table."""

    code = "backup_unusable"
    reason: str
    about: str = ""


@dataclass(eq=False)
class BackupFailed(DomainError):
    """No backup was written. `reason`: exists, no_folder, tool."""

    code = "backup_failed"
    reason: str
    about: str = ""


@dataclass(eq=False)
class FileTrouble(DomainError):
    """The system would not read or write a file. `reason`: missing, forbidden, full, other."""

    code = "file_trouble"
    reason: str
    file: str


@dataclass(eq=False)
class RestoreTargetNotEmpty(DomainError):
    code = "restore_target_not_empty"


@dataclass(eq=False)
class PayloadNotCanonical(DomainError):
    """A log payload holds something that has no one canonical form."""

    code = "payload_not_canonical"
    where: str


# --- reports -----------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class ReturnCodeWrong(DomainError):
    """No return code. `word`: what is none of the list (empty: too few, too many, or the check is wrong), `meant`: the word
    that is nearest, if one is; `count`: how many words there were.
    """

    code = "return_code_wrong"
    word: str
    meant: str = ""
    count: int = 0
    field: str = "code"


@dataclass(eq=False)
class RecipientWrong(DomainError):
    """A text is no public key of the age format for X25519."""

    code = "recipient_wrong"
    field: str = "recipient"


@dataclass(eq=False)
class KeySetWrong(DomainError):
    """A key set is not taken. `reason`: form, holders, double, chain, unsigned, unchanged, empty, nobody, offline (the first
    set needs an offline key), gone (the proposal was withdrawn), withdraw (only holders, and who proposed it, take it back).
    """

    code = "key_set_wrong"
    reason: str


@dataclass(eq=False)
class SealBroken(DomainError):
    """A sealed text does not open: another key, or changed bytes."""

    code = "seal_broken"


@dataclass(eq=False)
class KeySetProposed(DomainError):
    """A change of this body's key set waits for signatures already."""

    code = "key_set_proposed"


@dataclass(eq=False)
class OfficerKeyWrong(DomainError):
    """An officer's key is not taken. `reason`: right, form, proof, taken."""

    code = "officer_key_wrong"
    reason: str


@dataclass(eq=False)
class ReportRefused(DomainError):
    """A report is not taken as it came.

    `reason`: form, too_large, day, body, keys_changed, nobody, files, work (its browser showed none), moved (other
    files came first); `about`: which part.
    """

    code = "report_refused"
    reason: str
    about: str = ""


@dataclass(eq=False)
class IntakeFull(DomainError):
    """A channel of a body has taken as many reports on this day as it may. `others`: the channels that are open."""

    code = "intake_full"
    channel: str
    others: tuple[str, ...] = ()


@dataclass(eq=False)
class ReportFileWrong(DomainError):
    """A file is not taken into a report. `reason`: kind, size, empty, traces (what was to be left out of it stays)."""

    code = "report_file_wrong"
    reason: str
    name: str


@dataclass(eq=False)
class StorageFull(DomainError):
    """The disk took no more: nothing of the act was kept."""

    code = "storage_full"


@dataclass(eq=False)
class FilingReceiptWrong(DomainError):
    """A text is no receipt of this log. `reason`: form, key, other_log, unsigned, unkept (signed, and the entry is not there)."""

    code = "filing_receipt_wrong"
    reason: str
    field: str = "receipt"


@dataclass(eq=False)
class AnswersLost(DomainError):
    """What travelled with a form opens no more: the server was started anew, or it lay too long."""

    code = "answers_lost"


@dataclass(eq=False)
class MailboxUnknown(DomainError):
    """No mailbox opens with this code."""

    code = "mailbox_unknown"
    field: str = "code"


@dataclass(eq=False)
class MailboxBusy(DomainError):
    """Too many wrong codes within a minute; right ones are let in meanwhile."""

    code = "mailbox_busy"
    field: str = "code"


@dataclass(eq=False)
class ReportStands(DomainError):
    """What the reporter asks for is not possible in this state. `reason`: registered, closed, erased, named, unread (whom the
    report excludes cannot be read).
    """

    code = "report_stands"
    reason: str


@dataclass(eq=False)
class CaseActRefused(DomainError):
    """An act on a case is not taken, and nothing of it was kept.

    `reason`: changed (it stands elsewhere than was shown), not_yours (nothing that his roles reach), conflict (he has no part in
    it), own_matter, relative, drafter (whoever drafted does not decide), same_person (a second one must), unopened (a report that
    he did not open), in_case (a report lies in a case), report_state, respondents (none, or one twice), person (both described and
    named), nobody_placed (nobody's place on that day is known), closed, assigned, not_assigned, not_examiner (he does not examine
    that respondent), second_factor, text, evidence (that piece is there), step (another act does that), drafted, not_drafted,
    decided, not_confirmed, not_sent (no step sent it to the last address), departure (other than
    recommended, and nobody says why), number_used (`about`: the day of another decision of the
    agency that has that number), own_number (of an outcome: that of its decision, of which `on` and `number` are),
    ruling_number_used (of an appeal: the day of a decision or a ruling of another case that has it),
    same_letter (its day as well), outdated (a draft since which the records say something else), no_allegation
    (nothing is alleged any more), paper (number or digest of the signed paper), gone (left the service, or died), authority
    (nobody may decide on that day), not_holder (that office is another's in this minute), body_gone (it does not exist on that
    day; `about`: the kinds that took over, with commas between), nobody (no officer there could accept it), power (that measure is
    no power of one's body over that agency on that day), sent (it waits for an answer there), behind (others of it stand
    elsewhere), answered, reason, clock (none runs),
    holidays (a year whose holidays are not known), dates (past already), target_running (`about`: since when that measure may be
    taken), not_today (what is signed here is of its day), number (it has one, or another case has it), filters_full, filter_taken,
    filter_gone, outcome (an objection or appeal that ends otherwise than its sanction says), own_proceeding (a dismissal by
    the outcome of an objection), own_clock (it binds his own side),
    too_long (a target is made longer by its own length at most), other_side (somebody of another side), element (a member of a
    team is named for one of its elements, and nobody else is), no_role (`about`: roles of which somebody needs one), element_taken
    (each respondent has his one superior in the team), of_agency (who examines is for the agency to say),
    team (`about`: the elements that it lacks, with commas between),
    scan (a step of the authority that a drafter records without the paper that shows it), beside (another track answers nothing of
    a matter, or has a case of it).
    `about` names what of it.
    """

    code = "case_act_refused"
    reason: str
    about: str = ""
    on: date | None = None
    number: str = ""


@dataclass(eq=False)
class TargetRefused(DomainError):
    """An operator's target does not change like this. `reason`: order (warned of before its days, long overdue after them), most
    (it would be long overdue after more than `most` days), unchanged, changed (somebody else changed it meanwhile), unknown.
    """

    code = "target_refused"
    reason: str
    most: int = 0


@dataclass(eq=False)
class RetentionRefused(DomainError):
    """How long something is kept does not change like this. `reason`: bounds (`least` and `most` days), unchanged, too_soon
    (the last change is announced still), until (a hold's last day lies in the past, or too far ahead), gone (nothing to end),
    another (another body set it).
    """

    code = "retention_refused"
    reason: str
    least: int = 0
    most: int = 0


@dataclass(eq=False)
class FindingRefused(DomainError):
    """People are not looked for now, or not there. `reason`: region (there is none of that code, or it is out of reach), index
    (the index of names is being made), pace (faster than anybody types), hour (more than anybody reads; `minutes` are left of it).
    """

    code = "finding_refused"
    reason: str
    minutes: int = 0

    @property
    def is_too_often(self) -> bool:
        """Say whether it would be answered later."""
        return self.reason in ("pace", "hour")


@dataclass(eq=False)
class ReportActRefused(DomainError):
    """An officer's act on a report is not taken. `reason`: unopened (he did not open it himself), same_person (the second
    pair of eyes is the first), state, reason_missing, not_yours (another body's, or a key that he lacks), recipients
    (somebody in it receives nothing there), consent (the reporter did not agree), offered, answered, nobody, erased,
    excluded (the reporter left somebody in it out), moved (it is in another state, `to`, than the officer saw; `by` changed it),
    withdrawn (its reporter took it back), in_case (it is part of a case: what becomes of it is done there), nothing (none was
    chosen), bodies (of several at once), many, keys_changed
    (the set in force is another than the browser sealed to), second_holder (nobody undoes
    this by himself), waiting (too many offers wait there for an answer), to_whom (nobody says to which body it is handed over,
    or how), copy_missing (that body was offered no copy of it).
    excluded (the reporter left somebody in it out), nothing (none was chosen), bodies (of several at once), many, keys_changed
    (the set in force is another than the browser sealed to), secret (the body's secret is another by now), few (fewer than
    two), single (of no matter with others), second_holder (nobody undoes this by himself), waiting (too many offers wait
    there for an answer).
    """

    code = "report_act_refused"
    reason: str
    by: str = ""
    to: str = ""


@dataclass(eq=False)
class ConclusionDoubted(DomainError):
    """What stands in clear of a report is against a conclusion. `doubt`: named (nothing may be said against that), lacks (so many
    requirements), complete, in_time (`until` that day). But for the first an officer may be sure, and tells the reporter why.
    """

    code = "conclusion_doubted"
    doubt: str
    lacks: int = 0
    until: date | None = None


@dataclass(eq=False)
class ClippingRefused(DomainError):
    """A clipping, or what is to become of it, is not taken. `reason`: empty, too_long (`length` of `most` signs), address,
    credentials (the address holds a password), seen_at (a moment to come, or before there were programmes), reason_missing,
    day (none or several were ticked), title, gone (it was discarded), moved (somebody else did something with it meanwhile).
    """

    code = "clipping_refused"
    reason: str
    length: int = 0
    most: int = 0


@dataclass(eq=False)
class ClippingKnown(DomainError):
    """The same text was kept before, as `clipping`."""

    code = "clipping_known"
    clipping: int
    field: str = "text"


@dataclass(eq=False)
class NameQueryRefused(DomainError):
    """Nobody can be looked for by these words. `reason`: empty, too_long (`longest` letters), titles_only, salutation_only,
    letter_only, post_only (a post without a place), denied_only (who is not meant alone), sentence (many words, and nobody found),
    unreadable (no letters that names are written in).
    """

    code = "name_query_refused"
    reason: str
    longest: int = 0
    field: str = "query"


@dataclass(eq=False)
class NameIndexBroken(DomainError):
    """The file of an index of names cannot be used and has to be built anew. `reason`: missing, foreign (not ours), version
    (made by another), broken (cut short or changed).
    """

    code = "name_index_broken"
    reason: str


@dataclass(eq=False)
class NameFileWrong(DomainError):
    """A file of people cannot be looked through. `reason`: missing (no such file), columns (`column` is not there),
    unreadable (not a CSV file in UTF-8), quote (one that is opened in row `line` swallows the rows behind), folder (the index
    cannot be written beside it).
    """

    code = "name_file_wrong"
    reason: str
    column: str = ""
    line: int = 0
    field: str = "roster"


# --- cases -------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class ProcedureUnknown(DomainError):
    """No procedure of that name, or of that regime and track on that day, is encoded."""

    code = "procedure_unknown"
    procedure: str
    day: str = ""


@dataclass(eq=False)
class CaseStepRefused(DomainError):
    """A step of a case is not taken. `reason`: unknown, ended, state (`about`: those in which it begins), role (those who
    may), scope, interest (what stands between), absent (whoever the law names has no part in the case, and it names no other one),
    missing (facts), before (the day that must not be preceded, and the one that does), not_later (the day that another one must
    come after, and that one), after (its last day), holiday. `fact`: the day that was told wrong; empty: that of the step. `since`:
    the step or the fact that has the day which must not be preceded.
    """

    code = "case_step_refused"
    reason: str
    step: str
    about: tuple[str, ...] = ()
    fact: str = ""
    since: str = ""


@dataclass(eq=False)
class SanctionOutsideBand(DomainError):
    """A sanction that the clauses do not allow on that day. `allowed`: those that they do; `whom`: of several, for whom not."""

    code = "sanction_outside_band"
    sanction: str
    allowed: tuple[str, ...]
    whom: str = ""
