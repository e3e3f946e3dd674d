"""The duty board as rows of the kept tallies: whom it lists, which duties, and what each cell says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from huxue.core.duties.standing import EXCUSED, MET, MISSED
from huxue.core.rulebook.model import Rulebook
from huxue.organisations.models import OPEN
from huxue.organisations.tables import Row, select, select_in
from huxue.organisations.tree import below

SIZE: Final = 60  # organisations of one page
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
    """What is kept of an organisation (or its territory) and a duty; ``oldest`` and ``nearest`` are minutes."""

    bearers: int
    behind: int
    met: int
    due: int
    at_risk: int
    overdue: int
    missed: int
    excused: int
    last: int
    oldest: int | None
    nearest: int | None

    @property
    def status(self) -> str:
        """The worst that still needs somebody, else how it stood last."""
        if self.overdue:
            return "overdue"
        if self.at_risk:
            return "atrisk"
        if self.due:
            return "due"
        last = {MET: "met", MISSED: "missed", EXCUSED: "excused"}.get(self.last)
        return last or ("met" if self.met else "missed" if self.missed else "excused" if self.excused else "na")


_CELL: Final = ", ".join(Cell._fields)
NOTHING: Final = Cell(0, 0, 0, 0, 0, 0, 0, 0, -1, None, None)


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
    sql = (
        "SELECT code, name, type, path, parent FROM organisations_organisation "
        "WHERE path >= %s AND path < %s AND closed > %s ORDER BY path"
    )
    every = [Place(*row) for row in select(sql, low, high, now)]
    parents = {one.parent for one in every}
    deep = {one.parent for one in every if one.code in parents}  # those with somebody below who has somebody below
    if any(one.code in deep for one in every if one.parent == territory.code):
        return [Line(one.code, one.name, "", whole=True) for one in every if one.parent == territory.code
                and one.code in parents]  # fmt: skip
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
    names = ", ".join(f"t.{name}" for name in Cell._fields)
    rows = select(
        f"SELECT o.code, o.name, {names} FROM standings_tally t JOIN organisations_organisation o "
        "ON o.code = t.organisation WHERE t.duty = %s AND t.own AND (t.overdue > 0 OR t.at_risk > 0) "
        "AND o.path >= %s AND o.path < %s ORDER BY o.path",
        duty, low, high,
    )  # fmt: skip
    return [(code, name, Cell(*rest)) for code, name, *rest in rows]


def columns(
    rulebook: Rulebook, found: Mapping[str, Cell], *, types: Collection[str], family: str = "", per: str = ""
) -> list[str]:
    """Return the duties of a board in the order of families: of one family or period, else those most are behind on."""
    fit = [
        code
        for code in found
        if code in rulebook.duties and set(rulebook.duties[code].owed_by.type) & set(types) and found[code].bearers
    ]
    if family or per:
        chosen = [
            code for code in fit if family in ("", rulebook.duties[code].family) and per in ("", period(rulebook, code))
        ]
    else:
        worst = sorted(fit, key=lambda code: (-found[code].behind, -found[code].at_risk, -found[code].missed, code))
        chosen = worst[:COLUMNS]
    return sorted(chosen, key=lambda code: (rulebook.duties[code].family, code))


def period(rulebook: Rulebook, code: str) -> str:
    """Return the period of a duty, "" where it answers to something that happens."""
    return getattr(rulebook.duties[code].shape, "period", "").partition(":")[0]


def standings_of(organisation: str, duty: str) -> list[tuple[str, int, int, int, int]]:
    """Return (period, status, have, need, due) of what is not met of an organisation and a duty, the latest first."""
    sql = (
        "SELECT period, status, have, need, due FROM standings_standing WHERE organisation = %s AND duty = %s "
        "ORDER BY due DESC, period DESC LIMIT 12"
    )
    return [(p, st, have, need, due) for p, st, have, need, due in select(sql, organisation, duty)]


__all__ = [
    "COLUMNS", "NOTHING", "SIZE", "Cell", "Line", "Place", "behind", "cells", "columns", "lines", "period", "place",
    "standings_of", "totals",
]  # fmt: skip
