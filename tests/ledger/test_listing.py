"""Lists say what the facts say: random lives of records, entries and cases against a slow reader, page by page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from huxue.access.scope import Scope
from huxue.core.values import Refused
from huxue.ledger import choosing, searching
from huxue.ledger.asked import Asked
from huxue.ledger.drafts import Draft
from huxue.ledger.listing import named, one, page, stream, totals
from huxue.ledger.rebuilding import rebuild
from tests.ledger.listings import listed, within
from tests.ledger.world import DAY, KINDS, NOW, draft, drill, take, tree
from tests.sites import Site

FIRST = NOW // DAY - 20
SCHOOLS = st.sampled_from(["S1", "S2", "S3", "S4", "T1", "C2", "CITY"])
SCOPES = st.sampled_from(
    [
        Scope(whole=True),
        Scope(roots=("CITY/C1/",)),
        Scope(roots=("CITY/C1/T1/S1/",), single="S1"),
        Scope(roots=("CITY/C1/T1/S2/", "CITY/C2/")),
        Scope(),
    ]
)
WORDS = ["护学", "灭火器 A", "逾期", "hx", "s1", "单位"]
GRADES, SORTS = ("minor", "major"), ("fire", "quake")
FACETS = {"drill": ("drill_kind", SORTS), "guard": ("certified", ("true", "false")), "hazard": ("grade", GRADES)}


@st.composite
def lives(draw: st.DrawFn) -> list[Draft]:
    """Facts of a few items: new ones, further ones, corrections and withdrawals; some of them the ledger refuses."""
    found: list[Draft] = []
    for n in range(draw(st.integers(1, 14))):
        old = draw(st.sampled_from([None, *found]))
        at = (FIRST + draw(st.integers(0, 12))) * DAY + n
        kind = old.kind if old else draw(st.sampled_from(["drill", "guard", "hazard"]))
        item = (old.item or old.id) if old else f"i{n}"
        how = draw(st.sampled_from(["more", "correct", "withdraw"])) if old else "new"
        verb, step = _verb(draw, kind, how, old)
        roles = {"by": (draw(SCHOOLS),), "about": tuple(draw(st.lists(SCHOOLS, max_size=2, unique=True)))}
        due = draw(st.none() | st.integers(0, 20)) if kind == "hazard" else None
        found.append(
            Draft(
                id=item if how == "new" else f"f{n}", kind=kind, verb=verb, at=at, item=item, step=step,
                roles={} if how == "withdraw" else roles, fields={} if how == "withdraw" else _fields(draw, kind),
                replaces=old.id if old and how in ("correct", "withdraw") else "",
                deadline=None if due is None else (FIRST + due) * DAY,
            )
        )  # fmt: skip
    return found


def _verb(draw: st.DrawFn, kind: str, how: str, old: Draft | None) -> tuple[str, str]:
    if how == "withdraw":
        return "withdraw", ""
    if old and how == "correct":
        return old.verb, old.step
    if kind == "hazard":
        steps = list(KINDS["hazard"].flow) if old else ["found"]
        return "step", draw(st.sampled_from(steps))
    if kind == "drill":
        return "record", ""
    return (draw(st.sampled_from(["change", "close"])) if old else "open"), ""


def _fields(draw: st.DrawFn, kind: str) -> dict[str, object]:
    text = draw(st.sampled_from(WORDS))
    if kind == "drill":
        return {"drill_kind": draw(st.sampled_from(SORTS)), "note": text}
    if kind == "guard":
        return {"name": text, "certified": draw(st.booleans())}
    return {"grade": draw(st.sampled_from(GRADES))}


@st.composite
def questions(draw: st.DrawFn) -> tuple[str, Asked]:
    """A kind and what is asked of it."""
    kind = draw(st.sampled_from(["drill", "guard", "hazard"]))
    name, values = FACETS[kind]
    facets = draw(st.sampled_from([{}, {name: values[:1]}, {name: tuple(values)}]))
    case = kind == "hazard"
    states = ["", "open", "ended", "fixed"] if case else ["", "open", "ended"] if kind == "guard" else [""]
    days = draw(st.none() | st.tuples(st.integers(0, 12), st.integers(0, 12)))
    return kind, Asked(
        facets=facets, text=draw(st.sampled_from(["", "", "", "护", "hx", "s1", "灭 a", "dw"])),
        step=draw(st.sampled_from(["", "found", "ordered"])) if case else "", state=draw(st.sampled_from(states)),
        organisation=draw(st.sampled_from(["", "", "C1", "S1", "nobody"])),
        period=(FIRST + min(days), FIRST + max(days)) if days else None,
        due_before=draw(st.none() | st.just((FIRST + 8) * DAY)) if case else None,
        order=draw(st.sampled_from(["", "new"])), size=draw(st.integers(1, 4)), exact=draw(st.booleans()),
    )  # fmt: skip


def visit(kind: str, scope: Scope, asked: Asked) -> list[str]:
    """Return the items of all pages, read forward; the way back must show the same."""
    found, pages, key = [], [], asked.after
    while True:
        one_page = page(KINDS[kind], scope, replace(asked, after=key))
        pages.append([row.item for row in one_page.rows])
        found += pages[-1]
        if not one_page.next:
            break
        key = one_page.next
    for before in reversed(pages[:-1]):
        one_page = page(KINDS[kind], scope, replace(asked, after=one_page.previous))
        assert [row.item for row in one_page.rows] == before
    assert (one_page.previous, len(found)) == ("", len(set(found)))
    return found


@pytest.mark.parametrize("ways", [(10_000, 2_000), (0, 0)], ids=["gathered", "in-order"])
def test_a_list_is_what_the_facts_say(site: Site, monkeypatch: pytest.MonkeyPatch, ways: tuple[int, int]) -> None:
    for module, name, value in (
        (choosing, "GATHER", ways[0]), (choosing, "PROBED", ways[0]), (choosing, "READ", ways[0]),
        (choosing, "HITS", ways[1]), (searching, "HITS", ways[1]),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, value)
    tree()

    @given(lives(), st.lists(st.tuples(questions(), SCOPES), min_size=5, max_size=9))
    @settings(max_examples=30, deadline=None)
    def check(drafts: list[Draft], asked: list[tuple[tuple[str, Asked], Scope]]) -> None:
        with transaction.atomic():
            append_some(drafts)
            for (kind, question), scope in asked:
                same(kind, question, scope)
            transaction.set_rollback(True)

    check()


def append_some(drafts: list[Draft]) -> None:
    for n, one_draft in enumerate(drafts):
        try:
            take(one_draft, recorded=NOW + n)
        except Refused:
            continue


def same(kind: str, question: Asked, scope: Scope) -> None:
    expected, all_of_it = listed(KINDS[kind], scope, question)
    assert visit(kind, scope, question) == expected
    assert [row.item for row in stream(KINDS[kind], scope, question)] == expected
    found = page(KINDS[kind], scope, question)
    if found.exact:
        assert (found.total, found.left_out) == (len(expected), all_of_it - len(expected))
    else:
        assert found.total < len(expected)
    assert totals([KINDS[kind]], scope) == ({kind: all_of_it} if all_of_it else {})


def test_the_projections_of_random_lives_follow_from_the_facts(ledger: Site) -> None:
    tree()

    @given(lives())
    @settings(max_examples=15, deadline=None)
    def check(drafts: list[Draft]) -> None:
        with transaction.atomic():
            append_some(drafts)
            assert rebuild(KINDS) == []
            transaction.set_rollback(True)

    check()


def test_a_school_sees_what_others_wrote_about_it_and_nothing_else(ledger: Site) -> None:
    tree()
    seen = draft("hazard", "step", step="found", roles={"by": ("C1",), "about": ("S1",)}, fields={"grade": "minor"})
    other = draft("hazard", "step", step="found", roles={"by": ("C1",), "about": ("S2",)}, fields={"grade": "minor"})
    take(seen, other)
    mine = Scope(roots=("CITY/C1/T1/S1/",), single="S1")
    assert [row.item for row in page(KINDS["hazard"], mine, Asked()).rows] == [seen.id]
    found = one(KINDS["hazard"], seen.id, mine)
    assert found is not None
    assert (found.organisation, found.organisation_name, found.step) == ("S1", "单位S1", "found")
    assert one(KINDS["hazard"], other.id, mine) is None
    assert [row.item for row in named([other.id, seen.id], mine)] == [seen.id]
    assert within(mine) == {"S1"}


@pytest.mark.parametrize("scope", [Scope(whole=True), Scope(roots=("CITY/C1/",))], ids=["whole", "county"])
def test_a_page_costs_two_queries_however_many_rows(ledger: Site, scope: Scope) -> None:
    tree()
    take(*(drill("S1", NOW - n, fields={"drill_kind": SORTS[n % 2]}) for n in range(130)))
    questions = [
        Asked(), Asked(facets={"drill_kind": ("fire",)}), Asked(order="new"), Asked(organisation="S1"),
        Asked(facets={"drill_kind": ("fire",)}, period=(0, NOW)),
    ]  # fmt: skip
    for asked in questions:
        deep = replace(asked, after=page(KINDS["drill"], scope, asked).next)
        with CaptureQueriesContext(connection) as queries:
            assert len(page(KINDS["drill"], scope, deep).rows) in (15, 50)
        assert len(queries) == 2
