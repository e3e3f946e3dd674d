"""What the data-frame peers share: the hand-written tables as columns."""

from __future__ import annotations

from typing import Final

from benchmarks.evaluation.ways import plain
from benchmarks.evaluation.ways.hand import _DAYS, class_of, signal_rows, window_rows
from benchmarks.evaluation.ways.plain import CALENDARS, START, TODAY

READS: Final = ("deeds", "spans", "app", "member", "orgcal", "excuse", "traitnum")
Rows = list[tuple[int, ...]]


def tables() -> dict[str, tuple[tuple[str, ...], Rows]]:
    """Return the small tables: columns and rows by name."""
    counted = [*plain.COUNTS, plain.QUARTERLY_MEETING, *plain.DISTINCT, *((d, s, p, 2) for d, s, p, _ in plain.SPACED)]
    wins = window_rows()
    late = {d: plain.entered_by(plain.REPORT, d) for d in range(START, TODAY + 1)}
    days = [
        (c * _DAYS + d - START, p, due, late[d] if c == plain.REPORT else plain.FAR)
        for c, p, lo, hi, due, _ in wins
        for d in range(lo, min(hi, TODAY) + 1)
    ]
    classes: dict[int, list[tuple[int, ...]]] = {}
    for row in wins:
        classes.setdefault(row[0], []).append(row)
    bounds = [
        (c, min(r[2] for r in rows), max(max(r[3:5]) for r in rows), len(rows), sum(r[5] for r in rows))
        for c, rows in classes.items()
    ]
    owed = [(d, p) for d, _, p, _ in plain.COVERS] + [(d, p) for d, _, _, p, _ in plain.RATIOS]
    owed += [(d, p) for d, _, p in (plain.FEWER, plain.BANNED)]
    return {
        "sc": (("signal", "base", "step"), list(signal_rows())),
        "cd": (("key", "p", "due", "till"), days),
        "win": (("class", "p", "wlo", "whi", "due", "is_open"), wins),
        "cls": (("class", "clo", "chi", "size", "due"), bounds),
        "du": (("duty", "signal", "need"), [(d, s, n) for d, s, _, n in counted if d != plain.QUARTERLY_MEETING[0]]),
        "classes": (("duty", "class", "step"), [(d, class_of(p, 0), int(p in plain.BY_CALENDAR)) for d, _, p, _ in counted]),
        "others": (("duty", "class", "step"), [(d, class_of(p, 0), int(p in plain.BY_CALENDAR)) for d, p in owed]),
        "look": (("duty", "cal", "p", "whi", "snap", "is_open"), _looks()),
        "quarter": (("day", "p", "due"), [(d, n, hi) for n, lo, hi in plain.windows(plain.QUARTER, 0) for d in range(lo, hi + 1)]),
        "afters": (("day", "five", "ten"), [(d, plain.after(d, 5), plain.after(d, 10)) for d in range(START, TODAY + 1)]),
        "covers": (("duty", "signal", "share"), [(d, s, share) for d, s, _, share in plain.COVERS]),
        "sides": (("duty", "have", "of", "least"), [(d, a, b, least) for d, a, b, _, least in plain.RATIOS]),
        "asks": (("duty", "signal"), [(r[0], r[1]) for r in plain.RESPOND]),
        "ends": (("duty", "signal", "what"), [(r[0], s, what) for r in plain.RESPOND for s, what in ((r[2], 2), (r[3], 3)) if s >= 0]),
        "states": (("signal", "duty"), [(s, d) for d, s, *_ in (*plain.VALID, *plain.HOLDS, plain.GUARDS, plain.LEASE, plain.RULES)]),
    }  # fmt: skip


def _looks() -> Rows:
    states = [(d, p) for d, _, p, *_ in (*plain.VALID, *plain.HOLDS, plain.GUARDS, plain.LEASE, plain.RULES)]
    return [
        (d, cal, n, hi, min(hi, TODAY), int(hi >= TODAY))
        for d, p in states
        for cal in range(CALENDARS)
        for n, _, hi in plain.windows(p, cal)
    ]
