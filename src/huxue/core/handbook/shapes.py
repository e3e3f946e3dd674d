"""The six shapes in words: what counts, in which period, until when, and what on time means."""

from __future__ import annotations

from collections.abc import Iterator

from huxue.core.duties.shapes import Cover, Deed, Duty, Keep, Never, Ratio, Repeat, Respond, Windowed
from huxue.core.handbook import phrases
from huxue.core.handbook.voice import Voice, decimal
from huxue.core.values import Text

SHAPES = {
    "repeat": Text(zh="定期做", en="repeat"),
    "respond": Text(zh="限时办", en="respond"),
    "keep": Text(zh="保持", en="keep"),
    "cover": Text(zh="全覆盖", en="cover"),
    "ratio": Text(zh="达标率", en="ratio"),
    "never": Text(zh="不得有", en="never"),
}
_ALL = 1000  # per mille
Point = tuple[str, str]  # a label and what stands under it


def points(voice: Voice, duty: Duty) -> Iterator[Point]:
    """Yield what a duty asks for, point by point; what on time means stands once on its page (``on_time``)."""
    shape = duty.shape
    yield voice.say("做什么", "What counts"), asked(voice, duty)
    if isinstance(shape, Respond):
        yield from _respond(voice, shape)
    else:
        yield from _window(voice, shape)


def asked(voice: Voice, duty: Duty) -> str:
    """Return what a duty asks for as one sentence."""
    shape = duty.shape
    made = (
        _repeat(voice, shape) if isinstance(shape, Repeat)
        else _answer(voice, shape) if isinstance(shape, Respond)
        else _keep(voice, shape) if isinstance(shape, Keep)
        else _cover(voice, shape) if isinstance(shape, Cover)
        else _ratio(voice, shape) if isinstance(shape, Ratio)
        else _never(voice, shape)
    )  # fmt: skip
    checked = voice.say("，须经他人核实", ", confirmed by somebody else") if duty.counts == "verified" else ""
    return f"{made}{checked}{voice.say('。', '.')}"


def _repeat(voice: Voice, shape: Repeat) -> str:
    period, deed, kind = voice.period(shape.per), phrases.deed(voice, shape.deed), phrases.kind_of(shape.deed)
    if shape.sum:
        declared = voice.declared(kind, shape.sum)
        least = voice.value(declared, shape.at_least)
        name = voice.field(kind, shape.sum)
        return voice.say(
            f"{period}{deed}的“{name}”合计至少 {least}", f"{period}, the sum of “{name}” of {deed} is at least {least}"
        )
    made = voice.say(f"{period}至少 {shape.at_least} 次{deed}", f"{period}, at least {shape.at_least} × {deed}")
    if shape.distinct:
        name = voice.field(kind, shape.distinct)
        made += voice.say(f"，“{name}”相同的只算一次", f", those with the same “{name}” counted once")
    if shape.spaced:
        made += voice.say(f"，两次之间相隔至少 {shape.spaced} 日", f", with at least {shape.spaced} days between two")
    return made


def _answer(voice: Voice, shape: Respond) -> str:
    to, with_ = phrases.deed(voice, shape.to), phrases.deed(voice, shape.with_)
    length = phrases.span(voice, shape.within, phrases.kind_of(shape.to))
    return voice.say(
        f"每出现{to}，在{_spaced(length)}内以{with_}回应", f"each {to} is answered within {length} by {with_}"
    )


def _keep(voice: Voice, shape: Keep) -> str:
    every, kind = phrases.entry(voice, shape.every), shape.every.entry
    if shape.valid:
        name = voice.field(kind, shape.valid)
        return voice.say(
            f"每个{every}都在有效期内：“{name}”不早于当日", f"all {every} are valid: “{name}” has not passed"
        )
    held = phrases.where(voice, shape.holds, kind) if shape.holds else ""
    return voice.say(f"每个{every}都{held}", f"for all {every} it holds that {held}")


