"""Topics of supervision: the name a department bears today, and those it bore before."""

from __future__ import annotations

from datetime import date

import pytest

from huxue.core.rulebook.load import load
from huxue.core.values import Text, day_of
from huxue.rulebooks import read

HEADER = "code: b\ntitle: {zh: 例, en: Example}\nlayer: city\n"


def problems(earlier: str) -> list[tuple[int, str]]:
    """What is wrong with a rulebook of one topic with these earlier names."""
    topics = f"topics:\n  market:\n    zh: 市场监管\n    en: Market regulation\n    earlier: {earlier}\n"
    _, found = load([("b", {"rulebook.yaml": HEADER, "organisations.yaml": topics})])
    return [(one.line, one.en) for one in found]


def test_a_record_prints_the_name_of_its_own_time() -> None:
    rulebook, _ = load(read("national"))
    assert rulebook is not None
    emergency = rulebook.topics["emergency"]
    assert [emergency.on(day_of(day)).zh for day in (date(2016, 5, 1), date(2018, 12, 31), date(2019, 1, 1))] == [
        "安全监管",
        "安全监管",
        "应急管理",
    ]
    assert rulebook.topics["education"].on(day_of(date(2016, 5, 1))) == Text(zh="教育", en="Education")


@pytest.mark.parametrize(
    ("earlier", "sentences"),
    [
        ("[{until: 2018-12-31, title: {zh: 工商, en: Commerce}}]", []),
        ("[{until: 2018-02-30, title: {zh: 工商, en: Commerce}}]", [(5, "there is no day '2018-02-30'")]),
        (
            "[{until: 2018-12-31, title: {zh: 甲, en: A}}, {until: 2014-12-31, title: {zh: 乙, en: B}}]",
            [(5, "earlier names stand in the order of their last days")],
        ),
        ("[{until: 2018-12-31, name: {zh: 工商, en: Commerce}}]", None),
    ],
)
def test_earlier_names_are_checked(earlier: str, sentences: list[tuple[int, str]] | None) -> None:
    found = problems(earlier)
    if sentences is None:
        assert {line for line, _ in found} == {5}
    else:
        assert found == sentences
