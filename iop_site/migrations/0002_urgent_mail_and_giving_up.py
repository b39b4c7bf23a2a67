from __future__ import annotations

from typing import Any

from django.db import migrations, models

from content.roles import grant

# As content/roles.py was when this was written.
SITE_MANAGER = ["iop_site.view_owedmail", "iop_site.delete_owedmail"]


def grant_them(apps: Any, schema_editor: Any) -> None:
    grant(apps, schema_editor.connection.alias, {"Site manager": SITE_MANAGER})


class Migration(migrations.Migration):
    dependencies = [
        ("iop_site", "0001_owed_mail_and_worker_beat"),
        ("content", "0004_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="owedmail",
            options={
                "default_permissions": ("view", "delete"),
                "ordering": ["owed_since", "pk"],
                "verbose_name": "owed e-mail",
                "verbose_name_plural": "owed e-mails",
            },
        ),
        migrations.AddField(
            model_name="owedmail",
            name="is_asked_again",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="owedmail",
            name="is_urgent",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="owedmail",
            name="attempts",
            field=models.PositiveIntegerField(default=0, verbose_name="attempts"),
        ),
        migrations.AlterField(
            model_name="owedmail",
            name="next_attempt_at",
            field=models.DateTimeField(db_index=True, verbose_name="next attempt"),
        ),
        migrations.AlterField(
            model_name="owedmail",
            name="owed_since",
            field=models.DateTimeField(verbose_name="owed since"),
        ),
        migrations.AlterField(
            model_name="owedmail",
            name="problem",
            field=models.CharField(max_length=80, verbose_name="last problem"),
        ),
        migrations.AlterField(
            model_name="owedmail",
            name="recipient",
            field=models.EmailField(max_length=254, verbose_name="recipient"),
        ),
        migrations.AlterField(
            model_name="owedmail",
            name="subject",
            field=models.TextField(verbose_name="subject"),
        ),
        migrations.RunPython(grant_them, migrations.RunPython.noop),
    ]
