"""The fictional city: nowhere on the map, the same from the same seed, true to the kinds and flows of its rulebook."""

from __future__ import annotations

import csv
import gzip
import re
from collections import defaultdict
from pathlib import Path

import pytest

from huxue.core.calendar import Calendars
from huxue.core.facts import RESERVED, Fact, known
from huxue.core.flow import NOT_YET, actor, take
from huxue.core.kinds import Checker, checked_roles
from huxue.core.rulebook.edition import in_effect
from huxue.core.rulebook.load import load
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import FAR
from huxue.demo import FIRST, LAST, SET_UP, SMALL, Size, last_edition, school_year
from huxue.demo import names as invented
from huxue.demo.world import build
from huxue.ledger.reserved import RESERVED as RESERVED_KINDS
from huxue.rulebooks import read

DIVISIONS = Path(__file__).parents[2].parent / "shared" / "data" / "admin_divisions"
TINY = Size(counties=7, townships=7, schools=21)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    found, problems = load(read("city"))
    assert problems == []
    assert found is not None
    return found


@pytest.fixture(scope="module")
def calendars(rulebook: Rulebook) -> Calendars:
    return Calendars.build(rulebook.calendars)


@pytest.fixture(scope="module")
def facts(calendars: Calendars, rulebook: Rulebook) -> list[Fact]:
    batches = school_year(seed=1, size=SMALL, calendar=calendars.default, rulebook=in_effect(last_edition(rulebook)))
    return [fact for batch in batches for fact in batch]


@pytest.fixture(scope="module")
def types(facts: list[Fact]) -> dict[str, str]:
    return {f.fields["code"]: f.fields["type"] for f in facts if f.kind == "organisation"}


def test_no_name_is_a_real_place() -> None:
    files = sorted(DIVISIONS.glob("modood_*.csv.gz"))
    if not files:
        pytest.skip("the register of divisions is not here")
    real: set[str] = set()
    for path in files:
        with gzip.open(path, "rt", encoding="utf-8") as text:
            real |= {row["name"] for row in csv.DictReader(text)}
    towns = {township.name for county in build(1, Size(7, 300, 300)).counties for township in county.townships}
    stems = {name.rstrip("省市区县镇乡").removesuffix("街道") for name in real}
    mine = {invented.CITY, *invented.COUNTIES} | {name[3:] for name in towns}
    assert sorted(n for n in mine if n in real or n.rstrip("市区县镇乡").removesuffix("街道") in stems) == []


def test_the_size_is_what_was_asked_for(types: dict[str, str]) -> None:
    count = {type_: list(types.values()).count(type_) for type_ in set(types.values())}
    departments = len(invented.DEPARTMENTS)
    assert count == {
        "city-government": 1, "city-department": departments, "county-government": SMALL.counties,
        "county-department": SMALL.counties * departments, "township": SMALL.townships, "school": SMALL.schools,
    }  # fmt: skip


def test_the_same_seed_tells_the_same_story(calendars: Calendars, rulebook: Rulebook) -> None:
    applied = in_effect(last_edition(rulebook))
    first, again, other = (
        list(school_year(seed=seed, size=TINY, calendar=calendars.default, rulebook=applied)) for seed in (5, 5, 6)
    )
    assert first == again
    assert first != other


