"""One foreign key of raw bodies instead of two: that a number is there and belongs to the organisation."""

import django.db.models.deletion
from django.db import migrations, models

KEY = """
ALTER TABLE webhook_event ADD CONSTRAINT webhook_event_of_number
    FOREIGN KEY (number_id, organisation_id) REFERENCES number (id, organisation_id)
"""
BACK = "ALTER TABLE webhook_event DROP CONSTRAINT webhook_event_of_number"


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0044_package_left_out'),
    ]

    operations = [
        migrations.AlterField(
            model_name='webhookevent',
            name='number',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.number'),
        ),
        migrations.AlterField(
            model_name='webhookevent',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.organisation'),
        ),
        migrations.AddConstraint(
            model_name='number',
            constraint=models.UniqueConstraint(fields=('id', 'organisation'), name='number_of_organisation'),
        ),
        migrations.RunSQL(KEY, BACK),
    ]
