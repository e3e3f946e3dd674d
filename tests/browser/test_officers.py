"""The day of a county officer, of a department's, of a leader; a post that changes hands; the menu of a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Visitor, accessible, follow


def test_a_county_officer_sends_something_down_to_many_at_once_and_a_school_receives_it(visit: Visitor) -> None:
    page = visit("county-officer")
    follow(page.get_by_role("navigation", name="主导航").get_by_role("link", name="下达"))
    follow(page.get_by_role("link", name="下发").first)
    assert accessible(page) == []
    page.get_by_label("标题").fill("雷雨大风期间停止户外活动")
    page.get_by_label("内容和要求").fill("今天下午三点后停止户外活动。")
    schools = page.locator("label", has=page.locator("input[name=type][value=school]"))
    many = int(re.findall(r"(\d+) 家", schools.inner_text())[0])
    schools.click()
    page.get_by_role("button", name="下一步：看看发给几家").click()
    expect(page.get_by_role("heading", name=f"将发给 {many} 家单位")).to_be_visible()
    names = page.locator("details p").inner_text().split("、")
    assert (many > 1, len(names)) == (True, many)
    assert accessible(page) == []
    page.get_by_role("button", name=f"下发给这 {many} 家").click()
    page.wait_for_url(re.compile(r"/sent/[0-9a-f]{32}$"))
    expect(page.locator("main")).to_contain_text(f"未签收 {many} 家")
    assert accessible(page) == []
    school = visit("principal")
    assert school.locator(".who small").inner_text() in names
    school.goto(f"{visit.address}/received")
    letter = school.locator("article", has_text="雷雨大风期间停止户外活动")
    letter.get_by_role("button", name="签收").click()
    expect(letter.get_by_role("button", name="签收")).to_have_count(0)
    page.reload()
    expect(page.locator("main")).to_contain_text(f"未签收 {many - 1} 家")


def test_a_department_officer_takes_a_hazard_on(visit: Visitor) -> None:
    page = visit("police-officer")
    follow(page.get_by_role("navigation", name="主导航").get_by_role("link", name="隐患"))
    assert accessible(page) == []
    follow(page.locator("main table.tb tbody a").first)
    expect(page.get_by_role("heading", name="谁能办下一步")).to_be_visible()
    assert accessible(page) == []


def test_a_leader_decides_on_a_measure(visit: Visitor) -> None:
    page = visit("county-leader")
    follow(page.get_by_role("navigation", name="主导航").get_by_role("link", name="督办"))
    expect(page.locator("#prop .because")).to_contain_text("建议")
    assert accessible(page) == []
    before = page.locator("main .chip b").first.inner_text()
    page.get_by_role("button", name=re.compile("^同意，发出")).click()
    page.goto(f"{visit.address}/desk")
    expect(page.locator("main .chip b").first).to_have_text(str(int(before) - 1))
    follow(page.get_by_role("link", name="已决定"))
    assert accessible(page) == []


def test_a_post_changes_hands_and_what_is_open_goes_with_it(look: Visitor) -> None:
    page = look("principal")
    follow(page.get_by_role("navigation", name="主导航").get_by_role("link", name="单位"))
    page.goto(f"{look.address}/handover/{school(page.content())}/safety-director")
    assert accessible(page) == []
    leaver = page.locator("#from option").first.inner_text()
    page.get_by_role("combobox", name="接收人").click()
    page.locator("#to-list li").filter(has_not_text=leaver).first.click()
    name = page.get_by_role("combobox", name="接收人").input_value().partition(" (")[0]
    assert name not in ("", leaver)
    page.get_by_role("button", name="调整并生成交接清单").click()
    expect(page.locator("main dl")).to_contain_text(name)
    assert accessible(page) == []


def school(text: str) -> str:
    """The code of one's own school, from the page of organisations."""
    return re.findall(r"LZ\d+T\d+S\d+", text)[0]


@pytest.mark.parametrize(("name", "lang"), [("county-leader", "zh"), ("safety-officer", "en"), ("system", "zh")])
def test_a_phone_reaches_everything_that_a_screen_does(look: Visitor, name: str, lang: str) -> None:
    wide, phone = look(name, lang=lang), look(name, lang=lang, size=PHONE)
    modules = wide.locator("nav.mods a").all_inner_texts()
    phone.locator(".menu summary").click()
    assert phone.locator(".menu nav a").all_inner_texts() == modules
    assert accessible(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    for address in phone.locator(".menu nav a").evaluate_all("all => all.map(one => one.getAttribute('href'))"):
        phone.goto(f"{look.address}{address}")
        assert (address, phone.evaluate("document.documentElement.scrollWidth")) == (address, PHONE[0])
        assert accessible(phone) == []
