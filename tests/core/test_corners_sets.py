"""Members that must each be covered: which they are on the day, and what covers them."""

from __future__ import annotations

import pytest

from tests.core.situations import MARCH, Situation, situation, test_of

COUNTY = {"owed_by": {"type": ("county",)}, "school": False}
VISITED = {"members": {"children": ("school",)}, "deed": {"record": "visit"}, "per": "month"}


def county(frame: dict[str, object], *schools: str) -> Situation:
    """A county C with a town T; the schools are in the town."""
    s = situation(**({"in_force": MARCH} | COUNTY | frame))  # type: ignore[arg-type]
    s.opens("C", "county")
    s.opens("T", "town", under="C")
    for code in schools:
        s.opens(code, under="T")
    return s


# --- how many of them -----


def test_every_member_wants_one() -> None:
    s = county({"cover": VISITED}, "A", "B")
    s.did("visit", "2026-03-02", "C", about="A")
    s.did("visit", "2026-03-03", "C", about="A")
    assert s.on("2026-03-31") == ["C 2026-03 due unverified 1/2 by 2026-03-31"]
    assert s.on("2026-04-01") == ["C 2026-03 missed unverified 1/2 by 2026-03-31"]
    s.did("visit", "2026-03-31", "C", about=("B", "Z"))
    assert s.on("2026-04-01") == ["C 2026-03 met on time unverified 2/2 by 2026-03-31"]


def test_a_visit_by_somebody_else_or_outside_the_month_covers_nobody() -> None:
    s = county({"cover": VISITED}, "A")
    s.did("visit", "2026-03-10", "T", about="A")
    s.did("visit", "2026-02-28", "C", about="A")
    s.did("visit", "2026-04-01", "C", about="A")
    assert s.on("2026-04-01") == ["C 2026-03 missed unverified 0/1 by 2026-03-31"]


def test_at_least_two_of_each() -> None:
    s = county({"cover": VISITED | {"at_least": 2}}, "A", "B")
    for code in ("A", "A", "A", "B"):
        s.did("visit", "2026-03-02", "C", about=code)
    assert s.on("2026-03-31") == ["C 2026-03 due unverified 1/2 by 2026-03-31"]
    s.did("visit", "2026-03-02", "C", about="B")
    assert s.on("2026-03-31") == ["C 2026-03 met on time unverified 2/2 by 2026-03-31"]


@pytest.mark.parametrize(("share", "status"), [(666, "met on time"), (667, "due"), (334, "met on time")])
def test_a_share_of_the_members_is_enough(share: int, status: str) -> None:
    s = county({"cover": VISITED | {"share": share}}, "A", "B", "D")
    s.did("visit", "2026-03-02", "C", about=("A", "B"))
    # two of three are 666.67 per mille
    need = {666: 2, 667: 3, 334: 2}[share]
    assert s.on("2026-03-31") == [f"C 2026-03 {status} unverified 2/{need} by 2026-03-31"]


def test_covered_on_time_and_verified_member_by_member() -> None:
    s = county({"cover": VISITED | {"due": {"days": 5}, "closes": {"days": 5}, "make_good": True}}, "A", "B")
    s.did("visit", "2026-03-02", "C", about="A", ident="a")
    s.did("visit", "2026-04-02", "C", about="B", ident="b", makeup=True)
    s.verified("a", "2026-03-05", by="T")
    assert s.on("2026-04-30") == ["C 2026-03 met unverified 2/2 by 2026-04-05"]
    s.did("visit", "2026-03-03", "C", about="B", ident="c", entered="2026-04-05")
    assert s.on("2026-04-30") == ["C 2026-03 met on time unverified 2/2 by 2026-04-05"]
    s.verified("b", "2026-04-06", by="T")
    assert s.on("2026-04-30") == ["C 2026-03 met on time verified 2/2 by 2026-04-05"]


# --- who they are -----


def test_no_members_is_no_row() -> None:
    assert county({"cover": VISITED}).on("2026-03-31") == []


def test_the_set_is_that_of_the_slots_day() -> None:
    s = county({"cover": VISITED})
    s.opens("A", on="2026-03-31", under="T")  # joins on the last day
    s.opens("B", on="2026-04-01", under="T")  # a day too late
    s.opens("D", under="T")
    s.opens("D", on="2026-03-31", verb="close")  # left on the last day
    s.opens("E", under="T")
    s.opens("E", on="2026-04-01", verb="close")
    s.did("visit", "2026-03-30", "C", about=("A", "B", "D"))
    assert s.on("2026-03-30") == ["C 2026-03 due unverified 1/2 by 2026-03-31"]  # D and E; A is not there yet
    assert s.on("2026-03-31") == ["C 2026-03 due unverified 1/2 by 2026-03-31"]  # A and E
    assert s.on("2026-04-30") == ["C 2026-03 missed unverified 1/2 by 2026-03-31"]


