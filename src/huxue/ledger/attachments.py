"""The bytes of photos and files travel apart from the facts that name them by hash."""

from __future__ import annotations

from huxue.ledger.models import Attachment


def arrived(sha256: str) -> int:
    """Mark the bytes with this hash as present wherever a fact names them; return in how many places."""
    return Attachment.objects.filter(sha256=sha256, state="declared").update(state="present")


def missing(facts: list[str]) -> list[str]:
    """Return the hashes that these facts name and whose bytes have not arrived."""
    rows = Attachment.objects.filter(fact__in=facts, state="declared").values_list("sha256", flat=True)
    return sorted(set(rows))
