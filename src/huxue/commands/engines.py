"""``--engine`` and what goes with it: which engine runs the program."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from huxue.core.values import Refused
from huxue.standings.engines import spark

ENGINES: Final = ("duckdb", "spark")


def add_engine(parser: argparse.ArgumentParser) -> None:
    """Declare the engine of a command."""
    parser.add_argument("--engine", choices=ENGINES, default="duckdb", help="what runs the program (default: duckdb)")
    group = parser.add_argument_group("with --engine spark")
    group.add_argument("--master", help="spark://HOST:7077 (default: local[2], on this machine)")
    group.add_argument(
        "--shared",
        type=Path,
        metavar="DIR",
        help="folder that this machine and every worker see; the standings stay in it (default: spark in the site)",
    )
    group.add_argument("--memory", help="memory of the driver and of each executor (default: 1g)")


def cluster_of(args: argparse.Namespace, site: Path) -> spark.Cluster | None:
    """Return the cluster of a command line, none for DuckDB; what it cannot do is refused before anything is read."""
    if args.engine == "duckdb":
        if args.master or args.shared or args.memory:
            raise Refused(
                "wrong_engine",
                "--master、--shared、--memory 只用于 --engine spark。",
                "--master, --shared and --memory go with --engine spark only.",
            )
        return None
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
    return spark.Cluster(args.master or "local[2]", args.shared or site / "spark", args.memory or "1g")
