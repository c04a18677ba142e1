"""E-mails to the team about requests that near their day: one per step and member, and its wall."""

import django.db.models.deletion
import werkbote.store.ids
from django.conf import settings
from django.db import migrations, models


ORGANISATION = "NULLIF(current_setting('werkbote.organisation', true), '')::bigint"
WALL = f"""
ALTER TABLE request_reminder ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON request_reminder USING (organisation_id = (SELECT {ORGANISATION}));
"""
BACK = """
DROP POLICY own ON request_reminder;
ALTER TABLE request_reminder DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0035_people_told'),
    ]

    operations = [
        migrations.CreateModel(
            name='RequestReminder',
            fields=[
                ('id', models.BigIntegerField(default=werkbote.store.ids.new, primary_key=True, serialize=False)),
                ('due_on', models.DateField()),
                ('step', models.PositiveSmallIntegerField()),
                ('state', models.CharField(default='queued', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('problem', models.CharField(blank=True, max_length=40)),
                ('due_at', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.organisation')),
                ('permit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.decision')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='store.personrequest')),
            ],
            options={
                'db_table': 'request_reminder',
                'indexes': [models.Index(condition=models.Q(('state__in', ['queued', 'sending'])), fields=['organisation', 'due_at'], name='request_reminder_open')],
                'constraints': [models.UniqueConstraint(fields=('request', 'due_on', 'step', 'member'), name='request_reminder_once'), models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'cancelled']), models.Q(('permit__isnull', False), ('state__in', ['sending', 'unknown', 'sent', 'failed'])), _connector='OR'), name='request_reminder_permitted')],
            },
        ),
        migrations.RunSQL(WALL, BACK),
    ]
