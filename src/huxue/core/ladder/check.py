"""What is wrong with a ladder: loops, names that are not there, rungs that could never be reached in their order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from huxue.core.ladder.model import OVERDUE, Cases, Ladder, Rung, Time, When

if TYPE_CHECKING:
    from huxue.core.kinds import Kind
    from huxue.core.rulebook.model import Rulebook

Sentence = tuple[str, str, str]  # path, Chinese, English
MEASURES = "measures"


def problems(code: str, ladder: Ladder, rulebook: Rulebook) -> Iterator[Sentence]:
    """Yield what is wrong with a ladder; paths point into its YAML."""
    del code
    if not ladder.rungs:
        yield "rungs", "阶梯没有任何一级", "the ladder has no rungs"
    measures = [rung.measure for rung in ladder.rungs]
    if ladder.starts_at and ladder.starts_at not in measures:
        yield (
            "starts_at",
            f"起始级“{ladder.starts_at}”不在阶梯中",
            f"starts_at: '{ladder.starts_at}' is not one of its rungs",
        )
    if ladder.postponed_at_most < 1:
        yield "postponed_at_most", "暂缓期限至少为 1 天", "postponed_at_most is at least 1 day"
    for n, rung in enumerate(ladder.rungs):
        yield from _rung(f"rungs.{n}", n, rung, ladder, rulebook)
        yield from _order(f"rungs.{n}", n, ladder)
    for n, said in enumerate(ladder.when):
        yield from _cases(f"when.{n}" if len(ladder.when) > 1 else "when", said, rulebook)
    yield from _source("source", ladder.source, rulebook)


def _rung(path: str, n: int, rung: Rung, ladder: Ladder, rulebook: Rulebook) -> Iterator[Sentence]:
    if rung.measure not in rulebook.lists.get(MEASURES, {}):
        yield (
            f"{path}.measure",
            f"清单“{MEASURES}”中没有“{rung.measure}”",
            f"the list '{MEASURES}' has no '{rung.measure}'",
        )
    if rung.measure in [one.measure for one in ladder.rungs[:n]]:
        yield (
            f"{path}.measure",
            f"“{rung.measure}”重复，形成循环",
            f"'{rung.measure}' stands twice: the ladder has a loop",
        )
    if rung.by == "system" and n > ladder.start:
        yield f"{path}.by", "只有第一级的提醒可以自动发出", "only the reminder of the first rung goes out by itself"
    if rung.by == "system" and ladder.when:
        yield f"{path}.by", "事项阶梯的每一级都须有人决定", "in a ladder of cases somebody decides every rung"
    if rung.by != "system" and rung.decides is None:
        yield (
            path,
            f"“{rung.measure}”须由人决定，缺少 decides",
            f"'{rung.measure}' needs a decision: decides is missing",
        )
    yield from _offices(path, rung, rulebook)
    if ladder.source_of(rung) is None:
        yield path, f"“{rung.measure}”缺少依据条款", f"'{rung.measure}' has no clause"
    yield from _source(f"{path}.source", rung.source, rulebook)


def _offices(path: str, rung: Rung, rulebook: Rulebook) -> Iterator[Sentence]:
    said = rung.decides
    if said is None:
        return
    for kind in said.type:
        declared = rulebook.organisation_types.get(kind)
        if declared is None:
            yield f"{path}.decides.type", f"没有单位类型“{kind}”", f"there is no organisation type '{kind}'"
        elif declared.posts and said.post in rulebook.posts and said.post not in declared.posts:
            yield f"{path}.decides.post", f"“{kind}”没有岗位“{said.post}”", f"'{kind}' has no post '{said.post}'"
    for key, post in (("decides.post", said.post), ("proposes", rung.proposes)):
        if post and post not in rulebook.posts:
            yield f"{path}.{key}", f"没有岗位“{post}”", f"there is no post '{post}'"
    if said.topic and said.topic not in rulebook.topics:
        yield f"{path}.decides.topic", f"没有监管事项“{said.topic}”", f"there is no topic '{said.topic}'"


def _source(path: str, source: object, rulebook: Rulebook) -> Iterator[Sentence]:
    text, clause = getattr(source, "text", None), getattr(source, "clause", "")
    if source is None:
        return
    if text not in rulebook.sources:
        yield f"{path}.text", f"没有来源文本“{text}”", f"there is no source text '{text}'"
    if not clause.strip():
        yield f"{path}.clause", "缺少依据条款", "the clause is missing"


# --- conditions -------------------------------------------------------------------------------------------


def _order(path: str, n: int, ladder: Ladder) -> Iterator[Sentence]:
    """Check the conditions of a rung: each says one thing, points down, and asks more than the rungs before it."""
    rung, before = ladder.rungs[n], ladder.rungs[:n]
    lower = [one.measure for one in before]
    for m, when in enumerate(rung.conditions()):
        place = f"{path}.when" if m == 0 else f"{path}.or"
        yield from _said(place, when, of_cases=bool(ladder.when))
        if when.after and when.after not in lower:
            yield (
                f"{place}.after",
                f"after 须指向更低的一级，“{when.after}”不是，形成循环",
                f"after names '{when.after}', which is no lower rung: the ladder has a loop",
            )
        elif when.after and lower.index(when.after) < ladder.start:
            yield f"{place}.after", f"“{when.after}”低于起始级", f"'{when.after}' is below the rung it starts at"
        for other in before[ladder.start :]:
            if any(_no_more(when, earlier) for earlier in other.conditions()):
                yield (
                    place,
                    f"“{rung.measure}”的条件不严于更低的“{other.measure}”，不会晚于它成立",
                    f"the condition of '{rung.measure}' asks no more than that of '{other.measure}' below it",
                )


def _said(path: str, when: When, *, of_cases: bool) -> Iterator[Sentence]:
    sorts = [name for name in ("overdue", "missed", "since") if getattr(when, name) is not None]
    sorts += ["after"] if when.after else []
    if len(sorts) != 1:
        yield (
            path,
            "一个条件应恰好写 overdue、missed、after、since 之一",
            "a condition says exactly one of overdue, missed, after, since",
        )
        return
    if (sorts[0] in ("overdue", "missed") and of_cases) or (sorts[0] == "since" and not of_cases):
        where = ("事项阶梯", "a ladder of cases") if of_cases else ("职责阶梯", "a ladder of duties")
        yield f"{path}.{sorts[0]}", f"{where[0]}中“{sorts[0]}”永远不成立", f"in {where[1]} '{sorts[0]}' can never hold"
    time = {"overdue": when.overdue, "since": when.since, "after": when.time}.get(sorts[0])
    if time is not None:
        yield from _time(f"{path}.{sorts[0]}", time, least=1 if sorts[0] == "after" else 0)
    if when.missed is not None and when.missed < 1:
        yield f"{path}.missed", "missed 至少为 1", "missed is at least 1"
    if when.within and when.missed is None:
        yield f"{path}.within", "within 只与 missed 一起写", "within goes with missed only"
    if sorts[0] != "after" and (when.days, when.workdays) != (None, None):
        yield path, "days、workdays 只与 after 一起写", "days and workdays go with after only"


def _time(path: str, time: Time, *, least: int) -> Iterator[Sentence]:
    if (time.days is None) == (time.workdays is None):
        yield path, "应写 days 或 workdays 之一", "say days or workdays, one of them"
    elif time.length < least:
        yield path, f"时间至少为 {least}", f"the time is at least {least}"


def _no_more(later: When, earlier: When) -> bool:
    """Tell whether a condition holds whenever an earlier rung's does."""
    if later.missed is not None and earlier.missed is not None:
        return later.within == earlier.within and later.missed <= earlier.missed
    for name in ("overdue", "since"):
        mine, other = getattr(later, name), getattr(earlier, name)
        if mine is not None and other is not None:
            return bool(mine.unit == other.unit and mine.length <= other.length)
    return False


