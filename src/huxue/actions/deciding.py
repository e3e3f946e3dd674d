"""Deciding on a proposal from the desk: the measure, what goes out to those it is about, and the desk rid of it.

All in one transaction: a measure whose letter cannot go out is not taken. Refusals: those of ``actions.ladder`` and
``actions.directives``.
"""

# ruff: noqa: PLR0913 - a deed has many parts

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from huxue.actions import directives, ladder
from huxue.actions.acting import By
from huxue.actions.standings import note
from huxue.core.flow import Deadlines
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import date_of
from huxue.ledger.drafts import Receipt
from huxue.ledger.reading import fact
from huxue.standings import kept_proposals

KINDS: Final = {"circulate": "circular", "interview": "notice", "account": "notice", "admonish": "notice"}
ORDER: Final = "order"
ANSWERED: Final = ("supervise", "list", "interview", "admonish")  # measures that ask for an answer


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes out with a measure: its words, and the day by which it is received or answered."""

    subject: str
    content: str
    deadline: int


def issue(
    *, rulebook: Rulebook, now: int, by: By, proposal: str, measure: str, letter: Letter | None, calendar: Deadlines,
    only: Collection[str] = (), reason: str = "", number: str = "",
) -> list[Receipt]:  # fmt: skip
    """Take a measure and send it to its addressees (``letter`` None: nothing is sent)."""
    with transaction.atomic():
        receipts = ladder.issue(now=now, by=by, proposal=proposal, only=only, reason=reason, number=number)
        if letter is not None and (sent := _about(receipts) - {by.organisation}):
            values = {
                "directive_kind": KINDS.get(measure, ORDER), "subject": letter.subject, "content": letter.content,
                "needs_answer": measure in ANSWERED, "deadline": date_of(letter.deadline).isoformat(),
                **({"number": number.strip()} if number.strip() else {}),
            }  # fmt: skip
            receipts += directives.send(
                rulebook=rulebook, now=now, by=by, addressees=sent, values=values, calendar=calendar,
                reference=receipts[0].item,
            ).receipts  # fmt: skip
        _done(receipts, proposal, only)
    return receipts


def dismiss(*, now: int, by: By, proposal: str, reason: str, only: Collection[str] = ()) -> list[Receipt]:
    """Decide that a measure is not taken."""
    with transaction.atomic():
        receipts = ladder.dismiss(now=now, by=by, proposal=proposal, reason=reason, only=only)
        _done(receipts, proposal, only)
    return receipts


def postpone(*, now: int, by: By, proposal: str, until: int, reason: str, only: Collection[str] = ()) -> list[Receipt]:
    """Put a measure off until a day."""
    with transaction.atomic():
        receipts = ladder.postpone(now=now, by=by, proposal=proposal, until=until, reason=reason, only=only)
        _done(receipts, proposal, only)
    return receipts


def withdrawn(proposal: str) -> None:
    """Take a proposal off the desk that has ended by itself."""
    kept_proposals.forget(proposal)


def _about(receipts: Collection[Receipt]) -> set[str]:
    """Return the organisations that the measures just written are about."""
    facts = (fact(one.id) for one in receipts)
    return {code for one in facts if one is not None for code in one.roles.get("about", ())}


def _done(receipts: Collection[Receipt], proposal: str, only: Collection[str]) -> None:
    note(receipts)
    kept_proposals.forget(proposal, only)


__all__ = ["Letter", "dismiss", "issue", "postpone", "withdrawn"]
