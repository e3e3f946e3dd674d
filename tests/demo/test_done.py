"""What is promised of the whole: each mechanism shows something, each finding is traced, a tampered copy is caught."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from huxue.core.duties.explain import Reason, clause_of, explain
from huxue.core.ladder import Proposal
from huxue.core.rulebook.edition import Edition, in_effect
from huxue.core.scoring.reasons import explain as explain_score
from huxue.core.scoring.sensitivity import points
from huxue.demo import LAST
from huxue.ledger.models import Fact
from huxue.settings import database
from huxue.standings.evidence import evidence
from huxue.standings.ladder import Climb
from huxue.standings.scores import scores_of_site
from huxue.standings.site import calendars_of, edition_for, evaluate_site, history_of
from tests.demo.typed import huxue, printed
from tests.ledger.seals import checked
from tests.sites import connected

MECHANISMS = sorted([f"M{n}" for n in range(1, 132)] + ["M18a"])
NOTHING = "nothing that counts was found"
WORDS_ONLY = {"M19", "M68", "M131"}  # a principle or a preamble: a list is all there is to show


@pytest.fixture
def site(made: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """The same, opened in this process."""
    with django_db_blocker.unblock(), connected(database(made)):
        yield made


@pytest.fixture
def edition(site: Path) -> Edition:
    assert site.is_dir()
    return edition_for(as_of=LAST, known_at=LAST)


def every(reason: Reason) -> Iterator[Reason]:
    """Every node of a tree."""
    yield reason
    for below in reason.below:
        yield from every(below)


# --- mechanisms -------------------------------------------------------------------------------------------------------


def test_every_mechanism_has_a_place_and_shows_something(made: Path) -> None:
    words = "--site", str(made), "--lang", "en", "mechanisms", "--json", "--as-of", "2026-07-31"
    rows = json.loads(printed(*words))
    assert sorted(row["code"] for row in rows) == MECHANISMS
    assert [row["code"] for row in rows if not all(row["places"].values()) or not row["places"]] == []
    assert [row["code"] for row in rows if not row["shows"]] == []
    assert {row["code"] for row in rows if set(row["places"]) <= {"lists", "parameters"}} == WORDS_ONLY
    empty = re.compile(r"[^;:]* (?<![\d,])0 (?:records|cases|standing)")
    found = {said.strip() for row in rows for line in row["shows"] for said in empty.findall(line)}
    assert found == set()


def test_what_rules_derive_names_the_rule_and_the_facts_it_was_made_of(site: Path) -> None:
    assert site.is_dir()
    ids = set(Fact.objects.values_list("uid", flat=True))
    written = [(fact.kind, json.loads(fact.fields)) for fact in Fact.objects.filter(post="").exclude(fields="")]
    derived = [(kind, fields) for kind, fields in written if fields.get("derivation")]
    assert {(kind, fields["derivation"], fields["rule"]) for kind, fields in derived} == {
        ("online-rate", "camera-online-rate", "online-rate"),
        ("proximity", "internet-cafe-distance", "distance"),
        ("recurrence", "hazard-recurrence", "recurrence"),
        ("signal", "illness-cluster", "cluster"),
    }
    made_of = [fields["inputs"] for _, fields in derived]
    assert [inputs for inputs in made_of if not inputs or not ids.issuperset(inputs)] == []
    assert Fact.objects.filter(kind="online-rate").count() == sum(kind == "online-rate" for kind, _ in derived)


# --- findings ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def circulars(edition: Edition) -> list[Proposal]:
    evaluation = evaluate_site(edition, as_of=LAST, known_at=LAST)
    climb = Climb(evaluation, in_effect(edition), calendars_of(edition))
    return [one for one in climb.proposals() if one.rung.measure == "circulate"]


def test_every_circular_is_traced_to_facts_and_clause(circulars: list[Proposal], edition: Edition) -> None:
    ids = set(Fact.objects.values_list("uid", flat=True))
    sources = edition.rulebook.sources
    traced, with_facts = 0, 0
    for proposal in circulars:
        assert proposal.kind == ""  # no ladder of cases has a circular
        source = edition.rulebook.duties[proposal.subject].source
        clause = clause_of(source, edition.rulebook)
        assert (source.text in sources, source.clause.strip() != "", sources[source.text].title.zh in clause.zh) == (
            True, True, True,
        )  # fmt: skip
        for addressee in proposal.addressees:
            history = history_of(edition, addressee.organisation, proposal.subject, as_of=LAST, known_at=LAST)
            trees = explain(history, addressee.organisation, proposal.subject)
            for behind in addressee.episode.behind:
                where = (addressee.organisation, proposal.subject, behind.period)
                (tree,) = [one for one in trees if f" · {behind.period}：" in one.text.zh]
                nodes = list(every(tree))
                assert tree.below[-1].text == clause, where
                named = {node.fact for node in nodes if node.fact}
                assert named <= ids, where
                assert named or NOTHING in [node.text.en for node in nodes], where
                traced, with_facts = traced + 1, with_facts + bool(named)
    assert traced == sum(len(a.episode.behind) for one in circulars for a in one.addressees)
    assert (traced > 100, with_facts > 50) == (True, True)


def test_a_county_score_is_traced_to_facts_and_clauses(edition: Edition) -> None:
    scored = scores_of_site(edition, as_of=LAST, known_at=LAST)
    tree, county = "county-government", "LZ04"
    found = scored.scores[tree][county]
    below = evidence(scored, tree, county)
    reason = explain_score(scored.rulebook, tree, found, scored.gathered, evidence=below)
    assert reason.text.en.split(": ")[-1].startswith(f"{points(found.total)} points")
    nodes = list(every(reason))
    named = {node.fact for node in nodes if node.fact}
    assert named <= set(Fact.objects.values_list("uid", flat=True))
    declared = edition.rulebook.scoring[tree]
    said = {node.text for node in nodes}
    for leaf in (*declared.leaves(), *declared.veto):  # what adds or takes nothing is left out
        assert leaf.source is not None
        assert clause_of(leaf.source, edition.rulebook) in said, leaf.code


# --- a tampered copy --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sealed(made: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A copy of the site that is sealed, and its export."""
    site, out = tmp_path_factory.mktemp("sealed") / "site", tmp_path_factory.mktemp("export") / "out"
    shutil.copytree(made, site)
    printed("--site", str(site), "seal")
    printed("--site", str(site), "export", str(out))
    return site, out


