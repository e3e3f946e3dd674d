"""What follows from the facts of one item: its entry, its case, its facets, its searched text, its attachments.

Pure: lines in, rows out. ``append`` writes the rows of the items that changed, ``rebuilding`` those of all, and both
must come to the same. The rows have the columns of their tables in the order of ``tables.columns``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from huxue.core.kinds import Field, Kind
from huxue.ledger.initials import initials
from huxue.ledger.models import RESERVED_ENTRIES
from huxue.organisations.dated import Line, Version, history, in_order, live, versions
from huxue.organisations.models import OPEN
from huxue.organisations.tables import Row


class Declared(NamedTuple):
    """The fields that a kind declares as filters, and those it declares as searched, with whether they are personal."""

    facets: tuple[str, ...]
    searched: tuple[tuple[str, bool], ...]

    @staticmethod
    def of(kind: Kind) -> Declared:
        """Read a kind."""
        fields = kind.fields.items()
        return Declared(
            tuple(name for name, rule in fields if rule.facet and not rule.personal),
            tuple((name, rule.personal) for name, rule in fields if rule.search),
        )


Values = Mapping[tuple[str, str], Any]  # (fact, field) → personal value that is not erased
STORED = ("photo", "file", "signature")


def entry_rows(lines: Sequence[Line]) -> Iterator[Row]:
    """Yield the versions of an entry with their four dates."""
    first = lines[0]
    if first.kind in RESERVED_ENTRIES:
        return
    if len(lines) == 1 and first.verb == "open":  # a fresh item, by far the most frequent
        known = first.recorded, OPEN
        yield (
            first.item,
            first.at,
            OPEN,
            *known,
            first.kind,
            first.organisation,
            first.roles,
            first.fields,
            first.id,
            True,
        )
        return
    by_id = {line.id: line for line in lines}
    for span in history(lines, _said):
        said = by_id[span.payload]
        stands = span.valid_to == OPEN and span.known_to == OPEN
        yield (said.item, *span[1:], said.kind, said.organisation, said.roles, said.fields, said.id, stands)


def _said(found: Sequence[Version]) -> Iterator[tuple[str, int, int]]:
    return ((v.line.id, v.lo, v.hi) for v in found)


def case_row(lines: Sequence[Line], kind: Kind) -> Row | None:
    """Return the case as it stands now (``core.flow.state`` in columns), ``None`` when every step was withdrawn."""
    steps = in_order(live(lines))
    if not steps:
        return None
    at, ended, opened = "", "", steps[0].at
    for line in steps:
        rule = kind.flow.get(line.step)
        if not at or (rule is not None and ended and rule.reopens):
            opened = line.at
        if rule is not None and not rule.stays:
            at, ended = line.step, rule.ends
    first, last = steps[0], steps[-1]
    concerned = (first.credited.get("about") or [first.organisation])[0]
    return (first.item, kind.code, concerned, at, ended, last.deadline, opened, last.id, bool(at) and not ended)


def current(lines: Sequence[Line], kind: Kind) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the fields an item has now, and the fact that says each."""
    if len(lines) == 1 and lines[0].verb in ("record", "open", "step") and not lines[0].replaces:
        return lines[0].values, dict.fromkeys(lines[0].values, lines[0].id)
    if kind.shape == "register":
        says: Iterable[Line] = [v.line for v in versions(lines)[-1:]]
    else:
        says = in_order(live(lines))
    values: dict[str, Any] = {}
    source: dict[str, str] = {}
    for line in says:
        values |= line.values
        source |= dict.fromkeys(line.values, line.id)
    return values, source


def facet_rows(
    item: str, kind: str, names: Iterable[str], values: Mapping[str, Any], sort: int, parties: int
) -> Iterator[Row]:
    """Yield (kind, field, value, item, sort, parties) for the fields ``names``, which are filters."""
    for name in names:
        value = values.get(name)
        if type(value) is str:
            yield (kind, name, value, item, sort, parties)
        elif value is not None:
            for word in sorted({_word(v) for v in _list(value)}):
                yield (kind, name, word, item, sort, parties)


def search_rows(
    item: str, kind: str, names: Iterable[tuple[str, bool]], values: Mapping[str, Any], source: Mapping[str, str],
    personal: Values, parties: int,
) -> Iterator[Row]:  # fmt: skip
    """Yield the rows of the fields ``names``, which are searched: one together, and one for each that is personal."""
    plain: list[str] = []
    for name, apart in names:
        if values.get(name) is None:
            continue
        if not apart:
            plain.append(_words(values[name]))
        elif (value := personal.get((source[name], name))) is not None:
            text = _words(value)
            yield (kind, item, name, text, initials(text), source[name], True, parties)
    if plain:
        text = " ".join(plain)
        yield (kind, item, "", text, " ".join(map(initials, plain)), "", False, parties)


def attachment_rows(line: Line, fields: Mapping[str, Field]) -> Iterator[tuple[str, str, str]]:
    """Yield (fact, field, sha256) for the photos, files and signatures that a fact names."""
    for name, rule in fields.items():
        if rule.type in STORED and line.values.get(name) is not None and not rule.personal:
            hashes = {v.get("sha256", "") if isinstance(v, Mapping) else v for v in _list(line.values[name])}
            yield from ((line.id, name, one) for one in sorted(hashes) if one)


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]


def _words(value: Any) -> str:
    return value if type(value) is str else " ".join(_word(one) for one in _list(value))


def _word(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
