"""The register of who receives data, with its switch, and the table's wall."""

import django.db.models.deletion
import werkbote.store.ids
from django.db import migrations, models


ORGANISATION = "NULLIF(current_setting('werkbote.organisation', true), '')::bigint"
WALL = f"""
ALTER TABLE processor ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON processor USING (organisation_id = (SELECT {ORGANISATION}));
"""
BACK = """
DROP POLICY own ON processor;
ALTER TABLE processor DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0040_fewer_indexes_of_bodies'),
    ]

    operations = [
        migrations.CreateModel(
            name='Processor',
            fields=[
                ('id', models.BigIntegerField(default=werkbote.store.ids.new, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=280)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('onward', models.CharField(blank=True, max_length=2)),
                ('basis', models.CharField(blank=True, max_length=10)),
                ('agreement_on', models.DateField(null=True)),
                ('checked_on', models.DateField(null=True)),
                ('assessed_on', models.DateField(null=True)),
                ('body_sealed', models.BinaryField()),
                ('stopped_at', models.DateTimeField(null=True)),
                ('changed_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.organisation')),
            ],
            options={
                'db_table': 'processor',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'code'), name='processor_once'), models.CheckConstraint(condition=models.Q(('basis__in', ['', 'eea', 'adequate', 'dpf', 'scc_1', 'scc_2', 'scc_3', 'scc_4', 'art_49'])), name='processor_basis_known')],
            },
        ),
        migrations.RunSQL(WALL, BACK),
    ]
