"""``huxue rulebook check|show|diff|book|activate``."""

from __future__ import annotations

import argparse
from pathlib import Path

from huxue.actions import rulebooks
from huxue.commands import burden, dates
from huxue.commands.main import PROBLEMS, open_site
from huxue.core.rulebook.diff import Row, diff, diff_table
from huxue.core.rulebook.edition import hash_of
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import MINUTES_A_DAY, Language, Refused

EXAMPLE = """examples:
  huxue rulebook check my-county
  huxue rulebook diff national city
  huxue rulebook book my-county handbook
  huxue rulebook activate my-county --valid-from 2026-09-01
"""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its verbs."""
    parser = subparsers.add_parser(
        "rulebook",
        help="check, show, compare and activate rulebooks",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    check = verbs.add_parser(
        "check",
        help="list every problem of a rulebook, and act out its worked examples",
        epilog="example: huxue rulebook check city",
    )
    show = verbs.add_parser(
        "show",
        help="show the duties of a rulebook, or one",
        epilog="example: huxue rulebook show city county.joint-inspection",
    )
    compare = verbs.add_parser(
        "diff", help="compare two rulebooks", epilog="example: huxue rulebook diff national city"
    )
    pages = verbs.add_parser(
        "book",
        help="write the handbook of a rulebook, one page for each family, in both languages",
        epilog="example: huxue rulebook book city handbook --as-of 2026-08-31",
    )
    activate = verbs.add_parser(
        "activate", help="make a rulebook the edition in force", epilog="example: huxue rulebook activate city"
    )
    for one in (check, show, pages, activate):
        one.add_argument("name", help="a shipped rulebook or a folder")
    for one in (check, show, compare):
        one.add_argument("--json", action="store_true", help="print JSON")
    show.add_argument("duty", nargs="?", help="code of a duty")
    pages.add_argument("folder", help="where the pages are written, below zh/ and en/")
    pages.add_argument(
        "--as-of", metavar="DATE", help="what a family costs in the year up to this day (default: today)"
    )
    compare.add_argument("old")
    compare.add_argument("new")
    activate.add_argument(
        "--families",
        metavar="A,B",
        help="the families that are on (default: those of the edition before, at first the rulebook's own choice)",
    )
    activate.add_argument("--on", metavar="A,B", default="", help="families to switch on besides")
    activate.add_argument("--off", metavar="A,B", default="", help="families to switch off")
    activate.add_argument("--dry-run", action="store_true", help="only show what it would cost each role")
    activate.add_argument(
        "--valid-from",
        metavar="DATE",
        help="day from which what is new counts (default: today, at first the rulebook's)",
    )


def run(args: argparse.Namespace) -> int | None:
    """Do what the verb says."""
    return {"check": _check, "show": _show, "diff": _diff, "book": _book, "activate": _activate}[args.verb](args)


def _check(args: argparse.Namespace) -> int:
    rulebook, problems = rulebooks.read_rulebook(args.name)
    if rulebook is not None:
        problems = rulebooks.worked_examples(args.name, rulebook)
    if args.json:
        dates.print_json(
            {
                "name": args.name,
                "hash": hash_of(rulebook) if rulebook else None,
                "problems": [
                    {"file": p.file, "line": p.line, "sentence": p.zh if args.lang == "zh" else p.en} for p in problems
                ],
            }
        )
    else:
        for p in problems:
            print(p.say(args.lang))
        print(_verdict(args.name, rulebook, len(problems), args.lang))
    return PROBLEMS if problems else 0


def _verdict(name: str, rulebook: Rulebook | None, problems: int, language: Language) -> str:
    if rulebook is None or problems:
        return f"{name}：{problems} 处问题。" if language == "zh" else f"{name}: {problems} problem(s)."
    counts = len(rulebook.duties), len(rulebook.kinds), len(rulebook.families)
    zh = "{}：没有问题。职责 {} 项，类型 {} 个，职责族 {} 个。".format(name, *counts)
    return zh if language == "zh" else "{}: no problems. {} duties, {} kinds, {} families.".format(name, *counts)


def _whole(name: str) -> Rulebook:
    rulebook, problems = rulebooks.read_rulebook(name)
    if rulebook is None:
        raise Refused(
            "rulebook_problems",
            f"制度“{name}”有 {len(problems)} 处问题，请先运行 huxue rulebook check {name}。",
            f"the rulebook '{name}' has {len(problems)} problem(s): run huxue rulebook check {name} first.",
        )
    return rulebook


def _show(args: argparse.Namespace) -> None:
    rulebook = _whole(args.name)
    if args.duty and args.duty not in rulebook.duties:
        raise Refused("unknown_duty", f"制度中没有职责“{args.duty}”", f"there is no duty '{args.duty}' in the rulebook")
    chosen = [rulebook.duties[args.duty]] if args.duty else list(rulebook.duties.values())
    if args.json:
        dates.print_json([d.model_dump(mode="json", by_alias=True, exclude_defaults=True) for d in chosen])
        return
    for duty in chosen:
        source = rulebook.sources.get(duty.source.text)
        text = source.title.say(args.lang) if source else duty.source.text
        on = rulebook.families[duty.family].on if duty.family in rulebook.families else False
        state = {("zh", True): "默认启用", ("zh", False): "默认关闭", ("en", True): "on", ("en", False): "off"}[
            args.lang, on
        ]
        print(
            f"{duty.code}  {duty.title.say(args.lang)}\n"
            f"    {duty.shape_name} · {duty.family}（{state}） · "
            f"{text} {duty.source.clause} [{duty.source.confidence}]"
        )


def _diff(args: argparse.Namespace) -> None:
    rows = diff(_whole(args.old), _whole(args.new))
    if args.json:
        dates.print_json([_row(r, args.lang) for r in rows])
        return
    print(diff_table(rows, args.lang))


def _book(args: argparse.Namespace) -> None:
    day = dates.day(args.as_of) if args.as_of else dates.now() // MINUTES_A_DAY
    pages = rulebooks.handbook(args.name, _whole(args.name), day=day)
    folder = Path(args.folder)
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    old = sorted(str(path) for path in folder.glob("*/**/*.md") if path.relative_to(folder).as_posix() not in pages)
    zh = args.lang == "zh"
    print(f"已写出 {len(pages)} 页：{folder}" if zh else f"{len(pages)} pages written: {folder}")
    if old:
        print(f"不再属于手册的页：{'、'.join(old)}" if zh else f"no longer part of the book: {', '.join(old)}")


def _row(row: Row, language: Language) -> dict[str, str]:
    before, after = row.before.say(language), row.after.say(language)
    return {
        "what": row.what,
        "code": row.code,
        "field": row.field,
        "before": before,
        "after": after,
        "source": row.source,
    }


def _activate(args: argparse.Namespace) -> None:
    open_site()
    families = dates.words(args.families) if args.families is not None else None
    first = dates.day(args.valid_from) if args.valid_from else None
    switch_on, switch_off, now = dates.words(args.on), dates.words(args.off), dates.now()
    before, made = rulebooks.prepare(
        args.name, families=families, on=switch_on, off=switch_off, valid_from=first, now=now
    )
    print("\n".join(burden.change(before, made, now // MINUTES_A_DAY, args.lang)))
    if args.dry_run:
        return
    made = rulebooks.activate(made.rulebook, families=families, on=switch_on, off=switch_off, valid_from=first, now=now)
    title, day, on = made.rulebook.title, dates.said(made.valid_from), made.families_on
    zh = f"已启用：{title.zh}（{made.hash[:12]}），自 {day} 起；职责族：{'、'.join(on)}"
    en = f"active: {title.en} ({made.hash[:12]}) from {day}; families: {', '.join(on)}"
    print(zh if args.lang == "zh" else en)
