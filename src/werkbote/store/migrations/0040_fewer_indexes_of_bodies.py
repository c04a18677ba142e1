"""Two indexes of raw bodies that nothing asks: others begin with the same column."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0039_message_courtesy'),
    ]

    operations = [
        migrations.AlterField(
            model_name='webhookevent',
            name='number',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.number'),
        ),
        migrations.AlterField(
            model_name='webhookevent',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.organisation'),
        ),
    ]
