"""What may be done next in a case, by whom; and doing it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from huxue.core.flow.actors import RELATIONS, Actor
from huxue.core.flow.conditions import holds
from huxue.core.flow.deadlines import Deadlines, deadline_after, minute_of_field
from huxue.core.flow.states import State, Taker, after
from huxue.core.kinds import SPOT, FlowStep, Kind
from huxue.core.values import Refused


class Reason(NamedTuple):
    """Why a step is not permitted: a stable code and a sentence in both languages."""

    code: str
    zh: str
    en: str


Permission = tuple[Reason, ...]
"""Every reason against a step; empty: it is permitted."""


def allowed(
    kind: Kind,
    state: State,
    actor: Actor,
    fields: Mapping[str, Any] | None = None,
) -> dict[str, Permission]:
    """Return for each step of the flow why this actor may not take it now; an empty tuple permits it.

    ``fields`` are the stored values that would go with the step; without them nothing is asked for yet (the buttons
    of a page), and conditions are tested on what the case already says.
    """
    return {step: permission(kind, state, step, actor, fields) for step in kind.flow}


def permission(
    kind: Kind,
    state: State,
    step: str,
    actor: Actor,
    fields: Mapping[str, Any] | None = None,
) -> Permission:
    """Return every reason against one step, none when it is permitted. Raises ``KeyError`` for an unknown step.

    Independence (``not_by``): whoever took one of those steps may not take this one. Never the same person; and
    never the same organisation if the case is about it, or if one of the two persons is not named: nobody signs off
    his own house, while a bureau may verify what a colleague of another desk has found.
    """
    said = kind.flow[step]
    known = {**state.fields, **(fields or {})}
    found = [*_place(kind, state, said, step), *_who(kind, said, state, actor)]
    if said.only_if and not holds(kind, said.only_if, known):
        found.append(_condition(kind, said))
    if fields is not None:
        found += _asked(kind, said, fields)
        if said.on_the_spot and holds(kind, said.on_the_spot, known) and fields.get(SPOT) is not True:
            found.append(
                Reason(
                    "not_on_the_spot", f"“{said.title.zh}”必须到现场进行", f"'{said.title.en}' must be done on the spot"
                )
            )
    return tuple(found)


def take(
    kind: Kind,
    state: State,
    step: str,
    *,
    at: int,
    actor: Actor,
    fields: Mapping[str, Any],
    calendar: Deadlines,
    roles: Mapping[str, tuple[str, ...]] | None = None,
) -> State:
    """Return the state after a step; its ``deadline`` is what the fact stores. Refuses what is not permitted.

    ``fields`` are stored values (``Checker.check(…, step=step)``). Raises ``Refused`` with the first reason's code.
    """
    if step not in kind.flow:
        raise Refused("unknown_step", f"{kind.title.zh}没有“{step}”这一环节", f"{kind.title.en} has no step '{step}'")
    deadline = deadline_after(kind, state, step, at=at, fields=fields, calendar=calendar)
    against = (*permission(kind, state, step, actor, fields), *_when(kind, state, step, at, deadline, fields))
    if against:
        raise Refused(against[0].code, "；".join(r.zh for r in against), "; ".join(r.en for r in against))
    return after(
        kind,
        state,
        step,
        at=at,
        taker=Taker(actor.organisation, actor.person),
        fields=fields,
        roles=roles or {},
        deadline=deadline,
    )


def _place(kind: Kind, state: State, said: FlowStep, step: str) -> Iterator[Reason]:
    here = kind.flow.get(state.step)
    title = said.title
    if state.ended:
        if state.ended not in said.reopens:
            yield Reason("ended", "事项已经办结，只能重新打开", "the case has ended; it can only be re-opened")
    elif not state.step:
        if not said.opening:
            yield Reason("not_open", f"事项尚未开始，不能“{title.zh}”", f"'{title.en}' cannot open a case")
    elif said.opening:
        yield Reason("already_open", "事项已经开始", "the case is already open")
    elif state.step not in said.from_:
        zh, en = (here.title.zh, here.title.en) if here else (state.step, state.step)
        yield Reason("not_here", f"“{zh}”之后不能“{title.zh}”", f"'{title.en}' cannot follow '{en}'")
    if said.at_most is not None and state.counts.get(step, 0) >= said.at_most:
        yield Reason("too_often", f"“{title.zh}”最多 {said.at_most} 次", f"'{title.en}' at most {said.at_most} times")


def _who(kind: Kind, said: FlowStep, state: State, actor: Actor) -> Iterator[Reason]:
    if actor.names.isdisjoint(said.by):
        zh, en = zip(*(_named(kind, name, actor) for name in said.by), strict=True)
        yield Reason(
            "not_yours", f"“{said.title.zh}”由{'、'.join(zh)}办理", f"'{said.title.en}' is for {', '.join(en)}"
        )
    for other in said.not_by:
        if any(_same(state, taker, actor) for taker in state.takers.get(other, ())):
            title = kind.flow[other].title
            yield Reason(
                "not_independent",
                f"办理过“{title.zh}”的不能“{said.title.zh}”",
                f"whoever did '{title.en}' cannot do '{said.title.en}'",
            )


def _same(state: State, taker: Taker, actor: Actor) -> bool:
    if taker.person and taker.person == actor.person:
        return True
    if not taker.organisation or taker.organisation != actor.organisation:
        return False
    return not (taker.person and actor.person) or actor.organisation in state.roles.get("about", ())


def _named(kind: Kind, name: str, actor: Actor) -> tuple[str, str]:
    if name in kind.roles:
        return kind.roles[name].title.zh, kind.roles[name].title.en
    title = RELATIONS.get(name) or actor.titles.get(name)
    return (title.zh, title.en) if title else (name, name)


def _condition(kind: Kind, said: FlowStep) -> Reason:
    zh, en = zip(*(_titles(kind, name) for name in said.only_if), strict=True)
    return Reason(
        "condition",
        f"{'、'.join(zh)}不符合“{said.title.zh}”的条件",
        f"{', '.join(en)} does not allow '{said.title.en}'",
    )


def _asked(kind: Kind, said: FlowStep, fields: Mapping[str, Any]) -> Iterator[Reason]:
    for name in said.asks:
        if name not in fields:
            zh, en = _titles(kind, name)
            yield Reason("missing", f"“{said.title.zh}”须填写{zh}", f"'{said.title.en}' asks for {en}")


def _titles(kind: Kind, field: str) -> tuple[str, str]:
    said = kind.fields.get(field)
    return (said.title.zh, said.title.en) if said else (field, field)


def _when(
    kind: Kind,
    state: State,
    step: str,
    at: int,
    deadline: int | None,
    fields: Mapping[str, Any],
) -> Iterator[Reason]:
    said = kind.flow[step]
    if state.at is not None and at < state.at:
        yield Reason("before_last_step", "时间早于上一环节", "this is earlier than the step before it")
    own = minute_of_field(fields.get(said.within.get("field", ""))) is not None
    if own and deadline is not None and deadline < at:
        yield Reason("deadline_passed", "期限早于办理时间", "the deadline lies before the step itself")
    if own and said.stays and deadline is not None and state.deadline is not None and deadline <= state.deadline:
        yield Reason("not_later", "延期后的期限应晚于原期限", "an extension must move the deadline to a later time")