def test_ids_are_times_and_come_once(facts: list[Fact]) -> None:
    assert len({f.id for f in facts}) == len(facts)
    shape = re.compile(r"[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}")
    assert [f for f in facts if not shape.fullmatch(f.id) or int(f.id[:12], 16) // 60_000 != f.recorded] == []


def test_nothing_is_written_before_it_happens_or_after_the_year(facts: list[Fact]) -> None:
    wrong = [f for f in facts if f.recorded < f.at or not SET_UP <= f.recorded_day <= LAST]
    deeds = [f for f in facts if f.verb == "record" and f.day < FIRST and f.kind != "excuse"]
    assert (wrong, deeds) == ([], [])


def test_fields_and_roles_pass_the_checks_of_their_kinds(
    facts: list[Fact], rulebook: Rulebook, types: dict[str, str]
) -> None:
    checkers = {code: Checker(kind, rulebook.lists) for code, kind in rulebook.kinds.items()}
    wrong: list[object] = []
    for f in facts:
        if f.kind in RESERVED or f.verb in ("close", "withdraw"):
            continue
        kind = rulebook.kinds[f.kind]
        checked = checkers[f.kind].check(checkers[f.kind].text(f.fields, "zh"), step=f.step)
        roles = checked_roles(kind, f.roles, type_of=types.__getitem__)
        writer = types[f.post.partition("/")[0]]
        if checked.mistakes or checked.values != f.fields or roles:
            wrong.append((f.kind, f.step, checked.mistakes, roles))
        if kind.written_by and writer not in kind.written_by:
            wrong.append((f.kind, f.step, "written by", writer))
    assert wrong == []
    assert {f.kind for f in facts if f.kind in RESERVED} <= set(RESERVED_KINDS)


def test_every_case_goes_the_way_its_flow_allows(
    facts: list[Fact], rulebook: Rulebook, calendars: Calendars, types: dict[str, str]
) -> None:
    parents = {f.fields["code"]: f.fields["parent"] for f in facts if f.kind == "organisation"}
    watched = {f.roles["by"][0]: f.fields["supervised"] for f in facts if f.kind == "oversight"}
    cases: dict[str, list[Fact]] = defaultdict(list)
    for f in known(facts, FAR):
        if f.verb == "step":
            cases[f.item].append(f)
    assert len(cases) > 2000
    for steps in cases.values():
        state, kind = NOT_YET, rulebook.kinds[steps[0].kind]
        for f in sorted(steps, key=lambda fact: (fact.at, fact.id)):
            relations = _relations(f.roles["by"][0], f.roles["about"], parents, watched, types)
            who = actor(
                kind,
                state,
                organisation=f.roles["by"][0],
                person=f.person,
                type=types[f.roles["by"][0]],
                posts=(f.by_post,),
                relations=relations,
            )
            state = take(
                kind, state, f.step, at=f.at, actor=who, fields=f.fields, calendar=calendars.default, roles=f.roles
            )
            assert state.deadline == f.deadline, (f.kind, f.step)


def _relations(
    by: str, about: tuple[str, ...], parents: dict[str, str], watched: dict[str, str], types: dict[str, str]
) -> set[str]:
    found: set[str] = set()
    for code in about:
        above, at = set(), code
        while at:
            above.add(at)
            at = parents[at]
        if (by in above and by != code) or watched.get(by) in above:
            found |= {"supervisor", "verifier"}
        if by in above and by != code and types[by].endswith(("government", "township")):
            found.add("government")
    return found


def test_whoever_acts_holds_the_post(facts: list[Fact]) -> None:
    began = {f.item: f for f in facts if f.kind == "holding" and f.verb == "open"}
    ended = {f.item: f.at for f in facts if f.kind == "holding" and f.verb == "close"}
    held: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for item, f in began.items():
        held[f.fields["post"], f.fields["person"]].append((f.at, ended.get(item, FAR * 1440)))
    acted = [f for f in facts if f.person]
    assert [f for f in acted if not any(lo <= f.at < hi for lo, hi in held[f.post, f.person])] == []
    assert len(acted) > 15_000


def test_habits_show(facts: list[Fact]) -> None:
    late = [f for f in facts if f.verb == "record" and f.recorded_day - f.day > 30]
    corrected = [f for f in facts if f.replaces and f.verb == "record"]
    withdrawn = [f for f in facts if f.verb == "withdraw"]
    kinds = {f.kind for f in facts}
    assert (len(late) > 100, len(corrected) > 5, len(withdrawn) > 0) == (True, True, True)
    assert {"excuse", "verification", "interview", "incident", "listed-supervision"} <= kinds
