"""Parameters: a city changes one, or confirms it by a document, as a new edition of the rulebook in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from huxue.actions.acting import By
from huxue.actions.rulebooks import files_of, in_force, put_into_force
from huxue.core.rulebook import edition as editions
from huxue.core.rulebook.diff import Row, diff
from huxue.core.rulebook.edition import Edition
from huxue.core.rulebook.load import load
from huxue.core.rulebook.model import Parameter, Rulebook
from huxue.core.values import MINUTES_A_DAY, Problem, Refused
from huxue.ledger.editions import Files

LONGEST: Final = 200  # characters of the name of a document
_YES: Final = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants of one parameter: its value as typed, the city's document that says so, why, from when."""

    parameter: str
    value: str
    reason: str
    document: str = ""  # naming one confirms the value
    valid_from: int | None = None  # a day; today where nobody says


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would make: the editions before and after, and every row in which they differ."""

    before: Edition
    made: Edition
    rows: tuple[Row, ...]
    files: Files

    @property
    def duties(self) -> tuple[str, ...]:
        """Codes of the duties that would say something else."""
        return tuple(dict.fromkeys(row.code for row in self.rows if row.what == "duties"))


def preview(change: Change, *, code: str, now: int) -> Preview:
    """Return what a change of the rulebook ``code`` would make; nothing changes.

    Refuses ``no_edition``, ``no_parameter``, ``no_reason``, ``no_change``, ``too_early`` (a day that has passed, or one
    before the first day of the edition activated last), ``no_files`` and, with the problem's own sentence,
    ``bad_parameter``.
    """
    before = in_force(code)
    if before is None:
        raise Refused("no_edition", "尚未启用任何制度版本。", "No edition of a rulebook is active yet.")
    files, said = _files(before.rulebook), _setting(before.rulebook, change)
    settings = {**files.settings, change.parameter: {**files.settings.get(change.parameter, {}), **said}}
    made = editions.edition(
        _read(files, settings), families_on=before.families_on, valid_from=_first(change, before, now), before=before
    )
    return Preview(before, made, tuple(diff(before, made)), Files(files.layers, settings))


def set_parameter(change: Change, *, code: str, by: By, now: int) -> Edition:
    """Make the change: a new edition counts from its day. Refuses what :func:`preview` refuses, and who may not act."""
    with transaction.atomic():
        seen = preview(change, code=code, now=now)
        said = {"parameter": change.parameter, "value": change.value, "reason": change.reason.strip()}
        said |= {"document": change.document.strip()} if change.document.strip() else {}
        put_into_force(seen.made, files=seen.files, now=now, by=by, said=said)
    return seen.made


def _files(rulebook: Rulebook) -> Files:
    files = files_of(rulebook)
    if not files.layers:
        raise Refused(
            "no_files",
            "本版本没有留存制度文件，不能在页面上改参数；请重新启用一次制度（huxue rulebook activate）。",
            "The files of this edition were not kept, so a parameter cannot be changed here: activate the rulebook "
            "once more (huxue rulebook activate).",
        )
    return files


def _setting(rulebook: Rulebook, change: Change) -> Mapping[str, Any]:
    declared = rulebook.parameters.get(change.parameter)
    if declared is None:
        raise Refused(
            "no_parameter", f"制度中没有参数“{change.parameter}”。", f"There is no parameter {change.parameter!r}."
        )
    if not change.reason.strip():
        raise Refused("no_reason", "请写明理由。", "Say why.")
    if len(change.document) > LONGEST:
        raise Refused("too_long", f"文件名称最多 {LONGEST} 字。", f"The document's name has at most {LONGEST} letters.")
    value, confirmed = typed(declared, change.value), bool(change.document.strip())
    if value == declared.value and confirmed == declared.confirmed:
        raise Refused("no_change", "与现行版本相同，没有变化。", "This is what the edition in force says already.")
    return {"value": value, "confirmed": confirmed}


def typed(declared: Parameter, said: str) -> int | str | bool:
    """Return a typed value as what the parameter is: a whole number, yes or no, or text. Refuses ``bad_parameter``."""
    word = said.strip()
    if isinstance(declared.value, bool):
        if word.lower() not in _YES:
            raise Refused("bad_parameter", "请填“是”或“否”。", "Write yes or no.")
        return _YES[word.lower()]
    if isinstance(declared.value, int):
        if not word.removeprefix("-").isdecimal() or len(word) > 9:  # noqa: PLR2004 - beyond every real figure
            raise Refused("bad_parameter", f"“{said}”不是整数。", f"'{said}' is no whole number.")
        return int(word)
    if not word:
        raise Refused("bad_parameter", "请填写参数值。", "Write a value.")
    return word


def _first(change: Change, before: Edition, now: int) -> int:
    today = now // MINUTES_A_DAY
    first = max(today, before.valid_from) if change.valid_from is None else change.valid_from
    if first < today:
        raise Refused(
            "too_early", "起算日期不能早于今天：已过去的日子不追溯。", "It cannot count from a day that has passed."
        )
    if first < before.valid_from:
        raise Refused(
            "too_early",
            "已有更晚起算的版本，起算日期不能早于它。",
            "An edition that begins later is activated already; this one cannot begin before it.",
        )
    return first


def _read(files: Files, settings: Mapping[str, Mapping[str, Any]]) -> Rulebook:
    rulebook, problems = load(files.layers, settings)
    if rulebook is None:
        raise Refused("bad_parameter", *_sentences(problems))
    return rulebook


def _sentences(problems: Sequence[Problem]) -> tuple[str, str]:
    return "；".join(one.zh for one in problems) + "。", "; ".join(one.en for one in problems) + "."


__all__ = ["Change", "Preview", "preview", "set_parameter", "typed"]
