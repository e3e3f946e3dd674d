"""What happened at an organisation: cases, inspections and visits, drills, registers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from json import loads
from typing import Any, Final

from huxue.core.kinds import Kind
from huxue.core.kinds.said import summary
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import MINUTES_A_DAY, Text, date_of
from huxue.organisations.tables import Row, select
from huxue.standings.dossier.model import CaseLine, Place, RecordLine, RegisterLine

HAZARDS: Final = ("hazard",)
INCIDENTS: Final = ("incident", "listed-supervision", "interview")
INSPECTIONS: Final = ("inspection", "visit", "item-check", "supervision-opinion")
DRILLS: Final = ("drill",)
SHOWN: Final = 12
_SAYS: Final = {  # what a line says, where the kind has such a field; the rest is on the item's page
    "hazard": ("category", "location", "finding"),
    "incident": ("category", "harm", "summary"),
    "inspection": ("scope", "occasion", "covert", "findings"),
    "visit": ("purpose", "findings"),
    "drill": ("drill_kind", "scenarios", "participants", "seconds_to_assemble", "head_count_complete"),
}
_COUNTS: Final = "hazards_found"
_LIVE: Final = "NOT EXISTS (SELECT 1 FROM ledger_fact r WHERE r.replaces = f.id AND NOT (r.replaces = ''))"
_NOTHING: Final = Text(zh="", en="")


def cases(rulebook: Rulebook, organisation: str, kinds: Sequence[str]) -> list[CaseLine]:
    """Return the cases of some kinds about an organisation: open ones by deadline, then those that ended, newest first.

    What their opening said comes from its first step.
    """
    sql = f"""
SELECT c.item, c.kind, c.step, c.ended_as, c.deadline, c.opened FROM ledger_case c
WHERE c.organisation = %s AND c.kind IN ({_marks(kinds)})"""
    rows = select(sql, organisation, *kinds)
    rows.sort(key=lambda row: (bool(row[3]), (row[4] is None, row[4] or 0) if not row[3] else (False, -row[5]), row[0]))
    shown = [row for row in rows if not row[3]] + [row for row in rows if row[3]][:SHOWN]
    said = _said([row[0] for row in shown])
    return [_case(rulebook, row, said.get(row[0], {})) for row in shown if row[1] in rulebook.kinds]


def _said(items: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the fields of some cases, those of later steps over those of earlier ones."""
    found: dict[str, dict[str, Any]] = {}
    sql = f"SELECT f.item, f.fields FROM ledger_fact f WHERE f.item IN ({_marks(items)}) AND {_LIVE} ORDER BY f.at_min"
    for item, fields in select(sql, *items) if items else ():
        found.setdefault(item, {}).update(loads(fields))
    return found


def _case(rulebook: Rulebook, row: Row, fields: Mapping[str, Any]) -> CaseLine:
    item, code, step, ended, deadline, opened = row
    kind = rulebook.kinds[code]
    at = kind.flow[step].title if step in kind.flow else Text(zh=step, en=step)
    grade = str(fields.get("grade") or "") if "grade" in kind.fields else ""
    choice = rulebook.lists.get(kind.fields["grade"].list, {}).get(grade) if grade else None
    said = summary(kind, fields, rulebook.lists, _names(kind), most=2)
    return CaseLine(
        item, code, kind.title, at, bool(ended), grade, choice.title if choice else None, opened, deadline, said
    )


def records(
    rulebook: Rulebook, organisation: str, kinds: Sequence[str], *, role: str, since: int, most: int = SHOWN
) -> list[RecordLine]:
    """Return the newest records of some kinds that credit an organisation in a role, not before a minute."""
    known = [kind for kind in kinds if kind in rulebook.kinds]
    if not known:
        return []
    sql = f"""
SELECT f.item, f.kind, f.at_min, f.roles, f.fields FROM ledger_credit c JOIN ledger_fact f ON f.seq = c.fact
WHERE c.organisation = %s AND c.role = %s AND f.kind IN ({_marks(known)}) AND f.verb = 'record' AND f.at_min >= %s
 AND {_LIVE} ORDER BY f.at_min DESC, f.id LIMIT {most}"""
    rows = select(sql, organisation, role, *known, since)
    names = _organisations(code for row in rows for code in loads(row[3]).get("by", ()))
    return [_record(rulebook, row, names) for row in rows]


