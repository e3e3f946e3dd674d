"""Feedback: anybody tells what is wrong or too much, with a name or without; the office answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from huxue.actions.acting import By
from huxue.actions.facts import take_step
from huxue.core.flow import NOT_YET, PUBLIC, Deadlines
from huxue.core.flow import take as take_in_flow
from huxue.core.kinds import Checker
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Refused
from huxue.ledger.append import append
from huxue.ledger.drafts import Draft, Receipt, new_id
from huxue.organisations.models import OPEN, Organisation

KIND: Final = "feedback"
RAISED: Final = "raised"


def office(path: str = "") -> str:
    """Return the organisation that answers: the top of the tree at a path, else the first top there is.

    Refuses ``no_office`` where there is no organisation at all.
    """
    if path:
        return path.partition("/")[0]
    tops = Organisation.objects.filter(parent="", closed=OPEN).order_by("code")
    code = tops.values_list("code", flat=True).first()
    if code is None:
        raise Refused(
            "no_office", "还没有受理单位，请先建立单位。", "Nobody is there to answer: set up the tree first."
        )
    return str(code)


def tell(
    *, rulebook: Rulebook, now: int, by: By | None, to: str, values: Mapping[str, Any], calendar: Deadlines,
) -> Receipt:  # fmt: skip
    """Tell it to an office. ``by`` of ``None``: without a name, and nothing of who tells it is written at all."""
    if by is not None:
        return take_step(
            rulebook=rulebook, now=now, by=by, kind=KIND, step=RAISED, at=now, values={**values, "nameless": False},
            calendar=calendar, roles={"by": (by.organisation,), "to": (to,)},
        )  # fmt: skip
    kind, roles = rulebook.kinds[KIND], {"to": (to,)}
    fields = Checker(kind, rulebook.lists).check({**values, "nameless": True}, step=RAISED).or_refuse()
    left = take_in_flow(
        kind, NOT_YET, RAISED, at=now, actor=PUBLIC, fields=fields, calendar=calendar, roles=roles
    )  # fmt: skip
    draft = Draft(
        id=new_id(), kind=KIND, verb="step", step=RAISED, at=now, roles=roles, fields=fields, deadline=left.deadline
    )
    return append([draft], kinds=rulebook.kinds, recorded=now)[0]


__all__ = ["KIND", "RAISED", "office", "take_step", "tell"]
