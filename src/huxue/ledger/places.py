"""Which sets of organisations a scope touches, and how many items of a kind they have: one query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from json import dumps
from typing import Any, Final, NamedTuple

from django.db import connection

from huxue.access.scope import Scope
from huxue.core.kinds import Kind
from huxue.ledger.items import ENDING, EVERYWHERE, STEP, Word
from huxue.organisations.tables import select

_SUBTREE: Final = (
    "m.organisation IN (SELECT {} FROM organisations_organisation o, organisations_organisation p WHERE p.code = %s "
    "AND o.path >= p.path AND o.path < substr(p.path, 1, length(p.path) - 1) || '0')"
)


_EVERYWHERE: Final = (
    "SELECT field, value, sum(n) FROM ledger_itemcount WHERE kind = %s AND parties = {} AND field IN ({}) "
    "GROUP BY field, value"
)


class Place(NamedTuple):
    """Where a list looks. ``sets``: numbers of the sets of organisations that matter, ``None``: everywhere."""

    sets: tuple[int, ...] | None
    counts: dict[Word, int]
    members: str  # condition on an organisation ``m.organisation``; "": any
    parameters: tuple[Any, ...]
    everything: int  # items of the kind in the whole scope, of whatever organisation

    @property
    def total(self) -> int:
        """How many items of the kind there are here."""
        return self.counts.get(("", ""), 0)


def place(kind: Kind, scope: Scope, organisation: str, filters: Iterable[str] = ()) -> Place:
    """Return where a list of a kind looks: in a scope, or in the part of it at and below an organisation.

    Counted are all items, where cases stand, and the values of some filters.
    """
    fields = sorted({"", STEP, ENDING, *filters})
    conditions, parameters = [], []
    if organisation:
        code = 'o.code COLLATE "default"' if connection.vendor == "postgresql" else "o.code"
        conditions.append(_SUBTREE.format(code))
        parameters.append(organisation)
    if not scope.whole:
        sql, more = scope.where("m.organisation")
        conditions.append(sql)
        parameters.extend(more)
    members = " AND ".join(conditions)
    if not members:
        found = select(_EVERYWHERE.format(EVERYWHERE, _marks(fields)), kind.code, *fields)
        counts = {(name, value): int(n) for name, value, n in found}
        return Place(None, counts, "", (), counts.get(("", ""), 0))
    return _within(kind, fields, members, parameters, _around(kind, scope) if organisation else None)


def _around(kind: Kind, scope: Scope) -> tuple[str, list[Any]]:
    """Return the query of how many items a whole scope has."""
    sql = "SELECT '$all', '', sum(n), NULL FROM ledger_itemcount WHERE kind = %s AND field = '' AND parties "
    if scope.whole:
        return f"{sql} = {EVERYWHERE}", [kind.code]
    members, parameters = scope.where("m.organisation")
    within = f"IN (SELECT m.parties FROM ledger_party m WHERE m.kind = %s AND {members})"
    return sql + within, [kind.code, kind.code, *parameters]


def _within(
    kind: Kind, fields: list[str], members: str, parameters: list[Any], around: tuple[str, list[Any]] | None
) -> Place:
    own = "CASE WHEN field = '' AND n > 0 THEN parties END"
    numbers = (
        f"string_agg(DISTINCT ({own})::text, ',')" if connection.vendor == "postgresql" else f"group_concat({own})"
    )
    sql = (
        f"SELECT field, value, sum(n), {numbers} FROM ledger_itemcount WHERE kind = %s AND field IN ({_marks(fields)}) "
        f"AND parties IN (SELECT m.parties FROM ledger_party m WHERE m.kind = %s AND {members}) GROUP BY field, value"
    )
    more, others = (f" UNION ALL {around[0]}", around[1]) if around else ("", [])
    found = select(sql + more, kind.code, *fields, kind.code, *parameters, *others)
    sets = next((row[3] for row in found if not row[0]), None)
    counts = {(name, value): int(n or 0) for name, value, n, _ in found}
    total = counts.get(("", ""), 0)
    everything = counts.pop(("$all", ""), total)
    return Place(tuple(map(int, sets.split(","))) if sets else (), counts, members, tuple(parameters), everything)


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def among(column: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
    """Return the condition that a column has one of any number of values, given as one parameter."""
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s)", [list(values)]
    return f"{column} IN (SELECT value FROM json_each(%s))", [dumps(values)]
