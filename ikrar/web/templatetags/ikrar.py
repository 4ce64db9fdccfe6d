"""How values are written on pages: words for codes, dates as a letter writes them, codes in groups."""

from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ikrar.domain import access, codes, conclusions, days
from ikrar.domain.elections import Election
from ikrar.domain.report_states import WITHDRAWN
from ikrar.domain.sources import Label
from ikrar.services import clock, elections
from ikrar.web import messages, reasons
from ikrar.web.access import grants_for

register = template.Library()


@register.simple_tag
def quick_exit() -> str:
    """Return where quick exit leads: a page that tells nothing of where somebody was."""
    return settings.QUICK_EXIT or reverse("calendar")


@register.filter
def stated(value: str | None) -> str:
    """Write when something was said, as far as that is known: to the day, the month or the year."""
    return messages.part_of_day(value) if value else ""


@register.filter
def cited(value: str) -> str:
    """Write a citation; the law is cited as Indonesian letters cite it, remarks on it stand in the reader's language."""
    return reasons.cited(value)


@register.filter
def word(value: Any, kind: str) -> str:
    """Write a value of the records in words: `{{ duty.state|word:"state" }}`."""
    return messages.word(kind, value)


@register.filter
def told_of(act: Any) -> str:
    """Write what the reporter reads of the conclusion that an act is: `{{ act|told_of }}`; empty where it is none."""
    return messages.conclusion_told(act.note, act.handed_to, act.letter) if conclusions.is_conclusion(act.note) else ""


@register.filter
def state_of(act: Any) -> str:
    """Write the state that an act gave a report."""
    return _("ditarik pelapor") if act.note == WITHDRAWN else messages.word("report_state", act.note.partition(":")[0])


@register.filter
def ways(channels: Any) -> str:
    """Say by which channels a body still takes reports today."""
    return messages.ways(channels)


@register.filter
def day(value: date | None) -> str:
    """Write a date: 27 November 2024."""
    if not value:
        return "–"
    if isinstance(value, datetime):
        value = value.astimezone(days.WIB).date()
    if get_language() == "en":
        return f"{value.day} {value:%B} {value.year}"
    return days.in_words(value)


@register.filter
def moment(value: datetime | None) -> str:
    """Write an instant to the minute, in western Indonesian time."""
    if not value:
        return "–"
    local = value.astimezone(days.WIB)
    return f"{day(local.date())} {local:%H.%M} WIB"


@register.filter
def hour_at(value: datetime, zone: Any) -> str:
    """Write the minute of an instant, in the time of a place: 07.31 WIB."""
    local = value.astimezone(zone)
    return f"{local:%H.%M} {local.tzname()}"


@register.filter
def at_place(value: datetime | None, zone: Any) -> str:
    """Write an instant to the minute, in the time of a place: `{{ holding.from_at|at_place:office.agency.zone }}`."""
    if not value:
        return "–"
    local = value.astimezone(zone)
    return f"{day(local.date())} {local:%H.%M} {local.tzname()}"


@register.filter
def hour(value: datetime | None, agency: Any) -> str:
    """Write the hour of an instant as the clocks of an agency show it: `{{ row.at|hour:activity.agency }}`, 07.31 WIB."""
    if not value:
        return "–"
    local = value.astimezone(agency.zone)
    return f"{local:%H.%M} {local.tzname()}"


@register.filter
def when(activity: Any) -> str:
    """Write the day and the hours of an activity: 25 Oktober 2024, 08.00–10.00 WIB."""
    if activity.starts_at is None:
        return day(activity.on)
    until = f"–{activity.ends_at:%H.%M}" if activity.ends_at else ""
    return f"{day(activity.on)}, {activity.starts_at:%H.%M}{until} {activity.agency.zone.tzname(None)}"


@register.filter
def instant(value: date | datetime | None) -> str:
    """Write when an entry of the log says that it happened: to the second, or the day where it tells no more."""
    if not isinstance(value, datetime):
        return day(value)
    local = value.astimezone(days.WIB)
    return f"{day(local.date())} {local:%H.%M.%S} WIB"


@register.filter
def law_word(value: Any, kind: str) -> str:
    """Write a value of the rulebook in words: `{{ advice.verdict|law_word:"verdict" }}`."""
    return reasons.word(kind, value)


@register.filter
def label(value: Label) -> str:
    """Write a name of the rulebook in the language of the page."""
    return value.in_language(get_language() or "id")


@register.filter
def election_label(id: str) -> str:
    """Write the name of an election by its id in the rulebook; the id itself where no such election is known."""
    found = elections.named(id)
    return label(found.label) if found else id


