"""What changed between two editions or rulebooks, row by row, and a table that a person can read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from huxue.core.duties.shapes import Duty
from huxue.core.rulebook.edition import Edition
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import FAR, Language, Text, Value, date_of

SECTIONS = (
    "sources",
    "organisation_types",
    "posts",
    "topics",
    "traits",
    "lists",
    "parameters",
    "families",
    "kinds",
    "duties",
    "calendars",
)
WHAT = {
    "rulebook": Text(zh="制度", en="rulebook"),
    "sources": Text(zh="来源", en="source"),
    "organisation_types": Text(zh="单位类型", en="organisation type"),
    "posts": Text(zh="岗位", en="post"),
    "topics": Text(zh="监管事项", en="topic"),
    "traits": Text(zh="属性", en="trait"),
    "lists": Text(zh="清单", en="list"),
    "parameters": Text(zh="参数", en="parameter"),
    "families": Text(zh="职责族", en="family"),
    "kinds": Text(zh="类型", en="kind"),
    "duties": Text(zh="职责", en="duty"),
    "calendars": Text(zh="日历", en="calendar"),
}
HEAD = (
    Text(zh="事项", en="what"),
    Text(zh="代码", en="code"),
    Text(zh="项目", en="field"),
    Text(zh="原", en="before"),
    Text(zh="新", en="after"),
    Text(zh="依据", en="source"),
)
_ADDED, _REMOVED = Text(zh="（新增）", en="(added)"), Text(zh="（删除）", en="(removed)")
_NOTHING = Text(zh="", en="")
_NO_SAY = ("layer",)  # which layer says it changes nothing for anybody


@dataclass(frozen=True, slots=True)
class Row:
    """One change: ``what`` is a section, ``field`` the path inside, empty for a thing that came or went."""

    what: str
    code: str
    field: str
    before: Text
    after: Text
    source: str  # source text and clause of a duty


def diff(old: Rulebook | Edition, new: Rulebook | Edition) -> list[Row]:
    """Return what differs, in the order of the sections and codes."""
    rows: list[Row] = []
    if isinstance(old, Edition) and isinstance(new, Edition):
        rows += _frame(old, new)
    before, after = (one.rulebook if isinstance(one, Edition) else one for one in (old, new))
    for name in ("title", "languages", "layers", *(() if isinstance(new, Edition) else ("valid_from",))):
        rows += _values("rulebook", after.code, name, getattr(before, name), getattr(after, name), "")
    for section in SECTIONS:
        rows += _section(section, getattr(before, section), getattr(after, section))
    return rows


def _frame(old: Edition, new: Edition) -> Iterator[Row]:
    yield from _values("rulebook", new.rulebook.code, "valid_from", old.valid_from, new.valid_from, "")
    yield from _values("rulebook", new.rulebook.code, "families_on", old.families_on, new.families_on, "")


def _section(section: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Row]:
    for code in sorted({*old, *new}):
        if code not in new:
            yield Row(section, code, "", _title(old[code]), _REMOVED, _clause(old[code]))
        elif code not in old:
            yield Row(section, code, "", _ADDED, _title(new[code]), _clause(new[code]))
        else:
            yield from _values(section, code, "", old[code], new[code], _clause(new[code]))


def _values(section: str, code: str, name: str, old: Any, new: Any, source: str) -> Iterator[Row]:
    before, after = dict(_flat(_plain(old), name)), dict(_flat(_plain(new), name))
    for path in [*before, *(path for path in after if path not in before)]:
        if before.get(path) != after.get(path) and path not in _NO_SAY:
            yield Row(section, code, path, _said(path, before.get(path)), _said(path, after.get(path)), source)


def _plain(value: Any) -> Any:
    if isinstance(value, Value):
        said = value.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return {_named(value, key): part for key, part in said.items()}
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


def _named(value: Value, key: str) -> str:
    """Say ``repeat`` where a duty's shape stands, as its author wrote it."""
    return value.shape_name if key == "shape" and isinstance(value, Duty) else key


def _flat(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the leaves of a plain value; a list of plain words is one leaf."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _flat(part, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and any(isinstance(part, dict) for part in value):
        for number, part in enumerate(value, 1):
            yield from _flat(part, f"{path}[{number}]")
    else:
        yield path, value


def _said(path: str, value: Any) -> Text:
    if value is None:
        return _NOTHING
    if isinstance(value, bool):
        return Text(zh="是" if value else "否", en="yes" if value else "no")
    if path in ("valid_from", "in_force"):
        days = [value] if isinstance(value, int) else list(value)
        said = " – ".join("…" if abs(day) >= FAR else date_of(day).isoformat() for day in days)
        return Text(zh=said, en=said)
    text = ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)
    return Text(zh=text, en=text)


def _title(value: Any) -> Text:
    title = value if isinstance(value, Text) else getattr(value, "title", None)
    return title if isinstance(title, Text) else _NOTHING


def _clause(value: Any) -> str:
    return f"{value.source.text} {value.source.clause}" if isinstance(value, Duty) else ""


def diff_table(rows: Sequence[Row], language: Language) -> str:
    """Return the rows as a Markdown table whose columns line up, Chinese characters counted as two places."""
    head = tuple(text.say(language) for text in HEAD)
    lines = [head, *(_cells(row, language) for row in rows)]
    widths = [max(width(line[i]) for line in lines) for i in range(len(head))]
    rule = "|" + "|".join("-" * (w + 2) for w in widths) + "|"
    written = [
        "| " + " | ".join(_padded(cell, w) for cell, w in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    return "\n".join([written[0], rule, *written[1:]])


def _cells(row: Row, language: Language) -> tuple[str, ...]:
    cells = (
        WHAT[row.what].say(language),
        row.code,
        row.field,
        row.before.say(language),
        row.after.say(language),
        row.source,
    )
    return tuple(" ".join(cell.replace("|", "\\|").split()) for cell in cells)


def width(text: str) -> int:
    """Return how many places a text takes in a fixed-width font."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, wide: int) -> str:
    return text + " " * (wide - width(text))
