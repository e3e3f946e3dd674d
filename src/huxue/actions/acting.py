"""Who acts, in which post, by which right."""

from __future__ import annotations

from dataclasses import dataclass

from huxue.core.facts import post_type
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
    """Return the kind that ``by`` wants to write. Refuses ``unknown_kind``, ``not_yours``."""
    kind = rulebook.kinds.get(code)
    if kind is None or kind.shape != shape:
        raise Refused("unknown_kind", f"制度中没有类型“{code}”。", f"The rulebook has no {shape} called {code!r}.")
    if kind.written_by and type_of(by.organisation) not in kind.written_by:
        raise Refused(
            "not_yours", f"“{kind.title.zh}”不由本单位填报。", f"A {kind.title.en} is not for this organisation."
        )
    return kind
