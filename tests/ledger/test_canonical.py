"""The content of a fact is canonical JSON, and ids sort by time."""

from __future__ import annotations

import json
from typing import Any

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from huxue.ledger.drafts import Draft, canonical, content, new_id

TEXTS = st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0xFFFF), max_size=8)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), VALUES, max_size=4)


@given(FIELDS, TEXTS, TEXTS, st.none() | st.integers(0, 10**9))
def test_the_content_is_canonical(fields: dict[str, Any], person: str, origin: str, deadline: int | None) -> None:
    draft = Draft(
        id="a1", kind="drill", verb="record", at=5, roles={"by": ("S1",)}, fields=fields, person=person, origin=origin,
        deadline=deadline,
    )  # fmt: skip
    text = content(draft, "a1", canonical(draft.roles), canonical(fields))
    assert text.encode() == rfc8785.dumps(json.loads(text))
    assert json.loads(text)["fields"] == fields
    assert json.loads(text)["person"] == person


def test_ids_rise() -> None:
    ids = [new_id() for _ in range(10_000)]
    assert ids == sorted(set(ids))
    assert {(len(i), i[12]) for i in ids} == {(32, "7")}
