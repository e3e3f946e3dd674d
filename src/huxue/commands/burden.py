"""``huxue burden``: minutes a month that the rulebook costs each role, and what another family would add."""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from huxue.actions import rulebooks
from huxue.commands import dates
from huxue.commands.main import open_site
from huxue.core.burden import Cost, by_role, costs, minutes_a_month
from huxue.core.calendar import Calendars
from huxue.core.rulebook.edition import Edition, edition, known_families
from huxue.core.values import Language, Refused
from huxue.organisations.relations import sizes
from huxue.standings.site import edition_for

EXAMPLE = """examples:
  huxue burden
  huxue burden --on food,fire       what switching two families on would add, before it is done
  huxue burden --rulebook city      of a rulebook, without a site
"""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "burden",
        help="minutes a month that the rulebook costs each role",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--rulebook", metavar="NAME", help="of a shipped rulebook or a folder instead of the site's")
    parser.add_argument("--on", metavar="A,B", default="", help="as if these families were on too")
    parser.add_argument("--off", metavar="A,B", default="", help="as if these families were off")
    parser.add_argument("--duties", action="store_true", help="list every duty with what it costs")
    parser.add_argument("--as-of", metavar="DATE", help="the year up to this day (default: today)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> None:
    """Work out and print."""
    day = dates.day(args.as_of) if args.as_of else dates.now() // 1440
    present, counted = _present(args, day)
    changed = _changed(present, dates.words(args.on), dates.words(args.off))
    before, after = (_costs(one, day, counted) for one in (present, changed))
    if args.json:
        dates.print_json(_as_json(before, after))
        return
    print("\n".join(lines(changed, before, after, args.lang, duties=args.duties)))


def _present(args: argparse.Namespace, day: int) -> tuple[Edition, Mapping[str, int] | None]:
    """Return the edition, and how many organisations there are of each type where a site is asked."""
    if not args.rulebook:
        open_site()
        return edition_for(as_of=day, known_at=max(day, dates.now() // 1440)), sizes()
    rulebook, problems = rulebooks.read_rulebook(args.rulebook)
    if rulebook is None:
        raise Refused(
            "rulebook_problems",
            f"制度“{args.rulebook}”有 {len(problems)} 处问题，请先运行 huxue rulebook check {args.rulebook}。",
            f"the rulebook '{args.rulebook}' has {len(problems)} problem(s): "
            f"run huxue rulebook check {args.rulebook} first.",
        )
    return edition(rulebook), None


def _changed(present: Edition, on: Sequence[str], off: Sequence[str]) -> Edition:
    known_families(present.rulebook, [*on, *off])
    families = sorted((set(present.families_on) | set(on)) - set(off))
    return edition(present.rulebook, families_on=families, valid_from=present.valid_from)


def _costs(value: Edition, day: int, counted: Mapping[str, int] | None) -> list[Cost]:
    return costs(value, Calendars.build(value.rulebook.calendars).default, day, counted)


def lines(
    value: Edition, before: list[Cost], after: list[Cost], language: Language, *, duties: bool = False
) -> list[str]:
    """Return the burden by role, with what changes, and by family."""
    zh = language == "zh"
    was, now = by_role(before), by_role(after)
    said = ["每月录入用时（分钟），按角色：" if zh else "Minutes a month of writing things down, by role:"]
    for type_, post in sorted({*was, *now}):
        old, new = was.get((type_, post), 0), now.get((type_, post), 0)
        if old or new:
            said.append(f"  {_role(value, type_, post, language)}: {_difference(old, new, language)}")
    said.append("按职责族：" if zh else "By family:")
    said += _families(value, after, language)
    if duties:
        said += _duties(value, after, language)
    note = "估算；触发后才需办理的事项不计入，一次约需时见 --duties。"
    said.append(note if zh else "An estimate; what is only owed after a trigger is not counted, see --duties.")
    return said


def change(before: Edition | None, after: Edition, day: int, language: Language) -> list[str]:
    """Return what an edition would cost each role of this site, beside the one in force: shown before it is."""
    counted = sizes()
    was = _costs(before, day, counted) if before else []
    return lines(after, was, _costs(after, day, counted), language)


def _difference(was: int, now: int, language: Language) -> str:
    """Say the minutes before and after, of seconds a year; a change that rounding would hide is said too."""
    old, new = minutes_a_month(was), minutes_a_month(now)
    if was == now:
        return str(new)
    if old == new:
        zh, en = ("增加", "more") if now > was else ("减少", "less")
        return f"{new}（{zh}不足 1）" if language == "zh" else f"{new} (less than 1 {en})"
    return f"{old} → {new}（{new - old:+d}）" if language == "zh" else f"{old} → {new} ({new - old:+d})"


def _role(value: Edition, type_: str, post: str, language: Language) -> str:
    book = value.rulebook
    name = book.organisation_types[type_].title.say(language)
    return f"{name} · {book.posts[post].say(language)}" if post in book.posts else name


def _families(value: Edition, found: list[Cost], language: Language) -> list[str]:
    total: dict[str, Counter[str]] = defaultdict(Counter)
    for cost in found:
        total[cost.family][cost.type] += cost.a_year
    return [
        f"  {value.rulebook.families[family].title.say(language)} ({family}): "
        + ", ".join(
            f"{value.rulebook.organisation_types[type_].title.say(language)} {minutes_a_month(seconds)}"
            for type_, seconds in sorted(of.items())
        )
        for family, of in sorted(total.items())
    ]


def _duties(value: Edition, found: list[Cost], language: Language) -> list[str]:
    zh = language == "zh"
    said = ["按职责：" if zh else "By duty:"]
    for cost in found:
        title = value.rulebook.duties[cost.duty].title.say(language)
        role = _role(value, cost.type, cost.post, language)
        often = f"{-(-cost.times // 1000)} 次/年" if zh else f"{-(-cost.times // 1000)} a year"
        if not cost.times:
            often = "触发后" if zh else "when triggered"
        each = f"每次 {cost.seconds} 秒" if zh else f"{cost.seconds} s each"
        said.append(f"  {role} · {title} ({cost.duty}): {often}, {each}")
    return said


def _as_json(before: list[Cost], after: list[Cost]) -> dict[str, object]:
    was, now = by_role(before), by_role(after)
    return {
        "roles": [
            {
                "type": type_,
                "post": post,
                "minutes_a_month": minutes_a_month(now.get((type_, post), 0)),
                "minutes_a_month_before": minutes_a_month(was.get((type_, post), 0)),
            }
            for type_, post in sorted({*was, *now})
        ],
        "duties": [
            {
                "type": c.type,
                "post": c.post,
                "family": c.family,
                "duty": c.duty,
                "kind": c.kind,
                "times_a_year_in_thousandths": c.times,
                "seconds_each": c.seconds,
            }
            for c in after
        ],
    }
