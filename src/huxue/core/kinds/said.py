"""Stored values as people read them, in both languages; what is personal or a file is not said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from huxue.core.kinds.model import Field, Kind
from huxue.core.kinds.readers import Lists
from huxue.core.values import Text

YES: Final = Text(zh="是", en="yes")
NO: Final = Text(zh="否", en="no")
_UNSAID: Final = ("photo", "file", "signature", "entry", "place", "person")


def said(field: Field, value: Any, lists: Lists) -> Text | None:
    """Return a value as people read it, ``None`` where there is nothing to read."""
    if value is None or value in ("", []) or field.personal or field.type in _UNSAID:
        return None
    if isinstance(value, list | tuple):
        parts = [one for part in value if (one := said(field, part, lists)) is not None]
        return Text(zh="、".join(p.zh for p in parts), en=", ".join(p.en for p in parts)) if parts else None
    if field.type == "choice":
        found = lists.get(field.list, {}).get(str(value))
        return found.title if found else Text(zh=str(value), en=str(value))
    if field.type == "yes_no":
        return YES if value else NO
    plain = _number(int(value), 2 if field.type == "money" else field.decimals) if _is_number(field) else str(value)
    return Text(zh=plain, en=plain)


def summary(kind: Kind, fields: Mapping[str, Any], lists: Lists, names: Sequence[str], *, most: int = 3) -> Text:
    """Return the first so many of some fields that say something: ``类型 消防，人数 320``."""
    parts = list(_parts(kind, fields, lists, names))[:most]
    return Text(zh="，".join(p.zh for p in parts), en=", ".join(p.en for p in parts))


def _parts(kind: Kind, fields: Mapping[str, Any], lists: Lists, names: Sequence[str]) -> Iterator[Text]:
    for name in names:
        field = kind.fields.get(name)
        value = said(field, fields.get(name), lists) if field else None
        if field is None or value is None or value is NO:
            continue
        if value is YES:
            yield field.title
        elif field.type in ("choice", "text"):
            yield value
        else:
            yield Text(zh=f"{field.title.zh} {value.zh}", en=f"{field.title.en} {value.en}")


def _is_number(field: Field) -> bool:
    return field.type in ("number", "money")


def _number(units: int, decimals: int) -> str:
    whole, rest = divmod(abs(units), 10**decimals)
    return f"{'-' if units < 0 else ''}{whole}{f'.{rest:0{decimals}}' if decimals else ''}"


__all__ = ["NO", "YES", "said", "summary"]
