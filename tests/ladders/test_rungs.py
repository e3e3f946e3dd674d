"""Worked tables: how a county stands with its quarterly inspection, what was decided so far, and what is owed that day.

The ladder: a reminder on the first working day after the deadline; an order after five working days or one missed; a
circular at the second one missed in a year; an interview fifteen working days after the circular.
"""

from __future__ import annotations

import pytest

from tests.ladders.worlds import GOVERNMENTS, episode_on, ladder, next_on, rung_on

Q1, Q2 = "2026-Q1 missed", "2026-Q1 missed, 2026-Q2 missed"
REMINDED = "remind 2026-04-01 2026-Q1"
ORDERED = f"{REMINDED}, supervise 2026-04-03 2026-Q1"
CIRCULATED = f"{ORDERED}, circulate 2026-07-02 2026-Q1 2026-Q2"

STEP_BY_STEP = [
    # day, how it stands, decided so far, owed that day
    ("2026-03-31", "2026-Q1 due", "", "–"),
    ("2026-04-01", Q1, "", "remind"),
    ("2026-04-01", Q1, REMINDED, "supervise"),  # one missed is enough for an order
    ("2026-04-03", Q1, ORDERED, "–"),  # a circular asks for two missed
    ("2026-07-01", Q2, ORDERED, "circulate"),
    ("2026-07-23", Q2, CIRCULATED, "interview"),  # the fifteenth working day after 2 July
    ("2026-07-22", Q2, CIRCULATED, "–"),
    ("2026-07-23", Q2, f"{CIRCULATED}, interview 2026-07-23 2026-Q1 2026-Q2", "–"),  # no rung is left
]
WAITING_FOR_THE_DEADLINE = [
    # a duty that can be made good: overdue from Saturday 2 May, 1 to 5 May are holidays, Saturday 9 May is worked
    ("2026-05-05", "h1 overdue 2026-05-01", "", "–"),  # no working day has passed yet
    ("2026-05-06", "h1 overdue 2026-05-01", "", "remind"),
    ("2026-05-11", "h1 overdue 2026-05-01", "remind 2026-05-06 h1", "–"),  # 6, 7, 8, 9 and 11: five working days
    ("2026-05-12", "h1 overdue 2026-05-01", "remind 2026-05-06 h1", "supervise"),
]
STOPPING = [
    ("2026-07-01", "2026-Q1 missed, 2026-Q2 met", ORDERED, "–"),  # the next one was met: it stops by itself
    ("2026-10-07", "2026-Q1 missed, 2026-Q2 met, 2026-Q3 missed", ORDERED, "–"),  # still holidays
    ("2026-10-08", "2026-Q1 missed, 2026-Q2 met, 2026-Q3 missed", ORDERED, "remind"),  # a new episode, from the start
    ("2026-05-20", "h1 met 2026-05-01", "remind 2026-05-06 h1", "–"),  # done late: over
    ("2026-05-20", "h1 met 2026-05-01, h2 overdue 2026-05-10", "remind 2026-05-06 h1", "remind"),
    ("2026-05-20", "h1 overdue 2026-05-01, h2 met 2026-05-10", "remind 2026-05-06 h1", "supervise"),  # h1 still open
    # h1 was met on 15 May, when h2 was overdue already: the same episode goes on; with h2 overdue later it is a new one
    ("2026-05-20", "h1 met 2026-05-01 2026-05-15, h2 overdue 2026-05-10", "remind 2026-05-06 h1", "supervise"),
    ("2026-05-28", "h1 met 2026-05-01 2026-05-15, h2 overdue 2026-05-18", "remind 2026-05-06 h1", "remind"),
    ("2026-07-01", "2026-Q1 excused, 2026-Q2 due", "", "–"),
    ("2027-01-04", "2026-Q3 missed 2026-09-30, 2026-Q4 missed", "", "–"),  # last year's: the assessment deals with it
]
TWO_IN_A_YEAR = [
    # the episode of Q1 ended with Q2, but two were missed in the year
    ("2026-10-08", "2026-Q1 missed, 2026-Q2 met, 2026-Q3 missed", "remind 2026-10-08 2026-Q3", "supervise"),
    (
        "2026-10-08",
        "2026-Q1 missed, 2026-Q2 met, 2026-Q3 missed",
        "remind 2026-10-08 2026-Q3, supervise 2026-10-08 2026-Q3",
        "circulate",
    ),
]
DECIDED_OTHERWISE = [
    ("2026-07-02", Q2, f"{ORDERED}, dismissed circulate 2026-07-01 2026-Q1 2026-Q2", "–"),  # rests, and nothing above
    ("2026-08-31", Q2, f"{ORDERED}, dismissed circulate 2026-07-01 2026-Q1 2026-Q2", "–"),
    (
        "2026-10-01",
        f"{Q2}, 2026-Q3 missed",
        f"{ORDERED}, dismissed circulate 2026-07-01 2026-Q1 2026-Q2",
        "circulate",  # something new is behind
    ),
    ("2026-07-19", Q2, f"{ORDERED}, postponed circulate 2026-07-01 2026-Q1 2026-Q2 until 2026-07-20", "–"),
    ("2026-07-20", Q2, f"{ORDERED}, postponed circulate 2026-07-01 2026-Q1 2026-Q2 until 2026-07-20", "circulate"),
]
HISTORY_CHANGED = [
    # Q1 turned out to be excused after all: what was taken about it is not taken again
    ("2026-07-01", "2026-Q1 excused, 2026-Q2 missed", ORDERED, "–"),
    # an order of July about both; Q1 is corrected to met: it still is an order about Q2
    ("2026-08-03", "2026-Q1 met, 2026-Q2 missed", "remind 2026-07-01 2026-Q1 2026-Q2", "supervise"),
    (
        "2026-08-03",
        "2026-Q1 met, 2026-Q2 missed",
        "remind 2026-04-01 2026-Q1, supervise 2026-04-03 2026-Q1 2026-Q2",
        "–",
    ),
]


