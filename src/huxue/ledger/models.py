"""Tables of the ledger.

Facts are only ever added; every other table here follows from them (see ``rebuilding``), except the values of personal
data, which are held apart so that they can be erased, the list of editions, and the progress of imports.

All moments are minutes since 1970-01-01 of civil time; spans are half open; an open end is ``OPEN``.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from huxue.organisations.models import Dated

RESERVED_ENTRIES = ("holding", "organisation", "oversight", "post")


class Fact(models.Model):
    """One line of the ledger. PostgreSQL has one column more: ``xact``, the transaction it came with."""

    seq = models.BigAutoField(primary_key=True)  # order of arrival; not the order of commitment on PostgreSQL
    uid = models.TextField(db_column="id")  # the client's id, time-ordered
    kind = models.TextField()
    verb = models.TextField()
    step = models.TextField(default="")
    item = models.TextField()
    at_min = models.BigIntegerField()
    recorded_min = models.BigIntegerField()
    organisation = models.TextField(default="")  # the first that it credits: by, else about, else any
    roles = models.TextField(default="{}")  # canonical JSON, as are the fields
    fields = models.TextField(default="{}")
    replaces = models.TextField(default="")
    reference = models.TextField(default="")
    post = models.TextField(default="")
    person = models.TextField(default="")
    makeup = models.BooleanField(default=False)
    deadline = models.BigIntegerField(null=True)
    origin = models.TextField(null=True)  # noqa: DJ001 - absent is not empty: key of a row in an imported file
    hash = models.TextField()  # sha256 of the canonical JSON of the content
    marks = models.TextField(default="")  # what the ledger noticed, e.g. "holding_ended"; not part of the content
    import_number = models.BigIntegerField(null=True)

    class Meta:
        """A fact is replaced at most once."""

        constraints = [
            models.UniqueConstraint(fields=["uid"], name="fact_id"),
            models.UniqueConstraint(fields=["replaces"], name="fact_replaces", condition=~Q(replaces="")),
        ]
        indexes = [
            models.Index(fields=["item"], name="fact_item"),
            models.Index(fields=["organisation", "kind", "at_min"], name="fact_organisation"),
            models.Index(fields=["reference"], name="fact_reference", condition=~Q(reference="")),
            models.Index(fields=["origin"], name="fact_origin", condition=Q(origin__isnull=False)),
            models.Index(fields=["kind"], name="fact_reserved", condition=Q(kind__in=RESERVED_ENTRIES)),
            models.Index(fields=["person", "seq"], name="fact_told", condition=Q(kind="feedback", step="raised")),
        ]


class Credit(models.Model):
    """A fact credits an organisation in a role."""

    pk = models.CompositePrimaryKey("organisation", "fact", "role")
    organisation = models.TextField()
    fact = models.BigIntegerField()  # seq
    role = models.TextField()


class Entry(Dated):
    """One version of an entry, or the claim of a time that it was so."""

    kind = models.TextField()
    organisation = models.TextField()
    roles = models.TextField(default="{}")
    fields = models.TextField(default="{}")
    fact = models.TextField()  # id of the fact that says so
    open = models.BooleanField()  # the version that stands, as known now

    class Meta:
        """Lists are of what stands now."""

        indexes = [
            models.Index(fields=["item"], name="entry_item"),
            models.Index(fields=["kind", "organisation", "item"], name="entry_open", condition=Q(open=True)),
        ]


class Case(models.Model):
    """A case as it stands now."""

    item = models.TextField(primary_key=True)
    kind = models.TextField()
    organisation = models.TextField()
    step = models.TextField()  # where it is
    ended_as = models.TextField(default="")  # "": open
    deadline = models.BigIntegerField(null=True)
    opened = models.BigIntegerField()
    last_fact = models.TextField()  # id of the last step
    open = models.BooleanField()

    class Meta:
        """Work lists: open cases of a kind by deadline, and those that wait for somebody."""

        indexes = [
            models.Index(fields=["kind", "deadline", "item"], name="case_open", condition=Q(open=True)),
            models.Index(fields=["organisation", "kind"], name="case_organisation"),
            models.Index(
                fields=["organisation", "kind", "step", "deadline", "item"],
                name="case_waiting",
                condition=Q(open=True),
            ),
        ]


class Attachment(models.Model):
    """A fact names a photo, a file or a signature by hash; ``present`` once its bytes have arrived."""

    pk = models.CompositePrimaryKey("fact", "field", "sha256")
    fact = models.TextField()
    field = models.TextField()
    sha256 = models.TextField()
    state = models.TextField(default="declared")  # "declared" | "present"

    class Meta:
        """Bytes arrive by hash."""

        indexes = [models.Index(fields=["sha256"], name="attachment_sha256")]


class PersonalDatum(models.Model):
    """The value that a fact only points at with a salted hash. Erasing empties salt and value."""

    pk = models.CompositePrimaryKey("fact", "field")
    fact = models.TextField()
    field = models.TextField()
    salt = models.TextField()
    value = models.TextField()  # canonical JSON
    subject = models.TextField(default="")  # the person it is about, where the fact names one
    erased = models.BooleanField(default=False)

    class Meta:
        """Erased by person."""

        indexes = [models.Index(fields=["subject"], name="personal_subject", condition=~Q(subject=""))]


class Item(models.Model):
    """A record, an entry or a case as lists show it: one row, whatever its shape (docs/adr/0021)."""

    item = models.TextField(primary_key=True)
    kind = models.TextField()
    organisation = models.TextField()  # with whom it stands in a list
    parties = models.BigIntegerField()  # the set of organisations it credits: see ``Party``
    sort = models.BigIntegerField()  # its place in the usual order: see ``items``
    at = models.BigIntegerField()  # when it happened, or began
    step = models.TextField(default="")  # a case: where it is
    ended_as = models.TextField(default="")  # a case: its ending; an entry: "closed"; "": open
    deadline = models.BigIntegerField(null=True)
    fact = models.TextField()  # id of the fact that says it now: of a case its last step
    roles = models.TextField(default="")  # of a case, gathered over its steps; else "": those of the fact
    fields = models.TextField(default="")  # likewise

    class Meta:
        """The usual order, the newest first, and both within a set of organisations."""

        indexes = [
            models.Index(fields=["kind", "sort", "item", "parties"], name="item_order"),
            models.Index(fields=["kind", "at", "item", "parties"], name="item_at"),
            models.Index(fields=["kind", "parties", "sort", "item"], name="item_parties"),
        ]


class Party(models.Model):
    """An organisation belongs to a set of organisations that some item of a kind credits."""

    pk = models.CompositePrimaryKey("organisation", "kind", "parties")
    organisation = models.TextField()
    kind = models.TextField()
    parties = models.BigIntegerField()  # number of the set: see ``items.number_of``

    class Meta:
        """Read from both ends."""

        indexes = [models.Index(fields=["parties", "kind"], name="party_parties")]


class ItemCount(models.Model):
    """How many items of a kind credit a set of organisations, in all (field "") and by value of a filter.

    ``parties`` −1 counts the whole site. A count is the sum of its parts: there is one, and one more for each writer
    that found none free, so that nobody waits until another one's transaction ends.
    """

    pk = models.CompositePrimaryKey("kind", "parties", "field", "value", "part")
    kind = models.TextField()
    parties = models.BigIntegerField()
    field = models.TextField()
    value = models.TextField()
    part = models.BigIntegerField()
    n = models.BigIntegerField()


class Facet(models.Model):
    """The value that an item has now in a field declared as a filter; ``$step`` and ``$ended`` stand for a case's."""

    pk = models.CompositePrimaryKey("item", "field", "value")
    kind = models.TextField()
    field = models.TextField()
    value = models.TextField()
    item = models.TextField()
    sort = models.BigIntegerField()  # as in ``Item``
    parties = models.BigIntegerField()

    class Meta:
        """Read in the order of the list, over everything or within a set of organisations."""

        indexes = [
            models.Index(fields=["kind", "field", "value", "sort", "item", "parties"], name="facet_order"),
            models.Index(fields=["kind", "field", "value", "parties", "sort", "item"], name="facet_parties"),
        ]


