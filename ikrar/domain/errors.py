"""Every refusal the field knows. Each has a stable `code`; the sentence for a reader is found by that code."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar


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
    code = "unknown_field"
    field: str


@dataclass(eq=False)
class RosterChangedSincePreview(DomainError):
    """Somebody changed the roster after the difference was shown; it must be looked at again."""

    code = "roster_changed_since_preview"


@dataclass(eq=False)
class ImportStateWrong(DomainError):
    code = "import_state_wrong"
    state: str


@dataclass(eq=False)
class ImportNotUndoable(DomainError):
    code = "import_not_undoable"
    reason: str


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
class DatesInWrongOrder(DomainError):
    code = "dates_in_wrong_order"
    first: date | datetime
    last: date | datetime


@dataclass(eq=False)
class PersonNotOfAgency(DomainError):
    code = "person_not_of_agency"


# --- pacts -------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class PactTextEmpty(DomainError):
    code = "pact_text_empty"


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
class RemindersUsedUp(DomainError):
    """These people were reminded as often as anybody may be."""

    code = "reminders_used_up"


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
class LastAdministrator(DomainError):
    code = "last_administrator"


# --- elections ---------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class ElectionUnknown(DomainError):
    code = "election_unknown"
    election: str


@dataclass(eq=False)
class RegionUnknown(DomainError):
    code = "region_unknown"
    region: str


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
class BackupUnusable(DomainError):
    code = "backup_unusable"
    reason: str


@dataclass(eq=False)
class RestoreTargetNotEmpty(DomainError):
    code = "restore_target_not_empty"


@dataclass(eq=False)
class PayloadNotCanonical(DomainError):
    """A log payload holds something that has no one canonical form."""

    code = "payload_not_canonical"
    where: str
