"""Proposals: what one office decides together, one document with a table of those it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from huxue.core.ladder.chart import Chart
from huxue.core.ladder.climbing import Owed
from huxue.core.ladder.episodes import Episode
from huxue.core.ladder.model import Rung
from huxue.core.values import Text

SYSTEM = "system"  # the reminders, which nobody decides
NOBODY = "-"  # no organisation above decides


@dataclass(frozen=True, slots=True)
class Addressee:
    """One organisation of a proposal, with its episode; ``workdays`` since the oldest deadline."""

    organisation: str
    episode: Episode
    workdays: int

    @property
    def span(self) -> tuple[str, str]:
        """The first and the last obligation."""
        return self.episode.behind[0].period, self.episode.behind[-1].period

    def sentence(self) -> Text:
        """Say how far behind it is."""
        missed = self.episode.missed
        return behind(self.episode.kind, self.workdays, len(self.episode.behind) - missed, missed)


def behind(kind: str, workdays: int, late: int, missed: int) -> Text:
    """Say how far behind somebody is: ``late`` obligations overdue, ``missed`` ones; of a case (``kind``) how long."""
    zh, en = f"{workdays} 个工作日", f"{workdays} working day{'' if workdays == 1 else 's'}"
    if kind:
        return Text(zh=f"已过 {zh}", en=f"{en} ago")
    parts_zh = [f"逾期 {zh}" if late else f"已过期限 {zh}"]
    parts_en = [f"overdue {en}" if late else f"{en} past the deadline"]
    parts_zh += [f"逾期 {late} 项"] * (late > 1) + [f"未履行 {missed} 项"] * (missed > 0)
    parts_en += [f"{late} overdue"] * (late > 1) + [f"{missed} missed"] * (missed > 0)
    return Text(zh="，".join(parts_zh), en=", ".join(parts_en))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rung of a ladder for one subject, to be decided by one organisation about one or many.

    ``subject``: a duty, or (``kind`` says of which kind) a case. ``decides``: code of the organisation, ``SYSTEM`` or
    ``NOBODY``.
    """

    ladder: str
    rung: Rung
    subject: str
    kind: str
    decides: str
    addressees: tuple[Addressee, ...]

    @property
    def code(self) -> str:
        """Its stable name: ``governments.supervise.county.joint-inspection@LZ``."""
        return f"{self.ladder}.{self.rung.measure}.{self.subject}@{self.decides}"

    @property
    def by_itself(self) -> bool:
        """Whether it is a reminder, which goes out without a decision."""
        return self.rung.by == SYSTEM


def group(found: Iterable[Owed], chart: Chart) -> list[Proposal]:
    """Return everything owed as proposals, by code; each bearer stands in exactly one for each of its episodes."""
    groups: dict[tuple[str, str, str, str], list[Owed]] = {}
    for one in found:
        key = (one.ladder, one.rung.measure, one.episode.subject, _decides(one, chart))
        groups.setdefault(key, []).append(one)
    made = [_proposal(key[3], members) for key, members in groups.items()]
    return sorted(made, key=lambda proposal: proposal.code)


def _decides(one: Owed, chart: Chart) -> str:
    if one.rung.by == SYSTEM:
        return SYSTEM
    said = one.rung.decides
    return (chart.decides(said, one.episode.organisation) if said else "") or NOBODY


def _proposal(decides: str, members: list[Owed]) -> Proposal:
    first = members[0]
    addressees = sorted(
        (Addressee(one.episode.organisation, one.episode, one.workdays) for one in members),
        key=lambda addressee: addressee.organisation,
    )
    return Proposal(first.ladder, first.rung, first.episode.subject, first.episode.kind, decides, tuple(addressees))
