"""How organisations stand to each other today: the names by which a flow lets somebody act, and the area of each."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from huxue.organisations.models import OPEN, Edge, Organisation
from huxue.organisations.tables import select, select_in

GOVERNMENTS = ("nation", "province", "city", "county", "township")  # levels of organisation types


def ancestry(code: str) -> list[str]:
    """Return the codes from the root down to an organisation, itself last; none for an unknown code."""
    return ancestries([code]).get(code, [])


def ancestries(codes: Iterable[str]) -> dict[str, list[str]]:
    """Return for each organisation the codes from the root down to it, itself last; unknown codes are left out."""
    found = select_in("SELECT code, path FROM organisations_organisation WHERE code IN ({})", codes)
    return {code: path.split("/")[:-1] for code, path in found}


def stands_above(code: str, others: Iterable[str]) -> bool:
    """Whether one of ``others`` lies in the territory of an organisation (not being itself)."""
    return any(code in chain[:-1] for chain in ancestries(others).values())


def supervises(code: str, others: Iterable[str], *, at: int) -> bool:
    """Whether an organisation supervised one of ``others``, or a territory above it, in any topic at a moment."""
    return any(parent == code for parent, _ in supervisors(others, at=at))


def supervisors(others: Iterable[str], *, at: int) -> list[tuple[str, str]]:
    """Return (organisation, topic) of whoever supervised one of ``others``, or a territory above it, at a moment."""
    above = {one for chain in ancestries(others).values() for one in chain}
    if not above:
        return []
    marks = ", ".join(["%s"] * len(above))
    return [
        (parent, topic)
        for parent, topic in select(
            "SELECT DISTINCT parent, topic FROM organisations_edge WHERE sort = 'supervisory' AND known_to = %s "
            f"AND valid_from <= %s AND valid_to > %s AND child IN ({marks}) ORDER BY parent, topic",
            OPEN, at, at, *sorted(above),
        )
    ]  # fmt: skip


def relations(code: str, about: Iterable[str], *, level: str, at: int) -> frozenset[str]:
    """Return the relations (``core.flow.RELATIONS``) of an organisation of this level to those a case is about."""
    concerned = [one for one in about if one != code]
    names = set()
    above = stands_above(code, concerned)
    if above or supervises(code, concerned, at=at):
        names |= {"supervisor", "verifier"}
    if above and level in GOVERNMENTS:
        names.add("government")
    return frozenset(names)


def outside(code: str, others: Iterable[str], *, at: int) -> list[str]:
    """Return those of ``others`` that lie neither in the territory of an organisation nor in what it supervises."""
    edges = Edge.objects.filter(sort="supervisory", parent=code, known_to=OPEN, valid_from__lte=at, valid_to__gt=at)
    mine = {code, *edges.values_list("child", flat=True)}
    paths: dict[str, str] = dict(
        select_in("SELECT code, path FROM organisations_organisation WHERE code IN ({})", set(others))
    )
    return [one for one in others if mine.isdisjoint(paths.get(one, "").split("/"))]


def area_of(code: str) -> str:
    """Return the calendar area of an organisation: its own, else the nearest above it, else ``""``."""
    chain = ancestry(code)
    areas: dict[str, str] = dict(
        select_in("SELECT code, area FROM organisations_organisation WHERE code IN ({})", chain)
    )
    return next((areas[one] for one in reversed(chain) if areas.get(one)), "")


def type_of(code: str) -> str:
    """Return the type of an organisation, ``""`` when there is none with this code."""
    found = select("SELECT type FROM organisations_organisation WHERE code = %s", code)
    return str(found[0][0]) if found else ""


def sizes() -> dict[str, int]:
    """Return how many organisations that stand today there are of each type."""
    open_ones = Organisation.objects.filter(closed=OPEN).values("type").annotate(count=Count("pk")).order_by("type")
    return {row["type"]: row["count"] for row in open_ones}
