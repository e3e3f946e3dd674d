"""What a derived fact says of itself: by which rule, with which values, and of which facts it was made."""

from __future__ import annotations

from collections.abc import Iterator

from huxue.core.facts import Fact
from huxue.core.values import Text

_SHOWN = 20


def derived(fact: Fact) -> bool:
    """Whether a rule made this fact."""
    return bool(fact.fields.get("derivation"))


def sentences(fact: Fact) -> Iterator[Text]:
    """Yield how a derived fact came about, in both languages; nothing for a fact that somebody wrote."""
    if not derived(fact):
        return
    told = fact.fields
    name = f"{told['derivation']}{{}}{told.get('rule', '')}{{}}"
    measured = told.get("measure", "")
    yield Text(
        zh=f"推导规则：{name.format('（', '）')}，测得 {measured}",
        en=f"derived by: {name.format(' (', ')')}, {measured}",
    )
    yield Text(zh=f"参数：{told.get('parameters', '')}", en=f"parameters: {told.get('parameters', '')}")
    inputs, count = list(told.get("inputs") or ()), int(told.get("inputs_count", 0))
    ids, more = ", ".join(inputs[:_SHOWN]), " …" if count > _SHOWN else ""
    yield Text(zh=f"依据 {count} 条事实：{ids}{more}", en=f"made of {count} facts: {ids}{more}")
