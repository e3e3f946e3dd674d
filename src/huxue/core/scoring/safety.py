"""The rule that looking for hazards never costs: what an indicator may not count, and why.

One more hazard that an organisation found itself and treated in time must lower no score of anybody. A *found case* is
any case but an accident: a kind that states harm (a field of the list ``harms``) says what happened, not what was
found. Shares of obligations met, or met on time, only gain by one more that is met in time; everything else that could
lose is either confined to what others found or refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from huxue.core.duties.shapes import Deed, Duty, Never, Ratio, Repeat, Respond
from huxue.core.scoring.model import AverageDays, Change, Count, Counting, Given, Rate, Tally

if TYPE_CHECKING:
    from huxue.core.rulebook.model import Rulebook

HARMS = "harms"  # the list by which a kind states harm


def found_kinds(rulebook: Rulebook) -> set[str]:
    """Return the case kinds that are found: all but accidents."""
    return {
        code
        for code, kind in rulebook.kinds.items()
        if kind.shape == "case" and all(field.list != HARMS for field in kind.fields.values())
    }


def is_found(deed: Deed | None, rulebook: Rulebook) -> bool:
    """Tell whether a deed is a step of a found case."""
    if deed is None or not deed.step:
        return False
    if deed.case:
        return deed.case in found_kinds(rulebook)
    return any(set(deed.step) & set(rulebook.kinds[code].flow) for code in found_kinds(rulebook))


def opened(rulebook: Rulebook) -> set[str]:
    """Return the case kinds that a step of a found case opens: they follow a finding, whoever found it."""
    return {
        step.opens
        for code in found_kinds(rulebook)
        for step in rulebook.kinds[code].flow.values()
        if step.opens and step.opens in found_kinds(rulebook)
    }


# --- duties ----------------------------------------------------------------------------------------------------------


def endangers(duty: Duty, counting: Counting, rulebook: Rulebook) -> bool:
    """Tell whether one more found case treated in time could lower the share of this duty's obligations that count."""

    def found(deeds: Iterable[Deed | None]) -> bool:
        return any(is_found(deed, rulebook) for deed in deeds)

    match duty.shape:
        case Respond() as shape:
            if shape.match != "case" and found((shape.with_, shape.lifted_by, shape.moved_by)):
                return True  # it would end, lift or move what belongs to another case
            # treated in time, and not verified by somebody else yet
            return (counting == "verified" or duty.counts == "verified") and found((shape.to,))
        case Never() as shape:
            return found((shape.deed,))
        case Ratio() as shape:
            bounded = shape.at_most is not None or shape.less_than or shape.more_than
            return found(p.deed for p in (*shape.of, *shape.need)) or bool(
                bounded and found(p.deed for p in shape.have)
            )
        case Repeat() as shape:
            return bool(shape.sum) and found((shape.deed,)) and _may_be_negative(shape.deed, shape.sum, rulebook)
        case _:
            return False


def _may_be_negative(deed: Deed, name: str, rulebook: Rulebook) -> bool:
    kinds = [rulebook.kinds[deed.case]] if deed.case in rulebook.kinds else list(rulebook.kinds.values())
    bounds = [kind.fields[name].at_least for kind in kinds if name in kind.fields]
    return any(bound is None or bound < 0 for bound in bounds)


# --- tallies ---------------------------------------------------------------------------------------------------------


OTHERS = (
    "自查自报的不能扣分：请写 found_by: others，只计他人发现的",
    "what the scored side found or reported itself may not cost points: say found_by: others",
)
FOLLOWS = (
    "由隐患自动引出的事项不能用来扣分：自查出的隐患也会引出它",
    "cases that follow from a found one may not cost points: one that was found by itself brings them too",
)
COMPARED = (
    "排查出的事项不能与上期比较，也不能按平均天数给所在单位计分：多查一处就会变差",
    "found cases may not cost points by comparing periods or averaging the days of the place: one more makes it worse",
)
REWARDED = (
    "他人发现得越多得分越高，自查反而吃亏",
    "more points for what others found: looking oneself would cost",
)
NEGATIVE = (
    "字段可能为负，合计会使多查一处的单位降分：请给字段写 at_least: 0",
    "the field may be negative, so that one more may not cost points: say at_least: 0 of it",
)
TAKEN = (
    "评分值应取自记录或台账，不取自排查出的事项",
    "a figure is taken from a record or a register, not from a case that was found",
)


def tally_dangers(measure: Tally | AverageDays | Given, rulebook: Rulebook, *, takes: bool) -> tuple[str, str] | None:
    """Return why a measure could make a self-found case cost something; ``takes``: it takes points for each deed."""
    if isinstance(measure, Given):
        return TAKEN if is_found(measure.deed, rulebook) else None
    if isinstance(measure, AverageDays):
        return _average(measure, rulebook)
    deed = measure.deed
    if not is_found(deed, rulebook):
        loses = takes or isinstance(measure, Change) or less_is_better(measure)
        own = deed.as_ in ("by", "with") and bool(deed.record)
        return OTHERS if loses and own and measure.found_by != "others" else None
    if isinstance(measure, Change):
        return COMPARED
    if measure.sum and _may_be_negative(deed, measure.sum, rulebook):
        return NEGATIVE
    if takes or less_is_better(measure):
        return FOLLOWS if deed.case in opened(rulebook) else OTHERS if measure.found_by != "others" else None
    return REWARDED if measure.found_by == "others" else None


def _average(measure: AverageDays, rulebook: Rulebook) -> tuple[str, str] | None:
    if not is_found(measure.begins, rulebook) and not is_found(measure.ends, rulebook):
        return None
    if measure.begins.as_ == "about":
        return COMPARED
    if measure.begins.case in opened(rulebook):
        return FOLLOWS
    return None if measure.found_by == "others" else OTHERS


def less_is_better(measure: object) -> bool:
    """Tell whether more of what a measure counts gives fewer points (adjustments are asked for apart)."""
    return isinstance(measure, Count | Rate) and measure.full_at < measure.none_at
