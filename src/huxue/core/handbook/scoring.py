"""The trees of indicators: what each point is given for, what takes points, what puts a ceiling on the score."""

from __future__ import annotations

from collections.abc import Iterator

from huxue.core.handbook.duty import source
from huxue.core.handbook.markdown import table
from huxue.core.handbook.phrases import deed, entry
from huxue.core.handbook.voice import Voice
from huxue.core.scoring.model import (
    Adjustment,
    AverageDays,
    Given,
    Indicator,
    Measure,
    Recurring,
    ScoresOf,
    Share,
    Tally,
    Tree,
    Veto,
)
from huxue.core.values import Text

_COUNTING = {
    "met": Text(zh="已完成", en="met"),
    "on_time": Text(zh="按时完成", en="met on time"),
    "verified": Text(zh="已核实", en="verified"),
}


def scoring(voice: Voice) -> Iterator[str]:
    """Yield every tree: its indicators, bonuses, deductions and vetoes, each with its clause."""
    head = [
        "",
        voice.say("指标", "indicator"),
        voice.say("分值", "points"),
        voice.say("怎样算", "how"),
        voice.say("依据", "source"),
    ]
    for code, tree in voice.rulebook.scoring.items():
        yield f"## {voice.text(tree.title)} `{code}`"
        yield voice.labelled(voice.say("考核对象", "who is scored"), voice.types([tree.type])) + voice.say(
            f"；{voice.period(tree.per)}；满分 {tree.points} 分。",
            f"; {voice.period(tree.per)}; {tree.points} points in full.",
        )
        yield table(head, _rows(voice, tree))
        yield voice.text(tree.note) if tree.note else ""


def _rows(voice: Voice, tree: Tree) -> Iterator[list[str]]:
    for one in tree.nodes():
        how = _measure(voice, one.measure) if one.measure else ""
        yield [f"`{one.code}`", voice.text(one.title), str(one.weight), how, _source(voice, one)]
    for sign, rows in (("+", tree.bonus), ("−", tree.deductions)):
        for row in rows:
            each = voice.say(f"每件 {row.each}，最多 {row.at_most}", f"{row.each} each, at most {row.at_most}")
            yield [
                f"`{row.code}`",
                voice.text(row.title),
                sign,
                f"{deed(voice, row.deed)}{voice.say('：', ': ')}{each}",
                _source(voice, row),
            ]
    for veto in tree.veto:
        yield [
            f"`{veto.code}`",
            voice.text(veto.title),
            voice.say("否决", "veto"),
            _veto(voice, veto),
            _source(voice, veto),
        ]


def _source(voice: Voice, one: Indicator | Adjustment | Veto) -> str:
    return source(voice, one.source) if one.source else ""


def _veto(voice: Voice, veto: Veto) -> str:
    what = deed(voice, veto.deed) if veto.deed else voice.all_of(_duty(voice, code) for code in veto.missed)
    adopted = voice.say("已采用", "adopted") if veto.adopted else voice.say("未采用", "not adopted")
    most = voice.say(f"总分不高于 {veto.ceiling}，{adopted}", f"the score is at most {veto.ceiling}; {adopted}")
    return voice.labelled(what, most)


def _duty(voice: Voice, code: str) -> str:
    found = voice.rulebook.duties.get(code)
    return voice.text(found.title) if found else f"`{code}`"


def _family(voice: Voice, code: str) -> str:
    found = voice.rulebook.families.get(code)
    return voice.text(found.title) if found else f"`{code}`"


def _measure(voice: Voice, measure: Measure) -> str:
    if isinstance(measure, Share):
        of = [*(_family(voice, one) for one in measure.family), *(_duty(voice, one) for one in measure.duties)]
        what, counted = voice.all_of(of), voice.text(_COUNTING[measure.counting])
        return voice.say(f"{what}中{counted}的比例", f"share {counted} of: {what}")
    if isinstance(measure, AverageDays):
        ends = deed(voice, measure.ends)
        return voice.say(
            f"从{deed(voice, measure.begins)}到{ends}的平均天数",
            f"average days from {deed(voice, measure.begins)} to {ends}",
        )
    if isinstance(measure, Recurring):
        return voice.say(
            f"{deed(voice, measure.deed)}中复发的比例", f"share of {deed(voice, measure.deed)} that came back"
        )
    if isinstance(measure, ScoresOf):
        title = voice.text(voice.rulebook.scoring[measure.tree].title)
        return voice.say(f"辖区内各单位“{title}”得分的平均", f"mean of the scores of “{title}” in the territory")
    return _figure(voice, measure)


def _figure(voice: Voice, measure: Tally | Given) -> str:
    if isinstance(measure, Given):
        what = deed(voice, measure.deed) if measure.deed else entry(voice, measure.entry) if measure.entry else ""
        return voice.say(f"{what}记录的数值", f"the figure recorded in {what}")
    what = deed(voice, measure.deed)
    others = voice.say("（只算他人发现的）", " (found by others only)") if measure.found_by == "others" else ""
    return voice.say(f"{what}的件数{others}", f"the number of {what}{others}")
