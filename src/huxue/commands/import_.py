"""``huxue import RECIPE FILE…``: somebody's CSV or Excel files through a recipe."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huxue.actions.import_exclusively import import_exclusively
from huxue.actions.import_files import import_files
from huxue.actions.imports import abandon, running
from huxue.commands import dates
from huxue.commands.main import PROBLEMS, open_site
from huxue.core.values import Refused
from huxue.exchange.recipes import find_recipe, shipped_recipes
from huxue.standings.site import edition_for

EXAMPLE = """examples:
  huxue import kr-safety-education safety_education_2019.csv.gz --dry-run
  huxue import my-recipe.yaml drills.xlsx --set year=2026 --notes drills-notes.xlsx
  huxue import my-recipe.yaml ten-million-rows.csv --exclusive      run again with the same file to resume after a kill
  huxue import --abandon 17
"""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "import",
        help="take in somebody's files through a recipe",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    known = ", ".join(shipped_recipes())
    parser.add_argument("recipe", nargs="?", metavar="RECIPE", help=f"a file, or one of: {known}")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter of the recipe")
    parser.add_argument("--dry-run", action="store_true", help="show the difference, write nothing")
    parser.add_argument("--notes", type=Path, help="where the copy with notes goes (default: next to the file)")
    parser.add_argument("--exclusive", action="store_true", help="a large load in parts, visible when all are in")
    parser.add_argument("--abandon", type=int, metavar="NUMBER", help="give up an exclusive import that was cut off")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Import, print what was done; exit code 1 where rows were left out or columns are not known."""
    open_site()
    now = dates.now()
    if args.abandon is not None:
        return _abandon(args, now)
    if not args.recipe or not args.files:
        raise Refused("no_file", "请写明配方和文件。", "Name a recipe and a file.")
    _refuse_missing(args.files)
    recipe, rulebook = find_recipe(args.recipe), edition_for(as_of=now // 1440, known_at=now // 1440).rulebook
    common = {"rulebook": rulebook, "now": now, "given": _given(args.set), "notes": args.notes, "language": args.lang}
    if args.exclusive and args.dry_run:
        raise Refused("bad_options", "--exclusive 不能与 --dry-run 同用。", "--exclusive cannot be a --dry-run.")
    if args.exclusive:
        with _still_running():
            report = import_exclusively(recipe, args.files, progress=_progress, **common)
    else:
        report = import_files(recipe, args.files, dry_run=args.dry_run, progress=_progress, **common)
    if args.json:
        dates.print_json(report.as_json())
    else:
        print(report.say(args.lang))
    return PROBLEMS if report.has_problems else 0


@contextmanager
def _still_running() -> Iterator[None]:
    """Say with a refusal that the import it ended is still waiting and keeps all others from writing."""
    try:
        yield
    except Refused as refused:
        cut_off = running()
        if cut_off is None or refused.code == "import_running":  # that one says so itself
            raise
        n = cut_off.number
        raise Refused(
            refused.code,
            f"{refused.zh}\n第 {n} 号导入尚未完成，期间不能写入：请用 huxue import --abandon {n} 放弃。",
            f"{refused.en}\nImport {n} is not finished and nobody can write meanwhile: "
            f"give it up with huxue import --abandon {n}.",
        ) from refused


def _abandon(args: argparse.Namespace, now: int) -> int:
    cut_off = running()
    if cut_off is None or cut_off.number != args.abandon:
        said = cut_off.number if cut_off else "-"
        raise Refused(
            "unknown_import",
            f"没有正在进行的第 {args.abandon} 号导入（进行中：{said}）。",
            f"No import {args.abandon} is running (running: {said}).",
        )
    abandon(args.abandon, now=now)
    print(f"已放弃第 {args.abandon} 号导入。" if args.lang == "zh" else f"Import {args.abandon} was abandoned.")
    return 0


def _refuse_missing(files: list[Path]) -> None:
    for path in files:
        if not path.is_file():
            raise Refused("no_file", f"没有文件“{path}”。", f"There is no file {path}.")


def _given(words: list[str]) -> dict[str, str]:
    made = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise Refused("bad_options", f"“{word}”应写作 名称=值。", f"'{word}' should be written NAME=VALUE.")
        made[name] = value
    return made


def _progress(what: str, done: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{what} {done:,} ")
        sys.stderr.flush()
