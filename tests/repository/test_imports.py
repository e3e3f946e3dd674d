"""What may be imported where, beyond the contracts of import-linter in ``pyproject.toml``."""

from __future__ import annotations

import ast
import sys

import pytest

from tests.repository.files import committed, text

CORE = [name for name in committed() if name.startswith("src/huxue/core/") and name.endswith(".py")]
FOR_THE_CORE = {"pydantic", "yaml", "huxue", "__future__"}
WORLD = {
    "asyncio",
    "http",
    "multiprocessing",
    "random",
    "secrets",
    "socket",
    "sqlite3",
    "subprocess",
    "threading",
    "time",
    "urllib",
}
CLOCKS = {"now", "today", "utcnow", "getenv", "environ"}


def imported(name: str) -> set[str]:
    """The first words of all modules that a file imports."""
    nodes = list(ast.walk(ast.parse(text(name))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    origins = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {module.split(".")[0] for module in plain | origins}


@pytest.mark.parametrize("name", CORE)
def test_the_core_imports_nothing_but_pydantic_and_yaml(name: str) -> None:
    assert imported(name) - FOR_THE_CORE - (sys.stdlib_module_names - WORLD) == set()


@pytest.mark.parametrize("name", CORE)
def test_the_core_reads_no_clock(name: str) -> None:
    used = {node.attr for node in ast.walk(ast.parse(text(name))) if isinstance(node, ast.Attribute)}
    assert used & CLOCKS == set()


def test_run_uses_the_standard_library_alone() -> None:
    assert imported("run.py") - sys.stdlib_module_names == set()


def test_run_can_be_read_by_a_python_that_is_too_old() -> None:
    assert ast.parse(text("run.py"), feature_version=(3, 7))
