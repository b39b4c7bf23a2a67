"""Whether an enquiry must reach a person at once, because somebody says so or uses words of crisis.

Nothing is refused for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from admissions.choices import Danger
from content.searching import crisis


def is_urgent(answers: Mapping[str, Any]) -> bool:
    """`answers` are EnquiryForm's, cleaned, or as they were sent: then any may be missing."""
    return answers.get("in_danger") == Danger.YES or crisis.is_in(answers.get("message", ""))
