"""``huxue COMMAND …``: reads the command line, finds the command's module and turns a refusal into a sentence."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Final, get_args

import django
from django.conf import settings
from django.core.management import call_command
from django.core.management.utils import get_random_secret_key
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from huxue import commands
from huxue.core.values import Language, Refused

DONE: Final = 0
PROBLEMS: Final = 1  # the work was done or checked, and problems in somebody's file were listed
REFUSED: Final = 2  # nothing was done; a sentence says why (argparse uses the same code for a wrong command line)
INTERRUPTED: Final = 130
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

EXAMPLE: Final = """examples:
  huxue demo --small
  huxue --site /srv/huxue standings --as-of 2026-06-30 --json
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; ``argv`` defaults to the words of this process."""
    common, rest = _common().parse_known_args(argv)
    try:
        return _run(common, rest)
    except Refused as refusal:
        sys.stderr.write(f"{refusal.say(common.lang)}\n")
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader, say `head`, has seen enough; the interpreter must not flush again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def parser(modules: Sequence[ModuleType]) -> argparse.ArgumentParser:
    """Return the parser of the whole command line with the parsers of these command modules."""
    whole = argparse.ArgumentParser(
        prog="huxue",
        description="护学 Huxue: who owes which safety duty, and by which clause.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[_common()],
        allow_abbrev=False,
    )
    subparsers = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in modules:
        if hasattr(module, "add"):
            module.add(subparsers)
    return whole


def names() -> dict[str, str]:
    """Return the names a command may have and the modules they live in; a module without ``add`` is no command."""
    found = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
    return {name.rstrip("_"): f"{commands.__name__}.{name}" for name in found if name != "main"}


def make_site() -> Path:
    """Make the site's folder, its secret key and its tables, or bring them up to this version; return the folder."""
    site: Path = settings.SITE
    site.mkdir(parents=True, exist_ok=True)
    key = site / "secret.key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(f"{get_random_secret_key()}\n", "ascii")
    _connect()
    call_command("migrate", verbosity=0, interactive=False)
    return site


def open_site() -> Path:
    """Return the site's folder; refuses with ``no_site`` where it has no database of this version yet."""
    site: Path = settings.SITE
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).is_file():
        raise Refused("no_site", f"{site} 还不是站点，请先运行 huxue init。", f"{site} is no site yet: run huxue init.")
    _connect()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Refused(
            "no_site",
            "站点的数据库尚未建立或版本较旧，请运行 huxue init。",
            "The site's database has not been made yet or is of an older version: run huxue init.",
        )
    return site


def _connect() -> None:
    """Open the database; refuses with ``no_database``, in the database's own words, where that fails."""
    try:
        connection.ensure_connection()
    except OperationalError as problem:
        said = str(problem).strip().splitlines()[0]
        raise Refused(
            "no_database", f"无法打开站点的数据库：{said}", f"The site's database cannot be opened: {said}"
        ) from problem


def _common() -> argparse.ArgumentParser:
    """Options that may stand before or after the command."""
    common = argparse.ArgumentParser(prog="huxue", add_help=False, allow_abbrev=False)
    common.add_argument("--site", type=Path, help="folder of the site (default: HUXUE_SITE, else ./var)")
    common.add_argument(
        "--lang",
        choices=LANGUAGES,
        default=os.environ.get("HUXUE_LANG") or "zh",
        help="language of the answers (default: HUXUE_LANG, else zh)",
    )
    return common


def _run(common: argparse.Namespace, rest: Sequence[str]) -> int:
    """Set up Django for the site, then import and run the command."""
    if common.lang not in LANGUAGES:  # argparse checks the words of the command line, not the default
        raise Refused("environment", "环境变量 HUXUE_LANG 只能是 zh 或 en。", "HUXUE_LANG must be zh or en.")
    site = _enter(common.site or _own_site(rest))
    known = names()
    # Only the command that is meant is imported: the others pull in engines that take long to load.
    wanted = [rest[0]] if rest and rest[0] in known else list(known)
    modules = {name: importlib.import_module(known[name]) for name in wanted}
    args = _parsed(parser(list(modules.values())), rest)
    args.site, args.lang = site, common.lang
    code: int | None = modules[args.command].run(args)
    return DONE if code is None else code


def _own_site(rest: Sequence[str]) -> Path | None:
    """Return the folder of the demonstration, which keeps away from the site that people work on."""
    return Path("var", "demo") if rest[:1] == ["demo"] and not os.environ.get("HUXUE_SITE") else None


def _parsed(whole: argparse.ArgumentParser, rest: Sequence[str]) -> argparse.Namespace:
    """Parse a command line; ``values`` of a command (FIELD=VALUE) may stand after its options too."""
    args, left = whole.parse_known_args(rest)
    if left and hasattr(args, "values"):
        args.values += [word for word in left if not word.startswith("-")]
        left = [word for word in left if word.startswith("-")]
    if left:
        whole.error(f"unrecognized arguments: {' '.join(left)}")
    return args


def _enter(site: Path | None) -> Path:
    """Set Django up on a site and return its folder; one process works on one site."""
    if site and not settings.configured:
        os.environ["HUXUE_SITE"] = str(site)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huxue.settings")
    django.setup()
    if site and site.absolute() != settings.SITE:
        raise Refused("other_site", f"本进程已在站点 {settings.SITE} 上。", f"This process is on {settings.SITE}.")
    return Path(settings.SITE)
