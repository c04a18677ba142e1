"""What a house calls much, counts of reading, and files that wait for a second person; their walls."""

import django.db.models.deletion
import werkbote.store.ids
from django.conf import settings
from django.db import migrations, models


ORGANISATION = "NULLIF(current_setting('werkbote.organisation', true), '')::bigint"
TABLES = ("handout", "reading_hour")
WALL = "".join(
    f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\n"
    f"CREATE POLICY own ON {table} USING (organisation_id = (SELECT {ORGANISATION}));\n"
    for table in TABLES
)
BACK = "".join(
    f"DROP POLICY own ON {table};\nALTER TABLE {table} DISABLE ROW LEVEL SECURITY;\n"
    for table in TABLES
)


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0041_processors'),
    ]

    operations = [
        migrations.AddField(
            model_name='organisation',
            name='export_alone',
            field=models.PositiveIntegerField(db_default=50, default=50),
        ),
        migrations.AddField(
            model_name='organisation',
            name='read_daily',
            field=models.PositiveIntegerField(db_default=400, default=400),
        ),
        migrations.AddField(
            model_name='organisation',
            name='read_hourly',
            field=models.PositiveIntegerField(db_default=120, default=120),
        ),
        migrations.CreateModel(
            name='Handout',
            fields=[
                ('id', models.BigIntegerField(default=werkbote.store.ids.new, primary_key=True, serialize=False)),
                ('way', models.CharField(max_length=16)),
                ('wanted', models.JSONField(default=dict)),
                ('branches', models.JSONField(default=list)),
                ('persons', models.PositiveIntegerField()),
                ('state', models.CharField(max_length=12)),
                ('asked_by', models.BigIntegerField()),
                ('asked_at', models.DateTimeField()),
                ('decided_by', models.BigIntegerField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('taken_at', models.DateTimeField(null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.organisation')),
            ],
            options={
                'db_table': 'handout',
                'constraints': [models.CheckConstraint(condition=models.Q(('way__in', ['decisions', 'letters', 'concerned']), ('state__in', ['waiting', 'approved', 'refused', 'taken'])), name='handout_known'), models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='handout_by_two'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state', 'waiting')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ['approved', 'refused', 'taken'])), _connector='OR'), name='handout_decided')],
            },
        ),
        migrations.CreateModel(
            name='ReadingHour',
            fields=[
                ('id', models.BigIntegerField(default=werkbote.store.ids.new, primary_key=True, serialize=False)),
                ('token', models.BigIntegerField(default=0)),
                ('hour', models.DateTimeField()),
                ('marks', models.BinaryField()),
                ('stopped', models.BooleanField(default=False)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.organisation')),
            ],
            options={
                'db_table': 'reading_hour',
                'constraints': [models.UniqueConstraint(fields=('member', 'token', 'hour'), name='reading_hour_once')],
            },
        ),
        migrations.RunSQL(WALL, BACK),
    ]
