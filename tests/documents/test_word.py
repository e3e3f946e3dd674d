"""Word files: the page of GB/T 9704, an East Asian font on every run, and nothing that a word processor cannot open."""

from __future__ import annotations

import io

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from huxue.documents.values import Block, Document, Heading, KeyValues, PageBreak, Paragraph, Signature, Table
from huxue.documents.word import document

BLOCKS: tuple[Block, ...] = (
    Heading("一、基本情况"),
    Heading("（一）隐患", 2),
    Paragraph("第一段\n第二段"),
    Paragraph("附注", small=True),
    KeyValues([("学校", "甲学校"), ("校长", "张三"), ("人数", "612")], 2),
    Table(["序号", "内容"], [["1", "灭火器过期\n疏散指示灯不亮"], ["2", ""]], [1, 5]),
    PageBreak(),
    Signature(["经办人", "负责人"]),
)
WHOLE = Document(
    "关于隐患整改的报告", BLOCKS, number="青崖隐〔2026〕0412", unit="青崖县教育局", date="2026年3月5日",
    label="内部资料", foot="校验码 1234",
)  # fmt: skip


def opened(value: Document) -> docx.document.Document:
    return docx.Document(io.BytesIO(document(value)))


def test_the_page_is_that_of_the_standard() -> None:
    section = opened(WHOLE).sections[0]
    page = section.page_width, section.page_height, section.top_margin, section.bottom_margin
    assert [round(one.mm) for one in page if one] == [210, 297, 37, 35]
    assert [round(one.mm) for one in (section.left_margin, section.right_margin) if one] == [28, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")
    assert Mm(225).pt / 28.95 == pytest.approx(22, abs=0.05)


def test_a_list_lies_across() -> None:
    section = opened(Document("台账", landscape=True)).sections[0]
    assert [round(one.mm) for one in (section.page_width, section.page_height) if one] == [297, 210]


def test_every_run_names_its_east_asian_font() -> None:
    made = opened(WHOLE)
    body = made.element.body
    runs = [run for run in body.iter(qn("w:r")) if run.find(qn("w:t")) is not None]
    fonts = [run.find(qn("w:rPr")).find(qn("w:rFonts")).get(qn("w:eastAsia")) for run in runs]
    assert len(fonts) > 20
    assert None not in fonts
    assert set(fonts) == {"方正小标宋简体", "仿宋", "黑体", "楷体"}


def test_what_is_said_stands_in_it_in_order() -> None:
    made = opened(WHOLE)
    texts = [one.text for one in made.paragraphs if one.text.strip()]
    assert texts == [
        "内部资料", "关于隐患整改的报告", "青崖隐〔2026〕0412", "一、基本情况", "（一）隐患", "第一段", "第二段",
        "附注", "经办人：_________　负责人：_________　", "青崖县教育局", "2026年3月5日",
    ]  # fmt: skip
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in made.tables]
    assert tables == [
        [["学校", "甲学校", "校长", "张三"], ["人数", "612", "612", "612"]],
        [["序号", "内容"], ["1", "灭火器过期\n疏散指示灯不亮"], ["2", ""]],
    ]


def test_the_titles_of_a_table_stand_on_every_page_and_its_rows_do_not_break() -> None:
    rows = opened(WHOLE).tables[1].rows
    marks = [[child.tag.rpartition("}")[2] for child in row._tr.trPr] for row in rows]
    assert marks == [["cantSplit", "tblHeader"], ["cantSplit"], ["cantSplit"]]


def test_page_numbers_stand_outside() -> None:
    section = opened(WHOLE).sections[0]
    sides = [footer.paragraphs[0].alignment for footer in (section.footer, section.even_page_footer)]
    assert [int(side) for side in sides if side is not None] == [2, 0]
    assert section.footer.paragraphs[0].text.startswith("校验码 1234")


def test_control_characters_are_left_out() -> None:
    assert opened(Document("标\x00题\x0b", [Paragraph("a\x01b")])).paragraphs[0].text == "标题"


def test_the_same_document_twice_says_the_same() -> None:
    assert document(WHOLE)[:2] == b"PK"
    texts = [[one.text for one in opened(WHOLE).paragraphs] for _ in range(2)]
    assert texts[0] == texts[1]
