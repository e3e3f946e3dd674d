"""What an append costs does not grow with the number of its drafts."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from huxue.ledger.drafts import Draft
from tests.ledger.world import NOW, draft, drill, organisation, take, tree
from tests.sites import Site


def queries(*drafts: Draft) -> int:
    """Return how many statements an append runs; bulk insertions count once."""
    with CaptureQueriesContext(connection) as found:
        take(*drafts)
    return len(found)


def guards(count: int, verb: str, at: int) -> list[Draft]:
    about = {"by": ("S1",)}
    return [draft("guard", verb, at, item=f"g{n}", roles=about, fields={"name": f"{n}"}) for n in range(count)]


def test_one_and_many_cost_the_same(ledger: Site) -> None:
    tree()
    take(*guards(40, "open", NOW - 9))
    few, many = queries(drill()), queries(*(drill(fields={"note": "护学"}) for _ in range(300)))
    assert many <= few + 1
    assert queries(*guards(1, "change", NOW - 8)) + 2 >= queries(*guards(40, "change", NOW - 7))
    new = [organisation(f"N{n}", "T1") for n in range(41)]
    assert queries(new[0]) + 2 >= queries(*new[1:])
