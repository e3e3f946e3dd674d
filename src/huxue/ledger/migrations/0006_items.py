"""What lists read (docs/adr/0021). The rows follow from the facts: ``huxue rebuild`` fills them on a site that has facts."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Items, the sets of organisations they credit, their counts, and facets in the order of lists."""

    dependencies = [("ledger", "0005_rulebook_files")]

    operations = [
        migrations.DeleteModel("Facet"),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("item", models.TextField(primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("organisation", models.TextField()),
                ("parties", models.BigIntegerField()),
                ("sort", models.BigIntegerField()),
                ("at", models.BigIntegerField()),
                ("step", models.TextField(default="")),
                ("ended_as", models.TextField(default="")),
                ("deadline", models.BigIntegerField(null=True)),
                ("fact", models.TextField()),
                ("roles", models.TextField(default="")),
                ("fields", models.TextField(default="")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "sort", "item", "parties"], name="item_order"),
                    models.Index(fields=["kind", "at", "item", "parties"], name="item_at"),
                    models.Index(fields=["kind", "parties", "sort", "item"], name="item_parties"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organisation", "kind", "parties", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organisation", models.TextField()),
                ("kind", models.TextField()),
                ("parties", models.BigIntegerField()),
            ],
            options={"indexes": [models.Index(fields=["parties", "kind"], name="party_parties")]},
        ),
        migrations.CreateModel(
            name="ItemCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind",
                        "parties",
                        "field",
                        "value",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.TextField()),
                ("parties", models.BigIntegerField()),
                ("field", models.TextField()),
                ("value", models.TextField()),
                ("n", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Facet",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "item", "field", "value", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.TextField()),
                ("field", models.TextField()),
                ("value", models.TextField()),
                ("item", models.TextField()),
                ("sort", models.BigIntegerField()),
                ("parties", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "field", "value", "sort", "item", "parties"], name="facet_order"),
                    models.Index(fields=["kind", "field", "value", "parties", "sort", "item"], name="facet_parties"),
                ],
            },
        ),
        migrations.AddField("searchtext", "parties", models.BigIntegerField(default=0)),
        migrations.AddIndex("searchtext", models.Index(fields=["parties", "kind"], name="search_parties")),
        migrations.AddIndex("searchtext", models.Index(fields=["kind"], name="search_kind")),
    ]
