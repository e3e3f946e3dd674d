"""The rules in force today, ready for pages; kept in the process as long as the edition stays the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from django.http import Http404

from huxue.actions import directives
from huxue.core.calendar import Calendars
from huxue.core.kinds import Checker, Kind
from huxue.core.rulebook.edition import Edition, in_effect
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Refused, Text
from huxue.standings.site import calendars_of, edition_for
from huxue.web.routing import Request

KEPT: Final = 4  # editions
APART: Final = frozenset({"feedback"})  # kinds with pages of their own, which say who reads them: no list shows them
BEGUN: Final = {directives.KIND: "send"}  # kinds that begin on a page of their own; their form leads to it
UNSAID: Final = {directives.KIND: frozenset({"batch"})}  # ids that tie together what was sent at once: no words to read


@dataclass(frozen=True, slots=True)
class Rules:
    """An edition, what it says today, its calendars, and the checkers of its kinds."""

    edition: Edition
    rulebook: Rulebook
    calendars: Calendars
    _checkers: dict[str, Checker] = field(default_factory=dict)

    def kind(self, code: str) -> Kind:
        """Return a kind; one that the rulebook does not have is a page that does not exist."""
        if code not in self.rulebook.kinds or code in APART:
            raise Http404
        return self.rulebook.kinds[code]

    def checker(self, code: str) -> Checker:
        """Return the checker of a kind."""
        if code not in self._checkers:
            self._checkers[code] = Checker(self.kind(code), self.rulebook.lists)
        return self._checkers[code]


def rules(request: Request) -> Rules:
    """Return the rules of the day of a request, at most one query a request. Refuses where no edition is active."""
    found: Rules | None = getattr(request, "kept_rules", None)
    if found is None:
        found = rules_on(request.today)
        request.kept_rules = found
    return found


_Key = tuple[str, tuple[str, ...], int]
_MADE: dict[_Key, Rules] = {}


def rules_on(day: int) -> Rules:
    """Return the rules of a day as known on it."""
    edition = edition_for(as_of=day, known_at=day)
    key = edition.hash, edition.families_on, edition.valid_from
    if key not in _MADE:
        while len(_MADE) >= KEPT:
            _MADE.pop(next(iter(_MADE)), None)
        _MADE[key] = Rules(edition, in_effect(edition), calendars_of(edition))
    return _MADE[key]


def post_titles(request: Request) -> dict[str, Text]:
    """Return the titles of the types of posts; none on a site that has no rules yet."""
    try:
        return dict(rules(request).rulebook.posts)
    except Refused:
        return {}
