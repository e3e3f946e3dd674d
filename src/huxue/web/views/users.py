"""Accounts, for the system administrator: list, open, close, give a password. No page says when somebody was here."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from huxue.access.accounts import normal
from huxue.access.listing import accounts, posts_of, without_account
from huxue.access.models import User
from huxue.access.roles import ADMINISTRATIONS, roles
from huxue.access.security import address_of
from huxue.actions import accounts as verbs
from huxue.core.values import Refused
from huxue.web.pages import page
from huxue.web.routing import Request, route
from huxue.web.rules import post_titles

LONGEST: Final = 60  # characters looked for


def users(request: Request) -> HttpResponse:
    """List the accounts."""
    text = request.GET.get("q", "")[:LONGEST].strip()
    found = accounts(text=text, after=request.GET.get("after", ""), now=request.now)
    return page(request, "users/users.html", found=found, text=text, titles=post_titles(request), roles=roles())


def new(request: Request) -> HttpResponse:
    """Open an account for somebody who holds a post, or for an administration."""
    said = {name: str(value).strip() for name, value in request.POST.items()}
    refused: Refused | None = None
    if request.method == "POST":
        try:
            user, password = verbs.open_account(
                by=request.viewer.user,
                username=said.get("username", ""),
                name=said.get("name", ""),
                person=said.get("person", ""),
                administers=said.get("administers", ""),
                address=address_of(request),
            )
            return page(request, "users/given.html", user=user, password=password, opened=True)
        except Refused as problem:
            refused = problem
    text = request.GET.get("q", "")[:LONGEST].strip()
    held = posts_of([said["person"]], now=request.now) if said.get("person") else []
    return page(
        request,
        "users/new.html",
        422 if refused else 200,
        text=text,
        posts=held or without_account(text=text, now=request.now),
        titles=post_titles(request),
        said=said,
        refused=refused,
        administrations=[roles()[code] for code in ADMINISTRATIONS],
        suggested=lambda post: normal(post.replace("/", "-").replace(":", "-")),
    )


def user(request: Request, username: str) -> HttpResponse:
    """Show one account, and close it, open it again or give it a password."""
    found = User.objects.filter(username=username).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        return _done(request, found)
    held = posts_of([found.person] if found.person else [], now=request.now)
    return page(request, "users/user.html", user=found, posts=held, titles=post_titles(request), roles=roles())


def _done(request: Request, found: User) -> HttpResponse:
    by, address = request.viewer.user, address_of(request)
    match request.POST.get("do", ""):
        case "close":
            verbs.close_account(by=by, username=found.username, address=address)
        case "reopen":
            verbs.reopen_account(by=by, username=found.username, address=address)
        case "password":
            given = verbs.give_password(by=by, username=found.username, address=address)
            return page(request, "users/given.html", user=found, password=given, opened=False)
        case _:
            raise Http404
    return redirect("user", username=found.username)


ROUTES: Final = [
    route("accounts/", users, name="users", needs="users"),
    route("accounts/new", new, name="new_user", needs="users"),
    route("accounts/of/<str:username>", user, name="user", needs="users"),
]
