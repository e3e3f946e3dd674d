"""Sessions in a table that knows whose they are, so that they can be listed and ended.

A session ends after ``SESSION_COOKIE_AGE`` seconds without a request and, however busy, ``SESSION_LONGEST`` seconds
after it began. The end is moved at most every ``RENEWED`` seconds, so that looking costs no write.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as TableStore
from django.utils import timezone

from huxue.access.models import Session, User
from huxue.access.security import civil

RENEWED: Final = 300
# Keys in the session, set when somebody signs in: seconds since 1970, address, what the browser says of itself.
BEGAN: Final = "began"
ADDRESS: Final = "address"
DEVICE: Final = "device"


class SessionStore(TableStore):
    """Django's store on our table."""

    @classmethod
    def get_model_class(cls) -> Any:
        """Return our table."""
        return Session

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """Return the end: after the idle time, or at the greatest age if that is sooner."""
        idle = super().get_expiry_date(**kwargs)
        return min(idle, self._latest()) if BEGAN in self else idle

    def _latest(self) -> datetime:
        return _zoned(self[BEGAN]) + timedelta(seconds=settings.SESSION_LONGEST)

    def load(self) -> dict[str, Any]:
        """Read the session; one whose end can be moved is written again by this request."""
        row = self._get_session_from_db()  # type: ignore[attr-defined] # Django's own, unknown to its stubs
        if row is None:
            return {}
        found: dict[str, Any] = self.decode(row.session_data)
        self._session_cache = found
        spent = self.get_session_cookie_age() - (row.expire_date - timezone.now()).total_seconds()
        if found.get(SESSION_KEY) and spent > RENEWED and (BEGAN not in found or self._latest() > row.expire_date):
            self.modified = True
        return found

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row, with whose session it is."""
        return Session(
            session_key=self._get_or_create_session_key(),  # type: ignore[attr-defined] # likewise
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user=int(data[SESSION_KEY]) if SESSION_KEY in data else None,
            began=civil(_zoned(data[BEGAN]) if BEGAN in data else timezone.now()),
            address=data.get(ADDRESS, ""),
            device=data.get(DEVICE, ""),
        )


def _zoned(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=timezone.get_default_timezone())


def end_sessions(user: User, *, but: str = "", only: str = "") -> int:
    """End the sessions of an account, all, all ``but`` one key or ``only`` one; return how many there were."""
    found = Session.objects.filter(user=user.pk).exclude(session_key=but)
    ended, _ = (found.filter(session_key=only) if only else found).delete()
    return ended


def name_of(key: str) -> str:
    """Return the name under which a page may speak of a session; its key is a secret."""
    return sha256(key.encode()).hexdigest()[:16]


def clear_sessions() -> None:
    """Remove sessions that have ended by themselves."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
