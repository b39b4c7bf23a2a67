from __future__ import annotations

from typing import Any

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from content.roles import grant

# As content/roles.py was when this was written.
SITE_MANAGER = [
    *("admissions.view_consentwording", "admissions.add_consentwording"),
    *("admissions.view_selftestresult", "admissions.run_selftest"),
]


def grant_them(apps: Any, schema_editor: Any) -> None:
    grant(apps, schema_editor.connection.alias, {"Site manager": SITE_MANAGER})


class Migration(migrations.Migration):
    dependencies = [
        ("admissions", "0004_site_managers_set_call_times"),
        ("content", "0004_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SelfTestResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="when")),
                (
                    "failed_step",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("form", "open the form"),
                            ("send", "send it"),
                            ("store", "find it stored"),
                            ("open", "open it with the staff key"),
                            ("notify", "tell staff by e-mail"),
                            ("remove", "remove it again"),
                        ],
                        max_length=8,
                        verbose_name="failed at",
                    ),
                ),
                ("sentence", models.TextField(blank=True, verbose_name="what went wrong")),
                ("took_ms", models.PositiveIntegerField(verbose_name="took")),
            ],
            options={
                "verbose_name": "self-test",
                "verbose_name_plural": "self-tests",
                "ordering": ["-at", "-pk"],
                "permissions": [("run_selftest", "Can have the site test itself")],
                "default_permissions": ("view",),
            },
        ),
        migrations.RunPython(grant_them, migrations.RunPython.noop),
    ]
