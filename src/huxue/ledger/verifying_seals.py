"""Checks the ledger against its seals, and the seals against each other and against ones that were kept outside.

What is found is named. ``changed``: a fact is not what was sealed. ``removed``: a sealed fact is not there.
``reordered``: two facts stand in each other's place. ``inserted``: a fact that was never sealed stands before ones
that were. ``leaves``: the stored order of leaves was changed. ``seal``, ``chain``, ``signature``, ``key``: a seal, the
row of seals, a signature, the row of keys. ``truncated``, ``other``: a seal kept outside is not here, or is another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from django.db import connection

from huxue.core.seals import Edge
from huxue.ledger.leaves import RUN, SEQ, UID, Leaves, leaf, runs, stored
from huxue.ledger.reading import FIRST, Mark
from huxue.ledger.seal_chain import Checked, check_chain
from huxue.ledger.seal_findings import Finding, finding
from huxue.ledger.seal_texts import SealText, Signed
from huxue.ledger.verifying import wrong, wrong_personal
from huxue.organisations.tables import CHUNK, Row, select

_RUNS: Final = CHUNK // RUN  # whose facts are fetched at once
_NUMBERS: Final = 100_000  # of facts read at once
_SWAPS: Final = 200  # changed facts up to which it is tried whether they stand in each other's place
Differing = tuple[int, bytes, Row]  # a fact, the hash of its leaf as it was sealed, and what stands there now


@dataclass(slots=True)
class Report:
    """What a verification found. ``notices`` are no faults: what must be said whenever somebody verifies."""

    findings: list[Finding] = field(default_factory=list)
    notices: list[Finding] = field(default_factory=list)
    seals: int = 0
    sealed: int = 0
    unsealed: int = 0
    root: str = ""


class _Seen:
    """Which facts are leaves: a bit for each."""

    def __init__(self) -> None:
        self._blocks: dict[int, bytearray] = defaultdict(lambda: bytearray(8192))

    def add(self, seq: int) -> bool:
        """Note a fact; tell whether it had been noted before."""
        block, bit = self._blocks[seq >> 16], 1 << (seq & 7)
        at = seq >> 3 & 8191
        before = bool(block[at] & bit)
        block[at] |= bit
        return before

    def __contains__(self, seq: int) -> bool:
        block = self._blocks.get(seq >> 16)
        return block is not None and bool(block[seq >> 3 & 8191] & 1 << (seq & 7))


def verify_seals(against: Sequence[Signed] = ()) -> Report:
    """Check everything (see the module). ``against``: seals that were kept outside."""
    checked = check_chain(against)
    report = Report(checked.findings, checked.notices, seals=len(checked.seals))
    seen, differ, tree = _Seen(), list[Differing](), _Tree(checked, report)
    while some := list(islice(tree.stored, _RUNS)):
        differ += _compare(some, seen, report)
        tree.grow(some)
    _differing(differ, report)
    report.sealed = tree.edge.size
    tree.end()
    _unsealed(checked.seals, seen, report, whole=tree.whole)
    return report


class _Tree:
    """The tree worked out again from the stored leaves, and the roots it must have on its way."""

    def __init__(self, checked: Checked, report: Report) -> None:
        self.edge, self.stored, self.whole = Edge(), runs(), True
        self._report, self._seals, self._edges = report, list(checked.seals), dict(checked.edges)
        self._next = 0
        self._root(())

    def grow(self, some: Iterable[Leaves]) -> None:
        """Add runs of leaves, comparing the root wherever a seal ends."""
        for run in some:
            if run.first != self.edge.size or len(run.facts) != len(run.hashes):
                self._break(run.first)
            self._root(run.hashes)

    def _root(self, hashes: Sequence[bytes]) -> None:
        at = 0
        while self._next < len(self._seals) and self._seals[self._next].size - self.edge.size <= len(hashes) - at:
            stop = at + max(self._seals[self._next].size - self.edge.size, 0)
            self._add(hashes[at:stop])
            at = stop
            self._compare(self._seals[self._next])
            self._next += 1
        self._add(hashes[at:])

    def _add(self, hashes: Sequence[bytes]) -> None:
        for one in hashes:
            self.edge.add(one)

    def _compare(self, seal: SealText) -> None:
        if not self.whole:
            return
        if self.edge.root().hex() != seal.root:
            self._break(seal.size, seal)
        elif b"".join(self.edge.peaks).hex() != self._edges[seal.number]:
            self._report.findings.append(finding("seal", seal.number))
        else:
            self._report.root = seal.root

    def _break(self, place: int, seal: SealText | None = None) -> None:
        if self.whole:
            self._report.findings.append(finding("root", seal.number) if seal else finding("leaves", place))
        self.whole = False

    def end(self) -> None:
        """Say what is missing or too much at the end."""
        size = self._seals[-1].size if self._seals else 0
        if self.edge.size != size and self.whole:
            self._break(min(self.edge.size, size))


def _compare(some: Sequence[Leaves], seen: _Seen, report: Report) -> list[Differing]:
    """Compare facts with their leaves; return those that differ."""
    rows = stored(seq for run in some for seq in run.facts)
    differ: list[Differing] = []
    for run in some:
        for seq, hashed in zip(run.facts, run.hashes, strict=False):
            if seen.add(seq):
                report.findings.append(finding("twice", seq))
            row = rows.get(seq)
            if row is None:
                report.findings.append(finding("removed", seq))
            elif leaf(row) != hashed:
                differ.append((seq, hashed, row))
    named = {seq for seq, _, _ in differ}
    unchanged = (row for seq, row in rows.items() if seq not in named)
    report.findings += [finding("changed", uid) for uid in wrong_personal(unchanged)]
    return differ


def _differing(differ: Sequence[Differing], report: Report) -> None:
    """Tell facts that stand in each other's place from changed ones."""
    sealed = {seq: hashed for seq, hashed, _ in differ[:_SWAPS]}
    for _, _, row in differ:
        moved = any(leaf((*row[:SEQ], seq)) == hashed for seq, hashed in sealed.items())
        report.findings.append(finding("reordered" if moved else "changed", row[UID]))


def _unsealed(seals: Sequence[SealText], seen: _Seen, report: Report, *, whole: bool) -> None:
    """Check the facts that are no leaves: they must come after those that are."""
    mark = seals[-1].mark if seals else None
    for some in _not_in(seen):
        rows = stored(some)
        report.findings += [finding("changed", uid) for uid in wrong(list(rows.values()))]
        early = _before(mark, some) if mark and whole else set()
        report.findings += [finding("inserted", rows[seq][UID]) for seq in sorted(early & rows.keys())]
        report.unsealed += len(some) - len(early)


def _not_in(seen: _Seen) -> Iterator[list[int]]:
    after = FIRST - 1
    sql = f"SELECT seq FROM ledger_fact WHERE seq > %s ORDER BY seq LIMIT {_NUMBERS}"
    while numbers := select(sql, after):
        after = numbers[-1][0]
        if some := [seq for (seq,) in numbers if seq not in seen]:
            yield some


def _before(mark: Mark, seqs: Sequence[int]) -> set[int]:
    """Return the facts that the reader at this mark has passed."""
    if connection.vendor != "postgresql":
        return {seq for seq in seqs if seq <= mark.seq}
    sql = (
        "SELECT (SELECT max(number) FROM ledger_server WHERE number = 1 OR after < seq), xact::text::bigint, seq "
        "FROM ledger_fact WHERE seq = ANY(%s)"
    )
    return {seq for server, xact, seq in select(sql, list(seqs)) if (server, xact, seq) <= mark}
