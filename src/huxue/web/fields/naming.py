"""What things are called on a page: organisations, persons, posts, and items by the field that says what they are."""

from __future__ import annotations

from collections.abc import Iterable
from json import loads
from typing import Any, NamedTuple

from huxue.access.viewer import Viewer
from huxue.core.kinds.naming import title_of
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Language
from huxue.organisations.tables import select, select_in


class Organisation(NamedTuple):
    """An organisation by name."""

    code: str
    name: str
    type: str
    path: str


def organisations(codes: Iterable[str]) -> dict[str, Organisation]:
    """Return the organisations with these codes, in one query."""
    wanted = {code for code in codes if code}
    sql = "SELECT code, name, type, path FROM organisations_organisation WHERE code IN ({})"
    return {row[0]: Organisation(*row) for row in select_in(sql, sorted(wanted))}


def people(persons: Iterable[str]) -> dict[str, str]:
    """Return the names of those persons who have an account; for others their code is all there is."""
    wanted = {person for person in persons if person}
    return dict(select_in("SELECT person, name FROM access_user WHERE person IN ({})", sorted(wanted)))


class Item(NamedTuple):
    """An item by its title; ``seen``: whether whoever looks may open it."""

    kind: str
    item: str
    title: str
    seen: bool


def items(wanted: Iterable[str], rulebook: Rulebook, viewer: Viewer, lang: Language) -> dict[str, Item]:
    """Return items by title, in two queries at most; of those out of reach only the kind is said."""
    ids = sorted({one for one in wanted if one})
    if not ids:
        return {}
    said: dict[str, tuple[str, dict[str, Any], set[str]]] = {}
    sql = "SELECT item, kind, fields, roles FROM ledger_fact WHERE item IN ({}) AND verb <> 'withdraw' ORDER BY seq"
    for item, kind, fields, roles in select_in(sql, ids):
        _, before, codes = said.get(item, ("", {}, set()))
        credited = {code for some in loads(roles).values() for code in some}
        said[item] = kind, {**before, **loads(fields)}, codes | credited
    seen = within(viewer, {code for _, _, codes in said.values() for code in codes})
    found = {}
    for item, (code, fields, codes) in said.items():
        kind = rulebook.kinds.get(code)
        if kind is not None:
            may = bool(codes & seen)
            title = title_of(kind, fields if may else {}, rulebook.lists, lang)
            found[item] = Item(code, item, title, may)
    return found


def within(viewer: Viewer, codes: Iterable[str]) -> set[str]:
    """Return those of some organisations that are within reach, in one query."""
    wanted = sorted(set(codes))
    if viewer.scope.whole:
        return set(wanted)
    if viewer.scope.single:
        return {viewer.scope.single} & set(wanted)
    rows = select_in("SELECT code, path FROM organisations_organisation WHERE code IN ({})", wanted)
    return {code for code, path in rows if viewer.scope.covers(path)}


def name_of_person(person: str) -> str:
    """Return the name of a person, the code where there is no account."""
    rows = select("SELECT name FROM access_user WHERE person = %s", person) if person else []
    return str(rows[0][0]) if rows else person
