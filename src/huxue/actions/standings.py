"""Keeping standings up to date: in full once a day, and after every write what it touches."""

from __future__ import annotations

from collections.abc import Iterable

from huxue.core.rulebook.edition import Edition
from huxue.core.values import MINUTES_A_DAY
from huxue.ledger.drafts import Receipt
from huxue.standings import kept, refreshing
from huxue.standings.evaluate import Evaluation
from huxue.standings.site import edition_for


def keep(edition: Edition, *, evaluation: Evaluation, now: int) -> None:
    """Keep the standings of an evaluation that was made already."""
    kept.keep(edition, as_of=evaluation.as_of, known_at=evaluation.known_at, now=now, evaluation=evaluation)


def keep_today(*, now: int) -> bool:
    """Evaluate everything and keep it where another day, edition or tree asks for it; tell whether it did."""
    today = now // MINUTES_A_DAY
    edition = edition_for(as_of=today, known_at=today)
    if not kept.must_keep(edition, today):
        return False
    kept.keep(edition, as_of=today, known_at=today, now=now)
    return True


def note(receipts: Iterable[Receipt]) -> None:
    """Note what was written, for ``settle``; cheap enough for the request that wrote it."""
    refreshing.mark(receipt.id for receipt in receipts)


def settle(organisation: str = "", *, now: int) -> int:
    """Work off what was noted of an organisation (default: of all)."""
    return refreshing.settle(organisation, now=now)


__all__ = ["keep", "keep_today", "note", "settle"]
