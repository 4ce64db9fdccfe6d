"""All models, by feature; import them from here."""

from ikrar.records.models.accounts import AccessCode, CredentialEvent, RoleGrant, Throttle, User
from ikrar.records.models.activities import (
    Activity,
    ActivityMove,
    ActivityPhoto,
    Attendance,
    Decision,
    Guest,
    Invitation,
    InvitedUnit,
    PaperScan,
    PaperSheet,
    Witness,
)
from ikrar.records.models.circulars import Circular, CircularQuestion, CircularReader, LetterNumbering
from ikrar.records.models.coverage import CountedRound, UnitCount, UnitTouch
from ikrar.records.models.duties import Duty, DutyDone, DutyOwner
from ikrar.records.models.elections import RegionalElection, StageMove
from ikrar.records.models.files import StoredFile
from ikrar.records.models.gazette import GazetteCheck
from ikrar.records.models.guidance import AnswerReceipt, Inquiry, Opinion, PublishedOpinion
from ikrar.records.models.installation import Installation
from ikrar.records.models.ledger import LogEntry, LogPayload
from ikrar.records.models.notices import Notice
from ikrar.records.models.offices import Body, BodyMember, Holding, Office, OfficeLeave
from ikrar.records.models.outbox import FailingAddress, OutsideCalm, OutsideMessage, OutsideSilence
from ikrar.records.models.pacts import (
    CertificateFile,
    Escalation,
    Obligation,
    PactRound,
    PactVersion,
    PaperOrder,
    Reminded,
    Reminder,
    Signature,
    SignatureContest,
)
from ikrar.records.models.people import (
    Agency,
    ColumnMapping,
    FormerIdentifier,
    FormerName,
    Person,
    Placement,
    RosterChange,
    RosterImport,
    RosterReject,
    WorkUnit,
)
from ikrar.records.models.regions import Region

__all__ = [
    "AccessCode",
    "Activity",
    "ActivityMove",
    "ActivityPhoto",
    "Agency",
    "AnswerReceipt",
    "Attendance",
    "Body",
    "BodyMember",
    "CertificateFile",
    "Circular",
    "CircularQuestion",
    "CircularReader",
    "ColumnMapping",
    "CountedRound",
    "CredentialEvent",
    "Decision",
    "Duty",
    "DutyDone",
    "DutyOwner",
    "Escalation",
    "FailingAddress",
    "FormerIdentifier",
    "FormerName",
    "GazetteCheck",
    "Guest",
    "Holding",
    "Inquiry",
    "Installation",
    "Invitation",
    "InvitedUnit",
    "LetterNumbering",
    "LogEntry",
    "LogPayload",
    "Notice",
    "Obligation",
    "Office",
    "OfficeLeave",
    "Opinion",
    "OutsideCalm",
    "OutsideMessage",
    "OutsideSilence",
    "PactRound",
    "PactVersion",
    "PaperOrder",
    "PaperScan",
    "PaperSheet",
    "Person",
    "Placement",
    "PublishedOpinion",
    "Region",
    "RegionalElection",
    "Reminded",
    "Reminder",
    "RoleGrant",
    "RosterChange",
    "RosterImport",
    "RosterReject",
    "Signature",
    "SignatureContest",
    "StageMove",
    "StoredFile",
    "Throttle",
    "UnitCount",
    "UnitTouch",
    "User",
    "Witness",
    "WorkUnit",
]
