from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import migrations

from content.roles import grant

# As content/roles.py was when this was written: what it says later needs a migration of its own.
BLOCKS = (
    *("richtext", "listitem", "keyfact", "step", "question", "callout", "carecard"),
    *("image", "calltoaction", "reference", "levelstable"),
)
EVERYTHING = ("view", "add", "change", "delete")


def all_of(app: str, models: tuple[str, ...], actions: tuple[str, ...]) -> list[str]:
    return [f"{app}.{action}_{model}" for model in models for action in actions]


WRITER = [
    *all_of("content", ("page",), ("view", "add", "change")),
    *all_of("content", BLOCKS, EVERYTHING),
    *all_of("content", ("picture",), ("view", "add")),
    *all_of("content", ("pageversion", "publication"), ("view",)),
]
ROLES = {
    "Writer": WRITER,
    "Editor": [
        *WRITER,
        "content.publish_page",
        "content.delete_page",
        *all_of("content", ("previewlink",), ("view", "add", "change")),
    ],
    "Clinical reviewer": [
        *all_of("content", ("page", *BLOCKS), ("view",)),
        *all_of("content", ("pageversion", "clinicalreview", "reviewwithdrawal"), ("view",)),
        "content.sign_version",
    ],
    "Site manager": [
        *all_of("content", ("sitesettings",), ("view", "add", "change")),
        *all_of("content", ("officehours", "levelofcare", "writingrule", "reviewerprofile"), EVERYTHING),
        *all_of("auth", ("user",), ("view", "add", "change")),
        *all_of("auth", ("group",), EVERYTHING),
    ],
}


def make_groups(apps: Any, schema_editor: Any) -> None:
    grant(apps, schema_editor.connection.alias, ROLES)


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0003_writing_rules"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
