"""What goes on paper: an item of any kind as a document, whatever the rulebook declares.

The page that prints and the Word file are two drawings of the same value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from django.http import Http404

from huxue.core.facts import Fact, known
from huxue.core.kinds import Kind
from huxue.core.values import FAR, Language, Text, date_of
from huxue.documents.values import Block, Document, Heading, KeyValues, Signature, Table
from huxue.exchange.workbook_columns import BYTES
from huxue.exchange.workbook_rows import moment_text
from huxue.exchange.workbooks import INTERNAL
from huxue.ledger.for_workbooks import personal
from huxue.ledger.reading import facts_of_item
from huxue.web.fields.said import Known, values_said
from huxue.web.routing import Request
from huxue.web.rules import rules
from huxue.web.words import long_day

SIGNERS: Final = (
    Text(zh="经办人", en="Written by"),
    Text(zh="负责人", en="Responsible"),
    Text(zh="日期", en="Date"),
)
_VERBS: Final = {
    "record": Text(zh="记录", en="recorded"),
    "open": Text(zh="登记", en="opened"),
    "change": Text(zh="变更", en="changed"),
    "close": Text(zh="注销", en="closed"),
}
_JOIN: Final = {"zh": "；", "en": "; "}


@dataclass(frozen=True, slots=True)
class Paper:
    """An item on its way to paper: its live facts in order, their personal values if they may be shown, names."""

    kind: Kind
    item: str
    live: Sequence[Fact]
    fields: Mapping[str, Mapping[str, Any]]  # of each fact
    known: Known  # names of everybody and everything that it mentions
    language: Language
    code: str  # check code over the hashes of its facts

    def said(self, name: str, value: Any) -> str:
        """Return the value of a field in words."""
        field = self.kind.fields.get(name)
        if field is None:
            return str(value)
        if isinstance(value, Mapping) and "$personal" in value:
            return "（不显示）" if self.language == "zh" else "(not shown)"
        many = value if isinstance(value, list | tuple) else [value]
        if field.type in ("photo", "file"):
            return f"{len(many)} 件" if self.language == "zh" else f"{len(many)}"
        said = values_said(self.kind, {name: value}, self.known, [name])
        return _JOIN[self.language].join(part.text for one in said for part in one.parts)

    def title(self, name: str) -> str:
        """Return the title of a field."""
        field = self.kind.fields.get(name)
        return field.title.say(self.language) if field else name

    def now(self) -> dict[str, Any]:
        """Return what the item says now: its last version, or of a case the latest of each field."""
        counting = [fact for fact in self.live if fact.verb != "close"]
        if self.kind.shape != "case":
            return dict(self.fields[counting[-1].id]) if counting else {}
        found: dict[str, Any] = {}
        for fact in counting:
            found |= self.fields[fact.id]
        return found


def paper_of(request: Request, kind: str, item: str) -> Paper:
    """Return an item on its way to paper; one out of reach, withdrawn or unknown does not exist."""
    declared = rules(request).kind(kind)
    facts = facts_of_item(item)
    codes = {code for fact in facts for some in fact.roles.values() for code in some}
    live = sorted(known(facts, FAR), key=lambda fact: (fact.at, fact.id))
    if not live or live[0].kind != kind or not request.viewer.sees_any(codes):
        raise Http404
    own = request.viewer.post.organisation if request.viewer.post else ""
    fields = _clear(declared, live, may=own in codes)
    names = Known(rules(request).rulebook, request.viewer, request.lang)
    names.want(organisations=codes | {fact.post.partition("/")[0] for fact in live})
    for one in fields.values():
        names.want_fields(declared, one)
    names.ask()
    code = sha256("".join(fact.id for fact in live).encode()).hexdigest()[:12].upper()
    return Paper(
        declared, item, live, fields, names, request.lang,
        f"{code[:4]}-{code[4:8]}-{code[8:]}",
    )  # fmt: skip


def _clear(kind: Kind, live: Iterable[Fact], *, may: bool) -> dict[str, dict[str, Any]]:
    """Return the fields of facts; personal values only to the organisations that the item credits."""
    facts = list(live)
    hidden = may and any(field.personal for field in kind.fields.values())
    values, _ = personal([fact.id for fact in facts]) if hidden else ({}, {})
    return {
        fact.id: {name: values.get((fact.id, name), value) for name, value in fact.fields.items()} for fact in facts
    }


def document_of(request: Request, paper: Paper) -> Document:
    """Return an item as a document."""
    zh = paper.language == "zh"
    blocks: list[Block] = [KeyValues(_particulars(paper))]
    if paper.kind.shape == "case":
        blocks += [Heading("办理过程" if zh else "Steps"), _steps(paper, request)]
    elif len(paper.live) > 1:
        blocks += [Heading("变更记录" if zh else "Changes"), _changes(paper)]
    blocks.append(Signature([one.say(paper.language) for one in SIGNERS]))
    day = long_day(request.today, paper.language).partition("（")[0]
    foot = f"{'编号' if zh else 'Number'} {paper.item} · {'校验码' if zh else 'Check code'} {paper.code}"
    return Document(
        paper.kind.title.say(paper.language), tuple(blocks), unit=unit_of(request), date=day,
        label=INTERNAL.say(paper.language), foot=foot, language=paper.language,
    )  # fmt: skip


def unit_of(request: Request) -> str:
    """Return the name of the organisation acted for."""
    return request.viewer.post.organisation_name if request.viewer.post else ""


def _particulars(paper: Paper) -> list[tuple[str, str]]:
    """Return organisations by role, when it was, and every field that is said."""
    zh = paper.language == "zh"
    roles: dict[str, tuple[str, ...]] = {}
    for fact in paper.live:
        roles |= {role: tuple(codes) for role, codes in fact.roles.items() if codes}
    rows = []
    for role, codes in roles.items():
        if role == "by" and paper.kind.shape == "case":  # each step names its own
            continue
        rule = paper.kind.roles.get(role)
        title = rule.title.say(paper.language) if rule else ("单位" if zh else "Organisation")
        rows.append((title, _JOIN[paper.language].join(paper.known.organisation(code) for code in codes)))
    when = {"register": ("自何时起", "Since"), "record": ("时间", "When"), "case": ("发现时间", "Opened")}
    rows.append((when[paper.kind.shape][0 if zh else 1], moment_text(paper.live[0].at)))
    now = paper.now()
    shown = [name for name in paper.kind.fields if now.get(name) is not None]
    return rows + [(paper.title(name), paper.said(name, now[name])) for name in shown]


def _steps(paper: Paper, request: Request) -> Table:
    zh = paper.language == "zh"
    heads = (
        ("序号", "环节", "时间", "办理单位", "内容", "期限")
        if zh
        else ("No.", "Step", "When", "By", "Said", "Deadline")
    )
    rows = []
    for number, fact in enumerate(paper.live, 1):
        step = paper.kind.flow.get(fact.step)
        by = paper.known.organisation(next(iter(fact.roles.get("by", ())), ""))
        post = rules(request).rulebook.posts.get(fact.by_post)
        who = f"{by}{' ' if by and post else ''}{post.say(paper.language) if post else ''}"
        due = "" if fact.deadline is None else date_of(fact.deadline // 1440).isoformat()
        title = step.title.say(paper.language) if step else fact.step
        rows.append((str(number), title, moment_text(fact.at), who, _content(paper, fact), due))
    return Table(heads, rows, (2, 4, 6, 6, 9, 6))


def _content(paper: Paper, fact: Fact) -> str:
    said = paper.fields[fact.id]
    colon = "：" if paper.language == "zh" else ": "
    order = [name for name in paper.kind.fields if said.get(name) is not None]
    return "\n".join(f"{paper.title(name)}{colon}{paper.said(name, said[name])}" for name in order)


def _changes(paper: Paper) -> Table:
    zh = paper.language == "zh"
    heads = ("序号", "时间", "事项", "变更内容") if zh else ("No.", "When", "What", "Changed")
    rows = []
    before: Mapping[str, Any] = {}
    for number, fact in enumerate(paper.live, 1):
        said = paper.fields[fact.id]
        names = [name for name in said if said[name] != before.get(name) and paper.kind.fields[name].type not in BYTES]
        colon = "：" if zh else ": "
        text = (
            ""
            if fact.verb == "open"
            else _JOIN[paper.language].join(
                f"{paper.title(name)}{colon}{paper.said(name, said[name])}" for name in names
            )
        )
        rows.append((str(number), moment_text(fact.at), _VERBS[fact.verb].say(paper.language), text))
        before = said or before
    return Table(heads, rows, (2, 6, 3, 13))
