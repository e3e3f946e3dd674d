"""What a standing means, held over generated worlds: what must not matter does not, and what was met stays met."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from huxue.core.duties import reference
from huxue.core.duties.explain import Reason, explain
from huxue.core.duties.history import History
from huxue.core.duties.shapes import Cover, Duty, Repeat
from huxue.core.duties.standing import Standing
from huxue.core.facts import Fact
from huxue.core.values import FAR, MINUTES_A_DAY
from huxue.standings.evaluate import evaluate
from huxue.standings.frame import table_of
from huxue.standings.rollups import Rollup, Rollups
from tests.properties.test_agreement import years
from tests.properties.worlds import AREAS, World, world

SEEDS = st.integers(0, 10_000)
FEW = settings(max_examples=3, deadline=None)
SOME = settings(max_examples=8, deadline=None)
RECORDED = ("meeting", "visit", "report")


@cache
def drawn(seed: int) -> World:
    return world(seed, years(), size=40)


def rows(
    w: World, facts: list[Fact] | None = None, *, as_of: int | None = None, known_at: int | None = None
) -> list[Standing]:
    as_of = w.as_of if as_of is None else as_of
    known_at = w.known_at if known_at is None else known_at
    return reference.evaluate(
        w.rulebook, w.calendars, w.facts if facts is None else facts, as_of=as_of, known_at=known_at
    )


def by_key(found: list[Standing]) -> dict[tuple[str, str, str], Standing]:
    made = {s.key(): s for s in found}
    assert len(made) == len(found)
    return made


def counted(duty: Duty) -> bool:
    """Repeat and cover over the deeds of a period: more deeds can only help."""
    shape = duty.shape
    return isinstance(shape, Repeat) or (isinstance(shape, Cover) and shape.deed is not None and not shape.last)


# --- the same again -----


@FEW
@given(SEEDS)
def test_evaluating_twice_is_evaluating_once(seed: int) -> None:
    w = drawn(seed)
    first = evaluate(w.rulebook, w.calendars, table_of(w.facts), as_of=w.as_of, known_at=w.known_at, areas=tuple(AREAS))
    before = first.standings()
    again = evaluate(
        w.rulebook,
        w.calendars,
        table_of(w.facts),
        as_of=w.as_of,
        known_at=w.known_at,
        areas=tuple(AREAS),
        con=first.con,
    )
    assert again.standings() == before == rows(w) == rows(w)


@FEW
@given(SEEDS, st.integers())
def test_the_order_of_facts_does_not_matter_to_the_program(seed: int, order: int) -> None:
    w = drawn(seed)
    mixed = list(w.facts)
    Random(order).shuffle(mixed)
    found = evaluate(w.rulebook, w.calendars, table_of(mixed), as_of=w.as_of, known_at=w.known_at, areas=tuple(AREAS))
    assert found.standings() == rows(w)


@SOME
@given(SEEDS, st.integers())
def test_the_order_of_facts_does_not_matter(seed: int, order: int) -> None:
    w = drawn(seed)
    mixed = list(w.facts)
    Random(order).shuffle(mixed)
    assert rows(w, mixed) == rows(w)


# --- what is none of my business -----


def others(w: World) -> list[Fact]:
    """Deeds of others that name neither me nor anybody else: new facts of an organisation that is in no tree."""
    made = []
    for f in w.facts:
        if f.kind in RECORDED and f.verb == "record" and not f.replaces:
            roles = dict.fromkeys(f.roles, ("elsewhere",))
            made.append(replace(f, id=f"o{f.id}", item=f"o{f.item}", roles=roles, post="", fields=dict(f.fields)))
    return made


@SOME
@given(SEEDS)
def test_deeds_that_credit_nobody_here_change_nothing(seed: int) -> None:
    w = drawn(seed)
    assert rows(w, w.facts + others(w)) == rows(w)


@SOME
@given(SEEDS, st.integers(0, 10))
def test_taking_away_the_deeds_that_do_not_name_me_leaves_mine(seed: int, which: int) -> None:
    w = drawn(seed)
    found = rows(w)
    bearers = sorted({s.organisation for s in found})
    assume(bearers)
    me = bearers[which % len(bearers)]
    mine = [s for s in found if s.organisation == me]
    left = [
        f
        for f in w.facts
        if f.kind not in RECORDED or f.verb == "withdraw" or any(me in orgs for orgs in f.roles.values())
    ]
    assert [s for s in rows(w, left) if s.organisation == me] == mine


# --- later facts -----


def plain_later(w: World, after: int) -> list[Fact]:
    """The world's plain deeds once more, happening and recorded after a day, made good or not."""
    return [
        replace(
            f,
            id=f"l{f.id}",
            item=f"l{f.item}",
            at=f.at + (after + 1 - f.day + n % 30) * 1440,
            recorded=(after + 40) * 1440,
        )
        for n, f in enumerate(w.facts)
        if f.kind in RECORDED and f.verb == "record" and not f.replaces
    ]


