"""``huxue why ORGANISATION DUTY|score:TREE[/INDICATOR] [PERIOD]``: why a standing or a score is what it is."""

from __future__ import annotations

import argparse

from huxue.commands import dates
from huxue.commands.main import open_site
from huxue.core.duties.explain import Reason, explain
from huxue.core.scoring.reasons import explain as explain_score
from huxue.core.values import Refused
from huxue.standings.evidence import evidence
from huxue.standings.scores import assessed, scores_of_site
from huxue.standings.site import edition_for, history_of

SCORE = "score:"

EXAMPLE = """examples:
  huxue why C03 county.joint-inspection 2026-Q1
  huxue why C03 score:county-government
"""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "why",
        help="why a standing or a score is what it is",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("organisation", metavar="ORGANISATION")
    parser.add_argument("duty", metavar="DUTY", help="a duty, or score:TREE, or score:TREE/INDICATOR")
    parser.add_argument(
        "period", metavar="PERIOD", nargs="?", help="a period's key or the id of a trigger (default: all)"
    )
    parser.add_argument("--year", metavar="KEY", help="of a score: 2026, or 2025-2026 (default: the as-of day's)")
    dates.add_days(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> None:
    """Explain and print; refuses (``no_standing``) where there is nothing to explain."""
    open_site()
    as_of, known_at = dates.days(args)
    if args.duty.startswith(SCORE):
        _score(args, as_of, known_at)
        return
    if args.year:
        raise Refused(
            "year_of_a_duty", "--year 只用于得分；职责请写期间", "--year goes with a score; for a duty name the period"
        )
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
    _show(args, reasons)


def _score(args: argparse.Namespace, as_of: int, known_at: int) -> None:
    """Explain a score (``score:TREE``), or one part of it (``score:TREE/INDICATOR``)."""
    tree, _, part = args.duty.removeprefix(SCORE).partition("/")
    edition, day = (
        assessed(args.year, as_of=as_of, known_at=known_at)
        if args.year
        else (edition_for(as_of=as_of, known_at=known_at), as_of)
    )
    declared = edition.rulebook.scoring.get(tree)
    if declared is None or (part and declared.one(part) is None):
        said = f"{tree}/{part}" if part else tree
        raise Refused(
            "no_tree", f"制度中没有考核指标“{said}”", f"there is no tree or indicator '{said}' in the rulebook"
        )
    scored = scores_of_site(edition, as_of=as_of, known_at=known_at, day=day)
    found = scored.scores.get(tree, {}).get(args.organisation)
    if found is None:
        raise Refused(
            "no_score",
            f"{args.organisation} 在 {dates.said(as_of)} 不按“{tree}”考核",
            f"{args.organisation} is not scored by '{tree}' on {dates.said(as_of)}",
        )
    below = evidence(scored, tree, args.organisation)
    _show(args, [explain_score(scored.rulebook, tree, found, scored.gathered, part=part, evidence=below)])


def _show(args: argparse.Namespace, reasons: list[Reason]) -> None:
    if args.json:
        dates.print_json([r.as_json(args.lang) for r in reasons])
        return
    for reason in reasons:
        print("\n".join(reason.lines(args.lang)))
