"""The page of commands says what the commands say of themselves: each command, each option, no other."""

from __future__ import annotations

import argparse
import importlib
import re
import shlex
from collections.abc import Iterator

import pytest

from huxue.commands import main
from tests.docs.pages import ROOT

PAGE = (ROOT / "docs/reference/commands.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
COMMON = {"--help", "--site", "--lang"}


def parsers() -> dict[str, argparse.ArgumentParser]:
    """The parser of each command."""
    modules = [importlib.import_module(name) for name in main.names().values()]
    return dict(subparsers(main.parser(modules)))


def subparsers(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def options(parser: argparse.ArgumentParser) -> set[str]:
    """Every option of a command and its verbs."""
    own = {option for action in parser._actions for option in action.option_strings if option.startswith("--")}
    return own.union(*(options(verb) for _, verb in subparsers(parser))) - COMMON


@pytest.fixture(scope="module")
def commands() -> dict[str, argparse.ArgumentParser]:
    return parsers()


def test_every_command_has_its_section(commands: dict[str, argparse.ArgumentParser]) -> None:
    assert sorted(SECTIONS) == sorted(commands)


def test_every_option_is_said_and_no_other(commands: dict[str, argparse.ArgumentParser]) -> None:
    said = {name: set(re.findall(r"--[a-z][a-z-]*", section)) - COMMON for name, section in SECTIONS.items()}
    assert said == {name: options(parser) for name, parser in commands.items()}


def test_every_verb_is_said(commands: dict[str, argparse.ArgumentParser]) -> None:
    verbs = {name: [verb for verb, _ in subparsers(parser)] for name, parser in commands.items()}
    assert [(name, verb) for name in verbs for verb in verbs[name] if f"`{verb} " not in SECTIONS[name]] == []


def test_every_help_has_an_example(commands: dict[str, argparse.ArgumentParser]) -> None:
    assert [name for name, parser in commands.items() if f"huxue {name}" not in (parser.epilog or "")] == []


def typed(name: str) -> list[str]:
    """The complete command lines of a page: those in blocks and in the tables of commands."""
    text = (ROOT / name).read_text("utf-8")
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    lines = [line.removeprefix("$ ").partition("  #")[0] for block in blocks for line in block.splitlines()]
    cells = re.findall(r"^\|.*\| `(huxue [^`]+)` \|$", text, re.MULTILINE)
    return [line for line in (*lines, *cells) if re.match("huxue [a-z]", line)]


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "README.zh-CN.md",
        "docs/operators.md",
        *(f"docs/reference/{n}.md" for n in ("commands", "rulebook")),
    ],
)
def test_command_lines_can_be_typed(name: str) -> None:
    modules = [importlib.import_module(module) for module in main.names().values()]
    parser = main.parser(modules)
    lines = typed(name)
    assert lines
    assert [line for line in lines if not understood(parser, line)] == []


def understood(parser: argparse.ArgumentParser, line: str) -> bool:
    try:
        parser.parse_args(shlex.split(line)[1:])
    except SystemExit:
        return False
    return True
