"""One language that a handbook is written in: the titles of what a rulebook names, and how words are put together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from huxue.core.kinds import Field, Kind
from huxue.core.rulebook.model import Rulebook
from huxue.core.rulebook.reserved import RESERVED_KINDS
from huxue.core.values import Language, Text, date_of, moment_of

COMMON = {
    "by": Text(zh="办理单位", en="who does it"),
    "with": Text(zh="参加单位", en="who takes part"),
    "about": Text(zh="涉及单位", en="whom it concerns"),
    "to": Text(zh="接收单位", en="who receives it"),
    "reference": Text(zh="关联事项", en="the item it refers to"),
    "post": Text(zh="经办岗位", en="the post acted in"),
}
_RESERVED_FIELDS = {
    "code": Text(zh="编码", en="code"),
    "name": Text(zh="名称", en="name"),
    "type": Text(zh="类型", en="type"),
    "area": Text(zh="校历区域", en="area"),
    "parent": Text(zh="上级", en="organisation above"),
    "in_use_from": Text(zh="启用日期", en="in use from"),
    "supervised": Text(zh="监管范围", en="what is supervised"),
    "topic": Text(zh="监管事项", en="topic"),
    "organisation": Text(zh="单位", en="organisation"),
    "post": Text(zh="岗位", en="post"),
    "person": Text(zh="人员", en="person"),
    "duty": Text(zh="职责", en="duty"),
    "from": Text(zh="自", en="from"),
    "to": Text(zh="至", en="to"),
    "reason": Text(zh="理由", en="reason"),
    "result": Text(zh="结论", en="result"),
    "spot": Text(zh="现场抽查", en="on the spot"),
    "ladder": Text(zh="督责阶梯", en="ladder"),
    "measure": Text(zh="措施", en="measure"),
    "decision": Text(zh="决定", en="decision"),
    "until": Text(zh="暂缓至", en="put off until"),
    "number": Text(zh="文号", en="number"),
    "episodes": Text(zh="所涉督责", en="episodes"),
}
_PERIODS = {
    "school-day": Text(zh="每个教学日", en="each school day"),
    "week": Text(zh="每周", en="each week"),
    "month": Text(zh="每月", en="each month"),
    "quarter": Text(zh="每季度", en="each quarter"),
    "half-year": Text(zh="每半年", en="each half-year"),
    "year": Text(zh="每年", en="each year"),
    "month-in-session": Text(zh="每个在校月", en="each month in session"),
    "term": Text(zh="每学期", en="each term"),
    "school-year": Text(zh="每学年", en="each school year"),
}
_SPECIAL = {  # special periods have no title of their own, only their days do; these are the national layer's
    "holidays": Text(zh="法定节假日", en="public holidays"),
    "exams": Text(zh="重要考试", en="important examinations"),
    "flood-season": Text(zh="汛期", en="flood season"),
    "term-start": Text(zh="开学", en="start of term"),
    "safety-days": Text(zh="安全主题日", en="safety days"),
}
_STEMS = {
    "began": Text(zh="建立", en="begins"),
    "changed": Text(zh="变更", en="changes"),
    "ended": Text(zh="注销", en="ends"),
}


@dataclass(frozen=True, slots=True)
class Voice:
    """Says what a rulebook names in one language; a name that the rulebook does not know is said as its code."""

    rulebook: Rulebook
    language: Language

    @property
    def zh(self) -> bool:
        """Whether it speaks Chinese."""
        return self.language == "zh"

    def say(self, zh: str, en: str) -> str:
        """Return the one of two sentences that is in this language."""
        return zh if self.zh else en

    def text(self, text: Text) -> str:
        """Return a text in this language."""
        return text.say(self.language)

    def quoted(self, text: Text) -> str:
        """Return a title in quotation marks."""
        return f"“{self.text(text)}”"

    def all_of(self, parts: Iterable[str]) -> str:
        """Join words: a, b and c."""
        return self._joined(list(parts), "、" if self.zh else " and ")

    def one_of(self, parts: Iterable[str]) -> str:
        """Join words: a, b or c."""
        rows = list(parts)
        return self._joined(rows, "或" if self.zh else " or ")

    def _joined(self, rows: list[str], last: str) -> str:
        comma = "、" if self.zh else ", "
        return last.join(part for part in (comma.join(rows[:-1]), rows[-1]) if part) if rows else ""

    def points(self, parts: Iterable[str]) -> str:
        """Join clauses of a sentence."""
        return ("；" if self.zh else "; ").join(part for part in parts if part)

    def aside(self, text: str) -> str:
        """Put words in brackets."""
        return f"（{text}）" if self.zh else f" ({text})"

    def labelled(self, label: str, text: str) -> str:
        """Return ``label: text``."""
        return f"{label}：{text}" if self.zh else f"{label}: {text}"

    # --- names ---------------------------------------------------------------------------------------------------

    def kind_of(self, code: str) -> Kind | None:
        """Return a declared or reserved kind."""
        return self.rulebook.kinds.get(code) or RESERVED_KINDS.get(code)

    def kind(self, code: str) -> str:
        """Return the quoted title of a kind."""
        found = self.kind_of(code)
        return self.quoted(found.title) if found else f"`{code}`"

    def source_kind(self, record: str) -> str:
        """Return what a deed's ``record`` names: a kind, or an event of a register (``holding.began``)."""
        code, _, event = record.rpartition(".")
        if record in self.rulebook.kinds or event not in _STEMS:
            return self.kind(record)
        return self.say(f"{self.kind(code)}{_STEMS[event].zh}", f"{self.kind(code)} {_STEMS[event].en}")

    def step(self, kind: str, code: str) -> str:
        """Return the quoted title of a step."""
        found = self.kind_of(kind)
        return self.quoted(found.flow[code].title) if found and code in found.flow else f"`{code}`"

    def role(self, kind: str, code: str) -> str:
        """Return the title of a role."""
        found = self.rulebook.kinds.get(kind)
        if found and code in found.roles:
            return self.text(found.roles[code].title)
        return self._named(COMMON, code)

    def field(self, kind: str, code: str) -> str:
        """Return the title of a field, or of what may stand in its place in a filter."""
        found = self.kind_of(kind)
        if code in RESERVED_KINDS.get(kind, Kind(code="", shape="record", title=Text(zh="", en=""))).fields:
            return self._named(_RESERVED_FIELDS, code)
        if found and code in found.fields:
            return self.text(found.fields[code].title)
        if code == "by_post":
            return self._named(COMMON, "post")
        if code.startswith("number_of_"):
            role = self.role(kind, code.removeprefix("number_of_"))
            return self.say(f"{role}的个数", f"the number of organisations in the part of “{role}”")
        if code.endswith("_post"):
            whose = self.field(kind, code.removesuffix("_post"))
            return self.say(f"{whose}（岗位类型）", f"{whose} (type of post)")
        return self.role(kind, code)

    def declared(self, kind: str, code: str) -> Field | None:
        """Return the declaration of a field, where it is one."""
        found = self.kind_of(kind)
        return found.fields.get(code) if found else None

    def types(self, codes: Sequence[str]) -> str:
        """Return types of organisations as a list of alternatives."""
        known = self.rulebook.organisation_types
        return self.one_of(self.text(known[code].title) if code in known else f"`{code}`" for code in codes)

    def posts(self, codes: Sequence[str]) -> str:
        """Return posts as a list; ``*`` means every post."""
        if "*" in codes:
            return self.say("每个岗位", "every post")
        return self.all_of(self._named(self.rulebook.posts, code) for code in codes)

    def topic(self, code: str) -> str:
        """Return the field of supervision."""
        return self._named(self.rulebook.topics, code)

    def trait(self, code: str) -> str:
        """Return the title of a trait."""
        found = self.rulebook.traits.get(code)
        return self.text(found.title) if found else f"`{code}`"

    def choice(self, name: str, code: str) -> str:
        """Return the title of a value of a list."""
        found = self.rulebook.lists.get(name, {}).get(code)
        return self.text(found.title) if found else f"`{code}`"

    def period(self, name: str) -> str:
        """Return a period as ``each month``."""
        sort, _, code = name.partition(":")
        if not code:
            return self._named(_PERIODS, name)
        if sort == "campaign":
            title = self._campaign(code)
            return self.say(f"每次专项行动{title}", f"each campaign {title}")
        title = self.text(_SPECIAL[code]) if code in _SPECIAL else f"`{code}`"
        return self.say(f"每个特殊时段“{title}”", f"each special period “{title}”")

    def _campaign(self, code: str) -> str:
        items = self.rulebook.calendars.get("campaigns", {}).get(code) or ()
        titles = [item["title"] for item in items if item.get("title")]
        return self.quoted(Text.model_validate(dict(titles[-1]))) if titles else f"`{code}`"

    def _named(self, known: Mapping[str, Text], code: str) -> str:
        found = known.get(code)
        return self.text(found) if found else f"`{code}`"

    # --- values --------------------------------------------------------------------------------------------------

    def value(self, declared: Field | None, stored: Any) -> str:
        """Return a stored value of a field as people write it."""
        if isinstance(stored, list | tuple):
            return self.all_of(self.value(declared, one) for one in stored)
        if isinstance(stored, bool):
            return self.say("是" if stored else "否", "yes" if stored else "no")
        said = _SAID.get(declared.type) if declared else None
        return said(self, declared, stored) if said and declared else str(stored)


