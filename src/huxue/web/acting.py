"""Who acts behind a request, on which day, and what is noted after a write."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.http import Http404

from huxue.actions import standings
from huxue.actions.acting import By
from huxue.core.values import MINUTES_A_DAY, Refused, day_of
from huxue.ledger.drafts import Receipt
from huxue.web.routing import Request


def by(request: Request) -> By:
    """Return who acts; somebody without a post cannot."""
    held = request.viewer.post
    if held is None:
        raise Http404
    return By(held.post, request.viewer.person)


def moment_said(request: Request, name: str = "at") -> int:
    """Return the moment that a date field means: the beginning of that day, now if it is today; refuses the future."""
    said = request.POST.get(name, "").strip()
    try:
        day = day_of(date.fromisoformat(said)) if said else request.today
    except ValueError:
        raise Refused("bad_date", f"“{said}”不是日期。", f"{said!r} is not a date.") from None
    if day > request.today:
        raise Refused("future", "日期不能晚于今天。", "The date cannot lie in the future.")
    return request.now if day == request.today else day * MINUTES_A_DAY


def noted(receipts: Iterable[Receipt]) -> None:
    """Let the kept standings know what was written."""
    standings.note(receipts)
