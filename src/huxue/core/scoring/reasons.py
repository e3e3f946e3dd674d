"""Why a score is what it is: a tree from the total down to each indicator's whole numbers and its clause."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from huxue.core.duties.explain import Reason, clause
from huxue.core.rulebook.model import Rulebook
from huxue.core.scoring import plan
from huxue.core.scoring.model import (
    Adjustment,
    AverageDays,
    Change,
    Given,
    Indicator,
    Rate,
    Recurring,
    Scoped,
    ScoresOf,
    Share,
    Tree,
    Veto,
)
from huxue.core.scoring.score import Adjusted, Gathered, Part, Score
from huxue.core.scoring.sensitivity import decimal, points
from huxue.core.values import Text, date_of

_READABLE = 999  # a fraction with greater numbers explains nothing
Evidence = Callable[[str], Sequence[Reason]]  # what lies below a part: standings and facts, from whoever has them
_COUNTING = {
    "met": Text(zh="已完成", en="met"),
    "on_time": Text(zh="按时完成", en="met on time"),
    "verified": Text(zh="经核实完成", en="met and verified"),
}


def explain(
    rulebook: Rulebook, code: str, score: Score, gathered: Gathered, *, part: str = "", evidence: Evidence
) -> Reason:
    """Return the reasons of a score, or of one of its parts alone."""
    tree = rulebook.scoring[code]
    say = _Saying(rulebook, tree, score, evidence)
    if part:
        return say.one(part)
    span = gathered.periods[code]
    grade = next((band.title for band in tree.grades if band.code == score.grade), None)
    total = points(score.total) or "—"
    return _say(
        f"{score.organisation} · {tree.title.zh} · {span.key}：{total} 分{f'，{grade.zh}' if grade else ''}",
        f"{score.organisation} · {tree.title.en} · {span.key}: {total} points{f', {grade.en}' if grade else ''}",
        *say.head(gathered),
        *(say.node(node) for node in tree.indicators),
        *say.adjustments(),
        *_appeals(tree),
        clause(tree.source, rulebook),
    )


def _say(zh: str, en: str, *below: Reason) -> Reason:
    return Reason(Text(zh=zh, en=en), "", below)


def _short(value: Fraction, zh: str, en: str) -> tuple[str, str]:
    """Return a fraction in both sentences, nothing where it is whole or too long to tell anybody anything.

    The exact ones stand in the JSON of ``huxue scores`` and in the canonical file.
    """
    if value.denominator == 1 or max(value.numerator, value.denominator) > _READABLE:
        return "", ""
    return zh.format(value), en.format(value)


def _decimal(value: Fraction) -> str:
    hundredths = value.numerator * 100 // value.denominator
    return points(hundredths) if hundredths >= 0 else f"-{points(-hundredths)}"


def _appeals(tree: Tree) -> list[Reason]:
    appeals = tree.appeals
    if appeals is None:
        return []
    zh, en = appeals.decides.zh, appeals.decides.en
    return [_say(f"异议：公布后 {appeals.days} 天内，由{zh}处理", f"objections: within {appeals.days} days, to {en}")]


class _Saying:
    def __init__(self, rulebook: Rulebook, tree: Tree, score: Score, evidence: Evidence) -> None:
        self.rulebook, self.tree, self.score, self.evidence = rulebook, tree, score, evidence

    def head(self, gathered: Gathered) -> list[Reason]:
        span = gathered.periods[self.score.tree]
        lo, hi, snap = date_of(span.lo), date_of(span.hi), date_of(span.snap)
        said = [
            _say(f"考核期 {lo} 至 {hi}，单位树为 {snap}", f"assessment period {lo} to {hi}, tree of {snap}"),
        ]
        if self.score.exact is not None:
            zh, en = _short(self.score.exact, "（精确值 {}）", " (exactly {})")
            said.append(_say(f"得分只在最后舍去百分位以下{zh}", f"cut to hundredths only at the end{en}"))
        else:
            said.append(_say("没有可计分的内容，不打分", "nothing to score: no points given, none taken"))
        return said

    def one(self, code: str) -> Reason:
        part = self.tree.one(code)
        if isinstance(part, Indicator):
            return self.node(part)
        return next(reason for reason in self.adjustments(code))

    def node(self, node: Indicator) -> Reason:
        part = self.score.parts[node.code]
        title = node.title
        if part.value is None:
            text = Text(
                zh=f"{title.zh}：没有可计分的内容，{node.weight} 分由同级指标分担",
                en=f"{title.en}: nothing to score, its {node.weight} points are shared out among its siblings",
            )
        else:
            zh, en = _short(part.value, "（{}）", " ({})")
            text = Text(
                zh=f"{title.zh}：{_decimal(part.points)} / {_decimal(part.worth)} 分{zh}",
                en=f"{title.en}: {_decimal(part.points)} of {_decimal(part.worth)} points{en}",
            )
        return Reason(text, "", tuple(self._below(node, part)))

    def _below(self, node: Indicator, part: Part) -> Iterable[Reason]:
        if node.children:
            return [self.node(child) for child in node.children]
        said = [self._figure(node, part)] if part.figure else []
        if isinstance(node.measure, Share):
            said += self._left_out(node.measure)
        return [*said, *self.evidence(node.code), *self._clause(node)]

    def _clause(self, node: Indicator | Adjustment | Veto) -> list[Reason]:
        return [clause(node.source, self.rulebook)] if node.source else []

    def _left_out(self, share: Share) -> list[Reason]:
        codes = plan.left_out(share, self.rulebook)
        if not codes:
            return []
        names = ", ".join(codes)
        return [_say(f"不计入（计入会使自查吃亏）：{names}", f"left out, looking would cost: {names}")]

    def _figure(self, node: Indicator, part: Part) -> Reason:
        measure, figure = node.measure, part.figure
        where = _where(measure)
        match measure:
            case Share():
                word, (n, of) = _COUNTING[measure.counting], figure
                return _say(f"{where.zh}已到期 {of} 项，{word.zh} {n} 项", f"{where.en}{of} closed, {n} {word.en}")
            case Rate():
                n, base = figure
                return _say(
                    f"{where.zh}{n} / {base}，按每 {measure.per} 计", f"{where.en}{n} of {base}, per {measure.per}"
                )
            case Change():
                n, base, before, base_before = figure
                now, then = (f"{n}/{base}", f"{before}/{base_before}") if measure.of else (str(n), str(before))
                return _say(f"{where.zh}本期 {now}，上期 {then}", f"{where.en}this period {now}, the one before {then}")
            case AverageDays():
                days, cases = figure
                return _say(f"{where.zh}{cases} 件共 {days} 天", f"{where.en}{days} days over {cases} cases")
            case Recurring():
                n, of = figure
                return _say(
                    f"{where.zh}共发现 {of} 处，其中 {n} 处他人再次发现",
                    f"{where.en}{of} found in all, {n} of them found again by others",
                )
            case ScoresOf():
                total, n = figure
                return _say(f"{n} 个单位得分合计 {points(total)}", f"{n} scores that add up to {points(total)}")
            case Given():
                value = decimal(figure[0], measure.decimals)
                return _say(f"所记数值 {value}", f"the figure recorded: {value}")
            case _:
                return _say(f"{where.zh}{figure[0]}", f"{where.en}{figure[0]}")

    def adjustments(self, only: str = "") -> list[Reason]:
        said = []
        for zh, en, every, found in (
            ("加", "added", self.tree.bonus, self.score.bonus),
            ("扣", "taken", self.tree.deductions, self.score.deductions),
        ):
            by_code = {one.code: one for one in found}
            for one in every:
                adjusted = by_code[one.code]
                if adjusted.points or only == one.code:
                    said += [self._adjusted(one, adjusted, (zh, en))] if only in ("", one.code) else []
        return said + [self._veto(veto, only) for veto in self.tree.veto if only in ("", veto.code)]

    def _adjusted(self, one: Adjustment, adjusted: Adjusted, words: tuple[str, str]) -> Reason:
        n, (zh, en) = sum(adjusted.figure[:1]), words
        return _say(
            f"{one.title.zh}：{n} 次，每次{zh} {one.each} 分、至多 {one.at_most} 分，共{zh} {adjusted.points} 分",
            f"{one.title.en}: {n} times {one.each}, at most {one.at_most}: {adjusted.points} points {en}",
            *self.evidence(one.code),
            *self._clause(one),
        )

    def _veto(self, veto: Veto, only: str) -> Reason:
        del only
        holds = any(one.code == veto.code for one in self.score.vetoes)
        if not veto.adopted:
            return _say(
                f"{veto.title.zh}：本市尚未采用（待确认）",
                f"{veto.title.en}: not adopted by the city",
                *self._clause(veto),
            )
        zh, en = ("触发", "holds") if holds else ("未触发", "does not hold")
        below = self.evidence(veto.code) if holds else ()
        return _say(
            f"{veto.title.zh}：{zh}，上限 {veto.ceiling} 分",
            f"{veto.title.en}: {en}, ceiling {veto.ceiling} points",
            *below,
            *self._clause(veto),
        )


def _where(measure: object) -> Text:
    if isinstance(measure, Scoped) and measure.over == "territory":
        return Text(zh="辖区内", en="in its territory ")
    return Text(zh="", en="")
