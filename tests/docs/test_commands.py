"""The page of commands says what the commands say of themselves: each command, each option, no other."""

from __future__ import annotations

import argparse
import importlib
import re
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
