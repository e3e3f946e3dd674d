"""Who decides, and what is decided together: nobody is lost and nobody stands in two proposals."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from huxue.core.kinds import Kind
from huxue.core.ladder import CaseState, Chart, Decides, Obligation, Owed, episode, episodes_of_cases, group
from huxue.core.ladder.grouping import NOBODY, SYSTEM
from huxue.core.values import MINUTES_A_DAY
from tests.ladders.worlds import day, ladder

# a city with its education department, two counties with theirs, a school in each and one in the city's own hands
PARENTS = {"CITY": "", "CE": "CITY", "A": "CITY", "B": "CITY", "AE": "A", "BE": "B", "SA": "A", "SB": "B", "SC": "CITY"}
TYPES = {
    "CITY": "city",
    "A": "county",
    "B": "county",
    **dict.fromkeys(("CE", "AE", "BE"), "department"),
    **dict.fromkeys(("SA", "SB", "SC"), "school"),
}
OVERSIGHT = {("CITY", "education"): ["CE"], ("A", "education"): ["AE"], ("B", "education"): ["BE"]}
CHART = Chart(PARENTS, TYPES, OVERSIGHT, {"CITY": "", "B": "hills"})
DAY = day("2026-05-04")


def test_the_nearest_above_decides() -> None:
    city, either = Decides(type=("city",), post="deputy"), Decides(type=("county", "city"), post="deputy")
    assert [CHART.decides(city, code) for code in ("SA", "A", "AE", "CITY")] == ["CITY", "CITY", "CITY", ""]
    assert [CHART.decides(either, code) for code in ("SA", "A", "AE", "SC")] == ["A", "CITY", "A", "CITY"]


def test_the_department_that_supervises_decides() -> None:
    said = Decides(type=("department",), post="deputy", topic="education")
    assert [CHART.decides(said, code) for code in ("SA", "SB", "SC", "A", "AE", "CE")] == [
        "AE",
        "BE",
        "CE",
        "AE",
        "CE",
        "",
    ]
    assert CHART.decides(Decides(type=("department",), post="deputy", topic="fire"), "SA") == ""


def test_an_area_reaches_down() -> None:
    assert [CHART.area(code) for code in ("SB", "B", "SA")] == ["hills", "hills", ""]


def owed_to(organisation: str, rung: int, duty: str = "drill") -> Owed:
    one = episode(organisation, duty, [Obligation("p", "missed", DAY * MINUTES_A_DAY - 1, DAY)])
    assert one is not None
    return Owed("governments", ladder().rungs[rung], one, 3)


def test_one_office_decides_once_about_many() -> None:
    found = group(
        [owed_to(code, 1) for code in ("B", "SA", "A")] + [owed_to("CITY", 1), owed_to("A", 0, "meeting")], CHART
    )
    assert [(one.code, [a.organisation for a in one.addressees]) for one in found] == [
        (f"governments.remind.meeting@{SYSTEM}", ["A"]),
        (f"governments.supervise.drill@{NOBODY}", ["CITY"]),
        ("governments.supervise.drill@CITY", ["A", "B", "SA"]),
    ]
    assert found[2].addressees[0].sentence().en == "3 working days past the deadline, 1 missed"
    assert found[2].addressees[0].sentence().zh == "已过期限 3 个工作日，未履行 1 项"


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9))
def test_grouping_loses_and_doubles_nobody(seed: int) -> None:
    chance = Random(seed)
    every = sorted({(chance.choice(sorted(TYPES)), chance.choice(["drill", "meeting"])) for _ in range(12)})
    found = [owed_to(code, chance.randrange(4), duty) for code, duty in every]
    chance.shuffle(found)
    grouped = group(found, CHART)
    assert sorted((a.organisation, one.subject) for one in grouped for a in one.addressees) == every
    assert len({one.code for one in grouped}) == len(grouped)


FLOW = {
    "reported": {"by": ["school"]},
    "confirmed": {"by": ["supervisor"], "from": ["reported", "reopened"]},
    "closed": {"by": ["supervisor"], "from": ["confirmed"], "ends": "closed"},
    "reopened": {"by": ["supervisor"], "reopens": ["closed"]},
}
TITLE = {"zh": "事", "en": "case"}
KINDS = {
    "incident": Kind.model_validate(
        {
            "code": "incident",
            "shape": "case",
            "title": TITLE,
            "flow": {k: {"title": TITLE, **v} for k, v in FLOW.items()},
        }
    )
}
SERIOUS = """
title: {zh: 事, en: Serious}
when: [{case: [incident], step: [confirmed, overdue], where: {harm: [death]}}]
rungs: [{measure: interview, when: {since: {workdays: 0}}}]
"""


def case(*steps: tuple[str, str], harm: str = "death", deadline: str = "") -> CaseState:
    made = CaseState("x", "incident")
    for name, on in steps:
        until = day(deadline) * MINUTES_A_DAY if deadline else None
        made.take(name, day(on) * MINUTES_A_DAY + 60, fields={"harm": harm}, deadline=until, about=("SA", "A"))
    return made


def starts(one: CaseState, today: str = "2026-06-01") -> list[tuple[str, int]]:
    found = episodes_of_cases(ladder(SERIOUS), [one], KINDS, first=None, today=day(today))
    return [(e.organisation, e.start) for e in found]


def test_a_case_is_an_episode_from_the_step_that_it_came_to() -> None:
    reported, confirmed = ("reported", "2026-05-01"), ("confirmed", "2026-05-04")
    closed, reopened = ("closed", "2026-05-08"), ("reopened", "2026-05-20")
    assert starts(case(reported)) == []
    assert starts(case(reported, confirmed)) == [("SA", DAY), ("A", DAY)]
    assert starts(case(reported, confirmed, harm="slight")) == []
    assert starts(case(reported, confirmed, closed)) == []
    again = ("confirmed", "2026-05-21")
    assert starts(case(reported, confirmed, closed, reopened, again))[0] == ("SA", day("2026-05-21"))


def test_a_case_past_its_deadline() -> None:
    late = case(("reported", "2026-05-01"), deadline="2026-05-03")
    assert starts(late, "2026-05-03") == []
    assert starts(late, "2026-05-04") == [("SA", DAY), ("A", DAY)]
