"""Who may do what, and over whom: the table of roles holds together, and no scope reaches further than its grants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikrar.domain import access
from ikrar.domain.access import (
    EVERYBODY,
    FROM_ROSTER,
    GIVEN_OVER,
    GRANTS,
    NEEDS_SECOND_FACTOR,
    PERMISSIONS,
    Grant,
    Over,
    Role,
    Scope,
    holds,
    roles_with,
    scope_of,
)

ROLE = st.sampled_from(list(Role))
IDS = st.integers(1, 6)
SPAN = st.tuples(IDS, IDS).map(lambda pair: (min(pair), max(pair)))
GRANT = st.builds(Grant, ROLE, st.none() | IDS, st.none() | SPAN, st.none() | IDS)
ALL = sorted(PERMISSIONS)


def whole(role):
    """A grant that names all a grant can name."""
    return Grant(role, agency=7, unit_span=(3, 9), body=5)


def reach(scope):
    """What a scope reaches, as a set that can be compared."""
    everything = {("everything",)} if scope.everything else set()
    agencies, bodies = {("agency", each) for each in scope.agencies}, {("body", each) for each in scope.bodies}
    return everything | agencies | bodies | {("span", *each) for each in scope.spans}


@pytest.mark.parametrize("permission", ALL)
@pytest.mark.parametrize("role", list(Role))
def test_every_question_about_a_role_and_a_permission_has_one_answer(role, permission):
    carries = permission in GRANTS[role]
    everybody = permission in EVERYBODY
    assert (role in roles_with(permission)) == (carries or everybody)
    assert holds([whole(role)], permission) == (carries or everybody)
    expected = {
        Over.OWN: Scope(),
        Over.SUBTREE: Scope(spans=frozenset({(7, 3, 9)})),
        Over.AGENCY: Scope(agencies=frozenset({7})),
        Over.BODY: Scope(bodies=frozenset({5})),
        Over.INSTALLATION: Scope(everything=True),
    }[GIVEN_OVER[role]]
    assert scope_of([whole(role)], permission) == (expected if carries else Scope())


def test_every_role_has_a_line_and_a_reach_and_every_permission_a_role():
    assert set(GRANTS) == set(GIVEN_OVER) == set(Role)
    assert all(roles_with(permission) for permission in PERMISSIONS)
    assert all(permission.count(".") == 1 and permission == permission.lower() for permission in PERMISSIONS)


def test_somebody_without_a_role_holds_only_what_everybody_holds():
    assert {permission for permission in PERMISSIONS if holds([], permission)} == EVERYBODY
    assert not any(scope_of([], permission) for permission in PERMISSIONS)


def test_an_unknown_permission_is_an_error_not_a_no():
    with pytest.raises(KeyError):
        roles_with("roster.devour")


@given(st.lists(GRANT, max_size=6), st.sampled_from(ALL))
def test_a_scope_names_nothing_that_no_grant_with_the_permission_names(grants, permission):
    carrying = [grant for grant in grants if permission in GRANTS[grant.role]]
    scope = scope_of(grants, permission)
    assert scope == scope_of(carrying, permission)
    assert scope.agencies <= {g.agency for g in carrying if GIVEN_OVER[g.role] is Over.AGENCY}
    assert scope.spans <= {(g.agency, *g.unit_span) for g in carrying if g.agency is not None and g.unit_span}
    assert scope.bodies <= {g.body for g in carrying if GIVEN_OVER[g.role] is Over.BODY}
    assert not scope.everything or any(GIVEN_OVER[g.role] is Over.INSTALLATION for g in carrying)
    assert None not in scope.agencies and None not in scope.bodies
    assert holds(grants, permission) or not scope


@given(st.lists(GRANT, max_size=5), GRANT, st.sampled_from(ALL))
def test_a_scope_is_the_union_of_what_each_grant_reaches(grants, more, permission):
    together = reach(scope_of([*grants, more], permission))
    assert together == reach(scope_of(grants, permission)) | reach(scope_of([more], permission))


@given(st.lists(GRANT, max_size=5), st.randoms(), st.sampled_from(ALL))
def test_the_order_of_grants_does_not_matter(grants, chance, permission):
    shuffled = chance.sample(grants, len(grants))
    assert scope_of(shuffled, permission) == scope_of(grants, permission)


@pytest.mark.parametrize("role", [role for role, over in GIVEN_OVER.items() if over is not Over.INSTALLATION])
def test_a_grant_that_lacks_its_place_reaches_nothing(role):
    for permission in PERMISSIONS:
        assert not scope_of([Grant(role)], permission)


def test_a_head_of_a_unit_reaches_the_range_of_the_unit_and_not_the_agency():
    scope = scope_of([Grant(Role.UNIT_HEAD, agency=7, unit_span=(3, 9))], "coverage.view")
    assert scope.spans == {(7, 3, 9)} and not scope.covers_agency(7) and not scope.everything
    assert not scope_of([Grant(Role.UNIT_HEAD, agency=7)], "coverage.view")


def test_a_whole_agency_is_covered_only_by_itself_or_by_everything():
    assert scope_of([Grant(Role.PROGRAMME_OFFICER, agency=7)], "roster.import").covers_agency(7)
    assert not scope_of([Grant(Role.PROGRAMME_OFFICER, agency=7)], "roster.import").covers_agency(8)
    assert scope_of([Grant(Role.ADMINISTRATOR)], "agency.change").covers_agency(8)


def test_who_administers_or_audits_opens_no_roster_and_no_pact():
    for role in (Role.ADMINISTRATOR, Role.AUDITOR):
        assert not GRANTS[role] & {"roster.view", "roster.import", "roster.export", "pact.manage", "coverage.view"}
        assert "code.issue" not in GRANTS[role] and "person.change" not in GRANTS[role]


def test_without_the_roles_that_need_a_second_factor_no_right_of_an_office_is_left():
    ordinary = [whole(role) for role in Role if role not in NEEDS_SECOND_FACTOR]
    left = {permission for permission in PERMISSIONS if holds(ordinary, permission)}
    own = {"pact.sign_own", "circular.read_own", "activity.attend_own", "duty.do_own"}
    of_a_unit = {"coverage.view", "unit.view", "certificate.bundle", "circular.view", "activity.run"}
    assert left - access.ASKS_SECOND_FACTOR == EVERYBODY | own | of_a_unit
    assert all(not scope_of(ordinary, permission).agencies for permission in left)
    assert not FROM_ROSTER & NEEDS_SECOND_FACTOR


def test_the_roles_that_need_none_are_those_of_ordinary_people():
    ordinary = {Role.CIVIL_SERVANT, Role.UNIT_HEAD, Role.PACT_WITNESS, Role.OFFICE_HOLDER}
    assert set(Role) - access.NEEDS_SECOND_FACTOR == ordinary


def test_whatever_is_about_a_case_asks_for_a_second_factor_of_everybody():
    assert {each for each in access.PERMISSIONS if each.startswith("case.")} == access.ASKS_SECOND_FACTOR
