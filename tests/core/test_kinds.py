"""What somebody typed becomes what is stored, or every mistake at once."""

from __future__ import annotations

import timeit
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from huxue.core.kinds import Checker, Field, Kind, Mistake, checked, checked_roles
from huxue.core.rulebook.model import Choice
from huxue.core.values import Refused, Text

T = Text(zh="甲", en="A")
LISTS = {
    "grades": {
        "minor": Choice(title=Text(zh="一般隐患", en="Minor")),
        "major": Choice(title=Text(zh="重大隐患", en="Major")),
        "1": Choice(title=Text(zh="水、电", en="Water, power")),
    },
}
SHA = "ab" * 32


def kind(**fields: dict[str, Any]) -> Kind:
    return Kind(
        code="k",
        shape="record",
        title=Text(zh="检查", en="Inspection"),
        fields={name: Field(title=T, **said) for name, said in fields.items()},
    )


def stored(raw: Any, **said: Any) -> Any:
    result = checked(kind(x=said), {"x": raw}, lists=LISTS)
    assert result.mistakes == ()
    return result.values.get("x")


def refused(raw: Any, **said: Any) -> tuple[str, str]:
    result = checked(kind(x=said), {"x": raw}, lists=LISTS)
    assert result.values == {}
    (mistake,) = result.mistakes
    assert mistake.field == "x"
    return mistake.zh, mistake.en


@pytest.mark.parametrize(
    ("raw", "decimals", "expected"),
    [
        ("12", 0, 12),
        (12, 0, 12),
        (" 12 ", 0, 12),
        ("１２", 0, 12),
        ("-3", 0, -3),
        ("+3", 0, 3),
        (12.0, 0, 12),
        ("12.5", 1, 125),
        ("12.50", 1, 125),
        (12.5, 1, 125),
        (0.1, 1, 1),
        (Decimal("0.07"), 2, 7),
        ("1,234.5", 1, 12345),
        ("0.07", 2, 7),
        ("-0.07", 2, -7),
        (1e3, 0, 1000),
        ("0", 0, 0),
        (0, 0, 0),
        ("-0", 0, 0),
    ],
)
def test_numbers_are_exact(raw: Any, decimals: int, expected: int) -> None:
    assert stored(raw, type="number", decimals=decimals) == expected


@pytest.mark.parametrize(
    "raw",
    [
        "1.25",
        1.25,
        Decimal("0.01"),
        "1e3",
        "abc",
        "1,23",
        "1.2.3",
        True,
        float("nan"),
        float("inf"),
        0.1 + 0.2,
        "٣x",
        10**18,
        "9" * 30,
        1e15,
        [1],
        {"a": 1},
    ],
)
def test_what_is_no_number_of_one_decimal_is_refused(raw: Any) -> None:
    refused(raw, type="number", decimals=1)


def test_money_has_two_decimals() -> None:
    assert stored("1234.5", type="money") == 123450
    assert refused("0.001", type="money")[1] == "'0.001' has more than 2 decimals"


@pytest.mark.parametrize(("raw", "fits"), [("0.9", False), ("1", True), ("1.1", True), ("5", True), ("5.1", False)])
def test_bounds_are_whole_units_and_include_themselves(raw: str, fits: bool) -> None:
    result = checked(kind(x={"type": "number", "decimals": 1, "at_least": 1, "at_most": 5}), {"x": raw}, lists={})
    assert (not result.mistakes) is fits


def test_a_bound_is_named_in_the_sentence() -> None:
    assert refused("6", type="number", decimals=1, at_most=5) == ("不能大于 5.0", "must be at most 5.0")


def test_long_numbers_stay_text() -> None:
    assert stored("511702199001011234", type="text") == "511702199001011234"
    assert stored(13800138000, type="text") == "13800138000"
    assert stored(12.0, type="text") == "12"


@pytest.mark.parametrize("raw", [511702199001011234, 5.11702199001011e17])
def test_a_long_number_typed_as_a_number_is_refused(raw: float) -> None:
    assert refused(raw, type="text")[0] == "15 位以上的号码请用文本格式填写，数字格式会丢失末尾数字"


@pytest.mark.parametrize("raw", [True, [1], {"a": 1}, "a\x00b", "\ud800"])
def test_what_is_no_text_is_refused(raw: Any) -> None:
    refused(raw, type="text")


def test_text_is_stripped_and_measured() -> None:
    assert stored("  a\r\nb ", type="text") == "a\nb"
    assert refused("12345", type="text", max_length=4)[1] == "at most 4 characters, not 5"


