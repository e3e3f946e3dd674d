"""``huxue rebuild``: work every projection out again from the facts."""

from __future__ import annotations

import argparse

from huxue.commands import dates
from huxue.commands.main import PROBLEMS, open_site
from huxue.core.values import Refused
from huxue.ledger import rebuilding, verifying
from huxue.standings.site import edition_for


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "rebuild",
        help="work every projection out again from the facts",
        epilog="example: huxue rebuild --check",
        allow_abbrev=False,
    )
    parser.add_argument("--check", action="store_true", help="only compare: nothing is changed")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Check the facts' own content, compare the projections, and repair them unless ``--check``."""
    open_site()
    today = dates.now() // 1440
    try:
        kinds = edition_for(as_of=today, known_at=today).rulebook.kinds
    except Refused:
        kinds = {}
    changed = list(verifying.verify_content())
    differences = rebuilding.rebuild(kinds, check=args.check)
    if args.json:
        dates.print_json(
            {
                "changed_facts": [str(c) for c in changed],
                "differences": [
                    {"table": d.table, "sort": d.sort, "row": [str(v) for v in d.row]} for d in differences
                ],
                "repaired": bool(differences) and not args.check,
            }
        )
    else:
        for fact in changed:
            print(
                f"事实内容与指纹不符：{fact}"
                if args.lang == "zh"
                else f"a fact's content does not have its hash: {fact}"
            )
        for d in differences[:100]:
            print(f"{d.table} {d.sort} {d.row}")
        zh = f"不一致 {len(differences)} 行" + ("，已修复" if differences and not args.check else "")
        en = f"{len(differences)} rows differ" + (", repaired" if differences and not args.check else "")
        print(zh if args.lang == "zh" else en)
    return PROBLEMS if changed or (differences and args.check) else 0
