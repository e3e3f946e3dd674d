"""``huxue why ORGANISATION DUTY [PERIOD]``: why a standing is what it is, down to facts and clause."""

from __future__ import annotations

import argparse

from huxue.commands import dates
from huxue.commands.main import open_site
from huxue.core.duties.explain import explain
from huxue.core.values import Refused
from huxue.standings.site import edition_for, history_of


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "why",
        help="why a standing is what it is",
        epilog="example: huxue why C03 county.joint-inspection 2026-Q1",
        allow_abbrev=False,
    )
    parser.add_argument("organisation", metavar="ORGANISATION")
    parser.add_argument("duty", metavar="DUTY")
    parser.add_argument(
        "period", metavar="PERIOD", nargs="?", help="a period's key or the id of a trigger (default: all)"
    )
    dates.add_days(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> None:
    """Explain and print; refuses (``no_standing``) where there is nothing to explain."""
    open_site()
    as_of, known_at = dates.days(args)
    edition = edition_for(as_of=as_of, known_at=known_at)
    history = history_of(edition, args.organisation, args.duty, as_of=as_of, known_at=known_at)
    reasons = explain(history, args.organisation, args.duty, args.period)
    if not reasons:
        raise Refused(
            "no_standing",
            f"{args.organisation} 在 {dates.said(as_of)} 没有职责“{args.duty}”的履职状态："
            "不承担、期间未开始或当时尚未启用",
            f"{args.organisation} has no standing for '{args.duty}' on {dates.said(as_of)}: "
            "it does not bear it, no window began, or it was not in use yet",
        )
    if args.json:
        dates.print_json([r.as_json(args.lang) for r in reasons])
        return
    for reason in reasons:
        print("\n".join(reason.lines(args.lang)))
