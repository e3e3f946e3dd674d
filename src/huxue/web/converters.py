"""Parts of addresses."""

from __future__ import annotations

from django.urls import register_converter


class ItemConverter:
    """The id of an item, but none of the words that other pages of a kind have in its place."""

    regex = r"(?!(?:new|steps|import|print|word)(?:/|$)|(?:export|template)\.)[0-9A-Za-z_.-]{1,64}"

    def to_python(self, value: str) -> str:
        """Return the id."""
        return value

    def to_url(self, value: str) -> str:
        """Return the id."""
        return value


class ShaConverter(ItemConverter):
    """A SHA-256 in hex."""

    regex = "[0-9a-f]{64}"


register_converter(ItemConverter, "item")
register_converter(ShaConverter, "sha")