def test_the_set_stays_that_of_the_periods_end_while_it_is_open_longer() -> None:
    s = county({"cover": VISITED | {"due": {"days": 10}, "make_good": True}}, "A")
    s.opens("B", on="2026-04-05", under="T")
    s.did("visit", "2026-03-30", "C", about="A")
    assert s.on("2026-04-10") == ["C 2026-03 met on time unverified 1/1 by 2026-04-10"]


def test_children_are_anywhere_in_the_territory_and_pass_the_filter() -> None:
    members = {"children": ("school", "town"), "where": test_of(level="a")}
    s = county({"cover": VISITED | {"members": members}})
    s.opens("A", under="C", level="a")  # a child
    s.opens("B", under="T", level="a")  # a grandchild
    s.opens("D", under="T", level="b")
    s.opens("E", under="T")
    s.opens("F", level="a")  # elsewhere
    s.opens("U", "town", under="C", level="a")
    assert s.on("2026-03-31") == ["C 2026-03 due unverified 0/3 by 2026-03-31"]


def test_a_school_that_moves_is_covered_by_whom_it_belongs_to_that_day() -> None:
    s = county({"cover": VISITED}, "A")
    s.opens("D", "county")
    s.opens("A", on="2026-03-16", under="D", verb="change")
    s.did("visit", "2026-03-02", "C", about="A")
    assert s.on("2026-03-15") == ["C 2026-03 met on time unverified 1/1 by 2026-03-31"]
    assert s.on("2026-03-31") == ["D 2026-03 due unverified 0/1 by 2026-03-31"]


def test_the_supervised_in_a_topic() -> None:
    cover = {"members": {"supervised": "food", "type": ("school",)}, "deed": {"record": "visit"}, "per": "month"}
    s = situation(cover=cover, owed_by={"type": ("bureau",), "topic": "food"}, in_force=MARCH, school=False)
    for code, type_, above in (("C", "county", ""), ("A", "school", "C"), ("B", "school", "C"), ("Z", "school", "")):
        s.opens(code, type_, under=above)
    s.opens("F", "bureau")
    for target, topic in (("C", "food"), ("Z", "traffic")):
        s.fact("oversight", "open", s.facts[0].at, roles={"by": "F"}, fields={"supervised": target, "topic": topic})
    s.did("visit", "2026-03-02", "F", about=("A", "Z"))
    assert s.on("2026-03-31") == ["F 2026-03 due unverified 1/2 by 2026-03-31"]


def test_posts_stand_though_vacant_and_holdings_do_not() -> None:
    letters = {"deed": {"record": "report"}, "per": "month"}
    s = situation(
        cover={"members": {"posts": ("*",)}} | letters,
        others={"e": {"cover": {"members": {"holdings": ("*",)}} | letters, "in_force": MARCH}},
        in_force=MARCH,
    )
    s.post("S", "head")
    s.post("S", "guard")
    s.holds("S", "head", "p1", "2026-03-02", item="h1")
    s.did("report", "2026-03-10", post="S/head")
    assert s.on("2026-03-31") == [
        "S 2026-03 due unverified 1/2 by 2026-03-31",
        "S e 2026-03 met on time unverified 1/1 by 2026-03-31",
    ]


def test_after_a_change_of_holder_the_letter_is_wanted_again_per_holding_and_not_per_post() -> None:
    letters = {"deed": {"record": "report"}, "per": "month"}
    s = situation(
        cover={"members": {"posts": ("head",)}} | letters,
        others={"e": {"cover": {"members": {"holdings": ("head",)}} | letters, "in_force": MARCH}},
        in_force=MARCH,
    )
    s.post("S", "head")
    s.post("S", "guard")
    s.holds("S", "head", "p1", "2026-01-02", item="h1")
    s.did("report", "2026-03-10", post="S/head")
    s.holds("S", "head", "p1", "2026-03-11", item="h1", verb="close")
    s.holds("S", "head", "p2", "2026-03-11", item="h2")
    assert s.on("2026-03-31") == [
        "S 2026-03 met on time unverified 1/1 by 2026-03-31",
        "S e 2026-03 due unverified 0/1 by 2026-03-31",
    ]


