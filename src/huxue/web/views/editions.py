"""Editions: which was in force when, who activated it and why; and what differs between two of them."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from huxue.core.rulebook.diff import HEAD, WHAT
from huxue.web.editions import Step, changed, readable, steps
from huxue.web.pages import page
from huxue.web.routing import Request, route
from huxue.web.views.rulebook import sections_of, voice_of


def all_editions(request: Request) -> HttpResponse:
    """Show every edition, the latest first."""
    return page(request, "rulebook/editions.html", steps=steps()[::-1], sections=sections_of(voice_of(request)))


def difference(request: Request) -> HttpResponse:
    """Show what differs between two editions, ready to print for a meeting."""
    every = {one.number: one for one in steps()}
    old, new = _asked(request, every, "old"), _asked(request, every, "new")
    book = voice_of(request).rulebook
    rows = [(row, *readable(row, book)) for row in changed(old.activation.identity, new.activation.identity)]
    return page(request, "rulebook/difference.html", old=old, new=new, rows=rows, head=HEAD, what=WHAT)


def _asked(request: Request, every: dict[int, Step], name: str) -> Step:
    said = request.GET.get(name, "")
    if not said.isdecimal() or len(said) > 6 or int(said) not in every:  # noqa: PLR2004 - beyond every real number
        raise Http404
    return every[int(said)]


ROUTES = [
    route("rulebook/editions/", all_editions, name="editions", needs="rulebook-read"),
    route("rulebook/editions/difference", difference, name="difference", needs="rulebook-read"),
]
