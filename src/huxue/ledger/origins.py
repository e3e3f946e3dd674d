"""What the ledger has from files: facts by their origin (recipe|scope|target|key), and what became of them since.

Origins of records and cases carry the scope in second place; those of entries and organisations carry ``=`` there, and
the scope last, because an entry outlives the file that first named it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from json import loads
from typing import Any
from zlib import crc32

from django.db import connection

from huxue.core.recipes.comparing import Earlier, Version
from huxue.core.recipes.planned import safe
from huxue.ledger.replacing import lines_of
from huxue.organisations.dated import in_order
from huxue.organisations.tables import Row, select, select_in

IMPORT_OF = 7_404  # number of our lock: one import of a recipe at a time
_FACT = "id, item, kind, verb, step, at_min, deadline, reference, roles, fields, origin"
_PERSONAL = '"$personal"'


def hold(recipe: str) -> None:
    """Let nobody else import with this recipe until the transaction ends (SQLite has one writer anyway)."""
    if connection.vendor == "postgresql":
        select("SELECT pg_advisory_xact_lock(%s, %s)", IMPORT_OF, crc32(recipe.encode()) & 0x7FFFFFFF)


def of_scope(recipe: str, scope: str) -> dict[str, Earlier]:
    """Return the records and steps that files of this scope brought, by origin."""
    prefix = f"{recipe}|{safe(scope)}|"
    rows = _rows(prefix)
    return _earlier(rows, _heads(prefix, rows))


def of_origins(wanted: Iterable[str]) -> dict[str, Earlier]:
    """Return the same for some origins only: for loads too large to look at whole."""
    sql = f"SELECT {_FACT}, seq FROM ledger_fact WHERE origin IN ({{}})"
    rows = [row[:-1] for row in sorted(select_in(sql, wanted), key=lambda row: row[-1])]
    after = _followed([row[0] for row in rows], {})
    return _earlier(rows, {row[0]: _head(row[0], after) for row in rows})


def keys_of_scope(recipe: str, scope: str) -> set[str]:
    """Return the keys of the rows whose records or steps the ledger has from files of this scope."""
    sql = f"SELECT origin FROM ledger_fact WHERE {_range('origin')}"
    prefix = f"{recipe}|{safe(scope)}|"
    return {origin.split("|")[3] for (origin,) in select(sql, prefix, _end(prefix))}


def _earlier(rows: Iterable[Row], heads: Mapping[str, str]) -> dict[str, Earlier]:
    erased, values = _personal(rows)
    found: dict[str, Earlier] = {}
    for row in rows:  # in order of arrival: the last file that spoke of an origin counts
        said = () if row[0] in erased else _said(row, values)
        found[row[10]] = Earlier(row[10], heads[row[0]], row[1], row[3], said)
    return found


@dataclass(frozen=True, slots=True)
class Known:
    """Entries that files of a recipe brought, by base origin (without the scope)."""

    versions: dict[str, list[Version]]
    gone: frozenset[str]
    dates: dict[str, set[int]]  # scope → dates of what its files said


def entries(recipe: str) -> Known:
    """Return the entries and organisations that files of a recipe brought, with all their versions in order of time."""
    prefix = f"{recipe}|=|"
    rows = _rows(prefix)
    heads = _heads(prefix, rows)
    erased, values = _personal(rows)
    base_of: dict[str, str] = {}
    spoken: dict[str, Row] = {}  # live fact → the last file's words about it
    dates: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        base, scope = split(row[10])
        base_of[row[1]] = base
        dates[scope].add(row[5])
        if heads[row[0]]:
            spoken[heads[row[0]]] = row
    versions: dict[str, list[Version]] = {base: [] for base in base_of.values()}
    for item, lines in lines_of(base_of).items():
        gone = {line.replaces for line in lines if line.replaces}
        for line in in_order(one for one in lines if one.verb != "withdraw" and one.id not in gone):
            told = spoken.get(line.id)
            said = _said(told, values) if told is not None and told[0] not in erased else ()
            roles = {role: tuple(codes) for role, codes in line.credited.items()}
            versions[base_of[item]].append(
                Version(line.id, item, line.verb, line.at, roles, line.values, told[10] if told else "", said)
            )
    gone_bases = frozenset(base for base, found in versions.items() if not found)
    return Known(versions, gone_bases, dict(dates))


def split(origin: str) -> tuple[str, str]:
    """Return base and scope of the origin of an entry."""
    parts = origin.split("|")
    return "|".join(parts[:4]), parts[4] if len(parts) > 4 else ""  # noqa: PLR2004 - recipe, =, target, key


def organisations(codes: Iterable[str]) -> set[str]:
    """Return those of these codes that an organisation has."""
    return {code for (code,) in select_in("SELECT code FROM organisations_organisation WHERE code IN ({})", codes)}


def _range(column: str) -> str:
    """Bytes decide on both databases; PostgreSQL would otherwise sort by its locale."""
    plain = f'{column} COLLATE "C"' if connection.vendor == "postgresql" else column
    return f"{plain} >= %s AND {plain} < %s"


def _rows(prefix: str) -> list[Row]:
    sql = f"SELECT {_FACT} FROM ledger_fact WHERE {_range('origin')} ORDER BY seq"
    return select(sql, prefix, _end(prefix))


def _end(prefix: str) -> str:
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _heads(prefix: str, rows: Iterable[Row]) -> dict[str, str]:
    """Return what stands in the place of each fact now: its own id, its last correction, "" if withdrawn."""
    sql = (
        "SELECT c.replaces, c.id, c.verb FROM ledger_fact c JOIN ledger_fact o ON o.id = c.replaces "
        f"WHERE c.replaces <> '' AND {_range('o.origin')}"
    )
    after = {old: (new, verb) for old, new, verb in select(sql, prefix, _end(prefix))}
    after = _followed([new for new, _ in after.values()], after)
    return {row[0]: _head(row[0], after) for row in rows}


After = dict[str, tuple[str, str]]  # fact → what replaced it, and by which verb


def _followed(ids: Sequence[str], after: After) -> After:
    """Add what replaced these facts, and what replaced that."""
    while ids:
        found = select_in(
            "SELECT replaces, id, verb FROM ledger_fact WHERE replaces IN ({}) AND NOT (replaces = '')", ids
        )
        new = {old: (new, verb) for old, new, verb in found if old not in after}
        after |= new
        ids = [fact for fact, _ in new.values()]
    return after


def _head(fact: str, after: After) -> str:
    while fact in after:
        fact, verb = after[fact]
        if verb == "withdraw":
            return ""
    return fact


Values = dict[tuple[str, str], Any]


def _personal(rows: Iterable[Row]) -> tuple[set[str], Values]:
    """Return the facts whose personal values were erased, and the values of the others by fact and field."""
    facts = [row[0] for row in rows if _PERSONAL in row[9]]
    if not facts:
        return set(), {}
    sql = "SELECT fact, field, value, erased FROM ledger_personaldatum WHERE fact IN ({})"
    found = list(select_in(sql, facts))
    return {row[0] for row in found if row[3]}, {(row[0], row[1]): loads(row[2]) for row in found if not row[3]}


def _said(row: Row, values: Values) -> tuple[Any, ...]:
    fields = loads(row[9])
    if values:
        fields = {name: values.get((row[0], name), value) for name, value in fields.items()}
    roles = {role: tuple(codes) for role, codes in loads(row[8]).items()}
    return (row[2], row[4], row[5], row[6], row[7], roles, fields)
