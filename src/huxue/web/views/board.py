"""履职看板: organisations and duties as a grid of states, from the kept tallies; every cell opens beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from itertools import pairwise
from typing import Any, Final
from urllib.parse import quote, urlencode

import xlsxwriter
from django.http import Http404, HttpResponse
from markupsafe import escape

from huxue.actions import standings
from huxue.core.duties.explain import clause_of
from huxue.core.duties.standing import STATUSES
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import FAR, MINUTES_A_DAY, Text, date_of
from huxue.standings import grid, owed
from huxue.standings.grid import NOTHING, SIZE, About, Cell, Line, Place
from huxue.web.addresses import address, there_is
from huxue.web.board import WORDS, Painter, rates, shape_of, strip
from huxue.web.calendars import calendar_of
from huxue.web.pages import page
from huxue.web.routing import Request, route
from huxue.web.rules import Rules, rules
from huxue.web.todo import Day, of_duty
from huxue.web.words import period as period_in_words

PERIODS: Final = {
    "school-day": Text(zh="每日", en="Daily"),
    "week": Text(zh="每周", en="Weekly"),
    "month": Text(zh="每月", en="Monthly"),
    "month-in-session": Text(zh="在校每月", en="Monthly in session"),
    "quarter": Text(zh="每季度", en="Quarterly"),
    "half-year": Text(zh="每半年", en="Half-yearly"),
    "term": Text(zh="每学期", en="Each term"),
    "year": Text(zh="每年", en="Yearly"),
    "school-year": Text(zh="每学年", en="Each school year"),
    "special": Text(zh="节点", en="Special times"),
    "campaign": Text(zh="专项", en="Campaigns"),
}
LETTERS: Final = {"zh": 11, "en": 20}  # of a title above a column
PROBLEMS: Final = {"overdue", "atrisk"}
SHOWS: Final = ("overdue", "atrisk", "due", "missed")  # filters of rows


def own(request: Request) -> HttpResponse:
    """The board of the organisation acted for."""
    post = request.viewer.post
    if post is None:
        raise Http404
    return board(request, post.organisation)


def board(request: Request, org: str) -> HttpResponse:
    """The grid of one territory."""
    return page(request, "board/board.html", **_board(request, _place(request, org)))


def _place(request: Request, org: str) -> Place:
    found = grid.place(org)
    if found is None or not request.viewer.scope.covers(found.path):
        raise Http404
    return found


def _board(request: Request, place: Place) -> dict[str, Any]:
    found, asked = rules(request), request.GET
    offices = asked.get("by") == "offices"
    standings.settle(place.code if place.code == _mine(request) else "", now=request.now)
    lines = grid.lines(place, found.rulebook, offices=offices, now=request.now)
    totals = _summed(lines) if offices else grid.totals(place.code)
    there = grid.borne(found.rulebook, totals, _types(found.rulebook, offices=offices))
    duties = grid.columns(there, totals, family=asked.get("family", ""), per=asked.get("per", ""))
    cells = grid.cells(lines, duties)
    kept = _shown(lines, duties, cells, asked.get("show", ""), only=asked.get("only") == "problems")
    start = _start(asked.get("from", ""), len(kept))
    listed = kept[start : start + SIZE]
    counts = owed.counts(place.code, own=False)
    if not counts["bearers"]:
        counts = owed.counts(place.code, own=True)
    return {
        "place": place, "offices": offices, "lines": listed, "every": len(lines), "left": len(lines) - len(kept),
        "duties": duties, "totals": totals, "families": _families(found.rulebook, there, totals),
        "heads": _heads(found.rulebook, duties, request), "kept": owed.about(), "asked": asked,
        "rows": _rows(request, found, place, listed, duties, cells), "strip": strip(counts), "rates": rates(counts),
        "behind": _behind(duties, kept, cells), "periods": _periods(there),
        "with": _with(request),
        "next": start + SIZE if len(kept) > start + SIZE else None, "previous": start - SIZE if start else None,
        "cards": _cards(request, found, place, listed, duties, cells), "above": _above(request, place),
        "shape_of": shape_of, "words": WORDS, "has_duty": there_is("duty", "code"),
    }  # fmt: skip


def _mine(request: Request) -> str:
    return request.viewer.post.organisation if request.viewer.post else ""


def _start(asked: str, count: int) -> int:
    return min(int(asked), max(count - 1, 0)) // SIZE * SIZE if asked.isascii() and asked.isdecimal() else 0


def _types(rulebook: Rulebook, *, offices: bool) -> set[str]:
    every = rulebook.organisation_types.items()
    return {code for code, one in every if (one.level == grid.SCHOOL) is not offices}


def _summed(lines: Sequence[Line]) -> dict[str, Cell]:
    """Add the cells of some organisations up by duty: a territory's tally holds its schools too."""
    found: dict[str, Cell] = {}
    for (_, duty), cell in grid.cells(lines).items():
        if duty:
            found[duty] = grid.added(found.get(duty, NOTHING), cell)
    return found


