"""Calendar documents: how those of all layers become one raw mapping, and where a part of it was written.

A document is the declaration of one year (``year: 2026`` with ``notice``, ``provisional``, ``holidays``,
``workdays``), or holds any of the sections ``years``, ``areas``, ``special``, ``campaigns``. The raw mapping has the
four sections and holds only mappings, lists, texts, numbers, true and false, so that it survives JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

SECTIONS = ("years", "areas", "special", "campaigns")
Path = tuple[str | int, ...]


def merge(documents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the raw mapping of documents in the order of their layers; nothing is checked here.

    A later document overrides an area field by field, and terms, breaks, special periods and campaigns by their
    ``key``. A later declaration of a year takes the place of a provisional one; any other repetition is kept under
    ``repeated_years`` for :func:`huxue.core.calendar.problems`.
    """
    raw: dict[str, Any] = {section: {} for section in SECTIONS}
    for document in documents:
        for key, value in _sections(_plain(document)).items():
            if key == "years" and isinstance(value, dict):
                _add_years(raw, value)
            elif key in SECTIONS and isinstance(value, dict):
                raw[key] = _over(raw[key], value)
            elif value is not None or key not in SECTIONS:
                raw.setdefault("unreadable", []).append(key)
    return raw


def origin(documents: Sequence[Mapping[str, Any]], path: Path) -> tuple[int, Path]:
    """Return which document wrote a part of the raw mapping, and the path inside it: the last one that says most."""
    found = [_inside(document, path) for document in documents]
    best = max(range(len(found)), key=lambda i: (len(found[i]), i), default=-1)
    if best < 0 or not found[best]:
        return -1, ()
    flat = len(path) > 1 and path[0] == "years" and str(documents[best].get("year")) == str(path[1])
    return best, found[best][2:] if flat else found[best]


def special_names(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names that ``special: name`` may say: the declared ones, those of areas, and the derived ones."""
    return tuple(sorted({"holidays", "term-start", *_names(raw, "special")}))


def campaign_names(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names that ``campaign: name`` may say."""
    return tuple(sorted(_names(raw, "campaigns")))


def _names(raw: Mapping[str, Any], section: str) -> set[str]:
    areas = raw.get("areas")
    holders = [raw, *(areas.values() if isinstance(areas, Mapping) else ())]
    named = [h[section] for h in holders if isinstance(h, Mapping) and isinstance(h.get(section), Mapping)]
    return {str(name) for part in named for name in part}


def _sections(document: dict[str, Any]) -> dict[str, Any]:
    if "year" not in document:
        return document
    rest = {key: value for key, value in document.items() if key != "year" and key not in SECTIONS}
    sections = {key: document[key] for key in SECTIONS if key in document}
    beside = sections.get("years")
    return {**sections, "years": {**(beside if isinstance(beside, dict) else {}), str(document["year"]): rest}}


def _add_years(raw: dict[str, Any], years: dict[str, Any]) -> None:
    for year, value in years.items():
        before = raw["years"].get(year)
        if before is None or (isinstance(before, dict) and before.get("provisional") is True):
            raw["years"][year] = value
        else:
            raw.setdefault("repeated_years", []).append(year)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def _over(below: Any, above: Any) -> Any:
    """Return ``above`` laid over ``below``: mappings key by key, lists of keyed items by their keys."""
    if isinstance(below, dict) and isinstance(above, dict):
        return {**below, **{key: _over(below.get(key), value) for key, value in above.items()}}
    if isinstance(below, list) and isinstance(above, list) and all(_key(item) for item in (*below, *above)):
        replaced = {_key(item) for item in above}
        return [*(item for item in below if _key(item) not in replaced), *above]
    return above


def _key(item: Any) -> str:
    return str(item.get("key", "")) if isinstance(item, dict) else ""


def _inside(document: Mapping[str, Any], path: Path) -> Path:
    """Return as much of a path as the document holds, keys of items turned into their places in its lists."""
    value: Any = document
    taken: list[str | int] = []
    if len(path) > 1 and path[0] == "years" and str(document.get("year")) == str(path[1]):
        taken, path = ["years", path[1]], path[2:]
    for step in path:
        place = _step(value, step)
        if place is None:
            break
        taken.append(place)
        value = value[place]
    return tuple(taken)


def _step(value: Any, step: str | int) -> Any:
    if isinstance(value, Mapping):
        return next((key for key in value if str(key) == str(step)), None)
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    if isinstance(step, int):
        return step if step < len(value) else None
    keyed = [i for i, item in enumerate(value) if isinstance(item, Mapping) and str(item.get("key")) == step]
    return keyed[-1] if keyed else None
