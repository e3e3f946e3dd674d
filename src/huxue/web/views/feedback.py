"""问题反馈与减负投诉: telling what is wrong or too much, with a name or without; reading the answer; answering."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from huxue.actions import feedback as verbs
from huxue.core.kinds import Kind
from huxue.core.values import Refused
from huxue.web import feedback
from huxue.web.acting import by, noted
from huxue.web.feedback import Told
from huxue.web.pages import page
from huxue.web.routing import Request, route
from huxue.web.rules import rules

ASKED = ("sort", "subject", "text", "page")
_ID = 32  # letters of an id
STEPS = ("answered", "returned", "closed", "taken-back", "reopened")


def entry(request: Request) -> HttpResponse:
    """Show the form, what I told before, and what waits for my organisation's answer; take what is sent."""
    refused: Refused | None = None
    if request.method == "POST":
        try:
            return redirect("feedback_item", item=_tell(request))
        except Refused as problem:
            refused = problem
    viewer = request.viewer
    said = request.POST if request.method == "POST" else {"page": request.GET.get("from", "")[:300], **_sort(request)}
    return page(
        request, "feedback/entry.html", 422 if refused else 200, kind=_kind(request), said=said, refused=refused,
        own=feedback.own(viewer.person), waiting=_waiting(request), lists=rules(request).rulebook.lists,
        named=_answers(request),
    )  # fmt: skip


def _waiting(request: Request) -> list[Told]:
    post = request.viewer.post
    return feedback.waiting(post.organisation) if post and request.viewer.may("write") else []


def _sort(request: Request) -> dict[str, str]:
    return {"sort": request.GET.get("sort", "")}


def _kind(request: Request) -> Kind:
    kind = rules(request).rulebook.kinds.get(verbs.KIND)
    if kind is None:
        raise Http404
    return kind


def _answers(request: Request) -> bool:
    return request.viewer.post is not None and request.viewer.may("write")


def _tell(request: Request) -> str:
    """Write what was told; without a name wherever somebody wants it so, or has no post to speak in."""
    viewer, found = request.viewer, rules(request)
    nameless = "nameless" in request.POST or not (viewer.post and viewer.may("write"))
    receipt = verbs.tell(
        rulebook=found.rulebook, now=request.now, by=None if nameless else by(request),
        to=verbs.office(viewer.post.path if viewer.post else ""), calendar=found.calendars.default,
        values={name: request.POST.get(name, "").strip() for name in ASKED},
    )  # fmt: skip
    noted([receipt])
    return receipt.item


def one(request: Request, item: str) -> HttpResponse:
    """Show one thing told, its answer, and the next step for whoever may take it."""
    told = feedback.one(item)
    if told is None or not _concerns(request, told):
        raise Http404
    refused: Refused | None = None
    if request.method == "POST":
        try:
            _step(request, told)
            return redirect("feedback_item", item=item)
        except Refused as problem:
            refused = problem
    return page(
        request, "feedback/one.html", 422 if refused else 200, kind=_kind(request), told=told, refused=refused,
        story=feedback.story(item), lists=rules(request).rulebook.lists, steps=_open_to(request, told),
        said=request.POST if request.method == "POST" else {}, answering=_answering(request, told),
    )  # fmt: skip


def _concerns(request: Request, told: Told) -> bool:
    """Whoever told it, whoever answers it; told without a name, whoever has the address that was shown once."""
    nameless = bool(told.said.get("nameless"))
    return nameless or _answering(request, told) or _mine(request, told)


def _mine(request: Request, told: Told) -> bool:
    return bool(told.person) and told.person == request.viewer.person


def _answering(request: Request, told: Told) -> bool:
    post = request.viewer.post
    return post is not None and post.organisation == told.to and request.viewer.may("write")


def _open_to(request: Request, told: Told) -> list[str]:
    """Return the steps that may come next for the viewer, in the order of the flow."""
    flow = _kind(request).flow
    who = {"to"} if _answering(request, told) else set()
    who |= {"finder"} if _mine(request, told) and _answers(request) else set()
    if told.ended_as:
        return [code for code in STEPS if told.ended_as in flow[code].reopens and who & set(flow[code].by)]
    return [code for code in STEPS if told.step in flow[code].from_ and who & set(flow[code].by)]


def _step(request: Request, told: Told) -> None:
    step = request.POST.get("step", "")
    if step not in _open_to(request, told):
        raise Http404
    kind, found = _kind(request), rules(request)
    values = {name: request.POST.get(name, "").strip() for name in kind.flow[step].asks}
    receipt = verbs.take_step(
        rulebook=found.rulebook, now=request.now, by=by(request), kind=verbs.KIND, step=step, at=request.now,
        values=values, calendar=found.calendars.default, item=told.item,
    )  # fmt: skip
    noted([receipt])


def general(_request: Request, rest: str = "") -> HttpResponse:
    """Lead from the general addresses of cases to the pages that know who may read them."""
    item = rest.partition("/")[0]
    return redirect("feedback_item", item=item) if item.isalnum() and len(item) == _ID else redirect("feedback")


ROUTES = [
    route("k/feedback/", general, name="feedback_list", needs="feedback"),
    route("k/feedback/<path:rest>", general, name="feedback_general", needs="feedback"),
    route("feedback", entry, name="feedback", needs="feedback"),
    route("feedback/<slug:item>", one, name="feedback_item", needs="feedback"),
]