def _shown(
    lines: Sequence[Line], duties: Sequence[str], cells: Mapping[tuple[str, str], Cell], show: str, *, only: bool
) -> list[Line]:
    """Keep the organisations with a cell of the status asked for, or with any problem."""
    wanted = {show} if show in SHOWS else PROBLEMS if only else set()
    if not wanted:
        return list(lines)
    return [one for one in lines if any(cells.get((one.code, d), NOTHING).status in wanted for d in duties)]


def _families(
    rulebook: Rulebook, there: Mapping[str, About], totals: Mapping[str, Cell]
) -> list[tuple[str, Text, int]]:
    """Return the families of duties there are, each with how many organisations are behind in it."""
    found: dict[str, int] = {}
    for code, one in there.items():
        found[one.family] = found.get(one.family, 0) + totals[code].behind
    return [(code, rulebook.families[code].title, count) for code, count in found.items() if code in rulebook.families]


def _periods(there: Mapping[str, About]) -> list[tuple[str, Text]]:
    periods = {one.period for one in there.values()}
    return [(code, title) for code, title in PERIODS.items() if code in periods]


def _heads(rulebook: Rulebook, duties: Sequence[str], request: Request) -> list[dict[str, Any]]:
    """Return the families above the columns, each with its duties."""
    heads: list[dict[str, Any]] = []
    for code in duties:
        duty = rulebook.duties[code]
        if not heads or heads[-1]["family"] != duty.family:
            family = rulebook.families.get(duty.family)
            heads.append({"family": duty.family, "title": family.title if family else duty.title, "duties": []})
        title = duty.title.say(request.lang)
        heads[-1]["duties"].append((code, title, _short(title, LETTERS[request.lang])))
    return heads


def _short(title: str, letters: int) -> str:
    return title if len(title) <= letters else f"{title[: letters - 1]}…"


def _painter(request: Request, found: Rules, place: Place) -> Painter:
    where = address("board_cell", org="ORG", duty="DUTY")
    return Painter(calendar_of(found, place.path), request.today, request.lang, where)


def _rows(
    request: Request, found: Rules, place: Place, lines: Sequence[Line], duties: Sequence[str],
    cells: Mapping[tuple[str, str], Cell],
) -> list[tuple[Line, Any, Cell]]:  # fmt: skip
    painter = _painter(request, found, place)
    titles = _titles(request, found, duties)
    families = [found.rulebook.duties[code].family for code in duties]
    ends = {code for code, (one, next_) in zip(duties, pairwise([*families, ""]), strict=True) if one != next_}
    return [(one, painter.row(one, duties, titles, cells, ends), cells.get((one.code, ""), NOTHING)) for one in lines]


def _behind(duties: Sequence[str], lines: Sequence[Line], cells: Mapping[tuple[str, str], Cell]) -> list[int]:
    return [sum(cells.get((one.code, code), NOTHING).behind for one in lines) for code in duties]


def _cards(
    request: Request, found: Rules, place: Place, lines: Sequence[Line], duties: Sequence[str],
    cells: Mapping[tuple[str, str], Cell],
) -> list[dict[str, Any]]:  # fmt: skip
    """Return what a phone shows: organisations with problems, each with the duties that it is behind on."""
    painter, made = _painter(request, found, place), []
    titles = _titles(request, found, duties)
    for one in lines:
        bad = [
            (code, cells[one.code, code]) for code in duties if cells.get((one.code, code), NOTHING).status in PROBLEMS
        ]
        if bad:
            overdue = sum(cell.status == "overdue" for _, cell in bad)
            lists = painter.listed(one, bad, titles)
            made.append({"line": one, "duties": lists, "overdue": overdue, "atrisk": len(bad) - overdue})
    return made


def _titles(request: Request, found: Rules, duties: Sequence[str]) -> dict[str, str]:
    """Return the titles of duties, ready to stand in a page."""
    return {code: str(escape(found.rulebook.duties[code].title.say(request.lang))) for code in duties}


def _with(request: Request) -> Any:
    """Return what gives the address of this board with something else asked for."""

    def changed(**more: object) -> str:
        kept = {k: v for k, v in request.GET.items() if k not in (*more, "from")}
        said = {**kept, **{k: v for k, v in more.items() if v}}
        return f"{request.path}?{urlencode(said)}" if said else request.path

    return changed


def _above(request: Request, place: Place) -> list[tuple[str, str]]:
    """Return the boards above this one that the viewer may see."""
    codes = place.path.split("/")[:-2]
    names = owed.names_of(codes)
    paths = {code: place.path[: place.path.index(f"{code}/") + len(code) + 1] for code in codes}
    seen = [code for code in codes if request.viewer.scope.covers(paths[code])]
    return [(address("board_of", org=code), names.get(code, code)) for code in seen]


