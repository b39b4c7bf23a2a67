"""`manage.py makemessages -l <language>`: collects the words that visitors see, for translators.

Staff work in the site's first language, so what only they see is left out: here, and nowhere else. A new file is
collected until it is named here.
"""

from __future__ import annotations

from typing import Any

from django.core.management.commands import makemessages

ONLY_STAFF_SEE = (
    *("bench/*", "deploy/*", "docs/*", "tests/*", "audit/*", "var/*"),
    *("templates/admin/*", "templates/mail/*"),
    *("content/admin/*", "content/compare/*", "content/management/*", "content/transfer/*", "content/writing/*"),
    *("content/migrations/*", "admissions/migrations/*"),
    *("content/apps.py", "content/blocks.py", "content/documents.py", "content/help.py", "content/pictures.py"),
    *("content/publishing.py", "content/restoring.py", "content/reviewing.py", "content/roles.py", "content/tasks.py"),
    *("content/translating.py", "content/trash.py", "content/writing_help.py"),
    *("content/models/desk.py", "content/models/language.py", "content/models/page.py", "content/models/picture.py"),
    *("content/models/review.py", "content/models/search.py", "content/models/version.py"),
    *("content/models/crisis_phrase.py", "content/models/writing_rule.py"),
    *("admissions/consent_admin.py", "admissions/self_test*.py", "admissions/models/self_test.py"),
    *("admissions/admin/*", "admissions/apps.py", "admissions/contact.py", "admissions/forms/reaching.py"),
    *("admissions/models/call_time.py", "admissions/models/consent.py", "admissions/models/event.py"),
    *("admissions/models/office.py", "admissions/models/record.py", "admissions/models/status.py"),
    *("admissions/office_admin.py", "admissions/opened.py", "admissions/sealing.py"),
    *("admissions/services.py", "admissions/tasks.py"),
    *("iop_site/admin.py", "iop_site/apps.py", "iop_site/careful_admin.py", "iop_site/checks.py"),
    *("iop_site/launch/*", "iop_site/mail*.py", "iop_site/management/*", "iop_site/models.py"),
    "iop_site/site_health.py",
)


class Command(makemessages.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        options["ignore_patterns"] += ONLY_STAFF_SEE
        # Without line numbers and line breaks a translator's change is all that a commit shows.
        options |= {"add_location": "file", "no_wrap": True, "no_obsolete": True}
        super().handle(*args, **options)
