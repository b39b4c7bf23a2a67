"""Whether an enquiry must reach a person at once, because somebody says so or uses words of crisis.

Nothing is refused for it.
"""

from __future__ import annotations

from typing import Any

from admissions.choices import Danger
from content.searching import crisis


def is_urgent(cleaned: dict[str, Any]) -> bool:
    """`cleaned` is EnquiryForm's."""
    return cleaned["in_danger"] == Danger.YES or crisis.is_in(cleaned["message"])
