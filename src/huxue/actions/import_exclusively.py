"""Loads beyond the limit of one transaction: in parts, under one import number that becomes visible with the last part.

The rows are read twice: once for their keys (a key that comes twice is taken from no row), once to plan them part by
part. Called again with the same files after a kill, it goes on behind the last part that was kept;
``actions.imports.abandon`` gives it up. While it runs nobody else writes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Final

from huxue.actions.import_files import (
    Opened,
    absences,
    drafts_of,
    no_collection,
    open_file,
    scope_report,
    share_notes,
    standing_of,
    without,
    write_copies,
)
from huxue.actions.imports import begin_import, finish, part, running
from huxue.core.recipes.comparing import Difference, Standing, compare_facts
from huxue.core.recipes.making import Context
from huxue.core.recipes.model import Recipe
from huxue.core.recipes.planned import Planned
from huxue.core.recipes.planning import Planner, RowReader, Sheet
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Language, Refused
from huxue.exchange.reports import Report, ScopeReport
from huxue.ledger import origins
from huxue.ledger.append import NotAppended

MOST_ROWS: Final = 5_000_000
LARGER: Final = 20  # times the recipe's limit of megabytes
PART: Final = 50_000  # rows
Progress = Callable[[str, int], None]


def import_exclusively(  # noqa: PLR0913 - what the command line may say
    recipe: Recipe,
    paths: Sequence[Path],
    *,
    rulebook: Rulebook,
    now: int,
    given: Mapping[str, str] | None = None,
    notes: Path | None = None,
    language: Language = "zh",
    rows_in_part: int = PART,
    progress: Progress = lambda _what, _done: None,
) -> Report:
    """Import files of one scope in parts, or go on with such an import.

    Refuses ``several_scopes``, ``import_running`` for another load, and what ``import_files`` refuses.
    """
    large = recipe.model_copy(
        update={"reads": recipe.reads.model_copy(update={"megabytes": recipe.reads.megabytes * LARGER})}
    )
    opened = [open_file(large, path, given or {}) for path in paths]
    scopes = {one.scope for one in opened}
    if len(scopes) > 1:
        raise Refused(
            "several_scopes",
            f"一次独占导入只能有一个范围：{'、'.join(sorted(scopes))}。",
            f"An exclusive import has one scope, not {', '.join(sorted(scopes))}.",
        )
    if recipe.below and opened[0].parameters.get(recipe.below):
        raise Refused(
            "bad_options",
            f"独占导入不能只取一部分（{recipe.below}）。",
            f"An exclusive import takes the whole file: leave out {recipe.below}.",
        )
    number, done = _begin(f"{recipe.code}|{opened[0].scope}|{_fingerprint(paths, rows_in_part)}", now)
    load = _Load(large, opened, rulebook, number, done, now, rows_in_part, progress)
    with no_collection():
        load.run()
    report = Report(recipe.code, dry_run=False, files=[one.report for one in opened])
    report.scopes.append(load.report)
    share_notes(load.planner.plan.notes, opened)
    write_copies(large, opened, notes, language)
    return report


def _fingerprint(paths: Sequence[Path], rows_in_part: int) -> str:
    whole = sha256(str(rows_in_part).encode())
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                whole.update(block)
    return whole.hexdigest()[:16]


def _begin(label: str, now: int) -> tuple[int, int]:
    """Return the number of the import and how many of its parts are kept already."""
    current = running()
    if current is None:
        return begin_import(label, now=now, exclusive=True), 0
    if current.recipe != label:
        raise Refused(
            "import_running",
            f"第{current.number}号导入（{current.recipe}）尚未完成：请用同样的文件继续，或放弃它。",
            f"Import {current.number} ({current.recipe}) is not finished: go on with the same files, or abandon it.",
        )
    return current.number, current.parts


class _Load:
    """One exclusive import on its way."""

    def __init__(
        self,
        recipe: Recipe,
        opened: Sequence[Opened],
        rulebook: Rulebook,
        number: int,
        done: int,
        now: int,
        rows_in_part: int,
        progress: Progress,
    ) -> None:
        self.recipe, self.opened, self.rulebook = recipe, opened, rulebook
        self.number, self.done, self.now = number, done, now
        self.rows_in_part, self.progress = rows_in_part, progress
        scope = opened[0].scope
        self.planner = Planner(recipe, scope, rulebook, self._twice(scope))
        self.report = ScopeReport(scope, number)
        self.known = origins.entries(recipe.code)
        self.part = 0

    def run(self) -> None:
        """Plan and keep part after part, then make all of them visible."""
        for index, one in enumerate(self.opened):
            for rows in _parts(
                open_file(self.recipe, one.table.path, {k: str(v) for k, v in one.parameters.items() if v}),
                self.rows_in_part,
            ):
                self.planner.read(Sheet(one.header, rows), index, one.parameters)
                self._keep(self.planner.drain())
        self._finish()

    def _twice(self, scope: str) -> frozenset[str]:
        """Go through the files once for the keys alone."""
        context = Context(self.recipe.code, scope, self.rulebook)
        seen: Counter[str | None] = Counter()
        for one in self.opened:
            reader = RowReader(one.header, one.parameters, context)
            for _, cells in one.table.rows:
                seen[reader.key_of(cells)] += 1
                if len(seen) > MOST_ROWS:
                    raise Refused(
                        "too_many_rows",
                        f"超过 {MOST_ROWS} 行，请把文件分开。",
                        f"More than {MOST_ROWS} rows: split the file.",
                    )
        return frozenset(key for key, n in seen.items() if key is not None and n > 1)

    def _keep(self, facts: Sequence[Planned]) -> None:
        """Compare the facts of a part with the ledger, which does not change meanwhile, and keep what is wanted."""
        found = Difference()
        standing = [fact for fact in facts if fact.verb == "open"]
        self._standing().compare(standing, found)
        others = [fact for fact in facts if fact.verb != "open"]
        compare_facts(others, origins.of_origins(fact.origin for fact in others), found)
        self._stage(found)

    def _standing(self) -> Standing:
        return standing_of(self.planner.plan, self.known, self.opened[0].header.layout.targets)

    def _stage(self, found: Difference) -> None:
        self.part += 1
        wanted = found.wanted
        if self.part > self.done:
            try:
                part(self.number, self.part, drafts_of(wanted), kinds=self.rulebook.kinds, now=self.now)
            except NotAppended as refused:
                wanted = without(self.planner.plan, wanted, refused)
                part(self.number, self.part, drafts_of(wanted), kinds=self.rulebook.kinds, now=self.now)
        self.report.add(scope_report(self.planner.plan, found, wanted, self.number))
        self.progress("part", self.part)

    def _finish(self) -> None:
        plan, found = self.planner.plan, Difference()
        before = origins.keys_of_scope(self.recipe.code, plan.scope)
        absences(plan, self.opened[0].header.layout.targets, self._standing(), before, found)
        if found.absent:
            self._stage(found)
        self.report.disappeared = sorted(before - plan.keys)
        finish(self.number, kinds=self.rulebook.kinds, now=self.now, progress=lambda n: self.progress("finish", n))


def _parts(one: Opened, size: int) -> Iterator[list[tuple[int, Sequence[object]]]]:
    rows = iter(one.table.rows)
    while chunk := list(islice(rows, size)):
        yield chunk
