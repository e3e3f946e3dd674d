"""Django's ORM: one count for each organisation, duty and period; or all rows of an organisation and a loop."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection, models

from benchmarks.evaluation.ways import plain
from benchmarks.evaluation.ways.records import Row, Sample, written
from benchmarks.evaluation.ways.tables import set_rows


def _deed(path: Path) -> type[models.Model]:
    databases = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": path}}
    settings.configure(DATABASES=databases, USE_TZ=False, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField")
    django.setup()

    class Deed(models.Model):
        """A deed of a set: signal, organisation, day, day recorded, amount."""

        signal = models.IntegerField()
        o = models.IntegerField()
        day = models.IntegerField()
        rday = models.IntegerField()
        amount = models.IntegerField()

        class Meta:
            app_label = "measured"
            indexes = (models.Index(fields=["o", "signal", "day"], name="deed_looked_up"),)

    return Deed


class Way:
    """A database of the deeds with the index such an application would have."""

    def __init__(self, folders: list[Path]) -> None:
        """Fill the database, once."""
        (folder,) = folders
        path = folder / "deeds.sqlite"
        fresh = not path.is_file()
        self.deed = _deed(path)
        if fresh:
            with connection.schema_editor() as editor:
                editor.create_model(self.deed)
            with sqlite3.connect(path) as con:
                for rows in set_rows(folder, "deeds"):
                    text = "INSERT INTO measured_deed (signal, o, day, rday, amount) VALUES (?, ?, ?, ?, ?)"
                    con.executemany(text, [(r[0], r[1], r[3], r[7], r[9] or 0) for r in rows])
        self.sample = Sample(folder)
        self.scale = self.sample.scale
        self.said: dict[str, Any] = {"sampled": len(self.sample.calendars), "duties": len(plain.COUNTS) + 1}
        self.rows: list[Row] = []

    def run(self) -> None:
        """Count, for each organisation, duty and period."""
        for o in self.sample.calendars:
            self.rows += self.sample.summaries(o, self.counter(o))

    def counter(self, o: int) -> Any:
        """Return what counts the deeds of an organisation."""

        def count(signal: int, lo: int, hi: int, due: int, period: int) -> tuple[int, int]:
            there = self.deed.objects.filter(o=o, signal=signal, day__gte=lo, day__lte=hi)
            if period == plain.REPORT:
                there = there.filter(pk__in=_valid(there))
            if signal in (53, 58, 63):
                total = there.aggregate(n=models.Sum("amount"))["n"] or 0
                return total, total and (there.filter(rday__lte=due).aggregate(n=models.Sum("amount"))["n"] or 0)
            n = there.count()
            return n, n and there.filter(rday__lte=due).count()

        return count

    def answer(self, path: Path) -> None:
        """Write the summaries."""
        written(path, self.rows)


def _valid(there: Any) -> list[int]:
    """Return the deeds that were entered in time (ten workdays)."""
    rows = there.values_list("pk", "day", "rday")
    return [pk for pk, day, rday in rows if rday <= plain.entered_by(plain.REPORT, day)]
