"""``huxue evaluate``: the whole evaluation, and what it took."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from huxue.actions.standings import keep
from huxue.commands import dates, words
from huxue.commands.engines import add_engine, cluster_of
from huxue.commands.main import open_site
from huxue.core.rulebook.edition import Edition
from huxue.core.values import MINUTES_A_DAY, Language, Refused, Text, end_of_day
from huxue.standings.engines import duckdb
from huxue.standings.engines.spark import Cluster
from huxue.standings.kept import marked
from huxue.standings.scores import scores_of_site
from huxue.standings.sets.serve import Today, Way, evaluate_today, sums_today
from huxue.standings.site import edition_for, evaluate_site

EPILOG: Final = """examples:
  huxue evaluate --as-of 2026-06-30
  huxue evaluate --keep
  huxue evaluate --rebuild-set
  huxue evaluate --engine spark --master spark://10.0.0.5:7077 --shared /mnt/huxue
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
    parser.add_argument("--rebuild-set", action="store_true", help="make the kept set of today anew, then evaluate")
    parser.add_argument("--processes", type=int, default=1, metavar="N", help="evaluate N shards of the set at a time")
    add_engine(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


@dataclass(frozen=True, slots=True)
class _Done:
    totals: dict[str, int]
    way: Way
    why: Refused | None = None


def run(args: argparse.Namespace) -> None:
    """Evaluate and print the totals."""
    cluster = cluster_of(args, open_site())
    as_of, known_at = dates.days(args)
    edition = edition_for(as_of=as_of, known_at=known_at)
    if args.rebuild_set and not _is_today(as_of, known_at):
        raise Refused(
            "set_of_today",
            "评估数据集只能按今天建立，请不要指定日期。",
            "a set is made of today only: leave the dates out",
        )
    start = time.perf_counter()
    done = _kept(args, edition, as_of, known_at) if args.keep else _evaluated(args, edition, as_of, known_at, cluster)
    spent = int((time.perf_counter() - start) * 1000)
    if args.json:
        dates.print_json(
            {
                "as_of": dates.said(as_of),
                "known_at": dates.said(known_at),
                "edition": edition.hash,
                "totals": done.totals,
                "milliseconds": spent,
                "way": done.way,
                "why": done.why.code if done.why else None,
            }
        )
        return
    print(f"{dates.said(as_of)}  {words.counts(done.totals, args.lang)}  ({spent} ms)")
    for line in _how(done, args.lang):
        print(line)


def _kept(args: argparse.Namespace, edition: Edition, as_of: int, known_at: int) -> _Done:
    through = marked()
    found = _through_set(args, edition, as_of) if _is_today(as_of, known_at) else None
    scored = scores_of_site(
        edition, as_of=as_of, known_at=known_at, evaluation=found.evaluation if found is not None else None
    )
    keep(edition, scored=scored, now=end_of_day(as_of), through=through)
    totals = scored.evaluation.totals()
    return _Done(totals, found.way, found.why) if found is not None else _Done(totals, "facts")


def _through_set(args: argparse.Namespace, edition: Edition, as_of: int) -> Today:
    return evaluate_today(settings.SITE, edition, today=as_of, anew=args.rebuild_set)


def _evaluated(args: argparse.Namespace, edition: Edition, as_of: int, known_at: int, cluster: Cluster | None) -> _Done:
    if not _is_today(as_of, known_at):
        run = cluster.run if cluster else duckdb.run
        return _Done(evaluate_site(edition, as_of=as_of, known_at=known_at, run=run).totals(), "facts")
    found = sums_today(
        settings.SITE, edition, today=as_of, anew=args.rebuild_set, processes=args.processes, cluster=cluster
    )
    return _Done(found.sums.totals, found.way, found.why)


def _is_today(as_of: int, known_at: int) -> bool:
    return as_of == known_at == dates.now() // MINUTES_A_DAY


def _how(done: _Done, language: Language) -> Iterator[str]:
    """Say which way it went, where that is not the usual one."""
    if done.why is not None:
        yield Text(zh=f"评估数据集：{done.why.zh}", en=f"the set: {done.why.en}").say(language)
    if done.way in _WAYS:
        yield _WAYS[done.way].say(language)


_WAYS: Final = {
    "made": Text(zh="已重新建立评估数据集", en="the set was made anew"),
    "folded": Text(zh="已并入新的事实", en="new facts were folded into the set"),
}
