"""Workbooks as people and WPS leave them, and every sort of wrong cell."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from huxue.core.values import MINUTES_A_DAY, Refused, day_of
from huxue.exchange.workbook_checking import Said
from huxue.exchange.workbook_notes import AUTHOR, corrected
from huxue.exchange.workbook_reading import Filled, read_book
from tests.exchange.workbooks import checking, city, columns, entries, workbook

GUARD = ["学校", "自何时起", "姓名", "持有保安员证", "保安员证号", "岗位培训有效期至", "出生年份"]
RIGHT = ["甲学校", "2024-03-01", "张三", "是", "ZJ001", "2026-03-01", 1980]


def found(content: bytes, kind: str = "guard") -> Filled:
    return read_book(content, "表.xlsx", columns(city().kinds[kind]))


def said(content: bytes, kind: str = "guard") -> tuple[list[Said], list[tuple[int, str, str]]]:
    check = checking(city().kinds[kind])
    rows = check.check(found(content, kind), entries)
    return rows, [(one.row, one.code, one.zh) for one in check.wrong]


def refused(content: bytes) -> str:
    with pytest.raises(Refused) as info:
        found(content)
    return info.value.code


# --- as left behind ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "row"),
    [
        pytest.param(workbook(("表", [GUARD, RIGHT])), 2, id="plain"),
        pytest.param(workbook(("空", []), ("表", [GUARD, RIGHT]), ("空2", [])), 2, id="blank sheets"),
        pytest.param(workbook(("说明", [["请认真填写"], ["谢谢"]]), ("表", [GUARD, RIGHT])), 2, id="another sheet"),
        pytest.param(workbook(("表", [[], ["学校保安登记表"], [], GUARD, RIGHT])), 5, id="pushed down"),
        pytest.param(workbook(("表", [GUARD, [], RIGHT, ["  "] * 7, [None] * 7])), 3, id="blank rows"),
        pytest.param(workbook(("表", [[f" {t} * " for t in GUARD], RIGHT])), 2, id="stars and blanks"),
        pytest.param(workbook(("表", [["序号", *GUARD, "备注"], [1, *RIGHT, "无"]])), 2, id="columns of their own"),
        pytest.param(workbook(("表", [GUARD[::-1], RIGHT[::-1]])), 2, id="another order"),
        pytest.param(workbook(("表", [[], [], [None, None, *GUARD], [None, None, *RIGHT]])), 4, id="shifted right"),
        pytest.param(
            workbook(
                ("表", [[GUARD[0], GUARD[1], "基本情况", "", "", "", ""], ["", "", *GUARD[2:]], RIGHT]),
                merge="A1:A2 B1:B2 C1:G1",
            ),
            3,
            id="merged over two rows",
        ),
    ],
)
def test_is_read_as_it_was_meant(content: bytes, row: int) -> None:
    rows, wrong = said(content)
    assert wrong == []
    assert [(one.row, one.fields) for one in rows] == [
        (
            row,
            {"name": "张三", "certified": True, "certificate": "ZJ001", "certified_until": "2026-03-01", "born": 1980},
        )
    ]
    assert rows[0].at == day_of(date(2024, 3, 1)) * MINUTES_A_DAY


def test_formatted_rows_without_content_are_passed_over() -> None:
    def fill(made: Any) -> None:
        for row in range(3, 3000):
            made.worksheets[0].cell(row, 1).fill = PatternFill("solid", start_color="FFFFFF00")

    assert [number for number, _ in found(workbook(("表", [GUARD, RIGHT]), more=fill)).rows] == [2]


def test_hidden_sheets_are_not_read() -> None:
    def hide(made: Any) -> None:
        made["旧表"].sheet_state = "hidden"

    content = workbook(("表", [GUARD, RIGHT]), ("旧表", [GUARD, RIGHT, RIGHT]), more=hide)
    assert len(found(content).rows) == 1


def test_english_titles_are_known_too() -> None:
    titles = ["School *", "Name", "Holds a guard certificate"]
    rows, wrong = said(workbook(("sheet", [titles, ["SCHOOL", "Zhang", "yes"]])))
    assert wrong == []
    assert [(one.roles, one.fields, one.at) for one in rows] == [
        ({"by": ("SCHOOL",)}, {"name": "Zhang", "certified": True}, None)
    ]


def test_columns_nobody_knows_are_named() -> None:
    assert found(workbook(("表", [[*GUARD, "备注"], [*RIGHT, "x"]]))).unknown == [(7, "备注")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"hello", "unreadable_file"),
        (b"PK\x03\x04 broken", "unreadable_file"),
        (b"\xd0\xcf\x11\xe0 broken", "unreadable_file"),
        (workbook(("表", [])), "no_rows"),
        (workbook(("表", [GUARD])), "no_rows"),
        (workbook(("表", [["日期", "内容"], ["2024-01-01", "会议"]])), "not_this_book"),
        (workbook(("表", [["学校", "姓名"], ["甲学校", "张三"]])), "missing_columns"),
        (workbook(("表", [[*GUARD, "姓名"], [*RIGHT, "李四"]])), "duplicate_header"),
        (workbook(("一", [GUARD, RIGHT]), ("二", [GUARD, RIGHT])), "several_sheets"),
    ],
)
def test_what_cannot_be_meant_is_refused(content: bytes, code: str) -> None:
    assert refused(content) == code


def test_more_rows_than_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huxue.exchange.workbook_reading.MOST_ROWS", 3)
    assert len(found(workbook(("表", [GUARD, *[RIGHT] * 3]))).rows) == 3
    assert refused(workbook(("表", [GUARD, *[RIGHT] * 4]))) == "too_many_rows"


def test_two_cells_a_million_rows_apart_are_refused() -> None:
    def far(made: Any) -> None:
        made.worksheets[0].cell(1_048_576, 16_000, "x")

    assert refused(workbook(("表", [GUARD, RIGHT]), more=far)) == "unreadable_file"


def test_a_workbook_that_unfolds_into_too_much_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 201_000_000)
    assert refused(out.getvalue()) == "file_too_big"


# --- wrong cells ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value", "code", "sentence"),
    [
        ("姓名", "", "name", "姓名必填"),
        ("姓名", "字" * 2001, "name", "最多 2000 个字，现有 2001 个"),
        ("持有保安员证", "也许", "certified", "“也许”应为“是”或“否”"),
        ("持有保安员证", None, "certified", "持有保安员证必填"),
        (
            "保安员证号",
            99002319880101,
            "certificate",
            "按数字保存，开头的 0 和 15 位以后的数字会丢失；请把这一列设为“文本”后重填",
        ),
        ("岗位培训有效期至", "2026-13-45", "certified_until", "2026-13-45 这一天不存在"),
        ("岗位培训有效期至", 12.5, "certified_until", "“12.5”不是日期，请写成 2026-03-05"),
        ("岗位培训有效期至", "#N/A", "certified_until", "公式出错，请改成实际的值"),
        ("出生年份", 1890, "born", "不能小于 1930"),
        ("出生年份", 1980.5, "born", "“1980.5”不是整数"),
        ("出生年份", "不详", "born", "“不详”不是数"),
        ("学校", "", "@by", "学校必填"),
        ("学校", "甲学", "@by", "找不到单位“甲学”，是不是“甲学校”？改成全称或编码"),
        ("学校", "没有的单位名", "@by", "找不到单位“没有的单位名”，请写全称或编码"),
        ("学校", "远方学校", "@by", "“远方学校”不在您的管理范围内，请删去这一行"),
        ("学校", "TOWNSHIP", "@by", "“甲乡镇（街道）”不能作为学校，请改填"),
        ("学校", "同名学校", "@by", "有 2 个单位叫“同名学校”，请写成 同名学校[TWIN1]、同名学校[TWIN2] 之一"),
        ("自何时起", "2199-01-01", "#at", "时间晚于现在，请核对年份"),
        ("自何时起", "昨天", "#at", "“昨天”不是日期，请写成 2026-03-05"),
    ],
)
def test_a_wrong_cell_is_named_with_what_to_do(column: str, value: Any, code: str, sentence: str) -> None:
    row = [value if title == column else right for title, right in zip(GUARD, RIGHT, strict=True)]
    rows, wrong = said(workbook(("表", [GUARD, row])))
    assert (rows, wrong) == ([], [(2, code, sentence)])


def test_every_wrong_cell_of_a_row_is_named_at_once() -> None:
    row = ["没有的单位名", "昨天", "", "也许", 5, "x", "y"]
    _, wrong = said(workbook(("表", [GUARD, row])))
    assert sorted(code for _, code, _ in wrong) == [
        "#at", "@by", "born", "certificate", "certified", "certified_until", "name",
    ]  # fmt: skip


def test_an_organisation_that_closed_before_is_named() -> None:
    _, wrong = said(workbook(("表", [GUARD, ["撤销学校", date(2024, 10, 1), *RIGHT[2:]]])))
    assert [code for _, code, _ in wrong] == ["@by"]


def test_the_same_twice_is_named_at_the_second_row() -> None:
    other = [*RIGHT[:2], "李四", *RIGHT[3:4], "ZJ002", *RIGHT[5:]]
    rows, wrong = said(workbook(("表", [GUARD, RIGHT, other, RIGHT])))
    assert [one.row for one in rows] == [2, 3]
    assert wrong == [(4, "", "与第 2 行重复，请删去一行；若确是两个，请填能区分它们的编号")]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (datetime(2026, 3, 1), "2026-03-01"),  # noqa: DTZ001 - as a spreadsheet has it
        (46082, "2026-03-01"),
        ("2026年3月1日", "2026-03-01"),
        ("2026.3.1", "2026-03-01"),
        ("20260301", "2026-03-01"),
    ],
)
def test_dates_are_read_however_they_are_kept(typed: Any, stored: str) -> None:
    rows, wrong = said(workbook(("表", [GUARD, [*RIGHT[:5], typed, 1980]])))
    assert wrong == []
    assert [one.fields["certified_until"] for one in rows] == [stored]


def test_a_named_entry_is_found_and_one_that_is_not_there_is_named() -> None:
    kind = "building-check"
    titles = [column.title.zh for column in columns(city().kinds[kind]) if column.required]
    values = {"学校": "甲学校", "校舍": "食堂", "发生时间": "2024-03-01"}
    row = [values.get(title, "是") for title in titles]
    _, wrong = said(workbook(("表", [titles, row])), kind)
    assert [one for one in wrong if one[1] == "building"] == [
        (2, "building", "台账中没有“食堂”，请先登记该条目，或填它的系统编号")
    ]
    row[titles.index("校舍")] = "教学楼"
    _, wrong = said(workbook(("表", [titles, row])), kind)
    assert [one for one in wrong if one[1] == "building"] == [(2, "building", "“教学楼”有几个同名条目，请填系统编号")]


def test_what_is_own_needs_no_column() -> None:
    check = checking(city().kinds["guard"], own="SCHOOL")
    rows = check.check(read_book(workbook(("表", [GUARD[2:], RIGHT[2:]])), "表.xlsx", check.columns), entries)
    assert [one.roles for one in rows] == [{"by": ("SCHOOL",)}]
    assert check.wrong == []


# --- given back ----------------------------------------------------------------------------------------------------


def test_the_same_workbook_comes_back_with_a_comment_in_each_wrong_cell() -> None:
    bad = [RIGHT[0], RIGHT[1], "", "也许", *RIGHT[4:]]

    def theirs(made: Any) -> None:
        made["表"]["A2"].comment = Comment("我们自己的批注", "校长")

    content = workbook(("说明", [["请填"]]), ("表", [GUARD, RIGHT, bad]), more=theirs)
    check, filled = checking(city().kinds["guard"]), found(content)
    check.check(filled, entries)
    book = load_workbook(io.BytesIO(corrected(content, filled, check.wrong, "zh")))
    sheet = book["表"]
    assert book.sheetnames == ["说明", "表"]
    comments = {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    assert comments == {"A2": "我们自己的批注", "C3": "姓名必填", "D3": "“也许”应为“是”或“否”"}
    assert sheet["C3"].fill.start_color.rgb == "FFFFC7CE"
    assert sheet["H3"].value == "D 列：“也许”应为“是”或“否”；C 列：姓名必填"
    assert [cell.value for cell in sheet[2]][:7] == RIGHT


def test_what_was_marked_before_is_cleared_when_it_is_mended() -> None:
    bad = [RIGHT[0], RIGHT[1], "", *RIGHT[3:]]
    content = workbook(("表", [GUARD, bad, [*RIGHT[:3], "也许", *RIGHT[4:]]]))
    check, filled = checking(city().kinds["guard"]), found(content)
    check.check(filled, entries)
    marked = load_workbook(io.BytesIO(corrected(content, filled, check.wrong, "zh")))
    marked["表"]["C2"] = "王五"
    out = io.BytesIO()
    marked.save(out)
    check, filled = checking(city().kinds["guard"]), found(out.getvalue())
    check.check(filled, entries)
    assert filled.unknown == []
    again = load_workbook(io.BytesIO(corrected(out.getvalue(), filled, check.wrong, "zh")))["表"]
    comments = {c.coordinate: c.comment.author for row in again.iter_rows() for c in row if c.comment}
    assert comments == {"D3": AUTHOR}
    assert (again["H2"].value, again["C2"].fill.fill_type) == (None, None)
