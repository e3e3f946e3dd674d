"""Importing somebody's files through a recipe: the difference to what the ledger has, written in one transaction.

``import_files(recipe, paths, rulebook=…, now=…)`` groups the files by scope (say, the year). The files of one scope
are read together and are one transaction, up to the recipe's number of rows (200,000 unless it says otherwise); larger
loads are ``exclusive``: see ``import_exclusively``. A dry run writes everything and takes it back, so that it finds
what the ledger would refuse. Rows the ledger refuses become notes; the rest is taken.

Refusals: those of ``exchange.tables``, ``core.recipes.parameters`` and ``ledger.append``, and ``missing_columns``
``too_many_rows`` ``too_many_absent`` ``unknown_kind`` ``unknown_step`` ``unknown_trait``.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from huxue.actions.imports import begin_import, finish
from huxue.core.recipes.columns import Header, bind
from huxue.core.recipes.comparing import Difference, Earlier, Standing, Version, Wanted, compare_facts, over
from huxue.core.recipes.model import Absent, Recipe, Target
from huxue.core.recipes.parameters import parameters_of, scope_of
from huxue.core.recipes.planned import At, Note, Plan, Planned
from huxue.core.recipes.planning import Planner, Sheet
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Language, Refused
from huxue.exchange.notes import default_name, write_notes
from huxue.exchange.reports import FileReport, Report, ScopeReport
from huxue.exchange.tables import Row, Table, contents, open_table
from huxue.ledger import origins
from huxue.ledger.append import NotAppended, append
from huxue.ledger.drafts import Draft, new_id
from huxue.ledger.origins import Known
from huxue.organisations.tables import roomy

Progress = Callable[[str, int], None]
ROUNDS: Final = 5  # times an append is tried again without the rows it refused


@dataclass(slots=True)
class Opened:
    """A file that was opened under a recipe."""

    table: Table
    header: Header
    parameters: dict[str, Any]
    scope: str
    report: FileReport = field(init=False)

    def __post_init__(self) -> None:
        """Note what became of its columns."""
        spread = [column.header for columns in self.header.spread.values() for column in columns]
        self.report = FileReport(
            self.table.path, list(self.header.unknown), [t for t, _ in self.header.ignored], spread
        )


def import_files(  # noqa: PLR0913 - what the command line may say
    recipe: Recipe,
    paths: Sequence[Path],
    *,
    rulebook: Rulebook,
    now: int,
    given: Mapping[str, str] | None = None,
    dry_run: bool = False,
    notes: Path | None = None,
    language: Language = "zh",
    progress: Progress = lambda _what, _done: None,
) -> Report:
    """Import files and return what was done.

    ``given``: parameters by name. ``notes``: a folder, or for one file a file, for the copies with notes; default: next
    to each file, or ``notes`` in the site where that folder is read-only; none where there is nothing to say.
    ``progress`` hears a scope and how many rows were read.
    """
    report = Report(recipe.code, dry_run)
    opened = [open_file(recipe, path, given or {}) for path in paths]
    report.files = [one.report for one in opened]
    scopes: dict[str, list[int]] = {}
    for index, one in enumerate(opened):
        scopes.setdefault(one.scope, []).append(index)
    for scope, indexes in scopes.items():
        with no_collection():
            plan = _plan(recipe, scope, {i: opened[i] for i in indexes}, rulebook, progress)
            report.scopes.append(_write(recipe, plan, rulebook, opened[indexes[0]].header, now=now, dry_run=dry_run))
        share_notes(plan.notes, opened)
        progress(scope, plan.rows)
    write_copies(recipe, opened, notes, language)
    return report


@contextmanager
def no_collection() -> Iterator[None]:
    """Leave the garbage collector off: it would look again and again at every fact of a plan, a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        with roomy():
            yield
    finally:
        if was_on:
            gc.enable()


