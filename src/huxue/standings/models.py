"""Tables of kept standings: what the last full evaluation found, and what was written since.

Every row follows from the facts and the edition; ``kept.keep`` makes them anew, ``refreshing`` moves them on. Status
is a number of ``core.duties.standing.STATUSES``; moments are minutes, days are days since 1970-01-01.
"""

from __future__ import annotations

from django.db import models

from huxue.standings.outcomes import KeptScore, Measured, Proposal, Proposed, TreeYear


class Standing(models.Model):
    """A standing that is not met: due, overdue, missed or excused. What is met is counted in ``Tally``."""

    organisation = models.TextField()
    duty = models.TextField()
    period = models.TextField()
    status = models.SmallIntegerField()
    on_time = models.BooleanField()
    verified = models.SmallIntegerField()  # 1, 0, or -1 where no deed is counted
    have = models.BigIntegerField()
    need = models.BigIntegerField()
    due = models.BigIntegerField()
    provisional = models.BooleanField()
    shadowed = models.BooleanField()  # stands beside a stronger duty: neither ladder nor score nor sum

    class Meta:
        """Read by organisation and duty; work lists by what is open."""

        indexes = [models.Index(fields=["organisation", "duty"], name="standing_of")]


class Tally(models.Model):
    """How many standings there are of an organisation (``own``) or of its whole territory, by duty.

    ``duty`` "" is the sum over duties, without those beside a stronger one. Only organisations that have others below
    them have rows of a territory.
    """

    organisation = models.TextField()
    duty = models.TextField()
    own = models.BooleanField()
    bearers = models.IntegerField(default=0)  # organisations with a standing
    behind = models.IntegerField(default=0)  # of these, with something overdue
    met = models.IntegerField(default=0)
    on_time = models.IntegerField(default=0)
    verified = models.IntegerField(default=0)
    verifiable = models.IntegerField(default=0)  # met by deeds that somebody else can verify
    due = models.IntegerField(default=0)
    at_risk = models.IntegerField(default=0)  # of these, due within ``Kept.at_risk`` workdays
    overdue = models.IntegerField(default=0)
    missed = models.IntegerField(default=0)
    excused = models.IntegerField(default=0)
    confirmed = models.IntegerField(default=0)  # spot checks of twelve months that confirmed
    checked = models.IntegerField(default=0)  # all of them
    last = models.SmallIntegerField(default=-1)  # own only: status of the latest that is neither due nor overdue
    oldest = models.BigIntegerField(null=True)  # own only: the earliest deadline passed of what is overdue
    nearest = models.BigIntegerField(null=True)  # own only: the next deadline of what is due
    shadowed = models.BooleanField(default=False)  # own only

    class Meta:
        """One row for each."""

        constraints = [models.UniqueConstraint(fields=["organisation", "duty", "own"], name="tally_of")]


class MechanismShown(models.Model):
    """What a mechanism shows by the last full evaluation, over the whole site."""

    code = models.TextField(primary_key=True)
    lines = models.TextField()  # JSON: [{"zh": …, "en": …}]


class Kept(models.Model):
    """What the kept standings are about: one row."""

    edition = models.TextField()
    as_of = models.BigIntegerField()  # day
    known_at = models.BigIntegerField()  # day
    at_risk = models.IntegerField()  # workdays
    made = models.BigIntegerField()  # minute of the full evaluation
    moved = models.BigIntegerField()  # minute of the last refresh


class Visit(models.Model):
    """Why a school is worth a visit: see ``briefing.RULES``."""

    organisation = models.TextField(primary_key=True)
    rule = models.SmallIntegerField()  # place in ``RULES``
    silent = models.IntegerField()  # days without a record
    hazards = models.IntegerField()  # overdue
    major = models.IntegerField()  # of these
    days = models.IntegerField()  # of the hazard that is overdue longest
    lapses = models.IntegerField()  # obligations overdue or missed


class Stale(models.Model):
    """Something was written that the kept standings of an organisation do not know yet; "" and "": anything."""

    organisation = models.TextField()
    kind = models.TextField()

    class Meta:
        """Worked off by organisation."""

        indexes = [models.Index(fields=["organisation"], name="stale_organisation")]


__all__ = [
    "Kept", "KeptScore", "Measured", "Proposal", "Proposed", "Stale", "Standing", "Tally", "TreeYear", "Visit",
]  # fmt: skip
