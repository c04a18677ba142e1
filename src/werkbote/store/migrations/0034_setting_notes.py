"""Notes on settings away from their privacy default: table, wall, and a trigger that keeps every note."""

import django.db.models.deletion
import werkbote.store.ids
from django.db import migrations, models


ORGANISATION = "NULLIF(current_setting('werkbote.organisation', true), '')::bigint"

WALL = f"""
ALTER TABLE setting_note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON setting_note USING (organisation_id = (SELECT {ORGANISATION}));
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON setting_note
    FOR EACH ROW EXECUTE FUNCTION werkbote_refuse_change();
"""
BACK = """
DROP TRIGGER append_only ON setting_note;
DROP POLICY own ON setting_note;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="SettingNote",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        default=werkbote.store.ids.new, primary_key=True, serialize=False
                    ),
                ),
                ("setting", models.CharField(max_length=24)),
                ("object", models.CharField(max_length=40)),
                ("value", models.CharField(max_length=80)),
                ("kind", models.CharField(max_length=12)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("made_by", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="store.organisation",
                    ),
                ),
            ],
            options={
                "db_table": "setting_note",
                "indexes": [
                    models.Index(
                        fields=["organisation", "setting", "object", "-id"],
                        name="setting_note_newest",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["noticed", "explained", "ended"])),
                        name="setting_note_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "explained"),
                                ("made_by__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("kind", "explained"), _negated=True),
                                ("made_by", None),
                                ("reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="setting_note_explained",
                    ),
                ],
            },
        ),
        migrations.RunSQL(WALL, BACK),
    ]
