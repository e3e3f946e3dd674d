"""The language of the pages: kept with the browser, and with the account of who is signed in."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from huxue.actions.accounts import set_preferences
from huxue.web.asking import COOKIE, LANGUAGES
from huxue.web.routing import PUBLIC, Request, route

A_YEAR: Final = 365 * 24 * 3600  # seconds


def choose(request: Request) -> HttpResponse:
    """Set the language and go back to where somebody was."""
    if request.method != "POST":
        raise Http404
    wanted, back = request.POST.get("lang", ""), request.POST.get("next", "/")
    if wanted not in LANGUAGES:
        raise Http404
    if request.viewer.user is not None:
        set_preferences(user=request.viewer.user, language=wanted, large_type=request.viewer.user.large_type)
    answer = redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}) else "/")
    answer.set_cookie(COOKIE, wanted, max_age=A_YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return answer


ROUTES = [route("language", choose, name="language", needs=PUBLIC)]
