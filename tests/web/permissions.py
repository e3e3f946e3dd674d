"""The table of permissions as a person would sign it, and addresses filled in for somebody within reach and without."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse

from huxue.access.models import User
from huxue.access.viewer import viewer_of
from huxue.ledger.models import Case, Entry, Fact
from huxue.organisations.models import OPEN, Holding, Organisation
from huxue.web import clock
from huxue.web.routing import Route

_WORK = {"see", "write", "import", "export", "rulebook-read", "feedback", "burden"}
_ABOVE = _WORK | {"send", "organise", "ledger-read"}
TABLE: Mapping[str, set[str]] = {
    "leader": _ABOVE | {"decide", "rulebook-change", "ledger-verify"},
    "county-leader": _ABOVE | {"decide", "rulebook-change", "ledger-verify"},
    "city-officer": _ABOVE | {"decide", "rulebook-change", "ledger-verify"},
    "county-officer": _ABOVE | {"decide", "rulebook-change", "ledger-verify"},
    "bureau-leader": _ABOVE | {"decide"},
    "bureau-officer": _ABOVE,
    "police-officer": _WORK | {"send"},
    "inspector": _WORK,
    "principal": _WORK | {"decide", "organise", "ledger-read"},
    "safety-officer": _WORK,
    "system": {"users", "organise", "import", "rulebook-read", "rulebook-change", "feedback", "burden"},
    "security": {"locks", "security-log", "feedback"},
    "auditor": {"ledger-read", "ledger-verify", "security-log", "feedback"},
    "": set(),  # nobody is signed in
}

NAMES = re.compile(r"<(?:\w+:)?(\w+)>")
OF_PLACES = {"org", "item", "post", "fact"}  # parts of addresses that name something of an organisation
KINDS = ("drill", "guard", "hazard")  # a record, a register, a case


@dataclass(frozen=True)
class Place:
    """What stands in addresses for an organisation: its code, an item of each kind, a post, a fact."""

    org: str
    items: Mapping[str, str]
    post: str
    fact: str


NOWHERE = Place("NOWHERE", dict.fromkeys(KINDS, "0" * 32), "NOWHERE/principal", "0" * 32)


def place(code: str) -> Place:
    """The organisation with this code and something it wrote; what it lacks is another's below the same county."""
    county = "/".join(Organisation.objects.get(code=code).path.split("/")[:2]) + "/"
    below = Organisation.objects.filter(path__startswith=county).values_list("code", flat=True)
    codes = [code, *sorted(set(below) - {code})]
    return Place(
        code,
        {
            "drill": _first(Fact, codes, kind="drill").item,
            "guard": _first(Entry, codes, kind="guard", open=True).item,
            "hazard": _first(Case, codes, kind="hazard").item,
        },
        Holding.objects.filter(post__startswith=f"{code}/", known_to=OPEN, valid_to=OPEN).order_by("post")[0].post,
        _first(Fact, codes, kind="drill").uid,
    )


def _first(table: type[Fact | Entry | Case], codes: list[str], **asked: object):  # type: ignore[no-untyped-def]  # noqa: ANN202
    """The first row of the first of these organisations that has one."""
    for code in codes:
        found = table.objects.filter(organisation=code, **asked).order_by("item").first()
        if found is not None:
            return found
    raise AssertionError(f"nobody has {asked}")


def addresses(one: Route, where: Place) -> Iterator[str]:
    """Yield the addresses of a route at a place: one for each kind where it names an item of a kind."""
    names = NAMES.findall(one.path)
    for kind in KINDS if "item" in names else KINDS[:1]:
        words = _WORDS | {
            "kind": kind,
            "org": where.org,
            "item": where.items[kind],
            "post": where.post,
            "fact": where.fact,
        }
        yield reverse(one.name, kwargs={name: words.get(name, "none") for name in names})


_WORDS = {
    "duty": "school.evacuation-drill", "code": "school.evacuation-drill", "tree": "school", "section": "mechanisms",
    "upload": "0" * 16, "sort": "organisation", "number": 1, "step": "ordered", "what": "rename",
    "username": "principal", "pk": 1, "sha256": "0" * 64,
}  # fmt: skip


def outside(name: str) -> str:
    """Code of a school that somebody of the demonstration does not see, "" when there is none."""
    seen = viewer_of(User.objects.get(username=name), now=clock.now())
    schools = Organisation.objects.filter(type="school").order_by("code")
    return next((one.code for one in schools if not seen.scope.covers(one.path)), "")
