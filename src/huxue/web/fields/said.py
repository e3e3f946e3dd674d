"""Stored values as a page shows them: words, links, pictures; personal ones only to those who may read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from json import loads
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from huxue.access.viewer import Viewer
from huxue.core.facts import Fact
from huxue.core.kinds import Field, Kind, canonical
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Language, Text, moment_of
from huxue.ledger.candidates import post_title
from huxue.ledger.files import Kept, found
from huxue.organisations.tables import select_in
from huxue.web.fields import naming
from huxue.web.fields.typed import FILES
from huxue.web.rules import UNSAID

HIDDEN: Final[Mapping[str, Any]] = {"$hidden": True}  # in place of a personal value that the viewer may not read
ERASED: Final[Mapping[str, Any]] = {"$erased": True}
_WORDS: Final = {
    "$hidden": Text(zh="已隐去", en="hidden"),
    "$erased": Text(zh="已删除", en="erased"),
    "unseen": Text(zh="不在您的范围内", en="outside what you may see"),
}
_SHORT: Final = 80  # a text up to here stands in a line


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a value: words, and the address they lead to."""

    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A file of a value. ``kept``: ``None`` while its bytes have not arrived."""

    sha256: str
    kept: Kept | None


@dataclass(frozen=True, slots=True)
class Said:
    """One field as it is shown. ``sort``: line, long, files, hidden."""

    name: str
    title: str
    sort: str
    parts: tuple[Part, ...] = ()
    files: tuple[Shown, ...] = ()

    @property
    def text(self) -> str:
        """All of it as words."""
        return "；".join(part.text for part in self.parts)


@dataclass(slots=True)
class Known:
    """Names of everything that a page mentions, asked for together: ``want`` first, then ``ask`` once."""

    rulebook: Rulebook
    viewer: Viewer
    lang: Language
    organisations: dict[str, naming.Organisation] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    items: dict[str, naming.Item] = field(default_factory=dict)
    _codes: set[str] = field(default_factory=set)
    _persons: set[str] = field(default_factory=set)
    _items: set[str] = field(default_factory=set)

    def want(self, *, organisations: Iterable[str] = (), people: Iterable[str] = (), items: Iterable[str] = ()) -> None:
        """Say what will be mentioned."""
        self._codes.update(organisations)
        self._persons.update(people)
        self._items.update(items)

    def want_fields(self, kind: Kind, fields: Mapping[str, Any]) -> None:
        """Want what the values of an item mention."""
        for name, value in fields.items():
            declared = kind.fields.get(name)
            if declared is None:
                continue
            parts = value if isinstance(value, list | tuple) else [value]
            self._persons.update(one["person"] for one in parts if isinstance(one, Mapping) and "person" in one)
            many = [str(one) for one in parts if not isinstance(one, Mapping)]
            match declared.type:
                case "organisation":
                    self._codes.update(many)
                case "post":
                    self._codes.update(post.partition("/")[0] for post in many)
                case "person":
                    self._persons.update(many)
                case "entry":
                    self._items.update(many)

    def ask(self) -> None:
        """Ask for everything that is wanted, one query a sort."""
        if self._codes:
            self.organisations |= naming.organisations(self._codes)
        if self._persons:
            self.people |= naming.people(self._persons)
        if self._items:
            self.items |= naming.items(self._items, self.rulebook, self.viewer, self.lang)
        self._codes, self._persons, self._items = set(), set(), set()

    def organisation(self, code: str) -> str:
        """Return the name of an organisation."""
        known = self.organisations.get(code)
        return known.name if known else code

    def post(self, post: str) -> str:
        """Return a post in words: its title and its organisation."""
        title = post_title(self.rulebook, post, self.lang)
        return f"{self.organisation(post.partition('/')[0])} · {title}"

    def person(self, person: str) -> str:
        """Return the name of a person."""
        return self.people.get(person, person)

    def label(self, sort: str, code: str) -> str:
        """Return ``Name (CODE)``, as a picker takes it."""
        match sort:
            case "organisation":
                name = self.organisation(code)
            case "post":
                name = self.post(code)
            case "person":
                name = self.person(code)
            case _:
                name = self.items[code].title if code in self.items else code
        return code if name == code else f"{name} ({code})"


def values_said(kind: Kind, fields: Mapping[str, Any], known: Known, names: Iterable[str] = ()) -> list[Said]:
    """Return the fields of an item that are said, in the order of the kind (or those of ``names``)."""
    order = list(names) or [name for name in kind.fields if name not in UNSAID.get(kind.code, ())]
    return [_said(name, kind.fields[name], fields[name], known) for name in order if name in fields]


def _said(name: str, declared: Field, value: Any, known: Known) -> Said:
    title = declared.title.say(known.lang)
    if isinstance(value, Mapping) and (word := next((w for mark, w in _WORDS.items() if mark in value), None)):
        return Said(name, title, "hidden", (Part(word.say(known.lang)),))
    if isinstance(value, Mapping) and "$personal" in value:
        return Said(name, title, "hidden", (Part(_WORDS["$hidden"].say(known.lang)),))
    many: Sequence[Any] = value if isinstance(value, list | tuple) else [value]
    if declared.type in FILES:
        return Said(name, title, "files", files=tuple(Shown(str(one), found(settings.SITE, str(one))) for one in many))
    shown = tuple(_part(declared, one, known) for one in many)
    return Said(name, title, "long" if sum(len(part.text) for part in shown) > _SHORT else "line", shown)


def _part(declared: Field, value: Any, known: Known) -> Part:
    match declared.type:
        case "organisation":
            return Part(known.organisation(value))
        case "post":
            return Part(known.post(value))
        case "person":
            return Part(known.person(value))
        case "entry":
            return _entry(str(value), known)
        case "money":
            return Part(f"{_single(declared, value, known)} {'元' if known.lang == 'zh' else 'yuan'}")
        case "signature":
            return Part(f"{known.person(value['person'])} {moment_of(value['at']):%Y-%m-%d %H:%M}")
        case _:
            return Part(_single(declared, value, known))


def _single(declared: Field, value: Any, known: Known) -> str:
    one = declared.model_copy(update={"many": False}) if declared.many else declared
    return canonical(one, value, lists=known.rulebook.lists, language=known.lang)


def _entry(item: str, known: Known) -> Part:
    entry = known.items.get(item)
    if entry is None:
        return Part(item)
    if not entry.seen:
        return Part(f"{entry.title}（{_WORDS['unseen'].say(known.lang)}）")
    return Part(entry.title, reverse("item", kwargs={"kind": entry.kind, "item": entry.item}))


def may_read_personal(facts: Iterable[Fact], viewer: Viewer) -> bool:
    """Whether personal values may be shown: to the organisation that wrote them, or that they are about."""
    own = viewer.post.organisation if viewer.post else ""
    return bool(own) and any(own in codes for fact in facts for codes in fact.roles.values())


def in_the_clear(kind: Kind, facts: Sequence[Fact], *, may: bool) -> dict[str, dict[str, Any]]:
    """Return the fields of each fact by its id, with personal values read, or marked as hidden or erased."""
    personal = [name for name, declared in kind.fields.items() if declared.personal]
    if not personal:
        return {fact.id: dict(fact.fields) for fact in facts}
    said = dict(_personal([fact.id for fact in facts])) if may else {}
    return {fact.id: dict(_cleared(fact, personal, said, may=may)) for fact in facts}


def _personal(facts: list[str]) -> Iterator[tuple[tuple[str, str], Any]]:
    sql = "SELECT fact, field, value, erased FROM ledger_personaldatum WHERE fact IN ({})"
    for fact, name, value, erased in select_in(sql, facts):
        yield (fact, name), ERASED if erased else loads(value)


def _cleared(
    fact: Fact, personal: list[str], said: Mapping[tuple[str, str], Any], *, may: bool
) -> Iterator[tuple[str, Any]]:
    for name, value in fact.fields.items():
        if name in personal and value is not None:
            yield name, said.get((fact.id, name), ERASED) if may else HIDDEN
        else:
            yield name, value
