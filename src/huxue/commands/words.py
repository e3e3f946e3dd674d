"""Words that several commands print, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from huxue.core.values import Language

STATUS = {"met": "已完成", "due": "待办", "overdue": "逾期", "missed": "未履行", "excused": "免除"}


def status(code: str, language: Language) -> str:
    """Return a status in one language; the English word is its code."""
    return STATUS[code] if language == "zh" else code


def counts(totals: Mapping[str, int], language: Language) -> str:
    """Return how many standings there are of each status as one line."""
    return " · ".join(f"{status(code, language)} {n}" for code, n in totals.items())
