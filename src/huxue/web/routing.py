"""Addresses with their owners: every page says which permission it needs, and nothing is served without one."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, wraps
from importlib import import_module
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.http import urlencode

from huxue.access.permissions import PERMISSIONS
from huxue.access.viewer import Viewer
from huxue.core.values import Language

PUBLIC: Final = "public"  # anybody, signed in or not
SIGNED_IN: Final = "signed-in"  # anybody with an account
ALLOWED_FIRST: Final = ("account_change_password",)  # while the password is one that somebody else has given
API: Final = "/api/"  # what stands there speaks JSON, also when it refuses
NOT_SIGNED_IN: Final = {"code": "not_signed_in", "zh": "请先登录。", "en": "Sign in first."}
PACKAGES: Final = ("huxue.web.views", "huxue.api")


class Request(HttpRequest):
    """A request as the pages see it (``frame.Frame`` adds these)."""

    viewer: Viewer
    lang: Language
    now: int  # minute
    today: int  # day
    standing: bool  # whether the site stands still at its day
    kept_rules: object


Page = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Route:
    """One address: its pattern, its page, its name, and the permission it needs."""

    path: str
    page: Page
    name: str
    needs: str


def route(address: str, page: Page, *, name: str, needs: str) -> Route:
    """Declare an address. ``needs``: a permission of ``access``, ``public`` or ``signed-in``; raises ``ValueError``."""
    if needs not in (*PERMISSIONS, PUBLIC, SIGNED_IN):
        raise ValueError(f"{address}: there is no permission {needs!r}")
    return Route(address, page, name, needs)


def routes() -> Iterator[Route]:
    """Yield the routes of every module of the pages and of the API."""
    for package in PACKAGES:
        try:
            found = import_module(package)
        except ModuleNotFoundError:
            continue
        for module in sorted(pkgutil.iter_modules(found.__path__), key=lambda one: one.name):
            yield from getattr(import_module(f"{package}.{module.name}"), "ROUTES", ())


def patterns() -> list[URLPattern]:
    """Return Django's patterns of all routes."""
    return [path(one.path, guarded(one), name=one.name) for one in routes()]


def guarded(one: Route) -> Page:
    """Return the page behind its permission: who is not signed in is asked to, for others it does not exist."""

    @wraps(one.page)
    def page(request: Request, *args: object, **words: object) -> HttpResponseBase:
        if one.needs != PUBLIC:
            if request.viewer.user is None:
                return sign_in(request)
            if request.viewer.user.must_change and one.name not in ALLOWED_FIRST:
                return redirect("account_change_password")
            if one.needs != SIGNED_IN and not request.viewer.may(one.needs):
                raise Http404
        return one.page(request, *args, **words)

    page.route = one  # type: ignore[attr-defined] # the generated test walks the patterns by it
    return page


def sign_in(request: HttpRequest) -> HttpResponse:
    """Send somebody to the sign-in page, and back afterwards; a program is told that it must sign in."""
    if request.path.startswith(API):
        return JsonResponse(NOT_SIGNED_IN, status=401, json_dumps_params={"ensure_ascii": False})
    return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")


@cache
def needs_of(name: str) -> str:
    """Return the permission that the page of a name needs; "" where there is no such page."""
    return next((one.needs for one in routes() if one.name == name), "")


@cache
def has_url(name: str) -> bool:
    """Whether there is a page of this name without further words in its address."""
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True
