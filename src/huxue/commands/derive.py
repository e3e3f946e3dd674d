"""``huxue derive``: let the rules make their records of the facts there are."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from huxue.actions.derivations import Outcome, derive
from huxue.commands import dates
from huxue.commands.main import PROBLEMS, open_site
from huxue.core.values import Language


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "derive",
        help="write what follows from the facts by rule: recurrence, distance, clusters, online rate",
        epilog="example: huxue derive --only distance --dry-run",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--as-of", metavar="DATE", help="with what had happened by the end of this day (default: today)"
    )
    parser.add_argument(
        "--only", action="append", default=[], metavar="RULE", help="a derivation or a rule; may be given several times"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be written, write nothing")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Derive and say what was written; what could not be read is listed and makes the exit code 1."""
    open_site()
    now = dates.now()
    as_of = dates.day(args.as_of) if args.as_of else now // 1440
    outcomes = derive(as_of=as_of, now=now, only=args.only, dry_run=args.dry_run)
    if args.json:
        dates.print_json([_as_json(one, args.lang) for one in outcomes])
    else:
        _print(outcomes, args.lang, dry_run=args.dry_run)
    return PROBLEMS if any(one.notes for one in outcomes) else 0


def _print(outcomes: Sequence[Outcome], language: Language, *, dry_run: bool) -> None:
    zh, en = ("（试算，未写入）", " (dry run, nothing was written)") if dry_run else ("", "")
    for one in outcomes:
        print(
            f"{one.title.zh}：新增 {one.written}，更正 {one.corrected}，撤回 {one.withdrawn}，不变 {one.kept}{zh}"
            if language == "zh"
            else f"{one.title.en}: {one.written} new, {one.corrected} corrected, {one.withdrawn} withdrawn, "
            f"{one.kept} unchanged{en}"
        )
        for note in one.notes:
            print(f"  {note.fact}  {note.zh if language == 'zh' else note.en}")
        if one.notes_count > len(one.notes):
            print("  …", one.notes_count - len(one.notes))
    if not outcomes:
        print("制度中没有推导规则" if language == "zh" else "the rulebook has no derivations")


def _as_json(one: Outcome, language: Language) -> dict[str, object]:
    return {
        "derivation": one.code,
        "title": one.title.say(language),
        "rule": one.rule,
        "facts_read": one.read,
        "new": one.written,
        "corrected": one.corrected,
        "withdrawn": one.withdrawn,
        "unchanged": one.kept,
        "notes": [{"fact": note.fact, "text": note.zh if language == "zh" else note.en} for note in one.notes],
        "notes_count": one.notes_count,
    }
