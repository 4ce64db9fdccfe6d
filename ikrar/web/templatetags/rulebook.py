"""How the rulebook is written on pages: words for its codes, spans of days, lengths of terms."""

from datetime import date
from typing import Any

from django import template

from ikrar.domain.sources import InForce
from ikrar.domain.terms import Term
from ikrar.web import messages, rule_words

register = template.Library()


@register.filter
def law(value: Any, kind: str) -> str:
    """Write a code of the rulebook in words: `{{ version.phase|law:"phase" }}`."""
    return rule_words.word(kind, value)


@register.filter
def laws(values: Any, kind: str) -> str:
    """Write several codes in words, those that are sorted alike every time."""
    return ", ".join(sorted(rule_words.word(kind, value) for value in values))


@register.filter
def held(window: InForce | None) -> str:
    """Write the days on which something held."""
    return rule_words.held(window)


@register.filter
def term_length(term: Term) -> str:
    """Write how long a term is: 7 hari kerja sesudah."""
    return rule_words.length_of(term)


@register.filter
def left_of(left: Any) -> str:
    """Write what is left of a clock: sisa 7 hari kerja."""
    return rule_words.left(left)


@register.filter
def moment_of(value: date) -> str:
    """Write a day, or a local day with its hour."""
    return rule_words.day(value)


@register.filter
def weekday(value: date) -> str:
    """Write the name of a day of the week."""
    return rule_words.word("weekday", value.weekday())


@register.filter
def month(value: date) -> str:
    """Write the month of a day with its year: November 2024."""
    return messages.day(value).partition(" ")[2]
