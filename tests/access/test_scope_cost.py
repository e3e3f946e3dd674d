"""What scope costs: indexes are of use on both databases, and 3,000 schools under 12 departments are no burden."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huxue.access.models import User
from huxue.access.viewer import Viewer, viewer_of
from huxue.organisations.models import Edge
from huxue.organisations.tables import insert, select
from tests.access.trees import ALWAYS, NOW, Tree, plant
from tests.sites import Site

SCHOOLS = 3000
DEPARTMENTS = 12


@pytest.fixture
def county(site: Site) -> None:
    """A city of 30 counties with 100 schools each; departments of the first supervise it, one single schools."""
    parents = {"CITY": ""} | {f"C{n:02d}": "CITY" for n in range(30)}
    parents |= {f"C{n % 30:02d}S{n:04d}": f"C{n % 30:02d}" for n in range(SCHOOLS)}
    parents |= {f"C00-{n}": "C00" for n in range(DEPARTMENTS)}
    tree = Tree(parents, [(f"C00-{n}", "C00", ALWAYS) for n in range(DEPARTMENTS - 1)])
    plant(tree)
    last = f"C00-{DEPARTMENTS - 1}"
    schools = [code for code in parents if "S" in code]
    insert(Edge, [(f"x{n}", *ALWAYS, code, last, "supervisory", "fire") for n, code in enumerate(schools)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def viewer(code: str) -> Viewer:
    return viewer_of(User(username=code, person=code), now=NOW)


def plan(found: Viewer) -> str:
    within, parameters = found.scope.where("p.organisation")
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    if connection.vendor == "postgresql":  # three thousand rows are read through faster than looked up: forbid that
        with connection.cursor() as cursor:
            cursor.execute("SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off")
    rows = select(f"{explain} SELECT count(*) FROM organisations_post p WHERE {within}", *parameters)
    return "\n".join(str(row[-1]) for row in rows)


def test_the_subtree_and_the_rows_in_it_are_found_by_index(county: None) -> None:
    for code in ("C00", "C00-3", "C07"):
        found = plan(viewer(code))
        assert ("organisation_path" in found, "post_organisation" in found) == (True, True), found


def test_a_viewer_of_a_county_and_a_permission_check_take_one_query_each(county: None) -> None:
    with CaptureQueriesContext(connection) as made:
        found = viewer("C00-3")
    with CaptureQueriesContext(connection) as checked:
        assert found.sees("C00S0000")
    assert (len(made), len(checked)) == (1, 1)


def test_three_thousand_schools_supervised_one_by_one(county: None) -> None:
    found = viewer(f"C00-{DEPARTMENTS - 1}")
    assert (len(found.scope.roots), len(found.scope.where("x")[1])) == (SCHOOLS + 1, 1)
    within, parameters = found.scope.where("p.organisation")
    assert select(f"SELECT count(*) FROM organisations_post p WHERE {within}", *parameters) == [(SCHOOLS + 1,)]
    assert (found.sees("C29S0029"), found.sees("C29")) == (True, False)
