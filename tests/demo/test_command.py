"""The small demonstration from end to end: what it prints, that it comes out the same again, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from huxue.actions.demo import load_demo
from huxue.commands.briefing import lines
from huxue.core.rulebook.load import load
from huxue.core.values import Refused
from huxue.demo import LAST, Size
from huxue.rulebooks import read
from huxue.standings.scores import scores_of_site
from tests.demo.typed import huxue, printed
from tests.sites import Site

# The city switched their families on after their window had begun, or they compare with a year it does not have, or
# look at what nobody in so small a city keeps.
NO_WINDOW = {
    "campaign.targets-canteens",
    "campaign.targets-surroundings-order",
    "county.weight-raised",
    "government.duty-list-renewed",
    "government.letter-on-change",
    "government.plan-drill",
    "kindergarten.insured",
    "school.bus-agreement",
    "school.bus-drill",
    "school.canteen-monthly-review",
    "school.canteen-weekly-check",
    "school.canteen-yearly-summary",
    "school.epidemic-reported",
    "school.epidemic-training",
    "school.equipment-valid",
    "school.fire-test",
    "school.kitchen-open",
    "school.lesson-hours-senior",
    "school.poisoning-reported",
    "school.video-filed",
    "training.fire-check-before-holiday",
}
TINY = Size(counties=1, townships=1, schools=3)


@pytest.fixture(scope="module")
def standings(folder: Path, figures: dict[str, Any]) -> dict[str, Any]:
    words = (
        "--site",
        str(folder),
        "standings",
        "--as-of",
        figures["as_of"],
        "--known-at",
        figures["known_at"],
        "--json",
    )
    found: dict[str, Any] = json.loads(printed(*words))
    return found


def test_the_figures_of_seed_1(figures: dict[str, Any]) -> None:
    assert figures["facts"] == 38_301
    assert figures["totals"] == {"met": 24591, "due": 839, "overdue": 1006, "missed": 1710, "excused": 11}
    done = {code: rates["done"] for code, rates in figures["rates"].items()}
    assert done == {
        "LZ": 899,
        "LZ01": 921,
        "LZ02": 931,
        "LZ03": 883,
        "LZ04": 845,
        "LZ05": 903,
        "LZ06": 912,
        "LZ07": 901,
    }
    assert min(done, key=done.__getitem__) == "LZ04"


def test_every_rate_is_there_for_the_city_and_each_county(figures: dict[str, Any]) -> None:
    assert [len(rates) for rates in figures["rates"].values()] == [4] * 8
    assert all(rate is not None for rates in figures["rates"].values() for rate in rates.values())


def test_every_duty_has_a_standing(standings: dict[str, Any], figures: dict[str, Any]) -> None:
    rulebook, _ = load(read("city"))
    assert rulebook is not None
    assert set(rulebook.duties) - {row["duty"] for row in standings["rows"]} == NO_WINDOW
    assert standings["totals"] == figures["totals"]


def test_silent_schools_and_overdue_hazards_come_first(figures: dict[str, Any]) -> None:
    visits = figures["visit_first"]
    assert len(visits) == 10
    assert [v["rule"] for v in visits] == sorted(
        (v["rule"] for v in visits),
        key=[
            "nothing written down for 60 days or more, and hazards overdue",
            "nothing written down for 60 days or more",
            "a major hazard overdue",
            "other hazards overdue",
        ].index,
    )
    assert all(v["hazards_overdue"] or v["silent_days"] >= 60 for v in visits)


def test_the_same_seed_gives_the_same_standings(folder: Path, standings: dict[str, Any]) -> None:
    english = printed("--site", str(folder), "--lang", "en", "demo", "--small", "--no-serve", "--as-of", "2026-07-31")
    same = json.loads(
        printed("--site", str(folder), "standings", "--as-of", "2026-07-31", "--known-at", "2026-07-31", "--json")
    )
    assert (same["rows"], same["rollups"]) == (standings["rows"], standings["rollups"])
    assert [line for line in english.splitlines() if line[:3] in ("1. ", "2. ", "3. ", "5. ")] == [
        "1. Who is behind on what, since when, by which clause (offices, the two worst of each duty)",
        "2. What most schools of a county are behind on (the two worst counties of each duty)",
        "3. Ten schools to visit first",
        "5. The year's points of the counties so far",
    ]
    assert printed("--site", str(folder), "rebuild", "--check")


def test_a_site_that_is_no_demonstration_is_left_alone(tmp_path: Path) -> None:
    made = huxue("--site", str(tmp_path), "init", "--rulebook", "city")
    before = (tmp_path / "huxue.sqlite3").read_bytes()
    refused = huxue("--site", str(tmp_path), "--lang", "en", "demo", "--small", "--no-serve")
    assert (made.returncode, refused.returncode, refused.stdout) == (0, 2, "")
    assert refused.stderr == (
        f"{tmp_path} holds a site that is no demonstration; nothing was changed. Name another with --site.\n"
    )
    assert (tmp_path / "huxue.sqlite3").read_bytes() == before


def test_only_an_empty_ledger_is_filled(site: Site) -> None:
    counts: list[int] = []
    load_demo(seed=1, size=TINY, progress=counts.append)
    with pytest.raises(Refused) as refused:
        load_demo(seed=1, size=TINY, progress=counts.append)
    assert (refused.value.code, counts == sorted(counts)) == ("not_empty", True)


def test_the_briefing_speaks_chinese_about_another_day(sqlite_site: Site) -> None:
    edition = load_demo(seed=1, size=TINY, progress=lambda _: None)
    day = LAST - 120
    said = list(lines(scores_of_site(edition, as_of=day, known_at=day), "zh"))
    assert said[0] == "虚构城市的学校安全履职情况，截至 2026-04-02"
    assert [line.strip().partition("：")[0] for line in said if line.startswith("\n")] == [
        "四个比率　　　　办结　　按时　　核实　　仍属实",
        "一、谁欠什么，自何时起，依据哪一条（单位，每项职责只列最差的两家）",
        "二、各县（市、区）学校欠账最多的事项（每项只列最多的两县）",
        "三、建议先去的十所学校",
        "四、督责阶梯",
        "五、各县（市、区）年度考核得分（截至当日）",
    ]
