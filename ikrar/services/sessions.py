"""Sessions in the database, found by a query whose SQL is kept, and remembered for some seconds: every request asks."""

import json
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from ikrar.records.kept import KeptQuery
from ikrar.services import freshness

_SESSION = KeptQuery(
    lambda key, now_at: Session.objects.filter(session_key=key, expire_date__gt=now_at).values_list(
        "session_key", "session_data"
    ),
    "key",
    "now_at",
    text=("key",),
)
_kept = freshness.Kept(20_000)


class SessionStore(db.SessionStore):
    """Django's own store; only the reading is short."""

    def load(self) -> dict[str, Any]:
        key = self.session_key
        if (text := _kept.get(key)) is not None:
            return json.loads(text)
        names = (f"session:{key}",)
        then = freshness.words(*names)
        data = super().load()
        if data:
            _kept.put(key, json.dumps(data), names, then)
        return data

    def save(self, must_create: bool = False) -> None:
        super().save(must_create)
        freshness.changed(f"session:{self.session_key}")

    def delete(self, session_key: str | None = None) -> None:
        super().delete(session_key)
        freshness.changed(f"session:{session_key or self.session_key}")

    def _get_session_from_db(self) -> Any:
        found = _SESSION.first(key=self.session_key, now_at=timezone.now())
        if found is None:
            self._session_key = None
        return found

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session
