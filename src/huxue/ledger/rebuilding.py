"""Works out every projection again from the facts alone, compares, and repairs.

``rebuild(kinds)`` returns the differences and changes nothing; ``rebuild(kinds, check=False)`` also replaces all rows
by the right ones, in one transaction. Facets and search text depend on what the rulebook declares, so a new edition
that declares other filters makes differences until the projections are rebuilt.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from json import loads
from typing import Any, Final, NamedTuple

from django.db import models, transaction

from huxue.core.kinds import Kind
from huxue.ledger.counting import Key, counts_of
from huxue.ledger.drafts import canonical
from huxue.ledger.items import party_rows
from huxue.ledger.models import RESERVED_ENTRIES, Attachment, Credit, Facet, Item, ItemCount, Party
from huxue.ledger.projections import STORED, attachment_rows
from huxue.ledger.replacing import LINE
from huxue.ledger.reserved import RESERVED
from huxue.ledger.writing import OF_ITEM, Sets, credit_rows, item_rows
from huxue.organisations.dated import Line
from huxue.organisations.models import Edge, Holding, Organisation, Post
from huxue.organisations.shapes import dated_rows, organisation_now
from huxue.organisations.tables import Row, columns, insert, select
from huxue.organisations.tree import paths

ITEMS: Final = 5_000  # items at a time
FACTS: Final = 20_000
OF_TREE: Final = {"organisation": Edge, "oversight": Edge, "post": Post, "holding": Holding}
Table = type[models.Model]
_COUNTS: Final = (
    "SELECT kind, parties, field, value, 0, CAST(sum(n) AS bigint) FROM ledger_itemcount "
    "GROUP BY kind, parties, field, value HAVING sum(n) <> 0"
)


class Difference(NamedTuple):
    """A row that is there and should not be (``stray``), or should be and is not (``missing``)."""

    table: str
    sort: str
    row: Row


def rebuild(kinds: Mapping[str, Kind], *, check: bool = True) -> list[Difference]:
    """Return how the stored projections differ from those that follow from the facts; repair them unless ``check``."""
    every = {**kinds, **RESERVED}
    with transaction.atomic():
        differences = [found for part in _parts(every) for found in _compare(*part)]
        if differences and not check:
            _repair(every)
    return differences


class Part(NamedTuple):
    """The rows a table should have where ``where`` holds."""

    table: Table
    rows: list[Row]
    where: str
    parameters: tuple[Any, ...]


def _parts(kinds: Mapping[str, Kind]) -> Iterator[Part]:
    yield from _tree()
    yield from _of_facts(kinds)
    yield from _of_items(kinds)


def _compare(table: Table, rows: list[Row], where: str, parameters: tuple[Any, ...]) -> Iterator[Difference]:
    names = ", ".join(columns(table))
    whole = _COUNTS if table is ItemCount else f"SELECT {names} FROM {table._meta.db_table} WHERE {where}"
    stored = select(whole, *parameters)
    if table is Attachment:
        stored = [(*row[:3], "declared") for row in stored]  # whether the bytes are in is no matter of facts
    there, due = Counter(map(_plain, stored)), Counter(map(_plain, rows))
    name = table._meta.db_table
    yield from (Difference(name, "stray", row) for row in sorted((there - due).elements(), key=repr))
    yield from (Difference(name, "missing", row) for row in sorted((due - there).elements(), key=repr))


def _plain(row: Row) -> Row:
    return tuple(int(v) if isinstance(v, bool) else v for v in row)


def _tree() -> Iterator[Part]:
    """Work the tree out as a whole: a path depends on everything above."""
    marks = ", ".join(["%s"] * len(RESERVED_ENTRIES))
    sql = f"SELECT {LINE} FROM ledger_fact WHERE kind IN ({marks}) ORDER BY seq"
    items = _grouped(Line(*row) for row in select(sql, *RESERVED_ENTRIES))
    dated: dict[Table, list[Row]] = {Edge: [], Post: [], Holding: []}
    for lines in items.values():
        dated[OF_TREE[lines[0].kind]].extend(dated_rows(lines))
    now = [
        found
        for lines in items.values()
        if lines[0].kind == "organisation"
        if (found := organisation_now(lines, canonical))
    ]
    path = paths({one.code: one.parent for one in now})
    yield Part(Organisation, [(*one[:6], path[one.code], *one[6:]) for one in now], "1 = 1", ())
    for table, rows in dated.items():
        yield Part(table, rows, "1 = 1", ())


def _grouped(lines: Iterable[Line]) -> dict[str, list[Line]]:
    items: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        items[line.item].append(line)
    return items


def _of_facts(kinds: Mapping[str, Kind]) -> Iterator[Part]:
    stored = {code: kind.fields for code, kind in kinds.items() if any(f.type in STORED for f in kind.fields.values())}
    sql = f"SELECT {LINE} FROM ledger_fact WHERE seq > %s ORDER BY seq LIMIT {FACTS}"
    after = -1
    while found := select(sql, after):
        lines, last = [Line(*row) for row in found], found[-1][0]
        rows = [row for line in lines for row in credit_rows(line.seq, line.credited)]
        yield Part(Credit, rows, "fact > %s AND fact <= %s", (after, last))
        files = [
            (*r, "declared") for line in lines if line.kind in stored for r in attachment_rows(line, stored[line.kind])
        ]
        mine = "fact IN (SELECT id FROM ledger_fact WHERE seq > %s AND seq <= %s)"
        yield Part(Attachment, files, mine, (after, last))
        after = last
    yield Part(Credit, [], "fact > %s", (after,))
    yield Part(Attachment, [], "fact NOT IN (SELECT id FROM ledger_fact)", ())


def _of_items(kinds: Mapping[str, Kind]) -> Iterator[Part]:
    """Go through the items in ranges, so that rows of items that have no facts are found as well."""
    before = ""
    counts: Counter[Key] = Counter()
    sets: Sets = {}
    while last := _last_of(before):
        where = "item > %s AND item <= %s"
        sql = f"SELECT {LINE} FROM ledger_fact WHERE {where} ORDER BY seq"
        items = _grouped(Line(*row) for row in select(sql, before, last))
        sql = "SELECT fact, field, value FROM ledger_personaldatum WHERE NOT erased AND fact IN "
        mine = f"(SELECT id FROM ledger_fact WHERE {where})"
        personal = {(fact, name): loads(value) for fact, name, value in select(sql + mine, before, last)}
        found, credited = item_rows(items, kinds, personal)
        counts.update(counts_of(found[Item], found[Facet], kinds))
        sets |= credited
        for table, rows in found.items():
            yield Part(table, rows, where, (before, last))
        before = last
    for table in OF_ITEM:
        yield Part(table, [], "item > %s", (before,))
    yield Part(ItemCount, [(*key, 0, n) for key, n in counts.items()], "1 = 1", ())
    yield Part(
        Party, list(party_rows(sets)), "(kind, parties) IN (SELECT kind, parties FROM ledger_item)", ()
    )  # others mean nothing


def _last_of(before: str) -> str:
    following = "SELECT DISTINCT item FROM ledger_fact WHERE item > %s ORDER BY item LIMIT %s"
    ((last,),) = select(f"SELECT max(item) FROM ({following}) AS following", before, ITEMS)
    return last or ""


def _repair(kinds: Mapping[str, Kind]) -> None:
    present = set(Attachment.objects.filter(state="present").values_list("sha256", flat=True))
    every: tuple[Table, ...] = (Organisation, Edge, Post, Holding, Credit, Attachment, ItemCount, Party, *OF_ITEM)
    for table in every:
        table._default_manager.all().delete()
    for part in _parts(kinds):
        insert(part.table, part.rows)
    Attachment.objects.filter(sha256__in=present).update(state="present")
