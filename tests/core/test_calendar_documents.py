from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from huxue.core.calendar import Calendars, campaign_names, merge, origin, problems, special_names
from huxue.core.values import Refused
from tests.core.calendar_world import DOCUMENTS, RAW, day, term


def said(*documents: dict[str, Any]) -> list[tuple[str, str]]:
    """Return path and English sentence of everything wrong with documents."""
    return [("/".join(map(str, path)), en) for path, _, en in problems(merge(documents))]


def test_the_shipped_calendars_have_no_problem() -> None:
    assert problems(RAW) == []


def test_the_raw_mapping_survives_json() -> None:
    again = json.loads(json.dumps(RAW))
    assert again == RAW
    assert merge([RAW]) == RAW


def test_merging_leaves_the_documents_alone() -> None:
    before = json.dumps(DOCUMENTS)
    merge([*DOCUMENTS, {"areas": {"default": {"terms": [term("2025-2026-1", "2025-09-01", "2026-01-16")]}}}])
    assert json.dumps(DOCUMENTS) == before


def test_dates_of_other_readers_of_yaml_are_taken_too() -> None:
    document = {"year": 2025, "holidays": [{"code": "x", "name": "X", "days": [date(2025, 5, 1), date(2025, 5, 2)]}]}
    assert merge([document])["years"]["2025"]["holidays"][0]["days"] == ["2025-05-01", "2025-05-02"]


def test_a_year_may_be_written_either_way() -> None:
    flat, within = {"year": 2024, "workdays": ["2024-02-04"]}, {"years": {2024: {"workdays": ["2024-02-04"]}}}
    assert merge([flat]) == merge([within])


def test_a_later_layer_settles_a_provisional_year() -> None:
    notice = {"year": 2027, "provisional": False, "workdays": ["2027-02-20"]}
    calendar = Calendars.build(merge([*DOCUMENTS, notice])).default
    assert calendar.is_workday(day("2027-02-20"))
    assert not calendar.is_provisional(day("2026-12-31"), day("2027-12-31"))


def test_a_checked_year_is_not_declared_twice() -> None:
    assert said({"year": 2024}, {"year": "2024"}) == [("years/2024", "the year 2024 is declared twice")]


def test_a_later_layer_overrides_items_by_key() -> None:
    above = {
        "special": {"exams": [term("2026-college-entrance", "2026-06-07", "2026-06-10")]},
        "campaigns": {"canteens": []},
    }
    merged = merge([*DOCUMENTS, above])
    calendar = Calendars.build(merged).default
    (exam,) = calendar.periods("special:exams", day("2026-01-01"), day("2026-12-31"))
    assert (exam.lo, exam.hi) == (day("2026-06-07"), day("2026-06-10"))
    assert special_names(merged) == ("exams", "flood-season", "holidays", "safety-days", "term-start")
    assert campaign_names(merged) == ("canteens", "safety-month")


def test_names_of_areas_count_and_broken_sections_do_not_stop_us() -> None:
    raw = {"areas": {"a": {"special": {"fair": []}}, "b": 3}, "special": []}
    assert (special_names(raw), campaign_names({"areas": []})) == (("fair", "holidays", "term-start"), ())