@pytest.mark.parametrize("raw", ["major", "重大隐患", "Major", "major ", "MAJOR"])
def test_a_choice_by_code_or_either_title(raw: str) -> None:
    assert stored(raw, type="choice", list="grades") == "major"


def test_a_choice_typed_as_a_number() -> None:
    assert (stored(1, type="choice", list="grades"), stored(1.0, type="choice", list="grades")) == ("1", "1")


def test_an_unknown_choice_shows_the_choices() -> None:
    assert refused("huge", type="choice", list="grades") == (
        "“huge”不在选项中：一般隐患、重大隐患、水、电",
        "'huge' is not one of: Minor, Major, Water, power",
    )


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("重大隐患；一般隐患", ["major", "minor"]),
        ("major、minor", ["major", "minor"]),
        ("水、电", ["1"]),
        (["minor", "Minor"], ["minor"]),
        ("水、电；major", ["1", "major"]),
    ],
)
def test_several_choices(raw: Any, expected: list[str]) -> None:
    assert stored(raw, type="choice", list="grades", many=True) == expected


@pytest.mark.parametrize(
    "raw",
    [
        "2026-03-05",
        "2026/3/5",
        "2026.3.5",
        "2026年3月5日",
        "20260305",
        " 2026-03-05 ",
        "2026-03-05T00:00:00.000",
        "2026-03-05 08:30",
        date(2026, 3, 5),
        datetime(2026, 3, 5, 8, 30),  # noqa: DTZ001 - civil time
    ],
)
def test_dates_as_people_write_them(raw: Any) -> None:
    assert stored(raw, type="date") == "2026-03-05"


@pytest.mark.parametrize(
    ("raw", "en"),
    [
        ("2026-02-30", "there is no such day as 2026-02-30"),
        ("2025-02-29", "there is no such day as 2025-02-29"),
        ("2026-13-01", "there is no such day as 2026-13-01"),
        ("05/03/2026", "'05/03/2026' is not a date, write 2026-03-05"),
        (46086, "'46086' is not a date, write 2026-03-05"),
        ("0026-03-05", "the year must be between 1900 and 2199"),
    ],
)
def test_impossible_dates_are_refused_with_a_sentence(raw: Any, en: str) -> None:
    assert refused(raw, type="date")[1] == en


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2026-03-05 8:30", "2026-03-05T08:30"),
        ("2026-03-05T08:30:59", "2026-03-05T08:30"),
        ("2026年3月5日 08：30", "2026-03-05T08:30"),
        (datetime(2026, 3, 5, 8, 30, 9), "2026-03-05T08:30"),  # noqa: DTZ001
    ],
)
def test_moments(raw: Any, expected: str) -> None:
    assert stored(raw, type="time") == expected


@pytest.mark.parametrize(
    "raw", [datetime(2026, 3, 5, tzinfo=UTC), "2026-03-05", "2026-03-05 24:00", "2026-02-30 08:00", "08:30", 5]
)
def test_what_is_no_moment_is_refused(raw: Any) -> None:
    refused(raw, type="time")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (True, True),
        ("是", True),
        ("Yes", True),
        (1, True),
        ("√", True),
        (False, False),
        ("否", False),
        (0.0, False),
    ],
)
def test_yes_and_no(raw: Any, expected: bool) -> None:
    assert stored(raw, type="yes_no") is expected


@pytest.mark.parametrize("raw", ["maybe", 2, 0.5, []])
def test_neither_yes_nor_no(raw: Any) -> None:
    if raw == []:
        assert stored(raw, type="yes_no") is None
    else:
        refused(raw, type="yes_no")


def test_a_place_names_its_coordinate_system() -> None:
    assert stored({"lat": "31.2100", "lon": 107.47, "crs": "WGS-84"}, type="place") == {
        "lat": "31.21",
        "lon": "107.47",
        "crs": "wgs84",
    }
    assert stored("31.21, 107.47 (gcj02)", type="place") == {"lat": "31.21", "lon": "107.47", "crs": "gcj02"}
    assert refused({"lat": "31", "lon": "107"}, type="place")[1].startswith("say the coordinate system")


