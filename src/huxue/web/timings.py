"""How long forms take: counted by form, role and county in classes of ten seconds, and by nothing else.

The form carries the second at which it was opened, signed; nothing is measured in the browser and nothing is kept of
who sent it. A role that few people of a county hold is counted without the county, so that no count is a person.
"""

from __future__ import annotations

import time
from typing import Final

from django.core import signing
from django.db import connection

from huxue.access.viewer import Viewer

CLASS: Final = 10  # seconds
LAST: Final = 60  # this class holds everything from ten minutes on
LONGEST: Final = 4 * 3600  # seconds; a form left open over lunch says nothing
MANY: Final = ("post-holder", "principal")  # roles that enough people of any county hold
_SALT: Final = "huxue.timing"
_COUNTY: Final = 1  # place in a path: city / county / township / school


def opened() -> str:
    """Return the mark that a form carries: when it was opened."""
    return signing.Signer(salt=_SALT).sign(str(int(time.time())))


def count(form: str, viewer: Viewer, mark: str) -> None:
    """Count how long a form took that was sent just now; a mark that is not ours counts nothing."""
    seconds = _since(mark)
    if seconds is None or viewer.post is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO web_timing (form, role, county, bucket, count) VALUES (%s, %s, %s, %s, 1) "
            "ON CONFLICT (form, role, county, bucket) DO UPDATE SET count = web_timing.count + 1",
            [form, viewer.role.code, _county(viewer), min(seconds // CLASS, LAST)],
        )


def _since(mark: str) -> int | None:
    try:
        seconds = int(time.time()) - int(signing.Signer(salt=_SALT).unsign(mark))
    except (signing.BadSignature, ValueError):
        return None
    return seconds if 0 <= seconds <= LONGEST else None


def _county(viewer: Viewer) -> str:
    chain = viewer.post.path.split("/")[:-1] if viewer.post else []
    return chain[_COUNTY] if viewer.role.code in MANY and len(chain) > _COUNTY else ""
