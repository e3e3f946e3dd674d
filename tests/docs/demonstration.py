"""What ``demo --small`` prints, shortened as the two READMEs show it.

Works in the current folder and prints a JSON object: name of the README → the text its block must hold. With the word
``write`` it puts them into the READMEs instead; do that after a change of the demonstration::

    cd $(mktemp -d) && PYTHONPATH=REPOSITORY:REPOSITORY/src python -m tests.docs.demonstration write
"""

from __future__ import annotations

import json
import re
import sys
from contextlib import redirect_stdout
from io import StringIO

from huxue.commands.main import main
from huxue.core.values import Language
from tests.docs.pages import ROOT

READMES: dict[str, Language] = {"README.zh-CN.md": "zh", "README.md": "en"}
BLOCK = re.compile(
    r"(?<=^```console\n)\$ python3 run\.py demo --small(?: --lang en)?\n.*?(?=^```$)", re.MULTILINE | re.DOTALL
)
KEPT = 5  # lines of each paragraph


def shortened(text: str) -> str:
    """Return the first lines of each paragraph."""
    return "\n\n".join(_first(paragraph) for paragraph in text.strip("\n").split("\n\n")) + "\n"


def _first(paragraph: str) -> str:
    lines = [line.rstrip() for line in paragraph.splitlines()]
    return "\n".join([*lines[:KEPT], "  …"] if len(lines) > KEPT else lines)


def briefings() -> dict[str, str]:
    """Make the small city once and return the block of each README."""
    with redirect_stdout(StringIO()):
        main(["demo", "--small", "--no-serve"])
    # Django must know the site before these can be imported.
    from huxue.commands.briefing import lines  # noqa: PLC0415 - see above
    from huxue.demo import TODAY  # noqa: PLC0415 - see above
    from huxue.standings.scores import scores_of_site  # noqa: PLC0415 - see above
    from huxue.standings.site import edition_for  # noqa: PLC0415 - see above

    scored = scores_of_site(edition_for(as_of=TODAY, known_at=TODAY), as_of=TODAY, known_at=TODAY)
    command = {"zh": "$ python3 run.py demo --small\n", "en": "$ python3 run.py demo --small --lang en\n"}
    return {
        name: command[language] + shortened("\n".join(lines(scored, language))) for name, language in READMES.items()
    }


if __name__ == "__main__":
    found = briefings()
    if sys.argv[1:] == ["write"]:
        for name, block in found.items():
            page = (ROOT / name).read_text("utf-8")
            (ROOT / name).write_text(BLOCK.sub(lambda _, block=block: block, page), "utf-8")
    else:
        json.dump(found, sys.stdout, ensure_ascii=False)
