"""``huxue init``: make a site and activate a rulebook on it."""

from __future__ import annotations

import argparse

from huxue.actions import rulebooks
from huxue.commands import dates
from huxue.commands.main import make_site
from huxue.rulebooks import shipped


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "init",
        help="make a site and activate a rulebook on it",
        epilog="example: huxue init --rulebook city",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--rulebook", required=True, metavar="NAME", help=f"a folder, or one of: {', '.join(shipped())}"
    )
    parser.add_argument(
        "--families", metavar="A,B", help="families of duties to switch on (default: the rulebook's own choice)"
    )
    parser.add_argument(
        "--valid-from", metavar="DATE", help="first day the duties count from (default: the rulebook's)"
    )


def run(args: argparse.Namespace) -> None:
    """Make the site; activating the same edition again is refused."""
    site = make_site()
    families = args.families.split(",") if args.families else None
    first = dates.day(args.valid_from) if args.valid_from else None
    made = rulebooks.activate(args.rulebook, families=families, valid_from=first, now=dates.now())
    title, on = made.rulebook.title.say(args.lang), len(made.families_on)
    if args.lang == "zh":
        print(
            f"站点 {site} 已就绪。"
            f"制度：{title}（{made.hash[:12]}），启用职责族 {on} 个，自 {dates.said(made.valid_from)} 起。"
        )
    else:
        print(
            f"The site {site} is ready. "
            f"Rulebook: {title} ({made.hash[:12]}), {on} families switched on, from {dates.said(made.valid_from)}."
        )
