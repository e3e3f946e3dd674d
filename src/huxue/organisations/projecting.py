"""Writes what the facts of organisations, oversights, posts and holdings say into their tables.

Called by ``ledger.append`` and ``ledger.rebuilding`` only, inside their transaction, with all lines of each item that
changed. Refuses what would leave the tree untrue: ``cyclic_tree``, ``too_deep``, ``unknown_organisation``,
``code_taken``, ``other_code``, ``open_children``, ``organisation_in_use``, ``unknown_post``, ``impossible_code``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.db import connection

from huxue.core.values import Refused
from huxue.organisations.dated import Line, versions
from huxue.organisations.models import OPEN, Edge, Holding, Organisation, Post
from huxue.organisations.shapes import Now, dated_rows, organisation_now
from huxue.organisations.tables import delete_in, insert, select_in
from huxue.organisations.tree import below, path_of, refuse_past_circles, refuse_unknown, with_ancestors

TABLES = {"organisation": Edge, "oversight": Edge, "post": Post, "holding": Holding}
Items = Mapping[str, Sequence[Line]]


def project(items: Items, fresh: frozenset[str], canonical: Callable[[Any], str]) -> None:
    """Bring the tables up to date with the items given; ``fresh`` names those that had no rows before."""
    by_kind: dict[str, dict[str, Sequence[Line]]] = {kind: {} for kind in TABLES}
    for item, lines in items.items():
        by_kind[lines[0].kind][item] = lines
    _dated(by_kind, fresh)
    _organisations(by_kind["organisation"], fresh, canonical)
    _check_oversights(by_kind["oversight"])
    _check_posts(by_kind["post"])
    _check_holdings(by_kind["holding"])


def _dated(by_kind: Mapping[str, Items], fresh: frozenset[str]) -> None:
    for kind, items in by_kind.items():
        delete_in(TABLES[kind], "item", items.keys() - fresh)
        insert(TABLES[kind], [row for lines in items.values() for row in dated_rows(lines)])


def _organisations(items: Items, fresh: frozenset[str], canonical: Callable[[Any], str]) -> None:
    if not items:
        return
    now = {item: organisation_now(lines, canonical) for item, lines in items.items()}
    stand = {found.code: found for found in now.values() if found}
    _check_codes(items, stand)
    parents = with_ancestors({code: found.parent for code, found in stand.items()})
    paths = {code: path_of(code, parents) for code in stand}
    old = "SELECT item, code, path FROM organisations_organisation WHERE item IN ({})"
    before = {item: (code, path) for item, code, path in select_in(old, items.keys() - fresh)}
    delete_in(Organisation, "item", before)
    _refuse_in_use([before[item][0] for item in before if now[item] is None])
    _move_subtrees([(path, paths[code]) for code, path in before.values() if code in paths])
    insert(Organisation, [_row(found, paths[code]) for code, found in stand.items()])
    refuse_past_circles([found.code for item, found in now.items() if found and len(items[item]) > 1])
    _refuse_open_children(items)


def _row(now: Now, path: str) -> tuple[Any, ...]:
    return (*now[:6], path, *now[6:])


def _check_codes(items: Items, stand: Mapping[str, Now]) -> None:
    for item, lines in items.items():
        codes = {v.line.values["code"] for v in versions(lines)}
        if len(codes) > 1:
            raise Refused(
                "other_code", f"单位编码不得更改：{sorted(codes)}。", f"A code never changes: {sorted(codes)}."
            )
        if codes and stand[codes.pop()].item != item:
            _taken(lines[0].values["code"])
    for code, item in select_in("SELECT code, item FROM organisations_organisation WHERE code IN ({})", stand):
        if stand[code].item != item:
            _taken(code)


def _taken(code: str) -> None:
    raise Refused("code_taken", f"编码“{code}”已被使用。", f"The code {code!r} is taken.")


def _move_subtrees(moves: Iterable[tuple[str, str]]) -> None:
    """Rewrite the paths below organisations that moved; the deepest first, so that no move meets another."""
    sql = "UPDATE organisations_organisation SET path = %s || substr(path, %s) WHERE path >= %s AND path < %s"
    with connection.cursor() as cursor:
        for old, new in sorted(moves, key=lambda move: -move[0].count("/")):
            if old != new:
                cursor.execute(sql, [new, len(old) + 1, *below(old)])


def _refuse_in_use(codes: Sequence[str]) -> None:
    sql = "SELECT parent FROM organisations_organisation WHERE parent IN ({})"
    for (code,) in select_in(sql, codes):
        raise Refused(
            "organisation_in_use", f"单位“{code}”已有记录，不能撤回。", f"{code!r} is in use: it cannot be withdrawn."
        )


def _refuse_open_children(items: Items) -> None:
    sql = (
        "SELECT p.code, c.code FROM organisations_organisation c "
        "JOIN organisations_organisation p ON p.code = c.parent "
        f"WHERE c.closed = {OPEN} AND p.closed < {OPEN} AND {{}}"
    )
    for end in ("c.item IN ({})", "p.item IN ({})"):
        for parent, child in select_in(sql.format(end), items):
            raise Refused(
                "open_children",
                f"“{parent}”已撤销，下级“{child}”须先转出或撤销。",
                f"{parent!r} is closed; {child!r} below it must be moved or closed first.",
            )


def _check_oversights(items: Items) -> None:
    codes = {v.line.values["supervised"] for lines in items.values() for v in versions(lines)}
    _refuse_strangers(codes)


def _refuse_strangers(codes: set[str]) -> None:
    found = select_in("SELECT code FROM organisations_organisation WHERE code IN ({})", codes)
    refuse_unknown(codes - {code for (code,) in found})


def _check_posts(items: Items) -> None:
    """Refuse codes of the wrong form, and two posts of one code at the same time."""
    codes = set()
    for says in (v.line.values for lines in items.values() for v in versions(lines)):
        if not says["code"].startswith(f"{says['organisation']}/{says['type']}"):
            zh, en = f"岗位编码不合规：{says['code']}。", f"Not the code of such a post: {says['code']}."
            raise Refused("impossible_code", zh, en)
        codes.add(says["code"])
    _refuse_strangers({code.partition("/")[0] for code in codes})
    sql = (
        "SELECT code, valid_from, valid_to FROM organisations_post "
        f"WHERE known_to = {OPEN} AND code IN ({{}}) ORDER BY code, valid_from"
    )
    rows = list(select_in(sql, codes))
    for (code, _, until), (other, since, _) in pairwise(rows):
        if code == other and since < until:
            _taken(code)


def _check_holdings(items: Items) -> None:
    codes = {v.line.values["post"] for lines in items.values() for v in versions(lines)}
    known = {code for (code,) in select_in("SELECT code FROM organisations_post WHERE code IN ({})", codes)}
    for code in sorted(codes - known):
        raise Refused("unknown_post", f"没有编码为“{code}”的岗位。", f"No post has the code {code!r}.")
