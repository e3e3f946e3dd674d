"""Workbooks that wait between being looked at and being written: in the site's folder, one folder a person, seven days.

They hold personal data, so nothing stays longer: whoever opens the folder sweeps it. Names are random; what a person
handed in nobody else can open.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from huxue.core.values import MINUTES_A_DAY, Refused

DAYS: Final = 7
MOST: Final = 20  # of one person
_NAME: Final = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One workbook: its name, what it is for, when it came, and what became of it (``done``: written; ``back``)."""

    id: str
    kind: str
    name: str
    uploaded: int  # minute
    state: str = "waiting"  # "waiting" | "done" | "back"
    written: int = 0  # minute
    number: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """The folder of one person's workbooks. ``now`` is a minute; what is older than seven days is swept out."""

    folder: Path
    now: int

    @classmethod
    def of(cls, site: Path, person: int, now: int) -> Room:
        """Return somebody's room; ``person`` is the number of the account."""
        room = cls(Path(site) / "workbooks" / str(person), now)
        for folder in list((Path(site) / "workbooks").glob("*/*")):
            if (about := _read(folder)) is None or about.uploaded < now - DAYS * MINUTES_A_DAY:
                shutil.rmtree(folder, ignore_errors=True)
        return room

    def keep(self, kind: str, name: str, content: bytes) -> Waiting:
        """Keep a workbook and return what waits. Refuses ``too_many_waiting``."""
        old = sorted(self.all(kind=""), key=lambda one: one.uploaded)
        for one in old[: max(0, len(old) - MOST + 1)]:
            if one.state == "waiting":
                shutil.rmtree(self.folder / one.id, ignore_errors=True)
        if sum(1 for _ in self.all(kind="")) >= MOST:
            raise Refused(
                "too_many_waiting",
                f"一周内最多保留 {MOST} 份导入，请稍后再传。",
                f"At most {MOST} imports are kept in a week; try again later.",
            )
        made = Waiting(secrets.token_hex(12), kind, name, self.now)
        folder = self.folder / made.id
        folder.mkdir(parents=True, mode=0o700)
        (folder / "book").write_bytes(content)
        self.say(made)
        return made

    def get(self, waiting: str, kind: str) -> Waiting | None:
        """Return what waits under a name, for a kind; ``None`` if there is nothing of the sort."""
        about = _read(self.folder / waiting) if _NAME.fullmatch(waiting) else None
        return about if about is not None and about.kind == kind else None

    def content(self, waiting: Waiting) -> bytes:
        """Return the bytes that were handed in."""
        return (self.folder / waiting.id / "book").read_bytes()

    def forget(self, waiting: Waiting) -> None:
        """Throw a workbook away: what it said is written, and nobody takes it back."""
        shutil.rmtree(self.folder / waiting.id, ignore_errors=True)

    def say(self, waiting: Waiting, facts: tuple[str, ...] = ()) -> None:
        """Write down what became of a workbook, and the facts it brought."""
        folder = self.folder / waiting.id
        if facts:
            (folder / "facts.json").write_text(json.dumps(facts), "utf-8")
        (folder / "about.json").write_text(json.dumps(asdict(waiting), ensure_ascii=False), "utf-8")

    def facts(self, waiting: Waiting) -> list[str]:
        """Return the facts that a workbook brought."""
        path = self.folder / waiting.id / "facts.json"
        found: list[str] = json.loads(path.read_text("utf-8")) if path.is_file() else []
        return found

    def all(self, kind: str) -> Iterator[Waiting]:
        """Yield what is kept for a kind (``""``: for every kind), the latest first."""
        found = [about for folder in self.folder.glob("*") if (about := _read(folder))]
        yield from sorted((one for one in found if kind in ("", one.kind)), key=lambda one: (-one.uploaded, one.id))


def _read(folder: Path) -> Waiting | None:
    try:
        return Waiting(**json.loads((folder / "about.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


__all__ = ["DAYS", "MOST", "Room", "Waiting"]
