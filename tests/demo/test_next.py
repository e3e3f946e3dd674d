"""What the demonstration says to try next can be typed as it stands, wherever the site lies."""

from __future__ import annotations

import shlex

import pytest

from huxue.commands import ladder, mechanisms, rebuild, standings, why
from huxue.commands.demo import _NEXT
from huxue.commands.main import _common, parser


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_to_try_next_can_be_typed(language: str) -> None:
    text = _NEXT.say("zh" if language == "zh" else "en")
    said = text.format(site="/a b", place=shlex.quote("/a b"), day="2026-07-31").splitlines()[1:]
    read = [shlex.split(line) for line in said]
    assert [words[:2] for words in read] == [["python3", "run.py"]] * 6
    common = [_common().parse_known_args(words[2:]) for words in read]
    commands = [parser([ladder, mechanisms, rebuild, standings, why]).parse_args(rest).command for _, rest in common]
    assert [(command, str(given.site)) for command, (given, _) in zip(commands, common, strict=True)] == [
        ("standings", "/a b"),
        ("why", "/a b"),
        ("why", "/a b"),
        ("ladder", "/a b"),
        ("mechanisms", "/a b"),
        ("rebuild", "/a b"),
    ]
