"""``seal``, ``verify``, ``proof`` and ``export``, as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

from huxue.ledger.models import Fact, Seal
from tests.commands.town import Town
from tests.ledger.seals import checked, tamper

NOTHING = "Nothing is new; there is nothing to seal.\n"


def drilled(town: Town) -> str:
    fact = town.record("kind=fire", "pupils=10").json["id"]
    return str(fact)


def key(town: Town) -> Path:
    (path,) = (town.site.folder / "keys").glob("*.pem")
    return path


def summary(facts: int, *, seals: int = 1, unsealed: int = 0) -> str:
    return f"{seals} seals, {facts:,} facts sealed, {unsealed} facts not yet sealed"


def test_an_empty_ledger(place: Town) -> None:
    assert place.done("seal").out == NOTHING
    assert place.done("verify").lines == [summary(0, seals=0), "everything agrees"]
    place.refused(
        "尚无签名密钥：首次存证时自动生成。",
        "There is no signing key yet: the first seal makes one.",
        "seal",
        "--rotate",
    )
    place.refused(
        "尚无存证，没有可导出的内容。",
        "Nothing has been sealed yet; there is nothing to export.",
        "export",
        str(place.folder / "out"),
    )


def test_sealing_says_the_root_and_where_the_key_is(town: Town) -> None:
    first, again = town.done("seal"), town.done("seal")
    (root,) = [json.loads(one.text)["root"] for one in Seal.objects.all()]
    name = key(town).stem.removeprefix("seal-")
    assert first.lines == [
        f"Seal 1: {town.facts()} facts in all, key {name}", f"root: {root}",
        "Keep this root, or publish it, outside the system.",
        f"A signing key was made: {key(town)}. Back it up, apart from the database.",
    ]  # fmt: skip
    assert again.out == NOTHING
    chinese = town.type("verify", lang="zh").lines
    assert chinese == [
        f"存证 1 次，已存证事实 {town.facts()} 条，尚未存证 0 条",
        f"相符的最后一个根：{root}",
        "全部相符",
    ]


def test_a_kept_seal_is_compared(town: Town) -> None:
    town.done("seal")
    drilled(town)
    kept = town.write("kept.json", town.done("seal", "--json").out)
    drilled(town)
    assert town.done("verify", "--against", kept).lines[0] == summary(town.facts() - 1, seals=2, unsealed=1)
    other = town.write("other.json", '{"seals": []}')
    town.refused(
        f"{other} 不是留存的存证文件（huxue seal --json 的输出，或导出文件夹中的 seals.json）。",
        f"{other} holds no kept seals: what huxue seal --json printed, or seals.json of an export.",
        "verify", "--against", other,
    )  # fmt: skip
    tamper("DELETE FROM ledger_seal WHERE number = 2")
    tamper("DELETE FROM ledger_sealedrun WHERE first = (SELECT max(first) FROM ledger_sealedrun)")
    answer = town.type("verify", "--against", kept)
    assert (answer.code, answer.lines[0]) == (
        1,
        "seal 2, which was kept outside, is not here: the end of the ledger was cut off",
    )


def test_tampering_is_named(town: Town) -> None:
    one, other = drilled(town), drilled(town)
    town.done("seal")
    tamper("UPDATE ledger_fact SET recorded_min = recorded_min - 60 WHERE id = %s", one)
    seq = Fact.objects.get(uid=other).seq
    tamper("DELETE FROM ledger_fact WHERE id = %s", other)
    answer = town.type("verify")
    assert (answer.code, answer.lines[:2], answer.lines[-1]) == (
        1,
        [f"fact no. {seq} was removed: it was sealed and is not in the ledger",
         f"fact {one} was changed: it is not what was sealed, or has not its hash"],
        "2 problems",
    )  # fmt: skip
    found = town.type("verify", "--json")
    assert [(f["sort"], f["what"]) for f in found.json["findings"]] == [("removed", str(seq)), ("changed", one)]
    assert town.type("verify", lang="zh").lines[0] == f"第{seq}号事实被删除：存证中有，账本中没有"


def test_a_fact_changed_before_it_was_sealed_is_not_sealed(town: Town) -> None:
    one = drilled(town)
    tamper("UPDATE ledger_fact SET at_min = at_min - 60 WHERE id = %s", one)
    answer = town.type("seal")
    assert (answer.code, answer.err) == (
        2, f"The content of fact {one} does not have its hash; nothing was sealed. Run huxue verify.\n",
    )  # fmt: skip
    assert (Seal.objects.count(), (town.site.folder / "keys").exists()) == (0, False)
    assert town.type("verify").lines[0] == f"fact {one} was changed: it is not what was sealed, or has not its hash"


def test_keys_are_rotated_and_lost(town: Town) -> None:
    town.done("seal")
    old = key(town)
    town.refused("--lost 须与 --rotate 同用。", "--lost goes with --rotate.", "seal", "--lost")
    answer = town.done("seal", "--rotate")
    assert answer.lines[1] == f"The old key has signed it; destroy its file {old}."
    old.unlink()
    new = key(town)
    drilled(town)
    new.rename(town.folder / "away.pem")
    town.refused(
        f"找不到签名密钥 {new}，没有任何改动。请从备份中取回该文件；确已丢失的，请用 huxue seal --rotate --lost "
        "启用新密钥，新密钥无旧密钥签名，核验时将永久注明。",
        f"The signing key {new} is not there; nothing was changed. Bring it back from a backup; if it is lost, "
        "huxue seal --rotate --lost takes a new one, and verify will always say so.",
        "seal",
    )  # fmt: skip
    made = town.done("seal", "--rotate", "--lost", "--json").json
    assert (made["why"], made["file"]) == ("lost", str(key(town)))
    town.done("seal")
    assert town.done("verify").lines[0].startswith("Note: key 3 is not signed by the one before it")


def test_a_proof_and_an_export_are_checked_outside(town: Town) -> None:
    one = drilled(town)
    town.done("seal")
    drilled(town)
    kept = town.write("kept.json", town.done("seal", "--json").out)
    out = town.folder / "out"
    assert town.done("export", str(out)).lines == [
        f"{town.facts()} sealed facts were exported to {out}. To check: python3 {out / 'check_export.py'}"
    ]
    assert checked(out, "--against", kept)[0] == 0
    for words in (["proof", one], ["proof", "--between", "1", "2"]):
        proof = town.write("proof.json", town.done(*words).out)
        assert checked(out, "--proof", proof, "--against", kept)[0] == 0
    town.refused(
        f"{out} 已存在且不为空，没有导出。",
        f"{out} is there already and not empty; nothing was exported.",
        "export",
        str(out),
    )
    town.refused("没有编号为 x 的事实。", "There is no fact x.", "proof", "x")
    town.refused("没有第9号存证。", "There is no seal 9.", "proof", "--between", "1", "9")
    both = "请给出一条事实的编号，或用 --between 给出两个存证号。", "Name one fact, or two seals with --between."
    town.refused(*both, "proof")
    town.refused(*both, "proof", one, "--between", "1", "2")