def test_my_own_entries() -> None:
    s = situation(cover={"members": {"entries": "guard"}, "deed": {"record": "report"}, "per": "month"}, in_force=MARCH)
    s.opens("T")
    s.entry("guard", "2026-01-10", item="g1")
    s.entry("guard", "2026-01-10", item="g2")
    s.entry("guard", "2026-01-10", "T", item="g3")
    s.entry("guard", "2026-03-31", item="g2", verb="close")
    s.did("report", "2026-03-02", reference="g1")
    s.did("report", "2026-03-02", "T", reference="g1")
    assert s.on("2026-03-30") == [
        "S 2026-03 due unverified 1/2 by 2026-03-31",
        "T 2026-03 due unverified 0/1 by 2026-03-31",
    ]
    assert s.on("2026-03-31")[0] == "S 2026-03 met on time unverified 1/1 by 2026-03-31"


def test_the_codes_of_a_list_by_deeds_and_by_entries() -> None:
    members = {"list": "letters", "codes": ("a", "b")}
    s = situation(
        cover={"members": members, "deed": {"record": "report"}, "key": "sort", "per": "month"},
        others={
            "e": {
                "cover": {"members": members, "entry": {"entry": "guard"}, "key": "sort", "each": "month"},
                "in_force": MARCH,
            }
        },
        in_force=MARCH,
    )
    for sort in ("a", "c"):
        s.did("report", "2026-03-02", sort=sort)
        s.entry("guard", "2026-01-10", sort=sort)
    assert s.on("2026-03-10") == [
        "S 2026-03 due unverified 1/2 by 2026-03-31",
        "S e 2026-03 overdue 1/2 by 2026-03-31",
    ]
    s.did("report", "2026-03-02", sort="b")
    s.entry("guard", "2026-03-10", sort="b")
    assert s.on("2026-03-10") == [
        "S 2026-03 met on time unverified 2/2 by 2026-03-31",
        "S e 2026-03 met on time 2/2 by 2026-03-31",
    ]
    assert s.on("2026-04-01")[1] == "S e 2026-03 met on time 2/2 by 2026-03-31"


def test_what_my_links_point_at() -> None:
    through = {"members": {"through": "lease", "field": "school"}, "deed": {"record": "visit"}, "per": "month"}
    s = county({"cover": through}, "A", "B")
    s.entry("lease", "2026-01-10", "C", item="l1", school="A")
    s.entry("lease", "2026-01-10", "C", item="l2", school="A")  # twice the same school
    s.entry("lease", "2026-01-10", "T", school="B")  # somebody else's link
    assert s.on("2026-03-10") == ["C 2026-03 due unverified 0/1 by 2026-03-31"]
    s.entry("lease", "2026-03-10", "C", item="l2", verb="change", school="B")
    s.did("visit", "2026-03-05", "C", about="A")
    assert s.on("2026-03-10") == ["C 2026-03 due unverified 1/2 by 2026-03-31"]


# --- what covers them -----


def test_the_key_says_in_which_role_a_deed_names_its_member() -> None:
    s = county({"cover": VISITED | {"key": "with"}}, "A")
    s.did("visit", "2026-03-02", "C", about="A")
    assert s.on("2026-03-31") == ["C 2026-03 due unverified 0/1 by 2026-03-31"]
    s.did("visit", "2026-03-02", "C", **{"with": "A"})
    assert s.on("2026-03-31") == ["C 2026-03 met on time unverified 1/1 by 2026-03-31"]


def test_members_covered_by_entries_are_a_state() -> None:
    link = {"members": {"children": ("school",)}, "entry": {"entry": "lease"}, "key": "school", "each": "month"}
    s = county({"cover": link}, "A", "B")
    s.entry("lease", "2026-01-10", "C", school="A")
    s.entry("lease", "2026-01-10", "C", item="l", school="B")
    s.entry("lease", "2026-03-20", "C", item="l", verb="close")
    assert s.on("2026-03-19") == ["C 2026-03 met on time 2/2 by 2026-03-31"]
    assert s.on("2026-03-20") == ["C 2026-03 overdue 1/2 by 2026-03-31"]
    assert s.on("2026-04-01") == ["C 2026-03 missed 1/2 by 2026-03-31"]


def last_days(valid_from: str = "2026-01-01") -> Situation:
    cover = {"members": {"children": ("school",)}, "deed": {"record": "visit"}, "last": 30}
    return county({"cover": cover, "in_force": (None, None), "valid_from": valid_from}, "A")


@pytest.mark.parametrize(
    ("as_of", "line"),
    [("2026-03-31", "met on time unverified 1/1"), ("2026-04-01", "overdue unverified 0/1")],
)
def test_the_last_thirty_days_end_today(as_of: str, line: str) -> None:
    s = last_days()
    s.did("visit", "2026-03-02", "C", about="A")
    assert s.on(as_of) == [f"C last-30-days {line} by {as_of}"]


def test_the_last_thirty_days_must_have_begun_under_the_rulebook() -> None:
    s = last_days(valid_from="2026-03-02")
    assert s.on("2026-03-30") == []
    assert len(s.on("2026-03-31")) == 1