def open_file(recipe: Recipe, path: Path, given: Mapping[str, str]) -> Opened:
    """Open a file under a recipe. Refuses ``missing_columns``."""
    table = open_table(path, recipe.reads)
    header = bind(recipe, table.titles)
    if header.missing:
        raise Refused(
            "missing_columns",
            f"“{path.name}”缺少列：{'、'.join(header.missing)}。",
            f"{path.name} lacks these columns: {', '.join(header.missing)}.",
        )
    parameters = parameters_of(recipe, path.name, given)
    return Opened(table, header, parameters, scope_of(recipe, parameters))


def share_notes(notes: Sequence[Note], opened: Sequence[Opened]) -> None:
    """Hand each file its notes, in the order of its rows."""
    for note in sorted(notes, key=lambda note: note.at):
        opened[note.at.file].report.notes.append(note)


def write_copies(recipe: Recipe, opened: Sequence[Opened], to: Path | None, language: Language) -> None:
    """Write a copy with notes of each file that has something to be said of."""
    for one in opened:
        if one.report.notes or one.report.unknown:
            content = contents(one.table.path, recipe.reads)
            for copy in _places(one.table.path, to, several=len(opened) > 1):
                if _written(one, content, copy, language):
                    one.report.copy = copy
                    break


def _places(path: Path, to: Path | None, *, several: bool) -> list[Path]:
    """Where the copy may go: as asked, or next to the file; else into the site's folder ``notes``."""
    name = default_name(path)
    ours = Path(settings.SITE) / "notes" / name.name
    if to is None:
        return [name, ours] if _may_write(path.parent) else [ours]
    return [to / name.name if to.is_dir() or several else to, ours]


def _may_write(folder: Path) -> bool:
    """Whether a folder is meant to be written to; an administrator's rights do not make a read-only one ours."""
    return bool(folder.stat().st_mode & 0o222) and os.access(folder, os.W_OK)


def _written(one: Opened, content: bytes, copy: Path, language: Language) -> bool:
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        write_notes(one.table, content, one.report.notes, one.report.unknown, copy, language)
    except OSError:  # somebody's folder may be read-only; what was imported stays imported
        return False
    return True


# --- planning ----------------------------------------------------------------------------------------------------


def _plan(recipe: Recipe, scope: str, files: Mapping[int, Opened], rulebook: Rulebook, progress: Progress) -> Plan:
    planner = Planner(recipe, scope, rulebook)
    for index, one in files.items():
        rows = _limited(one.table.rows, planner, recipe, progress)
        planner.read(Sheet(one.header, rows), index, one.parameters)
    return planner.finished()


def _limited(rows: Iterator[Row], planner: Planner, recipe: Recipe, progress: Progress) -> Iterator[Row]:
    for row in rows:
        if planner.plan.rows >= recipe.reads.rows:
            raise Refused(
                "too_many_rows",
                f"超过 {recipe.reads.rows} 行，请用 import --exclusive。",
                f"More than {recipe.reads.rows} rows: use import --exclusive.",
            )
        if planner.plan.rows % 10_000 == 0:
            progress(planner.plan.scope, planner.plan.rows)
        yield row


# --- writing -----------------------------------------------------------------------------------------------------


def _write(recipe: Recipe, plan: Plan, rulebook: Rulebook, header: Header, *, now: int, dry_run: bool) -> ScopeReport:
    with transaction.atomic():
        origins.hold(recipe.code)
        difference = difference_of(recipe, plan, header.layout.targets)
        number = begin_import(f"{recipe.code}|{plan.scope}", now=now) if difference.wanted else None
        wanted = _append(plan, difference, rulebook, now=now, number=number)
        if number is not None and not dry_run:
            finish(number, kinds=rulebook.kinds, now=now)
        if dry_run:
            transaction.set_rollback(True)
    return scope_report(plan, difference, wanted, None if dry_run else number)


def difference_of(recipe: Recipe, plan: Plan, targets: Sequence[Target]) -> Difference:
    """Compare a plan with what the ledger has from earlier files of the recipe."""
    difference = Difference()
    earlier = origins.of_scope(recipe.code, plan.scope)
    known = origins.entries(recipe.code)
    standing = standing_of(plan, known, targets)
    unknown_parents(plan)
    standing.compare(plan.standing.values(), difference)
    compare_facts(plan.facts, earlier, difference)
    before = {name.split("|")[3] for name in earlier}
    absences(plan, targets, standing, before, difference)
    _gone(plan, earlier, standing, difference)
    return difference


