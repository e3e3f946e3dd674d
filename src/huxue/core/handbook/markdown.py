"""A little Markdown: tables, bullet points, anchors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; a bar or a line break inside a cell does not break it."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def bullets(points: Iterable[tuple[str, str]], *, zh: bool) -> str:
    """Return labelled points as a list."""
    return "\n".join(
        f"- **{label}**{'：' if zh else ':'} {' '.join(text.split())}".replace("： ", "：") for label, text in points
    )


def page(parts: Iterable[str]) -> str:
    """Return the parts of a page with an empty line between them."""
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def link(text: str, target: str) -> str:
    """Return a link."""
    return f"[{text}]({target})"


def anchor(heading: str) -> str:
    """Return the anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
