"""What must stand, must stay valid, or must not be there: keep, never, and how long a lapse may last."""

from __future__ import annotations

import pytest

from tests.core.situations import MARCH, situation, test_of

VALID = {"every": {"entry": "guard"}, "valid": "until", "each": "month"}
NO_LEASE = {"entry": {"entry": "lease"}, "each": "month"}


def days_of(frame: dict[str, object], made: dict[str, dict[str, object]], as_of: str) -> list[str]:
    s = situation(**frame, school=False)
    for code, fields in made.items():
        s.opens(code)
        s.entry(str(fields.pop("kind", "guard")), str(fields.pop("at", "2026-01-10")), code, **fields)
    return s.on(as_of)


# --- keep: valid -----


def test_valid_through_its_last_day() -> None:
    untils = {"A": {"until": "2026-03-14"}, "B": {"until": "2026-03-15"}, "C": {"until": "2026-03-16"}, "D": {}}
    assert days_of({"keep": VALID, "in_force": MARCH}, untils, "2026-03-15") == [
        "A 2026-03 overdue 0/1 by 2026-03-31",
        "B 2026-03 met on time 1/1 by 2026-03-31",
        "C 2026-03 met on time 1/1 by 2026-03-31",
        "D 2026-03 overdue 0/1 by 2026-03-31",  # says no date: never valid
    ]


def test_a_closed_period_is_judged_by_its_last_day() -> None:
    s = situation(keep=VALID, in_force=MARCH)
    s.entry("guard", "2026-01-10", item="g", until="2026-03-15")
    s.entry("guard", "2026-03-31", verb="change", item="g", until="2026-04-05")
    assert s.on("2026-03-30") == ["S 2026-03 overdue 0/1 by 2026-03-31"]
    assert s.on("2026-03-31") == ["S 2026-03 met on time 1/1 by 2026-03-31"]
    assert s.on("2026-04-30") == ["S 2026-03 met on time 1/1 by 2026-03-31"]


def test_renewed_after_the_period_leaves_it_missed() -> None:
    s = situation(keep=VALID, in_force=("2026-03-01", "2026-04-01"))
    s.entry("guard", "2026-01-10", item="g", until="2026-03-30")
    s.entry("guard", "2026-04-01", verb="change", item="g", until="2026-12-31")
    assert s.on("2026-04-01") == ["S 2026-03 missed 0/1 by 2026-03-31", "S 2026-04 met on time 1/1 by 2026-04-30"]


@pytest.mark.parametrize(("as_of", "status"), [("2026-03-16", "due"), ("2026-03-20", "due"), ("2026-03-21", "overdue")])
def test_a_lapse_may_be_mended_for_some_days(as_of: str, status: str) -> None:
    s = situation(keep=VALID | {"mend": 5}, in_force=MARCH)
    s.entry("guard", "2026-01-10", until="2026-03-15")
    assert s.on(as_of) == [f"S 2026-03 {status} 0/1 by 2026-03-31"]


def test_mending_runs_on_only_in_the_open_period() -> None:
    s = situation(keep=VALID | {"mend": 5}, in_force=("2026-03-01", "2026-04-01"))
    s.entry("guard", "2026-01-10", until="2026-03-30")
    assert s.on("2026-04-04") == ["S 2026-03 missed 0/1 by 2026-03-31", "S 2026-04 due 0/1 by 2026-04-30"]
    assert s.on("2026-04-05") == ["S 2026-03 missed 0/1 by 2026-03-31", "S 2026-04 overdue 0/1 by 2026-04-30"]


def test_the_earliest_lapse_is_the_one_that_counts() -> None:
    s = situation(keep=VALID | {"mend": 5}, in_force=MARCH)
    for until in ("2026-03-18", "2026-03-15", "2026-12-31"):
        s.entry("guard", "2026-01-10", until=until)
    assert s.on("2026-03-20") == ["S 2026-03 due 1/3 by 2026-03-31"]
    assert s.on("2026-03-21") == ["S 2026-03 overdue 1/3 by 2026-03-31"]


def test_nothing_to_keep_is_no_row() -> None:
    s = situation(keep=VALID, in_force=MARCH)
    s.entry("guard", "2026-01-10", item="g", until="2026-12-31")
    s.entry("guard", "2026-03-15", verb="close", item="g")
    assert s.on("2026-03-14") == ["S 2026-03 met on time 1/1 by 2026-03-31"]
    assert s.on("2026-03-15") == []


