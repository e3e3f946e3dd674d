"""The guides of the roles say what the page of guidance says, in both languages, with pictures that are there."""

from __future__ import annotations

import re

import pytest

from huxue.access.roles import roles
from huxue.core.values import Language
from huxue.web.guide import GUIDES
from tests.docs.pages import ROOT

PAGES: dict[Language, str] = {"zh": "roles.zh-CN.md", "en": "roles.md"}
READMES: dict[Language, str] = {"zh": "README.zh-CN.md", "en": "README.md"}
_PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")


def section(page: str, title: str) -> list[str]:
    """The numbered lines of a role."""
    return re.findall(r"^\d\. (.+)$", page.split(f"\n## {title}\n")[1].split("\n## ", maxsplit=1)[0], re.MULTILINE)


@pytest.mark.parametrize("lang", PAGES)
def test_every_role_has_its_guide_with_a_picture(lang: Language) -> None:
    page = (ROOT / "docs" / PAGES[lang]).read_text("utf-8")
    for code, steps in GUIDES.items():
        title = roles()[code].title.say(lang)
        assert section(page, title) == [f"**{one.title.say(lang)}** {one.how.say(lang)}" for one in steps]
        assert len(_PICTURE.findall(page.split(f"\n## {title}\n")[1].split("\n## ")[0])) == 1


def test_each_picture_is_shown_and_each_that_is_shown_is_there() -> None:
    shown = set()
    for lang, name in PAGES.items():
        page, readme = (ROOT / "docs" / name).read_text("utf-8"), (ROOT / READMES[lang]).read_text("utf-8")
        found = {f"docs/{one}" for one in _PICTURE.findall(page)} | set(_PICTURE.findall(readme))
        assert {one.split(".")[-2] for one in found} == {lang}
        assert len(_PICTURE.findall(readme)) == 2
        shown |= found
    assert shown == {str(one.relative_to(ROOT)) for one in (ROOT / "docs" / "pictures").iterdir()}
