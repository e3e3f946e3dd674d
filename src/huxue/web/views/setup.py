"""The first week: rulebook, tree, people, families of duties. The page says what is done and what is left."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from huxue.actions import first_week, standings
from huxue.actions.rulebooks import read_rulebook
from huxue.core.burden import by_role, costs, minutes_a_month
from huxue.core.kinds import Kind
from huxue.core.rulebook.edition import Edition
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Refused, Text, date_of, day_of
from huxue.exchange.first_week import (
    Examined,
    columns,
    empty_book,
    examine_people,
    examine_tree,
    people_kind,
    tree_kind,
)
from huxue.exchange.waiting import Room, Waiting
from huxue.exchange.workbook_notes import corrected
from huxue.ledger import editions
from huxue.organisations.models import OPEN, Holding, Organisation
from huxue.organisations.relations import sizes
from huxue.rulebooks import shipped
from huxue.standings.site import calendars_of, edition_for
from huxue.web.pages import page
from huxue.web.routing import Request, route

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN: Final = 60  # wrong cells that a page names; the workbook that goes back has them all
BOOKS: Final = {
    "tree": Text(zh="单位", en="Organisations"),
    "people": Text(zh="人员和任职", en="People and their posts"),
}


def setup(request: Request) -> HttpResponse:
    """Say what is done and what is left."""
    made = _edition(request)
    return page(
        request, "setup/setup.html", edition=made, first=_first(),
        organisations=Organisation.objects.filter(closed=OPEN).count(),
        people=Holding.objects.filter(known_to=OPEN, valid_to=OPEN).values("person").distinct().count(),
        books=BOOKS,
    )  # fmt: skip


# --- 1: the rulebook ---------------------------------------------------------------------------------------------


def choose(request: Request) -> HttpResponse:
    """Choose a rulebook and the first day; every family is off at first."""
    if _edition(request) is not None:
        return redirect("setup")
    refused = None
    if request.method == "POST":
        try:
            first_week.choose_rulebook(name=_name_said(request), first=_day_said(request), now=request.now)
            return redirect("setup")
        except Refused as problem:
            refused = problem
    return page(
        request, "setup/rulebook.html", 422 if refused else 200, refused=refused, offered=_offered(),
        said=request.POST,
    )  # fmt: skip


def _offered() -> list[tuple[str, Rulebook]]:
    """Return the rulebooks that are shipped for use: what others build on, and examples, are not chosen."""
    names = [name for name in shipped() if "/" not in name]
    found = [(name, book) for name in names if (book := read_rulebook(name)[0]) is not None]
    return sorted(found, key=lambda one: -len(one[1].layers))


def _name_said(request: Request) -> str:
    """Return the rulebook chosen: one that is shipped, never a folder of the machine."""
    name = request.POST.get("rulebook", "")
    if name not in shipped():
        raise Refused("no_rulebook", "请选择制度。", "Choose a rulebook.")
    return name


def _day_said(request: Request) -> int:
    try:
        return day_of(date.fromisoformat(request.POST.get("first", "")))
    except ValueError:
        raise Refused("bad_date", "请填写启用首日，如 2026-09-01。", "Give the first day, as 2026-09-01.") from None


# --- 2 and 3: the workbooks --------------------------------------------------------------------------------------


class Book(NamedTuple):
    """One of the two workbooks: its code, what it holds, its kind."""

    code: str
    title: Text
    kind: Kind


def empty(request: Request, which: str) -> HttpResponse:
    """Hand out the workbook to fill in."""
    rulebook, book = _rulebook(request), _book(request, which)
    content = empty_book(book.kind, rulebook, request.lang, date_of(request.today).isoformat())
    return _file(content, f"{book.title.say(request.lang)}.xlsx")


def load(request: Request, which: str) -> HttpResponse:
    """Take a workbook in: look at it, say what is wrong or what it would write, and write it when agreed to."""
    rulebook, book = _rulebook(request), _book(request, which)
    refused, waiting, found = None, None, None
    if request.method == "POST":
        try:
            waiting = _waiting(request, book)
            found = _examined(request, book, rulebook, waiting)
            if request.POST.get("agreed") and not found.wrong:
                return _written(request, book, found, waiting)
        except Refused as problem:
            refused = problem
    return page(
        request, "setup/load.html", 422 if refused else 200, book=book, refused=refused, waiting=waiting, found=found,
        columns=columns(book.kind, rulebook), shown=SHOWN, accounts=_accounts(found),
        titles={one.code: one.title for one in columns(book.kind, rulebook)},
    )  # fmt: skip


def _accounts(found: Examined | None) -> int:
    return len({row.says["person"] for row in found.rows if row.says.get("username")}) if found else 0


def _waiting(request: Request, book: Book) -> Waiting:
    room = _room(request)
    if request.POST.get("waiting"):
        waiting = room.get(request.POST["waiting"], f"setup-{book.code}")
        if waiting is None:
            raise Refused("gone", "这份表格已过期，请重新上传。", "This workbook is gone: upload it again.")
        return waiting
    sent = request.FILES.get("file")
    if sent is None:
        raise Refused("no_file", "请选择要上传的表格。", "Choose the workbook to upload.")
    return room.keep(f"setup-{book.code}", str(sent.name)[:100], sent.read())


def _examined(request: Request, book: Book, rulebook: Rulebook, waiting: Waiting) -> Examined:
    content = _room(request).content(waiting)
    if book.code == "tree":
        return examine_tree(content, waiting.name, rulebook, first_week.standing())
    return examine_people(content, waiting.name, rulebook, first_week.known())


def _written(request: Request, book: Book, found: Examined, waiting: Waiting) -> HttpResponse:
    first = _first() or request.today
    opened: list[first_week.Account] = []
    if book.code == "tree":
        receipts = first_week.load_tree(rows=found.rows, first=first, now=request.now)
    else:
        receipts, opened = first_week.load_people(rows=found.rows, first=first, now=request.now, by=request.viewer.user)
    standings.note(receipts)
    _room(request).forget(waiting)
    return page(request, "setup/written.html", book=book, count=len(found.rows), opened=opened)


def marked(request: Request, which: str, waiting: str) -> HttpResponse:
    """Give the workbook back with a comment in every wrong cell."""
    rulebook, book = _rulebook(request), _book(request, which)
    kept = _room(request).get(waiting, f"setup-{book.code}")
    if kept is None:
        raise Http404
    found = _examined(request, book, rulebook, kept)
    content = corrected(_room(request).content(kept), found.filled, found.wrong, request.lang)
    return _file(content, f"{kept.name.rsplit('.', 1)[0]}-{'批注' if request.lang == 'zh' else 'marked'}.xlsx")


def _room(request: Request) -> Room:
    user = request.viewer.user
    if user is None:
        raise Http404
    return Room.of(settings.SITE, user.pk, request.now)


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


# --- 4: families -------------------------------------------------------------------------------------------------


class Offer(NamedTuple):
    """One family: what it costs each role in minutes a month, and whether it is on."""

    code: str
    title: Text
    on: bool
    advised: bool  # the rulebook itself would switch it on first
    duties: int
    minutes: list[tuple[str, str, int]]  # (type of organisation, post, minutes a month)

    @property
    def most(self) -> int:
        """What the role that has most to do spends."""
        return max((one[2] for one in self.minutes), default=0)


def families(request: Request) -> HttpResponse:
    """Show what each family costs before it is switched on; switch one on or off from today."""
    made = _edition(request)
    if made is None:
        return redirect("setup")
    refused = None
    if request.method == "POST":
        try:
            on = request.POST.get("do") == "on"
            first_week.switch(rulebook=made.rulebook, family=request.POST.get("family", ""), on=on, now=request.now)
            standings.keep_today(now=request.now)
            return redirect("setup_families")
        except Refused as problem:
            refused = problem
    offers = _offers(made, request.today)
    return page(
        request, "setup/families.html", 422 if refused else 200, refused=refused, offers=offers,
        types=made.rulebook.organisation_types, posts=made.rulebook.posts, now_costs=_by_role(made, request.today),
    )  # fmt: skip


def _offers(made: Edition, today: int) -> list[Offer]:
    """Return every family with what it would cost alone; those advised first come first."""
    book = made.rulebook
    owners = Counter(family for _, family in {(duty.code, duty.family) for duty in book.duties.values()})
    found = []
    for code, one in book.families.items():
        alone = made.model_copy(update={"families_on": (code,)})  # else what families share would be another's
        minutes = _by_role(alone, today)
        found.append(Offer(code, one.title, code in made.families_on, one.on, owners[code], minutes))
    return sorted(found, key=lambda offer: (not offer.advised, offer.most, offer.code))


def _by_role(made: Edition, today: int) -> list[tuple[str, str, int]]:
    return _minutes(costs(made, calendars_of(made).default, today, sizes() or None))


def _minutes(found: list[Any]) -> list[tuple[str, str, int]]:
    """Return minutes a month by role, the most first; what costs nothing is left out."""
    roles = [(kind, post, minutes_a_month(seconds)) for (kind, post), seconds in by_role(found).items() if seconds]
    return sorted(roles, key=lambda one: (-one[2], one[:2]))


# --- what stands -------------------------------------------------------------------------------------------------


def _edition(request: Request) -> Edition | None:
    return edition_for(as_of=request.today, known_at=request.today) if editions.activations() else None


def _rulebook(request: Request) -> Rulebook:
    made = _edition(request)
    if made is None:
        raise Refused("no_edition", "请先选择制度和首日。", "Choose a rulebook and the first day first.")
    return made.rulebook


def _book(request: Request, which: str) -> Book:
    if which not in BOOKS:
        raise Http404
    return Book(which, BOOKS[which], tree_kind(_rulebook(request)) if which == "tree" else people_kind())


def _first() -> int | None:
    """Return the day from which the site is in use: the first of its first edition."""
    every = editions.activations()
    return min(one.valid_from for one in every) if every else None


ROUTES = [
    route("setup/", setup, name="setup", needs="users"),
    route("setup/rulebook", choose, name="setup_rulebook", needs="users"),
    route("setup/families", families, name="setup_families", needs="users"),
    route("setup/<slug:which>/template.xlsx", empty, name="setup_template", needs="users"),
    route("setup/<slug:which>/marked/<slug:waiting>.xlsx", marked, name="setup_marked", needs="users"),
    route("setup/<slug:which>/load", load, name="setup_load", needs="users"),
]
