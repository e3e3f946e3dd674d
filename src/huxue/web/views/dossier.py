"""The dossier of a school 一校一档, on one page that prints as the paper one."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse

from huxue.actions.standings import settle
from huxue.core.values import MINUTES_A_DAY
from huxue.standings.dossier import Dossier, dossier
from huxue.standings.dossier.model import CaseLine, DutyLine, Particular, PostLine
from huxue.web import links
from huxue.web.deadlines import Clock, calendar_of, clock
from huxue.web.pages import page
from huxue.web.plan import plan
from huxue.web.routing import Request, route
from huxue.web.rules import rules

SCHOOL: Final = "school"
_FACTS: Final = ("pupils", "boarders", "staff", "level", "ownership", "diners", "floors", "opened")
_FIRST: Final = 8  # lines of duties that are shown at once
_SHOWN: Final = ("overdue", "missed", "due", "excused")


def show(request: Request, org: str) -> HttpResponse:
    """Show the dossier of an organisation within reach."""
    if not request.viewer.sees(org):
        raise Http404
    settle(org, now=request.now)
    book = rules(request)
    found = dossier(org, rulebook=book.rulebook, now=request.now)
    if found is None:
        raise Http404
    calendar = calendar_of(org, book.calendars)

    def clock_of(due: int | None) -> Clock | None:
        return clock(due, today=request.today, calendar=calendar)

    pressing = [line for line in found.duties if line.status in _SHOWN]
    return page(
        request, "reasons/dossier.html", d=found, link=links.link, why=links.why, clock_of=clock_of,
        pressing=pressing[:_FIRST], rest=pressing[_FIRST:], met=_met(found), open_hazards=_open(found.hazards),
        facts=_facts(found), main_posts=_main(found), plan=plan(found.site), status_of=_status(request.today),
        lacking=sum(line.short for line in found.ratios), visible=_visible(request, found),
    )  # fmt: skip


def _met(found: Dossier) -> list[DutyLine]:
    return [line for line in found.duties if line.status not in _SHOWN]


def _open(lines: tuple[CaseLine, ...]) -> list[CaseLine]:
    return [line for line in lines if not line.ended]


def _facts(found: Dossier) -> list[Particular]:
    """Return the particulars that stand in the head, the rest follows below."""
    by_trait = {one.trait: one for one in found.particulars}
    return [by_trait[name] for name in _FACTS if name in by_trait]


def _main(found: Dossier) -> list[PostLine]:
    """Return the posts that answer for safety first."""
    wanted = ("principal", "secretary", "vice-principal-safety", "safety-director", "head", "deputy")
    return [post for name in wanted for post in found.posts if post.post.partition("/")[2].partition(":")[0] == name]


def _status(today: int) -> object:
    """Return what turns a duty line into the shape it is drawn in: due within three days is at risk by its clock."""

    def status(line: DutyLine) -> str:
        return "overdue" if line.status == "overdue" and line.due // MINUTES_A_DAY < today else line.status

    return status


def _visible(request: Request, found: Dossier) -> frozenset[str]:
    """Return which of the organisations of the chain the viewer may open."""
    codes = [one.code for one in found.above] + [rank.organisation.code for rank in found.departments]
    covers = request.viewer.scope
    if covers.whole:
        return frozenset(codes)
    return frozenset(code for code in codes if request.viewer.sees(code)) if not covers.single else frozenset()


ROUTES = [route("schools/<str:org>", show, name="dossier", needs="see")]
