"""Rows in, plan out: what the files of one scope say, and what is to be said of their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from huxue.core.kinds.wrong import Wrong
from huxue.core.recipes.columns import Header, tidy
from huxue.core.recipes.making import Context, Facts, Misfit, compiled
from huxue.core.recipes.model import Recipe, RowRule, Target
from huxue.core.recipes.planned import At, Note, Plan, Planned
from huxue.core.recipes.templates import Holds, Make, condition, made, template
from huxue.core.rulebook.model import Rulebook

Cells = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was opened: its header as the recipe sees it, and its rows with their numbers."""

    header: Header
    rows: Iterable[tuple[int, Cells]]


class _NotTaken(Exception):  # noqa: N818 - ends the reading of one row
    """A row cannot be taken; its notes are written."""


class Planner:
    """Plans the files of one scope, one after the other; ``plan`` grows with each."""

    def __init__(self, recipe: Recipe, scope: str, rulebook: Rulebook, twice: frozenset[str] | None = None) -> None:
        """Start an empty plan. ``twice``: the row keys that come more than once, of files that are read in parts."""
        self.recipe, self._twice = recipe, twice
        self.context = Context(recipe.code, scope, rulebook)
        self.plan = Plan(scope)
        self._first: dict[str, tuple[At, list[str], int]] = {}  # row key → its row, its origins, how often it came
        self._facts: dict[str, Planned] = {}
        self._below = ""
        self._drained: set[str] = set()
        self._named_by: Counter[str] = Counter()  # how many rows name an organisation or entry

    def read(self, sheet: Sheet, file: int, parameters: Mapping[str, Any]) -> None:
        """Plan the rows of one file."""
        row = RowReader(sheet.header, parameters, self.context)
        for number, cells in sheet.rows:
            self._take(row, At(file, number), cells)
        if self.recipe.below and parameters.get(self.recipe.below) not in (None, ""):
            self._below = str(parameters[self.recipe.below])

    def finished(self) -> Plan:
        """Return the plan of everything read."""
        self.plan.facts = list(self._facts.values())
        if self._below:
            self._only_below(self._below)
        self._count()
        return self.plan

    def drain(self) -> list[Planned]:
        """Return what was planned since the last time, organisations and entries first, and forget the facts."""
        fresh = [fact for name, fact in self.plan.standing.items() if name not in self._drained]
        self._drained.update(self.plan.standing)
        self.plan.facts = list(self._facts.values())
        self._count(fresh)
        facts, self._facts, self.plan.facts = self.plan.facts, {}, []
        return [*fresh, *facts]

    def _count(self, standing: Iterable[Planned] | None = None) -> None:
        for fact in (*self.plan.facts, *(self.plan.standing.values() if standing is None else standing)):
            self.plan.counts[_named(fact)] += 1

    def _take(self, row: RowReader, at: At, cells: Cells) -> None:
        self.plan.rows += 1
        notes: list[Note] = []
        try:
            key, facts = row.facts(at, cells, notes)
        except _NotTaken:
            self.plan.left_out += 1
            self.plan.notes += notes
            if row.key is not None:
                self.plan.keys.add(row.key)
                self.plan.left.add(row.key)
            return
        self.plan.keys.add(key)
        self.plan.notes += notes
        if key in self._first:
            self._duplicate(key, at)
            return
        if self._twice is not None and key in self._twice:
            self.plan.left_out += 1
            self._say(
                at,
                f"主键在文件中出现不止一次（{key}），都未导入",
                f"its key comes more than once ({key}); none was taken",
            )
            return
        self.plan.taken += 1
        if self._twice is None:
            self._first[key] = (at, [f.origin for f in facts], 1)
        for fact in facts:
            fact.row = at
            self._add(fact, at)

    def _add(self, fact: Planned, at: At) -> None:
        if fact.verb != "open":
            if fact.origin in self._facts:
                self._say(at, f"同一行两次产生“{fact.origin}”", f"one row makes '{fact.origin}' twice")
            self._facts[fact.origin] = fact
            return
        self._named_by[fact.origin] += 1
        if self._named_by[fact.origin] > 1:
            self.plan.shared.add(fact.origin)
        other = self.plan.standing.setdefault(fact.origin, fact)
        if other is not fact and (other.fields, other.at) != (fact.fields, fact.at):
            differs = [name for name in fact.fields if fact.fields[name] != other.fields.get(name)]
            self._say(
                at,
                f"与第 {other.row.row} 行对同一单位或条目的说法不同：{'、'.join(differs)}；以先出现的为准",
                f"differs from row {other.row.row} about the same one in {', '.join(differs)}; the first counts",
                kept=True,
            )

    def _duplicate(self, key: str, at: At) -> None:
        """Neither of two rows with one key is taken: nobody can tell which of them is right."""
        self.plan.left.add(key)
        first, origins, times = self._first[key]
        self.plan.left_out += 1
        if times == 1:
            self.plan.taken -= 1
            self.plan.left_out += 1
            self._take_back(origins)
            self._say(
                first,
                f"与第 {at.row} 行的主键相同（{key}），两行都未导入",
                f"has the same key as row {at.row} ({key}); neither was taken",
            )
        self._first[key] = (first, [], times + 1)
        self._say(
            at,
            f"与第 {first.row} 行的主键相同（{key}），两行都未导入",
            f"has the same key as row {first.row} ({key}); neither was taken",
        )

    def _take_back(self, origins: Iterable[str]) -> None:
        for name in origins:
            if self._facts.pop(name, None) is None:
                self._named_by[name] -= 1
                if not self._named_by[name]:
                    self.plan.standing.pop(name, None)

    def _say(self, at: At, zh: str, en: str, *, kept: bool = False) -> None:
        self.plan.notes.append(Note(at, None, zh, en, kept))

    def _only_below(self, root: str) -> None:
        """Keep an organisation, those above and those below it; other facts only where they credit one of these."""
        parents = {
            f.fields["code"]: f.fields["parent"] for f in self.plan.standing.values() if f.kind == "organisation"
        }
        keep = {code for code in parents if root in _chain(code, parents)} | set(_chain(root, parents))
        before = len(self.plan.standing)
        self.plan.standing = {n: f for n, f in self.plan.standing.items() if _credits(f) <= keep}
        self.plan.beyond = before - len(self.plan.standing)
        self.plan.facts = [f for f in self.plan.facts if _credits(f) & keep]


