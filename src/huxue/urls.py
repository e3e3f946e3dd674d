"""Addresses: every page's own (``web.routing``), and those of the library that signs people in."""

from __future__ import annotations

from huxue.web.routing import patterns

urlpatterns = patterns()

handler400 = "huxue.web.pages.bad_request"
handler404 = "huxue.web.pages.not_found"
handler500 = "huxue.web.pages.broken"
