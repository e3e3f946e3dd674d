"""One page of guidance for each role: the five things that it does, and where."""

from __future__ import annotations

from django.http import HttpResponse

from huxue.web.guide import GUIDES
from huxue.web.pages import page
from huxue.web.routing import PUBLIC, SIGNED_IN, Request, needs_of, route


def guide(request: Request) -> HttpResponse:
    """Show the guide of the role acted in."""
    steps = GUIDES.get(request.viewer.role.code, GUIDES["post-holder"])
    opens = {step.page for step in steps if _may_open(request, step.page)}
    return page(request, "help.html", steps=steps, opens=opens)


def _may_open(request: Request, name: str) -> bool:
    needs = needs_of(name)
    return needs in (PUBLIC, SIGNED_IN) or (bool(needs) and request.viewer.may(needs))


ROUTES = [route("help", guide, name="help", needs=SIGNED_IN)]
