"""Addresses of pages, without matching a pattern each time: a page of links asks for hundreds of them."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from urllib.parse import quote

from django.urls import NoReverseMatch, reverse

_SAFE: Final = "!$&'()*+,;=~:@"  # as Django leaves them, without the slash


def address(name: str, **parts: object) -> str:
    """Return the address of a page; raises ``NoReverseMatch`` where there is none of that name and these parts."""
    pieces = _pieces(name, tuple(parts))
    said = [str(part) for part in parts.values()]
    if pieces is None or not all(said) or any("/" in one for one in said):
        return reverse(name, kwargs=parts)
    order, texts = pieces
    made = [texts[0]]
    for place, text in zip(order, texts[1:], strict=True):
        made += (quote(said[place], safe=_SAFE), text)
    return "".join(made)


@lru_cache(maxsize=512)
def _pieces(name: str, parts: tuple[str, ...]) -> tuple[tuple[int, ...], tuple[str, ...]] | None:
    """Return the texts of an address around its parts, and the order of these; ``None`` where they are no free text."""
    marks = [f"zzz{n}zzz" for n in range(len(parts))]
    try:
        made = reverse(name, kwargs=dict(zip(parts, marks, strict=True)))
    except NoReverseMatch:
        return None
    order = tuple(sorted(range(len(parts)), key=lambda n: made.index(marks[n])))
    texts, rest = [], made
    for place in order:
        before, _, rest = rest.partition(marks[place])
        texts.append(before)
    return order, (*texts, rest)


def address_or(name: str, other: str, **parts: object) -> str:
    """Return the address of a page, ``other`` where there is none."""
    try:
        return address(name, **parts)
    except NoReverseMatch:
        return other


@lru_cache(maxsize=64)
def there_is(name: str, *parts: str) -> bool:
    """Whether there is a page of this name with these parts in its address."""
    return bool(address_or(name, "", **dict.fromkeys(parts, "x")))


__all__ = ["address", "address_or", "there_is"]
