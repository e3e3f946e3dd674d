"""The checker of an export, run as a stranger runs it: nothing but Python, nothing of ours on its path."""

from __future__ import annotations

import ast
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from huxue.actions.seals import rotate, seal
from huxue.core.values import Refused
from huxue.ledger import check_export, keys
from huxue.ledger.check_export import is_signed
from huxue.ledger.exporting import export
from huxue.ledger.models import Fact
from huxue.ledger.proving import prove_fact, prove_growth
from huxue.ledger.seal_texts import Signed, stored_keys, stored_seals
from huxue.ledger.sealing import current
from tests.ledger.seals import checked, sealed, tamper
from tests.ledger.world import NOW, drill, take

TREE = 9

# RFC 8032, section 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]


@pytest.mark.parametrize(("public", "text", "signature"), VECTORS)
def test_published_signatures(public: str, text: str, signature: str) -> None:
    key, message, signed = map(bytes.fromhex, (public, text, signature))
    assert is_signed(key, message, signed)
    assert not is_signed(key, message + b"x", signed)
    for at in (0, 31, 32, 63):
        assert not is_signed(key, message, signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :])
    assert not is_signed(key, message, signed[:-1])
    raised = int.from_bytes(signed[32:], "little") + check_export.ORDER
    assert not is_signed(key, message, signed[:32] + raised.to_bytes(32, "little"))
    assert not is_signed(b"\xff" * 32, message, signed)
    assert not is_signed((2).to_bytes(32, "little"), message, signed)


