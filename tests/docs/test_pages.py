"""Pages that promise only what is there: links, commands, decisions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from huxue.commands import main
from tests.docs.pages import ROOT, Typed, anchors, links, matches, pages, steps

PAGES = {str(page.relative_to(ROOT)): page for page in pages()}
_WORD = re.compile(r"(?:^|[\s`(])(?:huxue|python3 run\.py)((?: --(?:site|lang) \S+)*) ([a-z][a-z-]*)")
OF_RUN = {"test", "lint", "bench"}  # run.py's own


def broken(page: Path) -> list[str]:
    found = []
    for link in links(page.read_text("utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            found.append(link)
    return found


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    assert broken(PAGES[name]) == []


@pytest.mark.parametrize("name", PAGES)
def test_links_stay_inside_the_repository(name: str) -> None:
    paths = [link.partition("#")[0] for link in links(PAGES[name].read_text("utf-8")) if not re.match(r"[a-z]+:", link)]
    assert [path for path in paths if not (PAGES[name].parent / path).resolve().is_relative_to(ROOT)] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_command_named_exists(name: str) -> None:
    text = PAGES[name].read_text("utf-8")
    said = {word for _, word in _WORD.findall(_code(text))}
    assert sorted(said - set(main.names()) - OF_RUN) == []


def _code(text: str) -> str:
    """Return what a page sets as code: blocks, and words in backticks each on a line of its own."""
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    words = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))
    commands = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return "\n".join([*commands, *words])


def test_decisions_are_numbered_in_order_without_a_gap() -> None:
    names = sorted(page.name for page in (ROOT / "docs/adr").glob("*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


@pytest.mark.parametrize("page", sorted((ROOT / "docs/adr").glob("*.md")), ids=lambda page: page.name)
def test_a_decision_has_its_number_and_its_parts(page: Path) -> None:
    text = page.read_text("utf-8")
    assert re.match(rf"# {page.name[:4]} \S", text)
    assert "Decision" in text
    assert len(text.splitlines()) <= 60


def test_decisions_are_listed() -> None:
    index = (ROOT / "docs/index.md").read_text("utf-8")
    assert [page.name for page in (ROOT / "docs/adr").glob("*.md") if f"(adr/{page.name})" not in index] == []


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("a … c", "a b c\n", True),
        ("a … c", "a b d\n", False),
        ("a\n…\nd", "a\nb\nc\nd\n", True),
        ("a\n…", "a\n", True),
        ("a\n…\nd", "a\nb\nc\n", False),
        ("", "a\n", False),
        ("a.c", "abc\n", False),
    ],
)
def test_what_is_promised(expected: str, printed: str, same: bool) -> None:
    assert matches(expected, printed) is same


def test_a_page_is_read_in_order() -> None:
    page = "`a.yaml`:\n\n```yaml\nx: 1\n```\n\n```console\n$ huxue a\nb\n$ huxue c\n```\n"
    assert [type(step).__name__ for step in steps(page)] == ["Shown", "Typed", "Typed"]
    assert list(steps(page))[1:] == [Typed("huxue a", "b"), Typed("huxue c", "")]
