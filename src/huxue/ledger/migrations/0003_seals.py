"""Tables of the seals: the signed roots, the order of their leaves, the public keys."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("text", models.TextField()),
                ("signature", models.TextField()),
                ("edge", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="SealedRun",
            fields=[
                ("first", models.BigIntegerField(primary_key=True, serialize=False)),
                ("low", models.BigIntegerField()),
                ("high", models.BigIntegerField()),
                ("facts", models.BinaryField()),
                ("leaves", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="SealKey",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("text", models.TextField()),
                ("signature", models.TextField(default="")),
            ],
        ),
    ]
