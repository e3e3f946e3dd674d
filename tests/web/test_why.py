"""Why pages: their sentences and figures are those of ``huxue why``, and each fact leads to its item."""

from __future__ import annotations

from html import unescape
from re import sub

import pytest

from huxue.core.duties.explain import Reason, explain
from huxue.core.rulebook.edition import in_effect
from huxue.core.scoring.reasons import explain as explain_score
from huxue.demo import TODAY
from huxue.organisations.models import Organisation
from huxue.organisations.tables import select
from huxue.standings.evidence import evidence
from huxue.standings.kept_scores import kept_score, years
from huxue.standings.scores import scores_of_site
from huxue.standings.site import edition_for, history_of
from huxue.standings.touching import index_of
from huxue.standings.whys import history_for
from tests.web.conftest import SignIn

pytestmark = pytest.mark.usefixtures("city")
SAMPLE = """
SELECT organisation, duty, min(period) FROM standings_standing
WHERE NOT shadowed AND status IN (2, 3) AND length(period) < 20 GROUP BY organisation, duty
ORDER BY duty, organisation"""


def texts(reason: Reason) -> list[str]:
    """Return the sentences of a tree, without the command that the command line adds."""
    own = [sub(r"（huxue .*?）", "", reason.text.zh)]
    return own + [text for below in reason.below for text in texts(below)]


def spoken(content: bytes) -> str:
    return unescape(sub(r"\s+", " ", sub(r"<[^>]+>", "", content.decode())))


def test_the_page_says_what_the_command_says(sign_in: SignIn) -> None:
    edition, client = edition_for(as_of=TODAY, known_at=TODAY), sign_in("leader")
    rows = select(SAMPLE)
    sample = {duty: (org, duty, period) for org, duty, period in rows}
    for org, duty, period in list(sample.values())[:12]:
        history = history_of(edition, org, duty, as_of=TODAY, known_at=TODAY)
        (reason,) = explain(history, org, duty, period)
        said = spoken(client.get(f"/why/{org}/{duty}", {"period": period}).content)
        assert [text for text in texts(reason) if text not in said] == []


def test_few_facts_give_the_same_reasons_as_all(sign_in: SignIn) -> None:
    edition = edition_for(as_of=TODAY, known_at=TODAY)
    sample = {duty: (org, duty) for org, duty, _ in select(SAMPLE.replace("length(period) < 20", "1 = 1"))}
    assert [code for code, one in index_of(edition).reach.items() if one.others] != []
    for org, duty in list(sample.values())[::3]:
        near = history_for(edition, org, duty, as_of=TODAY, known_at=TODAY)
        full = history_of(edition, org, duty, as_of=TODAY, known_at=TODAY)
        assert explain(near, org, duty) == explain(full, org, duty)


def test_a_fact_leads_to_its_item(sign_in: SignIn) -> None:
    sql = """
SELECT f.organisation, f.item FROM ledger_fact f JOIN standings_tally t ON t.organisation = f.organisation
WHERE f.kind = 'drill' AND t.duty = 'national.evacuation-drill' AND t.own LIMIT 1"""
    found = select(sql)
    if not found:
        pytest.skip("no drill of that duty in this city")
    content = sign_in("leader").get(f"/why/{found[0][0]}/national.evacuation-drill").content.decode()
    assert "/k/drill/" in content


def test_a_county_says_who_below_is_behind_and_why(sign_in: SignIn) -> None:
    sql = """
SELECT o.path, s.duty, count(DISTINCT s.organisation) FROM standings_standing s
JOIN organisations_organisation o ON o.code = s.organisation
WHERE o.type = 'school' AND s.status IN (2, 3) AND NOT s.shadowed GROUP BY 1, 2 ORDER BY 3 DESC, 2 LIMIT 1"""
    ((path, duty, _),) = select(sql)
    county = path.split("/")[1]
    behind = select(
        "SELECT DISTINCT o.name FROM standings_standing s JOIN organisations_organisation o ON o.code = s.organisation"
        " WHERE s.duty = %s AND s.status IN (2, 3) AND NOT s.shadowed AND o.path LIKE %s AND o.code <> %s",
        duty, f"%/{county}/%", county,
    )  # fmt: skip
    content = sign_in("leader").get(f"/why/{county}/{duty}").content.decode()
    assert [name for (name,) in behind if name not in content] == []
    assert content.count(f"/why/{county}") >= 1


def test_a_score_says_what_the_command_says(sign_in: SignIn) -> None:
    edition, client = edition_for(as_of=TODAY, known_at=TODAY), sign_in("leader")
    scored = scores_of_site(edition, as_of=TODAY, known_at=TODAY)
    book = in_effect(edition)
    assert set(years()) == {tree for tree in scored.scores if tree in scored.gathered.periods}
    for tree, found in scored.scores.items():
        for org in list(found)[:3]:
            kept = kept_score(org, tree, book)
            assert kept is not None
            assert kept.score == found[org]
            told = explain_score(book, tree, found[org], scored.gathered, evidence=evidence(scored, tree, org))
            assert kept.reasons() == told
            said = spoken(client.get(f"/why/{org}/score/{tree}").content)
            leaves = [code.code for code in book.scoring[tree].leaves()]
            below = [text for code in leaves for one in kept.reasons(code).below for text in texts(one)]
            assert [text for text in below if text not in said] == []


def test_scores_stand_in_administrative_order(sign_in: SignIn) -> None:
    content = sign_in("leader").get("/scores?tree=school").content.decode()
    schools = list(Organisation.objects.filter(type="school").order_by("path").values_list("code", flat=True))
    places = [content.index(f"/why/{code}/score/school") for code in schools]
    assert places == sorted(places)
    assert "名次" not in content
    own = sign_in("principal").get("/scores").content.decode()
    assert own.count("/score/school") == 1


def test_who_may_not_look_finds_nothing(sign_in: SignIn) -> None:
    org, duty, _ = select(SAMPLE)[0]
    client = sign_in("principal")
    assert client.get(f"/why/LZ/{duty}").status_code == 404
    assert client.get("/why/LZ/score/city-department").status_code == 404
    assert sign_in("leader").get(f"/why/{org}/no.such-duty").status_code == 404
    assert sign_in("leader").get("/why/nowhere/school.drill").status_code == 404
