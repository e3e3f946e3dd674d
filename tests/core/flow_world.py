"""The shipped cases, and a small cast to walk them with."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml

import huxue
from huxue.core.duties.shapes import Span
from huxue.core.facts import Fact
from huxue.core.flow import PUBLIC, Actor, State, actor
from huxue.core.kinds import Kind
from huxue.core.rulebook.model import Choice

NATIONAL = Path(huxue.__file__).parent / "rulebooks" / "national"
CASES = ("hazard", "incident", "interview", "letter", "listed-supervision")


def shipped(code: str) -> Kind:
    """Return a kind of the national rulebook."""
    (row,) = yaml.safe_load((NATIONAL / "kinds" / f"{code}.yaml").read_text("utf-8"))
    return Kind.model_validate(row)


def lists() -> dict[str, dict[str, Choice]]:
    """Return the lists of the national rulebook."""
    return {
        path.stem: {
            str(code): Choice.model_validate({"title": title})
            for code, title in yaml.safe_load(path.read_text("utf-8")).items()
        }
        for path in sorted((NATIONAL / "lists").glob("*.yaml"))
    }


KINDS = {code: shipped(code) for code in CASES}
LISTS = lists()
_ORGANISATIONS = yaml.safe_load((NATIONAL / "organisations.yaml").read_text("utf-8"))
DECLARED = SimpleNamespace(
    lists=LISTS,
    kinds=KINDS,
    organisation_types=tuple(_ORGANISATIONS["types"]),
    posts=tuple(_ORGANISATIONS["posts"]),
)
CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "hazard": {"grade": ("minor", "major")},
    "listed-supervision": {"level": tuple(LISTS["listing-levels"])},
    "incident": {},
    "interview": {},
    "letter": {},
}


class EveryDay:
    """A calendar without holidays; deadlines in days end with the day."""

    def deadline(self, minute: int, span: Span) -> int:
        """Return the last minute of a span."""
        if span.hours is not None:
            return minute + 60 * span.hours
        return (minute // 1440 + (span.days or span.workdays or span.school_days or 0)) * 1440 + 1439


def cast(kind: Kind, state: State) -> Iterable[Actor]:
    """Yield everybody: two people at the school, two in the bureau above it, one in the government, public, system.

    The bureau and the government stand in every relation to the school that the tree could give them.
    """
    above = ("supervisor", "verifier")
    for organisation, person, kind_of, posts, relations in (
        ("school", "principal", "school", ("principal",), ("verifier",)),
        ("school", "guard", "school", ("guard",), ("verifier",)),
        ("bureau", "ann", "county-department", ("officer", "inspector"), above),
        ("bureau", "ben", "county-department", ("officer", "inspector"), above),
        ("county", "deputy", "county-government", ("deputy", "joint-office"), (*above, "government")),
        ("county", "second", "county-government", ("deputy", "joint-office"), (*above, "government")),
    ):
        yield actor(
            kind, state, organisation=organisation, person=person, type=kind_of, posts=posts, relations=relations
        )
    yield PUBLIC
    yield Actor(names=frozenset({"system"}))


def step(name: str, at: int, *, deadline: int | None = None, **more: Any) -> Fact:
    """Return the fact of a step."""
    return Fact(
        id=f"{at:09}-{name}",
        kind="hazard",
        verb="step",
        item="case",
        at=at,
        recorded=at,
        step=name,
        deadline=deadline,
        **more,
    )
