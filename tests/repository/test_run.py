"""``run.py``, where it can be tested without making an environment."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import pytest

from tests.repository.files import ROOT


@pytest.fixture(scope="module")
def run() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("7 passed in 1.20s\n", {"passed": 7}),
        (
            "1 failed, 2 passed, 3 skipped, 2 errors in 75.10s (0:01:15)\n",
            {"failed": 1, "passed": 2, "skipped": 3, "errors": 2},
        ),
        ("===== 12 passed, 1 xfailed in 0.50s =====\n", {"passed": 12, "xfailed": 1}),
        ("no tests ran in 0.01s\n", {}),
        ("tests 3 passed in 4.0s\n", {}),
    ],
)
def test_the_closing_line_of_pytest_is_counted(run: ModuleType, line: str, counts: dict[str, int]) -> None:
    assert run.counted(line) == counts


def test_an_environment_is_tied_to_the_python_and_the_pins(run: ModuleType) -> None:
    assert run.this_python() == f"{sys.version_info.major}.{sys.version_info.minor}"
    assert len(run.pins_now()) == 64


def test_the_gates_are_not_lowered(run: ModuleType) -> None:
    assert run.COVERAGE["src/huxue/core/*"] >= 95
    assert run.COVERAGE["src/huxue/*"] >= 85
