"""What an import did, or would do: values, sentences in both languages, JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from huxue.core.recipes.planned import Note
from huxue.core.values import Language

_SHOWN = 20


@dataclass(slots=True)
class FileReport:
    """One file: its columns, its notes, and where the copy with notes went."""

    path: Path
    unknown: list[tuple[int, str]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    spread: list[str] = field(default_factory=list)  # columns that became records of their own
    notes: list[Note] = field(default_factory=list)
    copy: Path | None = None

    @property
    def has_problems(self) -> bool:
        """Whether something is wrong with the file that a person should look at."""
        return bool(self.unknown or any(not note.kept for note in self.notes))


@dataclass(slots=True)
class ScopeReport:
    """The files of one scope together: rows, and facts by what became of them."""

    scope: str
    number: int | None = None  # of the import, where something was written
    rows: int = 0
    taken: int = 0
    left_out: int = 0
    beyond: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    absent: int = 0
    elsewhere: int = 0
    closed: int = 0
    withdrawn: int = 0
    disappeared: list[str] = field(default_factory=list)
    absent_keys: list[str] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)  # of what changed: the key
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, part: ScopeReport) -> None:
        """Add what a part of the same load did; the rows are those of the whole load so far."""
        for name in ("new", "changed", "same", "absent", "closed", "withdrawn"):
            setattr(self, name, getattr(self, name) + getattr(part, name))
        for name in ("rows", "taken", "left_out", "elsewhere", "counts"):
            setattr(self, name, getattr(part, name))
        self.absent_keys += part.absent_keys


@dataclass(slots=True)
class Report:
    """A whole import. ``dry_run``: nothing was written."""

    recipe: str
    dry_run: bool
    files: list[FileReport] = field(default_factory=list)
    scopes: list[ScopeReport] = field(default_factory=list)

    @property
    def has_problems(self) -> bool:
        """Whether some rows were left out or some columns are not known."""
        return any(file.has_problems for file in self.files)

    @property
    def written(self) -> int:
        """How many facts were, or would be, written."""
        return sum(scope.new + scope.changed + scope.absent for scope in self.scopes)

    def say(self, language: Language) -> str:
        """Return the report as lines of text."""
        return "\n".join(_lines(self, language))

    def as_json(self) -> dict[str, Any]:
        """Return the report for machines."""
        return {
            "recipe": self.recipe,
            "dry_run": self.dry_run,
            "files": [_file(f) for f in self.files],
            "scopes": [_scope(s) for s in self.scopes],
        }


def _file(file: FileReport) -> dict[str, Any]:
    notes = [{"row": n.at.row, "column": n.column, "kept": n.kept, "zh": n.zh, "en": n.en} for n in file.notes]
    return {
        "file": file.path.name,
        "unknown_columns": [title for _, title in file.unknown],
        "ignored_columns": file.ignored,
        "spread_columns": file.spread,
        "notes": notes,
        "copy": str(file.copy) if file.copy else None,
    }


def _scope(scope: ScopeReport) -> dict[str, Any]:
    names = (
        "scope",
        "number",
        "rows",
        "taken",
        "left_out",
        "beyond",
        "new",
        "changed",
        "same",
        "absent",
        "elsewhere",
        "closed",
        "withdrawn",
        "disappeared",
        "absent_keys",
    )
    return {name: getattr(scope, name) for name in names} | {"counts": dict(scope.counts)}


SENTENCES = (  # attribute of a scope, Chinese, English; said where it is not zero
    ("beyond", "不在所选范围内 {n}", "{n} outside the part asked for"),
    (
        "elsewhere",
        "{n} 个单位来自其他来源，保持原样",
        "{n} organisations came from another source and were left as they are",
    ),
    ("absent", "{n} 个不再列入名册：{keys}", "{n} no longer on the register: {keys}"),
    ("closed", "{n} 个此前已撤销，保持原样", "{n} named although they were closed before; left as they are"),
    ("withdrawn", "{n} 条此前由人撤回，保持撤回", "{n} withdrawn by a person before; left withdrawn"),
    ("disappeared", "{n} 项文件中已没有，未撤回：{keys}", "{n} no longer in the file, not withdrawn: {keys}"),
)


def _lines(report: Report, language: Language) -> Iterator[str]:
    zh = language == "zh"
    dry, done = ("试运行，没有写入", "已导入") if zh else ("dry run, nothing was written", "imported")
    yield f"{report.recipe}{'：' if zh else ': '}{dry if report.dry_run else done}"
    for scope in report.scopes:
        yield from (_scope_zh if zh else _scope_en)(scope)
        yield from _remarks(scope, language)
    for file in report.files:
        yield from _file_lines(file, language)


def _scope_zh(s: ScopeReport) -> Iterator[str]:
    number = f"，导入号 {s.number}" if s.number else ""
    yield f"{s.scope or '全部'}：{s.rows} 行，采用 {s.taken} 行，未采用 {s.left_out} 行{number}"
    yield f"  新增 {s.new}，变更 {s.changed}，相同 {s.same}（{_counts(s)}）"


def _scope_en(s: ScopeReport) -> Iterator[str]:
    number = f", import {s.number}" if s.number else ""
    yield f"{s.scope or 'all'}: {s.rows} rows, {s.taken} taken, {s.left_out} left out{number}"
    yield f"  {s.new} new, {s.changed} changed, {s.same} the same  ({_counts(s)})"


def _remarks(scope: ScopeReport, language: Language) -> Iterator[str]:
    keys = {"absent": scope.absent_keys, "disappeared": scope.disappeared}
    for name, zh, en in SENTENCES:
        value = getattr(scope, name)
        n = len(value) if isinstance(value, list) else value
        if n:
            text = zh if language == "zh" else en
            yield "  " + text.format(n=n, keys=_some(keys.get(name, []), language))


def _file_lines(file: FileReport, language: Language) -> Iterator[str]:
    zh, name = language == "zh", file.path.name
    for _, title in file.unknown:
        if zh:
            yield f"{name}：未识别的列“{title}”，没有导入；请在配方中映射或写明忽略"
        else:
            yield f"{name}: unknown column '{title}': not imported; map or ignore it in the recipe"
    for note in file.notes[:_SHOWN]:
        yield f"{name} 第 {note.at.row} 行：{note.zh}" if zh else f"{name}, row {note.at.row}: {note.en}"
    more = len(file.notes) - _SHOWN
    if more > 0:
        yield f"{name}：还有 {more} 条" if zh else f"{name}: {more} more notes"
    if file.copy:
        yield f"{name}：全部问题见 {file.copy}" if zh else f"{name}: all notes are in {file.copy}"


def _counts(scope: ScopeReport) -> str:
    return ", ".join(f"{name} {n}" for name, n in sorted(scope.counts.items()))


def _some(keys: list[str], language: Language) -> str:
    more = len(keys) - _SHOWN
    rest = "" if more <= 0 else f" …等 {len(keys)} 项" if language == "zh" else f" … and {more} more"
    return ", ".join(keys[:_SHOWN]) + rest
