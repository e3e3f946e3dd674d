"""The lists that pages ask for, for somebody of the whole city, of a county and of one school."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any, Final

from benchmarks.ledger import deeds
from huxue.access.scope import Scope
from huxue.core.kinds import Kind
from huxue.core.values import MINUTES_A_DAY
from huxue.ledger.asked import Asked
from huxue.ledger.listing import page, totals
from huxue.ledger.reading import facts_of_item, facts_referring
from huxue.ledger.searching import items_with, organisations_named
from huxue.organisations.tables import select

MUST_MS: Final = 30
TIMES: Final = 7
Ask = Callable[[], object]
_MIDDLE: Final = deeds.LAST - deeds.YEAR // 2  # the moment of a page deep in a list
_MONTH: Final = (_MIDDLE // MINUTES_A_DAY, _MIDDLE // MINUTES_A_DAY + 30)


def lists(kinds: Mapping[str, Kind], choices: deeds.Choices) -> list[dict[str, Any]]:
    """Return what each list takes, in milliseconds: the median of several, with their range."""
    return [
        _measured(name, scope, ask) for scope, where in _scopes().items() for name, ask in _asks(kinds, where, choices)
    ]


def _scopes() -> dict[str, Scope]:
    paths: dict[str, str] = dict(
        select("SELECT code, path FROM organisations_organisation WHERE code IN ('C000', 'S00003')")
    )
    return {
        "city": Scope(whole=True), "county": Scope(roots=(paths["C000"],)),
        "school": Scope(roots=(paths["S00003"],), single="S00003"),
    }  # fmt: skip


def _asks(kinds: Mapping[str, Kind], scope: Scope, choices: deeds.Choices) -> list[tuple[str, Ask]]:
    lesson, hazard, equipment = kinds["safety-lesson"], kinds["hazard"], kinds["equipment"]
    topic, grade = choices["safety-lesson", "topic"][:1], choices["hazard", "grade"][:1]
    occasion = choices["safety-lesson", "occasion"][:1]
    sort = choices["equipment", "equipment_class"][:1]
    asked = {
        "records": (lesson, Asked()),
        "records, deep": (lesson, Asked(after=f"+{-_MIDDLE}.0")),
        "records, one filter": (lesson, Asked(facets={"topic": topic})),
        "records, two filters": (lesson, Asked(facets={"topic": topic, "occasion": occasion})),
        "records of a month": (lesson, Asked(period=_MONTH)),
        "records of a county": (lesson, Asked(organisation="C000")),
        "records with a text": (lesson, Asked(text="食堂37")),
        "entries": (equipment, Asked()),
        "entries, one filter": (equipment, Asked(facets={"equipment_class": sort})),
        "open cases": (hazard, Asked(open_only=True)),
        "cases, one filter": (hazard, Asked(facets={"grade": grade})),
        "cases, by step": (hazard, Asked(facets={"grade": grade}, step="ordered")),
        "cases due": (hazard, Asked(due_before=deeds.LAST)),
        "cases, newest": (hazard, Asked(order="new")),
        "cases with a text": (hazard, Asked(text="st")),
    }  # fmt: skip
    found: list[tuple[str, Ask]] = [(name, lambda k=k, a=a: page(k, scope, a)) for name, (k, a) in asked.items()]  # type: ignore[misc]
    item = _an_item()
    found += [
        ("how many of each kind", lambda: totals(kinds.values(), scope)),
        ("facts of an item", lambda: facts_of_item(item)),
        ("what refers to an item", lambda: facts_referring(item)),
        ("organisations by name", lambda: organisations_named("第12", scope, 20)),
        ("hazards by text", lambda: items_with("食堂37", scope, ["hazard"], 20)),
    ]
    return found


def _an_item() -> str:
    ((item,),) = select("SELECT item FROM ledger_case WHERE kind = 'hazard' ORDER BY item LIMIT 1")
    return str(item)


def _measured(name: str, scope: str, ask: Ask) -> dict[str, Any]:
    waits = []
    for _ in range(TIMES + 1):
        begin = time.perf_counter()
        ask()
        waits.append((time.perf_counter() - begin) * 1000)
    waits = waits[1:]  # the first brings pages into memory
    middle = median(waits)
    return {
        "list": name, "scope": scope, "ms": f"{middle:.1f}", "range": [f"{min(waits):.1f}", f"{max(waits):.1f}"],
        "must_ms": MUST_MS, "met": middle <= MUST_MS,
    }  # fmt: skip
