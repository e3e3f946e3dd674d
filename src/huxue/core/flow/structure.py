"""What is wrong with a flow: names that lead nowhere, places that cannot be reached or left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from huxue.core.flow.actors import RELATIONS
from huxue.core.flow.conditions import COMPARISONS
from huxue.core.kinds import COMMON_ROLES, SPOT, FlowStep, Kind
from huxue.core.kinds.structure import Declared, Finding, field_problems, unknown_names

_UNITS = ("hours", "days", "workdays", "school_days")


def structure_problems(kind: Kind, declared: Declared) -> list[Finding]:
    """Return everything wrong with one kind's declaration, in the order of its parts."""
    found = list(field_problems(kind, declared))
    if kind.shape != "case":
        if kind.flow:
            found.append(("flow", "只有事项可以有流程", "only a case has a flow"))
        return found
    return [*found, *_steps(kind, declared), *_walk(kind)]


def _steps(kind: Kind, declared: Declared) -> Iterator[Finding]:
    endings = {step.ends for step in kind.flow.values() if step.ends}
    names = {*declared.organisation_types, *declared.posts, *RELATIONS, *COMMON_ROLES, *kind.roles} - {"by"}
    for code, step in kind.flow.items():
        path = f"flow.{code}"
        for key, said in (("from", step.from_), ("not_by", step.not_by)):
            for unknown in unknown_names(said, kind.flow):
                yield (f"{path}.{key}", f"没有环节“{unknown}”", f"there is no step '{unknown}'")
        for unknown in unknown_names(step.by, names):
            yield (
                f"{path}.by",
                f"“{unknown}”不是单位类型、岗位、角色或关系",
                f"there is no type, post, role or relation '{unknown}'",
            )
        if not step.by:
            yield (f"{path}.by", "没有写明由谁办理", "it does not say who may take it")
        for unknown in unknown_names(step.asks, kind.fields):
            yield (f"{path}.asks", f"没有字段“{unknown}”", f"there is no field '{unknown}'")
        for unknown in unknown_names(step.reopens, endings):
            yield (f"{path}.reopens", f"没有环节以“{unknown}”办结", f"no step ends a case as '{unknown}'")
        yield from _step_words(kind, step, path, declared)


def _step_words(kind: Kind, step: FlowStep, path: str, declared: Declared) -> Iterator[Finding]:
    if step.opens and (step.opens not in declared.kinds or declared.kinds[step.opens].shape != "case"):
        yield (f"{path}.opens", f"没有事项“{step.opens}”", f"there is no case '{step.opens}'")
    if step.stays and (step.ends or step.reopens or not step.from_):
        yield (
            f"{path}.stays",
            "停留的环节不能开始、办结或重新打开事项",
            "a step that stays cannot open, end or re-open a case",
        )
    if step.ends and (step.within or step.reopens):
        yield (
            f"{path}.ends",
            "办结的环节不能再起算期限或重新打开",
            "a step that ends a case starts no clock and does not re-open",
        )
    if step.clears and step.within:
        yield (f"{path}.clears", "不能同时停止和起算期限", "a step cannot both stop and start the clock")
    if step.on_the_spot and (SPOT not in kind.fields or kind.fields[SPOT].type != "yes_no"):
        yield (f"{path}.on_the_spot", f"须有是否类型的字段“{SPOT}”", f"the kind needs a yes_no field '{SPOT}'")
    for key, condition in (("only_if", step.only_if), ("on_the_spot", step.on_the_spot)):
        yield from _condition(kind, condition, f"{path}.{key}", declared)
    yield from _within(kind, step.within, f"{path}.within")


def _condition(kind: Kind, condition: Mapping[str, Any], path: str, declared: Declared) -> Iterator[Finding]:
    for name, wanted in condition.items():
        field = kind.fields.get(name)
        if field is None:
            yield (path, f"没有字段“{name}”", f"there is no field '{name}'")
            continue
        tests = wanted if isinstance(wanted, Mapping) else {"in": [wanted]}
        for unknown in unknown_names(tests, ("in", *COMPARISONS)):
            yield (path, f"不认识的比较“{unknown}”", f"there is no comparison '{unknown}'")
        if field.type == "choice" and field.list in declared.lists:
            said = tests.get("in", ())
            codes = said if isinstance(said, list | tuple) else (said,)
            for unknown in unknown_names(codes, declared.lists[field.list]):
                yield (path, f"列表“{field.list}”中没有“{unknown}”", f"the list '{field.list}' has no '{unknown}'")


def _within(kind: Kind, within: Mapping[str, Any], path: str) -> Iterator[Finding]:
    if not within:
        return
    unit, length = next(iter(within.items()))
    if len(within) != 1 or unit not in (*_UNITS, "field"):
        yield (
            path,
            "期限写一个单位：hours、days、workdays、school_days 或 field",
            "say one unit: hours, days, workdays, school_days or field",
        )
    elif unit == "field":
        field = kind.fields.get(str(length))
        if field is None or field.many or field.type not in ("date", "time"):
            yield (path, f"“{length}”不是日期或时刻字段", f"'{length}' is not a field with a date or a time")
    elif type(length) is not int or length < 0:
        yield (path, "期限应是不小于 0 的整数", "a time limit is a whole number, 0 or more")


def _walk(kind: Kind) -> Iterator[Finding]:
    """Yield what a walk over the steps finds: no beginning, steps and endings out of reach, places without a way on."""
    if not any(step.opening for step in kind.flow.values()):
        yield ("flow", "没有开始的环节", "no step opens the case")
        return
    reached = _reached(kind)
    for code, step in kind.flow.items():
        if code not in reached:
            yield (f"flow.{code}", "这一环节无法到达", "this step cannot be reached")
            if step.ends and not any(kind.flow[r].ends == step.ends for r in reached):
                yield (f"flow.{code}.ends", f"无法以“{step.ends}”办结", f"no case can end as '{step.ends}'")
        elif not step.ends and not step.stays and not _leads_on(kind, code):
            yield (f"flow.{code}", "到此之后无路可走", "from here no step leads on")


def _reached(kind: Kind) -> set[str]:
    reached: set[str] = set()
    while True:
        endings = {kind.flow[code].ends for code in reached}
        places = {code for code in reached if not kind.flow[code].stays and not kind.flow[code].ends}
        more = {
            code
            for code, step in kind.flow.items()
            if step.opening or places.intersection(step.from_) or endings.intersection(step.reopens)
        }
        if more == reached:
            return reached
        reached = more


def _leads_on(kind: Kind, code: str) -> bool:
    return any(code in step.from_ and not step.stays for step in kind.flow.values())
