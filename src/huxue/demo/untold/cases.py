"""Cases: from an opening step to the step a duty speaks of, each taken by somebody whom the flow allows."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from huxue.core.duties.shapes import Deed
from huxue.core.facts import Fact
from huxue.core.flow import NOT_YET, actor, take
from huxue.core.flow.actors import Actor
from huxue.core.flow.permissions import permission
from huxue.core.kinds import Kind
from huxue.core.kinds.check import SPOT
from huxue.core.values import MINUTES_A_DAY, Refused, date_of
from huxue.demo.pen import Pen
from huxue.demo.untold.fields import filled, wanted_by
from huxue.demo.untold.stage import Stage
from huxue.demo.world import Unit
from huxue.demo.year import LAST

_TRIES = 3  # posts of one organisation that are tried for a step


class Path:
    """One case about an organisation, step after step."""

    def __init__(self, pen: Pen, stage: Stage, kind: Kind, about: Unit, deed: Deed, bearer: Unit) -> None:
        """Begin with nothing done. The case is to have what the deed asks of its step, the bearer in its role."""
        self.pen, self.stage, self.kind, self.about = pen, stage, kind, about
        self.wanted = wanted_by(deed.where, kind, stage, bearer).fields
        self.stands = {deed.as_: (bearer.code,)} if deed.as_ not in ("by", "about") else {}
        self.state, self.item, self.at = NOT_YET, "", 0

    def go(self, targets: tuple[str, ...], day: int, *, first: Unit | None = None, reference: str = "") -> Fact | None:
        """Take the steps to the nearest of some steps, the last on ``day``; None where nobody may."""
        steps = self._way(targets)
        fact = None
        for n, step in enumerate(steps):
            on = day if n == len(steps) - 1 else max(self.at // MINUTES_A_DAY, day - 4 * (len(steps) - 1 - n))
            fact = self._take(step, on, first if n == len(steps) - 1 else None, reference)
            if fact is None:
                return None
        return fact

    def end(self, day: int) -> None:
        """Bring the case to an ending."""
        endings = tuple(name for name, step in self.kind.flow.items() if step.ends)
        if self.state.open and endings:
            self.go(endings, day)

    def _way(self, targets: tuple[str, ...]) -> list[str]:
        """Return the shortest run of steps from where the case is to one of the targets."""
        flow = self.kind.flow
        queue: deque[tuple[str, list[str]]] = deque([(self.state.step, [])])
        seen = {self.state.step}
        while queue:
            here, steps = queue.popleft()
            for name, step in flow.items():
                leads = step.opening if not here else here in step.from_
                if not leads or any(
                    self.wanted.get(k, v) != v for k, v in step.only_if.items() if not isinstance(v, dict)
                ):
                    continue
                if name in targets:
                    return [*steps, name]
                if name not in seen and not step.ends and not step.stays:
                    seen.add(name)
                    queue.append((name, [*steps, name]))
        return []

    def _take(self, step: str, day: int, first: Unit | None, reference: str) -> Fact | None:
        at = max(self.pen.moment(day), self.at + 30)
        if at // MINUTES_A_DAY > LAST - 1:
            return None
        said = self.kind.flow[step]
        plain = {k: v for k, v in said.only_if.items() if not isinstance(v, dict)}
        names = dict.fromkeys((*said.asks, *(n for n, f in self.kind.fields.items() if f.required and said.opening)))
        fits = {k: v for k, v in {**plain, **self.wanted}.items() if k in names}
        for unit, post in self._candidates(first, at // MINUTES_A_DAY):
            fields = filled(self.pen, self.stage, self.kind, unit, at // MINUTES_A_DAY, fits, names)
            self._mend(fields, said.on_the_spot, at // MINUTES_A_DAY)
            who = self._actor(unit, post, at // MINUTES_A_DAY)
            if permission(self.kind, self.state, step, who, fields):
                continue
            return self._write(step, unit, post, who, at, fields, reference)
        return None

    def _mend(self, fields: dict[str, Any], spot: dict[str, Any], day: int) -> None:
        """Deadlines lie ahead; a check that must be on the spot is."""
        for name in fields:
            if name == "deadline":
                fields[name] = date_of(day + 15).isoformat()
        if spot and SPOT in self.kind.fields:
            fields[SPOT] = True

    def _write(
        self, step: str, unit: Unit, post: str, who: Actor, at: int, fields: dict[str, Any], reference: str
    ) -> Fact | None:  # fmt: skip
        roles = self._roles(unit)
        try:
            state = take(
                self.kind, self.state, step, at=at, actor=who, fields=fields, calendar=self.stage.calendar, roles=roles
            )
        except Refused:
            return None
        fact = self.pen.write(
            self.kind.code, "step", unit, post, at, fields, recorded=at + 25, item=self.item, step=step, roles=roles,
            deadline=state.deadline, reference=reference if not self.item else "",
        )  # fmt: skip
        self.state, self.item, self.at = state, fact.item, at
        return fact

    def _roles(self, unit: Unit) -> dict[str, tuple[str, ...]]:
        roles: dict[str, tuple[str, ...]] = {"by": (unit.code,), "about": (self.about.code,), **self.stands}
        for name, role in self.kind.roles.items():
            if role.required and name not in roles:
                near = [self.about, *self.stage.above(self.about)]
                fitting = [one.code for one in near if not role.types or one.type in role.types]
                roles[name] = tuple(fitting[:1])
        return roles

    def _candidates(self, first: Unit | None, day: int) -> Iterator[tuple[Unit, str]]:
        order = [first] if first else []
        order += [self.about, *self.stage.above(self.about)]
        types = self.kind.written_by
        for unit in order:
            if types and unit.type not in types:
                continue
            for post in [post for post in unit.holders if unit.holder(post, day)]:
                yield unit, post

    def _actor(self, unit: Unit, post: str, day: int) -> Actor:
        return actor(
            self.kind, self.state, organisation=unit.code, person=unit.holder(post, day), type=unit.type, posts=(post,),
            relations=self._relations(unit),
        )  # fmt: skip

    def _relations(self, by: Unit) -> set[str]:
        """As the tree has it: who stands over the organisation concerned supervises and verifies."""
        if by.code == self.about.code or by.type == "school":
            return set()
        place, mine = self.stage.places[by.code], self.stage.places[self.about.code]
        over = place is mine or place is self.stage.city.place
        if by.type == "township":
            over = self.about.parent == by.code
        if by.type.endswith("department") and self.about.type.endswith("government") and place is mine:
            over = True
        found = {"supervisor", "verifier"} if over else set()
        if over and by.type.endswith(("government", "township")):
            found.add("government")
        return found
