from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdmissionsConfig(AppConfig):
    name = "admissions"
    verbose_name = _("Admissions")

    def ready(self) -> None:
        from admissions.models import AdmissionsSettings, AdmissionsText, Closure, ConsentWording
        from content import published

        published.register(AdmissionsSettings)
        published.register(AdmissionsText)
        published.register(Closure, leave_out=["note"])
        published.register(ConsentWording)
