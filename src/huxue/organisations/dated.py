"""The life of an entry with four dates: what was so from when to when, and what the ledger said of it, and when.

The rows of an item follow from its facts alone: at every moment at which one of them was recorded, the facts known
by then say which spans stood; a span that is no longer said ends its ``known`` there, a new one begins it. So a
correction, a withdrawal, a late entry and an ordinary change need no cases of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from json import loads
from typing import Any, NamedTuple, TypeVar

from huxue.organisations.models import OPEN

Payload = TypeVar("Payload", bound=Hashable)
_RANK = {"open": 0, "change": 1, "close": 2}


@dataclass(slots=True)
class Line:
    """A fact as the projections read it; ``roles`` and ``fields`` are its canonical JSON."""

    seq: int
    id: str
    kind: str
    verb: str
    step: str
    item: str
    at: int
    recorded: int
    organisation: str
    roles: str
    fields: str
    replaces: str
    deadline: int | None
    parsed: Any = None
    named: Any = None  # the roles, where they are known as values

    @property
    def values(self) -> dict[str, Any]:
        """The fields, read once."""
        if self.parsed is None:
            self.parsed = loads(self.fields)
        found: dict[str, Any] = self.parsed
        return found

    @property
    def credited(self) -> dict[str, list[str]]:
        """The organisations of each role."""
        if self.named is None:
            self.named = loads(self.roles)
        found: dict[str, list[str]] = self.named
        return found


class Version(NamedTuple):
    """What a fact said, from ``lo`` up to but not including ``hi``."""

    lo: int
    hi: int
    line: Line


class Span(NamedTuple):
    """Something with its four dates."""

    payload: Any
    valid_from: int
    valid_to: int
    known_from: int
    known_to: int


def live(lines: Iterable[Line]) -> list[Line]:
    """Return the lines that count: neither replaced nor withdrawn, and no withdrawals."""
    seen = list(lines)
    if len(seen) == 1:
        return [line for line in seen if line.verb != "withdraw" and line.id != line.replaces]
    gone = {line.replaces for line in seen if line.replaces}
    return [line for line in seen if line.verb != "withdraw" and line.id not in gone]


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Sort lines as they happened; in the same minute an opening comes first and a closing last, then ids decide."""
    found = list(lines)
    return found if len(found) == 1 else sorted(found, key=lambda line: (line.at, _RANK.get(line.verb, 1), line.id))


def versions(lines: Iterable[Line]) -> list[Version]:
    """Return the versions that the live lines of one entry make; none without an opening that comes first."""
    ordered = in_order(live(lines))
    if not ordered or ordered[0].verb != "open":
        return []
    found = []
    for line, after in zip(ordered, [*ordered[1:], None], strict=True):
        if line.verb == "close":
            break
        found.append(Version(line.at, after.at if after else OPEN, line))
    return [v for v in found if v.lo < v.hi]


Shape = Callable[[Sequence[Version]], Iterable[tuple[Payload, int, int]]]


def history(lines: Sequence[Line], shape: Shape[Any]) -> Iterator[Span]:
    """Yield the spans of one item with their four dates; ``shape`` turns versions into (payload, from, to)."""
    stands: dict[tuple[Any, int, int], int] = {}
    for moment in sorted({line.recorded for line in lines}):
        said = set(shape(versions(line for line in lines if line.recorded <= moment)))
        for row in [row for row in stands if row not in said]:
            yield Span(*row, stands.pop(row), moment)
        for row in said:
            stands.setdefault(row, moment)
    for row, since in stands.items():
        yield Span(*row, since, OPEN)


def merged(rows: Iterable[tuple[Payload, int, int]]) -> list[tuple[Payload, int, int]]:
    """Join neighbouring spans of the same payload; the rows are in order of time."""
    found: list[tuple[Payload, int, int]] = []
    for payload, lo, hi in rows:
        if found and found[-1][0] == payload and found[-1][2] == lo:
            lo = found.pop()[1]  # noqa: PLW2901 - the joined span begins where the earlier one did
        found.append((payload, lo, hi))
    return found
