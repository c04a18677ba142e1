"""Whether a message only thanks, so that reports do not count it as a question."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0038_sealed_reasons'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='courtesy',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
