"""What the passing of time asks for. Run once a minute; running it twice changes nothing more."""

from datetime import datetime

from django.contrib.sessions.models import Session

from ikrar.services import accounts, circulars, clock, duties, files, guidance, outbox, papers, reports, roster, tasks


def run(now: datetime) -> None:
    """Clear what has expired: failure counters, sessions, papers and questions that lay too long; tell what is due."""
    accounts.forget_old_failures(now)
    papers.clear(now)
    files.clear(now)
    guidance.forget_unanswered(clock.today(), now)
    Session.objects.filter(expire_date__lt=now).delete()
    circulars.sweep(now)
    reports.sweep(now)
    duties.tell_turns(now)
    outbox.run(now)  # last: it may wait for the servers of others


def recover() -> None:
    """After a stop in the middle: imports that were in work wait for a person again; papers go on."""
    roster.interrupted(queued=tasks.queued_imports())
    for order in papers.waiting_after_a_stop():
        tasks.make_papers.enqueue(order)
