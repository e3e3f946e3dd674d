"""A case as somebody who acts meets it: where it stands, by what names he answers in it, what he may do next.

The page that shows the steps and the verb that takes one read it here, so that they can never say different things.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from huxue.actions.acting import By
from huxue.core.derivations import RAISES
from huxue.core.facts import Fact, known
from huxue.core.flow import Actor, Permission, State, actor, allowed, state
from huxue.core.kinds import Kind
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import FAR, Refused
from huxue.ledger.reading import facts_about, facts_of_item
from huxue.organisations.relations import relations, type_of

Roles = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Met:
    """A case met by somebody: ``steps`` are the facts that count, in order; ``roles`` those its next step carries."""

    kind: Kind
    state: State
    steps: tuple[Fact, ...]
    actor: Actor
    roles: Roles

    def permissions(self) -> dict[str, Permission]:
        """Return for each step of the flow every reason against taking it now; none: it may be taken."""
        return allowed(self.kind, self.state, self.actor)


def steps_open(*, rulebook: Rulebook, kind: Kind, by: By, at: int, item: str = "", facts: Sequence[Fact] = ()) -> Met:
    """Return a case as ``by`` meets it at a moment; without ``item``: one that is about to be opened.

    ``facts``: those of the item, where the caller has them already. Refuses ``unknown_item``.
    """
    return met(rulebook=rulebook, kind=kind, item=item, by=by, at=at, facts=facts)


def met(
    *, rulebook: Rulebook, kind: Kind, item: str, by: By, at: int, roles: Roles | None = None, before: str = "",
    facts: Sequence[Fact] = (),
) -> Met:  # fmt: skip
    """Return a case as ``by`` meets it with the ``roles`` he gives.

    ``before``: id of a fact; the case as it stood when that came, so that a step sent twice is judged as it was.
    """
    steps = _steps(item, before, facts) if item else []
    stood = _raised(rulebook, state(kind, steps), item)
    given = {role: codes for role, codes in _handed_on(kind, stood, roles or {}).items() if role != "by"}
    credited = {**given, "by": (by.organisation,)}
    return Met(kind, stood, tuple(steps), _actor(rulebook, kind, stood, by, credited, at), credited)


def _handed_on(kind: Kind, before: State, given: Roles) -> dict[str, Sequence[str]]:
    """Return the roles of a case with those of its next step; ``from`` says whose it was until this very step.

    Whoever hands it over, the one that had it must be seen to be rid of it.
    """
    kept = {role: codes for role, codes in before.roles.items() if role != "from"}
    had = {"from": kept["to"]} if "from" in kind.roles and given.get("to") and "to" in kept else {}
    return {**kept, **had, **given}


def _raised(rulebook: Rulebook, before: State, item: str) -> State:
    """Return a case with what rules say of it on top: the flow goes by the raised grade, the case's own facts stay."""
    raised = {one.writes: RAISES[one.rule] for one in rulebook.derivations.values() if one.rule in RAISES and item}
    said = known(facts_about(item, raised), FAR)
    names = {name: fact.fields[name] for fact in said for name in raised[fact.kind] if name in fact.fields}
    return replace(before, fields={**before.fields, **names}) if names else before


def _steps(item: str, before: str, facts: Sequence[Fact]) -> list[Fact]:
    """Return the steps of a case that count, in order."""
    every = list(facts) or facts_of_item(item)
    ids = [fact.id for fact in every]
    found = known(every[: ids.index(before)] if before in ids else every, FAR)
    if not found:
        raise Refused("unknown_item", "没有这个事项。", "There is no such case.")
    return sorted(found, key=lambda fact: (fact.at, fact.id))


def _actor(rulebook: Rulebook, kind: Kind, before: State, by: By, credited: Roles, at: int) -> Actor:
    own = type_of(by.organisation)
    level = rulebook.organisation_types[own].level if own in rulebook.organisation_types else ""
    names = relations(by.organisation, credited.get("about", ()), level=level, at=at)
    who = actor(
        kind, before, organisation=by.organisation, person=by.person, type=own, posts=(by.type,), relations=names
    )
    types = {code: one.title for code, one in rulebook.organisation_types.items()}
    return replace(who, titles={**types, **rulebook.posts})  # so that a refusal can name who may
