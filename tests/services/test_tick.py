"""What the passing of time asks for, step by step."""

import pytest

from ikrar.services import tick
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def test_a_step_that_fails_keeps_no_later_one_from_its_turn(monkeypatch, caplog):
    came = []

    def breaks(*_given):
        raise RuntimeError("an agency without a root")

    monkeypatch.setattr(tick.circulars, "sweep", breaks)
    monkeypatch.setattr(tick.duties, "tell_turns", lambda now: came.append("turns"))
    monkeypatch.setattr(tick.outbox, "run", lambda now: came.append("outbox"))
    tick.run(NOW)
    assert came == ["turns", "outbox"]
    assert "a step of the clock failed" in caplog.text
