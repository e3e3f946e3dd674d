"""A rulebook in memory: everything that one city's layers say together, frozen."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field as Setting

from huxue.core.checklists import Checklist, Criteria
from huxue.core.derivations import Derivation
from huxue.core.duties.shapes import Duty
from huxue.core.kinds import Kind
from huxue.core.ladder.model import Ladder
from huxue.core.mechanisms import Mechanism
from huxue.core.scoring.model import Tree
from huxue.core.values import Text, Value, date_of


class SourceText(Value):
    """A text that rules come from."""

    title: Text
    issuer: str = ""
    number: str = ""
    date: str = ""


class OrganisationType(Value):
    """A type of organisation: its level in the tree, the posts expected in it, its traits."""

    title: Text
    level: Literal["nation", "province", "city", "county", "township", "department", "school", "other"] = "other"
    posts: tuple[str, ...] = ()


class EarlierName(Value):
    """A name that was borne up to a day (its last, ``YYYY-MM-DD``) and no longer."""

    until: str
    title: Text


class Topic(Text):
    """A field of supervision, which names the department that has it: its name today, and those it bore before."""

    earlier: tuple[EarlierName, ...] = ()  # the oldest first

    def on(self, day: int) -> Text:
        """Return the name borne on a day (its number), so that a record prints the name of its own time."""
        said = date_of(day).isoformat()
        return next((name.title for name in self.earlier if said <= name.until), Text(zh=self.zh, en=self.en))


class Trait(Value):
    """A property of organisations that duties filter or measure by."""

    title: Text
    type: Literal["number", "choice", "yes_no", "date"]
    list: str = ""
    decimals: int = 0


class Choice(Value):
    """One value of a list."""

    title: Text


class Parameter(Value):
    """A number that a city may set: the DEF of the mechanisms table."""

    title: Text
    value: int | str | bool
    unit: str = ""
    confirmed: bool = False  # until then shown as 待确认
    at_least: int | None = None
    at_most: int | None = None


class Family(Value):
    """A family of duties: what a city switches on together."""

    title: Text
    on: bool = False  # switched on when the rulebook is first activated
    ladder: str = ""  # what follows on its duties that name no ladder of their own; a later layer may set it


class Layer(Value):
    """One layer that went into a rulebook."""

    code: str
    title: Text
    level: Literal["speech", "national", "province", "city", "county", "example"]


class Rulebook(Value):
    """The union of the layers. ``calendars`` are the raw tables that ``calendar.Calendars.build`` reads."""

    code: str
    title: Text
    layers: tuple[Layer, ...]
    valid_from: int = -10_000_000  # day the edition counts from
    languages: tuple[str, ...] = ("zh", "en")
    sources: dict[str, SourceText] = Setting(default_factory=dict)
    organisation_types: dict[str, OrganisationType] = Setting(default_factory=dict)
    posts: dict[str, Text] = Setting(default_factory=dict)
    topics: dict[str, Topic] = Setting(default_factory=dict)
    traits: dict[str, Trait] = Setting(default_factory=dict)
    lists: dict[str, dict[str, Choice]] = Setting(default_factory=dict)
    parameters: dict[str, Parameter] = Setting(default_factory=dict)
    families: dict[str, Family] = Setting(default_factory=dict)
    kinds: dict[str, Kind] = Setting(default_factory=dict)
    duties: dict[str, Duty] = Setting(default_factory=dict)
    checklists: dict[str, Checklist] = Setting(default_factory=dict)
    criteria: dict[str, Criteria] = Setting(default_factory=dict)
    derivations: dict[str, Derivation] = Setting(default_factory=dict)
    ladders: dict[str, Ladder] = Setting(default_factory=dict)
    mechanisms: dict[str, Mechanism] = Setting(default_factory=dict)
    scoring: dict[str, Tree] = Setting(default_factory=dict)
    calendars: dict[str, Any] = Setting(default_factory=dict)
