"""How a page of a list is read: which index leads, and which conditions are looked up row by row.

Three ways, none of a cost that grows with the depth or the number of rows (docs/adr/0021):

* in order: along the index of the whole kind, or of one value of a filter, passing over what does not fit;
* gathered: every row of some sets of organisations (of one value within them), at most ``GATHER``, then sorted;
* found: the items that a text was found in, at most ``HITS``, then sorted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db import connection

from huxue.core.kinds import Kind
from huxue.core.values import MINUTES_A_DAY
from huxue.ledger.asked import Asked
from huxue.ledger.items import COUNTED, ENDED, ENDING, STEP
from huxue.ledger.places import Place, among
from huxue.ledger.searching import HITS, found_in, matching

GATHER: Final = 10_000  # rows that are sorted rather than looked for in order
READ: Final = 40_000  # items whose texts are read one by one rather than all texts of the kind
PROBED: Final = 2_000  # rows for each of which another condition may be looked up to count them
ENOUGH: Final = 200  # what is counted where only reading everything would count it all
Condition = tuple[str, list[Any]]
Filter = tuple[str, tuple[str, ...]]


class Key(NamedTuple):
    """What a list is sorted by."""

    column: str
    down: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """FROM and WHERE of a page, without where it begins. ``d`` is the row that leads."""

    sql: str
    parameters: tuple[Any, ...]
    in_order: bool  # the index gives the order
    most: int  # how many rows at most are counted

    def ordered(self, key: Key) -> str:
        """Return what the page is ordered by; what is sorted anyway must not tempt the database to another index."""
        down = " DESC" if key.down else ""
        return f"{key.column}{'' if self.in_order else ' + 0'}{down}, d.item{down}"


def key_of(asked: Asked) -> tuple[Key, str, list[Any]]:
    """Return the order of a page, the condition of where it begins, and its parameters."""
    newest, back = _newest(asked), asked.after.startswith("-")
    key = Key("d.at" if newest else "d.sort", newest != back)
    number, _, item = asked.after[1:].partition(".")
    if not number.removeprefix("-").isdecimal() or not item:
        return key, "", []
    return key, f" AND ({key.column}, d.item) {'<' if key.down else '>'} (%s, %s)", [int(number), item]


def _newest(asked: Asked) -> bool:
    return asked.order == "new" or asked.period is not None


def choose(kind: Kind, here: Place, asked: Asked, found: Sequence[str] | None) -> Choice:
    """Return how to read what is asked for; ``found`` are the items with its text, where those are few."""
    if found is not None:
        everywhere = [
            ("d.kind = %s", [kind.code]),
            among("d.item", found),
            *_plain(asked, gather=True),
            *map(_has, asked.filters),
        ]
        return _choice("ledger_item d", everywhere, in_order=False, most=len(found) + 1)
    searched = [matching(kind, here, asked)] if asked.text else []
    filters = list(asked.filters)
    lead = _lead(kind, here, filters)
    newest = _newest(asked)
    if newest and lead and not 0 < _size(kind, here, lead) <= PROBED:
        lead = None  # the newest are found sooner along the index of their time
    if lead:
        filters.remove(lead)
    size = _size(kind, here, lead)
    gather = size <= (PROBED if newest else GATHER) and (here.sets is not None or (newest and lead is not None))
    probes = [*searched, *map(_has, filters)]
    first = "x" if newest and lead else "d"
    conditions = [
        (f"{first}.kind = %s", [kind.code]), *_leading(first, lead), *_placed(first, here, gather=gather),
        *_plain(asked, gather=gather), *probes,
    ]  # fmt: skip
    cheap = not probes or size <= PROBED
    table = f"ledger_{'facet' if lead else 'item'} {first}"
    if first == "x":
        table += " JOIN ledger_item d ON d.item = x.item"
    most = GATHER if gather and cheap else PROBED if not probes and here.sets is None else ENOUGH
    return _choice(table, conditions, in_order=not gather, most=most)


def _choice(table: str, conditions: Sequence[Condition], *, in_order: bool, most: int) -> Choice:
    where = " AND ".join(sql for sql, _ in conditions)
    return Choice(f"FROM {table} WHERE {where}", tuple(v for _, some in conditions for v in some), in_order, most)


def _lead(kind: Kind, here: Place, filters: Sequence[Filter]) -> Filter | None:
    """Return the filter with the fewest items here; one of several values would give an item twice."""
    return min((one for one in filters if len(one[1]) == 1), key=lambda one: _size(kind, here, one), default=None)


def _size(kind: Kind, here: Place, lead: Filter | None) -> int:
    """Return how many items a filter leaves here; of one that is not counted, few are taken to be left."""
    if lead is None:
        return here.total
    return here.counts.get((lead[0], lead[1][0]), 0) if is_counted(kind, lead[0]) else 0


def is_counted(kind: Kind, name: str) -> bool:
    """Whether the values of a filter are counted for each set of organisations."""
    return name in (STEP, ENDING) or (name in kind.fields and kind.fields[name].type in COUNTED)


def _leading(row: str, lead: Filter | None) -> list[Condition]:
    return [(f"{row}.field = %s AND {row}.value = %s", [lead[0], lead[1][0]])] if lead else []


def _placed(row: str, here: Place, *, gather: bool) -> list[Condition]:
    """Return the condition of place; ``+ 0`` keeps the database from leading with it."""
    return [] if here.sets is None else [among(f"{row}.parties" if gather else f"{row}.parties + 0", here.sets)]


def _plain(asked: Asked, *, gather: bool) -> list[Condition]:
    """Return the conditions on the columns themselves."""
    found: list[Condition] = []
    if asked.standing:
        found.append((f"d.sort {'<' if asked.standing == 'open' else '>='} %s", [ENDED]))
    if asked.due_before is not None:
        found.append(("d.sort < %s", [asked.due_before]))
    if asked.period:
        first, last = asked.period
        at = "d.at + 0" if gather else "d.at"
        found.append((f"{at} >= %s AND {at} < %s", [first * MINUTES_A_DAY, (last + 1) * MINUTES_A_DAY]))
    return found


def _has(one: Filter) -> Condition:
    name, values = one
    marks = ", ".join(["%s"] * len(values))
    # Without OFFSET PostgreSQL joins the two filters as wholes, all rows of both for the fifty of a page.
    alone = " OFFSET 0" if connection.vendor == "postgresql" else ""
    where = f"x.item = d.item AND x.field = %s AND x.value IN ({marks})"
    return f"EXISTS (SELECT 1 FROM ledger_facet x WHERE {where}{alone})", [name, *values]


def hits(kind: Kind, here: Place, asked: Asked) -> list[str] | None:
    """Return the items here with the text asked for, ``None`` when those are too many to remember."""
    return found_in(kind, here, asked, scan=here.total > READ)


def counting(chosen: Choice, asked: Asked) -> tuple[str, list[Any]]:
    """Return the query that counts what is asked for, up to one more than is counted."""
    limit = "" if asked.exact else f" LIMIT {chosen.most + 1}"
    return f"SELECT count(*) FROM (SELECT 1 {chosen.sql}{limit}) counted", list(chosen.parameters)


def known(kind: Kind, here: Place, asked: Asked, found: Sequence[str] | None) -> tuple[int, bool] | None:
    """Return how many items are asked for and whether that is exact, ``None`` where they must be counted."""
    total = _known(kind, here, asked, found)
    if total is not None:
        return total, True
    plain = not (asked.filters or asked.standing or asked.period or asked.exact)
    return (HITS, False) if asked.text and found is None and plain else None


def _known(kind: Kind, here: Place, asked: Asked, found: Sequence[str] | None) -> int | None:
    """Return how many items are asked for, where the kept counts say so."""
    filters = asked.filters
    if asked.period or asked.due_before is not None or (asked.text and (found is None or filters or asked.standing)):
        return None
    if found is not None:
        return len(found)
    ended = sum(n for (name, _), n in here.counts.items() if name == ENDING)
    if not filters:
        return {"": here.total, "ended": ended, "open": here.total - ended}[asked.standing]
    one = filters[0]
    implied = {STEP: "open", ENDING: "ended"}.get(one[0])
    if len(filters) > 1 or len(one[1]) > 1 or not is_counted(kind, one[0]) or asked.standing not in ("", implied):
        return None
    return _size(kind, here, one)
