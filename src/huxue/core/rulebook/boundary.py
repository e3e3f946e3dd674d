"""The second half of a proof of strictness: histories that only just meet the stronger duty, put to the reference.

The first half (``strengthens``) reasons about the rules; this one lets the specification itself say what stands. It can
only refute, never prove, and catches what the reasoning might have overlooked. It covers the duties that count deeds
of the bearer over periods (``repeat``); the deeds are laid on the first day of each window, on the last, and in turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from huxue.core.duties.history import CalendarsLike, satisfies
from huxue.core.duties.reference import evaluate
from huxue.core.duties.shapes import Duty, Repeat, Test, Where
from huxue.core.duties.window import windows
from huxue.core.facts import Fact
from huxue.core.kinds import Kind
from huxue.core.rulebook.implication import alternatives
from huxue.core.rulebook.model import Rulebook
from huxue.core.rulebook.reserved import RESERVED_KINDS
from huxue.core.values import FAR, MINUTES_A_DAY

BEARER = "bearer"
LAYINGS = ("first", "last", "in turn")
MOST = 300  # windows acted out: five years of weeks, a year and a half of school days
_NOON = 720


def counterexample(
    rulebook: Rulebook, calendars: CalendarsLike, pair: tuple[Duty, Duty], area: str, years: tuple[int, int]
) -> str:
    """Return the period in which the weaker duty is not met although the stronger always is, ``""`` for none.

    ``pair``: the stronger and the weaker duty; ``years``: first and last day. Duties that this cannot act out (another
    shape, deeds of entries or cases, a filter that no deed passes) give none.
    """
    strong, weak = (duty.model_copy(update={"in_force": (-FAR, FAR)}) for duty in pair)
    actor = _Actor(rulebook, strong, weak, area)
    if not actor.can:
        return ""
    alone = rulebook.model_copy(update={"duties": {strong.code: strong, weak.code: weak}, "valid_from": -FAR})
    days = [(w.lo, w.hi) for w in windows(strong, calendars[area], years[0], years[1]) if w.hi <= years[1]][:MOST]
    if not days:
        return ""
    for laying in LAYINGS:
        facts = [actor.organisation(years[0]), *actor.deeds(days, laying)]
        standings = evaluate(alone, calendars, facts, as_of=days[-1][1], known_at=FAR)
        met = {s.status for s in standings if s.duty == strong.code}
        looked_at = _within(weak, calendars, area, days)
        owing = [s for s in standings if s.duty == weak.code and s.period in looked_at]
        failed = [s.period for s in owing if s.status in ("missed", "overdue")]
        if met == {"met"} and failed:
            return failed[0]
    return ""


def _within(weak: Duty, calendars: CalendarsLike, area: str, days: list[tuple[int, int]]) -> set[str]:
    """Return the periods of the weaker duty that lie where the stronger one is acted out."""
    lo, hi = days[0][0], days[-1][1]
    year = calendars[area].periods("school-year", lo, lo)[0].lo
    return {w.key for w in windows(weak, calendars[area], min(lo, year), hi) if w.hi <= hi}


class _Actor:
    """Makes an organisation that owes both duties, and deeds that the stronger one counts."""

    def __init__(self, rulebook: Rulebook, strong: Duty, weak: Duty, area: str) -> None:
        self.strong, self.area = strong, area
        shape = strong.shape
        self.kind: Kind | None = None
        self.shape = shape if isinstance(shape, Repeat) and isinstance(weak.shape, Repeat) else None
        both = Where(all=(strong.owed_by.where, weak.owed_by.where))
        self.type = next((one for one in strong.owed_by.type if one in weak.owed_by.type), "")
        self.traits = _witness(both, lambda _name: False)
        self.fields: dict[str, Any] | None = None
        if self.shape and self.shape.deed.record:
            self.kind = rulebook.kinds.get(self.shape.deed.record) or RESERVED_KINDS.get(self.shape.deed.record)
        if self.shape and self.kind:
            kind = self.kind
            self.fields = _witness(self.shape.deed.where, lambda name: name in kind.fields and kind.fields[name].many)

    @property
    def can(self) -> bool:
        """Tell whether both duties can be acted out."""
        simple = self.shape and not (self.shape.distinct or self.shape.dated_by or self.strong.owed_by.topic)
        return bool(simple and self.type and self.kind and self.strong.counts == "recorded") and (
            None not in (self.traits, self.fields)
        )

    def organisation(self, day: int) -> Fact:
        """Return the fact that opens the organisation."""
        fields = {"code": BEARER, "type": self.type, "area": self.area, "parent": "", "traits": self.traits}
        at = day * MINUTES_A_DAY
        return Fact("0", "organisation", "open", BEARER, at, at, {"about": (BEARER,)}, fields)

    def deeds(self, days: list[tuple[int, int]], laying: str) -> Iterator[Fact]:
        """Yield just enough deeds for each window, on its first or last day, or in turn."""
        assert self.shape is not None  # noqa: S101
        fields, acted = _stored(self.fields or {})
        roles = {self.shape.deed.as_: (BEARER,)}
        for number, (lo, hi) in enumerate(days):
            first = laying == "first" or (laying == "in turn" and number % 2 == 0)
            count = 1 if self.shape.sum else self.shape.at_least
            gap = self.shape.spaced
            for n in range(count):
                day = lo + n * gap if first else hi - n * gap
                at = day * MINUTES_A_DAY + _NOON
                said = {**fields, self.shape.sum: self.shape.at_least} if self.shape.sum else fields
                key = f"{number + 1}-{n}"
                yield Fact(key, self.shape.deed.record, "record", key, at, at, roles, said, post=acted)


def _stored(fields: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Return fields as a fact holds them, and the post acted in."""
    plain = {name: value for name, value in fields.items() if not name.startswith("number_of_") and name != "by_post"}
    said = {
        (name.removesuffix("_post") if name.endswith("_post") else name): f"{BEARER}/{value}"
        if name.endswith("_post")
        else value
        for name, value in plain.items()
    }
    return said, f"{BEARER}/{fields['by_post']}" if "by_post" in fields else ""


def _witness(where: Where, many: Any) -> dict[str, Any] | None:
    """Return field values that pass a filter, or ``None`` when none was found."""
    for case in alternatives(where):
        values: dict[str, Any] = {}
        for test, holds in case:
            if holds:
                values.setdefault(test.field, _passing(test))
        if satisfies(where, values.get):
            return {name: [value] if many(name) else value for name, value in values.items()}
    return None


def _passing(test: Test) -> Any:
    value = test.value[0] if isinstance(test.value, tuple) else test.value
    if isinstance(value, int) and not isinstance(value, bool):
        return value + {"above": 1, "below": -1}.get(test.op, 0)
    return value