def _cover(voice: Voice, shape: Cover) -> str:
    members = phrases.members(voice, shape.members)
    what = phrases.deed(voice, shape.deed) if shape.deed else phrases.entry(voice, shape.entry) if shape.entry else ""
    kind = phrases.kind_of(shape.deed) if shape.deed else shape.entry.entry if shape.entry else ""
    when = (
        voice.say(f"最近 {shape.last} 日", f"in the last {shape.last} days")
        if shape.last
        else voice.period(shape.period)
    )
    key = voice.field(kind, shape.named_by)
    rest = (
        ""
        if shape.share == _ALL
        else voice.say(
            f"，至少覆盖 {phrases.share(shape.share)}", f", for at least {phrases.share(shape.share)} of them"
        )
    )
    return voice.say(
        f"{when}对{members}各有至少 {shape.at_least} 个{what}{rest}（由“{key}”指明对象）",
        f"{when}, for {members}: at least {shape.at_least} × {what}{rest} (“{key}” says for which)",
    )


def _ratio(voice: Voice, shape: Ratio) -> str:
    have, when = phrases.value(voice, shape.have), voice.period(shape.period)
    if shape.more_than or shape.less_than:
        return voice.say(
            f"{when}{have}{'多' if shape.more_than else '少'}于上一期",
            f"{when}, {have} is {'more' if shape.more_than else 'less'} than in the period before",
        )
    if shape.need:
        need = phrases.value(voice, shape.need, shape.have)
        word = voice.say("不多于", "at most") if shape.at_most is not None else voice.say("不少于", "at least")
        return voice.say(f"{when}{have}{word}{_spaced(need)}", f"{when}, {have} is {word} {need}")
    bounds = [
        voice.say(f"不低于 {phrases.share(shape.at_least)}", f"at least {phrases.share(shape.at_least)}")
        if shape.at_least is not None
        else "",
        voice.say(f"不高于 {phrases.share(shape.at_most)}", f"at most {phrases.share(shape.at_most)}")
        if shape.at_most is not None
        else "",
    ]
    of, bound = phrases.value(voice, shape.of), voice.all_of(filter(None, bounds))
    return voice.say(f"{when}{have}占{of}的比例{bound}", f"{when}, {have} is {bound} of {of}")


def _spaced(text: str) -> str:
    return f" {text}" if text[:1].isascii() else text


def _never(voice: Voice, shape: Never) -> str:
    if shape.entry:
        return voice.say(
            f"不得有{phrases.entry(voice, shape.entry)}", f"there are no {phrases.entry(voice, shape.entry)}"
        )
    deed = phrases.deed(voice, shape.deed or Deed(record="?"))
    return voice.say(f"{voice.period(shape.per)}不得发生{deed}", f"{voice.period(shape.per)}, no {deed} happens")


# --- dates --------------------------------------------------------------------------------------------------------


def _window(voice: Voice, shape: Windowed) -> Iterator[Point]:
    due_day, end = voice.say("期限", "the deadline"), voice.say("周期结束", "the end of the period")
    if is_state(shape):
        mend = getattr(shape, "mend", -1)
        yield voice.say("何时看", "Looked at"), _looked(voice, shape)
        if mend >= 0:
            lapse = phrases.number_of(voice, mend, "days")
            yield (
                voice.say("整改宽限", "Time to mend"),
                voice.say(f"失效或不符后 {lapse}内为待办。", f"{lapse} after a lapse; until then it is due."),
            )
        return
    if shape.before:
        first, last = shape.before
        yield (
            voice.say("期间", "Window"),
            voice.say(
                f"周期开始前 {first} 日至前 {last} 日。", f"from {first} to {last} days before the period starts."
            ),
        )
    due = phrases.due(voice, shape.due, end) or voice.say(
        "期间最后一天" if shape.before else "周期最后一天",
        "the last day of the window" if shape.before else "the last day of the period",
    )
    yield voice.say("期限", "Due"), f"{due}{voice.say('；', '; ')}{_closes(voice, shape, due_day)}"
    if shape.dated_by:
        field = voice.field(_deed_kind(shape), shape.dated_by)
        yield voice.say("属于哪一期", "Which period"), voice.say(f"看“{field}”。", f"the one that “{field}” says.")
    if shape.enter_within is not None:
        limit = phrases.number_of(voice, shape.enter_within, "workdays")
        yield (
            voice.say("录入", "Entry"),
            voice.say(f"发生后超过 {limit}才录入的视为未做。", f"one entered more than {limit} later is void."),
        )