def _record(rulebook: Rulebook, row: Row, names: Mapping[str, str]) -> RecordLine:
    item, code, at, roles, fields = row
    kind, said = rulebook.kinds[code], loads(fields)
    by = tuple(Place(one, names.get(one, one)) for one in loads(roles).get("by", ()))
    found = said.get(_COUNTS)
    text = summary(kind, said, rulebook.lists, _names(kind), most=4)
    return RecordLine(item, code, kind.title, at, by, text, int(found) if found is not None else None)


def undrilled(rulebook: Rulebook, organisation: str, since: int) -> tuple[Text, ...]:
    """Return the sorts of drill that have not been held since a minute."""
    kind = rulebook.kinds.get(DRILLS[0])
    if kind is None or "drill_kind" not in kind.fields:
        return ()
    sql = f"""
SELECT f.fields FROM ledger_fact f WHERE f.organisation = %s AND f.kind = %s AND f.verb = 'record'
 AND f.at_min >= %s AND {_LIVE}"""
    held: set[str] = set()
    for (fields,) in select(sql, organisation, DRILLS[0], since):
        said = loads(fields)
        held |= {str(said.get("drill_kind")), *map(str, said.get("scenarios") or ())}
    choices = rulebook.lists.get(kind.fields["drill_kind"].list, {})
    return tuple(choice.title for code, choice in choices.items() if code not in held)


def registers(rulebook: Rulebook, organisation: str) -> list[RegisterLine]:
    """Return how many entries of each register an organisation has, with the nearest date by which one lapses."""
    sql = "SELECT kind, fields FROM ledger_entry WHERE organisation = %s AND open AND kind <> ''"
    of: dict[str, list[Mapping[str, Any]]] = {}
    for kind, fields in select(sql, organisation):
        of.setdefault(kind, []).append(loads(fields))
    return [_register(rulebook, kind, of[kind]) for kind in rulebook.kinds if kind in of]


def _register(rulebook: Rulebook, code: str, entries: Sequence[Mapping[str, Any]]) -> RegisterLine:
    kind = rulebook.kinds[code]
    ends = [
        (str(fields[name]), name)
        for name, field in kind.fields.items()
        if field.type == "date" and name.endswith(("until", "_by"))
        for fields in entries
        if fields.get(name)
    ]
    until, name = min(ends, default=("", ""))
    return RegisterLine(code, kind.title, len(entries), until, kind.fields[name].title if name else None)


def _names(kind: Kind) -> Sequence[str]:
    said = _SAYS.get(kind.code)
    return said or tuple(name for name, field in kind.fields.items() if field.facet or field.type == "text")


def _organisations(codes: Iterable[str]) -> dict[str, str]:
    wanted = sorted(set(codes))
    if not wanted:
        return {}
    return dict(select(f"SELECT code, name FROM organisations_organisation WHERE code IN ({_marks(wanted)})", *wanted))


def a_year_before(today: int) -> int:
    """Return the first minute of the twelve months that end on a day."""
    day = date_of(today)
    leap = (day.month, day.day) == (2, 29)
    return (today - (366 if leap else (day - day.replace(year=day.year - 1)).days)) * MINUTES_A_DAY


def _marks(values: Iterable[object]) -> str:
    return ", ".join("%s" for _ in values) or "''"


__all__ = [
    "DRILLS", "HAZARDS", "INCIDENTS", "INSPECTIONS", "a_year_before", "cases", "records", "registers", "undrilled",
]  # fmt: skip
