"""What the list of a kind shows: its columns, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from huxue.core.facts import post_type
from huxue.core.kinds import Field, Kind
from huxue.core.kinds.naming import naming_fields
from huxue.core.kinds.text import canonical
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Language, Text
from huxue.ledger.listing import ItemRow
from huxue.organisations.tables import select_in
from huxue.web.rules import UNSAID

FIRST: Final = 4  # columns of fields that a list shows unless others are chosen
HIDDEN: Final = ("photo", "file", "signature", "place")  # shown on the item's own page
LONG: Final = 60  # characters of one cell
APART: Final = Text(zh="单独保存", en="kept apart")


class Column(NamedTuple):
    """A column: the field's name, its title, and whether it is shown."""

    name: str
    title: str
    shown: bool


def named_field(kind: Kind) -> str:
    """Return the field that says best what an item is, of those that all may read: a text, else a choice."""
    names = [name for name in naming_fields(kind) if not kind.fields[name].personal]
    texts = [name for name in names if kind.fields[name].type == "text"]
    return next(iter(texts or names), "")


def columns(kind: Kind, chosen: Sequence[str], lang: Language) -> list[Column]:
    """Return the columns that a list of this kind may show; without a choice its filters come first."""
    named = named_field(kind)
    unsaid = {named, *UNSAID.get(kind.code, ())}
    offered = [name for name, rule in kind.fields.items() if rule.type not in HIDDEN and name not in unsaid]
    usual = sorted(offered, key=lambda name: (not kind.fields[name].facet, not kind.fields[name].required))[:FIRST]
    wanted = [name for name in chosen if name in offered] or usual
    return [Column(name, kind.fields[name].title.say(lang), name in wanted) for name in offered]


def usual(kind: Kind, shown: Sequence[Column]) -> bool:
    """Whether these columns are the ones that a list shows when nothing is chosen."""
    return list(shown) == [
        one._replace(title=said.title) for one, said in zip(columns(kind, (), "zh"), shown, strict=True)
    ]


class Cells:
    """Turns stored values into what a list says; names of organisations are read once for a whole page."""

    def __init__(self, kind: Kind, rulebook: Rulebook, lang: Language) -> None:
        """Remember what is needed for every row."""
        self.kind, self.rulebook, self.lang = kind, rulebook, lang
        self.names: dict[str, str] = {}

    def read_names(self, rows: Iterable[ItemRow], fields: Iterable[str]) -> None:
        """Read the names of the organisations in these fields: no query where there are none."""
        of_units = [name for name in fields if name and self.kind.fields[name].type in ("organisation", "post")]
        codes = {str(v).partition("/")[0] for row in rows for n in of_units for v in _each(row.fields.get(n))}
        if codes:
            sql = "SELECT code, name FROM organisations_organisation WHERE code IN ({})"
            self.names = dict(select_in(sql, sorted(codes)))

    def say(self, name: str, fields: Mapping[str, Any]) -> str:
        """Return what a cell says, cut to ``LONG`` characters; "" where nothing was said."""
        value = fields.get(name)
        if value is None or name not in self.kind.fields:
            return ""
        if isinstance(value, dict) and "$personal" in value:
            return APART.say(self.lang)
        said = self._say(self.kind.fields[name], value)
        return said if len(said) <= LONG else said[: LONG - 1] + "…"

    def _say(self, rule: Field, value: Any) -> str:
        if rule.type in ("organisation", "post"):
            return "；".join(self._unit(str(one)) for one in _each(value))
        return canonical(rule, value, lists=self.rulebook.lists, language=self.lang)

    def _unit(self, code: str) -> str:
        organisation, _, post = code.partition("/")
        name = self.names.get(organisation, organisation)
        title = self.rulebook.posts.get(post_type(code)) if post else None
        return f"{name} {title.say(self.lang)}" if title else name

    def grade(self, name: str, fields: Mapping[str, Any]) -> int:
        """Return how grave a grade is, 1 to 4, by its place in a list that ends with the gravest; else 0."""
        rule = self.kind.fields.get(name)
        if name != "grade" or rule is None or rule.type != "choice":
            return 0
        known = list(self.rulebook.lists.get(rule.list, ()))
        value = fields.get(name)
        return max(1, 4 - (len(known) - 1 - known.index(value)) * 2) if value in known else 0

    def title(self, row: ItemRow) -> str:
        """Return what an item is called in a list."""
        return self.say(named_field(self.kind), row.fields) or self.kind.title.say(self.lang)


def _each(value: Any) -> Sequence[Any]:
    return () if value is None else value if isinstance(value, list | tuple) else (value,)
