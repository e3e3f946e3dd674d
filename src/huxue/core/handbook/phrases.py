"""The phrases of a duty in words: filters, deeds, entries, members, values, lengths of time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from huxue.core.duties.shapes import Deed, Due, Entry, Members, Part, Span, Step, Test, Where
from huxue.core.handbook.voice import Voice, decimal
from huxue.core.kinds import Field
from huxue.core.values import FAR, Text

TRAITS = "\0traits"  # the kind whose fields are the traits: a name that no rulebook can write
_POSTS = "\0posts"
_OPERATORS: Mapping[str, Text] = {
    "=": Text(zh="{0}为{1}", en="{0} is {1}"),
    "in": Text(zh="{0}为{1}", en="{0} is {1}"),
    "at_least": Text(zh="{0}不小于{1}", en="{0} is at least {1}"),
    "at_most": Text(zh="{0}不大于{1}", en="{0} is at most {1}"),
    "below": Text(zh="{0}小于{1}", en="{0} is below {1}"),
    "above": Text(zh="{0}大于{1}", en="{0} is above {1}"),
}
_NOT: Mapping[str, Text] = {  # a missing value passes no comparison, so it passes every one of these
    "=": Text(zh="{0}不为{1}", en="{0} is not {1}"),
    "in": Text(zh="{0}不为{1}", en="{0} is not {1}"),
    "at_least": Text(zh="{0}未填或小于{1}", en="{0} is missing or below {1}"),
    "at_most": Text(zh="{0}未填或大于{1}", en="{0} is missing or above {1}"),
    "below": Text(zh="{0}未填或不小于{1}", en="{0} is missing or at least {1}"),
    "above": Text(zh="{0}未填或不大于{1}", en="{0} is missing or at most {1}"),
}
_UNITS: Mapping[str, Text] = {
    "hours": Text(zh="{} 小时", en="{} hours"),
    "days": Text(zh="{} 日", en="{} days"),
    "workdays": Text(zh="{} 个工作日", en="{} workdays"),
    "school_days": Text(zh="{} 个教学日", en="{} school days"),
}
_ONE: Mapping[str, str] = {"hours": "1 hour", "days": "1 day", "workdays": "1 workday", "school_days": "1 school day"}


def number_of(voice: Voice, n: int, unit: str) -> str:
    """Return a length of time in one unit."""
    return _ONE[unit] if n == 1 and not voice.zh else voice.text(_UNITS[unit]).format(n)


def span(voice: Voice, value: Span, kind: str) -> str:
    """Return a length of time, or the field that holds the deadline."""
    if value.field is not None:
        name = voice.say("期限", "deadline") if value.field == "deadline" else voice.field(kind, value.field)
        return voice.say(f"其“{name}”所定的时间", f"the time that its “{name}” sets")
    unit, n = next(iter(value.model_dump(exclude_none=True).items()))
    return number_of(voice, n, unit)


def due(voice: Voice, value: Due | None, start: str) -> str:
    """Return a date around a period; ``start`` says what ``n days`` are counted from."""
    if value is None:
        return ""
    if value.date is not None:
        month, day = (int(part) for part in value.date.removeprefix("next ").split("-"))
        if value.date.startswith("next "):
            return voice.say(f"次年 {month} 月 {day} 日", f"{value.date[5:]} of the year after")
        return voice.say(f"当年 {month} 月 {day} 日", f"{value.date} of that year")
    if value.days_after_start is not None:
        n = number_of(voice, value.days_after_start, "days")
        return voice.say(f"周期开始后 {n}", f"{n} after its start")
    unit, n_ = next(iter(value.model_dump(exclude_none=True).items()))
    length = number_of(voice, n_, unit)
    return (
        voice.say(f"{start}后 {length}", f"{length} after {start}")
        if n_
        else voice.say(f"{start}当天", f"the day of {start}")
    )


# --- filters ------------------------------------------------------------------------------------------------------


def where(voice: Voice, value: Where, kind: str) -> str:
    """Return a filter in words, ``""`` for one that always holds. Fields are those of a kind, or the traits."""
    every = [_part(voice, part, kind) for part in value.all]
    if value.any:
        some = [_part(voice, part, kind) for part in value.any]
        every.append(
            some[0] if len(some) == 1 else voice.say("", "either ") + (" 或 " if voice.zh else " or ").join(some)
        )
    every += [_not(voice, part, kind) for part in value.not_]
    return ("，且" if voice.zh else ", and ").join(every)


def _not(voice: Voice, part: Test | Where, kind: str) -> str:
    if isinstance(part, Test):
        return _test(voice, part, kind, _NOT)
    said = where(voice, part, kind)
    return f"并非（{said}）" if voice.zh else f"not ({said})"


def _part(voice: Voice, part: Test | Where, kind: str) -> str:
    if isinstance(part, Where):
        said = where(voice, part, kind)
        return f"（{said}）" if voice.zh else f"({said})"
    return _test(voice, part, kind, _OPERATORS)


def _test(voice: Voice, part: Test, kind: str, operators: Mapping[str, Text]) -> str:
    name, declared = (
        (voice.trait(part.field), _trait(voice, part.field)) if kind == TRAITS else _field(voice, kind, part)
    )
    if isinstance(part.value, bool) and operators is _OPERATORS:
        said = voice.text(Text(zh="是", en="yes") if part.value else Text(zh="否", en="no"))
        return f"“{name}”：{said}" if voice.zh else f"“{name}”: {said}"
    many = part.value if isinstance(part.value, tuple) else (part.value,)
    if operators is _NOT and set(many) == {True, False}:
        return voice.say(f"“{name}”未填", f"“{name}” is missing")
    words = (
        voice.one_of(voice.value(declared, one) for one in many) if len(many) > 1 else voice.value(declared, many[0])
    )
    space = " " if voice.zh and words[:1].isascii() else ""
    return voice.text(operators[part.op]).format(f"“{name}”", space + words)


def _field(voice: Voice, kind: str, part: Test) -> tuple[str, Field | None]:
    declared = voice.declared(kind, part.field)
    if part.field == "by_post" or (declared is None and part.field.endswith("_post")):
        declared = Field(type="choice", list=_POSTS, title=Text(zh="", en=""))
    return voice.field(kind, part.field), declared


def _trait(voice: Voice, code: str) -> Field | None:
    found = voice.rulebook.traits.get(code)
    return Field(type=found.type, title=found.title, list=found.list, decimals=found.decimals) if found else None


# --- deeds and entries --------------------------------------------------------------------------------------------


def kind_of(deed: Deed) -> str:
    """Return the code of the kind behind a deed."""
    kind, _, event = deed.record.rpartition(".")
    return deed.case or (kind if event in ("began", "changed", "ended") else deed.record)


def deed(voice: Voice, value: Deed) -> str:
    """Return what happened: a record, or a step of a case, with the part played in it and its filter."""
    if value.step:
        steps = voice.one_of(voice.step(value.case, step) for step in value.step)
        said = voice.say(f"{voice.kind(value.case)}的环节{steps}", steps)
    else:
        said = voice.source_kind(value.record)
    kind = kind_of(value)
    part = (
        ""
        if value.as_ == "by"
        else voice.say(f"作为“{voice.role(kind, value.as_)}”", f"in the part of “{voice.role(kind, value.as_)}”")
    )
    filtered = where(voice, value.where, kind)
    case = f"step of {voice.kind(value.case)}" if value.step and not voice.zh else ""
    asides = [case, part, voice.say(f"须{filtered}", f"where {filtered}") if filtered else ""]
    return said + _asides(voice, asides)


def entry(voice: Voice, value: Entry) -> str:
    """Return entries of a register, with whose they are and their filter."""
    whose = "" if value.as_ == "by" else voice.say("监管范围内各单位的", "of the organisations it supervises")
    filtered = where(voice, value.where, value.entry)
    title = voice.kind(value.entry)
    asides = [whose if not voice.zh else "", voice.say(f"须{filtered}", f"where {filtered}") if filtered else ""]
    return (whose if voice.zh else "") + title + voice.say("条目", " entries") + _asides(voice, asides)


def _asides(voice: Voice, asides: Iterable[str]) -> str:
    said = [one for one in asides if one]
    return voice.aside(("，" if voice.zh else ", ").join(said)) if said else ""


# --- members and values -------------------------------------------------------------------------------------------


def members(voice: Voice, value: Members) -> str:
    """Return the set that must be covered."""
    filtered = where(voice, value.where, value.entries or TRAITS)
    return _set(voice, value) + _asides(voice, [voice.say(f"须{filtered}", f"where {filtered}") if filtered else ""])


def _set(voice: Voice, m: Members) -> str:
    if m.supervised:
        types = voice.types(m.type) if m.type else voice.say("单位", "organisation")
        topic = voice.topic(m.supervised)
        return voice.say(f"{topic}监管范围内的每个{types}", f"every {types} supervised in {topic}")
    if m.children:
        return voice.say(f"辖区内每个{voice.types(m.children)}", f"every {voice.types(m.children)} in the territory")
    if m.posts:
        return voice.say(f"本单位的{voice.posts(m.posts)}", f"of its own: {voice.posts(m.posts)}")
    if m.holdings:
        posts = voice.posts(m.holdings)
        return voice.say(f"本单位担任{posts}的每个人", f"everybody who holds one of: {posts}")
    if m.entries:
        return voice.say(f"本单位的每个{voice.kind(m.entries)}条目", f"every {voice.kind(m.entries)} entry of its own")
    if m.list:
        values = voice.all_of(voice.choice(m.list, code) for code in m.codes)
        return voice.say(f"清单 `{m.list}` 的每一项（{values}）", f"every value of the list `{m.list}` ({values})")
    link, field = voice.kind(m.through), voice.field(m.through, m.field)
    return voice.say(
        f"本单位{link}条目的“{field}”所指的每个单位", f"every organisation that “{field}” of its {link} entries names"
    )


def value(voice: Voice, parts: tuple[Part, ...], against: tuple[Part, ...] = ()) -> str:
    """Return a value: the sum of its parts. Constants and tables are in the decimals of what it stands ``against``."""
    decimals = decimals_of(voice, (*parts, *against))
    return (" ＋ " if voice.zh else " + ").join(_value(voice, part, decimals) for part in parts)


def decimals_of(voice: Voice, parts: Iterable[Part]) -> int:
    """Return the decimals that a value is counted in."""
    found = [0]
    for part in parts:
        kind = kind_of(part.deed) if part.deed else part.entry.entry if part.entry else ""
        declared = voice.declared(kind, part.sum) if part.sum else _trait(voice, part.trait) if not part.table else None
        if declared:
            found.append(2 if declared.type == "money" else declared.decimals)
    return max(found)


def _value(voice: Voice, part: Part, decimals: int) -> str:
    if part.constant is not None:
        return decimal(part.constant, decimals)
    if part.table:
        steps = voice.points(_step(voice, step, decimals) for step in part.table)
        return voice.say(
            f"按“{voice.trait(part.trait)}”应有的数", f"what “{voice.trait(part.trait)}” asks for"
        ) + voice.aside(steps)
    if part.trait:
        return f"“{voice.trait(part.trait)}”"
    what = deed(voice, part.deed) if part.deed else entry(voice, part.entry) if part.entry else ""
    if not part.sum:
        return voice.say(f"{what}的件数", f"the number of {what}")
    kind = kind_of(part.deed) if part.deed else part.entry.entry if part.entry else ""
    name = voice.field(kind, part.sum)
    return voice.say(f"{what}的“{name}”合计", f"the sum of “{name}” of {what}")


def _step(voice: Voice, step: Step, decimals: int) -> str:
    lo, hi = step.from_, step.to
    size = (
        voice.say(f"{lo} 以上", f"from {lo}")
        if hi >= FAR
        else str(lo)
        if lo == hi
        else voice.say(f"{lo} 至 {hi}", f"{lo} to {hi}")
    )
    said = voice.labelled(size, decimal(step.base, decimals))
    if not step.add:
        return said
    more = decimal(step.add, decimals)
    return said + voice.say(
        f"，超过 {step.beyond} 的部分每 {step.for_every} 加 {more}",
        f", and {more} more for every {step.for_every} beyond {step.beyond}",
    )


def share(per_mille: int) -> str:
    """Return a share as people write it: ``95.5 %``."""
    return f"{decimal(per_mille, 1)} %"
