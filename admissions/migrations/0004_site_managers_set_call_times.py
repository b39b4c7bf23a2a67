from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import migrations

from content.roles import grant

# As content/roles.py was when this was written.
SITE_MANAGER = [
    *(f"admissions.{action}_admissionssettings" for action in ("view", "add", "change")),
    *(
        f"admissions.{action}_{model}"
        for model in ("admissionstext", "closure")
        for action in ("view", "add", "change", "delete")
    ),
]


def grant_them(apps: Any, schema_editor: Any) -> None:
    grant(apps, schema_editor.connection.alias, {"Site manager": SITE_MANAGER})


class Migration(migrations.Migration):
    dependencies = [
        ("admissions", "0003_danger_quarantine_call_times_and_withdrawal"),
        ("content", "0004_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(grant_them, migrations.RunPython.noop)]
