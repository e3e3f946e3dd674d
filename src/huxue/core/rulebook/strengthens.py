"""The proof that one duty is at least as strict as another: whoever meets the first has met the second.

What is looked at, in this order: who owes it, the deed or entry, the windows of five calendar years in every area, the
need. What cannot be shown is returned as a reason; an empty list is a proof. ``docs/reference/rulebook.md`` says which
pairs can be proved.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from huxue.core.duties.history import CalendarsLike
from huxue.core.duties.shapes import (
    Cover,
    Deed,
    Duty,
    Entry,
    Keep,
    Members,
    Never,
    Part,
    Ratio,
    Repeat,
    Respond,
    Span,
    Step,
)
from huxue.core.duties.window import CalendarLike, Window, is_civil, windows
from huxue.core.rulebook.implication import implies
from huxue.core.values import FAR, MINUTES_A_DAY

Reason = tuple[str, str]
WHOLE = 1000  # per mille
_LARGEST_TABLE = 200_000  # sizes compared one by one


@dataclass(frozen=True, slots=True)
class Years:
    """Where windows are compared: the calendars of all areas, over five years."""

    calendars: Sequence[CalendarLike]
    lo: int
    hi: int

    def windows(self, duty: Duty, calendar: CalendarLike) -> list[Window]:
        """Return the windows of a duty that lie in these years, whatever the duty's own dates."""
        always = duty.model_copy(update={"in_force": (-FAR, FAR)})
        return [w for w in windows(always, calendar, self.lo, self.hi) if w.hi <= self.hi and w.lo >= self.lo]


def years_of(calendars: CalendarsLike, areas: Sequence[str], lo: int, hi: int) -> Years:
    """Return the calendars of these areas, to be compared from day ``lo`` to day ``hi``."""
    return Years(tuple(calendars[area] for area in areas), lo, hi)


def reasons(strong: Duty, weak: Duty, years: Years, *, same_bearers: bool = False) -> list[Reason]:
    """Return why ``strong`` is not proved to be at least as strict as ``weak``; empty: it is.

    ``same_bearers``: ``strong`` takes the place of ``weak``, so that everybody who owed ``weak`` must owe it. Otherwise
    ``weak`` stays in force for the others, and ``strong`` may be for some of its bearers only.
    """
    if type(strong.shape) is not type(weak.shape):
        return [("两项职责的形态不同", "the two duties have different shapes")]
    found = _bearers(strong, weak, same_bearers=same_bearers)
    if weak.counts == "verified" and strong.counts != "verified":
        found.append(("后者只计核验过的行为，前者不是", "the other counts verified deeds only, this one does not"))
    compare: dict[type, Callable[[Duty, Duty, Years], list[Reason]]] = {
        Repeat: _repeat,
        Respond: _respond,
        Keep: _keep,
        Cover: _cover,
        Ratio: _ratio,
        Never: _never,
    }
    return found + compare[type(strong.shape)](strong, weak, years)


def _bearers(strong: Duty, weak: Duty, *, same_bearers: bool) -> list[Reason]:
    found: list[Reason] = []
    missing = [kind for kind in weak.owed_by.type if kind not in strong.owed_by.type]
    if missing:
        found.append((f"承担者少了：{'、'.join(missing)}", f"it is not owed by: {', '.join(missing)}"))
    if strong.owed_by.topic not in ("", weak.owed_by.topic):
        found.append(("承担者的监管事项不同", "the bearers' topics differ"))
    if same_bearers and not implies(weak.owed_by.where, strong.owed_by.where):
        found.append(("承担者的条件更窄", "its bearers are fewer: the filter is not the same or wider"))
    if strong.present != weak.present and not (strong.present == "most" and weak.present == "whole"):
        found.append(("present 不同", "present differs"))
    return found


# --- deeds, entries, windows --------------------------------------------------------------------------------


