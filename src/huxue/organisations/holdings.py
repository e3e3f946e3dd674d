"""Who held which post when, as known now."""

from __future__ import annotations

from huxue.core.values import Refused
from huxue.organisations.models import OPEN, Holding
from huxue.organisations.tables import select

ENDED = "holding_ended"  # mark of a fact: the post was held when it happened, and is held no more when it arrives


def right_to_act(post: str, person: str, *, at: int, now: int) -> str:
    """Refuse who did not hold a post at ``at``; return the mark of the fact: ``holding_ended`` or ``""``.

    Without a person only the post is checked. Refusals: ``unknown_post``, ``post_not_held``.
    """
    now_known = "known_to = %s AND valid_from <= %s AND valid_to > %s"
    ends = select(f"SELECT valid_to FROM organisations_post WHERE code = %s AND {now_known}", post, OPEN, at, at)
    if not ends:
        raise Refused("unknown_post", f"当时没有岗位“{post}”。", f"There was no post {post!r} then.")
    if person:
        held = f"SELECT valid_to FROM organisations_holding WHERE post = %s AND person = %s AND {now_known}"
        ends = select(held, post, person, OPEN, at, at)
        if not ends:
            raise Refused(
                "post_not_held", f"当时不任“{post}”。", f"The post {post!r} was not held by this person then."
            )
    return "" if max(ends)[0] > now else ENDED


def holders(post: str, *, at: int) -> list[str]:
    """Return the persons who held a post at a moment, as known now; none: vacant."""
    held = Holding.objects.filter(post=post, known_to=OPEN, valid_from__lte=at, valid_to__gt=at)
    return sorted(held.values_list("person", flat=True))
