"""``huxue standings``: how every obligation stands, and the roll-ups."""

from __future__ import annotations

import argparse
from typing import Any

from huxue.commands import dates, words
from huxue.commands.main import open_site
from huxue.core.duties.standing import Standing
from huxue.core.rulebook.edition import Edition
from huxue.core.values import Language, Refused
from huxue.ledger import reading
from huxue.standings.evaluate import Evaluation
from huxue.standings.rollups import Rollup, Rollups, per_mille, tree_on
from huxue.standings.site import edition_for, evaluate_site

EXAMPLE = """examples:
  huxue standings --as-of 2026-06-30
  huxue standings --organisation C03 --as-of 2026-06-30 --json
  huxue standings --duty county.joint-inspection --period 2026-Q1
  huxue standings --as-of 2026-03-31 --tree 2026-11-23     the same figures for another day's tree
"""
_RATES = {
    "done": ("办结率", "done"),
    "on_time": ("按时率", "on time"),
    "verified": ("核实率", "verified"),
    "still_true": ("仍属实率", "still true"),
}
_SHOWN = 200  # open obligations listed for one duty or period
_TERRITORY = "SELECT c.code FROM tree t JOIN org c ON c.o = t.o JOIN org a ON a.o = t.above WHERE a.code = ?"


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "standings",
        help="how every obligation stands",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--organisation", metavar="CODE", help="this organisation and its territory")
    parser.add_argument("--duty", metavar="CODE")
    parser.add_argument(
        "--period", metavar="KEY", help="2026, 2026-H1, 2026-Q1, 2026-03, 2025-2026-1 … or the id of a trigger"
    )
    parser.add_argument("--tree", metavar="DATE", help="roll up by the tree of this day instead of the as-of day's")
    dates.add_days(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object with every row")


def run(args: argparse.Namespace) -> None:
    """Evaluate, filter, print."""
    open_site()
    as_of, known_at = dates.days(args)
    edition = edition_for(as_of=as_of, known_at=known_at)
    facts = reading.columns()
    evaluation = evaluate_site(edition, as_of=as_of, known_at=known_at, facts=facts)
    tree_day = dates.day(args.tree) if args.tree else as_of
    tree = tree_on(facts, tree_day, known_at) if args.tree else None
    rollups = Rollups(evaluation, tree, period=args.period or "")
    rows = _rows(args, edition, evaluation)
    if args.json:
        dates.print_json(_as_json(args, edition, evaluation, rollups, rows, tree_day))
    else:
        _print(args, edition, evaluation, rollups, rows, tree_day)


def _rows(args: argparse.Namespace, edition: Edition, evaluation: Evaluation) -> list[Standing]:
    conditions, values = [], []
    if args.organisation:
        known = evaluation.con.execute("SELECT count(*) FROM org WHERE code = ?", [args.organisation]).fetchall()
        if known == [(0,)]:
            raise Refused(
                "unknown_organisation",
                f"没有编码为“{args.organisation}”的单位",
                f"there is no organisation with the code '{args.organisation}'",
            )
        conditions.append(f"organisation IN ({_TERRITORY})")
        values.append(args.organisation)
    if args.duty:
        if args.duty not in edition.rulebook.duties:
            raise Refused(
                "unknown_duty", f"制度中没有职责“{args.duty}”", f"there is no duty '{args.duty}' in the rulebook"
            )
        conditions.append("duty = ?")
        values.append(args.duty)
    if args.period:
        conditions.append("period = ?")
        values.append(args.period)
    return evaluation.standings(f"WHERE {' AND '.join(conditions)}" if conditions else "", list(values))


def _as_json(
    args: argparse.Namespace,
    edition: Edition,
    evaluation: Evaluation,
    rollups: Rollups,
    rows: list[Standing],
    tree_day: int,
) -> dict[str, Any]:
    return {
        "as_of": dates.said(evaluation.as_of),
        "known_at": dates.said(evaluation.known_at),
        "edition": edition.hash,
        "tree_of": dates.said(tree_day),
        "totals": _totals(rows),
        "rows": [
            {
                "organisation": s.organisation,
                "duty": s.duty,
                "period": s.period,
                "status": s.status,
                "on_time": s.on_time,
                "verified": s.verified,
                "have": s.have,
                "need": s.need,
                "due": dates.due(s.due),
                "provisional": s.provisional,
            }
            for s in rows
        ],
        "rollups": [_rollup(r) for r in _chosen(args, rollups)],
    }


def _chosen(args: argparse.Namespace, rollups: Rollups) -> list[Rollup]:
    """Territories, or with ``--duty`` the duty's figures in each; with ``--organisation`` that one's alone."""
    found = rollups.territories(by_duty=bool(args.duty))
    return [r for r in found if r.duty in ("", args.duty) and args.organisation in (None, r.organisation)]


def _totals(rows: list[Standing]) -> dict[str, int]:
    totals = dict.fromkeys(words.STATUS, 0)
    for s in rows:
        totals[s.status] += 1
    return totals


def _rollup(r: Rollup) -> dict[str, Any]:
    made: dict[str, Any] = {"organisation": r.organisation, "duty": r.duty or None}
    made |= {status: getattr(r, status) for status in words.STATUS}
    for name, rate in r.rates().items():
        made[name] = {"n": rate[0], "of": rate[1], "per_mille": per_mille(rate)} if rate else None
    return made


def _percent(rate: tuple[int, int] | None, language: Language) -> str:
    value = per_mille(rate)
    return ("无" if language == "zh" else "none") if value is None else f"{value // 10}.{value % 10}%"


def _print(
    args: argparse.Namespace,
    edition: Edition,
    evaluation: Evaluation,
    rollups: Rollups,
    rows: list[Standing],
    tree_day: int,
) -> None:
    zh = args.lang == "zh"
    days = dates.said(evaluation.as_of), dates.said(evaluation.known_at), dates.said(tree_day)
    print(
        "截至 {}，按 {} 已知，单位树为 {}".format(*days) if zh else "as of {}, as known on {}, tree of {}".format(*days)
    )
    print(words.counts(_totals(rows), args.lang))
    _print_rates(args, rollups)
    _print_duties(args, edition, rollups)
    if args.duty or args.period:
        _print_open(rows, args.lang)


def _share(name: str, rate: tuple[int, int] | None, language: Language) -> str:
    zh, en = _RATES[name]
    return f"{zh if language == 'zh' else en} {_percent(rate, language)}"


def _scope(args: argparse.Namespace, rollups: Rollups) -> Rollup | None:
    """The roll-up of just what was asked for."""
    if args.organisation:
        found = rollups.territories(by_duty=bool(args.duty))
    else:
        found = rollups.duties() if args.duty else [rollups.total()]
    wanted = (args.organisation or "", args.duty or "")
    return next((r for r in found if (r.organisation, r.duty) == wanted), None)


def _print_rates(args: argparse.Namespace, rollups: Rollups) -> None:
    scope = _scope(args, rollups)
    if scope:
        print(" · ".join(_share(name, rate, args.lang) for name, rate in scope.rates().items()))


def _print_duties(args: argparse.Namespace, edition: Edition, rollups: Rollups) -> None:
    for r in rollups.territories(by_duty=True) if args.organisation else rollups.duties():
        if args.duty not in (None, r.duty) or args.organisation not in (None, r.organisation):
            continue
        title = edition.rulebook.duties[r.duty].title.say(args.lang)
        counts = " ".join(f"{words.status(s, args.lang)} {getattr(r, s)}" for s in words.STATUS if getattr(r, s))
        print(f"  {r.duty}  {title}  {_share('done', r.rates()['done'], args.lang)}  {counts}")


def _print_open(rows: list[Standing], language: Language) -> None:
    for s in [s for s in rows if s.status in ("overdue", "missed")][:_SHOWN]:
        print(
            f"    {s.organisation}  {s.duty}  {s.period}  {words.status(s.status, language)}"
            f"  {s.have}/{s.need}  {dates.due(s.due) or ''}"
        )
