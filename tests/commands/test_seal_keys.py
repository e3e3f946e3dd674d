"""A key that is lost, damaged, open or of another site is named and nothing sealed; rotated or lost: as documented."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from huxue.ledger import keys
from huxue.ledger.models import Fact, Seal, SealedRun, SealKey
from tests.commands.test_seals import drilled, key
from tests.commands.town import Town


def kept(town: Town) -> list[Any]:
    """Every fact, seal and key of the database, and the files of the keys, to the byte."""
    rows = [sorted(map(repr, model.objects.values_list())) for model in (Fact, Seal, SealedRun, SealKey)]
    return [*rows, {path.name: path.read_bytes() for path in (town.site.folder / "keys").iterdir()}]


def other_key(path: Path) -> None:
    made = keys.make()
    keys.path_of(keys.key_id(keys.public_of(made))).replace(path)


WRONG: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "lost": (
        Path.unlink,
        (
            "找不到签名密钥 {}，没有任何改动。请从备份中取回该文件；确已丢失的，请用 huxue seal --rotate --lost "
            "启用新密钥，新密钥无旧密钥签名，核验时将永久注明。"
        ),
        (
            "The signing key {} is not there; nothing was changed. Bring it back from a backup; if it is lost, "
            "huxue seal --rotate --lost takes a new one, and verify will always say so."
        ),
    ),
    "damaged": (
        lambda path: path.write_bytes(path.read_bytes()[:40]),
        "密钥文件 {} 无法读取或已损坏。请从备份中取回该文件；没有任何改动。",
        "The key file {} cannot be read or is damaged. Bring it back from its backup; nothing was changed.",
    ),
    "open": (
        lambda path: path.chmod(0o644),
        "密钥文件 {} 他人可读，请先改为仅本人可读（chmod 600）；没有任何改动。",
        "The key file {} is open to others. Make it readable by its owner only (chmod 600); nothing was changed.",
    ),
    "of another site": (
        other_key,
        "密钥文件 {} 不是账本登记的现用密钥。请放回原来的文件；没有任何改动。",
        "The key file {} is not the key that the ledger names. Put the right file there; nothing was changed.",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_nothing_is_sealed_or_rotated_and_the_right_file_mends_it(town: Town, what: str) -> None:
    town.done("seal")
    drilled(town)
    path, safe = key(town), town.folder / "safe.pem"
    shutil.copy2(path, safe)
    spoil, zh, en = WRONG[what]
    spoil(path)
    before = kept(town)
    for words in (("seal",), ("seal", "--rotate")):
        town.refused(zh.format(path), en.format(path), *words)
    assert kept(town) == before
    assert town.done("verify").lines[-1] == "everything agrees"
    shutil.copy2(safe, path)
    assert town.done("seal").lines[0].startswith("Seal 2: ")


def test_a_key_that_is_there_is_not_lost(town: Town) -> None:
    town.done("seal")
    path, before = key(town), kept(town)
    for mode in (0o600, 0o644):
        path.chmod(mode)
        town.refused(
            f"现用密钥仍在 {path}，请去掉 --lost，由旧密钥为新密钥签名。没有任何改动。",
            f"The key in use is there: {path}. Rotate without --lost, so that it signs the new one; "
            "nothing was changed.",
            "seal", "--rotate", "--lost",
        )  # fmt: skip
    assert kept(town) == before


def test_rotated_is_signed_and_lost_is_said_for_ever(town: Town) -> None:
    town.done("seal")
    first = key(town)
    rotated = town.done("seal", "--rotate", "--json").json
    assert (rotated["why"], Path(rotated["file"]).exists()) == ("rotated", True)
    first.unlink()
    drilled(town)
    town.done("seal")
    assert town.done("verify", "--json").json["notices"] == []
    Path(rotated["file"]).unlink()
    lost = town.done("seal", "--rotate", "--lost", "--json").json
    assert lost["why"] == "lost"
    town.done("seal", "--rotate")
    drilled(town)
    town.done("seal")
    report = town.done("verify", "--json").json
    assert ([one["sort"] for one in report["notices"]], report["findings"]) == (["lost"], [])
