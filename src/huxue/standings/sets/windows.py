"""Windows keep their numbers from one day to the next, so that what was counted in them can be counted on.

A compiler numbers the slots of one day. Here a slot that says the same as one of the day before gets its number; any
other gets a new one. A slot is *over* when no later day can change what it means: what has come in it can only be
corrected.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from huxue.core.duties.compile import Compiled
from huxue.core.duties.standing import MISSED
from huxue.core.duties.tables import TABLES

_PLACE: Final = {name: place for place, name in enumerate(TABLES["slots"])}
_OF_A_DAY: Final = frozenset({"slot", "snap", "miss", "mend", "prev"})  # columns that another day or numbering changes
_LASTING: Final = [place for name, place in _PLACE.items() if name not in _OF_A_DAY]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The windows of a day: what each says → (number, over, miss, rolling); ``next``: the first number that is free.

    Over: no later day changes what it means. Miss: what "not met" means. Rolling: another day has another in its place.
    """

    of: Mapping[str, tuple[int, int, int, int]]
    next: int


@dataclass(frozen=True, slots=True)
class Numbered:
    """What the duties compile to, under lasting numbers.

    ``age``: rows (slot, fresh, over, was, moved). Fresh: it was not over the day before, or not there. Over: it is
    today. Was: what "not met" meant the day before, -1 where it was not there. Moved: that is not what it means today.
    ``lost``: a window that was there is not there any more, and was not a rolling one.
    """

    made: Compiled
    numbers: Numbers
    age: list[tuple[int, ...]]
    lost: bool


def numbered(made: Compiled, before: Numbers | None = None) -> Numbered:
    """Give the slots their lasting numbers."""
    said = before or Numbers({}, 0)
    names, new = _names(made), dict[int, int]()
    following = said.next
    for slot, name in enumerate(names):
        if name in said.of:
            new[slot] = said.of[name][0]
        else:
            new[slot], following = following, following + 1
    over, miss, rolling = _over(made), _column(made, "miss"), [key.startswith("last-") for key in made.keys]
    numbers = {name: (new[n], over[n], miss[n], int(rolling[n])) for n, name in enumerate(names)}
    age = list[tuple[int, ...]]()
    for slot, name in enumerate(names):
        number, was_over, was, _ = said.of.get(name, (new[slot], 0, -1, 0))
        age.append((number, 1 - was_over, over[slot], was, int(was != miss[slot])))
    lost = any(not of[3] for name, of in said.of.items() if name not in numbers)
    return Numbered(replace(made, rows=_renumbered(made.rows, new)), Numbers(numbers, following), age, lost)


def _column(made: Compiled, name: str) -> list[int]:
    return [int(str(row[_PLACE[name]])) for row in made.rows["slots"]]


def _names(made: Compiled) -> list[str]:
    """Return for each slot what it says, on whichever day it is looked at."""
    parts: dict[int, list[Any]] = defaultdict(list)
    for signal, cal, slot, part, lo, _, makeup, due, latest, within, fine in made.rows["slotspan"]:
        if not makeup:  # days of making good come after the window
            parts[int(str(slot))].append((signal, cal, part, lo, due, latest, within, fine))
    for slot, cal, signal, side, _ in made.rows["stateslot"]:
        parts[int(str(slot))].append((cal, signal, side))
    return [
        hashlib.blake2b(repr((key, [row[p] for p in _LASTING], parts[slot])).encode(), digest_size=12).hexdigest()
        for slot, (key, row) in enumerate(zip(made.keys, made.rows["slots"], strict=True))
    ]


def _over(made: Compiled) -> list[int]:
    found: list[int] = []
    columns = [_column(made, name) for name in ("hi", "closes", "miss", "is_state", "prev")]
    for hi, closes, miss, state, prev in zip(*columns, strict=True):
        last = hi if state else max(hi, closes)
        found.append(int(miss == MISSED and last < made.as_of and (prev < 0 or found[prev] == 1)))
    return found


def _renumbered(
    rows: Mapping[str, list[tuple[object, ...]]], new: Mapping[int, int]
) -> dict[str, list[tuple[object, ...]]]:
    def slots() -> Iterator[tuple[object, ...]]:
        for row in rows["slots"]:
            one = list(row)
            for name in ("slot", "prev"):
                one[_PLACE[name]] = new.get(int(str(row[_PLACE[name]])), -1)
            yield tuple(one)

    return dict(rows) | {
        "slots": list(slots()),
        "slotspan": [(*row[:2], new[int(str(row[2]))], *row[3:]) for row in rows["slotspan"]],
        "stateslot": [(new[int(str(row[0]))], *row[1:]) for row in rows["stateslot"]],
    }


__all__ = ["Numbered", "Numbers", "numbered"]
