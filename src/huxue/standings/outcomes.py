"""Tables of what follows from the standings of a day: proposals of the ladders, and scores. Made whole by ``keep``.

They are a copy for pages: what they say was worked out by ``standings.ladder`` and ``standings.scores`` and can be made
again at any time. A decision never trusts them; ``actions.ladder`` works the proposal out anew.
"""

# ruff: noqa: RUF012 - Django reads lists from the class

from __future__ import annotations

from django.db import models


class Proposal(models.Model):
    """A measure that waits for a decision; those that go out by themselves are not here."""

    code = models.TextField(primary_key=True)
    ladder = models.TextField()
    measure = models.TextField()
    subject = models.TextField()  # a duty, or the item of a case
    kind = models.TextField(default="")  # of the case; "": a duty
    decides = models.TextField()  # code of the organisation; "-": none above
    addressees = models.BigIntegerField()  # how many
    workdays = models.BigIntegerField()  # of the one that is behind longest
    text = models.TextField()  # canonical JSON: see ``kept_proposals``
    as_of = models.BigIntegerField()  # a day

    class Meta:
        """Read by who decides."""

        app_label = "standings"
        indexes = [models.Index(fields=["decides", "measure"], name="proposal_decides")]


class Proposed(models.Model):
    """A proposal is about an organisation."""

    pk = models.CompositePrimaryKey("organisation", "proposal")
    organisation = models.TextField()
    proposal = models.TextField()

    class Meta:
        """Read by organisation; removed by proposal."""

        app_label = "standings"
        indexes = [models.Index(fields=["proposal"], name="proposed_proposal")]


class TreeYear(models.Model):
    """The assessment period that the scores of one tree are of, and how they lie; never in which order."""

    tree = models.TextField(primary_key=True)
    period = models.TextField()
    lo = models.BigIntegerField()  # days
    hi = models.BigIntegerField()
    snap = models.BigIntegerField()  # the day whose tree of organisations counts
    as_of = models.BigIntegerField()
    known_at = models.BigIntegerField()
    edition = models.TextField()  # hash of the rulebook
    spread = models.TextField()  # JSON: [how many, lowest, quarter, middle, three quarters, highest], hundredths

    class Meta:
        """Part of the standings."""

        app_label = "standings"


class Measured(models.Model):
    """What an organisation has against what it needs, by a duty of the shape ratio, in the latest period; met too."""

    pk = models.CompositePrimaryKey("organisation", "duty")
    organisation = models.TextField()
    duty = models.TextField()
    period = models.TextField()
    status = models.SmallIntegerField()  # number of ``core.duties.standing.STATUSES``
    have = models.BigIntegerField()
    need = models.BigIntegerField()
    due = models.BigIntegerField()

    class Meta:
        """Part of the standings."""

        app_label = "standings"


class KeptScore(models.Model):
    """What a tree gives one organisation, and what lies below it."""

    pk = models.CompositePrimaryKey("organisation", "tree")
    organisation = models.TextField()
    tree = models.TextField()
    total = models.BigIntegerField(null=True)  # hundredths; NULL: nothing was scored
    grade = models.TextField(default="")
    score = models.TextField()  # canonical JSON: see ``core.scoring.canonical``
    evidence = models.TextField()  # JSON: part → lines, see ``evidence``

    class Meta:
        """Lists are of one tree."""

        app_label = "standings"
        indexes = [models.Index(fields=["tree", "organisation"], name="kept_score_tree")]