def test_it_is_one_file_that_an_older_python_reads() -> None:
    tree = ast.parse(Path(check_export.__file__).read_text("utf-8"), feature_version=(3, 9))
    imported = [a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names]
    imported += [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert sorted(imported) == [
        "__future__", "argparse", "collections.abc", "gzip", "hashlib", "json", "pathlib", "sys", "typing", "zlib",
    ]  # fmt: skip


@pytest.fixture
def exported(sqlite_site: Any, tmp_path: Path) -> Path:
    """Three seals and two keys, exported."""
    sealed(3, 2)
    rotate(now=NOW)
    take(drill(fields={"pupil": "p-77", "pupil_name": "张小明"}))
    seal(now=NOW)
    assert export(tmp_path / "out") == TREE + 6
    return tmp_path / "out"


def lines(folder: Path) -> list[bytes]:
    return gzip.decompress((folder / "facts.jsonl.gz").read_bytes()).splitlines(keepends=True)


def write(folder: Path, some: list[bytes]) -> None:
    (folder / "facts.jsonl.gz").write_bytes(gzip.compress(b"".join(some)))


def edit(folder: Path, name: str, change: Callable[[Any], object]) -> None:
    value = json.loads((folder / name).read_text("utf-8"))
    change(value[name.removesuffix(".json")])
    (folder / name).write_text(json.dumps(value), "utf-8")


def problems(folder: Path, *words: str | Path) -> list[str]:
    code, said = checked(folder, *words)
    found = [line.removeprefix("✗ ") for line in said if line.startswith("✗")]
    assert code == (1 if found else 0)
    return found


def test_an_export_agrees(exported: Path) -> None:
    assert sorted(path.name for path in exported.iterdir()) == [
        "README.txt", "check_export.py", "facts.jsonl.gz", "keys.json", "seals.json",
    ]  # fmt: skip
    code, said = checked(exported)
    assert (code, said[0], said[-1]) == (0, f"{TREE + 6} facts, 3 seals, 2 keys", "everything agrees")
    assert b"p-77" not in b"".join(lines(exported))
    assert checked(exported, "--against", exported / "seals.json")[0] == 0
    plain = exported / "facts.jsonl"
    plain.write_bytes(b"".join(lines(exported)))
    (exported / "facts.jsonl.gz").unlink()
    assert problems(exported) == []


def root_of(seal: int, first: int, last: int) -> str:
    return f"seal {seal} does not have its root: of lines {first} to {last} one was changed, removed, inserted or moved"


def count(there: int) -> str:
    return f"there should be {TREE + 6} lines and there are {there}: cut off, or added to"


def test_a_changed_byte(exported: Path) -> None:
    some = lines(exported)
    content = [*some[:10], some[10].replace(b'"minutes":10', b'"minutes":11'), *some[11:]]
    write(exported, content)
    changed = "line 11 was changed: its content does not have its hash"
    assert problems(exported) == [changed, root_of(1, 1, TREE + 3)]
    write(exported, [*some[:12], some[12].replace(b'"recorded":29', b'"recorded":28'), *some[13:]])
    assert problems(exported) == [root_of(2, TREE + 4, TREE + 5)]


def test_lines_removed_moved_inserted_cut_off(exported: Path) -> None:
    some = lines(exported)
    write(exported, some[:10] + some[11:])
    assert problems(exported) == [root_of(1, 1, TREE + 3), count(TREE + 5)]
    write(exported, [*some[:12], some[13], some[12], some[14]])
    assert problems(exported) == [root_of(2, TREE + 4, TREE + 5)]
    write(exported, [*some[:10], some[3], *some[10:]])
    assert problems(exported) == [root_of(1, 1, TREE + 3), count(TREE + 7)]
    write(exported, [*some, some[3]])
    assert problems(exported) == [count(TREE + 7)]
    write(exported, some[:-1])
    assert problems(exported) == [count(TREE + 5)]
    write(exported, [])
    assert problems(exported) == [count(0)]


@pytest.mark.parametrize("left", [0.2, 0.6, 0.95])
def test_a_file_that_breaks_off(exported: Path, left: float) -> None:
    packed = (exported / "facts.jsonl.gz").read_bytes()
    (exported / "facts.jsonl.gz").write_bytes(packed[: int(len(packed) * left)])
    assert problems(exported) != []


def test_a_damaged_file(exported: Path) -> None:
    packed = bytearray((exported / "facts.jsonl.gz").read_bytes())
    packed[len(packed) // 2] ^= 0xFF
    (exported / "facts.jsonl.gz").write_bytes(bytes(packed))
    assert problems(exported) != []


def test_a_changed_seal(exported: Path) -> None:
    text = json.loads((exported / "seals.json").read_text())["seals"][1]["text"]
    edit(
        exported,
        "seals.json",
        lambda seals: seals[1].update(text=text.replace(f'"size":{TREE + 5}', f'"size":{TREE + 4}')),
    )
    assert problems(exported) == [
        "the signature of seal 2 is wrong", "the row of seals is broken at 3", root_of(2, TREE + 4, TREE + 4),
    ]  # fmt: skip
    edit(exported, "seals.json", lambda seals: seals[1].update(text=text))
    edit(exported, "seals.json", lambda seals: seals.pop(1))
    assert problems(exported)[0] == "the row of seals is broken at 2"
    edit(exported, "seals.json", lambda seals: seals.clear())
    assert problems(exported)[0] == "there are no seals"
    edit(exported, "seals.json", lambda seals: seals.append({"text": "[]", "signature": ""}))
    assert problems(exported)[0].startswith("a file is broken")


def test_a_cut_off_tail_against_a_kept_seal(exported: Path) -> None:
    kept = exported.parent / "kept.json"
    kept.write_bytes((exported / "seals.json").read_bytes())
    edit(exported, "seals.json", lambda seals: seals.pop())
    write(exported, lines(exported)[:-1])
    assert problems(exported) == []
    assert problems(exported, "--against", kept) == ["seal 3, kept outside, is not here: the end was cut off"]


def test_a_swapped_key(exported: Path) -> None:
    def swap(found: list[dict[str, str]]) -> None:
        public = found[0]["text"].partition('"public":"')[2][:64]
        found[0]["text"] = found[0]["text"].replace(public, keys.public_of(keys.make()).hex())

    edit(exported, "keys.json", swap)
    assert problems(exported) == [
        "key 2 was changed or is not signed by the key before it", "the signature of seal 1 is wrong",
        "the signature of seal 2 is wrong",
    ]  # fmt: skip


def test_all_of_it_forged_with_another_key(exported: Path) -> None:
    """It agrees with itself; only the seal that was kept outside shows it."""
    kept = exported.parent / "kept.json"
    kept.write_bytes((exported / "seals.json").read_bytes())
    tamper("UPDATE ledger_fact SET recorded_min = recorded_min - 9 WHERE kind = 'drill'")
    for table in ("seal", "sealedrun", "sealkey"):
        tamper(f"DELETE FROM ledger_{table}")
    seal(now=NOW)
    again = exported.parent / "again"
    export(again)
    assert problems(again) == []
    assert problems(again, "--against", kept)[0] == "seal 1 is not the one kept outside: all was written anew"


def test_a_lost_key_is_said(exported: Path) -> None:
    keys.path_of(current(stored_keys()).id).unlink()
    rotate(now=NOW, lost=True)
    export(exported.parent / "again")
    code, said = checked(exported.parent / "again")
    assert (code, said[0]) == (0, "Note: key 3 is not signed by the key before it, which was lost")


def test_proofs_of_facts(exported: Path) -> None:
    path = exported.parent / "proof.json"
    for uid in Fact.objects.values_list("uid", flat=True):
        path.write_text(json.dumps(prove_fact(uid)), "utf-8")
    assert problems(exported.parent, "--proof", path, "--against", exported / "seals.json") == []
    other = exported.parent / "other.json"
    other.write_text(json.dumps({"seals": [prove_growth(1, 2)["old"]]}), "utf-8")
    assert problems(exported.parent, "--proof", path, "--against", other) == [
        "the proof names no seal that was kept outside: nothing could be compared"
    ]
    proof = json.loads(path.read_text("utf-8"))
    wrong = "the proof does not hold: it does not lead to the root of the seal"
    for change in ({"place": 0}, {"place": 99}, {"path": []}, {"path": proof["path"] * 9}):
        path.write_text(json.dumps({**proof, **change}), "utf-8")
        assert problems(exported.parent, "--proof", path) == [wrong]
    path.write_text(json.dumps({**proof, "line": proof["line"].replace('"recorded":2', '"recorded":1')}), "utf-8")
    assert problems(exported.parent, "--proof", path) == [wrong]
    path.write_text(json.dumps({**proof, "seal": {**proof["seal"], "signature": "00" * 64}}), "utf-8")
    assert problems(exported.parent, "--proof", path) == ["the signature of seal 3 is wrong"]


def test_proofs_of_growth(exported: Path) -> None:
    path = exported.parent / "proof.json"
    wrong = "the proof does not hold: it does not lead to the root of the seal"
    for old, new in ((1, 1), (1, 2), (1, 3), (2, 3)):
        proof = prove_growth(old, new)
        path.write_text(json.dumps(proof), "utf-8")
        assert problems(exported.parent, "--proof", path) == []
        path.write_text(json.dumps({**proof, "path": ["00" * 32, *proof["path"]]}), "utf-8")
        assert problems(exported.parent, "--proof", path) == [wrong]


def test_nothing_to_read(tmp_path: Path) -> None:
    assert checked(tmp_path, tmp_path)[0] == 2
    (tmp_path / "seals.json").write_text("[]")
    assert checked(tmp_path, tmp_path)[0] == 2


def test_what_is_not_exported_or_proved(exported: Path) -> None:
    def refusal(work: Callable[[], object]) -> str:
        with pytest.raises(Refused) as refused:
            work()
        return refused.value.code

    assert refusal(lambda: export(exported)) == "folder_exists"
    assert refusal(lambda: export(exported / "README.txt")) == "folder_exists"
    assert refusal(lambda: export(exported / "README.txt" / "below")) == "folder_unwritable"
    late = take(drill())[0].id
    assert refusal(lambda: prove_fact(late)) == "not_sealed"
    assert refusal(lambda: prove_fact("nothing")) == "unknown_fact"
    assert refusal(lambda: prove_growth(1, 9)) == "unknown_seal"
    assert refusal(lambda: prove_growth(2, 1)) == "wrong_order"
    one = Fact.objects.get(seq=10).uid
    tamper("UPDATE ledger_fact SET post = 'x' WHERE seq = 10")
    assert refusal(lambda: export(exported.parent / "again")) == "proof_fails"
    assert refusal(lambda: prove_fact(one)) == "proof_fails"
    assert not (exported.parent / "again").exists()
    tamper("UPDATE ledger_seal SET text = '{}'")
    assert refusal(lambda: prove_growth(1, 2)) == "proof_fails"
    tamper("DELETE FROM ledger_seal")
    assert refusal(lambda: export(exported.parent / "again")) == "nothing_sealed"


def test_the_same_signature_by_both_implementations(exported: Path) -> None:
    """The checker's own Ed25519 and the library agree on what is signed."""
    public = current(stored_keys()).public
    signed = stored_seals()[-1][1]
    spoiled = Signed(signed.text + " ", signed.signature)
    for one, expected in ((signed, True), (spoiled, False)):
        mine = is_signed(bytes.fromhex(public), one.text.encode(), bytes.fromhex(one.signature))
        assert (mine, one.by(public)) == (expected, expected)
