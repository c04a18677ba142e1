"""That members were trained, and the table's wall."""

import django.db.models.deletion
import werkbote.store.ids
from django.conf import settings
from django.db import migrations, models


ORGANISATION = "NULLIF(current_setting('werkbote.organisation', true), '')::bigint"
WALL = f"""
ALTER TABLE training ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON training USING (organisation_id = (SELECT {ORGANISATION}));
"""
BACK = """
DROP POLICY own ON training;
ALTER TABLE training DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0047_support'),
    ]

    operations = [
        migrations.CreateModel(
            name='Training',
            fields=[
                ('id', models.BigIntegerField(default=werkbote.store.ids.new, primary_key=True, serialize=False)),
                ('topic', models.CharField(max_length=16)),
                ('held_on', models.DateField()),
                ('at', models.DateTimeField()),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='trainings', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.organisation')),
            ],
            options={
                'db_table': 'training',
                'constraints': [models.UniqueConstraint(fields=('member', 'topic', 'held_on'), name='training_once')],
            },
        ),
        migrations.RunSQL(WALL, BACK),
    ]
