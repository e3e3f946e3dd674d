"""The kinds that a family of duties uses: their fields, roles and steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from huxue.core.duties.shapes import Cover, Deed, Duty, Entry, Keep, Never, Ratio, Repeat, Respond
from huxue.core.handbook.markdown import anchor, link, page, table
from huxue.core.handbook.phrases import kind_of
from huxue.core.handbook.voice import Voice
from huxue.core.kinds import Field, Kind
from huxue.core.values import Text

_SHAPES = {
    "register": Text(zh="台账", en="register"),
    "record": Text(zh="记录", en="record"),
    "case": Text(zh="事项", en="case"),
}
_TYPES = {
    "text": Text(zh="文字", en="text"),
    "number": Text(zh="数字", en="number"),
    "money": Text(zh="金额", en="money"),
    "choice": Text(zh="选择", en="choice"),
    "yes_no": Text(zh="是或否", en="yes or no"),
    "date": Text(zh="日期", en="date"),
    "time": Text(zh="时刻", en="time"),
    "person": Text(zh="人员", en="person"),
    "organisation": Text(zh="单位", en="organisation"),
    "post": Text(zh="岗位", en="post"),
    "entry": Text(zh="条目", en="entry"),
    "place": Text(zh="位置", en="place"),
    "photo": Text(zh="照片", en="photo"),
    "file": Text(zh="文件", en="file"),
    "signature": Text(zh="签字", en="signature"),
}
_RELATIONS = {
    "finder": Text(zh="发现单位", en="who found it"),
    "supervisor": Text(zh="监管单位", en="the supervisor"),
    "verifier": Text(zh="复查单位", en="the verifier"),
    "government": Text(zh="当地政府", en="the government of the area"),
    "public": Text(zh="社会公众", en="the public"),
    "system": Text(zh="系统", en="the system"),
}


def used(duties: Iterable[Duty]) -> list[str]:
    """Return the codes of the kinds that duties speak of, each once, in order."""
    return list(dict.fromkeys(code for duty in duties for code in _codes(duty) if code))


def _codes(duty: Duty) -> Iterator[str]:
    for source in sources(duty):
        yield source.entry if isinstance(source, Entry) else kind_of(source)
    if isinstance(duty.shape, Cover):
        yield duty.shape.members.entries
        yield duty.shape.members.through


def sources(duty: Duty) -> Iterator[Deed | Entry]:
    """Yield the deeds and entries of a duty's shape."""
    match duty.shape:
        case Repeat(deed=deed):
            yield deed
        case Respond(to=to, with_=with_, moved_by=moved, lifted_by=lifted):
            yield from (one for one in (to, with_, moved, lifted) if one)
        case Keep(every=entry):
            yield entry
        case Cover(deed=deed, entry=entry) | Never(deed=deed, entry=entry):
            yield from (one for one in (deed, entry) if one)
        case Ratio(have=have, of=of, need=need):
            yield from (one for part in (*have, *of, *need) for one in (part.deed, part.entry) if one)


def links(voice: Voice, codes: Iterable[str]) -> str:
    """Return where the kinds of a family are described; reserved ones stand in every rulebook and are left out."""
    found = [voice.rulebook.kinds[code] for code in codes if code in voice.rulebook.kinds]
    said = voice.all_of(
        link(voice.text(one.title), f"../{one.shape}s.md#{anchor(_heading(voice, one))}") for one in found
    )
    return (
        voice.labelled(voice.say("用到的台账、记录和事项", "Registers, records and cases used"), said) if found else ""
    )


def kinds(voice: Voice, shape: str) -> Iterator[str]:
    """Yield every kind of a shape, by its code."""
    return (_kind(voice, one) for _, one in sorted(voice.rulebook.kinds.items()) if one.shape == shape)


def _heading(voice: Voice, kind: Kind) -> str:
    return f"{voice.text(kind.title)} `{kind.code}`"


def _kind(voice: Voice, kind: Kind) -> str:
    by = voice.labelled(voice.say("填写单位", "written by"), voice.types(kind.written_by)) if kind.written_by else ""
    kept = ""
    if kind.retention:
        years = kind.retention.years
        kept = voice.say(
            f"个人信息保存 {years} 年（{kind.retention.clause}）",
            f"personal data kept {years} years ({kind.retention.clause})",
        )
    head = " · ".join(filter(None, [voice.text(_SHAPES[kind.shape]), by, kept]))
    fields = voice.points(_field(voice, one) for one in kind.fields.values())
    roles = voice.points(f"{voice.text(one.title)} `{code}`" for code, one in kind.roles.items())
    lines = [
        head,
        f"- {voice.labelled(voice.say('角色', 'roles'), roles)}" if roles else "",
        f"- {voice.labelled(voice.say('字段', 'fields'), fields)}" if fields else "",
    ]
    return page(
        [f"## {_heading(voice, kind)}", "\n".join(filter(None, [lines[0] + "\n", *lines[1:]])), _flow(voice, kind)]
    )


def _field(voice: Voice, field: Field) -> str:
    type_ = voice.text(_TYPES[field.type])
    if field.list:
        type_ += f" `{field.list}`"
    more = [type_]
    more += [voice.say("必填", "required")] if field.required else []
    more += [voice.say("可多个", "several")] if field.many else []
    more += [voice.say("个人信息", "personal")] if field.personal else []
    return voice.text(field.title) + voice.aside(("，" if voice.zh else ", ").join(more))


def _flow(voice: Voice, kind: Kind) -> str:
    if not kind.flow:
        return ""
    head = [voice.say("环节", "step"), voice.say("接在", "after"), voice.say("由谁", "by"), voice.say("时限", "within")]
    return table(head, (_step(voice, kind, code) for code in kind.flow))


def _step(voice: Voice, kind: Kind, code: str) -> list[str]:
    step = kind.flow[code]
    after = voice.one_of(_step_name(voice, kind, one) for one in (*step.from_, *step.reopens)) or voice.say(
        "开始", "opens the case"
    )
    return [
        f"{voice.text(step.title)} `{code}`",
        after,
        voice.one_of(_taker(voice, kind, one) for one in step.by),
        _within(voice, kind, step.within),
    ]


def _step_name(voice: Voice, kind: Kind, code: str) -> str:
    if code in kind.flow:
        return voice.text(kind.flow[code].title)
    ending = [voice.text(one.title) for one in kind.flow.values() if one.ends == code]
    return voice.one_of(ending) if ending else f"`{code}`"


def _taker(voice: Voice, kind: Kind, code: str) -> str:
    if code in _RELATIONS:
        return voice.text(_RELATIONS[code])
    if code in voice.rulebook.organisation_types:
        return voice.types([code])
    return voice.posts([code]) if code in voice.rulebook.posts else voice.role(kind.code, code)


def _within(voice: Voice, kind: Kind, within: dict[str, object]) -> str:
    return voice.points(
        voice.say(f"看“{voice.field(kind.code, str(n))}”", f"as “{voice.field(kind.code, str(n))}” says")
        if unit == "field"
        else voice.text(_LENGTHS[unit]).format(n)
        for unit, n in within.items()
    )


_LENGTHS = {
    "hours": Text(zh="{} 小时", en="{} hours"),
    "days": Text(zh="{} 日", en="{} days"),
    "workdays": Text(zh="{} 个工作日", en="{} workdays"),
    "school_days": Text(zh="{} 个教学日", en="{} school days"),
}