@register.filter
def stage_label(election: Election, id: str) -> str:
    """Write the name of one of an election's stages."""
    return label(election.stage(id).label)


@register.filter
def some_regions(total: int) -> str:
    """Say that an election is held in so many regions, which the facts do not name."""
    return messages.some_regions(total)


@register.filter
def grouped(code: str) -> str:
    """Write a code in groups of four."""
    return codes.grouped(code)


@register.filter
def percent(part: int, whole: int) -> str:
    """Write a share, rounded down so that nothing is called whole before it is: 99,9 not 100."""
    if not whole:
        return "–"
    tenths = part * 1000 // whole
    text = f"{tenths // 10},{tenths % 10}" if tenths < 1000 else "100"
    return f"{text}\N{NO-BREAK SPACE}%" if get_language() != "en" else f"{text.replace(',', '.')}%"


@register.filter
def value_word(value: Any, field: str) -> Any:
    """Write a value of a roster field in words, where it is one of ours."""
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    return messages.word(field, value) if field in messages.WORDS and isinstance(value, str) else value


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """Look a key up in a mapping."""
    return mapping.get(key, "") if mapping else ""


@register.filter
def refusal(error: Any) -> str:
    """Write a refusal that was kept with a record."""
    return messages.stored_sentence(error)


@register.filter
def fault(value: Any) -> str:
    """Write what is wrong with one field of a roster row."""
    return messages.fault_sentence(value)


@register.filter
def field_word(name: str) -> str:
    """Write the name of a roster field."""
    return str(messages.FIELD_WORDS.get(name, name))


@register.filter
def notice(value: Any) -> str:
    """Write a message of the inbox."""
    return messages.notice(value.kind, value.values)


@register.filter
def overdue(pact_round: Any) -> bool:
    """Say whether the day by which a round asks for signatures is past, at the place of its agency."""
    return bool(pact_round.due_on and pact_round.due_on < clock.today(pact_round.agency.zone))


@register.simple_tag(takes_context=True)
def notice_link(context: template.Context, value: Any) -> str:
    """Return where a message of the inbox leads its reader; empty: nowhere."""
    if value.link:
        return str(value.link)
    if value.kind in messages.NOTICES_OF_CASES:
        return _where_cases_wait(context["request"], value)
    name, key = messages.NOTICE_PLACES.get(value.kind, ("", ""))
    if key in value.values:
        return reverse(name, args=[value.values[key]])
    page = messages.NOTICE_PAGES.get(value.kind)
    return reverse(page) if page else ""


def _where_cases_wait(request: HttpRequest, value: Any) -> str:
    """Return where what a message counts stands: on the desk of decisions, or on the board as what waits for its reader.

    All are late by the day on which it is read where all were when it was written; else the board has what is due first in front.
    """
    grants = grants_for(request)
    opened = next((each for each in messages.NOTICES_OF_CASES[value.kind] if access.holds(grants, each)), "")
    if opened == "case.view":
        is_late = not value.values["warned"]
        return f"{reverse('cases')}?giliran=me{'&tempo=late' if is_late else ''}"
    return reverse("decision-desk") if opened else ""


class _Kept(template.Node):
    """A part of a page that was rendered before for the same key."""

    most = 2000
    child_nodelists = ()  # no block of a page stands inside, so a page that extends this one need not look for any

    def __init__(self, nodes: template.NodeList, key: list[template.base.FilterExpression]) -> None:
        self.nodelist = nodes
        self.key = key
        self.rendered: dict[tuple[str, ...], str] = {}

    def render(self, context: template.Context) -> str:
        key = (get_language() or "", *(str(each.resolve(context)) for each in self.key))
        text = self.rendered.get(key)
        if text is None:
            if len(self.rendered) >= self.most:
                self.rendered.clear()
            text = self.rendered[key] = self.nodelist.render(context)
        return text


@register.tag
def kept(parser: template.base.Parser, token: template.base.Token) -> _Kept:
    """Render a part once for each key and language: `{% kept sheet.text.digest %}…{% endkept %}`.

    What stands inside depends on nothing but the key: never a name, a token or a count.
    """
    key = [parser.compile_filter(each) for each in token.split_contents()[1:]]
    nodes = parser.parse(("endkept",))
    parser.delete_first_token()
    return _Kept(nodes, key)


@register.inclusion_tag("_bar.html")
def bar(part: int, whole: int, label: str = "") -> dict[str, Any]:
    """Draw a share as a bar that is told in words too."""
    return {"part": part, "whole": whole, "label": label}
