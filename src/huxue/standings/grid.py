"""The duty board as rows of the kept tallies: whom it lists, which duties, and what each cell says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from huxue.core.duties.standing import EXCUSED, MET, MISSED
from huxue.core.rulebook.model import Rulebook
from huxue.organisations.models import OPEN
from huxue.organisations.tables import Row, select, select_in
from huxue.organisations.tree import below

SIZE: Final = 40  # organisations of one page
COLUMNS: Final = 25  # duties that fit beside each other
SCHOOL: Final = "school"  # level of organisation types


class Place(NamedTuple):
    """A territory: an organisation and where it stands."""

    code: str
    name: str
    type: str
    path: str
    parent: str


class Line(NamedTuple):
    """An organisation of the board. ``whole``: its row counts its territory, not itself."""

    code: str
    name: str
    group: str
    whole: bool


class Cell(NamedTuple):
    """What is kept of an organisation (or its territory) and a duty; ``oldest`` and ``nearest`` are minutes.

    ``status`` is the worst that still needs somebody, else how it stood last.
    """

    bearers: int
    behind: int
    met: int
    due: int
    at_risk: int
    overdue: int
    missed: int
    excused: int
    oldest: int | None
    nearest: int | None
    status: str


COUNTS: Final = 8  # the first fields of a cell may be added up
NOTHING: Final = Cell(0, 0, 0, 0, 0, 0, 0, 0, None, None, "na")
_STATUS: Final = f"""CASE WHEN {{0}}overdue > 0 THEN 'overdue' WHEN {{0}}at_risk > 0 THEN 'atrisk'
 WHEN {{0}}due > 0 THEN 'due'
 WHEN {{0}}last = {MET} THEN 'met' WHEN {{0}}last = {MISSED} THEN 'missed' WHEN {{0}}last = {EXCUSED} THEN 'excused'
 WHEN {{0}}met > 0 THEN 'met' WHEN {{0}}missed > 0 THEN 'missed' WHEN {{0}}excused > 0 THEN 'excused' ELSE 'na' END"""


def _columns(table: str = "") -> str:
    """Return the columns of a cell as SQL; ``table``: its name and a point."""
    return ", ".join([*(f"{table}{name}" for name in Cell._fields[:-1]), _STATUS.format(table)])


_CELL: Final = _columns()


def added(one: Cell, other: Cell) -> Cell:
    """Add the counts of two cells up; the sum has no deadline and no status of its own."""
    counts = [a + b for a, b in zip(one[:COUNTS], other[:COUNTS], strict=True)]
    return Cell._make([*counts, None, None, "na"])


# those right below an organisation that have others below them, and whether these have others again
_TERRITORIES: Final = """
SELECT o.code, o.name, EXISTS (SELECT 1 FROM organisations_organisation a
 JOIN organisations_organisation b ON b.parent = a.code WHERE a.parent = o.code)
