"""Text search over several kinds: newest ids first, within a scope, never an organisation or what was withdrawn."""

from __future__ import annotations

from huxue.access.scope import Scope
from huxue.ledger.searching import items_with
from huxue.organisations.models import Organisation
from tests.ledger.world import NOW, draft, drill, take, tree
from tests.sites import Site


def test_items_with_a_text(ledger: Site) -> None:
    tree()
    drills = [drill(f"S{n}", fields={"note": f"校门第{n}次"}) for n in (1, 2, 3)]
    gone = drill("S1", fields={"note": "校门"})
    guard = draft("guard", "open", item="g", roles={"by": ("S1",)}, fields={"name": "校门张"})
    take(*drills, gone, guard)
    take(draft("drill", "withdraw", NOW, item=gone.id, replaces=gone.id))
    every = sorted(((one.id, "drill") for one in drills), reverse=True)
    whole, kinds = Scope(whole=True), ["drill", "guard", "organisation"]
    assert items_with("校门", whole, ["drill"], 9) == every
    assert items_with("校门", whole, kinds, 9) == [("g", "guard"), *every]
    assert items_with("xm", whole, kinds, 2) == [("g", "guard"), every[0]]
    county = Scope(roots=(Organisation.objects.get(code="C1").path,))
    assert items_with("校门", county, ["drill"], 9) == [(one.id, "drill") for one in (drills[1], drills[0])]
    assert items_with("单位", whole, ["organisation"], 9) == []
