"""What would change a standing: said from the status, the shape and the window, beside the reasons it has."""

from __future__ import annotations

from collections.abc import Iterator

from huxue.core.duties.shapes import Cover, Keep, Never, Ratio, Repeat, Respond, Windowed
from huxue.core.duties.verdict import Verdict
from huxue.core.handbook import phrases
from huxue.core.handbook.voice import Voice
from huxue.core.values import date_of


def changes(voice: Voice, v: Verdict) -> list[str]:
    """Return what would change a standing, the nearest first."""
    return list(_changes(voice, v))


def _changes(voice: Voice, v: Verdict) -> Iterator[str]:
    status = v.standing.status
    if status == "excused":
        yield voice.say("免除期满或撤回后重新计算。", "It counts again when the excuse ends or is withdrawn.")
        return
    if status == "met":
        yield from _met(voice, v)
        return
    if status == "missed":
        yield voice.say(
            "已过可补办的时间，这一期不会再变为已完成；以后各期完成后，督责随之停止。",
            "The time to make it good is over: this period will not become met. Measures stop when later ones are met.",
        )
    else:
        yield from _mending(voice, v)
    if v.duty.counts == "verified":
        yield voice.say("只计经他人核实的：由别的单位核实后计入。", "Only what somebody else verified counts.")
    yield voice.say("有权单位批准免除后变为免除。", "It becomes excused when who may excuses it.")


def _met(voice: Voice, v: Verdict) -> Iterator[str]:
    yield voice.say(
        "所依据的事实被更正、撤回或核实为不实时，会重新计算。",
        "It is worked out anew when a fact it rests on is corrected, withdrawn or refuted.",
    )
    if not v.standing.on_time:
        yield voice.say("未按时完成的不会再变为按时。", "What was late does not become on time.")


def _mending(voice: Voice, v: Verdict) -> Iterator[str]:
    shape, lacks = v.duty.shape, v.standing.need - v.standing.have
    match shape:
        case Respond():
            yield voice.say(
                f"登记{phrases.deed(voice, shape.with_)}后变为已完成。",
                f"It becomes met once this is recorded: {phrases.deed(voice, shape.with_)}.",
            )
            if shape.moved_by:
                said = phrases.deed(voice, shape.moved_by)
                yield voice.say(f"{said}会移动期限。", f"The deadline moves with: {said}.")
            if shape.lifted_by:
                said = phrases.deed(voice, shape.lifted_by)
                yield voice.say(f"{said}后不再要求。", f"It is lifted by: {said}.")
        case Repeat():
            said = phrases.deed(voice, shape.deed)
            yield voice.say(f"还差 {lacks}：{said}。", f"{lacks} more: {said}.")
            yield from _time(voice, v, shape)
        case Cover():
            yield voice.say(f"再覆盖 {lacks} 个即可。", f"{lacks} more to cover.")
            yield from _time(voice, v, shape)
        case Keep() | Ratio():
            yield voice.say("台账改为符合要求的当天即变为已完成。", "It is met on the day the register says so.")
        case Never():
            yield voice.say("所列事项办结或注销的当天即变为已完成。", "It is met on the day what is listed has ended.")


def _time(voice: Voice, v: Verdict, shape: Windowed) -> Iterator[str]:
    w = v.window
    if w is None or shape.each:
        return
    lo, hi, closes = date_of(w.lo), date_of(w.hi), date_of(w.closes)
    if v.standing.status == "due":
        yield voice.say(f"须发生在 {lo} 至 {hi}。", f"It must happen from {lo} to {hi}.")
    elif shape.make_good:
        yield voice.say(
            f"{closes} 前补办并注明补办，变为已完成（不算按时）。",
            f"Made good by {closes} and marked so, it becomes met (not on time).",
        )
    elif w.closes > w.hi:
        yield voice.say(f"可补到 {closes}，不算按时。", f"It can be made good until {closes}, not on time.")
    if shape.enter_within is not None:
        n = shape.enter_within
        yield voice.say(f"事后 {n} 个工作日内录入才计入。", f"It counts only if entered within {n} workdays.")


__all__ = ["changes"]
