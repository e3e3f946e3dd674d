"""A fact: one immutable line of the ledger, and the history that a set of them makes.

``verb`` says what sort of line it is:

* ``record``: something that happened once (kind = a record kind). ``item`` is the id of its first version.
* ``open`` / ``change`` / ``close``: the life of an entry. ``open`` and ``change`` carry the complete set of fields
  that holds from ``at`` on; the next of them, or ``close``, ends it. ``item`` is the entry.
* ``step``: a case took ``step``; ``item`` is the case; ``deadline`` is the minute of the deadline it leaves.
* ``withdraw``: the fact in ``replaces`` no longer counts.

A correction is a fact of any verb but ``withdraw`` whose ``replaces`` names the fact it takes the place of; it keeps
that fact's ``item``. One fact is replaced at most once; a chain of corrections replaces the last one.

Reserved kinds (docs/reference/facts.md): entries ``organisation``, ``oversight``, ``post``, ``holding``;
records ``excuse``, ``verification`` and ``measure`` (a rung of a ladder was decided); record ``edition`` (an edition
was activated).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Verb = Literal["record", "open", "change", "close", "step", "withdraw"]

RESERVED = ("organisation", "oversight", "post", "holding", "excuse", "verification", "measure", "edition")


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the ledger. ``at`` and ``recorded`` are minutes (see ``values``); ids sort by time."""

    id: str
    kind: str
    verb: Verb
    item: str
    at: int
    recorded: int
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # role -> organisation codes
    fields: Mapping[str, Any] = field(default_factory=dict)
    step: str = ""
    replaces: str = ""
    reference: str = ""  # the item that this answers or concerns
    post: str = ""  # code of the post acted in: "<organisation>/<post type>" or "<organisation>/<post type>:<n>"
    person: str = ""
    makeup: bool = False  # 补办: made good after the period
    deadline: int | None = None

    @property
    def day(self) -> int:
        """Day it happened."""
        return self.at // 1440

    @property
    def recorded_day(self) -> int:
        """Day we learned of it."""
        return self.recorded // 1440

    @property
    def by_post(self) -> str:
        """Type of the post acted in, or ``""``."""
        return post_type(self.post)


def post_type(post: str) -> str:
    """Return the post type inside a post code, ``""`` for none."""
    return post.partition("/")[2].partition(":")[0]


def known(facts: Iterable[Fact], known_at: int) -> list[Fact]:
    """Return the facts that counted on the day ``known_at``: recorded by then, not replaced or withdrawn by then."""
    seen = [f for f in facts if f.recorded_day <= known_at]
    gone = {f.replaces for f in seen if f.replaces}
    return [f for f in seen if f.verb != "withdraw" and f.id not in gone]