def _narrower_deed(strong: Deed | None, weak: Deed | None, what: Reason = ("行为", "deed")) -> list[Reason]:
    """Every deed that counts for ``strong`` counts for ``weak``."""
    if strong is None or weak is None:
        return [] if strong is weak else [(f"{what[0]}的来源不同", f"the {what[1]} is of another sort")]
    same = (strong.record, strong.case, strong.as_) == (weak.record, weak.case, weak.as_)
    if not same or not set(strong.step) <= set(weak.step):
        return [(f"{what[0]}不是同一种或更窄", f"the {what[1]} is not the same or narrower")]
    if not implies(strong.where, weak.where):
        return [(f"{what[0]}的条件不能证明更窄", f"the filter of the {what[1]} is not provably narrower")]
    return []


def _narrower_entry(strong: Entry | None, weak: Entry | None) -> list[Reason]:
    """Every entry that counts for ``strong`` counts for ``weak``."""
    if strong is None or weak is None:
        return [] if strong is weak else [("条目的来源不同", "the entry is of another sort")]
    if (strong.entry, strong.as_) != (weak.entry, weak.as_):
        return [("条目不是同一种", "the entries are of different kinds or roles")]
    return (
        []
        if implies(strong.where, weak.where)
        else [("条目的条件不能证明更窄", "the filter of the entries is not provably narrower")]
    )


def _entry_rules(strong: Any, weak: Any) -> list[Reason]:
    found: list[Reason] = []
    if weak.enter_within is not None and (strong.enter_within is None or strong.enter_within > weak.enter_within):
        found.append(("录入期限更宽", "deeds may be entered later"))
    if strong.dated_by != weak.dated_by:
        found.append(("dated_by 不同", "dated_by differs"))
    return found


def _inside(s: Window, w: Window, strong: Any, weak: Any) -> bool:
    """Whatever meets ``strong`` in ``s`` counts for ``weak`` in ``w``, and is due and over no later."""
    if not (w.lo <= s.lo and s.hi <= w.hi and s.due <= w.due and s.closes <= w.closes):
        return False
    # a deed marked 补办 counts only after the end of a window: the ends must be the same day
    return not strong.make_good or (weak.make_good and s.hi == w.hi)


def _compared(strong: Duty, weak: Duty, years: Years) -> Iterator[tuple[list[Window], list[Window]]]:
    """Yield the windows of both duties, calendar by calendar: those of ``weak`` for which ``strong`` can have some.

    Terms and what hangs on them are declared for some school years only; what is not declared yet proves nothing.
    """
    for calendar in years.calendars:
        inner, outer = years.windows(strong, calendar), years.windows(weak, calendar)
        if inner and not is_civil(getattr(strong.shape, "period", "")):
            lo = calendar.periods("school-year", inner[0].lo, inner[0].lo)[0].lo
            hi = calendar.periods("school-year", inner[-1].hi, inner[-1].hi)[0].hi
            outer = [w for w in outer if lo <= w.lo and w.hi <= hi]
        if inner or is_civil(getattr(strong.shape, "period", "")):
            yield inner, outer


def _least_nested(strong: Duty, weak: Duty, years: Years) -> int | None:
    """Return how many separate windows of ``strong`` lie in every window of ``weak`` at least; ``None``: no windows."""
    counts: list[int] = []
    for inner, outer in _compared(strong, weak, years):
        for w in outer:
            within = _from(inner, w.lo, w.hi)
            counts.append(_separate([s for s in within if _inside(s, w, strong.shape, weak.shape)]))
    return min(counts, default=None)


def _from(inner: list[Window], lo: int, hi: int) -> list[Window]:
    """Return the windows that begin on these days; a calendar yields them by their first day."""
    return inner[bisect_left(inner, lo, key=_lo) : bisect_right(inner, hi, key=_lo)]


def _lo(window: Window) -> int:
    return window.lo


def _separate(found: list[Window]) -> int:
    count, end = 0, -FAR
    for w in sorted(found, key=lambda w: w.hi):
        if w.lo > end:
            count, end = count + 1, w.hi
    return count


def _nested(strong: Duty, weak: Duty, years: Years) -> tuple[int, list[Reason]]:
    count = _least_nested(strong, weak, years)
    if count is None:
        return 0, [("日历里没有可以比较的周期", "no calendar has periods to compare")]
    if count == 0:
        return 0, [
            (
                "有的周期里没有一个完整的较短周期，或期限更晚",
                "some period holds no whole window of this duty, or it is due later",
            )
        ]
    return count, []


