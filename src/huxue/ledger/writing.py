"""Writes prepared facts, and the rows that follow from them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from json import loads
from typing import Final

from django.db import connection
from django.db.models import Model

from huxue.core.kinds import Kind
from huxue.ledger.counting import counts_of, join, move, stored
from huxue.ledger.drafts import canonical
from huxue.ledger.items import item_row, place_rows
from huxue.ledger.models import (
    RESERVED_ENTRIES,
    Attachment,
    Case,
    Credit,
    Entry,
    Facet,
    Fact,
    Item,
    PersonalDatum,
    SearchText,
)
from huxue.ledger.preparing import Prepared
from huxue.ledger.projections import (
    STORED,
    Declared,
    Values,
    attachment_rows,
    case_row,
    current,
    entry_rows,
    facet_rows,
    search_rows,
)
from huxue.ledger.replacing import Replaced
from huxue.organisations.dated import Line, versions
from huxue.organisations.projecting import project as project_organisations
from huxue.organisations.tables import Row, delete_in, insert, select, select_in

Lines = Sequence[Line]


def write(prepared: Sequence[Prepared], replaced: Mapping[str, Replaced], import_number: int | None) -> None:
    """Give the facts their order of arrival and add them, with what they credit and the personal values."""
    for one, seq in zip(prepared, _next(len(prepared)), strict=True):
        one.line.seq = seq
        if one.line.verb == "withdraw" and not one.line.organisation:
            one.line.organisation = replaced[one.line.replaces].organisation
    insert(Fact, [_fact(one, import_number) for one in prepared])
    insert(Credit, [row for one in prepared for row in credit_rows(one.line.seq, one.draft.roles)])
    insert(
        PersonalDatum,
        [(one.line.id, d.field, d.salt, d.value, d.subject, False) for one in prepared for d in one.personal],
    )


def _next(count: int) -> Iterable[int]:
    if connection.vendor == "postgresql":
        sql = "SELECT nextval(pg_get_serial_sequence('ledger_fact', 'seq')) FROM generate_series(1, %s)"
        return sorted(seq for (seq,) in select(sql, count))
    ((last,),) = select("SELECT coalesce(max(seq), 0) FROM ledger_fact")
    return range(last + 1, last + 1 + count)


def _fact(one: Prepared, import_number: int | None) -> Row:
    line, draft = one.line, one.draft
    return (
        line.seq, line.id, line.kind, line.verb, line.step, line.item, line.at, line.recorded, line.organisation,
        line.roles, line.fields, line.replaces, draft.reference, draft.post, draft.person, draft.makeup,
        line.deadline, draft.origin, one.hash, draft.marks, import_number,
    )  # fmt: skip


def credit_rows(seq: int, roles: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    """Yield (organisation, fact, role)."""
    for role, codes in roles.items():
        for code in dict.fromkeys(codes):
            yield (code, seq, role)


def project_new(prepared: Sequence[Prepared], older: Mapping[str, list[Line]], kinds: Mapping[str, Kind]) -> set[str]:
    """Bring the projections up to date; return the codes of organisations that stand no more (all withdrawn)."""
    items: dict[str, list[Line]] = defaultdict(list)
    for one in prepared:
        items[one.line.item].append(one.line)
    stale = {item for item in items if older.get(item)}
    for item in stale:
        items[item] = [*older[item], *items[item]]
    insert(Attachment, _attachments((one.line for one in prepared), kinds))
    personal = {(one.line.id, d.field): loads(d.value) for one in prepared for d in one.personal}
    personal |= personal_values(line.id for item in stale for line in older[item])
    project_items(items, stale, kinds, personal)
    return {
        lines[0].values["code"]
        for item in stale
        if (lines := items[item])[0].kind == "organisation" and not versions(lines)
    }


def _attachments(lines: Iterable[Line], kinds: Mapping[str, Kind]) -> list[Row]:
    every = list(lines)
    named = {line.kind for line in every} & kinds.keys()
    stored = {code for code in named if any(rule.type in STORED for rule in kinds[code].fields.values())}
    rows = (row for line in every if line.kind in stored for row in attachment_rows(line, kinds[line.kind].fields))
    return [(*row, "declared") for row in rows]


def personal_values(facts: Iterable[str]) -> Values:
    """Return the personal values of facts that are not erased."""
    sql = "SELECT fact, field, value, erased FROM ledger_personaldatum WHERE fact IN ({})"
    return {(fact, name): loads(value) for fact, name, value, erased in select_in(sql, facts) if not erased}


def project_items(
    items: Mapping[str, Lines], stale: Iterable[str], kinds: Mapping[str, Kind], personal: Values
) -> None:
    """Write the rows of items from all their facts; the rows that ``stale`` items have now are replaced."""
    gone = frozenset(stale)
    before = stored(gone, kinds) if gone else Counter()
    for model in OF_ITEM:
        delete_in(model, "item", gone)
    tree = {item: lines for item, lines in items.items() if lines[0].kind in RESERVED_ENTRIES}
    if tree:
        project_organisations(tree, frozenset(tree) - gone, canonical)
    rows, sets = item_rows(items, kinds, personal)
    for model, found in rows.items():
        insert(model, found)
    join(sets)
    move(counts_of(rows[Item], rows[Facet], kinds), before)


OF_ITEM: Final[tuple[type[Model], ...]] = (Entry, Case, Item, Facet, SearchText)
Rows = dict[type[Model], list[Row]]
Sets = dict[tuple[str, int], frozenset[str]]


def item_rows(items: Mapping[str, Lines], kinds: Mapping[str, Kind], personal: Values) -> tuple[Rows, Sets]:
    """Return the rows that follow from the facts of items, by table, and the sets of organisations they credit."""
    rows: Rows = {model: [] for model in OF_ITEM}
    sets: Sets = {}
    named = {lines[0].kind for lines in items.values()} & kinds.keys()
    declared = {code: Declared.of(kinds[code]) for code in named}
    for item, lines in items.items():
        kind = kinds.get(lines[0].kind)
        if kind is None:
            continue
        facets, searched = declared[lines[0].kind]
        if kind.shape == "register":
            rows[Entry].extend(entry_rows(lines))
        elif kind.shape == "case" and (case := case_row(lines, kind)):
            rows[Case].append(case)
        shown = item_row(lines, kind)
        if shown:
            rows[Item].append(shown.row)
            rows[Facet].extend(place_rows(shown.row))
            sets[shown.row[1], shown.row[3]] = shown.credited
        if facets or searched:
            values, source = current(lines, kind)
            if shown:
                rows[Facet].extend(facet_rows(item, kind.code, facets, values, shown.row[4], shown.row[3]))
            parties = shown.row[3] if shown else 0
            rows[SearchText].extend(search_rows(item, kind.code, searched, values, source, personal, parties))
    return rows, sets
