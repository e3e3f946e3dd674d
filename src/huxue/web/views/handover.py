"""Changing who holds a post: the sheet of what is open, who leaves, who takes over, and the signature."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from huxue.actions import handover as verbs
from huxue.actions import organisations
from huxue.core.facts import Fact, post_type
from huxue.core.values import Refused
from huxue.organisations.particulars import HeldPost, post
from huxue.standings.handing import SORTS, sheet
from huxue.web.acting import by, moment_said, noted
from huxue.web.fields.typed import code_in
from huxue.web.pages import page
from huxue.web.routing import Request, route
from huxue.web.rules import rules
from huxue.web.views.organisations import names_of, seen


def change(request: Request, post: str) -> HttpResponse:
    """Show what stands open with a post and who could take it over; write it when sent."""
    held = _held(request, post)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            return redirect("signed_sheet", item=_written(request, held))
        except Refused as problem:
            refused = problem
    return _page(request, held, "handover/change.html", 422 if refused else 200, refused=refused, said=request.POST)


def _written(request: Request, held: HeldPost) -> str:
    said = request.POST
    receipts = verbs.hand_over(
        rulebook=rules(request).rulebook, now=request.now, by=by(request), post=held.code,
        leaver=said.get("from", "").strip(), successor=code_in(said.get("to", "").strip()), at=moment_said(request),
        notes=said.get("notes", ""),
    )  # fmt: skip
    noted(receipts)
    return receipts[-1].item


def close(request: Request, post: str) -> HttpResponse:
    """Close a post that nobody needs any more."""
    held = _held(request, post)
    if request.method != "POST":
        raise Http404
    noted(organisations.close_post(now=request.now, by=by(request), at=moment_said(request), post=held.code))
    return redirect("organisation", org=held.code.partition("/")[0])


def what_is_open(request: Request, post: str) -> HttpResponse:
    """Show and print what stands open with a post today."""
    return _page(request, _held(request, post), "handover/open.html")


def signed_sheet(request: Request, item: str) -> HttpResponse:
    """Show a hand-over as it was written, and let the one who takes over sign it."""
    fact = _handover(request, item)
    refused: Refused | None = None
    if request.method == "POST":
        if not request.viewer.may("write"):
            raise Http404
        try:
            noted([verbs.sign(rulebook=rules(request).rulebook, now=request.now, by=by(request), item=item)])
            return redirect("signed_sheet", item=item)
        except Refused as problem:
            refused = problem
    return _sheet_page(request, fact, refused)


def _sheet_page(request: Request, fact: Fact, refused: Refused | None) -> HttpResponse:
    says = fact.fields
    code = str(says["post"])
    one = seen(request, code.partition("/")[0])
    return page(
        request, "handover/sheet.html", 422 if refused else 200, fact=fact, says=says, one=one,
        leaver=says.get("from", ""),
        successor=says.get("to", ""), notes=says.get("notes", ""), title=_title(request, code),
        names=names_of([str(says.get("from", "")), str(says.get("to", ""))]),
        lines=str(says["sheet"]).splitlines(), may_sign=_may_sign(request, fact), refused=refused,
    )  # fmt: skip


def _may_sign(request: Request, fact: Fact) -> bool:
    if request.viewer.post is None or not request.viewer.may("write") or fact.fields.get("signed"):
        return False
    try:
        verbs.refuse_stranger(fact, by(request))
    except Refused:
        return False
    return True


def _handover(request: Request, item: str) -> Fact:
    try:
        fact = verbs.standing(item)
    except Refused:
        raise Http404 from None
    seen(request, str(fact.fields["post"]).partition("/")[0])
    return fact


def _page(request: Request, held: HeldPost, template: str, status: int = 200, **more: object) -> HttpResponse:
    book = rules(request).rulebook
    found = sheet(held.code, book)
    names = names_of(person for person, _, _ in held.holders)
    return page(
        request, template, status, held=held, one=seen(request, held.code.partition("/")[0]), names=names, open=found,
        sorts=SORTS, title=_title(request, held.code), late=sum(one.late(request.now) for one in found), **more,
    )  # fmt: skip


def _held(request: Request, code: str) -> HeldPost:
    seen(request, code.partition("/")[0])
    held = post(code, at=request.now)
    if held is None:
        raise Http404
    return held


def _title(request: Request, code: str) -> object:
    kind = post_type(code)
    return rules(request).rulebook.posts.get(kind, kind)


ROUTES = [
    route("handover/<path:post>", change, name="handover", needs="organise"),
    route("close-post/<path:post>", close, name="close_post", needs="organise"),
    route("sheet/<path:post>", what_is_open, name="sheet", needs="see"),
    route("handovers/<str:item>", signed_sheet, name="signed_sheet", needs="see"),
]
