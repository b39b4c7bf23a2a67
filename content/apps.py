from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ContentConfig(AppConfig):
    name = "content"
    verbose_name = _("Content")

    def ready(self) -> None:
        from content.published import triggers
        from content.searching import engine

        post_migrate.connect(engine.install, sender=self)
        post_migrate.connect(triggers.install, sender=self)
