"""Workbooks of a kind: template, upload with every wrong cell named, difference, writing and taking back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from huxue.actions.acting import By
from huxue.actions.workbooks import DAYS_TO_TAKE_BACK, Change, Done, Examined, Hand, examine, take_back, take_in
from huxue.core.kinds import Kind
from huxue.core.values import MINUTES_A_DAY, Refused, date_of
from huxue.exchange.waiting import Room, Waiting
from huxue.exchange.workbook_checking import WrongCell
from huxue.exchange.workbook_columns import Column
from huxue.exchange.workbook_notes import corrected
from huxue.exchange.workbook_reading import LARGEST, MEGABYTE, MOST_ROWS, Filled
from huxue.exchange.workbook_rows import Words, labels
from huxue.exchange.workbooks import Book, template
from huxue.ledger.for_workbooks import Standing, standing_entries
from huxue.web.pages import page
from huxue.web.routing import Request, route
from huxue.web.rules import rules

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN: Final = 60  # wrong rows, changed entries and missing ones that a page shows
WIDE: Final = 7  # columns of a wrong row that are shown beside the wrong ones
PREFILLED: Final = 2_000  # entries that a template brings along
OFFERED: Final = 3_000  # organisations in a drop-down


def hand_of(request: Request) -> Hand:
    """Return who hands a workbook in; whoever holds no post cannot."""
    post = request.viewer.post
    if post is None:
        raise Http404
    found = rules(request)
    return Hand(
        found.rulebook, found.calendars, By(post.post, request.viewer.person), request.viewer.scope, request.now
    )


def empty_template(request: Request, kind: str) -> HttpResponse:
    """Hand out the workbook to fill in; a register's brings along what stands already."""
    declared = rules(request).kind(kind)
    hand = hand_of(request)
    hand.kind(kind)
    columns = hand.columns(declared)
    names = labels({code: place.name for code, place in hand.places.items()})
    standing = standing_entries(declared, hand.places) if declared.shape == "register" else []
    words = Words(declared, hand.rulebook.lists, request.lang, names)
    offered = sorted(names[code] for code, place in hand.places.items() if place.closed > request.now)[:OFFERED]
    book = Book(declared.title, columns, words, unit_of(request), date_of(request.today).isoformat(), offered)
    shown = (_shown(declared, hand, one) for one in standing) if len(standing) <= PREFILLED else ()
    content = template(book, shown)
    return download(content, f"{declared.title.say(request.lang)}.xlsx", XLSX)


class _Row:
    """An entry that stands, as a row of the template."""

    step, ended_as, deadline = "", "", None

    def __init__(self, standing: Standing) -> None:
        """Take what the ledger says."""
        self.item, self.at, self.roles, self.fields = standing.item, standing.at, standing.roles, dict(standing.fields)


def _shown(kind: Kind, hand: Hand, standing: Standing) -> _Row:
    """Return an entry as a row; personal values only where it credits one's own organisation."""
    row = _Row(standing)
    if not any(hand.by.organisation in codes for codes in standing.roles.values()):
        row.fields = {name: value for name, value in standing.fields.items() if not kind.fields[name].personal}
    return row


def unit_of(request: Request) -> str:
    """Return the name of the organisation acted for."""
    return request.viewer.post.organisation_name if request.viewer.post else ""


def download(content: bytes, name: str, sort: str) -> HttpResponse:
    """Return a file to be saved under a name."""
    response = HttpResponse(content, content_type=sort)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    return response


# --- upload --------------------------------------------------------------------------------------------------------


def upload(request: Request, kind: str) -> HttpResponse:
    """Show where a workbook is handed in; keep what is handed in and go on to its report."""
    declared = rules(request).kind(kind)
    hand = hand_of(request)
    hand.kind(kind)
    room = _room(request)
    refused = None
    if request.method == "POST":
        try:
            content, name = _handed_in(request)
            examine(hand=hand, kind=kind, content=content, name=name)
            kept = room.keep(kind, name, content)
        except Refused as found:
            refused = found
        else:
            return redirect("import_report", kind=kind, upload=kept.id)
    context = _context(request, declared) | {
        "waiting": list(room.all(kind)), "refused": refused, "largest": LARGEST, "most": MOST_ROWS,
        "several": hand.whole(declared),
    }  # fmt: skip
    return page(request, "books/upload.html", 422 if refused else 200, **context)


