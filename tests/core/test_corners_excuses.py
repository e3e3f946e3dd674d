"""Excused: not met, and an excuse covers the due day; for states the period's end, for an answer the trigger's day."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.situations import MARCH, Situation, situation

MONTHLY = {"deed": {"record": "meeting"}, "per": "month", "due": {"days": 10}}
LEASE = {"entry": {"entry": "lease"}, "each": "month"}
GUARD = {"every": {"entry": "guard"}, "valid": "until", "each": "month"}


def excused(lo: str, hi: str, **frame: Any) -> Situation:
    s = situation(**({"in_force": MARCH} | frame))
    s.excused("S", lo, hi)
    return s


@pytest.mark.parametrize(
    ("lo", "hi", "status"),
    [
        ("2026-03-01", "2026-04-09", "missed"),
        ("2026-03-01", "2026-04-10", "excused"),
        ("2026-04-10", "2026-04-10", "excused"),
        ("2026-04-11", "2026-12-31", "missed"),
    ],
)
def test_repeat_is_excused_on_its_due_day(lo: str, hi: str, status: str) -> None:
    assert excused(lo, hi, repeat=MONTHLY).on("2026-04-20") == [f"S 2026-03 {status} unverified 0/1 by 2026-04-10"]


def test_met_stays_met() -> None:
    s = excused("2026-03-01", "2026-12-31", repeat=MONTHLY)
    s.did("meeting", "2026-03-31")
    assert s.on("2026-04-20") == ["S 2026-03 met on time unverified 1/1 by 2026-04-10"]


def test_excused_before_it_is_due() -> None:
    assert excused("2026-03-01", "2026-12-31", repeat=MONTHLY).on("2026-03-02") == [
        "S 2026-03 excused unverified 0/1 by 2026-04-10"
    ]


@pytest.mark.parametrize(("hi", "status"), [("2026-03-30", "overdue"), ("2026-03-31", "excused")])
def test_states_are_excused_on_the_periods_end(hi: str, status: str) -> None:
    s = excused("2026-03-01", hi, never=LEASE, others={"e": {"keep": GUARD, "in_force": MARCH}})
    s.excused("S", "2026-03-01", hi, duty="e")
    s.entry("lease", "2026-03-02")
    s.entry("guard", "2026-03-02", until="2026-03-02")
    assert s.on("2026-03-10") == [f"S 2026-03 {status} 1/0 by 2026-03-31", f"S e 2026-03 {status} 0/1 by 2026-03-31"]


@pytest.mark.parametrize(
    ("lo", "hi", "status"),
    [
        ("2026-02-01", "2026-03-01", "overdue"),
        ("2026-02-01", "2026-03-02", "excused"),
        ("2026-03-02", "2026-03-02", "excused"),
        ("2026-03-03", "2026-12-31", "overdue"),
    ],
)
def test_an_answer_is_excused_on_the_triggers_day(lo: str, hi: str, status: str) -> None:
    answer = {"to": {"record": "report"}, "with": {"record": "visit"}, "match": "reference", "within": {"days": 10}}
    s = excused(lo, hi, respond=answer, in_force=(None, None))
    s.did("report", "2026-03-02", ident="A")
    s.did("report", "2026-03-02", ident="B")
    s.did("visit", "2026-03-20", reference="B")
    assert s.on("2026-03-31") == [
        f"S A {status} unverified 0/1 by 2026-03-12",
        "S B met unverified 1/1 by 2026-03-12",
    ]


def test_cover_ratio_and_never_of_deeds_are_excused_on_their_due_day() -> None:
    share = {
        "have": ({"deed": {"record": "visit"}},),
        "of": ({"deed": {"record": "report"}},),
        "at_least": 500,
        "per": "month",
    }
    others = {
        "e": {"ratio": share, "in_force": MARCH},
        "f": {"never": {"deed": {"record": "report"}, "per": "month"}, "in_force": MARCH},
    }
    cover = {
        "members": {"list": "letters", "codes": ("a",)},
        "deed": {"record": "report"},
        "key": "sort",
        "per": "month",
    }
    s = situation(cover=cover, others=others, in_force=MARCH)
    s.excused("S", "2026-03-31", "2026-03-31", duty="*")  # of every duty
    s.did("report", "2026-03-02")
    assert s.on("2026-04-01") == [
        "S 2026-03 excused unverified 0/1 by 2026-03-31",
        "S e 2026-03 excused unverified 0/1 by 2026-03-31",
        "S f 2026-03 excused 1/0 by 2026-03-31",
    ]


def test_an_excuse_is_for_its_organisations_and_its_duty() -> None:
    s = situation(repeat=MONTHLY, in_force=MARCH)
    s.opens("T")
    s.excused("T", "2026-03-01", "2026-12-31")
    s.excused("S", "2026-03-01", "2026-12-31", duty="another")
    assert [line.split()[2] for line in s.on("2026-04-20")] == ["missed", "excused"]


def test_an_excuse_counts_from_when_it_is_known_until_it_is_withdrawn() -> None:
    s = situation(repeat=MONTHLY, in_force=MARCH)
    fields = {"duty": "d", "from": "2026-03-01", "to": "2026-12-31", "reason": "x"}
    at = s.facts[0].at + 2300 * 1440  # on 2026-04-19
    s.fact("excuse", "record", at, ident="x", roles={"about": "S"}, fields=fields, entered="2026-05-01")
    s.withdrawn("x", "2026-05-03")
    known = [s.on("2026-05-31", known_at=d)[0].split()[2] for d in ("2026-04-30", "2026-05-01", "2026-05-03")]
    assert known == ["missed", "excused", "missed"]
