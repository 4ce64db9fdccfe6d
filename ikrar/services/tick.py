"""What the passing of time asks for. Run once a minute; running it twice changes nothing more."""

from datetime import datetime

from django.contrib.sessions.models import Session

from ikrar.services import accounts, clock, guidance, papers, roster, tasks


def run(now: datetime) -> None:
    """Clear what has expired: failure counters, sessions, papers that were fetched or lay too long, old questions."""
    accounts.forget_old_failures(now)
    papers.clear(now)
    guidance.forget_unanswered(clock.today(), now)
    Session.objects.filter(expire_date__lt=now).delete()


def recover() -> None:
    """After a stop in the middle: imports that were in work wait for a person again; papers go on."""
    roster.interrupted(queued=tasks.queued_imports())
    for order in papers.waiting_after_a_stop():
        tasks.make_papers.enqueue(order)
