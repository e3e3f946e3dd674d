"""What only the whole rulebook can tell: parameters in bounds, names between sections, kinds, calendars, strictness."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from huxue.core.calendar import Calendars, origin, problems
from huxue.core.duties.shapes import Duty
from huxue.core.flow import structure_problems
from huxue.core.kinds.structure import list_problems
from huxue.core.rulebook import declared
from huxue.core.rulebook.boundary import counterexample
from huxue.core.rulebook.findings import Findings, Place
from huxue.core.rulebook.layers import Union
from huxue.core.rulebook.literals import day
from huxue.core.rulebook.model import Rulebook
from huxue.core.rulebook.nodes import place_of
from huxue.core.rulebook.reserved import RESERVED_KINDS
from huxue.core.rulebook.strengthens import Years, reasons, years_of
from huxue.core.values import day_of

CODE = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}\Z")


def everything(rulebook: Rulebook, whole: Union, earlier: Mapping[str, Duty], found: Findings) -> None:
    """Add the problems between the parts of a rulebook. ``earlier``: duties whose place was taken by a later layer."""
    _codes(whole, found)
    _parameters(rulebook, whole, found)
    _families(rulebook, whole, found)
    _organisations(rulebook, whole, found)
    _earlier_names(rulebook, whole, found)
    _kinds(rulebook, whole, found)
    declared.check(rulebook, whole, found)
    if _calendars(rulebook, whole, found):
        _strictness(rulebook, whole, earlier, found)


def _codes(whole: Union, found: Findings) -> None:
    """Codes become keys, addresses and columns: small letters, digits, ``.``, ``-`` and ``_``."""
    coded = (section for name, section in whole.by_code.items() if name != "mechanisms")  # M25 is written large
    holders = [(code, section.place(code)) for section in coded for code in section]
    holders += [(code, node.place("code")) for nodes in (whole.kinds, whole.duties) for code, node in nodes.items()]
    for code, place in holders:
        if not CODE.match(code.replace("$each", "x")):
            found.add(
                place,
                f"代码“{code}”只能用小写字母、数字和 . - _",
                f"the code '{code}' may have small letters, digits and . - _ only",
            )
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
            found.add(
                node.place("value"),
                f"参数“{code}”的值 {value} 超出 {bounds}",
                f"the value {value} of parameter '{code}' is outside {bounds}",
            )


def _families(rulebook: Rulebook, whole: Union, found: Findings) -> None:
    families, ladders = whole.by_code["families"], whole.by_code["ladders"]
    for code, family in rulebook.families.items():
        if family.ladder and ladders and family.ladder not in ladders:
            found.unknown(families[code].place("ladder"), ("督责阶梯", "ladder"), family.ladder, ladders)


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


def _earlier_names(rulebook: Rulebook, whole: Union, found: Findings) -> None:
    """The earlier names of a topic end on real days, one after another."""
    for code, topic in rulebook.topics.items():
        before = ""
        for number, name in enumerate(topic.earlier):
            place = place_of(whole.by_code["topics"], [code, "earlier", number, "until"])
            if day(name.until) is None:
                found.add(place, f"没有“{name.until}”这一天", f"there is no day '{name.until}'")
            elif name.until <= before:
                found.add(place, "曾用名应从早到晚排列", "earlier names stand in the order of their last days")
            before = name.until


def _kinds(rulebook: Rulebook, whole: Union, found: Findings) -> None:
    for code, kind in rulebook.kinds.items():
        for path, zh, en in structure_problems(kind, rulebook):
            found.add(place_of(whole.kinds[code], path.split(".")), zh, en)
    for code, choices in rulebook.lists.items():
        for path, zh, en in list_problems(code, choices):
            found.add(place_of(whole.by_code["lists"], path.split(".")), zh, en)


def _calendars(rulebook: Rulebook, whole: Union, found: Findings) -> bool:
    """Add the problems of the calendars; return whether there are none."""
    wrong = problems(rulebook.calendars)
    for path, zh, en in wrong:
        index, inside = origin(whole.calendars, path)
        document = whole.calendars[index] if index >= 0 else None
        place = (
            place_of(document, inside)
            if document
            else (whole.calendars[0].place() if whole.calendars else ("calendars", 1))
        )
        found.add(place, zh, en)
    return not wrong


# --- strictness -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Proof:
    """What a proof of strictness needs: the rulebook, its calendars, five years of them, where problems go."""

    rulebook: Rulebook
    calendars: Calendars
    years: Years
    found: Findings

    def show(self, strong: Duty, weak: Duty, place: Place, *, same_bearers: bool = False) -> None:
        """Prove that one duty is as strict as another, or say why that is not proved."""
        why = reasons(strong, weak, self.years, same_bearers=same_bearers) or list(self._refuted(strong, weak))
        hint = (
            "；确要放宽请写 loosens: {zh, en}（理由）",
            "; to loosen it on purpose say loosens: {zh, en} (the reason)",
        )
        for zh, en in why:
            self.found.add(
                place,
                f"不能证明“{strong.code}”不宽于“{weak.code}”（{weak.layer}）：{zh}{hint[0] if same_bearers else ''}",
                f"'{strong.code}' is not proved to be as strict as '{weak.code}' of {weak.layer}: {en}"
                f"{hint[1] if same_bearers else ''}",
            )

    def _refuted(self, strong: Duty, weak: Duty) -> Iterator[tuple[str, str]]:
        if strong.shape == weak.shape:
            return
        for area in self.calendars.areas:
            period = counterexample(self.rulebook, self.calendars, (strong, weak), area, (self.years.lo, self.years.hi))
            if period:
                yield f"试算中 {period} 未完成（{area}）", f"acted out, {period} is not met ({area})"


def _strictness(rulebook: Rulebook, whole: Union, earlier: Mapping[str, Duty], found: Findings) -> None:
    """Prove every ``strengthens`` and every ``replaces``; what cannot be proved is a problem."""
    stronger = [duty for duty in rulebook.duties.values() if duty.strengthens]
    replaced = [(rulebook.duties[code], old) for code, old in earlier.items() if code in rulebook.duties]
    if not stronger and not replaced:
        return
    calendars = Calendars.build(rulebook.calendars)
    proof = _Proof(rulebook, calendars, _five_years(rulebook, calendars), found)
    for duty in stronger:
        place = whole.nodes[duty.code].place("strengthens")
        weaker = rulebook.duties.get(duty.strengthens)
        if weaker is None:
            found.unknown(place, ("职责", "duty"), duty.strengthens, rulebook.duties)
        elif _circle(rulebook, duty):
            found.add(place, f"“{duty.code}”绕一圈加严自己", f"'{duty.code}' strengthens itself in a circle")
        else:
            proof.show(duty, weaker, place)
    for duty, old in replaced:
        if duty.loosens is None:
            proof.show(duty, old, whole.nodes[duty.code].place("replaces"), same_bearers=True)


def _circle(rulebook: Rulebook, duty: Duty) -> bool:
    seen = {duty.code}
    code = duty.strengthens
    while code in rulebook.duties:
        if code in seen:
            return True
        seen.add(code)
        code = rulebook.duties[code].strengthens
    return False


def _five_years(rulebook: Rulebook, calendars: Calendars) -> Years:
    """Return the last five years of which the calendars know the holidays (without any: 2022 to 2026)."""
    known = sorted(int(year) for year in rulebook.calendars.get("years", {}))
    last = known[-1] if known else 2026
    return years_of(calendars, calendars.areas, day_of(date(last - 4, 1, 1)), day_of(date(last, 12, 31)))
