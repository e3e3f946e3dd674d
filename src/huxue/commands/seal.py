"""``huxue seal``: sign the root over all facts so far, or change the key."""

from __future__ import annotations

import argparse

from huxue.actions import seals
from huxue.commands import dates
from huxue.commands.main import open_site
from huxue.core.values import Refused
from huxue.ledger import keys
from huxue.ledger.seal_texts import SealText, Signed, stored_keys

EPILOG = """examples:
  huxue seal
  huxue seal --json
  huxue seal --rotate
"""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "seal", help="sign the root over all facts so far", epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
    )  # fmt: skip
    parser.add_argument("--rotate", action="store_true", help="put a new key into use, signed by the old one")
    parser.add_argument("--lost", action="store_true", help="with --rotate: the old key is lost and cannot sign it")
    parser.add_argument("--json", action="store_true", help="print the seals, to be kept outside")


def run(args: argparse.Namespace) -> None:
    """Seal what is new, or say that nothing is."""
    open_site()
    if args.lost and not args.rotate:
        raise Refused("lost_alone", "--lost 须与 --rotate 同用。", "--lost goes with --rotate.")
    if args.rotate:
        _rotate(args)
        return
    known = len(stored_keys())
    made = seals.seal(now=dates.now())
    if args.json:
        dates.print_json({"seals": [{"text": one.text, "signature": one.signature} for one in made]})
        return
    zh = args.lang == "zh"
    if not made:
        print("没有新的事实，无需存证。" if zh else "Nothing is new; there is nothing to seal.")
    for one in made:
        _say(one, zh=zh)
    if made and not known:
        path = keys.path_of(SealText.read(made[0].text).key)
        print(
            f"已生成签名密钥 {path}，请另行备份，勿与数据库放在一处。"
            if zh
            else f"A signing key was made: {path}. Back it up, apart from the database."
        )


def _say(one: Signed, *, zh: bool) -> None:
    said = SealText.read(one.text)
    print(
        f"第{said.number}号存证：共 {said.size:,} 条事实，密钥 {said.key[:16]}\n根：{said.root}\n"
        "请将此根抄存或公布于系统之外。"
        if zh
        else f"Seal {said.number}: {said.size:,} facts in all, key {said.key[:16]}\nroot: {said.root}\n"
        "Keep this root, or publish it, outside the system."
    )


def _rotate(args: argparse.Namespace) -> None:
    made = seals.rotate(now=dates.now(), lost=args.lost)
    new = keys.path_of(made.id)
    if args.json:
        dates.print_json({"key": made.id, "why": made.why, "file": str(new)})
        return
    zh, en = (
        f"第{made.number}号密钥 {made.id[:16]} 已启用：{new}",
        f"Key {made.number}, {made.id[:16]}, is in use: {new}",
    )
    if made.why == "lost":
        zh += "\n旧密钥没有为它签名，核验时将永久注明。"
        en += "\nThe old key has not signed it; verify will always say so."
    else:
        zh += f"\n旧密钥已为它签名，请销毁旧密钥文件 {keys.path_of(made.previous)}。"
        en += f"\nThe old key has signed it; destroy its file {keys.path_of(made.previous)}."
    print(zh if args.lang == "zh" else en)