def _named(fact: Planned) -> str:
    return (
        str(fact.fields["type"])
        if fact.kind == "organisation"
        else f"{fact.kind}.{fact.step}"
        if fact.step
        else fact.kind
    )


def _credits(fact: Planned) -> set[str]:
    return {code for codes in fact.roles.values() for code in codes}


def _chain(code: str, parents: Mapping[str, str]) -> Iterator[str]:
    """Yield an organisation and those above it; a circle ends the walk, the ledger refuses it."""
    seen = set()
    while code and code not in seen:
        seen.add(code)
        yield code
        code = parents.get(code, "")


class RowReader:
    """Turns the cells of one file's rows into facts."""

    def __init__(self, header: Header, parameters: Mapping[str, Any], context: Context) -> None:
        """Compile the layout of the header."""
        layout = header.layout
        self.header, self.parameters = header, parameters
        self.key: str | None = None
        by_header = {b.header: b.name for b in header.bound}
        self._keys = [by_header[tidy(title)] for title in layout.key if tidy(title) in by_header]
        self._key_columns = [b for name in self._keys for b in header.bound if b.name == name]
        self._values: list[tuple[str, Make]] = [(name, made(said)) for name, said in layout.values.items()]
        self._rules: list[tuple[RowRule, Holds]] = [(rule, condition(rule.when)) for rule in layout.rows]
        self._targets: list[tuple[Target, Facts]] = [(t, compiled(t, context)) for t in layout.targets]

    def key_of(self, cells: Cells) -> str | None:
        """Return the key of a row alone, ``None`` where it cannot be read."""
        try:
            values = [b.read(cells[b.index] if b.index < len(cells) else None) for b in self._key_columns]
        except Wrong:
            return None
        return "|".join("" if value is None else str(value) for value in values)

    def facts(self, at: At, cells: Cells, notes: list[Note]) -> tuple[str, list[Planned]]:
        """Return a row's key and facts; write its notes. Raises :class:`_NotTaken`."""
        self.key = None
        values = self._read(at, cells, notes)
        self.key = "|".join("" if values[name] is None else str(values[name]) for name in self._keys)
        if notes:
            raise _NotTaken
        self._look(at, values, notes)
        found: list[Planned] = []
        for target, make in self._targets:
            for row in self._each(target, values, cells, at, notes):
                self._made(make, row, found, at, notes)
        if any(not note.kept for note in notes):
            raise _NotTaken
        return self.key, found

    def _read(self, at: At, cells: Cells, notes: list[Note]) -> dict[str, Any]:
        values = dict(self.parameters)
        for column in self.header.bound:
            raw = cells[column.index] if column.index < len(cells) else None
            try:
                values[column.name] = value = column.read(raw)
            except Wrong as wrong:
                values[column.name] = None
                notes.append(_note(at, column.index, column.header, wrong.zh, wrong.en))
                continue
            if value is None and column.required:
                notes.append(_note(at, column.index, column.header, "不能为空", "must not be blank"))
        for name, make in self._values:
            try:
                values[name] = make(values)
            except (Wrong, ValueError, TypeError) as wrong:
                values[name] = None
                notes.append(_note(at, None, name, *_sentences(wrong)))
        return values

    def _look(self, at: At, values: dict[str, Any], notes: list[Note]) -> None:
        for rule, holds in self._rules:
            if holds(values):
                said = {name: "" if value is None else value for name, value in values.items()}
                notes.append(
                    Note(
                        at,
                        self.header.index_of(rule.column),
                        _filled(rule.say.zh, said),
                        _filled(rule.say.en, said),
                        rule.keep,
                    )
                )
        if any(not note.kept for note in notes):
            raise _NotTaken

    def _each(
        self, target: Target, values: dict[str, Any], cells: Cells, at: At, notes: list[Note]
    ) -> Iterator[dict[str, Any]]:
        if not target.each:
            yield values
            return
        for column in self.header.spread[target.each]:
            raw = cells[column.index] if column.index < len(cells) else None
            try:
                value = column.read(raw)
            except Wrong as wrong:
                notes.append(_note(at, column.index, column.header, wrong.zh, wrong.en))
                continue
            if value is not None:
                yield {**values, **column.says, "value": value, "$index": column.index}

    def _made(self, make: Facts, row: dict[str, Any], found: list[Planned], at: At, notes: list[Note]) -> None:
        try:
            found.extend(make(row, self.key or ""))
        except Misfit as misfit:
            index = row.get("$index") if "value" in misfit.names else None
            at_column = (
                index
                if index is not None
                else next((i for i in map(self.header.index_of, misfit.names) if i is not None), None)
            )
            title = self.header.titles[at_column] if at_column is not None else ""
            notes.append(_note(at, at_column, title, misfit.zh, misfit.en))


def _note(at: At, column: int | None, title: str, zh: str, en: str) -> Note:
    return Note(at, column, f"“{title}”：{zh}" if title else zh, f"'{title}': {en}" if title else en)


def _sentences(wrong: Exception) -> tuple[str, str]:
    return (wrong.zh, wrong.en) if isinstance(wrong, Wrong) else (f"不合规：{wrong}", f"does not fit: {wrong}")


def _filled(text: str, values: Mapping[str, Any]) -> str:
    return str(template(text)(values))
