"""Counts get parts, so that no writer waits for another one's transaction; what was counted stays."""

from django.db import migrations, models

KEEP = "CREATE TABLE ledger_counted AS SELECT * FROM ledger_itemcount"
BRING_BACK = """
INSERT INTO ledger_itemcount (kind, parties, field, value, part, n)
SELECT kind, CASE WHEN parties < 0 THEN -1 ELSE parties END, field, value, 0, sum(n) FROM ledger_counted
GROUP BY 1, 2, 3, 4"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_jobs")]

    operations = [
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.DeleteModel("ItemCount"),
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
                        "part",
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
                ("part", models.BigIntegerField()),
                ("n", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(BRING_BACK, migrations.RunSQL.noop),
        migrations.RunSQL("DROP TABLE ledger_counted", migrations.RunSQL.noop),
    ]