def _gone(plan: Plan, earlier: Mapping[str, Earlier], standing: Standing, difference: Difference) -> None:
    """List what this scope had and the files name no more; a row that is there but cannot be taken is not gone."""
    said = {fact.origin for fact in plan.facts}
    for name, fact in earlier.items():
        if fact.head and name not in said and name.split("|")[3] not in plan.left:
            difference.disappeared.append(name)
    for base, versions in standing.versions.items():
        _, _, target, key = base.split("|")
        if base not in plan.standing and key not in plan.left:
            mine = next((version for version in versions if version.origin == standing.named(base)), None)
            if mine is not None and not _says_absent(mine, standing.registers.get(target)):
                difference.disappeared.append(mine.origin)


def _says_absent(version: Version, absent: Absent | None) -> bool:
    """Whether it was the silence of an earlier import of this scope that made this version."""
    return absent is not None and over(version.fields, absent.fields) == version.fields


def standing_of(plan: Plan, known: Known, targets: Sequence[Target]) -> Standing:
    """Prepare the comparison of entries and organisations."""
    codes = {
        base: str(fact.fields["code"])
        for base, fact in plan.standing.items()
        if fact.kind == "organisation" and base not in known.versions
    }
    taken = origins.organisations(codes.values()) if codes else set()
    later = {at for scope, dates in known.dates.items() if scope != plan.scope for at in dates}
    elsewhere = frozenset(base for base, code in codes.items() if code in taken)
    registers = {target.name: target.when_absent for target in targets if target.when_absent}
    return Standing(plan.scope, known.versions, known.gone, elsewhere, sorted(later), registers)


def unknown_parents(plan: Plan) -> None:
    """Leave out organisations whose parent is neither in the file nor in the ledger, and what hangs on them."""
    organisations = {str(f.fields["code"]): f for f in plan.standing.values() if f.kind == "organisation"}
    parents = {str(f.fields["parent"]) for f in organisations.values() if f.fields["parent"]} - organisations.keys()
    missing = parents - origins.organisations(parents) if parents else set()
    while missing:
        orphans = {code: f for code, f in organisations.items() if f.fields["parent"] in missing}
        for code, fact in orphans.items():
            parent = fact.fields["parent"]
            plan.notes.append(
                Note(
                    fact.row,
                    None,
                    f"上级“{parent}”既不在文件中，也不在系统中，未导入“{code}”",
                    f"its parent '{parent}' is neither in the file nor known; '{code}' was left out",
                )
            )
            del organisations[code], plan.standing[fact.origin]
        _leave_out(plan, {fact.row for fact in orphans.values()})
        missing = set(orphans)


def _leave_out(plan: Plan, rows: set[At]) -> None:
    plan.facts = [fact for fact in plan.facts if fact.row not in rows]
    plan.taken -= len(rows)
    plan.left_out += len(rows)


def absences(
    plan: Plan, targets: Sequence[Target], standing: Standing, before: set[str], difference: Difference
) -> None:
    """Say of entries of a register that the files do not name that they are no longer on it.

    ``before``: keys that earlier files of this scope had; those have disappeared, which is only listed. Refuses
    ``too_many_absent``: a file that was cut off must not take half a register down.
    """
    for target in targets:
        named = {base: fact for base, fact in plan.standing.items() if base.split("|")[2] == target.name}
        if target.when_absent is None or not named:
            continue
        register = [base for base in standing.versions if base.split("|")[2] == target.name]
        asked = [(base, base in named) for base in register if not _was_here(base, standing, before, plan)]
        at = next(iter(named.values())).at
        wanted, on_it = standing.absences(target.when_absent, asked, at, target.kind)
        gone = sum(not one.planned.origin.endswith("|kept") for one in wanted)
        if gone * 100 > on_it * target.when_absent.at_most:
            raise _too_many(gone, on_it, target.when_absent.at_most)
        difference.absent += wanted


