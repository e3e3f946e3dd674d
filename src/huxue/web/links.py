"""Addresses of pages that may not be there: an empty address where they are not, so that plain text stands instead."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote, urlencode

from django.urls import NoReverseMatch, reverse

_SAFE = "/:@-._~!$&'()*+,;="  # what Django leaves as it is


def link(name: str, *, query: str = "", **parts: str) -> str:
    """Return the address of a page, "" where there is none of this name. ``query`` goes behind the question mark.

    Each pattern is looked up once: a page of a hundred links asks for few of them.
    """
    found = _pattern(name, tuple(parts))
    for part, value in parts.items():
        found = found.replace(f"__{part}__", quote(value, safe=_SAFE))
    return f"{found}?{query}" if query and found else found


@lru_cache(maxsize=256)
def _pattern(name: str, parts: tuple[str, ...]) -> str:
    try:
        return reverse(name, kwargs={part: f"__{part}__" for part in parts})
    except NoReverseMatch:
        return ""


def why(organisation: str, duty: str, period: str = "") -> str:
    """Return the address of the page that says why a standing is what it is."""
    return link("why", org=organisation, duty=duty, query=urlencode({"period": period}) if period else "")


__all__ = ["link", "why"]
