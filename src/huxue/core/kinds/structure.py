"""What is wrong with the fields and roles of a kind, and with the titles of a list."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Protocol

from huxue.core.kinds.model import Field, Kind
from huxue.core.kinds.readers import Titled

Finding = tuple[str, str, str]
"""A path inside the kind (``flow.verified.asks``) and a sentence in Chinese and English."""

_FILTERS = ("text", "number", "money", "choice", "yes_no", "date", "time", "person", "organisation", "post", "entry")
_SEVERAL = ("choice", "person", "organisation", "post", "entry", "photo", "file", "signature")
_SEPARATORS = ";；|\n"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}\Z")  # it becomes part of addresses, columns and file headings


class Declared(Protocol):
    """What else the rulebook declares; a ``Rulebook`` is one."""

    @property
    def lists(self) -> Mapping[str, Mapping[str, Titled]]:
        """Lists: code → title."""
        ...

    @property
    def organisation_types(self) -> Collection[str]:
        """Types of organisations."""
        ...

    @property
    def posts(self) -> Collection[str]:
        """Types of posts."""
        ...

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """All kinds."""
        ...


def field_problems(kind: Kind, declared: Declared) -> Iterator[Finding]:
    """Yield what is wrong with the fields, the roles, the writers and the retention of a kind."""
    for path, name in (*(("fields", n) for n in kind.fields), *(("roles", n) for n in kind.roles)):
        if not _NAME.match(name):
            yield (
                f"{path}.{name}",
                f"名称“{name}”须以小写字母开头，只能用小写字母、数字和 - _，至多 60 个字符",
                f"the name '{name}' must be 1-60 small letters, digits and - _, a letter first",
            )
    for name, field in kind.fields.items():
        yield from _names(field, f"fields.{name}", declared)
        yield from _settings(field, f"fields.{name}")
    if any(field.personal for field in kind.fields.values()) and kind.retention is None:
        yield ("retention", "含个人信息的类型须写明保存年限和依据", "say how long its personal data is kept")
    for name, role in kind.roles.items():
        for unknown in unknown_names(role.types, declared.organisation_types):
            yield (f"roles.{name}.types", f"没有单位类型“{unknown}”", f"there is no organisation type '{unknown}'")
    for unknown in unknown_names(kind.written_by, declared.organisation_types):
        yield ("written_by", f"没有单位类型“{unknown}”", f"there is no organisation type '{unknown}'")


def list_problems(code: str, choices: Mapping[str, Titled]) -> list[Finding]:
    """Return titles of a list that could not be read back from a table: shared ones, ones with a separator."""
    owner: dict[str, str] = {code: code for code in choices}
    found: list[Finding] = []
    for name, choice in choices.items():
        for title in dict.fromkeys((choice.title.zh, choice.title.en)):
            if owner.setdefault(title, name) != name:
                found.append(
                    (
                        f"{code}.{name}",
                        f"“{title}”与另一选项“{owner[title]}”重名",
                        f"'{title}' also names the choice '{owner[title]}'",
                    )
                )
            if any(mark in title for mark in _SEPARATORS):
                found.append((f"{code}.{name}", f"“{title}”含有分隔符", f"'{title}' contains a separator of lists"))
    return found


def unknown_names(said: Collection[Any], known: Collection[Any]) -> list[Any]:
    """Return the names that are not known, in order."""
    return [name for name in said if name not in known]


def _names(field: Field, path: str, declared: Declared) -> Iterator[Finding]:
    if field.type == "choice" and field.list not in declared.lists:
        yield (f"{path}.list", f"没有列表“{field.list}”", f"there is no list '{field.list}'")
    if field.type == "entry" and field.kind and field.kind not in declared.kinds:
        yield (f"{path}.kind", f"没有类型“{field.kind}”", f"there is no kind '{field.kind}'")


def _settings(field: Field, path: str) -> Iterator[Finding]:
    counts = field.many or field.type in ("number", "money")
    bounds = [bound for bound in (field.at_least, field.at_most) if bound is not None]
    for wrong, key, zh, en in (
        (
            field.facet and field.type not in _FILTERS,
            "facet",
            "照片、文件、签名和位置不能作筛选项",
            "photos, files, signatures and places are no facets",
        ),
        (
            field.search and field.type not in ("text", "choice"),
            "search",
            "只有文字和选项可以检索",
            "only texts and choices are searched",
        ),
        (
            field.many and field.type not in _SEVERAL,
            "many",
            "这种字段不能有多个值",
            "a field of this type cannot have several values",
        ),
        (field.decimals and field.type != "number", "decimals", "只有数字字段有小数位", "only numbers have decimals"),
        (bounds and not counts, "at_least", "这种字段没有上下限", "a field of this type has no bounds"),
        (bounds != sorted(bounds), "at_least", "下限大于上限", "the lower bound lies above the upper one"),
    ):
        if wrong:
            yield (f"{path}.{key}", zh, en)
