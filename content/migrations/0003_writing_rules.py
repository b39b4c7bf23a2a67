from __future__ import annotations

from typing import Any

from django.db import migrations

from content.writing.rules import default_rows

LANGUAGES = ("en", "es")


def seed(apps: Any, schema_editor: Any) -> None:
    """What the lists begin with; rules that are there already stay as staff have them."""
    rule = apps.get_model("content", "WritingRule")
    rule.objects.using(schema_editor.connection.alias).bulk_create(
        [
            rule(language=language, kind=row.kind, phrase=row.phrase, suggestion=row.suggestion)
            for language in LANGUAGES
            for row in default_rows(language)
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("content", "0002_desk")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
