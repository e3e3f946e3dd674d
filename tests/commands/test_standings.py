"""``huxue evaluate`` and ``huxue standings``: figures of a small town, as text and as JSON."""

from __future__ import annotations

import re
from typing import Any

import pytest

from huxue.commands import dates
from tests.commands.town import Town

ROW = ["organisation", "duty", "period", "status", "on_time", "verified", "have", "need", "due", "provisional"]
ONE = pytest.mark.parametrize("site", ["sqlite"], indirect=True)  # choosing and printing know no database
TODAY = str(dates.said(dates.now() // 1440))


@pytest.fixture
def spring(town: Town) -> Town:
    """North school drilled in February; a crack was found there and never rectified. South school did nothing."""
    town.record("kind=fire")
    town.record("finding=crack", "--step", "found", "--role", "about=S1", "--id", "crack", kind="hazard",
                post="O1/inspector", at="2024-03-01")  # fmt: skip
    return town


def standings(town: Town, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = town.done("standings", "--as-of", "2024-04-10", *words, "--json").json
    return found


def stands(found: dict[str, Any]) -> list[tuple[str, str, str, int]]:
    return [(row["organisation"], row["period"], row["status"], row["have"]) for row in found["rows"]]


ALL = [
    ("S1", "2024-Q1", "met", 1),
    ("S1", "2024-Q2", "due", 0),
    ("S1", "crack", "overdue", 0),
    ("S2", "2024-Q1", "missed", 0),
    ("S2", "2024-Q2", "due", 0),
]


def test_the_whole_object(spring: Town) -> None:
    found = standings(spring)
    edition = spring.done("rulebook", "check", str(spring.folder / "town"), "--json").json["hash"]
    assert list(found) == ["as_of", "known_at", "edition", "tree_of", "totals", "rows", "rollups"]
    assert [found[name] for name in list(found)[:4]] == ["2024-04-10", TODAY, edition, "2024-04-10"]
    assert found["totals"] == {"met": 1, "due": 2, "overdue": 1, "missed": 1, "excused": 0}
    assert [list(row) for row in found["rows"]] == [ROW] * 5
    assert stands(found) == ALL
    assert found["rows"][2] == {
        "organisation": "S1", "duty": "school.rectified", "period": "crack", "status": "overdue", "on_time": False,
        "verified": False, "have": 0, "need": 1, "due": "2024-03-11", "provisional": False,
    }  # fmt: skip
    assert [one["organisation"] for one in found["rollups"]] == ["O1", "S1", "S2"]
    assert found["rollups"][0] == {
        "organisation": "O1", "duty": None, "met": 1, "due": 2, "overdue": 1, "missed": 1, "excused": 0,
        "done": {"n": 1, "of": 3, "per_mille": 333}, "on_time": {"n": 0, "of": 3, "per_mille": 0},
        "verified": {"n": 0, "of": 1, "per_mille": 0}, "still_true": None,
    }  # fmt: skip


@ONE
def test_filters(spring: Town) -> None:
    assert stands(standings(spring, "--organisation", "O1")) == ALL
    south = standings(spring, "--organisation", "S2")
    assert stands(south) == ALL[3:]
    assert [one["organisation"] for one in south["rollups"]] == ["S2"]
    rectified = standings(spring, "--duty", "school.rectified")
    assert (stands(rectified), rectified["totals"]["met"]) == ([ALL[2]], 0)
    assert {one["duty"] for one in rectified["rollups"]} == {"school.rectified"}
    first = standings(spring, "--period", "2024-Q1")
    assert stands(first) == [ALL[0], ALL[3]]
    assert [(one["organisation"], one["met"], one["missed"]) for one in first["rollups"]] == [
        ("O1", 1, 1),
        ("S1", 1, 0),
        ("S2", 0, 1),
    ]
    assert stands(standings(spring, "--period", "crack", "--duty", "school.rectified")) == [ALL[2]]


@ONE
def test_text_in_both_languages(spring: Town) -> None:
    chinese, english = spring.both("standings", "--as-of", "2024-04-10")
    assert chinese.lines == [
        f"截至 2024-04-10，按 {TODAY} 已知，单位树为 2024-04-10",
        "已完成 1 · 待办 2 · 逾期 1 · 未履行 1 · 免除 0",
        "办结率 33.3% · 按时率 0.0% · 核实率 0.0% · 仍属实率 无",
        "  school.drill  每季度演练  办结率 50.0%  已完成 1 待办 2 未履行 1",
        "  school.rectified  按期整改隐患  办结率 0.0%  逾期 1",
    ]
    assert english.lines == [
        f"as of 2024-04-10, as known on {TODAY}, tree of 2024-04-10",
        "met 1 · due 2 · overdue 1 · missed 1 · excused 0",
        "done 33.3% · on time 0.0% · verified 0.0% · still true none",
        "  school.drill  A drill each quarter  done 50.0%  met 1 due 2 missed 1",
        "  school.rectified  Hazards rectified in time  done 0.0%  overdue 1",
    ]


@ONE
def test_text_about_one_duty_or_period_lists_what_is_open(spring: Town) -> None:
    duty = spring.done("standings", "--as-of", "2024-04-10", "--duty", "school.rectified")
    assert duty.lines[1:] == [
        "met 0 · due 0 · overdue 1 · missed 0 · excused 0",
        "done 0.0% · on time 0.0% · verified none · still true none",
        "  school.rectified  Hazards rectified in time  done 0.0%  overdue 1",
        "    S1  school.rectified  crack  overdue  0/1  2024-03-11",
    ]
    period = spring.type("standings", "--as-of", "2024-04-10", "--period", "2024-Q1", lang="zh")
    assert period.lines[1:] == [
        "已完成 1 · 待办 0 · 逾期 0 · 未履行 1 · 免除 0",
        "办结率 50.0% · 按时率 0.0% · 核实率 0.0% · 仍属实率 无",
        "  school.drill  每季度演练  办结率 50.0%  已完成 1 未履行 1",
        "    S2  school.drill  2024-Q1  未履行  0/1  2024-03-31",
    ]


def test_the_tree_of_another_day(spring: Town) -> None:
    moved = spring.write("moved.csv", "code,name,type,above,post", "O2,New office,office,,inspector")
    spring.done("import", str(spring.folder / "units.yaml"), moved)
    later = spring.write("later.yaml", LATER)
    spring.done("import", later, spring.write("later.csv", "code,name,above", "S2,South school,O2"))
    then = standings(spring)
    now = standings(spring, "--tree", "2024-06-01")
    assert (then["tree_of"], now["tree_of"], now["rows"]) == ("2024-04-10", "2024-06-01", then["rows"])
    assert {one["organisation"]: one["missed"] for one in then["rollups"]} == {"O1": 1, "S1": 0, "S2": 1}
    assert {one["organisation"]: one["missed"] for one in now["rollups"]} == {"O1": 0, "O2": 1, "S1": 0, "S2": 1}
    assert stands(standings(spring, "--organisation", "O2", "--tree", "2024-06-01")) == ALL[3:]


def test_what_was_known_then(spring: Town) -> None:
    words = ("--as-of", "2024-04-10", "--known-at", "2024-04-10", "--json")
    found = spring.done("standings", *words).json
    assert (found["known_at"], found["rows"], found["totals"]["met"]) == ("2024-04-10", [], 0)


def test_today_is_the_default_and_done_today_is_on_time(town: Town) -> None:
    town.record("kind=fire", at=TODAY)
    found = town.done("standings", "--organisation", "S1", "--json").json
    assert (found["as_of"], found["known_at"]) == (TODAY, TODAY)
    last = found["rows"][-1]
    assert (last["status"], last["on_time"], last["have"]) == ("met", True, 1)


def test_evaluate(spring: Town) -> None:
    chinese, english = spring.both("evaluate", "--as-of", "2024-04-10")
    assert re.sub(r"\d+ ms", "… ms", chinese.out) == (
        "2024-04-10  已完成 1 · 待办 2 · 逾期 1 · 未履行 1 · 免除 0  (… ms)\n"
    )
    assert re.sub(r"\d+ ms", "… ms", english.out) == (
        "2024-04-10  met 1 · due 2 · overdue 1 · missed 1 · excused 0  (… ms)\n"
    )
    found = spring.done("evaluate", "--as-of", "2024-04-10", "--known-at", "2024-04-10", "--json").json
    assert list(found) == ["as_of", "known_at", "edition", "totals", "milliseconds", "way", "why"]
    assert (found["way"], found["why"]) == ("facts", None)
    assert found["totals"] == {"met": 0, "due": 0, "overdue": 0, "missed": 0, "excused": 0}


def test_evaluate_today_goes_through_the_set(town: Town) -> None:
    town.record("kind=fire", at=TODAY)
    totals = town.done("evaluate", "--known-at", "2999-12-31", "--json").json["totals"]  # over all facts
    first = town.done("evaluate", "--json").json
    assert (first["way"], first["why"], first["totals"]) == ("made", "set_missing", totals)
    second = town.done("evaluate", "--json").json
    assert (second["way"], second["why"], second["totals"]) == ("kept", None, totals)
    town.record("kind=fire", at=TODAY)
    assert town.done("evaluate", "--keep", "--json").json["way"] == "folded"
    assert town.done("evaluate", "--rebuild-set", "--json").json["way"] == "made"
    chinese, english = town.both("evaluate", "--rebuild-set")
    assert chinese.out.splitlines()[1:] == ["已重新建立评估数据集"]
    assert english.out.splitlines()[1:] == ["the set was made anew"]
    town.refused(
        "评估数据集只能按今天建立，请不要指定日期。",
        "a set is made of today only: leave the dates out",
        "evaluate", "--rebuild-set", "--as-of", "2024-04-10",
    )  # fmt: skip


def test_what_is_refused(town: Town) -> None:
    day = ("没有“2024-02-30”这一天，请写作 2026-06-30", "there is no day '2024-02-30'; write it like 2026-06-30")
    town.refused(*day, "standings", "--as-of", "2024-02-30")
    town.refused(*day, "evaluate", "--known-at", "2024-02-30")
    town.refused(
        "没有编码为“X”的单位", "there is no organisation with the code 'X'", "standings", "--organisation", "X"
    )
    town.refused("制度中没有职责“x”", "there is no duty 'x' in the rulebook", "standings", "--duty", "x")


LATER = """
code: units
title: {zh: 单位, en: Organisations}
scope: later
key: [code]
columns: {code: code, name: {as: name, required: true}, above: parent}
targets:
  - name: unit
    organisation: school
    at: 2024-05-01
    fields: {code: "{code}", name: "{name}", parent: "{parent}"}
"""
