"""A recipe: what the columns of somebody's file mean. ``load`` reads it; docs/reference/recipes.md explains it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field as Setting

from huxue.core.kinds import Names
from huxue.core.values import Text, Value

Plain = bool | int | str


class Parameter(Value):
    """A value of the whole file: given with ``--set``, else found in the file's name, else the default."""

    title: Text
    type: Literal["text", "whole", "date"] = "text"
    default: Plain | None = None
    from_name: str = ""  # a regular expression with one group, searched in the file's name
    optional: bool = False


class Column(Value):
    """One column of the file: the short name it goes by and how its cells are read; or why it is ignored."""

    as_: str = Setting(default="", alias="as")
    type: Literal["text", "whole", "number", "date", "moment"] = "text"
    format: Names = ()  # of dates and moments, as in ``strptime``; tried in order
    map: dict[str, Plain] = Setting(default_factory=dict)  # cell → value; others are mistakes unless ``otherwise``
    otherwise: Plain | None = None
    required: bool = False  # a blank cell is a mistake
    optional: bool = False  # the file may lack the column
    ignore: Text | None = None


class Pattern(Value):
    """Columns found by a regular expression over the whole header."""

    column: str
    why: Text | None = None  # of ignored ones
    name: str = ""  # of unpivoted ones
    cell: Literal["text", "whole", "number", "date", "moment"] = "number"
    required: bool = False


class Spec(Value):
    """How a value is made, where a template is not enough."""

    value: Plain | None = None
    map: dict[str, Plain] = Setting(default_factory=dict)
    otherwise: Plain | None = None
    add_days: int = 0
    not_before: str = ""  # a template; the later of the two moments
    digits: int | None = None  # keep so many decimals (cut, not rounded)
    code: bool = False  # make it a code of an organisation: no space, slash or colon, at most 64 characters
    place: dict[Literal["lat", "lon", "crs"], str] = Setting(default_factory=dict)


Said = Plain | Spec


class RowRule(Value):
    """Rows that are looked at twice: reported, and left out unless ``keep``."""

    when: dict[str, Any]
    say: Text
    keep: bool = False
    column: str = ""  # short name of the column the note stands at


class StepOf(Value):
    """One step of a case that a row tells of."""

    step: str
    at: Said
    when: dict[str, Any] = Setting(default_factory=dict)
    deadline: Said | None = None
    roles: dict[str, Said] = Setting(default_factory=dict)
    fields: dict[str, Said] = Setting(default_factory=dict)


class Absent(Value):
    """What is said of entries known from other files of this recipe that this file does not name."""

    fields: dict[str, Any]
    at_most: int = 10  # per cent; more than that and the file is taken to be incomplete: refused


class Target(Value):
    """What rows become: organisations, entries of a register, records, or cases."""

    name: str
    organisation: str = ""  # its type, may be a template
    entry: str = ""  # a kind
    record: str = ""  # a kind
    case: str = ""  # a kind
    each: str = ""  # name of an unpivot: one for each of its columns
    key: str = ""  # a template; default: the row's key (organisations: their code)
    when: dict[str, Any] = Setting(default_factory=dict)
    at: Said = ""
    roles: dict[str, Said] = Setting(default_factory=dict)
    fields: dict[str, Said] = Setting(default_factory=dict)
    traits: dict[str, Said] = Setting(default_factory=dict)
    reference: Said = ""
    steps: tuple[StepOf, ...] = ()
    when_absent: Absent | None = None

    @property
    def kind(self) -> str:
        """The kind of the facts it makes."""
        return self.entry or self.record or self.case or "organisation"


class Layout(Value):
    """One set of columns and what is made of them. A recipe of several layouts picks by the header."""

    name: str = ""
    key: Names
    columns: dict[str, str | Column]
    unpivot: tuple[Pattern, ...] = ()
    ignore: tuple[Pattern, ...] = ()
    values: dict[str, Said] = Setting(default_factory=dict)  # derived from the columns, in order
    rows: tuple[RowRule, ...] = ()
    targets: tuple[Target, ...]


class Reads(Value):
    """Limits and form of the files."""

    format: Names = ("csv", "xlsx")
    encoding: Names = ("utf-8", "gb18030")
    rows: int = 200_000
    megabytes: int = 100
    sheet: str = ""  # default: the only sheet that is not blank


class Recipe(Value):
    """A whole recipe."""

    code: str
    title: Text
    note: Text | None = None
    reads: Reads = Reads()
    parameters: dict[str, Parameter] = Setting(default_factory=dict)
    scope: str = ""  # template over the parameters: what a later file is compared with
    below: str = ""  # name of a parameter: keep only this organisation, those above and those below it
    layouts: tuple[Layout, ...]
