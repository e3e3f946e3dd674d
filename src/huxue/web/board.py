"""Painting the duty board: cells as text made once, so that 40 × 25 of them cost no template."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final
from urllib.parse import quote

from markupsafe import Markup, escape

from huxue.core.calendar import Calendar
from huxue.core.values import MINUTES_A_DAY, Language, Text
from huxue.standings.grid import NOTHING, Cell, Line
from huxue.standings.rollups import per_mille

STRIP: Final = ("overdue", "atrisk", "due", "met", "missed", "excused")
WORDS: Final = {
    "met": Text(zh="已完成", en="met"),
    "due": Text(zh="待办", en="due"),
    "atrisk": Text(zh="临期", en="at risk"),
    "overdue": Text(zh="逾期", en="overdue"),
    "missed": Text(zh="未履行", en="missed"),
    "excused": Text(zh="免除", en="excused"),
    "na": Text(zh="不适用", en="not applicable"),
}
DRAWN: Final = {"due": "pending"}
RATES: Final = {
    "done": Text(zh="办结率", en="Done"),
    "on_time": Text(zh="按时率", en="On time"),
    "verified": Text(zh="核实率", en="Verified"),
    "still_true": Text(zh="仍属实率", en="Still true"),
}
_SHAPES: Final = {
    status: f'<svg class="sh" aria-hidden="true"><use href="#s-{DRAWN.get(status, status)}"/></svg>' for status in WORDS
}


def strip(counts: Mapping[str, int]) -> list[tuple[str, Text, int]]:
    """Return the six counts in their fixed order; what is at risk is not counted as due once more."""
    said = {**counts, "atrisk": counts["at_risk"], "due": counts["due"] - counts["at_risk"]}
    return [(status, WORDS[status], said[status]) for status in STRIP]


def rates(counts: Mapping[str, int]) -> list[tuple[Text, str, int, int]]:
    """Return the four rates as (title, per cent or "", n, of); nothing to divide by is no rate, and never zero."""
    closed = counts["met"] + counts["overdue"] + counts["missed"]
    pairs = {
        "done": (counts["met"], closed),
        "on_time": (counts["on_time"], closed),
        "verified": (counts["verified"], counts["verifiable"]),
        "still_true": (counts["confirmed"], counts["checked"]),
    }
    return [(RATES[name], percent(n, of), n, of) for name, (n, of) in pairs.items()]


def percent(n: int, of: int) -> str:
    """Return a share as 87.5%, "" of nothing."""
    value = per_mille((n, of)) if of else None
    return "" if value is None else f"{value // 10}.{value % 10}%"


class Painter:
    """Paints the cells of one board. ``address`` gives the page of an organisation and a duty."""

    def __init__(self, calendar: Calendar, today: int, lang: Language, address: str) -> None:
        """Keep what every cell needs; ``address`` holds ``ORG`` and ``DUTY``."""
        self.calendar, self.today, self.lang = calendar, today, lang
        self._between: dict[int, int] = {}
        self._head, rest = address.split("ORG")
        self._middle, self._tail = rest.split("DUTY")
        self._words = {status: text.say(lang) for status, text in WORDS.items()}

    def workdays(self, due: int) -> int:
        """Return the workdays between a deadline and today, either way."""
        day = due // MINUTES_A_DAY
        if day not in self._between:
            early, late = sorted((day, self.today))
            self._between[day] = self.calendar.workdays_between(early, late)
        return self._between[day]

    def number(self, cell: Cell, *, whole: bool) -> str:
        """Return the number in a cell: of a territory who is behind or at risk, else workdays; "" for none."""
        status = cell.status
        if status not in ("overdue", "atrisk"):
            return ""
        if whole:
            return str(cell.behind if status == "overdue" else cell.at_risk)
        due = cell.oldest if status == "overdue" else cell.nearest
        return "" if due is None else str(self.workdays(due))

    def says(self, cell: Cell, number: str, *, whole: bool) -> str:
        """Return a cell in words."""
        status, zh = cell.status, self.lang == "zh"
        word = self._words[status]
        if not number:
            return word
        if whole:
            return f"{word} {number} 个单位" if zh and status == "overdue" else f"{word} {number}"
        if status == "overdue":
            return f"逾期 {number} 个工作日" if zh else f"{number} workdays late"
        return f"剩 {number} 个工作日" if zh else f"{number} workdays left"

    def row(self, line: Line, duties: Sequence[str], titles: Mapping[str, str], cells: Cells, last: set[str]) -> Markup:
        """Return the cells of one organisation; ``titles`` are escaped. ``last``: duties after which a family ends."""
        made = []
        name, code, whole = escape(line.name), quote(line.code), line.whole
        comma, colon = ("，", "：") if self.lang == "zh" else (", ", ": ")
        head, middle, tail = (
            f'<a href="{self._head}{code}{self._middle}',
            f'{self._tail}" tabindex="-1" aria-label="{name}{comma}',
            "</a></td>",
        )
        for duty in duties:
            cell = cells.get((line.code, duty), NOTHING)
            status = cell.status
            number = self.number(cell, whole=whole)
            border = " gl" if duty in last else ""
            label = f"{titles[duty]}{colon}{self.says(cell, number, whole=whole)}"
            shown = f"{_SHAPES[status]}<b>{number}</b>" if number else _SHAPES[status]
            made.append(
                f'<td class="c c-{DRAWN.get(status, status)}{border}">{head}{duty}{middle}{label}">{shown}{tail}'
            )
        return Markup("".join(made))  # noqa: S704 - every part is escaped above or our own

    def listed(self, line: Line, found: Sequence[tuple[str, Cell]], titles: Mapping[str, str]) -> Markup:
        """Return the duties of one organisation as the lines of a list, for a phone."""
        made, head = [], f"{self._head}{quote(line.code)}{self._middle}"
        for duty, cell in found:
            shape, said = shape_of(cell.status), self.says(cell, self.number(cell, whole=line.whole), whole=line.whole)
            made.append(
                f'<li><a href="{head}{duty}{self._tail}">{titles[duty]}</a>'
                f'<span class="end"><span class="st st-{shape}">'
                f"{_SHAPES[cell.status]}<span>{said}</span></span></span></li>"
            )
        return Markup("".join(made))  # noqa: S704 - titles are escaped by who gives them


Cells = Mapping[tuple[str, str], Cell]
Say = Callable[[Text], str]


def shape_of(status: str) -> str:
    """Return the name of the shape of a status."""
    return DRAWN.get(status, status)


__all__ = ["STRIP", "WORDS", "Cells", "Painter", "percent", "rates", "shape_of", "strip"]
