"""The history as the reference sees it: who existed when, what stood when, what happened, as known on one day."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any, Protocol

from huxue.core.duties.shapes import Cover, Deed, Duty, Entry, Members, Part, Test, Where
from huxue.core.duties.spans import EntrySpan, spans_of
from huxue.core.duties.window import CalendarLike, first_day
from huxue.core.facts import Fact, known, post_type
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import FAR, day_of

EVENTS = {"began": "open", "changed": "change", "ended": "close"}


class CalendarsLike(Protocol):
    """Calendars by area code; ``default`` is the one for areas that have none of their own."""

    @property
    def default(self) -> CalendarLike:
        """The calendar of areas without one of their own."""

    def __getitem__(self, area: str, /) -> CalendarLike: ...
    def __contains__(self, area: object, /) -> bool: ...


def compare(test: Test, value: Any) -> bool:
    """Apply one comparison to a stored value; a missing value satisfies none."""
    if value is None:
        return False
    if isinstance(value, list | tuple):
        return any(compare(test, v) for v in value)
    wanted = test.value
    if isinstance(value, str) and test.op != "in" and isinstance(wanted, int) and not isinstance(wanted, bool):
        value = day_of(date.fromisoformat(value[:10]))
    match test.op:
        case "=":
            return bool(value == wanted)
        case "in":
            return isinstance(wanted, tuple) and value in wanted
        case "at_least":
            return bool(value >= wanted)
        case "at_most":
            return bool(value <= wanted)
        case "below":
            return bool(value < wanted)
        case "above":
            return bool(value > wanted)


def satisfies(where: Where, read: Callable[[str], Any]) -> bool:
    """Tell whether a filter holds for what ``read`` returns by field name."""

    def one(part: Test | Where) -> bool:
        return satisfies(part, read) if isinstance(part, Where) else compare(part, read(part.field))

    return all(map(one, where.all)) and (not where.any or any(map(one, where.any))) and not any(map(one, where.not_))


def _day(fact: Fact) -> int:
    return fact.day


class History:
    """Everything the reference looks at, for one (as of, known at). Read-only."""

    def __init__(
        self, rulebook: Rulebook, calendars: CalendarsLike, facts: Iterable[Fact], *, as_of: int, known_at: int
    ) -> None:
        """Resolve corrections and withdrawals, and index what stood when."""
        self.rulebook, self.calendars, self.as_of = rulebook, calendars, as_of
        self.live = [f for f in known(facts, known_at) if f.day <= as_of]
        of = defaultdict(list)
        for f in self.live:
            of[f.kind].append(f)
        self._spans = spans_of(of["organisation"], lambda f: str(f.fields.get("code") or f.roles["about"][0]))
        self.organisations = sorted(code for code, spans in self._spans.items() if spans)
        firsts = [spans[0].lo for spans in self._spans.values() if spans]
        self.since = first_day(rulebook.valid_from, min(firsts, default=None), as_of)
        self._entries: dict[str, list[EntrySpan]] = {}
        for kind in {*rulebook.kinds, "post", "holding", "oversight"}:
            lines = [f for f in of[kind] if f.verb in ("open", "change", "close")]
            self._entries[kind] = [s for spans in spans_of(lines, lambda f: f.item).values() for s in spans]
        self._oversight: dict[str, list[EntrySpan]] = defaultdict(list)
        for s in self._entries["oversight"]:
            for org in s.fact.roles.get("by", ()):
                self._oversight[org].append(s)
        self._excuses = sorted(of["excuse"], key=lambda f: (f.at, f.id))
        self._deeds: dict[tuple[int, str], tuple[Deed, list[Fact]]] = {}
        self._by_org: dict[str, list[Fact]] = defaultdict(list)
        for f in self.live:
            for org in {o for orgs in f.roles.values() for o in orgs}:
                self._by_org[org].append(f)
        self._verifications: dict[str, list[Fact]] = defaultdict(list)
        for f in sorted(of["verification"], key=lambda f: (f.at, f.id)):
            self._verifications[f.reference].append(f)

    # --- organisations ---------------------------------------------------------------------------------------------

    def on(self, org: str, day: int) -> Mapping[str, Any] | None:
        """Return the fields of an organisation on a day, ``None`` when it does not stand."""
        return next((s.fact.fields for s in self._spans.get(org, ()) if s.lo <= day <= s.hi), None)

    def name(self, organisations: Iterable[Fact]) -> None:
        """Learn the names of organisations that this history was not made with; no standing follows from them."""
        found = spans_of([f for f in organisations if f.day <= self.as_of], lambda f: str(f.fields.get("code")))
        self._spans.update({code: spans for code, spans in found.items() if code not in self._spans})

    def names(self, code: str) -> bool:
        """Tell whether a code is an organisation's whose name is known."""
        return bool(self._spans.get(code))

    def _last(self, org: str) -> Mapping[str, Any]:
        spans = self._spans.get(org)
        return spans[-1].fact.fields if spans else {}

    def in_use_from(self, org: str) -> int:
        """Return the day from which the organisation's duties count."""
        value = self._last(org).get("in_use_from")
        return day_of(date.fromisoformat(value)) if value else -FAR

    def calendar(self, org: str) -> CalendarLike:
        """Return the calendar of an organisation: its own area, else the nearest above it, else the default."""
        seen: set[str] = set()
        while org and org not in seen:
            seen.add(org)
            fields = self._last(org)
            area = fields.get("area") or ""
            if area and area in self.calendars:
                return self.calendars[area]
            org = fields.get("parent") or ""
        return self.calendars.default

    def in_territory(self, above: str, org: str, day: int) -> bool:
        """Tell whether ``org`` is in the territory of ``above`` on a day (not itself)."""
        fields = self.on(org, day)
        while fields is not None:
            parent = fields.get("parent") or ""
            if parent == above:
                return self.on(above, day) is not None
            fields = self.on(parent, day) if parent else None
        return False

    def watches(self, org: str, topic: str, member: str, day: int) -> bool:
        """Tell whether ``org`` supervises ``topic`` at ``member`` on a day: the named organisation or its territory."""
        return any(
            s.lo <= day <= s.hi
            and s.fact.fields["topic"] == topic
            and (s.fact.fields["supervised"] == member or self.in_territory(s.fact.fields["supervised"], member, day))
            for s in self._oversight.get(org, ())
        )

    def supervises(self, org: str, topic: str, day: int) -> bool:
        """Tell whether an organisation supervises anybody in a topic on a day."""
        return any(s.lo <= day <= s.hi and s.fact.fields["topic"] == topic for s in self._oversight.get(org, ()))

    def bears(self, duty: Duty, org: str, day: int) -> bool:
        """Tell whether an organisation bears a duty on a day."""
        fields, owed = self.on(org, day), duty.owed_by
        if fields is None or fields["type"] not in owed.type or not self.has_traits(owed.where, fields):
            return False
        return not owed.topic or self.supervises(org, owed.topic, day)

    @staticmethod
    def has_traits(where: Where, fields: Mapping[str, Any]) -> bool:
        """Apply a filter to the traits of an organisation."""
        return satisfies(where, (fields.get("traits") or {}).get)

    def days_as_bearer(self, duty: Duty, org: str, lo: int, hi: int) -> int:
        """Count the days of a window on which an organisation bears a duty."""
        edges = {lo, hi + 1}
        for s in (*self._spans.get(org, ()), *self._oversight.get(org, ())):
            edges |= {d for d in (s.lo, s.hi + 1) if lo < d <= hi}
        cuts = sorted(edges)
        return sum(b - a for a, b in pairwise(cuts) if self.bears(duty, org, a))

    # --- facts -------------------------------------------------------------------------------------------------------

    @staticmethod
    def read(fact: Fact) -> Callable[[str], Any]:
        """Return a reader of a fact's fields, with the pseudo-fields of the grammar."""

        def value(name: str) -> Any:
            if name == "by_post":
                return fact.by_post or None
            if name.startswith("number_of_"):
                return len(fact.roles.get(name.removeprefix("number_of_"), ()))
            if name.endswith("_post") and name not in fact.fields:
                return post_type(str(fact.fields.get(name.removesuffix("_post")) or "")) or None
            return fact.fields.get(name)

        return value

    def holds(self, where: Where, fact: Fact) -> bool:
        """Apply a filter to a fact."""
        return satisfies(where, self.read(fact))

    def deeds(self, deed: Deed, org: str, lo: int = -FAR, hi: int = FAR) -> list[Fact]:
        """Return the live facts that are such a deed and credit the organisation in the deed's role, by their day.

        ``lo`` and ``hi``: the first and the last day looked at.
        """
        key = id(deed), org  # a duty of school days asks a thousand times for the same deed
        if key not in self._deeds:
            found = [
                f
                for f in self._by_org.get(org, ())
                if org in f.roles.get(deed.as_, ()) and self._is(deed, f) and self.holds(deed.where, f)
            ]
            found.sort(key=_day)
            self._deeds[key] = deed, found  # the deed is kept so that its id stays its own
        found = self._deeds[key][1]
        return found[bisect_left(found, lo, key=_day) : bisect_right(found, hi, key=_day)]

    def credited(self, org: str) -> list[Fact]:
        """Return the live facts that credit an organisation in any role."""
        return self._by_org.get(org, [])

    @staticmethod
    def _is(deed: Deed, f: Fact) -> bool:
        if deed.step:
            return f.verb == "step" and f.step in deed.step and deed.case in ("", f.kind)
        kind, _, event = deed.record.partition(".")
        if event:
            return f.kind == kind and f.verb == EVENTS[event]
        return f.kind == deed.record and f.verb == "record"

    def is_verified(self, fact: Fact) -> bool:
        """Tell whether the last word of somebody else on this fact (or its item) confirms it."""
        words = {v.id: v for key in (fact.id, fact.item) for v in self._verifications.get(key, ()) if _other(v, fact)}
        last = max(words.values(), key=lambda v: (v.at, v.id), default=None)
        return last is not None and last.fields.get("result") == "confirmed"

    def excuse(self, org: str, duty: str, day: int) -> Fact | None:
        """Return the excuse that covers a day of a duty of an organisation."""
        for f in self._excuses:
            lo, hi = (day_of(date.fromisoformat(f.fields[x])) for x in ("from", "to"))
            if org in f.roles.get("about", ()) and f.fields["duty"] in ("*", duty) and lo <= day <= hi:
                return f
        return None

    def holding(self, post: str, day: int) -> str | None:
        """Return the holding (its id) of a post on a day."""
        if not post:
            return None
        items = [s.item for s in self._entries["holding"] if s.fact.fields["post"] == post and s.lo <= day <= s.hi]
        return min(items, default=None)

    # --- entries -----------------------------------------------------------------------------------------------------

    def _view(self, entry: Entry, org: str, duty: Duty) -> list[EntrySpan]:
        """Return the versions of entries that concern an organisation, each clipped to when they do."""
        spans = [s for s in self._entries.get(entry.entry, ()) if self.holds(entry.where, s.fact)]
        if entry.as_ == "by":
            return [s for s in spans if org in s.fact.roles.get("by", ())]
        return [
            c
            for s in spans
            for owner in s.fact.roles.get("by", ())
            for c in self._clipped(s, org, duty.owed_by.topic, owner)
        ]

    def _clipped(self, span: EntrySpan, org: str, topic: str, owner: str) -> list[EntrySpan]:
        edges = {span.lo, span.hi + 1}
        for s in (*self._oversight.get(org, ()), *(x for spans in self._spans.values() for x in spans)):
            edges |= {d for d in (s.lo, s.hi + 1) if span.lo < d <= span.hi}
        cuts = sorted(edges)
        pieces: list[EntrySpan] = []
        for a, b in pairwise(cuts):
            if not self.watches(org, topic, owner, a):
                continue
            if pieces and pieces[-1].hi == a - 1:
                pieces[-1] = replace(pieces[-1], hi=b - 1)
            else:
                pieces.append(replace(span, lo=a, hi=b - 1))
        return pieces

    def standing_entries(self, entry: Entry, org: str, day: int, duty: Duty) -> list[EntrySpan]:
        """Return the entry versions that stand on a day and concern an organisation."""
        view = self._view(entry, org, duty)
        return [replace(s, lo=s.lo) for s in view if s.lo <= day <= s.hi]

    def run_start(self, span: EntrySpan, entry: Entry, org: str, duty: Duty, same: Callable[[Fact], bool]) -> int:
        """Return the day from which an entry has been like this without a break."""
        lo = span.lo
        for s in sorted((x for x in self._view(entry, org, duty) if x.item == span.item), key=lambda x: -x.lo):
            if s.hi == lo - 1 and same(s.fact):
                lo = s.lo
        return lo

    # --- sets and needs ----------------------------------------------------------------------------------------------

    def members(self, m: Members, org: str, day: int) -> set[str]:
        """Return the set that an organisation has to cover on a day."""
        if m.children:
            return {o for o in self._fitting(m.children, m.where, day) if self.in_territory(org, o, day)}
        if m.supervised:
            return {o for o in self._fitting(m.type, m.where, day) if self.watches(org, m.supervised, o, day)}
        if m.posts or m.holdings:
            posts = self._posts(m.posts or m.holdings, org, day)
            if m.posts:
                return posts
            return {s.item for s in self._entries["holding"] if s.fact.fields["post"] in posts and s.lo <= day <= s.hi}
        if m.entries or m.through:
            spans = self.owned(m.entries or m.through, m.where, org, day)
            return (
                {s.item for s in spans} if m.entries else {o for s in spans for o in _many(s.fact.fields.get(m.field))}
            )
        return set(m.codes)

    def _fitting(self, types: Sequence[str], where: Where, day: int) -> list[str]:
        fields = ((o, self.on(o, day)) for o in self.organisations)
        return [o for o, f in fields if f is not None and f["type"] in types and self.has_traits(where, f)]

    def _posts(self, types: Sequence[str], org: str, day: int) -> set[str]:
        fields = (s.fact.fields for s in self._entries["post"] if s.lo <= day <= s.hi)
        return {f["code"] for f in fields if f["organisation"] == org and ("*" in types or f["type"] in types)}

    def owned(self, kind: str, where: Where, org: str, day: int) -> list[EntrySpan]:
        """Return the versions of an organisation's own entries of a kind that stand on a day."""
        spans = self._entries.get(kind, ())
        return [
            s for s in spans if s.lo <= day <= s.hi and org in s.fact.roles.get("by", ()) and self.holds(where, s.fact)
        ]

    def member_keys(self, shape: Cover, fact: Fact) -> set[str]:
        """Return the members that a deed or an entry names."""
        key = shape.named_by
        if key == "post":
            if shape.members.holdings:
                held = self.holding(fact.post, fact.day)
                return {held} if held else set()
            return {fact.post} if fact.post else set()
        if key == "reference":
            return {fact.reference} if fact.reference else set()
        kind = self.rulebook.kinds.get(fact.kind)
        if kind is not None and key in kind.fields:
            return set(_many(fact.fields.get(key)))
        return set(fact.roles.get(key, ()))

    def need(self, part: Part, org: str, day: int) -> int | None:
        """Return what a trait or a table of steps asks of an organisation on a day."""
        value = ((self.on(org, day) or {}).get("traits") or {}).get(part.trait)
        if value is None:
            return None
        if not part.table:
            return int(value)
        for step in part.table:
            if step.from_ <= value <= step.to:
                return step.base + (step.add * ((value - step.beyond) // step.for_every) if step.for_every else 0)
        return None


def _other(verification: Fact, fact: Fact) -> bool:
    """Somebody else: another organisation than the deed's own, or another person."""
    mine, theirs = set(fact.roles.get("by", ())), set(verification.roles.get("by", ()))
    return not (mine & theirs) or bool(fact.person and verification.person and fact.person != verification.person)


def _many(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)]
