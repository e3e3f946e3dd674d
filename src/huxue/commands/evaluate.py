"""``huxue evaluate``: the whole evaluation, and what it took."""

from __future__ import annotations

import argparse
import time
from typing import Final

from huxue.actions.standings import keep
from huxue.commands import dates, words
from huxue.commands.main import open_site
from huxue.core.values import end_of_day
from huxue.standings.kept import marked
from huxue.standings.scores import scores_of_site
from huxue.standings.site import edition_for, evaluate_site

EPILOG: Final = """examples:
  huxue evaluate --as-of 2026-06-30
  huxue evaluate --keep
"""


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
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> None:
    """Evaluate and print the totals."""
    open_site()
    as_of, known_at = dates.days(args)
    edition = edition_for(as_of=as_of, known_at=known_at)
    start = time.perf_counter()
    if args.keep:
        through = marked()
        scored = scores_of_site(edition, as_of=as_of, known_at=known_at)
        keep(edition, scored=scored, now=end_of_day(as_of), through=through)
        evaluation = scored.evaluation
    else:
        evaluation = evaluate_site(edition, as_of=as_of, known_at=known_at)
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
