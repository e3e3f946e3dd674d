"""What commands share: days given on the command line, the clock, and printing JSON."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from huxue.core.duties.program import FAR_MINUTE
from huxue.core.values import Refused, date_of, day_of, minute_of, moment_of


def now() -> int:
    """Return this minute, in the civil time of the site."""
    return minute_of(datetime.now(ZoneInfo(settings.TIME_ZONE)).replace(tzinfo=None))


def day(text: str) -> int:
    """Return the day number of ``2026-06-30``. Refuses a day that does not exist (``bad_date``)."""
    try:
        return day_of(date.fromisoformat(text))
    except ValueError as error:
        raise Refused(
            "bad_date", f"没有“{text}”这一天，请写作 2026-06-30", f"there is no day '{text}'; write it like 2026-06-30"
        ) from error


def add_days(parser: argparse.ArgumentParser) -> None:
    """Add ``--as-of`` and ``--known-at``."""
    parser.add_argument("--as-of", metavar="DATE", help="the day it is about (default: today)")
    parser.add_argument(
        "--known-at", metavar="DATE", help="with what had been recorded by the end of this day (default: all so far)"
    )


def days(args: argparse.Namespace) -> tuple[int, int]:
    """Return (as of, known at) of a command line."""
    today = now() // 1440
    as_of = day(args.as_of) if args.as_of else today
    known_at = day(args.known_at) if args.known_at else max(today, as_of)
    return as_of, known_at


def said(day_number: int) -> str:
    """Return a day as text."""
    return str(date_of(day_number))


def due(minute: int) -> str | None:
    """Return a deadline as text: the day alone where it ends with the day; None where there is none."""
    if minute >= FAR_MINUTE:
        return None
    moment = moment_of(minute)
    return (
        moment.date().isoformat()
        if (moment.hour, moment.minute) == (23, 59)
        else moment.isoformat(sep=" ", timespec="minutes")
    )


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def words(said: str) -> list[str]:
    """Return the codes of a list that is written with commas."""
    return [word.strip() for word in said.split(",") if word.strip()]
