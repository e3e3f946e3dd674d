"""``huxue demo``: a fictional city's school year, from nothing to what a leader reads in two minutes."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from typing import Final

from django.conf import settings
from django.db import connection

from huxue.actions.demo import furnish, load_demo
from huxue.actions.demo_accounts import PASSWORD, Made
from huxue.actions.standings import keep
from huxue.commands import dates, serve
from huxue.commands.briefing import as_json, lines
from huxue.commands.main import make_site
from huxue.core.values import Language, Refused, Text, end_of_day
from huxue.demo import FULL, LARGE, SMALL, TODAY
from huxue.standings.evaluate import Evaluation
from huxue.standings.scores import scores_of_site
from huxue.standings.site import edition_for

WORKERS: Final = 2
_PASSWORD: Final = Text(zh="以上账号的密码都是 {password}。", en="All these accounts have the password {password}.")
MARK: Final = "demo.txt"  # the file that says that a site is a demonstration and may be made anew
EPILOG: Final = """examples:
  huxue demo
  huxue demo --small --lang en
  huxue demo --small --as-of 2026-03-31 --json
"""
_COMMANDS: Final = """
  python3 run.py standings --as-of {day} --organisation LZ04 --site {place}
  python3 run.py why LZ04 county.letters --as-of {day} --site {place}
  python3 run.py why LZ04 score:county-government --as-of {day} --site {place}
  python3 run.py ladder --measure circulate --as-of {day} --site {place}
  python3 run.py mechanisms --as-of {day} --site {place}
  python3 run.py rebuild --check --site {place}"""
_NEXT: Final = Text(
    zh=f"站点在 {{site}}。接下来可以试：{_COMMANDS}", en=f"The site is in {{site}}. What to try next:{_COMMANDS}"
)


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "demo", help="a fictional city's school year, judged in a minute", epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
    )  # fmt: skip
    sizes = parser.add_mutually_exclusive_group()
    sizes.add_argument("--small", action="store_true", help=f"{SMALL.schools} schools instead of {FULL.schools:,}")
    sizes.add_argument("--large", action="store_true", help=f"{LARGE.schools:,} schools: some minutes and 2 GB")
    parser.add_argument("--no-serve", action="store_true", help="only print the figures; serve no pages")
    serve.add_address(parser)
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another city (default: 1)")
    parser.add_argument("--as-of", metavar="DATE", help=f"the day it is about (default: {dates.said(TODAY)})")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> None:
    """Make the site anew, load the year, evaluate it and print."""
    as_of = dates.day(args.as_of) if args.as_of else TODAY
    serving = not (args.no_serve or args.json)
    if serving:
        serve.check_free(args.host, args.port)
    _clear()
    site = make_site()
    site.joinpath(MARK).write_text("a fictional city; made anew by every run of huxue demo\n", "ascii")
    start = time.perf_counter()
    load_demo(
        seed=args.seed,
        size=SMALL if args.small else LARGE if args.large else FULL,
        progress=_progress(args.lang),
        until=as_of,
    )
    accounts = furnish(as_of)
    edition = edition_for(as_of=as_of, known_at=as_of)
    scored = scores_of_site(edition, as_of=as_of, known_at=as_of)
    keep(edition, scored=scored, now=end_of_day(as_of))
    if args.json:
        dates.print_json({"seed": args.seed, "site": str(site), **as_json(scored)})
        return
    print("\n".join(lines(scored, args.lang)))
    _say_end(args, scored.evaluation, int(time.perf_counter() - start) + 1)
    scored.evaluation.con.close()
    if serving:
        _say_accounts(args, accounts)
        connection.close()
        _hand_over(args)


def _say_accounts(args: argparse.Namespace, accounts: Sequence[Made]) -> None:
    """Say who can be tried out; the server adds its address as the last line."""
    width = max(len(one.username) for one in accounts)
    print("\n".join(f"  {one.username:{width}}  {one.what.say(args.lang)}" for one in accounts))
    print(_PASSWORD.say(args.lang).format(password=PASSWORD), flush=True)


def _hand_over(args: argparse.Namespace) -> None:
    """Become ``huxue serve``: a server that knows the site as it is now, without the memory that making it took."""
    words = ["--site", str(settings.SITE), "--lang", args.lang, "serve"]
    address = ["--host", args.host, "--port", str(args.port), "--workers", str(WORKERS)]
    os.execv(sys.executable, [sys.executable, "-m", "huxue", *words, *address])  # noqa: S606 - no shell is wanted


def _clear() -> None:
    """Remove an earlier demonstration. Refuses ``not_demo`` where the site is anything else."""
    if connection.vendor != "sqlite":
        return  # loading refuses a database that holds records
    made = settings.SITE / "huxue.sqlite3"
    if made.exists() and not (settings.SITE / MARK).exists():
        raise Refused(
            "not_demo",
            f"{settings.SITE} 已有站点且不是演示站点，未作改动。请用 --site 另指定一个文件夹。",
            f"{settings.SITE} holds a site that is no demonstration; nothing was changed. Name another with --site.",
        )
    connection.close()
    for name in ("huxue.sqlite3", "huxue.sqlite3-wal", "huxue.sqlite3-shm"):
        (settings.SITE / name).unlink(missing_ok=True)


def _progress(language: Language) -> Callable[[int], None]:
    """Return what tells somebody at a terminal how far the loading is."""
    said = Text(zh="已写入 {:,} 条记录", en="{:,} facts written").say(language)

    def say(count: int) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{said.format(count)} ")
            sys.stderr.flush()

    return say


def _say_end(args: argparse.Namespace, evaluation: Evaluation, seconds: int) -> None:
    ((facts,),) = evaluation.con.execute("SELECT count(*) FROM fact").fetchall()
    owed = sum(evaluation.totals().values())
    zh = f"\n{facts:,} 条记录，{owed:,} 项应办事项，用时 {seconds} 秒。"
    en = f"\n{facts:,} facts, {owed:,} obligations, {seconds} seconds."
    print(zh if args.lang == "zh" else en)
    place, day = shlex.quote(str(args.site)), dates.said(evaluation.as_of)
    print(_NEXT.say(args.lang).format(site=args.site, place=place, day=day))
