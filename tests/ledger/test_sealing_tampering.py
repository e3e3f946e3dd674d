"""Whatever the owner of a database changes behind the ledger's back is found and named by the seals."""

from __future__ import annotations

import re

import pytest

from huxue.actions.seals import rotate, seal
from huxue.ledger import keys, sealing
from huxue.ledger.drafts import content_of, digest
from huxue.ledger.leaves import COLUMNS, leaf, packed
from huxue.ledger.models import Seal, SealedRun, SealKey
from huxue.ledger.reading import BEGINNING, rows_forward
from huxue.ledger.seal_texts import Signed, stored_seals
from huxue.ledger.verifying import verify_content
from huxue.ledger.verifying_seals import verify_seals
from huxue.organisations.tables import select
from tests.ledger.seals import CHANGES, found, inserted, sealed, seq_of, tamper
from tests.ledger.world import NOW, drill, take
from tests.sites import Site

pytestmark = pytest.mark.usefixtures("site")
TREE = 9


def rehash(uid: str) -> None:
    """Give a fact the hash of what its columns say now, as a careful forger would."""
    names = COLUMNS.split(", hash")[0]
    (row,) = select(f"SELECT {names} FROM ledger_fact WHERE id = %s", uid)
    tamper("UPDATE ledger_fact SET hash = %s WHERE id = %s", digest(content_of(*row)), uid)


@pytest.mark.parametrize(("column", "value"), CHANGES, ids=[name for name, _ in CHANGES])
def test_a_changed_column_is_found_even_with_a_new_hash(column: str, value: object) -> None:
    one = sealed(3)[1]
    tamper(f"UPDATE ledger_fact SET {column} = %s WHERE id = %s", value, one)
    assert found() == [("changed", one)]
    rehash(one)
    assert verify_content() == []
    assert found() == [("changed", one)]


def test_a_changed_hash_or_id_is_found() -> None:
    ids = sealed(3)
    tamper("UPDATE ledger_fact SET hash = %s WHERE id = %s", "0" * 64, ids[0])
    tamper("UPDATE ledger_fact SET id = %s WHERE id = %s", "f" * 32, ids[2])
    assert found() == [("changed", ids[0]), ("changed", "f" * 32)]


def test_a_removed_fact_is_found() -> None:
    ids = sealed(3, 2)
    seqs = [seq_of(ids[n]) for n in (1, 4)]
    tamper("DELETE FROM ledger_fact WHERE seq IN (%s, %s)", *seqs)
    assert found() == [("removed", str(seq)) for seq in seqs]


def test_facts_in_each_others_place_are_found() -> None:
    ids = sealed(3, 2)
    a, b = seq_of(ids[0]), seq_of(ids[4])
    tamper("UPDATE ledger_fact SET seq = -1 WHERE seq = %s", a)
    tamper("UPDATE ledger_fact SET seq = %s WHERE seq = %s", a, b)
    tamper("UPDATE ledger_fact SET seq = %s WHERE seq = -1", b)
    assert found() == [("reordered", ids[4]), ("reordered", ids[0])]


@pytest.mark.parametrize("seq", [0, -7, -(2**63) + 1])
def test_an_inserted_fact_is_found(seq: int) -> None:
    sealed(3)
    take(drill())
    late = inserted(seq)
    report = verify_seals()
    assert (found(report), report.unsealed) == ([("inserted", late)], 1)


def test_a_fact_in_the_place_of_a_removed_one_is_found() -> None:
    ids = sealed(3)
    seq = seq_of(ids[1])
    tamper("DELETE FROM ledger_fact WHERE seq = %s", seq)
    assert found() == [("removed", str(seq))]
    late = inserted(seq)
    assert found() == [("changed", late)]


def kept() -> list[Signed]:
    return [signed for _, signed, _ in stored_seals()]


def test_a_removed_tail_is_found_against_a_seal_kept_outside() -> None:
    ids = sealed(2, 2)
    outside = kept()[-1:]
    last = [seq_of(uid) for uid in ids[2:]]
    tamper("DELETE FROM ledger_fact WHERE seq IN (%s, %s)", *last)
    assert found() == [("removed", str(seq)) for seq in last]
    tamper("DELETE FROM ledger_sealedrun WHERE first >= %s", TREE + 2)
    assert found() == [("leaves", str(TREE + 2))]
    tamper("DELETE FROM ledger_seal WHERE number = 2")
    assert found() == []  # nothing within the database shows it
    assert found(verify_seals(outside)) == [("truncated", "2")]


def test_a_ledger_written_anew_is_found_against_a_seal_kept_outside() -> None:
    sealed(2)
    outside = kept()
    tamper("UPDATE ledger_fact SET recorded_min = recorded_min - 9 WHERE kind = 'drill'")
    for table in ("seal", "sealedrun", "sealkey"):
        tamper(f"DELETE FROM ledger_{table}")
    seal(now=NOW)
    assert found() == []
    assert found(verify_seals(outside)) == [("other", "1"), ("kept", "1")]


def test_a_forger_who_has_the_key_is_found_against_a_seal_kept_outside() -> None:
    sealed(2)
    outside = kept()
    tamper("UPDATE ledger_fact SET recorded_min = recorded_min - 9 WHERE kind = 'drill'")
    for table in ("seal", "sealedrun"):
        tamper(f"DELETE FROM ledger_{table}")
    seal(now=NOW)
    assert found() == []
    assert found(verify_seals(outside)) == [("other", "1")]


