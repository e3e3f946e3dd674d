"""One duty as a section of its family's page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from huxue.core.duties.explain import CONFIDENCE
from huxue.core.duties.shapes import Duty, Source
from huxue.core.examples import Example
from huxue.core.handbook import phrases, shapes
from huxue.core.handbook.markdown import anchor, bullets, link, page
from huxue.core.handbook.situations import examples
from huxue.core.handbook.voice import Voice
from huxue.core.rulebook.model import Parameter
from huxue.core.values import FAR, Text, date_of

_PRESENT = {
    "whole": Text(zh="整个期间都须是承担者。", en="it must owe it for the whole window."),
    "due-day": Text(zh="期限当天是承担者即可。", en="it must owe it on the day of the deadline."),
}


def section(voice: Voice, duty: Duty, told: Sequence[Example]) -> str:
    """Return the section: who owes what, by which clause, with its parameters and worked examples."""
    shape = voice.text(shapes.SHAPES[duty.shape_name])
    layer = next((voice.text(one.title) for one in voice.rulebook.layers if one.code == duty.layer), duty.layer)
    head = " · ".join([f"`{duty.code}`", f"{voice.say('形态', 'shape')} {shape}", layer])
    return page(
        [
            f"### {voice.text(duty.title)}",
            head,
            bullets(points(voice, duty), zh=voice.zh),
            examples(voice, told) if told else "",
        ]
    )


def points(voice: Voice, duty: Duty) -> Iterator[shapes.Point]:
    """Yield everything there is to say of a duty: a label and its words."""
    yield voice.say("谁承担", "Owed by"), bearer(voice, duty)
    yield from shapes.points(voice, duty)
    if duty.present in _PRESENT:
        yield voice.say("期间内变动", "Changes inside a window"), voice.text(_PRESENT[duty.present])
    if duty.in_force != (-FAR, FAR):
        yield voice.say("施行", "In force"), _in_force(voice, duty)
    yield from _related(voice, duty)
    if duty.ladder:
        found = voice.rulebook.ladders.get(duty.ladder)
        title = voice.text(found.title) if found else f"`{duty.ladder}`"
        yield (
            voice.say("未做到时", "When it is not done"),
            link(title, f"../ladders.md#{anchor(f'{title} {duty.ladder}')}"),
        )
    yield voice.say("依据", "Source"), source(voice, duty.source)
    for name in duty.parameters:
        if name in voice.rulebook.parameters:
            yield voice.say("参数", "Parameter"), parameter(voice, name, voice.rulebook.parameters[name])
    if duty.note:
        yield voice.say("说明", "Note"), voice.text(duty.note)


def bearer(voice: Voice, duty: Duty) -> str:
    """Return who owes a duty: types, traits, topic, post."""
    owed = duty.owed_by
    types = voice.types(owed.type)
    said = (
        voice.say(f"监管{voice.topic(owed.topic)}的{types}", f"{types} that supervises {voice.topic(owed.topic)}")
        if owed.topic
        else types
    )
    filtered = phrases.where(voice, owed.where, phrases.TRAITS)
    if filtered:
        said += voice.say(f"，须{filtered}", f", where {filtered}")
    if owed.post:
        said += voice.say(f"；由{voice.posts([owed.post])}负责", f"; answered for by: {voice.posts([owed.post])}")
    return said + voice.say("。", ".")


def _in_force(voice: Voice, duty: Duty) -> str:
    lo, hi = (("…" if abs(day) >= FAR else str(date_of(day))) for day in duty.in_force)
    return voice.say(f"{lo} 至 {hi}", f"{lo} to {hi}")


def _related(voice: Voice, duty: Duty) -> Iterator[shapes.Point]:
    duties = voice.rulebook.duties
    if duty.strengthens in duties:
        weaker = named(voice, duties[duty.strengthens])
        yield (
            voice.say("加严", "Stricter than"),
            voice.say(f"{weaker}；承担两者的只督责本项。", f"{weaker}; who owes both is held to this one."),
        )
    for stronger in (one for one in duties.values() if one.strengthens == duty.code):
        yield voice.say("另有更严的", "A stricter one"), named(voice, stronger)
    if duty.loosens:
        yield voice.say("放宽理由", "Why it is looser"), voice.text(duty.loosens)


def named(voice: Voice, duty: Duty) -> str:
    """Return a duty's title, family and code."""
    return f"{voice.quoted(duty.title)} `{duty.code}`"


