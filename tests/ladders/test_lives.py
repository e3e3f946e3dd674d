"""Over simulated years: a ladder never goes down, skips nothing, takes nothing twice, and stops when nothing is behind.

A bearer lives through a year of obligations that are kept, kept late, missed or excused; each day what is owed may be
issued, dismissed, put off or left lying. Deadlines fall everywhere; measures fall on the day they are proposed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from huxue.core.ladder import Ladder, Obligation, Taken, counting, episode, owed
from huxue.core.values import MINUTES_A_DAY, end_of_day
from tests.ladders.worlds import calendar, day, ladder

FIRST, LAST = day("2026-01-01"), day("2026-12-20")
LADDERS = {
    "year": ladder(),
    "never": ladder(stops={"at_latest": "never"}),
    "high": ladder(starts_at="supervise"),
}


@dataclass
class Promise:
    """One obligation's fate: the day it is due, the day it is met (if ever), the day it closes, when it is excused."""

    name: str
    due: int
    met: int | None
    closes: int
    excused: int | None

    def on(self, today: int) -> Obligation | None:
        if self.due - 40 > today:
            return None
        if self.met is not None and self.met <= min(today, self.closes):
            status = "met"
        elif self.excused is not None and self.excused <= today:
            status = "excused"
        elif today <= self.due:
            status = "due"
        else:
            status = "overdue" if today <= self.closes else "missed"
        met = self.met if status == "met" else None
        return Obligation(self.name, status, end_of_day(self.due), self.due + 1, met, self.closes)  # type: ignore[arg-type]


@dataclass
class Life:
    """A bearer's year: what was promised, and what was decided so far."""

    promises: list[Promise]
    steps: Ladder
    chance: Random
    taken: list[Taken] = field(default_factory=list)

    def days(self) -> Iterator[tuple[int, list[Obligation], str]]:
        """Yield each day with how the bearer stands and the measure owed (``""``: none), then decide at random."""
        for today in range(FIRST, LAST):
            standing = [o for p in self.promises if (o := p.on(today))]
            found = self._owed(today, standing)
            yield today, standing, found
            if found and self.chance.random() < 0.4:
                self._decide(today, found, standing)

    def behind(self, today: int, standing: list[Obligation]) -> set[str]:
        """The obligations of the present episode."""
        one = episode("C1", "d", counting(standing, self.steps, calendar(), today))
        return {o.period for o in one.behind} if one else set()

    def _owed(self, today: int, standing: list[Obligation]) -> str:
        one = episode("C1", "d", counting(standing, self.steps, calendar(), today))
        found = owed("l", self.steps, one, self.taken, calendar=calendar(), today=today) if one else None
        return found.rung.measure if found else ""

    def _decide(self, today: int, measure: str, standing: list[Obligation]) -> None:
        one = episode("C1", "d", counting(standing, self.steps, calendar(), today))
        assert one is not None
        decision = self.chance.choice(["issued", "issued", "issued", "dismissed", "postponed"])
        until = today + self.chance.randrange(1, 60) if decision == "postponed" else None
        span = one.behind[0].period, one.behind[-1].period
        self.taken.append(Taken(measure, "d", decision, today * MINUTES_A_DAY + 600, {"C1": span}, until))  # type: ignore[arg-type]


def life(seed: int, steps: Ladder) -> Life:
    chance = Random(seed)
    often, late = chance.choice([14, 30, 91]), chance.random()
    promises = []
    for n, due in enumerate(range(FIRST - 91 + chance.randrange(often), LAST, often)):
        closes = due + chance.choice([0, 0, 10, 30, 400])
        met = due + chance.choice([-5, 0, 1, 4, 12, 40]) if chance.random() > late else None
        excused = due + chance.randrange(40) if chance.random() < 0.1 else None
        promises.append(Promise(f"p{n:02d}", due, met, closes, excused))
    return Life(promises, steps, chance)


ANY = given(st.integers(0, 10**9), st.sampled_from(sorted(LADDERS)))
FEW = settings(max_examples=40, deadline=None)


def behind(standing: list[Obligation]) -> bool:
    closed = [o for o in sorted(standing, key=lambda o: o.order) if o.status in ("met", "overdue", "missed")]
    return bool(closed) and (closed[-1].status == "missed" or any(o.status == "overdue" for o in closed))


@FEW
@ANY
def test_nothing_is_owed_while_nothing_is_behind(seed: int, name: str) -> None:
    for _, standing, found in life(seed, LADDERS[name]).days():
        assert behind(standing) or found == ""


def episodes(one: Life) -> Iterator[tuple[list[int], list[Taken], str]]:
    """Yield, day by day: the rungs issued so far in this episode, all its decisions, and the measure owed.

    Two days in a row belong to one episode when an obligation is behind on both.
    """
    order = [rung.measure for rung in one.steps.rungs]
    mine, seen, yesterday = list[Taken](), 0, set[str]()
    for today, standing, found in one.days():
        mine, seen = [*mine, *one.taken[seen:]], len(one.taken)
        now = one.behind(today, standing)
        mine = mine if now & yesterday else []
        yesterday = now
        yield [order.index(t.measure) for t in mine if t.decision == "issued"], mine, found


@FEW
@ANY
def test_within_an_episode_rungs_come_in_order_and_once(seed: int, name: str) -> None:
    steps = LADDERS[name]
    order = [rung.measure for rung in steps.rungs]
    for issued, _, found in episodes(life(seed, steps)):
        assert issued == list(range(issued[0], issued[0] + len(issued))) if issued else True
        assert found == "" or not issued or order.index(found) == issued[-1] + 1


@FEW
@ANY
def test_what_was_dismissed_or_put_off_lets_nothing_higher_come_first(seed: int, name: str) -> None:
    steps = LADDERS[name]
    order = [rung.measure for rung in steps.rungs]
    for _, mine, found in episodes(life(seed, steps)):
        if found and mine and mine[-1].decision != "issued":
            assert order.index(found) == order.index(mine[-1].measure)


@FEW
@ANY
def test_what_was_put_off_waits_for_its_day(seed: int, name: str) -> None:
    one = life(seed, LADDERS[name])
    for today, standing, found in one.days():
        del standing
        for taken in one.taken:
            since = taken.at // MINUTES_A_DAY < today
            if found == taken.measure and since and taken.until is not None and today < taken.until:
                assert taken.episodes["C1"][1] not in one.behind(today, [o for p in one.promises if (o := p.on(today))])


@FEW
@ANY
def test_looking_twice_says_the_same(seed: int, name: str) -> None:
    one = life(seed, LADDERS[name])
    for today, standing, found in one.days():
        assert one._owed(today, list(reversed(standing))) == found
