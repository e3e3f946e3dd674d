"""The product's addresses and the empty page."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path

from huxue.urls import handler400, handler404, handler500, urlpatterns
from huxue.web.pages import page
from huxue.web.routing import SIGNED_IN, Request, guarded, route

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]


def empty(request: Request) -> HttpResponse:
    """Return the frame with nothing in it."""
    return page(request, "base.html")


_EMPTY = route("empty", empty, name="empty", needs=SIGNED_IN)
urlpatterns = [*urlpatterns, path(_EMPTY.path, guarded(_EMPTY), name=_EMPTY.name)]
