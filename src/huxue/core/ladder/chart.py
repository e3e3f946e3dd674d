"""Who decides: the tree and the oversight of one day, and the office that a rung names for a bearer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from huxue.core.ladder.model import Decides


@dataclass(frozen=True, slots=True)
class Chart:
    """The organisations of a day. ``oversight``: (organisation, topic) → the departments that supervise it in that."""

    parents: Mapping[str, str]
    types: Mapping[str, str]
    oversight: Mapping[tuple[str, str], Sequence[str]]
    areas: Mapping[str, str]

    def upwards(self, code: str) -> Iterator[str]:
        """Yield an organisation and everything above it, the nearest first."""
        seen: set[str] = set()
        while code and code not in seen:
            seen.add(code)
            yield code
            code = self.parents.get(code, "")

    def decides(self, said: Decides, bearer: str) -> str:
        """Return the organisation that decides about a bearer, ``""`` where there is none."""
        return next(self._supervisors(said, bearer) if said.topic else self._above(said, bearer), "")

    def area(self, code: str) -> str:
        """Return the calendar area of an organisation, ``""`` for the default."""
        return next((self.areas[one] for one in self.upwards(code) if self.areas.get(one)), "")

    def _above(self, said: Decides, bearer: str) -> Iterator[str]:
        return (one for one in self.upwards(bearer) if one != bearer and self.types.get(one) in said.type)

    def _supervisors(self, said: Decides, bearer: str) -> Iterator[str]:
        for one in self.upwards(bearer):
            for department in sorted(self.oversight.get((one, said.topic), ())):
                if department != bearer and self.types.get(department) in said.type:
                    yield department