def test_an_untouched_copy_agrees(sealed: tuple[Path, Path]) -> None:
    site, out = sealed
    assert printed("--site", str(site), "--lang", "en", "verify").splitlines()[-1] == "everything agrees"
    code, lines = checked(out)
    assert (code, lines[-1]) == (0, "everything agrees")


def test_one_byte_of_one_fact_is_named(sealed: tuple[Path, Path], tmp_path: Path) -> None:
    site, _ = sealed
    copy = tmp_path / "copy"
    shutil.copytree(site, copy)
    fact = _one_byte(copy / "huxue.sqlite3")
    found = huxue("--site", str(copy), "verify", "--json")
    report: dict[str, Any] = json.loads(found.stdout)
    assert (found.returncode, [(one["sort"], one["what"]) for one in report["findings"]]) == (1, [("changed", fact)])


def _one_byte(path: Path) -> str:
    """Change one digit in the fields of one inspection, as who owns the file can; return its id."""
    with sqlite3.connect(path) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        uid, fields = database.execute(
            "SELECT id, fields FROM ledger_fact WHERE kind = 'drill' ORDER BY seq LIMIT 1"
        ).fetchone()
        place = next(n for n, letter in enumerate(fields) if letter.isdigit())
        other = f"{fields[:place]}{(int(fields[place]) + 1) % 10}{fields[place + 1 :]}"
        database.execute("UPDATE ledger_fact SET fields = ? WHERE id = ?", (other, uid))
    return str(uid)


def test_one_line_of_an_export_is_named(sealed: tuple[Path, Path], tmp_path: Path) -> None:
    _, out = sealed
    copy = tmp_path / "out"
    shutil.copytree(out, copy)
    path = copy / "facts.jsonl.gz"
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    number = next(n for n, line in enumerate(lines) if b'"kind":"drill"' in line)
    lines[number] = lines[number].replace(b'"kind":"drill"', b'"kind":"dri11"')
    path.write_bytes(gzip.compress(b"".join(lines)))
    code, said = checked(copy)
    assert (code, [line for line in said if str(number + 1) in line][:1]) == (1, said[:1])
