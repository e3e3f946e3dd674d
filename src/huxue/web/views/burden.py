"""The burden: what the edition in force costs each role to write down, estimated and, where it can be, measured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse

from huxue.access.roles import roles
from huxue.core.burden import Cost, by_role, minutes_a_month
from huxue.core.handbook.voice import Voice
from huxue.core.rulebook.edition import unconfirmed
from huxue.web import burden
from huxue.web.models import Timing
from huxue.web.pages import page
from huxue.web.routing import Request, route
from huxue.web.rules import rules
from huxue.web.views.parameters import role_words
from huxue.web.views.rulebook import voice_of

LEAST: Final = 10  # timings of a form by a role before anything is said of them
_CLASS: Final = 10  # seconds


@dataclass(frozen=True, slots=True)
class Measured:
    """How long a form took a role: the class in the middle, in seconds from and to, and how many timings there are."""

    form: str
    role: str
    low: int
    count: int

    @property
    def high(self) -> int:
        """The end of the class."""
        return self.low + _CLASS


@dataclass(frozen=True, slots=True)
class OfRole:
    """What one role writes: minutes a month, how many forms and fields."""

    role: burden.Role
    title: str
    minutes: int
    forms: int
    fields: int
    mine: bool


def show(request: Request) -> HttpResponse:
    """Show minutes, forms and fields by role, my own first; by family; and what was measured."""
    voice, found = voice_of(request), rules(request)
    costs, timed = burden.costs_of(found, request.today), measured()
    return page(
        request, "burden/show.html", roles=_roles(request, voice, costs), families=_families(voice, costs),
        measured=timed, on_demand=_on_demand(voice, costs),
        own=burden.minutes_of(request.viewer, found, request.today),
        titles={code: one.title for code, one in roles().items()},
        forms={one.form: form_title(voice, one.form) for one in timed},
        unconfirmed=len(unconfirmed(found.edition)),
    )  # fmt: skip


def _roles(request: Request, voice: Voice, costs: Iterable[Cost]) -> list[OfRole]:
    every: dict[burden.Role, list[Cost]] = defaultdict(list)
    for one in costs:
        if one.a_year:
            every[one.type, one.post].append(one)
    total = by_role(costs)
    found = [_of_role(request, voice, role, some, total[role]) for role, some in every.items()]
    return sorted(found, key=lambda one: (not one.mine, one.role))


def _of_role(request: Request, voice: Voice, role: burden.Role, some: list[Cost], seconds: int) -> OfRole:
    kinds = {one.kind for one in some if one.kind}
    fields = sum(
        len([f for f in voice.rulebook.kinds[k].fields.values() if f.required])
        for k in kinds
        if k in voice.rulebook.kinds
    )
    post = request.viewer.post
    mine = post is not None and role[0] == post.organisation_type and role[1] in ("", post.type)
    return OfRole(role, role_words(voice, role), minutes_a_month(seconds), len(kinds), fields, mine)


def _families(voice: Voice, costs: Iterable[Cost]) -> list[tuple[str, str, dict[str, int]]]:
    """Return by family its minutes a month for each type of organisation, the heaviest first."""
    total: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in costs:
        total[one.family][one.type] += one.a_year
    rows = [
        (
            code,
            voice.text(voice.rulebook.families[code].title),
            {voice.types([t]): minutes_a_month(s) for t, s in of.items() if s},
        )
        for code, of in total.items()
    ]
    return sorted((row for row in rows if row[2]), key=lambda row: -sum(row[2].values()))


def _on_demand(voice: Voice, costs: Iterable[Cost]) -> list[tuple[str, str, int]]:
    """Return what is only owed after a trigger: duty, title, seconds of one."""
    seen = {one.duty: one.seconds for one in costs if not one.times}
    return sorted((code, voice.text(voice.rulebook.duties[code].title), seconds) for code, seconds in seen.items())


def measured() -> list[Measured]:
    """Return what was measured by form and role, over all counties, where there is enough of it to say anything."""
    classes: dict[tuple[str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for form, role, bucket, count in Timing.objects.values_list("form", "role", "bucket", "count"):
        classes[form, role][bucket] += count
    return [
        Measured(form, role, _middle(of) * _CLASS, sum(of.values()))
        for (form, role), of in sorted(classes.items())
        if sum(of.values()) >= LEAST
    ]


def form_title(voice: Voice, form: str) -> str:
    """Return the title of a form by its name, ``<kind>`` or ``<kind>:<step>``."""
    code, _, step = form.partition(":")
    kind = voice.rulebook.kinds.get(code)
    if kind is None:
        return form
    return (
        f"{voice.text(kind.title)} · {voice.text(kind.flow[step].title)}"
        if step in kind.flow
        else voice.text(kind.title)
    )


def _middle(of: dict[int, int]) -> int:
    """Return the class in the middle."""
    left = (sum(of.values()) + 1) // 2
    for bucket in sorted(of):
        left -= of[bucket]
        if left <= 0:
            return bucket
    return max(of)


ROUTES = [route("burden", show, name="burden", needs="burden")]
