"""The security log, and what the security administrator does: factors, sessions, pauses. Nothing here is counted."""

from __future__ import annotations

from typing import Final

from allauth.mfa.models import Authenticator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from huxue.access.listing import events
from huxue.access.models import Session, User
from huxue.access.security import EVENTS, WAYS, address_of, said
from huxue.actions import accounts as verbs
from huxue.web.browsers import device
from huxue.web.pages import page
from huxue.web.routing import Request, route

LINES: Final = 20  # of the log, beside an account


def log(request: Request) -> HttpResponse:
    """Show the log, newest first, of all accounts or of one."""
    username, event = request.GET.get("username", "").strip(), request.GET.get("event", "")
    before = request.GET.get("before", "")
    found = events(username=username, event=event, before=int(before) if before.isdecimal() else 0)
    return page(request, "security/log.html", found=found, username=username, event=event, names=EVENTS, said=said)


def lock(request: Request, username: str) -> HttpResponse:
    """Show how an account signs in and where it is signed in; reset, end or lift."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise Http404
    if request.method == "POST":
        return _done(request, user)
    kinds = Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True)
    sessions = Session.objects.filter(user=user.pk).order_by("-began")
    return page(
        request,
        "security/lock.html",
        user=user,
        factors=[WAYS[one] for one in kinds],
        sessions=[(one.began, one.address, device(one.device)) for one in sessions],
        lines=events(username=username, event="", before=0).rows[:LINES],
        names=EVENTS,
        said=said,
    )


def _done(request: Request, user: User) -> HttpResponse:
    known = {"factors": verbs.reset_factors, "sessions": verbs.end_all_sessions, "pause": verbs.lift_pause}
    asked = request.POST.get("do", "")
    if asked not in known:
        raise Http404
    known[asked](by=request.viewer.user, username=user.username, address=address_of(request))
    return redirect("lock", username=user.username)


ROUTES: Final = [
    route("security/", log, name="security_log", needs="security-log"),
    route("security/of/<str:username>", lock, name="lock", needs="locks"),
]