def _handed_in(request: Request) -> tuple[bytes, str]:
    file = request.FILES.get("book")
    if file is None:
        raise Refused("no_file", "请先选择要上传的表格。", "Choose a workbook first.")
    name = (file.name or "book.xlsx")[-120:]
    if (file.size or 0) > LARGEST * MEGABYTE:
        raise Refused(
            "file_too_big", f"“{name}”超过 {LARGEST} MB 的上限，请分成几个文件。",
            f"{name} is larger than {LARGEST} MB: split it into several files.",
        )  # fmt: skip
    return file.read(), name


def _room(request: Request) -> Room:
    assert request.viewer.user is not None  # noqa: S101 - nobody else holds a post
    return Room.of(settings.SITE, request.viewer.user.pk, request.now)


def _waiting(request: Request, kind: str, upload: str) -> tuple[Room, Waiting]:
    room = _room(request)
    found = room.get(upload, kind)
    if found is None:
        raise Http404
    return room, found


# --- report --------------------------------------------------------------------------------------------------------


class ShownRow(NamedTuple):
    """A wrong row as the page shows it: (cell, wrong?) in order, and its sentences with the letter of the column."""

    row: int
    cells: list[tuple[str, bool]]
    notes: list[tuple[str, str]]


def report(request: Request, kind: str, upload: str) -> HttpResponse:
    """Show what is wrong in a workbook and what it would change; afterwards, what it did."""
    declared = rules(request).kind(kind)
    room, waiting = _waiting(request, kind, upload)
    if waiting.state != "waiting":
        return page(request, "books/done.html", **_context(request, declared), **_done(request, waiting))
    hand = hand_of(request)
    found = examine(hand=hand, kind=kind, content=room.content(waiting), name=waiting.name)
    return page(request, "books/report.html", **_context(request, declared), **_found(request, hand, waiting, found))


def _context(request: Request, declared: Kind) -> dict[str, Any]:
    return {"kind": declared, "title": declared.title.say(request.lang)}


def _done(request: Request, waiting: Waiting) -> dict[str, Any]:
    until = waiting.written + DAYS_TO_TAKE_BACK * MINUTES_A_DAY
    return {"waiting": waiting, "until": until, "may_take_back": waiting.state == "done" and request.now <= until}


def _found(request: Request, hand: Hand, waiting: Waiting, found: Examined) -> dict[str, Any]:
    columns = _shown_columns(found)
    return {
        "waiting": waiting, "found": found, "heads": [(_letter(found.filled, c), c.title) for c in columns],
        "rows": _shown_rows(request, found, columns), "wrong_rows": found.wrong_rows, "shown": SHOWN,
        "good": len(found.filled.rows) - found.wrong_rows,
        "changes": [_change(request, hand, found, one) for one in found.changed[:SHOWN]],
        "missing": [_name(found, _shown(found.kind, hand, one)) for one in found.missing[:SHOWN]],
    }  # fmt: skip


def _letter(filled: Filled, column: Column) -> str:
    return filled.letter(column.code)


def _shown_columns(found: Examined) -> list[Column]:
    """Return the columns of the table of wrong rows: those with something wrong, and the first ones beside them."""
    here = [column for column in found.columns if column.code in found.filled.places]
    wrong = {one.code for one in found.wrong}
    first = [column for column in here if column.code != "#item" or column.code in wrong][:WIDE]
    chosen = {column.code for column in first} | wrong
    return sorted((c for c in here if c.code in chosen), key=lambda column: found.filled.places[column.code])


def _shown_rows(request: Request, found: Examined, columns: Sequence[Column]) -> list[ShownRow]:
    cells = dict(found.filled.rows)
    rows: list[ShownRow] = []
    for row, notes in groupby(found.wrong[: SHOWN * 3], key=lambda one: one.row):
        if len(rows) == SHOWN:
            break
        rows.append(_shown_row(request, found, columns, row, cells[row], list(notes)))
    return rows


