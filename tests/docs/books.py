"""The handbook of the city as it is committed, and how it is made::

PYTHONPATH=src python -m huxue rulebook book city docs/handbook/city --as-of 2026-08-31
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from huxue.actions import rulebooks
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import day_of
from tests.docs.pages import ROOT

AS_OF = day_of(date(2026, 8, 31))
COMMITTED = ROOT / "docs/handbook/city"


@cache
def loaded(name: str) -> Rulebook:
    """A rulebook without a problem."""
    rulebook, problems = rulebooks.read_rulebook(name)
    assert [one.say("en") for one in problems] == []
    assert rulebook is not None
    return rulebook


@cache
def made(name: str) -> dict[str, str]:
    """The pages of a rulebook's handbook."""
    return rulebooks.handbook(name, loaded(name), day=AS_OF)


def pages_in(folder: Path) -> dict[str, str]:
    """The pages of a folder, by relative path."""
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in sorted(folder.rglob("*.md"))}
