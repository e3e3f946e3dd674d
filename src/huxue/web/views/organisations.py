"""The tree of organisations, and the page of each: where it stands and stood, its posts, who holds them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse

from huxue.access.models import User
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Text
from huxue.ledger import finding
from huxue.organisations import particulars
from huxue.organisations.models import OPEN, Organisation
from huxue.web.pages import page
from huxue.web.routing import Request, route
from huxue.web.rules import rules

MOST = 200  # organisations of one level on a page


def tree(request: Request) -> HttpResponse:
    """Show the tree from the top of what somebody sees, one level at a time, or what a search finds."""
    asked, under, after = (request.GET.get(name, "").strip()[:100] for name in ("q", "under", "after"))
    book = rules(request).rulebook
    found = finding.organisations(asked, request.viewer.scope) if asked else []
    start = _seen(request, under) if under and not asked else None
    if start is not None:
        branches = particulars.below(start.code, after=after, limit=MOST + 1)
    else:
        branches = [] if asked else particulars.at_roots(request.viewer.scope.roots)
    return page(
        request, "organisations/tree.html", asked=asked, found=found, start=start, branches=branches[:MOST],
        more=branches[MOST - 1].code if len(branches) > MOST else "", types=book.organisation_types,
        above=particulars.chain(start.path) if start else [], covers=request.viewer.scope.covers,
    )  # fmt: skip


def organisation(request: Request, org: str) -> HttpResponse:
    """Show one organisation."""
    one = _seen(request, org)
    book, now = rules(request).rulebook, request.now
    posts = particulars.posts(one.code, at=now)
    order = {name: n for n, name in enumerate(_expected(book, one))}
    posts.sort(key=lambda post: (order.get(post.type, len(order)), post.code))
    standing = {post.type for post in posts}
    return page(
        request, "organisations/organisation.html", one=one, type=type_title(book, one.type), closed=one.closed < OPEN,
        traits=said_traits(book, one), above=particulars.chain(one.path), covers=request.viewer.scope.covers,
        places=particulars.places(one.code), supervisors=particulars.supervised_by(one.path, at=now),
        supervises=particulars.supervises(one.code, at=now), topics=book.topics, posts=posts, post_titles=book.posts,
        missing=[name for name in _expected(book, one) if name not in standing and _few(book, one)],
        below=particulars.below(one.code, limit=13), types=book.organisation_types,
        names=names_of(person for post in posts for person, _, _ in post.holders),
        may_organise=request.viewer.may("organise"), may_decide=decided_by(request, one),
    )  # fmt: skip


def seen(request: Request, code: str) -> Organisation:
    """Return an organisation within reach; one outside is a page that does not exist."""
    return _seen(request, code)


def _seen(request: Request, code: str) -> Organisation:
    one = particulars.organisation(code)
    if one is None or not request.viewer.scope.covers(one.path):
        raise Http404
    return one


def decided_by(request: Request, one: Organisation) -> bool:
    """Whether somebody may reorganise an organisation: who sees what stands above it; the top only who sees all."""
    above = one.path[: -len(one.code) - 1]
    return request.viewer.scope.covers(above) if above else request.viewer.scope.whole


def _expected(book: Rulebook, one: Organisation) -> tuple[str, ...]:
    declared = book.organisation_types.get(one.type)
    return declared.posts if declared else ()


def _few(book: Rulebook, one: Organisation) -> bool:
    """Whether every post of the list is expected: a school has only some of the forty that the guide names."""
    return len(_expected(book, one)) <= 8  # noqa: PLR2004 - offices have five


def type_title(book: Rulebook, code: str) -> Text:
    """Return the title of a type of organisation."""
    return book.organisation_types[code].title if code in book.organisation_types else Text(zh=code, en=code)


def said_traits(book: Rulebook, one: Organisation) -> list[tuple[Text, Text]]:
    """Return the traits of an organisation with their titles, in the order of the rulebook; those unsaid left out."""
    says = particulars.traits_of(one)
    return [(trait.title, _said(book, trait, says[name])) for name, trait in book.traits.items() if name in says]


def _said(book: Rulebook, trait: Any, value: Any) -> Text:
    if isinstance(value, bool):
        return Text(zh="是", en="yes") if value else Text(zh="否", en="no")
    choice = book.lists.get(trait.list, {}).get(str(value)) if trait.list else None
    return choice.title if choice else Text(zh=str(value), en=str(value))


def names_of(persons: Iterable[str]) -> dict[str, str]:
    """Return the names of persons who have an account; the others are known by their number."""
    return dict(User.objects.filter(person__in=set(persons) - {""}).values_list("person", "name"))


ROUTES = [
    route("o/", tree, name="organisations", needs="see"),
    route("o/<str:org>", organisation, name="organisation", needs="see"),
]
