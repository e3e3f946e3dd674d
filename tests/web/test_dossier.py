"""The dossier of a school: what it says is what the ledger and the standings say, and it prints on one page."""

from __future__ import annotations

from json import loads

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huxue.actions.acting import By
from huxue.actions.facts import open_entry
from huxue.core.rulebook.edition import in_effect
from huxue.core.values import end_of_day
from huxue.demo import TODAY
from huxue.organisations.models import Organisation
from huxue.organisations.tables import select
from huxue.standings.dossier import Dossier, dossier
from huxue.standings.site import edition_for
from huxue.web.plan import plan
from tests.web.conftest import SignIn

pytestmark = pytest.mark.usefixtures("city")
NOW = end_of_day(TODAY)
ISSUED = "SELECT count(*) FROM ledger_case WHERE organisation = %s AND kind = 'hazard' AND open"


def own_school(client: Client) -> str:
    """Return the school of the principal of the demonstration."""
    (row,) = select(
        "SELECT p.organisation FROM access_user u JOIN organisations_holding h ON h.person = u.person"
        " JOIN organisations_post p ON p.code = h.post WHERE u.username = 'principal' LIMIT 1"
    )
    return str(row[0])


def made(code: str) -> Dossier:
    found = dossier(code, rulebook=in_effect(edition_for(as_of=TODAY, known_at=TODAY)), now=NOW)
    assert found is not None
    return found


def test_it_says_what_the_site_knows(sign_in: SignIn) -> None:
    code = own_school(sign_in("principal"))
    found = made(code)
    row = Organisation.objects.get(code=code)
    assert (found.name, [one.code for one in found.above]) == (row.name, row.path.split("/")[:-2])
    assert {p.trait for p in found.particulars} <= set(loads(row.traits))
    assert [rank.organisation.code for rank in found.chain] == row.path.split("/")[-3::-1]
    assert found.hazards_open == select(ISSUED, code)[0][0]
    assert found.as_of == TODAY
    assert sum(line.count for line in found.duties if line.status == "overdue") == found.counts.overdue
    only_missed = {line.duty for line in found.duties if line.status == "missed"}
    assert sum(line.count for line in found.duties if line.duty in only_missed) <= found.counts.missed


def test_the_page_shows_it_and_prints(sign_in: SignIn) -> None:
    client = sign_in("principal")
    found = made(own_school(client))
    text = client.get(f"/schools/{found.code}").content.decode()
    assert [line.title.zh for line in found.duties if line.title.zh not in text] == []
    assert [rank.organisation.name for rank in found.chain if rank.organisation.name not in text] == []
    assert "data-print" in text
    client.cookies["lang"] = "en"
    assert "Chain of responsibility" in client.get(f"/schools/{found.code}").content.decode()


def test_another_school_is_not_there(sign_in: SignIn) -> None:
    client = sign_in("principal")
    own = own_school(client)
    other = Organisation.objects.filter(type="school").exclude(code=own).values_list("code", flat=True)[0]
    assert client.get(f"/schools/{other}").status_code == 404
    assert client.get("/schools/nowhere").status_code == 404
    assert sign_in("leader").get(f"/schools/{other}").status_code == 200
    assert Client().get(f"/schools/{own}").status_code == 302


def test_it_costs_the_same_number_of_queries_whatever_the_school(sign_in: SignIn) -> None:
    client = sign_in("leader")
    costs = set()
    for code in Organisation.objects.filter(type="school").order_by("code").values_list("code", flat=True)[:3]:
        client.get(f"/schools/{code}")
        with CaptureQueriesContext(connection) as asked:
            dossier(code, rulebook=in_effect(edition_for(as_of=TODAY, known_at=TODAY)), now=NOW)
        costs.add(len(asked))
    assert len(costs) == 1
    assert max(costs) <= 26


def test_a_place_that_is_known_is_drawn(sign_in: SignIn) -> None:
    code = own_school(sign_in("principal"))
    assert plan(made(code).site) is None
    rulebook = in_effect(edition_for(as_of=TODAY, known_at=TODAY))
    boundary = "31.2100, 107.4700; 31.2100, 107.4710; 31.2090, 107.4710; 31.2090, 107.4700 (gcj02)"
    open_entry(
        rulebook=rulebook, now=NOW, by=By(f"{code}/principal"), kind="school-site", at=NOW,
        values={"boundary": boundary}, roles={"by": (code,)},
    )  # fmt: skip
    drawn = plan(made(code).site)
    assert drawn is not None
    assert (len(drawn.ring.split()), drawn.systems) == (4, "GCJ-02")
    corners = [tuple(map(int, corner.split(","))) for corner in drawn.ring.split()]
    assert max(y for _, y in corners) - min(y for _, y in corners) == pytest.approx(1112, abs=3)  # 0.001° in decimetres
    assert "GCJ-02" in sign_in("principal").get(f"/schools/{code}").content.decode()
