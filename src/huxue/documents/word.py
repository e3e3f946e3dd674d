"""A document as a Word file on the page of GB/T 9704: A4, margins 37/35/28/26 mm, 22 lines of 28 characters.

Every run names its East Asian font: without it a word processor takes whatever it has. Text 3号仿宋, title 2号小标宋,
headings 3号黑体 and 3号楷体, tables 小四 and 五号; page numbers 4号 outside, — 1 —.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final, NamedTuple

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as Lines
from docx.text.run import Run

from huxue.documents.values import (
    MOST_ROWS,
    Block,
    Document,
    Heading,
    KeyValues,
    PageBreak,
    Paragraph,
    Signature,
    Table,
)

TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26  # mm
LINE: Final = 28.95  # points: 22 lines in 225 mm
GRID: Final = 579  # the same in twentieths
CLOSER: Final = -5  # twentieths of a point between characters of 3号: 28 in 156 mm
ROOM: Final = 6_000  # characters of one cell: what is longer is a file, not a cell


class Face(NamedTuple):
    """A font: East Asian, Latin, size in points."""

    east: str
    latin: str
    size: float
    bold: bool = False


TITLE: Final = Face("方正小标宋简体", "Times New Roman", 22)
TEXT: Final = Face("仿宋", "Times New Roman", 16)
LEVELS: Final = (Face("黑体", "Arial", 16), Face("楷体", "Times New Roman", 16))
NUMBER: Final = Face("仿宋", "Times New Roman", 16)
LABEL: Final = Face("黑体", "Arial", 16)
CELL: Final = Face("仿宋", "Times New Roman", 12)
HEAD: Final = Face("黑体", "Arial", 12)
SMALL: Final = Face("仿宋", "Times New Roman", 10.5)
FOOT: Final = Face("宋体", "Times New Roman", 14)


def document(value: Document) -> bytes:
    """Return a document as the bytes of a .docx."""
    made = docx.Document()
    made.core_properties.title, made.core_properties.author = _readable(value.title)[:200], value.unit or "护学 Huxue"
    made.core_properties.comments = ""
    _page(made, value)
    _normal(made)
    _opening(made, value)
    for block in value.blocks:
        _block(made, block, value)
    _closing(made, value)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


# --- the page ------------------------------------------------------------------------------------------------------


def _page(made: Any, value: Document) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = (Mm(297), Mm(210)) if value.landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if value.landscape else WD_ORIENT.PORTRAIT
    top, bottom, left, right = (26, 22, 22, 22) if value.landscape else (TOP, BOTTOM, LEFT, RIGHT)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.footer_distance = Mm(bottom - 10)
    if not value.landscape:
        grid = section._sectPr.find(qn("w:docGrid"))  # noqa: SLF001 - python-docx has no other way to the grid
        if grid is None:
            grid = OxmlElement("w:docGrid")
            section._sectPr.append(grid)  # noqa: SLF001
        grid.set(qn("w:type"), "lines")  # a grid of characters is read differently by every word processor
        grid.set(qn("w:linePitch"), str(GRID))
    made.settings.odd_and_even_pages_header_footer = True
    _footer(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT, value.foot)
    _footer(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT, value.foot)


def _footer(lines: Lines, side: WD_ALIGN_PARAGRAPH, foot: str) -> None:
    lines.alignment = side
    if foot:
        _run(lines, f"{foot}　", SMALL)
    _run(lines, "— ", FOOT)
    _field(lines, "PAGE")
    _run(lines, " —", FOOT)


def _field(lines: Lines, name: str) -> None:
    for sort in ("begin", "", "end"):
        run = _run(lines, "", FOOT)
        if sort:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), sort)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = name
        run._r.append(mark)  # noqa: SLF001 - python-docx knows no fields


def _normal(made: Any) -> None:
    """Give the style that everything follows its fonts; words of tables made by hand then look alike."""
    style = made.styles["Normal"]
    style.font.name, style.font.size = TEXT.latin, Pt(TEXT.size)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), TEXT.east)
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)


# --- blocks --------------------------------------------------------------------------------------------------------


def _opening(made: Any, value: Document) -> None:
    if value.label:
        _say(made, value.label, LABEL)
    title = _say(made, value.title, TITLE, WD_ALIGN_PARAGRAPH.CENTER, pitch=36)
    title.paragraph_format.space_before = Pt(0 if value.label else LINE)
    if value.number:
        _say(made, value.number, NUMBER, WD_ALIGN_PARAGRAPH.CENTER)
    _say(made, "", SMALL, pitch=12)


def _block(made: Any, block: Block, value: Document) -> None:
    match block:
        case Heading():
            lines = _say(made, block.text, LEVELS[0 if block.level == 1 else 1])
            lines.paragraph_format.keep_with_next = True
            _indent(lines, value)
        case Paragraph():
            _paragraph(made, block, value)
        case KeyValues():
            _pairs(made, block, value)
        case Table():
            _table(made, block, value)
        case Signature():
            _signature(made, block)
        case PageBreak():
            made.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _paragraph(made: Any, block: Paragraph, value: Document) -> None:
    for text in block.text.split("\n"):
        lines = _say(made, text, SMALL if block.small else TEXT, pitch=18 if block.small else LINE)
        if block.indent and not block.small:
            _indent(lines, value)


def _indent(lines: Lines, value: Document) -> None:
    """Move the first line in by two characters, as the language has it."""
    if value.language == "zh":
        lines.paragraph_format.first_line_indent = Pt(2 * TEXT.size)


def _pairs(made: Any, block: KeyValues, value: Document) -> None:
    columns = max(1, block.columns)
    rows = [block.rows[start : start + columns] for start in range(0, len(block.rows), columns)]
    table = _grid(made, len(rows), 2 * columns, [9, 28 if columns == 1 else 19] * columns, value)
    for cells, pairs in zip(table.rows, rows, strict=True):
        row = cells.cells
        for index, (name, said) in enumerate(pairs):
            _cell(row[2 * index], name, HEAD)
            _cell(row[2 * index + 1], said, CELL)
        if len(pairs) < columns:
            row[2 * len(pairs) - 1].merge(row[-1])
    _after(made)


def _table(made: Any, block: Table, value: Document) -> None:
    rows = block.rows[:MOST_ROWS]
    face = SMALL if value.landscape or len(block.heads) > 5 else CELL  # noqa: PLR2004 - what 156 mm hold at 小四
    table = _grid(made, len(rows) + 1, len(block.heads), list(block.widths) or [1] * len(block.heads), value)
    _repeat(table.rows[0])
    for cell, head in zip(table.rows[0].cells, block.heads, strict=True):
        _cell(cell, head, Face(HEAD.east, HEAD.latin, face.size), WD_ALIGN_PARAGRAPH.CENTER)
    for cells, said in zip(table.rows[1:] if rows else (), rows, strict=True):
        for cell, text in zip(cells.cells, said, strict=True):
            _cell(cell, text, face)
    _after(made)


def _grid(made: Any, rows: int, columns: int, widths: Sequence[int], value: Document) -> Any:
    table = made.add_table(rows, columns)
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    whole = 253 if value.landscape else 156  # mm between the margins
    for column, part in zip(table.columns, widths, strict=True):
        column.width = Mm(whole * part / sum(widths))
        for cell in column.cells:
            cell.width = column.width
    for row in table.rows:
        cannot = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(cannot)  # noqa: SLF001 - python-docx has no other way
    return table


def _repeat(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - python-docx has no other way


def _cell(cell: Any, text: str, face: Face, side: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT) -> None:
    lines = cell.paragraphs[0]
    for index, part in enumerate(text[:ROOM].split("\n")):
        if index:
            lines = cell.add_paragraph()
        lines.alignment = side
        lines.paragraph_format.line_spacing = Pt(face.size + 5)
        _off_the_grid(lines)
        _run(lines, part, face)


def _signature(made: Any, block: Signature) -> None:
    lines = _say(made, "", TEXT, pitch=1.4 * LINE)
    lines.paragraph_format.keep_with_next = True
    for label in block.labels:
        _run(lines, f"{label}：{'_' * 9}　", TEXT)


def _closing(made: Any, value: Document) -> None:
    """Put unit and date below the text at the right, the date four characters in (GB/T 9704)."""
    if not value.unit and not value.date:
        return
    _say(made, "", SMALL, pitch=14)
    for text in (value.unit, value.date):
        if text:
            lines = _say(made, text, TEXT, WD_ALIGN_PARAGRAPH.RIGHT)
            lines.paragraph_format.right_indent = Pt(4 * TEXT.size if text == value.date else 2 * TEXT.size)
            lines.paragraph_format.keep_with_next = text == value.unit


def _after(made: Any) -> None:
    _say(made, "", SMALL, pitch=10)


def _say(
    made: Any, text: str, face: Face, side: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT, pitch: float = LINE
) -> Lines:  # fmt: skip
    lines: Lines = made.add_paragraph()
    lines.alignment = side
    lines.paragraph_format.line_spacing = Pt(pitch)
    if text:
        _run(lines, text, face)
    return lines


def _off_the_grid(lines: Lines) -> None:
    mark = OxmlElement("w:snapToGrid")
    mark.set(qn("w:val"), "0")
    properties = lines._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no other way
    properties.insert_element_before(mark, "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr", "w:sectPr")


def _run(lines: Lines, text: str, face: Face) -> Run:
    run = lines.add_run(_readable(text))
    run.font.name, run.font.size, run.font.bold = face.latin, Pt(face.size), face.bold
    properties = run._r.get_or_add_rPr()  # noqa: SLF001 - python-docx has no other way
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), face.east)
    if face.size == TEXT.size:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(CLOSER))
        properties.insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:u", "w:lang")
    return run


def _readable(text: str) -> str:
    """Return text without the control characters that XML cannot hold."""
    return "".join(letter for letter in text if letter >= " " or letter in "\n\t")
