"""From the files of a stack of layers to one rulebook, or to everything that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from json import dumps, loads
from typing import Any, TypeVar

from huxue.core.calendar import campaign_names, merge, special_names
from huxue.core.duties.shapes import Duty
from huxue.core.kinds import Kind
from huxue.core.rulebook import check, declared
from huxue.core.rulebook.duty import Duties
from huxue.core.rulebook.findings import Findings
from huxue.core.rulebook.fit import fit, plain
from huxue.core.rulebook.layers import Union, set_parameters, union
from huxue.core.rulebook.literals import day
from huxue.core.rulebook.model import (
    Choice,
    Family,
    Layer,
    OrganisationType,
    Parameter,
    Rulebook,
    SourceText,
    Topic,
    Trait,
)
from huxue.core.rulebook.names import Names
from huxue.core.rulebook.nodes import Map
from huxue.core.rulebook.put_in import each_of, with_parameters
from huxue.core.rulebook.sections import LayerFiles, read_layer
from huxue.core.values import Problem, Text, Value

V = TypeVar("V", bound=Value)
ALWAYS = -10_000_000  # a day before every other


Settings = Mapping[str, Mapping[str, Any]]
"""What a site itself says of parameters, over every layer: code → ``value`` and ``confirmed``, one of them or both."""


def load(
    layers: Sequence[tuple[str, Mapping[str, str]]], settings: Settings | None = None
) -> tuple[Rulebook | None, list[Problem]]:
    """Return the rulebook that a stack of layers makes, lowest layer first, or ``None`` and every problem.

    Each layer is its name (it stands before the file's name in problems) and its files: relative name → YAML text.
    The same files make the same frozen value: the last few are kept, because proving strictness takes seconds.
    """
    said = dumps(dict(settings or {}), sort_keys=True)
    rulebook, problems = _load(tuple((name, tuple(sorted(files.items()))) for name, files in layers), said)
    return rulebook, list(problems)


@lru_cache(maxsize=4)
def _load(
    layers: tuple[tuple[str, tuple[tuple[str, str], ...]], ...], settings: str
) -> tuple[Rulebook | None, tuple[Problem, ...]]:
    found = Findings()
    read = [read_layer(name, dict(files), found) for name, files in layers]
    whole = union(read, found)
    set_parameters(whole, loads(settings), found)
    values = _sections(whole, found)
    values["calendars"] = merge(whole.calendars)
    values["duties"], earlier = _duties(whole, values, found)
    values.update(declared.read(whole, names_of(whole, values), found))
    rulebook = _rulebook(read, values, found)
    if rulebook is not None:
        check.everything(rulebook, whole, earlier, found)
    problems = found.sorted()
    return (None if problems else rulebook), tuple(problems)


def _rulebook(layers: Sequence[LayerFiles], values: dict[str, Any], found: Findings) -> Rulebook | None:
    heads = [head for head in (_layer(layer.header, found) for layer in layers) if head]
    if not heads or len(heads) != len(layers):
        return None
    top = layers[-1].header
    frame: dict[str, Any] = {
        "code": heads[-1].code,
        "title": heads[-1].title,
        "layers": tuple(heads),
        "valid_from": _valid_from(top, found),
    }
    if "languages" in top:
        frame["languages"] = tuple(plain(top["languages"]))
    return Rulebook(**frame, **values)


def _layer(header: Map, found: Findings) -> Layer | None:
    node = header.like()
    node.update(
        {"level" if key == "layer" else key: header[key] for key in ("code", "title", "layer") if key in header}
    )
    node.lines["level"] = header.lines.get("layer", header.line)
    return fit(Layer, node, found)


def _valid_from(header: Map, found: Findings) -> int:
    if header.get("valid_from") is None:
        return ALWAYS
    number = day(header["valid_from"])
    if number is None:
        said = header["valid_from"]
        found.add(
            header.place("valid_from"),
            f"没有“{said}”这一天，应写 2026-09-01",
            f"there is no day '{said}', write 2026-09-01",
        )
    return ALWAYS if number is None else number


def _sections(whole: Union, found: Findings) -> dict[str, Any]:
    """Return every section but duties and calendars as values by code."""

    def each(section: str, model: type[V]) -> dict[str, V]:
        return _models(model, whole.by_code[section], found)

    return {
        "sources": each("sources", SourceText),
        "organisation_types": each("organisation_types", OrganisationType),
        "posts": each("posts", Text),
        "topics": each("topics", Topic),
        "traits": each("traits", Trait),
        "lists": _lists(whole.by_code["lists"], found),
        "parameters": each("parameters", Parameter),
        "families": each("families", Family),
        "kinds": _kinds(whole.kinds, found),
    }


def _models(model: type[V], section: Map, found: Findings) -> dict[str, V]:
    result: dict[str, V] = {}
    for code, said in section.items():
        node = found.map(said, section.place(code), (f"“{code}”", f"'{code}'"))
        value = fit(model, node, found) if node is not None else None
        if value is not None:
            result[code] = value
    return result


def _lists(section: Map, found: Findings) -> dict[str, dict[str, Choice]]:
    """Read lists: each value is a title, or ``{title: …}``."""
    result: dict[str, dict[str, Choice]] = {}
    for name, said in section.items():
        node = found.map(said, section.place(name), (f"清单“{name}”", f"the list '{name}'"))
        if node is None:
            continue
        wrapped = node.like()
        for code, title in node.items():
            holder = Map(*node.place(code))
            holder.put("title", title, node.place(code))
            wrapped[code] = title if isinstance(title, Map) and "title" in title else holder
        result[name] = _models(Choice, wrapped, found)
    return result


def _kinds(nodes: Mapping[str, Map], found: Findings) -> dict[str, Kind]:
    kinds = ((code, fit(Kind, node, found)) for code, node in nodes.items())
    return {code: kind for code, kind in kinds if kind is not None}


def names_of(whole: Union, values: Mapping[str, Any]) -> Names:
    """Return the names that duties may use."""
    # a declaration that has a problem of its own still names something: one mistake, one problem
    codes = whole.by_code
    return Names(
        kinds=values["kinds"],
        lists={name: tuple(choices) for name, choices in values["lists"].items()},
        list_titles={
            name: {code: choice.title for code, choice in choices.items()} for name, choices in values["lists"].items()
        },
        traits=values["traits"],
        types=values["organisation_types"],
        posts=tuple(codes["posts"]),
        topics=tuple(codes["topics"]),
        sources=tuple(codes["sources"]),
        families=tuple(codes["families"]),
        ladders=tuple(codes["ladders"]),
        parameters={code: one.value for code, one in values["parameters"].items()},
        tables=codes["tables"],
        specials=special_names(values["calendars"]),
        campaigns=campaign_names(values["calendars"]),
        rank=whole.rank,
    )


def _duties(whole: Union, values: Mapping[str, Any], found: Findings) -> tuple[dict[str, Duty], dict[str, Duty]]:
    """Return the duties by code, and those of lower layers whose place they take."""
    names = names_of(whole, values)

    def read(node: Map) -> list[Duty]:
        layer = whole.layer_of[id(node)]
        duties = _read(Duties(names, found, whole.layers.index(layer) + 1), node, layer)
        return [_on_ladder(duty, values["families"]) for duty in duties]

    result: dict[str, Duty] = {}
    for node in whole.duties.values():
        for duty in read(node):
            if duty.code in result:
                found.add(node.place("code"), f"代码“{duty.code}”重复", f"the code '{duty.code}' is used twice")
            result[duty.code], whole.nodes[duty.code] = duty, node
    return result, {duty.code: duty for node in whole.replaced.values() for duty in read(node)}


def _on_ladder(duty: Duty, families: Mapping[str, Family]) -> Duty:
    """Return a duty that names no ladder with the one of its family."""
    ladder = families[duty.family].ladder if duty.family in families else ""
    return duty if duty.ladder or not ladder else duty.model_copy(update={"ladder": ladder})


def _read(reader: Duties, node: Map, layer: str) -> Iterable[Duty]:
    one_of = str(node.get("code", "")) if "for_each" in node else ""
    for one in each_of(node, reader.names, reader.found):  # first, so that each value may have a parameter of its own
        filled, parameters = with_parameters(one, reader.names, reader.found)
        duty = reader.duty(filled, parameters=parameters, layer=layer, one_of=one_of)
        if duty is not None:
            yield duty
