"""The day of a school's safety officer: what is owed, a drill written down, the duty turned, a hazard, the dossier."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visitor, accessible

DRILL = re.compile("演练|drill", re.IGNORECASE)
KINDS = {"防身": "self-defence", "防震": "earthquake", "防疫": "epidemic", "防火": "fire", "疏散": "evacuation"}


def record_drill(page: Page, visitor: Visitor, button: str) -> str:
    """Write down the drill that is owed first, starting from the list; return what was owed."""
    page.goto(f"{visitor.address}/")
    owed = page.locator(".todo", has=page.locator("a.t", has_text=DRILL)).first
    title = owed.locator("a.t").inner_text()
    owed.get_by_role("link", name=button).click()
    (kind,) = {code for word, code in KINDS.items() if word in title or code in title.lower()}
    expect(page.locator("input[name='f.drill_kind']:checked")).to_have_value(kind)
    page.get_by_role("button", name=re.compile("^(保存|Save)$")).click()
    return title


def test_a_drill_is_recorded_and_the_duty_turns(visit: Visitor) -> None:
    page = visit("safety-officer")
    expect(page.locator("h1")).to_have_text("我的待办")
    before = page.locator(".todo a.t", has_text=DRILL).count()
    title = record_drill(page, visit, "登记")
    expect(page).to_have_url(re.compile(r"/k/drill/[0-9a-f]{32}"))
    page.goto(f"{visit.address}/")
    expect(page.locator(".todo a.t", has_text=title)).to_have_count(0, timeout=15_000)
    assert page.locator(".todo a.t", has_text=DRILL).count() == before - 1


def test_the_same_on_the_phone_in_english(look: Visitor) -> None:
    page = look("safety-officer", size=PHONE, lang="en")
    title = record_drill(page, look, "Record")
    page.goto(f"{look.address}/")
    expect(page.locator(".todo a.t", has_text=title)).to_have_count(0, timeout=15_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_home_is_accessible(look: Visitor) -> None:
    page = look("safety-officer")
    assert accessible(page) == []
