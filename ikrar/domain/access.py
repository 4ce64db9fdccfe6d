"""Who may do what, and over whom: roles, permissions and their scope, as one table.

A right always has a scope: one's own matters, a subtree of work units, an agency, a body, or the installation. Nothing
here is a list of pages: each page names the permission it needs.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The roles of the programme. Public and reporter have no account and hence no role here."""

    CIVIL_SERVANT = "civil_servant"
    UNIT_HEAD = "unit_head"
    PROGRAMME_OFFICER = "programme_officer"
    INTAKE_OFFICER = "intake_officer"
    EXAMINER = "examiner"
    DRAFTER = "drafter"
    PACT_WITNESS = "pact_witness"
    OFFICE_HOLDER = "office_holder"
    SUPERVISOR_BODY = "supervisor_body"
    APPOINTING_AUTHORITY = "appointing_authority"
    NATIONAL_BODY = "national_body"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Over(StrEnum):
    """What a right reaches."""

    OWN = "own"
    SUBTREE = "subtree"
    AGENCY = "agency"
    BODY = "body"
    INSTALLATION = "installation"


# Where a role is given: what the grant must name. Civil servant and unit head come from the roster, not from a grant.
GIVEN_OVER: dict[Role, Over] = {
    Role.CIVIL_SERVANT: Over.OWN,
    Role.UNIT_HEAD: Over.SUBTREE,
    Role.PROGRAMME_OFFICER: Over.AGENCY,
    Role.INTAKE_OFFICER: Over.BODY,
    Role.EXAMINER: Over.AGENCY,
    Role.DRAFTER: Over.AGENCY,
    Role.PACT_WITNESS: Over.OWN,
    Role.OFFICE_HOLDER: Over.OWN,
    Role.SUPERVISOR_BODY: Over.BODY,
    Role.APPOINTING_AUTHORITY: Over.AGENCY,
    Role.NATIONAL_BODY: Over.BODY,
    Role.AUDITOR: Over.INSTALLATION,
    Role.ADMINISTRATOR: Over.INSTALLATION,
}

FROM_ROSTER = frozenset({Role.CIVIL_SERVANT, Role.UNIT_HEAD})
# Whoever holds an office has its role through the office; a witness of a pact has a slip for one activity and no account.
FROM_ELSEWHERE = frozenset({Role.OFFICE_HOLDER, Role.PACT_WITNESS})
NEVER_GIVEN = FROM_ROSTER | FROM_ELSEWHERE

# Roles that act on others, and therefore need a second factor or a passkey at sign-in.
NEEDS_SECOND_FACTOR = frozenset(Role) - {Role.CIVIL_SERVANT, Role.UNIT_HEAD, Role.PACT_WITNESS, Role.OFFICE_HOLDER}

_CIVIL_SERVANT = {"pact.sign_own", "circular.read_own", "activity.attend_own", "duty.do_own"}
# Who holds an office and stands on no roster: elected heads of region, acting heads from elsewhere. Asked of the offices
# themselves, never given by hand.
_OFFICE_HOLDER = {"pact.sign_own", "activity.attend_own", "duty.do_own"}
_UNIT_HEAD = {"coverage.view", "unit.view", "certificate.bundle", "circular.view", "activity.run"}
_PROGRAMME_OFFICER = {
    "agency.view",
    "unit.view",
    "unit.change",
    "roster.view",
    "roster.import",
    "roster.export",
    "person.change",
    "code.issue",
    "office.change",
    "body.change",
    "election.change",
    "pact.manage",
    "coverage.view",
    "certificate.bundle",
    "opinion.write",
    "circular.view",
    "circular.manage",
    "letter.change",
    "activity.run",
    "paper.reconcile",
    "duty.manage",
    "desk.view",
    "province.view",
    "clipping.keep",
}
_APPOINTING_AUTHORITY = {"agency.view", "unit.view", "coverage.view", "duty.do_own"}
_DRAFTER = {"gazette.check", "opinion.write"}
# Bodies that watch over neutrality are asked what one may do as agencies are.
_BODY_THAT_IS_ASKED = {"opinion.write"}
_AUDITOR = {"log.view"}
_ADMINISTRATOR = {"agency.change", "letter.change", "role.grant", "installation.view", "target.change"}

# Whoever opens reports of a body: its inbox, its keys, its answers, who is meant in them; and what he found in public himself.
_OPENS_REPORTS = {"report.open", "person.find", "clipping.keep"}

# Cases (perkara). Which step of the procedure who may take stands in the procedure itself (domain.cases); a permission here opens
# the kind of work, and the step's own line narrows it. Programme officers have no part in cases.
# To follow a matter is to read how it is examined and what was decided; to weigh it, to have it on the desk of decisions.
_REGISTERS_CASES = {"case.view", "case.follow", "case.register", "case.refer", "case.accept"}
_SUPERVISES_CASES = _REGISTERS_CASES | {"case.examine", "case.assign", "case.clock"}
_EXAMINES_CASES = {"case.view", "case.follow", "case.examine", "case.serve", "case.accept", "case.refer"}
_DRAFTS_CASES = {"case.view", "case.follow", "case.weigh", "case.draft", "case.confirm", "case.record", "case.serve"}
_DECIDES_CASES = {"case.view", "case.follow", "case.weigh", "case.decide", "case.assign"}
# A head decides on those under him where the law names his office, and answers for the summons of those whom he directly leads
# (pp-94-2021 Pasal 16, 28): he follows these matters and no others, and reads no case file.
_HEADS_CASES = {"case.follow", "case.weigh", "case.decide"}

