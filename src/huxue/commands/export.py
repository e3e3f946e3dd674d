"""``huxue export``: write what is needed to check the ledger elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path

from huxue.commands import dates
from huxue.commands.main import open_site
from huxue.ledger.exporting import CHECKER, export


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "export",
        help="write the sealed facts, the seals and a checker into a folder",
        epilog="example: huxue export for-the-auditor",
        allow_abbrev=False,
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a folder that is not there yet, or is empty")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> None:
    """Export, and say how it is checked."""
    open_site()
    folder = args.folder.absolute()
    count = export(folder)
    if args.json:
        dates.print_json({"folder": str(folder), "facts": count})
        return
    print(
        f"已导出 {count:,} 条已存证事实到 {args.folder}。核验：python3 {args.folder / CHECKER}"
        if args.lang == "zh"
        else f"{count:,} sealed facts were exported to {args.folder}. To check: python3 {args.folder / CHECKER}"
    )
