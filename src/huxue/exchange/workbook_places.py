"""Organisations as people write them in a cell: by code, by name, by name with the code where two share a name."""

from __future__ import annotations

import difflib
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from huxue.core.kinds.wrong import Wrong
from huxue.exchange.workbook_rows import LABELLED

_GUESSED = 40  # names of a file for which a near one is looked for: it costs a look at every name
_MANY = 6_000


class Place(NamedTuple):
    """An organisation: ``inside`` says whether the viewer sees it; ``closed`` is a minute."""

    code: str
    name: str
    type: str
    inside: bool
    closed: int


@dataclass(slots=True)
class Places:
    """The organisations that a file may speak of. Built from all inside the scope, and those outside that it names."""

    places: dict[str, Place] = field(default_factory=dict)
    _names: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _guesses: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, places: Iterable[Place]) -> Places:
        """Return them ready to be searched."""
        found = cls()
        for place in places:
            found.places[place.code] = place
            found._names[folded(place.name)].append(place.code)
        return found

    def find(self, said: str) -> Place:
        """Return the organisation that a cell means. Raises ``Wrong`` with what to do instead."""
        exact = self.places.get(said)
        if exact:
            return exact
        labelled = LABELLED.fullmatch(said)
        if labelled and labelled[2].strip() in self.places:
            return self.places[labelled[2].strip()]
        codes = self._names.get(folded(said), [])
        inside = [code for code in codes if self.places[code].inside] or codes
        if len(inside) == 1:
            return self.places[inside[0]]
        raise self._several(said, inside) if inside else self._unknown(said)

    def find_all(self, said: str, *, many: bool) -> list[Place]:
        """Return the organisations that a cell means; several are told apart by semicolons, or by commas."""
        wrong = Wrong("没有内容", "nothing was given")
        for marks in _WAYS if many else _WAYS[:1]:
            try:
                return [self.find(word) for word in split(said, marks)]
            except Wrong as found:
                wrong = found
        raise wrong

    def _several(self, said: str, codes: Collection[str]) -> Wrong:
        ways = [f"{said}[{code}]" for code in sorted(codes)[:4]]
        return Wrong(
            f"有 {len(codes)} 个单位叫“{said}”，请写成 {'、'.join(ways)} 之一",
            f"{len(codes)} organisations are called '{said}'; write one of {', '.join(ways)}",
        )

    def _unknown(self, said: str) -> Wrong:
        near = self._near(said)
        if near:
            return Wrong(
                f"找不到单位“{said}”，是不是“{near}”？改成全称或编码",
                f"no organisation is called '{said}'; did you mean '{near}'? Write its full name or code",
            )
        return Wrong(
            f"找不到单位“{said}”，请写全称或编码",
            f"no organisation is called '{said}'; write its full name or code",
        )

    def _near(self, said: str) -> str:
        if said not in self._guesses:
            names = [one.name for one in self.places.values() if one.inside]
            if len(self._guesses) >= _GUESSED or len(names) > _MANY:
                return ""
            self._guesses[said] = next(iter(difflib.get_close_matches(said, names, 1, 0.6)), "")
        return self._guesses[said]


@lru_cache(maxsize=20_000)
def folded(name: str) -> str:
    """Return a name without blanks and full-width letters, as two names are compared."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


_WAYS: Final = ("", "；;\n", "；;\n、，,")  # a name may itself hold a comma, so whole first


def split(said: str, marks: str) -> list[str]:
    """Return the names in a cell, taken apart at these marks."""
    for mark in marks:
        said = said.replace(mark, ";" if marks else mark)
    return [part for one in (said.split(";") if marks else [said]) if (part := one.strip())]


def words_of(said: str) -> set[str]:
    """Return everything in a cell that may be a name."""
    return {word for marks in _WAYS for word in split(said, marks)}
