"""The folder of shared data, where somebody has it beside the repository."""

from __future__ import annotations

import csv
import gzip
import io
import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).resolve().parents[2].parent / "shared"
DATA = Path(os.environ.get("HUXUE_SHARED") or BESIDE) / "data"


def skip_without_data() -> None:
    """Skip the whole module, in one line, where the folder is not there."""
    if not DATA.is_dir():
        pytest.skip(
            "the folder of shared data is not there: put it beside the repository or name it in HUXUE_SHARED",
            allow_module_level=True,
        )


KR = [DATA / f"schools_kr_safety_education/safety_education_{year}.csv.gz" for year in (2019, 2020, 2021, 2022)]
NYC = DATA / "complaints_nyc_311/nyc311_dohmh_2010_2014.csv.gz"
CHICAGO = DATA / "inspections_chicago_food/chicago_food_2024-04_2024-12.csv.gz"
NYS = DATA / "hazards_school_water/nys_lead_testing_school_water.csv.gz"
CN = [DATA / f"admin_divisions/modood_{name}.csv.gz" for name in ("streets", "areas", "provinces", "cities")]
DAZHOU = DATA / "admin_divisions/dazhou_511700_streets_modood.csv"


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a packed CSV, read plainly: what the known answers are counted from a second time."""
    with gzip.open(path) as file:
        return list(csv.DictReader(io.TextIOWrapper(file, "utf-8-sig", newline="")))
