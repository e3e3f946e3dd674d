"""YAML with places: every mapping and list remembers its file and the line of each of its parts.

Plain words stay words: only ``null``, ``true``, ``false``, whole numbers and decimals mean something else, so that
``on``, ``yes``, ``03-31``, ``2026-09-01``, ``1:30`` and codes with leading zeros arrive as they were written.
Decimals arrive as :class:`~decimal.Decimal`; keys are always text. Nothing is ever constructed from a tag, and an
alias (``*name``) is a problem, so that a small file cannot unfold into a large one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import yaml

from huxue.core.values import Problem

_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+\Z")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 60  # levels
_LONGEST_NUMBER = 18  # digits


class Map(dict[str, Any]):
    """A mapping: ``line`` where it starts, ``lines[key]`` where each key stands."""

    def __init__(self, file: str, line: int) -> None:
        """Start empty at a place."""
        super().__init__()
        self.file, self.line = file, line
        self.lines: dict[str, int] = {}
        self.files: dict[str, str] = {}  # only where a later layer added the key

    def put(self, key: str, value: Any, place: tuple[str, int]) -> None:
        """Set a key and remember its place."""
        self[key] = value
        self.lines[key] = place[1]
        if place[0] != self.file:
            self.files[key] = place[0]

    def place(self, key: str = "") -> tuple[str, int]:
        """Return file and line of a key, or of the mapping itself."""
        return self.files.get(key, self.file), self.lines.get(key, self.line)

    def like(self) -> Map:
        """Return an empty mapping at the same place that knows the same lines."""
        twin = Map(self.file, self.line)
        twin.lines, twin.files = dict(self.lines), dict(self.files)
        return twin


class Seq(list[Any]):
    """A list: ``line`` where it starts, ``lines[i]`` where each item stands."""

    def __init__(self, file: str, line: int) -> None:
        """Start empty at a place."""
        super().__init__()
        self.file, self.line = file, line
        self.lines: list[int] = []

    def put(self, value: Any, line: int) -> None:
        """Append an item and remember its line."""
        self.append(value)
        self.lines.append(line)

    def place(self, index: int = -1) -> tuple[str, int]:
        """Return file and line of an item, or of the list itself."""
        return self.file, self.lines[index] if 0 <= index < len(self.lines) else self.line


def parse(file: str, text: str) -> tuple[Any, list[Problem]]:
    """Return the value of a YAML text (``None`` when it is empty or cannot be read) and what is wrong with it."""
    reading = _Reading(file)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if not reading.take(event):
                return None, reading.problems
    except (yaml.YAMLError, ValueError) as error:
        return None, [*reading.problems, _unreadable(file, error)]
    return reading.root, reading.problems


def _unreadable(file: str, error: Exception) -> Problem:
    mark: Any = getattr(error, "problem_mark", None)
    said = getattr(error, "problem", None) or str(error).splitlines()[0]
    return Problem(file, mark.line + 1 if mark else 1, f"YAML 无法读取：{said}", f"this is not readable YAML: {said}")


class _Reading:
    """Builds the value from events. A stack of our own, because the composer recurses and deep nesting kills it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.root: Any = None
        self.documents = 0
        self.open: list[Map | Seq] = []
        self.keys: list[tuple[str, int] | None] = []  # per open mapping: the key that waits for its value

    def take(self, event: yaml.Event) -> bool:
        """Take one event; return whether reading may go on."""
        line = _line(event)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, yaml.AliasEvent):
            self.say(line, "不允许使用别名（*）", "aliases (*) are not allowed")
            self._place(None, line)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            return self._begin(Map if isinstance(event, yaml.MappingStartEvent) else Seq, event, line)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.open.pop()
            self.keys.pop()
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.say(line, "一个文件只能有一个 YAML 文档", "one file holds one YAML document")
                return False
        return True

    def _begin(self, sort: type[Map | Seq], event: yaml.Event, line: int) -> bool:
        if len(self.open) >= _DEEPEST:
            self.say(line, f"嵌套超过 {_DEEPEST} 层", f"nested more than {_DEEPEST} levels deep")
            return False
        self._tag(event, line)
        if self._awaits_key():
            self.say(line, "键必须是文字", "a key must be a word")
            return False
        value = sort(self.file, line)
        self._place(value, line)
        self.open.append(value)
        self.keys.append(None)
        return True

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        self._tag(event, line)
        if not self._awaits_key():
            self._place(event.value if event.style else _plain(event.value), line)
            return
        holder = self.open[-1]
        key = event.value
        if isinstance(holder, Map) and key in holder:
            first = holder.lines[key]
            self.say(
                line, f"键“{key}”重复（已在第 {first} 行）", f"the key '{key}' is repeated (first on line {first})"
            )
        self.keys[-1] = (key, line)

    def _awaits_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1], Map) and self.keys[-1] is None

    def _place(self, value: Any, line: int) -> None:
        if not self.open:
            self.root = value
            return
        holder, key = self.open[-1], self.keys[-1]
        if isinstance(holder, Seq):
            holder.put(value, line)
        elif key is not None:
            if key[0] not in holder:
                holder.put(key[0], value, (self.file, key[1]))
            self.keys[-1] = None

    def _tag(self, event: Any, line: int) -> None:
        if event.tag:
            self.say(line, f"不允许使用标签 {event.tag}", f"tags are not allowed: {event.tag}")

    def say(self, line: int, zh: str, en: str) -> None:
        self.problems.append(Problem(self.file, line, zh, en))


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _plain(text: str) -> str | int | bool | Decimal | None:
    if text in _WORDS:
        return _WORDS[text]  # type: ignore[no-any-return]
    if len(text) <= _LONGEST_NUMBER and _WHOLE.match(text):
        return int(text)
    if len(text) <= _LONGEST_NUMBER and _DECIMAL.match(text):
        return Decimal(text)
    return text


def place_of(value: Any, path: Sequence[str | int]) -> tuple[str, int]:
    """Return the file and line of the deepest part of ``path`` that exists below ``value``."""
    file, line = (value.file, value.line) if isinstance(value, Map | Seq) else ("", 1)
    for step in path:
        if isinstance(value, Map) and str(step) in value:
            file, line = value.place(str(step))
            value = value[str(step)]
        elif isinstance(value, Seq) and isinstance(step, int) and 0 <= step < len(value):
            file, line = value.place(step)
            value = value[step]
        elif isinstance(step, str) and step == "from_" and isinstance(value, Map):
            file, line = value.place("from")
            value = value.get("from")
        else:
            break
    return file, line
