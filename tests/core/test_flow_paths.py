"""Every path of every shipped flow, walked with the functions the ledger uses.

Twelve steps are asked for; the walks are let run until nothing new is found, so they cover paths of any length.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from functools import cache, partial

import pytest

from huxue.core.flow import NOT_YET, state, structure_problems
from huxue.core.flow.exploration import ABOUT, Move, abstract, explore
from huxue.core.kinds import SPOT
from tests.core.flow_world import CASES, CHOICES, DECLARED, KINDS, cast, step

DEPTH = 40  # beyond where every walk comes to its end


@cache
def moves(code: str) -> tuple[Move, ...]:
    kind = KINDS[code]
    return tuple(explore(kind, CHOICES[code], partial(cast, kind), depth=DEPTH))


@pytest.mark.parametrize("code", CASES)
def test_the_declaration_has_no_problem(code: str) -> None:
    assert structure_problems(KINDS[code], DECLARED) == []


@pytest.mark.parametrize("code", CASES)
def test_every_step_can_be_taken_by_somebody(code: str) -> None:
    assert {move.step for move in moves(code)} == set(KINDS[code].flow)


@pytest.mark.parametrize("code", CASES)
def test_no_dead_ends(code: str) -> None:
    """From every state the case can still come to an ending."""
    name = abstract(KINDS[code], CHOICES[code])
    edges = {(name(move.before), name(move.after)) for move in moves(code)}
    ends = {name(move.after) for move in moves(code) if move.after.ended}
    while more := {before for before, after in edges if after in ends} - ends:
        ends |= more
    assert [move for move in moves(code) if name(move.after) not in ends] == []


@pytest.mark.parametrize("code", CASES)
def test_the_walk_came_to_its_end(code: str) -> None:
    assert max(move.depth for move in moves(code)) < DEPTH


@pytest.mark.parametrize("code", CASES)
def test_ended_cases_only_reopen(code: str) -> None:
    kind = KINDS[code]
    from_ended = {move.step for move in moves(code) if move.before.ended}
    assert from_ended == {name for name, step in kind.flow.items() if step.reopens}


@pytest.mark.parametrize("code", CASES)
def test_limits_hold_on_every_path(code: str) -> None:
    limits = {name: step.at_most for name, step in KINDS[code].flow.items() if step.at_most is not None}
    reached = {name: max(move.after.counts.get(name, 0) for move in moves(code)) for name in limits}
    assert reached == limits


def test_a_hazard_is_extended_once_and_handed_over_twice() -> None:
    flow = KINDS["hazard"].flow
    assert (flow["extended"].at_most, flow["transferred"].at_most) == (1, 2)


@pytest.mark.parametrize("code", ["hazard", "incident", "interview", "listed-supervision"])
def test_the_deadline_is_never_lost_while_the_case_is_open(code: str) -> None:
    assert [move for move in moves(code) if move.after.open and move.after.deadline is None] == []


@pytest.mark.parametrize("code", CASES)
def test_an_ended_case_has_no_deadline(code: str) -> None:
    assert [move for move in moves(code) if move.after.ended and move.after.deadline is not None] == []


def test_a_transfer_keeps_the_clock_running() -> None:
    handed = [move for move in moves("hazard") if move.step == "transferred"]
    assert handed
    assert [move for move in handed if move.after.deadline != move.before.deadline] == []


def _unsafe(walk: Iterable[Move]) -> list[Move]:
    """Return the moves that end a major hazard as fixed without an independent check on the spot."""
    fixed = [move for move in walk if move.after.ended == "fixed" and move.after.fields["grade"] == "major"]
    assert fixed
    return [move for move in fixed if move.fields.get(SPOT) is not True or _had_a_hand(move)]


def _had_a_hand(move: Move) -> bool:
    earlier = [*move.before.takers["found"], *move.before.takers.get("rectified", ())]
    return move.actor.organisation == "school" or move.actor.person in {t.person for t in earlier if t.person}


def test_no_major_hazard_ends_as_fixed_without_an_independent_check_on_the_spot() -> None:
    assert _unsafe(moves("hazard")) == []


@pytest.mark.parametrize(
    ("step", "without"),
    [
        ("verified", "on_the_spot"),
        ("verified", "not_by"),
        ("fixed_at_once", "only_if"),
    ],
)
def test_each_guard_is_what_keeps_it_safe(step: str, without: str) -> None:
    hazard = KINDS["hazard"]
    bare = hazard.flow[step].model_copy(update={without: type(getattr(hazard.flow[step], without))()})
    kind = hazard.model_copy(update={"flow": {**hazard.flow, step: bare}})
    assert _unsafe(explore(kind, CHOICES["hazard"], partial(cast, kind), depth=4)) != []


def test_a_hazard_ends_in_more_ways_than_fixed() -> None:
    assert {move.after.ended for move in moves("hazard")} == {"", "fixed", "scheduled", "accepted"}


def test_nobody_takes_his_own_listing_off() -> None:
    ends = [move for move in moves("listed-supervision") if move.step == "delisted"]
    assert ends
    assert [m for m in ends if m.actor.person in {t.person for t in m.before.takers["listed"]}] == []


def _path(code: str, last: Move) -> list[Move]:
    """Return the moves from the opening of a case up to one of them."""
    made = {id(move.after): move for move in moves(code)}
    path = [last]
    while path[0].before is not NOT_YET:
        path.insert(0, made[id(path[0].before)])
    return path


@pytest.mark.parametrize("code", CASES)
def test_the_facts_of_a_path_fold_to_the_state_it_came_to(code: str) -> None:
    for last in random.Random(1).sample(moves(code), min(200, len(moves(code)))):
        facts = [
            step(
                m.step,
                m.after.at or 0,
                deadline=m.after.deadline,
                person=m.actor.person,
                fields=m.fields,
                roles={"by": (m.actor.organisation,)} | ({"about": (ABOUT,)} if m.before is NOT_YET else {}),
            )
            for m in _path(code, last)
        ]
        assert state(KINDS[code], facts) == last.after


@pytest.mark.parametrize("code", ["hazard", "listed-supervision", "interview"])
def test_states_taken_as_one_lead_to_the_same(code: str) -> None:
    """The walk that forgets equals the walk over the whole tree of paths, as far as that can be walked."""
    kind = KINDS[code]

    def said(*, memory: bool) -> set[tuple[str, str, str, str, str, int]]:
        walk = explore(kind, CHOICES[code], partial(cast, kind), depth=3, memory=memory)
        return {(m.before.step, m.before.ended, m.step, m.actor.person, str(m.fields.get(SPOT)), m.depth) for m in walk}

    assert {row[:-1] for row in said(memory=True)} == {row[:-1] for row in said(memory=False)}
