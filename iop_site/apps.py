from __future__ import annotations

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "iop_site"
    verbose_name = _("Site")

    def ready(self) -> None:
        from iop_site import checks  # noqa: F401 -- registers itself
        from iop_site.append_only import install_triggers

        # Of one app, and of one that has models: Django tells no other of its migrations.
        post_migrate.connect(install_triggers, sender=apps.get_app_config("content"))
