"""The manifest: what a set is of, and each of its files with rows, bytes and SHA-256."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from huxue.core.values import Refused
from huxue.ledger.reading import Mark
from huxue.standings.sets.layout import FORMAT

MANIFEST: Final = "manifest.json"


class Unfit(Refused):
    """A set that cannot serve; the code says why. The one way out is to make it anew."""


@dataclass(frozen=True, slots=True)
class File:
    """One file as it was written."""

    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Generation:
    """A folder of files: the first of a set is its base, each further one what a fold added. ``gone``: see ``fold``."""

    folder: str
    files: dict[str, File]

    def rows(self) -> int:
        """Return how many rows it has."""
        return sum(one.rows for one in self.files.values())


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a set is of. ``site``: its ledger's first fact; ``anchor``: that at the mark; ``lists``: see ``stand``."""

    site: str
    edition: str
    rulebook: str
    families: tuple[str, ...]
    lists: str
    as_of: int
    known_at: int
    mark: Mark
    anchor: str
    areas: tuple[str, ...]
    first: int | None
    shard: int
    organisations: int
    generations: tuple[Generation, ...]
    format: int = FORMAT

    def grown(self, one: Generation, **more: Any) -> Manifest:
        """Return it with one more generation."""
        return replace(self, generations=(*self.generations, one), **more)

    def rebased(self, one: Generation) -> Manifest:
        """Return it with all its rows in one generation."""
        return replace(self, generations=(one,))

    def per_shard(self) -> list[int]:
        """Return how many organisations each shard has."""
        full, rest = divmod(self.organisations, self.shard)
        return [self.shard] * full + ([rest] if rest or not full else [])


def write(folder: Path, manifest: Manifest) -> None:
    """Put a manifest in the place of the one before: whoever looks sees the old or the new one."""
    said = asdict(manifest) | {"mark": list(manifest.mark), "organisations_per_shard": manifest.per_shard()}
    new = folder / f"{MANIFEST}.new"
    with new.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"sum": _sum(said), **said}, ensure_ascii=False, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(folder / MANIFEST)
    sync(folder)


def read(folder: Path) -> Manifest:
    """Return the manifest of a set. Unfit: ``set_missing``, ``set_unreadable`` or ``set_format``."""
    try:
        text = (folder / MANIFEST).read_text("utf-8")
    except FileNotFoundError:
        raise Unfit("set_missing", "评估数据集尚未建立", "there is no set yet") from None
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(folder) from error
    try:
        said = json.loads(text)
        if said["format"] != FORMAT:
            raise Unfit("set_format", "评估数据集由其他版本的程序建立", "the set was made by another version")
        if said.pop("sum") != _sum(said):
            raise _unreadable(folder)
        del said["organisations_per_shard"]
        return _manifest(said)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(folder) from error


def _manifest(said: dict[str, Any]) -> Manifest:
    made = [
        Generation(one["folder"], {name: File(**file) for name, file in one["files"].items()})
        for one in said.pop("generations")
    ]
    said |= {"families": tuple(said["families"]), "areas": tuple(said["areas"]), "mark": Mark(*said["mark"])}
    return Manifest(generations=tuple(made), **said)


def _unreadable(folder: Path) -> Unfit:
    name = f"{folder.name}/{MANIFEST}"
    return Unfit("set_unreadable", f"评估数据集的清单 {name} 已损坏", f"the manifest {name} of the set is damaged")


def _sum(said: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def measured(path: Path, rows: int) -> File:
    """Return what the manifest says of a file; its bytes are on the disk after this."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return File(rows, path.stat().st_size, digest)


def sync(folder: Path) -> None:
    """Make sure that the names in a folder are on the disk."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


__all__ = ["MANIFEST", "File", "Generation", "Manifest", "Unfit", "measured", "read", "sync", "write"]
