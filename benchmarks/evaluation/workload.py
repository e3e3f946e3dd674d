"""``bench city``, ``bench province``, ``bench nation``: evaluating every duty of every school, beside its peers."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any, Final

import duckdb

from benchmarks.evaluation import day, sets
from benchmarks.evaluation.measure import Runs, differing, memory, one_run, ratio, rounds
from benchmarks.evaluation.sizes import SIZES, shards
from benchmarks.evaluation.world import World

PEERS: Final = {
    "city": (
        "rollups",
        "rows",
        "hand",
        "hand-rows",
        "polars",
        "pandas",
        "postgresql",
        "sqlite",
        "spark",
        "openfisca",
        "orm-counts",
        "orm-rows",
        "rule-engine",
    ),
    "province": ("rollups", "rows", "hand", "hand-rows", "polars", "pandas", "postgresql", "sqlite", "spark"),
    "nation": (),
}
EXTRAS: Final = {
    "spark": "pyspark",
    "polars": "polars",
    "pandas": "pandas",
    "openfisca": "openfisca_core",
    "rule-engine": "rule_engine",
}
ADVICE: Final = (
    ".venv/bin/python -m pip install --require-hashes --only-binary=:all: --no-deps -r requirements/bench.txt"
)
ADVICE_SPARK: Final = "Spark comes with requirements/spark.txt and needs Java 17."
SAMPLE: Final = World(0, 7, 60, schools=20)  # on which the sets made without JSON are compared with ingested ones


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--folder", type=Path, default=Path("var/bench"), help="where the sets are kept (var/bench)")
    parser.add_argument("--seed", type=int, default=1, help="another world of the same size (default: 1)")
    parser.add_argument("--skewed", action="store_true", help="a fifth of the schools do most of what is done")
    parser.add_argument("--rounds", type=int, help="how often each is run (default: city 5, province 3, nation 1)")
    parser.add_argument(
        "--distinct", type=int, default=0, help="make so many shards and evaluate them again for the rest"
    )
    parser.add_argument("--only", nargs="*", metavar="PEER", help="these peers alone")


def run(args: argparse.Namespace) -> int:
    """Measure one size and print; 1 where something promised is not kept."""
    name = args.workload
    size = SIZES[name]
    if size.straight:
        _same_both_ways(args)
    blocks = shards(args.folder, size, skewed=args.skewed, seed=args.seed, distinct=args.distinct)
    folders = [folder for folder, _ in blocks]
    peers = [peer for peer in PEERS[name] if args.only is None or peer in args.only]
    missing = [peer for peer in peers if peer in EXTRAS and not has(EXTRAS[peer])]
    if missing:
        print(f"Not measured: {', '.join(missing)}. They come with: {ADVICE}\n{ADVICE_SPARK}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="huxue-bench-") as room:
        ways = ["shipped", *(peer for peer in peers if peer not in missing)]
        found = rounds(ways, folders, args.rounds or size.rounds, Path(room))
        days = a_day(folders, args.rounds or size.rounds, Path(room)) if name in DAILY else {}
    result = {
        "ratios": [
            *ratios(name, found),
            *with_rows(name, found),
            *of_size(name, found["shipped"], args),
            *of_a_day(name, days),
        ],
        "figures": [runs.figures() for runs in (*found.values(), *days.values())],
        "world": world(blocks, args),
        "machine": machine(),
    }
    _keep(name, result, args)
    print(json.dumps(result, ensure_ascii=False, indent=1) if args.json else "\n".join(table(name, result)))
    return 0 if all(one["met"] for one in result["ratios"]) else 1


def _same_both_ways(args: argparse.Namespace) -> None:
    """Stop where the set made without JSON differs from the ingested one, on a sample block."""
    found = sets.both_ways(replace(SAMPLE, skewed=args.skewed, seed=args.seed))
    if found:
        raise SystemExit(f"sets made without JSON differ from ingested ones: {'; '.join(found)}")


def _kept(name: str, args: argparse.Namespace) -> Path:
    return Path(args.folder) / f"{name}-{'skewed' if args.skewed else 'uniform'}-{args.seed}.json"


def _keep(name: str, result: dict[str, Any], args: argparse.Namespace) -> None:
    """Keep the figures, for the ratio between sizes."""
    _kept(name, args).write_text(json.dumps(result, ensure_ascii=False, indent=1))


def world(blocks: list[tuple[Path, dict[str, Any]]], args: argparse.Namespace) -> dict[str, Any]:
    """Return what was evaluated, how it was made and how long that took (seconds)."""
    about = [known for _, known in blocks]
    seconds: dict[str, float] = {}
    for known in about[: args.distinct or len(about)]:
        for part, took in known["seconds"].items():
            seconds[part] = round(seconds.get(part, 0) + took, 2)
    return {
        "facts": sum(known["facts"] for known in about),
        "deeds": sum(known["rows"]["deeds"] for known in about),
        "organisations": sum(known["rows"]["org"] for known in about),
        "bytes": sum(sum(known["bytes"].values()) for known in about),
        "shards": len(about), "distinct": args.distinct or len(about), "seed": args.seed, "spread": "skewed" if args.skewed else "uniform", "seconds": seconds,
    }  # fmt: skip


# the size, against whom, at most so many times as long or at least so many times faster
MUST: Final = (
    ("city", "hand", "most", 1.15),
    ("province", "hand", "most", 1.10),
    ("province", "polars", "most", 1.1),
    ("province", "pandas", "least", 3),
    ("province", "postgresql", "least", 8),
    ("province", "sqlite", "least", 10),
    ("city", "openfisca", "least", 10),
    ("city", "orm-counts", "least", 300),
    ("city", "orm-rows", "least", 100),
)


def ratios(name: str, found: dict[str, Runs]) -> Iterator[dict[str, Any]]:
    """Yield what must hold at this size: against whom, the ratio, what it must reach, whether it does."""
    shipped = found["shipped"]
    for size, way, sense, must in MUST:
        if size != name or way not in found:
            continue
        peer = found[way]
        if not (peer.counts and shipped.counts):
            yield {
                "against": way,
                "ratio": None,
                "must": f"{sense} {must}",
                "met": False,
                "why": peer.why_not or shipped.why_not,
            }
            continue
        times = ratio(shipped, peer) if sense == "most" else ratio(peer, shipped)
        if (size, way) == ("province", "pandas"):
            share = median(shipped.peak) / median(peer.peak)
            yield {"against": "pandas, memory", "ratio": round(share, 2), "must": "≤ 0.5", "met": share <= 0.5}
        met = times <= must if sense == "most" else times >= must
        yield {
            "against": way,
            "ratio": round(times, 2),
            "must": f"{'≤' if sense == 'most' else '≥'} {must}",
            "met": met,
        }


DAILY: Final = ("city", "province")  # of which a day's update is measured
A_DAY: Final = 1.5  # seconds it may take, of a province


def a_day(folders: list[Path], times: int, room: Path) -> dict[str, Runs]:
    """Run a day's update and the full evaluation of the same day in turn; a different answer has no time."""
    source, *_ = folders
    where = day.made(source, room / "day")
    found = {"day-anew": Runs("day-anew"), "day": Runs("day")}
    for number in range(times):
        answers = {name: room / f"{name}-{number}.parquet" for name in found}
        for name, runs in found.items():
            print(f"round {number + 1} of {times}: {name}", file=sys.stderr, flush=True)
            one_run(runs, [where], answers[name])
        if any(runs.why_not for runs in found.values()):
            break
        rows = differing(answers["day-anew"], answers["day"])
        if rows:
            found["day"].why_not = f"answers differently: {rows} rows of the summaries"
            break
    return found


