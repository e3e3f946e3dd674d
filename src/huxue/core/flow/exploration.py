"""Every path of a flow up to a number of steps, walked with the very functions that the ledger uses.

Two states that no later step can tell apart are one, so a walk of twelve steps ends in seconds: the walk is over
abstract states (where the case stands, the counts that are limited, who took what somebody else must check, the
fields that conditions read, whether a clock runs), each kept with one concrete case that leads there.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from huxue.core.duties.shapes import Span
from huxue.core.flow.actors import PUBLIC, Actor
from huxue.core.flow.permissions import permission, take
from huxue.core.flow.states import NOT_YET, State
from huxue.core.kinds import SPOT, FlowStep, Kind
from huxue.core.values import MINUTES_A_DAY, Refused, date_of

ABOUT = "school"  # the organisation that every walked case is about
_A_STEP = 10 * MINUTES_A_DAY  # time between two steps of a walk
_LIMIT = 25  # days from a step to the deadline it is given
_OUT_OF_PLACE = {"ended", "not_open", "already_open", "not_here", "too_often"}
_PLACE = {"lat": "31", "lon": "107", "crs": "wgs84"}
_SAMPLES: dict[str, Any] = {"number": 1, "money": 100, "yes_no": True, "place": _PLACE}


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a walk: the case before, who took what with which fields, the case after, and how deep it lies."""

    before: State
    step: str
    actor: Actor
    fields: Mapping[str, Any]
    after: State
    depth: int


class _EveryDay:
    """A calendar for walks: every day is a workday and a school day."""

    def deadline(self, minute: int, span: Span) -> int:
        """Return a minute after the given one."""
        if span.hours is not None:
            return minute + 60 * span.hours
        return minute + MINUTES_A_DAY * (span.days or span.workdays or span.school_days or 0)


def explore(
    kind: Kind,
    choices: Mapping[str, Sequence[Any]],
    cast: Callable[[State], Iterable[Actor]],
    *,
    depth: int = 12,
    memory: bool = True,
) -> Iterator[Move]:
    """Yield every move of every path of up to ``depth`` steps, each pair of abstract state and move once.

    ``choices``: for fields that conditions read, the stored values to try. ``cast``: who could act in a state.
    ``memory=False`` walks the whole tree of paths instead (for tests of this very shortcut at small depths).
    """
    key = abstract(kind, choices)
    frontier, seen = [NOT_YET], {key(NOT_YET)}
    for level in range(1, depth + 1):
        reached: list[State] = []
        for here in frontier:
            for move in _moves(kind, here, choices, tuple(cast(here)), level):
                yield move
                name = key(move.after)
                if not memory or name not in seen:
                    seen.add(name)
                    reached.append(move.after)
        frontier = reached


def _moves(
    kind: Kind,
    here: State,
    choices: Mapping[str, Sequence[Any]],
    cast: Sequence[Actor],
    level: int,
) -> Iterator[Move]:
    for step, said in kind.flow.items():
        if not _OUT_OF_PLACE.isdisjoint(reason.code for reason in permission(kind, here, step, PUBLIC)):
            continue  # nobody can: spares asking for everybody
        for fields in _offers(kind, said, choices, level):
            for actor in cast:
                if permission(kind, here, step, actor, fields):
                    continue
                try:
                    after = take(
                        kind,
                        here,
                        step,
                        at=level * _A_STEP,
                        actor=actor,
                        fields=fields,
                        calendar=_EveryDay(),
                        roles={"by": (actor.organisation,)} | ({"about": (ABOUT,)} if said.opening else {}),
                    )
                except Refused:  # a matter of dates
                    continue
                yield Move(here, step, actor, fields, after, level)


def _offers(
    kind: Kind,
    said: FlowStep,
    choices: Mapping[str, Sequence[Any]],
    level: int,
) -> Iterator[dict[str, Any]]:
    """Yield what could be filled in: every combination of the fields that conditions read, a sample of the others."""
    read = {name: choices[name] for name in said.asks if name in choices}
    if said.on_the_spot:
        read[SPOT] = (True, False)
    fixed = {name: _sample(kind, name, level) for name in said.asks if name not in read}
    for values in product(*read.values()):
        yield {**fixed, **dict(zip(read, values, strict=True))}


def _sample(kind: Kind, name: str, level: int) -> Any:
    field = kind.fields[name]
    day = date_of(level * _A_STEP // MINUTES_A_DAY + _LIMIT).isoformat()
    one = {"date": day, "time": f"{day}T12:00"}.get(field.type) or _SAMPLES.get(field.type, name)
    return [one] if field.many else one


def abstract(kind: Kind, choices: Mapping[str, Sequence[Any]]) -> Callable[[State], Hashable]:
    """Return the function that names a state: states of one name are told apart by no later step."""
    limited = [(name, step.at_most) for name, step in kind.flow.items() if step.at_most is not None]
    watched = sorted({name for step in kind.flow.values() for name in step.not_by})
    openers = [name for name, step in kind.flow.items() if step.opening]

    def key(state: State) -> Hashable:
        return (
            state.step,
            state.ended,
            state.deadline is None,
            tuple(min(state.counts.get(name, 0), most) for name, most in limited),
            tuple(frozenset(state.takers.get(name, ())) for name in watched),
            tuple(frozenset(t.organisation for t in state.takers.get(name, ())) for name in openers),
            tuple(str(state.fields.get(name)) for name in choices),
        )

    return key
