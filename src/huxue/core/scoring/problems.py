"""What is wrong with an indicator tree, as sentences in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from huxue.core.duties.shapes import Source
from huxue.core.scoring.model import (
    MEASURES,
    Adjustment,
    AverageDays,
    Change,
    Count,
    Given,
    Indicator,
    Rate,
    Recurring,
    Scoped,
    ScoresOf,
    Share,
    Tally,
    Tree,
    Veto,
)
from huxue.core.scoring.safety import endangers, is_found, tally_dangers

if TYPE_CHECKING:
    from huxue.core.rulebook.model import Rulebook

Sentence = tuple[str, str, str]


def tree_problems(code: str, tree: Tree, rulebook: Rulebook) -> Iterator[Sentence]:
    """Yield what is wrong with a tree: weights, names, clauses, bounds, circles, and what would make looking costly."""
    yield from _frame(tree, rulebook)
    yield from _weights("indicators", tree.points, tree.indicators, Sentences.points(tree.points))
    for path, node in _nodes("indicators", tree.indicators):
        yield from _node(path, node, rulebook)
    for part in ("bonus", "deductions"):
        for n, one in enumerate(getattr(tree, part)):
            yield from _adjustment(f"{part}.{n}", one, rulebook, takes=part == "deductions")
    for n, veto in enumerate(tree.veto):
        yield from _veto(f"veto.{n}", veto, tree, rulebook)
    yield from _twice(tree)
    yield from _caps(tree)
    yield from _grades(tree)
    if _circle(code, rulebook):
        yield "indicators", "scores_of 绕成一圈", "scores_of goes round in a circle"


class Sentences:
    """Wordings used twice."""

    @staticmethod
    def points(points: int) -> tuple[str, str]:
        """The weights of the first level against the full points."""
        return f"满分 {points}", f"the full points, {points}"


def _frame(tree: Tree, rulebook: Rulebook) -> Iterator[Sentence]:
    if tree.points < 1:
        yield "points", "满分应大于零", "the full points must be more than zero"
    if tree.type not in rulebook.organisation_types:
        yield "type", f"没有单位类型“{tree.type}”", f"there is no organisation type '{tree.type}'"
    if tree.topic and tree.topic not in rulebook.topics:
        yield "topic", f"没有监管事项“{tree.topic}”", f"there is no topic '{tree.topic}'"
    if not tree.indicators:
        yield "indicators", "考核表没有指标", "the tree has no indicators"
    yield from _source("source", tree.source, rulebook)
    if tree.appeals is not None and tree.appeals.days < 1:
        yield "appeals.days", "异议期至少一天", "an objection needs at least one day"


def _source(path: str, source: Source | None, rulebook: Rulebook) -> Iterator[Sentence]:
    if source is None or not source.clause.strip():
        yield path, "指标缺少依据条款", "an indicator needs its clause"
    elif source.text not in rulebook.sources:
        yield f"{path}.text", f"没有来源文本“{source.text}”", f"there is no source text '{source.text}'"


def _nodes(path: str, nodes: Iterable[Indicator]) -> Iterator[tuple[str, Indicator]]:
    for n, node in enumerate(nodes):
        yield f"{path}.{n}", node
        yield from _nodes(f"{path}.{n}.children", node.children)


def _weights(path: str, whole: int, children: tuple[Indicator, ...], name: tuple[str, str]) -> Iterator[Sentence]:
    total = sum(child.weight for child in children)
    if children and total != whole:
        yield path, f"各项权重合计 {total}，应等于{name[0]}", f"the weights add up to {total}, not to {name[1]}"


def _node(path: str, node: Indicator, rulebook: Rulebook) -> Iterator[Sentence]:
    if node.weight < 1:
        yield f"{path}.weight", "权重应为正整数", "a weight must be a whole number above zero"
    said = [name for name in MEASURES if getattr(node, name) is not None]
    if node.children and said:
        yield f"{path}.{said[0]}", "有下级指标的指标不再写算法", "an indicator with children has no measure of its own"
    elif not node.children and len(said) != 1:
        words = ", ".join(MEASURES)
        yield path, f"指标应恰有一种算法：{words}", f"an indicator has exactly one measure: {words}"
    yield from _weights(f"{path}.children", node.weight, node.children, (f"上级权重 {node.weight}", f"{node.weight}"))
    if node.children:
        return
    yield from _source(f"{path}.source", node.source, rulebook)
    if node.measure is not None:
        for where, zh, en in _measure(node.measure, rulebook):
            yield f"{path}.{said[0]}.{where}", zh, en


def _measure(measure: object, rulebook: Rulebook) -> Iterator[Sentence]:
    if isinstance(measure, Scoped):
        yield from _scope(measure, rulebook)
    if isinstance(measure, Share):
        yield from _share(measure, rulebook)
    if isinstance(measure, ScoresOf) and measure.tree not in rulebook.scoring:
        yield "tree", f"没有考核表“{measure.tree}”", f"there is no tree '{measure.tree}'"
    if isinstance(measure, Count | Rate | Change | AverageDays | Recurring | Given):
        yield from _numbers(measure, rulebook)
    if isinstance(measure, Recurring):
        yield from _recurring(measure, rulebook)
    elif isinstance(measure, Tally | AverageDays | Given):
        danger = tally_dangers(measure, rulebook, takes=False)
        if danger:
            yield "begins" if isinstance(measure, AverageDays) else "deed", *danger


def _numbers(
    measure: Count | Rate | Change | AverageDays | Recurring | Given, rulebook: Rulebook
) -> Iterator[Sentence]:
    if measure.full_at == measure.none_at:
        yield "full_at", "full_at 与 none_at 不能相同", "full_at and none_at must differ"
    if isinstance(measure, Rate | Change) and measure.per < 1:
        yield "per", "per 应为正整数", "per must be above zero"
    if isinstance(measure, Rate | Change) and measure.of:
        yield from _trait(measure.of, rulebook)


def _recurring(measure: Recurring, rulebook: Rulebook) -> Iterator[Sentence]:
    if not is_found(measure.deed, rulebook):
        yield "deed", "复发率只用于排查出的事项", "recurrence is of cases that were found"
    if measure.full_at > measure.none_at:
        yield "full_at", "复发越少得分越高", "the fewer come again, the more points"
    if measure.within < 1:
        yield "within", "应写 within: {days: 365}", "say within: {days: 365}"


def _trait(name: str, rulebook: Rulebook) -> Iterator[Sentence]:
    trait = rulebook.traits.get(name)
    if trait is None or trait.type != "number":
        yield "of", f"没有数字特征“{name}”", f"there is no trait '{name}' that is a number"


def _scope(scope: Scoped, rulebook: Rulebook) -> Iterator[Sentence]:
    for one in scope.types:
        if one not in rulebook.organisation_types:
            yield "types", f"没有单位类型“{one}”", f"there is no organisation type '{one}'"
    if scope.types and scope.over == "own":
        yield "types", "types 只与 over: territory 同用", "types goes with over: territory only"


def _share(share: Share, rulebook: Rulebook) -> Iterator[Sentence]:
    if bool(share.duties) == bool(share.family):
        yield "duties", "应写 duties 或 family 之一", "say either duties or a family"
    for family in share.family:
        if family not in rulebook.families:
            yield "family", f"没有职责族“{family}”", f"there is no family '{family}'"
    for name in share.duties:
        duty = rulebook.duties.get(name)
        if duty is None:
            yield "duties", f"没有职责“{name}”", f"there is no duty '{name}'"
        elif endangers(duty, share.counting, rulebook):
            yield (
                "duties",
                f"职责“{name}”不能这样计分：多自查出一处按期整改的隐患反而会降分",
                f"the duty '{name}' may not be counted like this: one more self-found hazard in time would cost",
            )


def _adjustment(path: str, one: Adjustment, rulebook: Rulebook, *, takes: bool) -> Iterator[Sentence]:
    yield from _source(f"{path}.source", one.source, rulebook)
    for where, zh, en in _scope(one, rulebook):
        yield f"{path}.{where}", zh, en
    for key in ("each", "at_most"):
        if getattr(one, key) < 1:
            yield f"{path}.{key}", f"“{key}”应为正整数", f"'{key}' must be above zero"
    danger = tally_dangers(one, rulebook, takes=takes)
    if danger:
        yield f"{path}.deed", *danger


def _veto(path: str, veto: Veto, tree: Tree, rulebook: Rulebook) -> Iterator[Sentence]:
    yield from _source(f"{path}.source", veto.source, rulebook)
    for where, zh, en in _scope(veto, rulebook):
        yield f"{path}.{where}", zh, en
    if not 0 <= veto.ceiling <= tree.points:
        yield f"{path}.ceiling", f"上限应在 0 与 {tree.points} 之间", f"the ceiling must be between 0 and {tree.points}"
    if veto.at_least < 1:
        yield f"{path}.at_least", "at_least 应为正整数", "at_least must be above zero"
    if (veto.deed is None) == (not veto.missed):
        yield path, "一票否决应写 deed 或 missed 之一", "a veto says either a deed or missed duties"
    for name in veto.missed:
        duty = rulebook.duties.get(name)
        if duty is None:
            yield f"{path}.missed", f"没有职责“{name}”", f"there is no duty '{name}'"
        elif endangers(duty, "met", rulebook):
            yield (
                f"{path}.missed",
                f"自查出的隐患会使职责“{name}”落空，不能一票否决",
                f"a hazard found by itself could make '{name}' missed: no veto",
            )
    if veto.deed is not None:
        danger = tally_dangers(Tally(deed=veto.deed, found_by=veto.found_by), rulebook, takes=True)
        if danger:
            yield f"{path}.deed", *danger


def _twice(tree: Tree) -> Iterator[Sentence]:
    seen: set[str] = set()
    for code in tree.codes():
        if code in seen:
            yield "indicators", f"指标代码“{code}”重复", f"the indicator code '{code}' is used twice"
        seen.add(code)


def _caps(tree: Tree) -> Iterator[Sentence]:
    for name in ("bonus", "deductions"):
        cap = getattr(tree.caps, name)
        if cap is not None and cap < 0:
            yield f"caps.{name}", "上限不能小于零", "a cap must not be below zero"


def _grades(tree: Tree) -> Iterator[Sentence]:
    if not tree.grades:
        return
    bands = sorted(enumerate(tree.grades), key=lambda pair: pair[1].at_least)
    tops = {n: tree.points + 1 if band.below is None else band.below for n, band in bands}
    for (n, low), (m, high) in pairwise(bands):
        if tops[n] > high.at_least:
            yield (
                f"grades.{m}",
                f"等次“{high.code}”与“{low.code}”重叠",
                f"the grades '{high.code}' and '{low.code}' overlap",
            )
        elif tops[n] < high.at_least:
            yield (
                f"grades.{m}",
                f"{tops[n]} 至 {high.at_least} 分没有等次",
                f"no grade holds from {tops[n]} to {high.at_least} points",
            )
    if bands[0][1].at_least > 0 or tops[bands[-1][0]] <= tree.points:
        yield "grades", f"等次应盖住 0 至 {tree.points} 分", f"the grades must reach from 0 to {tree.points} points"


def _circle(code: str, rulebook: Rulebook) -> bool:
    def below(name: str) -> set[str]:
        tree = rulebook.scoring.get(name)
        return {leaf.measure.tree for leaf in tree.leaves() if isinstance(leaf.measure, ScoresOf)} if tree else set()

    seen: set[str] = set()
    reached = below(code)
    while reached - seen:
        seen |= reached
        reached = {name for one in reached for name in below(one)}
    return code in seen