def of_a_day(name: str, found: dict[str, Runs]) -> Iterator[dict[str, Any]]:
    """Yield what must hold of a province's day: its seconds, and how many times faster it is than in full."""
    if name != "province" or not found:
        return
    update, anew = found["day"], found["day-anew"]
    for against, must in (("a day's update, s", f"≤ {A_DAY}"), ("a full evaluation", "≥ 3")):
        if not (update.counts and anew.counts):
            why = update.why_not or anew.why_not
            yield {"against": against, "ratio": None, "must": must, "met": False, "why": why}
            continue
        figure = median(update.wall) if must.startswith("≤") else ratio(anew, update)
        met = figure <= A_DAY if must.startswith("≤") else figure >= 3
        yield {"against": against, "ratio": round(figure, 2), "must": must, "met": met}


SMALLER: Final = {"province": "city", "nation": "province"}
NATION: Final = (("seconds", "wall", 120), ("MiB", "peak_mib", 3072))


ROWS: Final = {"city": 1.15, "province": 1.10}


def with_rows(name: str, found: dict[str, Runs]) -> Iterator[dict[str, Any]]:
    """Yield what all standings as rows, and roll-ups without them, take against the hand-written SQL with all rows."""
    pairs = (("rows", "hand, all rows", ROWS.get(name, 0.0)), ("rollups", "hand's rows, roll-ups", 0.9))
    for mine, against, most in pairs:
        if all(way in found and found[way].counts for way in (mine, "hand-rows")):
            times = ratio(found[mine], found["hand-rows"])
            yield {"against": against, "ratio": round(times, 2), "must": f"≤ {most:.2f}", "met": times <= most}


