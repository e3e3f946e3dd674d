"""Names inside a kind become addresses, columns and headings, so their form is bounded."""

from __future__ import annotations

import pytest

from huxue.core.duties.signals import Column
from huxue.core.kinds import Field, Kind, Role, field_problems
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Text

T = Text(zh="例", en="example")
NOTHING = Rulebook(code="r", title=T, layers=())


@pytest.mark.parametrize("name", ["a'b", "x y", "A", "字", "", "1st", 'a"', "a.b", "a" * 61])
def test_a_name_that_is_no_name_is_a_problem(name: str) -> None:
    fields = Kind(code="k", shape="record", title=T, fields={name: Field(type="text", title=T)})
    roles = Kind(code="k", shape="record", title=T, roles={name: Role(title=T)})
    assert [path for path, _, _ in field_problems(fields, NOTHING)] == [f"fields.{name}"]
    assert [path for path, _, _ in field_problems(roles, NOTHING)] == [f"roles.{name}"]


@pytest.mark.parametrize("name", ["a", "drill_kind", "covers-until", "a1", "a" * 60])
def test_a_plain_name_is_none(name: str) -> None:
    kind = Kind(
        code="k", shape="record", title=T, fields={name: Field(type="text", title=T)}, roles={name: Role(title=T)}
    )
    assert list(field_problems(kind, NOTHING)) == []


def test_two_names_never_share_a_column() -> None:
    names = ["a-b", "a_b", "a.b", "a--b", "a_-b", "a-_b"]
    columns = {Column("t", name).sql for name in names}
    assert columns == {"t_a_2d_b", "t_a_b", "t_a_2e_b", "t_a_2d__2d_b", "t_a__2d_b", "t_a_2d__b"}
