"""Rulebooks that are shipped, and the reader that gathers the files of a rulebook and of the layers below it."""

from __future__ import annotations

from pathlib import Path

import yaml

from huxue.core.values import Refused

SHIPPED = Path(__file__).parent
LARGEST = 2_000_000  # bytes of one file
MOST_FILES = 2_000  # of one layer
MOST_LAYERS = 8

Layers = list[tuple[str, dict[str, str]]]


def shipped() -> tuple[str, ...]:
    """Return the names of the rulebooks that are shipped, examples as ``examples/<name>``."""
    found = [path.parent.relative_to(SHIPPED).as_posix() for path in SHIPPED.glob("**/rulebook.yaml")]
    return tuple(sorted(found))


def read(name_or_path: str) -> Layers:
    """Return the layers of a rulebook, lowest first: ``(name, {relative file: text})``.

    ``name_or_path`` is the name of a shipped rulebook or a folder. ``extends:`` in its ``rulebook.yaml`` names the
    layer below in the same way, a folder relative to this one. Refuses what is not there, circles, files and layers
    beyond the stated limits, and links that lead out of the folder.
    """
    layers: Layers = []
    seen: list[Path] = []
    folder: Path | None = _folder(name_or_path, Path.cwd())
    while folder is not None:
        if folder in seen:
            raise Refused(
                "circle",
                f"制度互相继承，形成循环：{folder.name}",
                f"rulebooks extend each other in a circle: {folder.name}",
            )
        if len(seen) >= MOST_LAYERS:
            raise Refused("too_many_layers", f"层级超过 {MOST_LAYERS} 个", f"more than {MOST_LAYERS} layers")
        seen.append(folder)
        files = _files(folder)
        layers.insert(0, (_label(folder), files))
        below = _extends(files["rulebook.yaml"])
        folder = _folder(below, folder) if below else None
    return layers


def _label(folder: Path) -> str:
    return folder.relative_to(SHIPPED).as_posix() if folder.is_relative_to(SHIPPED) else folder.name


def _folder(name: str, base: Path) -> Path:
    """Return the folder that a name means: a shipped rulebook, else a path from ``base``."""
    for one in (name, f"examples/{name}"):
        if one in shipped():
            return (SHIPPED / one).resolve()
    if "\0" in name:
        raise Refused("no_rulebook", "制度名称不合法", "not a name of a rulebook")
    folder = (base / name).resolve()
    if not (folder / "rulebook.yaml").is_file():
        names = ", ".join(shipped())
        raise Refused(
            "no_rulebook",
            f"没有制度“{name}”：既不是内置制度（{names}），也不是含 rulebook.yaml 的文件夹",
            f"there is no rulebook '{name}': neither shipped ({names}) nor a folder with a rulebook.yaml",
        )
    return folder


def _files(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*.y*ml") if path.suffix in (".yaml", ".yml") and path.is_file())
    nested = {path.parent for path in paths if path.name == "rulebook.yaml"} - {folder}
    paths = [path for path in paths if not nested & set(path.parents)]  # another rulebook inside this folder
    if len(paths) > MOST_FILES:
        raise Refused(
            "too_many_files", f"制度文件超过 {MOST_FILES} 个", f"the rulebook has more than {MOST_FILES} files"
        )
    return {path.relative_to(folder).as_posix(): _text(path, folder) for path in paths}


def _text(path: Path, folder: Path) -> str:
    name = path.relative_to(folder).as_posix()
    if not path.resolve().is_relative_to(folder):
        raise Refused("outside", f"{name} 是指向文件夹之外的链接", f"{name} is a link that leads out of the folder")
    if path.stat().st_size > LARGEST:
        raise Refused("too_large", f"{name} 超过 {LARGEST} 字节", f"{name} is larger than {LARGEST} bytes")
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("not_utf8", f"{name} 不是 UTF-8 编码", f"{name} is not UTF-8 text") from None


def _extends(text: str) -> str:
    """Return what a ``rulebook.yaml`` extends; what is wrong with the file itself is said when it is loaded."""
    try:
        for event, following in _pairs(text):
            if event == "extends":
                return following
    except (yaml.YAMLError, ValueError):
        return ""
    return ""


def _pairs(text: str) -> list[tuple[str, str]]:
    """Return the keys and plain values at the top of a YAML text, without composing it."""
    pairs: list[tuple[str, str]] = []
    depth, key = 0, None
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            depth, key = depth + 1, None if depth else key
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            depth, key = depth - 1, None
        elif isinstance(event, yaml.ScalarEvent) and depth == 1:
            if key is not None:
                pairs.append((key, event.value))
            key = event.value if key is None else None
    return pairs
