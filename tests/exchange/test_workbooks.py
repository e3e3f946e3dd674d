"""Every kind of the city's rulebook goes out as a workbook and comes back the same."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from huxue.core.values import Language
from huxue.exchange.workbook_columns import fill_columns, list_columns, plain_title
from huxue.exchange.workbook_reading import read_book
from huxue.exchange.workbook_rows import Words, labels
from huxue.exchange.workbooks import Book, listing, template
from tests.exchange.workbooks import NOW, Item, book, checking, city, columns, entries, filled, places

KINDS = sorted(city().kinds)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", KINDS)
def test_what_is_filled_in_is_read_again(code: str, language: Language) -> None:
    kind = city().kinds[code]
    item = filled(kind)
    content = template(book(kind, language), [item])
    check = checking(kind)
    said = check.check(read_book(content, f"{code}.xlsx", columns(kind)), entries)
    assert check.wrong == []
    assert [(one.roles, one.fields, one.at) for one in said] == [(item.roles, item.fields, item.at)]


@pytest.mark.parametrize("code", KINDS)
def test_no_two_columns_of_a_workbook_bear_one_title(code: str) -> None:
    kind = city().kinds[code]
    for some in (fill_columns(kind, city().lists, whole=True), list_columns(kind, city().lists)):
        for language in ("zh", "en"):
            titles = [plain_title(column.title.say(language)) for column in some]
            assert sorted(set(titles)) == sorted(titles)


def test_the_template_says_how_it_is_filled_in() -> None:
    made = load_workbook(io.BytesIO(template(book(city().kinds["guard"]))))
    sheet = made["保安员台账"]
    assert "内部资料" in sheet["A1"].value
    assert sheet["B2"].value == "必填；单位全称或编码，多个用“；”隔开"
    assert [cell.value for cell in sheet[3]][:5] == [
        "系统编号（勿改）",
        "学校 *",
        "自何时起",
        "姓名 *",
        "持有保安员证 *",
    ]
    assert (sheet.protection.sheet, sheet["D3"].protection.locked) == (True, True)
    assert sheet.column_dimensions["F"].number_format == "@"  # 保安员证号
    rules = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert rules["E4:E10003"] == "'选项'!$B$2:$B$3"
    assert [cell.value for cell in made["选项"]["B"]][:4] == ["持有保安员证", "是", "否", None]
    assert rules["B4:B10003"] == "'选项'!$A$2:$A$2"


def test_a_list_ends_with_its_count_and_a_code_over_what_it_says() -> None:
    kind = city().kinds["guard"]
    first, again, other = io.BytesIO(), io.BytesIO(), io.BytesIO()
    rows = [filled(kind), filled(kind)]
    assert listing(first, book(kind), rows) == listing(again, book(kind), rows)
    rows[1].fields["name"] = "李四"
    assert listing(other, book(kind), rows)[1] != listing(first, book(kind), [filled(kind)])[1]
    count, code = listing(first := io.BytesIO(), book(kind), rows)
    sheet = load_workbook(first).worksheets[0]
    assert count == 2
    assert sheet.cell(6, 1).value == f"※ 共 2 行 · 校验码 {code} · 内部资料"


def test_a_list_read_back_is_an_import() -> None:
    kind = city().kinds["drill"]
    out = io.BytesIO()
    names = labels({place.code: place.name for place in places()})
    some = Book(kind.title, list_columns(kind, city().lists), Words(kind, city().lists, "zh", names))
    listing(out, some, [filled(kind)])
    check = checking(kind)
    said = check.check(read_book(out.getvalue(), "drills.xlsx", columns(kind)), entries)
    assert check.wrong == []
    assert [one.fields for one in said] == [filled(kind).fields]


def test_ten_thousand_rows_go_out_and_come_back() -> None:
    kind, out = city().kinds["guard"], io.BytesIO()
    item = filled(kind)
    count, _ = listing(out, book(kind), (item for _ in range(10_000)))
    assert count == 10_000
    assert len(read_book(out.getvalue(), "guards.xlsx", columns(kind)).rows) == 10_000


def test_a_formula_in_a_value_stays_text() -> None:
    kind = city().kinds["venue"]
    item = Item(at=NOW, roles={"by": ("TOWNSHIP",)}, fields={"name": "=HYPERLINK(1)"})
    out = io.BytesIO()
    listing(out, book(kind), [item])
    out.seek(0)
    cells = [
        cell for row in load_workbook(out).worksheets[0].iter_rows() for cell in row if cell.value == "=HYPERLINK(1)"
    ]
    assert [cell.data_type for cell in cells] == ["s"]
