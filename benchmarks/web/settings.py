"""The site's own settings, with one address more: an empty page, what everything else is measured against."""

from __future__ import annotations

from huxue.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.web.urls"
