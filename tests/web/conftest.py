"""Browsers without a screen: Django's test client, signed in as one of the demonstration's people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from huxue.access.models import User
from tests.sites import Site

SignIn = Callable[[str], Client]


@pytest.fixture
def sign_in(city: Site) -> SignIn:
    """Return a client signed in under a name of the demonstration, on SQLite."""
    return client_of


@pytest.fixture
def sign_in_either(either_city: Site) -> SignIn:
    """The same, once on each database."""
    return client_of


def client_of(name: str, lang: str = "zh") -> Client:
    """Return a client signed in under a name."""
    client = Client(headers={"accept-language": "zh"})
    client.force_login(User.objects.get(username=name))
    client.cookies["lang"] = lang
    return client


@pytest.fixture
def site_of(city: Site) -> Site:
    """The city that clients are signed in to."""
    return city
