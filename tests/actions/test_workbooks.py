"""Workbooks taken into the ledger of a city: compared, written once, taken back; on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huxue.access.models import User
from huxue.access.viewer import viewer_of
from huxue.actions import facts
from huxue.actions.acting import By
from huxue.actions.workbooks import Done, Examined, Hand, examine, take_back, take_in
from huxue.core.values import MINUTES_A_DAY, Refused, moment_of
from huxue.demo import TODAY
from huxue.exchange.workbook_rows import Words, labels
from huxue.exchange.workbooks import Book, template
from huxue.ledger.for_workbooks import standing_entries
from huxue.ledger.rebuilding import rebuild
from huxue.organisations.tables import select
from huxue.standings.site import calendars_of, edition_for
from tests.exchange.workbooks import Item, workbook
from tests.sites import Site

NOW = TODAY * MINUTES_A_DAY + 10 * 60
TITLES = ["系统编号（勿改）", "学校", "姓名", "持有保安员证", "保安员证号", "岗位培训有效期至"]


def hand_of(username: str, now: int = NOW) -> Hand:
    edition = edition_for(as_of=TODAY, known_at=TODAY)
    viewer = viewer_of(User.objects.get(username=username), now=now)
    assert viewer.post is not None
    return Hand(edition.rulebook, calendars_of(edition), By(viewer.post.post, viewer.person), viewer.scope, now)


@pytest.fixture
def hand(either_city: Site) -> Hand:
    """The education officer of a county, who looks after several schools."""
    return hand_of("bureau-officer")


def schools(hand: Hand) -> list[str]:
    return sorted(code for code, place in hand.places.items() if place.type == "school" and place.closed > NOW)


def guards(hand: Hand, *rows: list[Any]) -> bytes:
    school = schools(hand)[0]
    return workbook(("保安", [TITLES, *(row if len(row) == 6 else ["", school, *row] for row in rows)]))


def looked(hand: Hand, content: bytes, kind: str = "guard") -> Examined:
    return examine(hand=hand, kind=kind, content=content, name="表.xlsx")


def taken(hand: Hand, content: bytes, kind: str = "guard", *, only_right: bool = False) -> Done:
    return take_in(hand=hand, kind=kind, content=content, name="表.xlsx", only_right=only_right)


def sums(found: Examined) -> tuple[int, int, int, int]:
    return len(found.new), len(found.changed), len(found.unchanged), found.wrong_rows


def refused(call: Any) -> str:
    with pytest.raises(Refused) as info:
        call()
    return info.value.code


NEW = [["甲一", "是", "Z001", "2027-01-01"], ["乙二", "否", "Z002", None]]


def test_new_rows_are_written_once_and_are_the_same_afterwards(hand: Hand) -> None:
    content = guards(hand, *NEW)
    assert sums(looked(hand, content)) == (2, 0, 0, 0)
    done = taken(hand, content)
    assert (done.new, done.changed, done.left_out, len(done.facts)) == (2, 0, 0, 2)
    assert sums(looked(hand, content)) == (0, 0, 2, 0)
    assert refused(lambda: taken(hand, content)) == "nothing_to_write"
    written = standing_entries(hand.rulebook.kinds["guard"], [schools(hand)[0]])
    assert {"甲一", "乙二"} <= {entry.fields["name"] for entry in written}
    assert rebuild(hand.rulebook.kinds) == []


def test_looking_writes_nothing(hand: Hand) -> None:
    before = select("SELECT count(*) FROM ledger_fact")
    looked(hand, guards(hand, *NEW))
    assert select("SELECT count(*) FROM ledger_fact") == before


def test_one_wrong_row_keeps_all_out_unless_the_right_ones_are_asked_for(hand: Hand) -> None:
    content = guards(hand, *NEW, ["", "是", "Z003", None])
    assert refused(lambda: taken(hand, content)) == "rows_wrong"
    done = taken(hand, content, only_right=True)
    assert (done.new, done.left_out) == (2, 1)


def test_the_template_that_was_handed_out_comes_back_unchanged_and_a_change_is_seen(hand: Hand) -> None:
    kind = hand.rulebook.kinds["guard"]
    standing = standing_entries(kind, hand.places)
    words = Words(kind, hand.rulebook.lists, "zh", labels({c: p.name for c, p in hand.places.items()}))
    rows = [Item(e.item, e.at, e.roles, dict(e.fields)) for e in standing]
    book = Book(kind.title, hand.columns(kind), words)
    assert sums(looked(hand, template(book, rows))) == (0, 0, len(standing), 0)
    rows[0].fields["employer"] = "另一家公司"
    found = looked(hand, template(book, rows[:-1]))
    assert sums(found) == (0, 1, len(standing) - 2, 0)
    assert [one.touched() for one in found.changed] == [["employer"]]
    kept = [entry.item for entry in found.missing]
    assert set(kept) <= {standing[-1].item}  # only where another row names its school
    taken(hand, template(book, rows[:-1]))
    after = {entry.item: entry.fields for entry in standing_entries(kind, hand.places)}
    assert after[rows[0].item] == rows[0].fields
    assert rebuild(hand.rulebook.kinds) == []


def test_what_an_import_brought_is_taken_back_and_can_be_brought_again(hand: Hand) -> None:
    content = guards(hand, *NEW)
    before = standing_entries(hand.rulebook.kinds["guard"], hand.places)
    done = taken(hand, content)
    common = {"rulebook": hand.rulebook, "by": hand.by, "facts": done.facts, "written": NOW}
    assert refused(lambda: take_back(**common, now=NOW + 8 * MINUTES_A_DAY)) == "too_late"
    assert take_back(**common, now=NOW + 60) == 2
    assert refused(lambda: take_back(**common, now=NOW + 61)) == "nothing_to_take_back"
    assert standing_entries(hand.rulebook.kinds["guard"], hand.places) == before
    again = replace(hand, now=NOW + 120)
    assert taken(again, content).new == 2
    assert rebuild(hand.rulebook.kinds) == []


def test_what_somebody_has_gone_on_from_is_not_taken_back(hand: Hand) -> None:
    done = taken(hand, guards(hand, *NEW))
    school = hand_of("safety-officer")
    entry = next(
        e for e in standing_entries(hand.rulebook.kinds["guard"], [schools(hand)[0]]) if e.fact == done.facts[0]
    )
    post = By(f"{schools(hand)[0]}/principal")
    facts.close_entry(rulebook=school.rulebook, now=NOW + 5, by=post, item=entry.item, at=NOW + 5)
    call = {"rulebook": hand.rulebook, "by": hand.by, "now": NOW + 60, "facts": done.facts, "written": NOW}
    assert refused(lambda: take_back(**call)) == "built_upon"


def test_who_hands_in_for_another_never_counts_as_having_been_there(hand: Hand) -> None:
    done = taken(hand, guards(hand, *NEW))
    rows = select("SELECT post, person FROM ledger_fact WHERE id = %s", done.facts[0])
    assert rows == [("", hand.by.person)]
    own = hand_of("safety-officer")
    content = workbook(("演练", [["发生时间", "演练类型"], [moment_of(NOW - 9999), "疏散演练"]]))
    kind = own.rulebook.kinds["drill"]
    title = next(c.title.zh for c in own.columns(kind) if c.code == "drill_kind")
    choice = next(iter(own.rulebook.lists["drill-kinds"].values())).title.zh
    content = workbook(("演练", [["发生时间", title], [moment_of(NOW - 9999), choice]]))
    done = taken(own, content, "drill")
    assert select("SELECT post FROM ledger_fact WHERE id = %s", done.facts[0]) == [(own.by.post,)]


def test_records_that_are_there_already_are_not_written_again(hand: Hand) -> None:
    own = hand_of("safety-officer")
    titles = {c.code: c.title.zh for c in own.columns(own.rulebook.kinds["drill"])}
    choice = next(iter(own.rulebook.lists["drill-kinds"].values())).title.zh
    heads = [titles["#at"], titles["drill_kind"], titles["participants"]]
    row = [moment_of(NOW - 9999), choice, 20]
    assert taken(own, workbook(("演练", [heads, row])), "drill").new == 1
    found = looked(own, workbook(("演练", [heads, row, [moment_of(NOW - 8888), choice, 21]])), "drill")
    assert sums(found) == (1, 0, 1, 0)


def test_cases_are_opened_with_the_deadline_of_their_flow(hand: Hand) -> None:
    kind = hand.rulebook.kinds["enrolment-breach"]
    columns = {c.code: c for c in hand.columns(kind)}
    assert "@by" not in columns
    titles = {code: column.title.zh for code, column in columns.items()}
    row = {code: _said(hand, column) for code, column in columns.items() if column.required}
    content = workbook(("表", [[titles[code] for code in row], list(row.values())]))
    done = taken(hand, content, "enrolment-breach")
    fact = select("SELECT step, verb, deadline IS NULL FROM ledger_fact WHERE id = %s", done.facts[0])
    assert fact[0][:2] == ("reported", "step")


def _said(hand: Hand, column: Any) -> Any:
    if column.code == "#at":
        return moment_of(NOW - 60)
    if column.role:
        return hand.by.organisation if column.role == "to" else schools(hand)[0]
    if column.choices:
        return column.choices[0].zh
    return {"number": 1, "money": 1, "date": "2026-07-01"}.get(column.field.type, "甲")


def test_what_a_rule_makes_is_not_imported(hand: Hand) -> None:
    assert refused(lambda: looked(hand, b"", "recurrence")) == "derived"
    assert refused(lambda: looked(hand, b"", "nothing")) == "unknown_kind"


def test_a_number_that_the_register_does_not_have_is_named(hand: Hand) -> None:
    found = looked(hand, guards(hand, ["f" * 32, schools(hand)[0], "甲", "是", "Z9", None]))
    assert [(one.row, one.code, one.zh) for one in found.wrong] == [
        (2, "#item", "台账中没有这个系统编号；新增的请留空")
    ]


def test_two_entries_of_one_name_are_told_apart_by_their_number(hand: Hand) -> None:
    taken(hand, guards(hand, ["甲一", "是", "Z001", None], ["甲一", "是", "Z002", None]))
    assert sums(looked(hand, guards(hand, ["甲一", "否", "Z002", None]))) == (0, 1, 0, 0)
    found = looked(hand, guards(hand, ["甲一", "否", None, None]))
    assert [one.zh for one in found.wrong] == ["台账中有 2 个同名条目，请从导出的表里填上系统编号"]


def test_an_empty_personal_cell_keeps_what_was_not_shown(hand: Hand) -> None:
    taken(hand, guards(hand, ["甲一", "是", "Z001", None]))
    found = looked(hand, guards(hand, ["甲一", "否", None, None]))
    assert [one.fields["certificate"] for one in found.changed] == ["Z001"]


@pytest.mark.parametrize("rows", [2_000])
def test_many_rows_cost_a_constant_number_of_queries(hand: Hand, rows: int) -> None:
    def queries(count: int) -> int:
        content = guards(hand, *([f"人{i}", "是", f"Q{i}", None] for i in range(count)))
        with CaptureQueriesContext(connection) as seen:
            looked(hand, content)
        return len(seen)

    assert queries(rows) == queries(10)