class SearchText(models.Model):
    """The searched text of an item, with its pinyin initials; personal text by field, erased with its value."""

    pk = models.CompositePrimaryKey("item", "field")
    kind = models.TextField()
    item = models.TextField()
    field = models.TextField()  # "": all that is not personal
    text = models.TextField()
    initials = models.TextField()
    fact = models.TextField()  # id of the fact that says it; "" where nothing is personal
    personal = models.BooleanField(default=False)
    parties = models.BigIntegerField(default=0)  # as in ``Item``

    class Meta:
        """Erased by fact, searched by kind and by set of organisations."""

        indexes = [
            models.Index(fields=["fact"], name="search_personal", condition=Q(personal=True)),
            models.Index(fields=["kind"], name="search_kind"),
            models.Index(fields=["parties", "kind"], name="search_parties"),
        ]


class Import(models.Model):
    """A load of somebody's files. Parts of an exclusive one wait in ``Staged`` until it is finished."""

    number = models.BigAutoField(primary_key=True)
    recipe = models.TextField()
    exclusive = models.BooleanField()
    state = models.TextField()  # "running" | "visible" | "abandoned"
    parts = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    started = models.BigIntegerField()
    finished = models.BigIntegerField(null=True)


class Staged(models.Model):
    """Drafts of one part of an exclusive import: not facts yet, and nobody reads them."""

    pk = models.CompositePrimaryKey("number", "part")
    number = models.BigIntegerField()
    part = models.BigIntegerField()
    drafts = models.TextField()  # a JSON list


