"""Forms of django-allauth that ask for more than it does."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm


class AnotherPasswordForm(ChangePasswordForm):  # type: ignore[misc] # allauth has no types
    """A new password must be a new one: otherwise the one that an administrator knows would stay."""

    def clean(self) -> dict[str, Any]:
        """Refuse the current password as the new one."""
        found: dict[str, Any] = super().clean()
        new = found.get("password1")
        if new and self.user.check_password(new):
            self.add_error("password1", get_adapter().validation_error("same_as_current"))
        return found