def of_size(name: str, shipped: Runs, args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield what must hold of the shipped program alone: its cost against the size below, a nation's limits."""
    if not shipped.counts:
        return
    mine, below = shipped.figures(), SMALLER.get(name)
    if below and _kept(below, args).is_file():
        before = json.loads(_kept(below, args).read_text())["figures"][0]
        times = mine["cpu"] / before["cpu"]
        yield {"against": f"the {below}", "ratio": round(times, 2), "must": "≤ 20", "met": times <= 20}
    for unit, figure, most in NATION if name == "nation" else ():
        yield {"against": unit, "ratio": mine[figure], "must": f"≤ {most}", "met": mine[figure] <= most}


def machine() -> dict[str, Any]:
    """Return what was measured on."""
    return {
        "cores": os.cpu_count(), "memory_mib": memory(), "system": platform.system(), "python": platform.python_version(),
        "duckdb": duckdb.__version__,
    }  # fmt: skip


def table(name: str, result: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a table for people."""
    made = result["world"]
    yield f"{result['machine']}"
    yield (
        f"{name}: {made['organisations']:,} organisations, {made['facts']:,} facts, {made['deeds']:,} deeds, "
        f"{made['bytes'] / 1e6:,.1f} MB in {made['shards']} shards ({made['distinct']} of them distinct); made once, in seconds: {made['seconds']}"
    )
    yield f"\n{'way':14}{'wall s':>9}{'range':>18}{'cpu s':>9}{'range':>18}{'peak MiB':>10}"
    for one in result["figures"]:
        if "why_not" in one:
            yield f"{one['way']:14} no time: {one['why_not']}"
            continue
        wall, cpu = ("{:.2f}-{:.2f}".format(*one[f"{part}_range"]) for part in ("wall", "cpu"))
        yield f"{one['way']:14}{one['wall']:9.2f}{wall:>18}{one['cpu']:9.2f}{cpu:>18}{one['peak_mib']:10.0f}"
    yield f"\n{'against':22}{'ratio':>9}{'must':>10}  met"
    for one in result["ratios"]:
        shown = f"{one['ratio']:9.2f}" if one["ratio"] is not None else f"{'–':>9}"
        yield f"{one['against']:22}{shown}{one['must']:>10}  {'yes' if one['met'] else 'no'}"


def has(module: str) -> bool:
    """Tell whether an extra is installed."""
    return importlib.util.find_spec(module) is not None
