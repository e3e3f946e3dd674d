"""What the query of a list's address asks for: kept in the address, so that it can be sent to a colleague.

``q`` text · ``state`` all, open, ended, overdue or an ending · ``step`` · ``org`` an organisation and all below ·
``from``, ``to`` dates · ``order`` new · ``f.<field>`` a value of a filter · ``after`` a key · ``exact`` count exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from huxue.core.kinds import Kind
from huxue.core.values import FAR, day_of
from huxue.ledger.asked import Asked

ALL, OVERDUE = "all", "overdue"
FILTER = "f."
PAGED = ("after", "exact")  # words of the address that belong to one page of a list, not to what is asked


def asked_of(query: Mapping[str, str], kind: Kind, *, now: int) -> Asked:
    """Return what is asked of a list; what makes no sense is left out."""
    state = state_of(query, kind)
    return Asked(
        facets={name: (query[FILTER + name],) for name in kind.fields if query.get(FILTER + name)},
        text=query.get("q", "").strip(),
        step=query.get("step", "") if query.get("step", "") in kind.flow else "",
        state="" if state == ALL else "open" if state == OVERDUE else state,
        organisation=query.get("org", "").strip(),
        period=_period(query),
        due_before=now if state == OVERDUE else None,
        order="new" if query.get("order") == "new" else "",
        after=query.get("after", ""),
        exact=query.get("exact") == "1",
    )


def state_of(query: Mapping[str, str], kind: Kind) -> str:
    """Return which state is asked for: ``all``, ``open``, ``ended``, ``overdue`` or an ending of a case."""
    if kind.shape == "record":
        return ALL
    known = {ALL, "open", "ended", *endings(kind)} | ({OVERDUE} if kind.shape == "case" else set())
    asked = query.get("state", "")
    return asked if asked in known else ALL if query.get("q") else "open"


def endings(kind: Kind) -> tuple[str, ...]:
    """Return the endings of a case in the order of its flow."""
    return tuple(dict.fromkeys(step.ends for step in kind.flow.values() if step.ends))


def _period(query: Mapping[str, str]) -> tuple[int, int] | None:
    first, last = _day(query.get("from", "")), _day(query.get("to", ""))
    return None if first is None and last is None else (-FAR if first is None else first, FAR if last is None else last)


def _day(said: str) -> int | None:
    try:
        return day_of(date.fromisoformat(said)) if said else None
    except ValueError:
        return None


def query_with(query: Mapping[str, str], **changed: str) -> str:
    """Return an address's query with some words changed (``__`` for a dot; "" takes one out), from the first page."""
    said = {name: value for name, value in query.items() if value and name not in PAGED}
    said |= {name.replace("__", "."): value for name, value in changed.items()}
    found = urlencode({name: value for name, value in said.items() if value})
    return f"?{found}" if found else "?"
