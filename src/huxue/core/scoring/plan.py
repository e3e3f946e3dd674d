"""What scores have to be gathered: the deeds and entries to count, the traits to measure, the periods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from huxue.core.duties.compile import Tallied
from huxue.core.duties.history import CalendarsLike
from huxue.core.duties.shapes import Deed, Duty
from huxue.core.rulebook.model import Rulebook
from huxue.core.scoring.model import AverageDays, Change, Given, Rate, Recurring, Share, Tally, Tree, tallies
from huxue.core.scoring.safety import endangers
from huxue.core.scoring.score import Span

Part = tuple[str, str, str]  # tree, part of it, and which of its deeds: "", "begins", "ends"


def tallied(trees: Mapping[str, Tree]) -> dict[Part, Tallied]:
    """Return what is to be counted beside the duties, in order."""
    return {
        (code, part, which): one for code, tree in trees.items() for part, measure in tallies(tree)
        for which, one in _tallied(measure)
    }  # fmt: skip


def _tallied(measure: Tally | AverageDays | Recurring | Given) -> Iterator[tuple[str, Tallied]]:
    if isinstance(measure, AverageDays):
        yield "begins", Tallied(deed=measure.begins)
        yield "ends", Tallied(deed=measure.ends)
    elif isinstance(measure, Recurring):
        yield "", Tallied(deed=measure.deed, key=measure.same)
    elif isinstance(measure, Given):
        yield "", Tallied(deed=measure.deed, entry=measure.entry, sum=measure.field)
    else:
        yield "", Tallied(deed=measure.deed, sum=measure.sum)


def traits(trees: Mapping[str, Tree]) -> set[str]:
    """Return the traits that rates are measured by."""
    found = (measure for tree in trees.values() for _, measure in tallies(tree))
    return {measure.of for measure in found if isinstance(measure, Rate | Change) and measure.of}


def periods(tree: Tree, calendars: CalendarsLike, day: int, as_of: int) -> tuple[Span, Span] | None:
    """Return the assessment period that holds ``day`` and the one before; their trees are those of their last day.

    ``None`` where the calendar has no such period, or it has not begun by ``as_of``.
    """
    holding = [p for p in calendars.default.periods(tree.per, day, day) if p.lo <= as_of]
    if not holding:
        return None
    now = holding[-1]
    before = calendars.default.periods(tree.per, now.lo - 1, now.lo - 1)
    earlier = before[-1] if before else now
    return (
        Span(now.key, now.lo, now.hi, min(now.hi, as_of)),
        Span(earlier.key, earlier.lo, earlier.hi, min(earlier.hi, as_of)),
    )


def counted_duties(share: Share, duties: Mapping[str, Duty], rulebook: Rulebook) -> list[str]:
    """Return the duties whose obligations a share counts: those named, or all of its families but the endangering."""
    if share.duties:
        return [code for code in share.duties if code in duties]
    return [
        code
        for code, duty in duties.items()
        if duty.family in share.family and not endangers(duty, share.counting, rulebook)
    ]


def left_out(share: Share, duties: Mapping[str, Duty], rulebook: Rulebook) -> list[str]:
    """Return the duties of the families that a share leaves out, because looking for hazards would cost."""
    counted = set(counted_duties(share, duties, rulebook))
    return [code for code, duty in duties.items() if duty.family in share.family and code not in counted]


def deeds_of(measure: Tally | AverageDays | Recurring | Given) -> tuple[Deed, ...]:
    """Return the deeds that a measure counts."""
    return tuple(one.deed for _, one in _tallied(measure) if one.deed is not None)
