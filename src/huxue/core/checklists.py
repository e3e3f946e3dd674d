"""Checklists of an inspection, and the criteria by which a hazard is major: what to look at, by which clause.

A checklist proposes: its grade and its way to mend are hints, and the inspector decides. Criteria are a decision table
in the two methods of the guide for the education system (HAZ-07): one direct condition is enough, of the others several
of one group must hold together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field as Setting

from huxue.core.duties.shapes import Source
from huxue.core.values import Text, Value

if TYPE_CHECKING:
    from huxue.core.rulebook.model import Rulebook

Sentence = tuple[str, str, str]


class Item(Value):
    """One thing to look at: ``grade`` is a hint for what is found wrong, ``fix`` how it is usually mended."""

    code: str
    title: Text
    category: str  # a value of the list hazard-categories
    grade: str  # a value of the list hazard-grades
    fix: Text
    source: Source


class Checklist(Value):
    """What an inspection of one scope looks at; ``scope`` says in words where it is used."""

    title: Text
    scope: Text
    items: tuple[Item, ...]


class Criterion(Value):
    """One row of the decision table. ``confidence`` of its source V or S is verified, everything else is not."""

    code: str
    group: str
    method: Literal["direct", "combined"]
    title: Text
    source: Source

    @property
    def verified(self) -> bool:
        """Whether the wording was seen in the text itself or in a report of it."""
        return self.source.confidence in ("V", "S")


class Criteria(Value):
    """A decision table: the grade that follows when one direct row holds, or ``together`` combined rows of a group."""

    title: Text
    concludes: str  # a value of the list hazard-grades
    groups: dict[str, Text] = Setting(default_factory=dict)
    together: int = 2
    rows: tuple[Criterion, ...]
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What criteria say of answers: whether they conclude, by which rows, and which of those rows are not verified.

    ``open``: rows not answered that could still make it conclude.
    """

    concludes: bool
    by: tuple[str, ...]
    unverified: tuple[str, ...]
    open: tuple[str, ...]


def judge(criteria: Criteria, answers: Mapping[str, bool]) -> Judgement:
    """Return what follows from answers (code of a row → whether it holds; a row left out is not answered).

    The machine proposes a grade; who orders the hazard to be mended decides it (HAZ-01, HAZ-07).
    """
    holding = [row for row in criteria.rows if answers.get(row.code)]
    direct = [row for row in holding if row.method == "direct"]
    groups: dict[str, list[Criterion]] = {}
    for row in holding:
        if row.method == "combined":
            groups.setdefault(row.group, []).append(row)
    by = direct + [row for rows in groups.values() if len(rows) >= criteria.together for row in rows]
    return Judgement(
        concludes=bool(by),
        by=tuple(row.code for row in by),
        unverified=tuple(row.code for row in by if not row.verified),
        open=() if by else tuple(row.code for row in _undecided(criteria, answers)),
    )


def _undecided(criteria: Criteria, answers: Mapping[str, bool]) -> Iterator[Criterion]:
    """Yield the rows not answered that could still conclude: direct ones, and those of a group that can be enough."""
    possible = Counter(row.group for row in criteria.rows if row.method == "combined" and answers.get(row.code, True))
    for row in criteria.rows:
        if row.code not in answers and (row.method == "direct" or possible[row.group] >= criteria.together):
            yield row


def checklist_problems(code: str, value: Checklist, rulebook: Rulebook) -> Iterator[Sentence]:
    """Yield what is wrong with a checklist: names that are not there, codes twice, a clause left empty."""
    del code
    if not value.items:
        yield "items", "检查表没有检查项", "the checklist has no items"
    yield from _twice("items", [item.code for item in value.items])
    for n, item in enumerate(value.items):
        yield from _sourced(f"items.{n}", item.source, rulebook)
        yield from _listed(f"items.{n}.category", "hazard-categories", item.category, rulebook)
        yield from _listed(f"items.{n}.grade", "hazard-grades", item.grade, rulebook)


def criteria_problems(code: str, value: Criteria, rulebook: Rulebook) -> Iterator[Sentence]:
    """Yield what is wrong with criteria: a row without a clause, an unknown group, a grade that is not in the list."""
    del code
    if not value.rows:
        yield "rows", "判定表没有判定项", "the table has no rows"
    yield from _twice("rows", [row.code for row in value.rows])
    yield from _listed("concludes", "hazard-grades", value.concludes, rulebook)
    for n, row in enumerate(value.rows):
        yield from _sourced(f"rows.{n}", row.source, rulebook)
        if row.group not in value.groups:
            yield f"rows.{n}.group", f"没有分组“{row.group}”", f"there is no group '{row.group}'"


def _twice(path: str, codes: list[str]) -> Iterator[Sentence]:
    for n, code in enumerate(codes):
        if code in codes[:n]:
            yield f"{path}.{n}.code", f"代码“{code}”重复", f"the code '{code}' is used twice"


def _sourced(path: str, source: Source, rulebook: Rulebook) -> Iterator[Sentence]:
    if source.text not in rulebook.sources:
        yield f"{path}.source.text", f"没有来源文本“{source.text}”", f"there is no source text '{source.text}'"
    if not source.clause.strip():
        yield f"{path}.source.clause", "缺少依据条款", "the clause is missing"


def _listed(path: str, name: str, code: str, rulebook: Rulebook) -> Iterator[Sentence]:
    if code not in rulebook.lists.get(name, {}):
        yield path, f"清单“{name}”中没有“{code}”", f"the list '{name}' has no '{code}'"
