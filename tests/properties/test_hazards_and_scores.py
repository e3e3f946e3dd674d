"""Looking never costs: one more self-found hazard, treated in time, lowers no score of anybody on any day."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from huxue.core.duties.shapes import Deed, Duty, OwedBy, Respond, Span
from huxue.core.facts import Fact
from huxue.core.scoring.model import Tree
from huxue.core.scoring.problems import tree_problems
from huxue.core.scoring.score import Scores
from tests.properties.rules import START, T
from tests.properties.test_scores import by_program, drawn
from tests.properties.trees import SOURCE, Trees
from tests.properties.worlds import World

MINUTES = 1440
DANGERS = (
    "found_by: others",
    "self-found",
    "may not cost",
    "would cost",
    "taken from a record",
    "hazard found by itself",
)


def rectified() -> Duty:
    """Hazards ordered to be mended are, in time: owed by every type of organisation."""

    def steps(*names: str) -> Deed:
        return Deed.model_validate({"case": "hazard", "step": names, "as": "about"})

    shape = Respond.model_validate(
        {
            "to": steps("ordered", "returned"),
            "with": steps("rectified"),
            "match": "case",
            "within": Span(field="deadline"),
            "moved_by": steps("extended"),
            "lifted_by": steps("transferred"),
        }
    )
    owed = OwedBy(type=("school", "county", "town", "bureau"))
    return Duty(code="rectified", title=T, family="f", owed_by=owed, shape=shape, source=SOURCE)


def allowed(world: World, r: Random) -> dict[str, Tree]:
    """Draw trees until the loader finds nothing that would make looking costly (other problems do not matter here)."""
    codes = tuple(world.rulebook.duties)
    trees: dict[str, Tree] = {}
    while len(trees) < 3:
        for sort, tree in Trees(r, codes).all().items():
            book = world.rulebook.model_copy(update={"scoring": {sort: tree}})
            said = [en for _, _, en in tree_problems(sort, tree, book)]
            if not any(danger in en for en in said for danger in DANGERS):
                trees.setdefault(sort, tree)
    return trees


def prepared(seed: int) -> World:
    w, r = drawn(seed), Random(seed)
    duties = {**w.rulebook.duties, "rectified": rectified()}
    w.rulebook = w.rulebook.model_copy(update={"duties": duties})
    w.rulebook = w.rulebook.model_copy(update={"scoring": allowed(w, r)})
    return w


def hazard(r: Random, world: World, *, finder: str = "", late: bool = False) -> list[Fact]:
    """A hazard of one organisation and so many steps of its treatment; all in time unless ``late``."""
    place = r.choice([*(f"S{i}" for i in range(5)), "T1", "C1", "B1"])
    by = finder or place
    others = [o for o in ("C1", "C2", "B1", "B2", "T1") if o != place]
    at = (START + r.randrange(-20, 290)) * MINUTES + r.choice([0, 600, 1439])
    fields = {"sort": r.choice("abc"), "joint": r.random() < 0.5, "hours": r.choice([5, 10, 255])}
    made: list[Fact] = []

    def step(name: str, who: str, minute: int, deadline: int | None = None) -> None:
        n = len(made)
        made.append(
            Fact(
                id=f"zz{r.randrange(16**4):04x}{n}",
                kind="hazard",
                verb="step",
                step=name,
                item="zz",
                at=minute,
                recorded=minute,
                roles={"by": (who,), "about": (place,)},
                fields=fields,
                deadline=deadline,
            )
        )

    step("found", by, at)
    length = r.choice([0, 1, 2, 3, 4, 5])
    if length == 0:
        return made
    deadline = at + r.choice([0, 1, 10, 200]) * MINUTES + MINUTES
    step("ordered", r.choice(others), at + 1, deadline)
    if length > 1 and not late and r.random() < 0.4:
        deadline += 30 * MINUTES
        step("extended", r.choice(others), at + 2, deadline)
    if late:
        return made
    end = r.choice([deadline, deadline - 1, at + 3, r.randint(at + 3, max(deadline, at + 3))])
    if length == 2:
        step("transferred", r.choice(others), min(end, deadline))
        return made
    step("rectified", place, end)  # with length 1 too: an order left open would run late
    for _ in range(max(0, length - 3)):
        deadline = end + 5 * MINUTES
        step("returned", r.choice(others), end + 1, deadline)
        end = r.choice([deadline, end + 2])
        step("rectified", place, end)
    return made


def lowered(before: Scores, after: Scores, *, but: frozenset[str] = frozenset()) -> list[str]:
    """Say whose score is lower, or is none any more."""
    return [
        f"{tree} {org}: {one.total} to {after[tree][org].total}"
        for tree, found in before.items()
        for org, one in found.items()
        for then in (after[tree][org].total,)
        if org not in but and one.total is not None and (then is None or then < one.total)
    ]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6))
def test_one_more_self_found_hazard_in_time_lowers_no_score(seed: int) -> None:
    w = prepared(seed)
    more = replace(w, facts=[*w.facts, *hazard(Random(seed + 1), w)])
    assert lowered(by_program(w)[1], by_program(more)[1]) == []


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_a_late_one_costs_no_more_than_one_that_others_found(seed: int) -> None:
    w = prepared(seed)
    own = replace(w, facts=[*w.facts, *hazard(Random(seed + 1), w, late=True)])
    others = replace(w, facts=[*w.facts, *hazard(Random(seed + 1), w, finder="C2", late=True)])
    # whoever finds a hazard may be given points for it: that is no cost of the place
    assert lowered(by_program(others)[1], by_program(own)[1], but=frozenset({"C2"})) == []
