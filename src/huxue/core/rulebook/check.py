"""What only the whole rulebook can tell: parameters in bounds, names between sections, kinds, calendars, strictness."""

from __future__ import annotations

import re

from huxue.core.kinds import Field, Kind
from huxue.core.rulebook.findings import Findings
from huxue.core.rulebook.layers import Union
from huxue.core.rulebook.model import Rulebook
from huxue.core.rulebook.nodes import Map, place_of
from huxue.core.rulebook.reserved import RESERVED_KINDS

CODE = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}\Z")


def everything(rulebook: Rulebook, whole: Union, found: Findings) -> None:
    """Add the problems of a rulebook whose parts could all be read."""
    _codes(whole, found)
    _parameters(rulebook, whole, found)
    _organisations(rulebook, whole, found)
    for kind in rulebook.kinds.values():
        _kind(rulebook, kind, whole.kinds[kind.code], found)


def _codes(whole: Union, found: Findings) -> None:
    """Codes become keys, addresses and columns: small letters, digits, ``.``, ``-`` and ``_``."""
    holders = [(code, section.place(code)) for section in whole.by_code.values() for code in section]
    holders += [(code, node.place("code")) for nodes in (whole.kinds, whole.duties) for code, node in nodes.items()]
    for code, place in holders:
        if not CODE.match(code.replace("$each", "x")):
            found.add(place, f"代码“{code}”只能用小写字母、数字和 . - _", f"the code '{code}' may have small letters, digits and . - _ only")
    for code, node in whole.kinds.items():
        if code in RESERVED_KINDS or code == "edition":
            found.add(node.place("code"), f"“{code}”是保留的类型", f"'{code}' is a reserved kind")


def _parameters(rulebook: Rulebook, whole: Union, found: Findings) -> None:
    nodes = whole.by_code["parameters"]
    for code, parameter in rulebook.parameters.items():
        value, node = parameter.value, nodes[code]
        low, high = parameter.at_least, parameter.at_most
        if type(value) is int and ((low is not None and value < low) or (high is not None and value > high)):
            bounds = f"{'' if low is None else low}–{'' if high is None else high}"
            found.add(node.place("value"), f"参数“{code}”的值 {value} 超出 {bounds}", f"the value {value} of parameter '{code}' is outside {bounds}")


def _organisations(rulebook: Rulebook, whole: Union, found: Findings) -> None:
    types = whole.by_code["organisation_types"]
    for code, one in rulebook.organisation_types.items():
        for post in one.posts:
            if post not in rulebook.posts:
                found.unknown(types[code].place("posts"), ("岗位", "post"), post, rulebook.posts)
    traits = whole.by_code["traits"]
    for code, trait in rulebook.traits.items():
        if trait.type == "choice" and trait.list not in rulebook.lists:
            found.unknown(traits[code].place("list"), ("清单", "list"), trait.list, rulebook.lists)


def _kind(rulebook: Rulebook, kind: Kind, node: Map, found: Findings) -> None:
    """Check the names that a kind takes from other sections."""
    for name, declared in kind.fields.items():
        _field(rulebook, name, declared, node, found)
    for name, role in kind.roles.items():
        for one in role.types:
            if one not in rulebook.organisation_types:
                found.unknown(place_of(node, ("roles", name, "types")), ("单位类型", "organisation type"), one, rulebook.organisation_types)
    for one in kind.written_by:
        if one not in rulebook.organisation_types:
            found.unknown(node.place("written_by"), ("单位类型", "organisation type"), one, rulebook.organisation_types)


def _field(rulebook: Rulebook, name: str, declared: Field, node: Map, found: Findings) -> None:
    if declared.type == "choice" and declared.list not in rulebook.lists:
        found.unknown(place_of(node, ("fields", name, "list")), ("清单", "list"), declared.list, rulebook.lists)
    registers = [*(k.code for k in (*rulebook.kinds.values(), *RESERVED_KINDS.values()) if k.shape == "register")]
    if declared.type == "entry" and declared.kind and declared.kind not in registers:
        found.unknown(place_of(node, ("fields", name, "kind")), ("台账类型", "register kind"), declared.kind, registers)
