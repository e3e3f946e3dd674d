"""What was sent down, read for pages: by batch for who sent it, by case for who has to receive and answer.

A batch is the value of the facet ``batch`` of its cases; where each case is stands in ``ledger_case``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from json import loads
from typing import Any, Final, NamedTuple

from huxue.access.scope import Scope
from huxue.organisations.models import OPEN
from huxue.organisations.tables import Row, select, select_in

KIND: Final = "directive"
PAGE: Final = 30  # batches
DONE: Final = 30  # of those that have ended, the latest


class Progress(NamedTuple):
    """How many cases of a batch are where."""

    total: int
    waiting: int  # not received
    answering: int  # received or sent back: an answer is owed
    answered: int  # to be signed off
    late: int  # open after their deadline, with the addressee
    ended: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Something that was sent to many. ``says``: the fields of one of its facts; ``at``: when it was sent (minute)."""

    code: str
    at: int
    by: str
    progress: Progress
    says: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Down:
    """One addressee's case. ``says``: the latest of each field."""

    item: str
    organisation: str
    name: str
    step: str
    ended_as: str
    deadline: int | None
    at: int
    sender: str = ""
    sender_name: str = ""
    says: dict[str, Any] = field(default_factory=dict)

    def late(self, now: int) -> bool:
        """Whether the addressee is late with it."""
        return not self.ended_as and self.step != "answered" and self.deadline is not None and self.deadline < now


_COUNTS: Final = f"""
count(DISTINCT c.item), count(DISTINCT CASE WHEN c.open AND c.step = 'sent' THEN c.item END),
 count(DISTINCT CASE WHEN c.open AND c.step IN ('received', 'returned') THEN c.item END),
 count(DISTINCT CASE WHEN c.open AND c.step = 'answered' THEN c.item END),
 count(DISTINCT CASE WHEN c.open AND c.step <> 'answered' AND c.deadline < %s THEN c.item END),
 count(DISTINCT CASE WHEN NOT c.open THEN c.item END)
FROM ledger_fact f JOIN ledger_case c ON c.item = f.item
JOIN ledger_facet b ON b.item = f.item AND b.kind = '{KIND}' AND b.field = 'batch'
WHERE f.organisation = %s AND f.kind = '{KIND}' AND f.step = 'sent'"""


def batches(organisation: str, *, now: int, before: int | None = None, limit: int = PAGE) -> list[Batch]:
    """Return what an organisation has sent, the latest first; ``before`` a minute, for the next page."""
    rows = select(
        f"SELECT b.value, min(f.at_min) AS sent_at, max(f.id), {_COUNTS} AND f.at_min < %s "
        "GROUP BY b.value ORDER BY sent_at DESC, b.value LIMIT %s",
        now, organisation, OPEN if before is None else before, limit,
    )  # fmt: skip
    says = _fields([row[2] for row in rows])
    return [Batch(code, at, organisation, Progress(*rest), says[uid]) for code, at, uid, *rest in rows]


def batch(organisation: str, code: str, *, now: int) -> Batch | None:
    """Return one batch of an organisation."""
    rows = select(
        f"SELECT b.value, min(f.at_min), max(f.id), {_COUNTS} AND b.value = %s GROUP BY b.value", now, organisation,
        code,
    )  # fmt: skip
    for value, at, uid, *rest in rows:
        return Batch(value, at, organisation, Progress(*rest), _fields([uid])[uid])
    return None


_CASES: Final = f"""
SELECT c.item, c.organisation, o.name, c.step, c.ended_as, c.deadline, c.opened FROM ledger_facet b
JOIN ledger_case c ON c.item = b.item JOIN organisations_organisation o ON o.code = c.organisation
WHERE b.kind = '{KIND}' AND b.field = 'batch' AND b.value = %s ORDER BY o.path"""


def cases_of(code: str) -> list[Down]:
    """Return every case of a batch in the order of the tree, without their fields."""
    return [_down(row) for row in select(_CASES, code)]


