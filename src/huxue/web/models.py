"""Tables of the pages themselves: what is not finished yet and how somebody likes his lists. None holds a fact."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Draft(models.Model):
    """A form that somebody began. Gone once it is sent, thrown away, or 30 days old."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    form = models.TextField()  # address of the form
    values = models.TextField()  # JSON: what stands in its fields
    updated = models.BigIntegerField()  # a moment

    class Meta:
        """One draft of a form for each person."""

        constraints = [models.UniqueConstraint(fields=["user", "form"], name="draft_form")]


class SavedView(models.Model):
    """Filters and columns of a list under a name, for one person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    kind = models.TextField()
    name = models.TextField()
    query = models.TextField()  # the address's query

    class Meta:
        """A name is used once in a list."""

        constraints = [models.UniqueConstraint(fields=["user", "kind", "name"], name="saved_view_name")]


class Timing(models.Model):
    """How often filling in a form took so long: by form, role and county, never by person, session or school."""

    form = models.TextField()
    role = models.TextField()
    county = models.TextField()  # code; "": above the counties
    bucket = models.IntegerField()  # tens of seconds, rounded down; 60 and above is one class
    count = models.BigIntegerField(default=0)

    class Meta:
        """One count for each class."""

        constraints = [models.UniqueConstraint(fields=["form", "role", "county", "bucket"], name="timing_class")]
