"""``huxue verify``: check every fact against the seals, and the seals against ones kept outside."""

from __future__ import annotations

import argparse
from pathlib import Path

from huxue.commands import dates
from huxue.commands.main import PROBLEMS, open_site
from huxue.ledger.seal_chain import read_kept
from huxue.ledger.verifying_seals import Report, verify_seals

SHOWN = 100  # findings; JSON has all
EPILOG = """examples:
  huxue verify
  huxue verify --against kept/seal-2026-06-30.json
"""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "verify", help="check every fact against the seals", epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
    )  # fmt: skip
    parser.add_argument(
        "--against", type=Path, metavar="FILE", help="seals kept outside: printed by seal --json, or of an export"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Say what was found; exit with 1 where something is wrong."""
    open_site()
    report = verify_seals(read_kept(args.against) if args.against else ())
    if args.json:
        dates.print_json(_json(report))
    else:
        print("\n".join(_lines(report, args.lang)))
    return PROBLEMS if report.findings else 0


def _lines(report: Report, lang: str) -> list[str]:
    zh = lang == "zh"
    said = [one.said.zh if zh else one.said.en for one in report.findings]
    lines = said[:SHOWN]
    if len(said) > SHOWN:
        lines.append(f"……另有 {len(said) - SHOWN} 处" if zh else f"… and {len(said) - SHOWN} more")
    for one in report.notices:
        lines.append(f"注意：{one.said.zh}" if zh else f"Note: {one.said.en}")
    lines.append(
        f"存证 {report.seals} 次，已存证事实 {report.sealed:,} 条，尚未存证 {report.unsealed:,} 条"
        if zh
        else f"{report.seals} seals, {report.sealed:,} facts sealed, {report.unsealed:,} facts not yet sealed"
    )
    if report.root:
        lines.append(f"相符的最后一个根：{report.root}" if zh else f"the last root that agrees: {report.root}")
    ok = ("全部相符", "everything agrees") if not said else (f"发现 {len(said)} 处问题", f"{len(said)} problems")
    return [*lines, ok[0] if zh else ok[1]]


def _json(report: Report) -> dict[str, object]:
    def rows(found: object) -> list[dict[str, str]]:
        return [{"sort": f.sort, "what": f.what, "zh": f.said.zh, "en": f.said.en} for f in found]  # type: ignore[attr-defined]

    return {
        "findings": rows(report.findings), "notices": rows(report.notices), "seals": report.seals,
        "sealed": report.sealed, "unsealed": report.unsealed, "root": report.root,
    }  # fmt: skip
