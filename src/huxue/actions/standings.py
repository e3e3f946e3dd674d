"""Keeping standings up to date: in full once a day, and after every write what it touches."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction

from huxue.core.rulebook.edition import Edition
from huxue.core.values import MINUTES_A_DAY
from huxue.ledger.drafts import Receipt
from huxue.standings import kept, refreshing
from huxue.standings.kept_mechanisms import keep_mechanisms
from huxue.standings.kept_proposals import keep_proposals
from huxue.standings.kept_ratios import keep_ratios
from huxue.standings.kept_scores import keep_scores
from huxue.standings.kept_visits import keep_visits
from huxue.standings.scores import Scored, scores_of_site
from huxue.standings.sets.serve import evaluate_today
from huxue.standings.site import calendars_of, edition_for


def keep(edition: Edition, *, scored: Scored, now: int, through: int = 0) -> None:
    """Keep the standings of an evaluation that was made and scored already, and what follows from them.

    ``through``: the last mark (``kept.marked``) before its facts were read.
    """
    made = scored.evaluation
    with transaction.atomic():
        kept.keep(edition, as_of=made.as_of, known_at=made.known_at, now=now, evaluation=made, through=through)
        keep_visits(made)
        keep_ratios(made)
        keep_proposals(made, scored.rulebook, calendars_of(edition))
        keep_scores(scored)
        keep_mechanisms(scored)


def keep_today(*, now: int) -> bool:
    """Evaluate everything and keep it where another day, edition or tree asks for it; tell whether it did."""
    today = now // MINUTES_A_DAY
    edition = edition_for(as_of=today, known_at=today)
    if not kept.must_keep(edition, today):
        return False
    through = kept.marked()
    evaluation = evaluate_today(settings.SITE, edition, today=today).evaluation
    scored = scores_of_site(edition, as_of=today, known_at=today, evaluation=evaluation)
    keep(edition, scored=scored, now=now, through=through)
    return True


def note(receipts: Iterable[Receipt]) -> None:
    """Note what was written, for ``settle``; cheap enough for the request that wrote it."""
    refreshing.mark(receipt.id for receipt in receipts)


def settle(organisation: str = "", *, now: int) -> int:
    """Work off what was noted of an organisation (default: of all)."""
    return refreshing.settle(organisation, now=now)


__all__ = ["keep", "keep_today", "note", "settle"]
