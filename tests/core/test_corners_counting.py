"""What counts as a deed, how often, and as known when: repeat."""

from __future__ import annotations

import pytest

from tests.core.situations import MARCH, Situation, situation, test_of

MEETING = {"deed": {"record": "meeting"}, "per": "month"}
YEAR = ("2026-01-01", "2026-01-01")


def statuses(lines: list[str]) -> dict[str, str]:
    return {line.split()[0]: " ".join(line.split()[2:-2]) for line in lines}


# --- how many -----


def test_one_fewer_just_enough_one_more() -> None:
    s = situation(repeat=MEETING | {"at_least": 2}, in_force=MARCH, school=False)
    for code, n in (("A", 1), ("B", 2), ("C", 3)):
        s.opens(code)
        for i in range(n):
            s.did("meeting", f"2026-03-0{i + 1}", code)
    assert s.on("2026-04-01") == [
        "A 2026-03 missed unverified 1/2 by 2026-03-31",
        "B 2026-03 met on time unverified 2/2 by 2026-03-31",
        "C 2026-03 met on time unverified 3/2 by 2026-03-31",
    ]


def test_a_sum_counts_the_field_in_its_own_decimals() -> None:
    s = situation(repeat=MEETING | {"sum": "hours", "at_least": 510}, in_force=MARCH, school=False)
    for code, hours in (("A", (255, 254)), ("B", (255, 255)), ("C", (511,)), ("D", (None,))):
        s.opens(code)
        for h in hours:
            s.did("meeting", "2026-03-02", code, **({} if h is None else {"hours": h}))
    assert s.on("2026-04-01") == [
        "A 2026-03 missed unverified 509/510 by 2026-03-31",
        "B 2026-03 met on time unverified 510/510 by 2026-03-31",
        "C 2026-03 met on time unverified 511/510 by 2026-03-31",
        "D 2026-03 missed unverified 0/510 by 2026-03-31",
    ]


def test_distinct_counts_values_not_deeds() -> None:
    s = situation(repeat=MEETING | {"distinct": "sort", "at_least": 2}, in_force=MARCH, school=False)
    for code, sorts in (("A", "aaa"), ("B", "ab"), ("C", "a-")):
        s.opens(code)
        for x in sorts:
            s.did("meeting", "2026-03-02", code, **({} if x == "-" else {"sort": x}))
    assert s.on("2026-04-01") == [
        "A 2026-03 missed unverified 1/2 by 2026-03-31",
        "B 2026-03 met on time unverified 2/2 by 2026-03-31",
        "C 2026-03 missed unverified 1/2 by 2026-03-31",
    ]


def test_distinct_is_on_time_if_enough_values_were_entered_in_time() -> None:
    s = situation(repeat=MEETING | {"distinct": "sort", "at_least": 2}, in_force=MARCH, school=False)
    for code, late in (("A", "a"), ("B", "b")):
        s.opens(code)
        s.did("meeting", "2026-03-02", code, sort="a")
        s.did("meeting", "2026-03-02", code, sort="b", entered="2026-04-01")
        s.did("meeting", "2026-03-02", code, sort=late)
    assert s.on("2026-04-01") == [
        "A 2026-03 met unverified 2/2 by 2026-03-31",
        "B 2026-03 met on time unverified 2/2 by 2026-03-31",
    ]


def test_spaced_takes_the_earliest_and_then_each_that_is_far_enough() -> None:
    year = {"deed": {"record": "meeting"}, "per": "year", "at_least": 2, "spaced": 60}
    s = situation(repeat=year, in_force=YEAR, school=False)
    # 60 days after 1 February is 2 April
    for code, days in (
        ("A", ("2026-02-01", "2026-04-01")),
        ("B", ("2026-02-01", "2026-04-02")),
        ("C", ("2026-02-01", "2026-04-03")),
        ("D", ("2026-02-01", "2026-02-01", "2026-03-01")),
    ):
        s.opens(code)
        for d in days:
            s.did("meeting", d, code)
    assert s.on("2026-12-31") == [
        "A 2026 due unverified 1/2 by 2026-12-31",
        "B 2026 met on time unverified 2/2 by 2026-12-31",
        "C 2026 met on time unverified 2/2 by 2026-12-31",
        "D 2026 due unverified 1/2 by 2026-12-31",
    ]


def test_spaced_is_greedy_from_the_earliest() -> None:
    year = {"deed": {"record": "meeting"}, "per": "year", "at_least": 3, "spaced": 10}
    s = situation(repeat=year, in_force=YEAR)
    for d in ("2026-03-01", "2026-03-06", "2026-03-11", "2026-03-16", "2026-03-20"):
        s.did("meeting", d)
    assert s.on("2026-12-31") == ["S 2026 due unverified 2/3 by 2026-12-31"]
    s.did("meeting", "2026-03-21")
    assert s.on("2026-12-31") == ["S 2026 met on time unverified 3/3 by 2026-12-31"]


