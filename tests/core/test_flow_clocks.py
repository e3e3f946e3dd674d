"""Clocks: the quick sum over stretches equals counting minute by minute, over ten thousand random histories."""

from __future__ import annotations

import random
from typing import Any

from huxue.core.facts import Fact
from huxue.core.flow import Clock, Stretch, clock
from huxue.core.kinds import Kind
from huxue.core.values import Text
from tests.core.flow_world import step

T = Text(zh="甲", en="A")
FLOW: dict[str, dict[str, Any]] = {
    "opened": {},
    "ordered": {"from": ["opened", "reopened"]},
    "noted": {"from": ["ordered"], "stays": True},
    "stopped": {"from": ["ordered"], "clears": True},
    "closed": {"from": ["ordered"], "ends": "closed"},
    "reopened": {"reopens": "closed"},
}
KIND = Kind.model_validate(
    {
        "code": "k",
        "shape": "case",
        "title": T,
        "flow": {code: {"title": T, "by": "school", **said} for code, said in FLOW.items()},
    }
)


def naive(facts: list[Fact], until: int) -> tuple[int, int, int]:
    """Count minutes open, running and overdue, looking at every minute and at the last fact before it."""
    opened = running = overdue = 0
    for minute in range(1, until + 1):
        past = [fact for fact in facts if fact.at < minute]  # the minute that ends here began after them
        if not past or past[-1].step == "closed":
            continue
        deadline = past[-1].deadline
        opened += 1
        running += deadline is not None
        overdue += deadline is not None and minute > deadline
    return opened, running, overdue


def history(chance: random.Random) -> list[Fact]:
    """Return a random history: several steps in one minute, deadlines before, at and after the next step."""
    facts, at, ended = [step("opened", chance.randrange(4), deadline=chance.choice([None, 2, 9]))], 0, False
    for _ in range(chance.randrange(7)):
        at = facts[-1].at + chance.choice([0, 1, 1, 2, 5])
        name = "reopened" if ended else chance.choice(["ordered", "noted", "stopped", "closed"])
        ended = name == "closed"
        deadline = None if name in ("closed", "stopped") else at + chance.choice([0, 1, 2, 5, 6, 30])
        facts.append(step(name, at, deadline=deadline))
    return facts


def test_ten_thousand_histories() -> None:
    chance = random.Random(20_260_305)
    wrong = []
    for _ in range(10_000):
        facts = history(chance)
        until = facts[-1].at + chance.randrange(6)
        found = clock(KIND, facts, until=until)
        if (found.open, found.running, found.overdue) != naive(facts, until):
            wrong.append((facts, until))
    assert wrong == []


def test_stretches_show_where_the_time_went() -> None:
    facts = [
        step("opened", 10, deadline=20),
        step("ordered", 25, deadline=40),
        step("noted", 30, deadline=40),
        step("closed", 40),
        step("reopened", 100, deadline=110),
    ]
    assert clock(KIND, facts, until=112) == Clock(
        (
            Stretch("opened", 10, 25, 20),
            Stretch("ordered", 25, 30, 40),
            Stretch("ordered", 30, 40, 40),
            Stretch("reopened", 100, 112, 110),
        )
    )


def test_at_the_deadline_is_in_time() -> None:
    facts = [step("opened", 0, deadline=10)]
    assert [clock(KIND, facts, until=m).overdue for m in (9, 10, 11, 15)] == [0, 0, 1, 5]


def test_a_later_step_is_not_known_yet() -> None:
    facts = [step("opened", 0, deadline=10), step("closed", 50)]
    assert clock(KIND, facts, until=20).overdue == 10
    assert clock(KIND, [], until=20) == Clock(())
