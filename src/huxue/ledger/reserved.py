"""The kinds that every site has, whatever its rulebook: they carry the tree, the posts and the ledger's own affairs.

================  ========  =================================================================================
kind              shape     roles and fields
================  ========  =================================================================================
``organisation``  register  about (itself) · code, name, type, area, parent, in_use_from, traits, successors,
                            predecessors
``oversight``     register  by (the department) · supervised, topic
``post``          register  about (its organisation) · code, organisation, type
``holding``       register  about (the post's organisation) · post, person
``excuse``        record    about (those excused) · duty ("*": all), from, to, reason
``verification``  record    by, about; reference = the item verified · result, spot
``measure``       record    by (who decided), about (those it is addressed to); reference = the case, if it is about
                            one · ladder, duty, measure, decision, until, reason, number, episodes
``edition``       record    hash, content, valid_from, families; of one parameter that was changed or
                            confirmed: parameter, value, document; reason
================  ========  =================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from huxue.core.kinds import Field, FieldType, Kind, Role
from huxue.core.values import Text


def _text(zh: str, en: str) -> Text:
    return Text(zh=zh, en=en)


def _field(of: FieldType, zh: str, en: str, **more: Any) -> Field:
    return Field(type=of, title=_text(zh, en), **more)


BY: Final = Role(title=_text("办理单位", "By"))
ABOUT: Final = Role(title=_text("涉及单位", "About"))


def _kind(
    code: str, shape: Literal["register", "record"], title: Text, roles: Mapping[str, Role], fields: Mapping[str, Field]
) -> Kind:
    return Kind(code=code, shape=shape, title=title, roles=dict(roles), fields=dict(fields))


_ORGANISATION = {
    "code": _field("text", "编码", "Code", required=True, max_length=64),
    "name": _field("text", "名称", "Name", required=True, search=True, max_length=200),
    "type": _field("text", "类型", "Type", required=True, max_length=64),
    "area": _field("text", "校历区域", "Area", max_length=64),
    "parent": _field("text", "上级", "Parent", max_length=64),
    "in_use_from": _field("date", "启用日期", "In use from"),
    "traits": _field("text", "属性", "Traits"),  # a mapping; checked by ``checking``
    "successors": _field("organisation", "承接单位", "Successors", many=True),
    "predecessors": _field("organisation", "原单位", "Predecessors", many=True),
}
_POST = {
    "code": _field("post", "编码", "Code", required=True),
    "organisation": _field("organisation", "单位", "Organisation", required=True),
    "type": _field("text", "岗位类型", "Type", required=True, max_length=64),
}
_MEASURE = {
    "ladder": _field("text", "督责阶梯", "Ladder", required=True, facet=True, max_length=80),
    "duty": _field("text", "职责", "Duty", max_length=200),
    "measure": _field("text", "措施", "Measure", required=True, facet=True, max_length=80),
    "decision": _field("text", "决定", "Decision", required=True, facet=True, max_length=20),
    "until": _field("date", "暂缓至", "Put off until"),
    "reason": _field("text", "理由", "Reason"),
    "number": _field("text", "文号", "Document number", search=True, max_length=100),
    "episodes": _field("text", "逾期情况", "Episodes", required=True, many=True, max_length=250),
}
_EXCUSE = {
    "duty": _field("text", "职责", "Duty", required=True, max_length=200),
    "from": _field("date", "自", "From", required=True),
    "to": _field("date", "至", "To", required=True),
    "reason": _field("text", "理由", "Reason", required=True),
}

RESERVED: Final[Mapping[str, Kind]] = {
    kind.code: kind
    for kind in (
        _kind("organisation", "register", _text("单位", "Organisation"), {"about": ABOUT}, _ORGANISATION),
        _kind(
            "oversight",
            "register",
            _text("行业监管", "Oversight"),
            {"by": BY},
            {
                "supervised": _field("organisation", "监管范围", "Supervised", required=True),
                "topic": _field("text", "事项", "Topic", required=True, max_length=64),
            },
        ),
        _kind("post", "register", _text("岗位", "Post"), {"about": ABOUT}, _POST),
        _kind(
            "holding",
            "register",
            _text("任职", "Holding"),
            {"about": ABOUT},
            {
                "post": _field("post", "岗位", "Post", required=True),
                "person": _field("person", "人员", "Person", required=True),
            },
        ),
        _kind("excuse", "record", _text("免除", "Excuse"), {"about": ABOUT, "by": BY}, _EXCUSE),
        _kind(
            "verification",
            "record",
            _text("核实", "Verification"),
            {"by": BY, "about": ABOUT},
            {
                "result": _field("text", "结果", "Result", required=True, facet=True, max_length=20),
                "spot": _field("yes_no", "是否抽查", "Spot check"),
            },
        ),
        _kind("measure", "record", _text("督责措施", "Measure"), {"by": BY, "about": ABOUT}, _MEASURE),
        _kind(
            "edition",
            "record",
            _text("版本启用", "Edition activated"),
            {"by": BY},
            {
                "hash": _field("text", "指纹", "Hash", required=True),
                "content": _field("text", "版本全文指纹", "Hash of the whole text", required=True),
                "valid_from": _field("date", "生效日期", "Valid from", required=True),
                "families": _field("text", "职责族", "Families", many=True),
                "parameter": _field("text", "参数", "Parameter", max_length=80),
                "value": _field("text", "参数值", "Value", max_length=80),
                "document": _field("text", "确认文件", "Document", max_length=200),
                "reason": _field("text", "理由", "Reason"),
            },
        ),
    )
}
