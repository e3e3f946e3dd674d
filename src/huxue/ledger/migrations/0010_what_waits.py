"""What waits for somebody is found without reading the cases that have ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0009_what_was_told"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("open", True)),
                fields=["organisation", "kind", "step", "deadline", "item"],
                name="case_waiting",
            ),
        ),
    ]
