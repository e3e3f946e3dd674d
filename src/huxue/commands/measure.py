"""``huxue measure issue|dismiss|postpone PROPOSAL``: a named office holder decides what ``huxue ladder`` proposes."""

from __future__ import annotations

import argparse
from typing import Any

from huxue.actions import ladder
from huxue.commands import dates
from huxue.commands.main import open_site
from huxue.core.values import end_of_day
from huxue.ledger.drafts import Receipt

EXAMPLE = """examples:
  huxue measure issue governments.supervise.county.joint-inspection@LZ --post LZ/deputy --person p1 --number 2026-7
  huxue measure dismiss governments.supervise.county.joint-inspection@LZ --post LZ/deputy --reason "flood relief"
  huxue measure postpone governments.circulate.county.letters@LZ --post LZ/deputy --until 2026-07-20 --reason "handover"
"""
_VERBS = {
    "issue": ("take the measure", "已决定采取", "issued"),
    "dismiss": ("decide that it is not taken", "已决定不采取", "dismissed"),
    "postpone": ("put it off until a day", "已暂缓", "put off"),
}


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "measure",
        help="decide a measure that the ladder proposes",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, (what, _, _) in _VERBS.items():
        example = next(line.strip() for line in EXAMPLE.splitlines() if f" {name} " in line)
        verb = verbs.add_parser(name, help=what, epilog=f"example: {example}", allow_abbrev=False,
                                formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
        verb.add_argument("proposal", metavar="PROPOSAL", help="its code, as huxue ladder prints it")
        verb.add_argument("--post", required=True, help="the post acted in: ORGANISATION/POST")
        verb.add_argument("--person", default="", help="who holds the post")
        verb.add_argument("--only", nargs="+", default=[], metavar="ORG", help="some of its addressees")
        verb.add_argument("--reason", default="", required=name != "issue", help="why")
        verb.add_argument("--as-of", metavar="DATE", help="the day it was decided (default: now)")
        verb.add_argument("--json", action="store_true", help="print the receipts as JSON")
        if name == "issue":
            verb.add_argument("--number", default="", help="number of the document")
        if name == "postpone":
            verb.add_argument("--until", required=True, metavar="DATE", help="not proposed before this day")


def run(args: argparse.Namespace) -> None:
    """Decide, and print what was written."""
    open_site()
    receipts = _take(args)
    if args.json:
        dates.print_json([{"id": one.id, "item": one.item, "hash": one.hash, "marks": one.marks} for one in receipts])
        return
    _, zh, en = _VERBS[args.verb]
    names = " ".join(one.id for one in receipts)
    print(f"{zh}：{args.proposal}，记录 {names}" if args.lang == "zh" else f"{en}: {args.proposal}, fact {names}")


def _take(args: argparse.Namespace) -> list[Receipt]:
    now = dates.now()
    common: dict[str, Any] = {
        "now": now,
        "by": ladder.By(args.post, args.person),
        "proposal": args.proposal,
        "only": args.only,
        "at": min(now, end_of_day(dates.day(args.as_of))) if args.as_of else None,
        "reason": args.reason,
    }
    if args.verb == "issue":
        return ladder.issue(**common, number=args.number)
    if args.verb == "dismiss":
        return ladder.dismiss(**common)
    return ladder.postpone(**common, until=dates.day(args.until))
