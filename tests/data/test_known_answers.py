"""Real files through the shipped recipes: the known answers come out of the standings.

Every number is also counted by a few plain lines over the file, which share nothing with the product.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from json import loads
from pathlib import Path

import pytest

from huxue.actions.import_files import import_files
from huxue.actions.rulebooks import activate, read_rulebook
from huxue.core.duties.standing import Standing
from huxue.core.values import day_of, minute_of
from huxue.exchange.recipes import find_recipe
from huxue.exchange.reports import Report
from huxue.ledger.models import Fact
from huxue.standings.site import edition_for, evaluate_site
from tests.data.shared import CHICAGO, CN, DAZHOU, KR, NYC, NYS, rows, skip_without_data

skip_without_data()
pytestmark = pytest.mark.usefixtures("sqlite_site")
NOW = minute_of(datetime(2026, 6, 1))  # noqa: DTZ001 - civil time of the site


def load(name: str, paths: Sequence[Path], notes: Path, *, dry_run: bool = False, **given: str) -> Report:
    rulebook, _ = read_rulebook(f"examples/{name}")
    assert rulebook is not None
    recipe = find_recipe(name)
    return import_files(
        recipe, paths, rulebook=rulebook, now=NOW, given=given, dry_run=dry_run, notes=notes, language="en"
    )


def standings(as_of: date) -> list[Standing]:
    day = day_of(as_of)
    edition = edition_for(as_of=day, known_at=NOW // 1440)
    return evaluate_site(edition, as_of=day, known_at=NOW // 1440).standings()


def by_period(found: Sequence[Standing]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for standing in found:
        counts[standing.period][standing.status] += 1
    return {period: dict(count) for period, count in sorted(counts.items())}


def statuses(found: Sequence[Standing]) -> dict[tuple[str, bool], int]:
    return dict(Counter((standing.status, standing.on_time) for standing in found))


SHORT = {2019: (607, 12_113, 38), 2020: (601, 12_183, 35), 2021: (2_787, 12_259, 19), 2022: (4_981, 12_276, 21)}


@pytest.mark.parametrize("path", KR, ids=lambda path: path.name)
def test_hours_of_safety_education_counted_plainly(path: Path) -> None:
    binary = {2019: 613, 2020: 602, 2021: 2_788, 2022: 4_982}
    year, found = int(path.name[17:21]), rows(path)
    owing = [row for row in found if row["제외여부"] != "Y"]
    totals = [[v for k, v in row.items() if "합계" in k and v] for row in owing]
    short = sum(sum(map(Decimal, hours)) < 51 for hours in totals)
    assert (short, len(owing), len(found) - len(owing)) == SHORT[year]
    assert sum(sum(map(float, hours)) < 51 for hours in totals) == binary[year]  # why no figure is ever a float


def test_hours_of_safety_education(tmp_path: Path) -> None:
    activate("examples/kr-safety-education", now=NOW - 1)
    report = load("kr-safety-education", KR, tmp_path)
    assert [(s.scope, s.rows, s.taken, s.left_out, s.absent) for s in report.scopes] == [
        ("2019", 12_151, 12_151, 0, 0),
        ("2020", 12_218, 12_218, 0, 35),
        ("2021", 12_278, 12_278, 0, 27),
        ("2022", 12_297, 12_297, 0, 33),
    ]
    assert not report.has_problems
    found = standings(date(2023, 3, 1))
    assert {period: count for period, count in by_period(found).items() if period < "2023"} == {
        f"{year}-{year + 1}": {"met": owing - short, "missed": short, "excused": exempt}
        for year, (short, owing, exempt) in SHORT.items()
    }
    _the_tree()
    again = load("kr-safety-education", KR[1:2], tmp_path)
    assert (again.written, again.scopes[0].disappeared) == (0, [])


def _the_tree() -> None:
    """17 offices over 194 local offices by name. The ministry's own schools stand under 13 of the 17, and one school of
    another province under a second: so the tree has 207 of them, each below one office."""
    facts = Fact.objects.filter(kind="organisation", verb="open").values_list("fields", flat=True)
    found = [loads(text) for text in facts]
    assert Counter(f["type"] for f in found) == {"provincial-office": 17, "local-office": 207, "school": 12_391}
    assert len({f["name"] for f in found if f["type"] == "local-office"}) == 194


def test_a_further_area_in_a_later_year_needs_nothing(tmp_path: Path) -> None:
    lines = [list(row.items()) for row in rows(KR[3])[:40]]
    titles = [*(title for title, _ in lines[0]), "새안전교육 시간(단위활동차시) - 합계 (2023년 이후)", "비고"]
    path = tmp_path / "safety_education_2023.csv"
    body = [",".join(f'"{value}"' for value in [*(v for _, v in line), "100.5", "x"]) for line in lines]
    path.write_text("\n".join([",".join(f'"{t}"' for t in titles), *body]), "utf-8")
    activate("examples/kr-safety-education", now=NOW - 1)
    report = load("kr-safety-education", [path], tmp_path)
    assert report.files[0].unknown == [(36, "비고")]
    assert report.files[0].spread[-1] == titles[-2]
    found = [s for s in standings(date(2024, 3, 1)) if s.period == "2023-2024"]
    assert {s.status for s in found} == {"met"}
    assert min(s.have for s in found) >= 1005
    assert (tmp_path / "safety_education_2023.notes.csv").is_file()


def test_requests_to_a_city(tmp_path: Path) -> None:
    form = "%m/%d/%Y %I:%M:%S %p"
    plain = [
        {k: datetime.strptime(row[k], form) for k in ("Created Date", "Due Date", "Closed Date") if row[k]}  # noqa: DTZ007
        for row in rows(NYC)
    ]
    closed = [row for row in plain if "Closed Date" in row]
    late = [row for row in closed if row["Closed Date"] > row["Due Date"]]
    assert (len(plain), len(closed), len(late)) == (1_367, 735, 174)

    activate("examples/nyc-311", now=NOW - 1)
    report = load("nyc-311", [NYC], tmp_path)
    assert (report.scopes[0].taken, report.scopes[0].left_out) == (1_367, 0)
    assert [(note.at.row, note.column, note.kept) for note in report.files[0].notes] == [
        (533, 2, True),
        (533, 19, True),
        (975, 2, True),
        (975, 19, True),
    ]
    assert statuses(standings(date(2015, 1, 31))) == {("met", True): 561, ("met", False): 174, ("overdue", False): 632}


def test_inspections_of_food(tmp_path: Path) -> None:
    as_of, limit = date(2024, 12, 4), timedelta(days=30)
    places: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for row in rows(CHICAGO):
        places[row["License"]].append((date.fromisoformat(row["Inspection_Date"]), row["Results"]))
    assert len(places.pop("0.0")) == 21
    plain: Counter[tuple[str, bool]] = Counter()
    for seen in places.values():
        for day in (day for day, result in seen if result == "Fail"):
            answer = min((d for d, result in seen if result.startswith("Pass") and d > day), default=None)
            if answer:
                plain["met", answer <= day + limit] += 1
            else:
                plain["due" if as_of <= day + limit else "overdue", False] += 1

    activate("examples/chicago-food", now=NOW - 1)
    report = load("chicago-food", [CHICAGO], tmp_path)
    assert (report.scopes[0].taken, report.scopes[0].left_out) == (8_053, 21)
    assert sum(not note.kept for note in report.files[0].notes) == 21
    assert len(places) == report.scopes[0].counts["place"] == 6_271
    assert (
        statuses(standings(as_of))
        == dict(plain)
        == {
            ("met", True): 1_220,
            ("met", False): 54,
            ("due", False): 125,
            ("overdue", False): 649,
        }
    )


def test_lead_in_the_water_of_schools(tmp_path: Path) -> None:
    above = [row for row in rows(NYS) if row["Number of Outlets, Result > 15 ppb"] not in ("", "0")]
    assert (len(above), sum(row["Out of Service"] == "No" for row in above)) == (1_586, 5)
    activate("examples/nys-water", now=NOW - 1)
    report = load("nys-water", [NYS], tmp_path)
    assert (report.scopes[0].taken, report.scopes[0].left_out) == (4_682, 0)
    assert Counter(s.status for s in standings(date(2019, 12, 31))) == {"met": 1_581, "overdue": 5}
    assert Counter(s.status for s in standings(date(2020, 6, 1))) == {"met": 1_581, "missed": 5}


def test_divisions_in_any_order(tmp_path: Path) -> None:
    whole = load("cn-divisions", CN, tmp_path, dry_run=True)
    assert whole.scopes[0].counts == {"province": 31, "city": 342, "county": 2_978, "township": 41_352}
    activate("examples/cn-divisions", now=NOW - 1)
    report = load("cn-divisions", [DAZHOU, *CN[1:]], tmp_path, only="5117")
    assert report.scopes[0].counts == {"province": 1, "city": 1, "county": 7, "township": 200}
    assert report.scopes[0].beyond == 3_342
    assert Counter(s.duty for s in standings(date(2024, 12, 31))) == {
        "contacts.province": 1,
        "contacts.city": 1,
        "contacts.county": 7,
        "contacts.township": 200,
    }
