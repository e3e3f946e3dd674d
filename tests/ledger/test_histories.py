"""Random lives of an entry and of a case: the rows answer every question as the facts themselves do."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from huxue.core.facts import Fact, known
from huxue.core.flow import state
from huxue.ledger.projections import case_row, entry_rows
from huxue.organisations.dated import Line
from tests.ledger.world import DAY, KINDS

DAYS = st.integers(1, 12)


@st.composite
def lives(draw: st.DrawFn) -> list[Line]:
    """An entry that opens, changes, closes; corrections and withdrawals of any of these, recorded on any later day."""
    count = draw(st.integers(1, 7))
    lines: list[Line] = []
    recorded = 0
    for n in range(count):
        recorded += draw(st.integers(0, 2)) * DAY
        standing = [x for x in lines if x.verb != "withdraw" and x.id not in {y.replaces for y in lines}]
        old = draw(st.sampled_from([None, *standing])) if n else None
        verb = "open" if n == 0 else draw(st.sampled_from(["change", "close"])) if old is None else old.verb
        if old is not None and draw(st.booleans()):
            verb = "withdraw"
        lines.append(line(n, verb, draw(DAYS) * DAY, recorded, replaces=old.id if old else ""))
    return lines


def line(
    n: int, verb: str, at: int, recorded: int, step: str = "", replaces: str = "", deadline: int | None = None
) -> Line:
    kind = "hazard" if step or verb == "step" else "guard"
    return Line(n, f"f{n}", kind, verb, step, "i", at, recorded, "S1", "{}", f'{{"name":"{n}"}}', replaces, deadline)


def fact(one: Line) -> Fact:
    return Fact(
        one.id, one.kind, one.verb, "i", one.at, one.recorded, {}, one.values, one.step, one.replaces,  # type: ignore[arg-type]
        deadline=one.deadline,
    )  # fmt: skip


def says(lines: list[Line], valid: int, known_at: int) -> str:
    """What the facts say by themselves: the last opening or change before a moment, unless a closing follows it."""
    rank = {"open": 0, "change": 1, "close": 2}
    told = known([fact(x) for x in lines], known_at // DAY)
    told = sorted(told, key=lambda f: (f.at, rank[f.verb], f.id))
    if not told or told[0].verb != "open":
        return ""
    before = [f for f in told if f.at <= valid]
    closed = any(f.verb == "close" for f in before)
    return "" if closed or not before else before[-1].id


@given(lives())
@settings(max_examples=400, deadline=None)
def test_an_entry_answers_every_question_with_four_dates(lines: list[Line]) -> None:
    rows = list(entry_rows(lines))
    for valid in range(0, 14 * DAY, DAY):
        for at in range(0, 16 * DAY, DAY):
            found = [r[9] for r in rows if r[1] <= valid < r[2] and r[3] <= at < r[4]]
            expected = says(lines, valid, at)
            assert found == ([expected] if expected else [])


@given(
    st.lists(
        st.tuples(st.sampled_from([*KINDS["hazard"].flow, "forgotten"]), DAYS, st.none() | DAYS), min_size=1, max_size=8
    )
)
@settings(max_examples=300, deadline=None)
def test_a_case_stands_as_the_flow_folds_it(steps: list[tuple[str, int, int | None]]) -> None:
    lines = [line(n, "step", day * DAY, 20 * DAY, step, deadline=due) for n, (step, day, due) in enumerate(steps)]
    told = state(KINDS["hazard"], [fact(x) for x in sorted(lines, key=lambda x: (x.at, x.id))])
    row = case_row(lines, KINDS["hazard"])
    assert row is not None
    assert (*row[3:7], row[8]) == (told.step, told.ended, told.deadline, told.opened, told.open)
