"""Text search: a word is found in a text, or, written in Latin letters, in its pinyin initials.

Items are found by their own searched fields and by the names of the organisations they credit.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import connection

from huxue.access.scope import Scope
from huxue.core.kinds import Kind
from huxue.ledger.asked import Asked
from huxue.ledger.models import RESERVED_ENTRIES
from huxue.ledger.places import Place, among
from huxue.organisations.tables import select

HITS: Final = 2_000  # items with a text that are remembered by name
WORDS: Final = 5  # of one search
LONGEST: Final = 60  # characters of one search


def words_of(text: str) -> list[str]:
    """Return the words of what somebody typed into a search."""
    return text[:LONGEST].lower().split()[:WORDS]


def _match(text: str, *, personal: bool) -> tuple[str, list[Any]]:
    """Return the condition that row ``s`` of the searched texts has every word."""
    inside = "strpos" if connection.vendor == "postgresql" else "instr"
    parts, parameters = [], []
    for word in words_of(text):
        if word.isascii():
            parts.append(f"({inside}(lower(s.text), %s) > 0 OR {inside}(s.initials, %s) > 0)")
            parameters += [word, word]
        else:
            parts.append(f"{inside}(s.text, %s) > 0")
            parameters.append(word)
    if not personal:
        parts.append("NOT s.personal")
    return " AND ".join(parts) or "1 = 1", parameters


def _named(kind: Kind, here: Place, text: str) -> tuple[str, list[Any]]:
    """Return the sets with an organisation of the place whose name has every word, as a query."""
    match, parameters = _match(text, personal=False)
    members = f" AND {here.members}" if here.members else ""
    sql = (
        f"SELECT m.parties FROM ledger_searchtext s JOIN organisations_organisation o ON o.item = s.item "
        f"JOIN ledger_party m ON m.organisation = {as_code('o.code')} "
        f"WHERE s.kind = 'organisation' AND m.kind = %s AND {match}{members}"
    )
    return sql, [kind.code, *parameters, *here.parameters]


def as_code(column: str) -> str:
    """Return a code of the tree as other tables compare codes (see ``organisations/migrations/0002``)."""
    return f'{column} COLLATE "default"' if connection.vendor == "postgresql" else column


def matching(kind: Kind, here: Place, asked: Asked) -> tuple[str, list[Any]]:
    """Return the condition that row ``d`` has the text asked for, looked up row by row."""
    match, parameters = _match(asked.text, personal=asked.personal)
    named, more = _named(kind, here, asked.text)
    sql = (
        f"(EXISTS (SELECT 1 FROM ledger_searchtext s WHERE s.item = d.item AND {match}) OR d.parties + 0 IN ({named}))"
    )
    return sql, [*parameters, *more]


def found_in(kind: Kind, here: Place, asked: Asked, *, scan: bool) -> list[str] | None:
    """Return the items of a kind here with the text, ``None`` when more than ``HITS``; ``scan`` reads all its texts."""
    parts = [_credited(kind, here, asked)]
    if any(rule.search for rule in kind.fields.values()):
        parts.append(_texts(kind, here, asked, scan=scan))
    sql = " UNION ".join(f"SELECT * FROM ({one} LIMIT {HITS + 1}) h{n}" for n, (one, _) in enumerate(parts))
    rows = select(sql, *(value for _, some in parts for value in some))
    return None if len(rows) > HITS else [item for (item,) in rows]


def _texts(kind: Kind, here: Place, asked: Asked, *, scan: bool) -> tuple[str, list[Any]]:
    match, parameters = _match(asked.text, personal=asked.personal)
    sql = f"SELECT DISTINCT s.item FROM ledger_searchtext s WHERE s.kind = %s AND {match}"
    if here.sets is None:
        return sql, [kind.code, *parameters]
    within, sets = among("s.parties + 0" if scan else "s.parties", here.sets)
    return f"{sql} AND {within}", [kind.code, *parameters, *sets]


def _credited(kind: Kind, here: Place, asked: Asked) -> tuple[str, list[Any]]:
    named, parameters = _named(kind, here, asked.text)
    return f"SELECT d.item FROM ledger_item d WHERE d.kind = %s AND d.parties IN ({named})", [kind.code, *parameters]


def organisations_named(text: str, scope: Scope, limit: int) -> list[tuple[str, str, str]]:
    """Return (code, name, type) of up to ``limit`` organisations in a scope whose name or code has every word."""
    match, parameters = _match(text, personal=False)
    mine, more = ("", []) if scope.whole else scope.where(as_code("o.code"))
    tail = f" AND {mine}" if mine else ""
    sql = (
        "SELECT o.code, o.name, o.type FROM ledger_searchtext s JOIN organisations_organisation o ON o.item = s.item "
        f"WHERE s.kind = 'organisation' AND {match}{tail} ORDER BY o.path LIMIT {limit:d}"
    )
    return [(code, name, of) for code, name, of in select(sql, *parameters, *more)]


def items_with(text: str, scope: Scope, kinds: list[str], limit: int) -> list[tuple[str, str]]:
    """Return (item, kind) of up to ``limit`` items of some kinds in a scope with every word; newest ids first."""
    listed = [kind for kind in kinds if kind not in RESERVED_ENTRIES]
    if not listed:
        return []
    match, parameters = _match(text, personal=False)
    marks = ", ".join(["%s"] * len(listed))
    # found first, or the order tempts the database to go through the texts of all kinds
    if scope.whole:
        found, values = f"SELECT s.item, s.kind FROM ledger_searchtext s WHERE s.kind IN ({marks}) AND {match}", listed
    else:  # the few sets of organisations first, then their texts
        mine, more = scope.where("m.organisation")
        near = f"SELECT DISTINCT m.parties, m.kind FROM ledger_party m WHERE {mine} AND m.kind IN ({marks})"
        cross = "JOIN" if connection.vendor == "postgresql" else "CROSS JOIN"  # SQLite then keeps the order of the two
        found = (
            f"SELECT s.item, s.kind FROM ({near}) n {cross} ledger_searchtext s "
            f"ON s.parties = n.parties AND s.kind = n.kind WHERE {match}"
        )
        values = [*more, *listed]
    sql = (
        f"WITH found AS MATERIALIZED ({found}) SELECT DISTINCT item, kind FROM found ORDER BY item DESC LIMIT {limit:d}"
    )
    return [(item, kind) for item, kind in select(sql, *values, *parameters)]
