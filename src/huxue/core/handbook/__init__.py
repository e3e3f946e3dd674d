"""A handbook made from a rulebook: one page for each family of duties, and pages of what the duties rest on."""

from huxue.core.handbook.book import book

__all__ = ["book"]
