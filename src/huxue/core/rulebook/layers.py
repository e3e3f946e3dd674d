"""Layers laid one upon another: a later one adds, and changes only what it may.

A later layer may add anything. Of what is already there it may change titles and help texts, a parameter's value and
confirmation, a family's switch and ladder, a text's particulars, and it may add posts to a type, values to a list,
fields, roles and steps to a kind. Everything else that differs is a problem that names both files. A duty's code is
taken once; ``replaces: true`` says that a later layer's duty takes the place of an earlier one (see ``strengthens``),
and likewise for ladders, indicator trees, checklists, criteria and derivations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from huxue.core.rulebook.findings import Findings
from huxue.core.rulebook.nodes import Map, Seq
from huxue.core.rulebook.sections import BY_CODE, DECLARED, LayerFiles
from huxue.core.rulebook.setting import accepts

FREE = {"title", "help", "note", "zh", "en", "confirmed", "on", "issuer", "number", "date", "minutes"}
_SITE = "site"  # where a problem of the site's own settings stands
FREE_IN = {"parameters": {"value"}, "sources": {"title"}, "families": {"ladder"}}


@dataclass(slots=True)
class Union:
    """All layers as one: sections by code, kinds by code, duties in order with the ones they replace."""

    by_code: dict[str, Map]
    kinds: dict[str, Map] = field(default_factory=dict)
    duties: dict[str, Map] = field(default_factory=dict)
    replaced: dict[str, Map] = field(default_factory=dict)  # code → the earlier duty
    nodes: dict[str, Map] = field(default_factory=dict)  # code of a duty that was read → where it stands
    layer_of: dict[int, str] = field(default_factory=dict)  # id of a duty's node → code of its layer
    rank: dict[str, int] = field(default_factory=dict)  # code of a kind → number of the layer that declares it first
    layers: list[str] = field(default_factory=list)  # codes, lowest first
    calendars: list[Map] = field(default_factory=list)


def union(layers: Sequence[LayerFiles], found: Findings) -> Union:
    """Return the union of the layers in order; what a layer may not change is a problem."""
    whole = Union({section: Map("", 1) for section in BY_CODE})
    for layer in layers:
        for section, node in layer.by_code.items():
            for code in node:
                _lay(whole.by_code[section], section, code, node, found)
        code = str(layer.header.get("code", layer.name))
        whole.layers.append(code)
        for kind in layer.kinds:
            _kind(whole, kind, found)
            whole.rank.setdefault(str(kind.get("code")), len(whole.layers))
        for duty in layer.duties:
            _duty(whole, duty, code, found)
        whole.calendars += layer.calendars
    return whole


def _lay(below: Map, section: str, code: str, above: Map, found: Findings) -> None:
    """Lay one code of a section upon what is there."""
    file, line = above.place(code)
    value = above[code]
    replaces = section in DECLARED and isinstance(value, Map) and value.get("replaces") is True
    if section == "parameters" and code not in below and len(below) and not isinstance(value, Map):
        found.unknown((file, line), ("参数", "parameter"), code, below)
    elif code not in below or replaces:
        below.put(code, _copy(value), (file, line))
    elif section == "parameters":
        _set(below, code, value, (file, line), found)
    elif isinstance(below[code], Map) and isinstance(value, Map):
        _merge(below[code], value, FREE | FREE_IN.get(section, set()), found)
    elif below[code] != value:
        _differs(below.place(code), (file, line), code, found)


def _set(below: Map, code: str, value: Any, place: tuple[str, int], found: Findings) -> None:
    """Set a parameter: its value alone, or what else may be changed. A value it cannot have leaves it as it was."""
    said = value.get("value") if isinstance(value, Map) else value
    where = value.place("value") if isinstance(value, Map) else place
    fits = (isinstance(value, Map) and "value" not in value) or accepts(below[code], code, said, where, found)
    if not isinstance(value, Map):
        below[code] = _with(below[code], "value", value, place) if fits else below[code]
    elif isinstance(below[code], Map):
        rest = value.like()
        rest.update({key: part for key, part in value.items() if fits or key != "value"})
        _merge(below[code], rest, FREE | FREE_IN["parameters"], found)


def set_parameters(whole: Union, settings: Mapping[str, Mapping[str, Any]], found: Findings) -> None:
    """Lay what a site itself says of parameters upon all layers; a value that a parameter cannot have is a problem."""
    below = whole.by_code["parameters"]
    for code, said in settings.items():
        place = (_SITE, 1)
        if code not in below:
            found.unknown(place, ("参数", "parameter"), code, below)
            continue
        node = Map(*place)
        for key, value in said.items():
            node.put(key, value, place)
        _set(below, code, node, place, found)


def _copy(value: Any) -> Any:
    if not isinstance(value, Map):
        return value
    twin = value.like()
    for key, part in value.items():
        twin[key] = _copy(part)
    return twin


def _with(value: Any, key: str, part: Any, place: tuple[str, int]) -> Any:
    if isinstance(value, Map):
        value.put(key, part, place)
    return value


def _merge(below: Map, above: Map, free: set[str], found: Findings) -> None:
    for key, value in above.items():
        file, line = above.place(key)
        old = below.get(key)
        if key not in below or (key in free and not (isinstance(old, Map) and isinstance(value, Map))):
            below.put(key, _copy(value), (file, line))
        elif isinstance(old, Map) and isinstance(value, Map):
            _merge(old, value, free, found)
        elif isinstance(old, Seq) and isinstance(value, Seq) and key == "posts":
            below[key] = _joined(old, value)
        elif old != value:
            _differs(below.place(key), (file, line), key, found)


def _joined(old: Seq, new: Seq) -> Seq:
    result = Seq(new.file, new.line)
    for item, line in zip(old + [n for n in new if n not in old], [*old.lines, *new.lines], strict=False):
        result.put(item, line)
    return result


def _differs(before: tuple[str, int], place: tuple[str, int], key: str, found: Findings) -> None:
    where = f"{before[0]}:{before[1]}"
    found.add(
        place,
        f"“{key}”与 {where} 不同；上层不能这样改",
        f"'{key}' differs from {where}; a later layer may not change it",
    )


def _kind(whole: Union, node: Map, found: Findings) -> None:
    code = node.get("code")
    if not isinstance(code, str):
        found.add(node.place("code"), "类型缺少 code", "a kind needs a code")
    elif code in whole.kinds:
        if node.file.partition("/")[0] == whole.kinds[code].file.partition("/")[0]:
            _differs_code(whole.kinds[code], node, code, found)
        else:
            _merge(whole.kinds[code], node, FREE, found)
    else:
        whole.kinds[code] = _copy(node)


def _duty(whole: Union, node: Map, layer: str, found: Findings) -> None:
    whole.layer_of[id(node)] = layer
    code = node.get("code")
    if not isinstance(code, str):
        found.add(node.place("code"), "职责缺少 code", "a duty needs a code")
        return
    earlier = whole.duties.get(code)
    if earlier is None:
        if node.get("replaces"):
            found.add(
                node.place("replaces"),
                f"下层没有可替换的职责“{code}”",
                f"no earlier layer has a duty '{code}' to replace",
            )
        whole.duties[code] = node
    elif node.get("replaces") is True and whole.layer_of[id(earlier)] != layer:
        whole.replaced[code] = earlier
        whole.duties[code] = node
    else:
        _differs_code(earlier, node, code, found)


def _differs_code(earlier: Map, node: Map, code: str, found: Findings) -> None:
    file, line = earlier.place("code")
    found.add(
        node.place("code"),
        f"代码“{code}”已在 {file}:{line} 使用；要加严请另立代码并写 strengthens，要替换请写 replaces: true",
        f"the code '{code}' is already used in {file}:{line}; for a stricter duty take another code "
        "and say strengthens, to take its place say replaces: true",
    )
