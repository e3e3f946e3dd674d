"""Ladders of cases: each case that came to a step is an episode of its own, for each organisation it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from huxue.core.kinds import Kind
from huxue.core.ladder.episodes import Episode, Obligation
from huxue.core.ladder.model import OVERDUE, Cases, Ladder
from huxue.core.values import MINUTES_A_DAY


@dataclass(slots=True)
class CaseState:
    """A case as its steps leave it: (step, minute) in order, latest fields, deadline and organisations it is about."""

    item: str
    kind: str
    steps: list[tuple[str, int]] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    deadline: int | None = None
    about: tuple[str, ...] = ()

    def take(
        self, step: str, at: int, *, fields: Mapping[str, Any], deadline: int | None, about: Iterable[str]
    ) -> None:
        """Take one more step."""
        self.steps.append((step, at))
        self.fields |= fields
        self.deadline = deadline
        self.about = tuple(about) or self.about


def episodes_of_cases(
    ladder: Ladder, cases: Iterable[CaseState], kinds: Mapping[str, Kind], *, first: int | None, today: int
) -> Iterator[Episode]:
    """Yield the episodes of a ladder of cases. ``first``: the first day it looks at."""
    for case in cases:
        since = min((day for said in ladder.when for day in _reached(said, case, kinds, today)), default=None)
        if since is None or (first is not None and since < first):
            continue
        standing = Obligation(case.item, "overdue", since * MINUTES_A_DAY, since)
        for organisation in case.about:
            yield Episode(organisation, case.item, (standing,), since, frozenset((case.item,)), (standing,), case.kind)


def _reached(said: Cases, case: CaseState, kinds: Mapping[str, Kind], today: int) -> list[int]:
    """Return the day on which a case came to the step, none where it did not or is over."""
    if case.kind not in said.case or case.kind not in kinds or _over(said, case, kinds[case.kind]):
        return []
    if any(str(case.fields.get(name)) not in wanted for name, wanted in said.where.items()):
        return []
    days = [at // MINUTES_A_DAY for step, at in reversed(case.steps) if step in said.step][:1]
    late = case.deadline // MINUTES_A_DAY if case.deadline is not None else today
    return days + ([late + 1] if OVERDUE in said.step and late < today else [])


def _over(said: Cases, case: CaseState, kind: Kind) -> bool:
    over = False
    for step, _ in case.steps:
        declared = kind.flow.get(step)
        if declared is not None and not declared.stays:
            over = bool(declared.ends)
        over = over or step in said.until
    return over
