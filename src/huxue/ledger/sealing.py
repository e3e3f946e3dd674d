"""Makes seals: gathers the facts that are not sealed yet, and signs the root over all that are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from huxue.core.seals import Edge
from huxue.core.values import Refused
from huxue.ledger.keys import public_of
from huxue.ledger.leaves import COLUMNS, HASH, SEQ, UID, has_its_hash, leaf, packed
from huxue.ledger.locks import against_sealers
from huxue.ledger.models import Seal, SealedRun, SealKey
from huxue.ledger.reading import BATCH, BEGINNING, Mark, rows_forward
from huxue.ledger.seal_texts import KeyText, SealText, Signed, Why, key_id, stored_keys, stored_seals
from huxue.organisations.tables import Row, insert

MOST: Final = 1_000_000  # facts in one seal; what is more becomes the next


@dataclass(slots=True)
class Gathered:
    """Facts that come next, read after the last seal and hashed, and the tree with them."""

    after: int  # number of the last seal
    previous: str
    start: int
    edge: Edge
    mark: Mark
    facts: list[int] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)


def gather(most: int = MOST) -> Gathered | None:
    """Read and hash what is not sealed yet; ``None`` where there is nothing. Refuses ``fact_changed``."""
    found = _last()
    while len(found.facts) < most:
        rows, found.mark = rows_forward(COLUMNS, found.mark, min(BATCH, most - len(found.facts)))
        if not rows:
            break
        for row in rows:
            _take(found, row)
    return found if found.facts else None


def _take(found: Gathered, row: Row) -> None:
    hashed = leaf(row)
    if not hashed or not has_its_hash(row):
        raise Refused(
            "fact_changed",
            f"事实 {row[UID]} 的内容与其指纹不符，未予存证。请运行 huxue verify。",
            f"The content of fact {row[UID]} does not have its hash; nothing was sealed. Run huxue verify.",
        )
    found.edge.add(hashed)
    found.facts.append(row[SEQ])
    found.hashes.append(hashed)


def _last() -> Gathered:
    seals = stored_seals(last=True)
    if not seals:
        return Gathered(0, "", 0, Edge(), BEGINNING)
    number, signed, edge = seals[0]
    try:
        said = SealText.read(signed.text)
        hashes = bytes.fromhex(edge)
        tree = Edge(said.size, [hashes[at : at + HASH] for at in range(0, len(hashes), HASH)])
    except ValueError:
        raise _broken(number) from None
    if tree.root().hex() != said.root or said.number != number:
        raise _broken(number)
    return Gathered(number, signed.digest, said.size, tree, said.mark)


def _broken(number: int) -> Refused:
    return Refused(
        "seal_changed",
        f"第{number}号存证已被改动，不能在其后继续存证。请运行 huxue verify。",
        f"Seal {number} has been changed; none can follow it. Run huxue verify.",
    )


def store(found: Gathered, private: Ed25519PrivateKey, *, now: int, introduced: Signed | None) -> Signed:
    """Write a seal over what was gathered, and the first key with the first one; within a transaction.

    Refuses ``sealed_meanwhile`` where somebody else was first.
    """
    against_sealers()
    seals, keys = stored_seals(last=True), stored_keys()
    last = seals[0][0] if seals else 0
    key = key_id(public_of(private))
    if last != found.after or (introduced is not None) == bool(keys) or (keys and current(keys).id != key):
        raise Refused(
            "sealed_meanwhile",
            "另有人同时完成了存证或更换了密钥，本次没有改动。",
            "Somebody else sealed, or changed the key, at the same time; nothing was changed.",
        )
    if introduced:
        insert(SealKey, [(1, introduced.text, introduced.signature)])
    root, number = found.edge.root().hex(), last + 1
    text = SealText(number, found.edge.size, root, now, key, found.mark, found.previous).write()
    signed = Signed(text, private.sign(text.encode()).hex())
    insert(SealedRun, list(packed(found.start, found.facts, found.hashes)))
    insert(Seal, [(number, text, signed.signature, b"".join(found.edge.peaks).hex())])
    return signed


def current(keys: list[tuple[int, Signed]]) -> KeyText:
    """Return the key in use; refuses ``seal_key_changed`` where its line is none of ours."""
    try:
        return KeyText.read(keys[-1][1].text)
    except ValueError:
        raise Refused(
            "seal_key_changed",
            "账本中登记的密钥已被改动，没有存证。请运行 huxue verify。",
            "The key named in the ledger has been changed; nothing was sealed. Run huxue verify.",
        ) from None


def introduction(private: Ed25519PrivateKey, *, now: int, why: Why, old: Ed25519PrivateKey | None = None) -> Signed:
    """Return how a new key is introduced: signed by the one before it, where that is there."""
    keys, seals = stored_keys(), stored_seals(last=True)
    previous = current(keys).id if keys else ""
    after = seals[0][0] if seals else 0
    text = KeyText(len(keys) + 1, public_of(private).hex(), now, after, previous, why).write()
    return Signed(text, old.sign(text.encode()).hex() if old else "")


def replace_key(new: Ed25519PrivateKey, old: Ed25519PrivateKey | None, *, now: int, expected: str) -> KeyText:
    """Put a new key into use; within a transaction. Refuses ``sealed_meanwhile`` unless ``expected`` is in use."""
    against_sealers()
    if current(stored_keys()).id != expected:
        raise Refused(
            "sealed_meanwhile", "另有人同时更换了密钥，本次没有改动。",
            "Somebody else changed the key at the same time; nothing was changed.",
        )  # fmt: skip
    signed = introduction(new, now=now, why="rotated" if old else "lost", old=old)
    said = KeyText.read(signed.text)
    insert(SealKey, [(said.number, signed.text, signed.signature)])
    return said
