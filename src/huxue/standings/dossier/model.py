"""What a dossier says, as values: the page, the print and the document are made of the same ones."""

from __future__ import annotations

from dataclasses import dataclass, field

from huxue.core.duties.standing import Status
from huxue.core.values import Text
from huxue.standings.kept_ratios import Ratio


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation by code and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Particular:
    """One figure or word about an organisation: a trait."""

    trait: str
    title: Text
    value: Text


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post and who holds it (names where there is an account, else the code of the person); nobody: vacant."""

    post: str
    title: Text
    holders: tuple[str, ...]
    since: int | None  # the minute since which the present holder has it


@dataclass(frozen=True, slots=True)
class Rank:
    """One link of the chain of responsibility: an organisation with the posts that answer for it."""

    organisation: Place
    answers: Text  # for what
    posts: tuple[PostLine, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """A leader who is linked to the school, and who goes there."""

    item: str
    organisation: Place
    title: Text
    holders: tuple[str, ...]
    staff: str


@dataclass(frozen=True, slots=True)
class DutyLine:
    """How a duty stands: its most pressing obligation, and how many there are of each state."""

    duty: str
    title: Text
    period: str
    status: Status
    have: int
    need: int
    due: int
    count: int  # obligations in this state
    why: Text


@dataclass(frozen=True, slots=True)
class Counts:
    """Obligations by state; those beside a stronger duty are left out."""

    overdue: int = 0
    at_risk: int = 0
    due: int = 0
    met: int = 0
    missed: int = 0
    excused: int = 0


@dataclass(frozen=True, slots=True)
class RatioLine:
    """Have against need, with how the need comes about."""

    ratio: Ratio
    title: Text
    how: Text

    @property
    def short(self) -> bool:
        """Whether something is lacking."""
        return self.ratio.have < self.ratio.need


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case: where it is, by when, and what its opening said."""

    item: str
    kind: str
    title: Text
    step: Text
    ended: bool
    grade: str  # code of the grade of a hazard, "" for none
    grade_title: Text | None
    opened: int
    deadline: int | None
    said: Text


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A record: when, what, by whom, and what it says."""

    item: str
    kind: str
    title: Text
    at: int
    by: tuple[Place, ...]
    said: Text
    found: int | None  # hazards found, where the record says so


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """How many entries of a register stand; ``until``: the nearest date by which one of them lapses."""

    kind: str
    title: Text
    count: int
    until: str
    until_title: Text | None


@dataclass(frozen=True, slots=True)
class Venue:
    """Something within reach of a school; ``x`` and ``y``: metres from its middle, where the place is known."""

    item: str
    name: str
    sort: Text
    distance: int | None  # decimetres
    within: bool | None
    at: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Site:
    """The plan of a school: ``ring`` and ``gates`` in decimetres from its middle, x to the east, y to the north."""

    systems: tuple[str, ...]  # coordinate systems that the places were given in
    ring: tuple[tuple[int, int], ...]
    gates: tuple[tuple[int, int], ...]
    point: tuple[int, int] | None
    surveyed: str
    venues: tuple[Venue, ...]


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """What a tree gives; hundredths of a point."""

    tree: str
    title: Text
    total: int | None
    grade: Text | None


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure of the ladder about the organisation: issued, dismissed, postponed, or (no day) proposed."""

    title: Text
    about: Text
    decision: str
    at: int | None
    link: str  # code of the proposal, or item of the measure


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything about one organisation, as the ledger and the kept standings have it."""

    code: str
    name: str
    type: str
    type_title: Text
    above: tuple[Place, ...]  # from the root down
    opened: int
    closed: int
    particulars: tuple[Particular, ...]
    posts: tuple[PostLine, ...]
    chain: tuple[Rank, ...]
    departments: tuple[Rank, ...]
    linked: tuple[Linked, ...]
    as_of: int | None  # day of the kept standings; None: none are kept
    counts: Counts
    duties: tuple[DutyLine, ...]
    ratios: tuple[RatioLine, ...]
    hazards: tuple[CaseLine, ...]
    hazards_open: int
    incidents: tuple[CaseLine, ...]
    inspections: tuple[RecordLine, ...]
    drills: tuple[RecordLine, ...]
    undrilled: tuple[Text, ...]  # sorts of drill not held in the last twelve months
    registers: tuple[RegisterLine, ...]
    measures: tuple[MeasureLine, ...]
    scores: tuple[ScoreLine, ...]
    site: Site | None = field(default=None)