# The table. A role that has no line here has its pages in a later part of the product and can open none today
# but those that everybody signed in has.
GRANTS: dict[Role, frozenset[str]] = {role: frozenset() for role in Role} | {
    Role.CIVIL_SERVANT: frozenset(_CIVIL_SERVANT),
    # His role comes from the roster and needs no second factor; what it opens of cases asks for one (ASKS_SECOND_FACTOR).
    Role.UNIT_HEAD: frozenset(_UNIT_HEAD | _HEADS_CASES),
    Role.OFFICE_HOLDER: frozenset(_OFFICE_HOLDER),
    Role.PROGRAMME_OFFICER: frozenset(_PROGRAMME_OFFICER),
    Role.EXAMINER: frozenset(_EXAMINES_CASES),
    Role.DRAFTER: frozenset(_DRAFTER | _DRAFTS_CASES),
    Role.INTAKE_OFFICER: frozenset(_OPENS_REPORTS | _REGISTERS_CASES),
    Role.SUPERVISOR_BODY: frozenset(_BODY_THAT_IS_ASKED | _OPENS_REPORTS | _SUPERVISES_CASES),
    Role.NATIONAL_BODY: frozenset(_BODY_THAT_IS_ASKED | _OPENS_REPORTS | _SUPERVISES_CASES | {"case.monitor"}),
    Role.APPOINTING_AUTHORITY: frozenset(_APPOINTING_AUTHORITY | _DECIDES_CASES),
    Role.AUDITOR: frozenset(_AUDITOR),
    Role.ADMINISTRATOR: frozenset(_ADMINISTRATOR),
}

# What anybody signed in may do: see his own home, messages and credentials.
EVERYBODY = frozenset({"account.own"})

PERMISSIONS: frozenset[str] = EVERYBODY.union(*GRANTS.values())

# What nobody does with a password alone, whatever his role: matters that are held against somebody.
ASKS_SECOND_FACTOR: frozenset[str] = frozenset(each for each in PERMISSIONS if each.startswith("case."))


@dataclass(frozen=True)
class Grant:
    """One role as somebody holds it now: where it reaches. Ids are those of the records."""

    role: Role
    agency: int | None = None
    unit_span: tuple[int, int] | None = None  # positions in the tree of `agency`, both included
    body: int | None = None


@dataclass(frozen=True)
class Scope:
    """What one permission reaches for one person: the union over the roles that carry it."""

    everything: bool = False
    agencies: frozenset[int] = frozenset()
    spans: frozenset[tuple[int, int, int]] = frozenset()  # agency, first and last position
    bodies: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.everything or bool(self.agencies or self.spans or self.bodies)

    def covers_agency(self, agency: int) -> bool:
        """Say whether the whole agency is within reach (a subtree alone is not enough)."""
        return self.everything or agency in self.agencies


def roles_with(permission: str) -> frozenset[Role]:
    """Return the roles whose line in the table carries the permission. An unknown permission is an error.

    >>> sorted(roles_with("log.view"))
    [<Role.AUDITOR: 'auditor'>]
    """
    if permission not in PERMISSIONS:
        raise KeyError(permission)
    return frozenset(Role) if permission in EVERYBODY else frozenset(r for r in Role if permission in GRANTS[r])


class Resetter(StrEnum):
    """Who may take off an account's second step, the least first; each may what those before him may."""

    OFFICER = "officer"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"


def resetter_of(roles: Collection[Role]) -> Resetter:
    """Return who may reset the ways into an account with these roles, so that nobody rises by it above what he has.

    Whoever issues codes would otherwise enter as an officer with one slip; and no administrator enters as another one:
    that takes whoever runs the machine.

    >>> resetter_of([Role.CIVIL_SERVANT]).value, resetter_of([Role.AUDITOR]).value
    ('officer', 'administrator')
    """
    if Role.ADMINISTRATOR in roles:
        return Resetter.OPERATOR
    return Resetter.OFFICER if NEEDS_SECOND_FACTOR.isdisjoint(roles) else Resetter.ADMINISTRATOR


def may_reset(by: Resetter, needed: Resetter) -> bool:
    """Say whether this one may reset an account for which that one is needed."""
    ranks = list(Resetter)
    return ranks.index(by) >= ranks.index(needed)


def holds(grants: list[Grant], permission: str) -> bool:
    """Say whether any of the grants carries the permission at all, wherever it reaches."""
    if permission in EVERYBODY:
        return True
    return any(permission in GRANTS[grant.role] for grant in grants)


def scope_of(grants: list[Grant], permission: str) -> Scope:
    """Return how far a permission reaches with these grants. An empty scope reaches nothing.

    >>> scope_of([Grant(Role.PROGRAMME_OFFICER, agency=7)], "pact.manage").agencies
    frozenset({7})
    """
    agencies, spans, bodies, everything = set(), set(), set(), False
    for grant in grants:
        if permission not in GRANTS[grant.role]:
            continue
        over = GIVEN_OVER[grant.role]
        if over is Over.INSTALLATION:
            everything = True
        elif over is Over.AGENCY and grant.agency is not None:
            agencies.add(grant.agency)
        elif over is Over.SUBTREE and grant.agency is not None and grant.unit_span is not None:
            spans.add((grant.agency, *grant.unit_span))
        elif over is Over.BODY and grant.body is not None:
            bodies.add(grant.body)
    return Scope(everything, frozenset(agencies), frozenset(spans), frozenset(bodies))
