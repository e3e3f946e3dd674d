"""Over generated histories of every shape: the queries find every bearer that is behind, and nobody else."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import Any

import pytest
import yaml

from huxue.core.duties.standing import Standing
from huxue.core.ladder import Ladder
from huxue.core.values import MINUTES_A_DAY
from huxue.rulebooks import SHIPPED
from huxue.standings.beside import shadowed
from huxue.standings.evaluate import evaluate
from huxue.standings.frame import table_of
from huxue.standings.ladder import Climb
from tests.properties.worlds import AREAS, World, world

LADDER = Ladder.model_validate(
    {
        "title": {"zh": "一", "en": "One"},
        "rungs": [{"measure": "remind", "when": {"overdue": {"days": 0}}, "by": "system"}],
        "stops": {"at_latest": "never"},
    }
)


@cache
def years() -> dict[int, Any]:
    folder = SHIPPED / "national" / "calendars"
    return {y: yaml.safe_load((folder / f"{y}.yaml").read_text("utf-8")) for y in (2025, 2026, 2027)}


def laddered(seed: int) -> World:
    made = world(seed, years())
    duties = {code: duty.model_copy(update={"ladder": "one"}) for code, duty in made.rulebook.duties.items()}
    made.rulebook = made.rulebook.model_copy(update={"duties": duties, "ladders": {"one": LADDER}})
    return made


def behind(rows: list[Standing]) -> list[Standing]:
    """Return what makes an episode exist: everything overdue, and the latest closed one if it was missed."""
    closed = sorted((s for s in rows if s.status in ("met", "overdue", "missed")), key=lambda s: (s.due, s.period))
    return [s for s in closed if s.status == "overdue"] + [s for s in closed[-1:] if s.status == "missed"]


@pytest.mark.parametrize("seed", range(24))
def test_everybody_who_is_behind_is_found(seed: int) -> None:
    made = laddered(seed)
    found = evaluate(
        made.rulebook,
        made.calendars,
        table_of(made.facts),
        as_of=made.as_of,
        known_at=made.known_at,
        areas=tuple(AREAS),
    )
    rows = found.standings()
    pairs = {s.key()[:2] for s in rows}
    weaker = shadowed(pairs, made.rulebook.duties.values())
    groups = {pair: behind(list(own)) for pair, own in groupby(rows, key=lambda s: (s.organisation, s.duty))}
    late = {pair: found for pair, found in groups.items() if found and pair not in weaker}
    # a deadline in hours that passed this very day is spoken of tomorrow
    today = {pair for pair, some in late.items() if all(s.due // MINUTES_A_DAY == made.as_of for s in some)}
    owed = Climb(found, made.rulebook, made.calendars).proposals()
    addressed = {(a.organisation, one.subject) for one in owed for a in one.addressees}
    assert addressed - today == late.keys() - today
    assert addressed <= late.keys()
    assert [a for one in owed for a in one.addressees if a.episode.since > made.as_of] == []
