"""The pages that are measured, for each scope, and what each may cost as a multiple of the empty page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Final

from benchmarks.web.city import PEOPLE, run
from benchmarks.web.client import Client

_KNOWN: Final = """
import json, django
django.setup()
from huxue.access.models import User
from huxue.access.viewer import viewer_of
from huxue.ledger.models import Case
from huxue.organisations.models import Organisation
from huxue.web.clock import now
found = {}
for scope, name in json.loads(input()).items():
    viewer = viewer_of(User.objects.get(username=name), now=now())
    within, values = viewer.scope.where_path("path")
    schools = Organisation.objects.filter(type="school").order_by("code")
    seen = [one.code for one in schools if viewer.scope.covers(one.path)][:200]
    cases = Case.objects.filter(kind="hazard", organisation__in=seen).order_by("item").values_list("item", flat=True)
    found[scope] = {"organisation": viewer.post.organisation, "schools": seen, "cases": list(cases[:200])}
print(json.dumps(found))
"""
EVERYBODY: Final = ("city", "county", "school")


@dataclass(frozen=True)
class Place:
    """A sort of page. ``must``: times the empty page; ``make``: what is found of a scope → the address."""

    name: str
    sort: str
    must: float
    make: Callable[[dict[str, list[str]], Random], str]
    found: dict[str, dict[str, list[str]]]
    scopes: tuple[str, ...] = EVERYBODY

    def address(self, scope: str, rng: Random | None = None) -> str:
        """Return the address for a scope; without ``rng`` always the same."""
        return self.make(self.found[scope], rng or Random(1))

    def ask(self, client: Client, scope: str, rng: Random) -> tuple[int, bytes, float]:
        """Ask for it once."""
        if self.sort == "write":
            return written(client, self.address(scope, rng))
        return client.get(self.address(scope, rng))


def written(client: Client, address: str) -> tuple[int, bytes, float]:
    """Fill in a form as it is offered and send it; only the sending counts."""
    _, page, _ = client.get(address)
    fields = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page.decode()))
    return client.post(address, {**fields, **FORM})


FORM: Final = {"drill_kind": "evacuation", "participants": "300", "minutes": "5"}


@lru_cache(maxsize=4)
def _known(environment: str) -> dict[str, dict[str, list[str]]]:
    said: dict[str, dict[str, list[str]]] = json.loads(
        run(json.loads(environment), "-c", _KNOWN, given=json.dumps(PEOPLE) + "\n")
    )
    return said


def places(environment: dict[str, str]) -> list[Place]:
    """Return every page that is measured on a site."""
    found = _known(json.dumps(environment))
    return [Place(name, sort, must, make, found, scopes) for name, sort, must, make, scopes in _PAGES]


_PAGES: Final = (
    ("home", "home", 5.0, lambda _, __: "/", EVERYBODY),
    ("list", "list", 5.0, lambda _, __: "/k/hazard/", EVERYBODY),
    ("list, one filter", "list", 5.0, lambda _, __: "/k/hazard/?grade=major", EVERYBODY),
    ("list, two filters", "list", 5.0, lambda _, __: "/k/hazard/?grade=minor&step=ordered", EVERYBODY),
    ("list of records", "list", 5.0, lambda _, __: "/k/drill/", EVERYBODY),
    ("list of entries", "list", 5.0, lambda _, __: "/k/guard/", EVERYBODY),
    ("case", "case", 4.0, lambda one, rng: f"/k/hazard/{rng.choice(one['cases'])}", EVERYBODY),
    ("dossier", "dossier", 8.0, lambda one, rng: f"/schools/{rng.choice(one['schools'])}", EVERYBODY),
    ("board", "board", 7.0, lambda _, __: "/board", EVERYBODY),
    ("search to a county", "search", 13.0, lambda _, __: "/search?q=%E6%B6%88%E9%98%B2", ("county", "school")),
    ("search the city", "search", 50.0, lambda _, __: "/search?q=%E6%B6%88%E9%98%B2", ("city",)),
    ("write", "write", 4.0, lambda _, __: "/k/drill/new", ("school",)),
)
