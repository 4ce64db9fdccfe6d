"""What tests of cases share: the people on both sides of a case, and an hour that stands still."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine

from tests.services.case_cast import CaseCast, make_cast


@pytest.fixture
def who(cast: Any, city: Any, other_city: Any, home: Any, morning: datetime) -> CaseCast:
    """Return the people of cases, in two cities."""
    return make_cast(cast, city, other_city, home, morning)


@pytest.fixture
def travel(now: datetime) -> Iterator[Any]:
    """Let it be the hour of the test, standing still."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller
