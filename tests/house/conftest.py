"""House tests that walk the pages stand on the stage of the page tests; thousands of them share one morning."""

import pytest

from ikrar.domain import access
from tests import template
from tests.web import stage as stages
from tests.web.conftest import stage_home

__all__ = ["on_the_morning", "stage", "stage_home"]


def pytest_collection_modifyitems(items):
    """On PostgreSQL each page is opened over what is one's own, as each who may: who is refused is no matter of a database."""
    if template.SERVER and not template.WANTS_ALL:
        items[:] = [each for each in items if "house" not in each.path.parts or _opens(each)]


def _opens(item):
    """Say whether a test of the walk opens a page over what is one's own; one that is open to all, as nobody in particular."""
    told = getattr(item, "callspec", None)
    if told is None or told.params.keys() != {"name", "role", "side"} or told.params["side"] != "own":
        return False
    permission, role = item.module.permission_of(told.params["name"]), told.params["role"]
    return role is None if permission is None else role is not None and permission in access.GRANTS[role]


@pytest.fixture(scope="module", autouse=True)
def on_the_morning(stage_home):
    with stages.settings_in(stage_home), stages.one_morning():
        yield


@pytest.fixture(scope="module")
def stage(stage_home, django_db_setup, django_db_blocker):
    """The stage, built once a module, where every account of a role has a second factor."""
    with django_db_blocker.unblock(), stages.settings_in(stage_home), stages.kept_open():
        with stages.one_morning():
            built = stages.build()
            stages.equip(built)
            stages.held_once()
        yield built