# --- cases ------------------------------------------------------------------------------------------------


def _cases(path: str, said: Cases, rulebook: Rulebook) -> Iterator[Sentence]:
    kinds = [rulebook.kinds[code] for code in said.case if code in rulebook.kinds]
    for code in said.case:
        if code not in rulebook.kinds or rulebook.kinds[code].shape != "case":
            yield f"{path}.case", f"没有事项类型“{code}”", f"there is no case kind '{code}'"
    steps = {step for kind in kinds for step in kind.flow} | {OVERDUE}
    for key in ("step", "until"):
        for step in getattr(said, key):
            if step not in steps:
                yield f"{path}.{key}", f"流程中没有环节“{step}”", f"no flow of these kinds has a step '{step}'"
    for name, values in said.where.items():
        for kind in kinds:
            yield from _field(f"{path}.where.{name}", kind, name, values, rulebook)


def _field(path: str, kind: Kind, name: str, values: tuple[str, ...], rulebook: Rulebook) -> Iterator[Sentence]:
    field = kind.fields.get(name)
    if field is None or field.type != "choice":
        yield path, f"“{kind.code}”没有选项字段“{name}”", f"'{kind.code}' has no choice field '{name}'"
        return
    for value in values:
        if value not in rulebook.lists.get(field.list, {}):
            yield path, f"清单“{field.list}”中没有“{value}”", f"the list '{field.list}' has no '{value}'"
