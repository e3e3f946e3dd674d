"""Which duties look at which kinds: worked out once for each edition."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from huxue.core.duties.shapes import Cover, Deed, Duty, Entry, Keep, Members, Never, Part, Ratio, Repeat, Respond
from huxue.core.rulebook.edition import Edition, in_effect
from huxue.core.rulebook.model import Rulebook

TREE: Final = ("organisation", "oversight")  # what changes the set of bearers: everything is worked out anew
BESIDE: Final = ("post", "holding", "excuse", "verification", "oversight")  # read whatever a duty asks for
_KEPT: Final = 4


@dataclass(frozen=True, slots=True)
class Reach:
    """What a duty looks at."""

    kinds: frozenset[str]
    tree: bool  # at organisations below or supervised, as members
    others: bool  # at entries of those it supervises: only a full evaluation follows these


@dataclass(frozen=True, slots=True)
class Index:
    """The duties of an edition by the kinds they read; a duty that changed stands under one code."""

    rulebook: Rulebook
    reach: Mapping[str, Reach]
    by_kind: Mapping[str, frozenset[str]]
    below: Mapping[str, frozenset[str]]  # kind → duties that look at entries of those they supervise

    def duties(self, kinds: Iterable[str]) -> frozenset[str]:
        """Return the codes of the duties to be looked at after something of these kinds was written."""
        named = set(kinds)
        if "excuse" in named or named == {"verification"}:
            return frozenset(code for code, one in self.reach.items() if not one.others)
        return frozenset().union(*(self.by_kind.get(kind, frozenset()) for kind in named))

    def kinds(self, duties: Collection[str]) -> frozenset[str]:
        """Return the kinds that some duties read."""
        return frozenset(BESIDE).union(*(self.reach[code].kinds for code in duties))


_INDEXES: OrderedDict[tuple[str, tuple[str, ...], int], Index] = OrderedDict()


def index_of(edition: Edition) -> Index:
    """Return the index of an edition."""
    key = edition.hash, edition.families_on, edition.valid_from
    if key not in _INDEXES:
        _INDEXES[key] = made(in_effect(edition))
        while len(_INDEXES) > _KEPT:
            _INDEXES.popitem(last=False)
    return _INDEXES[key]


def made(rulebook: Rulebook) -> Index:
    """Return the index of a rulebook."""
    reach: dict[str, Reach] = {}
    for duty in rulebook.duties.values():
        new, old = _reach(rulebook, duty), reach.get(duty.code, Reach(frozenset(), tree=False, others=False))
        reach[duty.code] = Reach(old.kinds | new.kinds, old.tree or new.tree, old.others or new.others)
    by_kind: dict[str, set[str]] = defaultdict(set)
    below: dict[str, set[str]] = defaultdict(set)
    for code, one in reach.items():
        for kind in one.kinds:
            (below if one.others else by_kind)[kind].add(code)
    return Index(rulebook, reach, _frozen(by_kind), _frozen(below))


def _frozen(found: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {kind: frozenset(codes) for kind, codes in found.items()}


def _reach(rulebook: Rulebook, duty: Duty) -> Reach:
    parts = list(_parts(duty))
    kinds = {kind for one in parts for kind in _kinds(rulebook, one)}
    if isinstance(duty.shape, Respond) and duty.shape.match == "holding":
        kinds.add("holding")
    return Reach(
        frozenset(kinds),
        tree=any(isinstance(one, Members) and bool(one.children or one.supervised) for one in parts),
        others=any(isinstance(one, Entry) and one.as_ == "supervised" for one in parts),
    )


def _parts(duty: Duty) -> Iterator[Deed | Entry | Members]:
    """Yield everything that a duty looks at."""
    found: tuple[Deed | Entry | Members | None, ...] = ()
    match duty.shape:
        case Repeat() as shape:
            found = (shape.deed,)
        case Respond() as shape:
            found = (shape.to, shape.with_, shape.moved_by, shape.lifted_by)
        case Keep() as shape:
            found = (shape.every,)
        case Cover() as shape:
            found = (shape.members, shape.deed, shape.entry)
        case Never() as shape:
            found = (shape.entry, shape.deed)
        case Ratio() as shape:
            found = tuple(one for part in (*shape.have, *shape.of, *shape.need) for one in _of_part(part))
    yield from (one for one in found if one is not None)


def _of_part(part: Part) -> tuple[Deed | Entry | None, ...]:
    return part.deed, part.entry


def _kinds(rulebook: Rulebook, one: Deed | Entry | Members) -> Iterator[str]:
    match one:
        case Deed():
            if one.step:
                yield from _with_steps(rulebook, one)
            else:
                yield one.record.partition(".")[0]
        case Entry():
            yield one.entry
        case Members():
            yield from {one.entries, one.through} - {""}
            if one.posts or one.holdings:
                yield from ("post", "holding")


def _with_steps(rulebook: Rulebook, deed: Deed) -> Iterator[str]:
    if deed.case:
        yield deed.case
        return
    for code, kind in rulebook.kinds.items():
        if any(step in kind.flow for step in deed.step):
            yield code


__all__ = ["BESIDE", "TREE", "Index", "Reach", "index_of", "made"]