def test_a_fact_changed_with_its_leaf_is_found_by_the_root() -> None:
    one = sealed(3, 2)[0]
    tamper("UPDATE ledger_fact SET recorded_min = recorded_min - 9 WHERE id = %s", one)
    rows, _ = rows_forward(COLUMNS, BEGINNING, 100)
    tamper("DELETE FROM ledger_sealedrun")
    for start, end in ((0, TREE + 3), (TREE + 3, TREE + 5)):
        some = rows[start:end]
        for row in packed(start, [one[20] for one in some], [leaf(one) for one in some]):
            SealedRun.objects.create(**dict(zip(("first", "low", "high", "facts", "leaves"), row, strict=True)))
    assert found() == [("root", "1")]


def test_a_changed_order_of_leaves_is_found() -> None:
    sealed(3)
    run = SealedRun.objects.get()
    facts, leaves = bytes(run.facts), bytes(run.leaves)
    tamper("UPDATE ledger_sealedrun SET facts = %s", facts[8:16] + facts[:8] + facts[16:])
    assert [sort for sort, _ in found()] == ["reordered", "reordered"] or [s for s, _ in found()] == ["changed"] * 2
    tamper("UPDATE ledger_sealedrun SET facts = %s", facts[:8] + facts[:8] + facts[16:])
    assert ("twice", "1") in found()
    tamper("UPDATE ledger_sealedrun SET facts = %s, leaves = %s", facts, leaves[:-32])
    assert found()[0] == ("leaves", "0")
    tamper("UPDATE ledger_sealedrun SET leaves = %s, first = 1", leaves)
    assert found()[0] == ("leaves", "1")
    tamper("UPDATE ledger_sealedrun SET first = 0")
    assert found() == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE ledger_sealedrun SET facts = 'text'", ("leaves", "0")),
        ("UPDATE ledger_sealedrun SET leaves = 7", ("leaves", "0")),
        ("UPDATE ledger_seal SET text = 7", ("seal", "1")),
        ("UPDATE ledger_seal SET edge = x'00', signature = 7", ("signature", "1")),
        ("UPDATE ledger_sealkey SET text = x'ff00'", ("key", "1")),
    ],
)
def test_values_of_another_type_are_found(sqlite_site: Site, statement: str, expected: tuple[str, str]) -> None:
    sealed(3)
    tamper(statement)
    assert expected in found()


def test_fields_that_are_none_are_found(sqlite_site: Site) -> None:
    """SQLite lets anything stand in a column; a careful forger gives it a hash."""
    one = sealed(3)[0]
    for value in ('"$personal"', "7", b"\xff\xfe"):
        tamper("UPDATE ledger_fact SET fields = %s, origin = 7 WHERE id = %s", value, one)
        assert found() == [("changed", one)]


SEALED = [
    ("signature", "00" * 64, [("signature", "2")]),
    ("signature", "no hex", [("signature", "2")]),
    ("edge", "00" * 32, [("seal", "2")]),
    ("text", "{}", [("seal", "2"), ("chain", "3")]),
]


@pytest.mark.parametrize(("column", "value", "expected"), SEALED)
def test_a_changed_seal_is_found(column: str, value: str, expected: list[tuple[str, str]]) -> None:
    sealed(1, 1, 1)
    tamper(f"UPDATE ledger_seal SET {column} = %s WHERE number = 2", value)
    assert set(expected[:1]) <= set(found())
    assert {sort for sort, _ in found()} <= {"seal", "chain", "signature"}


def test_another_root_in_a_seal_is_found() -> None:
    sealed(1, 1, 1)
    text = Seal.objects.get(number=2).text
    tamper("UPDATE ledger_seal SET text = %s WHERE number = 2", re.sub('"root":"[^"]+"', f'"root":"{"0" * 64}"', text))
    assert found() == [("signature", "2"), ("chain", "3"), ("root", "2")]


def test_a_removed_seal_is_found() -> None:
    sealed(1, 1, 1)
    tamper("DELETE FROM ledger_seal WHERE number = 2")
    assert found() == [("chain", "3")]


def test_a_swapped_key_is_found() -> None:
    sealed(1, 1)
    rotate(now=NOW)
    take(drill())
    seal(now=NOW)
    assert found() == []
    mine = keys.make()
    text = SealKey.objects.get(number=1).text
    public = text.partition('"public":"')[2][:64]
    forged = text.replace(public, keys.public_of(mine).hex())
    tamper("UPDATE ledger_sealkey SET text = %s WHERE number = 1", forged)
    assert found() == [("key", "2"), ("signature", "1"), ("signature", "2")]
    tamper("UPDATE ledger_sealkey SET text = %s WHERE number = 1", text)
    tamper("UPDATE ledger_sealkey SET signature = '' WHERE number = 2")
    assert found() == [("key", "2")]
    tamper("UPDATE ledger_sealkey SET text = '{}' WHERE number = 2")
    assert found() == [("key", "2"), ("signature", "3")]
    tamper("DELETE FROM ledger_sealkey WHERE number = 2")
    assert found() == [("signature", "3")]


def test_a_forger_without_the_key_cannot_go_on() -> None:
    """He may make a key of his own; that it was not signed by the old one stands in every verification."""
    sealed(1, 1)
    before = kept()
    keys.path_of(sealing.current(sealing.stored_keys()).id).unlink()
    rotate(now=NOW, lost=True)
    report = verify_seals(before)
    assert ([(one.sort, one.what) for one in report.notices], found(report)) == ([("lost", "2")], [])
