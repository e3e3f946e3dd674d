"""The burden page: estimated by role and family, measured only in classes and only where there is enough of it."""

from __future__ import annotations

import re

from huxue.core.burden import by_role, minutes_a_month
from huxue.web.burden import _MADE, costs_of
from huxue.web.models import Timing
from huxue.web.rules import rules_on
from huxue.web.views.burden import measured
from tests.sites import Site
from tests.web.conftest import SignIn


def test_my_own_role_comes_first_with_the_minutes_of_the_estimate(sign_in: SignIn) -> None:
    client = sign_in("principal")
    answer = client.get("/burden")
    said, today = answer.content.decode(), answer.wsgi_request.today
    total = by_role(costs_of(rules_on(today), today))
    rows = re.findall(r'<tr( class="on")?><td class="t">([^<]+)', said)
    mine = [title.strip() for on, title in rows if on]
    assert [title.strip() for _, title in rows][: len(mine)] == mine
    assert "学校" in mine
    assert f">{minutes_a_month(total['school', ''])}</b>" in said
    assert [int(one) for one in re.findall(r'class="bn">(\d+)<', said)] == [
        minutes_a_month(total.get(("school", "principal"), 0)), minutes_a_month(total["school", ""])
    ]  # fmt: skip


def test_an_administrator_has_no_minutes_of_his_own(sign_in: SignIn) -> None:
    assert re.findall(r'class="bn">', sign_in("system").get("/burden").content.decode()) == []
    assert sign_in("security").get("/burden").status_code == 404


def test_the_foot_of_a_page_that_knows_the_rules_says_the_minutes(sign_in: SignIn) -> None:
    said = sign_in("principal", "en").get("/rulebook/").content.decode()
    assert len(re.findall(r"Burden: about \d+ min a month", said)) == 1


def test_few_timings_say_nothing_and_many_say_the_class_in_the_middle(sqlite_site: Site) -> None:
    for bucket, count in ((1, 3), (4, 5), (9, 1)):
        Timing.objects.create(form="drill", role="principal", county="LZ01", bucket=bucket, count=count)
    assert measured() == []
    Timing.objects.create(form="drill", role="principal", county="LZ02", bucket=4, count=2)
    (one,) = measured()
    assert (one.form, one.role, one.low, one.high, one.count) == ("drill", "principal", 40, 50, 11)


def test_what_was_worked_out_is_kept(sign_in: SignIn) -> None:
    client = sign_in("principal")
    today = client.get("/burden").wsgi_request.today
    assert costs_of(rules_on(today), today) is costs_of(rules_on(today), today)
    assert len(_MADE) <= 8