def _ends_meet(strong: Duty, weak: Duty, years: Years) -> list[Reason]:
    """Every day on which ``weak`` looks at a state, ``strong`` looks at it too."""
    looked = False
    for inner, outer in _compared(strong, weak, years):
        looked = looked or bool(outer)
        if not {w.hi for w in outer} <= {s.hi for s in inner}:
            return [("检查状态的日子不同：周期的最后一天不重合", "the periods do not end on the same days")]
    return [] if looked else [("日历里没有可以比较的周期", "no calendar has periods to compare")]


def _tiles(strong: Duty, weak: Duty, years: Years) -> bool:
    """Tell whether the windows of ``strong`` fill those of ``weak`` without gap or overlap."""
    pairs = [(inner, w) for inner, outer in _compared(strong, weak, years) for w in outer]
    return bool(pairs) and all(_fills(inner, w) for inner, w in pairs)


def _fills(inner: list[Window], w: Window) -> bool:
    day = w.lo
    for s in _from(inner, w.lo, w.hi):
        if s.lo == day and s.hi <= w.hi and s.due <= w.due:
            day = s.hi + 1
    return day == w.hi + 1


# --- the shapes --------------------------------------------------------------------------------


def _repeat(strong: Duty, weak: Duty, years: Years) -> list[Reason]:
    s, w = strong.shape, weak.shape
    assert isinstance(s, Repeat)  # noqa: S101
    assert isinstance(w, Repeat)  # noqa: S101
    found = [*_narrower_deed(s.deed, w.deed), *_entry_rules(s, w)]
    count, nesting = _nested(strong, weak, years)
    found += nesting
    if s.sum != w.sum or (w.distinct and s.distinct != w.distinct) or (w.spaced and s.spaced < w.spaced):
        found.append(("计数方式不同（sum、distinct、spaced）", "it counts in another way (sum, distinct, spaced)"))
    # distinct values and spaced deeds of two windows need not add up
    amount = s.at_least if w.distinct or w.spaced else s.at_least * count
    if not nesting and amount < w.at_least:
        found.append(
            (
                f"数量不足：至少保证 {amount}，应为 {w.at_least}",
                f"it asks for too few: {amount} are certain, {w.at_least} are needed",
            )
        )
    return found


def _cover(strong: Duty, weak: Duty, years: Years) -> list[Reason]:
    s, w = strong.shape, weak.shape
    assert isinstance(s, Cover)  # noqa: S101
    assert isinstance(w, Cover)  # noqa: S101
    found = [*_narrower_deed(s.deed, w.deed), *_narrower_entry(s.entry, w.entry), *_entry_rules(s, w)]
    if s.named_by != w.named_by:
        found.append(("成员指向（key）不同", "the key that names members differs"))
    found += _members(s.members, w.members, all_of_them=s.share == WHOLE)
    count = 1
    if s.last or w.last:
        if not 0 < s.last <= w.last:
            found.append(("时间范围更宽", "it looks back further"))
    elif w.each:
        found += _ends_meet(strong, weak, years)
    else:
        count, nesting = _nested(strong, weak, years)
        found += nesting
    least = s.at_least * (count if s.share == WHOLE else 1)
    if s.share < w.share or (count and least < w.at_least):
        found.append(("比例或次数更低", "the share or the count is lower"))
    return found


def _members(strong: Members, weak: Members, *, all_of_them: bool) -> list[Reason]:
    """Whoever covers the members of ``strong`` covers those of ``weak``."""
    if strong == weak:
        return []
    sets = ("children", "type", "posts", "holdings")
    plain = strong.model_copy(update={"where": weak.where, **{name: getattr(weak, name) for name in sets}})
    wider = all(set(getattr(weak, name)) <= set(getattr(strong, name)) or "*" in getattr(strong, name) for name in sets)
    if plain != weak or not wider or not implies(weak.where, strong.where):
        return [("成员不是相同或更多", "the members are not the same or more")]
    return (
        []
        if all_of_them
        else [("成员不同，比例低于 100 % 时不能证明", "with other members, a share below 100 % proves nothing")]
    )


