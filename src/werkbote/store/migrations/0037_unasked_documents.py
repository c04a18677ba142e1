"""Who sent an identity paper unasked and is owed the notice that it is deleted, and the table's wall."""

import django.db.models.deletion
import werkbote.store.ids
from django.db import migrations, models


ORGANISATION = "NULLIF(current_setting('werkbote.organisation', true), '')::bigint"
WALL = f"""
ALTER TABLE unasked_document ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON unasked_document USING (organisation_id = (SELECT {ORGANISATION}));
"""
BACK = """
DROP POLICY own ON unasked_document;
ALTER TABLE unasked_document DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0036_request_reminders'),
    ]

    operations = [
        migrations.CreateModel(
            name='UnaskedDocument',
            fields=[
                ('id', models.BigIntegerField(default=werkbote.store.ids.new, primary_key=True, serialize=False)),
                ('message_ref', models.BigIntegerField()),
                ('notice_ref', models.BigIntegerField(null=True)),
                ('received_on', models.DateField()),
                ('due_on', models.DateField()),
                ('letter_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.branch')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='store.person')),
            ],
            options={
                'db_table': 'unasked_document',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'message_ref'), name='unasked_document_once')],
            },
        ),
        migrations.RunSQL(WALL, BACK),
    ]