# --- one cell --------------------------------------------------------------------------------------------------------


def cell(request: Request, org: str, duty: str) -> HttpResponse:
    """What a cell says: beside the grid for htmx, else a page of its own."""
    found, place = rules(request), _place(request, org)
    if duty not in found.rulebook.duties:
        raise Http404
    standings.settle(org, now=request.now)
    part = request.headers.get("HX-Request") == "true"
    return page(
        request, "board/detail.html" if part else "board/cell.html", **_cell(request, found, place, duty, part=part)
    )


def _cell(request: Request, found: Rules, place: Place, code: str, *, part: bool) -> dict[str, Any]:
    duty, painter = found.rulebook.duties[code], _painter(request, found, place)
    own = grid.cells([Line(place.code, place.name, "", whole=False)], [code]).get((place.code, code))
    below = [one for one in grid.behind(place, code) if one[0] != place.code]
    day = Day(request.today, painter.calendar, request.lang)
    open_now = [one for one in owed.owed(place.code) if one.duty == code]
    return {
        "place": place, "duty": duty, "cell": own, "below": below, "painter": painter,
        "says": painter.says(own, painter.number(own, whole=False), whole=False) if own else "",
        "clause": clause_of(duty.source, found.rulebook), "standings": _lately(place.code, code, day),
        "todo_lines": [of_duty(one, found.rulebook, day, place.code) for one in open_now][:3],
        "mine": place.code == _mine(request), "alone": not part,
        "has_why": there_is("why", "org", "duty"),
        "has_dossier": there_is("dossier", "org"),
        "shape_of": shape_of, "words": WORDS,
    }  # fmt: skip


def _lately(org: str, duty: str, day: Day) -> list[dict[str, Any]]:
    made = []
    for period, status, have, need, due in grid.standings_of(org, duty)[:6]:
        name = STATUSES[status]
        words, when = day.clock(due, overdue=name == "overdue") if name in ("due", "overdue") else ("", "")
        said = period_in_words(period, day.lang, otherwise=" ").strip()
        on = day.day(due // MINUTES_A_DAY) if due < FAR * MINUTES_A_DAY else ""
        made.append({"period": said, "status": name, "have": have, "need": need, "words": words, "when": when or on})
    return made


# --- out -------------------------------------------------------------------------------------------------------------


def export(request: Request, org: str) -> HttpResponse:
    """The board as a workbook: every organisation and duty of it, what each cell says in words."""
    place = _place(request, org)
    found, asked = rules(request), request.GET
    offices = asked.get("by") == "offices"
    lines = grid.lines(place, found.rulebook, offices=offices, now=request.now)
    totals = _summed(lines) if offices else grid.totals(place.code)
    there = grid.borne(found.rulebook, totals, _types(found.rulebook, offices=offices))
    families = dict.fromkeys(one.family for one in there.values())
    wanted = [asked["family"]] if asked.get("family") in families else list(families)
    duties = [code for family in wanted for code in grid.columns(there, totals, family=family)]
    content = _workbook(request, found, place, lines, duties)
    answer = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    name = quote(f"{place.name}{'履职看板' if request.lang == 'zh' else ' duties'}.xlsx")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


def _workbook(request: Request, found: Rules, place: Place, lines: Sequence[Line], duties: Sequence[str]) -> bytes:
    painter, cells = _painter(request, found, place), grid.cells(lines, duties)
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(place.name[:31].translate({ord(c): "-" for c in "[]:*?/\\"}))
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        kept, zh = owed.about(), request.lang == "zh"
        sheet.write_row(
            0,
            0,
            [place.name, ("截至 " if zh else "as of ") + date_of(kept.as_of if kept else request.today).isoformat()],
        )
        titles = [found.rulebook.duties[code].title.say(request.lang) for code in duties]
        sheet.write_row(1, 0, ["编码" if zh else "Code", "单位" if zh else "Organisation", *titles], bold)
        for n, one in enumerate(lines, 2):
            said = [cells.get((one.code, code), NOTHING) for code in duties]
            words = [painter.says(c, painter.number(c, whole=one.whole), whole=one.whole) for c in said]
            sheet.write_row(n, 0, [one.code, one.name, *words])
        sheet.freeze_panes(2, 2)
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 1, 28)
    return out.getvalue()


ROUTES = [
    route("board", own, name="board", needs="see"),
    route("board/<str:org>", board, name="board_of", needs="see"),
    route("board/<str:org>/export.xlsx", export, name="board_export", needs="export"),
    route("board/<str:org>/<str:duty>", cell, name="board_cell", needs="see"),
]