def source(voice: Voice, value: Source) -> str:
    """Return the text, its number, the clause, and how sure we are of the wording."""
    found = voice.rulebook.sources.get(value.text)
    title = voice.say(f"《{found.title.zh.strip('《》')}》", found.title.en) if found else f"`{value.text}`"
    number = found.number if found else ""
    parts = [part for part in (title, number, value.clause) if part]
    sure = voice.text(CONFIDENCE[value.confidence])
    return ("，" if voice.zh else ", ").join(parts) + voice.say(f"（{sure}）。", f" ({sure}).")


def parameter(voice: Voice, code: str, value: Parameter) -> str:
    """Return a parameter: title, value, unit, bounds, whether the city has confirmed it."""
    amount = amount_of(voice, value)
    state = voice.say("已确认", "confirmed") if value.confirmed else voice.say("待确认", "to be confirmed")
    more = [f"**{amount}**", bounds(voice, value), state]
    return (
        f"{voice.text(value.title)} `{code}`"
        + voice.say("：", ": ")
        + ("，" if voice.zh else ", ").join(filter(None, more))
        + voice.say("。", ".")
    )


def amount_of(voice: Voice, value: Parameter) -> str:
    """Return the value of a parameter with its unit; a word that means something to the machine stays as it is."""
    said = value.value
    if isinstance(said, str) and said.startswith("next "):
        return voice.say(f"次年 {said[5:]}", f"{said[5:]} of the year after")
    if isinstance(said, str) and said.isascii() and not value.unit:
        return f"`{said}`"
    name = unit(voice, value.unit)
    return f"{voice.value(None, said)} {name.removesuffix('s') if said == 1 else name}".strip()


def bounds(voice: Voice, value: Parameter) -> str:
    """Return what a parameter may be."""
    if value.at_least is not None and value.at_most is not None:
        return voice.say(f"可设 {value.at_least} 至 {value.at_most}", f"may be {value.at_least} to {value.at_most}")
    if value.at_least is not None:
        return voice.say(f"不小于 {value.at_least}", f"at least {value.at_least}")
    return voice.say(f"不大于 {value.at_most}", f"at most {value.at_most}") if value.at_most is not None else ""


UNITS = {
    "days": Text(zh="日", en="days"),
    "workdays": Text(zh="个工作日", en="workdays"),
    "school days": Text(zh="个教学日", en="school days"),
    "hours": Text(zh="小时", en="hours"),
    "minutes": Text(zh="分钟", en="minutes"),
    "months": Text(zh="个月", en="months"),
    "years": Text(zh="年", en="years"),
    "metres": Text(zh="米", en="metres"),
    "times": Text(zh="次", en="times"),
    "month-day": Text(zh="", en=""),
    "per mille": Text(zh="‰", en="‰"),
    "%": Text(zh="%", en="%"),
    "cases": Text(zh="例", en="cases"),
    "people": Text(zh="人", en="people"),
    "departments": Text(zh="个部门", en="departments"),
    "schools": Text(zh="所学校", en="schools"),
    "agreements": Text(zh="份协议", en="agreements"),
    "seconds": Text(zh="秒", en="seconds"),
    "lessons": Text(zh="课时", en="lessons"),
    "floors": Text(zh="层", en="floors"),
    "pupils": Text(zh="名学生", en="pupils"),
    "rounds": Text(zh="轮", en="rounds"),
    "points": Text(zh="分", en="points"),
    "classes": Text(zh="个班级", en="classes"),
    "grams": Text(zh="克", en="grams"),
    "weeks": Text(zh="周", en="weeks"),
    "yes or no": Text(zh="", en=""),
    "yuan": Text(zh="元", en="yuan"),
}


def unit(voice: Voice, said: str) -> str:
    """Return a parameter's unit; one that is not among the common ones stays as its author wrote it."""
    return voice.text(UNITS[said]) if said in UNITS else said
