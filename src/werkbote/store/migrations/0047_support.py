"""When support was let in, on which agreement and why; the table's wall."""

import datetime
import django.db.models.deletion
import django.db.models.expressions
import werkbote.store.ids
from django.conf import settings
from django.db import migrations, models


ORGANISATION = "NULLIF(current_setting('werkbote.organisation', true), '')::bigint"
WALL = f"""
ALTER TABLE support_window ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON support_window USING (organisation_id = (SELECT {ORGANISATION}));
"""
BACK = """
DROP POLICY own ON support_window;
ALTER TABLE support_window DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("store", "0046_officer"),
    ]

    operations = [
        migrations.CreateModel(
            name='SupportWindow',
            fields=[
                ('id', models.BigIntegerField(default=werkbote.store.ids.new, primary_key=True, serialize=False)),
                ('vendor', models.CharField(max_length=280)),
                ('agreement_on', models.DateField()),
                ('reason_sealed', models.BinaryField()),
                ('chats', models.BooleanField(default=False)),
                ('opened_by', models.BigIntegerField()),
                ('opened_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.BigIntegerField(null=True)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='windows', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.organisation')),
            ],
            options={
                'db_table': 'support_window',
                'constraints': [models.CheckConstraint(condition=models.Q(('until__gt', models.F('opened_at')), ('until__lte', django.db.models.expressions.CombinedExpression(models.F('opened_at'), '+', models.Value(datetime.timedelta(seconds=28800))))), name='support_window_short'), models.CheckConstraint(condition=models.Q(('opened_by', models.F('member')), _negated=True), name='support_window_by_another'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('member',), name='support_window_one')],
            },
        ),
        migrations.RunSQL(WALL, BACK),
    ]
