"""What each role of the editors' desk may do, as data: the groups themselves are made by migrations.

Roles add up: a reviewer who also writes is in two groups. A new permission here needs a migration that calls `grant`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

BLOCKS = (
    *("richtext", "listitem", "keyfact", "step", "question", "callout", "carecard"),
    *("image", "calltoaction", "reference", "levelstable"),
    *("practice", "weekpicture", "ladderpicture", "milestone"),
)
ALL_ACTIONS = ("view", "add", "change", "delete")


def permissions(app: str, models: Iterable[str], actions: Iterable[str] = ALL_ACTIONS) -> tuple[str, ...]:
    """Such as "content.view_page", in Django's names."""
    return tuple(f"{app}.{action}_{model}" for model in models for action in actions)


WRITER = (
    *permissions("content", ["page"], ["view", "add", "change"]),
    # Taking a block out of a draft is part of writing it.
    *permissions("content", BLOCKS),
    *permissions("content", ["picture"], ["view", "add"]),
    *permissions("content", ["pageversion", "publication"], ["view"]),
)
EDITOR = (
    *WRITER,
    "content.publish_page",
    "content.delete_page",
    *permissions("content", ["previewlink"], ["view", "add", "change"]),
)
CLINICAL_REVIEWER = (
    *permissions("content", ["page", *BLOCKS], ["view"]),
    *permissions("content", ["pageversion", "clinicalreview", "reviewwithdrawal"], ["view"]),
    "content.sign_version",
)
SITE_MANAGER = (
    *permissions("content", ["sitesettings"], ["view", "add", "change"]),
    *permissions("content", ["officehours", "levelofcare", "writingrule", "reviewerprofile"]),
    *permissions("content", ["crisisphrase"]),
    *permissions("content", ["leveltext", "sitetext", "reviewerrole"]),
    *permissions("admissions", ["admissionssettings"], ["view", "add", "change"]),
    *permissions("admissions", ["admissionstext", "closure"]),
    *permissions("admissions", ["consentwording"], ["view", "add"]),
    "admissions.view_selftestresult",
    "admissions.run_selftest",
    # To delete one is to give up on it.
    *permissions("iop_site", ["owedmail"], ["view", "delete"]),
    # Accounts are switched off, not deleted: the history of what they did would go with them.
    *permissions("auth", ["user"], ["view", "add", "change"]),
    *permissions("auth", ["group"]),
)
ROLES: Mapping[str, tuple[str, ...]] = {
    "Writer": WRITER,
    "Editor": EDITOR,
    "Clinical reviewer": CLINICAL_REVIEWER,
    "Site manager": SITE_MANAGER,
}


def grant(apps: Any, database: str, roles: Mapping[str, Iterable[str]]) -> None:
    """For migrations: make the groups that are missing and give them these permissions; takes nothing away.

    Django makes permissions after the last migration only, so those of the apps concerned are made here.
    """
    from django.contrib.auth.management import create_permissions

    group_model, permission_model = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for label in sorted({name.partition(".")[0] for names in roles.values() for name in names}):
        app_config = apps.get_app_config(label)
        # The stand-in that migrations get has no module of models, and would be passed over.
        app_config.models_module = getattr(app_config, "models_module", None) or True
        create_permissions(app_config, verbosity=0, using=database, apps=apps)
    ids = {
        f"{app}.{codename}": pk
        for pk, app, codename in permission_model.objects.using(database).values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    for name, wanted in roles.items():
        group, _is_new = group_model.objects.using(database).get_or_create(name=name)
        group.permissions.add(*(ids[permission] for permission in wanted))
