"""What a person told is found without reading every fact."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0008_parts_of_counts"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="fact",
            index=models.Index(
                condition=models.Q(("kind", "feedback"), ("step", "raised")), fields=["person", "seq"], name="fact_told"
            ),
        ),
    ]
