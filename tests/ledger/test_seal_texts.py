"""The texts that are signed read back as they were written, and nothing else reads."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huxue.ledger.reading import Mark
from huxue.ledger.seal_texts import KeyText, SealText, key_id

SEAL = SealText(2, 9, "ab" * 32, 29_000_160, "cd" * 32, Mark(1, 745, 9), "ef" * 32)
KEY = KeyText(2, "ab" * 32, 29_000_160, 1, "cd" * 32, "rotated")
ANYTHING = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=4)


def test_texts_read_back() -> None:
    assert (SealText.read(SEAL.write()), KeyText.read(KEY.write())) == (SEAL, KEY)
    assert SEAL.write() == (
        f'{{"at":"2025-02-20T00:00","format":"huxue-seal-1","key":"{"cd" * 32}","mark":[1,745,9],"number":2,'
        f'"previous":"{"ef" * 32}","root":"{"ab" * 32}","size":9}}'
    )
    assert KEY.id == key_id(bytes.fromhex("ab" * 32))


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "1", '{"at":1}', SEAL.write() + " ", KEY.write() + " "])
@pytest.mark.parametrize("read", [SealText.read, KeyText.read])
def test_nothing_else_reads(read: Any, text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of them
        read(text)


@given(st.sampled_from(sorted(json.loads(SEAL.write()))), ANYTHING)
def test_a_changed_seal_reads_as_what_it_says_or_not_at_all(name: str, value: object) -> None:
    text = json.dumps({**json.loads(SEAL.write()), name: value}, separators=(",", ":"), ensure_ascii=False)
    with suppress(ValueError):
        assert SealText.read(text).write() == text


@given(st.sampled_from(sorted(json.loads(KEY.write()))), ANYTHING)
def test_a_changed_key_reads_as_what_it_says_or_not_at_all(name: str, value: object) -> None:
    text = json.dumps({**json.loads(KEY.write()), name: value}, separators=(",", ":"), ensure_ascii=False)
    with suppress(ValueError):
        assert KeyText.read(text).write() == text
