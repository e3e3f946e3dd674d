"""Seals: signing the root over all facts so far, and changing the key."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from huxue.core.values import Refused
from huxue.ledger import keys, sealing
from huxue.ledger.seal_texts import KeyText, Signed, stored_keys


def seal(*, now: int, most: int = sealing.MOST) -> list[Signed]:
    """Seal everything that is not sealed yet; return the new seals, none where nothing is new.

    Facts are read and hashed before the transaction that writes a seal, so nobody waits meanwhile. The first seal makes
    the first key. Refuses the codes of ``ledger.keys`` and ``ledger.sealing``.
    """
    known = stored_keys()
    private = keys.load(sealing.current(known).id) if known else None
    made: list[Signed] = []
    while found := sealing.gather(most):
        if private:
            with transaction.atomic():
                made.append(sealing.store(found, private, now=now, introduced=None))
        else:
            private, first = _first(found, now)
            made.append(first)
    return made


def _first(found: sealing.Gathered, now: int) -> tuple[Ed25519PrivateKey, Signed]:
    private = keys.make()
    try:
        with transaction.atomic():
            introduced = sealing.introduction(private, now=now, why="first")
            return private, sealing.store(found, private, now=now, introduced=introduced)
    except BaseException:
        keys.remove(private)
        raise


def rotate(*, now: int, lost: bool = False) -> KeyText:
    """Put a new key into use. The old one signs it; ``lost``: it is gone, and cannot.

    Refuses ``no_seal_key`` before the first seal, ``seal_key_there`` where the lost key is there, and the codes of
    ``ledger.keys``.
    """
    known = stored_keys()
    if not known:
        raise Refused(
            "no_seal_key",
            "尚无签名密钥：首次存证时自动生成。",
            "There is no signing key yet: the first seal makes one.",
        )
    old = sealing.current(known).id
    if lost:
        _refuse_where_it_is(old)
    private = None if lost else keys.load(old)
    new = keys.make()
    try:
        with transaction.atomic():
            return sealing.replace_key(new, private, now=now, expected=old)
    except BaseException:
        keys.remove(new)
        raise


def _refuse_where_it_is(key: str) -> None:
    try:
        keys.load(key)
    except Refused as refusal:
        if refusal.code != "seal_key_open":
            return
    raise Refused(
        "seal_key_there",
        f"现用密钥仍在 {keys.path_of(key)}，请去掉 --lost，由旧密钥为新密钥签名。没有任何改动。",
        f"The key in use is there: {keys.path_of(key)}. Rotate without --lost, so that it signs the new one; "
        "nothing was changed.",
    )
