"""Derived records on a site: written once, in step with what they are made of, judged by the edition of the day."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from huxue.actions.derivations import Outcome, derive
from huxue.actions.facts import By, correct, take_step, withdraw
from huxue.actions.rulebooks import activate
from huxue.core.duties.explain import explain
from huxue.core.facts import Fact, known
from huxue.core.values import FAR, Refused
from huxue.ledger.reading import of_kinds
from huxue.ledger.rebuilding import rebuild
from huxue.ledger.verifying import verify_content
from huxue.standings.site import calendars_of, edition_for, history_of
from tests.actions.county import NOW, OFFICE, TODAY, Town, day, moment, place, rulebook
from tests.sites import Site


@pytest.fixture
def town(site: Site) -> Iterator[Town]:
    """A settled town on each database; afterwards the ledger is checked from its bytes."""
    made = Town()
    made.settle()
    yield made
    assert verify_content() == []
    assert rebuild(rulebook().kinds) == []


def run(*only: str, as_of: int = TODAY, now: int = NOW, dry_run: bool = False) -> list[Outcome]:
    return derive(as_of=as_of, now=now, only=only, dry_run=dry_run)


def counts(*only: str, **more: Any) -> tuple[int, int, int, int]:
    (one,) = run(*only, **more)
    return one.written, one.corrected, one.withdrawn, one.kept


def standing(kind: str) -> list[Fact]:
    """The facts of a kind that count, in order of time."""
    return sorted(known(of_kinds([kind], known_at=FAR // 2), FAR // 2), key=lambda fact: (fact.at, fact.id))


# --- recurrence -------------------------------------------------------------------------------------------------------


def test_a_hazard_that_came_back(town: Town) -> None:
    earlier = town.hazard("2025-10-01", "2025-10-03")
    later = town.hazard("2026-03-02", location="三楼东侧楼梯。")
    town.hazard("2026-03-02", category="food")
    town.send()
    assert counts("hazard-recurrence") == (1, 0, 0, 0)
    (fact,) = standing("recurrence")
    assert (fact.post, fact.reference, dict(fact.roles)) == ("", later, {"about": ("青禾小学",)})
    assert fact.fields | {"inputs": [], "inputs_hash": ""} == {
        "derivation": "hazard-recurrence", "rule": "recurrence", "key": later, "earlier": earlier, "days": 150,
        "grade": "major", "measure": "days=150 times=1", "inputs": [], "inputs_count": 3, "inputs_hash": "",
        "parameters": "days=365 ending=fixed metres=15 rises_to=major",
        "edition": edition_for(as_of=TODAY, known_at=TODAY).hash,
    }  # fmt: skip
    assert {later, earlier} < set(fact.fields["inputs"])


def test_a_recurrence_raises_what_the_flow_asks_and_leaves_the_hazard_as_it_was(town: Town) -> None:
    town.hazard("2025-10-01", "2025-10-03")
    later = town.hazard("2026-03-02")
    town.send()
    step = {
        "rulebook": rulebook(), "now": NOW, "by": By("青禾小学/principal"), "kind": "hazard", "step": "fixed_at_once",
        "at": NOW - 10, "item": later, "values": {"measures": "清理", "photos_after": ["0" * 64]},
        "calendar": calendars_of(edition_for(as_of=TODAY, known_at=TODAY)).default,
    }  # fmt: skip
    run("recurrence")
    with pytest.raises(Refused, match="Grade does not allow 'Fixed at once'"):
        take_step(**step)
    assert [fact.fields["grade"] for fact in standing("hazard") if fact.item == later] == ["minor"]


def test_running_twice_is_running_once(town: Town) -> None:
    town.hazard("2025-10-01", "2025-10-03")
    town.hazard("2026-03-02")
    for at in ("2026-03-02", "2026-03-03"):
        town.ill(at, 3)
    town.camera("2026-05-31", "1", 44640, 44000)
    town.venue("2026-01-10", "31.2110", "107.4705")
    town.site("2026-01-05")
    town.send()
    first = [(one.code, one.written) for one in run()]
    assert first == [
        ("illness-cluster", 1), ("hazard-recurrence", 1), ("internet-cafe-distance", 1), ("camera-online-rate", 1),
    ]  # fmt: skip
    assert [(one.written, one.corrected, one.withdrawn, one.kept) for one in run(now=NOW + 600)] == [(0, 0, 0, 1)] * 4


def test_a_dry_run_writes_nothing(town: Town) -> None:
    town.ill("2026-03-02", 3)
    town.send()
    assert counts("cluster", dry_run=True) == (1, 0, 0, 0)
    assert standing("signal") == []
    assert counts("cluster") == (1, 0, 0, 0)


def test_what_is_withdrawn_below_is_withdrawn_and_may_come_again(town: Town) -> None:
    earlier = town.hazard("2025-10-01", "2025-10-03")
    town.hazard("2026-03-02")
    town.send()
    run("recurrence")
    withdraw(rulebook=rulebook(), now=NOW, by=OFFICE, fact=earlier)
    assert counts("recurrence") == (0, 0, 1, 0)
    assert standing("recurrence") == []
    town.hazard("2025-10-01", "2025-10-03")
    town.send()
    assert counts("recurrence") == (1, 0, 0, 0)
    assert len(standing("recurrence")) == 1


def test_a_later_run_about_an_earlier_day_leaves_what_came_after(town: Town) -> None:
    town.ill("2026-03-02", 3)
    town.ill("2026-05-04", 4)
    town.send()
    assert counts("cluster") == (2, 0, 0, 0)
    assert counts("cluster", as_of=day("2026-03-31")) == (0, 0, 0, 1)
    assert len(standing("signal")) == 2


def test_the_order_of_facts_does_not_matter(town: Town) -> None:
    rng = random.Random(7)
    for at, cases in (("2026-03-02", 2), ("2026-03-03", 2), ("2026-03-04", 1), ("2026-03-20", 3), ("2026-03-21", 2)):
        town.ill(at, cases)
    facts = list(town.drafts)
    rng.shuffle(facts)
    for one in facts:  # each alone, with a run in between
        town.drafts = [one]
        town.send()
        run("cluster")
    found = [(fact.at, fact.fields["measure"], fact.fields["inputs_count"]) for fact in standing("signal")]
    assert found == [
        (moment("2026-03-04"), "in_a_day=1 in_days=5", 3),
        (moment("2026-03-20"), "in_a_day=3 in_days=3", 1),
    ]


# --- cluster ----------------------------------------------------------------------------------------------------------


def test_a_count_entered_late_corrects_the_signal_and_keeps_its_answer(town: Town) -> None:
    town.ill("2026-03-02", 2)
    town.ill("2026-03-04", 3)
    town.send()
    run("cluster")
    (signal,) = standing("signal")
    told = {"finding": "已核实"}
    town.add("cluster-report", "record", "2026-03-04T15:00", {"by": ("青禾小学",)}, told, reference=signal.item)
    town.ill("2026-03-02T08:00", 1)
    town.send()
    assert counts("cluster") == (0, 1, 0, 0)
    (corrected,) = standing("signal")
    assert (corrected.item, corrected.replaces, corrected.at) == (signal.item, signal.id, moment("2026-03-02"))


def test_why_leads_to_the_signal_and_the_signal_to_its_facts(town: Town) -> None:
    fact = town.ill("2026-03-02", 3)
    town.send()
    run()
    history = history_of(
        edition_for(as_of=TODAY, known_at=TODAY), "青禾小学", "school.cluster-reported", as_of=TODAY, known_at=TODAY
    )
    (reason,) = explain(history, "青禾小学", "school.cluster-reported")
    said = list(reason.lines("zh"))
    (signal,) = standing("signal")
    assert any(f"[{signal.id}]" in line and "监测信号" in line for line in said)
    assert "  └ 推导规则：illness-cluster（cluster），测得 in_a_day=3 in_days=3" in said
    assert "  └ 参数：days=3 in_a_day=3 in_days=5 quiet_days=7" in said
    assert f"  └ 依据 1 条事实：{fact}" in said


# --- online rate ------------------------------------------------------------------------------------------------------


def test_one_record_for_a_school_and_a_month_that_is_over(town: Town) -> None:
    town.camera("2026-05-30", "1", 1440, 1440)
    town.camera("2026-05-31", "1", 1440, 700)
    town.camera("2026-05-31", "2", 1440, 1500)  # never more than it was to run
    town.camera("2026-06-02", "1", 1440, 0)  # the month is not over
    town.send()
    assert counts("online-rate", as_of=TODAY - 1) == (1, 0, 0, 0)
    (fact,) = standing("online-rate")
    told = {name: fact.fields[name] for name in ("month", "minutes", "online_minutes", "devices")}
    assert told == {"month": "2026-05", "minutes": 4320, "online_minutes": 3580, "devices": 2}
    assert fact.at == moment("2026-05-31T23:59")


# --- distance ---------------------------------------------------------------------------------------------------------


def test_a_venue_comes_moves_and_closes(town: Town) -> None:
    site = town.site("2026-01-05")
    venue = town.venue("2026-01-10", "31.2110", "107.4705")  # 111 m north of the wall
    town.send()
    assert counts("distance", as_of=day("2026-01-31")) == (1, 0, 0, 0)
    (entry,) = standing("proximity")
    assert (entry.verb, entry.at // 1440, entry.fields["distance"], entry.fields["within_limit"]) == (
        "open", day("2026-01-10"), 1108, True,
    )  # fmt: skip
    assert entry.fields["school_point"] == place("31.21", "107.4705")
    assert sorted(entry.fields["inputs"]) == sorted([site, venue])
    told = {"name": "星河网吧", "sort": "internet-cafe", "place": place("31.2130", "107.4705")}
    town.add("venue", "change", "2026-02-10", {"by": ("文旅局",)}, told, item=venue)
    town.send()
    assert counts("distance", as_of=day("2026-02-28")) == (1, 0, 0, 1)
    town.add("venue", "close", "2026-04-01", {"by": ("文旅局",)}, {}, item=venue)
    town.send()
    assert counts("distance") == (1, 0, 0, 2)
    life = [(one.verb, one.at // 1440, one.fields.get("within_limit")) for one in standing("proximity")]
    assert life == [
        ("open", day("2026-01-10"), True), ("change", day("2026-02-10"), False), ("close", day("2026-04-01"), None),
    ]  # fmt: skip


def test_with_only_a_point_known_nothing_is_decided(town: Town) -> None:
    town.site("2026-01-05", point=place("31.2100", "107.4705"))
    town.venue("2026-01-10", "31.2110", "107.4705")
    town.send()
    run("distance")
    (entry,) = standing("proximity")
    assert {name: entry.fields.get(name) for name in ("within_limit", "distance", "bound")} == {
        "within_limit": None, "distance": None, "bound": 1108,
    }  # fmt: skip


def test_who_is_meant(town: Town) -> None:
    """A kindergarten as much as a school; not a training body, not a tobacco shop, not a closed school."""
    for school in ("青禾小学", "小鹿幼儿园", "某培训机构"):
        town.site("2026-01-05", school)
    town.venue("2026-01-10", "31.2110", "107.4705")
    town.venue("2026-01-10", "31.2110", "107.4705", sort="tobacco")
    town.send()
    run("distance")
    assert sorted(entry.roles["by"][0] for entry in standing("proximity")) == ["小鹿幼儿园", "青禾小学"]


def test_a_corrected_place_corrects_the_entry(town: Town) -> None:
    town.site("2026-01-05")
    venue = town.venue("2026-01-10", "31.2110", "107.4705")
    town.send()
    run("distance")
    told = {"name": "星河网吧", "sort": "internet-cafe", "place": "31.2125, 107.4705 (wgs84)"}
    correct(rulebook=rulebook(), now=NOW, by=OFFICE, fact=venue, values=told)
    assert counts("distance") == (0, 1, 0, 0)
    (entry,) = standing("proximity")
    assert (entry.fields["distance"], entry.fields["within_limit"]) == (2771, False)
    withdrawn = standing("venue")[0]
    withdraw(rulebook=rulebook(), now=NOW, by=OFFICE, fact=withdrawn.id)
    assert counts("distance") == (0, 0, 1, 0)
    assert standing("proximity") == []


def test_a_boundary_that_cannot_be_read_is_said_and_decides_nothing(town: Town) -> None:
    crossing = "31.21, 107.47; 31.209, 107.471; 31.21, 107.471; 31.209, 107.47 (wgs84)"
    site = town.site("2026-01-05", boundary=crossing, point=place("31.2100", "107.4705"))
    town.venue("2026-01-10", "31.2110", "107.4705")
    town.send()
    (outcome,) = run("distance")
    assert [(note.fact, note.zh.partition("（")[0]) for note in outcome.notes] == [
        (site, "boundary：围墙不是一个简单的闭合环")
    ]
    assert [entry.fields.get("within_limit") for entry in standing("proximity")] == [None]


# --- editions ---------------------------------------------------------------------------------------------------------


def test_a_new_value_makes_new_records_and_leaves_the_earlier_ones(town: Town, tmp_path: Path) -> None:
    town.site("2026-01-05")
    town.venue("2026-01-10", "31.2125", "107.4705")  # 277 m
    town.send()
    run("distance", as_of=day("2026-03-31"))
    title = "title: {zh: 限制距离, en: Limit}"
    folder = tmp_path / "ours"
    folder.mkdir()
    head = "code: ours\ntitle: {zh: 本县, en: Ours}\nlayer: county\nextends: city\n"
    (folder / "rulebook.yaml").write_text(head, "utf-8")
    said = f"venue-distance: {{{title}, value: 300, unit: metres, at_least: 200, at_most: 1000, confirmed: true}}\n"
    (folder / "parameters.yaml").write_text(said, "utf-8")
    families = list(rulebook().families)
    activate(str(folder), families=families, valid_from=day("2026-05-01"), now=NOW)
    assert counts("distance") == (1, 0, 0, 1)
    life = [(e.verb, e.at // 1440, e.fields["limit"], e.fields["within_limit"]) for e in standing("proximity")]
    assert life == [("open", day("2026-01-10"), 200, False), ("change", day("2026-05-01"), 300, True)]


# --- refusals ---------------------------------------------------------------------------------------------------------


def test_what_is_refused(town: Town) -> None:
    with pytest.raises(Refused, match="has no derivation 'nothing'"):
        run("nothing")
    with pytest.raises(Refused, match="has not come yet"):
        run(as_of=TODAY + 1)


def test_nobody_writes_corrects_or_withdraws_a_derived_record(town: Town) -> None:
    town.ill("2026-03-02", 3)
    town.send()
    run("cluster")
    (signal,) = standing("signal")
    principal = By("青禾小学/principal")
    with pytest.raises(Refused, match="made by a rule"):
        withdraw(rulebook=rulebook(), now=NOW, by=principal, fact=signal.id)
    with pytest.raises(Refused, match="made by a rule"):
        correct(rulebook=rulebook(), now=NOW, by=principal, fact=signal.id, values={"cases": "1"})
