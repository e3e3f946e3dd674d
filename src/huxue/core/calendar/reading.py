"""Reading the raw mapping: declared values and everything wrong with it, with the path of each finding."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from huxue.core.calendar.declared import Area, Declared, Holiday, Item, Named, Year
from huxue.core.calendar.documents import SECTIONS, Path
from huxue.core.calendar.periods import FIRST_YEAR, LAST_YEAR
from huxue.core.values import Text, day_of

Found = tuple[Path, str, str]

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
_MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})\Z")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_ENDS = 2  # a span is written with its first and its last day
_LONGEST_MONTH = 31  # days
_LEAP = 2000  # a year in which every month and day exists
_YEAR = ("provisional", "notice", "holidays", "workdays")
_HOLIDAY = ("code", "name", "days")
_ITEM = ("key", "title", "from", "to")
_SPECIAL = (*_ITEM, "yearly")
_AREA = ("title", "extends", "terms", "breaks", "holidays", "workdays", "school_year_from", "month_in_session")


class Reading:
    """Turns parts of the raw mapping into values and notes what is wrong; a wrong part is left out."""

    def __init__(self) -> None:
        """Start with nothing found."""
        self.found: list[Found] = []

    def say(self, path: Path, zh: str, en: str) -> None:
        """Note one thing wrong."""
        self.found.append((path, zh, en))

    def declared(self, raw: Mapping[str, Any]) -> Declared:
        """Read the whole mapping."""
        for key in raw.get("unreadable", ()):
            said = f"“{key}”不是历法文件的内容，或不是“名称: 值”的对照表"
            self.say((str(key),), said, f"'{key}' is no section of a calendar, or is not a mapping")
        for year in raw.get("repeated_years", ()):
            self.say(("years", str(year)), f"{year}年的节假日声明了两次", f"the year {year} is declared twice")
        self._keys((), raw, (*SECTIONS, "unreadable", "repeated_years"))
        years, areas = self.mapping(("years",), raw.get("years")), self.mapping(("areas",), raw.get("areas"))
        read = [self.year(("years", key), key, value) for key, value in years.items()]
        return Declared(
            years={year.year: year for year in read if year},
            areas={code: self.area(("areas", code), value) for code, value in areas.items()},
            special=self.named(("special",), raw.get("special")),
            campaigns=self.named(("campaigns",), raw.get("campaigns")),
        )

    def year(self, path: Path, key: str, value: Any) -> Year | None:
        """Read one year."""
        if not re.fullmatch("[0-9]{4}", key) or not FIRST_YEAR <= int(key) <= LAST_YEAR:
            self.say(path, f"“{key}”不是年份", f"'{key}' is not a year from {FIRST_YEAR} to {LAST_YEAR}")
            return None
        part = self.mapping(path, value)
        self._keys(path, part, _YEAR)
        provisional = part.get("provisional", False)
        if not isinstance(provisional, bool):
            self.say((*path, "provisional"), "应为 true 或 false", "say true or false")
        return Year(
            int(key),
            provisional is not False,
            self.holidays((*path, "holidays"), part.get("holidays")),
            self.workdays((*path, "workdays"), part.get("workdays")),
        )

    def area(self, path: Path, value: Any) -> Area:
        """Read what one area declares itself."""
        part = self.mapping(path, value)
        self._keys(path, part, (*_AREA, "special", "campaigns"))
        return Area(
            extends=str(part.get("extends") or ""),
            terms=self.items((*path, "terms"), part.get("terms")),
            breaks=self.items((*path, "breaks"), part.get("breaks")),
            holidays=self.holidays((*path, "holidays"), part.get("holidays")),
            workdays=self.workdays((*path, "workdays"), part.get("workdays")),
            school_year_from=self._optional_month_day((*path, "school_year_from"), part.get("school_year_from")),
            month_in_session=self._days_in_session((*path, "month_in_session"), part.get("month_in_session")),
            special=self.named((*path, "special"), part.get("special")),
            campaigns=self.named((*path, "campaigns"), part.get("campaigns")),
        )

    def holidays(self, path: Path, value: Any) -> tuple[Holiday, ...]:
        """Read a list of holidays."""
        read = [self._holiday((*path, i), item) for i, item in enumerate(self.items_of(path, value))]
        found = [h for h in read if h]
        self._once(path, [h.code for h in found])
        return tuple(found)

    def _holiday(self, path: Path, value: Any) -> Holiday | None:
        part = self.mapping(path, value)
        self._keys(path, part, _HOLIDAY)
        code, title = self._code((*path, "code"), part.get("code")), self._text((*path, "name"), part.get("name"))
        ends = self.items_of((*path, "days"), part.get("days"))
        if len(ends) != _ENDS:
            self.say((*path, "days"), "应写首日和末日两个日期", "say the first and the last day, two dates")
            return None
        span = self._span((*path, "days", 0), (*path, "days", 1), ends[0], ends[1])
        return Holiday(code, title or Text(zh=code, en=code), *span) if span and code else None

    def workdays(self, path: Path, value: Any) -> tuple[int, ...]:
        """Read a list of adjusted workdays."""
        written = self.items_of(path, value)
        days = [self.day((*path, i), item) for i, item in enumerate(written)]
        self._once(path, [item for item in written if isinstance(item, str)])
        return tuple(day for day in days if day is not None)

    def named(self, path: Path, value: Any) -> Named:
        """Read special periods or campaigns: lists of items by name."""
        lists = self.mapping(path, value)
        for name in lists:
            self._code((*path, name), name)
        return {name: self.items((*path, name), items, _SPECIAL) for name, items in lists.items()}

    def items(self, path: Path, value: Any, known: tuple[str, ...] = _ITEM) -> tuple[Item, ...]:
        """Read a list of terms, breaks, special periods or campaigns."""
        read = []
        for i, item in enumerate(self.items_of(path, value)):
            key = str(item.get("key") or "") if isinstance(item, Mapping) else ""
            read.append(self._item((*path, key or i), item, key, known))
        found = [item for item in read if item]
        self._once(path, [item.key for item in found])
        return tuple(found)

    def _item(self, path: Path, value: Any, key: str, known: tuple[str, ...]) -> Item | None:
        part = self.mapping(path, value)
        self._keys(path, part, known)
        if not self._code((*path, "key"), key):
            return None
        title = self._text((*path, "title"), part.get("title")) if "title" in part else None
        if "yearly" in part and "yearly" in known:
            return self._yearly((*path, "yearly"), part, key, title)
        span = self._span((*path, "from"), (*path, "to"), part.get("from"), part.get("to"))
        return Item(key, title, *span) if span else None

    def _yearly(self, path: Path, part: Mapping[str, Any], key: str, title: Text | None) -> Item | None:
        ends = self.items_of(path, part["yearly"])
        if len(ends) != _ENDS or "from" in part or "to" in part:
            self.say(path, "“yearly”应写两个月日，且不与 from、to 同用", "say two dates MM-DD, without from and to")
            return None
        start, end = (self.month_day((*path, i), value) for i, value in enumerate(ends))
        return Item(key, title, yearly=(start, end)) if start and end else None

    def _span(self, lo_path: Path, hi_path: Path, lo: Any, hi: Any) -> tuple[int, int] | None:
        first, last = self.day(lo_path, lo), self.day(hi_path, hi)
        if first is None or last is None:
            return None
        if last < first:
            self.say(hi_path, f"结束日期 {hi} 早于开始日期 {lo}", f"it ends on {hi}, before it starts on {lo}")
            return None
        return first, last

    def day(self, path: Path, value: Any) -> int | None:
        """Read a date ``YYYY-MM-DD`` as a day number."""
        match = _DATE.match(str(value))
        try:
            if match and FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
                return day_of(date(int(match[1]), int(match[2]), int(match[3])))
        except ValueError:
            pass  # a day that no calendar has, said below
        said = "没有写日期" if value is None else f"“{value}”不是日期（应为 YYYY-MM-DD）"
        self.say(path, said, "a date is missing" if value is None else f"'{value}' is not a date (YYYY-MM-DD)")
        return None

    def month_day(self, path: Path, value: Any) -> tuple[int, int] | None:
        """Read ``MM-DD`` that every year has."""
        match = _MONTH_DAY.match(str(value))
        try:
            if match and value != "02-29":
                day = date(_LEAP, int(match[1]), int(match[2]))
                return day.month, day.day
        except ValueError:
            pass  # said below
        said = f"“{value}”不是每年都有的日期（应为 MM-DD）"
        self.say(path, said, f"'{value}' is not a date that every year has (MM-DD)")
        return None

    def _optional_month_day(self, path: Path, value: Any) -> tuple[int, int] | None:
        return None if value is None else self.month_day(path, value)

    def _days_in_session(self, path: Path, value: Any) -> int | None:
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _LONGEST_MONTH):
            return value
        self.say(path, "应为 1 到 31 的上学日数", "say a number of school days from 1 to 31")
        return None

    def _code(self, path: Path, value: Any) -> str:
        if _CODE.match(str(value or "")):
            return str(value)
        said = value or ""
        self.say(path, f"“{said}”不是代码（小写字母、数字、连字符）", f"'{said}' is not a code (a-z, 0-9, hyphens)")
        return ""

    def _text(self, path: Path, value: Any) -> Text | None:
        if isinstance(value, str):
            return Text(zh=value, en=value)
        both = value if isinstance(value, Mapping) and set(value) == {"zh", "en"} else {}
        if both and all(isinstance(text, str) for text in both.values()):
            return Text(zh=both["zh"], en=both["en"])
        self.say(path, "应为文字，或 {zh, en}", "say a text, or {zh, en}")
        return None

    def mapping(self, path: Path, value: Any) -> dict[str, Any]:
        """Read a mapping; absent is empty."""
        if isinstance(value, Mapping):
            return {str(key): part for key, part in value.items()}
        if value is not None:
            self.say(path, "这里应为“名称: 值”的对照表", "a mapping belongs here")
        return {}

    def items_of(self, path: Path, value: Any) -> list[Any]:
        """Read a list; absent is empty."""
        if isinstance(value, list | tuple):
            return [*value]
        if value is not None:
            self.say(path, "这里应为列表", "a list belongs here")
        return []

    def _keys(self, path: Path, part: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in part:
            if key not in known:
                names = ", ".join(known)
                self.say((*path, key), f"不认识“{key}”；可写：{names}", f"'{key}' is not known here; known: {names}")

    def _once(self, path: Path, codes: list[str]) -> None:
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            self.say((*path, code), f"“{code}”重复", f"'{code}' is there twice")
