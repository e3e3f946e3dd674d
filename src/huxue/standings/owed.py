"""What the kept standings and the cases say to one organisation: what it owes, and which cases wait for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from json import loads
from typing import Any, Final, NamedTuple

from huxue.access.scope import Scope
from huxue.core.duties.standing import DUE, OVERDUE, STATUSES, Status
from huxue.core.flow import RELATIONS
from huxue.core.kinds import Kind
from huxue.core.rulebook.model import Rulebook
from huxue.organisations.tables import select, select_in
from huxue.standings.counting import COUNTED
from huxue.standings.models import Kept

ABOVE: Final = frozenset(RELATIONS) - {"finder", "public", "system"}  # names of those who watch over others
_BELOW: Final = frozenset({"school", "about", "to"})
_SUM: Final = ", ".join(f"coalesce(sum({name}), 0)" for name in COUNTED)


class Trigger(NamedTuple):
    """The fact that began an obligation to answer."""

    fact: str
    item: str
    kind: str
    step: str
    at: int
    reference: str
    now_at: str  # where its case stands; "" for other facts


class Owed(NamedTuple):
    """One obligation that is due or overdue. ``due``: the last minute in time."""

    duty: str
    period: str
    status: Status
    due: int
    have: int
    need: int
    trigger: Trigger | None = None


class Waits(NamedTuple):
    """An open case, where it stands, and which step would lead on."""

    item: str
    kind: str
    organisation: str
    step: str
    next: str
    deadline: int | None


def owed(organisation: str) -> list[Owed]:
    """Return what an organisation owes, the earliest deadline first, without what stands beside a stronger duty."""
    rows = select(
        "SELECT duty, period, status, due, have, need FROM standings_standing "
        f"WHERE organisation = %s AND status IN ({DUE}, {OVERDUE}) AND NOT shadowed ORDER BY due, duty, period",
        organisation,
    )
    begun = triggers(row[1] for row in rows)
    return [Owed(d, p, STATUSES[st], due, have, need, begun.get(p)) for d, p, st, due, have, need in rows]


def triggers(periods: Iterable[str]) -> dict[str, Trigger]:
    """Return the triggers among some periods; a period's key is the id of no fact."""
    sql = (
        "SELECT f.id, f.item, f.kind, f.step, f.at_min, f.reference, coalesce(c.step, '') FROM ledger_fact f "
        "LEFT JOIN ledger_case c ON c.item = f.item WHERE f.id IN ({})"
    )
    return {row[0]: Trigger(*row) for row in select_in(sql, sorted({p for p in periods if len(p) > LONGEST_KEY}))}


LONGEST_KEY: Final = 24  # letters of the key of a period; ids of facts are longer


def counts(organisation: str, *, own: bool) -> dict[str, int]:
    """Return the sums over duties of an organisation (``own``) or its territory."""
    rows = select(
        f"SELECT {_SUM} FROM standings_tally WHERE organisation = %s AND duty = '' AND {'' if own else 'NOT '}own",
        organisation,
    )
    return dict(zip(COUNTED, rows[0], strict=True))


def about() -> Kept | None:
    """Return what is kept, ``None`` where nothing is."""
    return Kept.objects.order_by("-pk").first()


# --- cases -----------------------------------------------------------------------------------------------------------


def _next(kind: Kind, names: frozenset[str]) -> dict[str, str]:
    """Return, for somebody of these names, which step leads on from each step; one that ends the case is preferred."""
    usable = [
        (code, said)
        for code, said in kind.flow.items()
        if not said.stays and said.ends not in _GIVEN_UP and not names.isdisjoint(said.by)
    ]
    found: dict[str, str] = {}
    for code, said in sorted(usable, key=lambda one: not one[1].ends):  # stable: as declared among each other
        for step in said.from_:
            found.setdefault(step, code)
    return found


_GIVEN_UP: Final = ("cancelled", "withdrawn", "taken-back", "called-off", "abandoned", "dismissed", "dropped", "ended")


