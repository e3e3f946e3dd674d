"""The handbook's small Markdown as HTML: headings, paragraphs, points, tables, links. Everything else is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from markupsafe import Markup, escape

from huxue.core.handbook.markdown import anchor

Address = Callable[[str], str]  # target of a link as written → address of a page, "" for none
_LINK: Final = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_BOLD: Final = re.compile(r"\*\*(.+?)\*\*")
_CODE: Final = re.compile(r"`([^`]+)`")
_HEADING: Final = re.compile(r"(#{1,6}) (.*)")


def html(text: str, address: Address = lambda _: "") -> Markup:
    """Return Markdown as HTML; a link whose target has no address stays as its words."""
    return Markup("\n").join(_block(block, address) for block in re.split(r"\n{2,}", text.strip()) if block)


def inline(text: str, address: Address = lambda _: "") -> Markup:
    """Return one line as HTML."""
    said = str(escape(text)).replace("&lt;br&gt;", "<br>")
    said = _LINK.sub(lambda found: _link(found[1], found[2], address), said)
    return Markup(_CODE.sub(r"<code>\1</code>", _BOLD.sub(r"<b>\1</b>", said)))  # noqa: S704 - escaped two lines above


def _link(words: str, target: str, address: Address) -> str:
    found = address(target.replace("&amp;", "&"))
    return f'<a href="{escape(found)}">{words}</a>' if found else words


def _block(block: str, address: Address) -> Markup:
    heading = _HEADING.fullmatch(block)
    if heading:
        level = len(heading[1])
        return Markup('<h{} id="{}">{}</h{}>').format(level, anchor(heading[2]), inline(heading[2], address), level)
    lines = block.split("\n")
    if lines[0].startswith("| "):
        return _table(lines, address)
    if lines[0].startswith("- "):
        points = Markup("").join(Markup("<li>{}</li>").format(inline(one[2:], address)) for one in lines)
        return Markup('<ul class="points">{}</ul>').format(points)
    return Markup("<p>{}</p>").format(Markup(" ").join(inline(one, address) for one in lines))


def _table(lines: list[str], address: Address) -> Markup:
    head, _, *rows = lines
    made = Markup("").join(_row(one, "td", address) for one in rows)
    heads = _row(head, "th", address)
    return Markup('<div class="scroll"><table class="tb tb-d"><thead>{}</thead><tbody>{}</tbody></table></div>').format(
        heads, made
    )


def _row(line: str, cell: str, address: Address) -> Markup:
    cells = Markup("").join(Markup("<{}>{}</{}>").format(cell, inline(one, address), cell) for one in _cells(line))
    return Markup("<tr>{}</tr>").format(cells)


def _cells(line: str) -> Iterator[str]:
    """Yield the cells of a row; a bar after a backslash belongs to its cell."""
    for cell in re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|")):
        yield cell.strip().replace("\\|", "|")