def _too_many(gone: int, on_it: int, limit: int) -> Refused:
    return Refused(
        "too_many_absent",
        f"文件没有列出原有 {on_it} 项中的 {gone} 项（上限 {limit}%），文件可能不完整。",
        f"The file does not name {gone} of {on_it} (limit {limit} %): it may be incomplete.",
    )


def _was_here(base: str, standing: Standing, before: set[str], plan: Plan) -> bool:
    """Whether an earlier file of this very scope named it: then it has disappeared, which is only listed."""
    key = base.split("|")[3]
    mine = standing.named(base)
    if base in plan.standing:
        return False
    return key in before or key in plan.keys or any(v.origin == mine for v in standing.versions[base])


def _append(plan: Plan, difference: Difference, rulebook: Rulebook, *, now: int, number: int | None) -> list[Wanted]:
    """Append what is wanted; rows the ledger refuses become notes and are left out, with what hangs on them."""
    wanted = difference.wanted
    for _ in range(ROUNDS):
        drafts = drafts_of(wanted)
        if not drafts:
            return wanted
        try:
            append(drafts, kinds=rulebook.kinds, recorded=now, import_number=number)
        except NotAppended as refused:
            if not refused.by_draft:
                raise
            wanted = without(plan, wanted, refused)
        else:
            return wanted
    raise Refused("refused_again", "多次尝试后仍有数据被拒绝。", "Rows were refused again and again.")


def without(plan: Plan, wanted: list[Wanted], refused: NotAppended) -> list[Wanted]:
    """Leave out the rows whose facts were refused; an organisation that other rows name too stays."""
    rows: set[At] = set()
    for index, why in sorted(refused.by_draft.items()):
        row = wanted[index].planned.row
        if row.row == 0:
            raise refused
        if row not in rows:
            plan.notes.append(Note(row, None, why.zh, why.en))
        rows.add(row)
    plan.taken -= len(rows)
    plan.left_out += len(rows)
    return [
        one
        for index, one in enumerate(wanted)
        if one.planned.row not in rows
        or (index not in refused.by_draft and "|".join(one.planned.origin.split("|")[:4]) in plan.shared)
    ]


def drafts_of(wanted: Sequence[Wanted]) -> list[Draft]:
    """Return the drafts of wanted facts; the steps of a new case share the id of its first."""
    opened: dict[str, str] = {}
    drafts = []
    for fact, replaces, item in wanted:
        draft_id = new_id()
        if not item and fact.group:
            if fact.group == fact.origin:
                opened[fact.group] = draft_id
            else:
                item = opened.get(fact.group, "")  # noqa: PLW2901 - the case that was opened just now
        drafts.append(_draft(fact, draft_id, item, replaces))
    return drafts


def _draft(fact: Planned, draft_id: str, item: str, replaces: str) -> Draft:
    return Draft(
        draft_id,
        fact.kind,
        fact.verb,
        fact.at,
        item,
        fact.roles,
        fact.fields,
        step=fact.step,
        replaces=replaces,
        reference=fact.reference,
        deadline=fact.deadline,
        origin=fact.origin,
    )


def scope_report(plan: Plan, difference: Difference, wanted: Sequence[Wanted], number: int | None) -> ScopeReport:
    """Sum a scope up."""
    done = {id(one.planned) for one in wanted}
    new, changed, absent = (
        [one for one in part if id(one.planned) in done]
        for part in (difference.new, difference.changed, difference.absent)
    )
    gone = [one for one in absent if not one.planned.origin.endswith("|kept")]
    return ScopeReport(
        plan.scope, number, plan.rows, plan.taken, plan.left_out, plan.beyond, len(new), len(changed), difference.same,
        len(gone), difference.elsewhere, len(difference.closed), len(difference.withdrawn),
        sorted({_key(name) for name in difference.disappeared}), sorted({_key(one.planned.origin) for one in gone}),
        [_key(one.planned.origin) for one in changed], plan.counts,
    )  # fmt: skip


def _key(origin: str) -> str:
    """Return what a person knows an origin by: the key of its row."""
    return origin.split("|")[3].replace("%7C", " / ").replace("%25", "%")
