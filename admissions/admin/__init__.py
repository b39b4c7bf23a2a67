"""The desk: enquiries to read and to move on, who has read them, and what the office has set."""

from __future__ import annotations

from admissions import office_admin  # noqa: F401 -- registers its own
from admissions.admin.enquiries import EnquiryAdmin
from admissions.admin.read_records import ReadRecordAdmin

__all__ = ["EnquiryAdmin", "ReadRecordAdmin"]
