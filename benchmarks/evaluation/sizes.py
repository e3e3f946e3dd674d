"""The sizes that are measured, and the sets of one size, made once for a seed and kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.evaluation import sets
from benchmarks.evaluation.world import World

BLOCK: Final = 100  # counties of a shard: 20,000 schools


@dataclass(frozen=True)
class Size:
    """A size: how many counties (200 schools each), at which volume, measured how often."""

    counties: int
    volume: int  # per cent of the rates of the streams
    rounds: int
    straight: bool  # without JSON

    @property
    def schools(self) -> int:
        """How many schools."""
        return self.counties * 200


SIZES: Final = {
    "city": Size(10, 77, 5, straight=False),
    "province": Size(100, 165, 3, straight=True),
    "nation": Size(2500, 95, 1, straight=True),
}


def shards(
    folder: Path, size: Size, *, skewed: bool, seed: int, distinct: int = 0
) -> list[tuple[Path, dict[str, Any]]]:
    """Return the folders of a size's sets and what is known of each; what is not there yet is made.

    ``distinct``: only so many are made, and evaluated again in the place of the others: a nation takes hours to make.
    """
    spread = "skewed" if skewed else "uniform"
    found: list[tuple[Path, dict[str, Any]]] = []
    for number, first in enumerate(range(0, size.counties, BLOCK)):
        if distinct and number >= distinct:
            found.append(found[number % distinct])
            continue
        count = min(BLOCK, size.counties - first)
        world = World(first, count, size.volume, skewed=skewed, seed=seed)
        way = "direct" if size.straight else "ingested"
        where = folder / f"{spread}-{seed}-{size.volume}-{way}" / f"{first}+{count}"
        found.append((where, sets.made(where, world, straight=size.straight)))
    return found
