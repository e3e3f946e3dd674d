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


def less_is_better(measure: object) -> bool:
    """Tell whether more of what a measure counts gives fewer points (adjustments are asked for apart)."""
    return isinstance(measure, Count | Rate) and measure.full_at < measure.none_at


def tally_dangers(measure: Tally | AverageDays | Given, rulebook: Rulebook, *, takes: bool) -> tuple[str, str] | None:
    """Return why a measure could make a self-found case cost something; ``takes``: it takes points for each deed."""
    if isinstance(measure, Given):
        return _unlike(is_found(measure.deed, rulebook))
    if isinstance(measure, AverageDays):
        return _needs_others((measure.begins, measure.ends), measure, rulebook)
    loses = takes or less_is_better(measure) or isinstance(measure, Change)
    summed = measure.sum and _may_be_negative(measure.deed, measure.sum, rulebook)
    if summed and is_found(measure.deed, rulebook):
        loses = True
    return _needs_others((measure.deed,), measure, rulebook) if loses else None


def _needs_others(deeds: tuple[Deed, ...], measure: Tally | AverageDays, rulebook: Rulebook) -> tuple[str, str] | None:
    for deed in deeds:
        if is_found(deed, rulebook) and (deed.case in opened(rulebook) or not deed.case):
            return (
                "由隐患自动引出的事项不能用来扣分或比较：自查出的隐患也会引出它",
                "cases that follow from a found one may not cost points: one that was found by itself brings them too",
            )
        own_record = bool(deed.record) and deed.as_ in ("by", "with")
        if (is_found(deed, rulebook) or own_record) and measure.found_by != "others":
            return (
                "自查自报的不能扣分：请写 found_by: others，只计他人发现的",
                "what the scored side found or reported itself may not cost points: say found_by: others",
            )
    return None


def _unlike(found: bool) -> tuple[str, str] | None:  # noqa: FBT001 - said by its name
    if not found:
        return None
    return (
        "评分值应取自记录或台账，不取自排查出的事项",
        "a figure is taken from a record or a register, not from a case that was found",
    )
