"""The application as a server calls it."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huxue.settings")
application = get_wsgi_application()

from huxue.web import upkeep  # noqa: E402 - after the settings are there

upkeep.start()
