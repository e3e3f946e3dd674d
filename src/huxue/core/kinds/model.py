"""The declaration of a register, a record or a case, as a rulebook says it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator
from pydantic import Field as Setting

from huxue.core.values import Text, Value

FieldType = Literal[
    "text",
    "number",
    "money",
    "choice",
    "yes_no",
    "date",
    "time",
    "person",
    "organisation",
    "post",
    "entry",
    "place",
    "photo",
    "file",
    "signature",
]

Names = Annotated[tuple[str, ...], BeforeValidator(lambda said: (said,) if isinstance(said, str) else said)]
"""Names of steps, organisation types, posts …: an author may write one of them without a list."""


class Field(Value):
    """One field of a kind. Stored forms: docs/reference/kinds.md.

    ``at_least`` and ``at_most`` are whole units as the author writes them, whatever the decimals (``at_most: 100`` of
    a number with two decimals is 100.00); of a field with ``many`` they bound how many there are.
    """

    type: FieldType
    title: Text
    required: bool = False
    decimals: int = 0  # number: stored as an integer of 10^-decimals; money always has 2
    list: str = ""  # choice: the list it is taken from
    many: bool = False  # choice, person, organisation, post, entry, photo, file, signature: more than one
    kind: str = ""  # entry: of which kind
    facet: bool = False  # a filter of lists
    search: bool = False  # its text is searched
    personal: bool = False  # held apart, erasable
    at_least: int | None = None
    at_most: int | None = None
    max_length: int = 2000
    help: Text | None = None


class Role(Value):
    """A part in which an organisation stands in a fact of this kind."""

    title: Text
    many: bool = True
    required: bool = False
    types: Names = ()  # organisation types; empty: any


class Retention(Value):
    """How long personal data of this kind is kept, and by which clause."""

    years: int
    clause: str


class FlowStep(Value):
    """One step of a flow. With neither ``from_`` nor ``reopens`` it opens the case."""

    title: Text
    from_: Names = Setting(default=(), alias="from")
    by: Names
    not_by: Names = ()  # steps whose takers may not take this one
    asks: Names = ()
    only_if: dict[str, Any] = Setting(default_factory=dict)
    ends: str = ""  # the ending this step brings
    stays: bool = False  # the case stays where it was (an extension)
    at_most: int | None = None
    reopens: Names = ()  # endings
    on_the_spot: dict[str, Any] = Setting(default_factory=dict)  # when this holds, the check must be on the spot
    opens: str = ""  # another kind of case
    within: dict[str, Any] = Setting(default_factory=dict)  # clock it starts: {days: 15}, {field: deadline} …
    clears: bool = False  # stops the running clock
    document: str = ""

    @property
    def opening(self) -> bool:
        """Whether a case begins with this step."""
        return not self.from_ and not self.reopens


class Kind(Value):
    """A register, a record or a case."""

    code: str
    shape: Literal["register", "record", "case"]
    title: Text
    fields: dict[str, Field] = Setting(default_factory=dict)
    roles: dict[str, Role] = Setting(default_factory=dict)
    written_by: Names = ()  # organisation types that may write it; empty: any
    flow: dict[str, FlowStep] = Setting(default_factory=dict)
    retention: Retention | None = None
    minutes: int | None = None  # what one entry costs a person, where its author knows better than its fields
