"""What follows a write, whichever page it came from."""

from __future__ import annotations

from collections.abc import Iterable

from huxue.actions import standings
from huxue.ledger.drafts import Receipt
from huxue.web.routing import Request


def after_write(request: Request, receipt: Receipt, *, kind: str, organisations: Iterable[str]) -> None:  # noqa: ARG001
    """Bring up to date what follows from a fact of ``kind`` that credits these organisations: it is noted, no more."""
    standings.note([receipt])