@SOME
@given(SEEDS)
def test_a_later_fact_never_unmeets_an_earlier_period(seed: int) -> None:
    w = drawn(seed)
    after = by_key(rows(w, w.facts + plain_later(w, w.as_of), as_of=w.as_of + 60, known_at=w.known_at + 90))
    for key, s in by_key(rows(w, as_of=w.as_of + 60, known_at=w.known_at + 90)).items():
        if counted(w.rulebook.duties[s.duty]) and s.status == "met":
            assert after[key].status == "met"
            assert after[key].have >= s.have or isinstance(w.rulebook.duties[s.duty].shape, Repeat)


@SOME
@given(SEEDS, st.integers(1, 200))
def test_missed_is_never_met_by_a_later_plain_deed(seed: int, days: int) -> None:
    w = drawn(seed)
    missed = {k: s for k, s in by_key(rows(w)).items() if s.status == "missed" and counted(w.rulebook.duties[s.duty])}
    assume(missed)
    # nothing else is learned: the tree, corrections and late entries are those known before
    known = [f for f in w.facts if f.recorded_day <= w.known_at and f.day <= w.as_of]
    later = by_key(rows(w, known + plain_later(w, w.as_of), as_of=w.as_of + days, known_at=w.known_at + 400))
    for key in missed:
        assert later[key].status in ("missed", "excused"), (key, w.rulebook.duties[key[1]].shape)


@SOME
@given(SEEDS, st.integers(0, 60))
def test_only_what_is_known_decides(seed: int, days: int) -> None:
    w = drawn(seed)
    known_at = w.known_at - days
    known = [f for f in w.facts if f.recorded_day <= known_at]
    assert rows(w, known_at=known_at) == rows(w, known, known_at=known_at) == rows(w, known, known_at=known_at + 1000)


@SOME
@given(SEEDS)
def test_what_happens_after_today_does_not_decide(seed: int) -> None:
    w = drawn(seed)
    assert rows(w, [f for f in w.facts if f.day <= w.as_of or f.replaces]) == rows(w)


# --- why -----


def facts_in(reason: Reason) -> set[str]:
    return {reason.fact} - {""} | {f for below in reason.below for f in facts_in(below)}


WORDS = {"met": "已完成", "due": "待办", "overdue": "逾期", "missed": "未履行", "excused": "免除"}


@settings(max_examples=5, deadline=None)
@given(SEEDS)
def test_every_standing_is_explained_by_one_tree_from_facts_of_the_history(seed: int) -> None:
    w = drawn(seed)
    h = History(w.rulebook, w.calendars, w.facts, as_of=w.as_of, known_at=w.known_at)
    known = {f.id for f in h.live}
    of: dict[tuple[str, str], list[Standing]] = {}
    for s in rows(w):
        of.setdefault((s.organisation, s.duty), []).append(s)
    for (organisation, duty), found in of.items():
        if any(s.due >= FAR * MINUTES_A_DAY for s in found):  # without a deadline: see the corners of answers
            continue
        trees = explain(h, organisation, duty)
        assert sorted(tree.text.en.rsplit(": ")[-1].split()[0] for tree in trees) == sorted(s.status for s in found)
        assert sorted(said(tree) for tree in trees) == sorted(WORDS[s.status] for s in found)
        assert set().union(*(facts_in(tree) for tree in trees)) <= known
    some = rows(w)[:: max(1, len(rows(w)) // 3)]
    for s in some:
        assert len(explain(h, s.organisation, s.duty, s.period)) == 1 or s.due >= FAR * MINUTES_A_DAY


def said(tree: Reason) -> str:
    """The one status that the head names."""
    (word,) = [w for w in WORDS.values() if w in tree.text.zh]
    return word


# --- figures -----


def figures(found: list[Standing]) -> tuple[int, ...]:
    """Counts by status, of those met on time, of those met that count deeds and of these the verified."""
    met = [s for s in found if s.status == "met"]
    verifiable = [s for s in met if s.verified is not None]
    by_status = [sum(s.status == status for s in found) for status in WORDS]
    return (*by_status, sum(s.on_time for s in met), sum(bool(s.verified) for s in verifiable), len(verifiable))


def shown(r: Rollup) -> tuple[int, ...]:
    return r.met, r.due, r.overdue, r.missed, r.excused, r.on_time, r.verified, r.verifiable


@FEW
@given(SEEDS)
def test_roll_ups_are_counts_of_the_rows(seed: int) -> None:
    w = drawn(seed)
    e = evaluate(w.rulebook, w.calendars, table_of(w.facts), as_of=w.as_of, known_at=w.known_at, areas=tuple(AREAS))
    found, rollups = rows(w), Rollups(e)
    assert tuple(e.totals()[status] for status in WORDS) == figures(found)[:5]
    assert shown(rollups.total()) == figures(found)
    for part, name in ((rollups.organisations(), "organisation"), (rollups.duties(), "duty")):
        wanted = {getattr(s, name): figures([x for x in found if getattr(x, name) == getattr(s, name)]) for s in found}
        assert {getattr(r, name): shown(r) for r in part if any(shown(r))} == wanted
