"""``huxue evaluate``: the whole evaluation, and what it took."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Final

from huxue.actions.standings import keep
from huxue.commands import dates, words
from huxue.commands.main import open_site
from huxue.core.values import Refused, end_of_day
from huxue.standings.engines import duckdb, spark
from huxue.standings.evaluate import Run
from huxue.standings.kept import marked
from huxue.standings.scores import scores_of_site
from huxue.standings.site import edition_for, evaluate_site

EPILOG: Final = """examples:
  huxue evaluate --as-of 2026-06-30
  huxue evaluate --keep
  huxue evaluate --engine spark --master spark://10.0.0.5:7077 --shared /mnt/huxue
"""
ENGINES: Final = ("duckdb", "spark")


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "evaluate",
        help="evaluate every duty of every organisation",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    dates.add_days(parser)
    parser.add_argument("--keep", action="store_true", help="keep the standings for the pages")
    parser.add_argument("--engine", choices=ENGINES, default="duckdb", help="what runs the program (default: duckdb)")
    spark = parser.add_argument_group("with --engine spark")
    spark.add_argument("--master", help="spark://HOST:7077 (default: local[2], on this machine)")
    spark.add_argument(
        "--shared",
        type=Path,
        metavar="DIR",
        help="folder that this machine and every worker see; the standings stay in it (default: spark in the site)",
    )
    spark.add_argument("--memory", help="memory of the driver and of each executor (default: 1g)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> None:
    """Evaluate and print the totals."""
    engine = _engine(args, open_site())
    as_of, known_at = dates.days(args)
    edition = edition_for(as_of=as_of, known_at=known_at)
    start = time.perf_counter()
    if args.keep:
        through = marked()
        scored = scores_of_site(edition, as_of=as_of, known_at=known_at)
        keep(edition, scored=scored, now=end_of_day(as_of), through=through)
        evaluation = scored.evaluation
    else:
        evaluation = evaluate_site(edition, as_of=as_of, known_at=known_at, run=engine)
    totals, spent = evaluation.totals(), int((time.perf_counter() - start) * 1000)
    if args.json:
        dates.print_json(
            {
                "as_of": dates.said(as_of),
                "known_at": dates.said(known_at),
                "edition": edition.hash,
                "totals": totals,
                "milliseconds": spent,
            }
        )
        return
    print(f"{dates.said(as_of)}  {words.counts(totals, args.lang)}  ({spent} ms)")


def _engine(args: argparse.Namespace, site: Path) -> Run:
    """Return the engine of a command line; what it cannot do is refused before anything is read."""
    if args.engine == "duckdb":
        if args.master or args.shared or args.memory:
            raise Refused(
                "wrong_engine",
                "--master、--shared、--memory 只用于 --engine spark。",
                "--master, --shared and --memory go with --engine spark only.",
            )
        return duckdb.run
    if args.keep:
        raise Refused(
            "wrong_engine",
            "--keep 在本机计算并保存，不能与 --engine spark 同用；Spark 的结果保存在 --shared 文件夹中。",
            "--keep evaluates on this machine and does not go with --engine spark; "
            "what Spark worked out stays in the folder --shared.",
        )
    lacking = spark.missing()
    if lacking:
        raise lacking
    return spark.Cluster(args.master or "local[2]", args.shared or site / "spark", args.memory or "1g").run
