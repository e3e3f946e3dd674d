"""``huxue mechanisms``: every mechanism of the mission, where it lives in the rulebook, and what it shows today."""

from __future__ import annotations

import argparse

from huxue.commands import dates
from huxue.commands.main import open_site
from huxue.core.values import Language, Refused
from huxue.standings.mechanisms import Board, Shown
from huxue.standings.scores import scores_of_site
from huxue.standings.site import edition_for

EXAMPLE = """examples:
  huxue mechanisms --as-of 2026-07-31
  huxue mechanisms M25 M112 --lang en
"""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "mechanisms",
        help="every mechanism of the mission, where it lives and what it shows",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("codes", metavar="CODE", nargs="*", help="M25, M112 … (default: all)")
    dates.add_days(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> None:
    """Evaluate and print; refuses (``no_mechanism``) a code that the rulebook does not have."""
    open_site()
    as_of, known_at = dates.days(args)
    edition = edition_for(as_of=as_of, known_at=known_at)
    unknown = [code for code in args.codes if code not in edition.rulebook.mechanisms]
    if unknown:
        names = ", ".join(unknown)
        raise Refused("no_mechanism", f"制度中没有机制 {names}", f"the rulebook has no mechanism {names}")
    board = Board(scores_of_site(edition, as_of=as_of, known_at=known_at))
    found = [one for one in board.shown() if not args.codes or one.code in args.codes]
    if args.json:
        dates.print_json([_as_json(one, args.lang) for one in found])
        return
    for one in found:
        print("\n".join(_lines(one, args.lang)))
    zh, en = f"共 {len(found)} 项机制", f"{len(found)} mechanisms"
    print(zh if args.lang == "zh" else en)


def _lines(one: Shown, language: Language) -> list[str]:
    places = "  ".join(f"{sort}: {', '.join(names)}" for sort, names in one.mechanism.places().items())
    how = [one.mechanism.how.say(language)] if one.mechanism.how else []
    shows = [line.say(language) for line in one.lines]
    head = f"{one.code} [{','.join(one.mechanism.sorts)}] {one.mechanism.title.say(language)}"
    return [head, *(f"    {line}" for line in (*how, places, *shows))]


def _as_json(one: Shown, language: Language) -> dict[str, object]:
    return {
        "code": one.code,
        "class": list(one.mechanism.sorts),
        "title": one.mechanism.title.say(language),
        "places": {sort: list(names) for sort, names in one.mechanism.places().items()},
        "shows": [line.say(language) for line in one.lines],
    }