YEAR = {"holidays": [{"code": "may", "name": {"zh": "五一", "en": "May"}, "days": ["2025-05-01", "2025-05-05"]}]}
TERMS = [term("autumn", "2025-09-01", "2026-01-16"), term("spring", "2026-02-16", "2026-07-03")]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            {"year": 2025, "workdays": ["2025-02-30"]},
            [("years/2025/workdays/0", "'2025-02-30' is not a date (YYYY-MM-DD)")],
        ),
        (
            {"year": 2025, "workdays": ["26.1.2025"]},
            [("years/2025/workdays/0", "'26.1.2025' is not a date (YYYY-MM-DD)")],
        ),
        (
            {"year": 2025, "workdays": ["9999-01-01"]},
            [("years/2025/workdays/0", "'9999-01-01' is not a date (YYYY-MM-DD)")],
        ),
        ({"year": 2025, "workdays": "2025-01-26"}, [("years/2025/workdays", "a list belongs here")]),
        (
            {"year": 2025, "workdays": ["2025-01-27"]},
            [("years/2025/workdays/0", "2025-01-27 is not on a weekend: it is a workday anyway")],
        ),
        (
            {"year": 2025, "workdays": ["2025-01-26", "2025-01-26"]},
            [("years/2025/workdays/2025-01-26", "'2025-01-26' is there twice")],
        ),
        (
            {"year": 2025, **YEAR, "workdays": ["2025-05-03"]},
            [("years/2025/workdays/0", "the workday 2025-05-03 is inside the holiday 'may'")],
        ),
        ({"year": 2024, **YEAR}, [("years/2024/holidays/0/days/1", "it does not end in 2024")]),
        (
            {"year": 2025, "holidays": [*YEAR["holidays"], {**YEAR["holidays"][0], "code": "more"}]},
            [("years/2025/holidays/1", "the holiday 'more' overlaps an earlier one")],
        ),
        (
            {"year": 2025, "holidays": [{"code": "x", "name": "X", "days": ["2025-05-01"]}]},
            [("years/2025/holidays/0/days", "say the first and the last day, two dates")],
        ),
        (
            {"year": 2025, "holidays": [{"code": "x", "name": "X", "days": ["2025-05-02", "2025-05-01"]}]},
            [("years/2025/holidays/0/days/1", "it ends on 2025-05-01, before it starts on 2025-05-02")],
        ),
        (
            {"year": 2025, "holidays": [{"code": "X Y", "name": 3, "days": ["2025-05-01", "2025-05-01"]}]},
            [
                ("years/2025/holidays/0/code", "'X Y' is not a code (a-z, 0-9, hyphens)"),
                ("years/2025/holidays/0/name", "say a text, or {zh, en}"),
            ],
        ),
        (
            {"year": 2025, "holidays": ["May"]},
            [
                ("years/2025/holidays/0", "a mapping belongs here"),
                ("years/2025/holidays/0/code", "'' is not a code (a-z, 0-9, hyphens)"),
                ("years/2025/holidays/0/name", "say a text, or {zh, en}"),
                ("years/2025/holidays/0/days", "say the first and the last day, two dates"),
            ],
        ),
        ({"year": 2025, "provisional": "no"}, [("years/2025/provisional", "say true or false")]),
        (
            {"year": 2025, "hollidays": []},
            [("years/2025/hollidays", "'hollidays' is not known here; known: provisional, notice, holidays, workdays")],
        ),
        ({"year": "MMXXV"}, [("years/MMXXV", "'MMXXV' is not a year from 1970 to 2100")]),
        ({"year": 2025, "years": []}, []),
        ({"areas": None, "special": None}, []),
        ({"years": []}, [("years", "'years' is no section of a calendar, or is not a mapping")]),
        ({"area": {}}, [("area", "'area' is no section of a calendar, or is not a mapping")]),
        ({"areas": {"a": 3}}, [("areas/a", "a mapping belongs here")]),
        ({"areas": {"a": {"extends": "b"}}}, [("areas/a/extends", "there is no area 'b'")]),
        ({"areas": {"a": {"extends": "default"}}}, []),
        (
            {"areas": {"a": {"extends": "b"}, "b": {"extends": "c"}, "c": {"extends": "b"}}},
            [
                ("areas/b/extends", "the areas extend each other in a circle: b → c → b"),
                ("areas/c/extends", "the areas extend each other in a circle: c → b → c"),
            ],
        ),
        ({"areas": {"a": {"extends": "a"}}}, [("areas/a/extends", "the areas extend each other in a circle: a → a")]),
        ({"areas": {"a": {"terms": TERMS}}}, []),
        (
            {"areas": {"a": {"terms": [*TERMS, term("extra", "2026-07-03", "2026-07-20")]}}},
            [("areas/a/terms/extra", "the terms 'spring' and 'extra' overlap")],
        ),
        (
            {
                "areas": {
                    "a": {"terms": TERMS},
                    "b": {"extends": "a", "terms": [term("spring", "2026-01-16", "2026-07-03")]},
                }
            },
            [("areas/b/terms/spring", "the terms 'autumn' and 'spring' overlap")],
        ),
        (
            {
                "areas": {
                    "a": {"terms": TERMS},
                    "b": {"extends": "a", "terms": [term("autumn", "2025-09-01", "2026-02-16")]},
                }
            },
            [("areas/b/terms/autumn", "the terms 'autumn' and 'spring' overlap")],
        ),
        ({"areas": {"a": {"terms": [*TERMS, TERMS[0]]}}}, [("areas/a/terms/autumn", "'autumn' is there twice")]),
        (
            {"areas": {"a": {"terms": [term("autumn", "2026-01-16", "2025-09-01")]}}},
            [("areas/a/terms/autumn/to", "it ends on 2025-09-01, before it starts on 2026-01-16")],
        ),
        (
            {"areas": {"a": {"terms": [{"key": "autumn", "from": "2025-09-01"}]}}},
            [("areas/a/terms/autumn/to", "a date is missing")],
        ),
        (
            {"areas": {"a": {"terms": [{"from": "2025-09-01", "to": "2026-01-16"}]}}},
            [("areas/a/terms/0/key", "'' is not a code (a-z, 0-9, hyphens)")],
        ),
        (
            {"areas": {"special": {"terms": [{"key": "autumn", "yearly": ["09-01", "01-16"]}]}}},
            [
                ("areas/special/terms/autumn/yearly", "'yearly' is not known here; known: key, title, from, to"),
                ("areas/special/terms/autumn/from", "a date is missing"),
                ("areas/special/terms/autumn/to", "a date is missing"),
            ],
        ),
        (
            {"areas": {"a": {"school_year_from": "02-29"}}},
            [("areas/a/school_year_from", "'02-29' is not a date that every year has (MM-DD)")],
        ),
        (
            {"areas": {"a": {"school_year_from": "13-01"}}},
            [("areas/a/school_year_from", "'13-01' is not a date that every year has (MM-DD)")],
        ),
        (
            {"areas": {"a": {"month_in_session": 0}}},
            [("areas/a/month_in_session", "say a number of school days from 1 to 31")],
        ),
        (
            {"areas": {"a": {"month_in_session": True}}},
            [("areas/a/month_in_session", "say a number of school days from 1 to 31")],
        ),
        (
            {"special": {"exams": [{"key": "x", "yearly": ["06-07"]}]}},
            [("special/exams/x/yearly", "say two dates MM-DD, without from and to")],
        ),
        (
            {"special": {"exams": [{"key": "x", "yearly": ["06-07", "06-31"]}]}},
            [("special/exams/x/yearly/1", "'06-31' is not a date that every year has (MM-DD)")],
        ),
        ({"special": {"Exams": []}}, [("special/Exams", "'Exams' is not a code (a-z, 0-9, hyphens)")]),
        (
            {"campaigns": {"c": [{"key": "x", "from": "2026-02-29", "to": "2026-03-01", "title": "X"}]}},
            [("campaigns/c/x/from", "'2026-02-29' is not a date (YYYY-MM-DD)")],
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(document: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert said(document) == expected


def test_everything_is_said_at_once_and_in_both_languages() -> None:
    found = problems(merge([{"year": 2025, "workdays": ["2025-02-30"]}, {"areas": {"a": {"extends": "b"}}}]))
    assert found == [
        (
            ("years", "2025", "workdays", 0),
            "“2025-02-30”不是日期（应为 YYYY-MM-DD）",
            "'2025-02-30' is not a date (YYYY-MM-DD)",
        ),
        (("areas", "a", "extends"), "没有名为“b”的地区历法", "there is no area 'b'"),
    ]


def test_a_broken_calendar_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        Calendars.build({"areas": {"a": {"extends": "b"}, "c": {"extends": "d"}}})
    assert (refused.value.code, refused.value.en) == (
        "bad_calendar",
        "2 problem(s) in the calendars, first areas/a/extends: there is no area 'b'",
    )


def test_the_document_that_wrote_a_part_is_found() -> None:
    documents: list[dict[str, Any]] = [
        {"year": 2025, "workdays": ["2025-02-30"]},
        {"areas": {"a": {"terms": [*TERMS, term("extra", "2026-07-03", "2026-07-20")]}}},
        {"areas": {"a": {"terms": [TERMS[1]]}}, "years": {2024: {"workdays": []}}},
        {"year": 2025, "holidays": []},
    ]
    paths = {
        ("years", "2025", "workdays", 0): (0, ("workdays", 0)),
        ("years", "2025"): (3, ()),
        ("years", "2024", "workdays"): (2, ("years", 2024, "workdays")),
        ("years", "2024", "workdays", 5): (2, ("years", 2024, "workdays")),
        ("areas", "a", "terms", "extra", "to"): (1, ("areas", "a", "terms", 2, "to")),
        ("areas", "a", "terms", "spring"): (2, ("areas", "a", "terms", 0)),
        ("areas", "a", "terms", "autumn", "key", "deeper"): (1, ("areas", "a", "terms", 0, "key")),
        ("areas", "b"): (2, ("areas",)),
        ("nowhere",): (-1, ()),
    }
    assert {path: origin(documents, path) for path in paths} == paths
    assert origin([], ("areas",)) == (-1, ())
