"""The application as a server calls it.

A server that forks its workers should import this module before: what a worker only reads is then held once for all.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huxue.settings")
_answer = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request; the first one starts the upkeep of standings, whose thread would not live through a fork."""
    upkeep.start()
    return _answer(environ, start_response)


def _warm() -> None:
    """Load what the first page would wait for: addresses and rules of the day."""
    from django.db import connection  # noqa: PLC0415 - only once the settings are there
    from django.urls import get_resolver  # noqa: PLC0415 - likewise

    from huxue.core.values import MINUTES_A_DAY, Refused  # noqa: PLC0415 - likewise
    from huxue.web.clock import now  # noqa: PLC0415 - likewise
    from huxue.web.rules import rules_on  # noqa: PLC0415 - likewise

    _ = get_resolver().url_patterns
    with suppress(Refused):  # a site whose first rulebook is yet to be chosen
        rules_on(now() // MINUTES_A_DAY)
    connection.close()
    gc.collect()
    gc.freeze()  # what is loaded now stays: no collection touches its pages, so that forked workers share them


from huxue.web import upkeep  # noqa: E402 - only once the settings are there

_warm()
