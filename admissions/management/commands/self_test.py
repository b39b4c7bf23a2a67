from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from admissions import self_testing


class Command(BaseCommand):
    help = (
        "Have the site test itself: an enquiry marked as a test goes through the form at SITE_URL into the database, is"
        " opened with the staff key, told of by e-mail, and removed. Ends with 1 and a sentence if a step fails."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        result = self_testing.run()
        if not result.is_well:
            raise CommandError(f"Failed at “{result.get_failed_step_display()}”: {result.sentence}")
        steps = ", ".join(str(label) for label in self_testing.Step.labels)
        self.stdout.write(f"All is well after {result.took_ms / 1000:.1f} s: {steps}.")
