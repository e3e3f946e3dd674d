"""What pages show of organisations: where one stands and stood, its posts and who holds them, what supervises what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from json import loads
from typing import Any, Final, NamedTuple

from huxue.organisations.models import OPEN, Organisation
from huxue.organisations.tables import select, select_in

_STANDS: Final = f"known_to = {OPEN} AND valid_from <= %s AND valid_to > %s"


class Named(NamedTuple):
    """An organisation by code, name and type."""

    code: str
    name: str
    type: str


class Branch(NamedTuple):
    """An organisation in a list of the tree: ``below`` is how many stand right under it."""

    code: str
    name: str
    type: str
    below: int
    closed: int


class Place(NamedTuple):
    """Where an organisation stood: under ``parent`` (``topic`` "": in the territory), minutes from and to."""

    parent: str
    name: str
    topic: str
    valid_from: int
    valid_to: int


@dataclass(slots=True)
class HeldPost:
    """A post that stands, and its holders: (person, from, to) in minutes, the latest first; none today: vacant."""

    code: str
    type: str
    since: int
    holders: list[tuple[str, int, int]] = field(default_factory=list)
    now: tuple[str, ...] = ()

    @property
    def vacant(self) -> bool:
        """Whether nobody holds it."""
        return not self.now


def organisation(code: str) -> Organisation | None:
    """Return an organisation as it stands now."""
    return Organisation.objects.filter(code=code).first()


def traits_of(one: Organisation) -> dict[str, Any]:
    """Return the traits of an organisation."""
    found: dict[str, Any] = loads(one.traits)
    return found


def named(codes: Iterable[str]) -> dict[str, Named]:
    """Return organisations by their codes."""
    sql = "SELECT code, name, type FROM organisations_organisation WHERE code IN ({})"
    return {row[0]: Named(*row) for row in select_in(sql, sorted(set(codes)))}


def chain(path: str) -> list[Named]:
    """Return those above an organisation from the root down, itself left out."""
    codes = path.split("/")[:-2]
    found = named(codes)
    return [found[code] for code in codes if code in found]


_BELOW: Final = f"""
SELECT o.code, o.name, o.type, (SELECT count(*) FROM organisations_organisation c
 WHERE c.parent = o.code AND c.closed = {OPEN}), o.closed
FROM organisations_organisation o WHERE o.parent = %s AND o.code > %s {{closed}} ORDER BY o.code LIMIT %s"""


def below(code: str, *, after: str = "", limit: int = 200, closed: bool = False) -> list[Branch]:
    """Return those right under an organisation, in the order of their codes; with ``closed`` also what has closed."""
    sql = _BELOW.format(closed="" if closed else f"AND o.closed = {OPEN}")
    return [Branch(*row) for row in select(sql, code, after, limit)]


def at_roots(paths: Sequence[str]) -> list[Branch]:
    """Return the organisations at these paths, with how many stand right under each."""
    codes = [path.split("/")[-2] for path in paths]
    sql = _BELOW.partition("WHERE o.parent")[0] + " WHERE o.code IN ({})"
    return sorted(Branch(*row) for row in select_in(sql, codes))


def places(code: str) -> list[Place]:
    """Return under whom an organisation stands and stood, and who supervises it itself, the latest first."""
    sql = (
        "SELECT e.parent, o.name, e.topic, e.valid_from, e.valid_to FROM organisations_edge e "
        "JOIN organisations_organisation o ON o.code = e.parent "
        f"WHERE e.child = %s AND e.known_to = {OPEN} ORDER BY e.valid_from DESC, e.topic"
    )
    return [Place(*row) for row in select(sql, code)]


def supervised_by(path: str, *, at: int) -> list[Place]:
    """Return who supervises an organisation at a moment, itself or a territory above it."""
    sql = (
        "SELECT e.parent, o.name, e.topic, e.valid_from, e.valid_to FROM organisations_edge e "
        "JOIN organisations_organisation o ON o.code = e.parent "
        f"WHERE e.sort = 'supervisory' AND e.child IN ({{}}) AND {_STANDS.replace('%s', str(at))} "
        "ORDER BY e.topic, e.parent"
    )
    return [Place(*row) for row in select_in(sql, path.split("/")[:-1])]


def supervises(code: str, *, at: int) -> list[Place]:
    """Return what an organisation supervises at a moment: ``parent`` and ``name`` are of the supervised."""
    sql = (
        "SELECT e.child, o.name, e.topic, e.valid_from, e.valid_to FROM organisations_edge e "
        "JOIN organisations_organisation o ON o.code = e.child "
        f"WHERE e.sort = 'supervisory' AND e.parent = %s AND {_STANDS.replace('known_to', 'e.known_to')} "
        "ORDER BY e.topic, e.child"
    )
    return [Place(*row) for row in select(sql, code, at, at)]


def posts(code: str, *, at: int) -> list[HeldPost]:
    """Return the posts of an organisation that stand at a moment, with everybody who held them."""
    rows = select(
        f"SELECT code, type, valid_from FROM organisations_post WHERE organisation = %s AND {_STANDS} ORDER BY code",
        code, at, at,
    )  # fmt: skip
    found = {row[0]: HeldPost(*row) for row in rows}
    held = (
        f"SELECT post, person, valid_from, valid_to FROM organisations_holding WHERE known_to = {OPEN} "
        "AND post IN ({}) ORDER BY valid_from DESC, person"
    )
    for post, person, lo, hi in select_in(held, found):
        found[post].holders.append((person, lo, hi))
        if lo <= at < hi:
            found[post].now = (*found[post].now, person)
    return list(found.values())


def post(code: str, *, at: int) -> HeldPost | None:
    """Return one post that stands at a moment."""
    return next((one for one in posts(code.partition("/")[0], at=at) if one.code == code), None)


def predecessors(names: Sequence[str]) -> list[Named]:
    """Return organisations in the order of their codes as given, those unknown left out."""
    found = named(names)
    return [found[code] for code in names if code in found]
