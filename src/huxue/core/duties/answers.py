"""The reference's reading of respond duties: each trigger, the answer to it, and the deadline between them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from huxue.core.duties.history import History
from huxue.core.duties.shapes import Deed, Duty, Respond
from huxue.core.duties.standing import Standing, Status
from huxue.core.duties.verdict import Verdict
from huxue.core.facts import Fact
from huxue.core.values import FAR, MINUTES_A_DAY, day_of, end_of_day


def respond(h: History, duty: Duty, shape: Respond, org: str) -> Iterator[Verdict]:
    """Yield one verdict for each trigger that an organisation had to answer."""
    since = max(h.since, h.in_use_from(org), duty.in_force[0])
    lifts, moves = _ordered(h, shape.lifted_by, org), _ordered(h, shape.moved_by, org)
    answers = [f for f in _ordered(h, shape.with_, org) if duty.counts != "verified" or h.is_verified(f)]
    for trigger in _ordered(h, shape.to, org):
        if not (since <= trigger.day <= duty.in_force[1] and h.bears(duty, org, trigger.day)):
            continue
        key = _key(h, shape, trigger, is_trigger=True)
        if key is None:
            continue
        answer = next(iter(_later(h, shape, trigger, key, answers)), None)
        lift = next(iter(_later(h, shape, trigger, key, lifts)), None)
        if lift and (not answer or _order(lift) < _order(answer)):
            continue
        moved = [m for m in _later(h, shape, trigger, key, moves) if not answer or _order(m) < _order(answer)]
        due, provisional = _due(h, org, shape, trigger, moved)
        yield _answered(h, duty, shape, org, trigger, answer, due, provisional=provisional)


def _ordered(h: History, deed: Deed | None, org: str) -> list[Fact]:
    return sorted(h.deeds(deed, org), key=_order) if deed else []


def _later(h: History, shape: Respond, trigger: Fact, key: str, facts: list[Fact]) -> list[Fact]:
    return [f for f in facts if _order(f) > _order(trigger) and _key(h, shape, f, is_trigger=False) == key]


def _answered(
    h: History, duty: Duty, shape: Respond, org: str, trigger: Fact, answer: Fact | None, due: int, *, provisional: bool
) -> Verdict:
    closes = h.calendar(org).deadline(due, shape.closes) if shape.closes else FAR * MINUTES_A_DAY
    now = end_of_day(h.as_of)
    met = answer is not None and answer.at <= closes
    status: Status = "met" if met else "due" if now <= due else "overdue" if now <= closes else "missed"
    excuse = None if met else h.excuse(org, duty.code, trigger.day)
    standing = Standing(
        organisation=org,
        duty=duty.code,
        period=trigger.id,
        status="excused" if excuse else status,
        on_time=bool(met and answer and answer.at <= due),
        verified=bool(met and answer and h.is_verified(answer)),
        have=int(met),
        need=1,
        due=due,
        provisional=provisional,
    )
    counted = (answer,) if answer else ()
    return Verdict(standing, duty, None, counted=counted, trigger=trigger, answer=answer, excuse=excuse)


def _order(fact: Fact) -> tuple[int, str]:
    return fact.at, fact.id


def _key(h: History, shape: Respond, fact: Fact, *, is_trigger: bool) -> str | None:
    match shape.match:
        case "case":
            return fact.item
        case "reference":
            return fact.item if is_trigger else fact.reference
        case "bearer":
            return ""
        case "holding":
            return fact.item if fact.kind == "holding" else h.holding(fact.post, fact.day)
        case name:
            value = fact.fields.get(name)
            return None if value is None else str(value)


def _due(h: History, org: str, shape: Respond, trigger: Fact, moved: list[Fact]) -> tuple[int, bool]:
    if shape.within.field is not None:
        for fact, name in [*((m, shape.field_of_move) for m in reversed(moved)), (trigger, shape.within.field)]:
            due = _deadline_in(fact, name)
            if due is not None:
                return due, False
        return FAR * MINUTES_A_DAY, False
    for m in reversed(moved):
        due = _deadline_in(m, shape.field_of_move)
        if due is not None:
            return due, False
    calendar = h.calendar(org)
    due = calendar.deadline(trigger.at, shape.within)
    counted = shape.within.workdays is not None or shape.within.school_days is not None
    return due, counted and calendar.is_provisional(trigger.day, due // MINUTES_A_DAY)


def _deadline_in(fact: Fact, name: str) -> int | None:
    """The deadline that a fact carries: of a step, the one left by it; else a date (its last minute) or time field."""
    if name == "deadline" and fact.deadline is not None:
        return fact.deadline
    value = fact.fields.get(name)
    if value is None:
        return None
    if len(value) > len("2026-01-01"):
        moment = datetime.fromisoformat(value)
        return day_of(moment.date()) * MINUTES_A_DAY + moment.hour * 60 + moment.minute
    return end_of_day(day_of(date.fromisoformat(value)))
