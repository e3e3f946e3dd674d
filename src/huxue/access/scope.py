"""How far somebody sees: the organisations of some subtrees, as one predicate that every list and page carries.

A subtree is a range of ``path``; codes and paths are compared byte by byte on both databases (the columns have the
collation "C" on PostgreSQL). Access follows today's tree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from json import dumps
from typing import Any, Final

from django.db import connection

from huxue.organisations.tables import select
from huxue.organisations.tree import below

FEW: Final = 8  # subtrees that are written out; more go in as one parameter
_TABLE: Final = "organisations_organisation"


@dataclass(frozen=True, slots=True)
class Scope:
    """Some subtrees by the paths of their roots, or the ``whole`` tree; ``single``: the only organisation in it."""

    whole: bool = False
    roots: tuple[str, ...] = ()
    single: str = ""

    def where(self, column: str) -> tuple[str, list[Any]]:
        """Return a predicate over a column of organisation codes and its parameters; ``""`` for the whole tree.

        ``column`` is written into the SQL: one of our own names, never something typed.
        """
        if self.whole:
            return "", []
        if self.single:
            return f"{column} = %s", [self.single]
        within, parameters = self.where_path("o.path")
        if not self.roots:
            return within, parameters
        # Columns elsewhere have the default collation: only compared by it are their indexes of use.
        code = 'o.code COLLATE "default"' if connection.vendor == "postgresql" else "o.code"
        if len(self.roots) <= FEW:
            return f"{column} IN (SELECT {code} FROM {_TABLE} o WHERE {within})", parameters
        source, parameters = _many(self.roots)
        return f"{column} IN (SELECT {code} FROM {source} JOIN {_TABLE} o ON {_INSIDE})", parameters

    def where_path(self, column: str) -> tuple[str, list[Any]]:
        """Return the predicate over a column of paths, as ``organisations_organisation.path``."""
        if self.whole:
            return "", []
        if not self.roots:
            return "1 = 0", []
        if len(self.roots) > FEW:
            source, parameters = _many(self.roots)
            inside = _INSIDE.replace("o.path", column)
            return f"EXISTS (SELECT 1 FROM {source} WHERE {inside})", parameters
        ranges = " OR ".join([f"{column} >= %s AND {column} < %s"] * len(self.roots))
        return f"({ranges})", [bound for root in self.roots for bound in below(root)]

    def covers(self, path: str) -> bool:
        """Whether an organisation with this path is in it."""
        return self.whole or any(path.startswith(root) for root in self.roots)

    def holds(self, codes: Collection[str]) -> bool:
        """Whether it holds at least one of these organisations (one query, none for a single organisation)."""
        if self.single:
            return self.single in codes
        if not codes or not (self.whole or self.roots):
            return False
        within, parameters = self.where_path("path")
        marks = ", ".join(["%s"] * len(codes))
        sql = f"SELECT 1 FROM {_TABLE} WHERE code IN ({marks}){' AND ' if within else ''}{within} LIMIT 1"
        return bool(select(sql, *codes, *parameters))


_INSIDE: Final = "o.path >= r.value AND o.path < substr(r.value, 1, length(r.value) - 1) || '0'"


def _many(roots: tuple[str, ...]) -> tuple[str, list[Any]]:
    if connection.vendor == "postgresql":
        return '(SELECT value COLLATE "C" AS value FROM json_array_elements_text(%s::json)) r', [dumps(roots)]
    return "(SELECT value FROM json_each(%s)) r", [dumps(roots)]


NOTHING: Final = Scope()


def scope_of(paths: Iterable[str], *, tops: Iterable[str], alone: Collection[str] = ()) -> Scope:
    """Return the scope over the subtrees of these paths; ``tops`` are the paths of all roots of the tree.

    ``alone`` are those of the paths with nothing below them.
    """
    roots: list[str] = []
    for path in sorted(set(paths)):
        if not roots or not path.startswith(roots[-1]):
            roots.append(path)
    found = Scope(roots=tuple(roots))
    if roots and all(found.covers(top) for top in tops):
        return Scope(whole=True, roots=tuple(roots))
    if len(roots) == 1 and roots[0] in alone:
        return Scope(roots=tuple(roots), single=roots[0].split("/")[-2])
    return found