def _keep(strong: Duty, weak: Duty, years: Years) -> list[Reason]:
    s, w = strong.shape, weak.shape
    assert isinstance(s, Keep)  # noqa: S101
    assert isinstance(w, Keep)  # noqa: S101
    found = [*_narrower_entry(w.every, s.every), *_ends_meet(strong, weak, years), *_mend(s.mend, w.mend)]
    if s.valid != w.valid or (w.holds and not (s.holds and implies(s.holds, w.holds))):
        found.append(("条目应保持的内容不同或更少", "what the entries must hold is different or less"))
    return found


def _mend(strong: int, weak: int) -> list[Reason]:
    return [("补正期限更长", "it may be mended later")] if strong > weak else []


def _never(strong: Duty, weak: Duty, years: Years) -> list[Reason]:
    s, w = strong.shape, weak.shape
    assert isinstance(s, Never)  # noqa: S101
    assert isinstance(w, Never)  # noqa: S101
    if w.entry or s.entry:
        return [*_narrower_entry(w.entry, s.entry), *_ends_meet(strong, weak, years), *_mend(s.mend, w.mend)]
    found = _narrower_deed(w.deed, s.deed)
    if s.enter_within is not None and (w.enter_within is None or s.enter_within < w.enter_within):
        found.append(("较晚录入的行为不计", "it leaves out deeds that were entered late"))
    if s.dated_by != w.dated_by or s.make_good != w.make_good:
        found.append(("dated_by 或 make_good 不同", "dated_by or make_good differs"))
    if strong.counts != weak.counts:
        found.append(("只计核验过的行为", "it counts verified deeds only"))
    return (
        found if _tiles(strong, weak, years) else [*found, ("周期没有完整覆盖", "its periods do not fill the other's")]
    )


def _ratio(strong: Duty, weak: Duty, years: Years) -> list[Reason]:
    s, w = strong.shape, weak.shape
    assert isinstance(s, Ratio)  # noqa: S101
    assert isinstance(w, Ratio)  # noqa: S101
    found = list(_entry_rules(s, w))
    if (s.more_than, s.less_than) != (w.more_than, w.less_than) or s.of != w.of or bool(s.need) != bool(w.need):
        return [*found, ("比较的对象不同", "it compares with something else")]
    if strong.counts != weak.counts and s.have != s.of:
        found.append(("核验要求不同，不能证明", "verified and recorded deeds cannot be compared"))
    found += _sides(s, w)
    found += _ratio_windows(strong, weak, years)
    return found


def _sides(s: Ratio, w: Ratio) -> list[Reason]:
    low_s, low_w = _low(s), _low(w)
    found: list[Reason] = []
    if low_w is not None and not (
        low_s is not None and low_s >= low_w and _parts_narrower(s.have, w.have) and _needs_more(s.need, w.need)
    ):
        found.append(("下限更低，或不能证明", "its lower bound is lower, or cannot be compared"))
    high_s, high_w = s.at_most, w.at_most
    if high_w is not None and not (
        high_s is not None and high_s <= high_w and _parts_narrower(w.have, s.have) and s.need == w.need
    ):
        found.append(("上限更高，或不能证明", "its upper bound is higher, or cannot be compared"))
    if (w.more_than or w.less_than) and s.have != w.have:
        found.append(("与上一周期比较的内容不同", "it compares other amounts with the period before"))
    return found


def _low(shape: Ratio) -> int | None:
    """Return the lower bound per mille; ``need`` without bounds means all of it."""
    return WHOLE if shape.need and shape.at_least is None and shape.at_most is None else shape.at_least


def _parts_narrower(strong: tuple[Part, ...], weak: tuple[Part, ...]) -> bool:
    """Tell whether ``strong`` counts at most what ``weak`` counts, part by part (no amount is negative)."""
    if len(strong) != len(weak):
        return False
    for s, w in zip(strong, weak, strict=True):
        same = s.model_copy(update={"deed": w.deed, "entry": w.entry}) == w
        if s != w and (not same or _narrower_deed(s.deed, w.deed) or _narrower_entry(s.entry, w.entry)):
            return False
    return True


