"""Sessions in the database, found by a query whose SQL is kept: every request of everybody asks it."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from ikrar.records.kept import KeptQuery

_SESSION = KeptQuery(
    lambda key, now_at: Session.objects.filter(session_key=key, expire_date__gt=now_at).values_list(
        "session_key", "session_data", "expire_date"
    ),
    "key",
    "now_at",
    text=("key",),
)


class SessionStore(db.SessionStore):
    """Django's own store; only the reading is short."""

    def _get_session_from_db(self) -> Any:
        found = _SESSION.first(key=self.session_key, now_at=timezone.now())
        if found is None:
            self._session_key = None
        return found

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session
