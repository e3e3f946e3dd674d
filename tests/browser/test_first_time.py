"""Somebody who has never seen it: a list of guards with three wrong rows, why a county is red, a dossier on paper."""

from __future__ import annotations

import re
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visitor, accessible, follow

FIRST = 4  # the row below the notes and the titles
WRONG = [("乙二", "也许", None), (None, "是", None), ("丁四", "否", "2026-13-45")]
RIGHT = [("乙二", "是", None), ("丙三", "是", None), ("丁四", "否", "2026-12-31")]


def write(book: Path, rows: list[tuple[str | None, str, str | None]], *, below: int) -> None:
    """Write names, certificates and dates into a template, as somebody types them."""
    file = load_workbook(book)
    sheet = file.worksheets[0]
    column = {str(cell.value).rstrip(" *"): cell.column for cell in sheet[FIRST - 1]}
    for n, values in enumerate(rows):
        for title, value in zip(("姓名", "持有保安员证", "岗位培训有效期至"), values, strict=True):
            sheet.cell(below + n, column[title]).value = value
    file.save(book)


def upload(page: Page, book: Path) -> None:
    page.set_input_files("input[type=file]", book)
    page.get_by_role("button", name="上传并核对").click()
    page.wait_for_url(re.compile(r"/k/guard/import/[0-9a-f]+"))


def got(page: Page, link: str, into: Path) -> Path:
    """Follow a link that hands over a file."""
    with page.expect_download() as handed:
        page.get_by_role("link", name=link).click()
    handed.value.save_as(into)
    return into


def test_a_list_of_guards_with_three_wrong_rows_is_mended(visit: Visitor, tmp_path: Path) -> None:
    page = visit("safety-officer")
    follow(page.get_by_role("navigation", name="主导航").get_by_role("link", name="台账"))
    follow(page.get_by_role("link", name="保安员台账"))
    follow(page.get_by_role("link", name="导入"))
    assert accessible(page) == []
    book = got(page, "下载模板", tmp_path / "guards.xlsx")
    below = FIRST + sum(row[0].value is not None for row in load_workbook(book).worksheets[0].iter_rows(min_row=FIRST))
    write(book, WRONG, below=below)
    upload(page, book)
    expect(page.get_by_text("有 3 行不能导入")).to_be_visible()
    assert accessible(page) == []
    back = got(page, "下载带批注的原表", tmp_path / "back.xlsx")
    notes = [cell.coordinate for row in load_workbook(back).worksheets[0].iter_rows() for cell in row if cell.comment]
    assert notes == [f"D{below}", f"C{below + 1}", f"F{below + 2}"]
    write(back, RIGHT, below=below)
    follow(page.get_by_role("link", name="重新上传"))
    upload(page, back)
    page.get_by_role("button", name="确认写入 3 行").click()
    expect(page.get_by_role("heading", name="已写入台账")).to_be_visible()
    follow(page.get_by_role("link", name="查看台账"))
    for name, _, _ in RIGHT:
        expect(page.get_by_role("cell", name=str(name))).to_be_visible()


def test_a_leader_sees_where_it_is_red_and_why_in_two_clicks(visit: Visitor) -> None:
    page = visit("leader")
    follow(page.get_by_role("navigation", name="主导航").get_by_role("link", name="履职"))
    assert accessible(page) == []
    page.locator("td.c-overdue a").first.click()
    expect(page.locator("#detail h2")).to_be_focused()
    expect(page.locator("#detail")).to_contain_text("依据：")
    follow(page.locator("#detail").get_by_role("link", name="看缘由"))
    expect(page.locator(".because").first).to_contain_text("因为")
    assert accessible(page) == []


def test_the_board_goes_from_the_city_to_a_school_in_two_clicks_on_the_phone_too(look: Visitor) -> None:
    page = look("leader")
    page.goto(f"{look.address}/board")
    page.locator("th.org a").first.click()
    page.wait_for_url(re.compile(r"/board/LZ\d+$"))
    page.locator("th.org a").first.click()
    page.wait_for_url(re.compile(r"/board/LZ\w+S\d+$"))
    phone = look("leader", size=PHONE, lang="en")
    phone.goto(f"{look.address}/board")
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    assert accessible(phone) == []


def test_a_dossier_is_printed(look: Visitor) -> None:
    page = look("principal")
    page.add_init_script("window.print = () => { document.documentElement.dataset.printed = 'yes' }")
    page.goto(f"{look.address}/")
    expect(page.get_by_role("link", name="一校一档")).to_be_visible()
    follow(page.get_by_role("navigation", name="主导航").get_by_role("link", name="单位"))
    follow(page.locator("main a[href^='/o/']").first)
    follow(page.get_by_role("link", name="一校一档"))
    assert accessible(page) == []
    page.get_by_role("button", name="打印一校一档").click()
    expect(page.locator("html[data-printed=yes]")).to_have_count(1)
    page.emulate_media(media="print")
    for part in ("header.top", ".tabbar", "footer.foot"):
        expect(page.locator(part)).to_be_hidden()
    assert page.pdf(format="A4")[:5] == b"%PDF-"
