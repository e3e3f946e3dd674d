"""How passwords are stored: argon2id, with memory that two hundred people signing in at once do not exhaust."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Above the least that OWASP's cheat sheet on storing passwords asks (19 MiB, two passes, one lane).

    Django's own choice takes 100 MiB for every sign-in, most of what a worker may have. Passwords stored with other
    figures still open, and are stored anew.
    """

    time_cost = 3
    memory_cost = 32 * 1024  # KiB
    parallelism = 1
