"""The private keys that sign seals: files outside the database, so that a copy of it signs nothing.

Each key has its file in ``HUXUE_SEAL_KEYS``, by default ``keys`` in the site: ``seal-`` and the first 16 letters of its
id. Only its owner may read it. A file that is missing, open to others, unreadable or of another key is refused.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from huxue.core.values import Refused
from huxue.ledger.seal_texts import key_id

_OTHERS = 0o077


def folder() -> Path:
    """Return the folder of the keys."""
    return Path(settings.SEAL_KEYS or settings.SITE / "keys").absolute()


def path_of(key: str) -> Path:
    """Return the file of the key with this id."""
    return folder() / f"seal-{key[:16]}.pem"


def public_of(private: Ed25519PrivateKey) -> bytes:
    """Return the 32 bytes of the public half."""
    return private.public_key().public_bytes_raw()


def make() -> Ed25519PrivateKey:
    """Make a key and write its file; refuses ``seal_keys_folder`` where that fails."""
    private = Ed25519PrivateKey.generate()
    none = serialization.NoEncryption()
    text = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, none)
    path = path_of(key_id(public_of(private)))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        raise Refused(
            "seal_keys_folder", f"无法写入密钥文件 {path}：{problem.strerror}。没有任何改动。",
            f"The key file {path} cannot be written: {problem.strerror}. Nothing was changed.",
        ) from problem  # fmt: skip
    return private


def remove(private: Ed25519PrivateKey) -> None:
    """Remove the file of a key that did not come into use."""
    path_of(key_id(public_of(private))).unlink(missing_ok=True)


def load(key: str) -> Ed25519PrivateKey:
    """Return the key with this id from its file; refuses ``seal_key_missing`` ``_open`` ``_unreadable`` ``_other``."""
    path = path_of(key)
    private = _read(path)
    if key_id(public_of(private)) != key:
        raise Refused(
            "seal_key_other",
            f"密钥文件 {path} 不是账本登记的现用密钥。请放回原来的文件；没有任何改动。",
            f"The key file {path} is not the key that the ledger names. Put the right file there; nothing was changed.",
        )
    return private


def _read(path: Path) -> Ed25519PrivateKey:
    try:
        if path.stat().st_mode & _OTHERS:
            raise Refused(
                "seal_key_open",
                f"密钥文件 {path} 他人可读，请先改为仅本人可读（chmod 600）；没有任何改动。",
                f"The key file {path} is open to others. Make it readable by its owner only (chmod 600); "
                "nothing was changed.",
            )
        found = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        raise _missing(path) from None
    except (OSError, ValueError, TypeError) as problem:
        raise _unreadable(path) from problem
    if not isinstance(found, Ed25519PrivateKey):
        raise _unreadable(path)
    return found


def _missing(path: Path) -> Refused:
    return Refused(
        "seal_key_missing",
        f"找不到签名密钥 {path}，没有任何改动。请从备份中取回该文件；确已丢失的，请用 huxue seal --rotate --lost "
        "启用新密钥，新密钥无旧密钥签名，核验时将永久注明。",
        f"The signing key {path} is not there; nothing was changed. Bring it back from a backup; "
        "if it is lost, huxue seal --rotate --lost takes a new one, and verify will always say so.",
    )


def _unreadable(path: Path) -> Refused:
    return Refused(
        "seal_key_unreadable",
        f"密钥文件 {path} 无法读取或已损坏。请从备份中取回该文件；没有任何改动。",
        f"The key file {path} cannot be read or is damaged. Bring it back from its backup; nothing was changed.",
    )
