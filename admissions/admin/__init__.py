"""The desk: enquiries to read and to move on, who has read them, and what the office has set."""

from __future__ import annotations

from admissions import consent_admin, office_admin, self_test_admin  # noqa: F401 -- each registers its own
from admissions.admin.enquiries import EnquiryAdmin
from admissions.admin.read_records import ReadRecordAdmin

__all__ = ["EnquiryAdmin", "ReadRecordAdmin"]
