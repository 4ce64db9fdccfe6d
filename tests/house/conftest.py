"""House tests that walk the pages stand on the stage of the page tests; thousands of them share one morning."""

import pytest

from tests.web import stage as stages
from tests.web.conftest import stage, stage_home

__all__ = ["on_the_morning", "stage", "stage_home"]


@pytest.fixture(scope="module", autouse=True)
def on_the_morning(stage_home):
    with stages.settings_in(stage_home), stages.one_morning():
        yield
