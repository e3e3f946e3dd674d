"""Finding organisations by a part of their name or by the initials of its pinyin."""

from __future__ import annotations

from typing import Any, Final

from huxue.access.scope import Scope
from huxue.organisations.models import OPEN
from huxue.organisations.particulars import Named
from huxue.organisations.tables import select

MOST: Final = 50
_SQL: Final = f"""
SELECT o.code, o.name, o.type FROM ledger_searchtext s JOIN organisations_organisation o ON o.item = s.item
WHERE s.kind = 'organisation' AND o.closed = {OPEN} AND {{said}} {{within}} ORDER BY o.path LIMIT %s"""


def organisations(text: str, scope: Scope, *, types: tuple[str, ...] = (), limit: int = MOST) -> list[Named]:
    """Return organisations within reach whose name holds every word of ``text``, or whose initials do."""
    words = text.split()[:5]
    if not words:
        return []
    parameters: list[Any] = []
    said = []
    for word in words:
        like = f"%{_plain(word)}%"
        said.append("(s.text LIKE %s ESCAPE '!' OR s.initials LIKE %s ESCAPE '!' OR o.code = %s)")
        parameters += [like, like.lower(), word]
    within, more = scope.where_path("o.path")
    parameters += more
    if types:
        within += f"{' AND ' if within else ''}o.type IN ({', '.join(['%s'] * len(types))})"
        parameters += types
    sql = _SQL.format(said=" AND ".join(said), within=f"AND {within}" if within else "")
    return [Named(*row) for row in select(sql, *parameters, limit)]


def _plain(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
