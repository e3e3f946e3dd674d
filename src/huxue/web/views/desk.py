"""The desk: what the ladders propose to whoever decides, with its facts and its clause; issue, dismiss or put off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from huxue.access.viewer import Held
from huxue.actions import deciding
from huxue.actions.acting import By
from huxue.core.duties.explain import citation
from huxue.core.handbook.lists import conditions
from huxue.core.handbook.voice import Voice
from huxue.core.ladder.grouping import NOBODY
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Refused, Text, date_of, day_of
from huxue.standings import decisions, kept_proposals
from huxue.standings.dossier import subject
from huxue.standings.kept_proposals import Waiting
from huxue.web import links
from huxue.web.deadlines import calendar_of
from huxue.web.pages import page
from huxue.web.routing import Request, route
from huxue.web.rules import Rules, rules

SHOWN: Final = 200  # proposals listed
ANSWER_IN: Final = 10  # workdays, unless somebody says otherwise


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal as the list shows it. ``mine``: the viewer's post decides it, not another one of the organisation."""

    proposal: Waiting
    measure: Text
    about: Text
    said: Text
    mine: bool


@dataclass(frozen=True, slots=True)
class Detail:
    """A proposal with everything a decision needs. ``mine``: whether the viewer's post decides it."""

    line: Line
    names: Mapping[str, str]
    measures: Mapping[str, Text]
    conditions: str
    clauses: tuple[Text, ...]
    office: str
    decider: Text
    holders: tuple[str, ...]
    mine: bool
    until: tuple[str, str]  # the first and the last day it can be put off to
    deadline: str  # day by which an answer is asked for, unless changed
    ladder: Text


def desk(request: Request, code: str = "") -> HttpResponse:
    """Show what waits for a decision, and one proposal beside it."""
    own = _own(request)
    lines = _lines(request, own)
    wanted = request.GET.get("measure", "")
    listed = [one for one in lines if wanted in ("", one.proposal.rung.measure)]
    chosen = code or (listed[0].proposal.code if listed else "")
    return _page(request, own, lines, listed, chosen, opened=bool(code))


def decide(request: Request, code: str) -> HttpResponse:
    """Take a decision on a proposal; what has ended meanwhile is taken off the desk."""
    if request.method != "POST":
        return desk(request, code)
    own, book = _own(request), rules(request)
    try:
        said = _decide(request, own, book, code)
    except Refused as refusal:
        if refusal.code == "not_proposed":
            deciding.withdrawn(code)
        lines = _lines(request, own)
        return _page(request, own, lines, lines, code, mistakes=[("", refusal.say(request.lang))], status=422)
    return HttpResponseRedirect(f"{reverse('desk')}?said={said}")


def _decide(request: Request, own: Held, book: Rules, code: str) -> str:
    form, found = request.POST, kept_proposals.waiting(code, book.rulebook)
    if found is None or not _may_see(request, own, found):  # one sentence for both; nobody takes off what he cannot see
        gone = "not_proposed" if found is None else "not_seen"
        raise Refused(gone, "这条建议已办结或已决定。", "This proposal has ended or been decided.")
    by, only = By(own.post, request.viewer.person), tuple(form.getlist("only"))
    if not only:
        raise Refused("nobody", "请至少选择一个单位。", "Choose at least one organisation.")
    every = len(only) == found.addressees
    some = () if every else only
    reason, action = form.get("reason", ""), form.get("action", "")
    if action == "issue":
        letter = _letter(request, book, found) if form.get("send") else None
        deciding.issue(
            rulebook=book.rulebook, now=request.now, by=by, proposal=code, measure=found.rung.measure, letter=letter,
            calendar=calendar_of(own.organisation, book.calendars), only=some, reason=reason,
            number=form.get("number", ""),
        )  # fmt: skip
    elif action == "dismiss":
        deciding.dismiss(now=request.now, by=by, proposal=code, reason=reason, only=some)
    elif action == "postpone":
        until = _day(form.get("until", ""), "bad_until")
        deciding.postpone(now=request.now, by=by, proposal=code, until=until, reason=reason, only=some)
    else:
        raise Http404
    return action


def _letter(request: Request, book: Rules, found: Waiting) -> deciding.Letter:
    line = _line(book.rulebook, found)
    deadline = _day(request.POST.get("deadline", ""), "bad_deadline")
    content = request.POST.get("content", "").strip() or f"{line.about.zh}：{line.said.zh}"
    return deciding.Letter(subject=f"{line.measure.zh}：{line.about.zh}"[:200], content=content, deadline=deadline)


def _day(text: str, code: str) -> int:
    try:
        return day_of(date.fromisoformat(text.strip()))
    except ValueError:
        raise Refused(code, "请填写日期，例如 2026-03-05。", "Give a date, for example 2026-03-05.") from None


# --- what is shown --------------------------------------------------------------------------------------------------


def _own(request: Request) -> Held:
    if request.viewer.post is None:
        raise Http404
    return request.viewer.post


