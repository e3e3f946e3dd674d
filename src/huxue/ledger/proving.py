"""Proofs that can be checked without the ledger: of one fact in a seal, and of one seal growing out of another.

A proof of inclusion says what was sealed of one fact, the way from its leaf to the root, and the seal. A proof of
consistency says two seals and the way between their roots. Both bring the public keys along.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from huxue.core.seals import Edge, Run, consistency_runs, inclusion_runs, verify_consistency, verify_inclusion
from huxue.core.values import Refused
from huxue.ledger.leaves import COLUMNS, SEQ, leaf, line, place, runs
from huxue.ledger.seal_texts import SealText, Signed, stored_keys, stored_seals
from huxue.organisations.tables import select

INCLUSION: Final = "huxue-inclusion-1"
CONSISTENCY: Final = "huxue-consistency-1"


def prove_fact(uid: str) -> dict[str, Any]:
    """Return the proof that a fact is in the last seal. Refuses ``unknown_fact`` ``not_sealed`` ``proof_fails``."""
    rows = select(f"SELECT {COLUMNS} FROM ledger_fact WHERE id = %s", uid)
    if not rows:
        raise Refused("unknown_fact", f"没有编号为 {uid} 的事实。", f"There is no fact {uid}.")
    index, seals = place(rows[0][SEQ]), stored_seals(last=True)
    if index is None or not seals:
        raise Refused("not_sealed", f"事实 {uid} 尚未存证。", f"Fact {uid} has not been sealed yet.")
    signed = seals[0][1]
    said = _read(signed)
    path = _roots(inclusion_runs(index, said.size))
    if not verify_inclusion(leaf(rows[0]), index, said.size, path, bytes.fromhex(said.root)):
        raise _fails()
    return {
        "format": INCLUSION,
        "line": line(rows[0]),
        "place": index,
        "path": _hex(path),
        "seal": as_json(signed),
        **keys(),
    }


def prove_growth(old: int, new: int) -> dict[str, Any]:
    """Return the proof that seal ``new`` holds all that seal ``old`` held, in the same order.

    Refuses ``unknown_seal`` ``wrong_order`` ``proof_fails``.
    """
    stored = {number: signed for number, signed, _ in stored_seals()}
    for number in (old, new):
        if number not in stored:
            raise Refused("unknown_seal", f"没有第{number}号存证。", f"There is no seal {number}.")
    if old > new:
        raise Refused("wrong_order", "请先写较早的存证号。", "Name the earlier seal first.")
    before, after = _read(stored[old]), _read(stored[new])
    path = _roots(consistency_runs(before.size, after.size))
    roots = bytes.fromhex(before.root), bytes.fromhex(after.root)
    if not verify_consistency(before.size, after.size, path, *roots):
        raise _fails()
    seals = {"old": as_json(stored[old]), "new": as_json(stored[new])}
    return {"format": CONSISTENCY, "path": _hex(path), **seals, **keys()}


def as_json(signed: Signed) -> dict[str, str]:
    """Return a signed text as it stands in files."""
    return {"text": signed.text, "signature": signed.signature}


def keys() -> dict[str, Any]:
    """Return how every key was introduced, as it stands in files."""
    return {"keys": [as_json(signed) for _, signed in stored_keys()]}


def _roots(wanted: Sequence[Run]) -> list[bytes]:
    return [_root(start, end) for start, end in wanted]


def _root(start: int, end: int) -> bytes:
    edge = Edge()
    for run in runs(start, end):
        for hashed in run.hashes[max(start - run.first, 0) : end - run.first]:
            edge.add(hashed)
    return edge.root()


def _hex(path: Sequence[bytes]) -> list[str]:
    return [step.hex() for step in path]


def _read(signed: Signed) -> SealText:
    try:
        return SealText.read(signed.text)
    except ValueError:
        raise _fails() from None


def _fails() -> Refused:
    return Refused(
        "proof_fails",
        "账本与存证不符，无法出具证明。请运行 huxue verify。",
        "The ledger does not agree with its seals, so nothing can be proved. Run huxue verify.",
    )
