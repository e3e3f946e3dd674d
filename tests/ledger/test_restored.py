"""A dump of PostgreSQL brings the numbers of another server's transactions; readers go on without missing a fact."""

from __future__ import annotations

import pytest

from huxue.actions.seals import seal
from huxue.ledger.reading import BEGINNING, Mark, forward
from huxue.ledger.seal_texts import SealText, stored_seals
from huxue.ledger.verifying_seals import verify_seals
from tests.ledger.seals import found, sealed, sizes, tamper
from tests.ledger.world import NOW, drill, take, tree
from tests.sites import Site

TREE = 9  # facts of the tree


def move(by: int) -> None:
    """Make it seem that all of this was written on another server, whose transactions were numbered higher."""
    tamper("UPDATE ledger_fact SET xact = (xact::text::bigint + %s)::text::xid8", by)
    tamper("ALTER TABLE ledger_server DISABLE TRIGGER ALL")
    tamper("UPDATE ledger_server SET identifier = 1")
    tamper("ALTER TABLE ledger_fact ENABLE ALWAYS TRIGGER fact_on_server")


def read(mark: Mark, limit: int) -> tuple[list[str], Mark]:
    some, reached = forward(mark, limit)
    return [one.id for one in some], reached


@pytest.mark.parametrize("by", [0, 1_000_000_000])
def test_a_reader_goes_on_on_another_server(postgresql_site: Site, by: int) -> None:
    ids = sealed(3)
    marked = SealText.read(stored_seals()[0][1].text).mark
    pending = take(drill("S1"))[0].id
    move(by)
    mark = Mark(marked.server, marked.xact + by, marked.seq)
    assert read(mark, 10)[0] == [pending]
    late = take(drill("S2"))[0].id
    first, mark = read(mark, 10)
    second, mark = read(mark, 10)
    assert (first, second, mark.server, read(mark, 10)[0]) == ([pending], [late], 2, [])
    everything, mark = read(BEGINNING, 2)
    while some := read(mark, 2):
        if not some[0]:
            break
        everything, mark = everything + some[0], some[1]
    assert everything[TREE:] == [*ids, pending, late]


def test_seals_go_on_on_another_server(postgresql_site: Site) -> None:
    """The transactions of the new server are numbered below the mark of the last seal."""
    tree()
    move(1_000_000_000)
    seal(now=NOW)
    take(drill("S1"))
    assert verify_seals().unsealed == 1
    assert sizes(seal(now=NOW)) == [(2, TREE + 1)]
    assert [SealText.read(one.text).mark.server for _, one, _ in stored_seals()] == [1, 2]
    assert found() == []
