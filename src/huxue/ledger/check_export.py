"""Checks an export of a Huxue ledger, or a single proof, with nothing but Python 3.9 or newer.

    python3 check_export.py [FOLDER] [--against KEPT.json]
    python3 check_export.py --proof PROOF.json [--against KEPT.json]

Reads facts.jsonl.gz (or facts.jsonl), seals.json and keys.json in the folder, by default the one this file is in. Works
out every hash and every root again (trees of RFC 6962), follows the chain of seals and of keys, and checks every
signature (Ed25519, RFC 8032). Exits with 0 where everything agrees, with 1 where something is wrong, with 2 where
nothing could be read. What it cannot know: whether the facts are true, whether something was left out before it was
sealed, and whether everything, keys included, is forged; against that, compare with a root that was kept outside.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

Point = tuple[int, int, int, int]
FIELD = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, FIELD - 2, FIELD) % FIELD
ROOT_OF_MINUS_ONE = pow(2, (FIELD - 1) // 4, FIELD)
WIDTH = 32  # bytes of a hash, a key, half a signature


class Unreadable(Exception):  # noqa: N818 - not an error of this program
    """Nothing could be checked: a file is missing or is none of ours."""


class Findings:
    """What is wrong and what must be said, printed as it is found, in both languages."""

    def __init__(self) -> None:
        """Begin with nothing wrong."""
        self.wrong = 0

    def bad(self, zh: str, en: str) -> None:
        """Say that something is wrong."""
        self.wrong += 1
        say("✗ " + zh, "✗ " + en)


def say(zh: str, en: str) -> None:
    """Print one thing in both languages."""
    sys.stdout.write(f"{zh}\n{en}\n")


# Ed25519 (RFC 8032, section 5.1): verification only. Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, x·y = T/Z.


def point_add(p: Point, q: Point) -> Point:
    """Return the sum of two points."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % FIELD, (p[1] + p[0]) * (q[1] + q[0]) % FIELD
    c, d = 2 * p[3] * q[3] * CURVE % FIELD, 2 * p[2] * q[2] % FIELD
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % FIELD, g * h % FIELD, f * g % FIELD, e * h % FIELD


def point_times(number: int, p: Point) -> Point:
    """Return a multiple of a point."""
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = point_add(total, p)
        p = point_add(p, p)
        number >>= 1
    return total


