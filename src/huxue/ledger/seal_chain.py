"""Checks the row of seals, the row of keys, every signature, and seals that were kept outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from json import loads
from pathlib import Path

from huxue.core.values import Refused
from huxue.ledger.seal_findings import Finding, finding
from huxue.ledger.seal_texts import KeyText, SealText, Signed, stored_keys, stored_seals


@dataclass(slots=True)
class Checked:
    """The seals that can be read, their edges by number, and what was found."""

    seals: list[SealText] = field(default_factory=list)
    edges: dict[int, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    notices: list[Finding] = field(default_factory=list)


def read_kept(path: Path) -> list[Signed]:
    """Read seals that were kept outside: what ``seal --json`` printed, or ``seals.json`` of an export.

    Refuses ``bad_seal_file`` for anything else.
    """
    try:
        said = loads(path.read_text("utf-8"))
        kept = [Signed(one["text"], one["signature"]) for one in said["seals"]]
        for one in kept:
            SealText.read(one.text)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise _bad(path) from problem
    if not kept:
        raise _bad(path)
    return kept


def _bad(path: Path) -> Refused:
    return Refused(
        "bad_seal_file",
        f"{path} 不是留存的存证文件（huxue seal --json 的输出，或导出文件夹中的 seals.json）。",
        f"{path} holds no kept seals: what huxue seal --json printed, or seals.json of an export.",
    )


def check_chain(against: Sequence[Signed] = ()) -> Checked:
    """Check what the seals and keys say of themselves and of each other."""
    checked = Checked()
    keys = _keys(checked)
    stored: dict[int, Signed] = {}
    size, previous = 0, ""
    for place, (number, signed, edge) in enumerate(stored_seals(), 1):
        stored[number] = signed
        try:
            said = SealText.read(signed.text)
        except ValueError:
            checked.findings.append(finding("seal", number))
        else:
            if (said.number, number, said.previous) != (place, place, previous) or said.size <= size:
                checked.findings.append(finding("chain", number))
            if not _is_signed(signed, said, keys):
                checked.findings.append(finding("signature", number))
            checked.seals.append(said)
            checked.edges[said.number] = edge
            size = said.size
        previous = signed.digest
    checked.findings += _against(against, stored, keys)
    return checked


def _is_signed(signed: Signed, said: SealText, keys: Sequence[KeyText]) -> bool:
    """Tell whether the key that was in use then signed a seal."""
    then = [key for key in keys if key.after < said.number]
    return bool(then) and then[-1].id == said.key and signed.by(then[-1].public)


def _keys(checked: Checked) -> list[KeyText]:
    keys: list[KeyText] = []
    for place, (number, signed) in enumerate(stored_keys(), 1):
        try:
            said = KeyText.read(signed.text)
        except ValueError:
            checked.findings.append(finding("key", number))
            continue
        before = keys[-1] if keys else None
        if (said.number, number) != (place, place) or not _introduced(signed, said, before):
            checked.findings.append(finding("key", number))
        if said.why == "lost":
            checked.notices.append(finding("lost", number))
        keys.append(said)
    return keys


def _introduced(signed: Signed, said: KeyText, before: KeyText | None) -> bool:
    """Tell whether a key was introduced as its entry says."""
    if before is None:
        return said.why == "first" and said.previous == "" and said.after == 0
    if said.previous != before.id or said.after < before.after:
        return False
    return signed.by(before.public) if said.why == "rotated" else said.why == "lost"


def _against(kept: Sequence[Signed], stored: dict[int, Signed], keys: Sequence[KeyText]) -> Iterator[Finding]:
    for one in kept:
        said = SealText.read(one.text)
        if said.number not in stored:
            yield finding("truncated", said.number)
        elif stored[said.number].text != one.text:
            yield finding("other", said.number)
        if not any(one.by(key.public) for key in keys if key.id == said.key):
            yield finding("kept", said.number)