@pytest.mark.parametrize(
    ("lat", "lon", "crs", "fits"),
    [
        ("90", "180", "wgs84", True),
        ("90.1", "0", "wgs84", False),
        ("0", "-180.1", "wgs84", False),
        ("-89", "0", "cgcs2000", True),
        ("31", "107", "bd09", True),
        ("31", "-107", "gcj02", False),
        ("31.12345678", "107", "wgs84", False),
        ("31.1234567", "107", "wgs84", True),
        ("x", "1", "wgs84", False),
        (None, "1", "wgs84", False),
        ("1", "1", "mars", False),
    ],
)
def test_places_lie_within_their_system(lat: Any, lon: str, crs: str, fits: bool) -> None:
    raw = {"lat": lat, "lon": lon, "crs": crs}
    assert (not checked(kind(x={"type": "place"}), {"x": raw}, lists={}).mistakes) is fits


def test_photos_are_a_list_of_hashes() -> None:
    said = {"type": "photo", "many": True, "at_least": 2, "at_most": 3}
    assert stored([SHA, "CD" * 32], **said) == [SHA, "cd" * 32]
    assert stored(["", None, " "], type="photo", many=True) is None
    assert refused(7, **said)[1] == "name an attachment by its SHA-256 (64 hex digits)"
    assert refused([SHA], **said)[1] == "at least 2 are needed, not 1"
    assert refused([SHA, "x"], **said)[1] == "name an attachment by its SHA-256 (64 hex digits)"


def test_a_signature() -> None:
    raw = {"person": "p1", "at": 29_000_000, "sha256": SHA.upper()}
    assert stored(raw, type="signature") == {"person": "p1", "at": 29_000_000, "sha256": SHA}
    refused({"person": "p1"}, type="signature")
    refused(raw | {"at": True}, type="signature")
    refused("p1", type="signature")


@pytest.mark.parametrize("type_", ["person", "organisation", "post", "entry"])
def test_codes(type_: str) -> None:
    assert stored(" 5117/head:2 ", type=type_) == "5117/head:2"
    refused("a；b", type=type_)
    assert stored("a；b", type=type_, many=True) == ["a", "b"]


def test_all_mistakes_at_once() -> None:
    declared = kind(day={"type": "date"}, count={"type": "number"}, note={"type": "text", "required": True})
    result = checked(declared, {"day": "2026-02-30", "count": "many", "notes": "x"}, lists={})
    assert [mistake.field for mistake in result.mistakes] == ["day", "count", "notes", "note"]
    assert result.mistakes[2] == Mistake(
        "notes", "检查没有这一项，是否为“note”", "Inspection has no such field, did you mean 'note'"
    )
    assert checked(declared, {"note": "x"}, lists={}).or_refuse() == {"note": "x"}
    with pytest.raises(Refused) as caught:
        result.or_refuse()
    assert caught.value.code == "bad_fields"


@pytest.mark.parametrize("nothing", [None, "", "  ", "\t\n", [], ()])
def test_empty_is_not_given(nothing: Any) -> None:
    declared = kind(x={"type": "text", "required": True}, y={"type": "number"})
    result = checked(declared, {"x": nothing, "y": nothing, "z": nothing}, lists={})
    assert (result.values, [m.en for m in result.mistakes]) == ({}, ["is required"])


def test_roles() -> None:
    declared = Kind.model_validate(
        {
            "code": "k",
            "shape": "record",
            "title": T,
            "roles": {"about": {"title": T, "required": True, "types": "school"}, "to": {"title": T, "many": False}},
        }
    )
    types = {"s1": "school", "d1": "county-department", "d2": "county-department"}

    def wrong(**roles: tuple[str, ...]) -> list[str]:
        return [m.field for m in checked_roles(declared, roles, type_of=types.__getitem__)]

    assert wrong(by=("d1",), about=("s1",), to=("d1",)) == []
    assert wrong(about=("d1",)) == ["about"]
    assert wrong(to=("d1", "d2"), judge=("d1",)) == ["judge", "about", "to"]


def test_a_record_of_five_fields_is_checked_in_microseconds() -> None:
    checker = Checker(
        kind(
            a={"type": "text", "required": True},
            b={"type": "number", "decimals": 2},
            c={"type": "choice", "list": "grades"},
            d={"type": "date"},
            e={"type": "yes_no"},
        ),
        LISTS,
    )
    row = {"a": "x", "b": "12.5", "c": "重大隐患", "d": "2026-02-03", "e": "是"}
    best = min(timeit.repeat(lambda: checker.check(row), number=2000, repeat=5)) / 2000
    assert best < 100e-6  # about 7 µs on an idle core; the bound is for a busy one
