"""Versions of papers that can become outdated, the table's wall, and that none is changed afterwards."""

import django.db.models.deletion
import werkbote.store.ids
from django.db import migrations, models


ORGANISATION = "NULLIF(current_setting('werkbote.organisation', true), '')::bigint"
WALL = f"""
ALTER TABLE paper ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON paper USING (organisation_id = (SELECT {ORGANISATION}));
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON paper
    FOR EACH ROW EXECUTE FUNCTION werkbote_refuse_change_but_seal();
"""
BACK = """
DROP TRIGGER append_only ON paper;
DROP POLICY own ON paper;
ALTER TABLE paper DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0042_watch'),
    ]

    operations = [
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigIntegerField(default=werkbote.store.ids.new, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=16)),
                ('position', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('body_sealed', models.BinaryField()),
                ('made_by', models.BigIntegerField(null=True)),
                ('made_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.organisation')),
            ],
            options={
                'db_table': 'paper',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'kind', 'position'), name='paper_once')],
            },
        ),
        migrations.RunSQL(WALL, BACK),
    ]