@pytest.mark.parametrize(
    ("on", "standings", "measures", "expected"),
    [
        *STEP_BY_STEP,
        *WAITING_FOR_THE_DEADLINE,
        *STOPPING,
        *TWO_IN_A_YEAR,
        *DECIDED_OTHERWISE,
        *HISTORY_CHANGED,
    ],
)
def test_what_is_owed(on: str, standings: str, measures: str, expected: str) -> None:
    assert rung_on(on, standings, measures) == expected


def test_a_ladder_may_start_high() -> None:
    high = ladder(starts_at="supervise")
    assert rung_on("2026-04-01", Q1, "", high) == "supervise"


def test_a_hazard_does_not_lapse_with_the_year() -> None:
    hazards = ladder(stops={"at_latest": "never"})
    assert rung_on("2026-01-05", "h1 overdue 2025-11-20", "", hazards) == "remind"
    assert rung_on("2026-01-05", "h1 overdue 2025-11-20", "", ladder()) == "–"


def test_a_school_year_is_a_year_too() -> None:
    schools = ladder(stops={"at_latest": "school-year"})
    assert rung_on("2026-01-05", "2025-Q4 missed", "", schools) == "remind"


def test_what_a_proposal_says_of_an_episode() -> None:
    found = next_on("2026-07-01", Q2)
    assert found is not None
    assert (found.ladder, found.rung.measure, found.workdays) == ("governments", "remind", 62)
    assert [one.period for one in found.episode.behind] == ["2026-Q1", "2026-Q2"]


def test_late_but_met_never_starts_an_episode() -> None:
    assert episode_on("2026-07-01", "2026-Q1 met, 2026-Q2 met") is None
    assert GOVERNMENTS.count("measure:") == 4
