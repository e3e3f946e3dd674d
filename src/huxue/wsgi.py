"""The application as a server calls it."""

from __future__ import annotations

import os
from contextlib import suppress

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huxue.settings")
application = get_wsgi_application()


def _warm() -> None:
    """Load what the first page would wait for: addresses and rules of the day; keep standings up from then on."""
    from django.db import connection  # noqa: PLC0415 - only once the settings are there
    from django.urls import get_resolver  # noqa: PLC0415 - likewise

    from huxue.core.values import MINUTES_A_DAY, Refused  # noqa: PLC0415 - likewise
    from huxue.web import upkeep  # noqa: PLC0415 - likewise
    from huxue.web.clock import now  # noqa: PLC0415 - likewise
    from huxue.web.rules import rules_on  # noqa: PLC0415 - likewise

    _ = get_resolver().url_patterns
    with suppress(Refused):  # a site whose first rulebook is yet to be chosen
        rules_on(now() // MINUTES_A_DAY)
    connection.close()
    upkeep.start()


_warm()
