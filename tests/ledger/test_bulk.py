"""Many drafts in one call come to the same facts and the same rows as one call for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pytest
from django.db.models import Model
from pytest_django import DjangoDbBlocker, Settings

from huxue.ledger.drafts import Draft
from huxue.ledger.models import Case, Credit, Entry, Facet, Fact, Item, SearchText
from huxue.ledger.rebuilding import rebuild
from huxue.ledger.verifying import verify_content
from huxue.organisations.tables import Row, columns, select
from tests.ledger.world import DAY, KINDS, NOW, draft, organisation, take

TABLES: tuple[type[Model], ...] = (Fact, Credit, Entry, Case, Item, Facet, SearchText)
# What no item refers to any more means nothing, and the parts of a count are as many as writers met.
PARTY = "SELECT organisation, kind, parties FROM ledger_party"
COUNTS = "SELECT kind, parties, field, value, sum(n) FROM ledger_itemcount GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0"


def story(rng: Random, count: int) -> list[Draft]:
    """Return drills, guards that change and close, hazards and their steps, and corrections, in the order of time."""
    found: list[Draft] = []
    open_ones: list[tuple[str, str, str]] = []  # what goes on: kind, item, the next verb or step
    for n in range(count):
        at, more = NOW - 90 * DAY + n * 60, {"id": f"f{n:04d}", "recorded": NOW - 90 * DAY + n * 60 + 5}
        roles = {"by": (f"S{rng.randrange(1, 5)}",), "with": tuple(rng.sample(("S1", "C1", "T2"), rng.randrange(3)))}
        chance = rng.random()
        if chance < 0.5 or not open_ones:
            note = rng.choice(("护学岗", "校门 3", "a b", None))
            fields = {"minutes": rng.randrange(60), "drill_kind": rng.choice(("fire", "quake")), "note": note}
            found.append(draft("drill", "record", at, roles=roles, fields=fields, **more))
            kind, step = rng.choice((("guard", "open"), ("hazard", "found"), ("", "")))
            open_ones += [(kind, f"{kind}{n}", step)] if kind else []
        elif chance < 0.6 and found[-1].verb == "record" and not found[-1].replaces:
            old = found[-1]
            found.append(draft("drill", "record", at, item=old.id, replaces=old.id, roles=old.roles, fields={}, **more))
        else:
            kind, item, step = open_ones.pop(rng.randrange(len(open_ones)))
            if kind == "guard":
                fields = {} if step == "close" else {"name": f"张{n}", "certified": rng.random() < 0.5}
                found.append(draft(kind, step, at, item=item, roles=roles, fields=fields, **more))
                after = {"open": "change", "change": rng.choice(("change", "close"))}.get(step)
            else:
                fields = {"grade": rng.choice(("minor", "major"))}
                found.append(
                    draft(kind, "step", at, item=item, step=step, roles=roles, fields=fields, deadline=at + DAY, **more)
                )
                after = {"found": "ordered", "ordered": rng.choice(("extended", "rectified"))}.get(step)
            open_ones += [(kind, item, after)] if after else []
    return found


def written(pieces: Sequence[Sequence[Draft]]) -> dict[str, list[Row]]:
    """Append pieces one after another to an empty ledger; return every row of every table."""
    take(organisation("CITY", of="city"))
    take(*(organisation(f"C{n}", "CITY", of="county") for n in (1, 2)), organisation("T2", "C2", of="township"))
    take(*(organisation(f"S{n}", f"C{1 + n % 2}") for n in (1, 2, 3, 4)))
    organisations = {fact.uid for fact in Fact.objects.all()}
    for some in pieces:
        take(*some)
    assert verify_content() == []
    assert rebuild(KINDS) == []
    rows = {
        model.__name__: select(f"SELECT {', '.join(columns(model))} FROM {model._meta.db_table}") for model in TABLES
    }
    rows["Fact"] = [row for row in rows["Fact"] if row[1] not in organisations]  # whose ids are new every time
    rows["Party"] = select(f"{PARTY} WHERE (kind, parties) IN (SELECT kind, parties FROM ledger_item)")
    rows["ItemCount"] = [(*key, int(n)) for *key, n in select(COUNTS)]
    rows["SearchText"] = [row for row in rows["SearchText"] if row[0] != "organisation"]
    return {name: sorted(found, key=repr) for name, found in rows.items()}


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_at_once_and_one_by_one_are_the_same(
    request: pytest.FixtureRequest, tmp_path: Path, settings: Settings, django_db_blocker: DjangoDbBlocker, vendor: str
) -> None:
    drafts = story(Random(7), 300)
    assert {one.verb for one in drafts} == {"record", "open", "change", "close", "step"}
    ways: dict[str, Callable[[], list[list[Draft]]]] = {
        "at once": lambda: [drafts],
        "by sevens": lambda: [drafts[n : n + 7] for n in range(0, len(drafts), 7)],
        "one by one": lambda: [[one] for one in drafts],
    }
    found = {}
    for way, pieces in ways.items():
        folder = tmp_path / way
        folder.mkdir()
        settings.SITE = folder
        sites = request.getfixturevalue(f"{vendor}_sites")
        with django_db_blocker.unblock(), sites.fresh(folder):
            found[way] = written(pieces())
    assert found["by sevens"] == found["at once"]
    assert found["one by one"] == found["at once"]
