from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import migrations, models

from content.roles import grant
from content.searching.words import folded_phrase, written_crisis_phrases

LANGUAGES = ("en", "es")
# As content/roles.py was when this was written.
SITE_MANAGER = [f"content.{action}_crisisphrase" for action in ("view", "add", "change", "delete")]


def seed(apps: Any, schema_editor: Any) -> None:
    """What the lists begin with; phrases that are there already stay as staff have them."""
    row = apps.get_model("content", "CrisisPhrase")
    row.objects.using(schema_editor.connection.alias).bulk_create(
        [
            row(language=language, phrase=phrase, folded=folded_phrase(phrase))
            for language in LANGUAGES
            for phrase in written_crisis_phrases(language)
        ],
        ignore_conflicts=True,
    )


def grant_them(apps: Any, schema_editor: Any) -> None:
    grant(apps, schema_editor.connection.alias, {"Site manager": SITE_MANAGER})


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0009_revision"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CrisisPhrase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(default="en", max_length=8, verbose_name="language")),
                ("phrase", models.CharField(max_length=80, verbose_name="words")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("folded", models.TextField(editable=False)),
            ],
            options={
                "verbose_name": "word of crisis",
                "verbose_name_plural": "words of crisis",
                "ordering": ["language", "phrase"],
            },
        ),
        migrations.AddConstraint(
            model_name="crisisphrase",
            constraint=models.UniqueConstraint(fields=("language", "folded"), name="crisisphrase_unique"),
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunPython(grant_them, migrations.RunPython.noop),
    ]
