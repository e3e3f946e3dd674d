"""Who asks, in which language, at which time: what every request carries before any page sees it."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from huxue.access.viewer import Viewer, viewer_of
from huxue.core.values import MINUTES_A_DAY
from huxue.web import clock

LANGUAGES: Final = ("zh", "en")
COOKIE: Final = "lang"


def prepare(request: HttpRequest) -> None:
    """Put viewer, language, minute and day on a request."""
    said = request.COOKIES.get(COOKIE, "")
    request.lang = said if said in LANGUAGES else "zh"  # type: ignore[attr-defined]
    request.now = clock.now()  # type: ignore[attr-defined]
    request.today = request.now // MINUTES_A_DAY  # type: ignore[attr-defined]
    request.standing = clock.standing() is not None  # type: ignore[attr-defined]
    request.viewer = SimpleLazyObject(lambda: _viewer(request))  # type: ignore[attr-defined]


def _viewer(request: HttpRequest) -> Viewer:
    asks = getattr(request, "user", None)  # missing where a request failed before it was known who asks
    user = asks if asks is not None and asks.is_authenticated else None
    return viewer_of(user, post=request.session.get("post", "") if user else "", now=request.now)  # type: ignore[attr-defined]
