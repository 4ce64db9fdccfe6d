"""Slow work, left to a worker: each task calls one service and tells nobody's name."""

from datetime import datetime

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from ikrar.domain.errors import DomainError
from ikrar.records.models import PaperOrder, RosterImport, User
from ikrar.services import finding, papers, report_triage, roster


@task()
def preview_roster(import_id: int) -> None:
    """Read a roster file against today's roster."""
    roster.preview(RosterImport.objects.select_related("agency").get(pk=import_id), now=timezone.now())


@task()
def apply_roster(import_id: int, user_id: int) -> None:
    """Write a previewed roster file. A refusal is on the import, where its page shows it."""
    try:
        roster.apply(
            RosterImport.objects.select_related("agency").get(pk=import_id),
            by=User.objects.get(pk=user_id),
            now=timezone.now(),
        )
    except DomainError:
        return


@task()
def undo_roster(import_id: int, user_id: int) -> None:
    """Take a stored roster file back. A refusal is on the import, where its page shows it."""
    try:
        roster.undo(
            RosterImport.objects.select_related("agency").get(pk=import_id),
            by=User.objects.get(pk=user_id),
            now=timezone.now(),
        )
    except DomainError:
        return


def queued_imports() -> set[int]:
    """Return the imports for which a task waits its turn: a stop of the worker did not cut them."""
    paths = [each.module_path for each in (preview_roster, apply_roster, undo_roster)]
    waiting = DBTaskResult.objects.ready().filter(task_path__in=paths).values_list("args_kwargs", flat=True)
    return {given["args"][0] for given in waiting}


@task()
def make_papers(order_id: int) -> None:
    """Make slips or certificates that somebody ordered."""
    papers.make(PaperOrder.objects.get(pk=order_id), now=timezone.now())


@task()
def triage_reports(triage_id: int) -> None:
    """Set aside, or bring back, what an officer chose."""
    report_triage.run(triage_id, now=timezone.now())


@task()
def index_names() -> None:
    """Make the index of names anew, unless somebody did since this was asked for."""
    if finding.is_due(timezone.now()):
        finding.build()


def want_index_of_names(now: datetime) -> None:
    """Let the index of names be made anew where it is due and nobody waits for it yet."""
    waiting = DBTaskResult.objects.ready().filter(task_path=index_names.module_path)
    if finding.is_due(now) and not waiting.exists():
        index_names.enqueue()
