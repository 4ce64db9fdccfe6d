"""Slow work, left to a worker: each task calls one service and tells nobody's name."""

from django.utils import timezone
from django_tasks import task

from ikrar.domain.errors import DomainError
from ikrar.records.models import PaperOrder, RosterImport, User
from ikrar.services import papers, roster


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
def make_papers(order_id: int) -> None:
    """Make slips or certificates that somebody ordered."""
    papers.make(PaperOrder.objects.get(pk=order_id), now=timezone.now())
