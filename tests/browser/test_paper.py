"""What prints is also read on a screen: a preview that scrolls sideways is reached with the keyboard alone."""

from __future__ import annotations

import pytest

from tests.browser.conftest import DESKTOP, PHONE, Visitor, accessible


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_table_of_a_preview_takes_the_focus(look: Visitor, size: tuple[int, int]) -> None:
    page = look("safety-officer", size=size)
    for kind in ("hazard", "guard"):
        page.goto(f"{look.address}/k/{kind}/print")
        assert accessible(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    page.locator(".bk-scroll").focus()
    page.keyboard.press("ArrowRight")
    wide = page.evaluate("(box => box.scrollWidth > box.clientWidth)(document.querySelector('.bk-scroll'))")
    page.wait_for_function("wide => (document.querySelector('.bk-scroll').scrollLeft > 0) === wide", arg=wide)
    assert (size, wide) == (size, size == PHONE)
