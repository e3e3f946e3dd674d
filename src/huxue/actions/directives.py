"""Sending down: one case for each addressee, what was sent together under one batch.

``values`` are the fields of the step ``sent`` without ``batch``; moments are minutes. Steps are taken through
``actions.facts.take_step``, so the flow of the rulebook decides who may. ``calendar`` is that of the organisation that
acts.

Refusals: ``nobody`` ``too_many`` ``not_below`` and those of ``actions.facts``.
"""

# ruff: noqa: PLR0913 - a deed has many parts

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from huxue.actions.acting import By, kind_for
from huxue.actions.facts import take_step
from huxue.core.facts import known
from huxue.core.flow import NOT_YET, Deadlines, actor, take
from huxue.core.kinds import Checker
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import FAR, MINUTES_A_DAY, Refused
from huxue.ledger.append import append
from huxue.ledger.drafts import Draft, Receipt, digest, new_id
from huxue.ledger.locks import hold
from huxue.ledger.reading import fact, facts_of_item
from huxue.organisations.relations import outside, type_of

KIND: Final = "directive"
MOST: Final = 20_000  # addressees of one batch


@dataclass(frozen=True, slots=True)
class Sent:
    """What went out: the batch, and a receipt for each addressee in the order of their codes."""

    batch: str
    receipts: tuple[Receipt, ...]


def send(
    *, rulebook: Rulebook, now: int, by: By, addressees: Collection[str], values: Mapping[str, Any],
    calendar: Deadlines, at: int | None = None, batch: str = "", reference: str = "",
) -> Sent:  # fmt: skip
    """Send the same to many, all of them or none. The same batch again with the same content: the earlier receipts.

    Addressees lie in the sender's territory or in what it supervises. ``reference``: the item that this follows from,
    e.g. a measure that was issued.
    """
    codes = _addressees(by, addressees, now)
    batch = batch or new_id()
    moment = _moment(batch, codes[0], now if at is None else at)
    kind = kind_for(rulebook, KIND, "case", by)
    fields = Checker(kind, rulebook.lists).check({**values, "batch": batch}, step="sent").or_refuse()
    who = actor(
        kind, NOT_YET, organisation=by.organisation, person=by.person, type=type_of(by.organisation), posts=(by.type,)
    )
    left = take(kind, NOT_YET, "sent", at=moment, actor=who, fields=fields, calendar=calendar)
    marks = by.mark(at=moment, now=now)
    drafts = [
        Draft(
            id=case_id(batch, code), kind=KIND, verb="step", at=moment, fields=fields, step="sent", post=by.post,
            person=by.person, marks=marks, roles={"by": (by.organisation,), "about": (code,)}, deadline=left.deadline,
            reference=reference,
        )
        for code in codes
    ]  # fmt: skip
    return Sent(batch, tuple(append(drafts, kinds=rulebook.kinds, recorded=now)))


def receive(*, rulebook: Rulebook, now: int, by: By, item: str, calendar: Deadlines, at: int | None = None) -> Receipt:
    """Sign for what came; what only has to be known is done with it."""
    step = "received" if _says(item).get("needs_answer") else "acknowledged"
    return _step(rulebook, now, by, item, step, {}, calendar, at)


def answer(
    *, rulebook: Rulebook, now: int, by: By, item: str, values: Mapping[str, Any], calendar: Deadlines,
    at: int | None = None,
) -> Receipt:  # fmt: skip
    """Answer: ``reply`` and, if there are any, ``reply_files``."""
    return _step(rulebook, now, by, item, "answered", values, calendar, at)


def send_back(
    *, rulebook: Rulebook, now: int, by: By, item: str, reason: str, deadline: str, calendar: Deadlines,
    at: int | None = None,
) -> Receipt:  # fmt: skip
    """Send an answer back to be completed by a day (``YYYY-MM-DD``)."""
    return _step(rulebook, now, by, item, "returned", {"reason": reason, "deadline": deadline}, calendar, at)


def sign_off(
    *, rulebook: Rulebook, now: int, by: By, items: Iterable[str], calendar: Deadlines, at: int | None = None
) -> list[Receipt]:
    """Say of answers that they will do, of all given or of none."""
    return _each(rulebook, now, by, items, "signed_off", {}, calendar, at)


def cancel(
    *, rulebook: Rulebook, now: int, by: By, items: Iterable[str], reason: str, calendar: Deadlines,
    at: int | None = None,
) -> list[Receipt]:  # fmt: skip
    """Take back what was sent, with a reason."""
    return _each(rulebook, now, by, items, "cancelled", {"reason": reason}, calendar, at)


def remind(
    *, rulebook: Rulebook, now: int, by: By, items: Iterable[str], calendar: Deadlines, at: int | None = None
) -> list[Receipt]:
    """Remind those who have not received or not answered; nobody twice on one day."""
    moment = now if at is None else at
    with transaction.atomic():
        waiting = sorted(set(items))
        hold(set(waiting))
        left = [item for item in waiting if not _reminded(item, moment // MINUTES_A_DAY)]
        return _each(rulebook, now, by, left, "reminded", {}, calendar, moment)


def case_id(batch: str, addressee: str) -> str:
    """Return the id of an addressee's case: made of the batch, so that sending twice is sending once."""
    return f"{batch[:12]}{digest(f'{batch}:{addressee}')[:20]}"


def _addressees(by: By, given: Collection[str], now: int) -> Sequence[str]:
    codes = sorted(set(given) - {by.organisation})
    if not codes:
        raise Refused("nobody", "没有选择收文单位。", "Nobody was chosen to send it to.")
    if len(codes) > MOST:
        raise Refused("too_many", f"一次最多发给 {MOST} 家单位。", f"At most {MOST} addressees at once.")
    strangers = outside(by.organisation, codes, at=now)
    if strangers:
        named = "、".join(strangers[:5])
        raise Refused(
            "not_below", f"不在本单位辖区或监管范围内：{named}。", f"Neither below nor supervised by you: {named}."
        )
    return codes


def _moment(batch: str, first: str, given: int) -> int:
    """Return when a batch was sent, if it was already: sent again from the same form it is the same."""
    earlier = fact(case_id(batch, first))
    return earlier.at if earlier else given


def _says(item: str) -> dict[str, Any]:
    """Return the latest of each field of a case."""
    found = known(facts_of_item(item), FAR)
    if not found:
        raise Refused("unknown_item", "没有这个事项。", "There is no such case.")
    says: dict[str, Any] = {}
    for one in found:
        says |= one.fields
    return says


def _reminded(item: str, day: int) -> bool:
    return any(one.step == "reminded" and one.day == day for one in known(facts_of_item(item), FAR))


def _each(
    rulebook: Rulebook, now: int, by: By, items: Iterable[str], step: str, values: Mapping[str, Any],
    calendar: Deadlines, at: int | None,
) -> list[Receipt]:  # fmt: skip
    every = sorted(set(items))
    with transaction.atomic():
        hold(set(every))  # all at once: two who take some of the same in another order would wait for each other
        return [_step(rulebook, now, by, item, step, values, calendar, at) for item in every]


def _step(
    rulebook: Rulebook, now: int, by: By, item: str, step: str, values: Mapping[str, Any], calendar: Deadlines,
    at: int | None,
) -> Receipt:  # fmt: skip
    return take_step(
        rulebook=rulebook, now=now, by=by, kind=KIND, step=step, at=now if at is None else at, values=values,
        calendar=calendar, item=item,
    )  # fmt: skip


__all__ = [
    "KIND", "Sent", "answer", "cancel", "case_id", "receive", "remind", "send", "send_back", "sign_off",
]  # fmt: skip
