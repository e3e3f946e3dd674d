"""``huxue record KIND``: write down one record, one version of an entry, or one step of a case."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from huxue.actions import facts
from huxue.commands import dates
from huxue.commands.main import open_site
from huxue.core.kinds import Kind
from huxue.core.rulebook.edition import Edition
from huxue.core.values import Refused, date_of, minute_of
from huxue.ledger.drafts import Receipt
from huxue.organisations.relations import area_of
from huxue.standings.site import calendars_of, edition_for

EXAMPLE = """examples:
  huxue record drill --post S0001/safety-director --at "2026-03-12 09:30" drill_kind=evacuation
  huxue record guard --post S0001/safety-director --at 2026-03-01 --open certified=yes
  huxue record hazard --post E01/inspector --at 2026-03-05 --step found --role about=S0001 grade=minor
  huxue record excuse --post E01/head --role about=S1 duty=school.guards from=2026-03-01 to=2026-04-30 reason=works
  huxue record drill --post S0001/safety-director --correct FACT drill_kind=fire
"""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "record",
        help="write down one fact",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("kind", metavar="KIND")
    parser.add_argument("values", nargs="*", metavar="FIELD=VALUE", help="a field given twice has both values")
    parser.add_argument("--post", required=True, help="the post acted in: ORGANISATION/POST")
    parser.add_argument("--person", default="", help="who holds the post (needed where several do)")
    parser.add_argument("--at", metavar="WHEN", help='"2026-03-12 09:30" or a day (default: now)')
    parser.add_argument(
        "--role",
        action="append",
        default=[],
        metavar="ROLE=CODE,CODE",
        help="organisations in a role (default: by = the post's)",
    )
    parser.add_argument("--reference", default="", metavar="ITEM", help="the item that this answers")
    parser.add_argument("--made-good", action="store_true", help="补办: made good after its period")
    parser.add_argument("--id", default="", help="your own id for it: the same submission twice is one fact")
    _add_what(parser.add_mutually_exclusive_group())
    parser.add_argument("--spot", action="store_true", help="checked on the spot")
    parser.add_argument("--case", default="", metavar="ITEM", help="the case that takes the step")
    parser.add_argument("--json", action="store_true", help="print the receipt as JSON")


def _add_what(what: argparse._MutuallyExclusiveGroup) -> None:
    what.add_argument("--open", action="store_true", help="open an entry of a register")
    what.add_argument("--change", metavar="ITEM", help="say how an entry is from now on (all its values)")
    what.add_argument("--close", metavar="ITEM", help="end an entry")
    what.add_argument("--step", metavar="STEP", help="take a step of a case; without --case it opens one")
    what.add_argument("--correct", metavar="FACT", help="put a new version in the place of a fact (all its values)")
    what.add_argument("--withdraw", metavar="FACT", help="say that a fact no longer counts")
    what.add_argument("--confirm", metavar="ITEM", help="verify somebody else's item: it is so (KIND is verification)")
    what.add_argument("--refute", metavar="ITEM", help="verify somebody else's item: it is not so")


def run(args: argparse.Namespace) -> None:
    """Check, append, print the receipt."""
    open_site()
    now = dates.now()
    edition = edition_for(as_of=now // 1440, known_at=now // 1440)
    receipt = _take(args, edition, now)
    if args.json:
        dates.print_json(
            {
                "id": receipt.id,
                "item": receipt.item,
                "hash": receipt.hash,
                "earlier": receipt.earlier,
                "marks": receipt.marks,
            }
        )
        return
    zh = f"已记入{'（先前已收到）' if receipt.earlier else ''}：{receipt.id}，事项 {receipt.item}"
    en = f"recorded{' earlier' if receipt.earlier else ''}: {receipt.id}, item {receipt.item}"
    print(zh if args.lang == "zh" else en)


def _take(args: argparse.Namespace, edition: Edition, now: int) -> Receipt:
    common: dict[str, Any] = {
        "rulebook": edition.rulebook,
        "now": now,
        "by": facts.By(args.post, args.person),
        "id": args.id,
    }
    kind, at = edition.rulebook.kinds.get(args.kind), _moment(args.at, now)
    values = _values(args.values, kind)
    roles = _roles(args.role, args.post, args.step or args.correct or args.change)
    if args.correct:
        return facts.correct(**common, fact=args.correct, values=values, at=at if args.at else None, roles=roles)
    if args.withdraw:
        return facts.withdraw(**common, fact=args.withdraw)
    if args.confirm or args.refute:
        return facts.verify(
            **common, item=args.confirm or args.refute, confirmed=bool(args.confirm), at=at, spot=args.spot
        )
    if args.close:
        return facts.close_entry(**common, item=args.close, at=at)
    if args.change:
        return facts.change_entry(**common, item=args.change, at=at, values=values, roles=roles)
    if args.step:
        return _step(args, edition, common, at, values, roles)
    if args.kind == "excuse":
        return _excuse(common, values, roles)
    common |= {"kind": args.kind, "at": at, "values": values, "roles": roles}
    if args.open:
        return facts.open_entry(**common)
    return facts.record(**common, reference=args.reference, makeup=args.made_good)


def _excuse(common: dict[str, Any], values: Mapping[str, Any], roles: Mapping[str, list[str]] | None) -> Receipt:
    missing = {"duty", "from", "to", "reason"} - set(values)
    organisations = (roles or {}).get("about", [])
    if missing or not organisations:
        raise Refused(
            "bad_fields",
            "免除要写明 --role about=单位 duty=职责 from=起日 to=止日 reason=理由",
            "an excuse needs --role about=ORGANISATION duty=CODE from=DATE to=DATE reason=WORDS",
        )
    first, last = (date_of(dates.day(str(values[name]))) for name in ("from", "to"))
    reason, duty = str(values["reason"]), str(values["duty"])
    return facts.excuse(**common, organisations=organisations, first=first, last=last, reason=reason, duty=duty)


def _step(
    args: argparse.Namespace, edition: Edition, common: dict[str, Any], at: int, values: Mapping[str, Any], roles: Any
) -> Receipt:
    calendars = calendars_of(edition)
    concerned = (roles or {}).get("about") or [args.post.partition("/")[0]]
    area = area_of(concerned[0])
    calendar = calendars.get(area, calendars.default)
    if args.spot:
        values = {**values, "spot": "yes"}
    return facts.take_step(
        **common, kind=args.kind, step=args.step, at=at, values=values, calendar=calendar, item=args.case, roles=roles
    )


def _moment(text: str | None, now: int) -> int:
    if text is None:
        return now
    try:
        return minute_of(datetime.fromisoformat(text.replace(" ", "T")))
    except (ValueError, TypeError) as error:
        raise Refused(
            "bad_date",
            f"没有“{text}”这个时间，请写作 2026-03-12 09:30",
            f"there is no moment '{text}'; write it like 2026-03-12 09:30",
        ) from error


def _values(words: Sequence[str], kind: Kind | None) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise Refused("bad_fields", f"“{word}”应写作 字段=值", f"'{word}' should be written FIELD=VALUE")
        many = bool(kind and name in kind.fields and kind.fields[name].many)
        made[name] = [*made.get(name, []), value] if many else value
    return made


def _roles(words: Sequence[str], post: str, keeps: str | None) -> dict[str, list[str]] | None:
    if not words:
        return None
    made = {} if keeps else {"by": [post.partition("/")[0]]}
    for word in words:
        role, equals, codes = word.partition("=")
        if not equals:
            raise Refused("bad_roles", f"“{word}”应写作 角色=单位编码", f"'{word}' should be written ROLE=CODE")
        made[role] = [c for c in codes.split(",") if c]
    return made
