"""One reader for each type of field: what somebody typed goes in, the stored value comes out, or ``Wrong``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from huxue.core.kinds.model import Field
from huxue.core.kinds.numbers import number_reader, plain
from huxue.core.kinds.places import read_place
from huxue.core.kinds.times import read_date, read_time
from huxue.core.kinds.wrong import Wrong
from huxue.core.values import Text, minute_of, moment_of

Read = Callable[[Any], Any]
Lists = Mapping[str, Mapping[str, "Titled"]]  # list -> code -> something with a title (``Rulebook.lists``)

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SIGNED = re.compile(r"(\S.*?)\s*@\s*(\d{4}-\d\d-\d\dT\d\d:\d\d)\s*#\s*([0-9a-fA-F]{64})")
_BETWEEN = re.compile(r"[;；|\n]")
_BETWEEN_LOOSE = re.compile(r"[;；|\n、,，]")
_WAYS: dict[str, tuple[re.Pattern[str] | None, ...]] = {  # a title may itself hold a comma, so whole first
    "choice": (None, _BETWEEN, _BETWEEN_LOOSE),
    "signature": (_BETWEEN,),
}
_YES = dict.fromkeys(("是", "有", "对", "yes", "y", "true", "1", "√", "✓"), True)
_YES_NO = _YES | dict.fromkeys(("否", "无", "不是", "错", "no", "n", "false", "0", "×", "✗"), False)
_DIGITS_KEPT = 10**15  # as in a spreadsheet
_MAX_CODE = 200
_SHOWN = 8


class Titled(Protocol):
    """One value of a list."""

    @property
    def title(self) -> Text:
        """Its title in both languages."""
        ...


def reader(field: Field, lists: Lists) -> Read:
    """Return the reader of a field."""
    read = _single(field, lists)
    return _many(field, read) if field.many else read


def _single(field: Field, lists: Lists) -> Read:
    match field.type:
        case "text":
            return _text(field.max_length)
        case "number" | "money":
            return number_reader(field)
        case "choice":
            return _choice(lists.get(field.list, {}))
        case "place":
            return read_place
        case "yes_no":
            return _yes_no
        case "date":
            return read_date
        case "time":
            return read_time
        case "photo" | "file":
            return _sha256
        case "signature":
            return _signature
        case _:
            return _code


def _text(max_length: int) -> Read:
    def read(raw: Any) -> str:
        text = (raw if type(raw) is str else _as_text(raw)).strip()
        if len(text) > max_length:
            raise Wrong(
                f"最多 {max_length} 个字，现有 {len(text)} 个", f"at most {max_length} characters, not {len(text)}"
            )
        if not text.isprintable():
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            if _FORBIDDEN.search(text):
                raise Wrong("含有不能显示的控制字符", "contains control characters that cannot be shown")
        return text

    return read


def _code(raw: Any) -> str:
    """Return the code of a person, organisation, post or entry; separators of lists cannot stand in one."""
    code = raw.strip() if type(raw) is str else _as_text(raw)
    if len(code) > _MAX_CODE or not code.isprintable() or _BETWEEN_LOOSE.search(code):
        raise Wrong(f"“{code[:40]}”不是代码", f"'{code[:40]}' is not a code")
    return code


def _as_text(raw: Any) -> str:
    """Return a number typed into a text field; long ones have lost digits in the spreadsheet and are refused."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise Wrong(f"“{raw}”不是文字", f"'{raw}' is not text")
    if abs(raw) >= _DIGITS_KEPT:
        raise Wrong(
            "15 位以上的号码请用文本格式填写，数字格式会丢失末尾数字",
            "enter numbers of more than 15 digits as text; as a number they lose their last digits",
        )
    text = plain(raw)
    return text.removesuffix(".0")


def _choice(choices: Mapping[str, Titled]) -> Read:
    table: dict[str, str] = {}
    for code, choice in choices.items():
        for name in (choice.title.zh, choice.title.en, choice.title.en.casefold()):
            table.setdefault(name, code)
    table |= {code: code for code in choices}  # a code wins over another choice's title
    shown = list(choices.items())[:_SHOWN]
    zh, en = "、".join(c.title.zh for _, c in shown), ", ".join(c.title.en for _, c in shown)
    more = len(choices) > _SHOWN

    def read(raw: Any) -> str:
        found = table.get(raw) if type(raw) is str else None
        if found is None and type(raw) in (str, int, float):
            text = str(raw).strip().removesuffix(".0" if type(raw) is float else "")
            found = table.get(text) or table.get(text.casefold())
        if found is None:
            raise Wrong(
                f"“{raw}”不在选项中：{zh}{'等' if more else ''}", f"'{raw}' is not one of: {en}{', …' if more else ''}"
            )
        return found

    return read


def _yes_no(raw: Any) -> bool:
    if raw is True or raw is False:
        return bool(raw)
    word = str(int(raw)) if type(raw) in (int, float) and raw in (0, 1) else str(raw)
    found = _YES_NO.get(word.strip().casefold())
    if found is None:
        raise Wrong(f"“{raw}”应为“是”或“否”", f"'{raw}' should be yes or no")
    return found


def _sha256(raw: Any) -> str:
    text = raw.strip().lower() if isinstance(raw, str) else ""
    if not _SHA256.fullmatch(text):
        raise Wrong("附件应以其 SHA-256 摘要（64 位十六进制）指明", "name an attachment by its SHA-256 (64 hex digits)")
    return text


def _signature(raw: Any) -> dict[str, Any]:
    said = _SIGNED.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if said:
        at = minute_of(datetime.fromisoformat(read_time(said[2])))
        return {"person": said[1], "at": at, "sha256": said[3].lower()}
    whole = isinstance(raw, Mapping) and set(raw) == {"person", "at", "sha256"}
    if not whole or not isinstance(raw["person"], str) or not raw["person"].strip() or type(raw["at"]) is not int:
        raise Wrong(
            "签名应写明签名人、时间和所签内容的摘要", "a signature names the person, the time and what was signed"
        )
    return {"person": raw["person"].strip(), "at": raw["at"], "sha256": _sha256(raw["sha256"])}


def signature_text(stored: Mapping[str, Any]) -> str:
    """Return a stored signature as text that its reader reads back: ``person @ time # sha256``."""
    return f"{stored['person']} @ {moment_of(stored['at']):%Y-%m-%dT%H:%M} # {stored['sha256']}"


def _many(field: Field, read: Read) -> Read:
    low, high = field.at_least or 0, field.at_most
    ways = _WAYS.get(field.type, (_BETWEEN_LOOSE,))

    def read_all(raw: Any) -> list[Any]:
        found: list[Any] = []
        for value in _parts(raw, read, ways):
            if value not in found:
                found.append(value)
        if len(found) < low:
            raise Wrong(f"至少要有 {low} 项，现有 {len(found)} 项", f"at least {low} are needed, not {len(found)}")
        if high is not None and len(found) > high:
            raise Wrong(f"最多 {high} 项，现有 {len(found)} 项", f"at most {high} are allowed, not {len(found)}")
        return found

    return read_all


def _parts(raw: Any, read: Read, ways: tuple[re.Pattern[str] | None, ...]) -> list[Any]:
    if isinstance(raw, list | tuple):
        return [read(part) for part in raw if not (part is None or (isinstance(part, str) and not part.strip()))]
    if not isinstance(raw, str):
        return [read(raw)]
    wrong = Wrong("没有内容", "nothing was given")
    for way in ways:
        try:
            return [read(piece) for piece in (way.split(raw) if way else [raw]) if piece.strip()]
        except Wrong as found:
            wrong = found
    raise wrong
