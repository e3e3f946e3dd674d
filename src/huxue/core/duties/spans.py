"""Versions of entries: what stood from when to when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from huxue.core.facts import Fact
from huxue.core.values import FAR


@dataclass(frozen=True, slots=True)
class EntrySpan:
    """One version of an entry: it stood like this from day ``lo`` to day ``hi``."""

    item: str
    lo: int
    hi: int
    fact: Fact


def spans_of(facts: Iterable[Fact], key: Callable[[Fact], str]) -> dict[str, list[EntrySpan]]:
    """Turn the opens, changes and closes of entries into spans, by ``key``; the last of a day holds for that day."""
    by_key: dict[str, list[Fact]] = defaultdict(list)
    for f in facts:
        by_key[key(f)].append(f)
    result: dict[str, list[EntrySpan]] = {}
    for name, lines in by_key.items():
        lines.sort(key=lambda f: (f.at, f.id))
        ends = [f.day - 1 for f in lines[1:]] + [FAR]
        result[name] = [
            EntrySpan(f.item, f.day, hi, f)
            for f, hi in zip(lines, ends, strict=True)
            if f.verb != "close" and f.day <= hi
        ]
    return result
