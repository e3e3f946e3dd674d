"""Why a duty of an organisation stands as it does: its facts and its clause, and who below a territory is behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from django.http import Http404, HttpResponse

from huxue.actions.standings import settle
from huxue.core.duties.explain import Reason, reason_of
from huxue.core.duties.reference import verdicts
from huxue.core.duties.shapes import Duty
from huxue.core.duties.verdict import Verdict
from huxue.core.handbook import shapes
from huxue.core.handbook.changing import changes
from huxue.core.handbook.duty import bearer
from huxue.core.handbook.voice import Voice
from huxue.organisations.models import Organisation
from huxue.standings import kept_proposals, whys
from huxue.web import links
from huxue.web.deadlines import calendar_of, clock
from huxue.web.pages import page
from huxue.web.routing import Request, route
from huxue.web.rules import Rules, rules

_PRESSING: Final = {"overdue": 0, "missed": 1, "due": 2, "excused": 3, "met": 4}
_PERIODS: Final = 60  # standings that are listed beside the one that is shown


@dataclass(frozen=True, slots=True)
class Told:
    """The standings of one organisation and duty, the one that is shown, and its tree of reasons."""

    every: tuple[Verdict, ...] = ()
    chosen: Verdict | None = None
    reason: Reason | None = None
    items: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def others(self) -> list[Verdict]:
        """The latest standings, the newest first."""
        return sorted(self.every, key=lambda v: (-v.standing.due, v.standing.period))[:_PERIODS]


def of_duty(request: Request, org: str, duty: str) -> HttpResponse:
    """Show why a duty of an organisation stands as it does, and who below it is behind."""
    one = seen(request, org)
    settle(org, now=request.now)
    book = rules(request)
    declared = _duty(book, duty)
    told = _told(request, book, one, duty)
    voice = Voice(book.rulebook, request.lang)
    due = told.chosen.standing.due if told.chosen and told.chosen.standing.status in ("due", "overdue") else None
    return page(
        request, "reasons/why.html", one=one, duty=declared, told=told, link=links.link, why=links.why,
        changes=changes(voice, told.chosen) if told.chosen else [], asked=shapes.asked(voice, declared),
        below=whys.below(book.rulebook, org, one.path, duty, request.viewer.scope), bearer=bearer(voice, declared),
        instrument=book.rulebook.sources.get(declared.source.text), kinds=book.rulebook.kinds,
        clock=clock(due, today=request.today, calendar=calendar_of(org, book.calendars)),
        proposals=[p for p in kept_proposals.about(org, book.rulebook) if p.subject == duty],
        measures=book.rulebook.lists.get("measures", {}), family=book.rulebook.families.get(declared.family),
    )  # fmt: skip


def seen(request: Request, org: str) -> Organisation:
    """Return an organisation within reach; one that is not there, or not within reach, is a page that is not there."""
    found = Organisation.objects.filter(code=org).first() if request.viewer.sees(org) else None
    if found is None:
        raise Http404
    return found


def _duty(book: Rules, code: str) -> Duty:
    found = next((one for one in book.rulebook.duties.values() if one.code == code), None)
    if found is None:
        raise Http404
    return found


def _told(request: Request, book: Rules, one: Organisation, duty: str) -> Told:
    bearers = {
        sort for version in book.rulebook.duties.values() if version.code == duty for sort in version.owed_by.type
    }
    if one.type not in bearers:
        return Told()
    today = request.today
    history = whys.history_for(book.edition, one.code, duty, as_of=today, known_at=today)
    every = tuple(verdicts(history, [one.code], [duty]))
    chosen = _chosen(every, request.GET.get("period", ""))
    if chosen is None:
        return Told(every)
    reason = reason_of(history, chosen)
    return Told(every, chosen, reason, whys.items_of([reason]))


def _chosen(every: tuple[Verdict, ...], period: str) -> Verdict | None:
    """Return the standing that was asked for, else the most pressing one; of those alike the latest."""
    asked = [v for v in every if v.standing.period == period]
    found = sorted(asked or every, key=lambda v: (_PRESSING[v.standing.status], -v.standing.due, v.standing.period))
    return found[0] if found else None


ROUTES = [route("why/<str:org>/<str:duty>", of_duty, name="why", needs="see")]
