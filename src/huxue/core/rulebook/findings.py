"""Problems as they are found: gathered, worded in both languages, with a suggestion where a name is nearly right."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from huxue.core.rulebook.nodes import Map, Seq
from huxue.core.values import Problem

Place = tuple[str, int]
_LEAST = 3  # letters of a part that suggests a whole name


class Findings:
    """The problems of one loading. Equal ones are kept once."""

    def __init__(self) -> None:
        """Start with none."""
        self._problems: dict[Problem, None] = {}

    def add(self, place: Place, zh: str, en: str) -> None:
        """Add one problem at a place."""
        self._problems[Problem(place[0], place[1], zh, en)] = None

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add problems found elsewhere."""
        self._problems.update(dict.fromkeys(problems))

    def __len__(self) -> int:
        """Count the problems so far."""
        return len(self._problems)

    def sorted(self) -> list[Problem]:
        """Return all problems, by file and line."""
        return sorted(self._problems)

    def unknown(self, place: Place, what: tuple[str, str], name: object, known: Iterable[str]) -> None:
        """Say that a name is not known, and the nearest known one. ``what`` it names, in Chinese and English."""
        zh, en = nearest(str(name), known)
        self.add(place, f"没有{what[0]}“{name}”{zh}", f"there is no {what[1]} '{name}'{en}")

    def keys(self, node: Map, allowed: Iterable[str]) -> None:
        """Say which keys of a mapping are not among the allowed ones."""
        names = list(allowed)
        for key in node:
            if key not in names:
                zh, en = nearest(key, names)
                self.add(node.place(key), f"这里不能写“{key}”{zh}", f"'{key}' is not allowed here{en}")

    def map(self, value: Any, place: Place, what: tuple[str, str]) -> Map | None:
        """Return a value that must be a mapping, or say so."""
        if isinstance(value, Map):
            return value
        self.add(place, f"{what[0]}应写成“键: 值”", f"{what[1]} must be a mapping")
        return None

    def seq(self, value: Any, place: Place, what: tuple[str, str]) -> Seq | None:
        """Return a value that must be a list, or say so."""
        if isinstance(value, Seq):
            return value
        self.add(place, f"{what[0]}应写成列表", f"{what[1]} must be a list")
        return None


def nearest(name: str, known: Iterable[str]) -> tuple[str, str]:
    """Return ``，是不是“x”？`` and ``; did you mean 'x'?`` for the nearest known name, else two empty texts."""
    names = list(known)
    close = (
        get_close_matches(name, names, n=1, cutoff=0.6) or [n for n in names if len(name) >= _LEAST and name in n][:1]
    )
    return (f"，是不是“{close[0]}”？", f"; did you mean '{close[0]}'?") if close else ("", "")
