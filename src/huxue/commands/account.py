"""``huxue account add|password|close|list``: the first administrator of a fresh site, and the way back in.

Whoever may start a command on this machine may do anything to the site; the security log says that it was the machine.
"""

from __future__ import annotations

import argparse

from huxue.access.models import User
from huxue.access.roles import ADMINISTRATIONS, roles
from huxue.actions import accounts
from huxue.commands import dates
from huxue.commands.main import open_site
from huxue.core.values import Language

EPILOG = """examples:
  huxue account add sysadmin --administers system --name 李明
  huxue account password sysadmin
  huxue account close sysadmin
  huxue account list
"""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its verbs."""
    parser = subparsers.add_parser(
        "account", help="open and close accounts, give passwords", epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
    )  # fmt: skip
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    new = verbs.add_parser(
        "add",
        help="open an account and print its one-time password",
        epilog="example: huxue account add sysadmin --administers system --name 李明",
    )
    given = verbs.add_parser(
        "password", help="print a new one-time password", epilog="example: huxue account password sysadmin"
    )
    close = verbs.add_parser("close", help="close an account", epilog="example: huxue account close sysadmin")
    all_ = verbs.add_parser("list", help="list the accounts", epilog="example: huxue account list --json")
    for one in (new, given, close):
        one.add_argument("username", metavar="NAME", help="user name")
    hat = new.add_mutually_exclusive_group(required=True)
    hat.add_argument("--administers", choices=ADMINISTRATIONS, help="an administration; it holds no posts")
    hat.add_argument("--person", metavar="CODE", help="a person, as holdings name them")
    new.add_argument("--name", default="", help="name shown on pages")
    all_.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> None:
    """Run a verb."""
    open_site()
    match args.verb:
        case "add":
            user, password = accounts.open_account(
                by=None,
                username=args.username,
                name=args.name or args.username,
                person=args.person or "",
                administers=args.administers or "",
            )
            _say_password(user.username, password, args.lang)
        case "password":
            password = accounts.give_password(by=None, username=args.username)
            _say_password(args.username, password, args.lang)
        case "close":
            accounts.close_account(by=None, username=args.username)
            print("已停用。" if args.lang == "zh" else "Closed.")
        case _:
            _list(args)


def _say_password(username: str, password: str, language: Language) -> None:
    print(
        f"用户名 {username}\n一次性密码 {password}\n首次登录时须更换。"
        if language == "zh"
        else f"user name {username}\none-time password {password}\nIt must be changed at the first sign-in."
    )


def _list(args: argparse.Namespace) -> None:
    found = User.objects.order_by("username")
    if args.json:
        fields = ("username", "name", "person", "administers", "is_active")
        dates.print_json({"accounts": list(found.values(*fields))})
        return
    for one in found:
        what = roles()[one.administers].title.say(args.lang) if one.administers else one.person
        closed = "" if one.is_active else ("（已停用）" if args.lang == "zh" else " (closed)")
        print(f"{one.username}  {one.name}  {what}{closed}")
    if not found:
        print("还没有账号。" if args.lang == "zh" else "There are no accounts yet.")
