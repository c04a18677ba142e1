"""With whom a house decides about data, with the agreement, and the table's wall."""

import django.db.models.deletion
import werkbote.store.ids
from django.db import migrations, models


ORGANISATION = "NULLIF(current_setting('werkbote.organisation', true), '')::bigint"
WALL = f"""
ALTER TABLE joint_controller ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON joint_controller USING (organisation_id = (SELECT {ORGANISATION}));
"""
BACK = """
DROP POLICY own ON joint_controller;
ALTER TABLE joint_controller DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0048_training'),
    ]

    operations = [
        migrations.CreateModel(
            name='JointController',
            fields=[
                ('id', models.BigIntegerField(default=werkbote.store.ids.new, primary_key=True, serialize=False)),
                ('agreed_on', models.DateField()),
                ('body_sealed', models.BinaryField()),
                ('paper_sealed', models.BinaryField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.organisation')),
            ],
            options={
                'db_table': 'joint_controller',
            },
        ),
        migrations.RunSQL(WALL, BACK),
    ]
