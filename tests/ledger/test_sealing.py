"""Sealing: what is sealed, by which key, and what is refused."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from pytest_django import Settings

from huxue.actions.seals import rotate, seal
from huxue.core.seals import leaf_hash, root
from huxue.core.values import Refused
from huxue.ledger import keys
from huxue.ledger.erasing import erase_person
from huxue.ledger.leaves import COLUMNS, leaf, line, runs
from huxue.ledger.models import Fact, Seal, SealedRun, SealKey
from huxue.ledger.reading import BEGINNING, rows_forward
from huxue.ledger.seal_texts import KeyText, SealText, stored_keys, stored_seals
from huxue.ledger.verifying_seals import verify_seals
from tests.ledger.seals import found, sealed, sizes, tamper
from tests.ledger.world import NOW, drill, take, tree
from tests.ledger.writers import together
from tests.sites import Site

pytestmark = pytest.mark.usefixtures("ledger")
TREE = 9  # facts of the tree


def refusal(**more: bool) -> str:
    with pytest.raises(Refused) as refused:
        rotate(now=NOW, **more) if more else seal(now=NOW)
    return refused.value.code


def key_file() -> Path:
    return keys.path_of(KeyText.read(stored_keys()[-1][1].text).id)


def test_one_log_grows() -> None:
    assert seal(now=NOW) == []
    assert SealKey.objects.count() == 0
    tree()
    assert sizes(seal(now=NOW)) == [(1, TREE)]
    assert seal(now=NOW) == []
    take(drill(), drill("S2"))
    assert sizes(seal(now=NOW + 5)) == [(2, TREE + 2)]
    one, two = (SealText.read(signed.text) for _, signed, _ in stored_seals())
    assert (one.previous, two.previous) == ("", stored_seals()[0][1].digest)
    rows, _ = rows_forward(COLUMNS, BEGINNING, 100)
    assert two.root == root(leaf_hash(line(row).encode()) for row in rows).hex()
    assert two.at == NOW + 5
    report = verify_seals()
    assert (report.findings, report.notices, report.seals, report.sealed, report.unsealed, report.root) == (
        [], [], 2, TREE + 2, 0, two.root,
    )  # fmt: skip


def test_more_than_one_seal_takes_becomes_the_next() -> None:
    tree()
    assert sizes(seal(now=NOW, most=4)) == [(1, 4), (2, 8), (3, 9)]
    assert found() == []


def test_what_is_not_sealed_yet_is_counted() -> None:
    sealed(2)
    take(drill(), drill())
    report = verify_seals()
    assert (found(report), report.sealed, report.unsealed) == ([], TREE + 2, 2)


def test_a_leaf_says_all_that_the_row_says() -> None:
    tree()
    uid = take(drill(at=NOW - 9))[0].id
    fact = Fact.objects.get(uid=uid)
    content = (
        f'{{"at":{NOW - 9},"deadline":null,"fields":{{"drill_kind":"fire","minutes":10}},"id":"{uid}","item":"{uid}",'
        '"kind":"drill","makeup":false,"origin":null,"person":"","post":"","reference":"","replaces":"",'
        '"roles":{"by":["S1"]},"step":"","verb":"record"}'
    )
    rows, _ = rows_forward(COLUMNS, BEGINNING, 100)
    assert line(rows[-1]) == (
        f'{{"content":{content},"hash":"{fact.hash}","import":null,"marks":"","organisation":"S1",'
        f'"recorded":{NOW},"seq":{fact.seq}}}'
    )
    assert leaf((None,) * 21) == b""


def test_erasing_leaves_seals_that_verify() -> None:
    tree()
    take(drill(fields={"pupil": "p-77", "pupil_name": "张小明"}))
    seal(now=NOW)
    assert erase_person("p-77") == 2
    assert found() == []


ANYWHERE = ("UPDATE {} SET {} = {}", "DELETE FROM {}")
SQLITE = ("INSERT OR REPLACE INTO {} SELECT * FROM {}",)
POSTGRESQL = ("TRUNCATE {}", "SET LOCAL session_replication_role = replica; DELETE FROM {}")


@pytest.mark.parametrize(("table", "key"), [("seal", "number"), ("sealkey", "number"), ("sealedrun", "first")])
def test_seals_cannot_be_changed(ledger: Site, table: str, key: str) -> None:
    sealed(1)
    before = [list(model.objects.values()) for model in (Seal, SealKey, SealedRun)]
    name = f"ledger_{table}"
    for statement in ANYWHERE + (SQLITE if ledger.vendor == "sqlite" else POSTGRESQL):
        with pytest.raises(DatabaseError, match="are never"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(name, *([key, key] if "SET" in statement[:15] else [name])))
        assert [list(model.objects.values()) for model in (Seal, SealKey, SealedRun)] == before


def test_of_two_who_seal_at_once_one_wins() -> None:
    tree()
    results = together(*[lambda: sizes(seal(now=NOW))] * 3)
    assert [one for one in results if one not in ([], "sealed_meanwhile")] == [[(1, TREE)]]
    assert found() == []
    assert [path.name for path in keys.folder().iterdir()] == [key_file().name]
    take(drill())
    results = together(*[lambda: sizes(seal(now=NOW))] * 3)
    assert [one for one in results if one not in ([], "sealed_meanwhile")] == [[(2, TREE + 1)]]
    assert found() == []


def test_the_key_is_for_its_owner_alone() -> None:
    sealed(1)
    assert stat.S_IMODE(key_file().stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.folder().stat().st_mode) == 0o700
    take(drill())
    key_file().chmod(0o640)
    assert refusal() == "seal_key_open"
    assert refusal(lost=True) == "seal_key_there"
    key_file().chmod(0o600)
    key_file().write_text("-----BEGIN PRIVATE KEY-----\n")
    assert refusal() == "seal_key_unreadable"
    assert Seal.objects.count() == 1


def test_a_key_of_another_site_is_refused() -> None:
    sealed(1)
    take(drill())
    other = keys.make()
    keys.path_of(keys.key_id(keys.public_of(other))).replace(key_file())
    assert refusal() == "seal_key_other"


def test_a_lost_key_is_said_for_ever() -> None:
    assert refusal(lost=True) == "no_seal_key"
    sealed(1)
    take(drill())
    key_file().unlink()
    assert (refusal(), refusal(lost=False), Seal.objects.count()) == ("seal_key_missing", "seal_key_missing", 1)
    made = rotate(now=NOW, lost=True)
    assert (made.number, made.why, made.after) == (2, "lost", 1)
    seal(now=NOW)
    rotate(now=NOW)
    report = verify_seals()
    assert ([one.sort for one in report.notices], found(report)) == (["lost"], [])


def test_the_old_key_signs_the_new_one() -> None:
    sealed(1)
    old = key_file()
    assert refusal(lost=True) == "seal_key_there"
    made = rotate(now=NOW + 7)
    assert (made.number, made.why, made.since, made.previous[:16]) == (2, "rotated", NOW + 7, old.stem[5:])
    old.unlink()
    take(drill())
    assert SealText.read(seal(now=NOW + 8)[0].text).key == made.id
    report = verify_seals()
    assert (found(report), report.notices) == ([], [])


def test_keys_may_be_kept_elsewhere(settings: Settings, tmp_path: Path) -> None:
    settings.SEAL_KEYS = str(tmp_path / "safe")
    sealed(1)
    assert key_file().parent == tmp_path / "safe"
    (tmp_path / "file").touch()
    settings.SEAL_KEYS = str(tmp_path / "file")
    assert refusal() == "seal_key_unreadable"


def test_a_key_that_cannot_be_written_is_refused(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.SEAL_KEYS = str(tmp_path / "file")
    tree()
    assert (refusal(), SealKey.objects.count(), Seal.objects.count()) == ("seal_keys_folder", 0, 0)


def test_nothing_is_sealed_after_a_changed_seal() -> None:
    sealed(1)
    take(drill())
    tamper("UPDATE ledger_seal SET edge = %s", "00" * 64)
    assert refusal() == "seal_changed"
    tamper("UPDATE ledger_seal SET edge = '', text = '{}'")
    assert refusal() == "seal_changed"
    tamper("UPDATE ledger_sealkey SET text = '{}'")
    assert refusal() == "seal_key_changed"


@hypothesis(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 1200), st.integers(1, 1200))
def test_runs_are_found_by_their_places(first: int, count: int) -> None:
    if not SealedRun.objects.exists():
        SealedRun.objects.bulk_create(
            SealedRun(first=f, low=f, high=e - 1, facts=b"".join(n.to_bytes(8, "big") for n in range(f, e)),
                      leaves=b"".join(n.to_bytes(32, "big") for n in range(f, e)))
            for f, e in ((0, 500), (500, 700), (700, 701), (701, 1201), (1201, 1300))
        )  # fmt: skip
    places = [n for run in runs(first, first + count) for n in run.facts]
    assert set(range(first, min(first + count, 1300))) <= set(places)
    assert len(places) == len(set(places))
