"""Who acts in a case, and the names by which a flow may allow it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from huxue.core.flow.states import State
from huxue.core.kinds import Kind
from huxue.core.values import Text

RELATIONS = {
    "finder": Text(zh="发起单位", en="whoever opened it"),
    "supervisor": Text(zh="监管单位", en="the supervising body"),
    "verifier": Text(zh="复查单位", en="the verifying body"),
    "government": Text(zh="当地政府", en="the government of the area"),
    "public": Text(zh="社会公众", en="the public"),
    "system": Text(zh="系统", en="the system"),
}
"""Names in ``by`` that are neither organisation types, post types nor roles: how the actor stands to the case.

``finder`` took the opening step. ``supervisor`` stands above an organisation that the case is about, by territory or
by topic. ``verifier`` is one that may check somebody else's work: a supervisor, or a body called in. ``government`` is
the government in whose territory the case lies. ``public`` is anybody outside; ``system`` a rule that ran.
"""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who wants to act: for which organisation, which person, and the names it answers to in this case.

    A step allows an actor when one of the names in its ``by`` is one of ``names``. Names are of four sorts: the type
    of the organisation (``school``), the types of the posts in which the person acts (``deputy``), roles in which the
    organisation stands in this case (``about``, ``to`` …; not ``by``, which is whoever acted last), and
    :data:`RELATIONS`. The function ``actor`` works them out.
    """

    organisation: str = ""
    person: str = ""
    names: frozenset[str] = frozenset()
    titles: Mapping[str, Text] = field(default_factory=dict, compare=False)  # of organisation types and posts


PUBLIC = Actor(names=frozenset({"public"}))


def actor(
    kind: Kind,
    state: State,
    *,
    organisation: str,
    person: str,
    type: str,  # noqa: A002 - the field's word
    posts: Iterable[str] = (),
    relations: Iterable[str] = (),
) -> Actor:
    """Return an actor with the names it answers to in a case.

    ``relations`` (of :data:`RELATIONS`) are worked out by the caller from the tree. In a case that is already open, an
    organisation answers to its type and posts only if it has a part in the case: it stands in a role of it, has a
    relation to it, or took a step of it. So ``by: school`` is the school concerned, not any school; for the opening
    step any will do, and whom somebody may write about is the business of access.
    """
    relations = set(relations)
    roles = {role for role, codes in state.roles.items() if role != "by" and organisation in codes}
    opening = [taker for name, step in kind.flow.items() if step.opening for taker in state.takers.get(name, ())]
    if organisation and any(taker.organisation == organisation for taker in opening):
        relations.add("finder")
    names = roles | relations
    took = any(taker.organisation == organisation for takers in state.takers.values() for taker in takers)
    if names or not state.step or (organisation and took):
        names |= {type, *posts}
    return Actor(organisation, person, frozenset(names - {""}))