def is_state(shape: Windowed) -> bool:
    """Whether what stands is looked at, not what happened in a period."""
    return bool(shape.each) or (isinstance(shape, Cover) and bool(shape.last))


def _looked(voice: Voice, shape: Windowed) -> str:
    if isinstance(shape, Cover) and shape.last:
        return voice.say("每一天，向前看这些天。", "every day, back over so many days.")
    each = voice.period(shape.each)
    return voice.say(
        f"{each}最后一天；未到最后一天时看当日。", f"on the last day of the period ({each}); before it, today."
    )


def _closes(voice: Voice, shape: Windowed, due_day: str) -> str:
    said = phrases.due(voice, shape.closes, due_day)
    if said:
        said = voice.say(f"{said}截止", f"closes {said}")
    elif shape.due is None:
        said = voice.say("过后即截止", "closes then")
    else:
        said = voice.say("同日截止，但不早于周期最后一天", "closes then, but not before the last day of the period")
    late = (
        voice.say("；此前可补办，须标明“补办”", "; until then it may be made good, marked as such")
        if shape.make_good
        else ""
    )
    return f"{said}{late}{voice.say('。', '.')}"


def _deed_kind(shape: Windowed) -> str:
    deed = getattr(shape, "deed", None) or next((p.deed for p in getattr(shape, "have", ()) if p.deed), None)
    return phrases.kind_of(deed) if deed else ""


def on_time(voice: Voice, duty: Duty) -> tuple[str, str]:
    """Return a sort of duties and what on time means for it."""
    shape = duty.shape
    if isinstance(shape, Respond):
        return (
            voice.say("限时办的", "Answers to a trigger"),
            voice.say("在当时有效的期限以前回应，算按时。", "on time if given by the deadline that was in force then."),
        )
    if isinstance(shape, Never) and shape.deed:
        return (
            voice.say("不得发生的", "What must not happen"),
            voice.say("没有发生即为已完成，不分先后。", "met as long as it does not happen."),
        )
    if is_state(shape):
        return (
            voice.say("看状态的", "States"),
            voice.say("只看当日是否如此，不分先后。", "it is so on the day, or it is not."),
        )
    return (
        voice.say("按期做的", "Deeds in a period"),
        voice.say(
            "在期间内做到、不是补办，并在期限以前录入，算按时；做到了但录入晚于期限，算已完成、未按时。",
            "on time if done inside the window, not made good, and entered by the due day; "
            "entered later: met, not on time.",
        ),
    )


# --- answers ------------------------------------------------------------------------------------------------------


def _respond(voice: Voice, shape: Respond) -> Iterator[Point]:
    yield voice.say("怎样对上", "Which answer"), _match(voice, shape)
    if shape.moved_by:
        yield voice.say("延期", "Extension"), _end(voice, phrases.deed(voice, shape.moved_by))
    if shape.lifted_by:
        lifted = phrases.deed(voice, shape.lifted_by)
        yield voice.say("不再需要", "No longer owed"), _end(voice, voice.say(f"{lifted}之后", f"after {lifted}"))
    if shape.closes:
        closes = phrases.span(voice, shape.closes, phrases.kind_of(shape.to))
        yield voice.say("截止", "Closes"), voice.say(f"期限后 {closes}。", f"{closes} after the deadline.")
    else:
        yield (
            voice.say("截止", "Closes"),
            voice.say("没有截止：回应以前一直逾期。", "never: overdue until it is answered."),
        )


def _match(voice: Voice, shape: Respond) -> str:
    known = {
        "case": voice.say("同一事项。", "of the same case."),
        "reference": voice.say("回应写明所关联的那一件。", "the one that refers to what it answers."),
        "bearer": voice.say("同一承担者。", "of the same bearer."),
        "holding": voice.say("同一任职。", "about the same holding."),
    }
    if shape.match in known:
        return known[shape.match]
    name = voice.field(phrases.kind_of(shape.to), shape.match)
    return voice.say(f"两边的“{name}”相同。", f"the one with the same “{name}”.")


def _end(voice: Voice, said: str) -> str:
    return said + voice.say("。", ".")


__all__ = ["SHAPES", "Point", "asked", "decimal", "is_state", "on_time", "points"]
