"""One page of guidance for each role: the five things that it does, and where."""

from __future__ import annotations

from django.http import HttpResponse

from huxue.web.guide import GUIDES
from huxue.web.pages import page
from huxue.web.routing import SIGNED_IN, Request, route


def guide(request: Request) -> HttpResponse:
    """Show the guide of the role acted in."""
    steps = GUIDES.get(request.viewer.role.code, GUIDES["post-holder"])
    return page(request, "help.html", steps=steps)


ROUTES = [route("help", guide, name="help", needs=SIGNED_IN)]
