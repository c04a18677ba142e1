"""When, how and with which words those concerned by a breach were told (Art. 34)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0034_setting_notes"),
    ]

    operations = [
        migrations.AddField(
            model_name="breachperson",
            name="told_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="breachperson",
            name="told_way",
            field=models.CharField(blank=True, db_default="", default="", max_length=8),
        ),
        migrations.AddField(
            model_name="breachperson",
            name="told_text",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="breachperson",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("told_at", None), ("told_text", None), ("told_way", "")),
                    models.Q(
                        ("told_at__isnull", False),
                        ("told_text__isnull", False),
                        (
                            "told_way__in",
                            ["letter", "message", "email", "call", "public"],
                        ),
                    ),
                    _connector="OR",
                ),
                name="breach_person_told_whole",
            ),
        ),
    ]
