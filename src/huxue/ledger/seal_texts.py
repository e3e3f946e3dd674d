"""The texts that are signed: canonical JSON, written and read in one place.

A seal::

    {"at":"2026-09-01T23:30","format":"huxue-seal-1","key":…,"mark":[server,xact,seq],"number":…,"previous":…,
     "root":…,"size":…}

``previous`` is the sha256 of the text of the seal before ("" for the first), so seals form a chain. A key::

    {"after":…,"format":"huxue-key-1","from":"2026-09-01T23:30","number":…,"previous":…,"public":…,"why":…}

``after`` is the number of the last seal that the key before it signed; ``previous`` the id of that key; ``why`` is
``first``, ``rotated`` (the key before it signed this text) or ``lost`` (nobody did). Hashes, keys and signatures
are hex. The id of a key is the sha256 of its 32 bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from json import loads
from typing import Final, Literal, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from huxue.core.values import minute_of, moment_of
from huxue.ledger.drafts import canonical, digest
from huxue.ledger.reading import Mark
from huxue.organisations.tables import select

SEAL: Final = "huxue-seal-1"
KEY: Final = "huxue-key-1"
Why = Literal["first", "rotated", "lost"]
_T = TypeVar("_T", "SealText", "KeyText")


@dataclass(frozen=True, slots=True)
class SealText:
    """What a seal says."""

    number: int
    size: int
    root: str
    at: int  # minute
    key: str
    mark: Mark
    previous: str

    def write(self) -> str:
        """Return the text that is signed."""
        return canonical(
            {
                "at": _moment(self.at), "format": SEAL, "key": self.key, "mark": list(self.mark),
                "number": self.number, "previous": self.previous, "root": self.root, "size": self.size,
            }
        )  # fmt: skip

    @classmethod
    def read(cls, text: str) -> SealText:
        """Return what a text says; raises ``ValueError`` where it is none of ours, to the letter."""
        try:
            said = loads(text)
            seal = cls(
                said["number"], said["size"], said["root"], _minute(said["at"]), said["key"], Mark(*said["mark"]),
                said["previous"],
            )  # fmt: skip
        except (KeyError, TypeError) as problem:
            raise ValueError(text) from problem
        _refuse_unless(int, seal.number, seal.size, *seal.mark)
        _refuse_unless(str, seal.root, seal.key, seal.previous)
        bytes.fromhex(seal.root)
        return _same(seal, text)


@dataclass(frozen=True, slots=True)
class KeyText:
    """How a key was introduced."""

    number: int
    public: str
    since: int  # minute
    after: int
    previous: str
    why: Why

    @property
    def id(self) -> str:
        """What names the key."""
        return key_id(bytes.fromhex(self.public))

    def write(self) -> str:
        """Return the text that the key before it signs."""
        return canonical(
            {
                "after": self.after, "format": KEY, "from": _moment(self.since), "number": self.number,
                "previous": self.previous, "public": self.public, "why": self.why,
            }
        )  # fmt: skip

    @classmethod
    def read(cls, text: str) -> KeyText:
        """Return what a text says; raises ``ValueError`` where it is none of ours, to the letter."""
        try:
            said = loads(text)
            since = _minute(said["from"])
            key = cls(said["number"], said["public"], since, said["after"], said["previous"], said["why"])
            bytes.fromhex(key.public)
        except (KeyError, TypeError) as problem:
            raise ValueError(text) from problem
        _refuse_unless(int, key.number, key.after)
        _refuse_unless(str, key.previous, key.why)
        return _same(key, text)


def _refuse_unless(kind: type, *values: object) -> None:
    if any(type(value) is not kind for value in values):
        raise ValueError(values)


def _same(found: _T, text: str) -> _T:
    """Two texts that mean the same would have two hashes: only ours, to the letter, is one."""
    if found.write() != text:
        raise ValueError(text)
    return found


@dataclass(frozen=True, slots=True)
class Signed:
    """A text as it is stored, and its signature."""

    text: str
    signature: str

    @property
    def digest(self) -> str:
        """What the next seal names."""
        return digest(self.text)

    def by(self, public: str) -> bool:
        """Tell whether the key with this public half signed the text."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
            key.verify(bytes.fromhex(self.signature), self.text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


def key_id(public: bytes) -> str:
    """Return what names a key."""
    return sha256(public).hexdigest()


def stored_seals(*, last: bool = False) -> list[tuple[int, Signed, str]]:
    """Return (number, seal, edge) of every stored seal in order, or of the last alone."""
    tail = " DESC LIMIT 1" if last else ""
    rows = select(f"SELECT number, text, signature, edge FROM ledger_seal ORDER BY number{tail}")
    return [(number, Signed(str(text), str(signature)), str(edge)) for number, text, signature, edge in rows]


def stored_keys() -> list[tuple[int, Signed]]:
    """Return (number, introduction) of every key in order; the last one is in use."""
    rows = select("SELECT number, text, signature FROM ledger_sealkey ORDER BY number")
    return [(number, Signed(str(text), str(signature))) for number, text, signature in rows]


def _moment(minute: int) -> str:
    return moment_of(minute).isoformat(timespec="minutes")


def _minute(text: str) -> int:
    return minute_of(datetime.fromisoformat(text))
