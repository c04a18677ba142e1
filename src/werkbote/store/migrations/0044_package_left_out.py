"""Why a package leaves out what is kept by law alone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0043_papers'),
    ]

    operations = [
        migrations.AddField(
            model_name='accesspackage',
            name='left_out_sealed',
            field=models.BinaryField(null=True),
        ),
    ]