def _chosen(voice: Voice, declared: Field, stored: Any) -> str:
    return voice.choice(declared.list, str(stored)) if declared.list.isprintable() else voice.posts([str(stored)])


def _number(_: Voice, declared: Field, stored: Any) -> str:
    return decimal(int(stored), 2 if declared.type == "money" else declared.decimals)


def _date(_: Voice, __: Field, stored: Any) -> str:
    return date_of(stored).isoformat() if isinstance(stored, int) else str(stored)


def _time(_: Voice, __: Field, stored: Any) -> str:
    return moment_of(stored).strftime("%Y-%m-%d %H:%M") if isinstance(stored, int) else str(stored).replace("T", " ")


def _written(_: Voice, __: Field, stored: Any) -> str:
    return f"`{stored}`" if _CODE.fullmatch(str(stored)) else str(stored)


def _place(_: Voice, __: Field, stored: Any) -> str:
    return f"{stored['lat']}, {stored['lon']}" if isinstance(stored, Mapping) else str(stored)


_CODE = re.compile(r"[a-z][a-z_-]+")  # a text that a machine wrote
_SAID: Mapping[str, Callable[[Voice, Field, Any], str]] = {
    "choice": _chosen,
    "number": _number,
    "money": _number,
    "date": _date,
    "time": _time,
    "text": _written,
    "place": _place,
}


def decimal(stored: int, decimals: int) -> str:
    """Return an integer of 10^-decimals as people write it: 515 with one decimal is ``51.5``."""
    if not decimals:
        return str(stored)
    whole, rest = divmod(abs(stored), 10**decimals)
    part = f"{rest:0{decimals}d}".rstrip("0")
    return ("-" if stored < 0 else "") + (f"{whole}.{part}" if part else str(whole))
