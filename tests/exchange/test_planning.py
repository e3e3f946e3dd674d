"""From rows to facts: what a recipe makes of a file, and what it says of rows it cannot take."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from huxue.core.recipes.columns import bind
from huxue.core.recipes.parameters import parameters_of, scope_of
from huxue.core.recipes.planned import Plan
from huxue.core.recipes.planning import Planner, Sheet
from huxue.core.values import Refused, date_of
from huxue.exchange.tables import open_table
from tests.exchange.files import REQUESTS, TREE, YEARLY, csv, excel, recipe, rulebook

HEADER = "office,code,name,pupils,fire hours,road hours"


def planned(*paths: Path, text: str = YEARLY, **given: str) -> Plan:
    book = recipe(text)
    parameters = parameters_of(book, paths[0].name, given)
    planner = Planner(book, scope_of(book, parameters), rulebook())
    for index, path in enumerate(paths):
        table = open_table(path, book.reads)
        planner.read(Sheet(bind(book, table.titles), table.rows), index, parameters)
    return planner.finished()


def notes(plan: Plan) -> list[tuple[int, int | None, str, bool]]:
    return sorted((n.at.row, n.column, n.en, n.kept) for n in plan.notes)


def lessons(plan: Plan) -> list[tuple[str, str, Any, str]]:
    return [(f.roles["by"][0], f.fields["area"], f.fields.get("hours"), str(date_of(f.at // 1440))) for f in plan.facts]


def test_rows_become_organisations_and_one_record_for_each_area(tmp_path: Path) -> None:
    plan = planned(csv(tmp_path, "2020.csv", HEADER, "o,1,A,10,1.5,2", "o,2,B,,,0.1"))
    assert lessons(plan) == [
        ("1", "fire", 15, "2020-12-31"),
        ("1", "road", 20, "2020-12-31"),
        ("2", "road", 1, "2020-12-31"),
    ]
    assert {f.fields["code"]: (f.fields["parent"], f.fields["traits"]) for f in plan.standing.values()} == {
        "o": ("", {}),
        "1": ("o", {"listed": True, "pupils": 10}),
        "2": ("o", {"listed": True}),
    }
    assert dict(plan.counts) == {"office": 1, "school": 2, "lesson": 3}
    assert (plan.rows, plan.taken, plan.left_out, notes(plan)) == (2, 2, 0, [])


def test_origins_are_the_same_every_time(tmp_path: Path) -> None:
    plan = planned(csv(tmp_path, "2020.csv", HEADER, "o,1|x,A,,1,"))
    assert [f.origin for f in plan.facts] == ["yearly|2020|lesson|1%7Cx|fire hours"]
    assert list(plan.standing) == ["yearly|=|office|o", "yearly|=|school|1%7Cx"]


def test_a_further_area_needs_nothing_and_an_unknown_column_is_named(tmp_path: Path) -> None:
    path = csv(tmp_path, "2023.csv", f"{HEADER},cyber hours,head,remark,问题 Problems", "o,1,A,,1,1,3.5,Kim,-,old note")
    header = bind(recipe(), open_table(path, recipe().reads).titles)
    assert [column.header for column in header.spread["area"]] == ["fire hours", "road hours", "cyber hours"]
    assert (header.unknown, [title for title, _ in header.ignored]) == ([(7, "head")], ["remark"])
    assert [f.fields["hours"] for f in planned(path).facts] == [10, 10, 35]


def test_every_bad_row_is_told_and_left_out_whole(tmp_path: Path) -> None:
    plan = planned(csv(
        tmp_path, "2020.csv", HEADER, "o,1,A,10,1,2", "o,2,,10,1,2", "o,,C,10,1,2", "o,4,D,many,1,2", "o,5,E,10,1.23,2",
        "o,6,F,10,-1,2", "o,0,G,10,1,2", "o,8,H,10,abc,2",
    ))  # fmt: skip
    assert notes(plan) == [
        (3, 2, "'name': must not be blank", False),
        (4, 1, "'code': must not be blank", False),
        (5, 3, "'pupils': pupils: 'many' is not a number", False),
        (6, 4, "'fire hours': hours: '1.23' has more than 1 decimals", False),
        (7, 4, "'fire hours': hours: must be at least 0.0", False),
        (8, 1, "code 0", False),
        (9, 4, "'fire hours': hours: 'abc' is not a number", False),
    ]
    assert [f.roles["by"][0] for f in plan.facts] == ["1", "1"]
    assert {f.fields["code"] for f in plan.standing.values()} == {"o", "1"}
    assert (plan.rows, plan.taken, plan.left_out) == (8, 1, 7)


def test_neither_of_two_rows_with_one_key_is_taken(tmp_path: Path) -> None:
    plan = planned(csv(tmp_path, "2020.csv", HEADER, "o,1,A,,1,", "p,1,B,,2,", "o,2,C,,3,", "o,1,D,,4,"))
    assert [(n.at.row, n.en) for n in plan.notes] == [
        (2, "has the same key as row 3 (1); neither was taken"),
        (3, "has the same key as row 2 (1); neither was taken"),
        (5, "has the same key as row 2 (1); neither was taken"),
    ]
    assert lessons(plan) == [("2", "fire", 30, "2020-12-31")]
    assert {f.fields["code"] for f in plan.standing.values()} == {"o", "2"}
    assert (plan.taken, plan.left_out) == (1, 3)


def test_rows_that_disagree_about_one_parent_are_told(tmp_path: Path) -> None:
    text = YEARLY.replace(
        'fields: {code: "{office}", name: "{office}"}', 'fields: {code: "{office}", name: "{pupils}"}'
    )
    plan = planned(csv(tmp_path, "2020.csv", HEADER, "o,1,A,1,1,", "o,2,B,2,1,"), text=text)
    assert notes(plan) == [(3, None, "differs from row 2 about the same one in name; the first counts", True)]
    assert plan.taken == 2


def test_numbers_in_excel_that_lost_their_digits_are_refused(tmp_path: Path) -> None:
    rows = [HEADER.split(","), ["o", 511702199001011234, "A", 1, 1, 1], ["o", 12, "B", 1, 1.5, ""]]
    plan = planned(excel(tmp_path, "2020.xlsx", rows))
    assert notes(plan) == [
        (2, 1, "'code': enter numbers of more than 15 digits as text; as a number they lose their last digits", False)
    ]
    assert lessons(plan) == [("12", "fire", 15, "2020-12-31")]


def test_a_case_and_its_steps(tmp_path: Path) -> None:
    path = csv(
        tmp_path, "a.csv", "number,office,created,due,closed", "7,o,2020-01-02 08:00,2020-01-05,2020-01-03 09:30",
        "8,o,2020-01-02 08:00,2020-01-05,", "9,o,2020-01-02 08:00,2020-01-05,1900-01-01 00:00",
    )  # fmt: skip
    plan = planned(path, text=REQUESTS)
    assert [(f.step, f.at - 26298720, f.deadline, f.group) for f in plan.facts] == [
        ("created", 480, 26304479, "requests||request|7|1-created"),
        ("closed", 2010, None, "requests||request|7|1-created"),
        ("created", 480, 26304479, "requests||request|8|1-created"),
        ("created", 480, 26304479, "requests||request|9|1-created"),
        ("closed", 480, None, "requests||request|9|1-created"),
    ]
    assert notes(plan) == [(4, 4, "closed 1900-01-01T00:00 before created", True)]


def test_each_file_is_known_by_its_columns_and_only_a_part_is_kept(tmp_path: Path) -> None:
    offices = csv(tmp_path, "o.csv", "code,name", "o,O", "p,P")
    schools = csv(tmp_path, "s.csv", "code,name,office", "1,A,o", "2,B,p", "3,C,p")
    whole = planned(schools, offices, text=TREE)
    assert (dict(whole.counts), whole.beyond) == ({"office": 2, "school": 3, "lesson": 3}, 0)
    part = planned(schools, offices, text=TREE, only="p")
    assert (dict(part.counts), part.beyond) == ({"office": 1, "school": 2, "lesson": 2}, 2)
    leaf = planned(schools, offices, text=TREE, only="1")
    assert {f.fields["code"] for f in leaf.standing.values()} == {"1", "o"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (YEARLY.replace("record: lesson", "record: lessons"), "unknown_kind"),
        (YEARLY.replace("traits: {listed: true, pupils", "traits: {listing: true, pupils"), "unknown_trait"),
        (REQUESTS.replace("step: closed", "step: ended"), "unknown_step"),
    ],
)
def test_recipes_that_the_rulebook_does_not_fit(tmp_path: Path, text: str, code: str) -> None:
    path = csv(tmp_path, "2020.csv", "office,code,name,pupils,number,created,due,closed", "o,1,A,,1,2020-01-01,,")
    with pytest.raises(Refused) as found:
        planned(path, text=text)
    assert found.value.code == code


def test_values_that_no_fact_can_carry(tmp_path: Path) -> None:
    text = YEARLY.replace("organisation: school", 'organisation: "{name}"').replace(
        'roles: {by: "{school}"}', 'roles: {by: "{pupils}"}'
    )
    text = text.replace('at: {value: "{year+1}-01-01", add_days: -1}', 'at: "{remark}"').replace(
        "remark: {ignore: {zh: 不用, en: not used}, optional: true}", "remark: {as: remark, optional: true}"
    )
    header = f"{HEADER},remark"
    path = csv(tmp_path, "2020.csv", header, "o,1,church,5,,,", "o,2,school,5,1,,", "o,3,school,,1,,2020-02-02")
    assert [(n.at.row, n.en) for n in planned(path, text=text).notes] == [
        (2, "'code': the rulebook has no organisation type 'church'"),
        (3, "'remark': the date is missing"),
        (4, "'pupils': the organisation is missing (by)"),
    ]


def test_parts_of_a_large_file(tmp_path: Path) -> None:
    book = recipe()
    planner = Planner(book, "2020", rulebook(), twice=frozenset({"2"}))
    path = csv(tmp_path, "2020.csv", HEADER, "o,1,A,,1,", "o,2,B,,1,", "o,3,C,,1,1")
    table = open_table(path, book.reads)
    header, drained = bind(book, table.titles), []
    for row in table.rows:
        planner.read(Sheet(header, [row]), 0, {"year": 2020})
        drained.append([f"{f.kind} {f.origin.split('|')[3]}" for f in planner.drain()])
    assert drained == [
        ["organisation o", "organisation 1", "lesson 1"],
        [],
        ["organisation 3", "lesson 3", "lesson 3"],
    ]
    assert (planner.plan.rows, planner.plan.taken, planner.plan.left_out) == (3, 2, 1)
    assert dict(planner.plan.counts) == {"office": 1, "school": 2, "lesson": 3}
