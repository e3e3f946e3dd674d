"""Who held which post when, as known now."""

from __future__ import annotations

from huxue.core.values import Refused
from huxue.organisations.models import OPEN, Holding, Post

ENDED = "holding_ended"  # mark of a fact: the post was held when it happened, and is held no more when it arrives


def right_to_act(post: str, person: str, *, at: int, now: int) -> str:
    """Refuse who did not hold a post at ``at``; return the mark of the fact: ``holding_ended`` or ``""``.

    Without a person only the post is checked. Refusals: ``unknown_post``, ``post_not_held``.
    """
    stood = Post.objects.filter(code=post, known_to=OPEN, valid_from__lte=at, valid_to__gt=at)
    ends = list(stood.values_list("valid_to", flat=True))
    if not ends:
        raise Refused("unknown_post", f"当时没有岗位“{post}”。", f"There was no post {post!r} then.")
    if person:
        held = Holding.objects.filter(post=post, person=person, known_to=OPEN, valid_from__lte=at, valid_to__gt=at)
        ends = list(held.values_list("valid_to", flat=True))
        if not ends:
            raise Refused(
                "post_not_held", f"当时不任“{post}”。", f"The post {post!r} was not held by this person then."
            )
    return "" if max(ends) > now else ENDED


def holders(post: str, *, at: int) -> list[str]:
    """Return the persons who held a post at a moment, as known now; none: vacant."""
    held = Holding.objects.filter(post=post, known_to=OPEN, valid_from__lte=at, valid_to__gt=at)
    return sorted(held.values_list("person", flat=True))
