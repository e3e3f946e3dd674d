"""``python -m huxue.commands.work NUMBER``: the process that does what a page asked for. No command for people."""

from __future__ import annotations

import os
import sys

import django


def run(number: int) -> None:
    """Do the work of this number on the site of the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huxue.settings")
    django.setup()
    from huxue.actions.jobs import work  # noqa: PLC0415 - models can be imported only now

    work(number)


if __name__ == "__main__":
    run(int(sys.argv[1]))
