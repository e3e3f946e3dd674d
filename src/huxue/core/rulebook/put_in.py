"""What is put into a duty before it is read: the values of parameters, and the values of a ``for_each`` list."""

from __future__ import annotations

from typing import Any

from huxue.core.rulebook.findings import Findings
from huxue.core.rulebook.names import Names
from huxue.core.rulebook.nodes import Map, Seq
from huxue.core.values import Text


def each_of(node: Map, names: Names, found: Findings) -> list[Map]:
    """Return a duty once, or once for each value of its ``for_each`` list, with ``$each`` put in.

    In titles and notes ``$each`` becomes the value's title in that language, everywhere else its code.
    """
    if "for_each" not in node:
        return [node]
    name = str(node["for_each"])
    if name not in names.lists:
        found.unknown(node.place("for_each"), ("清单", "list"), name, names.lists)
        return []
    if "$each" not in str(node["code"]):
        found.add(node.place("code"), "用 for_each 时 code 应含 $each", "with for_each the code must contain $each")
        return []
    return [_put_in(node, code, names.list_titles[name][code]) for code in names.lists[name]]


def _put_in(node: Map, code: str, title: Text) -> Map:
    twin = node.like()
    for key, value in node.items():
        said = isinstance(value, Map) and key in ("title", "note")
        twin[key] = _titled(value, title) if said else _replaced(value, code)
    return twin


def _titled(node: Map, title: Text) -> Map:
    twin = node.like()
    twin.update(
        {
            key: value.replace("$each", title.zh if key == "zh" else title.en) if isinstance(value, str) else value
            for key, value in node.items()
        }
    )
    return twin


def _replaced(value: Any, code: str) -> Any:
    if isinstance(value, Map):
        twin = value.like()
        for key, part in value.items():
            twin[key.replace("$each", code)] = _replaced(part, code)
        return twin
    if isinstance(value, Seq):
        rows = Seq(value.file, value.line)
        for item, line in zip(value, value.lines, strict=True):
            rows.put(_replaced(item, code), line)
        return rows
    return value.replace("$each", code) if isinstance(value, str) else value


def with_parameters(node: Map, names: Names, found: Findings) -> tuple[Map, tuple[str, ...]]:
    """Return a duty with every ``{parameter: name}`` replaced by its value, and the names it used."""
    used: dict[str, None] = {}

    def put(value: Any) -> Any:
        if isinstance(value, Map) and list(value) == ["parameter"]:
            name = str(value["parameter"])
            if name not in names.parameters:
                found.unknown(value.place("parameter"), ("参数", "parameter"), name, names.parameters)
                return 1
            used[name] = None
            return names.parameters[name]
        if isinstance(value, Map):
            twin = value.like()
            for key, part in value.items():
                twin[key] = put(part)
            return twin
        if isinstance(value, Seq):
            rows = Seq(value.file, value.line)
            for item, line in zip(value, value.lines, strict=True):
                rows.put(put(item), line)
            return rows
        return value

    return put(node), tuple(sorted(used))
