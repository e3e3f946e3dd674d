"""``huxue init``: make a site, and activate a rulebook on it unless that is done on its pages."""

from __future__ import annotations

import argparse
from pathlib import Path

from huxue.actions import rulebooks
from huxue.commands import dates
from huxue.commands.main import make_site
from huxue.core.values import Refused
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
        "--rulebook",
        metavar="NAME",
        help=f"a folder, or one of: {', '.join(shipped())}; without it the site is empty, and is set up on its pages",
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
    if args.rulebook is None:
        _empty(site, args)
        return
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


def _empty(site: Path, args: argparse.Namespace) -> None:
    """Say how an empty site is set up: by its first administrator, on its pages."""
    if args.families or args.valid_from:
        raise Refused(
            "no_rulebook",
            "--families 和 --valid-from 要与 --rulebook 一起用。",
            "--families and --valid-from go with --rulebook.",
        )
    if args.lang == "zh":
        print(f"空站点 {site} 已就绪。接下来：")
        print("  huxue account add sysadmin --administers system    开通系统管理员，记下一次性密码")
        print("  huxue serve                                        登录后到“启用”选制度、导入单位和人员")
    else:
        print(f"The empty site {site} is ready. Next:")
        print("  huxue account add sysadmin --administers system    opens the first administrator's account")
        print("  huxue serve                                        sign in and set it up: rulebook, tree, people")
