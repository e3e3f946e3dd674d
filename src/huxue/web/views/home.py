"""待办: what is owed, what waits for a decision, what was started, what was sent for information."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any, Final

from django.http import HttpResponse

from huxue.access.viewer import Held
from huxue.actions import standings
from huxue.core.values import Text
from huxue.standings import grid, owed
from huxue.standings.briefing import SILENT_AFTER
from huxue.standings.kept_proposals import decided_by
from huxue.standings.kept_visits import reason, visit_first
from huxue.standings.owed import Waits
from huxue.web.addresses import address, address_or
from huxue.web.board import rates, shape_of, strip
from huxue.web.calendars import calendar_of
from huxue.web.pages import page
from huxue.web.routing import Request, route
from huxue.web.rules import Rules, rules
from huxue.web.todo import TOGETHER, Day, Todo, grouped, of_case, of_duty, together

SAID: Final = ("finding", "title", "subject", "matter", "summary", "name")  # fields that say what a case is about
MOST_BEHIND: Final = 5  # duties that a leader reads of
SHOWN: Final = 25  # lines of the list; the rest behind a link


def home(request: Request) -> HttpResponse:
    """The first page: whoever has no post has nothing to do here but what the administration asks."""
    if request.viewer.user is None or request.viewer.post is None:
        return page(request, "home/nobody.html")
    held, found = request.viewer.post, rules(request)
    standings.settle(held.organisation, now=request.now)
    day = Day(request.today, calendar_of(found, held.path), request.lang)
    tab = request.GET.get("tab", "")
    if tab == "started":
        lines = _started(held, found, day)
    elif tab == "sent":
        lines = _lines(owed.for_information(held.organisation, found.rulebook), found, day)
    else:
        lines = _todo(request, held, found, day)
    every = len(lines)
    shown = lines if request.GET.get("all") else lines[:SHOWN]
    return page(
        request, "home/home.html", tab=tab if tab in ("started", "sent") else "", groups=grouped(shown), every=every,
        rest=every - len(shown), kept=owed.about(), held=held, day_of=day, **_side(held),
        behind=_behind(held, found) if request.viewer.role.code == "leader" else [],
    )  # fmt: skip


def _todo(request: Request, held: Held, found: Rules, day: Day) -> list[Todo]:
    mine = [(one, of_duty(one, found.rulebook, day, held.organisation)) for one in owed.owed(held.organisation)]
    handled = {one.trigger.item for one, _ in mine if one.trigger}
    cases = [one for one in _cases(request, held, found) if one.item not in handled]
    lines = [line for _, line in mine if line is not None]
    return together([*lines, *_lines(cases, found, day), *_proposals(request, held, found, day)], day)


def _cases(request: Request, held: Held, found: Rules) -> list[Waits]:
    if not request.viewer.may("write"):
        return []
    names = {held.organisation_type, held.type}
    waiting = owed.concerning(held.organisation, names, found.rulebook)
    level = found.rulebook.organisation_types.get(held.organisation_type)
    if level is None or level.level in ("school", "city"):
        return waiting
    return [*waiting, *owed.watched(held.organisation, request.viewer.scope, found.rulebook)]


def _lines(cases: Iterable[Waits], found: Rules, day: Day) -> list[Todo]:
    waiting = list(cases)
    names = owed.names_of(one.organisation for one in waiting)
    said = owed.said_of(_alone(waiting, day), SAID)
    return [of_case(one, found.rulebook, day, names, said.get(one.item, {})) for one in waiting]


def _alone(waiting: Collection[Waits], day: Day) -> list[str]:
    """Return the cases that stand in a line of their own: only of these it is said what they are about."""
    sorts = {one.item: (*day.placed(one.deadline), one.kind, one.step) for one in waiting}
    counted = Counter(sorts.values())
    return [item for item, sort in sorts.items() if counted[sort] < TOGETHER]


def _proposals(request: Request, held: Held, found: Rules, day: Day) -> list[Todo]:
    """Return what the ladders propose and this post decides, as one line."""
    address = address_or("desk", "")
    if not address or not request.viewer.may("decide"):
        return []
    waiting = [one for one in decided_by([held.organisation], found.rulebook) if one.decided_in(held)]
    if not waiting:
        return []
    title = day.t(f"决定督责建议 {len(waiting)} 条", f"Decide on {len(waiting)} proposed measures")
    why = day.t(
        "系统依据台账提出，逐条写明理由，由您决定", "Proposed from the ledger, each with its reason; you decide"
    )
    return [
        Todo(
            title=title, address=address, why=why, group="soon", status="due", words=day.t("等您决定", "Waits for you"),
            when="", button=day.t("去决定", "Decide"), button_address=address, due=0, sort="desk",
        )
    ]  # fmt: skip


def _started(held: Held, found: Rules, day: Day) -> list[Todo]:
    mine = owed.started(held.organisation, found.rulebook)
    return _lines((one for one in mine if one.organisation != held.organisation), found, day)


def _side(held: Held) -> dict[str, Any]:
    """What stands beside the list: the counts of standings, and the rates of the territory."""
    own = owed.counts(held.organisation, own=True)
    territory = owed.counts(held.organisation, own=False)
    below = territory["bearers"] > 0
    return {
        "strip": strip(territory if below else own), "below": below, "rates": rates(territory if below else own),
        "visits": _visits(held) if below else [], "shape_of": shape_of,
    }  # fmt: skip


def _behind(held: Held, found: Rules) -> list[tuple[Text, str, int]]:
    """Return for a leader the duties that most organisations of the territory are behind on, and how many are."""
    totals = {code: cell for code, cell in grid.totals(held.organisation).items() if code in found.rulebook.duties}
    worst = sorted(totals, key=lambda code: (-totals[code].behind, code))[:MOST_BEHIND]
    return [
        (
            found.rulebook.duties[code].title,
            address("board_cell", org=held.organisation, duty=code),
            totals[code].behind,
        )
        for code in worst
        if totals[code].behind > 1
    ]


def _visits(held: Held) -> list[dict[str, Any]]:
    """Return the schools to see first, each with its reason."""
    made = []
    for school, name in visit_first(held.path):
        board = address_or("board_of", "", org=school.organisation)
        where = address_or("dossier", board, org=school.organisation)
        icon = "bell-off" if school.silent >= SILENT_AFTER else "alert-square"
        made.append({"name": name, "why": reason(school), "icon": icon, "address": where})
    return made


ROUTES = [route("", home, name="home", needs="signed-in")]
