"""The tables of admissions, one module a noun."""

from __future__ import annotations

from admissions.models.call_time import CallTime
from admissions.models.consent import ConsentWording
from admissions.models.enquiry import AlreadyWithdrawn, Enquiry, IllegalTransition
from admissions.models.event import EnquiryEvent
from admissions.models.office import AdmissionsSettings, AdmissionsText, Closure
from admissions.models.rate import RateCount
from admissions.models.record import ReadRecord
from admissions.models.self_test import SelfTestResult
from admissions.models.status import EnquiryStatus

__all__ = [
    "AdmissionsSettings",
    "AdmissionsText",
    "AlreadyWithdrawn",
    "CallTime",
    "Closure",
    "ConsentWording",
    "Enquiry",
    "EnquiryEvent",
    "EnquiryStatus",
    "IllegalTransition",
    "RateCount",
    "ReadRecord",
    "SelfTestResult",
]