FROM organisations_organisation o WHERE o.parent = %s AND o.closed > %s
 AND EXISTS (SELECT 1 FROM organisations_organisation a WHERE a.parent = o.code) ORDER BY o.path"""


def place(code: str) -> Place | None:
    """Return an organisation that stands today, ``None`` for any other code."""
    sql = "SELECT code, name, type, path, parent FROM organisations_organisation WHERE code = %s AND closed = %s"
    return next((Place(*row) for row in select(sql, code, OPEN)), None)


def lines(territory: Place, rulebook: Rulebook, *, offices: bool, now: int) -> list[Line]:
    """Return whom a board lists: the territories below it, or the schools of one; ``offices``: those above schools."""
    low, high = below(territory.path)
    schools = {code for code, one in rulebook.organisation_types.items() if one.level == SCHOOL}
    if offices:
        sql = (
            "SELECT code, name, type FROM organisations_organisation WHERE (code = %s OR parent = %s) AND closed > %s "
            "ORDER BY path"
        )
        rows = select(sql, territory.code, territory.code, now)
        return [Line(code, name, "", whole=False) for code, name, kind in rows if kind not in schools]
    parts = select(_TERRITORIES, territory.code, now)
    if any(deep for _, _, deep in parts):
        return [Line(code, name, "", whole=True) for code, name, _ in parts]
    sql = (
        "SELECT code, name, type, path, parent FROM organisations_organisation "
        "WHERE path >= %s AND path < %s AND closed > %s ORDER BY path"
    )
    every = [Place(*row) for row in select(sql, low, high, now)]
    names = {one.code: one.name for one in every}
    found = [one for one in every if one.type in schools]
    return [Line(one.code, one.name, names.get(one.parent, "") if one.parent != territory.code else "", whole=False)
            for one in found]  # fmt: skip


def totals(territory: str) -> dict[str, Cell]:
    """Return the tallies of a territory (of a single organisation: its own) by duty."""
    sql = f"SELECT duty, {_CELL} FROM standings_tally WHERE organisation = %s AND duty <> '' ORDER BY own DESC"
    return {duty: Cell(*rest) for duty, *rest in select(sql, territory)}


def cells(found: Sequence[Line], duties: Collection[str] = ()) -> dict[tuple[str, str], Cell]:
    """Return the cells of some organisations and duties ("" beside them: the sum); without ``duties``: of all."""
    if not found:
        return {}
    whole = found[0].whole
    named = [*duties, ""]
    marks = ", ".join(["%s"] * len(named))
    which = f"AND duty IN ({marks}) " if duties else ""
    sql = (
        f"SELECT organisation, duty, {_CELL} FROM standings_tally "
        f"WHERE organisation IN ({{}}) AND {'NOT own' if whole else 'own'} {which}"
    )
    return {
        (row[0], row[1]): Cell._make(row[2:])
        for row in _rows(sql, [one.code for one in found], named if duties else [])
    }


def _rows(sql: str, codes: Sequence[str], more: Sequence[str]) -> Iterable[Row]:
    if not more:
        return select_in(sql, codes)
    return select(sql.format(", ".join(["%s"] * len(codes))), *codes, *more)


def behind(territory: Place, duty: str) -> list[tuple[str, str, Cell]]:
    """Return who in a territory is behind or at risk with a duty, in the order of the tree."""
    low, high = below(territory.path)
    rows = select(
        f"SELECT o.code, o.name, {_columns('t.')} FROM standings_tally t JOIN organisations_organisation o "
        "ON o.code = t.organisation WHERE t.duty = %s AND t.own AND (t.overdue > 0 OR t.at_risk > 0) "
        "AND o.path >= %s AND o.path < %s ORDER BY o.path",
        duty, low, high,
    )  # fmt: skip
    return [(code, name, Cell(*rest)) for code, name, *rest in rows]


class About(NamedTuple):
    """What a board needs to know of a duty. ``period``: "" where it answers to something that happens."""

    family: str
    types: frozenset[str]
    period: str


_ABOUT: dict[int, tuple[Rulebook, dict[str, About]]] = {}
_KEPT: Final = 4  # rulebooks


def about(rulebook: Rulebook) -> dict[str, About]:
    """Return what a board needs to know of each duty of a rulebook, worked out once."""
    found = _ABOUT.get(id(rulebook))
    if found is None or found[0] is not rulebook:
        while len(_ABOUT) >= _KEPT:
            _ABOUT.pop(next(iter(_ABOUT)), None)
        found = (
            rulebook,
            {
                duty.code: About(
                    duty.family, frozenset(duty.owed_by.type), getattr(duty.shape, "period", "").partition(":")[0]
                )
                for code, duty in rulebook.duties.items()
                if code == duty.code
            },
        )
        _ABOUT[id(rulebook)] = found
    return found[1]


def borne(rulebook: Rulebook, found: Mapping[str, Cell], types: Collection[str]) -> dict[str, About]:
    """Return the duties among some tallies that organisations of these types bear, in the order of families."""
    known = about(rulebook)
    fit = [(one.family, code) for code in found if (one := known.get(code)) and not one.types.isdisjoint(types)]
    return {code: known[code] for _, code in sorted(fit)}


def columns(duties: Mapping[str, About], found: Mapping[str, Cell], *, family: str = "", per: str = "") -> list[str]:
    """Return the duties of a board in the order of families: of one family or period, else those most are behind on."""
    fit = [code for code in duties if found[code].bearers]
    if family or per:
        return [c for c in fit if family in ("", duties[c].family) and per in ("", duties[c].period)]
    worst = sorted(fit, key=lambda code: (-found[code].behind, -found[code].at_risk, -found[code].missed, code))
    chosen = set(worst[:COLUMNS])
    return [code for code in fit if code in chosen]


def standings_of(organisation: str, duty: str) -> list[tuple[str, int, int, int, int]]:
    """Return (period, status, have, need, due) of what is not met of an organisation and a duty, the latest first."""
    sql = (
        "SELECT period, status, have, need, due FROM standings_standing WHERE organisation = %s AND duty = %s "
        "ORDER BY due DESC, period DESC LIMIT 12"
    )
    return [(p, st, have, need, due) for p, st, have, need, due in select(sql, organisation, duty)]


__all__ = [
    "COLUMNS", "NOTHING", "SIZE", "About", "Cell", "Line", "Place", "added", "behind", "borne", "cells", "columns",
    "lines", "place", "standings_of", "totals",
]  # fmt: skip
