"""What my organisation was sent: to receive, to answer, waiting for the sign-off, done."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from huxue.actions import directives
from huxue.core.values import Refused
from huxue.ledger import sending
from huxue.web.acting import by, noted
from huxue.web.pages import page
from huxue.web.routing import Request, route
from huxue.web.rules import rules
from huxue.web.views.sent import acting_for, calendar_of, kinds_of


def received(request: Request) -> HttpResponse:
    """List what came, what presses first."""
    found = sending.received(acting_for(request))
    return page(
        request, "sent/received.html", kinds=kinds_of(request), waiting=[d for d in found if d.step == "sent"],
        answering=[d for d in found if d.step in ("received", "returned")],
        answered=[d for d in found if d.step == "answered"], ended=[d for d in found if d.ended_as],
    )  # fmt: skip


def one(request: Request, item: str) -> HttpResponse:
    """Show one thing that came; receive it or answer it."""
    found = sending.received_one(item)
    if found is None or not request.viewer.sees_any((found.organisation, found.sender)):
        raise Http404
    mine = request.viewer.post is not None and request.viewer.post.organisation == found.organisation
    mine = mine and request.viewer.may("write")
    refused: Refused | None = None
    if request.method == "POST":
        try:
            _act(request, item, mine=mine)
            done = request.POST.get("do") == "receive"
            return redirect("received") if done else redirect("received_one", item=item)
        except Refused as problem:
            refused = problem
    return page(
        request, "sent/one.html", 422 if refused else 200, down=found, mine=mine, refused=refused, said=request.POST,
        kinds=kinds_of(request), flow=rules(request).kind(directives.KIND).flow,
    )  # fmt: skip


def _act(request: Request, item: str, *, mine: bool) -> None:
    if not mine:
        raise Http404
    common: dict[str, Any] = {
        "rulebook": rules(request).rulebook,
        "now": request.now,
        "by": by(request),
        "calendar": calendar_of(request),
    }
    match request.POST.get("do", ""):
        case "receive":
            noted([directives.receive(**common, item=item)])
        case "answer":
            noted([directives.answer(**common, item=item, values={"reply": request.POST.get("reply", "")})])
        case _:
            raise Http404


ROUTES = [
    route("received", received, name="received", needs="see"),
    route("received/<str:item>", one, name="received_one", needs="see"),
]
