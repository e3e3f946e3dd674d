"""What scores have to be gathered: the deeds and entries to count, the traits to measure, the periods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from huxue.core.duties.compile import Besides, Tallied
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


def besides(trees: Mapping[str, Tree]) -> Besides:
    """Return what an evaluation has to count beside the duties, and the traits that rates are measured by."""
    found = (measure for tree in trees.values() for _, measure in tallies(tree))
    traits = {measure.of for measure in found if isinstance(measure, Rate | Change) and measure.of}
    return Besides(tuple(tallied(trees).values()), frozenset(traits))


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


def counts(share: Share, duty: Duty, rulebook: Rulebook) -> bool:
    """Tell whether a share counts the obligations of a duty: named, or of its families and not endangering."""
    wanted = duty.code in share.duties or duty.family in share.family
    return wanted and not endangers(duty, share.counting, rulebook)


def left_out(share: Share, rulebook: Rulebook) -> list[str]:
    """Return the duties of the families that a share leaves out, because looking for hazards would cost."""
    return [
        code
        for code, duty in rulebook.duties.items()
        if duty.family in share.family and endangers(duty, share.counting, rulebook)
    ]


def deeds_of(measure: Tally | AverageDays | Recurring | Given) -> tuple[Deed, ...]:
    """Return the deeds that a measure counts."""
    return tuple(one.deed for _, one in _tallied(measure) if one.deed is not None)
