"""The mechanisms a city asked for, and where each one lives in the rulebook (``mechanisms.yaml``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import Field as Setting

from huxue.core.kinds.model import Names
from huxue.core.values import Text, Value

if TYPE_CHECKING:
    from huxue.core.rulebook.model import Rulebook

Class = Literal["N", "T", "B", "S", "D", "X"]
PLACES = (
    *("duties", "kinds", "ladders", "indicators", "lists", "parameters"),
    *("checklists", "criteria", "derivations", "traits"),
)


class Mechanism(Value):
    """One sentence of the mission: its classes (N counted, T triggered, B a state, S a score, D words, X a preamble).

    ``indicators`` are written ``<tree>/<indicator>``; ``how`` says what the names do not.
    """

    title: Text
    sorts: tuple[Class, ...] = Setting(alias="class")
    duties: Names = ()
    kinds: Names = ()
    ladders: Names = ()
    indicators: Names = ()
    lists: Names = ()
    parameters: Names = ()
    checklists: Names = ()
    criteria: Names = ()
    derivations: Names = ()
    traits: Names = ()
    how: Text | None = None

    def places(self) -> dict[str, tuple[str, ...]]:
        """Return the names by the sort of place, empty sorts left out."""
        return {sort: getattr(self, sort) for sort in PLACES if getattr(self, sort)}


def problems(code: str, value: Mechanism, rulebook: Rulebook) -> Iterator[tuple[str, str, str]]:
    """Yield an empty place, and every name that does not resolve."""
    del code
    if not value.places():
        yield "", "这一机制没有落到任何地方", "this mechanism lives nowhere"
    for sort, names in value.places().items():
        known = _known(sort, rulebook)
        for name in names:
            if name not in known:
                yield sort, f"{sort} 中没有“{name}”", f"there is no '{name}' among the {sort}"


def _known(sort: str, rulebook: Rulebook) -> set[str]:
    if sort == "indicators":
        return {f"{code}/{one}" for code, tree in rulebook.scoring.items() for one in tree.codes()}
    return set(getattr(rulebook, sort, ()))


__all__ = ["PLACES", "Mechanism", "problems"]