def recovered_x(y: int, sign: int) -> int | None:
    """Return the x of the point with this y, None where there is none."""
    if y >= FIELD:
        return None
    square = (y * y - 1) * pow(CURVE * y * y + 1, FIELD - 2, FIELD) % FIELD
    if square == 0:
        return None if sign else 0
    x = pow(square, (FIELD + 3) // 8, FIELD)
    if (x * x - square) % FIELD:
        x = x * ROOT_OF_MINUS_ONE % FIELD
    if (x * x - square) % FIELD:
        return None
    return x if x & 1 == sign else FIELD - x


def point_of(text: bytes) -> Point | None:
    """Return the point that 32 bytes stand for, None where they stand for none."""
    number = int.from_bytes(text, "little")
    y = number & ((1 << 255) - 1)
    x = recovered_x(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % FIELD)


BASE = point_of((4 * pow(5, FIELD - 2, FIELD) % FIELD).to_bytes(WIDTH, "little"))


def is_signed(public: bytes, text: bytes, signature: bytes) -> bool:
    """Tell whether a signature of 64 bytes is by the key with these 32 bytes."""
    if len(public) != WIDTH or len(signature) != 2 * WIDTH or BASE is None:
        return False
    key, first = point_of(public), point_of(signature[:WIDTH])
    second = int.from_bytes(signature[WIDTH:], "little")
    if key is None or first is None or second >= ORDER:
        return False
    factor = int.from_bytes(hashlib.sha512(signature[:WIDTH] + public + text).digest(), "little") % ORDER
    left, right = point_times(second, BASE), point_add(first, point_times(factor, key))
    same_x = (left[0] * right[2] - right[0] * left[2]) % FIELD == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % FIELD == 0


# Trees (RFC 6962, section 2.1).


def sha256(text: bytes) -> bytes:
    """Return the SHA-256 of bytes."""
    return hashlib.sha256(text).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node."""
    return sha256(b"\x01" + left + right)


class Tree:
    """A tree that grows leaf by leaf; holds the roots of its complete parts, the largest first."""

    def __init__(self) -> None:
        """Begin without leaves."""
        self.size = 0
        self.peaks: list[bytes] = []

    def add(self, line: bytes) -> None:
        """Add a line as the next leaf."""
        found, size = sha256(b"\x00" + line), self.size
        while size & 1:
            found, size = node(self.peaks.pop(), found), size >> 1
        self.peaks.append(found)
        self.size += 1

    def root(self) -> str:
        """Return the root, in hex."""
        found = self.peaks[-1] if self.peaks else sha256(b"")
        for peak in self.peaks[-2::-1]:
            found = node(peak, found)
        return found.hex()


def root_by_inclusion(leaf: bytes, place: int, size: int, path: list[bytes]) -> str | None:
    """Return the root that a proof of inclusion leads to (RFC 9162, 2.1.3.2), None where it leads nowhere."""
    if not 0 <= place < size:
        return None
    last = size - 1
    for step in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            leaf = node(step, leaf)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            leaf = node(leaf, step)
        place, last = place >> 1, last >> 1
    return None if last else leaf.hex()


def roots_by_consistency(old: int, new: int, old_root: bytes, path: list[bytes]) -> tuple[str, str] | None:
    """Return both roots that a proof of consistency leads to (RFC 9162, 2.1.4.2), None where it leads nowhere."""
    if old == new and not path:
        return old_root.hex(), old_root.hex()
    steps = [old_root, *path] if old & (old - 1) == 0 else path
    if not 0 < old < new or not steps:
        return None
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            first, second = node(step, first), node(step, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node(second, step)
        place, last = place >> 1, last >> 1
    return None if last else (first.hex(), second.hex())


# Files.


def read_json(path: Path, *parts: str) -> dict[str, Any]:
    """Return a JSON file that has these parts."""
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise Unreadable(f"{path}: {problem}") from None
    if not isinstance(value, dict) or [part for part in parts if part not in value]:
        raise Unreadable(f"{path}: {', '.join(parts)}?")
    return value


def read_lines(folder: Path) -> Iterator[bytes]:
    """Yield the lines of the facts; a file that breaks off ends there."""
    plain, packed = folder / "facts.jsonl", folder / "facts.jsonl.gz"
    try:
        with plain.open("rb") if plain.exists() else gzip.open(packed, "rb") as file:
            yield from lines_of(file)  # type: ignore[arg-type, unused-ignore]
    except (OSError, EOFError, zlib.error) as problem:
        if not plain.exists() and not packed.exists():
            raise Unreadable(str(problem)) from None


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """Yield lines without their ends."""
    for line in file:
        yield line[:-1] if line.endswith(b"\n") else line


# Checks.


def checked_keys(signed: list[dict[str, str]], found: Findings) -> list[dict[str, Any]]:
    """Check how each key came into use; return what their texts say."""
    keys: list[dict[str, Any]] = []
    for number, one in enumerate(signed, 1):
        said = json.loads(one["text"])
        public = bytes.fromhex(said["public"])
        said["id"], before = sha256(public).hex(), keys[-1] if keys else None
        follows = said["number"] == number and said["previous"] == (before["id"] if before else "")
        signature = bytes.fromhex(one["signature"])
        if said["why"] == "rotated" and before:
            follows = follows and is_signed(bytes.fromhex(before["public"]), one["text"].encode(), signature)
        elif said["why"] == "lost" and before:
            say(
                f"注意：第{number}号密钥启用时旧密钥已丢失，没有旧密钥签名",
                f"Note: key {number} is not signed by the key before it, which was lost",
            )
        else:
            follows = follows and said["why"] == "first" and not before
        if not follows:
            found.bad(
                f"第{number}号密钥的登记被改动或签名不符",
                f"key {number} was changed or is not signed by the key before it",
            )
        keys.append(said)
    return keys


def checked_seals(signed: list[dict[str, str]], keys: list[dict[str, Any]], found: Findings) -> list[dict[str, Any]]:
    """Check the chain of seals and their signatures; return what their texts say."""
    seals: list[dict[str, Any]] = []
    size, previous = 0, ""
    for number, one in enumerate(signed, 1):
        said = json.loads(one["text"])
        if said["number"] != number or said["previous"] != previous or said["size"] <= size:
            found.bad(f"存证链在第{number}号处断裂", f"the row of seals is broken at {number}")
        check_signature(one, said, keys, found)
        seals.append(said)
        size, previous = said["size"], sha256(one["text"].encode()).hex()
    return seals


def check_signature(one: dict[str, str], said: dict[str, Any], keys: list[dict[str, Any]], found: Findings) -> None:
    """Check that the key in use at the time signed a seal."""
    then = [key for key in keys if key["after"] < said["number"]]
    public = bytes.fromhex(then[-1]["public"]) if then and then[-1]["id"] == said["key"] else b""
    if not is_signed(public, one["text"].encode(), bytes.fromhex(one["signature"])):
        found.bad(f"第{said['number']}号存证的签名不符", f"the signature of seal {said['number']} is wrong")


def check_facts(folder: Path, seals: list[dict[str, Any]], found: Findings) -> int:
    """Check every line, and the root wherever a seal ends; return how many lines there are."""
    tree, waiting, broken = Tree(), list(seals), False
    for line in read_lines(folder):
        check_line(line, tree.size + 1, found)
        tree.add(line)
        if waiting and tree.size == waiting[0]["size"]:
            seal = waiting.pop(0)
            if tree.root() != seal["root"] and not broken:
                broken = True
                first = seals[seal["number"] - 2]["size"] + 1 if seal["number"] > 1 else 1
                found.bad(
                    f"第{seal['number']}号存证的根不符：第{first}行至第{seal['size']}行中有改动、增删或换序",
                    f"seal {seal['number']} does not have its root: of lines {first} to {seal['size']} "
                    "one was changed, removed, inserted or moved",
                )
    if seals and tree.size != seals[-1]["size"]:
        found.bad(
            f"应有 {seals[-1]['size']} 行，实有 {tree.size} 行：文件被截断或增补",
            f"there should be {seals[-1]['size']} lines and there are {tree.size}: cut off, or added to",
        )
    return tree.size


def check_line(line: bytes, number: int, found: Findings) -> None:
    """Check that the content in a line has the hash in it."""
    start, end = len(b'{"content":'), line.rfind(b',"hash":"')
    if end < 0 or sha256(line[start:end]).hex().encode() != line[end + 9 : end + 9 + 2 * WIDTH]:
        found.bad(
            f"第{number}行被改动：内容与其指纹不符", f"line {number} was changed: its content does not have its hash"
        )


def check_kept(kept: list[dict[str, str]], signed: list[dict[str, str]], found: Findings, *, proof: bool) -> None:
    """Compare with seals that were kept outside; a proof names one or two of them, an export all."""
    here = {json.loads(one["text"])["number"]: one["text"] for one in signed}
    numbers = [json.loads(one["text"])["number"] for one in kept]
    if proof and not here.keys() & set(numbers):
        found.bad(
            "证明所涉的存证都不在留存之列，无法比对",
            "the proof names no seal that was kept outside: nothing could be compared",
        )
    for one, number in zip(kept, numbers):  # noqa: B905 - Python 3.9 has no strict
        if number not in here and not proof:
            found.bad(
                f"在外留存的第{number}号存证不在其中：尾部被截断",
                f"seal {number}, kept outside, is not here: the end was cut off",
            )
        elif number in here and here[number] != one["text"]:
            found.bad(
                f"第{number}号存证与在外留存的不同：全部被改写",
                f"seal {number} is not the one kept outside: all was written anew",
            )


def check_proof(path: Path, found: Findings) -> list[dict[str, str]]:
    """Check a proof of inclusion or of consistency; return the seals it speaks of."""
    proof = read_json(path, "format", "path", "keys")
    keys = checked_keys(proof["keys"], found)
    signed = [proof["seal"]] if proof["format"] == "huxue-inclusion-1" else [proof["old"], proof["new"]]
    seals = [json.loads(one["text"]) for one in signed]
    for one, said in zip(signed, seals):  # noqa: B905 - Python 3.9 has no strict
        check_signature(one, said, keys, found)
    steps = [bytes.fromhex(step) for step in proof["path"]]
    if len(seals) == 1:
        line = proof["line"].encode()
        check_line(line, 1, found)
        right = root_by_inclusion(sha256(b"\x00" + line), proof["place"], seals[0]["size"], steps) == seals[0]["root"]
    else:
        roots = roots_by_consistency(seals[0]["size"], seals[1]["size"], bytes.fromhex(seals[0]["root"]), steps)
        right = roots == (seals[0]["root"], seals[1]["root"])
    if not right:
        found.bad("证明不成立：算出的根与存证不符", "the proof does not hold: it does not lead to the root of the seal")
    say_seals(seals, keys)
    return signed


def say_seals(seals: list[dict[str, Any]], keys: list[dict[str, Any]]) -> None:
    """Say what somebody compares with what he kept."""
    for key in keys:
        say(
            f"第{key['number']}号密钥 {key['id']}，{key['from']} 启用",
            f"key {key['number']}: {key['id']}, from {key['from']}",
        )
    for seal in seals[-2:]:
        say(
            f"第{seal['number']}号存证，{seal['at']}，{seal['size']} 条",
            f"seal {seal['number']}, {seal['at']}, {seal['size']} facts",
        )
        say(f"根：{seal['root']}", f"root: {seal['root']}")


def check_folder(folder: Path, found: Findings) -> list[dict[str, str]]:
    """Check a whole export; return its seals."""
    signed: list[dict[str, str]] = read_json(folder / "seals.json", "seals")["seals"]
    keys = checked_keys(read_json(folder / "keys.json", "keys")["keys"], found)
    seals = checked_seals(signed, keys, found)
    if not seals:
        found.bad("没有任何存证", "there are no seals")
    count = check_facts(folder, seals, found)
    say(
        f"{count} 条事实，{len(seals)} 次存证，{len(keys)} 个密钥",
        f"{count} facts, {len(seals)} seals, {len(keys)} keys",
    )
    say_seals(seals[-1:], keys)
    return signed


def main(words: list[str] | None = None) -> int:
    """Check what the command line names; return the exit code."""
    parser = argparse.ArgumentParser(description="核验护学账本的存证导出或证明 / Check an export or a proof.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent, metavar="FOLDER")
    parser.add_argument("--proof", type=Path, metavar="FILE", help="核验证明 / check this proof alone")
    parser.add_argument(
        "--against", type=Path, metavar="FILE", help="与留存的存证比对 / compare with seals kept outside"
    )
    args, found = parser.parse_args(words), Findings()
    try:
        signed = check_proof(args.proof, found) if args.proof else check_folder(args.folder, found)
        if args.against:
            check_kept(read_json(args.against, "seals")["seals"], signed, found, proof=bool(args.proof))
    except Unreadable as problem:
        say(f"无法读取：{problem}", f"cannot be read: {problem}")
        return 2
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        found.bad(f"文件格式被破坏：{problem!r}", f"a file is broken: {problem!r}")
    if found.wrong:
        say(f"发现 {found.wrong} 处问题", f"{found.wrong} problem(s) found")
        return 1
    say("全部相符", "everything agrees")
    return 0


if __name__ == "__main__":
    sys.exit(main())
