"""Reasons are sealed: of house rules, of settings, of what a package hides; a hold's goes with its person.

A package still under review is begun anew: what was hidden in it, and why, stood in plain.
"""

from django.db import migrations, models

TABLES = ("house_rule", "setting_note")
WALL = """
CREATE FUNCTION werkbote_refuse_change_but_reason() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.reason IN ('', OLD.reason)
        AND to_jsonb(NEW) - 'reason' - 'reason_sealed' = to_jsonb(OLD) - 'reason' - 'reason_sealed'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
""" + "".join(
    f"DROP TRIGGER append_only ON {table};\n"
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}\n"
    "    FOR EACH ROW EXECUTE FUNCTION werkbote_refuse_change_but_reason();\n"
    for table in TABLES
)
BACK = (
    "".join(
        f"DROP TRIGGER append_only ON {table};\n"
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}\n"
        "    FOR EACH ROW EXECUTE FUNCTION werkbote_refuse_change();\n"
        for table in TABLES
    )
    + "DROP FUNCTION werkbote_refuse_change_but_reason();"
)


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0037_unasked_documents"),
    ]

    operations = [
        migrations.AddField(
            model_name="houserule",
            name="reason_sealed",
            field=models.BinaryField(null=True),
        ),
        migrations.AlterField(
            model_name="houserule",
            name="reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="settingnote",
            name="reason_sealed",
            field=models.BinaryField(null=True),
        ),
        migrations.AlterField(
            model_name="legalhold",
            name="reason_sealed",
            field=models.BinaryField(null=True),
        ),
        migrations.RemoveConstraint(model_name="settingnote", name="setting_note_explained"),
        migrations.AddConstraint(
            model_name="settingnote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "explained"),
                        ("made_by__isnull", False),
                        models.Q(
                            models.Q(("reason", ""), _negated=True),
                            ("reason_sealed__isnull", False),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        models.Q(("kind", "explained"), _negated=True),
                        ("made_by", None),
                        ("reason", ""),
                        ("reason_sealed", None),
                    ),
                    _connector="OR",
                ),
                name="setting_note_explained",
            ),
        ),
        migrations.RunSQL(WALL, BACK),
        migrations.RunSQL(
            "DELETE FROM access_package WHERE state = 'review' AND redactions <> '{}'",
            migrations.RunSQL.noop,
        ),
    ]
