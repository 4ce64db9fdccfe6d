"""What the passing of time asks for. Run once a minute; running it twice changes nothing more."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.contrib.sessions.models import Session

from ikrar.services import (
    accounts,
    case_nights,
    circulars,
    clippings,
    clock,
    duties,
    files,
    guidance,
    notices,
    outbox,
    papers,
    report_news,
    report_triage,
    reports,
    retention,
    roster,
    tasks,
)

logger = logging.getLogger(__name__)


def run(now: datetime) -> None:
    """Clear what has expired: failure counters, sessions, papers, questions and messages that lay too long; tell what is due.

    A step that fails is logged and keeps no later one from its turn.
    """
    steps: tuple[Callable[[], object], ...] = (
        lambda: accounts.forget_old_failures(now),
        lambda: papers.clear(now),
        lambda: files.clear(now),
        lambda: guidance.forget_unanswered(clock.today(), now),
        lambda: notices.forget_old(now),
        lambda: Session.objects.filter(expire_date__lt=now).delete(),
        lambda: circulars.sweep(now),
        lambda: reports.sweep(now),
        lambda: report_triage.clear(now),
        lambda: retention.sweep(now),
        lambda: clippings.erase_over(clock.today(), now),
        lambda: report_news.tell(now),
        lambda: duties.tell_turns(now),
        lambda: case_nights.tick_cases(now),
        lambda: tasks.want_index_of_names(now),
        lambda: outbox.run(now),  # last: it may wait for the servers of others
    )
    for place, step in enumerate(steps):
        try:
            step()
        except Exception:
            logger.exception("a step of the clock failed", extra={"step": place})


def recover() -> None:
    """After a stop in the middle: imports that were in work wait for a person again; papers and triages of reports go on."""
    roster.interrupted(queued=tasks.queued_imports())
    for order in papers.waiting_after_a_stop():
        tasks.make_papers.enqueue(order)
    for triage in report_triage.waiting_after_a_stop():
        tasks.triage_reports.enqueue(triage)
