"""Small drawings made on the server: the steps from full points to a score, and how the scores of a tree lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from huxue.standings.kept_scores import Spread

WIDTH: Final = 960
_TOP, _BOTTOM, _EDGE = 30, 180, 20
_ROUND: Final = 500  # hundredths: the axis starts at a multiple of five points


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of the waterfall; ``total`` for the first and the last. ``level``: the height it ends on."""

    x: int
    y: int
    width: int
    height: int
    label: str
    value: str
    level: int
    total: bool = False


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Bars from full points to the score; ``start``: the points at which the axis begins."""

    bars: tuple[Bar, ...]
    start: int


def waterfall(full: int, steps: Sequence[tuple[str, int]], total: int, words: tuple[str, str]) -> Waterfall:
    """Return the bars for full points, (label, hundredths lost) and a total; ``words``: for the first and the last."""
    lowest = min([total, full - sum(max(lost, 0) for _, lost in steps)])
    start = max((lowest - _ROUND) // _ROUND * _ROUND, 0)
    count = len(steps) + 2
    pitch = (WIDTH - 2 * _EDGE) // count
    width = pitch * 7 // 10

    def height(hundredths: int) -> int:
        return _BOTTOM - (_BOTTOM - _TOP) * (hundredths - start) // max(full - start, 1)

    bars = [Bar(_EDGE, height(full), width, _BOTTOM - height(full), words[0], points(full), height(full), total=True)]
    at = full
    for n, (label, lost) in enumerate(steps, 1):
        top, bottom = height(max(at, at - lost)), height(min(at, at - lost))
        at -= lost
        said = f"{'−' if lost > 0 else '+'}{points(abs(lost))}"
        bars.append(Bar(_EDGE + n * pitch, top, width, max(bottom - top, 1), label, said, height(at)))
    last = height(total)
    x = _EDGE + (count - 1) * pitch
    bars.append(Bar(x, last, width, max(_BOTTOM - last, 1), words[1], points(total), last, total=True))
    return Waterfall(tuple(bars), start // 100)


@dataclass(frozen=True, slots=True)
class Box:
    """How the scores of a tree lie, 280 wide: lowest, quarter, middle, three quarters, highest, and one's own."""

    lowest: int
    quarter: int
    middle: int
    three_quarters: int
    highest: int
    own: int


def box(spread: Spread, total: int) -> Box:
    """Return the places of a box plot, in pixels from 10 to 270."""
    lo, hi = spread.lowest, max(spread.highest, spread.lowest + 1)

    def place(hundredths: int) -> int:
        return 10 + 260 * (min(max(hundredths, lo), hi) - lo) // (hi - lo)

    figures = (spread.lowest, spread.quarter, spread.middle, spread.three_quarters, spread.highest, total)
    return Box(*map(place, figures))


def points(hundredths: int) -> str:
    """Return hundredths as points with one decimal where the second is nought."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}" if not rest else f"{whole}.{rest // 10}" if rest % 10 == 0 else f"{whole}.{rest:02}"


__all__ = ["Bar", "Box", "Waterfall", "box", "points", "waterfall"]
