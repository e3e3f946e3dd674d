"""What the ledger has already of what a workbook says: organisations, entries that stand, deeds of a span of time.

Read in bulk: a constant number of queries for any number of rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from json import loads
from typing import Any, Final, NamedTuple

from huxue.core.kinds import Kind
from huxue.organisations.models import OPEN
from huxue.organisations.tables import Row, chunks, select, select_in

_PERSONAL: Final = '"$personal"'
_WORDS: Final = 500  # organisations named in one query, by code or by name


class Standing(NamedTuple):
    """An entry that stands, or a deed. ``fields`` hold personal values, but for those in ``erased``."""

    item: str
    fact: str
    at: int
    roles: dict[str, tuple[str, ...]]
    fields: dict[str, Any]
    erased: frozenset[str]


_PLACE: Final = "SELECT code, name, type, closed FROM organisations_organisation"


def places_inside(where: str, parameters: Collection[Any]) -> list[Row]:
    """Return (code, name, type, closed) of the organisations that a predicate over ``code`` holds, "" for all."""
    return select(f"{_PLACE}{' WHERE ' if where else ''}{where}", *parameters)


def places_called(words: Iterable[str]) -> list[Row]:
    """Return the same of the organisations with one of these codes or names, wherever they are."""
    found: set[Row] = set()
    for few in _few(set(words)):
        marks = ", ".join(["%s"] * len(few))
        found.update(select(f"{_PLACE} WHERE code IN ({marks}) OR name IN ({marks})", *few, *few))
    return sorted(found)


def _few(words: Iterable[str]) -> Iterable[list[str]]:
    every = sorted(words)
    return (every[start : start + _WORDS] for start in range(0, len(every), _WORDS))


def standing_entries(kind: Kind, organisations: Iterable[str]) -> list[Standing]:
    """Return the open entries of a register at these organisations."""
    rows: list[Row] = []
    for codes in chunks(set(organisations)):
        marks = ", ".join(["%s"] * len(codes))
        rows += select(
            "SELECT item, fact, valid_from, roles, fields FROM ledger_entry "
            f"WHERE open AND kind = %s AND organisation IN ({marks}) ORDER BY item",
            kind.code, *codes,
        )  # fmt: skip
    return _standing(rows)


def entries_numbered(kind: Kind, items: Iterable[str]) -> list[Standing]:
    """Return the open entries of a register with these numbers."""
    sql = (
        "SELECT item, fact, valid_from, roles, fields, kind FROM ledger_entry "
        f"WHERE open AND valid_to = {OPEN} AND item IN ({{}})"
    )
    return _standing([row[:5] for row in select_in(sql, set(items)) if row[5] == kind.code])


def deeds(kind: Kind, organisations: Iterable[str], *, step: str, first: int, last: int) -> list[Standing]:
    """Return the records of a kind (or openings of cases by ``step``) of these organisations from minute to minute."""
    rows: list[Row] = []
    for codes in chunks(set(organisations)):
        marks = ", ".join(["%s"] * len(codes))
        rows += select(
            "SELECT f.item, f.id, f.at_min, f.roles, f.fields FROM ledger_fact f "
            f"WHERE f.organisation IN ({marks}) AND f.kind = %s AND f.at_min BETWEEN %s AND %s AND f.step = %s "
            "AND f.verb <> 'withdraw' AND NOT EXISTS "
            "(SELECT 1 FROM ledger_fact r WHERE r.replaces = f.id AND NOT (r.replaces = ''))",
            *codes, kind.code, first, last, step,
        )  # fmt: skip
    return _standing(rows)


def _standing(rows: Collection[Row]) -> list[Standing]:
    hidden = {row[1] for row in rows if _PERSONAL in row[4]}
    values, erased = personal(hidden)
    found = []
    for item, fact, at, roles, fields in rows:
        said = loads(fields)
        for name in [name for name, value in said.items() if isinstance(value, Mapping) and "$personal" in value]:
            said[name] = values.get((fact, name))
        credited = {role: tuple(codes) for role, codes in loads(roles).items()}
        found.append(Standing(item, fact, at, credited, said, frozenset(erased.get(fact, ()))))
    return found


def personal(facts: Iterable[str]) -> tuple[dict[tuple[str, str], Any], dict[str, set[str]]]:
    """Return the personal values of facts by fact and field, and the fields that were erased by fact."""
    values: dict[tuple[str, str], Any] = {}
    erased: dict[str, set[str]] = {}
    sql = "SELECT fact, field, value, erased FROM ledger_personaldatum WHERE fact IN ({})"
    for fact, name, value, gone in select_in(sql, set(facts)):
        if gone:
            erased.setdefault(fact, set()).add(name)
        else:
            values[fact, name] = loads(value)
    return values, erased


def known(facts: Iterable[str]) -> set[str]:
    """Return those of these ids that the ledger has."""
    return {uid for (uid,) in select_in("SELECT id FROM ledger_fact WHERE id IN ({})", set(facts))}


def still_there(facts: Iterable[str]) -> list[Row]:
    """Return (seq, id, item, kind, verb) of those of these facts that were neither replaced nor withdrawn."""
    wanted = set(facts)
    gone = {old for (old,) in select_in(_REPLACED, wanted)}
    sql = "SELECT seq, id, item, kind, verb FROM ledger_fact WHERE id IN ({}) AND verb <> 'withdraw'"
    return sorted(row for row in select_in(sql, wanted) if row[1] not in gone)


_REPLACED: Final = "SELECT replaces FROM ledger_fact WHERE replaces IN ({}) AND NOT (replaces = '')"


def built_upon(facts: Collection[Row]) -> list[Row]:
    """Return (item, kind) of what was written on the items of these facts (of ``still_there``) since, or about them."""
    if not facts:
        return []
    ours, items, first = {row[1] for row in facts}, {row[2] for row in facts}, min(row[0] for row in facts)
    later = "SELECT id, item, kind, seq, replaces FROM ledger_fact WHERE item IN ({})"
    about = (
        "SELECT id, reference, kind, seq, replaces FROM ledger_fact WHERE reference IN ({}) AND NOT (reference = '')"
    )
    rows = [*select_in(later, items), *select_in(about, items)]
    gone = {row[4] for row in rows if row[4]}
    return sorted({(item, kind) for uid, item, kind, seq, _ in rows if seq > first and uid not in ours | gone})


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Return the names of organisations by code."""
    return dict(select_in("SELECT code, name FROM organisations_organisation WHERE code IN ({})", set(codes)))
