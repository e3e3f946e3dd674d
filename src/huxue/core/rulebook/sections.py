"""The files of one layer, sorted into sections: which file may hold what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from huxue.core.rulebook.findings import Findings
from huxue.core.rulebook.nodes import Map, Seq, parse

DECLARED = ("checklists", "criteria", "derivations", "ladders", "mechanisms", "scoring")
BY_CODE = (
    *("sources", "organisation_types", "posts", "topics", "traits", "lists", "parameters", "families", "tables"),
    *DECLARED,
)
HEADER = ("code", "title", "layer", "valid_from", "languages", "extends", "note")
ORGANISATIONS = {"types": "organisation_types", "posts": "posts", "topics": "topics", "traits": "traits"}
IN_FOLDERS = ("sources", "parameters", "families", "tables", *DECLARED)  # also as a folder of files
FOLDERS = ("lists", "kinds", "duties", "calendars", *IN_FOLDERS)
ELSEWHERE_FOLDERS = ("documents", "examples", "recipes")  # read by their own modules
LONGEST = 2_000_000  # characters of one file


@dataclass(slots=True)
class LayerFiles:
    """One layer as it was read: its header, its sections by code, its kinds and duties, its calendar documents."""

    name: str
    header: Map
    by_code: dict[str, Map]
    kinds: list[Map] = field(default_factory=list)
    duties: list[Map] = field(default_factory=list)
    calendars: list[Map] = field(default_factory=list)


def read_layer(name: str, files: Mapping[str, str], found: Findings) -> LayerFiles:
    """Sort the files of a layer (relative name → text) into sections; ``name`` stands before each file in problems."""
    layer = LayerFiles(name, Map(f"{name}/rulebook.yaml", 1), {s: Map(f"{name}/{s}.yaml", 1) for s in BY_CODE})
    if "rulebook.yaml" not in files:
        found.add(layer.header.place(), "缺少 rulebook.yaml", "rulebook.yaml is missing")
    for relative in sorted(files):
        if not relative.endswith((".yaml", ".yml")) or _elsewhere(relative):
            continue
        place = (f"{name}/{relative}", 1)
        if len(files[relative]) > LONGEST:
            found.add(place, f"文件超过 {LONGEST} 个字符", f"the file is longer than {LONGEST} characters")
            continue
        value, problems = parse(place[0], files[relative])
        found.extend(problems)
        if value is not None:
            _sort(layer, PurePosixPath(relative), value, found)
    return layer


def _elsewhere(relative: str) -> bool:
    return PurePosixPath(relative).parts[0] in ELSEWHERE_FOLDERS


def _sort(layer: LayerFiles, path: PurePosixPath, value: Any, found: Findings) -> None:
    place = (f"{layer.name}/{path}", 1)
    folder = path.parts[0] if len(path.parts) > 1 else ""
    if folder in ("kinds", "duties"):
        _rows(layer, folder, value, place, found)
        return
    section = folder or path.stem
    if section in DECLARED and isinstance(value, Seq):
        value = _by_code(value, found)
    node = found.map(value, place, ("文件", "the file"))
    if node is not None:
        _place(layer, path, section, node, found)


def _place(layer: LayerFiles, path: PurePosixPath, section: str, node: Map, found: Findings) -> None:
    """Put the mapping of one file where its name or its folder says."""
    in_folder = len(path.parts) > 1
    if in_folder and section == "calendars":
        layer.calendars.append(node)
    elif in_folder and section == "lists":
        _add(layer, "lists", _single(node, path.stem), found)
    elif section == "rulebook" and not in_folder:
        _header(layer, node, found)
    elif section == "organisations" and not in_folder:
        found.keys(node, ORGANISATIONS)
        _sections(layer, node, ORGANISATIONS, found)
    elif section in (IN_FOLDERS if in_folder else BY_CODE):
        _add(layer, section, node, found)
    else:
        _unknown_file((f"{layer.name}/{path}", 1), str(path), found)


def _unknown_file(place: tuple[str, int], path: str, found: Findings) -> None:
    names = ["rulebook.yaml", "organisations.yaml", *(f"{s}.yaml" for s in BY_CODE)]
    known = [*names, *(f"{f}/{PurePosixPath(path).name}" for f in (*FOLDERS, *ELSEWHERE_FOLDERS))]
    found.unknown(place, ("制度文件", "rulebook file"), path, known)


def _by_code(rows: Seq, found: Findings) -> Map:
    """Return a list of things that name themselves with ``code`` as a section by code."""
    section = Map(*rows.place())
    for index, row in enumerate(rows):
        node = found.map(row, rows.place(index), ("一项", "an item"))
        code = node.get("code") if node is not None else None
        if node is None or not isinstance(code, str):
            found.add(rows.place(index), "缺少 code", "a code is missing")
        elif code in section:
            found.add(node.place("code"), f"代码“{code}”重复", f"the code '{code}' is used twice")
        else:
            twin = node.like()
            twin.update({key: said for key, said in node.items() if key != "code"})
            section.put(code, twin, node.place("code"))
    return section


def _single(node: Map, code: str) -> Map:
    """Return a section that holds one code."""
    section = Map(node.file, node.line)
    section.put(code, node, node.place())
    return section


def _header(layer: LayerFiles, node: Map, found: Findings) -> None:
    found.keys(node, (*HEADER, *BY_CODE))
    layer.header = node
    _sections(layer, node, {section: section for section in BY_CODE}, found)


def _sections(layer: LayerFiles, node: Map, names: Mapping[str, str], found: Findings) -> None:
    for key, section in names.items():
        if node.get(key) is not None:
            part = found.map(node[key], node.place(key), (f"“{key}”", f"'{key}'"))
            if part is not None:
                _add(layer, section, part, found)


def _add(layer: LayerFiles, section: str, node: Map, found: Findings) -> None:
    have = layer.by_code[section]
    for code, value in node.items():
        if code in have:
            file, line = have.place(code)
            found.add(
                node.place(code), f"“{code}”已在 {file}:{line} 声明", f"'{code}' is already declared in {file}:{line}"
            )
        else:
            have.put(code, value, node.place(code))


def _rows(layer: LayerFiles, folder: str, value: Any, place: tuple[str, int], found: Findings) -> None:
    """Add the kinds or duties of a file: one, a list, or ``{family: …, duties: […]}``."""
    shared: dict[str, Any] = {}
    if isinstance(value, Map) and folder in value:
        found.keys(value, (folder, "family") if folder == "duties" else (folder,))
        shared = {key: value[key] for key in value if key != folder}
        value = found.seq(value[folder], value.place(folder), (f"“{folder}”", f"'{folder}'"))
    rows = value if isinstance(value, Seq) else Seq(*place)
    if isinstance(value, Map):
        rows.put(value, value.line)
    for index, row in enumerate(rows):
        node = found.map(row, rows.place(index), ("一项", "an item"))
        if node is not None:
            for key, said in shared.items():
                if key not in node:
                    node.put(key, said, node.place())
            (layer.kinds if folder == "kinds" else layer.duties).append(node)
