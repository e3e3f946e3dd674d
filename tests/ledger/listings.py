"""A slow, obvious reader of lists: from the facts alone, item by item."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from huxue.access.scope import Scope
from huxue.core.facts import Fact, known
from huxue.core.flow import state
from huxue.core.kinds import Kind
from huxue.core.values import FAR
from huxue.ledger.asked import Asked
from huxue.ledger.initials import initials
from huxue.ledger.reading import facts
from huxue.organisations.models import Organisation
from tests.ledger.world import DAY

RANK = {"open": 0, "change": 1, "close": 2}


class Seen(NamedTuple):
    """An item as the reader sees it."""

    item: str
    credited: frozenset[str]
    fields: dict[str, Any]
    step: str
    ended: str
    at: int
    order: tuple[int, int]
    deadline: int | None


def every(kind: Kind) -> list[Seen]:
    """Return every item of a kind that counts."""
    by_item: dict[str, list[Fact]] = defaultdict(list)
    for fact in known([one for one in facts() if one.kind == kind.code], FAR):
        by_item[fact.item].append(fact)
    shape = {"record": _record, "register": _entry, "case": _case}[kind.shape]
    ordered = {i: sorted(f, key=lambda x: (x.at, RANK.get(x.verb, 1), x.id)) for i, f in by_item.items()}
    return [seen for item, found in ordered.items() if (seen := shape(item, found, kind))]


def _codes(found: Iterable[Fact]) -> frozenset[str]:
    return frozenset(code for fact in found for codes in fact.roles.values() for code in codes)


def _record(item: str, found: list[Fact], _kind: Kind) -> Seen:
    last = found[-1]
    return Seen(item, _codes([last]), dict(last.fields), "", "", last.at, (0, -last.at), None)


def _entry(item: str, found: list[Fact], _kind: Kind) -> Seen | None:
    if found[0].verb != "open":
        return None
    says = [fact for fact in found if fact.verb != "close"]
    spans = [(a, b) for a, b in zip(found, [*found[1:], None], strict=True) if b is None or a.at < b.at]
    spans = [(a, b) for a, b in spans if a.verb != "close"]
    if not spans or not says:
        return None
    last, after = spans[-1]
    order = (1, -after.at) if after is not None else (0, -last.at)
    ended = "closed" if after is not None else ""
    return Seen(item, _codes([last]), dict(last.fields), "", ended, spans[0][0].at, order, None)


def _case(item: str, found: list[Fact], kind: Kind) -> Seen:
    now = state(kind, found)
    opened = found[0].at
    at, ended = "", ""
    for fact in found:  # a case that a re-opening revives begins anew
        rule = kind.flow[fact.step]
        if not at or (ended and rule.reopens):
            opened = fact.at
        if not rule.stays:
            at, ended = fact.step, rule.ends
    deadline = found[-1].deadline
    order = (2, -found[-1].at) if now.ended else (1, opened) if deadline is None else (0, deadline)
    return Seen(item, _codes(found), dict(now.fields), now.step, now.ended, opened, order, deadline)


def within(scope: Scope, organisation: str = "") -> set[str]:
    """Return the codes of the organisations in a scope, and below an organisation."""
    paths = dict(Organisation.objects.values_list("code", "path"))
    below = paths.get(organisation, "nowhere") if organisation else ""
    return {code for code, path in paths.items() if scope.covers(path) and path.startswith(below)}


def listed(kind: Kind, scope: Scope, asked: Asked) -> tuple[list[str], int]:
    """Return the items asked for in their order, and how many the scope has in all."""
    held, here = within(scope), within(scope, asked.organisation)
    names = dict(Organisation.objects.values_list("code", "name"))
    mine = [one for one in every(kind) if scope.whole or one.credited & held]
    found = [
        one
        for one in mine
        if (one.credited & here or not (asked.organisation or not scope.whole)) and _fits(one, kind, asked, names, here)
    ]
    key = (lambda one: (-one.at, one.item)) if _newest(asked) else (lambda one: (*one.order, one.item))
    found.sort(key=key)
    if _newest(asked):
        found.sort(key=lambda one: (one.at, one.item), reverse=True)
    return [one.item for one in found], len(mine)


def _newest(asked: Asked) -> bool:
    return asked.order == "new" or asked.period is not None


def _fits(one: Seen, kind: Kind, asked: Asked, names: dict[str, str], here: set[str]) -> bool:
    words = asked.text.lower().split()
    searched = [str(one.fields[n]) for n, f in kind.fields.items() if f.search and not f.personal and n in one.fields]
    texts = [" ".join(searched), *(names[code] for code in one.credited & here)]
    return (
        all(_word(one.fields.get(name)) in values for name, values in asked.facets.items())
        and (not asked.step or (one.step == asked.step and not one.ended))
        and (asked.standing != "open" or not one.ended)
        and (asked.standing != "ended" or bool(one.ended))
        and (asked.state in ("", "open", "ended", "closed") or one.ended == asked.state)
        and (asked.period is None or asked.period[0] <= one.at // DAY <= asked.period[1])
        and (asked.due_before is None or (one.deadline is not None and one.deadline < asked.due_before))
        and (not words or any(all(_has(text, word) for word in words) for text in texts))
    )


def _has(text: str, word: str) -> bool:
    return word in text.lower() or (word.isascii() and word in initials(text))


def _word(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
