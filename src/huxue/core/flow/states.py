"""Where a case is, folded from its facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from huxue.core.facts import Fact
from huxue.core.kinds import Kind


class Taker(NamedTuple):
    """Who took a step: the organisation in the role ``by`` and the person. Empty where nobody is named."""

    organisation: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """Where a case is. Minutes as in ``values``.

    ``step`` is where it stands (a step that ``stays`` does not move it), ``""`` before it is opened; ``ended`` the
    ending, ``""`` while it is open. ``opened``: since when it has been open (a re-opening starts anew); ``at``: its
    last step. ``counts`` and ``takers`` run over the whole life of the case: re-opening gives nobody a second
    extension. ``fields`` and ``roles`` hold the latest of each.
    """

    step: str = ""
    ended: str = ""
    opened: int | None = None
    at: int | None = None
    deadline: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    takers: Mapping[str, tuple[Taker, ...]] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        """Whether the case was begun and has not ended."""
        return bool(self.step) and not self.ended


NOT_YET = State()


def state(kind: Kind, facts: Iterable[Fact]) -> State:
    """Return where a case is after its step facts, in order of time and id, corrections already applied.

    What was appended is believed: nothing is refused here. A step that the flow no longer knows leaves the case
    where it is, but its fields and deadline count.
    """
    result = NOT_YET
    for fact in facts:
        if fact.verb == "step":
            taker = Taker(next(iter(fact.roles.get("by", ())), ""), fact.person)
            result = after(
                kind,
                result,
                fact.step,
                at=fact.at,
                taker=taker,
                fields=fact.fields,
                roles=fact.roles,
                deadline=fact.deadline,
            )
    return result


def after(
    kind: Kind,
    before: State,
    step: str,
    *,
    at: int,
    taker: Taker,
    fields: Mapping[str, Any],
    roles: Mapping[str, tuple[str, ...]],
    deadline: int | None,
) -> State:
    """Return the state that a step leaves. ``deadline`` is the one it was appended with."""
    said = kind.flow.get(step)
    moves = said is not None and not said.stays
    begins = not before.step or (said is not None and bool(before.ended) and bool(said.reopens))
    return State(
        step=step if moves else before.step,
        ended=said.ends if said is not None and moves else before.ended,
        opened=at if begins else before.opened,
        at=at,
        deadline=deadline,
        counts={**before.counts, step: before.counts.get(step, 0) + 1},
        takers={**before.takers, step: (*before.takers.get(step, ()), taker)},
        fields={**before.fields, **fields},
        roles={**before.roles, **{role: tuple(codes) for role, codes in roles.items() if codes}},
    )
