"""What breaks behind a page leaves its traceback where the server's operator reads it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BREAKS = """
import django
django.setup()
from django.core.handlers.exception import response_for_exception
from django.test import RequestFactory
try:
    1 // 0
except ZeroDivisionError as problem:
    print(response_for_exception(RequestFactory().get("/here"), problem).status_code)
"""


def test_a_page_that_breaks_is_written_to_standard_error(tmp_path: Path) -> None:
    source = Path(__file__).parents[2] / "src"
    environment = {
        "PYTHONPATH": str(source), "DJANGO_SETTINGS_MODULE": "huxue.settings", "HUXUE_SITE": str(tmp_path),
        "HUXUE_SECRET_KEY": "of this test",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", BREAKS], env=environment, capture_output=True, text=True, check=True
    )  # fmt: skip
    assert done.stdout == "500\n"
    assert "ERROR django.request: Internal Server Error: /here" in done.stderr
    assert "ZeroDivisionError" in done.stderr
