"""Why a standing is what it is: a tree from the verdict down to its facts and its clause, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from huxue.core.duties.derived import sentences
from huxue.core.duties.history import History
from huxue.core.duties.reference import verdicts
from huxue.core.duties.shapes import Deed, Ratio, Source, Windowed
from huxue.core.duties.verdict import Verdict
from huxue.core.facts import Fact
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import FAR, MINUTES_A_DAY, Language, Text, date_of, moment_of

STATUS = {
    "met": Text(zh="已完成", en="met"),
    "due": Text(zh="待办", en="due"),
    "overdue": Text(zh="逾期", en="overdue"),
    "missed": Text(zh="未履行", en="missed"),
    "excused": Text(zh="免除", en="excused"),
}
CONFIDENCE = {
    "V": Text(zh="已核原文", en="seen in the instrument's own text"),
    "S": Text(zh="据二手资料", en="seen in a secondary report"),
    "M": Text(zh="凭记忆，待核原文", en="from memory, to be checked"),
    "C": Text(zh="来源不一，须本地确定", en="sources conflict: a local parameter"),
    "L": Text(zh="外地做法，供参考", en="another place's norm"),
    "DEF": Text(zh="本项目默认值，待确认", en="a default of this project, unconfirmed"),
}
NO_DEADLINE = FAR * MINUTES_A_DAY  # due of an obligation whose trigger carries no deadline
_SHOWN = 50  # facts shown under one heading; the heading says how many there are


@dataclass(frozen=True, slots=True)
class Reason:
    """One node: a sentence, the fact it rests on (its id) if it does, and what lies below.

    ``to`` is what else it speaks of, for pages that link: ``("standing", organisation, duty, period)``,
    ``("organisation", code)``, ``("clause", text, clause)``.
    """

    text: Text
    fact: str = ""
    below: tuple[Reason, ...] = field(default=())
    to: tuple[str, ...] = ()

    def as_json(self, language: Language) -> dict[str, Any]:
        """Return the node as plain values."""
        made: dict[str, Any] = {"text": self.text.say(language)}
        if self.fact:
            made["fact"] = self.fact
        if self.below:
            made["because"] = [b.as_json(language) for b in self.below]
        return made

    def lines(self, language: Language, indent: int = 0) -> Iterator[str]:
        """Yield the tree as indented lines."""
        mark = "" if indent == 0 else "  " * (indent - 1) + "└ "
        yield mark + self.text.say(language) + (f"  [{self.fact}]" if self.fact else "")
        for reason in self.below:
            yield from reason.lines(language, indent + 1)


def explain(history: History, organisation: str, duty: str, period: str | None = None) -> list[Reason]:
    """Return one tree for each standing of an organisation and a duty (one of them with ``period``)."""
    return [reason for _, reason in explained(history, organisation, duty, period)]


def explained(
    history: History, organisation: str, duty: str, period: str | None = None
) -> list[tuple[Verdict, Reason]]:
    """Return each standing of an organisation and a duty (one of them with ``period``) with its tree."""
    found = verdicts(history, [organisation], [duty])
    return [(v, reason_of(history, v)) for v in found if period is None or v.standing.period == period]


def _say(zh: str, en: str, *below: Reason, fact: str = "") -> Reason:
    return Reason(Text(zh=zh, en=en), fact, tuple(below))


def reason_of(h: History, v: Verdict) -> Reason:
    """Return the tree of one verdict."""
    s, duty = v.standing, v.duty
    status = STATUS[s.status]
    late = s.status == "met" and not s.on_time
    head = Text(
        zh=f"{_name(h, s.organisation)} · {duty.title.zh} · {s.period}：{status.zh}{'（未按时）' if late else ''}",
        en=f"{_name(h, s.organisation)} · {duty.title.en} · {s.period}: {status.en}{' (not on time)' if late else ''}",
    )
    below = [_count(v), _when(h, v), _bearer(h, v)]
    below += _trigger(h, v)
    below += _facts(h, "计入的事实", "facts that count", v.counted)
    below += _entries(h, v)
    below += _needs(h, v)
    below += _nothing(v)
    below += _missing(h, v)
    below += _aside(h, v)
    if v.excuse:
        below.append(
            _say(
                f"免除：{v.excuse.fields.get('reason', '')}（{v.excuse.fields['from']} 至 {v.excuse.fields['to']}）",
                f"excused: {v.excuse.fields.get('reason', '')} ({v.excuse.fields['from']} to {v.excuse.fields['to']})",
                fact=v.excuse.id,
            )
        )
    below.append(_clause(h, v))
    return Reason(head, "", tuple(below))


def _name(h: History, code: str) -> str:
    fields = h.on(code, h.as_of) or h._last(code)  # one that closed keeps its name
    return str(fields["name"]) if fields and fields.get("name") else code


def _count(v: Verdict) -> Reason:
    s = v.standing
    if v.duty.shape_name == "never":
        return _say(f"不应有，现有 {s.have}", f"there should be none, found {s.have}")
    return _say(f"应有 {s.need}，实有 {s.have}", f"needed {s.need}, found {s.have}")


def _moment(minute: int) -> str:
    return (
        str(date_of(minute // MINUTES_A_DAY))
        if minute % MINUTES_A_DAY in (0, MINUTES_A_DAY - 1)
        else moment_of(minute).strftime("%Y-%m-%d %H:%M")
    )


def _when(h: History, v: Verdict) -> Reason:
    s, w = v.standing, v.window
    unsure = _say(
        "期限跨越尚未公布放假安排的年份，可能变动",
        "the deadline crosses a year whose holidays are not announced yet and may move",
    )
    more = (unsure,) if s.provisional else ()
    if w is None and s.due >= NO_DEADLINE:
        return _say(f"没有期限，截至 {date_of(h.as_of)}", f"no deadline, as of {date_of(h.as_of)}")
    if w is None:
        return _say(
            f"期限 {_moment(s.due)}，截至 {date_of(h.as_of)}",
            f"deadline {_moment(s.due)}, as of {date_of(h.as_of)}",
            *more,
        )
    if getattr(v.duty.shape, "each", ""):
        lo, hi, snap = date_of(w.lo), date_of(w.hi), date_of(min(w.hi, h.as_of))
        return _say(
            f"期间 {lo} 至 {hi}，看当日是否如此：{snap}",
            f"each period, here {lo} to {hi}: is it so on the day, {snap}?",
        )
    lo, hi, closes, today, due = date_of(w.lo), date_of(w.hi), date_of(w.closes), date_of(h.as_of), _moment(s.due)
    return _say(
        f"期间 {lo} 至 {hi}，应于 {due} 前，{closes} 后不可补办；截至 {today}",
        f"window {lo} to {hi}, due by {due}, closed after {closes}; as of {today}",
        *more,
    )


def _needs(h: History, v: Verdict) -> list[Reason]:
    """Say where a need comes from: the traits that it is worked out from."""
    shape, w = v.duty.shape, v.window
    if not isinstance(shape, Ratio) or w is None:
        return []
    snap, org, found = min(w.hi, h.as_of), v.standing.organisation, []
    traits = (h.on(org, snap) or {}).get("traits") or {}
    for part in shape.need:
        trait = h.rulebook.traits.get(part.trait)
        n = h.need(part, org, snap) if trait else None
        if trait and n is not None:
            value = traits.get(part.trait)
            found.append(_say(f"{trait.title.zh} {value}，应有 {n}", f"{trait.title.en} {value}: needed {n}"))
    return found


def _bearer(h: History, v: Verdict) -> Reason:
    owed, org = v.duty.owed_by, v.standing.organisation
    types = [h.rulebook.organisation_types[t].title for t in owed.type if t in h.rulebook.organisation_types]
    zh, en = (
        "、".join(t.zh for t in types) or "、".join(owed.type),
        ", ".join(t.en for t in types) or ", ".join(owed.type),
    )
    if owed.topic:
        topic = _topic(h, v)
        zh, en = f"{zh}（{topic.zh}）", f"{en} ({topic.en})"
    if owed.post:
        post = h.rulebook.posts.get(owed.post, Text(zh=owed.post, en=owed.post))
        vacant = h.holding(f"{org}/{owed.post}", h.as_of) is None
        zh += f"，由{post.zh}负责{'（该岗位空缺，单位承担）' if vacant else ''}"
        en += f", answered for by the {post.en}{' (the post is vacant: the organisation answers)' if vacant else ''}"
    return _say(f"承担者：{zh}", f"owed by: {en}")


def _topic(h: History, v: Verdict) -> Text:
    """Return the name that the department bore at the time the standing is about."""
    topic = h.rulebook.topics.get(v.duty.owed_by.topic)
    if topic is None:
        return Text(zh=v.duty.owed_by.topic, en=v.duty.owed_by.topic)
    return topic.on(min(v.window.hi, h.as_of) if v.window else h.as_of)


def _clause(h: History, v: Verdict) -> Reason:
    return clause(v.duty.source, h.rulebook)


def clause(source: Source, rulebook: Rulebook) -> Reason:
    """Return the node that says by which clause."""
    return Reason(clause_of(source, rulebook), to=("clause", source.text, source.clause))


def clause_of(source: Source, rulebook: Rulebook) -> Text:
    """Say by which clause of which text, and how sure we are of its wording."""
    cited = citation(source, rulebook)
    return Text(zh=f"依据：{cited.zh}", en=f"by: {cited.en}")


def citation(source: Source, rulebook: Rulebook) -> Text:
    """Return the text, its clause and how sure we are of its wording, for where the word before is said already."""
    text = rulebook.sources.get(source.text)
    zh, en = (text.title.zh, text.title.en) if text else (source.text, source.text)
    sure = CONFIDENCE[source.confidence]
    return Text(zh=f"{zh} {source.clause}（{sure.zh}）", en=f"{en} {source.clause} ({sure.en})")


def _trigger(h: History, v: Verdict) -> list[Reason]:
    made = []
    if v.trigger:
        made.append(
            _say(
                f"起因：{_fact(h, v.trigger).zh}",
                f"triggered by: {_fact(h, v.trigger).en}",
                *_derived(v.trigger),
                fact=v.trigger.id,
            )
        )
        if not v.answer:
            made.append(_say("尚无答复", "not answered yet"))
    return made


def _facts(h: History, zh: str, en: str, facts: Sequence[Fact]) -> list[Reason]:
    if not facts:
        return []
    unique = list({f.id: f for f in facts}.values())
    leaves = tuple(Reason(_fact(h, f), f.id, _derived(f)) for f in sorted(unique, key=lambda f: (f.at, f.id))[:_SHOWN])
    return [_say(f"{zh}（{len(unique)}）", f"{en} ({len(unique)})", *leaves)]


def _derived(f: Fact) -> tuple[Reason, ...]:
    """Say by which rule and of what a derived fact was made."""
    return tuple(Reason(text) for text in sentences(f))


def _fact(h: History, f: Fact) -> Text:
    kind = h.rulebook.kinds.get(f.kind)
    zh, en = (kind.title.zh, kind.title.en) if kind else (f.kind, f.kind)
    if f.step:
        step = kind.flow.get(f.step) if kind else None
        zh, en = f"{zh}·{step.title.zh if step else f.step}", f"{en}, {step.title.en if step else f.step}"
    who = "、".join(_name(h, o) for o in f.roles.get("by", ()))
    learned = f"，{date_of(f.recorded_day)} 录入" if f.recorded_day != f.day else ""
    entered = f", entered {date_of(f.recorded_day)}" if f.recorded_day != f.day else ""
    made_zh, made_en = ("，补办", ", made good") if f.makeup else ("", "")
    seen = h.is_verified(f)
    return Text(
        zh=f"{_moment(f.at)} {zh} {who}{learned}{made_zh}{'，已核实' if seen else ''}".strip(),
        en=f"{_moment(f.at)} {en} {who}{entered}{made_en}{', verified' if seen else ''}".strip(),
    )


def _nothing(v: Verdict) -> list[Reason]:
    """Say plainly that there is nothing, where nothing is why it is not met."""
    if v.standing.status == "met" or v.counted or v.spans or v.trigger:
        return []
    return [_say("没有找到可计入的记录", "nothing that counts was found")]


def _entries(h: History, v: Verdict) -> list[Reason]:
    if not v.spans:
        return []
    leaves = tuple(
        _say(
            f"{_entry_title(h, s.fact).zh} 自 {date_of(s.lo)} 起",
            f"{_entry_title(h, s.fact).en} since {date_of(s.lo)}",
            *_derived(s.fact),
            fact=s.fact.id,
        )
        for s in v.spans[:_SHOWN]
    )
    return [_say(f"涉及的台账条目（{len(v.spans)}）", f"entries concerned ({len(v.spans)})", *leaves)]


def _entry_title(h: History, f: Fact) -> Text:
    kind = h.rulebook.kinds.get(f.kind)
    return kind.title if kind else Text(zh=f.kind, en=f.kind)


def _missing(h: History, v: Verdict) -> list[Reason]:
    if not v.missing:
        return []
    leaves = tuple(
        Reason(Text(zh=_name(h, m), en=_name(h, m)), to=("organisation", m) if h.names(m) else ())
        for m in v.missing[:_SHOWN]
    )
    return [_say(f"尚未覆盖（{len(v.missing)}）", f"not covered yet ({len(v.missing)})", *leaves)]


# --- deeds that are near but do not count ----------------------------------------------------------------------------


def _aside(h: History, v: Verdict) -> list[Reason]:
    shape, w = v.duty.shape, v.window
    deed = getattr(shape, "deed", None)
    if not isinstance(shape, Windowed) or w is None or deed is None or not deed.record or v.standing.status == "met":
        return []
    counted = {f.id for f in v.counted}
    near = [
        f
        for f in h.credited(v.standing.organisation)
        if f.kind == deed.record and f.verb == "record" and f.id not in counted and w.lo - 31 <= f.day <= w.closes + 31
    ]
    leaves = []
    for f in sorted(near, key=lambda f: (f.at, f.id))[:_SHOWN]:
        why, line = _not_counted(h, v, deed, shape, f), _fact(h, f)
        leaves.append(_say(f"{line.zh}：{why.zh}", f"{line.en}: {why.en}", fact=f.id))
    return (
        [_say(f"有记录但未计入（{len(near)}）", f"recorded but not counted ({len(near)})", *leaves)] if leaves else []
    )


def _not_counted(h: History, v: Verdict, deed: Deed, shape: Windowed, f: Fact) -> Text:
    org, limit = v.standing.organisation, shape.enter_within
    if org not in f.roles.get(deed.as_, ()):
        return Text(zh="该单位在其中不是所要求的角色", en="the organisation has another role in it")
    if not h.holds(deed.where, f):
        return Text(zh="不符合职责要求的条件", en="it does not pass the duty's conditions")
    if v.duty.counts == "verified" and not h.is_verified(f):
        return Text(zh="尚未经他人核实", en="nobody else has verified it yet")
    if limit is not None and h.calendar(org).workdays_between(f.day, f.recorded_day) > limit:
        return Text(zh=f"录入晚于 {limit} 个工作日，视为未做", en=f"entered more than {limit} workdays later: void")
    if f.makeup and shape.make_good:
        return Text(zh="补办，但不在可补办的时间内", en="made good outside the time for it")
    return Text(zh="不在本期间内", en="outside this window")