class Edition(models.Model):
    """A frozen rulebook."""

    hash = models.TextField(primary_key=True)
    valid_from = models.BigIntegerField()  # a day
    content = models.TextField()  # the rulebook's values, canonical JSON
    families = models.TextField(default="[]")  # JSON: those switched on
    activated_at = models.BigIntegerField(null=True)


class RulebookFiles(models.Model):
    """The files that a rulebook was made of, so that one value of it can be changed without them lying anywhere."""

    hash = models.TextField(primary_key=True)  # of the rulebook
    content = models.BinaryField()  # deflated JSON: see ``editions.keep_files``


class Job(models.Model):
    """Long work that a page asked for and another process does: checking, sealing or exporting the ledger."""

    number = models.BigAutoField(primary_key=True)
    sort = models.TextField()  # "verify" | "seal" | "export"
    state = models.TextField()  # "running" | "done" | "refused" | "failed"
    started = models.BigIntegerField()  # a moment
    seconds = models.BigIntegerField(null=True)  # that it took
    post = models.TextField(default="")  # that asked for it; "": an administration
    result = models.TextField(default="{}")  # JSON: see ``actions.jobs``


class SealKey(models.Model):
    """A key that signs or signed seals; it is in use until the next one is. Its private half is never here."""

    number = models.BigIntegerField(primary_key=True)  # 1, 2, …
    text = models.TextField()  # canonical JSON: see ``seal_texts.KeyText``
    signature = models.TextField(default="")  # hex, by the key before it; "": the first one, or that one was lost


class Seal(models.Model):
    """A signed root over all facts sealed so far. What it says stands once, in the text that is signed."""

    number = models.BigIntegerField(primary_key=True)  # 1, 2, …
    text = models.TextField()  # canonical JSON: see ``seal_texts.SealText``
    signature = models.TextField()  # hex
    edge = models.TextField()  # hex: the hashes from which the tree grows on


class SealedRun(models.Model):
    """Which facts are leaves, in the order of the tree: up to ``leaves.RUN`` of one seal in a row."""

    first = models.BigIntegerField(primary_key=True)  # place of its first leaf in the tree, from 0
    low = models.BigIntegerField()  # its smallest and its greatest seq
    high = models.BigIntegerField()
    facts = models.BinaryField()  # 8 bytes each: seq
    leaves = models.BinaryField()  # 32 bytes each: hash of the leaf
