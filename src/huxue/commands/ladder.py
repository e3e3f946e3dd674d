"""``huxue ladder``: what follows from what is behind: reminders owed, and proposals that wait for a decision."""

from __future__ import annotations

import argparse
from typing import Any

from huxue.actions import ladder as actions
from huxue.commands import dates
from huxue.commands.main import open_site
from huxue.core.duties.explain import clause_of
from huxue.core.ladder import Addressee, Proposal
from huxue.core.ladder.grouping import NOBODY
from huxue.core.rulebook.edition import Edition, in_effect
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Language, Refused, Text, end_of_day
from huxue.standings.ladder import Climb
from huxue.standings.site import calendars_of, edition_for, evaluate_site

EXAMPLE = """examples:
  huxue ladder --as-of 2026-06-30
  huxue ladder --organisation C03 --measure circulate --json
  huxue ladder --send-reminders
"""
_SHOWN = 20  # addressees listed of one proposal


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "ladder",
        help="what follows from what is behind",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--organisation", metavar="CODE", help="what this organisation decides, or is addressed to it")
    parser.add_argument("--duty", metavar="CODE")
    parser.add_argument("--measure", metavar="CODE", help="remind, supervise, circulate, interview …")
    dates.add_days(parser)
    parser.add_argument("--send-reminders", action="store_true", help="first write down the reminders that are owed")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> None:
    """Send what goes out by itself if asked to, then print what is owed."""
    open_site()
    as_of, known_at = dates.days(args)
    sent = _send(args, as_of)
    edition = edition_for(as_of=as_of, known_at=known_at)
    climb = Climb(evaluate_site(edition, as_of=as_of, known_at=known_at), in_effect(edition), calendars_of(edition))
    found = _chosen(args, edition, climb)
    if args.json:
        dates.print_json({"as_of": dates.said(as_of), "sent": sent, "proposals": [_as_json(one) for one in found]})
        return
    _print_head(found, sent, as_of, args)
    speaker = Speaker(edition.rulebook, climb.names(), args)
    for one in found:
        print("\n".join(speaker.lines(one)))


def _send(args: argparse.Namespace, as_of: int) -> int | None:
    """Return how many organisations were reminded, ``None`` where nobody asked."""
    if not args.send_reminders:
        return None
    if args.known_at:
        raise Refused(
            "bad_options", "发送提醒不能与 --known-at 同用。", "--send-reminders cannot stand with --known-at."
        )
    now = dates.now()
    written = actions.send_reminders(now=now, at=end_of_day(as_of) if as_of < now // 1440 else None)
    return len(written)


def _chosen(args: argparse.Namespace, edition: Edition, climb: Climb) -> list[Proposal]:
    if args.duty and args.duty not in edition.rulebook.duties:
        raise Refused("unknown_duty", f"制度中没有职责“{args.duty}”", f"there is no duty '{args.duty}' in the rulebook")
    if args.organisation and args.organisation not in climb.chart.types:
        raise Refused(
            "unknown_organisation",
            f"没有编码为“{args.organisation}”的单位",
            f"there is no organisation with the code '{args.organisation}'",
        )
    return [
        one
        for one in climb.proposals()
        if args.duty in (None, one.subject)
        and args.measure in (None, one.rung.measure)
        and args.organisation in (None, one.decides, *(a.organisation for a in one.addressees))
    ]


def _as_json(one: Proposal) -> dict[str, Any]:
    rung = one.rung
    return {
        "code": one.code,
        "ladder": one.ladder,
        "measure": rung.measure,
        "duty": None if one.kind else one.subject,
        "case": one.subject if one.kind else None,
        "decides": None if one.by_itself or one.decides == NOBODY else one.decides,
        "post": rung.decides.post if rung.decides else None,
        "document": rung.document or None,
        "addressees": [
            {
                "organisation": a.organisation,
                "since": dates.said(a.episode.since),
                "workdays": a.workdays,
                "missed": a.episode.missed,
                "behind": [o.period for o in a.episode.behind],
            }
            for a in one.addressees
        ],
    }


def _print_head(found: list[Proposal], sent: int | None, as_of: int, args: argparse.Namespace) -> None:
    zh = args.lang == "zh"
    if sent is not None:
        print(f"已发出提醒 {sent} 件" if zh else f"{sent} reminders sent")
    reminders = sum(one.by_itself for one in found)
    waiting = len(found) - reminders
    day = dates.said(as_of)
    print(
        f"截至 {day}：待决定 {waiting} 件，待发提醒 {reminders} 件"
        if zh
        else f"as of {day}: {waiting} to be decided, {reminders} reminders to be sent"
    )


class Speaker:
    """Says a proposal in one language."""

    def __init__(self, rulebook: Rulebook, names: dict[str, str], args: argparse.Namespace) -> None:
        """Keep what gives names."""
        self._rulebook, self._names, self._as_of = rulebook, names, args.as_of
        self._language: Language = args.lang

    def lines(self, one: Proposal) -> list[str]:
        """Return a proposal with its clause, its addressees, and what to type to see why."""
        made = [one.code, f"  {self._what(one)} · {self._office(one)}"]
        made += [f"  {clause}" for clause in self._clauses(one)]
        for addressee in one.addressees[:_SHOWN]:
            made += self._addressee(one, addressee)
        more = len(one.addressees) - _SHOWN
        return made + (
            [f"    {self._say(f'另有 {more} 个单位', f'and {more} more organisations')}"] if more > 0 else []
        )

    def _say(self, zh: str, en: str) -> str:
        return zh if self._language == "zh" else en

    def _text(self, text: Text) -> str:
        return text.say(self._language)

    def _what(self, one: Proposal) -> str:
        measure = self._rulebook.lists["measures"][one.rung.measure].title
        if not one.kind:
            return f"{self._text(measure)} · {self._text(self._rulebook.duties[one.subject].title)}"
        return f"{self._text(measure)} · {self._text(self._rulebook.kinds[one.kind].title)} {one.subject}"

    def _office(self, one: Proposal) -> str:
        if one.by_itself:
            return self._say("自动提醒", "goes out by itself")
        decides = one.rung.decides
        if one.decides == NOBODY or decides is None:
            return self._say("没有上级单位可以决定", "no organisation above to decide")
        post = self._text(self._rulebook.posts[decides.post])
        name = self._names.get(one.decides, one.decides)
        return self._say(f"由{name}（{one.decides}）{post}决定", f"{name} ({one.decides}), {post}, decides")

    def _clauses(self, one: Proposal) -> list[str]:
        ladder = self._rulebook.ladders[one.ladder]
        sources = [] if one.kind else [self._rulebook.duties[one.subject].source]
        own = ladder.source_of(one.rung)
        sources += [own] if own is not None else []
        return [self._text(clause_of(source, self._rulebook)) for source in sources]

    def _addressee(self, one: Proposal, addressee: Addressee) -> list[str]:
        name = self._names.get(addressee.organisation, addressee.organisation)
        first, last = addressee.span
        span = "" if one.kind else (f"  {first}" if first == last else f"  {first} … {last}")
        made = [f"    {name} ({addressee.organisation})  {self._text(addressee.sentence())}{span}"]
        if one.kind:
            return made
        day = f" --as-of {self._as_of}" if self._as_of else ""
        return [*made, f"      huxue why {addressee.organisation} {one.subject} {last}{day}"]
