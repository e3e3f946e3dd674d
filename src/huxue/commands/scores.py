"""``huxue scores [TREE|ORGANISATION]``: the year's assessment of organisations, never of persons."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from huxue.commands import dates
from huxue.commands.main import open_site
from huxue.core.rulebook.edition import to_json, unconfirmed
from huxue.core.scoring import sensitivity
from huxue.core.scoring.canonical import canonical
from huxue.core.scoring.score import Score
from huxue.core.values import Language, Refused
from huxue.ledger.editions import identity
from huxue.standings.scores import Scored, assessed, scores_of_site
from huxue.standings.site import edition_for

EXAMPLE = """examples:
  huxue scores                                     every tree: how many organisations, from most points to fewest
  huxue scores county-government --as-of 2026-11-23 --order points
  huxue scores C03 --year 2025 --known-at 2026-02-28
  huxue scores county-government --sensitivity     what would change the order
  huxue scores --as-of 2026-06-30 --known-at 2026-06-30 --canonical scores.json
"""
_SHOWN = 200  # organisations of one tree that are printed; --json has all


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "scores",
        help="the assessment of a year",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("what", metavar="TREE|ORGANISATION", nargs="?", help="one tree, or one organisation")
    parser.add_argument("--year", metavar="KEY", help="2026, or 2025-2026 for a school year (default: the as-of day's)")
    parser.add_argument(
        "--order", choices=["code", "points"], default="code", help="order of the organisations (default: code)"
    )
    dates.add_days(parser)
    parser.add_argument("--sensitivity", action="store_true", help="what would change the order")
    parser.add_argument("--canonical", metavar="FILE", help="write the canonical file (- prints it)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> None:
    """Evaluate, score, print."""
    open_site()
    as_of, known_at = dates.days(args)
    edition, day = (
        assessed(args.year, as_of=as_of, known_at=known_at)
        if args.year
        else (edition_for(as_of=as_of, known_at=known_at), as_of)
    )
    if not edition.rulebook.scoring:
        raise Refused("no_trees", "制度中没有考核表", "the rulebook has no indicator tree")
    scored = scores_of_site(edition, as_of=as_of, known_at=known_at, day=day)
    chosen = _chosen(args, scored)
    if args.canonical:
        _write(args, scored)
    elif args.json:
        dates.print_json(_as_json(args, scored, chosen))
    else:
        for line in _lines(args, scored, chosen):
            print(line)


def _chosen(args: argparse.Namespace, scored: Scored) -> dict[str, dict[str, Score]]:
    if args.what is None:
        return scored.scores
    if args.what in scored.scores:
        return {args.what: scored.scores[args.what]}
    found = {tree: {args.what: of[args.what]} for tree, of in scored.scores.items() if args.what in of}
    if not found:
        raise Refused(
            "no_score",
            f"“{args.what}”既不是考核表，也不是参加考核的单位",
            f"'{args.what}' is neither an indicator tree nor an organisation that is scored",
        )
    return found


def _write(args: argparse.Namespace, scored: Scored) -> None:
    written = canonical(
        scored.scores,
        scored.gathered,
        scored.rulebook,
        edition=scored.edition.hash,
        content=identity(to_json(scored.edition)),
        as_of=scored.evaluation.as_of,
        known_at=scored.evaluation.known_at,
    )
    if args.canonical == "-":
        print(written.decode(), end="")
        return
    try:
        Path(args.canonical).write_bytes(written)
    except OSError as problem:
        said = problem.strerror or str(problem)
        raise Refused(
            "file", f"无法写入 {args.canonical}：{said}", f"{args.canonical} cannot be written: {said}"
        ) from problem
    print(args.canonical)


def _sorted(found: dict[str, Score], order: str) -> list[Score]:
    return sensitivity.ordered(found) if order == "points" else [found[org] for org in sorted(found)]


# --- JSON ------------------------------------------------------------------------------------------------------------


def _as_json(args: argparse.Namespace, scored: Scored, chosen: dict[str, dict[str, Score]]) -> dict[str, Any]:
    return {
        "as_of": dates.said(scored.evaluation.as_of),
        "known_at": dates.said(scored.evaluation.known_at),
        "edition": scored.edition.hash,
        "trees": {
            tree: _tree_json(args, scored, tree, of) for tree, of in chosen.items() if tree in scored.gathered.periods
        },
    }


def _tree_json(args: argparse.Namespace, scored: Scored, tree: str, of: dict[str, Score]) -> dict[str, Any]:
    span = scored.gathered.periods[tree]
    made: dict[str, Any] = {
        "period": span.key,
        "tree_of": dates.said(span.snap),
        "scores": [_score_json(score) for score in _sorted(of, args.order)],
    }
    if args.sensitivity:
        made["sensitivity"] = sensitivity.as_json(_sensitivity(scored, tree))
    return made


def _score_json(score: Score) -> dict[str, Any]:
    parts = score.parts.values()
    return {
        "organisation": score.organisation,
        "hundredths": score.total,
        "grade": score.grade or None,
        "exact": None if score.exact is None else str(score.exact),
        "indicators": {p.code: None if p.value is None else [str(p.points), str(p.worth)] for p in parts},
        "bonus": {a.code: a.points for a in score.bonus},
        "deductions": {a.code: a.points for a in score.deductions},
        "vetoes": [a.code for a in score.vetoes],
    }


# --- lines -----------------------------------------------------------------------------------------------------------


def _lines(args: argparse.Namespace, scored: Scored, chosen: dict[str, dict[str, Score]]) -> Iterator[str]:
    zh = args.lang == "zh"
    days = dates.said(scored.evaluation.as_of), dates.said(scored.evaluation.known_at)
    yield "截至 {}，按 {} 已知".format(*days) if zh else "as of {}, as known on {}".format(*days)
    for tree, of in chosen.items():
        if tree in scored.gathered.periods:
            yield from _tree_lines(args, scored, tree, of)
    open_ = [name for tree in chosen for name in scored.rulebook.scoring[tree].parameters if name in _unsure(scored)]
    if open_:
        names = ", ".join(dict.fromkeys(open_))
        yield f"待确认的参数：{names}" if zh else f"parameters nobody has confirmed: {names}"


def _unsure(scored: Scored) -> set[str]:
    parameters = scored.edition.rulebook.parameters
    return set(unconfirmed(scored.edition)) | {name for name, one in parameters.items() if not one.confirmed}


def _tree_lines(args: argparse.Namespace, scored: Scored, tree: str, of: dict[str, Score]) -> Iterator[str]:
    zh, title, span = args.lang == "zh", scored.rulebook.scoring[tree].title, scored.gathered.periods[tree]
    snap = dates.said(span.snap)
    yield ""
    yield (
        f"{tree}  {title.zh}  {span.key}，单位树为 {snap}" if zh else f"{tree}  {title.en}  {span.key}, tree of {snap}"
    )
    rows = _sorted(of, args.order)
    for score in rows[:_SHOWN]:
        yield _row(scored, tree, score, args.lang)
    if len(rows) > _SHOWN:
        more = len(rows) - _SHOWN
        yield f"  另有 {more} 个（--json 列出全部）" if zh else f"  and {more} more (--json lists all)"
    if not rows:
        yield "  没有参加考核的单位" if zh else "  no organisation is scored"
    if args.sensitivity:
        yield from _firmness(_sensitivity(scored, tree), zh=zh)


def _row(scored: Scored, tree: str, score: Score, language: Language) -> str:
    declared = scored.rulebook.scoring[tree]
    grade = next((band.title.say(language) for band in declared.grades if band.code == score.grade), "")
    none = "无可计分" if language == "zh" else "nothing to score"
    parts = " ".join(_share(score, node.code) for node in declared.indicators)
    return f"  {score.organisation}  {sensitivity.points(score.total) or none}  {grade}  {parts}".rstrip()


def _share(score: Score, code: str) -> str:
    part = score.parts[code]
    if part.value is None:
        return f"{code}=–"
    given, worth = (int(value * 100) for value in (part.points, part.worth))
    return f"{code}={sensitivity.points(given)}/{sensitivity.points(worth)}"


def _sensitivity(scored: Scored, tree: str) -> sensitivity.Sensitivity:
    return sensitivity.sensitivity(tree, scored.rulebook.scoring[tree], scored.scores[tree], scored.gathered)


def _firmness(found: sensitivity.Sensitivity, *, zh: bool) -> Iterator[str]:
    if found.robust:
        yield "  名次稳定：权重增减十分之一都不变" if zh else "  the order is robust: a tenth of no weight changes it"
    else:
        yield (
            "  名次不稳定，不宜据此区分先后："
            if zh
            else "  the order is not robust; do not tell neighbours apart by it:"
        )
    for turn in found.turns:
        yield _turn(turn, zh=zh)
    for moved in _with_moves(found.moved):
        orgs = ", ".join(f"{o} {a}→{b}" for o, (a, b) in list(moved.places.items())[:10])
        sign = "+10%" if moved.more else "-10%"
        yield f"    权重 {moved.indicator} {sign}：{orgs}" if zh else f"    weight of {moved.indicator} {sign}: {orgs}"


def _with_moves(moved: Iterable[sensitivity.Moved]) -> list[sensitivity.Moved]:
    return [one for one in moved if one.places]


def _turn(turn: sensitivity.Turn, *, zh: bool) -> str:
    gap = sensitivity.points(turn.gap)
    head = f"    {turn.upper} > {turn.lower}  {gap}"
    if turn.gap == 0:
        return f"    {turn.upper} = {turn.lower}"
    if not turn.indicator:
        return f"{head}  {'单项指标不能扭转' if zh else 'no single indicator would turn it'}"
    if not turn.obligations:
        return f"{head}  {turn.indicator}"
    return f"{head}  {turn.indicator}{f'：{turn.obligations} 项' if zh else f', obligations: {turn.obligations}'}"
