"""``huxue proof``: prove to somebody without the ledger that a fact is sealed, or that one seal grew out of another."""

from __future__ import annotations

import argparse

from huxue.commands import dates
from huxue.commands.main import open_site
from huxue.core.values import Refused
from huxue.ledger.proving import prove_fact, prove_growth

EPILOG = """examples:
  huxue proof 019a7c2f4e5b7d0a8f3e6c1b2d4a5968
  huxue proof --between 12 40
"""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "proof", help="prove that a fact is sealed, or that one seal grew out of another", epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
    )  # fmt: skip
    parser.add_argument("fact", nargs="?", metavar="FACT", help="id of a fact")
    parser.add_argument("--between", nargs=2, type=int, metavar=("N", "M"), help="numbers of two seals")


def run(args: argparse.Namespace) -> None:
    """Print the proof as JSON; the checker of an export reads it."""
    open_site()
    if (args.fact is None) == (args.between is None):
        raise Refused(
            "one_proof", "请给出一条事实的编号，或用 --between 给出两个存证号。",
            "Name one fact, or two seals with --between.",
        )  # fmt: skip
    dates.print_json(prove_fact(args.fact) if args.fact is not None else prove_growth(*args.between))
