"""Puts killing.py into each process that settings.py is for, once everything is loaded."""

from __future__ import annotations

from django.apps import AppConfig


class FaultsConfig(AppConfig):
    name = "tests.faults"

    def ready(self) -> None:
        from tests.faults import killing

        killing.install()
