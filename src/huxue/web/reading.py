"""An item as a page reads it: its facts, what is said of it elsewhere, and whether whoever looks may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import NoReverseMatch, reverse

from huxue.core.facts import Fact, known
from huxue.core.kinds import Kind
from huxue.core.values import FAR
from huxue.ledger.reading import facts_of_item, facts_referring
from huxue.organisations.tables import select
from huxue.web.fields.naming import within
from huxue.web.fields.said import in_the_clear, may_read_personal
from huxue.web.routing import Request
from huxue.web.rules import rules


@dataclass(frozen=True, slots=True)
class Item:
    """An item with its ``facts`` in order of arrival, and those that count, ``live``, as they happened.

    ``clear``: the fields of each fact, personal ones read or hidden; ``personal``: whether they may be read.
    """

    kind: Kind
    item: str
    facts: tuple[Fact, ...]
    live: tuple[Fact, ...]
    clear: dict[str, dict[str, Any]]
    personal: bool

    @property
    def withdrawn(self) -> bool:
        """Whether nothing of it counts any more."""
        return not self.live

    @property
    def closed(self) -> Fact | None:
        """The fact that closed an entry, if one did."""
        last = self.live[-1] if self.live else None
        return last if last and last.verb == "close" else None

    @property
    def said(self) -> Fact:
        """The fact that says how it is now: the last that counts and is no closing."""
        counting = [fact for fact in self.live if fact.verb != "close"]
        return (counting or [fact for fact in self.facts if fact.verb != "withdraw"])[-1]

    @property
    def fields(self) -> dict[str, Any]:
        """What it says now; of a case, the latest of each field."""
        if self.kind.shape != "case":
            return self.clear[self.said.id]
        found: dict[str, Any] = {}
        for fact in self.live or self.facts:
            found |= self.clear[fact.id]
        return found

    @property
    def writers(self) -> set[str]:
        """The organisations that wrote it: only they correct it."""
        return {code for fact in self.facts for code in fact.roles.get("by", ())} | {
            fact.post.partition("/")[0] for fact in self.facts if fact.post and not fact.roles.get("by")
        }

    @property
    def organisations(self) -> set[str]:
        """Everybody whom it credits."""
        return {code for fact in self.facts for codes in fact.roles.values() for code in codes}


def list_address(kind: str) -> str:
    """Return the address of the list of a kind, that of the home page while there is none."""
    try:
        return reverse("list", kwargs={"kind": kind})
    except NoReverseMatch:
        return "/"


def item_or_404(request: Request, kind: str, item: str) -> Item:
    """Return an item; one of another kind, out of reach or unknown does not exist."""
    declared = rules(request).kind(kind)
    facts = facts_of_item(item)
    if not facts or facts[0].kind != kind:
        raise Http404
    codes = {code for fact in facts for some in fact.roles.values() for code in some}
    if not within(request.viewer, codes):
        raise Http404
    personal = may_read_personal(facts, request.viewer)
    live = sorted(known(facts, FAR), key=lambda fact: (fact.at, fact.id))
    return Item(declared, item, tuple(facts), tuple(live), in_the_clear(declared, facts, may=personal), personal)


def marks_of(facts: tuple[Fact, ...]) -> dict[str, tuple[str, int]]:
    """Return for each fact what the ledger noticed, and the order in which it came."""
    rows = select("SELECT id, marks, seq FROM ledger_fact WHERE item = %s", facts[0].item)
    return {uid: (marks, seq) for uid, marks, seq in rows}


def speaking_of(item: str) -> list[Fact]:
    """Return the live records that refer to an item: verifications, and whatever answers it."""
    return known(facts_referring(item), FAR)