def _lines(request: Request, own: Held) -> list[Line]:
    """Return what an organisation decides: one's own first, the higher rung first, then what is behind longest."""
    book = rules(request).rulebook
    found = kept_proposals.decided_by([own.organisation], book)
    order = list(book.lists.get("measures", {}))
    found.sort(key=lambda one: (not one.decided_in(own), -_place(order, one.rung.measure), -one.workdays, one.code))
    return [_line(book, one, mine=one.decided_in(own)) for one in found]


def _line(book: Rulebook, one: Waiting, *, mine: bool = True) -> Line:
    measure = book.lists["measures"][one.rung.measure].title
    more = one.addressees - 1
    who = Text(
        zh=f"{one.first}{f'等 {one.addressees} 个单位' if more else ''}",
        en=f"{one.first}{f' and {more} more' if more else ''}",
    )
    return Line(one, measure, subject(book, one.subject, one.kind), _because(one, who), mine)


def _because(one: Waiting, who: Text) -> Text:
    n, some = one.workdays, one.addressees > 1
    if one.kind:
        days = f"is {n} workdays old"
        return Text(zh=f"因为{who.zh}所涉事项已过 {n} 个工作日", en=f"because a case of {who.en} {days}")
    longest = ("最长已超过期限", "have been late for up to") if some else ("已超过期限", "has been late for")
    return Text(zh=f"因为{who.zh}{longest[0]} {n} 个工作日", en=f"because {who.en} {longest[1]} {n} workdays")


def _page(
    request: Request, own: Held, lines: list[Line], listed: list[Line], code: str, *,
    opened: bool = True, mistakes: Iterable[tuple[str, str]] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    detail = _detail(request, own, code) if code else None
    if code and detail is None and not mistakes:
        raise Http404
    counts = Counter(one.proposal.rung.measure for one in lines)
    titles = rules(request).rulebook.lists.get("measures", {})
    return page(
        request, "reasons/desk.html", status, listed=listed[:SHOWN], left=max(len(listed) - SHOWN, 0), total=len(lines),
        counts=[(name, one.title, counts[name]) for name, one in titles.items() if counts[name]],
        wanted=request.GET.get("measure", ""), detail=detail, link=links.link, why=links.why, own=own,
        opened=opened, mistakes=list(mistakes), said=request.GET.get("said", ""), typed=request.POST,
    )  # fmt: skip


def _detail(request: Request, own: Held, code: str) -> Detail | None:
    book = rules(request)
    found = kept_proposals.waiting(code, book.rulebook)
    if found is None or not _may_see(request, own, found):
        return None
    ladder, rung = book.rulebook.ladders[found.ladder], found.rung
    voice = Voice(book.rulebook, request.lang)
    calendar = calendar_of(own.organisation, book.calendars)
    decider = rung.decides.post if rung.decides else ""
    names = decisions.names_of([*(one.organisation for one in found.late), found.decides])
    last = request.today + ladder.postponed_at_most
    return Detail(
        line=_line(book.rulebook, found), names=names, ladder=ladder.title, conditions=conditions(voice, rung),
        measures={name: one.title for name, one in book.rulebook.lists["measures"].items()},
        clauses=_clauses(book.rulebook, found), office=names.get(found.decides, ""),
        decider=book.rulebook.posts.get(decider, Text(zh=decider, en=decider)),
        holders=decisions.holders_of(f"{found.decides}/{decider}", request.now), mine=found.decided_in(own),
        until=(date_of(request.today + 1).isoformat(), date_of(last).isoformat()),
        deadline=date_of(calendar.add_workdays(request.today, ANSWER_IN)).isoformat(),
    )  # fmt: skip


def _may_see(request: Request, own: Held, found: Waiting) -> bool:
    """Whether a proposal is one's own to decide, about oneself, or decided within reach."""
    if found.decides in (own.organisation, NOBODY):
        return found.decides == own.organisation or request.viewer.scope.whole
    return any(one.organisation == own.organisation for one in found.late) or request.viewer.sees(found.decides)


def _clauses(book: Rulebook, found: Waiting) -> tuple[Text, ...]:
    ladder = book.ladders[found.ladder]
    duty = None if found.kind else next((one for one in book.duties.values() if one.code == found.subject), None)
    sources = [duty.source if duty else None, ladder.source_of(found.rung)]
    return tuple(citation(source, book) for source in sources if source is not None)


def _place(order: list[str], measure: str) -> int:
    return order.index(measure) if measure in order else -1


def decided(request: Request) -> HttpResponse:
    """Show what one's organisation decided lately, with its reasons."""
    own = _own(request)
    found = decisions.decided_by(own.organisation, rules(request).rulebook)
    return page(request, "reasons/decided.html", found=found, own=own, link=links.link, most=decisions.MOST)


ROUTES = [
    route("desk", desk, name="desk", needs="decide"),
    route("desk/decided", decided, name="decided", needs="decide"),
    route("desk/<str:code>", decide, name="proposal", needs="decide"),
]
