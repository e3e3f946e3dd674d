"""What somebody asks of a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from huxue.ledger.items import CLOSED, ENDING, STEP

SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see of a kind.

    ``facets``: field → values, one of which must hold. ``state``: "" any, "open", "ended", or a case's ending.
    ``organisation``: only what credits this one or one below it. ``period``: first and last day on which it happened
    or began. ``due_before``: open cases whose deadline lies before this minute. ``order``: "" the usual one (see
    ``items``), "new" the newest first. ``after``: a key that a page gave. ``exact``: count exactly, whatever it costs.
    ``personal``: the text may be searched in personal values.
    """

    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    text: str = ""
    step: str = ""
    open_only: bool = False
    state: str = ""
    organisation: str = ""
    period: tuple[int, int] | None = None
    due_before: int | None = None
    order: str = ""
    after: str = ""
    size: int = SIZE
    exact: bool = False
    personal: bool = False

    def of_size(self, size: int) -> Asked:
        """Return the same from the first page, so many rows at once."""
        return replace(self, size=size, after="")

    @property
    def filters(self) -> list[tuple[str, tuple[str, ...]]]:
        """The facets asked for, the place of a case among them."""
        found = [(name, tuple(values)) for name, values in self.facets.items() if values]
        if self.step:
            found.append((STEP, (self.step,)))
        if self.state not in ("", "open", "ended", CLOSED):
            found.append((ENDING, (self.state,)))
        return found

    @property
    def standing(self) -> str:
        """Whether it must be "open" or "ended"; "": either."""
        return (
            "open"
            if self.open_only or self.state == "open" or self.due_before is not None
            else "ended"
            if self.state in ("ended", CLOSED)
            else ""
        )
