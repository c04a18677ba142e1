"""What a house says about its data protection officer, and the table's wall."""

import django.db.models.deletion
import werkbote.store.ids
from django.db import migrations, models


ORGANISATION = "NULLIF(current_setting('werkbote.organisation', true), '')::bigint"
WALL = f"""
ALTER TABLE officer ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON officer USING (organisation_id = (SELECT {ORGANISATION}));
"""
BACK = """
DROP POLICY own ON officer;
ALTER TABLE officer DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0045_one_key_of_bodies'),
    ]

    operations = [
        migrations.CreateModel(
            name='Officer',
            fields=[
                ('id', models.BigIntegerField(default=werkbote.store.ids.new, primary_key=True, serialize=False)),
                ('people', models.PositiveIntegerField()),
                ('assessment', models.BooleanField()),
                ('appointed_on', models.DateField(null=True)),
                ('notified_on', models.DateField(null=True)),
                ('body_sealed', models.BinaryField()),
                ('changed_at', models.DateTimeField()),
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.organisation')),
            ],
            options={
                'db_table': 'officer',
            },
        ),
        migrations.RunSQL(WALL, BACK),
    ]
