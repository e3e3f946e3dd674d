"""Somebody who has never seen it gets in."""

from __future__ import annotations

from tests.browser.conftest import PHONE, Visitor, accessible


def test_signing_in_shows_what_is_owed(visit: Visitor) -> None:
    page = visit("safety-officer")
    assert page.locator("h1").inner_text() == "我的待办"


def test_the_sign_in_page_is_accessible_at_both_sizes(look: Visitor) -> None:
    for size in ((1366, 768), PHONE):
        page = look(size=size)
        page.goto(f"{look.address}/accounts/login/")
        assert accessible(page) == []
