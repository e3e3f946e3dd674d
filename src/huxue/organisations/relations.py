"""How organisations stand to each other today: the names by which a flow lets somebody act, and the area of each."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from huxue.organisations.models import OPEN, Edge, Organisation

GOVERNMENTS = ("nation", "province", "city", "county", "township")  # levels of organisation types


def ancestry(code: str) -> list[str]:
    """Return the codes from the root down to an organisation, itself last; none for an unknown code."""
    found = Organisation.objects.filter(code=code).values_list("path", flat=True).first()
    return found.split("/")[:-1] if found else []


def stands_above(code: str, others: Iterable[str]) -> bool:
    """Whether one of ``others`` lies in the territory of an organisation (not being itself)."""
    return any(code in ancestry(other)[:-1] for other in others)


def supervises(code: str, others: Iterable[str], *, at: int) -> bool:
    """Whether an organisation supervised one of ``others``, or a territory above it, in any topic at a moment."""
    above = {one for other in others for one in ancestry(other)}
    edges = Edge.objects.filter(sort="supervisory", parent=code, child__in=above, known_to=OPEN)
    return edges.filter(valid_from__lte=at, valid_to__gt=at).exists()


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


def area_of(code: str) -> str:
    """Return the calendar area of an organisation: its own, else the nearest above it, else ``""``."""
    chain = ancestry(code)
    areas = dict(Organisation.objects.filter(code__in=chain).values_list("code", "area"))
    return next((areas[one] for one in reversed(chain) if areas.get(one)), "")


def type_of(code: str) -> str:
    """Return the type of an organisation, ``""`` when there is none with this code."""
    return Organisation.objects.filter(code=code).values_list("type", flat=True).first() or ""


def sizes() -> dict[str, int]:
    """Return how many organisations that stand today there are of each type."""
    open_ones = Organisation.objects.filter(closed=OPEN).values("type").annotate(count=Count("pk")).order_by("type")
    return {row["type"]: row["count"] for row in open_ones}
