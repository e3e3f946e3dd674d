"""The help of every command and verb shows an example, and the example can be typed as it stands."""

from __future__ import annotations

import argparse
import importlib
import re
import shlex
from collections.abc import Iterator

import pytest
from django.conf import settings

from huxue.commands import main as command_line

MODULES = [importlib.import_module(name) for name in command_line.names().values()]


def parsers(parser: argparse.ArgumentParser, *words: str) -> Iterator[tuple[str, ...]]:
    """The words of every command and verb."""
    yield words
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, below in action.choices.items():
                yield from parsers(below, *words, word)


@pytest.mark.parametrize("words", sorted(parsers(command_line.parser(MODULES))), ids=" ".join)
def test_help_shows_an_example_that_can_be_typed(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        command_line.main(["--site", str(settings.SITE), *words, "--help"])
    shown = capsys.readouterr().out
    examples = re.findall(r"^(?:example: |  )(huxue .+?)(?: {3,}.*)?$", shown, re.MULTILINE)
    typed = [shlex.split(example)[1:] for example in examples]
    assert typed
    for example in typed:
        _, rest = command_line._common().parse_known_args(example)
        args = command_line._parsed(command_line.parser(MODULES), rest)
        assert tuple(rest[: len(words)]) == words
        assert args.command == rest[0]
