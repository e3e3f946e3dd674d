"""The history of an item as a page tells it: who, in which post, when it happened, when we learned of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from huxue.core.facts import Fact
from huxue.core.kinds import Kind
from huxue.core.values import MINUTES_A_DAY, Text
from huxue.organisations.holdings import ENDED
from huxue.web.fields.said import Known, Said, values_said
from huxue.web.reading import Item

VERBS = {
    "record": Text(zh="登记", en="Recorded"),
    "open": Text(zh="建立条目", en="Opened"),
    "change": Text(zh="变更", en="Changed"),
    "close": Text(zh="注销", en="Closed"),
    "withdraw": Text(zh="撤回", en="Withdrawn"),
    "step": Text(zh="办理", en="Step"),
}
CORRECTED = Text(zh="更正", en="Corrected")
CONFIRMED = Text(zh="核实属实", en="Verified")
REFUTED = Text(zh="核实不属实", en="Refuted")
_ON_THE_SPOT = Text(zh="到现场核实。", en="Checked on the spot.")
_MARKS = {ENDED: Text(zh="提交时已不任此岗位", en="sent after the post was left")}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a history. ``struck``: it no longer counts; ``late``: days between happening and recording."""

    id: str
    title: str
    at: int
    recorded: int
    who: str
    person: str
    organisations: tuple[tuple[str, str], ...] = ()  # (role, names)
    said: tuple[Said, ...] = ()
    struck: str = ""
    marks: tuple[str, ...] = ()
    auto: bool = False
    sentence: str = ""
    deadline: int | None = None

    dated: bool = False  # it says since when something is so: to learn of it later is nothing special

    @property
    def late(self) -> int:
        """Days from what happened to when we learned of it."""
        return 0 if self.dated else max(0, self.recorded // MINUTES_A_DAY - self.at // MINUTES_A_DAY)


def wants(item: Item, about: Iterable[Fact], known: Known) -> None:
    """Want the names that the history of an item mentions."""
    for fact in (*item.facts, *about):
        known.want(organisations=(code for codes in fact.roles.values() for code in codes), people=(fact.person,))
        known.want(organisations=(fact.post.partition("/")[0],))
    for fields in item.clear.values():
        known.want_fields(item.kind, fields)


def told(item: Item, about: Iterable[Fact], known: Known) -> list[Event]:
    """Return the events of an item, newest first, with the verifications of it."""
    replaced = {fact.replaces: fact for fact in item.facts if fact.replaces}
    before: dict[str, tuple[str, ...]] = {}
    found = []
    for fact in sorted(item.facts, key=lambda one: (one.at, one.id)):
        found.append(_event(fact, item, replaced, known, before))
        before |= fact.roles
    found += [_verified(fact, known) for fact in about if fact.kind == "verification"]
    return sorted(found, key=lambda event: (event.at, event.recorded), reverse=True)


def _event(
    fact: Fact, item: Item, replaced: dict[str, Fact], known: Known, before: Mapping[str, tuple[str, ...]]
) -> Event:
    lang = known.lang
    by = replaced.get(fact.id)
    struck = "" if by is None else (VERBS["withdraw"] if by.verb == "withdraw" else CORRECTED).say(lang)
    return Event(
        id=fact.id, title=_title(fact, item.kind, known), at=fact.at, recorded=fact.recorded, who=_who(fact, known),
        person=known.person(fact.person) if fact.person else "", struck=struck, marks=tuple(_marks(fact, known)),
        organisations=tuple(_roles(fact, item.kind, known, before)), auto=not fact.post, deadline=fact.deadline,
        said=tuple(values_said(item.kind, item.clear[fact.id], known)),
        dated=fact.verb in ("open", "change", "close"),
    )  # fmt: skip


def _title(fact: Fact, kind: Kind, known: Known) -> str:
    step = kind.flow.get(fact.step)
    title = (step.title if step else VERBS[fact.verb]).say(known.lang)
    if fact.replaces and fact.verb != "withdraw":
        return f"{CORRECTED.say(known.lang)} · {title}"
    return title


def _who(fact: Fact, known: Known) -> str:
    if fact.post:
        return known.post(fact.post)
    codes = [*fact.roles.get("by", ())]
    system = {"zh": "系统按规则", "en": "by rule"}[known.lang]
    return "、".join(known.organisation(code) for code in codes) or system


def _roles(fact: Fact, kind: Kind, known: Known, before: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Yield the roles in words, but not what was said at the step before."""
    own = fact.post.partition("/")[0]
    for role, codes in fact.roles.items():
        if (role == "by" and codes == (own,)) or before.get(role) == codes:
            continue
        declared = kind.roles.get(role)
        title = declared.title.say(known.lang) if declared else _COMMON.get(role, _COMMON["by"]).say(known.lang)
        names = [known.organisation(code) for code in codes[:8]]
        more = f" … {len(codes)}" if len(codes) > len(names) else ""
        yield title, "、".join(names) + more


_COMMON = {
    "by": Text(zh="填报单位", en="By"),
    "with": Text(zh="参与单位", en="With"),
    "about": Text(zh="所涉单位", en="About"),
    "to": Text(zh="接收单位", en="To"),
}


def _marks(fact: Fact, known: Known) -> Iterator[str]:
    if fact.makeup:
        yield {"zh": "补办", "en": "made good later"}[known.lang]
    if fact.reference:
        return


def _verified(fact: Fact, known: Known) -> Event:
    confirmed = fact.fields.get("result") == "confirmed"
    spot = _ON_THE_SPOT.say(known.lang) if fact.fields.get("spot") else ""
    return Event(
        id=fact.id, title=(CONFIRMED if confirmed else REFUTED).say(known.lang), at=fact.at, recorded=fact.recorded,
        who=_who(fact, known), person=known.person(fact.person) if fact.person else "", sentence=spot,
    )  # fmt: skip


def mark_words(mark: str, known: Known) -> str:
    """Return what the ledger noticed of a fact, in words."""
    return _MARKS[mark].say(known.lang) if mark in _MARKS else mark
