"""Opening many cases at once: whether a flow lets somebody, and the deadline each is left with.

The relations to the organisations concerned and their calendars are looked up once per organisation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from huxue.actions.acting import By
from huxue.core.calendar import Calendars
from huxue.core.flow import Actor, Deadlines, State, actor, take
from huxue.core.kinds import Kind
from huxue.core.rulebook.model import Rulebook
from huxue.organisations.relations import area_of, relations, type_of

_NOT_YET = State()


@dataclass
class Openings:
    """The opening steps of one kind by one post."""

    rulebook: Rulebook
    calendars: Calendars
    by: By
    kind: Kind
    _actors: dict[tuple[str, ...], Actor] = field(default_factory=dict)
    _areas: dict[str, Deadlines] = field(default_factory=dict)

    def deadline(
        self, step: str, at: int, fields: Mapping[str, Any], roles: Mapping[str, tuple[str, ...]]
    ) -> int | None:
        """Return the deadline that the opening leaves. Refuses what the flow does not allow."""
        about = roles.get("about", ())
        concerned = next(iter(about), self.by.organisation)
        credited = {**roles, "by": (self.by.organisation,)}
        left = take(
            self.kind, _NOT_YET, step, at=at, actor=self._actor(about, at), fields=fields,
            calendar=self._calendar(concerned), roles=credited,
        )  # fmt: skip
        return left.deadline

    def _actor(self, about: tuple[str, ...], at: int) -> Actor:
        if about not in self._actors:
            own = type_of(self.by.organisation)
            types = self.rulebook.organisation_types
            level = types[own].level if own in types else ""
            who = actor(
                self.kind, _NOT_YET, organisation=self.by.organisation, person=self.by.person, type=own,
                posts=(self.by.type,), relations=relations(self.by.organisation, about, level=level, at=at),
            )  # fmt: skip
            titles = {code: one.title for code, one in types.items()}
            self._actors[about] = replace(who, titles={**titles, **self.rulebook.posts})
        return self._actors[about]

    def _calendar(self, organisation: str) -> Deadlines:
        if organisation not in self._areas:
            area = area_of(organisation)
            self._areas[organisation] = self.calendars.get(area, self.calendars.default)
        return self._areas[organisation]
