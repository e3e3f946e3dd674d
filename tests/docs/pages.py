"""The Markdown pages as the tests read them: files, commands with what they print, links, headings.

A page shows a file as a paragraph that ends in its name in backticks and a colon, followed by a fenced block::

    `my-county/rulebook.yaml`:

    ```yaml
    code: muhe
    ```

and what is typed as a fenced block of the language ``console``: lines after ``$ `` are typed, the lines below them are
what must come out. ``…`` stands for anything within a line, a line that is only ``…`` for any number of lines. Several
spaces are as good as one, so that a page may show a table more narrowly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(r"^```(\S*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"`([^`\n]+)`[:：]\s*$")
_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Shown:
    """A file that a page shows."""

    name: str
    text: str


@dataclass(frozen=True)
class Typed:
    """A command that a page types, and the lines it promises."""

    command: str
    expected: str


def pages() -> list[Path]:
    """Every Markdown page that a reader may come to."""
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def steps(text: str) -> Iterator[Shown | Typed]:
    """Yield what a page shows and types, in order."""
    for fence in _FENCE.finditer(text):
        if fence[1] == "console":
            yield from _console(fence[2])
        elif name := _NAME.search(text[: fence.start()].rstrip("\n")):
            yield Shown(name[1], fence[2])


def _console(block: str) -> Iterator[Typed]:
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)
    assert parts[0] == "", f"a console block begins with a command, not with {parts[0]!r}"
    for part in parts[1:]:
        command, _, expected = part.partition("\n")
        yield Typed(command, expected.strip("\n"))


def prose(text: str) -> str:
    """Return a page without its fenced blocks."""
    return _FENCE.sub("", text)


def links(text: str) -> list[str]:
    """Return the targets of a page's links."""
    return _LINK.findall(prose(text))


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = _HEADING.findall(prose(text))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def matches(expected: str, printed: str) -> bool:
    """Tell whether what was printed is what a page promises."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "…" else ".*".join(map(re.escape, line.rstrip().split("…"))) + r"[ \t]*\n"
        for line in _narrow(expected).splitlines()
    )
    return re.fullmatch(pattern, _narrow(printed).rstrip("\n") + "\n") is not None


def _narrow(text: str) -> str:
    return re.sub(" {2,}", " ", text)
