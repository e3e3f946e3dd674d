"""A list as a workbook, as a 台账 on paper, and as a Word file."""

from __future__ import annotations

from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, NamedTuple, cast
from urllib.parse import quote

from django.http import FileResponse, HttpResponse

from huxue.core.kinds import Kind
from huxue.documents.values import Document, Paragraph, Signature, Table
from huxue.exchange.workbook_columns import AT, DEADLINE, STEP, Column, list_columns
from huxue.exchange.workbook_rows import CheckCode
from huxue.exchange.workbooks import INTERNAL, listing
from huxue.web.outgoing import Outgoing, asked_of, term
from huxue.web.pages import page
from huxue.web.papers import SIGNERS, unit_of
from huxue.web.routing import Request, route
from huxue.web.rules import rules
from huxue.web.views.books import XLSX
from huxue.web.views.papers import word_file
from huxue.web.words import long_day

MOST: Final = 50_000  # rows of a workbook
PRINTED: Final = 1_000  # of a list on paper
WORD: Final = 500  # of a Word file
COLUMNS: Final = 8  # that fit across A4
IN_MEMORY: Final = 4_000_000  # bytes
_LONG: Final = 60  # characters of a cell on paper


def workbook(request: Request, kind: str) -> FileResponse:
    """Hand a list out as a workbook, with its number of rows and check code below."""
    out = _outgoing(request, kind)
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    listing(cast("BinaryIO", file), out.book(), islice(out.rows(), MOST))
    file.seek(0)
    response = FileResponse(file, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_dated(request, out.kind) + '.xlsx')}"
    response["Cache-Control"] = "private, no-store"
    return response


def _dated(request: Request, kind: Kind) -> str:
    return f"{kind.title.say(request.lang)}-{long_day(request.today, request.lang).partition('（')[0]}"


def _outgoing(request: Request, kind: str) -> Outgoing:
    declared = rules(request).kind(kind)
    return Outgoing(request, declared, asked_of(request, declared, size=50))


class Ledger(NamedTuple):
    """A 台账: titles, rows of cells, whether more rows were left out, and the code over what it says."""

    heads: list[str]
    rows: list[list[str]]
    more: bool
    code: str


def ledger_of(out: Outgoing, most: int) -> Ledger:
    """Return a list as it goes on paper: those of its columns that fit, at most ``most`` rows."""
    lists = rules(out.request).rulebook.lists
    columns = paper_columns(out.kind, list_columns(out.kind, lists))
    found = list(islice(out.rows(), most + 1))
    words, code = out.words, CheckCode()
    rows = []
    for row in found[:most]:
        cells = [row.organisation_name, *(_short(words.text(column, row)) for column in columns)]
        code.add(cells)
        rows.append(cells)
    unit = "单位" if out.request.lang == "zh" else "Organisation"
    return Ledger([unit, *(c.title.say(out.request.lang) for c in columns)], rows, len(found) > most, str(code))


def paper_columns(kind: Kind, columns: tuple[Column, ...]) -> list[Column]:
    """Return the columns that go on paper: when, where a case stands, then required fields and filters, then others."""
    known = [one for one in columns if one.code in (AT, STEP, DEADLINE)]
    fields = [one for one in columns if one.field is not None and one.field.type != "place"]

    def weight(column: Column) -> tuple[bool, bool]:
        rule = column.field
        assert rule is not None  # noqa: S101 - these are fields
        return (not (rule.required or rule.search or _asked_first(kind, column.code)), not rule.facet)

    chosen = {one.code for one in sorted(fields, key=weight)[: COLUMNS - len(known)]}
    return [*known[:1], *(one for one in fields if one.code in chosen), *known[1:]]


def _asked_first(kind: Kind, name: str) -> bool:
    return any(step.opening and name in step.asks for step in kind.flow.values())


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def printed(request: Request, kind: str) -> HttpResponse:
    """Show a list as a 台账 that prints on A4 across."""
    out = _outgoing(request, kind)
    found = ledger_of(out, PRINTED)
    return page(
        request, "books/ledger.html", kind=out.kind, title=title_of(out.kind, request), found=found,
        unit=unit_of(request), term=term(request), day_said=long_day(request.today, request.lang).partition("（")[0],
        signers=[one.say(request.lang) for one in SIGNERS], internal=INTERNAL.say(request.lang), most=PRINTED,
        query=request.GET.urlencode(),
    )  # fmt: skip


def title_of(kind: Kind, request: Request) -> str:
    """Return the title of a 台账: the kind's, with the word where it does not bear it already."""
    said = kind.title.say(request.lang)
    return said if request.lang == "en" or said.endswith(("台账", "登记", "清单", "名册")) else f"{said}台账"


def word(request: Request, kind: str) -> HttpResponse:
    """Hand a list out as a Word file."""
    out = _outgoing(request, kind)
    return word_file(document_of(request, out, ledger_of(out, WORD)), _dated(request, out.kind))


def document_of(request: Request, out: Outgoing, found: Ledger) -> Document:
    """Return a 台账 as a document across."""
    zh = request.lang == "zh"
    heads = ["序号" if zh else "No.", *found.heads]
    rows = [[str(number), *cells] for number, cells in enumerate(found.rows, 1)]
    said = f"填报单位：{unit_of(request)}　{term(request)}" if zh else f"{unit_of(request)} · {term(request)}"
    widths = [2, *(6 if head == found.heads[0] else 5 for head in found.heads)]
    end: list[Any] = [Signature([one.say(request.lang) for one in SIGNERS])]
    if found.more:
        more = f"只含前 {WORD} 行，其余请缩小范围或导出表格。" if zh else f"Only the first {WORD} rows."
        end.insert(0, Paragraph(more, small=True))
    code = "校验码" if zh else "check code"
    foot = f"共 {len(rows)} 行 · {code} {found.code}" if zh else f"{len(rows)} rows · {code} {found.code}"
    return Document(
        title_of(out.kind, request), (Paragraph(said, indent=False, small=True), Table(heads, rows, widths), *end),
        date=long_day(request.today, request.lang).partition("（")[0], label=INTERNAL.say(request.lang), foot=foot,
        landscape=True, language=request.lang,
    )  # fmt: skip


ROUTES = [
    route("k/<slug:kind>/export.xlsx", workbook, name="export", needs="export"),
    route("k/<slug:kind>/print", printed, name="print", needs="export"),
    route("k/<slug:kind>/word", word, name="word", needs="export"),
]