def _needs_more(strong: tuple[Part, ...], weak: tuple[Part, ...]) -> bool:
    if strong == weak:
        return True
    return len(strong) == len(weak) and all(_part_needs_more(s, w) for s, w in zip(strong, weak, strict=True))


def _part_needs_more(s: Part, w: Part) -> bool:
    if s.constant is not None and w.constant is not None:
        return s.constant >= w.constant
    if s.table and w.table and s.trait == w.trait:
        return _table_needs_more(s.table, w.table)
    return s == w


def _table_needs_more(strong: tuple[Step, ...], weak: tuple[Step, ...]) -> bool:
    """Compare two tables at every size up to the last step and well into it, and how they go on from there."""
    last = max(step.from_ for step in (*strong, *weak))
    longest = max(step.for_every for step in (*strong, *weak))
    if last + 2 * longest > _LARGEST_TABLE:
        return False
    mine, other = strong[-1], weak[-1]
    rises = mine.add * (other.for_every or 1) >= (other.add if other.for_every else 0) * (mine.for_every or 1)
    return rises and all(_looked_up(strong, n) >= _looked_up(weak, n) for n in range(last + 2 * longest + 1))


def _looked_up(table: tuple[Step, ...], size: int) -> int:
    for step in table:
        if step.from_ <= size <= step.to:
            return step.base + (step.add * ((size - step.beyond) // step.for_every) if step.for_every else 0)
    return 0


def _ratio_windows(strong: Duty, weak: Duty, years: Years) -> list[Reason]:
    s, w = strong.shape, weak.shape
    assert isinstance(s, Ratio)  # noqa: S101
    assert isinstance(w, Ratio)  # noqa: S101
    if w.each or s.each:
        return _ends_meet(strong, weak, years)
    if (s.per, s.before, s.due, s.closes, s.make_good) == (w.per, w.before, w.due, w.closes, w.make_good):
        return []
    # shares of parts that fill the whole: what holds of each holds of the sum, as long as it is a lower bound of counts
    if w.of and w.at_most is None and not s.make_good and not w.make_good and _tiles(strong, weak, years):
        return []
    return [("周期不同，不能证明", "the periods differ and nothing can be proved")]


def _respond(strong: Duty, weak: Duty, years: Years) -> list[Reason]:
    s, w = strong.shape, weak.shape
    assert isinstance(s, Respond)  # noqa: S101
    assert isinstance(w, Respond)  # noqa: S101
    found = [*_narrower_deed(w.to, s.to, ("触发", "trigger")), *_narrower_deed(s.with_, w.with_, ("回应", "answer"))]
    if (s.match, s.field_of_move) != (w.match, w.field_of_move):
        found.append(("match 不同", "match differs"))
    for name, what in (("moved_by", ("延期", "extension")), ("lifted_by", ("解除", "lifting"))):
        mine, other = getattr(s, name), getattr(w, name)
        if mine is not None and (other is None or _narrower_deed(mine, other)):
            found.append((f"{what[0]}更宽", f"it allows more by {what[1]}"))
    if w.moved_by is not None and w.moved_by != s.moved_by:
        found.append(
            ("延期可能把期限提前，不能证明", "an extension may also shorten the other's time: nothing can be proved")
        )
    if not _no_later(s.within, w.within, years):
        found.append(("时限更长", "it gives more time"))
    if w.closes is not None and not (s.closes is not None and _no_later(s.closes, w.closes, years)):
        found.append(("关闭得更晚", "it closes later"))
    return found


def _no_later(strong: Span, weak: Span, years: Years) -> bool:
    """Tell whether one length of time never ends later than another, from any minute of five years."""
    if strong.field or weak.field:
        return strong == weak
    said = [span.model_dump(exclude_none=True) for span in (strong, weak)]
    if list(said[0]) == list(said[1]):
        return bool(next(iter(said[0].values())) <= next(iter(said[1].values())))
    minutes = (day * MINUTES_A_DAY + at for day in range(years.lo, years.hi) for at in (0, MINUTES_A_DAY - 1))
    return all(c.deadline(m, strong) <= c.deadline(m, weak) for m in minutes for c in years.calendars)
