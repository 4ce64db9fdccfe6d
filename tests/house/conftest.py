"""House tests that walk the pages stand on the stage of the page tests; thousands of them share one morning."""

import pytest

from tests import template
from tests.web import stage as stages
from tests.web.conftest import stage_home

__all__ = ["on_the_morning", "stage", "stage_home"]


def pytest_collection_modifyitems(items):
    """On PostgreSQL each page is opened over what is one's own: who may reach what is another one's is no matter of a database."""
    if template.SERVER:
        items[:] = [each for each in items if "house" not in each.path.parts or each.name.endswith("-own]")]


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
        yield built
