"""What the offices of the fictional city decided in the course of its year: reminders, orders, a few put off.

The proposals are worked out by the same ladders as everywhere; only who agrees to what is a story.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Final

from huxue.actions.acting import By
from huxue.actions.ladder import drafts_of
from huxue.core.ladder import Proposal
from huxue.core.rulebook.edition import in_effect
from huxue.core.values import MINUTES_A_DAY, date_of, day_of
from huxue.ledger.append import append
from huxue.ledger.drafts import Draft
from huxue.organisations.holdings import holders
from huxue.standings.ladder import Climb
from huxue.standings.site import calendars_of, edition_for, evaluate_site

DAYS: Final = (day_of(date(2026, 4, 17)), day_of(date(2026, 6, 18)))
_AT: Final = 16 * 60  # minutes of the day
_ISSUED, _POSTPONED = 75, 90  # of a hundred proposals: issued, put off; the rest is dismissed
_REASONS: Final = ("负责人交接，给予宽限", "情况已核实，暂不发文，继续跟踪")


def decide(*, seed: int, until: int) -> int:
    """Write down what was decided on each of ``DAYS`` up to a day; return how many facts that made."""
    return sum(_decide(day, Random(f"{seed}:decisions:{day}")) for day in DAYS if day <= until)  # noqa: S311 - a story, not a secret


def _decide(day: int, rng: Random) -> int:
    edition = edition_for(as_of=day, known_at=day)
    evaluation = evaluate_site(edition, as_of=day, known_at=day)
    found = Climb(evaluation, in_effect(edition), calendars_of(edition)).proposals()
    evaluation.con.close()
    drafts = [draft for one in found for draft in _decided(one, day * MINUTES_A_DAY + _AT, rng)]
    if drafts:
        append(drafts, kinds=edition.rulebook.kinds, recorded=day * MINUTES_A_DAY + _AT + 20)
    return len(drafts)


def _decided(one: Proposal, at: int, rng: Random) -> Iterator[Draft]:
    if one.by_itself:
        yield from drafts_of(one, one.addressees, {"decision": "issued"}, at=at)
        return
    post = f"{one.decides}/{one.rung.decides.post}" if one.rung.decides else ""
    persons = holders(post, at=at)
    if not persons:
        return
    yield from drafts_of(one, one.addressees, _said(at // MINUTES_A_DAY, rng), at=at, by=By(post, persons[0]))


def _said(day: int, rng: Random) -> dict[str, str]:
    chance = rng.randrange(100)
    if chance < _ISSUED:
        return {"decision": "issued", "number": f"澜督〔2026〕{1 + rng.randrange(200)}号"}
    if chance < _POSTPONED:
        return {"decision": "postponed", "until": date_of(day + 14).isoformat(), "reason": _REASONS[0]}
    return {"decision": "dismissed", "reason": _REASONS[1]}