def test_an_entry_of_another_owner_or_sort_is_not_mine_to_keep() -> None:
    only = {"every": {"entry": "guard", "where": test_of(sort="a")}, "valid": "until", "each": "month"}
    s = situation(keep=only, in_force=MARCH)
    s.opens("T")
    s.entry("guard", "2026-01-10", "T", sort="a", until="2026-01-31")
    s.entry("guard", "2026-01-10", sort="b", until="2026-01-31")
    s.entry("guard", "2026-01-10", sort="a", until="2026-12-31")
    assert s.on("2026-03-10") == ["S 2026-03 met on time 1/1 by 2026-03-31", "T 2026-03 overdue 0/1 by 2026-03-31"]


# --- keep: holds -----


def test_what_an_entry_must_hold_and_since_when_it_did_not() -> None:
    s = situation(
        keep={"every": {"entry": "guard"}, "holds": test_of(joint=True), "each": "month", "mend": 5}, in_force=MARCH
    )
    s.entry("guard", "2026-01-10", item="g", joint=True)
    s.entry("guard", "2026-03-16", item="g", verb="change", joint=False, sort="a")
    s.entry("guard", "2026-03-18", item="g", verb="change", joint=False, sort="b")  # still not, since the 16th
    # the 15th was its last good day
    assert s.on("2026-03-15") == ["S 2026-03 met on time 1/1 by 2026-03-31"]
    assert s.on("2026-03-20") == ["S 2026-03 due 0/1 by 2026-03-31"]
    assert s.on("2026-03-21") == ["S 2026-03 overdue 0/1 by 2026-03-31"]


# --- never: entry -----


def test_nothing_of_this_sort_may_stand() -> None:
    s = situation(never=NO_LEASE, in_force=MARCH)
    s.entry("lease", "2026-03-10", item="l")
    s.entry("lease", "2026-03-20", item="l", verb="close")
    assert s.on("2026-03-09") == ["S 2026-03 met on time 0/0 by 2026-03-31"]
    assert s.on("2026-03-10") == ["S 2026-03 overdue 1/0 by 2026-03-31"]
    assert s.on("2026-03-19") == ["S 2026-03 overdue 1/0 by 2026-03-31"]
    assert s.on("2026-03-20") == ["S 2026-03 met on time 0/0 by 2026-03-31"]


def test_what_stood_on_the_last_day_is_missed() -> None:
    s = situation(never=NO_LEASE, in_force=MARCH, school=False)
    for code, ended in (("A", "2026-03-31"), ("B", "2026-04-01")):
        s.opens(code)
        s.entry("lease", "2026-03-10", code, item=f"l-{code}")
        s.entry("lease", ended, code, item=f"l-{code}", verb="close")
    assert s.on("2026-04-02") == ["A 2026-03 met on time 0/0 by 2026-03-31", "B 2026-03 missed 1/0 by 2026-03-31"]


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        ("2026-03-10", "due"),
        ("2026-03-14", "due"),
        ("2026-03-15", "overdue"),
        ("2026-03-16", "overdue"),
    ],
)
def test_what_may_not_stand_may_be_mended_too(as_of: str, status: str) -> None:
    s = situation(never=NO_LEASE | {"mend": 5}, in_force=MARCH)  # its last good day was the 9th
    s.entry("lease", "2026-03-10")
    assert s.on(as_of) == [f"S 2026-03 {status} 1/0 by 2026-03-31"]


def test_both_evaluators_end_the_mending_on_the_same_day() -> None:
    s = situation(never=NO_LEASE | {"mend": 5}, in_force=MARCH)
    s.entry("lease", "2026-03-10")
    assert [len(s.on(f"2026-03-{d}")) for d in (14, 15, 16)] == [1, 1, 1]  # ``on`` compares them


def test_what_was_gone_and_came_back_is_counted_from_its_return() -> None:
    s = situation(never=NO_LEASE | {"mend": 5}, in_force=MARCH)
    s.entry("lease", "2026-03-02", item="l")
    s.entry("lease", "2026-03-05", item="l", verb="close")
    s.entry("lease", "2026-03-10", item="l", verb="change")
    s.entry("lease", "2026-03-12", item="l", verb="change", sort="a")  # changed, but there all the time
    assert s.on("2026-03-14") == ["S 2026-03 due 1/0 by 2026-03-31"]
    assert s.on("2026-03-16") == ["S 2026-03 overdue 1/0 by 2026-03-31"]


def test_the_last_day_of_a_period_still_belongs_to_it() -> None:
    others = {"e": {"keep": VALID | {"mend": 5}, "in_force": MARCH}}
    s = situation(never=NO_LEASE, in_force=MARCH, others=others)
    s.entry("lease", "2026-03-30")
    s.entry("guard", "2026-01-10", until="2026-03-30")
    assert s.on("2026-03-31") == ["S 2026-03 overdue 1/0 by 2026-03-31", "S e 2026-03 due 0/1 by 2026-03-31"]
    assert s.on("2026-04-01") == ["S 2026-03 missed 1/0 by 2026-03-31", "S e 2026-03 missed 0/1 by 2026-03-31"]


