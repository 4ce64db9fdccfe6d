"""What every page test stands on: a folder with keys, the morning of the stage, settings without waiting."""

import copy

import pytest

from ikrar.services import finding
from ikrar.web import context
from tests.web import stage as stages


@pytest.fixture(scope="session")
def stage_home(tmp_path_factory):
    """An installation's folder with its keys."""
    return stages.make_home(tmp_path_factory.mktemp("ikrar"))


@pytest.fixture(autouse=True)
def on_the_morning(settings, stage_home):
    """The settings and the hour of the stage; no index of names yet, since rows of the test before are gone.

    They are set through `settings`, like those that a test sets itself: of two stacks one would undo what the other does.
    """
    for name, value in stages.settings_of(stage_home).items():
        setattr(settings, name, value)
    finding.path().unlink(missing_ok=True)
    with stages.one_morning():
        context.forget()
        yield
        context.forget()


@pytest.fixture(scope="module")
def built_stage(stage_home, django_db_setup, django_db_blocker):
    """The stage, built once a module and rolled back after it."""
    with django_db_blocker.unblock(), stages.settings_in(stage_home), stages.kept_open():
        with stages.one_morning():
            built = stages.build()
            stages.held_once()
        yield built


@pytest.fixture
def stage(built_stage, db):
    """The stage as it was built; what a test does to it is forgotten, in the database and in these objects."""
    return copy.deepcopy(built_stage)
