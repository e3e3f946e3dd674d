"""A rulebook, its calendars and a date become small tables, and two lists of filters (``signals``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from huxue.core.duties import slots, triggers
from huxue.core.duties.history import CalendarsLike
from huxue.core.duties.shapes import Cover, Deed, Duty, Entry, Respond
from huxue.core.duties.signals import Column, Signals
from huxue.core.duties.tables import Tables
from huxue.core.rulebook.model import Rulebook

_NO_APP = "SELECT o, 0 AS duty, lo, hi FROM trait WHERE 1 = 0"
_NO_MEMBER = "SELECT 0 AS duty, o, '' AS k, lo, hi, CAST(-1 AS BIGINT) AS f FROM trait WHERE 1 = 0"
_NO_DEEDS = (
    "SELECT 0 AS signal, 0 AS o, f, day, day AS at_day, at_min, makeup, rday, '' AS k, 1 AS amount, ver "
    "FROM live WHERE 1 = 0"
)
_NO_SPANS = (
    "SELECT 0 AS signal, 0 AS o, f, item, lo, hi, '' AS k, 1 AS amount, 1 AS good, 0 AS till FROM ent WHERE 1 = 0"
)


@dataclass(slots=True)
class Compiled:
    """What one rulebook compiles to for one as-of day: rows by table (columns in ``TABLES``), keys, generated text.

    ``deeds``, ``spans``, ``app`` and ``member`` are lists of SELECTs, at least one each; together they are the table. A
    rulebook has hundreds of them: an engine may take a few at a time, because each join reserves memory of its own.
    """

    duties: list[Duty]
    rows: dict[str, list[tuple[object, ...]]]
    keys: list[str]  # period key by slot
    deeds: tuple[str, ...]
    spans: tuple[str, ...]
    app: tuple[str, ...]
    member: tuple[str, ...]
    columns: frozenset[Column]
    traits: frozenset[Column]
    as_of: int
    since: int
    tallied: tuple[int, ...] = ()  # signal of each tally, in ``deeds`` or ``spans``


@dataclass(frozen=True, slots=True)
class Tallied:
    """What is counted beside the duties: a deed or an entry, the field summed, the fields that make a key."""

    deed: Deed | None = None
    entry: Entry | None = None
    sum: str = ""
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Besides:
    """What an evaluation counts and measures beside the duties."""

    tallied: tuple[Tallied, ...] = ()
    traits: frozenset[str] = frozenset()


def compile_duties(
    rulebook: Rulebook,
    calendars: CalendarsLike,
    areas: Sequence[str],
    *,
    since: int,
    as_of: int,
    tallied: Sequence[Tallied] = (),
) -> Compiled:
    """Compile the duties of a rulebook for one as-of day.

    ``areas``: the areas whose calendars are in use, by index (``""`` the default). ``tallied``: what is counted beside
    the duties; it becomes deeds and spans and has no standing.
    """
    signals = Signals(rulebook)
    tables = Tables([calendars[a] if a else calendars.default for a in areas], signals, since, as_of)
    duties = list(rulebook.duties.values())
    for number, duty in enumerate(duties):
        if isinstance(duty.shape, Respond):
            triggers.add(tables, number, duty, duty.shape)
        else:
            slots.add(tables, number, duty, duty.shape)
    numbers = tuple(signals.tally(one.deed, one.entry, sum_=one.sum, key=one.key) for one in tallied)
    members = [signals.member(n, d.shape.members) for n, d in enumerate(duties) if isinstance(d.shape, Cover)]
    app = [signals.app(n, d) for n, d in enumerate(duties)]
    return Compiled(
        duties,
        tables.rows,
        tables.keys,
        tuple(_numbered(signals.deeds)) or (_NO_DEEDS,),
        tuple(_numbered(signals.spans)) or (_NO_SPANS,),
        tuple(app) or (_NO_APP,),
        tuple(members) or (_NO_MEMBER,),
        frozenset(signals.columns),
        frozenset(signals.traits),
        as_of,
        since,
        numbers,
    )


def _numbered(bodies: dict[str, int]) -> list[str]:
    return [f"SELECT {n} AS signal, {body}" for body, n in bodies.items()]
