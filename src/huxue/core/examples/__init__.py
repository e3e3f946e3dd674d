"""Worked examples of a rulebook: from a file that an official can read to facts and expected standings."""

from __future__ import annotations

from huxue.core.examples.reading import NO_ROW, SORTS, Example, Expected, Sort, differences, read_examples

__all__ = ["NO_ROW", "SORTS", "Example", "Expected", "Sort", "differences", "read_examples"]
