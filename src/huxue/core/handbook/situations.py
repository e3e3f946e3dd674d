"""Worked examples in words: what the situation is, what happened, and what follows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from huxue.core.duties.explain import STATUS
from huxue.core.duties.shapes import Cover, Duty, Keep, Ratio, Respond
from huxue.core.examples import NO_ROW, Example, Expected
from huxue.core.facts import Fact, post_type
from huxue.core.handbook.kinds import sources, used
from huxue.core.handbook.markdown import table
from huxue.core.handbook.voice import Voice
from huxue.core.kinds import Field
from huxue.core.rulebook.reserved import RESERVED_KINDS
from huxue.core.values import MINUTES_A_DAY, Text, date_of, moment_of

SORTS = {
    "positive": Text(zh="正例", en="positive"),
    "negative": Text(zh="反例", en="negative"),
    "boundary": Text(zh="边界", en="boundary"),
}
_SITUATION = ("organisation", "oversight", "post")
_SHOWN = 5  # facts of one example
_MORNING = 9 * 60  # the minute that an example means by a day alone
_VERBS = {
    "open": Text(zh="建立", en="begins"),
    "change": Text(zh="变更", en="changes"),
    "close": Text(zh="注销", en="ends"),
    "withdraw": Text(zh="撤回", en="withdrawn"),
}


def examples(voice: Voice, told: Sequence[Example]) -> str:
    """Return the worked examples of a duty as a table; of the facts they tell the fields that the duty looks at."""
    head = [
        voice.say("例", "example"),
        voice.say("情境与事实", "situation and facts"),
        voice.say("应得结果", "what follows"),
    ]
    common = set.intersection(*({_content(fact) for fact in one.facts} for one in told)) if len(told) > 1 else set()
    return table(head, [_row(voice, one, common) for one in told])


def _row(voice: Voice, example: Example, common: Collection[str]) -> list[str]:
    shown = looked_at(voice.rulebook.duties[example.duty])
    title = f"**{voice.text(SORTS[example.sort])}** {voice.text(example.title)}"
    told = _happened(example, voice.rulebook.duties[example.duty], common)
    numbers = {fact.id: n for n, fact in enumerate(told, 1)}
    items = {fact.item: numbers[fact.id] for fact in reversed(told)}
    facts = [f"{numbers[f.id]}. {_fact(voice, f, numbers, items, shown)}" for f in told[:_SHOWN]]
    rest = len(numbers) - _SHOWN
    facts += [voice.say(f"… 另有 {rest} 件", f"… and {rest} more")] if rest > 0 else []
    nothing = voice.say("没有记录", "nothing is recorded")
    situation = voice.points(_organisations(voice, example))
    follows = [
        voice.labelled(_as_of(voice, example), ""),
        *(_expected(voice, row, numbers) for row in example.expected),
    ]
    return [
        title,
        "<br>".join([*([situation] if situation else []), *(facts or [nothing])]),
        "<br>".join(part.strip() for part in follows),
    ]


def _as_of(voice: Voice, example: Example) -> str:
    day = date_of(example.as_of)
    if example.known_at == example.as_of:
        return voice.say(f"截至 {day}", f"as of {day}")
    known = date_of(example.known_at)
    return voice.say(f"截至 {day}，按 {known} 已知", f"as of {day}, known on {known}")


def _happened(example: Example, duty: Duty, common: Collection[str]) -> list[Fact]:
    """Return what is told one by one: the facts of the kinds that the duty looks at, else what only this example says.

    Who exists, and who holds a post from the beginning, is the situation and not told here.
    """
    first = min((fact.at for fact in example.facts), default=0)
    beginning = [*_SITUATION, "holding"]
    every = [f for f in example.facts if f.kind not in beginning or (f.kind not in _SITUATION and f.at > first)]
    kinds = {*used([duty]), "excuse", "verification"}
    return [f for f in every if f.kind in kinds] or [f for f in every if _content(f) not in common]


def _content(fact: Fact) -> str:
    return repr((fact.kind, fact.verb, fact.step, fact.at, sorted(fact.roles.items()), sorted(fact.fields.items())))


def _organisations(voice: Voice, example: Example) -> Iterator[str]:
    """Yield what is said of the organisations that the example expects something of, as far as the duty looks at it."""
    asked = list(dict.fromkeys(row.organisation for row in example.expected))
    facts = {f.fields["code"]: f for f in example.facts if f.kind == "organisation" and f.verb == "open"}
    shown = _traits(voice.rulebook.duties[example.duty])
    closed = {f.item: f for f in example.facts if f.kind == "organisation" and f.verb == "close"}
    for code in asked:
        fact = facts[code]
        told = {name: value for name, value in fact.fields.get("traits", {}).items() if name in shown}
        traits = [f"{voice.trait(name)} {_trait(voice, name, value)}" for name, value in told.items()]
        since = fact.fields.get("in_use_from")
        used_from = [voice.say(f"{since} 启用", f"in use from {since}")] if since else []
        until = (
            [voice.say(f"至 {date_of(closed[fact.item].day - 1)}", f"until {date_of(closed[fact.item].day - 1)}")]
            if fact.item in closed
            else []
        )
        said = [*traits, *used_from, *until]
        if said:
            yield code + voice.aside("，".join(said) if voice.zh else ", ".join(said))


def _trait(voice: Voice, name: str, stored: Any) -> str:
    found = voice.rulebook.traits.get(name)
    if found is None or found.type != "choice":
        return voice.value(None, stored)
    return voice.value(Field(type="choice", list=found.list, title=found.title), stored)


def looked_at(duty: Duty) -> frozenset[str]:
    """Return the fields that a duty looks at: an example tells these of its facts."""
    shape, names = duty.shape, set[str]()
    for source in sources(duty):
        names |= {test.field for test in source.where.tests()}
    for word in ("sum", "distinct", "dated_by", "valid", "match", "key", "field_of_move"):
        names.add(getattr(shape, word, ""))
    if isinstance(shape, Keep) and shape.holds:
        names |= {test.field for test in shape.holds.tests()}
    if isinstance(shape, Cover):
        names |= {shape.named_by, shape.members.field, *(test.field for test in shape.members.where.tests())}
    if isinstance(shape, Ratio):
        names |= {part.sum for part in (*shape.have, *shape.of, *shape.need)}
    if isinstance(shape, Respond):
        names.add(shape.within.field or "")
    return frozenset(names)


def _traits(duty: Duty) -> set[str]:
    """Return the traits that a duty looks at, of its bearers and of the members it covers."""
    shape, names = duty.shape, {test.field for test in duty.owed_by.where.tests()}
    if isinstance(shape, Cover) and not shape.members.entries:
        names |= {test.field for test in shape.members.where.tests()}
    if isinstance(shape, Ratio):
        names |= {part.trait for part in (*shape.have, *shape.of, *shape.need)}
    return names


def _fact(
    voice: Voice, fact: Fact, numbers: Mapping[str, int], items: Mapping[str, int], shown: Collection[str]
) -> str:
    said = [_what(voice, fact)]
    said += [_role(voice, fact, role, who) for role, who in fact.roles.items() if who and role != "finder"]
    told = fact.fields if fact.kind in RESERVED_KINDS else [name for name in fact.fields if name in shown]
    said += [_field(voice, fact, name, fact.fields[name], items) for name in told]
    if fact.post and post_type(fact.post):
        said.append(voice.posts([post_type(fact.post)]))
    if fact.reference and fact.reference in items:
        said.append(voice.say(f"关联第 {items[fact.reference]} 件", f"about no. {items[fact.reference]}"))
    if fact.replaces and fact.replaces in numbers:
        said.append(voice.say(f"更正第 {numbers[fact.replaces]} 件", f"in the place of no. {numbers[fact.replaces]}"))
    if fact.deadline is not None:
        said.append(voice.say(f"期限 {_moment(fact.deadline)}", f"deadline {_moment(fact.deadline)}"))
    if fact.recorded_day != fact.day:
        said.append(voice.say(f"{date_of(fact.recorded_day)} 录入", f"entered {date_of(fact.recorded_day)}"))
    if fact.makeup:
        said.append(voice.say("补办", "made good"))
    return f"{_moment(fact.at)} " + ("，" if voice.zh else ", ").join(said)


def _what(voice: Voice, fact: Fact) -> str:
    kind = voice.kind(fact.kind)
    if fact.step:
        return voice.say(f"{kind}{voice.step(fact.kind, fact.step)}", f"{kind} {voice.step(fact.kind, fact.step)}")
    verb = _VERBS.get(fact.verb)
    return voice.say(f"{kind}{verb.zh}", f"{kind} {verb.en}") if verb else kind


def _role(voice: Voice, fact: Fact, role: str, who: Sequence[str]) -> str:
    names = voice.all_of(who)
    return names if role == "by" else f"{voice.role(fact.kind, role)} {names}"


def _field(voice: Voice, fact: Fact, name: str, stored: Any, items: Mapping[str, int]) -> str:
    declared = voice.declared(fact.kind, name)
    title = voice.field(fact.kind, name)
    if isinstance(stored, str) and fact.kind in RESERVED_KINDS:
        return f"{title} {_reserved(voice, name, stored)}"
    if isinstance(stored, str) and stored in items and declared and declared.type == "entry":
        return f"{title} {voice.say(f'第 {items[stored]} 件', f'no. {items[stored]}')}"
    if isinstance(stored, str) and declared and declared.type in ("person", "organisation", "post"):
        return f"{title} {_post(voice, stored)}"
    return f"{title} {voice.value(declared, stored)}"


def _reserved(voice: Voice, name: str, stored: str) -> str:
    if name == "duty" and stored in voice.rulebook.duties:
        return voice.quoted(voice.rulebook.duties[stored].title)
    if name == "result":
        return voice.say("属实", "confirmed") if stored == "confirmed" else voice.say("不属实", "refuted")
    return _post(voice, stored) if name == "post" else stored


def _post(voice: Voice, stored: str) -> str:
    organisation, slash, _ = stored.partition("/")
    return f"{organisation} {voice.posts([post_type(stored)])}" if slash else stored


def _moment(minute: int) -> str:
    if minute % MINUTES_A_DAY in (_MORNING, MINUTES_A_DAY - 1):
        return str(date_of(minute // MINUTES_A_DAY))
    said: datetime = moment_of(minute)
    return said.strftime("%Y-%m-%d %H:%M")


def _expected(voice: Voice, row: Expected, numbers: Mapping[str, int]) -> str:
    period = (
        voice.say(f"第 {numbers[row.period]} 件", f"no. {numbers[row.period]}")
        if row.period in numbers
        else f"`{row.period}`"
    )
    status = voice.say("不承担", "nothing owed") if row.status == NO_ROW else voice.text(STATUS[row.status])
    more = (
        []
        if row.on_time is None
        else [voice.say("按时", "on time") if row.on_time else voice.say("未按时", "not on time")]
    )
    more += (
        []
        if row.verified is None
        else [voice.say("已核实", "verified") if row.verified else voice.say("未核实", "not verified")]
    )
    more += [] if row.have is None else [voice.say(f"实有 {row.have}", f"found {row.have}")]
    more += [] if row.need is None else [voice.say(f"应有 {row.need}", f"needed {row.need}")]
    said = ("，" if voice.zh else ", ").join([f"**{status}**", *more])
    return voice.labelled(f"{row.organisation} {period}", said)
