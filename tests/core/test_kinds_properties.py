"""Whatever is stored can be written out as text in either language and read back to the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from huxue.core.kinds import Checker, Field, Kind
from huxue.core.rulebook.model import Choice
from huxue.core.values import Text

T = Text(zh="甲", en="A")
LISTS = {
    "grades": {
        "minor": Choice(title=Text(zh="一般", en="Minor")),
        "major": Choice(title=Text(zh="重大、紧急", en="Major, urgent")),
        "2": Choice(title=Text(zh="二级", en="Second")),
    }
}
TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "text"},
    "whole": {"type": "number"},
    "fine": {"type": "number", "decimals": 3},
    "cost": {"type": "money"},
    "grade": {"type": "choice", "list": "grades"},
    "done": {"type": "yes_no"},
    "grades": {"type": "choice", "list": "grades", "many": True},
    "day": {"type": "date"},
    "when": {"type": "time"},
    "who": {"type": "person"},
    "posts": {"type": "post", "many": True},
    "where": {"type": "place"},
    "photos": {"type": "photo", "many": True},
    "file": {"type": "file"},
    "signed": {"type": "signature"},
}
KIND = Kind(code="k", shape="record", title=T, fields={name: Field(title=T, **said) for name, said in TYPES.items()})
CHECKER = Checker(KIND, LISTS)

line = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1).map(str.strip).filter(bool)
whole = st.integers(-(10**18) + 1, 10**18 - 1)
sha = st.binary(min_size=32, max_size=32).map(bytes.hex)
code = st.from_regex(r"[a-z0-9/:.-]{1,30}", fullmatch=True)
day = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31))
minute = st.integers(-36_000_000, 120_000_000)


def several(one: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(one, min_size=1, max_size=4, unique=True)


def degrees(low: int, high: int) -> st.SearchStrategy[str]:
    plain = st.decimals(low, high, places=7).map(lambda d: format(d, "f").rstrip("0").rstrip("."))
    return plain.map(lambda text: "0" if text == "-0" else text)


STORED = st.fixed_dictionaries(
    {},
    optional={
        "text": line,
        "whole": whole,
        "fine": whole,
        "cost": whole,
        "grade": st.sampled_from([*LISTS["grades"]]),
        "done": st.booleans(),
        "grades": several(st.sampled_from([*LISTS["grades"]])),
        "day": day.map(str),
        "when": st.builds("{}T{:02}:{:02}".format, day, st.integers(0, 23), st.integers(0, 59)),
        "who": code,
        "posts": several(code),
        "photos": several(sha),
        "file": sha,
        "where": st.fixed_dictionaries(
            {"lat": degrees(-90, 90), "lon": degrees(-180, 180), "crs": st.sampled_from(["wgs84", "cgcs2000"])}
        ),
        "signed": st.fixed_dictionaries({"person": code, "at": minute, "sha256": sha}),
    },
)


@given(STORED, st.sampled_from(["zh", "en"]))
def test_what_is_written_out_reads_back(stored: dict[str, Any], language: Any) -> None:
    assert CHECKER.check(CHECKER.text(stored, language)).values == stored


@given(STORED)
def test_what_is_stored_is_taken_as_it_is(stored: dict[str, Any]) -> None:
    """Numbers apart: a stored number is in its smallest unit, a typed one in whole units."""
    plain = {name: value for name, value in stored.items() if name not in ("whole", "fine", "cost")}
    assert CHECKER.check(plain).values == plain


@given(
    st.dictionaries(
        st.sampled_from([*TYPES, "other"]),
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.floats(),
            st.text(),
            st.lists(st.text(), max_size=3),
            st.dictionaries(st.text(), st.text(), max_size=3),
            st.dates(),
            st.datetimes(),
            st.decimals(),
        ),
    )
)
def test_anything_typed_is_stored_or_refused_in_words(typed: dict[str, Any]) -> None:
    result = CHECKER.check(typed)
    assert not result.values.keys() & {mistake.field for mistake in result.mistakes}
    assert all(mistake.zh and mistake.en for mistake in result.mistakes)
    assert CHECKER.check(CHECKER.text(result.values, "zh")).values == result.values


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9))
def test_a_number_is_stored_exactly_or_refused(typed: Decimal) -> None:
    result = CHECKER.check({"fine": typed})
    exact = Fraction(typed) * 1000  # a decimal would be rounded to 28 digits
    assert result.values == ({"fine": int(exact)} if exact.denominator == 1 else {})


@given(st.integers(-(10**15), 10**15), st.integers(0, 3))
def test_a_float_is_taken_when_it_shows_few_enough_decimals(n: int, places: int) -> None:
    typed = n / 10**places
    shown = Decimal(repr(typed))
    fits = shown * 1000 == (shown * 1000).to_integral_value() and abs(shown) < 10**15
    assert ("fine" in CHECKER.check({"fine": typed}).values) is fits
