"""Trees and proofs of the seals: the vectors of Certificate Transparency, and what must hold for every tree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huxue.core.seals import (
    EMPTY,
    Edge,
    consistency,
    consistency_runs,
    inclusion,
    inclusion_runs,
    leaf_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

# The reference vectors of Certificate Transparency (RFC 6962): eight leaves, the root of each tree, and proofs.
LEAVES = [
    leaf_hash(bytes.fromhex(text))
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {  # (leaf, size) → proof
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {  # (old, new) → proof
    (1, 1): [],
    (1, 8): INCLUSION[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
MOST = 70
MANY = [leaf_hash(bytes([n])) for n in range(MOST)]
MANY_ROOTS = [root(MANY[:size]) for size in range(MOST + 1)]


def test_published_roots() -> None:
    assert [root(LEAVES[:size]).hex() for size in range(9)] == ROOTS
    assert EMPTY.hex() == ROOTS[0]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_published_proofs_of_inclusion(index: int, size: int) -> None:
    assert [step.hex() for step in inclusion(LEAVES[:size], index)] == INCLUSION[index, size]


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_published_proofs_of_consistency(old: int, new: int) -> None:
    assert [step.hex() for step in consistency(LEAVES[:new], old)] == CONSISTENCY[old, new]


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, as it is written there."""
    from hashlib import sha256  # noqa: PLC0415 - an independent second way, kept together

    if len(leaves) < 2:
        return leaves[0] if leaves else sha256().digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + by_definition(leaves[:half]) + by_definition(leaves[half:])).digest()


def test_roots_are_as_defined() -> None:
    assert [by_definition(MANY[:size]) for size in range(MOST + 1)] == MANY_ROOTS


def test_every_leaf_of_every_tree_proves() -> None:
    wrong = [
        (index, size)
        for size in range(1, MOST + 1)
        for index in range(size)
        if not verify_inclusion(MANY[index], index, size, inclusion(MANY[:size], index), MANY_ROOTS[size])
    ]
    assert wrong == []


def test_every_tree_begins_with_every_smaller_one() -> None:
    wrong = [
        (old, new)
        for new in range(MOST + 1)
        for old in range(new + 1)
        if not verify_consistency(old, new, consistency(MANY[:new], old), MANY_ROOTS[old], MANY_ROOTS[new])
    ]
    assert wrong == []


SIZES = st.integers(1, MOST)


def spoiled(proof: list[bytes], step: int, byte: int, bit: int) -> list[bytes]:
    changed = bytearray(proof[step % len(proof)])
    changed[byte] ^= 1 << bit
    return [bytes(changed) if n == step % len(proof) else one for n, one in enumerate(proof)]


CHANGE = (st.integers(0, 9), st.integers(0, 31), st.integers(0, 7))


@given(SIZES, st.integers(0, MOST), *CHANGE)
def test_a_changed_proof_of_inclusion_is_refused(size: int, place: int, step: int, byte: int, bit: int) -> None:
    index = place % size
    proof, top = inclusion(MANY[:size], index), MANY_ROOTS[size]
    (leaf,) = spoiled([MANY[index]], 0, byte, bit)
    assert not verify_inclusion(leaf, index, size, proof, top)
    assert not verify_inclusion(MANY[index], index, size, proof, *spoiled([top], 0, byte, bit))
    assert not verify_inclusion(MANY[index], index, size, [*proof, top], top)
    assert not verify_inclusion(MANY[index], size, size, proof, top)
    assert not verify_inclusion(MANY[index], -1, size, proof, top)
    if proof:
        assert not verify_inclusion(MANY[index], index, size, spoiled(proof, step, byte, bit), top)
        assert not verify_inclusion(MANY[index], index, size, proof[:-1], top)
        assert not verify_inclusion(MANY[index], (index + 1) % size, size, proof, top)


@given(SIZES, SIZES, *CHANGE)
def test_a_changed_proof_of_consistency_is_refused(one: int, other: int, step: int, byte: int, bit: int) -> None:
    old, new = min(one, other), max(one, other)
    proof, before, after = consistency(MANY[:new], old), MANY_ROOTS[old], MANY_ROOTS[new]
    assert not verify_consistency(old, new, proof, *spoiled([before], 0, byte, bit), after)
    assert not verify_consistency(old, new, proof, before, *spoiled([after], 0, byte, bit))
    assert not verify_consistency(old, new, [*proof, after], before, after)
    assert not verify_consistency(new + 1, new, proof, before, after)
    if proof:
        assert not verify_consistency(old, new, spoiled(proof, step, byte, bit), before, after)
        assert not verify_consistency(old, new, proof[:-1], before, after)


@given(st.integers(0, MOST), st.integers(0, MOST))
def test_an_edge_is_taken_up_where_it_was_left(one: int, other: int) -> None:
    old, new = min(one, other), max(one, other)
    before = Edge()
    for leaf in MANY[:old]:
        before.add(leaf)
    edge = Edge(before.size, before.peaks)
    for leaf in MANY[old:new]:
        edge.add(leaf)
    assert (edge.size, edge.root()) == (new, MANY_ROOTS[new])


def test_what_cannot_be_asked() -> None:
    with pytest.raises(ValueError, match="2 peaks for 4 leaves"):
        Edge(4, [EMPTY, EMPTY])
    with pytest.raises(ValueError, match="no leaf 3 in a tree of 3"):
        inclusion_runs(3, 3)
    with pytest.raises(ValueError, match="does not begin with one of 4"):
        consistency_runs(4, 3)
    assert not verify_consistency(3, 5, [], MANY_ROOTS[3], MANY_ROOTS[5])
