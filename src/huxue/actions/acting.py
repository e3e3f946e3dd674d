"""Who acts, in which post, by which right."""

from __future__ import annotations

from dataclasses import dataclass

from huxue.core.duties.derived import derived
from huxue.core.facts import Fact, post_type
from huxue.core.kinds import Kind
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Refused
from huxue.organisations.holdings import right_to_act
from huxue.organisations.relations import type_of


@dataclass(frozen=True, slots=True)
class By:
    """Somebody who acts in a post: its code (``<organisation>/<type>``, ``:<n>`` for the n-th), and the person."""

    post: str
    person: str = ""

    @property
    def organisation(self) -> str:
        """Code of the organisation acted for."""
        return self.post.partition("/")[0]

    @property
    def type(self) -> str:
        """Type of the post."""
        return post_type(self.post)

    def mark(self, *, at: int, now: int) -> str:
        """Return the mark of a fact done in this post at ``at``. Refuses ``unknown_post``, ``post_not_held``."""
        return right_to_act(self.post, self.person, at=at, now=now)


def kind_for(rulebook: Rulebook, code: str, shape: str, by: By) -> Kind:
    """Return the kind that ``by`` wants to write. Refuses ``unknown_kind``, ``not_yours``, ``derived``."""
    kind = rulebook.kinds.get(code)
    if kind is None or kind.shape != shape:
        raise Refused("unknown_kind", f"制度中没有类型“{code}”。", f"The rulebook has no {shape} called {code!r}.")
    if kind.written_by and type_of(by.organisation) not in kind.written_by:
        raise Refused(
            "not_yours", f"“{kind.title.zh}”不由本单位填报。", f"A {kind.title.en} is not for this organisation."
        )
    if kind.shape == "record" and any(one.writes == code for one in rulebook.derivations.values()):
        raise _made_by_a_rule(kind)
    return kind


def refuse_derived(fact: Fact, kind: Kind) -> None:
    """Refuse (``derived``) to touch what a rule made: what it was made of is corrected instead."""
    if derived(fact):
        raise _made_by_a_rule(kind)


def _made_by_a_rule(kind: Kind) -> Refused:
    return Refused(
        "derived",
        f"“{kind.title.zh}”由规则推导，不能手工填写或更改，请更正它所依据的记录。",
        f"A {kind.title.en} is made by a rule: correct what it was made of.",
    )