def concerning(organisation: str, names: Collection[str], rulebook: Rulebook, *, most: int = 60) -> list[Waits]:
    """Return the open cases about an organisation that it can carry on now, by deadline.

    What is handed to it by a role of the case is owed as a duty, and stands there.
    """
    mine = frozenset({*names, "about"})
    steps = {(kind.code, step): code for kind in rulebook.kinds.values() for step, code in _next(kind, mine).items()}
    chosen = _standing_at(len(steps))
    if not steps:
        return []
    rows = select(
        "SELECT item, kind, organisation, step, deadline FROM ledger_case "
        f"WHERE open AND organisation = %s AND ({chosen}) "
        f"ORDER BY deadline IS NULL, deadline, item LIMIT {most}",
        organisation, *(one for pair in steps for one in pair),
    )  # fmt: skip
    return [Waits(item, kind, org, step, steps[kind, step], at) for item, kind, org, step, at in rows]


def watched(organisation: str, scope: Scope, rulebook: Rulebook, *, most: int = 30) -> list[Waits]:
    """Return the open cases below an organisation that wait for whoever watches over them, by deadline."""
    pairs = list(_pairs(rulebook))
    within, parameters = scope.where("organisation")
    if not pairs or scope.single:
        return []
    chosen = _standing_at(len(pairs))
    sql = (
        f"SELECT item, kind, organisation, step, deadline FROM ledger_case WHERE open AND ({chosen}) "
        f"AND organisation <> %s{' AND ' + within if within else ''} "
        f"ORDER BY deadline IS NULL, deadline, item LIMIT {most}"
    )
    steps = {(kind, step): code for kind, step, code in pairs}
    values = [one for kind, step, _ in pairs for one in (kind, step)]
    rows = select(sql, *values, organisation, *parameters)
    return [Waits(item, kind, org, step, steps[kind, step], at) for item, kind, org, step, at in rows]


def _pairs(rulebook: Rulebook) -> Iterator[tuple[str, str, str]]:
    """Yield (kind, step, next step) of cases that wait for those above: nobody below can carry them on."""
    for kind in rulebook.kinds.values():
        below = _next(kind, _BELOW)
        for step, code in _next(kind, ABOVE).items():
            if step not in below:
                yield kind.code, step, code


def _standing_at(count: int) -> str:
    """Return the condition that a case is of one of so many kinds and stands at the step given with it."""
    return f"(kind, step) IN (VALUES {', '.join(['(%s, %s)'] * count)})"


def started(organisation: str, rulebook: Rulebook, *, most: int = 50) -> list[Waits]:
    """Return the open cases that an organisation began about others, by deadline."""
    kinds = [kind.code for kind in rulebook.kinds.values() if kind.shape == "case"]
    marks = ", ".join(["%s"] * len(kinds))
    rows = select(
        "SELECT c.item, c.kind, c.organisation, c.step, c.deadline FROM ledger_fact f "
        "JOIN ledger_case c ON c.item = f.item AND c.open AND c.opened = f.at_min "
        f"WHERE f.organisation = %s AND f.kind IN ({marks}) AND f.verb = 'step' "
        f"ORDER BY c.deadline IS NULL, c.deadline, c.item LIMIT {most}",
        organisation, *kinds,
    )  # fmt: skip
    return [Waits(item, kind, org, step, "", at) for item, kind, org, step, at in dict.fromkeys(rows)]


def for_information(organisation: str, rulebook: Rulebook, *, most: int = 50) -> list[Waits]:
    """Return what was sent down to an organisation and asks for nothing any more, the newest first."""
    rows = select(
        "SELECT c.item, c.kind, c.organisation, c.step, c.ended_as FROM ledger_case c WHERE c.organisation = %s "
        f"AND c.kind = 'directive' AND c.ended_as = 'acknowledged' ORDER BY c.opened DESC, c.item LIMIT {most}",
        organisation,
    )
    return [Waits(item, kind, org, step, "", None) for item, kind, org, step, _ in rows if kind in rulebook.kinds]


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Return the names of organisations."""
    return dict(select_in("SELECT code, name FROM organisations_organisation WHERE code IN ({})", sorted(set(codes))))


def said_of(items: Iterable[str], fields: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return what the first fact of each case says in some fields, for a line in a list."""
    found: dict[str, dict[str, Any]] = {}
    for item, text in select_in(
        "SELECT item, fields FROM ledger_fact WHERE item IN ({}) AND verb = 'step' ORDER BY seq", sorted(set(items))
    ):
        said = loads(text)
        kept = found.setdefault(item, {})
        for name in fields:
            if name not in kept and isinstance(said.get(name), str):
                kept[name] = said[name]
    return found


__all__ = [
    "Owed", "Trigger", "Waits", "about", "concerning", "counts", "for_information", "names_of", "owed", "said_of",
    "started", "watched",
]  # fmt: skip
