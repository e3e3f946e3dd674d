"""Lists of everything that the rulebook declares: one page for every kind, made from its declaration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from huxue.core.kinds import Kind
from huxue.core.values import Text
from huxue.ledger.items import STEP
from huxue.ledger.listing import Asked, named, totals
from huxue.ledger.listing import page as page_of
from huxue.ledger.searching import items_with, organisations_named
from huxue.web.asked import ALL, asked_of, query_with
from huxue.web.columns import columns, usual
from huxue.web.listed import derived, filters, lines, links, may_write, pressed, say_title, state_chips, summary
from huxue.web.models import SavedView
from huxue.web.pages import page
from huxue.web.routing import Request, route
from huxue.web.rules import APART, BEGUN, rules

FOUND: Final = 30  # of each sort that the search over everything shows
MOST_VIEWS: Final = 30  # of one person in one list
ON_BOARD: Final = 8  # cases of one step that the board shows
SHAPES: Final = {
    "case": Text(zh="事项", en="Cases"), "register": Text(zh="台账", en="Registers"),
    "record": Text(zh="记录", en="Records"),
}  # fmt: skip


def page_of_list(request: Request, kind: str) -> HttpResponse:
    """Show one page of a kind."""
    found = rules(request)
    declared = found.kind(kind)
    chosen = [name for said in request.GET.getlist("cols") for name in said.split(",")]
    shown = columns(declared, chosen, request.lang)
    query = request.GET.dict()
    query["cols"] = ",".join(one.name for one in shown if one.shown) if chosen and not usual(declared, shown) else ""
    listed = page_of(declared, request.viewer.scope, asked_of(query, declared, now=request.now))
    made = lines(request, found, declared, listed.rows, [one.name for one in shown if one.shown])
    context: dict[str, Any] = {
        "kind": declared, "listed": listed, "lines": made, "columns": shown, "query": query,
        "filters": list(filters(request, declared, found.rulebook, query)),
        "chips": list(state_chips(request, declared, listed, query)),
        "pressed": list(pressed(request, declared, query)),
        "about": summary(request, listed), "address": reverse("list", kwargs={"kind": kind}), "links": links(kind),
        "next": _turn(query, listed.next), "previous": _turn(query, listed.previous),
        "everything": query_with({}, state=ALL), "exactly": query_with(query, exact="1"), "steps": bool(declared.flow),
        "title_of": say_title(declared, request), "can_write": may_write(request, declared),
        "derived": derived(found.rulebook, declared), "begun": kind in BEGUN,
    }  # fmt: skip
    return page(request, "lists/list.html", **context)


def _turn(query: dict[str, str], key: str) -> str:
    return query_with(query, after=key) if key else ""


# --- the board by step -----------------------------------------------------------------------------------------------


def page_of_steps(request: Request, kind: str) -> HttpResponse:
    """Show the open cases of a kind by the step they are at, the most urgent first."""
    found = rules(request)
    declared = found.kind(kind)
    if not declared.flow:
        raise Http404
    scope = request.viewer.scope
    listed = page_of(declared, scope, Asked(open_only=True, size=1))
    standing = {step: listed.counts.get((STEP, step), 0) for step, said in declared.flow.items() if not said.ends}
    stacks = []
    for step, n in standing.items():
        if n or not declared.flow[step].stays:
            rows = page_of(declared, scope, Asked(step=step, open_only=True, size=ON_BOARD)).rows if n else []
            stacks.append((step, declared.flow[step], n, lines(request, found, declared, rows, ())))
    context: dict[str, Any] = {"kind": declared, "stacks": stacks, "address": reverse("list", kwargs={"kind": kind})}
    return page(request, "lists/steps.html", **context)


# --- all kinds, and the search over everything -----------------------------------------------------------------------


def page_of_kinds(request: Request) -> HttpResponse:
    """Show every kind by shape with how many items of it are within reach."""
    found = rules(request)
    asked = request.GET.get("q", "").strip().lower()
    kinds = [kind for code, kind in found.rulebook.kinds.items() if code not in APART and asked in _names(kind)]
    counts = totals(kinds, request.viewer.scope)
    groups = [
        (
            shape,
            title,
            sorted((kind for kind in kinds if kind.shape == shape), key=lambda one: not counts.get(one.code)),
        )
        for shape, title in SHAPES.items()
    ]
    return page(request, "lists/kinds.html", groups=groups, counts=counts, asked=asked, writes=_writes(request, kinds))


def _names(kind: Kind) -> str:
    return f"{kind.title.zh} {kind.title.en} {kind.code}".lower()


def _writes(request: Request, kinds: Sequence[Kind]) -> set[str]:
    return {kind.code for kind in kinds if may_write(request, kind)}


def page_of_search(request: Request) -> HttpResponse:
    """Show the organisations and items within reach that a text is found in."""
    asked = request.GET.get("q", "").strip()
    found = rules(request)
    scope = request.viewer.scope
    units = organisations_named(asked, scope, FOUND) if asked else []
    searched = [
        code
        for code, kind in found.rulebook.kinds.items()
        if code not in APART and any(f.search for f in kind.fields.values())
    ]
    hits = items_with(asked, scope, searched, FOUND) if asked else []
    rows = named([item for item, _ in hits], scope)
    shown = [
        (found.rulebook.kinds[row.kind], line)
        for row in rows
        for line in lines(request, found, found.rulebook.kinds[row.kind], [row], ())
    ]
    kinds = [
        kind
        for code, kind in found.rulebook.kinds.items()
        if code not in APART and asked and asked.lower() in _names(kind)
    ]
    types = {code: one.title for code, one in found.rulebook.organisation_types.items()}
    context: dict[str, Any] = {
        "asked": asked,
        "units": units,
        "items": shown,
        "kinds": kinds,
        "types": types,
        "most": FOUND,
    }
    return page(request, "lists/search.html", **context)


# --- views under a name ----------------------------------------------------------------------------------------------


def page_of_views(request: Request, kind: str) -> HttpResponse:
    """Show, keep and remove the lists of a kind that somebody gave a name."""
    declared = rules(request).kind(kind)
    mine = SavedView.objects.filter(user=request.viewer.user, kind=kind)
    query = request.GET.urlencode()
    if request.method == "POST":
        name = request.POST.get("name", "").strip()[:40]
        if request.POST.get("remove"):
            mine.filter(name=request.POST["remove"]).delete()
        elif name and (mine.count() < MOST_VIEWS or mine.filter(name=name).exists()):
            SavedView.objects.update_or_create(
                user=request.viewer.user, kind=kind, name=name, defaults={"query": request.POST.get("query", "")[:2000]}
            )
        return redirect("views", kind=kind)
    context: dict[str, Any] = {"kind": declared, "views": list(mine.order_by("name")), "query": query}
    return page(request, "lists/views.html", **context, address=reverse("list", kwargs={"kind": kind}))


ROUTES = [
    route("k/", page_of_kinds, name="kinds", needs="see"),
    route("k/<slug:kind>/", page_of_list, name="list", needs="see"),
    route("k/<slug:kind>/steps", page_of_steps, name="steps", needs="see"),
    route("views/<slug:kind>", page_of_views, name="views", needs="see"),
    route("search", page_of_search, name="search", needs="see"),
]