# --- which deeds -----


def test_a_deed_credits_those_in_the_role_the_duty_names() -> None:
    s = situation(
        repeat=MEETING,
        in_force=MARCH,
        others={"e": {"repeat": {"deed": {"record": "meeting", "as": "with"}, "per": "month"}, "in_force": MARCH}},
        school=False,
    )
    for code in "ABC":
        s.opens(code)
    s.did("meeting", "2026-03-02", "A", **{"with": ("B", "C")}, about="A")
    assert [line for line in s.on("2026-03-31") if " met " in line] == [
        "A 2026-03 met on time unverified 1/1 by 2026-03-31",
        "B e 2026-03 met on time unverified 1/1 by 2026-03-31",
        "C e 2026-03 met on time unverified 1/1 by 2026-03-31",
    ]


def only(where: dict[str, object], deeds: dict[str, dict[str, object]]) -> dict[str, str]:
    """Which of these deeds count under a filter."""
    s = situation(repeat={"deed": {"record": "meeting", "where": where}, "per": "month"}, in_force=MARCH, school=False)
    for code, fields in deeds.items():
        s.opens(code)
        s.did("meeting", "2026-03-02", code, **fields)  # type: ignore[arg-type]
    return {line.split()[0]: line.split()[2] for line in s.on("2026-04-01")}


@pytest.mark.parametrize(
    ("op", "met"),
    [("=", "B"), ("at_least", "BC"), ("at_most", "AB"), ("below", "A"), ("above", "C")],
)
def test_limits_of_a_filter_and_a_missing_value(op: str, met: str) -> None:
    found = only(test_of(hours=(op, 20)), {"A": {"hours": 19}, "B": {"hours": 20}, "C": {"hours": 21}, "D": {}})
    assert found == {c: "met" if c in met else "missed" for c in "ABCD"}


def test_all_any_and_not_combine() -> None:
    where = {**test_of(joint=True), "any": test_of(sort="a", hours=20)["all"], "not_": test_of(hours=30)["all"]}
    found = only(
        where,
        {
            "A": {"joint": True, "sort": "a"},
            "B": {"joint": True, "hours": 20},
            "C": {"joint": True, "sort": "b"},
            "D": {"joint": False, "sort": "a"},
            "E": {"joint": True, "sort": "a", "hours": 30},
        },
    )
    assert found == {"A": "met", "B": "met", "C": "missed", "D": "missed", "E": "missed"}


def test_in_person_is_a_condition_on_the_post_acted_in() -> None:
    found = only(
        test_of(by_post="head"), {"A": {"post": "A/head"}, "B": {"post": "B/head:2"}, "C": {"post": "C/guard"}, "D": {}}
    )
    assert found == {"A": "met", "B": "met", "C": "missed", "D": "missed"}


def test_joint_is_a_number_of_organisations_in_a_role() -> None:
    found = only(
        test_of(number_of_with=("at_least", 2)), {"A": {"with": ("A", "B")}, "B": {"with": "A"}, "C": {"with": ()}}
    )
    assert found == {"A": "met", "B": "missed", "C": "missed"}


def test_who_owes_it_is_filtered_by_traits() -> None:
    s = situation(repeat=MEETING, in_force=MARCH, owed_by={"where": test_of(pupils=("at_least", 100))}, school=False)
    for code, pupils in (("A", 99), ("B", 100), ("C", 101)):
        s.opens(code, pupils=pupils)
    s.opens("D")
    s.opens("E", "county", pupils=500)
    assert [line.split()[0] for line in s.on("2026-03-31")] == ["B", "C"]


def test_a_duty_with_a_topic_is_owed_by_those_that_supervise_it() -> None:
    s = situation(repeat=MEETING, in_force=MARCH, owed_by={"type": ("bureau",), "topic": "food"}, school=False)
    s.opens("C", "county")
    for code, topic in (("A", "food"), ("B", "traffic"), ("D", "")):
        s.opens(code, "bureau", under="C")
        if topic:
            s.fact("oversight", "open", s.facts[0].at, roles={"by": code}, fields={"supervised": "C", "topic": topic})
    assert s.on("2026-03-31") == ["A 2026-03 due unverified 0/1 by 2026-03-31"]


# --- as known when -----


def test_recorded_after_known_at_does_not_count_yet() -> None:
    s = situation(repeat=MEETING, in_force=MARCH)
    s.did("meeting", "2026-03-31", entered="2026-04-02")
    assert s.on("2026-04-10", known_at="2026-04-01") == ["S 2026-03 missed unverified 0/1 by 2026-03-31"]
    assert s.on("2026-04-10", known_at="2026-04-02") == ["S 2026-03 met unverified 1/1 by 2026-03-31"]


