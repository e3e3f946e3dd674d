"""What a verification may find, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from huxue.core.values import Text


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: its sort, what it is about (id or number of a fact, number of a seal or a key), a sentence."""

    sort: str
    what: str
    said: Text


_SAID: Final = {
    "changed": (
        "事实 {0} 被改动：其内容与存证或指纹不符",
        "fact {0} was changed: it is not what was sealed, or has not its hash",
    ),
    "removed": (
        "第{0}号事实被删除：存证中有，账本中没有",
        "fact no. {0} was removed: it was sealed and is not in the ledger",
    ),
    "reordered": (
        "事实 {0} 被换位：与另一条事实互换了次序",
        "fact {0} was reordered: it stands in the place of another one",
    ),
    "inserted": (
        "事实 {0} 系事后插入：位于已存证事实之前，却从未存证",
        "fact {0} was inserted: it stands before facts that are sealed and was never sealed",
    ),
    "twice": ("第{0}号事实在存证中出现两次", "fact no. {0} is sealed twice"),
    "leaves": (
        "存证次序表自第{0}叶起被改动或截断",
        "the stored order of leaves was changed or cut off from leaf {0} on",
    ),
    "root": (
        "第{0}号存证的根与其叶不符：该号所封事实的次序表被改动",
        "seal {0} does not have the root of its leaves: the order of the facts it sealed was changed",
    ),
    "seal": ("第{0}号存证的记录被改动", "the record of seal {0} was changed"),
    "chain": (
        "存证链在第{0}号处断裂：有存证被删除、插入或改动",
        "the row of seals is broken at {0}: one was removed, inserted or changed",
    ),
    "signature": ("第{0}号存证的签名不属于当时的密钥", "the signature of seal {0} is not by the key of that time"),
    "key": (
        "第{0}号密钥的登记被改动或签名不符",
        "the entry of key {0} was changed, or is not signed by the key before it",
    ),
    "lost": (
        "第{0}号密钥启用时旧密钥已丢失，没有旧密钥签名：此前此后的存证是否出自同一人，无法由签名证明",
        "key {0} is not signed by the one before it, which was lost: nothing signed ties the seals before and after",
    ),
    "truncated": (
        "在外留存的第{0}号存证已不在账本中：账本尾部被截断",
        "seal {0}, which was kept outside, is not here: the end of the ledger was cut off",
    ),
    "other": (
        "第{0}号存证与在外留存的不同：账本被整体改写",
        "seal {0} is not the one that was kept outside: the ledger was written anew",
    ),
    "kept": (
        "在外留存的第{0}号存证不是由本账本的密钥签名",
        "seal {0}, as kept outside, is not signed by a key of this ledger",
    ),
}


def finding(sort: str, what: object) -> Finding:
    """Return a finding with its sentence."""
    zh, en = _SAID[sort]
    return Finding(sort, str(what), Text(zh=zh.format(what), en=en.format(what)))
