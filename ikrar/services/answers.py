"""Answers on their way from page to page: sealed, kept nowhere."""

from collections.abc import Mapping
from typing import Any

from ikrar.gateways import travel

FILING, MAILBOX, ENTRY = "filing", "mailbox", "entry"
LIFE_S = {FILING: 7_200, MAILBOX: 1_800, ENTRY: 28_800}  # each page that is sent begins them anew


def begin() -> None:
    """Make the key under which answers travel, before web processes are started: all of them must have the same."""
    travel.make_key()


def seal(values: Mapping[str, Any], purpose: str) -> str:
    """Seal answers for a hidden field."""
    return travel.seal(values, purpose, LIFE_S[purpose])


def unseal(text: str, purpose: str) -> dict[str, Any]:
    """Open them again. Raises AnswersLost."""
    return travel.unseal(text, purpose)