def test_a_correction_takes_the_place_of_its_fact_from_the_day_it_is_known() -> None:
    s = situation(repeat=MEETING, in_force=MARCH)
    s.did("meeting", "2026-04-01", ident="first", entered="2026-04-01")
    s.replaces("first", "2026-04-20", at="2026-03-31", ident="second")
    s.replaces("second", "2026-04-25", at="2026-02-28", ident="third")
    assert s.on("2026-04-30", known_at="2026-04-19") == ["S 2026-03 missed unverified 0/1 by 2026-03-31"]
    assert s.on("2026-04-30", known_at="2026-04-20") == ["S 2026-03 met unverified 1/1 by 2026-03-31"]
    assert s.on("2026-04-30", known_at="2026-04-25") == ["S 2026-03 missed unverified 0/1 by 2026-03-31"]


def test_withdrawn_counts_until_the_withdrawal_is_known() -> None:
    s = situation(repeat=MEETING, in_force=MARCH)
    s.did("meeting", "2026-03-10", ident="first")
    s.withdrawn("first", "2026-04-20")
    assert s.on("2026-04-30", known_at="2026-04-19") == ["S 2026-03 met on time unverified 1/1 by 2026-03-31"]
    assert s.on("2026-04-30", known_at="2026-04-20") == ["S 2026-03 missed unverified 0/1 by 2026-03-31"]


# --- verified -----


def verified(counts: str = "recorded") -> Situation:
    """Deeds with different last words of different others."""
    s = situation(repeat=MEETING, in_force=MARCH, counts=counts, school=False)
    s.opens("C", "county")
    for code in "DEFGHI":
        s.opens(code, under="C")
        s.did("meeting", "2026-03-02", code, ident=f"of-{code}", person="p1")
    s.verified("of-D", "2026-03-05")
    s.verified("of-E", "2026-03-05", result="refuted")
    s.verified("of-F", "2026-03-05")
    s.verified("of-F", "2026-03-06", result="refuted")
    s.verified("of-G", "2026-03-05", result="refuted")
    s.verified("of-G", "2026-03-06")
    s.verified("of-H", "2026-03-05", by="H", person="p1")  # the same person of the same school
    return s


def test_verified_is_a_flag_by_the_last_word_of_somebody_else() -> None:
    assert verified().on("2026-04-01") == [
        "D 2026-03 met on time verified 1/1 by 2026-03-31",
        "E 2026-03 met on time unverified 1/1 by 2026-03-31",
        "F 2026-03 met on time unverified 1/1 by 2026-03-31",
        "G 2026-03 met on time verified 1/1 by 2026-03-31",
        "H 2026-03 met on time unverified 1/1 by 2026-03-31",
        "I 2026-03 met on time unverified 1/1 by 2026-03-31",
    ]


def test_a_duty_that_counts_the_verified_counts_no_others() -> None:
    assert verified("verified").on("2026-04-01") == [
        "D 2026-03 met on time verified 1/1 by 2026-03-31",
        "E 2026-03 missed unverified 0/1 by 2026-03-31",
        "F 2026-03 missed unverified 0/1 by 2026-03-31",
        "G 2026-03 met on time verified 1/1 by 2026-03-31",
        "H 2026-03 missed unverified 0/1 by 2026-03-31",
        "I 2026-03 missed unverified 0/1 by 2026-03-31",
    ]


def test_enough_of_the_deeds_must_be_verified_for_the_flag() -> None:
    s = situation(repeat=MEETING | {"at_least": 2}, in_force=MARCH, school=False)
    s.opens("C", "county")
    for code, confirmed in (("A", 1), ("B", 2)):
        s.opens(code)
        for i in range(3):
            s.did("meeting", f"2026-03-0{i + 1}", code, ident=f"{code}{i}")
            if i < confirmed:
                s.verified(f"{code}{i}", "2026-03-10")
    assert s.on("2026-04-01") == [
        "A 2026-03 met on time unverified 3/2 by 2026-03-31",
        "B 2026-03 met on time verified 3/2 by 2026-03-31",
    ]


@pytest.mark.parametrize(
    ("spaced", "confirmed", "flag"),
    [(20, ("2026-03-01", "2026-03-21"), "verified"), (20, ("2026-03-11", "2026-03-21"), "unverified")],
)
def test_verified_of_spaced_deeds_is_spaced_too(spaced: int, confirmed: tuple[str, ...], flag: str) -> None:
    s = situation(repeat=MEETING | {"at_least": 2, "spaced": spaced}, in_force=MARCH)
    s.opens("C", "county")
    for d in ("2026-03-01", "2026-03-11", "2026-03-21"):
        s.did("meeting", d, ident=d)
        if d in confirmed:
            s.verified(d, "2026-03-25")
    assert s.on("2026-04-01") == [f"S 2026-03 met on time {flag} 2/2 by 2026-03-31"]