_MINE: Final = f"""
SELECT c.item, c.organisation, o.name, c.step, c.ended_as, c.deadline, c.opened FROM ledger_case c
JOIN organisations_organisation o ON o.code = c.organisation
WHERE c.organisation = %s AND c.kind = '{KIND}'"""


def received(organisation: str) -> list[Down]:
    """Return what an organisation was sent: everything open by deadline, then the latest that have ended."""
    rows = select(f"{_MINE} AND c.open ORDER BY c.deadline IS NULL, c.deadline, c.item", organisation)
    rows += select(f"{_MINE} AND NOT c.open ORDER BY c.opened DESC LIMIT %s", organisation, DONE)
    return _with_fields([_down(row) for row in rows])


def received_one(item: str) -> Down | None:
    """Return one case that was sent down."""
    sql = (
        "SELECT c.item, c.organisation, o.name, c.step, c.ended_as, c.deadline, c.opened FROM ledger_case c "
        f"JOIN organisations_organisation o ON o.code = c.organisation WHERE c.item = %s AND c.kind = '{KIND}'"
    )
    found = _with_fields([_down(row) for row in select(sql, item)])
    return found[0] if found else None


def _with_fields(found: list[Down]) -> list[Down]:
    says: dict[str, dict[str, Any]] = {one.item: {} for one in found}
    senders: dict[str, str] = {}
    sql = (
        "SELECT f.item, f.organisation, f.fields, f.step FROM ledger_fact f WHERE f.verb = 'step' AND f.item IN ({}) "
        "AND NOT EXISTS (SELECT 1 FROM ledger_fact r WHERE r.replaces = f.id AND NOT (r.replaces = '')) ORDER BY f.seq"
    )
    for item, organisation, fields, step in select_in(sql, says):
        says[item] |= loads(fields)
        if step == "sent":
            senders[item] = organisation
    names: dict[str, str] = dict(
        select_in("SELECT code, name FROM organisations_organisation WHERE code IN ({})", set(senders.values()))
    )
    return [
        Down(one.item, one.organisation, one.name, one.step, one.ended_as, one.deadline, one.at,
             senders.get(one.item, ""), names.get(senders.get(one.item, ""), ""), says[one.item])
        for one in found
    ]  # fmt: skip


def _fields(ids: list[str]) -> dict[str, dict[str, Any]]:
    return {uid: loads(text) for uid, text in select_in("SELECT id, fields FROM ledger_fact WHERE id IN ({})", ids)}


def _down(row: Row) -> Down:
    item, organisation, name, step, ended_as, deadline, at = row
    return Down(item, organisation, name, step, ended_as, deadline, at)


class Group(NamedTuple):
    """Organisations of one type within reach."""

    type: str
    size: int


def groups(scope: Scope, under: str = "", *, without: str = "") -> list[Group]:
    """Return how many organisations there are of each type within reach, ``under`` a path if one is given."""
    where, parameters = _within(scope, under, without)
    sql = f"SELECT o.type, count(*) FROM organisations_organisation o WHERE {where} GROUP BY o.type ORDER BY o.type"
    return [Group(*row) for row in select(sql, *parameters)]


def of_types(scope: Scope, types: list[str], under: str = "", *, without: str = "") -> list[tuple[str, str]]:
    """Return code and name of every organisation of some types within reach, in the order of the tree."""
    if not types:
        return []
    where, parameters = _within(scope, under, without)
    marks = ", ".join(["%s"] * len(types))
    sql = (
        f"SELECT o.code, o.name FROM organisations_organisation o WHERE {where} AND o.type IN ({marks}) ORDER BY o.path"
    )
    return [(code, name) for code, name in select(sql, *parameters, *types)]


def _within(scope: Scope, under: str, without: str) -> tuple[str, list[Any]]:
    within, parameters = scope.where_path("o.path")
    where = [f"o.closed = {OPEN}", "o.code <> %s", *([within] if within else [])]
    if under:
        where.append("o.path >= %s AND o.path < %s")
        return " AND ".join(where), [without, *parameters, under, under[:-1] + "0"]
    return " AND ".join(where), [without, *parameters]
