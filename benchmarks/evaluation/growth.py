"""``bench sizes``: what evaluating costs from 1,000 to 500,000 schools, drawn into a picture."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from benchmarks.evaluation.measure import Runs, one_run
from benchmarks.evaluation.sizes import SIZES, shards
from benchmarks.evaluation.workload import ADVICE, has

COUNTIES: Final = (5, 10, 25, 50, 100, 500, 2500)  # 200 schools each
PICTURE: Final = Path("docs/evaluation-cost.png")
PARTS: Final = {
    "tally": ("tally", "each", "slotmap"),
    "who owes": ("bounds", "throughout", "partly", "plain_slots", "plain", "owed"),
    "states": ("run0", "run1", "run", "stands", "held", "members", "done", "covered"),
    "triggers": ("events", "event_signal", "pairs", "moved", "ending", "answered"),
    "verdicts": ("verdict", "excused", "standing", "plain_met", "broken", "summary", "keep"),
}


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--folder", type=Path, default=Path("var/bench"), help="where the sets are kept (var/bench)")
    parser.add_argument("--seed", type=int, default=1, help="another world of the same size (default: 1)")
    parser.add_argument(
        "--distinct", type=int, default=0, help="make so many shards and evaluate them again for the rest"
    )
    parser.add_argument("--most", type=int, default=COUNTIES[-1] * 200, help="schools at the most (default: 500,000)")
    parser.add_argument("--picture", type=Path, default=PICTURE, help=f"where it is drawn ({PICTURE})")


def run(args: argparse.Namespace) -> int:
    """Measure every size and draw."""
    if not has("matplotlib"):
        print(f"The picture needs matplotlib: {ADVICE}", file=sys.stderr)
        return 1
    rows = [cost(counties, args) for counties in COUNTIES if counties * 200 <= args.most]
    draw(rows, args.picture)
    print(json.dumps(rows, indent=1) if args.json else "\n".join(map(str, rows)))
    return 0


def cost(counties: int, args: argparse.Namespace) -> dict[str, Any]:
    """Return what one size costs: seconds, MiB, bytes, and processor seconds by part."""
    size = replace(SIZES["nation"], counties=counties)
    blocks = shards(args.folder, size, skewed=False, seed=args.seed, distinct=args.distinct)
    runs = Runs("shipped")
    one_run(runs, [folder for folder, _ in blocks], None)
    if runs.why_not:
        raise SystemExit(runs.why_not)
    figures = runs.figures()
    taken = figures["parts"]
    named = {part: round(sum(taken.get(name, 0) for name in names), 3) for part, names in PARTS.items()}
    named["rest"] = round(sum(taken.values()) - sum(named.values()), 3)
    return {
        "schools": counties * 200, "facts": sum(known["facts"] for _, known in blocks), "wall": figures["wall"],
        "cpu": figures["cpu"], "peak_mib": figures["peak_mib"],
        "bytes": sum(sum(known["bytes"].values()) for _, known in blocks), "parts": named,
    }  # fmt: skip


def draw(rows: list[dict[str, Any]], path: Path) -> None:
    """Draw time, memory, bytes and where the time goes against the number of schools."""
    pyplot: Any = importlib.import_module("matplotlib.pyplot")
    pyplot.switch_backend("Agg")
    figure, axes = pyplot.subplots(2, 2, figsize=(11, 8), layout="constrained")
    schools = [row["schools"] for row in rows]
    for axis, title, values in (
        (axes[0][0], "Processor time, s", [r["cpu"] for r in rows]),
        (axes[0][1], "Peak memory, MiB (two processes from two shards on)", [r["peak_mib"] for r in rows]),
        (axes[1][0], "Files of the set, MB", [r["bytes"] / 1e6 for r in rows]),
    ):
        axis.plot(schools, values, marker="o")
        axis.set(title=title, xlabel="schools", xscale="log", yscale="log")
        axis.grid(visible=True, which="both", alpha=0.3)
    axes[0][1].set(yscale="linear", ylim=(0, None))
    bottom = [0.0] * len(rows)
    names = [f"{n:,}" for n in schools]
    for part in rows[0]["parts"]:
        shares = [100 * row["parts"][part] / sum(row["parts"].values()) for row in rows]
        axes[1][1].bar(names, shares, bottom=bottom, label=part)
        bottom = [a + b for a, b in zip(bottom, shares, strict=True)]
    axes[1][1].set(title="Where the processor time goes, %", xlabel="schools")
    axes[1][1].tick_params(axis="x", rotation=30)
    axes[1][1].legend(fontsize="small", loc="upper left", bbox_to_anchor=(1, 1))
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110, metadata={"Software": None})
