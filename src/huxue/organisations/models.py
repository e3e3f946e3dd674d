"""Tables of the organisations. Every row follows from facts; only ``ledger.append`` and ``rebuild`` write here.

All moments are minutes since 1970-01-01 of civil time; spans are half open, ``[from, to)``; an open end is ``OPEN``.
``valid_*`` is when something was so, ``known_*`` when the ledger said so. A question "as of v, as known at k" reads
``valid_from <= v < valid_to and known_from <= k < known_to``.
"""

from __future__ import annotations

from django.db import models

from huxue.core.values import FAR, MINUTES_A_DAY

OPEN = FAR * MINUTES_A_DAY  # the open end of a span, in minutes


class Dated(models.Model):
    """The four dates of every span."""

    item = models.TextField()  # the entry this follows from
    valid_from = models.BigIntegerField()
    valid_to = models.BigIntegerField()
    known_from = models.BigIntegerField()
    known_to = models.BigIntegerField()

    class Meta:
        """Shared columns only."""

        abstract = True


class Organisation(models.Model):
    """An organisation as it stands now, with its place in today's tree. The past is in ``Edge`` and in the facts."""

    code = models.TextField()
    item = models.TextField()
    name = models.TextField()
    type = models.TextField()
    area = models.TextField(default="")  # calendar; "": that of the parent
    parent = models.TextField(default="")  # code; "": a root
    path = models.TextField()  # "CITY/C01/T003/"; a subtree is path >= "CITY/C01/" and path < "CITY/C010"
    traits = models.TextField(default="{}")  # JSON
    opened = models.BigIntegerField()
    closed = models.BigIntegerField(default=OPEN)
    in_use_from = models.BigIntegerField(null=True)  # a day

    class Meta:
        """A subtree is one range of ``path``."""

        constraints = [
            models.UniqueConstraint(fields=["code"], name="organisation_code"),
            models.UniqueConstraint(fields=["item"], name="organisation_item"),
        ]
        indexes = [
            models.Index(fields=["path"], name="organisation_path"),
            models.Index(fields=["parent"], name="organisation_parent"),
            models.Index(fields=["type"], name="organisation_type"),
        ]


class Edge(Dated):
    """``child`` stood under ``parent``: in the territory, or supervised in a topic."""

    child = models.TextField()
    parent = models.TextField()
    sort = models.TextField()  # "territorial" | "supervisory"
    topic = models.TextField(default="")

    class Meta:
        """Read from both ends."""

        indexes = [
            models.Index(fields=["child", "sort"], name="edge_child"),
            models.Index(fields=["parent", "sort", "topic"], name="edge_parent"),
            models.Index(fields=["item"], name="edge_item"),
        ]


class Post(Dated):
    """A post of an organisation; ``code`` is ``<organisation>/<type>`` or ``<organisation>/<type>:<n>``."""

    code = models.TextField()
    organisation = models.TextField()
    type = models.TextField()

    class Meta:
        """Read by code and by organisation."""

        indexes = [
            models.Index(fields=["code"], name="post_code"),
            models.Index(fields=["organisation", "type"], name="post_organisation"),
            models.Index(fields=["item"], name="post_item"),
        ]


class Holding(Dated):
    """A person held a post."""

    post = models.TextField()
    person = models.TextField()

    class Meta:
        """Read by post and by person."""

        indexes = [
            models.Index(fields=["post"], name="holding_post"),
            models.Index(fields=["person"], name="holding_person"),
            models.Index(fields=["item"], name="holding_item"),
        ]
