"""Which rows the reserved kinds make: what organisations, oversights, posts and holdings say, as rows of our tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from huxue.core.values import day_of
from huxue.organisations.dated import Line, Version, history, merged, versions
from huxue.organisations.models import OPEN
from huxue.organisations.tables import Row

Payloads = list[tuple[Any, int, int]]


class Now(NamedTuple):
    """An organisation as it stands now, without its path."""

    code: str
    item: str
    name: str
    type: str
    area: str
    parent: str
    traits: str
    opened: int
    closed: int
    in_use_from: int | None


def organisation_now(lines: Sequence[Line], canonical: Any) -> Now | None:
    """Return the organisation that an item's lines describe, ``None`` if all was withdrawn."""
    found = versions(lines)
    if not found:
        return None
    says, closed = found[-1].line.values, found[-1].hi
    used = says.get("in_use_from")
    return Now(
        code=says["code"],
        item=found[0].line.item,
        name=says["name"],
        type=says["type"],
        area=says.get("area") or "",
        parent=says.get("parent") or "",
        traits=canonical(says.get("traits") or {}),
        opened=found[0].lo,
        closed=closed,
        in_use_from=day_of(date.fromisoformat(used)) if used else None,
    )


def _territorial(found: Sequence[Version]) -> Payloads:
    rows = ((v.line.values["code"], v.line.values.get("parent") or "", v.lo, v.hi) for v in found)
    return merged(((child, parent, "territorial", ""), lo, hi) for child, parent, lo, hi in rows if parent)


def _supervisory(found: Sequence[Version]) -> Payloads:
    return merged(
        ((v.line.values["supervised"], v.line.credited["by"][0], "supervisory", v.line.values["topic"]), v.lo, v.hi)
        for v in found
    )


def _post(found: Sequence[Version]) -> Payloads:
    rows = ((v.line.values, v.lo, v.hi) for v in found)
    return merged(((says["code"], says["organisation"], says["type"]), lo, hi) for says, lo, hi in rows)


def _holding(found: Sequence[Version]) -> Payloads:
    return merged(((v.line.values["post"], v.line.values["person"]), v.lo, v.hi) for v in found)


SHAPES = {"organisation": _territorial, "oversight": _supervisory, "post": _post, "holding": _holding}


def dated_rows(lines: Sequence[Line]) -> Iterator[Row]:
    """Yield the rows of an item of a reserved kind: item, four dates, then what its table adds."""
    for span in history(lines, SHAPES[lines[0].kind]):
        yield (lines[0].item, *span[1:], *span.payload)


def is_open(now: Now) -> bool:
    """Whether an organisation still stands."""
    return now.closed == OPEN
