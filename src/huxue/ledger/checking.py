"""The checks of one draft that need nothing but the draft and its kind: limits, types and dates.

What the kind itself demands of a complete form is checked where forms are (``core.kinds``, ``actions``); here stands
what the ledger never takes, whoever calls.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from huxue.core.kinds import COMMON_ROLES, Field, Kind
from huxue.core.values import MINUTES_A_DAY, Refused, day_of
from huxue.ledger.drafts import Draft
from huxue.ledger.models import RESERVED_ENTRIES

EARLIEST: Final = day_of(date(1900, 1, 1)) * MINUTES_A_DAY
LATEST: Final = day_of(date(2201, 1, 1)) * MINUTES_A_DAY - 1
LARGEST: Final = 2**53 - 1  # the largest integer that JSON readers everywhere keep exactly
LONGEST: Final = 20_000  # characters of any one text
LONGEST_NAMES: Final = 1_000  # characters of step, reference, post, person and origin together
MOST: Final = 2_000  # organisations credited by one fact, values of one field
_ID: Final = re.compile(r"[0-9A-Za-z_.-]{1,64}").fullmatch
_CODE: Final = re.compile(r"[^\s/:\x00-\x1f]{1,64}").fullmatch
_SHA: Final = re.compile(r"[0-9a-f]{64}").fullmatch
VERBS: Final = {
    "register": ("open", "change", "close", "withdraw"),
    "record": ("record", "withdraw"),
    "case": ("step", "withdraw"),
}

Check = Callable[[Any], bool]


def is_code(value: Any) -> bool:
    """Whether this can be the code of an organisation: 1 to 64 characters, no space, slash, colon."""
    return isinstance(value, str) and _CODE(value) is not None


def _is_text(value: Any, limit: int = LONGEST) -> bool:
    return isinstance(value, str) and len(value) <= limit and "\x00" not in value and _encodable(value)


def _encodable(value: str) -> bool:
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_date(value: Any) -> bool:
    try:
        found = date.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return len(value) == 10 and 1900 <= found.year <= 2200  # noqa: PLR2004 - the stated limits


def _is_time(value: Any) -> bool:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return len(value) == 16 and found.tzinfo is None and 1900 <= found.year <= 2200  # noqa: PLR2004 - stated limits


def _is_place(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {"lat", "lon", "crs"} and all(map(_is_text, value.values()))


def _is_signature(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) <= {"person", "at", "sha256"} and _is_text(value.get("person"))


def _is_sha(value: Any) -> bool:
    return isinstance(value, str) and _SHA(value) is not None


def _is_traits(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        _is_text(name, 64) and (type(v) is bool or (type(v) is int and abs(v) <= LARGEST) or _is_text(v, 200))
        for name, v in value.items()
    )


def _number(rule: Field) -> Check:
    unit = 10 ** (2 if rule.type == "money" else rule.decimals)
    low = -LARGEST if rule.at_least is None or rule.many else rule.at_least * unit
    high = LARGEST if rule.at_most is None or rule.many else min(LARGEST, rule.at_most * unit)
    return lambda value: type(value) is int and low <= value <= high


def _of_type(rule: Field) -> Check:
    match rule.type:
        case "text":
            return lambda value: _is_text(value, rule.max_length)
        case "number" | "money":
            return _number(rule)
        case "yes_no":
            return lambda value: type(value) is bool
        case "date":
            return _is_date
        case "time":
            return _is_time
        case "place":
            return _is_place
        case "photo" | "file":
            return _is_sha
        case "signature":
            return _is_signature
        case _:
            return lambda value: _is_text(value, 200)


def _check_of(rule: Field) -> Check:
    one = _of_type(rule)
    if not (rule.many or rule.type in ("photo", "file")):
        return one

    def some(value: Any) -> bool:
        if isinstance(value, list | tuple):
            return len(value) <= MOST and all(one(v) for v in value)
        return not rule.many and one(value)

    return some


class Checker:
    """The checks of one kind, prepared once for many drafts."""

    def __init__(self, kind: Kind) -> None:
        """Prepare a check for each field."""
        self.kind = kind
        self.fields = {name: _check_of(rule) for name, rule in kind.fields.items()}
        if kind.code == "organisation":
            self.fields |= {"code": is_code, "traits": _is_traits}
        self.required = frozenset(name for name, rule in kind.fields.items() if rule.required)
        self.personal = tuple(name for name, rule in kind.fields.items() if rule.personal)
        self.verbs = VERBS[kind.shape]

    def check(self, draft: Draft, recorded: int) -> None:
        """Raise the first refusal of a draft."""
        if draft.verb not in self.verbs:
            raise Refused(
                "wrong_verb",
                f"“{draft.kind}”不能{draft.verb}。",
                f"A {draft.kind} cannot be written with {draft.verb}.",
            )
        _check_ids(draft)
        _check_moments(draft, recorded)
        self._check_roles(draft)
        self._check_fields(draft.fields)
        if draft.kind in RESERVED_ENTRIES and draft.verb in ("open", "change"):
            self._check_complete(draft)
        if draft.verb == "step" and draft.step not in self.kind.flow and self.kind.flow:
            raise Refused("unknown_step", f"流程中没有环节“{draft.step}”。", f"The flow has no step {draft.step!r}.")

    def _check_roles(self, draft: Draft) -> None:
        for role, codes in draft.roles.items():
            if role not in self.kind.roles and role not in COMMON_ROLES:
                raise Refused("unknown_role", f"没有角色“{role}”。", f"{draft.kind} has no role {role!r}.")
            if len(codes) > MOST or not all(is_code(code) for code in codes):
                raise Refused(
                    "impossible_code", f"“{role}”中的单位编码不合规。", f"Role {role}: not codes of organisations."
                )

    def _check_complete(self, draft: Draft) -> None:
        """Refuse a fact of a reserved kind without what the projections read."""
        missing = sorted(name for name in self.required if draft.fields.get(name) is None)
        if missing:
            raise Refused("missing_field", f"缺少：{missing}。", f"{draft.kind} lacks {missing}.")
        if not draft.roles.get("by") and not draft.roles.get("about") and self.kind.roles:
            raise Refused("missing_role", "没有写明单位。", f"{draft.kind} names no organisation.")

    def _check_fields(self, fields: Mapping[str, Any]) -> None:
        for name, value in fields.items():
            check = self.fields.get(name)
            if check is None:
                raise Refused("unknown_field", f"没有字段“{name}”。", f"{self.kind.code} has no field {name!r}.")
            if value is not None and not check(value):
                title = self.kind.fields[name].title
                raise Refused(
                    "impossible_value",
                    f"“{title.zh}”的值不合规：{value!r:.80}。",
                    f"{title.en}: cannot be {value!r:.80}.",
                )


def _check_ids(draft: Draft) -> None:
    for value in (draft.id, draft.item or draft.id, draft.replaces or draft.id):
        if not (isinstance(value, str) and _ID(value)):
            raise Refused("impossible_id", f"编号不合规：{value!r:.80}。", f"Not an id: {value!r:.80}.")
    texts = draft.step, draft.reference, draft.post, draft.person, draft.origin or ""
    if not _is_text("".join(texts), LONGEST_NAMES):
        shown = "".join(texts)[:80]
        raise Refused("too_long", f"文字过长或含有非法字符：{shown!r}。", f"Too long or not text: {shown!r}.")


def _check_moments(draft: Draft, recorded: int) -> None:
    for value in (draft.at, recorded, draft.deadline or 0):
        if type(value) is not int or not EARLIEST <= value <= LATEST:
            raise Refused("impossible_date", "日期须在1900年至2200年之间。", "A date must lie between 1900 and 2200.")
    if draft.at > recorded + MINUTES_A_DAY:
        raise Refused("future", "发生时间晚于当前时间。", "It happened later than now.")