def test_only_what_passes_the_filter_may_not_stand() -> None:
    s = situation(
        never={"entry": {"entry": "lease", "where": test_of(sort=("in", ("a", "b")))}, "each": "month"}, in_force=MARCH
    )
    s.entry("lease", "2026-01-10", sort="c")
    s.entry("lease", "2026-01-10")
    assert s.on("2026-03-10") == ["S 2026-03 met on time 0/0 by 2026-03-31"]
    s.entry("lease", "2026-01-10", sort="b")
    assert s.on("2026-03-10") == ["S 2026-03 overdue 1/0 by 2026-03-31"]


def test_entries_of_those_i_supervise_in_my_topic() -> None:
    mine = {"entry": {"entry": "lease", "as": "supervised"}, "each": "month"}
    s = situation(never=mine, in_force=MARCH, owed_by={"type": ("bureau",), "topic": "food"}, school=False)
    for code, type_, above in (
        ("C", "county", ""),
        ("T", "town", "C"),
        ("A", "school", "T"),
        ("D", "county", ""),
        ("Z", "school", "D"),
    ):
        s.opens(code, type_, under=above)
    for code, target, topic in (("F", "C", "food"), ("G", "D", "food")):
        s.opens(code, "bureau")
        s.fact("oversight", "open", s.facts[0].at, roles={"by": code}, fields={"supervised": target, "topic": topic})
    s.entry("lease", "2026-03-02", "A")  # anywhere in the territory of C
    s.entry("lease", "2026-03-02", "T")
    s.entry("lease", "2026-03-02", "F")  # its own is not supervised
    assert s.on("2026-03-10") == ["F 2026-03 overdue 2/0 by 2026-03-31", "G 2026-03 met on time 0/0 by 2026-03-31"]


# --- never: deed -----


def test_a_deed_that_may_not_happen_is_missed_once_it_did() -> None:
    s = situation(never={"deed": {"record": "report", "as": "about"}, "per": "month"}, in_force=MARCH, school=False)
    for code, at in (
        ("A", "2026-02-28"),
        ("B", "2026-03-01"),
        ("C", "2026-03-10"),
        ("D", "2026-03-31"),
        ("E", "2026-04-01"),
    ):
        s.opens(code)
        s.did("report", at, "C", about=code)
    assert s.on("2026-03-09") == [
        "A 2026-03 met on time 0/0 by 2026-03-31",
        "B 2026-03 missed 1/0 by 2026-03-31",
        "C 2026-03 met on time 0/0 by 2026-03-31",
        "D 2026-03 met on time 0/0 by 2026-03-31",
        "E 2026-03 met on time 0/0 by 2026-03-31",
    ]
    assert [line.split()[2] for line in s.on("2026-04-01")] == ["met", "missed", "missed", "missed", "met"]


# --- who has to keep it -----


def test_a_state_is_owed_by_who_bears_it_on_its_day() -> None:
    s = situation(never=NO_LEASE, in_force=("2026-03-01", "2026-04-01"), school=False)
    s.opens("O", "county")
    s.opens("A", on="2026-03-31")
    s.opens("B")
    s.opens("B", on="2026-03-31", verb="close")
    assert s.on("2026-03-30") == ["B 2026-03 met on time 0/0 by 2026-03-31"]
    assert s.on("2026-03-31") == ["A 2026-03 met on time 0/0 by 2026-03-31"]
    assert s.on("2026-04-01") == ["A 2026-03 met on time 0/0 by 2026-03-31", "A 2026-04 met on time 0/0 by 2026-04-30"]


def test_of_two_versions_in_one_day_the_last_holds_for_the_day() -> None:
    s = situation(never={"entry": {"entry": "lease", "where": test_of(joint=True)}, "each": "month"}, in_force=MARCH)
    s.entry("lease", "2026-03-10T08:00", item="l", joint=False)
    s.entry("lease", "2026-03-10T09:00", item="l", verb="change", joint=True)
    s.entry("lease", "2026-03-12T08:00", item="l", verb="change", joint=False)
    s.entry("lease", "2026-03-12T08:00", item="l", verb="change", joint=True, ident="a-before")
    assert s.on("2026-03-10") == ["S 2026-03 overdue 1/0 by 2026-03-31"]
    assert s.on("2026-03-12") == ["S 2026-03 met on time 0/0 by 2026-03-31"]