def _shown_row(
    request: Request, found: Examined, columns: Sequence[Column], row: int, cells: Sequence[Any], notes: list[WrongCell]
) -> ShownRow:  # fmt: skip
    raw = found.filled.raw(cells)
    wrong = {one.code for one in notes}
    shown = [(_cell(raw.get(column.code)), column.code in wrong) for column in columns]
    said = [(found.filled.letter(one.code), one.zh if request.lang == "zh" else one.en) for one in notes]
    return ShownRow(row, shown, said)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:80]


def _change(request: Request, hand: Hand, found: Examined, change: Change) -> dict[str, Any]:
    """Return one entry before and after, field by field."""
    assert change.before is not None  # noqa: S101 - only entries change
    names = labels({code: place.name for code, place in hand.places.items()})
    words = Words(found.kind, hand.rulebook.lists, request.lang, names)
    before, after = _shown(found.kind, hand, change.before), _Row(change.before)
    after.fields, after.roles = change.fields, {**change.before.roles, **change.said.roles}
    touched = {*change.touched(), *(f"@{r}" for r, codes in after.roles.items() if before.roles.get(r) != codes)}
    columns = [column for column in found.columns if column.code in touched]
    lines = [(c.title, words.text(c, before), words.text(c, after)) for c in columns]
    return {"row": change.said.row, "name": _name(found, before), "lines": lines}


def _name(found: Examined, row: _Row) -> str:
    """Return what to call an entry: the first words it says, else its number."""
    texts = [c for c in found.columns if c.field is not None and c.field.type in ("text", "person")]
    return next((str(row.fields[column.code]) for column in texts if row.fields.get(column.code)), f"…{row.item[-8:]}")


def marked(request: Request, kind: str, upload: str) -> HttpResponse:
    """Hand the same workbook back with a red comment in each wrong cell."""
    room, waiting = _waiting(request, kind, upload)
    content = room.content(waiting)
    found = examine(hand=hand_of(request), kind=kind, content=content, name=waiting.name)
    stem = waiting.name.rpartition(".")[0] or waiting.name
    name = f"{stem}-{'批注' if request.lang == 'zh' else 'marked'}.xlsx"
    return download(corrected(content, found.filled, found.wrong, request.lang), name, XLSX)


# --- writing -------------------------------------------------------------------------------------------------------


def write(request: Request, kind: str, upload: str) -> HttpResponse:
    """Write what a workbook says: all of it, or only its right rows; sent twice it is written once."""
    if request.method != "POST":
        raise Http404
    rules(request).kind(kind)
    room, waiting = _waiting(request, kind, upload)
    if waiting.state == "waiting":
        done = take_in(
            hand=hand_of(request), kind=kind, content=room.content(waiting), name=waiting.name,
            only_right=request.POST.get("rows") == "right",
        )  # fmt: skip
        room.say(_written(waiting, done, request.now), done.facts)
    return redirect("import_report", kind=kind, upload=upload)


def _written(waiting: Waiting, done: Done, now: int) -> Waiting:
    return replace(
        waiting, state="done", written=now, number=done.number, new=done.new, changed=done.changed,
        unchanged=done.unchanged, left_out=done.left_out,
    )  # fmt: skip


def back(request: Request, kind: str, upload: str) -> HttpResponse:
    """Take a whole import back."""
    if request.method != "POST":
        raise Http404
    room, waiting = _waiting(request, kind, upload)
    hand = hand_of(request)
    if waiting.state == "done":
        take_back(
            rulebook=hand.rulebook, by=hand.by, now=request.now, facts=room.facts(waiting), written=waiting.written
        )
        room.say(replace(waiting, state="back"))
    return redirect(reverse("import_report", kwargs={"kind": kind, "upload": upload}))


_BOOK: Final = "k/<slug:kind>/import"
ROUTES = [
    route("k/<slug:kind>/template.xlsx", empty_template, name="template", needs="import"),
    route(_BOOK, upload, name="import", needs="import"),
    route(f"{_BOOK}/<slug:upload>", report, name="import_report", needs="import"),
    route(f"{_BOOK}/<slug:upload>/marked.xlsx", marked, name="import_marked", needs="import"),
    route(f"{_BOOK}/<slug:upload>/write", write, name="import_write", needs="import"),
    route(f"{_BOOK}/<slug:upload>/back", back, name="import_back", needs="import"),
]

__all__ = ["ROUTES", "XLSX", "download", "hand_of", "unit_of"]
