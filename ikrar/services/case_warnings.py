"""What a direct superior is warned of: matters of those under him that nobody summoned or heard in time (pp-94-2021 Pasal 28).

He opens no case by it and reads no name: that he is warned, of how many and since when, is what he must know before he answers for
it himself. Of a matter in which he has no part, or of which a report leaves him out, he learns nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from ikrar.records.models import CaseClock, CaseRespondent, User
from ikrar.services import case_files, units
from ikrar.services.case_clocks import LONG_OVERDUE, OVERDUE, WARNED
from ikrar.services.case_nights import SUPERIOR_TOO

_MOST = 2_000  # of one agency at a time; what is due first counts


@dataclass(frozen=True)
class Warned:
    """How many matters of those under somebody are nearly due, overdue and long overdue, and which day came first."""

    warned: int
    overdue: int
    long_overdue: int
    first_on: date

    @property
    def count(self) -> int:
        """Return how many there are."""
        return self.warned + self.overdue + self.long_overdue


def of_superior(user: User, agencies: Collection[int], day: date) -> Warned | None:
    """Return of what somebody is warned as the direct superior of people of these agencies; None: of nothing."""
    if user.person_id is None or not agencies:
        return None
    rows = CaseClock.objects.filter(
        stopped_on=None, owner__in=SUPERIOR_TOO, stage__gte=WARNED, respondent__agency__in=agencies,
        respondent__outcome=CaseRespondent.Outcome.OPEN, respondent__person__isnull=False,
    ).select_related("respondent__agency").order_by("due_on", "pk")[:_MOST]  # fmt: skip
    found = list(rows)
    if not found:
        return None
    places = {each.respondent.agency_id: each.respondent.agency for each in found}
    mine: set[int] = set()
    for key, agency in places.items():
        people = {each.respondent.person_id for each in found if each.respondent.agency_id == key}
        above = units.superiors(agency, people, day)
        mine |= {person for person, superior in above.items() if superior == user.person_id}
    own = [each for each in found if each.respondent.person_id in mine]
    out = case_files.without({each.case_id for each in own})
    stages: dict[int, int] = {}
    first: date | None = None
    for each in own:
        if out.get(each.case_id, case_files.NOBODY).has(user.pk, user.person_id):
            continue
        stages[each.respondent_id] = max(stages.get(each.respondent_id, 0), each.stage)
        first = each.due_on if first is None else min(first, each.due_on)
    if first is None:
        return None
    counted = list(stages.values())
    return Warned(counted.count(WARNED), counted.count(OVERDUE), counted.count(LONG_OVERDUE), first)
