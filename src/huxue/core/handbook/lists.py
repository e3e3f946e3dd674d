"""The other pages of the book: parameters, mechanisms, lists, checklists, criteria, ladders, derivations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from huxue.core.checklists import Criteria
from huxue.core.handbook.duty import amount_of, bounds, source
from huxue.core.handbook.families import NOTICE
from huxue.core.handbook.kinds import kinds
from huxue.core.handbook.markdown import bullets, link, page, table
from huxue.core.handbook.scoring import scoring
from huxue.core.handbook.voice import Voice
from huxue.core.ladder.model import Ladder, Rung, When
from huxue.core.mechanisms import Mechanism
from huxue.core.rulebook.model import Parameter
from huxue.core.values import Text

TITLES = {
    "registers": Text(zh="台账", en="Registers"),
    "records": Text(zh="记录", en="Records"),
    "cases": Text(zh="事项", en="Cases"),
    "parameters": Text(zh="参数", en="Parameters"),
    "mechanisms": Text(zh="机制", en="Mechanisms"),
    "ladders": Text(zh="督责阶梯", en="Ladders"),
    "scoring": Text(zh="考核", en="Scoring"),
    "checklists": Text(zh="检查表", en="Checklists"),
    "criteria": Text(zh="重大隐患判定", en="Criteria for major hazards"),
    "derivations": Text(zh="推算规则", en="Derivations"),
    "lists": Text(zh="清单", en="Lists"),
}
SORTS = {
    "N": Text(zh="按期计数", en="counted in periods"),
    "T": Text(zh="触发办理", en="triggered"),
    "B": Text(zh="持续状态", en="a state"),
    "S": Text(zh="考核统计", en="a score or statistic"),
    "D": Text(zh="文书", en="words"),
    "X": Text(zh="引子", en="a preamble"),
}
PLACES = {
    "duties": Text(zh="职责", en="duties"),
    "kinds": Text(zh="类型", en="kinds"),
    "ladders": Text(zh="督责阶梯", en="ladders"),
    "indicators": Text(zh="指标", en="indicators"),
    "lists": Text(zh="清单", en="lists"),
    "parameters": Text(zh="参数", en="parameters"),
    "checklists": Text(zh="检查表", en="checklists"),
    "criteria": Text(zh="判定标准", en="criteria"),
    "derivations": Text(zh="推算规则", en="derivations"),
    "traits": Text(zh="属性", en="traits"),
}
_SPANS = {
    "": Text(zh="本次督责中", en="in this episode"),
    "quarter": Text(zh="本季度", en="in the quarter"),
    "half-year": Text(zh="本半年", en="in the half-year"),
    "year": Text(zh="本年度", en="in the year"),
    "school-year": Text(zh="本学年", en="in the school year"),
}


def other_pages(voice: Voice) -> dict[str, str]:
    """Return the pages by name; a section that the rulebook does not have gets none."""
    found = {name: list(make(voice)) for name, make in _PAGES.items() if getattr(voice.rulebook, name, True)}
    return {name: _page(voice, name, parts) for name, parts in found.items() if parts}


def sections(voice: Voice) -> list[str]:
    """Return the names of the pages that the rulebook fills."""
    return [name for name in _PAGES if getattr(voice.rulebook, name, True)]


def section(voice: Voice, name: str) -> str:
    """Return one page without its heading; raises ``KeyError`` for an unknown one."""
    return page(_PAGES[name](voice))


def _page(voice: Voice, name: str, parts: Iterable[str]) -> str:
    head = f"# {voice.text(TITLES[name])}"
    return page([head, link(voice.say("回目录", "Contents"), "index.md"), voice.text(NOTICE), *parts])


# --- parameters ---------------------------------------------------------------------------------------------------


def _parameters(voice: Voice) -> Iterator[str]:
    every = voice.rulebook.parameters
    for confirmed, title in ((False, voice.say("待确认", "To be confirmed")), (True, voice.say("已确认", "Confirmed"))):
        rows = [_parameter(voice, code, one) for code, one in sorted(every.items()) if one.confirmed is confirmed]
        if rows:
            head = [
                voice.say("参数", "parameter"),
                voice.say("现值", "value"),
                voice.say("范围", "bounds"),
                voice.say("用于", "used by"),
            ]
            yield f"## {title}（{len(rows)}）" if voice.zh else f"## {title} ({len(rows)})"
            yield table(head, rows)


def _parameter(voice: Voice, code: str, value: Parameter) -> list[str]:
    users = [voice.text(one.title) for one in voice.rulebook.duties.values() if code in one.parameters]
    return [f"{voice.text(value.title)} `{code}`", amount_of(voice, value), bounds(voice, value), voice.points(users)]


# --- mechanisms ---------------------------------------------------------------------------------------------------


def _mechanisms(voice: Voice) -> Iterator[str]:
    head = ["", voice.say("机制", "mechanism"), voice.say("性质", "sort"), voice.say("落在何处", "where it lives")]
    yield table(head, (_mechanism(voice, code, one) for code, one in voice.rulebook.mechanisms.items()))


def _mechanism(voice: Voice, code: str, value: Mechanism) -> list[str]:
    places = [
        voice.labelled(voice.text(PLACES[sort]), voice.points(_place(voice, sort, name) for name in names))
        for sort, names in value.places().items()
    ]
    said = "<br>".join([*places, *([voice.text(value.how)] if value.how else [])])
    return [code, voice.text(value.title), voice.all_of(voice.text(SORTS[one]) for one in value.sorts), said]


def _place(voice: Voice, sort: str, name: str) -> str:
    found = getattr(voice.rulebook, sort, {}).get(name) if sort not in ("lists", "indicators") else None
    title = getattr(found, "title", None)
    if title is None:
        return f"`{name}`"
    return voice.text(title)


# --- lists, checklists, criteria, derivations -----------------------------------------------------------------------


def _lists(voice: Voice) -> Iterator[str]:
    head = [voice.say("清单", "list"), voice.say("各项", "values")]
    rows = (
        [f"`{code}`", voice.points(voice.text(one.title) for one in values.values())]
        for code, values in sorted(voice.rulebook.lists.items())
    )
    yield table(head, rows)


def _checklists(voice: Voice) -> Iterator[str]:
    head = [
        voice.say("检查项", "item"),
        voice.say("类别", "category"),
        voice.say("等级提示", "grade hint"),
        voice.say("怎样整改", "how to mend"),
        voice.say("依据", "source"),
    ]
    for code, one in voice.rulebook.checklists.items():
        yield f"## {voice.text(one.title)}"
        yield f"`{code}` · {voice.text(one.scope)}"
        yield table(
            head,
            (
                [
                    f"{voice.text(item.title)} `{item.code}`",
                    voice.choice("hazard-categories", item.category),
                    voice.choice("hazard-grades", item.grade),
                    voice.text(item.fix),
                    source(voice, item.source),
                ]
                for item in one.items
            ),
        )


def _criteria(voice: Voice) -> Iterator[str]:
    for code, one in voice.rulebook.criteria.items():
        yield f"## {voice.text(one.title)}"
        yield f"`{code}` · {_concludes(voice, one)}"
        head = [
            voice.say("分组", "group"),
            voice.say("方法", "method"),
            voice.say("情形", "condition"),
            voice.say("依据", "source"),
            "",
        ]
        methods = {"direct": voice.say("直接判定", "direct"), "combined": voice.say("综合判定", "combined")}
        unverified = voice.say("**未核实**", "**not verified**")
        yield table(
            head,
            (
                [
                    voice.text(one.groups[row.group]),
                    methods[row.method],
                    f"{voice.text(row.title)} `{row.code}`",
                    source(voice, row.source),
                    "" if row.verified else unverified,
                ]
                for row in one.rows
            ),
        )
        yield voice.text(one.note) if one.note else ""


def _concludes(voice: Voice, one: Criteria) -> str:
    grade = voice.choice("hazard-grades", one.concludes)
    return voice.say(
        f"直接判定有一项成立，或同组综合判定有 {one.together} 项成立，即建议判为“{grade}”，由人决定。",
        f"One direct row, or {one.together} combined rows of one group, and “{grade}” is proposed; a person decides.",
    )


def _derivations(voice: Voice) -> Iterator[str]:
    for code, one in voice.rulebook.derivations.items():
        yield f"## {voice.text(one.title)}"
        reads = voice.all_of(voice.kind(kind) for kind in one.reads.values())
        given = voice.all_of(f"`{part}`" for part in one.said().split())
        points = [
            (voice.say("规则", "Rule"), f"`{code}`, `{one.rule}`"),
            (voice.say("读取", "Reads"), reads),
            (voice.say("写出", "Writes"), voice.kind(one.writes)),
            (voice.say("取值", "Values"), given),
            (voice.say("依据", "Source"), source(voice, one.source)),
            (voice.say("说明", "Note"), voice.text(one.note) if one.note else ""),
        ]
        yield bullets([point for point in points if point[1]], zh=voice.zh)


# --- ladders ------------------------------------------------------------------------------------------------------


def _ladders(voice: Voice) -> Iterator[str]:
    head = [
        "",
        voice.say("措施", "measure"),
        voice.say("何时应采取", "when it is owed"),
        voice.say("由谁决定", "who decides"),
        voice.say("依据", "source"),
    ]
    for code, one in voice.rulebook.ladders.items():
        yield f"## {voice.text(one.title)} `{code}`"
        yield voice.say(
            f"暂缓最多 {one.postponed_at_most} 日。系统只提出，提醒以外都由人决定。",
            f"Put off for at most {one.postponed_at_most} days. "
            "The system only proposes; but for reminders, people decide.",
        )
        yield table(head, (_rung(voice, one, n, rung) for n, rung in enumerate(one.rungs, 1)))
        yield voice.text(one.note) if one.note else ""


def rungs(voice: Voice, ladder: Ladder) -> Iterator[tuple[str, str, str]]:
    """Yield the rungs of a ladder in words: the measure, when it is owed, who decides."""
    for n, one in enumerate(ladder.rungs, 1):
        _, measure, when, decides, _ = _rung(voice, ladder, n, one)
        yield measure, when, decides


def _rung(voice: Voice, ladder: Ladder, n: int, rung: Rung) -> list[str]:
    own = ladder.source_of(rung)
    return [
        str(n),
        voice.choice("measures", rung.measure),
        conditions(voice, rung),
        _decides(voice, rung),
        source(voice, own) if own else "",
    ]


def conditions(voice: Voice, rung: Rung) -> str:
    """Return when a rung is owed; one of its conditions is enough."""
    return voice.one_of(_when(voice, one) for one in rung.conditions())


def _when(voice: Voice, when: When) -> str:
    if when.overdue is not None:
        n = _time(voice, when.overdue.length, when.overdue.unit)
        return (
            voice.say(f"逾期超过 {n}", f"more than {n} overdue")
            if when.overdue.length
            else voice.say("一旦逾期", "as soon as it is overdue")
        )
    if when.missed is not None:
        return voice.say(
            f"{_SPANS[when.within].zh}未履行 {when.missed} 次", f"{when.missed} missed {_SPANS[when.within].en}"
        )
    if when.since is not None:
        n = _time(voice, when.since.length, when.since.unit)
        return voice.say(f"到达环节后 {n}", f"{n} after the step")
    if when.after:
        n, measure = _time(voice, when.time.length, when.time.unit), voice.choice("measures", when.after)
        return voice.say(f"{measure}后 {n}仍未改变", f"{n} after “{measure}”, nothing changed")
    return voice.say("事项到达所列环节", "as soon as the case comes to its step")


def _time(voice: Voice, n: int, unit_: str) -> str:
    return voice.say(f"{n} 日", f"{n} days") if unit_ == "days" else voice.say(f"{n} 个工作日", f"{n} workdays")


def _decides(voice: Voice, rung: Rung) -> str:
    if rung.by == "system" or rung.decides is None:
        return voice.say("自动发出", "goes out by itself")
    said = f"{voice.types(rung.decides.type)} {voice.posts([rung.decides.post])}"
    return f"{voice.topic(rung.decides.topic)} · {said}" if rung.decides.topic else said


_PAGES: dict[str, Callable[[Voice], Iterator[str]]] = {
    "registers": partial(kinds, shape="register"),
    "records": partial(kinds, shape="record"),
    "cases": partial(kinds, shape="case"),
    "parameters": _parameters,
    "mechanisms": _mechanisms,
    "ladders": _ladders,
    "scoring": scoring,
    "checklists": _checklists,
    "criteria": _criteria,
    "derivations": _derivations,
    "lists": _lists,
}
