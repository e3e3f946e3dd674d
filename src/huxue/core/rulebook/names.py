"""The names that a duty may use, and the fields in scope where it filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from huxue.core.kinds import Field, Kind
from huxue.core.rulebook.model import OrganisationType, Trait
from huxue.core.rulebook.nodes import Map
from huxue.core.rulebook.reserved import RESERVED_KINDS
from huxue.core.values import Text

EVENTS = ("began", "changed", "ended")
Scope = Mapping[str, Field]


@dataclass(slots=True)
class Names:
    """Everything that is declared, by section, as far as reading duties needs it."""

    kinds: dict[str, Kind]
    lists: dict[str, tuple[str, ...]]
    list_titles: dict[str, dict[str, Text]]
    traits: dict[str, Trait]
    types: dict[str, OrganisationType]
    posts: tuple[str, ...]
    topics: tuple[str, ...]
    sources: tuple[str, ...]
    families: tuple[str, ...]
    ladders: tuple[str, ...]
    parameters: dict[str, int | str | bool]
    tables: Map
    specials: tuple[str, ...]
    campaigns: tuple[str, ...]
    rank: dict[str, int]  # kind → number of the layer that declares it first
    _scopes: dict[str, dict[str, Field]] = field(default_factory=dict)

    def kind(self, code: str) -> Kind | None:
        """Return a declared or reserved kind."""
        return self.kinds.get(code) or RESERVED_KINDS.get(code)

    def of_shape(self, shape: str) -> list[str]:
        """Return the codes of all kinds of a shape, reserved ones included."""
        return [k.code for k in (*self.kinds.values(), *RESERVED_KINDS.values()) if k.shape == shape]

    def events(self) -> list[str]:
        """Return what a deed may name besides record kinds: ``holding.began`` and so on."""
        return [f"{kind}.{event}" for kind in self.of_shape("register") for event in EVENTS]

    def source_kind(self, record: str) -> Kind | None:
        """Return the kind behind a deed's ``record``: a record kind, or the entry kind of an event."""
        if record in self.events():
            return self.kind(record.rpartition(".")[0])
        kind = self.kind(record)
        return kind if kind and kind.shape == "record" else None

    def scope(self, kind: Kind) -> Scope:
        """Return the fields that a filter over this kind may name, pseudo-fields included."""
        if kind.code not in self._scopes:
            self._scopes[kind.code] = self._scope(kind)
        return self._scopes[kind.code]

    def _scope(self, kind: Kind) -> dict[str, Field]:
        word = Text(zh="", en="")
        scope = dict(kind.fields)
        scope["by_post"] = Field(type="choice", title=word, list=POSTS)
        for role in (*kind.roles, "by", "with", "about", "to"):
            scope[f"number_of_{role}"] = Field(type="number", title=word)
        for name, declared in kind.fields.items():
            if declared.type == "post":
                scope[f"{name}_post"] = Field(type="choice", title=word, list=POSTS)
        return scope

    def trait_scope(self) -> Scope:
        """Return the traits as fields, with ``type`` and ``code`` of the organisation left out on purpose."""
        return {
            code: Field(type=trait.type, title=trait.title, list=trait.list, decimals=trait.decimals)
            for code, trait in self.traits.items()
        }

    def values(self, declared: Field) -> tuple[str, ...]:
        """Return the codes that a choice field may hold."""
        return self.posts if declared.list == POSTS else self.lists.get(declared.list, ())


POSTS = "\0posts"  # the list behind by_post: a name that no rulebook can write
