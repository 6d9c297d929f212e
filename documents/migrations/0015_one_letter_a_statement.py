from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0014_webhooks_without_a_secret"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "statement")),
                fields=("statement",),
                name="document_statement_once",
            ),
        ),
    ]
